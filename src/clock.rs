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

/// Real time since it was started, whatever clock a space goes by.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts at nothing.
    #[must_use]
    pub fn start() -> Stopwatch {
        Stopwatch(Instant::now())
    }

    /// What has passed since.
    #[must_use]
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
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
    /// What had passed beyond the last whole millisecond when it was touched, 1e-9 of one.
    rest: u128,
    /// Virtual milliseconds since the start.
    elapsed_ms: i64,
}

impl Dial {
    /// Lets real time pass. What is less than a millisecond is kept for the next time, however often it is looked at.
    fn pass(&mut self, real: Duration) {
        let passed = real.as_nanos() * u128::from(self.rate_per_mille) + self.rest;
        let step = i64::try_from(passed / 1_000_000_000).unwrap_or(i64::MAX);
        self.rest = passed % 1_000_000_000;
        self.shown = self.shown.plus_millis(step);
        self.elapsed_ms = self.elapsed_ms.saturating_add(step);
    }
}

/// Fastest rate: an hour a second.
pub const RATE_MAX: u32 = 3_600;

impl VirtualClock {
    /// A clock that shows `start` and stands still.
    #[must_use]
    pub fn new(start: Timestamp) -> VirtualClock {
        let dial = Dial { shown: start, touched: Instant::now(), rate_per_mille: 0, rest: 0, elapsed_ms: 0 };
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
        let real = now.duration_since(dial.touched);
        dial.pass(real);
        dial.touched = now;
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

    #[test]
    fn a_clock_that_is_looked_at_often_loses_nothing() {
        let mut dial = Dial {
            shown: Timestamp(0),
            touched: Instant::now(),
            rate_per_mille: 1_500,
            rest: 0,
            elapsed_ms: 0,
        };
        // Two real seconds, in looks of 0.7 ms and less.
        for look in 0..4_000 {
            dial.pass(Duration::from_micros(if look % 2 == 0 { 300 } else { 700 }));
        }
        assert_eq!((dial.shown, dial.elapsed_ms), (Timestamp(3_000), 3_000));
    }
}
