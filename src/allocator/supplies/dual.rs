//! What prices prove: with every limit priced, each need takes its cheapest way, each point misses what it misses for the
//! least, and the sum is a lower bound.
//!
//! Any prices prove a bound (weak duality), also for whole vehicles, since a whole trip costs no less than the parts of
//! a vehicle that its cargo fills. So [`Sweep::bound`] is both what the ascent climbs and what `check` repeats.

use super::core::Flow;
use super::layout::{Layout, UNLIMITED};
use super::resources::Resource;

/// Nothing can be brought.
pub(super) const NEVER: i64 = i64::MAX / 4;
/// Highest price of a unit or a vehicle.
pub(super) const PRICE_MAX: i64 = 1 << 58;
/// Highest price of a load or a second.
pub(super) const SMALL_PRICE_MAX: i64 = 1 << 41;
const NONE: u32 = u32::MAX;

/// Prices of all limits, whole numbers: the place's resource, then lots behind the stocks; and of giving, by member.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Prices {
    /// In the order of the resources.
    pub(super) limits: Vec<i64>,
    /// By member.
    pub(super) givers: Vec<i64>,
}

impl Prices {
    /// No price for anything.
    pub(super) fn none(layout: &Layout<'_>) -> Prices {
        Prices { limits: vec![0; layout.left.len()], givers: vec![0; layout.burdens.len()] }
    }

    /// Whether the prices have the shape of a problem and none is negative, absurd, or on what has no limit.
    pub(super) fn fit(&self, layout: &Layout<'_>) -> bool {
        let in_range = |(place, price): (usize, &i64)| (0..=price_max(layout, place)).contains(price);
        let unlimited = |(price, left): (&i64, &u64)| *left == UNLIMITED && *price != 0;
        self.limits.len() == layout.left.len()
            && self.givers.len() == layout.burdens.len()
            && self.limits.iter().enumerate().all(in_range)
            && self.givers.iter().all(|price| (0..=SMALL_PRICE_MAX).contains(price))
            && !self.limits.iter().zip(&layout.left).any(unlimited)
    }
}

/// Highest price of what stands at a place; sums over a trip of two days stay below 2^62.
pub(super) fn price_max(layout: &Layout<'_>, place: usize) -> i64 {
    if place >= layout.places.count() {
        return PRICE_MAX;
    }
    match layout.places.name(place) {
        Resource::Stock(_) | Resource::BundleVehicles(..) => PRICE_MAX,
        Resource::Out(..) | Resource::In(..) | Resource::BundleLoad(..) => SMALL_PRICE_MAX,
        Resource::Vehicles(..) | Resource::Drivers(..) => SMALL_PRICE_MAX,
    }
}

/// The cheapest way for a load, at the prices of a sweep.
#[derive(Clone, Copy, Debug)]
pub(super) struct Best {
    pub(super) price: i64,
    /// Leg x periods + period of the last leg.
    pub(super) last: u32,
    /// The leg before, to a base.
    pub(super) first: u32,
}

const NEVER_BEST: Best = Best { price: NEVER, last: NONE, first: NONE };

impl Best {
    fn keep(&mut self, other: Best) {
        if other.price < self.price {
            *self = other;
        }
    }

    /// Leg and period of the last leg, and of the one before it.
    pub(super) fn trips(&self, periods: usize) -> impl Iterator<Item = (usize, usize)> {
        [self.first, self.last]
            .into_iter()
            .filter(|place| *place != NONE)
            .map(move |place| (place as usize / periods, place as usize % periods))
    }
}

/// The arrays of one sweep over all ways, kept from one to the next.
pub(super) struct Sweep {
    /// Origins x points x (windows x kinds).
    best: Vec<Best>,
    /// Bases x points x (windows x kinds) x periods of departure.
    onward: Vec<Best>,
    /// Origins x bases x kinds x periods: ready to go on in that period.
    ready: Vec<Best>,
    /// For each row its lot and way; the lot is `u32::MAX` when nothing can come.
    pub(super) chosen: Vec<(u32, Best)>,
    trip: Vec<i64>,
}

/// How much the cheapest ways of all needs take of every limit.
#[derive(Clone, Debug, Default)]
pub(super) struct Usage {
    pub(super) limits: Vec<f64>,
    /// Load that each member gives to others, less what its price makes it willing to give.
    pub(super) givers: Vec<f64>,
}

impl Sweep {
    pub(super) fn new(layout: &Layout<'_>) -> Sweep {
        let points = layout.problem.points.len();
        let slots = layout.windows.len() * layout.kinds.len();
        let (origins, bases) = (layout.origins.len(), layout.bases.len());
        Sweep {
            best: vec![NEVER_BEST; origins * points * slots],
            onward: vec![NEVER_BEST; bases * points * slots * layout.periods],
            ready: vec![NEVER_BEST; origins * bases * layout.kinds.len() * layout.periods],
            chosen: vec![(NONE, NEVER_BEST); layout.rows.len()],
            trip: vec![0; layout.kinds.len()],
        }
    }

