//! A plan under way: routes, what they share, and how a mission is put in and taken out.

use super::plan::Route;
use super::problem::Problem;
use super::route::{Leg, Usage, drive, route_cost};

/// Where a mission can be put into a route, and what that costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Insertion {
    /// What the route costs more.
    pub(super) delta: i64,
    pub(super) resource: u16,
    legs: Vec<Leg>,
}

/// Routes that keep every limit; every mission is in as many as it takes, or in none.
#[derive(Clone, Debug)]
pub(super) struct State<'a> {
    pub(super) problem: &'a Problem,
    pub(super) legs: Vec<Vec<Leg>>,
    pub(super) routes: Vec<Route>,
    pub(super) usage: Usage,
    pub(super) is_served: Vec<bool>,
    /// Routes tried.
    pub(super) work: u64,
}

impl<'a> State<'a> {
    pub(super) fn new(problem: &'a Problem) -> State<'a> {
        State {
            problem,
            legs: vec![Vec::new(); problem.resources.len()],
            routes: vec![Route::default(); problem.resources.len()],
            usage: Usage::none(problem),
            is_served: vec![false; problem.missions.len()],
            work: 0,
        }
    }

    /// What the routes and the missions that are left cost.
    pub(super) fn total(&self) -> i64 {
        let left = self.is_served.iter().zip(&self.problem.missions).filter(|(is_served, _)| !**is_served);
        let routes = self.routes.iter().enumerate();
        let routes: i64 = routes.map(|(resource, route)| route_cost(self.problem, resource, route)).sum();
        routes + left.map(|(_, mission)| mission.unserved).sum::<i64>()
    }

    /// The cheapest place in a route; the first of equal ones. None in a route that has the mission, or one of its group,
    /// already.
    pub(super) fn insertion(&mut self, mission: u16, resource: u16) -> Option<Insertion> {
        let place = usize::from(resource);
        let of = &self.problem.resources[place];
        let has_it = self.has(place, mission);
        let is_full = self.legs[place].len() >= usize::from(of.sorties_max);
        let needs = self.problem.missions[usize::from(mission)].needs;
        if has_it || is_full || !of.capabilities.missing(needs).is_empty() {
            return None;
        }
        self.usage.give_back(self.problem, &self.routes[place]);
        let before = route_cost(self.problem, place, &self.routes[place]);
        let mut best: Option<Insertion> = None;
        for position in 0..=self.legs[place].len() {
            for leg in Leg::all(self.problem, mission) {
                if leg.landing_of(self.problem).fee(resource).is_none() {
                    continue;
                }
                let mut legs = self.legs[place].clone();
                legs.insert(position, leg);
                self.work += 1;
                let Ok(route) = drive(self.problem, place, &legs, &self.usage) else { continue };
                let delta = route_cost(self.problem, place, &route) - before;
                if best.as_ref().is_none_or(|best| delta < best.delta) {
                    best = Some(Insertion { delta, resource, legs });
                }
            }
        }
        self.usage.take(self.problem, &self.routes[place]);
        best
    }

    /// Whether a route has the mission, or one of its group.
    pub(super) fn has(&self, place: usize, mission: u16) -> bool {
        self.legs[place].iter().any(|leg| self.problem.is_alike(leg.mission, mission))
    }

    /// Gives every resource the legs of a plan that keeps every limit, lowest first.
    pub(super) fn adopt(&mut self, legs: &[Vec<Leg>]) {
        (0..legs.len()).for_each(|place| {
            self.put(place, Vec::new());
        });
        self.is_served.fill(false);
        for (place, legs) in legs.iter().enumerate() {
            if self.put(place, legs.clone()) {
                legs.iter().for_each(|leg| self.is_served[usize::from(leg.mission)] = true);
            }
        }
    }

    /// Puts a mission into the routes of these resources, or, when one cannot take it any more or it is dearer than
    /// leaving it, into none.
    pub(super) fn insert(&mut self, mission: u16, resources: &[u16]) -> bool {
        let before = self.total();
        let mut done = Vec::new();
        for &resource in resources {
            let Some(insertion) = self.insertion(mission, resource) else { break };
            let place = usize::from(resource);
            done.push((resource, self.legs[place].clone()));
            self.put(place, insertion.legs);
        }
        self.is_served[usize::from(mission)] = done.len() == resources.len();
        if self.is_served[usize::from(mission)] && self.total() <= before {
            return true;
        }
        self.is_served[usize::from(mission)] = false;
        for (resource, legs) in done.into_iter().rev() {
            self.put(resource.into(), legs);
        }
        false
    }

    /// Takes missions out of every route. Routes that get worse by it or cannot be flown without lose the rest too.
    pub(super) fn remove(&mut self, missions: &[u16]) {
        let mut out = missions.to_vec();
        while let Some(mission) = out.pop() {
            self.is_served[usize::from(mission)] = false;
            for place in 0..self.legs.len() {
                if self.legs[place].iter().any(|leg| leg.mission == mission) {
                    let mut legs = self.legs[place].clone();
                    legs.retain(|leg| leg.mission != mission);
                    if !self.put(place, legs.clone()) {
                        // The refuelling went with it, or the shorter way is none: the whole route goes.
                        out.extend(legs.iter().map(|leg| leg.mission));
                        self.put(place, Vec::new());
                    }
                }
            }
        }
    }

    /// Gives a resource these legs; false, and nothing changed, when they break a limit.
    fn put(&mut self, place: usize, legs: Vec<Leg>) -> bool {
        self.usage.give_back(self.problem, &self.routes[place]);
        let route = drive(self.problem, place, &legs, &self.usage);
        self.work += 1;
        let is_right = route.is_ok();
        if let Ok(route) = route {
            (self.routes[place], self.legs[place]) = (route, legs);
        }
        self.usage.take(self.problem, &self.routes[place]);
        is_right
    }
}
