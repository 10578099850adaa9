//! Stocks and needs at given prices of the ways: for each good the exact transport problem.
//!
//! What it finds is right for the ways' prices: what each stock is worth, and who gets how much from where, with no
//! stock sent twice. Its costs are scaled down to its range; the bound is worked out from the prices without it.

use super::dual::{NEVER, Prices, Sweep};
use super::layout::Layout;
use crate::allocator::transport::{
    Basis, Needs, Problem as Core, Step, Surcharges, UNREACHABLE, WorkBudget, limits, solve, solve_again,
};

/// Units from a lot to a row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Flow {
    pub(super) row: usize,
    pub(super) lot: usize,
    pub(super) units: u64,
}

/// One transport problem for each good, and where each was left.
pub(super) struct Cores {
    goods: Vec<OfGood>,
    scale: i64,
    pub(super) flows: Vec<Flow>,
}

struct OfGood {
    lots: Vec<usize>,
    rows: Vec<usize>,
    core: Core,
    basis: Option<Basis>,
}

impl Cores {
    pub(super) fn new(layout: &Layout<'_>) -> Cores {
        let dearest = layout.rows.iter().filter_map(|row| row.steps.first()).map(|step| step.1).max();
        let scale = dearest.unwrap_or(1) / i64::from(limits::COST_MAX) + 1;
        let of_good = |good: usize| {
            let lots = layout.lots_of_good[good].clone();
            let rows: Vec<usize> =
                (0..layout.rows.len()).filter(|row| layout.rows[*row].good == good).collect();
            let mut needs = Needs::with_capacity(rows.len());
            for row in &rows {
                let mut steps: Vec<Step> = Vec::new();
                for &(units, missed) in &layout.rows[*row].steps {
                    let step = Step { units: units as u32, penalty: missed / scale };
                    match steps.last_mut() {
                        Some(last) if last.penalty <= step.penalty => last.units += step.units,
                        _ => steps.push(step),
                    }
                }
                needs.push(&steps);
            }
            let core = Core {
                depots: lots.len(),
                goods: 1,
                points: rows.len(),
                stock: lots.iter().map(|lot| layout.lots[*lot].units as u32).collect(),
                needs,
                cost: vec![UNREACHABLE; lots.len() * rows.len()],
                throughput: Vec::new(),
                intake: Vec::new(),
                surcharges: Surcharges::default(),
            };
            OfGood { lots, rows, core, basis: None }
        };
        Cores { goods: (0..layout.problem.goods.len()).map(of_good).collect(), scale, flows: Vec::new() }
    }

    /// Solves every good at the ways' prices of `sweep`; puts the stocks' prices into `prices`.
    pub(super) fn solve(&mut self, layout: &Layout<'_>, sweep: &Sweep, prices: &mut Prices) {
        self.flows.clear();
        for of in &mut self.goods {
            if of.lots.is_empty() || of.rows.is_empty() {
                continue;
            }
            for (depot, &lot) in of.lots.iter().enumerate() {
                for (point, &row) in of.rows.iter().enumerate() {
                    let price =
                        sweep.way(layout, prices, lot, &layout.rows[row]).map_or(NEVER, |way| way.price);
                    let cost = u32::try_from(price / self.scale).unwrap_or(UNREACHABLE);
                    let cost = if cost > limits::COST_MAX { UNREACHABLE } else { cost };
                    of.core.cost[depot * of.rows.len() + point] = cost;
                }
            }
            let budget = WorkBudget::default();
            let again = of.basis.as_ref().and_then(|basis| solve_again(&of.core, basis, budget).ok());
            let Some(solved) = again.or_else(|| solve(&of.core, budget).ok()) else { continue };
            for (&lot, &price) in of.lots.iter().zip(&solved.answer.prices.stock) {
                let load = layout.rows[of.rows[0]].load as i64;
                let most = super::dual::price_max(layout, layout.lot_place(lot));
                prices.limits[layout.lot_place(lot)] =
                    price.saturating_mul(self.scale).saturating_mul(load).clamp(0, most);
            }
            self.flows.extend(solved.answer.flows.iter().map(|flow| Flow {
                row: of.rows[flow.point.0 as usize],
                lot: of.lots[flow.depot.0 as usize],
                units: u64::from(flow.units),
            }));
            of.basis = Some(solved.basis);
        }
    }
}
