//! What one ledger owes another: the pure half of driving attempts.
//!
//! Nothing here is remembered between calls: duties are worked out afresh from the states as far as they were read, so
//! a lost message is sent again and a repeated one changes nothing. Nothing waits: where a ledger cannot be read, the
//! rest goes on without it. Only the authority of the request's ledger drives a request; only the custodian's drives
//! the leases of a mission.

use super::command::{Ask, Command};
use super::model::*;
use super::state::State;
use crate::id::{LedgerId, MissionId, RequestId, RequisitionId, SiteId, StandingOrderId};
use crate::units::{Seconds, Timestamp};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// How long an ask waits for the answer to a landing site's lease before it goes without: the site's ledger may be cut
/// off, and a flight never waits for it.
pub const LEASE_WAIT_S: Seconds = 2;
/// A landing site is leased from this long before the expected landing.
const SITE_EARLY_S: Seconds = 600;
/// A landing site is leased this long beyond the last progress that was reported.
const SITE_S: Seconds = 45 * 60;

/// Who ended a request so shortly after another was merged into it cannot have read of the merge: as far as two trusted
/// clocks may differ, and the time to read.
const CROSSED_S: Seconds = 10;
/// Merges that are followed from one to the next: nobody merges so often.
const MERGES_MAX: usize = 64;

/// A bed is asked for this long; the hospital's yes sets its own time.
const BED_S: Seconds = 3_600;

/// Reads other ledgers as far as they are known.
pub trait Peers {
    /// The state of a ledger; none when nothing of it is known.
    fn state(&self, ledger: &LedgerId) -> Option<&State>;
}

/// One command owed to a ledger, the own one included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// To whom.
    pub ledger: LedgerId,
    /// Names this duty: the same duty has the same key however often it is found.
    pub key: String,
    /// What.
    pub command: Command,
    /// What it rests on: how far each ledger was read, the own one included, in order.
    pub seen: Vec<(LedgerId, u64)>,
}

/// The ledgers that one duty rests on, noted as they are read.
struct Reading<'a, P> {
    own: &'a State,
    peers: &'a P,
    read: RefCell<BTreeMap<LedgerId, u64>>,
}

impl<'a, P: Peers> Reading<'a, P> {
    fn new(own: &'a State, peers: &'a P) -> Reading<'a, P> {
        let read = RefCell::new(BTreeMap::from([(own.ledger.clone(), own.sequence)]));
        Reading { own, peers, read }
    }

    /// The state of a ledger, the own one included; none when nothing of it is known.
    fn state(&self, ledger: &LedgerId) -> Option<&'a State> {
        let state = if *ledger == self.own.ledger { Some(self.own) } else { self.peers.state(ledger) };
        if let Some(state) = state {
            self.read.borrow_mut().insert(ledger.clone(), state.sequence);
        }
        state
    }

    /// Lets every one of `duties` say what was read for it.
    fn note(self, duties: &mut [Duty]) {
        let seen: Vec<(LedgerId, u64)> = self.read.into_inner().into_iter().collect();
        duties.iter_mut().for_each(|duty| duty.seen.clone_from(&seen));
    }
}

/// A duty whose reading is not noted yet.
fn duty(ledger: LedgerId, key: String, command: Command) -> Duty {
    Duty { ledger, key, command, seen: Vec::new() }
}

/// A number of a request whose next candidate may be asked without a key press.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The request.
    pub request: RequestId,
    /// Which of its aircraft.
    pub number: u16,
    /// The attempt that would be opened.
    pub attempt: u16,
    /// The order that allows it.
    pub standing_order: StandingOrderId,
}

