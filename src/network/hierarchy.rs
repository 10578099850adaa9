//! A customizable contraction hierarchy (Dibbelt, Strasser, Wagner 2016): the travel-time engine.
//!
//! Three steps, each of which rests only on the one before:
//! 1. [`order`](crate::network::order) ranks the nodes, once for a network.
//! 2. [`Hierarchy::new`] contracts them in that order, once for a network: which arcs there are does not depend on weights.
//! 3. [`Metric::new`] works out what each arc costs, whenever weights change. A closed edge costs
//!    [`UNREACHABLE_MS`](super::UNREACHABLE_MS).
//!
//! Searches then look only upwards, along a few hundred arcs: [`RouteSearch`], [`Matrix`], [`Matrix::nearest`],
//! [`Matrix::isochrone`]. Every one of them gives exactly the numbers of Dijkstra's search on the same weights; ties
//! between paths go to lower numbers. [`LiveMetrics`] keeps a metric for now and one for after a repair.
//!
//! Pure: threads only split work whose result does not depend on how it is split.

pub mod live;
pub mod matrix;
pub mod metric;
pub mod partial;
pub mod reach;
mod relax;
pub mod route;
mod wide;

#[cfg(test)]
mod tests;

pub use live::{LiveMetrics, Snapshot};
pub use matrix::{Matrix, Targets};
pub use metric::Metric;
pub use partial::Customised;
pub use reach::{EdgeWithin, Isochrone, Near, Roads};
pub use route::RouteSearch;

use super::flat::{FlatGraph, Groups};

/// What stands where no node, arc or edge is meant.
const NONE: u32 = u32::MAX;

/// The contracted graph, independent of weights.
///
/// Nodes are named by **rank** here, from 0 for the first contracted. Ranks are a post-order of the elimination tree: a
/// node and everything contracted into it stand side by side, in memory too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hierarchy {
    /// Per node of the graph.
    ranks: Vec<u32>,
    /// Per rank: the node of the graph.
    nodes: Vec<u32>,
    /// Arcs of rank `r` to higher ranks are `first[r]..first[r + 1]`.
    first: Vec<u32>,
    /// Per arc: the rank at its upper end; ascending for each lower end.
    heads: Vec<u32>,
    /// Per rank: the lowest of its upper neighbours, its parent in the elimination tree; [`NONE`] at a root.
    parents: Vec<u32>,
    /// Arcs from lower ranks to rank `r` are `lower_first[r]..lower_first[r + 1]` of `lower`.
    lower_first: Vec<u32>,
    /// Per arc from below: the rank at its lower end and its number, ascending.
    lower: Vec<Lower>,
    /// Per edge of the graph: its arc and whether it goes up it.
    edges: Vec<EdgePlace>,
    /// Edges by the arc that they lie on.
    arc_edges: Groups,
}

/// An arc as its upper end sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Lower {
    tail: u32,
    arc: u32,
}

/// Where an edge of the graph went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum EdgePlace {
    /// From a node to itself: never part of a shortest path.
    Loop,
    /// From the lower to the upper end of this arc.
    Up(u32),
    /// From the upper to the lower end of this arc.
    Down(u32),
}

/// Why an order is none of this graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrderFault {
    /// It has other nodes.
    #[error("an order of {got} nodes for a graph of {want}")]
    Length {
        /// How many it has.
        got: usize,
        /// How many the graph has.
        want: u32,
    },
    /// It names a node twice, or one that is not there.
    #[error("node {node} stands twice in the order, or is not in the graph")]
    NotAPermutation {
        /// Which.
        node: u32,
    },
    /// The arcs are more than can be counted; a better order has fewer.
    #[error("the order leads to more than {max} arcs")]
    TooManyArcs {
        /// How many there may be.
        max: u32,
    },
}

impl Hierarchy {
    /// Contracts `graph` in `order`: its nodes, the first to contract first.
    ///
    /// # Errors
    /// [`OrderFault`] when `order` is none of this graph.
    ///
    /// # Complexity
    /// O(arcs x log) with the arcs that the order leads to: two to three for each edge of a road network.
    pub fn new(graph: &FlatGraph, order: &[u32]) -> Result<Hierarchy, OrderFault> {
        let given = ranks_of(graph, order)?;
        let post_order = post_order(&elimination_tree(graph, &given, order));
        let nodes: Vec<u32> = post_order.iter().map(|&rank| order[rank as usize]).collect();
        let mut ranks = vec![0; nodes.len()];
        for (rank, &node) in nodes.iter().enumerate() {
            ranks[node as usize] = rank as u32;
        }
        let Contracted { first, heads, parents } = contract(graph, &ranks)?;
        let (lower_first, lower) = lower_arcs(&first, &heads);
        let edges = edge_places(graph, &ranks, &first, &heads);
        let arc_edges = edges_of_arcs(&edges, heads.len());
        Ok(Hierarchy { ranks, nodes, first, heads, parents, lower_first, lower, edges, arc_edges })
    }

