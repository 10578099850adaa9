use super::*;
use crate::units::geodesy::{UnitVector, distance_m};
use proptest::prelude::*;

fn at(lat: i32, lon: i32) -> Position {
    Position::from_e7(350_000_000 + lat, 1_350_000_000 + lon).unwrap()
}

/// A chain of edges both ways, each of its own way and 1 km long as told, on points 0.01 degree apart.
fn chain(ways: Vec<Way>) -> RoadNetwork {
    let count = ways.len() as u32;
    let edges = (0..count).flat_map(|way| {
        let edge = |direction| RoadEdge::new(way, direction, 10_000);
        [(way, way + 1, edge(Direction::Forward)), (way + 1, way, edge(Direction::Backward))]
    });
    RoadNetwork::new(NetworkParts {
        has_positions: true,
        positions: (0..=count as i32).map(|step| at(0, step * 100_000)).collect(),
        edges: edges.collect(),
        shape_of_edge: (0..count).flat_map(|shape| [shape, shape]).collect(),
        shape_first: vec![0; ways.len() + 1],
        shape_points: Vec::new(),
        ways,
        stated_ms: None,
    })
    .unwrap()
}

#[test]
fn the_parts_stay_as_small_as_promised() {
    assert_eq!((size_of::<Junction>(), size_of::<RoadEdge>()), (8, 8));
    assert!(size_of::<Way>() <= 160, "{}", size_of::<Way>());
}

#[test]
fn weights_are_rounded_up_and_closed_where_a_vehicle_may_not_go() {
    let tertiary = Way { speed_kmh: 70, width_dm: Some(24), ..Way::plain(RoadClass::Tertiary) };
    let network = chain(vec![tertiary]);
    // 1 km at 77 km/h: 46,753.2 ms; a lorry of 4 t is held to 60.
    assert_eq!(network.weights_ms(Profile::Ambulance), [46_754, 46_754]);
    assert_eq!(network.weights_ms(Profile::Lorry4t), [60_000, 60_000]);
    assert_eq!(network.weights_ms(Profile::Lorry10t), [UNREACHABLE_MS, UNREACHABLE_MS]);
}

#[test]
fn a_ferry_is_boarded_once_and_sails_as_long_as_it_says() {
    let sailing = Some(Sailing { duration_ms: 3_600_000, length_dm: 20_000 });
    let ferry = Way { sailing, ..Way::plain(RoadClass::Ferry) };
    let road = Way::plain(RoadClass::Primary);
    let network = chain(vec![road.clone(), ferry.clone(), ferry, road]);
    let weights = network.weights_ms(Profile::Lorry10t);
    let (half_ms, boarding_ms) = (1_800_000, FERRY_BOARDING_MS);
    assert_eq!(weights[2..6], [half_ms + boarding_ms, half_ms, half_ms, half_ms + boarding_ms]);
}

#[test]
fn a_journey_beyond_all_measure_is_unreachable_and_no_small_number() {
    assert_eq!(travel_ms(u32::MAX, 1), UNREACHABLE_MS);
    assert_eq!(travel_ms(0, 1), 0);
    let mut network = chain(vec![Way { speed_kmh: 5, ..Way::plain(RoadClass::Road) }]);
    network.graph[EdgeIndex::new(0)].length_dm = u32::MAX;
    network.graph[EdgeIndex::new(1)].length_dm = 0;
    assert_eq!(network.weights_ms(Profile::Ambulance), [UNREACHABLE_MS, 1]);
}

