//! Where assets are now: fixes stream in, the newest wins, a stale one is shown and not used; searches go by it.

use crate::common::{Served, TAMBA, candidate, crash, drill, place, printed, reason_of, refused, seconds};
use v1::asset_place::{Basis, Way};
use v1::position_report::Source;
use v1::search_assets_request::{Area, Box as Corners, Nearest, Polygon, Reachable};
use yui::api::v1;

const TOYOOKA: &str = "members/hyogo/assets/heli-toyooka";
const HARIMA: &str = "members/hyogo/assets/heli-kakogawa";

impl Served {
    /// A fix of `asset`, `age_s` seconds old.
    async fn fix(&mut self, asset: &str, at: (f64, f64), age_s: i64) -> v1::PositionReport {
        v1::PositionReport {
            asset: asset.to_owned(),
            position: place(at),
            fix_time: Some(self.time(-age_s).await),
            source: Source::Tracker.into(),
            ..Default::default()
        }
    }

    async fn report(&mut self, reports: Vec<v1::PositionReport>) -> v1::ReportPositionsResponse {
        let message = v1::ReportPositionsRequest { reports };
        self.positions.report_positions(tokio_stream::once(message)).await.unwrap().into_inner()
    }

    async fn place_of(&mut self, asset: &str) -> v1::AssetPlace {
        let get = v1::GetPositionRequest { asset: asset.to_owned() };
        self.positions.get_position(get).await.unwrap().into_inner()
    }

    async fn search(&mut self, area: Area, filter: &str) -> Result<v1::SearchAssetsResponse, tonic::Status> {
        let search = v1::SearchAssetsRequest { area: Some(area), count: 0, filter: filter.to_owned() };
        self.positions.search_assets(search).await.map(tonic::Response::into_inner)
    }
}

fn names(found: &v1::SearchAssetsResponse) -> Vec<&str> {
    found.places.iter().map(|place| place.asset.rsplit('/').next().unwrap()).collect()
}

fn nearest_to(at: (f64, f64)) -> Area {
    Area::Nearest(Nearest { position: place(at) })
}

fn box_of(south_west: (f64, f64), north_east: (f64, f64)) -> Area {
    Area::Box(Corners { south_west: place(south_west), north_east: place(north_east) })
}

