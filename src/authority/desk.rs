//! One ledger's thread: takes what is queued, makes it durable at once, publishes, answers.
//!
//! A thread of its own, because an fsync may block here and never on a worker that serves calls.

use super::board::Board;
use super::driver::Notes;
use super::guard::STRAY_MS_MAX;
use super::hub::SpaceClock;
use super::writer::{Authority, Done};
use super::{Outcome, StoredProblem, Submission, SubmitError};
use crate::clock::{Clock, Reading};
use crate::decision::model::SealId;
use crate::id::LedgerId;
use crate::ledger::{Digest, LedgerEngine, LedgerFault};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::oneshot;
use tracing::{error, info, warn};

/// Commands that may wait at one ledger: a second of the heaviest load. More are refused, not queued.
const INBOX_MAX: usize = 4_096;
/// Commands that share one fsync.
const BATCH_MAX: usize = 512;
/// Times that a ledger makes room for others before it writes what came in.
const YIELDS_MAX: usize = 8;
/// How long a ledger looks away at most while something is due or its clock is suspect: a wall clock may be set.
const LOOK_EVERY: Duration = Duration::from_secs(1);

type Reply<T> = oneshot::Sender<Result<T, SubmitError>>;

/// What a ledger's thread may be asked.
pub(super) enum Input {
    /// A command.
    Submit(Box<Submission>, Reply<Outcome>),
    /// Look at the clock; end what is due.
    Tick(oneshot::Sender<()>),
    /// Read what a command led to when it first came.
    Recorded(Before, Reply<Option<Outcome>>),
    /// Read a sealed text.
    OpenSeal(SealId, Reply<Option<String>>),
    /// Read the problem that a record cites.
    Problem(u64, Reply<Option<StoredProblem>>),
    /// Read a stored problem by its hash.
    ProblemBytes(Digest, Reply<Option<Vec<u8>>>),
    /// Write a checkpoint and stop.
    Close,
}

/// A command that may have come before.
pub(super) struct Before {
    pub(super) request_id: Vec<u8>,
    pub(super) payload: Vec<u8>,
}

/// The outside of a ledger's thread.
#[derive(Debug)]
pub(super) struct Desk {
    inbox: SyncSender<Input>,
    thread: Option<JoinHandle<()>>,
}

