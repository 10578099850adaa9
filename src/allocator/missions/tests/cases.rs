//! Stories, refusals, and plans that were tampered with.

use super::world::{after, aircraft, landing, minutes, mission, on_pad, pad, problem};
use crate::allocator::missions::{
    Change, Landing, Limit, Mission, Onward, Pad, Plan, Problem, ProblemError, Reason, Resource, Stay, Stop,
    Taker, Takers, Unserved, Violation, WorkBudget, check, limits, solve,
};
use crate::allocator::ranking::Capabilities;

fn solved(problem: &Problem) -> Plan {
    let plan = solve(problem, WorkBudget { routes_max: 20_000, seed: 1 }).unwrap();
    assert_eq!(check(problem, &plan), vec![]);
    plan
}

fn missions_of(plan: &Plan, resource: usize) -> Vec<u16> {
    plan.routes[resource].sorties.iter().map(|sortie| sortie.mission).collect()
}

#[test]
fn the_urgent_mission_is_served_first() {
    let twice = Resource { sorties_max: 2, ..aircraft(10) };
    let urgent = Mission { minute_price: 9, ..mission(30) };
    let plan = solved(&problem(vec![twice], vec![mission(15), urgent]));
    assert_eq!(missions_of(&plan, 0), [1, 0]);
    let [first, second] = plan.routes[0].sorties[..] else { panic!("two sorties") };
    assert_eq!((first.arrive_s, first.leave_s), (minutes(20), minutes(30)));
    assert_eq!((second.arrive_s, plan.routes[0].home_s), (minutes(45), minutes(60)));
}

#[test]
fn a_group_of_patients_takes_aircraft_of_several_agencies_or_none() {
    let group = Mission { resources: 3, ..mission(20) };
    let two = problem(vec![aircraft(10), aircraft(30)], vec![group.clone()]);
    let plan = solved(&two);
    let reason = Reason::Impossible { able: 2, limit: None };
    let change = Change::OneMoreResource;
    assert_eq!(plan.unserved, [Unserved { mission: 0, reason, change }]);
    assert!(plan.routes.iter().all(|route| route.sorties.is_empty()));
    let three = problem(vec![aircraft(10), aircraft(30), aircraft(5)], vec![group]);
    let plan = solved(&three);
    assert!(plan.is_optimal() && plan.unserved.is_empty());
    assert_eq!(plan.total, 10 + 10 + 15);
}

#[test]
fn who_runs_low_refuels_between_two_missions() {
    let low = Resource { sorties_max: 2, fuel_s: minutes(100), ..aircraft(10) };
    let far = vec![mission(40), after(60, mission(55))];
    let stop = Stop { place: 40, stock_l: 1_000, refuel_s: minutes(15) };
    let world = Problem { stops: vec![stop], ..problem(vec![low], far) };
    let plan = solved(&world);
    assert!(plan.unserved.is_empty(), "{plan:?}");
    let refuels = plan.routes[0].sorties.iter().filter_map(|sortie| sortie.refuel);
    // After 30 minutes of 100 there are 70 left of 180: 110 minutes at 4 litres each.
    assert_eq!(refuels.map(|refuel| refuel.litres).collect::<Vec<_>>(), [440]);
    let dry = Problem { stops: vec![Stop { stock_l: 439, ..world.stops[0].clone() }], ..world };
    let plan = solved(&dry);
    // There and back is 90 minutes, and 20 stay in the tank.
    let [left] = plan.unserved[..] else { panic!("the far one is left: {plan:?}") };
    assert_eq!((left.mission, left.change), (1, Change::MoreFuel { resource: 0, by_s: minutes(10) }));
}

