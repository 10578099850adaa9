//! The server stops in the middle of an ask: what was asked stands, its time runs on, and the answer counts.

use crate::common::{crash, drill, kansai, reason_of};
use v1::requisition::State;
use yui::api::v1;

#[tokio::test(flavor = "multi_thread")]
async fn an_open_ask_is_answered_after_the_restart() {
    let (mut drill, data) = drill().await;
    let request = drill.open(crash()).await;
    let asked = drill.ask(&request).await;
    drill.host.stop().await;

    let mut drill = kansai(data.path()).await;
    drill.settle().await;
    assert_eq!(drill.requisition(&asked.name).await, asked);
    let mission = drill.go(&asked).await.unwrap();
    assert_eq!(mission.asset, asked.asset);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ask_ends_at_its_time_across_a_restart() {
    let (mut drill, data) = drill().await;
    let request = drill.open(crash()).await;
    let asked = drill.ask(&request).await;
    drill.advance(100).await;
    // A drill that nobody wrote in goes on where its last record stood.
    let name = asked.name.clone();
    let acknowledge = v1::AcknowledgeRequisitionRequest { name, ..Default::default() };
    drill.dispatch.acknowledge_requisition(acknowledge).await.unwrap();
    drill.host.stop().await;

    let mut drill = kansai(data.path()).await;
    drill.advance(79).await;
    assert_eq!(drill.requisition(&asked.name).await.state(), State::Acknowledged);
    drill.advance(1).await;
    assert_eq!(drill.requisition(&asked.name).await.state(), State::Expired);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_after_the_restart_is_the_same_request() {
    let (mut drill, data) = drill().await;
    let call = v1::CreateRequestRequest { request_id: "call-7".to_owned(), ..crate::common::create(crash()) };
    let first = drill.dispatch.create_request(call.clone()).await.unwrap().into_inner();
    drill.host.stop().await;

    let mut drill = kansai(data.path()).await;
    let again = drill.dispatch.create_request(call.clone()).await.unwrap().into_inner();
    assert_eq!(again.name, first.name);
    let other = v1::CreateRequestRequest { request: Some(v1::Request { stretchers: 2, ..crash() }), ..call };
    assert_eq!(reason_of(drill.dispatch.create_request(other).await), "REQUEST_ID_REUSED");
    drill.host.stop().await;
}
