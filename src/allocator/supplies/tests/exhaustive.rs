//! The solver beside every plan there is.

use super::super::objective::{tiers, weights};
use super::super::*;
use super::solved;
use super::worlds::{cases, tiny};
use proptest::prelude::*;

/// The best of all plans.
#[derive(Debug, Default)]
struct Best {
    /// By the weights.
    weighed: Option<(i128, Tiers)>,
    /// Tier by tier.
    in_order: Option<Tiers>,
}

/// Goes through every plan: for each period and fleet no trip, or one to each stop with each cargo that fits. A fleet
/// has one lorry, too slow for two trips in a period.
fn best_of_all(problem: &Problem) -> Best {
    let fleets = problem.fleets.len() as u32;
    let slots: Vec<(u32, u32)> =
        (0..problem.periods).flat_map(|period| (0..fleets).map(move |fleet| (period, fleet))).collect();
    let mut best = Best::default();
    go(problem, &slots, &mut problem.frozen.clone(), &mut best);
    best
}

fn go(problem: &Problem, slots: &[(u32, u32)], shipments: &mut Vec<Shipment>, best: &mut Best) {
    let Some((&(departs, fleet), rest)) = slots.split_first() else {
        let tiers = tiers(problem, shipments);
        let weighed = tiers.weighed();
        if best.weighed.is_none_or(|(least, _)| weighed < least) {
            best.weighed = Some((weighed, tiers));
        }
        best.in_order = Some(best.in_order.map_or(tiers, |least| least.min(tiers)));
        return;
    };
    go(problem, rest, shipments, best);
    let Home::Site(from) = problem.fleets[fleet as usize].home else { return };
    let sites = problem.sites[from.index()].feeds.iter().map(|site| Stop::Site(*site));
    for to in sites.chain((0..problem.points.len()).map(|point| Stop::Point(PointIdx::at(point)))) {
        let empty = Shipment {
            departs: PeriodIdx(departs),
            from,
            to,
            fleet: FleetIdx(fleet),
            vehicles: 1,
            lines: vec![],
        };
        let choices = lines(problem, to);
        load(problem, &choices, empty, &mut |shipment| {
            shipments.push(shipment);
            if fits(problem, shipments) {
                go(problem, rest, shipments, best);
            }
            shipments.pop();
        });
    }
}

/// What could be on a vehicle to a stop, whether it is there or not.
fn lines(problem: &Problem, to: Stop) -> Vec<(StockIdx, Option<NeedIdx>)> {
    let stocks = || problem.stocks.iter().enumerate();
    let Stop::Point(point) = to else { return stocks().map(|(at, _)| (StockIdx::at(at), None)).collect() };
    let needs = problem.needs.iter().enumerate().filter(|(_, need)| need.point == point);
    let of = |(at, need): (usize, &Need)| -> Vec<_> {
        let alike = stocks().filter(|(_, stock)| stock.good == need.good);
        alike.map(|(stock, _)| (StockIdx::at(stock), Some(NeedIdx::at(at)))).collect()
    };
    let mut lines: Vec<_> = needs.flat_map(of).collect();
    lines.sort_unstable();
    lines
}

/// Calls `each` with every cargo but none.
fn load(
    problem: &Problem,
    choices: &[(StockIdx, Option<NeedIdx>)],
    shipment: Shipment,
    each: &mut dyn FnMut(Shipment),
) {
    let Some((&(stock, need), rest)) = choices.split_first() else {
        if !shipment.lines.is_empty() {
            each(shipment);
        }
        return;
    };
    load(problem, rest, shipment.clone(), each);
    for units in 1..=problem.stocks[stock.index()].units {
        let mut more = shipment.clone();
        more.lines.push(Line { stock, need, units });
        load(problem, rest, more, each);
    }
}

/// Whether all that is limited suffices, counted in the plainest way.
fn fits(problem: &Problem, shipments: &[Shipment]) -> bool {
    let trips: Vec<Trip<'_>> = shipments.iter().filter_map(|shipment| Trip::of(problem, shipment)).collect();
    trips.len() == shipments.len()
        && trips.iter().all(|trip| trip.is_possible(problem))
        && stocks_suffice(problem, &trips)
        && limits_suffice(problem, &trips)
}

struct Trip<'a> {
    of: &'a Shipment,
    arrives: u32,
    begins_s: u64,
    ends_s: u64,
    load: u64,
}

