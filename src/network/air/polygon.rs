//! Areas of the Earth bounded by great circles: what is inside, what passes through.
//!
//! Exact but for the 6 mm to which a corner is rounded (see [`super::sphere`]). Any simple polygon will do, convex or
//! not; its border belongs to nobody, so a leg may touch a corner and run along an edge.

use std::cmp::Ordering;

use super::sphere::{Arc, Normal, turn, xyz};
use crate::spatial;
use crate::units::geodesy::{UnitVector, distance_m};
use crate::units::{Metres, Position};

/// Most corners of one polygon: a circle of 512 corners and 100 km radius is off by less than 2 m. The test for
/// self-crossing looks at each pair of edges, 130,000 of them.
pub const POLYGON_CORNERS_MAX: usize = 512;
/// Farthest that a corner may lie from the first: an eighth of the way round the Earth, within which the inside cannot
/// be mistaken for the outside.
pub const POLYGON_EXTENT_M_MAX: Metres = 5_000_000;
/// Half round the Earth, 1e-7 degree: an edge that goes farther crosses the antimeridian.
const HALF_TURN_E7: i64 = 1_800_000_000;

/// A simple polygon on the Earth, its edges great circles, its inside the part without the poles.
///
/// A parallel is no great circle: an edge of 100 km along 35° N bulges north by 140 m. Give more corners where that matters.
///
/// Corners are kept counter-clockwise, starting at the one that was given first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Polygon {
    positions: Vec<Position>,
    corners: Vec<UnitVector>,
    /// Lowest and highest coordinates of anything inside, in units of a [`UnitVector`].
    bounds: Bounds,
}

/// Why corners bound no area.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum PolygonFault {
    /// Less than a triangle.
    #[error("{count} corners bound no area, give three or more")]
    TooFew {
        /// How many different corners there are.
        count: usize,
    },
    /// More than [`POLYGON_CORNERS_MAX`].
    #[error("{count} corners are more than {POLYGON_CORNERS_MAX}, give fewer or divide the area")]
    TooMany {
        /// How many corners there are.
        count: usize,
    },
    /// Two edges meet where they should not.
    #[error(
        "the edge from corner {first} meets the edge from corner {second}, an area must not cross itself"
    )]
    CrossesItself {
        /// The lower of the two, counted from 0.
        first: usize,
        /// The higher of the two.
        second: usize,
    },
    /// An edge goes over 180° east or over a pole.
    #[error("the edge from corner {corner} crosses the antimeridian or a pole, divide the area there")]
    CrossesAntimeridian {
        /// Where it starts, counted from 0.
        corner: usize,
    },
    /// Farther than [`POLYGON_EXTENT_M_MAX`].
    #[error("corner {corner} is {distance_m} m from the first, more than {POLYGON_EXTENT_M_MAX} m")]
    TooWide {
        /// Which corner, counted from 0.
        corner: usize,
        /// How far it is.
        distance_m: Metres,
    },
}

/// A box around a part of the sphere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    low: [i64; 3],
    high: [i64; 3],
}

impl Bounds {
    /// Around these points and whatever arcs and polygons they span, within an eighth of the Earth's circumference.
    pub(super) fn of(points: &[UnitVector]) -> Bounds {
        let (mut low, mut high) = ([i64::MAX; 3], [i64::MIN; 3]);
        for point in points {
            for (axis, value) in xyz(*point).into_iter().enumerate() {
                low[axis] = low[axis].min(value);
                high[axis] = high[axis].max(value);
            }
        }
        // The sphere bulges over a chord c by c^2/8, over a triangle of such sides by less than c^2/4; 2^30 is one.
        let diagonal2: i64 = low.iter().zip(high).map(|(l, h)| (h - l) * (h - l)).sum();
        let bulge = diagonal2 / (1 << 32) + 4;
        Bounds { low: low.map(|v| v - bulge), high: high.map(|v| v + bulge) }
    }

    pub(super) fn meet(&self, other: &Bounds) -> bool {
        (0..3).all(|axis| self.low[axis] <= other.high[axis] && other.low[axis] <= self.high[axis])
    }
}

/// On which side of a leg the inside of an area lies along which the leg runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hand {
    Left,
    Right,
}

/// A stretch of a leg along an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slide {
    pub(super) from: UnitVector,
    pub(super) to: UnitVector,
    pub(super) inside: Hand,
}

