//! Missions to resources, one to one, at the least cost; and the prices that prove it.
//!
//! Absent on purpose: clocks, I/O, floats, randomness, any knowledge beyond the [`Problem`].
//!
//! Entry points: [`solve`] (the cheapest plan and its prices), [`check()`] (verifies both without the solver). A mission
//! may go unserved for a price, so there is always an answer.
//!
//! Two algorithms, chosen by a look at the costs: shortest augmenting paths after Jonker and Volgenant, and an auction
//! with epsilon scaling where many missions want the same few resources. The objective is in
//! `src/allocator/README.md`, figures come from `benches/assignment.rs`.

mod auction;
mod care;
mod check;
mod lane;
mod lists;
mod matching;
mod paths;
mod problem;
mod reduction;
mod solver;
mod square;

pub use care::{PATIENTS_MAX, Urgency};
pub use check::{Violation, check};
pub use problem::{Assignment, FORBIDDEN, Method, Problem, ProblemError, WorkBudget, limits};
pub use solver::solve;

#[cfg(test)]
mod tests;
