//! Shipments of earlier plans that go on whatever a new one says: approved ones stay as they are, moving ones arrive.
//!
//! What nobody approved of earlier plans has lapsed: the new plan counts instead.

use super::LeftOut;
use super::needs::Needs;
use crate::allocator::supplies::{
    ClassIdx, FleetIdx, GoodIdx, Line, NeedIdx, PeriodIdx, PointIdx, Problem, Shipment, SiteIdx, Stock,
    StockIdx, Stop, VEHICLE,
};
use crate::authority::View;
use crate::authority::shipments::Tracked;
use crate::decision::model::{Goods, ShipmentState, VehicleClass};
use crate::id::{CommodityId, DepotId, ShipmentId};
use crate::units::Timestamp;
use std::collections::BTreeMap;

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

    /// What moves to bases, as stocks that are there once it has come.
    pub(super) fn stocks(&self, places: &Places<'_>, problem: &Problem) -> Vec<Stock> {
        let mut stocks = Vec::new();
        for tracked in &self.moving {
            let Some(&site) = places.site_of.get(&tracked.shipment.receiver) else { continue };
            let period = problem.period_of(tracked.shipment.arrives_at.0.div_euclid(1_000)) + 1;
            if period >= problem.periods as usize {
                continue;
            }
            let (site, available_from) = (SiteIdx::at(site), PeriodIdx::at(period));
            stocks.extend(units(tracked, places).into_iter().map(|(good, units)| Stock {
                site,
                good: GoodIdx::at(good),
                units,
                reserve: 0,
                available_from,
            }));
        }
        stocks
    }

    /// Lays approved shipments into the problem, whose needs come last: those that stay as frozen ones, those that cannot
    /// be stated so as goods that come.
    pub(super) fn lay(self, places: &Places<'_>, problem: &mut Problem, needs: &mut Needs) -> Laid {
        let mut laid = Laid::default();
        let mut staying: Vec<Approved<'v>> = Vec::new();
        let mut coming: BTreeMap<(usize, usize), u32> = BTreeMap::new();
        for tracked in self.approved {
            let Some(approved) = Approved::of(tracked, places, problem) else { continue };
            let class = problem.fleets[approved.fleet.index()].class;
            let Some(travel_s) = problem.travel_s(class, approved.from, approved.to) else {
                laid.stranded.push(tracked.shipment.id.clone());
                continue;
            };
            let arrives = problem.arrives(approved.departs, problem.outward_s(class, travel_s));
            let vehicles = u32::from(tracked.shipment.vehicles.max(1));
            let share = |&(good, units): &(usize, u32)| {
                u64::from(units.div_ceil(vehicles)) * problem.share_of(GoodIdx::at(good), class)
            };
            let fits = approved.goods.iter().map(share).sum::<u64>() <= VEHICLE;
            if fits && arrives < problem.periods as usize {
                staying.push(approved);
            } else if let Stop::Point(point) = approved.to {
                for &(good, units) in &approved.goods {
                    *coming.entry((point.index(), good)).or_default() += units;
                }
            }
        }
        needs.take_off(coming, places.per_unit, LeftOut::OnItsWay);
        problem.needs = needs.rows.iter().map(|row| row.1.clone()).collect();
        // What comes to bases first: it goes on from there as the stock that it was.
        staying.sort_by_key(|approved| {
            (matches!(approved.to, Stop::Point(_)), approved.tracked.shipment.id.clone())
        });
        let mut open: Vec<u32> = problem.needs.iter().map(|need| need.units).collect();
        let mut rows_at: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
        for (row, need) in problem.needs.iter().enumerate() {
            rows_at.entry((need.point.index(), need.good.index())).or_default().push(row);
        }
        for rows in rows_at.values_mut() {
            rows.sort_by_key(|&row| (problem.needs[row].wanted_by_s, row));
        }
        let mut brought: BTreeMap<(usize, usize), StockIdx> = BTreeMap::new();
        for approved in staying {
            approved.freeze(problem, &mut laid, &mut open, &rows_at, &mut brought);
        }
        laid
    }
}

