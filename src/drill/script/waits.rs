//! Injects that wait for each other: a ring of them would never begin.

use super::inject::{Condition, Inject, Trigger};

/// The injects of every ring, each ring once, from its inject that stands first in the file on; each waits for the next,
/// the last for the first.
///
/// # Complexity
/// O(injects): each waits for one other at most, so every way is walked once.
pub(super) fn rings(injects: &[Inject]) -> Vec<Vec<usize>> {
    let waits_for = |idx: usize| match injects.get(idx)?.trigger {
        Trigger::When { condition: Condition::Happened(other), .. } => Some(other),
        Trigger::At { .. } | Trigger::When { .. } => None,
    };
    // 0: not looked at; otherwise 1 + the inject whose walk came here first.
    let mut walks = vec![0; injects.len()];
    let mut rings = Vec::new();
    for begin in 0..injects.len() {
        let mut at = Some(begin);
        while let Some(idx) = at.filter(|idx| walks[*idx] == 0) {
            walks[idx] = begin + 1;
            at = waits_for(idx);
        }
        if let Some(first) = at.filter(|idx| walks[*idx] == begin + 1) {
            let mut ring = vec![first];
            let mut next = waits_for(first);
            while let Some(idx) = next.filter(|idx| *idx != first) {
                ring.push(idx);
                next = waits_for(idx);
            }
            let least = ring.iter().enumerate().min_by_key(|(_, idx)| **idx).map_or(0, |(place, _)| place);
            ring.rotate_left(least);
            rings.push(ring);
        }
    }
    rings
}
