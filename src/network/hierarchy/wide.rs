//! The widest instructions of the machine, for sweeps over arrays of integers.
//!
//! The plain build knows four lanes and no instruction for the lesser of two unsigned numbers. What is run through here
//! is compiled a second time for eight lanes with one, and the machine is asked which it can run. Integers: the answers
//! are the same, bit for bit. Sweeps of a matrix take 0.4 to 0.45 of the time (`benches/roads.rs`, 2026-11-22).

#[cfg(target_arch = "x86_64")]
use fearless_simd::{Level, Simd};

/// Runs `work`. What it calls must be inlined to gain anything.
#[inline]
pub(super) fn widest<R>(work: impl FnOnce() -> R) -> R {
    #[cfg(target_arch = "x86_64")]
    if let Some(avx2) = Level::new().as_avx2() {
        return avx2.vectorize(work);
    }
    work()
}
