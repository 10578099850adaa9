//! The mutual-aid plan of a region like Kansai: gap by rounds and time, where stocks or
//! drivers' hours are short, and again after roads have closed.
//!
//! `INSTANCES=folder` instead writes problems of middle size and their plans there as documents, for `peers/plan.py`.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

#[path = "common/aid.rs"]
mod aid;

use std::time::Instant;
use yui::allocator::supplies::{
    Names, Plan, PlanDocument, Problem, ProblemDocument, WorkBudget, check, solve, solve_again,
};
use yui::units::UNREACHABLE;

/// Problems that another program's linear program still takes: seed, size, percent of the needs in stock.
const MIDDLE: [(u64, aid::Size, u32); 4] = [
    (1, aid::Size { depots: 5, points: 20, members: 2 }, 30),
    (2, aid::Size { depots: 5, points: 20, members: 2 }, 90),
    (3, aid::Size { depots: 6, points: 30, members: 2 }, 60),
    (4, aid::Size { depots: 6, points: 30, members: 1 }, 60),
];

fn main() {
    if let Ok(folder) = std::env::var("INSTANCES") {
        write_instances(&folder);
        return;
    }
    for scarcity_percent in [20, 60] {
        let problem = aid::problem(7, aid::KANSAI, scarcity_percent);
        for rounds in [3, 8, 20, 60] {
            let budget = WorkBudget { rounds, life_saving_rounds: rounds / 3 + 1 };
            let (plan, seconds) = timed(&problem, || solve(&problem, budget, None).ok());
            print(&format!("stock {scarcity_percent} %, {rounds} rounds"), &plan, seconds);
            if rounds == 20 {
                let closed = closed(&problem);
                let budget = WorkBudget { rounds: 2, life_saving_rounds: 1 };
                let (again, seconds) = timed(&closed, || solve_again(&closed, budget, &plan).ok());
                print(&format!("stock {scarcity_percent} %, again after a closure"), &again, seconds);
            }
        }
    }
}

/// The median of three runs, seconds.
#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
fn timed(problem: &Problem, solved: impl Fn() -> Option<Plan>) -> (Plan, f64) {
    let run = || {
        let start = Instant::now();
        let plan = solved().expect("the factory makes valid problems");
        (plan, start.elapsed().as_secs_f64())
    };
    let ((plan, a), (again, b), (_, c)) = (run(), run(), run());
    assert_eq!(plan, again, "equal problems have equal plans");
    assert_eq!(check(problem, &plan), vec![]);
    (plan, a.max(b).min(a.min(b).max(c)))
}

fn print(what: &str, plan: &Plan, seconds: f64) {
    println!(
        "{what}: {seconds:.2} s, gap {} ppm of the value, {} ppm of what can be moved; life-saving {} and {} ppm; {} shipments",
        plan.gap.of_value_ppm(),
        plan.gap.of_movable_ppm(),
        plan.life_saving.of_value_ppm(),
        plan.life_saving.of_movable_ppm(),
        plan.shipments.len()
    );
}

/// Every way by road from one depot to receiving points is closed.
fn closed(problem: &Problem) -> Problem {
    let mut closed = problem.clone();
    let (sites, columns) = (problem.sites.len(), problem.sites.len() + problem.points.len());
    for ways in &mut closed.ways[..2] {
        ways.travel_s[5 * columns + sites..6 * columns].fill(UNREACHABLE);
    }
    closed
}

fn write_instances(folder: &str) {
    for (seed, size, scarcity_percent) in MIDDLE {
        let problem = aid::problem(seed, size, scarcity_percent);
        let budget = WorkBudget::default();
        let (plan, seconds) = timed(&problem, || solve(&problem, budget, None).ok());
        let name = format!("{}x{}-{scarcity_percent}-{seed}", size.depots, size.points);
        print(&name, &plan, seconds);
        let names = Names::default();
        let (problem, plan) =
            (ProblemDocument { names: names.clone(), problem }, PlanDocument { names, plan });
        for (kind, text) in [("problem", problem.write()), ("solution", plan.write())] {
            let path = format!("{folder}/{name}.{kind}.json");
            std::fs::write(path, text).expect("INSTANCES is a folder to write to");
        }
    }
}
