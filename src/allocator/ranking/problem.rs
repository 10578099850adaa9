//! The question: everything that a ranking may look at, as a plain value.
//!
//! Absent on purpose: identifiers (the caller keeps a table from index to name), wall-clock times (all times
//! are seconds from [`Problem::at`]), degrees (places are [`UnitVector`]s, worked out once per place).

use super::air::Way;
use super::fleet::{Aircraft, Asked, Minima};
use crate::units::geodesy::UnitVector;
use crate::units::{Kilograms, Metres, Seconds, Timestamp};

/// An instant as signed seconds from [`Problem::at`]; negative is past.
pub type OffsetS = i32;

/// Defines a dense index, local to one [`Problem`].
macro_rules! dense_idx {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u16);

        impl $name {
            /// The place in its list.
            #[must_use]
            pub fn index(self) -> usize {
                usize::from(self.0)
            }

            /// The index of the `place`-th entry; lists of a valid problem are far shorter than 65,536.
            #[must_use]
            pub fn at(place: usize) -> $name {
                $name(u16::try_from(place).unwrap_or(u16::MAX))
            }
        }
    };
}

dense_idx! {
    /// A place in [`Problem::aircraft`].
    AircraftIdx
}
dense_idx! {
    /// A place in [`Problem::sites`].
    SiteIdx
}
dense_idx! {
    /// A place in [`Problem::hospitals`].
    HospitalIdx
}
dense_idx! {
    /// A place in [`Problem::ground`].
    GroundIdx
}
dense_idx! {
    /// A place in [`Problem::areas`].
    AreaIdx
}
dense_idx! {
    /// A place in [`Problem::regions`].
    RegionIdx
}
dense_idx! {
    /// An area that may not be flown through; only their number is in the problem, [`Problem::no_fly_count`].
    NoFlyIdx
}
dense_idx! {
    /// A place in [`Problem::blocks`].
    BlockIdx
}

/// What an aircraft or a ground unit can do, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Capabilities(pub u32);

impl Capabilities {
    /// A physician on board.
    pub const PHYSICIAN: Capabilities = Capabilities(1);
    /// A nurse on board.
    pub const NURSE: Capabilities = Capabilities(1 << 1);
    /// A stretcher can be carried.
    pub const STRETCHER: Capabilities = Capabilities(1 << 2);
    /// A hoist with its operator.
    pub const HOIST: Capabilities = Capabilities(1 << 3);
    /// An incubator and a crew trained for it.
    pub const NEONATAL: Capabilities = Capabilities(1 << 4);
    /// A rescue team.
    pub const RESCUE: Capabilities = Capabilities(1 << 5);
    /// Cargo by sling or in the cabin.
    pub const CARGO: Capabilities = Capabilities(1 << 6);
    /// Video to the ground, for a first look.
    pub const RECONNAISSANCE: Capabilities = Capabilities(1 << 7);
    /// Extracorporeal circulation during transport.
    pub const ECMO: Capabilities = Capabilities(1 << 8);
    /// The bits that care consists of: who brings them begins care where the patient is.
    pub const CLINICAL: Capabilities = Capabilities(1 | 1 << 1 | 1 << 4 | 1 << 8);

