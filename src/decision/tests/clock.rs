//! What a suspect clock pauses, and what the time of the pause is added to.

use super::fixtures::{ANSWER_S, START, Union};
use crate::decision::touches::{Resource, Touched};
use crate::decision::{Command, Event, Rejection};

const X: &str = "members/b/assets/x";
const Y: &str = "members/b/assets/y";

#[test]
fn only_what_was_there_before_the_suspicion_gets_its_time_on_top() {
    let mut union = Union::new();
    let (_, before) = union.asked("a", X);
    union.settle();
    union.pass(10);
    union.given("b", Command::SuspectClock { off_millis: 3_600_000 });
    union.pass(100);
    let (_, meanwhile) = union.asked("a", Y);
    union.settle();
    union.pass(20);
    union.given("b", Command::TrustClock { by: None, stepped_s: 0 });
    let holds = &union.of("b").holds;
    assert_eq!(holds[&before].answer_by, START + ANSWER_S + 120, "it was paused for two minutes");
    assert_eq!(holds[&meanwhile].answer_by, START + 110 + ANSWER_S, "it had all of its time");
}

#[test]
fn a_step_of_the_clock_costs_nobody_an_answer() {
    let mut union = Union::new();
    let (_, before) = union.asked("a", X);
    union.settle();
    union.pass(10);
    union.given("b", Command::SuspectClock { off_millis: 3_600_000 });
    union.pass(5);
    let (_, meanwhile) = union.asked("a", Y);
    union.settle();
    // A person says that the clock, an hour ahead, is right.
    union.pass(5 + 3_600);
    union.given("b", Command::TrustClock { by: Some("Sato".to_owned()), stepped_s: 3_600 });
    let holds = &union.of("b").holds;
    assert_eq!(holds[&before].answer_by, union.at + ANSWER_S - 10);
    assert_eq!(holds[&meanwhile].answer_by, union.at + ANSWER_S - 5);
    assert_eq!(union.of("b").clock_suspect_since, None);
}

#[test]
fn a_suspicion_is_a_change_of_its_member() {
    let mut union = Union::new();
    let events = union.given("b", Command::SuspectClock { off_millis: 9_000 });
    let ledger = super::fixtures::ledger("b");
    let touched = Touched::by(&ledger, 1, &events, union.of("b"));
    assert_eq!(touched.resources, [Resource::Member("members/b".parse().unwrap())]);
}

#[test]
fn nobody_vouches_for_a_clock_without_a_name_or_a_doubt() {
    let mut union = Union::new();
    let trust = |by: &str| Command::TrustClock { by: Some(by.to_owned()), stepped_s: 0 };
    let ledger = super::fixtures::ledger("b");
    assert_eq!(union.when("b", trust("Sato")), Err(Rejection::ClockTrustedAlready { ledger }));
    union.given("b", Command::SuspectClock { off_millis: 9_000 });
    assert!(matches!(union.when("b", trust(" ")), Err(Rejection::InvalidField { field: "trusted_by", .. })));
    let by = Some("Sato".to_owned());
    assert_eq!(
        union.when("b", trust("Sato")),
        Ok(vec![Event::ClockTrusted { paused_s: 0, stepped_s: 0, by }])
    );
}
