//! Requisitions: acknowledged, committed, declined, withdrawn; late goes taken or stood down.

use super::{Adviser, Answer, Dispatch};
use crate::api::v1;
use crate::authority::{Union, View};
use crate::decision::command::SealKind;
use crate::decision::limits::ANSWER_S_OF_TAKEN_OFFER;
use crate::decision::model::{
    Actor, AttemptState, Choice, Hold, HospitalChoice, IfBusy, Mission, MissionPhase, Offer, OfferState,
};
use crate::decision::rejection::{FieldProblem, Kind};
use crate::decision::{Command, Event, Rejection, State};
use crate::id::{LedgerId, OfferId, RequestId, RequisitionId};
use crate::service::ServiceError;
use crate::service::convert::{Parent, Shown, read};
use crate::service::desk::{Call, Caller, Done, unknown};
use crate::service::filter::FilterField;
use crate::service::paging::Query;
use crate::service::registry::{ledgers, parent_key};
use std::collections::BTreeSet;

const FILTER: [FilterField; 2] = [
    FilterField { name: "state", takes: |value| v1::requisition::State::from_str_name(value).is_some() },
    FilterField { name: "asset", takes: |_| true },
];

impl<U: Union, P: Adviser<U>> Dispatch<U, P> {
    pub(super) async fn get_requisition(
        &self,
        _: Caller,
        message: v1::GetRequisitionRequest,
    ) -> Answer<v1::Requisition> {
        let id: RequisitionId = self.desk.reader().name("name", &message.name)?;
        known(&self.desk.shown(), &id)
    }

    pub(super) async fn list_requisitions(
        &self,
        _: Caller,
        message: v1::ListRequisitionsRequest,
    ) -> Answer<v1::ListRequisitionsResponse> {
        let of = self.asks_of(&message.parent)?;
        let query = Query {
            method: "ListRequisitions",
            parent: &of.key(),
            filter: &message.filter,
            page_size: message.page_size,
            page_token: &message.page_token,
        };
        let page = query.read(&FILTER)?;
        let shown = self.desk.shown();
        let ids = of.ids(&shown.view)?;
        let passing = ids.filter(|id| page.filter.admits(|field| values(&shown, id, field)));
        let (ids, next_page_token) = page.cut(passing, RequisitionId::clone)?;
        let requisitions = ids.iter().filter_map(|id| shown.requisition(id)).collect();
        Ok(v1::ListRequisitionsResponse { requisitions, next_page_token })
    }

