//! In which order a hierarchy contracts the nodes of a network: nested dissection.
//!
//! Nodes of up to three neighbours are contracted first, those that this leaves with so few next. Of the rest, a small set
//! of nodes that cuts it in two is contracted last, its parts before it, each in the same way, until few nodes are left:
//! the one of fewest neighbours is next among these. Cuts are found as inertial flow does it (Schild, Sommer 2015): nodes
//! are lined up along a direction, the first quarter is joined to the last by as many disjoint paths as there are, and the
//! edges that all of them must pass are the cut. Large cells are cut in groups of nodes along each of four directions, and
//! the best of these cuts is sought again among the nodes around it. Directions come from coordinates, or from distances
//! to far-apart nodes where there are none.
//!
//! Pure; the order is the same for any number of threads.

mod cell;
mod coarse;
mod cover;
mod cut;
mod dissect;
mod few;
mod flow;
mod lines;
mod reduce;

use super::flat::FlatGraph;
use cell::Cell;
use reduce::Reduced;
use std::num::NonZeroUsize;

/// A place in a plane on which straight lines cut the network sensibly; any unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlanePoint {
    /// To the east.
    pub x: i32,
    /// To the north.
    pub y: i32,
}

/// An order of all nodes of `graph`, the first to contract first. `points` has one for each node, if they are known.
///
/// # Panics
/// When there are points, but not one for each node.
///
/// # Complexity
/// O(levels x edges x rounds of paths), some twenty levels and up to some tens of rounds on a country's roads; all but a
/// tenth of it on a fifth of the edges.
#[must_use]
pub fn nested_dissection(
    graph: &FlatGraph,
    points: Option<&[PlanePoint]>,
    threads: NonZeroUsize,
) -> Vec<u32> {
    if let Some(points) = points {
        assert_eq!(points.len(), graph.nodes_count() as usize, "one point for each node");
    }
    let Reduced { first: mut order, mut core } = Reduced::of(&Cell::whole(graph));
    let nodes = core.renumber();
    let points: Option<Vec<PlanePoint>> =
        points.map(|points| nodes.iter().map(|&node| points[node as usize]).collect());
    let mut last = vec![0; nodes.len()];
    dissect::dissect(&core, points.as_deref(), &mut last, threads.get());
    order.extend(last.into_iter().map(|node| nodes[node as usize]));
    order
}

