//! What a problem must satisfy before anybody counts with it.

use super::index::{PeriodIdx, SiteIdx};
use super::problem::{Home, Load, Problem, Shipment, Stop};
use crate::units::UNREACHABLE;

/// Sizes and values that a problem may have.
///
/// A load is below 2^32 units times 2^24 millionths, all needs together below 2^20 times that; a price is below 2^44
/// ([`weights`](super::objective::weights)): `i128` holds every sum of products, `i64` every price.
pub mod limits {
    use crate::units::Seconds;

    /// Seconds of a day.
    pub const DAY_S: Seconds = 86_400;
    /// Members and linked bodies.
    pub const MEMBERS_MAX: usize = 4_096;
    /// Depots and bases.
    pub const SITES_MAX: usize = 1_024;
    /// Receiving points.
    pub const POINTS_MAX: usize = 16_384;
    /// Entries of one matrix of ways.
    pub const WAYS_MAX: usize = 1 << 24;
    /// Goods.
    pub const GOODS_MAX: usize = 64;
    /// Kinds of vehicles.
    pub const CLASSES_MAX: usize = 8;
    /// Fleets.
    pub const FLEETS_MAX: usize = 4_096;
    /// Bridges and tunnels.
    pub const BUNDLES_MAX: usize = 1_024;
    /// Sets of bundles.
    pub const PASSAGES_MAX: usize = 1 << 16;
    /// Bundles of one way.
    pub const PASSED_MAX: usize = 32;
    /// Stocks.
    pub const STOCKS_MAX: usize = 1 << 17;
    /// Needs; twelve goods on each of three days for 16,384 points, and no more.
    pub const NEEDS_MAX: usize = 1 << 19;
    /// Shipments that stay.
    pub const FROZEN_MAX: usize = 1 << 16;
    /// Periods: two weeks of 6 h, and room.
    pub const PERIODS_MAX: u32 = 64;
    /// Heaviest unit: 160 t.
    pub const MASS_MAX_G: u32 = 160_000_000;
    /// Largest unit.
    pub const VOLUME_MAX_CM3: u32 = 800_000_000;
    /// Largest vehicle.
    pub const CAPACITY_MAX: u64 = 1 << 40;
    /// Units of one stock or need.
    pub const UNITS_MAX: u32 = 1_000_000_000;
    /// Load of a dock or bridge in one period: a million lorries.
    pub const LOAD_MAX: u64 = 1_000_000 * super::super::problem::LORRY;
    /// Vehicles of one fleet.
    pub const VEHICLES_MAX: u32 = 100_000;
    /// Longest leg, loading or unloading: two days.
    pub const SPAN_MAX_S: Seconds = 2 * DAY_S;
    /// Dearest hour or trip.
    pub const YEN_MAX: u32 = 100_000_000;
    /// Heaviest weight of a good.
    pub const WEIGHT_MAX: u32 = 16;
    /// Highest priority of a need.
    pub const PRIORITY_MAX: u8 = 9;
    /// Farthest instant, seconds either side of 1970.
    pub const INSTANT_MAX_S: i64 = 253_402_300_799;
}

/// Why a problem cannot be planned. Names the list, the place in it and the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProblemError {
    /// A list is too long.
    #[error("{what}: {count} entries, at most {limit} can be planned; split the problem")]
    TooMany {
        /// The list.
        what: &'static str,
        /// Its length.
        count: usize,
        /// The most it may have.
        limit: usize,
    },
    /// A value lies outside what can be.
    #[error("{list}[{index}].{field} is {value}, it must lie within {min} and {max}")]
    OutOfRange {
        /// The list.
        list: &'static str,
        /// The place in it.
        index: usize,
        /// The field.
        field: &'static str,
        /// The value.
        value: i128,
        /// Least allowed.
        min: i128,
        /// Most allowed.
        max: i128,
    },
    /// An index points outside its list.
    #[error("{list}[{index}].{field} points to {target}, but there are only {count}")]
    UnknownIndex {
        /// The list.
        list: &'static str,
        /// The place in it.
        index: usize,
        /// The field.
        field: &'static str,
        /// Where it points.
        target: usize,
        /// How many there are.
        count: usize,
    },
    /// A matrix has the wrong shape.
    #[error("ways[{index}].{field} has {count} entries, sites x (sites + points) are {expected}")]
    Shape {
        /// The class.
        index: usize,
        /// The field.
        field: &'static str,
        /// Its length.
        count: usize,
        /// The length it must have.
        expected: usize,
    },
    /// A deadline before the plan begins.
    #[error("needs[{index}].{field} lies before the plan begins; state it anew or drop it")]
    DeadlineBeforeStart {
        /// The need.
        index: usize,
        /// The field.
        field: &'static str,
    },
    /// Of no use before it is wanted.
    #[error("needs[{index}] is of no use any more when it is wanted")]
    UselessWhenWanted {
        /// The need.
        index: usize,
    },
    /// A base that sends back up the chain.
    #[error("sites[{from}] feeds sites[{to}], which does not stand after it in the chain of tiers")]
    TierCycle {
        /// The sender.
        from: usize,
        /// The receiver.
        to: usize,
    },
    /// A list that must be ascending is not, or an entry stands twice.
    #[error("{list}[{index}] does not come after the one before it; sort them and state each once")]
    OutOfOrder {
        /// The list.
        list: &'static str,
        /// The place in it.
        index: usize,
    },
    /// A frozen shipment that could not go: no way, a full vehicle, a stock or need that does not fit.
    #[error("frozen[{index}] cannot go as it stands: {why}")]
    FrozenImpossible {
        /// The shipment.
        index: usize,
        /// What is wrong.
        why: &'static str,
    },
}

