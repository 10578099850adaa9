//! Costs that may have risen, worked out again from all that stands below them.

use super::super::wide::widest;
use super::numbers::Numbers;
use super::places::Places;
use super::square::Square;
use super::{OneWay, Way};
use crate::network::hierarchy::{Hierarchy, Metric};
use crate::network::{Millis, UNREACHABLE_MS};

/// Most costs between the ranks that risen costs begin and end at: four million, 16 MB.
const COSTS_MAX: usize = 1 << 22;

/// What risen costs are worked out from.
pub(super) struct Rework<'h, 'o> {
    hierarchy: &'h Hierarchy,
    /// The ranks that risen costs begin and end at, and more.
    places: &'o Places,
    /// By place: whether costs begin or end there.
    roles: Vec<Role>,
    /// Ranks to be taken: none before and none after.
    below: &'o mut Numbers,
}

/// What begins and ends at a rank.
#[derive(Clone, Copy, Default)]
struct Role {
    /// One more than its row and than its column, 0 where it has none.
    row: u32,
    column: u32,
    /// A path matters only if it takes less from here to its first rank, and less from its last rank to here: what the
    /// dearest cost from here, and to here, is at most. 0 where none begins, or ends.
    from_below_ms: Millis,
    to_below_ms: Millis,
}

impl<'h, 'o> Rework<'h, 'o> {
    /// `below` is empty.
    pub(super) fn new(
        hierarchy: &'h Hierarchy,
        places: &'o Places,
        below: &'o mut Numbers,
    ) -> Rework<'h, 'o> {
        let roles = vec![Role::default(); places.ranks().len()];
        Rework { hierarchy, places, roles, below }
    }

    /// Works out `risen`, ascending, by edges and by everything below; the rest of the metric stands. Those that cost less
    /// than before are the answer; none where there are too many to work out in this way.
    ///
    /// The ranks on the ways to the root come first: they make paths that are there, and what is no shorter than these
    /// need not be looked at. Then all others below, whose arcs stand; then those on the ways again whose rows cost less now.
    ///
    /// # Complexity
    /// O(arcs of the ranks near those that `risen` begins or ends at), each at a few vectors of costs.
    pub(super) fn run(
        &mut self,
        metric: &mut Metric,
        weights_ms: &[Millis],
        risen: &[OneWay],
    ) -> Option<Vec<OneWay>> {
        let hierarchy = self.hierarchy;
        let risen = self.find_ends(risen);
        let (height, width) = self.number_roles();
        if height * width > COSTS_MAX {
            return None;
        }
        let mut square = Square::new(height, width);
        let mut before = Vec::with_capacity(risen.len());
        for risen in &risen {
            let (row, column) = self.square_place(risen);
            let by_edges = hierarchy.cost_of_edges(weights_ms, risen.one_way.arc());
            *square.at(row, column) = risen.one_way.of_both(by_edges);
            before.push(*metric.cost(risen.one_way));
        }
        let wide = vec![UNREACHABLE_MS; width];
        let mut gather = Gather { square, wide, rows: Vec::new(), columns: Vec::new() };
        let mut take = |rework: &mut Self, metric: &mut Metric, round: Round| {
            widest(
                #[inline(always)]
                || rework.gather(metric, &risen, &mut gather, round),
            );
        };
        self.open_ways(&risen);
        take(self, metric, Round::First);
        self.open_near(metric, &risen);
        take(self, metric, Round::First);
        risen.iter().for_each(|risen| self.below.insert(risen.tail));
        take(self, metric, Round::Again);
        let fallen = risen.iter().zip(before).filter(|(risen, before)| *metric.cost(risen.one_way) < *before);
        Some(fallen.map(|(risen, _)| risen.one_way).collect())
    }

    /// Where costs begin and end, and the role of these.
    fn find_ends(&mut self, risen: &[OneWay]) -> Vec<Risen> {
        let hierarchy = self.hierarchy;
        let mut tail = 0;
        let mut found = Vec::with_capacity(risen.len());
        for &one_way in risen {
            let arc = one_way.arc();
            if !hierarchy.up(tail).contains(&(arc as usize)) {
                tail = hierarchy.tail(arc);
            }
            let (low, high) = (self.place(tail), self.place(hierarchy.heads[arc as usize]));
            let (from, to) = match one_way.way() {
                Way::Up => (low, high),
                Way::Down => (high, low),
            };
            (self.roles[from].row, self.roles[to].column) = (1, 1);
            found.push(Risen { one_way, tail, from, to });
        }
        found
    }

    fn place(&self, rank: u32) -> usize {
        self.places.of(rank).expect("what rises stands on a way to the root")
    }

