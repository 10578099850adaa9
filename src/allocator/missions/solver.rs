//! Bound first, then the plan that it suggests, then better ones.

use super::bound::Relaxation;
use super::plan::Plan;
use super::problem::{Problem, ProblemError};
use super::state::State;

/// How much a solve may try: a count, never a time, and the seed of what it tries at random.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkBudget {
    /// Routes tried at most, about.
    pub routes_max: u64,
    /// Of the generator (ChaCha8) that chooses what is taken out.
    pub seed: u64,
}

impl Default for WorkBudget {
    fn default() -> WorkBudget {
        WorkBudget { routes_max: 1_000_000, seed: 1 }
    }
}

/// The best plan found, with what every plan costs at least.
///
/// When every resource flies once, every mission takes one, and what is shared does not bind, the plan is the cheapest
/// there is and bound equals total. Where all plans can be looked at within the budget, and no landing site is shared, it is the cheapest
/// too. Otherwise it is as good as the budget allows, and the gap is total less bound.
/// Equal problems, budgets and seeds give equal plans; of equal choices that with the lowest index is taken.
///
/// # Errors
/// [`ProblemError`] when sizes or values are not within [`limits`](super::limits).
///
/// # Complexity
/// A dozen assignments of parts x sorties at most, then what the budget allows.
pub fn solve(problem: &Problem, budget: WorkBudget) -> Result<Plan, ProblemError> {
    problem.validate()?;
    let relaxation = Relaxation::of(problem);
    // Its sizes and costs follow from limits that were judged.
    let (bound, proof, sortie_of) = relaxation.prove().map_err(|_| ProblemError::TooMany {
        what: "parts times sorties",
        count: relaxation.parts.len() * relaxation.sorties.len(),
        limit: crate::allocator::assignment::limits::PAIRS_MAX,
    })?;
    let mut state = State::new(problem);
    follow(&mut state, &relaxation, &sortie_of);
    let left = state.left();
    state.recreate(&left, budget.routes_max, None);
    let is_least = state.total() <= bound || state.list(budget.routes_max) && problem.pads.is_empty();
    if !is_least {
        state.ruin_and_recreate(budget.seed, budget.routes_max, bound);
    }
    let unserved = state.reasons();
    let total = state.total();
    Ok(Plan { unserved, total, bound, proof, work: state.work, routes: state.routes })
}

/// Puts in what the assignment has, as far as it can be flown.
fn follow(state: &mut State<'_>, relaxation: &Relaxation<'_>, sortie_of: &[Option<u32>]) {
    let sortie = |row: usize| sortie_of[row].map(|column| relaxation.sorties[column as usize]);
    let mut first = 0;
    let mut missions: Vec<(u8, u16, Vec<u16>)> = Vec::new();
    for parts in relaxation.parts.chunk_by(|a, b| a == b) {
        let sorties: Option<Vec<(u16, u8)>> = (first..first + parts.len()).map(sortie).collect();
        first += parts.len();
        if let Some(sorties) = sorties {
            let latest = sorties.iter().map(|&(_, number)| number).max().unwrap_or(0);
            missions.push((latest, parts[0], sorties.into_iter().map(|(resource, _)| resource).collect()));
        }
    }
    // First sorties first.
    missions.sort_unstable();
    for (_, mission, resources) in missions {
        state.insert(mission, &resources);
    }
}
