//! The embedded engine: one SQLite file per ledger, one writer, group commit.
//!
//! A batch is one transaction and one sync of the write-ahead log (`synchronous=FULL`); keys of sealed parts are
//! synced in their own file before it. [`SqliteLedger::open`] reads and verifies the whole ledger and gives it to the
//! caller, so a server never runs on a ledger it has not checked.
//!
//! Absent on purpose: threads of its own while it runs. The authority's thread writes; whoever wants to read at the
//! same time reads the authority's published view. [`backup`] copies beside a running writer.

mod scan;
pub(super) mod tables;

use std::path::{Path, PathBuf};

use rusqlite::{Connection, ErrorCode, OptionalExtension, params};

use crate::id::{LedgerId, Space};

use super::batch::{Batch, prepare};
use super::chain::Digest;
use super::fault::{DamagedPart, Extent, LedgerFault};
use super::files::{self, LedgerPaths, SpaceFolder};
use super::fingerprint::Fingerprinter;
use super::format::{Head, Identity, NewRecord, Raw, RequestKey, Sequence, StoredRecord, fits};
use super::keys::KeyFile;
use super::randomness::Randomness;
use super::seal::{KeyState, SealId, unseal};
use super::witness::{Remembered, Witness};
use super::{Appended, Checkpoint, LedgerEngine};

use scan::{Scan, extent_of};
use tables::{damaged, fault};

/// What to do with a ledger whose key file is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingKeys {
    /// Do not start: the file may only be misplaced.
    Refuse,
    /// Make new keys. What was sealed reads as erased, and retries of older requests are no longer recognised as
    /// saying the same. A person decides this.
    Renew,
}

/// An open ledger, verified from its first record to its last.
pub struct SqliteLedger {
    connection: Connection,
    paths: LedgerPaths,
    identity: Identity,
    head: Head,
    keys: KeyFile,
    witness: Witness,
    randomness: Box<dyn Randomness>,
    is_halted: bool,
    /// Keeps the space locked for as long as the ledger is open.
    _folder: SpaceFolder,
}

impl SqliteLedger {
    /// Opens the ledger of `ledger` in `folder`, making it where there is none, and gives every record to `replay`.
    ///
    /// `replay` sees records in order, each verified; one of a newer schema
    /// ([`StoredRecord::is_newer`]) is given like any other. Its own fault ends the opening.
    ///
    /// # Errors
    /// [`LedgerFault::Damaged`], [`LedgerFault::TailLost`], [`LedgerFault::KeysMissing`] and whatever else keeps the
    /// ledger from being trusted; then the file is left as it was found.
    pub fn open(
        folder: &SpaceFolder,
        ledger: &LedgerId,
        missing_keys: MissingKeys,
        mut randomness: Box<dyn Randomness>,
        replay: &mut dyn FnMut(&StoredRecord) -> Result<(), LedgerFault>,
    ) -> Result<SqliteLedger, LedgerFault> {
        let identity = Identity::new(folder.space(), ledger);
        let paths = folder.paths(ledger);
        let keys = open_keys(&paths, &identity, missing_keys, randomness.as_mut())?;
        let (mut witness, remembered) = Witness::open(&paths.witness)?;
        let mut connection = tables::open(&paths.ledger, &identity)?;
        let scan = Scan { path: &paths.ledger, identity: &identity, remembered };
        let engine = |error| fault(&paths.ledger, &identity, "open", error);
        tables::keep_pages(&connection, tables::Pages::ReadOnce).map_err(engine)?;
        let head = scan.run(&mut connection, replay)?;
        tables::keep_pages(&connection, tables::Pages::Serving).map_err(engine)?;
        check_tail(&paths, &identity, head, remembered)?;
        let keys = match keys {
            Some(keys) => keys,
            None => KeyFile::create(&paths.keys, &identity, head.sequence + 1, randomness.as_mut())?,
        };
        tables::trust(&connection).map_err(|error| fault(&paths.ledger, &identity, "open", error))?;
        witness.remember(head);
        let _folder = folder.clone();
        Ok(SqliteLedger {
            connection,
            paths,
            identity,
            head,
            keys,
            witness,
            randomness,
            is_halted: false,
            _folder,
        })
    }

