//! The part of a state that mutual aid with goods is made of.

use super::{Map, Set};
use crate::decision::model::{Depot, DepotReport, DepotState, Fleet, NeedUse, ShipmentUse, Stock};
use crate::id::{CommodityId, DepotId, FleetId, NeedId, ShipmentId, StockId};

/// Goods and needs of one member.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Aid {
    /// Depots, as registered.
    pub depots: Map<DepotId, Depot>,
    /// What was last said of them.
    pub depot_reports: Map<DepotId, DepotReport>,
    /// Fleets, as registered.
    pub fleets: Map<FleetId, Fleet>,
    /// What lies where.
    pub stocks: Map<StockId, Stock>,
    /// Needs that this member ever stated.
    pub needs: Map<NeedId, NeedUse>,
    /// Those among them that stand, by the municipality that they lie in.
    pub needs_standing: Map<u32, Set<(CommodityId, NeedId)>>,
    /// How many stand.
    pub needs_standing_count: u32,
    /// How many were ever stated.
    pub needs_count: u64,
    /// Shipments that this member sends or receives.
    pub shipments: Map<ShipmentId, ShipmentUse>,
    /// Those among them that it approved and that have not left.
    pub shipments_waiting: Set<ShipmentId>,
}

impl Aid {
    /// How a depot stands: open until somebody says otherwise.
    #[must_use]
    pub fn depot_state(&self, depot: &DepotId) -> DepotState {
        self.depot_reports.get(depot).map_or(DepotState::Open, |report| report.state)
    }
}