    pub(super) async fn acknowledge_requisition(
        &self,
        caller: Caller,
        message: v1::AcknowledgeRequisitionRequest,
    ) -> Answer<v1::Requisition> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let id: RequisitionId = self.desk.reader().name("name", &message.name)?;
        let command = Command::AcknowledgeRequisition { requisition: id.clone() };
        self.ask_custodian(call, &id, command).await
    }

    pub(super) async fn commit_requisition(
        &self,
        caller: Caller,
        message: v1::CommitRequisitionRequest,
    ) -> Answer<v1::Mission> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let id: RequisitionId = self.desk.reader().name("name", &message.name)?;
        let command = Command::CommitRequisition {
            requisition: id.clone(),
            telephone: read::telephone(message.telephone),
            crew: read::seal(SealKind::Crew, message.crew),
        };
        let actor = call.actor.clone();
        let ledger = self.custodian(&id)?;
        let done = self.desk.order(call, &ledger, command).await?;
        let committed = committed(&id, &done)?;
        let Event::Committed { mission, .. } = committed else { return Err(unknown(Kind::Mission, &id)) };
        let state = done.shown.view.state(&mission.ledger());
        if state.is_some_and(|state| state.missions.contains_key(mission)) {
            return self.mission(&done.shown, mission).await;
        }
        let hold = done.shown.sides(&id).hold.ok_or_else(|| unknown(Kind::Requisition, &id))?;
        let would_be = would_be(committed, hold, actor).ok_or_else(|| unknown(Kind::Mission, &id))?;
        Ok(done.shown.mission_of(&would_be))
    }

    pub(super) async fn decline_requisition(
        &self,
        caller: Caller,
        message: v1::DeclineRequisitionRequest,
    ) -> Answer<v1::Requisition> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let id: RequisitionId = self.desk.reader().name("name", &message.name)?;
        let reason = read::choice("reason", message.reason)?;
        let telephone = read::telephone(message.telephone);
        let command = Command::DeclineRequisition { requisition: id.clone(), reason, telephone };
        self.ask_custodian(call, &id, command).await
    }

    /// The asking side takes its ask back: its own ledger drives that, whether or not the custodian can be reached.
    pub(super) async fn withdraw_requisition(
        &self,
        caller: Caller,
        message: v1::WithdrawRequisitionRequest,
    ) -> Answer<v1::Requisition> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let id: RequisitionId = self.desk.reader().name("name", &message.name)?;
        let command = Command::WithdrawAttempt { requisition: id.clone() };
        let done = self.desk.order(call, &id.request.ledger(), command).await?;
        known(&done.shown, &id)
    }

    pub(super) async fn report_commitment(
        &self,
        caller: Caller,
        message: v1::ReportCommitmentRequest,
    ) -> Answer<v1::Requisition> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let id: RequisitionId = self.desk.reader().name("name", &message.name)?;
        let telephone = read::given("telephone", read::telephone(message.telephone))?;
        let command = Command::ReportCommit { requisition: id.clone(), telephone };
        let done = self.desk.order(call, &id.request.ledger(), command).await?;
        known(&done.shown, &id)
    }

    /// Takes a late go: the request's ledger opens the next attempt for its aircraft, and its authority then takes the
    /// offer at the custodian.
    pub(super) async fn take_offer(
        &self,
        caller: Caller,
        message: v1::TakeOfferRequest,
    ) -> Answer<v1::Requisition> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let id: OfferId = self.desk.reader().name("offer", &message.offer)?;
        let (late, choice) = late_go(&self.desk.shown().view, &id)?;
        let command = Command::OpenAttempt {
            request: late.request.clone(),
            number: late.number,
            choice: choice.clone(),
            answer_s: ANSWER_S_OF_TAKEN_OFFER,
            standing_order: None,
            send_another: message.send_another,
            takes: Some(id),
            after: None,
        };
        let done = self.desk.order(call, &late.request.ledger(), command).await?;
        let opened = done.outcome.events.iter().find_map(|event| match event {
            Event::AttemptOpened { requisition, .. } => Some(requisition),
            _ => None,
        });
        let opened = opened.ok_or_else(|| unknown(Kind::Requisition, &late))?;
        Ok(done.shown.requisition(opened).unwrap_or_else(|| done.shown.would_ask(opened, &choice)))
    }

    pub(super) async fn stand_down_offer(
        &self,
        caller: Caller,
        message: v1::StandDownOfferRequest,
    ) -> Answer<v1::Offer> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let id: OfferId = self.desk.reader().name("offer", &message.offer)?;
        let done = self.desk.order(call, &id.ledger(), Command::StandDownOffer { offer: id.clone() }).await?;
        done.shown.offer(&id).ok_or_else(|| unknown(Kind::Offer, &id))
    }

    /// Sends `command` about an ask to the custodian of its aircraft.
    async fn ask_custodian(
        &self,
        call: Call,
        id: &RequisitionId,
        command: Command,
    ) -> Answer<v1::Requisition> {
        let ledger = self.custodian(id)?;
        let done = self.desk.order(call, &ledger, command).await?;
        known(&done.shown, id)
    }

    /// The ledger of the custodian of the aircraft that was asked for.
    fn custodian(&self, id: &RequisitionId) -> Answer<LedgerId> {
        let shown = self.desk.shown();
        let asset = shown.sides(id).asset().ok_or_else(|| unknown(Kind::Requisition, id))?;
        Ok(asset.ledger())
    }

    /// Whose requisitions a list wants.
    fn asks_of(&self, parent: &str) -> Answer<AsksOf> {
        let names = self.desk.reader().names();
        if names.relative("parent", parent)?.contains("/requests/") {
            return names.parse("parent", parent).map(AsksOf::Request);
        }
        names.parent(parent).map(AsksOf::Custodian)
    }
}

/// Whose requisitions a list wants.
enum AsksOf {
    /// Those that a request made.
    Request(RequestId),
    /// Those that reached a custodian; of everybody also those that have not arrived yet.
    Custodian(Parent),
}

impl AsksOf {
    fn key(&self) -> String {
        match self {
            AsksOf::Request(request) => request.to_string(),
            AsksOf::Custodian(parent) => parent_key(parent),
        }
    }

    /// The asks, in order.
    fn ids<'v>(&self, view: &'v View) -> Answer<Box<dyn Iterator<Item = RequisitionId> + Send + 'v>> {
        match self {
            AsksOf::Request(id) => {
                let state = view.state(&id.ledger());
                let request = state.and_then(|state| state.requests.get(id));
                let request = request.ok_or_else(|| unknown(Kind::Request, id))?;
                Ok(Box::new(request.attempts().map(|(id, _)| id)))
            }
            AsksOf::Custodian(parent @ Parent::Member(_)) => {
                let states = ledgers(view, parent)?;
                let reached: BTreeSet<_> = states.into_iter().flat_map(reached).collect();
                Ok(Box::new(reached.into_iter().cloned()))
            }
            AsksOf::Custodian(Parent::Any) => Ok(everything(view)),
        }
    }
}

