//! Roads and air: shortest travel times, what is closed, legs for vehicles and aircraft, networks out of maps.
//!
//! Pure: no files (tables and maps come as readers), no clock, no randomness; ties are broken by index, so equal tables
//! give equal answers. Who goes is decided elsewhere.
//!
//! * [`roads`] is any road network, petgraph its public type; [`import`] makes one of a map, [`mod@file`] keeps it,
//!   [`RoadMap::read`](map::RoadMap::read) makes one of three tables.
//! * [`flat`], [`order`] and [`hierarchy`] are the travel-time engine: any graph as flat arrays, an order of its nodes, and
//!   a customizable contraction hierarchy, whose searches give Dijkstra's numbers.
//! * [`map`] is a network ready to be asked: contracted, with names and places. [`overlay`] lays over it what is closed,
//!   slowed or opened now; [`map::Stretch`] says which edges people mean.
//! * [`legs_from`], [`legs_to`] and [`road_route`] answer between places off the network.
//! * [`air`] has the legs between places in the air: wind, areas to fly around, stops for fuel.
//! * [`reach`] tells what the closed roads cut off, and what re-opening restores.

pub mod air;
pub mod file;
pub mod flat;
pub mod hierarchy;
pub mod import;
mod leg;
pub mod map;
pub mod order;
pub mod overlay;
pub mod reach;
pub mod roads;
mod table;

pub use leg::{
    ACCESS_DETOUR_TENTHS, ACCESS_M_MAX, ACCESS_SPEED_KMH, FEET_MAX, FOOT_SLACK_M, Footing, Legs, RoadLeg,
    RoadRoute, legs_from, legs_to, road_route,
};
pub use map::{RoadMap, Structure, UnknownStructure};
pub use table::{Flaw, NetworkFault, RoadTables, Table};

#[cfg(test)]
mod fixture;

/// Spans of travel on the network, milliseconds.
pub type Millis = u32;

/// Milliseconds where no open path exists; half of the range, so that one addition cannot wrap. Journeys of
/// more than these 24 days count as unreachable.
pub const UNREACHABLE_MS: Millis = u32::MAX / 2;

/// Boarding a ferry, added to its sailing time: 45 min.
///
/// Source: notes on the trunk road tables (2026), the planning value with which their reference times were
/// checked; timetables are not modelled, so the wait for the next departure can be longer.
pub const FERRY_BOARDING_MS: Millis = 45 * 60 * 1000;

/// The notable object on a road.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StructureKind {
    /// Over water or a valley.
    Bridge,
    /// Through a mountain or under water.
    Tunnel,
    /// A road over a mountain, closed first by snow and slides.
    Mountain,
}
