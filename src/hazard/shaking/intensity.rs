//! Instrumental intensity in hundredths, and the ten classes of the Japan Meteorological Agency.

use std::fmt;
use std::str::FromStr;

/// An instrumental intensity, in hundredths; 0 where it would be lower.
///
/// Hundredths and not tenths: the agency rounds the second decimal and cuts there, so 4.95 is 4.9 and a strong 5-lower.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Intensity(u16);

/// Hundredths beyond which nothing is believed; 6.6 was measured in Kobe in 1995 and 6.7 at Mashiki in 2016.
pub const CENTI_MAX: u16 = 900;

/// A class of the agency's scale, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IntensityClass {
    /// Felt by nobody.
    Zero,
    /// Class 1.
    One,
    /// Class 2.
    Two,
    /// Class 3.
    Three,
    /// Class 4.
    Four,
    /// Class 5-lower.
    FiveLower,
    /// Class 5-upper.
    FiveUpper,
    /// Class 6-lower.
    SixLower,
    /// Class 6-upper.
    SixUpper,
    /// Class 7.
    Seven,
}

impl Intensity {
    /// The lowest intensity of class 5-lower.
    pub const FIVE_LOWER: Intensity = Intensity(450);

    /// From hundredths; none beyond [`CENTI_MAX`].
    #[must_use]
    pub fn from_centi(centi: u16) -> Option<Intensity> {
        (centi <= CENTI_MAX).then_some(Intensity(centi))
    }

    /// Hundredths of `value`, half up, held within 0 and [`CENTI_MAX`]: the one place that rounds.
    pub(crate) fn rounded(value: f64) -> Intensity {
        // A cast stops at the ends of its range, and what is below zero is zero.
        Intensity(((value * 100.0 + 0.5) as u16).min(CENTI_MAX))
    }

    /// Itself, held within two ends in hundredths.
    pub(crate) fn within(self, low_centi: u16, high_centi: u16) -> Intensity {
        Intensity(self.0.clamp(low_centi, high_centi))
    }

    /// Hundredths.
    #[must_use]
    pub fn centi(self) -> u16 {
        self.0
    }

    /// The class it falls into.
    #[must_use]
    pub fn class(self) -> IntensityClass {
        let above = CLASSES.iter().rev().find(|class| class.range_centi().0 <= self.0);
        above.copied().unwrap_or(IntensityClass::Zero)
    }
}

impl fmt::Display for Intensity {
    /// One decimal, cut as the agency cuts it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0 / 100, self.0 / 10 % 10)
    }
}

/// All classes, weakest first.
pub const CLASSES: [IntensityClass; 10] = [
    IntensityClass::Zero,
    IntensityClass::One,
    IntensityClass::Two,
    IntensityClass::Three,
    IntensityClass::Four,
    IntensityClass::FiveLower,
    IntensityClass::FiveUpper,
    IntensityClass::SixLower,
    IntensityClass::SixUpper,
    IntensityClass::Seven,
];

/// A word that is no class.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" is no intensity; use 0, 1, 2, 3, 4, 5-, 5+, 6-, 6+ or 7")]
pub struct UnknownClass {
    /// What stands there, shortened.
    pub text: String,
}

impl IntensityClass {
    /// Its first hundredth and the first that is above it.
    #[must_use]
    pub fn range_centi(self) -> (u16, u16) {
        match self {
            IntensityClass::Zero => (0, 50),
            IntensityClass::One => (50, 150),
            IntensityClass::Two => (150, 250),
            IntensityClass::Three => (250, 350),
            IntensityClass::Four => (350, 450),
            IntensityClass::FiveLower => (450, 500),
            IntensityClass::FiveUpper => (500, 550),
            IntensityClass::SixLower => (550, 600),
            IntensityClass::SixUpper => (600, 650),
            // Open above; as wide as class 6-upper where a middle is wanted.
            IntensityClass::Seven => (650, 700),
        }
    }

    /// As telegrams and tables write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            IntensityClass::Zero => "0",
            IntensityClass::One => "1",
            IntensityClass::Two => "2",
            IntensityClass::Three => "3",
            IntensityClass::Four => "4",
            IntensityClass::FiveLower => "5-",
            IntensityClass::FiveUpper => "5+",
            IntensityClass::SixLower => "6-",
            IntensityClass::SixUpper => "6+",
            IntensityClass::Seven => "7",
        }
    }
}

impl fmt::Display for IntensityClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for IntensityClass {
    type Err = UnknownClass;
    fn from_str(text: &str) -> Result<IntensityClass, UnknownClass> {
        let known = CLASSES.into_iter().find(|class| class.as_str() == text);
        known.ok_or_else(|| UnknownClass { text: text.chars().take(80).collect() })
    }
}
