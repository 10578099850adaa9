//! Stories by hand.

use super::super::*;
use super::fixtures::{decided, of_phase, problem, solved};
use crate::units::UNREACHABLE;

#[test]
fn everybody_goes_to_the_nearest_town_while_there_are_teams() {
    let problem = problem(1, &[4, 4], &[(1_000, 2), (1_000, 2)], &[1, 5, 5, 1]);
    let answer = solved(&problem);
    assert_eq!(of_phase(&answer, 0), [(0, 0, 2), (1, 1, 2)]);
    assert!(answer.is_optimal());
    assert!(answer.pairs.iter().all(|pair| pair.reason == Reason::Nearest));
    // The other has two of four teams left: four hours farther, and a team behind the second weighs 5 x 10 min
    // there, 2 x 10 min here.
    let other = NextBest::Other { supporter: SupporterIdx(1), extra_s: 4 * 3_600 + 3 * 600 };
    assert_eq!(answer.pairs[0].next_best, other);
}

#[test]
fn each_town_gets_somebody_before_a_large_one_gets_a_second() {
    let problem = problem(1, &[2], &[(100_000, 5), (10, 1)], &[1, 9]);
    let answer = solved(&problem);
    assert_eq!(of_phase(&answer, 0), [(0, 0, 1), (0, 1, 1)]);
    assert_eq!(answer.objective.uncovered, 0);
    let shortfall = Shortfall {
        phase: PhaseIdx(0),
        municipality: MunicipalityIdx(0),
        teams: 4,
        reason: Shortage::NoTeamLeft,
        changes: vec![Change::MoreTeams { supporter: SupporterIdx(0), teams: 4 }],
    };
    assert_eq!(answer.shortfalls, [shortfall]);
}

#[test]
fn whoever_lost_its_staff_comes_first() {
    let mut problem = problem(1, &[3], &[(1_000, 2), (1_000, 2)], &[1, 9]);
    problem.municipalities[1].staff_lost_permille = 500;
    assert_eq!(of_phase(&solved(&problem), 0), [(0, 0, 1), (0, 1, 2)]);
}

#[test]
fn several_support_one_town_in_proportion_to_what_they_have() {
    let problem = problem(1, &[20, 10], &[(50_000, 15)], &[3, 3]);
    assert_eq!(of_phase(&solved(&problem), 0), [(0, 0, 10), (1, 0, 5)]);
}

#[test]
fn an_earlier_tie_outweighs_the_way() {
    let mut problem = problem(1, &[9, 9], &[(1_000, 1)], &[2, 3]);
    assert_eq!(of_phase(&solved(&problem), 0), [(0, 0, 1)]);
    problem.ties = vec![Tie { supporter: SupporterIdx(1), municipality: MunicipalityIdx(0), worth_s: 5_400 }];
    let answer = solved(&problem);
    assert_eq!(of_phase(&answer, 0), [(1, 0, 1)]);
    assert_eq!(answer.pairs[0].reason, Reason::Tie { nearest: SupporterIdx(0), worth_s: 5_400 });
    assert_eq!(answer.pairs[0].next_best, NextBest::Other { supporter: SupporterIdx(0), extra_s: 1_800 });
}

#[test]
fn who_is_there_stays_when_a_nearer_road_opens_late() {
    let mut problem = problem(3, &[5, 5], &[(1_000, 1)], &[UNREACHABLE, 2]);
    // From the second phase on supporter 0 has the shorter way, by 20 minutes a phase; a change costs 30.
    for phase in 1..3 {
        problem.travel_s[2 * phase] = 2 * 3_600 - 1_200;
    }
    problem.policy = Policy { take_up_s: 3_600, burden_s: 0 };
    let answer = solved(&problem);
    assert_eq!((0..3).map(|phase| of_phase(&answer, phase)).collect::<Vec<_>>(), vec![vec![(1, 0, 1)]; 3]);
    assert!(answer.is_optimal());
    assert_eq!(answer.pairs[2].reason, Reason::Continuity { nearest: SupporterIdx(0), worth_s: 3_600 });
    problem.policy.take_up_s = 1_800;
    let answer = solved(&problem);
    assert_eq!(of_phase(&answer, 2), [(0, 0, 1)], "40 minutes saved are worth 30");
    assert!(answer.is_optimal());
}

