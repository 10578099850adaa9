//! Ambulances and doctor cars: always in the list, and what brings the patient to the landing site.

use super::scene::{Scene, drive_s, split, sum};
use crate::allocator::ranking::limits::TIME_MAX_S;
use crate::allocator::ranking::{Asked, Capabilities, GroundKind, GroundStatus, GroundUnit, Span};
use crate::decision::model::{Asset, AssetKind, AssetState, RequestKind};
use crate::decision::state::AssetUse;
use crate::id::AssetId;
use crate::network::{Footing, RoadLeg, legs_from, legs_to};
use crate::units::geodesy::{UnitVector, distance_m};
use crate::units::{Seconds, UNREACHABLE, local_second};
use std::sync::Arc;

/// Ambulance starts that a ranking looks at, the nearest in a straight line.
const STARTS_MAX: usize = 12;
/// Ambulances that are listed as ways to help.
const AMBULANCES_LISTED: usize = 3;

/// The ambulance that is at the patient first.
pub(super) struct FirstAmbulance {
    /// Its start; none when the request says when it arrives, or none is known.
    pub(super) start: Option<AssetId>,
    /// When it is with the patient.
    pub(super) at_patient_s: Seconds,
    /// How its way is made up: straight to the network, on it, straight from it.
    pub(super) leg_s: [Seconds; 3],
    footing: Option<Arc<Footing>>,
}

/// When an ambulance is with the patient: as the request says, or as the roads allow. `ambulances`: soonest first.
pub(super) fn first_ambulance(scene: &Scene, ambulances: &[OnRoad]) -> FirstAmbulance {
    let waits = |at_patient_s| FirstAmbulance { start: None, at_patient_s, leg_s: [0; 3], footing: None };
    let first = ambulances.first();
    let turnout_s = scene.planner.policy().ambulance_turnout_s;
    let said = scene.request.ambulance.as_ref().and_then(|ambulance| ambulance.at_patient);
    match (said, first) {
        (Some(said), first) => {
            let at_patient_s = said.seconds_since(scene.at).min(TIME_MAX_S);
            FirstAmbulance { footing: first.map(|unit| unit.footing.clone()), ..waits(at_patient_s) }
        }
        (None, Some(unit)) if scene.request.kind == RequestKind::Transfer => {
            // It drives only where the aircraft does not land at the hospital itself: no leg that every candidate has.
            let at_patient_s = sum(&[turnout_s, drive_s(&unit.leg)]);
            FirstAmbulance { footing: Some(unit.footing.clone()), ..waits(at_patient_s) }
        }
        (None, Some(unit)) => FirstAmbulance {
            start: Some(unit.asset.id.clone()),
            at_patient_s: sum(&[turnout_s, drive_s(&unit.leg)]),
            leg_s: parts(&unit.leg),
            footing: Some(unit.footing.clone()),
        },
        (None, None) => waits(UNREACHABLE),
    }
}

/// When the support crew is at each landing site: from the same start, called out with the ambulance. None where no
/// start is known: it comes with the ambulance that was named. One search over the network.
pub(super) fn support_s(
    scene: &Scene,
    sites: &[&Footing],
    ambulance: &FirstAmbulance,
) -> Vec<Option<Seconds>> {
    let Some(start) = &ambulance.footing else { return vec![None; sites.len()] };
    let turnout_s = scene.planner.policy().ambulance_turnout_s;
    let legs = legs_from(scene.planner.roads().map(), &scene.roads.times, start, sites);
    legs.iter().map(|leg| Some(sum(&[turnout_s, drive_s(leg)]))).collect()
}

/// The nearest ambulances, soonest at the patient first.
pub(super) fn ambulances<'a>(scene: &Scene<'a>) -> Vec<OnRoad<'a>> {
    by_road(scene, |kind| kind == AssetKind::Ambulance)
}

