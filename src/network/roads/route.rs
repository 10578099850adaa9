//! The shortest way between two points of roads.

use super::snap::between;
use super::{RoadNetwork, Snap, Standing};
use crate::network::hierarchy::{Hierarchy, Metric, RouteSearch};
use crate::network::{Millis, UNREACHABLE_MS};
use crate::units::Position;
use crate::units::geodesy::distance_cm;

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

/// The line of a route between two snapped points, in the direction of travel; whole edges without the points.
///
/// # Panics
/// When an edge is not of the network.
#[must_use]
pub fn line(network: &RoadNetwork, edges: &[u32], from: Option<&Snap>, to: Option<&Snap>) -> Vec<Position> {
    let mut line: Vec<Position> = Vec::new();
    for (place, &edge) in edges.iter().enumerate() {
        let length_dm = network.edge(edge).length_dm;
        let begin_dm = from.filter(|_| place == 0).map_or(0, |snap| along_dm(network, snap, edge));
        let is_last = place + 1 == edges.len();
        let end_dm = to.filter(|_| is_last).map_or(length_dm, |snap| along_dm(network, snap, edge));
        line.extend(part(network, edge, begin_dm, end_dm));
    }
    line.dedup();
    line
}

/// The points of an edge between two distances along it, with the points that lie there exactly.
fn part(network: &RoadNetwork, edge: u32, begin_dm: u32, end_dm: u32) -> Vec<Position> {
    let points: Vec<Position> = network.line(edge).collect();
    let mut passed_cm = vec![0_u64];
    for pair in points.windows(2) {
        let step_cm = u64::from(distance_cm(pair[0].into(), pair[1].into()));
        passed_cm.push(passed_cm[passed_cm.len() - 1] + step_cm);
    }
    let drawn_cm = passed_cm[passed_cm.len() - 1];
    let length_dm = u64::from(network.edge(edge).length_dm.max(1));
    // The line may be drawn a little longer or shorter than the edge is.
    let at_cm = |dm: u32| u64::from(dm) * drawn_cm / length_dm;
    let (begin_cm, end_cm) = (at_cm(begin_dm), at_cm(end_dm));
    let at = |cm: u64| {
        let next = passed_cm.partition_point(|&passed| passed < cm).clamp(1, points.len() - 1);
        let (before, step) = (passed_cm[next - 1], passed_cm[next] - passed_cm[next - 1]);
        let share = if step == 0 { 0.0 } else { cm.saturating_sub(before) as f64 / step as f64 };
        between(points[next - 1], points[next], share.min(1.0))
    };
    let inner = points.iter().zip(&passed_cm).filter(|&(_, &cm)| begin_cm < cm && cm < end_cm);
    let inner = inner.map(|(point, _)| *point);
    [at(begin_cm)].into_iter().chain(inner).chain([at(end_cm)]).collect()
}
