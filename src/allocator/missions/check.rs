//! Verifies a plan without the solver: every limit counted anew, and the bound from its prices.

use super::bound::Relaxation;
use super::plan::{Plan, Route, Sortie};
use super::problem::{Landing, Problem, ProblemError, Stay};
use super::route::most_at_once;
use crate::allocator::assignment;
use crate::units::{Seconds, UNREACHABLE};
use std::collections::BTreeMap;

/// What is wrong with a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Violation {
    /// The problem itself cannot be planned.
    Invalid(ProblemError),
    /// There is not one route for each resource, or an index points outside the problem.
    Shape,
    /// A sortie begins before the resource can be there, or its times do not fit together.
    Times {
        /// Whose.
        resource: u16,
    },
    /// A sortie arrives before it may or after it must.
    Window {
        /// At which.
        mission: u16,
    },
    /// A resource cannot do what a mission needs.
    Capability {
        /// Which.
        resource: u16,
    },
    /// A resource would touch its reserve, or takes other than what fills its tank.
    Fuel {
        /// Which.
        resource: u16,
    },
    /// A resource is home too late, or flies too often.
    Duty {
        /// Which.
        resource: u16,
    },
    /// A resource lands where it may not.
    Taker {
        /// Which.
        resource: u16,
    },
    /// A resource serves two missions of one group.
    Group {
        /// Which.
        resource: u16,
    },
    /// A mission is served by other than the resources it takes, or stands in the wrong list.
    Resources {
        /// Which.
        mission: u16,
    },
    /// More stand there at once than may.
    Landings {
        /// Where.
        pad: u16,
    },
    /// More is taken from a stop than it has.
    Stock {
        /// Where.
        stop: u16,
    },
    /// The plan does not cost what it says.
    WrongTotal,
    /// The prices do not prove the bound.
    WrongBound,
}

/// Everything that is wrong with a plan; empty for a right one.
///
/// # Complexity
/// O(sorties), and for the bound as much as stating the assignment takes: O(classes x places^3 + parts x sorties).
#[must_use]
pub fn check(problem: &Problem, plan: &Plan) -> Vec<Violation> {
    if let Err(error) = problem.validate() {
        return vec![Violation::Invalid(error)];
    }
    let sorties = || plan.routes.iter().flat_map(|route| &route.sorties);
    let is_known = |sortie: &Sortie| {
        let stop = sortie.refuel.map_or(0, |refuel| usize::from(refuel.stop) + 1);
        let of = problem.missions.get(usize::from(sortie.mission));
        of.is_some_and(|of| usize::from(sortie.landing) < of.landings.len()) && stop <= problem.stops.len()
    };
    if plan.routes.len() != problem.resources.len() || !sorties().all(is_known) {
        return vec![Violation::Shape];
    }
    let mut violations = Vec::new();
    for (resource, route) in (0..).zip(&plan.routes) {
        check_route(problem, resource, route, &mut violations);
    }
    check_missions(problem, plan, &mut violations);
    check_shared(problem, plan, &mut violations);
    let by_resource = (0..).zip(&plan.routes);
    let arrivals = by_resource.flat_map(|(resource, route)| {
        route.sorties.iter().map(move |sortie| {
            let price = problem.missions[usize::from(sortie.mission)].minute_price;
            let fee = landing(problem, sortie).fee(resource).unwrap_or(0);
            i64::from(price) * i64::from(sortie.arrive_s.div_ceil(60)) + i64::from(fee)
        })
    });
    let left = plan.unserved.iter().filter_map(|left| problem.missions.get(usize::from(left.mission)));
    if arrivals.sum::<i64>() + left.map(|mission| mission.unserved).sum::<i64>() != plan.total {
        violations.push(Violation::WrongTotal);
    }
    if !proves(problem, plan) {
        violations.push(Violation::WrongBound);
    }
    violations
}

fn landing<'a>(problem: &'a Problem, sortie: &Sortie) -> &'a Landing {
    &problem.missions[usize::from(sortie.mission)].landings[usize::from(sortie.landing)]
}

/// Travel in seconds, if there is a way.
fn way(problem: &Problem, class: u8, from: u16, to: u16) -> Option<Seconds> {
    Some(problem.travel(class, from, to)).filter(|seconds| *seconds != UNREACHABLE)
}

