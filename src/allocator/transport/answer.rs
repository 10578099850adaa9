//! The answer: what goes where, what stays unmet, and the prices that prove it.

use super::problem::{DepotIdx, GoodIdx, PointIdx, Problem};

/// Units of one good on one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Flow {
    /// From where.
    pub depot: DepotIdx,
    /// What.
    pub good: GoodIdx,
    /// Where to.
    pub point: PointIdx,
    /// How much; at least one.
    pub units: u32,
}

/// What one more unit of each limit would save; never negative.
///
/// Any prices prove a bound ([`lower_bound`](super::lower_bound)); those of an optimal answer prove its objective.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prices {
    /// Of each depot's throughput; empty when nothing limits it.
    pub throughput: Vec<i64>,
    /// Of each stock, depots x goods, row-major.
    pub stock: Vec<i64>,
    /// Of each point's intake; empty when nothing limits it.
    pub intake: Vec<i64>,
    /// Of each need, points x goods, row-major: what bringing one unit more would cost, all prices paid; `None` where
    /// nothing can be brought. A unit stays unmet where its penalty is less.
    pub bringing: Vec<Option<i64>>,
}

/// What goes where, what it costs, and how much less it could cost at best.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// In the order of depot, good, point.
    pub flows: Vec<Flow>,
    /// Points x goods, row-major: units that do not come.
    pub unmet: Vec<u32>,
    /// Cost of all flows, surcharges included, and penalties of all that is unmet.
    pub objective: i128,
    /// No plan whatever costs less. Equal to `objective` when the answer is optimal.
    pub bound: i128,
    /// What proves `bound`.
    pub prices: Prices,
    /// Exchanges of the basis that it took.
    pub pivots: u64,
}

impl Answer {
    /// Whether no plan whatever costs less.
    pub fn is_optimal(&self) -> bool {
        self.objective == self.bound
    }
}

/// What `flows` leave unmet, points x goods; units beyond a need count as 0.
pub(super) fn unmet_of(problem: &Problem, flows: &[Flow]) -> Vec<u32> {
    let mut unmet: Vec<u64> = (0..problem.needs.count()).map(|index| problem.needs.units(index)).collect();
    for flow in flows {
        let index = flow.point.0 as usize * problem.goods + flow.good.0 as usize;
        unmet[index] = unmet[index].saturating_sub(u64::from(flow.units));
    }
    unmet.into_iter().map(|units| units as u32).collect()
}

/// Cost of `flows` and of what is `unmet`.
pub(super) fn objective_of(problem: &Problem, flows: &[Flow], unmet: &[u32]) -> i128 {
    let ways = flows.iter().map(|flow| i128::from(unit_cost(problem, flow)) * i128::from(flow.units));
    let missed = unmet.iter().enumerate().map(|(index, &units)| penalty_of(problem, index, units));
    ways.sum::<i128>() + missed.sum::<i128>()
}

/// Cost of one unit of `flow`, surcharges included.
pub(super) fn unit_cost(problem: &Problem, flow: &Flow) -> i64 {
    let [depot, good, point] = [flow.depot.0, flow.good.0, flow.point.0].map(|index| index as usize);
    i64::from(problem.cost[depot * problem.points + point])
        + problem.sending_surcharge(depot, good)
        + problem.bringing_surcharge(point)
}

/// The last steps of a need are missed first: they are the cheapest.
fn penalty_of(problem: &Problem, index: usize, unmet: u32) -> i128 {
    let (mut left, mut penalty) = (unmet, 0);
    for step in problem.needs.steps(index).iter().rev() {
        let missed = left.min(step.units);
        penalty += i128::from(missed) * i128::from(step.penalty);
        left -= missed;
    }
    penalty
}
