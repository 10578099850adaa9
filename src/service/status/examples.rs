//! One example of every error. A variant that is not listed does not compile.

use crate::allocator::supplies::ProblemError;
use crate::authority::SubmitError;
use crate::authority::roads::StandingFault;
use crate::authority::supplier::NothingToPlan;
use crate::decision::Rejection;
use crate::decision::model::*;
use crate::decision::rejection::{FieldProblem, Kind};
use crate::id::{IdError, Space};
use crate::network::UnknownStructure;
use crate::network::air::PolygonFault;
use crate::network::map::StretchFault;
use crate::service::ServiceError;
use crate::service::error::{AreaProblem, ArgumentProblem, MaskProblem};
use crate::service::filter::FilterProblem;
use crate::spatial::BoxFault;
use crate::units::Timestamp;

/// Lists values of an enum and checks, by an exhaustive `match`, that every variant is among them.
macro_rules! every {
    ($of:ident; $($variant:ident $({ $($field:ident: $value:expr),* $(,)? })? $(($inner:expr))?),+ $(,)?) => {{
        #[allow(dead_code, reason = "it only has to compile")]
        fn exhaustive(value: &$of) {
            match value { $($of::$variant { .. } => {}),+ }
        }
        vec![$($of::$variant $({ $($field: $value),* })? $(($inner))?),+]
    }};
}

fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(name: &str) -> T {
    name.parse().expect("a name")
}

const REQUEST: &str = "members/hyogo/requests/r1";
const ASK: &str = "members/hyogo/requests/r1/requisitions/1-1";
const ASSET: &str = "members/hyogo/assets/heli-toyooka";
const MISSION: &str = "members/hyogo/missions/m1";
const OFFER: &str = "members/hyogo/offers/o1";

/// One of each.
pub(in crate::service) fn all() -> Vec<ServiceError> {
    let mut all: Vec<ServiceError> = services();
    all.extend(submits().into_iter().map(ServiceError::Submit));
    all.extend(rejections().into_iter().map(ServiceError::from));
    all.extend(
        fields().into_iter().map(|problem| Rejection::InvalidField { field: "place", problem }.into()),
    );
    all.extend(standings().into_iter().map(|fault| ServiceError::NoSuchRoad { field: "restriction", fault }));
    all.extend(polygons().into_iter().map(|fault| {
        Rejection::InvalidField { field: "no_fly_area.corners", problem: FieldProblem::NotAnArea(fault) }
            .into()
    }));
    all.extend(arguments().into_iter().map(|problem| ServiceError::argument("place", problem)));
    all.extend(filters().into_iter().map(ServiceError::Filter));
    all.extend(masks().into_iter().map(ServiceError::Mask));
    all.extend(areas().into_iter().map(|problem| ServiceError::Area { field: "polygon.corners", problem }));
    all
}

fn services() -> Vec<ServiceError> {
    let space = || Space::Drill(id("kansai"));
    every! { ServiceError;
        Submit(SubmitError::NoLedger { ledger: id("members/hyogo") }),
        Field { field: "place".into(), problem: ArgumentProblem::NotFinite },
        WrongSpace { field: "name".into(), name: "drill/other/members/a".into(), here: space() },
        PageToken,
        Filter(FilterProblem::TooManyTerms { max: 16 }),
        EtagMismatch { name: ASSET.into(), given: "0a".into(), now: "0b".into() },
        UnknownRegion { region: id("weatherRegions/tambo"), nearest: Some(id("weatherRegions/tamba")) },
        UnknownAsset { asset: id("members/hyogo/assets/heli-toyoka"), nearest: Some(id(ASSET)) },
        Mask(MaskProblem::Wildcard),
        Area { field: "polygon.corners", problem: AreaProblem::Box(BoxFault::Flat) },
        NobodyToAsk { request: id(REQUEST) },
        GoTooLate { requisition: id(ASK), offer: id(OFFER) },
        NoStoredProblem { requisition: id(ASK) },
        NoSuchRoad { field: "restriction", fault: StandingFault::Stretch(StretchFault::Nothing) },
        OtherUnit {
            field: "needs[0].unit".into(),
            commodity: id("commodities/water"),
            given: "kL".into(),
            unit: "L".into(),
        },
        NothingToPlan(NothingToPlan::Needs),
        CannotBePaired {
            fault: crate::allocator::counterpart::ProblemError::TooMany {
                what: "municipalities",
                count: 300,
                limit: 256,
            },
        },
        CannotBePlanned {
            fault: ProblemError::TooMany { what: "needs", count: 1_000_000, limit: 524_288 },
        },
        NoUnitModel,
        UnknownRun { name: "planRuns/9".into() },
        UnknownMunicipality { field: "needs[0].municipality".into(), code: 99_999 },
        MatrixTooLarge { origins: 1_000_000, destinations: 1_000_000, max: 20_000_000 },
        Unavailable { what: "ranking" },
    }
}

