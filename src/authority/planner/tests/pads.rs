//! Two flights at one landing site in one window.

use super::world::id;
use super::*;
use crate::authority::planner::air::pads::conflicts;
use crate::decision::Command;
use crate::decision::model::{LeaseId, LeaseSubject, Window};
use crate::id::RequisitionId;

const NEAR: &str = "members/hyogo/sites/near";

#[test]
fn a_mission_that_stands_where_another_has_a_lease_is_found_while_both_are_there() {
    let mut world = World::hyogo();
    let (request, mission) = world.commit("members/hyogo/assets/heli", Some(NEAR));
    for phase in [MissionPhase::Airborne, MissionPhase::OnScene] {
        world.add(Command::ReportProgress { mission: mission.clone(), phase });
    }
    let policy = Policy::default();
    assert_eq!(conflicts(&world.view(), world.at, &policy), []);
    // Nobody asked for a lease of that mission, so the site gives its spot to another.
    let other: RequisitionId = id("members/kyoto/requests/r-9/requisitions/1-1");
    let window = Window { from: world.at + 60, until: world.at + 3_600 };
    let lease = LeaseId { requisition: other.clone(), subject: LeaseSubject::Site(id(NEAR)) };
    world.add(Command::AskLease { lease, window, patients: 0 });
    let found = conflicts(&world.view(), world.at, &policy);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].site.clone(), found[0].spots, found[0].flights_max), (id(NEAR), 1, 2));
    assert_eq!(found[0].window.from, window.from);
    assert_eq!(found[0].window.until, world.at + policy.on_scene_s);
    let asked: Vec<&RequisitionId> = found[0].uses.iter().map(|used| &used.requisition).collect();
    assert_eq!(asked, [&other, &RequisitionId { request, number: 1, attempt: 1 }]);
    // When the mission has gone on, the spot is the other's alone.
    world.add(Command::ReportProgress { mission, phase: MissionPhase::Transporting });
    assert_eq!(conflicts(&world.view(), world.at, &policy), []);
}
