//! Stories whose answer is arithmetic.

use super::super::*;
use super::fixtures::{assert_optimal, optimal, problem};

const ALL: WorkBudget = WorkBudget { pivots: 1_000 };

fn flow(depot: u32, good: u32, point: u32, units: u32) -> Flow {
    Flow { depot: DepotIdx(depot), good: GoodIdx(good), point: PointIdx(point), units }
}

#[test]
fn each_point_is_served_by_the_depot_that_is_nearer() {
    let problem = problem(1, &[9, 9], &[(4, 100), (5, 100)], &[1, 7, 7, 2]);
    let answer = optimal(&problem).answer;
    assert_eq!(answer.flows, [flow(0, 0, 0, 4), flow(1, 0, 1, 5)]);
    assert_eq!((answer.objective, &answer.unmet[..]), (14, &[0, 0][..]));
}

#[test]
fn what_is_short_goes_where_missing_it_is_dearest() {
    let problem = problem(1, &[5], &[(4, 10), (4, 90)], &[1, 1]);
    let answer = optimal(&problem).answer;
    assert_eq!(answer.flows, [flow(0, 0, 0, 1), flow(0, 0, 1, 4)]);
    assert_eq!((answer.objective, &answer.unmet[..]), (5 + 30, &[3, 0][..]));
    // One unit more would spare a penalty of 10 for a way of 1.
    assert_eq!(answer.prices.stock, [9]);
}

#[test]
fn a_way_that_costs_more_than_the_penalty_is_not_gone() {
    let answer = optimal(&problem(1, &[5], &[(4, 10)], &[11])).answer;
    assert_eq!((answer.flows, answer.unmet, answer.objective), (vec![], vec![4], 40));
}

#[test]
fn all_goods_share_what_a_depot_can_handle() {
    let mut problem = problem(2, &[5, 5], &[(5, 10), (5, 90)], &[1]);
    problem.throughput = vec![6];
    let answer = optimal(&problem).answer;
    assert_eq!(answer.flows, [flow(0, 0, 0, 1), flow(0, 1, 0, 5)]);
    assert_eq!((&answer.prices.throughput[..], &answer.unmet[..]), (&[9][..], &[4, 0][..]));
}

#[test]
fn all_goods_share_what_a_point_can_take_in() {
    let mut problem = problem(2, &[5, 5], &[(5, 10), (5, 90)], &[1]);
    problem.intake = vec![7];
    let answer = optimal(&problem).answer;
    assert_eq!(answer.flows, [flow(0, 0, 0, 2), flow(0, 1, 0, 5)]);
    assert_eq!(answer.prices.intake, [9]);
}

#[test]
fn steps_share_a_shortage_out() {
    let mut problem = problem(1, &[9], &[(0, 0), (0, 0)], &[1, 2]);
    problem.needs = Needs::default();
    let [most, half] = [90, 50].map(|penalty| Step { units: 4, penalty });
    problem.needs.push(&[most, half]);
    problem.needs.push(&[most, half]);
    let answer = optimal(&problem).answer;
    // Nobody's first half is missed for anybody's second.
    assert_eq!(answer.flows, [flow(0, 0, 0, 5), flow(0, 0, 1, 4)]);
    assert_eq!(answer.objective, 5 + 4 * 2 + (3 + 4) * 50);
}

#[test]
fn a_surcharge_sends_a_unit_round() {
    let mut problem = problem(1, &[9, 9], &[(4, 100)], &[1, 3]);
    assert_eq!(optimal(&problem).answer.flows, [flow(0, 0, 0, 4)]);
    problem.surcharges.depot = vec![5, 0];
    assert_eq!(optimal(&problem).answer.flows, [flow(1, 0, 0, 4)]);
    problem.surcharges.stock = vec![-6, 0];
    assert_eq!(optimal(&problem).answer.flows, [flow(0, 0, 0, 4)]);
    problem.surcharges.point = vec![120];
    assert_eq!(optimal(&problem).answer.flows, []);
}

#[test]
fn after_a_closure_the_plan_goes_on_from_where_it_stood() {
    let mut problem = problem(1, &[9, 9], &[(4, 100), (5, 100)], &[1, 7, 7, 2]);
    let before = optimal(&problem);
    problem.cost[0] = UNREACHABLE;
    let after = solve_again(&problem, &before.basis, ALL).unwrap();
    assert_optimal(&problem, &after.answer);
    assert_eq!(after.answer.flows, [flow(1, 0, 0, 4), flow(1, 0, 1, 5)]);
}

