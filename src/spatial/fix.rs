//! One report of a position: what may be believed, which of two counts, when it is stale.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::units::{Position, Seconds, Timestamp};

/// After this a fix is stale: shown with its age, used for nothing. Trackers of helicopters report once a minute or
/// more often, so two reports are missing by then; at 200 km/h the aircraft is within 7 km of its fix, two minutes of
/// flight.
pub const STALE_AFTER_S: Seconds = 120;
/// How far ahead of our clock a fix may be: as much as tells a ledger that its clock is suspect.
pub const AHEAD_S_MAX: Seconds = 5;
/// The oldest fix that is taken: what was seen a day ago says nothing of now, and a receiver without its date says 1980.
pub const BEHIND_S_MAX: Seconds = 86_400;
/// Fastest that anything reported here moves over the ground.
pub const SPEED_KMH_MAX: u32 = 1_200;
/// Course over the ground: north is 0, and 360 is written 0.
pub const COURSE_DEG_MAX: u32 = 359;
/// Lowest altitude above the sea: the shores of the Dead Sea.
pub const ALTITUDE_M_MIN: i32 = -500;
/// Highest altitude above the sea: above every airliner.
pub const ALTITUDE_M_MAX: i32 = 15_000;

/// Where something was, as reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Where.
    pub position: Position,
    /// When it was there.
    pub fix_at: Timestamp,
    /// When we were told.
    pub received_at: Timestamp,
    /// Over the ground, km/h.
    pub speed_kmh: Option<u32>,
    /// Over the ground, degrees from true north.
    pub course_deg: Option<u32>,
    /// Above the sea.
    pub altitude_m: Option<i32>,
    /// How it is known.
    pub source: FixSource,
    /// Who told us.
    pub reporter: Arc<str>,
}

/// How a position is known, the most trustworthy first: that order decides between two fixes of one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FixSource {
    /// A tracker of its own on board (動態管理端末).
    Tracker,
    /// A transponder that others listen to: ADS-B.
    Transponder,
    /// Told by voice and typed by a person.
    Spoken,
}

/// Why a report cannot be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FixFault {
    /// Farther ahead of our clock than [`AHEAD_S_MAX`].
    #[error("the fix lies in the future, set the clock of the sender")]
    Ahead {
        /// The latest that would be taken.
        latest: Timestamp,
    },
    /// Older than [`BEHIND_S_MAX`].
    #[error("the fix is older than a day, send the present one")]
    Behind {
        /// The earliest that would be taken.
        earliest: Timestamp,
    },
    /// Exactly 0° N 0° E: what a receiver without a fix sends.
    #[error("0,0 is what a receiver without a fix sends, send nothing then")]
    NoFix,
    /// Faster than [`SPEED_KMH_MAX`].
    #[error("{got} km/h is more than {SPEED_KMH_MAX}")]
    Speed {
        /// What was said.
        got: u32,
    },
    /// No course.
    #[error("{got} is no course, write 0 to {COURSE_DEG_MAX}")]
    Course {
        /// What was said.
        got: u32,
    },
    /// Under the Dead Sea, or above every airliner.
    #[error("{got} m is not within {ALTITUDE_M_MIN} and {ALTITUDE_M_MAX}")]
    Altitude {
        /// What was said.
        got: i32,
    },
}

impl Fix {
    /// Whether it can be believed by one whose clock showed [`Fix::received_at`].
    ///
    /// # Errors
    /// [`FixFault`].
    pub fn check(&self) -> Result<(), FixFault> {
        let (earliest, latest) = (self.received_at - BEHIND_S_MAX, self.received_at + AHEAD_S_MAX);
        if self.fix_at > latest {
            return Err(FixFault::Ahead { latest });
        }
        if self.fix_at < earliest {
            return Err(FixFault::Behind { earliest });
        }
        if self.position.lat_e7() == 0 && self.position.lon_e7() == 0 {
            return Err(FixFault::NoFix);
        }
        if let Some(got) = self.speed_kmh.filter(|got| *got > SPEED_KMH_MAX) {
            return Err(FixFault::Speed { got });
        }
        if let Some(got) = self.course_deg.filter(|got| *got > COURSE_DEG_MAX) {
            return Err(FixFault::Course { got });
        }
        let altitudes = ALTITUDE_M_MIN..=ALTITUDE_M_MAX;
        if let Some(got) = self.altitude_m.filter(|got| !altitudes.contains(got)) {
            return Err(FixFault::Altitude { got });
        }
        Ok(())
    }

