//! Travel times between many places: a sweep down the part of the hierarchy that the targets stand in (RPHAST, Delling,
//! Goldberg, Werneck 2011), for many sources at once.

use super::wide::widest;
use super::{Hierarchy, Metric, NONE};
use crate::network::{Millis, UNREACHABLE_MS};
use petgraph::Direction;
use std::num::NonZeroUsize;

/// Sources that one sweep serves: 16 x 4 bytes are one cache line.
const LANES: usize = 16;

/// The same where there are more sources than that: the times from 300 take 0.9 and 0.7 of the time that they take with sixteen
/// on 100,000 and 1,000,000 nodes (2026-11-23).
const LANES_MANY: usize = 32;

/// Targets and lanes that are turned into rows at a time.
const TILE: usize = 8;

/// A selection of targets, worked out once and used under any metric.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Targets {
    /// The ranks that a path may come down through, highest first.
    ranks: Vec<u32>,
    /// Arcs that end in the `i`-th of `ranks` are `first[i]..first[i + 1]`.
    first: Vec<u32>,
    arcs: Vec<DownArc>,
    /// Per target: its place in `ranks`.
    places: Vec<u32>,
}

/// An arc down into a selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct DownArc {
    /// Place of its upper end in the selection.
    from: u32,
    arc: u32,
}

impl Targets {
    /// Selects `targets`, nodes of the graph; one may stand there more than once.
    ///
    /// # Panics
    /// When a target is not a node of the graph.
    ///
    /// # Complexity
    /// O(ranks above the targets, and their arcs).
    #[must_use]
    pub fn new(hierarchy: &Hierarchy, targets: &[u32]) -> Targets {
        let mut places = vec![NONE; hierarchy.nodes.len()];
        let mut ranks = Vec::new();
        for &target in targets {
            for rank in hierarchy.to_root(hierarchy.rank(target)) {
                if std::mem::replace(&mut places[rank as usize], 0) != NONE {
                    break;
                }
                ranks.push(rank);
            }
        }
        ranks.sort_unstable_by(|a, b| b.cmp(a));
        for (place, &rank) in ranks.iter().enumerate() {
            places[rank as usize] = place as u32;
        }
        let (mut first, mut arcs) = (Vec::with_capacity(ranks.len() + 1), Vec::new());
        first.push(0);
        for &rank in &ranks {
            arcs.extend(hierarchy.up(rank).map(|arc| {
                let from = places[hierarchy.heads[arc] as usize];
                DownArc { from, arc: arc as u32 }
            }));
            first.push(arcs.len() as u32);
        }
        let places = targets.iter().map(|&target| places[hierarchy.rank(target) as usize]).collect();
        Targets { ranks, first, arcs, places }
    }

    /// How many targets there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }
}

/// A selection under one metric, ready for any sources.
#[derive(Clone, Debug)]
pub struct Matrix<'h> {
    hierarchy: &'h Hierarchy,
    metric: &'h Metric,
    targets: &'h Targets,
    direction: Direction,
    /// As [`Targets::first`], without the arcs that nobody may pass.
    first: Vec<u32>,
    arcs: Vec<WeightedArc>,
}

#[derive(Clone, Copy, Debug)]
struct WeightedArc {
    from: u32,
    weight_ms: Millis,
}

/// One travel time for each source of a sweep.
#[derive(Clone, Copy, Debug)]
#[repr(align(64))]
struct Lanes<const COUNT: usize>([Millis; COUNT]);

impl<const COUNT: usize> Lanes<COUNT> {
    const UNREACHABLE: Lanes<COUNT> = Lanes([UNREACHABLE_MS; COUNT]);

    #[inline(always)]
    fn lower_by(&mut self, other: &Lanes<COUNT>, added_ms: Millis) {
        // By number, not side by side: see [`widest`].
        for lane in 0..COUNT {
            self.0[lane] = self.0[lane].min(other.0[lane] + added_ms);
        }
    }
}

