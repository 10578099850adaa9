//! What a custodian promises, and what it does not.

use super::fixtures::{Union, id};
use crate::decision::command::{SealKind, SealText};
use crate::decision::limits::{EXPIRE_MAX, STANDING_ORDERS_MAX};
use crate::decision::model::*;
use crate::decision::{Command, Event, Rejection};
use crate::id::{OfferId, RequestId, RequisitionId};

const X: &str = "members/b/assets/x";

/// `a` asked X of `b`, nobody answered in time, then the pilot said go: the request, the ask and the offer.
fn late_go(union: &mut Union) -> (RequestId, RequisitionId, OfferId) {
    let (request, requisition) = union.asked("a", X);
    union.settle();
    union.pass(61);
    union.given("b", Command::ExpireDue);
    let go = Command::CommitRequisition { requisition: requisition.clone(), telephone: None, crew: None };
    let offer = match &union.given("b", go)[..] {
        [Event::Offered { offer, .. }] => offer.clone(),
        other => panic!("{other:?}"),
    };
    union.settle();
    (request, requisition, offer)
}

#[test]
fn a_commitment_ends_the_late_goes_of_its_aircraft_in_the_same_record() {
    let mut union = Union::new();
    let (_, _, offer) = late_go(&mut union);
    let (_, other) = union.asked("b", X);
    union.settle();
    let go = Command::CommitRequisition { requisition: other.clone(), telephone: None, crew: None };
    let events = union.when("b", go).unwrap();
    assert!(
        matches!(&events[..], [Event::OfferEnded { offer: ended, state: OfferState::Withdrawn },
            Event::Committed { .. }] if *ended == offer),
        "{events:?}"
    );
}

#[test]
fn an_aircraft_on_a_mission_is_not_promised_again_by_a_late_go_that_waits_or_retasks() {
    for if_busy in [IfBusy::Wait, IfBusy::Retask] {
        let mut union = Union::new();
        let (request, _, offer) = late_go(&mut union);
        let (_, other) = union.asked("b", X);
        union.settle();
        // As an older version recorded it: the offer stays open beside the mission.
        let ledger = super::fixtures::ledger("b");
        let mission: crate::id::MissionId = id("members/b/missions/m-1");
        let (telephone, crew_seal) = (None, None);
        let committed =
            Event::Committed { requisition: other, mission: mission.clone(), telephone, crew_seal };
        union.record(&ledger, &[committed]);
        let taken = union.ask(&request, X, |ask| {
            ask.if_busy = if_busy;
            ask.takes = Some(offer.to_string());
        });
        let taken = taken.unwrap();
        union.settle();
        let end = AttemptState::Ended(AttemptEnd::NotHeld(NotHeldReason::OnMission { mission }));
        assert_eq!(union.attempt(&taken).state, end);
    }
}

#[test]
fn a_late_go_is_taken_by_a_persons_word_and_by_nothing_else() {
    let mut union = Union::new();
    let (request, _, offer) = late_go(&mut union);
    // The standing order finds the same aircraft again: the base is asked, not taken at its late word.
    let order = union.standing_order("a");
    let asked = union.ask(&request, X, |ask| ask.standing_order = Some(order)).unwrap();
    union.settle();
    assert_eq!(union.of("b").holds[&asked].state, HoldState::Asked);
    assert_eq!(union.of("b").offers[&offer].state, OfferState::Open);

    let mut union = Union::new();
    let (request, _, offer) = late_go(&mut union);
    let taken = union.ask(&request, X, |ask| ask.takes = Some(offer.to_string())).unwrap();
    union.settle();
    assert!(matches!(union.attempt(&taken).state, AttemptState::Committed { .. }));
    assert_eq!(union.of("b").offers[&offer].state, OfferState::Taken);
}

#[test]
fn a_standing_order_cannot_take_a_late_go() {
    let mut union = Union::new();
    let (request, _, offer) = late_go(&mut union);
    let order = union.standing_order("a");
    let refused = union.ask(&request, X, |ask| {
        ask.standing_order = Some(order);
        ask.takes = Some(offer.to_string());
    });
    assert!(matches!(refused, Err(Rejection::InvalidField { .. })), "{refused:?}");
}

