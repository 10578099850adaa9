//! The grounds of a plan: what would change it, whom it serves worst, who gives how much, what is short.

use crate::id::{DepotId, MemberId, ShipmentId};
use crate::units::Timestamp;

/// A change that lets a part of a need come, alone or with others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Remedy {
    /// What has to change.
    pub kind: RemedyKind,
    /// The name of where: a stock, depot, fleet, member or structure; empty where it may be anywhere.
    pub at: String,
    /// How much: in the commodity's unit, seconds, or kilograms of load; 0 where it is not counted.
    pub quantity: u64,
}

/// What has to change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RemedyKind {
    /// More of the goods, anywhere that may give.
    MoreStock,
    /// The sender opens a part of its reserve.
    OpenReserve,
    /// An agreement with this member.
    Agree,
    /// The decided pairs admit this member too.
    Pair,
    /// A way from this depot is opened, or a fleet is sent there.
    OpenWay,
    /// It may come later, seconds.
    AcceptLater,
    /// More time of this fleet's vehicles, seconds.
    MoreVehicleTime,
    /// More time of this fleet's drivers, seconds.
    MoreDriverTime,
    /// More load over the docks of this depot.
    MoreDockLoad,
    /// More load over this structure.
    MorePassage,
    /// Others get less.
    TakeFromOthers,
}

/// How well a receiving point is served over all goods, by their load.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Served {
    /// Which.
    pub depot: DepotId,
    /// Thousandths that stay unmet, rounded up.
    pub unmet_permille: u16,
    /// The same of what comes before all else.
    pub first_tier_unmet_permille: u16,
}

/// What a member gives to others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Burden {
    /// Who.
    pub member: MemberId,
    /// Thousandths of the load of what it has, rounded up.
    pub given_permille: u16,
}

/// What one more of something would do.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Worth {
    /// Of what.
    pub kind: WorthKind,
    /// The name of where: a stock, depot, fleet or structure.
    pub at: String,
    /// From when, for what is counted by the time.
    pub from: Timestamp,
    /// Thousandths of a person whose first needs it would meet.
    pub people_milli: u64,
}

/// Of what there could be one more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WorthKind {
    /// A unit of a stock that travels by itself: a carton.
    Stock,
    /// A lorry of 10 t over the docks out.
    DockOut,
    /// A lorry of 10 t over the docks in.
    DockIn,
    /// A lorry of 10 t over a structure.
    Passage,
    /// An hour of a vehicle.
    VehicleHour,
    /// An hour of a driver.
    DriverHour,
}

/// An approved shipment that would do better elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Move {
    /// Which.
    pub shipment: ShipmentId,
    /// Millionths of the plan's value that moving it could spare at most.
    pub gain_e6: u64,
}
