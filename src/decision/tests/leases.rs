//! Beds and landing sites of a mission.

use super::fixtures::{Union, id};
use crate::decision::limits::BEDS_OPEN_MAX;
use crate::decision::model::*;
use crate::decision::{Command, Rejection};
use crate::id::{HospitalId, MissionId, RequisitionId};

fn hospital(slug: &str) -> HospitalId {
    id(&format!("members/a/hospitals/{slug}"))
}

/// A mission of `b` on the scene, for a request of `a`.
fn on_scene(union: &mut Union) -> (RequisitionId, MissionId) {
    let (_, requisition) = union.asked("a", "members/b/assets/x");
    union.settle();
    let mission = union.committed("b", &requisition);
    union.progress(&mission, MissionPhase::Airborne);
    union.progress(&mission, MissionPhase::OnScene);
    (requisition, mission)
}

fn choose(union: &mut Union, mission: &MissionId, slug: &str, patients: u16) {
    union.pass(10);
    let (mission, hospital) = (mission.clone(), hospital(slug));
    union.given("b", Command::ChooseHospital { mission, hospital, patients });
    union.settle();
}

fn bed(union: &Union, requisition: &RequisitionId, slug: &str) -> (LeaseState, u16) {
    let subject = LeaseSubject::Bed(hospital(slug));
    let lease = &union.of("a").leases[&LeaseId { requisition: requisition.clone(), subject }];
    (lease.state, lease.patients)
}

fn answer(union: &mut Union, requisition: &RequisitionId, slug: &str, refusal: Option<LeaseRefusal>) {
    union.pass(10);
    let subject = LeaseSubject::Bed(hospital(slug));
    let lease = LeaseId { requisition: requisition.clone(), subject };
    union.given("a", Command::AnswerBed { lease, refusal, telephone: None });
    union.settle();
}

#[test]
fn choosing_another_hospital_gives_the_bed_of_the_first_back() {
    let mut union = Union::new();
    let (requisition, mission) = on_scene(&mut union);
    choose(&mut union, &mission, "h", 1);
    answer(&mut union, &requisition, "h", None);
    assert_eq!(bed(&union, &requisition, "h"), (LeaseState::Granted, 1));
    choose(&mut union, &mission, "i", 1);
    assert_eq!(bed(&union, &requisition, "h"), (LeaseState::Ended(LeaseEnd::Released), 1));
    assert_eq!(bed(&union, &requisition, "i"), (LeaseState::Asked, 1));
    // And back again: it is asked anew.
    choose(&mut union, &mission, "h", 1);
    assert_eq!(bed(&union, &requisition, "h"), (LeaseState::Asked, 1));
    assert_eq!(bed(&union, &requisition, "i"), (LeaseState::Ended(LeaseEnd::Released), 1));
}

#[test]
fn a_yes_for_one_patient_is_no_yes_for_two() {
    let mut union = Union::new();
    let (requisition, mission) = on_scene(&mut union);
    choose(&mut union, &mission, "h", 1);
    answer(&mut union, &requisition, "h", None);
    choose(&mut union, &mission, "h", 2);
    assert_eq!(bed(&union, &requisition, "h"), (LeaseState::Asked, 2));
    answer(&mut union, &requisition, "h", Some(LeaseRefusal::NoBed));
    assert_eq!(bed(&union, &requisition, "h"), (LeaseState::Refused(LeaseRefusal::NoBed), 2));
    assert_eq!(union.owed("b"), [], "a no is not asked again by itself");
}

#[test]
fn a_hospital_is_asked_for_so_many_beds_at_once_and_no_more() {
    let mut union = Union::new();
    let ask = |n: u32, union: &Union| Command::AskLease {
        lease: LeaseId {
            requisition: id(&format!("members/b/requests/r-{n}/requisitions/1-1")),
            subject: LeaseSubject::Bed(hospital("h")),
        },
        window: Window { from: union.at, until: union.at + 600 },
        patients: 1,
    };
    for n in 0..BEDS_OPEN_MAX {
        let command = ask(n, &union);
        union.given("a", command);
    }
    let refused = union.when("a", ask(BEDS_OPEN_MAX, &union));
    assert!(matches!(refused, Err(Rejection::LimitReached { max: BEDS_OPEN_MAX, .. })), "{refused:?}");
}