    /// Whole seconds since it was there, rounded down; 0 for one that is a little ahead of our clock.
    #[must_use]
    pub fn age_s(&self, now: Timestamp) -> Seconds {
        now.seconds_since(self.fix_at)
    }

    /// Whether it is too old to be used.
    #[must_use]
    pub fn is_stale(&self, now: Timestamp) -> bool {
        now.millis_since(self.fix_at) > i64::from(STALE_AFTER_S) * 1000
    }

    /// Which of two reports of one thing counts, whatever came first: the greater.
    ///
    /// The newer fix; of one instant the more trustworthy source, then the greater values. When it was received is left
    /// out, so that the order of arrival never decides.
    pub(super) fn precedence(&self, other: &Fix) -> Ordering {
        let order = self.fix_at.cmp(&other.fix_at).then(other.source.cmp(&self.source));
        // All but the rarest reports are told apart by now.
        let rest = |fix: &Fix| (fix.position, fix.speed_kmh, fix.course_deg, fix.altitude_m);
        order.then_with(|| rest(self).cmp(&rest(other))).then_with(|| self.reporter.cmp(&other.reporter))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fix(fix_ms: i64, received_ms: i64) -> Fix {
        Fix {
            position: Position::from_degrees(35.0, 135.0).unwrap(),
            fix_at: Timestamp(fix_ms),
            received_at: Timestamp(received_ms),
            speed_kmh: None,
            course_deg: None,
            altitude_m: None,
            source: FixSource::Tracker,
            reporter: Arc::from("test"),
        }
    }

    #[test]
    fn a_fix_from_the_future_or_of_yesterday_is_refused_at_the_limit() {
        let day_ms = 86_400_000;
        assert_eq!(fix(5_000, 0).check(), Ok(()));
        assert_eq!(fix(5_001, 0).check(), Err(FixFault::Ahead { latest: Timestamp(5_000) }));
        assert_eq!(fix(0, day_ms).check(), Ok(()));
        assert_eq!(fix(0, day_ms + 1).check(), Err(FixFault::Behind { earliest: Timestamp(1) }));
    }

    #[test]
    fn absurd_values_are_refused_and_named() {
        let at = |lat, lon| Position::from_degrees(lat, lon).unwrap();
        let with = |change: fn(&mut Fix)| {
            let mut fix = fix(0, 0);
            change(&mut fix);
            fix.check()
        };
        assert_eq!(with(|fix| fix.speed_kmh = Some(1_201)), Err(FixFault::Speed { got: 1_201 }));
        assert_eq!(with(|fix| fix.course_deg = Some(360)), Err(FixFault::Course { got: 360 }));
        assert_eq!(with(|fix| fix.altitude_m = Some(15_001)), Err(FixFault::Altitude { got: 15_001 }));
        assert_eq!(with(|fix| fix.altitude_m = Some(-501)), Err(FixFault::Altitude { got: -501 }));
        assert_eq!(Fix { position: at(0.0, 0.0), ..fix(0, 0) }.check(), Err(FixFault::NoFix));
        assert_eq!(Fix { position: at(0.0, 135.0), ..fix(0, 0) }.check(), Ok(()));
    }

    #[test]
    fn a_fix_is_stale_after_two_minutes_and_its_age_never_below_zero() {
        assert!(!fix(0, 0).is_stale(Timestamp(120_000)) && fix(0, 0).is_stale(Timestamp(120_001)));
        assert_eq!(fix(0, 0).age_s(Timestamp(61_999)), 61);
        assert_eq!(fix(3_000, 0).age_s(Timestamp(0)), 0);
    }
}
