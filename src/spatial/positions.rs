//! Where what moves was last seen: the newest fix of each thing, in a tree that is kept by moves.
//!
//! A plain value: time is an argument, nothing here forgets or expires by itself. The newest fix wins whatever came first
//! ([`Fix`] says which of two of one instant), so the same reports in any order leave the same positions.

use std::collections::BTreeMap;

use rstar::{AABB, PointDistance, RTree, RTreeObject};

use super::area::Area;
use super::fix::{Fix, FixFault};
use super::index::{ORDER_SLACK_M, coordinates};
use crate::units::geodesy::{UnitVector, distance_m};
use crate::units::{Metres, Position};

/// The newest fix of each thing.
///
/// # Complexity
/// A report takes O(log n): one look-up, and in the tree one removal and one insertion when the thing has moved.
#[derive(Clone, Debug)]
pub struct Positions<K> {
    slots: BTreeMap<K, u32>,
    tracks: Vec<Track<K>>,
    tree: RTree<Spot>,
}

#[derive(Clone, Debug)]
struct Track<K> {
    key: K,
    fix: Fix,
    at: UnitVector,
}

/// What became of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reported {
    /// It is the newest now.
    Newest,
    /// A newer one was known; nothing changed.
    Older,
}

/// Something that was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen<'a, K> {
    /// What.
    pub key: &'a K,
    /// Its newest fix.
    pub fix: &'a Fix,
    /// Great-circle distance from the place asked about, to the nearest metre.
    pub distance_m: Metres,
}

impl<K> Default for Positions<K> {
    fn default() -> Positions<K> {
        Positions { slots: BTreeMap::new(), tracks: Vec::new(), tree: RTree::new() }
    }
}

impl<K: Ord + Clone> Positions<K> {
    /// Takes a report in.
    ///
    /// # Errors
    /// [`FixFault`] when it cannot be believed; nothing changes then.
    ///
    /// # Panics
    /// After 2^32 things.
    pub fn report(&mut self, key: &K, fix: Fix) -> Result<Reported, FixFault> {
        fix.check()?;
        let Some(&slot) = self.slots.get(key) else {
            let slot = u32::try_from(self.tracks.len()).expect("fewer things than 2^32");
            let at = fix.position.into();
            self.slots.insert(key.clone(), slot);
            self.tracks.push(Track { key: key.clone(), fix, at });
            self.tree.insert(Spot { at, slot });
            return Ok(Reported::Newest);
        };
        let track = &mut self.tracks[slot as usize];
        if fix.precedence(&track.fix).is_le() {
            return Ok(Reported::Older);
        }
        // What stands still is not worked out anew: most of a fleet does.
        if fix.position != track.fix.position {
            let (from, to) = (track.at, UnitVector::from(fix.position));
            if from != to {
                self.tree.remove(&Spot { at: from, slot });
                self.tree.insert(Spot { at: to, slot });
                track.at = to;
            }
        }
        track.fix = fix;
        Ok(Reported::Newest)
    }

    /// The newest fix of one thing.
    #[must_use]
    pub fn get(&self, key: &K) -> Option<&Fix> {
        self.slots.get(key).map(|slot| &self.tracks[*slot as usize].fix)
    }

