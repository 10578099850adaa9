//! The question: who has what, who needs what by when, which ways, vehicles and docks there are.
//!
//! Absent on purpose: names (the caller keeps tables), clocks (instants are seconds, given), signed quantities.

use super::index::{
    BundleIdx, ClassIdx, FleetIdx, GoodIdx, MemberIdx, NeedIdx, PeriodIdx, PointIdx, SiteIdx, StockIdx,
};
use crate::units::{Seconds, UNREACHABLE};

/// Load on docks, bridges and lorries: millionths of a 10 t lorry, the larger of its share of mass and of volume.
pub type Load = u64;
/// Load of a whole 10 t lorry.
pub const LORRY: Load = 1_000_000;
/// What a 10 t lorry carries, grams.
pub const LORRY_G: u64 = 10_000_000;
/// What a 10 t lorry holds, cubic centimetres (FACTS 4.4: 49 m3).
pub const LORRY_CM3: u64 = 49_000_000;

/// What a need weighs beside others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// Of the first tier of the objective.
    LifeSaving,
    /// Of the tiers below alone.
    Relief,
}

/// A good. One unit is what is never divided: a carton, a tank, a generator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Good {
    /// Mass of a unit; at least one.
    pub mass_g: u32,
    /// Volume of a unit; at least one.
    pub volume_cm3: u32,
    /// In which tier it counts.
    pub urgency: Urgency,
    /// How much a load of it weighs beside a load of another in the first tier, 1 to 16.
    pub weight: u32,
    /// Thousandths of a unit that one person needs for the span of one need row; 0 when it is not counted by people.
    pub per_person_milliunits: u32,
}

/// Where a base stands in the chain: goods go on from a lower tier to a higher one only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tier {
    /// Keeps stock, receives nothing.
    Depot,
    /// The union's base outside the damage (tier 0).
    Union,
    /// A prefecture's base (tier 1).
    Prefecture,
    /// A municipality's base (tier 2).
    Municipality,
}

/// A depot or base.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// Whose.
    pub member: MemberIdx,
    /// Where it stands in the chain.
    pub tier: Tier,
    /// What its docks load in one period; 0 when it is lost.
    pub out_per_period: Load,
    /// What its docks take in in one period; 0 for a depot that receives nothing.
    pub in_per_period: Load,
    /// The first period in which it works.
    pub usable_from: PeriodIdx,
    /// Bases that it sends on to, besides receiving points.
    pub feeds: Vec<SiteIdx>,
}

/// A receiving point: a municipality or a shelter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// Whose people.
    pub member: MemberIdx,
    /// What it takes in in one period.
    pub in_per_period: Load,
    /// The first period in which it can be served.
    pub usable_from: PeriodIdx,
}

/// A kind of vehicle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VehicleClass {
    /// What it carries.
    pub capacity_g: u64,
    /// What it holds.
    pub capacity_cm3: u64,
    /// Loading before it leaves.
    pub loading_s: Seconds,
    /// Unloading after it arrives.
    pub unloading_s: Seconds,
    /// Cost of an hour out, the empty return in it.
    pub yen_per_hour: u32,
    /// Cost of each trip.
    pub yen_per_trip: u32,
}

/// Where a fleet loads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Home {
    /// At this site alone.
    Site(SiteIdx),
    /// At every site of this member.
    Member(MemberIdx),
}

/// Vehicles of one class and their drivers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fleet {
    /// Where they load.
    pub home: Home,
    /// What they are.
    pub class: ClassIdx,
    /// How many.
    pub vehicles: u32,
    /// What all drivers together may be out in one day of the plan.
    pub driver_s_per_day: u64,
}

/// What vehicles and drivers of a fleet cannot do in a period, because they are out with what left before the plan begins.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Busy {
    /// Whose.
    pub fleet: FleetIdx,
    /// When.
    pub period: PeriodIdx,
    /// Of all its vehicles together.
    pub vehicle_s: u64,
    /// Of all its drivers together.
    pub driver_s: u64,
}

/// Something that ways share: a bridge, a tunnel, an air corridor. Counted on the loaded way out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bundle {
    /// Load that may pass in one period.
    pub load_per_period: Option<Load>,
    /// Vehicles that may pass in one period.
    pub vehicles_per_period: Option<u32>,
}

/// Ways of one vehicle class, from every site to every site and point.
///
/// Both lists have the shape sites x (sites + points), row-major, the sites first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ways {
    /// Travel times; [`UNREACHABLE`] where no way is open. The empty return takes as long.
    pub travel_s: Vec<Seconds>,
    /// For each way its place in [`Problem::passages`]; empty when no way of this class passes a bundle.
    pub passage: Vec<u32>,
}

/// Units of a good at a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stock {
    /// Where.
    pub site: SiteIdx,
    /// What.
    pub good: GoodIdx,
    /// How many, the reserve in it.
    pub units: u32,
    /// How many of them leave only by the sender's consent.
    pub reserve: u32,
    /// The first period in which they can leave: production and running stock come later.
    pub available_from: PeriodIdx,
}

