//! The one error table: every refusal and fault with its gRPC code, reason, values and detail.
//!
//! No `_` arm anywhere: what is new does not compile until it has a row. `docs/api.md` holds the same table, and a test
//! compares them. A (reason, domain) pair never changes its meaning.

use super::ServiceError;
use super::convert::{Names, Wire, wire};
use super::error::{AreaProblem, ArgumentProblem, MaskProblem};
use super::filter::FilterProblem;
use super::text;
use crate::authority::SubmitError;
use crate::authority::roads::StandingFault;
use crate::authority::supplier::NothingToPlan;
use crate::decision::Rejection;
use crate::decision::rejection::{FieldProblem, Kind};
use crate::network::air::PolygonFault;
use crate::network::map::StretchFault;
use crate::spatial::BoxFault;
use crate::units::Timestamp;
use std::time::Duration;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

/// `ErrorInfo.domain` of every error.
pub const ERROR_DOMAIN: &str = "yui";
/// When to come back to a ledger whose inbox is full.
const RETRY_OVERLOADED: Duration = Duration::from_millis(200);
/// When to come back to a server that has stopped.
const RETRY_STOPPED: Duration = Duration::from_secs(2);

/// When to come back to a disk that is full: people have to free some space first.
const RETRY_STORAGE_FULL: Duration = Duration::from_secs(30);

/// One row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The gRPC code.
    pub code: Code,
    /// `ErrorInfo.reason`.
    pub reason: &'static str,
    /// `ErrorInfo.metadata`: every value that the message names.
    pub metadata: Vec<(&'static str, String)>,
    /// The detail beside it.
    pub detail: Detail,
}

/// The detail that goes with a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Detail {
    /// `BadRequest` naming this field.
    BadRequest(String),
    /// `PreconditionFailure` about this subject.
    Precondition(String),
    /// `ResourceInfo` of this type and name.
    Resource(&'static str, String),
    /// `QuotaFailure` about this subject.
    Quota(String),
    /// `QuotaFailure` about this subject, and `RetryInfo`.
    QuotaRetry(String, Duration),
    /// `RetryInfo`.
    Retry(Duration),
}

impl Detail {
    /// The name of the message in `google.rpc`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Detail::BadRequest(_) => "BadRequest",
            Detail::Precondition(_) => "PreconditionFailure",
            Detail::Resource(..) => "ResourceInfo",
            Detail::Quota(_) => "QuotaFailure",
            Detail::QuotaRetry(..) => "QuotaFailure, RetryInfo",
            Detail::Retry(_) => "RetryInfo",
        }
    }
}

/// The status of an error in the space of `names`: English in the message, Japanese in `LocalizedMessage`.
#[must_use]
pub fn status_of(error: &ServiceError, names: &Names) -> Status {
    let row = row(error, names);
    let (english, japanese) = (text::english(error), text::japanese(error));
    let mut details = ErrorDetails::new();
    let metadata: Vec<(String, String)> =
        row.metadata.into_iter().map(|(key, value)| (key.to_string(), value)).collect();
    details.set_error_info(row.reason, ERROR_DOMAIN, metadata.into_iter().collect::<Metadata>());
    details.set_localized_message("ja", japanese);
    match row.detail {
        Detail::BadRequest(field) => {
            details.add_bad_request_violation(field, english.clone());
        }
        Detail::Precondition(subject) => {
            details.add_precondition_failure_violation(row.reason, subject, english.clone());
        }
        Detail::Resource(kind, name) => {
            details.set_resource_info(kind, name, "", english.clone());
        }
        Detail::Quota(subject) => {
            details.add_quota_failure_violation(subject, english.clone());
        }
        Detail::QuotaRetry(subject, delay) => {
            details.add_quota_failure_violation(subject, english.clone());
            details.set_retry_info(Some(delay));
        }
        Detail::Retry(delay) => {
            details.set_retry_info(Some(delay));
        }
    }
    Status::with_error_details(row.code, english, details)
}

#[expect(clippy::disallowed_types, reason = "the type that tonic_types takes; nothing iterates over it here")]
type Metadata = std::collections::HashMap<String, String>;

