//! Drives attempts: sends what one ledger owes another, as worked out by `decision::duties`.
//!
//! One thread for the process. It remembers nothing that matters: after a restart the same duties are found again, and
//! a duty done twice changes nothing.

use super::desk::Input;
use super::hub::Shared;
use super::view::View;
use super::{Submission, SubmitError};
use crate::clock::Clock;
use crate::decision::Command;
use crate::decision::duties::{self, Duty, Peers, Wanted};
use crate::decision::model::{Actor, Choice};
use crate::decision::state::State;
use crate::decision::touches::{Resource, Touched};
use crate::id::{LedgerId, MemberId, MissionId, RequestId, RequisitionId};
use crate::units::{Seconds, Timestamp};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;
use tokio::sync::oneshot;
use tracing::{debug, warn};

/// Everything that waits is looked at again this often, in real time: what was lost is sent again.
const SWEEP_EVERY: Duration = Duration::from_secs(1);
/// Rounds after which a barrier is let go even if there is always more to do.
const ROUNDS_MAX: usize = 1_000;

/// What the driver is told.
pub(super) enum Note {
    /// Records were published.
    Touched(Vec<Touched>),
    /// Answer once nothing is left to do.
    Barrier(oneshot::Sender<()>),
    /// Stop.
    Stop,
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
                | Resource::Structure(_) => {}
            }
        }
    }

    /// Everything that waits for something.
    fn add_all(&mut self, view: &View) {
        for state in view.states() {
            self.requests.extend(state.requests_driven.iter().cloned());
            self.missions.extend(state.missions_active.iter().cloned());
        }
    }

    fn is_empty(&self) -> bool {
        self.requests.is_empty()
            && self.missions.is_empty()
            && self.requisitions.is_empty()
            && self.members.is_empty()
    }
}

/// The driver's thread.
pub(super) fn run(shared: &Arc<Shared>, notes: &Receiver<Note>) {
    let mut due = Due::default();
    loop {
        let mut barriers = Vec::new();
        match notes.recv_timeout(SWEEP_EVERY) {
            Ok(Note::Touched(touched)) => due.add(&touched),
            Ok(Note::Barrier(reply)) => barriers.push(reply),
            Ok(Note::Stop) | Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => due.add_all(&shared.board.view()),
        }
        for _ in 0..ROUNDS_MAX {
            while let Ok(note) = notes.try_recv() {
                match note {
                    Note::Touched(touched) => due.add(&touched),
                    Note::Barrier(reply) => barriers.push(reply),
                    Note::Stop => return,
                }
            }
            if due.is_empty() {
                break;
            }
            drive(shared, std::mem::take(&mut due));
        }
        for barrier in barriers {
            let _ = barrier.send(());
        }
    }
}

/// Does everything that is due once, and waits for the answers: what they touched comes back as notes.
fn drive(shared: &Arc<Shared>, due: Due) {
    for member in due.members {
        if let Err(fault) = shared.ensure_member(&member) {
            warn!(%member, %fault, "the ledger of a new member could not be opened");
        }
    }
    let view = shared.board.view();
    let at = shared.clock.read().wall;
    let mut owed = Vec::new();
    let mut wanted = Vec::new();
    for request in &due.requests {
        let Some(own) = view.member_state(&request.member) else { continue };
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
        ask_next(shared, &wanted);
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
    let request_id = Sha256::digest(duty.key.as_bytes()).to_vec();
    let submission = Submission::new(request_id, Actor("authority".to_owned()), duty.command);
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

/// Asks the next candidate under a standing order.
fn ask_next(shared: &Shared, wanted: &Wanted) {
    let view = shared.board.view();
    let at = shared.clock.read().wall;
    let Some(planned) = shared.planner.next(&view, at, &wanted.request) else { return };
    let key = format!("{}/next/{}/{}", wanted.request, wanted.number, wanted.attempt);
    let command = Command::OpenAttempt {
        request: wanted.request.clone(),
        number: wanted.number,
        choice: planned.choice,
        answer_s: planned.answer_s,
        standing_order: Some(wanted.standing_order.clone()),
        send_another: false,
    };
    let (request_id, actor) =
        (Sha256::digest(key.as_bytes()).to_vec(), Actor(wanted.standing_order.to_string()));
    let submission = Submission {
        seen: planned.seen,
        problem: Some(planned.problem),
        ..Submission::new(request_id, actor, command)
    };
    if let Some((ledger, answer)) = submit(shared, wanted.request.ledger(), submission)
        && let Ok(Err(refusal)) = answer.blocking_recv()
    {
        warn!(%ledger, %refusal, request = %wanted.request, "the next candidate could not be asked");
    }
}