/// What a receiving point needs. Standing needs are several rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// Who.
    pub point: PointIdx,
    /// What.
    pub good: GoodIdx,
    /// How much; at least one.
    pub units: u32,
    /// By when, seconds since 1970-01-01T00:00:00Z; within a period, by its end.
    pub wanted_by_s: i64,
    /// After this instant it is of no use; `None`: of use to the end of the plan.
    pub useful_until_s: Option<i64>,
    /// 1 to 9; weighs the first tier.
    pub priority: u8,
}

/// What a decided pairing does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PairingRule {
    /// Only paired givers serve the receiver.
    Hard,
    /// Others come dearer.
    Preferred,
}

/// A supporter of a receiving member, decided by people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pairing {
    /// Who gives.
    pub giver: MemberIdx,
    /// To whom.
    pub receiver: MemberIdx,
    /// How strictly.
    pub rule: PairingRule,
}

/// Where a shipment ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stop {
    /// A base, from which goods go on.
    Site(SiteIdx),
    /// A receiving point.
    Point(PointIdx),
}

/// Units of one stock on each vehicle of a shipment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// Whose stock and what; through a base it stays the stock that it came from.
    pub stock: StockIdx,
    /// The need that it meets; `None` on the way to a base.
    pub need: Option<NeedIdx>,
    /// Units on each vehicle; at least one.
    pub units: u32,
}

/// Vehicles that leave together with the same cargo.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shipment {
    /// The period in which they leave.
    pub departs: PeriodIdx,
    /// From where.
    pub from: SiteIdx,
    /// Where to.
    pub to: Stop,
    /// Which fleet.
    pub fleet: FleetIdx,
    /// How many vehicles; at least one.
    pub vehicles: u32,
    /// What is on each of them, in ascending order.
    pub lines: Vec<Line>,
}

/// The whole question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// When the first period begins, seconds since 1970-01-01T00:00:00Z.
    pub start_s: i64,
    /// Length of a period; divides a day.
    pub period_s: Seconds,
    /// How many periods.
    pub periods: u32,
    /// How many members.
    pub members: u32,
    /// Goods.
    pub goods: Vec<Good>,
    /// Depots and bases.
    pub sites: Vec<Site>,
    /// Receiving points.
    pub points: Vec<Point>,
    /// Kinds of vehicles.
    pub classes: Vec<VehicleClass>,
    /// Vehicles.
    pub fleets: Vec<Fleet>,
    /// What is still out when the plan begins, by fleet and period, ascending.
    pub busy: Vec<Busy>,
    /// Bridges and tunnels.
    pub bundles: Vec<Bundle>,
    /// Sets of bundles that a way passes; ways refer to them. The first is the empty set.
    pub passages: Vec<Vec<BundleIdx>>,
    /// Ways of each class.
    pub ways: Vec<Ways>,
    /// Stocks.
    pub stocks: Vec<Stock>,
    /// (member, good) whose reserve is open by the sender's consent, ascending.
    pub consents: Vec<(MemberIdx, GoodIdx)>,
    /// Needs.
    pub needs: Vec<Need>,
    /// (giver, receiver) that an agreement covers, ascending; a member always serves its own people.
    pub agreements: Vec<(MemberIdx, MemberIdx)>,
    /// Decided pairs.
    pub pairings: Vec<Pairing>,
    /// Decided, approved and moving shipments: they stay as they are.
    pub frozen: Vec<Shipment>,
}

impl Problem {
    /// Load of one unit of a good, rounded up.
    #[must_use]
    pub fn load_of(&self, good: GoodIdx) -> Load {
        let good = &self.goods[good.index()];
        let by_mass = (u64::from(good.mass_g) * LORRY).div_ceil(LORRY_G);
        by_mass.max((u64::from(good.volume_cm3) * LORRY).div_ceil(LORRY_CM3))
    }

    /// Thousand-millionths of a vehicle that one unit fills: the larger of mass and volume, rounded up.
    #[must_use]
    pub fn share_of(&self, good: GoodIdx, class: ClassIdx) -> u64 {
        let (good, class) = (&self.goods[good.index()], &self.classes[class.index()]);
        let share = |of: u32, whole: u64| (u64::from(of) * VEHICLE).div_ceil(whole.max(1));
        share(good.mass_g, class.capacity_g).max(share(good.volume_cm3, class.capacity_cm3))
    }

    /// The column of a stop in [`Ways`].
    #[must_use]
    #[inline]
    pub fn column(&self, stop: Stop) -> usize {
        match stop {
            Stop::Site(site) => site.index(),
            Stop::Point(point) => self.sites.len() + point.index(),
        }
    }

    /// Travel time by a class; `None` where no way is open.
    #[must_use]
    #[inline]
    pub fn travel_s(&self, class: ClassIdx, from: SiteIdx, to: Stop) -> Option<Seconds> {
        let place = from.index() * (self.sites.len() + self.points.len()) + self.column(to);
        Some(self.ways[class.index()].travel_s[place]).filter(|&travel_s| travel_s != UNREACHABLE)
    }

