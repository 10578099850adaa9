//! Why a call leads to nothing: what the rules say, and what is wrong with the message itself.

use super::filter::FilterProblem;
use crate::allocator::supplies::ProblemError;
use crate::authority::SubmitError;
use crate::authority::roads::StandingFault;
use crate::authority::supplier::NothingToPlan;
use crate::decision::Rejection;
use crate::decision::rejection::FieldProblem;
use crate::id::{AssetId, CommodityId, IdError, OfferId, RequestId, RequisitionId, Space, WeatherRegionId};
use crate::network::air::PolygonFault;
use crate::spatial::BoxFault;

/// Why a call leads to nothing. Each variant has one row in [`status`](super::status).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ServiceError {
    /// The ledger did not take it.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// A field of the message is wrong by itself.
    #[error("{field}: {problem}")]
    Field {
        /// Which, as a path: `request.hospitals[2]`.
        field: String,
        /// What is wrong with it.
        problem: ArgumentProblem,
    },
    /// A name of another space.
    #[error("{field}: {name} belongs to another space; this server serves {here}")]
    WrongSpace {
        /// Which field.
        field: String,
        /// The name, shortened.
        name: String,
        /// The space served here.
        here: Space,
    },
    /// A page token that this query never gave out.
    #[error("page_token is not of this query; start again without it, with the same parent and filter")]
    PageToken,
    /// A filter that cannot be understood.
    #[error("filter: {0}")]
    Filter(FilterProblem),
    /// The resource is not as the caller last saw it.
    #[error("{name} has changed since you read it; read it again and decide again")]
    EtagMismatch {
        /// Which resource.
        name: String,
        /// What the caller last saw.
        given: String,
        /// What it is now.
        now: String,
    },
    /// A weather region that nothing lies in.
    #[error("nothing is registered in {region}{}; report a region that has something in it", near_text(.nearest.as_ref()))]
    UnknownRegion {
        /// Which.
        region: WeatherRegionId,
        /// The nearest name that something lies in, if one is near.
        nearest: Option<WeatherRegionId>,
    },
    /// An asset that nobody registered.
    #[error("{asset} is not registered{}; list the assets", near_asset(.nearest.as_ref()))]
    UnknownAsset {
        /// Which.
        asset: AssetId,
        /// The nearest name that is registered, if one is near.
        nearest: Option<AssetId>,
    },
    /// A field mask that cannot be followed.
    #[error("update_mask: {0}")]
    Mask(MaskProblem),
    /// Corners that bound no area.
    #[error("{field}: {problem}")]
    Area {
        /// Which field.
        field: &'static str,
        /// Why they bound none.
        problem: AreaProblem,
    },
    /// Nobody is left to ask.
    #[error("nobody can be asked for {request} now; rank the candidates to see why")]
    NobodyToAsk {
        /// For which request.
        request: RequestId,
    },
    /// A go came after the end of the ask. It is recorded, as an offer, and nobody counts on it yet.
    #[error("the go for {requisition} came too late; it stands as {offer} until the requester takes it")]
    GoTooLate {
        /// Which ask.
        requisition: RequisitionId,
        /// What it became.
        offer: OfferId,
    },
    /// No problem is stored with the record that asked.
    #[error("no ranking is stored with {requisition}; it was asked without one")]
    NoStoredProblem {
        /// Which ask.
        requisition: RequisitionId,
    },
    /// A stretch of road that the network in use does not have.
    #[error("{field}: {fault}")]
    NoSuchRoad {
        /// Which field.
        field: &'static str,
        /// Why.
        fault: StandingFault,
    },
    /// A quantity in another unit than its commodity is counted in.
    #[error("{field}: {commodity} is counted in \"{unit}\", not in \"{given}\"; state it in that unit")]
    OtherUnit {
        /// Which field.
        field: String,
        /// Of what.
        commodity: CommodityId,
        /// What was given, shortened.
        given: String,
        /// What it is counted in.
        unit: String,
    },
    /// There is nothing to plan with, or nothing to plan.
    #[error("there is nothing to plan: {0}; state what is missing, then propose the plan again")]
    NothingToPlan(NothingToPlan),
    /// More than can be planned at once, or figures that cannot be.
    #[error("this cannot be planned: {fault}; correct what it names, then propose the plan again")]
    CannotBePlanned {
        /// What keeps it from it.
        fault: ProblemError,
    },
    /// More than can be paired at once, or figures that cannot be.
    #[error("this cannot be paired: {fault}; correct what it names, then ask again")]
    CannotBePaired {
        /// What keeps it from it.
        fault: crate::allocator::counterpart::ProblemError,
    },
    /// Needs were to be worked out where nobody said what a person needs.
    #[error(
        "this space has no unit model; serve it with a scenario that has unit_model.toml, or state the needs"
    )]
    NoUnitModel,
    /// A run that this process never began, or has forgotten.
    #[error("{name} is no run of this server; propose the plan again, with the same request_id")]
    UnknownRun {
        /// The name, shortened.
        name: String,
    },
    /// A code that no municipality or ward of this space has.
    #[error("{field}: no municipality has the code {code}; look it up in the list of JIS codes")]
    UnknownMunicipality {
        /// Which field.
        field: String,
        /// The code.
        code: u32,
    },
    /// A matrix of more cells than are worked out in one call.
    #[error("{origins} origins by {destinations} destinations are more than {max} times; ask in parts")]
    MatrixTooLarge {
        /// How many origins.
        origins: u64,
        /// How many destinations.
        destinations: u64,
        /// Times at most.
        max: u64,
    },
    /// The server cannot do its part just now.
    #[error("{what} is not available; retry in a moment")]
    Unavailable {
        /// What is missing.
        what: &'static str,
    },
}

