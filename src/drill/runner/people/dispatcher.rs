//! The fire command: takes a call, ranks, asks, and asks the next.

use super::{Asked, Behind, Case, Deed, People};
use crate::allocator::ranking::{InOrder, Transport};
use crate::authority::planner::breaks_off;
use crate::authority::{Outcome, Submission, SubmitError};
use crate::decision::command::NewRequest;
use crate::decision::model::{
    Actor, Attempt, AttemptEnd, AttemptState, CancelReason, Capability, Hazards, RequestKind, RequestState,
    Triage,
};
use crate::decision::{Command, Event};
use crate::drill::runner::calls::Call;
use crate::drill::runner::outcome::{Chosen, DecidedOn, Told};
use crate::drill::runner::world::{RunFault, World};
use crate::id::{LedgerId, OrganisationId, RequestId, RequisitionId};
use crate::units::{Position, Seconds};

/// Machines are looked at again this long after an ask: a lease that nobody answered is gone without by then.
const LOOK_AGAIN_S: Seconds = 3;
/// An answer may be on its way this long after it was due.
const SLACK_S: Seconds = 10;
/// On a sphere of the Earth's mean radius.
const METRES_PER_DEGREE: f64 = 111_195.0;

/// What is known of the ask before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Before {
    /// It has ended, or there was none.
    Ended,
    /// Nothing: another goes by the dispatcher's word.
    Unknown,
}

/// A call for one doctor helicopter and one patient whose life is at risk.
pub(in crate::drill::runner) fn ordinary(requester: OrganisationId, position: Position) -> NewRequest {
    NewRequest {
        kind: RequestKind::Scene,
        requester,
        incident: String::new(),
        position,
        place: String::new(),
        site: None,
        called_at: None,
        keyword: String::new(),
        triage: Triage { red: 1, ..Triage::default() },
        stretchers: 1,
        needed: [Capability::Physician, Capability::Stretcher].into_iter().collect(),
        hazards: Hazards::default(),
        ambulance: None,
        due: None,
        origin: None,
        hospitals: Vec::new(),
        aircraft_count: 1,
        caller: None,
        patients: None,
    }
}

/// The request that was opened.
pub(in crate::drill::runner) fn opened(outcome: Outcome) -> Option<RequestId> {
    outcome.events.into_iter().find_map(|event| match event {
        Event::RequestOpened(opened) => Some(opened.request),
        _ => None,
    })
}

