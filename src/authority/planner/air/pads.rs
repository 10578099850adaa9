//! Two flights at one landing site in one window: what is leased, and where missions go that have no lease.

use crate::authority::View;
use crate::authority::planner::Policy;
use crate::decision::State;
use crate::decision::model::{LeaseState, LeaseSubject, Mission, MissionPhase, Window};
use crate::id::{AssetId, MissionId, RequisitionId, SiteId};
use crate::network::air::{self, PadUse};
use crate::units::{Seconds, Timestamp};
use std::collections::BTreeMap;

/// A flight at a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// Which ask.
    pub requisition: RequisitionId,
    /// Which aircraft, where it is known.
    pub asset: Option<AssetId>,
    /// Which mission, once there is one.
    pub mission: Option<MissionId>,
    /// From when until when.
    pub window: Window,
}

/// More flights at a site than it has spots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Where.
    pub site: SiteId,
    /// How many spots there are.
    pub spots: u16,
    /// Most flights at one instant.
    pub flights_max: usize,
    /// From when until when.
    pub window: Window,
    /// Who takes part.
    pub uses: Vec<Use>,
}

/// Every such time from now on, by site and then by time.
///
/// A lease counts with its window. A mission without one counts from when it was ranked to be there (from the landing that
/// was reported, once it was) for the usual stop on a scene.
///
/// # Complexity
/// O(n log n) in the leases and missions that stand.
#[must_use]
pub fn conflicts(view: &View, at: Timestamp, policy: &Policy) -> Vec<Conflict> {
    let mut uses: BTreeMap<SiteId, Vec<Use>> = BTreeMap::new();
    for state in view.states() {
        for (subject, ids) in &state.leases_open {
            let LeaseSubject::Site(site) = subject else { continue };
            for id in ids {
                let Some(lease) = state.leases.get(id).filter(|lease| lease.state == LeaseState::Granted)
                else {
                    continue;
                };
                let used = used_by(view, &lease.id.requisition, lease.window);
                uses.entry(site.clone()).or_default().push(used);
            }
        }
    }
    for mission in view.states().flat_map(active) {
        let Some(site) = &mission.site else { continue };
        let has_lease = |used: &Use| used.requisition == mission.requisition;
        if uses.get(site).is_some_and(|uses| uses.iter().any(has_lease)) {
            continue;
        }
        if let Some(window) = stay(view, at, mission, policy) {
            uses.entry(site.clone()).or_default().push(used_by(view, &mission.requisition, window));
        }
    }
    uses.into_iter().flat_map(|(site, uses)| at_site(view, at, &site, &uses)).collect()
}

/// Missions that have their site still before them, or stand on it.
fn active(state: &State) -> impl Iterator<Item = &Mission> {
    let missions = state.missions_active.iter().filter_map(|id| state.missions.get(id));
    let is_due = |mission: &&Mission| mission.end.is_none() && mission.phase <= MissionPhase::OnScene;
    missions.filter(is_due)
}

/// How much longer an aircraft is taken to stay that stands on its site beyond the usual stop.
const STILL_THERE_S: Seconds = 60;

/// When a mission stands on its site.
fn stay(view: &View, at: Timestamp, mission: &Mission, policy: &Policy) -> Option<Window> {
    let landed = mission.progress.iter().find(|(phase, _)| *phase == MissionPhase::OnScene);
    let ranked = || {
        let request = view.member_state(&mission.requisition.request.member)?;
        let request = request.requests.get(&mission.requisition.request)?;
        let attempt = request.attempts().find(|(id, _)| *id == mission.requisition)?.1;
        attempt.choice.at_site
    };
    let from = landed.map(|(_, at)| *at).or_else(ranked)?;
    let usual = from + policy.on_scene_s;
    // Whoever stays longer is still there.
    let until = if mission.phase == MissionPhase::OnScene { usual.max(at + STILL_THERE_S) } else { usual };
    Some(Window { from, until })
}

/// Who a requisition's flight is.
fn used_by(view: &View, requisition: &RequisitionId, window: Window) -> Use {
    let mut found = Use { requisition: requisition.clone(), asset: None, mission: None, window };
    for state in view.states() {
        if let Some(hold) = state.holds.get(requisition) {
            found.asset = Some(hold.asset.clone());
            found.mission = match &hold.state {
                crate::decision::model::HoldState::Committed { mission } => Some(mission.clone()),
                _ => None,
            };
        }
    }
    found
}

fn at_site(view: &View, at: Timestamp, site: &SiteId, uses: &[Use]) -> Vec<Conflict> {
    let spots = view.site(site).map_or(0, |(site, _)| site.spots);
    let pads: Vec<PadUse> = uses
        .iter()
        .map(|used| PadUse { pad: 0, from: used.window.from.max(at), until: used.window.until })
        .collect();
    let found = air::conflicts(&[usize::from(spots)], &pads);
    let conflict = |conflict: air::PadConflict| Conflict {
        site: site.clone(),
        spots,
        flights_max: conflict.flights_max,
        window: Window { from: conflict.from, until: conflict.until },
        uses: conflict.uses.into_iter().map(|index| uses[index].clone()).collect(),
    };
    found.into_iter().map(conflict).collect()
}
