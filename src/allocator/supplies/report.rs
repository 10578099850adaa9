//! Lists that people read first: who is served worst, who gives most, what more of something would be worth.

use super::dual::{Best, Prices, Sweep};
use super::index::{MemberIdx, NeedIdx, PointIdx};
use super::layout::{Layout, UNLIMITED};
use super::objective::{self, weights};
use super::plan::{Burden, Displaced, FrozenGain, Served, Worth};
use super::problem::{LORRY, Problem, Shipment, Urgency};
use super::resources::{Resource, uses};
use super::state::State;

fn permille(part: u64, whole: u64) -> u32 {
    (u128::from(part) * 1_000).div_ceil(u128::from(whole.max(1))) as u32
}

/// Points by what stays unmet: life-saving goods first, then all; ties to the lower place.
pub(super) fn served(problem: &Problem, shipments: &[Shipment]) -> Vec<Served> {
    let brought = objective::brought(problem, shipments);
    let mut loads = vec![[0_u64; 4]; problem.points.len()];
    for (need, brought) in problem.needs.iter().zip(brought) {
        let load = problem.load_of(need.good);
        let (all, open) =
            (u64::from(need.units) * load, (u64::from(need.units) - brought.min(need.units.into())) * load);
        let of = &mut loads[need.point.index()];
        of[0] += all;
        of[1] += open;
        if problem.goods[need.good.index()].urgency == Urgency::LifeSaving {
            of[2] += all;
            of[3] += open;
        }
    }
    let mut served: Vec<Served> = loads
        .into_iter()
        .enumerate()
        .map(|(point, [all, open, vital, vital_open])| Served {
            point: PointIdx::at(point),
            unmet_permille: permille(open, all),
            life_saving_unmet_permille: permille(vital_open, vital),
        })
        .collect();
    served.sort_by_key(|at| std::cmp::Reverse((at.life_saving_unmet_permille, at.unmet_permille)));
    served
}

/// What members give to others.
pub(super) fn burdens(problem: &Problem, shipments: &[Shipment]) -> Vec<Burden> {
    let pairs = objective::given_away(problem, shipments).into_iter().zip(objective::holdings(problem));
    pairs
        .enumerate()
        .filter(|(_, (given, _))| *given > 0)
        .map(|(member, (given, held))| Burden {
            member: MemberIdx::at(member),
            given_permille: permille(given, held),
        })
        .collect()
}

/// What more of each limit would spare, in cost and in people.
pub(super) fn worth(layout: &Layout<'_>, prices: &Prices) -> Vec<Worth> {
    // The life-saving good by which the fewest people are served for a load: what is said is not too much.
    let problem = layout.problem;
    let load_per_person = problem
        .goods
        .iter()
        .enumerate()
        .filter(|(_, good)| good.urgency == Urgency::LifeSaving && good.per_person_milliunits > 0);
    let cost_of_person = load_per_person
        .map(|(index, good)| {
            let load = u128::from(problem.load_of(super::index::GoodIdx::at(index)));
            u128::from(good.per_person_milliunits) * load * u128::from(good.weight) * weights::LIFE as u128
        })
        .max()
        .unwrap_or(0);
    let priced = prices.limits.iter().enumerate().take(layout.places.count());
    let priced = priced.filter(|(place, price)| **price > 0 && layout.left[*place] != UNLIMITED);
    priced
        .map(|(place, &price)| {
            let resource = layout.places.name(place);
            let step = match resource {
                Resource::Stock(_) | Resource::BundleVehicles(..) => 1,
                Resource::Out(..) | Resource::In(..) | Resource::BundleLoad(..) => LORRY,
                Resource::Vehicles(..) | Resource::Drivers(..) => 3_600,
            };
            let spared = u128::from(price.unsigned_abs()) * u128::from(step);
            let millipeople = (spared * 1_000_000).checked_div(cost_of_person).unwrap_or(0);
            Worth { resource, price, millipeople: u64::try_from(millipeople).unwrap_or(u64::MAX) }
        })
        .collect()
}

/// For each line of a proposed shipment, the need of the same good that lacks most and could have got it.
pub(super) fn displaced(layout: &Layout<'_>, state: &State, shipments: &[Shipment]) -> Vec<Displaced> {
    let problem = layout.problem;
    let mut next: std::collections::BTreeMap<(usize, usize), Option<NeedIdx>> =
        std::collections::BTreeMap::new();
    let mut found = Vec::new();
    let frozen = problem.frozen.len();
    for (shipment, at) in shipments.iter().enumerate().skip(frozen) {
        for (line, of) in at.lines.iter().enumerate() {
            if of.need.is_none() {
                continue;
            }
            let stock = &problem.stocks[of.stock.index()];
            let giver = problem.sites[stock.site.index()].member.index();
            let need = *next.entry((of.stock.index(), at.from.index())).or_insert_with(|| {
                let rows = layout.rows.iter().enumerate().filter(|(_, row)| {
                    let receiver = problem.points[row.point].member.index();
                    row.good == stock.good.index()
                        && layout.passing(giver, receiver).is_some()
                        && !layout.legs_between(at.from.index(), layout.column_of(row.point)).is_empty()
                });
                let missed = rows
                    .filter(|(place, _)| state.open_units(layout, *place) > 0)
                    .map(|(place, row)| (state.missed(layout, place, 0), row.need));
                missed.max_by_key(|(missed, need)| (*missed, std::cmp::Reverse(*need))).map(|(_, need)| need)
            });
            if let Some(need) = need.filter(|need| Some(*need) != of.need) {
                found.push(Displaced { shipment, line, need });
            }
        }
    }
    found
}

/// What moving each frozen shipment could spare at most: the prices of all that it takes and its own cost, less what
/// its cargo would cost to bring at those prices.
pub(super) fn frozen_gains(layout: &Layout<'_>, prices: &Prices, sweep: &Sweep) -> Vec<FrozenGain> {
    let problem = layout.problem;
    let gain = |shipment: &Shipment| {
        let class = problem.fleets[shipment.fleet.index()].class;
        let travel_s = problem.travel_s(class, shipment.from, shipment.to)?;
        let cycle_s = problem.cycle_s(class, travel_s);
        let trip = cycle_s as i128 * i128::from(weights::SECOND)
            + problem.yen_of(class, cycle_s) as i128 * i128::from(weights::YEN);
        let mut gain = trip * i128::from(shipment.vehicles);
        uses(problem, &layout.places, shipment, |place, amount| {
            gain += i128::from(prices.limits[place]) * i128::from(amount);
        });
        for line in &shipment.lines {
            let need = line.need?;
            let row = layout.rows.iter().position(|row| row.need == need);
            let Best { price, .. } = row.map(|row| sweep.chosen[row].1)?;
            let row = &layout.rows[row?];
            // The least that missing it can cost: what moving spares is not said too low.
            let missed = row.life + layout.unmet_steps[row.point].first().map_or(0, |step| step.1);
            let units = i128::from(line.units) * i128::from(shipment.vehicles);
            gain -= i128::from(price.min(missed)) * i128::from(row.load) * units;
        }
        Some(gain)
    };
    let gains = problem.frozen.iter().enumerate().filter_map(|(frozen, shipment)| {
        let at_most = gain(shipment).filter(|gain| *gain > 0)?;
        Some(FrozenGain { frozen, at_most })
    });
    gains.collect()
}
