//! Scatter over an area as a field on a grid: drawn at once, read at any number of places.
//!
//! Numbers on a torus whose covariance is periodic are exact in the sense that any two grid points have the correlation they
//! should have: the covariance is diagonal in the Fourier transform, so independent numbers are weighted there and
//! transformed back. The torus is eight correlation lengths longer than the area, so that opposite edges are 0.0004 alike.
//!
//! Between grid points four neighbours are interpolated bilinearly and the result is stretched to the variance it should
//! have. What is left is that two places inside one cell are a little too much alike: at an eighth of a correlation length,
//! the coarsest grid, by at most 0.08 (see the test with that name). East and west count on the middle parallel of the area.
//!
//! Source: C. R. Dietrich, G. N. Newsam, SIAM Journal on Scientific Computing 18 (1997), 1088-1107.

use super::fourier::{Complex, transform};
use super::{DEVIATE_MAX, ScatterModel, ScatterProblem, draws};
use crate::units::Position;

/// Metres of a degree of latitude (mean radius 6,371,008.8 m).
const DEGREE_M: f64 = 111_195.08;
/// Correlation lengths between the end of the area and the torus closing.
const LENGTHS_APART: f64 = 8.0;
/// Grid points in a correlation length, at least.
const POINTS_PER_LENGTH: f64 = 8.0;
/// Grid points along a side: from a size where nothing is gained, to 4 million numbers.
const SIDE_MIN: usize = 64;
const SIDE_MAX: usize = 2_048;

/// An area made ready for any number of draws.
#[derive(Clone, Debug, PartialEq)]
pub struct FieldPlan {
    model: ScatterModel,
    grid: Grid,
    /// Weights of independent numbers in the transform.
    roots: Vec<f64>,
}

/// One draw.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    grid: Grid,
    /// Deviates on the grid, rows from south to north, the shared part left out.
    local: Vec<f64>,
    shared: f64,
    weight_local: f64,
}

/// Where the grid points lie, and how alike neighbours are.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Grid {
    side: usize,
    south_e7: i32,
    west_e7: i32,
    /// Grid steps in a unit of 1e-7 degree.
    steps_per_lat: f64,
    steps_per_lon: f64,
    /// Correlation of neighbours along a side and across.
    alike_side: f64,
    alike_across: f64,
}

impl FieldPlan {
    /// Makes the area that holds all `places` ready. Places beyond it read the field of the opposite edge.
    ///
    /// # Errors
    /// [`ScatterProblem::TooWide`].
    ///
    /// # Complexity
    /// O(n² log n) for a grid of n x n points, n at most 2,048.
    pub fn over(model: ScatterModel, places: &[Position]) -> Result<FieldPlan, ScatterProblem> {
        let latitudes = || places.iter().map(|place| place.lat_e7());
        let longitudes = || places.iter().map(|place| place.lon_e7());
        let (south, north) = (latitudes().min().unwrap_or(0), latitudes().max().unwrap_or(0));
        let (west, east) = (longitudes().min().unwrap_or(0), longitudes().max().unwrap_or(0));
        let lat_m = DEGREE_M / 1e7;
        let middle = (f64::from(south) + f64::from(north)) / 2.0 / 1e7;
        let lon_m = lat_m * libm::cos(middle.to_radians()).max(1e-3);
        let high_m = (f64::from(north) - f64::from(south)) * lat_m;
        let wide_m = (f64::from(east) - f64::from(west)) * lon_m;
        let length_m = model.correlation.length_m();
        let period_m = high_m.max(wide_m) + LENGTHS_APART * length_m;
        let side = (libm::ceil(period_m / length_m * POINTS_PER_LENGTH) as usize).max(SIDE_MIN);
        let side = side.next_power_of_two();
        if side > SIDE_MAX {
            let period_max_m = SIDE_MAX as f64 / POINTS_PER_LENGTH * length_m;
            return Err(ScatterProblem::TooWide {
                side_km: libm::ceil(high_m.max(wide_m) / 1_000.0) as u32,
                side_km_max: libm::floor((period_max_m - LENGTHS_APART * length_m) / 1_000.0) as u32,
            });
        }
        let step_m = period_m / side as f64;
        let grid = Grid {
            side,
            south_e7: south,
            west_e7: west,
            steps_per_lat: lat_m / step_m,
            steps_per_lon: lon_m / step_m,
            alike_side: model.correlation.at(step_m),
            alike_across: model.correlation.at(step_m * std::f64::consts::SQRT_2),
        };
        Ok(FieldPlan { model, grid, roots: roots(model, side, step_m) })
    }

