//! What there is: read page by page, filtered, found by distance, changed by verbs.

use crate::common::{Served, TAMBA, drill, place, reason_of, refused, seconds};
use v1::asset::State;
use yui::api::v1;

const TOYOOKA: &str = "members/hyogo/assets/heli-toyooka";

fn assets(filter: &str) -> v1::ListAssetsRequest {
    v1::ListAssetsRequest { parent: "members/-".to_owned(), filter: filter.to_owned(), ..Default::default() }
}

async fn names(drill: &mut Served, list: v1::ListAssetsRequest) -> (Vec<String>, String) {
    let page = drill.registry.list_assets(list).await.unwrap().into_inner();
    (page.assets.into_iter().map(|asset| asset.name).collect(), page.next_page_token)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_read_in_pages_without_gap_or_repeat() {
    let (mut drill, _data) = drill().await;
    let (all, last) = names(&mut drill, v1::ListAssetsRequest { page_size: 1_000, ..assets("") }).await;
    assert!(all.len() > 300 && last.is_empty());
    let (mut read, mut page_token) = (Vec::new(), String::new());
    loop {
        let list = v1::ListAssetsRequest { page_size: 97, page_token, ..assets("") };
        let (page, next) = names(&mut drill, list).await;
        read.extend(page);
        if next.is_empty() {
            break;
        }
        page_token = next;
    }
    assert_eq!(read, all);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_chooses_by_kind_and_state() {
    let (mut drill, _data) = drill().await;
    let doctors = "kind = DOCTOR_HELICOPTER";
    let (all, _) = names(&mut drill, assets(doctors)).await;
    let union = all.iter().filter(|name| !name.contains("/members/state/")).count();
    assert!(union >= 8, "{all:?}");
    let out = v1::TakeAssetOutOfServiceRequest {
        name: TOYOOKA.to_owned(),
        reason: v1::OutageReason::NoMechanics.into(),
        ..Default::default()
    };
    drill.registry.take_asset_out_of_service(out).await.unwrap();
    let (left, _) = names(&mut drill, assets("kind = DOCTOR_HELICOPTER AND state = AVAILABLE")).await;
    assert_eq!(left.len(), all.len() - 1);
    let (out, _) = names(&mut drill, assets("state != AVAILABLE")).await;
    assert_eq!(out, [crate::common::printed(TOYOOKA)]);
    for (filter, reason) in [
        ("colour = \"red\"", "FILTER_FIELD_UNKNOWN"),
        ("kind = BALLOON", "FILTER_VALUE_UNKNOWN"),
        ("kind", "FILTER_MALFORMED"),
        ("kind = \"", "FILTER_MALFORMED"),
    ] {
        assert_eq!(reason_of(drill.registry.list_assets(assets(filter)).await), reason, "{filter}");
    }
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn members_organisations_sites_and_hospitals_are_read_by_name_and_listed() {
    let (mut drill, _data) = drill().await;
    let list = v1::ListMembersRequest { filter: "kind != LINKED".to_owned(), ..Default::default() };
    assert_eq!(drill.registry.list_members(list).await.unwrap().into_inner().members.len(), 12);
    let parent = || "members/hyogo".to_owned();
    let filter = "kind = FIRE_DEPARTMENT".to_owned();
    let list = v1::ListOrganisationsRequest { parent: parent(), filter, ..Default::default() };
    let departments = drill.registry.list_organisations(list).await.unwrap().into_inner().organisations;
    let tamba = departments.iter().find(|fire| fire.name.ends_with("fd-tamba")).unwrap();
    let get = v1::GetOrganisationRequest { name: tamba.name.clone() };
    assert_eq!(drill.registry.get_organisation(get).await.unwrap().get_ref(), tamba);
    let list = v1::ListSitesRequest {
        parent: parent(),
        filter: "municipality = 28223".to_owned(),
        ..Default::default()
    };
    let sites = drill.registry.list_sites(list).await.unwrap().into_inner().sites;
    assert!(sites.len() >= 2 && sites.iter().all(|site| site.municipality == 28_223), "{}", sites.len());
    let list = v1::ListHospitalsRequest { parent: parent(), ..Default::default() };
    for hospital in drill.registry.list_hospitals(list).await.unwrap().into_inner().hospitals {
        let get = v1::GetHospitalRequest { name: hospital.name.clone() };
        assert_eq!(drill.registry.get_hospital(get).await.unwrap().into_inner(), hospital);
    }
    let get = v1::GetAgreementRequest { area: tamba.name.clone() };
    let agreement = drill.registry.get_agreement(get).await.unwrap().into_inner();
    assert_eq!(agreement.rule(), v1::agreement::Rule::NearestFirst);
    assert!(agreement.order[0].own && agreement.order[0].asset.ends_with("heli-toyooka"));
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_nearest_come_first_and_pass_the_filter() {
    let (mut drill, _data) = drill().await;
    let nearest = v1::SearchNearestAssetsRequest {
        position: place(TAMBA),
        count: 3,
        filter: "kind = DOCTOR_HELICOPTER".to_owned(),
    };
    let found = drill.registry.search_nearest_assets(nearest).await.unwrap().into_inner().results;
    let shown: Vec<_> =
        found.iter().map(|r| r.asset.as_ref().unwrap().name.rsplit('/').next().unwrap()).collect();
    assert_eq!(shown, ["heli-toyooka", "heli-kakogawa", "heli-osaka"]);
    assert!(found.is_sorted_by_key(|result| result.distance_m));
    // 44 km, as the crow flies.
    assert!((42_000..47_000).contains(&found[0].distance_m), "{}", found[0].distance_m);

    let position = place(TAMBA);
    let sites = v1::SearchNearestSitesRequest { position, ..Default::default() };
    let sites = drill.registry.search_nearest_sites(sites).await.unwrap().into_inner().results;
    assert!(sites.len() == 10 && sites.is_sorted_by_key(|result| result.distance_m));
    let hospitals = v1::SearchNearestHospitalsRequest { position, count: 1, ..Default::default() };
    let hospitals = drill.registry.search_nearest_hospitals(hospitals).await.unwrap().into_inner().results;
    assert!(hospitals[0].hospital.as_ref().unwrap().name.ends_with("hyogo-tamba"));
    for count in [-1, 101, i32::MAX] {
        let asked = v1::SearchNearestSitesRequest { position, count, ..Default::default() };
        let answer = refused(drill.registry.search_nearest_sites(asked).await);
        assert_eq!((answer.reason.as_str(), answer.field.as_deref()), ("FIELD_OUT_OF_RANGE", Some("count")));
    }
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn state_changes_by_verbs_and_an_old_etag_loses() {
    let (mut drill, _data) = drill().await;
    let name = || TOYOOKA.to_owned();
    let seen = drill.asset(TOYOOKA).await;
    let recall = Some(seconds(600));
    let training =
        v1::StartAssetTrainingRequest { name: name(), recall, etag: seen.etag.clone(), ..Default::default() };
    let flying = drill.registry.start_asset_training(training.clone()).await.unwrap().into_inner();
    assert_eq!((flying.state(), flying.recall), (State::Recallable, recall));
    let ranking = drill.rank(crate::common::crash()).await;
    let called_back = crate::common::candidate(&ranking, "heli-toyooka").unwrap();
    assert_eq!(called_back.availability(), v1::Availability::RecalledFromTraining);

    // Somebody who read it before that changes nothing.
    let before = drill.sequences();
    let stale = v1::MakeAssetAvailableRequest { name: name(), etag: seen.etag, ..Default::default() };
    let lost = refused(drill.registry.make_asset_available(stale).await);
    assert_eq!((lost.code, lost.reason.as_str()), (tonic::Code::Aborted, "ETAG_MISMATCH"));
    assert_eq!(drill.sequences(), before);
    let fresh = v1::MakeAssetAvailableRequest { name: name(), etag: flying.etag, ..Default::default() };
    assert_eq!(drill.registry.make_asset_available(fresh).await.unwrap().get_ref().state(), State::Available);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_agencys_aircraft_goes_only_as_long_as_it_is_offered() {
    let (mut drill, _data) = drill().await;
    const GUEST: &str = "members/mie/assets/heli-mie";
    let ranking = drill.rank(crate::common::crash()).await;
    let ruled = crate::common::ruled_out(&ranking, "heli-mie").unwrap();
    assert_eq!(ruled.reasons[0].code(), v1::reason::Code::NotOffered);
    assert_eq!(ruled.smallest_changes[0].code(), v1::smallest_change::Code::OwnerOffers);
    let window =
        v1::TimeWindow { start_time: Some(drill.time(0).await), end_time: Some(drill.time(4 * 3_600).await) };
    let offer = v1::OfferAssetRequest { name: GUEST.to_owned(), window: Some(window), ..Default::default() };
    let offer = drill.registry.offer_asset(offer).await.unwrap().into_inner();
    let ranking = drill.rank(crate::common::crash()).await;
    let guest = crate::common::candidate(&ranking, "heli-mie").unwrap();
    assert_eq!(guest.availability(), v1::Availability::OfferedByOwner);
    let withdraw = v1::WithdrawOfferRequest { name: offer.name, ..Default::default() };
    drill.registry.withdraw_offer(withdraw).await.unwrap();
    let ranking = drill.rank(crate::common::crash()).await;
    assert!(crate::common::candidate(&ranking, "heli-mie").is_none());
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operating_mode_is_set_by_a_named_person() {
    let (mut drill, _data) = drill().await;
    let mode = |level: v1::operating_mode::Level, phase, set_by: &str| v1::SetOperatingModeRequest {
        name: "members/hyogo".to_owned(),
        operating_mode: Some(v1::OperatingMode { level: level.into(), phase, set_by: set_by.to_owned() }),
        ..Default::default()
    };
    use v1::operating_mode::Level::{Alert, Disaster};
    let nobody = refused(drill.registry.set_operating_mode(mode(Alert, 0, " ")).await);
    assert_eq!(
        (nobody.reason.as_str(), nobody.field.as_deref()),
        ("FIELD_REQUIRED", Some("operating_mode.set_by"))
    );
    let set = drill.registry.set_operating_mode(mode(Disaster, 1, "知事 山田")).await.unwrap().into_inner();
    let shown = set.operating_mode.unwrap();
    assert_eq!((shown.level(), shown.phase, shown.set_by.as_str()), (Disaster, 1, "知事 山田"));
    // In a disaster the nearest goes, whoever owns it.
    let ranking = drill.rank(crate::common::crash()).await;
    assert!(!ranking.candidates.is_empty());
    drill.host.stop().await;
}
