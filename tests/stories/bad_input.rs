//! Whatever comes in: a typed refusal in both languages that names the field, nothing changed, never a panic.

use crate::common::{Refused, Served, TAMBA, at, crash, create, drill, heard_from, place, refused, seconds};
use prost::Message;
use prost::bytes::{Buf, BufMut};
use tonic::Code;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::transport::Channel;
use yui::api::v1;

/// What `answer` was refused with: code, reason, field.
#[track_caller]
fn told<T: std::fmt::Debug>(answer: Result<T, tonic::Status>) -> (Code, String, String) {
    let Refused { code, reason, field, .. } = refused(answer);
    (code, reason, field.unwrap_or_default())
}

fn invalid(reason: &str, field: &str) -> (Code, String, String) {
    (Code::InvalidArgument, reason.to_owned(), field.to_owned())
}

/// The ledgers are as long as before, and the server answers.
async fn unchanged(drill: &mut Served, before: &[(yui::id::LedgerId, u64)]) {
    assert_eq!(drill.sequences(), before, "something was recorded");
    assert!(!drill.rank(crash()).await.candidates.is_empty());
}

fn long_ago() -> Option<prost_types::Timestamp> {
    Some(prost_types::Timestamp { seconds: -2_208_988_800, nanos: 0 })
}

fn far_ahead() -> Option<prost_types::Timestamp> {
    Some(prost_types::Timestamp { seconds: 7_258_118_400, nanos: 0 })
}

