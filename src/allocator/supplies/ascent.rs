//! Climbs the bound: prices rise where the cheapest ways want more than there is, and fall where they leave some.

use super::core::Cores;
use super::dual::{Prices, SMALL_PRICE_MAX, Sweep, Usage, price_max, usage};
use super::layout::{Layout, UNLIMITED};
use super::objective::weights;

/// Where the climb stands.
pub(super) struct Ascent {
    /// The best bound so far, and the prices that prove it.
    pub(super) bound: i128,
    pub(super) best: Prices,
    prices: Vec<f64>,
    givers: Vec<f64>,
    floors: Vec<f64>,
    most: Vec<f64>,
    paces: Vec<f64>,
    mean: Vec<f64>,
    wanted: Usage,
    now: Usage,
    pub(super) current: Prices,
    pub(super) sweep: Sweep,
    pub(super) cores: Cores,
    /// Load that has been seen on each trip (leg x periods + period), newer rounds weighing more.
    pub(super) seen: Vec<f32>,
    rounds: u32,
}

/// How much the newest round weighs in what is wanted.
const NEWEST: f64 = 0.15;

impl Ascent {
    pub(super) fn new(layout: &Layout<'_>, start: Option<&Prices>) -> Ascent {
        let start = start.filter(|start| start.fit(layout)).cloned();
        let sweep = Sweep::new(layout);
        let is_warm = start.is_some();
        let current = start.unwrap_or_else(|| Prices::none(layout));
        let second = typical_second(layout, &current);
        let floors = floors(layout, second);
        Ascent {
            bound: i128::MIN,
            prices: current.limits.iter().map(|price| *price as f64).collect(),
            givers: current.givers.iter().map(|price| *price as f64).collect(),
            best: current.clone(),
            floors,
            most: (0..layout.left.len()).map(|place| price_max(layout, place) as f64).collect(),
            paces: vec![if is_warm { 0.1 } else { 1.0 }; layout.left.len()],
            mean: current.limits.iter().map(|price| *price as f64).collect(),
            wanted: Usage::default(),
            now: Usage::default(),
            current,
            sweep,
            cores: Cores::new(layout),
            seen: vec![0.0; layout.legs.len() * layout.periods],
            rounds: if is_warm { 100 } else { 0 },
        }
    }

    /// One round: a sweep at the present prices, then new prices.
    pub(super) fn round(&mut self, layout: &Layout<'_>) {
        blend(&mut self.mean, &self.prices, 0.1);
        if self.rounds % 6 == 5 {
            // Prices swing about the truth: their mean is nearer.
            self.current.limits.iter_mut().zip(&self.mean).for_each(|(price, mean)| *price = *mean as i64);
            self.judge(layout);
        }
        for (price, float) in self.current.limits.iter_mut().zip(&self.prices) {
            *price = *float as i64;
        }
        for (price, float) in self.current.givers.iter_mut().zip(&self.givers) {
            *price = *float as i64;
        }
        self.judge(layout);
        usage(layout, &self.current, &self.sweep, &self.cores.flows, &mut self.now);
        let newest = if self.wanted.limits.is_empty() { 1.0 } else { NEWEST };
        blend(&mut self.wanted.limits, &self.now.limits, newest);
        blend(&mut self.wanted.givers, &self.now.givers, newest);
        self.remember(layout);
        self.rounds += 1;
        let step = 0.6 / (1.0 + f64::from(self.rounds) / 25.0);
        for (place, &left) in layout.left.iter().enumerate().take(layout.places.count()).skip(layout.problem.stocks.len()) {
            if left == UNLIMITED || left == 0 {
                continue;
            }
            let over = ((self.now.limits[place] - left as f64) / left as f64).clamp(-1.0, 1.0);
            let pace = &mut self.paces[place];
            // The same direction again: longer steps. Back and forth: shorter ones.
            *pace = if over * *pace > 0.0 { *pace * 1.25 } else { -*pace * 0.5 };
            let size = pace.abs().clamp(0.01, 2.5);
            *pace = if over > 0.0 { size } else { -size };
            let by = if self.prices[place] == 0.0 && over < 0.0 { 0.0 } else { *pace * (over.abs() * 3.0).min(1.0) };
            self.prices[place] = moved(self.prices[place], self.floors[place], by).min(self.most[place]);
        }
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
        if bound > self.bound {
            self.bound = bound;
            self.best = self.current.clone();
        }
    }

    /// Marks the trips that the newest sweep would make.
    fn remember(&mut self, layout: &Layout<'_>) {
        self.seen.iter_mut().for_each(|seen| *seen *= 0.97);
        for flow in &self.cores.flows {
            let way = self.sweep.way(layout, &self.current, flow.lot, &layout.rows[flow.row]);
            for (leg, departs) in way.iter().flat_map(|way| way.trips(layout.periods)) {
                self.seen[leg * layout.periods + departs] += 1.0;
            }
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

/// What a second costs on the average where it costs something.
fn typical_second(layout: &Layout<'_>, prices: &Prices) -> f64 {
    let fleets = layout.places.vehicles(0, 0)..layout.places.count();
    let priced = prices.limits[fleets].iter().filter(|price| **price > 0);
    let (sum, count) = priced.fold((0.0, 0.0), |(sum, count), price| (sum + *price as f64, count + 1.0));
    if count > 0.0 { sum / count } else { 0.0 }
}

/// The least price that is not nothing: a thirtieth of what is typical, or a tenth of the least step of lateness.
fn floors(layout: &Layout<'_>, second: f64) -> Vec<f64> {
    let second = (second / 30.0).max(2_000.0);
    // Five hours of a full lorry.
    let load = second * 18_000.0 / 1e6;
    let places = &layout.places;
    let floor = |place: usize| {
        if place >= places.count() {
            return load * 100.0;
        }
        match places.name(place) {
            super::resources::Resource::Stock(stock) => {
                load * layout.problem.load_of(layout.problem.stocks[stock.index()].good) as f64
            }
            super::resources::Resource::Out(..)
            | super::resources::Resource::In(..)
            | super::resources::Resource::BundleLoad(..) => load,
            super::resources::Resource::BundleVehicles(..) => load * 1e6,
            super::resources::Resource::Vehicles(..) | super::resources::Resource::Drivers(..) => second,
        }
    };
    (0..layout.left.len()).map(floor).collect()
}
