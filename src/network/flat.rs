//! A directed graph as flat arrays, frozen from petgraph: what every fast search runs on.
//!
//! Pure. Nodes and edges keep the numbers that petgraph gave them, for ever: a road that closes gets an infinite weight,
//! it never leaves the arrays.

use petgraph::graph::{DiGraph, IndexType};
use petgraph::visit::EdgeRef;

/// A directed multigraph: the ends of every edge by its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlatGraph {
    nodes_count: u32,
    /// Per edge.
    tails: Vec<u32>,
    /// Per edge.
    heads: Vec<u32>,
}

/// Why arrays are no graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FlatFault {
    /// The two ends are not told of the same edges.
    #[error("{tails} tails for {heads} heads")]
    Lengths {
        /// How many tails.
        tails: usize,
        /// How many heads.
        heads: usize,
    },
    /// More than the numbers can count.
    #[error("{count} is more than {max} nodes or edges")]
    TooMany {
        /// How many.
        count: usize,
        /// How many there may be.
        max: u32,
    },
    /// An edge that ends nowhere.
    #[error("edge {edge} ends at node {node} of {nodes_count}")]
    NoSuchNode {
        /// Which edge.
        edge: u32,
        /// Where it ends.
        node: u32,
        /// How many nodes there are.
        nodes_count: u32,
    },
}

impl FlatGraph {
    /// Most nodes, and most edges: the highest bit stays free for a direction.
    pub const COUNT_MAX: u32 = u32::MAX / 4;

    /// A graph of `nodes_count` nodes whose edge `e` goes from `tails[e]` to `heads[e]`.
    ///
    /// # Errors
    /// [`FlatFault`] when these arrays are no graph.
    pub fn new(nodes_count: u32, tails: Vec<u32>, heads: Vec<u32>) -> Result<FlatGraph, FlatFault> {
        if tails.len() != heads.len() {
            return Err(FlatFault::Lengths { tails: tails.len(), heads: heads.len() });
        }
        for count in [nodes_count as usize, tails.len()] {
            if count > FlatGraph::COUNT_MAX as usize {
                return Err(FlatFault::TooMany { count, max: FlatGraph::COUNT_MAX });
            }
        }
        for (edge, (&tail, &head)) in tails.iter().zip(&heads).enumerate() {
            for node in [tail, head] {
                if node >= nodes_count {
                    return Err(FlatFault::NoSuchNode { edge: edge as u32, node, nodes_count });
                }
            }
        }
        Ok(FlatGraph { nodes_count, tails, heads })
    }

    /// The arrays of a petgraph graph, numbers unchanged.
    ///
    /// # Errors
    /// [`FlatFault::TooMany`] when it is larger than any road network.
    pub fn of<N, E, Ix: IndexType>(graph: &DiGraph<N, E, Ix>) -> Result<FlatGraph, FlatFault> {
        let (nodes, edges) = (graph.node_count(), graph.edge_count());
        for count in [nodes, edges] {
            if count > FlatGraph::COUNT_MAX as usize {
                return Err(FlatFault::TooMany { count, max: FlatGraph::COUNT_MAX });
            }
        }
        let mut flat = FlatGraph { nodes_count: nodes as u32, tails: vec![0; edges], heads: vec![0; edges] };
        for edge in graph.edge_references() {
            flat.tails[edge.id().index()] = edge.source().index() as u32;
            flat.heads[edge.id().index()] = edge.target().index() as u32;
        }
        Ok(flat)
    }

    /// How many nodes there are.
    #[inline]
    #[must_use]
    pub fn nodes_count(&self) -> u32 {
        self.nodes_count
    }

    /// How many edges there are.
    #[inline]
    #[must_use]
    pub fn edges_count(&self) -> u32 {
        self.tails.len() as u32
    }

    /// How much memory it takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        size_of_val(&self.tails[..]) + size_of_val(&self.heads[..])
    }

    /// From where to where an edge goes.
    ///
    /// # Panics
    /// When there is no such edge.
    #[inline]
    #[must_use]
    pub fn ends(&self, edge: u32) -> (u32, u32) {
        (self.tails[edge as usize], self.heads[edge as usize])
    }

    /// Every edge, as where it comes from and where it goes, in the order of their numbers.
    pub fn edges(&self) -> impl ExactSizeIterator<Item = (u32, u32)> + Clone + '_ {
        self.tails.iter().copied().zip(self.heads.iter().copied())
    }

    /// The edges of each node by where they start; `key` picks the end, so `|ends| ends.1` gives those that arrive.
    #[must_use]
    pub fn grouped(&self, key: impl Fn((u32, u32)) -> u32) -> Groups {
        Groups::of(self.nodes_count, self.edges_count() as usize, |edge| key(self.ends(edge as u32)))
    }
}

/// Numbers grouped by node: those of node `n` are `items[first[n]..first[n + 1]]`, ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Groups {
    first: Vec<u32>,
    items: Vec<u32>,
}

impl Groups {
    /// Item `i` of `items` belongs to `owner(i)`, which is below `count`.
    ///
    /// # Complexity
    /// O(count + items): a counting sort.
    // A function of the number rather than an iterator: its adapters would be a call for each item where units of code are built
    // alone.
    #[inline]
    #[must_use]
    pub fn of(count: u32, items: usize, owner: impl Fn(usize) -> u32) -> Groups {
        let mut first = vec![0_u32; count as usize + 1];
        for item in 0..items {
            first[owner(item) as usize + 1] += 1;
        }
        for index in 1..first.len() {
            first[index] += first[index - 1];
        }
        let mut next = first.clone();
        let mut grouped = vec![0_u32; items];
        for item in 0..items {
            let place = &mut next[owner(item) as usize];
            grouped[*place as usize] = item as u32;
            *place += 1;
        }
        Groups { first, items: grouped }
    }

    /// How much memory it takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        size_of_val(&self.first[..]) + size_of_val(&self.items[..])
    }

    /// The numbers of one node.
    #[inline]
    #[must_use]
    pub fn of_node(&self, node: u32) -> &[u32] {
        let node = node as usize;
        &self.items[self.first[node] as usize..self.first[node + 1] as usize]
    }
}
