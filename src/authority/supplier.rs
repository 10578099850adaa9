//! The mutual-aid plan: stated from the view and the roads as they are, and read back as shipments.
//!
//! It judges nothing: what may be sent, and why something is not, is the allocator's to say. What a municipality has
//! itself is taken off its needs first, the earliest need first.

mod bytes;
mod shown;

pub use bytes::bytes;
pub use shown::{Proposal, read_back};

use super::{RoadBoard, View};
use crate::allocator::supplies::{
    ClassIdx, Fleet, FleetIdx, Good, GoodIdx, Home, LORRY, LORRY_CM3, LORRY_G, MemberIdx, Need, PeriodIdx,
    Point, PointIdx, Problem, Site, SiteIdx, Stock, Tier, Urgency, VehicleClass, Ways,
};
use crate::decision::model::{self, DepotState, DepotTier, NeedPlace, city_of_ward};
use crate::id::{CommodityId, DepotId, MemberId, NeedId};
use crate::network::roads::Profile;
use crate::network::{Footing, Legs};
use crate::units::geodesy::{UnitVector, distance_m, travel_s};
use crate::units::{Seconds, Timestamp, UNREACHABLE};
use petgraph::Direction;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;

/// Docks and drivers work half of each day.
///
/// Source: FACTS 4.4, a working day of 12 h (S65).
const WORKED_SHARE: u64 = 2;
/// Loading, and unloading, of a lorry; twice that at the peak of a dock.
///
/// Source: `scenarios/kansai/SOURCES.md`, R-FLEET.
const LORRY_HANDLING_S: Seconds = 20 * 60;
/// Ground speed of a helicopter with goods.
///
/// Source: FACTS 1.2, the planning speed of a doctor helicopter.
const HELICOPTER_KMH: u32 = 200;
/// What a medium helicopter lifts, grams.
///
/// Source: FACTS 2, BK117 class, 1,200 kg on the hook.
const HELICOPTER_G: u64 = 1_200_000;
/// What fits into it, cubic centimetres: illustrative, a pallet of cartons.
const HELICOPTER_CM3: u64 = 4_000_000;
/// Loading, and unloading, of a helicopter.
///
/// Source: FACTS 2, 10 to 20 min in Noto (S64).
const HELICOPTER_HANDLING_S: Seconds = 15 * 60;
/// Yen of an hour: illustrative, for the order among plans that do the same.
const YEN_PER_HOUR: [u32; 3] = [6_000, 8_000, 600_000];

/// When the plan begins, and in which steps it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Horizon {
    /// The start of the first period.
    pub from: Timestamp,
    /// Length of a period; divides a day.
    pub period_s: Seconds,
    /// How many periods.
    pub periods: u32,
}

impl Horizon {
    /// Three days in steps of six hours.
    #[must_use]
    pub fn three_days(from: Timestamp) -> Horizon {
        Horizon { from, period_s: 6 * 3_600, periods: 12 }
    }

    fn until(&self) -> Timestamp {
        self.from.plus_millis(i64::from(self.period_s) * i64::from(self.periods) * 1_000)
    }
}

/// Why there is nothing to plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NothingToPlan {
    /// No commodity is registered.
    #[error("no commodity is registered")]
    Commodities,
    /// No depot is open that may send.
    #[error("no depot of tier 0 or 1 is open")]
    Depots,
    /// No need stands within the horizon.
    #[error("no need stands that is wanted before the end of the plan")]
    Needs,
}

/// Why a need is not part of the problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOut {
    /// No receiving point is open where it stands.
    NoReceivingPoint,
    /// What lies at its own place meets it.
    MetByOwnStock,
}

/// One row of needs in the problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NeedRow {
    /// Of which need.
    pub need: NeedId,
    /// Of which day of a standing need, 0 the first.
    pub day: u32,
}

