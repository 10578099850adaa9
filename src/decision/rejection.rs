//! Why the rules say no. Each variant has one gRPC code, one reason and one text in each language, in `service::status`.

use super::model::{
    AttemptState, HoldState, LeaseState, MissionPhase, OfferState, RequestKind, RequestState, ShipmentState,
};
use crate::id::{
    AssetId, CommodityId, LedgerId, MissionId, NeedId, OfferId, OrganisationId, PlanId, RequestId,
    RequisitionId, ShipmentId, StandingOrderId, StockId,
};
use crate::network::air::PolygonFault;
use crate::units::Timestamp;

use super::model::LeaseId;

/// A refusal: the rules say no, and nothing changed.
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Rejection {
    /// A field of the command is wrong by itself.
    #[error("{field}: {problem}")]
    InvalidField {
        /// Which field, as the API names it.
        field: &'static str,
        /// What is wrong with it.
        problem: FieldProblem,
    },
    /// Something named is not in this ledger.
    #[error("{kind} {name} is not known here; list what is there")]
    NotFound {
        /// What kind of thing.
        kind: Kind,
        /// Its name.
        name: String,
    },
    /// Something with this name is there already.
    #[error("{kind} {name} exists already; choose another name")]
    AlreadyExists {
        /// What kind of thing.
        kind: Kind,
        /// Its name.
        name: String,
    },
    /// The command belongs to another ledger.
    #[error("{name} is not of {ledger}; ask the ledger that holds it")]
    WrongLedger {
        /// What was named.
        name: String,
        /// The ledger that was asked.
        ledger: LedgerId,
    },
    /// A limit is reached.
    #[error("{what} are limited to {max}; end or remove some first")]
    LimitReached {
        /// Of what.
        what: Kind,
        /// How many there may be.
        max: u32,
    },
    /// A `request_id` came back with another payload.
    #[error("request_id {request_id} was used before for something else; use a new one for a new command")]
    RequestIdReused {
        /// Which.
        request_id: String,
    },
    /// The decision rests on facts that have changed since.
    #[error("{ledger} went on from {seen} to {now}; look again and decide again")]
    SeenStale {
        /// Which ledger.
        ledger: LedgerId,
        /// The sequence that was seen.
        seen: u64,
        /// The present one.
        now: u64,
    },
    /// This kind of body may not ask for this, in the present operating mode.
    #[error("{requester} may not ask for this kind of help in the present operating mode")]
    MayNotAsk {
        /// Who.
        requester: OrganisationId,
        /// For what.
        kind: RequestKind,
    },
    /// The request is not open.
    #[error("{request} is not open any more; open a new request")]
    RequestNotOpen {
        /// Which.
        request: RequestId,
        /// Where it stands.
        state: RequestState,
    },
    /// Something of the request is still under way.
    #[error("{requisition} is still under way; stand it down or wait for its end")]
    RequestUnderWay {
        /// The ask that is.
        requisition: RequisitionId,
    },
    /// An attempt for this number is open.
    #[error("{requisition} is open; wait for its end, withdraw it, or send another by your word")]
    AttemptOpen {
        /// Which.
        requisition: RequisitionId,
    },
    /// The number has its aircraft.
    #[error("{requisition} has served this number; raise the number of aircraft to ask for another")]
    NumberServed {
        /// By which ask.
        requisition: RequisitionId,
    },
    /// The request does not have so many numbers.
    #[error("{request} asks for {count} aircraft; number {number} does not exist")]
    NumberUnknown {
        /// Which request.
        request: RequestId,
        /// The number given.
        number: u16,
        /// How many it asks for.
        count: u16,
    },
    /// The aircraft is asked for another number of the same request.
    #[error("{asset} is already asked by {requisition}; choose another")]
    AssetAskedAlready {
        /// Which.
        asset: AssetId,
        /// By which ask.
        requisition: RequisitionId,
    },
    /// The attempt does not allow this.
    #[error("{requisition} does not allow this in its present state")]
    AttemptNotOpen {
        /// Which.
        requisition: RequisitionId,
        /// Where it stands.
        state: AttemptState,
    },
    /// The standing order is not in force.
    #[error("{id} is not in force; a person has to press the key")]
    StandingOrderNotInForce {
        /// Which.
        id: StandingOrderId,
    },
    /// Nobody asked this of this ledger.
    #[error("{requisition} was never asked here")]
    NoRequisition {
        /// Which.
        requisition: RequisitionId,
    },
    /// The requisition has ended or is committed.
    #[error("{requisition} does not wait for an answer any more")]
    RequisitionEnded {
        /// Which.
        requisition: RequisitionId,
        /// Where it stands.
        state: HoldState,
    },
    /// The aircraft is still on a mission that this ask waits for.
    #[error("{asset} is still on {mission}; report it ready, or abort it, first")]
    AssetOnMission {
        /// Which.
        asset: AssetId,
        /// Its mission.
        mission: MissionId,
    },
    /// The mission has ended.
    #[error("{mission} has ended")]
    MissionEnded {
        /// Which.
        mission: MissionId,
    },
    /// The mission is not at a point from which it can get there.
    #[error("{mission} cannot go from {from} to {to}; report the steps between")]
    PhaseOutOfOrder {
        /// Which.
        mission: MissionId,
        /// Where it is.
        from: MissionPhase,
        /// What was reported.
        to: MissionPhase,
    },
    /// The commitment was confirmed already.
    #[error("{mission} is confirmed already")]
    ConfirmedAlready {
        /// Which.
        mission: MissionId,
    },
    /// The offer cannot be taken any more.
    #[error("{offer} is not open any more")]
    OfferNotOpen {
        /// Which.
        offer: OfferId,
        /// Where it stands.
        state: OfferState,
    },
    /// The lease does not allow this.
    #[error("the lease of {subject} for {requisition} does not allow this in its present state",
        subject = lease.subject, requisition = lease.requisition)]
    LeaseNotOpen {
        /// Which.
        lease: LeaseId,
        /// Where it stands.
        state: LeaseState,
    },
    /// An outage overlaps one that is planned.
    #[error("{asset} has {outage} planned in that time; cancel it first")]
    OutageOverlaps {
        /// Which asset.
        asset: AssetId,
        /// Which outage.
        outage: crate::id::Slug,
    },
    /// Nothing is suspected.
    #[error("the clock of {ledger} is trusted already")]
    ClockTrustedAlready {
        /// Which ledger.
        ledger: LedgerId,
    },
    /// The mission has come too far to be called off or broken off.
    #[error("{mission} is {phase} already; report its progress to the end")]
    TooLateToBreakOff {
        /// Which.
        mission: MissionId,
        /// Where it is.
        phase: MissionPhase,
    },
    /// The offer is to everybody: only its custodian takes it back.
    #[error("{offer} is made to everybody; only its custodian takes it back")]
    OfferToEverybody {
        /// Which.
        offer: OfferId,
    },
    /// A field of one item of a list is wrong by itself; nothing of the list was taken.
    #[error("{list}[{index}].{field}: {problem}")]
    InvalidItem {
        /// Which list, as the API names it.
        list: &'static str,
        /// Which item, from 0.
        index: usize,
        /// Which field of it.
        field: &'static str,
        /// What is wrong with it.
        problem: FieldProblem,
    },
    /// One commodity is needed by a ward and by the city that it is part of: its people would be counted twice.
    #[error(
        "needs[{index}].municipality: {commodity} would be needed by ward {ward} and by its city {city} at once; \
         withdraw one, or state all by ward"
    )]
    WardAndCity {
        /// Which need of the list, from 0.
        index: usize,
        /// The ward.
        ward: u32,
        /// Its city.
        city: u32,
        /// What is needed.
        commodity: CommodityId,
    },
    /// The plan may not be approved any more.
    #[error("{shipment} had to be approved by {approve_by:?}; ask for a new plan")]
    ApprovalTooLate {
        /// Which shipment.
        shipment: ShipmentId,
        /// Until when it could be.
        approve_by: Timestamp,
    },
    /// Another plan was proposed since; what nobody approved of this one does not go.
    #[error("{newer} was proposed after the plan of {shipment}; approve what it asks for")]
    PlanSuperseded {
        /// Which shipment.
        shipment: ShipmentId,
        /// The plan that counts.
        newer: PlanId,
    },
    /// The shipment is not at a point from which this can be done.
    #[error("{shipment} does not allow this in its present state")]
    ShipmentOutOfOrder {
        /// Which.
        shipment: ShipmentId,
        /// Where it stands.
        state: ShipmentState,
    },
    /// Less lies there than is to go, or the rest is a reserve that its owner keeps or promised to others.
    #[error("of {stock} {free} may go, not {wanted}; send less, count again, or open the reserve")]
    StockShort {
        /// Which.
        stock: StockId,
        /// How much was to go.
        wanted: u64,
        /// How much may.
        free: u64,
    },
    /// The need was withdrawn.
    #[error("{need} was withdrawn; state a new one")]
    NeedWithdrawn {
        /// Which.
        need: NeedId,
    },
    /// A request cannot be linked to or merged into itself.
    #[error("{request} cannot be joined with itself")]
    SameRequest {
        /// Which.
        request: RequestId,
    },
}

