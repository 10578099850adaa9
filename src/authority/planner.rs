//! States a ranking's problem from the merged view: who there is, where, how soon, under which rules.
//!
//! The solver looks at nothing but the `Problem` that is built here; what is built is stored with the decision, so that
//! *what was known at 14:03* can be asked for ever.

pub mod air;
mod aircraft;
mod drives;
mod ground;
mod policy;
mod reach;
mod scene;
#[cfg(test)]
mod tests;
pub mod together;

use super::driver::{Planned, Planner};
use super::{LivePositions, RoadBoard, RoadsNow, View};
use crate::allocator::ranking::{Plan, ProblemError, WorkBudget, rank};
use crate::daylight::DaylightCache;
use crate::decision::limits::{ANSWER_S_MAX, ANSWER_S_MIN};
use crate::decision::model::{AttemptEnd, AttemptState, Choice, IfBusy, MissionPhase, Request};
use crate::id::{AssetId, HospitalId, LedgerId, OrganisationId, RequestId, SiteId};
use crate::network::Footing;
use crate::network::air::Region;
use crate::network::roads::Profile;
use crate::record;
use crate::spatial::PointIndex;
use crate::units::{Position, Seconds, Timestamp};
use drives::{Drives, Place};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

pub use crate::record::{Names, Stated};
pub use policy::Policy;

/// Candidates that are written out when nobody says how many.
pub const CANDIDATES_DEFAULT: u16 = 10;
/// Places whose foot on the road network is remembered: every landing site, hospital and start of the largest union.
const FOOTINGS_MAX: usize = 65_536;
/// A base that has to wait for the end of a mission gets this on top of the wait.
const WAIT_SLACK_S: Seconds = 300;
/// Landing sites that are asked for a lease, best first.
const SITES_ASKED: usize = 3;

/// Works out rankings on views.
pub struct RankPlanner {
    roads: Arc<RoadBoard>,
    regions: Vec<Region>,
    policy: Policy,
    cache: Mutex<Cache>,
    positions: Arc<LivePositions>,
}

/// What is worked out once and kept while what it depends on stands.
#[derive(Default)]
struct Cache {
    daylight: DaylightCache,
    footings: BTreeMap<Position, Arc<Footing>>,
    drives: Drives,
    passages: air::Passages,
    places: Option<Arc<Places>>,
}

/// Where landing sites and hospitals are, as of some state of the registry.
struct Places {
    versions: Vec<u64>,
    sites: PointIndex<SiteId>,
    hospitals: PointIndex<HospitalId>,
}

/// A ranking and what it rests on.
#[derive(Clone, Debug)]
pub struct Ranked {
    /// The problem with its names.
    pub stated: Stated,
    /// The answer.
    pub plan: Plan,
    /// How far each ledger had been read.
    pub seen: Vec<(LedgerId, u64)>,
    /// The stated problem, encoded.
    pub bytes: Vec<u8>,
    /// SHA-256 of `bytes`.
    pub hash: [u8; 32],
}

impl RankPlanner {
    /// Works on these roads under this policy.
    #[must_use]
    pub fn new(roads: Arc<RoadBoard>, policy: Policy) -> RankPlanner {
        RankPlanner { roads, regions: Vec::new(), policy, cache: Mutex::default(), positions: Arc::default() }
    }

    /// With these weather regions, part by part: what a leg crosses on its way is judged by them. Without any only the
    /// weather of the places touched is.
    #[must_use]
    pub fn over(mut self, regions: Vec<Region>) -> RankPlanner {
        self.regions = regions;
        self
    }

    /// The same roads, regions and policy with nothing on the roads: what was closed or registered in one drill must not
    /// show in another. Of what is remembered it keeps where the sun stands and where places meet the roads, which no drill
    /// changes; the sun alone was a third of a week of calls.
    #[must_use]
    pub fn afresh(&self) -> RankPlanner {
        let known = self.cache();
        let cache =
            Cache { daylight: known.daylight.clone(), footings: known.footings.clone(), ..Cache::default() };
        let planner = RankPlanner::new(Arc::new(self.roads.afresh()), self.policy);
        RankPlanner { cache: Mutex::new(cache), ..planner.over(self.regions.clone()) }
    }

