//! Two flights at one pad in one window.

use crate::units::Timestamp;

/// A flight's use of a pad, from the moment it needs the spot until the moment the spot is free again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PadUse {
    /// Which pad, the caller's number.
    pub pad: usize,
    /// First instant.
    pub from: Timestamp,
    /// First instant after it; a use that does not end after it starts takes no room.
    pub until: Timestamp,
}

/// A time in which a pad has fewer spots than flights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PadConflict {
    /// Which pad.
    pub pad: usize,
    /// First instant.
    pub from: Timestamp,
    /// First instant after it.
    pub until: Timestamp,
    /// Most flights at one instant of it.
    pub flights_max: usize,
    /// The uses that take part, by index, ascending.
    pub uses: Vec<usize>,
}

/// Finds every time in which more flights use a pad than it has spots, by pad and then by time.
///
/// `spots[p]` is the number of spots of pad `p`; a pad beyond the list has none. One flight may come as the other goes.
///
/// # Complexity
/// O(n log n + m) for n uses and m uses in conflicts.
#[must_use]
pub fn conflicts(spots: &[usize], uses: &[PadUse]) -> Vec<PadConflict> {
    // Ends sort before starts at one instant.
    let mut events: Vec<(usize, Timestamp, bool, usize)> = Vec::with_capacity(uses.len() * 2);
    for (index, used) in uses.iter().enumerate().filter(|(_, used)| used.from < used.until) {
        events.push((used.pad, used.from, true, index));
        events.push((used.pad, used.until, false, index));
    }
    events.sort_unstable();
    let mut found: Vec<PadConflict> = Vec::new();
    let mut present = std::collections::BTreeSet::new();
    let mut is_open = false;
    for (pad, at, is_start, index) in events {
        let room = spots.get(pad).copied().unwrap_or(0);
        if is_start {
            present.insert(index);
        } else {
            present.remove(&index);
        }
        if present.len() <= room {
            if is_open && let Some(last) = found.last_mut() {
                last.until = at;
            }
            is_open = false;
            continue;
        }
        if !is_open {
            // One that ends as another starts leaves no gap between two conflicts.
            let goes_on = found.last().is_some_and(|last| last.pad == pad && last.until == at);
            if !goes_on {
                found.push(PadConflict { pad, from: at, until: at, flights_max: 0, uses: Vec::new() });
            }
            if let Some(last) = found.last_mut() {
                last.uses.extend(&present);
            }
            is_open = true;
        }
        if let Some(last) = found.last_mut() {
            last.flights_max = last.flights_max.max(present.len());
            if is_start {
                last.uses.push(index);
            }
        }
    }
    for conflict in &mut found {
        conflict.uses.sort_unstable();
        conflict.uses.dedup();
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn used(pad: usize, from: i64, until: i64) -> PadUse {
        PadUse { pad, from: Timestamp(from), until: Timestamp(until) }
    }

    #[test]
    fn two_flights_at_one_pad_in_one_window_are_found() {
        let uses = [used(0, 0, 100), used(0, 90, 200), used(1, 0, 100), used(0, 200, 300)];
        let expected = PadConflict {
            pad: 0,
            from: Timestamp(90),
            until: Timestamp(100),
            flights_max: 2,
            uses: vec![0, 1],
        };
        assert_eq!(conflicts(&[1, 1], &uses), [expected]);
        assert_eq!(conflicts(&[2, 1], &uses), []);
        // A pad without a spot is one flight too many with the first.
        assert_eq!(conflicts(&[2], &uses)[0].uses, [2]);
    }

    proptest! {
        #[test]
        fn conflicts_are_what_looking_at_every_instant_finds(
            uses in prop::collection::vec((0..3_usize, 0..30_i64, 0..12_i64), 0..25),
            spots in prop::collection::vec(0..4_usize, 3),
        ) {
            let uses: Vec<PadUse> = uses.into_iter().map(|(pad, from, span)| used(pad, from, from + span)).collect();
            let found = conflicts(&spots, &uses);
            let at = |pad: usize, instant: i64| -> Vec<usize> {
                let is_there = |u: &PadUse| u.pad == pad && u.from.0 <= instant && instant < u.until.0;
                (0..uses.len()).filter(|&i| is_there(&uses[i])).collect()
            };
            let mut expected = Vec::new();
            for (pad, &room) in spots.iter().enumerate() {
                let mut instant = 0;
                while instant < 50 {
                    if at(pad, instant).len() <= room {
                        instant += 1;
                        continue;
                    }
                    let from = instant;
                    while at(pad, instant).len() > room {
                        instant += 1;
                    }
                    let mut all: Vec<usize> = (from..instant).flat_map(|i| at(pad, i)).collect();
                    all.sort_unstable();
                    all.dedup();
                    let flights_max = (from..instant).map(|i| at(pad, i).len()).max().unwrap();
                    expected.push(PadConflict {
                        pad, from: Timestamp(from), until: Timestamp(instant), flights_max, uses: all,
                    });
                }
            }
            prop_assert_eq!(found, expected);
        }
    }
}