    /// The latest checkpoint of a ledger that is not open yet, as it stands there: whether it is the one that was
    /// written shows only when the records have been read. None when there is none, or it cannot be read.
    #[must_use]
    pub fn peek_checkpoint(folder: &SpaceFolder, ledger: &LedgerId) -> Option<Checkpoint> {
        let (identity, path) = (Identity::new(folder.space(), ledger), folder.paths(ledger).ledger);
        if !path.exists() {
            return None;
        }
        let connection = tables::open_read_only(&path, &identity).ok()?;
        connection.query_row(LATEST_CHECKPOINT, [], read_checkpoint).ok().map(|(checkpoint, _)| checkpoint)
    }

    /// The ledger file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.paths.ledger
    }

    /// The file of its keys.
    #[must_use]
    pub fn keys_path(&self) -> &Path {
        &self.paths.keys
    }

    /// Makes the disk as full as a test wants it.
    #[cfg(test)]
    pub(super) fn limit_pages(&self, pages: Option<u32>) {
        let pages = pages.unwrap_or(u32::MAX - 1);
        self.connection.query_row(&format!("PRAGMA max_page_count={pages}"), [], |_| Ok(())).unwrap();
    }

    fn engine_fault(&self, doing: &'static str, error: rusqlite::Error) -> LedgerFault {
        fault(&self.paths.ledger, &self.identity, doing, error)
    }

    fn damaged(&self, sequence: Sequence, part: DamagedPart) -> LedgerFault {
        let extent = extent_of(&self.connection, sequence);
        damaged(&self.paths.ledger, &self.identity, Some(sequence), part, extent)
    }

    /// One transaction, one sync. Says which fault it was, and whether the file is certainly as before.
    fn write(&mut self, batch: &Batch<'_>) -> Result<(), (LedgerFault, After)> {
        let (path, identity) = (&self.paths.ledger, &self.identity);
        let outcome = write_rows(&mut self.connection, batch);
        outcome.map_err(|(sequence, error)| match error.sqlite_error_code() {
            Some(ErrorCode::ConstraintViolation) => {
                let ledger = identity.ledger.clone();
                (LedgerFault::RequestRepeated { ledger, sequence }, After::Unchanged)
            }
            Some(ErrorCode::DiskFull | ErrorCode::DatabaseBusy) => {
                (fault(path, identity, "write", error), After::Unchanged)
            }
            _ => (fault(path, identity, "write", error), After::Unknown),
        })
    }

    /// The record of a `sequence` that is not past the head.
    fn read_one(&self, sequence: Sequence) -> Result<StoredRecord, LedgerFault> {
        if !(1..=self.head.sequence).contains(&sequence) {
            return Err(LedgerFault::NoSuchRecord { ledger: self.identity.ledger.clone(), sequence });
        }
        let found = self.read_from(sequence, 1)?.pop();
        found.ok_or_else(|| self.damaged(sequence, DamagedPart::Gap))
    }

    fn hash_of(&self, sequence: Sequence) -> Result<Digest, LedgerFault> {
        if sequence == self.head.sequence { Ok(self.head.hash) } else { Ok(self.read_one(sequence)?.hash) }
    }

    fn checkpoint_damaged(&self) -> LedgerFault {
        damaged(&self.paths.ledger, &self.identity, None, DamagedPart::Checkpoint, Extent::File)
    }

    /// Reads rows with `text`, verified each for itself.
    fn read_rows(&self, text: &str, values: impl rusqlite::Params) -> Result<Vec<StoredRecord>, LedgerFault> {
        let mut statement =
            self.connection.prepare_cached(text).map_err(|error| self.engine_fault("read", error))?;
        let mut rows = statement.query(values).map_err(|error| self.engine_fault("read", error))?;
        let mut records = Vec::new();
        while let Some(row) = rows.next().map_err(|error| self.engine_fault("read", error))? {
            let read = read_row(row, &self.identity).map_err(|error| self.engine_fault("read", error))?;
            records.push(read.map_err(|(sequence, part)| self.damaged(sequence, part))?);
        }
        Ok(records)
    }
}

