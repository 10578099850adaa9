//! Which vehicle: what it may pass and how fast it goes.

use super::way::{Access, RoadClass, SpeedSource, Way};
use crate::units::Kilograms;
use std::fmt;

/// A kind of vehicle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Profile {
    /// High-standard ambulance on an emergency run.
    Ambulance,
    /// Car that brings a physician, on an emergency run.
    DoctorCar,
    /// Lorry of 4 t payload.
    Lorry4t,
    /// Lorry of 10 t payload.
    Lorry10t,
}

/// What a profile is made of.
#[derive(Clone, Copy, Debug)]
struct Vehicle {
    /// Without mirrors, decimetres, rounded up.
    width_dm: u16,
    /// Laden.
    mass_kg: Kilograms,
    /// Of the limit, in hundredths.
    speed_percent: u32,
    /// At most, on roads for motor vehicles alone.
    expressway_kmh_max: u32,
    /// At most, elsewhere.
    ordinary_kmh_max: u32,
    /// Whether it may use what is open to emergency vehicles alone.
    is_emergency: bool,
    /// Whether signs for large lorries mean it.
    is_large: bool,
}

/// Width 1.9 m and 3.3 t laden: planning values, high-standard ambulances in service. 100 and 80 km/h: Order for
/// Enforcement of the Road Traffic Act, article 12, emergency vehicles. A tenth above the limit: planning value, what
/// free lanes gain and red lights cost.
const AMBULANCE: Vehicle = Vehicle {
    width_dm: 19,
    mass_kg: 3_300,
    speed_percent: 110,
    expressway_kmh_max: 100,
    ordinary_kmh_max: 80,
    is_emergency: true,
    is_large: false,
};

/// Width 1.85 m and 2.2 t: planning values for a large passenger car; limits as an ambulance. A little faster than an
/// ambulance, since nobody lies in it: planning value.
const DOCTOR_CAR: Vehicle = Vehicle { mass_kg: 2_200, speed_percent: 115, ..AMBULANCE };

/// Width 2.3 m and 7.9 t laden: planning values for a medium lorry (below 8 t by class). Expressway limit 100 km/h below
/// 8 t and 60 km/h elsewhere: articles 27 and 11 of the same order. Nine tenths of the limit: planning value.
const LORRY_4T: Vehicle = Vehicle {
    width_dm: 23,
    mass_kg: 7_900,
    speed_percent: 90,
    expressway_kmh_max: 100,
    ordinary_kmh_max: 60,
    is_emergency: false,
    is_large: false,
};

/// Width 2.5 m and 20 t: the most that the Order on Vehicle Limits, article 3, allows on any road. 90 km/h on
/// expressways: article 27, large lorries since 2024-04-01. Eight and a half tenths of the limit: planning value.
const LORRY_10T: Vehicle = Vehicle {
    width_dm: 25,
    mass_kg: 20_000,
    speed_percent: 85,
    expressway_kmh_max: 90,
    ordinary_kmh_max: 60,
    is_emergency: false,
    is_large: true,
};

impl Profile {
    /// Every profile.
    pub const ALL: [Profile; 4] =
        [Profile::Ambulance, Profile::DoctorCar, Profile::Lorry4t, Profile::Lorry10t];

    /// The word to type.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Profile::Ambulance => "ambulance",
            Profile::DoctorCar => "doctor-car",
            Profile::Lorry4t => "lorry-4t",
            Profile::Lorry10t => "lorry-10t",
        }
    }

    /// How fast it goes along `way`, in hundredths of km/h, rounded down; 0 where it may not or cannot pass.
    ///
    /// A width or a mass limit that the map does not state holds nobody back.
    #[must_use]
    pub fn speed_ckmh(self, way: &Way) -> u32 {
        let vehicle = self.vehicle();
        let is_admitted = match way.access {
            Access::Open => true,
            Access::NoLargeLorry => !vehicle.is_large,
            Access::EmergencyOnly => vehicle.is_emergency,
        };
        let is_wide_enough = way.width_dm.is_none_or(|width_dm| width_dm >= vehicle.width_dm);
        let carries = way.mass_limit_kg.is_none_or(|limit_kg| limit_kg >= vehicle.mass_kg);
        if !is_admitted || !is_wide_enough || !carries {
            return 0;
        }
        let max_kmh = match way.class {
            // A ship does not hurry for anyone; what is driven already holds what lights and bends cost.
            RoadClass::Ferry => return u32::from(way.speed_kmh) * 100,
            _ if way.speed_source == SpeedSource::FreeFlow && vehicle.is_emergency => {
                return u32::from(way.speed_kmh) * 100;
            }
            RoadClass::Motorway | RoadClass::MotorwayLink => vehicle.expressway_kmh_max,
            _ => vehicle.ordinary_kmh_max,
        };
        let percent = if way.speed_source == SpeedSource::FreeFlow { 100 } else { vehicle.speed_percent };
        (u32::from(way.speed_kmh) * percent).min(max_kmh * 100)
    }

    fn vehicle(self) -> Vehicle {
        match self {
            Profile::Ambulance => AMBULANCE,
            Profile::DoctorCar => DOCTOR_CAR,
            Profile::Lorry4t => LORRY_4T,
            Profile::Lorry10t => LORRY_10T,
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vehicle_goes_only_where_it_fits_and_may() {
        let narrow = Way { width_dm: Some(22), ..Way::plain(RoadClass::Residential) };
        let weak = Way { mass_limit_kg: Some(5_000), ..Way::plain(RoadClass::Tertiary) };
        let gate = Way { access: Access::EmergencyOnly, ..Way::plain(RoadClass::Service) };
        let calm = Way { access: Access::NoLargeLorry, ..Way::plain(RoadClass::Secondary) };
        let passing = |way: &Way| Profile::ALL.map(|profile| profile.speed_ckmh(way) > 0);
        assert_eq!(passing(&narrow), [true, true, false, false]);
        assert_eq!(passing(&weak), [true, true, false, false]);
        assert_eq!(passing(&gate), [true, true, false, false]);
        assert_eq!(passing(&calm), [true, true, true, false]);
        assert_eq!(passing(&Way::plain(RoadClass::Motorway)), [true; 4]);
    }

    #[test]
    fn nobody_is_planned_above_the_law() {
        let fast = Way { speed_kmh: 120, ..Way::plain(RoadClass::Motorway) };
        assert_eq!(Profile::ALL.map(|profile| profile.speed_ckmh(&fast)), [10_000, 10_000, 10_000, 9_000]);
        let ordinary = Way { speed_kmh: 80, ..Way::plain(RoadClass::Trunk) };
        assert_eq!(Profile::ALL.map(|profile| profile.speed_ckmh(&ordinary)), [8_000, 8_000, 6_000, 6_000]);
    }
}
