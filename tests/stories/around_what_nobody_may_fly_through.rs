//! A forest burns on the way: nobody flies through the smoke, flights lead around it, and back when it is lifted.

use crate::common::{Served, TAMBA, at, candidate, crash, drill, place, printed, reason_of, ruled_out};
use v1::flight_plan::Outcome;
use v1::reason::Code as Why;
use v1::smallest_change::Code as What;
use yui::api::v1;

const TOYOOKA: &str = "members/hyogo/assets/heli-toyooka";
const FIRE: &str = "members/hyogo/noFlyAreas/forest-fire";

/// A square of so many degrees around a place, up to 2,000 m.
fn square(name: &str, (lat, lon): (f64, f64), half: f64) -> v1::NoFlyArea {
    let corners = [(-half, -half), (-half, half), (half, half), (half, -half)];
    v1::NoFlyArea {
        name: name.to_owned(),
        corners: corners.into_iter().filter_map(|(n, e)| place((lat + n, lon + e))).collect(),
        ceiling_m: 2_000,
        reason: "山林火災".to_owned(),
        source: "豊岡市消防本部".to_owned(),
        ..Default::default()
    }
}

fn reporting(area: v1::NoFlyArea) -> v1::ReportNoFlyAreaRequest {
    v1::ReportNoFlyAreaRequest { no_fly_area: Some(area), ..Default::default() }
}

/// Halfway from Toyooka to the scene.
fn fire() -> v1::NoFlyArea {
    square(FIRE, (35.34, 134.94), 0.08)
}

async fn report(drill: &mut Served, area: v1::NoFlyArea) -> v1::NoFlyArea {
    drill.air.report_no_fly_area(reporting(area)).await.unwrap().into_inner()
}

async fn lift(drill: &mut Served, name: &str) -> v1::NoFlyArea {
    let lift =
        v1::LiftNoFlyAreaRequest { name: name.to_owned(), note: "鎮火".to_owned(), ..Default::default() };
    drill.air.lift_no_fly_area(lift).await.unwrap().into_inner()
}

fn to_tamba() -> v1::PlanFlightRequest {
    let to = Some(v1::FlightPlace { position: place(TAMBA), name: String::new() });
    v1::PlanFlightRequest { asset: TOYOOKA.to_owned(), to, ..Default::default() }
}

