//! The obvious way: every plan of every phase, every sequence of them, costs counted team by team.

use super::super::*;
use crate::units::UNREACHABLE;

/// The best objective, `None` when what was decided cannot be.
///
/// # Complexity
/// O(P·N²) for N plans of a phase.
pub(super) fn plain_objective(problem: &Problem) -> Option<Objective> {
    let pairs = problem.supporters.len() * problem.municipalities.len();
    let standing: Vec<u32> = (0..pairs)
        .map(|pair| {
            let at = problem
                .standing
                .iter()
                .find(|entry| place(problem, entry.supporter, entry.municipality) == pair);
            at.map_or(0, |entry| entry.teams)
        })
        .collect();
    let mut ends = vec![(standing, Objective::default())];
    for phase in 0..problem.phases {
        let plans = plans(problem, phase);
        let best = |plan: Vec<u32>| {
            let alone = cost_of_phase(problem, phase, &plan);
            let total = ends.iter().map(|(before, cost)| {
                let more: u32 =
                    plan.iter().zip(before).map(|(now, before)| now.saturating_sub(*before)).sum();
                let seconds = i64::from(more) * i64::from(problem.policy.take_up_s);
                Objective {
                    uncovered: cost.uncovered + alone.uncovered,
                    missed: cost.missed + alone.missed,
                    seconds: cost.seconds + alone.seconds + seconds,
                }
            });
            total.min().map(|cost| (plan, cost))
        };
        ends = plans.into_iter().filter_map(best).collect();
    }
    ends.into_iter().map(|(_, cost)| cost).min()
}

fn place(problem: &Problem, supporter: SupporterIdx, municipality: MunicipalityIdx) -> usize {
    supporter.0 as usize * problem.municipalities.len() + municipality.0 as usize
}

fn decided(problem: &Problem, phase: usize, pair: usize) -> u32 {
    let holds = |entry: &&Decided| {
        place(problem, entry.supporter, entry.municipality) == pair
            && (entry.from.0 as usize..entry.until.0 as usize).contains(&phase)
    };
    problem.decided.iter().find(holds).map_or(0, |entry| entry.teams)
}

/// Supporters x municipalities of every plan that breaks no limit.
fn plans(problem: &Problem, phase: usize) -> Vec<Vec<u32>> {
    let width = problem.municipalities.len();
    let pairs = problem.supporters.len() * width;
    let mut plans: Vec<Vec<u32>> = vec![Vec::new()];
    for pair in 0..pairs {
        let is_excluded =
            problem.excluded.iter().any(|entry| place(problem, entry.supporter, entry.municipality) == pair);
        let is_open = problem.travel_s[phase * pairs + pair] != UNREACHABLE && !is_excluded;
        let most = if is_open { problem.supporters[pair / width].capacity[phase] } else { 0 };
        let choices = decided(problem, phase, pair)..=most;
        plans = plans
            .into_iter()
            .flat_map(|plan| choices.clone().map(move |teams| [&plan[..], &[teams]].concat()))
            .collect();
        plans.retain(|plan| {
            let sent: u32 = plan[pair / width * width..].iter().sum();
            sent <= problem.supporters[pair / width].capacity[phase]
        });
    }
    let column = |plan: &[u32], m: usize| -> u32 { plan.iter().skip(m).step_by(width).sum() };
    plans.retain(|plan| {
        (0..width).all(|m| {
            let settled: u32 =
                (0..pairs).filter(|pair| pair % width == m).map(|pair| decided(problem, phase, pair)).sum();
            column(plan, m) <= problem.municipalities[m].need[phase].max(settled)
        })
    });
    plans
}

/// All but the take-ups.
fn cost_of_phase(problem: &Problem, phase: usize, plan: &[u32]) -> Objective {
    let width = problem.municipalities.len();
    let mut cost = Objective::default();
    for (pair, &teams) in plan.iter().enumerate().filter(|(_, teams)| **teams > 0) {
        let tie = problem.ties.iter().find(|tie| place(problem, tie.supporter, tie.municipality) == pair);
        let way_s = i64::from(problem.travel_s[phase * plan.len() + pair]);
        cost.seconds += i64::from(teams) * (way_s - tie.map_or(0, |tie| i64::from(tie.worth_s)));
    }
    for (s, supporter) in problem.supporters.iter().enumerate() {
        let sent: u32 = plan[s * width..(s + 1) * width].iter().sum();
        let tenths = |team: u32| 10 * team / supporter.capacity[phase];
        cost.seconds += (0..sent).map(|team| i64::from(tenths(team) * problem.policy.burden_s)).sum::<i64>();
    }
    for (m, place) in problem.municipalities.iter().enumerate() {
        let (need, met) = (place.need[phase], plan.iter().skip(m).step_by(width).sum::<u32>());
        cost.uncovered += i64::from(need > 0 && met == 0);
        for team in met..need {
            let people =
                f64::from(place.people_affected) * f64::from(1000 + place.staff_lost_permille) / 1000.0;
            let weight = (people / f64::from(need) - 1e-9).ceil().max(1.0) as i64;
            cost.missed += weight * i64::from(10 - 10 * team / need);
        }
    }
    cost
}
