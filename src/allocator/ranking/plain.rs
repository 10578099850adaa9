//! The ranking, the obvious way: every aircraft against every site against every hospital, by air and by road.
//!
//! Kept as the oracle of `solver` and as the yardstick of `benches/allocator.rs`. Shares with the solver the
//! rules (`judge`), the two orders (`choice`) and the writing out of answers, but none of the search.

use super::answer::{candidate, outrank, rule_out};
use super::choice::{Choice, RankKey};
use super::cover::plain_price;
use super::ground::ground_units;
use super::judge::Judge;
use super::plan::*;
use super::problem::*;
use super::solver::WorkBudget;
use super::validate::ProblemError;

/// The best choice of one aircraft among all; `None` where there is no site or no hospital.
pub(super) fn plain_choice(judge: &Judge<'_>, idx: AircraftIdx) -> Option<Choice> {
    let problem = judge.problem;
    let road = problem.kind == Kind::SceneCall && problem.policy.road_transport == Permission::Allowed;
    let mut best: Option<Choice> = None;
    for site in problem.site_places().map(SiteIdx::at) {
        for hospital in problem.hospital_places().map(HospitalIdx::at) {
            let by_air = Some(Transport::ByAir { hospital });
            let by_road = road.then_some(Transport::ByRoad { hospital });
            for transport in [by_air, by_road].into_iter().flatten() {
                let choice = Choice::of(judge, site, transport, &judge.assess(idx, site, transport));
                best = Some(best.map_or(choice, |best| best.min(choice)));
            }
        }
    }
    best
}

/// Ranks by trying everything. Equal to [`rank`](super::rank), slowly.
///
/// # Errors
/// [`ProblemError`] when the problem is not valid.
///
/// # Complexity
/// O(A · S · H) assessments and O(A² · areas) for the cover prices.
pub fn plain_rank(problem: &Problem, budget: WorkBudget) -> Result<Plan, ProblemError> {
    problem.validate()?;
    let judge = Judge::new(problem);
    let mut able: Vec<(RankKey, Choice)> = Vec::new();
    let mut ruled_out = Vec::new();
    for idx in (0..problem.aircraft.len()).map(AircraftIdx::at) {
        match plain_choice(&judge, idx) {
            Some(choice) if choice.changes == 0 => {
                let seen = judge.assess(idx, choice.site, choice.transport());
                let price = plain_price(problem, idx, seen.timeline.cover_back_s);
                able.push((RankKey::of(&judge, idx, &choice, price), choice));
            }
            choice => ruled_out.push(rule_out(&judge, idx, choice.as_ref())),
        }
    }
    able.sort_by_key(|(key, _)| *key);
    let rest = able.split_off(able.len().min(budget.candidates()));
    let mut outranked: Vec<Outranked> =
        rest.iter().map(|(key, choice)| outrank(&judge, key.aircraft, choice)).collect();
    outranked.sort_by_key(|outranked| outranked.aircraft);
    let (ground, ground_ruled_out) = ground_units(&judge);
    let candidates = able.iter().map(|(key, choice)| candidate(&judge, key, choice)).collect();
    Ok(Plan { candidates, outranked, ruled_out, ground, ground_ruled_out })
}
