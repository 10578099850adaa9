//! What may be asked of a ledger: imperatives. [`State::decide`](super::State::decide) answers with events or a refusal.

use super::model::*;
use crate::id::{
    AssetId, CommodityId, DepotId, FieldId, HospitalId, MemberId, MissionId, NeedId, NoFlyAreaId, OfferId,
    OrganisationId, PairId, PlanId, RequestId, RequisitionId, RestrictionId, ShipmentId, SiteId, Slug,
    StandingOrderId, StockId, StructureId,
};
use crate::network::overlay::Effect;
use crate::units::{Position, Seconds, Timestamp};
use std::collections::BTreeMap;
use std::fmt;

/// A text that only who holds its key may read. It travels beside the events of a record, never in them.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct SealText {
    /// Whose secret it is.
    pub kind: SealKind,
    /// The text.
    pub text: String,
}

/// Commands are logged and printed by tests: a secret must not come along.
impl fmt::Debug for SealText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealText({:?}, {} bytes)", self.kind, self.text.len())
    }
}

/// Whose secret a sealed text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SealKind {
    /// Patients.
    Patient,
    /// Callers.
    Caller,
    /// Crews.
    Crew,
}

/// A call for help as it comes in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NewRequest {
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
    /// When the emergency call came in; none: now.
    pub called_at: Option<Timestamp>,
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
    /// Preferred hospitals, in order; for a transfer the receiving one.
    pub hospitals: Vec<HospitalId>,
    /// How many aircraft the scene needs.
    pub aircraft_count: u16,
    /// The callback channel.
    pub caller: Option<SealText>,
    /// What is known of the patients.
    pub patients: Option<SealText>,
}

/// The ask that a request's authority sends to a custodian.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ask {
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
    /// The landing site, leased if it could be.
    pub site: Option<SiteId>,
    /// The receiving hospital, a forecast.
    pub hospital: Option<HospitalId>,
    /// What if the aircraft is on a mission.
    pub if_busy: IfBusy,
    /// How long the base has to answer.
    pub answer_s: Seconds,
}

