//! The network as a petgraph graph, and the flat arrays built from it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use petgraph::Direction;
use petgraph::graph::{DiGraph, EdgeIndex, NodeIndex};
use petgraph::unionfind::UnionFind;
use petgraph::visit::{EdgeRef, IntoNodeReferences};

use super::closures::{UnknownStructure, near_names};
use crate::id::{Slug, StructureId};
use crate::spatial::PointIndex;
use crate::units::{Metres, Position};

/// Spans of travel on the network, milliseconds.
pub type Millis = u32;

/// Milliseconds where no open path exists; half of the range, so that one addition cannot wrap. Journeys of
/// more than these 24 days count as unreachable.
pub const UNREACHABLE_MS: Millis = u32::MAX / 2;

/// Boarding a ferry, added to its sailing time: 45 min.
///
/// Source: notes on the trunk road tables (2026), the planning value with which their reference times were
/// checked; timetables are not modelled, so the wait for the next departure can be longer.
pub const FERRY_BOARDING_MS: Millis = 45 * 60 * 1000;

/// A link of the table: its row, counted from 0. Both directions of a road share it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LinkId(pub u32);

impl fmt::Display for LinkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "link {}", self.0)
    }
}

/// A place where roads meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoadNode {
    /// Its name in the tables.
    pub id: Slug,
    /// What people call it, Japanese.
    pub name_ja: Arc<str>,
    /// What people call it, English.
    pub name_en: Arc<str>,
    /// Where it is.
    pub position: Position,
}

/// What kind of way a link is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LinkClass {
    /// National expressway.
    Expressway,
    /// Toll road of a city.
    UrbanExpressway,
    /// National route.
    National,
    /// Main prefectural road.
    PrefecturalMain,
    /// Local road between a place and the trunk road.
    Connector,
    /// A ship that takes vehicles; [`FERRY_BOARDING_MS`] is added.
    Ferry,
}

/// The notable object on a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StructureKind {
    /// Over water or a valley.
    Bridge,
    /// Through a mountain or under water.
    Tunnel,
    /// A road over a mountain, closed first by snow and slides.
    Mountain,
}

/// One direction of a link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoadLink {
    /// The row of the table that it comes from.
    pub id: LinkId,
    /// What kind of way it is.
    pub class: LinkClass,
    /// Its length.
    pub length_m: Metres,
    /// The speed without traffic, which is the speed of an emergency vehicle here.
    pub free_flow_kmh: u16,
    /// The weight: length over free-flow speed, rounded up, plus [`FERRY_BOARDING_MS`] on a ferry; never 0.
    pub travel_ms: Millis,
    /// The notable object on it, if any.
    pub structure_kind: Option<StructureKind>,
    /// The name under which it is closed and opened, if any.
    pub structure: Option<StructureId>,
    /// What people call the road, Japanese.
    pub road_ja: Arc<str>,
    /// What people call the road, English.
    pub road_en: Arc<str>,
}

/// A named structure and the links that close with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Structure {
    /// Its name in commands.
    pub id: StructureId,
    /// What people call it, Japanese.
    pub name_ja: Arc<str>,
    /// What people call it, English.
    pub name_en: Arc<str>,
    /// Its links, ascending.
    pub links: Vec<LinkId>,
}

/// A road network: immutable, shared, cheap to search.
///
/// Its petgraph nodes are numbered as the rows of the node table, its edges as the rows of the link table (a
/// two-way row makes two edges in a row), and neither ever changes: edges are closed by [`super::Closures`],
/// never removed.
#[derive(Debug)]
pub struct RoadGraph {
    graph: DiGraph<RoadNode, RoadLink>,
    structures: BTreeMap<StructureId, Structure>,
    outward: Arcs,
    inward: Arcs,
    nodes_near: PointIndex<u32>,
    /// Which land each node lies on; see [`lands`].
    land: Vec<u32>,
    links_count: usize,
}

impl RoadGraph {
    /// Builds the arrays.
    pub(super) fn new(
        graph: DiGraph<RoadNode, RoadLink>,
        structures: impl IntoIterator<Item = Structure>,
    ) -> RoadGraph {
        let places = graph.node_references().map(|(node, place)| (place.position, node.index() as u32));
        RoadGraph {
            structures: structures.into_iter().map(|structure| (structure.id.clone(), structure)).collect(),
            outward: Arcs::of(&graph, Direction::Outgoing),
            inward: Arcs::of(&graph, Direction::Incoming),
            nodes_near: PointIndex::bulk_load(places),
            land: lands(&graph),
            links_count: graph.edge_weights().map(|link| link.id.0 as usize + 1).max().unwrap_or(0),
            graph,
        }
    }

