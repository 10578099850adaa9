//! A union for tests: ledgers that only speak of structures, a log that can be forgotten, a drill clock.

use crate::authority::{LedgerView, Outcome, StoredProblem, Submission, SubmitError, Union, View};
use crate::clock::{Clock, VirtualClock};
use crate::decision::State;
use crate::decision::model::{Closure, SealId};
use crate::decision::touches::{Resource, Touched};
use crate::id::{LedgerId, Space};
use crate::ledger::Digest;
use crate::units::Timestamp;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use tokio::sync::watch;

pub(super) const START: Timestamp = Timestamp(1_764_896_400_000);

pub(super) struct FakeUnion {
    views: watch::Sender<Arc<View>>,
    log: Mutex<Vec<Touched>>,
    /// Records up to here are forgotten.
    forgotten: Mutex<BTreeMap<LedgerId, u64>>,
    clock: Option<VirtualClock>,
    pub(super) turns: AtomicU32,
}

impl FakeUnion {
    pub(super) fn new(space: &str, clock: Option<VirtualClock>) -> FakeUnion {
        let space: Space = space.parse().unwrap();
        FakeUnion {
            views: watch::Sender::new(Arc::new(View::empty(space))),
            log: Mutex::default(),
            forgotten: Mutex::default(),
            clock,
            turns: AtomicU32::new(0),
        }
    }

    pub(super) fn drill() -> FakeUnion {
        FakeUnion::new("drill/kansai", Some(VirtualClock::new(START)))
    }

    /// Records that `ledger` says `note` of `structure`; logged first, then published.
    pub(super) fn say(&self, ledger: &str, structure: &str, note: &str) {
        let (touched, view) = self.prepare(ledger, structure, note);
        self.log.lock().unwrap().push(touched);
        self.views.send_replace(view);
    }

    /// The same, published first, then logged.
    pub(super) fn say_before_logging(&self, ledger: &str, structure: &str, note: &str) {
        let (touched, view) = self.prepare(ledger, structure, note);
        self.views.send_replace(view);
        std::thread::yield_now();
        self.log.lock().unwrap().push(touched);
    }

    fn prepare(&self, ledger: &str, structure: &str, note: &str) -> (Touched, Arc<View>) {
        let ledger: LedgerId = ledger.parse().unwrap();
        let structure: crate::id::StructureId = structure.parse().unwrap();
        let mut view = View::clone(&self.views.borrow());
        let mut state = match view.ledgers.get(&ledger) {
            Some(known) => known.state.clone(),
            None => State::new(ledger.clone()),
        };
        state.sequence += 1;
        let closure = Closure {
            structure: structure.clone(),
            closed: true,
            note: note.to_owned(),
            expected_end: None,
            said_at: START,
        };
        state.closures.insert_mut(structure.clone(), closure);
        let resources = vec![Resource::Structure(structure)];
        let touched = Touched { ledger: ledger.clone(), sequence: state.sequence, resources };
        view.ledgers.insert(ledger, Arc::new(LedgerView { state, partial: false }));
        (touched, Arc::new(view))
    }

    /// Forgets what was touched, not what is.
    pub(super) fn forget(&self) {
        *self.forgotten.lock().unwrap() = self.view().seen().into_iter().collect();
        self.log.lock().unwrap().clear();
    }
}

impl Union for FakeUnion {
    fn view(&self) -> Arc<View> {
        self.views.borrow().clone()
    }

    fn subscribe(&self) -> watch::Receiver<Arc<View>> {
        self.views.subscribe()
    }

    fn touched_since(&self, seen: &BTreeMap<LedgerId, u64>) -> Option<Vec<Touched>> {
        let log = self.log.lock().unwrap();
        let forgotten = self.forgotten.lock().unwrap();
        let is_known =
            |(ledger, sequence): (&LedgerId, &u64)| forgotten.get(ledger).is_none_or(|at| sequence >= at);
        if !seen.iter().all(is_known) {
            return None;
        }
        let is_new =
            |touched: &&Touched| seen.get(&touched.ledger).is_none_or(|seen| touched.sequence > *seen);
        Some(log.iter().filter(is_new).cloned().collect())
    }

    fn now(&self) -> Timestamp {
        self.clock.as_ref().map_or(START, |clock| clock.read().wall)
    }

    fn drill_clock(&self) -> Option<&VirtualClock> {
        self.clock.as_ref()
    }

    async fn clock_turned(&self) {
        self.turns.fetch_add(1, Ordering::SeqCst);
    }

    async fn submit(&self, ledger: &LedgerId, _: Submission) -> Result<Outcome, SubmitError> {
        Err(SubmitError::NoLedger { ledger: ledger.clone() })
    }

    async fn recorded(&self, ledger: &LedgerId, _: &[u8], _: &[u8]) -> Result<Option<Outcome>, SubmitError> {
        Err(SubmitError::NoLedger { ledger: ledger.clone() })
    }

    async fn open_seal(&self, ledger: &LedgerId, _: SealId) -> Result<Option<String>, SubmitError> {
        Err(SubmitError::NoLedger { ledger: ledger.clone() })
    }

    async fn problem_bytes(&self, ledger: &LedgerId, _: Digest) -> Result<Option<Vec<u8>>, SubmitError> {
        Err(SubmitError::NoLedger { ledger: ledger.clone() })
    }

    async fn problem(&self, ledger: &LedgerId, _: u64) -> Result<Option<StoredProblem>, SubmitError> {
        Err(SubmitError::NoLedger { ledger: ledger.clone() })
    }
}
