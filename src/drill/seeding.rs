//! Lays a scenario into the ledgers of its space, through the same door as everybody else.

use super::scenario::{Origin, Scenario, Seed};
use crate::authority::{Outcome, Submission, SubmitError, Union};
use crate::decision::Rejection;
use crate::decision::model::Actor;
use crate::decision::rejection::Kind;
use crate::id::{LedgerId, Space};
use std::collections::{BTreeMap, BTreeSet};
use std::future::{Future, poll_fn};
use std::task::Poll;
use std::time::Duration;

/// Commands under way at once: enough to share a disk flush among many, few enough for the inbox of one ledger.
pub const BATCH_COMMANDS_MAX: usize = 128;
/// How long to wait for a ledger to open, or for an inbox to empty, before something must be wrong.
const WAIT_MAX: Duration = Duration::from_secs(60);

/// What seeding did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeedReport {
    /// Commands that the scenario holds; all were accepted, now or before.
    pub commands_count: usize,
    /// Those among them that were recorded now; 0 when the scenario was there already.
    pub added_count: usize,
    /// The field's ledger had been opened by somebody else, with an office of its own or none: it was left as it is.
    pub field_was_open: bool,
    /// The last record of each ledger that the scenario speaks to.
    pub ledgers: BTreeMap<LedgerId, u64>,
}

/// Why a scenario could not be laid out. What was accepted before stays; seeding again goes on from there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SeedFault {
    /// The union runs another space.
    #[error("the scenario belongs to {scenario}, this is {union}; serve {scenario}")]
    WrongSpace {
        /// The scenario's.
        scenario: Space,
        /// The one that runs.
        union: Space,
    },
    /// A ledger did not open.
    #[error("{ledger} has not opened; look into the log of the server")]
    LedgerClosed {
        /// Which.
        ledger: LedgerId,
    },
    /// A command was not accepted.
    #[error("{origin}: {error}")]
    NotAccepted {
        /// The row that it was made from.
        origin: Origin,
        /// Why.
        error: SubmitError,
    },
}

/// Submits every command of `scenario`, stage by stage, several at once within a stage.
///
/// Each command carries the same request id every time, so a second call changes nothing. The clock of the space must
/// not stand before the scenario's start: what was tried there would be judged at another time.
///
/// # Errors
/// [`SeedFault`] at the first command that is not accepted.
pub async fn seed<U: Union>(union: &U, scenario: &Scenario) -> Result<SeedReport, SeedFault> {
    let view = union.view();
    if view.space != scenario.space {
        return Err(SeedFault::WrongSpace { scenario: scenario.space.clone(), union: view.space.clone() });
    }
    let before: BTreeMap<LedgerId, u64> = view.seen().into_iter().collect();
    let mut report = SeedReport { commands_count: scenario.seeds.len(), ..SeedReport::default() };
    let actor = Actor(format!("unauthenticated:scenario {}", scenario.name));
    for stage in scenario.seeds.chunk_by(|one, next| one.stage() == next.stage()) {
        let ledgers: BTreeSet<&LedgerId> = stage.iter().map(|seed| &seed.ledger).collect();
        for ledger in ledgers {
            opened(union, ledger).await?;
        }
        for batch in stage.chunks(BATCH_COMMANDS_MAX) {
            let outcomes = all(batch.iter().map(|seed| submit(union, seed, &actor))).await;
            for (seed, outcome) in batch.iter().zip(outcomes) {
                let outcome = match outcome {
                    Ok(outcome) => outcome,
                    // Who serves a new space opens its field, so that members can be registered without a scenario.
                    Err(SubmitError::Rejected(Rejection::AlreadyExists { kind: Kind::Field, .. })) => {
                        report.field_was_open = true;
                        continue;
                    }
                    Err(error) => return Err(SeedFault::NotAccepted { origin: seed.origin, error }),
                };
                let known = before.get(&seed.ledger).copied().unwrap_or(0);
                report.added_count += usize::from(outcome.sequence > known);
                let last = report.ledgers.entry(seed.ledger.clone()).or_insert(known);
                *last = outcome.sequence.max(*last);
            }
        }
    }
    Ok(report)
}

/// Waits until `ledger` is there.
async fn opened<U: Union>(union: &U, ledger: &LedgerId) -> Result<(), SeedFault> {
    let mut views = union.subscribe();
    let there = views.wait_for(|view| view.ledgers.contains_key(ledger));
    match tokio::time::timeout(WAIT_MAX, there).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(SeedFault::LedgerClosed { ledger: ledger.clone() }),
    }
}