/// The row of an error.
#[must_use]
pub fn row(error: &ServiceError, names: &Names) -> Row {
    match error {
        ServiceError::Submit(SubmitError::Rejected(rejection)) => of_rejection(rejection, names),
        ServiceError::Submit(SubmitError::NoLedger { ledger }) => {
            let ledger = names.print(ledger);
            missing("NO_LEDGER", vec![("ledger", ledger.clone())], Kind::Ledger, ledger)
        }
        ServiceError::Submit(SubmitError::NotRecordable { ledger }) => Row {
            code: Code::Internal,
            reason: "NOT_RECORDABLE",
            metadata: vec![("ledger", names.print(ledger))],
            detail: Detail::Resource(resource_type(Kind::Ledger), names.print(ledger)),
        },
        ServiceError::Submit(SubmitError::Overloaded { ledger }) => Row {
            code: Code::ResourceExhausted,
            reason: "LEDGER_OVERLOADED",
            metadata: vec![("ledger", names.print(ledger))],
            detail: Detail::QuotaRetry(names.print(ledger), RETRY_OVERLOADED),
        },
        ServiceError::Submit(SubmitError::StorageFull { ledger }) => Row {
            code: Code::Unavailable,
            reason: "STORAGE_FULL",
            metadata: vec![("ledger", names.print(ledger))],
            detail: Detail::Retry(RETRY_STORAGE_FULL),
        },
        ServiceError::Submit(SubmitError::Stopped { ledger }) => Row {
            code: Code::Unavailable,
            reason: "LEDGER_STOPPED",
            metadata: vec![("ledger", names.print(ledger))],
            detail: Detail::Retry(RETRY_STOPPED),
        },
        ServiceError::Field { field, problem } => of_argument(field, problem),
        ServiceError::WrongSpace { field, name, here } => {
            let metadata = vec![("name", name.clone()), ("space", here.to_string())];
            bad("WRONG_SPACE", field, metadata)
        }
        ServiceError::PageToken => bad("PAGE_TOKEN_INVALID", "page_token", vec![]),
        ServiceError::Filter(problem) => of_filter(problem),
        ServiceError::EtagMismatch { name, given, now } => Row {
            code: Code::Aborted,
            reason: "ETAG_MISMATCH",
            metadata: vec![("name", name.clone()), ("given", given.clone()), ("now", now.clone())],
            detail: Detail::Precondition(name.clone()),
        },
        ServiceError::UnknownRegion { region, nearest } => {
            let name = names.print(region);
            let mut metadata = vec![("region", name.clone())];
            metadata.extend(nearest.as_ref().map(|nearest| ("nearest", names.print(nearest))));
            missing("WEATHER_REGION_UNKNOWN", metadata, Kind::WeatherRegion, name)
        }
        ServiceError::UnknownAsset { asset, nearest } => {
            let name = names.print(asset);
            let mut metadata = vec![("asset", name.clone())];
            metadata.extend(nearest.as_ref().map(|nearest| ("nearest", names.print(nearest))));
            missing("ASSET_UNKNOWN", metadata, Kind::Asset, name)
        }
        ServiceError::Mask(problem) => of_mask(problem),
        ServiceError::Area { field, problem } => of_area(field, *problem),
        ServiceError::NobodyToAsk { request } => {
            let request = names.print(request);
            rule("NOBODY_TO_ASK", vec![("request", request.clone())], request)
        }
        ServiceError::GoTooLate { requisition, offer } => {
            let requisition = names.print(requisition);
            let metadata = vec![("requisition", requisition.clone()), ("offer", names.print(offer))];
            rule("GO_TOO_LATE", metadata, requisition)
        }
        ServiceError::NoStoredProblem { requisition } => {
            let requisition = names.print(requisition);
            let metadata = vec![("requisition", requisition.clone())];
            missing("NO_STORED_PROBLEM", metadata, Kind::Requisition, requisition)
        }
        ServiceError::NoSuchRoad { field, fault } => of_standing(field, fault),
        ServiceError::OtherUnit { field, commodity, given, unit } => bad(
            "UNIT_UNKNOWN",
            field,
            vec![("commodity", names.print(commodity)), ("given", given.clone()), ("unit", unit.clone())],
        ),
        ServiceError::NothingToPlan(missing) => {
            let missing = match missing {
                NothingToPlan::Commodities => "commodities",
                NothingToPlan::Depots => "depots",
                NothingToPlan::Needs => "needs",
            };
            rule("NOTHING_TO_PLAN", vec![("missing", missing.to_owned())], "plans".to_owned())
        }
        ServiceError::CannotBePlanned { fault } => {
            rule("CANNOT_BE_PLANNED", vec![("fault", fault.to_string())], "plans".to_owned())
        }
        ServiceError::CannotBePaired { fault } => {
            rule("CANNOT_BE_PAIRED", vec![("fault", fault.to_string())], "pairs".to_owned())
        }
        ServiceError::NoUnitModel => rule("NO_UNIT_MODEL", Vec::new(), "unitModel".to_owned()),
        ServiceError::UnknownRun { name } => {
            missing("PLAN_RUN_UNKNOWN", vec![("run", name.clone())], Kind::Plan, name.clone())
        }
        ServiceError::UnknownMunicipality { field, code } => {
            bad("MUNICIPALITY_UNKNOWN", field, vec![("code", code.to_string())])
        }
        ServiceError::MatrixTooLarge { origins, destinations, max } => bad(
            "MATRIX_TOO_LARGE",
            "destinations",
            vec![
                ("origins", origins.to_string()),
                ("destinations", destinations.to_string()),
                ("max", max.to_string()),
            ],
        ),
        ServiceError::Unavailable { what } => Row {
            code: Code::Unavailable,
            reason: "UNAVAILABLE",
            metadata: vec![("what", (*what).to_string())],
            detail: Detail::Retry(RETRY_STOPPED),
        },
    }
}

