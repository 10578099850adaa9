//! When a helicopter may fly by sight: sunrise, sunset and civil twilight of a place and a local date.
//!
//! Absent on purpose: the clock, the time zone database (the offset from UTC is an argument), any rule about
//! margins (they belong to the allocator). Entry points: [`daylight`], [`DaylightCache`].
//!
//! The model is SPA (Reda and Andreas, NREL/TP-560-34302) by the crate `solar-positioning`: within 0.1 s of
//! PyEphem over 2026 at three places of Kansai, where Grena3 errs by up to 1.5 s and ends in 2110. SPA costs
//! more, hence the cache. The crate runs on `libm` (its feature `std` is off), so the bytes are the same on
//! every machine.

use std::collections::BTreeMap;

use jiff::civil::Date;
use solar_positioning::{Horizon, Location, SolarEvents, delta_t};

use crate::units::{Position, Timestamp};

/// Offset of Japan Standard Time from UTC, seconds.
pub const JST_OFFSET_S: i32 = 9 * 3600;
/// First and last year that is answered: outside, the difference between clock and Earth rotation (delta T)
/// is a guess, and no dispatch is planned there.
pub const YEARS: std::ops::RangeInclusive<i16> = 1900..=2199;
/// Largest offset from UTC that is accepted, seconds; the largest in civil use is 14 h.
pub const OFFSET_S_MAX: i32 = 18 * 3600;

/// Julian date of 1970-01-01T00:00:00Z.
const EPOCH_JD: f64 = 2_440_587.5;
const DAY_MS: f64 = 86_400_000.0;
const DAY_S: i64 = 86_400;

/// The light of one local date: the day whose solar noon falls into it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Daylight {
    /// The sun's upper edge above a level horizon at sea level: sunrise to sunset.
    pub sun: Light,
    /// The sun less than 6 degrees below: civil dawn to civil dusk.
    pub civil: Light,
}

/// A span of light.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Light {
    /// Light between two instants, rounded inwards to whole seconds: the span is never longer than the truth.
    Between {
        /// Sunrise or dawn, rounded up.
        from: Timestamp,
        /// Sunset or dusk, rounded down.
        until: Timestamp,
    },
    /// It does not get dark: polar day.
    Always,
    /// It does not get light: polar night.
    Never,
}

impl Light {
    /// Whether there is light at `at`; both ends count.
    #[must_use]
    pub fn contains(self, at: Timestamp) -> bool {
        match self {
            Light::Between { from, until } => from <= at && at <= until,
            Light::Always => true,
            Light::Never => false,
        }
    }

    /// The first instant of light (sunrise, dawn); `None` in polar day and night.
    #[must_use]
    pub fn from(self) -> Option<Timestamp> {
        match self {
            Light::Between { from, .. } => Some(from),
            Light::Always | Light::Never => None,
        }
    }

    /// The last instant of light (sunset, dusk); `None` in polar day and night.
    #[must_use]
    pub fn until(self) -> Option<Timestamp> {
        match self {
            Light::Between { until, .. } => Some(until),
            Light::Always | Light::Never => None,
        }
    }
}

/// A question about the sun that cannot be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DaylightError {
    /// The date is too far from today.
    #[error("daylight is known for the years 1900 to 2199, not for {date}; give a date within them")]
    DateOutOfRange {
        /// The date asked for.
        date: Date,
    },
    /// No clock on Earth runs so far from UTC.
    #[error("an offset of {utc_offset_s} s from UTC is beyond 18 hours; give seconds east of Greenwich")]
    OffsetOutOfRange {
        /// The offset asked for.
        utc_offset_s: i32,
    },
    /// The solar model refused; it accepts every position and every date above.
    #[error("the solar model has no answer for {position} on {date}")]
    Model {
        /// The place asked for.
        position: Position,
        /// The date asked for.
        date: Date,
    },
}

/// The local date at `at`, `utc_offset_s` seconds east of Greenwich.
///
/// # Errors
/// [`DaylightError::OffsetOutOfRange`].
pub fn local_date(at: Timestamp, utc_offset_s: i32) -> Result<Date, DaylightError> {
    check_offset(utc_offset_s)?;
    // A timestamp may hold any number; beyond what the wire can carry there is no calendar.
    let at = at.plus_millis(i64::from(utc_offset_s) * 1000);
    let days = at.0.div_euclid(DAY_S * 1000);
    Ok(Date::constant(1970, 1, 1).saturating_add(jiff::ToSpan::days(days)))
}

