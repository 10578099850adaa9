//! Drives attempts: sends what one ledger owes another, as worked out by `decision::duties`.
//!
//! One thread for the process. It remembers nothing that matters: after a restart the same duties are found again, and
//! a duty done twice changes nothing.

use super::desk::Input;
use super::hub::Shared;
use super::view::View;
use super::{Submission, SubmitError};
use crate::clock::{Clock, Stopwatch};
use crate::decision::Command;
use crate::decision::duties::{self, Duty, Peers, Wanted};
use crate::decision::model::{Actor, Choice};
use crate::decision::state::State;
use crate::decision::touches::{Resource, Touched};
use crate::id::{LedgerId, MemberId, MissionId, RequestId, RequisitionId};
use crate::units::{Seconds, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;
use tracing::{debug, error, warn};

/// Everything that waits is looked at again this often, in real time: what was lost is sent again.
const SWEEP_EVERY: Duration = Duration::from_secs(1);
/// Rounds after which a barrier is let go even if there is always more to do.
const ROUNDS_MAX: usize = 1_000;
/// Things that are noted one by one; beyond it everything is looked at.
const NOTED_MAX: usize = 16_384;
/// A number that nobody could serve is ranked again after this long even if nothing was recorded: crews come on duty.
const RANK_AGAIN_S: Seconds = 60;

/// What the driver is told: never more than a bounded set, however far it is behind.
#[derive(Default)]
pub(super) struct Notes {
    pending: Mutex<Pending>,
    wake: Condvar,
}

#[derive(Default)]
struct Pending {
    due: Due,
    /// Answered once nothing is left to do.
    barriers: Vec<oneshot::Sender<()>>,
    is_stopped: bool,
}

impl Notes {
    /// Records were published.
    pub(super) fn touched(&self, touched: &[Touched]) {
        self.note(|pending| pending.due.add(touched));
    }

    /// Answers once nothing is left to do.
    pub(super) fn barrier(&self, reply: oneshot::Sender<()>) {
        self.note(|pending| pending.barriers.push(reply));
    }

    /// Lets the driver stop.
    pub(super) fn stop(&self) {
        self.note(|pending| pending.is_stopped = true);
    }

    fn note(&self, note: impl FnOnce(&mut Pending)) {
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        // Who asks after the end is answered at once: the reply is dropped.
        if !pending.is_stopped {
            note(&mut pending);
            self.wake.notify_one();
        }
    }

    /// What was noted, as soon as something is, or after `patience`; none when the driver is to stop.
    fn take(&self, patience: Duration) -> Option<Pending> {
        let pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        let quiet = |pending: &mut Pending| {
            pending.due.is_empty() && pending.barriers.is_empty() && !pending.is_stopped
        };
        let waited = self.wake.wait_timeout_while(pending, patience, quiet);
        let (mut pending, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let taken = Pending {
            due: std::mem::take(&mut pending.due),
            barriers: std::mem::take(&mut pending.barriers),
            is_stopped: pending.is_stopped,
        };
        (!taken.is_stopped).then_some(taken)
    }
}

/// Finds the next candidate of a request without a person, under a standing order.
pub trait Planner: Send + Sync + 'static {
    /// The best candidate that was not asked yet, as known in `view` at `at`; none when nobody can help.
    fn next(&self, view: &View, at: Timestamp, request: &RequestId) -> Option<Planned>;
}

/// A choice and what it rests on.
#[derive(Clone, Debug)]
pub struct Planned {
    /// What was chosen.
    pub choice: Choice,
    /// How long the base has to answer.
    pub answer_s: Seconds,
    /// The encoded `Problem`.
    pub problem: Vec<u8>,
    /// How far each ledger was read.
    pub seen: Vec<(LedgerId, u64)>,
}

impl Peers for View {
    fn state(&self, ledger: &LedgerId) -> Option<&State> {
        View::state(self, ledger)
    }
}

/// What has to be looked at.
#[derive(Default)]
struct Due {
    requests: BTreeSet<RequestId>,
    missions: BTreeSet<MissionId>,
    /// Asks whose leases moved: their missions are found in the view.
    requisitions: BTreeSet<RequisitionId>,
    members: BTreeSet<MemberId>,
    /// More than was noted one by one: everything that waits.
    is_all: bool,
}

impl Due {
    fn add(&mut self, touched: &[Touched]) {
        for resource in touched.iter().flat_map(|touched| &touched.resources) {
            match resource {
                Resource::Member(member) => {
                    self.members.insert(member.clone());
                }
                Resource::Request(request) => {
                    self.requests.insert(request.clone());
                }
                Resource::Requisition(requisition) => {
                    self.requests.insert(requisition.request.clone());
                }
                Resource::Mission(mission) => {
                    self.missions.insert(mission.clone());
                }
                Resource::Lease(lease) => {
                    self.requests.insert(lease.requisition.request.clone());
                    self.requisitions.insert(lease.requisition.clone());
                }
                Resource::StandingOrder(_)
                | Resource::Offer(_)
                | Resource::Organisation(_)
                | Resource::Asset(_)
                | Resource::Site(_)
                | Resource::Hospital(_)
                | Resource::Agreement(_)
                | Resource::Weather(_)
                | Resource::Structure(_)
                | Resource::Restriction(_)
                | Resource::NoFlyArea(_)
                | Resource::Commodity(_)
                | Resource::Depot(_)
                | Resource::Fleet(_)
                | Resource::Stock(_)
                | Resource::Need(_)
                | Resource::Plan(_)
                | Resource::Pair(_)
                | Resource::Shipment(_) => {}
            }
        }
        if self.requests.len() + self.missions.len() + self.requisitions.len() > NOTED_MAX {
            let members = std::mem::take(&mut self.members);
            *self = Due { members, is_all: true, ..Due::default() };
        }
    }

    fn add_due(&mut self, due: Due) {
        self.requests.extend(due.requests);
        self.missions.extend(due.missions);
        self.requisitions.extend(due.requisitions);
        self.members.extend(due.members);
        self.is_all |= due.is_all;
    }

    /// Everything that waits for something.
    fn add_all(&mut self, view: &View) {
        for state in view.states() {
            self.requests.extend(state.requests_driven.iter().cloned());
            self.requests.extend(state.requests_merged.iter().cloned());
            self.missions.extend(state.missions_active.iter().cloned());
        }
        // A ledger that could not be opened when its member was registered is tried again.
        let kept = |member: &&MemberId| view.member_state(member).is_none();
        self.members.extend(view.members().map(|member| &member.id).filter(kept).cloned());
    }

    fn is_empty(&self) -> bool {
        self.requests.is_empty()
            && self.missions.is_empty()
            && self.requisitions.is_empty()
            && self.members.is_empty()
            && !self.is_all
    }
}

/// The driver's thread.
pub(super) fn run(shared: &Arc<Shared>) {
    // As for the ledgers' threads: a bug stops the process, which restarts and finds the same duties again. Nobody must
    // wait for an ask that is never sent.
    let driven = catch_unwind(AssertUnwindSafe(|| Driver::new(shared).work()));
    if driven.is_err() {
        error!("the driver panicked: the process stops");
        std::process::abort();
    }
}

struct Driver<'a> {
    shared: &'a Arc<Shared>,
    /// Numbers for which nobody was found, and on what: asked again only when that has changed.
    unfilled: BTreeMap<(RequestId, u16), Unfilled>,
}

