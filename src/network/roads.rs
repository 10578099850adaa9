//! Any road network: junctions, the edges between them, and the ways that those edges are pieces of.
//!
//! petgraph is the public type. A node or an edge keeps its number for ever; what closes gets an infinite weight. What
//! many edges share stands once, in their [`Way`], so that a country fits into memory: a junction is a position, an edge
//! a way, a length and a direction.
//!
//! Pure: no files (see [`import`](super::import) and [`file`](super::file)), no clock. Entry point: [`RoadNetwork`].

pub mod profile;
pub mod route;
pub mod snap;
pub mod way;

pub use profile::Profile;
pub use route::{Route, Searchable, line, route};
pub use snap::{SNAP_WARNING_M, Snap, SnapIndex, Standing};
pub use way::{Access, EmergencyOrder, RoadClass, Sailing, SpeedSource, Way, WayStructure};

use super::flat::{FlatFault, FlatGraph};
use super::order::PlanePoint;
use super::{FERRY_BOARDING_MS, Millis, UNREACHABLE_MS};
use crate::units::Position;
use petgraph::graph::{DiGraph, EdgeIndex, NodeIndex};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Where ways meet, or one ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Junction {
    /// Where it is.
    pub position: Position,
}

/// Which way along its [`Way`] an edge goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// As the way is drawn.
    Forward,
    /// Against it.
    Backward,
}

/// A piece of a way from one junction to the next, in one direction.
///
/// Eight bytes: the direction lives in the lowest bit of the way's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoadEdge {
    way_and_direction: u32,
    /// Along the road, decimetres.
    pub length_dm: u32,
}

impl RoadEdge {
    /// Ways at most: one bit of their number is the direction's.
    pub const WAYS_MAX: u32 = u32::MAX / 2;

    /// A piece of way number `way`.
    ///
    /// # Panics
    /// When the number is above [`RoadEdge::WAYS_MAX`].
    #[must_use]
    pub fn new(way: u32, direction: Direction, length_dm: u32) -> RoadEdge {
        assert!(way <= RoadEdge::WAYS_MAX, "way {way} of at most {}", RoadEdge::WAYS_MAX);
        RoadEdge { way_and_direction: way << 1 | u32::from(direction == Direction::Backward), length_dm }
    }

    /// The number of its way.
    #[must_use]
    pub fn way(self) -> u32 {
        self.way_and_direction >> 1
    }

    /// Which way along it.
    #[must_use]
    pub fn direction(self) -> Direction {
        if self.way_and_direction & 1 == 0 { Direction::Forward } else { Direction::Backward }
    }
}

/// The lines of the edges between their junctions; both directions of a road share one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shapes {
    /// Per edge: which shape.
    of_edge: Vec<u32>,
    /// Points of shape `s` are `first[s]..first[s + 1]`, as the way is drawn, without the two junctions.
    first: Vec<u32>,
    points: Vec<Position>,
}

/// The parts that a network is made of.
#[derive(Clone, Debug, Default)]
pub struct NetworkParts {
    /// Whether the junctions stand where their positions say; files of bare graphs have none.
    pub has_positions: bool,
    /// Per node: its position.
    pub positions: Vec<Position>,
    /// Per edge: from where, to where, which piece.
    pub edges: Vec<(u32, u32, RoadEdge)>,
    /// Per edge: which shape.
    pub shape_of_edge: Vec<u32>,
    /// Per shape and one more: where its points begin.
    pub shape_first: Vec<u32>,
    /// The points of all shapes.
    pub shape_points: Vec<Position>,
    /// What the edges are pieces of.
    pub ways: Vec<Way>,
    /// Per edge: the travel time that the source states, if it states times and not roads.
    pub stated_ms: Option<Vec<Millis>>,
}

/// Why parts are no network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PartsFault {
    /// The ends of the edges are none of the nodes.
    #[error(transparent)]
    Graph(#[from] FlatFault),
    /// There are more ways than edges can name.
    #[error("{count} ways, at most {max}")]
    TooManyWays {
        /// How many.
        count: usize,
        /// How many there may be.
        max: u32,
    },
    /// An edge of a way that is not there.
    #[error("edge {edge} is of way {way}, which is not there")]
    NoSuchWay {
        /// Which edge.
        edge: usize,
        /// Of which way.
        way: u32,
    },
    /// The shapes are not told for each edge, or do not follow each other.
    #[error("the lines of the edges do not fit the edges")]
    Shapes,
    /// The travel times are not told for each edge, or one is longer than any journey.
    #[error("the travel times do not fit the edges")]
    Times,
}

