//! Prices first, whole vehicles then.

use super::ascent::Ascent;
use super::core::Flow;
use super::dual::Prices;
use super::layout::Layout;
use super::objective::{self, Scope, TENTHS, Tiers, weights};
use super::packing::Packing;
use super::plan::{Gap, Plan, Proof, Unmet, WorkBudget};
use super::problem::Problem;
use super::state::State;
use super::validate::ProblemError;
use super::{report, why};

/// The mutual-aid plan of `problem`.
///
/// `start` is the proof of an earlier plan of a problem of the same shape (a bridge closed, a stock counted anew); one
/// of another shape is left aside. Equal inputs give equal plans.
///
/// # Errors
/// What [`Problem::validate`] says. That nobody can help is no error: it stands in [`Plan::unmet`].
///
/// # Complexity
/// Each round one sweep over all trips; each of four packings one look at each leg and a few more for each that goes.
pub fn solve(problem: &Problem, budget: WorkBudget, start: Option<&Proof>) -> Result<Plan, ProblemError> {
    problem.validate()?;
    let layout = Layout::new(problem, Scope::Whole);
    let mut ascent = Ascent::new(&layout, start.map(|start| &start.whole));
    ascent.look(&layout);
    let free = Prices::none(&layout);
    let mut best = Packed::new(&layout, pack(&layout, &ascent, &free, TENTHS / 2));
    ascent.climb(&layout, budget.rounds.saturating_sub(1), best.tiers.weighed());
    // What the exact core sends where is best where stocks or docks are short, true costs by the hour where vehicles are:
    // there a vehicle that goes goes full, whatever else it could have brought to others.
    best.keep(Packed::new(&layout, pack(&layout, &ascent, &ascent.best, TENTHS / 2)));
    best.keep(Packed::new(&layout, pack_along(&layout, &ascent.cores.flows)));
    let sparing = ascent.sparing(&layout);
    best.keep(Packed::new(&layout, pack_along(&layout, &sparing)));
    let life = life_saving(problem, budget, &ascent.best, &best.tiers);
    Ok(write_out(&layout, ascent, best, life))
}

/// The plan after something has changed: what of the plan `before` still can go stays, and is filled up.
///
/// `problem` has the shape that it had before: the same lists, entry by entry, with other figures in them (a way closed, a
/// stock counted anew); what does not fit any more is left out. Equal inputs give equal plans.
///
/// # Errors
/// What [`Problem::validate`] says.
///
/// # Complexity
/// Each round one sweep over all trips; one packing of what the change has set free.
pub fn solve_again(problem: &Problem, budget: WorkBudget, before: &Plan) -> Result<Plan, ProblemError> {
    problem.validate()?;
    let layout = Layout::new(problem, Scope::Whole);
    let mut ascent = Ascent::new(&layout, Some(&before.proof.whole));
    ascent.look(&layout);
    let mut state = State::new(&layout);
    super::again::resend(&layout, &before.shipments[before.frozen..], &mut state);
    fill_up(&layout, &ascent.best, 1, &mut state);
    let best = Packed::new(&layout, state);
    ascent.climb(&layout, budget.rounds.saturating_sub(1), best.tiers.weighed());
    let life = life_saving(problem, budget, &ascent.best, &best.tiers);
    Ok(write_out(&layout, ascent, best, life))
}

/// Shipments put together, and what they cost with the frozen ones.
struct Packed {
    tiers: Tiers,
    state: State,
}

impl Packed {
    fn new(layout: &Layout<'_>, state: State) -> Packed {
        let all: Vec<_> = layout.problem.frozen.iter().chain(&state.shipments).cloned().collect();
        Packed { tiers: objective::tiers(layout.problem, &all), state }
    }

    /// The one that is less tier by tier; this one when they cost the same.
    fn keep(&mut self, other: Packed) {
        if other.tiers < self.tiers {
            *self = other;
        }
    }
}

/// The bound of the first tier alone, from the prices of all: what is short is short for both.
fn life_saving(problem: &Problem, budget: WorkBudget, whole: &Prices, tiers: &Tiers) -> (i128, Prices) {
    let layout = Layout::new(problem, Scope::LifeSaving);
    let mut ascent = Ascent::new(&layout, None);
    ascent.look(&layout);
    // Giving has no price in the first tier.
    ascent.try_prices(&layout, &Prices { givers: vec![0; whole.givers.len()], ..whole.clone() });
    ascent.climb(&layout, budget.life_saving_rounds.saturating_sub(1), life(tiers));
    (ascent.bound, ascent.best)
}

/// What the first tier costs.
fn life(tiers: &Tiers) -> i128 {
    tiers.life_saving as i128 * i128::from(weights::LIFE)
}

fn pack(layout: &Layout<'_>, ascent: &Ascent, prices: &Prices, steps: u32) -> State {
    let mut state = State::new(layout);
    super::transit::stage(layout, ascent, &mut state);
    fill_up(layout, prices, steps, &mut state);
    state
}

/// Vehicles that the flows of the exact core fill well, then the rest for its true cost.
fn pack_along(layout: &Layout<'_>, flows: &[Flow]) -> State {
    let mut state = State::new(layout);
    let free = Prices::none(layout);
    Packing::new(layout, &free, 1).along(flows).pack(&mut state);
    Packing::new(layout, &free, TENTHS).pack(&mut state);
    state
}

/// Whole vehicles by the prices, then for their true cost; what the prices leave lying.
fn fill_up(layout: &Layout<'_>, prices: &Prices, steps: u32, state: &mut State) {
    let free = Prices::none(layout);
    if *prices != free {
        Packing::new(layout, prices, steps).pack(state);
    }
    Packing::new(layout, &free, steps).pack(state);
    if super::transit::trim(layout, state) {
        // What nobody took on can go straight.
        Packing::new(layout, &free, steps).pack(state);
    }
}

fn write_out(
    layout: &Layout<'_>,
    mut ascent: Ascent,
    Packed { tiers, mut state }: Packed,
    (life_bound, life_prices): (i128, Prices),
) -> Plan {
    let problem = layout.problem;
    let bound = ascent.sweep.bound(layout, &ascent.best);
    state.shipments.sort_unstable();
    let shipments: Vec<_> = problem.frozen.iter().chain(&state.shipments).cloned().collect();
    let nothing = objective::tiers(problem, &problem.frozen);
    let unmet = layout.rows.iter().enumerate().filter_map(|(place, row)| {
        let units = state.open_units(layout, place) as u32;
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