    /// What `needed` asks for and `self` does not have.
    #[must_use]
    pub fn missing(self, needed: Capabilities) -> Capabilities {
        Capabilities(needed.0 & !self.0)
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Capabilities) -> Capabilities {
        Capabilities(self.0 | other.0)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// What a hospital can treat, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Specialties(pub u32);

impl Specialties {
    /// Emergency and critical care centre.
    pub const CRITICAL_CARE: Specialties = Specialties(1);
    /// Multiple injuries.
    pub const TRAUMA: Specialties = Specialties(1 << 1);
    /// Stroke.
    pub const STROKE: Specialties = Specialties(1 << 2);
    /// Heart.
    pub const CARDIAC: Specialties = Specialties(1 << 3);
    /// Burns.
    pub const BURNS: Specialties = Specialties(1 << 4);
    /// Perinatal and newborn intensive care.
    pub const PERINATAL: Specialties = Specialties(1 << 5);
    /// Children.
    pub const PAEDIATRIC: Specialties = Specialties(1 << 6);
    /// Disaster base hospital.
    pub const DISASTER_BASE: Specialties = Specialties(1 << 7);
    /// Hyperbaric, poisoning and other rare means.
    pub const SPECIAL: Specialties = Specialties(1 << 8);

    /// What `needed` asks for and `self` does not have.
    #[must_use]
    pub fn missing(self, needed: Specialties) -> Specialties {
        Specialties(needed.0 & !self.0)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// What is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A patient in the field. Time to care ends when the flight crew has taken the patient over.
    #[default]
    SceneCall,
    /// A patient who lies in a hospital already. Care is what the receiving hospital gives, so time to care
    /// ends at its door; the sites are the sending hospital's pad and the landing sites near it,
    /// [`Site::ambulance_s`] is the way from the ward. The sending hospital is left out of the list.
    Transfer,
}

/// What must be on board and at the receiving hospital.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Needs {
    /// On board.
    pub capabilities: Capabilities,
    /// At the receiving hospital.
    pub specialties: Specialties,
    /// Beds at the receiving hospital.
    pub patients: u16,
    /// Lying places on board.
    pub stretchers: u16,
    /// Seats on board beyond the crew.
    pub seats: u16,
}

/// How the agreement in force for the asking area orders aircraft.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum CallOrder {
    /// The area's own aircraft come first; others follow as back-up.
    #[default]
    OwnFirst,
    /// Whoever is nearest, whoever owns it.
    NearestFirst,
    /// Own first, then the agreed list, place by place.
    OrderList,
}

/// Whether something may be done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Permission {
    /// It may.
    #[default]
    Allowed,
    /// It may not.
    Refused,
}

/// What an old fix means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum StaleRule {
    /// The aircraft is ruled out until somebody says where it is.
    #[default]
    Excluded,
    /// It may go; the age is shown.
    Flagged,
}

/// What a crew's rest means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RestRule {
    /// Rested and resting crews rank alike.
    #[default]
    Ignored,
    /// Within an agreement tier all rested crews come before all resting ones.
    PreferRested,
}

/// The rules in force, as figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Policy {
    /// How the agreement orders aircraft.
    pub call_order: CallOrder,
    /// From all being at the site to the flight crew's care.
    pub hand_over_s: Seconds,
    /// The whole stop on the scene, from meeting the patient to take-off; hand-over is part of it.
    pub on_scene_s: Seconds,
    /// From the call to lift-off of an aircraft that stands ready; used for the reach of cover.
    pub start_s: Seconds,
    /// The stop at a hospital before the aircraft flies home.
    pub hospital_stop_s: Seconds,
    /// From landing at home to ready again.
    pub turn_around_s: Seconds,
    /// Flight time, at planning speed, that must be left at the last landing.
    pub reserve_s: Seconds,
    /// How long the confirmation of a site counts; `None`: surveyed sites may be used unconfirmed (flagged).
    pub confirmation_ttl_s: Option<Seconds>,
    /// How old a fix may be.
    pub fix_age_max_s: Seconds,
    /// What an older one means.
    pub stale_fix: StaleRule,
    /// A call is covered by who can be there within this time (30 min in the union).
    pub cover_wait_s: Seconds,
    /// Seconds of care time that 1/1000 call of cover price outweighs; `None`: cover only breaks ties.
    pub trade_s: Option<Seconds>,
    /// Whether an airborne aircraft may be taken off its mission.
    pub retask: Permission,
    /// Whether a training flight may be recalled.
    pub recall: Permission,
    /// Whether the patient may go on by road while the aircraft flies home.
    pub road_transport: Permission,
    /// What a crew's rest means.
    pub rest: RestRule,
}

impl Default for Policy {
    /// Peace time: 2 min hand-over (planning value), 15 min on scene, 5 min start (domain facts 0.4, 1.2), 10 min at a
    /// hospital, 20 min turn-around and 20 min reserve (7.4), cover within 30 min (7.3).
    fn default() -> Policy {
        Policy {
            call_order: CallOrder::OwnFirst,
            hand_over_s: 120,
            on_scene_s: 900,
            start_s: 300,
            hospital_stop_s: 600,
            turn_around_s: 1_200,
            reserve_s: 1_200,
            confirmation_ttl_s: None,
            fix_age_max_s: 120,
            stale_fix: StaleRule::Excluded,
            cover_wait_s: 1_800,
            trade_s: None,
            retask: Permission::Allowed,
            recall: Permission::Allowed,
            road_transport: Permission::Allowed,
            rest: RestRule::Ignored,
        }
    }
}

