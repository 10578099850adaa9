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
use yui::daylight::{DaylightCache, JST_OFFSET_S, daylight};
use yui::network::{
    Closures, Footing, RoadGraph, RoadTables, Source, UNREACHABLE_MS, legs_from, road_leg, road_legs,
    road_route,
};
use yui::spatial::PointIndex;
use yui::units::{Position, UNREACHABLE};

/// Sides of the grids: as many nodes as the trunk roads of Kansai, and ten times as many.
const GRID_SIDES: [u32; 2] = [27, 86];
/// Targets of the one-to-many legs.
const TARGETS: u32 = 1_000;
/// Points of the index.
const POINTS: u32 = 100_000;

criterion_group!(benches, bench_search, bench_legs, bench_nearest, bench_daylight);
criterion_main!(benches);

/// A square grid: crossings 0.02 degree apart, every link 2 km at 60 km/h (2 min).
fn grid(side: u32) -> RoadGraph {
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
    RoadGraph::read(RoadTables { nodes, structures, links }).expect("the grid is well formed")
}

/// The drill's network; `None` where the data set does not stand.
fn kansai() -> Option<RoadGraph> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios/kansai/roads");
    let open = |name: &str| File::open(folder.join(name)).ok();
    let tables = RoadTables {
        nodes: open("nodes.csv")?,
        structures: open("structures.csv")?,
        links: open("links.csv")?,
    };
    Some(RoadGraph::read(tables).expect("the drill's tables are well formed"))
}

fn networks() -> Vec<(String, RoadGraph)> {
    let grids = GRID_SIDES.iter().map(|&side| (format!("grid{}", side * side), grid(side)));
    grids.chain(kansai().map(|graph| ("kansai".to_owned(), graph))).collect()
}

/// Places strewn evenly over the nodes of a network, up to 1 km off: multiples of the golden ratio.
fn places(graph: &RoadGraph, count: u32) -> Vec<Position> {
    let nodes: Vec<Position> = graph.graph().node_weights().map(|node| node.position).collect();
    let strewn = |i: u32| {
        let spin = i.wrapping_mul(2_654_435_769);
        let (lat, lon) = nodes[spin as usize % nodes.len()].degrees();
        let offset = f64::from(spin >> 16) / 65_536.0 * 0.01;
        Position::from_degrees(lat + offset, lon - offset).expect("near a node, so on the Earth")
    };
    (0..count).map(strewn).collect()
}

fn bench_search(c: &mut Criterion) {
    let mut group = c.benchmark_group("network/one_to_all");
    for (name, graph) in networks() {
        let start = NodeIndex::new(0);
        let sources = [Source { node: start, spent_ms: 0 }];
        let flat =
            || graph.travel_times(&Closures::none(), Direction::Outgoing, &sources, None, UNREACHABLE_MS);
        let plain = || dijkstra(graph.graph(), start, None, |edge| edge.weight().travel_ms);
        let (found, oracle) = (flat(), plain());
        for node in graph.graph().node_indices() {
            assert_eq!(found.time_ms(node), oracle.get(&node).copied().unwrap_or(UNREACHABLE_MS));
        }
        group.throughput(Throughput::Elements(graph.graph().node_count() as u64));
        group.bench_function(BenchmarkId::new("flat", &name), |b| b.iter(flat));
        group.bench_function(BenchmarkId::new("petgraph", &name), |b| b.iter(plain));
    }
    group.finish();
}

fn bench_legs(c: &mut Criterion) {
    let mut group = c.benchmark_group("network/legs");
    for (name, graph) in networks() {
        let (open, to) = (Closures::none(), places(&graph, TARGETS));
        let (from, last) = (to[0], to[to.len() - 1]);
        let legs = road_legs(&graph, &open, from, &to);
        assert_eq!(legs[to.len() - 1], road_leg(&graph, &open, from, last));
        assert!(legs.iter().all(|leg| leg.total_s() < UNREACHABLE));
        group.throughput(Throughput::Elements(1));
        group.bench_function(BenchmarkId::new("one_to_one", &name), |b| {
            b.iter(|| road_leg(&graph, &open, black_box(from), last));
        });
        group.bench_function(BenchmarkId::new("route", &name), |b| {
            b.iter(|| road_route(&graph, &open, black_box(from), last));
        });
        group.throughput(Throughput::Elements(u64::from(TARGETS)));
        group.bench_function(BenchmarkId::new(format!("one_to_{TARGETS}"), &name), |b| {
            b.iter(|| road_legs(&graph, &open, black_box(from), &to));
        });
        let footings: Vec<Footing> = to.iter().map(|&place| Footing::find(&graph, place)).collect();
        let known: Vec<&Footing> = footings.iter().collect();
        assert_eq!(legs_from(&graph, &open, known[0], &known), legs);
        group.bench_function(BenchmarkId::new(format!("one_to_{TARGETS}_footings_known"), &name), |b| {
            b.iter(|| legs_from(&graph, &open, black_box(known[0]), &known));
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
