//! What the authorities publish: the merged view, and what the latest records touched.

use super::view::{LedgerView, View};
use crate::decision::State;
use crate::decision::touches::Touched;
use crate::id::{LedgerId, Space};
use crate::units::Timestamp;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// Records of one ledger whose touches are remembered: minutes of the heaviest load.
const TOUCHED_MAX: usize = 16_384;

/// Where readers look; writers never wait for them.
#[derive(Debug)]
pub(super) struct Board {
    views: watch::Sender<Arc<View>>,
    rings: Mutex<BTreeMap<LedgerId, Ring>>,
    /// Each ledger's decision time minus the wall clock, milliseconds, where they differ.
    leads: Mutex<BTreeMap<LedgerId, i64>>,
}

/// The latest touches of one ledger.
#[derive(Debug, Default)]
struct Ring {
    /// Touches of this record and all before it are forgotten.
    forgotten: u64,
    touched: VecDeque<Touched>,
}

impl Board {
    pub(super) fn new(space: Space) -> Board {
        Board {
            views: watch::Sender::new(Arc::new(View::empty(space))),
            rings: Mutex::default(),
            leads: Mutex::default(),
        }
    }

    pub(super) fn view(&self) -> Arc<View> {
        self.views.borrow().clone()
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<Arc<View>> {
        self.views.subscribe()
    }

    /// Shows a ledger for the first time; what it held before is not remembered as touched.
    pub(super) fn open(&self, state: &State) {
        let ring = Ring { forgotten: state.sequence, touched: VecDeque::new() };
        self.rings().insert(state.ledger.clone(), ring);
        self.show(state);
    }

    /// Shows what a batch led to. The touches first: who sees the new view can ask what it changed.
    pub(super) fn publish(&self, state: &State, touched: &[Touched]) {
        let mut rings = self.rings();
        let ring = rings.entry(state.ledger.clone()).or_default();
        ring.touched.extend(touched.iter().cloned());
        while ring.touched.len() > TOUCHED_MAX {
            if let Some(oldest) = ring.touched.pop_front() {
                ring.forgotten = oldest.sequence;
            }
        }
        drop(rings);
        self.show(state);
    }

    fn show(&self, state: &State) {
        let ledger = Arc::new(LedgerView { state: state.clone(), partial: false });
        self.views.send_modify(|view| {
            let mut next = (**view).clone();
            next.ledgers.insert(state.ledger.clone(), ledger);
            *view = Arc::new(next);
        });
    }

    /// Notes how a ledger's decision time stands to the wall clock.
    pub(super) fn set_lead(&self, ledger: &LedgerId, lead_ms: i64) {
        let mut leads = self.leads.lock().unwrap_or_else(PoisonError::into_inner);
        match lead_ms {
            0 => leads.remove(ledger),
            lead_ms => leads.insert(ledger.clone(), lead_ms),
        };
    }

    /// The time by `ledger`'s own clock when the wall clock shows `wall`, as its authority last judged it.
    pub(super) fn time_of(&self, ledger: &LedgerId, wall: Timestamp) -> Timestamp {
        let leads = self.leads.lock().unwrap_or_else(PoisonError::into_inner);
        wall.plus_millis(leads.get(ledger).copied().unwrap_or(0))
    }

    /// What was touched after `seen`, as far as the present view shows it; none when that is not remembered.
    pub(super) fn touched_since(&self, seen: &BTreeMap<LedgerId, u64>) -> Option<Vec<Touched>> {
        let view = self.view();
        let rings = self.rings();
        let mut all = Vec::new();
        for (ledger, shown) in &view.ledgers {
            let since = seen.get(ledger).copied().unwrap_or(0);
            let ring = rings.get(ledger)?;
            if since < ring.forgotten || since > shown.state.sequence {
                return None;
            }
            let start = ring.touched.partition_point(|touched| touched.sequence <= since);
            let shown_now = |touched: &&Touched| touched.sequence <= shown.state.sequence;
            all.extend(ring.touched.range(start..).take_while(shown_now).cloned());
        }
        Some(all)
    }

    fn rings(&self) -> std::sync::MutexGuard<'_, BTreeMap<LedgerId, Ring>> {
        self.rings.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
