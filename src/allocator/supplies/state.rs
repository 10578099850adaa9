//! What is left while shipments are put together, and what each of them takes.

use super::index::{ClassIdx, FleetIdx, GoodIdx, PeriodIdx, SiteIdx};
use super::layout::{Layout, Lot, UNLIMITED};
use super::problem::{Line, Shipment};
use super::resources::spread;

/// What is left while shipments are put together.
#[derive(Clone)]
pub(super) struct State {
    /// Of each resource.
    pub(super) left: Vec<u64>,
    /// Lots of the layout, then what this plan brings to bases.
    pub(super) lots: Vec<Lot>,
    /// Lots at (site, good), row-major.
    lots_at: Vec<Vec<usize>>,
    /// Units of all goods that stand at each site.
    units_at: Vec<u64>,
    /// For each row, the units that have come.
    pub(super) brought: Vec<u64>,
    /// For each row, the step that is open, and what of it has come.
    open_step: Vec<(usize, u64)>,
    /// Load that each point misses now.
    unmet: Vec<u64>,
    /// Load that each member gives to others here.
    given: Vec<u64>,
    pub(super) shipments: Vec<Shipment>,
}

/// Cargo of one vehicle: (row, lot, units), ascending.
pub(super) type Cargo = Vec<(usize, usize, u64)>;

/// A leg and the period in which it is left on.
pub(super) type Trip = (usize, usize);

impl State {
    pub(super) fn new(layout: &Layout<'_>) -> State {
        let (sites, goods) = (layout.problem.sites.len(), layout.problem.goods.len());
        let mut state = State {
            left: layout.left.clone(),
            lots: layout.lots.clone(),
            lots_at: vec![Vec::new(); sites * goods],
            units_at: vec![0; sites],
            brought: vec![0; layout.rows.len()],
            open_step: vec![(0, 0); layout.rows.len()],
            unmet: layout.unmet_steps.iter().map(|steps| steps.iter().map(|(load, _)| load).sum()).collect(),
            given: vec![0; layout.burdens.len()],
            shipments: Vec::new(),
        };
        for (place, lot) in layout.lots.iter().enumerate().filter(|(_, lot)| lot.units > 0) {
            state.lots_at[lot.site * goods + lot.good].push(place);
            state.units_at[lot.site] += lot.units;
        }
        state
    }

    /// Lots of a good at a site, those that are used up too.
    #[inline]
    pub(super) fn lots_at(&self, layout: &Layout<'_>, site: usize, good: usize) -> &[usize] {
        &self.lots_at[site * layout.problem.goods.len() + good]
    }

    /// Whether anything is left at a site.
    #[inline]
    pub(super) fn has_any(&self, site: usize) -> bool {
        self.units_at[site] > 0
    }

    /// What missing one more load of a row costs when `more` load of whatever comes to its point besides.
    #[inline]
    pub(super) fn missed(&self, layout: &Layout<'_>, row: usize, more: u64) -> i64 {
        let row = &layout.rows[row];
        row.life + layout.unfair(row.point, self.unmet[row.point].saturating_sub(more))
    }

    /// Units of a row's next tenth once `more` of them have come; 0 when all have.
    #[inline]
    pub(super) fn open_of_tenth(&self, layout: &Layout<'_>, row: usize, more: u64) -> u64 {
        let (first, done) = self.open_step[row];
        let mut done = done + more;
        for &(units, _) in &layout.rows[row].steps[first..] {
            if done < units {
                return units - done;
            }
            done -= units;
        }
        0
    }

