//! All authorities of one space in one process.

use super::board::Board;
use super::desk::{Before, Desk, Input};
use super::driver::{self, Notes, Planner};
use super::writer::{Authority, OpenFault, Opening};
use super::{Outcome, StoredProblem, Submission, SubmitError, Union, View};
use crate::clock::{Clock, Reading, SystemClock, VirtualClock};
use crate::decision::model::{Actor, SealId};
use crate::decision::touches::Touched;
use crate::decision::{Command, Event};
use crate::id::{FieldId, LedgerId, MemberId, Space};
use crate::ledger::{Digest, LedgerFault, MissingKeys, OsRandomness, SpaceFolder, SqliteLedger};
use crate::units::Timestamp;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::{oneshot, watch};

/// The field whose office keeps the facts of the doctor helicopters.
pub const MEDICAL: &str = "fields/medical";
/// The field whose office keeps what the union counts goods in, and its plans.
pub const DISASTER: &str = "fields/disaster";
/// How long the answer to a new member waits for its ledger; a slow disk takes some tenths of a second.
const LEDGER_WAIT: Duration = Duration::from_secs(5);
/// Threads that open ledgers at the start.
const OPENERS: usize = 2;

/// The clock of a space: the system's, or in a drill one that can be turned.
#[derive(Debug)]
pub enum SpaceClock {
    /// The system's.
    System(SystemClock),
    /// One that can be turned.
    Virtual(VirtualClock),
}

impl Clock for SpaceClock {
    fn read(&self) -> Reading {
        match self {
            SpaceClock::System(clock) => clock.read(),
            SpaceClock::Virtual(clock) => clock.read(),
        }
    }

    fn wait_until(&self, at: Timestamp) -> Option<Duration> {
        match self {
            SpaceClock::System(clock) => clock.wait_until(at),
            SpaceClock::Virtual(clock) => clock.wait_until(at),
        }
    }
}

/// What the ledgers' threads, the driver and the callers share.
pub(super) struct Shared {
    pub(super) board: Arc<Board>,
    pub(super) clock: Arc<SpaceClock>,
    pub(super) planner: Arc<dyn Planner>,
    folder: SpaceFolder,
    desks: RwLock<BTreeMap<LedgerId, Desk>>,
    pub(super) notes: Arc<Notes>,
}

/// All authorities of one space.
pub struct Hub {
    shared: Arc<Shared>,
    driver: Mutex<Option<JoinHandle<()>>>,
}

