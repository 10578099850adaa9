//! Which member supports which affected municipality, for weeks: proposals beside what people decided.
//!
//! Absent on purpose: clocks, I/O, floats, threads, any knowledge beyond the [`Problem`], and any decision: the union's
//! headquarters decides pairs, and what it decided is not moved. Everything is counted in teams (so many staff for one
//! phase, as the caller cuts them), so a proposal has no pair of half a person.
//!
//! Entry points: [`scouts`] (who leaves at once, before any proposal), [`solve`] (the proposal with its reasons),
//! [`check()`] (verifies an [`Answer`] without the solver), [`lower_bound`] (what any prices prove).
//!
//! The problem, the method and what is not done: `src/allocator/README.md`. 2011 and 2024: `docs/counterpart.md`.

mod answer;
mod check;
mod cost;
mod explain;
mod flow;
mod hard;
mod numbers;
mod problem;
mod solver;
mod teams;

pub use answer::{Answer, Change, Duals, NextBest, Objective, Pair, Reason, ScoutLeg, Shortage, Shortfall};
pub use check::{Violation, check, lower_bound};
pub use explain::scouts;
pub use hard::Infeasible;
pub use numbers::{Numbers, solve_numbered};
pub use problem::{
    Decided, Exclusion, Municipality, MunicipalityIdx, PhaseIdx, Policy, Problem, ProblemError, Scout,
    Standing, Supporter, SupporterIdx, TIE_WORTH_S, Tie, limits,
};
pub use solver::{Refused, WorkBudget, solve};

#[cfg(test)]
mod tests;
