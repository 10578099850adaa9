//! Plans, and where each of their shipments stands: what the union proposed, its sender and its receiver said.

use super::View;
use crate::decision::model::{Plan, Shipment, ShipmentAnswer, ShipmentState, ShipmentUse};
use crate::id::{PlanId, ShipmentId};
use crate::units::Timestamp;

/// A shipment with all that is known of it.
#[derive(Clone, Copy, Debug)]
pub struct Tracked<'v> {
    /// The plan that proposed it.
    pub plan: &'v Plan,
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

    /// Every shipment of a plan, in its order.
    pub fn shipments_of<'v>(&'v self, plan: &'v Plan) -> impl Iterator<Item = Tracked<'v>> {
        plan.shipments.iter().map(move |shipment| self.track(plan, shipment))
    }

    /// One shipment.
    #[must_use]
    pub fn shipment(&self, id: &ShipmentId) -> Option<Tracked<'_>> {
        let plan = self.plan(&id.plan)?;
        let index = usize::try_from(id.number).ok()?.checked_sub(1)?;
        Some(self.track(plan, plan.shipments.get(index)?))
    }

    fn track<'v>(&'v self, plan: &'v Plan, shipment: &'v Shipment) -> Tracked<'v> {
        let side = |ledger| self.state(&ledger).and_then(|state| state.aid.shipments.get(&shipment.id));
        let (sender, receiver) = (side(shipment.sender.ledger()), side(shipment.receiver.ledger()));
        Tracked { plan, shipment, sender, receiver }
    }
}

impl Tracked<'_> {
    /// Where it stands at `now`: the side that has seen it last knows.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> ShipmentState {
        let receiver = self.receiver.filter(|side| side.arrived.is_some());
        let state = receiver.or(self.sender).map_or(ShipmentState::Proposed, ShipmentUse::state);
        match state {
            ShipmentState::Proposed if self.plan.approve_by <= now => ShipmentState::Lapsed,
            state => state,
        }
    }

    /// What its sender said.
    #[must_use]
    pub fn answer(&self) -> Option<&ShipmentAnswer> {
        self.sender.and_then(|side| side.answer.as_ref())
    }
}
