//! Operating modes: who stays. Agreements: who is asked first.

use super::world::helicopter;
use super::*;
use crate::allocator::ranking::Reason;
use crate::decision::Command;
use crate::decision::model::{AgreementRule, AssetKind, MemberKind, ModeLevel};

/// Kyoto's only doctor helicopter stands beside the scene, which is Hyogo's.
fn with_kyoto(kind: MemberKind) -> World {
    let mut world = World::hyogo();
    world.join("kyoto", kind);
    let kyoto = helicopter("members/kyoto/assets/kyoto", (35.2, 135.1));
    world.to(&"members/kyoto".parse().unwrap(), Command::RegisterAsset(kyoto));
    world
}

#[test]
fn the_last_doctor_helicopter_of_a_member_on_alert_stays_for_its_own() {
    let mut world = with_kyoto(MemberKind::Prefecture);
    let before = world.rank(ask());
    assert_eq!(before.reasons("kyoto"), []);
    assert_eq!(before.plan.candidates[0].margins.kept_at_home, None, "nobody has to stay");
    world.mode("kyoto", ModeLevel::Alert);
    let ranked = world.rank(ask());
    assert_eq!(ranked.order(), ["heli"]);
    assert!(matches!(ranked.reasons("kyoto"), [Reason::KeptAtHome { others: 0, keep: 1, .. }]));
    // It goes for its own people.
    let own = NewRequest { requester: "members/kyoto/organisations/fire".parse().unwrap(), ..ask() };
    assert_eq!(world.rank(own).reasons("kyoto"), []);
}

#[test]
fn the_mode_of_the_member_that_asks_keeps_nobody_elses_helicopter() {
    let mut world = with_kyoto(MemberKind::Prefecture);
    world.mode("hyogo", ModeLevel::Alert);
    assert_eq!(world.rank(ask()).reasons("kyoto"), []);
}

#[test]
fn a_fire_helicopter_is_no_cover_for_a_doctor_helicopter() {
    let mut world = with_kyoto(MemberKind::Prefecture);
    let mut fire = helicopter("members/kyoto/assets/fire", (35.2, 135.1));
    fire.kind = AssetKind::FireHelicopter;
    world.to(&"members/kyoto".parse().unwrap(), Command::RegisterAsset(fire));
    world.mode("kyoto", ModeLevel::Disaster(1));
    let ranked = world.rank(ask());
    assert!(matches!(ranked.reasons("kyoto"), [Reason::KeptAtHome { others: 0, keep: 1, .. }]));
    assert_eq!(ranked.reasons("fire"), [], "nobody counts on it");
    let second = helicopter("members/kyoto/assets/second", (35.2, 135.1));
    world.to(&"members/kyoto".parse().unwrap(), Command::RegisterAsset(second));
    assert_eq!(world.rank(ask()).reasons("kyoto"), [], "another one stays");
}

#[test]
fn a_neighbour_that_is_no_member_keeps_what_it_likes_itself() {
    let mut world = with_kyoto(MemberKind::Linked);
    world.mode("kyoto", ModeLevel::Alert);
    assert_eq!(world.rank(ask()).reasons("kyoto"), []);
}

#[test]
fn an_order_list_is_asked_row_by_row_however_near_the_others_are() {
    let heli = "members/hyogo/assets/heli";
    let far = "members/hyogo/assets/far";
    let kyoto = "members/kyoto/assets/kyoto";
    let order = |rule| {
        let mut world = with_kyoto(MemberKind::Prefecture);
        // 80 km away, and so minutes behind the others.
        world.add(Command::RegisterAsset(helicopter(far, (34.45, 135.04))));
        world.agree(rule, &[(heli, true), (far, false), (kyoto, false)]);
        let ranked = world.rank(ask());
        ranked.order().into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(order(AgreementRule::OrderList), ["heli", "far", "kyoto"]);
    assert_eq!(order(AgreementRule::OwnFirst), ["heli", "kyoto", "far"], "the sooner of the others");
    assert_eq!(order(AgreementRule::NearestFirst).last().unwrap(), "far");
}
