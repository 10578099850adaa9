use proptest::prelude::*;

use super::*;

/// Nodes on the equator, by longitude; a turn-round for those with fuel.
fn line(nodes: &[(f64, Option<Seconds>)]) -> AirNetwork {
    let nodes = nodes.iter().map(|&(lon, turn_round_s)| AirNode {
        kind: AirNodeKind::LandingSite,
        position: place(0.0, lon),
        turn_round_s,
    });
    AirNetwork::new(nodes.collect(), vec![], vec![]).unwrap()
}

fn plan(waypoints: &[usize], stops: &[usize], fuel: Fuel) -> TripPlan {
    let waypoints = waypoints.iter().map(|&node| Waypoint { node, stay_s: 0 }).collect();
    TripPlan { waypoints, stops: stops.to_vec(), fuel }
}

fn go(network: &AirNetwork, plan: &TripPlan) -> Result<Trip, TripFault> {
    network.trip(plan, &flight(), &AirWeather::default())
}

fn nodes(trip: &Trip) -> Vec<(usize, bool)> {
    trip.stops.iter().map(|stop| (stop.node, stop.refuels)).collect()
}

const FULL: Fuel = Fuel { range_m: 300_000, reserve_m: 60_000, on_board_m: 300_000 };

#[test]
fn a_leg_beyond_the_range_goes_through_the_stop_that_makes_it_soonest() {
    // 334 km; a stop on the way that is slow, one a little beyond that is fast.
    let network = line(&[(0.0, None), (3.0, None), (1.5, Some(3_600)), (1.6, Some(900)), (1.4, None)]);
    let trip = go(&network, &plan(&[0, 1], &[2, 3, 4], FULL)).unwrap();
    assert_eq!(nodes(&trip), [(0, false), (3, true), (1, false)]);
    // A degree is 111,195 m and takes 2,001.51 s.
    let last = trip.stops[2];
    assert_eq!((last.arrives_s, last.remaining_m), (3_203 + 900 + 2_803, 300_000 - 155_673));
    assert_eq!(trip.stops[1].departs_s - trip.stops[1].arrives_s, 900);
    assert_eq!(trip.legs.len(), 2);
}

#[test]
fn who_cannot_get_there_is_told_what_the_leg_takes() {
    let network = line(&[(0.0, None), (1.0, None), (4.0, None), (9.0, Some(900))]);
    let found = go(&network, &plan(&[0, 1, 2], &[3], FULL)).unwrap_err();
    assert_eq!(found, TripFault::OutOfRange { waypoint: 2, air_m: 333_585 });
    // 240,000 m but the reserve.
    let network = line(&[(0.0, None), (2.0, None)]);
    assert!(go(&network, &plan(&[0, 1], &[], Fuel { on_board_m: 282_391, ..FULL })).is_ok());
    assert!(go(&network, &plan(&[0, 1], &[], Fuel { on_board_m: 282_389, ..FULL })).is_err());
    assert!(go(&network, &plan(&[0, 1], &[], Fuel { on_board_m: u32::MAX, ..FULL })).is_ok());
}

#[test]
fn tanks_are_filled_at_a_waypoint_only_where_it_helps() {
    let network = line(&[(0.0, Some(600)), (1.0, Some(1_200)), (2.9, None)]);
    let trip = go(&network, &plan(&[0, 1], &[], FULL)).unwrap();
    assert_eq!(nodes(&trip), [(0, false), (1, false)]);
    let trip =
        go(&network, &plan(&[0, 1, 2, 1], &[], Fuel { range_m: 500_000, on_board_m: 400_000, ..FULL }))
            .unwrap();
    // 534 km in all: the start fills up in less time than the waypoint, and still leaves no reserve at the end.
    assert_eq!(nodes(&trip), [(0, false), (1, true), (2, false), (1, false)]);
}

#[test]
fn a_trip_that_no_leg_leads_through_says_why() {
    let nodes = [(0.5, 0.5), (5.0, 5.0)].map(|(lat, lon)| AirNode {
        kind: AirNodeKind::Base,
        position: place(lat, lon),
        turn_round_s: None,
    });
    let network = AirNetwork::new(nodes.to_vec(), vec![named("a", square(0.0, 0.0, 1.0))], vec![]).unwrap();
    let why = Infeasible::Inside { end: LegEnd::Start, barrier: no_fly("a") };
    assert_eq!(go(&network, &plan(&[0, 1], &[], FULL)), Err(TripFault::Leg { waypoint: 1, why }));
}

#[test]
fn an_area_that_stands_at_the_end_of_a_trip_bars_its_last_leg() {
    let nodes = [0.0, 1.0, 2.0].map(|lon| AirNode {
        kind: AirNodeKind::Base,
        position: place(0.0, lon),
        turn_round_s: None,
    });
    let mut area = named("a", square(-0.1, 1.4, 0.2));
    area.from = Some(Timestamp(4_500_000));
    let network = AirNetwork::new(nodes.to_vec(), vec![area], vec![]).unwrap();
    let mut asked = plan(&[0, 1, 2], &[], FULL);
    assert_eq!(go(&network, &asked).unwrap().legs[1].detour_m, 0, "there after 4,004 s");
    asked.waypoints[1].stay_s = 600;
    let trip = go(&network, &asked).unwrap();
    assert!(trip.legs[1].detour_m > 0 && trip.stops[2].arrives_s > 4_500, "{trip:?}");
}

