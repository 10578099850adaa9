//! The whole server from outside: ranking Kansai through gRPC, durable commands of 64 clients, restart with a million
//! events.
//!
//! Targets (`docs/performance.md`): ranking p99 <= 5 ms; >= 5,000 durable commands/s, p99 <= 50 ms; restart <= 3 s.
//! Server and clients share the machine. The reference of each figure is measured in the same run: an empty call on
//! the same connections, and the start of the same server with nothing but the drill's own records.
#![expect(clippy::disallowed_methods, reason = "a bench measures time")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a bench stops at the first fault")]
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

#[path = "../tests/endurance/server.rs"]
#[allow(unreachable_pub, missing_docs, reason = "shared with a test binary")]
mod server;

use std::path::Path;
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group};
use hdrhistogram::Histogram;
use tokio::runtime::Runtime;
use tonic::transport::Channel;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use yui::api::v1;
use yui::api::v1::condition_service_client::ConditionServiceClient;
use yui::api::v1::dispatch_service_client::DispatchServiceClient;
use yui::authority::Submission;
use yui::authority::writer::{Authority, Opening};
use yui::clock::{Clock, VirtualClock};
use yui::decision::command::NewRequest;
use yui::decision::model::{Actor, CancelReason, Capabilities, Hazards, RequestKind, Triage, Weather};
use yui::decision::{Command as Order, Event};
use yui::id::{LedgerId, RequestId};
use yui::ledger::{MissingKeys, OsRandomness, SpaceFolder, SqliteLedger};
use yui::units::{Position, Timestamp};

use server::Server;

/// 5 December 2026, 09:00 in Japan: where the drill begins.
const START: Timestamp = Timestamp(1_796_428_800_000);
/// Calls for help in one batch.
const BATCH: u64 = 250;
/// Clients that send commands at once.
const CLIENTS: usize = 64;
/// Commands of each.
const COMMANDS: usize = 1_000;
/// Calls for a percentile.
const CALLS: usize = 2_000;
/// Places at which nobody asked before.
const PLACES: usize = 400;
/// Events of the ledgers with which the server is started again.
const EVENTS: u64 = 1_000_000;
/// Where the crash of the README is.
const TAMBA: v1::LatLng = v1::LatLng { latitude: 35.17, longitude: 135.04 };
/// Fire departments that ask, and their members.
const ASKING: [(&str, &str); 4] =
    [("hyogo", "fd-tamba"), ("shiga", "fd-otsu"), ("hyogo", "fd-itami"), ("shiga", "fd-konan")];

fn histogram() -> Histogram<u64> {
    Histogram::new(3).unwrap()
}

fn micros(histogram: &Histogram<u64>, quantile: f64) -> f64 {
    histogram.value_at_quantile(quantile) as f64 / 1e3
}

fn record(histogram: &mut Histogram<u64>, since: Instant) {
    histogram.record(since.elapsed().as_nanos() as u64).unwrap();
}

fn look(position: v1::LatLng) -> v1::RankCandidatesRequest {
    let draft = v1::Request {
        kind: v1::RequestKind::Scene.into(),
        position: Some(position),
        capabilities: vec![v1::Capability::Physician.into(), v1::Capability::Stretcher.into()],
        stretchers: 1,
        aircraft_count: 1,
        ..Default::default()
    };
    let subject = Some(v1::rank_candidates_request::Subject::Draft(draft));
    v1::RankCandidatesRequest { subject, ..Default::default() }
}

