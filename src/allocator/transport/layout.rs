//! The problem as a network: which nodes there are, and the arc that each of them owns.
//!
//! Units go round: root -> depot -> stock -> need -> point -> root. A stock is a depot and a good, a need is a point
//! and a good, so all goods share the throughput of the arc root -> depot and the intake of the arc point -> root.
//! Without limits of throughput there are no depots in the network, without limits of intake no points: then stocks
//! or needs hang on the root.
//!
//! Every node but the root *owns* the arc to the root's side of it. The ways from stock to need are the only other
//! arcs and nobody's: there is no list of them, their costs stand in one matrix for all goods.
//!
//! # Places
//! An owned arc has a convex cost, made of segments: one for a limit, one for each step of a need. An arc outside the
//! tree stands at a breakpoint (0: nothing flows; `b`: the first `b` segments are full). An arc of the tree stands
//! within a segment, counted from 1; before them all is place 0 (less than nothing flows) and behind them the last
//! (more than there is room for): there each unit costs [`Layout::forbidding`] more. So the flow of any tree is
//! admitted, whatever changed since the tree was made, and the simplex itself removes what is violated.
//!
//! # Why that price forbids
//! Take a violated flow apart into circles through the root. Leaving out a circle that runs through `k >= 1` violated
//! arcs costs at most `k + 1` penalties and `k` times what a way costs, and saves `k` forbidding prices, each of
//! which is more than twice the sum of both. So no optimum violates anything.

use super::needs::Needs;
use super::problem::{Problem, UNREACHABLE};

/// Which kind of node a number stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Node {
    Root,
    Depot(usize),
    /// Depot, good.
    Stock(usize, usize),
    /// Point, good.
    Need(usize, usize),
    Point(usize),
}

/// One segment of an owned arc.
#[derive(Clone, Copy, Debug)]
struct Segment {
    width: i64,
    cost: i64,
}

/// The number of each node, and the arc that it owns.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub(super) depots: usize,
    pub(super) goods: usize,
    pub(super) points: usize,
    /// First stock; the depots stand before it.
    pub(super) stocks_begin: u32,
    /// First need.
    pub(super) needs_begin: u32,
    /// First point; as many as nodes when there are none.
    pub(super) points_begin: u32,
    pub(super) nodes: u32,
    /// What a violated unit costs beside its price.
    pub(super) forbidding: i64,
    ends: Vec<u32>,
    segments: Vec<Segment>,
}

pub(super) const ROOT: u32 = 0;

impl Layout {
    pub(super) fn new(problem: &Problem) -> Self {
        let (depots, goods, points) = (problem.depots, problem.goods, problem.points);
        let depot_nodes = problem.throughput.len() as u32;
        let stocks_begin = 1 + depot_nodes;
        let needs_begin = stocks_begin + (depots * goods) as u32;
        let points_begin = needs_begin + (points * goods) as u32;
        let mut layout = Self {
            depots,
            goods,
            points,
            stocks_begin,
            needs_begin,
            points_begin,
            nodes: points_begin + problem.intake.len() as u32,
            forbidding: forbidding(problem),
            ends: vec![0],
            segments: Vec::with_capacity(depots * (goods + 1) + problem.needs.count() + points),
        };
        layout.lay(problem);
        layout
    }

    fn lay(&mut self, problem: &Problem) {
        let surcharge = |list: &[i64], index: usize| list.get(index).copied().unwrap_or(0);
        for (depot, &limit) in problem.throughput.iter().enumerate() {
            self.push_limit(limit, surcharge(&problem.surcharges.depot, depot));
        }
        for (good, depot) in pairs(self.goods, self.depots) {
            let sending = if self.has_depots() {
                surcharge(&problem.surcharges.stock, depot * self.goods + good)
            } else {
                problem.sending_surcharge(depot, good)
            };
            let can_send = problem.can_send(depot, good);
            self.push_limit(if can_send { problem.stock[depot * self.goods + good] } else { 0 }, sending);
        }
        for (good, point) in pairs(self.goods, self.points) {
            let bringing = if self.has_points() { 0 } else { problem.bringing_surcharge(point) };
            if problem.can_take_in(point) {
                self.push_need(&problem.needs, point * self.goods + good, bringing);
            }
            self.ends.push(self.segments.len() as u32);
        }
        for (point, &limit) in problem.intake.iter().enumerate() {
            self.push_limit(limit, problem.bringing_surcharge(point));
        }
    }

    fn push_limit(&mut self, limit: u32, cost: i64) {
        if limit > 0 {
            self.segments.push(Segment { width: i64::from(limit), cost });
        }
        self.ends.push(self.segments.len() as u32);
    }

    fn push_need(&mut self, needs: &Needs, index: usize, bringing: i64) {
        let steps = needs.steps(index).iter();
        self.segments.extend(
            steps.map(|step| Segment { width: i64::from(step.units), cost: bringing - step.penalty }),
        );
    }

    #[inline]
    pub(super) fn has_depots(&self) -> bool {
        self.stocks_begin > 1
    }

    #[inline]
    pub(super) fn has_points(&self) -> bool {
        self.points_begin < self.nodes
    }

    #[inline]
    pub(super) fn stock(&self, depot: usize, good: usize) -> u32 {
        self.stocks_begin + (good * self.depots + depot) as u32
    }

