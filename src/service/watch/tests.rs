//! Stories of a watcher.

use super::*;
use crate::api::v1::{Structure, change};
use crate::service::fake_union::FakeUnion;
use std::collections::BTreeMap;
use tokio_stream::StreamExt;
use tonic::Code;
use tonic_types::StatusExt;

/// What a client believes: notes by structure.
type Belief = BTreeMap<String, String>;

fn show(view: &Arc<View>, resources: &[Resource]) -> Vec<Change> {
    let closures = view.closures();
    let shown = resources.iter().filter_map(|resource| {
        let Resource::Structure(id) = resource else { return None };
        let (_, closure) = closures.get(id)?;
        let structure =
            Structure { name: id.to_string(), note: closure.note.clone(), ..Structure::default() };
        Some(Change { resource: Some(change::Resource::Structure(structure)) })
    });
    shown.collect()
}

fn watch_over(union: &Arc<FakeUnion>, limits: WatchLimits) -> Watch<FakeUnion> {
    Watch::new(Arc::clone(union), show, limits)
}

/// Heartbeats would come in between.
fn calm() -> WatchLimits {
    WatchLimits { heartbeat: Duration::from_secs(3_600), ..WatchLimits::default() }
}

async fn begin(watch: &Watch<FakeUnion>, token: &[u8]) -> Result<WatchStream, Status> {
    let request = WatchRequest { resume_token: token.to_vec(), ..WatchRequest::default() };
    watch.watch(Request::new(request)).await.map(Response::into_inner)
}

async fn next(stream: &mut WatchStream) -> WatchResponse {
    stream.next().await.expect("the stream goes on").expect("no refusal")
}

fn notes(response: &WatchResponse) -> Vec<(String, String)> {
    let structures = response.changes.iter().map(|change| match &change.resource {
        Some(change::Resource::Structure(structure)) => (structure.name.clone(), structure.note.clone()),
        other => panic!("unexpected {other:?}"),
    });
    structures.collect()
}

/// Reads up to the first message of a kind, learning on the way.
async fn learn_until(stream: &mut WatchStream, marker: Marker, belief: &mut Belief) -> WatchResponse {
    loop {
        let response = next(stream).await;
        if response.marker() == Marker::Reset {
            belief.clear();
        }
        belief.extend(notes(&response));
        if response.marker() == marker {
            return response;
        }
    }
}

fn reason(status: &Status) -> String {
    status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}

#[tokio::test]
async fn a_watch_shows_everything_says_current_and_goes_on_with_changes() {
    let union = Arc::new(FakeUnion::drill());
    union.say("members/hyogo", "structures/onaruto-bridge", "wind");
    let mut stream = begin(&watch_over(&union, calm()), &[]).await.unwrap();
    let page = next(&mut stream).await;
    assert_eq!(notes(&page), [("structures/onaruto-bridge".into(), "wind".into())]);
    assert!(page.resume_token.is_empty(), "who stops here has not seen all");
    let current = next(&mut stream).await;
    assert_eq!(current.marker(), Marker::Current);
    assert!(!current.resume_token.is_empty());
    union.say("members/tokushima", "structures/awa-tunnel", "fire");
    let change = next(&mut stream).await;
    assert_eq!(change.marker(), Marker::Change);
    assert_eq!(notes(&change), [("structures/awa-tunnel".into(), "fire".into())]);
}

#[tokio::test]
async fn at_a_desk_resources_are_shown_as_every_other_call_shows_them() {
    let union = Arc::new(FakeUnion::drill());
    union.say("members/hyogo", "structures/onaruto-bridge", "wind");
    let name =
        crate::decision::model::Name { ja: "大鳴門橋".to_owned(), en: "Onaruto bridge".to_owned() };
    let structures = BTreeMap::from([("structures/onaruto-bridge".parse().unwrap(), name)]);
    let desk = Arc::new(Desk::new(union, structures));
    let mut stream = begin(&Watch::at(&desk, calm()), &[]).await.unwrap();
    let shown = notes(&next(&mut stream).await);
    assert_eq!(shown, [("drill/kansai/structures/onaruto-bridge".into(), "wind".into())]);
}

#[tokio::test]
async fn a_large_snapshot_comes_in_pages() {
    let union = Arc::new(FakeUnion::drill());
    for n in 0..600 {
        union.say("members/hyogo", &format!("structures/s-{n:03}"), "x");
    }
    let mut stream = begin(&watch_over(&union, calm()), &[]).await.unwrap();
    let mut sizes = Vec::new();
    loop {
        let response = next(&mut stream).await;
        if response.marker() == Marker::Current {
            break;
        }
        sizes.push(response.changes.len());
    }
    assert_eq!(sizes, [256, 256, 88]);
}

