//! The rules of one route: judged here and nowhere else but in `check`.

use super::plan::{Limit, Refuel, Route, Sortie};
use super::problem::{Landing, Problem, Stay};
use crate::units::{Seconds, UNREACHABLE};

/// A mission in a route, where it is reached, and the stop before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Leg {
    pub(super) mission: u16,
    pub(super) landing: u8,
    pub(super) stop: Option<u16>,
}

impl Leg {
    /// Every way to serve a mission: its landings, each after every stop and after none.
    pub(super) fn all(problem: &Problem, mission: u16) -> impl Iterator<Item = Leg> + use<> {
        let landings = 0..problem.missions[usize::from(mission)].landings.len() as u8;
        let stops = problem.stops.len() as u16;
        let of = move |landing: u8| {
            let stops = std::iter::once(None).chain((0..stops).map(Some));
            stops.map(move |stop| Leg { mission, landing, stop })
        };
        landings.flat_map(of)
    }

    /// Where it lands.
    pub(super) fn landing_of(self, problem: &Problem) -> &Landing {
        &problem.missions[usize::from(self.mission)].landings[usize::from(self.landing)]
    }
}

/// What routes have taken of what is shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Usage {
    /// When somebody stands there, by pad.
    stays: Vec<Vec<Stay>>,
    litres: Vec<u64>,
}

impl Usage {
    pub(super) fn none(problem: &Problem) -> Usage {
        Usage {
            stays: problem.pads.iter().map(|pad| pad.taken.clone()).collect(),
            litres: vec![0; problem.stops.len()],
        }
    }

    /// Takes what a route uses.
    pub(super) fn take(&mut self, problem: &Problem, route: &Route) {
        for sortie in &route.sorties {
            if let Some(pad) = pad_of(problem, sortie) {
                self.stays[usize::from(pad)].push(stay(sortie));
            }
            if let Some(refuel) = sortie.refuel {
                self.litres[usize::from(refuel.stop)] += u64::from(refuel.litres);
            }
        }
    }

    /// Gives it back.
    pub(super) fn give_back(&mut self, problem: &Problem, route: &Route) {
        for sortie in &route.sorties {
            if let Some(pad) = pad_of(problem, sortie) {
                let stays = &mut self.stays[usize::from(pad)];
                // Equal stays are alike, so any of them may go.
                if let Some(place) = stays.iter().rposition(|taken| *taken == stay(sortie)) {
                    stays.swap_remove(place);
                }
            }
            if let Some(refuel) = sortie.refuel {
                self.litres[usize::from(refuel.stop)] -= u64::from(refuel.litres);
            }
        }
    }
}

/// Where a sortie takes room.
fn pad_of(problem: &Problem, sortie: &Sortie) -> Option<u16> {
    problem.missions[usize::from(sortie.mission)].landings[usize::from(sortie.landing)].pad
}

/// When.
fn stay(sortie: &Sortie) -> Stay {
    Stay { from_s: sortie.arrive_s, until_s: sortie.leave_s }
}

/// Most that stand there at one instant within a time; a stay that ends as another begins is beside none.
pub(super) fn most_at_once(stays: &[Stay], within: Stay) -> usize {
    let at = |instant_s: Seconds| {
        stays.iter().filter(|stay| stay.from_s <= instant_s && instant_s < stay.until_s).count()
    };
    let begins = stays.iter().map(|stay| stay.from_s);
    let begins = begins.filter(|from_s| within.from_s < *from_s && *from_s < within.until_s);
    begins.chain([within.from_s]).map(at).max().unwrap_or(0)
}

/// What an arrival costs: begun minutes at the mission's price.
pub(super) fn arrival_cost(problem: &Problem, mission: u16, arrive_s: Seconds) -> i64 {
    i64::from(arrive_s.div_ceil(60)) * i64::from(problem.missions[usize::from(mission)].minute_price)
}

/// What a route's arrivals cost, with their fees.
pub(super) fn route_cost(problem: &Problem, resource: usize, route: &Route) -> i64 {
    let cost = |sortie: &Sortie| {
        let leg = Leg { mission: sortie.mission, landing: sortie.landing, stop: None };
        let fee = leg.landing_of(problem).fee(resource as u16).unwrap_or(0);
        arrival_cost(problem, sortie.mission, sortie.arrive_s) + i64::from(fee)
    };
    route.sorties.iter().map(cost).sum()
}

/// One resource on its way.
struct Way<'a> {
    problem: &'a Problem,
    resource: usize,
    place: u16,
    at_s: Seconds,
    fuel_s: Seconds,
    flown_s: Seconds,
}

impl Way<'_> {
    fn go(&mut self, place: u16) -> Result<(), Limit> {
        let resource = &self.problem.resources[self.resource];
        let travel_s = self.problem.travel(resource.class, self.place, place);
        if travel_s == UNREACHABLE {
            return Err(Limit::Unreachable);
        }
        let needed_s = travel_s + resource.reserve_s;
        if self.fuel_s < needed_s {
            return Err(Limit::Fuel { short_s: needed_s - self.fuel_s });
        }
        self.fuel_s -= travel_s;
        self.flown_s += travel_s;
        self.at_s += travel_s;
        self.place = place;
        Ok(())
    }

    /// Fills the tank; what was taken before from the same stop on this way comes on top of `used`.
    fn refuel(&mut self, stop: u16, used_l: u64) -> Result<Refuel, Limit> {
        let (resource, place) =
            (&self.problem.resources[self.resource], &self.problem.stops[usize::from(stop)]);
        self.go(place.place)?;
        let litres = litres(resource.endurance_s - self.fuel_s, resource.burn_l_per_h);
        let left_l = u64::from(place.stock_l).saturating_sub(used_l);
        if u64::from(litres) > left_l {
            return Err(Limit::Stock { stop, short_l: litres - left_l as u32 });
        }
        let refuel = Refuel { stop, from_s: self.at_s, litres };
        self.fuel_s = resource.endurance_s;
        self.at_s += place.refuel_s;
        Ok(refuel)
    }
}