    /// How many things were seen.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tracks.len()
    }

    /// Whether nothing was seen.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.tracks.is_empty()
    }

    /// Everything that was seen, by key.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &Fix)> {
        self.slots.iter().map(|(key, slot)| (key, &self.tracks[*slot as usize].fix))
    }

    /// The `count` nearest to `from` that `admits` takes, nearest first; of things equally far the lower key.
    ///
    /// # Complexity
    /// O((passed over + count + ties) log n).
    pub fn nearest(
        &self,
        from: Position,
        count: usize,
        admits: impl Fn(&K, &Fix) -> bool,
    ) -> Vec<Seen<'_, K>> {
        let here = UnitVector::from(from);
        let mut found: Vec<Seen<'_, K>> = Vec::with_capacity(count.min(self.len()));
        if count == 0 {
            return found;
        }
        for spot in self.tree.nearest_neighbor_iter(coordinates(here)) {
            let track = &self.tracks[spot.slot as usize];
            let distance_m = distance_m(here, spot.at);
            // Whoever shares the last place may have a lower key: go on until all of them were seen.
            if found.len() >= count && distance_m > found[count - 1].distance_m.saturating_add(ORDER_SLACK_M)
            {
                break;
            }
            if admits(&track.key, &track.fix) {
                found.push(Seen { key: &track.key, fix: &track.fix, distance_m });
            }
        }
        found.sort_unstable_by(|a, b| (a.distance_m, a.key).cmp(&(b.distance_m, b.key)));
        found.truncate(count);
        found
    }

    /// Everything in `area`, by key.
    ///
    /// # Complexity
    /// O(m log n) for the m that its bounds hold.
    pub fn within(&self, area: &impl Area) -> Vec<(&K, &Fix)> {
        let bounds = area.envelope();
        let envelope = AABB::from_corners(bounds.low, bounds.high);
        let tracks = self.tree.locate_in_envelope(envelope).map(|spot| &self.tracks[spot.slot as usize]);
        let mut found: Vec<(&K, &Fix)> = tracks
            .filter(|track| area.covers(track.fix.position))
            .map(|track| (&track.key, &track.fix))
            .collect();
        found.sort_unstable_by(|a, b| a.0.cmp(b.0));
        found
    }
}

/// A thing in the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Spot {
    at: UnitVector,
    slot: u32,
}

impl RTreeObject for Spot {
    type Envelope = AABB<[f64; 3]>;

    fn envelope(&self) -> AABB<[f64; 3]> {
        AABB::from_point(coordinates(self.at))
    }
}

