//! Units of measure: integers with the unit in the name, the same on every machine.
//!
//! Absent on purpose: clocks, calendars, floating point. Degrees as `f64` appear only where a position
//! enters or leaves ([`Position::from_degrees`], [`Position::degrees`]).

pub mod geodesy;

use std::fmt;
use std::ops::{Add, Sub};

/// Spans of time, seconds.
pub type Seconds = u32;
/// Lengths, metres.
pub type Metres = u32;
/// Masses, kilograms.
pub type Kilograms = u32;

/// Seconds of travel where no path exists; half of the range, so that one addition cannot wrap.
pub const UNREACHABLE: Seconds = u32::MAX / 2;

/// An instant: milliseconds since 1970-01-01T00:00:00Z, without leap seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// 0001-01-01T00:00:00Z, the first instant that `google.protobuf.Timestamp` can carry.
    pub const MIN: Timestamp = Timestamp(-62_135_596_800_000);
    /// 9999-12-31T23:59:59.999Z, the last instant that `google.protobuf.Timestamp` can carry.
    pub const MAX: Timestamp = Timestamp(253_402_300_799_999);

    /// Seconds from `earlier` to `self`, rounded down; 0 when `earlier` is later.
    #[must_use]
    pub fn seconds_since(self, earlier: Timestamp) -> Seconds {
        u32::try_from((self.0.saturating_sub(earlier.0) / 1000).max(0)).unwrap_or(UNREACHABLE)
    }

    /// Signed milliseconds from `earlier` to `self`.
    #[must_use]
    pub fn millis_since(self, earlier: Timestamp) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// `self` moved by signed milliseconds, held within [`Timestamp::MIN`] and [`Timestamp::MAX`].
    #[must_use]
    pub fn plus_millis(self, millis: i64) -> Timestamp {
        Timestamp(self.0.saturating_add(millis)).clamp(Timestamp::MIN, Timestamp::MAX)
    }
}

impl Add<Seconds> for Timestamp {
    type Output = Timestamp;
    #[expect(clippy::suspicious_arithmetic_impl, reason = "seconds become milliseconds here")]
    fn add(self, seconds: Seconds) -> Timestamp {
        self.plus_millis(i64::from(seconds) * 1000)
    }
}

impl Sub<Seconds> for Timestamp {
    type Output = Timestamp;
    fn sub(self, seconds: Seconds) -> Timestamp {
        self.plus_millis(-i64::from(seconds) * 1000)
    }
}

/// Offset of Japan Standard Time from UTC; the union has one time zone and no summer time.
pub const JST_OFFSET_S: i64 = 9 * 3_600;

/// Days since 1970-01-01 in Japan.
#[must_use]
pub fn local_day(at: Timestamp) -> i64 {
    (at.0.div_euclid(1000) + JST_OFFSET_S).div_euclid(86_400)
}

/// Second of the local day in Japan, 0 to 86,399.
#[must_use]
pub fn local_second(at: Timestamp) -> Seconds {
    (at.0.div_euclid(1000) + JST_OFFSET_S).rem_euclid(86_400) as Seconds
}

/// Calendar months since January 1970 in Japan; 0 before.
///
/// Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms" (civil_from_days).
#[must_use]
pub fn local_month(at: Timestamp) -> u32 {
    let shifted = local_day(at) + 719_468;
    let era_day = shifted.rem_euclid(146_097);
    let year_of_era = (era_day - era_day / 1_460 + era_day / 36_524 - era_day / 146_096) / 365;
    let day_of_year = era_day - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    // Months count from March, which puts the leap day at the end of the year.
    let month_from_march = (5 * day_of_year + 2) / 153;
    let months = (shifted.div_euclid(146_097) * 400 + year_of_era - 1970) * 12 + month_from_march + 2;
    u32::try_from(months).unwrap_or(0)
}

/// A place on the Earth (WGS 84), in units of 1e-7 degree, about one centimetre.
///
/// Valid by construction: latitude within ±90°, longitude within ±180°.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    lat_e7: i32,
    lon_e7: i32,
}

/// A position that cannot be on the Earth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PositionError {
    /// Not a number, or infinite.
    #[error("coordinates must be finite numbers")]
    NotFinite,
    /// Latitude beyond the poles.
    #[error("latitude must lie within -90 and 90 degrees")]
    LatitudeOutOfRange,
    /// Longitude beyond the antimeridian.
    #[error("longitude must lie within -180 and 180 degrees")]
    LongitudeOutOfRange,
}