    /// The bound that `prices` prove; [`Sweep::chosen`] holds what each need would take.
    ///
    /// # Complexity
    /// O(legs x periods x kinds x windows + needs x origins) time.
    pub(super) fn bound(&mut self, layout: &Layout<'_>, prices: &Prices) -> i128 {
        self.sweep_ways(layout, prices);
        self.bound_of_ways(layout, prices)
    }

    /// [`Sweep::bound`] where the ways have been priced already; stocks may have got other prices since.
    pub(super) fn bound_of_ways(&mut self, layout: &Layout<'_>, prices: &Prices) -> i128 {
        let paid = layout.left.iter().zip(&prices.limits).filter(|(left, _)| **left != UNLIMITED);
        let mut bound = layout.frozen_cost;
        bound -= paid.map(|(left, price)| i128::from(*left) * i128::from(*price)).sum::<i128>();
        for (steps, price) in layout.burdens.iter().zip(&prices.givers) {
            bound += steps
                .iter()
                .map(|(load, cost)| i128::from(*load) * i128::from((cost - price).min(0)))
                .sum::<i128>();
        }
        for (row, chosen) in layout.rows.iter().zip(&mut self.chosen) {
            *chosen = cheapest(layout, prices, &self.best, row);
        }
        let mut spared = Vec::new();
        for (rows, steps) in layout.rows_at.iter().zip(&layout.unmet_steps) {
            spared.clear();
            spared.extend(rows.iter().map(|&place| {
                let (row, price) = (&layout.rows[place], self.chosen[place].1.price);
                let load = row.units * row.load;
                bound += i128::from(load) * i128::from(price);
                (row.life - price, load)
            }));
            bound += least_unmet(&mut spared, steps);
        }
        bound
    }

    pub(super) fn sweep_ways(&mut self, layout: &Layout<'_>, prices: &Prices) {
        self.best.fill(NEVER_BEST);
        self.onward.fill(NEVER_BEST);
        self.ready.fill(NEVER_BEST);
        let kinds = layout.kinds.len();
        for (origin, &(site, from)) in layout.origins.iter().enumerate() {
            for (place, &base) in layout.bases.iter().enumerate() {
                let begin = (origin * layout.bases.len() + place) * kinds * layout.periods;
                for leg in layout.legs_between(site, base) {
                    for departs in from..layout.periods {
                        if !self.price(layout, prices, leg, departs) {
                            continue;
                        }
                        let ready = departs + layout.legs[leg].delay + 1;
                        let trip = (leg * layout.periods + departs) as u32;
                        for kind in 0..kinds {
                            if ready < layout.periods {
                                let best = Best { price: self.trip[kind], last: NONE, first: trip };
                                self.ready[begin + kind * layout.periods + ready].keep(best);
                            }
                        }
                    }
                }
                for kind in 0..kinds {
                    for period in 1..layout.periods {
                        let at = begin + kind * layout.periods + period;
                        let before = self.ready[at - 1];
                        self.ready[at].keep(before);
                    }
                }
            }
        }
        // Origins of one site stand together; a site's legs are priced once for all of them.
        let mut first = 0;
        let mut sites: Vec<usize> =
            layout.origins.iter().map(|origin| origin.0).chain(layout.bases.iter().copied()).collect();
        sites.sort_unstable();
        sites.dedup();
        for site in sites {
            let of_site = layout.origins[first..].iter().take_while(|origin| origin.0 == site).count();
            let base = layout.bases.binary_search(&site).ok();
            for point in 0..layout.problem.points.len() {
                if !layout.rows_at[point].is_empty() {
                    self.sweep_point(layout, prices, (site, point), first..first + of_site, base);
                }
            }
            first += of_site;
        }
        self.go_on(layout);
    }

    /// The cheapest way from a lot to a row at the prices of the newest sweep.
    #[inline]
    pub(super) fn way(
        &self,
        layout: &Layout<'_>,
        prices: &Prices,
        lot: usize,
        row: &super::layout::Row,
    ) -> Option<Best> {
        way(layout, prices, &self.best, lot, row)
    }

