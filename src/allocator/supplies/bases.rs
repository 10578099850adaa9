//! What stands at bases: brought by one shipment, taken on by a later one.

use super::problem::{Problem, Shipment, Stop};
use std::collections::BTreeMap;

/// Units of each (base, stock) that come (+) or go (-) at each period; what comes in a period can go in the next.
pub(super) fn movements<'a>(
    problem: &Problem,
    shipments: impl IntoIterator<Item = &'a Shipment>,
) -> BTreeMap<(usize, usize), BTreeMap<usize, i64>> {
    let mut moves: BTreeMap<(usize, usize), BTreeMap<usize, i64>> = BTreeMap::new();
    let mut add = |base: usize, stock: usize, period: usize, units: i64| {
        *moves.entry((base, stock)).or_default().entry(period).or_default() += units;
    };
    for shipment in shipments {
        let class = problem.fleets[shipment.fleet.index()].class;
        let Some(travel_s) = problem.travel_s(class, shipment.from, shipment.to) else { continue };
        let arrives = problem.arrives(shipment.departs, problem.outward_s(class, travel_s));
        for line in &shipment.lines {
            let units = i64::from(line.units) * i64::from(shipment.vehicles);
            if let Stop::Site(base) = shipment.to {
                add(base.index(), line.stock.index(), arrives + 1, units);
            }
            if problem.stocks[line.stock.index()].site != shipment.from {
                add(shipment.from.index(), line.stock.index(), shipment.departs.index(), -units);
            }
        }
    }
    moves
}

/// What frozen shipments bring to bases beyond what frozen ones take on: (base, stock, first period) and units.
///
/// Of several arrivals the latest stay: the earlier ones are those that were taken on.
pub(super) fn frozen_lots(problem: &Problem) -> Vec<((usize, usize, usize), u64)> {
    let mut lots = Vec::new();
    for ((base, stock), moves) in movements(problem, &problem.frozen) {
        let mut taken: i64 = moves.values().filter(|units| **units < 0).sum();
        for (period, units) in moves.into_iter().filter(|(_, units)| *units > 0) {
            let stays = (units + taken).max(0);
            taken = (taken + units).min(0);
            if stays > 0 && period < problem.periods as usize {
                lots.push(((base, stock, period), stays as u64));
            }
        }
    }
    lots
}
