//! The figures of a scenario that decisions are worked out with: `[policy.*]` of `scenario.toml`.
//!
//! The file states minutes, days and metres a second, as its sources do; here they stand in the units of the core.
//! Metres a second become km/h rounded down.

use crate::units::{Metres, Seconds};

/// Every figure of the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Policy {
    /// `[policy.flight]`.
    pub flight: FlightPolicy,
    /// `[policy.scene]`.
    pub scene: ScenePolicy,
    /// `[policy.weather]`.
    pub weather: WeatherPolicy,
    /// `[policy.ground]`.
    pub ground: GroundPolicy,
    /// `[policy.cover]`.
    pub cover: CoverPolicy,
    /// `[policy.protocol]`.
    pub protocol: ProtocolPolicy,
}

/// Flying.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FlightPolicy {
    /// From the ask to lift-off, in the daylight rule (`start_min`).
    pub start_s: Seconds,
    /// On the scene, in the daylight rule (`on_scene_min`).
    pub on_scene_s: Seconds,
    /// Fuel that must be left at the end (`fuel_reserve_min`).
    pub fuel_reserve_s: Seconds,
    /// What of an endurance is planned with (`usable_endurance_min`).
    pub usable_endurance_s: Seconds,
    /// From landing at the base to ready again (`turn_round_min`).
    pub turn_round_s: Seconds,
    /// How long a crew may be on duty in a day, from the beginning of its hours (`crew_duty_limit_min`).
    pub crew_duty_s_max: Seconds,
    /// A whole mission where nothing better is known: hours until cover returns (`default_cycle_min`).
    pub default_cycle_s: Seconds,
}

/// On the scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ScenePolicy {
    /// Handing the patient over (`handover_min`).
    pub handover_s: Seconds,
    /// The support crew makes a landing site safe (`securing_min`).
    pub securing_s: Seconds,
    /// The ambulance loads before it leaves for the landing site (`ambulance_loading_min`).
    pub ambulance_loading_s: Seconds,
    /// Landing sites that a ranking looks at.
    pub site_candidates_max: u32,
    /// How far from the scene they may lie.
    pub site_search_radius_m: Metres,
    /// Hospitals that a ranking looks at.
    pub hospital_candidates_max: u32,
    /// How long the confirmation of a landing site counts (`site_confirmation_ttl_days`).
    pub site_confirmation_ttl_s: Seconds,
}

/// Weather limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WeatherPolicy {
    /// Least visibility.
    pub visibility_min_m: Metres,
    /// Least cloud base.
    pub ceiling_min_m: Metres,
    /// Most wind, km/h (`wind_max_m_s`).
    pub wind_max_kmh: u32,
    /// Most wind on a roof, km/h (`wind_max_roof_m_s`).
    pub wind_max_roof_kmh: u32,
}

/// Going by road.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GroundPolicy {
    /// From the call until an ambulance drives.
    pub ambulance_turnout_s: Seconds,
    /// From the call until a doctor car drives.
    pub doctor_car_turnout_s: Seconds,
}

/// What it costs to send an aircraft away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CoverPolicy {
    /// A call that waits longer counts (`threshold_min`).
    pub threshold_s: Seconds,
    /// Thousandths of a call that outweigh one minute to care, at most sixty; 0: minutes first.
    pub trade_rate_permille_per_min: u32,
}

/// Asking and holding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ProtocolPolicy {
    /// How long a base has to answer.
    pub answer_within_s: Seconds,
}
