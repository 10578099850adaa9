//! The bound beside the linear program that it relaxes to: vehicles in parts, everything else as it is.

use super::super::objective::{self, TENTHS, weights};
use super::super::resources::{Places, capacities, spread};
use super::super::*;
use super::solved;
use super::worlds::{cases, tiny};
use microlp::{ComparisonOp, LinearExpr, OptimizationDirection, Variable};
use proptest::prelude::*;

/// Costs are divided by this: a simplex in floats wants numbers near one.
const SCALE: f64 = 1e12;

/// A way of one stock to one need: its trips (site, stop, period of departure), each on its site's fleet.
struct Path {
    stock: usize,
    need: usize,
    trips: Vec<(usize, Stop, usize)>,
}

/// The least that any plan costs whose vehicles go in parts.
fn linear_program(problem: &Problem) -> f64 {
    let mut program = microlp::Problem::new(OptimizationDirection::Minimize);
    let places = Places::new(problem);
    let mut sums = vec![Vec::new(); places.count()];
    let mut come: Vec<Vec<Variable>> = vec![Vec::new(); problem.needs.len()];
    let mut given: Vec<Vec<(Variable, f64)>> = vec![Vec::new(); problem.members as usize];
    for path in paths(problem) {
        let stock = &problem.stocks[path.stock];
        let load = problem.load_of(stock.good) as f64;
        let mut cost = 0.0;
        let mut taken = vec![(path.stock, 1.0)];
        let mut arrives = 0;
        for &(site, to, departs) in &path.trips {
            let from = SiteIdx::at(site);
            let travel_s = problem.travel_s(ClassIdx(0), from, to).unwrap();
            let vehicles = problem.share_of(stock.good, ClassIdx(0)) as f64 / VEHICLE as f64;
            let cycle_s = problem.cycle_s(ClassIdx(0), travel_s);
            let trip =
                cycle_s as i64 * weights::SECOND + problem.yen_of(ClassIdx(0), cycle_s) as i64 * weights::YEN;
            cost += trip as f64 * vehicles;
            arrives = problem.arrives(PeriodIdx::at(departs), problem.outward_s(ClassIdx(0), travel_s));
            taken.push((places.out(site, departs), load));
            taken.push((places.take_in(problem.column(to), arrives), load));
            for bundle in problem.passed(ClassIdx(0), from, to) {
                taken.push((places.bundle_vehicles(bundle.index(), departs), vehicles));
            }
            for (period, seconds) in spread(cycle_s, problem.period_s.into(), departs, 2) {
                taken.push((places.vehicles(site, period), seconds as f64 * vehicles));
            }
            taken.push((places.drivers(site, 0), cycle_s as f64 * vehicles));
        }
        let need = &problem.needs[path.need];
        let late = arrives.saturating_sub(problem.period_of(need.wanted_by_s));
        cost += load * late as f64 * weights::LATENESS as f64;
        let way = program.add_var(cost / SCALE, (0.0, f64::INFINITY));
        taken.into_iter().for_each(|(place, amount)| sums[place].push((way, amount)));
        come[path.need].push(way);
        let giver = problem.sites[stock.site.index()].member;
        if giver != problem.points[need.point.index()].member {
            given[giver.index()].push((way, load));
        }
    }
    let mut unmet: Vec<LinearExpr> = vec![LinearExpr::empty(); problem.points.len()];
    for (need, ways) in problem.needs.iter().zip(come) {
        let mut sum = LinearExpr::empty();
        ways.into_iter().for_each(|way| sum.add(way, 1.0));
        let load = problem.load_of(need.good) as f64;
        let life = (objective::life_weight(problem, need) as i64 * weights::LIFE) as f64 * load;
        let missed = program.add_var(life / SCALE, (0.0, f64::from(need.units)));
        sum.add(missed, 1.0);
        unmet[need.point.index()].add(missed, load / LORRY as f64);
        program.add_constraint(sum, ComparisonOp::Eq, f64::from(need.units));
    }
    for (mut sum, needed) in unmet.into_iter().zip(objective::needed(problem)) {
        for (from, end, multiple) in objective::tenths_of(needed) {
            let cost = (multiple as i64 * weights::FAIRNESS) as f64 * LORRY as f64;
            let most = (end - from) as f64 / LORRY as f64;
            sum.add(program.add_var(cost / SCALE, (0.0, most)), -1.0);
        }
        program.add_constraint(sum, ComparisonOp::Eq, 0.0);
    }
    for (ways, held) in given.into_iter().zip(objective::holdings(problem)) {
        let mut sum = LinearExpr::empty();
        ways.into_iter().for_each(|(way, load)| sum.add(way, load));
        for k in 1..=TENTHS {
            let end = |k: u32| held * u64::from(k) / u64::from(TENTHS);
            let cost = (2 * i64::from(k) - 1) * weights::BURDEN;
            let most = (end(k) - end(k - 1)) as f64;
            sum.add(program.add_var(cost as f64 / SCALE, (0.0, most)), -1.0);
        }
        program.add_constraint(sum, ComparisonOp::Eq, 0.0);
    }
    for (ways, limit) in sums.into_iter().zip(capacities(problem, &places)) {
        let Some(limit) = limit.filter(|_| !ways.is_empty()) else { continue };
        // Everything against its limit of at least one, so that seconds and vehicles weigh alike.
        let by = limit.max(1) as f64;
        let mut sum = LinearExpr::empty();
        ways.into_iter().for_each(|(way, amount)| sum.add(way, amount / by));
        program.add_constraint(sum, ComparisonOp::Le, limit as f64 / by);
    }
    program.solve().unwrap().solution().unwrap().objective() * SCALE
}

