//! The order of few nodes: always the one of fewest neighbours next (Tinney, Walker 1967), those around the cell counted
//! as well (Pellegrini, Roman, Amestoy 2000).

use super::cell::Cell;

/// Cells of fewer nodes are not cut.
pub(super) const NODES_MAX: usize = 64;

/// Nodes of a cell and around it: a bit for each.
const BITS: usize = u128::BITS as usize;

/// What stands where a node has no bit.
const NO_BIT: u32 = u32::MAX;

/// Orders a few nodes of a core; room that is used again.
pub(super) struct Few<'c> {
    core: &'c Cell,
    /// Per node of the core: its bit.
    bits: Vec<u32>,
}

impl<'c> Few<'c> {
    pub(super) fn new(core: &'c Cell) -> Few<'c> {
        Few { core, bits: vec![NO_BIT; core.len()] }
    }

    /// Writes `nodes` of the core into `order`; false when too many other nodes are around them. All of those are
    /// contracted later.
    ///
    /// # Complexity
    /// O(nodes² + pairs of neighbours).
    pub(super) fn sort(&mut self, nodes: &[u32], order: &mut [u32]) -> bool {
        let mut met: Vec<u32> = nodes.to_vec();
        let near = self.near(nodes, &mut met);
        for &node in &met {
            self.bits[node as usize] = NO_BIT;
        }
        let Some(mut near) = near else { return false };
        let mut rest: Vec<usize> = (0..nodes.len()).collect();
        for place in order {
            let next = (0..rest.len()).min_by_key(|&at| (near[rest[at]].count_ones(), rest[at]));
            let node = rest.remove(next.expect("as many places as nodes"));
            *place = nodes[node];
            let around = near[node];
            for &other in &rest {
                if around >> other & 1 == 1 {
                    near[other] = (near[other] | around) & !(1 << node | 1 << other);
                }
            }
        }
        true
    }

    /// Per node: the bits of its neighbours, if there are enough. `met` are those with a bit then.
    fn near(&mut self, nodes: &[u32], met: &mut Vec<u32>) -> Option<Vec<u128>> {
        if nodes.len() > NODES_MAX {
            return None;
        }
        for (bit, &node) in nodes.iter().enumerate() {
            self.bits[node as usize] = bit as u32;
        }
        let mut near = vec![0; nodes.len()];
        for (near, &node) in near.iter_mut().zip(nodes) {
            for &head in self.core.near(node) {
                let bit = &mut self.bits[head as usize];
                if *bit == NO_BIT {
                    if met.len() == BITS {
                        return None;
                    }
                    *bit = met.len() as u32;
                    met.push(head);
                }
                *near |= 1_u128 << *bit;
            }
        }
        Some(near)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::flat::FlatGraph;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, BTreeSet};

    /// The slow way: sets of neighbours.
    fn fewest_neighbours_first(cell: &Cell, nodes: &[u32]) -> Vec<u32> {
        let mut near: BTreeMap<u32, BTreeSet<u32>> =
            nodes.iter().map(|&node| (node, cell.near(node).iter().copied().collect())).collect();
        let mut order = Vec::new();
        while let Some(node) = near.keys().copied().min_by_key(|node| near[node].len()) {
            let around = near.remove(&node).unwrap();
            for other in &around {
                if let Some(near) = near.get_mut(other) {
                    near.extend(around.iter().filter(|&of| of != other));
                    near.remove(&node);
                }
            }
            order.push(node);
        }
        order
    }

    proptest! {
        #[test]
        fn the_node_of_fewest_neighbours_is_next(
            ends in prop::collection::vec((0..100_u32, 0..100_u32), 0..300),
            nodes in prop::collection::btree_set(0..100_u32, 0..=NODES_MAX),
        ) {
            let (tails, heads) = ends.into_iter().unzip();
            let cell = Cell::whole(&FlatGraph::new(100, tails, heads).unwrap());
            let nodes: Vec<u32> = nodes.into_iter().collect();
            let mut few = Few::new(&cell);
            // Twice: the room is clean again.
            for _ in 0..2 {
                let mut order = vec![0; nodes.len()];
                prop_assert!(few.sort(&nodes, &mut order));
                prop_assert_eq!(order, fewest_neighbours_first(&cell, &nodes));
            }
        }
    }

    #[test]
    fn nodes_with_too_many_around_them_are_left_to_be_cut() {
        let around = BITS as u32;
        for (rays, is_sorted) in [(around - 1, true), (around, false)] {
            let star = FlatGraph::new(around + 1, vec![around; rays as usize], (0..rays).collect()).unwrap();
            let cell = Cell::whole(&star);
            let mut few = Few::new(&cell);
            assert_eq!(few.sort(&[around], &mut [0]), is_sorted);
            let mut order = [9; 2];
            assert!(few.sort(&[3, 5], &mut order));
            assert_eq!(order, [3, 5]);
        }
        let apart = Cell::whole(&FlatGraph::new(200, Vec::new(), Vec::new()).unwrap());
        let nodes: Vec<u32> = (0..=NODES_MAX as u32).collect();
        assert!(!Few::new(&apart).sort(&nodes, &mut vec![0; nodes.len()]));
    }
}
