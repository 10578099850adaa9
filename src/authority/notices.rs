//! What people should be told about a mission: warnings, never a reason to stop a flight. Pure.

use super::View;
use crate::decision::model::{
    HoldState, LeaseId, LeaseState, LeaseSubject, Mission, MissionPhase, ReportOutcome, RequestState,
};
use crate::decision::touches::Resource;
use crate::id::{AssetId, HospitalId, LedgerId, MissionId, RequestId, RequisitionId, SiteId};

/// One warning on a mission. The order is that of urgency for the crew.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Notice {
    /// The landing site is not leased: ring it.
    NoSiteLease(SiteId),
    /// The hospital chosen on the scene has not said yes: ring it.
    NoBed(HospitalId),
    /// The commitment was heard by telephone and the base has not confirmed it: ring the base.
    UnconfirmedCommitment(AssetId),
    /// Another aircraft is committed for the same number of the same request.
    TwoAircraft(MissionId),
    /// The request was cancelled.
    RequestCancelled(RequestId),
    /// A commitment that was reported for this number is not what its custodian's ledger says.
    CommitConflict(RequisitionId),
}

/// The warnings on `mission`, each once, in order.
///
/// # Complexity
/// O(a log n) for a active missions of the view.
#[must_use]
pub fn notices(view: &View, mission: &Mission) -> Vec<Notice> {
    if !mission.is_active() {
        return Vec::new();
    }
    let mut notices = Vec::new();
    if mission.telephone.is_some() && !mission.confirmed {
        notices.push(Notice::UnconfirmedCommitment(mission.asset.clone()));
    }
    if mission.end.is_none() {
        notices.extend(no_site_lease(view, mission));
        notices.extend(no_bed(view, mission));
        notices.extend(two_aircraft(view, mission));
        notices.extend(request_notices(view, mission));
    }
    notices.sort();
    notices.dedup();
    notices
}

/// The missions whose warnings may have changed with `resource`, which is not one of them: its lease lapsed, its request
/// was cancelled, another aircraft was committed for the same number.
#[must_use]
pub fn missions_of(view: &View, resource: &Resource) -> Vec<MissionId> {
    let of_ask = |requisition: &RequisitionId| -> Option<MissionId> {
        let request = view.state(&requisition.request.ledger())?.requests.get(&requisition.request)?;
        let custodian = request.attempt(requisition)?.choice.asset.ledger();
        match &view.state(&custodian)?.holds.get(requisition)?.state {
            HoldState::Committed { mission } => Some(mission.clone()),
            HoldState::Asked
            | HoldState::Acknowledged { .. }
            | HoldState::Declined(_)
            | HoldState::Withdrawn(_)
            | HoldState::Expired => None,
        }
    };
    match resource {
        Resource::Lease(lease) => of_ask(&lease.requisition).into_iter().collect(),
        Resource::Request(id) => {
            let request = view.state(&id.ledger()).and_then(|state| state.requests.get(id));
            let asks = request.into_iter().flat_map(|request| request.attempts().map(|(ask, _)| ask));
            asks.filter_map(|ask| of_ask(&ask)).collect()
        }
        _ => Vec::new(),
    }
}

/// The telephone that goes with a warning; empty when there is none to ring.
#[must_use]
pub fn telephone<'v>(view: &'v View, notice: &Notice, mission: &Mission) -> &'v str {
    let base = |asset: &AssetId| view.asset(asset).map_or("", |(asset, _)| asset.telephone.as_str());
    match notice {
        Notice::NoSiteLease(site) => view.site(site).map_or("", |(site, _)| &site.telephone),
        Notice::NoBed(hospital) => view.hospital(hospital).map_or("", |(hospital, _)| &hospital.telephone),
        Notice::TwoAircraft(other) => mission_of(view, other).map_or("", |other| base(&other.asset)),
        Notice::UnconfirmedCommitment(_) | Notice::RequestCancelled(_) | Notice::CommitConflict(_) => {
            base(&mission.asset)
        }
    }
}

/// A mission of any ledger.
fn mission_of<'v>(view: &'v View, id: &MissionId) -> Option<&'v Mission> {
    view.state(&id.ledger())?.missions.get(id)
}

/// The state of a lease, in the ledger that keeps the place.
fn lease_state(view: &View, ledger: &LedgerId, id: &LeaseId) -> Option<LeaseState> {
    view.state(ledger)?.leases.get(id).map(|lease| lease.state)
}

/// Until the patient is on board, the aircraft needs its landing site.
fn no_site_lease(view: &View, mission: &Mission) -> Option<Notice> {
    let site = mission.site.as_ref().filter(|_| mission.phase < MissionPhase::Transporting)?;
    let id = LeaseId { requisition: mission.requisition.clone(), subject: LeaseSubject::Site(site.clone()) };
    match lease_state(view, &site.ledger(), &id) {
        Some(LeaseState::Granted | LeaseState::Asked) => None,
        Some(LeaseState::Refused(_) | LeaseState::Ended(_)) | None => Some(Notice::NoSiteLease(site.clone())),
    }
}

/// From the choice on the scene to the arrival, the hospital's yes is needed. A question that is still open is no
/// warning until the aircraft is on its way there.
fn no_bed(view: &View, mission: &Mission) -> Option<Notice> {
    let chosen = mission.hospital.as_ref().filter(|choice| choice.chosen_at.is_some())?;
    if mission.phase >= MissionPhase::Arrived {
        return None;
    }
    let hospital = &chosen.hospital;
    let id =
        LeaseId { requisition: mission.requisition.clone(), subject: LeaseSubject::Bed(hospital.clone()) };
    match lease_state(view, &hospital.ledger(), &id) {
        Some(LeaseState::Granted) => None,
        Some(LeaseState::Asked) if mission.phase < MissionPhase::Transporting => None,
        Some(LeaseState::Asked | LeaseState::Refused(_) | LeaseState::Ended(_)) | None => {
            Some(Notice::NoBed(hospital.clone()))
        }
    }
}

/// Other unfinished missions for the same number of the same request.
fn two_aircraft(view: &View, mission: &Mission) -> Vec<Notice> {
    let ours = &mission.requisition;
    let same = |other: &Mission| {
        other.id != mission.id
            && other.end.is_none()
            && other.requisition.request == ours.request
            && other.requisition.number == ours.number
    };
    view.states()
        .flat_map(|state| state.missions_active.iter().filter_map(|id| state.missions.get(id)))
        .filter(|other| same(other))
        .map(|other| Notice::TwoAircraft(other.id.clone()))
        .collect()
}

/// What the request's own ledger says that the crew should know.
fn request_notices(view: &View, mission: &Mission) -> Vec<Notice> {
    let ours = &mission.requisition;
    let state = view.state(&ours.request.ledger());
    let Some(request) = state.and_then(|state| state.requests.get(&ours.request)) else { return Vec::new() };
    let conflicts = request.attempts().filter(|(id, attempt)| {
        let report = attempt.commit_report.as_ref();
        id.number == ours.number && report.is_some_and(|r| r.outcome == ReportOutcome::Conflict)
    });
    let mut notices: Vec<Notice> = conflicts.map(|(id, _)| Notice::CommitConflict(id)).collect();
    if let RequestState::Cancelled(_) = request.state {
        notices.push(Notice::RequestCancelled(request.id.clone()));
    }
    notices
}
