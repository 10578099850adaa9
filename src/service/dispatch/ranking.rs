//! The calls of the dispatch service that need a solver: rank, ask by rank, explain.
//!
//! The solver runs beside the workers that serve calls, on the view as it is when the call comes; what it finds is
//! judged again by the ledger that it is asked of.

use crate::api::v1;
use crate::authority::planner::together::Fault;
use crate::authority::planner::{CANDIDATES_DEFAULT, RankPlanner, choice_by_hand};
use crate::authority::{Outcome, Submission, Union};
use crate::decision::event::{Context, RequestOpened};
use crate::decision::model::{Actor, AttemptState, Choice, Number, Request};
use crate::decision::rejection::{FieldProblem, Kind};
use crate::decision::{Command, Event, State};
use crate::id::{AssetId, HospitalId, RequestId, RequisitionId, SiteId};
use crate::record;
use crate::service::convert::{ranking as draw, read};
use crate::service::desk::unknown;
use crate::service::dispatch::assignment;
use crate::service::known;
use crate::service::{Caller, Desk, ServiceError};
use crate::units::Timestamp;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

/// Most candidates that are written out.
const CANDIDATES_MAX: u16 = 100;
/// How long an ask waits for the custodian's first word before it answers with what is known.
const FIRST_WORD: Duration = Duration::from_millis(500);

/// Ranks, asks by rank, and explains what was asked.
pub trait Adviser<U>: Send + Sync + 'static {
    /// Which aircraft, to which site and hospital, and why not the others. Changes nothing.
    fn rank_candidates(
        &self,
        desk: &Desk<U>,
        message: v1::RankCandidatesRequest,
    ) -> impl Future<Output = Result<v1::Ranking, ServiceError>> + Send;

    /// Which aircraft could take which of the requests that are open. Asks nobody.
    fn propose_assignment(
        &self,
        desk: &Desk<U>,
        message: v1::ProposeAssignmentRequest,
    ) -> impl Future<Output = Result<v1::ProposeAssignmentResponse, ServiceError>> + Send;

    /// Asks the aircraft named, or the best of a fresh ranking.
    fn ask_requisition(
        &self,
        desk: &Desk<U>,
        caller: Caller,
        message: v1::AskRequisitionRequest,
    ) -> impl Future<Output = Result<v1::Requisition, ServiceError>> + Send;

    /// The ranking as it was known when a requisition was asked.
    fn explain_requisition(
        &self,
        desk: &Desk<U>,
        message: v1::ExplainRequisitionRequest,
    ) -> impl Future<Output = Result<v1::ExplainRequisitionResponse, ServiceError>> + Send;
}

impl<U: Union> Adviser<U> for Arc<RankPlanner> {
    async fn rank_candidates(
        &self,
        desk: &Desk<U>,
        message: v1::RankCandidatesRequest,
    ) -> Result<v1::Ranking, ServiceError> {
        let count = candidate_count(message.candidate_count)?;
        let shown = desk.shown();
        let at = read::instant_opt("at_time", message.at_time)?.unwrap_or(shown.now);
        check_ahead(at, shown.now)?;
        let request = match message.subject {
            None => return Err(ServiceError::required("subject")),
            Some(v1::rank_candidates_request::Subject::Request(name)) => {
                let id: RequestId = desk.reader().name("request", &name)?;
                known_request(&shown.view, &id)?.clone()
            }
            Some(v1::rank_candidates_request::Subject::Draft(draft)) => {
                let draft = known::with_position(desk.reader(), &shown.view, draft)?;
                let draft = with_requester(desk, &shown.view, draft)?;
                let new = desk.reader().new_request(draft).map_err(|error| error.within("draft"))?;
                known::request(&shown.view, &new)?;
                let state = shown.view.member_state(&new.requester.member);
                let state = state.ok_or_else(|| unknown(Kind::Member, &new.requester.member))?;
                draft_request(state, at, new)?
            }
        };
        let (planner, view) = (Arc::clone(self), Arc::clone(&shown.view));
        let ranked = beside(move || planner.rank(&view, at, &request, count)).await?;
        Ok(draw::ranking(&shown, &ranked.stated, &ranked.plan, &ranked.seen, ranked.hash))
    }

