//! The spanning tree of the simplex: rooms on its arcs, prices of its nodes, and the exchange of one arc.
//!
//! Nodes stand on a ring in preorder, so a subtree is a stretch of the ring and [`Link::size`] its length. An exchange
//! moves one stretch and shifts its prices; everything else it touches lies on the circle that the new arc closes.

use super::layout::ROOT;

/// Room of an arc without limit; half of it is still more than any flow.
pub(super) const UNLIMITED: i64 = 1 << 61;
/// The parent of the root.
pub(super) const NOBODY: u32 = u32::MAX;

/// Whether a room is without limit.
#[inline]
pub(super) fn is_unlimited(room: i64) -> bool {
    room > UNLIMITED / 2
}

/// The arc from a node to its parent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    pub(super) parent: u32,
    /// Nodes of the subtree.
    pub(super) size: u32,
    /// Units that can still go from the node to its parent.
    pub(super) up: i64,
    /// Units that can still go from the parent to the node.
    pub(super) down: i64,
}

/// An arc about to enter: units go from `from` to `to`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entering {
    pub(super) from: u32,
    pub(super) to: u32,
    /// Room in that direction.
    pub(super) room: i64,
    /// Cost of one unit round the circle; negative.
    pub(super) reduced: i64,
}

/// What an exchange did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Exchange {
    /// Units that went round.
    pub(super) units: i64,
    /// The arc that was full: its lower end, its upper end, and whether it was full upwards. `None`: the entering
    /// arc was full first, and the tree is what it was.
    pub(super) left: Option<(u32, u32, Direction)>,
}

/// Along an arc of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Up,
    Down,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    links: Vec<Link>,
    /// The ring in preorder. By itself, because an exchange waits for one entry after the other.
    next: Vec<u32>,
    previous: Vec<u32>,
    /// What one unit at the node costs, sent from the root.
    prices: Vec<i64>,
    /// Scratch of an exchange: the nodes that hang over, and the stretch that moves.
    stem: Vec<u32>,
    moved: Vec<u32>,
    at: Vec<u32>,
}

impl Tree {
    /// The tree in which each node has its parent of `parents`; no rooms, no prices yet.
    pub(super) fn new(parents: &[u32]) -> Self {
        let order = preorder(parents);
        let link = |&parent: &u32| Link { parent, size: 1, up: 0, down: 0 };
        let mut tree = Self {
            links: parents.iter().map(link).collect(),
            next: vec![ROOT; parents.len()],
            previous: vec![ROOT; parents.len()],
            prices: vec![0; parents.len()],
            moved: vec![ROOT; parents.len()],
            ..Self::default()
        };
        for &node in order.iter().rev().filter(|&&node| node != ROOT) {
            let Link { parent, size, .. } = tree.links[node as usize];
            tree.links[parent as usize].size += size;
        }
        for (&node, &next) in order.iter().zip(order.iter().cycle().skip(1)) {
            tree.join(node, next);
        }
        tree
    }

    #[inline]
    pub(super) fn link(&self, node: u32) -> &Link {
        &self.links[node as usize]
    }

    #[inline]
    pub(super) fn price(&self, node: u32) -> i64 {
        self.prices[node as usize]
    }

    #[inline]
    pub(super) fn set_price(&mut self, node: u32, price: i64) {
        self.prices[node as usize] = price;
    }

    #[inline]
    pub(super) fn set_room(&mut self, node: u32, up: i64, down: i64) {
        let link = &mut self.links[node as usize];
        (link.up, link.down) = (up, down);
    }

    /// Whether an arc of the tree joins `a` and `b`.
    #[inline]
    pub(super) fn joins(&self, a: u32, b: u32) -> bool {
        self.links[a as usize].parent == b || self.links[b as usize].parent == a
    }

    /// All nodes but the root, parents before children.
    pub(super) fn preorder(&self) -> Vec<u32> {
        let next = |&node: &u32| Some(self.next[node as usize]).filter(|&next| next != ROOT);
        std::iter::successors(next(&ROOT), next).collect()
    }

    #[inline]
    fn join(&mut self, node: u32, next: u32) {
        self.next[node as usize] = next;
        self.previous[next as usize] = node;
    }

    /// Sends what fits round the circle that `entering` closes, and exchanges it for the arc that is full.
    ///
    /// Of several the last one on the circle goes, from its top in the direction of the flow: then a tree in which
    /// every node can send to the root stays one (Cunningham 1976), which no sequence of exchanges without flow can
    /// turn back into itself.
    pub(super) fn exchange(&mut self, entering: Entering) -> Exchange {
        let Entering { from, to, room, reduced } = entering;
        let (mut units, mut left) = (room, None);
        let (mut a, mut b) = (from, to);
        while a != b {
            let (link_a, link_b) = (&self.links[a as usize], &self.links[b as usize]);
            if link_a.size < link_b.size {
                if link_a.down < units {
                    (units, left) = (link_a.down, Some((a, Direction::Down)));
                }
                a = link_a.parent;
            } else {
                if link_b.up <= units {
                    (units, left) = (link_b.up, Some((b, Direction::Up)));
                }
                b = link_b.parent;
            }
        }
        let top = a;
        if units > 0 {
            self.send(from, top, -units);
            self.send(to, top, units);
        }
        let Some((out, direction)) = left else { return Exchange { units, left: None } };
        let upper = self.links[out as usize].parent;
        let back = room - units;
        match direction {
            Direction::Down => self.rehang(out, (from, to), (back, units), -reduced, top),
            Direction::Up => self.rehang(out, (to, from), (units, back), reduced, top),
        }
        Exchange { units, left: Some((out, upper, direction)) }
    }

