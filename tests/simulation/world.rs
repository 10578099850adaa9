//! The world of one seed: machines, the network between them, what goes wrong.

use crate::invariants;
use crate::node::{self, Node, submission};
use crate::people::{self, Act};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::collections::{BTreeMap, BTreeSet};
use yui::authority::{Outcome, Submission, SubmitError};
use yui::decision::duties::{self, Duty};
use yui::decision::model::{Actor, AttemptEnd, AttemptState, Choice, IfBusy};
use yui::decision::{Command, Event, Rejection, State};
use yui::id::{AssetId, LedgerId, RequestId, RequisitionId};
use yui::ledger::{CrashPoint, LedgerEngine, Room, StoredRecord};
use yui::units::Timestamp;

/// Machines.
const NODES: [&str; 3] = ["a", "b", "c"];
/// What happens in one history.
const STEPS: usize = 700;
/// Rounds of a second within which the ledgers come to rest once everything works: late messages are on the way for four
/// minutes, and each ask, expiry or answer that they lead to takes a few rounds.
const ROUNDS_TO_HEAL: usize = 900;
/// 2026-12-05T00:00:00Z.
const START_MS: i64 = 1_796_428_800_000;
/// Answer time of an ask.
pub const ANSWER_S: u32 = 60;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// The server's own.
    AsBuilt,
    /// Broken on purpose: the caller's clock ends an attempt, not the custodian's ledger.
    CallersClock,
}

/// Randomness of one history.
pub struct Dice(ChaCha8Rng);

impl Dice {
    pub fn below(&mut self, n: usize) -> usize {
        (self.0.next_u64() % n.max(1) as u64) as usize
    }

    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        from + (self.0.next_u64() % (to - from).max(1) as u64) as i64
    }

    pub fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        if all.is_empty() { None } else { Some(&all[self.below(all.len())]) }
    }
}

/// What travels.
enum Message {
    Command { to: LedgerId, submission: Box<Submission> },
    Record { to: LedgerId, record: Box<StoredRecord> },
}

/// How often things happened, to show that the histories mean something.
#[derive(Clone, Debug, Default)]
pub struct Counts(BTreeMap<&'static str, usize>);

/// What must happen somewhere in a handful of histories.
const RICH: [&str; 29] = [
    "committed",
    "expired",
    "late go",
    "offer taken",
    "not held",
    "barred",
    "stood down",
    "re-tasked",
    "merged",
    "clock suspected",
    "crash",
    "lost",
    "doubled",
    "standing order",
    "send another",
    "report settled",
    "lease",
    "lease refused",
    "bed asked",
    "completed",
    "retry",
    "retry of nothing",
    "another payload",
    "clock vouched for",
    "disk full",
    "key pressed twice",
    "reopened",
    "late go withdrawn",
    "bed given back",
];

impl Counts {
    /// What never happened.
    pub fn missing(&self) -> Vec<&'static str> {
        RICH.into_iter().filter(|what| !self.0.contains_key(what)).collect()
    }

    pub fn add(&mut self, other: &Counts) {
        other.0.iter().for_each(|(what, count)| *self.0.entry(what).or_default() += count);
    }

    fn note(&mut self, what: &'static str) {
        *self.0.entry(what).or_default() += 1;
    }

    fn note_event(&mut self, event: &Event) {
        use yui::decision::model::{AbortReason, LeaseEnd, LeaseSubject, NotHeldReason, OfferState};
        self.note(match event {
            Event::Committed { .. } => "committed",
            Event::Expired { .. } => "expired",
            Event::Offered { requisition: Some(_), .. } => "late go",
            Event::OfferEnded { state: OfferState::Taken, .. } => "offer taken",
            Event::OfferEnded { state: OfferState::Withdrawn, .. } => "late go withdrawn",
            Event::ClockTrusted { by: Some(_), .. } => "clock vouched for",
            Event::RequestReopened { .. } => "reopened",
            Event::LeaseEnded { lease, end: LeaseEnd::Released }
                if matches!(lease.subject, LeaseSubject::Bed(_)) =>
            {
                "bed given back"
            }
            Event::NotHeld { reason: NotHeldReason::Barred, .. } => "barred",
            Event::NotHeld { .. } => "not held",
            Event::StoodDown { .. } => "stood down",
            Event::Aborted { reason: AbortReason::Retasked, .. } => "re-tasked",
            Event::RequestMerged { .. } => "merged",
            Event::ClockSuspected { .. } => "clock suspected",
            Event::AttemptOpened { standing_order: Some(_), .. } => "standing order",
            Event::CommitReportSettled { .. } => "report settled",
            Event::LeaseGranted { .. } => "lease",
            Event::LeaseRefused { .. } => "lease refused",
            Event::BedAsked { .. } => "bed asked",
            Event::OutcomeRecorded { state: AttemptState::Ended(AttemptEnd::Completed), .. } => "completed",
            _ => "other",
        });
    }
}

