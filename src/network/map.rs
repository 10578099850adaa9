//! A road network ready to be asked: contracted, its structures by name, its places found.
//!
//! Two kinds of source lead to the same value: tables of trunk roads ([`RoadMap::read`]) and maps that were
//! imported ([`RoadMap::of_file`]). What differs is only how a place meets the road, at the junctions around it or on the road beside it. What is closed now is
//! not in here but in [`LiveRoads`](super::overlay::LiveRoads): a map never changes.

use super::StructureKind;
use super::file::NetworkFile;
use super::flat::FlatGraph;
use super::hierarchy::{Hierarchy, OrderFault};
use super::order::nested_dissection;
use super::roads::{RoadClass, RoadNetwork, SnapIndex};
use crate::id::{Slug, StructureId};
use crate::spatial::PointIndex;
use crate::spelling::nearest_names;
use crate::units::Metres;
use petgraph::unionfind::UnionFind;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::Arc;

pub mod stretch;

pub use stretch::{Road, Stretch, StretchFault};

/// A named bridge, tunnel or pass, and the edges that close with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Structure {
    /// Its name in commands.
    pub id: StructureId,
    /// What it is.
    pub kind: StructureKind,
    /// What people call it, Japanese.
    pub name_ja: Arc<str>,
    /// What people call it, English.
    pub name_en: Arc<str>,
    /// Its edges, ascending.
    pub edges: Vec<u32>,
}

/// A structure that the network does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the road network has no {id}{}", suggestion(.near))]
pub struct UnknownStructure {
    /// The name that was given.
    pub id: StructureId,
    /// At most three names most like it, nearest first.
    pub near: Vec<StructureId>,
}

fn suggestion(near: &[StructureId]) -> String {
    match near {
        [] => "; give the name of a structure that it lists".to_owned(),
        near => {
            let names: Vec<String> = near.iter().map(ToString::to_string).collect();
            format!("; did you mean {}?", names.join(", "))
        }
    }
}

/// How a place meets the road.
#[derive(Debug)]
pub(super) enum Ground {
    /// The network is a few trunk roads: at the junctions around the place, on its own land.
    Junctions {
        /// Junctions by number.
        near: PointIndex<u32>,
        /// Per junction: the land that it lies on, see [`lands`].
        land: Vec<u32>,
    },
    /// The network has every road: on the nearest one.
    Roads(SnapIndex),
}

/// A road network: immutable, shared, cheap to search.
#[derive(Debug)]
pub struct RoadMap {
    network: RoadNetwork,
    flat: FlatGraph,
    hierarchy: Hierarchy,
    structures: BTreeMap<StructureId, Structure>,
    pub(super) ground: Ground,
    source: String,
}

impl RoadMap {
    /// Trunk roads with the structures that their table names.
    pub(super) fn of_trunk_roads(
        network: RoadNetwork,
        structures: impl IntoIterator<Item = Structure>,
        source: String,
    ) -> RoadMap {
        let flat = network.flat();
        let plane = network.plane();
        let order = nested_dissection(&flat, plane.as_deref(), NonZeroUsize::MIN);
        let hierarchy = Hierarchy::new(&flat, &order).expect("an order of these nodes");
        let junctions = (0..flat.nodes_count()).map(|node| (network.position(node), node));
        let ground = Ground::Junctions { near: PointIndex::bulk_load(junctions), land: lands(&network) };
        let structures = structures.into_iter().map(|structure| (structure.id.clone(), structure)).collect();
        RoadMap { network, flat, hierarchy, structures, ground, source }
    }

    /// A network that was imported.
    ///
    /// # Errors
    /// [`OrderFault`] when the order in the file leads to more arcs than can be counted.
    ///
    /// # Complexity
    /// That of [`Hierarchy::new`], and O(n log n) to find places by.
    pub fn of_file(file: NetworkFile) -> Result<RoadMap, OrderFault> {
        let NetworkFile { network, order, source } = file;
        let flat = network.flat();
        let hierarchy = Hierarchy::new(&flat, &order)?;
        let structures = named_structures(&network);
        let ground = Ground::Roads(SnapIndex::new(&network));
        Ok(RoadMap { network, flat, hierarchy, structures, ground, source })
    }

    /// Junctions, edges and ways; petgraph's graph is in it.
    #[must_use]
    pub fn network(&self) -> &RoadNetwork {
        &self.network
    }

    /// The same as flat arrays.
    #[must_use]
    pub fn flat(&self) -> &FlatGraph {
        &self.flat
    }

    /// The same contracted.
    #[must_use]
    pub fn hierarchy(&self) -> &Hierarchy {
        &self.hierarchy
    }

    /// How much memory its roads take: the network, its flat arrays, its hierarchy, and where roads are found by place.
    /// What is small beside them is left out: names of structures, and the few junctions of trunk roads by place.
    ///
    /// # Complexity
    /// O(edges).
    #[must_use]
    pub fn bytes(&self) -> usize {
        let by_place = match &self.ground {
            Ground::Junctions { land, .. } => size_of_val(&land[..]),
            Ground::Roads(index) => index.bytes(),
        };
        self.network.bytes() + self.flat.bytes() + self.hierarchy.bytes() + by_place
    }

    /// What it was made of, in words.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether it holds trunk roads alone, so that a place meets its junctions and not the road beside it.
    #[must_use]
    pub fn is_trunk_roads_only(&self) -> bool {
        matches!(self.ground, Ground::Junctions { .. })
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
            near: nearest_names(id.slug(), self.structures.keys(), StructureId::slug).cloned().collect(),
        })
    }

    /// What tells this network from every other: an edge's number means nothing on another one.
    ///
    /// # Complexity
    /// O(edges).
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        for (edge, (tail, head)) in (0_u32..).zip(self.flat.edges()) {
            for number in [tail, head, self.network.edge(edge).length_dm] {
                hash.update(number.to_le_bytes());
            }
        }
        hash.finalize()[..8].iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Numbers the land under each junction: those joined by roads that are neither a bridge nor a ferry share one.
