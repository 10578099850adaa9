use super::fault::{Allowed, Fault, Problem};
use super::rehearsal::{Ledgers, rehearse};
use super::*;
use crate::decision::model::{
    AgreementRule, AssetKind, Capability, MemberKind, OrganisationKind, OutageReason, SiteState,
};
use crate::decision::rejection::{FieldProblem, Rejection};
use crate::id::WeatherRegionId;
use crate::units::Position;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

fn kansai_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scenarios/kansai")
}

fn kansai() -> Scenario {
    read(&kansai_folder()).unwrap_or_else(|fault| panic!("{fault}"))
}

/// The ledgers of a scenario at its start.
pub(crate) fn ledgers_of(scenario: &Scenario) -> Ledgers {
    let (mut faults, folder) = (Faults::default(), kansai_folder());
    let tables = Tables::read(&Folders::new(&folder, None), &mut faults).unwrap();
    let ledgers = rehearse(&tables, &scenario.seeds, scenario.start, &mut faults);
    assert!(faults.is_empty(), "{}", ScenarioFault::from(faults));
    ledgers
}

fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(name: &str) -> T {
    name.parse().unwrap()
}

/// A copy of the Kansai folder with `from` replaced by `to`, once, in `file`.
fn damaged(file: &str, from: &str, to: &str) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    std::fs::create_dir(copy.path().join("roads")).unwrap();
    for folder in ["", "roads"] {
        for entry in std::fs::read_dir(kansai_folder().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                std::fs::copy(&path, copy.path().join(folder).join(path.file_name().unwrap())).unwrap();
            }
        }
    }
    let path = copy.path().join(file);
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{file} has no {from:?}");
    std::fs::write(&path, text.replacen(from, to, 1)).unwrap();
    copy
}

fn faults_of(folder: &tempfile::TempDir) -> ScenarioFault {
    read(folder.path()).expect_err("the folder is damaged")
}

/// The one fault that a damage causes.
fn fault_after(file: &str, from: &str, to: &str) -> Fault {
    let mut found = faults_of(&damaged(file, from, to));
    assert_eq!((found.faults.len(), found.left_off_count), (1, 0), "{found}");
    found.faults.remove(0)
}

/// The line of the first row of `file` that contains `text`.
fn line_of(file: &str, text: &str) -> u32 {
    let source = std::fs::read_to_string(kansai_folder().join(file)).unwrap();
    u32::try_from(source.lines().position(|line| line.contains(text)).unwrap() + 1).unwrap()
}

#[test]
fn kansai_is_accepted_whole() {
    let scenario = kansai();
    let ledgers = ledgers_of(&scenario);
    assert_eq!(scenario.space.to_string(), "drill/kansai");
    assert_eq!(scenario.start, Timestamp(1_796_428_800_000)); // 2026-12-05T00:00:00Z
    assert_eq!(ledgers.len(), 22, "20 members and two fields");
    let field = ledgers[&id::<LedgerId>("fields/medical")].field.clone().unwrap();
    assert_eq!(field.office, Some(id("members/tokushima")));
    assert_eq!(field.deputies.first(), Some(&id("members/shiga")));
    assert_eq!(
        field.deputies.len(),
        10,
        "all of the union but Nara, which is not in the field, and the office"
    );
    assert_eq!((field.members.size(), field.agreements.size(), field.areas.size()), (20, 106, 106));
    let in_union = field.members.values().filter(|member| member.kind != MemberKind::Linked).count();
    assert_eq!(in_union, 12);

    let disaster = ledgers[&id::<LedgerId>("fields/disaster")].field.clone().unwrap();
    assert_eq!(disaster.office, Some(id("members/hyogo")));
    assert_eq!(disaster.commodities.size(), 12 + 3);

    let sum = |count: fn(&crate::decision::State) -> usize| ledgers.values().map(count).sum::<usize>();
    assert_eq!(sum(|state| state.sites.size()), 1_170);
    assert_eq!(sum(|state| state.site_reports.size()), 1_170);
    assert_eq!(sum(|state| state.hospitals.size()), 87);
    assert_eq!(sum(|state| state.aid.depots.size()), 36 + 241);
    assert_eq!(
        (sum(|state| state.aid.stocks.size()), sum(|state| state.aid.fleets.size())),
        (3_300 + 27, 70 + 6)
    );
    // 156 of the table, 87 hospitals, and three operators under eight bases of seven members.
    assert_eq!(sum(|state| state.organisations.size()), 156 + 87 + 7);
    let mut kinds: BTreeMap<AssetKind, usize> = BTreeMap::new();
    for asset in ledgers.values().flat_map(|state| state.assets.values()) {
        *kinds.entry(asset.kind).or_default() += 1;
    }
    let aircraft = kinds.iter().filter(|(kind, _)| kind.is_aircraft()).map(|(_, count)| count).sum::<usize>();
    assert_eq!((aircraft, kinds[&AssetKind::DoctorCar], kinds[&AssetKind::Ambulance]), (41, 22, 288));
    assert_eq!(kinds[&AssetKind::DoctorHelicopter], 8 + 7);
    assert_eq!(sum(|state| state.asset_uses.values().map(|usage| usage.outages.size()).sum()), 3);
    assert!(ledgers.values().all(|state| state.offers.is_empty() && state.weather.is_empty()));
    assert_eq!(scenario.structures.len(), 386);
    assert!(scenario.structures.iter().any(|structure| structure.id == id("structures/onaruto-bridge")));
    assert!(
        scenario.roads.nodes_csv.starts_with(b"id,kind") && scenario.roads.links_csv.starts_with(b"from,to")
    );
}