#[test]
fn who_stands_in_the_other_town_already_is_weighed_exactly() {
    let mut problem = problem(1, &[3, 3], &[(0, 3), (0, 3), (0, 0)], &[0; 6]);
    problem.travel_s = vec![1, 5, 0, 12, 7, 0];
    let tie = |supporter, worth_s| Tie {
        supporter: SupporterIdx(supporter),
        municipality: MunicipalityIdx(0),
        worth_s,
    };
    let stand = |supporter, municipality| Standing {
        supporter: SupporterIdx(supporter),
        municipality: MunicipalityIdx(municipality),
        teams: 2,
    };
    problem.ties = vec![tie(0, 5), tie(1, 13)];
    problem.standing = vec![stand(0, 1), stand(1, 0)];
    problem.policy = Policy { take_up_s: 1, burden_s: 0 };
    assert!(solved(&problem).is_optimal());
}

#[test]
fn the_nearest_is_spared_when_it_bears_more_already() {
    let problem = problem(1, &[2, 20], &[(1_000, 2)], &[1, 1]);
    let mut far = problem.clone();
    far.travel_s[1] += 60;
    let answer = solved(&far);
    assert_eq!(of_phase(&answer, 0), [(0, 0, 1), (1, 0, 1)]);
    assert_eq!(answer.pairs[1].reason, Reason::Fairness { nearest: SupporterIdx(0), worth_s: 5 * 600 });
    assert_eq!(answer.pairs[0].reason, Reason::Nearest);
}

#[test]
fn decided_pairs_hold_and_the_rest_is_proposed_around_them() {
    let mut problem = problem(2, &[2, 2], &[(1_000, 2), (1_000, 2)], &[1, 5, 5, 1]);
    problem.decided = vec![decided(0, 1, 0..2, 2)];
    let answer = solved(&problem);
    assert_eq!(of_phase(&answer, 1), [(1, 0, 2), (0, 1, 2)]);
    assert_eq!(answer.pairs[1].reason, Reason::Decided { decision: 0 });
    assert_eq!(answer.pairs[0].reason, Reason::Capacity { nearest: SupporterIdx(0) });
}

#[test]
fn more_than_is_needed_comes_only_where_people_decided_it() {
    let mut problem = problem(1, &[5], &[(1_000, 1)], &[1]);
    problem.decided = vec![decided(0, 0, 0..1, 3)];
    let answer = solved(&problem);
    assert_eq!(of_phase(&answer, 0), [(0, 0, 3)]);
    assert_eq!(answer.pairs[0].next_best, NextBest::Missing { uncovers: false, missed: 0 });
}

#[test]
fn what_was_decided_and_cannot_be_is_named_and_nothing_is_proposed() {
    let mut problem = problem(2, &[2, 2], &[(1_000, 2), (1_000, 2)], &[1, 1, 1, 1]);
    problem.decided =
        vec![decided(0, 0, 0..2, 2), decided(0, 1, 1..2, 1), decided(1, 0, 0..2, 1), decided(1, 1, 0..1, 1)];
    problem.excluded = vec![Exclusion { supporter: SupporterIdx(1), municipality: MunicipalityIdx(0) }];
    problem.travel_s[3] = UNREACHABLE;
    let refused = solve(&problem, WorkBudget::default()).unwrap_err();
    assert_eq!(
        refused,
        Refused::Infeasible(vec![
            Infeasible::Excluded { decision: 2, exclusion: 0 },
            Infeasible::NoWay { decision: 3, phase: PhaseIdx(0) },
            Infeasible::OverCapacity {
                supporter: SupporterIdx(0),
                phase: PhaseIdx(1),
                decided: 3,
                capacity: 2,
                decisions: vec![0, 1],
            },
        ])
    );
    assert_eq!(
        refused.to_string(),
        "what was decided cannot be: decided pair 2 is excluded by entry 0; take one of them back; decided pair 3: no \
         way is open in phase 0; open one or decide another pair; 3 teams of supporter 0 were decided for phase 1, it \
         has 2; decide fewer"
    );
}