    /// How many nodes there are.
    #[must_use]
    pub fn nodes_count(&self) -> u32 {
        self.nodes.len() as u32
    }

    /// How many arcs there are: the measure of an order.
    #[must_use]
    pub fn arcs_count(&self) -> u32 {
        self.heads.len() as u32
    }

    /// How many edges the graph has.
    #[must_use]
    pub fn edges_count(&self) -> u32 {
        self.edges.len() as u32
    }

    /// How much memory it takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let numbers = [&self.ranks, &self.nodes, &self.first, &self.heads, &self.parents, &self.lower_first];
        let numbers: usize = numbers.into_iter().map(|list| size_of_val(&list[..])).sum();
        numbers + size_of_val(&self.lower[..]) + size_of_val(&self.edges[..]) + self.arc_edges.bytes()
    }

    /// The order that leads to this hierarchy again: every node, the first contracted first.
    #[must_use]
    pub fn order(&self) -> &[u32] {
        &self.nodes
    }

    /// The rank of a node of the graph.
    #[inline]
    fn rank(&self, node: u32) -> u32 {
        self.ranks[node as usize]
    }

    /// The numbers of the arcs upwards from a rank.
    #[inline]
    fn up(&self, rank: u32) -> std::ops::Range<usize> {
        self.first[rank as usize] as usize..self.first[rank as usize + 1] as usize
    }

    /// The arcs from lower ranks, by lower end.
    #[inline]
    fn lower(&self, rank: u32) -> &[Lower] {
        let rank = rank as usize;
        &self.lower[self.lower_first[rank] as usize..self.lower_first[rank + 1] as usize]
    }

    /// The arc between two ranks, if there is one.
    #[inline]
    fn arc(&self, low: u32, high: u32) -> Option<u32> {
        let up = self.up(low);
        let place = self.heads[up.clone()].binary_search(&high).ok()?;
        Some((up.start + place) as u32)
    }

    /// The edges that lie on an arc, ascending.
    #[inline]
    fn edges_on(&self, arc: u32) -> &[u32] {
        self.arc_edges.of_node(arc)
    }

    /// A rank, its parent, and so on to the root: all that a search upwards from it can meet.
    #[inline]
    fn to_root(&self, rank: u32) -> impl Iterator<Item = u32> + '_ {
        std::iter::successors(Some(rank), |&rank| Some(self.parents[rank as usize]).filter(|&up| up != NONE))
    }
}

fn ranks_of(graph: &FlatGraph, order: &[u32]) -> Result<Vec<u32>, OrderFault> {
    if order.len() != graph.nodes_count() as usize {
        return Err(OrderFault::Length { got: order.len(), want: graph.nodes_count() });
    }
    let mut ranks = vec![NONE; order.len()];
    for (rank, &node) in order.iter().enumerate() {
        match ranks.get_mut(node as usize) {
            Some(place) if *place == NONE => *place = rank as u32,
            Some(_) | None => return Err(OrderFault::NotAPermutation { node }),
        }
    }
    Ok(ranks)
}

/// The parent of each rank: the first to be contracted of those that its contraction joins (Liu 1990).
fn elimination_tree(graph: &FlatGraph, ranks: &[u32], order: &[u32]) -> Vec<u32> {
    let outward = graph.grouped(|ends| ends.0);
    let inward = graph.grouped(|ends| ends.1);
    let mut parents = vec![NONE; order.len()];
    // The highest rank known above each, with the way there shortened as it is walked.
    let mut tops = vec![NONE; order.len()];
    for (rank, &node) in order.iter().enumerate() {
        let rank = rank as u32;
        let mut join = |other: u32| {
            let mut below = ranks[other as usize];
            while below < rank {
                let top = std::mem::replace(&mut tops[below as usize], rank);
                if top == NONE {
                    parents[below as usize] = rank;
                    break;
                }
                below = top;
            }
        };
        for &edge in outward.of_node(node) {
            join(graph.ends(edge).1);
        }
        for &edge in inward.of_node(node) {
            join(graph.ends(edge).0);
        }
    }
    parents
}

/// The ranks in an order in which every subtree stands together, its root last, children by rank.
fn post_order(parents: &[u32]) -> Vec<u32> {
    let count = parents.len();
    // Children as a list for each parent, the last child first; roots under an imaginary one.
    let (mut first_child, mut next_child) = (vec![NONE; count + 1], vec![NONE; count]);
    for (rank, &parent) in parents.iter().enumerate() {
        let parent = if parent == NONE { count } else { parent as usize };
        next_child[rank] = std::mem::replace(&mut first_child[parent], rank as u32);
    }
    // Root first and last child first is the wanted order from its end.
    let mut backwards = Vec::with_capacity(count);
    let mut open = Vec::new();
    let push_children = |open: &mut Vec<u32>, of: usize| {
        let begin = open.len();
        let child = |child: u32| Some(child).filter(|&child| child != NONE);
        open.extend(std::iter::successors(child(first_child[of]), |&last| child(next_child[last as usize])));
        open[begin..].reverse();
    };
    push_children(&mut open, count);
    while let Some(rank) = open.pop() {
        backwards.push(rank);
        push_children(&mut open, rank as usize);
    }
    backwards.reverse();
    backwards
}