#[test]
fn every_office_and_landing_site_lies_in_its_weather_region_or_in_none() {
    let scenario = kansai();
    let within = |at: Position| -> BTreeSet<&WeatherRegionId> {
        scenario.regions.iter().filter(|part| part.polygon.contains(at)).map(|part| &part.id).collect()
    };
    let mut places: Vec<(Position, WeatherRegionId)> = Vec::new();
    let ledgers = ledgers_of(&scenario);
    for site in ledgers.values().flat_map(|state| state.sites.values()) {
        places.push((site.position, site.region.clone()));
    }
    let table = std::fs::read_to_string(crate::host::kansai().join("municipalities.csv")).unwrap();
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    for row in rows.records().map(Result::unwrap) {
        let degrees = |column: usize| row[column].parse::<f64>().unwrap();
        let at = Position::from_degrees(degrees(7), degrees(8)).unwrap();
        places.push((at, id(&format!("weatherRegions/{}", &row[11]))));
    }
    assert_eq!(places.len(), 1_170 + 241);
    let mut in_none = 0;
    for (at, region) in &places {
        let found = within(*at);
        // Where two regions share a cell of the map neither has it: there the weather of the row alone counts.
        in_none += usize::from(found.is_empty());
        assert!(found.is_empty() || found == BTreeSet::from([region]), "{at:?} of {region}: {found:?}");
    }
    assert!(in_none < 200, "{in_none} of {} in none", places.len());
    let named: BTreeSet<_> = scenario.regions.iter().map(|part| &part.id).collect();
    assert_eq!((named.len(), scenario.regions.len()), (16, 29));
}

#[test]
fn borders_that_bound_no_area_name_the_row() {
    let (file, row) = ("weather_region_borders.csv", "awaji,1,31,34.20,134.70");
    let fault = fault_after(file, row, &row.replace(",31,", ",33,"));
    assert_eq!((fault.place.file.as_str(), fault.place.column.as_deref()), (file, Some("corner")));
    let fault = fault_after(file, row, "awaji,1,31,35.15,135.75");
    assert!(matches!(&fault.problem, Problem::Refused(_)), "{fault}");
    let fault = fault_after(file, row, &row.replace("awaji", "awaij"));
    assert!(matches!(&fault.problem, Problem::Unresolved { .. }), "{fault}");
}

#[test]
fn fire_departments_serve_all_241_municipalities_once() {
    let ledgers = ledgers_of(&kansai());
    let organisations = ledgers.values().flat_map(|state| state.organisations.values());
    let departments: Vec<_> =
        organisations.filter(|one| one.kind == OrganisationKind::FireDepartment).collect();
    let codes: Vec<u32> = departments.iter().flat_map(|one| one.municipalities.iter().copied()).collect();
    assert_eq!((departments.len(), codes.len()), (106, 241));
    assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), 241);
}

#[test]
fn everything_named_across_ledgers_is_there() {
    let ledgers = ledgers_of(&kansai());
    let organisations: BTreeSet<_> = ledgers.values().flat_map(|state| state.organisations.keys()).collect();
    let assets: BTreeSet<_> = ledgers.values().flat_map(|state| state.assets.keys()).collect();
    let sites: BTreeSet<_> = ledgers.values().flat_map(|state| state.sites.keys()).collect();
    for asset in ledgers.values().flat_map(|state| state.assets.values()) {
        for organisation in [Some(&asset.custodian), asset.owner.as_ref(), asset.operator.as_ref()] {
            assert!(organisation.is_none_or(|id| organisations.contains(id)), "{asset:?}");
        }
        assert_eq!(asset.id.member, asset.custodian.member, "an asset stands with its custodian");
        assert!(asset.base_site.as_ref().is_none_or(|site| sites.contains(site)));
    }
    for hospital in ledgers.values().flat_map(|state| state.hospitals.values()) {
        assert!(organisations.contains(hospital.organisation.as_ref().unwrap()));
        assert!(sites.contains(hospital.pad.as_ref().unwrap().site.as_ref().unwrap()));
    }
    let field = ledgers[&id::<LedgerId>("fields/medical")].field.clone().unwrap();
    for agreement in field.agreements.values() {
        assert!(organisations.contains(&agreement.area));
        assert_eq!(agreement.order.len(), 20);
        assert!(agreement.order.iter().all(|row| assets.contains(&row.asset)), "{}", agreement.area);
    }
}