pub struct World {
    pub now_ms: i64,
    pub dice: Dice,
    pub nodes: BTreeMap<LedgerId, Node>,
    protocol: Protocol,
    network: BTreeMap<(i64, u64), Message>,
    messages: u64,
    keys: u64,
    /// Links that are cut, until when.
    cuts: BTreeMap<(LedgerId, LedgerId), i64>,
    /// Attempts for which a person sent another: each word is good for one.
    words: BTreeSet<RequisitionId>,
    /// Commands whose acknowledgement reached their caller.
    acknowledged: Vec<(LedgerId, Submission, Outcome)>,
    counts: Counts,
}

impl World {
    pub fn new(seed: u64, protocol: Protocol) -> World {
        let ledgers = NODES.map(|name| Node::new(name, START_MS, seed));
        let mut world = World {
            now_ms: START_MS,
            dice: Dice(ChaCha8Rng::seed_from_u64(seed)),
            nodes: ledgers.into_iter().map(|node| (node.ledger.clone(), node)).collect(),
            protocol,
            network: BTreeMap::new(),
            messages: 0,
            keys: 0,
            cuts: BTreeMap::new(),
            words: BTreeSet::new(),
            acknowledged: Vec::new(),
            counts: Counts::default(),
        };
        for ledger in world.ledgers() {
            for command in people::registrations(&ledger) {
                let outcome = world.tell(&ledger, command).expect("nothing has gone wrong yet");
                assert!(outcome.is_some_and(|outcome| outcome.is_ok()), "the registry is accepted");
            }
        }
        world
    }

    pub fn ledgers(&self) -> Vec<LedgerId> {
        self.nodes.keys().cloned().collect()
    }

    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    pub fn summary(&self) -> String {
        format!("{:?}", self.counts)
    }

    pub fn head_hashes(&self) -> Vec<String> {
        let heads = self.nodes.values().filter_map(Node::engine).map(|engine| engine.head());
        heads.map(|head| format!("{} {:?}", head.sequence, head.hash)).collect()
    }

    /// The whole history, then the healing.
    pub fn run(&mut self) -> Result<(), String> {
        for _ in 0..STEPS {
            self.now_ms += self.dice.between(20, 9_000);
            self.deliver()?;
            match self.dice.below(100) {
                0..=27 => self.drive_one()?,
                28..=53 => self.follow_one(),
                54..=96 => self.person()?,
                _ => self.misfortune(),
            }
            if self.dice.percent(8) {
                self.boot_one();
                self.nodes.values_mut().for_each(|node| node.set_room(Room::Free));
            }
            let quiet = self.ledgers();
            if let Some(ledger) = self.dice.pick(&quiet).cloned() {
                self.process(&ledger, Vec::new())?;
            }
        }
        self.heal()?;
        self.fall_silent()
    }

    // --- what the machines do ---------------------------------------------------------------------------

    /// Lets one machine do what it owes, as far as it knows.
    fn drive_one(&mut self) -> Result<(), String> {
        let ledgers = self.ledgers();
        let Some(ledger) = self.dice.pick(&ledgers).cloned() else { return Ok(()) };
        self.drive(&ledger)
    }