#[test]
fn a_full_site_delays_the_second_landing_until_the_first_has_left() {
    let landing = |price| Mission { minute_price: price, ..on_pad(mission(20)) };
    let both = problem(vec![aircraft(15), aircraft(25)], vec![landing(1), landing(3)]);
    let plan = solved(&Problem { pads: vec![pad(1)], ..both.clone() });
    let arrivals: Vec<u32> =
        plan.routes.iter().flat_map(|route| &route.sorties).map(|s| s.arrive_s).collect();
    assert!(arrivals.contains(&minutes(5)) && arrivals.contains(&minutes(15)), "{plan:?}");
    assert_eq!(plan.total, 3 * 5 + 15);
    assert!(plan.bound > 5 + 3 * 5, "the price of a landing raises the bound: {plan:?}");
    let closed = solved(&Problem { pads: vec![pad(0)], ..both });
    let change = Change::MoreSpots { pad: 0 };
    assert!(closed.unserved.iter().all(|left| left.change == change) && closed.unserved.len() == 2);
}

#[test]
fn each_unserved_mission_says_why_and_what_would_help() {
    let late = Mission { due_s: minutes(19), ..mission(30) };
    let hoist = Mission { needs: Capabilities::HOIST, ..mission(12) };
    let cheap = Mission { unserved: 1, ..mission(14) };
    let plan = solved(&problem(vec![aircraft(10)], vec![late, hoist, cheap]));
    let expected = [
        Unserved {
            mission: 0,
            reason: Reason::Impossible { able: 0, limit: Some((0, Limit::Late { by_s: 60 })) },
            change: Change::LaterDue { by_s: 60 },
        },
        Unserved {
            mission: 1,
            reason: Reason::Impossible {
                able: 0,
                limit: Some((0, Limit::Capability { missing: Capabilities::HOIST })),
            },
            change: Change::Equip { resource: 0, with: Capabilities::HOIST },
        },
        Unserved { mission: 2, reason: Reason::Dearer { cost: 4 }, change: Change::HigherPrice { by: 3 } },
    ];
    assert_eq!(plan.unserved, expected);
}

#[test]
fn the_change_that_is_named_is_enough() {
    let short = Resource { duty_end_s: minutes(49), ..aircraft(10) };
    let world = problem(vec![short], vec![mission(30)]);
    let plan = solved(&world);
    assert_eq!(plan.unserved[0].change, Change::LongerDuty { resource: 0, by_s: 60 });
    let longer = Resource { duty_end_s: minutes(50), ..aircraft(10) };
    assert!(solved(&problem(vec![longer], vec![mission(30)])).unserved.is_empty());
    let thirsty = Resource { fuel_s: minutes(59), ..aircraft(10) };
    let plan = solved(&problem(vec![thirsty], vec![mission(30)]));
    assert_eq!(plan.unserved[0].change, Change::MoreFuel { resource: 0, by_s: 60 });
}

#[test]
fn one_aircraft_for_two_missions_leaves_the_cheaper_one() {
    let dear = Mission { unserved: 50_000, ..mission(50) };
    let plan = solved(&problem(vec![aircraft(10)], vec![mission(11), dear]));
    assert_eq!(missions_of(&plan, 0), [1]);
    assert_eq!(plan.unserved[0].reason, Reason::Displaced { able: 1 });
    assert!(plan.is_optimal());
}

#[test]
fn nobody_and_nothing_are_problems_too() {
    assert_eq!(solved(&problem(vec![], vec![])).total, 0);
    assert_eq!(solved(&problem(vec![], vec![mission(3)])).total, 10_000);
    assert!(solved(&problem(vec![aircraft(1)], vec![])).is_optimal());
}

