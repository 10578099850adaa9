//! A set of numbers that is read from the lowest up while higher ones come in.

/// A bit for each number, and a bit for each word that has some. New memory is touched only where numbers are.
pub(super) struct Numbers {
    words: Vec<u64>,
    summary: Vec<u64>,
    /// No word of the summary before this one has a bit.
    begin: usize,
}

impl Numbers {
    /// None of the numbers below `end`.
    pub(super) fn new(end: usize) -> Numbers {
        let words = end / 64 + 1;
        Numbers { words: vec![0; words], summary: vec![0; words / 64 + 1], begin: 0 }
    }

    pub(super) fn insert(&mut self, number: u32) {
        let word = number as usize / 64;
        self.words[word] |= 1 << (number % 64);
        self.summary[word / 64] |= 1 << (word % 64);
        self.begin = self.begin.min(word / 64);
    }

    /// The lowest.
    pub(super) fn first(&mut self) -> Option<u32> {
        let ahead = self.summary[self.begin..].iter().position(|&group| group != 0);
        self.begin = ahead.map_or(self.summary.len(), |ahead| self.begin + ahead);
        let word = self.begin * 64 + self.summary.get(self.begin)?.trailing_zeros() as usize;
        Some(word as u32 * 64 + self.words[word].trailing_zeros())
    }

    /// Takes the lowest out, if it is below `end`.
    pub(super) fn take_below(&mut self, end: u32) -> Option<u32> {
        let number = self.first().filter(|&number| number < end)?;
        let word = number as usize / 64;
        self.words[word] &= self.words[word] - 1;
        if self.words[word] == 0 {
            self.summary[word / 64] &= !(1 << (word % 64));
        }
        Some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn numbers_come_out_in_order_while_others_come_in(
            rounds in prop::collection::vec((prop::collection::vec(0..20_000_u32, 0..30), 0..20_001_u32), 1..6),
        ) {
            let (mut numbers, mut oracle) = (Numbers::new(20_000), BTreeSet::new());
            for (inserted, end) in rounds {
                inserted.iter().for_each(|&number| numbers.insert(number));
                oracle.extend(inserted);
                prop_assert_eq!(numbers.first(), oracle.first().copied());
                let taken: Vec<u32> = std::iter::from_fn(|| numbers.take_below(end)).collect();
                prop_assert_eq!(&taken, &oracle.range(..end).copied().collect::<Vec<u32>>());
                oracle.retain(|&number| number >= end);
            }
            prop_assert_eq!(numbers.first(), oracle.first().copied());
        }
    }
}