fn near_text(nearest: Option<&WeatherRegionId>) -> String {
    nearest.map_or_else(String::new, |nearest| format!(" (did you mean {nearest}?)"))
}

fn near_asset(nearest: Option<&AssetId>) -> String {
    nearest.map_or_else(String::new, |nearest| format!(" (did you mean {nearest}?)"))
}

/// Why a field mask cannot be followed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MaskProblem {
    /// No such field.
    #[error("\"{path}\" is no field{}; name fields of the resource, without dots", did_you_mean(.nearest.as_ref()))]
    Unknown {
        /// What was given, shortened.
        path: String,
        /// The nearest that may be changed, if one is near.
        nearest: Option<String>,
    },
    /// It stays what it was registered as.
    #[error("{path} stays as it was registered; register another")]
    Immutable {
        /// Which.
        path: &'static str,
    },
    /// It is changed by verbs.
    #[error("{path} is changed by verbs only; use the verb")]
    OutputOnly {
        /// Which.
        path: &'static str,
    },
    /// Everything at once.
    #[error("* would reset what the caller does not know of; name the fields")]
    Wildcard,
    /// One field twice.
    #[error("{path} stands there twice; name it once")]
    Twice {
        /// Which.
        path: &'static str,
    },
}

fn did_you_mean(nearest: Option<&String>) -> String {
    nearest.map_or_else(String::new, |nearest| format!(" (did you mean {nearest}?)"))
}

/// Why corners bound no area.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AreaProblem {
    /// Of a polygon.
    #[error(transparent)]
    Polygon(PolygonFault),
    /// Of a box.
    #[error(transparent)]
    Box(BoxFault),
}

/// What is wrong with a field of a message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ArgumentProblem {
    /// The domain would refuse it too.
    #[error(transparent)]
    Domain(FieldProblem),
    /// Not a resource name of the kind wanted.
    #[error(transparent)]
    Name(IdError),
    /// A number that the enum does not have.
    #[error("is {got}, which this enum does not have")]
    UnknownEnum {
        /// The number.
        got: i32,
    },
    /// Not a number, or infinite.
    #[error("must be a finite number")]
    NotFinite,
    /// Exactly 0,0.
    #[error("0,0 is what a receiver without a fix sends; send nothing then")]
    NoFix,
    /// Degrees that are not on the Earth.
    #[error("must lie within -{max} and {max} degrees")]
    OffTheEarth {
        /// The largest absolute value.
        max: u32,
    },
    /// A `Timestamp` outside of its own definition.
    #[error("is not a timestamp: seconds within the years 1 to 9999, nanos within 0 and 999999999")]
    NotATimestamp,
    /// A `Duration` that is negative, too long or malformed.
    #[error("is not a length of time here: 0 to {max_s} seconds, nanos within 0 and 999999999")]
    NotADuration {
        /// The longest allowed.
        max_s: u32,
    },
}

impl ServiceError {
    /// A field whose value the domain would refuse too.
    #[must_use]
    pub fn field(field: impl Into<String>, problem: FieldProblem) -> ServiceError {
        ServiceError::argument(field, ArgumentProblem::Domain(problem))
    }

    /// A field that is wrong by itself.
    #[must_use]
    pub fn argument(field: impl Into<String>, problem: ArgumentProblem) -> ServiceError {
        ServiceError::Field { field: field.into(), problem }
    }

    /// The same with the field named within the resource that the message carries, as the message names it.
    #[must_use]
    pub fn within(self, resource: &str) -> ServiceError {
        match self {
            ServiceError::Submit(SubmitError::Rejected(Rejection::InvalidField { field, problem })) => {
                ServiceError::field(format!("{resource}.{field}"), problem)
            }
            ServiceError::Submit(SubmitError::Rejected(Rejection::InvalidItem {
                list,
                index,
                field,
                problem,
            })) => ServiceError::field(format!("{resource}.{list}[{index}].{field}"), problem),
            other => other,
        }
    }

    /// A field that must be given.
    #[must_use]
    pub fn required(field: impl Into<String>) -> ServiceError {
        ServiceError::field(field, FieldProblem::Required)
    }
}

impl From<Rejection> for ServiceError {
    fn from(rejection: Rejection) -> ServiceError {
        ServiceError::Submit(SubmitError::Rejected(rejection))
    }
}
