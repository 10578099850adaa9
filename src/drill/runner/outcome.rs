//! What came of a run.

use crate::authority::SubmitError;
use crate::id::{AssetId, MissionId, OrganisationId, RequestId, RequisitionId, Slug};
use crate::ledger::Digest;
use crate::units::{Position, Seconds, Timestamp};
use std::collections::BTreeMap;

/// A mission that brought care.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flown {
    /// By which aircraft.
    pub asset: AssetId,
    /// From the call to care, as the ranking that was followed had it, the answers before it in it.
    pub care_s: Seconds,
    /// When it lifted off.
    pub lift_off_at: Timestamp,
    /// From lift-off to landing at home.
    pub away_s: Seconds,
}

/// How a call was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// By air.
    Flown(Flown),
    /// By road: nobody in the air is as quick.
    Ground {
        /// From the call to care.
        care_s: Seconds,
    },
    /// By nobody.
    Nobody,
}

/// Whom a dispatcher chose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// An aircraft, which was then asked.
    Aircraft(AssetId),
    /// A unit on the ground.
    Ground(AssetId),
    /// Nobody can help.
    Nobody,
}

/// A choice and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecidedOn {
    /// When.
    pub at: Timestamp,
    /// Whom.
    pub chosen: Chosen,
    /// The ranking's problem as ledgers store it: ranked again it gives the list that the dispatcher saw.
    pub problem: Vec<u8>,
}

/// One call and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The request that was made of it.
    pub request: RequestId,
    /// Whose area it came from.
    pub area: OrganisationId,
    /// Where the patient is.
    pub position: Position,
    /// When the call came.
    pub called_at: Timestamp,
    /// How it was answered.
    pub told: Told,
    /// Bases that were asked and did not go.
    pub refused: u32,
    /// What the dispatcher chose, one after the other.
    pub decisions: Vec<DecidedOn>,
}

impl Answered {
    /// From the call to care; none where nobody came.
    #[must_use]
    pub fn care_s(&self) -> Option<Seconds> {
        match &self.told {
            Told::Flown(flown) => Some(flown.care_s),
            Told::Ground { care_s } => Some(*care_s),
            Told::Nobody => None,
        }
    }
}

/// What came of an inject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Injected {
    /// Its name in the drill.
    pub name: Slug,
    /// When it happened; none: it did not.
    pub at: Option<Timestamp>,
    /// When what it began ended.
    pub ended_at: Option<Timestamp>,
    /// Whether the ledgers took it.
    pub verdict: Verdict,
    /// What followed, in the order in which it did.
    pub followed: Vec<Followed>,
}

/// Whether an inject was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was recorded, or the link was cut.
    Taken,
    /// The rules said no.
    Refused(SubmitError),
    /// There was nothing that it could happen to.
    Vain,
    /// Its time or its condition never came.
    Never,
}

/// What followed an inject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Followed {
    /// Somebody's call, and what came of it.
    Answered {
        /// The request.
        request: RequestId,
        /// How it was answered.
        told: Told,
    },
    /// A false call, found out.
    CalledOff {
        /// The request.
        request: RequestId,
        /// The aircraft that was asked or on its way.
        asset: Option<AssetId>,
    },
    /// Two calls of one scene, joined.
    Merged {
        /// The later.
        request: RequestId,
        /// The one that goes on.
        into: RequestId,
    },
    /// It had ended before anybody found out.
    OverAlready {
        /// The request.
        request: RequestId,
    },
    /// A mission was broken off.
    BrokenOff {
        /// Which.
        mission: MissionId,
    },
    /// An ask that nobody answered; another was sent by the dispatcher's word.
    InDoubt {
        /// Which.
        requisition: RequisitionId,
    },
    /// Rankings that left the aircraft out.
    LeftOut {
        /// How many.
        rankings: u32,
    },
}

/// What came of a run: equal scenarios, orders and programs give equal outcomes, on every machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Calls, by when they came.
    pub calls: Vec<Answered>,
    /// What came of the injects of a drill, in its order; none of ordinary days.
    pub injects: Vec<Injected>,
    /// How many records each ledger has, and the hash of all of them in the order of their names.
    pub records: u64,
    /// As the records are chained, so is this over the heads of all ledgers.
    pub ledgers: Digest,
}

impl Outcome {
    /// Seconds to care of those who got any, ascending.
    #[must_use]
    pub fn care_s(&self) -> Vec<Seconds> {
        let mut spans: Vec<Seconds> = self.calls.iter().filter_map(Answered::care_s).collect();
        spans.sort_unstable();
        spans
    }

    /// Missions and seconds away of each aircraft that flew.
    #[must_use]
    pub fn usage(&self) -> BTreeMap<&AssetId, (u32, u64)> {
        let mut usage: BTreeMap<&AssetId, (u32, u64)> = BTreeMap::new();
        for call in &self.calls {
            if let Told::Flown(flown) = &call.told {
                let (missions, away_s) = usage.entry(&flown.asset).or_default();
                *missions += 1;
                *away_s += u64::from(flown.away_s);
            }
        }
        usage
    }
}

/// The span of which so many in a thousand are no longer; none of an empty list, which has to ascend.
#[must_use]
pub fn permille_of(ascending: &[Seconds], permille: usize) -> Option<Seconds> {
    let place = (ascending.len() * permille).div_ceil(1_000).max(1);
    ascending.get(place - 1).copied()
}
