//! Where each request can be reached by whom: its landing sites, each with the aircraft that may use it.

use super::super::Ranked;
use crate::allocator::ranking::{
    Candidate, ProblemError, SiteIdx, Transport, WorkBudget, limits::AIRCRAFT_MAX, shortlist,
};
use crate::id::AssetId;
use crate::units::Seconds;

/// Landings that are looked at for all requests together, before those that only some aircraft can use.
const LANDINGS_SHARED: usize = 160;
/// Landing sites of one request that are looked at first.
const SITES_FIRST_MAX: usize = 4;

/// An aircraft at a landing site.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    /// The place of the aircraft in the assignment.
    pub(super) aircraft: usize,
    /// As the ranking judges it, from where the aircraft is now.
    pub(super) candidate: Candidate,
}

impl Choice {
    /// When it meets the patient: landed, and the ambulance there.
    fn meets_s(&self) -> Seconds {
        let times = &self.candidate.timeline;
        times.landed_s.max(times.ambulance_at_site_s)
    }

    /// Nobody meets the patient there before.
    pub(super) fn opens_s(&self) -> Seconds {
        let times = &self.candidate.timeline;
        times.secured_s.max(times.ambulance_at_site_s)
    }

    /// From meeting the patient to care.
    pub(super) fn care_after_s(&self) -> Seconds {
        self.candidate.timeline.care_s.saturating_sub(self.meets_s())
    }

    /// From meeting the patient to leaving.
    pub(super) fn stay_s(&self) -> Seconds {
        self.candidate.timeline.depart_scene_s.saturating_sub(self.meets_s())
    }

    /// From leaving to the hospital's door.
    pub(super) fn hospital_after_s(&self) -> Seconds {
        self.candidate.timeline.at_hospital_s.saturating_sub(self.candidate.timeline.depart_scene_s)
    }

    /// From lift-off to over the site.
    pub(super) fn flight_s(&self) -> Seconds {
        self.candidate.timeline.at_site_s.saturating_sub(self.candidate.timeline.lift_off_s)
    }

    /// Where it lands and how the patient goes on.
    pub(super) fn landing(&self) -> (SiteIdx, Transport) {
        (self.candidate.site, self.candidate.transport)
    }
}

/// The choices of a request: its sites where care is soonest, and of each aircraft that can use none of them its best one.
/// By site, then by aircraft.
///
/// # Errors
/// [`ProblemError`] as the ranking itself.
///
/// # Complexity
/// A short ranking for each site.
pub(super) fn of(
    ranked: &Ranked,
    aircraft: &[AssetId],
    requests: usize,
) -> Result<Vec<Choice>, ProblemError> {
    let budget = WorkBudget::candidates_at_most(u16::try_from(AIRCRAFT_MAX).unwrap_or(u16::MAX));
    let mut problem = ranked.stated.problem.clone();
    let mut by_site: Vec<(Seconds, Vec<Choice>)> = Vec::new();
    for site in ranked.stated.problem.site_places() {
        problem.pinned_site = Some(SiteIdx::at(site));
        let choice = |candidate: Candidate| {
            let asset = &ranked.stated.names.aircraft[candidate.aircraft.index()];
            Some(Choice { aircraft: aircraft.binary_search(asset).ok()?, candidate })
        };
        let mut choices: Vec<Choice> = shortlist(&problem, budget)?.into_iter().filter_map(choice).collect();
        choices.sort_by_key(|choice| choice.aircraft);
        if let Some(soonest) = choices.iter().map(|choice| choice.candidate.timeline.care_s).min() {
            by_site.push((soonest, choices));
        }
    }
    by_site.sort_by_key(|(soonest, choices)| (*soonest, choices[0].candidate.site));
    let first = (LANDINGS_SHARED / requests.max(1)).clamp(1, SITES_FIRST_MAX);
    let mut reached: Vec<usize> = Vec::new();
    let mut kept: Vec<Choice> = Vec::new();
    for (place, (_, choices)) in by_site.into_iter().enumerate() {
        let is_new = choices.iter().any(|choice| !reached.contains(&choice.aircraft));
        if place < first || is_new {
            reached.extend(choices.iter().map(|choice| choice.aircraft));
            kept.extend(choices);
        }
    }
    kept.sort_by_key(|choice| (choice.candidate.site, choice.aircraft));
    Ok(kept)
}