impl<'h> Matrix<'h> {
    /// Prepares sweeps from sources to `targets`, or from `targets` to them with [`Direction::Incoming`].
    ///
    /// # Panics
    /// When metric and targets are not of this hierarchy.
    ///
    /// # Complexity
    /// O(arcs of the selection).
    #[must_use]
    pub fn new(
        hierarchy: &'h Hierarchy,
        metric: &'h Metric,
        targets: &'h Targets,
        direction: Direction,
    ) -> Matrix<'h> {
        let down = match direction {
            Direction::Outgoing => &metric.down,
            Direction::Incoming => &metric.up,
        };
        let mut first = Vec::with_capacity(targets.first.len());
        let mut arcs = Vec::with_capacity(targets.arcs.len());
        first.push(0);
        for bounds in targets.first.windows(2) {
            for arc in &targets.arcs[bounds[0] as usize..bounds[1] as usize] {
                let weight_ms = down[arc.arc as usize];
                if weight_ms < UNREACHABLE_MS {
                    arcs.push(WeightedArc { from: arc.from, weight_ms });
                }
            }
            first.push(arcs.len() as u32);
        }
        Matrix { hierarchy, metric, targets, direction, first, arcs }
    }

    /// Travel times of each of `sources` in turn to every target, [`UNREACHABLE_MS`] where there is no way: a row for each.
    ///
    /// # Panics
    /// When a source is not a node of the graph.
    ///
    /// # Complexity
    /// O(sources x (ranks above it + arcs of the selection)), some tens of sources for about the price of one.
    #[must_use]
    pub fn rows(&self, sources: &[u32], threads: NonZeroUsize) -> Vec<Millis> {
        let width = self.targets.len();
        let mut rows = vec![0; sources.len() * width];
        if rows.is_empty() {
            return rows;
        }
        // Neighbours in rank share most of what lies above them.
        let mut by_rank: Vec<(u32, &mut [Millis])> =
            sources.iter().map(|&source| self.hierarchy.rank(source)).zip(rows.chunks_mut(width)).collect();
        by_rank.sort_unstable_by_key(|(rank, _)| *rank);
        if by_rank.len() <= LANES {
            self.fill::<LANES>(&mut by_rank, threads);
        } else {
            self.fill::<LANES_MANY>(&mut by_rank, threads);
        }
        rows
    }

    /// Fills the rows of sources, given by ascending rank.
    fn fill<const COUNT: usize>(&self, sources: &mut [(u32, &mut [Millis])], threads: NonZeroUsize) {
        let sweep_all = |share: &mut [(u32, &mut [Millis])]| {
            let mut sweep = Sweep::<COUNT>::new(self);
            share.chunks_mut(COUNT).for_each(|batch| sweep.run(batch));
        };
        if threads.get() == 1 {
            return sweep_all(sources);
        }
        let per_thread = sources.len().div_ceil(COUNT).div_ceil(threads.get()) * COUNT;
        std::thread::scope(|scope| {
            for share in sources.chunks_mut(per_thread) {
                scope.spawn(|| sweep_all(share));
            }
        });
    }

    /// Travel times from one place that is `spent_ms` from each of some nodes: the row of the best of them.
    ///
    /// # Panics
    /// When a source is not a node of the graph.
    #[must_use]
    pub fn row(&self, sources: &[(u32, Millis)]) -> Vec<Millis> {
        let mut chain = Chain::new(self.hierarchy);
        chain.begin(sources.iter().map(|&(source, _)| self.hierarchy.rank(source)));
        let mut up_ms = vec![UNREACHABLE_MS; chain.ranks.len()];
        for &(source, spent_ms) in sources {
            let time_ms = &mut up_ms[chain.slot(self.hierarchy.rank(source))];
            *time_ms = (*time_ms).min(spent_ms);
        }
        let weights = self.up_weights();
        for (slot, &rank) in chain.ranks.iter().enumerate() {
            let time_ms = up_ms[slot];
            for arc in self.hierarchy.up(rank) {
                let above = &mut up_ms[chain.slot(self.hierarchy.heads[arc])];
                *above = (*above).min(time_ms + weights[arc]);
            }
        }
        let mut down_ms = vec![UNREACHABLE_MS; self.targets.ranks.len()];
        for (place, &rank) in self.targets.ranks.iter().enumerate() {
            let mut time_ms = if chain.holds(rank) { up_ms[chain.slot(rank)] } else { UNREACHABLE_MS };
            for arc in self.arcs_into(place) {
                time_ms = time_ms.min(down_ms[arc.from as usize] + arc.weight_ms);
            }
            down_ms[place] = time_ms;
        }
        self.targets.places.iter().map(|&place| down_ms[place as usize]).collect()
    }

    /// Whether times are to the targets or from them.
    pub(super) fn direction(&self) -> Direction {
        self.direction
    }

    #[inline]
    fn up_weights(&self) -> &[Millis] {
        match self.direction {
            Direction::Outgoing => &self.metric.up,
            Direction::Incoming => &self.metric.down,
        }
    }

    #[inline]
    fn arcs_into(&self, place: usize) -> &[WeightedArc] {
        &self.arcs[self.first[place] as usize..self.first[place + 1] as usize]
    }
}

/// The ranks above some sources: all that a search upwards can meet.
struct Chain<'h> {
    hierarchy: &'h Hierarchy,
    /// Ascending.
    ranks: Vec<u32>,
    /// Per rank: where it stands in `ranks`, if the round is the present one.
    slots: Vec<(u32, u32)>,
    round: u32,
}