impl PointDistance for Spot {
    fn distance_2(&self, point: &[f64; 3]) -> f64 {
        let [x, y, z] = coordinates(self.at);
        let (dx, dy, dz) = (x - point[0], y - point[1], z - point[2]);
        dx * dx + dy * dy + dz * dz
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::super::area::GeoBox;
    use super::super::fix::FixSource;
    use super::*;
    use crate::units::Timestamp;

    const NOW: Timestamp = Timestamp(1_000_000);

    fn fix(position: Position, fix_s: i64) -> Fix {
        Fix {
            position,
            fix_at: Timestamp(fix_s * 1000),
            received_at: NOW,
            speed_kmh: None,
            course_deg: None,
            altitude_m: None,
            source: FixSource::Tracker,
            reporter: Arc::from("test"),
        }
    }

    fn at(lat: f64, lon: f64) -> Position {
        Position::from_degrees(lat, lon).unwrap()
    }

    /// Places of the fixture, but for the one that stands for no fix.
    fn places() -> impl Strategy<Value = Position> {
        crate::spatial::fixture::places()
            .prop_filter("no fix at all", |at| (at.lat_e7(), at.lon_e7()) != (0, 0))
    }

    prop_compose! {
        fn reports()(
            position in places(),
            key in 0..12_u32,
            fix_s in 990..1_000_i64,
            source in prop_oneof![
                Just(FixSource::Tracker), Just(FixSource::Transponder), Just(FixSource::Spoken)
            ],
            speed_kmh in prop::option::of(0..3_u32),
        ) -> (u32, Fix) {
            (key, Fix { source, speed_kmh, ..fix(position, fix_s) })
        }
    }

    /// The same by keeping every report and looking at all of them.
    fn newest(reports: &[(u32, Fix)]) -> BTreeMap<u32, Fix> {
        let mut newest: BTreeMap<u32, Fix> = BTreeMap::new();
        for (key, fix) in reports {
            let greater = |known: &Fix| {
                let rank =
                    |fix: &Fix| (fix.fix_at, std::cmp::Reverse(fix.source), fix.position, fix.speed_kmh);
                rank(fix) > rank(known)
            };
            if newest.get(key).is_none_or(greater) {
                newest.insert(*key, fix.clone());
            }
        }
        newest
    }

    fn store(reports: &[(u32, Fix)]) -> Positions<u32> {
        let mut positions = Positions::default();
        for (key, fix) in reports {
            positions.report(key, fix.clone()).unwrap();
        }
        positions
    }

    proptest! {
        #[test]
        fn the_newest_fix_wins_in_whatever_order_the_reports_arrive(
            all in prop::collection::vec(reports(), 0..120),
            seed in any::<u64>(),
        ) {
            let mut shuffled = all.clone();
            // A permutation by a multiplicative hash of the place in the list.
            shuffled.sort_by_key(|(key, fix)| {
                (u64::from(*key) + fix.position.lat_e7() as u64).wrapping_mul(seed | 1).rotate_left(17)
            });
            let expected: Vec<(u32, Fix)> = newest(&all).into_iter().collect();
            for order in [&all, &shuffled] {
                let positions = store(order);
                let found: Vec<(u32, Fix)> = positions.iter().map(|(key, fix)| (*key, fix.clone())).collect();
                prop_assert_eq!(&found, &expected);
                prop_assert_eq!(positions.tree.size(), expected.len());
            }
        }

        #[test]
        fn searches_answer_as_a_scan_of_the_newest_does(
            all in prop::collection::vec(reports(), 0..120),
            here in places(),
            count in 0..8_usize,
            corners in (places(), places()),
            odd_only in any::<bool>(),
        ) {
            let positions = store(&all);
            let newest = newest(&all);
            let admits = |key: u32| !odd_only || key % 2 == 1;
            let mut outward: Vec<(Metres, u32)> = newest
                .iter()
                .filter(|(key, _)| admits(**key))
                .map(|(key, fix)| (distance_m(here.into(), fix.position.into()), *key))
                .collect();
            outward.sort_unstable();
            outward.truncate(count);
            let found: Vec<(Metres, u32)> = positions
                .nearest(here, count, |key, _| admits(*key))
                .iter()
                .map(|seen| (seen.distance_m, *seen.key))
                .collect();
            prop_assert_eq!(found, outward);

            let (one, two) = corners;
            let (south, north) = if one.lat_e7() <= two.lat_e7() { (one, two) } else { (two, one) };
            if let Ok(area) = GeoBox::new(south, north) {
                let expected: Vec<u32> =
                    newest.iter().filter(|(_, fix)| area.covers(fix.position)).map(|(key, _)| *key).collect();
                let found: Vec<u32> = positions.within(&area).into_iter().map(|(key, _)| *key).collect();
                prop_assert_eq!(found, expected, "{:?}", area);
            }
        }
    }

    #[test]
    fn a_late_report_changes_nothing_and_is_told_apart() {
        let mut positions = Positions::default();
        assert_eq!(positions.report(&"heli", fix(at(35.0, 135.0), 100)), Ok(Reported::Newest));
        assert_eq!(positions.report(&"heli", fix(at(34.0, 134.0), 99)), Ok(Reported::Older));
        assert_eq!(positions.report(&"heli", fix(at(35.0, 135.0), 100)), Ok(Reported::Older), "told twice");
        assert_eq!(positions.get(&"heli").unwrap().position, at(35.0, 135.0));
        let spoken = Fix { source: FixSource::Spoken, ..fix(at(36.0, 136.0), 100) };
        assert_eq!(positions.report(&"heli", spoken), Ok(Reported::Older), "a tracker knows better");
    }

    #[test]
    fn a_report_that_cannot_be_believed_changes_nothing() {
        let mut positions = Positions::default();
        positions.report(&"heli", fix(at(35.0, 135.0), 100)).unwrap();
        let ahead = fix(at(34.0, 134.0), 1_006);
        assert_eq!(positions.report(&"heli", ahead), Err(FixFault::Ahead { latest: Timestamp(1_005_000) }));
        assert_eq!(positions.get(&"heli").unwrap().position, at(35.0, 135.0));
        assert!(positions.report(&"other", fix(at(0.0, 0.0), 100)).is_err());
        assert_eq!(positions.len(), 1);
    }
}
