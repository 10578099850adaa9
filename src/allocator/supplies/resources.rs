//! Everything that is limited, in one list: stocks, docks, bridges, vehicles, drivers.

use super::index::{BundleIdx, FleetIdx, PeriodIdx, SiteIdx, StockIdx};
use super::problem::{Problem, Shipment, Stop};

/// Something of which there is only so much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Resource {
    /// Units of a stock.
    Stock(StockIdx),
    /// Load that leaves a site in a period.
    Out(SiteIdx, PeriodIdx),
    /// Load that a base or point takes in in a period.
    In(Stop, PeriodIdx),
    /// Load over a bundle in a period.
    BundleLoad(BundleIdx, PeriodIdx),
    /// Vehicles over a bundle in a period.
    BundleVehicles(BundleIdx, PeriodIdx),
    /// Seconds of a fleet's vehicles in a period.
    Vehicles(FleetIdx, PeriodIdx),
    /// Seconds of a fleet's drivers on a day, 0 the first.
    Drivers(FleetIdx, u32),
}

/// Where each kind of resource begins in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Places {
    sites: usize,
    periods: usize,
    days: usize,
    out: usize,
    into: usize,
    bundle_load: usize,
    bundle_vehicles: usize,
    vehicles: usize,
    drivers: usize,
    count: usize,
}

impl Places {
    pub(super) fn new(problem: &Problem) -> Places {
        let (sites, points) = (problem.sites.len(), problem.points.len());
        let (periods, days) = (problem.periods as usize, problem.days());
        let out = problem.stocks.len();
        let into = out + sites * periods;
        let bundle_load = into + (sites + points) * periods;
        let bundle_vehicles = bundle_load + problem.bundles.len() * periods;
        let vehicles = bundle_vehicles + problem.bundles.len() * periods;
        let drivers = vehicles + problem.fleets.len() * periods;
        let count = drivers + problem.fleets.len() * days;
        Places { sites, periods, days, out, into, bundle_load, bundle_vehicles, vehicles, drivers, count }
    }

    /// How many resources there are.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    #[inline]
    pub(super) fn out(&self, site: usize, period: usize) -> usize {
        self.out + site * self.periods + period
    }

    /// `column` is a site, or the number of sites plus a point.
    #[inline]
    pub(super) fn take_in(&self, column: usize, period: usize) -> usize {
        self.into + column * self.periods + period
    }

    #[inline]
    pub(super) fn bundle_load(&self, bundle: usize, period: usize) -> usize {
        self.bundle_load + bundle * self.periods + period
    }

    #[inline]
    pub(super) fn bundle_vehicles(&self, bundle: usize, period: usize) -> usize {
        self.bundle_vehicles + bundle * self.periods + period
    }

    #[inline]
    pub(super) fn vehicles(&self, fleet: usize, period: usize) -> usize {
        self.vehicles + fleet * self.periods + period
    }

    #[inline]
    pub(super) fn drivers(&self, fleet: usize, day: usize) -> usize {
        self.drivers + fleet * self.days + day
    }

    /// Which resource stands at a place.
    pub(super) fn name(&self, place: usize) -> Resource {
        let split =
            |begin: usize, width: usize| ((place - begin) / width, PeriodIdx::at((place - begin) % width));
        if place < self.out {
            return Resource::Stock(StockIdx::at(place));
        }
        if place < self.into {
            let (site, period) = split(self.out, self.periods);
            return Resource::Out(SiteIdx::at(site), period);
        }
        if place < self.bundle_load {
            let (column, period) = split(self.into, self.periods);
            let stop = match column.checked_sub(self.sites) {
                None => Stop::Site(SiteIdx::at(column)),
                Some(point) => Stop::Point(super::index::PointIdx::at(point)),
            };
            return Resource::In(stop, period);
        }
        if place < self.vehicles {
            let is_load = place < self.bundle_vehicles;
            let begin = if is_load { self.bundle_load } else { self.bundle_vehicles };
            let (bundle, period) = split(begin, self.periods);
            let bundle = BundleIdx::at(bundle);
            return if is_load {
                Resource::BundleLoad(bundle, period)
            } else {
                Resource::BundleVehicles(bundle, period)
            };
        }
        if place < self.drivers {
            let (fleet, period) = split(self.vehicles, self.periods);
            return Resource::Vehicles(FleetIdx::at(fleet), period);
        }
        let (fleet, day) = split(self.drivers, self.days);
        Resource::Drivers(FleetIdx::at(fleet), day.0)
    }
}

