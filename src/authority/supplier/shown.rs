//! A plan of the allocator as shipments with names, quantities in the commodities' units, and times.

use super::ways::Routes;
use super::{LeftOut, Stated};
use crate::allocator::supplies::{Gap, LORRY, Plan, Reason, Shipment, StockIdx, Stop, weights};
use crate::authority::{RoadBoard, View};
use crate::decision::command::{NewPlan, NewShipment};
use crate::decision::model::{Goods, ObjectiveValue, Remedy, Unfilled, UnfilledReason};
use crate::id::{CommodityId, DepotId, NeedId};
use crate::units::Timestamp;
use std::collections::BTreeMap;

/// A lorry takes as long even to the ramp next door: nothing arrives when it departs.
const MANOEUVRE_S: u32 = 60;

/// What a plan is proposed with, besides what was worked out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The named person who proposes it.
    pub proposed_by: String,
    /// SHA-256 of the stored problem, in hexadecimal digits.
    pub problem: String,
    /// Rounds that the solver was allowed.
    pub budget: u64,
    /// Until when senders may approve.
    pub approve_by: Timestamp,
}

/// The plan as the ledger of the field of disasters takes it.
///
/// # Complexity
/// A route for each pair of places that something goes between, besides the plan itself.
#[must_use]
pub fn read_back(
    stated: &Stated,
    plan: &Plan,
    proposal: Proposal,
    (view, board): (&View, &RoadBoard),
) -> NewPlan {
    let mut routes = Routes::new(view, board);
    let mut displaced = stated.displaced(plan);
    let proposed = plan.shipments.iter().enumerate().skip(plan.frozen);
    let shipments = proposed
        .map(|(place, shipment)| NewShipment {
            displaces: displaced.remove(&place).unwrap_or_default(),
            ..stated.shipment(shipment, &mut routes)
        })
        .collect();
    let Proposal { proposed_by, problem, budget, approve_by } = proposal;
    NewPlan {
        proposed_by,
        problem,
        budget,
        objective: objective(plan),
        approve_by,
        shipments,
        unfilled: stated.unfilled(plan),
        served: stated.served(plan),
        burdens: stated.burdens(plan),
        worth: stated.worth(plan),
        moves: stated.moves(plan),
        stranded: stated.stranded.clone(),
    }
}

/// Tier by tier; the last one is all of them together, by their weights. Only the first and the last have a bound above 0.
fn objective(plan: &Plan) -> Vec<ObjectiveValue> {
    let tiers = &plan.tiers;
    let below = [tiers.unfairness, tiers.burden, tiers.lateness, tiers.unpaired, tiers.vehicle_s, tiers.yen];
    let first = bounded(1, &plan.life_saving, weights::LIFE);
    let middle = below.iter().zip(2..).map(|(&value, tier)| {
        let value = i64::try_from(value).unwrap_or(i64::MAX);
        ObjectiveValue { tier, value, bound: 0 }
    });
    let all = bounded(8, &plan.gap, weights::LIFE);
    std::iter::once(first).chain(middle).chain([all]).collect()
}

/// Value rounded up and bound rounded down, so that the gap is never understated.
fn bounded(tier: u8, gap: &Gap, unit: i64) -> ObjectiveValue {
    let unit = i128::from(unit);
    let value = (gap.value + unit - 1).div_euclid(unit);
    let bound = gap.bound.div_euclid(unit);
    let fit = |number: i128| i64::try_from(number).unwrap_or(i64::MAX);
    ObjectiveValue { tier, value: fit(value), bound: fit(bound) }
}

impl Stated {
    pub(super) fn stop(&self, stop: Stop) -> &DepotId {
        match stop {
            Stop::Site(site) => &self.sites[site.index()],
            Stop::Point(point) => &self.points[point.index()],
        }
    }

