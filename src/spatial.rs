//! Where things are: an index over points that answers *nearest* and *within*.
//!
//! Absent on purpose: the truth (the index is fed by the view and rebuilt at will), events, files, clocks.
//! Entry point: [`PointIndex`].

mod index;

pub use index::{Neighbour, PointIndex};
