use super::*;
use crate::network::fixture::{Live, kansai, random_roads, strait};
use crate::network::hierarchy::Metric;
use proptest::prelude::*;

/// The weights worked out edge by edge from every overlay, and the metric made of them anew.
fn anew(map: &RoadMap, standing: &BTreeMap<u8, Overlay>) -> (Vec<Millis>, Metric) {
    let usual_ms = map.network().weights_ms(Profile::Lorry4t);
    let weights_ms: Vec<Millis> = (0_u32..)
        .zip(usual_ms)
        .map(|(edge, usual_ms)| {
            let on = standing.values().filter(|overlay| overlay.edges.contains(&edge));
            let effects: Vec<Effect> = on.map(|overlay| overlay.effect).collect();
            if effects.contains(&Effect::Closed) || usual_ms >= UNREACHABLE_MS {
                return UNREACHABLE_MS;
            }
            let percents = effects.iter().filter_map(|effect| match effect {
                Effect::Slowed { percent } => Some(*percent),
                Effect::Closed | Effect::Opened | Effect::Limited { .. } => None,
            });
            let percent = percents.min().unwrap_or(100);
            (u64::from(usual_ms) * 100).div_ceil(percent.into()).min(UNREACHABLE_MS.into()) as Millis
        })
        .collect();
    let metric = Metric::new(map.hierarchy(), &weights_ms, NonZeroUsize::MIN);
    (weights_ms, metric)
}

fn effects() -> impl Strategy<Value = Effect> {
    prop_oneof![
        Just(Effect::Closed),
        (1..100_u8).prop_map(|percent| Effect::Slowed { percent }),
        Just(Effect::Opened),
        (1..100_u16).prop_map(|vehicles_per_hour| Effect::Limited { vehicles_per_hour }),
    ]
}

proptest! {
    #[test]
    fn whatever_stood_before_what_stands_now_alone_counts(
        live in random_roads(),
        steps in prop::collection::vec(prop::collection::btree_map(0..6_u8, (prop::collection::btree_set(0..240_u32, 0..12), effects()), 0..5), 1..6),
        lifted in prop::collection::btree_set(0..6_u8, 0..4),
        avoided in prop::collection::btree_set(0..240_u32, 0..12),
    ) {
        let map = &live.map;
        let mut roads = LiveRoads::new(map, Profile::Lorry4t, NonZeroUsize::MIN);
        for step in steps {
            let count = map.flat().edges_count();
            let standing: BTreeMap<u8, Overlay> = step
                .into_iter()
                .map(|(name, (edges, effect))| {
                    let edges: Vec<u32> = edges.into_iter().filter(|&edge| edge < count).collect();
                    (name, Overlay { edges: edges.into(), effect })
                })
                .collect();
            roads.set(map, standing.clone());
            let now = roads.now();
            prop_assert_eq!((now.weights_ms().to_vec(), now.metric().clone()), anew(map, &standing));

            let after = roads.without(map, &lifted);
            let rest = standing.clone().into_iter().filter(|(name, _)| !lifted.contains(name)).collect();
            prop_assert_eq!((after.weights_ms().to_vec(), after.metric().clone()), anew(map, &rest));
            prop_assert_eq!(roads.now(), now.clone());

            let avoided: Vec<u32> = avoided.iter().copied().filter(|&edge| edge < count).collect();
            let without = roads.avoiding(map, &avoided);
            let closed = Overlay { edges: avoided.into(), effect: Effect::Closed };
            let all = standing.into_iter().chain([(u8::MAX, closed)]).collect();
            prop_assert_eq!((without.weights_ms().to_vec(), without.metric().clone()), anew(map, &all));
            prop_assert_eq!(roads.now(), now);
        }
    }
}

#[test]
fn a_slow_road_takes_longer_by_its_share_and_a_closed_one_is_closed_whatever_else_is_said() {
    let mut live = Live::of(strait());
    // The bridge: 12 km at 75 km/h.
    let ms = |live: &Live| live.roads.now().weights_ms()[2];
    assert_eq!(ms(&live), 576_000);
    live.lay("wind", &[2, 3], Effect::Slowed { percent: 40 });
    assert_eq!(ms(&live), 1_440_000);
    live.lay("gusts", &[2], Effect::Slowed { percent: 50 });
    assert_eq!(ms(&live), 1_440_000, "the slowest counts");
    live.lay("storm", &[2, 3], Effect::Closed);
    assert_eq!(ms(&live), UNREACHABLE_MS);
    live.lift("wind");
    assert_eq!(ms(&live), UNREACHABLE_MS);
    live.lift("storm");
    assert_eq!(ms(&live), 1_152_000);
}

#[test]
fn a_reserved_link_is_there_only_while_it_is_opened() {
    use crate::network::fixture::{LINKS, NODES, STRUCTURES, read};
    let header = LINKS.lines().next().unwrap();
    let mut links = format!("{header},reserved\n");
    for line in LINKS.lines().skip(1) {
        links += &format!("{line},false\n");
    }
    links += "okinosu,fukura,臨時フェリー,Relief ferry,ferry,30.0,30,none,false,,true\n";
    let mut live = Live::of(read(NODES, STRUCTURES, &links).unwrap());
    let (from, to) = ([34.065, 134.590], [34.253, 134.716]);
    let [from, to] = [from, to].map(|[lat, lon]| crate::units::Position::from_degrees(lat, lon).unwrap());
    live.close("onaruto-bridge");
    live.close("sumoto-tunnel");
    assert!(!live.leg(from, to).is_reachable());
    let edges =
        live.map.road("Relief ferry").unwrap().edges.iter().map(|&(edge, ..)| edge).collect::<Vec<_>>();
    live.lay("relief", &edges, Effect::Opened);
    // 30 km at 30 km/h, and boarding.
    assert_eq!(live.leg(from, to).total_s(), 3_600 + 2_700);
    live.lift("relief");
    assert!(!live.leg(from, to).is_reachable());
}

#[test]
fn expressways_of_kansai_closed_for_inspection_make_a_long_way_longer() {
    use crate::network::map::Stretch;
    use crate::network::roads::RoadClass;
    let mut live = Live::of(kansai());
    let [osaka, toyooka] = [[34.694, 135.502], [35.544, 134.820]]
        .map(|[lat, lon]| crate::units::Position::from_degrees(lat, lon).unwrap());
    let open = live.leg(osaka, toyooka).total_s();
    let edges = live.map.edges_of(&Stretch::Classes(&[RoadClass::Motorway])).unwrap();
    live.lay("inspection", &edges, Effect::Closed);
    let closed = live.leg(osaka, toyooka).total_s();
    assert!(closed > open * 5 / 4, "{open} then {closed}");
}
