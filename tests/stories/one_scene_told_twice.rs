//! Two fire departments hear of one accident: the requests find each other, and a person links or merges them.

use crate::common::{Served, TAMBA, crash, crash_at, drill, reason_of};
use yui::api::v1;
use yui::api::v1::requisition::State;

/// 600 m from the crash, told by the neighbours.
const NEARBY: (f64, f64) = (35.175_4, 135.040);
const NEIGHBOURS: &str = "members/kyoto/organisations/fd-fukuchiyama";

async fn merge(drill: &mut Served, from: &v1::Request, into: &v1::Request) -> v1::Request {
    let merge =
        v1::MergeRequestsRequest { name: from.name.clone(), into: into.name.clone(), ..Default::default() };
    let merged = drill.dispatch.merge_requests(merge).await.unwrap().into_inner();
    drill.settle().await;
    merged
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_find_each_other_by_place_time_and_kind() {
    let (mut drill, _data) = drill().await;
    let first = drill.open(crash()).await;
    let same = drill.open(crash_at(NEARBY, NEIGHBOURS)).await;
    // 1.2 km away is another scene, and so is a search from the air of the same place.
    let far = drill.open(crash_at((TAMBA.0 + 0.011, TAMBA.1), NEIGHBOURS)).await;
    let look = v1::RequestKind::Reconnaissance.into();
    let other_kind = drill.open(v1::Request { kind: look, ..crash() }).await;
    drill.advance(31 * 60).await;
    let later = drill.open(crash()).await;

    let here: Vec<String> = vec![same.name.clone()];
    assert_eq!(drill.request(&first.name).await.possible_duplicates, here);
    assert_eq!(same.possible_duplicates, [first.name.as_str()]);
    assert_eq!(drill.request(&other_kind.name).await.possible_duplicates, [""; 0]);
    assert_eq!(later.possible_duplicates, [""; 0]);
    assert_eq!(drill.request(&far.name).await.possible_duplicates, here, "600 m from the second");
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn linked_by_a_person_they_are_shown_together_and_not_suggested_again() {
    let (mut drill, _data) = drill().await;
    let first = drill.open(crash()).await;
    let second = drill.open(crash_at(NEARBY, NEIGHBOURS)).await;
    let link = |name: &str, other: &str| v1::LinkRequestsRequest {
        name: name.to_owned(),
        other: other.to_owned(),
        ..Default::default()
    };
    let linked = drill.dispatch.link_requests(link(&first.name, &second.name)).await.unwrap().into_inner();
    assert_eq!(linked.links, [second.name.as_str()]);
    assert_eq!(linked.possible_duplicates, [""; 0]);
    let itself = drill.dispatch.link_requests(link(&first.name, &first.name)).await;
    assert_eq!(reason_of(itself), "SAME_REQUEST");
    let nobody = drill.dispatch.link_requests(link(&first.name, "members/kyoto/requests/r-99")).await;
    assert_eq!(reason_of(nobody), "NOT_FOUND");
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn merged_before_the_go_its_hold_is_withdrawn() {
    let (mut drill, _data) = drill().await;
    let first = drill.open(crash()).await;
    let second = drill.open(crash_at(NEARBY, NEIGHBOURS)).await;
    let held = drill.ask(&second).await;
    let merged = merge(&mut drill, &second, &first).await;
    assert_eq!((merged.state(), &merged.merged_into), (v1::request::State::Merged, &first.name));
    assert_eq!(drill.requisition(&held.name).await.state(), State::Withdrawn);
    // It opens nothing more.
    let ask = crate::common::ask_for(&second, "");
    assert_eq!(reason_of(drill.dispatch.ask_requisition(ask).await), "REQUEST_NOT_OPEN");
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn merged_after_the_go_its_mission_goes_on_and_is_shown_at_both() {
    let (mut drill, _data) = drill().await;
    let first = drill.open(crash()).await;
    let second = drill.open(crash_at(NEARBY, NEIGHBOURS)).await;
    let (asked, mission) = drill.ask_and_commit(&second).await;
    merge(&mut drill, &second, &first).await;
    let flying = drill.mission(&mission.name).await;
    assert_eq!(
        (flying.state(), flying.end()),
        (v1::mission::State::Committed, v1::mission::End::Unspecified)
    );
    for request in [&first, &second] {
        let shown = drill.request(&request.name).await;
        let names: Vec<&String> = shown.requisitions.iter().map(|requisition| &requisition.name).collect();
        assert_eq!(names, [&asked.name], "at {}", request.name);
    }
    assert_eq!(drill.request(&first.name).await.merged_from, [second.name]);
    drill.host.stop().await;
}