/// What a search for nobody rested on.
struct Unfilled {
    seen: Vec<(LedgerId, u64)>,
    at: Timestamp,
}

impl<'a> Driver<'a> {
    fn new(shared: &'a Arc<Shared>) -> Driver<'a> {
        Driver { shared, unfilled: BTreeMap::new() }
    }

    fn work(mut self) {
        let notes = &self.shared.notes;
        // What was owed when the process last ended is owed now.
        let mut due = Due { is_all: true, ..Due::default() };
        let mut swept = Stopwatch::start();
        loop {
            let patience =
                if due.is_empty() { SWEEP_EVERY.saturating_sub(swept.elapsed()) } else { Duration::ZERO };
            let Some(pending) = notes.take(patience) else { return };
            due.add_due(pending.due);
            let mut barriers = pending.barriers;
            // However much is noted, everything that waits has its turn.
            due.is_all |= swept.elapsed() >= SWEEP_EVERY;
            for _ in 0..ROUNDS_MAX {
                if due.is_empty() {
                    break;
                }
                if due.is_all {
                    due.is_all = false;
                    due.add_all(&self.shared.board.view());
                    swept = Stopwatch::start();
                }
                self.drive(std::mem::take(&mut due));
                let Some(pending) = notes.take(Duration::ZERO) else { return };
                due.add_due(pending.due);
                barriers.extend(pending.barriers);
            }
            for barrier in barriers {
                let _ = barrier.send(());
            }
        }
    }

    /// Does everything that is due once, and waits for the answers: what they touched comes back as notes.
    fn drive(&mut self, due: Due) {
        let shared = self.shared;
        for member in due.members {
            if let Err(fault) = shared.ensure_member(&member) {
                warn!(%member, %fault, "the ledger of a new member could not be opened: it is tried again");
            }
        }
        let view = shared.board.view();
        let wall = shared.clock.read().wall;
        let mut owed = Vec::new();
        let mut wanted = Vec::new();
        for request in &due.requests {
            let Some(own) = view.member_state(&request.member) else { continue };
            let at = shared.board.time_of(&own.ledger, wall);
            owed.extend(duties::of_request(at, own, &*view, request));
            wanted.extend(duties::wanted(at, own, request));
        }
        let mut missions = due.missions;
        missions.extend(due.requisitions.iter().filter_map(|requisition| mission_of(&view, requisition)));
        for mission in &missions {
            if let Some(own) = view.member_state(&mission.member) {
                owed.extend(duties::of_mission(own, &*view, mission));
            }
        }
        let waiting: Vec<_> = owed.into_iter().filter_map(|duty| send(shared, duty)).collect();
        for (ledger, answer) in waiting {
            match answer.blocking_recv() {
                Ok(Ok(_)) => {}
                Ok(Err(refusal)) => debug!(%ledger, %refusal, "a duty was refused; it is looked at again"),
                Err(_) => debug!(%ledger, "a ledger stopped before it answered"),
            }
        }
        for wanted in wanted {
            self.ask_next(&wanted);
        }
        let is_open = |(request, _): &(RequestId, u16), _: &mut Unfilled| {
            view.member_state(&request.member).is_some_and(|own| own.requests_driven.contains(request))
        };
        self.unfilled.retain(is_open);
    }

    /// Asks the next candidate under a standing order.
    fn ask_next(&mut self, wanted: &Wanted) {
        let shared = self.shared;
        let view = shared.board.view();
        let at = shared.clock.read().wall;
        let number = (wanted.request.clone(), wanted.number);
        let seen = view.seen();
        let searched = self.unfilled.get(&number);
        if searched.is_some_and(|last| last.seen == seen && at < last.at + RANK_AGAIN_S) {
            return;
        }
        let Some(planned) = shared.planner.next(&view, at, &wanted.request) else {
            self.unfilled.insert(number, Unfilled { seen, at });
            return;
        };
        self.unfilled.remove(&number);
        let key = format!("{}/next/{}/{}", wanted.request, wanted.number, wanted.attempt);
        let command = Command::OpenAttempt {
            request: wanted.request.clone(),
            number: wanted.number,
            choice: planned.choice,
            answer_s: planned.answer_s,
            standing_order: Some(wanted.standing_order.clone()),
            send_another: false,
            takes: None,
            after: Some(wanted.attempt - 1),
        };
        let actor = Actor(wanted.standing_order.to_string());
        let submission = Submission {
            seen: planned.seen,
            problem: Some(planned.problem),
            ..Submission::duty(&key, actor, command)
        };
        if let Some((ledger, answer)) = submit(shared, wanted.request.ledger(), submission)
            && let Ok(Err(refusal)) = answer.blocking_recv()
        {
            warn!(%ledger, %refusal, request = %wanted.request, "the next candidate could not be asked");
        }
    }
}

fn mission_of(view: &View, requisition: &RequisitionId) -> Option<MissionId> {
    let request = view.member_state(&requisition.request.member)?.requests.get(&requisition.request)?;
    let custodian = request.attempt(requisition)?.choice.asset.ledger();
    match &view.state(&custodian)?.holds.get(requisition)?.state {
        crate::decision::model::HoldState::Committed { mission } => Some(mission.clone()),
        _ => None,
    }
}

type Waiting = (LedgerId, oneshot::Receiver<Result<super::Outcome, SubmitError>>);

fn send(shared: &Shared, duty: Duty) -> Option<Waiting> {
    let submission = Submission {
        seen: duty.seen,
        ..Submission::duty(&duty.key, Actor("authority".to_owned()), duty.command)
    };
    submit(shared, duty.ledger, submission)
}

fn submit(shared: &Shared, ledger: LedgerId, submission: Submission) -> Option<Waiting> {
    let (reply, answer) = oneshot::channel();
    match shared.send(&ledger, Input::Submit(Box::new(submission), reply)) {
        Ok(()) => Some((ledger, answer)),
        Err(refusal) => {
            debug!(%ledger, %refusal, "a duty could not be handed over; it is sent again");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touched(n: usize) -> Touched {
        let ledger: LedgerId = "members/a".parse().unwrap();
        let request = Resource::Request(format!("members/a/requests/r-{n}").parse().unwrap());
        Touched { ledger, sequence: n as u64, resources: vec![request] }
    }

    #[test]
    fn notes_about_one_thing_are_one_note() {
        let notes = Notes::default();
        (0..1_000).for_each(|_| notes.touched(&[touched(1)]));
        let pending = notes.take(Duration::ZERO).unwrap();
        assert_eq!((pending.due.requests.len(), pending.due.is_all), (1, false));
        assert!(notes.take(Duration::ZERO).unwrap().due.is_empty());
    }

    #[test]
    fn a_driver_that_is_far_behind_looks_at_everything_instead_of_remembering_it() {
        let notes = Notes::default();
        (0..=NOTED_MAX).for_each(|n| notes.touched(&[touched(n)]));
        let pending = notes.take(Duration::ZERO).unwrap();
        assert_eq!((pending.due.requests.len(), pending.due.is_all), (0, true));
    }

    #[test]
    fn nobody_waits_for_a_driver_that_has_stopped() {
        let notes = Notes::default();
        notes.stop();
        let (reply, mut done) = oneshot::channel();
        notes.barrier(reply);
        assert!(notes.take(Duration::ZERO).is_none());
        assert!(done.try_recv().is_err(), "the reply was dropped, not kept");
    }
}
