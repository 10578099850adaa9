//! Drills: scenario folders read into typed values, and laid into the ledgers of a drill space.
//!
//! A drill runs on exactly the code that runs a real night. Absent on purpose: rules. What a scenario states goes
//! through [`State::decide`](crate::decision::State::decide) like anything that a person types, and whatever that refuses
//! is a fault of the scenario. Entry points: [`read`] and [`seed`]; [`runner::run`] plays people as well,
//! [`script::read`] reads what a planner lets happen to them, [`shake::shake`] works out what an earthquake does.

pub mod compare;
pub mod report;
pub mod runner;
pub mod scenario;
pub mod script;
pub mod seeding;
pub mod shake;

pub use scenario::fault::{Fault, ScenarioFault};
pub use scenario::policy::Policy;
pub use scenario::{Roads, Scenario, Seed, Structure, read};
pub use script::Script;
pub use seeding::{SeedFault, SeedReport, seed};
