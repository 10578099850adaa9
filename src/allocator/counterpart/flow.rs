//! One phase exactly: teams sent one path after the other, the cheapest first, until none helps.
//!
//! Every arc has a convex cost in steps (burden of a supporter, take-ups on a way, weight of a need), and a cost holds
//! all three tiers in one number, which is why this is not [`transport`](crate::allocator::transport): there ways are
//! linear and penalties end at 2^34.

use super::cost::Steps;

/// More than any team can save; a price of who has no team left from the start.
pub(super) const BARRED: i128 = 1 << 96;

/// What a team costs from a supporter to a municipality.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way {
    /// Of every team.
    pub(super) cost: i64,
    /// Teams that were decided.
    pub(super) floor: u32,
    /// Teams there in the phase before: whoever comes beyond them pays for taking up.
    pub(super) before: u32,
    /// Teams there in the phase after: whoever is there already spares them that.
    pub(super) after: u32,
    /// What taking up costs.
    pub(super) take_up_s: i64,
}

impl Way {
    /// What team `index` costs, and the end of the teams that cost the same.
    fn at(&self, index: u32) -> (u32, i128) {
        let mut cost = self.cost;
        let mut end = u32::MAX;
        for (place, sign) in [(self.before, 1), (self.after, -1)] {
            let is_behind = index >= place;
            if is_behind == (sign > 0) {
                cost += sign * self.take_up_s;
            }
            if !is_behind {
                end = end.min(place);
            }
        }
        (end, i128::from(cost))
    }
}

/// One phase.
pub(super) struct Phase<'a> {
    /// For each supporter, as many teams as it has.
    pub(super) burden: &'a [Steps],
    /// For each municipality, as many teams as it needs.
    pub(super) need: &'a [Steps],
    /// Supporters x municipalities; `None` where nobody may or can go.
    pub(super) ways: Vec<Option<Way>>,
}

/// The cheapest teams of a phase.
pub(super) struct Cheapest {
    /// Supporters x municipalities.
    pub(super) teams: Vec<u32>,
    /// For each supporter what one team more would save, or what it costs; proves the teams cheapest.
    pub(super) price: Vec<i128>,
    /// For each municipality what one team more costs there.
    pub(super) delivered: Vec<i128>,
}

/// Where a node was reached from.
const NOWHERE: usize = usize::MAX;

struct Search<'a> {
    phase: &'a Phase<'a>,
    teams: Vec<u32>,
    load: Vec<u32>,
    met: Vec<u32>,
    /// Supporters, then municipalities, then all that is needed: what a team costs there at least.
    price: Vec<i128>,
    cost: Vec<Option<i128>>,
    from: Vec<usize>,
    done: Vec<bool>,
}

/// Teams from the decided ones on: the optimum of the phase.
///
/// Successive shortest paths with prices (Edmonds and Karp 1972; Ahuja, Magnanti and Orlin 1993, 9.7 and 14.4 for
/// convex costs); ties go to the lower node.
///
/// # Complexity
/// O(A·N²) time for N supporters and municipalities and A steps sent, O(S·M) space.
pub(super) fn cheapest(phase: &Phase) -> Cheapest {
    let mut search = Search::new(phase);
    while search.reach() {
        search.send();
    }
    let mut price = search.price;
    let mut delivered = price.split_off(phase.burden.len());
    delivered.truncate(phase.need.len());
    Cheapest { teams: search.teams, price, delivered }
}

impl<'a> Search<'a> {
    fn new(phase: &'a Phase<'a>) -> Self {
        let (supporters, municipalities) = (phase.burden.len(), phase.need.len());
        let nodes = supporters + municipalities + 1;
        let teams: Vec<u32> = phase.ways.iter().map(|way| way.map_or(0, |way| way.floor)).collect();
        let load = teams.chunks(municipalities.max(1)).map(|row| row.iter().sum());
        let met = (0..municipalities).map(|m| teams.iter().skip(m).step_by(municipalities).sum());
        let mut search = Search {
            phase,
            load: if municipalities == 0 { vec![0; supporters] } else { load.collect() },
            met: met.collect(),
            teams,
            price: vec![BARRED; nodes],
            cost: vec![None; nodes],
            from: vec![NOWHERE; nodes],
            done: vec![false; nodes],
        };
        search.start();
        search
    }

    fn supporters(&self) -> usize {
        self.phase.burden.len()
    }

    fn sink(&self) -> usize {
        self.price.len() - 1
    }

    fn place(&self, supporter: usize, municipality: usize) -> usize {
        supporter * self.phase.need.len() + municipality
    }