/// A problem and the names behind its indices.
#[derive(Clone, Debug)]
pub struct Stated {
    /// The problem.
    pub problem: Problem,
    /// Goods, by index, and how many units of a commodity travel as one of the problem's.
    pub goods: Vec<(CommodityId, u32)>,
    /// Depots that send, by index.
    pub sites: Vec<DepotId>,
    /// Receiving points, by index.
    pub points: Vec<DepotId>,
    /// Needs, by index.
    pub needs: Vec<NeedRow>,
    /// Needs that are no part of it, with the quantity left out, and why.
    pub left_out: Vec<(NeedId, u32, LeftOut)>,
}

/// The classes of the problem, in its order.
const CLASSES: [model::VehicleClass; 3] =
    [model::VehicleClass::Lorry4t, model::VehicleClass::Lorry10t, model::VehicleClass::Helicopter];

/// States the problem of who sends what to whom.
///
/// # Errors
/// [`NothingToPlan`] when something of which there must be one is not there.
///
/// # Complexity
/// A sweep of the roads for each sixteen depots and lorry class; a few milliseconds on Kansai's trunk roads.
pub fn state(view: &View, board: &RoadBoard, horizon: &Horizon) -> Result<Stated, NothingToPlan> {
    let members: Vec<MemberId> = view.members().map(|member| member.id.clone()).collect();
    let goods: Vec<&model::Commodity> = view.commodities().collect();
    if goods.is_empty() {
        return Err(NothingToPlan::Commodities);
    }
    let is_open = |depot: &model::Depot| {
        view.depot(&depot.id)
            .is_some_and(|(_, report)| report.is_none_or(|said| said.state == DepotState::Open))
    };
    let depots: Vec<&model::Depot> = view.depots().map(|(depot, _)| depot).collect();
    let member_of = |depot: &DepotId| members.iter().position(|member| *member == depot.member);
    let known = |depot: &&&model::Depot| member_of(&depot.id).is_some() && is_open(depot);
    let sites: Vec<&model::Depot> =
        depots.iter().filter(|depot| !depot.tier.is_receiving_point()).filter(known).copied().collect();
    let points: Vec<&model::Depot> =
        depots.iter().filter(|depot| depot.tier.is_receiving_point()).filter(known).copied().collect();
    if sites.is_empty() {
        return Err(NothingToPlan::Depots);
    }
    let index_of_member = |depot: &DepotId| MemberIdx::at(member_of(depot).unwrap_or_default());
    let site_of = |depot: &DepotId| sites.iter().position(|site| site.id == *depot);
    let good_of: BTreeMap<&CommodityId, usize> =
        goods.iter().enumerate().map(|(place, good)| (&good.id, place)).collect();
    let per_unit: Vec<u32> = goods.iter().map(|good| good.units_per_carton.max(1)).collect();

    let fleets: Vec<&model::Fleet> = view
        .fleets()
        .filter(|fleet| CLASSES.contains(&fleet.class) && site_of(&fleet.depot).is_some())
        .filter(|fleet| fleet.vehicles > 0)
        .collect();
    let mut asked = Needs::gather(view, horizon, &points, &good_of, &per_unit);
    asked.take_off_own_stock(view, &points, &good_of, &per_unit);
    if asked.rows.is_empty() && asked.left_out.is_empty() {
        return Err(NothingToPlan::Needs);
    }
    let stocks = view.stocks().filter_map(|(id, stock)| {
        let (site, good) = (site_of(&id.depot)?, *good_of.get(&id.commodity)?);
        let units = stock.quantity / per_unit[good];
        let reserve = units - (stock.free() / per_unit[good]).min(units);
        let (site, good) = (SiteIdx::at(site), GoodIdx::at(good));
        (units > 0).then_some(Stock { site, good, units, reserve, available_from: PeriodIdx(0) })
    });
    let bases: Vec<SiteIdx> =
        (0..sites.len()).filter(|&site| sites[site].tier == DepotTier::One).map(SiteIdx::at).collect();
    let problem = Problem {
        start_s: horizon.from.0.div_euclid(1_000),
        period_s: horizon.period_s,
        periods: horizon.periods,
        members: members.len() as u32,
        goods: goods.iter().zip(&per_unit).map(|(good, &units)| good_of_problem(good, units)).collect(),
        sites: sites
            .iter()
            .map(|site| Site {
                member: index_of_member(&site.id),
                tier: if site.tier == DepotTier::Zero { Tier::Union } else { Tier::Prefecture },
                out_per_period: docks(site, horizon),
                in_per_period: docks(site, horizon),
                usable_from: PeriodIdx(0),
                feeds: if site.tier == DepotTier::Zero { bases.clone() } else { Vec::new() },
            })
            .collect(),
        points: points
            .iter()
            .map(|point| Point {
                member: index_of_member(&point.id),
                in_per_period: docks(point, horizon),
                usable_from: PeriodIdx(0),
            })
            .collect(),
        classes: classes(),
        fleets: fleets
            .iter()
            .map(|fleet| Fleet {
                home: Home::Site(SiteIdx::at(site_of(&fleet.depot).unwrap_or_default())),
                class: ClassIdx::at(
                    CLASSES.iter().position(|class| *class == fleet.class).unwrap_or_default(),
                ),
                vehicles: u32::from(fleet.vehicles),
                driver_s_per_day: u64::from(fleet.drivers) * 86_400 / WORKED_SHARE,
            })
            .collect(),
        bundles: Vec::new(),
        passages: vec![Vec::new()],
        ways: ways(view, board, &sites, &points),
        stocks: stocks.collect(),
        consents: Vec::new(),
        needs: asked.rows.iter().map(|row| row.1.clone()).collect(),
        agreements: all_pairs(members.len()),
        pairings: Vec::new(),
        frozen: Vec::new(),
    };
    Ok(Stated {
        problem,
        goods: goods.iter().zip(per_unit).map(|(good, units)| (good.id.clone(), units)).collect(),
        sites: sites.iter().map(|site| site.id.clone()).collect(),
        points: points.iter().map(|point| point.id.clone()).collect(),
        needs: asked.rows.into_iter().map(|(row, _)| row).collect(),
        left_out: asked.left_out,
    })
}