fn check_route(problem: &Problem, resource: u16, route: &Route, violations: &mut Vec<Violation>) {
    let of = &problem.resources[usize::from(resource)];
    let Some(last) = route.sorties.last() else {
        if route.home_s != 0 {
            violations.push(Violation::Times { resource });
        }
        return;
    };
    let (mut place, mut free_s, mut fuel_s) = (of.start, of.ready_s, i64::from(of.fuel_s));
    let mut flown_s = 0_u64;
    let mut groups: Vec<u16> = Vec::new();
    for sortie in &route.sorties {
        let mission = &problem.missions[usize::from(sortie.mission)];
        let at = landing(problem, sortie);
        if at.fee(resource).is_none() {
            violations.push(Violation::Taker { resource });
        }
        if let Some(group) = mission.group {
            if groups.contains(&group) {
                violations.push(Violation::Group { resource });
            }
            groups.push(group);
        }
        if free_s > of.starts_by_s {
            violations.push(Violation::Duty { resource });
        }
        if let Some(refuel) = sortie.refuel {
            let stop = &problem.stops[usize::from(refuel.stop)];
            let there = way(problem, of.class, place, stop.place);
            let Some(there_s) = there else { return violations.push(Violation::Times { resource }) };
            if free_s.saturating_add(there_s) > refuel.from_s {
                violations.push(Violation::Times { resource });
            }
            fuel_s -= i64::from(there_s);
            flown_s += u64::from(there_s);
            let burnt = (i64::from(of.endurance_s) - fuel_s) * i64::from(of.burn_l_per_h);
            let is_short = fuel_s < i64::from(of.reserve_s);
            if is_short || i64::from(refuel.litres) != burnt / 3_600 + i64::from(burnt % 3_600 > 0) {
                violations.push(Violation::Fuel { resource });
            }
            (place, free_s, fuel_s) =
                (stop.place, refuel.from_s.saturating_add(stop.refuel_s), i64::from(of.endurance_s));
        }
        let there = way(problem, of.class, place, at.place);
        let on = at.onward.map_or(Some(0), |onward| way(problem, of.class, at.place, onward.place));
        let (Some(there_s), Some(on_s)) = (there, on) else {
            return violations.push(Violation::Times { resource });
        };
        fuel_s -= i64::from(there_s) + i64::from(on_s);
        flown_s += u64::from(there_s) + u64::from(on_s);
        if fuel_s < i64::from(of.reserve_s) {
            violations.push(Violation::Fuel { resource });
        }
        let leave_s = sortie.arrive_s.saturating_add(mission.on_scene_s);
        let stop_s = at.onward.map_or(0, |onward| onward.stop_s);
        let is_later = free_s.saturating_add(there_s) > sortie.arrive_s;
        if is_later
            || leave_s != sortie.leave_s
            || leave_s.saturating_add(on_s).saturating_add(stop_s) != sortie.free_s
        {
            violations.push(Violation::Times { resource });
        }
        if !(at.from_s..=mission.due_s).contains(&sortie.arrive_s) {
            violations.push(Violation::Window { mission: sortie.mission });
        }
        if mission.needs.0 & !of.capabilities.0 != 0 {
            violations.push(Violation::Capability { resource });
        }
        (place, free_s) = (at.ends_at(), sortie.free_s);
    }
    let Some(home_s) = way(problem, of.class, place, of.home) else {
        return violations.push(Violation::Times { resource });
    };
    if last.free_s.saturating_add(home_s) != route.home_s {
        violations.push(Violation::Times { resource });
    }
    if flown_s + u64::from(home_s) > u64::from(of.flight_left_s) {
        violations.push(Violation::Duty { resource });
    }
    if fuel_s - i64::from(home_s) < i64::from(of.reserve_s) {
        violations.push(Violation::Fuel { resource });
    }
    if route.home_s > of.duty_end_s || route.sorties.len() > usize::from(of.sorties_max) {
        violations.push(Violation::Duty { resource });
    }
}

/// Each mission has as many different resources as it takes, or stands once among those that are left.
fn check_missions(problem: &Problem, plan: &Plan, violations: &mut Vec<Violation>) {
    let mut by_mission: BTreeMap<u16, Vec<u16>> = BTreeMap::new();
    for (resource, route) in (0..).zip(&plan.routes) {
        route.sorties.iter().for_each(|sortie| by_mission.entry(sortie.mission).or_default().push(resource));
    }
    for (mission, of) in (0..).zip(&problem.missions) {
        let mut resources = by_mission.remove(&mission).unwrap_or_default();
        let sorties = resources.len();
        resources.dedup();
        let left = plan.unserved.iter().filter(|left| left.mission == mission).count();
        let wanted = if left == 0 { usize::from(of.resources) } else { 0 };
        if left > 1 || sorties != wanted || resources.len() != wanted {
            violations.push(Violation::Resources { mission });
        }
    }
    let is_known = plan.unserved.iter().all(|left| usize::from(left.mission) < problem.missions.len());
    if !is_known || !plan.unserved.is_sorted_by_key(|left| left.mission) {
        violations.push(Violation::Shape);
    }
}

fn check_shared(problem: &Problem, plan: &Plan, violations: &mut Vec<Violation>) {
    let mut stays: BTreeMap<u16, Vec<Stay>> = BTreeMap::new();
    let mut litres: BTreeMap<u16, u64> = BTreeMap::new();
    for sortie in plan.routes.iter().flat_map(|route| &route.sorties) {
        if let Some(pad) = landing(problem, sortie).pad {
            let stay = Stay { from_s: sortie.arrive_s, until_s: sortie.leave_s };
            stays.entry(pad).or_default().push(stay);
        }
        if let Some(refuel) = sortie.refuel {
            *litres.entry(refuel.stop).or_default() += u64::from(refuel.litres);
        }
    }
    for (pad, own) in stays {
        let of = &problem.pads[usize::from(pad)];
        let all = [&own[..], &of.taken[..]].concat();
        // What others have is not the plan's fault where it lands nobody.
        let over = own.iter().any(|stay| most_at_once(&all, *stay) > usize::from(of.spots));
        if over {
            violations.push(Violation::Landings { pad });
        }
    }
    let over =
        litres.iter().filter(|(stop, taken)| **taken > problem.stops[usize::from(**stop)].stock_l.into());
    violations.extend(over.map(|(stop, _)| Violation::Stock { stop: *stop }));
}

/// The prices of landings make an assignment whose own prices come to the bound.
fn proves(problem: &Problem, plan: &Plan) -> bool {
    let prices = &plan.proof.landing_prices;
    let cost_max = i64::from(assignment::limits::COST_MAX);
    let is_right = prices.len() == problem.pads.len() * problem.windows()
        && prices.iter().all(|price| (0..=cost_max).contains(price));
    if !is_right || plan.bound > plan.total {
        return false;
    }
    let relaxation = Relaxation::of(problem);
    let relaxed = &plan.proof.relaxed;
    assignment::check(&relaxation.priced(prices), relaxed).is_empty()
        && relaxed.bound.saturating_sub(relaxation.paid_back(prices)) == plan.bound
}
