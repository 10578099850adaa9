//! The mutual-aid plan of a region like Kansai: gap by rounds and time, where stocks or vehicles are short.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

#[path = "common/aid.rs"]
mod aid;

use std::time::Instant;
use yui::allocator::supplies::{WorkBudget, check, solve};

#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
fn main() {
    for scarcity_percent in [20, 60] {
        let problem = aid::problem(7, aid::KANSAI, scarcity_percent);
        for rounds in [3, 12, 40] {
            let budget = WorkBudget { rounds, life_saving_rounds: rounds / 3 + 1 };
            let start = Instant::now();
            let plan = solve(&problem, budget, None).expect("the factory makes valid problems");
            let seconds = start.elapsed().as_secs_f64();
            assert_eq!(check(&problem, &plan), vec![]);
            println!(
                "stock {scarcity_percent} %, {rounds} rounds: {seconds:.2} s, gap {} ppm of the value, {} ppm of what can be moved; life-saving {} and {} ppm; {} shipments",
                plan.gap.of_value_ppm(),
                plan.gap.of_movable_ppm(),
                plan.life_saving.of_value_ppm(),
                plan.life_saving.of_movable_ppm(),
                plan.shipments.len()
            );
        }
    }
}