async fn report_ranking(channel: &Channel) {
    let mut dispatch = DispatchServiceClient::new(channel.clone());
    let mut health = HealthClient::new(channel.clone());
    let first = dispatch.rank_candidates(look(TAMBA)).await.unwrap().into_inner();
    assert!(first.candidates.len() > 3 && first.ruled_out.len() > 3);
    let (mut ranked, mut empty) = (histogram(), histogram());
    for _ in 0..CALLS {
        let start = Instant::now();
        let answer = dispatch.rank_candidates(look(TAMBA)).await.unwrap().into_inner();
        record(&mut ranked, start);
        assert_eq!(answer.candidates, first.candidates);
        let start = Instant::now();
        health.check(HealthCheckRequest::default()).await.unwrap();
        record(&mut empty, start);
    }
    println!(
        "ranking Kansai through gRPC: median {:.0} us, p99 {:.0} us; an empty call median {:.0} us, p99 {:.0} us; ratio {:.1}",
        micros(&ranked, 0.5),
        micros(&ranked, 0.99),
        micros(&empty, 0.5),
        micros(&empty, 0.99),
        micros(&ranked, 0.5) / micros(&empty, 0.5)
    );
    let mut elsewhere = histogram();
    for n in 0..PLACES {
        let (latitude, longitude) = (34.2 + n as f64 / 400.0, 134.8 + (n * 7 % PLACES) as f64 / 400.0);
        let start = Instant::now();
        let answer =
            dispatch.rank_candidates(look(v1::LatLng { latitude, longitude })).await.unwrap().into_inner();
        record(&mut elsewhere, start);
        assert!(!answer.ground.is_empty());
    }
    println!(
        "the same, each time at a place not asked for before: median {:.0} us, p99 {:.0} us",
        micros(&elsewhere, 0.5),
        micros(&elsewhere, 0.99)
    );
}

/// One client's turn: a call for help, acknowledged when it is durable.
fn call(client: usize, turn: usize) -> v1::CreateRequestRequest {
    let (member, department) = ASKING[client % ASKING.len()];
    let request = v1::Request {
        kind: v1::RequestKind::Scene.into(),
        requester: format!("members/{member}/organisations/{department}"),
        // Spread out, so that they are not duplicates of one scene.
        position: Some(v1::LatLng {
            latitude: 34.0 + client as f64 / 40.0,
            longitude: 134.5 + turn as f64 / 500.0,
        }),
        place: "国道175号".to_owned(),
        aircraft_count: 1,
        ..Default::default()
    };
    v1::CreateRequestRequest {
        parent: format!("members/{member}"),
        request: Some(request),
        request_id: format!("{client}-{turn}"),
        ..Default::default()
    }
}

/// The other turn: a look at the weather.
fn look_out(client: usize, turn: usize) -> v1::ReportWeatherRequest {
    let (member, _) = ASKING[client % ASKING.len()];
    let time = |at: Timestamp| Some(prost_types::Timestamp { seconds: at.0 / 1_000, nanos: 0 });
    let weather = v1::WeatherReport {
        weather_region: "weatherRegions/inland-tamba".to_owned(),
        visibility_m: 9_000 + (turn % 1_000) as u32,
        ceiling_m: 1_000,
        wind_kmh: 20,
        observe_time: time(START),
        expire_time: time(START + 3_600),
        ..Default::default()
    };
    let parent = format!("members/{member}");
    let request_id = format!("{client}-{turn}");
    v1::ReportWeatherRequest { parent, weather: Some(weather), request_id, validate_only: false }
}

/// Runs `turn` on every client at once, `turns` times each; calls per second and their latency.
async fn crowd<F, Done>(server: &Server, turns: usize, turn: F) -> (f64, Histogram<u64>)
where
    F: Fn(Channel, usize, usize) -> Done + Clone + Send + Sync + 'static,
    Done: Future<Output = ()> + Send,
{
    let mut channels = Vec::new();
    for _ in 0..CLIENTS {
        channels.push(server.channel().await);
    }
    let start = Instant::now();
    let clients: Vec<_> = channels
        .into_iter()
        .enumerate()
        .map(|(client, channel)| {
            let turn = turn.clone();
            tokio::spawn(async move {
                let mut latency = histogram();
                for i in 0..turns {
                    let start = Instant::now();
                    turn(channel.clone(), client, i).await;
                    record(&mut latency, start);
                }
                latency
            })
        })
        .collect();
    let mut latency = histogram();
    for client in clients {
        latency.add(client.await.unwrap()).unwrap();
    }
    ((CLIENTS * turns) as f64 / start.elapsed().as_secs_f64(), latency)
}

