//! A drill run by the machine: discrete events on a virtual clock, through the very ledgers, rules and rankings of a real
//! night.
//!
//! What is played are the people: callers, dispatchers, bases and crews. Everything else is the code that a server runs,
//! with ledgers in memory. One seed names everything that happens by chance, variable by variable, so that two runs that
//! differ in their policy have the same calls. Absent on purpose: rules, I/O, clocks, threads. Entry point: [`run`].

mod calls;
mod chance;
mod habits;
mod outcome;
mod people;
mod world;

pub use habits::Habits;
pub use outcome::{Answered, Flown, Outcome, Told, permille_of};
pub use world::RunFault;

use super::Scenario;
use crate::authority::planner::RankPlanner;
use crate::units::Seconds;
use people::People;
use world::World;

/// Longest run: a leap year.
pub const DAYS_MAX: u32 = 366;

/// What to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// How many days, 1 to [`DAYS_MAX`].
    pub days: u32,
    /// What happens by chance.
    pub seed: u64,
    /// How people behave.
    pub habits: Habits,
}

impl Order {
    fn span_s(&self) -> Seconds {
        self.days.clamp(1, DAYS_MAX) * 86_400
    }
}

/// Plays calls by the demand that `scenario` states for its areas, from its start on; `told` hears of every day that has
/// passed.
///
/// # Errors
/// [`RunFault`] when the scenario's commands are refused: one that was read is not.
///
/// # Complexity
/// A ranking for each call and each no, besides the records.
pub fn run(
    scenario: &Scenario,
    planner: &RankPlanner,
    order: Order,
    mut told: impl FnMut(u32),
) -> Result<Outcome, RunFault> {
    let mut world = World::laid_out(scenario, order.seed)?;
    let end = scenario.start + order.span_s();
    let mut people = People::new(planner, order);
    people.expect_calls(calls::between(world.view(), (scenario.start, end), order.seed));
    let mut days = 0;
    while let Some(at) = people.next_deed().into_iter().chain(world.next_deadline()).min() {
        // What was called before the end is seen through.
        if at >= end && people.is_idle() {
            break;
        }
        while days < order.days && at >= scenario.start + (days + 1) * 86_400 {
            days += 1;
            told(days);
        }
        world.turn_to(at)?;
        people.act(&mut world)?;
    }
    (days..order.days).for_each(|day| told(day + 1));
    Ok(people.outcome(&world))
}

#[cfg(test)]
mod tests;
