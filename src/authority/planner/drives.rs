//! Driving times from landing sites to hospitals, remembered: both stay where they are, and what is closed changes
//! seldom, while every ranking asks for the same ones.
//!
//! They depend on two places, the network and what stands on it. A planner has one network; another moment of the roads
//! drops all that is remembered. So an answer is the same whether it was remembered or not.

use crate::network::hierarchy::Snapshot;
use crate::network::{Footing, RoadMap, legs_from};
use crate::units::{Position, Seconds};
use std::collections::BTreeMap;
use std::sync::Arc;

use super::scene::drive_s;

/// Pairs that are remembered, some 3 MiB: 1,000 landing sites with the 60 hospitals around each. Beyond it all are
/// forgotten.
const PAIRS_MAX: usize = 65_536;

/// A place and where it meets the network.
pub(super) type Place = (Position, Arc<Footing>);

/// Seconds by start, then target, at one moment of the roads.
#[derive(Debug, Default)]
pub(super) struct Drives {
    number: u64,
    rows: BTreeMap<Position, BTreeMap<Position, Seconds>>,
    pairs_count: usize,
}

impl Drives {
    /// The way from `from` to each of `to`, where all are remembered.
    pub(super) fn known(&self, number: u64, from: Position, to: &[Place]) -> Option<Vec<Seconds>> {
        let row = self.rows.get(&from).filter(|_| self.number == number)?;
        to.iter().map(|(position, _)| row.get(position).copied()).collect()
    }

    /// Keeps what was searched.
    pub(super) fn remember(&mut self, number: u64, from: Position, to: &[Place], row_s: &[Seconds]) {
        if self.number != number || self.pairs_count + to.len() > PAIRS_MAX {
            *self = Drives { number, ..Drives::default() };
        }
        let row = self.rows.entry(from).or_default();
        let before = row.len();
        row.extend(to.iter().map(|(position, _)| *position).zip(row_s.iter().copied()));
        self.pairs_count += row.len() - before;
    }
}

/// The way from `from` to each of `to`: one sweep over the network.
pub(super) fn search(map: &RoadMap, times: &Snapshot, from: &Footing, to: &[Place]) -> Vec<Seconds> {
    let targets: Vec<&Footing> = to.iter().map(|(_, footing)| &**footing).collect();
    legs_from(map, times, from, &targets).iter().map(drive_s).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authority::{RoadBoard, View};
    use crate::id::Space;
    use crate::network::roads::Profile;

    /// Both ends of the Onaruto bridge, and Tamba.
    const PLACES: [(f64, f64); 3] = [(34.172, 134.609), (34.294, 134.780), (35.175, 135.045)];

    fn board() -> RoadBoard {
        RoadBoard::new(crate::host::roads(None).unwrap())
    }

    fn places(board: &RoadBoard) -> Vec<Place> {
        let positions = PLACES.map(|(lat, lon)| Position::from_degrees(lat, lon).unwrap());
        positions.map(|position| (position, Arc::new(board.footing(position)))).to_vec()
    }

    #[test]
    fn a_drive_is_remembered_only_for_the_same_moment_of_the_roads() {
        let board = board();
        let places = places(&board);
        let now = board.now(&View::empty(Space::Live), Profile::Ambulance);
        let from = places[0].clone();
        let row_s = search(board.map(), &now.times, &from.1, &places);
        let mut drives = Drives::default();
        assert_eq!(drives.known(1, from.0, &places), None);
        drives.remember(1, from.0, &places, &row_s);
        assert_eq!(drives.known(1, from.0, &places), Some(row_s.clone()));
        assert_eq!(drives.known(2, from.0, &places), None);

        let detour_s: Vec<Seconds> = row_s.iter().map(|s| s + 1).collect();
        drives.remember(2, from.0, &places, &detour_s);
        assert_eq!(drives.known(2, from.0, &places), Some(detour_s));
        assert_eq!(drives.known(1, from.0, &places), None);
    }

    #[test]
    fn a_search_for_some_places_finds_the_same_as_one_for_all() {
        let board = board();
        let now = board.now(&View::empty(Space::Live), Profile::Ambulance);
        let places = places(&board);
        for (_, from) in &places {
            let all_s = search(board.map(), &now.times, from, &places);
            for (place, alone_s) in places.iter().zip(&all_s) {
                let one = std::slice::from_ref(place);
                assert_eq!(search(board.map(), &now.times, from, one), [*alone_s]);
            }
        }
    }

    #[test]
    fn never_more_is_remembered_than_fits() {
        let footing = places(&board())[0].1.clone();
        let to: Vec<Place> =
            (0..1_000).map(|n| (Position::from_e7(n, 0).unwrap(), footing.clone())).collect();
        let row_s = vec![1; to.len()];
        let mut drives = Drives::default();
        for n in 0..200 {
            drives.remember(1, Position::from_e7(n, 1).unwrap(), &to, &row_s);
            let held: usize = drives.rows.values().map(BTreeMap::len).sum();
            assert!(held == drives.pairs_count && held <= PAIRS_MAX);
            assert!(drives.known(1, Position::from_e7(n, 1).unwrap(), &to).is_some());
        }
    }
}
