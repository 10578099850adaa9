//! Which edges are meant: by number, structure, road and kilometre, area, class.

use super::{RoadMap, UnknownStructure};
use crate::id::StructureId;
use crate::network::air::Polygon;
use crate::network::roads::{EmergencyOrder, RoadClass};
use crate::spatial::PointIndex;
use crate::spelling::nearest_names;
use crate::units::{Metres, Position};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

/// How far the carriageway of the other direction may be from the main piece of a road, metres.
const BESIDE_M: Metres = 500;

/// A part of the network as people name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stretch<'a> {
    /// These edges, by number; those the other way are others.
    Edges(&'a [u32]),
    /// A named bridge, tunnel or pass, in both directions.
    Structure(&'a StructureId),
    /// A road between two of its kilometres, in both directions; see [`RoadMap::road`] for where they count from.
    Section {
        /// Its name in either language, or its route number.
        road: &'a str,
        /// From this one, decimetres.
        from_dm: u64,
        /// To this one, decimetres.
        to_dm: u64,
    },
    /// Everything of which a part lies inside.
    Area(&'a Polygon),
    /// Everything of these kinds: "expressways are closed for inspection".
    Classes(&'a [RoadClass]),
    /// Emergency transport roads of this order.
    EmergencyRoads(EmergencyOrder),
    /// Everything that is shut every winter.
    WinterClosures,
}

/// Why a stretch is none of this network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StretchFault {
    /// An edge that is not there.
    #[error("the network has no edge {edge}, of {count}")]
    NoSuchEdge {
        /// Which.
        edge: u32,
        /// How many there are.
        count: u32,
    },
    /// A structure that is not there.
    #[error(transparent)]
    Structure(#[from] UnknownStructure),
    /// A road that is not there.
    #[error("the network has no road \"{road}\"{}", suggestion(.near))]
    UnknownRoad {
        /// The name that was given, at most 80 letters of it.
        road: String,
        /// At most three names most like it, nearest first.
        near: Vec<String>,
    },
    /// Kilometres that the road does not have.
    #[error(
        "the section from {} to {} m is none of a road of {} m; the first must be lower, and on the road",
        from_dm / 10, to_dm / 10, length_dm / 10
    )]
    NoSuchSection {
        /// From this one, decimetres.
        from_dm: u64,
        /// To this one, decimetres.
        to_dm: u64,
        /// How long the road is, decimetres.
        length_dm: u64,
    },
    /// The network has no road there, or of that kind.
    #[error("no road of the network is meant")]
    Nothing,
}

fn suggestion(near: &[String]) -> String {
    if near.is_empty() { String::new() } else { format!("; did you mean {}?", near.join(", ")) }
}

/// A road with its kilometres.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Road {
    /// Where kilometre 0 is.
    pub origin: Position,
    /// From there to the other end, decimetres.
    pub length_dm: u64,
    /// Its edges: number, lower and higher end in decimetres from the origin.
    pub edges: Vec<(u32, u64, u64)>,
}

impl RoadMap {
    /// The edges that are meant, ascending, each once.
    ///
    /// # Errors
    /// [`StretchFault`] when the network has nothing like it.
    ///
    /// # Complexity
    /// O(edges) for all but edges and structures; O(edges of the road x log) for a section.
    pub fn edges_of(&self, stretch: &Stretch<'_>) -> Result<Vec<u32>, StretchFault> {
        let network = self.network();
        let by_way = |is_meant: &dyn Fn(&crate::network::roads::Way) -> bool| -> Vec<u32> {
            let meant: Vec<bool> = network.ways().iter().map(is_meant).collect();
            let pieces = (0_u32..).zip(network.graph().edge_weights());
            pieces.filter(|(_, piece)| meant[piece.way() as usize]).map(|(edge, _)| edge).collect()
        };
        let edges = match *stretch {
            Stretch::Edges(edges) => {
                let count = self.flat().edges_count();
                if let Some(&edge) = edges.iter().find(|&&edge| edge >= count) {
                    return Err(StretchFault::NoSuchEdge { edge, count });
                }
                edges.iter().copied().collect::<BTreeSet<u32>>().into_iter().collect()
            }
            Stretch::Structure(id) => self.structure(id)?.edges.clone(),
            Stretch::Section { road, from_dm, to_dm } => {
                let found = self.road(road)?;
                let length_dm = found.length_dm;
                if from_dm == 0 && to_dm >= length_dm {
                    // All of that name, wherever it is.
                    return Ok(self.named(road));
                }
                if from_dm >= to_dm || from_dm >= length_dm {
                    // Who says no end means that of the road.
                    let to_dm = if to_dm >= u64::from(u32::MAX) * 10 { length_dm } else { to_dm };
                    return Err(StretchFault::NoSuchSection { from_dm, to_dm, length_dm });
                }
                let is_within =
                    |low: u64, high: u64| low < to_dm && (high > from_dm || low == high && low >= from_dm);
                let within = found.edges.iter().filter(|&&(_, low, high)| is_within(low, high));
                within.map(|&(edge, ..)| edge).collect()
            }
            Stretch::Area(polygon) => (0..self.flat().edges_count())
                .filter(|&edge| {
                    let line: Vec<Position> = network.line(edge).collect();
                    line.windows(2).any(|piece| polygon.meets(piece[0], piece[1]))
                })
                .collect(),
            Stretch::Classes(classes) => by_way(&|way| classes.contains(&way.class)),
            Stretch::EmergencyRoads(order) => by_way(&|way| way.emergency_order == Some(order)),
            Stretch::WinterClosures => by_way(&|way| way.closes_in_winter),
        };
        if edges.is_empty() { Err(StretchFault::Nothing) } else { Ok(edges) }
    }