#[test]
fn more_deadlines_than_a_record_holds_end_record_by_record() {
    let mut union = Union::new();
    let count = EXPIRE_MAX + 6;
    for _ in 0..count {
        let window = Window { from: union.at, until: union.at + 60 };
        union.given("b", Command::OfferAsset { asset: id(X), window });
    }
    union.pass(60);
    assert_eq!(union.given("b", Command::ExpireDue).len(), EXPIRE_MAX);
    assert!(union.of("b").next_deadline().is_some_and(|due| due <= union.at), "the rest is still due");
    assert_eq!(union.given("b", Command::ExpireDue).len(), count - EXPIRE_MAX);
    assert_eq!(union.of("b").next_deadline(), None);
}

#[test]
fn a_mission_that_is_too_far_says_so_and_has_not_ended() {
    let mut union = Union::new();
    let (_, requisition) = union.asked("a", X);
    union.settle();
    let mission = union.committed("b", &requisition);
    for phase in [MissionPhase::Airborne, MissionPhase::OnScene, MissionPhase::Transporting] {
        union.progress(&mission, phase);
    }
    let too_late = |phase| Err(Rejection::TooLateToBreakOff { mission: mission.clone(), phase });
    let stand_down = Command::StandDown { mission: mission.clone() };
    assert_eq!(union.when("b", stand_down.clone()), too_late(MissionPhase::Transporting));
    union.progress(&mission, MissionPhase::Arrived);
    let abort = Command::AbortMission { mission: mission.clone(), reason: AbortReason::Weather };
    assert_eq!(union.when("b", abort), too_late(MissionPhase::Arrived));
    union.progress(&mission, MissionPhase::Ready);
    assert_eq!(union.when("b", stand_down), Err(Rejection::MissionEnded { mission: mission.clone() }));
}

#[test]
fn an_offer_to_everybody_is_not_stood_down_by_somebody() {
    let mut union = Union::new();
    let window = Window { from: union.at, until: union.at + 60 };
    union.given("b", Command::OfferAsset { asset: id(X), window });
    let offer: OfferId = id("members/b/offers/o-1");
    let refused = union.when("b", Command::StandDownOffer { offer: offer.clone() });
    assert_eq!(refused, Err(Rejection::OfferToEverybody { offer }));
}

#[test]
fn a_flight_that_is_broken_off_counts_as_flown() {
    for retasked in [false, true] {
        let mut union = Union::new();
        let (_, requisition) = union.asked("a", X);
        union.settle();
        let mission = union.committed("b", &requisition);
        union.progress(&mission, MissionPhase::Airborne);
        union.pass(600);
        if retasked {
            let other = union.opened("b");
            let other = union.ask(&other, X, |ask| ask.if_busy = IfBusy::Retask).unwrap();
            union.settle();
            union.committed("b", &other);
        } else {
            union.given("b", Command::AbortMission { mission, reason: AbortReason::Weather });
        }
        let flown = union.of("b").asset_uses[&id(X)].flown.map(|flown| flown.seconds);
        assert_eq!(flown, Some(600), "retasked: {retasked}");
    }
}

#[test]
fn standing_orders_have_a_limit() {
    let mut union = Union::new();
    let give = |n: u32, union: &Union| Command::GiveStandingOrder {
        id: id(&format!("members/a/standingOrders/o-{n}")),
        answers_for: "Sato".to_owned(),
        until: union.at + 60,
    };
    for n in 0..STANDING_ORDERS_MAX {
        let command = give(n, &union);
        union.given("a", command);
    }
    let refused = union.when("a", give(STANDING_ORDERS_MAX, &union));
    assert!(matches!(refused, Err(Rejection::LimitReached { .. })), "{refused:?}");
    union.pass(60);
    assert!(union.when("a", give(0, &union)).is_ok(), "an order that ended is given again");
}

#[test]
fn a_secret_is_not_printed_with_its_command() {
    let crew = Some(SealText { kind: SealKind::Crew, text: "Tanaka".to_owned() });
    let requisition = id("members/a/requests/r-1/requisitions/1-1");
    let printed = format!("{:?}", Command::CommitRequisition { requisition, telephone: None, crew });
    assert!(!printed.contains("Tanaka"), "{printed}");
}