/// What a custodian's ledger says of an ask.
enum Read<'a> {
    Nothing,
    NotHeld(&'a NotHeldReason),
    Hold(&'a Hold),
}

/// What the ledger `own` owes for one of its requests at `at`, by its own clock.
///
/// # Complexity
/// Linear in the attempts of the request.
#[must_use]
pub fn of_request(at: Timestamp, own: &State, peers: &impl Peers, request: &RequestId) -> Vec<Duty> {
    let mut duties = Vec::new();
    let Some(request) = own.requests.get(request) else { return duties };
    for (requisition, attempt) in request.attempts() {
        let (reading, before) = (Reading::new(own, peers), duties.len());
        let asked = Asked { at, own, request, requisition: &requisition, attempt };
        asked.owed(&reading, &mut duties);
        reading.note(&mut duties[before..]);
    }
    if let RequestState::Merged { into } = &request.state {
        let (reading, before) = (Reading::new(own, peers), duties.len());
        duties.extend(reopen(&reading, request, into));
        reading.note(&mut duties[before..]);
    }
    duties
}

/// Opens a request again whose patient would be nobody's: the two were merged into each other, or the other had ended
/// when this one was merged into it.
fn reopen(reading: &Reading<'_, impl Peers>, request: &Request, into: &RequestId) -> Option<Duty> {
    let merged_at = request.ended_at?;
    let mut chain = vec![&request.id];
    let mut next = into;
    let lost = loop {
        if next == &request.id {
            // A ring: the lowest of its names goes on, so that it is one whoever looks.
            break chain.iter().all(|other| **other >= request.id);
        }
        // Round a ring further on: one of those opens again.
        if chain.contains(&next) || chain.len() >= MERGES_MAX {
            break false;
        }
        let other = reading.state(&next.ledger())?.requests.get(next)?;
        match &other.state {
            RequestState::Open => break false,
            RequestState::Merged { into } => {
                chain.push(&other.id);
                next = into;
            }
            RequestState::Cancelled(_) | RequestState::Closed { .. } => {
                break other.ended_at.is_some_and(|ended_at| ended_at < merged_at + CROSSED_S);
            }
        }
    };
    let command = Command::ReopenRequest { request: request.id.clone() };
    lost.then(|| duty(reading.own.ledger.clone(), format!("{}/reopen/{}", request.id, merged_at.0), command))
}

/// One attempt and everything that is needed to drive it.
struct Asked<'a> {
    at: Timestamp,
    own: &'a State,
    request: &'a Request,
    requisition: &'a RequisitionId,
    attempt: &'a Attempt,
}

impl Asked<'_> {
    fn owed(&self, reading: &Reading<'_, impl Peers>, duties: &mut Vec<Duty>) {
        let Asked { own, requisition, attempt, .. } = *self;
        let custodian = attempt.choice.asset.ledger();
        let known = reading.state(&custodian);
        let read = known.map_or(Read::Nothing, |state| read(state, requisition));
        settle_report(own, requisition, attempt, &read, duties);
        let asking = match &attempt.state {
            AttemptState::Open => true,
            AttemptState::Ended(AttemptEnd::Superseded) => false,
            AttemptState::Committed { mission } => {
                follow_mission(own, known, requisition, attempt, mission, duties);
                return;
            }
            AttemptState::Ended(_) => return,
        };
        match read {
            Read::Nothing => match attempt.withdrawal {
                Some(reason) => duties.push(withdraw(custodian, requisition, reason)),
                None if asking => duties.push(self.ask(reading)),
                None => {}
            },
            Read::NotHeld(reason) => {
                let end = AttemptEnd::NotHeld(reason.clone());
                duties.push(outcome(own, requisition, AttemptState::Ended(end)));
                release_sites(reading, requisition, attempt, None, duties);
            }
            Read::Hold(hold) => follow_hold(reading, requisition, attempt, hold, duties),
        }
    }

    /// Asks: for the landing site first, then for the aircraft.
    fn ask(&self, reading: &Reading<'_, impl Peers>) -> Duty {
        let Asked { request, requisition, attempt, .. } = *self;
        let site = match self.choose_site(reading) {
            SiteChoice::Asking(duty) => return *duty,
            SiteChoice::Settled(site) => site,
        };
        let custodian = attempt.choice.asset.ledger();
        let ask = Ask {
            requisition: requisition.clone(),
            asset: attempt.choice.asset.clone(),
            kind: request.kind,
            position: request.position,
            place: request.place.clone(),
            site: site.clone(),
            hospital: attempt.choice.hospital.clone(),
            if_busy: attempt.choice.if_busy,
            answer_s: attempt.answer_s,
        };
        let place = site.map_or_else(String::new, |site| site.to_string());
        match &attempt.takes {
            Some(offer) => {
                let key = format!("{requisition}/take/{offer}/{place}");
                duty(custodian, key, Command::TakeOffer { offer: offer.clone(), ask })
            }
            None => duty(custodian, format!("{requisition}/hold/{place}"), Command::Hold(ask)),
        }
    }

    /// The first site whose lease is granted; while one may still answer, it is asked. When all refuse or none answers
    /// in time the first stays the choice, and the mission will show a warning.
    fn choose_site(&self, reading: &Reading<'_, impl Peers>) -> SiteChoice {
        let Asked { requisition, attempt, .. } = *self;
        let patient = self.at < attempt.opened_at + LEASE_WAIT_S;
        for site in &attempt.choice.sites {
            let ledger = site.ledger();
            let state = reading.state(&ledger);
            let id = LeaseId { requisition: requisition.clone(), subject: LeaseSubject::Site(site.clone()) };
            match state.map(|state| state.leases.get(&id).map(|lease| lease.state)) {
                Some(Some(LeaseState::Granted)) => return SiteChoice::Settled(Some(site.clone())),
                Some(Some(LeaseState::Asked | LeaseState::Refused(_) | LeaseState::Ended(_))) => {}
                Some(None) if patient => {
                    let landing = attempt.choice.at_site.unwrap_or(attempt.opened_at).max(attempt.opened_at);
                    let from = (landing - SITE_EARLY_S).max(attempt.opened_at);
                    let window = Window { from, until: landing + SITE_S };
                    let key = format!("{requisition}/lease/{}", id.subject);
                    let command = Command::AskLease { lease: id, window, patients: 0 };
                    return SiteChoice::Asking(Box::new(duty(ledger, key, command)));
                }
                Some(None) | None => {}
            }
        }
        SiteChoice::Settled(attempt.choice.sites.first().cloned())
    }
}

