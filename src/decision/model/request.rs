//! A request and the attempts made for it: the facts of the member that asks.

use super::{
    AbortReason, Actor, CancelReason, Capabilities, DeclineReason, NotHeldReason, SealId, Telephone,
    WithdrawReason,
};
use crate::id::{
    AssetId, HospitalId, MissionId, OfferId, OrganisationId, RequestId, RequisitionId, SiteId,
    StandingOrderId,
};
use crate::units::{Position, Seconds, Timestamp};
use rpds::RedBlackTreeSetSync;
use std::hash::{Hash, Hasher};
use std::ops::{Deref, DerefMut};
use std::sync::LazyLock;

/// A call for help.
///
/// A ledger keeps its requests for ever, so they lie in memory by the hundred thousand: what few of them have stands in
/// [`Extra`], and is read as if it stood here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Its name.
    pub id: RequestId,
    /// What is asked for.
    pub kind: RequestKind,
    /// The body that asks.
    pub requester: OrganisationId,
    /// Where the patient is.
    pub position: Position,
    /// The place in words (地先名).
    pub place: String,
    /// When the emergency call came in.
    pub called_at: Timestamp,
    /// Patients by START colour.
    pub triage: Triage,
    /// Lying patients in one aircraft.
    pub stretchers: u16,
    /// What is needed.
    pub needed: Capabilities,
    /// How many aircraft the scene needs.
    pub aircraft_count: u16,
    /// Where it stands.
    pub state: RequestState,
    /// When it came to stand there; none while it is open.
    pub ended_at: Option<Timestamp>,
    /// When it was recorded.
    pub opened_at: Timestamp,
    /// Who recorded it.
    pub opened_by: Actor,
    /// One entry for each aircraft asked for, `numbers[0]` being number 1.
    pub numbers: Vec<Number>,
    /// What few requests have.
    pub extras: Extras,
}

/// What few requests have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extra {
    /// The requester's own number for the incident, for the telephone.
    pub incident: String,
    /// A landing site that the requester pins.
    pub site: Option<SiteId>,
    /// The words that matched (車にはねられ, 意識が突然なくなった).
    pub keyword: String,
    /// Hazards at the scene.
    pub hazards: Hazards,
    /// The ambulance on its way.
    pub ambulance: Option<Ambulance>,
    /// Nothing is worth doing after this.
    pub due: Option<Timestamp>,
    /// For a transfer: where the patient lies.
    pub origin: Option<HospitalId>,
    /// Hospitals that the requester prefers, in order; for a transfer the receiving one.
    pub hospitals: Vec<HospitalId>,
    /// The callback channel, sealed.
    pub caller: Option<SealId>,
    /// What is known of the patients, sealed.
    pub patients: Option<SealId>,
    /// The request that it had been merged into when it was opened again: the two had been merged into each other.
    pub reopened_from: Option<RequestId>,
    /// Requests of the same scene, as linked by a person here.
    pub links: RedBlackTreeSetSync<RequestId>,
}

/// An [`Extra`], kept only where there is something in it.
#[derive(Clone, Debug)]
pub struct Extras(Option<Box<Extra>>);

/// What a request without extras has.
static NOTHING_EXTRA: LazyLock<Extra> = LazyLock::new(Extra::default);

impl Extras {
    fn get(&self) -> &Extra {
        self.0.as_deref().unwrap_or_else(|| &NOTHING_EXTRA)
    }
}

impl From<Extra> for Extras {
    fn from(extra: Extra) -> Extras {
        Extras((extra != *NOTHING_EXTRA).then(|| Box::new(extra)))
    }
}

impl PartialEq for Extras {
    /// By what is in them, whether or not they keep room for it.
    fn eq(&self, other: &Extras) -> bool {
        self.get() == other.get()
    }
}

impl Eq for Extras {}

impl Deref for Request {
    type Target = Extra;

    fn deref(&self) -> &Extra {
        self.extras.get()
    }
}

impl DerefMut for Request {
    fn deref_mut(&mut self) -> &mut Extra {
        self.extras.0.get_or_insert_default()
    }
}

