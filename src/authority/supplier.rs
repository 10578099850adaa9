//! The mutual-aid plan: stated from the view and the roads as they are, and read back as shipments.
//!
//! It judges nothing: what may be sent, and why something is not, is the allocator's to say. What a municipality has
//! itself, and what comes to it already, is taken off its needs first, the earliest need first.

mod grounds;
mod needs;
mod shown;
mod standing;
mod ways;

pub use shown::{Proposal, read_back};
pub use ways::Kind;

use super::{RoadBoard, View};
use crate::allocator::supplies::{
    ClassIdx, Fleet, Good, GoodIdx, Home, MemberIdx, Names, Pairing, PairingRule, PeriodIdx, Point, Problem,
    ProblemDocument, Site, SiteIdx, Stock, Tier, Urgency,
};
use crate::decision::model::{self, DepotState, DepotTier};
use crate::id::{CommodityId, DepotId, FleetId, MemberId, NeedId, RestrictionId, ShipmentId, StockId};
use crate::units::{Position, Seconds, Timestamp};
use needs::Needs;
use standing::{Places, Standing};
use std::collections::BTreeMap;

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
    /// What is on its way by an earlier plan meets it.
    OnItsWay,
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
    /// Members, by index.
    pub members: Vec<MemberId>,
    /// Fleets, by index.
    pub fleets: Vec<FleetId>,
    /// Kinds of vehicles, by the index of their class.
    pub kinds: Vec<Kind>,
    /// Who limited each stretch that ways share, by the index of its bundle.
    pub limited_by: Vec<RestrictionId>,
    /// Approved shipments of earlier plans, by the index of what is frozen; one may stand several times.
    pub frozen: Vec<ShipmentId>,
    /// Approved shipments that have no way any more, or nothing to send.
    pub stranded: Vec<ShipmentId>,
    /// Where the sites and then the points are.
    positions: Vec<Position>,
}

impl Stated {
    /// Whether `other` asks about the same things, entry by entry, and from hardly another time: then its plan begins from
    /// the plan of this one.
    #[must_use]
    pub fn asks_alike(&self, other: &Stated) -> bool {
        let what = |stated: &Stated| -> Vec<(SiteIdx, GoodIdx, PeriodIdx)> {
            let stocks = stated.problem.stocks.iter();
            stocks.map(|stock| (stock.site, stock.good, stock.available_from)).collect()
        };
        let passed_s = other.problem.start_s - self.problem.start_s;
        (0..i64::from(self.problem.period_s)).contains(&passed_s)
            && (&self.goods, &self.sites, &self.points) == (&other.goods, &other.sites, &other.points)
            && (&self.needs, &self.members, &self.fleets) == (&other.needs, &other.members, &other.fleets)
            && (&self.kinds, &self.limited_by) == (&other.kinds, &other.limited_by)
            && what(self) == what(other)
    }

    /// The problem with its names, as it is stored.
    #[must_use]
    pub fn document(&self) -> ProblemDocument {
        fn names<T: ToString>(of: impl IntoIterator<Item = T>) -> Vec<String> {
            of.into_iter().map(|name| name.to_string()).collect()
        }
        let stocks = self.problem.stocks.iter().map(|stock| {
            let (depot, (commodity, _)) = (&self.sites[stock.site.index()], &self.goods[stock.good.index()]);
            StockId::new(depot, commodity)
        });
        let names = Names {
            members: names(&self.members),
            goods: names(self.goods.iter().map(|(commodity, _)| commodity)),
            sites: names(&self.sites),
            points: names(&self.points),
            classes: self
                .kinds
                .iter()
                .map(|kind| format!("{:?} {} kg", kind.class, kind.payload_kg))
                .collect(),
            fleets: names(&self.fleets),
            bundles: names(&self.limited_by),
            stocks: names(stocks),
            needs: names(self.needs.iter().map(|row| &row.need)),
        };
        ProblemDocument { names, problem: self.problem.clone() }
    }
}

