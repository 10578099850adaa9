//! Policies and fleets side by side over many seeds, on all cores.
//!
//! Under one seed every policy has the same calls at the same places (common random numbers), so differences are taken seed
//! by seed: what chance does to both cancels out. Source: A. M. Law, Simulation Modeling and Analysis, chapter 11,
//! "Variance-Reduction Techniques", 11.2; paired t in 10.2.1. What comes out does not depend on how many threads worked:
//! each run is a function of its arm and seed, and is counted in its place.
//!
//! Absent on purpose: files, clocks, words for people. Entry points: [`compare`], [`policy::Policy`].

pub mod measure;
pub mod policy;
pub mod statistics;
#[cfg(test)]
mod tests;

use crate::authority::planner::RankPlanner;
use crate::drill::Scenario;
use crate::drill::runner::{Answered, Habits, LaidOut, Order, Outcome, RunFault};
use crate::ledger::Digest;
use measure::{Figures, Measure};
use statistics::Estimate;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Most seeds of a comparison: half an hour of weeks on one core.
pub const SEEDS_MAX: u64 = 10_000;
/// Most policies side by side, the scenario as it stands among them: what a sheet of paper shows.
pub const ARMS_MAX: usize = 9;
/// Most threads.
pub const THREADS_MAX: usize = 256;

/// One side of a comparison.
pub struct Arm {
    /// What it is called.
    pub name: String,
    /// The scenario with its policy laid in.
    pub scenario: Scenario,
    /// What it ranks with; every run gets its own from it.
    pub planner: RankPlanner,
}

/// How much to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    /// The first seed.
    pub seed: u64,
    /// How many, counted on from the first.
    pub seeds: u64,
    /// Days of each run.
    pub days: u32,
    /// How people behave.
    pub habits: Habits,
    /// What one flight for another prefecture costs that prefecture, yen.
    pub fee_yen: u32,
    /// How many work at once.
    pub threads: NonZeroUsize,
}

/// One run.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// What happened by chance.
    pub seed: u64,
    /// Over the heads of its ledgers, as [`Outcome::ledgers`].
    pub ledgers: Digest,
    /// What it came to.
    pub figures: Figures,
}

/// One side, and how it compares with the first.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    /// What it is called.
    pub name: String,
    /// Its runs, by seed.
    pub runs: Vec<Run>,
    /// The mean of each measure, in the order of [`Measure::ALL`]; none where no run has it.
    pub means: Vec<Option<Estimate>>,
    /// This side less the first, seed by seed; runs in which one of them lacks the measure are left out.
    pub differences: Vec<Option<Estimate>>,
}

/// Why nothing is compared.
#[derive(Debug, thiserror::Error)]
pub enum CompareFault {
    /// No seed, or too many.
    #[error("{seeds} seeds cannot be compared; 1 to {SEEDS_MAX} can")]
    Seeds {
        /// How many were asked for.
        seeds: u64,
    },
    /// Fewer than two sides, or too many.
    #[error("{arms} policies beside the scenario as it stands; 1 to {} can be compared", ARMS_MAX - 1)]
    Arms {
        /// How many, without the first.
        arms: usize,
    },
    /// Two sides do not have the same calls: their differences would not be those of their policies.
    #[error(
        "seed {seed}: {arm} has other calls than {first}; compare scenarios with the same start and demand"
    )]
    OtherCalls {
        /// Which seed.
        seed: u64,
        /// The first side.
        first: String,
        /// The one that differs.
        arm: String,
    },
    /// A run cannot go on.
    #[error("{arm}, seed {seed}: {fault}")]
    Run {
        /// Which side.
        arm: String,
        /// Which seed.
        seed: u64,
        /// Why.
        fault: Box<RunFault>,
    },
}

