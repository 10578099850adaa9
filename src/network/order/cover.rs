//! From edges to nodes: the fewest nodes that touch every edge of a cut (König 1931).

use super::cell::Cell;
use std::collections::BTreeMap;

/// The fewest nodes that touch every crossing edge: a largest matching, then what alternating paths reach.
pub(super) struct Cover {
    /// Nodes of the near side with crossing edges.
    near: Vec<u32>,
    /// Per near node: its far neighbours, as places in `far`.
    crossing: Vec<Vec<u32>>,
    far: Vec<u32>,
    /// Per far node: the near one that it is matched with.
    partner: Vec<Option<u32>>,
    /// Per near node: the far one.
    far_partner: Vec<Option<u32>>,
}

/// Which far nodes a search has met.
struct Tried {
    /// Per far node: the last search that met it.
    at: Vec<u32>,
    /// Per far node: the near node that met it.
    by: Vec<u32>,
}

impl Cover {
    /// Of the edges between the nodes of the near side and the others.
    pub(super) fn of(cell: &Cell, is_near: &[bool]) -> Cover {
        let mut cover = Cover {
            near: Vec::new(),
            crossing: Vec::new(),
            far: Vec::new(),
            partner: Vec::new(),
            far_partner: Vec::new(),
        };
        let mut places: BTreeMap<u32, u32> = BTreeMap::new();
        for node in (0..cell.len() as u32).filter(|&node| is_near[node as usize]) {
            let mut crossing = Vec::new();
            for &head in cell.near(node).iter().filter(|&&head| !is_near[head as usize]) {
                let place = *places.entry(head).or_insert_with(|| {
                    cover.far.push(head);
                    cover.far.len() as u32 - 1
                });
                crossing.push(place);
            }
            if !crossing.is_empty() {
                cover.near.push(node);
                cover.crossing.push(crossing);
            }
        }
        cover.partner = vec![None; cover.far.len()];
        cover.far_partner = vec![None; cover.near.len()];
        let mut tried = Tried { at: vec![u32::MAX; cover.far.len()], by: vec![0; cover.far.len()] };
        for near in 0..cover.near.len() as u32 {
            cover.match_with(near, &mut tried);
        }
        cover
    }

    /// Finds a partner for a near node, the nearest there is when others move on for it.
    fn match_with(&mut self, start: u32, tried: &mut Tried) {
        let mut open = vec![start];
        let mut next = 0;
        while let Some(&near) = open.get(next) {
            next += 1;
            for &far in &self.crossing[near as usize] {
                if std::mem::replace(&mut tried.at[far as usize], start) == start {
                    continue;
                }
                tried.by[far as usize] = near;
                match self.partner[far as usize] {
                    Some(other) => open.push(other),
                    None => return self.move_on(far, start, tried),
                }
            }
        }
    }

    /// Gives `far` to the near node that tried it, what that one had to the one before, and so on to `start`.
    fn move_on(&mut self, far: u32, start: u32, tried: &Tried) {
        let mut free = far;
        loop {
            let near = tried.by[free as usize];
            self.partner[free as usize] = Some(near);
            let had = self.far_partner[near as usize].replace(free);
            let Some(place) = had.filter(|_| near != start) else { return };
            free = place;
        }
    }

    /// The cover, ascending.
    pub(super) fn nodes(&self) -> Vec<u32> {
        let mut reached_near = vec![true; self.near.len()];
        for near in self.partner.iter().flatten() {
            reached_near[*near as usize] = false;
        }
        let mut reached_far = vec![false; self.far.len()];
        let mut open: Vec<u32> =
            (0..self.near.len() as u32).filter(|&near| reached_near[near as usize]).collect();
        while let Some(near) = open.pop() {
            for &far in &self.crossing[near as usize] {
                if !std::mem::replace(&mut reached_far[far as usize], true) {
                    let partner =
                        self.partner[far as usize].expect("a larger matching would have been found");
                    if !std::mem::replace(&mut reached_near[partner as usize], true) {
                        open.push(partner);
                    }
                }
            }
        }
        let near =
            self.near.iter().zip(&reached_near).filter(|&(_, reached)| !reached).map(|(node, _)| *node);
        let far = self.far.iter().zip(&reached_far).filter(|&(_, reached)| *reached).map(|(node, _)| *node);
        let mut nodes: Vec<u32> = near.chain(far).collect();
        nodes.sort_unstable();
        nodes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::flat::FlatGraph;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_fewer_nodes_touch_every_crossing_edge(
            ends in prop::collection::vec((0..10_u32, 0..10_u32), 0..40),
            is_near in prop::collection::vec(any::<bool>(), 10),
        ) {
            let (tails, heads) = ends.iter().copied().unzip();
            let cell = Cell::whole(&FlatGraph::new(10, tails, heads).unwrap());
            let covers = |set: u32| {
                let mut crossing = ends.iter().filter(|(a, b)| is_near[*a as usize] != is_near[*b as usize]);
                crossing.all(|(a, b)| (set >> a | set >> b) & 1 == 1)
            };
            let fewest = (0..1_u32 << 10).filter(|&set| covers(set)).map(u32::count_ones).min().unwrap();
            let nodes = Cover::of(&cell, &is_near).nodes();
            prop_assert_eq!(nodes.len() as u32, fewest);
            prop_assert!(covers(nodes.iter().map(|node| 1 << node).sum()));
        }
    }
}