fn submits() -> Vec<SubmitError> {
    every! { SubmitError;
        Rejected(Rejection::MissionEnded { mission: id(MISSION) }),
        NoLedger { ledger: id("members/hyogo") },
        NotRecordable { ledger: id("members/hyogo") },
        Overloaded { ledger: id("members/hyogo") },
        StorageFull { ledger: id("members/hyogo") },
        Stopped { ledger: id("members/hyogo") },
    }
}

fn rejections() -> Vec<Rejection> {
    every! { Rejection;
        InvalidField { field: "place", problem: FieldProblem::Required },
        NotFound { kind: Kind::Asset, name: ASSET.into() },
        AlreadyExists { kind: Kind::Asset, name: ASSET.into() },
        WrongLedger { name: ASSET.into(), ledger: id("members/kyoto") },
        LimitReached { what: Kind::Request, max: 20_000 },
        RequestIdReused { request_id: "a1".into() },
        SeenStale { ledger: id("members/hyogo"), seen: 3, now: 5 },
        MayNotAsk { requester: id("members/hyogo/organisations/x"), kind: RequestKind::Transfer },
        RequestNotOpen { request: id(REQUEST), state: RequestState::Cancelled(CancelReason::ByRoad) },
        RequestUnderWay { requisition: id(ASK) },
        AttemptOpen { requisition: id(ASK) },
        NumberServed { requisition: id(ASK) },
        NumberUnknown { request: id(REQUEST), number: 3, count: 1 },
        AssetAskedAlready { asset: id(ASSET), requisition: id(ASK) },
        AttemptNotOpen { requisition: id(ASK), state: AttemptState::Ended(AttemptEnd::Expired) },
        StandingOrderNotInForce { id: id("members/hyogo/standingOrders/s1") },
        NoRequisition { requisition: id(ASK) },
        RequisitionEnded { requisition: id(ASK), state: HoldState::Expired },
        AssetOnMission { asset: id(ASSET), mission: id(MISSION) },
        MissionEnded { mission: id(MISSION) },
        PhaseOutOfOrder { mission: id(MISSION), from: MissionPhase::Airborne, to: MissionPhase::Ready },
        ConfirmedAlready { mission: id(MISSION) },
        OfferNotOpen { offer: id(OFFER), state: OfferState::Lapsed },
        LeaseNotOpen {
            lease: LeaseId { requisition: id(ASK), subject: LeaseSubject::Site(id("members/hyogo/sites/p")) },
            state: LeaseState::Granted,
        },
        OutageOverlaps { asset: id(ASSET), outage: id("o1") },
        ClockTrustedAlready { ledger: id("members/hyogo") },
        TooLateToBreakOff { mission: id(MISSION), phase: MissionPhase::Arrived },
        OfferToEverybody { offer: id(OFFER) },
        SameRequest { request: id(REQUEST) },
        InvalidItem { list: "needs", index: 3, field: "quantity", problem: FieldProblem::Required },
        WardAndCity { index: 0, ward: 28_101, city: 28_100, commodity: id("commodities/water") },
        ApprovalTooLate { shipment: id("plans/p-1/shipments/2"), approve_by: Timestamp(1_796_432_400_000) },
        PlanSuperseded { shipment: id("plans/p-1/shipments/2"), newer: id("plans/p-2") },
        ShipmentOutOfOrder { shipment: id("plans/p-1/shipments/2"), state: ShipmentState::Proposed },
        StockShort { stock: id("members/hyogo/depots/miki/stocks/food"), wanted: 9, free: 4 },
        NeedWithdrawn { need: id("members/hyogo/needs/n-1") },
    }
}

