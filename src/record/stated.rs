//! A ranking's problem with the names that its dense indices stand for.

use crate::allocator::ranking::Problem;
use crate::decision::model::{AgreementRule, Name};
use crate::id::{AssetId, HospitalId, NoFlyAreaId, OrganisationId, RequestId, SiteId, Slug, WeatherRegionId};
use crate::units::Seconds;

/// What is stored with a decision.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Stated {
    /// The problem.
    pub problem: Problem,
    /// What its indices stand for.
    pub names: Names,
    /// The request it was stated for; none for one that was only looked at.
    pub request: Option<RequestId>,
    /// The area whose agreement was used.
    pub area: Option<OrganisationId>,
    /// The agreement's rule.
    pub rule: Option<AgreementRule>,
    /// The agreement's text.
    pub clause: Name,
    /// The start of the ambulance that reaches the patient first, as far as the network knows.
    pub ambulance: Option<AssetId>,
    /// How the ambulance's way from its start to the patient is made up: straight to the network, on it, straight
    /// from it.
    pub ambulance_leg_s: [Seconds; 3],
}

/// What the indices of a problem stand for, list by list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Names {
    /// Of `aircraft`.
    pub aircraft: Vec<AssetId>,
    /// Of `sites`; none where a hospital's own pad is no registered landing site.
    pub sites: Vec<Option<SiteId>>,
    /// Of `hospitals`.
    pub hospitals: Vec<HospitalId>,
    /// Of `ground`.
    pub ground: Vec<AssetId>,
    /// Of `regions`.
    pub regions: Vec<WeatherRegionId>,
    /// Of `blocks`.
    pub blocks: Vec<Slug>,
    /// Of `areas`.
    pub areas: Vec<OrganisationId>,
    /// Of the areas that may not be flown through.
    pub no_fly: Vec<NoFlyAreaId>,
}
