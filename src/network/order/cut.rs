//! The smallest cut of a cell between the two ends of a line: as many disjoint paths as there are (Dinic 1970), then the
//! edges that the last search could not pass, then the fewest nodes that touch all of these (König 1931).

use super::cell::Cell;
use std::collections::BTreeMap;

/// One in this many nodes stands at each end of a line: the lesser side of a cut has at least so many.
const END_SHARE: usize = 4;

/// A cell cut in two: no edge runs from `near` to `far`. Nodes of the cell, ascending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Split {
    pub(super) near: Vec<u32>,
    pub(super) far: Vec<u32>,
    pub(super) separator: Vec<u32>,
}

/// The cut with the fewest edges over all lines; of equal ones the most even, then the first.
pub(super) fn best(cell: &Cell, lines: &[Vec<i64>], threads: usize) -> Split {
    let twins = cell.twins();
    let along = |line: &Vec<i64>| Flow::new(cell, &twins, line).smallest_cut();
    let cuts: Vec<Cut> = if threads < 2 || cell.len() < super::SHARED_CELL_NODES_MIN {
        lines.iter().map(along).collect()
    } else {
        std::thread::scope(|scope| {
            let shares = lines.chunks(lines.len().div_ceil(threads));
            let cut_all = |share: &[Vec<i64>]| share.iter().map(along).collect::<Vec<Cut>>();
            let running: Vec<_> = shares.map(|share| scope.spawn(move || cut_all(share))).collect();
            let done = running.into_iter().map(|thread| thread.join());
            done.flat_map(|cuts| cuts.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
        })
    };
    let best = cuts.into_iter().min_by_key(|cut| (cut.edges_count, cut.unevenness)).expect("there are lines");
    best.split(cell)
}

/// The nodes on the near side of a cut.
struct Cut {
    is_near: Vec<bool>,
    edges_count: usize,
    /// By how many nodes one side is larger.
    unevenness: usize,
}

impl Cut {
    fn new(cell: &Cell, is_near: Vec<bool>) -> Cut {
        let near = is_near.iter().filter(|&&is_near| is_near).count();
        let crossing = (0..cell.len() as u32).filter(|&node| is_near[node as usize]);
        let crossing = crossing.flat_map(|node| cell.near(node)).filter(|&&head| !is_near[head as usize]);
        Cut { edges_count: crossing.count(), unevenness: (2 * near).abs_diff(cell.len()), is_near }
    }

    /// Takes the fewest nodes out that leave no crossing edge.
    fn split(&self, cell: &Cell) -> Split {
        let separator = Cover::of(cell, &self.is_near).nodes();
        let side = |near: bool| {
            let nodes = (0..cell.len() as u32).filter(|node| self.is_near[*node as usize] == near);
            nodes.filter(|node| separator.binary_search(node).is_err()).collect()
        };
        Split { near: side(true), far: side(false), separator }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Near,
    Between,
    Far,
}

/// Paths from the near end of a line to its far end, no edge on two of them.
struct Flow<'c> {
    cell: &'c Cell,
    twins: &'c [u32],
    ends: Vec<End>,
    /// Nodes of the near end with a neighbour outside of it.
    gates: Vec<u32>,
    /// Per arc: whether a path runs along it.
    used: Vec<bool>,
    /// Per node: steps from the near end, while paths are sought.
    steps: Vec<u32>,
    /// Per node: the next of its arcs to try.
    next: Vec<u32>,
    queue: Vec<u32>,
}

impl<'c> Flow<'c> {
    fn new(cell: &'c Cell, twins: &'c [u32], line: &[i64]) -> Flow<'c> {
        let count = cell.len();
        let share = (count / END_SHARE).max(1);
        let mut nodes: Vec<u32> = (0..count as u32).collect();
        let key = |node: &u32| (line[*node as usize], *node);
        nodes.select_nth_unstable_by_key(share - 1, key);
        nodes[share..].select_nth_unstable_by_key(count - 2 * share, key);
        let mut ends = vec![End::Between; count];
        for &node in &nodes[..share] {
            ends[node as usize] = End::Near;
        }
        for &node in &nodes[count - share..] {
            ends[node as usize] = End::Far;
        }
        let is_gate = |node: &u32| cell.near(*node).iter().any(|&head| ends[head as usize] != End::Near);
        let mut gates: Vec<u32> = nodes[..share].iter().copied().filter(is_gate).collect();
        gates.sort_unstable();
        let used = vec![false; cell.arcs_count()];
        Flow {
            cell,
            twins,
            ends,
            gates,
            used,
            steps: vec![0; count],
            next: vec![0; count],
            queue: Vec::new(),
        }
    }

    /// Finds all paths, then the cut nearest to each end; the more even of the two.
    fn smallest_cut(mut self) -> Cut {
        while self.layers() {
            self.add_paths();
        }
        let from_near = Cut::new(self.cell, self.within_reach(End::Near));
        let within: Vec<bool> = self.within_reach(End::Far).into_iter().map(|is_far| !is_far).collect();
        let from_far = Cut::new(self.cell, within);
        if from_far.unevenness < from_near.unevenness { from_far } else { from_near }
    }

    /// Whether a path may go along an arc: none does yet, in this direction.
    fn is_free(&self, arc: usize) -> bool {
        !self.used[arc]
    }

    /// Steps of every node from the near end over free arcs, up to the far end; false when that is out of reach.
    fn layers(&mut self) -> bool {
        const UNSEEN: u32 = u32::MAX;
        self.steps.fill(UNSEEN);
        self.queue.clear();
        self.queue.extend(&self.gates);
        for &gate in &self.gates {
            self.steps[gate as usize] = 0;
            self.next[gate as usize] = self.cell.arcs(gate).start as u32;
        }
        let (mut next, mut arrived) = (0, UNSEEN);
        while let Some(&node) = self.queue.get(next) {
            next += 1;
            let step = self.steps[node as usize] + 1;
            if step > arrived {
                break;
            }
            for arc in self.cell.arcs(node) {
                let head = self.cell.head(arc) as usize;
                if self.steps[head] != UNSEEN || self.ends[head] == End::Near || !self.is_free(arc) {
                    continue;
                }
                self.steps[head] = step;
                self.next[head] = self.cell.arcs(head as u32).start as u32;
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
        let mut path: Vec<usize> = Vec::new();
        for index in 0..self.gates.len() {
            let gate = self.gates[index];
            loop {
                path.clear();
                if !self.walk(gate, &mut path) {
                    break;
                }
                for &arc in &path {
                    let twin = self.twins[arc] as usize;
                    // Two paths against each other on an edge are two paths that do not use it.
                    if !std::mem::replace(&mut self.used[twin], false) {
                        self.used[arc] = true;
                    }
                }
            }
        }
    }

    /// Walks from `start` one layer at a time to the far end.
    fn walk(&mut self, start: u32, path: &mut Vec<usize>) -> bool {
        let mut node = start;
        loop {
            if self.ends[node as usize] == End::Far {
                return true;
            }
            let end = self.cell.arcs(node).end as u32;
            let step = self.steps[node as usize] + 1;
            let next = &mut self.next[node as usize];
            let steps = &self.steps;
            let (cell, used) = (self.cell, &self.used);
            let found = (*next..end)
                .find(|&arc| steps[cell.head(arc as usize) as usize] == step && !used[arc as usize]);
            match found {
                Some(arc) => {
                    *next = arc;
                    path.push(arc as usize);
                    node = cell.head(arc as usize);
                }
                None => {
                    *next = end;
                    let Some(arc) = path.pop() else { return false };
                    node = cell.head(self.twins[arc] as usize);
                    // That arc led nowhere.
                    self.next[node as usize] += 1;
                }
            }
        }
    }

    /// The nodes that one end can still reach, or that can still reach it.
    fn within_reach(&self, end: End) -> Vec<bool> {
        let mut within: Vec<bool> = self.ends.iter().map(|&of| of == end).collect();
        let mut queue: Vec<u32> = (0..self.cell.len() as u32).filter(|&node| within[node as usize]).collect();
        let mut next = 0;
        while let Some(&node) = queue.get(next) {
            next += 1;
            for arc in self.cell.arcs(node) {
                let head = self.cell.head(arc);
                let along = if end == End::Far { self.twins[arc] as usize } else { arc };
                if !within[head as usize] && self.is_free(along) {
                    within[head as usize] = true;
                    queue.push(head);
                }
            }
        }
        within
    }
}

/// The fewest nodes that touch every crossing edge: a largest matching, then what alternating paths reach.
struct Cover {
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
    fn of(cell: &Cell, is_near: &[bool]) -> Cover {
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
    fn nodes(&self) -> Vec<u32> {
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
