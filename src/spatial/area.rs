//! Parts of the Earth that are searched: what can tell whether it holds a place, and the box of two parallels and two
//! meridians.

use crate::units::Position;
use crate::units::geodesy::UnitVector;

/// Fixed-point one of a [`UnitVector`].
const ONE: f64 = 1_073_741_824.0;
/// Half round the Earth, 1e-7 degree.
const HALF_TURN_E7: i32 = 1_800_000_000;
/// Room for rounding in a bound: places are rounded to one step.
const SLACK: f64 = 4.0;

/// A part of the Earth.
pub trait Area {
    /// A box that everything inside lies in; more may.
    fn envelope(&self) -> Bounds;
    /// Whether a place belongs to it.
    fn covers(&self, place: Position) -> bool;
}

/// Lowest and highest coordinates, in units of a [`UnitVector`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    /// The lowest of each.
    pub low: [f64; 3],
    /// The highest of each.
    pub high: [f64; 3],
}

/// What lies between two parallels and two meridians, the borders included.
///
/// The west may be greater than the east: the box then goes over the antimeridian. A pole lies in every box that reaches it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GeoBox {
    south_e7: i32,
    west_e7: i32,
    north_e7: i32,
    east_e7: i32,
}

/// Why corners make no box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BoxFault {
    /// The south lies north of the north.
    #[error("the south-west corner lies north of the north-east one, exchange them")]
    UpsideDown,
    /// West and east are one meridian, or south and north one parallel.
    #[error("the corners lie on one line and bound no area")]
    Flat,
}

impl GeoBox {
    /// From the south-west corner eastward to the north-east one; -180 to 180 degrees east goes all the way round.
    ///
    /// # Errors
    /// [`BoxFault`] when they bound no area.
    pub fn new(south_west: Position, north_east: Position) -> Result<GeoBox, BoxFault> {
        let (south_e7, west_e7) = (south_west.lat_e7(), south_west.lon_e7());
        let (north_e7, east_e7) = (north_east.lat_e7(), north_east.lon_e7());
        if south_e7 > north_e7 {
            return Err(BoxFault::UpsideDown);
        }
        if south_e7 == north_e7 || west_e7 == east_e7 || (west_e7 == HALF_TURN_E7 && east_e7 == -HALF_TURN_E7)
        {
            return Err(BoxFault::Flat);
        }
        Ok(GeoBox { south_e7, west_e7, north_e7, east_e7 })
    }

    fn spans(&self, lon_e7: i32) -> bool {
        if self.west_e7 <= self.east_e7 {
            (self.west_e7..=self.east_e7).contains(&lon_e7)
        } else {
            lon_e7 >= self.west_e7 || lon_e7 <= self.east_e7
        }
    }
}

impl Area for GeoBox {
    fn envelope(&self) -> Bounds {
        let (south, north) = (radians(self.south_e7), radians(self.north_e7));
        let ends = [libm::cos(south), libm::cos(north)];
        let widest = if self.south_e7 <= 0 && self.north_e7 >= 0 { 1.0 } else { ends[0].max(ends[1]) };
        let narrowest = ends[0].min(ends[1]);
        // Along a parallel the coordinates turn at the quarters of the Earth; between those they grow or shrink.
        let quarters = [-1_800_000_000, -900_000_000, 0, 900_000_000, 1_800_000_000];
        let inside = quarters.into_iter().filter(|lon_e7| self.spans(*lon_e7));
        let turns: Vec<f64> = inside.chain([self.west_e7, self.east_e7]).map(radians).collect();
        let reach = |along: fn(f64) -> f64| {
            let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
            for turn in &turns {
                for width in [narrowest, widest] {
                    let value = width * along(*turn);
                    (low, high) = (low.min(value), high.max(value));
                }
            }
            (low, high)
        };
        let (x, y) = (reach(libm::cos), reach(libm::sin));
        let z = (libm::sin(south), libm::sin(north));
        Bounds {
            low: [x.0, y.0, z.0].map(|v| v * ONE - SLACK),
            high: [x.1, y.1, z.1].map(|v| v * ONE + SLACK),
        }
    }

