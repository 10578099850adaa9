//! From one node to another: the travel time, and the edges of the shortest path.

use super::relax::{lower_by, run_len};
use super::wide::widest;
use super::{EdgePlace, Hierarchy, Metric};
use crate::network::{Millis, UNREACHABLE_MS};
use std::ops::Range;

/// The working space of searches between two nodes: reused, so that a search costs what it looks at.
#[derive(Clone, Debug)]
pub struct RouteSearch {
    /// Per rank: from the source upwards; unreachable between searches.
    forward_ms: Vec<Millis>,
    /// Per rank: to the target, downwards.
    backward_ms: Vec<Millis>,
}

/// Which way along an arc.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Up,
    Down,
}

/// A path is followed from an arc to the arcs below it, or to an edge.
#[derive(Clone, Copy, Debug)]
struct Step {
    low: u32,
    high: u32,
    arc: u32,
    way: Way,
}

impl RouteSearch {
    /// Working space for one hierarchy.
    #[must_use]
    pub fn new(hierarchy: &Hierarchy) -> RouteSearch {
        let count = hierarchy.nodes.len();
        RouteSearch { forward_ms: vec![UNREACHABLE_MS; count], backward_ms: vec![UNREACHABLE_MS; count] }
    }

    /// How long it takes from one node to another; [`UNREACHABLE_MS`] where there is no way.
    ///
    /// # Panics
    /// When a node is not of the graph, or the space of another hierarchy.
    ///
    /// # Complexity
    /// O(arcs of the ranks above both).
    #[must_use]
    pub fn travel_time(
        &mut self,
        hierarchy: &Hierarchy,
        metric: &Metric,
        source: u32,
        target: u32,
    ) -> Millis {
        let (source, target) = (hierarchy.rank(source), hierarchy.rank(target));
        let (time_ms, _) = self.meet(hierarchy, metric, source, target);
        self.forget(hierarchy, source, target);
        time_ms
    }

    /// The edges of a shortest path in the order of travel, and how long it takes; none where there is no way. Of paths
    /// equally long always the same one.
    ///
    /// `weights_ms` are those that the metric was made of.
    ///
    /// # Panics
    /// As [`RouteSearch::travel_time`]; when the weights are others.
    #[must_use]
    pub fn path(
        &mut self,
        hierarchy: &Hierarchy,
        metric: &Metric,
        weights_ms: &[Millis],
        ends: (u32, u32),
    ) -> Option<(Vec<u32>, Millis)> {
        let (source, target) = (hierarchy.rank(ends.0), hierarchy.rank(ends.1));
        let (time_ms, top) = self.meet(hierarchy, metric, source, target);
        let steps = top.map(|top| {
            let mut steps = steps_up(hierarchy, &metric.up, &self.forward_ms, source..top, Way::Up);
            steps.reverse();
            steps.extend(steps_up(hierarchy, &metric.down, &self.backward_ms, target..top, Way::Down));
            steps
        });
        self.forget(hierarchy, source, target);
        Some((unpack(hierarchy, metric, weights_ms, steps?), time_ms))
    }

    /// Searches upwards from both ends; the best time, and the lowest rank over which it goes.
    fn meet(
        &mut self,
        hierarchy: &Hierarchy,
        metric: &Metric,
        source: u32,
        target: u32,
    ) -> (Millis, Option<u32>) {
        widest(
            #[inline(always)]
            || self.climb_both(hierarchy, metric, source, target),
        )
    }

    #[inline(always)]
    fn climb_both(
        &mut self,
        hierarchy: &Hierarchy,
        metric: &Metric,
        source: u32,
        target: u32,
    ) -> (Millis, Option<u32>) {
        self.forward_ms[source as usize] = 0;
        self.backward_ms[target as usize] = 0;
        let (mut best_ms, mut top) = (UNREACHABLE_MS, None);
        let (mut low, mut other) = (Some(source), Some(target));
        // Below the first rank above both, each side has its own; from there on they share the way to the root.
        while let (Some(forward), Some(backward)) = (low, other)
            && forward != backward
        {
            if forward < backward {
                climb(hierarchy, &metric.up, &mut self.forward_ms, forward, best_ms);
                low = hierarchy.parent(forward);
            } else {
                climb(hierarchy, &metric.down, &mut self.backward_ms, backward, best_ms);
                other = hierarchy.parent(backward);
            }
        }
        let shared = low.filter(|_| low == other);
        for rank in shared.into_iter().flat_map(|rank| hierarchy.to_root(rank)) {
            let time_ms = self.forward_ms[rank as usize] + self.backward_ms[rank as usize];
            if time_ms < best_ms {
                (best_ms, top) = (time_ms, Some(rank));
            }
            climb(hierarchy, &metric.up, &mut self.forward_ms, rank, best_ms);
            climb(hierarchy, &metric.down, &mut self.backward_ms, rank, best_ms);
        }
        (best_ms, top)
    }

