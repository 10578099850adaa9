//! Shipments of earlier plans that go on whatever a new one says: approved ones stay as they are, moving ones arrive.
//!
//! What nobody approved of earlier plans has lapsed: the new plan counts instead.

use super::LeftOut;
use super::needs::Needs;
use crate::allocator::supplies::{
    Busy, ClassIdx, FleetIdx, GoodIdx, Line, NeedIdx, PeriodIdx, PointIdx, Problem, Shipment, SiteIdx, Stock,
    StockIdx, Stop, VEHICLE,
};
use crate::authority::View;
use crate::authority::shipments::Tracked;
use crate::decision::model::{self, Goods, ShipmentState, VehicleClass};
use crate::id::{CommodityId, DepotId, ShipmentId};
use crate::units::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// Names and their places in the problem.
pub(super) struct Places<'a> {
    pub(super) site_of: BTreeMap<&'a DepotId, usize>,
    pub(super) point_of: BTreeMap<&'a DepotId, usize>,
    pub(super) good_of: BTreeMap<&'a CommodityId, usize>,
    /// Units of a commodity that travel as one of the problem's.
    pub(super) per_unit: &'a [u32],
    /// Per fleet: where it loads, and what it is.
    pub(super) fleets: Vec<(usize, VehicleClass)>,
}

impl Places<'_> {
    /// The fleet that a shipment goes with: the first of its class where it leaves.
    fn fleet_of(&self, shipment: &model::Shipment) -> Option<FleetIdx> {
        let from = *self.site_of.get(&shipment.sender)?;
        let is_ours = |(home, class): &(usize, VehicleClass)| *home == from && *class == shipment.class;
        self.fleets.iter().position(is_ours).map(FleetIdx::at)
    }
}

/// What goes on.
pub(super) struct Standing<'v> {
    /// Approved, not dispatched.
    approved: Vec<Tracked<'v>>,
    /// On their way, or there and not counted.
    moving: Vec<Tracked<'v>>,
}

/// What of it has become of the problem.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Laid {
    /// Of which shipment each frozen one of the problem is a part.
    pub(super) frozen: Vec<ShipmentId>,
    /// Approved ones that have no way any more.
    pub(super) stranded: Vec<ShipmentId>,
}

/// An approved shipment by places of the problem.
struct Approved<'v> {
    tracked: Tracked<'v>,
    from: SiteIdx,
    to: Stop,
    fleet: FleetIdx,
    departs: PeriodIdx,
    /// Units of each good over all vehicles.
    goods: Vec<(usize, u32)>,
}

