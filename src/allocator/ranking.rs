//! Which helicopter, to which landing site, to which hospital, now; and why not the others.
//!
//! Absent on purpose: clocks, I/O, floats in results, any knowledge beyond the [`Problem`].
//!
//! Entry points: [`rank`] (the whole [`Plan`]), [`shortlist`] (its best candidates only), [`check()`] (verifies
//! a plan without the solver), [`plain_rank`] (the obvious triple loop, kept as oracle).
//!
//! The rules are judged in one place, `judge`; `solver` only decides which (site, hospital) to put before
//! it. The objective is in `src/allocator/README.md`.

mod air;
mod answer;
mod check;
mod choice;
mod cover;
mod flat;
mod fleet;
mod ground;
mod judge;
mod lanes;
mod margins;
mod plain;
mod plan;
mod problem;
mod reason;
mod remedy;
mod search;
mod solver;
mod validate;

pub use air::{Leg, Passage, Way};
pub use check::{Violation, check};
pub use fleet::{
    Aircraft, AircraftStatus, Asked, Crew, Daylight, Fix, Minima, OutageCause, Ownership, Standing,
    StandingRank,
};
pub use plain::plain_rank;
pub use plan::{
    Candidate, CareAt, GroundCandidate, GroundRuledOut, InOrder, Margins, NearMiss, Outcome, Outranked, Plan,
    RuledOut, Timeline, Transport,
};
pub use problem::{
    AircraftIdx, AreaIdx, Block, BlockIdx, CallOrder, Capabilities, CoverArea, GroundIdx, GroundKind,
    GroundStatus, GroundUnit, Hospital, HospitalIdx, HospitalState, Kind, Needs, NoFlyIdx, OffsetS, Pad,
    Permission, Policy, Problem, RegionIdx, RestRule, Site, SiteIdx, SiteState, Span, Specialties, StaleRule,
    Weather, Window,
};
pub use reason::{Change, GroundChange, GroundReason, Reason, Warning};
pub use solver::{WorkBudget, rank, shortlist};
pub use validate::{ProblemError, limits};

#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod tests;
