//! Names most like one that is not there.

use crate::spelling::changes;

/// Letters of a wrong name that are looked at.
const CHARS_MAX: usize = 80;

/// Names suggested at most.
const NEAR_MAX: usize = 3;

/// The names most like `wanted`, nearest first: those with at most a third of its letters (at least two)
/// mistaken. Ties go to the lower name.
pub(super) fn names<'a, T: Ord + 'a + ?Sized>(
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
