//! From a problem to its answer: each good alone, all together, and the answer read off the last tree.

use super::answer::{Answer, Flow, Prices, objective_of, unit_cost, unmet_of};
use super::basis::Basis;
use super::check::lower_bound;
use super::greedy::greedy;
use super::layout::{Layout, Node, ROOT};
use super::needs::Needs;
use super::pricing::Pricer;
use super::problem::{DepotIdx, GoodIdx, PointIdx, Problem, ProblemError, Surcharges};
use super::rows::Rows;
use super::simplex::{Frame, Simplex};

/// How much work a solve may take, in exchanges of the basis; never a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkBudget {
    /// Most exchanges.
    pub pivots: u64,
}

impl Default for WorkBudget {
    /// More than any problem of the target's size was seen to take.
    fn default() -> Self {
        Self { pivots: 100_000_000 }
    }
}

/// An answer, and where the solver stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solved {
    /// What goes where.
    pub answer: Answer,
    /// To go on from, with [`solve_again`].
    pub basis: Basis,
}

/// Candidates that are enough for one good, and for all together.
const ENOUGH: [usize; 2] = [64, 4_096];

/// The cheapest plan, or the best one that `budget` allows with a bound on what is missing.
///
/// Each good is solved alone first, without limits of throughput and intake; the trees of all goods together are the
/// start, and what is over a limit there is paid for until it is gone.
///
/// # Errors
/// [`ProblemError`] when the problem is misshapen or a value out of range.
///
/// # Complexity
/// O(D·P) memory for the matrix of costs, shared by all goods, and O((D + P)·G) beside it.
pub fn solve(problem: &Problem, budget: WorkBudget) -> Result<Solved, ProblemError> {
    problem.validate()?;
    let rows = Rows::new(problem);
    let frame = Frame { problem, costs: &problem.cost, rows: &rows, layout: Layout::new(problem) };
    let mut pivots = 0;
    let mut basis = Basis::star(&frame.layout);
    for good in 0..problem.goods {
        let (alone, taken) = solve_alone(&frame, good, budget.pivots - pivots);
        pivots += taken;
        merge(&frame.layout, good, &alone, &mut basis);
    }
    Ok(finish(&frame, &basis, budget, pivots))
}

/// As [`solve`], from the basis of an earlier call; what changed since may be anything but the shape.
///
/// # Errors
/// [`ProblemError::ForeignBasis`] when the basis has another shape, else as [`solve`].
pub fn solve_again(problem: &Problem, basis: &Basis, budget: WorkBudget) -> Result<Solved, ProblemError> {
    problem.validate()?;
    let layout = Layout::new(problem);
    if !basis.fits(&layout) {
        return Err(ProblemError::ForeignBasis);
    }
    let rows = Rows::new(problem);
    Ok(finish(&Frame { problem, costs: &problem.cost, rows: &rows, layout }, basis, budget, 0))
}

/// The basis of good `good` alone, without shared limits, and the exchanges it took.
fn solve_alone(all: &Frame, good: usize, pivots_max: u64) -> (Basis, u64) {
    let problem = all.problem;
    let mut needs = Needs::with_capacity(problem.points);
    for point in 0..problem.points {
        let can_take_in = problem.can_take_in(point);
        needs.push(if can_take_in { problem.needs.steps(point * problem.goods + good) } else { &[] });
    }
    let depots = 0..problem.depots;
    let stock = |depot: usize| {
        let units = problem.stock[depot * problem.goods + good];
        if problem.can_send(depot, good) { units } else { 0 }
    };
    let sending = depots.clone().map(|depot| problem.sending_surcharge(depot, good)).collect();
    let alone = Problem {
        depots: problem.depots,
        goods: 1,
        points: problem.points,
        stock: depots.map(stock).collect(),
        needs,
        cost: Vec::new(),
        throughput: Vec::new(),
        intake: Vec::new(),
        surcharges: Surcharges { depot: sending, point: problem.surcharges.point.clone(), stock: Vec::new() },
    };
    let mut layout = Layout::new(&alone);
    layout.forbidding = all.layout.forbidding;
    let frame = Frame { problem: &alone, costs: all.costs, rows: all.rows, layout };
    let mut simplex = Simplex::new(&frame, &greedy(&alone, all.rows, &frame.layout));
    let (pivots, _) = simplex.run(&mut Pricer::new(ENOUGH[0]), pivots_max);
    (simplex.basis(), pivots)
}