impl Desk {
    /// Starts the thread of `authority`.
    pub(super) fn start<E: LedgerEngine + 'static>(
        authority: Authority<E>,
        clock: Arc<SpaceClock>,
        board: Arc<Board>,
        driver: Arc<Notes>,
    ) -> std::io::Result<Desk> {
        let (inbox, queue) = sync_channel(INBOX_MAX);
        let name = authority.state().ledger.to_string();
        board.open(authority.state());
        let writer = Writer { authority, clock, board, driver, stalled: false };
        let thread = std::thread::Builder::new().name(name).spawn(move || writer.run(&queue))?;
        Ok(Desk { inbox, thread: Some(thread) })
    }

    /// Queues an input without waiting.
    pub(super) fn send(&self, ledger: &LedgerId, input: Input) -> Result<(), SubmitError> {
        self.inbox.try_send(input).map_err(|refused| match refused {
            TrySendError::Full(_) => SubmitError::Overloaded { ledger: ledger.clone() },
            TrySendError::Disconnected(_) => SubmitError::Stopped { ledger: ledger.clone() },
        })
    }

    /// Finishes what is queued, writes a checkpoint, stops.
    pub(super) fn close(mut self) {
        // A full inbox empties, a stopped thread is gone: either way this ends.
        let _ = self.inbox.send(Input::Close);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The inside.
struct Writer<E> {
    authority: Authority<E>,
    clock: Arc<SpaceClock>,
    board: Arc<Board>,
    driver: Arc<Notes>,
    /// Something is due and could not be recorded: the disk is full.
    stalled: bool,
}

/// A batch as taken from the queue.
#[derive(Default)]
struct Taken {
    submissions: Vec<Submission>,
    replies: Vec<Reply<Outcome>>,
    ticks: Vec<oneshot::Sender<()>>,
    /// Nobody asked anything: it is time to look at the clock.
    is_look: bool,
    is_last: bool,
}

impl Taken {
    fn is_full(&self) -> bool {
        self.is_last || self.submissions.len() >= BATCH_MAX
    }
}

impl<E: LedgerEngine> Writer<E> {
    fn run(mut self, queue: &Receiver<Input>) {
        // A broken invariant is a bug: the process stops, restarts and replays, rather than go on with half a ledger.
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.work(queue)));
        match outcome {
            Ok(Ok(())) => {}
            Ok(Err(fault)) => {
                let ledger = &self.authority.state().ledger;
                error!(%ledger, %fault, "ledger stopped: nothing more is taken until the server is started again");
            }
            Err(_) => {
                error!(ledger = %self.authority.state().ledger, "broken invariant: the process stops");
                std::process::abort();
            }
        }
    }

    fn work(&mut self, queue: &Receiver<Input>) -> Result<(), LedgerFault> {
        loop {
            let first = match self.wait() {
                None => queue.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(wait) => queue.recv_timeout(wait),
            };
            let taken = match first {
                Ok(first) => self.take(first, queue),
                Err(RecvTimeoutError::Timeout) => Taken { is_look: true, ..Taken::default() },
                Err(RecvTimeoutError::Disconnected) => return self.authority.write_checkpoint(),
            };
            let is_last = taken.is_last;
            self.decide(taken)?;
            if is_last {
                return self.authority.write_checkpoint();
            }
        }
    }

    /// How long nothing needs to be looked at; none: until somebody asks.
    fn wait(&self) -> Option<Duration> {
        let state = self.authority.state();
        match state.next_deadline() {
            // Trying again at once would only keep the processor busy.
            Some(_) if self.stalled => Some(LOOK_EVERY),
            Some(due) => self.clock.wait_until(due).map(|wait| wait.min(LOOK_EVERY)),
            None => state.clock_suspect_since.map(|_| LOOK_EVERY),
        }
    }

    /// Takes what is queued, up to a batch; answers what only reads.
    ///
    /// A command that comes alone makes room first for whoever waits for the processor, and again while that brings
    /// more: under load these are the workers that are about to hand commands in, and each batch costs a sync whatever
    /// it holds. Where nobody waits this costs nothing, unlike a pause.
    fn take(&self, first: Input, queue: &Receiver<Input>) -> Taken {
        let mut taken = Taken::default();
        self.sort(first, &mut taken);
        self.drain(queue, &mut taken);
        for _ in 0..YIELDS_MAX {
            let before = taken.submissions.len();
            if before == 0 || taken.is_full() {
                break;
            }
            std::thread::yield_now();
            self.drain(queue, &mut taken);
            if taken.submissions.len() == before {
                break;
            }
        }
        taken
    }

    fn drain(&self, queue: &Receiver<Input>, taken: &mut Taken) {
        while !taken.is_full()
            && let Ok(input) = queue.try_recv()
        {
            self.sort(input, taken);
        }
    }

    /// Puts a command into the batch; answers what only reads.
    fn sort(&self, input: Input, taken: &mut Taken) {
        match input {
            Input::Submit(submission, reply) => {
                taken.submissions.push(*submission);
                taken.replies.push(reply);
            }
            Input::Tick(reply) => taken.ticks.push(reply),
            Input::Recorded(before, reply) => self.look_back(&before, reply),
            Input::OpenSeal(seal, reply) => self.read(reply, |authority| authority.open_seal(seal)),
            Input::Problem(sequence, reply) => self.read(reply, |authority| authority.problem(sequence)),
            Input::ProblemBytes(hash, reply) => self.read(reply, |authority| authority.problem_bytes(hash)),
            Input::Close => taken.is_last = true,
        }
    }

    fn look_back(&self, before: &Before, reply: Reply<Option<Outcome>>) {
        let ledger = self.authority.state().ledger.clone();
        let found = self.authority.recorded_before(&before.request_id, &before.payload);
        // The caller may have gone.
        let _ = reply.send(found.unwrap_or_else(|fault| {
            warn!(%ledger, %fault, "a record could not be read");
            Err(SubmitError::Stopped { ledger })
        }));
    }

    fn read<T>(&self, reply: Reply<T>, read: impl FnOnce(&Authority<E>) -> Result<T, LedgerFault>) {
        let ledger = self.authority.state().ledger.clone();
        let answer = read(&self.authority).map_err(|fault| {
            warn!(%ledger, %fault, "a record could not be read");
            SubmitError::Stopped { ledger }
        });
        // The caller may have gone.
        let _ = reply.send(answer);
    }

    fn decide(&mut self, taken: Taken) -> Result<(), LedgerFault> {
        let reading = self.clock.read();
        // What is due ends first: a go that comes after the end is late, whatever stood in the queue. A look asks the
        // guard even if nothing is due yet: a clock that was set back must not prolong what stands, unnoticed.
        let looks = taken.is_look || !taken.ticks.is_empty();
        let suspect = self.authority.state().clock_suspect_since.is_some();
        if looks || suspect || self.authority.is_due(reading) {
            self.end_due(reading)?;
        }
        if !taken.submissions.is_empty() {
            let done = match self.authority.process(reading, taken.submissions) {
                Ok(done) => done,
                Err(fault) => {
                    for reply in taken.replies {
                        let ledger = self.authority.state().ledger.clone();
                        let _ = reply.send(Err(SubmitError::Stopped { ledger }));
                    }
                    return Err(fault);
                }
            };
            self.publish(&done);
            for (reply, verdict) in taken.replies.into_iter().zip(done.verdicts) {
                // The caller may have gone; the decision stands.
                let _ = reply.send(verdict);
            }
        }
        for tick in taken.ticks {
            let _ = tick.send(());
        }
        Ok(())
    }

    /// Ends everything that is due, record by record.
    fn end_due(&mut self, reading: Reading) -> Result<(), LedgerFault> {
        loop {
            let done = self.authority.tick(reading)?;
            self.publish(&done);
            let next = self.authority.state().next_deadline();
            self.stalled = done.touched.is_empty() && next.is_some_and(|due| due <= reading.wall);
            if done.touched.is_empty() || !self.authority.is_due(reading) {
                return Ok(());
            }
        }
    }

    fn publish(&self, done: &Done) {
        let state = self.authority.state();
        let reading = self.clock.read();
        let lead_ms = self.authority.decision_time(reading).millis_since(reading.wall);
        // A trusted clock may stand a moment behind the last record; that is no other clock.
        let is_other = lead_ms.abs() > STRAY_MS_MAX || state.clock_suspect_since.is_some();
        self.board.set_lead(&state.ledger, if is_other { lead_ms } else { 0 });
        if let Some(fault) = &done.checkpoint_fault {
            warn!(ledger = %state.ledger, %fault, "a checkpoint could not be written: it is tried again later");
        }
        if done.touched.is_empty() {
            return;
        }
        self.board.publish(state, &done.touched);
        if let Some(since) = state.clock_suspect_since {
            warn!(ledger = %state.ledger, since_ms = since.0, "the clock is suspect: nothing expires until it is right");
        }
        self.driver.touched(&done.touched);
        info!(ledger = %state.ledger, sequence = state.sequence, records = done.touched.len(), "recorded");
    }
}