    async fn propose_assignment(
        &self,
        desk: &Desk<U>,
        message: v1::ProposeAssignmentRequest,
    ) -> Result<v1::ProposeAssignmentResponse, ServiceError> {
        let shown = desk.shown();
        let requests = assignment::asked(desk.reader(), &shown.view, &message.requests)?;
        let terms = assignment::terms(desk.reader(), &shown.view, &message)?;
        let (planner, view, now) = (Arc::clone(self), Arc::clone(&shown.view), shown.now);
        let together = beside(move || match planner.rank_together(&view, now, &requests, &terms) {
            Err(Fault::Sorties(fault)) => Ok(Err(fault)),
            found => found.map(Ok),
        });
        Ok(assignment::shown(&shown, &together.await?.map_err(assignment::too_many)?))
    }

    async fn ask_requisition(
        &self,
        desk: &Desk<U>,
        caller: Caller,
        message: v1::AskRequisitionRequest,
    ) -> Result<v1::Requisition, ServiceError> {
        let reader = desk.reader();
        let id: RequestId = reader.name("request", &message.request)?;
        let asset: Option<AssetId> = reader.name_opt("asset", &message.asset)?;
        let site: Option<SiteId> = reader.name_opt("site", &message.site)?;
        let hospital: Option<HospitalId> = reader.name_opt("hospital", &message.hospital)?;
        let answer_s = read::span_opt("answer_within", message.answer_within)?;
        let number = read::count("number", message.number)?;
        let after = message.after_attempt.map(|after| read::count("after_attempt", after)).transpose()?;
        if message.send_another && (number == 0 || after.is_none()) {
            // A key pressed twice would send two more.
            return Err(ServiceError::required(if number == 0 { "number" } else { "after_attempt" }));
        }
        let call = caller.call(message.request_id, message.validate_only)?;
        // What the caller said, not what is worked out for it below: that comes out differently in a retry, since the
        // aircraft is asked by then.
        let said = (&id, number, &asset, &site, &hospital, answer_s, message.send_another, after);
        let payload = record::canonical(&said);
        if !call.validate_only
            && let Some(before) = desk.union().recorded(&id.ledger(), &call.request_id, &payload).await?
        {
            return asked(desk, &before);
        }
        let shown = desk.shown();
        let request = known_request(&shown.view, &id)?.clone();
        let number = number_to_serve(&request, number);
        asset.iter().try_for_each(|id| known::asset(&shown.view, id))?;
        site.iter().try_for_each(|id| known::site(&shown.view, id))?;
        hospital.iter().try_for_each(|id| known::hospital(&shown.view, id))?;
        let (planner, view, now) = (Arc::clone(self), Arc::clone(&shown.view), shown.now);
        let ranked = beside(move || planner.rank(&view, now, &request, CANDIDATES_MAX)).await?;
        let mut choice = match &asset {
            Some(asset) => choice_by_hand(&ranked, asset),
            None => ranked.choice(0).ok_or(ServiceError::NobodyToAsk { request: id.clone() })?,
        };
        pin(&mut choice, site, hospital);
        let answer_s = answer_s.unwrap_or_else(|| self.answer_s(&ranked, &choice));
        let submission = Submission {
            payload: Some(payload),
            seen: ranked.seen.clone(),
            problem: Some(ranked.bytes.clone()),
            ..call.submission(Command::OpenAttempt {
                request: id.clone(),
                number,
                choice: choice.clone(),
                answer_s,
                standing_order: None,
                send_another: message.send_another,
                takes: None,
                after,
            })
        };
        let validate_only = submission.validate_only;
        let outcome = desk.union().submit(&id.ledger(), submission).await?;
        let requisition = opened(&outcome)?;
        if validate_only {
            return Ok(desk.shown().would_ask(requisition, &choice));
        }
        first_word(desk, requisition).await;
        asked(desk, &outcome)
    }

