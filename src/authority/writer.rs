//! The authority of one ledger: decides, appends, applies. No thread, no clock of its own: the server's loop and the
//! simulation drive the same code.

use crate::clock::Reading;
use crate::decision::command::SealKind;
use crate::decision::model::{Actor, SealId};
use crate::decision::rejection::{FieldProblem, Rejection};
use crate::decision::touches::Touched;
use crate::decision::{Command, Context, Event, State};
use crate::id::LedgerId;
use crate::ledger::{
    Checkpoint, Digest, Fingerprint, LedgerEngine, LedgerFault, NewRecord, RequestKey, StoredRecord,
};
use crate::record::{self, RecordFault};
use crate::units::Timestamp;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::guard::{ClockGuard, Judged};
use super::{Outcome, StoredProblem, Submission, SubmitError};

/// Records between two checkpoints: one state hash costs about as much as folding some thousand records.
const CHECKPOINT_RECORDS: u64 = 65_536;
/// Who causes what nobody asked for: expiry, the clock, the first record.
const SELF: &str = "authority";

/// Why a ledger could not be opened for writing.
#[derive(Debug, thiserror::Error)]
pub enum OpenFault {
    /// The engine's fault.
    #[error(transparent)]
    Ledger(#[from] LedgerFault),
    /// A record that this version cannot read.
    #[error(
        "{ledger}, record {sequence}: {fault}; a newer yui wrote it, or the ledger is damaged: run `yui check`"
    )]
    Record {
        /// The ledger.
        ledger: LedgerId,
        /// The record.
        sequence: u64,
        /// What cannot be read.
        fault: RecordFault,
    },
    /// A record that contradicts those before it.
    #[error(
        "{ledger}, record {sequence} contradicts the records before it; restore a copy, and report it with `yui check`"
    )]
    Contradiction {
        /// The ledger.
        ledger: LedgerId,
        /// The record.
        sequence: u64,
    },
    /// The records fold into another state than when they were written.
    #[error(
        "{ledger} folds into another state at record {sequence} than when it was written; do not serve it, run `yui check`"
    )]
    StateDiffers {
        /// The ledger.
        ledger: LedgerId,
        /// The checkpoint's record.
        sequence: u64,
    },
    /// The first record was refused: a bug.
    #[error("{ledger}: authority could not be taken")]
    NoAuthority {
        /// The ledger.
        ledger: LedgerId,
    },
}

/// The one writer of a ledger.
pub struct Authority<E> {
    engine: E,
    state: State,
    guard: ClockGuard,
    checkpoint: u64,
}

/// What one batch led to, in the order of its submissions.
#[derive(Debug)]
pub struct Done {
    /// One verdict a submission.
    pub verdicts: Vec<Result<Outcome, SubmitError>>,
    /// What the new records touched, oldest first.
    pub touched: Vec<Touched>,
}

/// A batch in the making: decided and folded, not yet durable.
struct Staged {
    state: State,
    records: Vec<NewRecord>,
    outcomes: BTreeMap<RequestKey, (Fingerprint, Outcome)>,
    touched: Vec<Touched>,
}

impl<E: LedgerEngine> Authority<E> {
    /// Opens a ledger, folds its records and takes authority over it if it is new.
    ///
    /// `open` opens the engine and gives every record to the function that it is handed.
    ///
    /// # Errors
    /// [`OpenFault`]; nothing is written then.
    pub fn open(
        ledger: &LedgerId,
        reading: Reading,
        holder: &str,
        open: impl FnOnce(&mut dyn FnMut(StoredRecord) -> Result<(), LedgerFault>) -> Result<E, LedgerFault>,
    ) -> Result<Authority<E>, OpenFault> {
        let mut folded = Folded { state: State::new(ledger.clone()), fault: None };
        let engine = open(&mut |record| folded.fold(&record));
        if let Some(fault) = folded.fault {
            return Err(fault);
        }
        let (engine, state) = (engine?, folded.state);
        if let Some(checkpoint) = engine.latest_checkpoint()? {
            check_state(&engine, &checkpoint, &state)?;
        }
        let guard = ClockGuard::new(state.last_at, reading);
        let checkpoint = state.sequence;
        let mut authority = Authority { engine, state, guard, checkpoint };
        if authority.state.epoch == 0 {
            let command = Command::TakeAuthority { holder: holder.to_owned() };
            let done = authority.process(reading, vec![own(&authority.state, "take", command)])?;
            if done.verdicts.iter().any(Result::is_err) {
                return Err(OpenFault::NoAuthority { ledger: ledger.clone() });
            }
        }
        Ok(authority)
    }

