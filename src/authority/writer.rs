//! The authority of one ledger: decides, appends, applies. No thread, no clock of its own: the server's loop and the
//! simulation drive the same code.

use crate::clock::Reading;
use crate::decision::command::SealKind;
use crate::decision::limits::EXPIRE_MAX;
use crate::decision::model::{Actor, SealId};
use crate::decision::rejection::{FieldProblem, Rejection};
use crate::decision::touches::Touched;
use crate::decision::{Command, Context, Event, State};
use crate::id::LedgerId;
use crate::ledger::verify::Meaning;
use crate::ledger::{
    Checkpoint, Digest, Fingerprint, LedgerEngine, LedgerFault, NewRecord, RequestKey, StoredRecord,
};
use crate::record::{self, RecordFault};
use crate::units::Timestamp;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::guard::{Before, ClockGuard, Judged};
use super::submission::OWN_ID;
use super::{Origin, Outcome, StoredProblem, Submission, SubmitError};

/// Records between two checkpoints: one state hash costs about as much as folding some thousand records.
const CHECKPOINT_RECORDS: u64 = 65_536;
/// Records after which a checkpoint that could not be written is tried again.
const CHECKPOINT_AGAIN_RECORDS: u64 = 1_024;
/// Who causes what nobody asked for: expiry, the clock, the first record.
const SELF: &str = "authority";

const _: () = assert!(EXPIRE_MAX <= crate::ledger::format::EVENTS_MAX);

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
    /// The record of the last checkpoint that was written.
    checkpoint: u64,
    /// The record at which the next is due.
    checkpoint_due: u64,
}

/// How a ledger is opened for writing.
#[derive(Clone, Copy, Debug)]
pub struct Opening<'a> {
    /// Which.
    pub ledger: &'a LedgerId,
    /// What the clock shows.
    pub reading: Reading,
    /// The process that opens it.
    pub holder: &'a str,
    /// The latest checkpoint, read before the records: what they fold into is compared when they pass it.
    pub checkpoint: Option<Checkpoint>,
}

/// What one batch led to, in the order of its submissions.
#[derive(Debug)]
pub struct Done {
    /// One verdict a submission.
    pub verdicts: Vec<Result<Outcome, SubmitError>>,
    /// What the new records touched, oldest first.
    pub touched: Vec<Touched>,
    /// Why a checkpoint that was due could not be written. The records are durable all the same.
    pub checkpoint_fault: Option<LedgerFault>,
}

/// A batch in the making: decided and folded, not yet durable.
struct Staged {
    reading: Reading,
    /// The time to decide at.
    at: Timestamp,
    guard: ClockGuard,
    state: State,
    records: Vec<NewRecord>,
    outcomes: BTreeMap<RequestKey, (Fingerprint, Outcome)>,
    touched: Vec<Touched>,
}

/// What is said of one submission, and what that rests on.
struct Verdict {
    answer: Result<Outcome, SubmitError>,
    /// It holds even if nothing of the batch becomes durable.
    is_firm: bool,
}

impl<E> Authority<E> {
    /// The same authority over a copy of its ledger; from here on the two have nothing to do with each other.
    #[must_use]
    pub fn fork<F>(&self, copy: impl FnOnce(&E) -> F) -> Authority<F> {
        Authority {
            engine: copy(&self.engine),
            state: self.state.clone(),
            guard: self.guard,
            checkpoint: self.checkpoint,
            checkpoint_due: self.checkpoint_due,
        }
    }
}

