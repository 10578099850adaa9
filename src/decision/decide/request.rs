//! A request and its attempts: what the requesting member decides.

use super::fields::{self, invalid};
use crate::decision::command::{NewRequest, SealText};
use crate::decision::event::RequestOpened;
use crate::decision::limits::{
    AIRCRAFT_MAX, ANSWER_S_MAX, ANSWER_S_MIN, ATTEMPTS_MAX, CHOICE_SITES_MAX, FUTURE_S_MAX, LINKS_MAX,
    OPEN_REQUESTS_MAX, PATIENTS_MAX, PREFERRED_HOSPITALS_MAX,
};
use crate::decision::model::{
    Attempt, AttemptEnd, AttemptState, CancelReason, Choice, Number, OrganisationKind, ReportOutcome,
    Request, RequestKind, RequestState, Telephone, WithdrawReason,
};
use crate::decision::rejection::{FieldProblem, Kind, Rejection};
use crate::decision::{Event, State};
use crate::id::{OfferId, OrganisationId, RequestId, RequisitionId, StandingOrderId};
use crate::units::{Seconds, Timestamp};

/// What opens an attempt.
pub(super) struct Opening<'a> {
    pub(super) request: &'a RequestId,
    pub(super) number: u16,
    pub(super) choice: &'a Choice,
    pub(super) answer_s: Seconds,
    pub(super) standing_order: Option<&'a StandingOrderId>,
    pub(super) send_another: bool,
    pub(super) takes: Option<&'a OfferId>,
    pub(super) after: Option<u16>,
}

impl State {
    pub(super) fn open_request(&self, at: Timestamp, new: &NewRequest) -> Result<Vec<Event>, Rejection> {
        self.own(&new.requester.member, || new.requester.to_string())?;
        self.may_ask(&new.requester, new.kind)?;
        check_request(at, new)?;
        if self.requests_open_count >= OPEN_REQUESTS_MAX {
            return Err(Rejection::LimitReached { what: Kind::Request, max: OPEN_REQUESTS_MAX });
        }
        let slug = format!("r-{}", self.requests_count + 1);
        let slug = slug.parse().expect("a letter, a hyphen and digits are a slug");
        // Sealed parts stand in the order of `Command::sealed`.
        let caller_seal = new.caller.as_ref().map(|_| 0);
        let patients_seal = new.patients.as_ref().map(|_| u16::from(new.caller.is_some()));
        Ok(vec![Event::RequestOpened(RequestOpened {
            request: RequestId::new(&new.requester.member, slug),
            kind: new.kind,
            requester: new.requester.clone(),
            incident: new.incident.clone(),
            position: new.position,
            place: new.place.clone(),
            site: new.site.clone(),
            called_at: new.called_at.unwrap_or(at),
            keyword: new.keyword.clone(),
            triage: new.triage,
            stretchers: new.stretchers,
            needed: new.needed,
            hazards: new.hazards.clone(),
            ambulance: new.ambulance.clone(),
            due: new.due,
            origin: new.origin.clone(),
            hospitals: new.hospitals.clone(),
            aircraft_count: new.aircraft_count,
            caller_seal,
            patients_seal,
        })])
    }

    pub(super) fn set_aircraft_count(&self, id: &RequestId, count: u16) -> Result<Vec<Event>, Rejection> {
        let request = self.open_request_of(id)?;
        let begun =
            request.numbers.iter().rposition(|number| !number.attempts.is_empty()).map_or(0, |i| i + 1);
        fields::range("aircraft_count", count, (begun.max(1)) as i64, i64::from(AIRCRAFT_MAX))?;
        if request.aircraft_count == count {
            return Ok(Vec::new());
        }
        Ok(vec![Event::AircraftCountSet { request: id.clone(), count }])
    }

