//! What holds for every problem.

use proptest::prelude::*;

use super::super::*;
use super::fixtures::{any_problem, assert_optimal, modest_problem, optimal, two_problems};
use super::oracle::plain_objective;

const ALL: WorkBudget = WorkBudget { pivots: 1_000_000 };

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn every_answer_is_proven_and_costs_what_the_obvious_way_finds(problem in any_problem()) {
        let solved = optimal(&problem);
        prop_assert_eq!(solved.answer.objective, plain_objective(&problem));
    }

    #[test]
    fn solving_twice_is_solving_once(problem in any_problem()) {
        let first = solve(&problem, ALL);
        prop_assert_eq!(&first, &solve(&problem, ALL));
        let again = solve_again(&problem, &first.unwrap().basis, ALL).unwrap();
        prop_assert_eq!(again.answer.pivots, 0);
    }

    #[test]
    fn from_the_basis_of_any_other_problem_the_answer_costs_the_same((other, problem) in two_problems()) {
        let basis = optimal(&other).basis;
        let warm = solve_again(&problem, &basis, ALL).unwrap().answer;
        assert_optimal(&problem, &warm);
        prop_assert_eq!(warm.objective, plain_objective(&problem));
    }

    #[test]
    fn a_spent_budget_still_gives_a_plan_that_holds_and_a_bound_that_is_true(
        (other, problem) in two_problems(),
        pivots in 0_u64..12,
    ) {
        let basis = solve(&other, ALL).unwrap().basis;
        let best = plain_objective(&problem);
        let budget = WorkBudget { pivots };
        let cold = solve(&problem, budget).unwrap();
        let warm = solve_again(&problem, &basis, budget).unwrap();
        for answer in [&cold.answer, &warm.answer] {
            prop_assert_eq!(check(&problem, answer), Vec::new());
            prop_assert!(answer.bound <= best && best <= answer.objective);
            prop_assert!(answer.pivots <= pivots);
        }
        // Where it stopped it can go on.
        let rest = solve_again(&problem, &cold.basis, ALL).unwrap();
        prop_assert_eq!(rest.answer.objective, best);
    }

    #[test]
    fn more_stock_and_wider_limits_are_never_worse(problem in any_problem(), units in 1_u32..5, place in 0_usize..20) {
        let before = optimal(&problem).answer.objective;
        let mut richer = problem;
        let index = place % richer.stock.len();
        richer.stock[index] += units;
        prop_assert!(optimal(&richer).answer.objective <= before);
        for limits in [&mut richer.throughput, &mut richer.intake] {
            if let Some(limit) = limits.get_mut(place % 4) {
                *limit += units;
            }
        }
        prop_assert!(optimal(&richer).answer.objective <= before);
    }

    #[test]
    fn a_closed_way_is_never_better(problem in any_problem(), place in 0_usize..20) {
        let before = optimal(&problem).answer.objective;
        let mut poorer = problem;
        let index = place % poorer.cost.len();
        poorer.cost[index] = UNREACHABLE;
        prop_assert!(optimal(&poorer).answer.objective >= before);
    }

    #[test]
    fn a_price_is_what_one_unit_more_saves_at_most(problem in any_problem(), place in 0_usize..20) {
        let answer = optimal(&problem).answer;
        let mut richer = problem;
        let index = place % richer.stock.len();
        prop_assume!(richer.stock[index] > 0);
        richer.stock[index] += 1;
        let saved = answer.objective - optimal(&richer).answer.objective;
        prop_assert!(saved <= i128::from(answer.prices.stock[index]));
    }

    #[test]
    fn a_linear_program_finds_the_same(problem in modest_problem()) {
        let found = linear_program(&problem);
        prop_assert!((found - optimal(&problem).answer.objective as f64).abs() < 1e-4, "{}", found);
    }
}

/// The objective that `microlp` finds.
fn linear_program(problem: &Problem) -> f64 {
    use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Variable};
    let (depots, goods, points) = (problem.depots, problem.goods, problem.points);
    let mut program = microlp::Problem::new(OptimizationDirection::Minimize);
    let surcharge = |list: &[i64], index: usize| list.get(index).copied().unwrap_or(0);
    let mut flows: Vec<(usize, usize, usize, Variable)> = Vec::new();
    for d in 0..depots {
        for g in 0..goods {
            for p in (0..points).filter(|p| problem.cost[d * points + p] != UNREACHABLE) {
                let cost = i64::from(problem.cost[d * points + p])
                    + surcharge(&problem.surcharges.depot, d)
                    + surcharge(&problem.surcharges.point, p)
                    + surcharge(&problem.surcharges.stock, d * goods + g);
                flows.push((d, g, p, program.add_var(cost as f64, (0.0, f64::INFINITY))));
            }
        }
    }
    let limit = |of: &dyn Fn(usize, usize, usize) -> bool, extra: &[Variable], comparison, units: u64| {
        let mut sum = LinearExpr::empty();
        flows.iter().filter(|(d, g, p, _)| of(*d, *g, *p)).for_each(|flow| sum.add(flow.3, 1.0));
        extra.iter().for_each(|&missed| sum.add(missed, 1.0));
        (sum, comparison, units as f64)
    };
    let mut constraints = Vec::new();
    for (depot, &units) in problem.throughput.iter().enumerate() {
        constraints.push(limit(&|d, _, _| d == depot, &[], ComparisonOp::Le, units.into()));
    }
    for (point, &units) in problem.intake.iter().enumerate() {
        constraints.push(limit(&|_, _, p| p == point, &[], ComparisonOp::Le, units.into()));
    }
    for (index, &units) in problem.stock.iter().enumerate() {
        let stock = |d: usize, g: usize, _: usize| d * goods + g == index;
        constraints.push(limit(&stock, &[], ComparisonOp::Le, units.into()));
    }
    for index in 0..points * goods {
        let steps = problem.needs.steps(index).iter();
        let missed: Vec<Variable> =
            steps.map(|step| program.add_var(step.penalty as f64, (0.0, f64::from(step.units)))).collect();
        let need = |_: usize, g: usize, p: usize| p * goods + g == index;
        constraints.push(limit(&need, &missed, ComparisonOp::Eq, problem.needs.units(index)));
    }
    for (sum, comparison, units) in constraints {
        program.add_constraint(sum, comparison, units);
    }
    program.solve().unwrap().solution().unwrap().objective()
}