impl Trip<'_> {
    fn of<'a>(problem: &Problem, of: &'a Shipment) -> Option<Trip<'a>> {
        let class = problem.fleets[of.fleet.index()].class;
        let travel_s = u64::from(problem.travel_s(class, of.from, of.to)?);
        let period_s = u64::from(problem.period_s);
        let begins_s = u64::from(of.departs.0) * period_s;
        // Loading and unloading take half an hour each.
        let unloaded_s = begins_s + 3_600 + travel_s;
        let unit = |line: &Line| problem.load_of(problem.stocks[line.stock.index()].good);
        let load = of.lines.iter().map(|line| u64::from(line.units) * unit(line)).sum();
        let arrives = ((unloaded_s - 1) / period_s) as u32;
        (arrives < problem.periods).then_some(Trip {
            of,
            arrives,
            begins_s,
            ends_s: unloaded_s + travel_s,
            load,
        })
    }

    fn is_possible(&self, problem: &Problem) -> bool {
        let of = |line: &Line| &problem.stocks[line.stock.index()];
        let mass_g: u64 = self
            .of
            .lines
            .iter()
            .map(|l| u64::from(l.units) * u64::from(problem.goods[of(l).good.index()].mass_g))
            .sum();
        let may_go = |line: &Line| {
            let (stock, giver) = (of(line), problem.sites[of(line).site.index()].member);
            let is_own = stock.site == self.of.from;
            let is_there = !is_own || stock.available_from <= self.of.departs;
            let Stop::Point(point) = self.of.to else { return is_own && is_there };
            let receiver = problem.points[point.index()].member;
            let is_agreed = giver == receiver || problem.agreements.contains(&(giver, receiver));
            let need = &problem.needs[line.need.unwrap().index()];
            let end_s = i64::from(self.arrives + 1) * i64::from(problem.period_s);
            is_there && is_agreed && need.useful_until_s.is_none_or(|until_s| end_s <= until_s)
        };
        mass_g <= 10_000_000 && self.of.lines.iter().all(may_go)
    }
}