/// Litres that so many seconds of travel burn, rounded up.
pub(super) fn litres(seconds: Seconds, burn_l_per_h: u32) -> u32 {
    // At most a week at 100,000 litres an hour: 16.8 million.
    (u64::from(seconds) * u64::from(burn_l_per_h)).div_ceil(3_600) as u32
}

/// The earliest times of a route, beside what others have taken.
///
/// # Errors
/// The first [`Limit`] that it breaks, at the leg of that number.
pub(super) fn drive(
    problem: &Problem,
    resource: usize,
    legs: &[Leg],
    usage: &Usage,
) -> Result<Route, (usize, Limit)> {
    let of = &problem.resources[resource];
    if legs.len() > usize::from(of.sorties_max) {
        return Err((legs.len() - 1, Limit::Sorties));
    }
    let mut way = Way { problem, resource, place: of.start, at_s: of.ready_s, fuel_s: of.fuel_s, flown_s: 0 };
    let mut route = Route::default();
    for (number, leg) in legs.iter().enumerate() {
        let sortie = fly(&mut way, *leg, &route, usage).map_err(|limit| (number, limit))?;
        route.sorties.push(sortie);
    }
    if let Some(last) = legs.len().checked_sub(1) {
        way.go(of.home).map_err(|limit| (last, limit))?;
        if way.at_s > of.duty_end_s {
            return Err((last, Limit::Duty { by_s: way.at_s - of.duty_end_s }));
        }
        if way.flown_s > of.flight_left_s {
            return Err((last, Limit::FlightTime { by_s: way.flown_s - of.flight_left_s }));
        }
        route.home_s = way.at_s;
    }
    Ok(route)
}

fn fly(way: &mut Way<'_>, leg: Leg, before: &Route, usage: &Usage) -> Result<Sortie, Limit> {
    let problem = way.problem;
    let of = &problem.resources[way.resource];
    let (mission, landing) = (&problem.missions[usize::from(leg.mission)], leg.landing_of(problem));
    let missing = of.capabilities.missing(mission.needs);
    if !missing.is_empty() {
        return Err(Limit::Capability { missing });
    }
    if landing.fee(way.resource as u16).is_none() {
        return Err(Limit::Barred);
    }
    if way.at_s > of.starts_by_s {
        return Err(Limit::Duty { by_s: way.at_s - of.starts_by_s });
    }
    let refuel = match leg.stop {
        None => None,
        Some(stop) => {
            let own = before.sorties.iter().filter_map(|sortie| sortie.refuel);
            let own_l: u64 =
                own.filter(|refuel| refuel.stop == stop).map(|refuel| u64::from(refuel.litres)).sum();
            Some(way.refuel(stop, usage.litres[usize::from(stop)] + own_l)?)
        }
    };
    way.go(landing.place)?;
    let arrive_s = land(way, leg, before, usage)?;
    if arrive_s > mission.due_s {
        return Err(Limit::Late { by_s: arrive_s - mission.due_s });
    }
    let leave_s = arrive_s + mission.on_scene_s;
    way.at_s = leave_s;
    if let Some(onward) = landing.onward {
        way.go(onward.place)?;
        way.at_s += onward.stop_s;
    }
    Ok(Sortie { mission: leg.mission, landing: leg.landing, refuel, arrive_s, leave_s, free_s: way.at_s })
}

/// When it can land: who would wait above a full site leaves later instead.
fn land(way: &Way<'_>, leg: Leg, before: &Route, usage: &Usage) -> Result<Seconds, Limit> {
    let (problem, landing) = (way.problem, leg.landing_of(way.problem));
    let of = &problem.missions[usize::from(leg.mission)];
    let earliest_s = way.at_s.max(landing.from_s);
    let Some(pad) = landing.pad.filter(|_| earliest_s <= of.due_s) else { return Ok(earliest_s) };
    let mut stays = usage.stays[usize::from(pad)].clone();
    stays.extend(before.sorties.iter().filter(|own| pad_of(problem, own) == Some(pad)).map(stay));
    // There is room at once, or as soon as one of them leaves, or never.
    let leaves = stays.iter().map(|stay| stay.until_s).filter(|until_s| *until_s > earliest_s);
    let spots = usize::from(problem.pads[usize::from(pad)].spots);
    let has_room = |from_s: &Seconds| {
        most_at_once(&stays, Stay { from_s: *from_s, until_s: *from_s + of.on_scene_s }) < spots
    };
    let lands = leaves.chain([earliest_s]).filter(has_room).min();
    lands.filter(|lands_s| *lands_s <= of.due_s).ok_or(Limit::PadFull { pad })
}
