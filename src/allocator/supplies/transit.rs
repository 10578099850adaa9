//! Goods through bases: what is brought there ahead, and taken back from the plan when nobody takes it on.

use super::ascent::Ascent;
use super::layout::Layout;
use super::problem::{Stop, VEHICLE};
use super::state::State;
use std::collections::BTreeMap;

/// Brings to bases what the newest sweep would send through them, in whole vehicles.
///
/// A way through a base is only wanted where it is cheaper than every straight one, so most often where none is.
pub(super) fn stage(layout: &Layout<'_>, ascent: &Ascent, state: &mut State) {
    let mut wanted: BTreeMap<(usize, usize), BTreeMap<usize, u64>> = BTreeMap::new();
    for flow in &ascent.cores.flows {
        let row = &layout.rows[flow.row];
        let Some(best) = ascent.sweep.way(layout, &ascent.current, flow.lot, row) else { continue };
        let mut trips = best.trips(layout.periods);
        let (Some(first), Some(_)) = (trips.next(), trips.next()) else { continue };
        *wanted.entry(first).or_default().entry(flow.lot).or_default() += flow.units;
    }
    for (trip, lots) in wanted {
        let class = super::index::ClassIdx::at(layout.legs[trip.0].class);
        let mut lots: Vec<(usize, u64)> = lots.into_iter().filter(|(_, units)| *units > 0).collect();
        while !lots.is_empty() {
            let (mut share, mut cargo) = (VEHICLE, Vec::new());
            for &(lot, units) in &lots {
                let good = super::index::GoodIdx::at(layout.lots[lot].good);
                let each = layout.problem.share_of(good, class);
                let taken = units.min(share / each).min(state.lots[lot].units);
                if taken > 0 {
                    share -= taken * each;
                    cargo.push((lot, taken));
                }
            }
            let whole = cargo.iter().map(|(lot, taken)| {
                lots.iter().find(|(of, _)| of == lot).map_or(0, |(_, units)| units / taken)
            });
            let times = whole.min().unwrap_or(0).min(state.times_to_base(layout, trip, &cargo));
            if times == 0 {
                break;
            }
            state.send_to_base(layout, trip, &cargo, times);
            for (lot, units) in &mut lots {
                let taken = cargo.iter().find(|(of, _)| of == lot).map_or(0, |(_, taken)| *taken);
                *units -= taken * times;
            }
            lots.retain(|(_, units)| *units > 0);
        }
    }
}

/// Takes vehicles to bases out of the plan whose cargo nobody takes on, the latest first; whether there were any.
pub(super) fn trim(layout: &Layout<'_>, state: &mut State) -> bool {
    let mut is_changed = false;
    for place in (0..state.shipments.len()).rev() {
        let Stop::Site(base) = state.shipments[place].to else { continue };
        let shipment = state.shipments[place].clone();
        let idle = |stock| -> u64 {
            let brought = state.lots[layout.lots.len()..].iter();
            let there = brought.filter(|lot| lot.site == base.index() && lot.stock == stock);
            // Only what this shipment itself brought: lots of one stock, base and period are alike.
            let arrives = arrival(layout, &shipment) + 1;
            there.filter(|lot| lot.from == arrives).map(|lot| lot.units).sum()
        };
        let spare = shipment.lines.iter().map(|line| idle(line.stock) / u64::from(line.units)).min();
        let spare = spare.unwrap_or(0).min(u64::from(shipment.vehicles));
        if spare > 0 {
            state.take_back(layout, place, spare as u32);
            is_changed = true;
        }
    }
    state.shipments.retain(|shipment| shipment.vehicles > 0);
    is_changed
}

/// The period in which a shipment is unloaded.
pub(super) fn arrival(layout: &Layout<'_>, shipment: &super::problem::Shipment) -> usize {
    let problem = layout.problem;
    let class = problem.fleets[shipment.fleet.index()].class;
    let travel_s = problem.travel_s(class, shipment.from, shipment.to).unwrap_or(0);
    problem.arrives(shipment.departs, problem.outward_s(class, travel_s))
}
