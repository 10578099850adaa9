//! Whole vehicles out of prices: the trip that gains most goes first, as often as it stays the best.
//!
//! A trip's gain is what its cargo spares in unmet needs, less the prices of everything that it takes. With prices
//! near the truth the right trips gain and the wrong ones lose; what the prices leave lying is packed afterwards for its
//! true cost alone.

use super::core::Flow;
use super::dual::{Prices, trip_price};
use super::layout::Layout;
use super::problem::VEHICLE;
use super::state::{Cargo, State, Trip};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// What of a vehicle must be full when only certain flows may go.
const WELL_FILLED: u64 = VEHICLE / 2;

/// A trip that could go now.
#[derive(Clone, Debug, Default)]
struct Offer {
    /// Gain of one vehicle.
    gain: i64,
    /// Gain for each hour of a lorry's load.
    score: i64,
    cargo: Cargo,
    /// Whether neither the limits of load nor stock that comes later kept anything off it: no later departure at the
    /// same prices has a better cargo.
    is_free: bool,
}

/// A part of a need that a lot on hand could meet.
struct Item {
    value: i64,
    /// Value of a whole vehicle full of it.
    rank: i128,
    row: usize,
    lot: usize,
    /// Units of the tenth, and how many of the row were on board before.
    open: u64,
    before: u64,
    /// Units that the lot may give to the row.
    most: u64,
}

/// Puts whole vehicles together at given prices.
pub(super) struct Packing<'a> {
    layout: &'a Layout<'a>,
    prices: &'a Prices,
    /// From how many tenths of each need a vehicle takes its cargo.
    steps: u32,
    /// What each row may still get from which lot, where that is limited: (lot, units).
    quotas: Option<Vec<Vec<(usize, u64)>>>,
    items: Vec<Item>,
    /// Cost of a load, period, price of a vehicle and of a load, for the departures of one leg.
    departures: Vec<(i64, usize, (i64, i64))>,
}

impl<'a> Packing<'a> {
    pub(super) fn new(layout: &'a Layout<'a>, prices: &'a Prices, steps: u32) -> Packing<'a> {
        Packing { layout, prices, steps, quotas: None, items: Vec::new(), departures: Vec::new() }
    }

    /// Only what `flows` say goes, and only vehicles that it fills well.
    pub(super) fn along(mut self, flows: &[Flow]) -> Packing<'a> {
        let mut quotas = vec![Vec::new(); self.layout.rows.len()];
        flows.iter().for_each(|flow| quotas[flow.row].push((flow.lot, flow.units)));
        self.quotas = Some(quotas);
        self
    }

    fn quota(&self, row: usize, lot: usize) -> u64 {
        let Some(quotas) = &self.quotas else { return u64::MAX };
        quotas[row].iter().find(|of| of.0 == lot).map_or(0, |of| of.1)
    }

    /// Sends the best trips to points until none gains any more.
    ///
    /// Legs wait by what they gained when they were last looked at, each at its best departure; one that still gains
    /// more than the next in line goes. Ties to the lower leg and the earlier departure.
    ///
    /// # Complexity
    /// One look at each leg, and a few more for each shipment.
    pub(super) fn pack(&mut self, state: &mut State) {
        let sites = self.layout.problem.sites.len();
        let legs = self.layout.legs.iter().enumerate().filter(|(_, leg)| leg.column >= sites);
        let legs: Vec<usize> = legs.map(|(index, _)| index).filter(|leg| self.is_meant(*leg)).collect();
        let waiting = legs.into_iter().filter_map(|leg| Some((self.best(state, leg)?.1.score, Reverse(leg))));
        let mut heap: BinaryHeap<(i64, Reverse<usize>)> = waiting.collect();
        while let Some((_, Reverse(leg))) = heap.pop() {
            let Some((trip, offer)) = self.best(state, leg) else { continue };
            let key = (offer.score, Reverse(leg));
            if heap.peek().is_some_and(|next| *next > key) {
                heap.push(key);
                continue;
            }
            let full = if self.steps == 1 { Some(offer) } else { self.offer(state, trip, self.steps) };
            let Some(full) = full.filter(|full| full.gain > 0) else { continue };
            let vehicles = self.times(state, trip, &full.cargo).max(1);
            state.send(self.layout, trip, &full.cargo, vehicles);
            if let Some(quotas) = &mut self.quotas {
                for &(row, lot, units) in &full.cargo {
                    quotas[row].iter_mut().filter(|of| of.0 == lot).for_each(|of| of.1 -= units * vehicles);
                }
            }
            heap.push(key);
        }
    }