/// A span of time with both ends known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Window {
    /// First instant inside.
    pub from_s: OffsetS,
    /// First instant after.
    pub until_s: OffsetS,
}

/// A span of time that may be open at either end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Span {
    /// First instant inside; `None`: long since begun.
    pub from_s: Option<OffsetS>,
    /// Last instant inside; `None`: no end.
    pub until_s: Option<OffsetS>,
}

/// Whether a landing site may be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SiteState {
    /// Surveyed and open.
    #[default]
    Open,
    /// Closed by its owner, by flood, parked cars or an order.
    Closed,
}

/// A landing site near the patient.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Site {
    /// Where.
    pub position: UnitVector,
    /// Its weather region.
    pub region: RegionIdx,
    /// Heaviest aircraft.
    pub mass_max_kg: Kilograms,
    /// Largest aircraft.
    pub size_max_m: Metres,
    /// Whether it may be used.
    pub state: SiteState,
    /// Since when somebody's confirmation stands; `None`: never confirmed.
    pub confirmed_age_s: Option<Seconds>,
    /// Whether it is lit.
    pub lit: bool,
    /// When the ambulance with the patient is there; [`crate::units::UNREACHABLE`]: no open road.
    pub ambulance_s: Seconds,
    /// When the support crew is there; 0 where somebody stands already, [`crate::units::UNREACHABLE`]: no open road.
    pub support_s: Seconds,
    /// What the support crew then needs; 0 for an airport or a hospital pad.
    pub securing_s: Seconds,
    /// Aircraft that fit at a time.
    pub spots: u16,
    /// Leases of others; each takes a spot for its window.
    pub leases: Vec<Window>,
}

/// Whether a hospital takes patients.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HospitalState {
    /// Yes.
    Accepting,
    /// Not asked yet; passes, and is flagged.
    #[default]
    Unknown,
    /// No.
    Refusing,
    /// Flooded, without power or otherwise out of use.
    Inundated,
}

/// Where a helicopter lands for a hospital.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Pad {
    /// Heaviest aircraft.
    pub mass_max_kg: Kilograms,
    /// Largest aircraft.
    pub size_max_m: Metres,
    /// Most wind on this pad, metres per second (15 for roofs, domain facts 7.1).
    pub wind_max_mps: u32,
    /// Whether it is lit.
    pub lit: bool,
    /// By road from the pad to the hospital's door; 0 on its own ground.
    pub drive_s: Seconds,
}

/// A hospital that may receive the patient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hospital {
    /// Where its pad is, or the hospital itself when it has none.
    pub position: UnitVector,
    /// Its weather region.
    pub region: RegionIdx,
    /// What it can treat.
    pub specialties: Specialties,
    /// Its landing place; `None`: by road only.
    pub pad: Option<Pad>,
    /// Whether it takes patients.
    pub state: HospitalState,
    /// Free beds; `None`: unknown.
    pub beds: Option<u16>,
    /// Wish of the caller, 0 first; counts after the minutes to care.
    pub preference: u8,
    /// By road from the patient's place; [`crate::units::UNREACHABLE`]: no open road.
    pub road_from_scene_s: Seconds,
}

/// Weather of a region, as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Weather {
    /// A report that still counts.
    Reported {
        /// Visibility.
        visibility_m: Metres,
        /// Ceiling; a clear sky is a high one.
        ceiling_m: Metres,
        /// Wind, gusts included, metres per second.
        wind_mps: u32,
        /// Icing on the legs.
        icing: bool,
        /// A thunderstorm within 10 km.
        thunderstorm: bool,
    },
    /// The last report is too old to count: flagged, judged by the pilot.
    Expired {
        /// Its age.
        age_s: Seconds,
    },
    /// No report: flagged, judged by the pilot.
    #[default]
    Unknown,
}

