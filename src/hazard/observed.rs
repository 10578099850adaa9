//! What was observed, together with what was predicted: observed replaces predicted where it exists, and its neighbours
//! follow as far as they are alike.
//!
//! The differences between observed and predicted intensity are spread by simple kriging: with the correlation by distance
//! that the scatter has, and a part that all places of the earthquake share. So an earthquake that is stronger everywhere
//! than predicted lifts every place, and a neighbour of a strong value is lifted more. Each answer says what it rests on.
//! Absent on purpose: where observations come from. Entry points: [`everywhere::municipalities`] for towns
//! with what a telegram tells, [`Blend::new`] for anything else, [`table::read`].
//!
//! Source: C. B. Worden and others, Bulletin of the Seismological Society of America 108 (2018), 866-875 (the same
//! conditioning, on velocities); the correlation is [`Correlation`](super::correlation::Correlation)'s.

pub mod everywhere;
pub mod table;
#[cfg(test)]
mod tests;

use super::correlation::Triangle;
use super::scatter::ScatterModel;
use super::shaking::intensity::{CENTI_MAX, Intensity, IntensityClass};
use super::telegram::Reading;
use crate::units::Position;
use crate::units::geodesy::UnitVector;

/// Observations that are blended at most: twice the stations of Kansai; a sixth of a billion multiplications.
pub const OBSERVATIONS_MAX: usize = 1_000;
/// How far single places lie off the prediction, hundredths of intensity: 0.2 of the logarithm of velocity, by which the
/// intensity rises 2.2 times as fast at 10 cm/s.
pub const SPREAD_CENTI: u16 = 45;
/// How far a measured value lies off what its surroundings felt, hundredths: illustrative, a tenth of a class.
const MEASURED_CENTI: f64 = 5.0;
/// Where less than this of the variance is explained, a place counts as predicted: alike by less than a fiftieth.
const EXPLAINED_MIN: f64 = 0.000_4;

/// What was observed at one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// An instrumental intensity.
    Measured(Intensity),
    /// A class.
    Class(IntensityClass),
    /// A class at least: a value that was expected never came.
    AtLeast(IntensityClass),
}

impl From<Reading> for Value {
    fn from(reading: Reading) -> Value {
        if reading.is_unknown_high() {
            Value::AtLeast(reading.at_least())
        } else {
            Value::Class(reading.at_least())
        }
    }
}

/// What was observed, and where, beside what was predicted there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Compared {
    /// Where.
    pub place: Position,
    /// What was predicted, without scatter.
    pub predicted: Intensity,
    /// What was observed.
    pub value: Value,
}

/// What an intensity rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// On an observation at the place itself.
    Observed,
    /// On a value of 5-lower or more that never came: it may be much stronger than stated.
    NotReceived,
    /// On the prediction, moved by observations elsewhere.
    Blended,
    /// On the prediction alone.
    Predicted,
}

/// An intensity, and what it rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shaken {
    /// How strongly.
    pub intensity: Intensity,
    /// What it rests on.
    pub basis: Basis,
    /// How far off it may be: one standard deviation, hundredths.
    pub spread_centi: u16,
}

/// More observations than are blended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{count} observations are too many to blend (at most {OBSERVATIONS_MAX}); leave out those far away")]
pub struct TooManyObservations {
    /// How many there are.
    pub count: usize,
}

/// Observations made ready for any number of places.
#[derive(Clone, Debug, PartialEq)]
pub struct Blend {
    model: ScatterModel,
    places: Vec<UnitVector>,
    triangle: Triangle,
    /// Differences, weighted by the inverse of their covariance.
    weights: Vec<f64>,
}

