//! The shortest way around areas: a visibility graph over their corners.
//!
//! Only the areas in the way are looked at: the shortest way around some of them is a lower bound of the way around all, and
//! when nothing else bars it, it is that way. Areas are added until then.
//!
//! A shortest way turns at a convex corner only, and leaves the whole corner on one side; two comparisons sort out most
//! pairs of corners before an area is asked whether it bars the leg between them.

use petgraph::algo::dijkstra;
use petgraph::graph::{NodeIndex, UnGraph};
use petgraph::visit::EdgeRef;

use super::polygon::{Bounds, Hand, Polygon, Slide};
use super::sphere::{Arc, Normal, turn};
use crate::units::geodesy::{UnitVector, distance_m};
use crate::units::{Metres, Position};

/// Most convex corners of the areas in the way of one leg: half a million pairs.
pub const SIGHT_CORNERS_MAX: usize = 1_024;
/// One edge, in the cost that is searched by: among ways of equal metres the one of fewer legs wins, and every edge
/// costs something.
const EDGE_COST: u64 = 1;
/// One metre, in that cost; more than a way has edges.
const METRE_COST: u64 = 1 << 16;
const _: () = assert!(SIGHT_CORNERS_MAX + 2 < 1 << 16);

/// A place where a way may turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) position: Position,
    pub(super) at: UnitVector,
    /// Before, here, after.
    corner: Option<[UnitVector; 3]>,
}

impl Place {
    pub(super) fn free(position: Position) -> Place {
        Place { position, at: position.into(), corner: None }
    }

    /// Whether a way towards `to` can be part of a shortest one that turns here.
    fn is_tangent(&self, to: UnitVector) -> bool {
        self.corner.is_none_or(|[before, here, after]| {
            let normal = Normal::of(here, to);
            normal.side(before).signum() * normal.side(after).signum() >= 0
        })
    }
}

/// Why there is no way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NoWay {
    /// These areas, by index, leave none.
    Enclosed(Vec<usize>),
    /// More than [`SIGHT_CORNERS_MAX`].
    Intricate(usize),
}

/// A way, and the areas, by index, that it was led around.
pub(super) type Around = (Vec<Place>, Vec<usize>);

/// The shortest way from one place to another that enters none of `areas`.
///
/// Among ways of equal metres the one with fewer turns wins, then that of the lower area and corner.
pub(super) fn shortest(from: Place, to: Place, areas: &[&Polygon]) -> Result<Around, NoWay> {
    if from.at == to.at {
        return Ok((vec![from, to], Vec::new()));
    }
    let mut sight = Sight::new(from, to);
    let mut way = vec![from, to];
    loop {
        let mut barring: Vec<usize> = legs(&way).flat_map(|leg| barring(&leg, areas)).collect();
        barring.sort_unstable();
        barring.dedup();
        barring.retain(|area| !sight.matter.contains(area));
        if barring.is_empty() {
            return Ok((way, sight.matter));
        }
        sight.add(&barring, areas)?;
        way = sight.shortest().ok_or(NoWay::Enclosed(sight.matter.clone()))?;
    }
}

pub(super) fn legs(way: &[Place]) -> impl Iterator<Item = Arc> + '_ {
    way.windows(2).map(|ends| Arc::new(ends[0].at, ends[1].at))
}

/// The areas that a leg may not pass because of, ascending; none when it is free.
///
/// Two areas with a common border bar the leg along it: there is no room between them. The border is common where both
/// have the same corners; a corner of one upon an edge of the other is off it by millimetres, which may be a gap. Two that
/// meet in a point leave a way through it.
pub(super) fn barring(leg: &Arc, areas: &[&Polygon]) -> Vec<usize> {
    let bounds = Bounds::of(&[leg.from, leg.to]);
    let near = || areas.iter().enumerate().filter(|(_, area)| area.bounds().meet(&bounds));
    let mut barring: Vec<usize> = near().filter(|(_, a)| a.blocks(leg, &bounds)).map(|(i, _)| i).collect();
    let slides: Vec<(usize, Slide)> =
        near().flat_map(|(index, area)| area.slides(leg).map(move |slide| (index, slide))).collect();
    for (left, a) in slides.iter().filter(|(_, slide)| slide.inside == Hand::Left) {
        for (right, b) in slides.iter().filter(|(_, slide)| slide.inside == Hand::Right) {
            // The later start against the earlier end.
            let start = if leg.orders(a.from, b.from) { b.from } else { a.from };
            let end = if leg.orders(a.to, b.to) { a.to } else { b.to };
            if leg.orders(start, end) {
                barring.extend([*left, *right]);
            }
        }
    }
    barring.sort_unstable();
    barring.dedup();
    barring
}