const LATEST_CHECKPOINT: &str =
    "SELECT sequence, state_format, state_hash, proof FROM checkpoint ORDER BY sequence DESC LIMIT 1";

/// What a failed write leaves behind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum After {
    /// Nothing: it was rolled back.
    Unchanged,
    /// Perhaps all of it: a sync that failed cannot be asked again.
    Unknown,
}

impl LedgerEngine for SqliteLedger {
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
        if self.is_halted {
            return Err(LedgerFault::Halted { path: self.paths.ledger.clone() });
        }
        if records.is_empty() {
            return Ok(Vec::new());
        }
        let batch = prepare(&self.identity, self.head, records, self.randomness.as_mut())?;
        if let Err(found) = self.keys.append(&batch.keys) {
            self.is_halted = !matches!(found, LedgerFault::DiskFull { .. });
            return Err(found);
        }
        if let Err((found, after)) = self.write(&batch) {
            self.is_halted = after == After::Unknown || !self.connection.is_autocommit();
            return Err(found);
        }
        self.head = batch.head;
        self.witness.remember(self.head);
        Ok(batch.appended())
    }

    fn fits(&self, record: &NewRecord) -> bool {
        fits(&self.identity, record)
    }

    fn find_request(&self, request_id: &RequestKey) -> Result<Option<StoredRecord>, LedgerFault> {
        let text = "SELECT sequence, request_id, hash, body, sealed FROM record INDEXED BY record_request_id \
                    WHERE request_id = ?1";
        Ok(self.read_rows(text, [request_id.as_bytes()])?.pop())
    }

    fn read_from(&self, sequence: Sequence, limit: usize) -> Result<Vec<StoredRecord>, LedgerFault> {
        let first = sequence.max(1);
        let expected = (self.head.sequence + 1).saturating_sub(first).min(limit as u64);
        if expected == 0 {
            return Ok(Vec::new());
        }
        let text = "SELECT sequence, request_id, hash, body, sealed FROM record \
                    WHERE sequence BETWEEN ?1 AND ?2 ORDER BY sequence";
        let records = self.read_rows(text, [first, first + expected - 1])?;
        for (expected, record) in (first..).zip(&records) {
            if record.sequence != expected {
                return Err(self.damaged(expected, DamagedPart::Gap));
            }
        }
        if let Some(pair) = records.windows(2).find(|pair| pair[1].prev != pair[0].hash) {
            return Err(self.damaged(pair[1].sequence, DamagedPart::Link));
        }
        if records.len() as u64 != expected {
            return Err(self.damaged(first + records.len() as u64, DamagedPart::Gap));
        }
        Ok(records)
    }

    fn problem(&self, hash: &Digest) -> Result<Vec<u8>, LedgerFault> {
        let text = "SELECT bytes FROM problem INDEXED BY problem_hash WHERE hash = ?1";
        let read = |row: &rusqlite::Row<'_>| row.get::<_, Vec<u8>>(0);
        let found = self
            .connection
            .prepare_cached(text)
            .and_then(|mut query| query.query_row([&hash.0[..]], read).optional());
        match found.map_err(|error| self.engine_fault("read", error))? {
            None => Err(LedgerFault::ProblemMissing { path: self.paths.ledger.clone(), hash: *hash }),
            Some(bytes) if Digest::of(&bytes) != *hash => {
                Err(damaged(&self.paths.ledger, &self.identity, None, DamagedPart::Problem, Extent::File))
            }
            Some(bytes) => Ok(bytes),
        }
    }

    fn write_checkpoint(&mut self, checkpoint: &Checkpoint) -> Result<(), LedgerFault> {
        let record = self.hash_of(checkpoint.sequence)?;
        let text = "INSERT OR REPLACE INTO checkpoint(sequence, state_format, state_hash, proof) VALUES (?1, ?2, ?3, ?4)";
        let Checkpoint { sequence, state_hash, state_format } = checkpoint;
        let proof = checkpoint.proof(record);
        let written = self.connection.prepare_cached(text).and_then(|mut query| {
            query.execute(params![sequence, state_format, &state_hash.0[..], &proof.0[..]])
        });
        written.map(|_| ()).map_err(|error| self.engine_fault("write", error))
    }

    fn latest_checkpoint(&self) -> Result<Option<Checkpoint>, LedgerFault> {
        let found = self.connection.query_row(LATEST_CHECKPOINT, [], read_checkpoint).optional();
        let Some((checkpoint, proof)) = found.map_err(|error| match self.engine_fault("read", error) {
            LedgerFault::Damaged { .. } => self.checkpoint_damaged(),
            other => other,
        })?
        else {
            return Ok(None);
        };
        let record = match self.hash_of(checkpoint.sequence) {
            Err(LedgerFault::NoSuchRecord { .. }) => return Err(self.checkpoint_damaged()),
            found => found?,
        };
        if checkpoint.proof(record) == proof { Ok(Some(checkpoint)) } else { Err(self.checkpoint_damaged()) }
    }

    fn fingerprinter(&self) -> Fingerprinter {
        self.keys.fingerprinter()
    }

    fn open_seal(&self, seal: SealId) -> Result<Option<Vec<u8>>, LedgerFault> {
        let record = self.read_one(seal.sequence)?;
        let part = record.part(seal)?;
        match self.keys.get(part.key_id, seal.sequence)? {
            KeyState::Held(key) => match unseal(&self.identity, seal, part, &key) {
                Some(plaintext) => Ok(Some(plaintext)),
                None => Err(self.damaged(seal.sequence, DamagedPart::Sealed)),
            },
            KeyState::Destroyed | KeyState::NotHeld => Ok(None),
            KeyState::Lost => Err(self.keys.lost(seal.sequence, seal.index)),
        }
    }

    fn destroy_key(&mut self, seal: SealId) -> Result<(), LedgerFault> {
        let key_id = self.read_one(seal.sequence)?.part(seal)?.key_id;
        match self.keys.destroy(key_id, seal.sequence)? {
            // Perhaps it still stands in a slot whose name was hurt: nobody may be told that it is erased.
            KeyState::Lost => Err(self.keys.lost(seal.sequence, seal.index)),
            KeyState::Held(_) | KeyState::Destroyed | KeyState::NotHeld => Ok(()),
        }
    }
}

