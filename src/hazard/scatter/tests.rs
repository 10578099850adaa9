use super::*;
use crate::units::geodesy::distance_m;
use std::collections::BTreeSet;

fn at(lat: f64, lon: f64) -> Position {
    Position::from_degrees(lat, lon).unwrap()
}

/// Places over Kansai, evenly, `side` x `side`.
fn kansai(side: u32) -> Vec<Position> {
    let part = |index: u32| f64::from(index) / f64::from(side - 1);
    (0..side * side)
        .map(|index| at(33.4 + 2.2 * part(index / side), 133.2 + 3.2 * part(index % side)))
        .collect()
}

fn local_only() -> ScatterModel {
    ScatterModel::new(0, Correlation::default()).unwrap()
}

/// Correlation of two places over very many draws, and the variance of the first.
fn sampled(count: u64, draw: impl Fn(u64) -> (f64, f64)) -> (f64, f64) {
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for seed in 0..count {
        let (x, y) = draw(seed);
        xx += x * x;
        yy += y * y;
        xy += x * y;
    }
    (xy / (xx * yy).sqrt(), xx / count as f64)
}

#[test]
fn the_streams_are_named_and_never_change() {
    let first = |seed, name| stream(seed, name).next_u64();
    // Whoever changes these numbers changes every drill that was ever drawn.
    assert_eq!(first(1, "shaking"), GOLDEN_STREAM);
    assert_ne!(first(1, "shaking"), first(2, "shaking"));
    assert_ne!(first(1, "shaking"), first(1, "shaking "));
}

const GOLDEN_STREAM: u64 = 693_730_557_368_930_057;

#[test]
fn the_same_seed_and_name_draw_the_same_bytes() {
    let places = kansai(5);
    let plan = FieldPlan::over(ScatterModel::default(), &places).unwrap();
    assert_eq!(plan.draw(7, "a"), plan.draw(7, "a"));
    assert_ne!(plan.draw(7, "a"), plan.draw(7, "b"));
    let model = ScatterModel::default();
    let digest =
        |deviates: &[Deviate]| deviates.iter().map(|deviate| i64::from(deviate.micro())).sum::<i64>();
    let exact = each(model, &places, 7, "a").unwrap();
    assert_eq!(exact, each(model, &places, 7, "a").unwrap());
    let read: Vec<Deviate> =
        places.iter().map(|place| Deviate::rounded(plan.draw(7, "a").at(*place))).collect();
    assert_eq!((digest(&exact), digest(&read)), GOLDEN_DRAWS, "on every machine");
}

const GOLDEN_DRAWS: (i64, i64) = (6_687_086, -2_541_805);

#[test]
fn exact_draws_have_the_correlation_asked_for() {
    let places = [at(34.70, 135.50), at(34.70, 135.55), at(34.90, 135.50), at(34.70, 135.50)];
    let draws: Vec<Vec<Deviate>> =
        (0..20_000).map(|seed| each(local_only(), &places, seed, "test").unwrap()).collect();
    for other in 1..places.len() {
        let metres = f64::from(distance_m(places[0].into(), places[other].into()));
        let (found, variance) = sampled(20_000, |seed| {
            let draw = &draws[seed as usize];
            (f64::from(draw[0].0) / MICRO, f64::from(draw[other].0) / MICRO)
        });
        let wanted = Correlation::default().at(metres);
        assert!((found - wanted).abs() < 0.02, "{metres} m: {found} against {wanted}");
        // Cutting at three takes a hundredth off.
        assert!((variance - 0.99).abs() < 0.03, "{variance}");
    }
}

#[test]
fn a_field_has_the_correlation_asked_for() {
    let area = [at(34.5, 135.3), at(34.9, 135.9)];
    let plan = FieldPlan::over(local_only(), &area).unwrap();
    let fields: Vec<Field> = (0..200).map(|seed| plan.draw(seed, "test")).collect();
    // Pairs all over the area: 200 draws of one pair say too little.
    let starts: Vec<(f64, f64)> = (0..64)
        .map(|index| (34.5 + f64::from(index / 8) * 0.04, 135.3 + f64::from(index % 8) * 0.06))
        .collect();
    for (north, east) in [(0.0, 0.01), (0.03, 0.02), (0.08, 0.0), (0.1, -0.12)] {
        let metres = f64::from(distance_m(at(34.7, 135.5).into(), at(34.7 + north, 135.5 + east).into()));
        let (found, variance) = sampled(200 * 64, |index| {
            let (field, (lat, lon)) = (&fields[index as usize / 64], starts[index as usize % 64]);
            (field.at(at(lat, lon)), field.at(at(lat + north, lon + east)))
        });
        let wanted = Correlation::default().at(metres);
        assert!((found - wanted).abs() < 0.06, "{metres} m: {found} against {wanted}");
        // Cutting at three takes a hundredth off.
        assert!((variance - 0.99).abs() < 0.06, "{variance}");
    }
}

