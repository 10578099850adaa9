//! Where a cell is cut: along the best of its lines, and there as well as can be.
//!
//! A large cell is cut in groups of its nodes first, along every line; the best of these cuts is sought again among the
//! nodes around it (as multilevel dissectors do; band graphs: Chevalier, Pellegrini 2006).

use super::cell::Cell;
use super::coarse::Coarse;
use super::cover::Cover;
use super::flow::{Cut, End, Flow, Net};
use std::sync::atomic::{AtomicU64, Ordering};

/// One in this many nodes stands at each end of a line: the lesser side of a cut has at least so many.
const END_SHARE: u64 = 4;

/// Cells of fewer nodes are cut as they are.
const COARSE_NODES_MIN: usize = 600;

/// One in this many nodes, on each side of a cut, is looked at again.
const BAND_SHARE: usize = 8;

/// A cell cut in two: no edge runs from `near` to `far`. Nodes of the cell, ascending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Split {
    pub(super) near: Vec<u32>,
    pub(super) far: Vec<u32>,
    pub(super) separator: Vec<u32>,
}

/// The cut with the fewest edges over all lines; of equal ones the most even, then the first. The lines are shared
/// between so many threads.
pub(super) fn best(cell: &Cell, lines: &[Vec<i64>], threads: usize) -> Split {
    let net = Net::plain(cell);
    let cut = if cell.len() < COARSE_NODES_MIN {
        along_best_line(&net, lines, threads)
    } else {
        let coarse = Coarse::of(cell);
        let lines: Vec<Vec<i64>> = lines.iter().map(|line| coarse.line(line)).collect();
        let Coarse { cell: small, capacities, sizes, groups } = coarse;
        let rough = along_best_line(&Net::new(&small, capacities, sizes), &lines, threads);
        let is_near: Vec<bool> = groups.iter().map(|&group| rough.is_near[group as usize]).collect();
        refined(&net, &is_near)
    };
    split(cell, &cut.is_near)
}

