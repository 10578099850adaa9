//! A metric brought up to date after some weights changed: what they reach, and nothing else.

use super::{EdgePlace, Hierarchy, Metric};
use crate::network::Millis;
use std::num::NonZeroUsize;

/// How a metric was brought up to date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Customised {
    /// Arc by arc, from those of the changed edges upwards.
    Partly {
        /// How many were worked out again.
        arcs_count: u32,
    },
    /// To the top without looking for what changed: most of it would have.
    Wholly,
}

/// Closures spread at random take as long arc by arc as all anew when they are several hundred, more of them on a larger
/// network: beyond a third of the root of all edges nothing is begun arc by arc. A cautious choice between runs on 100,000
/// and 1,000,000 nodes (`docs/performance.md`), not a law.
const ROOT_SHARE: usize = 3;

/// So many changed edges are never too many.
const EDGES_FEW: usize = 16;

/// One in so many of the steps of a full customisation, after which a partial one goes on as a full one: a step takes up to
/// twice as long arc by arc.
const STEPS_SHARE: u64 = 2;

impl Metric {
    /// Brings the metric up to date after the weights of `changed` edges, to `weights_ms`, which has all of them.
    ///
    /// The result is that of [`Metric::new`], bit for bit, for closures as for re-openings.
    ///
    /// # Panics
    /// When `weights_ms` does not have the length of the graph's edges, or an edge is not there.
    ///
    /// # Complexity
    /// O(arcs that change x their triangles), hardly more than that of [`Metric::new`].
    pub fn update(
        &mut self,
        hierarchy: &Hierarchy,
        weights_ms: &[Millis],
        changed: &[u32],
        threads: NonZeroUsize,
    ) -> Customised {
        assert_eq!(weights_ms.len(), hierarchy.edges.len(), "one weight for each edge");
        if changed.len() > (hierarchy.edges.len().isqrt() / ROOT_SHARE).max(EDGES_FEW) {
            self.renew(hierarchy, weights_ms, threads);
            return Customised::Wholly;
        }
        let mut change = Change::new(hierarchy, weights_ms);
        for &edge in changed {
            if let EdgePlace::Up(arc) | EdgePlace::Down(arc) = hierarchy.edges[edge as usize] {
                change.open.insert(arc);
            }
        }
        let mut full_steps = None;
        let mut next = 0;
        while let Some(arc) = change.open.first_from(next) {
            let rank = hierarchy.tail(arc);
            // No full one takes fewer steps than there are arcs: until then nobody needs to count its steps.
            if change.steps > u64::from(hierarchy.arcs_count())
                && change.steps > *full_steps.get_or_insert_with(|| hierarchy.full_load()) / STEPS_SHARE
            {
                self.finish(hierarchy, weights_ms, rank, threads);
                return Customised::Wholly;
            }
            change.row(self, rank);
            next = hierarchy.up(rank).end as u32;
        }
        Customised::Partly { arcs_count: change.arcs_count }
    }

    /// Works out every row from `rank` on.
    fn finish(&mut self, hierarchy: &Hierarchy, weights_ms: &[Millis], rank: u32, threads: NonZeroUsize) {
        if threads.get() > 1 {
            self.renew(hierarchy, weights_ms, threads);
            return;
        }
        let ranks = rank..hierarchy.nodes_count();
        for arc in hierarchy.first[rank as usize]..hierarchy.arcs_count() {
            self.set_to_edges(hierarchy, weights_ms, arc);
        }
        self.relax_rows(hierarchy, ranks, &mut vec![0; hierarchy.nodes.len()]);
    }

    /// The cost of an arc as the edges on it have it.
    fn set_to_edges(&mut self, hierarchy: &Hierarchy, weights_ms: &[Millis], arc: u32) {
        let (up, down) = hierarchy.cost_of_edges(weights_ms, arc);
        (self.up[arc as usize], self.down[arc as usize]) = (up, down);
    }
}

/// A change on its way up. What an arc depends on has a lower number, so arcs are worked out by number.
struct Change<'h> {
    hierarchy: &'h Hierarchy,
    weights_ms: &'h [Millis],
    /// Arcs that may have changed.
    open: OpenArcs,
    /// Those of the present row.
    here: Vec<u32>,
    /// What the present row cost before.
    before: Metric,
    /// Places in the present row of what changed, ascending.
    changed: Vec<usize>,
    /// Room for [`Metric::relax_rows`].
    places: Vec<u32>,
    arcs_count: u32,
    /// How much was looked at.
    steps: u64,
}

