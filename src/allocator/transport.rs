//! Which depot sends how much of which good to which receiving point, in one period, straight and for the least cost.
//!
//! Absent on purpose: clocks, I/O, floats, threads, any knowledge beyond the [`Problem`]. Everything is counted in one
//! unit (the larger of the mass and the volume share of a lorry), so a depot's throughput over all goods and a point's
//! intake over all goods are limits of one flow, and the plan is exact and whole.
//!
//! Entry points: [`solve`] (from nothing), [`solve_again`] (from the [`Basis`] of an earlier call, after costs, stocks,
//! needs or limits changed), [`check()`] (proves an [`Answer`] without the solver), [`lower_bound`] (what any prices
//! prove).
//!
//! The problem, the method and what is not done: `src/allocator/README.md`.

mod answer;
mod basis;
mod check;
mod greedy;
mod layout;
mod needs;
mod pricing;
mod problem;
mod rows;
mod simplex;
mod solver;
mod tree;

pub use answer::{Answer, Flow, Prices};
pub use basis::Basis;
pub use check::{Violation, check, lower_bound};
pub use needs::{Needs, Step};
pub use problem::{DepotIdx, GoodIdx, PointIdx, Problem, ProblemError, Surcharges, UNREACHABLE, limits};
pub use solver::{Solved, WorkBudget, solve, solve_again};

#[cfg(test)]
mod tests;
