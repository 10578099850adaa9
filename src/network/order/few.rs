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
