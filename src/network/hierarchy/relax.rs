//! Every arc of a metric from the ones below it, on one thread or several.

use super::wide::widest;
use super::{Hierarchy, Lower, Metric, NONE};
use crate::network::{Millis, UNREACHABLE_MS};
use std::num::NonZeroUsize;
use std::ops::Range;

/// Shares of the work for each thread: uneven ones even out.
const PIECES_PER_THREAD: usize = 8;

/// Rows above all pieces that one thread finishes before all threads carry them on to the rows above them.
const PANEL_ROWS: usize = 64;

impl Metric {
    /// Lowers every arc to what paths through lower ranks cost. The result is the same for any number of threads.
    pub(super) fn relax_all(&mut self, hierarchy: &Hierarchy, threads: NonZeroUsize) {
        if threads.get() == 1 {
            let all = Piece { ranks: 0..hierarchy.nodes_count(), up: &mut self.up, down: &mut self.down };
            return all.relax(hierarchy, &mut vec![0; hierarchy.nodes.len()]);
        }
        let pieces = Pieces::of(hierarchy, threads);
        let mut places: Vec<Vec<u32>> = vec![vec![0; hierarchy.nodes.len()]; threads.get()];
        self.relax_pieces(hierarchy, &pieces, &mut places);
        self.relax_top(hierarchy, &pieces.top, &mut places);
    }

    /// Works out the rows of `ranks`, all of which below them are done, one after the other.
    pub(super) fn relax_rows(&mut self, hierarchy: &Hierarchy, ranks: Range<u32>, places: &mut [u32]) {
        for rank in ranks {
            let arcs = hierarchy.up(rank);
            let (below_up, up) = self.up.split_at_mut(arcs.start);
            let (below_down, down) = self.down.split_at_mut(arcs.start);
            let below = Below { up: below_up, down: below_down, base: 0 };
            let row = Row { up: &mut up[..arcs.len()], down: &mut down[..arcs.len()] };
            widest(
                #[inline(always)]
                || gather(hierarchy, rank, hierarchy.lower(rank).iter(), below, row, places),
            );
        }
    }

    /// Works out each piece by itself.
    fn relax_pieces(&mut self, hierarchy: &Hierarchy, pieces: &Pieces, places: &mut [Vec<u32>]) {
        let mut work: Vec<Vec<Piece<'_>>> = places.iter().map(|_| Vec::new()).collect();
        let mut loads = vec![0_u64; work.len()];
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
        each_on_a_thread(work, places, |pieces, places| {
            pieces.into_iter().for_each(|piece| piece.relax(hierarchy, places));
        });
    }

    /// Works out the rows above all pieces: what pieces mean for them, then panel by panel what they mean for each other.
    fn relax_top(&mut self, hierarchy: &Hierarchy, top: &[u32], places: &mut [Vec<u32>]) {
        let mut is_top = vec![false; hierarchy.nodes.len()];
        top.iter().for_each(|&rank| is_top[rank as usize] = true);
        // Beside the metric while they are worked on, so that all threads may read what is done.
        let mut rows = OwnRows::of(hierarchy, self, top);
        rows.gather_all(hierarchy, self, 0, places, |rank| {
            hierarchy.lower(rank).iter().filter(|lower| !is_top[lower.tail as usize])
        });
        for begin in (0..top.len()).step_by(PANEL_ROWS) {
            let end = (begin + PANEL_ROWS).min(top.len());
            let ranks = top[begin]..top[end - 1] + 1;
            let from_panel = |rank| {
                hierarchy.lower_within(rank, &ranks).iter().filter(|lower| is_top[lower.tail as usize])
            };
            for (index, &rank) in top.iter().enumerate().take(end).skip(begin) {
                let below = Below { up: &self.up, down: &self.down, base: 0 };
                let row = rows.row(index);
                widest(
                    #[inline(always)]
                    || gather(hierarchy, rank, from_panel(rank), below, row, &mut places[0]),
                );
                let (arcs, row) = (hierarchy.up(rank), rows.row(index));
                self.up[arcs.clone()].copy_from_slice(row.up);
                self.down[arcs].copy_from_slice(row.down);
            }
            rows.gather_all(hierarchy, self, end, places, from_panel);
        }
    }
}

