//! The engine of tests and simulation: a ledger in memory that crashes when it is told to.
//!
//! The disk is a value of its own ([`MemoryDisk`]) that outlives the ledger: what was synced is on it, what was not
//! is gone with the [`MemoryLedger`]. Records have the very bytes and hashes that the SQLite engine would write.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};

use crate::id::{LedgerId, Space};

use super::batch::{Batch, prepare};
use super::chain::Digest;
use super::fault::{DamagedPart, Extent, LedgerFault};
use super::fingerprint::Fingerprinter;
use super::format::{Head, Identity, NewRecord, Raw, RequestKey, Sequence, StoredRecord, fits};
use super::randomness::{Randomness, random_bytes};
use super::seal::{KeyId, SealId, unseal};
use super::{Appended, Checkpoint, LedgerEngine};

/// Where in an append the power goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CrashPoint {
    /// Before anything is durable: the batch is lost.
    BeforeKeys,
    /// The keys of sealed parts are durable, the records are not: the batch is lost.
    BeforeRecords,
    /// All is durable, but the writer never hears of it.
    BeforeAnswer,
}

/// What survives a crash. Clones share the same disk.
#[derive(Clone, Default)]
pub struct MemoryDisk {
    content: Arc<Mutex<Content>>,
}

#[derive(Clone, Default)]
struct Content {
    owner: Option<(Space, LedgerId)>,
    fingerprint_key: [u8; 32],
    rows: Vec<Row>,
    sequences: BTreeMap<RequestKey, Sequence>,
    problems: BTreeMap<Digest, Vec<u8>>,
    checkpoints: BTreeMap<Sequence, Checkpoint>,
    /// `None` for a key that was destroyed.
    keys: BTreeMap<KeyId, Option<[u8; 32]>>,
}

#[derive(Clone)]
struct Row {
    request_id: Vec<u8>,
    hash: Digest,
    body: Vec<u8>,
    sealed: Vec<u8>,
}

impl MemoryDisk {
    /// An empty disk.
    #[must_use]
    pub fn new() -> MemoryDisk {
        MemoryDisk::default()
    }

    /// Another disk with the same content, as a backup is.
    #[must_use]
    pub fn copy(&self) -> MemoryDisk {
        MemoryDisk { content: Arc::new(Mutex::new(self.content().clone())) }
    }

    /// Flips one bit of the body of record `sequence`; `false` when there is no such bit.
    pub fn flip(&self, sequence: Sequence, bit: usize) -> bool {
        let mut content = self.content();
        let row = index_of(sequence).and_then(|index| content.rows.get_mut(index));
        let byte = row.and_then(|row| row.body.get_mut(bit / 8));
        byte.map(|byte| *byte ^= 1 << (bit % 8)).is_some()
    }

    /// The latest checkpoint on it, as it stands there.
    #[must_use]
    pub fn peek_checkpoint(&self) -> Option<Checkpoint> {
        self.content().checkpoints.values().next_back().copied()
    }

    fn content(&self) -> MutexGuard<'_, Content> {
        self.content.lock().expect("nothing panics while it holds the disk")
    }
}

/// An open ledger on a [`MemoryDisk`].
pub struct MemoryLedger {
    disk: MemoryDisk,
    identity: Identity,
    head: Head,
    randomness: Box<dyn Randomness>,
    crash_point: Option<CrashPoint>,
    is_crashed: bool,
    room: Room,
}

/// Whether a disk has room for more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// It has.
    Free,
    /// For the next records, not for a checkpoint.
    Records,
    /// It has not: nothing more is written, what stands there is read.
    Full,
}

impl MemoryLedger {
    /// Opens the ledger on `disk`, verifies it and gives every record to `replay`.
    ///
    /// # Errors
    /// As [`SqliteLedger::open`](super::SqliteLedger::open).
    pub fn open(
        disk: &MemoryDisk,
        (space, ledger): (&Space, &LedgerId),
        mut randomness: Box<dyn Randomness>,
        replay: &mut dyn FnMut(&StoredRecord) -> Result<(), LedgerFault>,
    ) -> Result<MemoryLedger, LedgerFault> {
        let identity = Identity::new(space, ledger);
        claim(&mut disk.content(), &identity, randomness.as_mut())?;
        let disk = disk.clone();
        let mut opened = MemoryLedger {
            disk,
            identity,
            head: Head::EMPTY,
            randomness,
            crash_point: None,
            is_crashed: false,
            room: Room::Free,
        };
        opened.replay(replay)?;
        Ok(opened)
    }