/// Copies the ledger file `from` to `to`, whole and as of one moment, whether or not its writer runs. Keys are not in it.
///
/// # Errors
/// [`LedgerFault::Io`] when `to` exists already; a copy that fails leaves nothing under that name.
pub fn backup(from: &Path, to: &Path) -> Result<(), LedgerFault> {
    if to.exists() {
        return Err(files::io_fault(to, "write", std::io::ErrorKind::AlreadyExists.into()));
    }
    let ledger = files::ledger_of(from).ok_or_else(|| LedgerFault::UnknownFile { path: from.to_owned() })?;
    let identity = Identity::new(&Space::Live, &ledger);
    let source = tables::open_read_only(from, &identity)?;
    tables::check_format(&source, from, &identity)?;
    let draft = to.with_added_extension("new");
    drop(files::open_private(&draft)?);
    let copied = copy_pages(&source, &draft);
    if let Err(error) = copied {
        let _ = std::fs::remove_file(&draft);
        return Err(fault(&draft, &identity, "write", error));
    }
    std::fs::rename(&draft, to).map_err(|source| files::io_fault(to, "name", source))?;
    files::sync_folder(to)
}

/// All pages in one step: one read transaction, hence one moment, and a writer never makes it start again.
fn copy_pages(source: &Connection, draft: &PathBuf) -> rusqlite::Result<()> {
    let mut target = Connection::open(draft)?;
    rusqlite::backup::Backup::new(source, &mut target)?.step(-1)?;
    target.close().map_err(|(_, error)| error)
}

