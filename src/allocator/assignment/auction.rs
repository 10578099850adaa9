//! Epsilon-scaling auction: rows bid for columns, coarsely at first.
//!
//! Where many rows want the same few columns, shortest paths lead through all of them again and again. Bids that may be
//! wrong by epsilon settle such a crowd fast. Epsilon falls from a share of the costs' range to one unit; what is then
//! still wrong, by less than a unit a row, the paths of `paths` put right, so that the end is exact without costs that
//! are scaled up.
//!
//! Source: D. P. Bertsekas, "The auction algorithm: a distributed relaxation method for the assignment problem", Annals
//! of Operations Research 14 (1988), 105-123.

use super::lane::Lane;
use super::matching::{Matching, NONE, Stop};

/// The first epsilon is this part of the range of the costs.
const FIRST_PART: i64 = 8;
/// Each epsilon is this part of the one before it.
const NEXT_PART: i64 = 7;

impl<L: Lane> Matching<'_, L> {
    /// Matches all rows, each to a column that is within one unit of the cheapest.
    pub(super) fn auction(&mut self) -> Result<(), Stop> {
        let mut epsilon = (self.square.range().wide() / FIRST_PART).max(1);
        loop {
            self.free_all_but_cheapest(L::of(epsilon))?;
            self.bid_within(L::of(epsilon))?;
            if epsilon == 1 {
                return Ok(());
            }
            epsilon = (epsilon / NEXT_PART).max(1);
        }
    }

    /// Bids until every row has a column. Who lost one bids next: what it wants is still at hand.
    fn bid_within(&mut self, epsilon: L) -> Result<(), Stop> {
        let mut waiting = self.free_rows();
        while let Some(row) = waiting.pop() {
            let two = self.two_best(row)?;
            self.raise(two.column, two.second - two.best + epsilon)?;
            let before = self.give(two.column, row);
            if before != NONE {
                waiting.push(before);
            }
        }
        Ok(())
    }
}
