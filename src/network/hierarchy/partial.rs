//! A metric brought up to date after some weights changed: what they reach, and nothing else.
//!
//! Edges are taken one place at a time, a bridge's both directions together. What may cost more is found first, upwards
//! from the edge: every arc that cost as much as a path over one that may cost more (`spread`). It is then worked out
//! from all below it, both of its sides at once (`rework`). What costs less lowers the arcs above it last.

mod numbers;
mod places;
mod rework;
mod rows;
mod spread;
mod square;

use super::{EdgePlace, Hierarchy, Metric};
use crate::network::Millis;
use numbers::Numbers;
use places::Places;
use rework::Rework;
use spread::{Direction, Spread};
use std::num::NonZeroUsize;

/// How a metric was brought up to date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Customised {
    /// Arc by arc, from those of the changed edges upwards.
    Partly {
        /// How many costs of one direction of an arc were worked out again.
        costs_count: u32,
    },
    /// To the top without looking for what changed: most of it would have.
    Wholly,
}

/// Closures spread at random take as long arc by arc as all anew when they are several hundred, more of them on a larger
/// network: beyond a third of the root of all edges nothing is begun arc by arc. A cautious choice between runs on 100,000
/// and 1,000,000 nodes (`docs/performance.md`), not a law.
const ROOT_SHARE: usize = 3;

/// So many changed edges are never too many.
const EDGES_FEW: usize = 16;

/// One in so many of the steps of a full customisation, after which all is worked out anew: a step takes up to twice as
/// long arc by arc.
const STEPS_SHARE: u64 = 2;

/// Places of changes that are taken one after the other. More of them have much in common above, which is worked out row by
/// row, once for all.
const GROUPS_MAX: usize = 4;

/// Edges are taken together as long as each adds at most so many ranks to the ways to the root.
const RANKS_ADDED_MAX: usize = 32;

/// One direction of an arc: twice its number, and one more downwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct OneWay(u32);

/// Which way along an arc.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Up,
    Down,
}

impl OneWay {
    fn new(arc: u32, way: Way) -> OneWay {
        OneWay(arc * 2 + u32::from(way == Way::Down))
    }

    fn arc(self) -> u32 {
        self.0 / 2
    }

    fn way(self) -> Way {
        if self.0.is_multiple_of(2) { Way::Up } else { Way::Down }
    }

    /// Its own of what an arc costs up and down.
    fn of_both(self, (up, down): (Millis, Millis)) -> Millis {
        match self.way() {
            Way::Up => up,
            Way::Down => down,
        }
    }
}

impl Metric {
    /// Brings the metric up to date after the weights of `changed` edges, to `weights_ms`, which has all of them.
    ///
    /// The result is that of [`Metric::new`], bit for bit, for closures as for re-openings.
    ///
    /// # Panics
    /// When `weights_ms` does not have the length of the graph's edges, or an edge is not there.
    ///
    /// # Complexity
    /// O(costs that change x their triangles), hardly more than that of [`Metric::new`].
    pub fn update(
        &mut self,
        hierarchy: &Hierarchy,
        weights_ms: &[Millis],
        changed: &[u32],
        threads: NonZeroUsize,
    ) -> Customised {
        assert_eq!(weights_ms.len(), hierarchy.edges.len(), "one weight for each edge");
        if changed.len() > (hierarchy.edges.len().isqrt() / ROOT_SHARE).max(EDGES_FEW) {
            self.renew(hierarchy, weights_ms, threads);
            return Customised::Wholly;
        }
        let mut places: Vec<OneWay> =
            changed.iter().filter_map(|&edge| OneWay::of_edge(hierarchy, edge)).collect();
        places.sort_unstable_by_key(|place| place.0);
        places.dedup();
        let Some(groups) = hierarchy.near_groups(&places) else {
            let costs_count = self.update_rows(hierarchy, weights_ms, &places, threads);
            return costs_count.map_or(Customised::Wholly, |costs_count| Customised::Partly { costs_count });
        };
        match Update::new(hierarchy, weights_ms).run(self, groups) {
            Some(costs_count) => Customised::Partly { costs_count },
            None => {
                self.renew(hierarchy, weights_ms, threads);
                Customised::Wholly
            }
        }
    }

    /// What one direction of an arc costs.
    fn cost(&mut self, one_way: OneWay) -> &mut Millis {
        let arc = one_way.arc() as usize;
        match one_way.way() {
            Way::Up => &mut self.up[arc],
            Way::Down => &mut self.down[arc],
        }
    }
}

