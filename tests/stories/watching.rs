//! A console follows the drill: a snapshot, what changes, and after a cut exactly what it missed.

use crate::common::{Served, crash, drill, reason_of};
use tonic::Streaming;
use v1::change::Resource;
use v1::watch_response::Marker;
use yui::api::v1;

/// Watches requests, requisitions and missions.
fn calls(resume_token: Vec<u8>) -> v1::WatchRequest {
    let kinds = ["request", "requisition", "mission"].map(str::to_owned).to_vec();
    v1::WatchRequest { kinds, resume_token, ..Default::default() }
}

/// A watch, and what it was told last.
struct Watcher {
    stream: Streaming<v1::WatchResponse>,
    token: Vec<u8>,
}

impl Watcher {
    async fn start(drill: &mut Served, watch: v1::WatchRequest) -> Watcher {
        Watcher { stream: drill.watch.watch(watch).await.unwrap().into_inner(), token: Vec::new() }
    }

    async fn next(&mut self) -> v1::WatchResponse {
        let response = self.stream.message().await.unwrap().expect("the server goes on");
        if !response.resume_token.is_empty() {
            self.token = response.resume_token.clone();
        }
        response
    }

    /// Everything up to the marker.
    async fn until(&mut self, marker: Marker) -> Vec<Resource> {
        let mut seen = Vec::new();
        loop {
            let response = self.next().await;
            let told = response.marker();
            seen.extend(response.changes.into_iter().filter_map(|change| change.resource));
            if told == marker {
                return seen;
            }
        }
    }

    /// Everything up to a change that `wanted` likes.
    async fn until_shown(&mut self, wanted: impl Fn(&Resource) -> bool) -> Vec<Resource> {
        let mut seen = Vec::new();
        while !seen.iter().any(&wanted) {
            seen.extend(self.next().await.changes.into_iter().filter_map(|change| change.resource));
        }
        seen
    }
}

fn is_asked(resource: &Resource) -> bool {
    matches!(resource, Resource::Requisition(asked) if asked.state() == v1::requisition::State::Asked)
}

fn is_committed(resource: &Resource) -> bool {
    matches!(resource, Resource::Requisition(asked) if asked.state() == v1::requisition::State::Committed)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_is_followed_by_what_changes() {
    let (mut drill, _data) = drill().await;
    let old = drill.open(crash()).await;
    let mut watcher = Watcher::start(&mut drill, calls(Vec::new())).await;
    let snapshot = watcher.until(Marker::Current).await;
    assert!(
        matches!(&snapshot[..], [Resource::Request(request)] if request.name == old.name),
        "{snapshot:?}"
    );
    // What only the two ends of a call may read is not told to everybody.
    assert!(matches!(&snapshot[0], Resource::Request(request) if request.caller.is_empty()));

    let asked = drill.ask(&old).await;
    watcher.until_shown(is_asked).await;
    let mission = drill.go(&asked).await.unwrap();
    let seen = watcher.until_shown(is_committed).await;
    assert!(seen.iter().any(|r| matches!(r, Resource::Mission(shown) if shown.name == mission.name)));
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_in_the_snapshot_of_a_watch_without_filter() {
    let (mut drill, _data) = drill().await;
    let mut watcher = Watcher::start(&mut drill, v1::WatchRequest::default()).await;
    let snapshot = watcher.until(Marker::Current).await;
    let sites = snapshot.iter().filter(|resource| matches!(resource, Resource::Site(_))).count();
    assert!(sites > 1_000, "{sites}");
    let member = v1::WatchRequest {
        member: "members/nara".to_owned(),
        kinds: vec!["asset".to_owned()],
        ..Default::default()
    };
    let nara = Watcher::start(&mut drill, member).await.until(Marker::Current).await;
    assert!(!nara.is_empty());
    for resource in nara {
        assert!(matches!(&resource, Resource::Asset(a) if a.name.contains("/members/nara/")), "{resource:?}");
    }
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_cut_only_what_was_missed_comes() {
    let (mut drill, _data) = drill().await;
    let (before, request) = (drill.open(crash()).await, drill.open(crash()).await);
    let mut watcher = Watcher::start(&mut drill, calls(Vec::new())).await;
    assert_eq!(watcher.until(Marker::Current).await.len(), 2);
    let token = watcher.token.clone();
    drop(watcher);
    let asked = drill.ask(&request).await;
    let mut watcher = Watcher::start(&mut drill, calls(token)).await;
    let missed = watcher.until(Marker::Current).await;
    assert!(missed.iter().any(|r| matches!(r, Resource::Requisition(shown) if shown.name == asked.name)));
    assert!(!missed.iter().any(|r| matches!(r, Resource::Request(shown) if shown.name == before.name)));
    drill.go(&asked).await.unwrap();
    watcher.until_shown(is_committed).await;
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_restart_of_the_server_everything_comes_again() {
    let (mut drill, data) = drill().await;
    let request = drill.open(crash()).await;
    let mut watcher = Watcher::start(&mut drill, calls(Vec::new())).await;
    watcher.until(Marker::Current).await;
    let asked = drill.ask(&request).await;
    drill.host.stop().await;
    let mut drill = crate::common::kansai(data.path()).await;
    let mut watcher = Watcher::start(&mut drill, calls(watcher.token)).await;
    assert_eq!(watcher.next().await.marker(), Marker::Reset);
    let snapshot = watcher.until(Marker::Current).await;
    assert!(snapshot.iter().any(|r| matches!(r, Resource::Requisition(shown) if shown.name == asked.name)));
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_from_a_longer_history_is_answered_with_a_reset() {
    let ((mut one, _one), (mut other, _other)) = (drill().await, drill().await);
    one.open(crash()).await;
    let mut watcher = Watcher::start(&mut one, calls(Vec::new())).await;
    watcher.until(Marker::Current).await;

    let mut told = Watcher::start(&mut other, calls(watcher.token.clone())).await;
    assert_eq!(told.next().await.marker(), Marker::Reset);
    assert_eq!(told.until(Marker::Current).await, [], "here nobody called");
    one.host.stop().await;
    other.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_none_of_this_watch_is_refused() {
    let (mut drill, _data) = drill().await;
    let mut watcher = Watcher::start(&mut drill, calls(Vec::new())).await;
    watcher.until(Marker::Current).await;
    let token = watcher.token.clone();
    let other = v1::WatchRequest { kinds: vec!["site".to_owned()], ..calls(token.clone()) };
    assert_eq!(reason_of(drill.watch.watch(other).await), "TOKEN_OF_ANOTHER_QUERY");
    for damaged in [vec![0; 40], token[1..].to_vec(), vec![0xff; 100_000]] {
        assert_eq!(reason_of(drill.watch.watch(calls(damaged)).await), "BAD_RESUME_TOKEN");
    }
    let unknown = v1::WatchRequest { kinds: vec!["helicopter".to_owned()], ..Default::default() };
    assert_eq!(reason_of(drill.watch.watch(unknown).await), "UNKNOWN_KIND");

    let (mut live, _folder) = crate::common::live().await;
    assert_eq!(reason_of(live.watch.watch(calls(token)).await), "TOKEN_OF_ANOTHER_SPACE");
    live.host.stop().await;
    drill.host.stop().await;
}