/// What a shared name takes beside its letters: two counts of who shares it.
const NAME_COUNTS_BYTES: usize = 2 * size_of::<usize>();

/// A road network.
#[derive(Clone, Debug)]
pub struct RoadNetwork {
    graph: DiGraph<Junction, RoadEdge>,
    ways: Vec<Way>,
    shapes: Shapes,
    stated_ms: Option<Vec<Millis>>,
    has_positions: bool,
}

impl RoadNetwork {
    /// Puts a network together; numbers are those of the parts.
    ///
    /// # Errors
    /// [`PartsFault`] when the parts contradict each other.
    pub fn new(parts: NetworkParts) -> Result<RoadNetwork, PartsFault> {
        check(&parts)?;
        let mut graph = DiGraph::with_capacity(parts.positions.len(), parts.edges.len());
        for position in parts.positions {
            graph.add_node(Junction { position });
        }
        for (tail, head, edge) in parts.edges {
            graph.add_edge(NodeIndex::new(tail as usize), NodeIndex::new(head as usize), edge);
        }
        let shapes =
            Shapes { of_edge: parts.shape_of_edge, first: parts.shape_first, points: parts.shape_points };
        Ok(RoadNetwork {
            graph,
            ways: parts.ways,
            shapes,
            stated_ms: parts.stated_ms,
            has_positions: parts.has_positions,
        })
    }

    /// How much memory it takes; a name that ways share counts once.
    ///
    /// # Complexity
    /// O(ways x log names).
    #[must_use]
    pub fn bytes(&self) -> usize {
        let graph = size_of_val(self.graph.raw_nodes()) + size_of_val(self.graph.raw_edges());
        let names: BTreeMap<*const u8, usize> = self
            .ways
            .iter()
            .flat_map(Way::names)
            .map(|name| (Arc::as_ptr(name).cast::<u8>(), name.len() + NAME_COUNTS_BYTES))
            .collect();
        let stated = self.stated_ms.as_deref().map_or(0, size_of_val);
        graph + size_of_val(&self.ways[..]) + names.values().sum::<usize>() + self.shapes.bytes() + stated
    }

    /// Junctions and edges.
    #[must_use]
    pub fn graph(&self) -> &DiGraph<Junction, RoadEdge> {
        &self.graph
    }

    /// What the edges are pieces of, by number.
    #[must_use]
    pub fn ways(&self) -> &[Way] {
        &self.ways
    }

    /// The way of an edge.
    ///
    /// # Panics
    /// When there is no such edge.
    #[must_use]
    pub fn way_of(&self, edge: u32) -> &Way {
        &self.ways[self.edge(edge).way() as usize]
    }

    /// An edge by its number.
    ///
    /// # Panics
    /// When there is no such edge.
    #[must_use]
    pub fn edge(&self, edge: u32) -> RoadEdge {
        self.graph[EdgeIndex::new(edge as usize)]
    }

    /// From where to where an edge goes.
    ///
    /// # Panics
    /// When there is no such edge.
    #[must_use]
    pub fn ends(&self, edge: u32) -> (u32, u32) {
        let edge = EdgeIndex::new(edge as usize);
        let (tail, head) = self.graph.edge_endpoints(edge).expect("an edge of this network");
        (tail.index() as u32, head.index() as u32)
    }

    /// Where a junction is.
    ///
    /// # Panics
    /// When there is no such junction.
    #[must_use]
    pub fn position(&self, node: u32) -> Position {
        self.graph[NodeIndex::new(node as usize)].position
    }

    /// Whether junctions have positions: a bare graph without coordinates can be searched, but nothing can be found on it.
    #[must_use]
    pub fn has_positions(&self) -> bool {
        self.has_positions
    }

    /// The travel time of each edge as its source states it, where it states times.
    #[must_use]
    pub fn stated_ms(&self) -> Option<&[Millis]> {
        self.stated_ms.as_deref()
    }

