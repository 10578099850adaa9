//! A point of a box near a given one that keeps a few inequalities: on the way to the nearest, the first that keeps them.

/// Steps that all rows take at once before the inequalities count as out of reach.
const STEPS: usize = 15;
/// Passes over one row after the other between two of them.
const PASSES: usize = 3;
/// Added to the diagonal of the products of rows, of each row's square: rows may be alike.
const RIDGE: f64 = 1e-12;
/// Halvings of a step.
const HALVINGS: usize = 30;
/// By how much more than the goal a row may be short in the end.
const NEARLY: f64 = 5.0;

/// From `start` towards the nearest point from 0 to `ends` with each of `rows` x point no less than `wanted`; by the dual, a
/// weight of at least 0 for each row, whose value is concave in the weights.
pub(super) struct Nearest<'a> {
    /// Rows x prices, row-major.
    rows: Vec<f64>,
    wanted: Vec<f64>,
    start: &'a [f64],
    ends: &'a [f64],
    /// Weights of the rows.
    pub(super) weights: Vec<f64>,
    squares: Vec<f64>,
    /// Start + weights x rows; then within the box.
    free: Vec<f64>,
    pub(super) found: Vec<f64>,
}

impl<'a> Nearest<'a> {
    pub(super) fn new(rows: Vec<f64>, wanted: Vec<f64>, start: &'a [f64], ends: &'a [f64]) -> Nearest<'a> {
        let weights = vec![0.0; wanted.len()];
        let (free, found) = (start.to_vec(), start.to_vec());
        let mut nearest = Nearest { rows, wanted, start, ends, weights, squares: Vec::new(), free, found };
        let square = |k| f64::max(dot(nearest.row(k), nearest.row(k)), 1.0);
        nearest.squares = (0..nearest.wanted.len()).map(square).collect();
        nearest
    }

    /// Looks until no row is short by more than `missed`; whether it comes near that. The first such point is good enough for
    /// prices, and may lie somewhat farther than the nearest.
    ///
    /// # Complexity
    /// O(steps x rows^2 x prices) time.
    pub(super) fn look(&mut self, missed: f64) -> bool {
        for _ in 0..STEPS {
            (0..PASSES).for_each(|_| self.pass());
            if self.is_kept(missed) {
                return true;
            }
            self.step();
        }
        self.is_kept(NEARLY * missed)
    }

    fn row(&self, k: usize) -> &[f64] {
        &self.rows[k * self.start.len()..][..self.start.len()]
    }

    fn short(&self, k: usize) -> f64 {
        self.wanted[k] - dot(self.row(k), &self.found)
    }

    fn is_kept(&self, missed: f64) -> bool {
        (0..self.wanted.len()).all(|k| self.short(k) <= missed)
    }

    /// Hildreth's: each row to the weight that is best while the others stay.
    fn pass(&mut self) {
        for k in 0..self.wanted.len() {
            let weight = f64::max(self.weights[k] + self.short(k) / self.squares[k], 0.0);
            let change = weight - self.weights[k];
            if change == 0.0 {
                continue;
            }
            self.weights[k] = weight;
            let row = &self.rows[k * self.start.len()..][..self.start.len()];
            for (at, slope) in row.iter().enumerate() {
                self.free[at] += change * slope;
                self.found[at] = self.free[at].clamp(0.0, self.ends[at]);
            }
        }
    }

    /// All weights at once towards the best ones as if the sides of the box that are touched now stayed the same, as far as
    /// that gains.
    fn step(&mut self) {
        let count = self.wanted.len();
        let gram = self.products();
        let right = (0..count).map(|k| self.short(k) + dot(&gram[k * count..][..count], &self.weights));
        let aim = nonnegative(&gram, &right.collect::<Vec<_>>());
        let by: Vec<f64> = aim.iter().zip(&self.weights).map(|(aim, weight)| aim - weight).collect();
        let mut moves = vec![0.0; self.start.len()];
        for (k, by) in by.iter().enumerate().filter(|(_, by)| **by != 0.0) {
            moves.iter_mut().zip(self.row(k)).for_each(|(moves, slope)| *moves += by * slope);
        }
        let length = self.length(dot(&by, &self.wanted), &moves);
        for (weight, by) in self.weights.iter_mut().zip(&by) {
            *weight = f64::max(*weight + length * by, 0.0);
        }
        for (at, moves) in moves.iter().enumerate() {
            self.free[at] += length * moves;
            self.found[at] = self.free[at].clamp(0.0, self.ends[at]);
        }
    }

    /// How much of a step gains: the dual is concave along it, where it stops rising is found by halving.
    fn length(&self, wanted: f64, moves: &[f64]) -> f64 {
        let rises = |length: f64| {
            let each = self.free.iter().zip(moves).zip(self.ends);
            let taken = each.map(|((free, moves), end)| moves * (free + length * moves).clamp(0.0, *end));
            wanted > taken.sum::<f64>()
        };
        if rises(1.0) {
            return 1.0;
        }
        let (mut low, mut high) = (0.0, 1.0);
        for _ in 0..HALVINGS {
            let middle = 0.5 * (low + high);
            if rises(middle) { low = middle } else { high = middle }
        }
        low
    }

    /// Products of all pairs of rows over the prices that touch no side of the box.
    fn products(&self) -> Vec<f64> {
        let count = self.wanted.len();
        let is_inside = |at: &usize| self.free[*at] > 0.0 && self.free[*at] < self.ends[*at];
        let inside: Vec<usize> = (0..self.start.len()).filter(is_inside).collect();
        let of = |k: usize| inside.iter().map(|&at| self.row(k)[at]).collect();
        let rows: Vec<Vec<f64>> = (0..count).map(of).collect();
        let mut products = vec![0.0; count * count];
        for a in 0..count {
            for b in 0..=a {
                let product = dot(&rows[a], &rows[b]);
                (products[a * count + b], products[b * count + a]) = (product, product);
            }
            products[a * count + a] += RIDGE * self.squares[a];
        }
        products
    }
}

