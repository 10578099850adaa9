//! The largest part of a network in which every junction reaches every other.
//!
//! What lies outside it is a trap or an island: a car park without an exit, a road cut off by the edge of the extract. A
//! place beside it would be unreachable although a road that is not stands next to it.

use crate::network::roads::{NetworkParts, PartsFault, RoadEdge, RoadNetwork};
use crate::units::Position;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::DiGraph;

/// What was left out because one cannot get there and back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Parts, the largest not counted.
    pub parts: u64,
    /// Their junctions.
    pub junctions: u64,
    /// Edges in them, and between them and the rest.
    pub edges: u64,
    /// Junctions of the largest of them.
    pub largest_junctions: u64,
    /// Where one of these stands.
    pub largest_at: Option<Position>,
}

/// A network of the largest part of `parts`; of two equally large the one with the lower node.
pub(super) fn largest(parts: NetworkParts, left_out: &mut LeftOut) -> Result<RoadNetwork, PartsFault> {
    let nodes_count = parts.positions.len();
    let edges = parts.edges.iter().map(|&(tail, head, _)| (tail, head));
    let mut graph: DiGraph<(), ()> = DiGraph::from_edges(edges);
    while graph.node_count() < nodes_count {
        graph.add_node(());
    }
    // Kosaraju's search keeps its own stack; Tarjan's in petgraph recurses, which a long road would overflow.
    let mut found: Vec<(usize, u32)> = Vec::new();
    let mut part_of = vec![0_u32; nodes_count];
    for (part, members) in kosaraju_scc(&graph).into_iter().enumerate() {
        let lowest = members.iter().map(|node| node.index() as u32).min().unwrap_or(0);
        found.push((members.len(), lowest));
        for node in members {
            part_of[node.index()] = part as u32;
        }
    }
    drop(graph);
    let size_first = |&part: &usize| (std::cmp::Reverse(found[part].0), found[part].1);
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_unstable_by_key(size_first);
    let Some(&kept) = order.first() else { return RoadNetwork::new(parts) };
    let edges_count = parts.edges.len();
    let second = order.get(1).map(|&part| found[part]);
    let largest_at = second.map(|(_, node)| parts.positions[node as usize]).filter(|_| parts.has_positions);
    let kept_parts = keep(parts, |node| part_of[node as usize] == kept as u32);
    *left_out = LeftOut {
        parts: found.len() as u64 - 1,
        junctions: (nodes_count - kept_parts.positions.len()) as u64,
        edges: (edges_count - kept_parts.edges.len()) as u64,
        largest_junctions: second.map_or(0, |(size, _)| size as u64),
        largest_at,
    };
    RoadNetwork::new(kept_parts)
}

/// The parts between nodes that are kept, all numbers closed up in their order.
fn keep(parts: NetworkParts, is_kept: impl Fn(u32) -> bool) -> NetworkParts {
    let mut kept = NetworkParts {
        has_positions: parts.has_positions,
        shape_first: vec![0],
        stated_ms: parts.stated_ms.as_ref().map(|_| Vec::new()),
        ..NetworkParts::default()
    };
    let mut nodes = Renumbering::new(parts.positions.len());
    for (node, &position) in parts.positions.iter().enumerate() {
        if is_kept(node as u32) {
            nodes.number(node as u32);
            kept.positions.push(position);
        }
    }
    let mut ways = Renumbering::new(parts.ways.len());
    let mut shapes = Renumbering::new(parts.shape_first.len() - 1);
    for (index, &(tail, head, piece)) in parts.edges.iter().enumerate() {
        if !is_kept(tail) || !is_kept(head) {
            continue;
        }
        let (way, is_new) = ways.number(piece.way());
        if is_new {
            kept.ways.push(parts.ways[piece.way() as usize].clone());
        }
        let old = parts.shape_of_edge[index];
        let (shape, is_new) = shapes.number(old);
        if is_new {
            let points =
                parts.shape_first[old as usize] as usize..parts.shape_first[old as usize + 1] as usize;
            kept.shape_points.extend_from_slice(&parts.shape_points[points]);
            kept.shape_first.push(kept.shape_points.len() as u32);
        }
        let piece = RoadEdge::new(way, piece.direction(), piece.length_dm);
        kept.edges.push((nodes.number(tail).0, nodes.number(head).0, piece));
        kept.shape_of_edge.push(shape);
        if let (Some(times), Some(stated)) = (&mut kept.stated_ms, &parts.stated_ms) {
            times.push(stated[index]);
        }
    }
    kept
}

/// New numbers in the order in which they are asked for.
struct Renumbering {
    numbers: Vec<u32>,
    next: u32,
}

impl Renumbering {
    const NONE: u32 = u32::MAX;

    fn new(count: usize) -> Renumbering {
        Renumbering { numbers: vec![Renumbering::NONE; count], next: 0 }
    }

    /// The new number, and whether it was given just now.
    fn number(&mut self, old: u32) -> (u32, bool) {
        let number = &mut self.numbers[old as usize];
        if *number != Renumbering::NONE {
            return (*number, false);
        }
        *number = self.next;
        self.next += 1;
        (*number, true)
    }
}
