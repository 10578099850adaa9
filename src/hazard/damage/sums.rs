//! What an earthquake did, added up: over everything, and by municipality for the unit model.

use super::{HospitalState, Strike, TownHit};
use crate::hazard::unit_model::{Kind, Need, PEOPLE_MAX, People, Profile};
use std::collections::BTreeMap;

/// Everything together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Buildings that collapsed fully.
    pub full: u64,
    /// Buildings that collapsed half.
    pub half: u64,
    /// People dead at once.
    pub dead: u64,
    /// People hurt seriously.
    pub serious: u64,
    /// People hurt lightly.
    pub light: u64,
    /// Most people in shelters on one day.
    pub in_shelter_max: u64,
    /// The first day on which so many are there, from 1.
    pub in_shelter_max_day: u32,
    /// People without water on day 1.
    pub without_water: u64,
    /// People without power on day 1.
    pub without_power: u64,
    /// Hospitals that take nobody.
    pub hospitals_out: u64,
    /// Hospitals that lost beds.
    pub hospitals_reduced: u64,
    /// Beds that cannot be used.
    pub beds_lost: u64,
}

impl Strike {
    /// Adds everything up.
    #[must_use]
    pub fn totals(&self) -> Totals {
        let sum = |of: fn(&TownHit) -> u32| self.towns.iter().map(|town| u64::from(of(town))).sum::<u64>();
        let in_state = |state| self.hospitals.iter().filter(|hit| hit.state == state).count() as u64;
        let in_shelter = self.by_day(|town| &town.in_shelter);
        let in_shelter_max = in_shelter.iter().copied().max().unwrap_or(0);
        let first = in_shelter.iter().position(|people| *people == in_shelter_max).unwrap_or(0);
        Totals {
            full: sum(|town| town.wooden_full) + sum(|town| town.other_full),
            half: sum(|town| town.wooden_half) + sum(|town| town.other_half),
            dead: sum(|town| town.dead),
            serious: sum(|town| town.serious),
            light: sum(|town| town.light),
            in_shelter_max,
            in_shelter_max_day: first as u32 + 1,
            without_water: self.by_day(|town| &town.without_water).first().copied().unwrap_or(0),
            without_power: self.by_day(|town| &town.without_power).first().copied().unwrap_or(0),
            hospitals_out: in_state(HospitalState::Out),
            hospitals_reduced: in_state(HospitalState::Reduced),
            beds_lost: self.hospitals.iter().map(|hit| u64::from(hit.beds_lost)).sum(),
        }
    }

    /// People of all towns by day, day 1 first.
    #[must_use]
    pub fn by_day(&self, of: impl Fn(&TownHit) -> &Vec<u32>) -> Vec<u64> {
        let mut days = Vec::new();
        for town in &self.towns {
            let people = of(town);
            days.resize(days.len().max(people.len()), 0);
            days.iter_mut().zip(people).for_each(|(day, people): (&mut u64, _)| *day += u64::from(*people));
        }
        days
    }

    /// People with needs in each municipality, day 1 first; the wards of a city count as the city.
    #[must_use]
    pub fn people(&self) -> BTreeMap<u32, Vec<People>> {
        let mut counts: BTreeMap<u32, Vec<[u32; 2]>> = BTreeMap::new();
        for town in &self.towns {
            let days = counts.entry(town.municipality).or_default();
            days.resize(days.len().max(town.in_shelter.len()), [0; 2]);
            for (day, told) in days.iter_mut().zip(town.in_shelter.iter().zip(&town.without_water)) {
                *day = [day[0].saturating_add(*told.0), day[1].saturating_add(*told.1)];
            }
        }
        let people = |days: Vec<[u32; 2]>| days.into_iter().map(in_need).collect();
        counts.into_iter().map(|(municipality, days)| (municipality, people(days))).collect()
    }

    /// What each municipality needs to come in, by the unit model, day 1 first; as
    /// [`Profile::needs_by_day`] has it.
    ///
    /// # Complexity
    /// O(municipalities x days x commodities).
    #[must_use]
    pub fn needs(&self, model: &Profile) -> BTreeMap<u32, Vec<Vec<Need>>> {
        let people = self.people().into_iter();
        people.map(|(municipality, days)| (municipality, model.needs_by_day(&days))).collect()
    }
}

fn in_need([in_shelter, without_water]: [u32; 2]) -> People {
    let count = |people: u32| i64::from(people.min(PEOPLE_MAX));
    People::new(&[(Kind::InShelter, count(in_shelter)), (Kind::WaterCut, count(without_water))])
        .expect("nobody is stated twice, no number is beyond the limit, and no part is stated")
}