impl<'h> Chain<'h> {
    fn new(hierarchy: &'h Hierarchy) -> Chain<'h> {
        Chain { hierarchy, ranks: Vec::new(), slots: vec![(0, 0); hierarchy.nodes.len()], round: 0 }
    }

    fn begin(&mut self, sources: impl Iterator<Item = u32>) {
        self.round += 1;
        self.ranks.clear();
        for source in sources {
            for rank in self.hierarchy.to_root(source) {
                if std::mem::replace(&mut self.slots[rank as usize].0, self.round) == self.round {
                    break;
                }
                self.ranks.push(rank);
            }
        }
        self.ranks.sort_unstable();
        for (slot, &rank) in self.ranks.iter().enumerate() {
            self.slots[rank as usize].1 = slot as u32;
        }
    }

    #[inline]
    fn holds(&self, rank: u32) -> bool {
        self.slots[rank as usize].0 == self.round
    }

    #[inline]
    fn slot(&self, rank: u32) -> usize {
        self.slots[rank as usize].1 as usize
    }
}

/// The working space of one thread.
struct Sweep<'m, 'h, const COUNT: usize> {
    matrix: &'m Matrix<'h>,
    chain: Chain<'h>,
    up: Vec<Lanes<COUNT>>,
    down: Vec<Lanes<COUNT>>,
}

impl<'m, 'h, const COUNT: usize> Sweep<'m, 'h, COUNT> {
    fn new(matrix: &'m Matrix<'h>) -> Sweep<'m, 'h, COUNT> {
        let down = vec![Lanes::UNREACHABLE; matrix.targets.ranks.len()];
        Sweep { matrix, chain: Chain::new(matrix.hierarchy), up: Vec::new(), down }
    }

    /// Fills the rows of up to `COUNT` sources, given by rank.
    fn run(&mut self, batch: &mut [(u32, &mut [Millis])]) {
        widest(
            #[inline(always)]
            || {
                self.climb(batch);
                self.descend();
                self.write(batch);
            },
        );
    }

    #[inline(always)]
    fn climb(&mut self, batch: &[(u32, &mut [Millis])]) {
        let hierarchy = self.matrix.hierarchy;
        self.chain.begin(batch.iter().map(|(rank, _)| *rank));
        self.up.clear();
        self.up.resize(self.chain.ranks.len(), Lanes::UNREACHABLE);
        for (lane, (rank, _)) in batch.iter().enumerate() {
            self.up[self.chain.slot(*rank)].0[lane] = 0;
        }
        let weights = self.matrix.up_weights();
        for (slot, &rank) in self.chain.ranks.iter().enumerate() {
            let times = self.up[slot];
            let arcs = hierarchy.up(rank);
            let (heads, weights) = (&hierarchy.heads[arcs.clone()], &weights[arcs]);
            for (place, &head) in heads.iter().enumerate() {
                let weight_ms = weights[place];
                if weight_ms < UNREACHABLE_MS {
                    self.up[self.chain.slot(head)].lower_by(&times, weight_ms);
                }
            }
        }
    }

    #[inline(always)]
    fn descend(&mut self) {
        for (place, &rank) in self.matrix.targets.ranks.iter().enumerate() {
            let mut times =
                if self.chain.holds(rank) { self.up[self.chain.slot(rank)] } else { Lanes::UNREACHABLE };
            for arc in self.matrix.arcs_into(place) {
                times.lower_by(&self.down[arc.from as usize], arc.weight_ms);
            }
            self.down[place] = times;
        }
    }

    /// Turns lanes into rows, some targets and lanes at a time.
    #[inline(always)]
    fn write(&self, batch: &mut [(u32, &mut [Millis])]) {
        let (blocks, rest) = self.matrix.targets.places.as_chunks::<TILE>();
        for (block, places) in blocks.iter().enumerate() {
            let begin = block * TILE;
            for (group, rows) in batch.chunks_mut(TILE).enumerate() {
                let mut tile = [[0; TILE]; TILE];
                for (column, &place) in places.iter().enumerate() {
                    let times_ms = &self.down[place as usize].0.as_chunks::<TILE>().0[group];
                    for (lane, line) in tile.iter_mut().enumerate() {
                        line[column] = times_ms[lane];
                    }
                }
                for (lane, (_, row)) in rows.iter_mut().enumerate() {
                    row[begin..begin + TILE].copy_from_slice(&tile[lane]);
                }
            }
        }
        let begin = blocks.len() * TILE;
        for (lane, (_, row)) in batch.iter_mut().enumerate() {
            for (column, &place) in rest.iter().enumerate() {
                row[begin + column] = self.down[place as usize].0[lane];
            }
        }
    }
}