type Verdict = Result<(), ProblemError>;

/// One entry of one list.
struct Entry(&'static str, usize);

impl Entry {
    fn within(&self, field: &'static str, value: impl Into<i128>, min: i128, max: i128) -> Verdict {
        let value = value.into();
        if (min..=max).contains(&value) {
            return Ok(());
        }
        Err(ProblemError::OutOfRange { list: self.0, index: self.1, field, value, min, max })
    }

    fn up_to(&self, field: &'static str, value: impl Into<i128>, max: impl Into<i128>) -> Verdict {
        self.within(field, value, 0, max.into())
    }

    fn points(&self, field: &'static str, target: u32, count: usize) -> Verdict {
        if (target as usize) < count {
            return Ok(());
        }
        Err(ProblemError::UnknownIndex { list: self.0, index: self.1, field, target: target as usize, count })
    }
}

fn at_most(what: &'static str, count: usize, limit: usize) -> Verdict {
    if count <= limit { Ok(()) } else { Err(ProblemError::TooMany { what, count, limit }) }
}

/// Each entry with its place.
fn each<T>(
    list: &'static str,
    entries: &[T],
    mut judge: impl FnMut(&Entry, usize, &T) -> Verdict,
) -> Verdict {
    entries.iter().enumerate().try_for_each(|(index, entry)| judge(&Entry(list, index), index, entry))
}

fn ascending<T: Ord>(list: &'static str, entries: &[T]) -> Verdict {
    let found = entries.windows(2).position(|pair| pair[0] >= pair[1]);
    found.map_or(Ok(()), |place| Err(ProblemError::OutOfOrder { list, index: place + 1 }))
}

impl Problem {
    /// Says whether the problem can be planned.
    ///
    /// # Errors
    /// The first [`ProblemError`] in the order: sizes, the horizon, goods, sites, points, vehicles, ways, stocks,
    /// needs, agreements, frozen shipments.
    pub fn validate(&self) -> Verdict {
        self.validate_sizes()?;
        let head = Entry("problem", 0);
        head.within(
            "start_s",
            self.start_s,
            -i128::from(limits::INSTANT_MAX_S),
            limits::INSTANT_MAX_S.into(),
        )?;
        head.within("period_s", self.period_s, 600, limits::DAY_S.into())?;
        if !limits::DAY_S.is_multiple_of(self.period_s) {
            return head.within("period_s (must divide a day)", self.period_s, 1, 0);
        }
        head.within("periods", self.periods, 1, limits::PERIODS_MAX.into())?;
        self.validate_goods()?;
        self.validate_places()?;
        self.validate_vehicles()?;
        self.validate_ways()?;
        self.validate_stocks()?;
        self.validate_needs()?;
        self.validate_agreements()?;
        super::frozen::validate(self)
    }

    fn validate_sizes(&self) -> Verdict {
        at_most("members", self.members as usize, limits::MEMBERS_MAX)?;
        at_most("goods", self.goods.len(), limits::GOODS_MAX)?;
        at_most("sites", self.sites.len(), limits::SITES_MAX)?;
        at_most("points", self.points.len(), limits::POINTS_MAX)?;
        at_most(
            "ways of a class",
            self.sites.len() * (self.sites.len() + self.points.len()),
            limits::WAYS_MAX,
        )?;
        at_most("classes", self.classes.len(), limits::CLASSES_MAX)?;
        at_most("fleets", self.fleets.len(), limits::FLEETS_MAX)?;
        at_most("bundles", self.bundles.len(), limits::BUNDLES_MAX)?;
        at_most("passages", self.passages.len(), limits::PASSAGES_MAX)?;
        at_most("stocks", self.stocks.len(), limits::STOCKS_MAX)?;
        at_most("needs", self.needs.len(), limits::NEEDS_MAX)?;
        at_most("frozen", self.frozen.len(), limits::FROZEN_MAX)
    }

    fn validate_goods(&self) -> Verdict {
        each("goods", &self.goods, |entry, _, good| {
            entry.within("mass_g", good.mass_g, 1, limits::MASS_MAX_G.into())?;
            entry.within("volume_cm3", good.volume_cm3, 1, limits::VOLUME_MAX_CM3.into())?;
            entry.within("weight", good.weight, 1, limits::WEIGHT_MAX.into())?;
            entry.up_to("per_person_milliunits", good.per_person_milliunits, limits::UNITS_MAX)
        })
    }

    fn validate_places(&self) -> Verdict {
        let members = self.members as usize;
        each("sites", &self.sites, |entry, index, site| {
            entry.points("member", site.member.0, members)?;
            entry.up_to("out_per_period", site.out_per_period, limits::LOAD_MAX)?;
            entry.up_to("in_per_period", site.in_per_period, limits::LOAD_MAX)?;
            entry.up_to("usable_from", site.usable_from.0, self.periods)?;
            site.feeds.iter().try_for_each(|fed| self.validate_feed(entry, index, *fed))
        })?;
        each("points", &self.points, |entry, _, point| {
            entry.points("member", point.member.0, members)?;
            entry.up_to("in_per_period", point.in_per_period, limits::LOAD_MAX)?;
            entry.up_to("usable_from", point.usable_from.0, self.periods)
        })
    }

    fn validate_feed(&self, entry: &Entry, from: usize, to: SiteIdx) -> Verdict {
        entry.points("feeds", to.0, self.sites.len())?;
        if self.sites[from].tier < self.sites[to.index()].tier {
            return Ok(());
        }
        Err(ProblemError::TierCycle { from, to: to.index() })
    }

    fn validate_vehicles(&self) -> Verdict {
        each("classes", &self.classes, |entry, _, class| {
            entry.within("capacity_g", class.capacity_g, 1, limits::CAPACITY_MAX.into())?;
            entry.within("capacity_cm3", class.capacity_cm3, 1, limits::CAPACITY_MAX.into())?;
            entry.up_to("loading_s", class.loading_s, limits::SPAN_MAX_S)?;
            entry.up_to("unloading_s", class.unloading_s, limits::SPAN_MAX_S)?;
            entry.up_to("yen_per_hour", class.yen_per_hour, limits::YEN_MAX)?;
            entry.up_to("yen_per_trip", class.yen_per_trip, limits::YEN_MAX)
        })?;
        each("fleets", &self.fleets, |entry, _, fleet| {
            match fleet.home {
                Home::Site(site) => entry.points("home", site.0, self.sites.len())?,
                Home::Member(member) => entry.points("home", member.0, self.members as usize)?,
            }
            entry.points("class", fleet.class.0, self.classes.len())?;
            entry.up_to("vehicles", fleet.vehicles, limits::VEHICLES_MAX)?;
            let most = u64::from(limits::VEHICLES_MAX) * u64::from(limits::DAY_S);
            entry.up_to("driver_s_per_day", fleet.driver_s_per_day, most)
        })?;
        each("busy", &self.busy, |entry, _, busy| {
            entry.points("fleet", busy.fleet.0, self.fleets.len())?;
            entry.points("period", busy.period.0, self.periods as usize)?;
            let most = u64::from(limits::VEHICLES_MAX) * u64::from(limits::DAY_S);
            entry.up_to("vehicle_s", busy.vehicle_s, most)?;
            entry.up_to("driver_s", busy.driver_s, most)
        })?;
        let places: Vec<_> = self.busy.iter().map(|busy| (busy.fleet, busy.period)).collect();
        ascending("busy", &places)?;
        each("bundles", &self.bundles, |entry, _, bundle| {
            entry.up_to("load_per_period", bundle.load_per_period.unwrap_or(0), limits::LOAD_MAX)?;
            entry.up_to("vehicles_per_period", bundle.vehicles_per_period.unwrap_or(0), limits::UNITS_MAX)
        })
    }

    fn validate_ways(&self) -> Verdict {
        each("passages", &self.passages, |entry, _, passage| {
            at_most("bundles of a way", passage.len(), limits::PASSED_MAX)?;
            passage.iter().try_for_each(|bundle| entry.points("bundles", bundle.0, self.bundles.len()))
        })?;
        if self.ways.len() != self.classes.len() {
            let (count, limit) = (self.ways.len(), self.classes.len());
            return Err(ProblemError::TooMany { what: "ways (one matrix for each class)", count, limit });
        }
        let expected = self.sites.len() * (self.sites.len() + self.points.len());
        each("ways", &self.ways, |entry, index, ways| {
            let count = ways.travel_s.len();
            if count != expected {
                return Err(ProblemError::Shape { index, field: "travel_s", count, expected });
            }
            let count = ways.passage.len();
            if count != 0 && count != expected {
                return Err(ProblemError::Shape { index, field: "passage", count, expected });
            }
            let too_long = |&&travel_s: &&u32| travel_s != UNREACHABLE && travel_s > limits::SPAN_MAX_S;
            if let Some(&travel_s) = ways.travel_s.iter().find(too_long) {
                entry.up_to("travel_s", travel_s, limits::SPAN_MAX_S)?;
            }
            ways.passage.iter().try_for_each(|&passage| entry.points("passage", passage, self.passages.len()))
        })
    }

    fn validate_stocks(&self) -> Verdict {
        let mut keys: Vec<_> = Vec::with_capacity(self.stocks.len());
        each("stocks", &self.stocks, |entry, index, stock| {
            entry.points("site", stock.site.0, self.sites.len())?;
            entry.points("good", stock.good.0, self.goods.len())?;
            entry.up_to("units", stock.units, limits::UNITS_MAX)?;
            entry.up_to("reserve", stock.reserve, limits::UNITS_MAX)?;
            entry.up_to("available_from", stock.available_from.0, self.periods)?;
            keys.push((stock.site, stock.good, stock.available_from, index));
            Ok(())
        })?;
        keys.sort_unstable();
        let twice = keys
            .windows(2)
            .find(|pair| (pair[0].0, pair[0].1, pair[0].2) == (pair[1].0, pair[1].1, pair[1].2));
        twice.map_or(Ok(()), |pair| Err(ProblemError::OutOfOrder { list: "stocks", index: pair[1].3 }))
    }

    fn validate_needs(&self) -> Verdict {
        each("needs", &self.needs, |entry, index, need| {
            entry.points("point", need.point.0, self.points.len())?;
            entry.points("good", need.good.0, self.goods.len())?;
            entry.within("units", need.units, 1, limits::UNITS_MAX.into())?;
            entry.within("priority", need.priority, 1, limits::PRIORITY_MAX.into())?;
            let until_s = need.useful_until_s.unwrap_or(need.wanted_by_s);
            for (field, instant_s) in [("wanted_by_s", need.wanted_by_s), ("useful_until_s", until_s)] {
                entry.within(field, instant_s, i128::from(i64::MIN), limits::INSTANT_MAX_S.into())?;
                if instant_s <= self.start_s {
                    return Err(ProblemError::DeadlineBeforeStart { index, field });
                }
            }
            if until_s < need.wanted_by_s {
                return Err(ProblemError::UselessWhenWanted { index });
            }
            Ok(())
        })
    }

    fn validate_agreements(&self) -> Verdict {
        let members = self.members as usize;
        each("agreements", &self.agreements, |entry, _, agreement| {
            entry.points("giver", agreement.0.0, members)?;
            entry.points("receiver", agreement.1.0, members)
        })?;
        ascending("agreements", &self.agreements)?;
        each("pairings", &self.pairings, |entry, _, pairing| {
            entry.points("giver", pairing.giver.0, members)?;
            entry.points("receiver", pairing.receiver.0, members)
        })?;
        each("consents", &self.consents, |entry, _, consent| {
            entry.points("member", consent.0.0, members)?;
            entry.points("good", consent.1.0, self.goods.len())
        })?;
        ascending("consents", &self.consents)?;
        each("frozen", &self.frozen, |entry, _, shipment| self.validate_shipment(entry, shipment))
    }

    /// Whether a shipment names what is there.
    pub(super) fn validate_one(&self, index: usize, shipment: &Shipment) -> Verdict {
        self.validate_shipment(&Entry("shipments", index), shipment)
    }

    fn validate_shipment(&self, entry: &Entry, shipment: &Shipment) -> Verdict {
        let PeriodIdx(departs) = shipment.departs;
        entry.points("departs", departs, self.periods as usize)?;
        entry.points("from", shipment.from.0, self.sites.len())?;
        match shipment.to {
            Stop::Site(site) => entry.points("to", site.0, self.sites.len())?,
            Stop::Point(point) => entry.points("to", point.0, self.points.len())?,
        }
        entry.points("fleet", shipment.fleet.0, self.fleets.len())?;
        entry.within("vehicles", shipment.vehicles, 1, limits::VEHICLES_MAX.into())?;
        for line in &shipment.lines {
            entry.points("lines.stock", line.stock.0, self.stocks.len())?;
            if let Some(need) = line.need {
                entry.points("lines.need", need.0, self.needs.len())?;
            }
            let units = u64::from(line.units) * u64::from(shipment.vehicles);
            entry.within("lines.units x vehicles", units, 1, limits::UNITS_MAX.into())?;
        }
        Ok(())
    }
}

const _: () = assert!(limits::LOAD_MAX < Load::MAX / 1_000_000);
