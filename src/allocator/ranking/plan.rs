//! The answer: candidates in order, everyone else with reasons and the smallest change that would admit them.
//!
//! Absent on purpose: prose (`reason` holds the closed enums that both languages render from). All times are seconds from [`Problem::at`](super::Problem::at).

use super::problem::*;
use super::reason::*;
use crate::units::Seconds;

/// How the patient goes on from the scene.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Transport {
    /// In the aircraft to this hospital's pad.
    ByAir {
        /// A forecast: on the scene it is chosen again and asked.
        hospital: HospitalIdx,
    },
    /// By ground ambulance to this hospital; the aircraft flies home. Only where no hospital fits by air.
    ByRoad {
        /// A forecast: on the scene it is chosen again and asked.
        hospital: HospitalIdx,
    },
}

impl Transport {
    /// The receiving hospital.
    #[must_use]
    pub fn hospital(self) -> HospitalIdx {
        match self {
            Transport::ByAir { hospital } | Transport::ByRoad { hospital } => hospital,
        }
    }
}

/// What happens when, in seconds from [`Problem::at`](super::Problem::at).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Timeline {
    /// Aircraft and crew are ready.
    pub ready_s: Seconds,
    /// Lift-off: ready, and service and daylight have begun.
    pub lift_off_s: Seconds,
    /// The aircraft is over the site.
    pub at_site_s: Seconds,
    /// The site is secured.
    pub secured_s: Seconds,
    /// The aircraft stands on the site: over it, and it is secured.
    pub landed_s: Seconds,
    /// The ambulance with the patient is at the site.
    pub ambulance_at_site_s: Seconds,
    /// The flight crew has taken the patient over.
    pub handed_over_s: Seconds,
    /// Care as the request means it: hand-over on a scene call, arrival at the hospital on a transfer.
    pub care_s: Seconds,
    /// The aircraft leaves the scene.
    pub depart_scene_s: Seconds,
    /// The patient is at the hospital's door.
    pub at_hospital_s: Seconds,
    /// The aircraft lands at home.
    pub home_s: Seconds,
    /// The aircraft covers its area again: home and turn-around.
    pub cover_back_s: Seconds,
}

/// What is left to each limit; `None` where the limit does not apply. Negative is by how much it is broken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Margins {
    /// From lift-off to the end of the hours of service.
    pub service_s: Option<i32>,
    /// From care to when it is due.
    pub due_s: Option<i32>,
    /// From landing at home to the last landing by daylight.
    pub daylight_s: Option<i32>,
    /// From landing at home to the end of the crew's duty.
    pub duty_s: Option<i32>,
    /// From landing at home to the next outage in the calendar.
    pub outage_s: Option<i32>,
    /// From landing at home to the end of the offer.
    pub offer_s: Option<i32>,
    /// Flight time left to the pilot after the mission.
    pub flight_s: Option<i32>,
    /// Range left beyond the reserve.
    pub range_m: Option<i32>,
    /// Endurance left beyond the reserve.
    pub endurance_s: Option<i32>,
    /// Way left to the agreement's longest.
    pub distance_m: Option<i32>,
    /// Flights left to the agreement this month, before this one.
    pub flights_left: Option<i32>,
    /// Aircraft that stay in the block beyond those that must, where any must.
    pub kept_at_home: Option<i32>,
    /// Seats left.
    pub seats: Option<i32>,
    /// Lying places left.
    pub stretchers: Option<i32>,
    /// Age that the fix may still reach.
    pub fix_s: Option<i32>,
    /// Least visibility of all places touched, above the minimum.
    pub visibility_m: Option<i32>,
    /// Least ceiling of all places touched, above the minimum.
    pub ceiling_m: Option<i32>,
    /// Strongest wind of all places touched, below the maximum.
    pub wind_mps: Option<i32>,
    /// Mass that the site would still bear.
    pub site_mass_kg: Option<i32>,
    /// Length that the site would still take.
    pub site_size_m: Option<i32>,
    /// Spots that stay free on the site.
    pub site_spots: Option<i32>,
    /// Time that the site's confirmation still counts.
    pub site_confirmation_s: Option<i32>,
    /// Mass that the hospital's pad would still bear.
    pub pad_mass_kg: Option<i32>,
    /// Length that the hospital's pad would still take.
    pub pad_size_m: Option<i32>,
    /// Wind that the hospital's pad would still bear.
    pub pad_wind_mps: Option<i32>,
    /// Beds left at the hospital.
    pub beds: Option<i32>,
}

/// An aircraft that can go, at its best site and hospital.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Candidate {
    /// Which.
    pub aircraft: AircraftIdx,
    /// Where it lands.
    pub site: SiteIdx,
    /// How the patient goes on.
    pub transport: Transport,
    /// Place in the agreement, 0 first.
    pub tier: u32,
    /// Whole minutes to care, rounded up.
    pub care_min: u32,
    /// Expected calls, in 1/1000, that wait longer than the policy's 30 min because of the choice.
    pub cover_price: u64,
    /// What happens when.
    pub timeline: Timeline,
    /// What is left to each limit.
    pub margins: Margins,
    /// What a person should know, sorted.
    pub warnings: Vec<Warning>,
}