impl<'v> Standing<'v> {
    pub(super) fn of(view: &'v View, now: Timestamp) -> Standing<'v> {
        let mut standing = Standing { approved: Vec::new(), moving: Vec::new() };
        for tracked in view.plans().flat_map(|plan| view.shipments_of(plan)) {
            match tracked.state(now) {
                ShipmentState::Approved => standing.approved.push(tracked),
                ShipmentState::Dispatched | ShipmentState::Arrived => standing.moving.push(tracked),
                ShipmentState::Proposed
                | ShipmentState::Lapsed
                | ShipmentState::Declined
                | ShipmentState::Received
                | ShipmentState::Differs
                | ShipmentState::Explained => {}
            }
        }
        standing
    }

    /// What moves to receiving points, by (point, good).
    pub(super) fn coming(&self, places: &Places<'_>) -> BTreeMap<(usize, usize), u32> {
        let mut coming = BTreeMap::new();
        for tracked in &self.moving {
            let Some(&point) = places.point_of.get(&tracked.shipment.receiver) else { continue };
            for (good, units) in units(tracked, places) {
                *coming.entry((point, good)).or_default() += units;
            }
        }
        coming
    }

    /// What moves to bases, as stocks that are there once it has come: one for all of a good that come in one period.
    pub(super) fn stocks(&self, places: &Places<'_>, problem: &Problem) -> Vec<Stock> {
        let mut sums: BTreeMap<(usize, usize, usize), u32> = BTreeMap::new();
        for tracked in &self.moving {
            let Some(&site) = places.site_of.get(&tracked.shipment.receiver) else { continue };
            let period = problem.period_of(tracked.shipment.arrives_at.0.div_euclid(1_000)) + 1;
            if period >= problem.periods as usize {
                continue;
            }
            for (good, units) in units(tracked, places) {
                let sum = sums.entry((site, good, period)).or_default();
                *sum = sum.saturating_add(units);
            }
        }
        let stock = |((site, good, period), units)| Stock {
            site: SiteIdx::at(site),
            good: GoodIdx::at(good),
            units,
            reserve: 0,
            available_from: PeriodIdx::at(period),
        };
        sums.into_iter().map(stock).collect()
    }

    /// What is still out with shipments that have left: from when they were to leave until their vehicles stand empty at
    /// home again. What drivers drove before the plan begins is not counted.
    pub(super) fn busy(&self, places: &Places<'_>, problem: &Problem) -> Vec<Busy> {
        let period_s = i64::from(problem.period_s);
        let mut out_s: BTreeMap<(FleetIdx, PeriodIdx), u64> = BTreeMap::new();
        for Tracked { shipment, .. } in &self.moving {
            let Some(fleet) = places.fleet_of(shipment) else { continue };
            let handling = &problem.classes[problem.fleets[fleet.index()].class.index()];
            let departs_s = shipment.departs_at.0.div_euclid(1_000) - problem.start_s;
            let travel_s = shipment.arrives_at.millis_since(shipment.departs_at).div_euclid(1_000);
            let home_s = departs_s + 2 * travel_s + i64::from(handling.unloading_s);
            for period in 0..problem.periods {
                let begins_s = i64::from(period) * period_s;
                let within_s = home_s.min(begins_s + period_s) - departs_s.max(begins_s);
                if let Some(within_s) = u64::try_from(within_s).ok().filter(|within_s| *within_s > 0) {
                    let vehicles = u64::from(shipment.vehicles.max(1));
                    *out_s.entry((fleet, PeriodIdx(period))).or_default() += within_s * vehicles;
                }
            }
        }
        let busy = |((fleet, period), out_s)| Busy { fleet, period, vehicle_s: out_s, driver_s: out_s };
        out_s.into_iter().map(busy).collect()
    }

    /// Lays approved shipments into the problem, whose needs come last: those that stay as frozen ones, those that cannot
    /// be stated so as goods that come. What one takes from its stock nobody else gets.
    pub(super) fn lay(self, places: &Places<'_>, problem: &mut Problem, needs: &mut Needs) -> Laid {
        let mut stranded = Vec::new();
        let (mut to_bases, mut to_points, mut coming) = (Vec::new(), Vec::new(), Vec::new());
        for tracked in self.approved {
            let approved = Approved::of(tracked, places, problem);
            match approved.as_ref().map(|approved| approved.passage(problem)) {
                None | Some(Passage::None) => stranded.push(tracked.shipment.id.clone()),
                Some(Passage::Within) if matches!(approved, Some(Approved { to: Stop::Site(_), .. })) => {
                    to_bases.extend(approved);
                }
                Some(Passage::Within) => to_points.extend(approved),
                Some(Passage::Beyond) => coming.extend(approved),
            }
        }
        let brought: BTreeSet<(usize, usize)> = to_bases.iter().flat_map(Approved::brings).collect();
        let has_source = |approved: &Approved<'_>| {
            approved.goods.iter().all(|&(good, _)| {
                let is_brought = brought.contains(&(approved.from.index(), good));
                is_brought || approved.own_stocks(problem, good).next().is_some()
            })
        };
        let (staying, without): (Vec<_>, Vec<_>) = to_points.into_iter().partition(has_source);
        // Without anything to send they bring nothing, whatever was approved.
        let is_late = |approved: &Approved<'_>| {
            approved.goods.iter().all(|&(good, _)| approved.stocks(problem, good).next().is_some())
        };
        let (late, empty): (Vec<_>, Vec<_>) = without.into_iter().partition(is_late);
        coming.extend(late);
        stranded.extend(empty.iter().map(|approved| approved.tracked.shipment.id.clone()));
        let mut met: BTreeMap<(usize, usize), u32> = BTreeMap::new();
        for approved in &coming {
            for &(good, units) in &approved.goods {
                approved.withdraw(problem, good, units);
                if let Stop::Point(point) = approved.to {
                    *met.entry((point.index(), good)).or_default() += units;
                }
            }
        }
        needs.take_off(met, places.per_unit, LeftOut::OnItsWay);
        problem.needs = needs.rows.iter().map(|row| row.1.clone()).collect();
        let mut freezer = Freezer::new(problem);
        to_bases.iter().chain(&staying).for_each(|approved| freezer.freeze(approved));
        Laid { frozen: freezer.frozen, stranded }
    }
}

