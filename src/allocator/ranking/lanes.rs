//! Distances and flight times from one place to up to 64 places at once.
//!
//! Fixed groups of eight, which the compiler turns into vector instructions; together with the rows of `flat`
//! they made `allocator/rank/1000x16x32` 4 times faster than loops over [`distance_m`] and
//! [`travel_s`](crate::units::geodesy::travel_s), to which they are equal to the metre and second.

use super::cover::{EARTH_RADIUS_M, ONE, chord2, floats};
use crate::units::geodesy::{UnitVector, distance_m};

/// Places per group: two integer vectors of the smallest instruction set.
pub(super) const GROUP: usize = 8;
/// Groups in use at most.
pub(super) const GROUPS: usize = 8;
/// Places at most.
pub(super) const LANES_MAX: usize = GROUP * GROUPS;

/// One value per place; those past the last place mean nothing.
pub(super) type Lanes = [[i32; GROUP]; GROUPS];
type Floats = [[f64; GROUP]; GROUPS];

/// The end of the series, as in `units::geodesy`.
const SERIES_CHORD2_MAX: f64 = 0.05;

/// 1 where it is true.
#[inline(always)]
pub(super) fn one_if(condition: bool) -> i32 {
    i32::from(condition)
}

/// The least of a group, by halves: two vectors, not eight steps that wait for each other.
#[inline(always)]
pub(super) fn least_of(group: [i32; GROUP]) -> i32 {
    let four: [i32; GROUP / 2] = std::array::from_fn(|i| group[i].min(group[i + GROUP / 2]));
    let two: [i32; GROUP / 4] = std::array::from_fn(|i| four[i].min(four[i + GROUP / 4]));
    two[0].min(two[1])
}

/// The value of one place.
#[inline(always)]
pub(super) fn lane(lanes: &Lanes, place: usize) -> i32 {
    lanes[place / GROUP % GROUPS][place % GROUP]
}

/// Lanes with a value for each of `count` places and `rest` behind them.
pub(super) fn lanes_of(count: usize, rest: i32, value: impl Fn(usize) -> i32) -> Lanes {
    let mut lanes = [[rest; GROUP]; GROUPS];
    for (place, lane) in lanes.as_flattened_mut().iter_mut().enumerate().take(count) {
        *lane = value(place);
    }
    lanes
}

/// Up to 64 places, coordinate by coordinate.
pub(super) struct Places {
    x: Floats,
    y: Floats,
    z: Floats,
    places: Vec<UnitVector>,
}

impl Places {
    /// At most [`LANES_MAX`] places; lanes past the last repeat the first, so that none is far off.
    pub(super) fn new(places: Vec<UnitVector>) -> Places {
        assert!(places.len() <= LANES_MAX, "a valid problem has no more sites or hospitals than lanes");
        let mut lanes = [[[0.0; GROUP]; GROUPS]; 3];
        for i in 0..LANES_MAX {
            let place = places.get(i).or(places.first()).map_or([0.0; 3], |place| floats(*place));
            for (lanes, value) in lanes.iter_mut().zip(place) {
                lanes[i / GROUP][i % GROUP] = value;
            }
        }
        let [x, y, z] = lanes;
        Places { x, y, z, places }
    }

    /// Groups in use.
    pub(super) fn groups(&self) -> usize {
        self.places.len().div_ceil(GROUP)
    }

    #[inline(always)]
    fn chords2(&self, from: [f64; 3], group: usize) -> [f64; GROUP] {
        let (x, y, z) = (&self.x[group], &self.y[group], &self.z[group]);
        std::array::from_fn(|i| chord2(from, [x[i], y[i], z[i]]))
    }

    /// [`distance_m`] to every place.
    pub(super) fn distances_m(&self, from: UnitVector, metres: &mut Lanes) {
        for (group, metres) in metres.iter_mut().enumerate().take(self.groups()) {
            *metres = self.group_distances_m(from, group);
        }
    }

    /// [`distance_m`] to the places of one group.
    #[inline]
    pub(super) fn group_distances_m(&self, from: UnitVector, group: usize) -> [i32; GROUP] {
        // Scaling by a power of two is exact, so it may come after the squares.
        let chords2 = self.chords2(floats(from), group).map(|chord2| chord2 / (ONE * ONE));
        let mut metres = [0; GROUP];
        for (metres, chord2) in metres.iter_mut().zip(chords2) {
            let chord = chord2.sqrt();
            let series = 1.0 + chord2 * (1.0 / 24.0 + chord2 * (3.0 / 640.0 + chord2 * (5.0 / 7168.0)));
            let exact = EARTH_RADIUS_M * (chord * series);
            // To the nearest, halves up as `round` does.
            let (whole, whole_f64) = nearest(exact);
            *metres = whole + one_if(exact - whole_f64 >= 0.5);
        }
        if chords2.iter().any(|chord2| *chord2 > SERIES_CHORD2_MAX) {
            let places = self.places.iter().skip(group * GROUP);
            for (metres, place) in metres.iter_mut().zip(places) {
                *metres = i32::try_from(distance_m(from, *place)).unwrap_or(i32::MAX);
            }
        }
        metres
    }

