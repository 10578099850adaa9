//! Requests that members merge into each other at the same time.

use super::fixtures::{Union, id};
use crate::decision::Command;
use crate::decision::model::*;
use crate::id::RequestId;

fn merge(request: &RequestId, into: &RequestId) -> Command {
    Command::MergeRequest { request: request.clone(), into: into.clone() }
}

fn state<'a>(union: &'a Union, request: &RequestId) -> &'a RequestState {
    &union.of(request.member.slug()).requests[request].state
}

#[test]
fn two_requests_that_were_merged_into_each_other_do_not_drop_the_scene() {
    let mut union = Union::new();
    let (ours, theirs) = (union.opened("a"), union.opened("b"));
    union.given("a", merge(&ours, &theirs));
    union.given("b", merge(&theirs, &ours));
    union.settle();
    assert_eq!(*state(&union, &ours), RequestState::Open, "the lowest name goes on");
    assert_eq!(*state(&union, &theirs), RequestState::Merged { into: ours.clone() });
    assert_eq!(union.of("a").requests[&ours].reopened_from, Some(theirs));
    assert_eq!(union.of("a").requests_open_count, 1);
}

#[test]
fn a_ring_of_merges_is_opened_at_one_place() {
    let mut union = Union::new();
    let (a1, b1, b2) = (union.opened("a"), union.opened("b"), union.opened("b"));
    // Within one ledger: b2 into b1; across: b1 into a1, while a1 goes into b2.
    union.given("b", merge(&b2, &b1));
    union.given("b", merge(&b1, &a1));
    union.given("a", merge(&a1, &b2));
    union.settle();
    let open = [&a1, &b1, &b2].map(|request| *state(&union, request) == RequestState::Open);
    assert_eq!(open, [true, false, false]);
}

#[test]
fn a_request_merged_into_one_that_was_just_cancelled_goes_on() {
    let mut union = Union::new();
    let (ours, theirs) = (union.opened("a"), union.opened("b"));
    let cancel = Command::CancelRequest { request: theirs.clone(), reason: CancelReason::Duplicate };
    union.given("b", cancel);
    union.pass(1);
    union.given("a", merge(&ours, &theirs));
    union.settle();
    assert_eq!(*state(&union, &ours), RequestState::Open);
}

#[test]
fn a_request_stays_merged_when_the_other_is_done() {
    let mut union = Union::new();
    let (ours, theirs) = (union.opened("a"), union.opened("b"));
    union.given("a", merge(&ours, &theirs));
    union.pass(3_600);
    union.given("b", Command::CloseRequest { request: theirs.clone() });
    union.settle();
    assert_eq!(*state(&union, &ours), RequestState::Merged { into: theirs });
    let unknown: RequestId = id("members/a/requests/r-9");
    assert!(union.when("a", Command::ReopenRequest { request: unknown }).is_err());
}
