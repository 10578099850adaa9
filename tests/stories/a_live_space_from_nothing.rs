//! The live space starts empty: a union is registered call by call, and ranked with at once.

use crate::common::{Served, config, live, place, reason_of, refused, seconds};
use yui::api::v1;
use yui::host::{Host, HostClock};
use yui::id::Space;

fn name(ja: &str, en: &str) -> Option<v1::DisplayName> {
    Some(v1::DisplayName { ja: ja.to_owned(), en: en.to_owned() })
}

/// A member with a fire department, a base with a helicopter that may fly by night, a lit pad, a hospital.
async fn register(live: &mut Served) {
    let member = v1::Member {
        display_name: name("兵庫県", "Hyogo"),
        kind: v1::member::Kind::Prefecture.into(),
        joined_date: "2010-12-01".to_owned(),
        ..Default::default()
    };
    let member_id = "hyogo".to_owned();
    let create = v1::CreateMemberRequest { member_id, member: Some(member), ..Default::default() };
    let member = live.registry.create_member(create).await.unwrap().into_inner();
    assert_eq!(member.name, "members/hyogo", "no prefix in the live space");

    use v1::organisation::Kind::{Base, FireDepartment, Hospital};
    for (id, kind) in [("tamba-fire", FireDepartment), ("base", Base), ("general", Hospital)] {
        let organisation = v1::Organisation {
            display_name: name(id, id),
            kind: kind.into(),
            telephone: "000-0000-0001".to_owned(),
            ..Default::default()
        };
        let create = v1::CreateOrganisationRequest {
            parent: member.name.clone(),
            organisation_id: id.to_owned(),
            organisation: Some(organisation),
            ..Default::default()
        };
        live.registry.create_organisation(create).await.unwrap();
    }
    let site = v1::Site {
        display_name: name("運動公園", "Sports park"),
        // Of a kind that is lit: this story is told at any hour.
        kind: v1::site::Kind::Airport.into(),
        position: place((35.172, 135.042)),
        weather_region: "weatherRegions/tamba".to_owned(),
        mass_kg_max: 11_000,
        size_m_max: 30,
        spots: 1,
        ..Default::default()
    };
    let (parent, site_id) = (member.name.clone(), "park".to_owned());
    let create = v1::CreateSiteRequest { parent, site_id, site: Some(site), ..Default::default() };
    live.registry.create_site(create).await.unwrap();
    let hospital = v1::Hospital {
        display_name: name("総合病院", "General hospital"),
        organisation: "members/hyogo/organisations/general".to_owned(),
        position: place((35.0, 134.9)),
        weather_region: "weatherRegions/tamba".to_owned(),
        pad: Some(v1::hospital::Pad { mass_kg_max: 11_000, size_m_max: 30, ..Default::default() }),
        ..Default::default()
    };
    let (parent, hospital_id) = (member.name.clone(), "general".to_owned());
    let create =
        v1::CreateHospitalRequest { parent, hospital_id, hospital: Some(hospital), ..Default::default() };
    live.registry.create_hospital(create).await.unwrap();
    for (asset_id, kind) in
        [("heli-1", v1::asset::Kind::DoctorHelicopter), ("amb-1", v1::asset::Kind::Ambulance)]
    {
        let (parent, asset) = (member.name.clone(), Some(asset(kind)));
        let asset_id = asset_id.to_owned();
        let create = v1::CreateAssetRequest { parent, asset_id, asset, ..Default::default() };
        live.registry.create_asset(create).await.unwrap();
    }
}

fn asset(kind: v1::asset::Kind) -> v1::Asset {
    use v1::Capability::{Night, Physician, Stretcher};
    v1::Asset {
        display_name: name("試験機", "Test aircraft"),
        kind: kind.into(),
        custodian: "members/hyogo/organisations/base".to_owned(),
        base: place((35.1, 135.0)),
        weather_region: "weatherRegions/tamba".to_owned(),
        block: "north".to_owned(),
        telephone: "000-0000-0002".to_owned(),
        planning_speed_kmh: 200,
        range_m: 600_000,
        endurance: Some(seconds(9_000)),
        seats: 6,
        stretchers: 1,
        capabilities: vec![Physician.into(), Stretcher.into(), Night.into()],
        mass_kg: 3_000,
        size_m: 13,
        start_up: Some(seconds(300)),
        service_until_s: 86_400,
        ..Default::default()
    }
}

