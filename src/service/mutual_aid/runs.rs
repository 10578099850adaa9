//! Plans on their way: worked out beside the calls, asked for by name, stopped when somebody says so.

use super::{Answer, MutualAid, disaster};
use crate::allocator::supplies::{Plan, WorkBudget, solve, solve_again};
use crate::api::v1;
use crate::api::v1::plan_run::State;
use crate::authority::supplier::{self, Horizon, Proposal, Stated};
use crate::authority::{RoadBoard, Union, View};
use crate::decision::Rejection;
use crate::decision::rejection::FieldProblem;
use crate::decision::{Command, Event};
use crate::id::PlanId;
use crate::ledger::Digest;
use crate::service::ServiceError;
use crate::service::convert::{Names, read};
use crate::service::desk::{Call, Caller};
use crate::units::Timestamp;
use prost::Message;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Semaphore;

/// Rounds of prices when the caller does not say.
const ROUNDS_DEFAULT: u32 = 20;
/// The same where a plan begins from the one before: its prices are near right already.
const ROUNDS_AGAIN: u32 = 2;
/// Most rounds of one run.
const ROUNDS_MAX: u32 = 10_000;
/// Rounds between two looks at whether somebody wants the run to stop.
const ROUNDS_AT_ONCE: u32 = 20;
/// How long senders have to approve when the caller does not say.
const APPROVE_WITHIN_MILLIS: i64 = 6 * 3_600_000;
/// Runs that are remembered; the oldest that have ended are forgotten first.
const RUNS_KEPT: usize = 64;
/// Plans that are worked out at once: one takes a core.
const AT_ONCE: usize = 1;
/// Runs that work or wait: each holds its problem, some megabytes.
const WORKING_MAX: usize = 8;

/// All runs of this process.
#[derive(Debug)]
pub(super) struct Runs {
    by_number: Mutex<BTreeMap<u64, Arc<Run>>>,
    places: Arc<Semaphore>,
    /// What was proposed last, to begin the next plan from.
    newest: Arc<Mutex<Option<Arc<Known>>>>,
}

impl Default for Runs {
    fn default() -> Runs {
        let places = Arc::new(Semaphore::new(AT_ONCE));
        Runs { by_number: Mutex::default(), places, newest: Arc::default() }
    }
}

/// A plan that was proposed, with what it was worked out from.
#[derive(Debug)]
struct Known {
    id: PlanId,
    stated: Stated,
    plan: Plan,
}

/// One run.
#[derive(Debug)]
pub(super) struct Run {
    number: u64,
    request_id: String,
    /// What was asked: a retry asks the same.
    payload: Vec<u8>,
    /// Looked at between two pieces of work.
    is_cancelled: AtomicBool,
    /// Set before the plan goes to its ledger: from then on it is too late to cancel. Changed with `shown` locked.
    is_submitting: AtomicBool,
    shown: Mutex<Result<v1::PlanRun, ServiceError>>,
}

impl Run {
    fn shown(&self) -> MutexGuard<'_, Result<v1::PlanRun, ServiceError>> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, change: impl FnOnce(&mut v1::PlanRun)) {
        if let Ok(shown) = &mut *self.shown() {
            change(shown);
        }
    }

    fn is_working(&self) -> bool {
        self.shown().as_ref().is_ok_and(|shown| shown.state() == State::Working)
    }

    /// Whether the plan may go to its ledger; if so nobody can cancel it any more.
    fn begin_to_submit(&self) -> bool {
        let shown = self.shown();
        let is_working = shown.as_ref().is_ok_and(|shown| shown.state() == State::Working);
        self.is_submitting.store(is_working, Ordering::Relaxed);
        is_working
    }

    /// Stops it, unless it has ended or its plan is on its way to the ledger.
    fn cancel(&self) {
        let mut shown = self.shown();
        if let Ok(shown) = &mut *shown
            && shown.state() == State::Working
            && !self.is_submitting.load(Ordering::Relaxed)
        {
            self.is_cancelled.store(true, Ordering::Relaxed);
            shown.set_state(State::Cancelled);
        }
    }
}

impl Runs {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, Arc<Run>>> {
        self.by_number.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The run of a request that came before. One that failed is none: its retry is judged anew, as everywhere.
    fn known(runs: &BTreeMap<u64, Arc<Run>>, request_id: &str, payload: &[u8]) -> Answer<Option<Arc<Run>>> {
        let known = runs.values().find(|run| run.request_id == request_id && run.shown().is_ok());
        match known {
            Some(run) if run.payload != payload => {
                Err(Rejection::RequestIdReused { request_id: request_id.to_owned() }.into())
            }
            known => Ok(known.cloned()),
        }
    }

