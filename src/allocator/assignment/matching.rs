//! A matching under way: who has which column, what columns are priced at, and what both algorithms do with them.
//!
//! What holds at every moment: prices only rise, and a matched row's column is the cheapest it can have, prices
//! included (within epsilon while the auction runs). So the prices bound every matching from below, and when all rows
//! are matched exactly this one is the best.

use super::lane::Lane;
use super::lists::{Lists, TwoBest};
use super::square::Square;

/// No row, or no column.
pub(super) const NONE: u32 = u32::MAX;

/// Why a solve stopped before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// A price left the room of its width.
    TooWide,
    /// The work budget is used up.
    Budget,
}

/// Rows, columns and prices under way.
pub(super) struct Matching<'a, L: Lane> {
    pub(super) square: &'a Square<'a, L>,
    /// Column of each row.
    pub(super) column_of: Vec<u32>,
    /// Row of each column.
    pub(super) row_of: Vec<u32>,
    /// Of each column.
    pub(super) prices: Vec<L>,
    pub(super) lists: Lists<L>,
    /// Pairs that may be looked at.
    pub(super) work_max: u64,
}

impl<'a, L: Lane> Matching<'a, L> {
    /// Nobody matched; `rows` of the square's rows take part.
    pub(super) fn new(square: &'a Square<'a, L>, rows: usize, work_max: u64) -> Matching<'a, L> {
        let columns = square.columns();
        Matching {
            square,
            column_of: vec![NONE; rows],
            row_of: vec![NONE; columns],
            prices: vec![L::default(); columns],
            lists: Lists::new(rows, columns),
            work_max,
        }
    }

    /// Rows without a column, lowest first.
    pub(super) fn free_rows(&self) -> Vec<u32> {
        (0..self.column_of.len() as u32).filter(|&row| self.column_of[row as usize] == NONE).collect()
    }

    /// The two cheapest columns of a row.
    #[inline]
    pub(super) fn two_best(&mut self, row: u32) -> Result<TwoBest<L>, Stop> {
        if self.lists.work > self.work_max {
            return Err(Stop::Budget);
        }
        Ok(self.lists.two_best(self.square, &self.prices, row as usize))
    }

    /// What a matched row pays for its column, price included.
    #[inline]
    pub(super) fn sum(&self, row: u32, column: u32) -> L {
        self.square.cost(row as usize, column) + self.prices[column as usize]
    }

    /// Raises a price.
    #[inline]
    pub(super) fn raise(&mut self, column: u32, by: L) -> Result<(), Stop> {
        let price = &mut self.prices[column as usize];
        // Neither wraps: a rise is at most a cost with a price, each within its limit.
        *price += by;
        if *price > L::PRICE_MAX { Err(Stop::TooWide) } else { Ok(()) }
    }

    /// Gives a column to a row; who had it before, if anybody.
    #[inline]
    pub(super) fn give(&mut self, column: u32, row: u32) -> u32 {
        let before = std::mem::replace(&mut self.row_of[column as usize], row);
        self.column_of[row as usize] = column;
        if before != NONE {
            self.column_of[before as usize] = NONE;
        }
        before
    }

    /// Frees the rows whose column is dearer than their cheapest by more than `slack`.
    pub(super) fn free_all_but_cheapest(&mut self, slack: L) -> Result<(), Stop> {
        for row in 0..self.column_of.len() as u32 {
            let column = self.column_of[row as usize];
            if column != NONE && self.sum(row, column) > self.two_best(row)?.best + slack {
                self.column_of[row as usize] = NONE;
                self.row_of[column as usize] = NONE;
            }
        }
        Ok(())
    }
}
