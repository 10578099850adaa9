//! What the arcs of a hierarchy cost under one set of weights.

use super::{EdgePlace, Hierarchy, Lower};
use crate::network::{Millis, UNREACHABLE_MS};
use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::ops::Range;

/// The cost of every arc, in both directions, for the weights of one moment.
///
/// 8 bytes for each arc. Readers keep the metric that they began with; a new one takes its place beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metric {
    /// Per arc: from its lower to its upper end.
    pub(super) up: Vec<Millis>,
    /// Per arc: from its upper to its lower end.
    pub(super) down: Vec<Millis>,
}

/// How a metric was brought up to date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Customised {
    /// Arc by arc, from those of the changed edges upwards.
    Partly {
        /// How many were worked out again.
        arcs_count: u32,
    },
    /// All of it: more than [`PARTIAL_SHARE`] of the arcs would have been worked out again.
    Wholly,
}

/// A partial customisation that would work out more than one arc in this many begins again as a full one: working out
/// single arcs is this much slower than all in a row.
pub const PARTIAL_SHARE: u32 = 20;

/// Shares of the work for each thread: uneven ones even out.
const PIECES_PER_THREAD: usize = 8;

impl Metric {
    /// Works out every arc for `weights_ms`, one for each edge, on up to `threads`.
    ///
    /// Weights above [`UNREACHABLE_MS`] count as it. The result is the same for any number of threads.
    ///
    /// # Panics
    /// When `weights_ms` does not have the length of the graph's edges.
    ///
    /// # Complexity
    /// O(lower triangles): some ten for each arc of a road network.
    #[must_use]
    pub fn new(hierarchy: &Hierarchy, weights_ms: &[Millis], threads: NonZeroUsize) -> Metric {
        assert_eq!(weights_ms.len(), hierarchy.edges.len(), "one weight for each edge");
        let mut metric = Metric::of_edges(hierarchy, weights_ms);
        metric.relax_all(hierarchy, threads);
        metric
    }

    /// The cost of arcs as the edges on them have it, before any path through lower ranks.
    fn of_edges(hierarchy: &Hierarchy, weights_ms: &[Millis]) -> Metric {
        let count = hierarchy.heads.len();
        let mut metric = Metric { up: vec![UNREACHABLE_MS; count], down: vec![UNREACHABLE_MS; count] };
        for (place, &weight_ms) in hierarchy.edges.iter().zip(weights_ms) {
            let cost = match *place {
                EdgePlace::Loop => continue,
                EdgePlace::Up(arc) => &mut metric.up[arc as usize],
                EdgePlace::Down(arc) => &mut metric.down[arc as usize],
            };
            *cost = (*cost).min(weight_ms);
        }
        metric
    }

    fn relax_all(&mut self, hierarchy: &Hierarchy, threads: NonZeroUsize) {
        let pieces = Pieces::of(hierarchy, threads);
        let top = TopRows::of(hierarchy, &pieces.top);
        let shares = self.relax_pieces(hierarchy, &pieces, &top, threads);
        for (rank, row) in pieces.top.iter().zip(&top.rows) {
            let arcs = hierarchy.up(*rank);
            for share in &shares {
                lower_to(&mut self.up[arcs.clone()], &share.up[row.clone()]);
                lower_to(&mut self.down[arcs.clone()], &share.down[row.clone()]);
            }
        }
        let mut places = vec![0; hierarchy.nodes.len()];
        for &rank in &pieces.top {
            let begin = hierarchy.up(rank).start;
            let len = hierarchy.up(rank).len();
            let (below_up, up) = self.up.split_at_mut(begin);
            let (below_down, down) = self.down.split_at_mut(begin);
            let below = Below { up: below_up, down: below_down, base: 0 };
            let row = Row { up: &mut up[..len], down: &mut down[..len] };
            let from_top = hierarchy.lower(rank).iter().filter(|lower| top.is_top[lower.tail as usize]);
            gather(hierarchy, rank, from_top, below, row, &mut places);
        }
    }

