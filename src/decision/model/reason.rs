//! Why: closed lists with parameters, never prose; both languages render from them.

use crate::id::{MissionId, RequisitionId};
use crate::units::Timestamp;

/// Why an asset is out of service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OutageReason {
    /// Planned inspection or maintenance.
    Maintenance,
    /// A fault.
    Mechanical,
    /// No mechanics: the reason of the rotation that began in 2025.
    NoMechanics,
    /// No crew.
    NoCrew,
    /// Called away by its owner.
    Recalled,
}

/// Why a base says no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeclineReason {
    /// It is on another mission.
    OnMission,
    /// The pilot says no to the weather.
    Weather,
    /// It would be dark before the end.
    Darkness,
    /// Something is broken.
    OutOfService,
    /// No crew.
    NoCrew,
    /// No usable landing site.
    NoSite,
    /// Too far.
    OutOfRange,
    /// The agreement does not cover it.
    OutsideAgreement,
}

/// Why a mission ended before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AbortReason {
    /// Weather on the way.
    Weather,
    /// A fault.
    Mechanical,
    /// No usable landing site.
    NoSite,
    /// Darkness.
    Darkness,
    /// Sent to another scene.
    Retasked,
}

/// Why a requester cancels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CancelReason {
    /// Not needed after all.
    NotNeeded,
    /// The patient goes by road.
    ByRoad,
    /// The same scene was asked for twice.
    Duplicate,
    /// Nobody can help the patient any more.
    PatientDied,
}

/// Why a requisition is withdrawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WithdrawReason {
    /// The request was cancelled.
    Cancelled(CancelReason),
    /// The request was merged into another.
    Merged,
    /// A person took this ask back.
    TakenBack,
    /// A person sent another instead.
    Superseded,
}

/// Why the custodian held nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum NotHeldReason {
    /// No such asset here.
    UnknownAsset,
    /// Another ask holds it.
    AssetHeld {
        /// Which.
        holder: RequisitionId,
    },
    /// It is on a mission and this ask does not wait for its end.
    OnMission {
        /// Which.
        mission: MissionId,
    },
    /// It is out of service.
    OutOfService {
        /// Why.
        reason: OutageReason,
        /// Until when, if known.
        until: Option<Timestamp>,
    },
    /// Its owner does not offer it now.
    NotOffered,
    /// A later attempt for the same number was already seen.
    StaleAttempt {
        /// The highest seen.
        highest: u16,
    },
    /// It was withdrawn before it arrived.
    Barred,
}

/// Why a lease is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeaseRefusal {
    /// Not known here.
    Unknown,
    /// Reported closed.
    Closed,
    /// All spots are leased in that window.
    Occupied,
    /// There is no fuel.
    NoFuel,
    /// The hospital said no: no bed.
    NoBed,
    /// The hospital said no: it cannot treat this.
    NotEquipped,
}
