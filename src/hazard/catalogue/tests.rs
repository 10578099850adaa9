use super::*;
use crate::hazard::scatter::Scatter;
use crate::hazard::shaking::ground::{Relations, Site};
use crate::hazard::shaking::intensity::{CLASSES, IntensityClass};
use crate::hazard::telegram::codes::Codes;

/// A file of the drill, as it stood when the tests were built.
macro_rules! kansai {
    ($file:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios/kansai/", $file))
    };
}

fn drill() -> BTreeMap<Slug, Listed> {
    earthquakes(kansai!("earthquakes.csv"), kansai!("faults.csv")).unwrap()
}

/// Municipalities and wards with their ground.
fn sites() -> BTreeMap<String, Site> {
    let ground = ground(kansai!("ground_classes.csv"), kansai!("ground.csv")).unwrap();
    let tables = [kansai!("municipalities.csv"), kansai!("wards.csv")];
    let mut sites = BTreeMap::new();
    for row in tables.into_iter().flat_map(|table| {
        csv::Reader::from_reader(table.as_bytes()).into_deserialize::<BTreeMap<String, String>>()
    }) {
        let row = row.unwrap();
        let place = Position::from_degrees(row["lat"].parse().unwrap(), row["lon"].parse().unwrap());
        let ground = ground[&row["id"].parse::<Slug>().unwrap()];
        sites.insert(row["id"].clone(), Site { place: place.unwrap(), ground });
    }
    sites
}

fn class(earthquake: &str, site: &Site) -> IntensityClass {
    let earthquake = &drill()[&earthquake.parse::<Slug>().unwrap()].earthquake;
    earthquake.motion(Relations::default(), site, Scatter::Median, 0).intensity.class()
}

fn step(class: IntensityClass) -> usize {
    CLASSES.iter().position(|known| *known == class).unwrap()
}

#[test]
fn the_drill_has_the_earthquakes_that_are_planned_for() {
    let drill = drill();
    assert_eq!(drill.len(), 16);
    let kobe = &drill[&"kobe-1995".parse::<Slug>().unwrap()];
    assert_eq!(kobe.name_ja, "兵庫県南部地震(1995年)");
    assert_eq!(kobe.earthquake.magnitude.centi(), 690);
    // Mj 7.3 in the crust.
    assert_eq!(drill[&"ikoma".parse::<Slug>().unwrap()].earthquake.magnitude.centi(), 677);
    assert_eq!(sites().len(), 292);
    assert_eq!(Codes::read(kansai!("old_municipality_codes.csv")).unwrap().now(25_381), 25_204);
}

/// Medians at single offices against the strongest class that was published of a place. The strongest of several stations
/// lies above the median: by up to 0.95, about two widths of the scatter, where the earthquake happened, and by up to 0.3 where a
/// plan expects it. Never is the median stronger than what was published.
#[test]
fn medians_lie_below_the_strongest_published_class_and_not_far_below() {
    let sites = sites();
    let drill = drill();
    let mut off = Vec::new();
    let rows = HAPPENED.map(|row| (row, 95)).into_iter().chain(EXPECTED.map(|row| (row, 30)));
    for ((earthquake, place, published), short_max) in rows {
        let listed = &drill[&earthquake.parse::<Slug>().unwrap()];
        let motion = listed.earthquake.motion(Relations::default(), &sites[place], Scatter::Median, 0);
        let (low, above) = published.parse::<IntensityClass>().unwrap().range_centi();
        let centi = motion.intensity.centi();
        if centi + short_max < low || centi >= above {
            off.push(format!("{earthquake} {place}: {centi}, published {published}"));
        }
    }
    assert_eq!(off, Vec::<String>::new());
}

/// Published by the agency.
const HAPPENED: [(&str, &str, &str); 13] = [
    ("kobe-1995", "kobe-suma", "7"),
    ("kobe-1995", "kobe-nagata", "7"),
    ("kobe-1995", "kobe-higashinada", "7"),
    ("tottori-2000", "sakaiminato", "6+"),
    ("tottori-2000", "hino-tottori", "6+"),
    ("awaji-2013", "awaji", "6-"),
    ("tottori-2016", "kurayoshi", "6-"),
    ("tottori-2016", "yurihama", "6-"),
    ("tottori-2016", "hokuei", "6-"),
    ("osaka-2018", "takatsuki", "6-"),
    ("osaka-2018", "hirakata", "6-"),
    ("osaka-2018", "ibaraki", "6-"),
    ("osaka-2018", "minoh", "6-"),
];

/// Expected by plans: the strongest class of what they say.
const EXPECTED: [(&str, &str, &str); 14] = [
    ("uemachi", "osaka-fukushima", "7"),
    ("uemachi", "sakai-nishi", "7"),
    ("biwako-seigan", "otsu", "7"),
    ("biwako-seigan", "takashima", "7"),
    ("median-tectonic-line", "wakayama", "7"),
    ("median-tectonic-line", "hashimoto", "7"),
    ("hanaore", "kyoto-nakagyo", "6+"),
    ("yamasaki", "himeji", "6+"),
    ("yamasaki", "kakogawa", "6+"),
    ("nankai-max", "kushimoto", "6+"),
    ("nankai-max", "kaiyo", "6+"),
    ("nankai-max", "osaka-kita", "6-"),
    ("nankai-max", "kyoto-nakagyo", "5+"),
    ("nankai-max", "otsu", "5+"),
];

