//! The metric in force and the one after a planned repair, while weights change: readers never wait.
//!
//! A reader takes an [`Arc`] and keeps what it saw for as long as it wants. Changes go to another copy, which then
//! takes its place. Handing out the newest one is the caller's: this is a plain value without locks.

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

/// The metric in force, and the one after a repair.
#[derive(Clone, Debug)]
pub struct LiveMetrics {
    now: Arc<Snapshot>,
    /// The snapshot before, to be changed next once its readers are gone: copying all of a country's arcs would take
    /// longer than closing a road.
    spare: Option<Arc<Snapshot>>,
    /// What the spare one has not been told.
    behind: Vec<Change>,
    repair: Option<Repair>,
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
        LiveMetrics { now, spare: None, behind: Vec::new(), repair: None }
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
    /// That of [`Metric::update`]; a copy more while somebody still reads the snapshot before the present one.
    pub fn change(&mut self, hierarchy: &Hierarchy, changes: &[Change], threads: NonZeroUsize) -> Customised {
        if let Some(repair) = &mut self.repair {
            let is_repaired =
                |edge: u32| repair.changes.binary_search_by_key(&edge, |change| change.0).is_ok();
            let rest: Vec<Change> = changes.iter().copied().filter(|&(edge, _)| !is_repaired(edge)).collect();
            Arc::make_mut(&mut repair.after).change(hierarchy, &rest, threads);
        }
        let unread = self.spare.take().and_then(|spare| Arc::try_unwrap(spare).ok());
        let (mut next, told) = match unread {
            Some(spare) => (spare, std::mem::take(&mut self.behind)),
            None => (Snapshot::clone(&self.now), Vec::new()),
        };
        let all: Vec<Change> = told.iter().chain(changes).copied().collect();
        let customised = next.change(hierarchy, &all, threads);
        self.spare = Some(std::mem::replace(&mut self.now, Arc::new(next)));
        self.behind = changes.to_vec();
        customised
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
            (self.spare, self.behind) = (None, Vec::new());
        }
    }

    /// There will be no repair.
    pub fn drop_plan(&mut self) {
        self.repair = None;
    }
}
