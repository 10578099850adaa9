//! A first basis for one good: points in the order of what a second choice would cost them, each from where it is
//! cheapest while stocks last.

use super::basis::Basis;
use super::layout::{Layout, ROOT};
use super::problem::Problem;
use super::rows::{Lanes, Rows};
use super::tree::NOBODY;

/// A basis for good `good` alone, as a problem of one good without limits of throughput and intake (`layout` is of
/// that problem), that is feasible and rather cheap.
///
/// # Complexity
/// O(D·P + P log P) time, and a look at all depots more for each stock that runs out on a point.
pub(super) fn greedy(problem: &Problem, rows: &Rows, layout: &Layout) -> Basis {
    let mut left: Vec<i64> =
        (0..layout.depots).map(|depot| units_of(layout, layout.stock(depot, 0))).collect();
    let mut lanes = Lanes::default();
    lanes.fill(left.len(), |depot| (left[depot] > 0).then(|| problem.sending_surcharge(depot, 0)));
    let mut basis = Basis::star(layout);
    let mut ways: Vec<(u32, u32)> = Vec::new();
    let mut is_open = vec![true; layout.nodes as usize];
    for point in order(problem, rows, layout) {
        let need = layout.need(point, 0);
        let (mut place, mut into) = (0, 0);
        while place < layout.segments(need) {
            let reward = -layout.cost(need, place + 1);
            let Some(found) = rows.cheapest(point, &lanes, reward) else { break };
            let stock = layout.stock(found.depot as usize, 0);
            let left = &mut left[found.depot as usize];
            // All that is worth it from this depot, over as many steps as there are.
            let mut units = 0;
            while *left > 0 && place < layout.segments(need) && -layout.cost(need, place + 1) > found.cost {
                let some = (*left).min(layout.width(need, place + 1) - into);
                (*left, into, units) = (*left - some, into + some, units + some);
                if into == layout.width(need, place + 1) {
                    (place, into) = (place + 1, 0);
                }
            }
            if units == 0 {
                break;
            }
            ways.push((stock, need));
            if *left == 0 {
                is_open[stock as usize] = false;
                lanes.bar(found.depot);
            }
        }
        // Within a segment the owned arc is in the tree, at a breakpoint it is outside.
        is_open[need as usize] = into > 0 || ways.last().is_none_or(|way| way.1 != need);
        basis.places[need as usize] = if is_open[need as usize] { place + 1 } else { place };
    }
    hang(layout, &ways, &is_open, &mut basis);
    basis
}

fn units_of(layout: &Layout, owner: u32) -> i64 {
    layout.units_at(owner, layout.segments(owner))
}

/// Points by falling regret: what the second cheapest depot costs more than the cheapest.
fn order(problem: &Problem, rows: &Rows, layout: &Layout) -> Vec<usize> {
    let regret = |point: usize| {
        let (mut first, mut second) = (i64::MAX / 2, i64::MAX / 2);
        rows.each(point, |depot, cost| {
            if problem.can_send(depot as usize, 0) {
                let cost = cost + problem.sending_surcharge(depot as usize, 0);
                second = second.min(cost.max(first));
                first = first.min(cost);
            }
        });
        second - first
    };
    let mut order: Vec<(i64, usize)> = (0..layout.points).map(|point| (-regret(point), point)).collect();
    order.sort_unstable();
    order.into_iter().map(|(_, point)| point).collect()
}

/// Hangs what hangs together by `ways` on the root, by its node that is open or, without one, by its first stock.
fn hang(layout: &Layout, ways: &[(u32, u32)], is_open: &[bool], basis: &mut Basis) {
    let mut near: Vec<Vec<u32>> = vec![Vec::new(); layout.nodes as usize];
    for &(stock, need) in ways {
        near[stock as usize].push(need);
        near[need as usize].push(stock);
    }
    basis.parents.fill(NOBODY);
    let mut is_hung = vec![false; layout.nodes as usize];
    is_hung[ROOT as usize] = true;
    let mut reach = |top: u32, parents: &mut Vec<u32>| {
        if is_hung[top as usize] {
            return;
        }
        (is_hung[top as usize], parents[top as usize]) = (true, ROOT);
        let mut open = vec![top];
        while let Some(node) = open.pop() {
            for &next in &near[node as usize] {
                if !is_hung[next as usize] {
                    (is_hung[next as usize], parents[next as usize]) = (true, node);
                    open.push(next);
                }
            }
        }
    };
    (1..layout.nodes).filter(|&node| is_open[node as usize]).for_each(|node| reach(node, &mut basis.parents));
    (1..layout.nodes).for_each(|node| reach(node, &mut basis.parents));
}
