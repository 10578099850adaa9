use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

use super::super::*;
use super::fixtures::{ALL, any_problem, decided, problem, solved};

fn supporters(answer: &Answer) -> BTreeMap<u32, BTreeSet<u32>> {
    let mut found: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for pair in &answer.pairs {
        found.entry(pair.municipality.0).or_default().insert(pair.supporter.0);
    }
    found
}

fn numbered(problem: &Problem, least: u32, most: u32) -> Answer {
    solve_numbered(problem, Numbers { least, most }, ALL).unwrap()
}

#[test]
fn a_town_keeps_to_the_largest_number_and_the_gap_says_what_that_costs() {
    // Two teams of each of three; the town would take all.
    let problem = problem(2, &[2, 2, 2], &[(100, 5)], &[1, 2, 3]);
    assert_eq!(supporters(&solved(&problem))[&0].len(), 3);
    let two = numbered(&problem, 0, 2);
    assert_eq!(supporters(&two)[&0], [0, 1].into());
    assert_eq!(two.bound, solved(&problem).bound);
    assert!(two.objective > two.bound, "a team is missing for it");
    assert_eq!(two.shortfalls.len(), 2);
}

#[test]
fn whoever_was_decided_stays_however_many_they_are() {
    let mut problem = problem(1, &[2, 2, 2], &[(100, 6)], &[1, 2, 3]);
    problem.decided = vec![decided(1, 0, 0..1, 1), decided(2, 0, 0..1, 1)];
    assert_eq!(supporters(&numbered(&problem, 0, 1))[&0], [1, 2].into());
}

#[test]
fn a_least_number_takes_the_nearest_that_have_a_team_left() {
    let problem = problem(1, &[9, 0, 9, 9], &[(100, 4)], &[1, 2, 4, 3]);
    assert_eq!(supporters(&numbered(&problem, 1, 0))[&0], [0].into());
    assert_eq!(supporters(&numbered(&problem, 2, 0))[&0], [0, 3].into());
    assert_eq!(supporters(&numbered(&problem, 3, 3))[&0], [0, 2, 3].into());
    assert_eq!(supporters(&numbered(&problem, 4, 0))[&0].len(), 3, "one has nobody to send");
}

proptest! {
    #[test]
    fn numbers_are_kept_and_nothing_is_below_the_bound(
        problem in any_problem(),
        least in 0_u32..4,
        most in 0_u32..4,
    ) {
        prop_assume!(most == 0 || least <= most);
        let numbers = Numbers { least, most };
        let (free, held) = (solve(&problem, ALL), solve_numbered(&problem, numbers, ALL));
        let (free, held) = match (free, held) {
            (Ok(free), Ok(held)) => (free, held),
            (free, held) => {
                prop_assert_eq!(free, held);
                return Ok(());
            }
        };
        prop_assert_eq!(held.bound, free.bound);
        prop_assert!(held.bound <= held.objective);
        if most > 0 {
            for (municipality, there) in supporters(&held) {
                let decided = problem.decided.iter().filter(|pair| pair.municipality.0 == municipality);
                let decided: BTreeSet<u32> = decided.map(|pair| pair.supporter.0).collect();
                prop_assert!(there.len() <= (most as usize).max(decided.len()), "{:?}", there);
            }
        }
        let broken = check(&problem, &held).into_iter().filter(|violation| {
            let is_hard = matches!(
                violation,
                Violation::Pair { .. }
                    | Violation::Barred { .. }
                    | Violation::Decided { .. }
                    | Violation::Capacity { .. }
                    | Violation::Need { .. }
                    | Violation::Objective { .. }
                    | Violation::Duals
                    | Violation::Bound { .. }
            );
            is_hard
        });
        prop_assert_eq!(broken.collect::<Vec<_>>(), Vec::new());
        prop_assert_eq!(solve_numbered(&problem, numbers, ALL), Ok(held));
    }
}
