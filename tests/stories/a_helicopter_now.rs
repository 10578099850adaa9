//! A crash in Tamba: who can go, the base says yes, the aircraft is ready again, and a restart finds everything.

use crate::common::{at, crash, drill, kansai};
use yui::api::v1;

fn look(hour: i64, minute: i64) -> v1::RankCandidatesRequest {
    v1::RankCandidatesRequest {
        subject: Some(v1::rank_candidates_request::Subject::Draft(crash())),
        at_time: Some(at(hour, minute)),
        ..Default::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn daylight_leaves_one_doctor_helicopter_and_then_none() {
    let (mut drill, _data) = drill().await;
    let morning = drill.dispatch.rank_candidates(look(10, 0)).await.unwrap().into_inner();
    assert!(morning.candidates.len() > 3, "{}", morning.candidates.len());
    assert_eq!(morning.candidates[0].asset, "drill/kansai/members/hyogo/assets/heli-toyooka");

    let afternoon = drill.dispatch.rank_candidates(look(15, 56)).await.unwrap().into_inner();
    let left: Vec<&str> = afternoon.candidates.iter().map(|candidate| candidate.asset.as_str()).collect();
    assert_eq!(left, ["drill/kansai/members/hyogo/assets/heli-kakogawa"]);

    let dusk = drill.dispatch.rank_candidates(look(16, 10)).await.unwrap().into_inner();
    assert!(dusk.unfilled && dusk.candidates.is_empty());
    assert!(dusk.ground.iter().any(|unit| unit.asset.contains("doctor-car")));
    let kakogawa = dusk.ruled_out.iter().find(|ruled| ruled.asset.ends_with("heli-kakogawa")).unwrap();
    assert_eq!(kakogawa.reasons[0].code(), v1::reason::Code::Darkness);
    assert_eq!(kakogawa.smallest_changes[0].code(), v1::smallest_change::Code::AskEarlierBy);
    // The same question gets the same bytes.
    assert_eq!(dusk, drill.dispatch.rank_candidates(look(16, 10)).await.unwrap().into_inner());
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_the_call_to_ready_and_through_a_restart() {
    let (mut drill, data) = drill().await;
    let create = v1::CreateRequestRequest {
        parent: "members/hyogo".to_owned(),
        request: Some(crash()),
        request_id: "call-1".to_owned(),
        ..Default::default()
    };
    let request = drill.dispatch.create_request(create.clone()).await.unwrap().into_inner();
    assert_eq!(request.caller, "090-0000-0000");
    // A retry is the same request.
    assert_eq!(drill.dispatch.create_request(create).await.unwrap().into_inner().name, request.name);

    let ask = v1::AskRequisitionRequest { request: request.name.clone(), ..Default::default() };
    let asked = drill.dispatch.ask_requisition(ask).await.unwrap().into_inner();
    assert_eq!(asked.state(), v1::requisition::State::Asked);
    assert!(!asked.site.is_empty() && !asked.telephone.is_empty());

    let acknowledge = v1::AcknowledgeRequisitionRequest { name: asked.name.clone(), ..Default::default() };
    let heard = drill.dispatch.acknowledge_requisition(acknowledge).await.unwrap().into_inner();
    assert_eq!(heard.state(), v1::requisition::State::Acknowledged);
    let commit = v1::CommitRequisitionRequest { name: asked.name.clone(), ..Default::default() };
    let mission = drill.dispatch.commit_requisition(commit).await.unwrap().into_inner();
    assert_eq!(mission.state(), v1::mission::State::Committed);

    let progress = |state: v1::mission::State| v1::ReportProgressRequest {
        name: mission.name.clone(),
        state: state.into(),
        ..Default::default()
    };
    use v1::mission::State::{Airborne, Arrived, OnScene, Ready, Returning, Transporting};
    for state in [Airborne, OnScene] {
        let step = v1::AdvanceClockRequest { step: Some(prost_types::Duration { seconds: 600, nanos: 0 }) };
        drill.clock.advance_clock(step).await.unwrap();
        drill.dispatch.report_progress(progress(state)).await.unwrap();
    }

    // The server stops and starts again: everything is there, and the clock goes on where it stood.
    drill.host.stop().await;
    let mut drill = kansai(data.path()).await;
    let get = v1::GetMissionRequest { name: mission.name.clone() };
    let found = drill.dispatch.get_mission(get.clone()).await.unwrap().into_inner();
    assert_eq!((found.state(), found.progress.len()), (OnScene, 3));

    for state in [Transporting, Arrived, Returning, Ready] {
        drill.dispatch.report_progress(progress(state)).await.unwrap();
    }
    let done = drill.dispatch.get_mission(get).await.unwrap().into_inner();
    assert_eq!((done.state(), done.end()), (Ready, v1::mission::End::Completed));

    // What was known when it was asked, from the stored problem.
    let explain = v1::ExplainRequisitionRequest { name: asked.name.clone() };
    let explained = drill.dispatch.explain_requisition(explain).await.unwrap().into_inner();
    assert_eq!(explained.ranking.unwrap().candidates[0].asset, asked.asset);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ask_that_nobody_answers_ends_by_itself() {
    let (mut drill, _data) = drill().await;
    let create = v1::CreateRequestRequest {
        parent: "members/hyogo".to_owned(),
        request: Some(crash()),
        ..Default::default()
    };
    let request = drill.dispatch.create_request(create).await.unwrap().into_inner();
    let ask = v1::AskRequisitionRequest { request: request.name.clone(), ..Default::default() };
    let first = drill.dispatch.ask_requisition(ask.clone()).await.unwrap().into_inner();
    let refused = drill.dispatch.ask_requisition(ask.clone()).await.unwrap_err();
    assert_eq!(refused.code(), tonic::Code::FailedPrecondition, "{refused}");

    let step = v1::AdvanceClockRequest { step: Some(prost_types::Duration { seconds: 181, nanos: 0 }) };
    drill.clock.advance_clock(step).await.unwrap();
    let get = v1::GetRequisitionRequest { name: first.name.clone() };
    let ended = drill.dispatch.get_requisition(get).await.unwrap().into_inner();
    assert_eq!(ended.state(), v1::requisition::State::Expired);
    // The next is asked by one key, and it is another aircraft.
    let second = drill.dispatch.ask_requisition(ask).await.unwrap().into_inner();
    assert_ne!(second.asset, first.asset);
    drill.host.stop().await;
}
