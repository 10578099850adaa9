//! What every plan costs at least: an assignment of parts of missions to sorties, each at the best that it can be.
//!
//! A mission that takes three aircraft has three parts, each with a third of its price; an aircraft that may fly twice
//! has two sorties. A part is as early at a sortie as if there were no other mission, except that before a second sortie
//! come the nearest first landing, the shortest mission and the shortest way from the end of one. Every plan is such an
//! assignment and costs no less. Landings that a window cannot take get a price (Lagrange), which is paid back for as
//! many as it can take: of stays of so many seconds on so many spots no more can begin within a window.

use super::plan::Proof;
use super::problem::{Mission, Pad, Problem};
use super::route::{Leg, Usage, arrival_cost, drive};
use super::ways::Ways;
use crate::allocator::assignment::{self, FORBIDDEN, WorkBudget};
use crate::units::{Seconds, UNREACHABLE};

/// How often the prices of landings are put right.
const PRICE_ROUNDS: i64 = 12;

/// The assignment without its prices of landings.
pub(super) struct Relaxation<'a> {
    problem: &'a Problem,
    /// The mission of each row.
    pub(super) parts: Vec<u16>,
    /// The resource of each column, and how many sorties come before this one.
    pub(super) sorties: Vec<(u16, u8)>,
    /// The earliest arrival, for each mission of shape landings x sorties; [`UNREACHABLE`] where there is none.
    arrivals_s: Vec<Vec<Seconds>>,
    /// Most landings that begin in a window, by pad.
    landings_max: Vec<i64>,
}

