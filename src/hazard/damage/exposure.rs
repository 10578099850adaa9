//! What an earthquake can hit, as values: places with people, hospitals, roads, landing sites, depots, bases.

use crate::hazard::shaking::ground::Site;
use crate::id::{DepotId, HospitalId, SiteId, Slug, StructureId};

/// Everything that is looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exposure {
    /// Municipalities, the wards of a city in its place; by code, each once.
    pub towns: Vec<TownFacts>,
    /// Hospitals.
    pub hospitals: Vec<HospitalFacts>,
    /// Roads, piece by piece.
    pub roads: Vec<RoadFacts>,
    /// Landing sites.
    pub sites: Vec<AssetFacts<SiteId>>,
    /// Depots and receiving points.
    pub depots: Vec<AssetFacts<DepotId>>,
    /// Bases of helicopters, by the site that they are at.
    pub bases: Vec<AssetFacts<SiteId>>,
}

/// A municipality or ward.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TownFacts {
    /// Its code.
    pub code: u32,
    /// The municipality that its people belong to: its own code, or the city's.
    pub municipality: u32,
    /// Where it is counted, and on what ground.
    pub site: Site,
    /// How many live there.
    pub population: u32,
}

/// A hospital.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HospitalFacts {
    /// Which.
    pub id: HospitalId,
    /// Where, and on what ground.
    pub site: Site,
    /// Its beds, where they are known.
    pub beds: Option<u32>,
}

/// Something at one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssetFacts<T> {
    /// Which.
    pub id: T,
    /// Where, and on what ground.
    pub site: Site,
}

/// A road between two places of the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoadFacts {
    /// From this place.
    pub from: Slug,
    /// To this one.
    pub to: Slug,
    /// Its middle, and on what ground that lies.
    pub site: Site,
    /// How long it is.
    pub length_m: u32,
    /// What kind of road.
    pub kind: RoadKind,
    /// The structure on it that has a name.
    pub structure: Option<StructureId>,
    /// What stands on it.
    pub on: RoadStructure,
}

/// Kinds of roads whose damage differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RoadKind {
    /// For cars alone; stopped until it was looked at.
    Expressway,
    /// A national road.
    Main,
    /// Every other one.
    Other,
}

/// What stands on a road.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RoadStructure {
    /// Nothing.
    Plain,
    /// A bridge.
    Bridge,
    /// A tunnel.
    Tunnel,
    /// A slope above or below it.
    Mountain,
}
