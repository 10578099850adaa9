//! Stories, refusals, and answers that were tampered with.

use crate::allocator::assignment::problem::{FORBIDDEN, Method, Problem, ProblemError, WorkBudget};
use crate::allocator::assignment::solver::solve_by;
use crate::allocator::assignment::{Assignment, Violation, check, limits, solve};

fn problem(resources: usize, costs: &[i32], unserved: &[i64]) -> Problem {
    Problem { resources, costs: costs.to_vec(), unserved: unserved.to_vec() }
}

fn solved(problem: &Problem) -> Assignment {
    let answer = solve(problem, WorkBudget::default()).unwrap();
    assert_eq!(check(problem, &answer), vec![]);
    answer
}

/// Two valleys with `count` missions each; all resources stand in a third one.
fn valleys(count: i32) -> Problem {
    let missions = (0..count).flat_map(|place| [place * 3, 40_000 + place * 5]);
    let costs = missions.flat_map(|place| (0..2 * count).map(move |base| (place - 20_000 - base * 7).abs()));
    problem(2 * count as usize, &costs.collect::<Vec<_>>(), &vec![100_000; 2 * count as usize])
}

#[test]
fn the_mission_that_gains_least_goes_unserved() {
    let answer = solved(&problem(1, &[10, 10, 10], &[50, 90, 60]));
    assert_eq!(answer.resource_of, [None, Some(0), None]);
    // One more aircraft would serve the next best, which saves 60 - 10.
    assert_eq!((answer.total, answer.resource_prices[0]), (50 + 10 + 60, 50));
}

#[test]
fn a_mission_that_nobody_may_serve_goes_unserved() {
    let answer = solved(&problem(2, &[FORBIDDEN, FORBIDDEN, 4, 3], &[1 << 40, 9]));
    assert_eq!(answer.resource_of, [None, Some(1)]);
    assert_eq!(answer.mission_prices[0], 1 << 40);
}

#[test]
fn a_mission_dearer_than_leaving_it_goes_unserved() {
    let answer = solved(&problem(2, &[11, 12, 5, 5], &[10, 10]));
    assert_eq!((answer.resource_of, answer.total), (vec![None, Some(0)], 15));
}

#[test]
fn nobody_and_nothing_are_problems_too() {
    assert_eq!(solved(&problem(0, &[], &[])).total, 0);
    assert_eq!(solved(&problem(3, &[], &[])).resource_prices, [0, 0, 0]);
    assert_eq!(solved(&problem(0, &[], &[7, 8])).total, 15);
}

#[test]
fn equal_columns_go_to_the_lowest_index() {
    let answer = solved(&problem(4, &[5; 8], &[9, 9]));
    assert_eq!(answer.resource_of, [Some(0), Some(1)]);
}

#[test]
fn equal_problems_give_equal_answers() {
    let problem = valleys(60);
    for method in [Method::ShortestPaths, Method::Auction] {
        let again = || solve_by(&problem, WorkBudget::default(), Some(method)).unwrap();
        assert_eq!(again(), again());
    }
}

#[test]
fn crowds_are_auctioned_and_strangers_are_not() {
    assert_eq!(solved(&valleys(60)).method, Method::Auction);
    let costs = (0..3_600_i64).map(|pair| (pair * pair * 7_919 % 10_007) as i32);
    let strangers = problem(60, &costs.collect::<Vec<_>>(), &[20_000; 60]);
    assert_eq!(solved(&strangers).method, Method::ShortestPaths);
}

#[test]
fn prices_too_great_for_the_narrow_width_are_counted_wide() {
    // Each mission but the first has one resource that costs nothing and one that costs all: a chain of prices.
    let count = 40;
    let costs: Vec<i32> = (0..count * count)
        .map(|pair| match (pair / count, pair % count) {
            (mission, resource) if resource == mission => limits::COST_MAX,
            (mission, resource) if resource + 1 == mission => -limits::COST_MAX,
            _ => FORBIDDEN,
        })
        .collect();
    let problem = problem(count, &costs, &vec![limits::UNSERVED_MAX; count]);
    for method in [Method::ShortestPaths, Method::Auction] {
        let answer = solve_by(&problem, WorkBudget::default(), Some(method)).unwrap();
        assert_eq!(check(&problem, &answer), vec![]);
        assert!(answer.is_optimal());
        assert_eq!(answer.resource_of, (0..count as u32).map(Some).collect::<Vec<_>>());
    }
}