    /// Bundles that a way passes.
    #[must_use]
    #[inline]
    pub fn passed(&self, class: ClassIdx, from: SiteIdx, to: Stop) -> &[BundleIdx] {
        let place = from.index() * (self.sites.len() + self.points.len()) + self.column(to);
        let passage = self.ways[class.index()].passage.get(place);
        passage.and_then(|&passage| self.passages.get(passage as usize)).map_or(&[], Vec::as_slice)
    }

    /// Whether a fleet loads at a site.
    #[must_use]
    pub fn loads_at(&self, fleet: FleetIdx, site: SiteIdx) -> bool {
        match self.fleets[fleet.index()].home {
            Home::Site(home) => home == site,
            Home::Member(member) => self.sites[site.index()].member == member,
        }
    }

    /// From the start of loading to the end of unloading.
    #[must_use]
    pub fn outward_s(&self, class: ClassIdx, travel_s: Seconds) -> u64 {
        let class = &self.classes[class.index()];
        u64::from(class.loading_s) + u64::from(travel_s) + u64::from(class.unloading_s)
    }

    /// From the start of loading until the vehicle stands empty at home again.
    #[must_use]
    pub fn cycle_s(&self, class: ClassIdx, travel_s: Seconds) -> u64 {
        self.outward_s(class, travel_s) + u64::from(travel_s)
    }

    /// Yen of a trip, rounded up.
    #[must_use]
    pub fn yen_of(&self, class: ClassIdx, cycle_s: u64) -> u64 {
        let class = &self.classes[class.index()];
        u64::from(class.yen_per_trip) + (u64::from(class.yen_per_hour) * cycle_s).div_ceil(3_600)
    }

    /// The period in which a shipment that leaves in `departs` is unloaded; may lie beyond the plan.
    #[must_use]
    pub fn arrives(&self, departs: PeriodIdx, outward_s: u64) -> usize {
        departs.index() + (outward_s.saturating_sub(1) / u64::from(self.period_s)) as usize
    }

    /// The period in which an instant lies, its end included; those after the plan are its last.
    #[must_use]
    pub fn period_of(&self, instant_s: i64) -> usize {
        let since = instant_s.saturating_sub(self.start_s).saturating_sub(1).max(0);
        let last = i64::from(self.periods) - 1;
        (since / i64::from(self.period_s)).min(last).max(0) as usize
    }

    /// The last period whose arrivals are of use to a need.
    #[must_use]
    pub fn last_use(&self, need: &Need) -> usize {
        need.useful_until_s.map_or(self.periods as usize - 1, |until_s| {
            // Something that comes in the middle of a period must not count as in time.
            self.period_of(until_s)
        })
    }

    /// Units that may leave a stock: the reserve only by consent.
    #[must_use]
    pub fn free_units(&self, stock: StockIdx) -> u32 {
        let stock = &self.stocks[stock.index()];
        let key = (self.sites[stock.site.index()].member, stock.good);
        let is_open = self.consents.binary_search(&key).is_ok();
        if is_open { stock.units } else { stock.units.saturating_sub(stock.reserve) }
    }

    /// Whether `giver` may give to people of `receiver`, and whether a preferred pairing speaks for somebody else.
    #[must_use]
    #[inline]
    pub fn permission(&self, giver: MemberIdx, receiver: MemberIdx) -> Permission {
        let of = |rule| {
            let mut found = self.pairings.iter().filter(move |p| p.receiver == receiver && p.rule == rule);
            let any = found.clone().next().is_some();
            (any, found.any(|pairing| pairing.giver == giver))
        };
        let ((any_hard, is_hard), (any_preferred, is_preferred)) =
            (of(PairingRule::Hard), of(PairingRule::Preferred));
        if giver == receiver || is_hard || (is_preferred && !any_hard) {
            return Permission::Given;
        }
        if any_hard {
            return Permission::PairedElsewhere;
        }
        match self.agreements.binary_search(&(giver, receiver)).is_ok() {
            false => Permission::NoAgreement,
            true if any_preferred => Permission::GivenButPairedElsewhere,
            true => Permission::Given,
        }
    }

    /// Whether a base hands on to a point what others have sent it: the union's base to everybody, one below it only to
    /// its own member's people.
    #[must_use]
    #[inline]
    pub fn hands_on(&self, base: SiteIdx, point: PointIdx) -> bool {
        let base = &self.sites[base.index()];
        base.tier == Tier::Union || base.member == self.points[point.index()].member
    }

    /// Periods of one day.
    #[must_use]
    #[inline]
    pub fn periods_per_day(&self) -> usize {
        (super::validate::limits::DAY_S / self.period_s).max(1) as usize
    }

    /// Days that the plan touches.
    #[must_use]
    pub fn days(&self) -> usize {
        (self.periods as usize).div_ceil(self.periods_per_day())
    }
}

/// A whole vehicle in the unit of [`Problem::share_of`].
pub const VEHICLE: u64 = 1_000_000_000;

/// Whether a giver may serve a receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Permission {
    /// Yes.
    Given,
    /// Yes, but another giver is paired with the receiver and comes first.
    GivenButPairedElsewhere,
    /// No agreement covers it.
    NoAgreement,
    /// The receiver is paired with others, and that is hard.
    PairedElsewhere,
}
