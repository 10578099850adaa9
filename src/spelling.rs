//! Misspelt names: which known one was meant. Pure, over any letters.

/// Characters of a name that are looked at: no name is longer, whatever somebody types.
const CHARS_MAX: usize = 80;

/// The candidate that takes the fewest changes to make of `word`, if that is at most a third of it; the first on a tie.
///
/// # Complexity
/// O(candidates x lengths); both sides are cut at 80 characters.
pub(crate) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let word: Vec<char> = word.chars().take(CHARS_MAX).collect();
    let limit = (word.len() / 3).max(1);
    let scored = candidates.into_iter().map(|candidate| {
        let letters: Vec<char> = candidate.chars().take(CHARS_MAX).collect();
        (changes(&word, &letters), candidate)
    });
    let best = scored.filter(|(count, _)| *count <= limit).min_by_key(|(count, _)| *count);
    best.map(|(_, candidate)| candidate.to_owned())
}

/// Names suggested at most.
const NEAR_MAX: usize = 3;

/// The names most like `wanted`, nearest first: those with at most a third of its letters (at least two)
/// mistaken. Ties go to the lower name.
pub(crate) fn nearest_names<'a, T: Ord + 'a + ?Sized>(
    wanted: &str,
    names: impl Iterator<Item = &'a T>,
    text: impl Fn(&T) -> &str,
) -> impl Iterator<Item = &'a T> {
    // Nobody meant a name of more letters than this, and comparing costs letters times letters.
    let wanted: String = wanted.chars().take(CHARS_MAX).collect();
    let mistakes_max = (wanted.len() / 3).max(2);
    let mut near: Vec<(usize, &T)> = names
        .map(|name| (changes(wanted.as_bytes(), text(name).as_bytes()), name))
        .filter(|&(mistakes, _)| mistakes <= mistakes_max)
        .collect();
    near.sort_unstable();
    near.into_iter().take(NEAR_MAX).map(|(_, name)| name)
}

/// Letters to insert, remove or replace to make `b` of `a` (Levenshtein).
///
/// # Complexity
/// O(a·b) time, O(b) space.
pub(crate) fn changes<T: PartialEq>(a: &[T], b: &[T]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, letter) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, other) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != other);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_counted_by_letters() {
        let cases =
            [("", "", 0), ("", "abc", 3), ("kitten", "sitting", 3), ("akashi", "akashi", 0), ("ab", "ba", 2)];
        for (a, b, expected) in cases {
            assert_eq!(changes(a.as_bytes(), b.as_bytes()), expected, "{a} {b}");
            assert_eq!(changes(b.as_bytes(), a.as_bytes()), expected, "{b} {a}");
        }
    }
}
