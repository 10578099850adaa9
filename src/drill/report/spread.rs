//! How long care took, held against targets.

use crate::drill::runner::{Outcome, Told};
use crate::units::Seconds;

/// Width of a bin.
pub const BIN_S: Seconds = 5 * 60;
/// Bins; the last one holds everything beyond.
const BINS: usize = 19;

/// What care is held against: 15 min to contact, the national rule of thumb (FACTS 7.3), and the union's aim of 30 min
/// (FACTS 1.1, S2).
pub const TARGETS: [Seconds; 2] = [15 * 60, 30 * 60];

/// Calls by how long care took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spread {
    /// Calls by spans of [`BIN_S`], the shortest first.
    pub bins: Vec<Bin>,
    /// Calls that nobody answered.
    pub nobody: u32,
    /// How many were served in time.
    pub targets: [Target; TARGETS.len()],
}

/// Calls whose care took about as long.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bin {
    /// Served by air.
    pub air: u32,
    /// Served by road.
    pub road: u32,
}

/// A target and how many calls were served within it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// The target.
    pub within_s: Seconds,
    /// Calls that got care by then, out of all calls.
    pub met: u32,
}

impl Spread {
    /// Of one run.
    #[must_use]
    pub fn of(outcome: &Outcome) -> Spread {
        let mut bins = vec![Bin::default(); BINS];
        let mut targets = TARGETS.map(|within_s| Target { within_s, met: 0 });
        let mut nobody = 0;
        for call in &outcome.calls {
            let Some(care_s) = call.care_s() else {
                nobody += 1;
                continue;
            };
            let place = ((care_s / BIN_S) as usize).min(BINS - 1);
            if let Some(bin) = bins.get_mut(place) {
                match call.told {
                    Told::Flown(_) => bin.air += 1,
                    Told::Ground { .. } | Told::Nobody => bin.road += 1,
                }
            }
            for target in targets.iter_mut().filter(|target| care_s <= target.within_s) {
                target.met += 1;
            }
        }
        Spread { bins, nobody, targets }
    }
}
