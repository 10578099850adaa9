use super::*;
use crate::hazard::correlation::Correlation;
use crate::hazard::shaking::intensity::CLASSES;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;

fn at(lat: f64, lon: f64) -> Position {
    Position::from_degrees(lat, lon).unwrap()
}

fn intensity(centi: u16) -> Intensity {
    Intensity::from_centi(centi).unwrap()
}

fn measured(place: Position, predicted: u16, observed: u16) -> Compared {
    Compared { place, predicted: intensity(predicted), value: Value::Measured(intensity(observed)) }
}

fn local_only() -> ScatterModel {
    ScatterModel::new(0, Correlation::default()).unwrap()
}

#[test]
fn nothing_observed_leaves_the_prediction() {
    let blend = Blend::new(ScatterModel::default(), &[]).unwrap();
    let found = blend.at(at(34.7, 135.5), intensity(512), None);
    let predicted = Shaken { intensity: intensity(512), basis: Basis::Predicted, spread_centi: SPREAD_CENTI };
    assert_eq!(found, predicted);
}

#[test]
fn a_measured_value_stands_and_its_neighbours_follow_by_distance() {
    let station = at(34.7, 135.5);
    let blend = Blend::new(local_only(), &[measured(station, 450, 550)]).unwrap();
    let own = blend.at(station, intensity(450), Some(Value::Measured(intensity(550))));
    assert_eq!(own, Shaken { intensity: intensity(550), basis: Basis::Observed, spread_centi: 0 });
    // 0.1 degree north is 11.12 km: exp(-3 x 11.12 / 25.7) = 0.273, less a little for the noise of (5 / 45)².
    let near = blend.at(at(34.8, 135.5), intensity(400), None);
    assert_eq!(near.intensity, intensity(400 + 27));
    // What is left of the spread: 45 x (1 - 0.273² / 1.0123)^0.5.
    assert_eq!((near.basis, near.spread_centi), (Basis::Blended, 43));
    assert_eq!(blend.intensity_at(at(34.8, 135.5), intensity(400)), near.intensity);
    let far = blend.at(at(35.7, 135.5), intensity(400), None);
    assert_eq!((far.intensity, far.basis), (intensity(400), Basis::Predicted));
}

#[test]
fn an_earthquake_stronger_everywhere_lifts_places_far_away() {
    let stations: Vec<Compared> = (0..20)
        .map(|index| {
            let place = at(34.0 + f64::from(index / 5) * 0.4, 134.0 + f64::from(index % 5) * 0.5);
            measured(place, 400, 450)
        })
        .collect();
    let far = at(38.0, 140.0);
    let lifted = Blend::new(ScatterModel::default(), &stations).unwrap().at(far, intensity(300), None);
    assert!((335..=350).contains(&lifted.intensity.centi()), "{lifted:?}");
    assert_eq!(lifted.basis, Basis::Blended);
    let alone = Blend::new(local_only(), &stations).unwrap().at(far, intensity(300), None);
    assert_eq!((alone.intensity, alone.basis), (intensity(300), Basis::Predicted));
}

#[test]
fn a_class_is_kept_and_the_value_in_it_is_what_the_surroundings_say() {
    let place = at(34.7, 135.5);
    let class = |class| Compared { place, predicted: intensity(460), value: Value::Class(class) };
    for (given, low, above) in [
        (IntensityClass::FiveLower, 450, 500),
        (IntensityClass::SixUpper, 600, 650),
        (IntensityClass::One, 50, 150),
    ] {
        let blend = Blend::new(local_only(), &[class(given)]).unwrap();
        let found = blend.at(place, intensity(460), Some(Value::Class(given)));
        assert!((low..above).contains(&found.intensity.centi()), "{given}: {found:?}");
        assert_eq!((found.intensity.class(), found.basis), (given, Basis::Observed));
    }
}

#[test]
fn a_value_that_never_came_is_five_lower_at_least_and_moves_nobody() {
    let place = at(34.7, 135.5);
    let missing = Value::AtLeast(IntensityClass::FiveLower);
    let blend =
        Blend::new(local_only(), &[Compared { place, predicted: intensity(380), value: missing }]).unwrap();
    let weak = blend.at(place, intensity(380), Some(missing));
    assert_eq!((weak.intensity, weak.basis), (intensity(450), Basis::NotReceived));
    let strong = blend.at(place, intensity(610), Some(missing));
    assert_eq!((strong.intensity, strong.basis), (intensity(610), Basis::NotReceived));
    assert_eq!(blend.at(place, intensity(380), None).basis, Basis::Predicted);
}

