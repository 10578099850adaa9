//! All phases: prices between them for the bound, one phase after the other for the plan.

use super::answer::{Answer, Duals};
use super::check::bound_of;
use super::cost::{Tariff, packed_objective, unpack};
use super::explain;
use super::flow::{Cheapest, Phase, Way, cheapest};
use super::hard::{Infeasible, infeasible};
use super::problem::{Problem, ProblemError};
use super::teams::{Cube, Layout, Teams};

/// How much work a solve may take; never a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkBudget {
    /// Rounds of prices between the phases; each solves every phase once or several times.
    pub rounds: u32,
}

impl Default for WorkBudget {
    fn default() -> Self {
        Self { rounds: 40 }
    }
}

/// Why nothing is proposed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The problem cannot be read.
    #[error(transparent)]
    Misshapen(#[from] ProblemError),
    /// What people decided cannot be; every obstacle is named, nothing is proposed over it.
    #[error("what was decided cannot be: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Infeasible(Vec<Infeasible>),
}

/// The best pairs that `budget` allows, with a bound on what is missing.
///
/// A take-up couples each phase to the one before. The bound charges it at a price between 0 and what it costs, for
/// which each phase stands alone and is solved exactly; the prices follow the subgradient, but for those of the first
/// phase, which its own solution proves. The plan comes from the
/// phases of such a round: each is solved again, exactly, with its neighbours as they are, until none changes. So the
/// first two tiers are optimal always, the third when [`Answer::gap_s`] is 0: with one phase, or with free take-ups.
///
/// # Errors
/// [`Refused`] when the problem is misshapen or what was decided cannot be.
pub fn solve(problem: &Problem, budget: WorkBudget) -> Result<Answer, Refused> {
    problem.validate()?;
    let layout = Layout::new(problem);
    let obstacles = infeasible(&layout);
    if !obstacles.is_empty() {
        return Err(Refused::Infeasible(obstacles));
    }
    let tariff = Tariff::new(&layout);
    let (teams, duals, bound) = search(&layout, &tariff, budget);
    Ok(Answer {
        scouts: explain::scouts(problem),
        pairs: explain::pairs(&layout, &tariff, &teams),
        shortfalls: explain::shortfalls(&layout, &teams),
        objective: unpack(packed_objective(&layout, &tariff, &teams)),
        bound: unpack(bound),
        duals,
    })
}

/// Thousandths of a second, in which prices move.
const MILLI: i64 = 1_000;
/// Every so many rounds a plan is made of the phases.
const PLAN_EVERY: u32 = 4;
/// Rounds without a better bound before the steps halve.
const PATIENCE: u32 = 3;
/// Sweeps over the phases; each but the last makes the plan cheaper by a second at least.
const SWEEPS_MAX: usize = 64;

fn search(layout: &Layout, tariff: &Tariff, budget: WorkBudget) -> (Teams, Duals, i128) {
    let mut charge = first_charges(layout);
    let (mut duals, relaxed) = relax(layout, tariff, &charge);
    let mut bound = bound_of(layout, tariff, &duals);
    let mut plan = settle(layout, tariff, relaxed.clone());
    let mut objective = packed_objective(layout, tariff, &plan);
    let (mut stride, mut idle) = (MILLI, 0);
    let (mut now, mut at) = (bound, relaxed);
    for round in 1..budget.rounds {
        let Some(short) = i64::try_from(objective - now).ok().filter(|_| objective > bound) else { break };
        if !step(layout, &mut charge, &at, short.saturating_mul(stride) / MILLI) {
            break;
        }
        let (proof, relaxed) = relax(layout, tariff, &charge);
        now = bound_of(layout, tariff, &proof);
        if now > bound {
            (bound, duals, idle) = (now, proof, 0);
        } else {
            idle += 1;
        }
        if idle > PATIENCE {
            (stride, idle) = (stride / 2, 0);
        }
        if round % PLAN_EVERY == 0 {
            let candidate = settle(layout, tariff, relaxed.clone());
            let cost = packed_objective(layout, tariff, &candidate);
            if cost < objective {
                (plan, objective) = (candidate, cost);
            }
        }
        at = relaxed;
    }
    (plan, duals, bound)
}

/// Half the take-up between two phases; what comes before the first is known and needs no charge.
fn first_charges(layout: &Layout) -> Cube<i64> {
    let take_up = i64::from(layout.problem.policy.take_up_s) * MILLI;
    let mut charge = Cube::filled(layout.problem, take_up / 2);
    if layout.phases() > 0 {
        charge.phase_mut(0).fill(0);
    }
    charge
}

