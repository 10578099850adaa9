//! The next candidate is asked by itself only under an order that names who answers for it.

use crate::common::{Served, crash, drill, printed, reason_of};
use yui::api::v1;
use yui::api::v1::requisition::State;

async fn give(drill: &mut Served) -> v1::StandingOrder {
    let order = v1::StandingOrder {
        answers_for: "当直司令 田中".to_owned(),
        expire_time: Some(drill.time(3_600).await),
        ..Default::default()
    };
    let give = v1::GiveStandingOrderRequest {
        parent: "members/hyogo".to_owned(),
        standing_order_id: "night-watch".to_owned(),
        standing_order: Some(order),
        ..Default::default()
    };
    drill.registry.give_standing_order(give).await.unwrap().into_inner()
}

/// The asks of a request, once the ledgers are at rest.
async fn asks(drill: &mut Served, request: &v1::Request) -> Vec<v1::Requisition> {
    drill.settle().await;
    drill.request(&request.name).await.requisitions
}

#[tokio::test(flavor = "multi_thread")]
async fn under_a_standing_order_the_next_is_asked_after_a_no_and_after_silence() {
    let (mut drill, _data) = drill().await;
    let order = give(&mut drill).await;
    assert!(order.in_force && order.answers_for == "当直司令 田中");
    let request = drill.open(crash()).await;
    assert_eq!(asks(&mut drill, &request).await, [], "the first is always asked by a person");
    let first = drill.ask(&request).await;
    assert_eq!(first.standing_order, "");

    drill.decline(&first, v1::DeclineReason::DeclineNoCrew).await;
    let asked = asks(&mut drill, &request).await;
    assert_eq!(asked.iter().map(|a| a.state()).collect::<Vec<_>>(), [State::Declined, State::Asked]);
    assert_eq!(asked[1].standing_order, printed("members/hyogo/standingOrders/night-watch"));
    assert_ne!(asked[1].asset, first.asset);

    drill.advance(200).await;
    let asked = asks(&mut drill, &request).await;
    let states: Vec<State> = asked.iter().map(v1::Requisition::state).collect();
    assert_eq!(states, [State::Declined, State::Expired, State::Asked]);
    // It never commits: that is the base's word.
    assert_eq!(asked[2].mission, "");
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_one_nothing_is_asked_by_itself() {
    let (mut drill, _data) = drill().await;
    let request = drill.open(crash()).await;
    let first = drill.ask(&request).await;
    drill.decline(&first, v1::DeclineReason::DeclineWeather).await;
    drill.advance(600).await;
    assert_eq!(asks(&mut drill, &request).await.len(), 1);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_ran_out_or_was_revoked_asks_nobody() {
    let (mut drill, _data) = drill().await;
    let order = give(&mut drill).await;
    let request = drill.open(crash()).await;
    let first = drill.ask(&request).await;
    let revoke = v1::RevokeStandingOrderRequest { name: order.name.clone(), ..Default::default() };
    assert!(!drill.registry.revoke_standing_order(revoke.clone()).await.unwrap().into_inner().in_force);
    assert_eq!(reason_of(drill.registry.revoke_standing_order(revoke).await), "STANDING_ORDER_NOT_IN_FORCE");
    drill.decline(&first, v1::DeclineReason::DeclineWeather).await;
    assert_eq!(asks(&mut drill, &request).await.len(), 1);

    // Given anew it holds for an hour, and not longer.
    give(&mut drill).await;
    drill.advance(3_601).await;
    let after = drill.open(crash()).await;
    let asked = drill.ask(&after).await;
    drill.decline(&asked, v1::DeclineReason::DeclineWeather).await;
    assert_eq!(asks(&mut drill, &after).await.len(), 1);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_person_takes_back_is_not_asked_again_by_itself() {
    let (mut drill, _data) = drill().await;
    give(&mut drill).await;
    let request = drill.open(crash()).await;
    let first = drill.ask(&request).await;
    let withdraw = v1::WithdrawRequisitionRequest { name: first.name, ..Default::default() };
    drill.dispatch.withdraw_requisition(withdraw).await.unwrap();
    assert_eq!(asks(&mut drill, &request).await.len(), 1);
    drill.host.stop().await;
}
