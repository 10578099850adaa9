use super::*;

mod oracle;
mod search;
mod trips;

fn place(lat: f64, lon: f64) -> Position {
    Position::from_degrees(lat, lon).unwrap()
}

fn polygon(corners: &[(f64, f64)]) -> Polygon {
    let corners: Vec<Position> = corners.iter().map(|&(lat, lon)| place(lat, lon)).collect();
    Polygon::new(&corners).unwrap()
}

fn fault(corners: &[(f64, f64)]) -> PolygonFault {
    let corners: Vec<Position> = corners.iter().map(|&(lat, lon)| place(lat, lon)).collect();
    Polygon::new(&corners).unwrap_err()
}

fn named(name: &str, polygon: Polygon) -> NoFlyArea {
    let id = format!("members/hyogo/noFlyAreas/{name}").parse().unwrap();
    NoFlyArea { id, polygon, floor_m: 0, ceiling_m: 3_000, from: None, until: None }
}

fn region(name: &str, polygon: Polygon) -> Region {
    Region { id: format!("weatherRegions/{name}").parse().unwrap(), polygon }
}

fn network(areas: Vec<NoFlyArea>, regions: Vec<Region>) -> AirNetwork {
    AirNetwork::new(Vec::new(), areas, regions).unwrap()
}

fn flight() -> Flight {
    Flight { departs_at: Timestamp(0), airspeed_kmh: 200, altitude_m: 500, ceiling_min_m: 300 }
}

fn fly(network: &AirNetwork, from: (f64, f64), to: (f64, f64)) -> Result<AirLeg, Infeasible> {
    network.leg(place(from.0, from.1), place(to.0, to.1), &flight(), &AirWeather::default())
}

/// On the equator meridians and the equator itself are great circles, so a box has straight sides.
fn square(south: f64, west: f64, side: f64) -> Polygon {
    let (north, east) = (south + side, west + side);
    polygon(&[(south, west), (south, east), (north, east), (north, west)])
}

fn no_fly(name: &str) -> Barrier {
    Barrier::NoFly(format!("members/hyogo/noFlyAreas/{name}").parse().unwrap())
}

const OSAKA: (f64, f64) = (34.6937, 135.5023);
const TOTTORI: (f64, f64) = (35.5011, 134.2351);

#[test]
fn osaka_to_tottori_is_146_km_and_44_minutes_in_the_calm() {
    let leg = fly(&network(vec![], vec![]), OSAKA, TOTTORI).unwrap();
    // 146,117.9 m by haversine at R = 6,371,008.8 m; 2,630.2 s at 200 km/h.
    assert!(leg.distance_m.abs_diff(146_118) <= 1, "{leg:?}");
    assert_eq!((leg.travel_s, leg.air_m, leg.detour_m), (2_631, leg.distance_m, 0));
    assert_eq!(leg.way, [place(OSAKA.0, OSAKA.1), place(TOTTORI.0, TOTTORI.1)]);
}

#[test]
fn known_great_circles_come_out() {
    // Tokyo Haneda to New Chitose and Kansai to Naha, haversine worked out independently at R = 6,371,008.8 m.
    let haversine = |a: (f64, f64), b: (f64, f64)| {
        let half = |x: f64| libm::sin(x.to_radians() / 2.0) * libm::sin(x.to_radians() / 2.0);
        let h = half(b.0 - a.0) + libm::cos(a.0.to_radians()) * libm::cos(b.0.to_radians()) * half(b.1 - a.1);
        2.0 * 6_371_008.8 * libm::asin(h.sqrt())
    };
    for (from, to) in [((35.5523, 139.7797), (42.7752, 141.6923)), ((34.4347, 135.2440), (26.1958, 127.6459))]
    {
        let leg = fly(&network(vec![], vec![]), from, to).unwrap();
        assert!((f64::from(leg.distance_m) - haversine(from, to)).abs() < 1.0, "{leg:?}");
    }
}

