//! Prices first, whole vehicles then.

use super::ascent::Ascent;
use super::dual::Prices;
use super::layout::Layout;
use super::objective::{self, Scope, Tiers};
use super::packing::State;
use super::problem::{Problem, Shipment};
use super::validate::ProblemError;

/// Exp.
pub fn experiment(problem: &Problem, rounds: u32, now: &dyn Fn() -> f64, say: &dyn Fn(String)) -> Result<(Vec<Shipment>, Tiers), ProblemError> {
    problem.validate()?;
    let t = now();
    let layout = Layout::new(problem, Scope::Whole);
    say(format!("layout {:.3} legs {} rows {} origins {} kinds {} windows {}", now() - t, layout.legs.len(), layout.rows.len(), layout.origins.len(), layout.kinds.len(), layout.windows.len()));
    let nothing = objective::tiers(problem, &problem.frozen).weighed();
    say(format!("nothing {nothing}"));
    let mut ascent = Ascent::new(&layout, None);
    let mut best = i128::MAX;
    let mut found = (Vec::new(), Tiers::default());
    for round in 0..rounds {
        ascent.round(&layout);
        if (round + 1) % (rounds / 8).max(1) == 0 {
            let t1 = now();
            let candidates: Vec<u32> = ascent.seen.iter().enumerate().filter(|(_, seen)| **seen > 0.02).map(|(i, _)| i as u32).filter(|c| layout.legs[*c as usize / layout.periods].column >= problem.sites.len()).collect();
            let all: Vec<u32> = (0..ascent.seen.len() as u32).filter(|c| layout.legs[*c as usize / layout.periods].column >= problem.sites.len()).collect();
            let mut state = State::new(&layout);
            state.pack(&layout, &ascent.best, &candidates);
            let t2 = now();
            let v1 = objective::tiers(problem, &state.shipments).weighed();
            state.pack(&layout, &Prices::none(&layout), &candidates);
            let v2 = objective::tiers(problem, &state.shipments).weighed();
            let t3 = now();
            state.pack(&layout, &Prices::none(&layout), &all);
            let tiers = objective::tiers(problem, &state.shipments);
            let v3 = tiers.weighed();
            if v3 < best { best = v3; found = (state.shipments.clone(), tiers); }
            let gap = |v: i128| (v - ascent.bound) as f64 / v as f64 * 100.0;
            let gap2 = |v: i128| (v - ascent.bound) as f64 / (nothing - ascent.bound) as f64 * 100.0;
            say(format!("{:.2}s round {} bound {:.5e} gap {:.3}% {:.3}% {:.3}% of-movable {:.3}% cand {} pack {:.3} {:.3} {:.3} ship {} {:?}", now() - t, round + 1, ascent.bound as f64, gap(v1), gap(v2), gap(v3), gap2(v3), candidates.len(), t2 - t1, t3 - t2, now() - t3, state.shipments.len(), tiers));
        }
    }
    Ok(found)
}
