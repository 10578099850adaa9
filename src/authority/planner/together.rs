//! All open requests at once: the times to care of single rankings, assigned so that together they cost least.
//!
//! With one sortie each the assignment is exact; where it would bring more aircraft to one landing site than it takes, and
//! where aircraft may fly several sorties, `sorties` states and plans them with what they share. Nothing is asked of
//! anybody here. Absent on purpose: the landing places of hospitals as shared room; their leases are asked for at the
//! scene.

mod choices;
mod places;
mod sorties;
mod told;

use super::{RankPlanner, Ranked};
use crate::allocator::assignment::{self, FORBIDDEN, Problem, Urgency, WorkBudget};
use crate::allocator::missions::{self, Violation};
use crate::allocator::ranking::{Candidate, ProblemError, Transport, Window, limits::AIRCRAFT_MAX};
use crate::authority::View;
use crate::decision::model::{Request, RequestState};
use crate::id::{AssetId, HospitalId, RequestId, SiteId};
use crate::units::{Seconds, Timestamp, UNREACHABLE};
use std::collections::{BTreeMap, BTreeSet};

/// Most sorties of one aircraft.
pub const SORTIES_MAX: u8 = missions::limits::SORTIES_MAX;
/// Most sites whose fuel is stated.
pub const FUEL_SITES_MAX: usize = missions::limits::STOPS_MAX;

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

/// What an assignment may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// Sorties that one aircraft may fly one after the other, up to [`SORTIES_MAX`].
    pub sorties_max: u8,
    /// Litres that all aircraft together find at a site; what is not named is taken not to run dry.
    pub fuel_l: BTreeMap<SiteId, u32>,
}

/// A refuelling before a sortie; times are seconds from now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refuelling {
    /// Where.
    pub site: SiteId,
    /// When it begins.
    pub from_s: Seconds,
    /// What is taken.
    pub litres: u32,
}

/// One aircraft flying for one open number; times are seconds from now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flight {
    /// The place of the number in [`Together::open`].
    pub open: usize,
    /// The place of the aircraft in [`Together::aircraft`].
    pub aircraft: usize,
    /// Which of its sorties, from 1.
    pub sortie: u8,
    /// Before it, if any.
    pub refuelling: Option<Refuelling>,
    /// Where it lands; none: the pad of the hospital where the patient lies.
    pub site: Option<SiteId>,
    /// When.
    pub lands_s: Seconds,
    /// When care begins as the request means it.
    pub care_s: Seconds,
    /// When it leaves the site.
    pub leaves_s: Seconds,
    /// Where the patient goes on to.
    pub hospital: HospitalId,
    /// Whether by road, the aircraft being free at the site.
    pub by_road: bool,
    /// When the patient is there.
    pub hospital_s: Seconds,
}

/// The smallest change that would serve a number, with all others as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is due later.
    LaterDue {
        /// By so much.
        by_s: Seconds,
    },
    /// The duty of an aircraft's crew, or its hours, end later.
    LongerDuty {
        /// Whose.
        aircraft: usize,
        /// By so much.
        by_s: Seconds,
    },
    /// An aircraft's crew may fly longer.
    MoreFlightTime {
        /// Whose.
        aircraft: usize,
        /// By so much.
        by_s: Seconds,
    },
    /// An aircraft has more fuel.
    MoreFuel {
        /// Which.
        aircraft: usize,
        /// By so many seconds of flight.
        by_s: Seconds,
    },
    /// A site has more fuel.
    MoreFuelAt {
        /// Which.
        site: SiteId,
        /// By so many litres.
        by_l: u32,
    },
    /// One more finds room on a landing site.
    FreeSite {
        /// Which; none: the pad of the hospital where the patient lies.
        site: Option<SiteId>,
    },
    /// An aircraft may fly once more.
    OneMoreSortie {
        /// Which.
        aircraft: usize,
    },
    /// An aircraft that is not among those that could go.
    AnotherAircraft,
}

/// A number that nobody is left for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The place of the number in [`Together::open`].
    pub open: usize,
    /// None where no aircraft could go at all: its ranking says why.
    pub change: Option<Change>,
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
    /// Who flies, and who is left.
    pub answer: Answer,
}