    /// Sends `units` from `node` up to `top`.
    fn send(&mut self, mut node: u32, top: u32, units: i64) {
        while node != top {
            let link = &mut self.links[node as usize];
            link.up -= units;
            link.down += units;
            node = link.parent;
        }
    }

    /// Cuts `out` from its parent and hangs its subtree, by the node `inside` of it, below `outside`.
    fn rehang(
        &mut self,
        out: u32,
        (inside, outside): (u32, u32),
        (up, down): (i64, i64),
        shift: i64,
        top: u32,
    ) {
        let total = self.links[out as usize].size;
        self.resize(self.links[out as usize].parent, top, total.wrapping_neg());
        self.resize(outside, top, total);
        self.lift(out, inside, shift);
        self.thread(outside);
        let new = Link { parent: outside, size: total, up, down };
        self.turn(new, total);
    }

    /// Adds `change`, which may be a wrapped negative, to the sizes from `node` up to below `top`.
    fn resize(&mut self, mut node: u32, top: u32, change: u32) {
        while node != top {
            let link = &mut self.links[node as usize];
            link.size = link.size.wrapping_add(change);
            node = link.parent;
        }
    }

    /// Notes the stem from `inside` up to `out` and takes the stretch of `out` off the ring, prices shifted.
    fn lift(&mut self, out: u32, inside: u32, shift: i64) {
        self.stem.clear();
        self.stem.push(inside);
        let mut node = inside;
        while node != out {
            node = self.links[node as usize].parent;
            self.stem.push(node);
        }
        self.at.clear();
        self.at.resize(self.stem.len(), 0);
        let before = self.previous[out as usize];
        let mut awaited = self.stem.len();
        let mut node = out;
        let stretch = &mut self.moved[..self.links[out as usize].size as usize];
        for (place, moved) in stretch.iter_mut().enumerate() {
            if awaited > 0 && self.stem[awaited - 1] == node {
                awaited -= 1;
                self.at[awaited] = place as u32;
            }
            *moved = node;
            self.prices[node as usize] += shift;
            node = self.next[node as usize];
        }
        self.join(before, node);
    }

    /// Puts the stretch back behind `outside`, in the preorder that begins at the other end of the stem.
    fn thread(&mut self, outside: u32) {
        let after = self.next[outside as usize];
        let mut last = outside;
        let (mut begin, mut end) = (0, 0);
        for index in 0..self.stem.len() {
            let first = self.at[index] as usize;
            let behind = first + self.links[self.stem[index] as usize].size as usize;
            let pieces = if index == 0 { [first..behind, 0..0] } else { [first..begin, end..behind] };
            for piece in pieces.into_iter().filter(|piece| !piece.is_empty()) {
                self.join(last, self.moved[piece.start]);
                last = self.moved[piece.end - 1];
            }
            (begin, end) = (first, behind);
        }
        self.join(last, after);
    }

    /// Turns the arcs of the stem round: each node hangs below the one before it, the first by `new`.
    fn turn(&mut self, new: Link, total: u32) {
        let mut new = new;
        for index in 0..self.stem.len() {
            let node = self.stem[index];
            let old = std::mem::replace(&mut self.links[node as usize], new);
            new = Link { parent: node, size: total - old.size, up: old.down, down: old.up };
        }
    }
}

/// All nodes, parents before children, a subtree after the other; children in the order of their numbers.
fn preorder(parents: &[u32]) -> Vec<u32> {
    let mut ends = vec![0_u32; parents.len() + 1];
    for &parent in parents.iter().filter(|&&parent| parent != NOBODY) {
        ends[parent as usize + 1] += 1;
    }
    for node in 1..ends.len() {
        ends[node] += ends[node - 1];
    }
    let mut fill = ends.clone();
    let mut children = vec![0_u32; parents.len().saturating_sub(1)];
    for (node, &parent) in parents.iter().enumerate().filter(|(_, parent)| **parent != NOBODY) {
        children[fill[parent as usize] as usize] = node as u32;
        fill[parent as usize] += 1;
    }
    let (mut order, mut open) = (Vec::with_capacity(parents.len()), vec![ROOT]);
    while let Some(node) = open.pop() {
        order.push(node);
        let range = ends[node as usize] as usize..ends[node as usize + 1] as usize;
        open.extend(children[range].iter().rev());
    }
    order
}
