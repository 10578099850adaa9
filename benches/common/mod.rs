//! Factories of seeded problems for benches.

pub(crate) mod ranking;