    /// The network as petgraph knows it.
    #[must_use]
    pub fn graph(&self) -> &DiGraph<RoadNode, RoadLink> {
        &self.graph
    }

    /// How many links (rows of the table) there are.
    #[must_use]
    pub fn links_count(&self) -> usize {
        self.links_count
    }

    /// Every named structure, by name.
    pub fn structures(&self) -> impl Iterator<Item = &Structure> {
        self.structures.values()
    }

    /// The structure of that name: the one place where such a name is judged.
    ///
    /// # Errors
    /// [`UnknownStructure`] with the names most like it.
    pub fn structure(&self, id: &StructureId) -> Result<&Structure, UnknownStructure> {
        self.structures.get(id).ok_or_else(|| UnknownStructure {
            id: id.clone(),
            near: near_names(id.slug(), self.structures.keys(), StructureId::slug).cloned().collect(),
        })
    }

    /// The arcs to follow from the sources of a search.
    pub(super) fn arcs(&self, direction: Direction) -> &Arcs {
        match direction {
            Direction::Outgoing => &self.outward,
            Direction::Incoming => &self.inward,
        }
    }

    /// Nodes (by index) near a place.
    pub(super) fn nodes_near(&self) -> &PointIndex<u32> {
        &self.nodes_near
    }

    /// The land that a node lies on.
    pub(super) fn land(&self, node: NodeIndex) -> u32 {
        self.land[node.index()]
    }
}

/// Numbers the land under each node: nodes joined by links that are neither a bridge nor a ferry share one.
///
/// There is no coastline here, yet access by straight line must not cross a strait whose bridge is closed. On
/// the trunk roads of Kansai this rule finds exactly Honshu, Shikoku, Awaji and the two airport islands,
/// because every river is also crossed by some link whose notable object is another one.
fn lands(graph: &DiGraph<RoadNode, RoadLink>) -> Vec<u32> {
    let mut lands = UnionFind::<u32>::new(graph.node_count());
    for edge in graph.edge_references() {
        let link = edge.weight();
        let over_water = link.structure_kind == Some(StructureKind::Bridge) || link.class == LinkClass::Ferry;
        if !over_water {
            lands.union(edge.source().index() as u32, edge.target().index() as u32);
        }
    }
    lands.into_labeling()
}

/// One direction of all edges as flat arrays: the arcs of node `n` are `first[n]..first[n + 1]`, in the order
/// of their edges.
#[derive(Debug)]
pub(super) struct Arcs {
    first: Vec<u32>,
    arcs: Vec<RoadArc>,
}

/// One step of a search, in 16 bytes so that four share a cache line.
#[derive(Clone, Copy, Debug)]
pub(super) struct RoadArc {
    /// The node at the far end.
    pub(super) head: u32,
    /// Its weight.
    pub(super) travel_ms: Millis,
    /// Its index in petgraph.
    pub(super) edge: u32,
    /// The link that closes it.
    pub(super) link: u32,
}

impl Arcs {
    fn of(graph: &DiGraph<RoadNode, RoadLink>, direction: Direction) -> Arcs {
        let mut arcs = Vec::with_capacity(graph.edge_count());
        let mut first = Vec::with_capacity(graph.node_count() + 1);
        for node in graph.node_indices() {
            let begin = arcs.len();
            first.push(begin as u32);
            arcs.extend(graph.edges_directed(node, direction).map(|edge| RoadArc {
                head: if direction == Direction::Outgoing { edge.target() } else { edge.source() }.index()
                    as u32,
                travel_ms: edge.weight().travel_ms,
                edge: edge.id().index() as u32,
                link: edge.weight().id.0,
            }));
            // petgraph walks its lists backwards.
            arcs[begin..].sort_unstable_by_key(|arc| arc.edge);
        }
        first.push(arcs.len() as u32);
        Arcs { first, arcs }
    }

    /// How many nodes there are.
    pub(super) fn nodes_count(&self) -> usize {
        self.first.len() - 1
    }

    /// The arcs of a node.
    pub(super) fn of_node(&self, node: u32) -> &[RoadArc] {
        let node = node as usize;
        &self.arcs[self.first[node] as usize..self.first[node + 1] as usize]
    }
}

/// An edge by its number in [`RoadArc`].
pub(super) fn edge_index(edge: u32) -> EdgeIndex {
    EdgeIndex::new(edge as usize)
}