    /// Works out each piece by itself, and what its arcs mean for the rows above all pieces.
    fn relax_pieces(
        &mut self,
        hierarchy: &Hierarchy,
        pieces: &Pieces,
        top: &TopRows,
        threads: NonZeroUsize,
    ) -> Vec<Metric> {
        let mut work: Vec<Vec<Piece<'_>>> = (0..threads.get()).map(|_| Vec::new()).collect();
        let mut loads = vec![0_u64; threads.get()];
        let (mut up, mut down, mut taken) = (&mut self.up[..], &mut self.down[..], 0);
        for (ranks, load) in pieces.subtrees.iter().zip(&pieces.loads) {
            let arcs =
                hierarchy.first[ranks.start as usize] as usize..hierarchy.first[ranks.end as usize] as usize;
            up = up.split_at_mut(arcs.start - taken).1;
            down = down.split_at_mut(arcs.start - taken).1;
            let (up_here, up_rest) = up.split_at_mut(arcs.len());
            let (down_here, down_rest) = down.split_at_mut(arcs.len());
            (up, down, taken) = (up_rest, down_rest, arcs.end);
            let least = (0..loads.len()).min_by_key(|&thread| loads[thread]).expect("at least one thread");
            loads[least] += load;
            work[least].push(Piece { ranks: ranks.clone(), up: up_here, down: down_here });
        }
        let relax = |pieces: Vec<Piece<'_>>| {
            let mut share = Metric { up: vec![UNREACHABLE_MS; top.len], down: vec![UNREACHABLE_MS; top.len] };
            let mut places = vec![0; hierarchy.nodes.len()];
            for piece in pieces {
                piece.relax(hierarchy, top, &mut share, &mut places);
            }
            share
        };
        if threads.get() == 1 {
            return work.into_iter().map(relax).collect();
        }
        std::thread::scope(|scope| {
            let running: Vec<_> = work.into_iter().map(|pieces| scope.spawn(move || relax(pieces))).collect();
            running
                .into_iter()
                .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
                .collect()
        })
    }

    /// Brings the metric up to date after the weights of `changed` edges, to `weights_ms`, which has all of them.
    ///
    /// The result is that of [`Metric::new`], bit for bit, for closures as for re-openings.
    ///
    /// # Panics
    /// When `weights_ms` does not have the length of the graph's edges, or an edge is not there.
    ///
    /// # Complexity
    /// O(arcs that change x their triangles), at most that of [`Metric::new`] and a [`PARTIAL_SHARE`]th.
    pub fn update(
        &mut self,
        hierarchy: &Hierarchy,
        weights_ms: &[Millis],
        changed: &[u32],
        threads: NonZeroUsize,
    ) -> Customised {
        assert_eq!(weights_ms.len(), hierarchy.edges.len(), "one weight for each edge");
        let arcs_max = hierarchy.arcs_count() / PARTIAL_SHARE + 1;
        let mut arcs_count = 0;
        // By lower end, then number, which ascend together: what an arc depends on stands before it.
        let mut open: BTreeSet<(u32, u32)> = BTreeSet::new();
        for &edge in changed {
            if let EdgePlace::Up(arc) | EdgePlace::Down(arc) = hierarchy.edges[edge as usize] {
                open.insert((hierarchy.tail(arc), arc));
            }
        }
        while let Some((tail, arc)) = open.pop_first() {
            arcs_count += 1;
            if arcs_count > arcs_max {
                *self = Metric::new(hierarchy, weights_ms, threads);
                return Customised::Wholly;
            }
            let cost = self.cost_of(hierarchy, weights_ms, tail, arc);
            if cost == (self.up[arc as usize], self.down[arc as usize]) {
                continue;
            }
            (self.up[arc as usize], self.down[arc as usize]) = cost;
            let head = hierarchy.heads[arc as usize];
            // The arcs that this one and another of the same lower end make a path for.
            for other in hierarchy.up(tail) {
                let other = hierarchy.heads[other];
                if other != head {
                    let (low, high) = (head.min(other), head.max(other));
                    let above = hierarchy.arc(low, high).expect("contraction joins all upper neighbours");
                    open.insert((low, above));
                }
            }
        }
        Customised::Partly { arcs_count }
    }

    /// What an arc costs, up and down, from its edges and its lower triangles.
    fn cost_of(&self, hierarchy: &Hierarchy, weights_ms: &[Millis], tail: u32, arc: u32) -> (Millis, Millis) {
        let (mut up, mut down) = (UNREACHABLE_MS, UNREACHABLE_MS);
        for &edge in hierarchy.edges_on(arc) {
            let weight_ms = weights_ms[edge as usize];
            match hierarchy.edges[edge as usize] {
                EdgePlace::Up(_) => up = up.min(weight_ms),
                EdgePlace::Down(_) => down = down.min(weight_ms),
                EdgePlace::Loop => {}
            }
        }
        for triangle in hierarchy.triangles(tail, hierarchy.heads[arc as usize]) {
            let (low, high) = (triangle.to_low as usize, triangle.to_high as usize);
            up = up.min(self.down[low] + self.up[high]);
            down = down.min(self.down[high] + self.up[low]);
        }
        (up, down)
    }
}

