//! Plans beside every plan there is, on tiny worlds; and what must hold of any plan.

use super::world::{PLACES, after, aircraft, landing, minutes, mission, pad, problem};
use crate::allocator::missions::route::{Leg, Usage, drive, route_cost};
use crate::allocator::missions::{
    Landing, Mission, Onward, Problem, Resource, Stop, Taker, Takers, WorkBudget, check, solve,
};
use crate::allocator::ranking::Capabilities;
use proptest::prelude::*;

fn budget(routes_max: u64) -> WorkBudget {
    WorkBudget { routes_max, seed: 7 }
}

/// Every order of every choice of missions, with every stop before each, that a resource can fly.
fn routes(problem: &Problem, resource: usize) -> Vec<Vec<Leg>> {
    let mut all = vec![Vec::new()];
    let mut at = 0;
    while at < all.len() {
        for mission in 0..problem.missions.len() as u16 {
            for leg in Leg::all(problem, mission) {
                let mut legs: Vec<Leg> = all[at].clone();
                legs.push(leg);
                let group = |leg: &Leg| problem.missions[usize::from(leg.mission)].group;
                let is_alike = |other: &Leg| {
                    other.mission == mission || group(other).is_some() && group(other) == group(&leg)
                };
                let is_new = !all[at].iter().any(is_alike);
                if is_new && legs.len() <= usize::from(problem.resources[resource].sorties_max) {
                    all.push(legs);
                }
            }
        }
        at += 1;
    }
    all
}

/// The least that any plan costs, one resource after the other; exact where no landing is limited.
fn least_of_all(problem: &Problem) -> i64 {
    fn from(
        problem: &Problem,
        resource: usize,
        usage: &Usage,
        served: &mut Vec<u8>,
        cost: i64,
        least: &mut i64,
    ) {
        if resource == problem.resources.len() {
            let mut total = cost;
            for (mission, &count) in problem.missions.iter().zip(&*served) {
                match count {
                    0 => total += mission.unserved,
                    count if count == mission.resources => {}
                    _ => return,
                }
            }
            *least = total.min(*least);
            return;
        }
        for legs in routes(problem, resource) {
            let Ok(route) = drive(problem, resource, &legs, usage) else { continue };
            let mut usage = usage.clone();
            usage.take(problem, &route);
            legs.iter().for_each(|leg| served[usize::from(leg.mission)] += 1);
            from(problem, resource + 1, &usage, served, cost + route_cost(problem, resource, &route), least);
            legs.iter().for_each(|leg| served[usize::from(leg.mission)] -= 1);
        }
    }
    let mut least = i64::MAX;
    from(problem, 0, &Usage::none(problem), &mut vec![0; problem.missions.len()], 0, &mut least);
    least
}

fn resources(sorties_max: u8) -> impl Strategy<Value = Resource> {
    (0..PLACES, 0..90_u32, 20..181_u32, 100..600_u32, 1..=sorties_max, 1..4_u32).prop_map(
        |(place, ready, fuel, duty, sorties_max, capabilities)| Resource {
            ready_s: minutes(ready),
            fuel_s: minutes(fuel),
            duty_end_s: minutes(duty),
            sorties_max,
            capabilities: Capabilities(capabilities),
            ..aircraft(place)
        },
    )
}

fn missions(resources_max: u8) -> impl Strategy<Value = Mission> {
    (0..PLACES, 1..=resources_max, 0..60_u32, 30..300_u32, 1..5_u32, 0..2_000_i64, 1..3_u32).prop_map(
        |(place, resources, from, due, minute_price, unserved, needs)| {
            let of = Mission {
                resources,
                due_s: minutes(due),
                minute_price,
                unserved,
                needs: Capabilities(needs),
                ..mission(place)
            };
            after(from, of)
        },
    )
}

fn worlds(sizes: (usize, usize), sorties_max: u8, parts_max: u8) -> impl Strategy<Value = Problem> {
    let stop =
        (0..PLACES, 0..900_u32).prop_map(|(place, stock_l)| Stop { place, stock_l, refuel_s: minutes(15) });
    (
        prop::collection::vec(resources(sorties_max), 0..=sizes.0),
        prop::collection::vec(missions(parts_max), 0..=sizes.1),
        prop::collection::vec(stop, 0..=1),
    )
        .prop_map(|(resources, missions, stops)| Problem { stops, ..problem(resources, missions) })
}

