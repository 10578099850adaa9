//! What the ledgers speak of: the records that commands carry, events fix and [`State`](super::State) keeps.
//!
//! Plain values, no behaviour beyond reading themselves; every time is a decision time of the ledger that holds it.

mod asset;
mod conditions;
mod goods;
mod grounds;
mod need;
mod pair;
mod place;
mod plan;
mod reason;
mod request;
mod requisition;
mod road;
mod union;

pub use asset::{
    Asset, AssetChange, AssetKind, AssetState, Capabilities, Capability, Minima, Outage, ServiceHours,
};
pub use conditions::{Closure, NoFlyArea, NoFlyLift, NoFlyReport, Weather};
pub use goods::{
    Commodity, CommodityKind, Depot, DepotReport, DepotState, DepotTier, Fleet, ReserveConsent, Stock,
    StockCount, VehicleClass,
};
pub use grounds::{Burden, Move, Remedy, RemedyKind, Served, Worth, WorthKind};
pub use need::{Need, NeedPlace, NeedSource, NeedUse, NeedVersion, NeedWithdrawal, city_of_ward};
pub use pair::{AidField, Pair, PairEnd, PairState, PairSupporter, PairUse};
pub use place::{Hospital, HospitalReport, HospitalState, Pad, Site, SiteKind, SiteReport, SiteState};
pub use plan::{
    DifferenceReason, Explanation, Goods, Handover, ObjectiveValue, Plan, Shipment, ShipmentAnswer,
    ShipmentDecline, ShipmentState, ShipmentUse, Unfilled, UnfilledReason, quantity_of,
};
pub use reason::{
    AbortReason, CancelReason, DeclineReason, LeaseRefusal, NotHeldReason, OutageReason, WithdrawReason,
};
pub use request::{
    Ambulance, Attempt, AttemptEnd, AttemptState, Choice, CommitReport, Extra, Extras, Hazards, IfBusy,
    Number, ReportOutcome, Request, RequestKind, RequestState, Triage,
};
pub use requisition::{
    Hold, HoldState, HospitalChoice, Lease, LeaseEnd, LeaseId, LeaseState, LeaseSubject, Mission, MissionEnd,
    MissionPhase, Offer, OfferState, Telephone,
};
pub use road::{ReportSource, Restriction, RestrictionUse, RoadReason, RoadStretch};
pub use union::{
    Agreement, AgreementRule, Area, AreaOrder, Member, MemberKind, ModeLevel, ModeRules, OperatingMode,
    Ordering, Organisation, OrganisationKind, StandingOrder,
};

use crate::units::Timestamp;

/// A name that people see, in both languages of the union.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Name {
    /// Japanese.
    pub ja: String,
    /// English.
    pub en: String,
}

/// Who did it, as recorded. Until identities exist it is `unauthenticated:<claimed>`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Actor(pub String);

/// Where a sealed text stands: the `index`-th sealed part of the record `sequence` of this ledger.
///
/// The text itself never enters a [`State`](super::State); only who holds its key can read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SealId {
    /// The record.
    pub sequence: u64,
    /// The part of it, from 0.
    pub index: u16,
}

/// A time window, half open: `from <= t < until`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Window {
    /// First instant inside.
    pub from: Timestamp,
    /// First instant after.
    pub until: Timestamp,
}

impl Window {
    /// Whether `at` lies inside.
    #[must_use]
    pub fn contains(self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }

    /// Whether the two share an instant.
    #[must_use]
    pub fn overlaps(self, other: Window) -> bool {
        self.from < other.until && other.from < self.until
    }
}
