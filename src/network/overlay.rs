//! What stands on the roads now: closures, slow-downs, reserved links opened, each reversible.
//!
//! A value laid over a network that itself never changes. Two equal sets of overlays give equal weights, so taking one
//! off restores every answer bit for bit. Of several on one edge the worst counts: closed, then the slowest.

use super::hierarchy::live::Change;
use super::hierarchy::{Customised, LiveMetrics, Snapshot};
use super::map::RoadMap;
use super::roads::Profile;
use super::{Millis, UNREACHABLE_MS};
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::sync::Arc;

/// What an overlay does to its edges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// Nobody passes.
    Closed,
    /// So many hundredths of the usual speed are driven, 1 to 99.
    Slowed {
        /// Hundredths.
        percent: u8,
    },
    /// What was only reserved can be used. Nothing happens to an edge that anybody may use anyway.
    Opened,
    /// So many vehicles pass in an hour, both ways together: nobody drives slower, and plans that send many share it.
    Limited {
        /// Vehicles.
        vehicles_per_hour: u16,
    },
}

/// An effect and its edges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlay {
    /// Which edges, each once; shared by all who hold the same one.
    pub edges: Arc<[u32]>,
    /// What happens to them.
    pub effect: Effect,
}

/// The metric of one profile under the overlays that stand; `K` names an overlay.
#[derive(Clone, Debug)]
pub struct LiveRoads<K> {
    /// Per edge: without any overlay, reserved ones as if opened.
    usual_ms: Vec<Millis>,
    is_reserved: Vec<bool>,
    standing: BTreeMap<K, Overlay>,
    /// By edge: who lies on it, as counted effects.
    on_edge: BTreeMap<u32, BTreeMap<Effect, u32>>,
    metrics: LiveMetrics,
    threads: NonZeroUsize,
}

impl<K: Clone + Ord> LiveRoads<K> {
    /// Nothing stands.
    #[must_use]
    pub fn new(map: &RoadMap, profile: Profile, threads: NonZeroUsize) -> LiveRoads<K> {
        let network = map.network();
        let usual_ms = network.weights_when_opened_ms(profile);
        let is_reserved: Vec<bool> = network
            .graph()
            .edge_weights()
            .map(|piece| network.ways()[piece.way() as usize].is_reserved)
            .collect();
        let weights_ms = network.weights_ms(profile);
        let metrics = LiveMetrics::new(map.hierarchy(), weights_ms, threads);
        let (standing, on_edge) = (BTreeMap::new(), BTreeMap::new());
        LiveRoads { usual_ms, is_reserved, standing, on_edge, metrics, threads }
    }

    /// What is in force.
    #[must_use]
    pub fn now(&self) -> Arc<Snapshot> {
        self.metrics.now()
    }

    /// What stands, by name.
    #[must_use]
    pub fn standing(&self) -> &BTreeMap<K, Overlay> {
        &self.standing
    }

    /// Makes `standing` be all that stands. Only what differs from before is touched.
    ///
    /// # Panics
    /// When an edge is not of the map.
    ///
    /// # Complexity
    /// O(edges of the overlays that differ), and that of [`LiveMetrics::change`].
    pub fn set(&mut self, map: &RoadMap, standing: BTreeMap<K, Overlay>) -> Customised {
        let mut touched: BTreeSet<u32> = BTreeSet::new();
        for (name, overlay) in &self.standing {
            if standing.get(name) != Some(overlay) {
                for &edge in &*overlay.edges {
                    touched.insert(edge);
                    if let Some(effects) = self.on_edge.get_mut(&edge) {
                        if let Some(count) = effects.get_mut(&overlay.effect) {
                            *count -= 1;
                        }
                        effects.retain(|_, count| *count > 0);
                        if effects.is_empty() {
                            self.on_edge.remove(&edge);
                        }
                    }
                }
            }
        }
        for (name, overlay) in &standing {
            if self.standing.get(name) != Some(overlay) {
                for &edge in &*overlay.edges {
                    touched.insert(edge);
                    *self.on_edge.entry(edge).or_default().entry(overlay.effect).or_default() += 1;
                }
            }
        }
        self.standing = standing;
        let changes: Vec<Change> = touched
            .into_iter()
            .map(|edge| {
                let effects = self.on_edge.get(&edge);
                (edge, self.weight_ms(edge, effects.into_iter().flat_map(BTreeMap::keys).copied()))
            })
            .collect();
        self.metrics.change(map.hierarchy(), &changes, self.threads)
    }

    /// Gets ready for the next change while nobody waits: see [`LiveMetrics::make_ready`].
    pub fn make_ready(&mut self, map: &RoadMap) {
        self.metrics.make_ready(map.hierarchy(), self.threads);
    }

    /// The metric after some of what stands is taken off: kept beside the one in force until that changes.
    ///
    /// # Complexity
    /// O(edges of these overlays), a copy of the metric, and that of [`LiveMetrics::change`].
    #[must_use]
    pub fn without(&mut self, map: &RoadMap, lifted: &BTreeSet<K>) -> Arc<Snapshot> {
        let touched: BTreeSet<u32> = lifted
            .iter()
            .filter_map(|name| self.standing.get(name))
            .flat_map(|overlay| overlay.edges.iter().copied())
            .collect();
        let rest = self.standing.iter().filter(|(name, _)| !lifted.contains(name));
        let mut effects: BTreeMap<u32, Vec<Effect>> = BTreeMap::new();
        for (_, overlay) in rest {
            for edge in overlay.edges.iter().filter(|edge| touched.contains(edge)) {
                effects.entry(*edge).or_default().push(overlay.effect);
            }
        }
        let changes: Vec<Change> = touched
            .into_iter()
            .map(|edge| (edge, self.weight_ms(edge, effects.get(&edge).into_iter().flatten().copied())))
            .collect();
        self.planned(map, &changes)
    }

    /// The metric if these edges were closed as well: kept beside the one in force until that changes.
    ///
    /// # Panics
    /// When an edge is not of the map.
    ///
    /// # Complexity
    /// A copy of the metric, and that of [`LiveMetrics::change`].
    #[must_use]
    pub fn avoiding(&mut self, map: &RoadMap, edges: &[u32]) -> Arc<Snapshot> {
        let changes: Vec<Change> = edges.iter().map(|&edge| (edge, UNREACHABLE_MS)).collect();
        self.planned(map, &changes)
    }

    fn planned(&mut self, map: &RoadMap, changes: &[Change]) -> Arc<Snapshot> {
        self.metrics.plan(map.hierarchy(), changes, self.threads);
        let planned = self.metrics.after_repair().unwrap_or_else(|| self.metrics.now());
        self.metrics.drop_plan();
        planned
    }

    fn weight_ms(&self, edge: u32, effects: impl Iterator<Item = Effect>) -> Millis {
        let usual_ms = self.usual_ms[edge as usize];
        let (mut is_closed, mut percent) = (self.is_reserved[edge as usize], 100_u8);
        let mut is_shut = false;
        for effect in effects {
            match effect {
                Effect::Closed => is_shut = true,
                Effect::Slowed { percent: slow } => percent = percent.min(slow.max(1)),
                Effect::Opened => is_closed = false,
                Effect::Limited { .. } => {}
            }
        }
        if is_shut || is_closed || usual_ms >= UNREACHABLE_MS {
            return UNREACHABLE_MS;
        }
        let slowed_ms = (u64::from(usual_ms) * 100).div_ceil(u64::from(percent));
        u32::try_from(slowed_ms).unwrap_or(UNREACHABLE_MS).min(UNREACHABLE_MS)
    }
}

#[cfg(test)]
mod tests;
