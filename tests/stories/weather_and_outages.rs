//! What is reported counts at once: weather, landing sites, aircraft out of service, planned outages.

use crate::common::{Served, candidate, crash, drill, refused, ruled_out};
use v1::reason::Code as Why;
use v1::smallest_change::Code as What;
use yui::api::v1;

const TOYOOKA: &str = "members/hyogo/assets/heli-toyooka";
const HOME_OF_TOYOOKA: &str = "weatherRegions/sea-of-japan-east";

/// Fair weather, seen now, good for half an hour.
async fn fair(drill: &mut Served, region: &str) -> v1::ReportWeatherRequest {
    let weather = v1::WeatherReport {
        weather_region: region.to_owned(),
        visibility_m: 20_000,
        ceiling_m: 2_000,
        wind_kmh: 10,
        observe_time: Some(drill.time(0).await),
        expire_time: Some(drill.time(1_800).await),
        ..Default::default()
    };
    v1::ReportWeatherRequest {
        parent: "members/hyogo".to_owned(),
        weather: Some(weather),
        ..Default::default()
    }
}

async fn report(drill: &mut Served, change: impl FnOnce(&mut v1::WeatherReport)) {
    let mut report = fair(drill, HOME_OF_TOYOOKA).await;
    change(report.weather.as_mut().unwrap());
    drill.conditions.report_weather(report).await.unwrap();
}

