//! Time along a leg: where it is in which region, with what wind, over the ground and through the air.
//!
//! Floating point by `libm` only; the sums are rounded once, by [`Tally::rounded`].

use super::polygon::Polygon;
use super::sphere::{Arc, xyz};
use super::{GROUND_SPEED_MPS_MIN, Wind};
use crate::units::geodesy::{UnitVector, distance_m};
use crate::units::{Metres, Seconds};

/// Longest piece of a leg that is flown on one track: over 50 km at 35° N the track turns by a fifth of a degree.
const PIECE_M_MAX: Metres = 50_000;
/// Below this a remainder is an error of floating point, not time: the smallest true one is 1/5,000 s.
const SLACK: f64 = 1e-6;
/// Fixed-point one of a [`UnitVector`].
const ONE: f64 = 1_073_741_824.0;

/// A leg that is known by fractions of its length.
#[derive(Clone, Copy, Debug)]
pub(super) struct Track {
    pub(super) arc: Arc,
    pub(super) length_m: Metres,
    from: [f64; 3],
    to: [f64; 3],
    angle: f64,
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn unit(v: [f64; 3]) -> [f64; 3] {
    let length = dot(v, v).sqrt();
    v.map(|c| c / length)
}

fn lattice(v: [f64; 3]) -> UnitVector {
    let [x, y, z] = unit(v).map(|c| libm::round(c * ONE) as i32);
    UnitVector { x, y, z }
}

impl Track {
    pub(super) fn new(arc: Arc) -> Track {
        let [from, to] = [arc.from, arc.to].map(|at| unit(xyz(at).map(|c| c as f64)));
        let chord = [0, 1, 2].map(|axis| to[axis] - from[axis]);
        let angle = 2.0 * libm::asin((dot(chord, chord).sqrt() / 2.0).min(1.0));
        Track { arc, length_m: distance_m(arc.from, arc.to), from, to, angle }
    }

    /// The place so many metres from the start, and the parts of the direction of flight to the east and to the north there.
    fn at(&self, metres: f64) -> ([f64; 3], [f64; 2]) {
        let done = self.angle * (metres / f64::from(self.length_m));
        let left = self.angle - done;
        let sine = libm::sin(self.angle);
        let mix = |a: f64, b: f64| [0, 1, 2].map(|axis| (a * self.from[axis] + b * self.to[axis]) / sine);
        let place = mix(libm::sin(left), libm::sin(done));
        let heading = mix(-libm::cos(left), libm::cos(done));
        let [x, y, z] = place;
        let radius = (x * x + y * y).sqrt();
        if radius < 1e-9 {
            // At a pole every direction is the same one.
            return (place, [0.0, 1.0]);
        }
        let east = dot(heading, [-y / radius, x / radius, 0.0]);
        let north = dot(heading, [-z * x / radius, -z * y / radius, radius]);
        (place, [east, north])
    }

    /// The stretches within an area, its border included, ascending, in metres from the start.
    ///
    /// Within a centimetre of a border a stretch may be told on either side of it.
    pub(super) fn spans(&self, area: &Polygon) -> Vec<(Metres, Metres)> {
        let metres = |at: UnitVector| distance_m(self.arc.from, at).min(self.length_m);
        let mut marks = vec![0, self.length_m];
        for edge in area.edges() {
            if self.arc.holds(edge.from) {
                marks.push(metres(edge.from));
            }
            if self.arc.crosses(&edge) {
                let sides = [edge.from, edge.to].map(|end| self.arc.normal.side(end).unsigned_abs() as f64);
                let share = sides[0] / (sides[0] + sides[1]);
                let [a, b] = [edge.from, edge.to].map(|end| xyz(end).map(|c| c as f64));
                marks.push(metres(lattice([0, 1, 2].map(|axis| a[axis] + share * (b[axis] - a[axis])))));
            }
        }
        marks.sort_unstable();
        marks.dedup();
        let slides: Vec<(Metres, Metres)> =
            area.slides(&self.arc).map(|slide| (metres(slide.from), metres(slide.to))).collect();
        let mut spans: Vec<(Metres, Metres)> = Vec::new();
        for ends in marks.windows(2) {
            let (start, end) = (ends[0], ends[1]);
            let (middle, _) = self.at((f64::from(start) + f64::from(end)) / 2.0);
            let is_along = slides.iter().any(|&(from, to)| from <= start && end <= to);
            if !is_along && !area.holds(lattice(middle)) {
                continue;
            }
            match spans.last_mut() {
                Some(last) if last.1 == start => last.1 = end,
                _ => spans.push((start, end)),
            }
        }
        spans
    }