/// Runs every arm under every seed; `told` hears of each run that has ended.
///
/// # Errors
/// [`CompareFault`]; of several the one of the lowest seed, then the first arm.
///
/// # Complexity
/// Seeds × arms runs, beside laying each arm out once on each thread.
pub fn compare(arms: &[Arm], extent: &Extent, told: impl Fn() + Sync) -> Result<Vec<Side>, CompareFault> {
    if !(1..=SEEDS_MAX).contains(&extent.seeds) || extent.seed.checked_add(extent.seeds).is_none() {
        return Err(CompareFault::Seeds { seeds: extent.seeds });
    }
    if !(2..=ARMS_MAX).contains(&arms.len()) {
        return Err(CompareFault::Arms { arms: arms.len().saturating_sub(1) });
    }
    let rows = rows(arms, extent, &told)?;
    let mut sides: Vec<Side> = Vec::with_capacity(arms.len());
    for (place, arm) in arms.iter().enumerate() {
        let runs: Vec<Run> = rows.iter().filter_map(|row| row.get(place).cloned()).collect();
        let means = Measure::ALL.iter().map(|measure| estimate(&runs, *measure)).collect();
        let first = sides.first().map_or(&runs, |first| &first.runs);
        let differences = Measure::ALL.iter().map(|measure| difference(first, &runs, *measure)).collect();
        sides.push(Side { name: arm.name.clone(), runs, means, differences });
    }
    Ok(sides)
}

type Row = Vec<Run>;

/// What a thread keeps of an arm from one run to the next.
type Ground = (LaidOut, RankPlanner);

/// For each seed a run of each arm.
fn rows(arms: &[Arm], extent: &Extent, told: &(impl Fn() + Sync)) -> Result<Vec<Row>, CompareFault> {
    let next = AtomicU64::new(0);
    let is_over = AtomicBool::new(false);
    let done: Mutex<Vec<(u64, Result<Row, CompareFault>)>> = Mutex::default();
    let work = || {
        let mut laid_out: Vec<Option<Ground>> = arms.iter().map(|_| None).collect();
        while !is_over.load(Ordering::Relaxed) {
            let place = next.fetch_add(1, Ordering::Relaxed);
            if place >= extent.seeds {
                break;
            }
            let row = row(arms, &mut laid_out, (extent, extent.seed + place), told);
            // Seeds that were begun are ended: the lowest fault among them is the lowest of all.
            is_over.fetch_or(row.is_err(), Ordering::Relaxed);
            done.lock().unwrap_or_else(PoisonError::into_inner).push((place, row));
        }
    };
    std::thread::scope(|scope| {
        let threads = extent.threads.get().min(THREADS_MAX);
        let beside: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        work();
        for thread in beside {
            if let Err(panic) = thread.join() {
                std::panic::resume_unwind(panic);
            }
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, row)| row).collect()
}

fn row(
    arms: &[Arm],
    laid_out: &mut [Option<Ground>],
    (extent, seed): (&Extent, u64),
    told: &impl Fn(),
) -> Result<Row, CompareFault> {
    let order = Order { days: extent.days, seed, habits: extent.habits };
    let mut row = Row::with_capacity(arms.len());
    let mut calls = None;
    for (arm, laid_out) in arms.iter().zip(laid_out) {
        let outcome = played(arm, laid_out, order).map_err(|fault| CompareFault::Run {
            arm: arm.name.clone(),
            seed,
            fault: Box::new(fault),
        })?;
        let here: Vec<_> = outcome.calls.iter().map(called).collect();
        if *calls.get_or_insert_with(|| here.clone()) != here {
            let first = arms.first().map(|first| first.name.clone()).unwrap_or_default();
            return Err(CompareFault::OtherCalls { seed, first, arm: arm.name.clone() });
        }
        let figures = Figures::of(&outcome, &arm.scenario, extent.fee_yen);
        row.push(Run { seed, ledgers: outcome.ledgers, figures });
        told();
    }
    Ok(row)
}

/// Who called when from where.
fn called(call: &Answered) -> impl PartialEq + Clone + use<> {
    (call.called_at, call.area.clone(), call.position)
}

fn played(arm: &Arm, ground: &mut Option<Ground>, order: Order) -> Result<Outcome, RunFault> {
    let (laid_out, planner) = match ground {
        Some(ground) => ground,
        None => ground.insert((LaidOut::of(&arm.scenario)?, arm.planner.afresh())),
    };
    *planner = planner.afresh();
    laid_out.run(planner, order, |_| {})
}

fn estimate(runs: &[Run], measure: Measure) -> Option<Estimate> {
    let numbers: Vec<f64> = runs.iter().filter_map(|run| run.figures.get(measure)).collect();
    Estimate::of(&numbers)
}

fn difference(first: &[Run], other: &[Run], measure: Measure) -> Option<Estimate> {
    let pairs = first.iter().zip(other);
    let both = pairs.filter_map(|(one, other)| Some(other.figures.get(measure)? - one.figures.get(measure)?));
    Estimate::of(&both.collect::<Vec<f64>>())
}