    /// The line of an edge in the direction of travel, with both junctions.
    ///
    /// # Panics
    /// When there is no such edge.
    pub fn line(&self, edge: u32) -> impl Iterator<Item = Position> + '_ {
        let (tail, head) = self.ends(edge);
        let between = self.shapes.of_edge(edge);
        let is_forward = self.edge(edge).direction() == Direction::Forward;
        let count = between.len();
        let between = (0..count).map(move |at| between[if is_forward { at } else { count - 1 - at }]);
        let ends = [self.position(tail), self.position(head)];
        [ends[0]].into_iter().chain(between).chain([ends[1]])
    }

    /// The lines as stored: for the file.
    pub(super) fn shapes(&self) -> (&[u32], &[u32], &[Position]) {
        (&self.shapes.of_edge, &self.shapes.first, &self.shapes.points)
    }

    /// The edge the other way on the same piece of road, if that is allowed.
    #[must_use]
    pub fn twin(&self, edge: u32) -> Option<u32> {
        let (_, head) = self.ends(edge);
        let shape = self.shapes.of_edge[edge as usize];
        self.graph
            .edges(NodeIndex::new(head as usize))
            .map(|out| petgraph::visit::EdgeRef::id(&out).index() as u32)
            .find(|&out| out != edge && self.shapes.of_edge[out as usize] == shape)
    }

    /// The same network as flat arrays, numbers unchanged.
    #[must_use]
    pub fn flat(&self) -> FlatGraph {
        FlatGraph::of(&self.graph).expect("a network is checked when it is put together")
    }

    /// Where each node is on a plane, for [`nested_dissection`](super::order::nested_dissection); none without positions.
    ///
    /// Degrees, the longitudes halved above all other corrections needed: cuts need no more than a sensible shape.
    #[must_use]
    pub fn plane(&self) -> Option<Vec<PlanePoint>> {
        if !self.has_positions {
            return None;
        }
        let middle =
            self.graph.node_weights().map(|junction| i64::from(junction.position.lat_e7())).sum::<i64>()
                / (self.graph.node_count().max(1) as i64);
        let shrink = libm::cos((middle as f64 / 1e7).to_radians());
        let point = |junction: &Junction| PlanePoint {
            x: libm::round(f64::from(junction.position.lon_e7()) * shrink) as i32,
            y: junction.position.lat_e7(),
        };
        Some(self.graph.node_weights().map(point).collect())
    }

    /// Milliseconds that `profile` takes along each edge, rounded up, never 0; [`UNREACHABLE_MS`] where it may not or
    /// cannot pass, and on what is only reserved. Boarding a ferry costs [`FERRY_BOARDING_MS`] where one comes from a road.
    ///
    /// # Complexity
    /// O(nodes + edges).
    #[must_use]
    pub fn weights_ms(&self, profile: Profile) -> Vec<Millis> {
        let mut weights = self.weights_when_opened_ms(profile);
        if self.ways.iter().any(|way| way.is_reserved) {
            for (weight_ms, piece) in weights.iter_mut().zip(self.graph.edge_weights()) {
                if self.ways[piece.way() as usize].is_reserved {
                    *weight_ms = UNREACHABLE_MS;
                }
            }
        }
        weights
    }

    /// As [`RoadNetwork::weights_ms`], but what is reserved counts as opened.
    #[must_use]
    pub fn weights_when_opened_ms(&self, profile: Profile) -> Vec<Millis> {
        if let Some(stated) = &self.stated_ms {
            return stated.clone();
        }
        let per_way: Vec<u32> = self.ways.iter().map(|way| profile.speed_ckmh(way)).collect();
        let is_quay = self.quays();
        let mut weights = Vec::with_capacity(self.graph.edge_count());
        for edge in self.graph.raw_edges() {
            let piece = edge.weight;
            let way = &self.ways[piece.way() as usize];
            let sailing = way.sailing.filter(|_| per_way[piece.way() as usize] > 0);
            let travel_ms = match sailing {
                Some(sailing) => sailing.share_ms(piece.length_dm),
                None => travel_ms(piece.length_dm, per_way[piece.way() as usize]),
            };
            let is_boarding = way.class == RoadClass::Ferry && is_quay[edge.source().index()];
            let boarding_ms = if is_boarding { FERRY_BOARDING_MS } else { 0 };
            weights.push((travel_ms + boarding_ms).clamp(1, UNREACHABLE_MS));
        }
        weights
    }

    /// Per node: whether something other than a ferry meets it.
    fn quays(&self) -> Vec<bool> {
        let mut is_quay = vec![false; self.graph.node_count()];
        for edge in self.graph.raw_edges() {
            if self.ways[edge.weight.way() as usize].class != RoadClass::Ferry {
                is_quay[edge.source().index()] = true;
                is_quay[edge.target().index()] = true;
            }
        }
        is_quay
    }

    /// Gives edges an emergency-transport-road order: a way of which only some edges have one is split into two.
    ///
    /// # Panics
    /// When there is not one order for each edge.
    pub(super) fn set_emergency_orders(&mut self, orders: &[Option<EmergencyOrder>]) {
        assert_eq!(orders.len(), self.graph.edge_count(), "one order for each edge");
        // By way: the order that its record has got, and the records split off for other orders.
        let mut split: BTreeMap<(u32, Option<EmergencyOrder>), u32> = Default::default();
        let mut is_taken = vec![false; self.ways.len()];
        for (edge, &order) in self.graph.edge_weights_mut().zip(orders) {
            let old = edge.way();
            let way = *split.entry((old, order)).or_insert_with(|| {
                if !std::mem::replace(&mut is_taken[old as usize], true) {
                    self.ways[old as usize].emergency_order = order;
                    return old;
                }
                let copy = Way { emergency_order: order, ..self.ways[old as usize].clone() };
                self.ways.push(copy);
                (self.ways.len() - 1) as u32
            });
            *edge = RoadEdge::new(way, edge.direction(), edge.length_dm);
        }
    }
}

