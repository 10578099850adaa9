//! Small problems, by hand and by chance.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::super::*;

/// `goods` goods without limits of throughput and intake; `needs` with one penalty each.
pub(super) fn problem(goods: usize, stock: &[u32], needs: &[(u32, i64)], cost: &[u32]) -> Problem {
    let (depots, points) = (stock.len() / goods, needs.len() / goods);
    let mut flat = Needs::with_capacity(needs.len());
    needs.iter().for_each(|&(units, penalty)| flat.push_flat(units, penalty));
    Problem {
        depots,
        goods,
        points,
        stock: stock.to_vec(),
        needs: flat,
        cost: cost.to_vec(),
        throughput: Vec::new(),
        intake: Vec::new(),
        surcharges: Surcharges::default(),
    }
}

/// The answer, which `check` accepts and proves optimal.
pub(super) fn optimal(problem: &Problem) -> Solved {
    let solved = solve(problem, WorkBudget::default()).unwrap();
    assert_optimal(problem, &solved.answer);
    solved
}

pub(super) fn assert_optimal(problem: &Problem, answer: &Answer) {
    assert_eq!(check(problem, answer), Vec::new(), "{problem:?}\n{answer:?}");
    assert!(answer.is_optimal(), "{} > {}: {problem:?}\n{answer:?}", answer.objective, answer.bound);
}

/// Small values meet their limits often, large ones leave the narrow range of a row.
fn way() -> impl Strategy<Value = u32> {
    prop_oneof![6 => 0_u32..12, 2 => Just(UNREACHABLE), 1 => 0_u32..=limits::COST_MAX]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let penalty = prop_oneof![5 => 0_i64..30, 1 => 0_i64..=limits::PENALTY_MAX];
    vec((1_u32..6, penalty), 0..4).prop_map(|pairs| {
        let mut steps: Vec<Step> =
            pairs.into_iter().map(|(units, penalty)| Step { units, penalty }).collect();
        steps.sort_by_key(|step| -step.penalty);
        steps.dedup_by_key(|step| step.penalty);
        steps
    })
}

fn surcharges(count: usize) -> impl Strategy<Value = Vec<i64>> {
    let one = prop_oneof![4 => -4_i64..8, 1 => -limits::SURCHARGE_MAX..=limits::SURCHARGE_MAX];
    prop_oneof![2 => Just(Vec::new()), 1 => vec(one, count)]
}

fn limits_of(count: usize) -> impl Strategy<Value = Vec<u32>> {
    option::of(vec(0_u32..14, count)).prop_map(Option::unwrap_or_default)
}

/// Problems of one shape, with or without limits.
fn shaped(depots: usize, goods: usize, points: usize) -> impl Strategy<Value = Problem> {
    let needs = vec(steps(), points * goods).prop_map(|all| {
        let mut needs = Needs::with_capacity(all.len());
        all.iter().for_each(|steps| needs.push(steps));
        needs
    });
    let surcharges = (surcharges(depots), surcharges(points), surcharges(depots * goods));
    let limits = (limits_of(depots), limits_of(points));
    (vec(0_u32..10, depots * goods), needs, vec(way(), depots * points), limits, surcharges).prop_map(
        move |(stock, needs, cost, (throughput, intake), (depot, point, of_stock))| Problem {
            depots,
            goods,
            points,
            stock,
            needs,
            cost,
            throughput,
            intake,
            surcharges: Surcharges { depot, point, stock: of_stock },
        },
    )
}

/// Any small problem.
pub(super) fn any_problem() -> impl Strategy<Value = Problem> {
    (1_usize..5, 1_usize..4, 1_usize..6).prop_flat_map(|(d, g, p)| shaped(d, g, p))
}

/// Any small problem whose values are small too: a linear program counts with floats.
pub(super) fn modest_problem() -> impl Strategy<Value = Problem> {
    any_problem().prop_map(|mut problem| {
        problem.cost.iter_mut().filter(|cost| **cost != UNREACHABLE).for_each(|cost| *cost %= 100);
        let Surcharges { depot, point, stock } = &mut problem.surcharges;
        depot.iter_mut().chain(point).chain(stock).for_each(|value| *value %= 100);
        let mut needs = Needs::default();
        for index in 0..problem.needs.count() {
            let penalty = |step: &Step| step.penalty.min(100 - i64::from(step.units));
            let mut steps = problem.needs.steps(index).to_vec();
            steps.iter_mut().for_each(|step| step.penalty = penalty(step));
            steps.sort_by_key(|step| -step.penalty);
            steps.dedup_by_key(|step| step.penalty);
            needs.push(&steps);
        }
        Problem { needs, ..problem }
    })
}

/// Two small problems of one shape, with the same kinds of limits.
pub(super) fn two_problems() -> impl Strategy<Value = (Problem, Problem)> {
    let both =
        (1_usize..5, 1_usize..4, 1_usize..6).prop_flat_map(|(d, g, p)| (shaped(d, g, p), shaped(d, g, p)));
    both.prop_map(|(first, mut second)| {
        let fit = |of: &[u32], to: &mut Vec<u32>, count: usize| {
            if of.is_empty() {
                to.clear();
            } else if to.is_empty() {
                to.extend((0..count as u32).map(|index| index * 3 % 11));
            }
        };
        fit(&first.throughput, &mut second.throughput, first.depots);
        fit(&first.intake, &mut second.intake, first.points);
        (first, second)
    })
}