    /// The parts of the weather regions.
    #[must_use]
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }

    /// The roads.
    #[must_use]
    pub fn roads(&self) -> &Arc<RoadBoard> {
        &self.roads
    }

    /// The policy.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Ranks who can help with `request` at `at`. `request` need not stand in any ledger.
    ///
    /// # Errors
    /// [`ProblemError`] when the registry holds figures that no ranking can be worked out with.
    ///
    /// # Complexity
    /// Four shortest-path searches, one more for each landing site whose ways are not remembered, and the ranking itself.
    pub fn rank(
        &self,
        view: &View,
        at: Timestamp,
        request: &Request,
        count: u16,
    ) -> Result<Ranked, ProblemError> {
        let stated = scene::state(self, view, at, request);
        let plan = rank(&stated.problem, WorkBudget::candidates_at_most(count))?;
        let bytes = record::encode_problem(&stated);
        let hash = Sha256::digest(&bytes).into();
        Ok(Ranked { stated, plan, seen: view.seen(), bytes, hash })
    }

    /// Ranks a stored problem again: equal problems give equal plans, so this is what was known then.
    ///
    /// # Errors
    /// [`ProblemError`] when it is not valid.
    pub fn rank_again(stated: &Stated, count: u16) -> Result<Plan, ProblemError> {
        rank(&stated.problem, WorkBudget::candidates_at_most(count))
    }

    /// The fire department that a call from `position` would come from: the one whose seat is nearest.
    #[must_use]
    pub fn nearest_area(view: &View, position: Position) -> Option<OrganisationId> {
        scene::nearest_area(view, position)
    }

    /// The foot of a place on the road network, remembered: it does not depend on what is closed.
    fn footing(&self, position: Position) -> Arc<Footing> {
        if let Some(known) = self.cache().footings.get(&position) {
            return known.clone();
        }
        let footing = Arc::new(self.roads.footing(position));
        let mut cache = self.cache();
        if cache.footings.len() < FOOTINGS_MAX {
            cache.footings.insert(position, footing.clone());
        }
        footing
    }

    /// Driving times from each of `from` to each of `to`, row by row.
    fn drives(&self, now: &RoadsNow, from: &[Place], to: &[Place]) -> Vec<Seconds> {
        let known: Vec<Option<Vec<Seconds>>> = {
            let cache = self.cache();
            from.iter().map(|(position, _)| cache.drives.known(now.number, *position, to)).collect()
        };
        let mut all_s = Vec::with_capacity(from.len() * to.len());
        for ((position, footing), known_s) in from.iter().zip(known) {
            let row_s = known_s.unwrap_or_else(|| {
                let row_s = drives::search(self.roads.map(), &now.times, footing, to);
                self.cache().drives.remember(now.number, *position, to, &row_s);
                row_s
            });
            all_s.extend(row_s);
        }
        all_s
    }

    /// Where everything is; worked out again when something was registered.
    fn places(&self, view: &View) -> Arc<Places> {
        let versions: Vec<u64> = view.states().map(|state| state.registry_version).collect();
        if let Some(known) = &self.cache().places
            && known.versions == versions
        {
            return known.clone();
        }
        let sites =
            view.states().flat_map(|state| state.sites.values().map(|site| (site.position, site.id.clone())));
        let hospitals = view.states().flat_map(|state| {
            state.hospitals.values().map(|hospital| (hospital.position, hospital.id.clone()))
        });
        let places = Arc::new(Places {
            versions,
            sites: PointIndex::bulk_load(sites),
            hospitals: PointIndex::bulk_load(hospitals),
        });
        self.cache().places = Some(places.clone());
        places
    }

    fn cache(&self) -> std::sync::MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The roads as an ambulance meets them now.
    fn roads_now(&self, view: &View) -> Arc<RoadsNow> {
        self.roads.now(view, Profile::Ambulance)
    }
}

impl Ranked {
    /// What the `place`-th candidate stands for, to be asked.
    #[must_use]
    pub fn choice(&self, place: usize) -> Option<Choice> {
        let candidate = self.plan.candidates.get(place)?;
        let (problem, names) = (&self.stated.problem, &self.stated.names);
        let aircraft = &problem.aircraft[candidate.aircraft.index()];
        // The best site first; then the others by how soon the ambulance is there, should a lease be refused.
        let mut others: Vec<usize> =
            (0..problem.sites.len()).filter(|i| *i != candidate.site.index()).collect();
        others.sort_by_key(|i| (problem.sites[*i].ambulance_s, *i));
        let order = std::iter::once(candidate.site.index()).chain(others).take(SITES_ASKED);
        Some(Choice {
            asset: names.aircraft[candidate.aircraft.index()].clone(),
            sites: order.filter_map(|i| names.sites[i].clone()).collect(),
            hospital: Some(names.hospitals[candidate.transport.hospital().index()].clone()),
            if_busy: aircraft::if_busy(aircraft.status),
            at_site: Some(problem.at + candidate.timeline.at_site_s),
        })
    }
}