    fn replay(
        &mut self,
        replay: &mut dyn FnMut(&StoredRecord) -> Result<(), LedgerFault>,
    ) -> Result<(), LedgerFault> {
        let last = self.disk.content().rows.len() as Sequence;
        for sequence in 1..=last {
            let record = self.read_one(sequence)?;
            self.head.follow(&record).map_err(|part| self.damaged(sequence, part))?;
            replay(&record)?;
        }
        Ok(())
    }

    /// The same ledger on a disk of its own, which draws from `randomness` from now on.
    #[must_use]
    pub fn fork(&self, randomness: Box<dyn Randomness>) -> MemoryLedger {
        MemoryLedger {
            disk: self.disk.copy(),
            identity: self.identity.clone(),
            head: self.head,
            randomness,
            crash_point: None,
            is_crashed: false,
            room: Room::Free,
        }
    }

    /// Lets the power go at `point` of the next append: it gives [`LedgerFault::Crashed`], and so does every later one.
    pub fn crash_at(&mut self, point: CrashPoint) {
        self.crash_point = Some(point);
    }

    /// Fills the disk, or frees it.
    pub fn set_room(&mut self, room: Room) {
        self.room = room;
    }

    fn check_room(&self, is_enough: bool) -> Result<(), LedgerFault> {
        if is_enough { Ok(()) } else { Err(LedgerFault::DiskFull { path: path() }) }
    }

    /// Lets the power go now. What is left is the disk.
    #[must_use]
    pub fn crash(self) -> MemoryDisk {
        self.disk
    }

    fn crashes(&mut self, point: CrashPoint) -> Result<(), LedgerFault> {
        if self.crash_point == Some(point) {
            self.is_crashed = true;
            return Err(LedgerFault::Crashed);
        }
        Ok(())
    }

    /// Writes what a whole append writes, in its order.
    fn write(&mut self, batch: &Batch<'_>) -> Result<(), LedgerFault> {
        self.crashes(CrashPoint::BeforeKeys)?;
        self.disk.content().keys.extend(batch.keys.iter().map(|key| (key.id, Some(key.key))));
        self.crashes(CrashPoint::BeforeRecords)?;
        let mut content = self.disk.content();
        for row in &batch.rows {
            let request_id = row.record.request_id.clone();
            content.rows.push(Row {
                request_id: request_id.as_bytes().to_vec(),
                hash: row.hash,
                body: row.body.clone(),
                sealed: row.sealed.clone(),
            });
            content.sequences.insert(request_id, row.record.sequence);
            if let Some(bytes) = &row.record.problem {
                content.problems.insert(Digest::of(bytes), bytes.clone());
            }
        }
        drop(content);
        self.crashes(CrashPoint::BeforeAnswer)
    }

    fn read_one(&self, sequence: Sequence) -> Result<StoredRecord, LedgerFault> {
        let content = self.disk.content();
        let Some(row) = index_of(sequence).and_then(|index| content.rows.get(index)) else {
            return Err(LedgerFault::NoSuchRecord { ledger: self.identity.ledger.clone(), sequence });
        };
        let raw = Raw {
            sequence,
            request_id: &row.request_id,
            hash: row.hash,
            body: &row.body,
            sealed: &row.sealed,
        };
        let verified = raw.verify(&self.identity);
        drop(content);
        verified.map_err(|part| self.damaged(sequence, part))
    }

    fn damaged(&self, sequence: Sequence, part: DamagedPart) -> LedgerFault {
        let is_last = self.disk.content().rows.len() as Sequence == sequence;
        let extent = if is_last { Extent::Tail } else { Extent::Middle };
        let ledger = self.identity.ledger.clone();
        LedgerFault::Damaged { path: path(), ledger, sequence: Some(sequence), part, extent }
    }
}

/// What stands where other engines name a file.
fn path() -> PathBuf {
    PathBuf::from("(memory)")
}