fn fields() -> Vec<FieldProblem> {
    every! { FieldProblem;
        Required,
        TooLong { got: 300, max: 256 },
        OutOfRange { got: 0, min: 1, max: 64 },
        TooEarly { earliest: Timestamp(0) },
        TooLate { latest: Timestamp(0) },
        EmptyWindow,
        ControlCharacters,
        NotADate,
        Duplicate,
        Pattern { pattern: "members/*" },
        NotAllowed,
        NotAnArea(PolygonFault::TooFew { count: 2 }),
    }
}

/// Every reason why corners bound no area.
fn polygons() -> Vec<PolygonFault> {
    every! { PolygonFault;
        TooFew { count: 1 },
        TooMany { count: 600 },
        CrossesItself { first: 0, second: 2 },
        CrossesAntimeridian { corner: 1 },
        TooWide { corner: 3, distance_m: 6_000_000 },
    }
}

fn standings() -> Vec<StandingFault> {
    let stretches = every! { StretchFault;
        NoSuchEdge { edge: 9_999, count: 3_002 },
        Structure(UnknownStructure { id: id("structures/naruto-brige"), near: vec![id("structures/onaruto-bridge")] }),
        UnknownRoad { road: "Meishn Expressway".into(), near: vec!["Meishin Expressway".into()] },
        NoSuchSection { from_dm: 9_000_000, to_dm: 9_100_000, length_dm: 1_890_000 },
        Nothing,
    };
    let mut all = every! { StandingFault;
        OtherNetwork { given: "0a".into(), here: "0b".into() },
        Stretch(StretchFault::Nothing),
    };
    all.extend(stretches.into_iter().map(StandingFault::Stretch));
    all
}

fn arguments() -> Vec<ArgumentProblem> {
    let mut all = every! { ArgumentProblem;
        Domain(FieldProblem::Required),
        Name(IdError::Pattern { name: "x".into(), pattern: "members/*" }),
        UnknownEnum { got: 99 },
        NotFinite,
        NoFix,
        OffTheEarth { max: 90 },
        NotATimestamp,
        NotADuration { max_s: 10 },
    };
    // The other form of a wrong name comes first, so that the table shows the values of the fuller one.
    all.insert(0, ArgumentProblem::Name(IdError::Segment { segment: "X".into() }));
    all
}

fn filters() -> Vec<FilterProblem> {
    every! { FilterProblem;
        TooLong { got: 2_000, max: 1_024 },
        TooManyTerms { max: 16 },
        UnknownField { field: "colour".into(), known: "kind".into() },
        UnknownValue { field: "kind", value: "X".into() },
        Expected { expected: "AND", at: 3 },
    }
}

fn masks() -> Vec<MaskProblem> {
    every! { MaskProblem;
        Unknown { path: "seat".into(), nearest: Some("seats".into()) },
        Immutable { path: "kind" },
        OutputOnly { path: "state" },
        Wildcard,
        Twice { path: "seats" },
    }
}

fn areas() -> Vec<AreaProblem> {
    let polygons = every! { PolygonFault;
        TooFew { count: 2 },
        TooMany { count: 513 },
        CrossesItself { first: 0, second: 2 },
        CrossesAntimeridian { corner: 1 },
        TooWide { corner: 1, distance_m: 6_000_000 },
    };
    let boxes = every! { BoxFault; UpsideDown, Flat };
    polygons.into_iter().map(AreaProblem::Polygon).chain(boxes.into_iter().map(AreaProblem::Box)).collect()
}