/// Doctor cars, and the ambulances that are there first.
pub(super) fn units(scene: &Scene, ambulances: Vec<OnRoad>) -> (Vec<AssetId>, Vec<GroundUnit>) {
    let asked = super::asked_before(scene.request);
    let cars = by_road(scene, |kind| kind == AssetKind::DoctorCar);
    let ambulances = ambulances.into_iter().take(AMBULANCES_LISTED);
    let mut names = Vec::new();
    let mut units = Vec::new();
    for unit in cars.into_iter().chain(ambulances) {
        let policy = scene.planner.policy();
        let (kind, ready_in_s) = match unit.asset.kind {
            AssetKind::DoctorCar => (GroundKind::DoctorCar, policy.doctor_car_turnout_s),
            _ => (GroundKind::Ambulance, policy.ambulance_turnout_s),
        };
        names.push(unit.asset.id.clone());
        units.push(GroundUnit {
            kind,
            status: status(scene, unit.asset, unit.usage),
            asked: asked.get(&unit.asset.id).copied().unwrap_or(Asked::NotYet),
            ready_in_s,
            to_scene_s: drive_s(&unit.leg),
            service: service(scene, unit.asset),
            capabilities: unit
                .asset
                .capabilities
                .iter()
                .fold(Capabilities::default(), |all, c| all.and(split(c).0)),
        });
    }
    (names, units)
}

/// A unit and its way to the patient.
pub(super) struct OnRoad<'a> {
    asset: &'a Asset,
    usage: &'a AssetUse,
    footing: Arc<Footing>,
    leg: RoadLeg,
}

/// The nearest units of a kind, soonest at the patient first; one search over the network.
fn by_road<'a>(scene: &Scene<'a>, is_wanted: fn(AssetKind) -> bool) -> Vec<OnRoad<'a>> {
    let here = UnitVector::from(scene.patient);
    let mut near: Vec<(u32, &Asset, &AssetUse)> = scene
        .view
        .assets_of(is_wanted)
        .map(|(asset, usage)| (distance_m(here, asset.base.into()), asset, usage))
        .collect();
    near.sort_by(|a, b| (a.0, &a.1.id).cmp(&(b.0, &b.1.id)));
    near.truncate(STARTS_MAX);
    let footings: Vec<Arc<Footing>> =
        near.iter().map(|(_, asset, _)| scene.planner.footing(asset.base)).collect();
    let from: Vec<&Footing> = footings.iter().map(|footing| &**footing).collect();
    let target = scene.planner.footing(scene.patient);
    let legs = legs_to(scene.planner.roads().map(), &scene.roads.times, &from, &target);
    let mut units: Vec<OnRoad> = near
        .into_iter()
        .zip(footings)
        .zip(legs)
        .map(|(((_, asset, usage), footing), leg)| OnRoad { asset, usage, footing, leg })
        .collect();
    units.sort_by(|a, b| (drive_s(&a.leg), &a.asset.id).cmp(&(drive_s(&b.leg), &b.asset.id)));
    units
}

fn status(scene: &Scene, asset: &Asset, usage: &AssetUse) -> GroundStatus {
    let outage = scene.view.state(&asset.id.ledger()).and_then(|state| state.outage_at(&asset.id, scene.at));
    match usage.state {
        AssetState::OutOfService { .. } => GroundStatus::OutOfService,
        _ if outage.is_some() => GroundStatus::OutOfService,
        _ if usage.mission.is_some() || usage.hold.is_some() => GroundStatus::Engaged,
        _ if !serves(scene, asset) => GroundStatus::OutsideArea,
        AssetState::Available | AssetState::Recallable { .. } => GroundStatus::Available,
    }
}

/// Whether the scene lies in a municipality that the custodian of a doctor car serves; one that names none serves all.
fn serves(scene: &Scene, asset: &Asset) -> bool {
    let organisation = scene
        .view
        .state(&asset.custodian.ledger())
        .and_then(|state| state.organisations.get(&asset.custodian));
    let served = organisation.map_or(&[][..], |organisation| &organisation.municipalities);
    asset.kind != AssetKind::DoctorCar
        || served.is_empty()
        || scene.municipality.is_none_or(|here| served.contains(&here))
}

/// Hours of service of the present day; a unit that is there all day has none.
pub(super) fn service(scene: &Scene, asset: &Asset) -> Span {
    let now_s = i64::from(local_second(scene.at));
    let offset = |second: Seconds| i32::try_from(i64::from(second) - now_s).unwrap_or(0);
    Span {
        from_s: (asset.hours.from_s > 0).then(|| offset(asset.hours.from_s)),
        until_s: (asset.hours.until_s < 86_400).then(|| offset(asset.hours.until_s)),
    }
}

fn parts(leg: &RoadLeg) -> [Seconds; 3] {
    match leg {
        RoadLeg::Network { access_from_s, network_s, access_to_s, .. } => {
            [*access_from_s, *network_s, *access_to_s]
        }
        RoadLeg::Direct { access_s } => [*access_s, 0, 0],
        RoadLeg::Unreachable => [UNREACHABLE, UNREACHABLE, UNREACHABLE],
    }
}
