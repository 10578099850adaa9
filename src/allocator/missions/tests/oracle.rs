//! Plans beside every plan there is, on tiny worlds; and what must hold of any plan.

use super::world::{PLACES, aircraft, minutes, mission, problem};
use crate::allocator::missions::route::{Leg, Usage, drive, route_cost};
use crate::allocator::missions::{Mission, Problem, Resource, Stop, WorkBudget, check, solve};
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
            for stop in std::iter::once(None).chain((0..problem.stops.len() as u16).map(Some)) {
                let mut legs: Vec<Leg> = all[at].clone();
                legs.push(Leg { mission, stop });
                let is_new = !all[at].iter().any(|leg| leg.mission == mission);
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
            from(problem, resource + 1, &usage, served, cost + route_cost(problem, &route), least);
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
        |(place, resources, from, due, minute_price, unserved, needs)| Mission {
            resources,
            from_s: minutes(from),
            due_s: minutes(due),
            minute_price,
            unserved,
            needs: Capabilities(needs),
            ..mission(place)
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
        problem.pads = vec![landings];
        problem.missions.iter_mut().for_each(|mission| mission.pad = (mission.place % 3 > 0).then_some(0));
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
    fn one_sortie_each_is_exact_where_nothing_shared_binds(world in worlds((6, 6), 1, 1)) {
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
    fn any_plan_keeps_every_limit(world in crowded((8, 20), 4), routes_max in 0..5_000_u64) {
        let plan = solve(&world, budget(routes_max)).unwrap();
        prop_assert_eq!(check(&world, &plan), vec![]);
        let again = solve(&world, budget(routes_max)).unwrap();
        prop_assert_eq!(plan, again);
    }
}