#[test]
fn what_is_no_plan_is_refused() {
    let network = line(&[(0.0, None), (1.0, None)]);
    assert_eq!(go(&network, &plan(&[0], &[], FULL)), Err(TripFault::Waypoints { count: 1 }));
    assert_eq!(go(&network, &plan(&[0; 17], &[], FULL)), Err(TripFault::Waypoints { count: 17 }));
    assert_eq!(go(&network, &plan(&[0, 2], &[], FULL)), Err(TripFault::NoSuchNode { node: 2 }));
    assert_eq!(go(&network, &plan(&[0, 1], &[7], FULL)), Err(TripFault::NoSuchNode { node: 7 }));
    assert_eq!(go(&network, &plan(&[0, 1], &[0; 65], FULL)), Err(TripFault::TooManyStops { count: 65 }));
    let mut long = plan(&[0, 1], &[], FULL);
    long.waypoints[0].stay_s = 86_401;
    assert_eq!(go(&network, &long), Err(TripFault::StayTooLong { stay_s: 86_401 }));
}

/// The soonest end by trying every order of stops between waypoints, each stop once between two of them.
fn tried(
    network: &AirNetwork,
    plan: &TripPlan,
    (stage, node, used): (usize, usize, u32),
    (at_s, left_m): (Seconds, Metres),
) -> Option<Seconds> {
    if stage == plan.waypoints.len() {
        return Some(at_s);
    }
    let target = plan.waypoints[stage].node;
    let leg = |to: usize| {
        let (a, b) = (network.nodes()[node].position, network.nodes()[to].position);
        let leg = network.leg(a, b, &flight(), &AirWeather::default()).unwrap();
        (leg.air_m + plan.fuel.reserve_m <= left_m).then(|| (at_s + leg.travel_s, left_m - leg.air_m))
    };
    let filled =
        |to: usize, at_s: Seconds| network.nodes()[to].turn_round_s.map(|t| (at_s + t, plan.fuel.range_m));
    let mut best: Option<Seconds> = None;
    let mut consider = |end: Option<Seconds>| best = [best, end].into_iter().flatten().min();
    if let Some((at_s, left_m)) = leg(target) {
        let stay_s = if stage + 1 == plan.waypoints.len() { 0 } else { plan.waypoints[stage].stay_s };
        consider(tried(network, plan, (stage + 1, target, 0), (at_s + stay_s, left_m)));
        if let Some(full) = filled(target, at_s + stay_s) {
            consider(tried(network, plan, (stage + 1, target, 0), full));
        }
    }
    for (index, &stop) in plan.stops.iter().enumerate() {
        let is_new = used >> index & 1 == 0 && stop != node && stop != target;
        if let Some((at_s, _)) = leg(stop).filter(|_| is_new)
            && let Some(full) = filled(stop, at_s)
        {
            consider(tried(network, plan, (stage, stop, used | 1 << index), full));
        }
    }
    best
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]
    #[test]
    fn a_trip_ends_as_soon_as_trying_all_stops_finds(
        places in prop::collection::vec((33_000..36_000_i32, 134_000..137_000_i32, 0..3_600_u32, any::<bool>()), 6),
        stay_s in 0..3_000_u32,
        fuel in (80_000..500_000_u32, 0..60_000_u32, 0..500_000_u32),
    ) {
        let nodes: Vec<AirNode> = places.iter().map(|&(lat, lon, turn_round_s, has_fuel)| AirNode {
            kind: AirNodeKind::Airport,
            position: place(f64::from(lat) / 1e3, f64::from(lon) / 1e3),
            turn_round_s: has_fuel.then_some(turn_round_s),
        }).collect();
        let network = AirNetwork::new(nodes, vec![], vec![]).unwrap();
        let (range_m, reserve_m, on_board_m) = fuel;
        let mut asked = plan(&[0, 1, 2], &[3, 4, 5], Fuel { range_m, reserve_m, on_board_m });
        asked.waypoints[0].stay_s = stay_s;
        asked.waypoints[1].stay_s = stay_s;
        let start = tried(&network, &asked, (1, 0, 0), (stay_s, on_board_m.min(range_m)));
        let filled = network.nodes()[0].turn_round_s.and_then(|turn_round_s| {
            tried(&network, &asked, (1, 0, 0), (stay_s + turn_round_s, range_m))
        });
        let expected = [start, filled].into_iter().flatten().min();
        let found = go(&network, &asked);
        prop_assert_eq!(found.as_ref().ok().map(|trip| trip.stops.last().unwrap().arrives_s), expected, "{:?}", found);
        if let Ok(trip) = found {
            for (pair, leg) in trip.stops.windows(2).zip(&trip.legs) {
                let left_m = if pair[0].refuels { range_m } else { pair[0].remaining_m };
                prop_assert_eq!(left_m - leg.air_m, pair[1].remaining_m);
                prop_assert!(pair[1].remaining_m >= reserve_m);
                prop_assert_eq!(pair[0].departs_s + leg.travel_s, pair[1].arrives_s);
            }
        }
    }
}
