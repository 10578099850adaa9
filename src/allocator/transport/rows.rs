//! The costs of the ways, a row for each receiving point, once for all goods.
//!
//! A dense matrix is turned round and scanned in whole rows, sixteen depots at once; where few ways are open only
//! those are listed. Both answer one question: from which depot does a unit come cheapest.

use super::problem::{Problem, UNREACHABLE};

/// Cost of a way that is not open, in a row.
const CLOSED: i32 = (1 << 30) - 1;
/// Largest price of a stock that a row can be scanned with: beyond it the scan counts with 64 bits.
const NARROW: i64 = 1 << 28;
/// Price of a stock that nothing can leave. A narrow sum below this is of an open way from a stock.
const BARRED: i32 = 1 << 29;
/// Depots at once; the compiler makes vectors of them.
const LANES: usize = 16;

const _: () = assert!(CLOSED as i64 - NARROW > BARRED as i64);
const _: () = assert!(BARRED as i64 > NARROW + super::problem::limits::COST_MAX as i64);
const _: () = assert!(CLOSED as i64 + BARRED as i64 <= i32::MAX as i64);

/// The cheapest depot for a row: its cost with price, and which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cheapest {
    pub(super) cost: i64,
    pub(super) depot: u32,
}

/// Prices of the stocks of one good, ready to be scanned.
#[derive(Clone, Debug, Default)]
pub(super) struct Lanes {
    narrow: Vec<i32>,
    /// Exact prices, `None` where barred; only filled when one of them is not narrow.
    wide: Vec<Option<i64>>,
}

impl Lanes {
    /// Takes the price of each depot's stock; `None` where nothing can leave it.
    // A function of the depot rather than an iterator: its adapters would be a call for each depot where units of code are built
    // alone.
    #[inline]
    pub(super) fn fill(&mut self, depots: usize, price_of: impl Fn(usize) -> Option<i64>) {
        self.narrow.clear();
        self.wide.clear();
        let mut largest = 0;
        for depot in 0..depots {
            let price = price_of(depot);
            largest = largest.max(price.unwrap_or(0).abs());
            self.narrow.push(price.map_or(BARRED, |price| price as i32));
        }
        if largest > NARROW {
            self.narrow.clear();
            self.wide.extend((0..depots).map(price_of));
        } else {
            let padded = self.narrow.len().next_multiple_of(LANES);
            self.narrow.resize(padded, BARRED);
        }
    }

    /// Nothing can leave the stock of `depot` any more.
    #[inline]
    pub(super) fn bar(&mut self, depot: u32) {
        if let Some(price) = self.narrow.get_mut(depot as usize) {
            *price = BARRED;
        }
        if let Some(price) = self.wide.get_mut(depot as usize) {
            *price = None;
        }
    }
}

/// The ways into each point.
#[derive(Clone, Debug)]
pub(super) enum Rows {
    /// Points x depots, rows padded to whole vectors.
    Dense { stride: usize, costs: Vec<i32> },
    /// Depot and cost of each open way, in the order of depots.
    Sparse { ends: Vec<u32>, ways: Vec<(u32, i32)> },
}

impl Rows {
    pub(super) fn new(problem: &Problem) -> Self {
        let open = problem.cost.iter().filter(|&&cost| cost != UNREACHABLE).count();
        if open * 6 < problem.cost.len() { Self::sparse(problem, open) } else { Self::dense(problem) }
    }

    fn dense(problem: &Problem) -> Self {
        const TILE: usize = 64;
        let (depots, points) = (problem.depots, problem.points);
        let stride = depots.next_multiple_of(LANES);
        let mut costs = vec![CLOSED; stride * points];
        for begin in (0..points).step_by(TILE) {
            let end = points.min(begin + TILE);
            for depot in 0..depots {
                let ways = &problem.cost[depot * points..(depot + 1) * points];
                for point in begin..end {
                    if ways[point] != UNREACHABLE {
                        costs[point * stride + depot] = ways[point] as i32;
                    }
                }
            }
        }
        Self::Dense { stride, costs }
    }

