//! What people do when something happens: the caller, the dispatcher, the base, the crew.
//!
//! Each hears of what was recorded, and acts some time later. Whatever the rules refuse by then they let be.

use super::Order;
use super::calls::Call;
use super::chance::Stream;
use super::outcome::{Answered, Flown, Outcome, Told};
use super::world::{RunFault, World};
use crate::allocator::ranking::{InOrder, Timeline, Transport};
use crate::authority::Submission;
use crate::authority::planner::{CANDIDATES_DEFAULT, RankPlanner, breaks_off};
use crate::decision::command::NewRequest;
use crate::decision::model::{
    Actor, AttemptEnd, AttemptState, CancelReason, Capability, DeclineReason, Hazards, HoldState,
    MissionPhase, RequestKind, Triage,
};
use crate::decision::{Command, Event};
use crate::id::{AssetId, LedgerId, MissionId, RequestId, RequisitionId};
use crate::units::{Position, Seconds, Timestamp};
use std::collections::BTreeMap;

/// Machines are looked at again this long after an ask: a lease that nobody answered is gone without by then.
const LOOK_AGAIN_S: Seconds = 3;
/// On a sphere of the Earth's mean radius.
const METRES_PER_DEGREE: f64 = 111_195.0;
/// A base that waits for its aircraft looks again this often.
const WAIT_S: Seconds = 60;

/// Something that somebody will do.
#[derive(Clone, Debug)]
enum Deed {
    Call(Call),
    Ask(RequestId),
    Hear(RequisitionId),
    Answer(RequisitionId),
    Report(MissionId, MissionPhase),
    LookAgain,
}

/// What was planned for an ask.
#[derive(Clone, Debug)]
struct Asked {
    asset: AssetId,
    timeline: Timeline,
    is_by_air: bool,
}

/// A call that was made.
#[derive(Clone, Debug)]
struct Case {
    called_at: Timestamp,
    told: Option<Told>,
    refused: u32,
}

pub(super) struct People<'a> {
    planner: &'a RankPlanner,
    order: Order,
    agenda: BTreeMap<(Timestamp, u64), Deed>,
    noted: u64,
    asked: BTreeMap<RequisitionId, Asked>,
    cases: BTreeMap<RequestId, Case>,
    places: Stream,
    spans: Stream,
    refusals: Stream,
}

