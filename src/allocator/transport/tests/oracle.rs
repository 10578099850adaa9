//! The obvious way: a graph with every arc in a list, units sent round on the cheapest circle until none saves.

use super::super::*;

struct Arc {
    from: usize,
    to: usize,
    room: i64,
    cost: i64,
}

/// The objective of the cheapest plan.
///
/// # Complexity
/// O(U·V·E) time for U units, V nodes and E arcs.
pub(super) fn plain_objective(problem: &Problem) -> i128 {
    let mut arcs = Vec::new();
    let nodes = lay(problem, &mut arcs);
    let all_missed: i128 = (0..problem.needs.count())
        .flat_map(|index| problem.needs.steps(index))
        .map(|step| i128::from(step.units) * i128::from(step.penalty))
        .sum();
    all_missed + cheapest_flow(nodes, &mut arcs)
}

/// Source 0, sink 1, depots, points, stocks, needs; arcs and their opposites side by side.
fn lay(problem: &Problem, arcs: &mut Vec<Arc>) -> usize {
    let (depots, goods, points) = (problem.depots, problem.goods, problem.points);
    let depot = |index: usize| 2 + index;
    let point = |index: usize| 2 + depots + index;
    let stock = |index: usize| 2 + depots + points + index;
    let need = |index: usize| 2 + depots + points + depots * goods + index;
    let mut add = |from: usize, to: usize, room: i64, cost: i64| {
        arcs.push(Arc { from, to, room, cost });
        arcs.push(Arc { from: to, to: from, room: 0, cost: -cost });
    };
    let limit = |list: &[u32], index: usize| list.get(index).map_or(i64::MAX / 4, |&units| i64::from(units));
    let surcharge = |list: &[i64], index: usize| list.get(index).copied().unwrap_or(0);
    for d in 0..depots {
        add(0, depot(d), limit(&problem.throughput, d), surcharge(&problem.surcharges.depot, d));
    }
    for p in 0..points {
        add(point(p), 1, limit(&problem.intake, p), surcharge(&problem.surcharges.point, p));
    }
    for index in 0..depots * goods {
        let cost = surcharge(&problem.surcharges.stock, index);
        add(depot(index / goods), stock(index), i64::from(problem.stock[index]), cost);
    }
    for index in 0..points * goods {
        for step in problem.needs.steps(index) {
            add(need(index), point(index / goods), i64::from(step.units), -step.penalty);
        }
        for d in 0..depots {
            let cost = problem.cost[d * points + index / goods];
            if cost != UNREACHABLE {
                let from = stock(d * goods + index % goods);
                add(from, need(index), i64::MAX / 4, i64::from(cost));
            }
        }
    }
    need(points * goods)
}

/// Successive shortest paths by Bellman and Ford, while a path saves.
fn cheapest_flow(nodes: usize, arcs: &mut [Arc]) -> i128 {
    let mut total = 0;
    loop {
        let mut reached: Vec<Option<(i64, usize)>> = vec![None; nodes];
        reached[0] = Some((0, usize::MAX));
        let mut is_settled = false;
        while !is_settled {
            is_settled = true;
            for (index, arc) in arcs.iter().enumerate().filter(|(_, arc)| arc.room > 0) {
                if let Some((cost, _)) = reached[arc.from]
                    && reached[arc.to].is_none_or(|(known, _)| cost + arc.cost < known)
                {
                    reached[arc.to] = Some((cost + arc.cost, index));
                    is_settled = false;
                }
            }
        }
        let Some((cost, _)) = reached[1].filter(|&(cost, _)| cost < 0) else { return total };
        let path: Vec<usize> = std::iter::successors(reached[1].map(|(_, arc)| arc), |&arc| {
            reached[arcs[arc].from].map(|(_, before)| before).filter(|&before| before != usize::MAX)
        })
        .collect();
        let units = path.iter().map(|&arc| arcs[arc].room).min().unwrap_or(0);
        for arc in path {
            arcs[arc].room -= units;
            arcs[arc ^ 1].room += units;
        }
        total += i128::from(units) * i128::from(cost);
    }
}
