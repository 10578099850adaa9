//! Landing sites and hospitals, and what is reported of them.

use super::{Capabilities, Name};
use crate::id::{HospitalId, OrganisationId, SiteId, WeatherRegionId};
use crate::units::{Kilograms, Metres, Position, Seconds, Timestamp};

/// A place where a helicopter may land.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Site {
    /// Its name in the ledgers.
    pub id: SiteId,
    /// Its name for people.
    pub name: Name,
    /// What it is.
    pub kind: SiteKind,
    /// Where it is.
    pub position: Position,
    /// JIS code of the municipality.
    pub municipality: u32,
    /// The region whose weather it has.
    pub region: WeatherRegionId,
    /// What it bears.
    pub mass_max_kg: Kilograms,
    /// The longest aircraft that it holds.
    pub size_max_m: Metres,
    /// How many aircraft at once.
    pub spots: u16,
    /// Whether there is fuel.
    pub fuel: bool,
    /// Time for the support crew to clear it, wet it against dust and hold people back.
    pub securing_s: Seconds,
    /// Whom to ring.
    pub telephone: String,
}

/// What a landing site is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SiteKind {
    /// Agreed beforehand as a meeting point of ambulance and helicopter (ランデブーポイント).
    Rendezvous,
    /// A hospital's pad.
    HospitalPad,
    /// An airport or public heliport.
    Airport,
    /// A base of helicopters.
    Base,
}

/// State of a landing site, as last reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SiteState {
    /// Surveyed and usable.
    Open,
    /// Not usable.
    Closed,
    /// Nobody has said.
    Unknown,
}

/// What was last said of a landing site.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SiteReport {
    /// Usable or not.
    pub state: SiteState,
    /// When somebody looked.
    pub confirmed_at: Timestamp,
    /// Anything the pilot should know.
    pub note: String,
}

/// A hospital that receives patients.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Hospital {
    /// Its name in the ledgers.
    pub id: HospitalId,
    /// Its name for people.
    pub name: Name,
    /// The body that answers for it.
    pub organisation: Option<OrganisationId>,
    /// Where it is.
    pub position: Position,
    /// The region whose weather it has.
    pub region: WeatherRegionId,
    /// What it can treat.
    pub capabilities: Capabilities,
    /// Where helicopters land, if they can.
    pub pad: Option<Pad>,
    /// Whom to ring.
    pub telephone: String,
}

/// A hospital's own landing place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pad {
    /// What it bears.
    pub mass_max_kg: Kilograms,
    /// The longest aircraft that it holds.
    pub size_max_m: Metres,
    /// On a roof, where the wind limit is lower.
    pub roof: bool,
    /// The landing site that stands for it in leases, if it is registered as one.
    pub site: Option<SiteId>,
}

/// State of a hospital, as last reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HospitalState {
    /// Takes patients.
    Accepting,
    /// Takes none.
    Refusing,
    /// Nobody has said.
    Unknown,
}

/// What was last said of a hospital.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HospitalReport {
    /// Takes patients or not.
    pub state: HospitalState,
    /// Free beds for emergencies, if said.
    pub beds_free: Option<u16>,
    /// When it was said.
    pub reported_at: Timestamp,
}
