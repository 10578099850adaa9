//! The least sets of closures that cut a component off: which of them, re-opened, restore it.

use std::collections::{BTreeSet, VecDeque};

use petgraph::visit::EdgeRef;

use super::half::Half;

/// Most sets that are kept for one component.
pub const CUT_SETS_MAX: usize = 32;
/// Most closures in one set; a longer way is kept only where there is no other.
pub const CUT_SET_SIZE_MAX: usize = 8;
/// Most sets that are carried along a road, in all: two seconds. After that a component that has a set gets no other.
const WORK_MAX: usize = 2_000_000;

/// Sets of closures of which none holds another, by size and then by index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Sets {
    sets: BTreeSet<(usize, Vec<usize>)>,
    /// Whether some were left out.
    truncated: bool,
}

impl Sets {
    /// The set of nothing: restored by itself.
    fn reached() -> Sets {
        Sets { sets: [(0, Vec::new())].into_iter().collect(), truncated: false }
    }

    /// Adds a set unless it holds one that is known; takes out those that hold it. Returns whether it stays.
    fn add(&mut self, set: Vec<usize>) -> bool {
        if self.sets.iter().any(|(_, known)| is_subset(known, &set)) {
            return false;
        }
        self.sets.retain(|(_, known)| !is_subset(&set, known));
        let entry = (set.len(), set);
        self.sets.insert(entry.clone());
        while self.sets.len() > 1 && self.is_too_much() {
            self.sets.pop_last();
            self.truncated = true;
        }
        self.sets.contains(&entry)
    }

    fn is_too_much(&self) -> bool {
        self.sets.len() > CUT_SETS_MAX || self.sets.last().is_some_and(|(size, _)| *size > CUT_SET_SIZE_MAX)
    }

    /// The least sets that hold one of each.
    pub(super) fn and(&self, other: &Sets) -> Sets {
        let mut both = Sets { sets: BTreeSet::new(), truncated: self.truncated || other.truncated };
        for (_, a) in &self.sets {
            for (_, b) in &other.sets {
                both.add(union(a, b));
            }
        }
        both
    }

    pub(super) fn plain(&self) -> Vec<Vec<usize>> {
        self.sets.iter().map(|(_, set)| set.clone()).collect()
    }

    pub(super) fn is_complete(&self) -> bool {
        !self.truncated
    }
}

fn is_subset(small: &[usize], large: &[usize]) -> bool {
    small.len() <= large.len() && small.iter().all(|item| large.binary_search(item).is_ok())
}

fn union(a: &[usize], b: &[usize]) -> Vec<usize> {
    let mut both = [a, b].concat();
    both.sort_unstable();
    both.dedup();
    both
}

/// For each component the least sets of closures whose re-opening restores it.
///
/// Sets spread along the roads until none changes. A component keeps [`CUT_SETS_MAX`] of them, and whoever is
/// reached by way of one that left some out is told to be incomplete too.
pub(super) fn component_sets(half: &Half) -> Vec<Sets> {
    let graph = half.graph();
    let mut sets = vec![Sets::default(); graph.node_count()];
    sets[0] = Sets::reached();
    let mut waiting: VecDeque<usize> = [0].into();
    let mut is_waiting = vec![false; graph.node_count()];
    let mut work = 0;
    while let Some(component) = waiting.pop_front() {
        is_waiting[component] = false;
        let here = sets[component].clone();
        for road in graph.edges(petgraph::graph::NodeIndex::new(component)) {
            let next = road.target().index();
            let there = &mut sets[next];
            work += here.sets.len();
            let is_spent = work > WORK_MAX;
            let is_short = here.truncated || is_spent;
            let mut is_changed = is_short && !there.truncated;
            there.truncated |= is_short;
            let carried = if !is_spent { here.sets.len() } else { usize::from(there.sets.is_empty()) };
            for (_, set) in here.sets.iter().take(carried) {
                is_changed |= there.add(union(set, road.weight()));
            }
            if is_changed && !is_waiting[next] {
                is_waiting[next] = true;
                waiting.push_back(next);
            }
        }
    }
    sets
}
