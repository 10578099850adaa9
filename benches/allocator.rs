//! Ranking one patient: ten best with every limit, and reasons for all the rest.
//!
//! Targets (`docs/performance.md`): `shortlist` of 1,000 aircraft x 16 sites x 32 hospitals p99 <= 250 us,
//! `rank` <= 2 ms. Both answers are compared with the obvious triple loop on every scene before anything is timed,
//! and the ratio to that loop's median in the same run is printed.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

mod common;

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group};
use hdrhistogram::Histogram;
use yui::allocator::ranking::{Problem, WorkBudget, plain_rank, rank, shortlist};

/// As in the server: writing out a thousand reasons allocates.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Aircraft, sites, hospitals.
const SIZES: [(usize, usize, usize); 3] = [(8, 16, 32), (100, 16, 32), (1_000, 16, 32)];
/// Scenes per size, each in a region of its own.
const SCENES: u64 = 20;
/// Runs per percentile.
const RUNS: usize = 2_000;

fn name((aircraft, sites, hospitals): (usize, usize, usize)) -> String {
    format!("{aircraft}x{sites}x{hospitals}")
}

fn problems((aircraft, sites, hospitals): (usize, usize, usize)) -> Vec<Problem> {
    (0..SCENES).map(|seed| common::ranking::problem(seed, aircraft, sites, hospitals)).collect()
}

#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let answer = black_box(work());
    (answer, start.elapsed())
}

/// Both answers equal the triple loop's on every scene; the loop's median time.
fn assert_right(problems: &[Problem]) -> Duration {
    let budget = WorkBudget::default();
    let mut loops = Vec::new();
    for problem in problems {
        let (plain, elapsed) =
            timed(|| plain_rank(problem, budget).expect("the factory makes valid problems"));
        loops.push(elapsed);
        assert_eq!(shortlist(problem, budget).as_ref(), Ok(&plain.candidates));
        assert_eq!(rank(problem, budget), Ok(plain));
    }
    loops.sort_unstable();
    loops[loops.len() / 2]
}

/// Microseconds at the median, at the 99th percentile and at most.
fn percentiles<T>(problems: &[Problem], work: impl Fn(&Problem) -> T) -> [f64; 3] {
    let mut histogram = Histogram::<u64>::new(3).expect("three digits are supported");
    for problem in problems.iter().cycle().take(RUNS / 10 + RUNS).skip(RUNS / 10) {
        let (_, elapsed) = timed(|| work(problem));
        histogram.record(elapsed.as_nanos() as u64).expect("an auto-sized histogram takes any value");
    }
    [histogram.value_at_quantile(0.5), histogram.value_at_quantile(0.99), histogram.max()]
        .map(|nanos| nanos as f64 / 1e3)
}

fn report() {
    let budget = WorkBudget::default();
    println!(
        "size          function   median us     p99 us     max us   times faster than the triple loop (its us)"
    );
    for size in SIZES {
        let problems = problems(size);
        let plain_us = assert_right(&problems).as_secs_f64() * 1e6;
        let rows = [
            ("shortlist", percentiles(&problems, |problem| shortlist(problem, budget))),
            ("rank", percentiles(&problems, |problem| rank(problem, budget))),
        ];
        for (function, [median, p99, max]) in rows {
            let (name, ratio) = (name(size), plain_us / median);
            println!(
                "{name:<13} {function:<9} {median:>10.1} {p99:>10.1} {max:>10.1}   {ratio:.0} ({plain_us:.0})"
            );
        }
        let plan = rank(&problems[0], budget).expect("the factory makes valid problems");
        let [able, ruled_out] = [plan.candidates.len() + plan.outranked.len(), plan.ruled_out.len()];
        println!("{:<13} first scene: {able} can go, {ruled_out} are ruled out", name(size));
    }
}

fn ranking(criterion: &mut Criterion) {
    let budget = WorkBudget::default();
    let mut group = criterion.benchmark_group("allocator");
    for size in SIZES {
        let problem = &problems(size)[0];
        group.throughput(Throughput::Elements(problem.aircraft.len() as u64));
        let id = |function: &str| BenchmarkId::new(function, name(size));
        group.bench_with_input(id("shortlist"), problem, |b, problem| b.iter(|| shortlist(problem, budget)));
        group.bench_with_input(id("rank"), problem, |b, problem| b.iter(|| rank(problem, budget)));
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(30).measurement_time(Duration::from_secs(2));
    targets = ranking
}

fn main() {
    // Under `cargo test --benches` criterion only tries each function once: then the figures mean nothing.
    if std::env::args().any(|argument| argument == "--bench") {
        report();
    }
    benches();
    Criterion::default().configure_from_args().final_summary();
}
