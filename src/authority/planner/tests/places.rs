//! Sites, roads, weather.

use super::world::{car, helicopter, id, place};
use super::*;
use crate::allocator::ranking::{Outcome, Reason, SiteIdx, Weather};
use crate::decision::Command;
use crate::decision::model::{Ambulance, AssetKind, OrganisationKind, SiteState};

#[test]
fn without_any_ambulance_everybody_is_ruled_out_by_a_road_and_nothing_fails() {
    let mut world = World::empty();
    world.add_sites();
    world.add(Command::RegisterAsset(helicopter("members/hyogo/assets/heli", world::BASE)));
    let ranked = world.rank(ask());
    assert_eq!(ranked.plan.outcome(), Outcome::Unfilled);
    assert!(matches!(ranked.reasons("heli"), [Reason::NoRoadToSite { .. }]), "{:?}", ranked.reasons("heli"));
}

#[test]
fn a_named_ambulance_brings_the_support_crew_where_no_start_is_known() {
    let mut world = World::empty();
    world.add_sites();
    world.add(Command::RegisterAsset(helicopter("members/hyogo/assets/heli", world::BASE)));
    let at_patient = Some(world.at + 600);
    let ambulance = Some(Ambulance { call_sign: "丹波1".to_owned(), at_patient });
    assert_eq!(world.rank(NewRequest { ambulance, ..ask() }).order(), ["heli"]);
}

#[test]
fn a_call_from_the_other_side_of_the_earth_is_ranked() {
    let mut world = World::hyogo();
    let ranked = world.rank(NewRequest { position: place((-35.0, -45.0)), ..ask() });
    assert!(ranked.reasons("heli").contains(&Reason::NoSite));
}

#[test]
fn a_site_of_which_nobody_can_say_anything_is_not_freshly_confirmed() {
    let mut world = World::hyogo();
    world.report_site("near", SiteState::Unknown);
    let ranked = world.rank(NewRequest { site: Some(id("members/hyogo/sites/near")), ..ask() });
    assert_eq!(ranked.reasons("heli"), [Reason::SiteUnconfirmed { site: SiteIdx(0), age_s: None }]);
    let ranked = world.rank(ask());
    let chosen = ranked.plan.candidates[0].site.index();
    assert_eq!(ranked.stated.names.sites[chosen], Some(id("members/hyogo/sites/far")));
}

#[test]
fn more_weather_regions_than_a_problem_holds_are_ranked_with_the_last_unknown() {
    let mut world = World::hyogo();
    for i in 0..80 {
        let mut other = helicopter(&format!("members/hyogo/assets/other-{i}"), world::BASE);
        other.region = id(&format!("weatherRegions/region-{i}"));
        other.block = id(&format!("block-{i}"));
        world.add(Command::RegisterAsset(other));
    }
    let ranked = world.rank(ask());
    assert_eq!(ranked.stated.problem.regions.len(), 64);
    assert_eq!(ranked.stated.problem.regions.last(), Some(&Weather::Unknown));
    assert_eq!(ranked.plan.candidates.len() + ranked.plan.outranked.len(), 81);
}

#[test]
fn a_doctor_car_is_not_sent_outside_the_municipalities_that_it_serves() {
    let mut world = World::hyogo();
    let mut own = org("members/hyogo/organisations/kasai", OrganisationKind::Hospital);
    own.municipalities = vec![28_220];
    world.add(Command::RegisterOrganisation(own));
    let mut own = org("members/hyogo/organisations/tamba", OrganisationKind::Hospital);
    own.municipalities = vec![28_223];
    world.add(Command::RegisterOrganisation(own));
    for custodian in ["kasai", "tamba"] {
        let mut car =
            car(&format!("members/hyogo/assets/car-{custodian}"), AssetKind::DoctorCar, (35.150, 135.069));
        car.custodian = id(&format!("members/hyogo/organisations/{custodian}"));
        world.add(Command::RegisterAsset(car));
    }
    let ranked = world.rank(ask());
    let names = &ranked.stated.names.ground;
    let able: Vec<&str> =
        ranked.plan.ground.iter().map(|unit| names[unit.unit.index()].slug.as_str()).collect();
    assert!(able.contains(&"car-tamba") && !able.contains(&"car-kasai"), "{able:?}");
    let out = &ranked.plan.ground_ruled_out[0];
    assert_eq!(out.reasons, [crate::allocator::ranking::GroundReason::OutsideArea]);
}
