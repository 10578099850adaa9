//! Why a mission goes unserved, and the smallest change that would let it be served.

use super::bound::alone;
use super::plan::{Change, Limit, Reason, Unserved};
use super::problem::Problem;
use super::route::{Leg, Usage, drive};
use super::state::State;

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
            None => Unserved { mission, reason: Reason::Displaced { able }, change: Change::OneMoreResource },
        }
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
        let stops = std::iter::once(None).chain((0..problem.stops.len() as u16).map(Some));
        let legs = stops.map(|stop| [Leg { mission, stop }]);
        let limits = legs.filter_map(|legs| drive(problem, resource.into(), &legs, &none).err());
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
        Limit::Fuel { short_s } => Change::MoreFuel { resource, by_s: short_s },
        Limit::Stock { stop, short_l } => Change::MoreStock { stop, by_l: short_l },
        Limit::PadFull { pad } => Change::MoreLandings { pad },
        Limit::Sorties => Change::MoreSorties { resource },
        Limit::Capability { missing } => Change::Equip { resource, with: missing },
        Limit::Unreachable => Change::OneMoreResource,
    }
}