    fn covers(&self, place: Position) -> bool {
        if !(self.south_e7..=self.north_e7).contains(&place.lat_e7()) {
            return false;
        }
        let lon_e7 = place.lon_e7();
        let is_pole = place.lat_e7().abs() == 900_000_000;
        // 180° E and 180° W are one meridian.
        let is_far_side = lon_e7.abs() == HALF_TURN_E7;
        is_pole || self.spans(lon_e7) || (is_far_side && self.spans(-lon_e7))
    }
}

impl Bounds {
    /// Whether it holds a place.
    #[must_use]
    pub fn hold(&self, at: UnitVector) -> bool {
        let coordinates = [at.x, at.y, at.z].map(f64::from);
        (0..3).all(|axis| (self.low[axis]..=self.high[axis]).contains(&coordinates[axis]))
    }
}

fn radians(e7: i32) -> f64 {
    (f64::from(e7) / 1e7).to_radians()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(lat: f64, lon: f64) -> Position {
        Position::from_degrees(lat, lon).unwrap()
    }

    fn area(south_west: (f64, f64), north_east: (f64, f64)) -> Result<GeoBox, BoxFault> {
        GeoBox::new(at(south_west.0, south_west.1), at(north_east.0, north_east.1))
    }

    #[test]
    fn a_box_over_the_antimeridian_holds_both_sides_and_not_the_rest() {
        let fiji = area((-20.0, 177.0), (-15.0, -178.0)).unwrap();
        for (lon, held) in
            [(177.0, true), (180.0, true), (-180.0, true), (-178.0, true), (-177.9, false), (0.0, false)]
        {
            assert_eq!(fiji.covers(at(-17.0, lon)), held, "{lon}");
        }
        // Up to the antimeridian from one side: it is the same meridian from the other.
        assert!(area((0.0, 170.0), (1.0, 180.0)).unwrap().covers(at(0.5, -180.0)));
    }

    #[test]
    fn a_pole_has_no_longitude() {
        let cap = area((80.0, 10.0), (90.0, 20.0)).unwrap();
        assert!(cap.covers(at(90.0, -100.0)) && !cap.covers(at(89.0, -100.0)));
        assert!(cap.envelope().hold(at(90.0, -100.0).into()));
    }

    #[test]
    fn corners_that_bound_nothing_are_refused() {
        assert_eq!(area((36.0, 135.0), (35.0, 136.0)), Err(BoxFault::UpsideDown));
        assert_eq!(area((35.0, 135.0), (35.0, 136.0)), Err(BoxFault::Flat));
        assert_eq!(area((35.0, 135.0), (36.0, 135.0)), Err(BoxFault::Flat));
        assert_eq!(area((35.0, 180.0), (36.0, -180.0)), Err(BoxFault::Flat));
        assert!(area((-90.0, -180.0), (90.0, 180.0)).unwrap().covers(at(35.0, 135.0)));
    }

    proptest! {
        #[test]
        fn the_bounds_hold_whatever_the_box_holds(
            corners in prop::array::uniform2((-900_000_000..=900_000_000_i32, -1_800_000_000..=1_800_000_000_i32)),
            share in (0.0..=1.0_f64, 0.0..=1.0_f64),
        ) {
            let [one, two] = corners.map(|(lat, lon)| Position::from_e7(lat, lon).unwrap());
            let (south, north) = if one.lat_e7() <= two.lat_e7() { (one, two) } else { (two, one) };
            if let Ok(area) = GeoBox::new(south, north) {
                let lat = f64::from(south.lat_e7()) + share.0 * (f64::from(north.lat_e7()) - f64::from(south.lat_e7()));
                let (west, east) = (f64::from(south.lon_e7()), f64::from(north.lon_e7()));
                let east = if east < west { east + 3.6e9 } else { east };
                let lon = west + share.1 * (east - west);
                let lon = if lon > 1.8e9 { lon - 3.6e9 } else { lon };
                let inside = Position::from_e7(lat as i32, lon as i32).unwrap();
                prop_assume!(area.covers(inside));
                prop_assert!(area.envelope().hold(inside.into()), "{area:?} {inside}");
            }
        }
    }
}
