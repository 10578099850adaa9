//! A problem laid out for counting: legs, windows of time, kinds of cargo, needs in tenths, what is left of limits.

use super::index::{NeedIdx, SiteIdx, StockIdx};
use super::objective::{self, Scope, weights};
use super::problem::{Permission, Problem, Stop, VEHICLE};
use super::resources::{Places, capacities, uses};

/// No limit.
pub(super) const UNLIMITED: u64 = u64::MAX;

/// A trip that a fleet can make, whatever the period.
#[derive(Clone, Debug)]
pub(super) struct Leg {
    pub(super) from: usize,
    /// A site, or the number of sites plus a point.
    pub(super) column: usize,
    pub(super) fleet: usize,
    pub(super) class: usize,
    pub(super) cycle_s: u64,
    /// Periods from departure to arrival.
    pub(super) delay: usize,
    /// Price of vehicle hours and yen.
    pub(super) fixed: i64,
}

/// Units that stand somewhere from some period on: a stock, or what a frozen shipment has brought to a base.
#[derive(Clone, Debug)]
pub(super) struct Lot {
    pub(super) stock: StockIdx,
    pub(super) site: usize,
    pub(super) from: usize,
    pub(super) good: usize,
    pub(super) giver: usize,
    /// What may leave, frozen shipments taken off.
    pub(super) units: u64,
    pub(super) origin: usize,
}

/// A need, less what frozen shipments bring.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) need: NeedIdx,
    pub(super) point: usize,
    pub(super) good: usize,
    pub(super) window: usize,
    pub(super) load: u64,
    /// Units still to be brought.
    pub(super) units: u64,
    /// What missing a load of it costs in the first tier.
    pub(super) life: i64,
    /// The units in tenths, and what missing one load of them costs if its point misses all its needs alike, falling.
    pub(super) steps: Vec<(u64, i64)>,
}

/// When something is wanted, and the last period in which it is of use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Window {
    pub(super) wanted: usize,
    pub(super) last: usize,
}

pub(super) struct Layout<'a> {
    pub(super) problem: &'a Problem,
    pub(super) places: Places,
    pub(super) periods: usize,
    /// What frozen shipments leave of each resource, then of each lot behind the stocks.
    pub(super) left: Vec<u64>,
    /// Load that fills a vehicle of each class, for goods alike; never less than the truth.
    pub(super) kinds: Vec<Vec<u64>>,
    /// One over each of them, rounded down.
    pub(super) inverse: Vec<Vec<f64>>,
    pub(super) kind_of: Vec<usize>,
    /// Goods x classes: what a unit fills of a vehicle, and the load of a vehicle full of it.
    shares: Vec<(u64, u64)>,
    pub(super) windows: Vec<Window>,
    pub(super) rows: Vec<Row>,
    /// For each point, load that may stay unmet in steps of what a load of each costs beside the first tier, rising.
    pub(super) unmet_steps: Vec<Vec<(u64, i64)>>,
    /// Rows of each point.
    pub(super) rows_at: Vec<Vec<usize>>,
    /// The first so many are the stocks.
    pub(super) lots: Vec<Lot>,
    pub(super) lots_of_good: Vec<Vec<usize>>,
    /// Different (site, first period) of lots.
    pub(super) origins: Vec<(usize, usize)>,
    pub(super) legs: Vec<Leg>,
    /// Where the legs of (site, column) begin.
    legs_from: Vec<u32>,
    /// Sites that others feed.
    pub(super) bases: Vec<usize>,
    /// Member x member.
    pub(super) permissions: Vec<Permission>,
    /// For each member, load that it can still give away in steps and what a load of each costs.
    pub(super) burdens: Vec<Vec<(u64, i64)>>,
    /// What frozen shipments cost, whatever else goes.
    pub(super) frozen_cost: i128,
    pub(super) scope: Scope,
}