enum SiteChoice {
    /// A lease is being asked for.
    Asking(Box<Duty>),
    /// This one, leased or not; or none at all.
    Settled(Option<SiteId>),
}

fn read<'a>(custodian: &'a State, requisition: &RequisitionId) -> Read<'a> {
    match (custodian.holds.get(requisition), custodian.not_held.get(requisition)) {
        (Some(hold), _) => Read::Hold(hold),
        (None, Some(reason)) => Read::NotHeld(reason),
        (None, None) => Read::Nothing,
    }
}

/// Reads the end of a hold, or asks for it.
fn follow_hold(
    reading: &Reading<'_, impl Peers>,
    requisition: &RequisitionId,
    attempt: &Attempt,
    hold: &Hold,
    duties: &mut Vec<Duty>,
) {
    let own = reading.own;
    let state = match &hold.state {
        HoldState::Asked | HoldState::Acknowledged { .. } => {
            let custodian = attempt.choice.asset.ledger();
            duties.extend(attempt.withdrawal.map(|reason| withdraw(custodian, requisition, reason)));
            return;
        }
        HoldState::Committed { mission } => {
            duties.push(outcome(own, requisition, AttemptState::Committed { mission: mission.clone() }));
            release_sites(reading, requisition, attempt, hold.site.as_ref(), duties);
            return;
        }
        HoldState::Declined(reason) => AttemptEnd::Declined(*reason),
        HoldState::Withdrawn(_) => AttemptEnd::Withdrawn,
        HoldState::Expired => AttemptEnd::Expired,
    };
    duties.push(outcome(own, requisition, AttemptState::Ended(state)));
    release_sites(reading, requisition, attempt, None, duties);
}