    fn drive(&mut self, ledger: &LedgerId) -> Result<(), String> {
        let node = &self.nodes[ledger];
        let Some(own) = node.own() else { return Ok(()) };
        let at = node.time(self.now_ms);
        let mut owed: Vec<Duty> = Vec::new();
        let mut wanted = Vec::new();
        for request in own.requests_driven.iter() {
            owed.extend(duties::of_request(at, own, node, request));
            wanted.extend(duties::wanted(at, own, request));
            if self.protocol == Protocol::CallersClock {
                owed.extend(by_the_callers_clock(at, own, request));
            }
        }
        for request in own.requests_merged.iter() {
            owed.extend(duties::of_request(at, own, node, request));
        }
        for mission in own.missions_active.iter() {
            owed.extend(duties::of_mission(own, node, mission));
        }
        let mut openings = Vec::new();
        for wanted in wanted {
            let Some(choice) = people::choose(&self.nodes, own, &wanted.request, None) else { continue };
            let command = Command::OpenAttempt {
                request: wanted.request.clone(),
                number: wanted.number,
                choice,
                answer_s: ANSWER_S,
                standing_order: Some(wanted.standing_order),
                send_another: false,
                takes: None,
                after: None,
            };
            let key = format!("{}/next/{}/{}", wanted.request, wanted.number, wanted.attempt);
            openings.push(Submission::duty(&key, Actor("order".to_owned()), command));
        }
        let mut own_batch = openings;
        for duty in owed {
            let to = duty.ledger.clone();
            let submission = node::duty(duty);
            if to == *ledger {
                own_batch.push(submission);
            } else {
                self.post(ledger, &to, submission);
            }
        }
        self.process(ledger, own_batch).map(|_| ())
    }

    /// Lets one machine read on in another's ledger.
    fn follow_one(&mut self) {
        let ledgers = self.ledgers();
        let (Some(from), Some(to)) = (self.dice.pick(&ledgers).cloned(), self.dice.pick(&ledgers).cloned())
        else {
            return;
        };
        if from == to || self.is_cut(&from, &to) || !self.nodes[&to].is_up() {
            return;
        }
        let have = self.nodes[&to].copies.get(&from).map_or(0, |copy| copy.sequence);
        for record in self.nodes[&from].records_after(have, 40) {
            let delay = self.dice.between(0, 1_500);
            self.send(delay, Message::Record { to: to.clone(), record: Box::new(record) });
        }
    }

    /// Puts a command on the way: it may be lost, doubled, late.
    fn post(&mut self, from: &LedgerId, to: &LedgerId, submission: Submission) {
        if self.is_cut(from, to) || self.dice.percent(12) {
            self.counts.note("lost");
            return;
        }
        let copies = if self.dice.percent(12) { 2 } else { 1 };
        if copies > 1 {
            self.counts.note("doubled");
        }
        for _ in 0..copies {
            let delay = if self.dice.percent(10) {
                self.dice.between(0, 240_000)
            } else {
                self.dice.between(0, 2_000)
            };
            self.send(delay, Message::Command { to: to.clone(), submission: Box::new(submission.clone()) });
        }
    }

    fn send(&mut self, delay_ms: i64, message: Message) {
        self.messages += 1;
        self.network.insert((self.now_ms + delay_ms, self.messages), message);
    }

    fn deliver(&mut self) -> Result<(), String> {
        while let Some(entry) = self.network.first_entry() {
            if entry.key().0 > self.now_ms {
                return Ok(());
            }
            match entry.remove() {
                Message::Command { to, submission } => {
                    self.process(&to, vec![*submission])?;
                }
                Message::Record { to, record } => {
                    let node = self.nodes.get_mut(&to).expect("messages go to machines");
                    if node.is_up() {
                        node.follow(&record);
                    }
                }
            }
        }
        Ok(())
    }

    /// A person's command at a machine; none when it is down. What is acknowledged is remembered.
    pub fn tell(
        &mut self,
        ledger: &LedgerId,
        command: Command,
    ) -> Result<Option<Result<Outcome, SubmitError>>, String> {
        self.keys += 1;
        let submission = submission(&format!("person/{}", self.keys), command);
        let Some(mut verdicts) = self.process(ledger, vec![submission.clone()])? else { return Ok(None) };
        let verdict = verdicts.pop().expect("one verdict a submission");
        if let Ok(outcome) = &verdict
            && outcome.sequence > 0
        {
            self.acknowledged.push((ledger.clone(), submission, outcome.clone()));
        }
        Ok(Some(verdict))
    }

