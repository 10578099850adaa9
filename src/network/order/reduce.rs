//! What needs no cut: nodes of few neighbours are contracted first, and their neighbours joined.
//!
//! Dead ends, the bends of a road and crossings of three roads are most of a road network. Contracting one of them adds
//! no more pairs of neighbours than it takes away, so no order of the rest gains by keeping it. What is left, the core,
//! has a third to a half of the nodes (a preprocessing of many dissectors, e.g. Dibbelt, Strasser, Wagner 2016,
//! section 4).

use super::cell::Cell;

/// Rounds in which nodes of at most one, two and three neighbours are contracted; three are at most three new pairs.
///
/// A road of ten million bends is gone in so many, and what can be eaten away from its ends alone (a dead end of
/// many bends, a dual carriageway) makes no tree that is as deep as it is long.
const ROUNDS_MAX: [usize; 3] = [8, 24, 24];

/// Whether two nodes are neighbours is looked up in a list of at most so many: a hub is not searched for each of its
/// roads.
const LIST_MAX: usize = 64;

/// A network without its easy nodes.
pub(super) struct Reduced {
    /// Nodes of the cell in the order of their contraction.
    pub(super) first: Vec<u32>,
    /// What is left, its neighbours joined; stands for nodes of the cell.
    pub(super) core: Cell,
}

impl Reduced {
    /// Contracts nodes of at most three neighbours, until none is left or the rounds are over.
    ///
    /// In a round no two neighbours are contracted, those of fewer neighbours first: a road of n bends takes O(log n)
    /// rounds and makes a tree as deep as that.
    ///
    /// # Complexity
    /// O(nodes + pairs of neighbours), with a factor of at most [`LIST_MAX`].
    pub(super) fn of(cell: &Cell) -> Reduced {
        let mut rest = Rest::of(cell);
        let mut first = Vec::new();
        for (limit, rounds_max) in (1..).zip(ROUNDS_MAX) {
            let mut open: Vec<u32> = (0..cell.len() as u32).collect();
            for _ in 0..rounds_max {
                open.retain(|&node| rest.is_easy(node, limit));
                open.sort_unstable_by_key(|&node| (rest.counts[node as usize], node));
                open.dedup();
                let begin = first.len();
                let mut touched = Vec::new();
                for &node in &open {
                    if rest.round[node as usize] == begin as u32 {
                        touched.push(node);
                    } else if rest.contract(node, begin as u32) {
                        touched.extend(&rest.joined);
                        first.push(node);
                    }
                }
                if first.len() == begin {
                    break;
                }
                open = touched;
            }
        }
        Reduced { core: rest.core(), first }
    }
}

/// The nodes not yet contracted.
struct Rest {
    /// Per node: its neighbours, and some that are gone.
    near: Vec<Vec<u32>>,
    /// Per node: how many neighbours it has.
    counts: Vec<u32>,
    is_gone: Vec<bool>,
    /// Per node: the last round in which a neighbour was contracted.
    round: Vec<u32>,
    /// Neighbours of the node contracted last.
    joined: Vec<u32>,
}

impl Rest {
    fn of(cell: &Cell) -> Rest {
        let near: Vec<Vec<u32>> = (0..cell.len() as u32).map(|node| cell.near(node).to_vec()).collect();
        Rest {
            counts: near.iter().map(|near| near.len() as u32).collect(),
            is_gone: vec![false; near.len()],
            round: vec![u32::MAX; near.len()],
            joined: Vec::new(),
            near,
        }
    }

    fn is_easy(&self, node: u32, limit: usize) -> bool {
        !self.is_gone[node as usize] && self.counts[node as usize] as usize <= limit
    }

    /// Contracts a node, unless that joins hubs.
    fn contract(&mut self, node: u32, round: u32) -> bool {
        let is_gone = &self.is_gone;
        self.joined.clear();
        self.joined.extend(self.near[node as usize].iter().filter(|&&near| !is_gone[near as usize]));
        let is_hub = |near: &&u32| self.near[**near as usize].len() > LIST_MAX;
        if self.joined.iter().filter(is_hub).count() > 1 {
            return false;
        }
        self.is_gone[node as usize] = true;
        for at in 0..self.joined.len() {
            let near = self.joined[at];
            self.round[near as usize] = round;
            self.counts[near as usize] -= 1;
            for before in 0..at {
                self.join(self.joined[before], near);
            }
            self.tidy(near);
        }
        true
    }

