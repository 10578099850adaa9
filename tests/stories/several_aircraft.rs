//! Several aircraft for one scene: each number has one open attempt, and nobody is asked twice or promised twice.

use crate::common::{ask_for, crash, drill, reason_of, refused};
use yui::api::v1;
use yui::api::v1::requisition::{IfBusy, NotHeldReason, State};

#[tokio::test(flavor = "multi_thread")]
async fn two_numbers_get_two_aircraft_and_each_has_one_open_attempt() {
    let (mut drill, _data) = drill().await;
    let request = drill.open(v1::Request { aircraft_count: 2, ..crash() }).await;
    let (one, two) = (drill.ask(&request).await, drill.ask(&request).await);
    assert_eq!((one.number, two.number), (1, 2));
    assert_eq!((one.state(), two.state()), (State::Asked, State::Asked));
    assert_ne!(one.asset, two.asset);

    // Both numbers have an open attempt: nobody else is asked.
    let third = refused(drill.dispatch.ask_requisition(ask_for(&request, "")).await);
    assert_eq!(third.reason, "ATTEMPT_OPEN");
    assert_eq!(third.metadata["requisition"], one.name);

    // The second base says no. Its place is not filled with the aircraft that the first number has.
    drill.decline(&two, v1::DeclineReason::DeclineWeather).await;
    let again = ask_for(&request, &one.asset);
    assert_eq!(reason_of(drill.dispatch.ask_requisition(again).await), "ASSET_ASKED_ALREADY");
    let next = drill.ask(&request).await;
    assert_eq!((next.number, next.attempt), (2, 2));
    assert!(next.asset != one.asset && next.asset != two.asset, "{}", next.asset);

    let missions = [drill.go(&one).await.unwrap(), drill.go(&next).await.unwrap()];
    drill.settle().await;
    let states: Vec<State> =
        drill.request(&request.name).await.requisitions.iter().map(v1::Requisition::state).collect();
    assert_eq!(states, [State::Committed, State::Declined, State::Committed]);
    // Two aircraft for two numbers are what was wanted: no warning.
    for mission in &missions {
        assert_eq!(drill.mission(&mission.name).await.notices, []);
    }
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_count_of_aircraft_can_grow_and_never_falls_below_what_was_begun() {
    let (mut drill, _data) = drill().await;
    let request = drill.open(crash()).await;
    drill.ask(&request).await;
    let count = |aircraft_count| v1::SetAircraftCountRequest {
        name: request.name.clone(),
        aircraft_count,
        ..Default::default()
    };
    let grown = drill.dispatch.set_aircraft_count(count(2)).await.unwrap().into_inner();
    assert_eq!(grown.aircraft_count, 2);
    assert_eq!(drill.ask(&request).await.number, 2);
    for too_few in [0, 1] {
        let answer = refused(drill.dispatch.set_aircraft_count(count(too_few)).await);
        assert_eq!(
            (answer.reason.as_str(), answer.field.as_deref()),
            ("FIELD_OUT_OF_RANGE", Some("aircraft_count"))
        );
    }
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_aircraft_that_is_held_is_not_held_for_another_scene() {
    let (mut drill, _data) = drill().await;
    let (first, second) = (drill.open(crash()).await, drill.open(crash()).await);
    let held = drill.ask(&first).await;
    let refused = drill.ask_asset(&second, &held.asset).await;
    assert_eq!(refused.state(), State::NotHeld);
    assert_eq!(refused.not_held_reason(), NotHeldReason::AssetHeld);
    assert_eq!(refused.blocker, held.name);
    // It is no end of the request: the next key asks somebody else.
    let next = drill.ask(&second).await;
    assert_eq!((next.state(), next.attempt), (State::Asked, 2));
    assert_ne!(next.asset, held.asset);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_scene_may_wait_for_the_end_of_a_mission_and_only_one() {
    use v1::mission::State::{Airborne, OnScene, Ready, Returning};
    let (mut drill, _data) = drill().await;
    let first = drill.open(crash()).await;
    let (asked, mission) = drill.ask_and_commit(&first).await;
    assert_eq!(drill.asset(&asked.asset).await.mission, mission.name);

    let second = drill.open(crash()).await;
    let waiting = drill.ask_asset(&second, &asked.asset).await;
    assert_eq!((waiting.state(), waiting.if_busy()), (State::Asked, IfBusy::Wait));
    let go = refused(drill.go(&waiting).await);
    assert_eq!(go.reason, "ASSET_ON_MISSION");
    assert_eq!(go.metadata["mission"], mission.name);

    let third = drill.open(crash()).await;
    let refused = drill.ask_asset(&third, &asked.asset).await;
    assert_eq!(refused.not_held_reason(), NotHeldReason::AssetHeld);
    assert_eq!(refused.blocker, waiting.name);

    drill.fly(&mission, &[Airborne, OnScene, Returning, Ready]).await;
    let next = drill.go(&waiting).await.unwrap();
    assert_eq!(next.asset, asked.asset);
    assert_ne!(next.name, mission.name);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_goes_beside_one_under_way_only_by_a_persons_word_and_both_are_told() {
    use v1::mission::Warning;
    let (mut drill, _data) = drill().await;
    let request = drill.open(crash()).await;
    let (one, first) = drill.ask_and_commit(&request).await;
    let another = v1::AskRequisitionRequest { number: 1, ..ask_for(&request, "") };
    assert_eq!(reason_of(drill.dispatch.ask_requisition(another.clone()).await), "NUMBER_SERVED");
    let another = v1::AskRequisitionRequest { send_another: true, after_attempt: Some(1), ..another };
    let two = drill.dispatch.ask_requisition(another).await.unwrap().into_inner();
    assert_eq!((two.number, two.attempt), (1, 2));
    assert_ne!(two.asset, one.asset);
    let second = drill.go(&two).await.unwrap();
    drill.settle().await;
    for (mission, other) in [(&first, &second), (&second, &first)] {
        let notices = drill.mission(&mission.name).await.notices;
        assert_eq!(notices.len(), 1, "{notices:?}");
        assert_eq!((notices[0].warning(), &notices[0].subject), (Warning::TwoAircraft, &other.name));
    }
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ask_that_was_passed_over_is_withdrawn_and_its_late_go_commits_nobody() {
    let (mut drill, _data) = drill().await;
    let request = drill.open(crash()).await;
    let one = drill.ask(&request).await;
    let another = v1::AskRequisitionRequest {
        number: 1,
        send_another: true,
        after_attempt: Some(1),
        ..ask_for(&request, "")
    };
    let two = drill.dispatch.ask_requisition(another).await.unwrap().into_inner();
    drill.settle().await;
    assert_eq!(drill.requisition(&one.name).await.state(), State::Withdrawn);
    assert_eq!(reason_of(drill.go(&one).await), "GO_TOO_LATE");
    drill.go(&two).await.unwrap();
    drill.settle().await;
    let states: Vec<State> =
        drill.request(&request.name).await.requisitions.iter().map(v1::Requisition::state).collect();
    assert_eq!(states, [State::Withdrawn, State::Committed]);
    drill.host.stop().await;
}
