//! How alike the shaking of neighbouring places is, and the linear algebra that it takes.
//!
//! Sums run in one fixed order, so that every machine finds the same bits. Absent on purpose: randomness.

use crate::units::Metres;
use crate::units::geodesy::{UnitVector, distance_m};

/// Added to the variance of each place, so that two places on one spot do no harm.
const NUGGET: f64 = 1e-9;

/// The correlation of deviations at two places: exp(-3 h / range), h being their distance.
///
/// Source: N. Jayaram, J. W. Baker, Earthquake Engineering and Structural Dynamics 38 (2009), 1687-1708.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Correlation {
    /// Where it has fallen to a twentieth, metres.
    range_m: Metres,
}

/// A range that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a range of {range_m} m cannot be; allowed is {RANGE_M_MIN} to {RANGE_M_MAX} m")]
pub struct RangeAbsurd {
    /// What was stated.
    pub range_m: Metres,
}

/// Shortest range.
pub const RANGE_M_MIN: Metres = 1_000;
/// Longest range.
pub const RANGE_M_MAX: Metres = 1_000_000;

impl Default for Correlation {
    /// 25.7 km, which the source gives for a period of one second with clustered ground and without; peak velocity goes with
    /// that period.
    fn default() -> Correlation {
        Correlation { range_m: 25_700 }
    }
}

impl Correlation {
    /// With another range.
    ///
    /// # Errors
    /// [`RangeAbsurd`].
    pub fn new(range_m: Metres) -> Result<Correlation, RangeAbsurd> {
        if (RANGE_M_MIN..=RANGE_M_MAX).contains(&range_m) {
            Ok(Correlation { range_m })
        } else {
            Err(RangeAbsurd { range_m })
        }
    }

    /// The distance at which it has fallen to 1/e, metres.
    pub(super) fn length_m(self) -> f64 {
        f64::from(self.range_m) / 3.0
    }

    /// At a distance of `metres`.
    pub(super) fn at(self, metres: f64) -> f64 {
        libm::exp(-metres / self.length_m())
    }

    /// Between two places.
    pub(super) fn between(self, one: UnitVector, other: UnitVector) -> f64 {
        self.at(f64::from(distance_m(one, other)))
    }
}

/// The lower triangle L of a covariance C = L Lᵀ.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Triangle {
    /// Row `i` has `i + 1` numbers, one row behind the other.
    lower: Vec<f64>,
    size: usize,
}

impl Triangle {
    /// Of the covariance `of(row, column)`, asked for columns up to the row; a millionth of a thousandth is added to the
    /// diagonal. Rounding that leaves nothing under a root counts as the least that there is.
    ///
    /// # Complexity
    /// O(n³ / 6) multiplications, O(n² / 2) numbers.
    ///
    /// Source: A.-L. Cholesky; row by row, as in G. H. Golub, C. F. Van Loan, Matrix Computations (2013), 4.2.
    pub(super) fn of(size: usize, of: impl Fn(usize, usize) -> f64) -> Triangle {
        let mut lower: Vec<f64> = Vec::with_capacity(size * (size + 1) / 2);
        for row in 0..size {
            let begin = lower.len();
            for column in 0..=row {
                let above = first(column);
                let known: f64 =
                    lower[above..above + column].iter().zip(&lower[begin..]).map(|(a, b)| a * b).sum();
                let left = of(row, column) - known;
                let entry = if row == column {
                    (left + NUGGET).max(NUGGET).sqrt()
                } else {
                    left / lower[above + column]
                };
                lower.push(entry);
            }
        }
        Triangle { lower, size }
    }

    /// L z: numbers with this covariance out of independent ones.
    pub(super) fn times(&self, independent: &[f64]) -> Vec<f64> {
        let rows = (0..self.size).map(|row| self.row(row));
        rows.map(|row| row.iter().zip(independent).map(|(a, b)| a * b).sum()).collect()
    }

    /// x of L x = b.
    pub(super) fn forward(&self, right: &[f64]) -> Vec<f64> {
        let mut found: Vec<f64> = Vec::with_capacity(self.size);
        for (row, right) in (0..self.size).map(|row| self.row(row)).zip(right) {
            let known: f64 = row.iter().zip(&found).map(|(a, b)| a * b).sum();
            found.push((right - known) / row[row.len() - 1]);
        }
        found
    }

    /// x of C x = b.
    pub(super) fn solve(&self, right: &[f64]) -> Vec<f64> {
        let mut found = self.forward(right);
        for column in (0..self.size).rev() {
            let row = self.row(column);
            found[column] /= row[column];
            let value = found[column];
            for (above, entry) in found[..column].iter_mut().zip(row) {
                *above -= entry * value;
            }
        }
        found
    }

    fn row(&self, row: usize) -> &[f64] {
        &self.lower[first(row)..first(row + 1)]
    }
}

/// Where a row begins.
fn first(row: usize) -> usize {
    row * (row + 1) / 2
}