#[test]
fn readings_of_telegrams_become_values() {
    let of = |received, is_incomplete| Value::from(Reading { received, is_incomplete });
    assert_eq!(of(Some(IntensityClass::Four), false), Value::Class(IntensityClass::Four));
    assert_eq!(of(Some(IntensityClass::Four), true), Value::AtLeast(IntensityClass::FiveLower));
    assert_eq!(of(None, true), Value::AtLeast(IntensityClass::FiveLower));
    assert_eq!(of(Some(IntensityClass::SixUpper), true), Value::AtLeast(IntensityClass::SixUpper));
    assert_eq!(of(Some(IntensityClass::Seven), true), Value::Class(IntensityClass::Seven));
}

#[test]
fn too_many_observations_are_refused() {
    let many = vec![measured(at(34.7, 135.5), 400, 400); OBSERVATIONS_MAX + 1];
    let refused = Blend::new(ScatterModel::default(), &many);
    assert_eq!(refused, Err(TooManyObservations { count: OBSERVATIONS_MAX + 1 }));
}

#[test]
fn a_table_of_stations_or_of_a_grid_is_read() {
    let text = "\u{feff}name,lat,lon,intensity\n三木,34.8,135.0,5.3\n,34.9,135.0,4.95\n,35.0,135.0,5-\n,35.1,135.0, !5- \n";
    let values: Vec<Value> = table::read(text).unwrap().into_iter().map(|(_, value)| value).collect();
    let wanted = [
        Value::Measured(intensity(530)),
        Value::Measured(intensity(495)),
        Value::Class(IntensityClass::FiveLower),
        Value::AtLeast(IntensityClass::FiveLower),
    ];
    assert_eq!(values, wanted);
    for class in CLASSES {
        let text = format!("lat,lon,intensity\n34,135,{class}\n");
        assert_eq!(table::read(&text).unwrap()[0].1, Value::Class(class));
    }
}

#[test]
fn each_flaw_of_a_table_is_named_by_line_and_column() {
    for (text, said) in [
        ("lat,lon\n34,135\n", "line 1, column intensity: the header lacks this column; add it"),
        ("lat,lon,intensity\n34,x,4\n", "line 2, column lon: \"x\" is not a number of degrees"),
        (
            "lat,lon,intensity\n34,235,4\n",
            "line 2, column lon: longitude must lie within -180 and 180 degrees",
        ),
        (
            "lat,lon,intensity\n34,135,5\n",
            "line 2, column intensity: \"5\" is no intensity; use 0, 1, 2, 3, 4, 5-, 5+, 6-, 6+ or 7; a measured one has a \
             point, as 5.3; a value that never came is !5-",
        ),
        (
            "lat,lon,intensity\n34,135,9.1\n",
            "line 2, column intensity: an intensity of 9.1 cannot be; allowed is 0.0 to 9.0",
        ),
        (
            "lat,lon,intensity\n34,135,4\n34,136,4\n34.0,135.0,3\n",
            "line 4, column lat: \"34.00000,135.00000\" stands on line 2 already; remove one",
        ),
        ("lat,lon,intensity\n34,135\n", "line 2, column -: unreadable"),
    ] {
        let found = table::read(text).unwrap_err().to_string();
        assert!(found.starts_with(said), "{found} should say {said}");
    }
    let wrong = ["-1.0", "5.", ".5", "5.333", "10.0", "1e0.0", "５.3"];
    for value in wrong {
        assert!(table::read(&format!("lat,lon,intensity\n34,135,{value}\n")).is_err(), "{value}");
    }
}

#[test]
fn each_municipality_says_what_it_rests_on() {
    let predicted: BTreeMap<u32, (Position, Intensity)> = [
        (28_221, (at(35.08, 135.22), intensity(520))),
        (28_223, (at(35.18, 135.04), intensity(560))),
        (28_213, (at(35.10, 135.00), intensity(480))),
        (36_201, (at(34.07, 134.55), intensity(300))),
    ]
    .into();
    let told = |class, is_incomplete| Reading { received: class, is_incomplete };
    let readings: BTreeMap<u32, Reading> = [
        (28_223, told(Some(IntensityClass::SixUpper), false)),
        (28_221, told(None, true)),
        (13_101, told(Some(IntensityClass::One), false)),
    ]
    .into();
    let found = everywhere::municipalities(local_only(), &predicted, &readings).unwrap();
    let bases: Vec<(u32, Basis)> = found.iter().map(|(code, shaken)| (*code, shaken.basis)).collect();
    let wanted = [
        (28_213, Basis::Blended),
        (28_221, Basis::NotReceived),
        (28_223, Basis::Observed),
        (36_201, Basis::Predicted),
    ];
    assert_eq!(bases, wanted);
    assert_eq!(found[&28_223].intensity.class(), IntensityClass::SixUpper);
    assert!(found[&28_213].intensity > intensity(480), "stronger next to something stronger than predicted");
    assert!(found[&28_221].intensity > intensity(520), "and so where a value never came");
}

