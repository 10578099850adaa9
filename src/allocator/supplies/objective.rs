//! What a plan is judged by: six tiers in their order, and the weights that put them into one number.

use super::index::MemberIdx;
use super::problem::{Load, Need, Permission, Problem, Shipment, Stop, Urgency};

/// Parts into which an unmet share, or a share that is given away, is cut.
pub const TENTHS: u32 = 10;

/// Weights of the tiers for one millionth of a lorry (of a second and a yen for the last two).
///
/// Load for load each tier outweighs all below it together: the least step of a tier is more than the largest of the
/// next one plus everything further down, for legs of ten hours on full lorries. Whether a load above is worth
/// *several* loads below (a far town instead of three near ones) is settled by the ratios, 50 and more between the
/// first two tiers.
pub mod weights {
    /// One unmet life-saving load, times the weight of the good (1 to 16) and the priority (1 to 9).
    pub const LIFE: i64 = 1_000_000_000;
    /// One unmet load in the first tenth of what a receiving point needs; the k-th costs 2 k - 1 times that.
    pub const FAIRNESS: i64 = 1_000_000;
    /// One load in the first tenth of a giver's stock that it gives away; the k-th costs 2 k - 1 times that.
    pub const BURDEN: i64 = 5_000;
    /// One load that comes a period late.
    pub const LATENESS: i64 = 400;
    /// One load from a giver although another one is paired with the receiver.
    pub const UNPAIRED: i64 = 100;
    /// One second of a vehicle.
    pub const SECOND: i64 = 2_000;
    /// One yen.
    pub const YEN: i64 = 5;

    /// The largest multiple that a tenth costs.
    pub const TENTH_MAX: i64 = 2 * super::TENTHS as i64 - 1;
    // A ten-hour trip of a full lorry, per load.
    const TRIP: i64 = 36_000 * SECOND / 1_000_000;
    const _: () = assert!(LIFE > 50 * TENTH_MAX * FAIRNESS);
    const _: () = assert!(FAIRNESS > 10 * TENTH_MAX * BURDEN);
    const _: () = assert!(BURDEN > 11 * LATENESS + UNPAIRED + TRIP);
    const _: () = assert!(LATENESS > UNPAIRED + TRIP && UNPAIRED > TRIP);
    // The dearest load on the largest vehicle's price stays below 2^62.
    const _: () = assert!(LIFE * 144 < (1 << 60) / 100_000);
}

/// Which weights count: all, or the first tier alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scope {
    Whole,
    LifeSaving,
}

/// The tiers of a plan, first to last; less is better in each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tiers {
    /// Unmet life-saving load x weight x priority.
    pub life_saving: u128,
    /// Unmet load of each receiving point over all goods and days, its k-th tenth 2 k - 1 times.
    pub unfairness: u128,
    /// Load that members give to others, each tenth of their stock 2 k - 1 times.
    pub burden: u128,
    /// Load x periods that it is late.
    pub lateness: u128,
    /// Load from givers that are not the paired ones.
    pub unpaired: u128,
    /// Seconds of vehicles, the empty return in them.
    pub vehicle_s: u128,
    /// Yen.
    pub yen: u128,
}

impl Tiers {
    /// All tiers in one number by [`weights`].
    #[must_use]
    pub fn weighed(&self) -> i128 {
        let parts = [
            (self.life_saving, weights::LIFE),
            (self.unfairness, weights::FAIRNESS),
            (self.burden, weights::BURDEN),
            (self.lateness, weights::LATENESS),
            (self.unpaired, weights::UNPAIRED),
            (self.vehicle_s, weights::SECOND),
            (self.yen, weights::YEN),
        ];
        parts.iter().map(|&(value, weight)| value as i128 * i128::from(weight)).sum()
    }
}

/// Units in each tenth of a need, and the multiple that missing one of them would cost if all that its point needs were
/// missed alike: the last one brought first counts 19, the last one 1. Empty tenths of few units are left out.
pub(super) fn tenths(units: u32) -> impl Iterator<Item = (u32, i64)> {
    let cut = move |k: u32| (u64::from(units) * u64::from(k) / u64::from(TENTHS)) as u32;
    // Missed first is the last tenth that would be brought: it costs 1. The first one brought costs 19.
    (0..TENTHS)
        .map(move |k| (cut(k + 1) - cut(k), 2 * i64::from(TENTHS - k) - 1))
        .filter(|(units, _)| *units > 0)
}

/// The tenths of a load, the k-th 2 k - 1 times: `part` of `whole`, from the first.
pub(super) fn in_tenths(part: Load, whole: Load) -> u128 {
    tenths_of(whole)
        .map(|(from, end, multiple)| u128::from(part.min(end).saturating_sub(from)) * multiple)
        .sum()
}

