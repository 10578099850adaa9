//! Travel times, ambulance legs, nearest places, daylight.
//!
//! The road network is the drill's (`scenarios/kansai/roads`, 746 nodes) where it stands, and a grid whose
//! answers are arithmetic everywhere.

use std::fmt::Write as _;
use std::fs::File;
use std::hint::black_box;
use std::path::Path;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use jiff::civil::date;
use petgraph::Direction;
use petgraph::algo::dijkstra;
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use yui::daylight::{DaylightCache, JST_OFFSET_S, daylight};
use yui::network::hierarchy::{Matrix, Targets};
use yui::network::map::Stretch;
use yui::network::overlay::{Effect, LiveRoads, Overlay};
use yui::network::roads::Profile;
use yui::network::{Footing, RoadMap, RoadTables, UNREACHABLE_MS, legs_from, road_route};
use yui::spatial::PointIndex;
use yui::units::{Position, UNREACHABLE};

/// Sides of the grids: as many nodes as the trunk roads of Kansai, and ten times as many.
const GRID_SIDES: [u32; 2] = [27, 86];
/// Targets of the one-to-many legs.
const TARGETS: u32 = 1_000;
/// Points of the index.
const POINTS: u32 = 100_000;

criterion_group!(benches, bench_search, bench_legs, bench_closing, bench_nearest, bench_daylight);
criterion_main!(benches);

/// A square grid: crossings 0.02 degree apart, every link 2 km at 60 km/h (2 min).
fn grid(side: u32) -> RoadMap {
    let mut nodes = String::from("id,name_ja,name_en,lat,lon\n");
    let mut links =
        String::from("from,to,road_ja,road_en,class,length_km,free_flow_kmh,structure,oneway,structure_id\n");
    let mut link = |(row, col): (u32, u32), (to_row, to_col): (u32, u32)| {
        let _ = writeln!(links, "r{row}c{col},r{to_row}c{to_col},,,national,2,60,none,false,");
    };
    for row in 0..side {
        for col in 0..side {
            let (lat, lon) = (34.0 + f64::from(row) * 0.02, 134.0 + f64::from(col) * 0.02);
            let _ = writeln!(nodes, "r{row}c{col},,,{lat:.2},{lon:.2}");
            if row + 1 < side {
                link((row, col), (row + 1, col));
            }
            if col + 1 < side {
                link((row, col), (row, col + 1));
            }
        }
    }
    let structures = "id,name_ja,name_en\n";
    let (nodes, structures, links) = (nodes.as_bytes(), structures.as_bytes(), links.as_bytes());
    RoadMap::read(RoadTables { nodes, structures, links }).expect("the grid is well formed")
}

/// The drill's network; `None` where the data set does not stand.
fn kansai() -> Option<RoadMap> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/kansai/roads");
    let open = |name: &str| File::open(folder.join(name)).ok();
    let tables = RoadTables {
        nodes: open("nodes.csv")?,
        structures: open("structures.csv")?,
        links: open("links.csv")?,
    };
    Some(RoadMap::read(tables).expect("the drill's tables are well formed"))
}

fn networks() -> Vec<(String, RoadMap)> {
    let grids = GRID_SIDES.iter().map(|&side| (format!("grid{}", side * side), grid(side)));
    grids.chain(kansai().map(|map| ("kansai".to_owned(), map))).collect()
}

/// Places strewn evenly over the nodes of a network, up to 1 km off: multiples of the golden ratio.
fn places(map: &RoadMap, count: u32) -> Vec<Position> {
    let nodes: Vec<Position> = map.network().graph().node_weights().map(|node| node.position).collect();
    let strewn = |i: u32| {
        let spin = i.wrapping_mul(2_654_435_769);
        let (lat, lon) = nodes[spin as usize % nodes.len()].degrees();
        let offset = f64::from(spin >> 16) / 65_536.0 * 0.01;
        Position::from_degrees(lat + offset, lon - offset).expect("near a node, so on the Earth")
    };
    (0..count).map(strewn).collect()
}

/// The roads of a map with nothing standing on them.
fn live(map: &RoadMap) -> LiveRoads<u8> {
    LiveRoads::new(map, Profile::Ambulance, NonZeroUsize::MIN)
}