/// A stretch that the network in use does not have.
fn of_standing(field: &str, fault: &StandingFault) -> Row {
    let (reason, metadata) = match fault {
        StandingFault::OtherNetwork { given, here } => {
            ("OTHER_NETWORK", vec![("given", given.clone()), ("here", here.clone())])
        }
        StandingFault::Stretch(StretchFault::NoSuchEdge { edge, count }) => {
            ("EDGE_UNKNOWN", vec![("edge", edge.to_string()), ("count", count.to_string())])
        }
        StandingFault::Stretch(StretchFault::Structure(unknown)) => {
            let near: Vec<String> = unknown.near.iter().map(ToString::to_string).collect();
            ("STRUCTURE_UNKNOWN", vec![("structure", unknown.id.to_string()), ("near", near.join(", "))])
        }
        StandingFault::Stretch(StretchFault::UnknownRoad { road, near }) => {
            ("ROAD_UNKNOWN", vec![("road", road.clone()), ("near", near.join(", "))])
        }
        StandingFault::Stretch(StretchFault::NoSuchSection { from_dm, to_dm, length_dm }) => (
            "SECTION_UNKNOWN",
            vec![
                ("from_m", (from_dm / 10).to_string()),
                ("to_m", (to_dm / 10).to_string()),
                ("length_m", (length_dm / 10).to_string()),
            ],
        ),
        StandingFault::Stretch(StretchFault::Nothing) => ("NO_ROAD_MEANT", vec![]),
    };
    bad(reason, field, metadata)
}

/// A wrong field: `INVALID_ARGUMENT` with `BadRequest`.
fn bad(reason: &'static str, field: &str, mut metadata: Vec<(&'static str, String)>) -> Row {
    metadata.insert(0, ("field", field.to_string()));
    Row { code: Code::InvalidArgument, reason, metadata, detail: Detail::BadRequest(field.to_string()) }
}

/// A rule or a state: `FAILED_PRECONDITION` with `PreconditionFailure`.
fn rule(reason: &'static str, metadata: Vec<(&'static str, String)>, subject: String) -> Row {
    Row { code: Code::FailedPrecondition, reason, metadata, detail: Detail::Precondition(subject) }
}

/// Something unknown: `NOT_FOUND` with `ResourceInfo`.
fn missing(reason: &'static str, metadata: Vec<(&'static str, String)>, kind: Kind, name: String) -> Row {
    Row { code: Code::NotFound, reason, metadata, detail: Detail::Resource(resource_type(kind), name) }
}

