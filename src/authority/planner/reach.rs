//! How soon units that stand anywhere are at a place by road.

use super::RankPlanner;
use crate::authority::{LivePositions, View};
use crate::network::{Footing, legs_to};
use crate::units::{Position, Seconds};
use std::sync::Arc;

impl RankPlanner {
    /// Where assets were last seen, as rankings take it.
    #[must_use]
    pub fn positions(&self) -> &Arc<LivePositions> {
        &self.positions
    }

    /// Driving times from each of `from` to `to` as the roads are now, in the order of `from`; [`UNREACHABLE`] where no
    /// road leads. Their feet are not remembered: what moves stands nowhere twice.
    ///
    /// # Complexity
    /// One search over the network, and one for each foot.
    ///
    /// [`UNREACHABLE`]: crate::units::UNREACHABLE
    #[must_use]
    pub fn drives_to(&self, view: &View, from: &[Position], to: Position) -> Vec<Seconds> {
        let (map, now) = (self.roads.map(), self.roads_now(view));
        let footings: Vec<Footing> = from.iter().map(|position| self.roads.footing(*position)).collect();
        let from: Vec<&Footing> = footings.iter().collect();
        let to = self.roads.footing(to);
        legs_to(map, &now.times, &from, &to).iter().map(|leg| leg.total_s()).collect()
    }
}
