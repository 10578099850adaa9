//! From a place to the road beside it.

use super::RoadNetwork;
use crate::network::{Millis, UNREACHABLE_MS};
use crate::units::geodesy::{UnitVector, distance_cm, distance_m};
use crate::units::{Metres, Position};
use rstar::{AABB, PointDistance, RTree, RTreeNode, RTreeObject};

/// A place farther than this from every road is answered with a warning: it may be a slip of the pen, an island, or a
/// spot that no car reaches. Planning value: mountain hamlets of Kansai stand nearer to a road of some kind.
pub const SNAP_WARNING_M: Metres = 500;

/// A point on a road.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Snap {
    /// On which edge; of two directions the lower number.
    pub edge: u32,
    /// How far along it from its start, decimetres.
    pub along_dm: u32,
    /// How far from the place asked about.
    pub distance_m: Metres,
    /// Where.
    pub position: Position,
    /// The nearer end of the edge.
    pub junction: u32,
}

impl Snap {
    /// Whether the place is farther from the road than [`SNAP_WARNING_M`].
    #[must_use]
    pub fn is_far(&self) -> bool {
        self.distance_m > SNAP_WARNING_M
    }

    /// The nodes that can be driven to from here, each with the time until then; on the road itself.
    #[must_use]
    pub fn leaving(&self, network: &RoadNetwork, weights_ms: &[Millis]) -> Vec<Standing> {
        self.directions(network)
            .map(|(edge, along_dm)| {
                let rest_dm = network.edge(edge).length_dm.saturating_sub(along_dm);
                Standing {
                    node: network.ends(edge).1,
                    edge,
                    travel_ms: share(network, weights_ms, edge, rest_dm),
                }
            })
            .filter(|standing| standing.travel_ms < UNREACHABLE_MS)
            .collect()
    }

    /// The nodes from which this point can be driven to, each with the time from there.
    #[must_use]
    pub fn arriving(&self, network: &RoadNetwork, weights_ms: &[Millis]) -> Vec<Standing> {
        self.directions(network)
            .map(|(edge, along_dm)| Standing {
                node: network.ends(edge).0,
                edge,
                travel_ms: share(network, weights_ms, edge, along_dm),
            })
            .filter(|standing| standing.travel_ms < UNREACHABLE_MS)
            .collect()
    }

    /// The time straight along one edge to another point of it, if that is ahead on the same road.
    #[must_use]
    pub fn straight_ms(
        &self,
        to: &Snap,
        network: &RoadNetwork,
        weights_ms: &[Millis],
    ) -> Option<(u32, Millis)> {
        let ahead = |(edge, from_dm): (u32, u32)| {
            let (_, to_dm) = to.directions(network).find(|&(other, _)| other == edge)?;
            let way_dm = to_dm.checked_sub(from_dm)?;
            Some((edge, share(network, weights_ms, edge, way_dm))).filter(|&(_, ms)| ms < UNREACHABLE_MS)
        };
        self.directions(network).filter_map(ahead).min_by_key(|&(edge, ms)| (ms, edge))
    }

    /// The edge and its twin, each with how far along this point is.
    fn directions(&self, network: &RoadNetwork) -> impl Iterator<Item = (u32, u32)> {
        let back_dm = network.edge(self.edge).length_dm.saturating_sub(self.along_dm);
        let twin = network.twin(self.edge).map(|twin| (twin, back_dm));
        [(self.edge, self.along_dm)].into_iter().chain(twin)
    }
}

/// A node beside a point on a road.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Which.
    pub node: u32,
    /// The edge in between.
    pub edge: u32,
    /// The time in between.
    pub travel_ms: Millis,
}

/// The time of a part of an edge, rounded up.
fn share(network: &RoadNetwork, weights_ms: &[Millis], edge: u32, part_dm: u32) -> Millis {
    let (whole_ms, whole_dm) = (weights_ms[edge as usize], network.edge(edge).length_dm);
    if whole_ms >= UNREACHABLE_MS || whole_dm == 0 {
        return whole_ms;
    }
    // A part is no longer than the whole, so it fits.
    (u64::from(whole_ms) * u64::from(part_dm.min(whole_dm))).div_ceil(u64::from(whole_dm)) as Millis
}

/// Finds the road beside a place: the edges of a network in an R-tree.
///
/// Coordinates are those of the unit sphere, as in [`PointIndex`](crate::spatial::PointIndex): the antimeridian is a place
/// like any other. The tree holds boxes alone; lines are looked at only where a box is nearer than the best line so far.
#[derive(Debug)]
pub struct SnapIndex {
    tree: RTree<EdgeBox>,
}

#[derive(Clone, Copy, Debug)]
struct EdgeBox {
    low: [i32; 3],
    high: [i32; 3],
    edge: u32,
}

impl RTreeObject for EdgeBox {
    type Envelope = AABB<[f64; 3]>;

    fn envelope(&self) -> AABB<[f64; 3]> {
        AABB::from_corners(self.low.map(f64::from), self.high.map(f64::from))
    }
}

impl PointDistance for EdgeBox {
    fn distance_2(&self, point: &[f64; 3]) -> f64 {
        self.envelope().distance_2(point)
    }
}