#[test]
fn rows_become_what_they_say() {
    let scenario = kansai();
    let ledgers = ledgers_of(&scenario);
    let hyogo = &ledgers[&id::<LedgerId>("members/hyogo")];
    let toyooka = hyogo.assets.get(&id("members/hyogo/assets/heli-toyooka")).unwrap();
    assert_eq!(toyooka.custodian, id("members/hyogo/organisations/cs-toyooka"));
    assert_eq!(toyooka.operator, Some(id("members/hyogo/organisations/op-hirata")));
    assert_eq!((toyooka.size_m, toyooka.range_m, toyooka.endurance_s), (13, 620_000, 9_000));
    assert_eq!(
        (toyooka.hours.from_s, toyooka.hours.until_s, toyooka.hours.sunset_margin_s),
        (30_600, 86_400, 1_800)
    );
    assert_eq!(toyooka.minima.wind_kmh_max, 72);
    assert_eq!(
        toyooka.capabilities.iter().collect::<Vec<_>>(),
        [Capability::Physician, Capability::Stretcher]
    );
    let outage = hyogo.asset_uses.get(&toyooka.id).unwrap().outages.values().next().unwrap();
    assert_eq!(outage.reason, OutageReason::NoMechanics);

    // The owner is another member; the asset stands where its hot line is answered.
    let kobe = hyogo.assets.get(&id("members/hyogo/assets/fire-kobe-1")).unwrap();
    assert_eq!(kobe.owner, Some(id("members/kobe-city/organisations/hq-kobe-city")));
    assert_eq!(kobe.base_site, Some(id("members/kobe-city/sites/ap-rjbe")));

    let state = &ledgers[&id::<LedgerId>("members/state")];
    let yao = state.assets.get(&id("members/state/assets/jgsdf-yao")).unwrap();
    assert!(yao.offered_only && yao.capabilities.iter().any(|capability| capability == Capability::Night));
    assert_eq!((yao.hours.until_s, yao.block.as_str(), toyooka.block.as_str()), (86_400, "outside", "hyogo"));

    let mie = &ledgers[&id::<LedgerId>("members/mie")];
    let base = mie.sites.get(&id("members/mie/sites/base-mie")).unwrap();
    assert_eq!((base.region.slug(), base.municipality), ("outside", 0));

    let shiga = &ledgers[&id::<LedgerId>("members/shiga")];
    let site = shiga.sites.get(&id("members/shiga/sites/lz-otsu-01")).unwrap();
    assert_eq!((site.securing_s, site.mass_max_kg, site.municipality), (720, 4_000, 25_201));
    assert!(site.telephone.starts_with("000-0000-"));
    let report = shiga.site_reports.get(&site.id).unwrap();
    // 2026-11-30T00:00:00+09:00
    assert_eq!((report.state, report.confirmed_at), (SiteState::Open, Timestamp(1_795_964_400_000)));

    let pad = hyogo.sites.get(&id("members/hyogo/sites/pad-toyooka")).unwrap();
    assert_eq!(pad.telephone, toyooka.telephone, "the base answers for its pad");

    let osaka = &ledgers[&id::<LedgerId>("members/osaka-city")];
    let hospital = osaka.hospitals.get(&id("members/osaka-city/hospitals/osaka-general")).unwrap();
    let expected = [
        Capability::Physician,
        Capability::Trauma,
        Capability::Cardiac,
        Capability::Stroke,
        Capability::Burns,
    ];
    assert_eq!(hospital.capabilities.iter().collect::<Vec<_>>(), expected);

    let tokushima = &ledgers[&id::<LedgerId>("members/tokushima")];
    let central = tokushima.hospitals.get(&id("members/tokushima/hospitals/tokushima-central")).unwrap();
    assert!(central.pad.as_ref().unwrap().roof && !hospital.pad.as_ref().unwrap().roof);

    let car = hyogo.assets.get(&id("members/hyogo/assets/doctor-car-kakogawa")).unwrap();
    let custodian = hyogo.organisations.get(&car.custodian).unwrap();
    assert_eq!(custodian.municipalities, [28_210, 28_216, 28_381, 28_382], "what its doctor car serves");

    let field = ledgers[&id::<LedgerId>("fields/medical")].field.clone().unwrap();
    // A designated city is counted with the prefecture that it lies in.
    let kobe = field.areas.values().find(|area| area.organisation.member == id("members/kobe-city")).unwrap();
    assert_eq!(kobe.block.as_str(), "hyogo");
    let otsu = field.agreements.get(&id("members/shiga/organisations/fd-otsu")).unwrap();
    assert_eq!(
        (otsu.rule, otsu.order[0].asset.clone()),
        (AgreementRule::OwnFirst, id("members/shiga/assets/heli-ritto"))
    );
    let toyooka = otsu.order.iter().find(|row| row.asset == toyooka.id).unwrap();
    assert_eq!(toyooka.distance_max_m, Some(50_000));
    let area = field.areas.get(&otsu.area).unwrap();
    assert_eq!(
        (area.calls_per_hour_e6[8], area.calls_per_hour_e6[9], area.calls_per_hour_e6[0]),
        (6_469, 12_937, 0)
    );
    assert_eq!(field.members.get(&id("members/hyogo")).unwrap().telephone, "000-0000-1023");
}