/// Two arcs from one lower rank, to both ends of an arc.
pub(super) struct Triangle {
    /// The lower rank.
    pub(super) apex: u32,
    /// Its arc to the lower end.
    pub(super) to_low: u32,
    /// Its arc to the upper end.
    pub(super) to_high: u32,
}

impl Hierarchy {
    /// The lower end of an arc.
    ///
    /// # Complexity
    /// O(log nodes).
    fn tail(&self, arc: u32) -> u32 {
        (self.first.partition_point(|&first| first <= arc) - 1) as u32
    }

    /// Every lower triangle of the arc between `low` and `high`, by rank of the third corner.
    pub(super) fn triangles(&self, low: u32, high: u32) -> impl Iterator<Item = Triangle> + '_ {
        let (mut lows, mut highs) = (self.lower(low).iter().peekable(), self.lower(high).iter().peekable());
        std::iter::from_fn(move || {
            loop {
                let (&&a, &&b) = (lows.peek()?, highs.peek()?);
                if a.tail <= b.tail {
                    lows.next();
                }
                if b.tail <= a.tail {
                    highs.next();
                }
                if a.tail == b.tail {
                    return Some(Triangle { apex: a.tail, to_low: a.arc, to_high: b.arc });
                }
            }
        })
    }

    /// How much work a rank's own row makes for the rows above it.
    fn load(&self, rank: u32) -> u64 {
        let len = self.up(rank).len() as u64;
        len * (len + 1) / 2
    }
}

/// How the work is split: subtrees that need nothing of each other, and the ranks above them.
struct Pieces {
    /// Ranges of ranks, ascending.
    subtrees: Vec<Range<u32>>,
    loads: Vec<u64>,
    /// Ranks in no subtree, ascending.
    top: Vec<u32>,
}

impl Pieces {
    fn of(hierarchy: &Hierarchy, threads: NonZeroUsize) -> Pieces {
        let count = hierarchy.nodes_count();
        if threads.get() == 1 {
            let whole: Vec<Range<u32>> = std::iter::once(0..count).collect();
            return Pieces { subtrees: whole, loads: vec![0], top: Vec::new() };
        }
        let (mut sizes, mut loads) = (vec![1_u32; count as usize], vec![0_u64; count as usize]);
        for rank in 0..count {
            loads[rank as usize] += hierarchy.load(rank);
            let parent = hierarchy.parents[rank as usize];
            if parent != super::NONE {
                loads[parent as usize] += loads[rank as usize];
                sizes[parent as usize] += sizes[rank as usize];
            }
        }
        let roots = (0..count).filter(|&rank| hierarchy.parents[rank as usize] == super::NONE);
        let total: u64 = roots.map(|rank| loads[rank as usize]).sum();
        let load_max = total / (threads.get() * PIECES_PER_THREAD) as u64;
        let mut pieces = Pieces { subtrees: Vec::new(), loads: Vec::new(), top: Vec::new() };
        // From the top down: in a post-order the root of what is left stands at its end.
        let mut end = count;
        while end > 0 {
            let root = end - 1;
            if loads[root as usize] <= load_max {
                let begin = end - sizes[root as usize];
                pieces.subtrees.push(begin..end);
                pieces.loads.push(loads[root as usize]);
                end = begin;
            } else {
                pieces.top.push(root);
                end = root;
            }
        }
        pieces.subtrees.reverse();
        pieces.loads.reverse();
        pieces.top.reverse();
        pieces
    }
}

/// Where each rank above the pieces keeps its row in a share.
struct TopRows {
    rows: Vec<Range<usize>>,
    ranks: Vec<u32>,
    /// Per rank of the hierarchy.
    is_top: Vec<bool>,
    len: usize,
}