impl<E: LedgerEngine> Authority<E> {
    /// Opens a ledger, folds its records and takes authority over it if it is new.
    ///
    /// `open` opens the engine and gives every record to the function that it is handed.
    ///
    /// # Errors
    /// [`OpenFault`]; nothing is written then.
    pub fn open(
        Opening { ledger, reading, holder, checkpoint }: Opening<'_>,
        open: impl FnOnce(&mut dyn FnMut(&StoredRecord) -> Result<(), LedgerFault>) -> Result<E, LedgerFault>,
    ) -> Result<Authority<E>, OpenFault> {
        let mut folded = Folded { state: State::new(ledger.clone()), checkpoint, passed: None, fault: None };
        let engine = open(&mut |record| folded.fold(record));
        if let Some(fault) = folded.fault {
            return Err(fault);
        }
        let engine = engine?;
        if let Some(checkpoint) = engine.latest_checkpoint()? {
            folded.check(&checkpoint)?;
        }
        let state = folded.state;
        let guard = ClockGuard::new(state.last_at, before(&state), reading);
        let (checkpoint, checkpoint_due) = (state.sequence, state.sequence + CHECKPOINT_RECORDS);
        let mut authority = Authority { engine, state, guard, checkpoint, checkpoint_due };
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
        self.guard = ClockGuard::new(self.state.last_at, before(&self.state), reading);
    }

    /// The time at which something would be decided now: not the wall clock's while that is suspect.
    #[must_use]
    pub fn decision_time(&self, reading: Reading) -> Timestamp {
        let mut guard = self.guard;
        guard.judge(self.state.last_at, reading).at
    }