#[test]
fn crews_that_relieve_each_other_round_the_clock_have_no_duty_that_ends() {
    let scenario = kansai();
    let ledgers = ledgers_of(&scenario);
    let duty = |name: &str| {
        let asset = id::<crate::id::AssetId>(name);
        ledgers[&asset.ledger()].assets.get(&asset).unwrap().duty_s_max
    };
    assert_eq!(duty("members/hyogo/assets/heli-toyooka"), 43_200);
    assert_eq!(duty("members/hyogo/assets/police-hyogo"), 0);
}

#[test]
fn the_policy_is_in_the_units_of_the_core() {
    let policy = kansai().policy;
    assert_eq!((policy.flight.start_s, policy.flight.usable_endurance_s), (300, 7_200));
    assert_eq!((policy.scene.securing_s, policy.scene.site_confirmation_ttl_s), (720, 365 * 86_400));
    assert_eq!((policy.weather.wind_max_kmh, policy.weather.wind_max_roof_kmh), (72, 54));
    assert_eq!((policy.flight.crew_duty_s_max, policy.flight.turn_round_s), (43_200, 1_200));
    assert_eq!((policy.cover.threshold_s, policy.protocol.answer_within_s), (1_800, 180));
}

#[test]
fn two_readings_give_the_same_commands_under_the_same_short_ids() {
    let (one, two) = (kansai(), kansai());
    assert_eq!(one.seeds, two.seeds);
    let ids: BTreeSet<(&LedgerId, &[u8])> =
        one.seeds.iter().map(|seed| (&seed.ledger, seed.request_id.as_slice())).collect();
    assert_eq!(ids.len(), one.seeds.len(), "no id serves twice");
    assert!(one.seeds.iter().all(|seed| (1..=64).contains(&seed.request_id.len())));
    assert!(one.seeds.is_sorted_by_key(Seed::stage));
}

#[test]
fn a_value_that_cannot_be_is_named_with_what_could() {
    let fault = fault_after("sites.csv", "35.02200,135.85800", "NaN,135.85800");
    assert_eq!(
        (fault.place.file.as_str(), fault.place.line, fault.place.column.as_deref()),
        ("sites.csv", Some(2), Some("lat"))
    );
    assert_eq!(
        fault.problem,
        Problem::Value { value: "NaN".to_owned(), allowed: Allowed::Degrees { max: 90 } }
    );
    assert_eq!(
        fault.to_string(),
        "sites.csv:2, column lat: \"NaN\" cannot be; allowed is degrees from -90 to 90"
    );
    assert_eq!(
        fault.texts(&super::fault::in_short).ja,
        "sites.csv:2 の列 lat: \"NaN\" は使えません。使えるのは-90 から 90 までの度です"
    );

    let cases: [(&str, &str, &str, &str, Allowed); 9] = [
        ("helicopters.csv", ",08:30,", ",8:30,", "hours_from", Allowed::TimeOfDay),
        (
            "helicopters.csv",
            ",200,620,",
            ",fast,620,",
            "planning_speed_kmh",
            Allowed::Whole { min: 1, max: 1_000 },
        ),
        ("helicopters.csv", ",12.2,", ",-12.2,", "overall_length_m", Allowed::Number { min: 1, max: 100 }),
        (
            "helicopters.csv",
            ",doctor,",
            ",Doctor,",
            "kind",
            Allowed::OneOf(vec!["doctor", "fire", "police", "coast_guard", "defence"]),
        ),
        (
            "helicopters.csv",
            ",cs-toyooka,op-hirata",
            ",op-hirata,op-hirata",
            "custodian",
            Allowed::OrganisationOfMember,
        ),
        ("sites.csv", "2026-11-30", "2026-11-31", "confirmed_on", Allowed::Date),
        ("outages.csv", "2027-01-11T00:00:00+09:00", "2027-01-11T00:00:00", "from", Allowed::Instant),
        ("demand.csv", ",6469,", ",-6469,", "h08", Allowed::Whole { min: 0, max: 1_000_000_000 }),
        ("hospitals.csv", ",000-0000-2001,", ",,", "telephone", Allowed::Something),
    ];
    for (file, from, to, column, expected) in cases {
        let fault = fault_after(file, from, to);
        assert_eq!(fault.place.line, Some(2), "{fault}");
        assert_eq!(fault.place.column.as_deref(), Some(column), "{fault}");
        let Problem::Value { allowed, .. } = &fault.problem else { panic!("{fault}") };
        assert_eq!(*allowed, expected, "{fault}");
    }
}

