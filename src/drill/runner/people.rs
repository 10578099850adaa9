//! What people do when something happens: the caller, the dispatcher, the base, the crew.
//!
//! Each hears of what was recorded, and acts some time later. Whatever the rules refuse by then they let be. Everybody acts
//! on the ledger of their own member, and sees what is known there.

mod base;
pub(super) mod dispatcher;
mod happenings;
mod injects;

use super::Order;
use super::calls::Call;
use super::chance::Stream;
use super::outcome::{Answered, DecidedOn, Outcome, Told};
use super::world::{RunFault, World};
use crate::allocator::ranking::Timeline;
use crate::authority::planner::{CANDIDATES_DEFAULT, RankPlanner};
use crate::decision::model::{AttemptEnd, AttemptState, MissionPhase};
use crate::decision::{Command, Event};
use crate::drill::script::Script;
use crate::id::{AssetId, LedgerId, MemberId, MissionId, OrganisationId, RequestId, RequisitionId};
use crate::units::{Position, Seconds, Timestamp};
use dispatcher::Before;
use injects::Injects;
use std::collections::BTreeMap;

/// Something that somebody will do.
#[derive(Clone, Debug)]
enum Deed {
    Call(Call),
    Ask(RequestId),
    Hear(RequisitionId),
    Answer(RequisitionId),
    Report(MissionId, MissionPhase),
    /// The dispatcher looks whether the machines have got on with an ask.
    LookAgain(RequisitionId),
    /// The dispatcher has waited for an answer as long as the base had.
    Doubt(RequisitionId),
    /// An inject happens, by its place in the drill.
    Inject(usize),
    /// What an inject began ends.
    End(usize),
}

/// What was planned for an ask.
#[derive(Clone, Debug)]
struct Asked {
    asset: AssetId,
    timeline: Timeline,
    is_by_air: bool,
    /// When the base must have answered.
    answer_by: Timestamp,
    /// What it became.
    mission: Option<MissionId>,
}

/// Who is behind a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Behind {
    /// A patient.
    Patient,
    /// Nobody, or a patient for whom somebody called already.
    Nobody,
}

/// A call that was made.
#[derive(Clone, Debug)]
struct Case {
    behind: Behind,
    area: OrganisationId,
    position: Position,
    called_at: Timestamp,
    told: Option<Told>,
    refused: u32,
    decisions: Vec<DecidedOn>,
}

pub(super) struct People<'a> {
    planner: &'a RankPlanner,
    /// Of members that are cut off: what happens on the roads meanwhile, they do not see.
    planners_apart: BTreeMap<MemberId, RankPlanner>,
    order: Order,
    /// Candidates that a ranking writes out.
    work_budget: u16,
    agenda: BTreeMap<(Timestamp, u64), Deed>,
    noted: u64,
    asked: BTreeMap<RequisitionId, Asked>,
    cases: BTreeMap<RequestId, Case>,
    /// The call that came last.
    newest: Option<RequestId>,
    injects: Injects<'a>,
    places: Stream,
    spans: Stream,
    refusals: Stream,
}

impl<'a> People<'a> {
    pub(super) fn new(planner: &'a RankPlanner, order: Order) -> People<'a> {
        let stream = |variable| Stream::new(order.seed, variable);
        People {
            planner,
            planners_apart: BTreeMap::new(),
            order,
            work_budget: CANDIDATES_DEFAULT,
            agenda: BTreeMap::new(),
            noted: 0,
            asked: BTreeMap::new(),
            cases: BTreeMap::new(),
            newest: None,
            injects: Injects::default(),
            places: stream("places of calls"),
            spans: stream("how long people take"),
            refusals: stream("refusals of bases"),
        }
    }

    /// With what `script` lets happen until `end`.
    pub(super) fn under(mut self, script: &'a Script, end: Timestamp) -> People<'a> {
        self.work_budget = script.work_budget;
        self.injects = Injects::of(script, end);
        for (idx, at) in self.injects.by_time(script.start) {
            self.note(at, Deed::Inject(idx));
        }
        self
    }

    pub(super) fn expect_calls(&mut self, calls: Vec<Call>) {
        for call in calls {
            self.note(call.at, Deed::Call(call));
        }
    }

    pub(super) fn next_deed(&self) -> Option<Timestamp> {
        self.agenda.first_key_value().map(|((at, _), _)| *at)
    }

    /// Whether nobody waits for anything any more; what only lasts, lasts on.
    pub(super) fn is_idle(&self) -> bool {
        self.agenda.values().all(|deed| match deed {
            Deed::Inject(_) => true,
            Deed::End(idx) => self.injects.only_lasts(*idx),
            Deed::Call(_)
            | Deed::Ask(_)
            | Deed::Hear(_)
            | Deed::Answer(_)
            | Deed::Report(..)
            | Deed::LookAgain(_)
            | Deed::Doubt(_) => false,
        })
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
                Deed::Ask(request) => self.ask(world, &request, Before::Ended)?,
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
                Deed::LookAgain(requisition) => self.look_again(world, requisition)?,
                Deed::Doubt(requisition) => self.doubt(world, &requisition)?,
                Deed::Inject(idx) => self.inject(world, idx)?,
                Deed::End(idx) => self.end_inject(world, idx)?,
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
        self.notice(world, &event);
        match event {
            Event::Held(held) => self.soon(now, habits.hear_s, Deed::Hear(held.requisition)),
            Event::Acknowledged { requisition } => {
                self.soon(now, habits.answer_s, Deed::Answer(requisition));
            }
            Event::Committed { requisition, mission, .. } => self.fly(now, &requisition, &mission),
            Event::OutcomeRecorded { requisition, state: AttemptState::Ended(end) } => match end {
                AttemptEnd::Declined(_) | AttemptEnd::NotHeld(_) | AttemptEnd::Expired => {
                    self.after_refusal(world, requisition.request)?;
                }
                AttemptEnd::Completed => {
                    let request = requisition.request;
                    let ledger = Some(request.ledger());
                    self.say(world, ledger, "fire command", Command::CloseRequest { request })?;
                }
                AttemptEnd::Aborted(_) => self.after_break_off(world, requisition)?,
                AttemptEnd::Withdrawn | AttemptEnd::StoodDown | AttemptEnd::Superseded => {}
            },
            Event::StoodDown { mission, .. } | Event::Aborted { mission, .. } => {
                self.turn_back(world, &mission);
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn outcome(self, world: &World) -> Outcome {
        let injects = self.injects.told(&self.cases);
        let patients = self.cases.into_iter().filter(|(_, case)| case.behind == Behind::Patient);
        let mut calls: Vec<Answered> = patients
            .map(|(request, case)| Answered {
                request,
                area: case.area,
                position: case.position,
                called_at: case.called_at,
                told: case.told.unwrap_or(Told::Nobody),
                refused: case.refused,
                decisions: case.decisions,
            })
            .collect();
        calls.sort_by(|a, b| (a.called_at, &a.request).cmp(&(b.called_at, &b.request)));
        Outcome { calls, injects, records: world.records(), ledgers: world.digest() }
    }
}