async fn plan(drill: &mut Served, ask: v1::PlanFlightRequest) -> v1::FlightPlan {
    drill.air.plan_flight(ask).await.unwrap().into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flight_leads_around_the_fire_and_straight_again_when_it_is_lifted() {
    let (mut drill, _data) = drill().await;
    let before = plan(&mut drill, to_tamba()).await;
    assert_eq!((before.outcome(), before.legs.len()), (Outcome::Flyable, 1));
    assert_eq!(before.distance_m, before.great_circle_m);
    assert_eq!(before.legs[0].track.len(), 2);
    let crossed: Vec<&str> =
        before.legs[0].regions.iter().map(|region| region.weather_region.as_str()).collect();
    assert_eq!(crossed.first(), Some(&printed("weatherRegions/sea-of-japan-east").as_str()));
    assert_eq!(crossed.last(), Some(&printed("weatherRegions/inland-tamba").as_str()));

    let reported = report(&mut drill, fire()).await;
    assert_eq!(
        (reported.name.as_str(), reported.state()),
        (printed(FIRE).as_str(), v1::no_fly_area::State::InForce)
    );
    let during = plan(&mut drill, to_tamba()).await;
    assert_eq!(during.outcome(), Outcome::Flyable);
    assert!(during.distance_m > before.distance_m + 1_000, "{} m", during.distance_m);
    assert!(during.total_time.unwrap().seconds > before.total_time.unwrap().seconds);
    assert_eq!(during.great_circle_m, before.great_circle_m);
    assert!(during.legs[0].track.len() > 2);
    let around: Vec<&str> = during.legs[0].around.iter().map(|b| b.no_fly_area.as_str()).collect();
    assert_eq!(around, [printed(FIRE)]);
    // It stands up to 2,000 m: who flies above it goes straight.
    let above = plan(&mut drill, v1::PlanFlightRequest { altitude_m: 2_500, ..to_tamba() }).await;
    assert_eq!(above.distance_m, before.distance_m);

    let lifted = lift(&mut drill, FIRE).await;
    assert_eq!((lifted.state(), lifted.lift_note.as_str()), (v1::no_fly_area::State::Lifted, "鎮火"));
    assert_eq!(plan(&mut drill, to_tamba()).await, before);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ranking_counts_the_way_around_and_says_so() {
    let (mut drill, _data) = drill().await;
    let before = drill.rank(crash()).await;
    let straight = candidate(&before, "heli-toyooka").unwrap().clone();
    assert!(straight.flies_around.is_empty());
    report(&mut drill, fire()).await;
    let during = drill.rank(crash()).await;
    let around = candidate(&during, "heli-toyooka").unwrap();
    assert_eq!(around.flies_around, [printed(FIRE)]);
    assert!(around.cautions().any(|caution| caution == v1::Caution::FliesAroundNoFlyArea));
    let at_site = |of: &v1::Candidate| of.timeline.as_ref().unwrap().at_site_time.unwrap().seconds;
    assert!(at_site(around) > at_site(&straight) + 20, "{} s later", at_site(around) - at_site(&straight));
    assert_ne!(during.problem_hash, before.problem_hash);
    // Kakogawa comes from the south, where nothing burns.
    let south = |of: &v1::Ranking| at_site(candidate(of, "heli-kakogawa").unwrap());
    assert_eq!(south(&during), south(&before));
    lift(&mut drill, FIRE).await;
    let after = drill.rank(crash()).await;
    assert_eq!(after.candidates, before.candidates);
    assert_eq!(after.problem_hash, before.problem_hash);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_lands_where_nobody_may_fly_and_lifting_it_is_the_one_change() {
    let (mut drill, _data) = drill().await;
    report(&mut drill, square(FIRE, TAMBA, 0.15)).await;
    let ranking = drill.rank(crash()).await;
    assert!(ranking.unfilled, "{:?}", ranking.candidates);
    let out = ruled_out(&ranking, "heli-kakogawa").unwrap();
    let reasons: Vec<(Why, &str)> = out.reasons.iter().map(|r| (r.code(), r.subject.as_str())).collect();
    assert_eq!(reasons, [(Why::NoFlyArea, printed(FIRE).as_str())]);
    let changes: Vec<(What, &str)> =
        out.smallest_changes.iter().map(|c| (c.code(), c.subject.as_str())).collect();
    assert_eq!(changes, [(What::LiftNoFlyArea, printed(FIRE).as_str())]);
    // A flight there says the same.
    let planned = plan(&mut drill, to_tamba()).await;
    assert_eq!(planned.outcome(), Outcome::InsideBarrier);
    assert_eq!(planned.barriers, planned.smallest_change);
    assert_eq!(planned.smallest_change[0].no_fly_area, printed(FIRE));
    lift(&mut drill, FIRE).await;
    assert!(!drill.rank(crash()).await.unfilled);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn weather_on_the_way_counts_where_nobody_lands() {
    let (mut drill, _data) = drill().await;
    // Ritto's way to Tamba leads over Kyoto, where it has nothing to do.
    let before = drill.rank(crash()).await;
    let straight = candidate(&before, "heli-ritto").unwrap();
    let weather = v1::WeatherReport {
        weather_region: "weatherRegions/kyoto-yamashiro".to_owned(),
        visibility_m: 800,
        ceiling_m: 2_000,
        wind_kmh: 10,
        observe_time: Some(drill.time(0).await),
        expire_time: Some(drill.time(3_600).await),
        ..Default::default()
    };
    let report = v1::ReportWeatherRequest {
        parent: "members/hyogo".to_owned(),
        weather: Some(weather),
        ..Default::default()
    };
    drill.conditions.report_weather(report).await.unwrap();
    let during = drill.rank(crash()).await;
    let around = candidate(&during, "heli-ritto").unwrap();
    assert_eq!(around.flies_around, [printed("weatherRegions/kyoto-yamashiro")]);
    assert!(around.cautions().any(|caution| caution == v1::Caution::FliesAroundWeather));
    assert!(around.minutes_to_care > straight.minutes_to_care);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_short_range_is_stretched_by_stops_for_fuel_and_a_shorter_one_is_told() {
    let (mut drill, _data) = drill().await;
    let from = Some(v1::FlightPlace { position: place((35.53, 134.19)), name: String::new() });
    let to = Some(v1::FlightPlace { position: place((33.67, 135.37)), name: String::new() });
    let ask = |range_m| v1::PlanFlightRequest {
        from: from.clone(),
        to: to.clone(),
        speed_kmh: 200,
        range_m,
        ..Default::default()
    };
    let far = plan(&mut drill, ask(500_000)).await;
    assert_eq!((far.outcome(), far.legs.len()), (Outcome::Flyable, 1));
    let stops = plan(&mut drill, ask(250_000)).await;
    assert_eq!(stops.outcome(), Outcome::Flyable);
    assert!(stops.legs.len() > 1 && stops.legs[1].refuels_before);
    assert!(stops.legs[0].to.as_ref().unwrap().name.contains("/sites/"));
    assert!(stops.total_time.unwrap().seconds > far.total_time.unwrap().seconds);
    let short = plan(&mut drill, ask(70_000)).await;
    assert_eq!((short.outcome(), short.legs.len()), (Outcome::OutOfRange, 0));
    assert!(short.range_short_m > 100_000, "{}", short.range_short_m);
    // Against the wind it takes longer and more of the range.
    let wind = Some(v1::Wind { from_degrees: 150, speed_kmh: 72 });
    let against = plan(&mut drill, v1::PlanFlightRequest { wind, ..ask(500_000) }).await;
    assert!(against.legs[0].air_m > far.legs[0].air_m + 50_000);
    let storm = Some(v1::Wind { from_degrees: 150, speed_kmh: 250 });
    let stopped = plan(&mut drill, v1::PlanFlightRequest { wind: storm, ..ask(500_000) }).await;
    assert_eq!(stopped.outcome(), Outcome::WindTooStrong);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn areas_that_cannot_be_are_refused_with_what_is_wrong() {
    let (mut drill, _data) = drill().await;
    let sequences = drill.sequences();
    let good = fire();
    let with = |change: &dyn Fn(&mut v1::NoFlyArea)| {
        let mut area = good.clone();
        change(&mut area);
        area
    };
    let corner = |lat, lon| v1::LatLng { latitude: lat, longitude: lon };
    let bad = [
        ("AREA_CROSSES_ITSELF", with(&|area| area.corners.swap(1, 2))),
        ("AREA_TOO_FEW_CORNERS", with(&|area| area.corners.truncate(2))),
        ("AREA_TOO_FEW_CORNERS", with(&|area| area.corners = vec![corner(35.0, 135.0); 5])),
        ("FIELD_TOO_LONG", with(&|area| area.corners = vec![corner(35.0, 135.0); 65])),
        (
            "AREA_CROSSES_ANTIMERIDIAN",
            with(&|area| area.corners = vec![corner(35.0, 179.0), corner(35.0, -179.0), corner(36.0, 180.0)]),
        ),
        (
            "AREA_TOO_WIDE",
            with(&|area| area.corners = vec![corner(35.0, 135.0), corner(35.0, 60.0), corner(40.0, 90.0)]),
        ),
        ("POSITION_OFF_THE_EARTH", with(&|area| area.corners[1].latitude = 91.0)),
        ("NUMBER_NOT_FINITE", with(&|area| area.corners[1].longitude = f64::NAN)),
        ("FIELD_OUT_OF_RANGE", with(&|area| area.floor_m = 2_001)),
        ("FIELD_OUT_OF_RANGE", with(&|area| area.ceiling_m = 1_000_000)),
        ("FIELD_REQUIRED", with(&|area| area.reason = " ".to_owned())),
        ("FIELD_REQUIRED", with(&|area| area.source.clear())),
        (
            "FIELD_EMPTY_WINDOW",
            with(&|area| (area.start_time, area.end_time) = (Some(at(15, 0)), Some(at(14, 0)))),
        ),
        (
            "FIELD_TOO_EARLY",
            with(&|area| (area.start_time, area.end_time) = (Some(at(1, 0)), Some(at(2, 0)))),
        ),
        ("NAME_INVALID", with(&|area| area.name = "noFlyAreas/fire".to_owned())),
    ];
    for (reason, area) in bad {
        let told = reason_of(drill.air.report_no_fly_area(reporting(area.clone())).await);
        assert_eq!(told, reason, "{area:?}");
    }
    let nowhere = v1::LiftNoFlyAreaRequest { name: FIRE.to_owned(), ..Default::default() };
    assert_eq!(reason_of(drill.air.lift_no_fly_area(nowhere).await), "NOT_FOUND");
    assert_eq!(drill.sequences(), sequences, "a refusal changes nothing");
    // The same name again while it stands; and again once it is over.
    report(&mut drill, good.clone()).await;
    assert_eq!(reason_of(drill.air.report_no_fly_area(reporting(good.clone())).await), "ALREADY_EXISTS");
    lift(&mut drill, FIRE).await;
    report(&mut drill, good).await;
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn flights_that_cannot_be_meant_are_refused() {
    let (mut drill, _data) = drill().await;
    let with = |change: &dyn Fn(&mut v1::PlanFlightRequest)| {
        let mut ask = to_tamba();
        change(&mut ask);
        ask
    };
    let named = |name: &str| Some(v1::FlightPlace { name: name.to_owned(), position: None });
    let bad = [
        ("FIELD_REQUIRED", with(&|ask| ask.to = None)),
        ("FIELD_REQUIRED", with(&|ask| (ask.asset, ask.from) = (String::new(), ask.to.clone()))),
        ("NOT_FOUND", with(&|ask| ask.asset = "members/hyogo/assets/heli-nowhere".to_owned())),
        (
            "FIELD_NOT_ALLOWED",
            with(&|ask| ask.asset = "members/tokushima/assets/doctor-car-tokushima".to_owned()),
        ),
        ("NOT_FOUND", with(&|ask| ask.to = named("members/hyogo/sites/nowhere"))),
        ("NOT_FOUND", with(&|ask| ask.to = named("members/hyogo/hospitals/nowhere"))),
        ("FIELD_OUT_OF_RANGE", with(&|ask| ask.speed_kmh = 5)),
        ("FIELD_OUT_OF_RANGE", with(&|ask| ask.range_m = u32::MAX)),
        ("FIELD_OUT_OF_RANGE", with(&|ask| ask.altitude_m = 30_000)),
        ("FIELD_OUT_OF_RANGE", with(&|ask| ask.wind = Some(v1::Wind { from_degrees: 361, speed_kmh: 0 }))),
        ("FIELD_TOO_EARLY", with(&|ask| ask.start_time = Some(at(1, 0)))),
    ];
    for (reason, ask) in bad {
        assert_eq!(reason_of(drill.air.plan_flight(ask.clone()).await), reason, "{ask:?}");
    }
    // To the other side of the Earth: an answer, not an error.
    let far =
        with(&|ask| ask.to = Some(v1::FlightPlace { position: place((-35.0, -45.0)), name: String::new() }));
    assert_eq!(plan(&mut drill, far).await.outcome(), Outcome::TooFar);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn areas_are_listed_by_their_state() {
    let (mut drill, _data) = drill().await;
    report(&mut drill, fire()).await;
    let later = v1::NoFlyArea {
        start_time: Some(at(15, 0)),
        ..square("members/kyoto/noFlyAreas/race", (35.0, 135.7), 0.05)
    };
    assert_eq!(report(&mut drill, later).await.state(), v1::no_fly_area::State::Upcoming);
    let listed = |drill: &mut Served, filter: &str| {
        let mut air = drill.air.clone();
        let list = v1::ListNoFlyAreasRequest { filter: filter.to_owned(), ..Default::default() };
        async move {
            let areas = air.list_no_fly_areas(list).await.unwrap().into_inner().no_fly_areas;
            areas.into_iter().map(|area| area.name).collect::<Vec<_>>()
        }
    };
    assert_eq!(listed(&mut drill, "").await, [printed(FIRE), printed("members/kyoto/noFlyAreas/race")]);
    assert_eq!(listed(&mut drill, "state = IN_FORCE").await, [printed(FIRE)]);
    lift(&mut drill, FIRE).await;
    assert_eq!(listed(&mut drill, "state = LIFTED").await, [printed(FIRE)]);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flight_that_has_its_spot_to_itself_is_no_conflict() {
    let (mut drill, _data) = drill().await;
    let request = drill.open(crash()).await;
    drill.ask_and_commit(&request).await;
    drill.settle().await;
    let found = drill.air.list_pad_conflicts(v1::ListPadConflictsRequest {}).await.unwrap().into_inner();
    assert_eq!(found.conflicts, []);
    drill.host.stop().await;
}