#[test]
fn nothing_at_all_is_an_answer() {
    for problem in [problem(1, &[], &[], &[]), problem(1, &[3], &[], &[]), problem(1, &[], &[(2, 7)], &[])] {
        assert!(optimal(&problem).answer.flows.is_empty());
    }
    let mut nothing = problem(1, &[], &[], &[]);
    nothing.goods = 0;
    assert_eq!(optimal(&nothing).answer.objective, 0);
}

#[test]
fn a_basis_of_another_shape_is_refused() {
    let one = problem(1, &[5], &[(4, 10)], &[1]);
    let basis = optimal(&one).basis;
    let two = problem(1, &[5], &[(4, 10), (1, 1)], &[1, 1]);
    assert_eq!(solve_again(&two, &basis, ALL), Err(ProblemError::ForeignBasis));
    let limited = Problem { throughput: vec![3], ..one };
    assert_eq!(solve_again(&limited, &basis, ALL), Err(ProblemError::ForeignBasis));
}

#[test]
fn what_cannot_be_is_named() {
    let good = problem(1, &[5, 5], &[(4, 10)], &[1, 2]);
    let refused = |change: &dyn Fn(&mut Problem)| {
        let mut bad = good.clone();
        change(&mut bad);
        solve(&bad, ALL).unwrap_err().to_string()
    };
    let cases = [
        refused(&|bad| bad.depots = 5_000),
        refused(&|bad| bad.stock.truncate(1)),
        refused(&|bad| bad.needs.push_flat(1, 1)),
        refused(&|bad| bad.cost[1] = limits::COST_MAX + 1),
        refused(&|bad| bad.throughput = vec![1]),
        refused(&|bad| bad.surcharges.point = vec![limits::SURCHARGE_MAX + 1]),
        refused(&|bad| {
            bad.needs = Needs::default();
            bad.needs.push(&[Step { units: 1, penalty: 3 }, Step { units: 1, penalty: 3 }]);
        }),
        refused(&|bad| {
            bad.needs = Needs::default();
            bad.needs.push(&[Step { units: 1, penalty: -3 }]);
        }),
    ];
    assert_eq!(
        cases,
        [
            "depots: 5000, at most 4096 can be solved; split the problem",
            "stock has 1 entries, it must have 2",
            "needs has 2 entries, it must have 1",
            "cost of entry 1 is 67108865, it must lie within 0 and 67108864",
            "throughput has 1 entries, it must have 2",
            "surcharge of points of entry 0 is 1073741825, it must lie within -1073741824 and 1073741824",
            "need 0: penalty of step 1 is not below the one before it; put the dearest first",
            "penalty of need of entry 0 is -3, it must lie within 0 and 17179869184",
        ]
    );
}

#[test]
fn check_finds_what_is_wrong() {
    let mut problem = problem(1, &[5], &[(4, 10)], &[1]);
    (problem.throughput, problem.intake) = (vec![3], vec![3]);
    let good = optimal(&problem).answer;
    let found = |change: &dyn Fn(&mut Answer)| {
        let mut bad = good.clone();
        change(&mut bad);
        check(&problem, &bad)
    };
    assert_eq!(found(&|_| {}), []);
    assert_eq!(found(&|bad| bad.flows[0].units = 0), [Violation::Flow { index: 0 }]);
    assert_eq!(found(&|bad| bad.flows[0].depot = DepotIdx(7)), [Violation::Flow { index: 0 }]);
    assert_eq!(found(&|bad| bad.flows.push(bad.flows[0])), [Violation::Flow { index: 1 }]);
    assert_eq!(
        found(&|bad| bad.flows[0].units = 6),
        [
            Violation::Throughput { depot: 0 },
            Violation::Stock { depot: 0, good: 0 },
            Violation::Intake { point: 0 },
            Violation::Need { point: 0, good: 0 },
        ]
    );
    assert_eq!(found(&|bad| bad.unmet[0] = 2), [Violation::Unmet]);
    assert_eq!(found(&|bad| bad.objective -= 1), [Violation::Objective { actual: 13 }]);
    assert_eq!(found(&|bad| bad.bound += 1), [Violation::Bound { proven: 13 }]);
    assert_eq!(found(&|bad| bad.prices.stock[0] = -1), [Violation::Prices]);
    assert_eq!(found(&|bad| bad.prices.throughput.clear()), [Violation::Prices]);
}