    /// The run of a request that came before, or a new one; true when it is new.
    fn open(&self, request_id: &str, payload: &[u8], shown: v1::PlanRun) -> Answer<(Arc<Run>, bool)> {
        let mut runs = self.lock();
        if let Some(known) = Runs::known(&runs, request_id, payload)? {
            return Ok((known, false));
        }
        if runs.values().filter(|run| run.is_working()).count() >= WORKING_MAX {
            return Err(ServiceError::Unavailable { what: "the planner" });
        }
        let number = runs.keys().next_back().map_or(1, |last| last + 1);
        while runs.len() >= RUNS_KEPT {
            let Some(ended) = runs.values().find(|run| !run.is_working()).map(|run| run.number) else {
                break;
            };
            runs.remove(&ended);
        }
        let shown = v1::PlanRun { name: format!("planRuns/{number}"), ..shown };
        let run = Arc::new(Run {
            number,
            request_id: request_id.to_owned(),
            payload: payload.to_vec(),
            is_cancelled: AtomicBool::new(false),
            is_submitting: AtomicBool::new(false),
            shown: Mutex::new(Ok(shown)),
        });
        runs.insert(number, Arc::clone(&run));
        Ok((run, true))
    }

    /// The plan that counts, if this process worked it out and `stated` asks about the same things.
    fn begin_from(&self, newest: Option<&PlanId>, stated: &Stated) -> Option<Arc<Known>> {
        let known = self.newest.lock().unwrap_or_else(PoisonError::into_inner).clone()?;
        (newest == Some(&known.id) && known.stated.asks_alike(stated)).then_some(known)
    }

    fn find(&self, name: &str) -> Answer<Arc<Run>> {
        let number = name.strip_prefix("planRuns/").and_then(|number| number.parse().ok());
        let run = number.and_then(|number: u64| self.lock().get(&number).cloned());
        run.ok_or_else(|| ServiceError::UnknownRun { name: name.chars().take(64).collect() })
    }
}

impl<U: Union> MutualAid<U> {
    pub(super) async fn propose_plan(
        &self,
        caller: Caller,
        message: v1::ProposePlanRequest,
    ) -> Answer<v1::PlanRun> {
        if message.rounds > ROUNDS_MAX {
            let got = message.rounds.into();
            let problem = FieldProblem::OutOfRange { got, min: 0, max: ROUNDS_MAX.into() };
            return Err(ServiceError::field("rounds", problem));
        }
        if message.proposed_by.trim().is_empty() {
            return Err(ServiceError::required("proposed_by"));
        }
        let approve_by = read::instant_opt("approve_by_time", message.approve_by_time)?;
        let now = self.desk.union().now();
        if approve_by.is_some_and(|given| given <= now) {
            // Said before anybody works for it.
            let problem = FieldProblem::TooEarly { earliest: now };
            return Err(ServiceError::field("approve_by_time", problem));
        }
        let approve_by = approve_by.unwrap_or_else(|| now.plus_millis(APPROVE_WITHIN_MILLIS));
        // What a retry repeats: not the plan, which comes out differently when the roads have changed.
        let payload = v1::ProposePlanRequest { validate_only: false, ..message.clone() }.encode_to_vec();
        let call = caller.call(message.request_id.clone(), message.validate_only)?;
        if !message.validate_only
            && let Some(known) = Runs::known(&self.runs.lock(), &message.request_id, &payload)?
        {
            return known.shown().clone();
        }
        let view = self.desk.union().view();
        let (board, known) = (Arc::clone(&self.board), Arc::clone(&view));
        let stated =
            tokio::task::spawn_blocking(move || supplier::state(&known, &board, &Horizon::three_days(now)));
        let stated = stated.await.map_err(|_| ServiceError::Unavailable { what: "the planner" })?;
        let stated = stated.map_err(ServiceError::NothingToPlan)?;
        stated.problem.validate().map_err(|fault| ServiceError::CannotBePlanned { fault })?;
        let newest = view.newest_plan().map(|plan| &plan.id);
        let before = if message.anew { None } else { self.runs.begin_from(newest, &stated) };
        let rounds = match (message.rounds, &before) {
            (0, None) => ROUNDS_DEFAULT,
            (0, Some(_)) => ROUNDS_AGAIN,
            (rounds, _) => rounds,
        };
        let names = Names::of(view.space.clone());
        let shown = v1::PlanRun {
            state: State::Working.into(),
            rounds,
            begun_from: names.print_opt(before.as_ref().map(|before| &before.id)),
            need_count: stated.needs.len() as u32,
            depot_count: stated.sites.len() as u32,
            receiving_point_count: stated.points.len() as u32,
            lorries_needed: stated.lorries_needed(),
            ..v1::PlanRun::default()
        };
        if message.validate_only {
            return Ok(shown);
        }
        let (run, is_new) = self.runs.open(&message.request_id, &payload, shown)?;
        if is_new {
            let (board, newest) = (Arc::clone(&self.board), Arc::clone(&self.runs.newest));
            let proposed_by = message.proposed_by;
            let work = Work {
                run: Arc::clone(&run),
                names,
                stated,
                before,
                newest,
                view,
                board,
                rounds,
                call,
                payload,
                proposed_by,
                approve_by,
            };
            let (union, places) = (Arc::clone(self.desk.union()), Arc::clone(&self.runs.places));
            tokio::spawn(async move {
                let _place = places.acquire_owned().await;
                work.carry_out(&*union).await;
            });
        }
        run.shown().clone()
    }

