//! What a call needs when it does not say, and which hospitals a transfer may go to.

use super::world::{id, place};
use super::*;
use crate::allocator::ranking::{Capabilities, Reason};
use crate::decision::Command;
use crate::decision::model::{AssetKind, Capability, RequestKind};

#[test]
fn a_call_that_names_no_need_asks_for_a_physician_and_a_stretcher() {
    let mut world = World::hyogo();
    let mut fire = world::helicopter("members/hyogo/assets/fire", world::BASE);
    fire.kind = AssetKind::FireHelicopter;
    fire.capabilities = [Capability::Stretcher, Capability::Hoist].into_iter().collect();
    world.add(Command::RegisterAsset(fire));
    let ranked = world.rank(ask());
    assert_eq!(ranked.order(), ["heli"]);
    let missing = Capabilities::PHYSICIAN;
    assert_eq!(ranked.reasons("fire"), [Reason::LacksCapability { missing }]);
    // What the hospital must be able to do says nothing of who comes.
    let trauma = [Capability::Trauma].into_iter().collect();
    assert_eq!(world.rank(NewRequest { needed: trauma, ..ask() }).order(), ["heli"]);
    // Who asks for something else gets something else.
    let hoist = [Capability::Hoist].into_iter().collect();
    assert_eq!(world.rank(NewRequest { needed: hoist, ..ask() }).order(), ["fire"]);
}

fn transfer(hospitals: &[&str]) -> NewRequest {
    NewRequest {
        kind: RequestKind::Transfer,
        origin: Some(id("members/hyogo/hospitals/tamba")),
        position: place((35.150, 135.069)),
        hospitals: hospitals.iter().map(|name| id(&format!("members/hyogo/hospitals/{name}"))).collect(),
        ..ask()
    }
}

fn three() -> World {
    let mut world = World::hyogo();
    world.add(Command::RegisterHospital(hospital("members/hyogo/hospitals/himeji", (34.83, 134.70))));
    world
}

#[test]
fn a_transfer_may_go_to_every_hospital_that_it_names_the_first_before_the_others() {
    let mut world = three();
    let ranked = world.rank(transfer(&["himeji", "kakogawa"]));
    assert_eq!(ranked.stated.problem.pinned_hospital, None);
    let named: Vec<_> = ranked.stated.names.hospitals.iter().map(|name| name.slug.as_str()).collect();
    assert_eq!(named, ["himeji", "kakogawa"]);
    assert_eq!(ranked.plan.candidates[0].transport.hospital().index(), 0);
    // The first refuses: the second is as good as ever.
    let hospital = id("members/hyogo/hospitals/himeji");
    let state = crate::decision::model::HospitalState::Refusing;
    world.add(Command::ReportHospital { hospital, state, beds_free: None });
    let ranked = world.rank(transfer(&["himeji", "kakogawa"]));
    assert_eq!(ranked.plan.candidates[0].transport.hospital().index(), 1);
}

#[test]
fn a_transfer_to_one_hospital_goes_nowhere_else() {
    let mut world = three();
    let ranked = world.rank(transfer(&["himeji"]));
    assert_eq!((ranked.stated.problem.pinned_hospital.is_some(), ranked.order()), (true, vec!["heli"]));
}