/// What may be asked of a ledger.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    // --- the ledger itself -------------------------------------------------------------------------------
    /// Takes authority over a new ledger; the first record of an epoch.
    TakeAuthority {
        /// The process that takes it.
        holder: String,
    },
    /// Ends everything whose time has come, by this ledger's clock.
    ExpireDue,
    /// Records that the wall clock cannot be trusted; expiry pauses.
    SuspectClock {
        /// The wall clock minus the expected time, milliseconds.
        off_millis: i64,
    },
    /// Records that it can be trusted again.
    TrustClock {
        /// The named person who says so; none: it shows the right time again.
        by: Option<String>,
        /// How far decision time steps forward by it. The authority that watches the clock fills it in.
        stepped_s: Seconds,
    },

    // --- a field of the union ----------------------------------------------------------------------------
    /// Opens a field's ledger at its office.
    OpenField {
        /// The field.
        field: FieldId,
        /// Its office.
        office: Option<MemberId>,
        /// Who takes over, in order.
        deputies: Vec<MemberId>,
    },
    /// Registers a member, or a linked body.
    RegisterMember(Member),
    /// Puts an agreement in force for an area, in place of the one before.
    AdoptAgreement(Agreement),
    /// States the demand of an area, in place of what was stated before.
    StateArea(Area),

    // --- registry ----------------------------------------------------------------------------------------
    /// Sets the member's operating mode.
    SetOperatingMode(OperatingMode),
    /// Registers an organisation.
    RegisterOrganisation(Organisation),
    /// Registers an asset.
    RegisterAsset(Asset),
    /// Registers a landing site.
    RegisterSite(Site),
    /// Registers a hospital.
    RegisterHospital(Hospital),
    /// Changes the state of an asset.
    SetAssetState {
        /// Which.
        asset: AssetId,
        /// To what.
        state: AssetState,
    },
    /// Plans a time without an asset.
    PlanOutage {
        /// Which.
        asset: AssetId,
        /// When and why.
        outage: Outage,
    },
    /// Takes a planned outage back.
    CancelOutage {
        /// Which asset.
        asset: AssetId,
        /// Which outage.
        outage: Slug,
    },
    /// Volunteers an asset for a while.
    OfferAsset {
        /// Which.
        asset: AssetId,
        /// For when.
        window: Window,
    },
    /// Takes an offer back.
    WithdrawOffer {
        /// Which.
        offer: OfferId,
    },
    /// Lets the next candidate be asked without a key press.
    GiveStandingOrder {
        /// Its name.
        id: StandingOrderId,
        /// Who answers for it.
        answers_for: String,
        /// When it ends by itself.
        until: Timestamp,
    },
    /// Ends a standing order.
    RevokeStandingOrder {
        /// Which.
        id: StandingOrderId,
    },

    // --- reports -----------------------------------------------------------------------------------------
    /// Reports the weather of a region.
    ReportWeather(Weather),
    /// Reports a landing site.
    ReportSite {
        /// Which.
        site: SiteId,
        /// Usable or not.
        state: SiteState,
        /// When somebody looked; none: now.
        confirmed_at: Option<Timestamp>,
        /// Anything the pilot should know.
        note: String,
    },
    /// Reports a hospital.
    ReportHospital {
        /// Which.
        hospital: HospitalId,
        /// Takes patients or not.
        state: HospitalState,
        /// Free beds, if said.
        beds_free: Option<u16>,
    },
    /// Closes a named structure.
    CloseStructure {
        /// Which.
        structure: StructureId,
        /// Why.
        note: String,
        /// When it is expected to open.
        expected_end: Option<Timestamp>,
    },
    /// Opens it again.
    OpenStructure {
        /// Which.
        structure: StructureId,
        /// Anything to add.
        note: String,
    },

    // --- a request, in the ledger of the member that makes it ---------------------------------------------
    /// Opens a request.
    OpenRequest(NewRequest),
    /// Asks for more aircraft, or fewer, for a request.
    SetAircraftCount {
        /// Which.
        request: RequestId,
        /// How many in all.
        count: u16,
    },
    /// Opens the next attempt for a number of a request.
    OpenAttempt {
        /// Which request.
        request: RequestId,
        /// Which of its aircraft.
        number: u16,
        /// What was chosen.
        choice: Choice,
        /// How long the base has to answer.
        answer_s: Seconds,
        /// Under which standing order; none: a person pressed the key.
        standing_order: Option<StandingOrderId>,
        /// A person sends another although the end of the last is not known.
        send_another: bool,
        /// The late go that a person takes; none: the base is asked.
        takes: Option<OfferId>,
        /// The last attempt of this number that the person saw, 0 for none. A key pressed twice asks once. None: a
        /// caller that does not say.
        after: Option<u16>,
    },
    /// Takes an ask back; a commitment that came first becomes a stand-down.
    WithdrawAttempt {
        /// Which.
        requisition: RequisitionId,
    },
    /// Records what was read of an attempt in the custodian's ledger.
    RecordOutcome {
        /// Which.
        requisition: RequisitionId,
        /// What was read.
        state: AttemptState,
    },
    /// Records a commitment heard by telephone whose custodian's ledger cannot be reached.
    ReportCommit {
        /// Which.
        requisition: RequisitionId,
        /// Who said it, who typed it.
        telephone: Telephone,
    },
    /// Records what the custodian's ledger said of such a commitment.
    SettleCommitReport {
        /// Which.
        requisition: RequisitionId,
        /// What it said.
        outcome: ReportOutcome,
    },
    /// Links a request to another of the same scene.
    LinkRequest {
        /// Which.
        request: RequestId,
        /// The other.
        other: RequestId,
    },
    /// Merges a request into another of the same scene.
    MergeRequest {
        /// Which.
        request: RequestId,
        /// The one that goes on.
        into: RequestId,
    },
    /// Opens a request again that was merged into one that does not go on.
    ReopenRequest {
        /// Which.
        request: RequestId,
    },
    /// Cancels a request.
    CancelRequest {
        /// Which.
        request: RequestId,
        /// Why.
        reason: CancelReason,
    },
    /// Closes a request once nothing is under way.
    CloseRequest {
        /// Which.
        request: RequestId,
    },

    // --- the custodian -----------------------------------------------------------------------------------
    /// Holds an asset for an ask, or records why not.
    Hold(Ask),
    /// The base has heard it.
    AcknowledgeRequisition {
        /// Which.
        requisition: RequisitionId,
    },
    /// The pilot's go.
    CommitRequisition {
        /// Which.
        requisition: RequisitionId,
        /// Set when it was heard by telephone and typed by somebody else.
        telephone: Option<Telephone>,
        /// The crew.
        crew: Option<SealText>,
    },
    /// The base confirms what was entered on its behalf.
    ConfirmCommitment {
        /// Which.
        mission: MissionId,
    },
    /// The base says no.
    DeclineRequisition {
        /// Which.
        requisition: RequisitionId,
        /// Why.
        reason: DeclineReason,
        /// Set when it was heard by telephone and typed by somebody else.
        telephone: Option<Telephone>,
    },
    /// The requesting side wants this ask to end, whatever became of it.
    Withdraw {
        /// Which.
        requisition: RequisitionId,
        /// Why.
        reason: WithdrawReason,
    },
    /// Takes an offer that a late go became: held and committed in one record.
    TakeOffer {
        /// The offer.
        offer: OfferId,
        /// The ask that takes it.
        ask: Ask,
    },
    /// Says no to such an offer.
    StandDownOffer {
        /// Which.
        offer: OfferId,
    },
    /// Reports how far a mission is.
    ReportProgress {
        /// Which.
        mission: MissionId,
        /// How far.
        phase: MissionPhase,
    },
    /// Chooses the hospital on the scene; it is asked.
    ChooseHospital {
        /// Which mission.
        mission: MissionId,
        /// Which hospital.
        hospital: HospitalId,
        /// Patients that it is asked for.
        patients: u16,
    },
    /// Calls a mission off.
    StandDown {
        /// Which.
        mission: MissionId,
    },
    /// Breaks a mission off.
    AbortMission {
        /// Which.
        mission: MissionId,
        /// Why.
        reason: AbortReason,
    },

    // --- leases, in the ledger of who keeps the place ------------------------------------------------------
    /// Asks for a spot, fuel or a bed.
    AskLease {
        /// Who needs it and what for.
        lease: LeaseId,
        /// For when.
        window: Window,
        /// Patients, for a bed.
        patients: u16,
    },
    /// Moves the end of a lease, as the mission progresses.
    RenewLease {
        /// Which.
        lease: LeaseId,
        /// Until when.
        until: Timestamp,
    },
    /// Gives a lease back.
    EndLease {
        /// Which.
        lease: LeaseId,
    },
    /// The hospital says yes or no.
    AnswerBed {
        /// Which.
        lease: LeaseId,
        /// Why not; none: yes.
        refusal: Option<LeaseRefusal>,
        /// Set when it was heard by telephone and typed by somebody else.
        telephone: Option<Telephone>,
    },
    /// Changes what is registered of an asset.
    UpdateAsset {
        /// Which.
        asset: AssetId,
        /// What, each thing once; all of them or none.
        changes: Vec<AssetChange>,
    },

    // --- the air, in the ledger of the member that reports; fingerprints count from above, so this stands last ----
    /// Reports an area that may not be flown through.
    ReportNoFlyArea(NoFlyArea),
    /// Lifts it.
    LiftNoFlyArea {
        /// Which.
        area: NoFlyAreaId,
        /// Anything to add.
        note: String,
    },

    // --- the roads. A retry is known by the place of its command in this list: new ones stand at the end. ---
    /// Closes, slows or opens roads.
    RestrictRoad(NewRestriction),
    /// Takes a restriction off.
    LiftRestriction {
        /// Which.
        restriction: RestrictionId,
        /// What was seen.
        note: String,
    },

    // --- goods and needs -------------------------------------------------------------------------------------
    /// Registers a commodity, in the ledger of the field of disasters.
    RegisterCommodity(Commodity),
    /// Registers a depot.
    RegisterDepot(Depot),
    /// Reports how a depot stands.
    ReportDepot {
        /// Which.
        depot: DepotId,
        /// How it stands.
        state: DepotState,
        /// Anything to add.
        note: String,
    },
    /// Registers a fleet.
    RegisterFleet(Fleet),
    /// Enters what was counted, all of it or nothing.
    CountStocks {
        /// What, each stock once.
        counts: Vec<NewStockCount>,
    },
    /// Lets the reserve of a commodity in a depot go, by its owner's word.
    OpenReserve {
        /// Where.
        depot: DepotId,
        /// Of what.
        commodity: CommodityId,
        /// The named person who consents.
        by: String,
        /// Anything to add.
        note: String,
    },
    /// Takes that consent back.
    CloseReserve {
        /// Where.
        depot: DepotId,
        /// Of what.
        commodity: CommodityId,
        /// Anything to add.
        note: String,
    },
    /// States needs, all of them or none.
    StateNeeds {
        /// Which, in the order in which they are named.
        needs: Vec<NewNeed>,
    },
    /// Corrects a need; what it was is kept.
    CorrectNeed(NeedCorrection),
    /// Withdraws a need.
    WithdrawNeed {
        /// Which.
        need: NeedId,
        /// Why.
        note: String,
    },
    /// Proposes a plan, in the ledger of the field of disasters.
    ProposePlan(NewPlan),
    /// A sender approves shipments of a plan, all of them or none.
    ApproveShipments {
        /// Which, as planned.
        shipments: Vec<Shipment>,
        /// Until when the plan may be approved.
        approve_by: Timestamp,
        /// The plan that was proposed after this one, as far as the caller has read: it counts instead.
        newer: Option<PlanId>,
        /// What others will have brought to the sender's depots, as far as the caller has read: a base sends it on.
        incoming: BTreeMap<StockId, u64>,
        /// The named person who approves.
        by: String,
    },
    /// A sender declines shipments of a plan.
    DeclineShipments {
        /// Which, as planned.
        shipments: Vec<Shipment>,
        /// Why.
        reason: ShipmentDecline,
        /// Anything to add.
        note: String,
    },
    /// A shipment leaves its sender.
    DispatchShipment {
        /// Which.
        shipment: ShipmentId,
        /// With what; nothing: as planned.
        goods: Vec<Goods>,
        /// The named person who hands it over.
        by: String,
    },
    /// A shipment is at its receiver.
    RecordArrival {
        /// Which, as planned.
        shipment: Shipment,
        /// What its sender's ledger says that it carries.
        sent: Vec<Goods>,
        /// The named person who saw it.
        by: String,
    },
    /// What came out of a shipment.
    ReceiveShipment {
        /// Which.
        shipment: ShipmentId,
        /// What was counted.
        goods: Vec<Goods>,
        /// The named person who counted.
        by: String,
    },
    /// Says why something else was received than was sent.
    ExplainDifference {
        /// Of which shipment.
        shipment: ShipmentId,
        /// Why.
        reason: DifferenceReason,
        /// Anything to add.
        note: String,
    },
    /// Decides who supports a municipality, in the ledger of the field of disasters.
    DecidePair(NewPair),
    /// Ends a pair before its time.
    EndPair {
        /// Which.
        pair: PairId,
        /// The named person who ends it.
        by: String,
        /// Why.
        note: String,
    },
}