    /// The first prices: the cheapest way on the empty plan, which goes from left to right only.
    fn start(&mut self) {
        let (supporters, sink) = (self.supporters(), self.sink());
        for supporter in 0..supporters {
            if let Some((_, cost)) = self.phase.burden[supporter].at(self.load[supporter]) {
                self.price[supporter] = cost;
            }
        }
        for municipality in 0..self.phase.need.len() {
            let cost = |supporter: usize| {
                let place = self.place(supporter, municipality);
                let way = self.phase.ways[place]?;
                Some(self.price[supporter] + way.at(self.teams[place]).1)
            };
            if let Some(cost) = (0..supporters).filter_map(cost).min() {
                self.price[supporters + municipality] = cost;
            }
        }
        let missed = |municipality: usize| {
            let (_, weight) = self.phase.need[municipality].at(self.met[municipality])?;
            Some(self.price[supporters + municipality] - weight)
        };
        self.price[sink] = (0..self.phase.need.len()).filter_map(missed).min().unwrap_or(0);
    }

    /// Whether one team more helps; the cheapest path to it, and prices that know it.
    fn reach(&mut self) -> bool {
        let (supporters, sink) = (self.supporters(), self.sink());
        if self.price[sink] >= 0 {
            self.price[sink] = 0;
            return false;
        }
        let allowed = -self.price[sink];
        self.cost.fill(None);
        self.from.fill(NOWHERE);
        self.done.fill(false);
        for supporter in 0..supporters {
            if let Some((_, cost)) = self.phase.burden[supporter].at(self.load[supporter]) {
                self.cost[supporter] = Some(cost - self.price[supporter]);
            }
        }
        while let Some(node) = self.nearest() {
            self.done[node] = true;
            if node == sink {
                break;
            }
            self.relax(node);
        }
        let reached = self.cost[sink].filter(|cost| *cost < allowed);
        let limit = reached.unwrap_or(allowed);
        for (price, cost) in self.price.iter_mut().zip(&self.cost) {
            *price += cost.map_or(limit, |cost| cost.min(limit));
        }
        reached.is_some()
    }

    fn nearest(&self) -> Option<usize> {
        let open = (0..self.cost.len()).filter(|&node| !self.done[node]);
        open.filter_map(|node| Some((self.cost[node]?, node))).min().map(|(_, node)| node)
    }

    fn relax(&mut self, node: usize) {
        let supporters = self.supporters();
        if let Some(municipality) = node.checked_sub(supporters) {
            if let Some((_, weight)) = self.phase.need[municipality].at(self.met[municipality]) {
                self.offer(node, self.sink(), -weight);
            }
            for supporter in 0..supporters {
                let place = self.place(supporter, municipality);
                if let Some(way) = self.phase.ways[place]
                    && self.teams[place] > way.floor
                {
                    self.offer(node, supporter, -way.at(self.teams[place] - 1).1);
                }
            }
        } else {
            for municipality in 0..self.phase.need.len() {
                let place = self.place(node, municipality);
                if let Some(way) = self.phase.ways[place] {
                    self.offer(node, supporters + municipality, way.at(self.teams[place]).1);
                }
            }
        }
    }

    fn offer(&mut self, from: usize, to: usize, cost: i128) {
        let Some(before) = self.cost[from].filter(|_| !self.done[to]) else { return };
        let cost = before + cost + self.price[from] - self.price[to];
        if self.cost[to].is_none_or(|known| cost < known) {
            (self.cost[to], self.from[to]) = (Some(cost), from);
        }
    }

    /// Sends along the path as many teams as cost the same.
    fn send(&mut self) {
        let supporters = self.supporters();
        let path: Vec<usize> = std::iter::successors(Some(self.from[self.sink()]), |&node| {
            Some(self.from[node]).filter(|&from| from != NOWHERE)
        })
        .collect();
        let (Some(&last), Some(&first)) = (path.first(), path.last()) else { return };
        let rest = |steps: &Steps, index: u32| steps.at(index).map_or(0, |(end, _)| end - index);
        let mut count = rest(&self.phase.burden[first], self.load[first])
            .min(rest(&self.phase.need[last - supporters], self.met[last - supporters]));
        for pair in path.windows(2) {
            count = count.min(self.room(pair[1], pair[0]));
        }
        for pair in path.windows(2) {
            let (from, to) = (pair[1], pair[0]);
            if from < supporters {
                let place = self.place(from, to - supporters);
                self.teams[place] += count;
            } else {
                let place = self.place(to, from - supporters);
                self.teams[place] -= count;
            }
        }
        self.load[first] += count;
        self.met[last - supporters] += count;
    }

    /// Teams that can go from `from` to `to` for the same cost each.
    fn room(&self, from: usize, to: usize) -> u32 {
        let supporters = self.supporters();
        let is_back = from >= supporters;
        let place =
            if is_back { self.place(to, from - supporters) } else { self.place(from, to - supporters) };
        let (Some(way), teams) = (self.phase.ways[place], self.teams[place]) else { return 0 };
        if !is_back {
            return way.at(teams).0 - teams;
        }
        let begin = [way.before, way.after].into_iter().filter(|&place| place < teams).max().unwrap_or(0);
        teams - begin.max(way.floor)
    }
}
