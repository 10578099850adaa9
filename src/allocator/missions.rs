//! Aircraft or teams to missions: several sorties each, with fuel, duty and landing sites that they share.
//!
//! Absent on purpose: clocks, I/O, floats, any knowledge beyond the [`Problem`]. What is tried at random has its seed in
//! the budget.
//!
//! Entry points: [`solve`] (a plan, and what every plan costs at least), [`check()`] (verifies both without the solver).
//! Exact where each flies once and nothing that is shared binds, by [`assignment`](super::assignment), and where there are
//! so few plans that all can be looked at; otherwise a heuristic with a proven gap. The objective is in `src/allocator/README.md`.

mod bound;
mod check;
mod listing;
mod plan;
mod problem;
mod reason;
mod recreate;
mod route;
mod solver;
mod state;
mod ways;

pub use check::{Violation, check};
pub use plan::{Change, Limit, Plan, Proof, Reason, Refuel, Route, Sortie, Unserved};
pub use problem::{
    Landing, Mission, Onward, Pad, Problem, ProblemError, Resource, Stay, Stop, Taker, Takers, limits,
};
pub use solver::{WorkBudget, solve};

#[cfg(test)]
mod tests;