async fn report_commands(server: &Server) {
    let (empty_per_s, _) = crowd(server, COMMANDS, |channel, _, _| async move {
        HealthClient::new(channel).check(HealthCheckRequest::default()).await.unwrap();
    })
    .await;
    let (per_s, latency) = crowd(server, COMMANDS, |channel, client, turn| async move {
        if turn.is_multiple_of(2) {
            DispatchServiceClient::new(channel).create_request(call(client, turn)).await.unwrap();
        } else {
            ConditionServiceClient::new(channel).report_weather(look_out(client, turn)).await.unwrap();
        }
    })
    .await;
    println!(
        "durable commands of {CLIENTS} clients: {per_s:.0}/s, median {:.1} ms, p99 {:.1} ms; empty calls {empty_per_s:.0}/s; ratio {:.2}",
        micros(&latency, 0.5) / 1e3,
        micros(&latency, 0.99) / 1e3,
        per_s / empty_per_s
    );
}

/// Lays `count` events into the ledgers of four members: calls for help that come and are called off, and looks at
/// the weather between them.
fn fill(data: &Path, count: u64) {
    let folder = SpaceFolder::open(&data.join("data"), &"drill/kansai".parse().unwrap()).unwrap();
    let mut ledgers = ASKING.map(|(member, _)| member);
    ledgers.sort_unstable();
    let ledgers: Vec<&str> = ledgers.chunk_by(|a, b| a == b).map(|same| same[0]).collect();
    for member in &ledgers {
        let ledger: LedgerId = format!("members/{member}").parse().unwrap();
        let mut authority = open(&folder, &ledger);
        let clock = VirtualClock::new(authority.state().last_at);
        let (before, wanted) = (authority.state().sequence, count / ledgers.len() as u64);
        let mut called = Vec::new();
        while authority.state().sequence - before < wanted {
            let batch = orders(member, authority.state().sequence, std::mem::take(&mut called));
            let done = authority.process(clock.read(), batch).unwrap();
            let outcomes = done.verdicts.into_iter().map(Result::unwrap);
            called.extend(outcomes.flat_map(|outcome| outcome.events).filter_map(|event| match event {
                Event::RequestOpened(opened) => Some(opened.request),
                _ => None,
            }));
        }
        authority.write_checkpoint().unwrap();
    }
}

fn open(folder: &SpaceFolder, ledger: &LedgerId) -> Authority<SqliteLedger> {
    let clock = VirtualClock::new(START);
    let opening = Opening { ledger, reading: clock.read(), holder: "bench", checkpoint: None };
    Authority::open(opening, |replay| {
        SqliteLedger::open(folder, ledger, MissingKeys::Refuse, Box::new(OsRandomness), replay)
    })
    .unwrap()
}

/// Calls the last ones off, takes new ones, and looks at the weather as often.
fn orders(member: &str, sequence: u64, called: Vec<RequestId>) -> Vec<Submission> {
    let department = ASKING.iter().find(|(of, _)| *of == member).unwrap().1;
    let cancelled =
        called.into_iter().map(|request| Order::CancelRequest { request, reason: CancelReason::NotNeeded });
    let calls = (0..BATCH).map(|_| Order::OpenRequest(call_for_help(member, department)));
    let looks = (0..BATCH).map(|i| Order::ReportWeather(weather(sequence + i)));
    let commands: Vec<Order> = cancelled.chain(calls).chain(looks).collect();
    let named = (sequence..).zip(commands);
    let submission =
        |(number, command)| Submission::new(format!("bench-{number}"), Actor("bench".to_owned()), command);
    named.map(submission).collect()
}

