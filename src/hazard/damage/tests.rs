use super::chance::Variable;
use super::exposure::{AssetFacts, HospitalFacts, RoadFacts, RoadKind, RoadStructure, TownFacts};
use super::people::{Hour, collapsed_micro, water_cut_micro};
use super::profile::FileProblem;
use super::relation::{Curve, Span, Steps, velocity_cm_s};
use super::replays::{earthquake, profile_text, towns};
use super::roads::{blocked_micro, bridge_micro};
use super::*;
use crate::hazard::observed::{Basis, Shaken};
use crate::hazard::shaking::ground::{Ground, Site};
use crate::hazard::shaking::intensity::Intensity;
use crate::units::Position;
use std::num::NonZeroU32;

fn intensity(centi: u16) -> Intensity {
    Intensity::from_centi(centi).unwrap()
}

fn profile() -> Profile {
    profile::read(&profile_text()).unwrap()
}

/// The profile of the drill with each `from` replaced by its `to`.
fn changed(changes: &[(&str, &str)]) -> Profile {
    let mut text = profile_text();
    for (from, to) in changes {
        assert!(text.contains(from), "{from}");
        text = text.replace(from, to);
    }
    profile::read(&text).unwrap()
}

/// No building collapses: nothing does before an intensity of 9.
fn standing() -> Vec<(String, String)> {
    ["635", "645", "655", "690", "710", "730", "740"]
        .map(|middle| (format!("middle_centi = {middle} }}"), "middle_centi = 900 }".to_owned()))
        .to_vec()
}

fn with(mut changes: Vec<(String, String)>, more: &[(&str, &str)]) -> Profile {
    changes.extend(more.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())));
    let changes: Vec<(&str, &str)> = changes.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
    changed(&changes)
}

fn site() -> Site {
    Site { place: Position::from_degrees(34.7, 135.5).unwrap(), ground: Ground::from_avs30_m_s(300).unwrap() }
}

fn town(profile: &Profile, draw: Draw, code: u32, centi: u16) -> TownHit {
    let facts = TownFacts { code, municipality: code, site: site(), population: 100_000 };
    let shaken = Shaken { intensity: intensity(centi), basis: Basis::Predicted, spread_centi: 0 };
    Hour { profile, draw, hour: 3, days: 30 }.town(&facts, shaken)
}

#[test]
fn a_curve_is_the_normal_distribution() {
    let curve = Curve { middle_centi: 650, width_centi: 50 };
    for (centi, micro) in
        [(650, 500_000), (600, 158_655), (700, 841_345), (750, 977_250), (0, 0), (900, 1_000_000)]
    {
        assert_eq!(curve.share_micro(intensity(centi)), micro, "{centi}");
    }
    assert_eq!(curve.earlier(50).share_micro(intensity(600)), 500_000);
}

#[test]
fn steps_hold_until_the_next_and_lines_run_between_them() {
    let steps = Steps(vec![(1, 600), (4, 660), (30, 300)]);
    assert_eq!([0, 1, 3, 4, 29, 30, 99].map(|day| steps.at(day)), [0, 600, 600, 660, 660, 300, 300]);
    // 60 in three days, then down by 360 in 26.
    assert_eq!([0, 1, 2, 4, 17, 30, 99].map(|day| steps.between(day)), [600, 600, 620, 660, 480, 300, 300]);
}

#[test]
fn velocities_go_with_intensities_as_worked_out_independently() {
    // FACTS 5.1, Fujimoto and Midorikawa on 200 m/s.
    for (centi, cm_s) in [(663, 143.6), (615, 76.5), (546, 33.0), (483, 16.0), (551, 35.0)] {
        let found = velocity_cm_s(intensity(centi));
        assert!((found / cm_s - 1.0).abs() < 0.01, "{centi}: {found}");
    }
    assert!(velocity_cm_s(intensity(900)).is_finite());
}

