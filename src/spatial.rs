//! Where things are: an index over points that answers *nearest* and *within*, and where what moves was last seen.
//!
//! Absent on purpose: the truth (the index is fed by the view and rebuilt at will), events, files, clocks.
//! Entry points: [`PointIndex`] for what stays, [`Positions`] for what moves, [`Area`] for what is searched.

mod area;
mod fix;
#[cfg(test)]
mod fixture;
mod index;
mod positions;

pub use area::{Area, Bounds, BoxFault, GeoBox};
pub use fix::{
    AHEAD_S_MAX, ALTITUDE_M_MAX, ALTITUDE_M_MIN, BEHIND_S_MAX, COURSE_DEG_MAX, Fix, FixFault, FixSource,
    SPEED_KMH_MAX, STALE_AFTER_S,
};
pub use index::{Neighbour, PointIndex};
pub use positions::{Positions, Reported, Seen};
