use super::*;
use crate::network::fixture::{LINKS, Live, NODES, STRUCTURES, kansai, node, random_roads, read, strait};
use petgraph::algo::dijkstra;
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeFiltered;
use proptest::prelude::*;

fn at(lat: f64, lon: f64) -> Position {
    Position::from_degrees(lat, lon).unwrap()
}

const NARUTO: (f64, f64) = (34.172, 134.609);
const MINAMIAWAJI: (f64, f64) = (34.294, 134.780);

fn naruto_to_minamiawaji(live: &Live) -> RoadLeg {
    live.leg(at(NARUTO.0, NARUTO.1), at(MINAMIAWAJI.0, MINAMIAWAJI.1))
}

#[test]
fn closing_the_onaruto_bridge_sends_the_ambulance_to_the_ferry() {
    let mut live = Live::of(strait());
    let open = naruto_to_minamiawaji(&live);
    // 6 km at 60 km/h, 12 km at 75 km/h, 9 km at 45 km/h.
    assert_eq!(open.total_s(), 360 + 576 + 720);

    live.close("onaruto-bridge");
    // 14 km at 40 km/h, the ferry 60 km at 30 km/h and 45 min, 16 km at 40 km/h.
    assert_eq!(naruto_to_minamiawaji(&live).total_s(), 1_260 + 7_200 + 2_700 + 1_440);

    live.close("sumoto-tunnel");
    let cut_off = naruto_to_minamiawaji(&live);
    assert_eq!((cut_off, cut_off.total_s()), (RoadLeg::Unreachable, UNREACHABLE));

    live.lift("onaruto-bridge");
    live.lift("sumoto-tunnel");
    assert_eq!(naruto_to_minamiawaji(&live), open);
}

#[test]
fn a_closed_bridge_is_not_crossed_by_a_straight_line() {
    // Two shores, 3 km from each other as the crow flies and as far from their feet.
    let mut live = Live::of(strait());
    let (shore, other_shore) = (at(34.236, 134.640), at(34.250, 134.665));
    let open = live.leg(shore, other_shore);
    live.close("onaruto-bridge");
    let closed = live.leg(shore, other_shore);
    assert!(open.total_s() < 3_600 && closed.total_s() > 3 * 3_600, "{open:?} then {closed:?}");
}

#[test]
fn access_is_the_straight_line_by_one_point_four_at_thirty_km_h_at_both_ends() {
    // 0.01 degree of latitude is 1,112 m on the sphere; 1,557 m at 30 km/h take 187 s.
    let leg = Live::of(strait()).leg(at(34.162, 134.609), at(34.304, 134.780));
    let expected = RoadLeg::Network {
        access_from_s: 187,
        network_s: 360 + 576 + 720,
        access_to_s: 187,
        from_node: node(NODES, "naruto"),
        to_node: node(NODES, "minamiawaji"),
    };
    assert_eq!(leg, expected);
    assert_eq!(leg.total_s(), 187 + 1_656 + 187);
}

#[test]
fn places_beside_each_other_leave_the_network_out() {
    let live = Live::of(strait());
    // 1,012 m by 1.4 at 30 km/h.
    assert_eq!(live.leg(at(34.162, 134.609), at(34.162, 134.620)), RoadLeg::Direct { access_s: 171 });
    let here = at(34.172, 134.609);
    assert_eq!(live.leg(here, here), RoadLeg::Direct { access_s: 0 });
}

#[test]
fn a_place_far_from_every_road_is_unreachable() {
    let live = Live::of(strait());
    let sea = at(32.0, 136.0);
    assert_eq!(live.leg(at(34.172, 134.609), sea), RoadLeg::Unreachable);
    assert_eq!(live.leg(sea, sea), RoadLeg::Unreachable);
    assert!(!RoadLeg::Unreachable.is_reachable());
    assert_eq!(live.leg(at(90.0, 0.0), at(-90.0, 180.0)), RoadLeg::Unreachable);
    assert_eq!(live.footing(sea).nearest_m(), None);
}

#[test]
fn an_empty_network_reaches_nobody_and_an_empty_question_has_no_answers() {
    let header = |text: &'static str| text.lines().next().unwrap();
    let live = Live::of(read(header(NODES), header(STRUCTURES), header(LINKS)).unwrap());
    assert_eq!(naruto_to_minamiawaji(&live), RoadLeg::Unreachable);
    let from = live.footing(at(34.2, 134.6));
    assert!(legs_from(&live.map, &live.roads.now(), &from, &[]).is_empty());
}

#[test]
fn a_route_lists_its_edges_in_the_order_of_travel() {
    let live = Live::of(strait());
    let (from, to) = (live.footing(at(NARUTO.0, NARUTO.1)), live.footing(at(MINAMIAWAJI.0, MINAMIAWAJI.1)));
    let route = road_route(&live.map, &live.roads.now(), &from, &to);
    // The first three rows of the table, forwards.
    assert_eq!((route.edges, route.length_dm), (vec![0, 2, 4], 270_000));
    assert_eq!(route.leg, live.leg(at(NARUTO.0, NARUTO.1), at(MINAMIAWAJI.0, MINAMIAWAJI.1)));
    assert!(road_route(&live.map, &live.roads.now(), &from, &from).edges.is_empty());
}

