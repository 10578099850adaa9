//! What breaks, and how far from it a place is.
//!
//! A fault is the line of its upper edge with a dip and a width: a row of flat rectangles, one for each straight part.
//! Distances are three-dimensional and measured in the ball of the Earth itself, so no map projection distorts them: a place
//! is a point on the sphere, a rectangle is flat and stands where its upper edge is, below the sphere.

use crate::units::geodesy::UnitVector;
use crate::units::{Metres, Position};

/// Mean radius of the Earth, metres (IUGG, R1).
const EARTH_RADIUS_M: f64 = 6_371_008.8;
/// Fixed-point one of a [`UnitVector`].
const ONE: f64 = 1_073_741_824.0;
/// Longer straight parts are cut: a chord of 100 km lies 200 m below the sphere in its middle.
const PART_M_MAX: f64 = 100_000.0;
/// Points of an upper edge at most; the Nankai Trough needs a dozen.
pub const POINTS_MAX: usize = 200;
/// Parts into which an upper edge is cut at most: half of the Earth.
const PARTS_MAX: f64 = 201.0;
/// Deepest upper edge and centre: the deepest earthquakes known, 700 km, and a little more.
pub const DEPTH_M_MAX: Metres = 800_000;
/// Widest fault: the whole interface of the largest case is about 200 km wide.
pub const WIDTH_M_MAX: Metres = 500_000;

/// A fault by its upper edge.
///
/// It dips to the right of the way from the first point to the last (the right-hand rule of seismology), so a fault that
/// runs north and dips east is given from south to north.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The upper edge, at least two places.
    pub upper_edge: Vec<Position>,
    /// How deep the upper edge lies.
    pub upper_edge_depth_m: Metres,
    /// Degrees that it dips: 90 is upright.
    pub dip_degrees: u16,
    /// How wide it is, measured along the dip; 0 is a line.
    pub width_m: Metres,
}

/// A fault that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaultProblem {
    /// No line.
    #[error("an upper edge has 2 to {POINTS_MAX} points, this one has {count}")]
    Points {
        /// How many it has.
        count: usize,
    },
    /// Two points of the upper edge on one spot, or on opposite sides of the Earth.
    #[error("points {} and {} of the upper edge make no line; move one", .index, .index + 1)]
    NoLine {
        /// The first of the two, from 1.
        index: usize,
    },
    /// A dip that is none.
    #[error("a dip of {degrees} degrees cannot be; allowed is 1 to 90")]
    Dip {
        /// What was stated.
        degrees: u16,
    },
    /// Too deep.
    #[error("a depth of {depth_m} m cannot be; allowed is 0 to {DEPTH_M_MAX} m")]
    Depth {
        /// What was stated.
        depth_m: Metres,
    },
    /// Too wide.
    #[error("a width of {width_m} m cannot be; allowed is 0 to {WIDTH_M_MAX} m")]
    Width {
        /// What was stated.
        width_m: Metres,
    },
}

/// What breaks: rectangles below the ground, or a point as one of no size.
#[derive(Clone, Debug, PartialEq)]
pub struct Rupture {
    patches: Vec<Patch>,
}

/// A flat rectangle in the ball of the Earth, metres from its centre.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Patch {
    middle: Vector,
    along: Vector,
    down: Vector,
    half_length: f64,
    half_width: f64,
}

impl Rupture {
    /// All of it in one point.
    ///
    /// # Errors
    /// [`FaultProblem::Depth`].
    pub fn point(place: Position, depth_m: Metres) -> Result<Rupture, FaultProblem> {
        let middle = direction(UnitVector::from(place)).times(below(depth_m)?);
        let none = Vector([0.0; 3]);
        let patch = Patch { middle, along: none, down: none, half_length: 0.0, half_width: 0.0 };
        Ok(Rupture { patches: vec![patch] })
    }