impl Polygon {
    /// The area within these corners, in either sense of rotation. A last corner equal to the first closes it and does
    /// not count; nor does one equal to the corner before.
    ///
    /// # Errors
    /// [`PolygonFault`] when they bound no area, or too large or complicated a one; corners are counted as given, after
    /// repeated ones are left out.
    ///
    /// # Complexity
    /// O(corners²), at most 130,000 pairs of edges.
    pub fn new(corners: &[Position]) -> Result<Polygon, PolygonFault> {
        if corners.len() > POLYGON_CORNERS_MAX + 1 {
            return Err(PolygonFault::TooMany { count: corners.len() });
        }
        let mut positions: Vec<Position> = corners.to_vec();
        positions.dedup_by_key(|position| UnitVector::from(*position));
        while positions.len() > 1 && UnitVector::from(positions[0]) == positions[positions.len() - 1].into() {
            positions.pop();
        }
        let count = positions.len();
        if count < 3 {
            return Err(PolygonFault::TooFew { count });
        }
        if count > POLYGON_CORNERS_MAX {
            return Err(PolygonFault::TooMany { count });
        }
        let corners = positions.iter().map(|&position| position.into()).collect();
        let mut polygon = Polygon { bounds: Bounds { low: [0; 3], high: [0; 3] }, corners, positions };
        polygon.check_extent()?;
        polygon.check_simple()?;
        if polygon.is_clockwise() {
            // The first corner stays the first.
            polygon.corners[1..].reverse();
            polygon.positions[1..].reverse();
        }
        polygon.bounds = Bounds::of(&polygon.corners);
        Ok(polygon)
    }

    /// The corners, counter-clockwise, the first not repeated.
    #[must_use]
    pub fn corners(&self) -> &[Position] {
        &self.positions
    }

    /// Whether a place lies inside, not on the border; to 6 mm.
    ///
    /// # Complexity
    /// O(corners).
    #[must_use]
    pub fn contains(&self, place: Position) -> bool {
        self.holds(place.into())
    }

    /// Whether any part of the great circle between two places lies inside, however short.
    ///
    /// # Complexity
    /// O(corners).
    #[must_use]
    pub fn meets(&self, from: Position, to: Position) -> bool {
        let (from, to): (UnitVector, UnitVector) = (from.into(), to.into());
        if from == to {
            return self.holds(from);
        }
        self.blocks(&Arc::new(from, to), &Bounds::of(&[from, to]))
    }

    pub(super) fn points(&self) -> &[UnitVector] {
        &self.corners
    }

    pub(super) fn bounds(&self) -> &Bounds {
        &self.bounds
    }

