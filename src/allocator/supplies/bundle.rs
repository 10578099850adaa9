//! What all looks so far say together, and the nearest prices at which they allow a bound to be reached.
//!
//! The bound is a concave function of the prices, so each look gives a plane that nowhere lies below it: the bound found
//! there, and what is wanted too much as its slope. A single slope is a poor guide where several ways cost nearly the same:
//! raising one price moves everything to the next way. The planes together say which prices must rise at once.
//!
//! Source: Lemaréchal, Nemirovskii, Nesterov, "New variants of bundle methods", Mathematical Programming 69 (1995), the
//! level method; the projection by Hildreth's rows, one plane after the other.

use super::nearest::{Nearest, dot};

/// How many planes are kept.
const PLANES_MAX: usize = 40;
/// Which part of the way to the level may be missing at the prices found.
const MISSED: f64 = 0.1;

/// A look: nowhere is the bound above `offset` + `slope` x prices.
struct Plane {
    slope: Vec<f64>,
    offset: f64,
    /// How much it decided at the last projection.
    weight: f64,
}

/// The newest looks.
#[derive(Default)]
pub(super) struct Bundle {
    planes: Vec<Plane>,
}

impl Bundle {
    /// Adds a look at `prices` that found `bound`.
    pub(super) fn push(&mut self, prices: &[f64], bound: f64, slope: Vec<f64>) {
        if self.planes.len() == PLANES_MAX {
            // The one that says least, the oldest of several.
            let least =
                (0..PLANES_MAX).min_by(|a, b| self.planes[*a].weight.total_cmp(&self.planes[*b].weight));
            self.planes.remove(least.unwrap_or(0));
        }
        let offset = bound - dot(&slope, prices);
        self.planes.push(Plane { slope, offset, weight: f64::INFINITY });
    }

    /// The prices nearest to `center` at which no plane lies below `level`; `None` when there seem to be none.
    ///
    /// `group` names for each price the first of those that move together.
    ///
    /// # Complexity
    /// O(passes x planes x prices that matter) time.
    pub(super) fn project(
        &mut self,
        center: &[f64],
        most: &[f64],
        group: &[usize],
        (bound, level): (f64, f64),
    ) -> Option<Vec<f64>> {
        let mut place_of = vec![usize::MAX; center.len()];
        let mut active: Vec<usize> = Vec::new();
        for (place, &first) in group.iter().enumerate() {
            let is_active = center[place] > 0.0 || self.planes.iter().any(|plane| plane.slope[place] > 0.0);
            if is_active && place_of[first] == usize::MAX {
                place_of[first] = active.len();
                active.push(first);
            }
        }
        let count = active.len();
        let mut rows = vec![0.0; count * self.planes.len()];
        let mut wanted = Vec::with_capacity(self.planes.len());
        for (index, plane) in self.planes.iter().enumerate() {
            let row = &mut rows[index * count..][..count];
            for (place, slope) in plane.slope.iter().enumerate() {
                let at = place_of[group[place]];
                if at != usize::MAX {
                    row[at] += slope;
                }
            }
            // Prices of one group may differ from those of its first: what they add stays.
            let there = plane.offset + dot(&plane.slope, center);
            let here: f64 = active.iter().zip(&*row).map(|(place, slope)| center[*place] * slope).sum();
            wanted.push(level - there + here);
        }
        let start: Vec<f64> = active.iter().map(|place| center[*place]).collect();
        let ends: Vec<f64> = active.iter().map(|place| most[*place]).collect();
        let mut nearest = Nearest::new(rows, wanted, &start, &ends);
        if !nearest.look(MISSED * (level - bound)) {
            return None;
        }
        let (found, weights) = (nearest.found, nearest.weights);
        let mut prices = center.to_vec();
        for (place, first) in group.iter().enumerate() {
            let at = place_of[*first];
            if at != usize::MAX {
                prices[place] = (center[place] + found[at] - start[at]).clamp(0.0, most[place]);
            }
        }
        self.planes.iter_mut().zip(weights).for_each(|(plane, weight)| plane.weight = weight);
        Some(prices)
    }
}