fn along_best_line(net: &Net<'_>, lines: &[Vec<i64>], threads: usize) -> Cut {
    // A line that needs more than another is given up: it could not be chosen, whoever is first.
    let edges_max = AtomicU64::new(u64::MAX);
    let along = |line: &Vec<i64>| {
        let cut = Flow::new(net, ends(net, line)).smallest_cut(edges_max.load(Ordering::Relaxed))?;
        edges_max.fetch_min(cut.edges_count, Ordering::Relaxed);
        Some(cut)
    };
    let cut_all = |share: &[Vec<i64>]| share.iter().map(along).collect::<Vec<Option<Cut>>>();
    let cuts: Vec<Option<Cut>> = if threads < 2 {
        cut_all(lines)
    } else {
        std::thread::scope(|scope| {
            let shares = lines.chunks(lines.len().div_ceil(threads));
            let running: Vec<_> = shares.map(|share| scope.spawn(|| cut_all(share))).collect();
            let done = running.into_iter().map(|thread| thread.join());
            done.flat_map(|cuts| cuts.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
        })
    };
    let best = cuts.into_iter().flatten().min_by_key(|cut| (cut.edges_count, cut.unevenness));
    best.expect("the line that needs the fewest edges is not given up")
}

/// The first quarter of a line and its last; a node at least at each end.
fn ends(net: &Net<'_>, line: &[i64]) -> Vec<End> {
    let mut nodes: Vec<u32> = (0..net.cell.len() as u32).collect();
    nodes.sort_unstable_by_key(|&node| (line[node as usize], node));
    let mut ends = vec![End::Between; nodes.len()];
    let share = net.sizes.iter().map(|&size| u64::from(size)).sum::<u64>() / END_SHARE;
    let (mut near, mut far) = (0, 0);
    let (mut forwards, mut backwards) = (nodes.iter(), nodes.iter().rev());
    for _ in 0..nodes.len() / 2 {
        if let Some(&node) = forwards.next().filter(|_| near < share.max(1)) {
            near += u64::from(net.sizes[node as usize]);
            ends[node as usize] = End::Near;
        }
        if let Some(&node) = backwards.next().filter(|_| far < share.max(1)) {
            far += u64::from(net.sizes[node as usize]);
            ends[node as usize] = End::Far;
        }
    }
    ends
}

/// The smallest cut in a band around another.
fn refined(net: &Net<'_>, is_near: &[bool]) -> Cut {
    let mut ends: Vec<End> =
        is_near.iter().map(|&is_near| if is_near { End::Near } else { End::Far }).collect();
    for side in [true, false] {
        let is_here = |node: u32| is_near[node as usize] == side;
        let nodes = is_near.iter().filter(|&&is_near| is_near == side).count();
        // The band takes no more than leaves a fair share behind it.
        let band_max =
            nodes.saturating_sub(net.cell.len() / (END_SHARE as usize + 1)).min(net.cell.len() / BAND_SHARE);
        let is_crossing =
            |&node: &u32| is_here(node) && net.cell.near(node).iter().any(|&head| !is_here(head));
        let mut band: Vec<u32> = (0..net.cell.len() as u32).filter(is_crossing).take(band_max).collect();
        band.iter().for_each(|&node| ends[node as usize] = End::Between);
        let mut next = 0;
        while let Some(&node) = band.get(next) {
            next += 1;
            for &head in net.cell.near(node) {
                if is_here(head) && ends[head as usize] != End::Between && band.len() < band_max {
                    ends[head as usize] = End::Between;
                    band.push(head);
                }
            }
        }
    }
    Flow::new(net, ends).smallest_cut(u64::MAX).expect("any number of edges may be cut")
}

/// Takes the fewest nodes out that leave no crossing edge.
fn split(cell: &Cell, is_near: &[bool]) -> Split {
    let separator = Cover::of(cell, is_near).nodes();
    let side = |near: bool| {
        let nodes = (0..cell.len() as u32).filter(|node| is_near[*node as usize] == near);
        nodes.filter(|node| separator.binary_search(node).is_err()).collect()
    };
    Split { near: side(true), far: side(false), separator }
}

#[cfg(test)]
mod tests {
    use super::super::tests::squares;
    use super::*;

    /// Squares, and the lines to the east and to the north.
    fn square_cell(side: u32) -> (Cell, Vec<Vec<i64>>) {
        let (graph, points) = squares(side);
        let line =
            |along: fn(i64, i64) -> i64| points.iter().map(|p| along(p.x.into(), p.y.into())).collect();
        (Cell::whole(&graph), vec![line(|x, _| x), line(|_, y| y)])
    }

    #[test]
    fn a_square_is_cut_straight_across_with_groups_or_without() {
        for side in [10, 24, 25, 40, 71] {
            let (cell, lines) = square_cell(side);
            let Split { near, far, separator } = best(&cell, &lines, 1);
            assert_eq!(separator.len(), side as usize);
            assert_eq!(near.len() + far.len() + separator.len(), cell.len());
            assert!(near.len().min(far.len()) * 6 > cell.len(), "{} and {}", near.len(), far.len());
            let is_far = |node: &u32| far.binary_search(node).is_ok();
            assert!(!near.iter().any(|&node| cell.near(node).iter().any(is_far)));
            assert_eq!(best(&cell, &lines, 2), Split { near, far, separator });
        }
    }

    #[test]
    fn a_crooked_cut_is_straightened_near_where_it_was() {
        let side = 32_u32;
        let (cell, _) = square_cell(side);
        let net = Net::plain(&cell);
        // Three steps to and fro on every row.
        let is_near: Vec<bool> =
            (0..side * side).map(|node| node % side < side / 2 + node / side * 7 % 4).collect();
        let is_crossing = |tail: u32, head: u32| is_near[tail as usize] && !is_near[head as usize];
        let crossing =
            (0..side * side).flat_map(|tail| cell.near(tail).iter().map(move |&head| (tail, head)));
        assert!(crossing.filter(|&(tail, head)| is_crossing(tail, head)).count() > 2 * side as usize);
        let cut = refined(&net, &is_near);
        assert_eq!(cut.edges_count, u64::from(side));
        let column_of_cut = cut.is_near.iter().filter(|&&is_near| is_near).count() as u32 / side;
        assert!((side / 2 - 4..=side / 2 + 8).contains(&column_of_cut), "{column_of_cut}");
    }

    #[test]
    fn a_band_leaves_every_side_its_share() {
        // A road that could be cut anywhere is cut where it was, give or take the band.
        let count = 1_000;
        let road =
            crate::network::flat::FlatGraph::new(count, (1..count).collect(), (0..count - 1).collect());
        let cell = Cell::whole(&road.unwrap());
        for at in [1, 200, 210, 500, 900, 999] {
            let cut = refined(&Net::plain(&cell), &(0..count).map(|node| node < at).collect::<Vec<bool>>());
            let near = cut.is_near.iter().filter(|&&is_near| is_near).count() as u32;
            assert_eq!(cut.edges_count, 1);
            assert!(near.min(count - near) >= at.min(count - at).min(200), "{near} for {at}");
        }
    }
}
