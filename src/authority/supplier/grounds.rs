//! The grounds of a plan with names: what would change it, whom it serves worst, who gives, what is short.

use super::Stated;
use crate::allocator::supplies::{self, Change, FleetIdx, MemberIdx, PeriodIdx, Plan, Reason, Resource};
use crate::decision::model::{Burden, Move, Remedy, RemedyKind, Served, Worth, WorthKind};
use crate::id::{DepotId, NeedId, ShipmentId, StockId};
use crate::units::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// Entries of each list that are kept: what a person reads.
const KEPT: usize = 50;
/// Needs that a shipment may be said to displace.
const DISPLACED_MAX: usize = 8;

impl Stated {
    /// The changes that together let more of a need come; `per_unit` of its commodity travel as one.
    pub(super) fn remedies(&self, changes: &[Change], per_unit: u32) -> Vec<Remedy> {
        changes.iter().map(|change| self.remedy(change, per_unit)).collect()
    }

    fn remedy(&self, change: &Change, per_unit: u32) -> Remedy {
        let of = |kind, at: String, quantity| Remedy { kind, at, quantity };
        let whole = |units: u32| u64::from(units) * u64::from(per_unit);
        let member = |member: &MemberIdx| self.members[member.index()].to_string();
        let fleet = |fleet: &FleetIdx| self.fleets[fleet.index()].to_string();
        match change {
            Change::MoreStock { units } => of(RemedyKind::MoreStock, String::new(), whole(*units)),
            Change::OpenReserve { stock, units } => {
                of(RemedyKind::OpenReserve, self.stock(stock.index()).to_string(), whole(*units))
            }
            Change::Agree { giver } => of(RemedyKind::Agree, member(giver), 0),
            Change::Pair { giver } => of(RemedyKind::Pair, member(giver), 0),
            Change::OpenWay { from } => of(RemedyKind::OpenWay, self.sites[from.index()].to_string(), 0),
            Change::AcceptLater { periods } => {
                let seconds = u64::from(*periods) * u64::from(self.problem.period_s);
                of(RemedyKind::AcceptLater, String::new(), seconds)
            }
            Change::MoreVehicleTime { fleet: which, seconds, .. } => {
                of(RemedyKind::MoreVehicleTime, fleet(which), *seconds)
            }
            Change::MoreDriverTime { fleet: which, seconds, .. } => {
                of(RemedyKind::MoreDriverTime, fleet(which), *seconds)
            }
            Change::MoreLoad { of: Reason::DockOutFull { site, .. } } => {
                of(RemedyKind::MoreDockLoad, self.sites[site.index()].to_string(), 0)
            }
            Change::MoreLoad { of: Reason::DockInFull { stop, .. } } => {
                of(RemedyKind::MoreDockLoad, self.stop(*stop).to_string(), 0)
            }
            Change::MoreLoad { of: Reason::BundleFull { bundle, .. } } => {
                of(RemedyKind::MorePassage, self.limited_by[bundle.index()].to_string(), 0)
            }
            Change::MoreLoad { .. } => of(RemedyKind::MorePassage, String::new(), 0),
            Change::TakeFromOthers => of(RemedyKind::TakeFromOthers, String::new(), 0),
        }
    }

    fn stock(&self, place: usize) -> StockId {
        let stock = &self.problem.stocks[place];
        StockId::new(&self.sites[stock.site.index()], &self.goods[stock.good.index()].0)
    }

    /// The places that are served worst.
    pub(super) fn served(&self, plan: &Plan) -> Vec<Served> {
        let of = |served: &supplies::Served| Served {
            depot: self.points[served.point.index()].clone(),
            unmet_permille: small(served.unmet_permille),
            first_tier_unmet_permille: small(served.life_saving_unmet_permille),
        };
        plan.served.iter().filter(|served| served.unmet_permille > 0).take(KEPT).map(of).collect()
    }

    /// What members give.
    pub(super) fn burdens(&self, plan: &Plan) -> Vec<Burden> {
        let of = |burden: &supplies::Burden| Burden {
            member: self.members[burden.member.index()].clone(),
            given_permille: small(burden.given_permille),
        };
        plan.burdens.iter().map(of).collect()
    }

