//! Seeded values of every type that a record can hold, extremes among them.

use crate::decision::model::Capabilities;
use crate::id::{
    AssetId, CommodityId, DepotId, FieldId, FleetId, HospitalId, MemberId, MissionId, NeedId, NoFlyAreaId,
    OfferId, OrganisationId, PairId, PlanId, RequestId, RequisitionId, RestrictionId, SLUG_BYTES_MAX,
    ShipmentId, SiteId, Slug, StandingOrderId, StructureId, WeatherRegionId,
};
use crate::units::{Position, Timestamp};

/// Splitmix64.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    /// The next 64 bits.
    pub(super) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A number below `bound`.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        (self.bits() % bound as u64) as usize
    }

    /// One of `values`.
    pub(super) fn pick<T: Clone>(&mut self, values: &[T]) -> T {
        values[self.below(values.len())].clone()
    }

    /// A value of any type.
    pub(super) fn roll<T: Sample>(&mut self) -> T {
        T::sample(self)
    }
}

/// Something that dice can make.
pub(super) trait Sample {
    /// Any value, the extremes more often than chance would have them.
    fn sample(dice: &mut Dice) -> Self;
}

macro_rules! integers {
    ($($integer:ty),*) => {
        $(impl Sample for $integer {
            fn sample(dice: &mut Dice) -> $integer {
                let any = dice.bits() as $integer;
                dice.pick(&[0, 1, <$integer>::MIN, <$integer>::MAX, any, any])
            }
        })*
    };
}

integers!(u8, u16, i32, u32, i64, u64);

impl Sample for bool {
    fn sample(dice: &mut Dice) -> bool {
        dice.bits() & 1 == 1
    }
}

impl Sample for String {
    fn sample(dice: &mut Dice) -> String {
        let long = "長い地名".repeat(dice.below(300));
        dice.pick(&[String::new(), "丹波市柏原町".to_owned(), "a\0b\u{10ffff}\n".to_owned(), long])
    }
}

impl<T: Sample> Sample for Option<T> {
    fn sample(dice: &mut Dice) -> Option<T> {
        if dice.roll() { Some(dice.roll()) } else { None }
    }
}

impl<T: Sample> Sample for Vec<T> {
    fn sample(dice: &mut Dice) -> Vec<T> {
        let count = dice.pick(&[0, 1, 2, 24]);
        (0..count).map(|_| dice.roll()).collect()
    }
}

impl<T: Sample, const N: usize> Sample for [T; N] {
    fn sample(dice: &mut Dice) -> [T; N] {
        std::array::from_fn(|_| dice.roll())
    }
}

impl Sample for Slug {
    fn sample(dice: &mut Dice) -> Slug {
        let length = dice.pick(&[1, 2, 12, SLUG_BYTES_MAX]);
        let mut text: String = (0..length).map(|_| dice.pick(&['a', 'z', '0', '9', '-'])).collect();
        text.replace_range(..1, "h");
        text.replace_range(length - 1.., "7");
        text.parse().unwrap()
    }
}

macro_rules! root_names {
    ($($id:ident),*) => {
        $(impl Sample for $id {
            fn sample(dice: &mut Dice) -> $id {
                $id(dice.roll())
            }
        })*
    };
}

root_names!(CommodityId, PairId, PlanId, MemberId, FieldId, StructureId, WeatherRegionId);

macro_rules! child_names {
    ($($id:ident),*) => {
        $(impl Sample for $id {
            fn sample(dice: &mut Dice) -> $id {
                $id { member: dice.roll(), slug: dice.roll() }
            }
        })*
    };
}

child_names!(
    DepotId,
    FleetId,
    NeedId,
    NoFlyAreaId,
    OrganisationId,
    AssetId,
    SiteId,
    HospitalId,
    RequestId,
    MissionId,
    OfferId,
    RestrictionId,
    StandingOrderId
);

impl Sample for RequisitionId {
    fn sample(dice: &mut Dice) -> RequisitionId {
        let (number, attempt): (u16, u16) = (dice.roll(), dice.roll());
        RequisitionId { request: dice.roll(), number: number.max(1), attempt: attempt.max(1) }
    }
}

impl Sample for ShipmentId {
    fn sample(dice: &mut Dice) -> ShipmentId {
        let number: u32 = dice.roll();
        ShipmentId { plan: dice.roll(), number: number.max(1) }
    }
}

impl Sample for Timestamp {
    fn sample(dice: &mut Dice) -> Timestamp {
        let any = Timestamp(1_764_896_400_000 + (dice.bits() >> 30) as i64);
        dice.pick(&[Timestamp::MIN, Timestamp::MAX, Timestamp(0), Timestamp(-1), any, any])
    }
}

impl Sample for Position {
    fn sample(dice: &mut Dice) -> Position {
        let lat_e7 = dice.pick(&[-900_000_000, 900_000_000, 0, 347_026_570]);
        let lon_e7 = dice.pick(&[-1_800_000_000, 1_800_000_000, 0, 1_350_326_540]);
        Position::from_e7(lat_e7, lon_e7).unwrap()
    }
}

impl Sample for Capabilities {
    fn sample(dice: &mut Dice) -> Capabilities {
        Capabilities(dice.roll())
    }
}