#[test]
fn absurd_values_are_named() {
    let error = |problem: &Problem| solve(problem, WorkBudget::default()).unwrap_err();
    let place = problem(vec![aircraft(60)], vec![]);
    let out = |what, value, min, max| ProblemError::OutOfRange { what, index: 0, value, min, max };
    assert_eq!(error(&place), out("start", 60, 0, 59));
    let fuel = Resource { fuel_s: minutes(181), ..aircraft(1) };
    assert_eq!(error(&problem(vec![fuel], vec![])), out("fuel_s", 181 * 60, 0, 180 * 60));
    let none = Mission { resources: 0, ..mission(1) };
    assert_eq!(error(&problem(vec![], vec![none])), out("resources", 0, 1, 255));
    assert_eq!(error(&problem(vec![], vec![on_pad(mission(1))])), out("pad", 0, 0, -1));
    let nowhere = Mission { landings: Vec::new(), ..mission(1) };
    let most = limits::LANDINGS_MAX as i64;
    assert_eq!(error(&problem(vec![], vec![nowhere])), out("landings", 0, 1, most));
    let twice = Takers::Only(vec![Taker { resource: 0, fee: 0 }; 2]);
    let twice = Mission { landings: vec![Landing { takers: twice, ..landing(1) }], ..mission(1) };
    assert_eq!(error(&problem(vec![aircraft(1)], vec![twice])), out("taker", 0, 1, 0));
    let backwards = Pad { spots: 1, taken: vec![Stay { from_s: 2, until_s: 1 }] };
    let backwards = Problem { pads: vec![backwards], ..problem(vec![], vec![]) };
    assert_eq!(error(&backwards), out("taken until_s", 1, 2, limits::TIME_MAX_S.into()));
    let shape = Problem { travel_s: vec![vec![0; 3]], ..problem(vec![], vec![]) };
    assert_eq!(error(&shape), ProblemError::Shape { class: 0, count: 3, expected: 3_600 });
    let window = Problem { window_s: 0, ..problem(vec![], vec![]) };
    assert_eq!(error(&window), out("window_s", 0, 60, limits::TIME_MAX_S.into()));
    let many = problem(vec![], vec![mission(1); limits::MISSIONS_MAX + 1]);
    let (count, limit) = (limits::MISSIONS_MAX + 1, limits::MISSIONS_MAX);
    assert_eq!(error(&many), ProblemError::TooMany { what: "missions", count, limit });
}

#[test]
fn a_plan_that_was_changed_is_found_out() {
    let landing = on_pad(mission(20));
    let world = Problem {
        pads: vec![pad(1)],
        ..problem(vec![aircraft(15), aircraft(28)], vec![landing.clone(), landing])
    };
    let right = solved(&world);
    let after = |change: &dyn Fn(&mut Plan)| {
        let mut changed = right.clone();
        change(&mut changed);
        check(&world, &changed)
    };
    let sooner = after(&|plan| plan.routes[0].sorties[0].arrive_s -= 60);
    assert!(sooner.contains(&Violation::Times { resource: 0 }), "{sooner:?}");
    let absurd = after(&|plan| {
        plan.routes[0].sorties[0].arrive_s = u32::MAX;
        plan.proof.relaxed.bound = i64::MIN;
        plan.proof.landing_prices.fill(1 << 27);
    });
    assert!(absurd.contains(&Violation::WrongBound), "{absurd:?}");
    let stranger = after(&|plan| plan.routes[0].sorties[0].mission = plan.routes[1].sorties[0].mission);
    assert!(stranger.iter().any(|found| matches!(found, Violation::Resources { .. })), "{stranger:?}");
    assert_eq!(
        after(&|plan| plan.total -= 1),
        vec![Violation::WrongTotal, Violation::WrongBound][..1 + usize::from(right.is_optimal())]
    );
    assert_eq!(after(&|plan| plan.bound += 1), vec![Violation::WrongBound]);
    assert_eq!(after(&|plan| plan.routes[1].home_s += 1), vec![Violation::Times { resource: 1 }]);
    let together = check(&Problem { pads: vec![pad(0)], ..world.clone() }, &right);
    assert!(together.contains(&Violation::Landings { pad: 0 }), "{together:?}");
}