fn of_rejection(rejection: &Rejection, names: &Names) -> Row {
    match rejection {
        Rejection::InvalidField { field, problem } => of_field(field, problem),
        Rejection::NotFound { kind, name } => {
            let name = names.print_text(name);
            let metadata = vec![("kind", kind_name(*kind).to_string()), ("name", name.clone())];
            missing("NOT_FOUND", metadata, *kind, name)
        }
        Rejection::AlreadyExists { kind, name } => {
            let name = names.print_text(name);
            Row {
                code: Code::AlreadyExists,
                reason: "ALREADY_EXISTS",
                metadata: vec![("kind", kind_name(*kind).to_string()), ("name", name.clone())],
                detail: Detail::Resource(resource_type(*kind), name),
            }
        }
        Rejection::WrongLedger { name, ledger } => Row {
            code: Code::PermissionDenied,
            reason: "WRONG_LEDGER",
            metadata: vec![("name", names.print_text(name)), ("ledger", names.print(ledger))],
            detail: Detail::Resource(resource_type(Kind::Ledger), names.print(ledger)),
        },
        Rejection::LimitReached { what, max } => Row {
            code: Code::ResourceExhausted,
            reason: "LIMIT_REACHED",
            metadata: vec![("kind", kind_name(*what).to_string()), ("max", max.to_string())],
            detail: Detail::Quota(kind_name(*what).to_string()),
        },
        Rejection::RequestIdReused { request_id } => {
            bad("REQUEST_ID_REUSED", "request_id", vec![("request_id", request_id.clone())])
        }
        Rejection::SeenStale { ledger, seen, now } => Row {
            code: Code::Aborted,
            reason: "SEEN_STALE",
            metadata: vec![
                ("ledger", names.print(ledger)),
                ("seen", seen.to_string()),
                ("now", now.to_string()),
            ],
            detail: Detail::Precondition(names.print(ledger)),
        },
        Rejection::MayNotAsk { requester, kind } => Row {
            code: Code::PermissionDenied,
            reason: "MAY_NOT_ASK",
            metadata: vec![
                ("requester", names.print(requester)),
                ("kind", kind.wire().as_str_name().to_string()),
            ],
            detail: Detail::Precondition(names.print(requester)),
        },
        Rejection::RequestNotOpen { request, state } => {
            let (request, state) = (names.print(request), wire::request_state(state).as_str_name());
            rule("REQUEST_NOT_OPEN", vec![("request", request.clone()), ("state", state.into())], request)
        }
        Rejection::RequestUnderWay { requisition } => about("REQUEST_UNDER_WAY", requisition, names),
        Rejection::AttemptOpen { requisition } => about("ATTEMPT_OPEN", requisition, names),
        Rejection::NumberServed { requisition } => about("NUMBER_SERVED", requisition, names),
        Rejection::NumberUnknown { request, number, count } => bad(
            "NUMBER_UNKNOWN",
            "number",
            vec![
                ("request", names.print(request)),
                ("number", number.to_string()),
                ("count", count.to_string()),
            ],
        ),
        Rejection::AssetAskedAlready { asset, requisition } => {
            let asset = names.print(asset);
            let metadata = vec![("asset", asset.clone()), ("requisition", names.print(requisition))];
            rule("ASSET_ASKED_ALREADY", metadata, asset)
        }
        Rejection::AttemptNotOpen { requisition, state } => {
            let requisition = names.print(requisition);
            let state = wire::attempt_state(state).as_str_name();
            let metadata = vec![("requisition", requisition.clone()), ("state", state.into())];
            rule("ATTEMPT_NOT_OPEN", metadata, requisition)
        }
        Rejection::StandingOrderNotInForce { id } => {
            let id = names.print(id);
            rule("STANDING_ORDER_NOT_IN_FORCE", vec![("standing_order", id.clone())], id)
        }
        Rejection::NoRequisition { requisition } => {
            let requisition = names.print(requisition);
            let metadata = vec![("requisition", requisition.clone())];
            missing("NO_REQUISITION", metadata, Kind::Requisition, requisition)
        }
        Rejection::RequisitionEnded { requisition, state } => {
            let requisition = names.print(requisition);
            let state = wire::hold_state(state).as_str_name();
            let metadata = vec![("requisition", requisition.clone()), ("state", state.into())];
            rule("REQUISITION_ENDED", metadata, requisition)
        }
        Rejection::AssetOnMission { asset, mission } => {
            let asset = names.print(asset);
            rule("ASSET_ON_MISSION", vec![("asset", asset.clone()), ("mission", names.print(mission))], asset)
        }
        Rejection::MissionEnded { mission } => {
            let mission = names.print(mission);
            rule("MISSION_ENDED", vec![("mission", mission.clone())], mission)
        }
        Rejection::PhaseOutOfOrder { mission, from, to } => {
            let mission = names.print(mission);
            let phase = |phase: &crate::decision::model::MissionPhase| phase.wire().as_str_name().to_string();
            let metadata = vec![("mission", mission.clone()), ("from", phase(from)), ("to", phase(to))];
            rule("PHASE_OUT_OF_ORDER", metadata, mission)
        }
        Rejection::ConfirmedAlready { mission } => {
            let mission = names.print(mission);
            rule("CONFIRMED_ALREADY", vec![("mission", mission.clone())], mission)
        }
        Rejection::OfferNotOpen { offer, state } => {
            let offer = names.print(offer);
            let state = state.wire().as_str_name();
            rule("OFFER_NOT_OPEN", vec![("offer", offer.clone()), ("state", state.into())], offer)
        }
        Rejection::LeaseNotOpen { lease, state } => {
            let subject = names.print(&lease.subject);
            let metadata = vec![
                ("requisition", names.print(&lease.requisition)),
                ("subject", subject.clone()),
                ("state", wire::lease_state(*state).as_str_name().into()),
            ];
            rule("LEASE_NOT_OPEN", metadata, subject)
        }
        Rejection::OutageOverlaps { asset, outage } => {
            let asset = names.print(asset);
            let metadata = vec![("asset", asset.clone()), ("outage", outage.to_string())];
            rule("OUTAGE_OVERLAPS", metadata, asset)
        }
        Rejection::ClockTrustedAlready { ledger } => {
            let ledger = names.print(ledger);
            rule("CLOCK_TRUSTED_ALREADY", vec![("ledger", ledger.clone())], ledger)
        }
        Rejection::TooLateToBreakOff { mission, phase } => {
            let mission = names.print(mission);
            let phase = phase.wire().as_str_name().to_string();
            rule("TOO_LATE_TO_BREAK_OFF", vec![("mission", mission.clone()), ("phase", phase)], mission)
        }
        Rejection::OfferToEverybody { offer } => {
            let offer = names.print(offer);
            rule("OFFER_TO_EVERYBODY", vec![("offer", offer.clone())], offer)
        }
        Rejection::InvalidItem { list, index, field, problem } => {
            of_field(&format!("{list}[{index}].{field}"), problem)
        }
        Rejection::WardAndCity { index, ward, city, commodity } => bad(
            "WARD_AND_CITY",
            &format!("needs[{index}].municipality"),
            vec![
                ("ward", ward.to_string()),
                ("city", city.to_string()),
                ("commodity", names.print(commodity)),
            ],
        ),
        Rejection::ApprovalTooLate { shipment, approve_by } => {
            let shipment = names.print(shipment);
            let metadata = vec![("shipment", shipment.clone()), ("approve_by", rfc3339(*approve_by))];
            rule("APPROVAL_TOO_LATE", metadata, shipment)
        }
        Rejection::PlanSuperseded { shipment, newer } => {
            let shipment = names.print(shipment);
            let metadata = vec![("shipment", shipment.clone()), ("newer_plan", names.print(newer))];
            rule("PLAN_SUPERSEDED", metadata, shipment)
        }
        Rejection::ShipmentOutOfOrder { shipment, state } => {
            let (shipment, state) = (names.print(shipment), state.wire().as_str_name().to_owned());
            rule("SHIPMENT_OUT_OF_ORDER", vec![("shipment", shipment.clone()), ("state", state)], shipment)
        }
        Rejection::StockShort { stock, wanted, free } => {
            let stock = names.print(stock);
            let metadata =
                vec![("stock", stock.clone()), ("wanted", wanted.to_string()), ("free", free.to_string())];
            rule("STOCK_SHORT", metadata, stock)
        }
        Rejection::NeedWithdrawn { need } => {
            let need = names.print(need);
            rule("NEED_WITHDRAWN", vec![("need", need.clone())], need)
        }
        Rejection::SameRequest { request } => {
            bad("SAME_REQUEST", "name", vec![("request", names.print(request))])
        }
    }
}