/// A kind of ground unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroundKind {
    /// Brings the patient to care.
    Ambulance,
    /// Brings a physician to the patient.
    DoctorCar,
}

/// What a ground unit does now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum GroundStatus {
    /// It can go.
    #[default]
    Available,
    /// On a call.
    Engaged,
    /// Not to be used.
    OutOfService,
    /// The scene lies outside the municipalities that it serves.
    OutsideArea,
}

/// An ambulance or a doctor car.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GroundUnit {
    /// What it is.
    pub kind: GroundKind,
    /// What it does now.
    pub status: GroundStatus,
    /// What became of an earlier ask for the same scene.
    pub asked: Asked,
    /// From now to leaving.
    pub ready_in_s: Seconds,
    /// By road to the patient; [`crate::units::UNREACHABLE`]: no open road.
    pub to_scene_s: Seconds,
    /// Hours of service: leaving must lie inside.
    pub service: Span,
    /// What it can do.
    pub capabilities: Capabilities,
}

/// An area whose calls are to be covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CoverArea {
    /// Its centre of population.
    pub position: UnitVector,
    /// Calls per 1,000 hours, at this hour of day and season.
    pub calls_per_1000_h: u32,
}

/// A block of members that must not be emptied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Block {
    /// How many others must stand ready in it when one is sent; 0 in normal mode.
    pub keep: u16,
}

/// Which helicopter, to which landing site, to which hospital.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Problem {
    /// The instant that all times count from.
    pub at: Timestamp,
    /// What is asked for.
    pub kind: Kind,
    /// What must be on board and at the hospital.
    pub needs: Needs,
    /// The only site to consider, if the caller chose one.
    pub pinned_site: Option<SiteIdx>,
    /// The only hospital to consider, if the caller chose one.
    pub pinned_hospital: Option<HospitalIdx>,
    /// The rules in force.
    pub policy: Policy,
    /// Care must have begun by then, as [`Timeline::care_s`](super::Timeline::care_s) counts it; `None`: as soon
    /// as can be.
    pub due_s: Option<OffsetS>,
    /// When it is dark at the scene: landings inside need light.
    pub darkness: Option<Window>,
    /// The helicopters.
    pub aircraft: Vec<Aircraft>,
    /// The landing sites.
    pub sites: Vec<Site>,
    /// The hospitals.
    pub hospitals: Vec<Hospital>,
    /// By road from each site to each hospital: sites × hospitals, row-major;
    /// [`crate::units::UNREACHABLE`]: no open road.
    pub road_s: Vec<Seconds>,
    /// The weather.
    pub regions: Vec<Weather>,
    /// The blocks.
    pub blocks: Vec<Block>,
    /// Ambulances and doctor cars.
    pub ground: Vec<GroundUnit>,
    /// The areas that count for the cover price.
    pub areas: Vec<CoverArea>,
    /// Legs that are not straight, each once, ascending; empty where every leg is the great circle at planning speed.
    pub ways: Vec<Way>,
    /// Weather minima that [`Leg::Onward`](super::Leg::Onward) tells apart.
    pub classes: Vec<Minima>,
    /// How many areas that may not be flown through are named in `ways`.
    pub no_fly_count: u16,
}

impl Problem {
    /// The places of the sites that may be chosen: the pinned one, or all.
    pub(crate) fn site_places(&self) -> std::ops::Range<usize> {
        pinned_or_all(self.pinned_site.map(SiteIdx::index), self.sites.len())
    }

    /// The places of the hospitals that may be chosen: the pinned one, or all.
    pub(crate) fn hospital_places(&self) -> std::ops::Range<usize> {
        pinned_or_all(self.pinned_hospital.map(HospitalIdx::index), self.hospitals.len())
    }

    /// By road from a site to a hospital.
    pub(crate) fn road_from_site_s(&self, site: SiteIdx, hospital: HospitalIdx) -> Seconds {
        self.road_s[site.index() * self.hospitals.len() + hospital.index()]
    }
}

fn pinned_or_all(pinned: Option<usize>, count: usize) -> std::ops::Range<usize> {
    match pinned {
        Some(place) => place..place + 1,
        None => 0..count,
    }
}