/// Points for a network that has none: how many steps nearer each node is to one of two far-apart nodes than to the
/// other, twice. All alike in a part of the network that does not hang together with node 0's.
#[must_use]
pub fn landmark_points(graph: &FlatGraph) -> Vec<PlanePoint> {
    lines::landmark_points(&Cell::whole(graph))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::hierarchy::Hierarchy;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    const ONE: NonZeroUsize = NonZeroUsize::MIN;
    /// So many that some are contracted first, the rest cut in groups, and what is left then ordered as a few.
    const NODES: u32 = 900;

    /// Streets in squares: the lower left corner has number 0, the one to its right 1.
    pub(super) fn squares(side: u32) -> (FlatGraph, Vec<PlanePoint>) {
        let places = (0..side * side).map(|node| (node % side, node / side));
        let points = places.map(|(x, y)| PlanePoint { x: x as i32, y: y as i32 }).collect();
        let (mut tails, mut heads) = (Vec::new(), Vec::new());
        for node in 0..side * side {
            for next in [node + 1, node + side] {
                let is_near = next < side * side && (next == node + side || next % side != 0);
                if is_near {
                    tails.extend([node, next]);
                    heads.extend([next, node]);
                }
            }
        }
        (FlatGraph::new(side * side, tails, heads).unwrap(), points)
    }

    #[test]
    fn squares_are_cut_nearly_as_well_as_can_be() {
        let (graph, points) = squares(48);
        let rows: Vec<u32> = (0..graph.nodes_count()).collect();
        let by_rows = Hierarchy::new(&graph, &rows).unwrap().arcs_count();
        // George 1973: nested dissection of a square of n x n needs 31/4 n² log2 n arcs at most, row by row about n³.
        let bound = 31 * 48 * 48 * 5 / 4;
        for points in [Some(&points[..]), None] {
            let arcs = Hierarchy::new(&graph, &nested_dissection(&graph, points, ONE)).unwrap().arcs_count();
            assert!(arcs < bound && arcs * 2 < by_rows, "{arcs} arcs; row by row {by_rows}");
        }
    }

    proptest! {
        #[test]
        fn every_node_comes_once_whatever_the_graph_and_the_threads(
            ends in prop::collection::vec((0..NODES, 0..NODES), 0..6 * NODES as usize),
            xy in prop::collection::vec((-9..9_i32, -9..9_i32), NODES as usize),
            threads in 1..4_usize,
        ) {
            let (tails, heads) = ends.into_iter().unzip();
            let graph = FlatGraph::new(NODES, tails, heads).unwrap();
            let points: Vec<PlanePoint> = xy.into_iter().map(|(x, y)| PlanePoint { x, y }).collect();
            for points in [Some(&points[..]), None] {
                let order = nested_dissection(&graph, points, NonZeroUsize::new(threads).unwrap());
                let mut sorted = order.clone();
                sorted.sort_unstable();
                prop_assert_eq!(sorted, (0..NODES).collect::<Vec<u32>>());
            }
        }
    }

    /// As good as any order: no arc between nodes that no edge joins, whatever was contracted.
    fn arcs_of(graph: &FlatGraph, points: Option<&[PlanePoint]>) -> u32 {
        Hierarchy::new(graph, &nested_dissection(graph, points, ONE)).unwrap().arcs_count()
    }

    #[test]
    fn nodes_without_roads_are_many_parts_and_cost_no_more_than_one() {
        assert_eq!(arcs_of(&FlatGraph::new(100_000, Vec::new(), Vec::new()).unwrap(), None), 0);
    }

    #[test]
    fn a_star_falls_apart_into_its_rays() {
        let rays = 50_000;
        let star =
            FlatGraph::new(rays + 1, vec![7; rays as usize], (0..=rays).filter(|&ray| ray != 7).collect());
        assert_eq!(arcs_of(&star.unwrap(), None), rays);
    }

    #[test]
    fn a_long_road_is_halved_again_and_again() {
        let nodes = 30_000;
        let road = FlatGraph::new(nodes, (0..nodes - 1).collect(), (1..nodes).collect()).unwrap();
        // All points alike say nothing: the way along the road does.
        let points = vec![PlanePoint { x: 5, y: -5 }; nodes as usize];
        assert!(arcs_of(&road, Some(&points)) < 2 * nodes);
    }

    /// Nodes on the longest way up the elimination tree, found by contracting sets of neighbours.
    fn depth_of(graph: &FlatGraph, order: &[u32]) -> u32 {
        let mut near = vec![BTreeSet::new(); order.len()];
        for (tail, head) in graph.edges() {
            near[tail as usize].insert(head);
            near[head as usize].insert(tail);
        }
        let mut depths = vec![1; order.len()];
        for &node in order {
            let around = std::mem::take(&mut near[node as usize]);
            for &other in &around {
                depths[other as usize] = depths[other as usize].max(depths[node as usize] + 1);
                near[other as usize].extend(around.iter().filter(|&&of| of != other));
                near[other as usize].remove(&node);
            }
        }
        depths.into_iter().max().unwrap()
    }

    #[test]
    fn long_roads_single_or_dual_make_low_trees() {
        let nodes = 8_192;
        let along = (0..nodes - 1).map(|node| (node, node + 1));
        let lanes = (0..nodes - 2).map(|node| (node, node + 2));
        let links = (0..nodes / 2).map(|link| (2 * link, 2 * link + 1));
        // A dual one: 56 rounds, seven cuts of two nodes, 64 nodes that are not cut. Eaten from its ends it has 4,096.
        for (edges, depth_max) in [(along.collect(), 40), (lanes.chain(links).collect::<Vec<_>>(), 134)] {
            let (tails, heads) = edges.into_iter().unzip();
            let graph = FlatGraph::new(nodes, tails, heads).unwrap();
            let depth = depth_of(&graph, &nested_dissection(&graph, None, ONE));
            assert!(depth < depth_max, "{depth}");
        }
    }

    #[test]
    fn where_everyone_is_a_neighbour_there_is_nothing_to_cut() {
        let nodes = 500_u32;
        let (tails, heads) = (0..nodes).flat_map(|tail| (0..tail).map(move |head| (tail, head))).unzip();
        let graph = FlatGraph::new(nodes, tails, heads).unwrap();
        assert_eq!(arcs_of(&graph, None), nodes * (nodes - 1) / 2);
    }

    #[test]
    fn two_halves_that_are_joined_in_full_need_a_cover_as_large_as_one() {
        let half = 150_u32;
        let (tails, heads) =
            (0..half).flat_map(|tail| (half..2 * half).map(move |head| (tail, head))).unzip();
        let graph = FlatGraph::new(2 * half, tails, heads).unwrap();
        let arcs = arcs_of(&graph, None);
        assert!(arcs <= half * half + half * (half - 1) / 2 + half, "{arcs}");
    }

    #[test]
    fn bends_and_dead_ends_add_their_own_arcs_and_no_others() {
        let (graph, points) = squares(40);
        let crossings = graph.nodes_count();
        // A bend on every street, a dead end at every crossing and at every bend.
        let (mut tails, mut heads, mut nodes) = (Vec::new(), Vec::new(), crossings);
        let mut join = |tail: u32, head: u32| {
            tails.push(tail);
            heads.push(head);
        };
        for (tail, head) in graph.edges().filter(|(tail, head)| tail < head) {
            join(tail, nodes);
            join(nodes, head);
            nodes += 1;
        }
        let bends = nodes - crossings;
        (0..crossings + bends).for_each(|node| join(node, crossings + bends + node));
        let nodes = 2 * (crossings + bends);
        let roads = FlatGraph::new(nodes, tails, heads).unwrap();
        let plain = arcs_of(&graph, Some(&points));
        let place = |node: u32| points[(node % crossings) as usize];
        let points: Vec<PlanePoint> = (0..nodes).map(place).collect();
        let own = 2 * bends + crossings + bends;
        // The first rounds at the rim are not the same.
        let more = plain / 50;
        assert!(arcs_of(&roads, Some(&points)) <= plain + own + more, "{plain} for squares");
    }

    #[test]
    fn the_order_is_the_same_for_any_number_of_threads() {
        let (graph, points) = squares(110);
        for points in [Some(&points[..]), None] {
            let alone = nested_dissection(&graph, points, ONE);
            for threads in [2, 3, 8] {
                assert_eq!(nested_dissection(&graph, points, NonZeroUsize::new(threads).unwrap()), alone);
            }
        }
    }
}