/// A rule that only names a requisition.
fn about(reason: &'static str, requisition: &crate::id::RequisitionId, names: &Names) -> Row {
    let requisition = names.print(requisition);
    rule(reason, vec![("requisition", requisition.clone())], requisition)
}

fn of_field(field: &str, problem: &FieldProblem) -> Row {
    let (reason, metadata) = match problem {
        FieldProblem::Required => ("FIELD_REQUIRED", vec![]),
        FieldProblem::TooLong { got, max } => {
            ("FIELD_TOO_LONG", vec![("got", got.to_string()), ("max", max.to_string())])
        }
        FieldProblem::OutOfRange { got, min, max } => (
            "FIELD_OUT_OF_RANGE",
            vec![("got", got.to_string()), ("min", min.to_string()), ("max", max.to_string())],
        ),
        FieldProblem::TooEarly { earliest } => ("FIELD_TOO_EARLY", vec![("earliest", rfc3339(*earliest))]),
        FieldProblem::TooLate { latest } => ("FIELD_TOO_LATE", vec![("latest", rfc3339(*latest))]),
        FieldProblem::EmptyWindow => ("FIELD_EMPTY_WINDOW", vec![]),
        FieldProblem::ControlCharacters => ("FIELD_CONTROL_CHARACTERS", vec![]),
        FieldProblem::NotADate => ("FIELD_NOT_A_DATE", vec![]),
        FieldProblem::Duplicate => ("FIELD_DUPLICATE", vec![]),
        FieldProblem::Pattern { pattern } => ("FIELD_PATTERN", vec![("pattern", (*pattern).to_string())]),
        FieldProblem::NotAllowed => ("FIELD_NOT_ALLOWED", vec![]),
        FieldProblem::NotAnArea(fault) => return of_polygon(field, fault),
    };
    bad(reason, field, metadata)
}

