//! Cover price: how many calls wait too long because of a choice.
//!
//! Price = sum over the areas that the aircraft reaches in time of (calls per hour × hours until its cover
//! returns × probability that no other aircraft that reaches the area is free), in 1/1000 calls, rounded half
//! up once at the end.
//!
//! * *Reaches in time*: start and flight from home take at most `policy.cover_wait_s`; compared as squared
//!   chords, in one place ([`Reach::covers`]), without rounding to metres.
//! * *Others*: all that stand by (`judge::stands_by`); their being busy is independent, so the probability is
//!   the product of their busy shares. It is kept as a sum of -log2, in 2^-20 bit, so that leaving one out is
//!   one subtraction and the order of summing cannot matter.
//! * Nothing here depends on site or hospital but the time away, so an aircraft's [`Cover::weight`] is worked
//!   out once, and only for aircraft that come near the top.

use std::sync::LazyLock;

use super::fleet::Aircraft;
use super::judge::{away_s, stands_by};
use super::problem::{AircraftIdx, Problem};
use super::validate::limits::{SPEED_MAX_KMH, TIME_MAX_S};
use crate::units::Seconds;
use crate::units::geodesy::UnitVector;

/// Fixed-point one of a -log2.
const BIT: u32 = 1 << 20;
/// A probability of 2^-32 is nothing: it rounds to 0 in [`probability_q30`]. A busy share of 0 counts as this.
const NOTHING: u32 = 32 * BIT;
/// Mean radius of the Earth, as in `units::geodesy`.
pub(super) const EARTH_RADIUS_M: f64 = 6_371_008.8;
/// Fixed-point one of a unit vector.
pub(super) const ONE: f64 = 1_073_741_824.0;

/// Squared chord between two places, in 2^-60. Exactly rounded steps in a fixed order: equal on every machine.
#[inline]
pub(super) fn chord2(a: [f64; 3], b: [f64; 3]) -> f64 {
    let (dx, dy, dz) = (a[0] - b[0], a[1] - b[1], a[2] - b[2]);
    dx * dx + dy * dy + dz * dz
}

/// A place as floats, exact.
#[inline]
pub(super) fn floats(place: UnitVector) -> [f64; 3] {
    [f64::from(place.x), f64::from(place.y), f64::from(place.z)]
}

/// -log2 of each busy share in 1/1000, in 2^-20 bit, rounded to nearest, at most [`NOTHING`].
static BUSY_BITS: LazyLock<Vec<u32>> = LazyLock::new(|| {
    let bits = |permille: u16| match permille {
        0 => NOTHING,
        _ => libm::round(-libm::log2(f64::from(permille) / 1_000.0) * f64::from(BIT)) as u32,
    };
    (0..=1_000).map(bits).collect()
});

/// -log2 of the busy share of one aircraft.
fn busy_bits(aircraft: &Aircraft) -> u32 {
    BUSY_BITS[usize::from(aircraft.busy_permille)]
}

/// 2^-bits in 2^-30, rounded to nearest.
fn probability_q30(bits: u32) -> u64 {
    if bits >= NOTHING {
        return 0;
    }
    libm::round(libm::exp2(30.0 - f64::from(bits) / f64::from(BIT))) as u64
}

/// How far an aircraft covers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Reach {
    home: [f64; 3],
    /// Largest squared chord that is covered; negative: nothing.
    chord2_max: f64,
}

impl Reach {
    /// The reach of an aircraft from its home under the problem's policy.
    pub(super) fn of(problem: &Problem, aircraft: &Aircraft) -> Reach {
        Reach { home: floats(aircraft.home), chord2_max: chord2_max(problem, aircraft.speed_kmh) }
    }

    /// Whether it is at `place` in time.
    #[inline]
    pub(super) fn covers(&self, place: [f64; 3]) -> bool {
        chord2(self.home, place) <= self.chord2_max
    }
}

/// The squared chord that a speed covers within the policy's wait, start-up taken off.
fn chord2_max(problem: &Problem, speed_kmh: u32) -> f64 {
    let Some(flight_s) = problem.policy.cover_wait_s.checked_sub(problem.policy.start_s) else {
        return -1.0;
    };
    let metres = f64::from(flight_s) * f64::from(speed_kmh) / 3.6;
    let half_angle = (metres / EARTH_RADIUS_M / 2.0).min(std::f64::consts::FRAC_PI_2);
    let chord = 2.0 * libm::sin(half_angle) * ONE;
    chord * chord
}