/// Why a space could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum HubFault {
    /// A ledger could not be opened.
    #[error(transparent)]
    Open(#[from] OpenFault),
    /// The folder could not be read.
    #[error(transparent)]
    Ledger(#[from] LedgerFault),
    /// A thread could not be started.
    #[error("a thread could not be started: {0}; close other programs")]
    Thread(#[from] std::io::Error),
}

impl Hub {
    /// Opens every ledger of `folder`, and those of the fields in a new one.
    ///
    /// A virtual clock is moved on to the last record: decision time never goes back, a drill that was interrupted
    /// goes on where it stood.
    ///
    /// # Errors
    /// [`HubFault`] with the ledger's own words; nothing is served then.
    pub fn open(folder: SpaceFolder, clock: SpaceClock, planner: Arc<dyn Planner>) -> Result<Hub, HubFault> {
        let fields = [MEDICAL, DISASTER];
        let fields: [FieldId; 2] =
            fields.map(|field| field.parse().expect("the name of the field is well formed"));
        let mut ledgers: BTreeSet<LedgerId> = folder.ledgers()?.into_iter().collect();
        ledgers.extend(fields.iter().cloned().map(LedgerId::Field));
        let mut authorities = open_all(&folder, &clock, ledgers.into_iter().collect())?;
        if let SpaceClock::Virtual(clock) = &clock
            && let Some(last) = authorities.iter().map(|authority| authority.state().last_at).max()
        {
            clock.advance_to(last);
        }
        authorities.iter_mut().for_each(|authority| authority.restart_clock(clock.read()));
        let shared = Arc::new(Shared {
            board: Arc::new(Board::new(folder.space().clone())),
            clock: Arc::new(clock),
            planner,
            folder,
            desks: RwLock::default(),
            notes: Arc::default(),
        });
        let is_new = |field: &&FieldId| {
            let ledger = LedgerId::Field((*field).clone());
            authorities.iter().any(|a| a.state().ledger == ledger && a.state().field.is_none())
        };
        let new_fields: Vec<FieldId> = fields.iter().filter(is_new).cloned().collect();
        for authority in authorities {
            shared.start(authority)?;
        }
        let driven = shared.clone();
        let thread =
            std::thread::Builder::new().name("driver".to_owned()).spawn(move || driver::run(&driven))?;
        let hub = Hub { shared, driver: Mutex::new(Some(thread)) };
        // A drill's scenario opens the fields with their offices and deputies.
        if hub.view().space == Space::Live {
            new_fields.iter().for_each(|field| hub.open_field(field));
        }
        hub.ensure_members()?;
        Ok(hub)
    }

    /// Opens a field in an empty space, so that what belongs to it can be registered.
    fn open_field(&self, field: &FieldId) {
        let command = Command::OpenField { field: field.clone(), office: None, deputies: Vec::new() };
        let actor = Actor("authority".to_owned());
        let submission = Submission::duty(&format!("open/{field}"), actor, command);
        let (reply, answer) = oneshot::channel();
        let ledger = LedgerId::Field(field.clone());
        if self.shared.send(&ledger, Input::Submit(Box::new(submission), reply)).is_ok() {
            let _ = answer.blocking_recv();
        }
    }

    /// A member that was registered just before a crash may have no ledger yet.
    fn ensure_members(&self) -> Result<(), OpenFault> {
        let members: Vec<MemberId> = self.view().members().map(|member| member.id.clone()).collect();
        members.iter().try_for_each(|member| self.shared.ensure_member(member))
    }

    /// Returns when the ledgers of members that were just registered are open: whoever registers a member goes on with
    /// what belongs to it.
    async fn ledgers_of_new_members(&self, events: &[Event]) {
        for event in events {
            let Event::MemberRegistered(member) = event else { continue };
            let ledger = LedgerId::Member(member.id.clone());
            let mut views = self.shared.board.subscribe();
            let opened = views.wait_for(|view| view.ledgers.contains_key(&ledger));
            // The member is registered whatever becomes of the file: a disk that fails is told with the next command.
            let _ = tokio::time::timeout(LEDGER_WAIT, opened).await;
        }
    }

    /// Returns once the driver has nothing left to do.
    pub async fn settle(&self) {
        let (reply, done) = oneshot::channel();
        self.shared.notes.barrier(reply);
        // A driver that has stopped drops the reply: nothing is left to do.
        let _ = done.await;
    }

    /// Finishes what is queued, writes checkpoints, stops every thread. Later submissions are refused as stopped.
    pub fn close(&self) {
        self.shared.notes.stop();
        if let Some(thread) = self.driver.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = thread.join();
        }
        let desks = std::mem::take(&mut *self.shared.desks.write().unwrap_or_else(PoisonError::into_inner));
        desks.into_values().for_each(Desk::close);
    }
}

impl Shared {
    /// Hands an input to a ledger's thread.
    pub(super) fn send(&self, ledger: &LedgerId, input: Input) -> Result<(), SubmitError> {
        let desks = self.desks.read().unwrap_or_else(PoisonError::into_inner);
        match desks.get(ledger) {
            Some(desk) => desk.send(ledger, input),
            None => Err(SubmitError::NoLedger { ledger: ledger.clone() }),
        }
    }

    /// Opens the ledger of a member that has none yet.
    pub(super) fn ensure_member(&self, member: &MemberId) -> Result<(), OpenFault> {
        let ledger = LedgerId::Member(member.clone());
        if self.board.view().ledgers.contains_key(&ledger) {
            return Ok(());
        }
        let authority = open_one(&self.folder, &self.clock, &ledger)?;
        let opened = self.start(authority);
        opened.map_err(|source| {
            OpenFault::Ledger(LedgerFault::Io {
                path: self.folder.path().to_owned(),
                doing: "start a thread for",
                source,
            })
        })
    }

    fn start(&self, authority: Authority<SqliteLedger>) -> std::io::Result<()> {
        let ledger = authority.state().ledger.clone();
        let mut desks = self.desks.write().unwrap_or_else(PoisonError::into_inner);
        let desk = Desk::start(authority, self.clock.clone(), self.board.clone(), self.notes.clone())?;
        desks.insert(ledger, desk);
        Ok(())
    }
}

/// Opens several ledgers on several threads, in the order given.
fn open_all(
    folder: &SpaceFolder,
    clock: &SpaceClock,
    ledgers: Vec<LedgerId>,
) -> Result<Vec<Authority<SqliteLedger>>, OpenFault> {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let opened = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..OPENERS {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    let Some(ledger) = ledgers.get(index) else { return };
                    let authority = open_one(folder, clock, ledger);
                    opened.lock().unwrap_or_else(PoisonError::into_inner).insert(index, authority);
                }
            });
        }
    });
    opened.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().collect()
}

