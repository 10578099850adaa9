//! What every plan costs at least: an assignment of parts of missions to sorties, each at the best that it can be.
//!
//! A mission that takes three aircraft has three parts, each with a third of its price; an aircraft that may fly twice
//! has two sorties. A part is as early at a sortie as if there were no other mission, except that a second sortie comes
//! after the shortest stay on a scene. Every plan is such an assignment and costs no less. Landings that a window cannot
//! take get a price (Lagrange), which is paid back for as many as it can take.

use super::plan::Proof;
use super::problem::{Mission, Problem};
use super::route::{Leg, Usage, arrival_cost, drive};
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
    /// The earliest arrival, shape parts x sorties; [`UNREACHABLE`] where there is none.
    arrivals_s: Vec<Seconds>,
}

impl<'a> Relaxation<'a> {
    /// Of a valid problem.
    ///
    /// # Complexity
    /// O(classes x places^3 + parts x sorties).
    pub(super) fn of(problem: &'a Problem) -> Relaxation<'a> {
        let parts: Vec<u16> = (0..)
            .zip(&problem.missions)
            .flat_map(|(mission, of)| std::iter::repeat_n(mission, usize::from(of.resources)))
            .collect();
        let sorties: Vec<(u16, u8)> = (0..)
            .zip(&problem.resources)
            .flat_map(|(resource, of)| (0..of.sorties_max).map(move |number| (resource, number)))
            .collect();
        let shortest: Vec<Vec<Seconds>> =
            (0..problem.travel_s.len()).map(|class| shortest(problem, class)).collect();
        let scene_min_s = problem.missions.iter().map(|mission| mission.on_scene_s).min().unwrap_or(0);
        let none = Usage::none(problem);
        let arrival = |mission: u16, (resource, number): (u16, u8)| {
            if problem.resources[usize::from(resource)].sorties_max == 1 {
                return alone(problem, mission, resource, &none).unwrap_or(UNREACHABLE);
            }
            let after_s = u32::from(number) * scene_min_s;
            earliest(problem, &shortest, (mission, resource), after_s).unwrap_or(UNREACHABLE)
        };
        let mut arrivals_s = Vec::with_capacity(parts.len() * sorties.len());
        for (row, &mission) in parts.iter().enumerate() {
            if row > 0 && parts[row - 1] == mission {
                arrivals_s.extend_from_within((row - 1) * sorties.len()..);
            } else {
                arrivals_s.extend(sorties.iter().map(|&sortie| arrival(mission, sortie)));
            }
        }
        Relaxation { problem, parts, sorties, arrivals_s }
    }

    /// The assignment where landings have these prices, shape pads x windows.
    pub(super) fn priced(&self, landing_prices: &[i64]) -> assignment::Problem {
        let columns = self.sorties.len();
        let cost = |(at, &arrive_s): (usize, &Seconds)| {
            let landing = self.landing(self.parts[at / columns], arrive_s, landing_prices);
            landing.map_or(FORBIDDEN, |(cost, _)| cost.min(assignment::limits::COST_MAX.into()) as i32)
        };
        let unserved = self.parts.iter().enumerate().map(|(row, &mission)| {
            let of = &self.problem.missions[usize::from(mission)];
            let is_first = row == 0 || self.parts[row - 1] != mission;
            let share = of.unserved / i64::from(of.resources);
            if is_first { of.unserved - share * (i64::from(of.resources) - 1) } else { share }
        });
        assignment::Problem {
            resources: columns,
            costs: self.arrivals_s.iter().enumerate().map(cost).collect(),
            unserved: unserved.collect(),
        }
    }

    /// The cheapest time to land from `arrive_s` on: what it costs with its price, and its place among the prices.
    fn landing(&self, mission: u16, arrive_s: Seconds, prices: &[i64]) -> Option<(i64, Option<usize>)> {
        let (problem, of) = (self.problem, &self.problem.missions[usize::from(mission)]);
        if arrive_s > of.due_s {
            return None;
        }
        let Some(pad) = of.pad else { return Some((arrival_cost(problem, mission, arrive_s), None)) };
        let windows = arrive_s / problem.window_s..=of.due_s / problem.window_s;
        let landings = windows.map(|window| {
            let slot = usize::from(pad) * problem.windows() + window as usize;
            let at_s = arrive_s.max(window * problem.window_s);
            (arrival_cost(problem, mission, at_s) + prices[slot], Some(slot))
        });
        landings.min()
    }

    /// What prices of landings give back: each for as many as its window takes; prices too great to add up prove nothing.
    pub(super) fn paid_back(&self, landing_prices: &[i64]) -> i64 {
        let priced = landing_prices.iter().enumerate().filter(|(_, price)| **price > 0);
        let windows = self.problem.windows();
        let paid = priced.map(|(slot, &price)| price * i64::from(self.problem.pads[slot / windows]));
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
        let mut over: Vec<i64> =
            (0..prices.len()).map(|slot| -i64::from(self.problem.pads[slot / windows])).collect();
        for (row, sortie) in sortie_of.iter().enumerate() {
            let Some(sortie) = sortie else { continue };
            let arrive_s = self.arrivals_s[row * self.sorties.len() + *sortie as usize];
            if let Some((_, Some(slot))) = self.landing(self.parts[row], arrive_s, prices) {
                over[slot] += 1;
            }
        }
        over
    }
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

/// When a resource arrives at a mission that is its only one, by whichever stop is best.
pub(super) fn alone(problem: &Problem, mission: u16, resource: u16, none: &Usage) -> Option<Seconds> {
    let stops = std::iter::once(None).chain((0..problem.stops.len() as u16).map(Some));
    let routes =
        stops.filter_map(|stop| drive(problem, resource.into(), &[Leg { mission, stop }], none).ok());
    routes.map(|route| route.sorties[0].arrive_s).min()
}

/// No route brings a resource to a mission before this; none when it comes too late for the mission or its duty.
fn earliest(
    problem: &Problem,
    shortest: &[Vec<Seconds>],
    (mission, resource): (u16, u16),
    after_s: Seconds,
) -> Option<Seconds> {
    let (of, by): (&Mission, _) =
        (&problem.missions[usize::from(mission)], &problem.resources[usize::from(resource)]);
    let way = |from: u16, to: u16| {
        shortest[usize::from(by.class)][usize::from(from) * usize::from(problem.places) + usize::from(to)]
    };
    let (there_s, back_s) = (way(by.start, of.place), way(of.place, by.home));
    if there_s == UNREACHABLE || back_s == UNREACHABLE || !by.capabilities.missing(of.needs).is_empty() {
        return None;
    }
    let arrive_s = (by.ready_s + there_s.max(after_s)).max(of.from_s);
    let is_in_time = arrive_s <= of.due_s && arrive_s + of.on_scene_s + back_s <= by.duty_end_s;
    is_in_time.then_some(arrive_s)
}

/// Shortest ways between all places by any others (Floyd, Warshall).
fn shortest(problem: &Problem, class: usize) -> Vec<Seconds> {
    let places = usize::from(problem.places);
    let mut table = problem.travel_s[class].clone();
    for place in 0..places {
        table[place * places + place] = 0;
    }
    for by in 0..places {
        for from in 0..places {
            let there_s = table[from * places + by];
            if there_s == UNREACHABLE {
                continue;
            }
            for to in 0..places {
                let on_s = table[by * places + to];
                if on_s != UNREACHABLE && there_s + on_s < table[from * places + to] {
                    table[from * places + to] = there_s + on_s;
                }
            }
        }
    }
    table
}
