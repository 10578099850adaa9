//! For each row the columns that can matter to it next, so that it need not be read from end to end again.
//!
//! Prices only rise. So a column outside a row's list never costs less, with its price, than it did when the list was
//! made, and what the list says is exact as long as it stays below that. A row of 5,000 is read anew only when its
//! forty columns have all become dearer than what was left out.

use super::lane::Lane;
use super::square::Square;

/// Columns of a list at most.
const LIST_MAX: usize = 64;
/// Columns that share one least value while a row is read.
const BLOCK: usize = 16;
/// Blocks whose least value is taken into the list.
const BLOCKS_WANTED: usize = 32;

/// The two cheapest columns of a row, prices included.
#[derive(Clone, Copy, Debug)]
pub(super) struct TwoBest<L> {
    /// The cheapest.
    pub(super) column: u32,
    /// What it costs.
    pub(super) best: L,
    /// What the next one costs; as much as the cheapest when there is only one column.
    pub(super) second: L,
}

/// The lists of all rows.
pub(super) struct Lists<L> {
    entries: Vec<(u32, L)>,
    lengths: Vec<u8>,
    /// No column outside the list costs less than this.
    rests: Vec<L>,
    sums: Vec<L>,
    leasts: Vec<L>,
    ordered: Vec<L>,
    found: Vec<(L, u32)>,
    /// Pairs looked at since the beginning.
    pub(super) work: u64,
}

impl<L: Lane> Lists<L> {
    /// Empty lists.
    pub(super) fn new(rows: usize, columns: usize) -> Lists<L> {
        Lists {
            entries: vec![(0, L::default()); rows * LIST_MAX],
            lengths: vec![0; rows],
            rests: vec![L::default(); rows],
            sums: vec![L::MAX; columns.next_multiple_of(BLOCK)],
            leasts: Vec::new(),
            ordered: Vec::new(),
            found: Vec::new(),
            work: 0,
        }
    }

    /// The columns of a row's list, lowest first, with their costs; and what no other column costs less than.
    #[inline]
    pub(super) fn of(&self, row: usize) -> (&[(u32, L)], L) {
        let start = row * LIST_MAX;
        (&self.entries[start..start + usize::from(self.lengths[row])], self.rests[row])
    }

    /// The two cheapest columns of a row; of equal ones that with the lowest index in the list.
    pub(super) fn two_best(&mut self, square: &Square<'_, L>, prices: &[L], row: usize) -> TwoBest<L> {
        if let Some(two) = self.two_best_listed(prices, row) {
            return two;
        }
        self.renew(square, prices, row);
        let listed = self.two_best_listed(prices, row);
        listed.unwrap_or(TwoBest { column: 0, best: L::default(), second: L::default() })
    }

    /// None when a column outside the list might be one of the two.
    #[inline]
    fn two_best_listed(&mut self, prices: &[L], row: usize) -> Option<TwoBest<L>> {
        let (mut column, mut best, mut second) = (0, L::MAX, L::MAX);
        let (list, rest) = self.of(row);
        for &(other, cost) in list {
            let sum = cost + prices[other as usize];
            if sum < best {
                (column, best, second) = (other, sum, best);
            } else if sum < second {
                second = sum;
            }
        }
        let is_only = list.len() == 1 && rest == L::MAX;
        let is_known = second <= rest && !list.is_empty();
        self.work += list.len() as u64;
        if is_only {
            second = best;
        }
        is_known.then_some(TwoBest { column, best, second })
    }

    /// Reads a row and makes its list anew.
    ///
    /// # Complexity
    /// O(columns); a least value a block of sixteen, and then only the blocks whose least value is among the lowest.
    pub(super) fn renew(&mut self, square: &Square<'_, L>, prices: &[L], row: usize) {
        let costs = square.row(row);
        self.work += costs.len() as u64;
        let columns = costs.len();
        let (sums, prices) = (&mut self.sums[..columns], &prices[..columns]);
        for column in 0..columns {
            sums[column] = costs[column] + prices[column];
        }
        let (blocks, _) = self.sums.as_chunks::<BLOCK>();
        self.leasts.clear();
        // Pushed one by one: extending by closures is a call for each where units of code are built alone.
        for block in blocks {
            self.leasts.push(least_of(block));
        }
        let mut most = L::MAX;
        if self.leasts.len() > BLOCKS_WANTED {
            self.ordered.clone_from(&self.leasts);
            most = *self.ordered.select_nth_unstable(BLOCKS_WANTED).1;
        }
        self.found.clear();
        for (block, &least) in self.leasts.iter().enumerate() {
            if least < most {
                for (place, &sum) in blocks[block].iter().enumerate() {
                    if sum < most {
                        self.found.push((sum, (block * BLOCK + place) as u32));
                    }
                }
            }
        }
        self.fill(row, costs, most);
    }

    /// Writes the cheapest of what was found; with ties at the edge too many or too few may have been.
    fn fill(&mut self, row: usize, costs: &[L], most: L) {
        let mut rest = most;
        if self.found.len() < 2 && most != L::MAX {
            // Nearly everything costs the same: the lowest indices stand for all.
            let equal = self.sums.iter().zip(0_u32..).filter(|&(&sum, _)| sum == most);
            self.found.extend(equal.take(LIST_MAX - 2).map(|(&sum, column)| (sum, column)));
        }
        if self.found.len() > LIST_MAX {
            rest = self.found.select_nth_unstable(LIST_MAX).1.0;
            self.found.truncate(LIST_MAX);
            self.found.sort_unstable_by_key(|&(_, column)| column);
        }
        let start = row * LIST_MAX;
        for (entry, &(_, column)) in self.entries[start..].iter_mut().zip(&self.found) {
            *entry = (column, costs[column as usize]);
        }
        self.lengths[row] = self.found.len() as u8;
        self.rests[row] = rest;
    }
}

/// The least of a block, by halves: vectors, not steps that wait for each other.
#[inline(always)]
fn least_of<L: Lane>(block: &[L; BLOCK]) -> L {
    let (mut eight, mut four) = ([L::MAX; BLOCK / 2], [L::MAX; BLOCK / 4]);
    for lane in 0..BLOCK / 2 {
        eight[lane] = block[lane].min(block[lane + BLOCK / 2]);
    }
    for lane in 0..BLOCK / 4 {
        four[lane] = eight[lane].min(eight[lane + BLOCK / 4]);
    }
    four[0].min(four[1]).min(four[2].min(four[3]))
}
