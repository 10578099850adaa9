//! Cells that are cut into cells, by as many threads as there are.
//!
//! Whoever has nothing to do takes the largest cell that nobody works on. Each cell has its own places in the order and
//! is cut in the same way by whoever takes it, so the order does not depend on who was first.

use super::cell::Cell;
use super::few::Few;
use super::{PlanePoint, cut, lines};
use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Cells of fewer nodes than this are not shared between threads: that costs more than it gains.
const SHARED_NODES_MIN: usize = 2_000;

/// Writes an order of the nodes of `core`, the first to contract first. `points` has one for each node, if they are known.
pub(super) fn dissect(core: &Cell, points: Option<&[PlanePoint]>, order: &mut [u32], threads: usize) {
    let mut pieces = vec![Piece { cell: core.clone(), order }];
    // While there are fewer cells than threads, these share the lines of the largest.
    while pieces.len() < threads
        && let Some(largest) = (0..pieces.len()).max_by_key(|&at| pieces[at].cell.len())
        && pieces[largest].cell.len() >= SHARED_NODES_MIN
    {
        let piece = pieces.swap_remove(largest);
        pieces.extend(piece.cut(points, threads));
    }
    let pool = Pool { open: Mutex::default(), changed: Condvar::new() };
    pool.put(pieces);
    let work = || pool.work(Few::new(core), points);
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(work);
        }
        work();
    });
}

/// A cell of the core and the places of its nodes in the order.
struct Piece<'o> {
    cell: Cell,
    order: &'o mut [u32],
}

impl<'o> Piece<'o> {
    /// Its connected parts, or the two sides of a cut, whose nodes are written last.
    fn cut(self, points: Option<&[PlanePoint]>, threads: usize) -> Vec<Piece<'o>> {
        let Piece { cell, order } = self;
        let parts = cell.parts();
        if parts.len() != 1 {
            return pieces(&cell, &parts, order);
        }
        if cell.is_dense() {
            order.copy_from_slice(cell.nodes());
            return Vec::new();
        }
        let split = cut::best(&cell, &lines::of(&cell, points), threads);
        let (sides, last) = order.split_at_mut(order.len() - split.separator.len());
        for (place, &node) in last.iter_mut().zip(&split.separator) {
            *place = cell.nodes()[node as usize];
        }
        let sides_of_cut = [split.near, split.far].into_iter().filter(|side| !side.is_empty());
        pieces(&cell, &sides_of_cut.collect::<Vec<Vec<u32>>>(), sides)
    }

    /// Orders all of it.
    fn finish(self, few: &mut Few<'_>, points: Option<&[PlanePoint]>) {
        let mut open = vec![self];
        while let Some(Piece { cell, order }) = open.pop() {
            if !few.sort(cell.nodes(), order) {
                open.extend(Piece { cell, order }.cut(points, 1));
            }
        }
    }
}

/// Cells without an edge between them, one behind the other.
fn pieces<'o>(cell: &Cell, parts: &[Vec<u32>], order: &'o mut [u32]) -> Vec<Piece<'o>> {
    let (mut rest, mut numbers) = (order, cell.no_numbers());
    let mut pieces = Vec::with_capacity(parts.len());
    for nodes in parts {
        let (here, after) = rest.split_at_mut(nodes.len());
        rest = after;
        pieces.push(Piece { cell: cell.part_with(nodes, &mut numbers), order: here });
    }
    pieces
}

/// What is still to do.
struct Pool<'o> {
    open: Mutex<Open<'o>>,
    changed: Condvar,
}

#[derive(Default)]
struct Open<'o> {
    /// By size, then by number.
    pieces: BTreeMap<(usize, u64), Piece<'o>>,
    /// How many there have been.
    count: u64,
    /// How many threads may still bring more.
    at_work: usize,
}

impl<'o> Pool<'o> {
    fn work(&self, mut few: Few<'_>, points: Option<&[PlanePoint]>) {
        while let Some(piece) = self.take() {
            let _at_work = AtWork(self);
            if piece.cell.len() < SHARED_NODES_MIN {
                piece.finish(&mut few, points);
            } else {
                self.put(piece.cut(points, 1));
            }
        }
    }

    fn put(&self, pieces: Vec<Piece<'o>>) {
        let mut open = self.open();
        for piece in pieces {
            let key = (piece.cell.len(), open.count);
            open.count += 1;
            open.pieces.insert(key, piece);
        }
        self.changed.notify_all();
    }

    /// The largest piece, as soon as there is one; none when there will be no more.
    fn take(&self) -> Option<Piece<'o>> {
        let mut open = self.open();
        loop {
            if let Some((_, piece)) = open.pieces.pop_last() {
                open.at_work += 1;
                return Some(piece);
            }
            if open.at_work == 0 {
                return None;
            }
            open = self.changed.wait(open).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn open(&self) -> MutexGuard<'_, Open<'o>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A thread with a piece; it has none any more when this goes, by a panic as well.
struct AtWork<'p, 'o>(&'p Pool<'o>);

impl Drop for AtWork<'_, '_> {
    fn drop(&mut self) {
        self.0.open().at_work -= 1;
        self.0.changed.notify_all();
    }
}