impl Blend {
    /// Makes observations ready. Those that say "at least" move no neighbour: nobody knows by how much.
    ///
    /// # Errors
    /// [`TooManyObservations`].
    ///
    /// # Complexity
    /// O(observations³ / 6).
    pub fn new(model: ScatterModel, observed: &[Compared]) -> Result<Blend, TooManyObservations> {
        let told: Vec<(UnitVector, f64, f64)> = observed.iter().filter_map(difference).collect();
        let count = told.len();
        if count > OBSERVATIONS_MAX {
            return Err(TooManyObservations { count });
        }
        let triangle = Triangle::of(count, |row, column| {
            let noise = if row == column { told[row].2 } else { 0.0 };
            covariance(model, told[row].0, told[column].0) + noise
        });
        let differences: Vec<f64> = told.iter().map(|(_, difference, _)| *difference).collect();
        let weights = triangle.solve(&differences);
        Ok(Blend { model, places: told.into_iter().map(|(place, _, _)| place).collect(), triangle, weights })
    }

    /// The intensity at `place`, where `own` was observed.
    ///
    /// A measured value stands as it is. Of a class, the value within it is the one nearest to what the surroundings say. A
    /// value that never came counts as the class that was expected at least.
    ///
    /// # Complexity
    /// O(observations²), O(1) where the value was measured at the place itself.
    #[must_use]
    pub fn at(&self, place: Position, predicted: Intensity, own: Option<Value>) -> Shaken {
        match own {
            Some(Value::Measured(intensity)) => Shaken { intensity, basis: Basis::Observed, spread_centi: 0 },
            Some(Value::Class(class)) => {
                let (low, above) = class.range_centi();
                let intensity = self.around(place, predicted).intensity.within(low, above - 1);
                Shaken { intensity, basis: Basis::Observed, spread_centi: rounded(class_spread(class)) }
            }
            Some(Value::AtLeast(class)) => {
                let around = self.around(place, predicted);
                let intensity = around.intensity.within(class.range_centi().0, CENTI_MAX);
                Shaken { intensity, basis: Basis::NotReceived, ..around }
            }
            None => self.around(place, predicted),
        }
    }

    /// The intensity by what was observed elsewhere.
    fn around(&self, place: Position, predicted: Intensity) -> Shaken {
        let here = UnitVector::from(place);
        let alike: Vec<f64> = self.places.iter().map(|there| covariance(self.model, here, *there)).collect();
        let moved = self.moved_at(here);
        let explained: f64 = self.triangle.forward(&alike).iter().map(|part| part * part).sum();
        if explained < EXPLAINED_MIN {
            return Shaken { intensity: predicted, basis: Basis::Predicted, spread_centi: SPREAD_CENTI };
        }
        let left = (1.0 - explained).max(0.0).sqrt();
        Shaken {
            intensity: Intensity::rounded((f64::from(predicted.centi()) + moved) / 100.0),
            basis: Basis::Blended,
            spread_centi: rounded(f64::from(SPREAD_CENTI) * left),
        }
    }
}

/// Covariance of the differences at two places, in units of the variance of one.
fn covariance(model: ScatterModel, one: UnitVector, other: UnitVector) -> f64 {
    model.shared() + (1.0 - model.shared()) * model.correlation().between(one, other)
}

/// Where, by how many hundredths the observation differs, and how unsure that is, in units of the variance; nothing where only
/// a lower bound is known.
fn difference(compared: &Compared) -> Option<(UnitVector, f64, f64)> {
    let (centi, unsure) = match compared.value {
        Value::Measured(intensity) => (f64::from(intensity.centi()), MEASURED_CENTI),
        Value::Class(class) => {
            let (low, above) = class.range_centi();
            (f64::from(low + above) / 2.0, class_spread(class))
        }
        Value::AtLeast(_) => return None,
    };
    let noise = unsure / f64::from(SPREAD_CENTI);
    Some((compared.place.into(), centi - f64::from(compared.predicted.centi()), noise * noise))
}

/// Standard deviation of an even distribution over a class.
fn class_spread(class: IntensityClass) -> f64 {
    let (low, above) = class.range_centi();
    f64::from(above - low) / ROOT_OF_12
}

const ROOT_OF_12: f64 = 3.464_101_615_137_754_6;

fn rounded(centi: f64) -> u16 {
    libm::round(centi) as u16
}
