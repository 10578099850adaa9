//! How far a change reaches up, when what it reached below is known.

use super::super::wide::widest;
use super::numbers::Numbers;
use super::places::Places;
use super::square::Square;
use super::{OneWay, Way};
use crate::network::hierarchy::{Hierarchy, Metric};
use crate::network::{Millis, UNREACHABLE_MS};
use std::ops::Range;

/// Ranks on one way to the root, at most, between which costs are laid out as a square (16 MB). More of them, in an order
/// that cuts badly, are looked at arc by arc.
const SQUARE_RANKS_MAX: usize = 2_048;

/// So many paths are looked at one by one; then a square is worth it, which all ranks above use.
const PATHS_FEW: usize = 8_192;

/// So many costs are looked at together before any of them is by itself: four registers full.
const STRETCH_LEN: usize = 32;

/// Which costs are looked for above those that changed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    /// Those that are the cost of a path through one of them: they may rise.
    Rising,
    /// Those that are more than the cost of a path through one of them: they fall to it.
    Falling,
}

/// A change on its way up.
pub(super) struct Spread<'h, 'o> {
    hierarchy: &'h Hierarchy,
    /// The ranks on the ways to the root from where it began.
    places: &'o Places,
    /// One-way costs that changed and were not looked at: none before and none after.
    open: &'o mut Numbers,
    square: Option<Laid>,
    /// How many paths there were to look at.
    paths_count: usize,
    /// The present row.
    row: Row,
}

/// The costs between the upper of the ranks.
struct Laid {
    square: Square,
    /// Place of its first rank.
    begin: usize,
}

/// What changed in the row of a rank, by place.
#[derive(Default)]
struct Row {
    ups: Vec<usize>,
    downs: Vec<usize>,
    /// Where the heads stand in the square.
    columns: Vec<usize>,
    /// Costs up by column, unreachable between them.
    wide: Vec<Millis>,
    /// Places in the row by column, where there are costs.
    tos_wide: Vec<usize>,
    /// Which of the columns to look at.
    stretches: Vec<Range<usize>>,
}

impl<'h, 'o> Spread<'h, 'o> {
    /// From what will be opened among `places`, which hold all that stand above any of them. `open` is empty.
    pub(super) fn new(hierarchy: &'h Hierarchy, places: &'o Places, open: &'o mut Numbers) -> Spread<'h, 'o> {
        Spread { hierarchy, places, open, square: None, paths_count: 0, row: Row::default() }
    }

    pub(super) fn open(&mut self, changed: OneWay) {
        self.open.insert(changed.0);
    }

    /// All that what is open reaches and itself, ascending. Falling costs are lowered in `metric`.
    pub(super) fn run(&mut self, metric: &mut Metric, direction: Direction) -> Vec<OneWay> {
        let hierarchy = self.hierarchy;
        let mut reached = Vec::new();
        while let Some(first) = self.open.first() {
            let rank = hierarchy.tail(OneWay(first).arc());
            let row = hierarchy.up(rank);
            self.row.ups.clear();
            self.row.downs.clear();
            while let Some(changed) = self.open.take_below(row.end as u32 * 2).map(OneWay) {
                reached.push(changed);
                let place = changed.arc() as usize - row.start;
                match changed.way() {
                    Way::Up => self.row.ups.push(place),
                    Way::Down => self.row.downs.push(place),
                }
            }
            self.paths_count += (self.row.ups.len() + self.row.downs.len()) * row.len();
            if self.square.is_none() && self.paths_count > PATHS_FEW {
                self.lay_out(metric, rank);
            }
            match self.square.take() {
                Some(mut laid) => {
                    widest(
                        #[inline(always)]
                        || self.spread_wide(metric, &mut laid, rank, direction),
                    );
                    self.square = Some(laid);
                }
                None => self.spread_few(metric, rank, direction),
            }
        }
        reached
    }

    /// Lays the costs above `rank` out as a square, unless it would be very large.
    fn lay_out(&mut self, metric: &Metric, rank: u32) {
        let ranks = self.places.ranks();
        let begin = ranks.partition_point(|&other| other <= rank);
        let count = ranks.len() - begin;
        if count <= SQUARE_RANKS_MAX {
            let square = Square::of(self.hierarchy, metric, self.places, begin);
            self.square = Some(Laid { square, begin });
        }
    }

    /// Looks at every path through `rank` over what changed, one by one.
    fn spread_few(&mut self, metric: &mut Metric, rank: u32, direction: Direction) {
        let hierarchy = self.hierarchy;
        let row = hierarchy.up(rank);
        let Row { ups, downs, .. } = &self.row;
        let over_ups = ups.iter().flat_map(|&to| (0..row.len()).map(move |from| (from, to)));
        let over_downs = downs.iter().flat_map(|&from| (0..row.len()).map(move |to| (from, to)));
        for (from, to) in over_ups.chain(over_downs) {
            let path_ms = metric.down[row.start + from] + metric.up[row.start + to];
            if from == to || path_ms >= UNREACHABLE_MS {
                continue;
            }
            let above = hierarchy.above(rank, from, to);
            if direction.matters(path_ms, *metric.cost(above)) {
                self.open.insert(above.0);
                if direction == Direction::Falling {
                    *metric.cost(above) = path_ms;
                }
            }
        }
    }