/// The visibility graph of two places and the areas that matter between them.
struct Sight {
    graph: UnGraph<Place, Metres>,
    from: NodeIndex,
    to: NodeIndex,
    /// Ascending.
    matter: Vec<usize>,
}

impl Sight {
    fn new(from: Place, to: Place) -> Sight {
        let mut graph = UnGraph::default();
        let (from, to) = (graph.add_node(from), graph.add_node(to));
        Sight { graph, from, to, matter: Vec::new() }
    }

    /// Adds areas, with the ways to and from their corners, and takes out the ways that they bar.
    fn add(&mut self, added: &[usize], areas: &[&Polygon]) -> Result<(), NoWay> {
        self.matter.extend(added);
        self.matter.sort_unstable();
        let known = if self.graph.node_count() > 2 { self.graph.node_count() } else { 0 };
        for &index in added {
            let area = areas[index];
            for corner in 0..area.points().len() {
                let around @ [before, here, after] = area.around(corner);
                if turn(before, here, after).is_gt() {
                    let position = area.corners()[corner];
                    self.graph.add_node(Place { position, at: here, corner: Some(around) });
                }
            }
        }
        let corners = self.graph.node_count() - 2;
        if corners > SIGHT_CORNERS_MAX {
            return Err(NoWay::Intricate(corners));
        }
        let matter: Vec<&Polygon> = self.matter.iter().map(|&index| areas[index]).collect();
        self.graph.retain_edges(|graph, edge| {
            let ends = graph.edge_endpoints(edge);
            ends.is_some_and(|(a, b)| barring(&Arc::new(graph[a].at, graph[b].at), &matter).is_empty())
        });
        let is_open: Vec<bool> =
            self.graph.node_weights().map(|place| !matter.iter().any(|area| area.holds(place.at))).collect();
        for b in known..self.graph.node_count() {
            for a in 0..b {
                if is_open[a] && is_open[b] {
                    self.join(NodeIndex::new(a), NodeIndex::new(b), &matter);
                }
            }
        }
        Ok(())
    }

    /// Joins two places if a shortest way can go straight from one to the other.
    fn join(&mut self, a: NodeIndex, b: NodeIndex, matter: &[&Polygon]) {
        let (here, there) = (self.graph[a], self.graph[b]);
        let is_likely = here.at != there.at && here.is_tangent(there.at) && there.is_tangent(here.at);
        if is_likely && barring(&Arc::new(here.at, there.at), matter).is_empty() {
            self.graph.add_edge(a, b, distance_m(here.at, there.at));
        }
    }

    /// The shortest way; read backwards from the costs, so that which of equal ways it is does not depend on a heap.
    fn shortest(&self) -> Option<Vec<Place>> {
        let cost = |metres: Metres| u64::from(metres) * METRE_COST + EDGE_COST;
        let costs = dijkstra(&self.graph, self.from, Some(self.to), |edge| cost(*edge.weight()));
        let mut rest = *costs.get(&self.to)?;
        let mut node = self.to;
        let mut way = vec![self.graph[self.to]];
        while node != self.from {
            let before = |other: NodeIndex, metres: Metres| {
                costs.get(&other).is_some_and(|&known| known + cost(metres) == rest)
            };
            let (last, metres) = self
                .graph
                .edges(node)
                .map(|edge| {
                    (if edge.source() == node { edge.target() } else { edge.source() }, *edge.weight())
                })
                .filter(|&(other, metres)| before(other, metres))
                .min()?;
            rest -= cost(metres);
            node = last;
            way.push(self.graph[node]);
        }
        way.reverse();
        Some(way)
    }
}