    /// A batch at a machine's authority, and every invariant after it. None when the machine is down or dies of it.
    fn process(
        &mut self,
        ledger: &LedgerId,
        batch: Vec<Submission>,
    ) -> Result<Option<Vec<Result<Outcome, SubmitError>>>, String> {
        let now_ms = self.now_ms;
        let node = self.nodes.get_mut(ledger).expect("a known machine");
        let Some(before) = node.own().cloned() else { return Ok(None) };
        let Ok(done) = node.process(now_ms, batch) else {
            node.crash();
            self.counts.note("crash");
            return Ok(None);
        };
        let after = self.nodes[ledger].own().cloned().expect("it is up");
        for verdict in &done.verdicts {
            match verdict {
                Ok(outcome) if outcome.sequence > after.sequence => {
                    return Err(format!(
                        "record {} of {ledger} was acknowledged, not made",
                        outcome.sequence
                    ));
                }
                Err(SubmitError::StorageFull { .. }) => self.counts.note("disk full"),
                Ok(_) | Err(_) => {}
            }
        }
        self.check(&before, &after, ledger)?;
        Ok(Some(done.verdicts))
    }

    /// Checks what a machine recorded, record by record.
    fn check(&mut self, before: &State, after: &State, ledger: &LedgerId) -> Result<(), String> {
        if before.sequence == after.sequence {
            return Ok(());
        }
        let mut state = before.clone();
        for record in self.nodes[ledger].records_after(before.sequence, usize::MAX) {
            let events: Vec<Event> = record
                .events
                .iter()
                .map(|bytes| yui::record::decode_event(bytes).expect("what was just encoded is decoded"))
                .collect();
            invariants::of_step(&state, record.at, &events, &self.words)?;
            let held = events.iter().find_map(|event| match event {
                Event::Held(held) => self.nodes.get(&held.requisition.request.ledger()),
                _ => None,
            });
            invariants::of_promise(&events, held.and_then(Node::own))?;
            events.iter().for_each(|event| self.counts.note_event(event));
            let last = state.clone();
            yui::authority::writer::fold_record(&mut state, &record).map_err(|fault| format!("{fault:?}"))?;
            invariants::of_trust(&last, &state, record.at, &events)?;
            invariants::of_ledger(&state)?;
        }
        if state != *after {
            return Err(format!("{ledger}: the records fold into another state than the live one"));
        }
        invariants::of_union(self.nodes.values().filter_map(Node::own), &self.words)
    }

    // --- what people do -----------------------------------------------------------------------------------

    fn person(&mut self) -> Result<(), String> {
        let Some(Act { ledger, command, word }) = people::act(self) else { return Ok(()) };
        if let Command::OpenAttempt { send_another: true, .. } = &command {
            self.counts.note("send another");
        }
        self.words.extend(word.clone());
        let told = self.tell(&ledger, command.clone())?;
        if let (Some(Err(_)), Some(word)) = (&told, word) {
            // Not taken, so it is not used up; whether a machine that died had taken it, its disk says.
            self.words.remove(&word);
        }
        if let Command::OpenAttempt { after: Some(_), .. } = &command
            && let Some(Ok(_)) = told
            && self.dice.percent(40)
        {
            // The same key once more, under another id: it is about an attempt that is not the last any more.
            self.counts.note("key pressed twice");
            let again = self.tell(&ledger, command)?;
            let is_stale = |refusal: &SubmitError| {
                let stale = matches!(refusal, SubmitError::Rejected(Rejection::SeenStale { .. }));
                stale || *refusal == SubmitError::StorageFull { ledger: ledger.clone() }
            };
            if again.is_some_and(|again| !again.as_ref().is_err_and(is_stale)) {
                return Err("a key pressed twice asked twice".to_owned());
            }
        }
        self.try_again()
    }

