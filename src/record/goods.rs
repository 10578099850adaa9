//! Commodities, depots, fleets and stocks.

use super::field::{record, words};
use super::wire;
use crate::decision::model::{
    Commodity, Depot, DepotReport, DepotState, DepotTier, Fleet, StockCount, VehicleClass,
};

record!(Commodity { id, name, unit, mass_g, volume_cm3, units_per_carton, objective_tier, per_person_milli });
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