/// The light at `position` on `date`, where local clocks run `utc_offset_s` seconds ahead of UTC
/// ([`JST_OFFSET_S`] in Japan).
///
/// The date stands for its solar noon: the span begins at the last rise before it and ends at the first set
/// after it, so the answer is whole even where the offset does not fit the longitude.
///
/// # Errors
/// [`DaylightError`] on a date or an offset out of range.
///
/// # Complexity
/// Five searches by the solar model, about 1 ms (`daylight/day` in `benches/network.rs`): ask a
/// [`DaylightCache`] (40 ns).
pub fn daylight(position: Position, date: Date, utc_offset_s: i32) -> Result<Daylight, DaylightError> {
    check_offset(utc_offset_s)?;
    if !YEARS.contains(&date.year()) {
        return Err(DaylightError::DateOutOfRange { date });
    }
    let (latitude, longitude) = position.degrees();
    let sky = Sky::over(Location { latitude, longitude }, date);
    sky.and_then(|sky| {
        let noon = sky.solar_noon(midnight(date, utc_offset_s))?;
        Some(Daylight {
            sun: sky.light_around(noon, Horizon::SunriseSunset)?,
            civil: sky.light_around(noon, Horizon::CivilTwilight)?,
        })
    })
    .ok_or(DaylightError::Model { position, date })
}

fn check_offset(utc_offset_s: i32) -> Result<(), DaylightError> {
    if utc_offset_s.unsigned_abs() > OFFSET_S_MAX.unsigned_abs() {
        return Err(DaylightError::OffsetOutOfRange { utc_offset_s });
    }
    Ok(())
}

/// Julian date of the first instant of `date`.
fn midnight(date: Date, utc_offset_s: i32) -> f64 {
    let days = Date::constant(1970, 1, 1).duration_until(date).as_secs() / DAY_S;
    EPOCH_JD + days as f64 - f64::from(utc_offset_s) / DAY_S as f64
}

/// The sun over one place, with the clock correction of one year.
struct Sky {
    events: SolarEvents,
    location: Location,
    delta_t: f64,
}

impl Sky {
    fn over(location: Location, date: Date) -> Option<Sky> {
        let year = f64::from(date.year()) + f64::from(date.day_of_year() - 1) / 366.0;
        Some(Sky { events: SolarEvents::new(), location, delta_t: delta_t::estimate(year).ok()? })
    }

    /// The sun's highest point within the local day.
    ///
    /// A solar day may last half a minute longer than a civil one, so the search goes on for a minute.
    fn solar_noon(&self, midnight: f64) -> Option<f64> {
        let end = midnight + 1.0 + 60.0 / DAY_S as f64;
        self.events.next_transit_from_julian(midnight, end, self.location.longitude, self.delta_t).ok()?
    }

    /// The light around `noon`, looking half a day to each side.
    fn light_around(&self, noon: f64, horizon: Horizon) -> Option<Light> {
        let (start, end) = (noon - 0.5, noon + 0.5);
        let rise = self.events.next_rise_from_julian(start, noon, self.location, self.delta_t, horizon);
        let set = self.events.next_set_from_julian(noon, end, self.location, self.delta_t, horizon);
        Some(match (rise.ok()?, set.ok()?) {
            (None, None) => self.polar(noon, horizon)?,
            // On the first and last days of polar day only one of the two happens.
            (rise, set) => Light::Between {
                from: Timestamp(libm::ceil(epoch_s(rise.unwrap_or(start))) as i64 * 1000),
                until: Timestamp(libm::floor(epoch_s(set.unwrap_or(end))) as i64 * 1000),
            },
        })
    }

    /// Neither rise nor set: what holds at noon holds all day.
    fn polar(&self, noon: f64, horizon: Horizon) -> Option<Light> {
        let moment = noon + 1.0 / DAY_S as f64;
        let events =
            self.events.for_interval_from_julian(noon, moment, self.location, self.delta_t, horizon).ok()?;
        Some(if events.always_above() { Light::Always } else { Light::Never })
    }
}

/// Seconds since 1970 of a Julian date; a Julian date as `f64` is good to 0.05 ms.
fn epoch_s(julian_date: f64) -> f64 {
    (julian_date - EPOCH_JD) * DAY_MS / 1000.0
}

/// Remembers the light of places and dates, because the model is slow.
///
/// Places are rounded to 0.01 degree *before* the model is asked, so an answer does not depend on who asked
/// first. That moves sunset by at most 2 s in Kansai.
#[derive(Clone, Debug, Default)]
pub struct DaylightCache {
    entries: BTreeMap<CacheKey, Daylight>,
}

/// Latitude and longitude in 0.01 degree, date, offset from UTC.
type CacheKey = (i32, i32, Date, i32);

