//! How people behave in a run: how long they take, how often they say no.

use crate::units::Seconds;

/// Spans are drawn evenly between their two ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Habits {
    /// From the ring of an ask to the base having heard it, seconds.
    pub hear_s: (Seconds, Seconds),
    /// From then to the pilot's word, seconds.
    pub answer_s: (Seconds, Seconds),
    /// How often a base that could go says no, in a thousand.
    pub decline_permille: u32,
    /// From a no to the dispatcher's next ask, seconds.
    pub ask_again_s: (Seconds, Seconds),
    /// How far a call lies from the centre of its area at most, metres.
    pub scatter_m: u32,
    /// Calls against those that the scenario's demand states, in a thousand.
    pub calls_permille: u32,
}

impl Default for Habits {
    /// Illustrative but for their order of size: a base answers within the five minutes from hot line to lift-off
    /// (FACTS 1.2: rotor start 4 min, S69b; 5 min in the cut-off rule, S16).
    fn default() -> Habits {
        Habits {
            hear_s: (5, 20),
            answer_s: (20, 60),
            decline_permille: 50,
            ask_again_s: (20, 40),
            scatter_m: 5_000,
            calls_permille: 1_000,
        }
    }
}
