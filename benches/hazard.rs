//! The shaking of very many road edges, against the relations as a textbook writes them.
//!
//! Edges lie at random over Kansai; the ruptures are one on land (two rectangles) and the Nankai Trough (a dozen). What is
//! timed first is an earthquake over places that are ready, then its scatter, then all of it from positions on.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rand_chacha::rand_core::Rng;
use std::hint::black_box;
use std::num::NonZeroUsize;
use yui::hazard::observed::{Blend, Compared, Value};
use yui::hazard::scatter::{self, FieldPlan, Scatter, ScatterModel, stream};
use yui::hazard::shaking::ground::{Ground, Relations, Site, Sites};
use yui::hazard::shaking::intensity::Intensity;
use yui::hazard::shaking::magnitude::Mw;
use yui::hazard::shaking::rupture::{Fault, Rupture};
use yui::hazard::shaking::{Earthquake, SourceKind};
use yui::units::Position;

/// Road edges.
const EDGES: usize = 1_000_000;
/// Municipalities of the union.
const MUNICIPALITIES: usize = 241;
/// Cores that the target is stated for.
const THREADS: NonZeroUsize = NonZeroUsize::new(2).unwrap();

criterion_group!(benches, bench_shaking, bench_observed);
criterion_main!(benches);

fn at(lat: f64, lon: f64) -> Position {
    Position::from_degrees(lat, lon).expect("on the Earth")
}

fn edges() -> Vec<Site> {
    let mut dice = stream(1, "edges");
    let mut part = || (dice.next_u64() >> 11) as f64 / 9_007_199_254_740_992.0;
    let mut edge = || Site {
        place: at(33.4 + 2.4 * part(), 133.1 + 3.4 * part()),
        ground: Ground::from_avs30_m_s(150 + (650.0 * part()) as i64).expect("believed"),
    };
    (0..EDGES).map(|_| edge()).collect()
}

fn earthquake(name: &str) -> Earthquake {
    let fault = |edge: &[(f64, f64)], depth_km: u32, dip_degrees, width_km: u32| Fault {
        upper_edge: edge.iter().map(|&(lat, lon)| at(lat, lon)).collect(),
        upper_edge_depth_m: depth_km * 1_000,
        dip_degrees,
        width_m: width_km * 1_000,
    };
    let (kind, centi, depth_km, fault) = match name {
        "crustal" => {
            let fault = fault(&[(34.30, 134.80), (34.60, 135.05), (34.85, 135.50)], 1, 85, 15);
            (SourceKind::Crustal, 720, 10, fault)
        }
        _ => {
            let edge: [(f64, f64); 5] =
                [(31.9, 132.5), (32.6, 134.0), (33.0, 135.5), (33.4, 136.8), (33.9, 138.0)];
            (SourceKind::Interface, 900, 20, fault(&edge, 10, 10, 100))
        }
    };
    Earthquake {
        magnitude: Mw::from_centi(centi).expect("believed"),
        kind,
        focal_depth_m: depth_km * 1_000,
        rupture: Rupture::fault(&fault).expect("a fault"),
    }
}

fn bench_shaking(c: &mut Criterion) {
    let edges = edges();
    let sites = Sites::new(Relations::default(), &edges);
    let plan = FieldPlan::over(ScatterModel::default(), sites.places()).expect("narrow enough");
    let field = plan.draw(1, "shaking");
    let scatter = Scatter::Field(&field);
    let mut group = c.benchmark_group("shaking");
    group.sample_size(10).throughput(Throughput::Elements(EDGES as u64));
    for name in ["crustal", "nankai"] {
        let earthquake = earthquake(name);
        // Each edge alone, every step taken anew, all velocities written out.
        let naive = |scatter| -> Vec<Intensity> {
            let each = edges.iter().enumerate();
            each.map(|(index, site)| earthquake.motion(Relations::default(), site, scatter, index).intensity)
                .collect()
        };
        assert_eq!(earthquake.intensities(&sites, scatter, THREADS), naive(scatter), "{name}");
        group.bench_function(format!("each_alone/{name}"), |b| b.iter(|| black_box(naive(scatter))));
        group.bench_function(format!("median/{name}"), |b| {
            b.iter(|| black_box(earthquake.intensities(&sites, Scatter::Median, THREADS)));
        });
        group.bench_function(format!("scattered/{name}"), |b| {
            b.iter(|| {
                let field = plan.draw(1, "shaking");
                black_box(earthquake.intensities(&sites, Scatter::Field(&field), THREADS))
            });
        });
        group.bench_function(format!("from_positions/{name}"), |b| {
            b.iter(|| {
                let sites = Sites::new(Relations::default(), &edges);
                let plan = FieldPlan::over(ScatterModel::default(), sites.places()).expect("narrow enough");
                let field = plan.draw(1, "shaking");
                black_box(earthquake.intensities(&sites, Scatter::Field(&field), THREADS))
            });
        });
    }
    group.bench_function("draw", |b| b.iter(|| black_box(plan.draw(1, "shaking"))));
    group.finish();
}

/// Municipalities of the union, drawn exactly, and as many observations blended into the intensities of all edges.
fn bench_observed(c: &mut Criterion) {
    let edges = edges();
    let places: Vec<Position> = edges.iter().map(|edge| edge.place).collect();
    let towns = &places[..MUNICIPALITIES];
    let mut group = c.benchmark_group("observed");
    group.sample_size(10);
    group.bench_function(format!("draw_each/{MUNICIPALITIES}"), |b| {
        b.iter(|| black_box(scatter::each(ScatterModel::default(), towns, 1, "shaking")));
    });
    let sites = Sites::new(Relations::default(), &edges);
    let predicted = earthquake("crustal").intensities(&sites, Scatter::Median, THREADS);
    let observed = places.iter().zip(&predicted).take(MUNICIPALITIES);
    let observed: Vec<Compared> = observed
        .map(|(&place, &predicted)| Compared { place, predicted, value: Value::Class(predicted.class()) })
        .collect();
    group.throughput(Throughput::Elements(EDGES as u64));
    group.bench_function("blend", |b| {
        b.iter(|| {
            let blend = Blend::new(ScatterModel::default(), &observed).expect("few enough");
            black_box(blend.intensities(&places, &predicted, THREADS))
        });
    });
    group.finish();
}
