//! The width of the numbers that a solve counts with.
//!
//! Half the width is twice as many numbers in a vector, and half as much memory to read, so a solve begins narrow. A
//! price that leaves the narrow width's room is noticed when it is written, and the solve begins again in the wide one.

use std::ops::{Add, AddAssign, Mul, Sub};

/// Signed integers of one width.
pub(super) trait Lane:
    Copy
    + Ord
    + Default
    + std::fmt::Debug
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + AddAssign
{
    /// Greater than every cost with every price.
    const MAX: Self;
    /// Greatest magnitude of a cost.
    const COST_MAX: i64;
    /// Greatest price. The length of a path is at most three times a cost with a price more than the least one, so
    /// that no sum wraps below these limits.
    const PRICE_MAX: Self;

    /// `value`, which lies within the width.
    fn of(value: i64) -> Self;

    /// The same number, wide.
    fn wide(self) -> i64;
}

impl Lane for i32 {
    const MAX: i32 = i32::MAX;
    const COST_MAX: i64 = 1 << 27;
    const PRICE_MAX: i32 = 1 << 28;

    #[inline(always)]
    fn of(value: i64) -> i32 {
        value as i32
    }

    #[inline(always)]
    fn wide(self) -> i64 {
        i64::from(self)
    }
}

impl Lane for i64 {
    const MAX: i64 = i64::MAX;
    const COST_MAX: i64 = 1 << 58;
    const PRICE_MAX: i64 = 1 << 59;

    #[inline(always)]
    fn of(value: i64) -> i64 {
        value
    }

    #[inline(always)]
    fn wide(self) -> i64 {
        self
    }
}

const _: () = assert!(3 * 2 * (<i32 as Lane>::COST_MAX + (1 << 28)) < 1 << 32);