fn bench_search(c: &mut Criterion) {
    let mut group = c.benchmark_group("network/one_to_all");
    for (name, map) in networks() {
        let (graph, now) = (map.network().graph(), live(&map).now());
        let all: Vec<u32> = (0..map.flat().nodes_count()).collect();
        let targets = Targets::new(map.hierarchy(), &all);
        let ours =
            || Matrix::new(map.hierarchy(), now.metric(), &targets, Direction::Outgoing).row(&[(0, 0)]);
        let plain = || dijkstra(graph, NodeIndex::new(0), None, |edge| now.weights_ms()[edge.id().index()]);
        let (found, oracle) = (ours(), plain());
        for (node, time_ms) in graph.node_indices().zip(found) {
            assert_eq!(time_ms, oracle.get(&node).copied().unwrap_or(UNREACHABLE_MS));
        }
        group.throughput(Throughput::Elements(all.len() as u64));
        group.bench_function(BenchmarkId::new("hierarchy", &name), |b| b.iter(ours));
        group.bench_function(BenchmarkId::new("petgraph", &name), |b| b.iter(plain));
    }
    group.finish();
}

fn bench_legs(c: &mut Criterion) {
    let mut group = c.benchmark_group("network/legs");
    for (name, map) in networks() {
        let (now, usual_ms) = (live(&map).now(), map.network().weights_ms(Profile::Ambulance));
        let to = places(&map, TARGETS);
        let footing = |place: Position| Footing::find(&map, &usual_ms, place);
        let footings: Vec<Footing> = to.iter().map(|&place| footing(place)).collect();
        let known: Vec<&Footing> = footings.iter().collect();
        let legs = legs_from(&map, &now, known[0], &known);
        let last = known[known.len() - 1];
        assert_eq!(legs[to.len() - 1], legs_from(&map, &now, known[0], &[last])[0]);
        assert!(legs.iter().all(|leg| leg.total_s() < UNREACHABLE));
        group.throughput(Throughput::Elements(1));
        group.bench_function(BenchmarkId::new("footing", &name), |b| b.iter(|| footing(black_box(to[0]))));
        group.bench_function(BenchmarkId::new("one_to_one", &name), |b| {
            b.iter(|| legs_from(&map, &now, black_box(known[0]), &[last]));
        });
        group.bench_function(BenchmarkId::new("route", &name), |b| {
            b.iter(|| road_route(&map, &now, black_box(known[0]), last));
        });
        group.throughput(Throughput::Elements(u64::from(TARGETS)));
        group.bench_function(BenchmarkId::new(format!("one_to_{TARGETS}"), &name), |b| {
            b.iter(|| legs_from(&map, &now, black_box(known[0]), &known));
        });
    }
    group.finish();
}

/// A bridge of Kansai, or a link of a grid, is closed and opened again.
fn bench_closing(c: &mut Criterion) {
    let mut group = c.benchmark_group("network/closing");
    for (name, map) in networks() {
        let edges = match map.structures().next() {
            Some(structure) => map.edges_of(&Stretch::Structure(&structure.id)).expect("it has edges"),
            None => vec![0, 1],
        };
        let mut roads = live(&map);
        let open = roads.now();
        let closed = BTreeMap::from([(0_u8, Overlay { edges: edges.into(), effect: Effect::Closed })]);
        roads.set(&map, closed.clone());
        assert_ne!(roads.now().metric(), open.metric());
        roads.set(&map, BTreeMap::new());
        assert_eq!(roads.now().metric(), open.metric());
        group.bench_function(BenchmarkId::new("close_and_open", &name), |b| {
            b.iter(|| {
                roads.set(&map, closed.clone());
                roads.set(&map, BTreeMap::new());
            });
        });
    }
    group.finish();
}

fn bench_nearest(c: &mut Criterion) {
    let places = places(&grid(GRID_SIDES[0]), POINTS);
    let index = PointIndex::bulk_load(places.iter().copied().zip(0_u32..));
    assert_eq!(index.nearest(places[7], 1)[0].distance_m, 0);
    let mut group = c.benchmark_group("spatial");
    group.throughput(Throughput::Elements(1));
    group.bench_function(BenchmarkId::new("nearest_10", POINTS), |b| {
        let mut i = 0;
        b.iter(|| {
            i = (i + 1) % places.len();
            index.nearest(places[i], 10)
        });
    });
    group.bench_function(BenchmarkId::new("within_1km", POINTS), |b| {
        b.iter(|| index.within(black_box(places[7]), 1_000));
    });
    group.finish();
}

fn bench_daylight(c: &mut Criterion) {
    let osaka = Position::from_degrees(34.6937, 135.5023).expect("on the Earth");
    let day = date(2026, 12, 21);
    let mut cache = DaylightCache::new();
    assert!(cache.daylight(osaka, day, JST_OFFSET_S).is_ok());
    let mut group = c.benchmark_group("daylight");
    group.bench_function("day", |b| b.iter(|| daylight(black_box(osaka), day, JST_OFFSET_S)));
    group.bench_function("cached", |b| b.iter(|| cache.daylight(black_box(osaka), day, JST_OFFSET_S)));
    group.finish();
}