fn call() -> v1::Request {
    v1::Request { requester: "members/hyogo/organisations/tamba-fire".to_owned(), ..crate::common::crash() }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_space_is_registered_ranked_and_asked() {
    let (mut live, _data) = live().await;
    assert!(live.host.is_empty());
    let members = live.registry.list_members(v1::ListMembersRequest::default()).await.unwrap().into_inner();
    assert_eq!(members.members, []);
    register(&mut live).await;
    // Nobody said yet that one can land there.
    let ranking = live.rank(call()).await;
    assert_eq!(ranking.ruled_out[0].reasons[0].code(), v1::reason::Code::SiteUnconfirmedTooLong);
    let state = v1::site::State::Open.into();
    let name = "members/hyogo/sites/park".to_owned();
    live.conditions.report_site(v1::ReportSiteRequest { name, state, ..Default::default() }).await.unwrap();
    let ranking = live.rank(call()).await;
    assert_eq!(ranking.candidates.len(), 1, "{:?}", ranking.ruled_out);
    let best = &ranking.candidates[0];
    assert_eq!(best.asset, "members/hyogo/assets/heli-1");
    assert_eq!(
        (best.site.as_str(), best.hospital.as_str()),
        ("members/hyogo/sites/park", "members/hyogo/hospitals/general")
    );
    assert_eq!(ranking.ground[0].asset, "members/hyogo/assets/amb-1");

    let request = live.open(call()).await;
    let asked = live.ask(&request).await;
    assert_eq!((asked.state(), &asked.asset), (v1::requisition::State::Asked, &best.asset));
    assert_eq!(live.go(&asked).await.unwrap().state(), v1::mission::State::Committed);
    live.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_registered_right_after_its_member_finds_a_ledger() {
    let (mut live, _data) = live().await;
    for id in ["osaka", "kyoto", "nara", "shiga", "wakayama", "tottori"] {
        let member = v1::Member {
            display_name: name(id, id),
            kind: v1::member::Kind::Linked.into(),
            ..Default::default()
        };
        let create =
            v1::CreateMemberRequest { member_id: id.to_owned(), member: Some(member), ..Default::default() };
        let member = live.registry.create_member(create).await.unwrap().into_inner();
        let fire = v1::Organisation {
            display_name: name("消防本部", "Fire department"),
            kind: v1::organisation::Kind::FireDepartment.into(),
            ..Default::default()
        };
        let create = v1::CreateOrganisationRequest {
            parent: member.name,
            organisation_id: "fire".to_owned(),
            organisation: Some(fire),
            ..Default::default()
        };
        live.registry.create_organisation(create).await.unwrap();
    }
    live.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_registered_twice_or_for_nobody_is_refused() {
    let (mut live, _data) = live().await;
    register(&mut live).await;
    let before = live.sequences();
    let create = |parent: &str, asset| v1::CreateAssetRequest {
        parent: parent.to_owned(),
        asset_id: "heli-1".to_owned(),
        asset: Some(asset),
        ..Default::default()
    };
    let helicopter = || asset(v1::asset::Kind::DoctorHelicopter);
    let twice = live.registry.create_asset(create("members/hyogo", helicopter())).await;
    assert_eq!(reason_of(twice), "ALREADY_EXISTS");
    let nobody = live.registry.create_asset(create("members/osaka", helicopter())).await;
    assert_eq!(reason_of(nobody), "NO_LEDGER");
    let slow = v1::Asset { planning_speed_kmh: 0, ..helicopter() };
    let slow = refused(
        live.registry
            .create_asset(v1::CreateAssetRequest {
                asset_id: "heli-2".to_owned(),
                ..create("members/hyogo", slow)
            })
            .await,
    );
    assert_eq!(
        (slow.reason.as_str(), slow.field.as_deref()),
        ("FIELD_OUT_OF_RANGE", Some("asset.planning_speed_kmh"))
    );
    assert_eq!(live.sequences(), before);
    live.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_live_space_has_no_clock_to_turn() {
    let (mut live, _data) = live().await;
    let clock = live.clock.get_clock(v1::GetClockRequest {}).await.unwrap().into_inner();
    assert_eq!((clock.space.as_str(), clock.r#virtual), ("live", false));
    let expected = "LIVE_SPACE_HAS_NO_DRILL_CLOCK";
    let step = v1::AdvanceClockRequest { step: Some(seconds(60)) };
    assert_eq!(reason_of(live.clock.advance_clock(step).await), expected);
    let to = v1::SetClockRequest { now_time: Some(crate::common::at(10, 0)) };
    assert_eq!(reason_of(live.clock.set_clock(to).await), expected);
    assert_eq!(reason_of(live.clock.run_clock(v1::RunClockRequest { rate: 60.0 }).await), expected);
    live.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_virtual_clock_and_a_scenario_are_refused_in_the_live_space() {
    let data = tempfile::tempdir().unwrap();
    let turned = config(data.path(), Space::Live, HostClock::Virtual { start: None }, None);
    let scenario = Some(yui::host::kansai().to_owned());
    let staged = config(data.path(), Space::Live, HostClock::System, scenario);
    for config in [turned, staged] {
        assert!(Host::start(config).await.is_err(), "a drill in the live space");
        assert!(!data.path().join("live").exists(), "and nothing was made");
    }
}