/// A carton, or what travels by itself.
fn good_of_problem(good: &model::Commodity, units: u32) -> Good {
    Good {
        mass_g: good.mass_g.saturating_mul(units).max(1),
        volume_cm3: good.volume_cm3.saturating_mul(units).max(1),
        urgency: if good.objective_tier <= 1 { Urgency::LifeSaving } else { Urgency::Relief },
        weight: 1,
        per_person_milliunits: 0,
    }
}

/// What the docks of a place load or unload in one period.
fn docks(depot: &model::Depot, horizon: &Horizon) -> u64 {
    u64::from(depot.lorries_per_hour) * LORRY * u64::from(horizon.period_s) / 3_600 / WORKED_SHARE
}

fn classes() -> Vec<VehicleClass> {
    let of = [
        // 4 t and 28 m3, 10 t and 49 m3: FACTS 4.4.
        (4_000_000, 28_000_000, LORRY_HANDLING_S),
        (LORRY_G, LORRY_CM3, LORRY_HANDLING_S),
        (HELICOPTER_G, HELICOPTER_CM3, HELICOPTER_HANDLING_S),
    ];
    of.iter()
        .zip(YEN_PER_HOUR)
        .map(|(&(capacity_g, capacity_cm3, handling_s), yen_per_hour)| VehicleClass {
            capacity_g,
            capacity_cm3,
            loading_s: handling_s,
            unloading_s: handling_s,
            yen_per_hour,
            yen_per_trip: 0,
        })
        .collect()
}

/// Every member helps every other: the union's agreement on mutual aid (FACTS 4.1).
fn all_pairs(members: usize) -> Vec<(MemberIdx, MemberIdx)> {
    let giver = |giver| (0..members).map(move |receiver| (MemberIdx::at(giver), MemberIdx::at(receiver)));
    (0..members).flat_map(giver).collect()
}

