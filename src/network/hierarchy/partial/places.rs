//! Where a rank stands among some ranks.

/// Some ranks, and for each its place among them: a bit for each rank there is, and how many bits stand before each word.
///
/// A fifth of a megabyte for a million ranks: made anew for every change, where one number for each rank is not.
pub(super) struct Places {
    ranks: Vec<u32>,
    words: Vec<u64>,
    before: Vec<u32>,
}

impl Places {
    /// Of `ranks`, ascending and below `end`.
    pub(super) fn new(ranks: Vec<u32>, end: usize) -> Places {
        let mut words = vec![0_u64; end / 64 + 1];
        ranks.iter().for_each(|&rank| words[rank as usize / 64] |= 1 << (rank % 64));
        let count_before = |count: &mut u32, word: &u64| {
            let before = *count;
            *count += word.count_ones();
            Some(before)
        };
        let before = words.iter().scan(0, count_before).collect();
        Places { ranks, words, before }
    }

    /// Ascending.
    pub(super) fn ranks(&self) -> &[u32] {
        &self.ranks
    }

    /// Where `rank` stands, if it is one of them.
    #[inline(always)]
    pub(super) fn of(&self, rank: u32) -> Option<usize> {
        let (word, bit) = (rank as usize / 64, 1 << (rank % 64));
        let bits = self.words[word];
        (bits & bit != 0).then(|| self.before[word] as usize + (bits & (bit - 1)).count_ones() as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_rank_is_found_where_it_stands(ranks in prop::collection::btree_set(0..500_u32, 0..100)) {
            let ranks: Vec<u32> = ranks.into_iter().collect();
            let places = Places::new(ranks.clone(), 500);
            for rank in 0..500 {
                prop_assert_eq!(places.of(rank), ranks.binary_search(&rank).ok());
            }
        }
    }
}