    /// Never more than the distance to the nearest place, and at most a few metres less; 0 without any place.
    pub(super) fn nearest_at_least_m(&self, from: UnitVector) -> u32 {
        let mut least = [f64::MAX; GROUP];
        for group in 0..self.groups() {
            let chords2 = self.chords2(floats(from), group);
            for (least, chord2) in least.iter_mut().zip(chords2) {
                *least = if chord2 < *least { chord2 } else { *least };
            }
        }
        if self.places.is_empty() {
            return 0;
        }
        let chord2 = least.into_iter().fold(f64::MAX, f64::min);
        // A chord is shorter than its arc; a metre off for the rounding of distances.
        (chord2.sqrt() / ONE * EARTH_RADIUS_M - 1.0).max(0.0) as u32
    }
}

/// The nearest whole number of a non-negative number below 2^31, halves to even. Adding 2^52 leaves no room for a
/// fraction: the sum's low bits are the whole number. A plain cast would saturate, which costs three vectors more.
#[inline(always)]
fn nearest(exact: f64) -> (i32, f64) {
    const SHIFT: f64 = 4_503_599_627_370_496.0;
    let shifted = exact + SHIFT;
    (shifted.to_bits() as i32, shifted - SHIFT)
}

/// [`travel_s`](crate::units::geodesy::travel_s) of every lane.
pub(super) fn travels_s(metres: &Lanes, groups: usize, speed_kmh: u32, seconds: &mut Lanes) {
    for (seconds, metres) in seconds.iter_mut().zip(metres).take(groups) {
        *seconds = group_travels_s(metres, speed_kmh);
    }
}

/// [`travel_s`](crate::units::geodesy::travel_s) of one group: the nearest whole number to the quotient, and one more
/// where it falls short. Both products are exact, so the quotient may be off by its last bits.
#[inline]
pub(super) fn group_travels_s(metres: &[i32; GROUP], speed_kmh: u32) -> [i32; GROUP] {
    let divisor = f64::from(speed_kmh) * 10.0;
    let inverse = 1.0 / divisor;
    let mut seconds = [0; GROUP];
    for (seconds, metres) in seconds.iter_mut().zip(metres) {
        let dividend = f64::from(*metres) * 36.0;
        let (whole, whole_f64) = nearest(dividend * inverse);
        *seconds = whole + one_if(whole_f64 * divisor < dividend);
    }
    seconds
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{Dice, place};
    use super::*;
    use crate::units::geodesy::travel_s;

    #[test]
    fn lanes_equal_one_by_one_near_and_far() {
        let mut dice = Dice(1);
        for width in [0.001, 0.1, 3.0, 25.0, 89.0] {
            let mut anywhere = || {
                let mut part = || f64::from(dice.below(2_000_001)) / 1e6 - 1.0;
                place(width * part(), width * 2.0 * part())
            };
            for count in [0, 1, 7, 8, 9, 32, 64] {
                let places: Vec<UnitVector> = (0..count).map(|_| anywhere()).collect();
                let flat = Places::new(places.clone());
                let from = anywhere();
                let mut metres = [[0; GROUP]; GROUPS];
                flat.distances_m(from, &mut metres);
                for speed_kmh in [20, 200, 247, 1_000] {
                    let mut seconds = [[0; GROUP]; GROUPS];
                    travels_s(&metres, flat.groups(), speed_kmh, &mut seconds);
                    for (i, place) in places.iter().enumerate() {
                        let exact_m = distance_m(from, *place);
                        assert_eq!(lane(&metres, i).unsigned_abs(), exact_m);
                        assert_eq!(lane(&seconds, i).unsigned_abs(), travel_s(exact_m, speed_kmh));
                    }
                }
                let nearest_m = places.iter().map(|place| distance_m(from, *place)).min().unwrap_or(0);
                assert!(flat.nearest_at_least_m(from) <= nearest_m);
            }
        }
    }

    #[test]
    fn whole_quotients_are_not_rounded_up() {
        let metres = [[50_000, 50_001, 0, 1, 99_999_900, 20_015_115, 200, 55]; GROUPS];
        let mut seconds = [[0; GROUP]; GROUPS];
        travels_s(&metres, GROUPS, 200, &mut seconds);
        for (metres, seconds) in metres[0].iter().zip(seconds[0]) {
            assert_eq!(seconds.unsigned_abs(), travel_s(metres.unsigned_abs(), 200));
        }
    }
}