    #[inline]
    pub(super) fn need(&self, point: usize, good: usize) -> u32 {
        self.needs_begin + (good * self.points + point) as u32
    }

    #[inline]
    pub(super) fn node(&self, node: u32) -> Node {
        let split = |index: u32, row: usize| (index as usize % row, index as usize / row);
        if node == ROOT {
            Node::Root
        } else if node < self.stocks_begin {
            Node::Depot(node as usize - 1)
        } else if node < self.needs_begin {
            let (depot, good) = split(node - self.stocks_begin, self.depots);
            Node::Stock(depot, good)
        } else if node < self.points_begin {
            let (point, good) = split(node - self.needs_begin, self.points);
            Node::Need(point, good)
        } else {
            Node::Point((node - self.points_begin) as usize)
        }
    }

    /// Whether `node` is a stock.
    #[inline]
    pub(super) fn is_stock(&self, node: u32) -> bool {
        (self.stocks_begin..self.needs_begin).contains(&node)
    }

    /// Whether `node` is a need.
    #[inline]
    pub(super) fn is_need(&self, node: u32) -> bool {
        (self.needs_begin..self.points_begin).contains(&node)
    }

    /// The other end of the arc that `node` owns; the root owns none and is its own.
    #[inline]
    pub(super) fn partner(&self, node: u32) -> u32 {
        match self.node(node) {
            Node::Root | Node::Depot(_) | Node::Point(_) => ROOT,
            Node::Stock(depot, _) => {
                if self.has_depots() {
                    1 + depot as u32
                } else {
                    ROOT
                }
            }
            Node::Need(point, _) => {
                if self.has_points() {
                    self.points_begin + point as u32
                } else {
                    ROOT
                }
            }
        }
    }

    /// Whether the owned arc leads away from its owner.
    #[inline]
    pub(super) fn leaves_owner(&self, owner: u32) -> bool {
        owner >= self.needs_begin
    }

    /// Who owns the arc between two nodes; `None` for a way from stock to need.
    #[inline]
    pub(super) fn owner(&self, a: u32, b: u32) -> Option<u32> {
        let (low, high) = (a.min(b), a.max(b));
        if self.is_stock(low) && self.is_need(high) {
            return None;
        }
        // Need and point: the need is the lower number. Everything else hangs on a lower number.
        Some(if self.is_need(low) { low } else { high })
    }

    #[inline]
    fn own(&self, owner: u32) -> &[Segment] {
        &self.segments[self.ends[owner as usize - 1] as usize..self.ends[owner as usize] as usize]
    }

    /// How many segments the arc of `owner` has.
    #[inline]
    pub(super) fn segments(&self, owner: u32) -> u8 {
        self.own(owner).len() as u8
    }

    /// Cost of a unit in `place` of the arc of `owner`.
    #[inline]
    pub(super) fn cost(&self, owner: u32, place: u8) -> i64 {
        let own = self.own(owner);
        let Some(segment) = place.checked_sub(1).and_then(|index| own.get(usize::from(index))) else {
            let near = if place == 0 { own.first() } else { own.last() };
            let sign = if place == 0 { -1 } else { 1 };
            return near.map_or(0, |segment| segment.cost) + sign * self.forbidding;
        };
        segment.cost
    }

    /// Room of segment `place`, which is one of the arc's own.
    #[inline]
    pub(super) fn width(&self, owner: u32, place: u8) -> i64 {
        self.own(owner)[usize::from(place) - 1].width
    }

    /// Units that flow on the arc of `owner` at breakpoint `breakpoint`.
    #[inline]
    pub(super) fn units_at(&self, owner: u32, breakpoint: u8) -> i64 {
        self.own(owner)[..usize::from(breakpoint)].iter().map(|segment| segment.width).sum()
    }

    /// The place of `units` on the arc of `owner`: `wanted` where that is true.
    pub(super) fn place_of(&self, owner: u32, units: i64, wanted: u8) -> u8 {
        let own = self.own(owner);
        if own.is_empty() {
            // Too dear to be sent through, rather than too cheap.
            return u8::from(units >= 0);
        }
        let mut begin = 0;
        let mut first = if units < 0 { Some(0) } else { None };
        for (index, segment) in own.iter().enumerate() {
            let place = index as u8 + 1;
            if (begin..=begin + segment.width).contains(&units) {
                if place == wanted {
                    return wanted;
                }
                first = first.or(Some(place));
            }
            begin += segment.width;
        }
        first.unwrap_or(own.len() as u8 + 1)
    }
}

fn pairs(outer: usize, inner: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..outer).flat_map(move |a| (0..inner).map(move |b| (a, b)))
}

fn forbidding(problem: &Problem) -> i64 {
    let largest = |list: &[i64]| list.iter().map(|value| value.abs()).max().unwrap_or(0);
    let open = problem.cost.iter().filter(|&&cost| cost != UNREACHABLE);
    let way = i64::from(open.max().copied().unwrap_or(0));
    let penalty = problem.needs.all_steps().iter().map(|step| step.penalty).max().unwrap_or(0);
    let surcharges = &problem.surcharges;
    let added = largest(&surcharges.depot) + largest(&surcharges.point) + largest(&surcharges.stock);
    2 * (way + penalty + added) + 1
}
