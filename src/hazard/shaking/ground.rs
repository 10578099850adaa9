//! The ground of a place, and how much more it moves than firm ground does.
//!
//! The two pairs of relations are never mixed: an amplification goes with the intensity that was fitted to the same
//! velocities.

use super::intensity::Intensity;
use crate::units::Position;
use crate::units::geodesy::UnitVector;

/// Average shear wave velocities that are believed, m/s: the softest peat to unweathered rock.
pub const AVS30_M_S_MIN: i64 = 50;
/// The fastest.
pub const AVS30_M_S_MAX: i64 = 3_000;
/// Amplifications that are believed, thousandths.
pub const FACTOR_MILLI_MIN: i64 = 100;
/// The largest.
pub const FACTOR_MILLI_MAX: i64 = 20_000;

/// Which pair of relations turns velocity on firm ground into an intensity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relations {
    /// Fujimoto and Midorikawa: amplification of 2006, intensity of 2005; the pair of the national hazard maps.
    #[default]
    FujimotoMidorikawa,
    /// Amplification of Matsuoka and Midorikawa 1994, intensity of Midorikawa and others 1999.
    MatsuokaMidorikawa,
}

/// The ground of a place. Valid by construction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ground {
    /// Known by its average shear wave velocity down to 30 m.
    Avs30(Avs30),
    /// Known by its amplification of peak velocity against 600 m/s.
    Factor(Factor),
}

/// An average shear wave velocity, m/s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Avs30(u16);

/// An amplification, thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Factor(u16);

/// A ground that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GroundProblem {
    /// A velocity out of range.
    #[error("{m_s} m/s is no ground; allowed is {AVS30_M_S_MIN} to {AVS30_M_S_MAX} m/s")]
    Avs30Absurd {
        /// What was stated.
        m_s: i64,
    },
    /// An amplification out of range.
    #[error("{milli} thousandths amplify no ground; allowed is {FACTOR_MILLI_MIN} to {FACTOR_MILLI_MAX}")]
    FactorAbsurd {
        /// What was stated.
        milli: i64,
    },
}

impl Ground {
    /// From the average shear wave velocity down to 30 m.
    ///
    /// # Errors
    /// [`GroundProblem::Avs30Absurd`].
    pub fn from_avs30_m_s(m_s: i64) -> Result<Ground, GroundProblem> {
        let kept = u16::try_from(m_s).ok().filter(|_| (AVS30_M_S_MIN..=AVS30_M_S_MAX).contains(&m_s));
        kept.map(|kept| Ground::Avs30(Avs30(kept))).ok_or(GroundProblem::Avs30Absurd { m_s })
    }

    /// From the amplification of peak velocity against ground of 600 m/s.
    ///
    /// # Errors
    /// [`GroundProblem::FactorAbsurd`].
    pub fn from_factor_milli(milli: i64) -> Result<Ground, GroundProblem> {
        let kept =
            u16::try_from(milli).ok().filter(|_| (FACTOR_MILLI_MIN..=FACTOR_MILLI_MAX).contains(&milli));
        kept.map(|kept| Ground::Factor(Factor(kept))).ok_or(GroundProblem::FactorAbsurd { milli })
    }

    /// Logarithm of the amplification of peak velocity.
    ///
    /// Sources: K. Fujimoto, S. Midorikawa, Journal of Japan Association for Earthquake Engineering 6 (2006), 11-22; M.
    /// Matsuoka, S. Midorikawa, 22nd Symposium of Earthquake Ground Motion (AIJ, 1994), 23-34. Both give 1.0 near 600 m/s by
    /// their fit and not exactly.
    pub(crate) fn log10_factor(self, relations: Relations) -> f64 {
        match (self, relations) {
            (Ground::Avs30(Avs30(m_s)), Relations::FujimotoMidorikawa) => {
                2.367 - 0.852 * libm::log10(f64::from(m_s))
            }
            (Ground::Avs30(Avs30(m_s)), Relations::MatsuokaMidorikawa) => {
                1.83 - 0.66 * libm::log10(f64::from(m_s))
            }
            (Ground::Factor(Factor(milli)), _) => libm::log10(f64::from(milli) / 1_000.0),
        }
    }
}

impl Relations {
    /// The instrumental intensity that goes with a peak velocity, given as the logarithm of cm/s.
    ///
    /// Sources: K. Fujimoto, S. Midorikawa, Journal of Social Safety Science 7 (2005), 241-246; S. Midorikawa, K. Fujimoto,
    /// I. Muramatsu, Journal of Social Safety Science 1 (1999), 51-56.
    pub(crate) fn intensity(self, log10_pgv: f64) -> Intensity {
        let value = match self {
            // A parabola: it falls again beyond 10^6 cm/s, where nothing is.
            Relations::FujimotoMidorikawa => 2.002 + 2.603 * log10_pgv - 0.213 * log10_pgv * log10_pgv,
            Relations::MatsuokaMidorikawa => 2.68 + 1.72 * log10_pgv,
        };
        Intensity::rounded(value)
    }
}

/// A place and its ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Site {
    /// Where.
    pub place: Position,
    /// On what.
    pub ground: Ground,
}

/// Very many places, made ready once for any number of earthquakes: municipalities, road edges, assets.
#[derive(Clone, Debug, PartialEq)]
pub struct Sites {
    pub(super) relations: Relations,
    pub(super) places: Vec<Position>,
    pub(super) vectors: Vec<UnitVector>,
    pub(super) log10_factors: Vec<f64>,
}

impl Sites {
    /// Makes `sites` ready, in their order.
    ///
    /// # Complexity
    /// O(places); five calls of `libm` a place.
    #[must_use]
    pub fn new(relations: Relations, sites: &[Site]) -> Sites {
        Sites {
            relations,
            places: sites.iter().map(|site| site.place).collect(),
            vectors: sites.iter().map(|site| UnitVector::from(site.place)).collect(),
            log10_factors: sites.iter().map(|site| site.ground.log10_factor(relations)).collect(),
        }
    }

    /// How many places.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Where they are, in their order.
    #[must_use]
    pub fn places(&self) -> &[Position] {
        &self.places
    }
}