/// Whether a shipment still can go.
enum Passage {
    /// No way is open.
    None,
    /// It comes within the plan, in vehicles as they are.
    Within,
    /// It comes later, or in others.
    Beyond,
}

impl<'v> Approved<'v> {
    /// None where one of its ends or its fleet is lost.
    fn of(tracked: Tracked<'v>, places: &Places<'_>, problem: &Problem) -> Option<Approved<'v>> {
        let shipment = tracked.shipment;
        let from = *places.site_of.get(&shipment.sender)?;
        let to = match (places.site_of.get(&shipment.receiver), places.point_of.get(&shipment.receiver)) {
            (Some(&site), _) => Stop::Site(SiteIdx::at(site)),
            (None, point) => Stop::Point(PointIdx::at(*point?)),
        };
        let fleet = places.fleet_of(shipment)?;
        let class: ClassIdx = problem.fleets[fleet.index()].class;
        let loading_s = i64::from(problem.classes[class.index()].loading_s);
        let begins_s = shipment.departs_at.0.div_euclid(1_000) - loading_s - problem.start_s;
        let departs = (begins_s.max(0) / i64::from(problem.period_s)).min(i64::from(problem.periods) - 1);
        let (from, departs) = (SiteIdx::at(from), PeriodIdx::at(departs as usize));
        Some(Approved { tracked, from, to, fleet, departs, goods: units(&tracked, places) })
    }

    fn passage(&self, problem: &Problem) -> Passage {
        let class = problem.fleets[self.fleet.index()].class;
        let Some(travel_s) = problem.travel_s(class, self.from, self.to) else { return Passage::None };
        let arrives = problem.arrives(self.departs, problem.outward_s(class, travel_s));
        let share = |&(good, units): &(usize, u32)| {
            u64::from(units.div_ceil(self.vehicles())) * problem.share_of(GoodIdx::at(good), class)
        };
        let fits = self.goods.iter().map(share).sum::<u64>() <= VEHICLE;
        if fits && arrives < problem.periods as usize { Passage::Within } else { Passage::Beyond }
    }

    fn vehicles(&self) -> u32 {
        u32::from(self.tracked.shipment.vehicles.max(1))
    }

    /// What it brings to a base, by (base, good).
    fn brings(&self) -> Vec<(usize, usize)> {
        match self.to {
            Stop::Site(base) => self.goods.iter().map(|&(good, _)| (base.index(), good)).collect(),
            Stop::Point(_) => Vec::new(),
        }
    }

    /// Stocks where it leaves, also those that come there later.
    fn stocks<'p>(&self, problem: &'p Problem, good: usize) -> impl Iterator<Item = usize> + use<'p> {
        let from = self.from;
        let stocks = problem.stocks.iter().enumerate();
        let own = stocks.filter(move |(_, stock)| stock.site == from && stock.good.index() == good);
        own.map(|(place, _)| place)
    }

    /// Stocks where it leaves that are there by then.
    fn own_stocks<'p>(&self, problem: &'p Problem, good: usize) -> impl Iterator<Item = usize> + use<'p> {
        let departs = self.departs;
        self.stocks(problem, good).filter(move |&place| problem.stocks[place].available_from <= departs)
    }

    /// Takes units out of its own stocks.
    fn withdraw(&self, problem: &mut Problem, good: usize, mut units: u32) {
        let own: Vec<usize> = self.own_stocks(problem, good).collect();
        for place in own {
            let stock = &mut problem.stocks[place];
            let taken = units.min(stock.units);
            (stock.units, units) = (stock.units - taken, units - taken);
            stock.reserve = stock.reserve.min(stock.units);
        }
    }
}

/// Puts frozen shipments into a problem, those to bases first.
struct Freezer<'p> {
    problem: &'p mut Problem,
    /// Per need: units that nothing frozen meets yet.
    open: Vec<u32>,
    /// Per stock: units that nothing frozen takes yet.
    left: Vec<u32>,
    /// Needs of a (point, good), the earliest first.
    rows_at: BTreeMap<(usize, usize), Vec<usize>>,
    /// Stocks that frozen shipments bring to a (base, good), with what they bring.
    brought: BTreeMap<(usize, usize), Vec<(StockIdx, u32)>>,
    frozen: Vec<ShipmentId>,
}

