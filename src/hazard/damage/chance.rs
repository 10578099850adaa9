//! What is drawn: counts, yes or no, spans. Each random variable of each place has a stream of its own, so that a place or a
//! variable more moves no other.

use super::relation::{ALL_MICRO, Span};
use crate::hazard::scatter::{Normals, stream};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng;

/// Above this mean a count is drawn from the normal distribution, below it one by one.
const COUNTED_MAX: f64 = 100.0;

/// How what is not certain is worked out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Draw {
    /// Medians of the shaking and means of what follows, rounded; what happens rather than not, happens.
    Expected,
    /// One sample under this seed.
    Seed(u64),
}

/// One random variable of one place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Variable<'a> {
    pub(super) draw: Draw,
    /// What is drawn: `dead`.
    pub(super) name: &'a str,
    /// Of what: a code, a name.
    pub(super) of: &'a str,
}

impl Variable<'_> {
    fn stream(self, seed: u64) -> ChaCha8Rng {
        stream(seed, &format!("damage/{}/{}", self.name, self.of))
    }

    /// How many of `count`, each of which it hits with a share in millionths.
    ///
    /// # Complexity
    /// O(1) where many are hit, O(hit) where few are.
    pub(super) fn of_count(self, count: u32, share_micro: u32) -> u32 {
        let seed = match self.draw {
            Draw::Expected => return rounded(f64::from(count) * share(share_micro)).min(count),
            Draw::Seed(seed) => seed,
        };
        // The rarer of the two is counted.
        if share_micro > ALL_MICRO / 2 {
            return count - binomial(self.stream(seed), count, share(ALL_MICRO.saturating_sub(share_micro)));
        }
        binomial(self.stream(seed), count, share(share_micro))
    }

    /// How many, where `mean_milli` thousandths are expected: Poisson's distribution.
    pub(super) fn around(self, mean_milli: u64) -> u32 {
        let mean = mean_milli as f64 / 1_000.0;
        match self.draw {
            Draw::Expected => rounded(mean),
            Draw::Seed(seed) if mean > COUNTED_MAX => normal(self.stream(seed), mean, mean),
            Draw::Seed(seed) => {
                let (mut stream, mut passed, mut count) = (self.stream(seed), 0.0, 0);
                loop {
                    passed -= libm::log(above_zero(&mut stream));
                    if passed > mean {
                        return count;
                    }
                    count += 1;
                }
            }
        }
    }

    /// Whether what happens so many times in a million happens.
    pub(super) fn happens(self, share_micro: u32) -> bool {
        match self.draw {
            Draw::Expected => share_micro > ALL_MICRO / 2,
            Draw::Seed(seed) => above_zero(&mut self.stream(seed)) <= share(share_micro),
        }
    }

    /// Evenly from one end to the other; the middle where nothing is drawn.
    pub(super) fn within(self, span: Span) -> u32 {
        let width = u64::from(span.to.saturating_sub(span.from)) + 1;
        match self.draw {
            Draw::Expected => span.from + (span.to.saturating_sub(span.from)) / 2,
            Draw::Seed(seed) => {
                let drawn = u64::from(self.stream(seed).next_u32());
                span.from + ((drawn * width) >> 32) as u32
            }
        }
    }
}

fn share(micro: u32) -> f64 {
    f64::from(micro) / f64::from(ALL_MICRO)
}

fn rounded(value: f64) -> u32 {
    libm::round(value) as u32
}

/// Evenly above 0 and up to 1, 32 bits.
fn above_zero(stream: &mut ChaCha8Rng) -> f64 {
    (f64::from(stream.next_u32()) + 1.0) / 4_294_967_296.0
}

/// How many of `count` at a share of a half at most: by the gaps between them, or by the normal distribution.
///
/// Source of the gaps: L. Devroye, Non-Uniform Random Variate Generation (1986), X.4.3.
fn binomial(mut stream: ChaCha8Rng, count: u32, share: f64) -> u32 {
    let mean = f64::from(count) * share;
    if share <= 0.0 {
        return 0;
    }
    if mean > COUNTED_MAX {
        return normal(stream, mean, mean * (1.0 - share)).min(count);
    }
    let log_missed = libm::log1p(-share);
    let (mut at, mut hit) = (0.0, 0);
    loop {
        at += libm::floor(libm::log(above_zero(&mut stream)) / log_missed) + 1.0;
        if at > f64::from(count) {
            return hit;
        }
        hit += 1;
    }
}

/// Of the normal distribution, rounded, never below 0.
fn normal(stream: ChaCha8Rng, mean: f64, variance: f64) -> u32 {
    let off = Normals::new(stream).next().unwrap_or_default();
    rounded((mean + off * variance.sqrt()).max(0.0))
}