#[test]
fn the_mean_over_the_ages_collapses() {
    // At 6.55 half of those of 1972 to 1980 (160) collapse, and of the others by the table of the normal distribution:
    // 20/27 above (60 x 0.77061), 10/27 above (60 x 0.64445), 35/27 below (180 x 0.09743), 55/27 (210 x 0.02083) and 75/27 (330 x 0.00273).
    let (full, _) = collapsed_micro(&profile().wooden, intensity(655));
    let by_hand =
        160.0 * 0.5 + 60.0 * 0.77061 + 60.0 * 0.64445 + 180.0 * 0.09743 + 210.0 * 0.02083 + 330.0 * 0.00273;
    assert!((f64::from(full) / 1e3 - by_hand).abs() < 0.1, "{full}");
}

#[test]
fn who_is_in_collapsing_wooden_buildings_dies_and_is_hurt_at_the_rates_of_the_source() {
    // Every wooden building collapses and no other one: 21,000 of 28,000.
    let wooden = ["635", "645", "655"]
        .map(|middle| (format!("middle_centi = {middle} }}"), "middle_centi = 0 }".to_owned()));
    let mut changes = vec![
        (
            "share_permille = 60, middle_centi = 690".to_owned(),
            "share_permille = 60, middle_centi = 900".to_owned(),
        ),
        (
            "share_permille = 150, middle_centi = 710".to_owned(),
            "share_permille = 150, middle_centi = 900".to_owned(),
        ),
        ("middle_centi = 740 }".to_owned(), "middle_centi = 900 }".to_owned()),
    ];
    changes.extend(wooden);
    changes.extend(
        ["690", "710", "730"]
            .map(|middle| (format!("middle_centi = {middle} }}"), "middle_centi = 0 }".to_owned())),
    );
    let hit = town(&with(changes, &[]), Draw::Expected, 27_100, 700);
    assert_eq!((hit.wooden_full, hit.wooden_half, hit.other_full, hit.other_half), (21_000, 0, 0, 0));
    // 0.0676 x 21,000 x 0.95 indoors at night.
    assert_eq!(hit.dead, 1_349);
    // 0.0309 x 95,000 x 0.75 = 2,201.6; furniture hurts 0.0015 x 95,000 = 142.5, 15 % of them seriously.
    assert_eq!(hit.serious, 2_223);
    // 0.177 x 21,000 = 3,717 are hurt in all by buildings.
    assert_eq!(hit.light, 1_637);
    // 55,000 people lived in them: 60 % of them are in shelters on the first day, 66.7 % on the fourth, besides those who leave
    // for want of water.
    assert_eq!(hit.in_shelter[0], 33_000);
    assert!(hit.in_shelter[3] > 36_685, "{}", hit.in_shelter[3]);
}

#[test]
fn half_of_those_in_half_collapsed_homes_leave_and_nobody_dies_there() {
    // Half collapse comes nine classes earlier: all are half collapsed, none fully.
    let profile = with(
        standing(),
        &[
            ("half_earlier_centi = 35", "half_earlier_centi = 900"),
            ("pipe_micro_per_km = 3110", "pipe_micro_per_km = 0"),
        ],
    );
    let hit = town(&profile, Draw::Expected, 27_100, 650);
    assert_eq!((hit.wooden_full, hit.wooden_half, hit.other_half), (0, 21_000, 7_000));
    assert_eq!(hit.dead, 0);
    // 50.3 % of 100,000, 60 % of them in shelters; nobody is without water.
    assert_eq!(hit.in_shelter[0], 30_180);
    assert_eq!(hit.without_water, vec![0; 30]);
}

