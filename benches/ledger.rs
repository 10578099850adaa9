//! What a durable record costs, and how long a ledger of a million takes to open.
//!
//! `append/*` compares group commits with a bare SQLite table of the same rows (no chain, no request index, no
//! witness); `replay/*` opens and verifies a whole ledger against a bare scan of the same file. A summary with the
//! ratios is printed first: absolute figures depend on the disk, ratios hold.
#![expect(clippy::disallowed_methods, reason = "a bench measures time")]
#![expect(clippy::unwrap_used, reason = "a bench stops at the first fault")]
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use std::path::Path;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use rusqlite::{Connection, params};
use yui::id::{LedgerId, Space};
use yui::ledger::{
    Fingerprint, LedgerEngine, MissingKeys, NewRecord, OsRandomness, RequestKey, SCHEMA_VERSION, Sequence,
    SpaceFolder, SqliteLedger, StoredRecord,
};
use yui::units::Timestamp;

/// Records per group commit: one client, and 64 that wait for the same sync.
const BATCHES: [u64; 2] = [1, 64];
/// Records of the ledger that is opened.
const REPLAYED: u64 = 1_000_000;

/// A record of about 300 bytes with a random-looking request id, as UUIDs are.
fn record(sequence: Sequence) -> NewRecord {
    let scattered = u128::from(sequence).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
    NewRecord {
        sequence,
        epoch: 1,
        at: Timestamp(1_765_000_000_000 + sequence as i64),
        request_id: RequestKey::new(scattered.to_be_bytes()).unwrap(),
        fingerprint: Fingerprint([7; 32]),
        actor: "unauthenticated:kobe".into(),
        seen: Vec::new(),
        problem: None,
        schema_version: SCHEMA_VERSION,
        events: vec![vec![1; 60], vec![2; 60]],
        sealed: Vec::new(),
    }
}

fn open(data: &Path, count: &mut u64) -> SqliteLedger {
    let folder = SpaceFolder::open(data, &Space::Live).unwrap();
    let ledger: LedgerId = "members/hyogo".parse().unwrap();
    let mut replay = |_: &StoredRecord| {
        *count += 1;
        Ok(())
    };
    SqliteLedger::open(&folder, &ledger, MissingKeys::Refuse, Box::new(OsRandomness), &mut replay).unwrap()
}

/// A bare table with the same durability and rows of the same size.
fn bare(data: &Path) -> Connection {
    let connection = Connection::open(data.join("bare")).unwrap();
    connection
        .execute_batch(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4096; PRAGMA cache_size=-32768;
             CREATE TABLE row(sequence INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;",
        )
        .unwrap();
    connection
}

fn insert_bare(connection: &mut Connection, sequences: std::ops::Range<u64>) {
    let body = [5_u8; 340];
    let transaction = connection.transaction().unwrap();
    for sequence in sequences {
        let mut insert = transaction.prepare_cached("INSERT INTO row VALUES (?1, ?2)").unwrap();
        insert.execute(params![sequence, &body[..]]).unwrap();
    }
    transaction.commit().unwrap();
}

fn append(ledger: &mut SqliteLedger, batch: u64) {
    let next = ledger.head().sequence + 1;
    let records: Vec<NewRecord> = (next..next + batch).map(record).collect();
    ledger.append_batch(&records).unwrap();
}

fn scan_bare(path: &Path) -> u64 {
    let connection = Connection::open(path).unwrap();
    let mut statement = connection.prepare("SELECT body FROM record").unwrap();
    let mut rows = statement.query([]).unwrap();
    let mut bytes = 0;
    while let Some(row) = rows.next().unwrap() {
        bytes += row.get_ref(0).unwrap().as_blob().unwrap().len() as u64;
    }
    bytes
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let done = work();
    (done, start.elapsed())
}

fn per_second(records: u64, time: Duration) -> f64 {
    records as f64 / time.as_secs_f64()
}

fn ledger(criterion: &mut Criterion) {
    let data = tempfile::tempdir_in(std::env::var("YUI_BENCH_DATA").unwrap_or(".".into())).unwrap();
    let mut count = 0;
    let mut opened = open(data.path(), &mut count);
    let mut plain = bare(data.path());
    let mut next = 1;
    for batch in BATCHES {
        let rounds = 2_000;
        let ((), ours) = timed(|| (0..rounds).for_each(|_| append(&mut opened, batch)));
        let ((), theirs) = timed(|| {
            for _ in 0..rounds {
                insert_bare(&mut plain, next..next + batch);
                next += batch;
            }
        });
        let (ours, theirs) = (per_second(rounds * batch, ours), per_second(rounds * batch, theirs));
        println!(
            "append, {batch} per sync: {ours:.0}/s; bare table {theirs:.0}/s; ratio {:.2}",
            ours / theirs
        );
    }
    let mut group = criterion.benchmark_group("append");
    for batch in BATCHES {
        group.throughput(Throughput::Elements(batch));
        group.bench_with_input(BenchmarkId::new("ledger", batch), &batch, |bencher, batch| {
            bencher.iter(|| append(&mut opened, *batch));
        });
        group.bench_with_input(BenchmarkId::new("bare", batch), &batch, |bencher, batch| {
            bencher.iter(|| {
                insert_bare(&mut plain, next..next + batch);
                next += batch;
            });
        });
    }
    group.finish();
    drop((opened, plain));
    replay(criterion);
}

fn replay(criterion: &mut Criterion) {
    let data = tempfile::tempdir_in(std::env::var("YUI_BENCH_DATA").unwrap_or(".".into())).unwrap();
    let mut opened = open(data.path(), &mut 0);
    while opened.head().sequence < REPLAYED {
        let missing = REPLAYED - opened.head().sequence;
        append(&mut opened, missing.min(1000));
    }
    let path = opened.path().to_owned();
    drop(opened);
    let bytes = scan_bare(&path);
    for _ in 0..3 {
        let ((), theirs) = timed(|| assert_eq!(scan_bare(&path), bytes));
        let mut count = 0;
        let (opened, ours) = timed(|| open(data.path(), &mut count));
        assert_eq!((count, opened.head().sequence), (REPLAYED, REPLAYED));
        println!(
            "replay of {REPLAYED} records of {} bytes, verified: {:.3} s; bare scan {:.3} s; ratio {:.1}",
            bytes / REPLAYED,
            ours.as_secs_f64(),
            theirs.as_secs_f64(),
            ours.as_secs_f64() / theirs.as_secs_f64()
        );
    }
    let mut group = criterion.benchmark_group("replay");
    group.sample_size(10).throughput(Throughput::Elements(REPLAYED));
    group.bench_function(BenchmarkId::new("ledger", REPLAYED), |bencher| {
        bencher.iter(|| open(data.path(), &mut 0))
    });
    group.bench_function(BenchmarkId::new("bare", REPLAYED), |bencher| bencher.iter(|| scan_bare(&path)));
    group.finish();
}

criterion_group!(benches, ledger);
criterion_main!(benches);
