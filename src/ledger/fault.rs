//! What can go wrong with a ledger: the world failed, never the caller's request.
//!
//! Every fault says what and where, then what to do. The English text here is for logs and terminals; other
//! languages are rendered from the variants.

use std::path::PathBuf;

use crate::id::{LedgerId, Space};
use crate::units::Timestamp;

use super::chain::Digest;
use super::format::Sequence;

/// Which part of a ledger is not as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DamagedPart {
    /// The database engine finds its own structure broken.
    Storage,
    /// The tables are not those of this format.
    Tables,
    /// The file does not say which ledger it holds.
    Identity,
    /// A column holds something of the wrong kind or length.
    Row,
    /// A sequence is missing, or stands out of order.
    Gap,
    /// The hash of the body is not the recorded one.
    Body,
    /// The record does not follow on the one before it.
    Link,
    /// The body cannot be read, or a field in it is impossible.
    Envelope,
    /// The body names another space.
    Space,
    /// The body names another ledger.
    Ledger,
    /// The body names another sequence.
    Sequence,
    /// The record is older than the one before it.
    Time,
    /// The request id beside the body is not the one in it.
    RequestId,
    /// The index of request ids does not hold exactly the request ids of the records.
    RequestIndex,
    /// The ciphertext of a sealed part is not the one that was written.
    Sealed,
    /// The record is not the one that was acknowledged under this sequence.
    Acknowledged,
    /// A checkpoint is not the one that was written.
    Checkpoint,
    /// A stored problem is not the one that was written.
    Problem,
}

impl DamagedPart {
    /// The part in words.
    #[must_use]
    pub fn describe(self) -> &'static str {
        match self {
            DamagedPart::Storage => "the structure of the file is broken",
            DamagedPart::Tables => "its tables are not those of a ledger",
            DamagedPart::Identity => "it does not say which ledger it holds",
            DamagedPart::Row => "a column is of the wrong kind or length",
            DamagedPart::Gap => "a record is missing or out of order",
            DamagedPart::Body => "the body does not have its recorded hash",
            DamagedPart::Link => "it does not follow on the record before it",
            DamagedPart::Envelope => "the body cannot be read",
            DamagedPart::Space => "the body names another space",
            DamagedPart::Ledger => "the body names another ledger",
            DamagedPart::Sequence => "the body names another sequence",
            DamagedPart::Time => "it is older than the record before it",
            DamagedPart::RequestId => "the request id beside the body is not the one in it",
            DamagedPart::RequestIndex => "the index of request ids does not match the records",
            DamagedPart::Sealed => "a sealed part is not the one that was written",
            DamagedPart::Acknowledged => "it is not the record that was acknowledged",
            DamagedPart::Checkpoint => "a checkpoint is not the one that was written",
            DamagedPart::Problem => "a stored problem is not the one that was written",
        }
    }
}

/// How much of a ledger a damage concerns: it decides what can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Extent {
    /// The last record alone; all before it verifies.
    Tail,
    /// A record that others stand behind.
    Middle,
    /// The file as a whole, or a part of it that is no record.
    File,
}

impl Extent {
    /// What to do about it.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Extent::Tail => {
                "only the last record is hurt: restore the file from a backup; if that ends one \
                 record earlier, enter that one command again"
            }
            Extent::Middle => "records behind it stand on it: restore the whole file from a backup",
            Extent::File => "restore the file from a backup",
        }
    }
}

/// Why a record cannot be written as given: a bug in the caller, found before anything is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum UnfitField {
    /// Longer than [`ACTOR_BYTES_MAX`](super::format::ACTOR_BYTES_MAX).
    Actor,
    /// Outside what the wire can carry.
    At,
    /// Not strictly ascending by ledger, too long, or its own ledger farther than the record before.
    Seen,
    /// More than [`EVENTS_MAX`](super::format::EVENTS_MAX).
    Events,
    /// A kind this version does not know, too many parts, or too long a text.
    Sealed,
    /// Longer than [`PROBLEM_BYTES_MAX`](super::format::PROBLEM_BYTES_MAX).
    Problem,
    /// Longer than [`BODY_BYTES_MAX`](super::format::BODY_BYTES_MAX) in all.
    Body,
    /// Of a newer schema than this version writes.
    SchemaVersion,
}

