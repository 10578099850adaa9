//! Many changes on their way up at once, row by row: what they share is worked out once.

use super::numbers::Numbers;
use super::{OneWay, STEPS_SHARE};
use crate::network::Millis;
use crate::network::hierarchy::{Hierarchy, Metric};
use std::num::NonZeroUsize;

impl Metric {
    /// Brings all above `changed` up to date; how many costs were worked out again, or none if that took to work out
    /// everything.
    pub(super) fn update_rows(
        &mut self,
        hierarchy: &Hierarchy,
        weights_ms: &[Millis],
        changed: &[OneWay],
        threads: NonZeroUsize,
    ) -> Option<u32> {
        let mut change = Change::new(hierarchy, weights_ms);
        changed.iter().for_each(|one_way| change.open.insert(one_way.arc()));
        let mut full_steps = None;
        while let Some(arc) = change.open.first() {
            let rank = hierarchy.tail(arc);
            // No full one takes fewer steps than there are arcs: until then nobody needs to count its steps.
            if change.steps > u64::from(hierarchy.arcs_count())
                && change.steps > *full_steps.get_or_insert_with(|| hierarchy.full_load()) / STEPS_SHARE
            {
                self.finish(hierarchy, weights_ms, rank, threads);
                return None;
            }
            change.row(self, rank);
        }
        Some(change.costs_count)
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
    open: Numbers,
    /// Those of the present row.
    here: Vec<u32>,
    /// What the present row cost before.
    before: Metric,
    /// Places in the present row of what changed, ascending.
    changed: Vec<usize>,
    /// Room for [`Metric::relax_rows`].
    places: Vec<u32>,
    costs_count: u32,
    /// How much was looked at.
    steps: u64,
}

impl<'h> Change<'h> {
    fn new(hierarchy: &'h Hierarchy, weights_ms: &'h [Millis]) -> Change<'h> {
        Change {
            hierarchy,
            weights_ms,
            open: Numbers::new(hierarchy.heads.len()),
            here: Vec::new(),
            before: Metric { up: Vec::new(), down: Vec::new() },
            changed: Vec::new(),
            places: vec![0; hierarchy.nodes.len()],
            costs_count: 0,
            steps: 0,
        }
    }

    /// Works out the open arcs of one row, and opens those above that they may matter to.
    fn row(&mut self, metric: &mut Metric, rank: u32) {
        let hierarchy = self.hierarchy;
        let row = hierarchy.up(rank);
        self.here.clear();
        self.here.extend(std::iter::from_fn(|| self.open.take_below(row.end as u32)));
        self.before.up.clear();
        self.before.up.extend_from_slice(&metric.up[row.clone()]);
        self.before.down.clear();
        self.before.down.extend_from_slice(&metric.down[row.clone()]);
        self.costs_count += 2 * self.here.len() as u32;
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
