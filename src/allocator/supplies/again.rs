//! A plan before, as far as it still can go: what a closure or a new count does not touch stays as people know it.

use super::index::FleetIdx;
use super::layout::Layout;
use super::problem::{Problem, Shipment, Stop};
use super::state::{Cargo, State, Trip};

/// Sends the shipments of an earlier plan again, each with as many of its vehicles as can still go with their whole
/// cargo; those that have been frozen since are left out.
///
/// # Complexity
/// O(shipments x lots of a good at a site).
pub(super) fn resend(layout: &Layout<'_>, before: &[Shipment], state: &mut State) {
    let problem = layout.problem;
    let mut row_of = vec![None; problem.needs.len()];
    layout.rows.iter().enumerate().for_each(|(place, row)| row_of[row.need.index()] = Some(place));
    let mut frozen: Vec<&Shipment> = problem.frozen.iter().collect();
    frozen.sort_unstable();
    // Of one period to bases first: what goes on from there has come before.
    let mut order: Vec<&Shipment> = before.iter().collect();
    order.sort_by_key(|shipment| (shipment.departs, shipment.to, *shipment));
    for shipment in order {
        if let Ok(place) = frozen.binary_search(&shipment) {
            frozen.remove(place);
            continue;
        }
        let Some(trip) = trip(layout, shipment) else { continue };
        match shipment.to {
            Stop::Point(_) => to_point(layout, shipment, trip, &row_of, state),
            Stop::Site(_) => to_base(layout, shipment, trip, state),
        }
    }
}

/// The leg of a shipment, where it still is one.
fn trip(layout: &Layout<'_>, shipment: &Shipment) -> Option<Trip> {
    let problem = layout.problem;
    if !names_what_is_there(problem, shipment) {
        return None;
    }
    let FleetIdx(fleet) = shipment.fleet;
    let mut legs = layout.legs_between(shipment.from.index(), problem.column(shipment.to));
    let leg = legs.find(|leg| layout.legs[*leg].fleet == fleet as usize)?;
    let departs = shipment.departs.index();
    (departs + layout.legs[leg].delay < layout.periods).then_some((leg, departs))
}

fn names_what_is_there(problem: &Problem, shipment: &Shipment) -> bool {
    problem.validate_one(0, shipment).is_ok()
}

fn to_point(
    layout: &Layout<'_>,
    shipment: &Shipment,
    trip: Trip,
    row_of: &[Option<usize>],
    state: &mut State,
) {
    let at = &layout.legs[trip.0];
    let point = at.column - layout.problem.sites.len();
    let receiver = layout.problem.points[point].member.index();
    let cargo = shipment.lines.iter().map(|line| {
        let row = row_of[line.need?.index()]?;
        let of = &layout.rows[row];
        let is_in_time = trip.1 + at.delay <= layout.windows[of.window].last;
        if of.point != point || !is_in_time {
            return None;
        }
        let may_go = |lot: &&usize| {
            let lot = &state.lots[**lot];
            lot.stock == line.stock
                && lot.from <= trip.1
                && layout.passing(lot.giver, receiver).is_some()
                && (State::is_own(layout, lot) || layout.hands_on(at.from, point))
        };
        let lots = state.lots_at(layout, at.from, of.good).iter().filter(may_go);
        let lot = lots.max_by_key(|lot| (state.lots[**lot].units, std::cmp::Reverse(**lot)))?;
        Some((row, *lot, u64::from(line.units)))
    });
    let Some(mut cargo) = cargo.collect::<Option<Cargo>>() else { return };
    cargo.sort_unstable();
    let times = state.times_within(layout, trip, &cargo, |row| state.open_units(layout, row));
    if times > 0 {
        state.send(layout, trip, &cargo, times.min(shipment.vehicles.into()));
    }
}

fn to_base(layout: &Layout<'_>, shipment: &Shipment, trip: Trip, state: &mut State) {
    let cargo = shipment.lines.iter().map(|line| {
        let lot = line.stock.index();
        let is_here = layout.lots[lot].site == shipment.from.index() && layout.lots[lot].from <= trip.1;
        is_here.then_some((lot, u64::from(line.units)))
    });
    let Some(cargo) = cargo.collect::<Option<Vec<_>>>() else { return };
    let times = state.times_to_base(layout, trip, &cargo).min(shipment.vehicles.into());
    if times > 0 {
        state.send_to_base(layout, trip, &cargo, times);
    }
}
