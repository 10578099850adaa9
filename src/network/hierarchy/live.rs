//! The metric in force and the one after a planned repair, while weights change: readers never wait.
//!
//! A reader takes an [`Arc`] and keeps what it saw for as long as it wants. Changes go to another copy, which then
//! takes its place. To copy all of a country's arcs takes longer than to close a road: [`LiveMetrics::make_ready`] keeps a
//! copy for the next change, and is called when nobody waits. Handing out the newest one is the caller's: this is a plain
//! value without locks.

use super::{Customised, Hierarchy, Metric};
use crate::network::Millis;
use std::num::NonZeroUsize;
use std::sync::Arc;

/// Weights of one moment, and the metric made of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    weights_ms: Vec<Millis>,
    metric: Metric,
}

impl Snapshot {
    /// What each edge costs.
    #[must_use]
    pub fn weights_ms(&self) -> &[Millis] {
        &self.weights_ms
    }

    /// What each arc costs.
    #[must_use]
    pub fn metric(&self) -> &Metric {
        &self.metric
    }

    /// How much memory it takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        size_of_val(&self.weights_ms[..]) + self.metric.bytes()
    }

    /// Becomes like another, in the memory that it has.
    fn copy_from(&mut self, other: &Snapshot) {
        self.weights_ms.copy_from_slice(&other.weights_ms);
        self.metric.up.copy_from_slice(&other.metric.up);
        self.metric.down.copy_from_slice(&other.metric.down);
    }

    fn change(&mut self, hierarchy: &Hierarchy, changes: &[Change], threads: NonZeroUsize) -> Customised {
        for &(edge, weight_ms) in changes {
            self.weights_ms[edge as usize] = weight_ms;
        }
        let edges: Vec<u32> = changes.iter().map(|&(edge, _)| edge).collect();
        self.metric.update(hierarchy, &self.weights_ms, &edges, threads)
    }
}

/// An edge, and what it costs from now on.
pub type Change = (u32, Millis);

/// Copies kept for changes to come: one that readers of the moment before still have, and one that nobody has.
const SPARES_MAX: usize = 2;

/// After more changes than this a spare copies what is in force instead of following change by change: an estimate of where
/// the two take equally long, since both happen while nobody waits.
const BEHIND_MAX: usize = 50;

/// The metric in force, and the one after a repair.
#[derive(Clone, Debug)]
pub struct LiveMetrics {
    now: Arc<Snapshot>,
    /// The one told of most last.
    spares: Vec<Spare>,
    repair: Option<Repair>,
}

/// A snapshot that was in force before, or a copy: the next one to be in force once its readers are gone.
#[derive(Clone, Debug)]
struct Spare {
    snapshot: Arc<Snapshot>,
    /// What it has not been told.
    behind: Vec<Change>,
}

impl Spare {
    /// Brings it up to date with `now`, if nobody reads it.
    fn catch_up(&mut self, hierarchy: &Hierarchy, now: &Snapshot, threads: NonZeroUsize) -> bool {
        let Some(snapshot) = Arc::get_mut(&mut self.snapshot) else { return false };
        let behind = std::mem::take(&mut self.behind);
        if behind.len() > BEHIND_MAX {
            snapshot.copy_from(now);
        } else if !behind.is_empty() {
            snapshot.change(hierarchy, &behind, threads);
        }
        true
    }

    /// Remembers what it has not been told, as long as it will be told so.
    fn fall_behind(&mut self, changes: &[Change]) {
        if self.behind.len() <= BEHIND_MAX {
            self.behind.extend(changes);
        }
    }
}

#[derive(Clone, Debug)]
struct Repair {
    /// By edge.
    changes: Vec<Change>,
    after: Arc<Snapshot>,
}

impl LiveMetrics {
    /// Makes the first metric.
    ///
    /// # Panics
    /// When `weights_ms` does not have the length of the graph's edges.
    #[must_use]
    pub fn new(hierarchy: &Hierarchy, weights_ms: Vec<Millis>, threads: NonZeroUsize) -> LiveMetrics {
        let metric = Metric::new(hierarchy, &weights_ms, threads);
        let now = Arc::new(Snapshot { weights_ms, metric });
        LiveMetrics { now, spares: Vec::new(), repair: None }
    }