    async fn explain_requisition(
        &self,
        desk: &Desk<U>,
        message: v1::ExplainRequisitionRequest,
    ) -> Result<v1::ExplainRequisitionResponse, ServiceError> {
        let id: RequisitionId = desk.reader().name("name", &message.name)?;
        let shown = desk.shown();
        let request = known_request(&shown.view, &id.request)?;
        let attempt = request.attempt(&id).ok_or_else(|| unknown(Kind::Requisition, &id))?;
        let stored = desk.union().problem(&id.request.ledger(), attempt.sequence).await?;
        let stored = stored.ok_or(ServiceError::NoStoredProblem { requisition: id.clone() })?;
        let stated = record::decode_problem(&stored.bytes)
            .map_err(|_| ServiceError::NoStoredProblem { requisition: id.clone() })?;
        let plan = beside({
            let stated = stated.clone();
            move || RankPlanner::rank_again(&stated, CANDIDATES_DEFAULT)
        })
        .await?;
        let names = &shown.names;
        Ok(v1::ExplainRequisitionResponse {
            ranking: Some(draw::ranking(&shown, &stated, &plan, &stored.seen, stored.hash)),
            seen: stored
                .seen
                .iter()
                .map(|(ledger, sequence)| v1::explain_requisition_response::Seen {
                    ledger: names.print(ledger),
                    sequence: *sequence,
                })
                .collect(),
            problem_hash: stored.hash.to_vec(),
        })
    }
}

/// The attempt that a record opened.
fn opened(outcome: &Outcome) -> Result<&RequisitionId, ServiceError> {
    let opened = outcome.events.iter().find_map(|event| match event {
        Event::AttemptOpened { requisition, .. } => Some(requisition),
        _ => None,
    });
    opened.ok_or(ServiceError::Unavailable { what: "the attempt" })
}

/// What is known now of the attempt that a record opened.
fn asked<U: Union>(desk: &Desk<U>, outcome: &Outcome) -> Result<v1::Requisition, ServiceError> {
    let requisition = opened(outcome)?;
    desk.shown().requisition(requisition).ok_or_else(|| unknown(Kind::Requisition, requisition))
}

/// Runs a solver where it may block, and names what it could not be given.
async fn beside<T: Send + 'static, E: std::fmt::Display + Send + 'static>(
    solve: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, ServiceError> {
    let solved = tokio::task::spawn_blocking(solve).await;
    match solved {
        Ok(Ok(solved)) => Ok(solved),
        Ok(Err(fault)) => {
            tracing::warn!(%fault, "a ranking could not be stated");
            Err(ServiceError::Unavailable { what: "ranking" })
        }
        Err(_) => Err(ServiceError::Unavailable { what: "ranking" }),
    }
}

/// Waits until the custodian said something, for a person who looks at the answer. The protocol itself never waits.
async fn first_word<U: Union>(desk: &Desk<U>, id: &RequisitionId) {
    let mut views = desk.union().subscribe();
    let heard = async {
        loop {
            {
                let view = views.borrow_and_update();
                let request =
                    view.member_state(&id.request.member).and_then(|state| state.requests.get(&id.request));
                let Some(attempt) = request.and_then(|request| request.attempt(id)) else { return };
                let custodian = view.state(&attempt.choice.asset.ledger());
                let asked = custodian
                    .is_some_and(|state| state.holds.contains_key(id) || state.not_held.contains_key(id));
                if asked || attempt.state != AttemptState::Open {
                    return;
                }
            }
            if views.changed().await.is_err() {
                return;
            }
        }
    };
    // Late is no fault: the answer then says that it is being asked.
    let _ = tokio::time::timeout(FIRST_WORD, heard).await;
}

pub(super) fn known_request<'v>(
    view: &'v crate::authority::View,
    id: &RequestId,
) -> Result<&'v Request, ServiceError> {
    let state = view.member_state(&id.member);
    state.and_then(|state| state.requests.get(id)).ok_or_else(|| unknown(Kind::Request, id))
}

/// A draft that names no requester is taken for a call from the nearest fire department.
fn with_requester<U: Union>(
    desk: &Desk<U>,
    view: &crate::authority::View,
    mut draft: v1::Request,
) -> Result<v1::Request, ServiceError> {
    if draft.requester.is_empty()
        && let Some(position) = read::position_opt("draft.position", draft.position)?
        && let Some(area) = RankPlanner::nearest_area(view, position)
    {
        draft.requester = desk.reader().names().print(&area);
    }
    Ok(draft)
}