#[test]
fn very_many_places_are_blended_as_each_alone_up_to_the_grid() {
    let stations: Vec<Compared> = (0..30)
        .map(|index| {
            let place = at(34.3 + f64::from(index % 6) * 0.17, 134.6 + f64::from(index / 6) * 0.23);
            measured(place, 450, 400 + 37 * index as u16 % 100)
        })
        .collect();
    let blend = Blend::new(ScatterModel::default(), &stations).unwrap();
    let places: Vec<Position> = (0..400)
        .map(|index| at(34.2 + f64::from(index / 20) * 0.053, 134.5 + f64::from(index % 20) * 0.061))
        .chain(stations.iter().map(|station| station.place))
        .collect();
    let predicted = vec![intensity(450); places.len()];
    let threads = |count| NonZeroUsize::new(count).unwrap();
    let together = blend.intensities(&places, &predicted, threads(1));
    let mut worst = 0;
    for (place, found) in places.iter().zip(&together) {
        let alone = blend.at(*place, intensity(450), None).intensity;
        worst = worst.max(found.centi().abs_diff(alone.centi()));
    }
    // Differences of up to a hundred hundredths between neighbouring stations.
    assert!((1..=14).contains(&worst), "{worst}");
    for count in [2, 3] {
        assert_eq!(blend.intensities(&places, &predicted, threads(count)), together);
    }
    let none = Blend::new(ScatterModel::default(), &[]).unwrap();
    assert_eq!(none.intensities(&places, &predicted, threads(2)), predicted);
}

/// Kriging by its definition, with a matrix inverted by elimination.
fn eliminated(model: ScatterModel, observed: &[Compared], place: Position) -> f64 {
    let told: Vec<(UnitVector, f64, f64)> = observed.iter().filter_map(difference).collect();
    let size = told.len();
    let mut rows: Vec<Vec<f64>> = (0..size)
        .map(|row| {
            let mut all: Vec<f64> =
                (0..size).map(|column| covariance(model, told[row].0, told[column].0)).collect();
            all[row] += told[row].2;
            all.push(told[row].1);
            all
        })
        .collect();
    for pivot in 0..size {
        let best = (pivot..size).max_by(|&a, &b| rows[a][pivot].abs().total_cmp(&rows[b][pivot].abs()));
        rows.swap(pivot, best.unwrap());
        for row in 0..size {
            if row != pivot {
                let factor = rows[row][pivot] / rows[pivot][pivot];
                let known = rows[pivot].clone();
                rows[row].iter_mut().zip(known).for_each(|(entry, known)| *entry -= factor * known);
            }
        }
    }
    let weight = |index: usize| rows[index][size] / rows[index][index];
    let alike = |index: usize| covariance(model, told[index].0, place.into());
    (0..size).map(|index| alike(index) * weight(index)).sum()
}

proptest! {
    #[test]
    fn the_blend_is_kriging_by_its_definition(
        stations in prop::collection::vec((34.3_f64..35.3, 134.5_f64..136.0, 200_u16..600, 200_u16..650), 1..15),
        (lat, lon) in (34.3_f64..35.3, 134.5_f64..136.0),
        shared in 0_u16..=900,
    ) {
        let model = ScatterModel::new(shared, Correlation::default()).unwrap();
        let observed: Vec<Compared> = stations
            .iter()
            .map(|&(lat, lon, predicted, seen)| measured(at(lat, lon), predicted, seen))
            .collect();
        let place = at(lat, lon);
        let found = Blend::new(model, &observed).unwrap().at(place, intensity(450), None);
        if found.basis == Basis::Blended {
            let wanted = (450.0 + eliminated(model, &observed, place)).clamp(0.0, 900.0);
            prop_assert!((f64::from(found.intensity.centi()) - wanted).abs() < 0.6, "{:?} {}", found, wanted);
        }
        prop_assert!(found.spread_centi <= SPREAD_CENTI);
    }
}