/// Makes the disk that of `identity`, or finds that it is.
fn claim(
    content: &mut Content,
    identity: &Identity,
    randomness: &mut dyn Randomness,
) -> Result<(), LedgerFault> {
    match content.owner.clone() {
        None => {
            content.fingerprint_key =
                random_bytes(randomness).map_err(|reason| LedgerFault::Randomness { reason })?;
            content.owner = Some((identity.space.clone(), identity.ledger.clone()));
            Ok(())
        }
        Some((found, _)) if found != identity.space => {
            Err(LedgerFault::WrongSpace { path: path(), expected: identity.space.clone(), found })
        }
        Some((_, found)) if found != identity.ledger => {
            Err(LedgerFault::WrongLedger { path: path(), expected: identity.ledger.clone(), found })
        }
        Some(_) => Ok(()),
    }
}

fn index_of(sequence: Sequence) -> Option<usize> {
    usize::try_from(sequence.checked_sub(1)?).ok()
}

impl LedgerEngine for MemoryLedger {
    fn space(&self) -> &Space {
        &self.identity.space
    }

    fn ledger(&self) -> &LedgerId {
        &self.identity.ledger
    }

    fn head(&self) -> Head {
        self.head
    }

    fn append_batch(&mut self, records: &[NewRecord]) -> Result<Vec<Appended>, LedgerFault> {
        if self.is_crashed {
            return Err(LedgerFault::Crashed);
        }
        if records.is_empty() {
            return Ok(Vec::new());
        }
        let batch = prepare(&self.identity, self.head, records, self.randomness.as_mut())?;
        let repeated = {
            let content = self.disk.content();
            records.iter().find(|record| content.sequences.contains_key(&record.request_id))
        };
        if let Some(record) = repeated {
            let ledger = self.identity.ledger.clone();
            return Err(LedgerFault::RequestRepeated { ledger, sequence: record.sequence });
        }
        self.check_room(self.room != Room::Full)?;
        self.write(&batch)?;
        self.head = batch.head;
        Ok(batch.appended())
    }

    fn fits(&self, record: &NewRecord) -> bool {
        fits(&self.identity, record)
    }

    fn find_request(&self, request_id: &RequestKey) -> Result<Option<StoredRecord>, LedgerFault> {
        let sequence = self.disk.content().sequences.get(request_id).copied();
        sequence.map(|sequence| self.read_one(sequence)).transpose()
    }

    fn read_from(&self, sequence: Sequence, limit: usize) -> Result<Vec<StoredRecord>, LedgerFault> {
        (sequence.max(1)..=self.head.sequence).take(limit).map(|sequence| self.read_one(sequence)).collect()
    }

    fn problem(&self, hash: &Digest) -> Result<Vec<u8>, LedgerFault> {
        let found = self.disk.content().problems.get(hash).cloned();
        found.ok_or_else(|| LedgerFault::ProblemMissing { path: path(), hash: *hash })
    }

    fn write_checkpoint(&mut self, checkpoint: &Checkpoint) -> Result<(), LedgerFault> {
        self.read_one(checkpoint.sequence)?;
        self.check_room(self.room == Room::Free)?;
        self.disk.content().checkpoints.insert(checkpoint.sequence, *checkpoint);
        Ok(())
    }

    fn latest_checkpoint(&self) -> Result<Option<Checkpoint>, LedgerFault> {
        Ok(self.disk.content().checkpoints.values().next_back().copied())
    }

    fn fingerprinter(&self) -> Fingerprinter {
        Fingerprinter::new(self.disk.content().fingerprint_key)
    }

    fn open_seal(&self, seal: SealId) -> Result<Option<Vec<u8>>, LedgerFault> {
        let record = self.read_one(seal.sequence)?;
        let part = record.part(seal)?;
        let key = self.disk.content().keys.get(&part.key_id).copied();
        let SealId { sequence, index } = seal;
        match key {
            Some(Some(key)) => match unseal(&self.identity, seal, part, &key) {
                Some(plaintext) => Ok(Some(plaintext)),
                None => Err(self.damaged(sequence, DamagedPart::Sealed)),
            },
            Some(None) => Ok(None),
            None => Err(LedgerFault::KeyLost {
                path: path(),
                ledger: self.identity.ledger.clone(),
                sequence,
                index,
            }),
        }
    }

    fn destroy_key(&mut self, seal: SealId) -> Result<(), LedgerFault> {
        let key_id = self.read_one(seal.sequence)?.part(seal)?.key_id;
        self.disk.content().keys.insert(key_id, None);
        Ok(())
    }
}
