//! What a run came to, in figures that can be compared.

use crate::decision::Command;
use crate::drill::Scenario;
use crate::drill::runner::{Outcome, Told, permille_of};
use crate::id::{AssetId, OrganisationId, Slug};
use crate::units::Seconds;
use std::collections::BTreeMap;

/// Care later than this counts as late: the union's aim is "emergency care within 30 minutes all over Kansai"
/// (FACTS 1.1, S2).
pub const LATE_S: Seconds = 30 * 60;
/// What a flight for another prefecture costs that prefecture, unless it is said otherwise: the middle of the 300,000 to
/// 350,000 yen a sortie that Nara paid as a non-member (FACTS 1.4, S23). Illustrative: within the union costs are shared by
/// use, at prices that were not found.
pub const FEE_YEN: u32 = 325_000;

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// Minutes from a call to care, the mean of those who got any.
    CareMean,
    /// Minutes within which nine in ten of them got it.
    CareNineInTen,
    /// Calls that got care later than [`LATE_S`], or none.
    Late,
    /// Calls that nobody answered.
    Nobody,
    /// Asks that no aircraft followed.
    AsksWithoutGo,
    /// Hours from lift-off to landing at home, all aircraft together.
    HelicopterHours,
    /// Flights for another prefecture.
    ForOthers,
    /// What these cost, yen.
    FeesYen,
}

impl Measure {
    /// Every measure, in the order in which they are shown.
    pub const ALL: [Measure; 8] = [
        Measure::CareMean,
        Measure::CareNineInTen,
        Measure::Late,
        Measure::Nobody,
        Measure::AsksWithoutGo,
        Measure::HelicopterHours,
        Measure::ForOthers,
        Measure::FeesYen,
    ];
}

/// The figures of one run, whole numbers all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figures {
    /// Calls.
    pub calls: u32,
    /// Calls that got care.
    pub cared: u32,
    /// Their seconds to care, added up.
    pub care_s: u64,
    /// Seconds within which nine in ten of them got it; none where nobody did.
    pub care_nine_in_ten_s: Option<Seconds>,
    /// Calls that got care later than [`LATE_S`], or none.
    pub late: u32,
    /// Calls that nobody answered.
    pub nobody: u32,
    /// Asks that no aircraft followed.
    pub asks_without_go: u32,
    /// Seconds in the air, as [`Outcome::usage`] counts them.
    pub away_s: u64,
    /// Flights for another prefecture.
    pub for_others: u32,
    /// What these cost.
    pub fees_yen: u64,
}

impl Figures {
    /// Of one run in its scenario.
    ///
    /// # Complexity
    /// O(commands + calls log calls).
    #[must_use]
    pub fn of(outcome: &Outcome, scenario: &Scenario, fee_yen: u32) -> Figures {
        let homes = Homes::of(scenario);
        let care_s = outcome.care_s();
        let count = |spans: usize| u32::try_from(spans).unwrap_or(u32::MAX);
        let in_time = care_s.iter().filter(|care_s| **care_s <= LATE_S).count();
        let nobody = outcome.calls.iter().filter(|call| call.told == Told::Nobody).count();
        let for_others = outcome.calls.iter().filter(|call| match &call.told {
            Told::Flown(flown) => homes.is_for_another(&flown.asset, &call.area),
            Told::Ground { .. } | Told::Nobody => false,
        });
        let for_others = count(for_others.count());
        Figures {
            calls: count(outcome.calls.len()),
            cared: count(care_s.len()),
            care_s: care_s.iter().map(|span_s| u64::from(*span_s)).sum(),
            care_nine_in_ten_s: permille_of(&care_s, 900),
            late: count(outcome.calls.len() - in_time),
            nobody: count(nobody),
            asks_without_go: outcome.calls.iter().map(|call| call.refused).sum(),
            away_s: outcome.usage().values().map(|(_, away_s)| away_s).sum(),
            for_others,
            fees_yen: u64::from(for_others) * u64::from(fee_yen),
        }
    }

    /// One of them in the unit in which it is compared; none where there is nothing to measure.
    #[must_use]
    pub fn get(&self, measure: Measure) -> Option<f64> {
        let minutes = |span_s: f64| span_s / 60.0;
        match measure {
            Measure::CareMean => {
                (self.cared > 0).then(|| minutes(self.care_s as f64 / f64::from(self.cared)))
            }
            Measure::CareNineInTen => self.care_nine_in_ten_s.map(|span_s| minutes(f64::from(span_s))),
            Measure::Late => Some(f64::from(self.late)),
            Measure::Nobody => Some(f64::from(self.nobody)),
            Measure::AsksWithoutGo => Some(f64::from(self.asks_without_go)),
            Measure::HelicopterHours => Some(self.away_s as f64 / 3_600.0),
            Measure::ForOthers => Some(f64::from(self.for_others)),
            Measure::FeesYen => Some(self.fees_yen as f64),
        }
    }
}

/// Which prefecture aircraft and areas are counted in, the cities with the prefecture around them.
#[derive(Clone, Debug, Default)]
pub struct Homes {
    assets: BTreeMap<AssetId, Slug>,
    areas: BTreeMap<OrganisationId, Slug>,
}

impl Homes {
    /// As a scenario states them.
    #[must_use]
    pub fn of(scenario: &Scenario) -> Homes {
        let mut homes = Homes::default();
        for seed in &scenario.seeds {
            match &seed.command {
                Command::RegisterAsset(asset) if asset.kind.is_aircraft() => {
                    homes.assets.insert(asset.id.clone(), asset.block.clone());
                }
                Command::StateArea(area) => {
                    homes.areas.insert(area.organisation.clone(), area.block.clone());
                }
                _ => {}
            }
        }
        homes
    }

    /// Where an aircraft is counted.
    #[must_use]
    pub fn of_asset(&self, asset: &AssetId) -> Option<&Slug> {
        self.assets.get(asset)
    }

    /// Where an area is counted.
    #[must_use]
    pub fn of_area(&self, area: &OrganisationId) -> Option<&Slug> {
        self.areas.get(area)
    }

    /// Whether an aircraft that flies for an area flies for another prefecture.
    #[must_use]
    pub fn is_for_another(&self, asset: &AssetId, area: &OrganisationId) -> bool {
        self.of_asset(asset) != self.of_area(area)
    }
}