impl<'a> Relaxation<'a> {
    /// Of a valid problem.
    ///
    /// # Complexity
    /// O(classes x places^3 + missions x landings x sorties).
    pub(super) fn of(problem: &'a Problem) -> Relaxation<'a> {
        let parts: Vec<u16> = (0..)
            .zip(&problem.missions)
            .flat_map(|(mission, of)| std::iter::repeat_n(mission, usize::from(of.resources)))
            .collect();
        let sorties: Vec<(u16, u8)> = (0..)
            .zip(&problem.resources)
            .flat_map(|(resource, of)| (0..of.sorties_max).map(move |number| (resource, number)))
            .collect();
        let ways = Ways::of(problem);
        let none = Usage::none(problem);
        let arrival = |mission: u16, landing: u8, (resource, number): (u16, u8)| {
            let found = if problem.resources[usize::from(resource)].sorties_max == 1 {
                alone_at(problem, (mission, landing), resource, &none)
            } else {
                earliest(problem, &ways, (mission, landing), (resource, number))
            };
            found.unwrap_or(UNREACHABLE)
        };
        let of_mission = |(mission, of): (u16, &Mission)| {
            let landings = 0..of.landings.len() as u8;
            let all = landings.flat_map(|landing| sorties.iter().map(move |sortie| (landing, *sortie)));
            all.map(|(landing, sortie)| arrival(mission, landing, sortie)).collect()
        };
        let arrivals_s = (0..).zip(&problem.missions).map(of_mission).collect();
        let landings_max = landings_max(problem, parts.len());
        Relaxation { problem, parts, sorties, arrivals_s, landings_max }
    }

    /// The assignment where landings have these prices, shape pads x windows.
    pub(super) fn priced(&self, landing_prices: &[i64]) -> assignment::Problem {
        let columns = self.sorties.len();
        let cost = |mission: u16, column: usize| {
            let landing = self.landing(mission, column, landing_prices);
            landing.map_or(FORBIDDEN, |(cost, _)| cost.min(assignment::limits::COST_MAX.into()) as i32)
        };
        let mut costs = Vec::with_capacity(self.parts.len() * columns);
        for (row, &mission) in self.parts.iter().enumerate() {
            if row > 0 && self.parts[row - 1] == mission {
                costs.extend_from_within((row - 1) * columns..);
            } else {
                costs.extend((0..columns).map(|column| cost(mission, column)));
            }
        }
        let unserved = self.parts.iter().enumerate().map(|(row, &mission)| {
            let of = &self.problem.missions[usize::from(mission)];
            let is_first = row == 0 || self.parts[row - 1] != mission;
            let share = of.unserved / i64::from(of.resources);
            if is_first { of.unserved - share * (i64::from(of.resources) - 1) } else { share }
        });
        assignment::Problem { resources: columns, costs, unserved: unserved.collect() }
    }

    /// The cheapest landing of a mission in the sortie of a column: what it costs with its price, and its place among the
    /// prices.
    fn landing(&self, mission: u16, column: usize, prices: &[i64]) -> Option<(i64, Option<usize>)> {
        let (resource, _) = self.sorties[column];
        let of = &self.problem.missions[usize::from(mission)];
        let arrivals_s = self.arrivals_s[usize::from(mission)].chunks(self.sorties.len());
        let landings = of.landings.iter().zip(arrivals_s).filter_map(|(landing, arrivals_s)| {
            let fee = i64::from(landing.fee(resource)?);
            let arrive_s = arrivals_s[column];
            if arrive_s > of.due_s {
                return None;
            }
            let Some(pad) = landing.pad else {
                return Some((arrival_cost(self.problem, mission, arrive_s) + fee, None));
            };
            let (cost, slot) = self.window(mission, pad, arrive_s, prices)?;
            Some((cost + fee, Some(slot)))
        });
        landings.min()
    }

    /// The cheapest window of a pad from `arrive_s` on.
    fn window(&self, mission: u16, pad: u16, arrive_s: Seconds, prices: &[i64]) -> Option<(i64, usize)> {
        let problem = self.problem;
        let windows =
            arrive_s / problem.window_s..=problem.missions[usize::from(mission)].due_s / problem.window_s;
        let mut best: Option<(i64, usize)> = None;
        for window in windows {
            let slot = usize::from(pad) * problem.windows() + window as usize;
            let cost = arrival_cost(problem, mission, arrive_s.max(window * problem.window_s));
            let found = (cost + prices[slot], slot);
            best = Some(best.map_or(found, |best| best.min(found)));
            // Later ones cost more, and prices are not negative.
            if best.is_some_and(|best| best.0 <= cost) {
                break;
            }
        }
        best
    }

    /// What prices of landings give back: each for as many as its window takes; prices too great to add up prove nothing.
    pub(super) fn paid_back(&self, landing_prices: &[i64]) -> i64 {
        let priced = landing_prices.iter().enumerate().filter(|(_, price)| **price > 0);
        let windows = self.problem.windows();
        let paid = priced.map(|(slot, &price)| price.saturating_mul(self.landings_max[slot / windows]));
        paid.fold(0, i64::saturating_add)
    }

    /// The best bound of some rounds of prices, and the plan of the first, which knows none.
    pub(super) fn prove(&self) -> Result<(i64, Proof, Vec<Option<u32>>), assignment::ProblemError> {
        let mut prices = vec![0_i64; self.problem.pads.len() * self.problem.windows()];
        let mut best: Option<(i64, Proof)> = None;
        let mut first = None;
        let window_price = i64::from(self.problem.window_s.div_ceil(60));
        let dearest = self.problem.missions.iter().map(|of| i64::from(of.minute_price)).max().unwrap_or(0);
        for round in 1..=PRICE_ROUNDS {
            let relaxed = assignment::solve(&self.priced(&prices), WorkBudget::default())?;
            first.get_or_insert_with(|| relaxed.resource_of.clone());
            let over = self.over(&relaxed.resource_of, &prices);
            let bound = relaxed.bound.saturating_sub(self.paid_back(&prices));
            if best.as_ref().is_none_or(|(best, _)| bound > *best) {
                best = Some((bound, Proof { landing_prices: prices.clone(), relaxed }));
            }
            if over.iter().all(|&over| over <= 0) {
                break;
            }
            let step = (window_price * dearest / round).max(1);
            for (price, over) in prices.iter_mut().zip(over) {
                *price = (*price + over * step).clamp(0, assignment::limits::COST_MAX.into());
            }
        }
        // There is one round at least.
        let (bound, proof) =
            best.unwrap_or_else(|| (0, Proof { landing_prices: prices, relaxed: nothing() }));
        Ok((bound, proof, first.unwrap_or_default()))
    }

    /// Landings of each window beyond what it takes.
    fn over(&self, sortie_of: &[Option<u32>], prices: &[i64]) -> Vec<i64> {
        let windows = self.problem.windows();
        let mut over: Vec<i64> = (0..prices.len()).map(|slot| -self.landings_max[slot / windows]).collect();
        for (row, sortie) in sortie_of.iter().enumerate() {
            let Some(sortie) = sortie else { continue };
            if let Some((_, Some(slot))) = self.landing(self.parts[row], *sortie as usize, prices) {
                over[slot] += 1;
            }
        }
        over
    }
}

/// Most landings that begin in a window of each pad: on a spot one after the other, the shortest stay apart.
fn landings_max(problem: &Problem, parts: usize) -> Vec<i64> {
    let of_pad = |(pad, of): (u16, &Pad)| {
        let lands = |mission: &&Mission| mission.landings.iter().any(|landing| landing.pad == Some(pad));
        let stays = problem.missions.iter().filter(lands).map(|mission| mission.on_scene_s);
        match stays.min() {
            // Who does not stay needs no room.
            Some(0) | None => parts as i64,
            Some(stay_s) => i64::from(of.spots) * i64::from(problem.window_s.div_ceil(stay_s)),
        }
    };
    (0..).zip(&problem.pads).map(of_pad).collect()
}

fn nothing() -> assignment::Assignment {
    assignment::Assignment {
        resource_of: Vec::new(),
        mission_prices: Vec::new(),
        resource_prices: Vec::new(),
        total: 0,
        bound: 0,
        method: assignment::Method::ShortestPaths,
        work: 0,
    }
}

/// When a resource arrives at a mission that is its only one, by whichever landing and stop is best.
pub(super) fn alone(problem: &Problem, mission: u16, resource: u16, none: &Usage) -> Option<Seconds> {
    let landings = 0..problem.missions[usize::from(mission)].landings.len() as u8;
    landings.filter_map(|landing| alone_at(problem, (mission, landing), resource, none)).min()
}

fn alone_at(
    problem: &Problem,
    (mission, landing): (u16, u8),
    resource: u16,
    none: &Usage,
) -> Option<Seconds> {
    problem.missions[usize::from(mission)].landings[usize::from(landing)].fee(resource)?;
    let legs = Leg::all(problem, mission).filter(|leg| leg.landing == landing);
    let routes = legs.filter_map(|leg| drive(problem, resource.into(), &[leg], none).ok());
    routes.map(|route| route.sorties[0].arrive_s).min()
}

/// No route brings a resource to a mission in its sortie of a number before this; none when it comes too late for the
/// mission or its duty.
fn earliest(
    problem: &Problem,
    ways: &Ways,
    (mission, landing): (u16, u8),
    (resource, number): (u16, u8),
) -> Option<Seconds> {
    let (of, by) = (&problem.missions[usize::from(mission)], &problem.resources[usize::from(resource)]);
    let at = &of.landings[usize::from(landing)];
    at.fee(resource)?;
    let there_s = ways.between(by.class, by.start, at.place)?;
    let on_s = ways.between(by.class, at.place, at.ends_at())?;
    let back_s = ways.between(by.class, at.ends_at(), by.home)?;
    if !by.capabilities.missing(of.needs).is_empty() {
        return None;
    }
    let there_s = there_s.max(ways.before_s(resource, by.class, number, at.place)?);
    let arrive_s = by.ready_s.saturating_add(there_s).max(at.from_s);
    let stop_s = at.onward.map_or(0, |onward| onward.stop_s);
    let home_s = [of.on_scene_s, on_s, stop_s, back_s].into_iter().fold(arrive_s, Seconds::saturating_add);
    (arrive_s <= of.due_s && home_s <= by.duty_end_s).then_some(arrive_s)
}
