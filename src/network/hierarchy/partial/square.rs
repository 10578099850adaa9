//! What it costs between any two ranks on one way to the root, as a square.

use super::super::relax::lower_by;
use super::places::Places;
use crate::network::hierarchy::{Hierarchy, Metric};
use crate::network::{Millis, UNREACHABLE_MS};

/// Costs from each of some ranks (rows) to each of some (columns), row-major; unreachable where there is no arc.
pub(super) struct Square {
    width: usize,
    costs: Vec<Millis>,
}

impl Square {
    /// Nothing is reached yet.
    pub(super) fn new(height: usize, width: usize) -> Square {
        Square { width, costs: vec![UNREACHABLE_MS; height * width] }
    }

    /// What the arcs between those of `places` from the place `begin` on cost: all that stand above any of them are there.
    ///
    /// # Complexity
    /// O(ranks^2).
    pub(super) fn of(hierarchy: &Hierarchy, metric: &Metric, places: &Places, begin: usize) -> Square {
        let ranks = &places.ranks()[begin..];
        let mut square = Square::new(ranks.len(), ranks.len());
        for (low, &rank) in ranks.iter().enumerate() {
            for arc in hierarchy.up(rank) {
                let high =
                    places.of(hierarchy.heads[arc]).expect("a way to the root meets all above") - begin;
                *square.at(low, high) = metric.up[arc];
                *square.at(high, low) = metric.down[arc];
            }
        }
        square
    }

    pub(super) fn row(&self, from: usize) -> &[Millis] {
        &self.costs[from * self.width..(from + 1) * self.width]
    }

    pub(super) fn at(&mut self, from: usize, to: usize) -> &mut Millis {
        &mut self.costs[from * self.width + to]
    }

    /// Lowers the row of `from` by paths that cost `added_ms` to where `others` begin, which are those from column `begin` on.
    #[inline(always)]
    pub(super) fn lower(&mut self, from: usize, begin: usize, others: &[Millis], added_ms: Millis) {
        let begin = from * self.width + begin;
        lower_by(&mut self.costs[begin..begin + others.len()], others, added_ms);
    }
}