#[test]
fn a_name_that_stands_for_nothing_is_named_with_the_nearest() {
    /// File, what stands there, what is put there, the column, the table that lacks it, the nearest name.
    type Case = (&'static str, &'static str, &'static str, &'static str, &'static str, Option<&'static str>);
    let cases: [Case; 6] = [
        (
            "agreement_orders.csv",
            "fd-konan,2,heli-",
            "fd-konan,2,hali-",
            "helicopter",
            "helicopters.csv",
            None,
        ),
        (
            "outages.csv",
            ",heli-kakogawa,",
            ",heli-kakogaw,",
            "helicopter",
            "helicopters.csv",
            Some("heli-kakogawa"),
        ),
        ("bases.csv", ",cs-nara,", ",cs-nora,", "organisation", "organisations.csv", Some("cs-nara")),
        ("helicopters.csv", ",pad-minami-nara,", ",pad-minami,", "base_site", "sites.csv", None),
        (
            "municipalities.csv",
            ",biwa-north,hikone,",
            ",biwa-nort,hikone,",
            "weather_region",
            "weather_regions.csv",
            Some("biwa-north"),
        ),
        (
            "roads/links.csv",
            ",sekigahara-tunnel,",
            ",sekigahara-tunel,",
            "structure_id",
            "roads/structures.csv",
            Some("sekigahara-tunnel"),
        ),
    ];
    for (file, from, to, column, table, expected) in cases {
        let fault = fault_after(file, from, to);
        assert_eq!(fault.place.line, Some(line_of(file, from)), "{fault}");
        assert_eq!(fault.place.column.as_deref(), Some(column), "{fault}");
        let Problem::Unresolved { file: named, nearest, .. } = &fault.problem else { panic!("{fault}") };
        assert_eq!(*named, table);
        if expected.is_some() {
            assert_eq!(nearest.as_deref(), expected, "{fault}");
        }
    }
}

#[test]
fn an_unknown_key_is_named_with_its_place_and_the_nearest_one() {
    let fault = fault_after("scenario.toml", "on_scene_min = 15 ", "on_scene_mim = 15 \non_scene_min = 15 ");
    let line = line_of("scenario.toml", "on_scene_min");
    assert_eq!((fault.place.line, fault.place.character), (Some(line), Some(1)));
    let expected =
        Problem::UnknownKey { key: "on_scene_mim".to_owned(), nearest: Some("on_scene_min".to_owned()) };
    assert_eq!(fault.problem, expected);
    assert_eq!(
        fault.to_string(),
        format!("scenario.toml:{line}:1: there is no key \"on_scene_mim\"; did you mean \"on_scene_min\"")
    );
    let shown = fault.report(&super::fault::in_short).ja;
    let marked = shown.lines().skip_while(|shown| !shown.contains("on_scene_mim = 15")).nth(1).unwrap();
    assert!(marked.contains("^^^^^^^^^^^^") && shown.contains("ありません"), "{shown}");
}

#[test]
fn the_settings_are_checked_key_by_key() {
    let fault =
        fault_after("scenario.toml", "start_time = \"2026-12-05T09:00:00+09:00\"", "start_time = \"soon\"");
    assert!(matches!(&fault.problem, Problem::Value { allowed: Allowed::Instant, .. }), "{fault}");
    let fault = fault_after("scenario.toml", "handover_min = 2 ", "handover_min = 2.5 ");
    assert!(matches!(&fault.problem, Problem::Value { value, .. } if value == "2.5"), "{fault}");
    let fault = fault_after("scenario.toml", "name = \"kansai\"", "name = \"Kansai!\"");
    assert!(matches!(&fault.problem, Problem::Value { allowed: Allowed::Slug, .. }), "{fault}");
    let fault = fault_after("scenario.toml", "Asia/Tokyo", "Europe/Paris");
    assert!(matches!(&fault.problem, Problem::Value { allowed: Allowed::OneOf(_), .. }), "{fault}");
    let fault = fault_after("scenario.toml", "answer_within_s = 180", "");
    assert_eq!(fault.problem, Problem::MissingKey { key: "policy.protocol.answer_within_s".to_owned() });
    let fault = fault_after("scenario.toml", "[policy.cover]", "[policy.cover");
    assert!(matches!(&fault.problem, Problem::NotToml { .. }) && fault.place.line.is_some(), "{fault}");
}

