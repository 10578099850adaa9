//! Whole vehicles out of prices: the trip that gains most goes first, as often as it stays the best.
//!
//! A trip's gain is what its cargo spares in unmet needs, less the prices of everything that it takes. With prices
//! near the truth the right trips gain and the wrong ones lose; what the prices leave lying is packed afterwards at
//! lower prices, and at the end for its true cost alone.

use super::dual::{Prices, trip_price};
use super::index::{FleetIdx, PeriodIdx, SiteIdx};
use super::layout::{Layout, Lot, UNLIMITED};
use super::problem::{Line, Shipment, VEHICLE};
use super::resources::spread;
use std::collections::{BTreeMap, BinaryHeap};

/// What is left while shipments are put together.
#[derive(Clone)]
pub(super) struct State {
    /// Of each resource.
    pub(super) left: Vec<u64>,
    /// Lots of the layout, then what this plan brings to bases.
    pub(super) lots: Vec<Lot>,
    lots_at: BTreeMap<(usize, usize), Vec<usize>>,
    /// For each row, the units that have come.
    pub(super) brought: Vec<u64>,
    /// Load that each member gives to others here.
    given: Vec<u64>,
    pub(super) shipments: Vec<Shipment>,
}

/// Cargo of one vehicle: (row, lot, units).
pub(super) type Cargo = Vec<(usize, usize, u64)>;

/// A trip that could go now.
#[derive(Clone, Debug, Default)]
pub(super) struct Offer {
    /// Gain of one vehicle.
    pub(super) gain: i64,
    /// Gain for each load.
    pub(super) score: i64,
    pub(super) cargo: Cargo,
}

/// A part of a need that a lot on hand could meet.
struct Item {
    value: i64,
    rank: i64,
    row: usize,
    lot: usize,
    /// Units of the step.
    open: u64,
    load: u64,
    share: u64,
}

impl State {
    pub(super) fn new(layout: &Layout<'_>) -> State {
        let mut lots_at: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
        for (place, lot) in layout.lots.iter().enumerate().filter(|(_, lot)| lot.units > 0) {
            lots_at.entry((lot.site, lot.good)).or_default().push(place);
        }
        State {
            left: layout.left.clone(),
            lots: layout.lots.clone(),
            lots_at,
            brought: vec![0; layout.rows.len()],
            given: vec![0; layout.burdens.len()],
            shipments: Vec::new(),
        }
    }

    /// What missing the next load of a row costs, and how many units cost that.
    pub(super) fn next_step(&self, layout: &Layout<'_>, row: usize) -> Option<(i64, u64)> {
        self.step_after(layout, row, 0)
    }

    /// The same once `more` units have come.
    fn step_after(&self, layout: &Layout<'_>, row: usize, more: u64) -> Option<(i64, u64)> {
        let mut done = self.brought[row] + more;
        for &(units, missed) in &layout.rows[row].steps {
            if done < units {
                return Some((missed, units - done));
            }
            done -= units;
        }
        None
    }

    fn burden(&self, layout: &Layout<'_>, giver: usize) -> i64 {
        let mut done = self.given[giver];
        for &(load, cost) in &layout.burdens[giver] {
            if done < load {
                return cost;
            }
            done -= load;
        }
        0
    }

    /// How many vehicles could still make a trip, and how much load may pass on it.
    fn room(&self, layout: &Layout<'_>, leg: usize, departs: usize) -> (u64, u64) {
        let at = &layout.legs[leg];
        let places = &layout.places;
        let drivers = self.left[places.drivers(at.fleet, departs / layout.problem.periods_per_day())];
        let mut vehicles = drivers / at.cycle_s.max(1);
        let period_s = u64::from(layout.problem.period_s);
        let first = places.vehicles(at.fleet, departs);
        for (period, seconds) in spread(at.cycle_s, period_s, departs, layout.periods) {
            vehicles = vehicles.min(self.left[first + period - departs] / seconds.max(1));
        }
        let mut load = self.left[places.out(at.from, departs)]
            .min(self.left[places.take_in(at.column, departs + at.delay)]);
        let class = super::index::ClassIdx::at(at.class);
        for bundle in layout.problem.passed(class, SiteIdx::at(at.from), layout.stop(at.column)) {
            load = load.min(self.left[places.bundle_load(bundle.index(), departs)]);
            vehicles = vehicles.min(self.left[places.bundle_vehicles(bundle.index(), departs)]);
        }
        (vehicles, load)
    }

