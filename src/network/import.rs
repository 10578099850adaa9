//! Networks out of other people's files. Every reader takes `impl Read`; nobody here opens a file.
//!
//! * [`pbf`]: OpenStreetMap extracts.
//! * [`dimacs`]: graphs of the ninth DIMACS challenge, with or without coordinates.
//! * [`emergency_roads`]: the ministry's emergency transport roads, laid over a network that stands already.
//!
//! Whatever a file holds, the answer is a network, or a typed fault that says where; memory is bounded by limits that
//! stand beside each reader. What was left out is counted in an [`ImportReport`].

mod assemble;
mod component;
pub mod dimacs;
pub mod emergency_roads;
pub mod pbf;
mod tags;

pub use component::LeftOut;

use super::roads::RoadNetwork;
use std::collections::BTreeMap;

/// A network and how it came about.
#[derive(Debug)]
pub struct Imported {
    /// The largest part in which every junction reaches every other.
    pub network: RoadNetwork,
    /// What was read and what was left out.
    pub report: ImportReport,
}

/// What an import read, and what it left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Nodes in the file.
    pub nodes_read: u64,
    /// Ways in the file.
    pub ways_read: u64,
    /// Relations in the file; none of them is understood, turn restrictions included.
    pub relations_read: u64,
    /// Ways of a drivable class, before anything was left out.
    pub road_ways: u64,
    /// Lines from node to node of these.
    pub road_segments: u64,
    /// How many of these state a speed limit.
    pub road_ways_with_maxspeed: u64,
    /// What was left out or mended, with how often.
    pub findings: BTreeMap<Finding, u64>,
    /// Parts of the network from which one cannot reach the rest and return.
    pub left_out: LeftOut,
}

impl ImportReport {
    fn count(&mut self, finding: Finding) {
        *self.findings.entry(finding).or_default() += 1;
    }
}

/// Why something was left out or mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Finding {
    /// A way for walkers, cyclists, or not built yet.
    NotDrivable,
    /// A square, not a road.
    Area,
    /// Closed to motor vehicles.
    NoAccess,
    /// Its direction changes with the hour, which the map does not tell.
    Reversible,
    /// A ferry, when they were not asked for.
    FerryNotAskedFor,
    /// A ferry that is not said to carry vehicles.
    FerryWithoutVehicles,
    /// A way told twice: the first stays.
    RepeatedWay,
    /// A node told twice: the first stays.
    RepeatedNode,
    /// A way with fewer than two nodes that are known.
    TooShort,
    /// A node of a road that is not in the file: the road is cut there.
    MissingNode,
    /// A node whose coordinates are not on the Earth; treated as missing.
    NodeOffTheEarth,
    /// The same node twice in a row.
    RepeatedPlace,
    /// A bollard or the like across a road: the road is cut there.
    Barrier,
    /// A direction rule that nobody understands: open both ways.
    OnewayNotUnderstood,
    /// A speed limit nobody believes: the default of the class stands.
    SpeedAbsurd,
    /// A speed limit that is no number: the default of the class stands.
    SpeedNotUnderstood,
    /// A width that is no believable number of metres: unknown.
    WidthNotUnderstood,
    /// A mass limit that is no believable number of tonnes: unknown.
    MassNotUnderstood,
    /// A number of lanes that is none: unknown.
    LanesNotUnderstood,
    /// A sailing time that is none: a planning speed stands.
    DurationNotUnderstood,
}

impl Finding {
    /// Every value, in this order.
    pub const ALL: [Finding; 20] = [
        Finding::NotDrivable,
        Finding::Area,
        Finding::NoAccess,
        Finding::Reversible,
        Finding::FerryNotAskedFor,
        Finding::FerryWithoutVehicles,
        Finding::RepeatedWay,
        Finding::RepeatedNode,
        Finding::TooShort,
        Finding::MissingNode,
        Finding::NodeOffTheEarth,
        Finding::RepeatedPlace,
        Finding::Barrier,
        Finding::OnewayNotUnderstood,
        Finding::SpeedAbsurd,
        Finding::SpeedNotUnderstood,
        Finding::WidthNotUnderstood,
        Finding::MassNotUnderstood,
        Finding::LanesNotUnderstood,
        Finding::DurationNotUnderstood,
    ];
}