    /// Now and then a caller hears nothing and tries again: the same answer, nothing done twice; and what is not the
    /// same under the same id is refused.
    fn try_again(&mut self) -> Result<(), String> {
        if !self.dice.percent(18) {
            return Ok(());
        }
        let Some((ledger, submission, outcome)) = self.dice.pick(&self.acknowledged).cloned() else {
            return Ok(());
        };
        if self.dice.percent(20) {
            let command = Command::ExpireDue;
            let Some(mut verdicts) = self.process(&ledger, vec![Submission { command, ..submission }])?
            else {
                return Ok(());
            };
            self.counts.note("another payload");
            return match verdicts.pop() {
                Some(Err(SubmitError::Rejected(Rejection::RequestIdReused { .. }))) => Ok(()),
                other => Err(format!("another payload under the id of a record of {ledger} got {other:?}")),
            };
        }
        let Some(mut verdicts) = self.process(&ledger, vec![submission])? else { return Ok(()) };
        self.counts.note(if outcome.events.is_empty() { "retry of nothing" } else { "retry" });
        match verdicts.pop() {
            Some(Ok(again)) if again == outcome => Ok(()),
            other => Err(format!("a retry of record {} of {ledger} got {other:?}", outcome.sequence)),
        }
    }

    // --- what goes wrong ------------------------------------------------------------------------------------

    fn misfortune(&mut self) {
        let ledgers = self.ledgers();
        let Some(ledger) = self.dice.pick(&ledgers).cloned() else { return };
        let now_ms = self.now_ms;
        match self.dice.below(10) {
            0..=1 => {
                let points = [CrashPoint::BeforeKeys, CrashPoint::BeforeRecords, CrashPoint::BeforeAnswer];
                let point = *self.dice.pick(&points).expect("three of them");
                self.node(&ledger).crash_at(point);
            }
            2 => self.node(&ledger).crash(),
            3 => {
                let room = if self.dice.percent(60) { Room::Full } else { Room::Free };
                self.node(&ledger).set_room(room);
            }
            4..=5 => {
                let other = self.dice.pick(&ledgers).cloned().expect("three of them");
                let until = now_ms + self.dice.between(1_000, 300_000);
                self.cuts.insert((ledger, other), until);
            }
            _ => {
                // Jumps, small steps, and back to the right time.
                let off = match self.dice.below(4) {
                    0 => self.dice.between(-86_400_000, 86_400_000),
                    1 => self.dice.between(-4_000, 4_000),
                    _ => 0,
                };
                self.node(&ledger).wall_off_ms = off;
            }
        }
    }

    fn boot_one(&mut self) {
        let now_ms = self.now_ms;
        if let Some(node) = self.nodes.values_mut().find(|node| !node.is_up()) {
            node.boot(now_ms);
        }
    }

    fn node(&mut self, ledger: &LedgerId) -> &mut Node {
        self.nodes.get_mut(ledger).expect("a known machine")
    }

    fn is_cut(&self, one: &LedgerId, other: &LedgerId) -> bool {
        let cut = |a: &LedgerId, b: &LedgerId| {
            self.cuts.get(&(a.clone(), b.clone())).is_some_and(|until| *until > self.now_ms)
        };
        cut(one, other) || cut(other, one)
    }

    // --- how it ends ------------------------------------------------------------------------------------------

    /// Everything works again: what was acknowledged is there, and both sides know of every flight.
    fn heal(&mut self) -> Result<(), String> {
        self.cuts.clear();
        for ledger in self.ledgers() {
            let now_ms = self.now_ms;
            let node = self.node(&ledger);
            node.wall_off_ms = 0;
            node.set_room(Room::Free);
            if !node.is_up() {
                node.boot(now_ms);
            }
        }
        let mut rounds = 0;
        while self.heal_a_while()? {
            rounds += 1;
            if rounds > ROUNDS_TO_HEAL {
                return Err("everything works, and yet the ledgers never come to rest".to_owned());
            }
        }
        for ledger in self.ledgers() {
            let Some(own) = self.nodes[&ledger].own() else { continue };
            if self.nodes[&ledger].replayed() != *own {
                return Err(format!("{ledger} replays into another state"));
            }
            for requester in self.nodes.values().filter_map(Node::own) {
                invariants::every_mission_is_known(own, requester)?;
            }
        }
        invariants::of_healed(self.nodes.values().filter_map(Node::own))?;
        for (ledger, submission, outcome) in &self.acknowledged {
            let sequence = outcome.sequence;
            let record = self.nodes[ledger].records_after(sequence - 1, 1).pop();
            let kept = record.is_some_and(|record| record.request_id.as_bytes() == submission.request_id);
            if !kept {
                return Err(format!("record {sequence} of {ledger} was acknowledged and is lost"));
            }
        }
        Ok(())
    }

