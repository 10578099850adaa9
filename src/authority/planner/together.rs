//! All open requests at once: the times to care of single rankings, assigned so that together they cost least.
//!
//! One sortie each. Landing sites and hospitals are those of each ranking; that two aircraft may want one spot is left to
//! the leases. Nothing is asked of anybody here.

use super::{RankPlanner, Ranked};
use crate::allocator::assignment::{self, Assignment, FORBIDDEN, Problem, Urgency, WorkBudget};
use crate::allocator::ranking::ProblemError;
use crate::authority::View;
use crate::decision::model::{Request, RequestState};
use crate::id::{AssetId, RequestId};
use crate::units::{Seconds, Timestamp, UNREACHABLE};
use std::collections::BTreeSet;

/// Candidates of each ranking that are told in full; all others count as well.
const TOLD: u16 = 100;

/// A number of a request that no aircraft is on its way for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// Of which request.
    pub request: RequestId,
    /// Which, from 1.
    pub number: u16,
    /// The place of its request's ranking.
    pub ranking: usize,
}

/// What was assigned, and what it rests on.
#[derive(Debug)]
pub struct Together {
    /// The rankings of the requests, one each.
    pub rankings: Vec<Ranked>,
    /// What was to be served, by request and number.
    pub open: Vec<Open>,
    /// Aircraft that can take at least one of them, by name.
    pub aircraft: Vec<AssetId>,
    /// Rankings x aircraft: seconds to care, [`UNREACHABLE`] where it cannot go.
    pub care_s: Vec<Seconds>,
    /// The assignment of `open` to `aircraft`.
    pub answer: Assignment,
}

/// Requests that stand open and have a number without an aircraft, by name.
#[must_use]
pub fn open_requests(view: &View) -> Vec<&Request> {
    let all = view.states().flat_map(|state| state.requests.values());
    all.filter(|request| request.state == RequestState::Open && unserved(request).next().is_some()).collect()
}

/// Numbers of a request that no aircraft may be on its way for, from 1.
pub fn unserved(request: &Request) -> impl Iterator<Item = u16> + '_ {
    let numbers = request.numbers.iter().zip(1_u16..);
    numbers.filter(|(number, _)| number.is_unserved()).map(|(_, number)| number)
}

impl RankPlanner {
    /// Assigns aircraft to the unserved numbers of `requests`, of which there may be
    /// [`PATIENTS_MAX`](assignment::PATIENTS_MAX).
    ///
    /// By what [`Urgency`] says it costs; who comes after a request's due time is ruled out by its ranking, so lateness needs
    /// no price. Exact: the prices of the answer prove it.
    ///
    /// # Errors
    /// [`ProblemError`] as [`RankPlanner::rank`].
    ///
    /// # Complexity
    /// A ranking for each request; the assignment itself is below a millisecond.
    pub fn rank_together(
        &self,
        view: &View,
        at: Timestamp,
        requests: &[Request],
    ) -> Result<Together, ProblemError> {
        let rankings = requests.iter().map(|request| self.rank(view, at, request, TOLD));
        let rankings: Vec<Ranked> = rankings.collect::<Result<_, _>>()?;
        let able: Vec<Vec<(&AssetId, Seconds, u32)>> = rankings.iter().map(can_go).collect();
        let aircraft: BTreeSet<&AssetId> = able.iter().flatten().map(|(asset, ..)| *asset).collect();
        let aircraft: Vec<AssetId> = aircraft.into_iter().cloned().collect();
        let mut open = Vec::new();
        for (ranking, request) in requests.iter().enumerate() {
            open.extend(unserved(request).map(|number| Open {
                request: request.id.clone(),
                number,
                ranking,
            }));
        }
        let width = aircraft.len();
        let mut care_s = vec![UNREACHABLE; rankings.len() * width];
        let mut costs = vec![FORBIDDEN; rankings.len() * width];
        for (row, able) in able.iter().enumerate() {
            for (asset, seconds, tier) in able {
                let Ok(column) = aircraft.binary_search(asset) else { continue };
                care_s[row * width + column] = *seconds;
                costs[row * width + column] = urgency(&requests[row]).cost(*seconds, *tier);
            }
        }
        let problem = Problem {
            resources: width,
            costs: open
                .iter()
                .flat_map(|one| &costs[one.ranking * width..(one.ranking + 1) * width])
                .copied()
                .collect(),
            unserved: open.iter().map(|one| urgency(&requests[one.ranking]).unserved()).collect(),
        };
        let answer = assignment::solve(&problem, WorkBudget::default());
        let answer = answer.expect("sizes are within the limits, and values are asserted to be");
        Ok(Together { rankings, open, aircraft, care_s, answer })
    }
}

impl Together {
    /// The aircraft of each open number; none where it goes unserved.
    pub fn pairs(&self) -> impl Iterator<Item = (&Open, Option<&AssetId>)> {
        let served = self.answer.resource_of.iter().map(|place| self.aircraft.get((*place)? as usize));
        self.open.iter().zip(served)
    }

    /// Who could go to a ranking's request, soonest first.
    #[must_use]
    pub fn able(&self, ranking: usize) -> Vec<(&AssetId, Seconds)> {
        let width = self.aircraft.len();
        let row = &self.care_s[ranking * width..(ranking + 1) * width];
        let able = self.aircraft.iter().zip(row.iter().copied()).filter(|(_, care_s)| *care_s != UNREACHABLE);
        let mut able: Vec<_> = able.collect();
        able.sort_by_key(|(asset, care_s)| (*care_s, *asset));
        able
    }
}

/// Aircraft that can go: seconds to care, and their place in the agreement.
fn can_go(ranked: &Ranked) -> Vec<(&AssetId, Seconds, u32)> {
    let names = &ranked.stated.names.aircraft;
    let told = ranked.plan.candidates.iter();
    let told = told.map(|one| (&names[one.aircraft.index()], one.timeline.care_s, one.tier));
    let further = ranked.plan.outranked.iter();
    told.chain(further.map(|one| (&names[one.aircraft.index()], one.care_s, one.tier))).collect()
}

/// That of the most urgent patient on the scene.
fn urgency(request: &Request) -> Urgency {
    match (request.triage.red, request.triage.yellow) {
        (1.., _) => Urgency::Red,
        (0, 1..) => Urgency::Yellow,
        (0, 0) => Urgency::Green,
    }
}