    /// Prices of all ways from a site straight to a point.
    fn sweep_point(
        &mut self,
        layout: &Layout<'_>,
        prices: &Prices,
        (site, point): (usize, usize),
        origins: std::ops::Range<usize>,
        base: Option<usize>,
    ) {
        let (kinds, points, periods) = (layout.kinds.len(), layout.problem.points.len(), layout.periods);
        let slots = layout.windows.len() * kinds;
        for leg in layout.legs_between(site, layout.column_of(point)) {
            let delay = layout.legs[leg].delay;
            for departs in 0..periods - delay {
                if !self.price(layout, prices, leg, departs) {
                    continue;
                }
                let last = (leg * periods + departs) as u32;
                for (window, of) in layout.windows.iter().enumerate() {
                    if departs + delay > of.last {
                        continue;
                    }
                    let late = layout.lateness(window, departs + delay);
                    for kind in 0..kinds {
                        let slot = window * kinds + kind;
                        let best = Best { price: self.trip[kind] + late, last, first: NONE };
                        for origin in origins.clone() {
                            if layout.origins[origin].1 <= departs {
                                self.best[(origin * points + point) * slots + slot].keep(best);
                            }
                        }
                        if let Some(base) = base {
                            let at = ((base * points + point) * slots + slot) * periods + departs;
                            self.onward[at].keep(best);
                        }
                    }
                }
            }
        }
    }

    /// Joins legs to a base with those that go on from it.
    fn go_on(&mut self, layout: &Layout<'_>) {
        let (kinds, points, periods) = (layout.kinds.len(), layout.problem.points.len(), layout.periods);
        let slots = layout.windows.len() * kinds;
        for origin in 0..layout.origins.len() {
            for base in 0..layout.bases.len() {
                let ready = (origin * layout.bases.len() + base) * kinds * periods;
                if (0..kinds).all(|kind| self.ready[ready + kind * periods + periods - 1].price == NEVER) {
                    continue;
                }
                for point in (0..points).filter(|point| !layout.rows_at[*point].is_empty()) {
                    if !layout.hands_on(layout.bases[base], point) {
                        continue;
                    }
                    for slot in 0..slots {
                        let arrived = &self.ready[ready + (slot % kinds) * periods..][..periods];
                        let onward =
                            &self.onward[((base * points + point) * slots + slot) * periods..][..periods];
                        let best = &mut self.best[(origin * points + point) * slots + slot];
                        for (arrived, onward) in arrived.iter().zip(onward) {
                            let price = arrived.price + onward.price;
                            best.keep(Best { price, last: onward.last, first: arrived.first });
                        }
                    }
                }
            }
        }
    }

    /// Puts the price of a load on a trip into `trip`, by kind; `false` when a limit on it is 0.
    fn price(&mut self, layout: &Layout<'_>, prices: &Prices, leg: usize, departs: usize) -> bool {
        let Some((vehicle, load)) = trip_price(layout, prices, leg, departs) else { return false };
        let class = layout.legs[leg].class;
        for kind in 0..layout.inverse.len() {
            // A product instead of a division, rounded down by one more: never above the truth.
            self.trip[kind] = ((vehicle as f64 * layout.inverse[kind][class]) as i64 - 1).max(0) + load;
        }
        true
    }
}

/// Price of a vehicle on a trip, and of each load on it besides; `None` when a limit on the way is 0 or it comes too late.
#[inline]
pub(super) fn trip_price(
    layout: &Layout<'_>,
    prices: &Prices,
    leg: usize,
    departs: usize,
) -> Option<(i64, i64)> {
    let at = &layout.legs[leg];
    if departs + at.delay >= layout.periods {
        return None;
    }
    let limits = &prices.limits;
    let [out, into] =
        [layout.places.out(at.from, departs), layout.places.take_in(at.column, departs + at.delay)];
    let drivers = layout.places.drivers(at.fleet, departs / layout.problem.periods_per_day());
    if layout.left[out] == 0 || layout.left[into] == 0 || layout.left[drivers] == 0 {
        return None;
    }
    let mut vehicle = at.fixed + limits[drivers] * at.cycle_s as i64;
    let period_s = u64::from(layout.problem.period_s);
    let first = layout.places.vehicles(at.fleet, departs);
    for (period, seconds) in super::resources::spread(at.cycle_s, period_s, departs, layout.periods) {
        let place = first + period - departs;
        if layout.left[place] < seconds {
            return None;
        }
        vehicle += limits[place] * seconds as i64;
    }
    let mut load = limits[out] + limits[into];
    let class = super::index::ClassIdx::at(at.class);
    let from = super::index::SiteIdx::at(at.from);
    for bundle in layout.problem.passed(class, from, layout.stop(at.column)) {
        let [by_load, by_vehicle] = [
            layout.places.bundle_load(bundle.index(), departs),
            layout.places.bundle_vehicles(bundle.index(), departs),
        ];
        if layout.left[by_load] == 0 || layout.left[by_vehicle] == 0 {
            return None;
        }
        load += limits[by_load];
        vehicle += limits[by_vehicle];
    }
    Some((vehicle, load))
}

