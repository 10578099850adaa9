//! One period of supplies: which depot sends how much of which good to which receiving point.
//!
//! `cargo bench --bench transport`. Every answer is proven by `check` before its time is printed. The reference is the
//! obvious way, successive shortest paths over every arc in a list, at a size that it can bear.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

#[path = "common/supplies.rs"]
mod supplies;

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group};
use yui::allocator::transport::{Problem, Solved, UNREACHABLE, WorkBudget, check, solve, solve_again};

/// Name, depots, receiving points, goods, nearest depots that are open to a point (0: all).
const SIZES: [(&str, usize, usize, usize, usize); 4] = [
    ("36x241x12", 36, 241, 12, 0),
    ("300x5000x1", 300, 5_000, 1, 0),
    ("300x5000x12", 300, 5_000, 12, 0),
    ("300x5000x12-nearest20", 300, 5_000, 12, 20),
];
/// The size of the reference.
const PLAIN: (usize, usize, usize) = (20, 200, 2);

#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let answer = black_box(work());
    (answer, start.elapsed())
}

/// The middle of three.
fn median<T>(mut work: impl FnMut() -> T) -> (T, Duration) {
    let mut runs: Vec<(T, Duration)> = (0..3).map(|_| timed(&mut work)).collect();
    runs.sort_by_key(|run| run.1);
    runs.swap_remove(1)
}

fn cold(problem: &Problem) -> Solved {
    solve(problem, WorkBudget::default()).expect("the factory makes valid problems")
}

fn warm(problem: &Problem, from: &Solved) -> Solved {
    solve_again(problem, &from.basis, WorkBudget::default()).expect("of the same shape")
}

fn assert_proven(problem: &Problem, solved: &Solved) {
    assert_eq!(check(problem, &solved.answer), Vec::new());
    assert!(solved.answer.is_optimal());
}

/// What an event changes: one way in 499 closes, one stock in 101 loses a tenth, one depot handles half.
fn after_an_event(problem: &Problem) -> Problem {
    let mut after = problem.clone();
    after.cost.iter_mut().step_by(499).for_each(|cost| *cost = UNREACHABLE);
    if let Some(throughput) = after.throughput.first_mut() {
        *throughput /= 2;
    }
    after.stock.iter_mut().step_by(101).for_each(|units| *units = *units * 9 / 10);
    after
}

fn report() {
    println!("size                       function      ms    pivots   optimum");
    for (name, depots, points, goods, nearest) in SIZES {
        let problem = supplies::problem(1, depots, points, goods, nearest);
        let (solved, time) = median(|| cold(&problem));
        assert_proven(&problem, &solved);
        let row = |function: &str, time: Duration, solved: &Solved| {
            let (ms, answer) = (time.as_secs_f64() * 1e3, &solved.answer);
            println!("{name:<26} {function:<8} {ms:>8.1} {:>9}   {}", answer.pivots, answer.objective);
        };
        row("cold", time, &solved);
        let after = after_an_event(&problem);
        let (anew, cold_time) = median(|| cold(&after));
        let (again, time) = median(|| warm(&after, &solved));
        assert_proven(&after, &again);
        assert_eq!(anew.answer.objective, again.answer.objective);
        row("event", cold_time, &anew);
        row("again", time, &again);
        println!("{name:<26} again is x {:.1} of event", cold_time.as_secs_f64() / time.as_secs_f64());
    }
    let (depots, points, goods) = PLAIN;
    let problem = supplies::problem(1, depots, points, goods, 0);
    let (solved, time) = median(|| cold(&problem));
    let (plain, plain_time) = timed(|| supplies::plain_objective(&problem));
    assert_eq!(solved.answer.objective, plain);
    let ratio = plain_time.as_secs_f64() / time.as_secs_f64();
    println!(
        "{depots}x{points}x{goods}: x {ratio:.0} of successive shortest paths ({:.1} ms)",
        plain_time.as_secs_f64() * 1e3
    );
}

fn transport(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("transport");
    for (name, depots, points, goods, nearest) in &SIZES[..2] {
        let problem = supplies::problem(1, *depots, *points, *goods, *nearest);
        group.throughput(Throughput::Elements((depots * points * goods) as u64));
        group.bench_with_input(BenchmarkId::new("solve", name), &problem, |b, problem| {
            b.iter(|| cold(problem));
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).measurement_time(Duration::from_secs(2));
    targets = transport
}

fn main() {
    // Under `cargo test --benches` criterion only tries each function once: then the figures mean nothing.
    if std::env::args().any(|argument| argument == "--bench") {
        report();
    }
    benches();
    Criterion::default().configure_from_args().final_summary();
}
