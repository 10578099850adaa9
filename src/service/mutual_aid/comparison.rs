//! Two plans side by side.

use super::{Answer, MutualAid};
use crate::api::v1;
use crate::authority::{Union, View};
use crate::decision::model::Plan;
use crate::decision::rejection::Kind;
use crate::id::{CommodityId, DepotId, PlanId};
use crate::service::desk::{Caller, unknown};
use std::collections::BTreeMap;

/// Legs that are told one by one.
const LEGS_TOLD_MAX: usize = 1_000;

/// What one plan does.
#[derive(Debug, Default)]
struct Sums<'p> {
    /// Units that reach a receiving point, by commodity.
    sent: BTreeMap<&'p CommodityId, i64>,
    unfilled: BTreeMap<&'p CommodityId, i64>,
    /// Vehicles from one depot to another.
    legs: BTreeMap<(&'p DepotId, &'p DepotId), u32>,
    vehicles: u32,
}

impl<'p> Sums<'p> {
    fn of(view: &'p View, plan: &'p Plan) -> Sums<'p> {
        let mut sums = Sums::default();
        // What was approved of the plans before stays: it is part of what happens by this one.
        let earlier = view.plans().filter(|earlier| earlier.number() < plan.number());
        let kept = earlier.flat_map(|earlier| view.approved_of(earlier));
        for shipment in plan.shipments.iter().chain(kept) {
            let vehicles = u32::from(shipment.vehicles);
            *sums.legs.entry((&shipment.sender, &shipment.receiver)).or_default() += vehicles;
            sums.vehicles += vehicles;
            // What goes to a base goes on from there: counted when it arrives.
            let is_end =
                view.depot(&shipment.receiver).is_none_or(|(depot, _)| depot.tier.is_receiving_point());
            for goods in shipment.goods.iter().filter(|_| is_end) {
                *sums.sent.entry(&goods.commodity).or_default() += i64::from(goods.quantity);
            }
        }
        for unfilled in &plan.unfilled {
            if let Some(used) = view.need(&unfilled.need) {
                *sums.unfilled.entry(&used.need.commodity).or_default() += i64::from(unfilled.quantity);
            }
        }
        sums
    }
}

impl<U: Union> MutualAid<U> {
    pub(super) async fn compare_plans(
        &self,
        _: Caller,
        message: v1::ComparePlansRequest,
    ) -> Answer<v1::ComparePlansResponse> {
        let reader = self.desk.reader();
        let one: PlanId = reader.name("plan", &message.plan)?;
        let other: PlanId = reader.name("other_plan", &message.other_plan)?;
        let shown = self.desk.shown();
        let known = |id: &PlanId| shown.view.plan(id).ok_or_else(|| unknown(Kind::Plan, id));
        let (one, other) = (Sums::of(&shown.view, known(&one)?), Sums::of(&shown.view, known(&other)?));
        let of = |sums: &BTreeMap<&CommodityId, i64>, id: &CommodityId| sums.get(id).copied().unwrap_or(0);
        let commodities = shown.view.commodities().map(|commodity| v1::compare_plans_response::Difference {
            commodity: shown.names.print(&commodity.id),
            unit: commodity.unit.clone(),
            sent: of(&one.sent, &commodity.id),
            other_sent: of(&other.sent, &commodity.id),
            unfilled: of(&one.unfilled, &commodity.id),
            other_unfilled: of(&other.unfilled, &commodity.id),
        });
        let commodities: Vec<_> = commodities
            .filter(|row| [row.sent, row.other_sent, row.unfilled, row.other_unfilled] != [0; 4])
            .collect();
        let mut legs: BTreeMap<(&DepotId, &DepotId), (u32, u32)> = BTreeMap::new();
        one.legs.iter().for_each(|(leg, vehicles)| legs.entry(*leg).or_default().0 = *vehicles);
        other.legs.iter().for_each(|(leg, vehicles)| legs.entry(*leg).or_default().1 = *vehicles);
        let mut legs: Vec<_> = legs.into_iter().filter(|(_, (one, other))| one != other).collect();
        let leg_count = legs.len() as u32;
        // Those that differ alike stand by their names.
        legs.sort_by_key(|(_, (one, other))| std::cmp::Reverse(one.abs_diff(*other)));
        legs.truncate(LEGS_TOLD_MAX);
        let legs = legs.into_iter().map(|((sender, receiver), (vehicles, other_vehicles))| {
            let (sender, receiver) = (shown.names.print(sender), shown.names.print(receiver));
            v1::compare_plans_response::Leg { sender, receiver, vehicles, other_vehicles }
        });
        Ok(v1::ComparePlansResponse {
            commodities,
            legs: legs.collect(),
            leg_count,
            vehicles: one.vehicles,
            other_vehicles: other.vehicles,
        })
    }
}
