//! Live positions: reports a second into the store and through the gRPC stream, searches among a hundred thousand.
//!
//! Target (`docs/performance.md`): >= 100,000 reports/s through the stream. The references are measured in the same run,
//! after the answers were found equal: for reports the tree built anew out of all positions after each batch, for
//! searches a scan of all of them, for the stream the store by itself. Server and client share the machine.
#![expect(clippy::disallowed_methods, reason = "a bench measures time")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a bench stops at the first fault")]
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

#[path = "../tests/endurance/server.rs"]
#[allow(unreachable_pub, missing_docs, dead_code, reason = "shared with a test binary")]
mod server;

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use criterion::{Criterion, Throughput, criterion_group};
use tokio::runtime::Runtime;
use yui::api::v1;
use yui::api::v1::drill_service_client::DrillServiceClient;
use yui::api::v1::position_service_client::PositionServiceClient;
use yui::api::v1::registry_service_client::RegistryServiceClient;
use yui::spatial::{Fix, FixSource, GeoBox, PointIndex, Positions, Reported};
use yui::units::geodesy::{UnitVector, distance_m};
use yui::units::{Metres, Position, Timestamp};

use server::Server;

/// Things whose position is known: far more than one union has, so that the depth of the tree shows.
const THINGS: u32 = 100_000;
/// Reports of one message.
const BATCH: usize = 500;
/// Reports sent through the stream.
const STREAMED: usize = 1_000_000;
/// When the first fix was.
const START_MS: i64 = 1_796_428_800_000;

/// Where a thing is after so many reports: somewhere around Kansai, a few hundred metres on each time.
fn place(thing: u32, turn: u32) -> Position {
    let scatter = |factor: u32, span: u32| (thing.wrapping_mul(factor) >> 8) % span;
    let lat_e7 = 333_000_000 + scatter(2_654_435_761, 22_000_000) + turn % 50 * 20_000;
    let lon_e7 = 1_340_000_000 + scatter(2_246_822_519, 22_000_000) + turn % 70 * 20_000;
    Position::from_e7(lat_e7 as i32, lon_e7 as i32).unwrap()
}

fn fix(thing: u32, turn: u32, reporter: &Arc<str>) -> Fix {
    let at = Timestamp(START_MS + i64::from(turn));
    Fix {
        position: place(thing, turn),
        fix_at: at,
        received_at: at,
        speed_kmh: Some(200),
        course_deg: Some(90),
        altitude_m: None,
        source: FixSource::Tracker,
        reporter: Arc::clone(reporter),
    }
}

fn reporter() -> Arc<str> {
    Arc::from("bench")
}

fn filled() -> Positions<u32> {
    let (mut positions, reporter) = (Positions::default(), reporter());
    for thing in 0..THINGS {
        positions.report(&thing, fix(thing, 0, &reporter)).unwrap();
    }
    positions
}

/// One batch of moves.
fn moves(positions: &mut Positions<u32>, turn: u32, reporter: &Arc<str>) {
    for i in 0..BATCH as u32 {
        let thing = turn.wrapping_mul(BATCH as u32).wrapping_add(i.wrapping_mul(97)) % THINGS;
        let done = positions.report(&thing, fix(thing, turn, reporter));
        assert!(matches!(done, Ok(Reported::Newest | Reported::Older)));
    }
}

fn nearest_by_scan(all: &[(Position, u32)], from: Position, count: usize) -> Vec<(Metres, u32)> {
    let here = UnitVector::from(from);
    let mut found: Vec<(Metres, u32)> =
        all.iter().map(|(position, thing)| (distance_m(here, (*position).into()), *thing)).collect();
    found.sort_unstable();
    found.truncate(count);
    found
}

fn nearest(positions: &Positions<u32>, from: Position, count: usize) -> Vec<(Metres, u32)> {
    positions.nearest(from, count, |_, _| true).iter().map(|seen| (seen.distance_m, *seen.key)).collect()
}

fn all(positions: &Positions<u32>) -> Vec<(Position, u32)> {
    positions.iter().map(|(thing, fix)| (fix.position, *thing)).collect()
}

fn store(criterion: &mut Criterion) {
    let (mut positions, reporter) = (filled(), reporter());
    let mut turn = 0;
    for _ in 0..200 {
        turn += 1;
        moves(&mut positions, turn, &reporter);
    }
    // After so many moves the tree answers as a scan and as a tree built at once do.
    let known = all(&positions);
    let rebuilt = PointIndex::bulk_load(known.iter().copied());
    let area = GeoBox::new(place(7, 0), Position::from_degrees(36.0, 136.3).unwrap()).unwrap();
    for thing in 0..50 {
        let from = place(thing * 1_999, 3);
        let found = nearest(&positions, from, 10);
        assert_eq!(found, nearest_by_scan(&known, from, 10));
        let loaded: Vec<_> = rebuilt.nearest(from, 10).iter().map(|n| (n.distance_m, *n.payload)).collect();
        assert_eq!(found, loaded);
    }
    let inside = known.iter().filter(|(at, _)| yui::spatial::Area::covers(&area, *at)).count();
    assert_eq!(positions.within(&area).len(), inside);

    let mut group = criterion.benchmark_group("positions");
    group.throughput(Throughput::Elements(BATCH as u64));
    group.bench_function("report/moves", |bencher| {
        bencher.iter(|| {
            turn += 1;
            moves(&mut positions, turn, &reporter);
        });
    });
    group.bench_function("report/tree built anew", |bencher| {
        bencher.iter(|| black_box(PointIndex::bulk_load(known.iter().copied())).len());
    });
    group.throughput(Throughput::Elements(1));
    let here = place(4_711, 5);
    group.bench_function("nearest 10/tree", |bencher| bencher.iter(|| nearest(&positions, here, 10)));
    group.bench_function("nearest 10/scan", |bencher| bencher.iter(|| nearest_by_scan(&known, here, 10)));
    group.finish();
}

