//! Plans, and where each of their shipments stands: what the union proposed, its sender and its receiver said.

use super::View;
use crate::decision::model::{Goods, Plan, Shipment, ShipmentAnswer, ShipmentState, ShipmentUse};
use crate::id::{MemberId, PlanId, ShipmentId, StockId};
use crate::units::Timestamp;
use std::collections::BTreeMap;

/// A shipment with all that is known of it.
#[derive(Clone, Copy, Debug)]
pub struct Tracked<'v> {
    /// The plan that proposed it.
    pub plan: &'v Plan,
    /// The plan that was proposed last, when that is another one.
    pub newer: Option<&'v PlanId>,
    /// As planned.
    pub shipment: &'v Shipment,
    /// Its sender's side; none before it answered.
    pub sender: Option<&'v ShipmentUse>,
    /// Its receiver's side; none before it came.
    pub receiver: Option<&'v ShipmentUse>,
}

impl View {
    /// Plans, by name.
    pub fn plans(&self) -> impl Iterator<Item = &Plan> {
        self.states().filter_map(|state| state.field.as_ref()).flat_map(|field| field.plans.values())
    }

    /// One plan.
    #[must_use]
    pub fn plan(&self, id: &PlanId) -> Option<&Plan> {
        self.states().filter_map(|state| state.field.as_ref()).find_map(|field| field.plans.get(id))
    }

    /// The plan that was proposed last: what nobody approved of those before it does not go.
    #[must_use]
    pub fn newest_plan(&self) -> Option<&Plan> {
        self.plans().max_by_key(|plan| plan.number())
    }

    /// The plan that was proposed last, when that is another one.
    #[must_use]
    pub fn newer_than(&self, plan: &Plan) -> Option<&Plan> {
        self.newest_plan().filter(|newest| newest.id != plan.id)
    }

    /// Every shipment of a plan, in its order.
    pub fn shipments_of<'v>(&'v self, plan: &'v Plan) -> impl Iterator<Item = Tracked<'v>> {
        let newer = self.newer_than(plan).map(|newer| &newer.id);
        plan.shipments.iter().map(move |shipment| self.track(plan, newer, shipment))
    }

    /// Shipments of a plan that their senders approved, whatever became of them since.
    pub fn approved_of<'v>(&'v self, plan: &'v Plan) -> impl Iterator<Item = &'v Shipment> {
        let is_approved = |side: &ShipmentUse| matches!(side.answer, Some(ShipmentAnswer::Approved { .. }));
        let tracked = self.shipments_of(plan).filter(move |tracked| tracked.sender.is_some_and(is_approved));
        tracked.map(|tracked| tracked.shipment)
    }

    /// What a member's depots will have been brought by shipments that go there: those of the newest plan that nobody
    /// declined, and those that are on their way by older ones.
    #[must_use]
    pub fn incoming(&self, member: &MemberId, now: Timestamp) -> BTreeMap<StockId, u64> {
        let mut incoming = BTreeMap::new();
        for tracked in self.plans().flat_map(|plan| self.shipments_of(plan)) {
            let is_coming = match tracked.state(now) {
                ShipmentState::Proposed
                | ShipmentState::Approved
                | ShipmentState::Dispatched
                | ShipmentState::Arrived => true,
                ShipmentState::Lapsed
                | ShipmentState::Declined
                | ShipmentState::Received
                | ShipmentState::Differs
                | ShipmentState::Explained => false,
            };
            if !is_coming || tracked.shipment.receiver.member != *member {
                continue;
            }
            for goods in tracked.goods() {
                let stock = StockId::new(&tracked.shipment.receiver, &goods.commodity);
                *incoming.entry(stock).or_default() += u64::from(goods.quantity);
            }
        }
        incoming
    }

    /// One shipment.
    #[must_use]
    pub fn shipment(&self, id: &ShipmentId) -> Option<Tracked<'_>> {
        let plan = self.plan(&id.plan)?;
        let index = usize::try_from(id.number).ok()?.checked_sub(1)?;
        let newer = self.newer_than(plan).map(|newer| &newer.id);
        Some(self.track(plan, newer, plan.shipments.get(index)?))
    }

    fn track<'v>(&'v self, plan: &'v Plan, newer: Option<&'v PlanId>, shipment: &'v Shipment) -> Tracked<'v> {
        let side = |ledger| self.state(&ledger).and_then(|state| state.aid.shipments.get(&shipment.id));
        let (sender, receiver) = (side(shipment.sender.ledger()), side(shipment.receiver.ledger()));
        Tracked { plan, newer, shipment, sender, receiver }
    }
}

impl Tracked<'_> {
    /// Where it stands at `now`: the side that has seen it last knows.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> ShipmentState {
        let receiver = self.receiver.filter(|side| side.arrived.is_some());
        let state = receiver.or(self.sender).map_or(ShipmentState::Proposed, ShipmentUse::state);
        match state {
            ShipmentState::Proposed if self.plan.approve_by <= now || self.newer.is_some() => {
                ShipmentState::Lapsed
            }
            state => state,
        }
    }

    /// What it carries: as it was sent, before that as planned.
    #[must_use]
    pub fn goods(&self) -> &[Goods] {
        let sent = self.sender.and_then(|side| side.dispatched.as_ref());
        sent.map_or(&self.shipment.goods, |sent| &sent.goods)
    }

    /// What its sender said.
    #[must_use]
    pub fn answer(&self) -> Option<&ShipmentAnswer> {
        self.sender.and_then(|side| side.answer.as_ref())
    }
}