impl Hash for Request {
    /// In the order in which [`STATE_FORMAT`](crate::record::STATE_FORMAT) 1 has the fields, wherever they are kept. Both
    /// are taken apart whole, so that none can be forgotten.
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        let Request {
            id,
            kind,
            requester,
            position,
            place,
            called_at,
            triage,
            stretchers,
            needed,
            aircraft_count,
            state,
            ended_at,
            opened_at,
            opened_by,
            numbers,
            extras: _,
        } = self;
        let Extra {
            incident,
            site,
            keyword,
            hazards,
            ambulance,
            due,
            origin,
            hospitals,
            caller,
            patients,
            reopened_from,
            links,
        } = &**self;
        (id, kind, requester, incident, position, place, site, called_at, keyword).hash(hasher);
        (triage, stretchers, needed, hazards, ambulance, due, origin, hospitals).hash(hasher);
        (aircraft_count, caller, patients, state, ended_at, reopened_from).hash(hasher);
        (opened_at, opened_by, links, numbers).hash(hasher);
    }
}

// A million events keep some 300,000 requests; each byte here is one in every one of them.
const _: () = assert!(size_of::<Request>() <= 256);

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RequestKind {
    /// A patient at a scene (現場救急).
    Scene,
    /// From one hospital to another (転院搬送).
    Transfer,
    /// A patient who must be winched (救助).
    Hoist,
    /// Goods.
    Supplies,
    /// A look from above (情報収集).
    Reconnaissance,
    /// People to where they are needed.
    Staff,
}

/// Patients by START colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Triage {
    /// Immediate.
    pub red: u16,
    /// Delayed.
    pub yellow: u16,
    /// Minor.
    pub green: u16,
    /// Dead or beyond help.
    pub black: u16,
}

/// Hazards and access at the scene (METHANE).
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Hazards {
    /// Fire, gas, wires, water.
    pub hazards: String,
    /// How to get in.
    pub access: String,
}

/// The ambulance that brings the patient to the landing site.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ambulance {
    /// Its call sign.
    pub call_sign: String,
    /// When it reaches the patient, if known.
    pub at_patient: Option<Timestamp>,
}

/// Where a request stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum RequestState {
    /// Asks or may ask.
    Open,
    /// Taken back.
    Cancelled(CancelReason),
    /// Merged into another; it opens nothing more.
    Merged {
        /// Which.
        into: RequestId,
    },
    /// Closed by a person after the last mission ended.
    Closed {
        /// Whether somebody was helped by air.
        filled: bool,
    },
}

/// One of the aircraft that a scene was given: the attempts for it, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Number {
    /// `attempts[0]` is attempt 1.
    pub attempts: Vec<Attempt>,
}

/// What was chosen in a ranking.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Choice {
    /// The aircraft.
    pub asset: AssetId,
    /// Landing sites in order of preference; leases are asked in this order.
    pub sites: Vec<SiteId>,
    /// The receiving hospital, a forecast.
    pub hospital: Option<HospitalId>,
    /// What if the aircraft is on a mission.
    pub if_busy: IfBusy,
    /// Expected time of the landing at the site.
    pub at_site: Option<Timestamp>,
}

/// What an ask wants of an aircraft that is on a mission when the ask arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IfBusy {
    /// Nothing: it was believed free.
    Decline,
    /// Its next mission, once this one has ended.
    Wait,
    /// That it breaks its mission off.
    Retask,
}

/// One ask of one aircraft, as the requesting side knows it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Attempt {
    /// What was chosen.
    pub choice: Choice,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// How long the base has to answer, from when it hears of it.
    pub answer_s: Seconds,
    /// The standing order it was opened under; none: a person's key.
    pub standing_order: Option<StandingOrderId>,
    /// The late go that it takes; none: the base is asked.
    pub takes: Option<OfferId>,
    /// The record that opened it: its stored `Problem` is found there.
    pub sequence: u64,
    /// Where it stands.
    pub state: AttemptState,
    /// Set when the requesting side wants it to end.
    pub withdrawal: Option<WithdrawReason>,
    /// A commitment heard by telephone while the custodian's ledger could not be reached.
    pub commit_report: Option<CommitReport>,
}