#[test]
fn people_in_other_buildings_die_by_how_many_live_in_one() {
    let others = [
        ("share_permille = 60, middle_centi = 690", "share_permille = 60, middle_centi = 0"),
        ("share_permille = 150, middle_centi = 710", "share_permille = 150, middle_centi = 0"),
        ("middle_centi = 740 }", "middle_centi = 0 }"),
        ("middle_centi = 635", "middle_centi = 900"),
        ("middle_centi = 645", "middle_centi = 900"),
        ("middle_centi = 655", "middle_centi = 900"),
        ("middle_centi = 690", "middle_centi = 900"),
        ("middle_centi = 710", "middle_centi = 900"),
        ("middle_centi = 730", "middle_centi = 900"),
    ];
    let hit = town(&changed(&others), Draw::Expected, 27_100, 550);
    assert_eq!((hit.wooden_full, hit.other_full), (0, 7_000));
    // 6.43 people in one of them over 2.62 in a wooden one: 0.0084 x 7,000 x 2.4545 x 0.95.
    assert_eq!(hit.dead, 137);
}

#[test]
fn water_is_cut_by_velocity_and_comes_back_by_and_by() {
    // At 6.0 63.2 cm/s break 0.481 pipes a km: 1 / (1 + 0.307 x 0.481^-1.17).
    let cut = water_cut_micro(&profile(), intensity(600));
    assert!((570_000..590_000).contains(&cut), "{cut}");
    assert_eq!(water_cut_micro(&profile(), intensity(470)), 0, "15 cm/s break nothing");
    let cut = Cut { share_micro: 1_000_000, time_constant_h: NonZeroU32::new(24).unwrap() };
    assert_eq!([1, 2, 3].map(|day| cut.share_micro_on(day)), [1_000_000, 367_879, 135_335]);
    // e^-4 is 1.8 %, e^-5 0.7 %.
    assert_eq!(cut.over_on_day(), 6);
    assert_eq!(Cut { share_micro: 9_999, ..cut }.over_on_day(), 1);
}

fn road(kind: RoadKind, on: RoadStructure, length_m: u32) -> RoadFacts {
    let (from, to) = ("here".parse().unwrap(), "there".parse().unwrap());
    RoadFacts { from, to, site: site(), length_m, kind, structure: None, on }
}

#[test]
fn roads_break_by_length_and_bridges_by_age() {
    let profile = profile();
    // 0.170 points a km, a quarter of them blocks: 1 - exp(-0.0425 x 40).
    let main = road(RoadKind::Main, RoadStructure::Plain, 40_000);
    assert_eq!(blocked_micro(&profile, &main, intensity(600)), 817_316);
    assert_eq!(blocked_micro(&profile, &main, intensity(449)), 0);
    // 35 % are old: 0.35 x 8.2 % heavy, 0.35 x 33.9 + 0.65 x 16.3 % medium, and nothing below 6-upper.
    assert_eq!(bridge_micro(&profile, intensity(600)), (28_700, 224_600));
    assert_eq!(bridge_micro(&profile, intensity(599)), (0, 0));
}

#[test]
fn of_several_causes_the_one_that_lasts_longest_is_told() {
    let profile = changed(&[
        ("before_1980_heavy_permille = 82", "before_1980_heavy_permille = 1000"),
        ("since_1980_heavy_permille = 0", "since_1980_heavy_permille = 1000"),
    ]);
    let bridge = road(RoadKind::Expressway, RoadStructure::Bridge, 100);
    let found = roads::closure(&profile, Draw::Expected, (0, &bridge), intensity(600)).unwrap();
    // In the middle of 336 and 2160 hours.
    assert_eq!((found.cause, found.open_after_s), (Cause::Bridge, 1_248 * 3_600));
    let found = roads::closure(&profile, Draw::Expected, (0, &bridge), intensity(520)).unwrap();
    assert_eq!((found.cause, found.open_after_s), (Cause::Inspection, 7 * 3_600));
    let plain = road(RoadKind::Main, RoadStructure::Plain, 100);
    assert_eq!(roads::closure(&profile, Draw::Expected, (0, &plain), intensity(700)), None);
}

