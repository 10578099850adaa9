//! The figures that rankings are worked out with, where no asset or place has its own.

use crate::allocator::ranking::{Permission, Policy as RankingPolicy};
use crate::units::{Metres, Seconds};

/// The policy of a space. The defaults are those of peace time; a scenario states its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Policy {
    /// From all being at the site to the flight crew's care.
    pub hand_over_s: Seconds,
    /// The whole stop on the scene.
    pub on_scene_s: Seconds,
    /// From the call to lift-off of an aircraft that stands ready; used for the reach of cover.
    pub start_s: Seconds,
    /// The stop at a hospital before the aircraft flies home.
    pub hospital_stop_s: Seconds,
    /// From landing at home to cover again, for the price of cover.
    pub turn_around_s: Seconds,
    /// Flight time that must be left at the last landing.
    pub reserve_s: Seconds,
    /// How much of its endurance an aircraft is planned with.
    pub usable_endurance_s: Seconds,
    /// A whole mission where nothing better is known.
    pub cycle_s: Seconds,
    /// The ambulance loads before it leaves the patient's place.
    pub loading_s: Seconds,
    /// Landing sites that a ranking looks at.
    pub sites_max: usize,
    /// How far from the patient they may lie.
    pub site_radius_m: Metres,
    /// Hospitals that a ranking looks at.
    pub hospitals_max: usize,
    /// How long the confirmation of a landing site counts.
    pub confirmation_ttl_s: Seconds,
    /// Most wind on a roof, metres per second.
    pub roof_wind_max_mps: u32,
    /// From the call until an ambulance drives.
    pub ambulance_turnout_s: Seconds,
    /// From the call until a doctor car drives.
    pub doctor_car_turnout_s: Seconds,
    /// A call that waits longer counts in the cover price.
    pub cover_wait_s: Seconds,
    /// Seconds of care time that 1/1000 call of cover price outweighs; none: cover only breaks ties.
    pub trade_s: Option<Seconds>,
    /// Whether an airborne aircraft may be taken off its mission; a person then decides, never a standing order.
    pub retask: Permission,
    /// How long a base has to answer.
    pub answer_s: Seconds,
}

impl Default for Policy {
    /// What the ranking itself has is the ranking's ([`RankingPolicy::default`]); the rest are planning values of the
    /// drill data, stated in its `SOURCES.md`.
    fn default() -> Policy {
        let ranking = RankingPolicy::default();
        Policy {
            hand_over_s: ranking.hand_over_s,
            on_scene_s: ranking.on_scene_s,
            start_s: ranking.start_s,
            hospital_stop_s: ranking.hospital_stop_s,
            turn_around_s: ranking.turn_around_s,
            reserve_s: ranking.reserve_s,
            usable_endurance_s: 7_200,
            cycle_s: 3_600,
            loading_s: 480,
            sites_max: 16,
            site_radius_m: 10_000,
            hospitals_max: 32,
            confirmation_ttl_s: 365 * 86_400,
            roof_wind_max_mps: 15,
            ambulance_turnout_s: 60,
            doctor_car_turnout_s: 300,
            cover_wait_s: ranking.cover_wait_s,
            trade_s: ranking.trade_s,
            retask: Permission::Allowed,
            answer_s: 180,
        }
    }
}