#[test]
fn a_headwind_takes_time_and_range_and_a_storm_stops_the_aircraft() {
    let network = network(vec![], vec![]);
    let (from, to) = (place(34.0, 135.0), place(35.0, 135.0));
    let with = |from_deg, speed_mps| {
        let weather = AirWeather { elsewhere: Wind { from_deg, speed_mps }, regions: vec![] };
        network.leg(from, to, &Flight { airspeed_kmh: 180, ..flight() }, &weather)
    };
    // 111,195 m due north at 50 m/s through the air.
    let calm = with(0, 0).unwrap();
    assert_eq!((calm.distance_m, calm.travel_s, calm.air_m), (111_195, 2_224, 111_195));
    let head = with(0, 10).unwrap();
    assert_eq!((head.travel_s, head.air_m), (2_780, 138_994), "40 m/s over the ground");
    let tail = with(180, 10).unwrap();
    assert_eq!((tail.travel_s, tail.air_m), (1_854, 92_663), "60 m/s over the ground");
    assert_eq!(with(90, 30).unwrap().travel_s, 2_780, "30 m/s across leave 40 of 50");
    let wind = Wind { from_deg: 0, speed_mps: 50 };
    assert_eq!(with(0, 50), Err(Infeasible::Stopped { airspeed_kmh: 180, wind }));
    assert_eq!(with(0, 50).unwrap_err().to_string(), "180 km/h make no way against 50 m/s from 0 degrees");
}

#[test]
fn a_leg_may_touch_a_corner_and_run_along_an_edge_but_not_across() {
    let alone = network(vec![named("a", square(0.0, 0.0, 1.0))], vec![]);
    let detour = |from, to| fly(&alone, from, to).unwrap().detour_m;
    assert_eq!(detour((0.0, -1.0), (0.0, 2.0)), 0, "along the southern edge");
    assert_eq!(detour((-1.0, 0.0), (2.0, 0.0)), 0, "along the western edge");
    assert_eq!(detour((0.0, 0.0), (0.0, 1.0)), 0, "from corner to corner");
    assert_eq!(detour((-1.0, 0.0), (0.0, 0.0)), 0, "to a corner");
    assert_eq!(detour((0.0, 0.25), (-1.0, 0.5)), 0, "away from an edge");
    assert!(detour((0.0, 0.25), (2.0, 0.25)) > 10_000, "from an edge through the inside");
    assert!(detour((0.0, 0.0), (1.0, 1.0)) > 10_000, "from corner to corner through the inside");
    assert!(detour((0.0, 0.25), (1.0, 0.0)) > 10_000, "from an edge to a corner");
    assert!(detour((-1.0, 0.5), (2.0, 0.5)) > 10_000, "right across");
}

#[test]
fn a_detour_turns_at_the_corners_of_what_is_in_the_way() {
    let network =
        network(vec![named("a", square(-0.5, 1.0, 1.0)), named("far", square(5.0, 1.0, 1.0))], vec![]);
    let leg = fly(&network, (0.1, 0.0), (0.1, 3.0)).unwrap();
    assert_eq!(leg.way, [place(0.1, 0.0), place(0.5, 1.0), place(0.5, 2.0), place(0.1, 3.0)]);
    let straight = distance_m(place(0.1, 0.0).into(), place(0.1, 3.0).into());
    assert_eq!(leg.detour_m, leg.distance_m - straight);
    // Of two equal ways that of the lower corner is told, whenever one asks.
    let even = fly(&network, (0.0, 0.0), (0.0, 3.0)).unwrap();
    assert_eq!(even.way[1..3], [place(-0.5, 1.0), place(-0.5, 2.0)]);
}

#[test]
fn a_bay_is_left_by_its_mouth() {
    // A cup that is open to the west.
    let cup = polygon(&[
        (0.0, 0.0),
        (0.0, 3.0),
        (3.0, 3.0),
        (3.0, 0.0),
        (2.0, 0.0),
        (2.0, 2.0),
        (1.0, 2.0),
        (1.0, 0.0),
    ]);
    assert!(!cup.contains(place(1.5, 1.0)) && cup.contains(place(0.5, 1.0)));
    let network = network(vec![named("cup", cup)], vec![]);
    let leg = fly(&network, (1.4, 1.0), (1.4, 4.0)).unwrap();
    assert_eq!(
        leg.way,
        [place(1.4, 1.0), place(1.0, 0.0), place(0.0, 0.0), place(0.0, 3.0), place(1.4, 4.0)]
    );
}

#[test]
fn two_areas_with_a_common_border_leave_no_room_between_them() {
    // The meridian of Greenwich is a great circle to the last bit.
    let west = named("west", square(0.0, -1.0, 1.0));
    let alone = network(vec![west.clone()], vec![]);
    assert_eq!(fly(&alone, (-1.0, 0.0), (2.0, 0.0)).unwrap().detour_m, 0);
    // The border is shared for its upper half only.
    let both = network(vec![west.clone(), named("east", square(0.5, 0.0, 1.0))], vec![]);
    assert!(fly(&both, (-1.0, 0.0), (2.0, 0.0)).unwrap().detour_m > 1_000);
    // Two that meet in a point leave a way through it.
    let corner = network(vec![west, named("east", square(1.0, 0.0, 1.0))], vec![]);
    assert!(fly(&corner, (1.5, -0.5), (0.5, 0.5)).unwrap().detour_m <= 1);
}

