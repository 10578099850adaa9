//! Every plan there is, where there are few.
//!
//! Insertion looks at one mission at a time: it does not see a second mission that can only be flown to after a refuelling that
//! the first does not need. A night of two or three aircraft and as many missions is small enough to look at all of it.

use super::plan::Route;
use super::problem::Problem;
use super::route::{Leg, Usage, drive, route_cost};
use super::state::State;

impl State<'_> {
    /// Takes the cheapest of all plans if its routes can be driven, one resource after the other, in not more than `work_max`
    /// routes together with those tried before. A plan is changed for one that costs less alone. Whether all were looked
    /// at: then nothing costs less, but where room on a landing site is short, since there the order of resources counts.
    ///
    /// # Complexity
    /// Routes of the first resource x those of the second x ..., within `work_max`.
    pub(super) fn list(&mut self, work_max: u64) -> bool {
        let able: Vec<(usize, Vec<Leg>)> = (0..self.problem.resources.len())
            .map(|resource| (resource, legs_of(self.problem, resource)))
            .filter(|(_, legs)| !legs.is_empty())
            .collect();
        let mut routes = 0_u64;
        let mut plans = 1_u64;
        for (resource, legs) in &able {
            plans = plans.saturating_mul(sequences(self.problem, *resource, legs));
            routes = routes.saturating_add(plans);
        }
        if self.work.saturating_add(routes) > work_max {
            return false;
        }
        let mut listing = Listing {
            problem: self.problem,
            able: &able,
            usage: Usage::none(self.problem),
            served: vec![0; self.problem.missions.len()],
            legs: vec![Vec::new(); self.problem.resources.len()],
            best: None,
            least: self.total(),
            work: self.work,
        };
        listing.from(0, 0);
        self.work = listing.work;
        if let Some(legs) = listing.best {
            self.adopt(&legs);
        }
        true
    }
}

/// One plan after the other.
struct Listing<'a> {
    problem: &'a Problem,
    able: &'a [(usize, Vec<Leg>)],
    usage: Usage,
    /// In how many routes each mission is.
    served: Vec<u8>,
    /// What each resource does in the plan that is looked at.
    legs: Vec<Vec<Leg>>,
    best: Option<Vec<Vec<Leg>>>,
    least: i64,
    work: u64,
}

impl Listing<'_> {
    /// All that the resources from `at` on can do, when those before cost so much.
    fn from(&mut self, at: usize, cost: i64) {
        // Nothing that follows costs less than nothing.
        if cost >= self.least {
            return;
        }
        let Some(&(resource, _)) = self.able.get(at) else { return self.judge(cost) };
        self.with(at, resource, cost);
    }

    /// The route of a resource as it is, and every one that begins with it.
    fn with(&mut self, at: usize, resource: usize, cost: i64) {
        self.work += 1;
        if let Ok(route) = drive(self.problem, resource, &self.legs[resource], &self.usage) {
            self.beyond(at, cost + route_cost(self.problem, resource, &route), &route);
        }
        // A route that cannot be flown may be the beginning of one that can: of one that refuels.
        if self.legs[resource].len() == usize::from(self.problem.resources[resource].sorties_max) {
            return;
        }
        for &leg in &self.able[at].1 {
            let place = usize::from(leg.mission);
            let is_full = self.served[place] == self.problem.missions[place].resources;
            if is_full
                || self.legs[resource].iter().any(|other| self.problem.is_alike(other.mission, leg.mission))
            {
                continue;
            }
            self.legs[resource].push(leg);
            self.served[place] += 1;
            self.with(at, resource, cost);
            self.served[place] -= 1;
            self.legs[resource].pop();
        }
    }

    fn beyond(&mut self, at: usize, cost: i64, route: &Route) {
        self.usage.take(self.problem, route);
        self.from(at + 1, cost);
        self.usage.give_back(self.problem, route);
    }

    /// A plan of whole missions that costs less than any before is the best.
    fn judge(&mut self, cost: i64) {
        let mut total = cost;
        for (mission, &count) in self.problem.missions.iter().zip(&self.served) {
            match count {
                0 => total += mission.unserved,
                count if count == mission.resources => {}
                _ => return,
            }
        }
        if total < self.least {
            self.least = total;
            self.best = Some(self.legs.clone());
        }
    }
}

/// Every way in which a resource can serve any mission.
fn legs_of(problem: &Problem, resource: usize) -> Vec<Leg> {
    let of = &problem.resources[resource];
    if of.sorties_max == 0 {
        return Vec::new();
    }
    let can =
        |mission: &u16| of.capabilities.missing(problem.missions[usize::from(*mission)].needs).is_empty();
    let legs = (0..problem.missions.len() as u16).filter(can).flat_map(|mission| Leg::all(problem, mission));
    legs.filter(|leg| leg.landing_of(problem).fee(resource as u16).is_some()).collect()
}

/// Most routes that a resource can try of these legs, the empty one among them.
fn sequences(problem: &Problem, resource: usize, legs: &[Leg]) -> u64 {
    // Whoever serves a mission loses all its ways: at least as many as the one with the fewest has.
    let fewest = legs.chunk_by(|a, b| a.mission == b.mission).map(<[Leg]>::len).min().unwrap_or(0);
    let mut of_length = 1_u64;
    let mut all = 1_u64;
    for number in 0..usize::from(problem.resources[resource].sorties_max) {
        of_length = of_length.saturating_mul(legs.len().saturating_sub(number * fewest) as u64);
        all = all.saturating_add(of_length);
    }
    all
}
