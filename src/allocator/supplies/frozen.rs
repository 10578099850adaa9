//! Shipments that are decided already: whether they can be, and what they leave of the limits.

use super::index::StockIdx;
use super::problem::{Problem, Shipment, Stop, VEHICLE};
use super::validate::ProblemError;

/// Whether every frozen shipment has a way, fits its vehicle and meets needs of its good where it goes.
///
/// Limits that they exceed together (a dock that has become smaller since) are no error: nothing more fits there.
pub(super) fn validate(problem: &Problem) -> Result<(), ProblemError> {
    for (index, shipment) in problem.frozen.iter().enumerate() {
        if let Some(why) = impossible(problem, shipment) {
            return Err(ProblemError::FrozenImpossible { index, why });
        }
    }
    let brought = super::objective::brought(problem, &problem.frozen);
    let over =
        brought.iter().zip(&problem.needs).position(|(brought, need)| *brought > u64::from(need.units));
    match over {
        None => Ok(()),
        Some(_) => {
            Err(ProblemError::FrozenImpossible { index: 0, why: "together they bring more than a need" })
        }
    }
}

/// What makes a shipment impossible by itself, whatever else goes.
pub(super) fn impossible(problem: &Problem, shipment: &Shipment) -> Option<&'static str> {
    let class = problem.fleets[shipment.fleet.index()].class;
    if !problem.loads_at(shipment.fleet, shipment.from) {
        return Some("its fleet does not load there");
    }
    let Some(travel_s) = problem.travel_s(class, shipment.from, shipment.to) else {
        return Some("no way is open");
    };
    let arrives = problem.arrives(shipment.departs, problem.outward_s(class, travel_s));
    if arrives >= problem.periods as usize {
        return Some("it arrives after the plan ends");
    }
    if shipment.lines.is_empty() {
        return Some("it carries nothing");
    }
    if !shipment.lines.windows(2).all(|pair| key(&pair[0]) < key(&pair[1])) {
        return Some("its lines are not ascending");
    }
    let mut share: u64 = 0;
    for line in &shipment.lines {
        let stock = &problem.stocks[line.stock.index()];
        share =
            share.saturating_add(u64::from(line.units).saturating_mul(problem.share_of(stock.good, class)));
        if stock.site == shipment.from && stock.available_from > shipment.departs {
            return Some("it leaves before its stock is there");
        }
        let why = match (shipment.to, line.need) {
            (Stop::Point(point), Some(need)) => {
                let need = &problem.needs[need.index()];
                let fits = need.point == point && need.good == stock.good;
                if !fits {
                    Some("it carries something for a need of somebody or something else")
                } else if arrives > problem.last_use(need) {
                    Some("it arrives when it is of no use any more")
                } else {
                    None
                }
            }
            (Stop::Point(_), None) => Some("it brings something that meets no need"),
            (Stop::Site(_), Some(_)) => Some("it meets a need at a base"),
            (Stop::Site(site), None) => {
                let is_fed = problem.sites[shipment.from.index()].feeds.contains(&site);
                (!is_fed || stock.site != shipment.from).then_some("that base is not fed from there")
            }
        };
        if why.is_some() {
            return why;
        }
    }
    (share > VEHICLE).then_some("it does not fit its vehicle")
}

fn key(line: &super::problem::Line) -> (StockIdx, Option<super::index::NeedIdx>) {
    (line.stock, line.need)
}