impl TopRows {
    fn of(hierarchy: &Hierarchy, ranks: &[u32]) -> TopRows {
        let mut top = TopRows {
            rows: Vec::with_capacity(ranks.len()),
            ranks: ranks.to_vec(),
            is_top: vec![false; hierarchy.nodes.len()],
            len: 0,
        };
        for &rank in ranks {
            let begin = top.len;
            top.len += hierarchy.up(rank).len();
            top.rows.push(begin..top.len);
            top.is_top[rank as usize] = true;
        }
        top
    }
}

/// A subtree and its rows.
struct Piece<'m> {
    ranks: Range<u32>,
    up: &'m mut [Millis],
    down: &'m mut [Millis],
}

impl Piece<'_> {
    fn relax(self, hierarchy: &Hierarchy, top: &TopRows, share: &mut Metric, places: &mut [u32]) {
        let base = hierarchy.first[self.ranks.start as usize] as usize;
        for rank in self.ranks.clone() {
            let row = hierarchy.up(rank);
            let (below_up, up) = self.up.split_at_mut(row.start - base);
            let (below_down, down) = self.down.split_at_mut(row.start - base);
            let below = Below { up: below_up, down: below_down, base };
            let row = Row { up: &mut up[..row.len()], down: &mut down[..row.len()] };
            gather(hierarchy, rank, hierarchy.lower(rank).iter(), below, row, places);
        }
        for (&rank, row) in top.ranks.iter().zip(&top.rows) {
            let lower = hierarchy.lower(rank);
            let begin = lower.partition_point(|lower| lower.tail < self.ranks.start);
            let end = lower.partition_point(|lower| lower.tail < self.ranks.end);
            if begin == end {
                continue;
            }
            let below = Below { up: self.up, down: self.down, base };
            let row = Row { up: &mut share.up[row.clone()], down: &mut share.down[row.clone()] };
            gather(hierarchy, rank, lower[begin..end].iter(), below, row, places);
        }
    }
}

/// Rows that are worked out already, from arc `base` on.
#[derive(Clone, Copy)]
struct Below<'m> {
    up: &'m [Millis],
    down: &'m [Millis],
    base: usize,
}

/// The row that is being worked out.
struct Row<'m> {
    up: &'m mut [Millis],
    down: &'m mut [Millis],
}

/// Lowers the row of `rank` to what paths through the lower ends of `lowers` cost.
fn gather<'l>(
    hierarchy: &Hierarchy,
    rank: u32,
    lowers: impl Iterator<Item = &'l Lower>,
    below: Below<'_>,
    row: Row<'_>,
    places: &mut [u32],
) {
    if row.up.is_empty() {
        return;
    }
    let mut placed = false;
    for lower in lowers {
        let arc = lower.arc as usize - below.base;
        // From this rank down to the lower end, and from there up to it.
        let (there, back) = (below.down[arc], below.up[arc]);
        if there >= UNREACHABLE_MS && back >= UNREACHABLE_MS {
            continue;
        }
        let end = hierarchy.first[lower.tail as usize + 1] as usize;
        let others = lower.arc as usize + 1..end;
        let (up, down) = (&below.up[arc + 1..end - below.base], &below.down[arc + 1..end - below.base]);
        if others.len() == row.up.len() {
            // Upper neighbours of the lower end are among those of this rank: equally many are the same.
            lower_by(row.up, up, there);
            lower_by(row.down, down, back);
            continue;
        }
        if !placed {
            for (place, arc) in hierarchy.up(rank).enumerate() {
                places[hierarchy.heads[arc] as usize] = place as u32;
            }
            placed = true;
        }
        for ((head, &up), &down) in hierarchy.heads[others].iter().zip(up).zip(down) {
            let place = places[*head as usize] as usize;
            row.up[place] = row.up[place].min(there + up);
            row.down[place] = row.down[place].min(back + down);
        }
    }
}

/// `costs[i] = min(costs[i], added_ms + others[i])`.
fn lower_by(costs: &mut [Millis], others: &[Millis], added_ms: Millis) {
    for (cost, other) in costs.iter_mut().zip(others) {
        *cost = (*cost).min(added_ms + other);
    }
}

/// `costs[i] = min(costs[i], others[i])`.
fn lower_to(costs: &mut [Millis], others: &[Millis]) {
    for (cost, other) in costs.iter_mut().zip(others) {
        *cost = (*cost).min(*other);
    }
}