/// States the problem of who sends what to whom.
///
/// # Errors
/// [`NothingToPlan`] when something of which there must be one is not there.
///
/// # Complexity
/// A sweep of the roads for each thirty-two depots and lorry class, and one more for each limited stretch; a few
/// milliseconds on Kansai's trunk roads.
pub fn state(view: &View, board: &RoadBoard, horizon: &Horizon) -> Result<Stated, NothingToPlan> {
    let members: Vec<MemberId> = view.members().map(|member| member.id.clone()).collect();
    let goods: Vec<&model::Commodity> =
        view.commodities().filter(|known| known.kind == model::CommodityKind::Goods).collect();
    if goods.is_empty() {
        return Err(NothingToPlan::Commodities);
    }
    let member_of = |depot: &DepotId| members.iter().position(|member| *member == depot.member);
    let is_open = |(depot, report): &(&model::Depot, Option<&model::DepotReport>)| {
        member_of(&depot.id).is_some() && report.is_none_or(|said| said.state == DepotState::Open)
    };
    let open = view.depots().filter(is_open).map(|(depot, _)| depot);
    let (points, sites): (Vec<&model::Depot>, Vec<&model::Depot>) =
        open.partition(|depot| depot.tier.is_receiving_point());
    if sites.is_empty() {
        return Err(NothingToPlan::Depots);
    }
    let by_name = |depots: &[&'_ model::Depot]| -> BTreeMap<DepotId, usize> {
        depots.iter().enumerate().map(|(place, depot)| (depot.id.clone(), place)).collect()
    };
    let (site_of, point_of) = (by_name(&sites), by_name(&points));
    let good_of: BTreeMap<&CommodityId, usize> =
        goods.iter().enumerate().map(|(place, good)| (&good.id, place)).collect();
    let per_unit: Vec<u32> = goods.iter().map(|good| good.units_per_carton.max(1)).collect();
    let fleets: Vec<(&model::Fleet, usize, Kind)> = view
        .fleets()
        .filter(|fleet| fleet.vehicles > 0)
        .filter_map(|fleet| Some((fleet, *site_of.get(&fleet.depot)?, Kind::of(fleet)?)))
        .collect();
    let mut kinds: Vec<Kind> = fleets.iter().map(|fleet| fleet.2).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let places = Places {
        site_of: site_of.iter().map(|(depot, place)| (depot, *place)).collect(),
        point_of: point_of.iter().map(|(depot, place)| (depot, *place)).collect(),
        good_of,
        per_unit: &per_unit,
        fleets: fleets.iter().map(|(fleet, home, _)| (*home, fleet.class)).collect(),
    };
    let standing = Standing::of(view, horizon.from);
    let mut asked = Needs::gather(view, horizon, &points, &places.good_of, &per_unit);
    asked.take_off(own_stocks(view, &places), &per_unit, LeftOut::MetByOwnStock);
    asked.take_off(standing.coming(&places), &per_unit, LeftOut::OnItsWay);
    if asked.rows.is_empty() && asked.left_out.is_empty() {
        return Err(NothingToPlan::Needs);
    }
    let bases: Vec<SiteIdx> =
        (0..sites.len()).filter(|&site| sites[site].tier == DepotTier::One).map(SiteIdx::at).collect();
    let index_of_member = |depot: &DepotId| MemberIdx::at(member_of(depot).unwrap_or_default());
    let positions: Vec<Position> = sites.iter().chain(&points).map(|place| place.position).collect();
    let passable = ways::ways(view, board, horizon, &kinds, (&positions, sites.len()));
    let mut problem = Problem {
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
                out_per_period: ways::docks(site, horizon),
                in_per_period: ways::docks(site, horizon),
                usable_from: PeriodIdx(0),
                feeds: if site.tier == DepotTier::Zero { bases.clone() } else { Vec::new() },
            })
            .collect(),
        points: points
            .iter()
            .map(|point| Point {
                member: index_of_member(&point.id),
                in_per_period: ways::docks(point, horizon),
                usable_from: PeriodIdx(0),
            })
            .collect(),
        classes: kinds.iter().map(Kind::class).collect(),
        fleets: fleets
            .iter()
            .map(|(fleet, home, kind)| Fleet {
                home: Home::Site(SiteIdx::at(*home)),
                class: ClassIdx::at(kinds.binary_search(kind).unwrap_or_default()),
                vehicles: u32::from(fleet.vehicles),
                driver_s_per_day: ways::driver_s_per_day(fleet),
            })
            .collect(),
        busy: Vec::new(),
        bundles: passable.bundles,
        passages: passable.passages,
        ways: passable.ways,
        stocks: stocks(view, &places),
        consents: Vec::new(),
        needs: Vec::new(),
        agreements: all_pairs(members.len()),
        pairings: pairings(view, &members, horizon),
        frozen: Vec::new(),
    };
    problem.busy = standing.busy(&places, &problem);
    let coming = standing.stocks(&places, &problem);
    problem.stocks.extend(coming);
    let laid = standing.lay(&places, &mut problem, &mut asked);
    ways::by_air_where_no_road_goes(&mut problem, &kinds);
    Ok(Stated {
        problem,
        goods: goods.iter().zip(&per_unit).map(|(good, units)| (good.id.clone(), *units)).collect(),
        sites: sites.iter().map(|site| site.id.clone()).collect(),
        points: points.iter().map(|point| point.id.clone()).collect(),
        needs: asked.rows.into_iter().map(|(row, _)| row).collect(),
        left_out: asked.left_out,
        members,
        fleets: fleets.iter().map(|(fleet, ..)| fleet.id.clone()).collect(),
        kinds,
        limited_by: passable.limited_by,
        frozen: laid.frozen,
        stranded: laid.stranded,
        positions,
    })
}

