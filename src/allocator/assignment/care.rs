//! What it costs that an aircraft goes to a patient, and that none goes: urgent patients first, then as many as can be, then
//! the least time to care.

use super::problem::limits;
use crate::units::Seconds;

/// Patients in one assignment: with them no sum of costs outweighs one of greater urgency who goes unserved.
pub const PATIENTS_MAX: usize = 64;
/// A place further back in the agreement weighs ten minutes to care: illustrative.
const AGREEMENT_STEP_S: i64 = 600;
/// Most that one pair costs.
const COST_MAX: i64 = 1 << 20;

const _: () = assert!(PATIENTS_MAX as i64 * COST_MAX < Urgency::Green.unserved());
const _: () = assert!(outweighs(Urgency::Yellow, Urgency::Green) && outweighs(Urgency::Red, Urgency::Yellow));
const _: () = assert!(Urgency::Red.unserved() <= limits::UNSERVED_MAX);
const _: () = assert!(COST_MAX <= limits::COST_MAX as i64);

/// How urgent a patient is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// Green, or nobody said.
    Green,
    /// Yellow.
    Yellow,
    /// Red.
    Red,
}

impl Urgency {
    /// What leaving such a patient unserved costs: more than all pairs together, and than all of less urgency.
    #[must_use]
    pub const fn unserved(self) -> i64 {
        match self {
            Urgency::Green => 1 << 27,
            Urgency::Yellow => 1 << 34,
            Urgency::Red => 1 << 40,
        }
    }

    /// A red patient's second weighs as three of a green one's, a yellow's as two: illustrative.
    const fn weight(self) -> i64 {
        match self {
            Urgency::Green => 1,
            Urgency::Yellow => 2,
            Urgency::Red => 3,
        }
    }

    /// What it costs that an aircraft goes, `agreement_tier` places back in its agreement.
    #[must_use]
    pub fn cost(self, care_s: Seconds, agreement_tier: u32) -> i32 {
        let cost = self.weight() * i64::from(care_s) + AGREEMENT_STEP_S * i64::from(agreement_tier);
        cost.min(COST_MAX) as i32
    }
}

/// Whether one patient of `more` urgency outweighs all others of `less`, and whatever pairs cost.
const fn outweighs(more: Urgency, less: Urgency) -> bool {
    (PATIENTS_MAX as i64 - 1) * less.unserved() + PATIENTS_MAX as i64 * COST_MAX < more.unserved()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_red_patients_minute_outweighs_two_of_a_green_one_and_an_agreement_ten() {
        assert_eq!(Urgency::Red.cost(60, 0), 180);
        assert!(Urgency::Red.cost(60, 0) > Urgency::Green.cost(120, 0));
        assert_eq!(Urgency::Green.cost(600, 0), Urgency::Green.cost(0, 1));
    }

    #[test]
    fn the_longest_way_and_the_last_place_cost_what_a_pair_may() {
        assert_eq!(i64::from(Urgency::Red.cost(Seconds::MAX, u32::MAX)), COST_MAX);
    }
}
