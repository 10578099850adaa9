//! What is needed where, as the member says whose people need it.

use super::Actor;
use crate::id::{CommodityId, DepotId, NeedId};
use crate::units::Timestamp;

/// A need as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Need {
    /// Its name.
    pub id: NeedId,
    /// Who needs it.
    pub place: NeedPlace,
    /// What is needed.
    pub commodity: CommodityId,
    /// How much, in the commodity's unit: in all, or on each day of a standing need.
    pub quantity: u32,
    /// 1 before 2; 5 can wait.
    pub priority: u8,
    /// When it has to be there; of a standing need the first time.
    pub wanted_by: Timestamp,
    /// The same again every day until then; none: once.
    pub daily_until: Option<Timestamp>,
    /// Where the figure comes from.
    pub source: NeedSource,
    /// Who says so, by name.
    pub reporter: String,
    /// Anything to add.
    pub note: String,
}

/// Who needs something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NeedPlace {
    /// The people of a municipality or ward, by JIS code.
    Municipality(u32),
    /// The people at one receiving point.
    Depot(DepotId),
}

/// Where the figure of a need comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NeedSource {
    /// Somebody there said so.
    Report,
    /// Worked out from people and what one person needs.
    UnitModel,
    /// A table or map that was read.
    File,
}

/// A need and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NeedUse {
    /// As it stands.
    pub need: Need,
    /// When it was first stated.
    pub stated_at: Timestamp,
    /// As it stood before, oldest first.
    pub history: Vec<NeedVersion>,
    /// Set when it was withdrawn.
    pub withdrawn: Option<NeedWithdrawal>,
}

/// A need as it stood before it was corrected.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NeedVersion {
    /// As it stood.
    pub need: Need,
    /// Until when.
    pub corrected_at: Timestamp,
    /// Who corrected it.
    pub corrected_by: Actor,
    /// Why.
    pub note: String,
}

/// That nobody needs it any more.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct NeedWithdrawal {
    /// When this was said.
    pub at: Timestamp,
    /// Anything added.
    pub note: String,
}

/// What a person needs on one day is there for that long before its time.
const NEED_COVERS_MILLIS: i64 = 86_400_000;

impl Need {
    /// Whether two needs are for days that overlap. A need once covers the day that ends at its time; a standing one all
    /// its days.
    #[must_use]
    pub fn overlaps(&self, other: &Need) -> bool {
        let begins = |need: &Need| need.wanted_by.plus_millis(-NEED_COVERS_MILLIS);
        let ends = |need: &Need| need.daily_until.unwrap_or(need.wanted_by);
        begins(self) < ends(other) && begins(other) < ends(self)
    }
}

impl NeedUse {
    /// Whether it was not withdrawn.
    #[must_use]
    pub fn stands(&self) -> bool {
        self.withdrawn.is_none()
    }
}

/// Codes of the designated cities, whose wards have codes of their own. Ascending.
///
/// Source: JIS X 0402, the state's list of codes of local governments (総務省 全国地方公共団体コード).
const DESIGNATED_CITIES: [u32; 20] = [
    1_100, 4_100, 11_100, 12_100, 14_100, 14_130, 14_150, 15_100, 22_100, 22_130, 23_100, 26_100, 27_100,
    27_140, 28_100, 33_100, 34_100, 40_100, 40_130, 43_100,
];

/// The city that a ward is part of, by JIS codes; none for anything that is no ward.
#[must_use]
pub fn city_of_ward(code: u32) -> Option<u32> {
    // Wards have the numbers behind their city's, below 200; the special wards of Tokyo are municipalities.
    let of_city = DESIGNATED_CITIES.iter().rev().find(|city| **city <= code)?;
    let same_prefecture = of_city / 1_000 == code / 1_000;
    (same_prefecture && code % 1_000 < 200 && code != *of_city).then_some(*of_city)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ward_belongs_to_its_city_and_a_town_to_none() {
        let wards =
            [(28_101, 28_100), (28_111, 28_100), (27_128, 27_100), (27_141, 27_140), (26_111, 26_100)];
        for (ward, city) in wards {
            assert_eq!(city_of_ward(ward), Some(city));
        }
        for none in [28_100, 27_100, 27_140, 28_201, 13_101, 30_201, 999, 0, u32::MAX] {
            assert_eq!(city_of_ward(none), None, "{none}");
        }
    }
}