struct Contracted {
    first: Vec<u32>,
    heads: Vec<u32>,
    parents: Vec<u32>,
}

/// Upper neighbours of each rank: its own, and those of the ranks that were contracted into it.
fn contract(graph: &FlatGraph, ranks: &[u32]) -> Result<Contracted, OrderFault> {
    let count = ranks.len();
    let owner = |(tail, head): (u32, u32)| ranks[tail as usize].min(ranks[head as usize]);
    let own = graph.grouped(owner);
    let mut first = Vec::with_capacity(count + 1);
    first.push(0_u32);
    let mut heads: Vec<u32> = Vec::with_capacity(graph.edges_count() as usize * 2);
    let mut parents = vec![NONE; count];
    let (mut first_child, mut next_child) = (vec![NONE; count], vec![NONE; count]);
    let mut seen_at = vec![NONE; count];
    for rank in 0..count as u32 {
        let begin = heads.len();
        // The rank itself is no neighbour: neither by a loop nor from a child.
        seen_at[rank as usize] = rank;
        let mut meet = |heads: &mut Vec<u32>, high: u32| {
            if std::mem::replace(&mut seen_at[high as usize], rank) != rank {
                heads.push(high);
            }
        };
        for &edge in own.of_node(rank) {
            let (tail, head) = graph.ends(edge);
            meet(&mut heads, ranks[tail as usize].max(ranks[head as usize]));
        }
        let mut child = first_child[rank as usize];
        while child != NONE {
            let arcs = first[child as usize] as usize..first[child as usize + 1] as usize;
            for arc in arcs {
                let high = heads[arc];
                meet(&mut heads, high);
            }
            child = next_child[child as usize];
        }
        if heads.len() > FlatGraph::COUNT_MAX as usize {
            return Err(OrderFault::TooManyArcs { max: FlatGraph::COUNT_MAX });
        }
        heads[begin..].sort_unstable();
        first.push(heads.len() as u32);
        if let Some(&parent) = heads.get(begin) {
            parents[rank as usize] = parent;
            next_child[rank as usize] = std::mem::replace(&mut first_child[parent as usize], rank);
        }
    }
    heads.shrink_to_fit();
    Ok(Contracted { first, heads, parents })
}

fn lower_arcs(first: &[u32], heads: &[u32]) -> (Vec<u32>, Vec<Lower>) {
    let count = first.len() - 1;
    let mut lower_first = vec![0_u32; count + 1];
    for &head in heads {
        lower_first[head as usize + 1] += 1;
    }
    for rank in 0..count {
        lower_first[rank + 1] += lower_first[rank];
    }
    let mut next = lower_first.clone();
    let mut lower = vec![Lower { tail: 0, arc: 0 }; heads.len()];
    for tail in 0..count {
        for arc in first[tail]..first[tail + 1] {
            let place = &mut next[heads[arc as usize] as usize];
            lower[*place as usize] = Lower { tail: tail as u32, arc };
            *place += 1;
        }
    }
    (lower_first, lower)
}

fn edge_places(graph: &FlatGraph, ranks: &[u32], first: &[u32], heads: &[u32]) -> Vec<EdgePlace> {
    let place = |(tail, head): (u32, u32)| {
        let (tail, head) = (ranks[tail as usize], ranks[head as usize]);
        let (low, high) = (tail.min(head), tail.max(head));
        if low == high {
            return EdgePlace::Loop;
        }
        let begin = first[low as usize];
        let arcs = &heads[begin as usize..first[low as usize + 1] as usize];
        let arc = begin + arcs.binary_search(&high).expect("contraction keeps every edge") as u32;
        if tail == low { EdgePlace::Up(arc) } else { EdgePlace::Down(arc) }
    };
    let mut places = Vec::with_capacity(graph.edges_count() as usize);
    for edge in 0..graph.edges_count() {
        places.push(place(graph.ends(edge)));
    }
    places
}

/// The edges of each arc; those that lie on none form a group of their own behind all arcs.
fn edges_of_arcs(edges: &[EdgePlace], arcs_count: usize) -> Groups {
    let arc_of = |place: &EdgePlace| match *place {
        EdgePlace::Loop => arcs_count as u32,
        EdgePlace::Up(arc) | EdgePlace::Down(arc) => arc,
    };
    Groups::of(arcs_count as u32 + 1, edges.len(), |edge| arc_of(&edges[edge]))
}
