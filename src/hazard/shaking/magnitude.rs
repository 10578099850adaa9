//! Magnitudes in hundredths: the agency's own (Mj) and the moment magnitude (Mw) that the relations take.

use super::SourceKind;
use std::fmt;

/// Magnitudes that are believed, hundredths: nothing smaller breaks anything, nothing larger was ever recorded (Chile 1960,
/// 9.5).
pub const CENTI_MIN: i64 = 100;
/// The largest.
pub const CENTI_MAX: i64 = 950;

/// A moment magnitude, in hundredths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mw(u16);

/// A magnitude that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a magnitude of {centi} hundredths cannot be; allowed is {CENTI_MIN} to {CENTI_MAX}")]
pub struct MagnitudeAbsurd {
    /// What was stated.
    pub centi: i64,
}

impl Mw {
    /// A moment magnitude of `centi` hundredths.
    ///
    /// # Errors
    /// [`MagnitudeAbsurd`] outside of 1.00 to 9.50.
    pub fn from_centi(centi: i64) -> Result<Mw, MagnitudeAbsurd> {
        let kept = u16::try_from(centi).ok().filter(|_| (CENTI_MIN..=CENTI_MAX).contains(&centi));
        kept.map(Mw).ok_or(MagnitudeAbsurd { centi })
    }

    /// From the agency's magnitude, in hundredths: Mw = 0.78 Mj + 1.08 in the crust, rounded to the nearest hundredth;
    /// elsewhere taken as equal, since the relation was found for crustal earthquakes only.
    ///
    /// # Errors
    /// [`MagnitudeAbsurd`] outside of 1.00 to 9.50.
    ///
    /// Source: M. Takemura, Zisin 51 (1998), 211-228.
    pub fn from_mj_centi(centi: i64, kind: SourceKind) -> Result<Mw, MagnitudeAbsurd> {
        let Mw(mj) = Mw::from_centi(centi)?;
        match kind {
            SourceKind::Crustal => Mw::from_centi((78 * i64::from(mj) + 10_800 + 50) / 100),
            SourceKind::Interface | SourceKind::Intraslab => Ok(Mw(mj)),
        }
    }

    /// Hundredths.
    #[must_use]
    pub fn centi(self) -> u16 {
        self.0
    }
}

impl fmt::Display for Mw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Mw {}.{:02}", self.0 / 100, self.0 % 100)
    }
}