impl OneWay {
    /// Where an edge lies; nowhere if it is a loop.
    fn of_edge(hierarchy: &Hierarchy, edge: u32) -> Option<OneWay> {
        match hierarchy.edges[edge as usize] {
            EdgePlace::Up(arc) => Some(OneWay::new(arc, Way::Up)),
            EdgePlace::Down(arc) => Some(OneWay::new(arc, Way::Down)),
            EdgePlace::Loop => None,
        }
    }
}

/// Changed edges on their way up.
struct Update<'h> {
    hierarchy: &'h Hierarchy,
    weights_ms: &'h [Millis],
    /// One-way costs that a change reached; empty between steps.
    open: Numbers,
    /// Ranks below what is worked out again; empty between steps.
    below: Numbers,
    costs_count: u32,
}

impl<'h> Update<'h> {
    fn new(hierarchy: &'h Hierarchy, weights_ms: &'h [Millis]) -> Update<'h> {
        let open = Numbers::new(hierarchy.heads.len() * 2);
        let below = Numbers::new(hierarchy.nodes.len());
        Update { hierarchy, weights_ms, open, below, costs_count: 0 }
    }

    /// Brings all of `groups` up to date; none when there is too much above one of them.
    fn run(mut self, metric: &mut Metric, groups: Vec<(Vec<u32>, &[OneWay])>) -> Option<u32> {
        for (ranks, changed) in groups {
            let places = Places::new(ranks, self.hierarchy.nodes.len());
            self.bring_up(metric, changed, &places)?;
        }
        Some(self.costs_count)
    }

    /// Brings all above `changed` up to date, on whose ways to the root `places` stand.
    fn bring_up(&mut self, metric: &mut Metric, changed: &[OneWay], places: &Places) -> Option<()> {
        let (hierarchy, weights_ms) = (self.hierarchy, self.weights_ms);
        let mut rising = Spread::new(hierarchy, places, &mut self.open);
        for &one_way in changed {
            let arc = one_way.arc();
            let now = one_way.of_both(metric.cost_of(hierarchy, weights_ms, hierarchy.tail(arc), arc));
            if now > *metric.cost(one_way) {
                rising.open(one_way);
            }
        }
        let risen = rising.run(metric, Direction::Rising);
        let mut fallen = Vec::new();
        if !risen.is_empty() {
            fallen = Rework::new(hierarchy, places, &mut self.below).run(metric, weights_ms, &risen)?;
        }
        let mut falling = Spread::new(hierarchy, places, &mut self.open);
        fallen.into_iter().for_each(|one_way| falling.open(one_way));
        for &one_way in changed {
            let now = one_way.of_both(hierarchy.cost_of_edges(weights_ms, one_way.arc()));
            let cost = metric.cost(one_way);
            if now < *cost {
                *cost = now;
                falling.open(one_way);
            }
        }
        let fallen = falling.run(metric, Direction::Falling);
        self.costs_count += (risen.len() + fallen.len()) as u32;
        Some(())
    }
}

impl Hierarchy {
    /// Parts `changed`, ascending, where the ways to the root part: each part with the ranks on its ways, ascending. None
    /// where there would be too many.
    fn near_groups<'c>(&self, mut changed: &'c [OneWay]) -> Option<Vec<(Vec<u32>, &'c [OneWay])>> {
        let mut groups = Vec::new();
        while !changed.is_empty() {
            if groups.len() == GROUPS_MAX {
                return None;
            }
            let (ranks, count) = self.take_near(changed);
            let (near, rest) = changed.split_at(count);
            groups.push((ranks, near));
            changed = rest;
        }
        Some(groups)
    }

    /// The ranks on the ways to the root from the first of `changed`, ascending, and from how many more that add few.
    fn take_near(&self, changed: &[OneWay]) -> (Vec<u32>, usize) {
        let mut ranks: Vec<u32> = Vec::new();
        for (count, one_way) in changed.iter().enumerate() {
            let way = self.to_root(self.tail(one_way.arc()));
            let added: Vec<u32> = way.take_while(|rank| ranks.binary_search(rank).is_err()).collect();
            if count > 0 && added.len() > RANKS_ADDED_MAX {
                return (ranks, count);
            }
            ranks.extend(added);
            ranks.sort_unstable();
        }
        (ranks, changed.len())
    }
}