#[test]
fn parts_that_contradict_each_other_are_no_network() {
    let edge = |way| RoadEdge::new(way, Direction::Forward, 1);
    let sound = || NetworkParts {
        has_positions: true,
        positions: vec![at(0, 0), at(0, 1)],
        edges: vec![(0, 1, edge(0))],
        shape_of_edge: vec![0],
        shape_first: vec![0, 1],
        shape_points: vec![at(1, 1)],
        ways: vec![Way::plain(RoadClass::Road)],
        stated_ms: Some(vec![5]),
    };
    assert!(RoadNetwork::new(sound()).is_ok());
    let broken: [fn(&mut NetworkParts); 10] = [
        |parts| parts.edges[0].1 = 2,
        |parts| parts.edges[0].2 = RoadEdge::new(1, Direction::Forward, 1),
        |parts| parts.shape_of_edge[0] = 1,
        |parts| parts.shape_of_edge.clear(),
        |parts| parts.shape_first = vec![0, 2],
        |parts| parts.shape_first = vec![1, 0],
        |parts| parts.shape_first.clear(),
        |parts| parts.stated_ms = Some(vec![0]),
        |parts| parts.stated_ms = Some(vec![]),
        |parts| parts.stated_ms = Some(vec![UNREACHABLE_MS + 1]),
    ];
    for (case, damage) in broken.into_iter().enumerate() {
        let mut parts = sound();
        damage(&mut parts);
        assert!(RoadNetwork::new(parts).is_err(), "case {case}");
    }
}

#[test]
fn a_place_is_snapped_to_the_road_it_stands_beside() {
    let network = chain(vec![Way::plain(RoadClass::Primary); 3]);
    let index = SnapIndex::new(&network);
    let weights = network.weights_ms(Profile::Ambulance);
    // 111 m to the north of the second edge, a quarter along it.
    let snap = index.snap(&network, &weights, at(10_000, 125_000)).unwrap();
    assert_eq!((snap.edge, snap.distance_m, snap.junction, snap.is_far()), (2, 111, 1, false));
    assert!(snap.along_dm.abs_diff(2_500) <= 1, "{snap:?}");
    let near = |standing: &[Standing]| standing.iter().map(|one| (one.node, one.edge)).collect::<Vec<_>>();
    assert_eq!(near(&snap.leaving(&network, &weights)), [(2, 2), (1, 3)]);
    assert_eq!(near(&snap.arriving(&network, &weights)), [(1, 2), (2, 3)]);
    let ahead = index.snap(&network, &weights, at(-10_000, 175_000)).unwrap();
    assert_eq!(snap.straight_ms(&ahead, &network, &weights).map(|(edge, _)| edge), Some(2));
    assert_eq!(ahead.straight_ms(&snap, &network, &weights).map(|(edge, _)| edge), Some(3));
    assert!(index.snap(&network, &weights, at(100_000, 0)).unwrap().is_far());
    // A road that is closed is not beside anybody.
    let mut closed = weights.clone();
    closed[2] = UNREACHABLE_MS;
    assert_eq!(index.snap(&network, &closed, at(10_000, 125_000)).unwrap().edge, 2, "one way is open");
    closed[3] = UNREACHABLE_MS;
    assert_eq!(index.snap(&network, &closed, at(10_000, 125_000)).unwrap().edge, 0);
    assert_eq!(index.snap(&network, &[UNREACHABLE_MS; 6], at(0, 0)), None);
}

#[test]
fn nothing_is_found_on_a_graph_without_positions() {
    let mut network = chain(vec![Way::plain(RoadClass::Primary)]);
    network.has_positions = false;
    let weights = network.weights_ms(Profile::Ambulance);
    assert_eq!(SnapIndex::new(&network).snap(&network, &weights, at(0, 0)), None);
    assert_eq!(network.plane(), None);
}

#[test]
fn a_name_that_ways_share_takes_memory_once() {
    use std::sync::Arc;
    let named = |names: [&Arc<str>; 2]| {
        let way = |name: &Arc<str>| Way { name_ja: Some(Arc::clone(name)), ..Way::plain(RoadClass::Trunk) };
        chain(names.into_iter().map(way).collect()).bytes()
    };
    let (one, other): (Arc<str>, Arc<str>) = ("Route 28".into(), "Route 28".into());
    let counts = 2 * size_of::<usize>();
    assert_eq!(named([&one, &other]) - named([&one, &one]), one.len() + counts);
    let plain = chain(vec![Way::plain(RoadClass::Trunk); 2]).bytes();
    assert_eq!(named([&one, &one]) - plain, one.len() + counts);
    assert!(chain(vec![Way::plain(RoadClass::Trunk); 3]).bytes() > plain + size_of::<Way>());
}