#[test]
fn absurd_sizes_and_values_are_named() {
    let error = |problem: &Problem| solve(problem, WorkBudget::default()).unwrap_err();
    assert_eq!(
        error(&problem(2, &[1, 2, 3], &[9, 9])),
        ProblemError::Shape { count: 3, missions: 2, resources: 2 }
    );
    let (min, max) = (-limits::COST_MAX, limits::COST_MAX);
    assert_eq!(
        error(&problem(2, &[1, 2, 3, max + 1], &[9, 9])),
        ProblemError::CostOutOfRange { mission: 1, resource: 1, cost: max + 1, min, max }
    );
    assert_eq!(
        error(&problem(2, &[1, FORBIDDEN, i32::MIN, 3], &[9, 9])),
        ProblemError::CostOutOfRange { mission: 1, resource: 0, cost: i32::MIN, min, max }
    );
    for price in [-1, limits::UNSERVED_MAX + 1, i64::MIN, i64::MAX] {
        let max = limits::UNSERVED_MAX;
        assert_eq!(
            error(&problem(1, &[1, 2], &[9, price])),
            ProblemError::UnservedOutOfRange { mission: 1, price, max }
        );
    }
    let limit = limits::SIDE_MAX;
    assert_eq!(
        error(&problem(usize::MAX, &[], &[1])),
        ProblemError::TooMany { what: "resources", count: usize::MAX, limit }
    );
    let many = problem(limit, &[], &vec![1; limit]);
    let pairs = limit * limit;
    assert_eq!(error(&many), ProblemError::TooMany { what: "pairs", count: pairs, limit: limits::PAIRS_MAX });
}

#[test]
fn an_answer_that_was_changed_is_found_out() {
    let problem = problem(3, &[4, 1, 3, 2, 0, 5, 3, 2, FORBIDDEN], &[90, 90, 90]);
    let right = solved(&problem);
    assert_eq!(right.total, 6);
    let after = |change: &dyn Fn(&mut Assignment)| {
        let mut changed = right.clone();
        change(&mut changed);
        check(&problem, &changed)
    };
    let unknown = after(&|answer| answer.resource_of[0] = Some(3));
    assert!(unknown.contains(&Violation::UnknownResource { mission: 0 }), "{unknown:?}");
    let twice = after(&|answer| answer.resource_of[0] = answer.resource_of[1]);
    assert!(twice.contains(&Violation::Twice { resource: 1 }), "{twice:?}");
    let forbidden = after(&|answer| answer.resource_of.swap(0, 2));
    assert!(forbidden.contains(&Violation::Forbidden { mission: 2 }), "{forbidden:?}");
    let dropped = after(&|answer| answer.resource_of[2] = None);
    assert_eq!(dropped, vec![Violation::WrongTotal]);
    assert_eq!(after(&|answer| answer.bound += 1), vec![Violation::WrongBound]);
    let cheap = after(&|answer| {
        answer.resource_prices[1] -= 1_000;
        answer.bound += 1_000;
    });
    assert!(cheap.contains(&Violation::NegativePrice { resource: 1 }), "{cheap:?}");
    assert!(cheap.contains(&Violation::PairBelowPrices { mission: 1, resource: 1 }), "{cheap:?}");
    let dear = after(&|answer| {
        answer.mission_prices[1] += 1_000;
        answer.bound += 1_000;
    });
    assert!(dear.contains(&Violation::AboveUnserved { mission: 1 }), "{dear:?}");
    assert_eq!(after(&|answer| answer.resource_prices.truncate(2)), vec![Violation::Shape]);
}

#[test]
fn a_worse_plan_cannot_pass_for_the_cheapest() {
    let problem = problem(2, &[1, 5, 1, 9], &[90, 90]);
    let mut answer = solved(&problem);
    assert_eq!((&answer.resource_of[..], answer.total), (&[Some(1), Some(0)][..], 6));
    answer.resource_of.swap(0, 1);
    answer.total = 1 + 9;
    assert_eq!((check(&problem, &answer), answer.is_optimal()), (vec![], false));
    // Whoever claims it must have prices that come to as much, and no such prices keep their rules.
    answer.bound = answer.total;
    answer.mission_prices[1] += 4;
    assert_eq!(check(&problem, &answer), vec![Violation::PairBelowPrices { mission: 1, resource: 0 }]);
}
