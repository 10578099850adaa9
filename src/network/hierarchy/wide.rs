//! The widest instructions of the machine, for sweeps over arrays of integers.
//!
//! The plain build knows four lanes and no instruction for the lesser of two unsigned numbers. What is run through here
//! is compiled a second time for eight lanes with one, and the machine is asked which it can run. Integers: the answers
//! are the same, bit for bit. The sweeps of 300 x 5,000 times take 0.61, 0.50 and 0.43 of the time on 100,000, 300,000 and
//! 1,000,000 nodes; a customisation, which waits for memory, takes as long as before (2026-11-22).

#[cfg(target_arch = "x86_64")]
use fearless_simd::{Level, Simd};

/// Runs `work`. What it calls must be inlined to gain anything, however the crate is split into units of code and without a
/// pass over all of them. So what a sweep calls for each arc is marked `#[inline]`, and walks two arrays by number:
/// [`Iterator::zip`] is put together by a function of the standard library without that mark, which stands in some unit
/// once. With it there the sweeps of 300 x 5,000 times took five times as long on 100,000 nodes where each unit is
/// optimised for itself (2026-11-23).
#[inline]
pub(super) fn widest<R>(work: impl FnOnce() -> R) -> R {
    #[cfg(target_arch = "x86_64")]
    if let Some(avx2) = Level::new().as_avx2() {
        return avx2.vectorize(work);
    }
    work()
}