    pub(super) fn open_attempt(&self, at: Timestamp, opening: &Opening) -> Result<Vec<Event>, Rejection> {
        let request = self.open_request_of(opening.request)?;
        let number = usize::from(opening.number).checked_sub(1).and_then(|i| request.numbers.get(i));
        let number = number.ok_or_else(|| Rejection::NumberUnknown {
            request: request.id.clone(),
            number: opening.number,
            count: request.aircraft_count,
        })?;
        fields::range("answer_within", opening.answer_s, i64::from(ANSWER_S_MIN), i64::from(ANSWER_S_MAX))?;
        fields::count("sites", opening.choice.sites.len(), CHOICE_SITES_MAX)?;
        fields::distinct("sites", &opening.choice.sites)?;
        self.check_standing_order(at, opening)?;
        if opening.takes.is_some_and(|offer| offer.ledger() != opening.choice.asset.ledger()) {
            return Err(invalid("offer", FieldProblem::NotAllowed));
        }

        let next = number.attempts.len() + 1;
        self.check_seen(number, opening.after)?;
        if !opening.send_another {
            may_go_past(request, opening.number, number)?;
        }
        if next > usize::from(ATTEMPTS_MAX) {
            return Err(Rejection::LimitReached { what: Kind::Requisition, max: u32::from(ATTEMPTS_MAX) });
        }
        let asset = &opening.choice.asset;
        let asked =
            request.attempts().find(|(_, attempt)| attempt.choice.asset == *asset && attempt.stands());
        if let Some((requisition, _)) = asked {
            return Err(Rejection::AssetAskedAlready { asset: asset.clone(), requisition });
        }
        Ok(vec![Event::AttemptOpened {
            requisition: request.requisition(opening.number, next as u16),
            choice: opening.choice.clone(),
            answer_s: opening.answer_s,
            standing_order: opening.standing_order.cloned(),
            takes: opening.takes.cloned(),
        }])
    }

    /// Whether the person saw the last attempt of the number: a second press of the same key is about one before it.
    fn check_seen(&self, number: &Number, after: Option<u16>) -> Result<(), Rejection> {
        let Some(after) = after else { return Ok(()) };
        if usize::from(after) == number.attempts.len() {
            return Ok(());
        }
        let index = usize::from(after).checked_sub(1);
        let looked_at = index.and_then(|index| number.attempts.get(index));
        let seen = looked_at.map_or(0, |attempt| attempt.sequence);
        Err(Rejection::SeenStale { ledger: self.ledger.clone(), seen, now: self.sequence })
    }

    /// A standing order lets the next be asked without a key; it never replaces a person's word for *send another*.
    fn check_standing_order(&self, at: Timestamp, opening: &Opening) -> Result<(), Rejection> {
        let Some(id) = opening.standing_order else { return Ok(()) };
        if opening.send_another || opening.takes.is_some() {
            return Err(invalid("send_another", FieldProblem::NotAllowed));
        }
        let in_force = self.standing_orders.get(id).is_some_and(|order| order.in_force(at));
        if in_force { Ok(()) } else { Err(Rejection::StandingOrderNotInForce { id: id.clone() }) }
    }

    pub(super) fn withdraw_attempt(&self, id: &RequisitionId) -> Result<Vec<Event>, Rejection> {
        let attempt = self.attempt_of(id)?;
        match &attempt.state {
            AttemptState::Open
            | AttemptState::Committed { .. }
            | AttemptState::Ended(AttemptEnd::Superseded) => {}
            AttemptState::Ended(_) => {
                return Err(Rejection::AttemptNotOpen {
                    requisition: id.clone(),
                    state: attempt.state.clone(),
                });
            }
        }
        match attempt.withdrawal {
            None | Some(WithdrawReason::Superseded | WithdrawReason::Merged) => {
                Ok(vec![Event::WithdrawalAsked {
                    requisition: id.clone(),
                    reason: WithdrawReason::TakenBack,
                }])
            }
            Some(WithdrawReason::TakenBack | WithdrawReason::Cancelled(_)) => Ok(Vec::new()),
        }
    }

    pub(super) fn record_outcome(
        &self,
        id: &RequisitionId,
        state: &AttemptState,
    ) -> Result<Vec<Event>, Rejection> {
        let attempt = self.attempt_of(id)?;
        if attempt.state == *state {
            return Ok(Vec::new());
        }
        let follows = match (&attempt.state, state) {
            (_, AttemptState::Open | AttemptState::Ended(AttemptEnd::Superseded)) => false,
            (AttemptState::Open | AttemptState::Ended(AttemptEnd::Superseded), _) => true,
            (AttemptState::Committed { .. }, AttemptState::Ended(end)) => match end {
                AttemptEnd::StoodDown | AttemptEnd::Aborted(_) | AttemptEnd::Completed => true,
                AttemptEnd::NotHeld(_)
                | AttemptEnd::Declined(_)
                | AttemptEnd::Withdrawn
                | AttemptEnd::Expired
                | AttemptEnd::Superseded => false,
            },
            (AttemptState::Committed { .. } | AttemptState::Ended(_), _) => false,
        };
        if !follows {
            return Err(Rejection::AttemptNotOpen { requisition: id.clone(), state: attempt.state.clone() });
        }
        Ok(vec![Event::OutcomeRecorded { requisition: id.clone(), state: state.clone() }])
    }

