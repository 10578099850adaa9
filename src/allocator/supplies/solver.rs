//! Prices first, whole vehicles then.

use super::ascent::Ascent;
use super::dual::Prices;
use super::layout::Layout;
use super::objective::{self, Scope, TENTHS, Tiers, weights};
use super::packing::State;
use super::plan::{Gap, Plan, Proof, Unmet, WorkBudget};
use super::problem::Problem;
use super::validate::ProblemError;
use super::{report, why};

/// How often whole vehicles are packed on the way.
const PACKINGS: u32 = 1;
/// The mutual-aid plan of `problem`.
///
/// `start` is the proof of an earlier plan of a problem of the same shape (a bridge closed, a stock counted anew); one
/// of another shape is left aside. Equal inputs give equal plans.
///
/// # Errors
/// What [`Problem::validate`] says. That nobody can help is no error: it stands in [`Plan::unmet`].
///
/// # Complexity
/// Each round one sweep over all trips; each packing one look at each promising trip and one more for each that goes.
pub fn solve(problem: &Problem, budget: WorkBudget, start: Option<&Proof>) -> Result<Plan, ProblemError> {
    problem.validate()?;
    let (life_bound, life_prices) = life_saving(problem, budget, start);
    let layout = Layout::new(problem, Scope::Whole);
    let mut ascent = Ascent::new(&layout, start.map(|start| &start.whole));
    let rounds = budget.rounds.max(1);
    let mut best: Option<(Tiers, State)> = None;
    for round in 1..=rounds {
        ascent.round(&layout);
        let is_packed = round == rounds || round % rounds.div_ceil(PACKINGS) == 0;
        if !is_packed {
            continue;
        }
        // Near-right prices pack best where stocks are short, true costs by the hour where vehicles are: there a vehicle
        // that goes goes full, whatever else it could have brought to others.
        let free = Prices::none(&layout);
        let ways = [(&ascent.best, 1), (&free, 1), (&free, TENTHS / 2), (&free, TENTHS)];
        for (prices, steps) in &ways[..if round == rounds { ways.len() } else { 1 }] {
            let state = pack(&layout, &ascent, prices, *steps);
            let tiers = tiers_with_frozen(problem, &state);
            if best.as_ref().is_none_or(|(least, _)| tiers < *least) {
                best = Some((tiers, state));
            }
        }
    }
    let (tiers, state) = best.unwrap_or_else(|| (Tiers::default(), State::new(&layout)));
    Ok(write_out(&layout, ascent, (tiers, state), (life_bound, life_prices)))
}

/// The bound of the first tier alone.
fn life_saving(problem: &Problem, budget: WorkBudget, start: Option<&Proof>) -> (i128, Prices) {
    let layout = Layout::new(problem, Scope::LifeSaving);
    let mut ascent = Ascent::new(&layout, start.map(|start| &start.life_saving));
    for _ in 0..budget.life_saving_rounds.max(1) {
        ascent.round(&layout);
    }
    (ascent.bound, ascent.best)
}

fn tiers_with_frozen(problem: &Problem, state: &State) -> Tiers {
    let all: Vec<_> = problem.frozen.iter().chain(&state.shipments).cloned().collect();
    objective::tiers(problem, &all)
}

/// Whole vehicles by the prices, then for their true cost; what the prices leave lying.
fn pack(layout: &Layout<'_>, ascent: &Ascent, prices: &Prices, steps: u32) -> State {
    let is_to_point =
        |trip: &u32| layout.legs[*trip as usize / layout.periods].column >= layout.problem.sites.len();
    let all: Vec<u32> = (0..(layout.legs.len() * layout.periods) as u32).filter(is_to_point).collect();
    let mut state = State::new(layout);
    super::transit::stage(layout, ascent, &mut state);
    let free = Prices::none(layout);
    state.pack(layout, prices, &all, steps);
    state.pack(layout, &free, &all, steps);
    super::transit::trim(layout, &mut state);
    state
}

fn write_out(
    layout: &Layout<'_>,
    mut ascent: Ascent,
    (tiers, mut state): (Tiers, State),
    (life_bound, life_prices): (i128, Prices),
) -> Plan {
    let problem = layout.problem;
    let bound = ascent.sweep.bound(layout, &ascent.best);
    state.shipments.sort_unstable();
    let shipments: Vec<_> = problem.frozen.iter().chain(&state.shipments).cloned().collect();
    let nothing = objective::tiers(problem, &problem.frozen);
    let life = |tiers: &Tiers| tiers.life_saving as i128 * i128::from(weights::LIFE);
    let unmet = layout.rows.iter().enumerate().filter_map(|(place, row)| {
        let whole: u64 = row.steps.iter().map(|(units, _)| units).sum();
        let units = (whole - state.brought[place]) as u32;
        let explained = || why::explain(layout, &state, place, units);
        (units > 0).then(explained).map(|(reasons, changes)| Unmet {
            need: row.need,
            units,
            reasons,
            changes,
        })
    });
    Plan {
        unmet: unmet.collect(),
        frozen: problem.frozen.len(),
        tiers,
        gap: Gap { value: tiers.weighed(), bound, nothing: nothing.weighed() },
        life_saving: Gap { value: life(&tiers), bound: life_bound, nothing: life(&nothing) },
        served: report::served(problem, &shipments),
        burdens: report::burdens(problem, &shipments),
        worth: report::worth(layout, &ascent.best),
        displaced: report::displaced(layout, &state, &shipments),
        frozen_gains: report::frozen_gains(layout, &ascent.best, &ascent.sweep),
        shipments,
        proof: Proof { whole: ascent.best, life_saving: life_prices },
    }
}