#[tokio::test]
async fn who_was_away_gets_what_it_missed_and_nothing_else() {
    let union = Arc::new(FakeUnion::drill());
    union.say("members/hyogo", "structures/a", "1");
    let watch = watch_over(&union, calm());
    let mut stream = begin(&watch, &[]).await.unwrap();
    let token = learn_until(&mut stream, Marker::Current, &mut Belief::new()).await.resume_token;
    drop(stream);
    union.say("members/hyogo", "structures/b", "2");
    union.say("members/hyogo", "structures/b", "3");
    union.say("members/a-new-member", "structures/c", "4");
    let mut stream = begin(&watch, &token).await.unwrap();
    let change = next(&mut stream).await;
    let missed = [("structures/b".into(), "3".into()), ("structures/c".into(), "4".into())];
    assert_eq!((change.marker(), notes(&change)), (Marker::Change, missed.into()));
    let current = next(&mut stream).await;
    assert_eq!((current.marker(), &current.resume_token), (Marker::Current, &change.resume_token));
}

#[tokio::test]
async fn a_token_that_lies_too_far_back_or_ahead_resets() {
    let union = Arc::new(FakeUnion::drill());
    union.say("members/hyogo", "structures/a", "1");
    let watch = watch_over(&union, calm());
    let mut stream = begin(&watch, &[]).await.unwrap();
    let old = learn_until(&mut stream, Marker::Current, &mut Belief::new()).await.resume_token;
    union.say("members/hyogo", "structures/a", "2");
    let new = next(&mut stream).await.resume_token;
    union.forget();
    for (from, token) in [
        (&union, &old),
        // A server that was set up anew knows less than its watcher.
        (&Arc::new(FakeUnion::drill()), &new),
    ] {
        let mut stream = begin(&watch_over(from, calm()), token).await.unwrap();
        let reset = next(&mut stream).await;
        assert_eq!((reset.marker(), reset.resume_token.len()), (Marker::Reset, 0));
        let mut belief = Belief::from([("structures/gone".to_owned(), "x".to_owned())]);
        learn_until(&mut stream, Marker::Current, &mut belief).await;
        assert_eq!(belief.contains_key("structures/a"), Arc::ptr_eq(from, &union));
    }
    let mut stream = begin(&watch, &new).await.unwrap();
    assert_eq!(next(&mut stream).await.marker(), Marker::Current, "what was read is no reason to begin anew");
}

#[tokio::test]
async fn a_token_of_nowhere_or_elsewhere_is_refused() {
    let union = Arc::new(FakeUnion::drill());
    let other = Arc::new(FakeUnion::new("drill/other", None));
    let mut stream = begin(&watch_over(&other, calm()), &[]).await.unwrap();
    let token = next(&mut stream).await.resume_token;
    let watch = watch_over(&union, calm());
    for (token, expected) in [(&b"garbage"[..], "BAD_RESUME_TOKEN"), (&token, "TOKEN_OF_ANOTHER_SPACE")] {
        let status = begin(&watch, token).await.err().unwrap();
        assert_eq!((status.code(), reason(&status).as_str()), (Code::InvalidArgument, expected));
        assert_eq!(status.get_details_bad_request().unwrap().field_violations[0].field, "resume_token");
        assert!(status.get_details_localized_message().is_some());
    }
}

#[tokio::test]
async fn only_what_was_asked_for_is_shown() {
    let union = Arc::new(FakeUnion::drill());
    union.say("members/hyogo", "structures/a", "1");
    union.say("members/osaka", "structures/b", "2");
    let watch = watch_over(&union, calm());
    for (kinds, member, expected) in
        [(vec!["structure"], "members/osaka", 1), (vec!["asset", "site"], "", 0), (vec![], "", 2)]
    {
        let kinds = kinds.into_iter().map(str::to_owned).collect();
        let request = WatchRequest { kinds, member: member.to_owned(), resume_token: vec![] };
        let mut stream = watch.watch(Request::new(request)).await.unwrap().into_inner();
        let mut belief = Belief::new();
        learn_until(&mut stream, Marker::Current, &mut belief).await;
        assert_eq!(belief.len(), expected, "{member}");
    }
}