/// What is wrong with a field by itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum FieldProblem {
    /// It must be given.
    #[error("is required")]
    Required,
    /// It is too long.
    #[error("is {got} long, at most {max} are allowed")]
    TooLong {
        /// How long.
        got: u64,
        /// How long it may be.
        max: u64,
    },
    /// It is out of range.
    #[error("is {got}, must lie within {min} and {max}")]
    OutOfRange {
        /// What it is.
        got: i64,
        /// The least.
        min: i64,
        /// The most.
        max: i64,
    },
    /// It is too far in the past.
    #[error("lies before {earliest:?}; check the date")]
    TooEarly {
        /// The earliest allowed.
        earliest: Timestamp,
    },
    /// It is too far in the future.
    #[error("lies after {latest:?}; check the date")]
    TooLate {
        /// The latest allowed.
        latest: Timestamp,
    },
    /// A window that ends before it begins.
    #[error("must end after it begins")]
    EmptyWindow,
    /// Control characters in a text.
    #[error("holds control characters")]
    ControlCharacters,
    /// Not a calendar date.
    #[error("must be a date of the form YYYY-MM-DD")]
    NotADate,
    /// The same thing twice in a list.
    #[error("names the same thing twice")]
    Duplicate,
    /// Text of another form than required.
    #[error("must be of the form {pattern}")]
    Pattern {
        /// The form.
        pattern: &'static str,
    },
    /// A value that this field cannot take.
    #[error("cannot be this here")]
    NotAllowed,
    /// Corners that bound no area.
    #[error("bounds no area: {0}")]
    NotAnArea(PolygonFault),
}

