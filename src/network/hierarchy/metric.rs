//! What the arcs of a hierarchy cost under one set of weights.

use super::{EdgePlace, Hierarchy};
use crate::network::{Millis, UNREACHABLE_MS};
use std::num::NonZeroUsize;

/// The cost of every arc, in both directions, for the weights of one moment.
///
/// 8 bytes for each arc. Readers keep the metric that they began with; a new one takes its place beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metric {
    /// Per arc: from its lower to its upper end.
    pub(super) up: Vec<Millis>,
    /// Per arc: from its upper to its lower end.
    pub(super) down: Vec<Millis>,
}

impl Metric {
    /// Works out every arc for `weights_ms`, one for each edge, on up to `threads`.
    ///
    /// Weights above [`UNREACHABLE_MS`] count as it. The result is the same for any number of threads.
    ///
    /// # Panics
    /// When `weights_ms` does not have the length of the graph's edges.
    ///
    /// # Complexity
    /// O(lower triangles): some ten for each arc of a road network.
    #[must_use]
    pub fn new(hierarchy: &Hierarchy, weights_ms: &[Millis], threads: NonZeroUsize) -> Metric {
        let count = hierarchy.heads.len();
        let mut metric = Metric { up: vec![UNREACHABLE_MS; count], down: vec![UNREACHABLE_MS; count] };
        metric.work_out(hierarchy, weights_ms, threads);
        metric
    }

    /// Becomes [`Metric::new`] of other weights, in the memory that it has: to touch new memory takes longer than to
    /// write into old.
    ///
    /// # Panics
    /// As [`Metric::new`]; when the metric is of another hierarchy.
    ///
    /// # Complexity
    /// That of [`Metric::new`].
    pub fn renew(&mut self, hierarchy: &Hierarchy, weights_ms: &[Millis], threads: NonZeroUsize) {
        assert_eq!(self.up.len(), hierarchy.heads.len(), "a metric of this hierarchy");
        self.up.fill(UNREACHABLE_MS);
        self.down.fill(UNREACHABLE_MS);
        self.work_out(hierarchy, weights_ms, threads);
    }

    /// From arcs that nobody may pass: what edges cost, then what paths through lower ranks do.
    fn work_out(&mut self, hierarchy: &Hierarchy, weights_ms: &[Millis], threads: NonZeroUsize) {
        assert_eq!(weights_ms.len(), hierarchy.edges.len(), "one weight for each edge");
        for (place, &weight_ms) in hierarchy.edges.iter().zip(weights_ms) {
            let cost = match *place {
                EdgePlace::Loop => continue,
                EdgePlace::Up(arc) => &mut self.up[arc as usize],
                EdgePlace::Down(arc) => &mut self.down[arc as usize],
            };
            *cost = (*cost).min(weight_ms);
        }
        self.relax_all(hierarchy, threads);
    }

    /// How much memory it takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        size_of_val(&self.up[..]) + size_of_val(&self.down[..])
    }

    /// What an arc costs, up and down, from its edges and its lower triangles.
    pub(super) fn cost_of(
        &self,
        hierarchy: &Hierarchy,
        weights_ms: &[Millis],
        tail: u32,
        arc: u32,
    ) -> (Millis, Millis) {
        let (mut up, mut down) = hierarchy.cost_of_edges(weights_ms, arc);
        for triangle in hierarchy.triangles(tail, hierarchy.heads[arc as usize]) {
            let (low, high) = (triangle.to_low as usize, triangle.to_high as usize);
            up = up.min(self.down[low] + self.up[high]);
            down = down.min(self.down[high] + self.up[low]);
        }
        (up, down)
    }
}

/// Two arcs from one lower rank, to both ends of an arc.
pub(super) struct Triangle {
    /// The lower rank.
    pub(super) apex: u32,
    /// Its arc to the lower end.
    pub(super) to_low: u32,
    /// Its arc to the upper end.
    pub(super) to_high: u32,
}

impl Hierarchy {
    /// The lower end of an arc.
    ///
    /// # Complexity
    /// O(log nodes).
    pub(super) fn tail(&self, arc: u32) -> u32 {
        (self.first.partition_point(|&first| first <= arc) - 1) as u32
    }

    /// What an arc costs, up and down, by its edges alone.
    pub(super) fn cost_of_edges(&self, weights_ms: &[Millis], arc: u32) -> (Millis, Millis) {
        let (mut up, mut down) = (UNREACHABLE_MS, UNREACHABLE_MS);
        for &edge in self.edges_on(arc) {
            let weight_ms = weights_ms[edge as usize];
            match self.edges[edge as usize] {
                EdgePlace::Up(_) => up = up.min(weight_ms),
                EdgePlace::Down(_) => down = down.min(weight_ms),
                EdgePlace::Loop => {}
            }
        }
        (up, down)
    }

    /// Every lower triangle of the arc between `low` and `high`, by rank of the third corner.
    pub(super) fn triangles(&self, low: u32, high: u32) -> impl Iterator<Item = Triangle> + '_ {
        let lows = self.lower(low);
        // All of them lie below the lower end, and ranks below it stand side by side.
        let highs = self.lower_within(high, &(lows.first().map_or(low, |lower| lower.tail)..low));
        let (mut lows, mut highs) = (lows.iter().peekable(), highs.iter().peekable());
        std::iter::from_fn(move || {
            loop {
                let (&&a, &&b) = (lows.peek()?, highs.peek()?);
                if a.tail <= b.tail {
                    lows.next();
                }
                if b.tail <= a.tail {
                    highs.next();
                }
                if a.tail == b.tail {
                    return Some(Triangle { apex: a.tail, to_low: a.arc, to_high: b.arc });
                }
            }
        })
    }
}