#[test]
fn an_end_inside_an_area_names_it() {
    let network =
        network(vec![named("outer", square(0.0, 0.0, 3.0)), named("inner", square(1.0, 1.0, 1.0))], vec![]);
    let inside = |end| Err(Infeasible::Inside { end, barrier: no_fly("outer") });
    assert_eq!(fly(&network, (1.5, 1.5), (5.0, 5.0)), inside(LegEnd::Start));
    assert_eq!(fly(&network, (5.0, 5.0), (0.1, 0.1)), inside(LegEnd::End));
    let text = fly(&network, (5.0, 5.0), (0.1, 0.1)).unwrap_err().to_string();
    assert_eq!(text, "the end of the leg lies in members/hyogo/noFlyAreas/outer");
}

#[test]
fn a_place_that_is_fenced_in_by_several_areas_is_enclosed() {
    // Four walls that overlap at the corners.
    let wall = |south: f64, west: f64, north: f64, east: f64| {
        polygon(&[(south, west), (south, east), (north, east), (north, west)])
    };
    let walls = [
        ("n", wall(2.0, 0.0, 3.0, 3.0)),
        ("s", wall(0.0, 0.0, 1.0, 3.0)),
        ("w", wall(0.5, 0.0, 2.5, 1.0)),
        ("e", wall(0.5, 2.0, 2.5, 3.0)),
    ];
    let areas: Vec<NoFlyArea> = walls.into_iter().map(|(name, area)| named(name, area)).collect();
    let found = fly(&network(areas.clone(), vec![]), (1.5, 1.5), (1.5, 5.0)).unwrap_err();
    let barriers = ["n", "s", "w", "e"].map(no_fly).to_vec();
    assert_eq!(found, Infeasible::Enclosed { barriers });
    assert!(fly(&network(areas[..3].to_vec(), vec![]), (1.5, 1.5), (1.5, 5.0)).is_ok());
}

#[test]
fn an_area_bars_only_at_its_time_and_heights() {
    let across = |change: &dyn Fn(&mut NoFlyArea), flight: Flight| {
        let mut area = named("a", square(-0.5, 1.0, 1.0));
        change(&mut area);
        let network = network(vec![area], vec![]);
        network.leg(place(0.0, 0.0), place(0.0, 3.0), &flight, &AirWeather::default()).unwrap().detour_m > 0
    };
    let hour = |hours: i64| Some(Timestamp(hours * 3_600_000));
    assert!(across(&|_| {}, flight()));
    assert!(!across(&|a| a.ceiling_m = 499, flight()) && across(&|a| a.ceiling_m = 500, flight()));
    assert!(!across(&|a| a.floor_m = 501, flight()) && across(&|a| a.floor_m = 500, flight()));
    // 333 km take an hour and 40 minutes.
    assert!(
        !across(&|a| a.until = Some(Timestamp(0)), flight())
            && across(&|a| a.until = Some(Timestamp(1)), flight())
    );
    assert!(across(&|a| a.from = hour(1), flight()), "it begins while the aircraft is on its way");
    assert!(!across(&|a| a.from = hour(2), flight()));
    let late = Flight { departs_at: Timestamp(2 * 3_600_000), ..flight() };
    assert!(across(&|a| a.from = hour(2), late) && !across(&|a| a.until = hour(2), late));
}

#[test]
fn a_detour_that_makes_the_flight_later_meets_what_begins_later() {
    let first = named("first", square(-1.0, 1.0, 2.0));
    let mut second = named("second", square(0.5, 3.5, 1.0));
    // Straight it takes 8,059 s, around the first more.
    second.from = Some(Timestamp(8_070_000));
    let only_first = fly(&network(vec![first.clone()], vec![]), (0.1, 0.0), (1.1, 3.9)).unwrap();
    assert!(only_first.travel_s > 8_100, "{only_first:?}");
    let alone = fly(&network(vec![second.clone()], vec![]), (0.1, 0.0), (1.1, 3.9));
    let both = fly(&network(vec![first, second], vec![]), (0.1, 0.0), (1.1, 3.9));
    let inside = Err(Infeasible::Inside { end: LegEnd::End, barrier: no_fly("second") });
    assert_eq!((alone.map(|leg| leg.detour_m), both), (Ok(0), inside));
}