type Lines = BTreeMap<(StockIdx, Option<NeedIdx>), u32>;

impl<'p> Freezer<'p> {
    fn new(problem: &'p mut Problem) -> Freezer<'p> {
        let mut rows_at: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
        for (row, need) in problem.needs.iter().enumerate() {
            rows_at.entry((need.point.index(), need.good.index())).or_default().push(row);
        }
        for rows in rows_at.values_mut() {
            rows.sort_by_key(|&row| (problem.needs[row].wanted_by_s, row));
        }
        let open = problem.needs.iter().map(|need| need.units).collect();
        let left = problem.stocks.iter().map(|stock| stock.units).collect();
        Freezer { problem, open, left, rows_at, brought: BTreeMap::new(), frozen: Vec::new() }
    }

    /// Vehicle by vehicle: each takes its part of every good, to a point for the earliest needs that are open.
    fn freeze(&mut self, approved: &Approved<'_>) {
        let vehicles = approved.vehicles();
        for vehicle in 0..vehicles {
            let mut lines = Lines::new();
            for &(good, units) in &approved.goods {
                let part = units / vehicles + u32::from(vehicle < units % vehicles);
                for (stock, taken) in self.take(approved, good, part) {
                    match approved.to {
                        Stop::Site(base) => {
                            *lines.entry((stock, None)).or_default() += taken;
                            self.brought.entry((base.index(), good)).or_default().push((stock, taken));
                        }
                        Stop::Point(point) => self.hand_over(&mut lines, stock, (point.index(), good), taken),
                    }
                }
            }
            self.push(approved, lines);
        }
    }

    /// Where units of a good come from: what lies there, then what was brought there.
    fn take(&mut self, approved: &Approved<'_>, good: usize, mut units: u32) -> Vec<(StockIdx, u32)> {
        let mut taken = Vec::new();
        for place in approved.own_stocks(self.problem, good) {
            let from_here = units.min(self.left[place]);
            (self.left[place], units) = (self.left[place] - from_here, units - from_here);
            taken.push((StockIdx::at(place), from_here));
        }
        for (stock, there) in self.brought.get_mut(&(approved.from.index(), good)).into_iter().flatten() {
            let from_here = units.min(*there);
            (*there, units) = (*there - from_here, units - from_here);
            taken.push((*stock, from_here));
        }
        taken.retain(|(_, units)| *units > 0);
        taken
    }

    /// Meets the open needs of a place; what nobody needs any more leaves its stock all the same.
    fn hand_over(&mut self, lines: &mut Lines, stock: StockIdx, at: (usize, usize), mut units: u32) {
        for &row in self.rows_at.get(&at).map_or(&[][..], Vec::as_slice) {
            let taken = units.min(self.open[row]);
            if taken > 0 {
                *lines.entry((stock, Some(NeedIdx::at(row)))).or_default() += taken;
                (units, self.open[row]) = (units - taken, self.open[row] - taken);
            }
        }
        let of = &mut self.problem.stocks[stock.index()];
        of.units -= units.min(of.units);
        of.reserve = of.reserve.min(of.units);
    }

    fn push(&mut self, approved: &Approved<'_>, lines: Lines) {
        let lines: Vec<Line> =
            lines.into_iter().map(|((stock, need), units)| Line { stock, need, units }).collect();
        if lines.is_empty() {
            return;
        }
        let id = &approved.tracked.shipment.id;
        match self.problem.frozen.last_mut() {
            Some(last) if self.frozen.last() == Some(id) && last.lines == lines => last.vehicles += 1,
            _ => {
                let &Approved { departs, from, to, fleet, .. } = approved;
                self.problem.frozen.push(Shipment { departs, from, to, fleet, vehicles: 1, lines });
                self.frozen.push(id.clone());
            }
        }
    }
}

/// What a shipment carries, in units of the problem, by good.
fn units(tracked: &Tracked<'_>, places: &Places<'_>) -> Vec<(usize, u32)> {
    let known = |goods: &Goods| {
        let good = *places.good_of.get(&goods.commodity)?;
        Some((good, goods.quantity / places.per_unit[good])).filter(|(_, units)| *units > 0)
    };
    tracked.goods().iter().filter_map(known).collect()
}