    pub(super) fn report_commit(
        &self,
        id: &RequisitionId,
        telephone: &Telephone,
    ) -> Result<Vec<Event>, Rejection> {
        fields::telephone(Some(telephone))?;
        let attempt = self.attempt_of(id)?;
        let unknown = match &attempt.state {
            AttemptState::Open | AttemptState::Ended(AttemptEnd::Superseded) => {
                attempt.commit_report.is_none()
            }
            AttemptState::Committed { .. } | AttemptState::Ended(_) => false,
        };
        if !unknown {
            return Err(Rejection::AttemptNotOpen { requisition: id.clone(), state: attempt.state.clone() });
        }
        Ok(vec![Event::CommitReported { requisition: id.clone(), telephone: telephone.clone() }])
    }

    pub(super) fn settle_commit_report(
        &self,
        id: &RequisitionId,
        outcome: ReportOutcome,
    ) -> Result<Vec<Event>, Rejection> {
        let attempt = self.attempt_of(id)?;
        let open = attempt.commit_report.as_ref().is_some_and(|r| r.outcome == ReportOutcome::Unsettled);
        if !open || outcome == ReportOutcome::Unsettled {
            return Ok(Vec::new());
        }
        Ok(vec![Event::CommitReportSettled { requisition: id.clone(), outcome }])
    }

    pub(super) fn link_request(&self, id: &RequestId, other: &RequestId) -> Result<Vec<Event>, Rejection> {
        let request = self.request_of(id)?;
        self.check_other(id, other)?;
        if request.links.contains(other) {
            return Ok(Vec::new());
        }
        if request.links.size() >= LINKS_MAX as usize {
            return Err(Rejection::LimitReached { what: Kind::Request, max: LINKS_MAX });
        }
        Ok(vec![Event::RequestLinked { request: id.clone(), other: other.clone() }])
    }

    pub(super) fn merge_request(&self, id: &RequestId, into: &RequestId) -> Result<Vec<Event>, Rejection> {
        self.open_request_of(id)?;
        self.check_other(id, into)?;
        if into.member == id.member {
            self.open_request_of(into)?;
        }
        Ok(vec![Event::RequestMerged { request: id.clone(), into: into.clone() }])
    }

    /// Two members that merge their requests into each other at the same time leave the patient to nobody.
    pub(super) fn reopen_request(&self, id: &RequestId) -> Result<Vec<Event>, Rejection> {
        let request = self.request_of(id)?;
        match &request.state {
            RequestState::Merged { .. } => Ok(vec![Event::RequestReopened { request: id.clone() }]),
            RequestState::Open => Ok(Vec::new()),
            state @ (RequestState::Cancelled(_) | RequestState::Closed { .. }) => {
                Err(Rejection::RequestNotOpen { request: id.clone(), state: state.clone() })
            }
        }
    }

    pub(super) fn cancel_request(
        &self,
        id: &RequestId,
        reason: CancelReason,
    ) -> Result<Vec<Event>, Rejection> {
        self.open_request_of(id)?;
        Ok(vec![Event::RequestCancelled { request: id.clone(), reason }])
    }

    pub(super) fn close_request(&self, id: &RequestId) -> Result<Vec<Event>, Rejection> {
        let request = self.open_request_of(id)?;
        if let Some((requisition, _)) = request.attempts().find(|(_, attempt)| attempt.stands()) {
            return Err(Rejection::RequestUnderWay { requisition });
        }
        let completed = AttemptState::Ended(AttemptEnd::Completed);
        let filled = request.attempts().any(|(_, attempt)| attempt.state == completed);
        Ok(vec![Event::RequestClosed { request: id.clone(), filled }])
    }

    /// Only fire departments and medical institutions may ask; a headquarters in a disaster, and for what is not a patient.
    ///
    /// Source: operating manuals of the doctor helicopters; never citizens.
    fn may_ask(&self, requester: &OrganisationId, kind: RequestKind) -> Result<(), Rejection> {
        let missing = || Rejection::NotFound { kind: Kind::Organisation, name: requester.to_string() };
        let organisation = self.organisations.get(requester).ok_or_else(missing)?;
        let patient = match kind {
            RequestKind::Scene | RequestKind::Transfer | RequestKind::Hoist => true,
            RequestKind::Supplies | RequestKind::Reconnaissance | RequestKind::Staff => false,
        };
        let may = match organisation.kind {
            OrganisationKind::FireDepartment | OrganisationKind::Hospital => true,
            OrganisationKind::Headquarters => !patient || self.mode.level.rules().headquarters_asks,
            OrganisationKind::Base | OrganisationKind::Operator | OrganisationKind::Agency => false,
        };
        if may { Ok(()) } else { Err(Rejection::MayNotAsk { requester: requester.clone(), kind }) }
    }

