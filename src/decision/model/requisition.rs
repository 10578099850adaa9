//! Holds, missions, leases and offers: the facts of the custodian.

use super::{
    AbortReason, Actor, DeclineReason, IfBusy, LeaseRefusal, RequestKind, SealId, Window, WithdrawReason,
};
use crate::id::{AssetId, HospitalId, MissionId, OfferId, RequisitionId, SiteId};
use crate::units::{Position, Timestamp};
use std::fmt;

/// One ask, as the custodian recorded it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Hold {
    /// Which ask.
    pub requisition: RequisitionId,
    /// The aircraft asked for.
    pub asset: AssetId,
    /// What for.
    pub kind: RequestKind,
    /// Where the patient is.
    pub position: Position,
    /// The place in words.
    pub place: String,
    /// The landing site to fly to.
    pub site: Option<SiteId>,
    /// The receiving hospital, a forecast.
    pub hospital: Option<HospitalId>,
    /// What if the aircraft is on a mission.
    pub if_busy: IfBusy,
    /// When it was recorded here.
    pub held_at: Timestamp,
    /// When it ends by itself, by this ledger's clock.
    pub answer_by: Timestamp,
    /// Where it stands.
    pub state: HoldState,
}

/// Where a hold stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum HoldState {
    /// Asked; the aircraft is held.
    Asked,
    /// The base has heard it.
    Acknowledged {
        /// When.
        at: Timestamp,
    },
    /// The pilot's go: the one commit point.
    Committed {
        /// The mission that it became.
        mission: MissionId,
    },
    /// The base said no.
    Declined(DeclineReason),
    /// Taken back before it was committed.
    Withdrawn(WithdrawReason),
    /// Nobody answered in time.
    Expired,
}

impl HoldState {
    /// Whether the aircraft is held.
    #[must_use]
    pub fn is_open(&self) -> bool {
        match self {
            HoldState::Asked | HoldState::Acknowledged { .. } => true,
            HoldState::Committed { .. }
            | HoldState::Declined(_)
            | HoldState::Withdrawn(_)
            | HoldState::Expired => false,
        }
    }
}

/// Something said on the telephone and typed by somebody else.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Telephone {
    /// Who said it.
    pub said_by: String,
    /// Who typed it.
    pub typed_by: String,
}

/// What a committed asset does.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Mission {
    /// Its name.
    pub id: MissionId,
    /// The ask that it answers.
    pub requisition: RequisitionId,
    /// The aircraft.
    pub asset: AssetId,
    /// The landing site.
    pub site: Option<SiteId>,
    /// The receiving hospital: a forecast until it is chosen on the scene.
    pub hospital: Option<HospitalChoice>,
    /// Hospitals that were chosen on the scene before that one: what they keep for this mission is given back.
    pub hospitals_left: Vec<HospitalId>,
    /// How far it is.
    pub phase: MissionPhase,
    /// When each phase was reported, in order.
    pub progress: Vec<(MissionPhase, Timestamp)>,
    /// How it ended, once it has; the aircraft is free when `phase` is ready.
    pub end: Option<MissionEnd>,
    /// The telephone call it was committed by, until the base confirms it.
    pub telephone: Option<Telephone>,
    /// Whether the base itself has confirmed the commitment.
    pub confirmed: bool,
    /// Who committed.
    pub committed_by: Actor,
    /// The crew, sealed.
    pub crew: Option<SealId>,
}

impl Mission {
    /// Whether it still occupies its aircraft.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.phase != MissionPhase::Ready
    }
}

/// How far a mission is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MissionPhase {
    /// Promised, on the ground.
    Committed,
    /// Lifted off.
    Airborne,
    /// Landed at the scene.
    OnScene,
    /// On the way to the hospital.
    Transporting,
    /// At the hospital.
    Arrived,
    /// On the way home.
    Returning,
    /// At home and ready: the aircraft is free.
    Ready,
}

impl fmt::Display for MissionPhase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            MissionPhase::Committed => "committed",
            MissionPhase::Airborne => "airborne",
            MissionPhase::OnScene => "on scene",
            MissionPhase::Transporting => "transporting",
            MissionPhase::Arrived => "arrived",
            MissionPhase::Returning => "returning",
            MissionPhase::Ready => "ready",
        })
    }
}

/// How a mission ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MissionEnd {
    /// Flown to its end.
    Completed,
    /// Called off by the requesting side.
    StoodDown,
    /// Broken off.
    Aborted(AbortReason),
}

/// The hospital of a mission.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HospitalChoice {
    /// Which.
    pub hospital: HospitalId,
    /// Set when it was chosen on the scene, and so is asked; before that it is a forecast.
    pub chosen_at: Option<Timestamp>,
    /// Patients that it is asked for.
    pub patients: u16,
}

/// What a lease is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeaseSubject {
    /// A spot on a landing site.
    Site(SiteId),
    /// A place at a site's fuel.
    Fuel(SiteId),
    /// A hospital's yes.
    Bed(HospitalId),
}

impl fmt::Display for LeaseSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LeaseSubject::Site(site) => site.fmt(f),
            LeaseSubject::Fuel(site) => write!(f, "{site}/fuel"),
            LeaseSubject::Bed(hospital) => hospital.fmt(f),
        }
    }
}

/// A lease is known by who needs it and what for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LeaseId {
    /// The ask that needs it.
    pub requisition: RequisitionId,
    /// What for.
    pub subject: LeaseSubject,
}

/// A spot, fuel or a bed for a while.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Lease {
    /// Who needs it and what for.
    pub id: LeaseId,
    /// For when.
    pub window: Window,
    /// Patients, for a bed.
    pub patients: u16,
    /// Where it stands.
    pub state: LeaseState,
    /// When its end was last set.
    pub set_at: Timestamp,
}

/// Where a lease stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeaseState {
    /// A hospital was asked and has not answered.
    Asked,
    /// Given.
    Granted,
    /// Not given.
    Refused(LeaseRefusal),
    /// Over.
    Ended(LeaseEnd),
}

/// How a lease ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeaseEnd {
    /// Its window ended.
    Lapsed,
    /// Given back.
    Released,
}

/// What its custodian volunteers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Offer {
    /// Its name.
    pub id: OfferId,
    /// The aircraft.
    pub asset: AssetId,
    /// The ask whose go came too late; none: offered to everybody.
    pub requisition: Option<RequisitionId>,
    /// For when.
    pub window: Window,
    /// Where it stands.
    pub state: OfferState,
    /// When it was made.
    pub made_at: Timestamp,
}

/// Where an offer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OfferState {
    /// Can be taken.
    Open,
    /// Somebody took it.
    Taken,
    /// The requesting side said no.
    StoodDown,
    /// The custodian took it back.
    Withdrawn,
    /// Its window ended.
    Lapsed,
}