    /// What is in force.
    #[must_use]
    pub fn now(&self) -> Arc<Snapshot> {
        Arc::clone(&self.now)
    }

    /// What will be after the planned repair.
    #[must_use]
    pub fn after_repair(&self) -> Option<Arc<Snapshot>> {
        self.repair.as_ref().map(|repair| Arc::clone(&repair.after))
    }

    /// Makes `changes` be in force, of several for an edge the last. A planned repair stands for its own edges.
    ///
    /// # Panics
    /// When an edge is not there.
    ///
    /// # Complexity
    /// That of [`Metric::update`] after [`LiveMetrics::make_ready`]. Without it, up to that for what changed last, or a
    /// copy while somebody still reads the snapshots before the present one. A copy as well while somebody reads the one
    /// after a planned repair.
    pub fn change(&mut self, hierarchy: &Hierarchy, changes: &[Change], threads: NonZeroUsize) -> Customised {
        if let Some(repair) = &mut self.repair {
            let is_repaired =
                |edge: u32| repair.changes.binary_search_by_key(&edge, |change| change.0).is_ok();
            let rest: Vec<Change> = changes.iter().copied().filter(|&(edge, _)| !is_repaired(edge)).collect();
            Arc::make_mut(&mut repair.after).change(hierarchy, &rest, threads);
        }
        let mut next = self.take_spare(hierarchy, threads);
        let customised = Arc::make_mut(&mut next).change(hierarchy, changes, threads);
        self.spares.iter_mut().for_each(|spare| spare.fall_behind(changes));
        let before = std::mem::replace(&mut self.now, next);
        self.keep(Spare { snapshot: before, behind: changes.to_vec() });
        customised
    }

    /// Takes work off the next change: a copy that nobody reads is made if there is none, and told of all that changed.
    ///
    /// # Complexity
    /// That of the last [`LiveMetrics::change`], or O(edges + arcs).
    pub fn make_ready(&mut self, hierarchy: &Hierarchy, threads: NonZeroUsize) {
        let snapshot = self.take_spare(hierarchy, threads);
        self.keep(Spare { snapshot, behind: Vec::new() });
    }

    /// A snapshot like the one in force that nobody reads.
    fn take_spare(&mut self, hierarchy: &Hierarchy, threads: NonZeroUsize) -> Arc<Snapshot> {
        let now = &self.now;
        match self.spares.iter_mut().rposition(|spare| spare.catch_up(hierarchy, now, threads)) {
            Some(place) => self.spares.remove(place).snapshot,
            None => Arc::new(Snapshot::clone(now)),
        }
    }

    /// Keeps a spare; the one longest behind goes when there are too many.
    fn keep(&mut self, spare: Spare) {
        if self.spares.len() == SPARES_MAX {
            self.spares.remove(0);
        }
        self.spares.push(spare);
    }

    /// Plans a repair in place of the one planned before: what `changes` would make of the metric in force.
    ///
    /// # Panics
    /// When an edge is not there.
    pub fn plan(&mut self, hierarchy: &Hierarchy, changes: &[Change], threads: NonZeroUsize) {
        let mut after = Snapshot::clone(&self.now);
        after.change(hierarchy, changes, threads);
        let mut changes: Vec<Change> =
            changes.iter().map(|&(edge, _)| (edge, after.weights_ms[edge as usize])).collect();
        changes.sort_unstable();
        changes.dedup();
        self.repair = Some(Repair { changes, after: Arc::new(after) });
    }

    /// The repair is done: what it changed is in force. Nothing happens when none is planned.
    pub fn carry_out(&mut self) {
        if let Some(Repair { after, .. }) = self.repair.take() {
            self.now = after;
            self.spares.clear();
        }
    }

    /// There will be no repair.
    pub fn drop_plan(&mut self) {
        self.repair = None;
    }
}
