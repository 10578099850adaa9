//! Clocks: the only place that asks the system for the time.
//!
//! Everything else gets a [`Reading`] or a [`Timestamp`] as an argument.
#![expect(clippy::disallowed_methods, reason = "this module is where the ban is lifted")]

use crate::units::Timestamp;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// What a clock shows: the civil time, which may jump, and the time since an arbitrary start, which may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Civil time.
    pub wall: Timestamp,
    /// Milliseconds since an arbitrary start; never goes back within a process.
    pub monotonic_ms: i64,
}

/// Something that tells the time.
pub trait Clock: Send + Sync {
    /// What it shows now.
    fn read(&self) -> Reading;

    /// How long to wait, in real time, until it shows `at`; zero when it does already, none when it stands still.
    fn wait_until(&self, at: Timestamp) -> Option<Duration>;
}

/// The system's clock.
#[derive(Debug)]
pub struct SystemClock {
    started: Instant,
}

impl SystemClock {
    /// Starts counting monotonic time.
    #[must_use]
    pub fn new() -> SystemClock {
        SystemClock { started: Instant::now() }
    }
}

impl Default for SystemClock {
    fn default() -> SystemClock {
        SystemClock::new()
    }
}

impl Clock for SystemClock {
    fn read(&self) -> Reading {
        // A system clock before 1970 reads as 1970, which the authorities then find suspect.
        let wall = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Reading { wall: Timestamp(millis(wall)), monotonic_ms: millis(self.started.elapsed()) }
    }

    fn wait_until(&self, at: Timestamp) -> Option<Duration> {
        let left = at.millis_since(self.read().wall).max(0);
        Some(Duration::from_millis(left.unsigned_abs()))
    }
}

/// A clock of a drill space: stands still until it is moved or let run.
#[derive(Debug)]
pub struct VirtualClock {
    dial: Mutex<Dial>,
}

#[derive(Clone, Copy, Debug)]
struct Dial {
    /// What it showed when it was last touched.
    shown: Timestamp,
    /// When that was.
    touched: Instant,
    /// Virtual milliseconds a real second.
    rate_per_mille: u32,
    /// Virtual milliseconds since the start.
    elapsed_ms: i64,
}

/// Fastest rate: an hour a second.
pub const RATE_MAX: u32 = 3_600;

impl VirtualClock {
    /// A clock that shows `start` and stands still.
    #[must_use]
    pub fn new(start: Timestamp) -> VirtualClock {
        let dial = Dial { shown: start, touched: Instant::now(), rate_per_mille: 0, elapsed_ms: 0 };
        VirtualClock { dial: Mutex::new(dial) }
    }

    /// Moves it forward, never back; what it shows then.
    pub fn advance_to(&self, at: Timestamp) -> Timestamp {
        self.with_dial(|dial| {
            let step = at.millis_since(dial.shown).max(0);
            dial.shown = dial.shown.plus_millis(step);
            dial.elapsed_ms += step;
            dial.shown
        })
    }

    /// Lets it run at `rate_per_mille` virtual milliseconds a second; 0 stops it.
    pub fn run(&self, rate_per_mille: u32) -> Timestamp {
        self.with_dial(|dial| {
            dial.rate_per_mille = rate_per_mille.min(RATE_MAX * 1000);
            dial.shown
        })
    }

    /// Virtual milliseconds a real second.
    pub fn rate_per_mille(&self) -> u32 {
        self.with_dial(|dial| dial.rate_per_mille)
    }

    /// Brings the dial up to the present, then lets `f` turn it.
    fn with_dial<T>(&self, f: impl FnOnce(&mut Dial) -> T) -> T {
        let mut dial = self.dial.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let real_us = i64::try_from(now.duration_since(dial.touched).as_micros()).unwrap_or(i64::MAX);
        let step = real_us.saturating_mul(i64::from(dial.rate_per_mille)) / 1_000_000;
        if step > 0 || dial.rate_per_mille == 0 {
            dial.touched = now;
            dial.shown = dial.shown.plus_millis(step);
            dial.elapsed_ms = dial.elapsed_ms.saturating_add(step);
        }
        f(&mut dial)
    }
}

impl Clock for VirtualClock {
    fn read(&self) -> Reading {
        self.with_dial(|dial| Reading { wall: dial.shown, monotonic_ms: dial.elapsed_ms })
    }

    fn wait_until(&self, at: Timestamp) -> Option<Duration> {
        self.with_dial(|dial| {
            let left = at.millis_since(dial.shown).max(0);
            match (left, dial.rate_per_mille) {
                (0, _) => Some(Duration::ZERO),
                (_, 0) => None,
                (left, rate) => Some(Duration::from_millis(left.unsigned_abs() * 1000 / u64::from(rate) + 1)),
            }
        })
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_virtual_clock_stands_still_and_never_goes_back() {
        let clock = VirtualClock::new(Timestamp(1_000));
        assert_eq!(clock.read(), Reading { wall: Timestamp(1_000), monotonic_ms: 0 });
        assert_eq!(clock.advance_to(Timestamp(5_000)), Timestamp(5_000));
        assert_eq!(clock.advance_to(Timestamp(2_000)), Timestamp(5_000));
        assert_eq!(clock.read(), Reading { wall: Timestamp(5_000), monotonic_ms: 4_000 });
        assert_eq!(clock.wait_until(Timestamp(4_000)), Some(Duration::ZERO));
        assert_eq!(clock.wait_until(Timestamp(6_000)), None);
    }
}
