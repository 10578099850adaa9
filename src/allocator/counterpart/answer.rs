//! The answer: pairs with their reasons, what is missing and why, and the prices that prove how good it is.

use super::problem::{MunicipalityIdx, PhaseIdx, SupporterIdx};
use crate::units::Seconds;

/// What a plan costs; less is better, the first tier that differs decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Objective {
    /// Municipalities with a need and nobody there, summed over the phases.
    pub uncovered: i64,
    /// Weight of the teams that are missing: people for each, more the less of a need is met.
    pub missed: i64,
    /// Travel less ties, take-ups and burden, seconds over all teams and phases.
    pub seconds: i64,
}

/// Why this supporter, and not the nearest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// People decided it.
    Decided {
        /// The place in the list of decided pairs.
        decision: usize,
    },
    /// Nobody who may come has a shorter way.
    Nearest,
    /// The nearest has no team left in this phase.
    Capacity {
        /// Who would be nearer.
        nearest: SupporterIdx,
    },
    /// An earlier tie outweighs the way.
    Tie {
        /// Who would be nearer.
        nearest: SupporterIdx,
        /// How much more the tie is worth than that of the nearest.
        worth_s: i64,
    },
    /// The nearest bears more already.
    Fairness {
        /// Who would be nearer.
        nearest: SupporterIdx,
        /// How much more one team more would weigh on the nearest.
        worth_s: i64,
    },
    /// It is there in the phase before, or stays for the next: changing would cost.
    Continuity {
        /// Who would be nearer.
        nearest: SupporterIdx,
        /// What changing would cost.
        worth_s: i64,
    },
}

/// What one team of a pair would cost more otherwise, all else as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextBest {
    /// Another supporter with a team left.
    Other {
        /// Who.
        supporter: SupporterIdx,
        /// How much dearer; negative only where people decided otherwise.
        extra_s: i64,
    },
    /// Nobody else has a team left: it would be missing.
    Missing {
        /// Whether nobody would be there at all.
        uncovers: bool,
        /// Weight of that team; 0 where more came than is needed.
        missed: i64,
    },
}

/// Teams of one supporter in one municipality during one phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// When.
    pub phase: PhaseIdx,
    /// Whom.
    pub municipality: MunicipalityIdx,
    /// Who.
    pub supporter: SupporterIdx,
    /// How many teams; at least one.
    pub teams: u32,
    /// How many of them were decided.
    pub decided: u32,
    /// Why; of a pair with more teams than decided, why these.
    pub reason: Reason,
    /// What the next best would cost.
    pub next_best: NextBest,
}

/// Why a municipality gets less than it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortage {
    /// No supporter has a way there.
    NoWay,
    /// Whoever has a way there must not go.
    Excluded,
    /// Whoever could go has nobody to send in this phase.
    NobodyOffers,
    /// All teams of those who could go are away, where they weigh more or were decided.
    NoTeamLeft,
}

/// What would have to be different.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// A way is open for this supporter.
    OpenWay {
        /// Whose.
        supporter: SupporterIdx,
    },
    /// The pair is no longer excluded.
    LiftExclusion {
        /// Whose.
        supporter: SupporterIdx,
    },
    /// The supporter sends more than it offered.
    MoreTeams {
        /// Who.
        supporter: SupporterIdx,
        /// How many more.
        teams: u32,
    },
}

/// What a municipality does not get in a phase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortfall {
    /// When.
    pub phase: PhaseIdx,
    /// Who.
    pub municipality: MunicipalityIdx,
    /// How many teams are missing; at least one.
    pub teams: u32,
    /// Why.
    pub reason: Shortage,
    /// What together would give it all that it needs and take from nobody else.
    pub changes: Vec<Change>,
}

/// A scout of the problem, and when it can be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScoutLeg {
    /// The place in the list of scouts.
    pub scout: usize,
    /// Seconds from the shock to its arrival; `None` when no way is open in the first phase.
    pub arrives_s: Option<Seconds>,
}

/// Prices that prove a bound; any prices prove some.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Duals {
    /// Phases x supporters: what one team more would save, tiers packed.
    pub capacity: Vec<i128>,
    /// Phases x supporters x municipalities: seconds that a team is charged for taking up, at most the policy's.
    pub take_up_s: Vec<i64>,
}

/// Who supports whom, why, and how much better it could be at best.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// First looks; they leave before anything is proposed.
    pub scouts: Vec<ScoutLeg>,
    /// In the order of phase, municipality, supporter.
    pub pairs: Vec<Pair>,
    /// In the order of phase, municipality.
    pub shortfalls: Vec<Shortfall>,
    /// What it costs.
    pub objective: Objective,
    /// No plan whatever costs less. Its first two tiers are those of `objective`.
    pub bound: Objective,
    /// What proves `bound`.
    pub duals: Duals,
}

impl Answer {
    /// Whether no plan whatever costs less.
    pub fn is_optimal(&self) -> bool {
        self.objective == self.bound
    }

    /// Seconds that a plan could save at most, the first two tiers as they are.
    pub fn gap_s(&self) -> i64 {
        self.objective.seconds - self.bound.seconds
    }
}
