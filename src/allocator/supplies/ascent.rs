//! Climbs the bound: prices rise where the cheapest ways want more than there is, and fall where they leave some.

use super::core::Cores;
use super::dual::{Prices, SMALL_PRICE_MAX, Sweep, Usage, price_max, usage};
use super::layout::{Layout, UNLIMITED};
use super::objective::weights;
use super::problem::Stop;
use super::resources::Resource;
use std::collections::BTreeMap;

/// Where the climb stands.
pub(super) struct Ascent {
    /// The best bound so far, and the prices that prove it.
    pub(super) bound: i128,
    pub(super) best: Prices,
    /// The bound of the newest round.
    newest: i128,
    prices: Vec<f64>,
    givers: Vec<f64>,
    most: Vec<f64>,
    /// What one of a resource stands for in loads of a five-hour trip.
    loads: Vec<f64>,
    /// The first place of the same resource in whatever period.
    alike: Vec<usize>,
    grain: Grain,
    /// What a plan costs, so that no bound is more.
    target: f64,
    /// Which share of the way to the target a step tries to go.
    stride: f64,
    wanted: Usage,
    now: Usage,
    pub(super) current: Prices,
    pub(super) sweep: Sweep,
    pub(super) cores: Cores,
    rounds: u32,
}

/// What moves together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grain {
    /// The price of a dock, bridge or fleet is the same in all periods: what is short altogether is found in a few rounds,
    /// whichever period the cheapest ways happen to take.
    Whole,
    /// Each period has its own price.
    Period,
    /// Steps have become too small to matter.
    Still,
}

/// How much the newest round weighs in what is wanted.
const NEWEST: f64 = 0.25;
/// The share of the way to the target that the first step of a grain goes.
const STRIDES: [f64; 2] = [0.2, 0.05];
/// A step that made the bound rise lets the next one go farther, one that did not makes it shorter, from the best prices.
const LONGER: f64 = 1.5;
const SHORTER: f64 = 0.4;
/// Strides below which a grain is left.
const SMALLEST: [f64; 2] = [0.004, 0.000_5];
/// The part of what is missing to the target that a bound must rise by to count as risen.
const RISEN: f64 = 0.02;

impl Ascent {
    /// From the prices of an earlier plan, or from none.
    pub(super) fn new(layout: &Layout<'_>, start: Option<&Prices>) -> Ascent {
        let start = start.filter(|start| start.fit(layout)).cloned();
        let sweep = Sweep::new(layout);
        let is_warm = start.is_some();
        let current = start.unwrap_or_else(|| Prices::none(layout));
        Ascent {
            bound: i128::MIN,
            newest: i128::MIN,
            prices: current.limits.iter().map(|price| *price as f64).collect(),
            givers: current.givers.iter().map(|price| *price as f64).collect(),
            best: current.clone(),
            most: (0..layout.left.len()).map(|place| price_max(layout, place) as f64).collect(),
            loads: loads(layout),
            alike: alike(layout),
            grain: if is_warm { Grain::Period } else { Grain::Whole },
            target: f64::NEG_INFINITY,
            stride: if is_warm { STRIDES[1] } else { STRIDES[0] },
            wanted: Usage::default(),
            now: Usage::default(),
            current,
            sweep,
            cores: Cores::new(layout),
            rounds: if is_warm { 100 } else { 0 },
        }
    }

    /// Climbs by `rounds` at most towards what a plan costs; stops when steps have become too small to matter or
    /// nothing is missing.
    pub(super) fn climb(&mut self, layout: &Layout<'_>, rounds: u32, target: i128) {
        self.target = target as f64;
        for round in 0..rounds {
            if self.grain == Grain::Still || self.bound >= target {
                return;
            }
            if self.grain == Grain::Whole && round >= rounds * 2 / 3 {
                self.refine();
            }
            self.step(layout);
            self.look(layout);
        }
    }

    /// Looks at the present prices: what they prove, and what is wanted at them.
    pub(super) fn look(&mut self, layout: &Layout<'_>) {
        for (price, float) in self.current.limits.iter_mut().zip(&self.prices) {
            *price = *float as i64;
        }
        for (price, float) in self.current.givers.iter_mut().zip(&self.givers) {
            *price = *float as i64;
        }
        let before = self.bound;
        self.judge(layout);
        usage(layout, &self.current, &self.sweep, &self.cores.flows, &mut self.now);
        let newest = if self.wanted.limits.is_empty() { 1.0 } else { NEWEST };
        blend(&mut self.wanted.limits, &self.now.limits, newest);
        blend(&mut self.wanted.givers, &self.now.givers, newest);
        self.rounds += 1;
        if before != i128::MIN {
            self.pace(before as f64);
        }
    }