impl Position {
    const LAT_E7_MAX: i32 = 900_000_000;
    const LON_E7_MAX: i32 = 1_800_000_000;

    /// Rounds degrees half away from zero to 1e-7 degree.
    ///
    /// # Errors
    /// [`PositionError`] when a coordinate is not finite or not on the Earth.
    pub fn from_degrees(lat: f64, lon: f64) -> Result<Position, PositionError> {
        if !lat.is_finite() || !lon.is_finite() {
            return Err(PositionError::NotFinite);
        }
        if lat.abs() > 90.0 {
            return Err(PositionError::LatitudeOutOfRange);
        }
        if lon.abs() > 180.0 {
            return Err(PositionError::LongitudeOutOfRange);
        }
        Ok(Position { lat_e7: (lat * 1e7).round() as i32, lon_e7: (lon * 1e7).round() as i32 })
    }

    /// From units of 1e-7 degree, as stored.
    ///
    /// # Errors
    /// [`PositionError`] when a coordinate is not on the Earth.
    pub fn from_e7(lat_e7: i32, lon_e7: i32) -> Result<Position, PositionError> {
        if lat_e7.unsigned_abs() > Position::LAT_E7_MAX.unsigned_abs() {
            return Err(PositionError::LatitudeOutOfRange);
        }
        if lon_e7.unsigned_abs() > Position::LON_E7_MAX.unsigned_abs() {
            return Err(PositionError::LongitudeOutOfRange);
        }
        Ok(Position { lat_e7, lon_e7 })
    }

    /// Latitude in 1e-7 degree, north positive.
    #[must_use]
    pub fn lat_e7(self) -> i32 {
        self.lat_e7
    }

    /// Longitude in 1e-7 degree, east positive.
    #[must_use]
    pub fn lon_e7(self) -> i32 {
        self.lon_e7
    }

    /// Latitude and longitude in degrees.
    #[must_use]
    pub fn degrees(self) -> (f64, f64) {
        (f64::from(self.lat_e7) / 1e7, f64::from(self.lon_e7) / 1e7)
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (lat, lon) = self.degrees();
        write!(f, "{lat:.5},{lon:.5}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_off_the_earth_is_refused() {
        assert_eq!(Position::from_degrees(f64::NAN, 0.0), Err(PositionError::NotFinite));
        assert_eq!(Position::from_degrees(0.0, f64::INFINITY), Err(PositionError::NotFinite));
        assert_eq!(Position::from_degrees(90.1, 0.0), Err(PositionError::LatitudeOutOfRange));
        assert_eq!(Position::from_degrees(0.0, -180.1), Err(PositionError::LongitudeOutOfRange));
        assert_eq!(Position::from_e7(i32::MIN, 0), Err(PositionError::LatitudeOutOfRange));
        assert_eq!(Position::from_e7(0, i32::MIN), Err(PositionError::LongitudeOutOfRange));
    }

    #[test]
    fn months_turn_at_midnight_in_japan() {
        // 2026-11-30T23:59:59+09:00 and one second later.
        let last = Timestamp(1_796_050_799_000);
        assert_eq!((local_month(last), local_month(last + 1)), (56 * 12 + 10, 56 * 12 + 11));
        assert_eq!((local_second(last), local_second(last + 1)), (86_399, 0));
        assert_eq!((local_month(Timestamp(0)), local_day(Timestamp(0))), (0, 0));
        // 2000-02-29 and 2000-03-01 at noon in Japan.
        assert_eq!(local_month(Timestamp(951_793_200_000)), 30 * 12 + 1);
        assert_eq!(local_month(Timestamp(951_879_600_000)), 30 * 12 + 2);
    }

    #[test]
    fn times_stay_within_what_the_wire_can_carry() {
        assert_eq!(Timestamp::MAX + 10, Timestamp::MAX);
        assert_eq!(Timestamp::MIN - 10, Timestamp::MIN);
        assert_eq!(Timestamp(5_999).seconds_since(Timestamp(1_000)), 4);
        assert_eq!(Timestamp(0).seconds_since(Timestamp(1_000)), 0);
    }
}
