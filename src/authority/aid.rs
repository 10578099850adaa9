//! Goods and needs over all ledgers, and totals that drill down.

use super::View;
use super::twice::{Duplicates, Why};
use crate::decision::model::{Commodity, Depot, DepotReport, Fleet, Need, NeedPlace, NeedUse, Stock};
use crate::id::{CommodityId, DepotId, MemberId, NeedId, StockId};
use crate::units::Timestamp;
use std::collections::BTreeMap;

impl View {
    /// Commodities, by name.
    pub fn commodities(&self) -> impl Iterator<Item = &Commodity> {
        self.states().filter_map(|state| state.field.as_ref()).flat_map(|field| field.commodities.values())
    }

    /// One commodity.
    #[must_use]
    pub fn commodity(&self, id: &CommodityId) -> Option<&Commodity> {
        self.states().filter_map(|state| state.field.as_ref()).find_map(|field| field.commodities.get(id))
    }

    /// One depot and what was last said of it.
    #[must_use]
    pub fn depot(&self, id: &DepotId) -> Option<(&Depot, Option<&DepotReport>)> {
        let aid = &self.state(&id.ledger())?.aid;
        Some((aid.depots.get(id)?, aid.depot_reports.get(id)))
    }

    /// Depots, by name, with what was last said of them.
    pub fn depots(&self) -> impl Iterator<Item = (&Depot, Option<&DepotReport>)> {
        self.states().flat_map(|state| {
            let depots = state.aid.depots.values();
            depots.map(|depot| (depot, state.aid.depot_reports.get(&depot.id)))
        })
    }

    /// Fleets, by name.
    pub fn fleets(&self) -> impl Iterator<Item = &Fleet> {
        self.states().flat_map(|state| state.aid.fleets.values())
    }

    /// One stock.
    #[must_use]
    pub fn stock(&self, id: &StockId) -> Option<&Stock> {
        self.state(&id.depot.ledger())?.aid.stocks.get(id)
    }

    /// Stocks, by name.
    pub fn stocks(&self) -> impl Iterator<Item = (&StockId, &Stock)> {
        self.states().flat_map(|state| state.aid.stocks.iter())
    }

    /// One need and what became of it.
    #[must_use]
    pub fn need(&self, id: &NeedId) -> Option<&NeedUse> {
        self.state(&id.ledger())?.aid.needs.get(id)
    }

    /// Needs that stand, those whose time has passed among them, in no order that matters.
    pub fn standing_needs(&self) -> impl Iterator<Item = (u32, &Need)> {
        self.states().flat_map(|state| {
            let standing = state.aid.needs_standing.iter();
            let needs = standing.flat_map(|(code, needs)| needs.iter().map(move |(_, id)| (*code, id)));
            needs.filter_map(|(code, id)| Some((code, &state.aid.needs.get(id)?.need)))
        })
    }
}

/// How deep a total looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Level {
    /// The union, by member.
    Union,
    /// One member, by municipality.
    Member(MemberId),
    /// One municipality of a member, by place.
    Municipality(MemberId, u32),
}

/// What a total is kept by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TotalKey {
    /// Whose need.
    pub member: MemberId,
    /// Of which municipality, where one member was asked for.
    pub municipality: u32,
    /// Of which receiving point, where one municipality was asked for.
    pub depot: Option<DepotId>,
    /// Of what.
    pub commodity: CommodityId,
}

/// What stands for one commodity at one level.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Total {
    /// Of needs once, in the commodity's unit.
    pub quantity: u64,
    /// Of standing needs, each day.
    pub daily_quantity: u64,
    /// How many needs.
    pub needs: u32,
    /// How many of them may mean the same as another.
    pub duplicates: u32,
    /// How many of those for which reason; one may have several.
    pub duplicates_by: BTreeMap<Why, u32>,
    /// The earliest time among them.
    pub first_wanted_by: Option<Timestamp>,
}

/// Totals of what stands, by the next level down; of one commodity or of all.
///
/// What is stated twice is counted twice, and said to be.
#[must_use]
pub fn totals(view: &View, level: &Level, commodity: Option<&CommodityId>) -> BTreeMap<TotalKey, Total> {
    let duplicates = Duplicates::of(view);
    let mut totals: BTreeMap<TotalKey, Total> = BTreeMap::new();
    for (code, need) in view.standing_needs() {
        if commodity.is_some_and(|only| need.commodity != *only) {
            continue;
        }
        let (municipality, depot) = match level {
            Level::Union => (0, None),
            Level::Member(member) if need.id.member == *member => (code, None),
            Level::Municipality(member, only) if need.id.member == *member && code == *only => {
                let depot = match &need.place {
                    NeedPlace::Municipality(_) => None,
                    NeedPlace::Depot(depot) => Some(depot.clone()),
                };
                (code, depot)
            }
            Level::Member(_) | Level::Municipality(..) => continue,
        };
        let (member, commodity) = (need.id.member.clone(), need.commodity.clone());
        let total = totals.entry(TotalKey { member, municipality, depot, commodity }).or_default();
        match need.daily_until {
            None => total.quantity += u64::from(need.quantity),
            Some(_) => total.daily_quantity += u64::from(need.quantity),
        }
        total.needs += 1;
        total.duplicates += u32::from(duplicates.has(&need.id));
        for why in duplicates.reasons(&need.id) {
            *total.duplicates_by.entry(why).or_default() += 1;
        }
        let first = total.first_wanted_by.map_or(need.wanted_by, |first| first.min(need.wanted_by));
        total.first_wanted_by = Some(first);
    }
    totals
}