    /// The best cargo of one vehicle on a trip to a point at `prices`, from so many steps of each need; `None` when nothing
    /// can go.
    pub(super) fn offer(
        &self,
        layout: &Layout<'_>,
        prices: &Prices,
        (leg, departs): (usize, usize),
        steps: u32,
    ) -> Option<Offer> {
        let at = &layout.legs[leg];
        let (vehicles, room) = self.room(layout, leg, departs);
        if vehicles == 0 || room == 0 {
            return None;
        }
        let (vehicle, each) = trip_price(layout, prices, leg, departs)?;
        let (mut share, mut load) = (VEHICLE, room);
        let mut gain = -vehicle;
        // Units by (row, lot).
        let mut cargo: BTreeMap<(usize, usize), u64> = BTreeMap::new();
        for _ in 0..steps {
            let on_board = |row: usize| cargo.range((row, 0)..(row + 1, 0)).map(|(_, units)| units).sum();
            let mut items = self.items(layout, prices, (leg, departs), each, on_board);
            items.sort_unstable_by_key(|item| (std::cmp::Reverse(item.rank), item.row, item.lot));
            let before = share;
            // Several lots may offer the same step of a row.
            let mut open: BTreeMap<usize, u64> = BTreeMap::new();
            for item in items {
                if share < item.share || load < item.load {
                    continue;
                }
                let of_lot: u64 =
                    cargo.iter().filter(|((_, lot), _)| *lot == item.lot).map(|(_, units)| units).sum();
                let open = open.entry(item.row).or_insert(item.open);
                let units = (self.lots[item.lot].units.saturating_sub(of_lot))
                    .min(*open)
                    .min(share / item.share)
                    .min(load / item.load);
                if units == 0 {
                    continue;
                }
                *open -= units;
                share -= units * item.share;
                load -= units * item.load;
                gain += item.value * (units * item.load) as i64;
                *cargo.entry((item.row, item.lot)).or_default() += units;
            }
            if share == before {
                break;
            }
        }
        if cargo.is_empty() {
            return None;
        }
        // By the hour of a lorry: hours are what is short when much is.
        let whole = layout.kinds[0][at.class].max(1);
        let score = (i128::from(gain) * 1_000 / (i128::from(at.cycle_s) * i128::from(whole))) as i64;
        let cargo = cargo.into_iter().map(|((row, lot), units)| (row, lot, units)).collect();
        Some(Offer { gain, score, cargo })
    }

    fn items(
        &self,
        layout: &Layout<'_>,
        prices: &Prices,
        (leg, departs): (usize, usize),
        each: i64,
        on_board: impl Fn(usize) -> u64,
    ) -> Vec<Item> {
        let at = &layout.legs[leg];
        let point = at.column - layout.problem.sites.len();
        let receiver = layout.problem.points[point].member.index();
        let mut items = Vec::new();
        for &place in &layout.rows_at[point] {
            let row = &layout.rows[place];
            if departs + at.delay > layout.windows[row.window].last {
                continue;
            }
            let Some((missed, open)) = self.step_after(layout, place, on_board(place)) else { continue };
            let late = layout.lateness(row.window, departs + at.delay);
            for &lot_place in self.lots_at.get(&(at.from, row.good)).map_or(&[][..], Vec::as_slice) {
                let lot = &self.lots[lot_place];
                let is_own = layout.problem.stocks[lot.stock.index()].site.index() == at.from;
                if lot.units == 0 || lot.from > departs || !(is_own || layout.hands_on(at.from, point)) {
                    continue;
                }
                let Some(passing) = layout.passing(lot.giver, receiver) else { continue };
                let giving = if lot.giver == receiver {
                    0
                } else {
                    self.burden(layout, lot.giver).max(prices.givers[lot.giver])
                };
                let unit = if lot_place < layout.lots.len() {
                    prices.limits[layout.lot_place(lot_place)] / row.load as i64
                } else {
                    0
                };
                let value = missed - late - passing - giving - unit - each;
                if value <= 0 {
                    continue;
                }
                let good = super::index::GoodIdx::at(row.good);
                let share = layout.problem.share_of(good, super::index::ClassIdx::at(at.class));
                // Value of a whole vehicle full of it.
                let rank = (i128::from(value) * i128::from(row.load) * i128::from(VEHICLE)
                    / i128::from(share.max(1))
                    / 1_000) as i64;
                items.push(Item { value, rank, row: place, lot: lot_place, open, load: row.load, share });
            }
        }
        items
    }