/// The weights of at least 0 with the most of `right` x weights - weights x `gram` x weights / 2.
///
/// Source: Lawson, Hanson, "Solving Least Squares Problems" (1974), chapter 23.
fn nonnegative(gram: &[f64], right: &[f64]) -> Vec<f64> {
    let count = right.len();
    let mut weights = vec![0.0; count];
    let mut is_in = vec![false; count];
    for _ in 0..3 * count {
        let slope = |k: usize| right[k] - dot(&gram[k * count..][..count], &weights);
        let out = (0..count).filter(|&k| !is_in[k] && slope(k) > 1e-9 * right[k].abs());
        let Some(next) = out.max_by(|&a, &b| slope(a).total_cmp(&slope(b))) else { break };
        is_in[next] = true;
        if !settle(gram, right, &mut weights, &mut is_in) {
            break;
        }
    }
    weights
}

/// The best weights of the rows that are in; those that would fall below 0 leave. `false` when they cannot be told apart.
fn settle(gram: &[f64], right: &[f64], weights: &mut [f64], is_in: &mut [bool]) -> bool {
    let count = right.len();
    for _ in 0..=count {
        let of: Vec<usize> = (0..count).filter(|&k| is_in[k]).collect();
        let mut matrix: Vec<f64> =
            of.iter().flat_map(|&a| of.iter().map(move |&b| gram[a * count + b])).collect();
        let mut aim: Vec<f64> = of.iter().map(|&k| right[k]).collect();
        if !solve_symmetric(&mut matrix, &mut aim) {
            return false;
        }
        let falling = of.iter().zip(&aim).filter(|(_, aim)| **aim <= 0.0);
        let part = |(&k, aim): (&usize, &f64)| (weights[k] / (weights[k] - aim), k);
        let Some((far, first)) = falling.map(part).min_by(|a, b| a.0.total_cmp(&b.0)) else {
            of.iter().zip(&aim).for_each(|(&k, aim)| weights[k] = *aim);
            return true;
        };
        // A row that came in with nothing and would fall at once divides 0 by 0: it leaves.
        let far = if far.is_finite() { far } else { 0.0 };
        of.iter()
            .zip(&aim)
            .for_each(|(&k, aim)| weights[k] = f64::max(weights[k] + far * (aim - weights[k]), 0.0));
        (weights[first], is_in[first]) = (0.0, false);
    }
    true
}

/// Solves a symmetric positive system in place, by Cholesky's factors; `false` when it is none.
fn solve_symmetric(matrix: &mut [f64], right: &mut [f64]) -> bool {
    let count = right.len();
    for a in 0..count {
        for b in 0..=a {
            let left = matrix[a * count + b] - dot(&matrix[a * count..][..b], &matrix[b * count..][..b]);
            if a != b {
                matrix[a * count + b] = left / matrix[b * count + b];
            } else if left > 0.0 {
                matrix[a * count + a] = libm::sqrt(left);
            } else {
                return false;
            }
        }
        right[a] = (right[a] - dot(&matrix[a * count..][..a], &right[..a])) / matrix[a * count + a];
    }
    for a in (0..count).rev() {
        right[a] /= matrix[a * count + a];
        for b in 0..a {
            right[b] -= matrix[a * count + b] * right[a];
        }
    }
    true
}

/// Sum of the products of two lists.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn of_one_row_the_nearest_point_lies_along_it() {
        let mut nearest = Nearest::new(vec![3.0, 4.0], vec![50.0], &[0.0, 0.0], &[100.0, 100.0]);
        assert!(nearest.look(1e-9));
        assert!((nearest.found[0] - 6.0).abs() < 1e-9 && (nearest.found[1] - 8.0).abs() < 1e-9);
    }

    #[test]
    fn what_no_point_keeps_is_out_of_reach() {
        let mut nearest = Nearest::new(vec![1.0, -1.0], vec![5.0, -3.0], &[0.0], &[100.0]);
        assert!(!nearest.look(1e-3));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

        #[test]
        fn a_point_that_is_found_keeps_the_rows_and_the_box(
            rows in prop::collection::vec(-9.0_f64..9.0, 9),
            inside in prop::collection::vec(0.0_f64..10.0, 3),
            start in prop::collection::vec(0.0_f64..10.0, 3),
        ) {
            // What `inside` keeps with a little to spare can be kept.
            let wanted: Vec<f64> = rows.chunks(3).map(|row| dot(row, &inside) - 0.5).collect();
            let mut nearest = Nearest::new(rows.clone(), wanted.clone(), &start, &[10.0; 3]);
            // It may give up where a corner of the box is all that is left; never is a point told that keeps too little.
            prop_assume!(nearest.look(1e-4));
            for (row, wanted) in rows.chunks(3).zip(&wanted) {
                prop_assert!(dot(row, &nearest.found) >= wanted - NEARLY * 1e-4);
            }
            prop_assert!(nearest.found.iter().all(|price| (0.0..=10.0).contains(price)));
        }
    }
}