#[test]
fn a_damaged_table_is_named_before_anything_is_read_from_it() {
    let fault = fault_after("members.csv", "id,kind,", "id,kindd,kind,");
    // Nothing is said of the rows, which have another number of cells then.
    assert!(
        matches!(&fault.problem, Problem::UnknownColumn { nearest: Some(near) } if near == "kind"),
        "{fault}"
    );
}

#[test]
fn rows_that_are_cut_doubled_or_swallowed_are_found() {
    let fault = fault_after("clauses.csv", ",S2\n", "\n");
    assert_eq!(fault.problem, Problem::CellCount { got: 3, want: 4 });
    let fault = fault_after("weather_regions.csv", "awaji,淡路島", "osaka-bay,再,again,x\nawaji,淡路島");
    let first_line = line_of("weather_regions.csv", "osaka-bay");
    assert!(
        matches!(&fault.problem, Problem::Duplicate { first_line: line, .. } if *line == first_line),
        "{fault}"
    );
    // A quote that is opened and never closed takes the rest of the file with it.
    let fault = fault_after("clauses.csv", ",S2\n", ",\"S2\n");
    assert!(matches!(&fault.problem, Problem::Value { allowed: Allowed::PlainText, .. }), "{fault}");
    let found = faults_of(&damaged("demand.csv", "\nhikone,", "\notsu,"));
    let problems: Vec<&Problem> = found.faults.iter().map(|fault| &fault.problem).collect();
    let (twice, missing) = (
        Problem::Duplicate { value: "otsu".to_owned(), first_line: 2 },
        Problem::NoRow { value: "hikone".to_owned() },
    );
    assert_eq!(problems, [&twice, &missing]);
}

#[test]
fn a_union_without_an_office_for_the_field_is_refused() {
    let fault = fault_after("members.csv", ",medical,設立団体。広域医療局", ",,設立団体。広域医療局");
    assert_eq!(fault.problem, Problem::NoRow { value: "office_of medical".to_owned() });
}

#[test]
fn tables_that_disagree_are_found() {
    let fault = fault_after("municipalities.csv", ",fd-hikone,", ",fd-otsu,");
    assert!(matches!(&fault.problem, Problem::Disagrees { other, .. } if other == "fd-hikone"), "{fault}");
    let fault = fault_after("agreement_orders.csv", "fd-otsu,2,", "fd-otsu,3,");
    assert_eq!((fault.place.line, fault.place.column.as_deref()), (Some(3), Some("rank")), "{fault}");
    let fault = fault_after("fire_departments.csv", "fd-otsu,shiga,", "fd-otsu,kyoto,");
    assert!(matches!(&fault.problem, Problem::Disagrees { .. }), "{fault}");
}

#[test]
fn what_the_rules_refuse_is_a_fault_of_its_row() {
    let fault = fault_after("outages.csv", "2027-01-16T00:00:00+09:00", "2027-01-10T00:00:00+09:00");
    assert_eq!(fault.place.line, Some(2));
    let refused = Rejection::InvalidField { field: "outage.window", problem: FieldProblem::EmptyWindow };
    assert_eq!(fault.problem, Problem::Refused(Box::new(refused)));
    let fault = fault_after(
        "members.csv",
        "linked,福井県,Fukui Prefecture,,",
        "linked,福井県,Fukui Prefecture,2020-01-01,day",
    );
    assert_eq!((fault.place.file.as_str(), fault.place.line), ("members.csv", Some(14)));
    let long = format!("{},Otsu drill", "大".repeat(100));
    let fault = fault_after("sites.csv", "大津市 訓練離着陸場01(国道161号),Otsu drill", &long);
    assert!(matches!(&fault.problem, Problem::Refused(_)), "{fault}");
}