impl DaylightCache {
    /// Entries held at most: 60 bases and 400 hospitals on eight dates, under 1 MB.
    pub const ENTRIES_MAX: usize = 4_096;

    /// An empty cache.
    #[must_use]
    pub fn new() -> DaylightCache {
        DaylightCache::default()
    }

    /// [`daylight`] of the place rounded to 0.01 degree (half away from zero).
    ///
    /// A full cache is emptied: what is asked again is worked out again.
    ///
    /// # Errors
    /// As [`daylight`].
    pub fn daylight(
        &mut self,
        position: Position,
        date: Date,
        utc_offset_s: i32,
    ) -> Result<Daylight, DaylightError> {
        let (lat_e2, lon_e2) = (hundredths(position.lat_e7()), hundredths(position.lon_e7()));
        let key = (lat_e2, lon_e2, date, utc_offset_s);
        if let Some(known) = self.entries.get(&key) {
            return Ok(*known);
        }
        let rounded = Position::from_e7(lat_e2 * E7_PER_E2, lon_e2 * E7_PER_E2).unwrap_or(position);
        let found = daylight(rounded, date, utc_offset_s)?;
        if self.entries.len() >= DaylightCache::ENTRIES_MAX {
            self.entries.clear();
        }
        self.entries.insert(key, found);
        Ok(found)
    }
}

const E7_PER_E2: i32 = 100_000;

