//! Why a mission goes unserved, and the smallest change that would let it be served.

use super::bound::alone;
use super::plan::{Change, Limit, Reason, Unserved};
use super::problem::Problem;
use super::route::{Leg, Usage, drive};
use super::state::State;

/// Changes that are tried out, smallest first, before it is said that another resource is needed.
const TRIED_MAX: usize = 24;

impl State<'_> {
    /// The reasons of all that is left, lowest mission first.
    pub(super) fn reasons(&mut self) -> Vec<Unserved> {
        self.left().into_iter().map(|mission| self.reason(mission)).collect()
    }

    fn reason(&mut self, mission: u16) -> Unserved {
        let problem = self.problem;
        let of = &problem.missions[usize::from(mission)];
        let (able, limit) = able_alone(problem, mission);
        if able < u16::from(of.resources) {
            let change =
                limit.map_or(Change::OneMoreResource, |(resource, limit)| change_for(resource, limit));
            return Unserved { mission, reason: Reason::Impossible { able, limit }, change };
        }
        let resources = 0..problem.resources.len() as u16;
        let mut deltas: Vec<i64> =
            resources.filter_map(|resource| Some(self.insertion(mission, resource)?.delta)).collect();
        deltas.sort_unstable();
        let cost = deltas.get(..usize::from(of.resources)).map(|deltas| deltas.iter().sum::<i64>());
        match cost.filter(|cost| *cost > of.unserved) {
            Some(cost) => {
                let change = Change::HigherPrice { by: cost - of.unserved };
                Unserved { mission, reason: Reason::Dearer { cost }, change }
            }
            None => {
                let change = self.change_in_plan(mission);
                Unserved { mission, reason: Reason::Displaced { able }, change }
            }
        }
    }

    /// The smallest change that lets one resource serve a mission beside what it does in the plan.
    fn change_in_plan(&self, mission: u16) -> Change {
        let problem = self.problem;
        let mut limits: Vec<(Limit, u16, Vec<Leg>)> = Vec::new();
        if problem.missions[usize::from(mission)].resources > 1 {
            return Change::OneMoreResource;
        }
        for place in (0..self.legs.len()).filter(|place| !self.has(*place, mission)) {
            let others = self.others(place);
            for position in 0..=self.legs[place].len() {
                for leg in Leg::all(problem, mission) {
                    let mut legs = self.legs[place].clone();
                    legs.insert(position, leg);
                    if let Err((at, limit)) = drive(problem, place, &legs, &others) {
                        // That another mission would be reached too late is no change for this one.
                        let is_own = !matches!(limit, Limit::Late { .. }) || legs[at].mission == mission;
                        limits.extend(is_own.then_some((limit, place as u16, legs)));
                    }
                }
            }
        }
        limits.sort_by_key(|(limit, resource, legs)| (*limit, *resource, legs.len()));
        limits.dedup_by_key(|(limit, resource, _)| (*limit, *resource));
        let helps = |(limit, resource, legs): &(Limit, u16, Vec<Leg>)| {
            let change = change_for(*resource, *limit);
            let changed = with(problem, mission, change)?;
            let place = usize::from(*resource);
            drive(&changed, place, legs, &self.others(place)).is_ok().then_some(change)
        };
        limits.iter().take(TRIED_MAX).find_map(helps).unwrap_or(Change::OneMoreResource)
    }

    /// What all other routes take.
    fn others(&self, place: usize) -> Usage {
        let mut others = self.usage.clone();
        others.give_back(self.problem, &self.routes[place]);
        others
    }
}

/// How many could serve a mission if it were the only one; and of the others the nearest miss.
pub(super) fn able_alone(problem: &Problem, mission: u16) -> (u16, Option<(u16, Limit)>) {
    let none = Usage::none(problem);
    let (mut able, mut nearest): (u16, Option<(u16, Limit)>) = (0, None);
    for resource in 0..problem.resources.len() as u16 {
        if alone(problem, mission, resource, &none).is_some() {
            able += 1;
            continue;
        }
        let legs = Leg::all(problem, mission);
        let limits = legs.filter_map(|leg| drive(problem, resource.into(), &[leg], &none).err());
        if let Some((_, limit)) = limits.min_by_key(|(_, limit)| *limit)
            && nearest.is_none_or(|(_, nearest)| limit < nearest)
        {
            nearest = Some((resource, limit));
        }
    }
    (able, nearest)
}

fn change_for(resource: u16, limit: Limit) -> Change {
    match limit {
        Limit::Late { by_s } => Change::LaterDue { by_s },
        Limit::Duty { by_s } => Change::LongerDuty { resource, by_s },
        Limit::FlightTime { by_s } => Change::MoreFlightTime { resource, by_s },
        Limit::Fuel { short_s } => Change::MoreFuel { resource, by_s: short_s },
        Limit::Stock { stop, short_l } => Change::MoreStock { stop, by_l: short_l },
        Limit::PadFull { pad } => Change::MoreSpots { pad },
        Limit::Sorties => Change::MoreSorties { resource },
        Limit::Capability { missing } => Change::Equip { resource, with: missing },
        Limit::Barred | Limit::Unreachable => Change::OneMoreResource,
    }
}

/// The problem after a change; none where nothing in it would change.
fn with(problem: &Problem, mission: u16, change: Change) -> Option<Problem> {
    let mut problem = problem.clone();
    match change {
        Change::LaterDue { by_s } => problem.missions[usize::from(mission)].due_s += by_s,
        Change::LongerDuty { resource, by_s } => {
            let of = &mut problem.resources[usize::from(resource)];
            (of.duty_end_s, of.starts_by_s) = (of.duty_end_s + by_s, of.starts_by_s + by_s);
        }
        Change::MoreFlightTime { resource, by_s } => {
            problem.resources[usize::from(resource)].flight_left_s += by_s;
        }
        Change::MoreFuel { resource, by_s } => problem.resources[usize::from(resource)].fuel_s += by_s,
        Change::MoreStock { stop, by_l } => {
            let of = &mut problem.stops[usize::from(stop)];
            of.stock_l = of.stock_l.saturating_add(by_l);
        }
        Change::MoreSpots { pad } => {
            let of = &mut problem.pads[usize::from(pad)];
            of.spots = of.spots.saturating_add(1);
        }
        Change::MoreSorties { resource } => problem.resources[usize::from(resource)].sorties_max += 1,
        Change::Equip { resource, with } => {
            let of = &mut problem.resources[usize::from(resource)];
            of.capabilities = of.capabilities.and(with);
        }
        Change::OneMoreResource | Change::HigherPrice { .. } => return None,
    }
    Some(problem)
}