    /// What more of something would do for people.
    pub(super) fn worth(&self, plan: &Plan) -> Vec<Worth> {
        // Of a limit that is worth the same in several periods the first.
        let mut first: BTreeMap<(WorthKind, String, u64), Timestamp> = BTreeMap::new();
        for worth in plan.worth.iter().filter(|worth| worth.millipeople > 0) {
            let (kind, at, from) = self.resource(&worth.resource);
            let first = first.entry((kind, at, worth.millipeople)).or_insert(from);
            *first = from.min(*first);
        }
        let mut worth: Vec<Worth> = first
            .into_iter()
            .map(|((kind, at, people_milli), from)| Worth { kind, at, from, people_milli })
            .collect();
        worth.sort_by(|a, b| (b.people_milli, &a.at, a.from).cmp(&(a.people_milli, &b.at, b.from)));
        worth.truncate(KEPT);
        worth
    }

    fn resource(&self, resource: &Resource) -> (WorthKind, String, Timestamp) {
        let depot = |depot: &DepotId| depot.to_string();
        match resource {
            Resource::Stock(stock) => {
                let from = self.problem.stocks[stock.index()].available_from;
                (WorthKind::Stock, self.stock(stock.index()).to_string(), self.instant(from))
            }
            Resource::Out(site, period) => {
                (WorthKind::DockOut, depot(&self.sites[site.index()]), self.instant(*period))
            }
            Resource::In(stop, period) => (WorthKind::DockIn, depot(self.stop(*stop)), self.instant(*period)),
            Resource::BundleLoad(bundle, period) | Resource::BundleVehicles(bundle, period) => {
                let limited_by = self.limited_by[bundle.index()].to_string();
                (WorthKind::Passage, limited_by, self.instant(*period))
            }
            Resource::Vehicles(fleet, period) => {
                (WorthKind::VehicleHour, self.fleets[fleet.index()].to_string(), self.instant(*period))
            }
            Resource::Drivers(fleet, day) => {
                let first = PeriodIdx::at(*day as usize * self.problem.periods_per_day());
                (WorthKind::DriverHour, self.fleets[fleet.index()].to_string(), self.instant(first))
            }
        }
    }

    fn instant(&self, period: PeriodIdx) -> Timestamp {
        let since_s = i64::from(period.0) * i64::from(self.problem.period_s);
        Timestamp((self.problem.start_s + since_s) * 1_000)
    }

    /// Frozen shipments that would do better elsewhere.
    pub(super) fn moves(&self, plan: &Plan) -> Vec<Move> {
        let mut gains: BTreeMap<usize, i128> = BTreeMap::new();
        for gain in &plan.frozen_gains {
            *gains.entry(gain.frozen).or_default() += gain.at_most;
        }
        let mut by_name: BTreeMap<&ShipmentId, i128> = BTreeMap::new();
        for (frozen, gain) in gains {
            *by_name.entry(&self.frozen[frozen]).or_default() += gain;
        }
        let value = plan.gap.value.max(1);
        let of = |(shipment, gain): (&ShipmentId, i128)| Move {
            shipment: shipment.clone(),
            gain_e6: u64::try_from(gain.max(0).saturating_mul(1_000_000) / value).unwrap_or(u64::MAX),
        };
        let mut moves: Vec<Move> = by_name.into_iter().map(of).filter(|moved| moved.gain_e6 > 0).collect();
        moves.sort_by(|a, b| (b.gain_e6, &a.shipment).cmp(&(a.gain_e6, &b.shipment)));
        moves.truncate(KEPT);
        moves
    }

    /// Needs that would have got the goods of each shipment next, by its place in the plan.
    pub(super) fn displaced(&self, plan: &Plan) -> BTreeMap<usize, Vec<NeedId>> {
        let mut displaced: BTreeMap<usize, BTreeSet<&NeedId>> = BTreeMap::new();
        for taken in &plan.displaced {
            displaced.entry(taken.shipment).or_default().insert(&self.needs[taken.need.index()].need);
        }
        let few = |needs: BTreeSet<&NeedId>| needs.into_iter().take(DISPLACED_MAX).cloned().collect();
        displaced.into_iter().map(|(shipment, needs)| (shipment, few(needs))).collect()
    }
}

fn small(permille: u32) -> u16 {
    u16::try_from(permille).unwrap_or(u16::MAX)
}