/// 1/1000 calls for a weight over a time away: rounded half up.
pub(super) fn price(weight: u64, away_s: Seconds) -> u64 {
    // The weight is in calls per 1,000 h (the same as 1/1000 calls per hour) times 2^30.
    let hour_q30 = 3_600u128 << 30;
    let price = (u128::from(weight) * u128::from(away_s) + hour_q30 / 2) / hour_q30;
    u64::try_from(price).unwrap_or(u64::MAX)
}

const _: () = assert!((1u128 << 60) * (TIME_MAX_S as u128) < 1 << 127);

/// Some of those that stand by, coordinate by coordinate, so that the compiler can use vectors.
struct Others {
    home: [[f64; OTHERS]; 3],
    /// Negative past the last.
    chord2_max: [f64; OTHERS],
    /// As wide as a float, so that a vector of comparisons masks them as they are.
    busy_bits: [u64; OTHERS],
}

impl Others {
    /// Sum of -log2 of the busy shares of those that cover a place.
    fn bits_at(&self, place: [f64; 3]) -> u32 {
        let [x, y, z] = &self.home;
        let mut bits = self.busy_bits;
        for i in 0..OTHERS {
            // The sign of a difference of floats is exact. As a mask it is added without a branch: half of the
            // others do not cover a place, and nobody could guess which.
            let left = self.chord2_max[i] - chord2([x[i], y[i], z[i]], place);
            bits[i] &= !((left.to_bits() as i64 >> 63) as u64);
        }
        bits.iter().sum::<u64>() as u32
    }
}

/// Others per group.
const OTHERS: usize = 8;

// A sum is not followed beyond nothing twice, and one group comes on top.
const _: () = assert!((2 + OTHERS as u64) * (NOTHING as u64) < u32::MAX as u64);

/// An area, and what is known of it so far.
struct Area {
    place: [f64; 3],
    calls_per_1000_h: u64,
    /// Sum of -log2 of the busy shares of those that cover it, over the first groups of others.
    bits: u32,
    /// How many groups.
    groups: usize,
}

/// The others and the areas, flat, as far as a price needed them.
pub(super) struct Cover<'a> {
    problem: &'a Problem,
    /// Those that stand by, in groups, from the first on.
    others: Vec<Others>,
    /// Where the next group begins among the aircraft.
    next: usize,
    /// [`chord2_max`] by speed, as far as it was asked for.
    chord2_max: Vec<Option<f64>>,
    /// Those that call.
    areas: Vec<Area>,
    /// Places of the areas in reach of the aircraft in hand; kept to save the allocation.
    near: Vec<usize>,
}

