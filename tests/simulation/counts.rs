//! What happened how often in a history, and what must happen in a handful of them.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use yui::decision::model::{
    AbortReason, AttemptEnd, AttemptState, LeaseEnd, LeaseSubject, NotHeldReason, OfferState, Shipment,
    ShipmentState,
};
use yui::decision::rejection::Kind;
use yui::decision::{Event, Rejection, State};

/// How often things happened, to show that the histories mean something.
#[derive(Clone, Debug, Default)]
pub struct Counts(BTreeMap<&'static str, usize>);

/// What must happen somewhere in a handful of histories.
const RICH: [&str; 76] = [
    "committed",
    "expired",
    "late go",
    "offer taken",
    "not held",
    "barred",
    "stood down",
    "re-tasked",
    "merged",
    "clock suspected",
    "crash",
    "lost",
    "doubled",
    "standing order",
    "send another",
    "report settled",
    "lease",
    "lease refused",
    "bed asked",
    "completed",
    "retry",
    "retry of nothing",
    "another payload",
    "clock vouched for",
    "disk full",
    "key pressed twice",
    "reopened",
    "late go withdrawn",
    "bed given back",
    "commodity registered",
    "depot registered",
    "fleet registered",
    "depot reported",
    "stock counted",
    "reserve opened",
    "reserve closed",
    "need stated",
    "need corrected",
    "need withdrawn",
    "need of a base",
    "need spoken of too late",
    "plan proposed",
    "plan of what nobody knows",
    "shipment approved",
    "shipment declined",
    "approval taken back",
    "approved too late",
    "approved past a newer plan",
    "approved again",
    "stock short",
    "dispatched",
    "dispatched in part",
    "arrived",
    "received",
    "received less",
    "received more",
    "explained",
    "moved twice",
    "out of order",
    "count too old",
    "told as proposed",
    "told as lapsed",
    "told as approved",
    "told as declined",
    "told as on its way",
    "told as arrived",
    "told as received",
    "told as differing",
    "told as explained",
    "pair decided",
    "pair ended",
    "road restricted",
    "restriction lifted",
    "no-fly area reported",
    "no-fly area lifted",
    "asset updated",
];

impl Counts {
    /// What never happened.
    pub fn missing(&self) -> Vec<&'static str> {
        RICH.into_iter().filter(|what| !self.0.contains_key(what)).collect()
    }

    pub fn add(&mut self, other: &Counts) {
        other.0.iter().for_each(|(what, count)| *self.0.entry(what).or_default() += count);
    }

    pub fn note(&mut self, what: &'static str) {
        *self.0.entry(what).or_default() += 1;
    }

    /// Counts what happened, after `before`.
    pub fn note_event(&mut self, event: &Event, before: &State) {
        self.note(match event {
            Event::Committed { .. } => "committed",
            Event::Expired { .. } => "expired",
            Event::Offered { requisition: Some(_), .. } => "late go",
            Event::OfferEnded { state: OfferState::Taken, .. } => "offer taken",
            Event::OfferEnded { state: OfferState::Withdrawn, .. } => "late go withdrawn",
            Event::ClockTrusted { by: Some(_), .. } => "clock vouched for",
            Event::RequestReopened { .. } => "reopened",
            Event::LeaseEnded { lease, end: LeaseEnd::Released }
                if matches!(lease.subject, LeaseSubject::Bed(_)) =>
            {
                "bed given back"
            }
            Event::NotHeld { reason: NotHeldReason::Barred, .. } => "barred",
            Event::NotHeld { .. } => "not held",
            Event::StoodDown { .. } => "stood down",
            Event::Aborted { reason: AbortReason::Retasked, .. } => "re-tasked",
            Event::RequestMerged { .. } => "merged",
            Event::ClockSuspected { .. } => "clock suspected",
            Event::AttemptOpened { standing_order: Some(_), .. } => "standing order",
            Event::CommitReportSettled { .. } => "report settled",
            Event::LeaseGranted { .. } => "lease",
            Event::LeaseRefused { .. } => "lease refused",
            Event::BedAsked { .. } => "bed asked",
            Event::OutcomeRecorded { state: AttemptState::Ended(AttemptEnd::Completed), .. } => "completed",
            Event::CommodityRegistered(_) => "commodity registered",
            Event::DepotRegistered(_) => "depot registered",
            Event::FleetRegistered(_) => "fleet registered",
            Event::DepotReported { .. } => "depot reported",
            Event::StocksCounted { .. } => "stock counted",
            Event::ReserveOpened { .. } => "reserve opened",
            Event::ReserveClosed { .. } => "reserve closed",
            Event::NeedsStated { .. } => "need stated",
            Event::NeedCorrected { .. } => "need corrected",
            Event::NeedWithdrawn { .. } => "need withdrawn",
            Event::PlanProposed(_) => "plan proposed",
            Event::ShipmentsApproved { .. } => "shipment approved",
            Event::ShipmentsDeclined { shipments, .. } => {
                let waits = |shipment: &Shipment| before.aid.shipments_waiting.contains(&shipment.id);
                if shipments.iter().any(waits) { "approval taken back" } else { "shipment declined" }
            }
            Event::ShipmentDispatched { shipment, goods, .. } => {
                let planned = &before.aid.shipments.get(shipment).expect("it was approved").shipment.goods;
                if goods == planned { "dispatched" } else { "dispatched in part" }
            }
            Event::ShipmentArrived { .. } => "arrived",
            Event::ShipmentReceived { shipment, goods, .. } => {
                let side = before.aid.shipments.get(shipment).expect("it arrived");
                let sent: u32 = side.arrived.iter().flat_map(|sent| &sent.goods).map(|g| g.quantity).sum();
                match goods.iter().map(|goods| goods.quantity).sum::<u32>().cmp(&sent) {
                    Ordering::Less => "received less",
                    Ordering::Equal => "received",
                    Ordering::Greater => "received more",
                }
            }
            Event::DifferenceExplained { .. } => "explained",
            Event::PairDecided(_) => "pair decided",
            Event::PairEnded { .. } => "pair ended",
            Event::RoadRestricted(_) => "road restricted",
            Event::RestrictionLifted { .. } => "restriction lifted",
            Event::NoFlyAreaReported(_) => "no-fly area reported",
            Event::NoFlyAreaLifted { .. } => "no-fly area lifted",
            Event::AssetUpdated(_) => "asset updated",
            _ => "other",
        });
    }

    /// Counts what the rules said no to.
    pub fn note_refusal(&mut self, rejection: &Rejection) {
        self.note(match rejection {
            Rejection::ApprovalTooLate { .. } => "approved too late",
            Rejection::PlanSuperseded { .. } => "approved past a newer plan",
            Rejection::StockShort { .. } => "stock short",
            Rejection::ShipmentOutOfOrder { .. } => "out of order",
            Rejection::NeedWithdrawn { .. } => "need spoken of too late",
            Rejection::NotFound { kind: Kind::Commodity, .. } => "plan of what nobody knows",
            Rejection::InvalidItem { list: "needs", .. } => "need of a base",
            Rejection::InvalidField { field: "count_time", .. } => "count too old",
            _ => "refused",
        });
    }

    /// Counts where a shipment was told to stand.
    pub fn note_told(&mut self, state: ShipmentState) {
        self.note(match state {
            ShipmentState::Proposed => "told as proposed",
            ShipmentState::Lapsed => "told as lapsed",
            ShipmentState::Approved => "told as approved",
            ShipmentState::Declined => "told as declined",
            ShipmentState::Dispatched => "told as on its way",
            ShipmentState::Arrived => "told as arrived",
            ShipmentState::Received => "told as received",
            ShipmentState::Differs => "told as differing",
            ShipmentState::Explained => "told as explained",
        });
    }
}