    /// Everything is read, everybody does once what is owed; false when nothing came of it.
    fn heal_a_while(&mut self) -> Result<bool, String> {
        self.now_ms += 1_000;
        let mut is_unsettled = !self.network.is_empty();
        self.deliver()?;
        self.read_all();
        let before = self.sequences();
        for ledger in self.ledgers() {
            let Some(own) = self.nodes[&ledger].own() else {
                // An armed crash point may still take it down once.
                let now_ms = self.now_ms;
                self.node(&ledger).boot(now_ms);
                is_unsettled = true;
                continue;
            };
            let suspect = own.clock_suspect_since.is_some();
            let duties = self.duties_of(&ledger, own);
            is_unsettled |= suspect;
            for duty in duties {
                self.process(&duty.ledger.clone(), vec![node::duty(duty)])?;
            }
            // Somebody looks at the clocks as well.
            if suspect {
                let by = Some("Sato".to_owned());
                self.tell(&ledger, Command::TrustClock { by, stepped_s: 0 })?;
            }
        }
        // A hospital whose clock was set hours ahead, and trusted, refuses a bed in its past for ever: what was done
        // counts, not what was asked.
        Ok(is_unsettled || self.sequences() != before)
    }

    /// How long each ledger is; none of those that are down.
    fn sequences(&self) -> Vec<Option<u64>> {
        self.nodes.values().map(|node| node.own().map(|own| own.sequence)).collect()
    }

    fn duties_of(&self, ledger: &LedgerId, own: &State) -> Vec<Duty> {
        let node = &self.nodes[ledger];
        let at = node.time(self.now_ms);
        let requests = own.requests_driven.iter().chain(own.requests_merged.iter());
        let requests = requests.flat_map(|r| duties::of_request(at, own, node, r));
        let missions = own.missions_active.iter().flat_map(|m| duties::of_mission(own, node, m));
        requests.chain(missions).collect()
    }

    fn read_all(&mut self) {
        for to in self.ledgers() {
            for from in self.ledgers().into_iter().filter(|from| *from != to) {
                let have = self.nodes[&to].copies.get(&from).map_or(0, |copy| copy.sequence);
                for record in self.nodes[&from].records_after(have, usize::MAX) {
                    self.node(&to).follow(&record);
                }
            }
        }
    }

    /// All messages are lost from now on: everything ends by itself.
    fn fall_silent(&mut self) -> Result<(), String> {
        self.network.clear();
        for _ in 0..9 {
            self.now_ms += 3_600_000;
            for ledger in self.ledgers() {
                self.process(&ledger, Vec::new())?;
            }
        }
        self.nodes.values().filter_map(Node::own).try_for_each(invariants::everything_ended)
    }
}

/// The broken protocol: an attempt that was not answered by the caller's own clock is taken for expired.
fn by_the_callers_clock(at: Timestamp, own: &State, request: &RequestId) -> Vec<Duty> {
    let Some(request) = own.requests.get(request) else { return Vec::new() };
    let overdue = request.attempts().filter(|(_, attempt)| {
        attempt.state == AttemptState::Open && at >= attempt.opened_at + attempt.answer_s
    });
    overdue
        .map(|(requisition, _)| Duty {
            ledger: own.ledger.clone(),
            key: format!("{requisition}/callers-clock"),
            command: Command::RecordOutcome { requisition, state: AttemptState::Ended(AttemptEnd::Expired) },
            seen: Vec::new(),
        })
        .collect()
}

/// What a person or a standing order chooses: an aircraft, its sites, a hospital.
pub fn choice(asset: AssetId, if_busy: IfBusy) -> Choice {
    let member = asset.member.clone();
    let site = |slug: &str| yui::id::SiteId::new(&member, slug.parse().unwrap());
    Choice {
        asset,
        sites: vec![site("s-1"), site("s-2")],
        hospital: Some(yui::id::HospitalId::new(&member, "h-1".parse().unwrap())),
        if_busy,
        at_site: None,
    }
}