    /// Draws the random variable `name` under `seed`.
    ///
    /// # Complexity
    /// O(n² log n) for a grid of n x n points.
    #[must_use]
    pub fn draw(&self, seed: u64, name: &str) -> Field {
        let (shared, mut normals) = draws(seed, name);
        let weighted = self.roots.iter().map(|root| {
            let (re, im) = normals.pair();
            Complex { re: root * re, im: root * im }
        });
        let mut square: Vec<Complex> = weighted.collect();
        transform(&mut square, self.grid.side);
        let (weight_shared, weight_local) = self.model.weights();
        Field {
            grid: self.grid,
            // The imaginary parts are a second draw, which nobody asks for.
            local: square.into_iter().map(|number| number.re).collect(),
            shared: weight_shared * shared,
            weight_local,
        }
    }
}

/// Roots of the eigenvalues of the periodic covariance over the number of points; what rounding makes negative counts as 0.
fn roots(model: ScatterModel, side: usize, step_m: f64) -> Vec<f64> {
    let back = |index: usize| index.min(side - index) as f64 * step_m;
    let covariance = (0..side * side).map(|index| {
        let (row, column) = (back(index / side), back(index % side));
        let re = model.correlation.at((row * row + column * column).sqrt());
        Complex { re, im: 0.0 }
    });
    let mut square: Vec<Complex> = covariance.collect();
    transform(&mut square, side);
    let points = (side * side) as f64;
    square.into_iter().map(|eigenvalue| (eigenvalue.re.max(0.0) / points).sqrt()).collect()
}

impl Field {
    /// Standard deviations off the median at `place`.
    ///
    /// # Complexity
    /// Constant; one square root.
    pub(super) fn at(&self, place: Position) -> f64 {
        let grid = &self.grid;
        let north = (f64::from(place.lat_e7()) - f64::from(grid.south_e7)) * grid.steps_per_lat;
        let east = (f64::from(place.lon_e7()) - f64::from(grid.west_e7)) * grid.steps_per_lon;
        let (row, north) = whole_and_rest(north);
        let (column, east) = whole_and_rest(east);
        let mask = grid.side - 1;
        let (low, high) = ((row & mask) * grid.side, (row.wrapping_add(1) & mask) * grid.side);
        let (left, right) = (column & mask, column.wrapping_add(1) & mask);
        let (south, west) = (1.0 - north, 1.0 - east);
        let value = south * (west * self.local[low + left] + east * self.local[low + right])
            + north * (west * self.local[high + left] + east * self.local[high + right]);
        // The variance of that sum of four numbers.
        let (same_row, other_row) = (south * south + north * north, 2.0 * south * north);
        let (same_column, other_column) = (west * west + east * east, 2.0 * west * east);
        let variance = same_row * same_column
            + grid.alike_side * (same_row * other_column + other_row * same_column)
            + grid.alike_across * (other_row * other_column);
        (self.shared + self.weight_local * value / variance.sqrt()).clamp(-DEVIATE_MAX, DEVIATE_MAX)
    }
}

/// The grid line below and the part of a step above it; lines below zero count on from the other end of the torus.
fn whole_and_rest(steps: f64) -> (usize, f64) {
    // A cast cuts towards zero; below zero the line is one lower.
    let cut = steps as i64;
    let line = if cut as f64 > steps { cut - 1 } else { cut };
    (line as usize, steps - line as f64)
}
