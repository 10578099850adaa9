//! The ranking, fast: the same answer as `plain`, to the byte.
//!
//! [`shortlist`] looks at aircraft in the order of a lower bound (lift-off + straight flight to the edge of the circle
//! around the sites) and stops when the bound passes the last place on the list. [`rank`] looks at every one, because everyone gets
//! reasons. Cover prices are worked out only for aircraft that the minutes leave in the running. What happens for
//! one aircraft is in `search`.
//!
//! Measured by `benches/allocator.rs`.

use super::answer::{candidate, outrank, rule_out};
use super::choice::{Choice, Head, RankKey};
use super::cover::Cover;
use super::ground::ground_units;
use super::judge::Judge;
use super::plan::{Candidate, Plan};
use super::problem::*;
use super::search::Search;
use super::validate::ProblemError;

/// How much work a ranking may do. The ranking is exact and its work is bounded by the size of the problem, so
/// the only thing to choose is how many candidates are written out and priced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WorkBudget {
    candidates: u16,
}

impl WorkBudget {
    /// The best `count` candidates; the others that can go are listed as outranked.
    #[must_use]
    pub fn candidates_at_most(count: u16) -> WorkBudget {
        WorkBudget { candidates: count }
    }

    pub(super) fn candidates(self) -> usize {
        usize::from(self.candidates)
    }
}

impl Default for WorkBudget {
    /// Ten, as many as a dispatcher reads.
    fn default() -> WorkBudget {
        WorkBudget { candidates: 10 }
    }
}

/// Ranks all aircraft and ground units: the best candidates with timeline, margins and cover price, everyone
/// else with reasons and the smallest change.
///
/// Order: agreement, (rest, where the policy minds,) whole minutes to care with the cover price traded in where
/// the policy does, whole minutes to care, cover price, arrival at the hospital, lowest index.
///
/// # Errors
/// [`ProblemError`] when the problem is not valid.
///
/// # Complexity
/// O(A · S · H) vector steps at worst; O(A + areas) more for each aircraft whose cover price is needed.
pub fn rank(problem: &Problem, budget: WorkBudget) -> Result<Plan, ProblemError> {
    problem.validate()?;
    let judge = Judge::new(problem);
    let mut search = Search::new(&judge);
    let (mut able, mut kept_in) = (Vec::new(), Vec::new());
    for idx in (0..problem.aircraft.len()).map(AircraftIdx::at) {
        match search.near_miss(idx) {
            Some(choice) if choice.changes == 0 => able.push((idx, choice)),
            choice => kept_in.push((idx, choice)),
        }
    }
    // Written out when their number is known: they are large, and a growing list would move them about.
    let ruled_out = kept_in.iter().map(|(idx, choice)| rule_out(&judge, *idx, choice.as_ref())).collect();
    let candidates = best_of(&judge, &able, budget);
    let mut ranked: Vec<AircraftIdx> = candidates.iter().map(|candidate| candidate.aircraft).collect();
    ranked.sort_unstable();
    let rest = able.iter().filter(|(idx, _)| ranked.binary_search(idx).is_err());
    let outranked = rest.map(|(idx, choice)| outrank(&judge, *idx, choice)).collect();
    let (ground, ground_ruled_out) = ground_units(&judge);
    Ok(Plan { candidates, outranked, ruled_out, ground, ground_ruled_out })
}

/// The candidates of [`rank`] alone, several times faster: for a first screen, and for asking the next one.
///
/// # Errors
/// [`ProblemError`] when the problem is not valid.
pub fn shortlist(problem: &Problem, budget: WorkBudget) -> Result<Vec<Candidate>, ProblemError> {
    problem.validate()?;
    let judge = Judge::new(problem);
    let mut search = Search::new(&judge);
    let mut cover = Cover::new(problem);
    let (mut able, mut heads) = (Vec::new(), Best::new(budget.candidates()));
    let mut bounds = search.bounds();
    while let Some((bound, idx)) = bounds.pop() {
        if heads.is_beaten(bound) {
            break;
        }
        if heads.is_beaten(search.bound(idx)) {
            continue;
        }
        let Some(choice) = search.admitted(idx) else { continue };
        heads.offer(head_of(&judge, &mut cover, idx, &choice));
        able.push((idx, choice));
    }
    Ok(best_of_priced(&judge, &mut cover, &able, budget))
}

/// The first part of a rank key; it needs the price only where the policy trades.
fn head_of(judge: &Judge<'_>, cover: &mut Cover<'_>, idx: AircraftIdx, choice: &Choice) -> Head {
    let price = match judge.problem.policy.trade_s {
        None | Some(0) => 0,
        Some(_) => price_of(judge, cover, idx, choice),
    };
    RankKey::of(judge, idx, choice, price).head()
}

fn price_of(judge: &Judge<'_>, cover: &mut Cover<'_>, idx: AircraftIdx, choice: &Choice) -> u64 {
    let flight = judge.fly(idx, choice.site, choice.transport());
    cover.price(idx, flight.timeline.cover_back_s)
}

fn best_of(judge: &Judge<'_>, able: &[(AircraftIdx, Choice)], budget: WorkBudget) -> Vec<Candidate> {
    best_of_priced(judge, &mut Cover::new(judge.problem), able, budget)
}

/// The best of those that can go, in order. Prices only those whose minutes could still reach the list.
fn best_of_priced(
    judge: &Judge<'_>,
    cover: &mut Cover<'_>,
    able: &[(AircraftIdx, Choice)],
    budget: WorkBudget,
) -> Vec<Candidate> {
    let heads: Vec<Head> = able.iter().map(|(idx, choice)| head_of(judge, cover, *idx, choice)).collect();
    let mut best = Best::new(budget.candidates());
    heads.iter().for_each(|head| best.offer(*head));
    let mut running: Vec<(RankKey, &Choice)> = able
        .iter()
        .zip(&heads)
        .filter(|(_, head)| !best.is_beaten(**head))
        .map(|((idx, choice), _)| {
            (RankKey::of(judge, *idx, choice, price_of(judge, cover, *idx, choice)), choice)
        })
        .collect();
    running.sort_unstable_by_key(|(key, _)| *key);
    running.truncate(budget.candidates());
    running.iter().map(|(key, choice)| candidate(judge, key, choice)).collect()
}

/// The least few of what was offered.
struct Best {
    capacity: usize,
    /// Sorted.
    heads: Vec<Head>,
}

impl Best {
    fn new(capacity: usize) -> Best {
        Best { capacity, heads: Vec::with_capacity(capacity + 1) }
    }

    fn offer(&mut self, head: Head) {
        if self.is_beaten(head) {
            return;
        }
        let place = self.heads.partition_point(|other| *other <= head);
        self.heads.insert(place, head);
        self.heads.truncate(self.capacity);
    }

    /// Whether as many as fit are strictly better.
    fn is_beaten(&self, head: Head) -> bool {
        self.heads.len() == self.capacity && self.heads.last().is_none_or(|last| *last < head)
    }
}
