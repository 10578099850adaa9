//! Ground ambulances and doctor cars: always in the list, each with its legs or its reasons.
//!
//! A unit that brings all clinical skills that are needed begins care at the scene, after hand-over; any other
//! brings the patient to care, which begins at the hospital's door. On a transfer care is always the arrival.

use super::fleet::Asked;
use super::judge::{Judge, countable, positive, signed, whole_minutes};
use super::plan::{CareAt, GroundCandidate, GroundRuledOut};
use super::problem::*;
use super::reason::{GroundChange, GroundReason};
use crate::units::{Seconds, UNREACHABLE};

/// The hospital for patients who go by road: the caller's preference, then the shortest way, then the index.
fn hospital_by_road(judge: &Judge<'_>) -> Option<(HospitalIdx, Seconds)> {
    let problem = judge.problem;
    let mut best = None;
    for idx in problem.hospital_places().map(HospitalIdx::at) {
        let hospital = &problem.hospitals[idx.index()];
        let mut fits = hospital.road_from_scene_s != UNREACHABLE;
        judge.hospital_reasons(idx, &mut |_| fits = false);
        let key = (hospital.preference, hospital.road_from_scene_s, idx);
        if fits && best.is_none_or(|best| key < best) {
            best = Some(key);
        }
    }
    best.map(|(_, road_s, idx)| (idx, road_s))
}

/// When the unit leaves.
fn leave_s(unit: &GroundUnit) -> Seconds {
    unit.ready_in_s.max(positive(unit.service.from_s.unwrap_or(0)))
}

fn care_at(problem: &Problem, unit: &GroundUnit) -> CareAt {
    let clinical = Capabilities(problem.needs.capabilities.0 & Capabilities::CLINICAL.0);
    let brings_care = unit.capabilities.missing(clinical).is_empty() && !clinical.is_empty();
    match problem.kind {
        Kind::SceneCall if brings_care => CareAt::Scene,
        Kind::SceneCall | Kind::Transfer => CareAt::Hospital,
    }
}

/// All ground units: those that can go, earliest care first, and those that cannot, by index.
pub(super) fn ground_units(judge: &Judge<'_>) -> (Vec<GroundCandidate>, Vec<GroundRuledOut>) {
    let hospital = hospital_by_road(judge);
    let (mut able, mut ruled_out) = (Vec::new(), Vec::new());
    for (place, unit) in judge.problem.ground.iter().enumerate() {
        let idx = GroundIdx::at(place);
        let reasons = reasons(judge.problem, unit, hospital.is_some());
        if reasons.is_empty() {
            able.push(legs(judge.problem, idx, hospital));
        } else {
            let mut changes: Vec<GroundChange> = reasons.iter().map(change_for).collect();
            changes.sort_unstable();
            changes.dedup();
            ruled_out.push(GroundRuledOut { unit: idx, reasons, changes });
        }
    }
    able.sort_by_key(|unit| (unit.care_min, unit.care_s, unit.unit));
    (able, ruled_out)
}

fn legs(problem: &Problem, idx: GroundIdx, hospital: Option<(HospitalIdx, Seconds)>) -> GroundCandidate {
    let (unit, policy) = (&problem.ground[idx.index()], &problem.policy);
    let care_at = care_at(problem, unit);
    let leave_s = leave_s(unit);
    let at_scene_s = leave_s + countable(unit.to_scene_s);
    let depart_scene_s = at_scene_s + policy.on_scene_s.max(policy.hand_over_s);
    let at_hospital_s = hospital.map(|(_, road_s)| depart_scene_s + countable(road_s));
    let care_s = match (care_at, at_hospital_s) {
        (CareAt::Hospital, Some(at_hospital_s)) => at_hospital_s,
        (CareAt::Scene, _) | (_, None) => at_scene_s + policy.hand_over_s,
    };
    GroundCandidate {
        unit: idx,
        care_at,
        leave_s,
        at_scene_s,
        depart_scene_s,
        care_s,
        care_min: whole_minutes(care_s),
        hospital: hospital.map(|(idx, _)| idx),
        at_hospital_s,
        lacks: unit.capabilities.missing(problem.needs.capabilities),
    }
}

/// Sorted.
fn reasons(problem: &Problem, unit: &GroundUnit, hospital_by_road: bool) -> Vec<GroundReason> {
    let mut reasons = Vec::new();
    match unit.asked {
        Asked::NotYet => {}
        Asked::Already => reasons.push(GroundReason::AlreadyAsked),
        Asked::Declined => reasons.push(GroundReason::DeclinedEarlier),
        Asked::NotHeld => reasons.push(GroundReason::NotHeldEarlier),
        Asked::Expired => reasons.push(GroundReason::NoAnswerEarlier),
        Asked::BrokeOff => reasons.push(GroundReason::BrokeOffEarlier),
    }
    match unit.status {
        GroundStatus::Available => {}
        GroundStatus::Engaged => reasons.push(GroundReason::Engaged),
        GroundStatus::OutOfService => reasons.push(GroundReason::OutOfService),
        GroundStatus::OutsideArea => reasons.push(GroundReason::OutsideArea),
    }
    let late_s = unit.service.until_s.map_or(0, |until_s| positive(signed(leave_s(unit)) - until_s));
    if late_s > 0 {
        reasons.push(GroundReason::AfterService { late_s });
    }
    if unit.to_scene_s == UNREACHABLE {
        reasons.push(GroundReason::NoRoadToScene);
    }
    if care_at(problem, unit) == CareAt::Hospital && !hospital_by_road {
        reasons.push(GroundReason::NoHospitalByRoad);
    }
    reasons
}

fn change_for(reason: &GroundReason) -> GroundChange {
    match *reason {
        GroundReason::AlreadyAsked
        | GroundReason::DeclinedEarlier
        | GroundReason::NotHeldEarlier
        | GroundReason::NoAnswerEarlier
        | GroundReason::BrokeOffEarlier => GroundChange::AskAgain,
        GroundReason::OutsideArea => GroundChange::AllowOutsideArea,
        GroundReason::Engaged => GroundChange::FreeUnit,
        GroundReason::OutOfService => GroundChange::ReturnToService,
        GroundReason::AfterService { late_s } => GroundChange::StartEarlierBy { seconds: late_s },
        GroundReason::NoRoadToScene => GroundChange::OpenRoadToScene,
        GroundReason::NoHospitalByRoad => GroundChange::HospitalByRoadNeeded,
    }
}