impl<'v> Approved<'v> {
    /// None for what this plan does not know: a depot that is lost, a fleet that is gone, a commodity of another kind.
    fn of(tracked: Tracked<'v>, places: &Places<'_>, problem: &Problem) -> Option<Approved<'v>> {
        let shipment = tracked.shipment;
        let from = *places.site_of.get(&shipment.sender)?;
        let to = match (places.site_of.get(&shipment.receiver), places.point_of.get(&shipment.receiver)) {
            (Some(&site), _) => Stop::Site(SiteIdx::at(site)),
            (None, point) => Stop::Point(PointIdx::at(*point?)),
        };
        let is_ours = |(home, class): &(usize, VehicleClass)| *home == from && *class == shipment.class;
        let fleet = FleetIdx::at(places.fleets.iter().position(is_ours)?);
        let class: ClassIdx = problem.fleets[fleet.index()].class;
        let loading_s = i64::from(problem.classes[class.index()].loading_s);
        let begins_s = shipment.departs_at.0.div_euclid(1_000) - loading_s - problem.start_s;
        let departs = (begins_s.max(0) / i64::from(problem.period_s)).min(i64::from(problem.periods) - 1);
        let (from, departs) = (SiteIdx::at(from), PeriodIdx::at(departs as usize));
        Some(Approved { tracked, from, to, fleet, departs, goods: units(&tracked, places) })
    }

    /// Vehicle by vehicle: each takes its part of every good to the earliest needs that are open.
    fn freeze(
        &self,
        problem: &mut Problem,
        laid: &mut Laid,
        open: &mut [u32],
        rows_at: &BTreeMap<(usize, usize), Vec<usize>>,
        brought: &mut BTreeMap<(usize, usize), StockIdx>,
    ) {
        let vehicles = u32::from(self.tracked.shipment.vehicles.max(1));
        for vehicle in 0..vehicles {
            let mut lines: BTreeMap<(StockIdx, Option<NeedIdx>), u32> = BTreeMap::new();
            for &(good, units) in &self.goods {
                let mut left = units / vehicles + u32::from(vehicle < units % vehicles);
                let own = problem.stocks.iter().position(|stock| {
                    stock.site == self.from && stock.good.index() == good && stock.available_from.0 == 0
                });
                let stock =
                    own.map(StockIdx::at).or_else(|| brought.get(&(self.from.index(), good)).copied());
                let Some(stock) = stock else { continue };
                match self.to {
                    Stop::Site(base) => {
                        if own.is_some() && left > 0 {
                            lines.insert((stock, None), left);
                            brought.entry((base.index(), good)).or_insert(stock);
                        }
                    }
                    Stop::Point(point) => {
                        for &row in rows_at.get(&(point.index(), good)).map_or(&[][..], Vec::as_slice) {
                            let taken = left.min(open[row]);
                            if taken > 0 {
                                *lines.entry((stock, Some(NeedIdx::at(row)))).or_default() += taken;
                                (left, open[row]) = (left - taken, open[row] - taken);
                            }
                        }
                        // Nobody needs the rest any more; it leaves its stock all the same.
                        let of = &mut problem.stocks[stock.index()];
                        of.units = of.units.saturating_sub(left);
                        of.reserve = of.reserve.min(of.units);
                    }
                }
            }
            let lines: Vec<Line> =
                lines.into_iter().map(|((stock, need), units)| Line { stock, need, units }).collect();
            if lines.is_empty() {
                continue;
            }
            let (departs, from, to, fleet) = (self.departs, self.from, self.to, self.fleet);
            let alike = |last: &Shipment| {
                laid.frozen.last() == Some(&self.tracked.shipment.id) && last.lines == lines
            };
            match problem.frozen.last_mut() {
                Some(last) if alike(last) => last.vehicles += 1,
                _ => {
                    problem.frozen.push(Shipment { departs, from, to, fleet, vehicles: 1, lines });
                    laid.frozen.push(self.tracked.shipment.id.clone());
                }
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
