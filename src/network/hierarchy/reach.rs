//! How far one gets: the nearest of some targets by time, and everything within a bound.

use super::Matrix;
use crate::network::flat::FlatGraph;
use crate::network::{Millis, UNREACHABLE_MS};
use petgraph::Direction;

/// A target and how far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Near {
    /// Which of the targets, by its place among them.
    pub target_idx: usize,
    /// How long it takes.
    pub time_ms: Millis,
}

/// What can be reached within a bound.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Isochrone {
    /// Nodes and how long it takes to them, by number.
    pub nodes: Vec<(u32, Millis)>,
    /// Edges of which at least a metre is within, by number.
    pub edges: Vec<EdgeWithin>,
}

/// A part of an edge, from the end where one enters it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EdgeWithin {
    /// Which edge.
    pub edge: u32,
    /// Whole metres within the bound, at even speed along the edge.
    pub reached_m: u32,
}

impl Matrix<'_> {
    /// The `count` nearest targets from one place that is `spent_ms` from each of some nodes (with
    /// [`Direction::Incoming`]: to it), the nearest first, of equal ones the first. Fewer when fewer can be reached.
    ///
    /// # Panics
    /// When a source is not a node of the graph.
    ///
    /// # Complexity
    /// That of [`Matrix::row`], and O(targets).
    #[must_use]
    pub fn nearest(&self, sources: &[(u32, Millis)], count: usize) -> Vec<Near> {
        let row = self.row(sources).into_iter().enumerate();
        let mut near: Vec<Near> = row
            .filter(|&(_, time_ms)| time_ms < UNREACHABLE_MS)
            .map(|(target_idx, time_ms)| Near { target_idx, time_ms })
            .collect();
        let key = |near: &Near| (near.time_ms, near.target_idx);
        if count < near.len() {
            near.select_nth_unstable_by_key(count, key);
            near.truncate(count);
        }
        near.sort_unstable_by_key(key);
        near
    }

    /// Everything within `bound_ms` of one place that is `spent_ms` from each of some nodes (with
    /// [`Direction::Incoming`]: everything from where it is that near). The targets are all nodes, in their order.
    ///
    /// # Panics
    /// When the targets are others, or `roads` are of another graph.
    ///
    /// # Complexity
    /// That of [`Matrix::row`], and O(nodes + edges).
    #[must_use]
    pub fn isochrone(&self, roads: Roads<'_>, sources: &[(u32, Millis)], bound_ms: Millis) -> Isochrone {
        let edges_count = roads.graph.edges_count() as usize;
        assert_eq!(
            (roads.weights_ms.len(), roads.lengths_m.len()),
            (edges_count, edges_count),
            "one for each edge"
        );
        let times_ms = self.row(sources);
        assert_eq!(times_ms.len(), roads.graph.nodes_count() as usize, "the targets are all nodes");
        let within = |time_ms: Millis| time_ms <= bound_ms && time_ms < UNREACHABLE_MS;
        let nodes = (0..).zip(times_ms.iter().copied()).filter(|&(_, time_ms)| within(time_ms)).collect();
        let mut edges = Vec::new();
        for (edge, (tail, head)) in (0_u32..).zip(roads.graph.edges()) {
            let entered = match self.direction() {
                Direction::Outgoing => tail,
                Direction::Incoming => head,
            };
            let (time_ms, weight_ms) = (times_ms[entered as usize], roads.weights_ms[edge as usize]);
            if !within(time_ms) || weight_ms >= UNREACHABLE_MS {
                continue;
            }
            let reached_m = part_m(roads.lengths_m[edge as usize], weight_ms, bound_ms - time_ms);
            if reached_m > 0 {
                edges.push(EdgeWithin { edge, reached_m });
            }
        }
        Isochrone { nodes, edges }
    }
}

/// A graph with what its edges cost and how long they are.
#[derive(Clone, Copy, Debug)]
pub struct Roads<'r> {
    /// Which edges there are.
    pub graph: &'r FlatGraph,
    /// Per edge; those that the metric was made of.
    pub weights_ms: &'r [Millis],
    /// Per edge.
    pub lengths_m: &'r [u32],
}

/// How much of an edge of `length_m` one passes in `spare_ms`, rounded down.
fn part_m(length_m: u32, weight_ms: Millis, spare_ms: Millis) -> u32 {
    if weight_ms <= spare_ms {
        return length_m;
    }
    (u64::from(length_m) * u64::from(spare_ms) / u64::from(weight_ms)) as u32
}
