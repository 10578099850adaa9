//! Helicopters, as a ranking sees them.
//!
//! Absent on purpose: everything that one ranking does not need of an aircraft (its name, owner, equipment list).

use super::problem::{BlockIdx, Capabilities, OffsetS, RegionIdx, Span};
use crate::units::geodesy::UnitVector;
use crate::units::{Kilograms, Metres, Seconds};

/// How well the place of an aircraft is known. An aircraft that stands at home has a fix of age 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fix {
    /// Known since this long.
    Known {
        /// Age of the fix.
        age_s: Seconds,
    },
    /// Never heard of; [`Aircraft::position`] holds the home base instead.
    Missing,
}

/// Why an aircraft is out of service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OutageCause {
    /// Planned maintenance.
    Maintenance,
    /// No mechanic.
    NoMechanic,
    /// No pilot or no medical crew.
    NoCrew,
    /// A defect.
    Defect,
    /// The base cannot be used.
    Base,
    /// Grounded for weather by its pilot.
    Weather,
    /// Taken out by an order of its operator.
    Order,
}

/// What an aircraft does now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AircraftStatus {
    /// At home, ready; `ready_in_s` is the start-up.
    Ready,
    /// Training; `ready_in_s` holds the delay of the recall.
    Training,
    /// On a mission whose end is foreseen; `ready_in_s` is that end plus turn-around and start-up.
    FreeSoon,
    /// Airborne on a mission that may be broken off; `ready_in_s` is 0 or what the crew needs.
    Retaskable,
    /// On a mission whose end nobody can foresee.
    Engaged,
    /// Promised to somebody else until the hold ends.
    Held {
        /// When the hold ends by itself.
        until_s: OffsetS,
    },
    /// Not to be used.
    OutOfService {
        /// Why.
        cause: OutageCause,
        /// Planned end; `None`: nobody knows.
        until_s: Option<OffsetS>,
        /// Whether the calendar said so beforehand.
        planned: bool,
    },
}

/// What became of an earlier ask for the same scene.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Asked {
    /// None was made.
    #[default]
    NotYet,
    /// It is asked, or goes, for this scene already.
    Already,
    /// It declined for this scene.
    Declined,
    /// Its custodian held nothing for this scene: somebody else was faster, or it was not to be had.
    NotHeld,
    /// Nobody answered in time for this scene.
    Expired,
    /// It went for this scene and broke off.
    BrokeOff,
}

/// When it is light enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Daylight {
    /// Visual flight by day only.
    DayOnly {
        /// Earliest lift-off: sunrise at the base and its own margin.
        first_take_off_s: Option<OffsetS>,
        /// Last landing at home: sunset at the base minus its own margin.
        last_landing_s: Option<OffsetS>,
    },
    /// Crew and aircraft may fly by night between lit pads.
    NightCapable,
}

/// Who flies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Crew {
    /// Present.
    Present {
        /// When duty must have ended; `None`: no limit known to bind.
        duty_end_s: Option<OffsetS>,
        /// Flight time left to the pilot.
        flight_left_s: Option<Seconds>,
    },
    /// Nobody reported; passes, and is flagged.
    Unknown,
    /// Nobody there.
    Absent,
}

/// Weather below which this aircraft, with this crew, at this time of day, does not go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Minima {
    /// Least visibility.
    pub visibility_m: Metres,
    /// Least ceiling.
    pub ceiling_m: Metres,
    /// Most wind, gusts included, metres per second.
    pub wind_max_mps: u32,
}

impl Default for Minima {
    /// Visibility 5 km, ceiling 300 m, wind 20 m/s (domain facts 7.1).
    fn default() -> Minima {
        Minima { visibility_m: 5_000, ceiling_m: 300, wind_max_mps: 20 }
    }
}

/// Place of an aircraft in the agreement for the asking area.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StandingRank {
    /// The area's own.
    Own,
    /// Named by the agreement.
    Listed {
        /// Place in the list, 0 first; counts under `CallOrder::OrderList` only.
        order: u16,
    },
    /// No agreement covers it.
    None,
    /// The agreement, or its custodian's standing word, excludes this use.
    Refused,
}

/// What the agreement in force says of one aircraft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Standing {
    /// Its place.
    pub rank: StandingRank,
    /// Longest way from its home base to a site.
    pub distance_max_m: Option<Metres>,
    /// Flights that the agreement still allows in this month.
    pub flights_left: Option<u16>,
}

/// Whether the union may ask for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ownership {
    /// A member's.
    Union,
    /// Another agency's, volunteered for a time.
    Offered(Span),
    /// Another agency's, not volunteered.
    NotOffered,
}

/// A helicopter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Aircraft {
    /// Where its next flight begins: now at home, or where its mission ends, or in the air.
    pub position: UnitVector,
    /// How well `position` is known.
    pub fix: Fix,
    /// Where it goes back to, and whence it covers its area.
    pub home: UnitVector,
    /// Weather region of `position`.
    pub origin_region: RegionIdx,
    /// Weather region of `home`.
    pub home_region: RegionIdx,
    /// The block of members that must not be emptied.
    pub block: BlockIdx,
    /// What it does now.
    pub status: AircraftStatus,
    /// What became of an earlier ask for the same scene.
    pub asked: Asked,
    /// From now to lift-off, start-up included.
    pub ready_in_s: Seconds,
    /// Planning speed over ground, 200 km/h for a doctor helicopter (domain facts 1.2).
    pub speed_kmh: u32,
    /// Way that the fuel at lift-off carries it.
    pub range_m: Metres,
    /// Time that the fuel at lift-off keeps it in the air.
    pub endurance_s: Seconds,
    /// Seats beyond the crew.
    pub seats: u16,
    /// Lying places.
    pub stretchers: u16,
    /// What it can do.
    pub capabilities: Capabilities,
    /// Mass at landing.
    pub mass_kg: Kilograms,
    /// Overall length, rotor turning.
    pub size_m: Metres,
    /// Hours of service: lift-off must lie inside.
    pub service: Span,
    /// When it is light enough.
    pub daylight: Daylight,
    /// Beginning of the next outage in the calendar: it must be home by then.
    pub next_outage_s: Option<OffsetS>,
    /// Who flies.
    pub crew: Crew,
    /// End of the crew's rest after an earlier mission; `None`: rested.
    pub rest_until_s: Option<OffsetS>,
    /// Weather minima.
    pub minima: Minima,
    /// What the agreement says of it.
    pub standing: Standing,
    /// Whether the union may ask for it.
    pub ownership: Ownership,
    /// Share of the time, in 1/1000, in which a call for it meets it busy.
    pub busy_permille: u16,
}