#[tokio::test]
async fn heartbeats_come_with_a_fresh_token() {
    let union = Arc::new(FakeUnion::drill());
    union.say("members/hyogo", "structures/a", "1");
    let limits = WatchLimits { heartbeat: Duration::from_millis(2), ..WatchLimits::default() };
    let mut stream = begin(&watch_over(&union, limits), &[]).await.unwrap();
    let before = learn_until(&mut stream, Marker::Heartbeat, &mut Belief::new()).await.resume_token;
    union.say("members/hyogo", "structures/a", "2");
    let change = learn_until(&mut stream, Marker::Change, &mut Belief::new()).await.resume_token;
    let after = learn_until(&mut stream, Marker::Heartbeat, &mut Belief::new()).await.resume_token;
    assert_eq!(after, change);
    assert_ne!(after, before);
}

#[tokio::test]
async fn who_does_not_read_is_cut_off_and_resumes_without_a_gap() {
    let union = Arc::new(FakeUnion::drill());
    let limits = WatchLimits { queue: 1, patience: Duration::from_millis(2), ..calm() };
    let watch = watch_over(&union, limits);
    let mut stream = begin(&watch, &[]).await.unwrap();
    let mut token = next(&mut stream).await.resume_token;
    let mut said = 0;
    while !stream.queue.is_closed() {
        said += 1;
        union.say("members/hyogo", &format!("structures/s-{said}"), "x");
        tokio::task::yield_now().await;
    }
    let mut belief = Belief::new();
    let status = loop {
        match stream.next().await.unwrap() {
            Ok(response) => {
                belief.extend(notes(&response));
                token = response.resume_token;
            }
            Err(status) => break status,
        }
    };
    assert_eq!((status.code(), reason(&status).as_str()), (Code::Unavailable, "SLOW_WATCHER"));
    assert!(status.get_details_retry_info().is_some());
    assert!(stream.next().await.is_none());
    assert!(belief.len() < said);
    let mut stream = begin(&watch, &token).await.unwrap();
    learn_until(&mut stream, Marker::Current, &mut belief).await;
    assert_eq!(belief.len(), said);
}

#[tokio::test]
async fn one_watch_too_many_is_refused_and_a_place_left_is_a_place_free() {
    let union = Arc::new(FakeUnion::drill());
    let watch = watch_over(&union, WatchLimits { watches_max: 1, ..calm() });
    let first = begin(&watch, &[]).await.unwrap();
    let status = begin(&watch, &[]).await.err().unwrap();
    assert_eq!((status.code(), reason(&status).as_str()), (Code::ResourceExhausted, "TOO_MANY_WATCHES"));
    drop(first);
    assert!(begin(&watch, &[]).await.is_ok());
}

/// Two ledgers speak, one logging before it publishes and one after, while watchers come and go at every point.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_often_a_watcher_comes_and_goes_it_ends_up_knowing_everything() {
    const RECORDS: usize = 2_000;
    let union = Arc::new(FakeUnion::drill());
    let watch =
        watch_over(&union, WatchLimits { heartbeat: Duration::from_millis(1), ..WatchLimits::default() });
    let writer = Arc::clone(&union);
    let writing = std::thread::spawn(move || {
        for n in 0..RECORDS {
            let structure = format!("structures/s-{}", n % 97);
            match n % 2 {
                0 => writer.say("members/hyogo", &structure, &n.to_string()),
                _ => writer.say_before_logging("members/osaka", &structure, &n.to_string()),
            }
            // A log that is cut now and then makes watchers begin anew.
            if n % 701 == 700 {
                writer.forget();
            }
        }
    });
    let (mut belief, mut token, mut visits) = (Belief::new(), Vec::new(), 0_usize);
    let mut finished = false;
    while !finished {
        // What is read in the last visit was asked for after the last word.
        finished = writing.is_finished();
        let mut stream = begin(&watch, &token).await.unwrap();
        if token.is_empty() {
            belief.clear();
        }
        visits += 1;
        for _ in 0..(visits % 7 + 1) {
            let response = next(&mut stream).await;
            if response.marker() == Marker::Reset {
                belief.clear();
            }
            belief.extend(notes(&response));
            token = response.resume_token.clone();
        }
        if finished {
            learn_until(&mut stream, Marker::Heartbeat, &mut belief).await;
        }
    }
    let view = union.view();
    let known = view.closures().into_iter().map(|(id, (_, closure))| (id.to_string(), closure.note.clone()));
    assert_eq!(belief, known.collect::<Belief>());
    assert!(visits > 3, "{visits}");
}
