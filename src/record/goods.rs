//! Commodities, depots, fleets and stocks.

use super::field::{Recorded, Wrong, record, words};
use super::wire;
use crate::decision::model::{
    Commodity, CommodityKind, Depot, DepotReport, DepotState, DepotTier, Fleet, StockCount, VehicleClass,
};

record!(Commodity {
    id,
    name,
    kind,
    unit,
    mass_g,
    volume_cm3,
    units_per_carton,
    objective_tier,
    per_person_milli
});
record!(Depot { id, name, tier, position, municipality, lorries_per_hour, telephone, dock_hours });
words!(DepotTier { Zero, One, Two, Shelter });
record!(DepotReport { state, note, reported_at });
words!(DepotState { Open, Lost });
record!(Fleet {
    id,
    name,
    depot,
    class,
    vehicles,
    drivers,
    telephone,
    shift_hours,
    loading_min,
    unloading_min,
    payload_kg
});
words!(VehicleClass { Lorry4t, Lorry10t, Helicopter, Ship });
record!(StockCount { depot, commodity, quantity, reserve, counted_at, counted_by });

/// Records from before there were kinds say nothing of it: what they registered are goods.
impl Recorded<i32> for CommodityKind {
    fn write(&self) -> i32 {
        let kind = match self {
            CommodityKind::Goods => wire::CommodityKind::Unspecified,
            CommodityKind::Team => wire::CommodityKind::Team,
            CommodityKind::Place => wire::CommodityKind::Place,
        };
        kind as i32
    }

    fn read(wire: i32) -> Result<CommodityKind, Wrong> {
        match wire::CommodityKind::try_from(wire) {
            Ok(wire::CommodityKind::Unspecified) => Ok(CommodityKind::Goods),
            Ok(wire::CommodityKind::Team) => Ok(CommodityKind::Team),
            Ok(wire::CommodityKind::Place) => Ok(CommodityKind::Place),
            Err(_) => Err(Wrong::newer(wire)),
        }
    }
}

#[cfg(test)]
impl super::sample::Sample for CommodityKind {
    fn sample(dice: &mut super::sample::Dice) -> CommodityKind {
        dice.pick(&[CommodityKind::Goods, CommodityKind::Team, CommodityKind::Place])
    }
}
