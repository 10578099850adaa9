//! One member's machine: its authority, its copies of the other ledgers, its clock.

use std::collections::BTreeMap;
use yui::authority::Submission;
use yui::authority::writer::{Authority, Done, Opening, fold_record};
use yui::clock::Reading;
use yui::decision::duties::{Duty, Peers};
use yui::decision::model::Actor;
use yui::decision::{Command, State};
use yui::id::{LedgerId, Space};
use yui::ledger::{CrashPoint, LedgerEngine, LedgerFault, MemoryDisk, MemoryLedger, Room, StoredRecord};
use yui::units::Timestamp;

pub struct Node {
    pub ledger: LedgerId,
    disk: MemoryDisk,
    authority: Option<Authority<MemoryLedger>>,
    /// Copies of the other ledgers, as far as they arrived.
    pub copies: BTreeMap<LedgerId, State>,
    /// True time at which this process began: its monotonic clock counts from here.
    booted_ms: i64,
    /// Wall clock minus true time.
    pub wall_off_ms: i64,
    seed: u64,
    boots: u64,
}

/// What a node knows: its own ledger as it is, the others as far as they were read.
impl Peers for Node {
    fn state(&self, ledger: &LedgerId) -> Option<&State> {
        self.copies.get(ledger)
    }
}

impl Node {
    pub fn new(name: &str, now_ms: i64, seed: u64) -> Node {
        let ledger: LedgerId = name.parse().unwrap();
        let mut node = Node {
            ledger,
            disk: MemoryDisk::new(),
            authority: None,
            copies: BTreeMap::new(),
            booted_ms: now_ms,
            wall_off_ms: 0,
            seed,
            boots: 0,
        };
        node.boot(now_ms);
        node
    }

    pub fn is_up(&self) -> bool {
        self.authority.is_some()
    }

    pub fn own(&self) -> Option<&State> {
        self.authority.as_ref().map(Authority::state)
    }

    pub fn reading(&self, now_ms: i64) -> Reading {
        Reading { wall: Timestamp(now_ms + self.wall_off_ms), monotonic_ms: now_ms - self.booted_ms }
    }

    /// Starts the process; its ledger is folded from the disk.
    pub fn boot(&mut self, now_ms: i64) {
        self.booted_ms = now_ms;
        self.boots += 1;
        let space: Space = "drill/simulation".parse().unwrap();
        let mut counter = self.seed.wrapping_mul(1_000).wrapping_add(self.boots);
        let randomness = move |bytes: &mut [u8]| {
            for byte in bytes {
                counter =
                    counter.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                *byte = (counter >> 56) as u8;
            }
        };
        let (disk, ledger) = (self.disk.clone(), self.ledger.clone());
        let opening = Opening {
            ledger: &self.ledger,
            reading: self.reading(now_ms),
            holder: "simulation",
            checkpoint: disk.peek_checkpoint(),
        };
        let authority = Authority::open(opening, |replay| {
            MemoryLedger::open(&disk, (&space, &ledger), Box::new(randomness), replay)
        });
        self.authority = Some(authority.expect("what was acknowledged can be opened again"));
    }

    /// The power goes: what was not synced is lost, and so is everything in memory, the copies included.
    pub fn crash(&mut self) {
        self.authority = None;
        self.copies.clear();
    }

    /// Fills the disk, or frees it.
    pub fn set_room(&mut self, room: Room) {
        if let Some(authority) = &mut self.authority {
            authority.engine_mut().set_room(room);
        }
    }

    /// The time by this machine's ledger: what it drives goes by it, as in the server.
    pub fn time(&self, now_ms: i64) -> Timestamp {
        let reading = self.reading(now_ms);
        self.authority.as_ref().map_or(reading.wall, |authority| authority.decision_time(reading))
    }

    /// Lets the power go in the middle of the next append.
    pub fn crash_at(&mut self, point: CrashPoint) {
        if let Some(authority) = &mut self.authority {
            authority.engine_mut().crash_at(point);
        }
    }

    /// Hands a batch to the authority; an error means that the process died of it.
    pub fn process(&mut self, now_ms: i64, batch: Vec<Submission>) -> Result<Done, LedgerFault> {
        let reading = self.reading(now_ms);
        let Some(authority) = &mut self.authority else { return Err(LedgerFault::Crashed) };
        // As the server's loop does: what is due ends before anything else is judged.
        authority.tick(reading)?;
        authority.process(reading, batch)
    }

    /// Records after `sequence`, for a follower.
    pub fn records_after(&self, sequence: u64, limit: usize) -> Vec<StoredRecord> {
        let Some(authority) = &self.authority else { return Vec::new() };
        authority.engine().read_from(sequence + 1, limit).expect("a sound disk is read")
    }

    /// Takes a record of another ledger: only the next one, whatever order they come in.
    pub fn follow(&mut self, record: &StoredRecord) {
        let copy =
            self.copies.entry(record.ledger.clone()).or_insert_with(|| State::new(record.ledger.clone()));
        if record.sequence == copy.sequence + 1 {
            fold_record(copy, record).expect("what its authority recorded can be folded");
        }
    }

    /// The state as folded anew from the disk.
    pub fn replayed(&self) -> State {
        let mut state = State::new(self.ledger.clone());
        let Some(authority) = &self.authority else { return state };
        for record in authority.engine().read_from(1, usize::MAX).expect("a sound disk is read") {
            fold_record(&mut state, &record).expect("what was recorded can be folded");
        }
        state
    }

    pub fn engine(&self) -> Option<&MemoryLedger> {
        self.authority.as_ref().map(Authority::engine)
    }
}

/// A person's command, with a name of its own.
pub fn submission(key: &str, command: Command) -> Submission {
    Submission::new(key, Actor("unauthenticated:simulation".to_owned()), command)
}

/// What a machine owes.
pub fn duty(duty: Duty) -> Submission {
    let actor = Actor("authority".to_owned());
    Submission { seen: duty.seen, ..Submission::duty(&duty.key, actor, duty.command) }
}