/// Runs each share on a thread of its own.
fn each_on_a_thread<W: Send>(
    work: Vec<W>,
    places: &mut [Vec<u32>],
    run: impl Fn(W, &mut [u32]) + Copy + Send + Sync,
) {
    std::thread::scope(|scope| {
        for (share, places) in work.into_iter().zip(places) {
            scope.spawn(move || run(share, places));
        }
    });
}

/// Rows of some ranks, outside of the metric.
struct OwnRows<'r> {
    ranks: &'r [u32],
    /// Row `i` is `first[i]..first[i + 1]`.
    first: Vec<usize>,
    up: Vec<Millis>,
    down: Vec<Millis>,
}

impl<'r> OwnRows<'r> {
    fn of(hierarchy: &Hierarchy, metric: &Metric, ranks: &'r [u32]) -> OwnRows<'r> {
        let mut rows = OwnRows { ranks, first: vec![0], up: Vec::new(), down: Vec::new() };
        for &rank in ranks {
            rows.up.extend_from_slice(&metric.up[hierarchy.up(rank)]);
            rows.down.extend_from_slice(&metric.down[hierarchy.up(rank)]);
            rows.first.push(rows.up.len());
        }
        rows
    }

    fn row(&mut self, index: usize) -> Row<'_> {
        let arcs = self.first[index]..self.first[index + 1];
        Row { up: &mut self.up[arcs.clone()], down: &mut self.down[arcs] }
    }

    /// Lowers every row from `begin` on by paths through `lowers` of its rank, the rows dealt out to all threads.
    fn gather_all<'l, I: Iterator<Item = &'l Lower>>(
        &mut self,
        hierarchy: &'l Hierarchy,
        metric: &Metric,
        begin: usize,
        places: &mut [Vec<u32>],
        lowers: impl Fn(u32) -> I + Copy + Send + Sync,
    ) {
        let mut work: Vec<Vec<(u32, Row<'_>)>> = places.iter().map(|_| Vec::new()).collect();
        let (mut up, mut down) = (&mut self.up[self.first[begin]..], &mut self.down[self.first[begin]..]);
        for (index, &rank) in self.ranks.iter().enumerate().skip(begin) {
            let len = self.first[index + 1] - self.first[index];
            let (up_here, up_rest) = up.split_at_mut(len);
            let (down_here, down_rest) = down.split_at_mut(len);
            (up, down) = (up_rest, down_rest);
            let thread = index % work.len();
            work[thread].push((rank, Row { up: up_here, down: down_here }));
        }
        let below = Below { up: &metric.up, down: &metric.down, base: 0 };
        each_on_a_thread(work, places, |rows, places| {
            for (rank, row) in rows {
                widest(
                    #[inline(always)]
                    || gather(hierarchy, rank, lowers(rank), below, row, places),
                );
            }
        });
    }
}

impl Hierarchy {
    /// How much work a rank's own row makes for the rows above it.
    fn load(&self, rank: u32) -> u64 {
        let len = self.up(rank).len() as u64;
        len * (len + 1) / 2
    }

    /// How much work all rows make together.
    pub(super) fn full_load(&self) -> u64 {
        (0..self.nodes_count()).map(|rank| self.load(rank)).sum()
    }

    /// The arcs from those lower ranks that lie in `ranks`.
    pub(super) fn lower_within(&self, rank: u32, ranks: &Range<u32>) -> &[Lower] {
        let lower = self.lower(rank);
        let begin = lower.partition_point(|lower| lower.tail < ranks.start);
        let end = lower.partition_point(|lower| lower.tail < ranks.end);
        &lower[begin..end]
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
            if parent != NONE {
                loads[parent as usize] += loads[rank as usize];
                sizes[parent as usize] += sizes[rank as usize];
            }
        }
        let roots = (0..count).filter(|&rank| hierarchy.parents[rank as usize] == NONE);
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

/// A subtree and its rows.
struct Piece<'m> {
    ranks: Range<u32>,
    up: &'m mut [Millis],
    down: &'m mut [Millis],
}

impl Piece<'_> {
    fn relax(self, hierarchy: &Hierarchy, places: &mut [u32]) {
        widest(
            #[inline(always)]
            || self.relax_rows(hierarchy, places),
        );
    }

