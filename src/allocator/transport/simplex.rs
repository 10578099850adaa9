//! The network simplex itself: a tree with its flow and prices, candidates, exchanges.

use super::basis::Basis;
use super::layout::{Layout, ROOT};
use super::pricing::{Arc, Pricer};
use super::problem::{Problem, UNREACHABLE};
use super::rows::Rows;
use super::tree::{Direction, Entering, NOBODY, Tree, UNLIMITED, is_unlimited};

/// What does not change while one problem is solved.
pub(super) struct Frame<'a> {
    pub(super) problem: &'a Problem,
    /// Costs of the ways, as in the whole problem: a problem of one good has none of its own.
    pub(super) costs: &'a [u32],
    pub(super) rows: &'a Rows,
    pub(super) layout: Layout,
}

impl Frame<'_> {
    /// Cost of a way; `None` where it is closed.
    fn way_cost(&self, stock: u32, need: u32) -> Option<i64> {
        let depot = (stock - self.layout.stocks_begin) as usize % self.layout.depots;
        let point = (need - self.layout.needs_begin) as usize % self.layout.points;
        let cost = self.costs[depot * self.layout.points + point];
        (cost != UNREACHABLE).then_some(i64::from(cost))
    }
}

/// A basis with its flow and prices.
pub(super) struct Simplex<'a> {
    pub(super) frame: &'a Frame<'a>,
    pub(super) tree: Tree,
    /// Where the arc that each node owns stands; see `layout`.
    pub(super) places: Vec<u8>,
    /// Exchanges in a row that moved nothing.
    idle: u64,
}

impl<'a> Simplex<'a> {
    /// The flow and the prices of `basis`, which fits.
    pub(super) fn new(frame: &'a Frame<'a>, basis: &Basis) -> Self {
        let mut simplex =
            Self { frame, tree: Tree::new(&basis.parents), places: basis.places.clone(), idle: 0 };
        simplex.send();
        simplex.price();
        simplex
    }

    pub(super) fn basis(&self) -> Basis {
        let layout = &self.frame.layout;
        Basis {
            parents: (0..layout.nodes).map(|node| self.tree.link(node).parent).collect(),
            places: self.places.clone(),
            ..Basis::shape_of(layout)
        }
    }

    /// What flows on each arc outside the tree is known from its place; the tree carries the rest.
    fn send(&mut self) {
        let layout = &self.frame.layout;
        let mut surplus = vec![0_i64; layout.nodes as usize];
        for owner in 1..layout.nodes {
            let partner = layout.partner(owner);
            if !self.tree.joins(owner, partner) {
                let place = &mut self.places[owner as usize];
                *place = (*place).min(layout.segments(owner));
                let units = layout.units_at(owner, *place);
                let outwards = if layout.leaves_owner(owner) { units } else { -units };
                surplus[owner as usize] -= outwards;
                surplus[partner as usize] += outwards;
            }
        }
        for &node in self.tree.preorder().iter().rev() {
            let parent = self.tree.link(node).parent;
            let upwards = surplus[node as usize];
            surplus[parent as usize] += upwards;
            self.make_room(node, parent, upwards);
        }
    }

    /// Places `upwards` units on the arc from `node` to its parent.
    fn make_room(&mut self, node: u32, parent: u32, upwards: i64) {
        let layout = &self.frame.layout;
        let Some(owner) = layout.owner(node, parent) else {
            let is_forward_up = layout.is_stock(node);
            let units = if is_forward_up { upwards } else { -upwards };
            let (forward, backward) = if units < 0 { (-units, UNLIMITED) } else { (UNLIMITED, units) };
            let (up, down) = if is_forward_up { (forward, backward) } else { (backward, forward) };
            return self.tree.set_room(node, up, down);
        };
        let is_forward_up = (owner == node) == layout.leaves_owner(owner);
        let units = if is_forward_up { upwards } else { -upwards };
        let place = layout.place_of(owner, units, self.places[owner as usize]);
        self.places[owner as usize] = place;
        let (forward, backward) = if place == 0 {
            (-units, UNLIMITED)
        } else {
            let into = units - layout.units_at(owner, place - 1);
            let is_over = place > layout.segments(owner);
            (if is_over { UNLIMITED } else { layout.width(owner, place) - into }, into)
        };
        let (up, down) = if is_forward_up { (forward, backward) } else { (backward, forward) };
        self.tree.set_room(node, up, down);
    }

    /// Works the prices out anew, from the root down.
    fn price(&mut self) {
        self.tree.set_price(ROOT, 0);
        for node in self.tree.preorder() {
            let parent = self.tree.link(node).parent;
            let (cost, is_forward_up) = self.link_cost(node, parent);
            let above = self.tree.price(parent);
            self.tree.set_price(node, if is_forward_up { above - cost } else { above + cost });
        }
    }

    /// Cost of the arc from `node` to its parent, and whether it leads up.
    fn link_cost(&self, node: u32, parent: u32) -> (i64, bool) {
        let layout = &self.frame.layout;
        if let Some(owner) = layout.owner(node, parent) {
            let cost = layout.cost(owner, self.places[owner as usize]);
            return (cost, (owner == node) == layout.leaves_owner(owner));
        }
        let is_forward_up = layout.is_stock(node);
        let (stock, need) = if is_forward_up { (node, parent) } else { (parent, node) };
        let link = self.tree.link(node);
        let is_negative = is_unlimited(if is_forward_up { link.down } else { link.up });
        let cost = match (self.frame.way_cost(stock, need), is_negative) {
            (Some(cost), false) => cost,
            (None, false) => layout.forbidding,
            (cost, true) => cost.unwrap_or(0) - layout.forbidding,
        };
        (cost, is_forward_up)
    }