/// Every way from a stock to a need of its good that is open, permitted and of use, straight or over the base.
fn paths(problem: &Problem) -> Vec<Path> {
    let mut paths = Vec::new();
    for (stock, of) in problem.stocks.iter().enumerate() {
        let giver = problem.sites[of.site.index()].member;
        for (need, wants) in problem.needs.iter().enumerate().filter(|(_, need)| need.good == of.good) {
            let receiver = problem.points[wants.point.index()].member;
            if matches!(problem.permission(giver, receiver), Permission::NoAgreement) {
                continue;
            }
            let to = Stop::Point(wants.point);
            for first in of.available_from.index()..2 {
                if goes(problem, of.site, to, first).is_some_and(|at| at <= problem.last_use(wants)) {
                    paths.push(Path { stock, need, trips: vec![(of.site.index(), to, first)] });
                }
                for base in &problem.sites[of.site.index()].feeds {
                    let Some(there) = goes(problem, of.site, Stop::Site(*base), first) else { continue };
                    for then in there + 1..2 {
                        if goes(problem, *base, to, then).is_some_and(|at| at <= problem.last_use(wants)) {
                            let trips =
                                vec![(of.site.index(), Stop::Site(*base), first), (base.index(), to, then)];
                            paths.push(Path { stock, need, trips });
                        }
                    }
                }
            }
        }
    }
    paths
}

/// When a lorry arrives that can go; a vehicle must have its whole time, in parts or not.
fn goes(problem: &Problem, from: SiteIdx, to: Stop, departs: usize) -> Option<usize> {
    let travel_s = problem.travel_s(ClassIdx(0), from, to)?;
    let arrives = problem.arrives(PeriodIdx::at(departs), problem.outward_s(ClassIdx(0), travel_s));
    (arrives < 2).then_some(arrives)
}

proptest! {
    #![proptest_config(cases(1_000))]

    #[test]
    fn the_bound_is_none_above_the_linear_program(problem in tiny()) {
        let plan = solved(&problem);
        let found = linear_program(&problem);
        // Floats: a millionth.
        let room = 1e-6 * found.abs() + 1e3;
        prop_assert!(plan.gap.bound as f64 <= found + room, "bound {} linear program {}", plan.gap.bound, found);
        prop_assert!(found <= plan.gap.value as f64 + room, "value {} linear program {}", plan.gap.value, found);
    }
}

#[test]
fn over_many_worlds_the_bound_is_near_the_linear_program() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let (mut movable, mut under) = (0.0, 0.0);
    for _ in 0..1_000 {
        let problem = tiny().new_tree(&mut runner).unwrap().current();
        let (plan, found) = (solved(&problem), linear_program(&problem));
        movable += plan.gap.nothing as f64 - found;
        under += (found - plan.gap.bound as f64).max(0.0);
    }
    assert!(under <= 0.03 * movable, "the bound misses {} % of the linear program", 100.0 * under / movable);
}