    /// Begins to watch the clock anew, after a drill clock was moved on to where the drill had stood.
    pub fn restart_clock(&mut self, reading: Reading) {
        self.guard = ClockGuard::new(self.state.last_at, reading);
    }

    /// What the ledger amounts to.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// The engine below, to read it.
    #[must_use]
    pub fn engine(&self) -> &E {
        &self.engine
    }

    /// The engine below; what is left of it, for a simulated crash.
    #[must_use]
    pub fn into_engine(self) -> E {
        self.engine
    }

    /// Mutable access to the engine, to make a simulated disk fail.
    pub fn engine_mut(&mut self) -> &mut E {
        &mut self.engine
    }

    /// Judges `batch` in order and makes what was accepted durable with one append; nothing of it is visible before.
    ///
    /// # Errors
    /// [`LedgerFault`] after which nobody knows what the disk holds: the ledger must be opened anew. A full disk is not
    /// such a fault: its verdicts say so, and nothing has changed.
    pub fn process(&mut self, reading: Reading, batch: Vec<Submission>) -> Result<Done, LedgerFault> {
        let judged = self.guard.judge(self.state.last_at, reading);
        let mut staged = Staged {
            state: self.state.clone(),
            records: Vec::new(),
            outcomes: BTreeMap::new(),
            touched: Vec::new(),
        };
        if let Some(command) = self.clock_command(judged) {
            // Whatever the rules say of it changes nothing for the callers.
            let _ = self.judge_one(judged.at, own(&staged.state, "clock", command), &mut staged)?;
        }
        let mut verdicts = Vec::with_capacity(batch.len());
        for submission in batch {
            verdicts.push(self.judge_one(judged.at, submission, &mut staged)?);
        }
        if staged.records.is_empty() {
            return Ok(Done { verdicts, touched: Vec::new() });
        }
        match self.engine.append_batch(&staged.records) {
            Ok(_) => {}
            Err(LedgerFault::DiskFull { .. }) => {
                let full = || SubmitError::StorageFull { ledger: self.state.ledger.clone() };
                for verdict in &mut verdicts {
                    if verdict.is_ok() {
                        *verdict = Err(full());
                    }
                }
                return Ok(Done { verdicts, touched: Vec::new() });
            }
            Err(fault) => return Err(fault),
        }
        self.state = staged.state;
        if self.state.sequence - self.checkpoint >= CHECKPOINT_RECORDS {
            self.write_checkpoint()?;
        }
        Ok(Done { verdicts, touched: staged.touched })
    }

    /// Ends what is due by the ledger's clock.
    ///
    /// # Errors
    /// As [`Authority::process`].
    pub fn tick(&mut self, reading: Reading) -> Result<Done, LedgerFault> {
        self.process(reading, vec![own(&self.state, "expire", Command::ExpireDue)])
    }

    /// Writes down the hash of the state, so that the next start can tell whether it folds the records alike.
    ///
    /// # Errors
    /// The engine's.
    pub fn write_checkpoint(&mut self) -> Result<(), LedgerFault> {
        if self.state.sequence == self.checkpoint {
            return Ok(());
        }
        self.checkpoint = self.state.sequence;
        self.engine.write_checkpoint(&Checkpoint {
            sequence: self.state.sequence,
            state_hash: Digest(record::state_hash(&self.state)),
            state_format: record::STATE_FORMAT,
        })
    }