fn no_time() -> Option<prost_types::Timestamp> {
    Some(prost_types::Timestamp { seconds: 0, nanos: -1 })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_makes_no_sense_names_the_field() {
    let (mut drill, _data) = drill().await;
    let before = drill.sequences();
    let ambulance = |at_patient_time| {
        Some(v1::request::Ambulance { call_sign: "丹波救急1".to_owned(), at_patient_time })
    };
    let triage = |red| Some(v1::request::Triage { red, ..Default::default() });
    let hospital = "members/hyogo/hospitals/toyooka".to_owned();
    for (request, reason, field) in [
        (v1::Request { position: None, ..crash() }, "FIELD_REQUIRED", "request.position"),
        (
            v1::Request { position: place((f64::NAN, 135.0)), ..crash() },
            "NUMBER_NOT_FINITE",
            "request.position.latitude",
        ),
        (
            v1::Request { position: place((35.0, f64::INFINITY)), ..crash() },
            "NUMBER_NOT_FINITE",
            "request.position.longitude",
        ),
        (
            v1::Request { position: place((90.1, 135.0)), ..crash() },
            "POSITION_OFF_THE_EARTH",
            "request.position.latitude",
        ),
        (
            v1::Request { position: place((35.0, -1e300)), ..crash() },
            "POSITION_OFF_THE_EARTH",
            "request.position.longitude",
        ),
        (v1::Request { kind: 0, ..crash() }, "FIELD_REQUIRED", "request.kind"),
        (v1::Request { kind: 99, ..crash() }, "ENUM_UNKNOWN", "request.kind"),
        (v1::Request { kind: i32::MIN, ..crash() }, "ENUM_UNKNOWN", "request.kind"),
        (v1::Request { capabilities: vec![1, 99], ..crash() }, "ENUM_UNKNOWN", "request.capabilities[1]"),
        (v1::Request { place: "x".repeat(4_097), ..crash() }, "FIELD_TOO_LONG", "request.place"),
        (v1::Request { keyword: "語".repeat(100), ..crash() }, "FIELD_TOO_LONG", "request.keyword"),
        (
            v1::Request { keyword: "a\u{0}b".to_owned(), ..crash() },
            "FIELD_CONTROL_CHARACTERS",
            "request.keyword",
        ),
        (v1::Request { caller: "0".repeat(500_000), ..crash() }, "FIELD_TOO_LONG", "request.caller"),
        (v1::Request { stretchers: u32::MAX, ..crash() }, "FIELD_OUT_OF_RANGE", "request.stretchers"),
        (v1::Request { stretchers: 101, ..crash() }, "FIELD_OUT_OF_RANGE", "request.stretchers"),
        (v1::Request { aircraft_count: 65, ..crash() }, "FIELD_OUT_OF_RANGE", "request.aircraft_count"),
        (v1::Request { triage: triage(70_000), ..crash() }, "FIELD_OUT_OF_RANGE", "request.triage.red"),
        (v1::Request { call_time: long_ago(), ..crash() }, "FIELD_TOO_EARLY", "request.call_time"),
        (v1::Request { call_time: far_ahead(), ..crash() }, "FIELD_TOO_LATE", "request.call_time"),
        (v1::Request { call_time: no_time(), ..crash() }, "TIMESTAMP_INVALID", "request.call_time"),
        (v1::Request { due_time: long_ago(), ..crash() }, "FIELD_TOO_EARLY", "request.due_time"),
        (v1::Request { due_time: far_ahead(), ..crash() }, "FIELD_TOO_LATE", "request.due_time"),
        (
            v1::Request { ambulance: ambulance(long_ago()), ..crash() },
            "FIELD_TOO_EARLY",
            "request.ambulance.at_patient_time",
        ),
        (
            v1::Request { ambulance: ambulance(far_ahead()), ..crash() },
            "FIELD_TOO_LATE",
            "request.ambulance.at_patient_time",
        ),
        (
            v1::Request { hospitals: vec![hospital.clone(); 2], ..crash() },
            "FIELD_DUPLICATE",
            "request.hospitals",
        ),
        (v1::Request { hospitals: vec![hospital; 17], ..crash() }, "FIELD_TOO_LONG", "request.hospitals"),
        (v1::Request { site: "park".to_owned(), ..crash() }, "NAME_INVALID", "request.site"),
    ] {
        // Looked at or meant, the answer is the same.
        let subject = Some(v1::rank_candidates_request::Subject::Draft(request.clone()));
        let look = v1::RankCandidatesRequest { subject, ..Default::default() };
        let looked = told(drill.dispatch.rank_candidates(look).await);
        assert_eq!((looked.0, looked.1.as_str()), (Code::InvalidArgument, reason), "{field}");
        assert_eq!(told(drill.dispatch.create_request(create(request)).await), invalid(reason, field));
    }
    unchanged(&mut drill, &before).await;
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_of_somebody_who_may_not_ask_or_is_not_there_is_refused() {
    let (mut drill, _data) = drill().await;
    let before = drill.sequences();
    let of = |requester: &str| v1::Request { requester: requester.to_owned(), ..crash() };
    for (parent, request, code, reason) in [
        ("members/hyogo", of("members/hyogo/organisations/nobody"), Code::NotFound, "NOT_FOUND"),
        (
            "members/hyogo",
            of("members/hyogo/organisations/cs-toyooka"),
            Code::PermissionDenied,
            "MAY_NOT_ASK",
        ),
        ("members/kyoto", crash(), Code::PermissionDenied, "WRONG_LEDGER"),
        ("members/atlantis", crash(), Code::NotFound, "NO_LEDGER"),
        ("", crash(), Code::InvalidArgument, "FIELD_REQUIRED"),
        ("hyogo", crash(), Code::InvalidArgument, "NAME_INVALID"),
        ("drill/other/members/hyogo", crash(), Code::InvalidArgument, "WRONG_SPACE"),
        ("live/members/hyogo", crash(), Code::InvalidArgument, "WRONG_SPACE"),
    ] {
        let call = v1::CreateRequestRequest { parent: parent.to_owned(), ..create(request) };
        let told = told(drill.dispatch.create_request(call).await);
        assert_eq!((told.0, told.1.as_str()), (code, reason), "{parent}");
    }
    unchanged(&mut drill, &before).await;
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_of_nothing_are_not_found_and_no_names_are_said_to_be_none() {
    let (mut drill, _data) = drill().await;
    let before = drill.sequences();
    let huge = format!("members/hyogo/assets/{}", "x".repeat(500_000));
    for (name, expected) in [
        ("members/hyogo/assets/heli-nowhere", (Code::NotFound, "NOT_FOUND")),
        ("members/atlantis/assets/heli-1", (Code::NotFound, "NOT_FOUND")),
        ("", (Code::InvalidArgument, "FIELD_REQUIRED")),
        ("heli-toyooka", (Code::InvalidArgument, "NAME_INVALID")),
        ("members/hyogo/sites/pad-toyooka", (Code::InvalidArgument, "NAME_INVALID")),
        ("members/hyogo/assets/豊岡", (Code::InvalidArgument, "NAME_INVALID")),
        ("members/../assets/heli-toyooka", (Code::InvalidArgument, "NAME_INVALID")),
        (huge.as_str(), (Code::InvalidArgument, "NAME_INVALID")),
    ] {
        let status =
            drill.registry.get_asset(v1::GetAssetRequest { name: name.to_owned() }).await.unwrap_err();
        assert!(status.message().len() < 1_000, "a huge name is not repeated");
        let details = tonic_types::StatusExt::get_error_details(&status);
        let got = (status.code(), details.error_info().unwrap().reason.as_str());
        assert_eq!(got, expected, "{}", name.chars().take(60).collect::<String>());
    }
    let mission = || "members/hyogo/missions/m-99".to_owned();
    let asked = || "members/hyogo/requests/r-99/requisitions/1-1".to_owned();
    let missing = (Code::NotFound, "NOT_FOUND".to_owned(), String::new());
    let get = v1::GetMissionRequest { name: mission() };
    assert_eq!(told(drill.dispatch.get_mission(get).await), missing);
    let progress = v1::ReportProgressRequest {
        name: mission(),
        state: v1::mission::State::Airborne.into(),
        ..Default::default()
    };
    assert_eq!(told(drill.dispatch.report_progress(progress).await), missing);
    let commit = v1::CommitRequisitionRequest { name: asked(), ..Default::default() };
    assert_eq!(told(drill.dispatch.commit_requisition(commit).await), missing);
    let withdraw = v1::WithdrawRequisitionRequest { name: asked(), ..Default::default() };
    assert_eq!(told(drill.dispatch.withdraw_requisition(withdraw).await), missing);
    let explain = v1::ExplainRequisitionRequest { name: asked() };
    assert_eq!(told(drill.dispatch.explain_requisition(explain).await), missing);
    let take = v1::TakeOfferRequest { offer: "members/hyogo/offers/o-99".to_owned(), ..Default::default() };
    assert_eq!(told(drill.dispatch.take_offer(take).await), missing);
    let ask =
        v1::AskRequisitionRequest { request: "members/hyogo/requests/r-99".to_owned(), ..Default::default() };
    assert_eq!(told(drill.dispatch.ask_requisition(ask).await), missing);
    unchanged(&mut drill, &before).await;
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ask_for_what_cannot_be_is_refused() {
    let (mut drill, _data) = drill().await;
    let request = drill.open(crash()).await;
    let before = drill.sequences();
    let ask = || v1::AskRequisitionRequest { request: request.name.clone(), ..Default::default() };
    for (ask, code, reason) in [
        (v1::AskRequisitionRequest { number: 2, ..ask() }, Code::InvalidArgument, "NUMBER_UNKNOWN"),
        (v1::AskRequisitionRequest { number: 70_000, ..ask() }, Code::InvalidArgument, "FIELD_OUT_OF_RANGE"),
        (
            v1::AskRequisitionRequest { asset: "members/hyogo/assets/none".into(), ..ask() },
            Code::NotFound,
            "NOT_FOUND",
        ),
        (
            v1::AskRequisitionRequest { number: 1, send_another: true, ..ask() },
            Code::InvalidArgument,
            "FIELD_REQUIRED",
        ),
        (
            v1::AskRequisitionRequest { answer_within: Some(seconds(9)), ..ask() },
            Code::InvalidArgument,
            "FIELD_OUT_OF_RANGE",
        ),
        (
            v1::AskRequisitionRequest { answer_within: Some(seconds(3_601)), ..ask() },
            Code::InvalidArgument,
            "FIELD_OUT_OF_RANGE",
        ),
        (
            v1::AskRequisitionRequest { answer_within: Some(seconds(-1)), ..ask() },
            Code::InvalidArgument,
            "DURATION_INVALID",
        ),
        (
            v1::AskRequisitionRequest { answer_within: Some(seconds(i64::MAX)), ..ask() },
            Code::InvalidArgument,
            "DURATION_INVALID",
        ),
        (
            v1::AskRequisitionRequest { request_id: "x".repeat(65), ..ask() },
            Code::InvalidArgument,
            "FIELD_TOO_LONG",
        ),
    ] {
        let shown = format!("{ask:?}");
        let told = told(drill.dispatch.ask_requisition(ask).await);
        assert_eq!((told.0, told.1.as_str()), (code, reason), "{shown}");
    }
    unchanged(&mut drill, &before).await;
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_landing_site_or_hospital_that_is_not_there_is_not_left_out_in_silence() {
    let (mut drill, _data) = drill().await;
    let request = drill.open(crash()).await;
    let before = drill.sequences();
    let (site, hospital) =
        (|| "members/hyogo/sites/none".to_owned(), || "members/hyogo/hospitals/none".to_owned());
    let transfer = v1::Request {
        kind: v1::RequestKind::Transfer.into(),
        origin_hospital: "members/hyogo/hospitals/hyogo-tamba".to_owned(),
        hospitals: vec!["members/hyogo/hospitals/toyooka".to_owned()],
        ..crash()
    };
    for request in [
        v1::Request { site: site(), ..crash() },
        v1::Request { hospitals: vec![hospital()], ..crash() },
        v1::Request { hospitals: vec![hospital()], ..transfer.clone() },
        v1::Request { origin_hospital: hospital(), ..transfer },
    ] {
        let told = told(drill.dispatch.create_request(create(request)).await);
        assert_eq!((told.0, told.1.as_str()), (Code::NotFound, "NOT_FOUND"));
    }
    let ask = || v1::AskRequisitionRequest { request: request.name.clone(), ..Default::default() };
    for ask in [
        v1::AskRequisitionRequest { site: site(), ..ask() },
        v1::AskRequisitionRequest { hospital: hospital(), ..ask() },
    ] {
        let told = told(drill.dispatch.ask_requisition(ask).await);
        assert_eq!((told.0, told.1.as_str()), (Code::NotFound, "NOT_FOUND"));
    }
    unchanged(&mut drill, &before).await;
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_at_another_time_stays_within_a_day() {
    let (mut drill, _data) = drill().await;
    let look = |at_time, candidate_count| v1::RankCandidatesRequest {
        subject: Some(v1::rank_candidates_request::Subject::Draft(crash())),
        at_time,
        candidate_count,
    };
    for (at_time, reason) in [
        (long_ago(), "FIELD_TOO_EARLY"),
        (far_ahead(), "FIELD_TOO_LATE"),
        (no_time(), "TIMESTAMP_INVALID"),
        (Some(at(33, 1)), "FIELD_TOO_LATE"),
        (Some(at(-16, 59)), "FIELD_TOO_EARLY"),
    ] {
        let answer = drill.dispatch.rank_candidates(look(at_time, 0)).await;
        assert_eq!(told(answer), invalid(reason, "at_time"), "{at_time:?}");
    }
    let answer = drill.dispatch.rank_candidates(look(None, -1)).await;
    assert_eq!(told(answer), invalid("FIELD_OUT_OF_RANGE", "candidate_count"));
    let nothing = v1::RankCandidatesRequest::default();
    assert_eq!(told(drill.dispatch.rank_candidates(nothing).await), invalid("FIELD_REQUIRED", "subject"));
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_that_cannot_be_true_is_refused() {
    let (mut drill, _data) = drill().await;
    let before = drill.sequences();
    let good = v1::WeatherReport {
        weather_region: "weatherRegions/inland-tamba".to_owned(),
        visibility_m: 9_000,
        ceiling_m: 900,
        observe_time: Some(at(9, 0)),
        expire_time: Some(at(10, 0)),
        ..Default::default()
    };
    for (weather, code, reason, field) in [
        (
            v1::WeatherReport { visibility_m: 100_001, ..good.clone() },
            Code::InvalidArgument,
            "FIELD_OUT_OF_RANGE",
            "weather.visibility_m",
        ),
        (
            v1::WeatherReport { wind_kmh: u32::MAX, ..good.clone() },
            Code::InvalidArgument,
            "FIELD_OUT_OF_RANGE",
            "weather.wind_kmh",
        ),
        (
            v1::WeatherReport { observe_time: None, ..good.clone() },
            Code::InvalidArgument,
            "FIELD_REQUIRED",
            "weather.observe_time",
        ),
        (
            v1::WeatherReport { observe_time: Some(at(9, 2)), ..good.clone() },
            Code::InvalidArgument,
            "FIELD_TOO_LATE",
            "weather.observe_time",
        ),
        (
            v1::WeatherReport { expire_time: Some(at(9, 0)), ..good.clone() },
            Code::InvalidArgument,
            "FIELD_TOO_EARLY",
            "weather.expire_time",
        ),
        (
            v1::WeatherReport { expire_time: far_ahead(), ..good.clone() },
            Code::InvalidArgument,
            "FIELD_TOO_LATE",
            "weather.expire_time",
        ),
        (
            v1::WeatherReport { weather_region: "tamba".to_owned(), ..good },
            Code::InvalidArgument,
            "NAME_INVALID",
            "weather.weather_region",
        ),
    ] {
        let parent = "members/hyogo".to_owned();
        let report = v1::ReportWeatherRequest { parent, weather: Some(weather), ..Default::default() };
        let expected = (code, reason.to_owned(), field.to_owned());
        assert_eq!(told(drill.conditions.report_weather(report).await), expected);
    }
    let name = "members/hyogo/sites/lz-tamba-01".to_owned();
    let state = v1::site::State::Open.into();
    let ahead =
        v1::ReportSiteRequest { name: name.clone(), state, confirm_time: far_ahead(), ..Default::default() };
    assert_eq!(told(drill.conditions.report_site(ahead).await), invalid("FIELD_TOO_LATE", "confirm_time"));
    let unsaid = v1::ReportSiteRequest { name, state: 77, ..Default::default() };
    assert_eq!(told(drill.conditions.report_site(unsaid).await), invalid("ENUM_UNKNOWN", "state"));
    unchanged(&mut drill, &before).await;
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_misspelt_weather_region_does_not_close_nothing_in_silence() {
    let (mut drill, _data) = drill().await;
    let before = drill.sequences();
    let weather = v1::WeatherReport {
        weather_region: "weatherRegions/inland-tanba".to_owned(),
        observe_time: Some(at(9, 0)),
        expire_time: Some(at(10, 0)),
        ..Default::default()
    };
    let parent = "members/hyogo".to_owned();
    let report = v1::ReportWeatherRequest { parent, weather: Some(weather), ..Default::default() };
    assert_eq!(told(drill.conditions.report_weather(report).await).0, Code::NotFound);
    unchanged(&mut drill, &before).await;
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_token_belongs_to_its_query() {
    let (mut drill, _data) = drill().await;
    let list = |parent: &str, filter: &str, token: &str, page_size| v1::ListSitesRequest {
        parent: parent.to_owned(),
        filter: filter.to_owned(),
        page_token: token.to_owned(),
        page_size,
    };
    let first = drill.registry.list_sites(list("members/hyogo", "", "", 5)).await.unwrap().into_inner();
    let token = first.next_page_token;
    let bad = invalid("PAGE_TOKEN_INVALID", "page_token");
    for call in [
        list("members/kyoto", "", &token, 5),
        list("members/hyogo", "state = OPEN", &token, 5),
        list("members/hyogo", "", &token[2..], 5),
        list("members/hyogo", "", "次のページ", 5),
        list("members/hyogo", "", &"0".repeat(100_000), 5),
    ] {
        assert_eq!(told(drill.registry.list_sites(call).await), bad);
    }
    let other_list = v1::ListHospitalsRequest {
        parent: "members/hyogo".to_owned(),
        page_token: token.clone(),
        ..Default::default()
    };
    assert_eq!(told(drill.registry.list_hospitals(other_list).await), bad);
    let negative = drill.registry.list_sites(list("members/hyogo", "", "", -1)).await;
    assert_eq!(told(negative), invalid("FIELD_OUT_OF_RANGE", "page_size"));
    let nobody = drill.registry.list_sites(list("members/atlantis", "", "", 0)).await;
    assert_eq!(told(nobody).1, "NOT_FOUND");
    // The page size is the caller's to change.
    let second = drill.registry.list_sites(list("members/hyogo", "", &token, 7)).await.unwrap().into_inner();
    assert_eq!(second.sites.len(), 7);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_id_gives_the_first_answer_again_and_takes_no_other_content() {
    let (mut drill, _data) = drill().await;
    let call = v1::CreateRequestRequest { request_id: "call-1".to_owned(), ..create(crash()) };
    let first = drill.dispatch.create_request(call.clone()).await.unwrap().into_inner();
    let before = drill.sequences();
    let again = drill.dispatch.create_request(call.clone()).await.unwrap().into_inner();
    assert_eq!(again, first);
    let other =
        v1::CreateRequestRequest { request: Some(v1::Request { stretchers: 2, ..crash() }), ..call.clone() };
    assert_eq!(told(drill.dispatch.create_request(other).await), invalid("REQUEST_ID_REUSED", "request_id"));
    // A secret is content too.
    let other = v1::CreateRequestRequest {
        request: Some(v1::Request { caller: "090-9999-9999".to_owned(), ..crash() }),
        ..call
    };
    assert_eq!(told(drill.dispatch.create_request(other).await), invalid("REQUEST_ID_REUSED", "request_id"));
    let name = first.name;
    let cancel = v1::CancelRequestRequest {
        name: name.clone(),
        reason: v1::CancelReason::NotNeeded.into(),
        request_id: "call-1".to_owned(),
        ..Default::default()
    };
    assert_eq!(told(drill.dispatch.cancel_request(cancel).await), invalid("REQUEST_ID_REUSED", "request_id"));
    unchanged(&mut drill, &before).await;
    assert_eq!(drill.request(&name).await.state(), v1::request::State::Open);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_only_validated_changes_nothing() {
    let (mut drill, _data) = drill().await;
    let request = drill.open(crash()).await;
    let asked = drill.ask(&request).await;
    drill.settle().await;
    let before = drill.sequences();
    let validate_only = true;
    let name = || asked.name.clone();
    let would_be = v1::CreateRequestRequest { validate_only, ..create(crash()) };
    let would_be = drill.dispatch.create_request(would_be).await.unwrap().into_inner();
    assert_ne!(would_be.name, request.name);
    let go = v1::CommitRequisitionRequest { name: name(), validate_only, ..Default::default() };
    let mission = drill.dispatch.commit_requisition(go).await.unwrap().into_inner();
    assert_eq!(mission.state(), v1::mission::State::Committed);
    let acknowledge = v1::AcknowledgeRequisitionRequest { name: name(), validate_only, ..Default::default() };
    drill.dispatch.acknowledge_requisition(acknowledge).await.unwrap();
    let reason = v1::DeclineReason::DeclineWeather.into();
    let decline = v1::DeclineRequisitionRequest { name: name(), reason, validate_only, ..Default::default() };
    drill.dispatch.decline_requisition(decline).await.unwrap();
    let withdraw = v1::WithdrawRequisitionRequest { name: name(), validate_only, ..Default::default() };
    drill.dispatch.withdraw_requisition(withdraw).await.unwrap();
    let telephone = heard_from("CS Ueda");
    let report = v1::ReportCommitmentRequest { name: name(), telephone, validate_only, ..Default::default() };
    drill.dispatch.report_commitment(report).await.unwrap();
    let reason = v1::CancelReason::NotNeeded.into();
    let cancel =
        v1::CancelRequestRequest { name: request.name.clone(), reason, validate_only, ..Default::default() };
    drill.dispatch.cancel_request(cancel).await.unwrap();
    let count = v1::SetAircraftCountRequest {
        name: request.name.clone(),
        aircraft_count: 3,
        validate_only,
        ..Default::default()
    };
    drill.dispatch.set_aircraft_count(count).await.unwrap();
    let reason = v1::OutageReason::Maintenance.into();
    let out = v1::TakeAssetOutOfServiceRequest {
        name: asked.asset.clone(),
        reason,
        validate_only,
        ..Default::default()
    };
    drill.registry.take_asset_out_of_service(out).await.unwrap();
    let close = v1::CloseStructureRequest {
        parent: "members/tokushima".to_owned(),
        name: "structures/onaruto-bridge".to_owned(),
        validate_only,
        ..Default::default()
    };
    drill.conditions.close_structure(close).await.unwrap();
    let member = v1::Member {
        display_name: Some(v1::DisplayName { ja: "高知市".to_owned(), en: "Kochi City".to_owned() }),
        kind: v1::member::Kind::City.into(),
        joined_date: "2026-12-01".to_owned(),
        ..Default::default()
    };
    let member_id = "kochi-city".to_owned();
    let join =
        v1::CreateMemberRequest { member_id, member: Some(member), validate_only, ..Default::default() };
    drill.registry.create_member(join).await.unwrap();
    // It judges all the same.
    let twice =
        v1::AskRequisitionRequest { request: request.name.clone(), validate_only, ..Default::default() };
    assert_eq!(told(drill.dispatch.ask_requisition(twice).await).1, "ATTEMPT_OPEN");

    drill.settle().await;
    unchanged(&mut drill, &before).await;
    assert_eq!(drill.requisition(&asked.name).await, asked);
    drill.host.stop().await;
}

/// Sends bytes as they are.
#[derive(Clone, Default)]
struct Raw;

impl Codec for Raw {
    type Encode = Vec<u8>;
    type Decode = Vec<u8>;
    type Encoder = Raw;
    type Decoder = Raw;

    fn encoder(&mut self) -> Raw {
        Raw
    }

    fn decoder(&mut self) -> Raw {
        Raw
    }
}

impl Encoder for Raw {
    type Item = Vec<u8>;
    type Error = tonic::Status;

    fn encode(&mut self, bytes: Vec<u8>, out: &mut EncodeBuf<'_>) -> Result<(), tonic::Status> {
        out.put_slice(&bytes);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Vec<u8>;
    type Error = tonic::Status;

    fn decode(&mut self, message: &mut DecodeBuf<'_>) -> Result<Option<Vec<u8>>, tonic::Status> {
        let length = message.remaining();
        Ok(Some(message.copy_to_bytes(length).to_vec()))
    }
}

async fn send(drill: &Served, path: &'static str, bytes: Vec<u8>) -> Result<(), tonic::Status> {
    let channel = Channel::from_shared(format!("http://{}", drill.host.local_addr())).unwrap();
    let mut client = tonic::client::Grpc::new(channel.connect().await.unwrap());
    client.ready().await.unwrap();
    client.unary(tonic::Request::new(bytes), path.parse().unwrap(), Raw).await.map(|_| ())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_truncated_or_damaged_message_is_refused_as_such() {
    const PATH: &str = "/yui.v1.DispatchService/CreateRequest";
    let (drill, _data) = drill().await;
    let before = drill.sequences();
    let whole = create(v1::Request { place: "x".repeat(200), ..crash() }).encode_to_vec();
    for bytes in [
        whole[..whole.len() - 1].to_vec(),
        whole[..whole.len() / 2].to_vec(),
        [&whole[..], &[0x0a]].concat(),
        vec![0xff; 64],
        // A parent that is no UTF-8.
        vec![0x0a, 2, 0xff, 0xfe],
    ] {
        let told = told(send(&drill, PATH, bytes).await);
        assert_eq!((told.0, told.1.as_str()), (Code::InvalidArgument, "MALFORMED_MESSAGE"));
    }
    let huge = create(v1::Request { place: "x".repeat(1_100_000), ..crash() }).encode_to_vec();
    let told_huge = told(send(&drill, PATH, huge).await);
    assert_eq!((told_huge.0, told_huge.1.as_str()), (Code::ResourceExhausted, "MESSAGE_TOO_LARGE"));
    let nowhere = told(send(&drill, "/yui.v1.DispatchService/FlyHome", Vec::new()).await);
    assert_eq!((nowhere.0, nowhere.1.as_str()), (Code::Unimplemented, "UNKNOWN_METHOD"));
    // What a newer client adds is no damage.
    let newer = [&create(crash()).encode_to_vec()[..], &[0xfa, 0x7f, 1, 0]].concat();
    send(&drill, PATH, newer).await.unwrap();
    let more: u64 = drill.sequences().iter().map(|(_, sequence)| sequence).sum();
    assert_eq!(more, before.iter().map(|(_, sequence)| sequence).sum::<u64>() + 1);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_steps_of_the_drill_clock_move_nothing() {
    let (mut drill, _data) = drill().await;
    let (now, before) = (drill.time(0).await, drill.sequences());
    for step in [None, Some(seconds(-1)), Some(seconds(i64::MAX)), Some(seconds(367 * 86_400))] {
        let answer = drill.clock.advance_clock(v1::AdvanceClockRequest { step }).await;
        assert_eq!(told(answer).1, "BAD_STEP", "{step:?}");
    }
    let back = v1::SetClockRequest { now_time: Some(at(8, 59)) };
    assert_eq!(told(drill.clock.set_clock(back).await).1, "CLOCK_GOES_BACK");
    for rate in [f64::NAN, -1.0, 1e9] {
        assert_eq!(told(drill.clock.run_clock(v1::RunClockRequest { rate }).await).1, "BAD_RATE");
    }
    assert_eq!(drill.time(0).await, now);
    unchanged(&mut drill, &before).await;
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_middle_of_the_sea_is_a_place_and_nobody_can_help_there() {
    let (mut drill, _data) = drill().await;
    for at in [(0.0, 0.0), (90.0, 180.0), (-90.0, -180.0), (TAMBA.0, -TAMBA.1)] {
        let ranking = drill.rank(v1::Request { position: place(at), ..crash() }).await;
        assert!(ranking.unfilled, "{at:?}");
        assert!(ranking.ruled_out.iter().all(|ruled| !ruled.reasons.is_empty()));
    }
    drill.host.stop().await;
}
