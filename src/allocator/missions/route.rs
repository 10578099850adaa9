//! The rules of one route: judged here and nowhere else but in `check`.

use super::plan::{Limit, Refuel, Route, Sortie};
use super::problem::Problem;
use crate::units::{Seconds, UNREACHABLE};

/// A mission in a route, with the stop before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Leg {
    pub(super) mission: u16,
    pub(super) stop: Option<u16>,
}

/// What routes have taken of what is shared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Usage {
    /// Landings, shape pads x windows.
    landings: Vec<u16>,
    litres: Vec<u64>,
    windows: usize,
}

impl Usage {
    pub(super) fn none(problem: &Problem) -> Usage {
        let windows = problem.windows();
        Usage {
            landings: vec![0; problem.pads.len() * windows],
            litres: vec![0; problem.stops.len()],
            windows,
        }
    }

    /// Takes what a route uses.
    pub(super) fn take(&mut self, problem: &Problem, route: &Route) {
        for sortie in &route.sorties {
            if let Some(slot) = self.slot(problem, sortie) {
                self.landings[slot] += 1;
            }
            if let Some(refuel) = sortie.refuel {
                self.litres[usize::from(refuel.stop)] += u64::from(refuel.litres);
            }
        }
    }

    /// Gives it back.
    pub(super) fn give_back(&mut self, problem: &Problem, route: &Route) {
        for sortie in &route.sorties {
            if let Some(slot) = self.slot(problem, sortie) {
                self.landings[slot] -= 1;
            }
            if let Some(refuel) = sortie.refuel {
                self.litres[usize::from(refuel.stop)] -= u64::from(refuel.litres);
            }
        }
    }

    fn slot(&self, problem: &Problem, sortie: &Sortie) -> Option<usize> {
        let pad = problem.missions[usize::from(sortie.mission)].pad?;
        Some(usize::from(pad) * self.windows + (sortie.arrive_s / problem.window_s) as usize)
    }
}

/// What an arrival costs: begun minutes at the mission's price.
pub(super) fn arrival_cost(problem: &Problem, mission: u16, arrive_s: Seconds) -> i64 {
    i64::from(arrive_s.div_ceil(60)) * i64::from(problem.missions[usize::from(mission)].minute_price)
}

/// What a route's arrivals cost.
pub(super) fn route_cost(problem: &Problem, route: &Route) -> i64 {
    route.sorties.iter().map(|sortie| arrival_cost(problem, sortie.mission, sortie.arrive_s)).sum()
}

/// One resource on its way.
struct Way<'a> {
    problem: &'a Problem,
    resource: usize,
    place: u16,
    at_s: Seconds,
    fuel_s: Seconds,
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
    let mut way = Way { problem, resource, place: of.start, at_s: of.ready_s, fuel_s: of.fuel_s };
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
        route.home_s = way.at_s;
    }
    Ok(route)
}

fn fly(way: &mut Way<'_>, leg: Leg, before: &Route, usage: &Usage) -> Result<Sortie, Limit> {
    let problem = way.problem;
    let mission = &problem.missions[usize::from(leg.mission)];
    let missing = problem.resources[way.resource].capabilities.missing(mission.needs);
    if !missing.is_empty() {
        return Err(Limit::Capability { missing });
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
    way.go(mission.place)?;
    let arrive_s = landing(way, leg.mission, before, usage)?;
    if arrive_s > mission.due_s {
        return Err(Limit::Late { by_s: arrive_s - mission.due_s });
    }
    way.at_s = arrive_s + mission.on_scene_s;
    Ok(Sortie { mission: leg.mission, refuel, arrive_s, leave_s: way.at_s })
}

/// When it can land: who would wait above a full site leaves later instead.
fn landing(way: &Way<'_>, mission: u16, before: &Route, usage: &Usage) -> Result<Seconds, Limit> {
    let (problem, of) = (way.problem, &way.problem.missions[usize::from(mission)]);
    let earliest_s = way.at_s.max(of.from_s);
    let Some(pad) = of.pad else { return Ok(earliest_s) };
    let first = (earliest_s / problem.window_s) as usize;
    let last = (of.due_s / problem.window_s) as usize;
    if earliest_s > of.due_s {
        return Ok(earliest_s);
    }
    for window in first..=last {
        let slot = usize::from(pad) * usage.windows + window;
        let own = before.sorties.iter().filter(|sortie| usage.slot(problem, sortie) == Some(slot)).count();
        if usize::from(usage.landings[slot]) + own < usize::from(problem.pads[usize::from(pad)]) {
            let begins_s = window as Seconds * problem.window_s;
            return Ok(earliest_s.max(begins_s));
        }
    }
    Err(Limit::PadFull { pad })
}
