//! A leg around areas that may not be flown through, against the full visibility graph.
//!
//! The reference joins every pair of corners of every area that see each other and lets petgraph's `dijkstra` run on that;
//! ours looks at what is in the way only. Both answers are compared on every scene before anything is timed. The reference
//! knows by places every 200 m what sees what, so that it shares nothing with ours; the ratio of the medians is mostly that.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{BenchmarkId, Criterion, criterion_group};
use petgraph::algo::dijkstra;
use petgraph::graph::UnGraph;
use yui::network::air::{AirNetwork, AirWeather, Flight, NoFlyArea, Polygon};
use yui::units::geodesy::{UnitVector, distance_m};
use yui::units::{Metres, Position, Timestamp};

/// Areas of one scene.
const SIZES: [usize; 3] = [1, 8, 16];
/// Corners of one area.
const CORNERS: usize = 8;
/// Scenes per size.
const SCENES: u64 = 10;

/// Seeded numbers (splitmix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn between(&mut self, from: f64, to: f64) -> f64 {
        from + (to - from) * (self.next() % 1_000_000) as f64 / 1e6
    }
}

/// Convex areas apart from each other in a grid over the way, and a leg of 200 km through them.
struct Scene {
    network: AirNetwork,
    from: Position,
    to: Position,
}

fn place(lat: f64, lon: f64) -> Position {
    Position::from_degrees(lat, lon).expect("the frame lies on the Earth")
}

fn scene(seed: u64, areas: usize) -> Scene {
    let mut dice = Dice(seed);
    let columns = areas.min(8);
    let area = |number: usize| {
        let (row, column) = (number / columns, number % columns);
        let middle = |dice: &mut Dice, at: f64| at + dice.between(-0.02, 0.02);
        let lat = middle(&mut dice, 35.0 + (row as f64 - (areas / columns / 2) as f64) * 0.25);
        let lon = middle(&mut dice, 134.3 + column as f64 * 0.25);
        let corners: Vec<Position> = (0..CORNERS)
            .map(|corner| {
                let angle = corner as f64 / CORNERS as f64 * std::f64::consts::TAU;
                place(lat + 0.09 * libm::sin(angle), lon + 0.09 * libm::cos(angle))
            })
            .collect();
        NoFlyArea {
            id: format!("members/hyogo/noFlyAreas/a{number}").parse().expect("a slug"),
            polygon: Polygon::new(&corners).expect("a circle bounds an area"),
            floor_m: 0,
            ceiling_m: 3_000,
            from: None,
            until: None,
        }
    };
    let mut area = area;
    let all = (0..areas).map(&mut area).collect();
    Scene {
        network: AirNetwork::new(Vec::new(), all, Vec::new()).expect("few areas"),
        from: place(35.0, 134.0),
        to: place(35.02, 136.4),
    }
}

fn flight() -> Flight {
    Flight { departs_at: Timestamp(0), airspeed_kmh: 200, altitude_m: 600, ceiling_min_m: 0 }
}

fn ours(scene: &Scene) -> Metres {
    let leg = scene.network.leg(scene.from, scene.to, &flight(), &AirWeather::default());
    leg.expect("there is a way").distance_m
}

/// Whether a straight way from one place to another goes through an area: looked at every 200 m, and at its ends not at all.
fn is_seen(network: &AirNetwork, from: Position, to: Position) -> bool {
    let steps = (distance_m(from.into(), to.into()) / 200).max(2);
    let of = |a: i32, b: i32, share: f64| (f64::from(a) + (f64::from(b) - f64::from(a)) * share) / 1e7;
    (1..steps).all(|step| {
        let share = f64::from(step) / f64::from(steps);
        let at = place(of(from.lat_e7(), to.lat_e7(), share), of(from.lon_e7(), to.lon_e7(), share));
        network.areas().iter().all(|area| !shrunk_holds(&area.polygon, at))
    })
}

/// Whether a place lies inside by more than 100 m: straight in degrees is up to that beside the great circle here.
fn shrunk_holds(polygon: &Polygon, at: Position) -> bool {
    let around = [(0.0, 0.0), (0.001, 0.0), (-0.001, 0.0), (0.0, 0.001), (0.0, -0.001)];
    let [lat, lon] = [at.lat_e7(), at.lon_e7()].map(|degrees| f64::from(degrees) / 1e7);
    around.iter().all(|(north, east)| polygon.contains(place(lat + north, lon + east)))
}

/// The full visibility graph, searched by petgraph.
fn reference(scene: &Scene) -> Metres {
    let mut graph = UnGraph::<Position, Metres>::default();
    let corners = scene.network.areas().iter().flat_map(|area| area.polygon.corners().iter().copied());
    for at in [scene.from, scene.to].into_iter().chain(corners) {
        graph.add_node(at);
    }
    let nodes: Vec<_> = graph.node_indices().collect();
    for (place, &a) in nodes.iter().enumerate() {
        for &b in &nodes[..place] {
            if is_seen(&scene.network, graph[a], graph[b]) {
                let metres = distance_m(UnitVector::from(graph[a]), UnitVector::from(graph[b]));
                graph.add_edge(a, b, metres);
            }
        }
    }
    dijkstra(&graph, nodes[0], Some(nodes[1]), |edge| *edge.weight())[&nodes[1]]
}

#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let answer = black_box(work());
    (answer, start.elapsed())
}

fn legs(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("air/leg");
    for areas in SIZES {
        let scenes: Vec<Scene> = (0..SCENES).map(|seed| scene(seed, areas)).collect();
        let mut times = Vec::new();
        for scene in &scenes {
            let (metres, elapsed) = timed(|| reference(scene));
            let (own, own_elapsed) = timed(|| ours(scene));
            assert!(own.abs_diff(metres) <= metres / 500, "{own} m against {metres} m");
            times.push((elapsed, own_elapsed));
        }
        times.sort_unstable();
        let (reference, own) = times[times.len() / 2];
        let ratio = reference.as_secs_f64() / own.as_secs_f64();
        println!("{areas} areas: {own:?}, full graph {reference:?}, {ratio:.1} x");
        group.bench_function(BenchmarkId::from_parameter(areas), |bencher| {
            bencher.iter(|| scenes.iter().map(ours).max());
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).measurement_time(Duration::from_secs(2)).configure_from_args();
    targets = legs
}

fn main() {
    benches();
}