#[test]
fn a_hospital_that_is_out_has_no_beds_and_one_below_six_lower_has_all() {
    let profile = profile();
    let hospitals: Vec<HospitalFacts> = (0..1_000)
        .map(|number| HospitalFacts {
            id: format!("members/osaka/hospitals/h-{number}").parse().unwrap(),
            site: site(),
            beds: Some(300),
        })
        .collect();
    let hit = |centi| -> Vec<HospitalHit> {
        hospitals
            .iter()
            .map(|facts| assets::hospital(&profile, Draw::Seed(1), facts, intensity(centi)))
            .collect()
    };
    let out = hit(620).iter().filter(|hit| hit.state == HospitalState::Out).count();
    // One in five; 200 +- 3 x 12.6.
    assert!((162..=238).contains(&out), "{out}");
    for hit in hit(620) {
        assert_eq!(hit.state == HospitalState::Out, hit.beds_lost == 300, "{hit:?}");
        assert!((3 * 86_400..=30 * 86_400).contains(&hit.back_after_s), "{hit:?}");
    }
    assert!(hit(549).iter().all(|hit| hit.state == HospitalState::Working && hit.back_after_s == 0));
    // Beds that nobody stated count as the profile says.
    let unknown = HospitalFacts { beds: None, ..hospitals[0].clone() };
    assert_eq!(assets::hospital(&profile, Draw::Expected, &unknown, intensity(620)).beds, 400);
}

#[test]
fn an_asset_is_lost_half_of_the_time_in_the_middle_of_its_curve() {
    let profile = profile();
    let lost = (0..1_000)
        .filter(|number| {
            let id: SiteId = format!("members/osaka/sites/s-{number}").parse().unwrap();
            let facts = AssetFacts { id, site: site() };
            assets::asset(profile.site, Draw::Seed(7), "site", &facts, intensity(680)).is_some()
        })
        .count();
    assert!((450..=550).contains(&lost), "{lost}");
}

#[test]
fn counts_have_the_mean_and_the_width_of_their_distribution() {
    let drawn = |draw: fn(Variable<'_>) -> u32| -> (f64, f64) {
        let counts: Vec<f64> = (0..4_000)
            .map(|seed| f64::from(draw(Variable { draw: Draw::Seed(seed), name: "dead", of: "27100" })))
            .collect();
        let mean = counts.iter().sum::<f64>() / 4_000.0;
        (mean, counts.iter().map(|count| (count - mean) * (count - mean)).sum::<f64>() / 4_000.0)
    };
    let near = |(mean, variance): (f64, f64), wanted: (f64, f64)| {
        assert!((mean / wanted.0 - 1.0).abs() < 0.03, "{mean} {wanted:?}");
        assert!((variance / wanted.1 - 1.0).abs() < 0.1, "{variance} {wanted:?}");
    };
    // Few, few that are left, and many: n p and n p (1 - p).
    near(drawn(|variable| variable.of_count(1_000, 20_000)), (20.0, 19.6));
    near(drawn(|variable| variable.of_count(1_000, 980_000)), (980.0, 19.6));
    near(drawn(|variable| variable.of_count(1_000, 400_000)), (400.0, 240.0));
    near(drawn(|variable| variable.around(4_000)), (4.0, 4.0));
    near(drawn(|variable| variable.around(900_000)), (900.0, 900.0));
    near(drawn(|variable| variable.within(Span { from: 10, to: 19 })), (14.5, 8.25));
    let never = Variable { draw: Draw::Seed(1), name: "dead", of: "27100" };
    assert_eq!((never.of_count(1_000, 0), never.of_count(1_000, 1_000_000), never.around(0)), (0, 1_000, 0));
    assert!(never.happens(1_000_000) && !never.happens(0));
}