///
/// There is no coastline here, yet access by straight line must not cross a strait whose bridge is closed. On
/// the trunk roads of Kansai this rule finds exactly Honshu, Shikoku, Awaji and the two airport islands,
/// because every river is also crossed by some link whose notable object is another one.
fn lands(network: &RoadNetwork) -> Vec<u32> {
    let mut lands = UnionFind::<u32>::new(network.graph().node_count());
    for edge in network.graph().raw_edges() {
        let way = &network.ways()[edge.weight.way() as usize];
        let is_bridge =
            way.structure.as_ref().is_some_and(|structure| structure.kind == StructureKind::Bridge);
        if !is_bridge && way.class != RoadClass::Ferry && !way.is_reserved {
            lands.union(edge.source().index() as u32, edge.target().index() as u32);
        }
    }
    lands.into_labeling()
}

/// Longest part of a structure's own name that becomes its name in commands.
const SLUG_CHARS_MAX: usize = 48;

/// The structures of a map that have a name of their own: pieces of one name that lie near each other are one structure. Its name in commands is
/// made of the English name, else of the Japanese one where that is in Latin letters, else of the way's number in the map.
fn named_structures(network: &RoadNetwork) -> BTreeMap<StructureId, Structure> {
    let mut by_name: BTreeMap<(&str, &str, u8), Structure> = BTreeMap::new();
    let mut key_of_way = Vec::with_capacity(network.ways().len());
    for way in network.ways() {
        let named = way.structure.as_ref().and_then(|structure| {
            let ja = structure.name_ja.as_ref().or(structure.name_en.as_ref())?;
            let en = structure.name_en.as_ref().unwrap_or(ja);
            Some((structure.kind, ja, en))
        });
        key_of_way.push(named.map(|(kind, ja, en)| {
            let key = (&**ja, &**en, kind as u8);
            by_name.entry(key).or_insert_with(|| Structure {
                id: StructureId(spelt(en, way.osm_id)),
                kind,
                name_ja: Arc::clone(ja),
                name_en: Arc::clone(en),
                edges: Vec::new(),
            });
            key
        }));
    }
    for (edge, piece) in (0_u32..).zip(network.graph().edge_weights()) {
        if let Some(structure) = key_of_way[piece.way() as usize].and_then(|key| by_name.get_mut(&key)) {
            structure.edges.push(edge);
        }
    }
    let mut structures: BTreeMap<StructureId, Structure> = BTreeMap::new();
    let apart = by_name.into_values().flat_map(|structure| {
        let pieces = apart(network, &structure.edges);
        pieces.into_iter().map(move |edges| Structure { edges, ..structure.clone() })
    });
    for mut structure in apart {
        // Two names may be spelt alike; the later ones get a number.
        let base = structure.id.slug().to_owned();
        for number in 2_u32.. {
            if !structures.contains_key(&structure.id) {
                break;
            }
            let slug = format!("{base}-{number}").parse::<Slug>();
            structure.id = StructureId(slug.expect("a short name and a number"));
        }
        structures.insert(structure.id.clone(), structure);
    }
    structures
}

/// How far the pieces of one structure may lie from each other, metres: two carriageways of a bridge, not two bridges of a
/// common name.
const ONE_STRUCTURE_M: Metres = 500;

/// The edges of one name, those that lie near each other together, by their lowest edge.
fn apart(network: &RoadNetwork, edges: &[u32]) -> Vec<Vec<u32>> {
    let mut nodes: Vec<u32> = edges.iter().flat_map(|&edge| <[u32; 2]>::from(network.ends(edge))).collect();
    nodes.sort_unstable();
    nodes.dedup();
    let place = |node: u32| nodes.partition_point(|&known| known < node);
    let mut together = UnionFind::<usize>::new(nodes.len());
    for &edge in edges {
        let (tail, head) = network.ends(edge);
        together.union(place(tail), place(head));
    }
    let near = PointIndex::bulk_load(nodes.iter().map(|&node| (network.position(node), node)));
    for &node in &nodes {
        for beside in near.within(network.position(node), ONE_STRUCTURE_M) {
            together.union(place(node), place(*beside.payload));
        }
    }
    let mut pieces: BTreeMap<usize, Vec<u32>> = BTreeMap::new();
    for &edge in edges {
        pieces.entry(together.find(place(network.ends(edge).0))).or_default().push(edge);
    }
    let mut pieces: Vec<Vec<u32>> = pieces.into_values().collect();
    pieces.sort();
    pieces
}

fn spelt(name: &str, osm_id: i64) -> Slug {
    let letters = name.chars().take(SLUG_CHARS_MAX).map(|letter| match letter.to_ascii_lowercase() {
        letter @ ('a'..='z' | '0'..='9') => letter,
        _ => '-',
    });
    let dashed: String = letters.collect();
    let words: Vec<&str> = dashed.split('-').filter(|word| !word.is_empty()).collect();
    let foreign = name.chars().any(|letter| letter.is_alphabetic() && !letter.is_ascii());
    match words.join("-").parse() {
        Ok(slug) if !foreign => slug,
        Ok(_) | Err(_) => format!("way-{}", osm_id.unsigned_abs()).parse().expect("a word and a number"),
    }
}

#[cfg(test)]
mod tests;