    /// How many vehicles with this cargo can go.
    fn times(&self, layout: &Layout<'_>, leg: usize, departs: usize, cargo: &Cargo) -> u64 {
        let (mut times, room) = self.room(layout, leg, departs);
        let load: u64 = cargo.iter().map(|&(row, _, units)| units * layout.rows[row].load).sum();
        times = times.min(room / load.max(1));
        let mut by_row: BTreeMap<usize, u64> = BTreeMap::new();
        let mut by_lot: BTreeMap<usize, u64> = BTreeMap::new();
        for &(row, lot, units) in cargo {
            *by_row.entry(row).or_default() += units;
            *by_lot.entry(lot).or_default() += units;
        }
        for (row, units) in by_row {
            times = times.min(self.next_step(layout, row).map_or(0, |(_, open)| open) / units);
        }
        for (lot, units) in by_lot {
            times = times.min(self.lots[lot].units / units);
        }
        times
    }

    /// Sends `vehicles` with this cargo.
    pub(super) fn send(
        &mut self,
        layout: &Layout<'_>,
        (leg, departs): (usize, usize),
        cargo: &Cargo,
        vehicles: u64,
    ) {
        let mut lines: BTreeMap<(super::index::StockIdx, usize), u64> = BTreeMap::new();
        let receiver = layout.problem.points[layout.legs[leg].column - layout.problem.sites.len()].member;
        let mut load = 0;
        for &(row, lot, units) in cargo {
            let total = units * vehicles;
            *lines.entry((self.lots[lot].stock, row)).or_default() += units;
            self.lots[lot].units -= total;
            self.brought[row] += total;
            load += units * layout.rows[row].load;
            if self.lots[lot].giver != receiver.index() {
                self.given[self.lots[lot].giver] += total * layout.rows[row].load;
            }
        }
        let lines = lines.into_iter().map(|((stock, row), units)| Line {
            stock,
            need: Some(layout.rows[row].need),
            units: units as u32,
        });
        let lines = lines.collect();
        self.take_trip(layout, (leg, departs), load, vehicles);
        self.push(layout, (leg, departs), vehicles, lines);
    }

    fn push(&mut self, layout: &Layout<'_>, (leg, departs): (usize, usize), vehicles: u64, lines: Vec<Line>) {
        let at = &layout.legs[leg];
        self.shipments.push(Shipment {
            departs: PeriodIdx::at(departs),
            from: SiteIdx::at(at.from),
            to: layout.stop(at.column),
            fleet: FleetIdx::at(at.fleet),
            vehicles: vehicles as u32,
            lines,
        });
    }

    fn take_trip(&mut self, layout: &Layout<'_>, (leg, departs): (usize, usize), load: u64, vehicles: u64) {
        let at = &layout.legs[leg];
        let mut take = |place: usize, amount: u64| {
            if self.left[place] != UNLIMITED {
                self.left[place] = self.left[place].saturating_sub(amount);
            }
        };
        let places = &layout.places;
        take(places.out(at.from, departs), load * vehicles);
        take(places.take_in(at.column, departs + at.delay), load * vehicles);
        take(places.drivers(at.fleet, departs / layout.problem.periods_per_day()), at.cycle_s * vehicles);
        let period_s = u64::from(layout.problem.period_s);
        for (period, seconds) in spread(at.cycle_s, period_s, departs, layout.periods) {
            take(places.vehicles(at.fleet, period), seconds * vehicles);
        }
        let class = super::index::ClassIdx::at(at.class);
        for bundle in layout.problem.passed(class, SiteIdx::at(at.from), layout.stop(at.column)) {
            take(places.bundle_load(bundle.index(), departs), load * vehicles);
            take(places.bundle_vehicles(bundle.index(), departs), vehicles);
        }
    }

