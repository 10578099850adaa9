//! Seeded periods of supplies: depots and receiving points on a plane, ways as straight as the roads allow.

use yui::allocator::transport::*;

/// Seeded numbers (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }
}

/// Three in four stocks and three in five needs are there, so of 18 M ways at 300 x 5,000 x 12 about 8.1 M are usable;
/// a depot handles 60 to 119 % of what it has. Missing a unit costs 20,000 to 60,000, by good; a way up to about
/// 20,000. One good has every stock and need, and no throughput. `nearest` 0 opens every way.
pub(crate) fn problem(seed: u64, depots: usize, points: usize, goods: usize, nearest: usize) -> Problem {
    let mut dice = Dice(seed);
    let mut places = |count: usize| -> Vec<(i64, i64)> {
        (0..count).map(|_| (dice.below(10_000) as i64, dice.below(10_000) as i64)).collect()
    };
    let (from, to) = (places(depots), places(points));
    let mut cost: Vec<u32> = Vec::with_capacity(depots * points);
    for &(x, y) in &from {
        cost.extend(to.iter().map(|&(u, v)| ((x - u).pow(2) + (y - v).pow(2)).isqrt() as u32));
    }
    cost.iter_mut().for_each(|cost| *cost = *cost * (100 + dice.below(40) as u32) / 100);
    if nearest > 0 {
        close_far(&mut cost, points, nearest);
    }
    let mut needs = Needs::with_capacity(points * goods);
    let mut needed = vec![0_u64; goods];
    for index in 0..points * goods {
        let units = if dice.below(5) < 3 || goods == 1 { 1 + dice.below(100) as u32 } else { 0 };
        needed[index % goods] += u64::from(units);
        needs.push_flat(
            units,
            20_000 + 40_000 * (index % goods) as i64 / goods as i64 + dice.below(50) as i64,
        );
    }
    let mut throughput = vec![0_u32; if goods == 1 { 0 } else { depots }];
    let mut stock = vec![0_u32; depots * goods];
    for (index, stock) in stock.iter_mut().enumerate() {
        if dice.below(4) > 0 || goods == 1 {
            let fair = needed[index % goods] * 5 / 4 / depots as u64;
            *stock = 1 + dice.below(2 * fair + 1) as u32;
        }
        if let Some(throughput) = throughput.get_mut(index / goods) {
            *throughput += *stock;
        }
    }
    throughput.iter_mut().for_each(|limit| *limit = (u64::from(*limit) * (60 + dice.below(60)) / 100) as u32);
    let (intake, surcharges) = (Vec::new(), Surcharges::default());
    Problem { depots, goods, points, stock, needs, cost, throughput, intake, surcharges }
}

fn close_far(cost: &mut [u32], points: usize, nearest: usize) {
    for point in 0..points {
        let mut column: Vec<u32> = cost.iter().skip(point).step_by(points).copied().collect();
        column.sort_unstable();
        let most = column.get(nearest - 1).copied().unwrap_or(UNREACHABLE);
        let far = cost.iter_mut().skip(point).step_by(points).filter(|cost| **cost > most);
        far.for_each(|cost| *cost = UNREACHABLE);
    }
}

/// The objective by successive shortest paths over every arc in a list.
#[allow(dead_code, reason = "the benches that share this file compare with different references")]
pub(crate) fn plain_objective(problem: &Problem) -> i128 {
    let arcs = arcs(problem);
    let nodes = arcs.iter().map(|arc| arc.0.max(arc.1)).max().map_or(0, |last| last as usize + 1);
    let mut ends = vec![Vec::new(); nodes];
    let mut room = Vec::new();
    for (from, to, most, cost) in arcs {
        ends[from as usize].push(room.len());
        room.push((to, most, cost));
        ends[to as usize].push(room.len());
        room.push((from, 0, -cost));
    }
    let steps = (0..problem.needs.count()).flat_map(|index| problem.needs.steps(index));
    let mut total: i128 = steps.map(|step| i128::from(step.units) * i128::from(step.penalty)).sum();
    loop {
        let mut reached = vec![(i64::MAX, usize::MAX); nodes];
        let (mut queue, mut is_queued) = (std::collections::VecDeque::from([0]), vec![false; nodes]);
        reached[0].0 = 0;
        while let Some(node) = queue.pop_front() {
            is_queued[node] = false;
            for &arc in &ends[node] {
                let (to, most, cost) = room[arc];
                if most > 0 && reached[node].0 + cost < reached[to as usize].0 {
                    reached[to as usize] = (reached[node].0 + cost, arc);
                    if !std::mem::replace(&mut is_queued[to as usize], true) {
                        queue.push_back(to as usize);
                    }
                }
            }
        }
        let cost = reached[1].0;
        if cost >= 0 {
            return total;
        }
        let before =
            |&arc: &usize| Some(reached[room[arc ^ 1].0 as usize].1).filter(|&arc| arc != usize::MAX);
        let path: Vec<usize> = std::iter::successors(Some(reached[1].1), before).collect();
        let units = path.iter().map(|&arc| room[arc].1).min().unwrap_or(0);
        for arc in path {
            room[arc].1 -= units;
            room[arc ^ 1].1 += units;
        }
        total += i128::from(units) * i128::from(cost);
    }
}

/// Every arc of the network: from, to, most units, cost. Node 0 is the source, 1 the sink; a problem without limits
/// of intake and surcharges.
#[allow(dead_code, reason = "the benches that share this file compare with different references")]
pub(crate) fn arcs(problem: &Problem) -> Vec<(u32, u32, i64, i64)> {
    let (depots, goods, points) = (problem.depots, problem.goods, problem.points);
    let stock = |index: usize| (2 + depots + index) as u32;
    let need = |index: usize| (2 + depots + depots * goods + index) as u32;
    let mut arcs = Vec::new();
    for depot in 0..depots {
        let limit = problem.throughput.get(depot).map_or(1 << 40, |&units| i64::from(units));
        arcs.push((0, 2 + depot as u32, limit, 0));
    }
    for (index, &units) in problem.stock.iter().enumerate().filter(|(_, units)| **units > 0) {
        arcs.push(((2 + index / goods) as u32, stock(index), i64::from(units), 0));
    }
    for index in 0..points * goods {
        for step in problem.needs.steps(index) {
            arcs.push((need(index), 1, i64::from(step.units), -step.penalty));
            for depot in (0..depots).filter(|depot| problem.stock[depot * goods + index % goods] > 0) {
                let cost = problem.cost[depot * points + index / goods];
                if cost != UNREACHABLE {
                    arcs.push((stock(depot * goods + index % goods), need(index), 1 << 40, i64::from(cost)));
                }
            }
        }
    }
    arcs
}
