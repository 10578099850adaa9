//! The smallest cut between the two ends of a cell: as many disjoint paths as there are (Dinic 1970), then the edges that
//! the last search could not pass.

use super::cell::Cell;

/// What stands where a search has not been.
const UNSEEN: u32 = u32::MAX;

/// A cell whose edges carry several paths and whose nodes stand for several.
pub(super) struct Net<'c> {
    pub(super) cell: &'c Cell,
    /// Per arc: how many paths it carries; as many as the arc back.
    pub(super) capacities: Vec<u32>,
    /// Per node: how many it stands for.
    pub(super) sizes: Vec<u32>,
    /// Per arc: the arc back.
    twins: Vec<u32>,
}

impl<'c> Net<'c> {
    pub(super) fn new(cell: &'c Cell, capacities: Vec<u32>, sizes: Vec<u32>) -> Net<'c> {
        Net { twins: cell.twins(), cell, capacities, sizes }
    }

    /// A cell whose edges and nodes stand for one each.
    pub(super) fn plain(cell: &'c Cell) -> Net<'c> {
        Net::new(cell, vec![1; cell.arcs_count()], vec![1; cell.len()])
    }
}

/// The nodes on the near side of a cut.
pub(super) struct Cut {
    pub(super) is_near: Vec<bool>,
    pub(super) edges_count: u64,
    /// By how many nodes one side is larger.
    pub(super) unevenness: u64,
}

impl Cut {
    fn new(net: &Net<'_>, is_near: Vec<bool>) -> Cut {
        let (mut near, mut all, mut edges_count) = (0, 0, 0);
        for node in 0..net.cell.len() as u32 {
            let size = u64::from(net.sizes[node as usize]);
            all += size;
            if is_near[node as usize] {
                near += size;
                let crossing = net.cell.arcs(node).filter(|&arc| !is_near[net.cell.head(arc) as usize]);
                edges_count += crossing.map(|arc| u64::from(net.capacities[arc])).sum::<u64>();
            }
        }
        Cut { is_near, edges_count, unevenness: (2 * near).abs_diff(all) }
    }
}

/// On which side of every cut a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Near,
    Between,
    Far,
}

/// Paths from the near end to the far end, on no edge more than it carries.
pub(super) struct Flow<'n> {
    net: &'n Net<'n>,
    /// Per node.
    ends: Vec<End>,
    /// Nodes of the near end with a neighbour outside of it.
    gates: Vec<u32>,
    /// Per arc: how many more paths it carries.
    room: Vec<u32>,
    paths_count: u64,
    /// Per node: steps from the near end, while paths are sought.
    steps: Vec<u32>,
    /// Per node: the next of its arcs to try.
    next: Vec<u32>,
    queue: Vec<u32>,
}