    /// Looks at other prices, and climbs in single periods from them if they prove more.
    pub(super) fn try_prices(&mut self, layout: &Layout<'_>, prices: &Prices) {
        let before = (self.bound, self.prices.clone(), self.givers.clone());
        self.prices = prices.limits.iter().map(|price| *price as f64).collect();
        self.givers = prices.givers.iter().map(|price| *price as f64).collect();
        self.wanted = Usage::default();
        self.look(layout);
        if self.bound > before.0 {
            self.refine();
        } else {
            (_, self.prices, self.givers) = before;
        }
    }

    /// A longer stride after a rise; a shorter one, from the best prices, after none.
    fn pace(&mut self, before: f64) {
        if self.bound as f64 > before + RISEN * (self.target - before) {
            self.stride = (self.stride * LONGER).min(1.0);
            return;
        }
        self.stride *= SHORTER;
        self.prices.iter_mut().zip(&self.best.limits).for_each(|(price, best)| *price = *best as f64);
        self.newest = self.bound;
        match self.grain {
            Grain::Whole if self.stride < SMALLEST[0] => self.refine(),
            Grain::Period if self.stride < SMALLEST[1] => self.grain = Grain::Still,
            Grain::Whole | Grain::Period | Grain::Still => {}
        }
    }

    fn refine(&mut self) {
        self.grain = Grain::Period;
        self.stride = STRIDES[1];
    }

    /// Prices for the next round: along what is wanted too much, as far as the target asks for.
    ///
    /// Length by Polyak: (target - bound) / (length of the direction)^2, all resources counted as loads.
    fn step(&mut self, layout: &Layout<'_>) {
        let shared = layout.problem.stocks.len()..layout.places.count();
        let group = |place: usize| if self.grain == Grain::Whole { self.alike[place] } else { place };
        let is_limited = |place: usize| !matches!(layout.left[place], 0 | UNLIMITED);
        let mut over = vec![0.0; layout.places.count()];
        for place in shared.clone().filter(|place| is_limited(*place)) {
            over[group(place)] += (self.wanted.limits[place] - layout.left[place] as f64) * self.loads[place];
        }
        let mut square = 0.0;
        for place in shared.clone() {
            if group(place) == place && self.prices[place] <= 0.0 && over[place] < 0.0 {
                over[place] = 0.0;
            }
            square += over[place] * over[place];
        }
        let missing = (self.target - self.newest as f64).max(0.0);
        let length = self.stride * missing / f64::max(square, 1.0);
        for place in shared.filter(|place| is_limited(*place)) {
            let by = length * over[group(place)] * self.loads[place];
            self.prices[place] = (self.prices[place] + by).clamp(0.0, self.most[place]);
        }
        let step = 0.6 / (1.0 + f64::from(self.rounds) / 25.0);
        for (place, price) in self.givers.iter_mut().enumerate() {
            let held: f64 = layout.burdens[place].iter().map(|(load, _)| *load as f64).sum();
            let over = (self.wanted.givers[place] / held.max(1.0) * 2.0).clamp(-1.0, 1.0);
            *price = moved(*price, weights::BURDEN as f64 / 4.0, step * over).min(SMALL_PRICE_MAX as f64);
        }
    }

    /// Prices the ways, then the stocks exactly, and keeps the bound if it is the best.
    fn judge(&mut self, layout: &Layout<'_>) {
        self.sweep.sweep_ways(layout, &self.current);
        self.cores.solve(layout, &self.sweep, &mut self.current);
        let bound = self.sweep.bound_of_ways(layout, &self.current);
        self.newest = bound;
        if bound > self.bound {
            self.bound = bound;
            self.best = self.current.clone();
        }
    }
}

fn moved(price: f64, floor: f64, by: f64) -> f64 {
    let raised = (if by > 0.0 { price.max(floor) } else { price }) * libm::exp(by);
    if raised < floor { if by < 0.0 { 0.0 } else { floor } } else { raised }
}

fn blend(average: &mut Vec<f64>, newest: &[f64], share: f64) {
    average.resize(newest.len(), 0.0);
    for (average, newest) in average.iter_mut().zip(newest) {
        *average += share * (newest - *average);
    }
}

/// What one of each resource stands for in loads: a second is part of a five-hour trip of a full lorry.
fn loads(layout: &Layout<'_>) -> Vec<f64> {
    let load = |place: usize| match layout.places.name(place) {
        Resource::Stock(_) => 0.0,
        Resource::Out(..) | Resource::In(..) | Resource::BundleLoad(..) => 1.0,
        Resource::BundleVehicles(..) => 1e6,
        Resource::Vehicles(..) | Resource::Drivers(..) => 1e6 / 18_000.0,
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
