//! What each aircraft flew, and what each prefecture asked of others.

use crate::drill::Scenario;
use crate::drill::compare::measure::Homes;
use crate::drill::runner::{Outcome, Told};
use crate::id::{AssetId, Slug};
use std::collections::BTreeMap;

/// What one aircraft flew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AircraftUse {
    /// Which.
    pub asset: AssetId,
    /// Missions.
    pub missions: u32,
    /// Those for another prefecture among them.
    pub for_others: u32,
    /// Seconds from lift-off to landing at home, all missions together.
    pub away_s: u64,
}

/// What one prefecture asked, the cities in it included, and what that costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrefectureCost {
    /// Which.
    pub prefecture: Slug,
    /// Calls from it.
    pub calls: u32,
    /// Flown by its own aircraft.
    pub by_own: u32,
    /// Flown by others'.
    pub by_others: u32,
    /// Served by road.
    pub by_road: u32,
    /// Answered by nobody.
    pub nobody: u32,
    /// What its aircraft flew for others.
    pub for_others: u32,
    /// What it pays for flights of others.
    pub pays_yen: u64,
    /// What others pay for its flights.
    pub gets_yen: u64,
}

/// Of every aircraft that flew, by name.
pub(super) fn usage(outcome: &Outcome, scenario: &Scenario) -> Vec<AircraftUse> {
    let homes = Homes::of(scenario);
    let flown = outcome.usage();
    let mut uses: Vec<AircraftUse> = flown
        .into_iter()
        .map(|(asset, (missions, away_s))| AircraftUse {
            asset: asset.clone(),
            missions,
            for_others: 0,
            away_s,
        })
        .collect();
    for call in &outcome.calls {
        let Told::Flown(flown) = &call.told else { continue };
        if homes.is_for_another(&flown.asset, &call.area)
            && let Ok(place) = uses.binary_search_by(|used| used.asset.cmp(&flown.asset))
            && let Some(used) = uses.get_mut(place)
        {
            used.for_others += 1;
        }
    }
    uses
}

/// Of every prefecture that called or flew, by name.
pub(super) fn costs(outcome: &Outcome, scenario: &Scenario, fee_yen: u32) -> Vec<PrefectureCost> {
    let homes = Homes::of(scenario);
    let mut rows: BTreeMap<Slug, PrefectureCost> = BTreeMap::new();
    let fee_yen = u64::from(fee_yen);
    for call in &outcome.calls {
        let Some(asks) = homes.of_area(&call.area) else { continue };
        let row = of(&mut rows, asks);
        row.calls += 1;
        match &call.told {
            Told::Ground { .. } => row.by_road += 1,
            Told::Nobody => row.nobody += 1,
            Told::Flown(flown) if homes.is_for_another(&flown.asset, &call.area) => {
                row.by_others += 1;
                row.pays_yen += fee_yen;
                if let Some(flies) = homes.of_asset(&flown.asset) {
                    let row = of(&mut rows, flies);
                    row.for_others += 1;
                    row.gets_yen += fee_yen;
                }
            }
            Told::Flown(_) => row.by_own += 1,
        }
    }
    rows.into_values().collect()
}

fn of<'r>(rows: &'r mut BTreeMap<Slug, PrefectureCost>, prefecture: &Slug) -> &'r mut PrefectureCost {
    rows.entry(prefecture.clone()).or_insert_with(|| PrefectureCost {
        prefecture: prefecture.clone(),
        calls: 0,
        by_own: 0,
        by_others: 0,
        by_road: 0,
        nobody: 0,
        for_others: 0,
        pays_yen: 0,
        gets_yen: 0,
    })
}