#[test]
fn who_takes_off_under_an_area_cannot_climb_over_it() {
    let mut area = named("a", square(0.0, 0.0, 1.0));
    area.ceiling_m = 400;
    let over = network(vec![area.clone()], vec![]);
    assert_eq!(fly(&over, (0.5, -1.0), (0.5, 2.0)).unwrap().detour_m, 0, "over it");
    assert!(matches!(fly(&over, (0.5, 0.5), (0.5, 2.0)), Err(Infeasible::Inside { .. })));
    (area.floor_m, area.ceiling_m) = (600, 900);
    assert_eq!(fly(&network(vec![area], vec![]), (0.5, 0.5), (0.5, 2.0)).unwrap().detour_m, 0, "under it");
}

#[test]
fn low_cloud_closes_a_region_and_names_it() {
    let network = network(vec![], vec![region("hills", square(-0.5, 1.0, 1.0))]);
    let with = |ceiling_m, from: f64| {
        let weather = AirWeather {
            regions: vec![RegionWeather { ceiling_m, ..RegionWeather::default() }],
            ..AirWeather::default()
        };
        network.leg(place(0.0, from), place(0.0, 3.0), &flight(), &weather)
    };
    assert!(with(Some(299), 0.0).unwrap().detour_m > 0);
    assert_eq!(with(Some(300), 0.0).unwrap().detour_m, 0);
    assert_eq!(with(None, 0.0).unwrap().detour_m, 0, "what was not reported closes nothing here");
    let barrier = Barrier::Weather("weatherRegions/hills".parse().unwrap());
    assert_eq!(with(Some(0), 1.5), Err(Infeasible::Inside { end: LegEnd::Start, barrier }));
    assert_eq!(
        with(Some(0), 1.5).unwrap_err().to_string(),
        "the start of the leg lies in the weather in weatherRegions/hills"
    );
}