fn open_one(
    folder: &SpaceFolder,
    clock: &SpaceClock,
    ledger: &LedgerId,
) -> Result<Authority<SqliteLedger>, OpenFault> {
    let holder = format!("process {}", std::process::id());
    let checkpoint = SqliteLedger::peek_checkpoint(folder, ledger);
    let opening = Opening { ledger, reading: clock.read(), holder: &holder, checkpoint };
    Authority::open(opening, |replay| {
        SqliteLedger::open(folder, ledger, MissingKeys::Refuse, Box::new(OsRandomness), replay)
    })
}

impl Union for Hub {
    fn view(&self) -> Arc<View> {
        self.shared.board.view()
    }

    fn subscribe(&self) -> watch::Receiver<Arc<View>> {
        self.shared.board.subscribe()
    }

    fn touched_since(&self, seen: &BTreeMap<LedgerId, u64>) -> Option<Vec<Touched>> {
        self.shared.board.touched_since(seen)
    }

    fn now(&self) -> Timestamp {
        self.shared.clock.read().wall
    }

    fn drill_clock(&self) -> Option<&VirtualClock> {
        match &*self.shared.clock {
            SpaceClock::System(_) => None,
            SpaceClock::Virtual(clock) => Some(clock),
        }
    }

    async fn clock_turned(&self) {
        let ledgers: Vec<LedgerId> = self.view().ledgers.keys().cloned().collect();
        let ticks = ledgers.iter().filter_map(|ledger| {
            let (reply, done) = oneshot::channel();
            self.shared.send(ledger, Input::Tick(reply)).is_ok().then_some(done)
        });
        for done in ticks.collect::<Vec<_>>() {
            // A ledger that stopped has nothing due.
            let _ = done.await;
        }
        self.settle().await;
    }

    async fn submit(&self, ledger: &LedgerId, submission: Submission) -> Result<Outcome, SubmitError> {
        let validate_only = submission.validate_only;
        let (reply, answer) = oneshot::channel();
        self.shared.send(ledger, Input::Submit(Box::new(submission), reply))?;
        let answer = answer.await.unwrap_or_else(|_| Err(SubmitError::Stopped { ledger: ledger.clone() }));
        if let Ok(outcome) = &answer
            && !validate_only
        {
            self.ledgers_of_new_members(&outcome.events).await;
        }
        answer
    }

    async fn recorded(
        &self,
        ledger: &LedgerId,
        request_id: &[u8],
        payload: &[u8],
    ) -> Result<Option<Outcome>, SubmitError> {
        let (reply, answer) = oneshot::channel();
        let before = Before { request_id: request_id.to_owned(), payload: payload.to_owned() };
        self.shared.send(ledger, Input::Recorded(before, reply))?;
        answer.await.unwrap_or_else(|_| Err(SubmitError::Stopped { ledger: ledger.clone() }))
    }

    async fn open_seal(&self, ledger: &LedgerId, seal: SealId) -> Result<Option<String>, SubmitError> {
        let (reply, answer) = oneshot::channel();
        self.shared.send(ledger, Input::OpenSeal(seal, reply))?;
        answer.await.unwrap_or_else(|_| Err(SubmitError::Stopped { ledger: ledger.clone() }))
    }

    async fn problem_bytes(&self, ledger: &LedgerId, hash: Digest) -> Result<Option<Vec<u8>>, SubmitError> {
        let (reply, answer) = oneshot::channel();
        self.shared.send(ledger, Input::ProblemBytes(hash, reply))?;
        answer.await.unwrap_or_else(|_| Err(SubmitError::Stopped { ledger: ledger.clone() }))
    }

    async fn problem(&self, ledger: &LedgerId, sequence: u64) -> Result<Option<StoredProblem>, SubmitError> {
        let (reply, answer) = oneshot::channel();
        self.shared.send(ledger, Input::Problem(sequence, reply))?;
        answer.await.unwrap_or_else(|_| Err(SubmitError::Stopped { ledger: ledger.clone() }))
    }
}