impl Shapes {
    fn bytes(&self) -> usize {
        size_of_val(&self.of_edge[..]) + size_of_val(&self.first[..]) + size_of_val(&self.points[..])
    }

    fn of_edge(&self, edge: u32) -> &[Position] {
        let shape = self.of_edge[edge as usize] as usize;
        &self.points[self.first[shape] as usize..self.first[shape + 1] as usize]
    }
}

fn check(parts: &NetworkParts) -> Result<(), PartsFault> {
    let nodes_count = parts.positions.len();
    for count in [nodes_count, parts.edges.len()] {
        if count > FlatGraph::COUNT_MAX as usize {
            return Err(FlatFault::TooMany { count, max: FlatGraph::COUNT_MAX }.into());
        }
    }
    if parts.ways.len() > RoadEdge::WAYS_MAX as usize {
        return Err(PartsFault::TooManyWays { count: parts.ways.len(), max: RoadEdge::WAYS_MAX });
    }
    for (edge, &(tail, head, piece)) in parts.edges.iter().enumerate() {
        for node in [tail, head] {
            if node as usize >= nodes_count {
                let (edge, nodes_count) = (edge as u32, nodes_count as u32);
                return Err(FlatFault::NoSuchNode { edge, node, nodes_count }.into());
            }
        }
        if piece.way() as usize >= parts.ways.len() {
            return Err(PartsFault::NoSuchWay { edge, way: piece.way() });
        }
    }
    let shapes_count = parts.shape_first.len().checked_sub(1).ok_or(PartsFault::Shapes)?;
    let follow = parts.shape_first.first() == Some(&0)
        && parts.shape_first.is_sorted()
        && parts.shape_first[shapes_count] as usize == parts.shape_points.len();
    let fit = parts.shape_of_edge.len() == parts.edges.len()
        && parts.shape_of_edge.iter().all(|&shape| (shape as usize) < shapes_count);
    if !follow || !fit {
        return Err(PartsFault::Shapes);
    }
    let believed = |times: &Vec<Millis>| {
        times.len() == parts.edges.len() && times.iter().all(|&ms| (1..=UNREACHABLE_MS).contains(&ms))
    };
    if parts.stated_ms.as_ref().is_some_and(|times| !believed(times)) {
        return Err(PartsFault::Times);
    }
    Ok(())
}

/// Milliseconds along `length_dm` at a speed in hundredths of km/h, rounded up; unreachable at no speed.
fn travel_ms(length_dm: u32, speed_ckmh: u32) -> Millis {
    if speed_ckmh == 0 {
        return UNREACHABLE_MS;
    }
    let ms = (u64::from(length_dm) * 36_000).div_ceil(u64::from(speed_ckmh));
    u32::try_from(ms).unwrap_or(UNREACHABLE_MS).min(UNREACHABLE_MS)
}

#[cfg(test)]
mod tests;