#[test]
fn files_that_are_missing_huge_or_not_text_are_refused() {
    let folder = damaged("bases.csv", "id", "id");
    std::fs::remove_file(folder.path().join("bases.csv")).unwrap();
    let found = faults_of(&folder);
    assert!(matches!(&found.faults[0].problem, Problem::Unreadable { .. }), "{found}");
    std::fs::create_dir(folder.path().join("bases.csv")).unwrap();
    assert!(matches!(&faults_of(&folder).faults[0].problem, Problem::Unreadable { .. }));

    let folder = damaged("bases.csv", "id", "id");
    let huge = std::fs::File::create(folder.path().join("bases.csv")).unwrap();
    huge.set_len(table::FILE_BYTES_MAX + 1).unwrap();
    assert!(matches!(&faults_of(&folder).faults[0].problem, Problem::TooLarge { .. }));
    std::fs::write(folder.path().join("bases.csv"), b"id\n\xff\xfe").unwrap();
    let found = faults_of(&folder);
    assert_eq!((&found.faults[0].problem, found.faults[0].place.line), (&Problem::NotUtf8, Some(2)));
    std::fs::write(folder.path().join("bases.csv"), b"").unwrap();
    assert!(matches!(&faults_of(&folder).faults[0].problem, Problem::MissingColumn));
    assert!(read(&folder.path().join("nowhere")).is_err());
}

#[test]
fn many_faults_are_told_at_once_but_not_more_than_twenty() {
    let folder = damaged("demand.csv", "id", "id");
    let path = folder.path().join("demand.csv");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace(",heli-nara,", ",heli-nora,")).unwrap();
    let found = faults_of(&folder);
    assert_eq!(found.faults.len(), 20);
    assert_eq!(found.faults.len() + found.left_off_count, 56, "as many as rows name it");
    assert!(found.report(&super::fault::in_short).ja.ends_with("ほか 36 件"));
}

#[test]
fn a_mark_of_utf8_windows_line_ends_and_another_order_of_columns_are_accepted() {
    let folder = damaged("clauses.csv", "id", "id");
    let path = folder.path().join("clauses.csv");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, format!("\u{feff}{}", text.replace('\n', "\r\n"))).unwrap();
    let path = folder.path().join("weather_regions.csv");
    let mut reordered = "source,name_en,name_ja,id\n".to_owned();
    for record in csv::Reader::from_path(&path).unwrap().records() {
        let record = record.unwrap();
        reordered += &format!("x,{0},{0},{1}\n\n", &record[1], &record[0]);
    }
    std::fs::write(&path, reordered).unwrap();
    assert!(read(folder.path()).is_ok_and(|scenario| scenario.seeds == kansai().seeds));
}

#[test]
fn random_damage_never_panics() {
    // A small generator is enough: the folder is read a few dozen times, each with other bytes broken.
    let mut seed = 0x9e37_79b9_u64;
    let mut draw = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % below
    };
    let files =
        ["scenario.toml", "members.csv", "helicopters.csv", "hospitals.csv", "bases.csv", "agreements.csv"];
    for round in 0..36 {
        let file = files[round % files.len()];
        let folder = damaged(file, "a", "a");
        let path = folder.path().join(file);
        let mut bytes = std::fs::read(&path).unwrap();
        for _ in 0..=draw(4) {
            let at = draw(bytes.len());
            match draw(3) {
                0 => bytes[at] = b"\",\n;-\x00\xffN="[draw(9)],
                1 => drop(bytes.drain(at..(at + draw(200)).min(bytes.len()))),
                _ => bytes.truncate(at.max(1)),
            }
        }
        std::fs::write(&path, &bytes).unwrap();
        if let Err(found) = read(folder.path()) {
            assert!(
                !found.faults.is_empty() && !found.report(&super::fault::in_short).ja.is_empty(),
                "{file} {round}"
            );
        }
    }
}

#[test]
fn a_trade_rate_that_would_come_out_as_none_is_refused_with_its_line() {
    let (key, allowed) = ("trade_rate_permille_per_min = ", Allowed::Whole { min: 0, max: 60 });
    let fault = fault_after("scenario.toml", &format!("{key}0"), &format!("{key}61"));
    assert_eq!(fault.problem, Problem::Value { value: "61".to_owned(), allowed });
    assert!(fault.place.line.is_some());
}

#[test]
fn the_year_of_six_aircraft_is_kansai_with_another_calendar() {
    let six =
        read(&kansai_folder().with_file_name("kansai-fy2026")).unwrap_or_else(|fault| panic!("{fault}"));
    let others = |scenario: &Scenario| -> Vec<Command> {
        let commands = scenario.seeds.iter().map(|seed| seed.command.clone());
        commands.filter(|command| !matches!(command, Command::PlanOutage { .. })).collect()
    };
    assert_eq!(others(&six), others(&kansai()));
    assert_eq!(six.roads, kansai().roads);
    let resting = six.seeds.iter().filter_map(|seed| match &seed.command {
        Command::PlanOutage { asset, outage } if outage.window.contains(six.start) => Some(asset.to_string()),
        _ => None,
    });
    let resting: Vec<String> = resting.collect();
    assert_eq!(resting, ["members/osaka/assets/heli-osaka", "members/tokushima/assets/heli-tokushima"]);
}

