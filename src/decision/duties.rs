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

/// How long an ask waits for the answer to a landing site's lease before it goes without: the site's ledger may be cut
/// off, and a flight never waits for it.
pub const LEASE_WAIT_S: Seconds = 2;
/// A landing site is leased from this long before the expected landing.
const SITE_EARLY_S: Seconds = 600;
/// A landing site is leased this long beyond the last progress that was reported.
const SITE_S: Seconds = 45 * 60;

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

/// What the ledger `own` owes for one of its requests at `at`.
///
/// # Complexity
/// Linear in the attempts of the request.
#[must_use]
pub fn of_request(at: Timestamp, own: &State, peers: &impl Peers, request: &RequestId) -> Vec<Duty> {
    let mut duties = Vec::new();
    let Some(request) = own.requests.get(request) else { return duties };
    for (requisition, attempt) in request.attempts() {
        of_attempt(at, own, peers, request, &requisition, attempt, &mut duties);
    }
    duties
}

fn of_attempt(
    at: Timestamp,
    own: &State,
    peers: &impl Peers,
    request: &Request,
    requisition: &RequisitionId,
    attempt: &Attempt,
    duties: &mut Vec<Duty>,
) {
    let custodian = attempt.choice.asset.ledger();
    let known = if custodian == own.ledger { Some(own) } else { peers.state(&custodian) };
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
            None if asking => ask(at, own, peers, request, requisition, attempt, duties),
            None => {}
        },
        Read::NotHeld(reason) => {
            let end = AttemptEnd::NotHeld(reason.clone());
            duties.push(outcome(own, requisition, AttemptState::Ended(end)));
            release_sites(own, peers, requisition, attempt, None, duties);
        }
        Read::Hold(hold) => follow_hold(own, peers, requisition, attempt, hold, duties),
    }
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
    own: &State,
    peers: &impl Peers,
    requisition: &RequisitionId,
    attempt: &Attempt,
    hold: &Hold,
    duties: &mut Vec<Duty>,
) {
    let state = match &hold.state {
        HoldState::Asked | HoldState::Acknowledged { .. } => {
            let custodian = attempt.choice.asset.ledger();
            duties.extend(attempt.withdrawal.map(|reason| withdraw(custodian, requisition, reason)));
            return;
        }
        HoldState::Committed { mission } => {
            duties.push(outcome(own, requisition, AttemptState::Committed { mission: mission.clone() }));
            release_sites(own, peers, requisition, attempt, hold.site.as_ref(), duties);
            return;
        }
        HoldState::Declined(reason) => AttemptEnd::Declined(*reason),
        HoldState::Withdrawn(_) => AttemptEnd::Withdrawn,
        HoldState::Expired => AttemptEnd::Expired,
    };
    duties.push(outcome(own, requisition, AttemptState::Ended(state)));
    release_sites(own, peers, requisition, attempt, None, duties);
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
        duties.push(Duty {
            ledger: own.ledger.clone(),
            key: format!("{requisition}/report/{said:?}"),
            command: Command::SettleCommitReport { requisition: requisition.clone(), outcome: said },
        });
    }
}