/// The covariance of the interpolated field is known without drawing: of the four corners around each place.
#[test]
fn between_grid_points_places_are_at_most_eight_hundredths_too_alike() {
    let correlation = Correlation::default();
    let step_m = correlation.length_m() / 8.0;
    let corners = |x: f64, y: f64| {
        let (left, low) = (libm::floor(x), libm::floor(y));
        let (u, v) = (x - left, y - low);
        [
            (left, low, (1.0 - u) * (1.0 - v)),
            (left + 1.0, low, u * (1.0 - v)),
            (left, low + 1.0, (1.0 - u) * v),
            (left + 1.0, low + 1.0, u * v),
        ]
    };
    let covariance = |a: (f64, f64), b: (f64, f64)| {
        let mut sum = 0.0;
        for (x, y, weight) in corners(a.0, a.1) {
            for (p, q, other) in corners(b.0, b.1) {
                sum += weight * other * correlation.at(libm::hypot(x - p, y - q) * step_m);
            }
        }
        sum
    };
    let mut worst: f64 = 0.0;
    for start in 0..25 {
        let a = (f64::from(start % 5) / 5.0, f64::from(start / 5) / 5.0);
        for way in 0..900 {
            let b = (a.0 + f64::from(way % 30) / 10.0, a.1 + f64::from(way / 30) / 10.0);
            let found = covariance(a, b) / (covariance(a, a) * covariance(b, b)).sqrt();
            let wanted = correlation.at(libm::hypot(a.0 - b.0, a.1 - b.1) * step_m);
            worst = worst.max((found - wanted).abs());
        }
    }
    assert!((0.05..=0.08).contains(&worst), "{worst}");
}

#[test]
fn a_place_beyond_the_area_reads_the_other_side_of_the_torus() {
    let area = [at(34.5, 135.3), at(34.9, 135.9)];
    let field = FieldPlan::over(local_only(), &area).unwrap().draw(1, "test");
    // Across the edge of the area nothing jumps: neighbours 10 m apart are alike.
    for (inside, outside) in [
        ((34.5, 135.5), (34.4999, 135.5)),
        ((34.7, 135.3), (34.7, 135.2999)),
        ((34.5, 135.3), (34.4999, 135.2999)),
    ] {
        let step = field.at(at(inside.0, inside.1)) - field.at(at(outside.0, outside.1));
        assert!(step.abs() < 0.05, "{step}");
    }
    assert!(field.at(at(-60.0, -170.0)).abs() <= 3.0, "anywhere on the Earth something is read");
}

#[test]
fn what_is_shared_is_shared_by_all() {
    let all = ScatterModel::new(1_000, Correlation::default()).unwrap();
    let places = kansai(4);
    let drawn: BTreeSet<Deviate> = each(all, &places, 3, "test").unwrap().into_iter().collect();
    assert_eq!(drawn.len(), 1);
    let field = FieldPlan::over(all, &places).unwrap().draw(3, "test");
    let read: BTreeSet<Deviate> = places.iter().map(|place| Deviate::rounded(field.at(*place))).collect();
    assert_eq!(read, drawn, "both ways draw the shared part alike");
}

#[test]
fn what_cannot_be_drawn_is_refused() {
    assert_eq!(
        ScatterModel::new(1_001, Correlation::default()),
        Err(ScatterProblem::ShareAbsurd { permille: 1_001 })
    );
    let many = vec![at(34.0, 135.0); PLACES_MAX + 1];
    let refused = each(ScatterModel::default(), &many, 0, "test");
    assert_eq!(refused, Err(ScatterProblem::TooManyPlaces { count: PLACES_MAX + 1 }));
    let wide = FieldPlan::over(ScatterModel::default(), &[at(24.0, 123.0), at(45.5, 146.0)]);
    assert_eq!(wide, Err(ScatterProblem::TooWide { side_km: 2_391, side_km_max: 2_124 }));
    assert!(FieldPlan::over(ScatterModel::default(), &[]).is_ok(), "nothing is an area");
}