/// Travel times of the three classes from every depot to every depot and receiving point, as the roads are now.
fn ways(view: &View, board: &RoadBoard, sites: &[&model::Depot], points: &[&model::Depot]) -> Vec<Ways> {
    let footings: Vec<Footing> =
        sites.iter().chain(points).map(|place| board.footing(place.position)).collect();
    let places: Vec<&Footing> = footings.iter().collect();
    let by_road = |profile: Profile| {
        let now = board.now(view, profile);
        let legs = Legs::new(board.map(), &now.times, &places, Direction::Outgoing);
        let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let rows = legs.rows(&places[..sites.len()], threads);
        Ways { travel_s: rows.iter().flatten().map(|leg| leg.total_s()).collect(), passage: Vec::new() }
    };
    let at: Vec<UnitVector> =
        sites.iter().chain(points).map(|place| UnitVector::from(place.position)).collect();
    let fly = |from: &UnitVector, to: &UnitVector| {
        travel_s(distance_m(*from, *to), HELICOPTER_KMH).min(UNREACHABLE)
    };
    let by_air = at[..sites.len()].iter().flat_map(|from| at.iter().map(move |to| fly(from, to)));
    vec![
        by_road(Profile::Lorry4t),
        by_road(Profile::Lorry10t),
        Ways { travel_s: by_air.collect(), passage: Vec::new() },
    ]
}

/// Needs on their way into a problem.
struct Needs {
    rows: Vec<(NeedRow, Need)>,
    left_out: Vec<(NeedId, u32, LeftOut)>,
}

impl Needs {
    /// Rows by need and day, as far as they are wanted before the end of the horizon.
    fn gather(
        view: &View,
        horizon: &Horizon,
        points: &[&model::Depot],
        good_of: &BTreeMap<&CommodityId, usize>,
        per_unit: &[u32],
    ) -> Needs {
        let mut of_town: BTreeMap<u32, usize> = BTreeMap::new();
        for (place, point) in points.iter().enumerate().rev() {
            if point.tier == DepotTier::Two && point.municipality > 0 {
                of_town.insert(point.municipality, place);
            }
        }
        let standing: BTreeMap<&NeedId, &model::Need> =
            view.standing_needs().map(|(_, need)| (&need.id, need)).collect();
        let mut needs = Needs { rows: Vec::new(), left_out: Vec::new() };
        for (id, need) in standing {
            let Some(&good) = good_of.get(&need.commodity) else { continue };
            let point = match &need.place {
                NeedPlace::Municipality(code) => {
                    of_town.get(code).or_else(|| of_town.get(&city_of_ward(*code)?)).copied()
                }
                NeedPlace::Depot(depot) => points.iter().position(|point| point.id == *depot),
            };
            for (day, wanted_by) in days(need, horizon) {
                let Some(point) = point else {
                    needs.left_out.push((id.clone(), need.quantity, LeftOut::NoReceivingPoint));
                    continue;
                };
                let row = Need {
                    point: PointIdx::at(point),
                    good: GoodIdx::at(good),
                    units: need.quantity.div_ceil(per_unit[good]),
                    wanted_by_s: wanted_by.0.div_euclid(1_000),
                    useful_until_s: None,
                    // 1 is the most urgent on the wire, the heaviest weight here.
                    priority: 11_u8.saturating_sub(need.priority.saturating_mul(2)).clamp(1, 9),
                };
                needs.rows.push((NeedRow { need: id.clone(), day }, row));
            }
        }
        needs
    }

