//! Driving times from landing sites to hospitals, remembered: both stay where they are, and what is closed changes
//! seldom, while every ranking asks for the same ones.
//!
//! They depend on two places, the network and what is closed. A planner has one network; other closures drop all that is
//! remembered. So an answer is the same whether it was remembered or not.

use crate::network::{Closures, Footing, RoadGraph, legs_from};
use crate::units::{Position, Seconds};
use std::collections::BTreeMap;
use std::sync::Arc;

use super::scene::drive_s;

/// Pairs that are remembered, some 3 MiB: 1,000 landing sites with the 60 hospitals around each. Beyond it all are
/// forgotten.
const PAIRS_MAX: usize = 65_536;

/// A place and where it meets the network.
pub(super) type Place = (Position, Arc<Footing>);

/// Seconds by start, then target, while `closures` hold.
#[derive(Debug, Default)]
pub(super) struct Drives {
    closures: Closures,
    rows: BTreeMap<Position, BTreeMap<Position, Seconds>>,
    pairs_count: usize,
}

impl Drives {
    /// The way from `from` to each of `to`, where all are remembered.
    pub(super) fn known(&self, closures: &Closures, from: Position, to: &[Place]) -> Option<Vec<Seconds>> {
        let row = self.rows.get(&from).filter(|_| self.closures == *closures)?;
        to.iter().map(|(position, _)| row.get(position).copied()).collect()
    }

    /// Keeps what was searched.
    pub(super) fn remember(&mut self, closures: &Closures, from: Position, to: &[Place], row_s: &[Seconds]) {
        if self.closures != *closures || self.pairs_count + to.len() > PAIRS_MAX {
            *self = Drives { closures: closures.clone(), ..Drives::default() };
        }
        let row = self.rows.entry(from).or_default();
        let before = row.len();
        row.extend(to.iter().map(|(position, _)| *position).zip(row_s.iter().copied()));
        self.pairs_count += row.len() - before;
    }
}

/// The way from `from` to each of `to`: one search over the network.
pub(super) fn search(roads: &RoadGraph, closures: &Closures, from: &Footing, to: &[Place]) -> Vec<Seconds> {
    let targets: Vec<&Footing> = to.iter().map(|(_, footing)| &**footing).collect();
    legs_from(roads, closures, from, &targets).iter().map(drive_s).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Both ends of the Onaruto bridge, and Tamba.
    const PLACES: [(f64, f64); 3] = [(34.172, 134.609), (34.294, 134.780), (35.175, 135.045)];

    fn roads() -> RoadGraph {
        crate::host::roads(None).unwrap()
    }

    fn places(roads: &RoadGraph) -> Vec<Place> {
        let positions = PLACES.map(|(lat, lon)| Position::from_degrees(lat, lon).unwrap());
        positions.map(|position| (position, Arc::new(Footing::find(roads, position)))).to_vec()
    }

    #[test]
    fn a_drive_is_remembered_only_while_the_same_structures_are_closed() {
        let roads = roads();
        let (open, places) = (Closures::none(), places(&roads));
        let closed: Closures = ["structures/onaruto-bridge".parse().unwrap()].into_iter().collect();
        let from = places[0].clone();
        let row_s = search(&roads, &open, &from.1, &places);
        let mut drives = Drives::default();
        assert_eq!(drives.known(&open, from.0, &places), None);
        drives.remember(&open, from.0, &places, &row_s);
        assert_eq!(drives.known(&open, from.0, &places), Some(row_s.clone()));
        assert_eq!(drives.known(&closed, from.0, &places), None);

        let detour_s = search(&roads, &closed, &from.1, &places);
        assert_ne!(detour_s, row_s);
        drives.remember(&closed, from.0, &places, &detour_s);
        assert_eq!(drives.known(&closed, from.0, &places), Some(detour_s));
        assert_eq!(drives.known(&open, from.0, &places), None);
    }

    #[test]
    fn a_search_for_some_places_finds_the_same_as_one_for_all() {
        let roads = roads();
        let places = places(&roads);
        for (_, from) in &places {
            let all_s = search(&roads, &Closures::none(), from, &places);
            for (place, alone_s) in places.iter().zip(&all_s) {
                let one = std::slice::from_ref(place);
                assert_eq!(search(&roads, &Closures::none(), from, one), [*alone_s]);
            }
        }
    }

    #[test]
    fn never_more_is_remembered_than_fits() {
        let roads = roads();
        let footing = places(&roads)[0].1.clone();
        let to: Vec<Place> =
            (0..1_000).map(|n| (Position::from_e7(n, 0).unwrap(), footing.clone())).collect();
        let row_s = vec![1; to.len()];
        let mut drives = Drives::default();
        for n in 0..200 {
            drives.remember(&Closures::none(), Position::from_e7(n, 1).unwrap(), &to, &row_s);
            let held: usize = drives.rows.values().map(BTreeMap::len).sum();
            assert!(held == drives.pairs_count && held <= PAIRS_MAX);
            assert!(drives.known(&Closures::none(), Position::from_e7(n, 1).unwrap(), &to).is_some());
        }
    }
}