/// Hangs the tree of one good where its stocks and needs stand among all; its root becomes their partners.
fn merge(layout: &Layout, good: usize, alone: &Basis, all: &mut Basis) {
    let [depots, points] = [layout.depots as u32, layout.points as u32];
    let number = |node: u32| {
        if node <= depots {
            layout.stock(node as usize - 1, good)
        } else {
            layout.need((node - depots) as usize - 1, good)
        }
    };
    for node in 1..=depots + points {
        let (here, parent) = (number(node), alone.parents[node as usize]);
        all.parents[here as usize] = if parent == ROOT { layout.partner(here) } else { number(parent) };
        all.places[here as usize] = alone.places[node as usize];
    }
}

fn finish(frame: &Frame, basis: &Basis, budget: WorkBudget, pivots: u64) -> Solved {
    let mut simplex = Simplex::new(frame, basis);
    let (taken, is_optimal) = simplex.run(&mut Pricer::new(ENOUGH[1]), budget.pivots - pivots);
    let mut flows = flows_of(&simplex);
    if !is_optimal {
        flows = fitting(frame.problem, flows);
    }
    flows.sort_unstable();
    let problem = frame.problem;
    let unmet = unmet_of(problem, &flows);
    let objective = objective_of(problem, &flows, &unmet);
    let mut prices = prices_of(&simplex);
    let (bound, bringing) = lower_bound(problem, &prices);
    prices.bringing = bringing;
    let answer = Answer { flows, unmet, objective, bound, prices, pivots: pivots + taken };
    Solved { answer, basis: simplex.basis() }
}

fn flows_of(simplex: &Simplex) -> Vec<Flow> {
    let layout = &simplex.frame.layout;
    let flow = |(stock, need, units): (u32, u32, i64)| match (layout.node(stock), layout.node(need)) {
        (Node::Stock(depot, good), Node::Need(point, _)) => Some(Flow {
            depot: DepotIdx(depot as u32),
            good: GoodIdx(good as u32),
            point: PointIdx(point as u32),
            units: u32::try_from(units).unwrap_or(u32::MAX),
        }),
        _ => None,
    };
    simplex.ways().filter_map(flow).collect()
}

/// What each limit would save: how much dearer the far end of its arc is than the near one.
fn prices_of(simplex: &Simplex) -> Prices {
    let (layout, tree) = (&simplex.frame.layout, &simplex.tree);
    let saved = |owner: u32| -> i64 {
        if layout.segments(owner) == 0 {
            return 0;
        }
        let (here, there) = (tree.price(owner), tree.price(layout.partner(owner)));
        let rise = if layout.leaves_owner(owner) { there - here } else { here - there };
        (rise - layout.cost(owner, 1)).max(0)
    };
    let stocks = (0..layout.depots).flat_map(|d| (0..layout.goods).map(move |g| layout.stock(d, g)));
    Prices {
        throughput: (1..layout.stocks_begin).map(saved).collect(),
        stock: stocks.map(saved).collect(),
        intake: (layout.points_begin..layout.nodes).map(saved).collect(),
        bringing: Vec::new(),
    }
}

/// As much of `flows` as the limits admit, what is worth most first: for a tree that is not optimal and may be over
/// limits. Flows that cost more than the penalty they spare are left out.
fn fitting(problem: &Problem, mut flows: Vec<Flow>) -> Vec<Flow> {
    let need = |flow: &Flow| flow.point.0 as usize * problem.goods + flow.good.0 as usize;
    let worth = |flow: &Flow| {
        let dearest = problem.needs.steps(need(flow)).first().map_or(0, |step| step.penalty);
        dearest - unit_cost(problem, flow)
    };
    flows.retain(|flow| problem.is_open(flow) && worth(flow) > 0);
    flows.sort_unstable_by_key(|flow| (-worth(flow), *flow));
    let mut throughput: Vec<u32> = problem.throughput.clone();
    let mut stock = problem.stock.clone();
    let mut intake = problem.intake.clone();
    let mut needed: Vec<u32> = (0..problem.needs.count()).map(|i| problem.needs.units(i) as u32).collect();
    for flow in &mut flows {
        let (depot, point) = (flow.depot.0 as usize, flow.point.0 as usize);
        let index = depot * problem.goods + flow.good.0 as usize;
        let limits = [
            throughput.get_mut(depot),
            stock.get_mut(index),
            intake.get_mut(point),
            needed.get_mut(need(flow)),
        ];
        let room = limits.iter().flatten().map(|limit| **limit).min().unwrap_or(0);
        flow.units = flow.units.min(room);
        limits.into_iter().flatten().for_each(|limit| *limit -= flow.units);
    }
    flows.retain(|flow| flow.units > 0);
    flows
}