    /// What the next load that a member gives to others costs.
    #[inline]
    pub(super) fn burden(&self, layout: &Layout<'_>, giver: usize) -> i64 {
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
    #[inline]
    pub(super) fn room(&self, layout: &Layout<'_>, (leg, departs): Trip) -> (u64, u64) {
        let at = &layout.legs[leg];
        let places = &layout.places;
        let mut load = self.left[places.out(at.from, departs)]
            .min(self.left[places.take_in(at.column, departs + at.delay)]);
        if load == 0 {
            return (0, 0);
        }
        let drivers = self.left[places.drivers(at.fleet, departs / layout.problem.periods_per_day())];
        let mut vehicles = drivers / at.cycle_s.max(1);
        let period_s = u64::from(layout.problem.period_s);
        let first = places.vehicles(at.fleet, departs);
        for (period, seconds) in spread(at.cycle_s, period_s, departs, layout.periods) {
            vehicles = vehicles.min(self.left[first + period - departs] / seconds.max(1));
        }
        let class = ClassIdx::at(at.class);
        for bundle in layout.problem.passed(class, SiteIdx::at(at.from), layout.stop(at.column)) {
            load = load.min(self.left[places.bundle_load(bundle.index(), departs)]);
            vehicles = vehicles.min(self.left[places.bundle_vehicles(bundle.index(), departs)]);
        }
        (vehicles, load)
    }

    /// Units of a row that have not come yet.
    #[inline]
    pub(super) fn open_units(&self, layout: &Layout<'_>, row: usize) -> u64 {
        layout.rows[row].units - self.brought[row]
    }

    /// How many vehicles with this cargo can go within the open tenth of each row.
    pub(super) fn times(&self, layout: &Layout<'_>, trip: Trip, cargo: &Cargo) -> u64 {
        self.times_within(layout, trip, cargo, |row| self.open_of_tenth(layout, row, 0))
    }

    /// How many vehicles with this cargo can go when each row takes no more than `open` says.
    pub(super) fn times_within(
        &self,
        layout: &Layout<'_>,
        trip: Trip,
        cargo: &Cargo,
        open: impl Fn(usize) -> u64,
    ) -> u64 {
        let (mut times, room) = self.room(layout, trip);
        let load: u64 = cargo.iter().map(|&(row, _, units)| units * layout.rows[row].load).sum();
        times = times.min(room / load.max(1));
        for of_row in cargo.chunk_by(|a, b| a.0 == b.0) {
            let units: u64 = of_row.iter().map(|&(_, _, units)| units).sum();
            times = times.min(open(of_row[0].0) / units);
        }
        for &(_, lot, _) in cargo {
            let units: u64 = cargo.iter().filter(|of| of.1 == lot).map(|&(_, _, units)| units).sum();
            times = times.min(self.lots[lot].units / units);
        }
        times
    }

    /// Sends `vehicles` with this cargo.
    pub(super) fn send(&mut self, layout: &Layout<'_>, trip: Trip, cargo: &Cargo, vehicles: u64) {
        let at = &layout.legs[trip.0];
        let receiver = layout.problem.points[at.column - layout.problem.sites.len()].member;
        let mut lines: Vec<Line> = Vec::with_capacity(cargo.len());
        let mut load = 0;
        for &(row, lot, units) in cargo {
            let total = units * vehicles;
            self.lots[lot].units -= total;
            self.units_at[at.from] -= total;
            self.bring(layout, row, total);
            load += units * layout.rows[row].load;
            if self.lots[lot].giver != receiver.index() {
                self.given[self.lots[lot].giver] += total * layout.rows[row].load;
            }
            let line = (self.lots[lot].stock, Some(layout.rows[row].need));
            match lines.iter_mut().find(|of| (of.stock, of.need) == line) {
                Some(of) => of.units += units as u32,
                None => lines.push(Line { stock: line.0, need: line.1, units: units as u32 }),
            }
        }
        lines.sort_unstable();
        self.take_trip(layout, trip, load, vehicles);
        self.push(layout, trip, vehicles, lines);
    }

    fn bring(&mut self, layout: &Layout<'_>, row: usize, units: u64) {
        self.brought[row] += units;
        self.unmet[layout.rows[row].point] -= units * layout.rows[row].load;
        let (step, done) = &mut self.open_step[row];
        *done += units;
        while layout.rows[row].steps.get(*step).is_some_and(|of| of.0 <= *done) {
            *done -= layout.rows[row].steps[*step].0;
            *step += 1;
        }
    }

    fn push(&mut self, layout: &Layout<'_>, (leg, departs): Trip, vehicles: u64, lines: Vec<Line>) {
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

    fn take_trip(&mut self, layout: &Layout<'_>, (leg, departs): Trip, load: u64, vehicles: u64) {
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
        let class = ClassIdx::at(at.class);
        for bundle in layout.problem.passed(class, SiteIdx::at(at.from), layout.stop(at.column)) {
            take(places.bundle_load(bundle.index(), departs), load * vehicles);
            take(places.bundle_vehicles(bundle.index(), departs), vehicles);
        }
    }

    /// Brings lots to a base: (lot, units) on each vehicle. They can go on a period after they have come.
    pub(super) fn send_to_base(
        &mut self,
        layout: &Layout<'_>,
        trip: Trip,
        cargo: &[(usize, u64)],
        vehicles: u64,
    ) {
        let at = &layout.legs[trip.0];
        let from = trip.1 + at.delay + 1;
        let goods = layout.problem.goods.len();
        let mut load = 0;
        let mut lines = Vec::new();
        for &(lot, units) in cargo {
            self.lots[lot].units -= units * vehicles;
            self.units_at[at.from] -= units * vehicles;
            self.units_at[at.column] += units * vehicles;
            let brought = Lot { site: at.column, from, units: units * vehicles, ..self.lots[lot].clone() };
            load += units * layout.problem.load_of(GoodIdx::at(brought.good));
            lines.push(Line { stock: brought.stock, need: None, units: units as u32 });
            self.lots_at[at.column * goods + brought.good].push(self.lots.len());
            self.lots.push(brought);
        }
        lines.sort_unstable();
        self.take_trip(layout, trip, load, vehicles);
        self.push(layout, trip, vehicles, lines);
    }

    /// Takes `vehicles` of a shipment to a base back, with the lots that it brought there.
    pub(super) fn take_back(&mut self, layout: &Layout<'_>, place: usize, vehicles: u32) {
        let shipment = self.shipments[place].clone();
        let from = super::transit::arrival(layout, &shipment) + 1;
        let column = layout.problem.column(shipment.to);
        for line in &shipment.lines {
            let units = u64::from(line.units) * u64::from(vehicles);
            self.lots[line.stock.index()].units += units;
            self.units_at[shipment.from.index()] += units;
            let mut open = units;
            for lot in &mut self.lots[layout.lots.len()..] {
                if lot.site == column && lot.stock == line.stock && lot.from == from {
                    let taken = lot.units.min(open);
                    lot.units -= taken;
                    open -= taken;
                }
            }
            self.units_at[column] -= units - open;
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
    pub(super) fn times_to_base(&self, layout: &Layout<'_>, trip: Trip, cargo: &[(usize, u64)]) -> u64 {
        let (mut times, room) = self.room(layout, trip);
        let load_of = |lot: usize| layout.problem.load_of(GoodIdx::at(self.lots[lot].good));
        let load: u64 = cargo.iter().map(|&(lot, units)| units * load_of(lot)).sum();
        times = times.min(room / load.max(1));
        for &(lot, units) in cargo {
            times = times.min(self.lots[lot].units / units.max(1));
        }
        times
    }

    /// Whether a lot is its site's own stock, not brought there.
    #[inline]
    pub(super) fn is_own(layout: &Layout<'_>, lot: &Lot) -> bool {
        layout.problem.stocks[lot.stock.index()].site.index() == lot.site
    }
}