#[test]
fn on_the_trunk_roads_of_kansai_a_closed_bridge_is_gone_around_and_opening_it_undoes_that() {
    let mut live = Live::of(kansai());
    let open = naruto_to_minamiawaji(&live);
    assert!((1_500..2_700).contains(&open.total_s()), "{open:?}");

    live.close("onaruto-bridge");
    // Round by Sakaide, Kurashiki and the bridge of Akashi, about 310 km.
    let around = naruto_to_minamiawaji(&live);
    assert!((3 * 3_600..5 * 3_600).contains(&around.total_s()), "{around:?}");

    live.close("akashi-kaikyo-bridge");
    assert_eq!(naruto_to_minamiawaji(&live), RoadLeg::Unreachable);

    live.lift("onaruto-bridge");
    live.lift("akashi-kaikyo-bridge");
    assert_eq!(naruto_to_minamiawaji(&live), open);
}

#[test]
fn kansai_has_three_lands_and_two_airport_islands_and_every_place_is_reached() {
    let live = Live::of(kansai());
    let Ground::Junctions { land, .. } = &live.map.ground else { panic!("trunk roads") };
    let mut lands = land.clone();
    lands.sort_unstable();
    let mut sizes: Vec<usize> = lands.chunk_by(|a, b| a == b).map(<[u32]>::len).collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [1, 1, 12, 68, 664]);

    let places = live.map.network().graph().node_weights().map(|junction| live.footing(junction.position));
    let places: Vec<Footing> = places.collect();
    let from = live.footing(at(34.694, 135.502));
    let to: Vec<&Footing> = places.iter().collect();
    let legs = legs_from(&live.map, &live.roads.now(), &from, &to);
    assert!(legs.iter().all(RoadLeg::is_reachable));
}

/// Every pair of feet, each by petgraph; seconds. Rule 3 is shared with the code under test.
fn oracle(live: &Live, from: Position, to: Position) -> Seconds {
    let now = live.roads.now();
    let graph = live.map.network().graph();
    let weight_ms = |edge: petgraph::graph::EdgeReference<'_, _>| {
        use petgraph::visit::EdgeRef;
        now.weights_ms()[edge.id().index()]
    };
    let open = EdgeFiltered::from_fn(graph, |edge| weight_ms(edge) < UNREACHABLE_MS);
    let (from, to) = (live.footing(from), live.footing(to));
    let mut best_s = direct_s(&from, &to).unwrap_or(UNREACHABLE);
    let feet = |place: &Footing| match &place.feet {
        Feet::Junctions { feet, .. } => feet.clone(),
        Feet::None | Feet::Road(_) => Vec::new(),
    };
    for start in feet(&from) {
        let times =
            dijkstra(&open, NodeIndex::new(start.node as usize), None, |edge| u64::from(weight_ms(edge)));
        for end in feet(&to) {
            if let Some(&ms) = times.get(&NodeIndex::new(end.node as usize)) {
                let network_s = u32::try_from(ms.div_ceil(1000)).unwrap();
                best_s = best_s.min(start.access_s + network_s + end.access_s);
            }
        }
    }
    best_s
}

fn places() -> impl Strategy<Value = Position> {
    (339_900_000..=346_100_000_i32, 1_349_900_000..=1_356_100_000_i32)
        .prop_map(|(lat, lon)| Position::from_e7(lat, lon).unwrap())
}

proptest! {
    #[test]
    fn legs_agree_with_every_pair_of_feet_by_petgraph(
        live in random_roads(),
        hub in places(),
        others in prop::collection::vec(places(), 0..6),
    ) {
        let (map, now) = (&live.map, live.roads.now());
        let from = live.footing(hub);
        let footings: Vec<Footing> = others.iter().map(|&other| live.footing(other)).collect();
        let to: Vec<&Footing> = footings.iter().collect();
        let (out, back) = (legs_from(map, &now, &from, &to), legs_to(map, &now, &to, &from));
        prop_assert_eq!((out.len(), back.len()), (others.len(), others.len()));
        for (i, &other) in others.iter().enumerate() {
            prop_assert_eq!(out[i].total_s(), oracle(&live, hub, other));
            prop_assert_eq!(back[i].total_s(), oracle(&live, other, hub));
            let route = road_route(map, &now, &from, to[i]);
            prop_assert_eq!(route.leg, out[i]);
            if let RoadLeg::Network { network_s, .. } = out[i] {
                let ms: u64 = route.edges.iter().map(|&edge| u64::from(now.weights_ms()[edge as usize])).sum();
                prop_assert_eq!(ms.div_ceil(1_000), u64::from(network_s));
            }
        }
    }

    #[test]
    fn closing_never_shortens_a_leg(live in random_roads(), from in places(), to in places()) {
        let closed = live.leg(from, to);
        let mut open = live;
        open.roads.set(&open.map, std::collections::BTreeMap::new());
        prop_assert!(open.leg(from, to).total_s() <= closed.total_s());
    }
}