    /// Numbers those that have a role; how many rows and columns there are.
    fn number_roles(&mut self) -> (usize, usize) {
        let (mut height, mut width) = (0, 0);
        for role in &mut self.roles {
            (height, width) = (height + role.row, width + role.column);
            *role = Role {
                row: role.row * height,
                column: role.column * width,
                from_below_ms: role.row * UNREACHABLE_MS,
                to_below_ms: role.column * UNREACHABLE_MS,
            };
        }
        (height as usize, width as usize)
    }

    fn square_place(&self, risen: &Risen) -> (usize, usize) {
        (self.roles[risen.from].row as usize - 1, self.roles[risen.to].column as usize - 1)
    }

    /// Opens the ranks on the ways to the root below the last that costs rise at, itself included.
    fn open_ways(&mut self, risen: &[Risen]) {
        let last = risen.last().map_or(0, |risen| risen.tail);
        self.places
            .ranks()
            .iter()
            .take_while(|&&rank| rank <= last)
            .for_each(|&rank| self.below.insert(rank));
    }

    /// Opens all other ranks below that are nearer than what is known to be there.
    fn open_near(&mut self, metric: &mut Metric, risen: &[Risen]) {
        let hierarchy = self.hierarchy;
        for role in &mut self.roles {
            (role.from_below_ms, role.to_below_ms) = (0, 0);
        }
        for row in risen.chunk_by(|one, next| one.tail == next.tail) {
            let (mut there_max_ms, mut back_max_ms) = (0, 0);
            for risen in row {
                let cost = *metric.cost(risen.one_way);
                let from_below_ms = &mut self.roles[risen.from].from_below_ms;
                *from_below_ms = cost.max(*from_below_ms);
                let to_below_ms = &mut self.roles[risen.to].to_below_ms;
                *to_below_ms = cost.max(*to_below_ms);
                match risen.one_way.way() {
                    Way::Up => there_max_ms = cost.max(there_max_ms),
                    Way::Down => back_max_ms = cost.max(back_max_ms),
                }
            }
            let lowers = hierarchy.lower(row[0].tail);
            for lower in lowers {
                let arc = lower.arc as usize;
                // Of most rows costs rise in one direction alone: what the other costs need not be fetched.
                let is_near = there_max_ms > 0 && metric.down[arc] < there_max_ms
                    || back_max_ms > 0 && metric.up[arc] < back_max_ms;
                if is_near && self.places.of(lower.tail).is_none() {
                    self.below.insert(lower.tail);
                }
            }
        }
    }

    /// Takes the open ranks one after the other: what its arcs cost is known, and makes paths for what stands above it.
    #[inline(always)]
    fn gather(&mut self, metric: &mut Metric, risen: &[Risen], gather: &mut Gather, round: Round) {
        let hierarchy = self.hierarchy;
        let mut risen = risen.iter().peekable();
        let Gather { square, wide, rows, columns } = gather;
        while let Some(rank) = self.below.take_below(u32::MAX) {
            let mut is_new = round == Round::First;
            while let Some(risen) = risen.next_if(|risen| risen.tail == rank) {
                let (row, column) = self.square_place(risen);
                let (now, cost) = (*square.at(row, column), metric.cost(risen.one_way));
                is_new |= now != *cost;
                *cost = now;
            }
            if !is_new {
                continue;
            }
            rows.clear();
            columns.clear();
            let arcs = hierarchy.up(rank);
            let costs = metric.up[arcs.clone()].iter().zip(&metric.down[arcs.clone()]);
            for (&head, (&up, &down)) in hierarchy.heads[arcs].iter().zip(costs) {
                let Some(place) = self.places.of(head) else { continue };
                let role = self.roles[place];
                if down < role.from_below_ms {
                    rows.push((role.row as usize - 1, down));
                }
                if up < role.to_below_ms {
                    columns.push(role.column as usize - 1);
                    wide[role.column as usize - 1] = up;
                }
            }
            if let (Some(&first), Some(&last)) = (columns.first(), columns.last()) {
                for &(row, there_ms) in &*rows {
                    square.lower(row, first, &wide[first..=last], there_ms);
                }
            }
            columns.iter().for_each(|&column| wide[column] = UNREACHABLE_MS);
        }
    }
}

/// Whether the ranks to be taken were taken before: then only if something in their rows is another than it was.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Round {
    First,
    Again,
}

/// A cost that may have risen.
struct Risen {
    one_way: OneWay,
    /// The lower end of its arc.
    tail: u32,
    /// Places of where it begins and ends.
    from: usize,
    to: usize,
}

/// What costs are at most, and room for what one rank makes paths of.
struct Gather {
    square: Square,
    /// What it costs to each column; unreachable between two ranks.
    wide: Vec<Millis>,
    /// What it costs from each row.
    rows: Vec<(usize, Millis)>,
    columns: Vec<usize>,
}
