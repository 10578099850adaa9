//! yui, the dispatcher of a union of local governments.
//!
//! Arrows of dependency point one way, down this list; `ARCHITECTURE.md` is the map.
//!
//! | module | what it is |
//! |---|---|
//! | [`units`], [`id`] | seconds, metres, positions, identifiers |

pub mod api;
pub mod authority;
pub mod clock;
pub mod decision;
pub mod id;
pub mod units;
