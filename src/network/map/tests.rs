use super::*;
use crate::network::air::Polygon;
use crate::network::fixture::{kansai, strait, structure};
use crate::network::roads::RoadClass;
use crate::units::Position;

#[test]
fn an_unknown_structure_is_refused_with_the_names_most_like_it() {
    let map = strait();
    let refused = map.structure(&structure("naruto-brige")).unwrap_err();
    assert_eq!(refused.near, [structure("onaruto-bridge")]);
    assert_eq!(
        refused.to_string(),
        "the road network has no structures/naruto-brige; did you mean structures/onaruto-bridge?"
    );
    assert!(map.structure(&structure("golden-gate")).unwrap_err().near.is_empty());
}

#[test]
fn a_section_of_a_road_is_told_by_its_kilometres() {
    let map = strait();
    // Route 28 stands in three rows; one of them is on the other side of the strait, and has no kilometres of this road.
    let road = map.road("国道28号").unwrap();
    assert_eq!(road.edges.len(), 4);
    let whole = Stretch::Section { road: "国道28号", from_dm: 0, to_dm: u64::MAX };
    assert_eq!(map.edges_of(&whole).unwrap().len(), 6, "but all of that name is meant by its name");
    let meishin = kansai();
    let road = meishin.road("Meishin Expressway").unwrap();
    assert!(road.length_dm > 1_000_000, "{} dm", road.length_dm);
    let first_dm = 161_000;
    let section = |from_dm, to_dm| Stretch::Section { road: "名神高速道路", from_dm, to_dm };
    assert_eq!(meishin.edges_of(&section(0, first_dm)).unwrap(), [0, 1], "Sekigahara to Maibara, both ways");
    assert_eq!(meishin.edges_of(&section(first_dm, first_dm + 1)).unwrap(), [2, 3]);
    let beyond = meishin.edges_of(&section(road.length_dm + 1, road.length_dm + 2)).unwrap_err();
    assert_eq!(
        beyond,
        StretchFault::NoSuchSection {
            from_dm: road.length_dm + 1,
            to_dm: road.length_dm + 2,
            length_dm: road.length_dm
        }
    );
    assert!(matches!(meishin.edges_of(&section(5, 5)), Err(StretchFault::NoSuchSection { .. })));
    let unknown = meishin.road("Meishn Expressway").unwrap_err();
    assert!(unknown.to_string().contains("did you mean Meishin Expressway"), "{unknown}");
}

#[test]
fn an_area_means_every_road_that_lies_partly_in_it() {
    let map = strait();
    let corner = |lat, lon| Position::from_degrees(lat, lon).unwrap();
    // In the middle of the strait: no junction inside, the bridge passes through.
    let strait = Polygon::new(&[
        corner(34.23, 134.66),
        corner(34.23, 134.68),
        corner(34.25, 134.68),
        corner(34.25, 134.66),
    ]);
    assert_eq!(map.edges_of(&Stretch::Area(&strait.unwrap())).unwrap(), [2, 3]);
    let sea = Polygon::new(&[corner(33.0, 134.6), corner(33.0, 134.7), corner(33.1, 134.7)]);
    assert_eq!(map.edges_of(&Stretch::Area(&sea.unwrap())), Err(StretchFault::Nothing));
}

#[test]
fn edges_and_classes_are_meant_each_once() {
    let map = strait();
    assert_eq!(map.edges_of(&Stretch::Edges(&[3, 0, 3])).unwrap(), [0, 3]);
    assert_eq!(map.edges_of(&Stretch::Edges(&[99])), Err(StretchFault::NoSuchEdge { edge: 99, count: 14 }));
    assert_eq!(map.edges_of(&Stretch::Classes(&[RoadClass::Ferry])).unwrap(), [10, 11]);
    assert_eq!(map.edges_of(&Stretch::WinterClosures), Err(StretchFault::Nothing));
}

#[test]
fn names_are_spelt_as_names_in_commands() {
    assert_eq!(spelt("Auckland Harbour Bridge", 7).as_str(), "auckland-harbour-bridge");
    assert_eq!(spelt("大鳴門橋", 7).as_str(), "way-7");
    assert_eq!(spelt("Ōnaruto bridge", 7).as_str(), "way-7");
    assert_eq!(spelt(" -- ", -7).as_str(), "way-7");
    assert_eq!(spelt(&"a ".repeat(400), 7).as_str().len(), 47);
}

#[test]
fn two_networks_are_told_apart() {
    assert_eq!(strait().fingerprint(), strait().fingerprint());
    assert_ne!(strait().fingerprint(), kansai().fingerprint());
}