impl<'a> Layout<'a> {
    pub(super) fn new(problem: &'a Problem, scope: Scope) -> Layout<'a> {
        let places = Places::new(problem);
        let capacity = capacities(problem, &places);
        let mut left: Vec<u64> = capacity.into_iter().map(|limit| limit.unwrap_or(UNLIMITED)).collect();
        for shipment in &problem.frozen {
            uses(problem, &places, shipment, |place, amount| {
                if left[place] != UNLIMITED {
                    left[place] = left[place].saturating_sub(amount);
                }
            });
        }
        let (legs, legs_from) = legs(problem, scope);
        let (kinds, kind_of) = kinds(problem, &legs);
        // Half a unit in the last place of 52 bits, twice: what the one taken off in `dual` covers only below 2^50.
        let inverse_of = |kind: &Vec<u64>| kind.iter().map(|load| (1.0 - 1e-15) / *load as f64).collect();
        let inverse = kinds.iter().map(inverse_of).collect();
        let windows = windows(problem);
        let rows = rows(problem, &windows, scope);
        let mut rows_at = vec![Vec::new(); problem.points.len()];
        rows.iter().enumerate().for_each(|(index, row)| rows_at[row.point].push(index));
        let (lots, origins) = lots(problem, &mut left);
        let mut lots_of_good = vec![Vec::new(); problem.goods.len()];
        let useful = lots.iter().enumerate().filter(|(_, lot)| lot.units > 0);
        useful.for_each(|(index, lot)| lots_of_good[lot.good].push(index));
        let mut bases: Vec<usize> =
            problem.sites.iter().flat_map(|site| site.feeds.iter().map(|fed| fed.index())).collect();
        bases.sort_unstable();
        bases.dedup();
        let (burdens, permissions) = (burdens(problem, scope), permissions(problem));
        let frozen_cost = frozen_cost(problem, scope);
        let periods = problem.periods as usize;
        Layout {
            problem,
            places,
            periods,
            left,
            kinds,
            inverse,
            kind_of,
            shares: shares(problem),
            windows,
            rows,
            unmet_steps: unmet_steps(problem, scope),
            rows_at,
            lots,
            lots_of_good,
            origins,
            legs,
            legs_from,
            bases,
            permissions,
            burdens,
            frozen_cost,
            scope,
        }
    }

    #[inline]
    pub(super) fn columns(&self) -> usize {
        self.problem.sites.len() + self.problem.points.len()
    }

    /// Thousand-millionths of a vehicle of a class that one unit of a good fills.
    #[inline]
    pub(super) fn share(&self, good: usize, class: usize) -> u64 {
        self.shares[good * self.problem.classes.len() + class].0
    }

    /// Load of a vehicle of a class that is full of a good.
    #[inline]
    pub(super) fn fill(&self, good: usize, class: usize) -> u64 {
        self.shares[good * self.problem.classes.len() + class].1
    }

    /// Column of a point.
    #[inline]
    pub(super) fn column_of(&self, point: usize) -> usize {
        self.problem.sites.len() + point
    }

    /// Legs from a site to a column, by their places.
    #[inline]
    pub(super) fn legs_between(&self, site: usize, column: usize) -> std::ops::Range<usize> {
        let place = site * self.columns() + column;
        self.legs_from[place] as usize..self.legs_from[place + 1] as usize
    }

    #[inline]
    pub(super) fn stop(&self, column: usize) -> Stop {
        match column.checked_sub(self.problem.sites.len()) {
            None => Stop::Site(SiteIdx::at(column)),
            Some(point) => Stop::Point(super::index::PointIdx::at(point)),
        }
    }

    #[inline]
    pub(super) fn permission(&self, giver: usize, receiver: usize) -> Permission {
        self.permissions[giver * self.problem.members as usize + receiver]
    }

    /// Whether a base hands on to a point what others send it: below the union's base only to its own people.
    #[inline]
    pub(super) fn hands_on(&self, base: usize, point: usize) -> bool {
        self.problem.hands_on(SiteIdx::at(base), super::index::PointIdx::at(point))
    }

    /// What missing the next load that could be brought costs a point beside the first tier, when `unmet` is missed now.
    #[inline]
    pub(super) fn unfair(&self, point: usize, unmet: u64) -> i64 {
        let mut before = 0;
        for &(load, price) in &self.unmet_steps[point] {
            before += load;
            if unmet <= before {
                return price;
            }
        }
        self.unmet_steps[point].last().map_or(0, |step| step.1)
    }

    /// Price of a late load.
    #[inline]
    pub(super) fn lateness(&self, window: usize, arrives: usize) -> i64 {
        match self.scope {
            Scope::Whole => arrives.saturating_sub(self.windows[window].wanted) as i64 * weights::LATENESS,
            Scope::LifeSaving => 0,
        }
    }

    /// Price of a load that passes from a giver to a receiver; `None` when it may not.
    #[inline]
    pub(super) fn passing(&self, giver: usize, receiver: usize) -> Option<i64> {
        match (self.permission(giver, receiver), self.scope) {
            (Permission::Given, _) | (Permission::GivenButPairedElsewhere, Scope::LifeSaving) => Some(0),
            (Permission::GivenButPairedElsewhere, Scope::Whole) => Some(weights::UNPAIRED),
            (Permission::NoAgreement | Permission::PairedElsewhere, _) => None,
        }
    }

    /// The place of a lot's price and of what is left of it.
    pub(super) fn lot_place(&self, lot: usize) -> usize {
        let stocks = self.problem.stocks.len();
        if lot < stocks { lot } else { self.places.count() + lot - stocks }
    }
}

/// Goods that fill vehicles alike share a kind; the kind's load is the largest of theirs, rounded up, so that a price
/// by the kind is never above the truth. A class that has no leg tells no kinds apart: nobody asks what fills its vehicles.
fn kinds(problem: &Problem, legs: &[Leg]) -> (Vec<Vec<u64>>, Vec<usize>) {
    let mut goes = vec![false; problem.classes.len()];
    legs.iter().for_each(|leg| goes[leg.class] = true);
    let mut kinds: Vec<Vec<u64>> = Vec::new();
    let mut kind_of = Vec::with_capacity(problem.goods.len());
    let is_alike = |a: &[u64], b: &[u64]| a.iter().zip(b).all(|(a, b)| a.abs_diff(*b) <= a.min(b) / 100);
    for good in 0..problem.goods.len() {
        let good = super::index::GoodIdx::at(good);
        let load = u128::from(problem.load_of(good));
        let full = |class: usize| {
            if !goes[class] {
                return 1;
            }
            let share = u128::from(problem.share_of(good, super::index::ClassIdx::at(class)));
            // What cannot be put on a vehicle at all fills none.
            if share > u128::from(VEHICLE) { 1 } else { (load * u128::from(VEHICLE)).div_ceil(share) as u64 }
        };
        let loads: Vec<u64> = (0..problem.classes.len()).map(full).collect();
        let found = kinds.iter().position(|kind| is_alike(kind, &loads));
        match found {
            Some(kind) => {
                kinds[kind].iter_mut().zip(&loads).for_each(|(kind, load)| *kind = (*kind).max(*load));
                kind_of.push(kind);
            }
            None => {
                kind_of.push(kinds.len());
                kinds.push(loads);
            }
        }
    }
    (kinds, kind_of)
}

/// Without the load that frozen shipments bring, which cannot be missed.
fn unmet_steps(problem: &Problem, scope: Scope) -> Vec<Vec<(u64, i64)>> {
    let brought = objective::brought(problem, &problem.frozen);
    let mut most = objective::needed(problem);
    for (need, brought) in problem.needs.iter().zip(brought) {
        most[need.point.index()] -= brought * problem.load_of(need.good);
    }
    let steps = |(needed, most): (u64, u64)| {
        let step = |(from, end, multiple): (u64, u64, u128)| {
            let price = if scope == Scope::Whole { multiple as i64 * weights::FAIRNESS } else { 0 };
            (most.min(end).saturating_sub(from), price)
        };
        objective::tenths_of(needed).map(step).filter(|(load, _)| *load > 0).collect()
    };
    objective::needed(problem).into_iter().zip(most).map(steps).collect()
}

fn shares(problem: &Problem) -> Vec<(u64, u64)> {
    let of = |good: usize, class: usize| {
        let (good, class) = (super::index::GoodIdx::at(good), super::index::ClassIdx::at(class));
        let share = problem.share_of(good, class);
        let fill = u128::from(problem.load_of(good)) * u128::from(VEHICLE) / u128::from(share.max(1));
        (share, fill as u64)
    };
    let classes = problem.classes.len();
    (0..problem.goods.len()).flat_map(|good| (0..classes).map(move |class| of(good, class))).collect()
}

fn window_of(problem: &Problem, need: &super::problem::Need) -> Window {
    Window { wanted: problem.period_of(need.wanted_by_s), last: problem.last_use(need) }
}

fn windows(problem: &Problem) -> Vec<Window> {
    let mut windows: Vec<Window> = problem.needs.iter().map(|need| window_of(problem, need)).collect();
    windows.sort_unstable();
    windows.dedup();
    windows
}

fn rows(problem: &Problem, windows: &[Window], scope: Scope) -> Vec<Row> {
    let brought = objective::brought(problem, &problem.frozen);
    let rows = problem.needs.iter().zip(brought).enumerate().filter_map(|(index, (need, brought))| {
        let life = objective::life_weight(problem, need) as i64 * weights::LIFE;
        let mut done = brought;
        let mut steps = Vec::new();
        for (part, multiple) in objective::tenths(need.units) {
            let taken = done.min(u64::from(part));
            done -= taken;
            let fair = if scope == Scope::Whole { multiple * weights::FAIRNESS } else { 0 };
            let (units, price) = (u64::from(part) - taken, life + fair);
            match steps.last_mut() {
                Some((last, same)) if *same == price => *last += units,
                _ if units > 0 && price > 0 => steps.push((units, price)),
                _ => {}
            }
        }
        let row = Row {
            need: NeedIdx::at(index),
            point: need.point.index(),
            good: need.good.index(),
            units: steps.iter().map(|(units, _)| units).sum(),
            life,
            window: windows.binary_search(&window_of(problem, need)).unwrap_or(0),
            load: problem.load_of(need.good),
            steps,
        };
        (!row.steps.is_empty()).then_some(row)
    });
    rows.collect()
}

/// Stocks, then what frozen shipments have brought to bases and none of them takes on.
fn lots(problem: &Problem, left: &mut Vec<u64>) -> (Vec<Lot>, Vec<(usize, usize)>) {
    let lot = |stock: usize, site: usize, from: usize, units: u64| Lot {
        stock: StockIdx::at(stock),
        site,
        from,
        good: problem.stocks[stock].good.index(),
        giver: problem.sites[problem.stocks[stock].site.index()].member.index(),
        units,
        origin: 0,
    };
    let own = problem.stocks.iter().enumerate();
    let own =
        own.map(|(index, stock)| lot(index, stock.site.index(), stock.available_from.index(), left[index]));
    let mut lots: Vec<Lot> = own.collect();
    for ((base, stock, from), units) in super::bases::frozen_lots(problem) {
        lots.push(lot(stock, base, from, units));
        left.push(units);
    }
    let mut origins: Vec<(usize, usize)> =
        lots.iter().filter(|lot| lot.units > 0).map(|lot| (lot.site, lot.from)).collect();
    origins.sort_unstable();
    origins.dedup();
    for lot in &mut lots {
        lot.origin = origins.binary_search(&(lot.site, lot.from)).unwrap_or(0);
    }
    (lots, origins)
}

fn legs(problem: &Problem, scope: Scope) -> (Vec<Leg>, Vec<u32>) {
    let columns = problem.sites.len() + problem.points.len();
    let (mut legs, mut begins) = (Vec::new(), Vec::with_capacity(problem.sites.len() * columns + 1));
    for (from, site) in problem.sites.iter().enumerate() {
        let fleets: Vec<usize> = (0..problem.fleets.len())
            .filter(|&fleet| {
                problem.fleets[fleet].vehicles > 0
                    && problem.loads_at(super::index::FleetIdx::at(fleet), SiteIdx::at(from))
            })
            .collect();
        for column in 0..columns {
            begins.push(legs.len() as u32);
            if column < problem.sites.len() && !site.feeds.contains(&SiteIdx::at(column)) {
                continue;
            }
            legs.extend(fleets.iter().filter_map(|&fleet| leg(problem, scope, from, column, fleet)));
        }
    }
    begins.push(legs.len() as u32);
    (legs, begins)
}

fn leg(problem: &Problem, scope: Scope, from: usize, column: usize, fleet: usize) -> Option<Leg> {
    let class = problem.fleets[fleet].class;
    let stop = match column.checked_sub(problem.sites.len()) {
        None => Stop::Site(SiteIdx::at(column)),
        Some(point) => Stop::Point(super::index::PointIdx::at(point)),
    };
    let travel_s = problem.travel_s(class, SiteIdx::at(from), stop)?;
    let cycle_s = problem.cycle_s(class, travel_s);
    let delay = problem.arrives(super::index::PeriodIdx(0), problem.outward_s(class, travel_s));
    let price = cycle_s as i64 * weights::SECOND + problem.yen_of(class, cycle_s) as i64 * weights::YEN;
    let fixed = if scope == Scope::Whole { price } else { 0 };
    (delay < problem.periods as usize).then_some(Leg {
        from,
        column,
        fleet,
        class: class.index(),
        cycle_s,
        delay,
        fixed,
    })
}

fn permissions(problem: &Problem) -> Vec<Permission> {
    let members = || (0..problem.members).map(super::index::MemberIdx);
    members().flat_map(|giver| members().map(move |receiver| problem.permission(giver, receiver))).collect()
}

fn burdens(problem: &Problem, scope: Scope) -> Vec<Vec<(u64, i64)>> {
    let given = objective::given_away(problem, &problem.frozen);
    let steps = |(held, given): (u64, u64)| {
        let mut before = given;
        let end = |k: i64| (u128::from(held) * k as u128 / u128::from(objective::TENTHS)) as u64;
        let step = |k: i64| {
            let load = end(k).saturating_sub(before);
            before = before.max(end(k));
            let price = if scope == Scope::Whole { (2 * k - 1) * weights::BURDEN } else { 0 };
            (load, price)
        };
        (1..=i64::from(objective::TENTHS)).map(step).filter(|(load, _)| *load > 0).collect()
    };
    objective::holdings(problem).into_iter().zip(given).map(steps).collect()
}

/// Tiers of the frozen shipments without what stays unmet.
fn frozen_cost(problem: &Problem, scope: Scope) -> i128 {
    if scope == Scope::LifeSaving {
        return 0;
    }
    let tiers = objective::tiers(problem, &problem.frozen);
    objective::Tiers { life_saving: 0, unfairness: 0, ..tiers }.weighed()
}
