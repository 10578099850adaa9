//! What `yui check` asks: is everything in these ledgers as it was written?
//!
//! Reads only, and goes on behind the first damage, so that one report tells all. It may run beside a server: a
//! ledger is read as of one moment. Unlike opening a ledger, it also asks SQLite to check every page, verifies every
//! stored problem and opens every sealed part whose key is here.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension};

use crate::id::{LedgerId, Space};

use super::Checkpoint;
use super::chain::Digest;
use super::fault::{DamagedPart, LedgerFault};
use super::files::{self, LedgerPaths};
use super::format::{Head, Identity, Sequence, StoredRecord};
use super::keys::KeyFile;
use super::seal::{KeyState, SealId, unseal};
use super::sqlite::{read_checkpoint, read_row, tables};
use super::witness::{Remembered, Witness};

/// What the records of a ledger come to, for whoever knows what events mean. This module does not.
pub trait Meaning {
    /// Takes the next record; records come in order, without gaps.
    ///
    /// # Errors
    /// What is wrong with it, in words. Nothing is asked after that.
    fn fold(&mut self, record: &StoredRecord) -> Result<(), String>;

    /// What the records so far come to.
    fn checkpoint(&self) -> Checkpoint;
}

/// Begins to fold a ledger.
pub type Begin<'a> = &'a dyn Fn(&LedgerId) -> Box<dyn Meaning>;

/// Findings that one ledger lists; more are counted.
pub const FINDINGS_MAX: usize = 100;

/// What was found in all ledgers under a path.
#[derive(Debug, Default)]
pub struct Report {
    /// One for each ledger, in order of their files.
    pub ledgers: Vec<LedgerReport>,
}

impl Report {
    /// Whether nothing is damaged. Notices do not count.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.ledgers.iter().all(LedgerReport::is_sound)
    }
}

/// What was found in one ledger.
#[derive(Debug)]
pub struct LedgerReport {
    /// The file.
    pub path: PathBuf,
    /// The space it belongs to, where it says so.
    pub space: Option<Space>,
    /// The ledger it holds, where it says so.
    pub ledger: Option<LedgerId>,
    /// Where it ends.
    pub head: Head,
    /// Records that verify.
    pub record_count: u64,
    /// Records of a newer schema: verified, not understood. When not 0, the member is shown as *partial*.
    pub newer_count: u64,
    /// Stored problems that have their hash.
    pub problem_count: u64,
    /// Checkpoints that are as they were written.
    pub checkpoint_count: u64,
    /// What became of the keys of sealed parts.
    pub keys: KeyCounts,
    /// What is wrong or worth knowing, in the order in which it was found; at most [`FINDINGS_MAX`].
    pub findings: Vec<Finding>,
    /// Findings that are not listed.
    pub more_count: u64,
}

/// Sealed parts by what became of their keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyCounts {
    /// Here, and the part opens.
    pub held: u64,
    /// Destroyed: erased.
    pub destroyed: u64,
    /// Never here.
    pub not_held: u64,
    /// Should be here.
    pub lost: u64,
}

/// Something that a check found.
#[derive(Debug)]
pub enum Finding {
    /// The file cannot be checked at all, or not further.
    Unreadable(LedgerFault),
    /// SQLite finds a page wrong, in its words.
    Page {
        /// What it said.
        message: String,
    },
    /// A setting that is kept in the file is not what it must be.
    Setting {
        /// Its name.
        setting: &'static str,
        /// What it must be.
        required: &'static str,
        /// What it is.
        found: String,
    },
    /// A record is not as it was written, or not where it was.
    Record {
        /// Its sequence.
        sequence: Sequence,
        /// What is hurt.
        part: DamagedPart,
    },
    /// A record contradicts those before it, or says nothing that this version knows. Those behind it were not folded.
    Contradiction {
        /// Its sequence.
        sequence: Sequence,
        /// What is wrong with it.
        what: String,
    },
    /// The records fold into another state than when they were written.
    StateDiffers {
        /// The record of the checkpoint.
        sequence: Sequence,
    },
    /// The index of request ids does not hold what the records hold.
    RequestIndex,
    /// Acknowledged records are gone from the end.
    TailLost {
        /// The last one that was acknowledged.
        acknowledged: Sequence,
    },
    /// A problem that a record cites is not stored.
    ProblemMissing {
        /// The record.
        sequence: Sequence,
        /// The hash it cites.
        hash: Digest,
    },
    /// A stored problem does not have its hash.
    ProblemDamaged {
        /// The hash it is stored under, where that can be read.
        hash: Option<Digest>,
    },
    /// A checkpoint is not as it was written.
    CheckpointDamaged {
        /// Its sequence, where that can be read.
        sequence: Option<Sequence>,
    },
    /// The key of a sealed part should be here and is not, or is hurt.
    KeyLost(SealId),
    /// A key is here that does not open its part.
    SealDamaged(SealId),
    /// The key file cannot be used.
    Keys(LedgerFault),
    /// There is no key file, as beside a copy: what is sealed was not opened.
    KeysNotHere,
    /// Slots of the key file that no record needs and that fail their check, as a crash leaves them.
    UnfinishedKeys {
        /// How many.
        count: u64,
    },
    /// Records of a newer schema, verified but not understood.
    NewerSchema {
        /// The first of them.
        first: Sequence,
    },
    /// The file is not named for the ledger it holds, as a copy may be.
    OtherName,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Notice,
    /// Not as it was written.
    Damage,
}