/// 1e-7 degree to 0.01 degree, half away from zero; ±90 and ±180 degrees map onto themselves.
fn hundredths(e7: i32) -> i32 {
    (e7 + e7.signum() * (E7_PER_E2 / 2)) / E7_PER_E2
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn at(lat: f64, lon: f64) -> Position {
        Position::from_degrees(lat, lon).unwrap()
    }

    fn osaka() -> Position {
        at(34.6937, 135.5023)
    }

    /// An instant in Japan's local time.
    fn jst(day: Date, (hour, minute, second): (i8, i8, i8)) -> Timestamp {
        let local = day.at(hour, minute, second, 0);
        let offset = jiff::tz::Offset::constant(9);
        Timestamp(offset.to_timestamp(local).unwrap().as_millisecond())
    }

    #[track_caller]
    fn assert_within_s(found: Option<Timestamp>, expected: Timestamp, seconds: u64) {
        let found = found.expect("the sun rises and sets in Kansai");
        assert!(found.0.abs_diff(expected.0) <= seconds * 1000, "{found:?} against {expected:?}");
    }

    #[test]
    fn sunset_in_osaka_meets_the_ephemeris_on_both_solstices() {
        // PyEphem 4 (VSOP87): 16:50:43.3 and 19:14:17.0 JST, read 2026.
        for (day, time) in [(date(2026, 12, 21), (16, 50, 43)), (date(2026, 6, 21), (19, 14, 17))] {
            let light = daylight(osaka(), day, JST_OFFSET_S).unwrap();
            assert_within_s(light.sun.until(), jst(day, time), 2);
        }
    }

    #[test]
    fn dawn_sunrise_sunset_and_dusk_come_in_this_order_on_every_day() {
        let mut day = date(2026, 1, 1);
        while day.year() == 2026 {
            let light = daylight(osaka(), day, JST_OFFSET_S).unwrap();
            let times = [light.civil.from(), light.sun.from(), light.sun.until(), light.civil.until()];
            let times: Vec<Timestamp> = times.into_iter().map(Option::unwrap).collect();
            assert!(times.is_sorted() && times[0] > jst(day, (4, 0, 0)) && times[3] < jst(day, (20, 0, 0)));
            // Civil twilight lasts 25 to 31 minutes at this latitude.
            for gap in [times[1].seconds_since(times[0]), times[3].seconds_since(times[2])] {
                assert!((24 * 60..32 * 60).contains(&gap), "{day}: {gap}");
            }
            day = day.checked_add(jiff::ToSpan::days(7)).unwrap();
        }
    }

    #[test]
    fn the_sun_never_sets_on_svalbard_in_june_and_never_rises_in_december() {
        let longyearbyen = at(78.22, 15.65);
        let june = daylight(longyearbyen, date(2026, 6, 21), 7200).unwrap();
        assert_eq!((june.sun, june.civil), (Light::Always, Light::Always));
        let december = daylight(longyearbyen, date(2026, 12, 21), 3600).unwrap();
        assert_eq!((december.sun, december.civil), (Light::Never, Light::Never));
        assert!(june.sun.contains(Timestamp(0)) && !december.sun.contains(Timestamp(0)));
    }

    #[test]
    fn every_day_at_the_poles_and_at_their_edge_has_an_answer() {
        for position in [at(90.0, 0.0), at(-90.0, 180.0), at(67.4, 26.6), at(65.7, -180.0)] {
            let mut day = date(2026, 1, 1);
            while day.year() == 2026 {
                let light = daylight(position, day, 0).unwrap();
                if let Light::Between { from, until } = light.sun {
                    assert!(from < until, "{position} {day}: {light:?}");
                    assert!(until.seconds_since(from) <= 86_400, "{position} {day}: {light:?}");
                }
                day = day.checked_add(jiff::ToSpan::days(5)).unwrap();
            }
        }
    }

    #[test]
    fn an_offset_that_does_not_fit_the_longitude_still_gives_one_whole_day() {
        let honolulu = daylight(at(21.3, -157.86), date(2026, 3, 20), JST_OFFSET_S).unwrap();
        let (from, until) = (honolulu.sun.from().unwrap(), honolulu.sun.until().unwrap());
        assert!((11 * 3600..13 * 3600).contains(&until.seconds_since(from)));
    }

    #[test]
    fn the_span_is_rounded_inwards_to_whole_seconds() {
        let light = daylight(osaka(), date(2026, 12, 5), JST_OFFSET_S).unwrap();
        for end in [light.sun.from(), light.sun.until(), light.civil.from(), light.civil.until()] {
            assert_eq!(end.unwrap().0 % 1000, 0);
        }
        let (from, until) = (light.sun.from().unwrap(), light.sun.until().unwrap());
        assert!(light.sun.contains(from) && light.sun.contains(until));
        assert!(!light.sun.contains(from - 1) && !light.sun.contains(until + 1));
    }

    #[test]
    fn the_local_date_turns_at_local_midnight() {
        let day = date(2026, 12, 21);
        let midnight = jst(day, (0, 0, 0));
        assert_eq!(local_date(midnight, JST_OFFSET_S), Ok(day));
        assert_eq!(local_date(Timestamp(midnight.0 - 1), JST_OFFSET_S), Ok(date(2026, 12, 20)));
        assert_eq!(local_date(Timestamp::MAX, JST_OFFSET_S), Ok(Date::MAX));
        assert!(local_date(Timestamp(i64::MIN), -3600).is_ok());
    }

    #[test]
    fn dates_and_offsets_far_away_are_refused() {
        for day in [Date::MIN, date(1899, 12, 31), date(2200, 1, 1), Date::MAX] {
            let verdict = daylight(osaka(), day, JST_OFFSET_S);
            assert_eq!(verdict, Err(DaylightError::DateOutOfRange { date: day }));
        }
        for utc_offset_s in [i32::MIN, -OFFSET_S_MAX - 1, OFFSET_S_MAX + 1, i32::MAX] {
            let verdict = daylight(osaka(), date(2026, 1, 1), utc_offset_s);
            assert_eq!(verdict, Err(DaylightError::OffsetOutOfRange { utc_offset_s }));
            assert!(local_date(Timestamp(0), utc_offset_s).is_err());
        }
    }

    #[test]
    fn the_cache_answers_the_same_whoever_asked_first() {
        let day = date(2026, 12, 21);
        let (here, there) = (at(34.6937, 135.5023), at(34.6931, 135.4951));
        let (mut one, mut other) = (DaylightCache::new(), DaylightCache::new());
        let first = one.daylight(here, day, JST_OFFSET_S).unwrap();
        other.daylight(there, day, JST_OFFSET_S).unwrap();
        assert_eq!(other.daylight(here, day, JST_OFFSET_S).unwrap(), first);
        assert_eq!(one.daylight(there, day, JST_OFFSET_S).unwrap(), first);
        assert_eq!(one.entries.len(), 1);
        let exact = daylight(here, day, JST_OFFSET_S).unwrap();
        assert_within_s(first.sun.until(), exact.sun.until().unwrap(), 2);
    }

    #[test]
    fn the_cache_never_grows_past_its_limit() {
        let (mut cache, day) = (DaylightCache::new(), date(2026, 6, 21));
        let known = daylight(osaka(), day, JST_OFFSET_S).unwrap();
        for i in 0..DaylightCache::ENTRIES_MAX {
            cache.entries.insert((0, i32::try_from(i).unwrap(), day, 0), known);
        }
        cache.daylight(osaka(), day, JST_OFFSET_S).unwrap();
        assert_eq!(cache.entries.len(), 1);
    }

    #[test]
    fn rounding_to_hundredths_stays_on_the_earth() {
        assert_eq!(hundredths(900_000_000), 9_000);
        assert_eq!(hundredths(-1_800_000_000), -18_000);
        assert_eq!((hundredths(50_000), hundredths(-50_000), hundredths(49_999)), (1, -1, 0));
    }
}
