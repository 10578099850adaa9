//! Planned sorties as the assignment tells them: names for indices, reasons for changes.

use super::sorties::Stated;
use super::{Answer, Change, Flight, Left, Refuelling, Together, urgency};
use crate::allocator::missions::{self, Plan};
use crate::allocator::ranking::Transport;
use crate::decision::model::Request;

/// A plan of `stated` as the assignment tells it.
pub(super) fn answer(together: &Together, requests: &[Request], stated: &Stated, plan: &Plan) -> Answer {
    let nobody = (0..together.open.len()).filter(|open| !stated.missions.contains(open));
    let nobody: Vec<usize> = nobody.collect();
    let alone: i64 =
        nobody.iter().map(|open| urgency(&requests[together.open[*open].ranking]).unserved()).sum();
    let mut answer = Answer {
        home_s: plan.routes.iter().map(|route| route.home_s).collect(),
        total: plan.total + alone,
        bound: plan.bound + alone,
        ..Answer::default()
    };
    for (aircraft, route) in plan.routes.iter().enumerate() {
        for (sortie, number) in route.sorties.iter().zip(1..) {
            answer.flights.extend(flight(together, stated, (aircraft, number), sortie));
        }
    }
    answer.flights.sort_by_key(|flight| flight.open);
    answer.left = nobody.into_iter().map(|open| Left { open, change: None }).collect();
    answer.left.extend(plan.unserved.iter().map(|left| Left {
        open: stated.missions[usize::from(left.mission)],
        change: Some(change(stated, left.change)),
    }));
    answer.left.sort_by_key(|left| left.open);
    answer
}

fn flight(
    together: &Together,
    stated: &Stated,
    (aircraft, number): (usize, u8),
    sortie: &missions::Sortie,
) -> Option<Flight> {
    let open = stated.missions[usize::from(sortie.mission)];
    let ranking = together.open[open].ranking;
    let names = &together.rankings[ranking].stated.names;
    let landing = &stated.reached[ranking][usize::from(sortie.landing)];
    let choice = landing.takers.iter().find(|choice| choice.aircraft == aircraft)?;
    let refuelling = sortie.refuel.map(|refuel| Refuelling {
        site: stated.stops[usize::from(refuel.stop)].clone(),
        from_s: refuel.from_s,
        litres: refuel.litres,
    });
    Some(Flight {
        open,
        aircraft,
        sortie: number,
        refuelling,
        site: names.sites[landing.site.index()].clone(),
        lands_s: sortie.arrive_s,
        care_s: sortie.arrive_s + choice.care_after_s(),
        leaves_s: sortie.leave_s,
        hospital: names.hospitals[landing.transport.hospital().index()].clone(),
        by_road: matches!(landing.transport, Transport::ByRoad { .. }),
        hospital_s: sortie.leave_s + choice.hospital_after_s(),
    })
}

fn change(stated: &Stated, change: missions::Change) -> Change {
    match change {
        missions::Change::LaterDue { by_s } => Change::LaterDue { by_s },
        missions::Change::LongerDuty { resource, by_s } => {
            Change::LongerDuty { aircraft: resource.into(), by_s }
        }
        missions::Change::MoreFlightTime { resource, by_s } => {
            Change::MoreFlightTime { aircraft: resource.into(), by_s }
        }
        missions::Change::MoreFuel { resource, by_s } => Change::MoreFuel { aircraft: resource.into(), by_s },
        missions::Change::MoreStock { stop, by_l } => {
            Change::MoreFuelAt { site: stated.stops[usize::from(stop)].clone(), by_l }
        }
        missions::Change::MoreSpots { pad } => {
            Change::FreeSite { site: stated.pads[usize::from(pad)].clone() }
        }
        missions::Change::MoreSorties { resource } => Change::OneMoreSortie { aircraft: resource.into() },
        missions::Change::Equip { .. }
        | missions::Change::OneMoreResource
        | missions::Change::HigherPrice { .. } => Change::AnotherAircraft,
    }
}