    /// Exchanges until nothing is cheaper or `pivots_max` exchanges are made; how many it took, and whether nothing is
    /// cheaper.
    pub(super) fn run(&mut self, pricer: &mut Pricer, pivots_max: u64) -> (u64, bool) {
        let mut pivots = 0;
        loop {
            pricer.collect(self);
            if pricer.candidates.is_empty() {
                return (pivots, true);
            }
            let candidates = std::mem::take(&mut pricer.candidates);
            let before = pivots;
            for candidate in &candidates {
                let Some(entering) = self.entering(candidate.arc) else { continue };
                if pivots == pivots_max {
                    return (pivots, false);
                }
                self.pivot(candidate.arc, entering);
                pivots += 1;
            }
            pricer.candidates = candidates;
            pricer.adapt(pivots - before);
        }
    }

    /// The arc as it would enter now; `None` when it is no longer cheaper.
    fn entering(&self, arc: Arc) -> Option<Entering> {
        let layout = &self.frame.layout;
        let (from, to, cost, room) = match arc {
            Arc::Way { stock, need } => (stock, need, self.frame.way_cost(stock, need)?, UNLIMITED),
            Arc::More { owner } | Arc::Less { owner } => {
                let (partner, place) = (layout.partner(owner), self.places[owner as usize]);
                let is_more = matches!(arc, Arc::More { .. });
                let used_up = if is_more { place >= layout.segments(owner) } else { place == 0 };
                if used_up || self.tree.joins(owner, partner) {
                    return None;
                }
                let segment = if is_more { place + 1 } else { place };
                let cost = layout.cost(owner, segment);
                let (from, to) =
                    if is_more == layout.leaves_owner(owner) { (owner, partner) } else { (partner, owner) };
                (from, to, if is_more { cost } else { -cost }, layout.width(owner, segment))
            }
        };
        let reduced = cost + self.tree.price(from) - self.tree.price(to);
        (reduced < 0).then_some(Entering { from, to, room, reduced })
    }

    fn pivot(&mut self, arc: Arc, entering: Entering) {
        let exchange = self.tree.exchange(entering);
        let was_full = exchange.left.is_none();
        match arc {
            Arc::Way { .. } => {}
            // In the tree it stands within the segment, else at the breakpoint behind or before it.
            Arc::More { owner } => self.places[owner as usize] += 1,
            Arc::Less { owner } => self.places[owner as usize] -= u8::from(was_full),
        }
        if let Some((node, parent, direction)) = exchange.left
            && let Some(owner) = self.frame.layout.owner(node, parent)
        {
            let is_forward_up = (owner == node) == self.frame.layout.leaves_owner(owner);
            let was_forward = (direction == Direction::Up) == is_forward_up;
            self.places[owner as usize] -= u8::from(!was_forward);
        }
        self.idle = if exchange.units > 0 { 0 } else { self.idle + 1 };
        if self.idle > IDLE_MAX * u64::from(self.frame.layout.nodes) {
            self.strengthen();
            self.idle = 0;
        }
    }

    /// Makes a tree of the same flow in which every node can send to the root.
    ///
    /// An arc that is full upwards is taken to stand at the beginning of its next segment, if need be of the one that
    /// forbids. From such a tree no sequence of exchanges without flow comes back to where it was, so every run
    /// ends; from any other it practically always does, and with fewer exchanges.
    pub(super) fn strengthen(&mut self) {
        let layout = &self.frame.layout;
        for node in 1..layout.nodes {
            let link = *self.tree.link(node);
            if link.up > 0 {
                continue;
            }
            let Some(owner) = layout.owner(node, link.parent) else {
                // A way downwards on which nothing flows: less than nothing could.
                self.tree.set_room(node, UNLIMITED, 0);
                continue;
            };
            let is_forward_up = (owner == node) == layout.leaves_owner(owner);
            let place = &mut self.places[owner as usize];
            *place = if is_forward_up { *place + 1 } else { *place - 1 };
            let is_own = (1..=layout.segments(owner)).contains(place);
            self.tree.set_room(node, if is_own { layout.width(owner, *place) } else { UNLIMITED }, 0);
        }
        self.price();
    }

    /// What flows on each way, in the order of the nodes; less than nothing is left out.
    pub(super) fn ways(&self) -> impl Iterator<Item = (u32, u32, i64)> + '_ {
        let layout = &self.frame.layout;
        (layout.stocks_begin..layout.points_begin).filter_map(move |node| {
            let link = self.tree.link(node);
            if link.parent == NOBODY || layout.owner(node, link.parent).is_some() {
                return None;
            }
            let is_forward_up = layout.is_stock(node);
            let (backward, stock, need) =
                if is_forward_up { (link.down, node, link.parent) } else { (link.up, link.parent, node) };
            (backward > 0 && !is_unlimited(backward)).then_some((stock, need, backward))
        })
    }
}

/// Exchanges in a row without flow, in multiples of the nodes, before the tree is strengthened.
const IDLE_MAX: u64 = 8;
