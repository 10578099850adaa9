//! Means with confidence intervals, from numbers of which the order is fixed.
//!
//! The interval is that of Student: mean ± t(1 − α/2, n − 1) · s / √n with s² = Σ (x − mean)² / (n − 1), here with
//! α = 0.05. Source: NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.5.2 "Confidence Limits for the Mean" and
//! 1.3.6.7.2 "Critical Values of the Student's t Distribution".
//!
//! Sums run in the order of the numbers and roots come from `libm`: equal numbers give equal bytes on every machine.
//! Absent on purpose: what the numbers mean.

/// Runs that are too few to say how sure a mean is.
const COUNT_MIN: usize = 2;
/// Halvings of the span in which the quantile lies: more than a double has digits.
const HALVINGS: u32 = 80;

/// A mean and how sure it is, thousandths of the unit, rounded half away from zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// How many numbers it rests on.
    pub count: usize,
    /// Their mean.
    pub mean_e3: i64,
    /// Half the width of the 95 % confidence interval; none of a single number.
    pub half_e3: Option<i64>,
}

impl Estimate {
    /// Of some numbers; none of no number.
    ///
    /// # Complexity
    /// O(n).
    #[must_use]
    pub fn of(numbers: &[f64]) -> Option<Estimate> {
        let count = numbers.len();
        if count == 0 {
            return None;
        }
        let mean = numbers.iter().sum::<f64>() / count as f64;
        let half = (count >= COUNT_MIN).then(|| {
            let squares: f64 = numbers.iter().map(|number| (number - mean) * (number - mean)).sum();
            let deviation = libm::sqrt(squares / (count - 1) as f64);
            t_quantile_975(count - 1) * deviation / libm::sqrt(count as f64)
        });
        Some(Estimate { count, mean_e3: thousandths(mean), half_e3: half.map(thousandths) })
    }

    /// Whether zero lies outside the interval: a difference that chance alone brings about in one of twenty comparisons.
    #[must_use]
    pub fn is_clear(self) -> bool {
        self.half_e3.is_some_and(|half_e3| self.mean_e3.abs() > half_e3)
    }
}

/// The one place where what was measured becomes an integer.
fn thousandths(number: f64) -> i64 {
    libm::round(number * 1_000.0) as i64
}

/// What Student's t with `freedom` degrees of freedom (at least 1) stays below 97.5 times in a hundred.
///
/// Found by halving, on the probability that it stays between -t and t. For whole degrees that is a finite sum of powers of
/// cosines: Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4.
fn t_quantile_975(freedom: usize) -> f64 {
    // Between them 95 in a hundred lie even with one degree of freedom: 12.706.
    let (mut low, mut high) = (0.0, 13.0);
    for _ in 0..HALVINGS {
        let middle = (low + high) / 2.0;
        if within(middle, freedom) < 0.95 {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low + high) / 2.0
}

/// How probably Student's t lies between -t and t.
fn within(t: f64, freedom: usize) -> f64 {
    let freedom_f = freedom as f64;
    let angle = libm::atan(t / libm::sqrt(freedom_f));
    let (sine, cosine) = (libm::sin(angle), libm::cos(angle));
    let squared = cosine * cosine;
    // 1 + 1/2 cos² + (1·3)/(2·4) cos⁴ + …, or for odd degrees cos + 2/3 cos³ + (2·4)/(3·5) cos⁵ + …
    let is_odd = freedom % 2 == 1;
    let (mut term, mut sum) = if is_odd { (cosine, 0.0) } else { (1.0, 0.0) };
    let mut power = if is_odd { 1 } else { 0 };
    while power + 2 <= freedom {
        sum += term;
        let next = f64::from(u32::try_from(power).unwrap_or(u32::MAX));
        term *= squared * (next + 1.0) / (next + 2.0);
        power += 2;
    }
    if is_odd { (angle + sine * sum) * std::f64::consts::FRAC_2_PI } else { sine * sum }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_quantiles_are_those_of_the_published_table() {
        // NIST/SEMATECH e-Handbook, 1.3.6.7.2, column 0.975.
        let table = [
            (1, 12.706),
            (2, 4.303),
            (3, 3.182),
            (4, 2.776),
            (5, 2.571),
            (9, 2.262),
            (10, 2.228),
            (19, 2.093),
            (30, 2.042),
            (60, 2.000),
            (99, 1.984),
            (100, 1.984),
        ];
        for (freedom, expected) in table {
            let found = t_quantile_975(freedom);
            assert!((found - expected).abs() < 0.000_6, "{freedom}: {found}");
        }
        // The normal distribution, at infinity.
        assert!((t_quantile_975(9_999) - 1.960_2).abs() < 0.000_1);
    }

    #[test]
    fn a_mean_and_its_interval_as_worked_by_hand() {
        // Mean 6, squares 16 + 4 + 0 + 4 + 16 = 40, s = √10 = 3.16228, 2.77645 · 3.16228 / √5 = 3.92646.
        let found = Estimate::of(&[2.0, 4.0, 6.0, 8.0, 10.0]).unwrap();
        assert_eq!(found, Estimate { count: 5, mean_e3: 6_000, half_e3: Some(3_926) });
        assert!(found.is_clear());
        // Mean 1, squares 2, s = √2, 12.7062 · √2 / √2.
        let two = Estimate::of(&[0.0, 2.0]).unwrap();
        assert_eq!(two, Estimate { count: 2, mean_e3: 1_000, half_e3: Some(12_706) });
        assert!(!two.is_clear());
    }

    #[test]
    fn one_number_has_no_interval_and_none_no_mean() {
        assert_eq!(Estimate::of(&[]), None);
        let one = Estimate::of(&[-1.5]).unwrap();
        assert_eq!(one, Estimate { count: 1, mean_e3: -1_500, half_e3: None });
        assert!(!one.is_clear());
    }

    #[test]
    fn numbers_that_are_all_alike_are_certain() {
        let found = Estimate::of(&[0.0; 40]).unwrap();
        assert_eq!(found, Estimate { count: 40, mean_e3: 0, half_e3: Some(0) });
        assert!(!found.is_clear());
    }
}