    /// Takes what lies at a receiving point off its own needs, its reserve too: it is for its own people.
    fn take_off_own_stock(
        &mut self,
        view: &View,
        points: &[&model::Depot],
        good_of: &BTreeMap<&CommodityId, usize>,
        per_unit: &[u32],
    ) {
        let mut own: BTreeMap<(usize, usize), u32> = BTreeMap::new();
        let place_of: BTreeMap<&DepotId, usize> =
            points.iter().enumerate().map(|(place, point)| (&point.id, place)).collect();
        for (id, stock) in view.stocks() {
            if let (Some(&point), Some(&good)) = (place_of.get(&id.depot), good_of.get(&id.commodity)) {
                *own.entry((point, good)).or_default() += stock.quantity / per_unit[good];
            }
        }
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        order.sort_by_key(|&row| (self.rows[row].1.wanted_by_s, row));
        for row in order {
            let (of, need) = &mut self.rows[row];
            let key = (need.point.index(), need.good.index());
            let Some(left) = own.get_mut(&key) else { continue };
            let taken = need.units.min(*left);
            need.units -= taken;
            *left -= taken;
            if taken > 0 {
                let quantity = taken.saturating_mul(per_unit[key.1]);
                self.left_out.push((of.need.clone(), quantity, LeftOut::MetByOwnStock));
            }
        }
        self.rows.retain(|(_, need)| need.units > 0);
    }
}

/// The days of a need that are wanted before the end of the plan; what was wanted before it begins is wanted at once.
fn days(need: &model::Need, horizon: &Horizon) -> Vec<(u32, Timestamp)> {
    const DAY_MILLIS: i64 = 86_400_000;
    let until = horizon.until();
    let last = need.daily_until.unwrap_or(need.wanted_by).min(until);
    let mut days = Vec::new();
    for day in 0.. {
        let wanted_by = need.wanted_by.plus_millis(i64::from(day) * DAY_MILLIS);
        if wanted_by > last || (day > 0 && need.daily_until.is_none()) {
            break;
        }
        // Of a standing need only the day that runs counts as late, not every day since it was stated.
        let is_past = wanted_by < horizon.from && need.daily_until.is_some();
        if !is_past {
            days.push((day, wanted_by.max(horizon.from.plus_millis(1_000))));
        }
    }
    days
}

/// Which fleet a place of the problem is.
#[must_use]
pub fn class_of(problem: &Problem, fleet: FleetIdx) -> model::VehicleClass {
    CLASSES[problem.fleets[fleet.index()].class.index()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::model::NeedSource;

    const HOUR: i64 = 3_600_000;

    fn wanted(at_h: i64, until_h: Option<i64>) -> Vec<(u32, i64)> {
        let need = model::Need {
            id: "members/hyogo/needs/n-1".parse().unwrap(),
            place: NeedPlace::Municipality(28_100),
            commodity: "commodities/food".parse().unwrap(),
            quantity: 1,
            priority: 1,
            wanted_by: Timestamp(at_h * HOUR),
            daily_until: until_h.map(|until_h| Timestamp(until_h * HOUR)),
            source: NeedSource::Report,
            reporter: String::new(),
            note: String::new(),
        };
        let horizon = Horizon::three_days(Timestamp(100 * HOUR));
        days(&need, &horizon).into_iter().map(|(day, at)| (day, at.0.div_euclid(HOUR))).collect()
    }

    #[test]
    fn a_need_once_is_one_row_also_when_it_is_late_and_none_after_the_plan() {
        assert_eq!(wanted(110, None), [(0, 110)]);
        assert_eq!(wanted(40, None), [(0, 100)]);
        assert_eq!(wanted(172, None), [(0, 172)]);
        assert_eq!(wanted(173, None), []);
    }

    #[test]
    fn a_standing_need_is_a_row_for_each_day_to_come() {
        assert_eq!(wanted(124, Some(172)), [(0, 124), (1, 148), (2, 172)]);
        assert_eq!(
            wanted(60, Some(140)),
            [(2, 108), (3, 132)],
            "days that have passed are not asked for again"
        );
        assert_eq!(wanted(160, Some(900)), [(0, 160)], "what comes after the plan is for the next one");
    }
}