/// Who flies for which number, and how good that is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// By number.
    pub flights: Vec<Flight>,
    /// When each aircraft is home, by aircraft; 0 for one that stays.
    pub home_s: Vec<Seconds>,
    /// By number.
    pub left: Vec<Left>,
    /// What it costs by [`Urgency`].
    pub total: i64,
    /// What every answer costs at least.
    pub bound: i64,
}

/// Why nothing could be assigned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A request could not be ranked.
    #[error("a ranking could not be stated: {0}")]
    Ranking(#[from] ProblemError),
    /// The sorties are beyond what can be planned.
    #[error("sorties could not be stated: {0}")]
    Sorties(#[from] missions::ProblemError),
    /// The planned sorties break a rule when they are judged anew.
    #[error("planned sorties are wrong: {0:?}")]
    Wrong(Vec<Violation>),
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
    /// By what [`Urgency`] says it costs; who comes after a request's due time is ruled out, so lateness needs no price.
    /// Exact with one sortie each while no landing site gets more than it takes: the prices of the answer prove it. Else
    /// as good as a fixed number of tries finds, with a proven bound; `total` then counts begun minutes until landing.
    ///
    /// # Errors
    /// [`Fault`]; [`Fault::Ranking`] as [`RankPlanner::rank`].
    ///
    /// # Complexity
    /// A ranking for each request, below a millisecond for the exact assignment; with sorties one more short ranking for
    /// each landing site of a request, and what `sorties` takes.
    pub fn rank_together(
        &self,
        view: &View,
        at: Timestamp,
        requests: &[Request],
        terms: &Terms,
    ) -> Result<Together, Fault> {
        let told = u16::try_from(AIRCRAFT_MAX).unwrap_or(u16::MAX);
        let rankings = requests.iter().map(|request| self.rank(view, at, request, told));
        let rankings: Vec<Ranked> = rankings.collect::<Result<_, _>>()?;
        let aircraft: BTreeSet<&AssetId> =
            rankings.iter().flat_map(|ranked| candidates(ranked).map(|(asset, _)| asset)).collect();
        let aircraft: Vec<AssetId> = aircraft.into_iter().cloned().collect();
        let mut open = Vec::new();
        for (ranking, request) in requests.iter().enumerate() {
            open.extend(unserved(request).map(|number| Open {
                request: request.id.clone(),
                number,
                ranking,
            }));
        }
        let mut care_s = vec![UNREACHABLE; rankings.len() * aircraft.len()];
        for (row, ranked) in rankings.iter().enumerate() {
            for (asset, candidate) in candidates(ranked) {
                let Ok(column) = aircraft.binary_search(asset) else { continue };
                care_s[row * aircraft.len() + column] = candidate.timeline.care_s;
            }
        }
        let mut together = Together { rankings, open, aircraft, care_s, answer: Answer::default() };
        let exact = (terms.sorties_max <= 1).then(|| together.one_each(requests));
        together.answer = match exact {
            Some(answer) if !together.is_crowded(&answer) => answer,
            _ => sorties::plan(self, (view, at), requests, &together, terms)?,
        };
        Ok(together)
    }
}

impl Together {
    /// The aircraft of each open number; none where it goes unserved.
    pub fn pairs(&self) -> impl Iterator<Item = (&Open, Option<&Flight>)> {
        let flight = |place: usize| self.answer.flights.iter().find(|flight| flight.open == place);
        self.open.iter().enumerate().map(move |(place, open)| (open, flight(place)))
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

    /// The cheapest assignment of one sortie each, whatever they share.
    fn one_each(&self, requests: &[Request]) -> Answer {
        let width = self.aircraft.len();
        let mut costs = vec![FORBIDDEN; self.rankings.len() * width];
        for (row, ranked) in self.rankings.iter().enumerate() {
            for (asset, candidate) in candidates(ranked) {
                let Ok(column) = self.aircraft.binary_search(asset) else { continue };
                let cost = urgency(&requests[row]).cost(candidate.timeline.care_s, candidate.tier);
                costs[row * width + column] = cost;
            }
        }
        let of_open = |one: &Open| &costs[one.ranking * width..(one.ranking + 1) * width];
        let problem = Problem {
            resources: width,
            costs: self.open.iter().flat_map(of_open).copied().collect(),
            unserved: self.open.iter().map(|one| urgency(&requests[one.ranking]).unserved()).collect(),
        };
        let assigned = assignment::solve(&problem, WorkBudget::default());
        let assigned = assigned.expect("sizes are within the limits, and values are asserted to be");
        let mut answer = Answer {
            home_s: vec![0; width],
            total: assigned.total,
            bound: assigned.bound,
            ..Answer::default()
        };
        for (open, place) in assigned.resource_of.iter().enumerate() {
            let flown = place.and_then(|place| self.flight(open, place as usize));
            match flown {
                Some((flight, home_s)) => {
                    answer.home_s[flight.aircraft] = home_s;
                    answer.flights.push(flight);
                }
                None => answer.left.push(Left { open, change: self.if_any_could(open) }),
            }
        }
        answer
    }

    /// With one sortie each only another aircraft helps, if any can go at all.
    fn if_any_could(&self, open: usize) -> Option<Change> {
        let is_able = !self.able(self.open[open].ranking).is_empty();
        is_able.then_some(Change::AnotherAircraft)
    }

    /// A flight as its ranking has it, and when the aircraft is home.
    fn flight(&self, open: usize, aircraft: usize) -> Option<(Flight, Seconds)> {
        let ranked = &self.rankings[self.open[open].ranking];
        let (_, candidate) = candidates(ranked).find(|(asset, _)| **asset == self.aircraft[aircraft])?;
        let (names, times) = (&ranked.stated.names, &candidate.timeline);
        let flight = Flight {
            open,
            aircraft,
            sortie: 1,
            refuelling: None,
            site: names.sites[candidate.site.index()].clone(),
            lands_s: times.landed_s,
            care_s: times.care_s,
            leaves_s: times.depart_scene_s,
            hospital: names.hospitals[candidate.transport.hospital().index()].clone(),
            by_road: matches!(candidate.transport, Transport::ByRoad { .. }),
            hospital_s: times.at_hospital_s,
        };
        Some((flight, times.home_s))
    }

    /// Whether a landing site would get more at once than it takes, the leases of others among them.
    fn is_crowded(&self, answer: &Answer) -> bool {
        let place = |flight: &Flight| {
            let ranked = &self.rankings[self.open[flight.open].ranking];
            let site = ranked.stated.names.sites.iter().position(|site| *site == flight.site)?;
            ranked.stated.problem.sites.get(site)
        };
        let overlap = |flight: &Flight, window: (Seconds, Seconds)| {
            flight.lands_s < window.1 && window.0 < flight.leaves_s
        };
        let is_over = |flight: &Flight| {
            let Some(site) = place(flight) else { return false };
            let is_beside = |other: &&Flight| {
                let is_there = place(other).is_some_and(|there| there.position == site.position);
                is_there && overlap(flight, (other.lands_s, other.leaves_s))
            };
            let leased = |lease: &&Window| {
                let from_s = lease.from_s.max(0).unsigned_abs();
                lease.until_s > 0 && overlap(flight, (from_s, lease.until_s.unsigned_abs()))
            };
            // The flight itself is one of them.
            let flights = answer.flights.iter().filter(is_beside).count();
            flights > 1 && flights + site.leases.iter().filter(leased).count() > usize::from(site.spots)
        };
        answer.flights.iter().any(is_over)
    }
}

/// Aircraft that can go, each with its best site and hospital.
fn candidates(ranked: &Ranked) -> impl Iterator<Item = (&AssetId, &Candidate)> {
    let names = &ranked.stated.names.aircraft;
    ranked.plan.candidates.iter().map(|one| (&names[one.aircraft.index()], one))
}

/// That of the most urgent patient on the scene.
fn urgency(request: &Request) -> Urgency {
    match (request.triage.red, request.triage.yellow) {
        (1.., _) => Urgency::Red,
        (0, 1..) => Urgency::Yellow,
        (0, 0) => Urgency::Green,
    }
}