#[test]
fn a_patient_is_brought_on_and_the_next_sortie_begins_there() {
    let twice = Resource { sorties_max: 2, ..aircraft(10) };
    let hospital = Some(Onward { place: 50, stop_s: minutes(10) });
    let first = Mission { landings: vec![Landing { onward: hospital, ..landing(20) }], ..mission(20) };
    let world = problem(vec![twice], vec![Mission { minute_price: 9, ..first.clone() }, mission(45)]);
    let plan = solved(&world);
    let [one, two] = plan.routes[0].sorties[..] else { panic!("two sorties: {plan:?}") };
    // 10 there, 10 on scene, 30 on, 10 at the hospital; then 5 back to the second.
    assert_eq!((one.arrive_s, one.leave_s, one.free_s), (minutes(10), minutes(20), minutes(60)));
    assert_eq!((two.arrive_s, plan.routes[0].home_s), (minutes(65), minutes(110)));
    let tired = Resource { flight_left_s: minutes(79), ..world.resources[0].clone() };
    let plan = solved(&problem(vec![tired], world.missions.clone()));
    let change = Change::MoreFlightTime { resource: 0, by_s: 60 };
    assert_eq!(plan.unserved.iter().map(|left| left.change).collect::<Vec<_>>(), [change]);
    let early = Resource { starts_by_s: minutes(44), ..world.resources[0].clone() };
    let plan = solved(&problem(vec![early], world.missions.clone()));
    assert_eq!(plan.unserved.len(), 1, "either order begins the second later: {plan:?}");
}

#[test]
fn who_may_not_land_at_one_place_takes_the_other_and_a_fee_is_weighed() {
    let only = |resource, fee| Takers::Only(vec![Taker { resource, fee }]);
    let near = Landing { takers: only(1, 30), ..landing(20) };
    let far = Landing { takers: only(0, 0), ..landing(30) };
    let mission = Mission { landings: vec![near, far], ..mission(20) };
    let plan = solved(&problem(vec![aircraft(10), aircraft(15)], vec![mission.clone()]));
    // 20 minutes to the far one, against 5 and the fee of 30.
    assert_eq!((plan.total, plan.routes[0].sorties[0].landing), (20, 1));
    assert!(plan.is_optimal());
    let plan = solved(&problem(vec![aircraft(1), aircraft(20)], vec![mission]));
    assert_eq!((plan.total, plan.routes[0].sorties[0].landing), (29, 1));
}

#[test]
fn two_of_one_group_take_two_aircraft_however_often_each_may_fly() {
    let often = |place| Resource { sorties_max: 4, ..aircraft(place) };
    let part = Mission { group: Some(7), ..mission(12) };
    let plan = solved(&problem(vec![often(10), often(40)], vec![part.clone(), part.clone()]));
    assert!(plan.routes.iter().all(|route| route.sorties.len() == 1), "{plan:?}");
    let plan = solved(&problem(vec![often(10)], vec![part.clone(), part]));
    assert_eq!(plan.unserved.len(), 1);
    assert_eq!(plan.unserved[0].change, Change::OneMoreResource);
}

#[test]
fn whom_others_keep_waiting_lands_when_they_have_left() {
    let others = Pad { spots: 1, taken: vec![Stay { from_s: 0, until_s: minutes(25) }] };
    let plan =
        solved(&Problem { pads: vec![others], ..problem(vec![aircraft(10)], vec![on_pad(mission(20))]) });
    assert_eq!(plan.routes[0].sorties[0].arrive_s, minutes(25));
    assert!(plan.is_optimal());
}

#[test]
fn what_the_plan_leaves_no_time_for_says_how_much_later_would_do() {
    let twice = Resource { sorties_max: 2, ..aircraft(10) };
    let dear = Mission { unserved: 50_000, due_s: minutes(5), ..mission(10) };
    let soon = Mission { due_s: minutes(20), ..mission(25) };
    let world = problem(vec![twice], vec![dear, soon]);
    let plan = solved(&world);
    // 10 on the first scene, 15 to the second.
    let change = Change::LaterDue { by_s: minutes(5) };
    assert_eq!(plan.unserved, [Unserved { mission: 1, reason: Reason::Displaced { able: 1 }, change }]);
    let mut later = world;
    later.missions[1].due_s += minutes(5);
    assert!(solved(&later).unserved.is_empty());
}
