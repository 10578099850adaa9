//! Proves an answer without the solver.

use super::answer::{Answer, Prices, objective_of, unmet_of};
use super::problem::{Problem, UNREACHABLE};

/// What is wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Violation {
    /// A flow that names what is not there, has no units, uses a way that is not open or stands out of order.
    Flow {
        /// Its place in the list.
        index: usize,
    },
    /// More leaves a depot than it can handle.
    Throughput {
        /// The depot.
        depot: usize,
    },
    /// More of a good leaves a depot than it has.
    Stock {
        /// The depot.
        depot: usize,
        /// The good.
        good: usize,
    },
    /// More comes to a point than it can take in.
    Intake {
        /// The point.
        point: usize,
    },
    /// More of a good comes to a point than it needs.
    Need {
        /// The point.
        point: usize,
        /// The good.
        good: usize,
    },
    /// The list of what is unmet does not follow from the flows.
    Unmet,
    /// The objective does not follow from the flows.
    Objective {
        /// What it is.
        actual: i128,
    },
    /// The prices are misshapen or negative.
    Prices,
    /// The prices prove another bound, or other costs of bringing.
    Bound {
        /// What they prove.
        proven: i128,
    },
}

/// Every rule that `answer` breaks; empty when it is feasible, its figures are true and its bound is proven.
///
/// An answer without violations whose [`Answer::is_optimal`] is true is optimal: by weak duality no plan costs less
/// than the bound that its prices prove. `problem` must be valid.
///
/// # Complexity
/// O(D·P·G) time: every way is looked at once for each good that is needed at its end.
pub fn check(problem: &Problem, answer: &Answer) -> Vec<Violation> {
    let mut violations = check_flows(problem, answer);
    if !violations.is_empty() {
        return violations;
    }
    if answer.unmet != unmet_of(problem, &answer.flows) {
        violations.push(Violation::Unmet);
        return violations;
    }
    let actual = objective_of(problem, &answer.flows, &answer.unmet);
    if answer.objective != actual {
        violations.push(Violation::Objective { actual });
    }
    if !are_prices(problem, &answer.prices) {
        violations.push(Violation::Prices);
        return violations;
    }
    let (proven, bringing) = lower_bound(problem, &answer.prices);
    if proven != answer.bound || bringing != answer.prices.bringing {
        violations.push(Violation::Bound { proven });
    }
    violations
}

fn check_flows(problem: &Problem, answer: &Answer) -> Vec<Violation> {
    let (depots, goods, points) = (problem.depots, problem.goods, problem.points);
    let mut sent = vec![0_u64; depots];
    let mut taken = vec![0_u64; depots * goods];
    let mut brought = vec![0_u64; points];
    let mut met = vec![0_u64; points * goods];
    let mut violations = Vec::new();
    for (index, flow) in answer.flows.iter().enumerate() {
        let [depot, good, point] = [flow.depot.0, flow.good.0, flow.point.0].map(|index| index as usize);
        let key = |place: usize| answer.flows.get(place).map(|flow| (flow.depot, flow.good, flow.point));
        let in_order = index == 0 || key(index - 1) < key(index);
        let is_known = depot < depots && good < goods && point < points;
        if !in_order || !is_known || flow.units == 0 || problem.cost[depot * points + point] == UNREACHABLE {
            violations.push(Violation::Flow { index });
            continue;
        }
        let units = u64::from(flow.units);
        sent[depot] += units;
        taken[depot * goods + good] += units;
        brought[point] += units;
        met[point * goods + good] += units;
    }
    let over = |used: &[u64], limit: &[u32]| -> Vec<usize> {
        let pairs = used.iter().zip(limit).enumerate();
        pairs.filter(|(_, (used, limit))| **used > u64::from(**limit)).map(|(index, _)| index).collect()
    };
    let in_goods = |index: usize| (index / goods, index % goods);
    violations
        .extend(over(&sent, &problem.throughput).into_iter().map(|depot| Violation::Throughput { depot }));
    violations.extend(over(&taken, &problem.stock).into_iter().map(|index| {
        let (depot, good) = in_goods(index);
        Violation::Stock { depot, good }
    }));
    violations.extend(over(&brought, &problem.intake).into_iter().map(|point| Violation::Intake { point }));
    violations.extend((0..met.len()).filter(|&index| met[index] > problem.needs.units(index)).map(|index| {
        let (point, good) = in_goods(index);
        Violation::Need { point, good }
    }));
    violations
}

fn are_prices(problem: &Problem, prices: &Prices) -> bool {
    let Prices { throughput, stock, intake, bringing: _ } = prices;
    throughput.len() == problem.throughput.len()
        && stock.len() == problem.stock.len()
        && intake.len() == problem.intake.len()
        && throughput.iter().chain(stock).chain(intake).all(|&price| (0..=PRICE_MAX).contains(&price))
}

/// Far beyond what a solver states; keeps the sums of a forged answer in range.
const PRICE_MAX: i64 = i64::MAX / 8;

/// The bound that `prices` (but for `bringing`, which is not read) prove, and what bringing one unit more costs.
///
/// Whoever sends a unit pays for throughput, stock and intake; then no limit but the needs is left, and each unit of
/// a need comes on the cheapest way or is missed, whichever is less. What was paid for the limits is given back.
/// `prices` must be shaped as the problem and not negative.
///
/// # Complexity
/// O(D·P·G) time.
pub fn lower_bound(problem: &Problem, prices: &Prices) -> (i128, Vec<Option<i64>>) {
    let (depots, goods, points) = (problem.depots, problem.goods, problem.points);
    let paid = |prices: &[i64], limits: &[u32]| -> i128 {
        prices.iter().zip(limits).map(|(&price, &limit)| i128::from(price) * i128::from(limit)).sum()
    };
    let mut bound = -paid(&prices.throughput, &problem.throughput)
        - paid(&prices.stock, &problem.stock)
        - paid(&prices.intake, &problem.intake);
    let mut bringing = vec![None; points * goods];
    let mut cheapest = vec![i64::MAX; points];
    for good in 0..goods {
        cheapest.fill(i64::MAX);
        for depot in (0..depots).filter(|&depot| problem.can_send(depot, good)) {
            let sending = problem.sending_surcharge(depot, good)
                + prices.stock[depot * goods + good]
                + prices.throughput.get(depot).copied().unwrap_or(0);
            let ways = &problem.cost[depot * points..(depot + 1) * points];
            for (cheapest, &way) in cheapest.iter_mut().zip(ways) {
                let cost = if way == UNREACHABLE { i64::MAX } else { sending + i64::from(way) };
                *cheapest = (*cheapest).min(cost);
            }
        }
        for (point, &cheapest) in cheapest.iter().enumerate() {
            let index = point * goods + good;
            let intake = prices.intake.get(point).copied().unwrap_or(0);
            let can_come = cheapest < i64::MAX && problem.can_take_in(point);
            bringing[index] = can_come.then(|| cheapest + problem.bringing_surcharge(point) + intake);
            bound += problem.needs.steps(index).iter().fold(0, |sum, step| {
                let each = bringing[index].map_or(step.penalty, |price| price.min(step.penalty));
                sum + i128::from(each) * i128::from(step.units)
            });
        }
    }
    (bound, bringing)
}