/// Why corners bound no area: one reason each, since each wants another remedy.
fn of_polygon(field: &str, fault: &PolygonFault) -> Row {
    let (reason, metadata) = match fault {
        PolygonFault::TooFew { count } => ("AREA_TOO_FEW_CORNERS", vec![("count", count.to_string())]),
        PolygonFault::TooMany { count } => ("AREA_TOO_MANY_CORNERS", vec![("count", count.to_string())]),
        PolygonFault::CrossesItself { first, second } => {
            ("AREA_CROSSES_ITSELF", vec![("first", first.to_string()), ("second", second.to_string())])
        }
        PolygonFault::CrossesAntimeridian { corner } => {
            ("AREA_CROSSES_ANTIMERIDIAN", vec![("corner", corner.to_string())])
        }
        PolygonFault::TooWide { corner, distance_m } => {
            ("AREA_TOO_WIDE", vec![("corner", corner.to_string()), ("distance_m", distance_m.to_string())])
        }
    };
    bad(reason, field, metadata)
}

fn of_argument(field: &str, problem: &ArgumentProblem) -> Row {
    let (reason, metadata) = match problem {
        ArgumentProblem::Domain(problem) => return of_field(field, problem),
        ArgumentProblem::Name(error) => {
            use crate::id::IdError;
            let metadata = match error {
                IdError::Segment { segment } => vec![("name", segment.clone())],
                IdError::Pattern { name, pattern } => {
                    vec![("name", name.clone()), ("pattern", (*pattern).to_string())]
                }
            };
            ("NAME_INVALID", metadata)
        }
        ArgumentProblem::UnknownEnum { got } => ("ENUM_UNKNOWN", vec![("got", got.to_string())]),
        ArgumentProblem::NotFinite => ("NUMBER_NOT_FINITE", vec![]),
        ArgumentProblem::NoFix => ("POSITION_NO_FIX", vec![]),
        ArgumentProblem::OffTheEarth { max } => ("POSITION_OFF_THE_EARTH", vec![("max", max.to_string())]),
        ArgumentProblem::NotATimestamp => ("TIMESTAMP_INVALID", vec![]),
        ArgumentProblem::NotADuration { max_s } => ("DURATION_INVALID", vec![("max_s", max_s.to_string())]),
    };
    bad(reason, field, metadata)
}

