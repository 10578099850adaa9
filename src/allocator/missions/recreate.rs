//! Regret insertion, and ruin and recreate on top of it.
//!
//! Sources: J.-Y. Potvin, J.-M. Rousseau, European Journal of Operational Research 66 (1993), 331-340 (regret); G.
//! Schrimpf and others, Journal of Computational Physics 159 (2000), 139-171 (ruin and recreate).

use super::state::State;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Missions taken out at once.
const RUIN_MAX: u64 = 6;
/// One route in so many is overlooked on purpose when missions are put back, so that the same plan does not come again.
const OVERLOOKED_ONE_IN: u64 = 12;
/// Missions that nobody serves, tried again at each recreation.
const RETRIED_MAX: usize = 24;

impl State<'_> {
    /// Puts in as many of the missions as can be: always the one next that would lose most by waiting, which is what its
    /// next best resource, or going unserved, costs more. Ends early when `work_max` routes were tried. With `dice` a
    /// route is overlooked now and then.
    ///
    /// # Complexity
    /// Missions x resources x places in a route x stops routes at first, then only where a route has changed.
    pub(super) fn recreate(&mut self, missions: &[u16], work_max: u64, mut dice: Option<&mut ChaCha8Rng>) {
        let resources = self.problem.resources.len();
        let mut waiting = missions.to_vec();
        waiting.sort_unstable();
        waiting.dedup();
        let mut deltas: Vec<Vec<Option<i64>>> = Vec::new();
        for &mission in &waiting {
            let seen = (0..resources as u16).map(|resource| {
                let of_one = dice.as_mut().map_or(1, |dice| dice.next_u64() % OVERLOOKED_ONE_IN);
                if of_one == 0 { None } else { self.delta(mission, resource, work_max) }
            });
            deltas.push(seen.collect());
        }
        while let Some((_, at, chosen)) = self.most_urgent(&waiting, &deltas) {
            let mission = waiting[at];
            let is_in = self.insert(mission, &chosen);
            if is_in {
                waiting.remove(at);
                deltas.remove(at);
            }
            for (&other, deltas) in waiting.iter().zip(&mut deltas) {
                if is_in || other == mission {
                    for &resource in &chosen {
                        deltas[usize::from(resource)] = self.delta(other, resource, work_max);
                    }
                }
            }
            if !is_in {
                // What it was counted on is gone, or it is dearer with others than alone.
                waiting.remove(at);
                deltas.remove(at);
            }
        }
    }

    fn delta(&mut self, mission: u16, resource: u16, work_max: u64) -> Option<i64> {
        if self.work >= work_max {
            return None;
        }
        self.insertion(mission, resource).map(|insertion| insertion.delta)
    }

    /// The regret, its place in the list and the resources of the mission that would lose most; the first of equal ones.
    fn most_urgent(&self, waiting: &[u16], deltas: &[Vec<Option<i64>>]) -> Option<(i64, usize, Vec<u16>)> {
        let mut most: Option<(i64, usize, Vec<u16>)> = None;
        for (at, (&mission, deltas)) in waiting.iter().zip(deltas).enumerate() {
            let of = &self.problem.missions[usize::from(mission)];
            let wanted = usize::from(of.resources);
            let mut by_cost: Vec<(i64, u16)> =
                deltas.iter().zip(0..).filter_map(|(delta, resource)| Some(((*delta)?, resource))).collect();
            by_cost.sort_unstable();
            if by_cost.len() < wanted {
                continue;
            }
            let cost: i64 = by_cost[..wanted].iter().map(|(delta, _)| delta).sum();
            if cost > of.unserved {
                continue;
            }
            let otherwise =
                by_cost.get(wanted).map_or(of.unserved, |next| cost - by_cost[wanted - 1].0 + next.0);
            let regret = otherwise.min(of.unserved) - cost;
            if most.as_ref().is_none_or(|most| regret > most.0) {
                most = Some((regret, at, by_cost[..wanted].iter().map(|&(_, resource)| resource).collect()));
            }
        }
        most
    }

    /// Missions that nobody serves, lowest first.
    pub(super) fn left(&self) -> Vec<u16> {
        (0..).zip(&self.is_served).filter(|(_, is_served)| !**is_served).map(|(mission, _)| mission).collect()
    }

    /// Takes some missions out and puts them back otherwise, as long as `work_max` routes are not tried and the plan
    /// costs more than `bound`. A plan that costs as much as the one before it is kept too: it may lead on.
    pub(super) fn ruin_and_recreate(&mut self, seed: u64, work_max: u64, bound: i64) {
        let mut dice = ChaCha8Rng::seed_from_u64(seed);
        let missions = self.problem.missions.len() as u64;
        let mut total = self.total();
        while total > bound && self.work < work_max && missions > 0 {
            let mut other = self.clone();
            let count = 1 + dice.next_u64() % RUIN_MAX.min(missions);
            let ruined: Vec<u16> = (0..count).map(|_| (dice.next_u64() % missions) as u16).collect();
            other.remove(&ruined);
            let left = other.left();
            let skipped = (dice.next_u64() % missions) as usize % left.len().max(1);
            let retried = left.iter().cycle().skip(skipped).take(left.len().min(RETRIED_MAX));
            let back = ruined.iter().chain(retried).copied().collect::<Vec<_>>();
            other.recreate(&back, work_max, Some(&mut dice));
            // Each try counts, even one that could try no route.
            let work = other.work.max(self.work + 1);
            if other.total() <= total {
                total = other.total();
                *self = other;
            }
            self.work = work;
        }
    }
}