impl Finding {
    /// How bad it is.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match self {
            Finding::KeysNotHere
            | Finding::UnfinishedKeys { .. }
            | Finding::NewerSchema { .. }
            | Finding::OtherName => Severity::Notice,
            Finding::Unreadable(_)
            | Finding::Page { .. }
            | Finding::Setting { .. }
            | Finding::Record { .. }
            | Finding::Contradiction { .. }
            | Finding::StateDiffers { .. }
            | Finding::RequestIndex
            | Finding::TailLost { .. }
            | Finding::ProblemMissing { .. }
            | Finding::ProblemDamaged { .. }
            | Finding::CheckpointDamaged { .. }
            | Finding::KeyLost(_)
            | Finding::SealDamaged(_)
            | Finding::Keys(_) => Severity::Damage,
        }
    }
}

impl LedgerReport {
    /// Whether nothing is damaged. Notices do not count.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.more_count == 0 && self.findings.iter().all(|finding| finding.severity() == Severity::Notice)
    }

    fn empty(path: &Path) -> LedgerReport {
        LedgerReport {
            path: path.to_owned(),
            space: None,
            ledger: None,
            head: Head::EMPTY,
            record_count: 0,
            newer_count: 0,
            problem_count: 0,
            checkpoint_count: 0,
            keys: KeyCounts::default(),
            findings: Vec::new(),
            more_count: 0,
        }
    }

    fn find(&mut self, finding: Finding) {
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(finding);
        } else {
            self.more_count += 1;
        }
    }
}

/// Checks the ledger file `path`, or every ledger in the folder `path` and the folders in it. With `begin` the records
/// are folded as well, and what they come to is compared with every checkpoint that they pass.
///
/// # Errors
/// [`LedgerFault::Io`] when `path` cannot be looked into. What is wrong with a ledger stands in the report.
pub fn verify(path: &Path, begin: Option<Begin<'_>>) -> Result<Report, LedgerFault> {
    let mut paths = Vec::new();
    collect(path, &mut paths)?;
    Ok(Report { ledgers: paths.iter().map(|path| verify_ledger(path, begin)).collect() })
}

/// The ledger files at and under `path`: a ledger, a space, or all data.
fn collect(path: &Path, paths: &mut Vec<PathBuf>) -> Result<(), LedgerFault> {
    let kind = std::fs::metadata(path).map_err(|source| files::io_fault(path, "read", source))?;
    if kind.is_file() {
        paths.push(path.to_owned());
        return Ok(());
    }
    paths.extend(files::ledger_files(path)?);
    for entry in files::entries(path)? {
        // A link is not followed, so no folder is entered twice.
        if std::fs::symlink_metadata(&entry).is_ok_and(|kind| kind.is_dir()) {
            collect(&entry, paths)?;
        }
    }
    Ok(())
}

fn verify_ledger(path: &Path, begin: Option<Begin<'_>>) -> LedgerReport {
    let mut report = LedgerReport::empty(path);
    if let Err(found) = check_all(path, begin, &mut report) {
        report.find(Finding::Unreadable(found));
    }
    report
}

/// Runs every check; what keeps the rest from being run comes back as a fault.
fn check_all(path: &Path, begin: Option<Begin<'_>>, report: &mut LedgerReport) -> Result<(), LedgerFault> {
    // Before the moment that is read: a running writer may go on, and then the witness would be ahead of it.
    let paths = LedgerPaths::beside(path);
    let remembered = Witness::recall(&paths.witness);
    let named = files::ledger_of(path);
    let unnamed = || "members/unnamed".parse().expect("a valid name");
    let guess = Identity::new(&Space::Live, &named.clone().unwrap_or_else(unnamed));
    let connection = tables::open_read_only(path, &guess)?;
    let begun = connection.execute_batch("BEGIN");
    begun.map_err(|error| tables::fault(path, &guess, "read", error))?;
    tables::check_format(&connection, path, &guess)?;
    tables::check_tables(&connection, path, &guess)?;
    let identity = read_identity(&connection, path, &guess)?;
    report.space = Some(identity.space.clone());
    report.ledger = Some(identity.ledger.clone());
    if named.as_ref() != Some(&identity.ledger) {
        report.find(Finding::OtherName);
    }
    let keys = open_keys(&paths.keys, &identity, report);
    let engine = |error| tables::fault(path, &identity, "read", error);
    check_pages(&connection, report).map_err(engine)?;
    let meaning = begin.map(|begin| begin(&identity.ledger));
    let expected = expected(&connection).map_err(engine)?;
    let problems = BTreeSet::new();
    let mut walk = Walk { identity: &identity, keys, remembered, problems, meaning, expected, report };
    walk.problems(&connection).map_err(engine)?;
    walk.records(&connection).map_err(engine)?;
    walk.checkpoints(&connection).map_err(engine)?;
    walk.end();
    Ok(())
}

