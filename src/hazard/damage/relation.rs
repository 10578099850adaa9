//! The forms that relations have: a share by instrumental intensity, a value by steps, a value between points.
//!
//! Shares are whole millionths or thousandths. Absent on purpose: the coefficients, which stand in a profile.

use crate::hazard::shaking::intensity::Intensity;

/// All of it, in millionths.
pub const ALL_MICRO: u32 = 1_000_000;

/// A share that grows with the intensity as the normal distribution does: half of all at `middle_centi`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Curve {
    /// The intensity at which it is half, hundredths.
    pub middle_centi: u32,
    /// The width of the distribution, hundredths.
    pub width_centi: u32,
}

impl Curve {
    /// The share at `intensity`, millionths, rounded to the nearest.
    #[must_use]
    pub fn share_micro(self, intensity: Intensity) -> u32 {
        let off = f64::from(intensity.centi()) - f64::from(self.middle_centi);
        let share = libm::erfc(-off / f64::from(self.width_centi) / std::f64::consts::SQRT_2) / 2.0;
        libm::round(share * f64::from(ALL_MICRO)) as u32
    }

    /// The same curve, `centi` hundredths of intensity earlier.
    #[must_use]
    pub fn earlier(self, centi: u32) -> Curve {
        Curve { middle_centi: self.middle_centi.saturating_sub(centi), ..self }
    }
}

/// A value that holds from a point on until the next: pairs of the point and the value, points ascending; 0 before the first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Steps(pub(super) Vec<(u32, u32)>);

impl Steps {
    /// The value at `point`.
    #[must_use]
    pub fn at(&self, point: u32) -> u32 {
        let held = self.0.partition_point(|&(from, _)| from <= point);
        held.checked_sub(1).map_or(0, |last| self.0[last].1)
    }

    /// The value at an intensity, the points being hundredths.
    #[must_use]
    pub fn at_intensity(&self, intensity: Intensity) -> u32 {
        self.at(u32::from(intensity.centi()))
    }

    /// The value at `point` on the straight line between the two points around it, rounded down; the first value before the
    /// first point, the last one after the last.
    #[must_use]
    pub fn between(&self, point: u32) -> u32 {
        let held = self.0.partition_point(|&(from, _)| from <= point);
        match (held.checked_sub(1).map(|last| self.0[last]), self.0.get(held)) {
            (Some((from, low)), Some(&(to, high))) => {
                let along = i64::from(high) - i64::from(low);
                let value = i64::from(low) + along * i64::from(point - from) / i64::from(to - from);
                u32::try_from(value).unwrap_or(0)
            }
            (Some((_, value)), None) | (None, Some(&(_, value))) => value,
            (None, None) => 0,
        }
    }
}

/// From one number to another, both in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The least.
    pub from: u32,
    /// The most.
    pub to: u32,
}

/// `share` millionths of `count`, rounded down.
pub(super) fn share_of(count: u64, share_micro: u32) -> u64 {
    count * u64::from(share_micro) / u64::from(ALL_MICRO)
}

/// Peak velocity on the ground that goes with an intensity, cm/s: the positive root of
/// I = 2.002 + 2.603 x - 0.213 x², x being its logarithm.
///
/// Source: K. Fujimoto, S. Midorikawa, Journal of Social Safety Science 7 (2005), 241-246.
pub(super) fn velocity_cm_s(intensity: Intensity) -> f64 {
    let value = f64::from(intensity.centi()) / 100.0;
    // Positive up to an intensity of 9.95, which is beyond all that is believed.
    let root = (2.603 * 2.603 - 4.0 * 0.213 * (value - 2.002)).max(0.0).sqrt();
    libm::exp10((2.603 - root) / (2.0 * 0.213))
}