/// What a point's needs cost less when the right loads of them stay unmet: `spared` holds what missing a load of each
/// costs beyond bringing it, and how much load there is; `steps` what the unmet load of all together costs besides.
///
/// Both rise, so the cheapest loads are missed first, until missing one more costs more than bringing it: exact.
fn least_unmet(spared: &mut [(i64, u64)], steps: &[(u64, i64)]) -> i128 {
    spared.sort_unstable();
    let (mut cost, mut steps, mut room) = (0, steps.iter(), (0, 0));
    for &mut (each, mut load) in spared {
        while load > 0 {
            if room.0 == 0 {
                let Some(next) = steps.next() else { return cost };
                room = *next;
            }
            if each + room.1 >= 0 {
                return cost;
            }
            let missed = load.min(room.0);
            cost += i128::from(missed) * i128::from(each + room.1);
            load -= missed;
            room.0 -= missed;
        }
    }
    cost
}

/// The lot and way that bring a load of a need for the least.
fn cheapest(layout: &Layout<'_>, prices: &Prices, best: &[Best], row: &super::layout::Row) -> (u32, Best) {
    let mut cheapest = (NONE, NEVER_BEST);
    for &place in &layout.lots_of_good[row.good] {
        let Some(way) = way(layout, prices, best, place, row) else { continue };
        // A unit's price spread over its load, rounded down: never above the truth.
        let price = way.price + prices.limits[layout.lot_place(place)] / row.load as i64;
        if price < cheapest.1.price {
            cheapest = (place as u32, Best { price, ..way });
        }
    }
    cheapest
}

/// The cheapest way from a lot to a row, with what passing and giving cost; not the lot itself.
fn way(
    layout: &Layout<'_>,
    prices: &Prices,
    best: &[Best],
    place: usize,
    row: &super::layout::Row,
) -> Option<Best> {
    let points = layout.problem.points.len();
    let slots = layout.windows.len() * layout.kinds.len();
    let slot = row.window * layout.kinds.len() + layout.kind_of[row.good];
    let receiver = layout.problem.points[row.point].member.index();
    let lot = &layout.lots[place];
    let way = best[(lot.origin * points + row.point) * slots + slot];
    if way.price >= NEVER {
        return None;
    }
    let giving = if lot.giver == receiver { 0 } else { prices.givers[lot.giver] };
    layout.passing(lot.giver, receiver).map(|passing| Best { price: way.price + passing + giving, ..way })
}

/// Adds up what flows take.
pub(super) fn usage(layout: &Layout<'_>, prices: &Prices, sweep: &Sweep, flows: &[Flow], usage: &mut Usage) {
    usage.limits.clear();
    usage.limits.resize(layout.left.len(), 0.0);
    usage.givers.clear();
    usage.givers.extend(layout.burdens.iter().zip(&prices.givers).map(|(steps, price)| {
        -steps.iter().filter(|(_, cost)| cost < price).map(|(load, _)| *load as f64).sum::<f64>()
    }));
    for flow in flows {
        let row = &layout.rows[flow.row];
        let Some(best) = sweep.way(layout, prices, flow.lot, row) else { continue };
        let load = (flow.units * row.load) as f64;
        let giver = layout.lots[flow.lot].giver;
        if giver != layout.problem.points[row.point].member.index() {
            usage.givers[giver] += load;
        }
        for (leg, departs) in best.trips(layout.periods) {
            take_trip(layout, &mut usage.limits, (leg, departs), load, layout.kind_of[row.good]);
        }
    }
}

fn take_trip(
    layout: &Layout<'_>,
    limits: &mut [f64],
    (leg, departs): (usize, usize),
    load: f64,
    kind: usize,
) {
    let at = &layout.legs[leg];
    let vehicles = load / layout.kinds[kind][at.class] as f64;
    limits[layout.places.out(at.from, departs)] += load;
    limits[layout.places.take_in(at.column, departs + at.delay)] += load;
    limits[layout.places.drivers(at.fleet, departs / layout.problem.periods_per_day())] +=
        vehicles * at.cycle_s as f64;
    let period_s = u64::from(layout.problem.period_s);
    for (period, seconds) in super::resources::spread(at.cycle_s, period_s, departs, layout.periods) {
        limits[layout.places.vehicles(at.fleet, period)] += vehicles * seconds as f64;
    }
    let (class, from) = (super::index::ClassIdx::at(at.class), super::index::SiteIdx::at(at.from));
    for bundle in layout.problem.passed(class, from, layout.stop(at.column)) {
        limits[layout.places.bundle_load(bundle.index(), departs)] += load;
        limits[layout.places.bundle_vehicles(bundle.index(), departs)] += vehicles;
    }
}