fn of_mask(problem: &MaskProblem) -> Row {
    let (reason, metadata) = match problem {
        MaskProblem::Unknown { path, nearest } => {
            let near = nearest.as_ref().map(|nearest| ("nearest", nearest.clone()));
            ("MASK_PATH_UNKNOWN", std::iter::once(("path", path.clone())).chain(near).collect())
        }
        MaskProblem::Immutable { path } => ("MASK_PATH_IMMUTABLE", vec![("path", (*path).to_string())]),
        MaskProblem::OutputOnly { path } => ("MASK_PATH_OUTPUT_ONLY", vec![("path", (*path).to_string())]),
        MaskProblem::Wildcard => ("MASK_WILDCARD", vec![]),
        MaskProblem::Twice { path } => ("MASK_PATH_TWICE", vec![("path", (*path).to_string())]),
    };
    bad(reason, "update_mask", metadata)
}

fn of_area(field: &str, problem: AreaProblem) -> Row {
    match problem {
        AreaProblem::Polygon(fault) => of_polygon(field, &fault),
        AreaProblem::Box(BoxFault::UpsideDown) => bad("BOX_UPSIDE_DOWN", field, vec![]),
        AreaProblem::Box(BoxFault::Flat) => bad("BOX_FLAT", field, vec![]),
    }
}

fn of_filter(problem: &FilterProblem) -> Row {
    let (reason, metadata) = match problem {
        FilterProblem::TooLong { got, max } => {
            ("FILTER_TOO_LONG", vec![("got", got.to_string()), ("max", max.to_string())])
        }
        FilterProblem::TooManyTerms { max } => ("FILTER_TOO_MANY_TERMS", vec![("max", max.to_string())]),
        FilterProblem::UnknownField { field, known } => {
            ("FILTER_FIELD_UNKNOWN", vec![("filter_field", field.clone()), ("known", known.clone())])
        }
        FilterProblem::UnknownValue { field, value } => {
            ("FILTER_VALUE_UNKNOWN", vec![("filter_field", (*field).to_string()), ("value", value.clone())])
        }
        FilterProblem::Expected { expected, at } => {
            ("FILTER_MALFORMED", vec![("expected", (*expected).to_string()), ("at", at.to_string())])
        }
    };
    bad(reason, "filter", metadata)
}

/// An instant as RFC 3339 in UTC.
pub(super) fn rfc3339(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.0).map_or_else(|_| at.0.to_string(), |at| at.to_string())
}

/// `ResourceInfo.resource_type`.
fn resource_type(kind: Kind) -> &'static str {
    match kind {
        Kind::Member => "yui/Member",
        Kind::Field => "yui/Field",
        Kind::Organisation => "yui/Organisation",
        Kind::Asset => "yui/Asset",
        Kind::Site => "yui/Site",
        Kind::Hospital => "yui/Hospital",
        Kind::Outage => "yui/Outage",
        Kind::Agreement => "yui/Agreement",
        Kind::Area => "yui/Area",
        Kind::Request => "yui/Request",
        Kind::Requisition => "yui/Requisition",
        Kind::Mission => "yui/Mission",
        Kind::Lease => "yui/Lease",
        Kind::Offer => "yui/Offer",
        Kind::StandingOrder => "yui/StandingOrder",
        Kind::WeatherRegion => "yui/WeatherRegion",
        Kind::Structure => "yui/Structure",
        Kind::NoFlyArea => "yui/NoFlyArea",
        Kind::Ledger => "yui/Ledger",
        Kind::Restriction => "yui/Restriction",
        Kind::Commodity => "yui/Commodity",
        Kind::Depot => "yui/Depot",
        Kind::Fleet => "yui/Fleet",
        Kind::Stock => "yui/Stock",
        Kind::Need => "yui/Need",
        Kind::Plan => "yui/AidPlan",
        Kind::Shipment => "yui/Shipment",
        Kind::Pair => "yui/Pair",
    }
}