/// The same with landings limited at one pad.
fn crowded(sizes: (usize, usize), sorties_max: u8) -> impl Strategy<Value = Problem> {
    (worlds(sizes, sorties_max, 2), 0..3_u16).prop_map(|(mut problem, landings)| {
        problem.pads = vec![pad(landings)];
        for landing in problem.missions.iter_mut().flat_map(|mission| &mut mission.landings) {
            landing.pad = (landing.place % 3 > 0).then_some(0);
        }
        problem
    })
}

/// The same with a second place to land at, a hospital to go on to, fees, closed doors and groups.
fn varied(worlds: impl Strategy<Value = Problem>) -> impl Strategy<Value = Problem> {
    let doors = prop::collection::vec((0..PLACES, 0..PLACES, 0..30_u32, 0..4_u8, any::<bool>()), 20);
    (worlds, doors, 0..20_u32).prop_map(|(mut problem, doors, stop)| {
        let resources = problem.resources.len() as u16;
        for (mission, (place, hospital, fee, closed_to, is_grouped)) in problem.missions.iter_mut().zip(doors)
        {
            let open = (0..resources).filter(|resource| *resource != u16::from(closed_to));
            let takers = open.map(|resource| Taker { resource, fee: fee * u32::from(resource) }).collect();
            let onward = Some(Onward { place: hospital, stop_s: minutes(stop) });
            let from_s = mission.landings[0].from_s;
            mission.landings[0].onward = onward.filter(|_| fee % 2 == 0);
            let takers = Takers::Only(takers);
            mission.landings.push(Landing { from_s, onward, takers, ..landing(place) });
            mission.group = is_grouped.then_some(1);
        }
        problem
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_small_plan_lies_between_the_bound_and_nothing_better(world in worlds((2, 3), 2, 2)) {
        let plan = solve(&world, budget(3_000)).unwrap();
        prop_assert_eq!(check(&world, &plan), vec![]);
        let least = least_of_all(&world);
        prop_assert!(plan.bound <= least, "{:?}, least {}", plan, least);
        prop_assert_eq!(plan.total, least);
    }

    #[test]
    fn a_small_plan_with_a_choice_of_landings_lies_between_too(world in varied(worlds((2, 3), 2, 1))) {
        let plan = solve(&world, budget(4_000)).unwrap();
        prop_assert_eq!(check(&world, &plan), vec![]);
        let least = least_of_all(&world);
        prop_assert!(plan.bound <= least && least <= plan.total, "{:?}, least {}", plan, least);
        if world.resources.iter().all(|of| of.sorties_max == 1) && world.stops.is_empty() {
            prop_assert_eq!(plan.total, least);
        }
    }

    #[test]
    fn one_sortie_each_is_exact_where_nothing_shared_binds(world in varied(worlds((6, 6), 1, 1))) {
        let world = Problem { stops: Vec::new(), ..world };
        let plan = solve(&world, budget(0)).unwrap();
        prop_assert_eq!(check(&world, &plan), vec![]);
        prop_assert!(plan.is_optimal(), "{:?}", plan);
    }

    #[test]
    fn no_plan_costs_less_than_the_bound_where_landings_are_limited(world in crowded((2, 3), 2)) {
        let plan = solve(&world, budget(1_000)).unwrap();
        prop_assert_eq!(check(&world, &plan), vec![]);
        prop_assert!(plan.bound <= least_of_all(&world).min(plan.total));
    }

    #[test]
    fn any_plan_keeps_every_limit(world in varied(crowded((8, 20), 4)), routes_max in 0..5_000_u64) {
        let plan = solve(&world, budget(routes_max)).unwrap();
        prop_assert_eq!(check(&world, &plan), vec![]);
        let again = solve(&world, budget(routes_max)).unwrap();
        prop_assert_eq!(plan, again);
    }
}
