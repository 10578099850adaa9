//! One-to-one assignment beside the crate `lapjv` in the same run.
//!
//! Targets (`docs/performance.md`): 5,000 x 5,000 clustered 2.5 times as fast as OR-Tools, uniform 1.3 times as fast as
//! `lap`; `peers/assignment.py` measures those two on the same costs, which `ASSIGNMENT_FILES=folder` writes out. Every
//! answer is checked by its prices, and its cost compared with the peer's, before a time is printed.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

#[path = "common/assignment.rs"]
mod factory;

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group};
use yui::allocator::assignment::{Assignment, Problem, WorkBudget, check, solve};

/// As in the server.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Kind, missions and resources, and whether the peer is measured as well: on large crowds it takes minutes.
const CASES: [(&str, usize, bool); 5] = [
    ("uniform", 1_000, true),
    ("uniform", 5_000, true),
    ("clustered", 1_000, true),
    ("clustered", 2_000, true),
    ("clustered", 5_000, false),
];
const RUNS: usize = 5;

fn problem(kind: &str, side: usize) -> Problem {
    if kind == "uniform" { factory::uniform(side) } else { factory::clustered(side) }
}

#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let answer = black_box(work());
    (answer, start.elapsed())
}

fn solved(problem: &Problem) -> Assignment {
    solve(problem, WorkBudget::default()).expect("the factory makes valid problems")
}

/// What the peer's plan costs, and how long it took.
fn peer(problem: &Problem) -> (i64, Duration) {
    let side = problem.resources;
    let costs = problem.costs.iter().map(|&cost| f64::from(cost)).collect();
    let costs = lapjv::Matrix::from_shape_vec((side, side), costs).expect("the costs fill the square");
    let (answer, elapsed) = timed(|| lapjv::lapjv(&costs).expect("a square is what it wants"));
    let pairs = answer.0.iter().enumerate();
    (pairs.map(|(row, &column)| i64::from(problem.row(row)[column])).sum(), elapsed)
}

/// `costs` as little-endian 32-bit integers, with what they come to and the milliseconds in the name of the file.
fn write(folder: &str, name: &str, problem: &Problem, total: i64, elapsed_ms: f64) {
    let bytes: Vec<u8> = problem.costs.iter().flat_map(|cost| cost.to_le_bytes()).collect();
    let file = format!("{name}-{}-{total}-{elapsed_ms:.1}.i32", problem.resources);
    std::fs::write(Path::new(folder).join(file), bytes).expect("the folder can be written to");
}

fn report() {
    println!("costs            ours ms   method           work, M pairs   times faster than lapjv (its ms)");
    for (kind, side, with_peer) in CASES {
        let problem = problem(kind, side);
        let mut times = Vec::new();
        let mut answer = solved(&problem);
        for _ in 0..RUNS {
            let (again, elapsed) = timed(|| solved(&problem));
            assert_eq!(again, answer, "equal problems give equal answers");
            (answer, times) = (again, [times, vec![elapsed]].concat());
        }
        assert!(check(&problem, &answer).is_empty() && answer.is_optimal());
        times.sort_unstable();
        let ours_ms = times[RUNS / 2].as_secs_f64() * 1e3;
        let beside = if with_peer {
            let (total, elapsed) = peer(&problem);
            assert_eq!(total, answer.total, "both find the cheapest plan");
            let ms = elapsed.as_secs_f64() * 1e3;
            format!("{:.1} ({ms:.0})", ms / ours_ms)
        } else {
            "not measured".to_owned()
        };
        let (method, work) = (format!("{:?}", answer.method), answer.work as f64 / 1e6);
        println!("{kind:<9} {side:>5} {ours_ms:>10.1}   {method:<15} {work:>14.1}   {beside}");
        if let Ok(folder) = std::env::var("ASSIGNMENT_FILES") {
            write(&folder, kind, &problem, answer.total, ours_ms);
        }
    }
}

fn assignment(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("assignment");
    for (kind, side, _) in CASES.into_iter().filter(|case| case.1 <= 1_000) {
        let problem = problem(kind, side);
        group.throughput(Throughput::Elements((side * side) as u64));
        group.bench_with_input(BenchmarkId::new(kind, side), &problem, |b, problem| {
            b.iter(|| solved(problem))
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).measurement_time(Duration::from_secs(2));
    targets = assignment
}

fn main() {
    // Under `cargo test --benches` criterion only tries each function once: then the figures mean nothing.
    if std::env::args().any(|argument| argument == "--bench") {
        report();
    }
    benches();
    Criterion::default().configure_from_args().final_summary();
}
