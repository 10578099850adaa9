//! Whether the decided pairs can be, before anything is proposed.

use super::problem::{MunicipalityIdx, PhaseIdx, SupporterIdx};
use super::teams::Layout;
use crate::units::UNREACHABLE;

/// A decided pair that cannot be, and what would have to be decided anew.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Infeasible {
    /// No way is open in one of its phases.
    #[error("decided pair {decision}: no way is open in phase {}; open one or decide another pair", .phase.0)]
    NoWay {
        /// The place in the list of decided pairs.
        decision: usize,
        /// The first such phase.
        phase: PhaseIdx,
    },
    /// The same pair is excluded.
    #[error("decided pair {decision} is excluded by entry {exclusion}; take one of them back")]
    Excluded {
        /// The place in the list of decided pairs.
        decision: usize,
        /// The place in the list of excluded pairs.
        exclusion: usize,
    },
    /// More of a supporter's teams were decided than it has in a phase.
    #[error("{decided} teams of supporter {} were decided for phase {}, it has {capacity}; decide fewer", .supporter.0, .phase.0)]
    OverCapacity {
        /// Who.
        supporter: SupporterIdx,
        /// When.
        phase: PhaseIdx,
        /// Teams in all of its decided pairs.
        decided: u32,
        /// Teams that it has.
        capacity: u32,
        /// The places of these pairs in the list of decided pairs.
        decisions: Vec<usize>,
    },
}

/// Everything that keeps the decided pairs from being, in the order of decisions, then of phases and supporters.
pub(super) fn infeasible(layout: &Layout) -> Vec<Infeasible> {
    let problem = layout.problem;
    let mut found = Vec::new();
    for (decision, pair) in problem.decided.iter().enumerate() {
        let is_same = |(supporter, municipality): (SupporterIdx, MunicipalityIdx)| {
            (supporter, municipality) == (pair.supporter, pair.municipality)
        };
        if let Some(exclusion) =
            problem.excluded.iter().position(|other| is_same((other.supporter, other.municipality)))
        {
            found.push(Infeasible::Excluded { decision, exclusion });
        }
        let (supporter, municipality) = (pair.supporter.0 as usize, pair.municipality.0 as usize);
        let is_shut =
            |phase: &u32| layout.travel_s((*phase as usize, supporter, municipality)) == UNREACHABLE;
        if let Some(phase) = (pair.from.0..pair.until.0).find(is_shut) {
            found.push(Infeasible::NoWay { decision, phase: PhaseIdx(phase) });
        }
    }
    for phase in 0..layout.phases() {
        for supporter in 0..layout.supporters() {
            let (decided, capacity) =
                (layout.floor.load(phase, supporter), layout.capacity(phase, supporter));
            if decided > capacity {
                let (supporter, phase) = (SupporterIdx(supporter as u32), PhaseIdx(phase as u32));
                let pairs = problem.decided.iter().enumerate();
                let decisions = pairs
                    .filter(|(_, pair)| {
                        pair.supporter == supporter && pair.from <= phase && phase < pair.until
                    })
                    .map(|(decision, _)| decision)
                    .collect();
                found.push(Infeasible::OverCapacity { supporter, phase, decided, capacity, decisions });
            }
        }
    }
    found
}
