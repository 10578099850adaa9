//! Needs that may be stated twice: an index over the merged view.
//!
//! Nothing here drops a need; it only says which ones a person should look at, and why. Pure: equal views give equal
//! answers.

use super::View;
use crate::decision::model::{Need, NeedPlace, city_of_ward};
use crate::id::{CommodityId, NeedId};
use std::collections::{BTreeMap, BTreeSet};

/// Why two needs may mean the same goods for the same people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// Two reporters state the same commodity for the same place and days.
    OtherReporter,
    /// One reporter states the same quantity for the same place, commodity and time again: a list that was sent twice.
    SameReporter,
    /// A ward and its city, in two ledgers: one refuses the second.
    WardAndCity,
    /// One receiving point alone, a shelter as a rule, and the municipality that it lies in, or its city, for days that
    /// overlap: the municipality's figure may hold the shelter's people.
    PlaceAndMunicipality,
}

/// Needs that may mean the same goods for the same people. All of them stand until a person withdraws one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Duplicates {
    of: BTreeMap<NeedId, BTreeMap<NeedId, Why>>,
}

/// Needs for one commodity that stand, by the municipality that they are in.
type Groups<'a> = BTreeMap<(u32, &'a CommodityId), Vec<&'a Need>>;

impl Duplicates {
    /// Those of a view.
    ///
    /// # Complexity
    /// O(n log n + p) for n needs that stand and p pairs for one commodity: at one place, of a municipality and the places in
    /// it, of a city and what is in its wards.
    #[must_use]
    pub fn of(view: &View) -> Duplicates {
        let mut groups: Groups<'_> = BTreeMap::new();
        for (code, need) in view.standing_needs() {
            groups.entry((code, &need.commodity)).or_default().push(need);
        }
        let mut found = Duplicates::default();
        for needs in groups.values_mut() {
            needs.sort_by_key(|need| &need.place);
            needs.chunk_by(|one, next| one.place == next.place).for_each(|here| found.note_place(here));
            found.note_whole(needs, needs);
        }
        for ((code, commodity), needs) in &groups {
            if let Some(of_city) = city_of_ward(*code).and_then(|city| groups.get(&(city, *commodity))) {
                found.note_whole(needs, of_city);
                found.note_wards(needs, of_city);
            }
        }
        found
    }

    /// Needs at one place: reporters who state the same days, and whoever states the same twice.
    fn note_place(&mut self, here: &[&Need]) {
        for (first, need) in here.iter().enumerate() {
            for other in &here[first + 1..] {
                let is_repeated = (need.quantity, need.wanted_by, need.daily_until)
                    == (other.quantity, other.wanted_by, other.daily_until);
                if need.reporter != other.reporter {
                    if need.overlaps(other) {
                        self.pair(need, other, Why::OtherReporter);
                    }
                } else if is_repeated {
                    self.pair(need, other, Why::SameReporter);
                }
            }
        }
    }

    /// Needs at single places, beside those of the whole municipality that they lie in.
    fn note_whole(&mut self, places: &[&Need], around: &[&Need]) {
        for whole in around.iter().filter(|need| is_whole(need)) {
            let within = places.iter().filter(|need| !is_whole(need) && need.overlaps(whole));
            within.for_each(|need| self.pair(need, whole, Why::PlaceAndMunicipality));
        }
    }

    /// Needs of a whole ward beside those of its city, whatever the days.
    fn note_wards(&mut self, of_ward: &[&Need], of_city: &[&Need]) {
        for city in of_city.iter().filter(|need| is_whole(need)) {
            let wards = of_ward.iter().filter(|need| is_whole(need));
            wards.for_each(|ward| self.pair(ward, city, Why::WardAndCity));
        }
    }

    fn pair(&mut self, one: &Need, other: &Need, why: Why) {
        self.of.entry(one.id.clone()).or_default().insert(other.id.clone(), why);
        self.of.entry(other.id.clone()).or_default().insert(one.id.clone(), why);
    }

    /// What may mean the same as `need`, by name, and why.
    pub fn of_need<'a>(&'a self, need: &NeedId) -> impl Iterator<Item = (&'a NeedId, Why)> + use<'a> {
        self.of.get(need).into_iter().flatten().map(|(other, why)| (other, *why))
    }

    /// Why something may mean the same as `need`, each reason once.
    #[must_use]
    pub fn reasons(&self, need: &NeedId) -> BTreeSet<Why> {
        self.of_need(need).map(|(_, why)| why).collect()
    }

    /// Whether something may mean the same as `need`.
    #[must_use]
    pub fn has(&self, need: &NeedId) -> bool {
        self.of.contains_key(need)
    }
}

/// Whether the people of a whole municipality or ward need it, not those at one receiving point.
fn is_whole(need: &Need) -> bool {
    matches!(need.place, NeedPlace::Municipality(_))
}