impl<'a> People<'a> {
    pub(super) fn new(planner: &'a RankPlanner, order: Order) -> People<'a> {
        let stream = |variable| Stream::new(order.seed, variable);
        People {
            planner,
            order,
            agenda: BTreeMap::new(),
            noted: 0,
            asked: BTreeMap::new(),
            cases: BTreeMap::new(),
            places: stream("places of calls"),
            spans: stream("how long people take"),
            refusals: stream("refusals of bases"),
        }
    }

    pub(super) fn expect_calls(&mut self, calls: Vec<Call>) {
        for call in calls {
            self.note(call.at, Deed::Call(call));
        }
    }

    pub(super) fn next_deed(&self) -> Option<Timestamp> {
        self.agenda.first_key_value().map(|((at, _), _)| *at)
    }

    pub(super) fn is_idle(&self) -> bool {
        self.agenda.is_empty()
    }

    fn note(&mut self, at: Timestamp, deed: Deed) {
        self.noted += 1;
        self.agenda.insert((at, self.noted), deed);
    }

    fn soon(&mut self, now: Timestamp, (least, most): (Seconds, Seconds), deed: Deed) {
        let at = now + self.spans.between(least, most);
        self.note(at, deed);
    }

    /// Does what is to be done by now, and takes in what has happened.
    pub(super) fn act(&mut self, world: &mut World) -> Result<(), RunFault> {
        self.hear(world)?;
        while let Some(entry) = self.agenda.first_entry() {
            if entry.key().0 > world.now() {
                break;
            }
            match entry.remove() {
                Deed::Call(call) => self.call(world, &call)?,
                Deed::Ask(request) => self.ask(world, &request)?,
                Deed::Hear(requisition) => {
                    let ledger = self.custodian(&requisition);
                    let command = Command::AcknowledgeRequisition { requisition };
                    self.say(world, ledger, "base", command)?;
                }
                Deed::Answer(requisition) => self.answer(world, requisition)?,
                Deed::Report(mission, phase) => {
                    let ledger = Some(mission.ledger());
                    self.say(world, ledger, "crew", Command::ReportProgress { mission, phase })?;
                }
                Deed::LookAgain => world.drive()?,
            }
            self.hear(world)?;
        }
        Ok(())
    }

    /// Says something to a ledger; `true` when it was taken.
    fn say(
        &mut self,
        world: &mut World,
        ledger: Option<LedgerId>,
        who: &str,
        command: Command,
    ) -> Result<bool, RunFault> {
        let Some(ledger) = ledger else { return Ok(false) };
        Ok(world.submit(&ledger, who, command)?.is_ok())
    }

    fn custodian(&self, requisition: &RequisitionId) -> Option<LedgerId> {
        self.asked.get(requisition).map(|asked| asked.asset.ledger())
    }

    /// A fire department calls for a doctor helicopter.
    fn call(&mut self, world: &mut World, call: &Call) -> Result<(), RunFault> {
        let new = NewRequest {
            kind: RequestKind::Scene,
            requester: call.area.clone(),
            incident: String::new(),
            position: self.scattered(call.position),
            place: String::new(),
            site: None,
            called_at: Some(call.at),
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
        };
        let ledger = LedgerId::Member(call.area.member.clone());
        let outcome = world.submit(&ledger, "fire command", Command::OpenRequest(new))?;
        let opened = outcome.ok().and_then(|outcome| {
            outcome.events.into_iter().find_map(|event| match event {
                Event::RequestOpened(opened) => Some(opened.request),
                _ => None,
            })
        });
        let Some(request) = opened else { return Ok(()) };
        self.cases.insert(request.clone(), Case { called_at: call.at, told: None, refused: 0 });
        self.ask(world, &request)
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
    fn ask(&mut self, world: &mut World, id: &RequestId) -> Result<(), RunFault> {
        let Some(request) = world.view().member_state(&id.member).and_then(|state| state.requests.get(id))
        else {
            return Ok(());
        };
        let now = world.now();
        let ranked = self.planner.rank(world.view(), now, request, CANDIDATES_DEFAULT)?;
        let attempts = request.attempts().count();
        let first = ranked.plan.in_order().into_iter().find_map(|option| match option {
            InOrder::Ground(unit) => Some(Err(unit.care_s)),
            InOrder::Aircraft(candidate) => {
                let place = ranked.plan.candidates.iter().position(|known| known == candidate)?;
                let choice = ranked.choice(place).filter(|choice| !breaks_off(world.view(), choice))?;
                Some(Ok((candidate, choice)))
            }
        });
        let ledger = id.ledger();
        let (candidate, choice) = match first {
            Some(Ok(chosen)) => chosen,
            other => {
                let care_s = other.and_then(Result::err);
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
        let asked = Asked {
            asset: choice.asset.clone(),
            timeline: candidate.timeline,
            is_by_air: matches!(candidate.transport, Transport::ByAir { .. }),
        };
        let answer_s = self.planner.answer_s(&ranked, &choice);
        let command = Command::OpenAttempt {
            request: id.clone(),
            number: 1,
            choice,
            answer_s,
            standing_order: None,
            send_another: false,
            takes: None,
            after: u16::try_from(attempts).ok(),
        };
        let actor = Actor("unauthenticated:fire command".to_owned());
        let (seen, problem) = (ranked.seen, Some(ranked.bytes));
        let submission = Submission { seen, problem, ..Submission::new(world.name(), actor, command) };
        let requisition = RequisitionId { request: id.clone(), number: 1, attempt: attempts as u16 + 1 };
        self.asked.insert(requisition, asked);
        let _ = world.hand_in(&ledger, submission)?;
        self.note(now + LOOK_AGAIN_S, Deed::LookAgain);
        Ok(())
    }

    /// The pilot's word.
    fn answer(&mut self, world: &mut World, requisition: RequisitionId) -> Result<(), RunFault> {
        let Some(ledger) = self.custodian(&requisition) else { return Ok(()) };
        let hold = world.view().state(&ledger).and_then(|state| state.holds.get(&requisition));
        if !hold.is_some_and(|hold| matches!(hold.state, HoldState::Asked | HoldState::Acknowledged { .. })) {
            return Ok(());
        }
        let command = if self.refusals.permille(self.order.habits.decline_permille) {
            let (requisition, reason) = (requisition.clone(), DeclineReason::Weather);
            Command::DeclineRequisition { requisition, reason, telephone: None }
        } else {
            Command::CommitRequisition { requisition: requisition.clone(), telephone: None, crew: None }
        };
        if !self.say(world, Some(ledger), "base", command)? {
            // The aircraft is not back yet: until the ask ends by itself.
            self.note(world.now() + WAIT_S, Deed::Answer(requisition));
        }
        Ok(())
    }

    /// Takes in what was recorded.
    fn hear(&mut self, world: &mut World) -> Result<(), RunFault> {
        loop {
            let happened = world.take_happened();
            if happened.is_empty() {
                return Ok(());
            }
            for event in happened {
                self.hear_one(world, event)?;
            }
        }
    }

    fn hear_one(&mut self, world: &mut World, event: Event) -> Result<(), RunFault> {
        let (now, habits) = (world.now(), self.order.habits);
        match event {
            Event::Held(held) => self.soon(now, habits.hear_s, Deed::Hear(held.requisition)),
            Event::Acknowledged { requisition } => {
                self.soon(now, habits.answer_s, Deed::Answer(requisition));
            }
            Event::Committed { requisition, mission, .. } => self.fly(now, &requisition, &mission),
            Event::OutcomeRecorded { requisition, state: AttemptState::Ended(end) } => match end {
                AttemptEnd::Declined(_) | AttemptEnd::NotHeld(_) | AttemptEnd::Expired => {
                    if let Some(case) = self.cases.get_mut(&requisition.request) {
                        case.refused += 1;
                    }
                    self.soon(now, habits.ask_again_s, Deed::Ask(requisition.request));
                }
                AttemptEnd::Completed => {
                    let request = requisition.request;
                    let ledger = Some(request.ledger());
                    self.say(world, ledger, "fire command", Command::CloseRequest { request })?;
                }
                AttemptEnd::Withdrawn
                | AttemptEnd::StoodDown
                | AttemptEnd::Aborted(_)
                | AttemptEnd::Superseded => {}
            },
            _ => {}
        }
        Ok(())
    }

    /// The crew flies as the ranking had it, counted from the pilot's word.
    fn fly(&mut self, now: Timestamp, requisition: &RequisitionId, mission: &MissionId) {
        let Some(Asked { asset, timeline, is_by_air }) = self.asked.get(requisition).cloned() else { return };
        let mut phases =
            vec![(MissionPhase::Airborne, timeline.lift_off_s), (MissionPhase::OnScene, timeline.landed_s)];
        if is_by_air {
            phases.push((MissionPhase::Transporting, timeline.depart_scene_s));
            phases.push((MissionPhase::Arrived, timeline.at_hospital_s));
        } else {
            phases.push((MissionPhase::Returning, timeline.depart_scene_s));
        }
        phases.push((MissionPhase::Ready, timeline.cover_back_s));
        for (phase, after_s) in phases {
            self.note(now + after_s, Deed::Report(mission.clone(), phase));
        }
        if let Some(case) = self.cases.get_mut(&requisition.request) {
            let care_s = now.seconds_since(case.called_at) + timeline.care_s;
            let away_s = timeline.home_s.saturating_sub(timeline.lift_off_s);
            case.told = Some(Told::Flown(Flown { asset, care_s, away_s }));
        }
    }

    pub(super) fn outcome(self, world: &World) -> Outcome {
        let mut calls: Vec<Answered> = self
            .cases
            .into_iter()
            .map(|(request, Case { called_at, told, refused })| Answered {
                request,
                called_at,
                told: told.unwrap_or(Told::Nobody),
                refused,
            })
            .collect();
        calls.sort_by(|a, b| (a.called_at, &a.request).cmp(&(b.called_at, &b.request)));
        Outcome { calls, records: world.records(), ledgers: world.digest() }
    }
}
