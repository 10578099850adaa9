//! Weather and closures, as reported.

use crate::id::{StructureId, WeatherRegionId};
use crate::units::{Metres, Timestamp};

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