    /// Whether something ends by itself now, by the ledger's clock.
    #[must_use]
    pub fn is_due(&self, reading: Reading) -> bool {
        self.state.next_deadline().is_some_and(|due| due <= self.decision_time(reading))
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
    /// such a fault, and neither is a record that no ledger holds: the verdicts say so, and nothing has changed.
    pub fn process(&mut self, reading: Reading, batch: Vec<Submission>) -> Result<Done, LedgerFault> {
        let judged = self.guard.judge(self.state.last_at, reading);
        let mut staged = Staged {
            reading,
            at: judged.at,
            guard: self.guard,
            state: self.state.clone(),
            records: Vec::new(),
            outcomes: BTreeMap::new(),
            touched: Vec::new(),
        };
        if let Some(command) = self.clock_command(judged) {
            // Whatever the rules say of it changes nothing for the callers.
            let _ = self.judge_one(own(&staged.state, "clock", command), &mut staged)?;
        }
        let mut verdicts = Vec::with_capacity(batch.len());
        for submission in batch {
            verdicts.push(self.judge_one(submission, &mut staged)?);
        }
        if staged.records.is_empty() {
            return Ok(Done::of(verdicts, Vec::new()));
        }
        let ledger = || self.state.ledger.clone();
        match self.engine.append_batch(&staged.records) {
            Ok(_) => {}
            Err(LedgerFault::DiskFull { .. }) => {
                return Ok(Done::undone(verdicts, || SubmitError::StorageFull { ledger: ledger() }));
            }
            // A bug in what was staged; the engine has written nothing and takes the next batch.
            Err(LedgerFault::Unfit { .. } | LedgerFault::RequestRepeated { .. }) => {
                return Ok(Done::undone(verdicts, || SubmitError::NotRecordable { ledger: ledger() }));
            }
            Err(fault) => return Err(fault),
        }
        (self.state, self.guard) = (staged.state, staged.guard);
        let mut done = Done::of(verdicts, staged.touched);
        if self.state.sequence >= self.checkpoint_due {
            // What is durable is durable: a checkpoint only spares a doubt at the next start.
            done.checkpoint_fault = self.write_checkpoint().err();
        }
        Ok(done)
    }

    /// Ends what is due by the ledger's clock, so much of it as one record holds.
    ///
    /// # Errors
    /// As [`Authority::process`].
    pub fn tick(&mut self, reading: Reading) -> Result<Done, LedgerFault> {
        self.process(reading, vec![own(&self.state, "expire", Command::ExpireDue)])
    }

    /// Writes down the hash of the state, so that the next start can tell whether it folds the records alike.
    ///
    /// # Errors
    /// The engine's; it is then tried again some records later.
    pub fn write_checkpoint(&mut self) -> Result<(), LedgerFault> {
        if self.state.sequence == self.checkpoint {
            return Ok(());
        }
        self.checkpoint_due = self.state.sequence + CHECKPOINT_AGAIN_RECORDS;
        self.engine.write_checkpoint(&checkpoint_of(&self.state))?;
        self.checkpoint = self.state.sequence;
        self.checkpoint_due = self.state.sequence + CHECKPOINT_RECORDS;
        Ok(())
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

    /// The bytes of a stored problem; none when this ledger stores no such problem.
    ///
    /// # Errors
    /// The engine's.
    pub fn problem_bytes(&self, hash: Digest) -> Result<Option<Vec<u8>>, LedgerFault> {
        match self.engine.problem(&hash) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(LedgerFault::ProblemMissing { .. }) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// Whether the ledger must say something about the clock.
    fn clock_command(&self, judged: Judged) -> Option<Command> {
        match (self.state.clock_suspect_since, judged.off_millis) {
            (None, Some(off_millis)) => Some(Command::SuspectClock { off_millis }),
            (Some(_), None) => Some(Command::TrustClock { by: None, stepped_s: 0 }),
            (None, None) | (Some(_), Some(_)) => None,
        }
    }

    fn judge_one(&self, submission: Submission, staged: &mut Staged) -> Result<Verdict, LedgerFault> {
        let is_first = staged.records.is_empty();
        let rests_on_state = |answer| Ok(Verdict { answer, is_firm: is_first });
        let Some(key) = RequestKey::new(submission.request_id.clone()) else {
            let problem = FieldProblem::TooLong { got: submission.request_id.len() as u64, max: 64 };
            let answer = Err(Rejection::InvalidField { field: "request_id", problem }.into());
            return Ok(Verdict { answer, is_firm: true });
        };
        let fingerprint = self.engine.fingerprinter().of(&submission.fingerprinted());
        if !submission.validate_only {
            if let Some((before, outcome)) = staged.outcomes.get(&key) {
                let answer = same_again((*before, outcome.clone()), fingerprint, &key);
                return Ok(Verdict { answer, is_firm: false });
            }
            if let Some(before) = self.on_disk(&key)? {
                return Ok(Verdict { answer: same_again(before, fingerprint, &key), is_firm: true });
            }
            if let Some(as_seen) = &submission.as_seen
                && let Err(stale) = as_seen.check(&staged.state)
            {
                return rests_on_state(Err(stale.into()));
            }
        }
        let (submission, at, guard) = staged.with_clock(submission);
        let events = match staged.state.decide(at, &submission.command) {
            Ok(events) => events,
            Err(rejection) => return rests_on_state(Err(rejection.into())),
        };
        let says_nothing = events.is_empty() && submission.origin == Origin::Duty;
        if submission.validate_only || says_nothing {
            return rests_on_state(Ok(Outcome { sequence: 0, at, events }));
        }
        let (record, context) = staged.record((at, key, fingerprint), submission, &events);
        if !self.engine.fits(&record) {
            return rests_on_state(Err(SubmitError::NotRecordable { ledger: self.state.ledger.clone() }));
        }
        (staged.at, staged.guard) = (at, guard);
        Ok(Verdict { answer: Ok(staged.stage(record, &context, events)), is_firm: false })
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

    fn on_disk(&self, key: &RequestKey) -> Result<Option<(Fingerprint, Outcome)>, LedgerFault> {
        let Some(record) = self.engine.find_request(key)? else { return Ok(None) };
        let events = record.events.iter().map(|bytes| record::decode_event(bytes)).collect::<Result<_, _>>();
        // It was folded when the ledger was opened or written: it can be read.
        let events = events.expect("a record that was folded can be decoded");
        Ok(Some((record.fingerprint, Outcome { sequence: record.sequence, at: record.at, events })))
    }
}

impl Done {
    fn of(verdicts: Vec<Verdict>, touched: Vec<Touched>) -> Done {
        let verdicts = verdicts.into_iter().map(|verdict| verdict.answer).collect();
        Done { verdicts, touched, checkpoint_fault: None }
    }

    /// A batch of which nothing became durable: whatever rested on it has to be asked again.
    fn undone(verdicts: Vec<Verdict>, why: impl Fn() -> SubmitError) -> Done {
        let told = |verdict: Verdict| if verdict.is_firm { verdict.answer } else { Err(why()) };
        let verdicts = verdicts.into_iter().map(told).collect();
        Done { verdicts, touched: Vec::new(), checkpoint_fault: None }
    }
}

impl Staged {
    /// When a submission is decided, and by which guard afterwards: a person's word for the clock makes both anew.
    fn with_clock(&self, mut submission: Submission) -> (Submission, Timestamp, ClockGuard) {
        let (at, mut guard) = (self.at.max(self.state.last_at), self.guard);
        let Command::TrustClock { by: Some(_), stepped_s } = &mut submission.command else {
            return (submission, at, guard);
        };
        let trusted = guard.trust(at, self.reading);
        *stepped_s = trusted.seconds_since(at);
        // One that is refused leaves the guard as it was; one that nothing suspects is refused at the present time.
        let is_suspect = self.state.clock_suspect_since.is_some();
        if is_suspect { (submission, trusted, guard) } else { (submission, at, self.guard) }
    }

    /// The record of a submission, and what its events share.
    fn record(
        &self,
        (at, key, fingerprint): (Timestamp, RequestKey, Fingerprint),
        submission: Submission,
        events: &[Event],
    ) -> (NewRecord, Context) {
        let sequence = self.state.sequence + 1;
        let sealed = submission.command.sealed().into_iter().map(sealed).collect();
        let record = NewRecord {
            sequence,
            epoch: u64::from(self.state.epoch),
            at,
            request_id: key,
            fingerprint,
            actor: submission.actor.0.clone(),
            seen: in_order(submission.seen),
            problem: submission.problem,
            schema_version: record::SCHEMA_VERSION,
            events: events.iter().map(record::encode_event).collect(),
            sealed,
        };
        (record, Context { sequence, at, actor: submission.actor })
    }

    fn stage(&mut self, record: NewRecord, context: &Context, events: Vec<Event>) -> Outcome {
        self.state.begin_record(context);
        for event in &events {
            self.state.apply(context, event);
        }
        let Context { sequence, at, .. } = *context;
        self.touched.push(Touched::by(&self.state.ledger, sequence, &events, &self.state));
        let outcome = Outcome { sequence, at, events };
        self.outcomes.insert(record.request_id.clone(), (record.fingerprint, outcome.clone()));
        self.records.push(record);
        outcome
    }
}

/// What was read, in order.
fn in_order(mut seen: Vec<(LedgerId, u64)>) -> Vec<(LedgerId, u64)> {
    seen.sort();
    seen.dedup_by(|next, before| next.0 == before.0);
    seen
}

/// Whether a ledger ends with its clock suspect.
fn before(state: &State) -> Before {
    if state.clock_suspect_since.is_some() { Before::Suspect } else { Before::Trusted }
}

/// Folds records as they are read.
struct Folded {
    state: State,
    /// A checkpoint to compare with, not yet known to be the one that was written.
    checkpoint: Option<Checkpoint>,
    /// What the records had folded into when they passed it.
    passed: Option<Checkpoint>,
    fault: Option<OpenFault>,
}

impl Folded {
    fn fold(&mut self, stored: &StoredRecord) -> Result<(), LedgerFault> {
        let sequence = stored.sequence;
        let folded = fold_record(&mut self.state, stored);
        let ledger = || stored.ledger.clone();
        let fault = match folded {
            Ok(()) => {
                let passes = |checkpoint: &Checkpoint| checkpoint.sequence == sequence;
                if self.checkpoint.as_ref().is_some_and(passes) {
                    self.passed = Some(checkpoint_of(&self.state));
                }
                return Ok(());
            }
            Err(FoldFault::Record(fault)) => OpenFault::Record { ledger: ledger(), sequence, fault },
            Err(FoldFault::Contradiction) => OpenFault::Contradiction { ledger: ledger(), sequence },
        };
        self.fault = Some(fault);
        // Only ends the reading: the fault above is what is told.
        Err(LedgerFault::NoSuchRecord { ledger: ledger(), sequence })
    }

    /// Whether the records fold into what `checkpoint` says, as far as that can be told: they have passed it, or end at
    /// it, and its hash was made by the same rules.
    fn check(&self, checkpoint: &Checkpoint) -> Result<(), OpenFault> {
        // Most ledgers end at their checkpoint: the hash made in passing is then that of the end as well.
        let passed = self.passed.filter(|passed| passed.sequence == checkpoint.sequence);
        let here = || (checkpoint.sequence == self.state.sequence).then(|| checkpoint_of(&self.state));
        match passed.or_else(here) {
            Some(folded) if folded.differs(checkpoint) => Err(OpenFault::StateDiffers {
                ledger: self.state.ledger.clone(),
                sequence: checkpoint.sequence,
            }),
            Some(_) | None => Ok(()),
        }
    }
}

/// The checkpoint of a state.
fn checkpoint_of(state: &State) -> Checkpoint {
    Checkpoint {
        sequence: state.sequence,
        state_hash: Digest(record::state_hash(state)),
        state_format: record::STATE_FORMAT,
    }
}

/// Why a record could not be folded.
#[derive(Debug, thiserror::Error)]
pub enum FoldFault {
    /// Its bytes do not say anything this version knows.
    #[error(transparent)]
    Record(RecordFault),
    /// It contradicts the records before it.
    #[error("an invariant is broken")]
    Contradiction,
}

/// A ledger as a check folds it.
#[derive(Debug)]
pub struct Folding(State);

impl Folding {
    /// Begins with an empty ledger.
    #[must_use]
    pub fn begin(ledger: &LedgerId) -> Box<dyn Meaning> {
        Box::new(Folding(State::new(ledger.clone())))
    }
}

impl Meaning for Folding {
    fn fold(&mut self, record: &StoredRecord) -> Result<(), String> {
        fold_record(&mut self.0, record).map_err(|fault| fault.to_string())
    }

    fn checkpoint(&self) -> Checkpoint {
        checkpoint_of(&self.0)
    }
}

/// Folds one stored record into `state`.
///
/// # Errors
/// [`FoldFault`]; the state is not to be used then.
pub fn fold_record(state: &mut State, stored: &StoredRecord) -> Result<(), FoldFault> {
    let context = Context { sequence: stored.sequence, at: stored.at, actor: Actor(stored.actor.clone()) };
    state.begin_record(&context);
    let member = state.member().cloned();
    for bytes in &stored.events {
        let event = record::decode_event_near(bytes, member.as_ref()).map_err(FoldFault::Record)?;
        // A broken invariant must name its record rather than take the process down at every start.
        let applied = catch_unwind(AssertUnwindSafe(|| state.apply(&context, &event)));
        applied.map_err(|_| FoldFault::Contradiction)?;
    }
    Ok(())
}

/// A submission of the authority itself; its id cannot meet one of a caller, which is text.
fn own(state: &State, what: &str, command: Command) -> Submission {
    let mut request_id = vec![OWN_ID];
    request_id.extend(format!("{what}/{}", state.sequence + 1).into_bytes());
    Submission { origin: Origin::Duty, ..Submission::new(request_id, Actor(SELF.to_owned()), command) }
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

#[cfg(test)]
mod tests;
