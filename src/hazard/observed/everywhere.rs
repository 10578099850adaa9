//! The blend at many places: all municipalities with what each rests on, and road edges by the million.

use super::{Blend, Compared, Shaken, TooManyObservations, Value, covariance};
use crate::hazard::scatter::ScatterModel;
use crate::hazard::shaking::intensity::Intensity;
use crate::hazard::telegram::Reading;
use crate::units::Position;
use crate::units::geodesy::UnitVector;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;

/// Grid points in a correlation length.
const POINTS_PER_LENGTH: f64 = 4.0;
/// Grid points along a side at most; over a wider area they stand farther apart.
const SIDE_MAX: f64 = 400.0;
/// Metres of a degree of latitude (mean radius 6,371,008.8 m).
const DEGREE_M: f64 = 111_195.08;

/// Every municipality of `predicted`, by code, with what `readings` tell of it: observed where they do, else blended.
/// Readings of municipalities that nobody predicted are left out.
///
/// # Errors
/// [`TooManyObservations`].
///
/// # Complexity
/// O(readings³ / 6 + municipalities x readings²).
pub fn municipalities(
    model: ScatterModel,
    predicted: &BTreeMap<u32, (Position, Intensity)>,
    readings: &BTreeMap<u32, Reading>,
) -> Result<BTreeMap<u32, Shaken>, TooManyObservations> {
    let value = |code: &u32| readings.get(code).map(|reading| Value::from(*reading));
    let compared = predicted.iter().filter_map(|(code, &(place, predicted))| {
        value(code).map(|value| Compared { place, predicted, value })
    });
    let blend = Blend::new(model, &compared.collect::<Vec<_>>())?;
    let all = predicted.iter();
    Ok(all.map(|(code, &(place, predicted))| (*code, blend.at(place, predicted, value(code)))).collect())
}

impl Blend {
    /// The intensity at `place` by what was observed elsewhere: that of [`Blend::at`] without an observation of its own, and
    /// without what it rests on.
    ///
    /// # Complexity
    /// O(observations).
    #[must_use]
    pub fn intensity_at(&self, place: Position, predicted: Intensity) -> Intensity {
        Intensity::rounded((f64::from(predicted.centi()) + self.moved_at(place.into())) / 100.0)
    }

    /// The intensity at each of `places` by what was observed elsewhere, as [`Blend::at`] has it without an observation of
    /// its own; for very many places, by a grid between whose points is interpolated bilinearly. Beside a station that lies
    /// off its surroundings this differs from [`Blend::at`] by up to a seventh of the difference observed.
    ///
    /// Grid points are worked out each by itself, so the answer is the same for any number of threads.
    ///
    /// # Panics
    /// When there is not one prediction for each place.
    ///
    /// # Complexity
    /// O(grid points x observations + places); four grid points in a correlation length.
    #[must_use]
    pub fn intensities(
        &self,
        places: &[Position],
        predicted: &[Intensity],
        threads: NonZeroUsize,
    ) -> Vec<Intensity> {
        assert_eq!(places.len(), predicted.len(), "one prediction for each place");
        if self.places.is_empty() || places.is_empty() {
            return predicted.to_vec();
        }
        let grid = Grid::over(places, self.model.correlation().length_m());
        let moved = self.moved(&grid, threads);
        let each = places.iter().zip(predicted);
        each.map(|(place, predicted)| {
            let moved = grid.read(&moved, *place);
            Intensity::rounded((f64::from(predicted.centi()) + moved) / 100.0)
        })
        .collect()
    }

    /// By how much each grid point moves, hundredths.
    fn moved(&self, grid: &Grid, threads: NonZeroUsize) -> Vec<f64> {
        let mut moved = vec![0.0; grid.rows * grid.columns];
        let chunk = moved.len().div_ceil(threads.get());
        std::thread::scope(|scope| {
            for (part, out) in moved.chunks_mut(chunk).enumerate() {
                scope.spawn(move || {
                    for (offset, out) in out.iter_mut().enumerate() {
                        *out = self.moved_at(grid.point(part * chunk + offset));
                    }
                });
            }
        });
        moved
    }

    /// By how much a place moves, hundredths.
    pub(super) fn moved_at(&self, here: UnitVector) -> f64 {
        let all = self.places.iter().zip(&self.weights);
        all.map(|(there, weight)| covariance(self.model, here, *there) * weight).sum()
    }
}

/// A grid in degrees that holds all places.
struct Grid {
    rows: usize,
    columns: usize,
    south_e7: f64,
    west_e7: f64,
    lat_step_e7: f64,
    lon_step_e7: f64,
}

impl Grid {
    fn over(places: &[Position], length_m: f64) -> Grid {
        let ends = |of: fn(Position) -> i32| {
            let all = places.iter().map(|place| of(*place));
            (f64::from(all.clone().min().unwrap_or(0)), f64::from(all.max().unwrap_or(0)))
        };
        let ((south, north), (west, east)) = (ends(Position::lat_e7), ends(Position::lon_e7));
        let step_m = length_m / POINTS_PER_LENGTH;
        let lat_step = step_m / DEGREE_M * 1e7;
        let middle = ((south + north) / 2e7).to_radians();
        let lon_step = lat_step / libm::cos(middle).max(1e-3);
        let lat_step_e7 = lat_step.max((north - south) / SIDE_MAX);
        let lon_step_e7 = lon_step.max((east - west) / SIDE_MAX);
        // One line beyond the last place, so that every place has four corners.
        let lines = |from: f64, to: f64, step: f64| libm::floor((to - from) / step) as usize + 2;
        Grid {
            rows: lines(south, north, lat_step_e7),
            columns: lines(west, east, lon_step_e7),
            south_e7: south,
            west_e7: west,
            lat_step_e7,
            lon_step_e7,
        }
    }

    fn point(&self, index: usize) -> UnitVector {
        let (row, column) = (index / self.columns, index % self.columns);
        let lat = (self.south_e7 + row as f64 * self.lat_step_e7) / 1e7;
        let lon = (self.west_e7 + column as f64 * self.lon_step_e7) / 1e7;
        // The line beyond the last place may lie beyond the pole or the end of the map.
        let place = Position::from_degrees(lat.min(90.0), lon.min(180.0));
        place.map(UnitVector::from).unwrap_or(UnitVector { x: 0, y: 0, z: 0 })
    }

    fn read(&self, values: &[f64], place: Position) -> f64 {
        let north = (f64::from(place.lat_e7()) - self.south_e7) / self.lat_step_e7;
        let east = (f64::from(place.lon_e7()) - self.west_e7) / self.lon_step_e7;
        let (row, column) = (libm::floor(north), libm::floor(east));
        let (north, east) = (north - row, east - column);
        let low = (row as usize) * self.columns + column as usize;
        let high = low + self.columns;
        (1.0 - north) * ((1.0 - east) * values[low] + east * values[low + 1])
            + north * ((1.0 - east) * values[high] + east * values[high + 1])
    }
}