    /// How many vehicles with this cargo go at once.
    fn times(&self, state: &State, trip: Trip, cargo: &Cargo) -> u64 {
        if self.quotas.is_none() {
            return state.times(self.layout, trip, cargo);
        }
        let times = state.times_within(self.layout, trip, cargo, |row| state.open_units(self.layout, row));
        let of_quotas = cargo.iter().map(|&(row, lot, units)| self.quota(row, lot) / units);
        of_quotas.fold(times, u64::min)
    }

    /// Whether anything may go on a leg.
    fn is_meant(&self, leg: usize) -> bool {
        let Some(quotas) = &self.quotas else { return true };
        let at = &self.layout.legs[leg];
        let rows = &self.layout.rows_at[at.column - self.layout.problem.sites.len()];
        let from_here = |of: &(usize, u64)| self.layout.lots[of.0].site == at.from;
        rows.iter().any(|row| quotas[*row].iter().any(from_here))
    }

    /// The departure of a leg that gains most now, from one tenth of each need.
    ///
    /// Departures are tried from the cheapest; after one that nothing but the vehicle's size held back no dearer one gains
    /// more.
    fn best(&mut self, state: &State, leg: usize) -> Option<(Trip, Offer)> {
        let at = &self.layout.legs[leg];
        if !state.has_any(at.from) {
            return None;
        }
        let mut departures = std::mem::take(&mut self.departures);
        departures.clear();
        let whole = self.layout.kinds[0][at.class].max(1) as i64;
        departures.extend((0..self.layout.periods - at.delay).filter_map(|departs| {
            let price = trip_price(self.layout, self.prices, leg, departs)?;
            let late = self.layout.lateness(0, departs + at.delay);
            Some((price.0 / whole + price.1 + late, departs, price))
        }));
        departures.sort_unstable();
        let mut best: Option<(Trip, Offer)> = None;
        for &(_, departs, price) in &departures {
            let Some(offer) = self.offer_at(state, (leg, departs), price, 1) else { continue };
            let is_free = offer.is_free;
            if best.as_ref().is_none_or(|(_, than)| offer.score > than.score) {
                best = Some(((leg, departs), offer));
            }
            if is_free {
                break;
            }
        }
        self.departures = departures;
        best
    }

    fn offer(&mut self, state: &State, trip: Trip, steps: u32) -> Option<Offer> {
        let price = trip_price(self.layout, self.prices, trip.0, trip.1)?;
        self.offer_at(state, trip, price, steps)
    }