fn call_for_help(member: &str, department: &str) -> NewRequest {
    NewRequest {
        kind: RequestKind::Scene,
        requester: format!("members/{member}/organisations/{department}").parse().unwrap(),
        incident: String::new(),
        position: Position::from_degrees(TAMBA.latitude, TAMBA.longitude).unwrap(),
        place: "国道175号".to_owned(),
        site: None,
        called_at: None,
        keyword: String::new(),
        triage: Triage::default(),
        stretchers: 1,
        needed: Capabilities::default(),
        hazards: Hazards::default(),
        ambulance: None,
        due: None,
        origin: None,
        hospitals: Vec::new(),
        aircraft_count: 1,
        caller: None,
        patients: None,
    }
}

fn weather(number: u64) -> Weather {
    Weather {
        region: "weatherRegions/inland-tamba".parse().unwrap(),
        visibility_m: 5_000 + (number % 5_000) as u32,
        ceiling_m: 1_000,
        wind_kmh: 20,
        icing: false,
        thunderstorm: false,
        observed_at: START,
        expires_at: START + 3_600,
    }
}

/// From the start of the process to the first answer.
async fn restart(data: &Path) -> Duration {
    let start = Instant::now();
    let server = Server::start(data);
    let health = HealthClient::new(server.channel().await).check(HealthCheckRequest::default()).await;
    let elapsed = start.elapsed();
    assert_eq!(health.unwrap().into_inner().status(), ServingStatus::Serving);
    elapsed
}

async fn report_restart(data: &Path) {
    let mut seconds = Vec::new();
    for _ in 0..5 {
        seconds.push(restart(data).await.as_secs_f64());
    }
    let drill_only = median(&mut seconds);
    fill(data, EVENTS);
    seconds.clear();
    for _ in 0..5 {
        seconds.push(restart(data).await.as_secs_f64());
    }
    let filled = median(&mut seconds);
    println!(
        "restart to serving with {EVENTS} events: {filled:.2} s; with the drill's own records {drill_only:.2} s; ratio {:.1}",
        filled / drill_only
    );
}

fn median(figures: &mut [f64]) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

fn report(runtime: &Runtime) {
    let data = tempfile::tempdir_in(std::env::var("YUI_BENCH_DATA").unwrap_or(".".into())).unwrap();
    let server = Server::start(data.path());
    runtime.block_on(async {
        report_ranking(&server.channel().await).await;
        report_commands(&server).await;
    });
    server.kill();
    let data = tempfile::tempdir_in(std::env::var("YUI_BENCH_DATA").unwrap_or(".".into())).unwrap();
    Server::start(data.path()).kill();
    runtime.block_on(report_restart(data.path()));
}

fn service(criterion: &mut Criterion) {
    let runtime = Runtime::new().unwrap();
    let data = tempfile::tempdir_in(std::env::var("YUI_BENCH_DATA").unwrap_or(".".into())).unwrap();
    let server = Server::start(data.path());
    let (dispatch, channel) = runtime.block_on(async { (server.dispatch().await, server.channel().await) });
    let mut group = criterion.benchmark_group("service");
    group.bench_function("rank_candidates/kansai", |bencher| {
        let call = || async { dispatch.clone().rank_candidates(look(TAMBA)).await.unwrap() };
        bencher.iter(|| runtime.block_on(call()));
    });
    group.bench_function("empty_call/health", |bencher| {
        let call = || async {
            HealthClient::new(channel.clone()).check(HealthCheckRequest::default()).await.unwrap()
        };
        bencher.iter(|| runtime.block_on(call()));
    });
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(30);
    targets = service
}

fn main() {
    // Under `cargo test --benches` criterion only tries each function once: then the figures mean nothing.
    if std::env::args().any(|argument| argument == "--bench") {
        report(&Runtime::new().unwrap());
    }
    benches();
    Criterion::default().configure_from_args().final_summary();
}
