//! How Jonker and Volgenant begin: column reduction, then augmenting row reduction.
//!
//! Source: R. Jonker, A. Volgenant, "A shortest augmenting path algorithm for dense and sparse linear assignment
//! problems", Computing 38 (1987), 325-340.

use super::lane::Lane;
use super::matching::{Matching, NONE, Stop};
use super::square::Square;

/// How often the rows that are left bid once more.
const ROUNDS: usize = 2;
/// Bids of a round for each row that began it without a column; more would be an auction without an end.
const BIDS_PER_ROW: usize = 8;

/// For each column its least cost and the row that has it, the lowest of equal ones.
pub(super) struct Cheapest<L> {
    costs: Vec<L>,
    rows: Vec<u32>,
}

impl<L: Lane> Cheapest<L> {
    /// Reads the square once.
    pub(super) fn of(square: &Square<'_, L>) -> Cheapest<L> {
        let (mut costs, mut rows) = (vec![L::MAX; square.columns()], vec![0; square.columns()]);
        for row in 0..square.rows() {
            for ((least, holder), &cost) in costs.iter_mut().zip(&mut rows).zip(square.row(row)) {
                // Without a branch: eight columns at once.
                *holder = if cost < *least { row as u32 } else { *holder };
                *least = cost.min(*least);
            }
        }
        Cheapest { costs, rows }
    }

    /// Rows that are the cheapest for one column at least: few when many columns want the same ones.
    pub(super) fn holders_count(&self) -> usize {
        let mut holders = self.rows.clone();
        holders.sort_unstable();
        holders.dedup();
        holders.len()
    }
}

impl<L: Lane> Matching<'_, L> {
    /// Prices every column so that its cheapest row has it for nothing, and gives it to that row if it is free.
    /// Only where every column must have a row.
    pub(super) fn reduce_columns(&mut self, cheapest: &Cheapest<L>) {
        let most = cheapest.costs.iter().fold(L::default(), |most, &cost| most.max(cost));
        for (column, (&cost, &row)) in cheapest.costs.iter().zip(&cheapest.rows).enumerate() {
            // From the dearest down, so that no price is negative.
            self.prices[column] = most - cost;
            if self.column_of[row as usize] == NONE {
                self.give(column as u32, row);
            }
        }
    }

    /// Lets the rows without a column bid by exactly as much as leaves their column the cheapest.
    pub(super) fn reduce_rows(&mut self) -> Result<(), Stop> {
        let mut free = self.free_rows();
        for _ in 0..ROUNDS {
            let mut left = Vec::new();
            let mut bids = free.len() * BIDS_PER_ROW;
            for &first in &free {
                let mut row = first;
                while row != NONE {
                    row = self.bid_exactly(row, &mut bids, &mut left)?;
                }
            }
            free = left;
        }
        Ok(())
    }

    /// One bid; the row that lost its column by it and may bid at once, if any.
    fn bid_exactly(&mut self, row: u32, bids: &mut usize, left: &mut Vec<u32>) -> Result<u32, Stop> {
        let two = self.two_best(row)?;
        let rise = two.second - two.best;
        if rise == L::default() && self.row_of[two.column as usize] != NONE {
            left.push(row);
            return Ok(NONE);
        }
        self.raise(two.column, rise)?;
        let before = self.give(two.column, row);
        *bids = bids.saturating_sub(1);
        if before == NONE || (rise > L::default() && *bids > 0) {
            return Ok(before);
        }
        left.push(before);
        Ok(NONE)
    }
}