/// The key file of a ledger; `None` when it is to be made once the head is known.
fn open_keys(
    paths: &LedgerPaths,
    identity: &Identity,
    missing_keys: MissingKeys,
    randomness: &mut dyn Randomness,
) -> Result<Option<KeyFile>, LedgerFault> {
    // Right after a kill all of it may still be in the log.
    let log = paths.ledger.with_extension("ledger-wal");
    let is_filled = |path: &PathBuf| std::fs::metadata(path).is_ok_and(|file| file.len() > 0);
    let has_ledger = [&paths.ledger, &log, &paths.witness].into_iter().any(is_filled);
    match (paths.keys.exists(), has_ledger, missing_keys) {
        (true, _, _) => KeyFile::open(&paths.keys, identity).map(Some),
        // Keys before the ledger: a crash in between leaves keys without a ledger, never a ledger without keys.
        (false, false, _) => KeyFile::create(&paths.keys, identity, 1, randomness).map(Some),
        (false, true, MissingKeys::Renew) => Ok(None),
        (false, true, MissingKeys::Refuse) => {
            Err(LedgerFault::KeysMissing { path: paths.keys.clone(), ledger: identity.ledger.clone() })
        }
    }
}

/// Whether all that was acknowledged is there.
fn check_tail(
    paths: &LedgerPaths,
    identity: &Identity,
    head: Head,
    remembered: Option<Remembered>,
) -> Result<(), LedgerFault> {
    match remembered {
        Some(remembered) if remembered.sequence > head.sequence => Err(LedgerFault::TailLost {
            path: paths.ledger.clone(),
            witness: paths.witness.clone(),
            ledger: identity.ledger.clone(),
            acknowledged: remembered.sequence,
            found: head.sequence,
        }),
        _ => Ok(()),
    }
}

/// Writes the rows of `batch`; a fault names the record at which it happened.
fn write_rows(connection: &mut Connection, batch: &Batch<'_>) -> Result<(), (Sequence, rusqlite::Error)> {
    let last = batch.head.sequence;
    let transaction = connection.transaction().map_err(|error| (last, error))?;
    {
        let mut insert_problem = transaction
            .prepare_cached("INSERT OR IGNORE INTO problem(hash, bytes) VALUES (?1, ?2)")
            .map_err(|error| (last, error))?;
        let mut insert_record = transaction
            .prepare_cached(
                "INSERT INTO record(sequence, request_id, hash, body, sealed) VALUES (?1, ?2, ?3, ?4, ?5)",
            )
            .map_err(|error| (last, error))?;
        for row in &batch.rows {
            let sequence = row.record.sequence;
            if let Some(bytes) = &row.record.problem {
                let hash = Digest::of(bytes);
                insert_problem.execute(params![&hash.0[..], bytes]).map_err(|error| (sequence, error))?;
            }
            let request_id = row.record.request_id.as_bytes();
            insert_record
                .execute(params![sequence, request_id, &row.hash.0[..], row.body, row.sealed])
                .map_err(|error| (sequence, error))?;
        }
    }
    transaction.commit().map_err(|error| (last, error))
}

type Verified = Result<StoredRecord, (Sequence, DamagedPart)>;

/// Reads and verifies one row: what SQLite could not read outside, what does not verify inside.
pub(in crate::ledger) fn read_row(
    row: &rusqlite::Row<'_>,
    identity: &Identity,
) -> rusqlite::Result<Verified> {
    let sequence = u64::try_from(row.get_ref(0)?.as_i64()?).unwrap_or(0);
    let raw = Raw {
        sequence,
        request_id: row.get_ref(1)?.as_blob()?,
        hash: Digest(row.get(2)?),
        body: row.get_ref(3)?.as_blob()?,
        sealed: row.get_ref(4)?.as_blob()?,
    };
    Ok(raw.verify(identity).map_err(|part| (sequence, part)))
}

/// A checkpoint and what must prove it.
pub(in crate::ledger) fn read_checkpoint(row: &rusqlite::Row<'_>) -> rusqlite::Result<(Checkpoint, Digest)> {
    let checkpoint =
        Checkpoint { sequence: row.get(0)?, state_format: row.get(1)?, state_hash: Digest(row.get(2)?) };
    Ok((checkpoint, Digest(row.get(3)?)))
}
