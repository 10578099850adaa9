//! Which arcs to try next: the cheapest way into each need, and the arcs that nodes own.
//!
//! Needs are looked at in blocks of points, good after good, from where the last search ended. Thousands of candidates
//! are collected, the best first; each is judged again when its turn comes. An empty search over everything is the
//! proof of the optimum.

use super::rows::Lanes;
use super::simplex::Simplex;

/// Points of one block.
const BLOCK: usize = 64;

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
    /// How many are enough.
    enough: usize,
    /// The next block.
    cursor: usize,
    lanes: Lanes,
}

impl Pricer {
    pub(super) fn new(enough: usize) -> Self {
        Self { enough, ..Self::default() }
    }

    /// Collects anew; empty only when no arc is cheaper.
    pub(super) fn collect(&mut self, simplex: &Simplex) {
        self.candidates.clear();
        let layout = &simplex.frame.layout;
        for owner in (1..layout.needs_begin).chain(layout.points_begin..layout.nodes) {
            self.look_at_owned(simplex, owner);
        }
        let (goods, points) = (layout.goods, layout.points);
        let blocks = points.div_ceil(BLOCK) * goods;
        for _ in 0..blocks {
            let (good, begin) = (self.cursor % goods, self.cursor / goods * BLOCK);
            self.cursor = if self.cursor + 1 == blocks { 0 } else { self.cursor + 1 };
            self.look_at_block(simplex, good, begin..points.min(begin + BLOCK));
            if self.candidates.len() >= self.enough {
                break;
            }
        }
        self.candidates.sort_unstable();
    }

    fn look_at_block(&mut self, simplex: &Simplex, good: usize, points: std::ops::Range<usize>) {
        let (layout, problem) = (&simplex.frame.layout, simplex.frame.problem);
        let prices = (0..layout.depots).map(|depot| {
            problem.can_send(depot, good).then(|| simplex.tree.price(layout.stock(depot, good)))
        });
        self.lanes.fill(prices);
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