    pub(super) async fn get_plan_run(
        &self,
        _: Caller,
        message: v1::GetPlanRunRequest,
    ) -> Answer<v1::PlanRun> {
        self.runs.find(&message.name)?.shown().clone()
    }

    pub(super) async fn cancel_plan_run(
        &self,
        _: Caller,
        message: v1::CancelPlanRunRequest,
    ) -> Answer<v1::PlanRun> {
        let run = self.runs.find(&message.name)?;
        run.cancel();
        run.shown().clone()
    }
}

/// A run with all that it needs, away from the call that began it.
struct Work {
    run: Arc<Run>,
    stated: Stated,
    before: Option<Arc<Known>>,
    newest: Arc<Mutex<Option<Arc<Known>>>>,
    /// What it was stated from.
    view: Arc<View>,
    board: Arc<RoadBoard>,
    rounds: u32,
    call: Call,
    payload: Vec<u8>,
    names: Names,
    proposed_by: String,
    approve_by: Timestamp,
}

impl Work {
    async fn carry_out(self, union: &impl Union) {
        let Work {
            run,
            stated,
            before,
            newest,
            view,
            board,
            rounds,
            call,
            payload,
            names,
            proposed_by,
            approve_by,
        } = self;
        let seen = view.seen();
        let worker = Arc::clone(&run);
        let solved = tokio::task::spawn_blocking(move || {
            let plan = worked_out(&worker, &stated, rounds, before.as_deref())?;
            let bytes = stated.document().write().into_bytes();
            let problem = Digest::of(&bytes).to_string();
            let proposal = Proposal { proposed_by, problem, budget: rounds.into(), approve_by };
            let new = supplier::read_back(&stated, &plan, proposal, (&view, &board));
            Some((new, bytes, stated, plan))
        });
        let (new, problem, stated, plan) = match solved.await {
            Ok(Some(solved)) => solved,
            // Somebody cancelled it, and was told so.
            Ok(None) => return,
            Err(_) => {
                *run.shown() = Err(ServiceError::Unavailable { what: "the planner" });
                return;
            }
        };
        if !run.begin_to_submit() {
            return;
        }
        let mut submission = call.submission(Command::ProposePlan(new));
        (submission.payload, submission.seen, submission.problem) = (Some(payload), seen, Some(problem));
        let proposed = union.submit(&disaster(), submission).await;
        match proposed.map(|outcome| plan_of(&outcome.events)) {
            Ok(Some(id)) => {
                run.tell(|shown| {
                    shown.plan = names.print(&id);
                    shown.round_count = shown.rounds;
                    shown.set_state(State::Proposed);
                });
                let known = Some(Arc::new(Known { id, stated, plan }));
                *newest.lock().unwrap_or_else(PoisonError::into_inner) = known;
            }
            Ok(None) => *run.shown() = Err(ServiceError::Unavailable { what: "the planner" }),
            Err(fault) => *run.shown() = Err(fault.into()),
        }
    }
}

fn plan_of(events: &[Event]) -> Option<PlanId> {
    events.iter().find_map(|event| match event {
        Event::PlanProposed(plan) => Some(plan.id.clone()),
        _ => None,
    })
}

/// The plan, piece by piece, each from the prices of the one before; none when somebody cancelled it. After a plan
/// `before` what of it still can go stays.
fn worked_out(run: &Run, stated: &Stated, rounds: u32, before: Option<&Known>) -> Option<Plan> {
    let mut done = 0;
    let mut best: Option<Plan> = None;
    while done < rounds {
        if run.is_cancelled.load(Ordering::Relaxed) {
            return None;
        }
        let here = ROUNDS_AT_ONCE.min(rounds - done);
        let budget = WorkBudget { rounds: here, life_saving_rounds: here.div_ceil(3) };
        // The problem was validated when it was stated.
        let plan = match before {
            None => solve(&stated.problem, budget, best.as_ref().map(|plan| &plan.proof)).ok()?,
            Some(before) => {
                solve_again(&stated.problem, budget, best.as_ref().unwrap_or(&before.plan)).ok()?
            }
        };
        done += here;
        let plan = match best.take() {
            Some(before) => better(before, plan),
            None => plan,
        };
        let gap_e6 = plan.gap.of_value_ppm();
        run.tell(|shown| (shown.round_count, shown.gap_e6) = (done, gap_e6));
        best = Some(plan);
    }
    best
}

/// The cheaper of two plans with the higher of their bounds, and the prices to go on from.
fn better(before: Plan, after: Plan) -> Plan {
    let (whole, life) =
        (before.gap.bound.max(after.gap.bound), before.life_saving.bound.max(after.life_saving.bound));
    let proof = after.proof.clone();
    let mut best = if before.gap.value < after.gap.value { before } else { after };
    (best.gap.bound, best.life_saving.bound, best.proof) = (whole, life, proof);
    best
}
