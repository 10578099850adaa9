//! Climbs the bound: prices rise where the cheapest ways want more than there is, and fall where they leave some.

use super::bundle::Bundle;
use super::core::{Cores, Flow};
use super::dual::{Prices, SMALL_PRICE_MAX, Sweep, Usage, price_max, usage};
use super::layout::{Layout, Row, UNLIMITED};
use super::problem::{LORRY, Stop};
use super::resources::Resource;
use std::collections::BTreeMap;

/// Where the climb stands.
pub(super) struct Ascent {
    /// The best bound so far, and the prices that prove it.
    pub(super) bound: i128,
    pub(super) best: Prices,
    /// The best prices and those of the newest look, in loads: of the resources behind the stocks, then of giving.
    center: Vec<f64>,
    newest: Vec<f64>,
    most: Vec<f64>,
    /// What one of each stands for in loads of a five-hour trip.
    loads: Vec<f64>,
    /// For each the first of those that move together.
    alike: Vec<usize>,
    single: Vec<usize>,
    grain: Grain,
    stride: f64,
    bundle: Bundle,
    now: Usage,
    pub(super) current: Prices,
    pub(super) sweep: Sweep,
    pub(super) cores: Cores,
}

/// What moves together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grain {
    /// The price of a dock, bridge or fleet is the same in all periods: what is short altogether is found in a few rounds,
    /// whichever period the cheapest ways happen to take.
    Whole,
    /// Each period has its own price.
    Period,
}

/// The share of the way from the best bound to what none can exceed that the first look of a grain is to go.
const STRIDES: [f64; 2] = [0.2, 0.05];
/// A look that rose by this part of what was aimed at lets the next one aim farther, one that did not nearer.
const RISEN: f64 = 0.3;
const LONGER: f64 = 1.5;
const SHORTER: f64 = 0.8;
/// So many rounds at least look for one price in all periods.
const WHOLE_MIN: u32 = 4;
const STRIDE_MIN: f64 = 0.02;
const STRIDE_MAX: f64 = 0.7;
/// Seconds of a trip by which time is counted as loads: five hours.
const TRIP_S: i64 = 18_000;
/// The part of a lorry's worth that such a trip costs where hours are to be spared.
const SPARING: i64 = 32;
/// The part of the target that may be missing.
const SMALLEST: f64 = 1e-6;

impl Ascent {
    /// From the prices of an earlier plan, or from none.
    pub(super) fn new(layout: &Layout<'_>, start: Option<&Prices>) -> Ascent {
        let start = start.filter(|start| start.fit(layout)).cloned();
        let grain = if start.is_some() { Grain::Period } else { Grain::Whole };
        let current = start.unwrap_or_else(|| Prices::none(layout));
        let stocks = layout.problem.stocks.len();
        let count = layout.places.count() - stocks + layout.burdens.len();
        let mut loads = loads(layout).split_off(stocks);
        loads.resize(count, 1.0);
        let mut alike: Vec<usize> = alike(layout)[stocks..].iter().map(|place| place - stocks).collect();
        alike.extend(alike.len()..count);
        let most = (stocks..layout.places.count()).map(|place| price_max(layout, place));
        let most = most.chain(layout.burdens.iter().map(|_| SMALL_PRICE_MAX));
        let most = most.zip(&loads).map(|(price, loads)| price as f64 / loads).collect();
        let mut ascent = Ascent {
            bound: i128::MIN,
            best: current.clone(),
            center: Vec::new(),
            newest: Vec::new(),
            most,
            loads,
            alike,
            single: (0..count).collect(),
            grain,
            bundle: Bundle::default(),
            stride: STRIDES[usize::from(grain == Grain::Period)],
            now: Usage::default(),
            sweep: Sweep::new(layout),
            cores: Cores::new(layout),
            current,
        };
        ascent.newest = ascent.in_loads(layout, &ascent.current);
        ascent.center = ascent.newest.clone();
        ascent
    }

    fn in_loads(&self, layout: &Layout<'_>, prices: &Prices) -> Vec<f64> {
        let shared = &prices.limits[layout.problem.stocks.len()..layout.places.count()];
        let all = shared.iter().chain(&prices.givers);
        all.zip(&self.loads).map(|(price, loads)| *price as f64 / loads).collect()
    }

    /// Climbs by `rounds` at most towards what a plan costs; stops when nothing is missing that matters.
    pub(super) fn climb(&mut self, layout: &Layout<'_>, rounds: u32, target: i128) {
        let target = target as f64;
        let mut above = target;
        for round in 0..rounds {
            if self.grain == Grain::Whole && round >= (rounds * 2 / 3).max(WHOLE_MIN) {
                self.refine();
                above = target;
            }
            let Some(level) = self.aim(&mut above, target) else { return };
            let before = self.bound as f64;
            self.look(layout);
            let is_risen = self.bound as f64 > before + RISEN * (level - before);
            let by = if is_risen { LONGER } else { SHORTER };
            self.stride = (self.stride * by).clamp(STRIDE_MIN, STRIDE_MAX);
        }
    }