    /// A sealed text; none when its key is not held any more.
    ///
    /// # Errors
    /// The engine's.
    pub fn open_seal(&self, seal: SealId) -> Result<Option<String>, LedgerFault> {
        let seal = crate::ledger::SealId { sequence: seal.sequence, index: u32::from(seal.index) };
        let text = self.engine.open_seal(seal)?;
        Ok(text.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
    }

    /// The stored problem that a record cites.
    ///
    /// # Errors
    /// The engine's.
    pub fn problem(&self, sequence: u64) -> Result<Option<StoredProblem>, LedgerFault> {
        let Some(record) = self.engine.read_from(sequence, 1)?.into_iter().next() else { return Ok(None) };
        let Some(hash) = record.problem_hash else { return Ok(None) };
        let bytes = self.engine.problem(&hash)?;
        Ok(Some(StoredProblem { hash: hash.0, bytes, seen: record.seen, at: record.at }))
    }

    /// Whether the ledger must say something about the clock.
    fn clock_command(&self, judged: Judged) -> Option<Command> {
        match (self.state.clock_suspect_since, judged.off_millis) {
            (None, Some(off_millis)) => Some(Command::SuspectClock { off_millis }),
            (Some(_), None) => Some(Command::TrustClock),
            (None, None) | (Some(_), Some(_)) => None,
        }
    }

    fn judge_one(
        &self,
        at: Timestamp,
        submission: Submission,
        staged: &mut Staged,
    ) -> Result<Result<Outcome, SubmitError>, LedgerFault> {
        let at = at.max(staged.state.last_at);
        if submission.validate_only {
            let events = staged.state.decide(at, &submission.command);
            return Ok(events.map(|events| Outcome { sequence: 0, at, events }).map_err(SubmitError::from));
        }
        let Some(key) = RequestKey::new(submission.request_id.clone()) else {
            let problem = FieldProblem::TooLong { got: submission.request_id.len() as u64, max: 64 };
            return Ok(Err(Rejection::InvalidField { field: "request_id", problem }.into()));
        };
        let fingerprint = self.engine.fingerprinter().of(&submission.fingerprinted());
        if let Some(before) = self.recorded(&key, staged)? {
            return Ok(same_again(before, fingerprint, &key));
        }
        if let Some(as_seen) = &submission.as_seen
            && let Err(stale) = as_seen.check(&staged.state)
        {
            return Ok(Err(stale.into()));
        }
        Ok(match staged.state.decide(at, &submission.command) {
            Err(rejection) => Err(rejection.into()),
            Ok(events) if events.is_empty() => Ok(Outcome { sequence: 0, at, events }),
            Ok(events) => Ok(staged.stage(at, key, fingerprint, submission, events)),
        })
    }

    /// What a command led to when it first came; none when it never did.
    ///
    /// # Errors
    /// The engine's; inside, the refusal of an id that was used for something else.
    pub fn recorded_before(
        &self,
        request_id: &[u8],
        payload: &[u8],
    ) -> Result<Result<Option<Outcome>, SubmitError>, LedgerFault> {
        // No record has an id that cannot be recorded.
        let Some(key) = RequestKey::new(request_id) else { return Ok(Ok(None)) };
        let Some(before) = self.on_disk(&key)? else { return Ok(Ok(None)) };
        let fingerprint = self.engine.fingerprinter().of(payload);
        Ok(same_again(before, fingerprint, &key).map(Some))
    }

    /// What a request led to when it first came, be it in this batch.
    fn recorded(
        &self,
        key: &RequestKey,
        staged: &Staged,
    ) -> Result<Option<(Fingerprint, Outcome)>, LedgerFault> {
        match staged.outcomes.get(key) {
            Some(known) => Ok(Some(known.clone())),
            None => self.on_disk(key),
        }
    }

    fn on_disk(&self, key: &RequestKey) -> Result<Option<(Fingerprint, Outcome)>, LedgerFault> {
        let Some(record) = self.engine.find_request(key)? else { return Ok(None) };
        let events = record.events.iter().map(|bytes| record::decode_event(bytes)).collect::<Result<_, _>>();
        // It was folded when the ledger was opened or written: it can be read.
        let events = events.expect("a record that was folded can be decoded");
        Ok(Some((record.fingerprint, Outcome { sequence: record.sequence, at: record.at, events })))
    }
}

impl Staged {
    fn stage(
        &mut self,
        at: Timestamp,
        key: RequestKey,
        fingerprint: Fingerprint,
        submission: Submission,
        events: Vec<Event>,
    ) -> Outcome {
        let sequence = self.state.sequence + 1;
        let context = Context { sequence, at, actor: submission.actor };
        for event in &events {
            self.state.apply(&context, event);
        }
        self.touched.push(Touched::by(&self.state.ledger, sequence, &events, &self.state));
        self.records.push(NewRecord {
            sequence,
            epoch: u64::from(self.state.epoch),
            at,
            request_id: key.clone(),
            fingerprint,
            actor: context.actor.0,
            seen: others_seen(&self.state.ledger, submission.seen),
            problem: submission.problem,
            schema_version: record::SCHEMA_VERSION,
            events: events.iter().map(record::encode_event).collect(),
            sealed: submission.command.sealed().into_iter().map(sealed).collect(),
        });
        let outcome = Outcome { sequence, at, events };
        self.outcomes.insert(key, (fingerprint, outcome.clone()));
        outcome
    }
}

/// What was read of other ledgers, in order; of its own the record itself says where it stood.
fn others_seen(own: &LedgerId, mut seen: Vec<(LedgerId, u64)>) -> Vec<(LedgerId, u64)> {
    seen.retain(|(ledger, _)| ledger != own);
    seen.sort();
    seen.dedup_by(|next, before| next.0 == before.0);
    seen
}

/// Folds records as they are read.
struct Folded {
    state: State,
    fault: Option<OpenFault>,
}

impl Folded {
    fn fold(&mut self, stored: &StoredRecord) -> Result<(), LedgerFault> {
        let (ledger, sequence) = (stored.ledger.clone(), stored.sequence);
        let fault = match fold_record(&mut self.state, stored) {
            Ok(()) => return Ok(()),
            Err(FoldFault::Record(fault)) => OpenFault::Record { ledger: ledger.clone(), sequence, fault },
            Err(FoldFault::Contradiction) => OpenFault::Contradiction { ledger: ledger.clone(), sequence },
        };
        self.fault = Some(fault);
        // Only ends the reading: the fault above is what is told.
        Err(LedgerFault::NoSuchRecord { ledger, sequence })
    }
}

/// Why a record could not be folded.
#[derive(Debug)]
pub enum FoldFault {
    /// Its bytes do not say anything this version knows.
    Record(RecordFault),
    /// It contradicts the records before it.
    Contradiction,
}

/// Folds one stored record into `state`.
///
/// # Errors
/// [`FoldFault`]; the state is not to be used then.
pub fn fold_record(state: &mut State, stored: &StoredRecord) -> Result<(), FoldFault> {
    let context = Context { sequence: stored.sequence, at: stored.at, actor: Actor(stored.actor.clone()) };
    for bytes in &stored.events {
        let event = record::decode_event(bytes).map_err(FoldFault::Record)?;
        // A broken invariant must name its record rather than take the process down at every start.
        let applied = catch_unwind(AssertUnwindSafe(|| state.apply(&context, &event)));
        applied.map_err(|_| FoldFault::Contradiction)?;
    }
    Ok(())
}

/// Whether the records still fold into what the last checkpoint says, when it is of the present record.
///
/// Only the newest state is at hand, so a checkpoint of an earlier record is left to `yui check`, which folds anew.
fn check_state<E: LedgerEngine>(engine: &E, checkpoint: &Checkpoint, state: &State) -> Result<(), OpenFault> {
    let comparable =
        checkpoint.state_format == record::STATE_FORMAT && checkpoint.sequence == engine.head().sequence;
    if comparable && checkpoint.state_hash.0 != record::state_hash(state) {
        return Err(OpenFault::StateDiffers { ledger: state.ledger.clone(), sequence: checkpoint.sequence });
    }
    Ok(())
}

/// A submission of the authority itself; its id cannot meet one of a caller, which has no control characters.
fn own(state: &State, what: &str, command: Command) -> Submission {
    Submission::new(format!("\u{1}{what}/{}", state.sequence + 1), Actor(SELF.to_owned()), command)
}

fn sealed(text: crate::decision::command::SealText) -> crate::ledger::SealText {
    let kind = match text.kind {
        SealKind::Patient => crate::ledger::SealKind::Patient,
        SealKind::Caller => crate::ledger::SealKind::Caller,
        SealKind::Crew => crate::ledger::SealKind::Crew,
    };
    crate::ledger::SealText { kind, plaintext: text.text.into_bytes() }
}

/// The answer of a retry: what was recorded, if it says the same.
fn same_again(
    (before, outcome): (Fingerprint, Outcome),
    fingerprint: Fingerprint,
    key: &RequestKey,
) -> Result<Outcome, SubmitError> {
    if before == fingerprint {
        return Ok(outcome);
    }
    Err(Rejection::RequestIdReused { request_id: readable(key.as_bytes()) }.into())
}

/// A request id for a message: as text where it is text.
fn readable(request_id: &[u8]) -> String {
    match std::str::from_utf8(request_id) {
        Ok(text) if !text.chars().any(char::is_control) => text.to_owned(),
        _ => request_id.iter().map(|byte| format!("{byte:02x}")).collect(),
    }
}