/// Submits one command; a full inbox is tried again once the union has moved on.
async fn submit<U: Union>(union: &U, seed: &Seed, actor: &Actor) -> Result<Outcome, SubmitError> {
    loop {
        let mut views = union.subscribe();
        let submission = Submission::new(seed.request_id.clone(), actor.clone(), seed.command.clone());
        let overloaded = match union.submit(&seed.ledger, submission).await {
            Err(error @ SubmitError::Overloaded { .. }) => error,
            outcome => return outcome,
        };
        match tokio::time::timeout(WAIT_MAX, views.changed()).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) | Err(_) => return Err(overloaded),
        }
    }
}

/// Drives all of `futures` together, first polled in their order, and gives what they give.
async fn all<F: Future>(futures: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut slots: Vec<_> = futures.map(|future| (Box::pin(future), None)).collect();
    poll_fn(|context| {
        let mut pending = false;
        for (future, output) in slots.iter_mut().filter(|(_, output)| output.is_none()) {
            match future.as_mut().poll(context) {
                Poll::Ready(value) => *output = Some(value),
                Poll::Pending => pending = true,
            }
        }
        if pending { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    slots.into_iter().filter_map(|(_, output)| output).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::authority::{Hub, LedgerView, Planned, Planner, SpaceClock, StoredProblem, View};
    use crate::clock::VirtualClock;
    use crate::decision::model::SealId;
    use crate::decision::touches::Touched;
    use crate::decision::{Context, Event, State};
    use crate::drill::scenario::read;
    use crate::id::{FieldId, RequestId};
    use crate::ledger::{Digest, SpaceFolder};
    use crate::units::Timestamp;
    use std::collections::btree_map::Entry;
    use std::path::Path;
    use std::sync::{Arc, Mutex};
    use tokio::sync::watch;

    /// What became of each request id: nothing yet when it was turned away.
    type Answers = BTreeMap<(LedgerId, Vec<u8>), Option<Outcome>>;

    /// A union in memory: decides and applies at once, opens a member's ledger a while after it was registered, and
    /// turns every command away once before it takes it.
    struct Table {
        at: Timestamp,
        views: watch::Sender<Arc<View>>,
        answers: Mutex<Answers>,
        opening: Mutex<Vec<LedgerId>>,
    }

    impl Table {
        fn new(space: Space, at: Timestamp) -> Table {
            let mut view = View::empty(space);
            for field in ["medical", "disaster"] {
                let field = LedgerId::Field(FieldId(field.parse().unwrap()));
                let state = State::new(field.clone());
                view.ledgers.insert(field, Arc::new(LedgerView { state, partial: false }));
            }
            let (views, _) = watch::channel(Arc::new(view));
            Table { at, views, answers: Mutex::default(), opening: Mutex::default() }
        }

        fn publish(&self, state: State) {
            self.views.send_modify(|view| {
                let mut next = View::clone(view);
                next.ledgers.insert(state.ledger.clone(), Arc::new(LedgerView { state, partial: false }));
                *view = Arc::new(next);
            });
        }

        fn take(
            &self,
            ledger: &LedgerId,
            command: &crate::decision::Command,
        ) -> Result<Outcome, SubmitError> {
            let view = self.view();
            let mut state =
                view.state(ledger).cloned().ok_or(SubmitError::NoLedger { ledger: ledger.clone() })?;
            let events = state.decide(self.at, command)?;
            let context =
                Context { sequence: state.sequence + 1, at: self.at, actor: Actor("test".to_owned()) };
            events.iter().for_each(|event| state.apply(&context, event));
            for event in &events {
                if let Event::MemberRegistered(member) = event {
                    self.opening.lock().unwrap().push(LedgerId::Member(member.id.clone()));
                }
            }
            self.publish(state);
            Ok(Outcome { sequence: context.sequence, at: self.at, events })
        }

        /// What a hub does on its own time.
        fn open_ledgers(&self) {
            for ledger in self.opening.lock().unwrap().drain(..) {
                self.publish(State::new(ledger));
            }
        }
    }

    impl Union for Table {
        fn view(&self) -> Arc<View> {
            Arc::clone(&self.views.borrow())
        }
        fn subscribe(&self) -> watch::Receiver<Arc<View>> {
            self.views.subscribe()
        }
        fn touched_since(&self, _: &BTreeMap<LedgerId, u64>) -> Option<Vec<Touched>> {
            None
        }
        fn now(&self) -> Timestamp {
            self.at
        }
        fn drill_clock(&self) -> Option<&VirtualClock> {
            None
        }
        async fn clock_turned(&self) {}
        async fn submit(&self, ledger: &LedgerId, submission: Submission) -> Result<Outcome, SubmitError> {
            let key = (ledger.clone(), submission.request_id);
            if let Entry::Vacant(entry) = self.answers.lock().unwrap().entry(key.clone()) {
                entry.insert(None);
                self.views.send_modify(|_| {});
                return Err(SubmitError::Overloaded { ledger: ledger.clone() });
            }
            if let Some(outcome) = self.answers.lock().unwrap().get(&key).cloned().flatten() {
                return Ok(outcome);
            }
            let outcome = self.take(ledger, &submission.command)?;
            self.answers.lock().unwrap().insert(key, Some(outcome.clone()));
            Ok(outcome)
        }
        async fn recorded(&self, _: &LedgerId, _: &[u8], _: &[u8]) -> Result<Option<Outcome>, SubmitError> {
            Ok(None)
        }
        async fn open_seal(&self, _: &LedgerId, _: SealId) -> Result<Option<String>, SubmitError> {
            Ok(None)
        }
        async fn problem_bytes(&self, _: &LedgerId, _: Digest) -> Result<Option<Vec<u8>>, SubmitError> {
            Ok(None)
        }
        async fn problem(&self, _: &LedgerId, _: u64) -> Result<Option<StoredProblem>, SubmitError> {
            Ok(None)
        }
    }

    fn kansai() -> Scenario {
        read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/kansai")).unwrap()
    }

    #[tokio::test]
    async fn seeding_twice_changes_nothing() {
        let scenario = kansai();
        let table = Arc::new(Table::new(scenario.space.clone(), scenario.start));
        let hub = Arc::clone(&table);
        // The hub turns to new members only when nothing else is going on.
        let opening = tokio::spawn(async move {
            let mut views = hub.subscribe();
            loop {
                tokio::task::yield_now().await;
                hub.open_ledgers();
                if views.changed().await.is_err() {
                    break;
                }
            }
        });
        let first = seed(table.as_ref(), &scenario).await.unwrap();
        assert_eq!((first.commands_count, first.added_count), (scenario.seeds.len(), scenario.seeds.len()));
        assert_eq!(first.ledgers.len(), 22);
        let view = table.view();
        let second = seed(table.as_ref(), &scenario).await.unwrap();
        assert_eq!((second.commands_count, second.added_count), (scenario.seeds.len(), 0));
        assert_eq!(first.ledgers, second.ledgers);
        assert_eq!(table.view().ledgers, view.ledgers);
        assert_eq!(view.assets().count(), 41 + 22 + 288);
        opening.abort();
    }

    /// Nobody asks for help while a scenario is laid out.
    struct NoPlan;

    impl Planner for NoPlan {
        fn next(&self, _: &View, _: Timestamp, _: &RequestId) -> Option<Planned> {
            None
        }
    }

    #[test]
    fn real_ledgers_take_the_scenario_and_know_it_after_a_restart() {
        let scenario = kansai();
        let data = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let serve = || {
            let folder = SpaceFolder::open(data.path(), &scenario.space).unwrap();
            let clock = SpaceClock::Virtual(VirtualClock::new(scenario.start));
            Hub::open(folder, clock, Arc::new(NoPlan)).unwrap()
        };
        let hub = serve();
        let first = runtime.block_on(seed(&hub, &scenario)).unwrap();
        assert_eq!(first.added_count + usize::from(first.field_was_open), scenario.seeds.len());
        let known = |view: &View| (view.assets().count(), view.areas().count(), view.members().count());
        assert_eq!(known(&hub.view()), (351, 106, 20));
        hub.close();
        drop(hub);
        let hub = serve();
        assert_eq!(known(&hub.view()), (351, 106, 20));
        let second = runtime.block_on(seed(&hub, &scenario)).unwrap();
        assert_eq!((second.added_count, second.commands_count), (0, scenario.seeds.len()));
        hub.close();
    }

    #[tokio::test]
    async fn a_scenario_stays_in_its_own_space() {
        let scenario = kansai();
        let table = Arc::new(Table::new(Space::Live, scenario.start));
        let fault = seed(table.as_ref(), &scenario).await.unwrap_err();
        assert_eq!(fault, SeedFault::WrongSpace { scenario: scenario.space.clone(), union: Space::Live });
        assert_eq!(table.view().seen().iter().map(|(_, sequence)| sequence).sum::<u64>(), 0);
    }

    #[tokio::test]
    async fn a_refused_command_names_its_row() {
        let mut scenario = kansai();
        let refused = scenario.seeds[3].clone();
        scenario.seeds.insert(4, Seed { request_id: b"another".to_vec(), ..refused.clone() });
        let table = Arc::new(Table::new(scenario.space.clone(), scenario.start));
        let fault = seed(table.as_ref(), &scenario).await.unwrap_err();
        assert!(
            matches!(&fault, SeedFault::NotAccepted { origin, .. } if *origin == refused.origin),
            "{fault}"
        );
        assert!(fault.to_string().starts_with("members.csv:"), "{fault}");
    }
}
