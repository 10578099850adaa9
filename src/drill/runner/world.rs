//! The ledgers of a union in memory, under one virtual clock: the authorities of a server without its threads and disk.
//!
//! A member may be cut off: nothing reaches its ledger and nothing leaves it, and each side reads the other as it was when
//! the link broke. The ledgers of the fields are read on both sides: nothing is written there while a drill runs.

use super::chance::Stream;
use crate::authority::writer::{Authority, OpenFault, Opening};
use crate::authority::{LedgerView, Outcome, Submission, SubmitError, View};
use crate::clock::Reading;
use crate::decision::duties::{self, Duty};
use crate::decision::model::Actor;
use crate::decision::{Command, Event, State};
use crate::drill::Scenario;
use crate::drill::scenario::Origin;
use crate::id::{LedgerId, MemberId, Space};
use crate::ledger::{Digest, LedgerEngine, LedgerFault, MemoryDisk, MemoryLedger, Randomness};
use crate::units::Timestamp;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// Rounds in which machines do what they owe each other before something must be wrong.
const ROUNDS_MAX: usize = 1_000;

/// Why a run cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum RunFault {
    /// A ledger could not be opened.
    #[error(transparent)]
    Open(#[from] OpenFault),
    /// A ledger in memory failed: a bug.
    #[error(transparent)]
    Ledger(#[from] LedgerFault),
    /// A command of the scenario was refused.
    #[error("{origin}: {error}")]
    Seed {
        /// The row that it was made from.
        origin: Origin,
        /// Why.
        error: SubmitError,
    },
    /// The registry holds figures that no ranking can be worked out with.
    #[error(transparent)]
    Problem(#[from] crate::allocator::ranking::ProblemError),
    /// Machines owe each other more and more: a bug.
    #[error("{}: the ledgers do not come to rest; report it with the scenario and the seed", .at.0)]
    Restless {
        /// When.
        at: Timestamp,
    },
}

pub(super) struct World {
    space: Space,
    began: Timestamp,
    now: Timestamp,
    /// What names the keys of its ledgers; none while it is being laid out.
    seed: Option<u64>,
    authorities: BTreeMap<LedgerId, Authority<MemoryLedger>>,
    /// What is known to everybody who is not cut off.
    view: View,
    /// What each member that is cut off knows: itself as it is, the others as they were.
    cut_off: BTreeMap<MemberId, View>,
    /// What was recorded and nobody has heard of yet.
    happened: VecDeque<Event>,
    submitted: u64,
}

impl World {
    /// All that a scenario states, at its start: the same whatever then happens by chance.
    pub(super) fn laid_out(scenario: &Scenario) -> Result<World, RunFault> {
        let mut world = World {
            space: scenario.space.clone(),
            began: scenario.start,
            now: scenario.start,
            seed: None,
            authorities: BTreeMap::new(),
            view: View::empty(scenario.space.clone()),
            cut_off: BTreeMap::new(),
            happened: VecDeque::new(),
            submitted: 0,
        };
        let actor = Actor(format!("unauthenticated:scenario {}", scenario.name));
        for batch in scenario.seeds.chunk_by(|one, next| one.ledger == next.ledger) {
            let Some(ledger) = batch.first().map(|first| &first.ledger) else { continue };
            world.open(ledger)?;
            let submissions = batch
                .iter()
                .map(|seed| Submission::new(seed.request_id.clone(), actor.clone(), seed.command.clone()));
            let verdicts = world.process(ledger, submissions.collect())?;
            for (seed, verdict) in batch.iter().zip(verdicts) {
                verdict.map_err(|error| RunFault::Seed { origin: seed.origin, error })?;
            }
        }
        world.happened.clear();
        Ok(world)
    }

    /// A copy that goes on by itself, its chance named by `seed`.
    pub(super) fn fork(&self, seed: u64) -> World {
        let copied = self.authorities.iter().map(|(ledger, authority)| {
            let copy = authority.fork(|engine| engine.fork(keys(Some(seed), ledger)));
            (ledger.clone(), copy)
        });
        World {
            space: self.space.clone(),
            began: self.began,
            now: self.now,
            seed: Some(seed),
            authorities: copied.collect(),
            view: self.view.clone(),
            cut_off: self.cut_off.clone(),
            happened: self.happened.clone(),
            submitted: self.submitted,
        }
    }

    fn open(&mut self, ledger: &LedgerId) -> Result<(), RunFault> {
        if self.authorities.contains_key(ledger) {
            return Ok(());
        }
        let randomness = keys(self.seed, ledger);
        let opening = Opening { ledger, reading: self.reading(), holder: "drill", checkpoint: None };
        let authority = Authority::open(opening, |replay| {
            MemoryLedger::open(&MemoryDisk::new(), (&self.space, ledger), randomness, replay)
        })?;
        self.authorities.insert(ledger.clone(), authority);
        self.publish(ledger);
        Ok(())
    }

    fn reading(&self) -> Reading {
        Reading { wall: self.now, monotonic_ms: self.now.0 - self.began.0 }
    }

    /// The clock.
    pub(super) fn now(&self) -> Timestamp {
        self.now
    }

    /// Everything that is known to those who are not cut off.
    pub(super) fn view(&self) -> &View {
        &self.view
    }

    /// What is known where `ledger` is kept.
    pub(super) fn view_at(&self, ledger: &LedgerId) -> &View {
        match ledger {
            LedgerId::Member(member) => self.cut_off.get(member).unwrap_or(&self.view),
            LedgerId::Field(_) => &self.view,
        }
    }

    /// A ledger as its own people see it.
    pub(super) fn state(&self, ledger: &LedgerId) -> Option<&State> {
        self.authorities.get(ledger).map(Authority::state)
    }

    /// The ledgers as their own people see them.
    pub(super) fn states(&self) -> impl Iterator<Item = &State> {
        self.authorities.values().map(Authority::state)
    }

    fn publish(&mut self, ledger: &LedgerId) {
        let Some(authority) = self.authorities.get(ledger) else { return };
        let known = Arc::new(LedgerView { state: authority.state().clone(), partial: false });
        let cut_off = match ledger {
            LedgerId::Member(member) => self.cut_off.get_mut(member),
            LedgerId::Field(_) => None,
        };
        cut_off.unwrap_or(&mut self.view).ledgers.insert(ledger.clone(), known);
    }

    /// Whether what one ledger sends reaches the other.
    pub(super) fn reaches(&self, from: &LedgerId, to: &LedgerId) -> bool {
        let is_cut_off = |ledger: &LedgerId| match ledger {
            LedgerId::Member(member) => self.cut_off.contains_key(member),
            LedgerId::Field(_) => false,
        };
        from == to || !(is_cut_off(from) || is_cut_off(to))
    }

    /// Cuts a member off; `false` when it was already.
    pub(super) fn cut_off(&mut self, member: &MemberId) -> bool {
        let is_new = !self.cut_off.contains_key(member);
        if is_new {
            self.cut_off.insert(member.clone(), self.view.clone());
        }
        is_new
    }

    /// Ends that: each side reads what the other has recorded, and does what it owes.
    pub(super) fn join(&mut self, member: &MemberId) -> Result<(), RunFault> {
        if self.cut_off.remove(member).is_some() {
            self.publish(&LedgerId::Member(member.clone()));
        }
        self.drive()
    }

    /// When something ends by itself next.
    pub(super) fn next_deadline(&self) -> Option<Timestamp> {
        self.states().filter_map(State::next_deadline).min()
    }

    /// Moves the clock on; what is due by then ends, and machines do what they owe.
    pub(super) fn turn_to(&mut self, at: Timestamp) -> Result<(), RunFault> {
        self.now = self.now.max(at);
        let reading = self.reading();
        let due: Vec<LedgerId> = self
            .authorities
            .iter()
            .filter(|(_, authority)| authority.is_due(reading))
            .map(|(ledger, _)| ledger.clone())
            .collect();
        for ledger in due {
            let mut rounds = 0;
            while self.authorities.get(&ledger).is_some_and(|authority| authority.is_due(reading)) {
                rounds += 1;
                if rounds > ROUNDS_MAX {
                    return Err(RunFault::Restless { at: self.now });
                }
                let Some(authority) = self.authorities.get_mut(&ledger) else { break };
                let before = authority.state().sequence;
                let done = authority.tick(reading)?;
                self.heard(before, done.verdicts.into_iter().flatten());
                self.publish(&ledger);
            }
        }
        self.drive()
    }

    /// A person's command; machines do what follows from it.
    pub(super) fn submit(
        &mut self,
        ledger: &LedgerId,
        actor: &str,
        command: Command,
    ) -> Result<Result<Outcome, SubmitError>, RunFault> {
        self.submitted += 1;
        let actor = Actor(format!("unauthenticated:{actor}"));
        self.hand_in(ledger, Submission::new(format!("drill/{}", self.submitted), actor, command))
    }

    /// As [`World::submit`], of a command that rests on more than its own ledger; it gets its name here.
    pub(super) fn hand_in(
        &mut self,
        ledger: &LedgerId,
        submission: Submission,
    ) -> Result<Result<Outcome, SubmitError>, RunFault> {
        let missing = || Err(SubmitError::NoLedger { ledger: ledger.clone() });
        let verdict = self.process(ledger, vec![submission])?.pop().unwrap_or_else(missing);
        self.drive()?;
        Ok(verdict)
    }

    /// A name for the next command.
    pub(super) fn name(&mut self) -> String {
        self.submitted += 1;
        format!("drill/{}", self.submitted)
    }

    fn process(
        &mut self,
        ledger: &LedgerId,
        batch: Vec<Submission>,
    ) -> Result<Vec<Result<Outcome, SubmitError>>, RunFault> {
        let reading = self.reading();
        let Some(authority) = self.authorities.get_mut(ledger) else { return Ok(Vec::new()) };
        let before = authority.state().sequence;
        let done = authority.process(reading, batch)?;
        if authority.state().sequence > before {
            self.publish(ledger);
        }
        self.heard(before, done.verdicts.iter().flatten().cloned());
        let members: Vec<LedgerId> = self.registered(&done.verdicts);
        members.iter().try_for_each(|member| self.open(member))?;
        Ok(done.verdicts)
    }

    /// Ledgers of members that were registered now.
    fn registered(&self, verdicts: &[Result<Outcome, SubmitError>]) -> Vec<LedgerId> {
        let events = verdicts.iter().flatten().flat_map(|outcome| &outcome.events);
        let members = events.filter_map(|event| match event {
            Event::MemberRegistered(member) => Some(LedgerId::Member(member.id.clone())),
            _ => None,
        });
        members.collect()
    }

    /// Notes what was recorded after `before`; what was only said again is known.
    fn heard(&mut self, before: u64, outcomes: impl Iterator<Item = Outcome>) {
        let new = outcomes.filter(|outcome| outcome.sequence > before);
        self.happened.extend(new.flat_map(|outcome| outcome.events));
    }

    /// What has happened since this was last asked, oldest first.
    pub(super) fn take_happened(&mut self) -> VecDeque<Event> {
        std::mem::take(&mut self.happened)
    }

    /// Lets every ledger's machine do what it owes, until none owes anything.
    pub(super) fn drive(&mut self) -> Result<(), RunFault> {
        for _ in 0..ROUNDS_MAX {
            let mut owed: BTreeMap<LedgerId, Vec<Submission>> = BTreeMap::new();
            for duty in self.duties() {
                let submission = Submission {
                    seen: duty.seen,
                    ..Submission::duty(&duty.key, Actor("authority".to_owned()), duty.command)
                };
                owed.entry(duty.ledger).or_default().push(submission);
            }
            let before = self.records();
            for (ledger, batch) in owed {
                self.process(&ledger, batch)?;
            }
            if self.records() == before {
                return Ok(());
            }
        }
        Err(RunFault::Restless { at: self.now })
    }

    fn duties(&self) -> Vec<Duty> {
        let reading = self.reading();
        let mut duties = Vec::new();
        for authority in self.authorities.values() {
            let (own, at) = (authority.state(), authority.decision_time(reading));
            let view = self.view_at(&own.ledger);
            let mut owed = Vec::new();
            for request in own.requests_driven.iter().chain(own.requests_merged.iter()) {
                owed.extend(duties::of_request(at, own, view, request));
            }
            for mission in own.missions_active.iter() {
                owed.extend(duties::of_mission(own, view, mission));
            }
            duties.extend(owed.into_iter().filter(|duty| self.reaches(&own.ledger, &duty.ledger)));
        }
        duties
    }

    /// Records of all ledgers.
    pub(super) fn records(&self) -> u64 {
        self.authorities.values().map(|authority| authority.state().sequence).sum()
    }

    /// Over the heads of all ledgers, in the order of their names.
    pub(super) fn digest(&self) -> Digest {
        let heads = self.authorities.iter().flat_map(|(ledger, authority)| {
            let head = authority.engine().head();
            format!("{ledger} {} {}\n", head.sequence, head.hash).into_bytes()
        });
        Digest::of(&heads.collect::<Vec<u8>>())
    }
}

/// The keys of a ledger that nobody keeps: named by the seed of a run, or by the scenario alone while it is laid out.
fn keys(seed: Option<u64>, ledger: &LedgerId) -> Box<dyn Randomness> {
    let mut keys = match seed {
        Some(seed) => Stream::new(seed, &format!("keys of {ledger}")),
        None => Stream::new(0, &format!("keys of {ledger} as it is laid out")),
    };
    Box::new(move |bytes: &mut [u8]| keys.fill(bytes))
}