/// Every ask that either side knows.
fn everything(view: &View) -> Box<dyn Iterator<Item = RequisitionId> + Send + '_> {
    let requests = view.states().flat_map(|state| state.requests.values());
    let asked = requests.flat_map(|request| request.attempts().map(|(id, _)| id));
    // Holds whose request lies in a ledger that is not read here.
    let orphans: BTreeSet<&RequisitionId> =
        view.states().flat_map(reached).filter(|id| view.state(&id.request.ledger()).is_none()).collect();
    if orphans.is_empty() {
        return Box::new(asked);
    }
    let mut all: BTreeSet<RequisitionId> = orphans.into_iter().cloned().collect();
    all.extend(asked);
    Box::new(all.into_iter())
}

/// The asks that reached a custodian, whether or not something was held.
fn reached(state: &State) -> impl Iterator<Item = &RequisitionId> {
    state.holds.keys().chain(state.not_held.keys())
}

fn values(shown: &Shown, id: &RequisitionId, field: &str) -> Vec<String> {
    let sides = shown.sides(id);
    match (field, sides.asset()) {
        ("state", _) => vec![sides.state().as_str_name().to_string()],
        (_, Some(asset)) => vec![asset.to_string(), shown.names.print(asset)],
        (_, None) => Vec::new(),
    }
}

fn known(shown: &Shown, id: &RequisitionId) -> Answer<v1::Requisition> {
    shown.requisition(id).ok_or_else(|| unknown(Kind::Requisition, id))
}

/// The commitment that a go led to.
///
/// A go that came too late is recorded as an offer. That must not look like a promise to a base that reads nothing
/// but success or failure, so it is an error here although something was recorded.
fn committed<'d>(id: &RequisitionId, done: &'d Done) -> Answer<&'d Event> {
    let too_late =
        |offer: &OfferId| ServiceError::GoTooLate { requisition: id.clone(), offer: offer.clone() };
    for event in &done.outcome.events {
        match event {
            Event::Committed { requisition, .. } if requisition == id => return Ok(event),
            Event::Offered { requisition: Some(requisition), offer, .. } if requisition == id => {
                return Err(too_late(offer));
            }
            _ => {}
        }
    }
    // Nothing new: it had become an offer before.
    let asset = done.shown.sides(id).asset();
    let state = asset.and_then(|asset| done.shown.view.state(&asset.ledger()));
    let offer = state.and_then(|state| state.late_go_offer(id));
    Err(offer.map_or_else(|| unknown(Kind::Mission, id), |offer| too_late(&offer.id)))
}

/// The mission that a go would lead to.
fn would_be(committed: &Event, hold: &Hold, actor: Actor) -> Option<Mission> {
    let Event::Committed { requisition, mission, telephone, .. } = committed else { return None };
    let forecast = |hospital| HospitalChoice { hospital, chosen_at: None, patients: 1 };
    Some(Mission {
        id: mission.clone(),
        requisition: requisition.clone(),
        asset: hold.asset.clone(),
        site: hold.site.clone(),
        hospital: hold.hospital.clone().map(forecast),
        hospitals_left: Vec::new(),
        phase: MissionPhase::Committed,
        progress: Vec::new(),
        end: None,
        telephone: telephone.clone(),
        confirmed: telephone.is_none(),
        committed_by: actor,
        crew: None,
    })
}

/// The ask whose late go `id` is, and what the attempt that takes it asks for.
///
/// An offer that is not open any more is refused here, unless an open attempt for its aircraft follows it: that is
/// what a retry of the call that took it finds, and the ledger tells the retry from a second try.
fn late_go(view: &View, id: &OfferId) -> Answer<(RequisitionId, Choice)> {
    let offer = view.state(&id.ledger()).and_then(|state| state.offers.get(id));
    let offer: &Offer = offer.ok_or_else(|| unknown(Kind::Offer, id))?;
    let late = offer.requisition.as_ref();
    let late = late.ok_or_else(|| ServiceError::field("offer", FieldProblem::NotAllowed))?;
    let state = view.state(&late.request.ledger());
    let request = state.and_then(|state| state.requests.get(&late.request));
    let request = request.ok_or_else(|| unknown(Kind::Request, &late.request))?;
    let follows = request.attempts().any(|(id, attempt)| {
        id.number == late.number
            && id.attempt > late.attempt
            && attempt.choice.asset == offer.asset
            && !matches!(attempt.state, AttemptState::Ended(_))
    });
    if offer.state != OfferState::Open && !follows {
        return Err(Rejection::OfferNotOpen { offer: id.clone(), state: offer.state }.into());
    }
    let asked = request.attempt(late).ok_or_else(|| unknown(Kind::Requisition, late))?;
    let choice = Choice {
        asset: offer.asset.clone(),
        if_busy: IfBusy::Decline,
        at_site: None,
        ..asked.choice.clone()
    };
    Ok((late.clone(), choice))
}
