//! What happened: outcomes in the past tense, never intentions to work out again. Replay folds them and solves nothing.

use super::model::*;
use crate::id::{
    AssetId, CommodityId, DepotId, FieldId, HospitalId, MemberId, MissionId, NeedId, NoFlyAreaId, OfferId,
    OrganisationId, PairId, RequestId, RequisitionId, RestrictionId, ShipmentId, SiteId, Slug,
    StandingOrderId, StructureId,
};
use crate::units::{Position, Seconds, Timestamp};

/// What every event of one record shares. Kept beside the events so that none has to repeat it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Context {
    /// The record's number in its ledger, from 1.
    pub sequence: u64,
    /// The decision time.
    pub at: Timestamp,
    /// Who caused it.
    pub actor: Actor,
}

/// A request as recorded: the public part; sealed texts stand beside it in the record.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RequestOpened {
    /// Its name.
    pub request: RequestId,
    /// What is asked for.
    pub kind: RequestKind,
    /// The body that asks.
    pub requester: OrganisationId,
    /// Its own number for the incident.
    pub incident: String,
    /// Where the patient is.
    pub position: Position,
    /// The place in words.
    pub place: String,
    /// A landing site that the requester pins.
    pub site: Option<SiteId>,
    /// When the emergency call came in.
    pub called_at: Timestamp,
    /// The words that matched.
    pub keyword: String,
    /// Patients by START colour.
    pub triage: Triage,
    /// Lying patients in one aircraft.
    pub stretchers: u16,
    /// What is needed.
    pub needed: Capabilities,
    /// Hazards at the scene.
    pub hazards: Hazards,
    /// The ambulance on its way.
    pub ambulance: Option<Ambulance>,
    /// Nothing is worth doing after this.
    pub due: Option<Timestamp>,
    /// For a transfer: where the patient lies.
    pub origin: Option<HospitalId>,
    /// Preferred hospitals, in order.
    pub hospitals: Vec<HospitalId>,
    /// How many aircraft the scene needs.
    pub aircraft_count: u16,
    /// Which sealed part of this record is the callback channel.
    pub caller_seal: Option<u16>,
    /// Which sealed part of this record is what is known of the patients.
    pub patients_seal: Option<u16>,
}