/// How many reports a second the store takes by itself, and the tree built anew after each batch.
fn report_store() -> f64 {
    let (mut positions, reporter) = (filled(), reporter());
    let turns = 2_000;
    let start = Instant::now();
    for turn in 1..=turns {
        moves(&mut positions, turn, &reporter);
    }
    let per_s = f64::from(turns) * BATCH as f64 / start.elapsed().as_secs_f64();
    let known = all(&positions);
    let start = Instant::now();
    let builds = 5;
    for _ in 0..builds {
        assert_eq!(PointIndex::bulk_load(known.iter().copied()).len(), THINGS as usize);
    }
    let anew_per_s = f64::from(builds) * BATCH as f64 / start.elapsed().as_secs_f64();
    println!(
        "the store by itself, {THINGS} things: {per_s:.0} reports/s; the tree built anew after each {BATCH}: {anew_per_s:.0}/s; ratio {:.0}",
        per_s / anew_per_s
    );
    per_s
}

/// Messages of reports, each newer than the ones before it of its asset.
fn messages(assets: &[String], from_ms: i64, count: usize) -> Vec<v1::ReportPositionsRequest> {
    let report = |n: usize| {
        let turn = (n / assets.len()) as u32;
        let at = place((n % assets.len()) as u32, turn);
        let (latitude, longitude) = at.degrees();
        let at_ms = from_ms + i64::from(turn);
        v1::PositionReport {
            asset: assets[n % assets.len()].clone(),
            position: Some(v1::LatLng { latitude, longitude }),
            fix_time: Some(prost_types::Timestamp {
                seconds: at_ms.div_euclid(1_000),
                nanos: at_ms.rem_euclid(1_000) as i32 * 1_000_000,
            }),
            speed_kmh: Some(200),
            course_deg: Some(90),
            altitude_m: Some(450),
            source: v1::position_report::Source::Tracker.into(),
        }
    };
    let numbers: Vec<usize> = (0..count).collect();
    numbers
        .chunks(BATCH)
        .map(|chunk| v1::ReportPositionsRequest { reports: chunk.iter().map(|n| report(*n)).collect() })
        .collect()
}

async fn report_stream(server: &Server, store_per_s: f64) {
    let channel = server.channel().await;
    let list =
        v1::ListAssetsRequest { parent: "members/-".to_owned(), page_size: 1_000, ..Default::default() };
    let assets = RegistryServiceClient::new(channel.clone()).list_assets(list).await.unwrap().into_inner();
    let assets: Vec<String> = assets.assets.into_iter().map(|asset| asset.name).collect();
    let clock =
        DrillServiceClient::new(channel).get_clock(v1::GetClockRequest {}).await.unwrap().into_inner();
    // Of an hour ago, so that none of them ever lies in the future.
    let mut from_ms = (clock.now_time.unwrap().seconds - 3_600) * 1_000;
    for streams in [1, 4] {
        // Each stream has assets of its own, else one would make the other's fixes older.
        let shares: Vec<Vec<String>> =
            (0..streams).map(|share| assets.iter().skip(share).step_by(streams).cloned().collect()).collect();
        let mut ready = Vec::new();
        for share in &shares {
            ready.push((
                PositionServiceClient::new(server.channel().await),
                messages(share, from_ms, STREAMED / streams),
            ));
        }
        from_ms += 1_000_000;
        let start = Instant::now();
        let sending: Vec<_> = ready
            .into_iter()
            .map(|(mut client, messages)| {
                tokio::spawn(async move {
                    client.report_positions(tokio_stream::iter(messages)).await.unwrap().into_inner()
                })
            })
            .collect();
        let mut accepted = 0;
        for stream in sending {
            let answer = stream.await.unwrap();
            assert_eq!((answer.older_count, answer.refused_count), (0, 0), "{:?}", answer.refused.first());
            accepted += answer.accepted_count;
        }
        let per_s = accepted as f64 / start.elapsed().as_secs_f64();
        assert_eq!(accepted as usize, STREAMED);
        println!(
            "reports through {streams} gRPC stream(s), {} assets, {BATCH} a message: {per_s:.0}/s; ratio to the store {:.2}",
            assets.len(),
            per_s / store_per_s
        );
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = store
}

fn main() {
    // Under `cargo test --benches` criterion only tries each function once: then the figures mean nothing.
    if std::env::args().any(|argument| argument == "--bench") {
        let store_per_s = report_store();
        let data = tempfile::tempdir().unwrap();
        let server = Server::start(data.path());
        Runtime::new().unwrap().block_on(report_stream(&server, store_per_s));
    }
    benches();
    Criterion::default().configure_from_args().final_summary();
}