/// A request that is only looked at, judged and folded on a copy of the ledger's state.
fn draft_request(
    state: &State,
    at: Timestamp,
    new: crate::decision::command::NewRequest,
) -> Result<Request, ServiceError> {
    let events = state.decide(at.max(state.last_at), &Command::OpenRequest(new))?;
    let mut copy = state.clone();
    let context = Context { sequence: state.sequence + 1, at, actor: Actor("draft".to_owned()) };
    events.iter().for_each(|event| copy.apply(&context, event));
    let opened = events.iter().find_map(|event| match event {
        Event::RequestOpened(RequestOpened { request, .. }) => copy.requests.get(request),
        _ => None,
    });
    opened.cloned().ok_or(ServiceError::Unavailable { what: "the draft" })
}

fn candidate_count(count: i32) -> Result<u16, ServiceError> {
    match count {
        0 => Ok(CANDIDATES_DEFAULT),
        count => u16::try_from(count).ok().filter(|count| *count <= CANDIDATES_MAX).ok_or_else(|| {
            let problem = FieldProblem::OutOfRange { got: count.into(), min: 0, max: CANDIDATES_MAX.into() };
            ServiceError::field("candidate_count", problem)
        }),
    }
}

/// A look ahead of a day at most: nobody knows more of weather, crews and missions.
fn check_ahead(at: Timestamp, now: Timestamp) -> Result<(), ServiceError> {
    let (earliest, latest) = (now - 86_400, now + 86_400);
    if at < earliest {
        return Err(ServiceError::field("at_time", FieldProblem::TooEarly { earliest }));
    }
    if at > latest {
        return Err(ServiceError::field("at_time", FieldProblem::TooLate { latest }));
    }
    Ok(())
}

/// The number given, or the first for which no aircraft may be on its way.
fn number_to_serve(request: &Request, number: u16) -> u16 {
    if number > 0 {
        return number;
    }
    let unserved = request.numbers.iter().position(Number::is_unserved);
    u16::try_from(unserved.unwrap_or(0) + 1).unwrap_or(1)
}

/// Puts a person's own site and hospital before the ranked ones.
fn pin(choice: &mut Choice, site: Option<SiteId>, hospital: Option<HospitalId>) {
    if let Some(site) = site {
        choice.sites.retain(|ranked| *ranked != site);
        choice.sites.insert(0, site);
    }
    choice.hospital = hospital.or(choice.hospital.take());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_candidates_than_are_written_out_are_refused_and_not_cut_off() {
        assert_eq!(candidate_count(0), Ok(CANDIDATES_DEFAULT));
        assert_eq!(candidate_count(100), Ok(100));
        assert!(candidate_count(101).is_err() && candidate_count(-1).is_err());
    }
}

/// An adviser that is not there: the rest of the service is tested without one.
#[cfg(test)]
#[derive(Clone, Copy, Debug, Default)]
pub struct NoAdviser;

#[cfg(test)]
const ABSENT: ServiceError = ServiceError::Unavailable { what: "ranking" };

#[cfg(test)]
impl<U: Union> Adviser<U> for NoAdviser {
    async fn rank_candidates(
        &self,
        _: &Desk<U>,
        _: v1::RankCandidatesRequest,
    ) -> Result<v1::Ranking, ServiceError> {
        Err(ABSENT)
    }

    async fn propose_assignment(
        &self,
        _: &Desk<U>,
        _: v1::ProposeAssignmentRequest,
    ) -> Result<v1::ProposeAssignmentResponse, ServiceError> {
        Err(ABSENT)
    }

    async fn ask_requisition(
        &self,
        _: &Desk<U>,
        _: Caller,
        _: v1::AskRequisitionRequest,
    ) -> Result<v1::Requisition, ServiceError> {
        Err(ABSENT)
    }

    async fn explain_requisition(
        &self,
        _: &Desk<U>,
        _: v1::ExplainRequisitionRequest,
    ) -> Result<v1::ExplainRequisitionResponse, ServiceError> {
        Err(ABSENT)
    }
}