#[test]
fn a_leg_tells_the_regions_that_it_only_crosses() {
    let regions = vec![
        region("east", square(-0.5, 2.0, 1.0)),
        region("west", square(-0.5, 1.0, 1.0)),
        region("north", square(0.5, 1.0, 1.0)),
        region("touched", square(0.0, 3.5, 1.0)),
    ];
    let network = network(vec![], regions);
    let parts = |from, to| -> Vec<(usize, u32, u32)> {
        let leg = fly(&network, from, to).unwrap();
        leg.parts.iter().map(|part| (part.region, part.from_m, part.until_m)).collect()
    };
    // A degree on the equator is 111,195 m.
    assert_eq!(parts((0.0, 0.0), (0.0, 3.25)), [(1, 111_195, 222_390), (0, 222_390, 333_585)]);
    // The parallel is no great circle: the longer edge bulges farther north than the leg.
    assert_eq!(parts((0.5, 1.25), (0.5, 1.75)).iter().map(|part| part.0).collect::<Vec<_>>(), [1]);
    // Along a border it is in the regions of both sides, at a corner in none.
    assert_eq!(parts((0.0, 3.5), (1.0, 3.5)), [(3, 0, 111_195)]);
    assert_eq!(parts((-0.5, 2.0), (0.5, 2.0)).iter().map(|part| part.0).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(parts((0.0, 3.5), (-0.5, 3.25)), []);
}

#[test]
fn each_region_has_its_own_wind() {
    let network = network(vec![], vec![region("windy", square(-0.5, 1.0, 1.0))]);
    let wind = Wind { from_deg: 90, speed_mps: 10 };
    let weather = AirWeather {
        regions: vec![RegionWeather { wind, ..RegionWeather::default() }],
        ..AirWeather::default()
    };
    let flight = Flight { airspeed_kmh: 180, ..flight() };
    let leg = network.leg(place(0.0, 0.0), place(0.0, 3.0), &flight, &weather).unwrap();
    // Two degrees at 50 m/s, one at 40: 222,390 / 50 + 111,195 / 40 = 7,227.7 s.
    assert_eq!((leg.distance_m, leg.travel_s), (333_585, 7_228));
    assert_eq!(leg.air_m, 361_384);
}

#[test]
fn corners_that_bound_no_area_are_refused_precisely() {
    assert_eq!(fault(&[(0.0, 0.0), (0.0, 1.0), (0.0, 0.0), (0.0, 0.0)]), PolygonFault::TooFew { count: 2 });
    assert_eq!(fault(&[(0.0, 0.0), (0.0, 1.0), (0.0, 1.0)]), PolygonFault::TooFew { count: 2 });
    assert_eq!(
        fault(&[(0.0, 0.0), (0.0, 1.0), (0.0, 2.0)]),
        PolygonFault::CrossesItself { first: 0, second: 2 }
    );
    let bow = [(0.0, 0.0), (1.0, 1.0), (0.0, 1.0), (1.0, 0.0)];
    assert_eq!(fault(&bow), PolygonFault::CrossesItself { first: 0, second: 2 });
    // A corner that lies upon an edge elsewhere.
    let pinched = [(0.0, 0.0), (0.0, 2.0), (2.0, 2.0), (0.0, 1.0), (2.0, 0.0)];
    assert_eq!(fault(&pinched), PolygonFault::CrossesItself { first: 0, second: 2 });
    let antimeridian = [(0.0, 179.0), (0.0, -179.0), (1.0, 179.0)];
    assert_eq!(fault(&antimeridian), PolygonFault::CrossesAntimeridian { corner: 0 });
    assert_eq!(
        fault(&[(89.0, 0.0), (89.0, 120.0), (89.0, -120.0)]),
        PolygonFault::CrossesAntimeridian { corner: 1 }
    );
    assert_eq!(
        fault(&[(90.0, 0.0), (89.0, 0.0), (89.0, 90.0)]),
        PolygonFault::CrossesAntimeridian { corner: 0 }
    );
    assert!(matches!(
        fault(&[(0.0, 0.0), (0.0, 60.0), (40.0, 60.0)]),
        PolygonFault::TooWide { corner: 1, .. }
    ));
    let many = vec![place(0.0, 0.0); POLYGON_CORNERS_MAX + 2];
    assert_eq!(Polygon::new(&many), Err(PolygonFault::TooMany { count: POLYGON_CORNERS_MAX + 2 }));
}

#[test]
fn a_polygon_is_the_same_whichever_way_round_and_closed_or_not() {
    let corners = [(34.0, 135.0), (34.0, 136.0), (35.0, 136.5), (34.5, 135.5)];
    let area = polygon(&corners);
    let mut back: Vec<(f64, f64)> = corners.to_vec();
    back[1..].reverse();
    assert_eq!(polygon(&back), area);
    back.push(corners[0]);
    assert_eq!(polygon(&back), area);
    assert!(area.contains(place(34.3, 135.5)) && !area.contains(place(34.6, 135.5)));
    assert!(!area.contains(place(34.0, 135.0)) && !area.contains(place(-34.3, -44.5)));
}

#[test]
fn more_than_can_be_held_is_refused() {
    let area = named("a", square(0.0, 0.0, 1.0));
    let too_many = AirNetwork::new(vec![], vec![area.clone(); AREAS_MAX + 1], vec![]).unwrap_err();
    assert_eq!(too_many, AirFault::TooMany { what: "areas", count: AREAS_MAX + 1, max: AREAS_MAX });
    let empty = NoFlyArea { floor_m: 10, ceiling_m: 9, ..area.clone() };
    assert_eq!(AirNetwork::new(vec![], vec![area.clone(), empty], vec![]), Err(AirFault::Empty { area: 1 }));
    let ended = NoFlyArea { from: Some(Timestamp(5)), until: Some(Timestamp(5)), ..area };
    assert_eq!(AirNetwork::new(vec![], vec![ended], vec![]), Err(AirFault::Empty { area: 0 }));
    assert_eq!(fly(&network(vec![], vec![]), (0.0, 0.0), (0.0, 60.0)), Err(Infeasible::TooFar));
    assert_eq!(fly(&network(vec![], vec![]), (35.0, 135.0), (-35.0, -45.0)), Err(Infeasible::TooFar));
}

#[test]
fn too_many_corners_in_the_way_are_refused_with_their_number() {
    // Three circles of 400 corners around one another's edges.
    let circle = |lat: f64| {
        let corners: Vec<Position> = (0..400)
            .map(|i| {
                let angle = f64::from(i) * std::f64::consts::TAU / 400.0;
                place(lat + libm::sin(angle), 135.0 + libm::cos(angle))
            })
            .collect();
        Polygon::new(&corners).unwrap()
    };
    let areas = [34.0, 35.5, 37.0].map(|lat| named("a", circle(lat))).to_vec();
    let found = fly(&network(areas.clone(), vec![]), (32.0, 135.0), (39.0, 135.0)).unwrap_err();
    assert_eq!(found, Infeasible::Intricate { corners: 1_200 });
    assert!(
        fly(&network(areas[..2].to_vec(), vec![]), (32.0, 135.0), (39.0, 135.0)).unwrap().detour_m > 10_000
    );
}