    fn forget(&mut self, hierarchy: &Hierarchy, source: u32, target: u32) {
        for rank in hierarchy.to_root(source) {
            self.forward_ms[rank as usize] = UNREACHABLE_MS;
        }
        for rank in hierarchy.to_root(target) {
            self.backward_ms[rank as usize] = UNREACHABLE_MS;
        }
    }
}

impl Hierarchy {
    fn parent(&self, rank: u32) -> Option<u32> {
        Some(self.parents[rank as usize]).filter(|&parent| parent != super::NONE)
    }
}

/// Looks at the arcs upwards from a rank, unless it is too far away to matter.
#[inline(always)]
fn climb(hierarchy: &Hierarchy, weights: &[Millis], times_ms: &mut [Millis], rank: u32, best_ms: Millis) {
    let time_ms = times_ms[rank as usize];
    if time_ms >= best_ms {
        return;
    }
    let arcs = hierarchy.up(rank);
    let (heads, weights) = (&hierarchy.heads[arcs.clone()], &weights[arcs]);
    let mut next = 0;
    while let Some(&head) = heads.get(next) {
        let (head, len) = (head as usize, run_len(&heads[next..]));
        if len == 1 {
            times_ms[head] = times_ms[head].min(time_ms + weights[next]);
        } else {
            lower_by(&mut times_ms[head..head + len], &weights[next..next + len], time_ms);
        }
        next += len;
    }
}

/// The arcs by which a search came from the start of `ranks` to their end, the last first.
fn steps_up(
    hierarchy: &Hierarchy,
    weights: &[Millis],
    times_ms: &[Millis],
    ranks: Range<u32>,
    way: Way,
) -> Vec<Step> {
    let below: Vec<u32> = hierarchy.to_root(ranks.start).take_while(|&rank| rank < ranks.end).collect();
    let mut steps = Vec::new();
    let mut high = ranks.end;
    for &low in below.iter().rev() {
        let time_ms = times_ms[low as usize];
        let Some(arc) = hierarchy.arc(low, high) else { continue };
        if time_ms < UNREACHABLE_MS && time_ms + weights[arc as usize] == times_ms[high as usize] {
            steps.push(Step { low, high, arc, way });
            high = low;
        }
    }
    assert_eq!(high, ranks.start, "a time was reached over arcs");
    steps
}

/// The edges that some arcs stand for.
fn unpack(hierarchy: &Hierarchy, metric: &Metric, weights_ms: &[Millis], steps: Vec<Step>) -> Vec<u32> {
    let mut open = steps;
    open.reverse();
    let mut edges = Vec::new();
    while let Some(step) = open.pop() {
        match edge_of(hierarchy, metric, weights_ms, step) {
            Some(edge) => edges.push(edge),
            None => {
                let [first, second] = halves(hierarchy, metric, step);
                open.push(second);
                open.push(first);
            }
        }
    }
    edges
}

/// The edge that costs as much as the arc, the first of several.
fn edge_of(hierarchy: &Hierarchy, metric: &Metric, weights_ms: &[Millis], step: Step) -> Option<u32> {
    let (cost, place) = match step.way {
        Way::Up => (metric.up[step.arc as usize], EdgePlace::Up(step.arc)),
        Way::Down => (metric.down[step.arc as usize], EdgePlace::Down(step.arc)),
    };
    let is_it = |&&edge: &&u32| hierarchy.edges[edge as usize] == place && weights_ms[edge as usize] == cost;
    hierarchy.edges_on(step.arc).iter().find(is_it).copied()
}

/// The two arcs over a lower rank that an arc stands for, in the order of travel.
fn halves(hierarchy: &Hierarchy, metric: &Metric, step: Step) -> [Step; 2] {
    let (up, down) = (&metric.up, &metric.down);
    for triangle in hierarchy.triangles(step.low, step.high) {
        let apex = triangle.apex;
        let to_low = Step { low: apex, high: step.low, arc: triangle.to_low, way: Way::Down };
        let to_high = Step { low: apex, high: step.high, arc: triangle.to_high, way: Way::Up };
        let (low, high) = (triangle.to_low as usize, triangle.to_high as usize);
        match step.way {
            Way::Up if down[low] + up[high] == up[step.arc as usize] => return [to_low, to_high],
            Way::Down if down[high] + up[low] == down[step.arc as usize] => {
                return [Step { way: Way::Down, ..to_high }, Step { way: Way::Up, ..to_low }];
            }
            Way::Up | Way::Down => {}
        }
    }
    unreachable!("an arc costs what an edge or a lower triangle does")
}