    /// The best cargo of one vehicle on a trip to a point, from so many tenths of each need; `None` when nothing can go.
    fn offer_at(
        &mut self,
        state: &State,
        trip: Trip,
        (vehicle, each): (i64, i64),
        steps: u32,
    ) -> Option<Offer> {
        let layout = self.layout;
        let at = &layout.legs[trip.0];
        let (vehicles, room) = state.room(layout, trip);
        if vehicles == 0 || room == 0 {
            return None;
        }
        let (mut share, mut load) = (VEHICLE, room);
        let mut offer = Offer { gain: -vehicle, score: 0, cargo: Vec::new(), is_free: true };
        for _ in 0..steps {
            let before = share;
            offer.is_free &= self.gather(state, trip, each, &offer.cargo);
            for item in &self.items {
                let row = &layout.rows[item.row];
                let (item_share, item_load) = (layout.share(row.good, at.class), row.load);
                offer.is_free &= load >= item_load;
                if share < item_share || load < item_load {
                    continue;
                }
                let of_lot = on_board(&offer.cargo, |of| of.1 == item.lot);
                let of_row = on_board(&offer.cargo, |of| of.0 == item.row);
                let of_both = on_board(&offer.cargo, |of| (of.0, of.1) == (item.row, item.lot));
                let units = (state.lots[item.lot].units.saturating_sub(of_lot))
                    .min(item.most.saturating_sub(of_both))
                    .min((item.before + item.open).saturating_sub(of_row))
                    .min(share / item_share)
                    .min(load / item_load);
                if units == 0 {
                    continue;
                }
                share -= units * item_share;
                load -= units * item_load;
                offer.is_free &= load > 0;
                offer.gain += item.value * (units * item_load) as i64;
                match offer.cargo.iter_mut().find(|of| (of.0, of.1) == (item.row, item.lot)) {
                    Some(of) => of.2 += units,
                    None => offer.cargo.push((item.row, item.lot, units)),
                }
            }
            if share == before {
                break;
            }
        }
        let is_poor = self.quotas.is_some() && share > VEHICLE - WELL_FILLED;
        if offer.cargo.is_empty() || is_poor {
            return None;
        }
        offer.cargo.sort_unstable();
        // By the hour of a lorry: hours are what is short when much is.
        let whole = layout.kinds[0][at.class].max(1);
        offer.score = (i128::from(offer.gain) * 1_000 / (i128::from(at.cycle_s) * i128::from(whole))) as i64;
        Some(offer)
    }

    /// Collects what a vehicle could take from one tenth of each need, the best first; whether stock that comes later
    /// would add nothing.
    fn gather(&mut self, state: &State, (leg, departs): Trip, each: i64, cargo: &Cargo) -> bool {
        let layout = self.layout;
        let at = &layout.legs[leg];
        let point = at.column - layout.problem.sites.len();
        let receiver = layout.problem.points[point].member.index();
        let loaded = cargo.iter().map(|&(row, _, units)| units * layout.rows[row].load).sum();
        let mut is_all_there = true;
        self.items.clear();
        for &place in &layout.rows_at[point] {
            let row = &layout.rows[place];
            let lots = state.lots_at(layout, at.from, row.good);
            if lots.is_empty() || departs + at.delay > layout.windows[row.window].last {
                continue;
            }
            let before = on_board(cargo, |of| of.0 == place);
            let open = match self.quotas {
                None => state.open_of_tenth(layout, place, before),
                Some(_) => state.open_units(layout, place).saturating_sub(before),
            };
            if open == 0 {
                continue;
            }
            let missed = state.missed(layout, place, loaded);
            let late = layout.lateness(row.window, departs + at.delay);
            for &lot_place in lots {
                let lot = &state.lots[lot_place];
                is_all_there &= lot.units == 0 || lot.from <= departs;
                let may_go = State::is_own(layout, lot) || layout.hands_on(at.from, point);
                if lot.units == 0 || lot.from > departs || !may_go {
                    continue;
                }
                let Some(passing) = layout.passing(lot.giver, receiver) else { continue };
                let is_given = lot.giver != receiver;
                let giving = || state.burden(layout, lot.giver).max(self.prices.givers[lot.giver]);
                let giving = if is_given { giving() } else { 0 };
                let is_of_layout = lot_place < layout.lots.len();
                let unit = if is_of_layout { self.prices.limits[layout.lot_place(lot_place)] } else { 0 };
                let value = missed - late - passing - giving - unit / row.load as i64 - each;
                if value > 0 {
                    let rank = i128::from(value) * i128::from(layout.fill(row.good, at.class));
                    let most = lot.units.min(self.quota(place, lot_place));
                    self.items.push(Item { value, rank, row: place, lot: lot_place, open, before, most });
                }
            }
        }
        // Number by number: tuples are compared by a call for each.
        self.items
            .sort_unstable_by(|a, b| b.rank.cmp(&a.rank).then(a.row.cmp(&b.row)).then(a.lot.cmp(&b.lot)));
        is_all_there
    }
}

fn on_board(cargo: &Cargo, is_meant: impl Fn(&(usize, usize, u64)) -> bool) -> u64 {
    cargo.iter().filter(|of| is_meant(of)).map(|of| of.2).sum()
}
