//! When the next aircraft may be asked, and by whose word.

use super::fixtures::{Union, id};
use crate::decision::model::*;
use crate::decision::{Command, Rejection};
use crate::id::RequisitionId;

const X: &str = "members/b/assets/x";
const Y: &str = "members/b/assets/y";
const Z: &str = "members/b/assets/z";

fn telephone() -> Telephone {
    Telephone { said_by: "base".to_owned(), typed_by: "desk".to_owned() }
}

fn decline(requisition: &RequisitionId) -> Command {
    let (requisition, reason) = (requisition.clone(), DeclineReason::Weather);
    Command::DeclineRequisition { requisition, reason, telephone: None }
}

#[test]
fn nobody_is_asked_while_an_attempt_that_a_person_went_past_may_fly() {
    let mut union = Union::new();
    let order = union.standing_order("a");
    let (request, first) = union.asked("a", X);
    union.settle();
    let mission = union.committed("b", &first);
    // The link is cut: the requesting side has not read the commitment, and a person sends another, who declines.
    let second = union.ask(&request, Y, |ask| ask.send_another = true).unwrap();
    let declined = AttemptState::Ended(AttemptEnd::Declined(DeclineReason::Weather));
    union.given("a", Command::RecordOutcome { requisition: second, state: declined });
    assert_eq!(union.attempt(&first).state, AttemptState::Ended(AttemptEnd::Superseded));
    assert_eq!(union.wanted("a"), [], "the first may still fly");
    let by_order = union.ask(&request, Z, |ask| ask.standing_order = Some(order.clone()));
    assert_eq!(by_order, Err(Rejection::AttemptOpen { requisition: first.clone() }));
    // The link heals.
    let state = AttemptState::Committed { mission };
    union.given("a", Command::RecordOutcome { requisition: first.clone(), state });
    assert_eq!(union.wanted("a"), []);
    let by_key = union.ask(&request, Z, |_| {});
    assert_eq!(by_key, Err(Rejection::NumberServed { requisition: first }));
    assert!(union.ask(&request, Z, |ask| ask.send_another = true).is_ok(), "a person's word goes past it");
}

#[test]
fn a_key_pressed_twice_asks_once() {
    let mut union = Union::new();
    let (request, first) = union.asked("a", X);
    let press = |union: &mut Union, asset| {
        union.ask(&request, asset, |ask| {
            ask.send_another = true;
            ask.after = Some(1);
        })
    };
    assert!(press(&mut union, Y).is_ok());
    let (seen, now) = (union.attempt(&first).sequence, union.of("a").sequence);
    let stale = Rejection::SeenStale { ledger: super::fixtures::ledger("a"), seen, now };
    assert_eq!(press(&mut union, Z), Err(stale));
}

#[test]
fn a_standing_order_asks_on_after_a_no() {
    let mut union = Union::new();
    let order = union.standing_order("a");
    let (_, first) = union.asked("a", X);
    union.settle();
    union.given("b", decline(&first));
    union.settle();
    let wanted = union.wanted("a");
    assert_eq!(wanted.iter().map(|w| (w.attempt, &w.standing_order)).collect::<Vec<_>>(), [(2, &order)]);
}

#[test]
fn a_standing_order_does_not_go_past_what_a_person_took_back() {
    let mut union = Union::new();
    union.standing_order("a");
    let (_, first) = union.asked("a", X);
    union.settle();
    union.given("a", Command::WithdrawAttempt { requisition: first.clone() });
    // The base said no before it read that.
    union.given("b", decline(&first));
    union.settle();
    assert_eq!(
        union.attempt(&first).state,
        AttemptState::Ended(AttemptEnd::Declined(DeclineReason::Weather))
    );
    assert_eq!(union.wanted("a"), []);
}

#[test]
fn a_commitment_that_was_heard_and_not_confirmed_is_in_doubt() {
    let mut union = Union::new();
    union.standing_order("a");
    let (request, first) = union.asked("a", X);
    union.settle();
    let report = Command::ReportCommit { requisition: first.clone(), telephone: telephone() };
    union.given("a", report);
    // The custodian's ledger heard of nothing: the ask ended by itself.
    union.pass(61);
    union.given("b", Command::ExpireDue);
    union.settle();
    let attempt = union.attempt(&first);
    assert_eq!(attempt.state, AttemptState::Ended(AttemptEnd::Expired));
    assert!(attempt.commit_report.as_ref().is_some_and(|report| report.outcome == ReportOutcome::Conflict));
    assert_eq!(union.wanted("a"), []);
    assert_eq!(union.ask(&request, Y, |_| {}), Err(Rejection::AttemptOpen { requisition: first }));
    assert!(union.ask(&request, Y, |ask| ask.send_another = true).is_ok());
}

#[test]
fn cancelling_reaches_an_aircraft_that_a_person_went_past() {
    let mut union = Union::new();
    let (request, first) = union.asked("a", X);
    union.settle();
    let mission = union.committed("b", &first);
    union.ask(&request, Y, |ask| ask.send_another = true).unwrap();
    union.given("a", Command::CancelRequest { request, reason: CancelReason::NotNeeded });
    union.settle();
    assert_eq!(union.mission(&mission).end, Some(MissionEnd::StoodDown));
    assert_eq!(union.attempt(&first).state, AttemptState::Ended(AttemptEnd::StoodDown));
}

#[test]
fn a_duty_says_how_far_each_ledger_was_read_for_it() {
    let mut union = Union::new();
    let (_, first) = union.asked("a", X);
    union.settle();
    union.given("b", decline(&first));
    let owed = union.owed("a");
    let (own, custodian) = (union.of("a").sequence, union.of("b").sequence);
    let seen = vec![(super::fixtures::ledger("a"), own), (super::fixtures::ledger("b"), custodian)];
    assert_eq!(owed.iter().map(|duty| &duty.seen).collect::<Vec<_>>(), [&seen]);
    assert!(matches!(owed[0].command, Command::RecordOutcome { .. }));
}

#[test]
fn a_number_is_given_by_the_offer_of_its_own_custodian_only() {
    let mut union = Union::new();
    let request = union.opened("a");
    let refused = union.ask(&request, X, |ask| ask.takes = Some("members/a/offers/o-1".to_owned()));
    assert!(matches!(refused, Err(Rejection::InvalidField { field: "offer", .. })), "{refused:?}");
    let missing: RequisitionId = id("members/a/requests/r-1/requisitions/1-1");
    assert!(union.of("a").requests[&request].attempt(&missing).is_none());
}
