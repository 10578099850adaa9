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
    /// O(n log n + p) for n needs that stand and p pairs in one municipality, or in a city and its wards, for one
    /// commodity.
    #[must_use]
    pub fn of(view: &View) -> Duplicates {
        let mut groups: Groups<'_> = BTreeMap::new();
        for (code, need) in view.standing_needs() {
            groups.entry((code, &need.commodity)).or_default().push(need);
        }
        let mut found = Duplicates::default();
        for ((code, commodity), needs) in &groups {
            for (first, need) in needs.iter().enumerate() {
                for other in &needs[first + 1..] {
                    found.note(need, other);
                }
            }
            let city = city_of_ward(*code).and_then(|city| groups.get(&(city, *commodity)));
            for of_city in city.into_iter().flatten().filter(|need| is_whole(need)) {
                needs.iter().for_each(|of_ward| found.note_city(of_ward, of_city));
            }
        }
        found
    }

    /// Two needs in one municipality, for one commodity.
    fn note(&mut self, one: &Need, other: &Need) {
        if !one.overlaps(other) {
            return;
        }
        if one.place == other.place {
            if one.reporter != other.reporter {
                self.pair(one, other, Why::OtherReporter);
            }
        } else if is_whole(one) || is_whole(other) {
            self.pair(one, other, Why::PlaceAndMunicipality);
        }
    }

    /// A need in a ward, for the ward or for one place in it, and one of the whole city.
    fn note_city(&mut self, of_ward: &Need, of_city: &Need) {
        if is_whole(of_ward) {
            self.pair(of_ward, of_city, Why::WardAndCity);
        } else if of_ward.overlaps(of_city) {
            self.pair(of_ward, of_city, Why::PlaceAndMunicipality);
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
