//! The point index: an R-tree over unit vectors.
//!
//! Points are held as vectors on the unit sphere instead of degrees: the poles and the antimeridian are then
//! places like any other, and the chord that the tree orders by grows with the distance on the ground.

use rstar::{AABB, PointDistance, RTree, RTreeObject};

use crate::units::geodesy::{UnitVector, distance_m};
use crate::units::{Metres, Position};

/// Metres by which the tree's order may differ from the order of whole metres: one step of rounding, where
/// [`distance_m`] changes from its series to the arc sine.
pub(super) const ORDER_SLACK_M: Metres = 1;

/// Things at places, loaded at once and read only afterwards.
///
/// Every answer is in the order (metres, payload), so equal contents give equal answers whatever the order in
/// which they were loaded.
#[derive(Debug)]
pub struct PointIndex<T> {
    tree: RTree<Entry<T>>,
}

/// One answer of a [`PointIndex`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Neighbour<'a, T> {
    /// Great-circle distance from the place asked about, to the nearest metre.
    pub distance_m: Metres,
    /// What stands there.
    pub payload: &'a T,
}

impl<T: Ord> PointIndex<T> {
    /// Loads everything at once, which packs the tree better than one by one.
    ///
    /// # Complexity
    /// O(n log n) time, O(n) space.
    #[must_use]
    pub fn bulk_load(points: impl IntoIterator<Item = (Position, T)>) -> PointIndex<T> {
        let entries = points.into_iter().map(|(position, payload)| Entry { at: position.into(), payload });
        PointIndex { tree: RTree::bulk_load(entries.collect()) }
    }

    /// How many things are held.
    #[must_use]
    pub fn len(&self) -> usize {
        self.tree.size()
    }

    /// Whether nothing is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The `count` things nearest to `position`, nearest first; of things equally far the lower payload.
    ///
    /// # Complexity
    /// O((count + ties) log n) on points that are spread out.
    #[must_use]
    pub fn nearest(&self, position: Position, count: usize) -> Vec<Neighbour<'_, T>> {
        let mut found: Vec<Neighbour<'_, T>> = Vec::with_capacity(count.min(self.len()));
        if count == 0 {
            return found;
        }
        for neighbour in self.outward(position) {
            // Whoever shares the last place may have a lower payload: go on until all of them were seen.
            let settled = found.len() >= count
                && neighbour.distance_m > found[count - 1].distance_m.saturating_add(ORDER_SLACK_M);
            if settled {
                break;
            }
            found.push(neighbour);
        }
        found.sort_unstable();
        found.truncate(count);
        found
    }

    /// Everything at most `radius_m` from `position`, nearest first.
    ///
    /// # Complexity
    /// O(m log n) for m answers.
    #[must_use]
    pub fn within(&self, position: Position, radius_m: Metres) -> Vec<Neighbour<'_, T>> {
        let beyond_m = radius_m.saturating_add(ORDER_SLACK_M);
        let mut found: Vec<Neighbour<'_, T>> =
            self.outward(position).take_while(|neighbour| neighbour.distance_m <= beyond_m).collect();
        found.retain(|neighbour| neighbour.distance_m <= radius_m);
        found.sort_unstable();
        found
    }

    /// Everything, by growing chord.
    fn outward(&self, position: Position) -> impl Iterator<Item = Neighbour<'_, T>> {
        let here = UnitVector::from(position);
        self.tree
            .nearest_neighbor_iter(coordinates(here))
            .map(move |entry| Neighbour { distance_m: distance_m(here, entry.at), payload: &entry.payload })
    }
}

/// A thing in the tree.
#[derive(Debug)]
struct Entry<T> {
    at: UnitVector,
    payload: T,
}

/// Fixed-point coordinates as `f64`, exactly; their squares would overflow in `i32`.
pub(super) fn coordinates(at: UnitVector) -> [f64; 3] {
    [f64::from(at.x), f64::from(at.y), f64::from(at.z)]
}

impl<T> RTreeObject for Entry<T> {
    type Envelope = AABB<[f64; 3]>;

    fn envelope(&self) -> AABB<[f64; 3]> {
        AABB::from_point(coordinates(self.at))
    }
}

impl<T> PointDistance for Entry<T> {
    fn distance_2(&self, point: &[f64; 3]) -> f64 {
        let [x, y, z] = coordinates(self.at);
        let (dx, dy, dz) = (x - point[0], y - point[1], z - point[2]);
        dx * dx + dy * dy + dz * dz
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::spatial::fixture::places;

    fn at(lat: f64, lon: f64) -> Position {
        Position::from_degrees(lat, lon).unwrap()
    }

    /// The same questions by looking at everything.
    struct BruteForce<'a>(&'a [(Position, u32)]);

    impl BruteForce<'_> {
        fn outward(&self, position: Position) -> Vec<(Metres, u32)> {
            let here = position.into();
            let mut all: Vec<_> = self.0.iter().map(|&(p, id)| (distance_m(here, p.into()), id)).collect();
            all.sort_unstable();
            all
        }
    }

    fn plain(found: &[Neighbour<'_, u32>]) -> Vec<(Metres, u32)> {
        found.iter().map(|n| (n.distance_m, *n.payload)).collect()
    }

    proptest! {
        #[test]
        fn the_index_answers_as_brute_force_does(
            points in prop::collection::vec((places(), 0..50_u32), 0..200),
            here in places(),
            count in 0..12_usize,
            radius_m in prop_oneof![0..100_u32, 0..21_000_000_u32, Just(u32::MAX)],
        ) {
            let index = PointIndex::bulk_load(points.clone());
            let mut expected = BruteForce(&points).outward(here);
            let within: Vec<_> = expected.iter().copied().filter(|&(m, _)| m <= radius_m).collect();
            expected.truncate(count);
            prop_assert_eq!(plain(&index.nearest(here, count)), expected);
            prop_assert_eq!(plain(&index.within(here, radius_m)), within);
            prop_assert_eq!(index.len(), points.len());
        }
    }

    #[test]
    fn nearest_around_twenty_twenty_follows_the_great_circle() {
        // Points of Tile38's k-nearest test; distances worked out anew by haversine at R = 6,371,008.8 m.
        let points = [(5.0, 5.0), (19.0, 19.0), (12.0, 19.0), (-5.0, 5.0), (33.0, 21.0)];
        let index = PointIndex::bulk_load((1_u32..).zip(points).map(|(id, (lat, lon))| (at(lat, lon), id)));
        let expected = [(152_809, 2), (895_946, 3), (1_448_932, 5), (2_327_119, 1), (3_227_407, 4)];
        let found = plain(&index.nearest(at(20.0, 20.0), 10));
        assert_eq!(found.len(), 5);
        for (found, expected) in found.iter().zip(expected) {
            assert_eq!(found.1, expected.1);
            assert!(found.0.abs_diff(expected.0) <= 1, "{found:?} against {expected:?}");
        }
    }

    #[test]
    fn a_neighbour_across_the_antimeridian_is_near() {
        let index = PointIndex::bulk_load([(at(0.0, -179.9), "east"), (at(0.0, 170.0), "west")]);
        let found = index.nearest(at(0.0, 179.9), 1);
        assert_eq!((*found[0].payload, found[0].distance_m / 1000), ("east", 22));
    }

    #[test]
    fn an_empty_index_has_no_neighbours() {
        let index = PointIndex::<u32>::bulk_load([]);
        assert!(index.is_empty());
        assert!(index.nearest(at(35.0, 135.0), 3).is_empty());
        assert!(index.within(at(35.0, 135.0), u32::MAX).is_empty());
    }
}
