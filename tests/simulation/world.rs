//! The world of one seed: machines, the network between them, what goes wrong.

use crate::books::{self, Books};
use crate::counts::Counts;
use crate::goods::{self, Word};
use crate::invariants;
use crate::node::{self, Node, submission};
use crate::people::{self, Act};
use crate::plans;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::collections::{BTreeMap, BTreeSet};
use yui::authority::shipments::Tracked;
use yui::authority::{Outcome, Submission, SubmitError, View};
use yui::decision::duties::{self, Duty};
use yui::decision::model::{Actor, AttemptEnd, AttemptState, Choice, IfBusy, ShipmentDecline, ShipmentState};
use yui::decision::{Command, Event, Rejection, State};
use yui::id::{AssetId, LedgerId, RequestId, RequisitionId};
use yui::ledger::{CrashPoint, LedgerEngine, Room, StoredRecord};
use yui::units::Timestamp;

/// The machine of the field that plans and pairs are proposed in.
pub const FIELD: &str = yui::authority::DISASTER;
/// Machines: of three members, and of that field's office.
const NODES: [&str; 4] = ["members/a", "members/b", "members/c", FIELD];
/// What happens in one history.
const STEPS: usize = 700;
/// Rounds of a second within which the ledgers come to rest once everything works: late messages are on the way for four
/// minutes, and each ask, expiry or answer that they lead to takes a few rounds.
const ROUNDS_TO_HEAL: usize = 900;
/// Rounds of words within which every shipment ends: each has four steps, and a machine may die in any of them once.
const ROUNDS_TO_END: usize = 20;
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
    /// What the invariants were checked for, ledger by ledger; a machine that died may have made more durable.
    checked: BTreeMap<LedgerId, State>,
    /// Goods, counted once more.
    books: Books,
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
            checked: BTreeMap::new(),
            books: Books::default(),
            acknowledged: Vec::new(),
            counts: Counts::default(),
        };
        for ledger in world.ledgers() {
            let commands = match &ledger {
                LedgerId::Member(member) => {
                    let mut commands = people::registrations(&ledger);
                    commands.extend(goods::registrations(member));
                    commands
                }
                LedgerId::Field(_) => goods::registrations_of_field(&ledger),
            };
            for command in commands {
                let outcome = world.tell(&ledger, command).expect("nothing has gone wrong yet");
                assert!(outcome.is_some_and(|outcome| outcome.is_ok()), "the registry is accepted");
            }
        }
        world
    }

    pub fn ledgers(&self) -> Vec<LedgerId> {
        self.nodes.keys().cloned().collect()
    }

    /// The machines of members: they have people.
    pub fn members(&self) -> Vec<LedgerId> {
        let members = self.nodes.keys().filter(|ledger| matches!(ledger, LedgerId::Member(_)));
        members.cloned().collect()
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
                28..=53 => self.follow_one(&self.members()),
                54..=96 => self.person()?,
                _ => self.misfortune(),
            }
            if self.dice.percent(30) {
                self.speak_of_goods()?;
            }
            if self.dice.percent(20) {
                self.follow_one(&self.ledgers());
            }
            if self.dice.percent(8) {
                self.boot_one()?;
                self.nodes.values_mut().for_each(|node| node.set_room(Room::Free));
            }
            let quiet = self.ledgers();
            if let Some(ledger) = self.dice.pick(&quiet).cloned() {
                self.process(&ledger, Vec::new())?;
            }
        }
        self.heal()?;
        self.end_shipments()?;
        self.fall_silent()
    }

    // --- what the machines do ---------------------------------------------------------------------------

    /// Lets one machine do what it owes, as far as it knows.
    fn drive_one(&mut self) -> Result<(), String> {
        let members = self.members();
        let Some(ledger) = self.dice.pick(&members).cloned() else { return Ok(()) };
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

    /// Lets one of `ledgers` read on in another's.
    fn follow_one(&mut self, ledgers: &[LedgerId]) {
        let (Some(from), Some(to)) = (self.dice.pick(ledgers).cloned(), self.dice.pick(ledgers).cloned())
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
        self.hand_in(ledger, submission)
    }

    fn hand_in(
        &mut self,
        ledger: &LedgerId,
        submission: Submission,
    ) -> Result<Option<Result<Outcome, SubmitError>>, String> {
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
        if !node.is_up() {
            return Ok(None);
        }
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
                Err(SubmitError::Rejected(rejection)) => self.counts.note_refusal(rejection),
                Ok(_) | Err(_) => {}
            }
        }
        self.check(ledger)?;
        Ok(Some(done.verdicts))
    }

    /// Checks what a machine recorded since it was last looked at, record by record: also what became durable in the
    /// moment in which it died.
    fn check(&mut self, ledger: &LedgerId) -> Result<(), String> {
        let Some(after) = self.nodes[ledger].own().cloned() else { return Ok(()) };
        let before = self.checked.get(ledger).cloned().unwrap_or_else(|| State::new(ledger.clone()));
        if before.sequence == after.sequence {
            return Ok(());
        }
        let (mut state, mut moved) = (before.clone(), false);
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
            self.books.enter(&record, &events)?;
            events.iter().for_each(|event| self.counts.note_event(event, &state));
            let last = state.clone();
            yui::authority::writer::fold_record(&mut state, &record).map_err(|fault| format!("{fault:?}"))?;
            invariants::of_trust(&last, &state, record.at, &events)?;
            invariants::of_ledger(&state)?;
            if events.iter().any(books::concerns) {
                self.books.agree(&state)?;
                moved = true;
            }
        }
        if state != after {
            return Err(format!("{ledger}: the records fold into another state than the live one"));
        }
        self.checked.insert(ledger.clone(), state);
        if moved {
            self.books.balance(self.checked.values())?;
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

    /// Somebody speaks of goods, plans, pairs, roads or the air: at their own machine, or over the network, where the word
    /// may be lost, doubled or late.
    fn speak_of_goods(&mut self) -> Result<(), String> {
        let Some(Word { from, ledger, command, payload, seen }) = goods::word(self) else { return Ok(()) };
        self.keys += 1;
        let submission = submission(&format!("goods/{}", self.keys), command);
        let submission = Submission { payload, seen, ..submission };
        if from != ledger && (self.is_cut(&from, &ledger) || self.dice.percent(50)) {
            self.post(&from, &ledger, submission);
            return self.try_again();
        }
        let told = self.hand_in(&ledger, submission.clone())?;
        let moves = matches!(
            submission.command,
            Command::DispatchShipment { .. }
                | Command::RecordArrival { .. }
                | Command::ReceiveShipment { .. }
        );
        if moves && matches!(told, Some(Ok(_))) && self.dice.percent(40) {
            // The same once more under another id: what moved does not move again.
            self.counts.note("moved twice");
            let again = self.tell(&ledger, submission.command)?;
            let is_refused = |refusal: &SubmitError| {
                let refused = matches!(refusal, SubmitError::Rejected(Rejection::ShipmentOutOfOrder { .. }));
                refused || *refusal == SubmitError::StorageFull { ledger: ledger.clone() }
            };
            if again.is_some_and(|again| !again.as_ref().is_err_and(is_refused)) {
                return Err("a shipment was moved twice".to_owned());
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
        let Some((ledger, mut submission, outcome)) = self.dice.pick(&self.acknowledged).cloned() else {
            return Ok(());
        };
        if self.dice.percent(20) {
            let command = Command::ExpireDue;
            let Some(mut verdicts) =
                self.process(&ledger, vec![Submission { command, payload: None, ..submission }])?
            else {
                return Ok(());
            };
            self.counts.note("another payload");
            return match verdicts.pop() {
                Some(Err(SubmitError::Rejected(Rejection::RequestIdReused { .. }))) => Ok(()),
                other => Err(format!("another payload under the id of a record of {ledger} got {other:?}")),
            };
        }
        if let Command::ApproveShipments { incoming, newer, .. } = &mut submission.command {
            // What is read beside the caller's words has changed since: it is the same command all the same.
            incoming.clear();
            *newer = Some("plans/p-999".parse().unwrap());
            self.counts.note("approved again");
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

    fn boot_one(&mut self) -> Result<(), String> {
        let down = self.nodes.values().find(|node| !node.is_up()).map(|node| node.ledger.clone());
        down.map_or(Ok(()), |ledger| self.boot(&ledger))
    }

    /// Starts a machine; what it had made durable is looked at before anybody reads it.
    fn boot(&mut self, ledger: &LedgerId) -> Result<(), String> {
        let now_ms = self.now_ms;
        self.node(ledger).boot(now_ms);
        self.check(ledger)
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
            let node = self.node(&ledger);
            node.wall_off_ms = 0;
            node.set_room(Room::Free);
            if !node.is_up() {
                self.boot(&ledger)?;
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
                self.boot(&ledger)?;
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

    /// Every machine tells of every shipment where it stands, and people bring every one that goes to its end: none is
    /// stuck. What is sent to a place that nobody registered is told as on its way for ever.
    fn end_shipments(&mut self) -> Result<(), String> {
        for _ in 0..ROUNDS_TO_END {
            self.read_all();
            self.shipments_are_told()?;
            let Some(from) = self.members().into_iter().find(|ledger| self.nodes[ledger].is_up()) else {
                return Err("everything works, and yet no machine runs".to_owned());
            };
            let (view, now) = (goods::view_of(&self.nodes[&from]), self.nodes[&from].time(self.now_ms));
            let all: Vec<_> = view.plans().flat_map(|plan| view.shipments_of(plan)).collect();
            let open = all.iter().filter_map(|tracked| Some((tracked, plans::next(tracked, now)?)));
            let open: Vec<_> =
                open.filter(|(tracked, _)| !is_on_the_way_to_nowhere(&view, tracked, now)).collect();
            if open.is_empty() {
                return Ok(());
            }
            for (tracked, next) in open {
                match self.tell(&next.ledger, next.command)? {
                    None => self.boot(&next.ledger)?,
                    Some(Ok(_)) => {}
                    Some(Err(SubmitError::Rejected(Rejection::StockShort { .. }))) => {
                        let shipments = vec![tracked.shipment.clone()];
                        let (reason, note) = (ShipmentDecline::NoGoods, String::new());
                        let command = Command::DeclineShipments { shipments, reason, note };
                        self.tell(&next.ledger, command)?;
                    }
                    Some(Err(refusal)) => {
                        return Err(format!("{} is stuck: {refusal}", tracked.shipment.id));
                    }
                }
            }
        }
        Err("shipments never come to their end".to_owned())
    }

    /// Once everything was read, every machine that runs says of every shipment what the books say.
    fn shipments_are_told(&mut self) -> Result<(), String> {
        for node in self.nodes.values().filter(|node| node.is_up()) {
            let (view, now) = (goods::view_of(node), node.time(self.now_ms));
            for shipment in self.books.shipments() {
                let told = view.shipment(&shipment.id).map(|tracked| tracked.state(now));
                let known = self.books.state_of(&shipment.id, now);
                if told != Some(known) {
                    let id = &shipment.id;
                    return Err(format!("{} tells of {id} {told:?}, and it is {known:?}", node.ledger));
                }
                self.counts.note_told(known);
            }
        }
        Ok(())
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

/// Goods that left for a depot that nobody registered.
fn is_on_the_way_to_nowhere(view: &View, tracked: &Tracked<'_>, now: Timestamp) -> bool {
    let receiver = &tracked.shipment.receiver;
    let is_known =
        view.state(&receiver.ledger()).is_some_and(|state| state.aid.depots.contains_key(receiver));
    tracked.state(now) == ShipmentState::Dispatched && !is_known
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