    /// Looks at every path through `rank` over what changed, by rows of the square.
    #[inline(always)]
    fn spread_wide(&mut self, metric: &mut Metric, laid: &mut Laid, rank: u32, direction: Direction) {
        let Laid { square, begin } = laid;
        let hierarchy = self.hierarchy;
        let row = hierarchy.up(rank);
        let Row { ups, downs, columns, wide, tos_wide, stretches } = &mut self.row;
        let column = |&head: &u32| self.places.of(head).expect("a way to the root meets all above") - *begin;
        columns.clear();
        columns.extend(hierarchy.heads[row.clone()].iter().map(column));
        let mut look = |froms: &[usize], tos: &[usize]| {
            let (Some(&first), Some(&last)) = (tos.first(), tos.last()) else { return };
            let begin = columns[first];
            let width = columns[last] + 1 - begin;
            wide.clear();
            wide.resize(width, UNREACHABLE_MS);
            tos_wide.resize(width.max(tos_wide.len()), 0);
            stretches.clear();
            for &to in tos {
                let column = columns[to] - begin;
                wide[column] = metric.up[row.start + to];
                tos_wide[column] = to;
                let stretch = column / STRETCH_LEN * STRETCH_LEN;
                if stretches.last().is_none_or(|last| last.start != stretch) {
                    stretches.push(stretch..width.min(stretch + STRETCH_LEN));
                }
            }
            for &from in froms {
                let there_ms = metric.down[row.start + from];
                if there_ms >= UNREACHABLE_MS {
                    continue;
                }
                for stretch in &*stretches {
                    let on_ms = &wide[stretch.clone()];
                    let costs = &square.row(columns[from])[begin + stretch.start..begin + stretch.end];
                    let matters = |(&cost, &on_ms)| direction.matters(there_ms + on_ms, cost);
                    if !costs.iter().zip(on_ms).fold(false, |any, pair| any | matters(pair)) {
                        continue;
                    }
                    let tos = &tos_wide[stretch.clone()];
                    for (column, (&on_ms, &to)) in (begin + stretch.start..).zip(on_ms.iter().zip(tos)) {
                        let (path_ms, cost) = (there_ms + on_ms, square.at(columns[from], column));
                        if path_ms >= UNREACHABLE_MS || !direction.matters(path_ms, *cost) || from == to {
                            continue;
                        }
                        let above = hierarchy.above(rank, from, to);
                        self.open.insert(above.0);
                        if direction == Direction::Falling {
                            *cost = path_ms;
                            *metric.cost(above) = path_ms;
                        }
                    }
                }
            }
        };
        let all: Vec<usize> = (0..row.len()).collect();
        look(&all, ups);
        if !downs.is_empty() {
            look(downs, &all);
        }
    }
}

impl Direction {
    #[inline(always)]
    fn matters(self, path_ms: Millis, cost_ms: Millis) -> bool {
        match self {
            Direction::Rising => path_ms == cost_ms,
            Direction::Falling => path_ms < cost_ms,
        }
    }
}

impl Hierarchy {
    /// From one to another head of a rank's arcs, by their places in its row: the arc above that joins them.
    fn above(&self, rank: u32, from: usize, to: usize) -> OneWay {
        let heads = &self.heads[self.up(rank)];
        let (low, high, way) = if from < to { (from, to, Way::Up) } else { (to, from, Way::Down) };
        let above = self.up(heads[low]);
        // Most rows above have the same heads.
        let place = high - low - 1;
        let arc = if self.heads[above.clone()].get(place) == Some(&heads[high]) {
            (above.start + place) as u32
        } else {
            self.arc(heads[low], heads[high]).expect("contraction joins all upper neighbours")
        };
        OneWay::new(arc, way)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::hierarchy::tests::squares;
    use std::num::NonZeroUsize;

    #[test]
    fn rows_of_a_square_reach_what_single_paths_reach() {
        let (hierarchy, weights_ms) = squares(14);
        let metric = Metric::new(&hierarchy, &weights_ms, NonZeroUsize::MIN);
        let mut open = Numbers::new(hierarchy.heads.len() * 2);
        let mut reached_count = 0;
        for edge in (0..hierarchy.edges_count()).step_by(3) {
            let Some(changed) = OneWay::of_edge(&hierarchy, edge) else { continue };
            let tail = hierarchy.tail(changed.arc());
            let places = Places::new(hierarchy.to_root(tail).collect(), hierarchy.nodes.len());
            for direction in [Direction::Rising, Direction::Falling] {
                let (mut by_path, mut by_row) = (metric.clone(), metric.clone());
                if direction == Direction::Falling {
                    *by_path.cost(changed) = 0;
                    *by_row.cost(changed) = 0;
                }
                let mut few = Spread::new(&hierarchy, &places, &mut open);
                few.open(changed);
                let expected = few.run(&mut by_path, direction);
                assert!(few.square.is_none(), "these are enough for a square");
                let mut wide = Spread::new(&hierarchy, &places, &mut open);
                wide.open(changed);
                wide.lay_out(&by_row, tail);
                assert_eq!(wide.run(&mut by_row, direction), expected);
                assert_eq!(by_row, by_path);
                reached_count += expected.len();
            }
        }
        assert!(reached_count > 1_000, "{reached_count} are too few to tell");
    }
}
