//! Which arcs to try next: the cheapest way into each need, and the arcs that nodes own.
//!
//! Needs are looked at in blocks of points, good after good, from where the last search ended; stocks and limits of
//! intake lie in the blocks too, a share in each. Up to thousands of candidates are collected, the best first; each is
//! judged again when its turn comes. Where hardly any is still cheaper then, the next search ends earlier: one exchange
//! shifts the prices of thousands of needs, and what was found for them is stale. An empty search over everything is
//! the proof of the optimum.

use super::rows::Lanes;
use super::simplex::Simplex;

/// Points of one block.
const BLOCK: usize = 64;

/// Candidates that are enough where most of them are stale.
const LEAST: usize = 64;
/// One exchange for more candidates than this: half as many are enough. For fewer than half of it: twice as many.
const STALE: usize = 12;

/// An arc outside the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Arc {
    Way {
        stock: u32,
        need: u32,
    },
    /// One segment more of an owned arc.
    More {
        owner: u32,
    },
    /// One segment less.
    Less {
        owner: u32,
    },
}

/// An arc that was cheaper when it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Candidate {
    /// Cost of one unit round its circle; negative.
    reduced: i64,
    pub(super) arc: Arc,
}

/// The search for candidates.
#[derive(Debug, Default)]
pub(super) struct Pricer {
    pub(super) candidates: Vec<Candidate>,
    /// How many are enough now, and at most.
    enough: usize,
    enough_max: usize,
    /// The next block.
    cursor: usize,
    lanes: Lanes,
}

impl Pricer {
    pub(super) fn new(enough_max: usize) -> Self {
        Self { enough: enough_max, enough_max, ..Self::default() }
    }

    /// Collects anew; empty only when no arc is cheaper.
    pub(super) fn collect(&mut self, simplex: &Simplex) {
        self.candidates.clear();
        let layout = &simplex.frame.layout;
        // The stocks of one good are few, those of several lie in the blocks.
        let end = if layout.goods == 1 { layout.needs_begin } else { layout.stocks_begin };
        (1..end).for_each(|owner| self.look_at_owned(simplex, owner));
        let blocks = layout.points.div_ceil(BLOCK) * layout.goods;
        for _ in 0..blocks {
            let (good, block) = (self.cursor % layout.goods, self.cursor / layout.goods);
            self.cursor = if self.cursor + 1 == blocks { 0 } else { self.cursor + 1 };
            self.look_at_block(simplex, good, block);
            if self.candidates.len() >= self.enough {
                break;
            }
        }
        self.candidates.sort_unstable();
    }

    /// Takes note that `pivots` of the candidates were still cheaper in their turn.
    pub(super) fn adapt(&mut self, pivots: u64) {
        let (pivots, count) = (pivots as usize, self.candidates.len());
        if pivots * STALE < count {
            self.enough = (self.enough / 2).max(LEAST);
        } else if pivots * STALE > count * 2 {
            self.enough = (self.enough * 2).min(self.enough_max);
        }
    }

    /// Block `block` of the needs of `good`, the stocks that lie in it, and with the first good the limits of intake.
    fn look_at_block(&mut self, simplex: &Simplex, good: usize, block: usize) {
        let layout = &simplex.frame.layout;
        let points = block * BLOCK..layout.points.min((block + 1) * BLOCK);
        let depots_before = |block: usize| block * layout.depots / layout.points.div_ceil(BLOCK);
        let depots = depots_before(block)..depots_before(block + 1);
        for depot in depots.filter(|_| layout.goods > 1) {
            self.look_at_owned(simplex, layout.stock(depot, good));
        }
        if good == 0 && layout.has_points() {
            points.clone().for_each(|p| self.look_at_owned(simplex, layout.points_begin + p as u32));
        }
        // Nothing can be sent where there is no segment.
        self.lanes.fill(layout.depots, |depot| {
            let stock = layout.stock(depot, good);
            (layout.segments(stock) > 0).then(|| simplex.tree.price(stock))
        });
        for point in points {
            let need = layout.need(point, good);
            if layout.segments(need) == 0 {
                continue;
            }
            self.look_at_owned(simplex, need);
            let price = simplex.tree.price(need);
            if let Some(cheapest) = simplex.frame.rows.cheapest(point, &self.lanes, price) {
                let arc = Arc::Way { stock: layout.stock(cheapest.depot as usize, good), need };
                self.candidates.push(Candidate { reduced: cheapest.cost - price, arc });
            }
        }
    }

    fn look_at_owned(&mut self, simplex: &Simplex, owner: u32) {
        let (layout, tree) = (&simplex.frame.layout, &simplex.tree);
        let partner = layout.partner(owner);
        if tree.joins(owner, partner) {
            return;
        }
        let (place, segments) = (simplex.places[owner as usize], layout.segments(owner));
        let (from, to) = if layout.leaves_owner(owner) { (owner, partner) } else { (partner, owner) };
        let drop = tree.price(to) - tree.price(from);
        if place < segments && layout.cost(owner, place + 1) < drop {
            let reduced = layout.cost(owner, place + 1) - drop;
            self.candidates.push(Candidate { reduced, arc: Arc::More { owner } });
        }
        if place > 0 && layout.cost(owner, place) > drop {
            let reduced = drop - layout.cost(owner, place);
            self.candidates.push(Candidate { reduced, arc: Arc::Less { owner } });
        }
    }
}
