//! Folding what is said of goods and needs.

use super::{into_set, out_of_set};
use crate::decision::event::Context;
use crate::decision::limits::STOCK_COUNTS_KEPT;
use crate::decision::model::{Need, NeedPlace, NeedUse, NeedVersion, NeedWithdrawal, Stock, StockCount};
use crate::decision::state::Aid;
use crate::id::{CommodityId, DepotId, NeedId, StockId};
use crate::units::Timestamp;

impl Aid {
    pub(super) fn apply_count(&mut self, count: &StockCount) {
        let key = StockId::new(&count.depot, &count.commodity);
        let (quantity, changed_at) = (count.quantity, count.counted_at);
        match self.stocks.get_mut(&key) {
            None => {
                let stock = Stock { counts: vec![count.clone()], quantity, changed_at, consent: None };
                self.stocks.insert_mut(key, stock);
            }
            Some(stock) => {
                if stock.counts.len() >= STOCK_COUNTS_KEPT {
                    stock.counts.remove(0);
                }
                stock.counts.push(count.clone());
                (stock.quantity, stock.changed_at) = (quantity, changed_at);
            }
        }
    }

    pub(super) fn stock_mut(&mut self, depot: &DepotId, commodity: &CommodityId) -> &mut Stock {
        let key = StockId::new(depot, commodity);
        self.stocks.get_mut(&key).expect("a reserve is of a stock that was counted")
    }

    pub(super) fn apply_need(&mut self, at: Timestamp, need: &Need) {
        self.needs_count += 1;
        self.needs_standing_count += 1;
        let standing = (need.commodity.clone(), need.id.clone());
        let municipality = self.municipality(&need.place);
        into_set(&mut self.needs_standing, &municipality, standing);
        let stated = NeedUse { need: need.clone(), stated_at: at, history: Vec::new(), withdrawn: None };
        self.needs.insert_mut(need.id.clone(), stated);
    }

    pub(super) fn apply_correction(&mut self, context: &Context, need: &Need, note: &str) {
        let said = self.needs.get_mut(&need.id).expect("a need is corrected after it was stated");
        let before = std::mem::replace(&mut said.need, need.clone());
        said.history.push(NeedVersion {
            need: before,
            corrected_at: context.at,
            corrected_by: context.actor.clone(),
            note: note.to_owned(),
        });
    }

    pub(super) fn apply_withdrawal(&mut self, at: Timestamp, id: &NeedId, note: &str) {
        let said = self.needs.get_mut(id).expect("a need is withdrawn after it was stated");
        assert!(said.withdrawn.is_none(), "{id} is withdrawn once");
        said.withdrawn = Some(NeedWithdrawal { at, note: note.to_owned() });
        let (place, standing) = (said.need.place.clone(), (said.need.commodity.clone(), id.clone()));
        self.needs_standing_count -= 1;
        let municipality = self.municipality(&place);
        out_of_set(&mut self.needs_standing, &municipality, &standing);
    }

    /// The municipality that a place lies in; 0 where nobody said.
    pub(crate) fn municipality(&self, place: &NeedPlace) -> u32 {
        match place {
            NeedPlace::Municipality(code) => *code,
            NeedPlace::Depot(depot) => self.depots.get(depot).map_or(0, |depot| depot.municipality),
        }
    }
}
