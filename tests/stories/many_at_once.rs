//! Several people press keys at the same moment: one of them wins, the others are told, nothing happens twice.

use crate::common::{Served, ask_for, crash, create, drill, reason_of};
use tokio::task::JoinSet;
use v1::requisition::{NotHeldReason, State};
use yui::api::v1;

#[tokio::test(flavor = "multi_thread")]
async fn of_eight_scenes_that_want_one_aircraft_one_gets_it() {
    let (mut drill, _data) = drill().await;
    let mut asks = JoinSet::new();
    for _ in 0..8 {
        let request = drill.open(crash()).await;
        let mut dispatch = drill.dispatch.clone();
        asks.spawn(async move {
            let ask = ask_for(&request, "members/hyogo/assets/heli-toyooka");
            dispatch.ask_requisition(ask).await.unwrap().into_inner()
        });
    }
    let answers = asks.join_all().await;
    drill.settle().await;
    let mut asked = Vec::new();
    for answer in answers {
        asked.push(drill.requisition(&answer.name).await);
    }
    let (held, rest): (Vec<_>, Vec<_>) = asked.into_iter().partition(|ask| ask.state() == State::Asked);
    assert_eq!((held.len(), rest.len()), (1, 7));
    for ask in rest {
        assert_eq!((ask.state(), ask.not_held_reason()), (State::NotHeld, NotHeldReason::AssetHeld));
        assert_eq!(ask.blocker, held[0].name);
    }
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_go_pressed_at_two_desks_is_one_mission() {
    let (mut drill, _data) = drill().await;
    let request = drill.open(crash()).await;
    let asked = drill.ask(&request).await;
    let mut goes = JoinSet::new();
    for _ in 0..6 {
        let (mut dispatch, name) = (drill.dispatch.clone(), asked.name.clone());
        let go = v1::CommitRequisitionRequest { name, ..Default::default() };
        goes.spawn(async move { dispatch.commit_requisition(go).await });
    }
    let (won, lost): (Vec<_>, Vec<_>) = goes.join_all().await.into_iter().partition(Result::is_ok);
    assert_eq!(won.len(), 1);
    for answer in lost {
        assert_eq!(reason_of(answer), "REQUISITION_ENDED");
    }
    assert_eq!(missions(&mut drill).await.len(), 1);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_request_id_sent_many_times_at_once_is_one_request() {
    let (mut drill, _data) = drill().await;
    let call = v1::CreateRequestRequest { request_id: "call-1".to_owned(), ..create(crash()) };
    let mut calls = JoinSet::new();
    for _ in 0..16 {
        let (mut dispatch, call) = (drill.dispatch.clone(), call.clone());
        calls.spawn(async move { dispatch.create_request(call).await.unwrap().into_inner().name });
    }
    let names = calls.join_all().await;
    assert!(names.iter().all(|name| *name == names[0]), "{names:?}");
    let list = v1::ListRequestsRequest { parent: "members/hyogo".to_owned(), ..Default::default() };
    assert_eq!(drill.dispatch.list_requests(list).await.unwrap().into_inner().requests.len(), 1);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn however_go_and_cancel_cross_nobody_flies_for_a_cancelled_request() {
    let (mut drill, _data) = drill().await;
    for _ in 0..8 {
        let request = drill.open(crash()).await;
        let asked = drill.ask(&request).await;
        let (mut base, mut command) = (drill.dispatch.clone(), drill.dispatch.clone());
        let go = v1::CommitRequisitionRequest { name: asked.name.clone(), ..Default::default() };
        let reason = v1::CancelReason::NotNeeded.into();
        let cancel = v1::CancelRequestRequest { name: request.name.clone(), reason, ..Default::default() };
        let (went, cancelled) = tokio::join!(base.commit_requisition(go), command.cancel_request(cancel));
        cancelled.unwrap();
        drill.settle().await;
        let ended = drill.requisition(&asked.name).await;
        match went {
            Ok(mission) => {
                assert_eq!(ended.state(), State::StoodDown);
                let mission = drill.mission(&mission.get_ref().name).await;
                assert_eq!(mission.end(), v1::mission::End::StoodDown);
            }
            late => {
                assert_eq!(reason_of(late), "GO_TOO_LATE");
                assert_eq!(ended.state(), State::Withdrawn);
            }
        }
        assert!(drill.asset(&asked.asset).await.requisition.is_empty());
    }
    drill.host.stop().await;
}

async fn missions(drill: &mut Served) -> Vec<v1::Mission> {
    let list = v1::ListMissionsRequest { parent: "members/-".to_owned(), ..Default::default() };
    drill.dispatch.list_missions(list).await.unwrap().into_inner().missions
}