    /// Makes two nodes neighbours that were perhaps not.
    fn join(&mut self, a: u32, b: u32) {
        let (short, long) =
            if self.near[a as usize].len() <= self.near[b as usize].len() { (a, b) } else { (b, a) };
        if !self.near[short as usize].contains(&long) {
            for (from, to) in [(a, b), (b, a)] {
                self.near[from as usize].push(to);
                self.counts[from as usize] += 1;
            }
        }
    }

    /// Forgets neighbours that are gone, once they are the half.
    fn tidy(&mut self, node: u32) {
        let near = &mut self.near[node as usize];
        if near.len() > 2 * self.counts[node as usize] as usize {
            let is_gone = &self.is_gone;
            near.retain(|&near| !is_gone[near as usize]);
        }
    }

    fn core(self) -> Cell {
        let Rest { mut near, is_gone, .. } = self;
        let nodes: Vec<u32> = (0..near.len() as u32).filter(|&node| !is_gone[node as usize]).collect();
        let mut numbers = vec![0; near.len()];
        for (number, &node) in nodes.iter().enumerate() {
            numbers[node as usize] = number as u32;
        }
        let (mut first, mut heads) = (vec![0], Vec::new());
        for &node in &nodes {
            let near = &mut near[node as usize];
            near.sort_unstable();
            heads.extend(
                near.iter().filter(|&&near| !is_gone[near as usize]).map(|&near| numbers[near as usize]),
            );
            first.push(heads.len() as u32);
        }
        Cell::new(nodes, first, heads)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::flat::FlatGraph;
    use crate::network::hierarchy::Hierarchy;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn trees_and_rings_are_reduced_to_nothing() {
        let nodes = 1_000;
        let tree = FlatGraph::new(nodes, (1..nodes).collect(), (1..nodes).map(|node| node / 3).collect());
        let ring =
            FlatGraph::new(nodes, (0..nodes).collect(), (0..nodes).map(|node| (node + 1) % nodes).collect());
        for (graph, arcs_max) in [(tree, nodes - 1), (ring, 2 * nodes)] {
            let graph = graph.unwrap();
            let Reduced { first, core } = Reduced::of(&Cell::whole(&graph));
            assert_eq!((first.len(), core.len()), (nodes as usize, 0));
            assert!(Hierarchy::new(&graph, &first).unwrap().arcs_count() <= arcs_max);
        }
    }

    #[test]
    fn two_hubs_are_not_joined_again_and_again() {
        let rays = 200_000_u32;
        let (tails, heads) = (2..rays).flat_map(|ray| [(ray, 0), (ray, 1)]).unzip();
        let Reduced { first, core } = Reduced::of(&Cell::whole(&FlatGraph::new(rays, tails, heads).unwrap()));
        assert_eq!((first.len(), core.len()), (0, rays as usize));
    }

    proptest! {
        /// The slow way: contract the same nodes in sets of neighbours.
        #[test]
        fn the_core_is_what_contraction_leaves(
            ends in prop::collection::vec((0..60_u32, 0..60_u32), 0..150),
        ) {
            let (tails, heads) = ends.iter().copied().unzip();
            let graph = FlatGraph::new(60, tails, heads).unwrap();
            let Reduced { first, core } = Reduced::of(&Cell::whole(&graph));
            let mut near = vec![BTreeSet::new(); 60];
            for (a, b) in ends.into_iter().filter(|(a, b)| a != b) {
                near[a as usize].insert(b);
                near[b as usize].insert(a);
            }
            for &node in &first {
                let around = std::mem::take(&mut near[node as usize]);
                prop_assert!(around.len() <= ROUNDS_MAX.len());
                for &a in &around {
                    near[a as usize].remove(&node);
                    near[a as usize].extend(around.iter().filter(|&&b| b != a));
                }
            }
            prop_assert_eq!(first.len() + core.len(), 60);
            for node in 0..core.len() as u32 {
                let of_core: BTreeSet<u32> =
                    core.near(node).iter().map(|&near| core.nodes()[near as usize]).collect();
                prop_assert_eq!(&of_core, &near[core.nodes()[node as usize] as usize]);
                prop_assert!(of_core.len() > ROUNDS_MAX.len());
                prop_assert!(core.near(node).is_sorted());
            }
        }
    }
}
