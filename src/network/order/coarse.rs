//! A large cell in fewer nodes: each stands for some neighbours, its edges for all between two such groups
//! (Hendrickson, Leland 1995).

use super::cell::Cell;

/// Nodes of a group while it grows.
const GROUP_NODES: usize = 8;

/// A group that stays smaller joins its neighbour.
const GROUP_NODES_MIN: usize = 4;

/// What stands where a node has no group yet.
const NO_GROUP: u32 = u32::MAX;

/// A cell and the groups of its nodes as another.
pub(super) struct Coarse {
    pub(super) cell: Cell,
    /// Per arc of the cell of groups: how many edges it stands for.
    pub(super) capacities: Vec<u32>,
    /// Per group: its nodes.
    pub(super) sizes: Vec<u32>,
    /// Per node: its group.
    pub(super) groups: Vec<u32>,
}

impl Coarse {
    /// Groups grow from the lowest node that has none, nearest first.
    ///
    /// # Complexity
    /// O(nodes + arcs x log degree).
    pub(super) fn of(cell: &Cell) -> Coarse {
        let (groups, members) = grow(cell);
        let mut first = vec![0_u32];
        let (mut heads, mut capacities) = (Vec::new(), Vec::new());
        // Per group: edges from the one at hand.
        let mut edges = vec![0_u32; members.len()];
        let mut met = Vec::new();
        for (group, nodes) in members.iter().enumerate() {
            for &head in nodes.iter().flat_map(|&node| cell.near(node)) {
                let other = groups[head as usize];
                if other as usize != group {
                    if edges[other as usize] == 0 {
                        met.push(other);
                    }
                    edges[other as usize] += 1;
                }
            }
            met.sort_unstable();
            capacities.extend(met.iter().map(|&other| std::mem::take(&mut edges[other as usize])));
            heads.append(&mut met);
            first.push(heads.len() as u32);
        }
        let sizes = members.iter().map(|nodes| nodes.len() as u32).collect();
        let nodes = (0..members.len() as u32).collect();
        Coarse { cell: Cell::new(nodes, first, heads), capacities, sizes, groups }
    }

    /// Where each group is on a line on which its nodes are: at their mean, times the nodes of a full one.
    pub(super) fn line(&self, line: &[i64]) -> Vec<i64> {
        let mut sums = vec![0_i64; self.sizes.len()];
        for (&group, place) in self.groups.iter().zip(line) {
            sums[group as usize] += place;
        }
        sums.iter().zip(&self.sizes).map(|(sum, &size)| sum * GROUP_NODES as i64 / i64::from(size)).collect()
    }
}

/// The group of each node, the nodes of each group.
fn grow(cell: &Cell) -> (Vec<u32>, Vec<Vec<u32>>) {
    let mut groups = vec![NO_GROUP; cell.len()];
    let mut members: Vec<Vec<u32>> = Vec::with_capacity(cell.len() / GROUP_NODES_MIN);
    for start in 0..cell.len() as u32 {
        if groups[start as usize] != NO_GROUP {
            continue;
        }
        let group = members.len() as u32;
        groups[start as usize] = group;
        let mut nodes = vec![start];
        let (mut next, mut neighbour) = (0, NO_GROUP);
        while let Some(&node) = nodes.get(next) {
            next += 1;
            for &head in cell.near(node) {
                let of = &mut groups[head as usize];
                if *of == NO_GROUP && nodes.len() < GROUP_NODES {
                    *of = group;
                    nodes.push(head);
                } else if *of != group && *of < neighbour {
                    neighbour = *of;
                }
            }
        }
        let is_full = |group: u32| members[group as usize].len() >= 2 * GROUP_NODES;
        if nodes.len() >= GROUP_NODES_MIN || neighbour == NO_GROUP || is_full(neighbour) {
            members.push(nodes);
            continue;
        }
        nodes.iter().for_each(|&node| groups[node as usize] = neighbour);
        members[neighbour as usize].append(&mut nodes);
    }
    (groups, members)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::flat::FlatGraph;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn groups_are_small_hang_together_and_keep_every_edge_between_them(
            ends in prop::collection::vec((0..90_u32, 0..90_u32), 0..300),
        ) {
            let (tails, heads) = ends.into_iter().unzip();
            let cell = Cell::whole(&FlatGraph::new(90, tails, heads).unwrap());
            let coarse = Coarse::of(&cell);
            prop_assert_eq!(coarse.sizes.iter().sum::<u32>(), 90);
            for group in 0..coarse.cell.len() as u32 {
                let nodes: Vec<u32> = (0..90).filter(|&node| coarse.groups[node as usize] == group).collect();
                prop_assert_eq!(nodes.len() as u32, coarse.sizes[group as usize]);
                prop_assert!(nodes.len() <= 3 * GROUP_NODES);
                prop_assert_eq!(cell.part_with(&nodes, &mut cell.no_numbers()).parts().len(), 1);
                for arc in coarse.cell.arcs(group) {
                    let other = coarse.cell.head(arc);
                    let between = nodes.iter().flat_map(|&node| cell.near(node));
                    let between = between.filter(|&&head| coarse.groups[head as usize] == other).count();
                    prop_assert_eq!(between as u32, coarse.capacities[arc]);
                }
            }
            let crossing = (0..90).flat_map(|tail| cell.near(tail).iter().map(move |&head| (tail, head)));
            let crossing =
                crossing.filter(|&(a, b)| coarse.groups[a as usize] != coarse.groups[b as usize]).count();
            prop_assert_eq!(coarse.capacities.iter().sum::<u32>() as usize, crossing);
        }
    }
}