    /// The edges of that name or route number, ascending.
    fn named(&self, name: &str) -> Vec<u32> {
        let (network, name) = (self.network(), name.trim());
        let is_meant = |way: &crate::network::roads::Way| {
            let names = [&way.name_ja, &way.name_en, &way.route_ref];
            names.into_iter().flatten().any(|known| known.eq_ignore_ascii_case(name))
        };
        let is_meant: Vec<bool> = network.ways().iter().map(is_meant).collect();
        let pieces = (0_u32..).zip(network.graph().edge_weights());
        pieces.filter(|(_, piece)| is_meant[piece.way() as usize]).map(|(edge, _)| edge).collect()
    }

    /// A road by name or route number, with its kilometres: along the road from the one of its two ends that is nearer to
    /// its first edge, which in tables is where the road begins. Carriageways that hang together only elsewhere get the
    /// kilometres of the main piece within 500 m; what is farther, as another street of the same name, has none.
    ///
    /// # Errors
    /// [`StretchFault::UnknownRoad`] with the names most like it.
    ///
    /// # Complexity
    /// O(n log n) in the edges of the road, and O(ways).
    pub fn road(&self, name: &str) -> Result<Road, StretchFault> {
        let (network, name) = (self.network(), name.trim());
        let names = |way: &crate::network::roads::Way| {
            [&way.name_ja, &way.name_en, &way.route_ref]
                .map(|name| name.as_deref().unwrap_or_default().to_owned())
        };
        let edges = self.named(name);
        let Some(&first) = edges.first() else {
            let known: BTreeSet<String> =
                network.ways().iter().flat_map(names).filter(|name| !name.is_empty()).collect();
            let near = nearest_names(name, known.iter(), |name: &String| name.as_str()).cloned().collect();
            return Err(StretchFault::UnknownRoad { road: name.chars().take(80).collect(), near });
        };
        let mut around: BTreeMap<u32, Vec<(u32, u64)>> = BTreeMap::new();
        for &edge in &edges {
            let ((tail, head), length_dm) = (network.ends(edge), u64::from(network.edge(edge).length_dm));
            around.entry(tail).or_default().push((head, length_dm));
            around.entry(head).or_default().push((tail, length_dm));
        }
        let main = largest_piece(&around);
        let begin = network.ends(first).0;
        // A piece that does not hold the first edge begins wherever its lowest junction is.
        let begin = if main.contains(&begin) { begin } else { main.first().copied().unwrap_or(begin) };
        let from_begin = distances(&around, begin);
        let one_end = farthest(&from_begin);
        let from_one = distances(&around, one_end);
        let other_end = farthest(&from_one);
        let dm_from_begin = |node: u32| from_begin.get(&node).copied().unwrap_or(u64::MAX);
        let is_other_nearer = (dm_from_begin(other_end), other_end) < (dm_from_begin(one_end), one_end);
        let origin = if is_other_nearer { other_end } else { one_end };
        let mut at_dm = distances(&around, origin);
        let length_dm = at_dm.values().copied().max().unwrap_or(0);
        let beside = PointIndex::bulk_load(at_dm.keys().map(|&node| (network.position(node), node)));
        let elsewhere: Vec<u32> = around.keys().copied().filter(|node| !at_dm.contains_key(node)).collect();
        let mut placed: Vec<(u32, u64)> = Vec::new();
        for node in elsewhere {
            let nearest = beside.nearest(network.position(node), 1);
            let nearest =
                nearest.first().filter(|near| near.distance_m <= BESIDE_M).map(|near| *near.payload);
            if let Some(dm) = nearest.and_then(|nearest| at_dm.get(&nearest).copied()) {
                placed.push((node, dm));
            }
        }
        at_dm.extend(placed);
        let edges = edges.into_iter().filter_map(|edge| {
            let (tail, head) = network.ends(edge);
            let (a, b) = (*at_dm.get(&tail)?, *at_dm.get(&head)?);
            Some((edge, a.min(b), a.max(b)))
        });
        Ok(Road { origin: network.position(origin), length_dm, edges: edges.collect() })
    }
}

/// The junctions of the piece with most of them; of equal ones that with the lowest.
fn largest_piece(around: &BTreeMap<u32, Vec<(u32, u64)>>) -> BTreeSet<u32> {
    let mut seen: BTreeSet<u32> = BTreeSet::new();
    let mut largest: BTreeSet<u32> = BTreeSet::new();
    for &node in around.keys() {
        if !seen.contains(&node) {
            let piece: BTreeSet<u32> = distances(around, node).into_keys().collect();
            seen.extend(&piece);
            if piece.len() > largest.len() {
                largest = piece;
            }
        }
    }
    largest
}

fn farthest(distances_dm: &BTreeMap<u32, u64>) -> u32 {
    let best = distances_dm.iter().max_by_key(|&(&node, &dm)| (dm, Reverse(node)));
    best.map(|(&node, _)| node).unwrap_or_default()
}

/// Along the road from one junction to all that it hangs together with.
fn distances(around: &BTreeMap<u32, Vec<(u32, u64)>>, from: u32) -> BTreeMap<u32, u64> {
    let mut settled: BTreeMap<u32, u64> = BTreeMap::new();
    let mut frontier = BinaryHeap::from([Reverse((0_u64, from))]);
    while let Some(Reverse((dm, node))) = frontier.pop() {
        if settled.contains_key(&node) {
            continue;
        }
        settled.insert(node, dm);
        for &(next, length_dm) in around.get(&node).into_iter().flatten() {
            if !settled.contains_key(&next) {
                frontier.push(Reverse((dm + length_dm, next)));
            }
        }
    }
    settled
}
