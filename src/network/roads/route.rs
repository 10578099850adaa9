//! The shortest way between two points of roads.

use super::{RoadNetwork, Snap, Standing};
use crate::network::hierarchy::{Hierarchy, Metric, RouteSearch};
use crate::network::{Millis, UNREACHABLE_MS};

/// A way to drive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// How long it takes, on the road.
    pub travel_ms: Millis,
    /// How long it is, decimetres.
    pub length_dm: u64,
    /// The edges in the order of travel; of the first and the last only a part.
    pub edges: Vec<u32>,
}

/// A network with a metric: what a search needs.
#[derive(Clone, Copy, Debug)]
pub struct Searchable<'a> {
    /// The roads.
    pub network: &'a RoadNetwork,
    /// Contracted.
    pub hierarchy: &'a Hierarchy,
    /// What the arcs cost.
    pub metric: &'a Metric,
    /// What the edges cost: the weights that the metric was made of.
    pub weights_ms: &'a [Millis],
}

/// The shortest route between two snapped points; none where there is no way. Of routes equally long always the same.
///
/// # Panics
/// When the points, weights, metric and hierarchy are not all of one network.
///
/// # Complexity
/// At most four searches between nodes.
#[must_use]
pub fn route(on: Searchable<'_>, from: &Snap, to: &Snap) -> Option<Route> {
    let Searchable { network, hierarchy, metric, weights_ms } = on;
    let straight = from.straight_ms(to, network, weights_ms).map(|(edge, travel_ms)| {
        let length_dm = u64::from(along_dm(network, to, edge).abs_diff(along_dm(network, from, edge)));
        Route { travel_ms, length_dm, edges: vec![edge] }
    });
    let mut search = RouteSearch::new(hierarchy);
    let arriving = to.arriving(network, weights_ms);
    let mut best: Option<(u64, Standing, Standing)> = None;
    for begin in from.leaving(network, weights_ms) {
        for end in &arriving {
            let middle_ms = search.travel_time(hierarchy, metric, begin.node, end.node);
            let sum_ms = u64::from(begin.travel_ms) + u64::from(middle_ms) + u64::from(end.travel_ms);
            let is_better = best.as_ref().is_none_or(|(least_ms, ..)| sum_ms < *least_ms);
            if middle_ms < UNREACHABLE_MS && sum_ms < u64::from(UNREACHABLE_MS) && is_better {
                best = Some((sum_ms, begin, *end));
            }
        }
    }
    let around = best.and_then(|(sum_ms, begin, end)| {
        let (middle, _) = search.path(hierarchy, metric, weights_ms, (begin.node, end.node))?;
        let rest_dm = network.edge(begin.edge).length_dm.saturating_sub(along_dm(network, from, begin.edge));
        let middle_dm: u64 = middle.iter().map(|&edge| u64::from(network.edge(edge).length_dm)).sum();
        let length_dm = u64::from(rest_dm) + middle_dm + u64::from(along_dm(network, to, end.edge));
        let edges = [begin.edge].into_iter().chain(middle).chain([end.edge]).collect();
        Some(Route { travel_ms: sum_ms as Millis, length_dm, edges })
    });
    straight.into_iter().chain(around).min_by_key(|route| route.travel_ms)
}

/// How far along `edge`, which is the snapped one or its twin, a point is.
fn along_dm(network: &RoadNetwork, snap: &Snap, edge: u32) -> u32 {
    if edge == snap.edge { snap.along_dm } else { network.edge(edge).length_dm.saturating_sub(snap.along_dm) }
}