    /// Adds the stretch between two distances from the start, flown in one wind.
    ///
    /// # Errors
    /// The wind, when it lets the aircraft make no way.
    pub(super) fn fly(
        &self,
        (start, end): (Metres, Metres),
        wind: Wind,
        airspeed_mps: f64,
        tally: &mut Tally,
    ) -> Result<(), Wind> {
        let pieces = (end - start).div_ceil(PIECE_M_MAX);
        let length = f64::from(end - start) / f64::from(pieces.max(1));
        for piece in 0..pieces {
            let (_, heading) = self.at(f64::from(start) + length * (f64::from(piece) + 0.5));
            let ground_mps = ground_speed_mps(airspeed_mps, heading, wind).ok_or(wind)?;
            tally.seconds += length / ground_mps;
            tally.air_m += length / ground_mps * airspeed_mps;
        }
        Ok(())
    }
}

/// Speed over the ground on a track, the nose turned into the wind as far as it takes; none when less than
/// [`GROUND_SPEED_MPS_MIN`] is left.
fn ground_speed_mps(airspeed_mps: f64, [east, north]: [f64; 2], wind: Wind) -> Option<f64> {
    if wind.speed_mps == 0 {
        return (airspeed_mps >= GROUND_SPEED_MPS_MIN).then_some(airspeed_mps);
    }
    let from = f64::from(wind.from_deg % 360).to_radians();
    let speed = f64::from(wind.speed_mps);
    let (wind_east, wind_north) = (-speed * libm::sin(from), -speed * libm::cos(from));
    let along = wind_east * east + wind_north * north;
    let across = wind_east * north - wind_north * east;
    let headway2 = airspeed_mps * airspeed_mps - across * across;
    if headway2 <= 0.0 {
        return None;
    }
    let ground_mps = headway2.sqrt() + along;
    (ground_mps >= GROUND_SPEED_MPS_MIN).then_some(ground_mps)
}

/// Sums over a way, before rounding.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    seconds: f64,
    air_m: f64,
}

impl Tally {
    /// Seconds and metres through the air, both rounded up.
    pub(super) fn rounded(self) -> (Seconds, Metres) {
        let up = |value: f64| libm::ceil((value - SLACK).max(0.0)) as u32;
        (up(self.seconds).min(crate::units::UNREACHABLE), up(self.air_m))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Position;

    fn track(from: (f64, f64), to: (f64, f64)) -> Track {
        let at = |(lat, lon)| UnitVector::from(Position::from_degrees(lat, lon).unwrap());
        Track::new(Arc::new(at(from), at(to)))
    }

    #[test]
    fn the_first_track_from_osaka_to_tottori_points_northwest() {
        // atan2(sin dlon cos lat2, cos lat1 sin lat2 - sin lat1 cos lat2 cos dlon).
        let (_, [east, north]) = track((34.6937, 135.5023), (35.5011, 134.2351)).at(0.0);
        let degrees = libm::atan2(east, north).to_degrees() + 360.0;
        let (lat1, lat2, dlon) =
            (34.6937_f64.to_radians(), 35.5011_f64.to_radians(), (-1.2672_f64).to_radians());
        let expected = libm::atan2(
            libm::sin(dlon) * libm::cos(lat2),
            libm::cos(lat1) * libm::sin(lat2) - libm::sin(lat1) * libm::cos(lat2) * libm::cos(dlon),
        )
        .to_degrees()
            + 360.0;
        assert!((degrees - expected).abs() < 1e-6, "{degrees} against {expected}");
        assert!((308.0..309.0).contains(&degrees), "{degrees}");
    }

    #[test]
    fn wind_triangles_come_out_as_on_paper() {
        let north = [0.0, 1.0];
        let speed = |from_deg, speed_mps| ground_speed_mps(50.0, north, Wind { from_deg, speed_mps });
        assert_eq!(speed(0, 0), Some(50.0));
        assert!((speed(0, 10).unwrap() - 40.0).abs() < 1e-9);
        assert!((speed(180, 10).unwrap() - 60.0).abs() < 1e-9);
        // 3-4-5: 30 m/s across leave 40 m/s.
        assert!((speed(270, 30).unwrap() - 40.0).abs() < 1e-9);
        assert!((speed(90, 30).unwrap() - 40.0).abs() < 1e-9);
        assert_eq!((speed(0, 50), speed(90, 50), speed(0, u32::MAX)), (None, None, None));
    }
}