/// How much there is of each resource; `None` without limit. Units, load, vehicles or seconds, by the kind.
pub(super) fn capacities(problem: &Problem, places: &Places) -> Vec<Option<u64>> {
    let capacity = |place| match places.name(place) {
        Resource::Stock(stock) => Some(u64::from(problem.free_units(stock))),
        Resource::Out(site, period) => {
            let site = &problem.sites[site.index()];
            Some(if period < site.usable_from { 0 } else { site.out_per_period })
        }
        Resource::In(stop, period) => {
            let (usable_from, load) = match stop {
                Stop::Site(site) => {
                    let site = &problem.sites[site.index()];
                    (site.usable_from, site.in_per_period)
                }
                Stop::Point(point) => {
                    let point = &problem.points[point.index()];
                    (point.usable_from, point.in_per_period)
                }
            };
            Some(if period < usable_from { 0 } else { load })
        }
        Resource::BundleLoad(bundle, _) => problem.bundles[bundle.index()].load_per_period,
        Resource::BundleVehicles(bundle, _) => {
            problem.bundles[bundle.index()].vehicles_per_period.map(u64::from)
        }
        Resource::Vehicles(fleet, _) => {
            Some(u64::from(problem.fleets[fleet.index()].vehicles) * u64::from(problem.period_s))
        }
        Resource::Drivers(fleet, _) => Some(problem.fleets[fleet.index()].driver_s_per_day),
    };
    let mut capacities: Vec<Option<u64>> = (0..places.count()).map(capacity).collect();
    for busy in &problem.busy {
        let (fleet, period) = (busy.fleet.index(), busy.period.index());
        let day = period / problem.periods_per_day();
        let out =
            [(places.vehicles(fleet, period), busy.vehicle_s), (places.drivers(fleet, day), busy.driver_s)];
        for (place, seconds) in out {
            capacities[place] = capacities[place].map(|limit| limit.saturating_sub(seconds));
        }
    }
    capacities
}

/// Seconds of each period, from the one it leaves in, that a trip of `cycle_s` takes of its vehicle.
///
/// A trip is counted from the beginning of its period; what lies beyond the plan is nobody's.
#[inline]
pub(super) fn spread(
    cycle_s: u64,
    period_s: u64,
    departs: usize,
    periods: usize,
) -> impl Iterator<Item = (usize, u64)> {
    (departs..periods).map_while(move |period| {
        let before = (period - departs) as u64 * period_s;
        (cycle_s > before).then(|| (period, (cycle_s - before).min(period_s)))
    })
}

/// Calls `take(place, amount)` for everything that a shipment uses. Its way must be open.
///
/// Units through a base count on their stock once, when they leave it for the first time.
pub(super) fn uses(
    problem: &Problem,
    places: &Places,
    shipment: &Shipment,
    mut take: impl FnMut(usize, u64),
) {
    let class = problem.fleets[shipment.fleet.index()].class;
    let Some(travel_s) = problem.travel_s(class, shipment.from, shipment.to) else { return };
    let vehicles = u64::from(shipment.vehicles);
    let departs = shipment.departs.index();
    let mut load = 0;
    for line in &shipment.lines {
        let stock = &problem.stocks[line.stock.index()];
        let units = u64::from(line.units) * vehicles;
        load += units * problem.load_of(stock.good);
        if stock.site == shipment.from {
            take(line.stock.index(), units);
        }
    }
    take(places.out(shipment.from.index(), departs), load);
    let arrives = problem.arrives(shipment.departs, problem.outward_s(class, travel_s));
    if arrives < problem.periods as usize {
        take(places.take_in(problem.column(shipment.to), arrives), load);
    }
    for bundle in problem.passed(class, shipment.from, shipment.to) {
        take(places.bundle_load(bundle.index(), departs), load);
        take(places.bundle_vehicles(bundle.index(), departs), vehicles);
    }
    let cycle_s = problem.cycle_s(class, travel_s);
    let fleet = shipment.fleet.index();
    for (period, seconds) in spread(cycle_s, problem.period_s.into(), departs, problem.periods as usize) {
        take(places.vehicles(fleet, period), seconds * vehicles);
    }
    take(places.drivers(fleet, departs / problem.periods_per_day()), cycle_s * vehicles);
}