/// The kind without the domain, as metadata has it.
fn kind_name(kind: Kind) -> &'static str {
    resource_type(kind).trim_start_matches("yui/")
}

#[cfg(test)]
pub(super) mod examples;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Space;
    use std::collections::BTreeMap;

    fn names() -> Names {
        Names::of("drill/kansai".parse::<Space>().unwrap())
    }

    #[test]
    fn the_table_in_the_documentation_is_this_one() {
        let mut rows: BTreeMap<&str, String> = BTreeMap::new();
        for error in examples::all() {
            let row = row(&error, &names());
            let keys: Vec<&str> = row.metadata.iter().map(|(key, _)| *key).collect();
            let code = upper_snake(&format!("{:?}", row.code));
            let line = format!("| `{}` | {code} | {} | {} |", row.reason, row.detail.name(), keys.join(", "));
            let before = rows.insert(row.reason, line.clone());
            assert!(
                before.is_none_or(|before| same_but_for_values(&before, &line)),
                "one reason, two meanings: {line}"
            );
        }
        let table = rows.values().cloned().collect::<Vec<_>>().join("\n");
        let docs = include_str!("../../docs/api.md").replace("\r\n", "\n");
        let start = docs.find("| `").unwrap_or(docs.len());
        let documented: Vec<&str> = docs[start..].lines().take_while(|line| line.starts_with('|')).collect();
        assert_eq!(documented.join("\n"), table, "docs/api.md should hold:\n{table}");
    }

    /// `NotFound` as the wire spells it.
    fn upper_snake(camel: &str) -> String {
        let spelt = camel.chars().enumerate().flat_map(|(i, c)| {
            let gap = (i > 0 && c.is_ascii_uppercase()).then_some('_');
            gap.into_iter().chain([c.to_ascii_uppercase()])
        });
        spelt.collect()
    }

    /// Whether two rows of one reason differ in nothing but optional values.
    fn same_but_for_values(a: &str, b: &str) -> bool {
        let code_and_detail = |row: &str| row.split(" | ").take(3).collect::<Vec<_>>().join(" ");
        code_and_detail(a) == code_and_detail(b)
    }

    #[test]
    fn every_error_is_told_in_both_languages_with_every_value_beside_it() {
        for error in examples::all() {
            let status = status_of(&error, &names());
            let details = status.get_error_details();
            let info = details.error_info().unwrap();
            assert_eq!(info.domain, ERROR_DOMAIN);
            let upper = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
            assert!(info.reason.chars().all(upper), "{}", info.reason);
            let japanese = details.localized_message().unwrap();
            assert_eq!(japanese.locale, "ja");
            assert!(japanese.message.chars().any(|c| ('ぁ'..='龯').contains(&c)), "{}", japanese.message);
            assert!(!status.message().is_empty() && !status.message().ends_with('.'), "{}", status.message());
            assert!(!status.message().contains("Timestamp("), "{}", status.message());
            let has_detail = details.bad_request().is_some()
                || details.precondition_failure().is_some()
                || details.resource_info().is_some()
                || details.quota_failure().is_some()
                || details.retry_info().is_some();
            assert!(has_detail, "{}", info.reason);
        }
    }

    #[test]
    fn names_in_an_error_carry_the_space() {
        let mission = "members/hyogo/missions/m1".parse().unwrap();
        let status = status_of(&Rejection::MissionEnded { mission }.into(), &names());
        let info = status.get_error_details().error_info().unwrap().clone();
        assert_eq!(info.metadata["mission"], "drill/kansai/members/hyogo/missions/m1");
        assert_eq!((status.code(), info.reason.as_str()), (Code::FailedPrecondition, "MISSION_ENDED"));
    }
}