/// Reads the end of a mission, or asks for it.
fn follow_mission(
    own: &State,
    custodian: Option<&State>,
    requisition: &RequisitionId,
    attempt: &Attempt,
    mission: &MissionId,
    duties: &mut Vec<Duty>,
) {
    let Some(mission) = custodian.and_then(|state| state.missions.get(mission)) else { return };
    let end = match mission.end {
        Some(MissionEnd::Completed) => AttemptEnd::Completed,
        Some(MissionEnd::StoodDown) => AttemptEnd::StoodDown,
        Some(MissionEnd::Aborted(reason)) => AttemptEnd::Aborted(reason),
        None => {
            let ends_flight =
                matches!(attempt.withdrawal, Some(WithdrawReason::Cancelled(_) | WithdrawReason::TakenBack))
                    && mission.phase < MissionPhase::Transporting;
            if let Some(reason) = attempt.withdrawal.filter(|_| ends_flight) {
                duties.push(withdraw(attempt.choice.asset.ledger(), requisition, reason));
            }
            return;
        }
    };
    duties.push(outcome(own, requisition, AttemptState::Ended(end)));
}

/// A telephone commitment is confirmed or contradicted once the custodian's word can be read.
fn settle_report(
    own: &State,
    requisition: &RequisitionId,
    attempt: &Attempt,
    read: &Read,
    duties: &mut Vec<Duty>,
) {
    let unsettled = attempt.commit_report.as_ref().is_some_and(|r| r.outcome == ReportOutcome::Unsettled);
    let said = match read {
        Read::Hold(hold) => match &hold.state {
            HoldState::Asked | HoldState::Acknowledged { .. } => return,
            HoldState::Committed { .. } => ReportOutcome::Confirmed,
            HoldState::Declined(_) | HoldState::Withdrawn(_) | HoldState::Expired => ReportOutcome::Conflict,
        },
        Read::NotHeld(_) => ReportOutcome::Conflict,
        Read::Nothing => return,
    };
    if unsettled {
        let command = Command::SettleCommitReport { requisition: requisition.clone(), outcome: said };
        duties.push(duty(own.ledger.clone(), format!("{requisition}/report/{said:?}"), command));
    }
}

/// Gives back the landing sites that the ask does not need.
fn release_sites(
    reading: &Reading<'_, impl Peers>,
    requisition: &RequisitionId,
    attempt: &Attempt,
    kept: Option<&SiteId>,
    duties: &mut Vec<Duty>,
) {
    for site in attempt.choice.sites.iter().filter(|site| Some(*site) != kept) {
        let id = LeaseId { requisition: requisition.clone(), subject: LeaseSubject::Site(site.clone()) };
        duties.extend(reading.state(&site.ledger()).and_then(|state| release(state, id)));
    }
}

/// Gives a lease back that stands.
fn release(state: &State, id: LeaseId) -> Option<Duty> {
    let lease = state.leases.get(&id)?;
    let stands = matches!(lease.state, LeaseState::Granted | LeaseState::Asked);
    let key = format!("{}/end/{}/{}", id.requisition, id.subject, lease.window.until.0);
    stands.then(|| duty(state.ledger.clone(), key, Command::EndLease { lease: id }))
}

/// What the custodian's ledger `own` owes for one of its missions: the landing site for as long as it is needed, the
/// bed of the hospital that was chosen, and giving back what is not needed any more.
#[must_use]
pub fn of_mission(own: &State, peers: &impl Peers, mission: &MissionId) -> Vec<Duty> {
    let mut duties = Vec::new();
    let Some(mission) = own.missions.get(mission) else { return duties };
    let reading = Reading::new(own, peers);
    if let Some(site) = &mission.site
        && let Some(state) = reading.state(&site.ledger())
    {
        let id =
            LeaseId { requisition: mission.requisition.clone(), subject: LeaseSubject::Site(site.clone()) };
        if mission.end.is_some() || mission.phase >= MissionPhase::Transporting {
            duties.extend(release(state, id));
        } else {
            duties.extend(prolong(state, id, mission));
        }
    }
    let bed =
        |hospital| LeaseId { requisition: mission.requisition.clone(), subject: LeaseSubject::Bed(hospital) };
    for hospital in &mission.hospitals_left {
        let state = reading.state(&hospital.ledger());
        duties.extend(state.and_then(|state| release(state, bed(hospital.clone()))));
    }
    if let Some(choice) = &mission.hospital
        && let Some(chosen_at) = choice.chosen_at
        && let Some(state) = reading.state(&choice.hospital.ledger())
    {
        let id = bed(choice.hospital.clone());
        let broken_off = matches!(mission.end, Some(MissionEnd::StoodDown | MissionEnd::Aborted(_)));
        if broken_off {
            duties.extend(release(state, id));
        } else if mission.is_active() && is_unasked(state.leases.get(&id), choice, chosen_at) {
            let window = Window { from: chosen_at, until: chosen_at + BED_S };
            let key = format!("{}/lease/{}/{}/{}", id.requisition, id.subject, chosen_at.0, choice.patients);
            let command = Command::AskLease { lease: id, window, patients: choice.patients };
            duties.push(duty(choice.hospital.ledger(), key, command));
        }
    }
    reading.note(&mut duties);
    duties
}

