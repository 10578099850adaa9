//! Both algorithms beside every plan there is, and beside the plain Hungarian method.

use crate::allocator::assignment::problem::{FORBIDDEN, Method, Problem, WorkBudget};
use crate::allocator::assignment::solver::solve_by;
use crate::allocator::assignment::{Assignment, check};
use proptest::prelude::*;

/// The least that any plan costs: every way to serve a mission or not, one mission after the other.
fn least_of_all(problem: &Problem) -> i64 {
    fn from(problem: &Problem, mission: usize, taken: u32) -> i64 {
        let Some(&unserved) = problem.unserved.get(mission) else { return 0 };
        let pairs = problem.row(mission).iter().enumerate();
        let free = pairs.filter(|&(resource, &cost)| cost != FORBIDDEN && taken & 1 << resource == 0);
        let served =
            free.map(|(resource, &cost)| i64::from(cost) + from(problem, mission + 1, taken | 1 << resource));
        served.fold(unserved + from(problem, mission + 1, taken), i64::min)
    }
    from(problem, 0, 0)
}

/// The Hungarian method as textbooks have it, O(M^2 x (M + N)): each mission has a column of its own for going unserved.
fn hungarian(problem: &Problem) -> i64 {
    let (missions, resources) = (problem.missions(), problem.resources);
    let columns = resources + missions;
    let never = i64::MAX / 4;
    let cost = |mission: usize, column: usize| match column.checked_sub(resources) {
        Some(own) if own == mission => problem.unserved[mission],
        Some(_) => never,
        None if problem.row(mission)[column] == FORBIDDEN => never,
        None => i64::from(problem.row(mission)[column]),
    };
    // Row 0 and column 0 are not in use.
    let (mut row_potential, mut column_potential) = (vec![0; missions + 1], vec![0; columns + 1]);
    let (mut row_of, mut before) = (vec![0; columns + 1], vec![0; columns + 1]);
    for row in 1..=missions {
        row_of[0] = row;
        let (mut least, mut is_used) = (vec![i64::MAX; columns + 1], vec![false; columns + 1]);
        let mut column = 0;
        while row_of[column] != 0 || column == 0 {
            is_used[column] = true;
            let (current, mut delta, mut next) = (row_of[column], i64::MAX, 0);
            for other in (1..=columns).filter(|&other| !is_used[other]) {
                let reduced = cost(current - 1, other - 1) - row_potential[current] - column_potential[other];
                if reduced < least[other] {
                    (least[other], before[other]) = (reduced, column);
                }
                if least[other] < delta {
                    (delta, next) = (least[other], other);
                }
            }
            for other in 0..=columns {
                if is_used[other] {
                    row_potential[row_of[other]] += delta;
                    column_potential[other] -= delta;
                } else if other > 0 {
                    least[other] -= delta;
                }
            }
            column = next;
        }
        while column != 0 {
            row_of[column] = row_of[before[column]];
            column = before[column];
        }
    }
    (1..=columns)
        .filter(|&column| row_of[column] != 0)
        .map(|column| cost(row_of[column] - 1, column - 1))
        .sum()
}

/// By both algorithms and by the one that is chosen.
fn solved(problem: &Problem) -> [Assignment; 3] {
    let choices = [None, Some(Method::ShortestPaths), Some(Method::Auction)];
    choices.map(|choice| solve_by(problem, WorkBudget::default(), choice).unwrap())
}

fn assert_right(problem: &Problem, least: i64) {
    for answer in solved(problem) {
        assert_eq!(check(problem, &answer), vec![], "{answer:?}");
        assert!(answer.is_optimal(), "{answer:?}");
        assert_eq!(answer.total, least, "{answer:?}");
    }
}

/// Costs as one case wants them: few different ones, many, or negative too.
fn costs(count: usize) -> impl Strategy<Value = Vec<i32>> {
    let cost = |range: std::ops::Range<i32>| prop_oneof![6 => range, 1 => Just(FORBIDDEN)];
    prop_oneof![
        prop::collection::vec(cost(0..3), count),
        prop::collection::vec(cost(0..100), count),
        prop::collection::vec(cost(-1_000..1_000_000), count),
        prop::collection::vec(0..40_000_000, count),
    ]
}

fn problems(side_max: usize) -> impl Strategy<Value = Problem> {
    let unserved = |missions| {
        prop_oneof![
            prop::collection::vec(0..150_i64, missions),
            prop::collection::vec(500_000..2_000_000_i64, missions),
            prop::collection::vec((1_i64 << 39)..(1 << 40), missions),
        ]
    };
    (0..=side_max, 0..=side_max).prop_flat_map(move |(missions, resources)| {
        (costs(missions * resources), unserved(missions)).prop_map(move |(costs, unserved)| Problem {
            resources,
            costs,
            unserved,
        })
    })
}

/// Places on a line of `span` units; where there are few, many missions want the same resources.
fn crowds(side_max: usize) -> impl Strategy<Value = Problem> {
    let places = move |span| prop::collection::vec(0..span, 1..side_max);
    let crowd = (1..4_i32).prop_flat_map(move |span| (places(span * 20), places(10_000)));
    (crowd, 0..20_000_i64).prop_map(|((missions, resources), unserved)| {
        let pairs =
            missions.iter().flat_map(|mission| resources.iter().map(move |place| (mission - place).abs()));
        let costs = pairs.collect();
        Problem { resources: resources.len(), costs, unserved: vec![unserved; missions.len()] }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn no_plan_of_a_small_problem_is_cheaper(problem in problems(6)) {
        assert_right(&problem, least_of_all(&problem));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn middle_problems_cost_what_the_hungarian_method_says(problem in problems(70)) {
        assert_right(&problem, hungarian(&problem));
    }

    #[test]
    fn crowds_cost_what_the_hungarian_method_says(problem in crowds(120)) {
        assert_right(&problem, hungarian(&problem));
    }

    #[test]
    fn a_budget_that_ends_leaves_a_plan_and_how_far_off_it_may_be(
        problem in crowds(60),
        pairs_max in 0..20_000_u64,
    ) {
        let least = hungarian(&problem);
        for method in [Method::ShortestPaths, Method::Auction] {
            let budget = WorkBudget::pairs_at_most(pairs_max);
            let answer = solve_by(&problem, budget, Some(method)).unwrap();
            prop_assert_eq!(check(&problem, &answer), vec![]);
            prop_assert!(answer.bound <= least && least <= answer.total, "{:?}, least {}", answer, least);
        }
    }

    #[test]
    fn one_more_resource_never_costs_more(problem in problems(20)) {
        prop_assume!(problem.resources > 0);
        let [more, ..] = solved(&problem);
        let fewer = Problem {
            resources: problem.resources - 1,
            costs: (0..problem.missions()).flat_map(|m| problem.row(m)[1..].to_vec()).collect(),
            unserved: problem.unserved.clone(),
        };
        let [without, ..] = solved(&fewer);
        prop_assert!(more.total <= without.total);
        // What its price says is the most that it can have saved.
        prop_assert!(without.total - more.total >= more.resource_prices[0]);
    }
}

#[test]
fn the_plain_methods_agree() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    runner
        .run(&problems(5), |problem| {
            prop_assert_eq!(hungarian(&problem), least_of_all(&problem));
            Ok(())
        })
        .unwrap();
}