impl<'n> Flow<'n> {
    /// Between the nodes at the ends, each of which has one.
    pub(super) fn new(net: &'n Net<'n>, ends: Vec<End>) -> Flow<'n> {
        let cell = net.cell;
        let is_gate = |node: &u32| {
            ends[*node as usize] == End::Near
                && cell.near(*node).iter().any(|&head| ends[head as usize] != End::Near)
        };
        let gates = (0..cell.len() as u32).filter(is_gate).collect();
        Flow {
            net,
            ends,
            gates,
            room: net.capacities.clone(),
            paths_count: 0,
            steps: vec![UNSEEN; cell.len()],
            next: vec![0; cell.len()],
            queue: Vec::new(),
        }
    }

    /// Finds all paths, then the cut nearest to each end; the more even of the two. None when more than `paths_max`
    /// edges must be cut.
    pub(super) fn smallest_cut(mut self, paths_max: u64) -> Option<Cut> {
        while self.layers() {
            self.add_paths();
            if self.paths_count > paths_max {
                return None;
            }
        }
        let from_near = Cut::new(self.net, self.within_reach(End::Near));
        let within: Vec<bool> = self.within_reach(End::Far).into_iter().map(|is_far| !is_far).collect();
        let from_far = Cut::new(self.net, within);
        Some(if from_far.unevenness < from_near.unevenness { from_far } else { from_near })
    }

    /// Steps of every node from the near end over arcs with room, up to the far end; false when that is out of reach.
    fn layers(&mut self) -> bool {
        let cell = self.net.cell;
        self.steps.fill(UNSEEN);
        self.queue.clear();
        self.queue.extend(&self.gates);
        for &gate in &self.gates {
            self.steps[gate as usize] = 0;
            self.next[gate as usize] = cell.arcs(gate).start as u32;
        }
        let (mut next, mut arrived) = (0, UNSEEN);
        while let Some(&node) = self.queue.get(next) {
            next += 1;
            let step = self.steps[node as usize] + 1;
            if step > arrived {
                break;
            }
            for arc in cell.arcs(node) {
                let head = cell.head(arc) as usize;
                if self.steps[head] != UNSEEN || self.room[arc] == 0 || self.ends[head] == End::Near {
                    continue;
                }
                self.steps[head] = step;
                self.next[head] = cell.arcs(head as u32).start as u32;
                if self.ends[head] == End::Far {
                    arrived = step;
                } else {
                    self.queue.push(head as u32);
                }
            }
        }
        arrived != UNSEEN
    }

    /// As many paths as the layers have.
    fn add_paths(&mut self) {
        let mut path: Vec<u32> = Vec::new();
        for index in 0..self.gates.len() {
            let gate = self.gates[index];
            loop {
                path.clear();
                if !self.walk(gate, &mut path) {
                    break;
                }
                // A path has an arc: no gate is at the far end.
                let paths = path.iter().map(|&arc| self.room[arc as usize]).min().unwrap_or(0);
                for &arc in &path {
                    self.room[arc as usize] -= paths;
                    self.room[self.net.twins[arc as usize] as usize] += paths;
                }
                self.paths_count += u64::from(paths);
            }
        }
    }

    /// Walks from `start` one layer at a time to the far end.
    fn walk(&mut self, start: u32, path: &mut Vec<u32>) -> bool {
        let cell = self.net.cell;
        let mut node = start;
        while self.ends[node as usize] != End::Far {
            let end = cell.arcs(node).end as u32;
            let step = self.steps[node as usize] + 1;
            let (steps, room) = (&self.steps, &self.room);
            let leads_on =
                |&arc: &u32| room[arc as usize] > 0 && steps[cell.head(arc as usize) as usize] == step;
            let next = &mut self.next[node as usize];
            match (*next..end).find(leads_on) {
                Some(arc) => {
                    *next = arc;
                    path.push(arc);
                    node = cell.head(arc as usize);
                }
                None => {
                    *next = end;
                    let Some(arc) = path.pop() else { return false };
                    node = cell.head(self.net.twins[arc as usize] as usize);
                    // That arc led nowhere.
                    self.next[node as usize] += 1;
                }
            }
        }
        true
    }

    /// The nodes that one end can still reach, or that can still reach it.
    fn within_reach(&self, end: End) -> Vec<bool> {
        let cell = self.net.cell;
        let mut within: Vec<bool> = self.ends.iter().map(|&of| of == end).collect();
        let mut queue: Vec<u32> = (0..cell.len() as u32).filter(|&node| within[node as usize]).collect();
        let mut next = 0;
        while let Some(&node) = queue.get(next) {
            next += 1;
            for arc in cell.arcs(node) {
                let head = cell.head(arc);
                let along = if end == End::Far { self.net.twins[arc] as usize } else { arc };
                if !within[head as usize] && self.room[along] > 0 {
                    within[head as usize] = true;
                    queue.push(head);
                }
            }
        }
        within
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::flat::FlatGraph;
    use proptest::prelude::*;

    /// Nodes that are few enough to try every cut.
    const NODES: u32 = 10;

    proptest! {
        #[test]
        fn no_cut_between_the_ends_has_fewer_edges(
            ends in prop::collection::vec((0..NODES, 0..NODES), 9..30),
            carried in prop::collection::vec(1..5_u32, NODES as usize * NODES as usize),
            near in 0..NODES, more_near in 0..NODES, far in 0..NODES,
        ) {
            prop_assume!(near != far && more_near != far);
            let (tails, heads) = ends.into_iter().unzip();
            let cell = Cell::whole(&FlatGraph::new(NODES, tails, heads).unwrap());
            let arcs = (0..NODES).flat_map(|tail| cell.near(tail).iter().map(move |&head| (tail, head)));
            let arcs: Vec<(u32, u32)> = arcs.collect();
            let capacity = |&(a, b): &(u32, u32)| carried[(a.min(b) * NODES + a.max(b)) as usize];
            let capacities: Vec<u32> = arcs.iter().map(capacity).collect();
            let cost = |is_near: &dyn Fn(u32) -> bool| -> u64 {
                let crossing = arcs.iter().zip(&capacities).filter(|((a, b), _)| is_near(*a) && !is_near(*b));
                crossing.map(|(_, &capacity)| u64::from(capacity)).sum()
            };
            let allowed = |set: u32| [near, more_near].iter().all(|node| set >> node & 1 == 1) && set >> far & 1 == 0;
            let least = (0..1 << NODES).filter(|&set| allowed(set)).map(|set: u32| cost(&|node| set >> node & 1 == 1));
            let least = least.min().unwrap();
            let net = Net::new(&cell, capacities.clone(), vec![1; NODES as usize]);
            let place = |node| match node {
                _ if node == near || node == more_near => End::Near,
                _ if node == far => End::Far,
                _ => End::Between,
            };
            let flow = || Flow::new(&net, (0..NODES).map(place).collect());
            let cut = flow().smallest_cut(least).unwrap();
            prop_assert!(cut.is_near[near as usize] && cut.is_near[more_near as usize] && !cut.is_near[far as usize]);
            prop_assert_eq!(cut.edges_count, least);
            prop_assert_eq!(cost(&|node| cut.is_near[node as usize]), least);
            if let Some(too_few) = least.checked_sub(1) {
                prop_assert!(flow().smallest_cut(too_few).is_none());
            }
        }
    }
}