    fn shipment(&self, shipment: &Shipment, routes: &mut Routes<'_>) -> NewShipment {
        let problem = &self.problem;
        let class = problem.fleets[shipment.fleet.index()].class;
        let handling = &problem.classes[class.index()];
        let travel_s = problem.travel_s(class, shipment.from, shipment.to).unwrap_or_default();
        let period_s = i64::from(problem.period_s) * i64::from(shipment.departs.0);
        let kind = self.kinds[class.index()];
        let ends = [shipment.from.index(), problem.column(shipment.to)];
        let departs_at = Timestamp((problem.start_s + period_s + i64::from(handling.loading_s)) * 1_000);
        let mut goods: BTreeMap<&CommodityId, u32> = BTreeMap::new();
        for line in &shipment.lines {
            let (commodity, per_unit) = self.good_of(line.stock);
            let quantity = line.units.saturating_mul(shipment.vehicles).saturating_mul(per_unit);
            let sum = goods.entry(commodity).or_default();
            *sum = sum.saturating_add(quantity);
        }
        NewShipment {
            sender: self.sites[shipment.from.index()].clone(),
            receiver: self.stop(shipment.to).clone(),
            goods: goods
                .into_iter()
                .map(|(commodity, quantity)| Goods { commodity: commodity.clone(), quantity })
                .collect(),
            class: kind.class,
            vehicles: u16::try_from(shipment.vehicles).unwrap_or(u16::MAX),
            route: routes.words(kind.profile(), ends.map(|end| self.positions[end])),
            departs_at,
            arrives_at: departs_at.plus_millis(i64::from(travel_s.max(MANOEUVRE_S)) * 1_000),
            displaces: Vec::new(),
        }
    }

    /// The commodity of a stock, and how many of its units travel as one.
    pub(super) fn good_of(&self, stock: StockIdx) -> (&CommodityId, u32) {
        let (commodity, per_unit) = &self.goods[self.problem.stocks[stock.index()].good.index()];
        (commodity, *per_unit)
    }

    /// What stays unmet, one entry for each need and reason; what a place has itself is met.
    fn unfilled(&self, plan: &Plan) -> Vec<Unfilled> {
        let mut sums: BTreeMap<(&NeedId, UnfilledReason), (u32, Vec<Remedy>)> = BTreeMap::new();
        for unmet in &plan.unmet {
            let row = &self.needs[unmet.need.index()];
            let per_unit = self.goods[self.problem.needs[unmet.need.index()].good.index()].1;
            let reason = unmet.reasons.first().map_or(UnfilledReason::NoVehicle, word);
            // Of a standing need the remedies of its first day.
            let (sum, _) = sums
                .entry((&row.need, reason))
                .or_insert_with(|| (0, self.remedies(&unmet.changes, per_unit)));
            *sum = sum.saturating_add(unmet.units.saturating_mul(per_unit));
        }
        for (need, quantity, why) in &self.left_out {
            if *why == LeftOut::NoReceivingPoint {
                let (sum, _) = sums.entry((need, UnfilledReason::NoRoad)).or_default();
                *sum = sum.saturating_add(*quantity);
            }
        }
        sums.into_iter()
            .map(|((need, reason), (quantity, remedies))| {
                let need = need.clone();
                Unfilled { need, quantity, reason, remedies }
            })
            .collect()
    }

    /// Lorries of 10 t that all needs of the problem fill, rounded up.
    #[must_use]
    pub fn lorries_needed(&self) -> u64 {
        let load = |need: &crate::allocator::supplies::Need| {
            u64::from(need.units).saturating_mul(self.problem.load_of(need.good))
        };
        self.problem.needs.iter().map(load).sum::<u64>().div_ceil(LORRY)
    }
}

/// The word of a reason on the wire.
fn word(reason: &Reason) -> UnfilledReason {
    match reason {
        Reason::NoStock => UnfilledReason::NoStock,
        Reason::BelowReserve { .. } => UnfilledReason::BelowReserve,
        Reason::NoAgreement { .. } | Reason::PairedElsewhere { .. } => UnfilledReason::NoAgreement,
        Reason::NoRoad { .. } => UnfilledReason::NoRoad,
        Reason::TooLate { .. } => UnfilledReason::TooLate,
        Reason::DockOutFull { .. } | Reason::DockInFull { .. } => UnfilledReason::DockFull,
        Reason::BundleFull { .. } => UnfilledReason::PassageFull,
        Reason::NoVehicle { .. } | Reason::NoDriver { .. } | Reason::ServesOthersBetter => {
            UnfilledReason::NoVehicle
        }
    }
}
