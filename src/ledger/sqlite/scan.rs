//! Reading a whole ledger once, verifying all of it, giving every record to the caller.
//!
//! One thread reads rows and hashes bodies, the caller's decodes, links and folds; chunks of rows go between them.
//! Then the index of request ids is read in its own order: it ascends strictly and holds the same pairs as the
//! table, hence a look-up in it finds what is there and nothing else, and every request id is unique.
//! Hashing stays with the reader: decoding and the caller's folding take about as long as reading and hashing.

use std::hash::Hasher as _;
use std::ops::Range;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use rusqlite::{Connection, OptionalExtension};

use crate::ledger::chain::Digest;
use crate::ledger::fault::{DamagedPart, Extent, LedgerFault};
use crate::ledger::format::{Head, Identity, Raw, Sequence, StoredRecord};
use crate::ledger::witness::Remembered;

use super::tables::{damaged, fault};

/// Bytes of a chunk, about: large enough that handing it over costs nothing, small enough to stay in the cache.
const CHUNK_BYTES: usize = 256 << 10;
/// Chunks under way between the two threads.
const CHUNKS_MAX: usize = 4;

/// What a scan compares the ledger with.
pub(super) struct Scan<'a> {
    pub(super) path: &'a Path,
    pub(super) identity: &'a Identity,
    pub(super) remembered: Option<Remembered>,
}

/// Rows on their way to the caller's thread.
#[derive(Default)]
struct Chunk {
    bytes: Vec<u8>,
    rows: Vec<Row>,
}

/// Where a row's columns lie in the bytes of its chunk.
struct Row {
    sequence: i64,
    hash: Digest,
    hash_holds: bool,
    request_id: Range<usize>,
    body: Range<usize>,
    sealed: Range<usize>,
}

/// Why the reading thread stopped early.
enum Stop {
    /// SQLite could not read on.
    Engine(rusqlite::Error),
    /// The index does not match the table.
    Index,
    /// The caller's thread has seen enough.
    NotNeeded,
}

impl From<rusqlite::Error> for Stop {
    fn from(error: rusqlite::Error) -> Stop {
        Stop::Engine(error)
    }
}