/// What lies at receiving points, the reserve too: it is for their own people.
fn own_stocks(view: &View, places: &Places<'_>) -> BTreeMap<(usize, usize), u32> {
    let mut own = BTreeMap::new();
    for (id, stock) in view.stocks() {
        let places = (places.point_of.get(&id.depot), places.good_of.get(&id.commodity), places.per_unit);
        if let (Some(&point), Some(&good), per_unit) = places {
            *own.entry((point, good)).or_default() += stock.quantity / per_unit[good];
        }
    }
    own
}

/// What lies at depots and bases.
fn stocks(view: &View, places: &Places<'_>) -> Vec<Stock> {
    let stocks = view.stocks().filter_map(|(id, stock)| {
        let (site, good) = (*places.site_of.get(&id.depot)?, *places.good_of.get(&id.commodity)?);
        let per_unit = places.per_unit[good];
        let units = stock.quantity / per_unit;
        let reserve = units - (stock.free() / per_unit).min(units);
        let (site, good) = (SiteIdx::at(site), GoodIdx::at(good));
        (units > 0).then_some(Stock { site, good, units, reserve, available_from: PeriodIdx(0) })
    });
    stocks.collect()
}

/// Supporters that were decided for goods and count within the plan: they come first, others where they cannot. A pair is of
/// one municipality; its member's whole people are taken for it.
fn pairings(view: &View, members: &[MemberId], horizon: &Horizon) -> Vec<Pairing> {
    let index = |member: &MemberId| members.iter().position(|known| known == member).map(MemberIdx::at);
    let for_goods = view
        .pairs()
        .filter(|said| said.binds(horizon.from, horizon.until()))
        .filter(|said| said.pair.fields.contains(&model::AidField::Goods));
    let mut pairings: Vec<Pairing> = for_goods
        .flat_map(|said| {
            said.pair.supporters.iter().map(|supporter| (&supporter.member, &said.pair.affected))
        })
        .filter_map(|(giver, receiver)| {
            let (giver, receiver) = (index(giver)?, index(receiver)?);
            (giver != receiver).then_some(Pairing { giver, receiver, rule: PairingRule::Preferred })
        })
        .collect();
    pairings.sort_unstable();
    pairings.dedup();
    pairings
}

/// A carton, or what travels by itself.
fn good_of_problem(good: &model::Commodity, units: u32) -> Good {
    Good {
        mass_g: good.mass_g.saturating_mul(units).max(1),
        volume_cm3: good.volume_cm3.saturating_mul(units).max(1),
        urgency: if good.objective_tier <= 1 { Urgency::LifeSaving } else { Urgency::Relief },
        weight: 1,
        per_person_milliunits: good.per_person_milli / units.max(1),
    }
}

/// Every member helps every other: the union's agreement on mutual aid (FACTS 4.1).
fn all_pairs(members: usize) -> Vec<(MemberIdx, MemberIdx)> {
    let giver = |giver| (0..members).map(move |receiver| (MemberIdx::at(giver), MemberIdx::at(receiver)));
    (0..members).flat_map(giver).collect()
}