/// Whether a hospital has not been asked what was chosen on the scene: for so many patients, since the choice.
fn is_unasked(lease: Option<&Lease>, choice: &HospitalChoice, chosen_at: Timestamp) -> bool {
    let Some(lease) = lease else { return true };
    let stands = matches!(lease.state, LeaseState::Granted | LeaseState::Asked);
    lease.patients != choice.patients || (!stands && lease.window.from < chosen_at)
}

/// Moves the end of a site's lease on with the progress of the mission.
fn prolong(state: &State, id: LeaseId, mission: &Mission) -> Option<Duty> {
    let lease = state.leases.get(&id)?;
    let (phase, last) = mission.progress.last()?;
    let until = *last + SITE_S;
    let renewable = matches!(lease.state, LeaseState::Granted | LeaseState::Ended(LeaseEnd::Lapsed));
    let needed = *phase >= MissionPhase::Airborne && renewable && lease.window.until < until;
    let key = format!("{}/renew/{}/{}", id.requisition, id.subject, until.0);
    needed.then(|| duty(state.ledger.clone(), key, Command::RenewLease { lease: id, until }))
}

/// Which numbers of a request may be asked again without a key press: under a standing order, once the end of every
/// attempt was read. The first attempt is always a person's, and so is the next after a person's word: an order stands
/// in for a key that nobody presses, not for one that somebody did.
#[must_use]
pub fn wanted(at: Timestamp, own: &State, request: &RequestId) -> Vec<Wanted> {
    let order = own.standing_orders.values().find(|order| order.in_force(at));
    let (Some(order), Some(request)) = (order, own.requests.get(request)) else { return Vec::new() };
    if request.state != RequestState::Open {
        return Vec::new();
    }
    let mut wanted = Vec::new();
    for (number, n) in request.numbers.iter().zip(1u16..) {
        let Some(last) = number.last().filter(|last| last.withdrawal.is_none()) else { continue };
        let ended = match &last.state {
            AttemptState::Open | AttemptState::Committed { .. } => false,
            AttemptState::Ended(AttemptEnd::Completed | AttemptEnd::Superseded) => false,
            // A person took it back or called it off: a person decides what follows.
            AttemptState::Ended(AttemptEnd::Withdrawn | AttemptEnd::StoodDown) => false,
            AttemptState::Ended(
                AttemptEnd::NotHeld(_)
                | AttemptEnd::Declined(_)
                | AttemptEnd::Expired
                | AttemptEnd::Aborted(_),
            ) => number.is_unserved(),
        };
        if ended {
            wanted.push(Wanted {
                request: request.id.clone(),
                number: n,
                attempt: u16::try_from(number.attempts.len() + 1).unwrap_or(u16::MAX),
                standing_order: order.id.clone(),
            });
        }
    }
    wanted
}

fn outcome(own: &State, requisition: &RequisitionId, state: AttemptState) -> Duty {
    let word = match &state {
        AttemptState::Open => "open",
        AttemptState::Committed { .. } => "committed",
        AttemptState::Ended(_) => "ended",
    };
    let command = Command::RecordOutcome { requisition: requisition.clone(), state };
    duty(own.ledger.clone(), format!("{requisition}/outcome/{word}"), command)
}

fn withdraw(custodian: LedgerId, requisition: &RequisitionId, reason: WithdrawReason) -> Duty {
    let command = Command::Withdraw { requisition: requisition.clone(), reason };
    duty(custodian, format!("{requisition}/withdraw/{reason:?}"), command)
}
