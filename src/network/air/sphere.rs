//! On which side, across, upon: questions about great circles, answered exactly.
//!
//! A place is the ray through its [`UnitVector`], whose coordinates are whole numbers of 31 bits. The sign of a
//! determinant of three of them fits into 128 bits, so no answer here depends on rounding, and *touching* is told from
//! *crossing* for certain. The one thing that was rounded is the place itself, to 6 mm.

use std::cmp::Ordering;

use crate::units::geodesy::UnitVector;

/// The normal of the great circle from one place to another: its length is below 2^62 in each coordinate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Normal([i64; 3]);

pub(super) fn xyz(at: UnitVector) -> [i64; 3] {
    [i64::from(at.x), i64::from(at.y), i64::from(at.z)]
}

impl Normal {
    pub(super) fn of(a: UnitVector, b: UnitVector) -> Normal {
        let ([ax, ay, az], [bx, by, bz]) = (xyz(a), xyz(b));
        Normal([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx])
    }

    /// Greater than 0 to the left of the way, less to its right, 0 on its great circle.
    pub(super) fn side(self, at: UnitVector) -> i128 {
        self.0.iter().zip(xyz(at)).map(|(&n, p)| i128::from(n) * i128::from(p)).sum()
    }

    /// The normal's part towards the north pole: positive for a way to the east.
    pub(super) fn eastward(self) -> i64 {
        self.0[2]
    }

    /// Three products below 2^124.
    fn dot(self, other: Normal) -> i128 {
        self.0.iter().zip(other.0).map(|(&a, b)| i128::from(a) * i128::from(b)).sum()
    }
}

/// The sign of the turn from `a` over `b` to `c`: greater when it goes left.
pub(super) fn turn(a: UnitVector, b: UnitVector, c: UnitVector) -> Ordering {
    Normal::of(a, b).side(c).cmp(&0)
}

/// The shorter way along the great circle from one place to another, less than half round the Earth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Arc {
    pub(super) from: UnitVector,
    pub(super) to: UnitVector,
    pub(super) normal: Normal,
}

impl Arc {
    pub(super) fn new(from: UnitVector, to: UnitVector) -> Arc {
        Arc { from, to, normal: Normal::of(from, to) }
    }

    /// Whether a place lies on it, ends included.
    pub(super) fn holds(&self, at: UnitVector) -> bool {
        at == self.from
            || at == self.to
            || (self.normal.side(at) == 0
                && Normal::of(self.from, at).dot(self.normal) > 0
                && Normal::of(at, self.to).dot(self.normal) > 0)
    }

    /// Whether two arcs cross at a point that is no end of either.
    ///
    /// The four ends lie in turn to the left and to the right, and on the same half of the Earth, as S2 tests it
    /// (`S2::SimpleCrossing`, s2edge_crossings.h).
    pub(super) fn crosses(&self, other: &Arc) -> bool {
        let (acb, bda) = (-self.normal.side(other.from).signum(), self.normal.side(other.to).signum());
        if acb * bda <= 0 {
            return false;
        }
        let (cbd, dac) = (-other.normal.side(self.to).signum(), other.normal.side(self.from).signum());
        acb * cbd > 0 && acb * dac > 0
    }

    /// Whether two arcs have any point in common.
    pub(super) fn touches(&self, other: &Arc) -> bool {
        self.crosses(other)
            || [other.from, other.to].into_iter().any(|end| self.holds(end))
            || [self.from, self.to].into_iter().any(|end| other.holds(end))
    }

    /// The stretch that two arcs of one great circle share, along `self`; none when it is at most a point.
    pub(super) fn shared(&self, other: &Arc) -> Option<(UnitVector, UnitVector)> {
        if self.normal.side(other.from) != 0 || self.normal.side(other.to) != 0 {
            return None;
        }
        let is_along = self.normal.dot(other.normal) > 0;
        let (first, last) = if is_along { (other.from, other.to) } else { (other.to, other.from) };
        let pick = |mine, its| {
            if self.holds(its) {
                Some(its)
            } else if other.holds(mine) {
                Some(mine)
            } else {
                None
            }
        };
        let (start, end) = (pick(self.from, first)?, pick(self.to, last)?);
        (start != end).then_some((start, end))
    }

    /// Whether `a` comes before `b`, both of which lie on it.
    pub(super) fn orders(&self, a: UnitVector, b: UnitVector) -> bool {
        Normal::of(a, b).dot(self.normal) > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Position;

    fn at(lat: f64, lon: f64) -> UnitVector {
        Position::from_degrees(lat, lon).unwrap().into()
    }

    #[test]
    fn a_place_on_the_equator_is_between_its_neighbours_and_not_behind_them() {
        let way = Arc::new(at(0.0, 10.0), at(0.0, 20.0));
        for (lon, holds) in
            [(10.0, true), (15.0, true), (20.0, true), (9.9, false), (20.1, false), (-165.0, false)]
        {
            assert_eq!(way.holds(at(0.0, lon)), holds, "{lon}");
        }
        assert!(!way.holds(at(0.000_001, 15.0)));
        assert!(way.orders(at(0.0, 12.0), at(0.0, 13.0)) && !way.orders(at(0.0, 13.0), at(0.0, 12.0)));
    }

    #[test]
    fn arcs_cross_here_and_not_on_the_other_side_of_the_earth() {
        let way = Arc::new(at(0.0, -10.0), at(0.0, 10.0));
        assert!(way.crosses(&Arc::new(at(-5.0, 1.0), at(5.0, -1.0))));
        assert!(!way.crosses(&Arc::new(at(-5.0, 179.0), at(5.0, -179.0))));
        assert!(!way.crosses(&Arc::new(at(-5.0, 11.0), at(5.0, 12.0))));
        // Touching with an end is no crossing, but is a touch.
        let upon = Arc::new(at(0.0, 3.0), at(5.0, 3.0));
        assert!(!way.crosses(&upon) && way.touches(&upon));
    }

    #[test]
    fn the_shared_stretch_runs_along_the_first_arc() {
        let way = Arc::new(at(0.0, 0.0), at(0.0, 10.0));
        let back = Arc::new(at(0.0, 12.0), at(0.0, 4.0));
        assert_eq!(way.shared(&back), Some((at(0.0, 4.0), at(0.0, 10.0))));
        assert_eq!(back.shared(&way), Some((at(0.0, 10.0), at(0.0, 4.0))));
        assert_eq!(way.shared(&Arc::new(at(0.0, 10.0), at(0.0, 12.0))), None);
        assert_eq!(way.shared(&Arc::new(at(0.0, 1.0), at(0.1, 2.0))), None);
        assert_eq!(way.shared(&Arc::new(at(0.0, 170.0), at(0.0, 180.0))), None);
    }
}
