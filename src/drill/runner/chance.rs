//! Chance, by name: each random variable has a stream of its own, so that drawing one more of one moves no other.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use sha2::{Digest, Sha256};

/// The stream of one random variable.
#[derive(Clone, Debug)]
pub(super) struct Stream(ChaCha8Rng);

impl Stream {
    /// The stream that `variable` has under `seed`.
    pub(super) fn new(seed: u64, variable: &str) -> Stream {
        let digest = Sha256::new().chain_update(seed.to_be_bytes()).chain_update(variable.as_bytes());
        Stream(ChaCha8Rng::from_seed(digest.finalize().into()))
    }

    /// Evenly from 0 up to below 2^32.
    fn draw(&mut self) -> u32 {
        self.0.next_u32()
    }

    /// Evenly from `from` to `to`, both in it.
    pub(super) fn between(&mut self, from: u32, to: u32) -> u32 {
        let width = u64::from(to.saturating_sub(from)) + 1;
        from + ((u64::from(self.draw()) * width) >> 32) as u32
    }

    /// True so many times in a thousand.
    pub(super) fn permille(&mut self, permille: u32) -> bool {
        self.between(0, 999) < permille
    }

    /// Exponential with mean 1, millionths.
    pub(super) fn exponential_e6(&mut self) -> u64 {
        // Never 0, so that the logarithm is finite.
        let evenly = (f64::from(self.draw()) + 1.0) / 4_294_967_296.0;
        libm::round(-libm::log(evenly) * 1e6) as u64
    }

    /// Fills bytes, for keys of ledgers that nobody keeps.
    pub(super) fn fill(&mut self, bytes: &mut [u8]) {
        self.0.fill_bytes(bytes);
    }
}