    /// The rectangles of `fault`. Where the upper edge turns, neighbours overlap below the inside of the bend and leave a wedge
    /// open below its outside, as in every model of flat segments.
    ///
    /// # Errors
    /// [`FaultProblem`] of the first thing that cannot be.
    pub fn fault(fault: &Fault) -> Result<Rupture, FaultProblem> {
        let count = fault.upper_edge.len();
        if !(2..=POINTS_MAX).contains(&count) {
            return Err(FaultProblem::Points { count });
        }
        if !(1..=90).contains(&fault.dip_degrees) {
            return Err(FaultProblem::Dip { degrees: fault.dip_degrees });
        }
        if fault.width_m > WIDTH_M_MAX {
            return Err(FaultProblem::Width { width_m: fault.width_m });
        }
        below(fault.upper_edge_depth_m)?;
        let edge: Vec<Vector> =
            fault.upper_edge.iter().map(|place| direction(UnitVector::from(*place))).collect();
        let mut patches = Vec::new();
        for (index, ends) in edge.windows(2).enumerate() {
            let chord = ends[1].minus(ends[0]);
            let parts = libm::ceil(chord.length() * EARTH_RADIUS_M / PART_M_MAX);
            let middle = ends[0].plus(ends[1]).length();
            if !(1.0..=PARTS_MAX).contains(&parts) || middle < 1e-3 {
                return Err(FaultProblem::NoLine { index: index + 1 });
            }
            for part in 0..parts as u32 {
                let at = |step: u32| ends[0].plus(chord.times(f64::from(step) / parts)).unit();
                patches.push(Patch::of(at(part), at(part + 1), fault)?);
            }
        }
        Ok(Rupture { patches })
    }

    /// Both together: a fault of several strands, asperities of a plate boundary.
    #[must_use]
    pub fn with(mut self, other: Rupture) -> Rupture {
        self.patches.extend(other.patches);
        self
    }

    /// The shortest distance from a place on the ground to what breaks, rounded to the nearest metre.
    ///
    /// # Complexity
    /// O(rectangles); one square root.
    #[must_use]
    pub fn distance_m(&self, place: UnitVector) -> Metres {
        let point = direction(place).times(EARTH_RADIUS_M);
        let nearest = self.patches.iter().map(|patch| patch.distance2(point)).fold(f64::INFINITY, f64::min);
        // Never negative, so that cutting after a half is rounding. Without calls of `round` a million places take 34 ms,
        // with them 52 (`shaking/median/crustal`).
        (nearest.sqrt() + 0.5) as Metres
    }
}

impl Patch {
    fn of(from: Vector, to: Vector, fault: &Fault) -> Result<Patch, FaultProblem> {
        let radius = below(fault.upper_edge_depth_m)?;
        let (first, last) = (from.times(radius), to.times(radius));
        let up = from.plus(to).unit();
        let along = last.minus(first).unit();
        let dip = f64::from(fault.dip_degrees).to_radians();
        let down = along.cross(up).times(libm::cos(dip)).minus(up.times(libm::sin(dip)));
        let half_width = f64::from(fault.width_m) / 2.0;
        Ok(Patch {
            middle: first.plus(last).times(0.5).plus(down.times(half_width)),
            along,
            down,
            half_length: last.minus(first).length() / 2.0,
            half_width,
        })
    }

    /// Squared distance: what is left of the way from the middle when the part inside the rectangle is taken off.
    fn distance2(&self, point: Vector) -> f64 {
        let way = point.minus(self.middle);
        let along = way.dot(self.along).clamp(-self.half_length, self.half_length);
        let down = way.dot(self.down).clamp(-self.half_width, self.half_width);
        let left = way.minus(self.along.times(along)).minus(self.down.times(down));
        left.dot(left)
    }
}

/// Metres from the centre of the Earth.
fn below(depth_m: Metres) -> Result<f64, FaultProblem> {
    if depth_m > DEPTH_M_MAX {
        return Err(FaultProblem::Depth { depth_m });
    }
    Ok(EARTH_RADIUS_M - f64::from(depth_m))
}

fn direction(place: UnitVector) -> Vector {
    Vector([place.x, place.y, place.z].map(|part| f64::from(part) / ONE))
}

/// Three numbers; sums in one fixed order, so that every machine finds the same.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Vector([f64; 3]);

impl Vector {
    fn plus(self, other: Vector) -> Vector {
        let (Vector([a, b, c]), Vector([d, e, f])) = (self, other);
        Vector([a + d, b + e, c + f])
    }

    fn minus(self, other: Vector) -> Vector {
        let (Vector([a, b, c]), Vector([d, e, f])) = (self, other);
        Vector([a - d, b - e, c - f])
    }

    fn times(self, factor: f64) -> Vector {
        Vector(self.0.map(|part| part * factor))
    }

    fn dot(self, other: Vector) -> f64 {
        let (Vector([a, b, c]), Vector([d, e, f])) = (self, other);
        a * d + b * e + c * f
    }

    fn cross(self, other: Vector) -> Vector {
        let (Vector([a, b, c]), Vector([d, e, f])) = (self, other);
        Vector([b * f - c * e, c * d - a * f, a * e - b * d])
    }

    fn length(self) -> f64 {
        self.dot(self).sqrt()
    }

    /// Of length one; not asked of a vector without length.
    fn unit(self) -> Vector {
        self.times(1.0 / self.length())
    }
}