/// A hold as recorded.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Held {
    /// Which ask.
    pub requisition: RequisitionId,
    /// The aircraft.
    pub asset: AssetId,
    /// What for.
    pub kind: RequestKind,
    /// Where the patient is.
    pub position: Position,
    /// The place in words.
    pub place: String,
    /// The landing site.
    pub site: Option<SiteId>,
    /// The receiving hospital, a forecast.
    pub hospital: Option<HospitalId>,
    /// What if the aircraft is on a mission.
    pub if_busy: IfBusy,
    /// When it ends by itself.
    pub answer_by: Timestamp,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Event {
    /// A process took authority over the ledger.
    AuthorityTaken {
        /// The term, from 1.
        epoch: u32,
        /// The process.
        holder: String,
    },
    /// The wall clock was found wrong; expiry paused.
    ClockSuspected {
        /// The wall clock minus the expected time, milliseconds.
        off_millis: i64,
    },
    /// The clock is right again; holds, leases and offers that were open before the pause got its time on top.
    ClockTrusted {
        /// How long expiry had paused.
        paused_s: Seconds,
        /// How far decision time stepped forward with this record: what was made during the pause had lived by the
        /// time before the step.
        stepped_s: Seconds,
        /// The named person who said so; none: the clock showed the right time again.
        by: Option<String>,
    },
    /// A field's ledger was opened.
    FieldOpened {
        /// The field.
        field: FieldId,
        /// Its office.
        office: Option<MemberId>,
        /// Who takes over, in order.
        deputies: Vec<MemberId>,
    },
    /// A member was registered.
    MemberRegistered(Member),
    /// An agreement came into force.
    AgreementAdopted(Agreement),
    /// The demand of an area was stated.
    AreaStated(Area),
    /// The operating mode was set.
    OperatingModeSet(OperatingMode),
    /// An organisation was registered.
    OrganisationRegistered(Organisation),
    /// An asset was registered.
    AssetRegistered(Asset),
    /// What is registered of an asset was changed; the whole of it as it stands since.
    AssetUpdated(Asset),
    /// A landing site was registered.
    SiteRegistered(Site),
    /// A hospital was registered.
    HospitalRegistered(Hospital),
    /// The state of an asset changed.
    AssetStateSet {
        /// Which.
        asset: AssetId,
        /// To what.
        state: AssetState,
    },
    /// A time without an asset was planned.
    OutagePlanned {
        /// Which asset.
        asset: AssetId,
        /// When and why.
        outage: Outage,
    },
    /// A planned outage was taken back.
    OutageCancelled {
        /// Which asset.
        asset: AssetId,
        /// Which outage.
        outage: Slug,
    },
    /// An asset was volunteered, or a go came too late and became this.
    Offered {
        /// Its name.
        offer: OfferId,
        /// The aircraft.
        asset: AssetId,
        /// The ask whose go came too late.
        requisition: Option<RequisitionId>,
        /// For when.
        window: Window,
    },
    /// An offer ended.
    OfferEnded {
        /// Which.
        offer: OfferId,
        /// How.
        state: OfferState,
    },
    /// A standing order was given.
    StandingOrderGiven {
        /// Its name.
        id: StandingOrderId,
        /// Who answers for it.
        answers_for: String,
        /// When it ends by itself.
        until: Timestamp,
    },
    /// A standing order was revoked.
    StandingOrderRevoked {
        /// Which.
        id: StandingOrderId,
    },
    /// The weather of a region was reported.
    WeatherReported(Weather),
    /// A landing site was reported.
    SiteReported {
        /// Which.
        site: SiteId,
        /// What was said.
        report: SiteReport,
    },
    /// A hospital was reported.
    HospitalReported {
        /// Which.
        hospital: HospitalId,
        /// What was said.
        report: HospitalReport,
    },
    /// A named structure was closed.
    StructureClosed {
        /// Which.
        structure: StructureId,
        /// Why.
        note: String,
        /// When it is expected to open.
        expected_end: Option<Timestamp>,
    },
    /// It was opened again.
    StructureOpened {
        /// Which.
        structure: StructureId,
        /// Anything added.
        note: String,
    },
    /// An area was reported that may not be flown through.
    NoFlyAreaReported(NoFlyArea),
    /// It was lifted.
    NoFlyAreaLifted {
        /// Which.
        area: NoFlyAreaId,
        /// Anything added.
        note: String,
    },
    /// A request was opened.
    RequestOpened(RequestOpened),
    /// The number of aircraft was changed.
    AircraftCountSet {
        /// Which request.
        request: RequestId,
        /// How many in all.
        count: u16,
    },
    /// An attempt was opened.
    AttemptOpened {
        /// Which.
        requisition: RequisitionId,
        /// What was chosen.
        choice: Choice,
        /// How long the base has to answer.
        answer_s: Seconds,
        /// The standing order it was opened under.
        standing_order: Option<StandingOrderId>,
        /// The late go that a person takes with it; none: the base is asked.
        takes: Option<OfferId>,
    },
    /// The requesting side wants an attempt to end.
    WithdrawalAsked {
        /// Which.
        requisition: RequisitionId,
        /// Why.
        reason: WithdrawReason,
    },
    /// What was read of an attempt in the custodian's ledger.
    OutcomeRecorded {
        /// Which.
        requisition: RequisitionId,
        /// What was read.
        state: AttemptState,
    },
    /// A telephone commitment whose custodian's ledger could not be reached.
    CommitReported {
        /// Which.
        requisition: RequisitionId,
        /// Who said it, who typed it.
        telephone: Telephone,
    },
    /// What the custodian's ledger said of it.
    CommitReportSettled {
        /// Which.
        requisition: RequisitionId,
        /// What it said.
        outcome: ReportOutcome,
    },
    /// A request was linked to another of the same scene.
    RequestLinked {
        /// Which.
        request: RequestId,
        /// The other.
        other: RequestId,
    },
    /// A request was merged into another.
    RequestMerged {
        /// Which.
        request: RequestId,
        /// The one that goes on.
        into: RequestId,
    },
    /// A request that was merged into one that does not go on was opened again.
    RequestReopened {
        /// Which.
        request: RequestId,
    },
    /// A request was cancelled.
    RequestCancelled {
        /// Which.
        request: RequestId,
        /// Why.
        reason: CancelReason,
    },
    /// A request was closed.
    RequestClosed {
        /// Which.
        request: RequestId,
        /// Whether somebody was helped by air.
        filled: bool,
    },
    /// An asset is held for an ask.
    Held(Held),
    /// Nothing is held for an ask.
    NotHeld {
        /// Which ask.
        requisition: RequisitionId,
        /// The asset asked for; unknown when a withdrawal came before the ask.
        asset: Option<AssetId>,
        /// Why.
        reason: NotHeldReason,
    },
    /// The base has heard it.
    Acknowledged {
        /// Which.
        requisition: RequisitionId,
    },
    /// The pilot's go.
    Committed {
        /// Which.
        requisition: RequisitionId,
        /// The mission that it became.
        mission: MissionId,
        /// Set when it was heard by telephone.
        telephone: Option<Telephone>,
        /// Which sealed part of this record is the crew.
        crew_seal: Option<u16>,
    },
    /// The base confirmed what was entered on its behalf.
    CommitmentConfirmed {
        /// Which.
        mission: MissionId,
    },
    /// The base said no.
    Declined {
        /// Which.
        requisition: RequisitionId,
        /// Why.
        reason: DeclineReason,
        /// Set when it was heard by telephone.
        telephone: Option<Telephone>,
    },
    /// A hold was taken back.
    Withdrawn {
        /// Which.
        requisition: RequisitionId,
        /// Why.
        reason: WithdrawReason,
    },
    /// A hold ended by itself.
    Expired {
        /// Which.
        requisition: RequisitionId,
    },
    /// A mission got further.
    Progressed {
        /// Which.
        mission: MissionId,
        /// How far.
        phase: MissionPhase,
    },
    /// The hospital was chosen on the scene.
    HospitalChosen {
        /// Which mission.
        mission: MissionId,
        /// Which hospital.
        hospital: HospitalId,
        /// Patients that it is asked for.
        patients: u16,
    },
    /// A mission was stood down.
    StoodDown {
        /// Which.
        mission: MissionId,
        /// Why, when the requesting side asked for it.
        reason: Option<WithdrawReason>,
    },
    /// A mission was broken off.
    Aborted {
        /// Which.
        mission: MissionId,
        /// Why.
        reason: AbortReason,
    },
    /// A hospital was asked for a bed.
    BedAsked {
        /// Who needs it.
        lease: LeaseId,
        /// For when.
        window: Window,
        /// Patients.
        patients: u16,
    },
    /// A lease was given.
    LeaseGranted {
        /// Who needs it and what for.
        lease: LeaseId,
        /// For when.
        window: Window,
        /// Set when a hospital's yes was heard by telephone.
        telephone: Option<Telephone>,
    },
    /// A lease was not given.
    LeaseRefused {
        /// Who needs it and what for.
        lease: LeaseId,
        /// For when.
        window: Window,
        /// Why.
        reason: LeaseRefusal,
        /// Set when a hospital's no was heard by telephone.
        telephone: Option<Telephone>,
    },
    /// The end of a lease moved.
    LeaseRenewed {
        /// Which.
        lease: LeaseId,
        /// Until when.
        until: Timestamp,
    },
    /// A lease ended.
    LeaseEnded {
        /// Which.
        lease: LeaseId,
        /// How.
        end: LeaseEnd,
    },
    /// Roads were closed, slowed, limited or opened.
    RoadRestricted(Restriction),
    /// A restriction was taken off.
    RestrictionLifted {
        /// Which.
        restriction: RestrictionId,
        /// What was seen.
        note: String,
    },
    /// A commodity was registered.
    CommodityRegistered(Commodity),
    /// A depot was registered.
    DepotRegistered(Depot),
    /// A depot was reported.
    DepotReported {
        /// Which.
        depot: DepotId,
        /// What was said.
        report: DepotReport,
    },
    /// A fleet was registered.
    FleetRegistered(Fleet),
    /// Stocks were counted.
    StocksCounted {
        /// What was counted.
        counts: Vec<StockCount>,
    },
    /// An owner let a reserve go.
    ReserveOpened {
        /// Where.
        depot: DepotId,
        /// Of what.
        commodity: CommodityId,
        /// The named person who consented.
        by: String,
        /// Anything added.
        note: String,
    },
    /// That consent was taken back.
    ReserveClosed {
        /// Where.
        depot: DepotId,
        /// Of what.
        commodity: CommodityId,
        /// Anything added.
        note: String,
    },
    /// Needs were stated.
    NeedsStated {
        /// Which.
        needs: Vec<Need>,
    },
    /// A need was corrected.
    NeedCorrected {
        /// The whole of it as it stands since.
        need: Need,
        /// Why.
        note: String,
    },
    /// A need was withdrawn.
    NeedWithdrawn {
        /// Which.
        need: NeedId,
        /// Why.
        note: String,
    },
    /// A plan was proposed.
    PlanProposed(Plan),
    /// A sender approved shipments.
    ShipmentsApproved {
        /// Which, as planned.
        shipments: Vec<Shipment>,
        /// The named person who approved.
        by: String,
    },
    /// A sender declined shipments.
    ShipmentsDeclined {
        /// Which, as planned.
        shipments: Vec<Shipment>,
        /// Why.
        reason: ShipmentDecline,
        /// Anything added.
        note: String,
    },
    /// A shipment left its sender.
    ShipmentDispatched {
        /// Which.
        shipment: ShipmentId,
        /// With what.
        goods: Vec<Goods>,
        /// The named person who handed it over.
        by: String,
    },
    /// A shipment came to its receiver.
    ShipmentArrived {
        /// Which, as planned.
        shipment: Shipment,
        /// What it was said to carry.
        goods: Vec<Goods>,
        /// The named person who saw it.
        by: String,
    },
    /// A shipment was counted at its receiver.
    ShipmentReceived {
        /// Which.
        shipment: ShipmentId,
        /// What was counted.
        goods: Vec<Goods>,
        /// The named person who counted.
        by: String,
    },
    /// A difference was explained.
    DifferenceExplained {
        /// Of which shipment.
        shipment: ShipmentId,
        /// Why.
        reason: DifferenceReason,
        /// Anything added.
        note: String,
    },
    /// A pair of supporters and a municipality was decided.
    PairDecided(Pair),
    /// A pair was ended before its time.
    PairEnded {
        /// Which.
        pair: PairId,
        /// The named person who ended it.
        by: String,
        /// Why.
        note: String,
    },
}
