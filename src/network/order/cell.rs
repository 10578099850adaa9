//! A part of the network, with numbers of its own: each pair of neighbours once, whatever runs between them.

use crate::network::flat::FlatGraph;

/// In cells of fewer nodes every cut is sought: it costs little.
const MANY_NODES: usize = 32;

/// What stands where a node is in no part.
const OUTSIDE: u32 = u32::MAX;

/// Some nodes and the edges among them, without directions, loops or doubles.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    /// Per node of the cell: the node of the network.
    nodes: Vec<u32>,
    /// Arcs of node `n` are `first[n]..first[n + 1]`.
    first: Vec<u32>,
    /// Per arc: its far end, ascending for each node.
    heads: Vec<u32>,
}

impl Cell {
    /// All of a network.
    pub(super) fn whole(graph: &FlatGraph) -> Cell {
        let pairs = graph
            .edges()
            .filter(|(tail, head)| tail != head)
            .flat_map(|(tail, head)| [(tail, head), (head, tail)]);
        let mut pairs: Vec<(u32, u32)> = pairs.collect();
        pairs.sort_unstable();
        pairs.dedup();
        let nodes: Vec<u32> = (0..graph.nodes_count()).collect();
        let mut first = vec![0_u32; nodes.len() + 1];
        for &(tail, _) in &pairs {
            first[tail as usize + 1] += 1;
        }
        for node in 0..nodes.len() {
            first[node + 1] += first[node];
        }
        Cell { nodes, first, heads: pairs.into_iter().map(|(_, head)| head).collect() }
    }

    /// Of nodes and their neighbours, as its fields are.
    pub(super) fn new(nodes: Vec<u32>, first: Vec<u32>, heads: Vec<u32>) -> Cell {
        Cell { nodes, first, heads }
    }

    /// Its own nodes in place of those that they stand for, which are handed out.
    pub(super) fn renumber(&mut self) -> Vec<u32> {
        let own = (0..self.nodes.len() as u32).collect();
        std::mem::replace(&mut self.nodes, own)
    }

    /// Room for [`Cell::part_with`].
    pub(super) fn no_numbers(&self) -> Vec<u32> {
        vec![OUTSIDE; self.len()]
    }

    /// The cell of some of its nodes, ascending, in `numbers` that were used for parts without a neighbour in this one: a
    /// million parts cost no more than one.
    pub(super) fn part_with(&self, nodes: &[u32], numbers: &mut [u32]) -> Cell {
        for (number, &node) in nodes.iter().enumerate() {
            numbers[node as usize] = number as u32;
        }
        let (mut first, mut heads) = (Vec::with_capacity(nodes.len() + 1), Vec::new());
        first.push(0);
        for &node in nodes {
            heads.extend(
                self.near(node).iter().map(|&head| numbers[head as usize]).filter(|&head| head != OUTSIDE),
            );
            first.push(heads.len() as u32);
        }
        Cell { nodes: nodes.iter().map(|&node| self.nodes[node as usize]).collect(), first, heads }
    }

    /// Whether all pairs of its nodes are neighbours, or most of very many: no few nodes cut it in two.
    pub(super) fn is_dense(&self) -> bool {
        let pairs = self.len() as u64 * (self.len() as u64 - 1);
        let neighbours = self.heads.len() as u64;
        neighbours == pairs || self.len() >= MANY_NODES && 2 * neighbours > pairs
    }

    /// Its connected parts, each ascending, by their lowest node.
    pub(super) fn parts(&self) -> Vec<Vec<u32>> {
        let mut met = vec![false; self.len()];
        let mut parts = Vec::new();
        for start in 0..self.len() as u32 {
            if std::mem::replace(&mut met[start as usize], true) {
                continue;
            }
            let mut part = vec![start];
            let mut next = 0;
            while let Some(&node) = part.get(next) {
                next += 1;
                for &head in self.near(node) {
                    if !std::mem::replace(&mut met[head as usize], true) {
                        part.push(head);
                    }
                }
            }
            part.sort_unstable();
            parts.push(part);
        }
        parts
    }

    /// How many nodes it has.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The nodes of the network that its own stand for.
    pub(super) fn nodes(&self) -> &[u32] {
        &self.nodes
    }

    /// How many arcs it has: two for each pair of neighbours.
    pub(super) fn arcs_count(&self) -> usize {
        self.heads.len()
    }

    /// The numbers of a node's arcs.
    pub(super) fn arcs(&self, node: u32) -> std::ops::Range<usize> {
        self.first[node as usize] as usize..self.first[node as usize + 1] as usize
    }

    /// The far end of an arc.
    pub(super) fn head(&self, arc: usize) -> u32 {
        self.heads[arc]
    }

    /// A node's neighbours.
    pub(super) fn near(&self, node: u32) -> &[u32] {
        &self.heads[self.arcs(node)]
    }

    /// Per arc: the arc back.
    pub(super) fn twins(&self) -> Vec<u32> {
        // Arcs into a node come by ascending tail, as its own arcs stand: one pass hands them out.
        let mut next: Vec<u32> = self.first[..self.len()].to_vec();
        let mut twins = vec![0; self.heads.len()];
        for (arc, &head) in self.heads.iter().enumerate() {
            twins[arc] = next[head as usize];
            next[head as usize] += 1;
        }
        twins
    }

    /// How many steps each node is from the nearest of `starts`; the cell is connected.
    pub(super) fn steps_from(&self, starts: &[u32]) -> Vec<u32> {
        let mut steps = vec![u32::MAX; self.len()];
        let mut queue: Vec<u32> = starts.to_vec();
        for &start in starts {
            steps[start as usize] = 0;
        }
        let mut next = 0;
        while let Some(&node) = queue.get(next) {
            next += 1;
            for &head in self.near(node) {
                if steps[head as usize] == u32::MAX {
                    steps[head as usize] = steps[node as usize] + 1;
                    queue.push(head);
                }
            }
        }
        steps
    }
}