#[test]
fn the_halves_of_the_nankai_trough_shake_their_own_side() {
    let sites = sites();
    let of = |earthquake, place: &str| step(class(earthquake, &sites[place]));
    for place in sites.keys() {
        assert!(of("nankai-west", place) <= of("nankai-max", place), "{place}");
        assert!(of("nankai-east", place) <= of("nankai-max", place), "{place}");
    }
    assert!(of("nankai-west", "tokushima") > of("nankai-east", "tokushima"));
}

#[test]
fn each_flaw_is_named_by_table_line_and_column() {
    let good = ("id,kind,name_ja,name_en,magnitude,scale,focal_depth_m\n", "a,crustal,あ,A,7.0,mw,10000\n");
    let fault = "earthquake,upper_edge,upper_edge_depth_m,dip_degrees,width_m\n";
    let said = |row: &str, faults: &str| {
        let found = earthquakes(&format!("{}{row}", good.0), &format!("{fault}{faults}"));
        found.unwrap_err().to_string()
    };
    let point = "a,34 135,10000,,\n";
    assert!(earthquakes(&format!("{}{}", good.0, good.1), &format!("{fault}{point}")).is_ok());
    for (row, faults, expected) in [
        (
            "a,oceanic,あ,A,7.0,mw,1\n",
            point,
            "table earthquakes, line 2, column kind: \"oceanic\" is none of crustal",
        ),
        (
            "a,crustal,あ,A,7.123,mw,1\n",
            point,
            "table earthquakes, line 2, column magnitude: \"7.123\" is not a magnitude",
        ),
        (
            "a,crustal,あ,A,9.9,mw,1\n",
            point,
            "table earthquakes, line 2, column magnitude: a magnitude of 990 hundredths",
        ),
        (
            "a,crustal,あ,A,7.0,ms,1\n",
            point,
            "table earthquakes, line 2, column scale: \"ms\" is none of mw, mj",
        ),
        (good.1, "", "table earthquakes, line 2, column id: nothing breaks in \"a\"; add a fault"),
        (
            "alpha,crustal,あ,A,7.0,mw,1\n",
            "alpha,34 135,1,,\nalpho,34 135,1,,\n",
            "table faults, line 3, column earthquake: there is no earthquake \"alpho\"; did you mean alpha?",
        ),
        (good.1, "a,34 135 1,1,,\n", "table faults, line 2, column upper_edge: places are degrees"),
        (good.1, "a,34 135;34 135,1,90,1\n", "table faults, line 2, column upper_edge: points 1 and 2"),
        (good.1, "a,34 135,1,90,\n", "table faults, line 2, column dip_degrees: a point has neither"),
        (
            good.1,
            "a,34 135;34 136,1,,1\n",
            "table faults, line 2, column dip_degrees: \"\" is not a whole number",
        ),
    ] {
        let found = said(row, faults);
        assert!(found.starts_with(expected), "{found} should say {expected}");
    }
    let twice = said(&format!("{}{}", good.1, good.1), point);
    assert!(twice.ends_with("line 3, column id: \"a\" stands on line 2 already; remove one"), "{twice}");
    let soft = ground("id,avs30_m_s\nmud,20\n", "place,ground\n").unwrap_err().to_string();
    assert!(
        soft.starts_with("table ground classes, line 2, column avs30_m_s: 20 m/s is no ground"),
        "{soft}"
    );
    let unknown = ground("id,avs30_m_s\nmud,90\n", "place,ground\na,rock\n").unwrap_err().to_string();
    assert_eq!(unknown, "table ground, line 2, column ground: \"rock\" is none of mud");
}

#[test]
fn wards_belong_to_a_city_and_each_flaw_is_named() {
    let all = wards(kansai!("wards.csv")).unwrap();
    assert_eq!(all.len(), 51);
    let suma = &all[&"kobe-suma".parse::<Slug>().unwrap()];
    assert_eq!((suma.code, suma.municipality.as_str()), (28_107, "kobe"));
    let head = "id,code,municipality,name_ja,name_en,lat,lon,population\n";
    let said = |rows: &str| wards(&format!("{head}{rows}")).unwrap_err().to_string();
    let good = "a,10101,b,あ,A,34,135,10\n";
    assert!(wards(&format!("{head}{good}")).is_ok());
    for (rows, expected) in [
        ("a,1010,b,あ,A,34,135,10\n".to_owned(), "table wards, line 2, column code: "),
        ("a,10101,b,あ,A,94,135,10\n".to_owned(), "table wards, line 2, column lat: "),
        ("a,10101,b,あ,A,34,135,-1\n".to_owned(), "table wards, line 2, column population: "),
        (
            format!("{good}c,10101,b,あ,A,34,135,10\n"),
            "table wards, line 3, column code: \"10101\" stands on line 2",
        ),
        (format!("{good}{good}"), "table wards, line 3, column id: \"a\" stands on line 2"),
    ] {
        let found = said(&rows);
        assert!(found.starts_with(expected), "{found} should say {expected}");
    }
}