/// Every phase alone: in the first, who stands there already takes nothing up; in the others a team is charged for taking
/// up and paid for staying.
fn relax(layout: &Layout, tariff: &Tariff, charge: &Cube<i64>) -> (Duals, Teams) {
    let seconds: Vec<i64> = charge.cells().iter().map(|charge| charge / MILLI).collect();
    let mut duals = Duals { capacity: Vec::new(), take_up_s: seconds };
    let mut teams = Teams::filled(layout.problem, 0);
    for phase in 0..layout.phases() {
        let net = net_charges(layout, &duals.take_up_s, phase);
        let way = |s: usize, m: usize| {
            let cost = layout.way_s.at((phase, s, m)).map(|way_s| way_s + net[layout.pair(s, m)])?;
            let floor = *layout.floor.at((phase, s, m));
            let way = Way { cost, floor, before: 0, after: 0, take_up_s: 0 };
            Some(if phase == 0 { first_way(layout, (s, m), way) } else { way })
        };
        let found = solve_phase(layout, tariff, phase, way);
        if phase == 0 {
            prove_first(layout, &found, way, &mut duals.take_up_s);
        }
        teams.phase_mut(phase).copy_from_slice(&found.teams);
        duals.capacity.extend(found.price);
    }
    (duals, teams)
}

/// A way of the first phase: who stands there before it is known.
fn first_way(layout: &Layout, (supporter, municipality): (usize, usize), way: Way) -> Way {
    let take_up_s = i64::from(layout.problem.policy.take_up_s);
    Way { before: layout.standing[layout.pair(supporter, municipality)], take_up_s, ..way }
}

/// The charges of the first phase at which its teams stay the cheapest: what one team more is worth on a way beyond its
/// own cost, between nothing and the whole take-up.
fn prove_first(
    layout: &Layout,
    found: &Cheapest,
    way: impl Fn(usize, usize) -> Option<Way>,
    take_up_s: &mut [i64],
) {
    for supporter in 0..layout.supporters() {
        for municipality in 0..layout.municipalities() {
            let Some(way) = way(supporter, municipality) else { continue };
            let worth = found.delivered[municipality] - found.price[supporter] - i128::from(way.cost);
            let is_new = way.floor > way.before;
            let charge = if is_new { i128::from(way.take_up_s) } else { worth };
            take_up_s[layout.pair(supporter, municipality)] =
                charge.clamp(0, i128::from(way.take_up_s)) as i64;
        }
    }
}

/// Supporters x municipalities: the charge of this phase less that of the next.
pub(super) fn net_charges(layout: &Layout, take_up_s: &[i64], phase: usize) -> Vec<i64> {
    let width = layout.supporters() * layout.municipalities();
    let of = |phase: usize, pair: usize| take_up_s.get(phase * width + pair).copied().unwrap_or(0);
    (0..width).map(|pair| of(phase, pair) - of(phase + 1, pair)).collect()
}

fn solve_phase(
    layout: &Layout,
    tariff: &Tariff,
    phase: usize,
    way: impl Fn(usize, usize) -> Option<Way>,
) -> Cheapest {
    let ways = (0..layout.supporters()).flat_map(|s| (0..layout.municipalities()).map(move |m| (s, m)));
    let ways = ways.map(|(s, m)| way(s, m)).collect();
    cheapest(&Phase { burden: &tariff.burden[phase], need: &tariff.need[phase], ways })
}

/// Moves the charges between two phases towards what these differ by; `false` when nothing moves.
fn step(layout: &Layout, charge: &mut Cube<i64>, teams: &Teams, short_s: i64) -> bool {
    let take_up = i64::from(layout.problem.policy.take_up_s) * MILLI;
    let rise = |charge: &Cube<i64>, cell| {
        let rise = i64::from(*teams.at(cell)) - i64::from(layout.before(teams, cell));
        let is_at_end = if rise > 0 { *charge.at(cell) >= take_up } else { *charge.at(cell) <= 0 };
        if is_at_end { 0 } else { rise }
    };
    let between = layout.cells().filter(|(phase, ..)| *phase > 0);
    let rises: Vec<_> =
        between.map(|cell| (cell, rise(charge, cell))).filter(|(_, rise)| *rise != 0).collect();
    let norm: i128 = rises.iter().map(|(_, rise)| i128::from(*rise) * i128::from(*rise)).sum();
    let mut has_moved = false;
    for (cell, rise) in rises {
        let moved = i128::from(short_s) * i128::from(MILLI) * i128::from(rise) / norm.max(1);
        let before = *charge.at(cell);
        let after = (i128::from(before) + moved).clamp(0, i128::from(take_up)) as i64;
        *charge.at_mut(cell) = after;
        has_moved |= after != before;
    }
    has_moved
}

/// Each phase with its neighbours as they are, to and fro, until none gets cheaper.
fn settle(layout: &Layout, tariff: &Tariff, mut teams: Teams) -> Teams {
    let take_up_s = i64::from(layout.problem.policy.take_up_s);
    let mut cost = packed_objective(layout, tariff, &teams);
    for _ in 0..SWEEPS_MAX {
        for phase in (0..layout.phases()).chain((0..layout.phases()).rev().skip(1)) {
            let way = |s: usize, m: usize| {
                let cell = (phase, s, m);
                let (cost, floor) = ((*layout.way_s.at(cell))?, *layout.floor.at(cell));
                let (before, after) = (layout.before(&teams, cell), layout.after(&teams, cell));
                Some(Way { cost, floor, before, after, take_up_s })
            };
            let found = solve_phase(layout, tariff, phase, way);
            teams.phase_mut(phase).copy_from_slice(&found.teams);
        }
        let settled = packed_objective(layout, tariff, &teams);
        if settled == cost {
            break;
        }
        cost = settled;
    }
    teams
}
