//! Shortest augmenting paths: the exact end of both algorithms.
//!
//! Dijkstra's search over columns from a row without one to a free column. A row is followed along its list only; what
//! lies outside waits in the queue as one entry, at the least that it can cost, and is read when the search gets there,
//! which it rarely does. Columns that are no nearer than the nearest free one found are not put in the queue.
//!
//! Source: as `reduction`; Dijkstra's search with bounds on what was not looked at is our own.

use super::lane::Lane;
use super::matching::{Matching, NONE, Stop};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What one search after the other uses again.
pub(super) struct Search<L> {
    /// Of each column from the row that the search began at.
    distances: Vec<L>,
    /// The row before each column.
    from: Vec<u32>,
    is_settled: Vec<bool>,
    touched: Vec<u32>,
    /// Columns, and behind them rows whose lists do not hold everything.
    queue: BinaryHeap<Reverse<(L, u32)>>,
    /// How far off each row of the queue is, less what its own column costs it.
    offsets: Vec<L>,
    /// The search in which a row's list was made anew.
    renewed: Vec<u32>,
    number: u32,
    /// The nearest free column and how far off it is.
    end: (L, u32),
}

impl<L: Lane> Matching<'_, L> {
    /// Matches every row that has no column yet, by the shortest path each.
    ///
    /// # Complexity
    /// O(free rows x (pairs looked at + columns log columns)); the pairs are all of the square at worst.
    pub(super) fn augment_all(&mut self) -> Result<(), Stop> {
        let (rows, columns) = (self.column_of.len(), self.square.columns());
        let mut search = Search {
            distances: vec![L::MAX; columns],
            from: vec![NONE; columns],
            is_settled: vec![false; columns],
            touched: Vec::new(),
            queue: BinaryHeap::new(),
            offsets: vec![L::default(); rows],
            renewed: vec![NONE; rows],
            number: 0,
            end: (L::MAX, NONE),
        };
        for row in self.free_rows() {
            self.augment(row, &mut search)?;
        }
        Ok(())
    }

    fn augment(&mut self, first: u32, search: &mut Search<L>) -> Result<(), Stop> {
        search.begin();
        let own = self.two_best(first)?.best;
        self.follow_list(first, L::default() - own, search);
        while let Some(Reverse((key, entry))) = search.queue.pop() {
            if key >= search.end.0 {
                break;
            }
            if self.lists.work > self.work_max {
                return Err(Stop::Budget);
            }
            match entry.checked_sub(self.square.columns() as u32) {
                Some(row) => self.follow_rest(row, search),
                None => self.settle(entry, search),
            }
        }
        let (length, mut column) = search.end;
        for &column in &search.touched {
            if search.is_settled[column as usize] {
                self.raise(column, length - search.distances[column as usize])?;
            }
        }
        while column != NONE {
            let row = search.from[column as usize];
            let before = self.column_of[row as usize];
            self.row_of[column as usize] = row;
            self.column_of[row as usize] = column;
            column = before;
        }
        Ok(())
    }

    /// Goes on from a column to the row that has it.
    fn settle(&mut self, column: u32, search: &mut Search<L>) {
        if std::mem::replace(&mut search.is_settled[column as usize], true) {
            return;
        }
        let row = self.row_of[column as usize];
        let offset = search.distances[column as usize] - self.sum(row, column);
        self.follow_list(row, offset, search);
    }

    fn follow_list(&mut self, row: u32, offset: L, search: &mut Search<L>) {
        let (list, rest) = self.lists.of(row as usize);
        for &(column, cost) in list {
            let distance = offset + cost + self.prices[column as usize];
            search.reach(column, distance, row, &self.row_of);
        }
        let work = list.len() as u64;
        if rest != L::MAX && rest + offset < search.end.0 {
            search.offsets[row as usize] = offset;
            search.queue.push(Reverse((rest + offset, row + self.square.columns() as u32)));
        }
        self.lists.work += work;
    }

    /// Looks at what lies outside a row's list: once by a new list, then at everything.
    fn follow_rest(&mut self, row: u32, search: &mut Search<L>) {
        let offset = search.offsets[row as usize];
        if std::mem::replace(&mut search.renewed[row as usize], search.number) != search.number {
            self.lists.renew(self.square, &self.prices, row as usize);
            return self.follow_list(row, offset, search);
        }
        let costs = self.square.row(row as usize);
        for (column, (&cost, &price)) in (0..).zip(costs.iter().zip(&self.prices)) {
            search.reach(column, offset + cost + price, row, &self.row_of);
        }
        self.lists.work += costs.len() as u64;
    }
}

impl<L: Lane> Search<L> {
    fn begin(&mut self) {
        for column in self.touched.drain(..) {
            self.distances[column as usize] = L::MAX;
            self.is_settled[column as usize] = false;
        }
        self.queue.clear();
        self.number += 1;
        self.end = (L::MAX, NONE);
    }

    /// Notes a way to a column when it is the shortest so far and shorter than that to the nearest free column.
    #[inline(always)]
    fn reach(&mut self, column: u32, distance: L, row: u32, row_of: &[u32]) {
        let known = &mut self.distances[column as usize];
        if distance >= *known || distance >= self.end.0 {
            return;
        }
        if *known == L::MAX {
            self.touched.push(column);
        }
        *known = distance;
        self.from[column as usize] = row;
        if row_of[column as usize] == NONE {
            self.end = (distance, column);
        } else {
            self.queue.push(Reverse((distance, column)));
        }
    }
}
