//! Roads: shortest travel times, closures of named structures, ambulance legs, networks out of maps.
//!
//! Pure: no files (tables come as readers), no clock, no randomness; ties are broken by index, so equal tables
//! give equal answers. Who goes is decided elsewhere.
//!
//! * [`RoadGraph::read`] builds the network from three tables; petgraph is its public type.
//! * [`Closures`] is a value laid over it: the network itself never changes.
//! * [`RoadGraph::travel_times`] is the search; petgraph's own Dijkstra is its oracle in the tests.
//! * [`flat`], [`order`] and [`hierarchy`] are the travel-time engine: any graph as flat arrays, an order of its nodes, and
//!   a customizable contraction hierarchy, whose searches give Dijkstra's numbers.
//! * [`roads`] is any road network, [`import`] makes one of a map, [`mod@file`] keeps it.
//! * [`road_leg`], [`road_legs`], [`road_legs_to`] and [`road_route`] answer between places off the network;
//!   [`legs_from`] and [`legs_to`] do so faster for places whose [`Footing`] is known.
//! * [`air`] has the legs between places in the air: wind, areas to fly around, stops for fuel.
//! * [`reach`] tells what the closed roads cut off, and what re-opening restores.

pub mod air;
mod closures;
pub mod file;
pub mod flat;
mod graph;
pub mod hierarchy;
pub mod import;
mod leg;
pub mod order;
pub mod reach;
pub mod roads;
mod search;
mod table;

pub use closures::{Closures, UnknownStructure};
pub use graph::{
    FERRY_BOARDING_MS, LinkClass, LinkId, Millis, RoadGraph, RoadLink, RoadNode, Structure, StructureKind,
    UNREACHABLE_MS,
};
pub use leg::{
    ACCESS_DETOUR_TENTHS, ACCESS_M_MAX, ACCESS_SPEED_KMH, FEET_MAX, FOOT_SLACK_M, Footing, RoadLeg,
    RoadRoute, legs_from, legs_to, road_leg, road_legs, road_legs_to, road_route,
};
pub use search::{Source, TravelTimes};
pub use table::{Flaw, NetworkFault, RoadTables, Table};

#[cfg(test)]
mod fixture;
