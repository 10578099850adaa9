//! What holds for every problem.

use proptest::prelude::*;

use super::super::*;
use super::fixtures::{ALL, any_problem, solved};
use super::oracle::plain_objective;
use crate::units::UNREACHABLE;

/// Of a problem whose decided pairs can be.
fn feasible() -> impl Strategy<Value = Problem> {
    any_problem()
        .prop_filter("decided pairs can be", |problem| solve(problem, WorkBudget { rounds: 1 }).is_ok())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn the_best_of_all_plans_lies_between_bound_and_answer(problem in any_problem()) {
        let Some(best) = plain_objective(&problem) else {
            prop_assert!(matches!(solve(&problem, ALL), Err(Refused::Infeasible(_))));
            return Ok(());
        };
        let answer = solved(&problem);
        prop_assert!(answer.bound <= best && best <= answer.objective, "{:?} {:?}", best, answer);
        let tiers = |objective: Objective| (objective.uncovered, objective.missed);
        prop_assert_eq!(tiers(answer.objective), tiers(best));
    }

    #[test]
    fn one_phase_and_free_take_ups_are_exact(mut problem in feasible()) {
        if problem.phases > 1 {
            problem.policy.take_up_s = 0;
        }
        let answer = solved(&problem);
        prop_assert!(answer.is_optimal());
        prop_assert_eq!(Some(answer.objective), plain_objective(&problem));
    }

    #[test]
    fn solving_twice_is_solving_once(problem in any_problem()) {
        prop_assert_eq!(solve(&problem, ALL), solve(&problem, ALL));
    }

    #[test]
    fn what_is_proposed_can_be_decided_and_is_proposed_again(problem in feasible()) {
        let answer = solved(&problem);
        let mut settled = problem;
        let pair = |pair: &Pair| {
            let Pair { phase, municipality, supporter, teams, .. } = *pair;
            Decided { supporter, municipality, from: phase, until: PhaseIdx(phase.0 + 1), teams }
        };
        settled.decided = answer.pairs.iter().map(pair).collect();
        let again = solved(&settled);
        let is_decided = |pair: &Pair| matches!(pair.reason, Reason::Decided { .. });
        prop_assert!(again.pairs.iter().all(is_decided));
        prop_assert_eq!(again.objective, answer.objective);
        prop_assert_eq!(again.shortfalls, answer.shortfalls);
    }

    #[test]
    fn decided_pairs_are_never_broken(problem in any_problem(), teams in 1_u32..4) {
        let mut problem = problem;
        problem.decided.iter_mut().for_each(|pair| pair.teams = teams);
        let Ok(answer) = solve(&problem, ALL) else { return Ok(()) };
        for decided in &problem.decided {
            for phase in decided.from.0..decided.until.0 {
                let is_it = |pair: &&Pair| (pair.phase.0, pair.supporter, pair.municipality) == (phase, decided.supporter, decided.municipality);
                let pair = answer.pairs.iter().find(is_it);
                prop_assert!(pair.is_some_and(|pair| pair.teams >= decided.teams && pair.decided == decided.teams));
            }
        }
    }

    #[test]
    fn more_capacity_is_never_worse_beyond_the_gap(problem in feasible(), place in 0_usize..9, teams in 1_u32..4) {
        let before = solved(&problem);
        let mut richer = problem;
        let (supporter, phase) = (place % richer.supporters.len(), place % richer.phases);
        richer.supporters[supporter].capacity[phase] += teams;
        let after = solved(&richer);
        prop_assert!(after.bound <= before.objective);
        let tiers = |objective: Objective| (objective.uncovered, objective.missed);
        prop_assert!(tiers(after.objective) <= tiers(before.objective));
        prop_assert!(after.is_optimal() <= (after.objective <= before.objective));
    }

    #[test]
    fn a_closed_way_is_never_better_beyond_the_gap(problem in feasible(), place in 0_usize..18) {
        let before = solved(&problem);
        let mut poorer = problem;
        let index = place % poorer.travel_s.len();
        poorer.travel_s[index] = UNREACHABLE;
        if let Ok(after) = solve(&poorer, ALL) {
            prop_assert!(before.bound <= after.objective);
        }
    }

    #[test]
    fn the_changes_of_a_shortfall_together_meet_it_and_take_from_nobody(problem in feasible()) {
        let before = solved(&problem);
        for shortfall in &before.shortfalls {
            let mut changed = problem.clone();
            let phase = shortfall.phase.0 as usize;
            let pairs = changed.supporters.len() * changed.municipalities.len();
            let width = changed.municipalities.len();
            let mut who = None;
            for change in &shortfall.changes {
                match *change {
                    Change::OpenWay { supporter } => {
                        let pair = supporter.0 as usize * width + shortfall.municipality.0 as usize;
                        changed.travel_s[phase * pairs + pair] = 0;
                        who = Some(supporter);
                    }
                    Change::LiftExclusion { supporter } => {
                        changed.excluded.retain(|pair| (pair.supporter, pair.municipality) != (supporter, shortfall.municipality));
                        who = Some(supporter);
                    }
                    Change::MoreTeams { supporter, teams } => {
                        changed.supporters[supporter.0 as usize].capacity[phase] += teams;
                        who = Some(supporter);
                    }
                }
            }
            prop_assert!(who.is_some());
            // All that stands is kept, and the municipality gets what it needs.
            let pair = |pair: &Pair| Decided {
                supporter: pair.supporter,
                municipality: pair.municipality,
                from: pair.phase,
                until: PhaseIdx(pair.phase.0 + 1),
                teams: pair.teams,
            };
            changed.decided = before.pairs.iter().map(pair).collect();
            let after = solved(&changed);
            let is_it = |other: &&Shortfall| (other.phase, other.municipality) == (shortfall.phase, shortfall.municipality);
            let rest: Vec<&Shortfall> = after.shortfalls.iter().filter(|other| is_it(other)).collect();
            // Another place in need may outbid it for what was opened: then that one gets it.
            prop_assert!(rest.is_empty() || after.objective.missed < before.objective.missed, "{:?}", shortfall);
        }
    }

    #[test]
    fn the_next_best_costs_what_is_said(problem in feasible(), place in 0_usize..9) {
        let answer = solved(&problem);
        prop_assume!(!answer.pairs.is_empty());
        let pair = answer.pairs[place % answer.pairs.len()];
        let NextBest::Other { supporter, extra_s } = pair.next_best else { return Ok(()) };
        prop_assume!(pair.decided < pair.teams);
        prop_assert!(extra_s >= 0, "{:?}", pair);
        // Decide all as it is but one team, which the other sends.
        let mut moved = problem;
        moved.decided.clear();
        let mut has_other = false;
        for stated in &answer.pairs {
            let mut teams = stated.teams;
            if (stated.phase, stated.municipality) == (pair.phase, pair.municipality) {
                teams -= u32::from(stated.supporter == pair.supporter);
                teams += u32::from(stated.supporter == supporter);
                has_other |= stated.supporter == supporter;
            }
            let Pair { phase, municipality, supporter, .. } = *stated;
            let entry = Decided { supporter, municipality, from: phase, until: PhaseIdx(phase.0 + 1), teams };
            moved.decided.extend(Some(entry).filter(|entry| entry.teams > 0));
        }
        if !has_other {
            let (municipality, until) = (pair.municipality, PhaseIdx(pair.phase.0 + 1));
            moved.decided.push(Decided { supporter, municipality, from: pair.phase, until, teams: 1 });
        }
        let after = solved(&moved).objective;
        prop_assert_eq!(after.seconds, answer.objective.seconds + extra_s);
    }

    #[test]
    fn a_forged_answer_is_found_out(problem in feasible(), place in 0_usize..9) {
        let answer = solved(&problem);
        prop_assume!(!answer.pairs.is_empty());
        let index = place % answer.pairs.len();
        let mut fewer = answer.clone();
        fewer.pairs.remove(index);
        prop_assert!(!check(&problem, &fewer).is_empty());
        let mut better = answer.clone();
        better.bound.seconds += 1;
        prop_assert!(!check(&problem, &better).is_empty());
        let mut more = answer.clone();
        more.pairs[index].teams += 1;
        prop_assert!(!check(&problem, &more).is_empty());
        let mut praised = answer;
        praised.duals.capacity[0] += 1 << 100;
        prop_assert!(!check(&problem, &praised).is_empty());
    }
}
