//! What the edges of one road have in common.

use crate::network::{Millis, StructureKind, UNREACHABLE_MS};
use std::fmt;
use std::sync::Arc;

/// The class of a road, in OpenStreetMap's words; the lower, the more important.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RoadClass {
    /// National and urban expressways.
    Motorway,
    /// Their ramps.
    MotorwayLink,
    /// National routes, and roads for motor vehicles alone that are no expressways.
    Trunk,
    /// Their ramps.
    TrunkLink,
    /// Main prefectural roads.
    Primary,
    /// Their ramps.
    PrimaryLink,
    /// Other prefectural roads.
    Secondary,
    /// Their ramps.
    SecondaryLink,
    /// Through roads of a municipality.
    Tertiary,
    /// Their ramps.
    TertiaryLink,
    /// Minor roads between places.
    Unclassified,
    /// Streets that people live in.
    Residential,
    /// Streets where walkers come first.
    LivingStreet,
    /// To a house, through a car park.
    Service,
    /// A road of which nobody said what it is.
    Road,
    /// A ship that takes vehicles.
    Ferry,
}

impl RoadClass {
    /// Every class, in the order of their numbers in files.
    pub const ALL: [RoadClass; 16] = [
        RoadClass::Motorway,
        RoadClass::MotorwayLink,
        RoadClass::Trunk,
        RoadClass::TrunkLink,
        RoadClass::Primary,
        RoadClass::PrimaryLink,
        RoadClass::Secondary,
        RoadClass::SecondaryLink,
        RoadClass::Tertiary,
        RoadClass::TertiaryLink,
        RoadClass::Unclassified,
        RoadClass::Residential,
        RoadClass::LivingStreet,
        RoadClass::Service,
        RoadClass::Road,
        RoadClass::Ferry,
    ];

    /// The value of the tag `highway`; a ferry has another tag.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            RoadClass::Motorway => "motorway",
            RoadClass::MotorwayLink => "motorway_link",
            RoadClass::Trunk => "trunk",
            RoadClass::TrunkLink => "trunk_link",
            RoadClass::Primary => "primary",
            RoadClass::PrimaryLink => "primary_link",
            RoadClass::Secondary => "secondary",
            RoadClass::SecondaryLink => "secondary_link",
            RoadClass::Tertiary => "tertiary",
            RoadClass::TertiaryLink => "tertiary_link",
            RoadClass::Unclassified => "unclassified",
            RoadClass::Residential => "residential",
            RoadClass::LivingStreet => "living_street",
            RoadClass::Service => "service",
            RoadClass::Road => "road",
            RoadClass::Ferry => "ferry",
        }
    }

    /// The drivable class of a value of `highway`.
    #[must_use]
    pub fn of_highway(value: &str) -> Option<RoadClass> {
        RoadClass::ALL.into_iter().find(|class| *class != RoadClass::Ferry && class.word() == value)
    }

    /// The speed limit taken where none is stated, km/h.
    ///
    /// Without signs the law sets 100 km/h on the main lanes of national expressways, 60 km/h on other roads, and since
    /// 2026-09-01 30 km/h on roads without a centre line (Order for Enforcement of the Road Traffic Act, articles 11 and
    /// 27). What is planning value instead: 80 on expressways, which the map does not tell from the urban ones signed
    /// with 60 to 80; 40 on ramps, the design speed of most; 50 and 40 on the classes whose roads mostly carry such
    /// signs; 20 where walkers come first and on the way to a house; 30 km/h (16 knots) on the sea.
    #[must_use]
    pub fn default_speed_kmh(self) -> u8 {
        match self {
            RoadClass::Motorway => 80,
            RoadClass::Trunk | RoadClass::Primary => 60,
            RoadClass::Secondary => 50,
            RoadClass::MotorwayLink | RoadClass::TrunkLink | RoadClass::PrimaryLink => 40,
            RoadClass::SecondaryLink | RoadClass::Tertiary | RoadClass::TertiaryLink => 40,
            RoadClass::Unclassified | RoadClass::Residential | RoadClass::Road | RoadClass::Ferry => 30,
            RoadClass::LivingStreet | RoadClass::Service => 20,
        }
    }
}

impl fmt::Display for RoadClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Where the speed of a way is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpeedSource {
    /// The map states it.
    Stated,
    /// [`RoadClass::default_speed_kmh`].
    ClassDefault,
    /// It is no limit but what is driven there without traffic, bends and hills included: the speed of an emergency
    /// vehicle.
    FreeFlow,
}

/// Who may use a way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// Every motor vehicle.
    Open,
    /// All but large lorries.
    NoLargeLorry,
    /// Ambulances and doctor cars alone.
    EmergencyOnly,
}