#[test]
fn a_town_that_nobody_reaches_has_its_reason_and_the_smallest_change() {
    let far = [UNREACHABLE, 1, UNREACHABLE, 2];
    let mut problem = problem(1, &[1, 2], &[(1_000, 2), (10, 1)], &far);
    let shortfall = |reason, changes| Shortfall {
        phase: PhaseIdx(0),
        municipality: MunicipalityIdx(0),
        teams: 2,
        reason,
        changes,
    };
    let open = Change::OpenWay { supporter: SupporterIdx(1) };
    assert_eq!(solved(&problem).shortfalls, [shortfall(Shortage::NoWay, vec![open])]);
    problem.travel_s[2] = 3_600;
    problem.excluded = vec![Exclusion { supporter: SupporterIdx(1), municipality: MunicipalityIdx(0) }];
    let lift = Change::LiftExclusion { supporter: SupporterIdx(1) };
    assert_eq!(solved(&problem).shortfalls, [shortfall(Shortage::Excluded, vec![lift])]);
    problem.excluded.clear();
    problem.supporters[1].capacity = vec![0];
    let more = Change::MoreTeams { supporter: SupporterIdx(1), teams: 2 };
    assert_eq!(solved(&problem).shortfalls, [shortfall(Shortage::NobodyOffers, vec![more])]);
}

#[test]
fn scouts_leave_before_anything_is_proposed_or_refused() {
    let mut problem = problem(1, &[1], &[(1_000, 1), (1_000, 1)], &[1, UNREACHABLE]);
    let scout = |municipality| Scout {
        supporter: SupporterIdx(0),
        municipality: MunicipalityIdx(municipality),
        leaves_within_s: 5_400,
    };
    problem.scouts = vec![scout(0), scout(1)];
    problem.decided = vec![decided(0, 1, 0..1, 1)];
    assert!(solve(&problem, WorkBudget::default()).is_err());
    let legs = [ScoutLeg { scout: 0, arrives_s: Some(9_000) }, ScoutLeg { scout: 1, arrives_s: None }];
    assert_eq!(scouts(&problem), legs);
}

#[test]
fn a_misshapen_problem_is_named() {
    let sound = problem(2, &[2], &[(1_000, 2)], &[1]);
    assert_eq!(sound.validate(), Ok(()));
    let wrong = |change: &dyn Fn(&mut Problem)| {
        let mut problem = sound.clone();
        change(&mut problem);
        solve(&problem, WorkBudget::default()).unwrap_err().to_string()
    };
    insist(
        &wrong(&|p| p.supporters[0].capacity.truncate(1)),
        "capacity of supporters of entry 0 has 1 entries",
    );
    insist(
        &wrong(&|p| p.municipalities[0].staff_lost_permille = 1001),
        "share of staff lost of entry 0 is 1001",
    );
    insist(&wrong(&|p| p.travel_s[1] = 2_000_000), "travel time of entry 1 is 2000000");
    insist(&wrong(&|p| p.decided = vec![decided(1, 0, 0..1, 1)]), "decided pairs of entry 0 is 1");
    insist(&wrong(&|p| p.decided = vec![decided(0, 0, 1..1, 1)]), "begin of decided pairs of entry 0 is 1");
    insist(&wrong(&|p| p.decided = vec![decided(0, 0, 0..3, 1)]), "end of decided pairs of entry 0 is 3");
    insist(&wrong(&|p| p.decided = vec![decided(0, 0, 0..1, 0)]), "teams of decided pairs of entry 0 is 0");
    let twice = |p: &mut Problem| p.decided = vec![decided(0, 0, 0..2, 1), decided(0, 0, 1..2, 1)];
    insist(&wrong(&twice), "decided pairs: entries 0 and 1 speak of the same pair");
    insist(&wrong(&|p| p.phases = 17), "phases: 17, at most 16");
}

fn insist(text: &str, begin: &str) {
    assert!(text.starts_with(begin), "{text}");
}
