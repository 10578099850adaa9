//! Peak velocity and acceleration on firm ground (average shear wave velocity of the upper 30 m: 600 m/s), by distance.
//!
//! Source: H. Si, S. Midorikawa, Journal of Structural and Construction Engineering (AIJ) 523 (1999), 63-70, for the
//! shortest distance to the fault; widths of the scatter as in NIED, Technical Note 336 (2009), 148-151.

use super::{Earthquake, SourceKind};
use crate::units::Metres;

/// Beyond this magnitude, in hundredths, the shaking grows no further.
const CENTI_SATURATED: u16 = 830;

/// The relation for one earthquake, with all that does not depend on the place worked out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Attenuation {
    kind: SourceKind,
    velocity: f64,
    velocity_near_km: f64,
    acceleration: f64,
    acceleration_near_km: f64,
}

impl Attenuation {
    pub(crate) fn of(earthquake: &Earthquake) -> Attenuation {
        let magnitude = f64::from(earthquake.magnitude.centi().min(CENTI_SATURATED)) / 100.0;
        let depth_km = f64::from(earthquake.focal_depth_m) / 1_000.0;
        let (velocity_kind, acceleration_kind) = match earthquake.kind {
            SourceKind::Crustal => (0.0, 0.0),
            SourceKind::Interface => (-0.02, 0.01),
            SourceKind::Intraslab => (0.12, 0.22),
        };
        let growth = libm::exp10(0.5 * magnitude);
        Attenuation {
            kind: earthquake.kind,
            velocity: 0.58 * magnitude + 0.0038 * depth_km + velocity_kind - 1.29,
            velocity_near_km: 0.0028 * growth,
            acceleration: 0.50 * magnitude + 0.0043 * depth_km + acceleration_kind + 0.61,
            acceleration_near_km: 0.0055 * growth,
        }
    }

    /// Logarithm of the median peak velocity in cm/s: the larger horizontal part.
    pub(crate) fn log10_pgv(&self, distance_m: Metres) -> f64 {
        let km = f64::from(distance_m) / 1_000.0;
        self.velocity - libm::log10(km + self.velocity_near_km) - 0.002 * km
    }

    /// Logarithm of the median peak acceleration in cm/s²: the larger horizontal part.
    pub(crate) fn log10_pga(&self, distance_m: Metres) -> f64 {
        let km = f64::from(distance_m) / 1_000.0;
        self.acceleration - libm::log10(km + self.acceleration_near_km) - 0.003 * km
    }

    /// Standard deviation of the logarithm of the peak velocity: by distance in the crust, elsewhere by the median velocity
    /// on firm ground, given as its logarithm.
    pub(crate) fn log10_sigma(&self, distance_m: Metres, log10_pgv: f64) -> f64 {
        match self.kind {
            SourceKind::Crustal => match distance_m {
                0..=20_000 => 0.23,
                20_001..=30_000 => {
                    let steps = libm::log10(f64::from(distance_m) / 20_000.0);
                    0.23 - 0.03 * steps / LOG10_OF_3_HALVES
                }
                _ => 0.20,
            },
            SourceKind::Interface | SourceKind::Intraslab => {
                if log10_pgv <= LOG10_OF_25 {
                    0.20
                } else if log10_pgv <= LOG10_OF_50 {
                    0.20 - 0.05 * (libm::exp10(log10_pgv) - 25.0) / 25.0
                } else {
                    0.15
                }
            }
        }
    }
}

/// Logarithm of 30 km over 20 km.
const LOG10_OF_3_HALVES: f64 = 0.176_091_259_055_681_24;
/// Logarithm of 25 cm/s.
const LOG10_OF_25: f64 = 1.397_940_008_672_037_6;
/// Logarithm of 50 cm/s.
const LOG10_OF_50: f64 = 1.698_970_004_336_018_7;