impl Scan<'_> {
    /// Verifies all of `connection`'s ledger and gives its records to `replay` in order.
    ///
    /// # Errors
    /// [`LedgerFault::Damaged`] with the first record that is hurt; no record from it on is given to `replay`.
    pub(super) fn run(
        &self,
        connection: &mut Connection,
        replay: &mut dyn FnMut(&StoredRecord) -> Result<(), LedgerFault>,
    ) -> Result<Head, LedgerFault> {
        let mut head = Head::EMPTY;
        let reader_connection = &mut *connection;
        let (followed, read) = thread::scope(|scope| {
            let (full, receiver) = sync_channel(CHUNKS_MAX);
            let (returned, empty) = sync_channel(CHUNKS_MAX);
            let reader = scope.spawn(move || read_all(reader_connection, &full, &empty));
            let followed = self.follow(&mut head, (receiver, returned), replay);
            (followed, reader.join().expect("reading rows does not panic, whatever the file holds"))
        });
        followed.map_err(|trouble| trouble.into_fault(self, connection))?;
        match read {
            Ok(()) | Err(Stop::NotNeeded) => {}
            Err(Stop::Index) => return Err(self.damaged(None, DamagedPart::RequestIndex, Extent::File)),
            Err(Stop::Engine(error)) => return Err(self.unreadable(connection, head, error)),
        }
        self.check_end(connection, head)?;
        Ok(head)
    }

    /// Decodes and links what comes in, until the end or the first trouble.
    fn follow(
        &self,
        head: &mut Head,
        (chunks, returned): (Receiver<Chunk>, SyncSender<Chunk>),
        replay: &mut dyn FnMut(&StoredRecord) -> Result<(), LedgerFault>,
    ) -> Result<(), Trouble> {
        let mut record = StoredRecord::blank(self.identity);
        for chunk in chunks {
            for row in &chunk.rows {
                let next = head.sequence + 1;
                let hurt = |part| Trouble::Hurt(next, part);
                row.verify(&chunk.bytes, self.identity, &mut record).map_err(hurt)?;
                head.follow(&record).map_err(hurt)?;
                if self.remembered.is_some_and(|seen| seen.sequence == next && seen.hash != record.hash) {
                    return Err(hurt(DamagedPart::Acknowledged));
                }
                replay(&record).map_err(Trouble::Caller)?;
            }
            // One that nobody takes, because the reader has ended, is simply dropped.
            let _ = returned.try_send(chunk);
        }
        Ok(())
    }

    /// Whether the ledger ends where it should, and a new record would go behind the last one.
    fn check_end(&self, connection: &Connection, head: Head) -> Result<(), LedgerFault> {
        if head.sequence > 0 {
            // By its exact sequence: had a page above gone astray, this look-up would miss, as an append would.
            let found = connection
                .query_row("SELECT hash FROM record WHERE sequence = ?1", [head.sequence], |row| {
                    row.get::<_, [u8; 32]>(0)
                })
                .optional()
                .map_err(|error| fault(self.path, self.identity, "read", error))?;
            if found != Some(head.hash.0) {
                return Err(self.damaged(Some(head.sequence), DamagedPart::Storage, Extent::Tail));
            }
        }
        Ok(())
    }

    fn damaged(&self, sequence: Option<Sequence>, part: DamagedPart, extent: Extent) -> LedgerFault {
        damaged(self.path, self.identity, sequence, part, extent)
    }

    /// The reader could not go on behind `head`.
    fn unreadable(&self, connection: &Connection, head: Head, error: rusqlite::Error) -> LedgerFault {
        match fault(self.path, self.identity, "read", error) {
            LedgerFault::Damaged { part, .. } => {
                let next = head.sequence + 1;
                self.damaged(Some(next), part, extent_of(connection, next))
            }
            other => other,
        }
    }
}

/// Why the caller's thread stopped early.
enum Trouble {
    Hurt(Sequence, DamagedPart),
    Caller(LedgerFault),
}

impl Trouble {
    fn into_fault(self, scan: &Scan<'_>, connection: &Connection) -> LedgerFault {
        match self {
            Trouble::Caller(found) => found,
            Trouble::Hurt(sequence, part) => {
                scan.damaged(Some(sequence), part, extent_of(connection, sequence))
            }
        }
    }
}

/// Whether records stand behind `sequence`.
pub(super) fn extent_of(connection: &Connection, sequence: Sequence) -> Extent {
    let last =
        connection.query_row("SELECT max(sequence) FROM record", [], |row| row.get::<_, Option<i64>>(0));
    match last {
        Ok(Some(last)) if u64::try_from(last).is_ok_and(|last| last == sequence) => Extent::Tail,
        _ => Extent::Middle,
    }
}

impl Row {
    fn verify(
        &self,
        bytes: &[u8],
        identity: &Identity,
        record: &mut StoredRecord,
    ) -> Result<(), DamagedPart> {
        let sequence = u64::try_from(self.sequence).map_err(|_| DamagedPart::Gap)?;
        if !self.hash_holds {
            return Err(DamagedPart::Body);
        }
        let raw = Raw {
            sequence,
            request_id: &bytes[self.request_id.clone()],
            hash: self.hash,
            body: &bytes[self.body.clone()],
            sealed: &bytes[self.sealed.clone()],
        };
        raw.decode_into(identity, record)
    }
}

impl Chunk {
    /// One that has come back, or a new one.
    fn empty(returned: &Receiver<Chunk>) -> Chunk {
        let mut chunk = returned.try_recv().unwrap_or_default();
        chunk.rows.clear();
        chunk.bytes.clear();
        chunk.bytes.reserve(CHUNK_BYTES + CHUNK_BYTES / 4);
        chunk
    }