    /// Brings lots to a base: (lot, units) on each vehicle. They can go on a period after they have come.
    pub(super) fn send_to_base(
        &mut self,
        layout: &Layout<'_>,
        (leg, departs): (usize, usize),
        cargo: &[(usize, u64)],
        vehicles: u64,
    ) {
        let at = &layout.legs[leg];
        let from = departs + at.delay + 1;
        let mut load = 0;
        let mut lines = Vec::new();
        for &(lot, units) in cargo {
            self.lots[lot].units -= units * vehicles;
            let brought = Lot { site: at.column, from, units: units * vehicles, ..self.lots[lot].clone() };
            load += units * layout.problem.load_of(super::index::GoodIdx::at(brought.good));
            lines.push(Line { stock: brought.stock, need: None, units: units as u32 });
            self.lots_at.entry((at.column, brought.good)).or_default().push(self.lots.len());
            self.lots.push(brought);
        }
        lines.sort_unstable();
        self.take_trip(layout, (leg, departs), load, vehicles);
        self.push(layout, (leg, departs), vehicles, lines);
    }

    /// Takes `vehicles` of a shipment to a base back, with the lots that it brought there.
    pub(super) fn take_back(&mut self, layout: &Layout<'_>, place: usize, vehicles: u32) {
        let shipment = self.shipments[place].clone();
        let from = super::transit::arrival(layout, &shipment) + 1;
        let column = layout.problem.column(shipment.to);
        for line in &shipment.lines {
            let units = u64::from(line.units) * u64::from(vehicles);
            self.lots[line.stock.index()].units += units;
            let mut open = units;
            for lot in &mut self.lots[layout.lots.len()..] {
                if lot.site == column && lot.stock == line.stock && lot.from == from {
                    let taken = lot.units.min(open);
                    lot.units -= taken;
                    open -= taken;
                }
            }
        }
        let back = Shipment { vehicles, ..shipment };
        super::resources::uses(layout.problem, &layout.places, &back, |place, amount| {
            if place >= layout.problem.stocks.len() && self.left[place] != UNLIMITED {
                self.left[place] += amount;
            }
        });
        self.shipments[place].vehicles -= vehicles;
    }

    /// How many vehicles could go to a base with this cargo.
    pub(super) fn times_to_base(
        &self,
        layout: &Layout<'_>,
        (leg, departs): (usize, usize),
        cargo: &[(usize, u64)],
    ) -> u64 {
        let (mut times, room) = self.room(layout, leg, departs);
        let load: u64 = cargo
            .iter()
            .map(|&(lot, units)| {
                units * layout.problem.load_of(super::index::GoodIdx::at(self.lots[lot].good))
            })
            .sum();
        times = times.min(room / load.max(1));
        for &(lot, units) in cargo {
            times = times.min(self.lots[lot].units / units.max(1));
        }
        times
    }

    /// Sends the best trips of `candidates` (leg x periods + period) until none gains any more at `prices`, each with cargo
    /// from up to so many steps of a need.
    pub(super) fn pack(&mut self, layout: &Layout<'_>, prices: &Prices, candidates: &[u32], steps: u32) {
        let periods = layout.periods;
        let trip = |candidate: u32| (candidate as usize / periods, candidate as usize % periods);
        let mut heap: BinaryHeap<(i64, std::cmp::Reverse<u32>)> = candidates
            .iter()
            .filter_map(|&candidate| {
                let (leg, departs) = trip(candidate);
                let offer = self.offer(layout, prices, (leg, departs), 1)?;
                Some((offer.score, std::cmp::Reverse(candidate)))
            })
            .collect();
        while let Some((_, std::cmp::Reverse(candidate))) = heap.pop() {
            let (leg, departs) = trip(candidate);
            let Some(offer) = self.offer(layout, prices, (leg, departs), 1) else { continue };
            let key = (offer.score, std::cmp::Reverse(candidate));
            if heap.peek().is_some_and(|next| *next > key) {
                heap.push(key);
                continue;
            }
            let Some(full) = self.offer(layout, prices, (leg, departs), steps).filter(|full| full.gain > 0)
            else {
                continue;
            };
            let vehicles = self.times(layout, leg, departs, &full.cargo).max(1);
            self.send(layout, (leg, departs), &full.cargo, vehicles);
            heap.push(key);
        }
    }
}
