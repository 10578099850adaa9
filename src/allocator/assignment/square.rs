//! Every resource to exactly one row: the form in which the algorithms see a problem.
//!
//! A mission that goes unserved and a resource that stays idle are a pair as well, one that costs what going unserved
//! does. So a forbidden pair, or one that is dearer than leaving the mission alone, is put at that price, and everything
//! that a plan may be is a matching of a dense matrix in which each row has one column.

use super::lane::Lane;
use std::borrow::Cow;

/// Dense costs, row-major, at most as many rows as columns; the rows that are missing cost nothing anywhere.
pub(super) struct Square<'a, L: Lane> {
    costs: Cow<'a, [L]>,
    rows: usize,
    nobody: Vec<L>,
}

impl<'a, L: Lane> Square<'a, L> {
    /// `costs` has shape `rows` x `columns`.
    pub(super) fn new(costs: Cow<'a, [L]>, rows: usize, columns: usize) -> Square<'a, L> {
        debug_assert!(costs.len() == rows * columns && rows <= columns, "the wider side are the columns");
        Square { costs, rows, nobody: vec![L::default(); columns] }
    }

    /// Rows that stand for somebody.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Columns, and all rows.
    pub(super) fn columns(&self) -> usize {
        self.nobody.len()
    }

    /// Costs of a row, one a column.
    #[inline]
    pub(super) fn row(&self, row: usize) -> &[L] {
        let columns = self.nobody.len();
        if row < self.rows { &self.costs[row * columns..(row + 1) * columns] } else { &self.nobody }
    }

    /// What a pair costs.
    #[inline]
    pub(super) fn cost(&self, row: usize, column: u32) -> L {
        self.row(row)[column as usize]
    }

    /// Greatest cost less least cost.
    pub(super) fn range(&self) -> L {
        let ends = self.costs.chunks(self.columns().max(1)).map(|row| {
            let least = row.iter().fold(L::MAX, |least, &cost| least.min(cost));
            (least, row.iter().fold(least, |most, &cost| most.max(cost)))
        });
        let (least, most) =
            ends.fold((L::default(), L::default()), |all, row| (all.0.min(row.0), all.1.max(row.1)));
        most - least
    }
}