/// The tenths of a load: from where to where, and the multiple of each.
pub(super) fn tenths_of(whole: Load) -> impl Iterator<Item = (Load, Load, u128)> {
    let end = move |k: u32| (u128::from(whole) * u128::from(k) / u128::from(TENTHS)) as u64;
    (1..=TENTHS).map(move |k| (end(k - 1), end(k), u128::from(2 * k - 1)))
}

/// Load that each receiving point needs, over all goods and days.
pub(super) fn needed(problem: &Problem) -> Vec<Load> {
    let mut needed = vec![0; problem.points.len()];
    for need in &problem.needs {
        needed[need.point.index()] += u64::from(need.units) * problem.load_of(need.good);
    }
    needed
}

/// What missing one load of a need costs in the first tier.
pub(super) fn life_weight(problem: &Problem, need: &Need) -> u64 {
    let good = &problem.goods[need.good.index()];
    match good.urgency {
        Urgency::LifeSaving => u64::from(good.weight) * u64::from(need.priority),
        Urgency::Relief => 0,
    }
}

/// Load of everything that each member holds, reserves in it.
pub(super) fn holdings(problem: &Problem) -> Vec<Load> {
    let mut held = vec![0; problem.members as usize];
    for stock in &problem.stocks {
        let member = problem.sites[stock.site.index()].member;
        held[member.index()] += u64::from(stock.units) * problem.load_of(stock.good);
    }
    held
}

/// Load that each member gives to people of others.
pub(super) fn given_away<'a>(
    problem: &Problem,
    shipments: impl IntoIterator<Item = &'a Shipment>,
) -> Vec<Load> {
    let mut given = vec![0; problem.members as usize];
    for shipment in shipments {
        for line in &shipment.lines {
            let Some(need) = line.need else { continue };
            let stock = &problem.stocks[line.stock.index()];
            let giver = problem.sites[stock.site.index()].member;
            let receiver = problem.points[problem.needs[need.index()].point.index()].member;
            if giver != receiver {
                given[giver.index()] +=
                    u64::from(line.units) * u64::from(shipment.vehicles) * problem.load_of(stock.good);
            }
        }
    }
    given
}

/// Units that come to each need.
pub(super) fn brought<'a>(problem: &Problem, shipments: impl IntoIterator<Item = &'a Shipment>) -> Vec<u64> {
    let mut brought = vec![0; problem.needs.len()];
    for shipment in shipments {
        for line in &shipment.lines {
            if let Some(need) = line.need {
                brought[need.index()] += u64::from(line.units) * u64::from(shipment.vehicles);
            }
        }
    }
    brought
}

/// The tiers of a list of shipments.
pub(super) fn tiers(problem: &Problem, shipments: &[Shipment]) -> Tiers {
    let mut tiers = Tiers::default();
    let brought = brought(problem, shipments);
    let mut open = vec![0; problem.points.len()];
    for (need, &brought) in problem.needs.iter().zip(&brought) {
        let unmet = need.units - u32::try_from(brought).unwrap_or(u32::MAX).min(need.units);
        let load = problem.load_of(need.good);
        tiers.life_saving += u128::from(unmet) * u128::from(load) * u128::from(life_weight(problem, need));
        open[need.point.index()] += u64::from(unmet) * load;
    }
    for (open, needed) in open.into_iter().zip(needed(problem)) {
        tiers.unfairness += in_tenths(open, needed);
    }
    let held = holdings(problem);
    for (given, held) in given_away(problem, shipments).into_iter().zip(held) {
        tiers.burden += in_tenths(given, held);
    }
    for shipment in shipments {
        add_trip(problem, shipment, &mut tiers);
    }
    tiers
}

fn add_trip(problem: &Problem, shipment: &Shipment, tiers: &mut Tiers) {
    let class = problem.fleets[shipment.fleet.index()].class;
    let Some(travel_s) = problem.travel_s(class, shipment.from, shipment.to) else { return };
    let vehicles = u128::from(shipment.vehicles);
    let cycle_s = problem.cycle_s(class, travel_s);
    tiers.vehicle_s += u128::from(cycle_s) * vehicles;
    tiers.yen += u128::from(problem.yen_of(class, cycle_s)) * vehicles;
    let Stop::Point(point) = shipment.to else { return };
    let receiver = problem.points[point.index()].member;
    let arrives = problem.arrives(shipment.departs, problem.outward_s(class, travel_s));
    for line in &shipment.lines {
        let Some(need) = line.need else { continue };
        let stock = &problem.stocks[line.stock.index()];
        let load = u128::from(line.units) * vehicles * u128::from(problem.load_of(stock.good));
        let wanted = problem.period_of(problem.needs[need.index()].wanted_by_s);
        tiers.lateness += load * arrives.saturating_sub(wanted) as u128;
        if is_unpaired(problem, problem.sites[stock.site.index()].member, receiver) {
            tiers.unpaired += load;
        }
    }
}

pub(super) fn is_unpaired(problem: &Problem, giver: MemberIdx, receiver: MemberIdx) -> bool {
    problem.permission(giver, receiver) == Permission::GivenButPairedElsewhere
}