proptest! {
    #[test]
    fn the_nearest_road_is_the_one_that_looking_at_every_road_finds(
        places in prop::collection::vec((-50_000..50_000_i32, -50_000..50_000_i32), 2..12),
        ends in prop::collection::vec((0..12_usize, 0..12_usize, 0..4_usize), 1..20),
        here in (-60_000..60_000_i32, -60_000..60_000_i32),
    ) {
        let mut parts = NetworkParts { has_positions: true, shape_first: vec![0], ..NetworkParts::default() };
        parts.positions = places.iter().map(|&(lat, lon)| at(lat, lon)).collect();
        parts.ways.push(Way::plain(RoadClass::Road));
        for (tail, head, between) in ends {
            let (tail, head) = (tail % places.len(), head % places.len());
            parts.shape_of_edge.push(parts.edges.len() as u32);
            parts.edges.push((tail as u32, head as u32, RoadEdge::new(0, Direction::Forward, 1_000)));
            parts.shape_points.extend((0..between).map(|step| parts.positions[(tail + step) % places.len()]));
            parts.shape_first.push(parts.shape_points.len() as u32);
        }
        let network = RoadNetwork::new(parts).unwrap();
        let weights = network.weights_ms(Profile::Ambulance);
        let found = SnapIndex::new(&network).snap(&network, &weights, at(here.0, here.1)).unwrap();
        let vector = UnitVector::from(at(here.0, here.1));
        let alone = |edge: u32| {
            let mut weights = vec![UNREACHABLE_MS; weights.len()];
            weights[edge as usize] = 1;
            SnapIndex::new(&network).snap(&network, &weights, at(here.0, here.1)).unwrap()
        };
        let all = (0..network.graph().edge_count() as u32).map(alone);
        let nearest = all.map(|snap| distance_m(vector, snap.position.into())).min().unwrap();
        prop_assert_eq!(found.distance_m, nearest);
        prop_assert!(found.along_dm <= network.edge(found.edge).length_dm);
    }
}

#[test]
fn a_route_begins_and_ends_in_the_middle_of_roads() {
    use crate::network::hierarchy::{Hierarchy, Metric};
    let network = chain(vec![Way::plain(RoadClass::Primary); 4]);
    let weights = network.weights_ms(Profile::Lorry4t);
    let order: Vec<u32> = (0..network.graph().node_count() as u32).collect();
    let hierarchy = Hierarchy::new(&network.flat(), &order).unwrap();
    let metric = Metric::new(&hierarchy, &weights, std::num::NonZeroUsize::MIN);
    let on = Searchable { network: &network, hierarchy: &hierarchy, metric: &metric, weights_ms: &weights };
    let index = SnapIndex::new(&network);
    let snapped = |lon| index.snap(&network, &weights, at(0, lon)).unwrap();
    let (west, east) = (snapped(50_000), snapped(350_000));
    // Half a kilometre, two whole ones and another half at 54 km/h: 200 s.
    let there = route(on, &west, &east).unwrap();
    assert_eq!((there.edges.clone(), there.length_dm), (vec![0, 2, 4, 6], 30_000));
    assert!(there.travel_ms.abs_diff(200_000) <= 30, "{there:?}");
    assert_eq!(route(on, &east, &west).unwrap().edges, [7, 5, 3, 1]);
    let near = route(on, &west, &snapped(75_000)).unwrap();
    assert_eq!(near.edges, [0]);
    // Each end is a whole number of decimetres along the road.
    assert!(near.length_dm.abs_diff(2_500) <= 1, "{near:?}");
    assert_eq!(route(on, &west, &west).unwrap().travel_ms, 0);
}