/// An aircraft that can go, but ranks after the last candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Outranked {
    /// Which.
    pub aircraft: AircraftIdx,
    /// Where it would land.
    pub site: SiteIdx,
    /// How the patient would go on.
    pub transport: Transport,
    /// Place in the agreement, 0 first.
    pub tier: u32,
    /// Care, as in [`Timeline::care_s`].
    pub care_s: Seconds,
    /// Whole minutes to care, rounded up.
    pub care_min: u32,
}

/// The site and hospital at which the fewest changes would admit an aircraft that is ruled out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NearMiss {
    /// Where it would land.
    pub site: SiteIdx,
    /// How the patient would go on.
    pub transport: Transport,
    /// What would happen when.
    pub timeline: Timeline,
    /// What is left to each limit, and by how much the broken ones are broken.
    pub margins: Margins,
}

/// An aircraft that cannot go.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RuledOut {
    /// Which.
    pub aircraft: AircraftIdx,
    /// Its best site and hospital; `None` where there is none to choose from.
    pub near_miss: Option<NearMiss>,
    /// Every reason there, sorted; never empty.
    pub reasons: Vec<Reason>,
    /// The smallest change that would admit it: one entry, or several that are needed together. Sorted.
    pub changes: Vec<Change>,
}

/// Where a ground unit's patient meets care.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CareAt {
    /// Where the patient is: the unit brings the clinical skills that are needed.
    Scene,
    /// At the hospital's door.
    Hospital,
}

/// A ground unit that can go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GroundCandidate {
    /// Which.
    pub unit: GroundIdx,
    /// Where the patient meets care.
    pub care_at: CareAt,
    /// It leaves.
    pub leave_s: Seconds,
    /// It is with the patient.
    pub at_scene_s: Seconds,
    /// It leaves the scene.
    pub depart_scene_s: Seconds,
    /// Care.
    pub care_s: Seconds,
    /// Whole minutes to care, rounded up.
    pub care_min: u32,
    /// The receiving hospital, a forecast; `None`: none can be reached by road.
    pub hospital: Option<HospitalIdx>,
    /// The patient is at its door.
    pub at_hospital_s: Option<Seconds>,
    /// What was asked for and it cannot do (a hoist, say).
    pub lacks: Capabilities,
}

/// A ground unit that cannot go.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct GroundRuledOut {
    /// Which.
    pub unit: GroundIdx,
    /// Every reason, sorted; never empty.
    pub reasons: Vec<GroundReason>,
    /// The changes that are needed together, sorted.
    pub changes: Vec<GroundChange>,
}

/// Who could be sent, seen from far away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// At least one aircraft can go.
    Aircraft,
    /// No aircraft, but a ground unit.
    GroundOnly,
    /// Nobody can help: an answer, not an error. The reasons stand beside it.
    Unfilled,
}

/// One line of the list that a dispatcher sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InOrder<'a> {
    /// An aircraft.
    Aircraft(&'a Candidate),
    /// A ground unit.
    Ground(&'a GroundCandidate),
}

/// The answer. Every aircraft is in exactly one of the first three lists, every ground unit in one of the last two.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Plan {
    /// The best, best first.
    pub candidates: Vec<Candidate>,
    /// Those that can go but rank after the last candidate, by index.
    pub outranked: Vec<Outranked>,
    /// Those that cannot go, by index.
    pub ruled_out: Vec<RuledOut>,
    /// Ground units that can go, earliest care first.
    pub ground: Vec<GroundCandidate>,
    /// Ground units that cannot go, by index.
    pub ground_ruled_out: Vec<GroundRuledOut>,
}

impl Plan {
    /// Who could be sent, seen from far away.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        if !self.candidates.is_empty() {
            Outcome::Aircraft
        } else if !self.ground.is_empty() {
            Outcome::GroundOnly
        } else {
            Outcome::Unfilled
        }
    }

    /// Aircraft and ground units in one list: the aircraft keep their order, each ground unit stands before the
    /// first aircraft that brings care in more whole minutes.
    #[must_use]
    pub fn in_order(&self) -> Vec<InOrder<'_>> {
        let mut ground = self.ground.iter().peekable();
        let mut list = Vec::with_capacity(self.candidates.len() + self.ground.len());
        for candidate in &self.candidates {
            while let Some(unit) = ground.next_if(|unit| unit.care_min < candidate.care_min) {
                list.push(InOrder::Ground(unit));
            }
            list.push(InOrder::Aircraft(candidate));
        }
        list.extend(ground.map(InOrder::Ground));
        list
    }
}