impl SnapIndex {
    /// Loads the edges of a network; none of one without positions.
    ///
    /// # Complexity
    /// O(n log n) in the edges and points of their lines.
    #[must_use]
    pub fn new(network: &RoadNetwork) -> SnapIndex {
        if !network.has_positions() {
            return SnapIndex { tree: RTree::new() };
        }
        let edges = 0..network.graph().edge_count() as u32;
        // Of two directions on one road the lower number stands for both.
        let drawn = edges.filter(|&edge| network.twin(edge).is_none_or(|twin| twin > edge));
        let boxes = drawn.map(|edge| {
            let mut found = EdgeBox { low: [i32::MAX; 3], high: [i32::MIN; 3], edge };
            for position in network.line(edge) {
                let UnitVector { x, y, z } = position.into();
                for (axis, value) in [x, y, z].into_iter().enumerate() {
                    found.low[axis] = found.low[axis].min(value);
                    found.high[axis] = found.high[axis].max(value);
                }
            }
            found
        });
        SnapIndex { tree: RTree::bulk_load(boxes.collect()) }
    }

    /// How much memory it takes.
    ///
    /// # Complexity
    /// O(edges).
    #[must_use]
    pub fn bytes(&self) -> usize {
        let mut bytes = 0;
        let mut open = vec![self.tree.root()];
        while let Some(node) = open.pop() {
            bytes += size_of_val(node.children());
            open.extend(node.children().iter().filter_map(|child| match child {
                RTreeNode::Parent(below) => Some(below),
                RTreeNode::Leaf(_) => None,
            }));
        }
        bytes
    }

    /// The nearest point of a road that `weights_ms` lets pass in some direction; ties go to the lower edge. None when
    /// there is no such road.
    ///
    /// # Panics
    /// When the weights are not those of `network`.
    ///
    /// # Complexity
    /// O(log n) where roads are short against their distances.
    #[must_use]
    pub fn snap(&self, network: &RoadNetwork, weights_ms: &[Millis], position: Position) -> Option<Snap> {
        let here = UnitVector::from(position);
        let point = [here.x, here.y, here.z].map(f64::from);
        let mut best: Option<(f64, Snap)> = None;
        for found in self.tree.nearest_neighbor_iter(point) {
            if best.as_ref().is_some_and(|(chord2, _)| found.distance_2(&point) > *chord2) {
                break;
            }
            let is_open = |edge: u32| weights_ms[edge as usize] < UNREACHABLE_MS;
            if !is_open(found.edge) && !network.twin(found.edge).is_some_and(is_open) {
                continue;
            }
            let (chord2, snap) = nearest_on(network, found.edge, here);
            let is_nearer =
                best.as_ref().is_none_or(|(least, other)| (chord2, snap.edge) < (*least, other.edge));
            if is_nearer {
                best = Some((chord2, snap));
            }
        }
        best.map(|(_, snap)| snap)
    }
}

/// The point of an edge's line that is nearest to `here`, with the square of the chord to it.
fn nearest_on(network: &RoadNetwork, edge: u32, here: UnitVector) -> (f64, Snap) {
    let line: Vec<Position> = network.line(edge).collect();
    let mut best: Option<(f64, Position, u64)> = None;
    let mut passed_cm = 0_u64;
    for pair in line.windows(2) {
        let (a, b) = (UnitVector::from(pair[0]), UnitVector::from(pair[1]));
        let part = foot(a, b, here);
        let at = between(pair[0], pair[1], part);
        let vector = UnitVector::from(at);
        let chord2 = chord2(vector, here);
        if best.is_none_or(|(least, ..)| chord2 < least) {
            best = Some((chord2, at, passed_cm + u64::from(distance_cm(a, vector))));
        }
        passed_cm += u64::from(distance_cm(a, b));
    }
    let (chord2, position, along_cm) = best.expect("a line has two ends");
    let piece = network.edge(edge);
    // The length of the edge is what it costs; the line may be drawn a little longer or shorter.
    let along_dm =
        (u128::from(along_cm) * u128::from(piece.length_dm)).checked_div(u128::from(passed_cm)).unwrap_or(0);
    let along_dm = (along_dm as u32).min(piece.length_dm);
    let (tail, head) = network.ends(edge);
    let junction = if along_dm <= piece.length_dm / 2 { tail } else { head };
    (chord2, Snap { edge, along_dm, distance_m: distance_m(here, position.into()), position, junction })
}

/// How far from `a` towards `b` the foot of the perpendicular from `p` stands, 0 to 1.
fn foot(a: UnitVector, b: UnitVector, p: UnitVector) -> f64 {
    let minus = |u: UnitVector, v: UnitVector| {
        [f64::from(u.x) - f64::from(v.x), f64::from(u.y) - f64::from(v.y), f64::from(u.z) - f64::from(v.z)]
    };
    let dot = |u: [f64; 3], v: [f64; 3]| u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
    let (line, to) = (minus(b, a), minus(p, a));
    let length2 = dot(line, line);
    if length2 == 0.0 { 0.0 } else { (dot(line, to) / length2).clamp(0.0, 1.0) }
}

fn chord2(a: UnitVector, b: UnitVector) -> f64 {
    let d = |p: i32, q: i32| f64::from(p) - f64::from(q);
    let (dx, dy, dz) = (d(a.x, b.x), d(a.y, b.y), d(a.z, b.z));
    dx * dx + dy * dy + dz * dz
}

/// The place at `part` of the way from `a` to `b`; roads are short, so degrees are added straight.
pub(super) fn between(a: Position, b: Position, part: f64) -> Position {
    let step = |from: i32, to: i64| from + libm::round(to as f64 * part) as i32;
    let lat_e7 = step(a.lat_e7(), i64::from(b.lat_e7()) - i64::from(a.lat_e7()));
    let span = i64::from(b.lon_e7()) - i64::from(a.lon_e7());
    if span.abs() > 1_800_000_000 {
        // Across the antimeridian: the nearer end is near enough.
        return if part < 0.5 { a } else { b };
    }
    Position::from_e7(lat_e7, step(a.lon_e7(), span)).unwrap_or(a)
}