#[test]
fn one_variable_more_moves_no_other() {
    let of = |name, of| Variable { draw: Draw::Seed(5), name, of }.of_count(1_000_000, 500_000);
    assert_eq!(of("dead", "27100"), of("dead", "27100"));
    assert_ne!(of("dead", "27100"), of("dead", "27102"));
    assert_ne!(of("dead", "27100"), of("serious", "27100"));
    // What a town suffers does not hang on which other towns there are.
    let (profile, draw) = (profile(), Draw::Seed(5));
    assert_eq!(town(&profile, draw, 27_100, 640), town(&profile, draw, 27_100, 640));
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let (profile, exposure, kobe) = (profile(), towns(), earthquake("kobe-1995"));
    let of = |seed| {
        let order = Order { draw: Draw::Seed(seed), ..Order::default() };
        format!("{:?}", strike(&kobe, &exposure, &profile, order).unwrap())
    };
    assert_eq!(of(1), of(1));
    assert_ne!(of(1), of(2));
}

#[test]
fn orders_that_cannot_be_are_refused() {
    let (profile, exposure, kobe) = (profile(), Exposure::default(), earthquake("kobe-1995"));
    let refused = |order| strike(&kobe, &exposure, &profile, order).unwrap_err();
    assert_eq!(refused(Order { hour: 24, ..Order::default() }), StrikeFault::Hour { hour: 24 });
    assert_eq!(refused(Order { days: 0, ..Order::default() }), StrikeFault::Days { days: 0 });
    assert_eq!(refused(Order { days: 93, ..Order::default() }), StrikeFault::Days { days: 93 });
    // Nothing there is nothing hit.
    let order = Order { draw: Draw::Seed(1), ..Order::default() };
    assert_eq!(strike(&kobe, &exposure, &profile, order).unwrap().totals().dead, 0);
}

#[test]
fn each_relation_says_where_it_comes_from_and_each_flaw_where_it_stands() {
    let relations = profile().relations().to_vec();
    assert_eq!(relations.len(), 24);
    assert!(relations.iter().all(|relation| !relation.source.is_empty()));
    // What only this project chose or recalled is never told as read.
    for relation in relations.iter().filter(|relation| !relation.is_illustrative) {
        assert!(relation.source.starts_with("S54"), "{relation:?}");
    }
    let said = |from: &str, to: &str| {
        let text = profile_text();
        assert!(text.contains(from), "{from}");
        let fault = profile::read(&text.replacen(from, to, 1)).unwrap_err();
        let line = text[..text.find(from).unwrap()].matches('\n').count() as i64 + 1;
        (fault.clone(), i64::from(fault.line) - line, fault.to_string())
    };
    let (fault, below, text) = said("per_million_wooden = 67600", "per_million_wooden = -1");
    assert_eq!((below, fault.character), (0, 22));
    assert!(
        text.ends_with("deaths.per_million_wooden: -1 cannot be; state a whole number from 0 to 1000000"),
        "{text}"
    );
    let (fault, below, _) = said("wooden_per_1000_people = 210", "wooden_per_1000_peopl = 210");
    assert_eq!(fault.problem, FileProblem::Missing);
    // The table begins three lines above the key that it lacks.
    assert_eq!(below, -3);
    let (fault, _, _) = said("half_permille = 503", "half_permille = 503\nhalf_permile = 1");
    assert_eq!(fault.problem, FileProblem::UnknownKey { near: Some("half_permille".to_owned()) });
    assert_eq!(
        said("share_permille = 330", "share_permille = 331").0.problem,
        FileProblem::NotAll { permille: 1_001 }
    );
    assert_eq!(
        said("{ day = 30, permille = 900 }", "{ day = 7, permille = 900 }").0.problem,
        FileProblem::NotAscending
    );
    assert_eq!(
        said("{ from = 24, to = 72 }", "{ from = 73, to = 72 }").0.problem,
        FileProblem::Backwards { from: 73, to: 72 }
    );
    assert!(matches!(
        said("\nillustrative = true", "\nillustrative = 1").0.problem,
        FileProblem::Value { .. }
    ));
    assert!(matches!(said("[tunnel]", "[tunnel").0.problem, FileProblem::Form { .. }));
    assert!(said("[tunnel]", "[tunel]").2.ends_with("tunnel: is missing; state it"));
}
