//! Who sends what to whom, by which way and vehicle, and when: the mutual-aid plan over time.
//!
//! Absent on purpose: clocks, I/O, floats in answers, threads, any knowledge beyond the [`Problem`].
//!
//! The objective, the method and what is not done: `src/allocator/README.md`.

mod again;
mod ascent;
mod bases;
mod bundle;
mod check;
mod core;
mod document;
mod dual;
mod frozen;
mod index;
mod layout;
mod nearest;
mod objective;
mod packing;
mod plan;
mod problem;
mod report;
mod resources;
mod solver;
mod state;
mod transit;
mod validate;
mod why;

pub use check::{Violation, check};
pub use document::{DocumentError, Names, PlanDocument, ProblemDocument};
pub use index::{
    BundleIdx, ClassIdx, FleetIdx, GoodIdx, MemberIdx, NeedIdx, PeriodIdx, PointIdx, SiteIdx, StockIdx,
};
pub use objective::{TENTHS, Tiers, weights};
pub use plan::{Burden, Displaced, FrozenGain, Gap, Plan, Proof, Served, Unmet, WorkBudget, Worth};
pub use problem::{
    Bundle, Busy, Fleet, Good, Home, LORRY, LORRY_CM3, LORRY_G, Line, Load, Need, Pairing, PairingRule,
    Permission, Point, Problem, Shipment, Site, Stock, Stop, Tier, Urgency, VEHICLE, VehicleClass, Ways,
};
pub use resources::Resource;
pub use solver::{solve, solve_again};
pub use validate::{ProblemError, limits};
pub use why::{Change, Reason};

#[cfg(test)]
mod tests;
