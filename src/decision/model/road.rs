//! What stands on the roads, as reported.

use crate::id::{RestrictionId, StructureId};
use crate::network::overlay::Effect;
use crate::network::roads::{EmergencyOrder, RoadClass};
use crate::units::{Metres, Position, Timestamp};

/// A closure, a slow-down, a limit or an opened link, as a member reported it. It stands until that member lifts it: an expected
/// end that has passed opens nothing, somebody has to look.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Restriction {
    /// Its name.
    pub id: RestrictionId,
    /// Which roads.
    pub stretch: RoadStretch,
    /// What happens on them.
    pub effect: Effect,
    /// Why.
    pub reason: RoadReason,
    /// Who saw it, as a kind of body.
    pub source: ReportSource,
    /// Who reports it, by name.
    pub reporter: String,
    /// Anything to add.
    pub note: String,
    /// When it was seen.
    pub observed_at: Timestamp,
    /// When it is expected to end.
    pub expected_end: Option<Timestamp>,
}

/// A restriction and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RestrictionUse {
    /// As reported.
    pub restriction: Restriction,
    /// When the ledger heard of it.
    pub said_at: Timestamp,
    /// When it was lifted, and what was added; none while it stands.
    pub lifted: Option<(Timestamp, String)>,
}

/// Which roads are meant; [`Stretch`](crate::network::map::Stretch) finds their edges on a network.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RoadStretch {
    /// Edges by number, of the network with that fingerprint alone.
    Edges {
        /// The fingerprint.
        network: String,
        /// The edges.
        edges: Vec<u32>,
    },
    /// A named bridge, tunnel or pass.
    Structure {
        /// Which.
        structure: StructureId,
    },
    /// A road between two of its kilometres.
    Section {
        /// Its name in either language, or its number.
        road: String,
        /// From this one, metres.
        from_m: Metres,
        /// To this one, metres.
        to_m: Metres,
    },
    /// Every road that lies partly inside.
    Area {
        /// Of the area, in order.
        corners: Vec<Position>,
    },
    /// Every road of these kinds.
    Classes {
        /// Which.
        classes: Vec<RoadClass>,
    },
    /// Emergency transport roads.
    EmergencyRoads {
        /// Of this order.
        order: EmergencyOrder,
    },
    /// Every road that is shut in winter.
    WinterClosures,
}

/// Why a road is restricted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RoadReason {
    /// Shaking, or damage by it.
    Earthquake,
    /// A tsunami, or the warning of one.
    Tsunami,
    /// Water on the road.
    Flood,
    /// Earth or rocks on the road, or expected.
    Landslide,
    /// Snow or ice.
    Snow,
    /// Wind.
    Wind,
    /// Fire or smoke.
    Fire,
    /// A traffic accident.
    Accident,
    /// Somebody looks whether it is whole.
    Inspection,
    /// Works.
    Works,
    /// Too many vehicles.
    Congestion,
    /// Opened for relief.
    Relief,
    /// Something else, told in the note.
    Other,
}

/// What kind of body saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReportSource {
    /// Who runs the road: the ministry, a prefecture, an expressway company.
    RoadOperator,
    /// The police.
    Police,
    /// A fire department.
    FireDepartment,
    /// A municipality.
    Municipality,
    /// A camera or sensor.
    Sensor,
    /// A citizen.
    Citizen,
    /// Somebody else, told in the note.
    Other,
}
