//! The answer: sorties in order, what goes unserved and why, and how far off the best it can be.

use crate::allocator::assignment::Assignment;
use crate::allocator::ranking::Capabilities;
use crate::units::Seconds;

/// A refuelling on the way to a mission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refuel {
    /// A place in the problem's stops.
    pub stop: u16,
    /// Seconds from now when it begins.
    pub from_s: Seconds,
    /// What is taken.
    pub litres: u32,
}

/// One resource serving one mission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sortie {
    /// A place in the problem's missions.
    pub mission: u16,
    /// A place in the mission's landings.
    pub landing: u8,
    /// The refuelling before it, if any.
    pub refuel: Option<Refuel>,
    /// Seconds from now when it lands.
    pub arrive_s: Seconds,
    /// Seconds from now when it leaves the scene.
    pub leave_s: Seconds,
    /// Seconds from now when it is free again, where its landing leads to.
    pub free_s: Seconds,
}

/// What one resource does, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Route {
    /// Its sorties.
    pub sorties: Vec<Sortie>,
    /// Seconds from now when it is home; 0 when it has no sortie.
    pub home_s: Seconds,
}

/// The limit that a resource breaks first on its way to a mission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Limit {
    /// It would arrive too late.
    Late {
        /// By so much.
        by_s: Seconds,
    },
    /// It would be home after its duty.
    Duty {
        /// By so much.
        by_s: Seconds,
    },
    /// Its crew would travel longer than it may.
    FlightTime {
        /// By so much.
        by_s: Seconds,
    },
    /// Its reserve would be touched.
    Fuel {
        /// Seconds of travel that are missing.
        short_s: Seconds,
    },
    /// A stop has too little left.
    Stock {
        /// Which.
        stop: u16,
        /// Litres that are missing.
        short_l: u32,
    },
    /// The landing site has no room any more before the mission is due.
    PadFull {
        /// Which.
        pad: u16,
    },
    /// It has no sortie left.
    Sorties,
    /// It cannot do what is needed.
    Capability {
        /// What is missing.
        missing: Capabilities,
    },
    /// It may not land there.
    Barred,
    /// There is no way.
    Unreachable,
}

/// Why a mission goes unserved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Fewer resources than it takes could serve it even if there were no other mission; the nearest miss of them.
    Impossible {
        /// How many could.
        able: u16,
        /// What keeps the next one from it; none when there is no other resource.
        limit: Option<(u16, Limit)>,
    },
    /// It could be served alone, but those that could are better used elsewhere, or what they share is used up.
    Displaced {
        /// How many could serve it alone.
        able: u16,
    },
    /// Serving it costs more than leaving it.
    Dearer {
        /// What serving it would cost, with what it delays.
        cost: i64,
    },
}

/// The smallest change that would let a mission be served, with the plan for all others as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It may be reached later.
    LaterDue {
        /// By so much.
        by_s: Seconds,
    },
    /// This resource's duty ends later.
    LongerDuty {
        /// Which.
        resource: u16,
        /// By so much.
        by_s: Seconds,
    },
    /// This resource's crew may travel longer.
    MoreFlightTime {
        /// Which.
        resource: u16,
        /// By so much.
        by_s: Seconds,
    },
    /// This resource has more fuel.
    MoreFuel {
        /// Which.
        resource: u16,
        /// By so many seconds of travel.
        by_s: Seconds,
    },
    /// A stop has more fuel.
    MoreStock {
        /// Which.
        stop: u16,
        /// By so many litres.
        by_l: u32,
    },
    /// A landing site takes one more at once.
    MoreSpots {
        /// Which.
        pad: u16,
    },
    /// This resource may do one sortie more.
    MoreSorties {
        /// Which.
        resource: u16,
    },
    /// This resource is equipped or crewed for it.
    Equip {
        /// Which.
        resource: u16,
        /// With what.
        with: Capabilities,
    },
    /// A way is opened, or another resource sent from elsewhere.
    OneMoreResource,
    /// Leaving it unserved is priced higher.
    HigherPrice {
        /// By so much.
        by: i64,
    },
}

/// A mission that is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unserved {
    /// Which.
    pub mission: u16,
    /// Why.
    pub reason: Reason,
    /// What would have to change.
    pub change: Change,
}

/// What proves the bound: an assignment that every plan costs at least as much as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// What a landing is priced at: shape pads x windows, row-major.
    pub landing_prices: Vec<i64>,
    /// Of parts of missions to sorties, with its own prices.
    pub relaxed: Assignment,
}

/// Who does what, in which order, when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// One a resource.
    pub routes: Vec<Route>,
    /// Lowest mission first.
    pub unserved: Vec<Unserved>,
    /// The minutes until each arrival at their price, the fees, and the missions that go unserved.
    pub total: i64,
    /// What every plan costs at least.
    pub bound: i64,
    /// Why.
    pub proof: Proof,
    /// Routes that were tried.
    pub work: u64,
}

impl Plan {
    /// Whether no plan is cheaper.
    #[must_use]
    pub fn is_optimal(&self) -> bool {
        self.total == self.bound
    }
}
