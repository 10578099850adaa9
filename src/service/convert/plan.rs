//! Plans and shipments.

use super::shown::Shown;
use super::{Reader, Wire, stock_quantity, wire};
use crate::api::v1;
use crate::authority::shipments::Tracked;
use crate::decision::model::{Goods, Handover, Plan, Remedy, ShipmentAnswer, ShipmentState};
use crate::id::{MemberId, PlanId, ShipmentId};
use crate::service::ServiceError;
use std::collections::BTreeMap;

/// Whether what a plan does not meet is told with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// How many shipments, and how far their senders are.
    Summary,
    /// And every need that it does not meet.
    Whole,
}

impl Reader {
    /// Goods, and the unit that each is stated in; empty: the commodity's own.
    pub(crate) fn goods(&self, said: Vec<v1::Goods>) -> Result<Vec<(Goods, String)>, ServiceError> {
        let read = |(index, said): (usize, v1::Goods)| {
            let commodity = self.name(&format!("goods[{index}].commodity"), &said.commodity)?;
            let quantity = stock_quantity(&format!("goods[{index}].quantity"), said.quantity)?;
            Ok((Goods { commodity, quantity }, said.unit))
        };
        said.into_iter().enumerate().map(read).collect()
    }
}

impl Shown {
    /// A plan without what it does not meet.
    #[must_use]
    pub fn plan(&self, id: &PlanId) -> Option<v1::AidPlan> {
        self.view.plan(id).map(|plan| self.plan_of(plan, Detail::Summary))
    }

    /// A plan.
    #[must_use]
    pub fn plan_of(&self, plan: &Plan, detail: Detail) -> v1::AidPlan {
        let mut senders: BTreeMap<&MemberId, v1::SenderShare> = BTreeMap::new();
        for tracked in self.view.shipments_of(plan) {
            let share = senders.entry(&tracked.shipment.sender.member).or_default();
            let count = match tracked.state(self.now) {
                ShipmentState::Proposed => &mut share.pending_count,
                ShipmentState::Lapsed => &mut share.lapsed_count,
                ShipmentState::Declined => &mut share.declined_count,
                ShipmentState::Approved
                | ShipmentState::Dispatched
                | ShipmentState::Arrived
                | ShipmentState::Received
                | ShipmentState::Differs
                | ShipmentState::Explained => &mut share.approved_count,
            };
            *count += 1;
        }
        let senders = senders.into_iter().map(|(member, share)| {
            let member = self.names.print(member);
            v1::SenderShare { member, ..share }
        });
        let objective = plan.objective.iter().map(|tier| v1::aid_plan::Objective {
            tier: tier.tier.into(),
            value: tier.value,
            bound: tier.bound,
            gap_e6: tier.gap_e6(),
        });
        let told = if detail == Detail::Whole { plan.unfilled.as_slice() } else { &[] };
        let unfilled = told.iter().map(|unfilled| v1::Unfilled {
            need: self.names.print(&unfilled.need),
            quantity: unfilled.quantity.into(),
            reason: unfilled.reason.number(),
            remedies: unfilled.remedies.iter().map(|remedy| self.remedy_of(remedy)).collect(),
        });
        let grounds = |count: usize| if detail == Detail::Whole { count } else { 0 };
        let served = plan.served.iter().take(grounds(plan.served.len())).map(|served| v1::PlaceServed {
            depot: self.names.print(&served.depot),
            unmet_permille: served.unmet_permille.into(),
            first_tier_unmet_permille: served.first_tier_unmet_permille.into(),
        });
        let burdens = plan.burdens.iter().take(grounds(plan.burdens.len())).map(|burden| v1::MemberBurden {
            member: self.names.print(&burden.member),
            given_permille: burden.given_permille.into(),
        });
        let one_more = plan.worth.iter().take(grounds(plan.worth.len())).map(|worth| v1::OneMore {
            kind: worth.kind.number(),
            at: self.place_of(&worth.at),
            from_time: Some(wire::instant(worth.from)),
            people_milli: worth.people_milli,
        });
        let moves = plan.moves.iter().take(grounds(plan.moves.len())).map(|moved| v1::ShipmentMove {
            shipment: self.names.print(&moved.shipment),
            gain_e6: moved.gain_e6,
        });
        let stranded = plan.stranded.iter().take(grounds(plan.stranded.len()));
        let newer = self.view.newer_than(plan).map(|newer| &newer.id);
        v1::AidPlan {
            name: self.names.print(&plan.id),
            proposed_by: plan.proposed_by.clone(),
            problem_sha256: plan.problem.clone(),
            work_budget: plan.budget,
            objective: objective.collect(),
            approve_by_time: Some(wire::instant(plan.approve_by)),
            shipment_count: u32::try_from(plan.shipments.len()).unwrap_or(u32::MAX),
            senders: senders.collect(),
            unfilled: unfilled.collect(),
            worst_served: served.collect(),
            burdens: burdens.collect(),
            one_more: one_more.collect(),
            moves: moves.collect(),
            stranded_shipments: stranded.map(|shipment| self.names.print(shipment)).collect(),
            newer_plan: self.names.print_opt(newer),
        }
    }