    fn check_other(&self, id: &RequestId, other: &RequestId) -> Result<(), Rejection> {
        if id == other {
            return Err(Rejection::SameRequest { request: id.clone() });
        }
        if other.member == id.member {
            self.request_of(other)?;
        }
        Ok(())
    }

    fn request_of(&self, id: &RequestId) -> Result<&Request, Rejection> {
        self.own(&id.member, || id.to_string())?;
        let missing = || Rejection::NotFound { kind: Kind::Request, name: id.to_string() };
        self.requests.get(id).ok_or_else(missing)
    }

    fn open_request_of(&self, id: &RequestId) -> Result<&Request, Rejection> {
        let request = self.request_of(id)?;
        if request.state == RequestState::Open {
            return Ok(request);
        }
        Err(Rejection::RequestNotOpen { request: id.clone(), state: request.state.clone() })
    }

    fn attempt_of(&self, id: &RequisitionId) -> Result<&Attempt, Rejection> {
        let missing = || Rejection::NotFound { kind: Kind::Requisition, name: id.to_string() };
        self.request_of(&id.request)?.attempt(id).ok_or_else(missing)
    }
}

/// Whether the next attempt of a number may open without a person's word for it: when the end of every attempt before
/// it was read, not only of the last. One that a person went past may have been promised all the same.
fn may_go_past(request: &Request, n: u16, number: &Number) -> Result<(), Rejection> {
    let mut open = None;
    for (attempt, count) in number.attempts.iter().zip(1u16..) {
        let requisition = || request.requisition(n, count);
        match &attempt.state {
            AttemptState::Committed { .. } | AttemptState::Ended(AttemptEnd::Completed) => {
                return Err(Rejection::NumberServed { requisition: requisition() });
            }
            AttemptState::Open | AttemptState::Ended(AttemptEnd::Superseded) => open = Some(requisition()),
            AttemptState::Ended(_) if attempt.is_in_doubt() => open = Some(requisition()),
            AttemptState::Ended(_) => {}
        }
    }
    open.map_or(Ok(()), |requisition| Err(Rejection::AttemptOpen { requisition }))
}

fn check_request(at: Timestamp, new: &NewRequest) -> Result<(), Rejection> {
    fields::short("incident", &new.incident)?;
    fields::long("place", &new.place)?;
    fields::short("keyword", &new.keyword)?;
    fields::long("hazards", &new.hazards.hazards)?;
    fields::long("access", &new.hazards.access)?;
    for (field, text) in [("caller", &new.caller), ("patients", &new.patients)] {
        check_sealed(field, text.as_ref())?;
    }
    if let Some(called_at) = new.called_at {
        fields::reported("call_time", called_at, at)?;
    }
    if let Some(due) = new.due {
        fields::upcoming("due_time", due, at, FUTURE_S_MAX)?;
    }
    if let Some(ambulance) = &new.ambulance {
        fields::short("ambulance.call_sign", &ambulance.call_sign)?;
        if let Some(time) = ambulance.at_patient.filter(|time| *time <= at) {
            fields::reported("ambulance.at_patient_time", time, at)?;
        } else if let Some(time) = ambulance.at_patient {
            fields::upcoming("ambulance.at_patient_time", time, at, 86_400)?;
        }
    }
    let triage = [new.triage.red, new.triage.yellow, new.triage.green, new.triage.black];
    for patients in triage {
        fields::range("triage", patients, 0, i64::from(PATIENTS_MAX))?;
    }
    fields::range("stretchers", new.stretchers, 0, 100)?;
    fields::range("aircraft_count", new.aircraft_count, 1, i64::from(AIRCRAFT_MAX))?;
    fields::count("hospitals", new.hospitals.len(), PREFERRED_HOSPITALS_MAX)?;
    fields::distinct("hospitals", &new.hospitals)?;
    if new.kind == RequestKind::Transfer && new.origin.is_none() {
        return Err(invalid("origin_hospital", FieldProblem::Required));
    }
    if new.kind == RequestKind::Transfer && new.hospitals.is_empty() {
        return Err(invalid("hospitals", FieldProblem::Required));
    }
    Ok(())
}

/// A text that will be sealed: bounded like any other.
pub(super) fn check_sealed(field: &'static str, text: Option<&SealText>) -> Result<(), Rejection> {
    text.map_or(Ok(()), |sealed| fields::long(field, &sealed.text))
}