fn stocks_suffice(problem: &Problem, trips: &[Trip<'_>]) -> bool {
    let sum = |is_meant: &dyn Fn(&Trip<'_>, &Line) -> bool| -> u32 {
        let lines = trips.iter().flat_map(|trip| trip.of.lines.iter().map(move |line| (trip, line)));
        lines.filter(|(trip, line)| is_meant(trip, line)).map(|(_, line)| line.units).sum()
    };
    let of_stocks = problem.stocks.iter().enumerate().all(|(at, stock)| {
        let at = StockIdx::at(at);
        let free = stock.units.saturating_sub(stock.reserve);
        let gone = sum(&|trip, line| line.stock == at && trip.of.from == stock.site);
        let base_suffices =
            (0..problem.sites.len()).map(SiteIdx::at).filter(|base| *base != stock.site).all(|base| {
                (0..problem.periods).all(|period| {
                    let come = sum(&|trip, line| {
                        line.stock == at && trip.of.to == Stop::Site(base) && trip.arrives < period
                    });
                    let taken_on = sum(&|trip, line| {
                        line.stock == at && trip.of.from == base && trip.of.departs.0 <= period
                    });
                    taken_on <= come
                })
            });
        gone <= free && base_suffices
    });
    let is_over =
        |(at, need): (usize, &Need)| sum(&|_, line| line.need == Some(NeedIdx::at(at))) > need.units;
    of_stocks && !problem.needs.iter().enumerate().any(is_over)
}

fn limits_suffice(problem: &Problem, trips: &[Trip<'_>]) -> bool {
    let sum = |is_meant: &dyn Fn(&Trip<'_>) -> bool| -> u64 {
        trips.iter().filter(|trip| is_meant(trip)).map(|trip| trip.load).sum()
    };
    let period_s = u64::from(problem.period_s);
    let docks_suffice = (0..problem.periods).all(|period| {
        let out = problem.sites.iter().enumerate().all(|(site, of)| {
            sum(&|trip| trip.of.from.index() == site && trip.of.departs.0 == period) <= of.out_per_period
        });
        let to_sites = problem.sites.iter().enumerate().all(|(site, of)| {
            let to = Stop::Site(SiteIdx::at(site));
            sum(&|trip| trip.of.to == to && trip.arrives == period) <= of.in_per_period
        });
        let to_points = problem.points.iter().enumerate().all(|(point, of)| {
            let to = Stop::Point(PointIdx::at(point));
            sum(&|trip| trip.of.to == to && trip.arrives == period) <= of.in_per_period
        });
        let over_bridges = problem.bundles.iter().enumerate().all(|(bundle, of)| {
            let passing = trips.iter().filter(|trip| {
                let passed = problem.passed(ClassIdx(0), trip.of.from, trip.of.to);
                trip.of.departs.0 == period && passed.contains(&BundleIdx::at(bundle))
            });
            of.vehicles_per_period.is_none_or(|limit| passing.count() as u64 <= u64::from(limit))
        });
        out && to_sites && to_points && over_bridges
    });
    let fleets_suffice = (0..problem.fleets.len()).all(|fleet| {
        let own = || trips.iter().filter(move |trip| trip.of.fleet.index() == fleet);
        let out_s = |period: u64| -> u64 {
            let (begin, end) = (period * period_s, (period + 1) * period_s);
            own().map(|trip| trip.ends_s.min(end).saturating_sub(trip.begins_s.max(begin))).sum()
        };
        let driven_s: u64 = own().map(|trip| trip.ends_s - trip.begins_s).sum();
        (0..u64::from(problem.periods)).all(|period| out_s(period) <= period_s)
            && driven_s <= problem.fleets[fleet].driver_s_per_day
    });
    docks_suffice && fleets_suffice
}

proptest! {
    #![proptest_config(cases(2_000))]

    #[test]
    fn no_plan_is_below_the_bound_and_none_above_is_called_better(problem in tiny()) {
        let plan = solved(&problem);
        let best = best_of_all(&problem);
        let (least, weighed) = best.weighed.unwrap();
        prop_assert!(plan.gap.bound <= least, "bound {} above the optimum {}", plan.gap.bound, least);
        prop_assert!(least <= plan.gap.value, "value {} below the optimum {}", plan.gap.value, least);
        let in_order = best.in_order.unwrap();
        let life = |tiers: &Tiers| tiers.life_saving as i128 * i128::from(weights::LIFE);
        prop_assert!(plan.life_saving.bound <= life(&in_order));
        prop_assert!(in_order <= plan.tiers);
        // The weights give up nothing of the first three tiers; below, a lorry for a twentieth of a load may stay at home.
        let first = |tiers: &Tiers| (tiers.life_saving, tiers.unfairness, tiers.burden);
        prop_assert_eq!(first(&weighed), first(&in_order));
    }
}

proptest! {
    #![proptest_config(cases(500))]

    #[test]
    fn a_closure_is_never_better_and_the_plan_after_it_is_right(problem in tiny(), place in 0_usize..8) {
        let plan = solved(&problem);
        let mut closed = problem.clone();
        closed.ways[0].travel_s[place] = crate::units::UNREACHABLE;
        let budget = WorkBudget { rounds: 4, life_saving_rounds: 2 };
        let again = solve_again(&closed, budget, &plan).unwrap();
        prop_assert_eq!(check(&closed, &again), vec![]);
        prop_assert!(again.gap.value >= plan.gap.bound && again.life_saving.value >= plan.life_saving.bound);
        let least = best_of_all(&closed).weighed.unwrap().0;
        prop_assert!(again.gap.bound <= least && least <= again.gap.value);
        prop_assert_eq!(solve_again(&closed, budget, &plan).unwrap(), again);
    }
}

/// What all drawn worlds together cost.
#[derive(Debug, Default)]
struct Sums {
    worlds: u32,
    /// Worlds whose best plan is the solver's.
    best_found: u32,
    nothing: i128,
    value: i128,
    least: i128,
    bound: i128,
}

#[test]
fn over_many_worlds_plans_and_bounds_are_near_the_optimum() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut sums = Sums::default();
    for _ in 0..1_000 {
        let problem = tiny().new_tree(&mut runner).unwrap().current();
        let (plan, best) = (solved(&problem), best_of_all(&problem));
        let (least, _) = best.weighed.unwrap();
        if plan.gap.nothing == least {
            continue;
        }
        sums.worlds += 1;
        sums.best_found += u32::from(plan.gap.value == least);
        sums.nothing += plan.gap.nothing;
        sums.value += plan.gap.value;
        sums.least += least;
        sums.bound += plan.gap.bound;
    }
    let movable = sums.nothing - sums.least;
    assert!(sums.worlds > 400, "too few worlds in which anything can be brought: {sums:?}");
    assert!(sums.best_found * 100 >= sums.worlds * 85, "the best plan is found too seldom: {sums:?}");
    assert!((sums.value - sums.least) * 1_000 <= movable * 20, "plans are too dear: {sums:?}");
    assert!((sums.least - sums.bound) * 1_000 <= movable * 100, "bounds are too low: {sums:?}");
}
