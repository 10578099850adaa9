//! Weather, closures and areas that may not be flown through, as reported.

use crate::id::{NoFlyAreaId, StructureId, WeatherRegionId};
use crate::units::{Metres, Position, Timestamp};

/// A weather report of one region.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Weather {
    /// Where.
    pub region: WeatherRegionId,
    /// Visibility.
    pub visibility_m: Metres,
    /// Cloud base above ground.
    pub ceiling_m: Metres,
    /// Wind on the ground, km/h.
    pub wind_kmh: u32,
    /// Ice on the way.
    pub icing: bool,
    /// A thunderstorm within 10 km.
    pub thunderstorm: bool,
    /// When it was observed.
    pub observed_at: Timestamp,
    /// After this nobody should rely on it.
    pub expires_at: Timestamp,
}

/// What a member last said of a named structure of the road network.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Closure {
    /// Which.
    pub structure: StructureId,
    /// Closed, or open again.
    pub closed: bool,
    /// Why.
    pub note: String,
    /// When it is expected to open.
    pub expected_end: Option<Timestamp>,
    /// When this was said; the newest word of all members counts.
    pub said_at: Timestamp,
}

/// An area that may not be flown through for a time, between two heights, as a member reported it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NoFlyArea {
    /// Its name.
    pub id: NoFlyAreaId,
    /// Its corners, in either sense of rotation, the first not repeated.
    pub corners: Vec<Position>,
    /// Lowest height that is barred, metres above the sea.
    pub floor_m: Metres,
    /// Highest height that is barred.
    pub ceiling_m: Metres,
    /// First instant; in a command [`Timestamp::MIN`] for the time of the report.
    pub from: Timestamp,
    /// First instant after it; none while no end is known.
    pub until: Option<Timestamp>,
    /// Why: a fire, shells, a rescue by others.
    pub reason: String,
    /// Who says so: the number of the notice, the authority.
    pub source: String,
}

/// An area that a member reported, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NoFlyReport {
    /// As reported.
    pub area: NoFlyArea,
    /// When it was reported.
    pub reported_at: Timestamp,
    /// Set when it was lifted.
    pub lifted: Option<NoFlyLift>,
}

/// That an area may be flown through again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NoFlyLift {
    /// When this was said.
    pub at: Timestamp,
    /// Anything added.
    pub note: String,
}

impl NoFlyReport {
    /// Whether it was neither lifted nor has it ended at `at`; it may begin later.
    #[must_use]
    pub fn is_in_force(&self, at: Timestamp) -> bool {
        self.lifted.is_none() && self.area.until.is_none_or(|until| until > at)
    }
}
