//! A drill run by the machine: discrete events on a virtual clock, through the very ledgers, rules and rankings of a real
//! night.
//!
//! What is played are the people: callers, dispatchers, bases and crews. Everything else is the code that a server runs,
//! with ledgers in memory. One seed names everything that happens by chance, variable by variable, so that two runs that
//! differ in their policy have the same calls. Absent on purpose: rules, I/O, clocks, threads. Entry points: [`run`] for
//! ordinary days, [`play`] for a drill with injects.

mod calls;
mod chance;
mod habits;
mod outcome;
mod people;
mod soonest;
mod world;

pub use habits::Habits;
pub use outcome::{
    Answered, Chosen, DecidedOn, Flown, Followed, Injected, Outcome, Told, Verdict, permille_of,
};
pub use world::RunFault;

use super::{Scenario, Script};
use crate::authority::View;
use crate::authority::planner::RankPlanner;
use crate::decision::Command;
use crate::decision::model::{AssetState, OutageReason};
use crate::id::Slug;
use crate::ledger::Digest;
use crate::units::{Seconds, Timestamp};
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
    told: impl FnMut(u32),
) -> Result<Outcome, RunFault> {
    LaidOut::of(scenario)?.run(planner, order, told)
}

/// A scenario laid out once, for many runs: each begins with a copy, so that a run with some seed has the same records
/// whether it is the first or the thousandth.
pub struct LaidOut {
    world: World,
}

impl LaidOut {
    /// Lays a scenario out.
    ///
    /// # Errors
    /// As [`run`].
    pub fn of(scenario: &Scenario) -> Result<LaidOut, RunFault> {
        Ok(LaidOut { world: World::laid_out(scenario)? })
    }

    /// Everything that is known before anything happens.
    #[must_use]
    pub fn view(&self) -> &View {
        self.world.view()
    }

    /// Over the heads of all ledgers, before anything happens: equal scenarios have equal ones.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.world.digest()
    }

    /// As [`run`], without laying the scenario out again. `planner` must not have seen another run
    /// ([`RankPlanner::afresh`]).
    ///
    /// # Errors
    /// As [`run`].
    pub fn run(
        &self,
        planner: &RankPlanner,
        order: Order,
        mut told: impl FnMut(u32),
    ) -> Result<Outcome, RunFault> {
        let world = self.world.fork(order.seed);
        let span = (world.now(), world.now() + order.span_s());
        played(world, People::new(planner, order), (span, order), &mut told)
    }
}

/// Plays a drill under `seed`; `told` hears of every day that has passed.
///
/// # Errors
/// As [`run`].
///
/// # Complexity
/// As [`run`]; each record is compared with the injects that wait for a condition.
pub fn play(
    script: &Script,
    planner: &RankPlanner,
    seed: u64,
    mut told: impl FnMut(u32),
) -> Result<Outcome, RunFault> {
    let mut world = World::laid_out(&script.scenario)?.fork(seed);
    world.turn_to(script.start)?;
    set_fleet(&mut world, script)?;
    let order = Order { days: script.span_s.div_ceil(86_400), seed, habits: script.habits };
    let span = (script.start, script.start + script.span_s);
    // Roads that change are of this history alone.
    let apart = script.changes_roads().then(|| planner.afresh());
    let people = People::new(apart.as_ref().unwrap_or(planner), order).under(script, span.1);
    played(world, people, (span, order), &mut told)
}

/// Lets the aircraft of a drill stand still or fly, whatever the scenario plans.
fn set_fleet(world: &mut World, script: &Script) -> Result<(), RunFault> {
    for asset in &script.in_service {
        let usage = world.view().asset(asset).map(|(_, usage)| usage);
        let planned: Vec<Slug> = usage.iter().flat_map(|usage| usage.outages.keys().cloned()).collect();
        for outage in planned {
            let command = Command::CancelOutage { asset: asset.clone(), outage };
            let _ = world.submit(&asset.ledger(), "planner of the drill", command)?;
        }
        let command = Command::SetAssetState { asset: asset.clone(), state: AssetState::Available };
        let _ = world.submit(&asset.ledger(), "planner of the drill", command)?;
    }
    for asset in &script.out_of_service {
        let state = AssetState::OutOfService { reason: OutageReason::NoMechanics, until: None };
        let command = Command::SetAssetState { asset: asset.clone(), state };
        let _ = world.submit(&asset.ledger(), "planner of the drill", command)?;
    }
    Ok(())
}

/// Plays from the beginning of `span` on; what was called before its end is seen through.
fn played(
    mut world: World,
    mut people: People<'_>,
    (span, order): ((Timestamp, Timestamp), Order),
    told: &mut impl FnMut(u32),
) -> Result<Outcome, RunFault> {
    let (start, end) = span;
    people.expect_calls(calls::between(world.view(), span, order));
    let mut days = 0;
    while let Some(at) = people.next_deed().into_iter().chain(world.next_deadline()).min() {
        if at >= end && people.is_idle() {
            break;
        }
        while days < order.days && at >= start + (days + 1) * 86_400 {
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
