//! `kill -9` under load: what was acknowledged is found again, and a retry of what was not changes nothing twice.

use crate::asked;
use crate::audit::{Audit, audit};
use crate::server::{Dispatch, Server};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tonic::{Code, Status};
use yui::api::v1;
use yui::decision::model::MissionPhase;
use yui::id::MissionId;

/// Clients at a time, each with a connection of its own.
const CLIENTS: u64 = 8;
/// Acknowledgements after which a server is killed, at least and at most.
const ACKNOWLEDGED: std::ops::Range<u64> = 20..220;

/// One command, as it can be sent again.
#[derive(Clone, Debug)]
enum Order {
    Create(Box<v1::CreateRequestRequest>),
    Ask(v1::AskRequisitionRequest),
    Commit(v1::CommitRequisitionRequest),
    Progress(v1::ReportProgressRequest),
    StandDown(v1::StandDownMissionRequest),
}

/// What the server said is so.
#[derive(Clone, Debug)]
enum Fact {
    Request {
        name: String,
        place: String,
    },
    /// Whether or not the aircraft was free.
    Asked {
        name: String,
        held: bool,
    },
    Mission {
        name: String,
    },
    InTheAir {
        mission: String,
    },
    StoodDown {
        mission: String,
    },
}

impl Order {
    async fn send(&self, dispatch: &mut Dispatch) -> Result<Fact, Status> {
        Ok(match self.clone() {
            Order::Create(create) => {
                let request = dispatch.create_request(*create).await?.into_inner();
                Fact::Request { name: request.name, place: request.place }
            }
            Order::Ask(ask) => {
                let asked = dispatch.ask_requisition(ask).await?.into_inner();
                let held = asked.state() == v1::requisition::State::Asked;
                Fact::Asked { name: asked.name, held }
            }
            Order::Commit(go) => {
                Fact::Mission { name: dispatch.commit_requisition(go).await?.into_inner().name }
            }
            Order::Progress(report) => {
                Fact::InTheAir { mission: dispatch.report_progress(report).await?.into_inner().name }
            }
            Order::StandDown(end) => {
                Fact::StoodDown { mission: dispatch.stand_down_mission(end).await?.into_inner().name }
            }
        })
    }
}

/// One life of the server, as its clients saw it.
struct Life {
    round: u64,
    kill_after: u64,
    acknowledged: AtomicU64,
    time_to_die: Notify,
}

