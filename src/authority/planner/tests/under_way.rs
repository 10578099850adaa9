//! Aircraft on missions, outages, earlier asks.

use super::world::{id, place};
use super::*;
use crate::allocator::ranking::{AircraftStatus, Fix, OutageCause, Reason, Warning};
use crate::decision::Command;
use crate::decision::model::{
    AttemptEnd, AttemptState, Choice, DeclineReason, MissionPhase, NotHeldReason, Outage, OutageReason,
    Window,
};
use crate::units::geodesy::{UnitVector, distance_m};

const HELI: &str = "members/hyogo/assets/heli";
const NEAR: &str = "members/hyogo/sites/near";

#[test]
fn an_aircraft_on_its_way_out_can_be_sent_elsewhere_from_where_it_is() {
    let mut world = World::hyogo();
    let (_, mission) = world.commit(HELI, Some(NEAR));
    assert_eq!(world.rank(ask()).aircraft("heli").status, AircraftStatus::FreeSoon);
    world.wait(5);
    world.progress(&mission, MissionPhase::Airborne);
    world.wait(6);
    let ranked = world.rank(ask());
    let aircraft = ranked.aircraft("heli");
    assert_eq!((aircraft.status, aircraft.ready_in_s), (AircraftStatus::Retaskable, 0));
    // Six minutes at 200 km/h.
    let flown_m = distance_m(UnitVector::from(place(world::BASE)), aircraft.position);
    assert!(flown_m.abs_diff(20_000) < 50, "{flown_m}");
    assert_eq!(aircraft.fix, Fix::Known { age_s: 360 });
    assert_eq!(ranked.order(), ["heli"]);
    assert!(ranked.plan.candidates[0].warnings.contains(&Warning::BreaksOffMission));
    assert_eq!(ranked.choice(0).unwrap().if_busy, IfBusy::Retask);
    world.progress(&mission, MissionPhase::OnScene);
    assert_eq!(world.rank(ask()).aircraft("heli").status, AircraftStatus::FreeSoon, "with the patient");
}

#[test]
fn only_a_person_takes_an_aircraft_from_another_patient() {
    let mut world = World::hyogo();
    let (_, mission) = world.commit(HELI, Some(NEAR));
    world.progress(&mission, MissionPhase::Airborne);
    let request = world.open(ask());
    assert_eq!(world.rank_request(&request).order(), ["heli"]);
    assert!(world.planner().next(&world.view(), world.at, &request).is_none());
    world.policy.retask = crate::allocator::ranking::Permission::Refused;
    assert_eq!(world.rank_request(&request).reasons("heli"), [Reason::RetaskRefused]);
}

#[test]
fn an_aircraft_that_was_stood_down_is_not_where_it_never_came() {
    let mut world = World::hyogo();
    let (_, mission) = world.commit(HELI, Some(NEAR));
    world.progress(&mission, MissionPhase::Airborne);
    world.wait(3);
    world.add(Command::StandDown { mission });
    let ranked = world.rank(ask());
    let aircraft = ranked.aircraft("heli");
    assert_eq!(aircraft.status, AircraftStatus::Retaskable);
    let flown_m = distance_m(UnitVector::from(place(world::BASE)), aircraft.position);
    assert!(flown_m.abs_diff(10_000) < 50, "{flown_m}");
}

#[test]
fn an_outage_of_the_calendar_says_why_and_that_it_was_planned() {
    let mut world = World::hyogo();
    let window = Window { from: world.at - 3_600, until: world.at + 3_600 };
    let outage = Outage { id: id("o-1"), window, reason: OutageReason::NoMechanics };
    world.add(Command::PlanOutage { asset: id(HELI), outage });
    let reason = Reason::OutOfService { cause: OutageCause::NoMechanic, until_s: Some(3_600), planned: true };
    assert_eq!(world.rank(ask()).reasons("heli"), [reason]);
}

#[test]
fn a_lost_race_and_an_answer_that_never_came_are_not_a_decline() {
    let ends = [
        (AttemptEnd::NotHeld(NotHeldReason::UnknownAsset), Reason::NotHeldEarlier),
        (AttemptEnd::Expired, Reason::NoAnswerEarlier),
        (AttemptEnd::Declined(DeclineReason::Weather), Reason::DeclinedEarlier),
    ];
    for (end, reason) in ends {
        let mut world = World::hyogo();
        let request = world.open(ask());
        let choice = Choice { sites: vec![], ..world.rank_request(&request).choice(0).unwrap() };
        let opened = world.add(Command::OpenAttempt {
            request: request.clone(),
            number: 1,
            choice,
            answer_s: 120,
            standing_order: None,
            send_another: false,
            takes: None,
            after: None,
        });
        let crate::decision::Event::AttemptOpened { requisition, .. } = &opened[0] else {
            panic!("{opened:?}")
        };
        let requisition = requisition.clone();
        world.add(Command::RecordOutcome { requisition, state: AttemptState::Ended(end) });
        assert_eq!(world.rank_request(&request).reasons("heli"), [reason]);
    }
}