impl People<'_> {
    /// A fire department calls for a doctor helicopter.
    pub(super) fn call(&mut self, world: &mut World, call: &Call) -> Result<(), RunFault> {
        let position = self.scattered(call.position);
        let new = NewRequest { called_at: Some(call.at), ..ordinary(call.area.clone(), position) };
        self.take_call(world, new, Behind::Patient).map(|_| ())
    }

    /// Opens a request, and asks for it at once.
    pub(super) fn take_call(
        &mut self,
        world: &mut World,
        new: NewRequest,
        behind: Behind,
    ) -> Result<Result<RequestId, SubmitError>, RunFault> {
        let called_at = new.called_at.unwrap_or(world.now());
        let (area, position) = (new.requester.clone(), new.position);
        let ledger = LedgerId::Member(new.requester.member.clone());
        let outcome = match world.submit(&ledger, "fire command", Command::OpenRequest(new))? {
            Ok(outcome) => outcome,
            Err(error) => return Ok(Err(error)),
        };
        let Some(request) = opened(outcome) else { return Ok(Err(SubmitError::NotRecordable { ledger })) };
        let case = Case { behind, area, position, called_at, told: None, refused: 0, decisions: Vec::new() };
        self.cases.insert(request.clone(), case);
        self.newest = Some(request.clone());
        self.ask(world, &request, Before::Ended)?;
        Ok(Ok(request))
    }

    /// Somewhere around the centre of an area, as likely here as there.
    fn scattered(&mut self, centre: Position) -> Position {
        let share = f64::from(self.places.between(0, 1_000_000)) / 1e6;
        let away_e7 = libm::sqrt(share) * f64::from(self.order.habits.scatter_m) * 1e7 / METRES_PER_DEGREE;
        let direction = f64::from(self.places.between(0, 359)).to_radians();
        let (lat_e7, lon_e7) = (centre.lat_e7(), centre.lon_e7());
        let narrow = libm::cos((f64::from(lat_e7) / 1e7).to_radians()).max(0.01);
        let north_e7 = libm::round(away_e7 * libm::cos(direction)) as i32;
        let east_e7 = libm::round(away_e7 * libm::sin(direction) / narrow) as i32;
        let moved = Position::from_e7(lat_e7.saturating_add(north_e7), lon_e7.saturating_add(east_e7));
        moved.unwrap_or(centre)
    }

    /// The dispatcher ranks, and asks the first in the list that takes nobody's aircraft away.
    pub(super) fn ask(&mut self, world: &mut World, id: &RequestId, before: Before) -> Result<(), RunFault> {
        let (now, ledger) = (world.now(), id.ledger());
        let view = world.view_at(&ledger);
        let request = view.member_state(&id.member).and_then(|state| state.requests.get(id));
        let Some(request) = request.filter(|request| request.state == RequestState::Open) else {
            return Ok(());
        };
        let planner = self.planners_apart.get(&id.member).unwrap_or(self.planner);
        let ranked = planner.rank(view, now, request, self.work_budget)?;
        self.injects.note_left_out(&ranked);
        let attempts = request.attempts().count();
        // Whose end is not known is gone past by the dispatcher's word each time.
        let is_unknown = |attempt: &Attempt| {
            attempt.is_in_doubt() || attempt.state == AttemptState::Ended(AttemptEnd::Superseded)
        };
        let send_another =
            before == Before::Unknown || request.attempts().any(|(_, attempt)| is_unknown(attempt));
        let first = ranked.plan.in_order().into_iter().find_map(|option| match option {
            InOrder::Ground(unit) => Some(Err(unit)),
            InOrder::Aircraft(candidate) => {
                let place = ranked.plan.candidates.iter().position(|known| known == candidate)?;
                let choice = ranked.choice(place).filter(|choice| !breaks_off(view, choice))?;
                Some(Ok((candidate, choice)))
            }
        });
        if let Some(case) = self.cases.get_mut(id) {
            let chosen = match &first {
                Some(Ok((_, choice))) => Chosen::Aircraft(choice.asset.clone()),
                Some(Err(unit)) => Chosen::Ground(ranked.stated.names.ground[unit.unit.index()].clone()),
                None => Chosen::Nobody,
            };
            case.decisions.push(DecidedOn { at: now, chosen, problem: ranked.bytes.clone() });
        }
        let (candidate, choice) = match first {
            Some(Ok(chosen)) => chosen,
            other => {
                let care_s = other.and_then(Result::err).map(|unit| unit.care_s);
                if let Some(case) = self.cases.get_mut(id) {
                    let waited_s = now.seconds_since(case.called_at);
                    let told = care_s.map(|care_s| Told::Ground { care_s: waited_s + care_s });
                    case.told = Some(told.unwrap_or(Told::Nobody));
                }
                let reason = if care_s.is_some() { CancelReason::ByRoad } else { CancelReason::NotNeeded };
                let cancel = Command::CancelRequest { request: id.clone(), reason };
                return self.say(world, Some(ledger), "fire command", cancel).map(|_| ());
            }
        };
        let answer_s = planner.answer_s(&ranked, &choice);
        let asked = Asked {
            asset: choice.asset.clone(),
            timeline: candidate.timeline,
            is_by_air: matches!(candidate.transport, Transport::ByAir { .. }),
            answer_by: now + answer_s,
            mission: None,
        };
        let command = Command::OpenAttempt {
            request: id.clone(),
            number: 1,
            choice,
            answer_s,
            standing_order: None,
            send_another,
            takes: None,
            after: u16::try_from(attempts).ok(),
        };
        let actor = Actor("unauthenticated:fire command".to_owned());
        let (seen, problem) = (ranked.seen, Some(ranked.bytes));
        let submission = Submission { seen, problem, ..Submission::new(world.name(), actor, command) };
        let requisition = RequisitionId { request: id.clone(), number: 1, attempt: attempts as u16 + 1 };
        self.asked.insert(requisition.clone(), asked);
        let _ = world.hand_in(&ledger, submission)?;
        self.note(now + LOOK_AGAIN_S, Deed::LookAgain(requisition));
        Ok(())
    }

    /// A base does not go: the next is asked, unless somebody else was sent meanwhile.
    pub(super) fn after_refusal(&mut self, world: &mut World, request: RequestId) -> Result<(), RunFault> {
        let known = world.state(&request.ledger()).and_then(|state| state.requests.get(&request));
        let has = |is: fn(&AttemptState) -> bool| {
            known.is_some_and(|known| known.attempts().any(|(_, attempt)| is(&attempt.state)))
        };
        if has(|state| *state == AttemptState::Ended(AttemptEnd::Completed)) {
            let ledger = Some(request.ledger());
            return self.say(world, ledger, "fire command", Command::CloseRequest { request }).map(|_| ());
        }
        if has(|state| matches!(state, AttemptState::Open | AttemptState::Committed { .. })) {
            return Ok(());
        }
        if let Some(case) = self.cases.get_mut(&request) {
            case.refused += 1;
        }
        self.soon(world.now(), self.order.habits.ask_again_s, Deed::Ask(request));
        Ok(())
    }

    /// The machines get on; where the custodian cannot be reached, the dispatcher waits no longer than a base may take.
    pub(super) fn look_again(
        &mut self,
        world: &mut World,
        requisition: RequisitionId,
    ) -> Result<(), RunFault> {
        world.drive()?;
        let Some(asked) = self.asked.get(&requisition) else { return Ok(()) };
        if !world.reaches(&requisition.request.ledger(), &asked.asset.ledger()) {
            self.note(asked.answer_by + SLACK_S, Deed::Doubt(requisition));
        }
        Ok(())
    }

    /// Those who asked across a link that breaks now will wait for their answers in vain.
    pub(super) fn expect_doubts(&mut self, world: &World) {
        let open = world.states().flat_map(|state| {
            state.requests_driven.iter().filter_map(|id| state.requests.get(id)).flat_map(|request| {
                let open = request.attempts().filter(|(_, attempt)| attempt.state == AttemptState::Open);
                open.map(|(requisition, _)| requisition)
            })
        });
        let doubtful: Vec<RequisitionId> = open
            .filter(|requisition| {
                let asked = self.asked.get(requisition);
                asked
                    .is_some_and(|asked| !world.reaches(&requisition.request.ledger(), &asked.asset.ledger()))
            })
            .collect();
        for requisition in doubtful {
            let answer_by = self.asked.get(&requisition).map_or(world.now(), |asked| asked.answer_by);
            self.note(answer_by.max(world.now()) + SLACK_S, Deed::Doubt(requisition));
        }
    }

    /// No answer came: the dispatcher sends another.
    pub(super) fn doubt(&mut self, world: &mut World, requisition: &RequisitionId) -> Result<(), RunFault> {
        let id = &requisition.request;
        let request = world.state(&id.ledger()).and_then(|state| state.requests.get(id));
        let in_doubt = request.is_some_and(|request| {
            request.state == RequestState::Open
                && request.attempts().any(|(asked, attempt)| {
                    asked == *requisition
                        && attempt.state == AttemptState::Open
                        && attempt.withdrawal.is_none()
                })
        });
        if !in_doubt {
            return Ok(());
        }
        self.injects.note_doubt(requisition);
        if let Some(case) = self.cases.get_mut(id) {
            case.refused += 1;
        }
        self.ask(world, &id.clone(), Before::Unknown)
    }
}