/// Whose file it says it is.
fn read_identity(connection: &Connection, path: &Path, guess: &Identity) -> Result<Identity, LedgerFault> {
    match tables::check_identity(connection, path, guess) {
        Ok(()) => Ok(guess.clone()),
        Err(LedgerFault::WrongSpace { found, .. }) => {
            read_identity(connection, path, &Identity::new(&found, &guess.ledger))
        }
        Err(LedgerFault::WrongLedger { found, .. }) => Ok(Identity::new(&guess.space, &found)),
        Err(other) => Err(other),
    }
}

fn open_keys(path: &Path, identity: &Identity, report: &mut LedgerReport) -> Option<KeyFile> {
    if !path.exists() {
        report.find(Finding::KeysNotHere);
        return None;
    }
    match KeyFile::open_read_only(path, identity) {
        Ok(keys) => Some(keys),
        Err(found) => {
            report.find(Finding::Keys(found));
            None
        }
    }
}

fn check_pages(connection: &Connection, report: &mut LedgerReport) -> rusqlite::Result<()> {
    let found = tables::read_setting(connection, "journal_mode")?;
    // A copy is made in one piece and may have left the log behind.
    if found != "wal" && found != "delete" {
        report.find(Finding::Setting { setting: "journal_mode", required: "wal", found });
    }
    let mut statement = connection.prepare(&format!("PRAGMA integrity_check({FINDINGS_MAX})"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let message: String = row.get(0)?;
        if message != "ok" {
            report.find(Finding::Page { message });
        }
    }
    Ok(())
}

/// What the checkpoints say, by their records; those that cannot be read are found later.
fn expected(connection: &Connection) -> rusqlite::Result<BTreeMap<Sequence, Checkpoint>> {
    let text = "SELECT sequence, state_format, state_hash, proof FROM checkpoint ORDER BY sequence";
    let mut statement = connection.prepare(text)?;
    let mut rows = statement.query([])?;
    let mut expected = BTreeMap::new();
    while let Some(row) = rows.next()? {
        if let Ok((checkpoint, _)) = read_checkpoint(row) {
            expected.insert(checkpoint.sequence, checkpoint);
        }
    }
    Ok(expected)
}

/// A pass over one ledger.
struct Walk<'a> {
    identity: &'a Identity,
    keys: Option<KeyFile>,
    remembered: Option<Remembered>,
    /// Hashes of the stored problems.
    problems: BTreeSet<Digest>,
    /// What the records come to; none once that cannot be told any more.
    meaning: Option<Box<dyn Meaning>>,
    /// What the checkpoints say that they come to.
    expected: BTreeMap<Sequence, Checkpoint>,
    report: &'a mut LedgerReport,
}