fn polygon(corners: &[(f64, f64)]) -> Area {
    Area::Polygon(Polygon { corners: corners.iter().map(|at| place(*at).unwrap()).collect() })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_fix_counts_in_whatever_order_they_arrive() {
    let (mut drill, _data) = drill().await;
    let before = drill.place_of(TOYOOKA).await;
    assert_eq!((before.basis(), before.fix), (Basis::Base, None));

    let mut newest = drill.fix(TOYOOKA, (35.30, 134.95), 10).await;
    (newest.speed_kmh, newest.course_deg, newest.altitude_m) = (Some(210), Some(170), Some(450));
    let older = drill.fix(TOYOOKA, (35.40, 134.90), 40).await;
    let answer = drill.report(vec![newest.clone(), older.clone(), newest.clone()]).await;
    assert_eq!((answer.accepted_count, answer.older_count, answer.refused_count), (1, 2, 0));
    let now = drill.place_of(TOYOOKA).await;
    assert_eq!((now.basis(), now.position), (Basis::FreshFix, place((35.30, 134.95))));
    let fix = now.fix.unwrap();
    assert_eq!((fix.age.unwrap().seconds, fix.stale, fix.source()), (10, false, Source::Tracker));
    assert_eq!((fix.speed_kmh, fix.course_deg, fix.altitude_m), (Some(210), Some(170), Some(450)));
    assert_eq!(fix.reporter, "unauthenticated:anonymous");

    // Of one instant a tracker knows better than a voice, whichever is heard first.
    let spoken =
        v1::PositionReport { position: place((35.2, 134.9)), source: Source::Spoken.into(), ..newest };
    assert_eq!(drill.report(vec![spoken]).await.older_count, 1);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_fix_is_shown_with_its_age_and_used_for_nothing() {
    let (mut drill, _data) = drill().await;
    let fix = drill.fix(TOYOOKA, TAMBA, 0).await;
    drill.report(vec![fix]).await;
    let found = drill.search(nearest_to(TAMBA), "kind = DOCTOR_HELICOPTER").await.unwrap();
    assert_eq!((names(&found)[0], found.places[0].distance_m), ("heli-toyooka", Some(0)));

    drill.advance(120).await;
    assert_eq!(drill.place_of(TOYOOKA).await.basis(), Basis::FreshFix);
    drill.advance(1).await;
    let stale = drill.place_of(TOYOOKA).await;
    assert_eq!(stale.basis(), Basis::Base);
    let base = drill.asset(TOYOOKA).await.base;
    assert_eq!(stale.position, base);
    let fix = stale.fix.unwrap();
    assert_eq!((fix.stale, fix.age.unwrap().seconds, fix.position), (true, 121, place(TAMBA)));
    let found = drill.search(nearest_to(TAMBA), "kind = DOCTOR_HELICOPTER").await.unwrap();
    let toyooka = found.places.iter().find(|place| place.asset == printed(TOYOOKA)).unwrap();
    assert!(toyooka.distance_m.unwrap() > 30_000 && toyooka.fix.as_ref().unwrap().stale);
    let here = box_of((35.1, 134.9), (35.3, 135.2));
    assert!(!names(&drill.search(here, "").await.unwrap()).contains(&"heli-toyooka"));
    let list = v1::ListPositionsRequest { parent: "members/-".to_owned(), ..Default::default() };
    let listed = drill.positions.list_positions(list).await.unwrap().into_inner();
    assert_eq!(listed.places.len(), 1, "it is still listed");
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_report_is_told_and_the_others_count() {
    let (mut drill, _data) = drill().await;
    let good = drill.fix(TOYOOKA, TAMBA, 0).await;
    let with = |change: fn(&mut v1::PositionReport)| {
        let mut report = good.clone();
        change(&mut report);
        report
    };
    let bad = [
        (with(|r| r.asset = "members/hyogo/assets/heli-toyoka".into()), "ASSET_UNKNOWN", ""),
        (with(|r| r.asset = String::new()), "FIELD_REQUIRED", "asset"),
        (with(|r| r.asset = "drill/other/members/hyogo/assets/heli-toyooka".into()), "WRONG_SPACE", "asset"),
        (with(|r| r.position = None), "FIELD_REQUIRED", "position"),
        (with(|r| r.position = place((0.0, 0.0))), "POSITION_NO_FIX", "position"),
        (with(|r| r.position = place((f64::NAN, 135.0))), "NUMBER_NOT_FINITE", "position.latitude"),
        (with(|r| r.position = place((35.0, 181.0))), "POSITION_OFF_THE_EARTH", "position.longitude"),
        (with(|r| r.fix_time = None), "FIELD_REQUIRED", "fix_time"),
        (with(|r| r.fix_time.as_mut().unwrap().seconds += 6), "FIELD_TOO_LATE", "fix_time"),
        (with(|r| r.fix_time.as_mut().unwrap().seconds -= 86_401), "FIELD_TOO_EARLY", "fix_time"),
        (with(|r| r.speed_kmh = Some(u32::MAX)), "FIELD_OUT_OF_RANGE", "speed_kmh"),
        (with(|r| r.course_deg = Some(360)), "FIELD_OUT_OF_RANGE", "course_deg"),
        (with(|r| r.altitude_m = Some(i32::MIN)), "FIELD_OUT_OF_RANGE", "altitude_m"),
        (with(|r| r.source = 0), "FIELD_REQUIRED", "source"),
        (with(|r| r.source = 99), "ENUM_UNKNOWN", "source"),
    ];
    let mut reports: Vec<_> = bad.iter().map(|(report, ..)| report.clone()).collect();
    reports.push(good);
    let answer = drill.report(reports).await;
    assert_eq!((answer.accepted_count, answer.refused_count), (1, bad.len() as u64));
    for (i, (refused, (_, reason, field))) in answer.refused.iter().zip(&bad).enumerate() {
        assert_eq!(
            (refused.index, refused.reason.as_str(), refused.field.as_str()),
            (i as u64, *reason, *field)
        );
        let message = refused.message.as_ref().unwrap();
        assert!(message.en.is_ascii() && !message.ja.is_ascii(), "{message:?}");
    }
    let near = &answer.refused[0].message.as_ref().unwrap().en;
    assert!(near.contains("did you mean members/hyogo/assets/heli-toyooka"), "{near}");
    assert_eq!(drill.place_of(TOYOOKA).await.position, place(TAMBA));

    // Garbage without end is counted, and told up to a hundred.
    let empty = v1::ReportPositionsRequest { reports: vec![v1::PositionReport::default(); 1_000] };
    let stream = tokio_stream::iter(vec![empty; 3]);
    let answer = drill.positions.report_positions(stream).await.unwrap().into_inner();
    assert_eq!((answer.refused_count, answer.refused.len()), (3_000, 100));
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_in_a_box_or_a_polygon_goes_by_where_they_are_now() {
    let (mut drill, _data) = drill().await;
    let box_at_sea = || box_of((32.0, 136.0), (33.0, 137.0));
    assert_eq!(names(&drill.search(box_at_sea(), "").await.unwrap()), Vec::<&str>::new());
    let away = drill.fix(TOYOOKA, (32.5, 136.5), 0).await;
    let farther = drill.fix(HARIMA, (32.1, 136.9), 0).await;
    drill.report(vec![away, farther]).await;
    assert_eq!(names(&drill.search(box_at_sea(), "").await.unwrap()), ["heli-kakogawa", "heli-toyooka"]);
    let triangle = || polygon(&[(32.0, 136.0), (33.0, 136.0), (32.5, 136.9)]);
    let found = drill.search(triangle(), "").await.unwrap();
    assert_eq!(names(&found), ["heli-toyooka"]);
    assert_eq!(found.places[0].basis(), Basis::FreshFix);
    assert!(names(&drill.search(triangle(), "kind = AMBULANCE").await.unwrap()).is_empty());

    // Over the antimeridian, where Kansai is not.
    let across = box_of((30.0, 179.0), (40.0, -179.0));
    assert!(drill.search(across, "").await.unwrap().places.is_empty());
    let home = drill.asset(TOYOOKA).await.base.unwrap();
    let around = box_of(
        (home.latitude - 0.001, home.longitude - 0.001),
        (home.latitude + 0.001, home.longitude + 0.001),
    );
    assert!(
        !names(&drill.search(around, "").await.unwrap()).contains(&"heli-toyooka"),
        "it is not at its base"
    );
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_area_that_bounds_nothing_is_refused_and_says_where() {
    let (mut drill, _data) = drill().await;
    let bow_tie = [(35.0, 135.0), (35.1, 135.1), (35.0, 135.1), (35.1, 135.0)];
    let cases = [
        (polygon(&[(35.0, 135.0), (35.1, 135.0)]), "AREA_TOO_FEW_CORNERS", "polygon.corners"),
        (polygon(&bow_tie), "AREA_CROSSES_ITSELF", "polygon.corners"),
        (
            polygon(&[(35.0, 179.0), (35.0, -179.0), (36.0, 179.0)]),
            "AREA_CROSSES_ANTIMERIDIAN",
            "polygon.corners",
        ),
        (polygon(&[(35.0, 135.0), (35.0, 10.0), (50.0, 70.0)]), "AREA_TOO_WIDE", "polygon.corners"),
        (polygon(&[(35.0, 135.0); 600]), "AREA_TOO_MANY_CORNERS", "polygon.corners"),
        (
            polygon(&[(35.0, 135.0), (91.0, 135.0), (35.0, 136.0)]),
            "POSITION_OFF_THE_EARTH",
            "polygon.corners[1].latitude",
        ),
        (box_of((36.0, 135.0), (35.0, 136.0)), "BOX_UPSIDE_DOWN", "box"),
        (box_of((35.0, 135.0), (36.0, 135.0)), "BOX_FLAT", "box"),
        (Area::Box(Corners::default()), "FIELD_REQUIRED", "box.south_west"),
        (Area::Nearest(Nearest::default()), "FIELD_REQUIRED", "nearest.position"),
        (
            Area::Reachable(Reachable { position: place(TAMBA), within: None }),
            "FIELD_REQUIRED",
            "reachable.within",
        ),
    ];
    for (area, reason, field) in cases {
        let refusal = refused(drill.search(area, "").await);
        assert_eq!((refusal.reason.as_str(), refusal.field.as_deref()), (reason, Some(field)));
    }
    let crossing = refused(drill.search(polygon(&bow_tie), "").await);
    assert_eq!((crossing.metadata["first"].as_str(), crossing.metadata["second"].as_str()), ("0", "2"));
    let none = v1::SearchAssetsRequest::default();
    assert_eq!(reason_of(drill.positions.search_assets(none).await), "FIELD_REQUIRED");
    let many = v1::SearchAssetsRequest { area: Some(nearest_to(TAMBA)), count: 1_001, ..Default::default() };
    assert_eq!(reason_of(drill.positions.search_assets(many).await), "FIELD_OUT_OF_RANGE");
    let unknown = v1::GetPositionRequest { asset: "members/hyogo/assets/heli-toyoka".to_owned() };
    let unknown = refused(drill.positions.get_position(unknown).await);
    assert_eq!(
        (unknown.reason.as_str(), unknown.metadata["nearest"].as_str()),
        ("ASSET_UNKNOWN", &*printed(TOYOOKA))
    );
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_there_within_a_time_drives_by_road_and_flies_straight() {
    let (mut drill, _data) = drill().await;
    let within = |minutes: i64| {
        Area::Reachable(Reachable { position: place(TAMBA), within: Some(seconds(minutes * 60)) })
    };
    let found = drill.search(within(20), "").await.unwrap();
    assert!(!found.places.is_empty());
    let times: Vec<i64> = found.places.iter().map(|place| place.travel.unwrap().seconds).collect();
    assert!(times.is_sorted() && times.iter().all(|travel_s| *travel_s <= 1_200), "{times:?}");
    for place in &found.places {
        let flies = place.kind().as_str_name().ends_with("HELICOPTER");
        assert_eq!(place.way(), if flies { Way::StraightLine } else { Way::ByRoad }, "{}", place.asset);
    }
    assert!(found.places.iter().any(|place| place.way() == Way::ByRoad));

    // An ambulance from far away that happens to be near counts from where it is, and not from its base.
    let far = drill.search(
        Area::Reachable(Reachable { position: place(TAMBA), within: Some(seconds(86_400)) }),
        "kind = AMBULANCE",
    );
    let far = far.await.unwrap().places.pop().unwrap();
    assert!(far.travel.unwrap().seconds > 1_200 && far.basis() == Basis::Base);
    let near = drill.fix(&far.asset, TAMBA, 0).await;
    drill.report(vec![near]).await;
    let found = drill.search(within(20), "kind = AMBULANCE").await.unwrap();
    assert_eq!((&found.places[0].asset, found.places[0].travel.unwrap().seconds), (&far.asset, 0));
    drill.advance(121).await;
    let found = drill.search(within(20), "kind = AMBULANCE").await.unwrap();
    assert!(found.places.iter().all(|place| place.asset != far.asset));
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_aircraft_in_the_air_is_retasked_from_its_fresh_fix() {
    let (mut drill, _data) = drill().await;
    let request = drill.open(crash()).await;
    let asked = drill.ask_asset(&request, TOYOOKA).await;
    let mission = drill.go(&asked).await.unwrap();
    drill.settle().await;
    drill.fly(&mission, &[v1::mission::State::Airborne]).await;
    drill.advance(60).await;
    let far = crate::common::crash_at((35.60, 134.40), "members/hyogo/organisations/fd-tamba");
    // Seconds from now to the site, and what is left of the age that a position may have.
    let look = |ranking: &v1::Ranking| {
        let toyooka = candidate(ranking, "heli-toyooka").unwrap();
        let at_site = toyooka.timeline.as_ref().unwrap().at_site_time.unwrap().seconds;
        let age = toyooka.margins.iter().find(|margin| margin.limit() == v1::Limit::PositionAge).unwrap();
        (at_site - ranking.at_time.unwrap().seconds, age.amount)
    };
    let by_plan = look(&drill.rank(far.clone()).await);
    // It went the other way, and is nearly there.
    let fix = drill.fix(TOYOOKA, (35.60, 134.42), 5).await;
    drill.report(vec![fix]).await;
    let by_fix = look(&drill.rank(far.clone()).await);
    assert!(by_fix.0 < by_plan.0, "{by_fix:?} against {by_plan:?}");
    assert_eq!((by_plan.1, by_fix.1), (600 - 60, 600 - 5), "seen 60 s and 5 s ago");
    drill.advance(116).await;
    // Stale: as far as it would have come by its plan since it was airborne, as if nothing had been heard.
    let stale = look(&drill.rank(far.clone()).await);
    assert_eq!(stale.1, 600 - 176);
    assert!(stale.0 > by_fix.0, "{stale:?} against {by_fix:?}");
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_may_change_of_an_asset_is_changed_field_by_field() {
    let (mut drill, _data) = drill().await;
    let before = drill.asset(TOYOOKA).await;
    let update = |paths: &[&str], asset: v1::Asset| v1::UpdateAssetRequest {
        asset: Some(v1::Asset { name: TOYOOKA.to_owned(), ..asset }),
        update_mask: Some(prost_types::FieldMask { paths: paths.iter().map(ToString::to_string).collect() }),
        ..Default::default()
    };
    let six = || v1::Asset { seats: 3, telephone: "0796-00-0000".to_owned(), ..Default::default() };
    let mut look = update(&["seats"], six());
    look.validate_only = true;
    assert_eq!(drill.registry.update_asset(look).await.unwrap().into_inner(), before);

    let mut change = update(&["seats", "telephone"], six());
    (change.etag, change.request_id) = (before.etag.clone(), "u-1".to_owned());
    let after = drill.registry.update_asset(change.clone()).await.unwrap().into_inner();
    assert_eq!((after.seats, after.telephone.as_str()), (3, "0796-00-0000"));
    let rest = v1::Asset {
        seats: before.seats,
        telephone: before.telephone.clone(),
        etag: before.etag.clone(),
        ..after.clone()
    };
    assert_eq!(rest, before, "what the mask does not name stays");
    // A retry finds its own success; another with the old tag lost the race.
    assert_eq!(drill.registry.update_asset(change.clone()).await.unwrap().into_inner(), after);
    change.request_id = "u-2".to_owned();
    assert_eq!(reason_of(drill.registry.update_asset(change).await), "ETAG_MISMATCH");

    for (paths, reason) in [
        (&[][..], "FIELD_REQUIRED"),
        (&["*"], "MASK_WILDCARD"),
        (&["seat"], "MASK_PATH_UNKNOWN"),
        (&["kind"], "MASK_PATH_IMMUTABLE"),
        (&["custodian"], "MASK_PATH_IMMUTABLE"),
        (&["state"], "MASK_PATH_OUTPUT_ONLY"),
        (&["seats", "seats"], "MASK_PATH_TWICE"),
    ] {
        let refusal = refused(drill.registry.update_asset(update(paths, six())).await);
        assert_eq!(
            (refusal.reason.as_str(), refusal.field.as_deref()),
            (reason, Some("update_mask")),
            "{paths:?}"
        );
    }
    let slow = refused(drill.registry.update_asset(update(&["planning_speed_kmh"], six())).await);
    assert_eq!(
        (slow.reason.as_str(), slow.field.as_deref()),
        ("FIELD_OUT_OF_RANGE", Some("asset.planning_speed_kmh"))
    );
    let nobody = v1::Asset { owner: "members/hyogo/organisations/nobody".to_owned(), ..Default::default() };
    assert_eq!(reason_of(drill.registry.update_asset(update(&["owner"], nobody)).await), "NOT_FOUND");
    assert_eq!(drill.asset(TOYOOKA).await, after);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_says_where_they_are_in_both_languages() {
    let (drill, _data) = drill().await;
    let told =
        drill.done("asset report-position hyogo/heli-toyooka --at 35.30,134.95 --fixed -30s --speed 210");
    assert!(told.contains("accepted"), "{told}");
    let place = drill.done("asset where hyogo/heli-toyooka");
    assert!(
        place.contains("35.30000,134.95000") && place.contains("live position") && place.contains("30 s"),
        "{place}"
    );
    let listed = drill.done("--lang ja asset where");
    assert!(listed.contains("hyogo/heli-toyooka") && listed.contains("現在位置"), "{listed}");
    let near = drill.done("asset near --at 35.30,134.95 --count 3");
    assert!(near.lines().nth(3).unwrap().contains("heli-toyooka"), "{near}");
    let soon = drill.done("--lang ja asset near --at 35.170,135.040 --within 20m");
    assert!(soon.contains("直線") && soon.contains("道路"), "{soon}");
    let boxed = drill.done("asset within --box 35.29,134.94,35.31,134.96");
    assert!(boxed.contains("heli-toyooka"), "{boxed}");
    let file = tempfile::NamedTempFile::new().unwrap();
    let ring = "[[134.9,35.2],[135.0,35.2],[135.0,35.4],[134.9,35.4],[134.9,35.2]]";
    std::fs::write(file.path(), format!(r#"{{"type":"Polygon","coordinates":[{ring}]}}"#)).unwrap();
    let inside = drill.done(&format!("--json asset within --polygon {}", file.path().display()));
    assert!(inside.contains("heli-toyooka") && inside.contains(r#""basis":"FRESH_FIX""#), "{inside}");
    let updated = drill.done("asset update hyogo/heli-toyooka --set seats=3");
    assert!(updated.contains("seats") && updated.contains('3'), "{updated}");
    drill.host.stop().await;
}
