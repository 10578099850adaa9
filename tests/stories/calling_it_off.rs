//! Called off: before the pilot's go it is a withdrawal, after it a stand-down; the crew may break off by itself.

use crate::common::{crash, drill, reason_of, refused};
use yui::api::v1;
use yui::api::v1::mission::{End, State as Step};
use yui::api::v1::requisition::State;

fn cancel(request: &v1::Request) -> v1::CancelRequestRequest {
    let reason = v1::CancelReason::ByRoad.into();
    v1::CancelRequestRequest { name: request.name.clone(), reason, ..Default::default() }
}

fn abort(mission: &v1::Mission, reason: v1::AbortReason) -> v1::AbortMissionRequest {
    v1::AbortMissionRequest { name: mission.name.clone(), reason: reason.into(), ..Default::default() }
}

fn stand_down(mission: &v1::Mission) -> v1::StandDownMissionRequest {
    v1::StandDownMissionRequest { name: mission.name.clone(), ..Default::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelled_before_the_go_the_ask_is_withdrawn() {
    let (mut drill, _data) = drill().await;
    let request = drill.open(crash()).await;
    let asked = drill.ask(&request).await;
    let cancelled = drill.dispatch.cancel_request(cancel(&request)).await.unwrap().into_inner();
    assert_eq!(
        (cancelled.state(), cancelled.cancel_reason()),
        (v1::request::State::Cancelled, v1::CancelReason::ByRoad)
    );
    drill.settle().await;
    assert_eq!(drill.requisition(&asked.name).await.state(), State::Withdrawn);
    assert_eq!(drill.asset(&asked.asset).await.state(), v1::asset::State::Available);
    assert_eq!(reason_of(drill.dispatch.cancel_request(cancel(&request)).await), "REQUEST_NOT_OPEN");
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelled_after_the_go_the_mission_is_stood_down() {
    let (mut drill, _data) = drill().await;
    let request = drill.open(crash()).await;
    let (asked, mission) = drill.ask_and_commit(&request).await;
    drill.fly(&mission, &[Step::Airborne]).await;
    drill.dispatch.cancel_request(cancel(&request)).await.unwrap();
    drill.settle().await;
    assert_eq!(drill.requisition(&asked.name).await.state(), State::StoodDown);
    let ended = drill.mission(&mission.name).await;
    assert_eq!(ended.end(), End::StoodDown);
    // It is in the air: it comes home before it is free.
    assert_eq!(ended.state(), Step::Returning);
    drill.fly(&mission, &[Step::Ready]).await;
    assert_eq!(drill.asset(&asked.asset).await.state(), v1::asset::State::Available);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patient_on_board_is_flown_on_although_the_request_is_cancelled() {
    use v1::mission::Warning;
    let (mut drill, _data) = drill().await;
    let request = drill.open(crash()).await;
    let (_, mission) = drill.ask_and_commit(&request).await;
    drill.fly(&mission, &[Step::Airborne, Step::OnScene, Step::Transporting]).await;
    drill.dispatch.cancel_request(cancel(&request)).await.unwrap();
    drill.settle().await;
    let flying = drill.mission(&mission.name).await;
    assert_eq!((flying.state(), flying.end()), (Step::Transporting, End::Unspecified));
    assert_eq!(flying.notices.iter().map(|n| n.warning()).collect::<Vec<_>>(), [Warning::RequestCancelled]);
    assert!(!flying.notices[0].telephone.is_empty());
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_crew_breaks_off_with_a_reason_and_the_next_is_asked() {
    let (mut drill, _data) = drill().await;
    let request = drill.open(crash()).await;
    let (asked, mission) = drill.ask_and_commit(&request).await;
    drill.fly(&mission, &[Step::Airborne]).await;
    // Re-tasking comes with the new commitment, nobody types it.
    let typed = refused(drill.dispatch.abort_mission(abort(&mission, v1::AbortReason::AbortRetasked)).await);
    assert_eq!((typed.reason.as_str(), typed.field.as_deref()), ("FIELD_NOT_ALLOWED", Some("reason")));
    let aborted = drill.dispatch.abort_mission(abort(&mission, v1::AbortReason::AbortWeather)).await.unwrap();
    let aborted = aborted.into_inner();
    assert_eq!((aborted.end(), aborted.abort_reason()), (End::Aborted, v1::AbortReason::AbortWeather));
    drill.settle().await;
    let ended = drill.requisition(&asked.name).await;
    assert_eq!((ended.state(), ended.abort_reason()), (State::Aborted, v1::AbortReason::AbortWeather));
    let next = drill.ask(&request).await;
    assert_eq!((next.state(), next.number, next.attempt), (State::Asked, 1, 2));
    assert_ne!(next.asset, asked.asset);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mission_is_stood_down_on_the_way_and_not_with_the_patient_on_board() {
    let (mut drill, _data) = drill().await;
    let (early, late) = (drill.open(crash()).await, drill.open(crash()).await);
    let (_, first) = drill.ask_and_commit(&early).await;
    drill.fly(&first, &[Step::Airborne, Step::OnScene]).await;
    let ended = drill.dispatch.stand_down_mission(stand_down(&first)).await.unwrap().into_inner();
    assert_eq!((ended.end(), ended.state()), (End::StoodDown, Step::Returning));
    assert_eq!(reason_of(drill.dispatch.stand_down_mission(stand_down(&first)).await), "MISSION_ENDED");

    let (_, second) = drill.ask_and_commit(&late).await;
    drill.fly(&second, &[Step::Airborne, Step::OnScene, Step::Transporting]).await;
    let refused = drill.dispatch.stand_down_mission(stand_down(&second)).await;
    assert_eq!(reason_of(refused), "TOO_LATE_TO_BREAK_OFF");
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_ask_is_taken_back_and_the_request_goes_on() {
    let (mut drill, _data) = drill().await;
    let request = drill.open(crash()).await;
    let asked = drill.ask(&request).await;
    let withdraw = v1::WithdrawRequisitionRequest { name: asked.name.clone(), ..Default::default() };
    drill.dispatch.withdraw_requisition(withdraw).await.unwrap();
    drill.settle().await;
    assert_eq!(drill.requisition(&asked.name).await.state(), State::Withdrawn);
    assert_eq!(drill.request(&request.name).await.state(), v1::request::State::Open);
    // It was not the base that said no: it may be asked again.
    let again = drill.ask(&request).await;
    assert_eq!((again.state(), &again.asset), (State::Asked, &asked.asset));
    let close = v1::CloseRequestRequest { name: request.name.clone(), ..Default::default() };
    assert_eq!(reason_of(drill.dispatch.close_request(close).await), "REQUEST_UNDER_WAY");
    drill.host.stop().await;
}