#[test]
fn a_base_that_is_not_there_is_named_table_by_table() {
    let folder = damaged("scenario.toml", "space = \"kansai\"", "space = \"kansai\"\nbase = \"kansaj\"");
    std::fs::remove_file(folder.path().join("bases.csv")).unwrap();
    let found = faults_of(&folder);
    assert_eq!((found.faults.len(), found.faults[0].place.file.as_str()), (1, "bases.csv"));
    assert!(matches!(found.faults[0].problem, Problem::Unreadable { .. }), "{found}");
    let fault = fault_after("scenario.toml", "space = \"kansai\"", "space = \"kansai\"\nbase = 7");
    assert!(matches!(&fault.problem, Problem::Value { allowed: Allowed::Slug, .. }), "{fault}");
}

#[test]
fn the_rates_of_the_unit_model_may_be_missing_and_may_not_be_wrong() {
    assert!(kansai().unit_model.is_some());
    let folder = damaged("unit_model.toml", "per_day_millis = 3600", "per_day_millis = -1");
    let found = faults_of(&folder);
    let place = &found.faults[0].place;
    let line = line_of("unit_model.toml", "per_day_millis = 3600");
    assert_eq!((place.file.as_str(), place.line, place.character), ("unit_model.toml", Some(line), Some(18)));
    assert!(found.to_string().contains("food: a rate of -1 thousandths cannot be"), "{found}");
    let report = found.faults[0].report(&fault::in_short);
    assert!(report.en.contains("per_day_millis = -1") && !report.ja.is_ascii(), "{}", report.en);

    let fault = fault_after("unit_model.toml", "[goods.food]", "[goods.foot]");
    let near = Problem::Unresolved {
        value: "foot".to_owned(),
        file: "commodities.csv",
        nearest: Some("food".to_owned()),
    };
    assert_eq!(fault.problem, near);

    std::fs::remove_file(folder.path().join("unit_model.toml")).unwrap();
    assert_eq!(read(folder.path()).unwrap().unit_model, None);
}

#[test]
fn the_earthquakes_may_be_missing_and_may_not_be_wrong() {
    let scenario = kansai();
    let hazard = scenario.hazard.as_ref().unwrap();
    assert_eq!(hazard.earthquakes.len(), 16);
    // 241 municipalities, four of them in 51 wards; of 1503 roads four are ferries.
    let exposure = &hazard.exposure;
    assert_eq!((exposure.towns.len(), hazard.names.len()), (288, 288));
    assert_eq!((exposure.roads.len(), exposure.hospitals.len(), exposure.bases.len()), (1_499, 87, 9));
    assert_eq!((exposure.sites.len(), exposure.depots.len()), (1_170, 277));
    let city = exposure.towns.iter().filter(|town| town.municipality == 28_100).count();
    assert_eq!(city, 9, "the wards of Kobe");
    let unknown = hazard.earthquake("kobe-1996").unwrap_err();
    assert_eq!(unknown.to_string(), "there is no earthquake \"kobe-1996\"; did you mean kobe-1995?");

    for (file, from, to, said) in [
        (
            "earthquakes.csv",
            "kobe-1995,crustal",
            "kobe-1995,oceanic",
            "earthquakes.csv:2, column kind: \"oceanic\" is none of",
        ),
        ("faults.csv", "34.52 134.90;", "34.52;", "faults.csv:2, column upper_edge: places are degrees"),
        (
            "damage_profile.toml",
            "per_million_wooden = 67600",
            "per_million_wooden = x",
            "damage_profile.toml:",
        ),
        (
            "wards.csv",
            "kyoto-kita,26101,kyoto,",
            "kyoto-kita,26101,kioto,",
            "wards.csv: \"kioto\" is not in municipalities.csv",
        ),
        ("ground.csv", "otsu,plain", "oots,plain", "ground.csv: has no row for \"otsu\""),
        ("old_municipality_codes.csv", "25381,", "2538,", "old_municipality_codes.csv:2, column old: "),
    ] {
        let fault = fault_after(file, from, to);
        assert!(fault.to_string().starts_with(said), "{fault}");
        assert!(!fault.texts(&fault::in_short).ja.is_ascii());
    }
    let folder = damaged("earthquakes.csv", "kobe-1995,", "kobe-1995,");
    std::fs::remove_file(folder.path().join("wards.csv")).unwrap();
    let whole = read(folder.path()).unwrap().hazard.unwrap();
    assert_eq!(whole.exposure.towns.len(), 241);
    std::fs::remove_file(folder.path().join("earthquakes.csv")).unwrap();
    assert!(read(folder.path()).unwrap().hazard.is_none());
}