impl Walk<'_> {
    fn problems(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let mut statement = connection.prepare("SELECT hash, bytes FROM problem")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let hash = row.get_ref(0)?.as_blob().ok().and_then(Digest::from_slice);
            let bytes = row.get_ref(1)?.as_blob().unwrap_or_default();
            match hash {
                Some(hash) if Digest::of(bytes) == hash => {
                    self.problems.insert(hash);
                    self.report.problem_count += 1;
                }
                hash => self.report.find(Finding::ProblemDamaged { hash }),
            }
        }
        Ok(())
    }

    fn records(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let text =
            "SELECT sequence, request_id, hash, body, sealed FROM record NOT INDEXED ORDER BY sequence";
        let mut statement = connection.prepare(text)?;
        let mut rows = statement.query([])?;
        let mut head = Head::EMPTY;
        while let Some(row) = rows.next()? {
            match read_row(row, self.identity) {
                Ok(Ok(record)) => self.record(&mut head, &record),
                Ok(Err((sequence, part))) => {
                    self.report.find(Finding::Record { sequence, part });
                    self.meaning = None;
                    // Go on as if it had been sound: what stands behind it is judged for itself.
                    head = Head { sequence, hash: Digest(row.get(2)?), at: head.at };
                }
                Err(_) => {
                    self.report.find(Finding::Record { sequence: head.sequence + 1, part: DamagedPart::Row });
                    self.meaning = None;
                }
            }
        }
        self.report.head = head;
        self.request_ids(connection)
    }

    fn record(&mut self, head: &mut Head, record: &StoredRecord) {
        let sequence = record.sequence;
        match head.follow(record) {
            Ok(()) => self.report.record_count += 1,
            Err(part) => {
                self.report.find(Finding::Record { sequence, part });
                self.meaning = None;
                *head = Head { sequence, hash: record.hash, at: record.at.max(head.at) };
            }
        }
        if self.remembered.is_some_and(|seen| seen.sequence == sequence && seen.hash != record.hash) {
            self.report.find(Finding::Record { sequence, part: DamagedPart::Acknowledged });
        }
        if let Some(hash) = record.problem_hash
            && !self.problems.contains(&hash)
        {
            self.report.find(Finding::ProblemMissing { sequence, hash });
        }
        if record.is_newer() {
            if self.report.newer_count == 0 {
                self.report.find(Finding::NewerSchema { first: sequence });
            }
            self.report.newer_count += 1;
            self.meaning = None;
        }
        self.fold(record);
        self.seals(record);
    }

    /// Folds a sound record, and compares what has come of it with the checkpoint of that record.
    fn fold(&mut self, record: &StoredRecord) {
        let Some(meaning) = &mut self.meaning else { return };
        let sequence = record.sequence;
        if let Err(what) = meaning.fold(record) {
            self.meaning = None;
            self.report.find(Finding::Contradiction { sequence, what });
            return;
        }
        let differs = |expected: &Checkpoint| meaning.checkpoint().differs(expected);
        if self.expected.get(&sequence).is_some_and(differs) {
            self.report.find(Finding::StateDiffers { sequence });
        }
    }

    fn seals(&mut self, record: &StoredRecord) {
        for (index, part) in (0..).zip(&record.sealed) {
            let seal = SealId { sequence: record.sequence, index };
            let Some(keys) = &self.keys else {
                self.report.keys.not_held += 1;
                continue;
            };
            match keys.get(part.key_id, record.sequence) {
                Ok(KeyState::Held(key)) => match unseal(self.identity, seal, part, &key) {
                    Some(_) => self.report.keys.held += 1,
                    None => self.report.find(Finding::SealDamaged(seal)),
                },
                Ok(KeyState::Destroyed) => self.report.keys.destroyed += 1,
                Ok(KeyState::NotHeld) => self.report.keys.not_held += 1,
                Ok(KeyState::Lost) => {
                    self.report.keys.lost += 1;
                    self.report.find(Finding::KeyLost(seal));
                }
                Err(found) => self.report.find(Finding::Keys(found)),
            }
        }
    }

    /// Whether every record is found under its request id, and nothing else is.
    fn request_ids(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let text = "SELECT \
            (SELECT count(*) FROM record AS a NOT INDEXED \
             WHERE NOT EXISTS (SELECT 1 FROM record AS b INDEXED BY record_request_id \
                               WHERE b.request_id = a.request_id AND b.sequence = a.sequence)) + \
            abs((SELECT count(*) FROM record INDEXED BY record_request_id WHERE request_id >= x'') - \
                (SELECT count(*) FROM record NOT INDEXED))";
        let wrong: i64 = connection.query_row(text, [], |row| row.get(0))?;
        if wrong != 0 {
            self.report.find(Finding::RequestIndex);
        }
        Ok(())
    }

    fn checkpoints(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let text = "SELECT sequence, state_format, state_hash, proof FROM checkpoint ORDER BY sequence";
        let mut statement = connection.prepare(text)?;
        let mut hash_of = connection.prepare("SELECT hash FROM record WHERE sequence = ?1")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let Ok((checkpoint, proof)) = read_checkpoint(row) else {
                self.report.find(Finding::CheckpointDamaged { sequence: None });
                continue;
            };
            let sequence = checkpoint.sequence;
            let record =
                hash_of.query_row([sequence], |row| row.get::<_, [u8; 32]>(0)).optional().unwrap_or(None);
            if record.is_some_and(|record| checkpoint.proof(Digest(record)) == proof) {
                self.report.checkpoint_count += 1;
            } else {
                self.report.find(Finding::CheckpointDamaged { sequence: Some(sequence) });
            }
        }
        Ok(())
    }

    fn end(&mut self) {
        if let Some(seen) = self.remembered
            && seen.sequence > self.report.head.sequence
        {
            self.report.find(Finding::TailLost { acknowledged: seen.sequence });
        }
        let hurt = self.keys.as_ref().map_or(0, KeyFile::hurt_count);
        if hurt > self.report.keys.lost {
            self.report.find(Finding::UnfinishedKeys { count: hurt - self.report.keys.lost });
        }
    }
}
