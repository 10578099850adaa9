//! How far single places lie off the median: named random variables, alike where places are near each other.
//!
//! A deviate counts standard deviations of the logarithm of the peak velocity. It has two parts: one that all places of an
//! earthquake share (between earthquakes) and one that differs from place to place (within the earthquake), whose
//! correlation falls with distance ([`Correlation`]). Two ways to draw the second:
//!
//! | way | for | exactness |
//! |---|---|---|
//! | [`each`] | up to [`PLACES_MAX`] places | exact, by the triangle of the covariance |
//! | [`Field`] | any number of places | exact on a grid, between its points by interpolation, see there |
//!
//! What belongs to one earthquake is drawn in one way: the roads of a town and the town itself read the same field.
//!
//! Every draw names its random variable and has a seed; the same two give the same bytes on every machine. Absent on
//! purpose: the width of the scatter, which is the relation's.

mod field;
mod fourier;
#[cfg(test)]
mod tests;

pub use field::{Field, FieldPlan};

use super::correlation::{Correlation, Triangle};
use crate::units::Position;
use crate::units::geodesy::UnitVector;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

/// Places whose covariance is taken apart exactly, at most: a sixth of a billion multiplications.
pub const PLACES_MAX: usize = 1_000;
/// Deviates are cut here: a relation says nothing about what is rarer.
const DEVIATE_MAX: f64 = 3.0;
const MICRO: f64 = 1e6;

/// How the scatter is made up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScatterModel {
    shared_permille: u16,
    correlation: Correlation,
}

/// A scatter that cannot be drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScatterProblem {
    /// A share that is none.
    #[error("{permille} thousandths of a variance cannot be; allowed is 0 to 1000")]
    ShareAbsurd {
        /// What was stated.
        permille: u16,
    },
    /// Too many places for the exact way.
    #[error("{count} places are too many to be drawn exactly (at most {PLACES_MAX}); use a field")]
    TooManyPlaces {
        /// How many there are.
        count: usize,
    },
    /// A field over too large an area.
    #[error(
        "{side_km} km are too wide for a field of this correlation (at most {side_km_max} km); cut the area or state a \
         longer range"
    )]
    TooWide {
        /// The longer side of the area.
        side_km: u32,
        /// What would do.
        side_km_max: u32,
    },
}

impl Default for ScatterModel {
    /// Three tenths of the variance are shared. Illustrative: of the order that regressions with both parts find.
    fn default() -> ScatterModel {
        ScatterModel { shared_permille: 300, correlation: Correlation::default() }
    }
}

impl ScatterModel {
    /// With `shared_permille` thousandths of the variance shared by all places.
    ///
    /// # Errors
    /// [`ScatterProblem::ShareAbsurd`].
    pub fn new(shared_permille: u16, correlation: Correlation) -> Result<ScatterModel, ScatterProblem> {
        if shared_permille > 1_000 {
            return Err(ScatterProblem::ShareAbsurd { permille: shared_permille });
        }
        Ok(ScatterModel { shared_permille, correlation })
    }

    /// How alike places are within one earthquake.
    #[must_use]
    pub fn correlation(self) -> Correlation {
        self.correlation
    }

    /// The part of the variance that all places share.
    pub(super) fn shared(self) -> f64 {
        f64::from(self.shared_permille) / 1_000.0
    }

    /// Weights of the shared and of the local part.
    fn weights(self) -> (f64, f64) {
        (self.shared().sqrt(), (1.0 - self.shared()).sqrt())
    }
}

/// Millionths of a standard deviation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deviate(i32);

impl Deviate {
    fn rounded(value: f64) -> Deviate {
        Deviate(libm::round(value.clamp(-DEVIATE_MAX, DEVIATE_MAX) * MICRO) as i32)
    }

    /// Millionths of a standard deviation.
    #[must_use]
    pub fn micro(self) -> i32 {
        self.0
    }
}

/// The scatter that an earthquake is worked out with.
#[derive(Clone, Copy, Debug)]
pub enum Scatter<'a> {
    /// None: the median everywhere.
    Median,
    /// Drawn exactly, one for each place in the order of the places.
    Each(&'a [Deviate]),
    /// Drawn as a field, read where the place is.
    Field(&'a Field),
}

impl Scatter<'_> {
    /// Standard deviations off the median at the place of index `index`.
    pub(super) fn deviate(&self, index: usize, place: Position) -> f64 {
        match self {
            Scatter::Median => 0.0,
            Scatter::Each(deviates) => f64::from(deviates[index].0) / MICRO,
            Scatter::Field(field) => field.at(place),
        }
    }
}

/// Draws one deviate for each of `places` exactly: the random variable `name` under `seed`.
///
/// # Errors
/// [`ScatterProblem::TooManyPlaces`].
///
/// # Complexity
/// O(places³ / 6).
pub fn each(
    model: ScatterModel,
    places: &[Position],
    seed: u64,
    name: &str,
) -> Result<Vec<Deviate>, ScatterProblem> {
    let count = places.len();
    if count > PLACES_MAX {
        return Err(ScatterProblem::TooManyPlaces { count });
    }
    let vectors: Vec<UnitVector> = places.iter().map(|place| UnitVector::from(*place)).collect();
    let triangle =
        Triangle::of(count, |row, column| model.correlation.between(vectors[row], vectors[column]));
    let (shared, local) = draws(seed, name);
    let independent: Vec<f64> = local.take(count).collect();
    let (weight_shared, weight_local) = model.weights();
    let all = triangle.times(&independent).into_iter();
    Ok(all.map(|local| Deviate::rounded(weight_shared * shared + weight_local * local)).collect())
}

/// The shared normal number of the random variable `name`, and its local ones without end.
fn draws(seed: u64, name: &str) -> (f64, Normals) {
    let shared = Normals::new(stream(seed, &format!("{name}/shared"))).next().unwrap_or_default();
    (shared, Normals::new(stream(seed, &format!("{name}/local"))))
}

/// The stream of the random variable `name` under `seed`. Two names share nothing, so a variable more or less leaves all
/// others as they were.
#[must_use]
pub fn stream(seed: u64, name: &str) -> ChaCha8Rng {
    let mut digest = Sha256::new();
    digest.update(seed.to_le_bytes());
    digest.update(name.as_bytes());
    ChaCha8Rng::from_seed(digest.finalize().into())
}

/// Independent numbers of the standard normal distribution, without end.
///
/// Source: G. E. P. Box, M. E. Muller, Annals of Mathematical Statistics 29 (1958), 610-611.
pub(super) struct Normals {
    stream: ChaCha8Rng,
    second: Option<f64>,
}

impl Normals {
    pub(super) fn new(stream: ChaCha8Rng) -> Normals {
        Normals { stream, second: None }
    }

    /// Two at once, without keeping any.
    fn pair(&mut self) -> (f64, f64) {
        // 53 bits: above 0 for the logarithm, below 1 for the angle.
        let above_zero = ((self.stream.next_u64() >> 11) + 1) as f64 / TWO_POW_53;
        let below_one = (self.stream.next_u64() >> 11) as f64 / TWO_POW_53;
        let radius = (-2.0 * libm::log(above_zero)).sqrt();
        let (sine, cosine) = libm::sincos(std::f64::consts::TAU * below_one);
        (radius * cosine, radius * sine)
    }
}

const TWO_POW_53: f64 = 9_007_199_254_740_992.0;

impl Iterator for Normals {
    type Item = f64;
    fn next(&mut self) -> Option<f64> {
        if let Some(second) = self.second.take() {
            return Some(second);
        }
        let (first, second) = self.pair();
        self.second = Some(second);
        Some(first)
    }
}
