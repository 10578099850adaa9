//! Climbs the bound: prices rise where the cheapest ways want more than there is, and fall where they leave some.

use super::core::Cores;
use super::dual::{Prices, SMALL_PRICE_MAX, Sweep, Usage, price_max, usage};
use super::layout::{Layout, UNLIMITED};
use super::objective::weights;
use super::resources::Resource;

/// Where the climb stands.
pub(super) struct Ascent {
    /// The best bound so far, and the prices that prove it.
    pub(super) bound: i128,
    pub(super) best: Prices,
    prices: Vec<f64>,
    givers: Vec<f64>,
    most: Vec<f64>,
    /// What one of a resource stands for in loads of a five-hour trip.
    loads: Vec<f64>,
    wanted_over: Vec<f64>,
    /// How much the bound is asked to rise.
    target: f64,
    missed: u32,
    wanted: Usage,
    now: Usage,
    pub(super) current: Prices,
    pub(super) sweep: Sweep,
    pub(super) cores: Cores,
    rounds: u32,
}

/// How much the newest round weighs in what is wanted.
const NEWEST: f64 = 0.25;
/// Rounds without a better bound after which less is asked for.
const PATIENCE: u32 = 4;

impl Ascent {
    pub(super) fn new(layout: &Layout<'_>, start: Option<&Prices>) -> Ascent {
        let start = start.filter(|start| start.fit(layout)).cloned();
        let sweep = Sweep::new(layout);
        let is_warm = start.is_some();
        let current = start.unwrap_or_else(|| Prices::none(layout));
        Ascent {
            bound: i128::MIN,
            prices: current.limits.iter().map(|price| *price as f64).collect(),
            givers: current.givers.iter().map(|price| *price as f64).collect(),
            best: current.clone(),
            most: (0..layout.left.len()).map(|place| price_max(layout, place) as f64).collect(),
            loads: loads(layout),
            wanted_over: vec![0.0; layout.left.len()],
            target: span(layout) * if is_warm { 0.01 } else { 0.2 },
            missed: 0,
            wanted: Usage::default(),
            now: Usage::default(),
            current,
            sweep,
            cores: Cores::new(layout),
            rounds: if is_warm { 100 } else { 0 },
        }
    }

    /// One round: a sweep at the present prices, then new prices.
    pub(super) fn round(&mut self, layout: &Layout<'_>) {
        for (price, float) in self.current.limits.iter_mut().zip(&self.prices) {
            *price = *float as i64;
        }
        for (price, float) in self.current.givers.iter_mut().zip(&self.givers) {
            *price = *float as i64;
        }
        let before = self.bound;
        self.judge(layout);
        let is_better = before != i128::MIN && self.bound as f64 > before as f64 + 0.02 * self.target;
        usage(layout, &self.current, &self.sweep, &self.cores.flows, &mut self.now);
        let newest = if self.wanted.limits.is_empty() { 1.0 } else { NEWEST };
        blend(&mut self.wanted.limits, &self.now.limits, newest);
        blend(&mut self.wanted.givers, &self.now.givers, newest);
        self.rounds += 1;
        self.step(layout, is_better);
    }

    /// Prices for the next round: from the best ones along what is wanted too much, as far as the target asks for.
    ///
    /// Length by Polyak: (target - bound) / (length of the direction)^2, all resources counted as loads.
    fn step(&mut self, layout: &Layout<'_>, is_better: bool) {
        if is_better {
            self.missed = 0;
        } else {
            self.missed += 1;
            if self.missed >= PATIENCE {
                self.missed = 0;
                self.target *= 0.6;
            }
        }
        let shared = layout.problem.stocks.len()..layout.places.count();
        let mut square = 0.0;
        for place in shared.clone() {
            let left = layout.left[place];
            let over =
                if left == UNLIMITED || left == 0 { 0.0 } else { self.wanted.limits[place] - left as f64 };
            let over = over * self.loads[place];
            let is_held = self.best.limits[place] == 0 && over < 0.0;
            self.wanted_over[place] = if is_held { 0.0 } else { over };
            square += self.wanted_over[place] * self.wanted_over[place];
        }
        let length = self.target / f64::max(square, 1.0);
        for place in shared {
            let by = length * self.wanted_over[place] * self.loads[place];
            self.prices[place] = (self.best.limits[place] as f64 + by).clamp(0.0, self.most[place]);
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

/// What missing everything costs.
fn span(layout: &Layout<'_>) -> f64 {
    let steps = layout.rows.iter().flat_map(|row| row.steps.iter().map(move |step| (row.load, step)));
    steps.map(|(load, (units, missed))| load as f64 * *units as f64 * *missed as f64).sum()
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