/// Asks: for the landing site first, then for the aircraft.
fn ask(
    at: Timestamp,
    own: &State,
    peers: &impl Peers,
    request: &Request,
    requisition: &RequisitionId,
    attempt: &Attempt,
    duties: &mut Vec<Duty>,
) {
    let site = match choose_site(at, own, peers, requisition, attempt) {
        SiteChoice::Asking(duty) => {
            duties.push(*duty);
            return;
        }
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
    let state = if custodian == own.ledger { Some(own) } else { peers.state(&custodian) };
    let late_go = state.and_then(|state| {
        state.offers.values().find(|offer| {
            let same_scene = offer.requisition.as_ref().is_some_and(|late| late.request == request.id);
            same_scene && offer.asset == ask.asset && offer.state == OfferState::Open
        })
    });
    let place = site.map_or_else(String::new, |site| site.to_string());
    duties.push(match late_go {
        Some(offer) => Duty {
            ledger: custodian,
            key: format!("{requisition}/take/{}/{place}", offer.id),
            command: Command::TakeOffer { offer: offer.id.clone(), ask },
        },
        None => Duty {
            ledger: custodian,
            key: format!("{requisition}/hold/{place}"),
            command: Command::Hold(ask),
        },
    });
}

enum SiteChoice {
    /// A lease is being asked for.
    Asking(Box<Duty>),
    /// This one, leased or not; or none at all.
    Settled(Option<SiteId>),
}

/// The first site whose lease is granted; while one may still answer, it is asked. When all refuse or none answers in
/// time the first stays the choice, and the mission will show a warning.
fn choose_site(
    at: Timestamp,
    own: &State,
    peers: &impl Peers,
    requisition: &RequisitionId,
    attempt: &Attempt,
) -> SiteChoice {
    let patient = at < attempt.opened_at + LEASE_WAIT_S;
    for site in &attempt.choice.sites {
        let ledger = site.ledger();
        let state = if ledger == own.ledger { Some(own) } else { peers.state(&ledger) };
        let id = LeaseId { requisition: requisition.clone(), subject: LeaseSubject::Site(site.clone()) };
        match state.map(|state| state.leases.get(&id).map(|lease| lease.state)) {
            Some(Some(LeaseState::Granted)) => return SiteChoice::Settled(Some(site.clone())),
            Some(Some(LeaseState::Asked | LeaseState::Refused(_) | LeaseState::Ended(_))) => {}
            Some(None) if patient => {
                let landing = attempt.choice.at_site.unwrap_or(attempt.opened_at).max(attempt.opened_at);
                let from = (landing - SITE_EARLY_S).max(attempt.opened_at);
                let window = Window { from, until: landing + SITE_S };
                return SiteChoice::Asking(Box::new(Duty {
                    ledger,
                    key: format!("{requisition}/lease/{}", id.subject),
                    command: Command::AskLease { lease: id, window, patients: 0 },
                }));
            }
            Some(None) | None => {}
        }
    }
    SiteChoice::Settled(attempt.choice.sites.first().cloned())
}

/// Gives back the landing sites that the ask does not need.
fn release_sites(
    own: &State,
    peers: &impl Peers,
    requisition: &RequisitionId,
    attempt: &Attempt,
    kept: Option<&SiteId>,
    duties: &mut Vec<Duty>,
) {
    for site in attempt.choice.sites.iter().filter(|site| Some(*site) != kept) {
        let id = LeaseId { requisition: requisition.clone(), subject: LeaseSubject::Site(site.clone()) };
        let state = if site.ledger() == own.ledger { Some(own) } else { peers.state(&site.ledger()) };
        duties.extend(state.and_then(|state| release(state, id)));
    }
}

/// Gives a lease back that stands.
fn release(state: &State, id: LeaseId) -> Option<Duty> {
    let lease = state.leases.get(&id)?;
    let stands = matches!(lease.state, LeaseState::Granted | LeaseState::Asked);
    stands.then(|| Duty {
        ledger: state.ledger.clone(),
        key: format!("{}/end/{}/{}", id.requisition, id.subject, lease.window.until.0),
        command: Command::EndLease { lease: id },
    })
}

/// What the custodian's ledger `own` owes for one of its missions: the landing site for as long as it is needed, the
/// bed of the hospital that was chosen, and giving back what is not needed any more.
#[must_use]
pub fn of_mission(own: &State, peers: &impl Peers, mission: &MissionId) -> Vec<Duty> {
    let mut duties = Vec::new();
    let Some(mission) = own.missions.get(mission) else { return duties };
    let state_of = |ledger: &LedgerId| if *ledger == own.ledger { Some(own) } else { peers.state(ledger) };
    if let Some(site) = &mission.site
        && let Some(state) = state_of(&site.ledger())
    {
        let id =
            LeaseId { requisition: mission.requisition.clone(), subject: LeaseSubject::Site(site.clone()) };
        if mission.end.is_some() || mission.phase >= MissionPhase::Transporting {
            duties.extend(release(state, id));
        } else {
            duties.extend(prolong(state, id, mission));
        }
    }
    if let Some(HospitalChoice { hospital, chosen_at: Some(chosen_at), patients }) = &mission.hospital
        && let Some(state) = state_of(&hospital.ledger())
    {
        let subject = LeaseSubject::Bed(hospital.clone());
        let id = LeaseId { requisition: mission.requisition.clone(), subject };
        let broken_off = matches!(mission.end, Some(MissionEnd::StoodDown | MissionEnd::Aborted(_)));
        if broken_off {
            duties.extend(release(state, id));
        } else if mission.is_active() && !state.leases.contains_key(&id) {
            let window = Window { from: *chosen_at, until: *chosen_at + BED_S };
            duties.push(Duty {
                ledger: hospital.ledger(),
                key: format!("{}/lease/{}", id.requisition, id.subject),
                command: Command::AskLease { lease: id, window, patients: *patients },
            });
        }
    }
    duties
}

/// Moves the end of a site's lease on with the progress of the mission.
fn prolong(state: &State, id: LeaseId, mission: &Mission) -> Option<Duty> {
    let lease = state.leases.get(&id)?;
    let (phase, last) = mission.progress.last()?;
    let until = *last + SITE_S;
    let renewable = matches!(lease.state, LeaseState::Granted | LeaseState::Ended(LeaseEnd::Lapsed));
    let needed = *phase >= MissionPhase::Airborne && renewable && lease.window.until < until;
    needed.then(|| Duty {
        ledger: state.ledger.clone(),
        key: format!("{}/renew/{}/{}", id.requisition, id.subject, until.0),
        command: Command::RenewLease { lease: id, until },
    })
}

/// Which numbers of a request may be asked again without a key press: under a standing order, once the end of the last
/// attempt was read. The first attempt is always a person's.
#[must_use]
pub fn wanted(at: Timestamp, own: &State, request: &RequestId) -> Vec<Wanted> {
    let order = own.standing_orders.values().find(|order| order.in_force(at));
    let (Some(order), Some(request)) = (order, own.requests.get(request)) else { return Vec::new() };
    if request.state != RequestState::Open {
        return Vec::new();
    }
    let mut wanted = Vec::new();
    for (number, n) in request.numbers.iter().zip(1u16..) {
        let Some(last) = number.last() else { continue };
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
            ) => true,
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
    Duty {
        ledger: own.ledger.clone(),
        key: format!("{requisition}/outcome/{word}"),
        command: Command::RecordOutcome { requisition: requisition.clone(), state },
    }
}

fn withdraw(custodian: LedgerId, requisition: &RequisitionId, reason: WithdrawReason) -> Duty {
    Duty {
        ledger: custodian,
        key: format!("{requisition}/withdraw/{reason:?}"),
        command: Command::Withdraw { requisition: requisition.clone(), reason },
    }
}