    #[inline(always)]
    fn relax_rows(self, hierarchy: &Hierarchy, places: &mut [u32]) {
        let base = hierarchy.first[self.ranks.start as usize] as usize;
        for rank in self.ranks.clone() {
            let row = hierarchy.up(rank);
            let (below_up, up) = self.up.split_at_mut(row.start - base);
            let (below_down, down) = self.down.split_at_mut(row.start - base);
            let below = Below { up: below_up, down: below_down, base };
            let row = Row { up: &mut up[..row.len()], down: &mut down[..row.len()] };
            gather(hierarchy, rank, hierarchy.lower(rank).iter(), below, row, places);
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
#[inline(always)]
fn gather<'l>(
    hierarchy: &Hierarchy,
    rank: u32,
    lowers: impl Iterator<Item = &'l Lower>,
    below: Below<'_>,
    mut row: Row<'_>,
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
        if others.is_empty() {
            continue;
        }
        let (up, down) = (&below.up[arc + 1..end - below.base], &below.down[arc + 1..end - below.base]);
        if others.len() == row.up.len() {
            // Upper neighbours of the lower end are among those of this rank: equally many are the same.
            lower_by(row.up, up, there);
            lower_by(row.down, down, back);
            continue;
        }
        if !placed {
            for (place, &head) in hierarchy.heads[hierarchy.up(rank)].iter().enumerate() {
                places[head as usize] = place as u32;
            }
            placed = true;
        }
        lower_at(&mut row, places, &hierarchy.heads[others], (up, down), (there, back));
    }
}

/// Lowers a row where `heads` stand in it, ascending: upwards by paths that cost the one of `added_ms` to the lower end and
/// then `others`, downwards likewise. `places` has the place of each in the row.
#[inline(always)]
fn lower_at(
    row: &mut Row<'_>,
    places: &[u32],
    heads: &[u32],
    others: (&[Millis], &[Millis]),
    added_ms: (Millis, Millis),
) {
    let (up, down) = (&others.0[..heads.len()], &others.1[..heads.len()]);
    let place_of = |next: usize| places[heads[next] as usize] as usize;
    let Some(last) = heads.len().checked_sub(1) else { return };
    // How far each stands further on in the row than among `heads`: never less than the one before it. From where on that
    // is the same as for the last, all the rest stand side by side.
    let ahead_last = place_of(last) - last;
    let mut next = 0;
    while next <= last {
        let place = place_of(next);
        let run_end = next + RUN_LEN_MIN;
        if place - next == ahead_last {
            lower_by(&mut row.up[place..], &up[next..], added_ms.0);
            lower_by(&mut row.down[place..], &down[next..], added_ms.1);
            return;
        }
        if run_end <= last && place_of(run_end - 1) == place + RUN_LEN_MIN - 1 {
            lower_by(&mut row.up[place..], &up[next..run_end], added_ms.0);
            lower_by(&mut row.down[place..], &down[next..run_end], added_ms.1);
            next = run_end;
            continue;
        }
        row.up[place] = row.up[place].min(added_ms.0 + up[next]);
        row.down[place] = row.down[place].min(added_ms.1 + down[next]);
        next += 1;
    }
}

/// Ranks that follow one another are looked at together from this many on: a few registers full.
const RUN_LEN_MIN: usize = 8;

/// How many of the ascending `heads` follow one another from the first on, in whole steps of [`RUN_LEN_MIN`]; 1 if fewer.
///
/// The nodes of a cut stand side by side in rank, and what lies below a cut is joined to stretches of it: of the arcs
/// that a search between two far-apart nodes of a million looks at, 97 % lie in such stretches, some fifty in each.
#[inline(always)]
pub(super) fn run_len(heads: &[u32]) -> usize {
    let follows = |len: usize| heads.get(len - 1).is_some_and(|&last| last - heads[0] == len as u32 - 1);
    let mut len = 0;
    while follows(len + RUN_LEN_MIN) {
        len += RUN_LEN_MIN;
    }
    len.max(1)
}

/// `costs[i] = min(costs[i], added_ms + others[i])`, as many as there are of both.
#[inline(always)]
pub(super) fn lower_by(costs: &mut [Millis], others: &[Millis], added_ms: Millis) {
    let len = costs.len().min(others.len());
    let (costs, others) = (&mut costs[..len], &others[..len]);
    // By number, not side by side: see [`widest`].
    for place in 0..len {
        costs[place] = costs[place].min(added_ms + others[place]);
    }
}
