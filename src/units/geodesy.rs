//! Great-circle distances on integers: the same metres on every machine.
//!
//! A [`UnitVector`] is worked out once per place (four calls of `libm`); each distance after that is a few
//! multiplications and one square root, all exactly rounded by IEEE 754.

use super::{Metres, Position, Seconds, UNREACHABLE};

/// Mean radius of the Earth, metres (IUGG, R1).
const EARTH_RADIUS_M: f64 = 6_371_008.8;
/// Fixed-point one of a [`UnitVector`]: 2^30, so a step is 6 mm on the ground.
const ONE: f64 = 1_073_741_824.0;
/// Squared chord up to which the series below errs by less than 1 cm (about 1,400 km).
const SERIES_CHORD2_MAX: f64 = 0.05;

/// A place as a point on the unit sphere, in units of 2^-30.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitVector {
    /// Towards 0° N 0° E.
    pub x: i32,
    /// Towards 0° N 90° E.
    pub y: i32,
    /// Towards the north pole.
    pub z: i32,
}

impl From<Position> for UnitVector {
    fn from(position: Position) -> UnitVector {
        let (lat, lon) = position.degrees();
        let (lat, lon) = (lat.to_radians(), lon.to_radians());
        let scaled = |v: f64| libm::round(v * ONE) as i32;
        UnitVector {
            x: scaled(libm::cos(lat) * libm::cos(lon)),
            y: scaled(libm::cos(lat) * libm::sin(lon)),
            z: scaled(libm::sin(lat)),
        }
    }
}

/// Great-circle distance, rounded to the nearest metre.
///
/// # Complexity
/// Constant: one square root; one `asin` beyond 1,400 km.
#[must_use]
pub fn distance_m(a: UnitVector, b: UnitVector) -> Metres {
    libm::round(EARTH_RADIUS_M * angle(a, b)) as Metres
}

/// Great-circle distance in centimetres, for roads drawn as many short lines: rounding each of them to a metre would
/// add up. Each is right to about a centimetre, the step of a [`UnitVector`].
#[must_use]
pub fn distance_cm(a: UnitVector, b: UnitVector) -> u32 {
    libm::round(100.0 * EARTH_RADIUS_M * angle(a, b)) as u32
}

/// The angle between two places seen from the centre of the Earth.
fn angle(a: UnitVector, b: UnitVector) -> f64 {
    let d = |p: i32, q: i32| (f64::from(p) - f64::from(q)) / ONE;
    let (dx, dy, dz) = (d(a.x, b.x), d(a.y, b.y), d(a.z, b.z));
    let chord2 = dx * dx + dy * dy + dz * dz;
    let chord = chord2.sqrt();
    if chord2 <= SERIES_CHORD2_MAX {
        // 2 asin(c/2) = c + c^3/24 + 3 c^5/640 + 5 c^7/7168 + ...
        chord * (1.0 + chord2 * (1.0 / 24.0 + chord2 * (3.0 / 640.0 + chord2 * (5.0 / 7168.0))))
    } else {
        2.0 * libm::asin((chord / 2.0).min(1.0))
    }
}

/// Seconds to cover `distance_m` at `speed_kmh`, rounded up; [`UNREACHABLE`] at no speed.
#[must_use]
pub fn travel_s(distance_m: Metres, speed_kmh: u32) -> Seconds {
    if speed_kmh == 0 {
        return UNREACHABLE;
    }
    let seconds = (u64::from(distance_m) * 36).div_ceil(u64::from(speed_kmh) * 10);
    u32::try_from(seconds).unwrap_or(UNREACHABLE).min(UNREACHABLE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lat: f64, lon: f64) -> UnitVector {
        Position::from_degrees(lat, lon).unwrap().into()
    }

    #[test]
    fn osaka_to_tottori_is_146_km() {
        // Haversine distance 146,117.9 m at R = 6,371,008.8 m, worked out independently.
        let metres = distance_m(at(34.6937, 135.5023), at(35.5011, 134.2351));
        assert!(metres.abs_diff(146_118) <= 1, "{metres}");
    }

    #[test]
    fn the_series_meets_the_arc_sine_where_they_change_over() {
        let here = at(0.0, 0.0);
        for lon in [0.0, 0.000_01, 1.0, 12.7, 12.9, 60.0, 120.0, 180.0] {
            let exact = EARTH_RADIUS_M * f64::to_radians(lon);
            let metres = f64::from(distance_m(here, at(0.0, lon)));
            // Two points on opposite sides lose digits in the chord; elsewhere half a metre is rounding.
            let allowed = if lon > 170.0 { 1_000.0 } else { 0.6 };
            assert!((metres - exact).abs() <= allowed, "{lon}: {metres} against {exact}");
        }
    }

    #[test]
    fn fifty_kilometres_at_planning_speed_take_a_quarter_of_an_hour() {
        assert_eq!(travel_s(50_000, 200), 900);
        assert_eq!(travel_s(1, 200), 1);
        assert_eq!(travel_s(1, 0), UNREACHABLE);
        assert_eq!(travel_s(u32::MAX, 1), UNREACHABLE);
    }
}