impl<'a> Cover<'a> {
    pub(super) fn new(problem: &'a Problem) -> Cover<'a> {
        let calling = problem.areas.iter().filter(|area| area.calls_per_1000_h > 0);
        let areas: Vec<Area> = calling
            .map(|area| Area {
                place: floats(area.position),
                calls_per_1000_h: area.calls_per_1000_h.into(),
                bits: 0,
                groups: 0,
            })
            .collect();
        Cover {
            problem,
            near: vec![0; areas.len()],
            areas,
            others: Vec::new(),
            next: 0,
            chord2_max: vec![None; SPEED_MAX_KMH as usize + 1],
        }
    }

    /// Sum over the areas in reach of calls per 1,000 h × probability that no other is free, in 2^-30.
    pub(super) fn weight(&mut self, idx: AircraftIdx) -> u64 {
        let aircraft = &self.problem.aircraft[idx.index()];
        let reach = self.reach(aircraft);
        let own_bits = if stands_by(aircraft) { busy_bits(aircraft) } else { 0 };
        let mut count = 0;
        for (place, area) in self.areas.iter().enumerate() {
            // Without a branch, as in `Others::bits_at`.
            self.near[count] = place;
            count += usize::from(reach.covers(area.place));
        }
        let mut weight = 0;
        for i in 0..count {
            let place = self.near[i];
            // From this sum on the probability is nothing, whether or not the aircraft itself is in it yet.
            let bits = self.bits_of(place, NOTHING + own_bits);
            weight += self.areas[place].calls_per_1000_h * probability_q30(bits - own_bits);
        }
        weight
    }

    /// [`Reach::of`], with what is known of the speed.
    fn reach(&mut self, aircraft: &Aircraft) -> Reach {
        let (problem, speed_kmh) = (self.problem, aircraft.speed_kmh);
        let known = &mut self.chord2_max[speed_kmh as usize];
        let chord2_max = *known.get_or_insert_with(|| chord2_max(problem, speed_kmh));
        Reach { home: floats(aircraft.home), chord2_max }
    }

    /// The sum of an area over all others, or a part of it that is `enough`, which on a dense map is a few dozen
    /// aircraft.
    fn bits_of(&mut self, place: usize, enough: u32) -> u32 {
        let Area { place: at, mut bits, mut groups, .. } = self.areas[place];
        if bits >= enough {
            return bits;
        }
        while bits < enough && (groups < self.others.len() || self.lay_out_more()) {
            bits += self.others[groups].bits_at(at);
            groups += 1;
        }
        let area = &mut self.areas[place];
        (area.bits, area.groups) = (bits, groups);
        bits
    }

    /// Lays out the next group of others; says whether there was one.
    fn lay_out_more(&mut self) -> bool {
        let problem = self.problem;
        let mut flat =
            Others { home: [[0.0; OTHERS]; 3], chord2_max: [-1.0; OTHERS], busy_bits: [0; OTHERS] };
        let mut count = 0;
        while count < OTHERS
            && let Some(aircraft) = problem.aircraft.get(self.next)
        {
            self.next += 1;
            if !stands_by(aircraft) {
                continue;
            }
            let reach = self.reach(aircraft);
            for (axis, value) in flat.home.iter_mut().zip(reach.home) {
                axis[count] = value;
            }
            flat.chord2_max[count] = reach.chord2_max;
            flat.busy_bits[count] = u64::from(busy_bits(aircraft));
            count += 1;
        }
        if count > 0 {
            self.others.push(flat);
        }
        count > 0
    }

    /// Price of taking an aircraft away until its cover is back.
    pub(super) fn price(&mut self, idx: AircraftIdx, cover_back_s: Seconds) -> u64 {
        price(self.weight(idx), away_s(&self.problem.aircraft[idx.index()], cover_back_s))
    }
}

/// The price, the obvious way: every area against every other aircraft. Kept as oracle.
pub(super) fn plain_price(problem: &Problem, idx: AircraftIdx, cover_back_s: Seconds) -> u64 {
    let aircraft = &problem.aircraft[idx.index()];
    let mut weight = 0;
    for area in &problem.areas {
        let place = floats(area.position);
        if !Reach::of(problem, aircraft).covers(place) {
            continue;
        }
        let others = problem.aircraft.iter().enumerate().filter(|(i, other)| {
            *i != idx.index() && stands_by(other) && Reach::of(problem, other).covers(place)
        });
        let bits: u64 = others.map(|(_, other)| u64::from(busy_bits(other))).sum();
        let bits = u32::try_from(bits).unwrap_or(u32::MAX);
        weight += u64::from(area.calls_per_1000_h) * probability_q30(bits);
    }
    price(weight, away_s(aircraft, cover_back_s))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_busy_is_one_bit_and_idle_is_nothing() {
        assert_eq!(BUSY_BITS[500], BIT);
        assert_eq!(BUSY_BITS[250], 2 * BIT);
        assert_eq!(BUSY_BITS[1_000], 0);
        assert_eq!(BUSY_BITS[0], NOTHING);
        assert_eq!(probability_q30(0), 1 << 30);
        assert_eq!(probability_q30(BIT), 1 << 29);
        assert_eq!(probability_q30(NOTHING), 0);
    }

    #[test]
    fn an_hour_without_the_only_cover_of_one_call_an_hour_costs_a_whole_call() {
        assert_eq!(price(1_000 << 30, 3_600), 1_000);
        assert_eq!(price(1_000 << 29, 3_600), 500);
        assert_eq!(price(1 << 30, 1_800), 1, "half up");
        assert_eq!(price(1 << 30, 1_799), 0);
        assert_eq!(price(u64::MAX, u32::MAX), 20_496_382_299_349_538, "no sum wraps on the way");
    }
}