/// A pair as it comes in; its name is given by the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NewPair {
    /// JIS code of the municipality that is supported.
    pub municipality: u32,
    /// Whose municipality it is.
    pub affected: MemberId,
    /// Who supports it.
    pub supporters: Vec<PairSupporter>,
    /// Of which teams the numbers speak; none where no numbers were decided.
    pub team: Option<CommodityId>,
    /// What the support is.
    pub fields: Vec<AidField>,
    /// When it begins.
    pub from: Timestamp,
    /// When it ends by itself.
    pub until: Timestamp,
    /// The named person who decides.
    pub decided_by: String,
    /// Anything to add.
    pub note: String,
}

/// A plan as it comes in; its name and its shipments' are given by the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NewPlan {
    /// The named person who proposes it.
    pub proposed_by: String,
    /// SHA-256 of the problem that it was worked out from, in hexadecimal digits.
    pub problem: String,
    /// The work that its solver was allowed.
    pub budget: u64,
    /// What it reaches, tier by tier of the objective.
    pub objective: Vec<ObjectiveValue>,
    /// Until when senders may approve.
    pub approve_by: Timestamp,
    /// What goes from where to where, in the order in which it is numbered.
    pub shipments: Vec<NewShipment>,
    /// What it does not meet.
    pub unfilled: Vec<Unfilled>,
    /// The places that it serves worst, the worst first.
    pub served: Vec<Served>,
    /// What members give to others.
    pub burdens: Vec<Burden>,
    /// What more of something would do for people, the most first.
    pub worth: Vec<Worth>,
    /// Approved shipments that would do better elsewhere, the most first.
    pub moves: Vec<Move>,
    /// Approved shipments that have no way any more.
    pub stranded: Vec<ShipmentId>,
}