    /// The nearest prices at which all looks so far allow a better bound, and that bound; `None` when they allow none that
    /// matters. What they do not allow lies `above`.
    fn aim(&mut self, above: &mut f64, target: f64) -> Option<f64> {
        loop {
            let bound = self.bound as f64;
            if *above - bound <= SMALLEST * target.abs() {
                if self.grain == Grain::Period {
                    return None;
                }
                self.refine();
                *above = target;
                continue;
            }
            let level = bound + self.stride * (*above - bound);
            let group = if self.grain == Grain::Whole { &self.alike } else { &self.single };
            if let Some(prices) = self.bundle.project(&self.center, &self.most, group, (bound, level)) {
                self.newest = prices;
                return Some(level);
            }
            *above = level;
        }
    }

    fn refine(&mut self) {
        self.grain = Grain::Period;
        self.stride = STRIDES[1];
    }

    /// Looks at the present prices: what they prove, and what is wanted at them.
    pub(super) fn look(&mut self, layout: &Layout<'_>) {
        let stocks = layout.problem.stocks.len();
        let shared = layout.places.count() - stocks;
        for (at, (price, loads)) in self.newest.iter().zip(&self.loads).enumerate() {
            let whole = libm::round(price * loads) as i64;
            match at.checked_sub(shared) {
                None => self.current.limits[stocks + at] = whole,
                Some(giver) => self.current.givers[giver] = whole,
            }
        }
        let bound = self.judge(layout);
        usage(layout, &self.current, &self.sweep, &self.cores.flows, &mut self.now);
        let over = |(at, loads): (usize, &f64)| match at.checked_sub(shared) {
            Some(giver) => self.now.givers[giver] * loads,
            None => match layout.left[stocks + at] {
                0 | UNLIMITED => 0.0,
                left => (self.now.limits[stocks + at] - left as f64) * loads,
            },
        };
        let slope = self.loads.iter().enumerate().map(over).collect();
        self.bundle.push(&self.newest, bound as f64, slope);
    }

    /// The flows of the exact core at the best prices when each second of drivers costs somewhat more besides, so that no
    /// hour is lost on ways that are as good as shorter ones but for it.
    pub(super) fn sparing(&mut self, layout: &Layout<'_>) -> Vec<Flow> {
        let mut prices = self.best.clone();
        let second = worth(layout) / SPARING * LORRY as i64 / TRIP_S;
        for place in layout.problem.stocks.len()..layout.places.count() {
            let is_limited = layout.left[place] != UNLIMITED;
            if is_limited && matches!(layout.places.name(place), Resource::Drivers(..)) {
                prices.limits[place] = (prices.limits[place] + second).min(SMALL_PRICE_MAX);
            }
        }
        self.sweep.sweep_ways(layout, &prices);
        self.cores.solve(layout, &self.sweep, &mut prices);
        self.cores.flows.clone()
    }

    /// Looks at other prices, and climbs in single periods from them if they prove more.
    pub(super) fn try_prices(&mut self, layout: &Layout<'_>, prices: &Prices) {
        let before = self.bound;
        self.newest = self.in_loads(layout, prices);
        self.look(layout);
        if self.bound > before {
            self.refine();
        }
    }

    /// Prices the ways, then the stocks exactly, and keeps the bound if it is the best.
    fn judge(&mut self, layout: &Layout<'_>) -> i128 {
        self.sweep.sweep_ways(layout, &self.current);
        self.cores.solve(layout, &self.sweep, &mut self.current);
        let bound = self.sweep.bound_of_ways(layout, &self.current);
        if bound > self.bound {
            self.bound = bound;
            self.best = self.current.clone();
            self.center = self.newest.clone();
        }
        bound
    }
}

/// What missing a load of a need costs, the mean over all needs.
fn worth(layout: &Layout<'_>) -> i64 {
    let of = |row: &Row| {
        (i128::from(row.units * row.load), row.steps.first().map_or(0, |step| i128::from(step.1)))
    };
    let (mut load, mut cost) = (0, 0);
    for (each, worth) in layout.rows.iter().map(of) {
        (load, cost) = (load + each, cost + each * worth);
    }
    (cost / load.max(1)) as i64
}

/// What one of each resource stands for in loads: a second is part of a five-hour trip of a full lorry.
fn loads(layout: &Layout<'_>) -> Vec<f64> {
    let load = |place: usize| match layout.places.name(place) {
        Resource::Stock(_) => 0.0,
        Resource::Out(..) | Resource::In(..) | Resource::BundleLoad(..) => 1.0,
        Resource::BundleVehicles(..) => 1e6,
        Resource::Vehicles(..) | Resource::Drivers(..) => LORRY as f64 / TRIP_S as f64,
    };
    (0..layout.places.count()).map(load).collect()
}

/// The first place of each resource over all its periods.
fn alike(layout: &Layout<'_>) -> Vec<usize> {
    let mut first = BTreeMap::new();
    let group = |place: usize| {
        let key = match layout.places.name(place) {
            Resource::Stock(stock) => (0, stock.0, 0),
            Resource::Out(site, _) => (1, site.0, 0),
            Resource::In(Stop::Site(site), _) => (2, site.0, 0),
            Resource::In(Stop::Point(point), _) => (2, point.0, 1),
            Resource::BundleLoad(bundle, _) => (3, bundle.0, 0),
            Resource::BundleVehicles(bundle, _) => (4, bundle.0, 0),
            Resource::Vehicles(fleet, _) => (5, fleet.0, 0),
            Resource::Drivers(fleet, _) => (6, fleet.0, 0),
        };
        *first.entry(key).or_insert(place)
    };
    (0..layout.places.count()).map(group).collect()
}