impl RankPlanner {
    /// How long a base has to answer: the policy's time, longer where the aircraft has to end a mission first.
    #[must_use]
    pub fn answer_s(&self, ranked: &Ranked, choice: &Choice) -> Seconds {
        let usual = self.policy.answer_s;
        if choice.if_busy != IfBusy::Wait {
            return usual.clamp(ANSWER_S_MIN, ANSWER_S_MAX);
        }
        let idx = ranked.stated.names.aircraft.iter().position(|name| *name == choice.asset);
        let wait = idx.map_or(0, |idx| ranked.stated.problem.aircraft[idx].ready_in_s);
        (wait + WAIT_SLACK_S).max(usual).clamp(ANSWER_S_MIN, ANSWER_S_MAX)
    }
}

impl Planner for RankPlanner {
    fn next(&self, view: &View, at: Timestamp, request: &RequestId) -> Option<Planned> {
        let request = view.member_state(&request.member)?.requests.get(request)?;
        let ranked = self.rank(view, at, request, CANDIDATES_DEFAULT).ok()?;
        // To take an aircraft from somebody else's patient is a person's decision.
        let choices = (0..ranked.plan.candidates.len()).filter_map(|place| ranked.choice(place));
        let choice = choices.into_iter().find(|choice| !breaks_off(view, choice))?;
        let answer_s = self.answer_s(&ranked, &choice);
        Some(Planned { choice, answer_s, problem: ranked.bytes, seen: ranked.seen })
    }
}

/// Whether a choice takes its aircraft off a mission that has not brought its patient anywhere yet.
#[must_use]
pub fn breaks_off(view: &View, choice: &Choice) -> bool {
    let mission = view.asset(&choice.asset).and_then(|(_, usage)| usage.mission.as_ref());
    let mission = mission.and_then(|id| view.state(&choice.asset.ledger())?.missions.get(id));
    let under_way =
        mission.is_some_and(|mission| mission.end.is_none() && mission.phase < MissionPhase::Arrived);
    choice.if_busy == IfBusy::Retask && under_way
}

/// What became of earlier asks of this request, by aircraft: the latest word counts.
fn asked_before(request: &Request) -> BTreeMap<AssetId, crate::allocator::ranking::Asked> {
    use crate::allocator::ranking::Asked;
    let mut asked = BTreeMap::new();
    for (_, attempt) in request.attempts() {
        let word = match &attempt.state {
            AttemptState::Open | AttemptState::Committed { .. } => Asked::Already,
            AttemptState::Ended(AttemptEnd::Superseded | AttemptEnd::Completed) => Asked::Already,
            AttemptState::Ended(AttemptEnd::Declined(_)) => Asked::Declined,
            AttemptState::Ended(AttemptEnd::Expired) => Asked::Expired,
            AttemptState::Ended(AttemptEnd::NotHeld(_)) => Asked::NotHeld,
            AttemptState::Ended(AttemptEnd::Aborted(_)) => Asked::BrokeOff,
            AttemptState::Ended(AttemptEnd::Withdrawn | AttemptEnd::StoodDown) => Asked::NotYet,
        };
        asked.insert(attempt.choice.asset.clone(), word);
    }
    asked
}

/// A choice that a person made outside the ranking: the aircraft as it stands, the site and hospital as ranked for it.
#[must_use]
pub fn choice_by_hand(ranked: &Ranked, asset: &AssetId) -> Choice {
    let place = ranked
        .plan
        .candidates
        .iter()
        .position(|candidate| ranked.stated.names.aircraft[candidate.aircraft.index()] == *asset);
    if let Some(choice) = place.and_then(|place| ranked.choice(place)) {
        return choice;
    }
    let names = &ranked.stated.names;
    let missed = ranked.plan.ruled_out.iter().find(|ruled| names.aircraft[ruled.aircraft.index()] == *asset);
    let near = missed.and_then(|ruled| ruled.near_miss);
    let idx = names.aircraft.iter().position(|name| name == asset);
    Choice {
        asset: asset.clone(),
        sites: near.and_then(|near| names.sites[near.site.index()].clone()).into_iter().collect(),
        hospital: near.map(|near| names.hospitals[near.transport.hospital().index()].clone()),
        if_busy: idx.map_or(IfBusy::Decline, |i| aircraft::if_busy(ranked.stated.problem.aircraft[i].status)),
        at_site: near.map(|near| ranked.stated.problem.at + near.timeline.at_site_s),
    }
}