/// A shipment of a plan as it comes in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NewShipment {
    /// From where.
    pub sender: DepotId,
    /// To where.
    pub receiver: DepotId,
    /// What.
    pub goods: Vec<Goods>,
    /// In what.
    pub class: VehicleClass,
    /// In how many of them.
    pub vehicles: u16,
    /// The way in words.
    pub route: String,
    /// When it leaves.
    pub departs_at: Timestamp,
    /// When it is there.
    pub arrives_at: Timestamp,
    /// Needs that would have got its goods next.
    pub displaces: Vec<NeedId>,
}

/// What was counted of a commodity in a depot, as it comes in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NewStockCount {
    /// Where.
    pub depot: DepotId,
    /// Of what.
    pub commodity: CommodityId,
    /// How much there was, in the commodity's unit.
    pub quantity: u32,
    /// How much of it stays unless its owner consents; none: as before.
    pub reserve: Option<u32>,
    /// When somebody counted; none: now.
    pub counted_at: Option<Timestamp>,
    /// Who.
    pub counted_by: String,
}

/// A need as it comes in; its name is given by the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NewNeed {
    /// Who needs it.
    pub place: NeedPlace,
    /// What is needed.
    pub commodity: CommodityId,
    /// How much, in the commodity's unit.
    pub quantity: u32,
    /// 1 before 2; 5 can wait.
    pub priority: u8,
    /// When it has to be there.
    pub wanted_by: Timestamp,
    /// The same again every day until then; none: once.
    pub daily_until: Option<Timestamp>,
    /// Where the figure comes from.
    pub source: NeedSource,
    /// Who says so, by name.
    pub reporter: String,
    /// Anything to add.
    pub note: String,
}

