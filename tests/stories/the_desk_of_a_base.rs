//! What a custodian is asked, and what a request has asked, are lists that a desk can keep open.

use crate::common::{Served, crash, drill, reason_of};
use yui::api::v1;

async fn asks(drill: &mut Served, parent: &str, filter: &str) -> Vec<String> {
    let (parent, filter) = (parent.to_owned(), filter.to_owned());
    let list = v1::ListRequisitionsRequest { parent, filter, ..Default::default() };
    let asks = drill.dispatch.list_requisitions(list).await.unwrap().into_inner().requisitions;
    asks.into_iter().map(|asked| asked.name).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn asks_are_listed_by_custodian_by_request_by_state_and_by_aircraft() {
    let (mut drill, _data) = drill().await;
    let (first, second) = (drill.open(crash()).await, drill.open(crash()).await);
    let one = drill.ask_asset(&first, "members/hyogo/assets/heli-toyooka").await;
    let two = drill.ask_asset(&second, "members/osaka/assets/heli-osaka").await;
    let three = {
        drill.decline(&one, v1::DeclineReason::DeclineWeather).await;
        drill.ask_asset(&first, "members/hyogo/assets/heli-kakogawa").await
    };
    // Both requests were made in Hyogo; Osaka's base sees what Osaka is asked.
    assert_eq!(asks(&mut drill, "members/osaka", "").await, [two.name.as_str()]);
    assert_eq!(asks(&mut drill, "members/hyogo", "").await, [one.name.as_str(), &three.name]);
    assert_eq!(asks(&mut drill, "members/hyogo", "state = ASKED").await, [three.name.as_str()]);
    assert_eq!(asks(&mut drill, &first.name, "state = DECLINED").await, [one.name.as_str()]);
    let by_aircraft = format!("asset = \"{}\"", two.asset);
    assert_eq!(asks(&mut drill, "members/-", &by_aircraft).await, [two.name.as_str()]);
    assert_eq!(asks(&mut drill, "members/-", "").await.len(), 3);

    let list = |parent: &str| v1::ListRequisitionsRequest { parent: parent.to_owned(), ..Default::default() };
    let nobody = drill.dispatch.list_requisitions(list("members/hyogo/requests/r-99")).await;
    assert_eq!(reason_of(nobody), "NOT_FOUND");
    assert_eq!(reason_of(drill.dispatch.list_requisitions(list("")).await), "FIELD_REQUIRED");
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_are_listed_by_state_and_kind_and_missions_by_aircraft() {
    let (mut drill, _data) = drill().await;
    let (open, gone) = (drill.open(crash()).await, drill.open(crash()).await);
    let (asked, mission) = drill.ask_and_commit(&open).await;
    let reason = v1::CancelReason::PatientDied.into();
    let cancel = v1::CancelRequestRequest { name: gone.name, reason, ..Default::default() };
    drill.dispatch.cancel_request(cancel).await.unwrap();
    let list = |filter: &str| v1::ListRequestsRequest {
        parent: "members/-".to_owned(),
        filter: filter.to_owned(),
        ..Default::default()
    };
    let found =
        drill.dispatch.list_requests(list("state = OPEN AND kind = SCENE")).await.unwrap().into_inner();
    assert_eq!(found.requests.iter().map(|request| &request.name).collect::<Vec<_>>(), [&open.name]);
    let found = drill.dispatch.list_requests(list("kind = TRANSFER")).await.unwrap().into_inner();
    assert_eq!(found.requests, []);
    let list = v1::ListMissionsRequest {
        parent: "members/hyogo".to_owned(),
        filter: format!("asset = \"{}\" AND state = COMMITTED", asked.asset),
        ..Default::default()
    };
    let missions = drill.dispatch.list_missions(list).await.unwrap().into_inner().missions;
    assert_eq!(missions.iter().map(|mission| &mission.name).collect::<Vec<_>>(), [&mission.name]);
    drill.host.stop().await;
}
