//! Decision time: never back, never from a clock that lies.

use crate::clock::Reading;
use crate::units::Timestamp;

/// How far a wall clock may stray from the last decision plus the time since before it is suspect.
pub const STRAY_MS_MAX: i64 = 5_000;

/// Watches the clock of one ledger.
///
/// While this process runs, the wall clock is held against the last decision plus the monotonic time since. After a
/// restart nobody knows how long it took, so only a clock that shows less than the last record is suspect. A suspicion
/// that was recorded outlives the restart for the same reason: only a person can end it then.
#[derive(Clone, Copy, Debug)]
pub struct ClockGuard {
    /// Decision time and monotonic time of the last look that was trusted.
    anchor: Option<(Timestamp, i64)>,
    /// While suspect: monotonic time at which counting on from the last decision began.
    base: (Timestamp, i64),
    /// How far decision time runs ahead of the wall clock: a person trusted a clock that showed less than the last
    /// record, and decision time never goes back.
    lead_ms: i64,
    /// Suspected before this process began, and nobody has spoken since.
    is_distrusted: bool,
}

/// What the guard makes of a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The time to decide at.
    pub at: Timestamp,
    /// Set when the wall clock is off: by how many milliseconds, ahead positive.
    pub off_millis: Option<i64>,
}

/// Whether a ledger ends with its clock suspect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// Nothing is suspected.
    Trusted,
    /// A suspicion is on record.
    Suspect,
}

impl ClockGuard {
    /// Begins after a (re)start whose last record was decided at `last_at`.
    #[must_use]
    pub fn new(last_at: Timestamp, before: Before, reading: Reading) -> ClockGuard {
        ClockGuard {
            anchor: None,
            base: (last_at, reading.monotonic_ms),
            lead_ms: 0,
            is_distrusted: before == Before::Suspect,
        }
    }

    /// Judges a reading; `last_at` is the decision time of the last record.
    pub fn judge(&mut self, last_at: Timestamp, reading: Reading) -> Judged {
        let wall = reading.wall.plus_millis(self.lead_ms);
        let (from, since) = self.anchor.unwrap_or(self.base);
        let expected = from.plus_millis(reading.monotonic_ms.saturating_sub(since)).max(last_at);
        let off = wall.millis_since(expected);
        let strays = match self.anchor {
            Some(_) => off.abs() > STRAY_MS_MAX,
            None => self.is_distrusted || off < -STRAY_MS_MAX,
        };
        if strays {
            return Judged { at: expected, off_millis: Some(off) };
        }
        let at = wall.max(last_at);
        self.anchor = Some((at, reading.monotonic_ms));
        Judged { at, off_millis: None }
    }

    /// Takes a person's word that the wall clock is right, whatever it shows; the time to decide at from now on.
    pub fn trust(&mut self, last_at: Timestamp, reading: Reading) -> Timestamp {
        let at = reading.wall.max(last_at);
        self.anchor = Some((at, reading.monotonic_ms));
        self.lead_ms = at.millis_since(reading.wall);
        self.is_distrusted = false;
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(wall: i64, monotonic_ms: i64) -> Reading {
        Reading { wall: Timestamp(wall), monotonic_ms }
    }

    #[test]
    fn time_goes_on_with_the_wall_clock_while_it_is_trusted() {
        let mut guard = ClockGuard::new(Timestamp(1_000), Before::Trusted, reading(90_000, 0));
        assert_eq!(guard.judge(Timestamp(1_000), reading(90_000, 0)).at, Timestamp(90_000));
        assert_eq!(guard.judge(Timestamp(90_000), reading(92_000, 1_500)).at, Timestamp(92_000));
    }

    #[test]
    fn a_small_step_back_never_shows() {
        let mut guard = ClockGuard::new(Timestamp(0), Before::Trusted, reading(90_000, 0));
        guard.judge(Timestamp(0), reading(90_000, 0));
        let judged = guard.judge(Timestamp(90_000), reading(88_000, 500));
        assert_eq!(judged, Judged { at: Timestamp(90_000), off_millis: None });
    }

    #[test]
    fn a_jump_is_suspect_and_time_counts_on_from_the_last_decision() {
        let mut guard = ClockGuard::new(Timestamp(0), Before::Trusted, reading(90_000, 0));
        guard.judge(Timestamp(0), reading(90_000, 0));
        for jump in [3_600_000, -60_000] {
            let judged = guard.judge(Timestamp(90_000), reading(90_000 + jump, 2_000));
            assert_eq!(judged, Judged { at: Timestamp(92_000), off_millis: Some(jump - 2_000) });
        }
        // It shows the right time again: trusted again.
        let judged = guard.judge(Timestamp(92_000), reading(93_000, 3_000));
        assert_eq!(judged, Judged { at: Timestamp(93_000), off_millis: None });
    }

    #[test]
    fn after_a_restart_only_a_clock_behind_the_last_record_is_suspect() {
        let mut guard = ClockGuard::new(Timestamp(90_000), Before::Trusted, reading(9_000_000, 7));
        assert_eq!(guard.judge(Timestamp(90_000), reading(9_000_000, 7)).off_millis, None);
        let mut guard = ClockGuard::new(Timestamp(90_000), Before::Trusted, reading(50_000, 7));
        let judged = guard.judge(Timestamp(90_000), reading(50_000, 1_007));
        assert_eq!(judged, Judged { at: Timestamp(91_000), off_millis: Some(-41_000) });
    }

    #[test]
    fn a_restart_does_not_launder_a_suspicion() {
        let mut guard = ClockGuard::new(Timestamp(90_000), Before::Suspect, reading(9_000_000, 7));
        let judged = guard.judge(Timestamp(90_000), reading(9_000_000, 1_007));
        assert_eq!(judged, Judged { at: Timestamp(91_000), off_millis: Some(8_909_000) });
        assert_eq!(guard.trust(Timestamp(91_000), reading(9_000_000, 1_007)), Timestamp(9_000_000));
        let judged = guard.judge(Timestamp(9_000_000), reading(9_001_000, 2_007));
        assert_eq!(judged, Judged { at: Timestamp(9_001_000), off_millis: None });
    }

    #[test]
    fn a_persons_word_ends_a_suspicion_after_a_rightful_step_either_way() {
        for step in [3_600_000, -3_600_000] {
            let mut guard = ClockGuard::new(Timestamp(0), Before::Trusted, reading(9_000_000, 0));
            guard.judge(Timestamp(0), reading(9_000_000, 0));
            assert!(guard.judge(Timestamp(9_000_000), reading(9_000_000 + step, 1_000)).off_millis.is_some());
            let at = guard.trust(Timestamp(9_000_000), reading(9_000_000 + step, 1_000));
            assert_eq!(at, Timestamp(9_000_000 + step.max(0)), "decision time never goes back");
            let judged = guard.judge(at, reading(9_002_000 + step, 3_000));
            assert_eq!(
                judged,
                Judged { at: at.plus_millis(2_000), off_millis: None },
                "and never stands still"
            );
        }
    }
}