impl<'h> Change<'h> {
    fn new(hierarchy: &'h Hierarchy, weights_ms: &'h [Millis]) -> Change<'h> {
        Change {
            hierarchy,
            weights_ms,
            open: OpenArcs::new(hierarchy.heads.len()),
            here: Vec::new(),
            before: Metric { up: Vec::new(), down: Vec::new() },
            changed: Vec::new(),
            places: vec![0; hierarchy.nodes.len()],
            arcs_count: 0,
            steps: 0,
        }
    }

    /// Works out the open arcs of one row, and opens those above that they may matter to.
    fn row(&mut self, metric: &mut Metric, rank: u32) {
        let hierarchy = self.hierarchy;
        let row = hierarchy.up(rank);
        self.open.list(row.clone(), &mut self.here);
        self.before.up.clear();
        self.before.up.extend_from_slice(&metric.up[row.clone()]);
        self.before.down.clear();
        self.before.down.extend_from_slice(&metric.down[row.clone()]);
        self.arcs_count += self.here.len() as u32;
        let lowers = hierarchy.lower(rank).len() as u64;
        // A row as a whole runs through memory in order, single arcs do not. The share is chosen by eye.
        if self.here.len() > 2 + row.len() / 8 {
            for arc in row.clone() {
                metric.set_to_edges(hierarchy, self.weights_ms, arc as u32);
            }
            metric.relax_rows(hierarchy, rank..rank + 1, &mut self.places);
            self.steps += lowers * (4 + row.len() as u64 / 8);
        } else {
            for &arc in &self.here {
                let cost = metric.cost_of(hierarchy, self.weights_ms, rank, arc);
                (metric.up[arc as usize], metric.down[arc as usize]) = cost;
                self.steps += 2 * lowers;
            }
        }
        self.changed.clear();
        let is_changed = |place: &usize| {
            let arc = row.start + place;
            (metric.up[arc], metric.down[arc]) != (self.before.up[*place], self.before.down[*place])
        };
        self.changed.extend((0..row.len()).filter(is_changed));
        if !self.changed.is_empty() {
            self.open_above(metric, rank);
        }
    }

    /// Each two arcs of a row make a path for an arc above: opens that if the path now is shorter than it, or was the
    /// shortest and is no more.
    fn open_above(&mut self, metric: &Metric, rank: u32) {
        let hierarchy = self.hierarchy;
        let row = hierarchy.up(rank);
        let (heads, up, down) = (&hierarchy.heads[row.clone()], &metric.up[row.clone()], &metric.down[row]);
        let before = &self.before;
        let matters = |was: Millis, is: Millis, cost: Millis| is < cost || was == cost && is != was;
        let may_change = |low: usize, high: usize, arc: usize| {
            let was_up = before.down[low] + before.up[high];
            let was_down = before.down[high] + before.up[low];
            matters(was_up, down[low] + up[high], metric.up[arc])
                || matters(was_down, down[high] + up[low], metric.down[arc])
        };
        let last = self.changed[self.changed.len() - 1];
        let mut next_changed = 0;
        for low in 0..heads.len() {
            let above = hierarchy.up(heads[low]);
            if self.changed.get(next_changed) == Some(&low) {
                next_changed += 1;
                // Every arc further on in this row has its fellow in the row above, in the same order.
                let mut arc = above.start;
                for (high, &head) in heads.iter().enumerate().skip(low + 1) {
                    while hierarchy.heads[arc] != head {
                        arc += 1;
                    }
                    if may_change(low, high, arc) {
                        self.open.insert(arc as u32);
                    }
                }
                self.steps += (arc - above.start) as u64 + 4;
            } else if low < last {
                for &high in &self.changed[next_changed..] {
                    let place = hierarchy.heads[above.clone()].binary_search(&heads[high]);
                    let arc = above.start + place.expect("contraction joins all upper neighbours");
                    if may_change(low, high, arc) {
                        self.open.insert(arc as u32);
                    }
                }
                self.steps += 6 * (self.changed.len() - next_changed) as u64;
            } else {
                break;
            }
        }
    }
}

/// A set of arcs, read by ascending number: a bit for each, and a bit for each word that has some.
struct OpenArcs {
    words: Vec<u64>,
    summary: Vec<u64>,
}

impl OpenArcs {
    fn new(arcs: usize) -> OpenArcs {
        let words = arcs / 64 + 1;
        OpenArcs { words: vec![0; words], summary: vec![0; words / 64 + 1] }
    }

    fn insert(&mut self, arc: u32) {
        let word = arc as usize / 64;
        self.words[word] |= 1 << (arc % 64);
        self.summary[word / 64] |= 1 << (word % 64);
    }

    /// The lowest from `arc` on.
    fn first_from(&self, arc: u32) -> Option<u32> {
        let from = |word: u64, bit: usize| word & (!0 << bit);
        let word = arc as usize / 64;
        let here = from(*self.words.get(word)?, arc as usize % 64);
        if here != 0 {
            return Some(word as u32 * 64 + here.trailing_zeros());
        }
        let next = word + 1;
        let within = from(*self.summary.get(next / 64)?, next % 64);
        let word = if within == 0 {
            let group = (next / 64 + 1..self.summary.len()).find(|&group| self.summary[group] != 0)?;
            group * 64 + self.summary[group].trailing_zeros() as usize
        } else {
            next / 64 * 64 + within.trailing_zeros() as usize
        };
        Some(word as u32 * 64 + self.words[word].trailing_zeros())
    }

    /// Those in a range, ascending.
    fn list(&self, arcs: std::ops::Range<usize>, into: &mut Vec<u32>) {
        into.clear();
        let mut next = arcs.start as u32;
        while let Some(arc) = self.first_from(next).filter(|&arc| (arc as usize) < arcs.end) {
            into.push(arc);
            next = arc + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn open_arcs_are_a_sorted_set(arcs in prop::collection::btree_set(0..20_000_u32, 0..60), from in 0..20_000_u32) {
            let mut open = OpenArcs::new(20_000);
            arcs.iter().for_each(|&arc| open.insert(arc));
            let mut listed = Vec::new();
            open.list(from as usize..20_000, &mut listed);
            prop_assert_eq!(listed, arcs.range(from..).copied().collect::<Vec<u32>>());
        }
    }
}