/// What kind of thing a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A member.
    Member,
    /// A field of the union.
    Field,
    /// An organisation.
    Organisation,
    /// An asset.
    Asset,
    /// A landing site.
    Site,
    /// A hospital.
    Hospital,
    /// A planned outage.
    Outage,
    /// An agreement.
    Agreement,
    /// An area of demand.
    Area,
    /// A request.
    Request,
    /// A requisition.
    Requisition,
    /// A mission.
    Mission,
    /// A lease.
    Lease,
    /// An offer.
    Offer,
    /// A standing order.
    StandingOrder,
    /// A weather region.
    WeatherRegion,
    /// A named structure.
    Structure,
    /// An area that may not be flown through.
    NoFlyArea,
    /// A ledger.
    Ledger,
    /// A restriction of the roads.
    Restriction,
    /// A commodity.
    Commodity,
    /// A depot.
    Depot,
    /// A fleet.
    Fleet,
    /// A stock of a commodity in a depot.
    Stock,
    /// A need.
    Need,
    /// A plan.
    Plan,
    /// A shipment.
    Shipment,
    /// A pair of supporters and a municipality.
    Pair,
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Kind::Member => "member",
            Kind::Field => "field",
            Kind::Organisation => "organisation",
            Kind::Asset => "asset",
            Kind::Site => "landing site",
            Kind::Hospital => "hospital",
            Kind::Outage => "outage",
            Kind::Agreement => "agreement",
            Kind::Area => "area",
            Kind::Request => "request",
            Kind::Requisition => "requisition",
            Kind::Mission => "mission",
            Kind::Lease => "lease",
            Kind::Offer => "offer",
            Kind::StandingOrder => "standing order",
            Kind::WeatherRegion => "weather region",
            Kind::Structure => "structure",
            Kind::NoFlyArea => "no-fly area",
            Kind::Ledger => "ledger",
            Kind::Restriction => "restriction",
            Kind::Commodity => "commodity",
            Kind::Depot => "depot",
            Kind::Fleet => "fleet",
            Kind::Stock => "stock",
            Kind::Need => "need",
            Kind::Plan => "plan",
            Kind::Shipment => "shipment",
            Kind::Pair => "pair",
        })
    }
}