/// Why heli-toyooka cannot go, and what would admit it; nothing when it can.
async fn toyooka(drill: &mut Served) -> (Vec<Why>, Vec<What>) {
    let ranking = drill.rank(crash()).await;
    let Some(ruled) = ruled_out(&ranking, "heli-toyooka") else {
        assert!(candidate(&ranking, "heli-toyooka").is_some());
        return (Vec::new(), Vec::new());
    };
    (
        ruled.reasons.iter().map(|r| r.code()).collect(),
        ruled.smallest_changes.iter().map(|c| c.code()).collect(),
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_closes_a_region_and_says_what_would_open_it() {
    let (mut drill, _data) = drill().await;
    assert_eq!(toyooka(&mut drill).await, (vec![], vec![]));
    report(&mut drill, |weather| weather.visibility_m = 800).await;
    assert_eq!(toyooka(&mut drill).await, (vec![Why::VisibilityBelowMinima], vec![What::BetterVisibility]));
    let ranking = drill.rank(crash()).await;
    let change = &ruled_out(&ranking, "heli-toyooka").unwrap().smallest_changes[0];
    // 5,000 m are the drill's minimum.
    assert_eq!((change.amount, change.unit()), (4_200, v1::Unit::Metres));
    assert!(change.subject.ends_with(HOME_OF_TOYOOKA));

    report(&mut drill, |weather| weather.ceiling_m = 100).await;
    assert_eq!(toyooka(&mut drill).await, (vec![Why::CeilingBelowMinima], vec![What::HigherCeiling]));
    report(&mut drill, |weather| weather.wind_kmh = 90).await;
    assert_eq!(toyooka(&mut drill).await, (vec![Why::WindAboveLimit], vec![What::LessWind]));
    report(&mut drill, |weather| weather.thunderstorm = true).await;
    assert_eq!(toyooka(&mut drill).await, (vec![Why::Thunderstorm], vec![What::WeatherPasses]));
    report(&mut drill, |weather| weather.icing = true).await;
    assert_eq!(toyooka(&mut drill).await, (vec![Why::Icing], vec![What::WeatherPasses]));
    report(&mut drill, |_| {}).await;
    assert_eq!(toyooka(&mut drill).await, (vec![], vec![]));
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_report_rules_nobody_out_and_is_flagged() {
    let (mut drill, _data) = drill().await;
    let list =
        v1::ListAssetsRequest { parent: "members/-".to_owned(), page_size: 1_000, ..Default::default() };
    let assets = drill.registry.list_assets(list).await.unwrap().into_inner().assets;
    let regions: std::collections::BTreeSet<String> =
        assets.into_iter().map(|asset| asset.weather_region).collect();
    for region in &regions {
        let report = fair(&mut drill, region).await;
        drill.conditions.report_weather(report).await.unwrap();
    }
    let unknown = v1::Caution::WeatherUnknown;
    let ranking = drill.rank(crash()).await;
    assert!(!candidate(&ranking, "heli-toyooka").unwrap().cautions().any(|caution| caution == unknown));

    report(&mut drill, |weather| weather.visibility_m = 800).await;
    drill.advance(1_801).await;
    let ranking = drill.rank(crash()).await;
    assert!(candidate(&ranking, "heli-toyooka").unwrap().cautions().any(|caution| caution == unknown));
    let reports =
        drill.conditions.list_weather(v1::ListWeatherRequest {}).await.unwrap().into_inner().reports;
    assert_eq!(reports.len(), regions.len());
    assert!(reports.iter().all(|report| report.expired));
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_observation_does_not_take_the_place_of_a_newer_one() {
    let (mut drill, _data) = drill().await;
    let mut old = fair(&mut drill, HOME_OF_TOYOOKA).await;
    drill.advance(60).await;
    report(&mut drill, |weather| weather.visibility_m = 800).await;
    let late = refused(drill.conditions.report_weather(old.clone()).await);
    assert_eq!(
        (late.reason.as_str(), late.field.as_deref()),
        ("FIELD_TOO_EARLY", Some("weather.observe_time"))
    );
    // Another member's old word is kept in its own ledger, and does not count.
    old.parent = "members/kyoto".to_owned();
    drill.conditions.report_weather(old).await.unwrap();
    assert_eq!(toyooka(&mut drill).await.0, [Why::VisibilityBelowMinima]);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_planned_outage_rules_out_before_and_within_its_window_and_not_after() {
    let (mut drill, _data) = drill().await;
    let window =
        v1::TimeWindow { start_time: Some(drill.time(600).await), end_time: Some(drill.time(3_600).await) };
    let outage = v1::Outage {
        outage_id: "check-1".to_owned(),
        window: Some(window),
        reason: v1::OutageReason::Maintenance.into(),
    };
    let plan = v1::PlanOutageRequest { name: TOYOOKA.to_owned(), outage: Some(outage), ..Default::default() };
    let planned = drill.registry.plan_outage(plan.clone()).await.unwrap().into_inner();
    assert!(planned.outages.iter().any(|outage| outage.outage_id == "check-1"));
    assert_eq!(crate::common::reason_of(drill.registry.plan_outage(plan.clone()).await), "ALREADY_EXISTS");
    // Ten minutes are too short for this flight.
    assert_eq!(toyooka(&mut drill).await.0, [Why::Outage]);

    drill.advance(900).await;
    let ranking = drill.rank(crash()).await;
    let out = &ruled_out(&ranking, "heli-toyooka").unwrap().reasons[0];
    assert_eq!((out.code(), out.until_time), (Why::Outage, window.end_time));
    assert_eq!(out.outage(), v1::OutageReason::Maintenance, "a planned outage says why");
    // Asked by hand all the same, its base does not hold it.
    let request = drill.open(crash()).await;
    let asked = drill.ask_asset(&request, TOYOOKA).await;
    assert_eq!(asked.not_held_reason(), v1::requisition::NotHeldReason::NotInService);

    drill.advance(2_701).await;
    assert_eq!(toyooka(&mut drill).await.0, []);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_of_five_weeks_has_no_end_that_is_not_its_own() {
    let (mut drill, _data) = drill().await;
    let window = v1::TimeWindow {
        start_time: Some(drill.time(0).await),
        end_time: Some(drill.time(35 * 86_400).await),
    };
    let outage = v1::Outage {
        outage_id: "long-1".to_owned(),
        window: Some(window),
        reason: v1::OutageReason::NoMechanics.into(),
    };
    let plan = v1::PlanOutageRequest { name: TOYOOKA.to_owned(), outage: Some(outage), ..Default::default() };
    drill.registry.plan_outage(plan).await.unwrap();
    let ranking = drill.rank(crash()).await;
    let out = ruled_out(&ranking, "heli-toyooka").unwrap();
    // A ranking looks thirty days ahead: it does not know the end, and must not name another.
    assert_eq!((out.reasons[0].code(), out.reasons[0].until_time), (Why::Outage, None));
    assert!(out.smallest_changes.iter().all(|change| change.time.is_none()), "{out:?}");
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_outage_brings_the_aircraft_back() {
    let (mut drill, _data) = drill().await;
    let window =
        v1::TimeWindow { start_time: Some(drill.time(0).await), end_time: Some(drill.time(3_600).await) };
    let outage = v1::Outage {
        outage_id: "check-2".to_owned(),
        window: Some(window),
        reason: v1::OutageReason::NoMechanics.into(),
    };
    let plan = v1::PlanOutageRequest { name: TOYOOKA.to_owned(), outage: Some(outage), ..Default::default() };
    drill.registry.plan_outage(plan).await.unwrap();
    assert_eq!(toyooka(&mut drill).await, (vec![Why::Outage], vec![What::OutageEnds]));
    let cancel = v1::CancelOutageRequest {
        name: TOYOOKA.to_owned(),
        outage_id: "check-2".to_owned(),
        ..Default::default()
    };
    drill.registry.cancel_outage(cancel.clone()).await.unwrap();
    assert_eq!(toyooka(&mut drill).await.0, []);
    assert_eq!(crate::common::reason_of(drill.registry.cancel_outage(cancel).await), "NOT_FOUND");
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_aircraft_is_out_of_service_until_somebody_says_otherwise() {
    let (mut drill, _data) = drill().await;
    let until_time = Some(drill.time(7_200).await);
    let reason = v1::OutageReason::MechanicalFault.into();
    let name = TOYOOKA.to_owned();
    let out = v1::TakeAssetOutOfServiceRequest { name, reason, until_time, ..Default::default() };
    let asset = drill.registry.take_asset_out_of_service(out).await.unwrap().into_inner();
    assert_eq!(asset.state(), v1::asset::State::OutOfService);
    assert_eq!(asset.out_of_service_reason(), v1::OutageReason::MechanicalFault);
    let ranking = drill.rank(crash()).await;
    let ruled = ruled_out(&ranking, "heli-toyooka").unwrap();
    assert_eq!((ruled.reasons[0].code(), ruled.reasons[0].until_time), (Why::OutOfService, until_time));
    // The hour that was guessed does not bring it back; a person does.
    drill.advance(7_201).await;
    assert_eq!(toyooka(&mut drill).await.0, [Why::OutOfService]);
    let back = v1::MakeAssetAvailableRequest { name: TOYOOKA.to_owned(), ..Default::default() };
    drill.registry.make_asset_available(back).await.unwrap();
    assert_eq!(toyooka(&mut drill).await.0, []);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_landing_site_gives_way_to_another() {
    let (mut drill, _data) = drill().await;
    let first = candidate(&drill.rank(crash()).await, "heli-toyooka").unwrap().site.clone();
    let said = |state: v1::site::State| v1::ReportSiteRequest {
        name: first.clone(),
        state: state.into(),
        note: "工事中".to_owned(),
        ..Default::default()
    };
    let closed = drill.conditions.report_site(said(v1::site::State::Closed)).await.unwrap().into_inner();
    assert_eq!((closed.state(), closed.note.as_str()), (v1::site::State::Closed, "工事中"));
    let ranking = drill.rank(crash()).await;
    let other = candidate(&ranking, "heli-toyooka").unwrap();
    assert!(!other.site.is_empty() && other.site != first);
    // Whoever insists on it is told why not.
    let pinned = drill.rank(v1::Request { site: first.clone(), ..crash() }).await;
    assert!(pinned.unfilled);
    let ruled = ruled_out(&pinned, "heli-toyooka").unwrap();
    assert_eq!(
        (ruled.reasons[0].code(), ruled.reasons[0].subject.as_str()),
        (Why::SiteClosed, first.as_str())
    );
    assert_eq!(ruled.smallest_changes[0].code(), What::OpenSite);

    drill.conditions.report_site(said(v1::site::State::Open)).await.unwrap();
    assert_eq!(candidate(&drill.rank(crash()).await, "heli-toyooka").unwrap().site, first);
    drill.host.stop().await;
}