impl SpeedSource {
    /// Every value, in the order of their numbers in files.
    pub const ALL: [SpeedSource; 3] = [SpeedSource::ClassDefault, SpeedSource::Stated, SpeedSource::FreeFlow];
}

impl Access {
    /// Every value, in the order of their numbers in files.
    pub const ALL: [Access; 3] = [Access::Open, Access::NoLargeLorry, Access::EmergencyOnly];
}

/// Order of an emergency transport road, first to third.
///
/// Source: the Ministry of Land's emergency transport roads (National Land Numerical Information, N10): first order joins
/// prefectural capitals, ports and airports; second joins these to municipal offices and disaster bases; third the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EmergencyOrder {
    /// First.
    First,
    /// Second.
    Second,
    /// Third.
    Third,
}

impl EmergencyOrder {
    /// As 1 to 3.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            EmergencyOrder::First => 1,
            EmergencyOrder::Second => 2,
            EmergencyOrder::Third => 3,
        }
    }

    /// From 1 to 3.
    #[must_use]
    pub fn of_number(number: u64) -> Option<EmergencyOrder> {
        [EmergencyOrder::First, EmergencyOrder::Second, EmergencyOrder::Third]
            .into_iter()
            .find(|order| u64::from(order.number()) == number)
    }
}

/// The bridge or tunnel that a way is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WayStructure {
    /// Which kind.
    pub kind: StructureKind,
    /// Its own name, Japanese; the road's name is the way's.
    pub name_ja: Option<Arc<str>>,
    /// Its own name, English.
    pub name_en: Option<Arc<str>>,
}

/// A crossing whose time the map states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sailing {
    /// From quay to quay, milliseconds.
    pub duration_ms: Millis,
    /// Of the whole way, decimetres.
    pub length_dm: u32,
}

impl Sailing {
    /// The share of a piece of the way, rounded up.
    #[must_use]
    pub fn share_ms(self, length_dm: u32) -> Millis {
        let ms =
            (u64::from(self.duration_ms) * u64::from(length_dm)).div_ceil(u64::from(self.length_dm.max(1)));
        u32::try_from(ms).unwrap_or(UNREACHABLE_MS).min(UNREACHABLE_MS)
    }
}

/// What the edges of one road have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// Its OpenStreetMap number, for whoever looks it up there; 0 when the source has none.
    pub osm_id: i64,
    /// What kind of road.
    pub class: RoadClass,
    /// Speed, km/h: the limit, or what is driven.
    pub speed_kmh: u8,
    /// Where that is from.
    pub speed_source: SpeedSource,
    /// Who may use it.
    pub access: Access,
    /// Lanes of both directions, if stated.
    pub lanes: Option<u8>,
    /// Of the carriageway, decimetres, if stated.
    pub width_dm: Option<u16>,
    /// Vehicles heavier than this may not pass, kilograms.
    pub mass_limit_kg: Option<u32>,
    /// Whether it is shut every winter.
    pub closes_in_winter: bool,
    /// Whether it is not there until somebody opens it: a pontoon, a ferry for the time after. It has its place in the
    /// network in advance because opening a road is a matter of weights, and building one is not.
    pub is_reserved: bool,
    /// Whether it is an emergency transport road.
    pub emergency_order: Option<EmergencyOrder>,
    /// The time of a crossing, if stated.
    pub sailing: Option<Sailing>,
    /// The bridge or tunnel that it is.
    pub structure: Option<WayStructure>,
    /// Japanese name.
    pub name_ja: Option<Arc<str>>,
    /// English name.
    pub name_en: Option<Arc<str>>,
    /// Route number, such as 28 or E28.
    pub route_ref: Option<Arc<str>>,
}

impl Way {
    /// A way of which nothing but its class is known.
    #[must_use]
    pub fn plain(class: RoadClass) -> Way {
        Way {
            osm_id: 0,
            class,
            speed_kmh: class.default_speed_kmh(),
            speed_source: SpeedSource::ClassDefault,
            access: Access::Open,
            lanes: None,
            width_dm: None,
            mass_limit_kg: None,
            closes_in_winter: false,
            is_reserved: false,
            emergency_order: None,
            sailing: None,
            structure: None,
            name_ja: None,
            name_en: None,
            route_ref: None,
        }
    }

    /// Every text that it carries; ways share them.
    pub(super) fn names(&self) -> impl Iterator<Item = &Arc<str>> {
        let of_structure =
            self.structure.iter().flat_map(|structure| [&structure.name_ja, &structure.name_en]);
        [&self.name_ja, &self.name_en, &self.route_ref].into_iter().chain(of_structure).flatten()
    }
}