/// What one client remembers of it.
#[derive(Default)]
struct Memory {
    facts: Vec<Fact>,
    unanswered: Vec<Order>,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_killed_under_load_has_lost_nothing_and_does_nothing_twice() {
    let kills = asked("KILLS", 3_u64);
    let mut dice = ChaCha8Rng::seed_from_u64(asked("SEED", 1));
    let data = tempfile::tempdir().unwrap();
    let (mut facts, mut retried) = (Vec::new(), 0);
    let mut server = Server::start(data.path());
    for round in 0..kills {
        let kill_after =
            ACKNOWLEDGED.start + u64::from(dice.next_u32()) % (ACKNOWLEDGED.end - ACKNOWLEDGED.start);
        let life =
            Arc::new(Life { round, kill_after, acknowledged: AtomicU64::new(0), time_to_die: Notify::new() });
        let mut clients = JoinSet::new();
        for client in 0..CLIENTS {
            let dispatch = server.dispatch().await;
            let dice = ChaCha8Rng::seed_from_u64(round << 32 | client);
            clients.spawn(work(client, dispatch, dice, Arc::clone(&life)));
        }
        tokio::select! {
            () = life.time_to_die.notified() => {}
            Some(early) = clients.join_next() => panic!("a client ended before the server: {:?}", early.err()),
        }
        server.kill();
        let mut unanswered = Vec::new();
        while let Some(memory) = clients.join_next().await {
            let memory = memory.unwrap();
            facts.extend(memory.facts);
            unanswered.extend(memory.unanswered);
        }
        server = Server::start(data.path());
        let mut dispatch = server.dispatch().await;
        retried += unanswered.len();
        for order in unanswered {
            // Whether or not it had been done: the same again is the same.
            match order.send(&mut dispatch).await {
                Ok(fact) => facts.push(fact),
                // It had not been done, and cannot be any more.
                Err(refusal) => assert_eq!(refusal.code(), Code::FailedPrecondition, "{order:?}: {refusal}"),
            }
        }
    }
    let mut dispatch = server.dispatch().await;
    for fact in &facts {
        assert!(stands(fact, &mut dispatch).await, "acknowledged and lost: {fact:?}");
    }
    server.kill();
    let audit = audit(data.path());
    nothing_twice(&audit);
    println!(
        "{kills} kills: {} acknowledged, lost 0; {retried} retried, applied twice 0; {} records audited",
        facts.len(),
        audit.records
    );
    assert!(facts.len() as u64 >= kills * ACKNOWLEDGED.start);
}

/// Calls, asks, commits and ends missions until the server is gone.
async fn work(client: u64, mut dispatch: Dispatch, mut dice: ChaCha8Rng, life: Arc<Life>) -> Memory {
    let mut memory = Memory::default();
    for turn in 0_u64.. {
        let id = format!("{}-{client}-{turn}", life.round);
        let mut next = Some(create(&id));
        while let Some(order) = next.take() {
            match order.send(&mut dispatch).await {
                Ok(fact) => {
                    next = follow(&fact, &id, &mut dice);
                    memory.facts.push(fact);
                    if life.acknowledged.fetch_add(1, Ordering::Relaxed) + 1 == life.kill_after {
                        life.time_to_die.notify_one();
                    }
                }
                Err(refusal) if refusal.code() == Code::FailedPrecondition => {}
                Err(gone) => {
                    assert!(is_gone(&gone), "{order:?}: {gone}");
                    memory.unanswered.push(order);
                    return memory;
                }
            }
        }
    }
    memory
}

/// The connection broke: nobody knows whether the order was carried out.
fn is_gone(status: &Status) -> bool {
    matches!(status.code(), Code::Unavailable | Code::Unknown | Code::Cancelled | Code::Internal)
}

fn create(id: &str) -> Order {
    let request = v1::Request {
        kind: v1::RequestKind::Scene.into(),
        requester: "members/hyogo/organisations/fd-tamba".to_owned(),
        position: Some(v1::LatLng { latitude: 35.17, longitude: 135.04 }),
        place: id.to_owned(),
        aircraft_count: 1,
        ..Default::default()
    };
    Order::Create(Box::new(v1::CreateRequestRequest {
        parent: "members/hyogo".to_owned(),
        request: Some(request),
        request_id: format!("create-{id}"),
        ..Default::default()
    }))
}

/// What a person does next; sometimes nothing, so that kills fall between any two steps.
fn follow(fact: &Fact, id: &str, dice: &mut ChaCha8Rng) -> Option<Order> {
    let goes_on = !dice.next_u32().is_multiple_of(4);
    match fact {
        Fact::Request { name, .. } if goes_on => Some(Order::Ask(v1::AskRequisitionRequest {
            request: name.clone(),
            request_id: format!("ask-{id}"),
            ..Default::default()
        })),
        Fact::Asked { name, held: true } => Some(Order::Commit(v1::CommitRequisitionRequest {
            name: name.clone(),
            request_id: format!("commit-{id}"),
            ..Default::default()
        })),
        // Those that fly on are missing from then on; those that do not are free for the next.
        Fact::Mission { name } if dice.next_u32().is_multiple_of(64) => {
            Some(Order::Progress(v1::ReportProgressRequest {
                name: name.clone(),
                state: v1::mission::State::Airborne.into(),
                request_id: format!("airborne-{id}"),
                ..Default::default()
            }))
        }
        Fact::Mission { name } => Some(Order::StandDown(v1::StandDownMissionRequest {
            name: name.clone(),
            request_id: format!("stand-down-{id}"),
            ..Default::default()
        })),
        Fact::Request { .. } | Fact::Asked { .. } | Fact::InTheAir { .. } | Fact::StoodDown { .. } => None,
    }
}

/// Whether the server still says so.
async fn stands(fact: &Fact, dispatch: &mut Dispatch) -> bool {
    match fact.clone() {
        Fact::Request { name, place } => {
            let found = dispatch.get_request(v1::GetRequestRequest { name }).await;
            found.is_ok_and(|found| found.into_inner().place == place)
        }
        Fact::Asked { name, .. } => {
            dispatch.get_requisition(v1::GetRequisitionRequest { name }).await.is_ok()
        }
        Fact::Mission { name } => dispatch.get_mission(v1::GetMissionRequest { name }).await.is_ok(),
        Fact::InTheAir { mission } => {
            let found = dispatch.get_mission(v1::GetMissionRequest { name: mission }).await;
            let airborne = v1::mission::State::Airborne;
            found.is_ok_and(|found| found.into_inner().progress.iter().any(|step| step.state() == airborne))
        }
        Fact::StoodDown { mission } => {
            let found = dispatch.get_mission(v1::GetMissionRequest { name: mission }).await;
            found.is_ok_and(|found| found.into_inner().end() == v1::mission::End::StoodDown)
        }
    }
}

/// Each call became one request, each ask one attempt, each go one mission, each report one step.
fn nothing_twice(audit: &Audit) {
    for (place, requests) in &audit.requests {
        assert_eq!(requests.len(), 1, "{place} was recorded twice: {requests:?}");
    }
    for (request, attempts) in &audit.attempts_of {
        assert_eq!(*attempts, 1, "{request} was asked for twice");
    }
    for (requisition, missions) in &audit.missions_of {
        assert_eq!(*missions, 1, "{requisition} was committed twice");
    }
    let mut steps: BTreeMap<(&MissionId, MissionPhase), u64> = BTreeMap::new();
    for (mission, phase) in &audit.steps {
        *steps.entry((mission, *phase)).or_default() += 1;
    }
    assert!(steps.values().all(|count| *count == 1), "a step was reported twice: {steps:?}");
}