    pub(super) fn edges(&self) -> impl Iterator<Item = Arc> + '_ {
        let next = self.corners.iter().cycle().skip(1);
        self.corners.iter().zip(next).map(|(&a, &b)| Arc::new(a, b))
    }

    /// A corner with the one before and the one after it.
    pub(super) fn around(&self, corner: usize) -> [UnitVector; 3] {
        let count = self.corners.len();
        [(corner + count - 1) % count, corner, (corner + 1) % count].map(|index| self.corners[index])
    }

    fn check_extent(&self) -> Result<(), PolygonFault> {
        for (corner, &at) in self.corners.iter().enumerate() {
            let distance_m = distance_m(self.corners[0], at);
            if distance_m > POLYGON_EXTENT_M_MAX {
                return Err(PolygonFault::TooWide { corner, distance_m });
            }
            let next = self.positions[(corner + 1) % self.positions.len()];
            let turn_e7 = i64::from(next.lon_e7()) - i64::from(self.positions[corner].lon_e7());
            let is_pole = at.x == 0 && at.y == 0;
            if is_pole || turn_e7.abs() >= HALF_TURN_E7 {
                return Err(PolygonFault::CrossesAntimeridian { corner });
            }
        }
        Ok(())
    }

    fn check_simple(&self) -> Result<(), PolygonFault> {
        let edges: Vec<Arc> = self.edges().collect();
        let boxes: Vec<Bounds> = edges.iter().map(|edge| Bounds::of(&[edge.from, edge.to])).collect();
        for second in 1..edges.len() {
            for first in 0..second {
                let (a, b) = (&edges[first], &edges[second]);
                // Neighbours share a corner, and must not lie on each other beyond it.
                let meets = if first + 1 == second {
                    a.holds(b.to) || b.holds(a.from)
                } else if first == 0 && second + 1 == edges.len() {
                    a.holds(b.from) || b.holds(a.to)
                } else {
                    boxes[first].meet(&boxes[second]) && a.touches(b)
                };
                if meets {
                    return Err(PolygonFault::CrossesItself { first, second });
                }
            }
        }
        Ok(())
    }

    /// The sense of rotation at a corner that is extreme, hence convex.
    ///
    /// Seen from the centre of the Earth on the plane that touches it at the first corner, great circles are straight
    /// lines; there the corner farthest to one side is one of the convex hull.
    fn is_clockwise(&self) -> bool {
        let centre = xyz(self.corners[0]);
        let mut axes = [0, 1, 2];
        axes.sort_by_key(|&axis| centre[axis].abs());
        let height = |at: [i64; 3]| -> i128 {
            at.iter().zip(centre).map(|(&a, c)| i128::from(a) * i128::from(c)).sum()
        };
        let extreme = (0..self.corners.len()).min_by(|&a, &b| {
            let (a, b) = (xyz(self.corners[a]), xyz(self.corners[b]));
            // a / height(a) against b / height(b); heights are positive, since no corner is 90° away.
            let along =
                |axis: usize| (i128::from(a[axis]) * height(b)).cmp(&(i128::from(b[axis]) * height(a)));
            along(axes[0]).then(along(axes[1]))
        });
        let [before, here, after] = self.around(extreme.unwrap_or(0));
        turn(before, here, after) == Ordering::Less
    }

    /// Whether a place lies inside, not on the border: how often the meridian from it to the pole crosses the border.
    pub(super) fn holds(&self, at: UnitVector) -> bool {
        if !self.bounds.meet(&Bounds::of(&[at])) {
            return false;
        }
        let [x, y, _] = xyz(at);
        let is_west = |point: UnitVector| {
            let [px, py, _] = xyz(point);
            x * py - y * px < 0
        };
        let mut is_inside = false;
        for edge in self.edges() {
            let starts_west = is_west(edge.from);
            if starts_west == is_west(edge.to) {
                if edge.holds(at) {
                    return false;
                }
                continue;
            }
            let eastward = if starts_west { 1 } else { -1 };
            // An edge that goes the other way round passes the meridian on the other side of the Earth.
            if edge.normal.eastward().signum() != eastward {
                continue;
            }
            match (edge.normal.side(at) * i128::from(eastward)).cmp(&0) {
                Ordering::Less => is_inside = !is_inside,
                Ordering::Equal => return false,
                Ordering::Greater => {}
            }
        }
        is_inside
    }

    /// Whether the way from a corner to `to` starts into the inside.
    fn opens_to(&self, corner: usize, to: UnitVector) -> bool {
        let [before, here, after] = self.around(corner);
        if to == here {
            return false;
        }
        let (left_of_after, right_of_before) =
            (Normal::of(here, after).side(to) > 0, Normal::of(here, to).side(before) > 0);
        match turn(before, here, after) {
            Ordering::Greater => left_of_after && right_of_before,
            Ordering::Equal => left_of_after,
            // The outside is the narrow part here: what is not in it, nor on its border, is inside.
            Ordering::Less => left_of_after || right_of_before,
        }
    }

    /// Whether any part of a leg, however short, lies inside.
    ///
    /// # Complexity
    /// O(corners).
    pub(super) fn blocks(&self, leg: &Arc, bounds: &Bounds) -> bool {
        self.bounds.meet(bounds)
            && (self.is_passed_through(leg) || self.holds(leg.from) || self.holds(leg.to))
    }

    fn is_passed_through(&self, leg: &Arc) -> bool {
        let count = self.corners.len();
        let sides: Vec<i128> = self.corners.iter().map(|&corner| leg.normal.side(corner)).collect();
        (0..count).any(|index| {
            let next = (index + 1) % count;
            let (here, there) = (sides[index].signum(), sides[next].signum());
            if here == 0 && leg.holds(self.corners[index]) {
                return self.opens_to(index, leg.from) || self.opens_to(index, leg.to);
            }
            // An end of the leg may stand upon this edge wherever the edge lies, so that equal sides do not settle it.
            let edge = Arc::new(self.corners[index], self.corners[next]);
            if here * there < 0 && leg.crosses(&edge) {
                return true;
            }
            let starts_upon =
                here * there <= 0 && edge.normal.side(leg.from) == 0 && is_within(&edge, leg.from);
            let ends_upon = here * there <= 0 && edge.normal.side(leg.to) == 0 && is_within(&edge, leg.to);
            (starts_upon && edge.normal.side(leg.to) > 0) || (ends_upon && edge.normal.side(leg.from) > 0)
        })
    }

    /// The stretches of a leg that run along an edge.
    pub(super) fn slides<'a>(&'a self, leg: &'a Arc) -> impl Iterator<Item = Slide> + 'a {
        self.edges().filter_map(|edge| {
            let (from, to) = leg.shared(&edge)?;
            let inside = if edge.orders(from, to) { Hand::Left } else { Hand::Right };
            Some(Slide { from, to, inside })
        })
    }
}

impl spatial::Area for Polygon {
    fn envelope(&self) -> spatial::Bounds {
        // Exact: 31 bits and a bulge.
        spatial::Bounds { low: self.bounds.low.map(|v| v as f64), high: self.bounds.high.map(|v| v as f64) }
    }

    fn covers(&self, place: Position) -> bool {
        self.contains(place)
    }
}

/// Whether a place lies on an edge, its ends left out.
fn is_within(edge: &Arc, at: UnitVector) -> bool {
    at != edge.from && at != edge.to && edge.holds(at)
}