/// Where an attempt stands, as read in the custodian's ledger.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AttemptState {
    /// Asked, no end read.
    Open,
    /// The commitment was read.
    Committed {
        /// The mission.
        mission: MissionId,
    },
    /// Its end was read, or a person went past it.
    Ended(AttemptEnd),
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AttemptEnd {
    /// Nothing was held.
    NotHeld(NotHeldReason),
    /// The base said no.
    Declined(DeclineReason),
    /// Taken back.
    Withdrawn,
    /// Nobody answered in time.
    Expired,
    /// The mission was stood down.
    StoodDown,
    /// The mission was aborted.
    Aborted(AbortReason),
    /// The mission was flown to its end.
    Completed,
    /// A person sent another without knowing the end.
    Superseded,
}

/// A commitment heard by telephone that the custodian's ledger could not be told.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CommitReport {
    /// Who said it, who typed it.
    pub telephone: Telephone,
    /// When it was entered.
    pub reported_at: Timestamp,
    /// What healing showed.
    pub outcome: ReportOutcome,
}

/// What the custodian's ledger said of a telephone commitment once it could be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReportOutcome {
    /// It cannot be read yet.
    Unsettled,
    /// It committed too.
    Confirmed,
    /// It says something else: shown to both.
    Conflict,
}

impl Request {
    /// The requisition of an attempt of this request.
    #[must_use]
    pub fn requisition(&self, number: u16, attempt: u16) -> RequisitionId {
        RequisitionId { request: self.id.clone(), number, attempt }
    }

    /// The attempt that `requisition` names.
    #[must_use]
    pub fn attempt(&self, requisition: &RequisitionId) -> Option<&Attempt> {
        let number = self.numbers.get(usize::from(requisition.number).checked_sub(1)?)?;
        number.attempts.get(usize::from(requisition.attempt).checked_sub(1)?)
    }

    /// Mutable access to the attempt that `requisition` names.
    pub(crate) fn attempt_mut(&mut self, requisition: &RequisitionId) -> Option<&mut Attempt> {
        let number = self.numbers.get_mut(usize::from(requisition.number).checked_sub(1)?)?;
        number.attempts.get_mut(usize::from(requisition.attempt).checked_sub(1)?)
    }

    /// Every attempt with its requisition, by number, then attempt.
    pub fn attempts(&self) -> impl Iterator<Item = (RequisitionId, &Attempt)> {
        self.numbers.iter().zip(1u16..).flat_map(move |(number, number_count)| {
            let id = move |attempt| self.requisition(number_count, attempt);
            number.attempts.iter().zip(1u16..).map(move |(attempt, n)| (id(n), attempt))
        })
    }
}

impl Attempt {
    /// Whether it may still bring an aircraft, as far as was read: asked, promised, or passed by unread.
    #[must_use]
    pub fn stands(&self) -> bool {
        match &self.state {
            AttemptState::Open | AttemptState::Committed { .. } => true,
            AttemptState::Ended(end) => *end == AttemptEnd::Superseded,
        }
    }

    /// Whether somebody said on the telephone that it flies and the custodian's ledger has not said the same.
    #[must_use]
    pub fn is_in_doubt(&self) -> bool {
        let outcome = self.commit_report.as_ref().map(|report| report.outcome);
        matches!(outcome, Some(ReportOutcome::Unsettled | ReportOutcome::Conflict))
    }
}

impl Number {
    /// The latest attempt.
    #[must_use]
    pub fn last(&self) -> Option<&Attempt> {
        self.attempts.last()
    }

    /// Whether no attempt has brought an aircraft, and none may still bring one.
    #[must_use]
    pub fn is_unserved(&self) -> bool {
        let completed = AttemptState::Ended(AttemptEnd::Completed);
        let served =
            |attempt: &Attempt| attempt.stands() || attempt.is_in_doubt() || attempt.state == completed;
        !self.attempts.iter().any(served)
    }
}
