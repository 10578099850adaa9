//! Ledgers: append with an expected sequence, read, verify. Every fact lives here before anybody sees it.
//!
//! | part | what it is |
//! |---|---|
//! | [`mod@format`] | the record, its limits, its bytes |
//! | [`chain`] | how records are hashed, for an auditor with `sha256sum` |
//! | [`seal`] | sealed parts |
//! | [`fingerprint`] | whether a repeated request says the same |
//! | [`sqlite`], [`files`] | the embedded engine and where its files lie |
//! | [`memory`] | the engine of tests and simulation, with crashes |
//! | [`verify`] | what `yui check` asks |
//! | [`fault`] | what can go wrong |
//!
//! Absent on purpose: what an event means, clocks, policy. Times are given, randomness is given
//! ([`randomness::Randomness`]), events are bytes. One writer per ledger ([`LedgerEngine`] is `Send`, not shared).

mod batch;
pub mod chain;
pub mod fault;
pub mod files;
pub mod fingerprint;
pub mod format;
mod keys;
pub mod memory;
pub mod randomness;
pub mod seal;
pub mod sqlite;
#[cfg(test)]
mod tests;
pub mod verify;
mod witness;

use crate::id::{LedgerId, Space};

pub use chain::Digest;
pub use fault::LedgerFault;
pub use files::SpaceFolder;
pub use fingerprint::{Fingerprint, Fingerprinter};
pub use format::{Head, NewRecord, RequestKey, SCHEMA_VERSION, Sequence, StoredRecord};
pub use memory::{CrashPoint, MemoryDisk, MemoryLedger, Room};
pub use randomness::{OsRandomness, Randomness};
pub use seal::{SealId, SealKind, SealText, SealedPart};
pub use sqlite::{MissingKeys, SqliteLedger};

/// What a writer is told of a record that is durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    /// Its number: the one that was expected.
    pub sequence: Sequence,
    /// Its hash.
    pub hash: Digest,
}

/// The hash of the state that the records up to `sequence` fold into: a replay that gives another one is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The last record that was folded.
    pub sequence: Sequence,
    /// Hash of the state, by the rules of `state_format`.
    pub state_hash: Digest,
    /// How the state was turned into bytes; hashes of different formats do not compare.
    pub state_format: u32,
}

impl Checkpoint {
    /// Whether two checkpoints of one record contradict each other; those of different formats say nothing.
    #[must_use]
    pub fn differs(&self, other: &Checkpoint) -> bool {
        self.state_format == other.state_format && self.state_hash != other.state_hash
    }

    /// Binds the checkpoint to the chain: `record` is the hash of its last record.
    pub(crate) fn proof(&self, record: Digest) -> Digest {
        Digest::of_pieces(&[
            b"yui checkpoint 1",
            &self.sequence.to_be_bytes(),
            &self.state_format.to_be_bytes(),
            &self.state_hash.0,
            &record.0,
        ])
    }
}

/// A ledger that one authority writes.
///
/// A record that was appended is read back equal for ever, or a fault says that it cannot be: an engine verifies
/// whatever it gives out, and never guesses.
pub trait LedgerEngine: Send {
    /// The world the ledger belongs to.
    fn space(&self) -> &Space;

    /// Whose ledger it is.
    fn ledger(&self) -> &LedgerId;

    /// Where it ends.
    fn head(&self) -> Head;

    /// Appends `records`, all or none, in order. When it returns, they are durable.
    ///
    /// The sequences must follow the head; the problems are stored, and the keys of sealed parts made durable,
    /// before the records that need them.
    ///
    /// # Errors
    /// [`LedgerFault::WrongSequence`], [`TimeGoesBack`](LedgerFault::TimeGoesBack),
    /// [`RequestRepeated`](LedgerFault::RequestRepeated), [`Unfit`](LedgerFault::Unfit) and
    /// [`DiskFull`](LedgerFault::DiskFull) leave the ledger as it was and usable. After any other fault it may or
    /// may not hold the batch: it takes nothing more ([`Halted`](LedgerFault::Halted)) until it is opened anew.
    fn append_batch(&mut self, records: &[NewRecord]) -> Result<Vec<Appended>, LedgerFault>;

    /// Whether `record` by itself keeps the limits of a record. What does not would make the whole batch
    /// [`Unfit`](LedgerFault::Unfit).
    fn fits(&self, record: &NewRecord) -> bool;

    /// The durable record that answered a request, if there is one.
    ///
    /// A batch that is still being put together is the caller's: whoever decides several commands before appending
    /// them looks among those for the id first. The engine would refuse the batch, it does not search it.
    ///
    /// # Errors
    /// [`LedgerFault::Damaged`] when the record cannot be trusted.
    fn find_request(&self, request_id: &RequestKey) -> Result<Option<StoredRecord>, LedgerFault>;

    /// Up to `limit` records from `sequence` on, in order, without gaps; none when it is past the head.
    ///
    /// # Errors
    /// [`LedgerFault::Damaged`] when a record among them cannot be trusted.
    fn read_from(&self, sequence: Sequence, limit: usize) -> Result<Vec<StoredRecord>, LedgerFault>;

    /// The stored problem that a record cites.
    ///
    /// # Errors
    /// [`LedgerFault::ProblemMissing`], or [`Damaged`](LedgerFault::Damaged) when it does not have its hash.
    fn problem(&self, hash: &Digest) -> Result<Vec<u8>, LedgerFault>;

    /// Writes down what the records fold into, durably.
    ///
    /// # Errors
    /// [`LedgerFault::NoSuchRecord`] for a sequence that is not there.
    fn write_checkpoint(&mut self, checkpoint: &Checkpoint) -> Result<(), LedgerFault>;

    /// The checkpoint with the highest sequence.
    ///
    /// # Errors
    /// [`LedgerFault::Damaged`] when it is not as it was written.
    fn latest_checkpoint(&self) -> Result<Option<Checkpoint>, LedgerFault>;

    /// What makes the fingerprints of this ledger.
    fn fingerprinter(&self) -> Fingerprinter;

    /// What a sealed part says; `None` when its key was destroyed or is not held here.
    ///
    /// # Errors
    /// [`LedgerFault::KeyLost`] when the key should be here and is not, [`Damaged`](LedgerFault::Damaged) when it
    /// does not open the part, [`NoSuchRecord`](LedgerFault::NoSuchRecord), [`NoSuchSeal`](LedgerFault::NoSuchSeal).
    fn open_seal(&self, seal: SealId) -> Result<Option<Vec<u8>>, LedgerFault>;

    /// Destroys the key of a sealed part, which erases the part in every copy. Once more does no harm.
    ///
    /// # Errors
    /// As [`LedgerEngine::open_seal`], and when the key file cannot be written.
    fn destroy_key(&mut self, seal: SealId) -> Result<(), LedgerFault>;
}