    fn sparse(problem: &Problem, open: usize) -> Self {
        let (depots, points) = (problem.depots, problem.points);
        let mut ends = vec![0_u32; points];
        let is_open = |cost: u32| cost != UNREACHABLE;
        for ways in problem.cost.chunks_exact(points.max(1)) {
            ends.iter_mut().zip(ways).for_each(|(end, &cost)| *end += u32::from(is_open(cost)));
        }
        let mut sum = 0;
        for end in &mut ends {
            let begin = sum;
            sum += *end;
            *end = begin;
        }
        let mut ways = vec![(0, 0); open];
        for depot in 0..depots {
            let row = &problem.cost[depot * points..(depot + 1) * points];
            for (end, &cost) in ends.iter_mut().zip(row).filter(|(_, cost)| is_open(**cost)) {
                ways[*end as usize] = (depot as u32, cost as i32);
                *end += 1;
            }
        }
        Self::Sparse { ends, ways }
    }

    /// From which depot a unit comes cheapest to `point`, the lowest of equals; `None` when no way is open, or when
    /// it costs `below` or more.
    #[inline]
    pub(super) fn cheapest(&self, point: usize, lanes: &Lanes, below: i64) -> Option<Cheapest> {
        let found = match self {
            Self::Dense { stride, costs } => {
                let row = &costs[point * stride..(point + 1) * stride];
                if lanes.wide.is_empty() {
                    return cheapest_narrow(row, &lanes.narrow, below);
                }
                let ways = row.iter().enumerate().map(|(depot, &cost)| (depot as u32, cost));
                cheapest_exact(ways, lanes)
            }
            Self::Sparse { ends, ways } => {
                let begin = if point == 0 { 0 } else { ends[point - 1] as usize };
                let ways = &ways[begin..ends[point] as usize];
                if lanes.wide.is_empty() {
                    return cheapest_listed(ways, &lanes.narrow, below);
                }
                cheapest_exact(ways.iter().copied(), lanes)
            }
        };
        found.filter(|found| found.cost < below)
    }

    /// Calls `see` with depot and cost of each way into `point`, in the order of depots.
    pub(super) fn each(&self, point: usize, mut see: impl FnMut(u32, i64)) {
        match self {
            Self::Dense { stride, costs } => {
                let row = costs[point * stride..(point + 1) * stride].iter().enumerate();
                row.filter(|(_, cost)| **cost < CLOSED).for_each(|(d, &cost)| see(d as u32, i64::from(cost)));
            }
            Self::Sparse { ends, ways } => {
                let begin = if point == 0 { 0 } else { ends[point - 1] as usize };
                ways[begin..ends[point] as usize].iter().for_each(|&(d, cost)| see(d, i64::from(cost)));
            }
        }
    }
}

fn cheapest_narrow(row: &[i32], lanes: &[i32], below: i64) -> Option<Cheapest> {
    let mut least = [i32::MAX; LANES];
    let (costs, _) = row.as_chunks::<LANES>();
    let (prices, _) = lanes.as_chunks::<LANES>();
    for (costs, prices) in costs.iter().zip(prices) {
        // By number: putting arrays side by side is a call of its own for each sixteen.
        for lane in 0..LANES {
            least[lane] = least[lane].min(costs[lane] + prices[lane]);
        }
    }
    let mut cost = i32::MAX;
    for lane in least {
        cost = cost.min(lane);
    }
    if cost >= BARRED || i64::from(cost) >= below {
        return None;
    }
    let lanes = &lanes[..row.len()];
    for depot in 0..row.len() {
        if row[depot] + lanes[depot] == cost {
            return Some(Cheapest { cost: i64::from(cost), depot: depot as u32 });
        }
    }
    None
}

/// As [`cheapest_narrow`] where only open ways are listed: cost before depot in one number, so that the least of the
/// numbers is the answer and nothing depends on what is found on the way.
fn cheapest_listed(ways: &[(u32, i32)], lanes: &[i32], below: i64) -> Option<Cheapest> {
    let mut least = i64::MAX;
    for &(depot, cost) in ways {
        let cost = i64::from(cost + lanes[depot as usize]);
        least = least.min((cost << 32) | i64::from(depot));
    }
    let (cost, depot) = (least >> 32, least as u32);
    (cost < below.min(i64::from(BARRED))).then_some(Cheapest { cost, depot })
}

fn cheapest_exact(ways: impl Iterator<Item = (u32, i32)>, lanes: &Lanes) -> Option<Cheapest> {
    let mut best: Option<Cheapest> = None;
    for (depot, cost) in ways.filter(|(_, cost)| *cost < CLOSED) {
        if let Some(price) = lanes.wide.get(depot as usize).copied().flatten() {
            let found = Cheapest { cost: i64::from(cost) + price, depot };
            best = Some(best.map_or(found, |best| if found.cost < best.cost { found } else { best }));
        }
    }
    best
}