/// What of a need is different from now on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NeedCorrection {
    /// Which need.
    pub need: NeedId,
    /// How much; none: as before.
    pub quantity: Option<u32>,
    /// How urgent; none: as before.
    pub priority: Option<u8>,
    /// When it has to be there; none: as before.
    pub wanted_by: Option<Timestamp>,
    /// Until when it is the same every day; none: as before.
    pub daily_until: Option<Timestamp>,
    /// Why.
    pub note: String,
}

/// A restriction to be laid on the roads; its name is given by the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NewRestriction {
    /// Which roads.
    pub stretch: RoadStretch,
    /// What happens on them.
    pub effect: Effect,
    /// Why.
    pub reason: RoadReason,
    /// Who saw it, as a kind of body.
    pub source: ReportSource,
    /// Who reports it, by name.
    pub reporter: String,
    /// Anything to add.
    pub note: String,
    /// When it was seen; none: now.
    pub observed_at: Option<Timestamp>,
    /// When it is expected to end.
    pub expected_end: Option<Timestamp>,
}

impl Command {
    /// The secret texts it carries, in the order in which its events refer to them.
    #[must_use]
    pub fn sealed(&self) -> Vec<SealText> {
        match self {
            Command::OpenRequest(new) => new.caller.iter().chain(&new.patients).cloned().collect(),
            Command::CommitRequisition { crew, .. } => crew.iter().cloned().collect(),
            _ => Vec::new(),
        }
    }
}