    fn remedy_of(&self, remedy: &Remedy) -> v1::unfilled::Remedy {
        let (kind, at) = (remedy.kind.number(), self.place_of(&remedy.at));
        v1::unfilled::Remedy { kind, at, quantity: remedy.quantity }
    }

    /// The name of a place that may be none.
    fn place_of(&self, at: &str) -> String {
        if at.is_empty() { String::new() } else { self.names.print(&at) }
    }

    /// A shipment.
    #[must_use]
    pub fn shipment(&self, id: &ShipmentId) -> Option<v1::Shipment> {
        self.view.shipment(id).map(|tracked| self.shipment_of(&tracked))
    }

    /// As [`Shown::shipment`].
    #[must_use]
    pub fn shipment_of(&self, tracked: &Tracked<'_>) -> v1::Shipment {
        let shipment = tracked.shipment;
        let dispatched = tracked.sender.and_then(|side| side.dispatched.as_ref());
        let arrived = tracked.receiver.and_then(|side| side.arrived.as_ref());
        let received = tracked.receiver.and_then(|side| side.received.as_ref());
        let explained = tracked.receiver.and_then(|side| side.explained.as_ref());
        let goods = |handover: Option<&Handover>| self.goods_of(handover.map_or(&[], |it| &it.goods));
        let by = |handover: Option<&Handover>| handover.map(|it| it.by.clone()).unwrap_or_default();
        let at = |handover: Option<&Handover>| handover.map(|it| wire::instant(it.at));
        let mut shown = v1::Shipment {
            name: self.names.print(&shipment.id),
            sender: self.names.print(&shipment.sender),
            receiver: self.names.print(&shipment.receiver),
            goods: self.goods_of(&shipment.goods),
            vehicle_class: shipment.class.number(),
            vehicles: shipment.vehicles.into(),
            route: shipment.route.clone(),
            depart_time: Some(wire::instant(shipment.departs_at)),
            arrive_time: Some(wire::instant(shipment.arrives_at)),
            state: tracked.state(self.now).number(),
            approve_by_time: Some(wire::instant(tracked.plan.approve_by)),
            dispatched: goods(dispatched),
            dispatched_by: by(dispatched),
            dispatch_time: at(dispatched),
            arrival_time: at(arrived),
            received: goods(received),
            received_by: by(received),
            receive_time: at(received),
            difference: explained.map_or(0, |explained| explained.reason.number()),
            displaced_needs: shipment.displaces.iter().map(|need| self.names.print(need)).collect(),
            difference_note: explained.map(|explained| explained.note.clone()).unwrap_or_default(),
            ..Default::default()
        };
        match tracked.answer() {
            None => {}
            Some(ShipmentAnswer::Approved { by, at }) => {
                (shown.approved_by, shown.answer_time) = (by.clone(), Some(wire::instant(*at)));
            }
            Some(ShipmentAnswer::Declined { reason, note, at }) => {
                (shown.decline_reason, shown.decline_note) = (reason.number(), note.clone());
                shown.answer_time = Some(wire::instant(*at));
            }
        }
        shown
    }

    fn goods_of(&self, goods: &[Goods]) -> Vec<v1::Goods> {
        let one = |goods: &Goods| v1::Goods {
            commodity: self.names.print(&goods.commodity),
            quantity: goods.quantity.into(),
            unit: self.unit(&goods.commodity),
        };
        goods.iter().map(one).collect()
    }
}