/// A fault of a ledger: the disk, the file, its keys. Nothing was written unless the variant says otherwise.
#[derive(Debug, thiserror::Error)]
pub enum LedgerFault {
    /// Another process holds the data.
    #[error("{} is in use by another server; stop it first, or serve another --data folder", path.display())]
    InUse {
        /// The lock or the file.
        path: PathBuf,
    },
    /// A file or folder cannot be used.
    #[error("cannot {doing} {}: {source}; check that the folder exists, is writable and its disk is sound", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What was tried: a verb.
        doing: &'static str,
        /// What the system said.
        source: std::io::Error,
    },
    /// The database engine failed in a way that is none of the other variants.
    #[error("cannot {doing} {}: {source}; check the disk and run `yui check`", path.display())]
    Engine {
        /// The ledger file.
        path: PathBuf,
        /// What was tried: a verb.
        doing: &'static str,
        /// What the engine said.
        source: rusqlite::Error,
    },
    /// No room; nothing of the batch was written.
    #[error("no room on the disk of {}; nothing was written: free some space and try again", path.display())]
    DiskFull {
        /// The file that could not grow.
        path: PathBuf,
    },
    /// Not one of ours.
    #[error("{} is not a ledger; check --data", path.display())]
    NotALedger {
        /// The file.
        path: PathBuf,
    },
    /// A name in the folder that is not a ledger's.
    #[error("{} is not the name of a ledger; move the file out of the data folder", path.display())]
    UnknownFile {
        /// The file.
        path: PathBuf,
    },
    /// Written by a newer version.
    #[error("{} has format {found}, this version knows {known}; use a newer yui", path.display())]
    NewerFormat {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: i64,
        /// The newest known one.
        known: i64,
    },
    /// The file belongs to another space.
    #[error("{} belongs to space {found}, not {expected}; check --space and --data", path.display())]
    WrongSpace {
        /// The file.
        path: PathBuf,
        /// The space that was asked for.
        expected: Space,
        /// The space it belongs to.
        found: Space,
    },
    /// The file holds another ledger.
    #[error("{} holds the ledger of {found}, not {expected}; a file was renamed or copied: put the right one back", path.display())]
    WrongLedger {
        /// The file.
        path: PathBuf,
        /// The ledger that was asked for.
        expected: LedgerId,
        /// The ledger it holds.
        found: LedgerId,
    },
    /// A setting that durability rests on does not hold.
    #[error("{}: {setting} is {found}, must be {required}; use a local disk (not a network share)", path.display())]
    UnsafeSetting {
        /// The file.
        path: PathBuf,
        /// Name of the setting.
        setting: &'static str,
        /// What must hold.
        required: &'static str,
        /// What holds.
        found: String,
    },
    /// The ledger is not as it was written.
    #[error(
        "{} ({ledger}{}): {}; {}", path.display(), at_record(*sequence), part.describe(), extent.advice()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The ledger.
        ledger: LedgerId,
        /// The first record that is hurt, where it is one.
        sequence: Option<Sequence>,
        /// What is hurt.
        part: DamagedPart,
        /// How much stands on it.
        extent: Extent,
    },
    /// Records that were acknowledged are gone from the end.
    #[error(
        "{} ({ledger}) ends at record {found}, but {acknowledged} was acknowledged; restore the newest backup, or remove {} to \
         accept the loss", path.display(), witness.display()
    )]
    TailLost {
        /// The ledger file.
        path: PathBuf,
        /// The file that remembers what was acknowledged.
        witness: PathBuf,
        /// The ledger.
        ledger: LedgerId,
        /// The last record that was acknowledged.
        acknowledged: Sequence,
        /// The last record that is there.
        found: Sequence,
    },
    /// Somebody else appended in between; read forward and decide again.
    #[error(
        "{ledger}: record {given} was to be written, but {expected} is next; read forward and decide again"
    )]
    WrongSequence {
        /// The ledger.
        ledger: LedgerId,
        /// What the ledger needs next.
        expected: Sequence,
        /// What was given.
        given: Sequence,
    },
    /// Decision times never go back within a ledger.
    #[error("{ledger}: record {sequence} at {} ms would be older than the one before it, at {} ms; check the clock", given.0, last.0)]
    TimeGoesBack {
        /// The ledger.
        ledger: LedgerId,
        /// The record.
        sequence: Sequence,
        /// Time of the record before.
        last: Timestamp,
        /// Time given.
        given: Timestamp,
    },
    /// The request id stands in the ledger (or earlier in the batch) already.
    #[error("{ledger}: the request id of record {sequence} is taken; answer from the record that has it")]
    RequestRepeated {
        /// The ledger.
        ledger: LedgerId,
        /// The record that was to be written.
        sequence: Sequence,
    },
    /// The record cannot be written as given.
    #[error(
        "{ledger}: record {sequence} is unfit to be written: {field:?} is out of its limits; report this as a bug"
    )]
    Unfit {
        /// The ledger.
        ledger: LedgerId,
        /// The record.
        sequence: Sequence,
        /// What is wrong with it.
        field: UnfitField,
    },
    /// A ledger whose key file is gone.
    #[error(
        "{} is missing, and with it the keys of {ledger}; put it back from where keys are kept", path.display()
    )]
    KeysMissing {
        /// Where the key file should be.
        path: PathBuf,
        /// The ledger.
        ledger: LedgerId,
    },
    /// A key file that cannot be trusted.
    #[error("{} is damaged, or holds the keys of another ledger than {ledger}; put the right one back", path.display())]
    KeysDamaged {
        /// The key file.
        path: PathBuf,
        /// The ledger.
        ledger: LedgerId,
    },
    /// A key that should be there is lost or hurt.
    #[error(
        "{}: the key of sealed part {index} of record {sequence} of {ledger} is lost or hurt; put the key file back \
         from where keys are kept", path.display()
    )]
    KeyLost {
        /// The key file.
        path: PathBuf,
        /// The ledger.
        ledger: LedgerId,
        /// The record.
        sequence: Sequence,
        /// The part, from 0.
        index: u32,
    },
    /// There is no such record.
    #[error("{ledger} has no record {sequence}")]
    NoSuchRecord {
        /// The ledger.
        ledger: LedgerId,
        /// The sequence asked for.
        sequence: Sequence,
    },
    /// There is no such sealed part.
    #[error("record {sequence} of {ledger} has no sealed part {index}")]
    NoSuchSeal {
        /// The ledger.
        ledger: LedgerId,
        /// The record.
        sequence: Sequence,
        /// The part asked for, from 0.
        index: u32,
    },
    /// A problem that a record cites is not stored.
    #[error("{}: no problem {hash} is stored; restore the file from a backup", path.display())]
    ProblemMissing {
        /// The ledger file.
        path: PathBuf,
        /// Its hash.
        hash: Digest,
    },
    /// An event that the event codec cannot read.
    #[error(
        "record {sequence} of {ledger} holds an event that cannot be read: {source}; use the yui that wrote it, and run `yui check`"
    )]
    Event {
        /// The ledger.
        ledger: LedgerId,
        /// The record.
        sequence: Sequence,
        /// What the codec said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// No randomness for a key.
    #[error("no randomness for a key: {reason}; nothing was written")]
    Randomness {
        /// What the source said.
        reason: String,
    },
    /// An append failed before in a way that leaves it open what is on disk.
    #[error("{} takes nothing more after a failed write; restart, and what is on disk is read again", path.display())]
    Halted {
        /// The ledger.
        path: PathBuf,
    },
    /// A crash that a test asked for.
    #[error("the ledger crashed, as the simulation asked")]
    Crashed,
}

/// ", record 7" where a record is known.
fn at_record(sequence: Option<Sequence>) -> String {
    sequence.map(|sequence| format!(", record {sequence}")).unwrap_or_default()
}