    fn take(&mut self, row: &rusqlite::Row<'_>) -> rusqlite::Result<u64> {
        let sequence: i64 = row.get_ref(0)?.as_i64()?;
        let request_id = row.get_ref(1)?.as_blob()?;
        let hash = Digest(row.get(2)?);
        let body = row.get_ref(3)?.as_blob()?;
        let sealed = row.get_ref(4)?.as_blob()?;
        let (request_id, mix) = (self.put(request_id), mix(request_id, sequence));
        let hash_holds = Digest::of(body) == hash;
        let (body, sealed) = (self.put(body), self.put(sealed));
        self.rows.push(Row { sequence, hash, hash_holds, request_id, body, sealed });
        Ok(mix)
    }

    fn put(&mut self, bytes: &[u8]) -> Range<usize> {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        start..self.bytes.len()
    }
}

/// Sends all rows, then compares the index with them.
fn read_all(
    connection: &mut Connection,
    full: &SyncSender<Chunk>,
    empty: &Receiver<Chunk>,
) -> Result<(), Stop> {
    let rows = send_rows(connection, full, empty)?;
    if sum_index(connection)? == rows { Ok(()) } else { Err(Stop::Index) }
}

/// How many pairs of request id and sequence, and the sum of their mixes: equal for equal sets, whatever the order.
#[derive(Default, PartialEq, Eq)]
struct Pairs {
    count: u64,
    sum: u64,
}

impl Pairs {
    fn add(&mut self, mix: u64) {
        self.count += 1;
        self.sum = self.sum.wrapping_add(mix);
    }
}

fn send_rows(
    connection: &Connection,
    full: &SyncSender<Chunk>,
    empty: &Receiver<Chunk>,
) -> Result<Pairs, Stop> {
    let text = "SELECT sequence, request_id, hash, body, sealed FROM record NOT INDEXED ORDER BY sequence";
    let mut statement = connection.prepare(text)?;
    let mut rows = statement.query([])?;
    let mut pairs = Pairs::default();
    let mut chunk = Chunk::empty(empty);
    loop {
        let read = match rows.next() {
            Ok(Some(row)) => chunk.take(row).map(Some),
            Ok(None) => Ok(None),
            Err(error) => Err(error),
        };
        let is_last = !matches!(read, Ok(Some(_)));
        if is_last || chunk.bytes.len() >= CHUNK_BYTES {
            full.send(chunk).map_err(|_| Stop::NotNeeded)?;
            chunk = Chunk::empty(empty);
        }
        match read? {
            Some(mix) => pairs.add(mix),
            None => return Ok(pairs),
        }
    }
}

fn sum_index(connection: &Connection) -> Result<Pairs, Stop> {
    let text = "SELECT request_id, sequence FROM record INDEXED BY record_request_id ORDER BY request_id";
    let mut statement = connection.prepare(text)?;
    let mut rows = statement.query([])?;
    let mut pairs = Pairs::default();
    let mut last = Vec::new();
    while let Some(row) = rows.next()? {
        let request_id = row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?;
        let sequence = row.get_ref(1)?.as_i64().map_err(rusqlite::Error::from)?;
        // A request id is never empty, so the first one ascends too.
        if request_id <= last.as_slice() {
            return Err(Stop::Index);
        }
        last.clear();
        last.extend_from_slice(request_id);
        pairs.add(mix(request_id, sequence));
    }
    Ok(pairs)
}

/// 64 bits that depend on all of the pair. Lives within one scan, so the standard hasher may change between versions.
fn mix(request_id: &[u8], sequence: i64) -> u64 {
    let mut hasher = std::hash::DefaultHasher::new();
    hasher.write(request_id);
    hasher.write_i64(sequence);
    hasher.finish()
}
