//! Folding what is said of goods and needs.

use super::{into_set, out_of_set};
use crate::decision::event::Context;
use crate::decision::limits::STOCK_COUNTS_KEPT;
use crate::decision::model::{
    Handover, Need, NeedPlace, NeedUse, NeedVersion, NeedWithdrawal, Shipment, ShipmentAnswer, ShipmentUse,
    Stock, StockCount,
};
use crate::decision::state::Aid;
use crate::id::{CommodityId, DepotId, NeedId, ShipmentId, StockId};
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

    pub(super) fn apply_answer(&mut self, shipment: &Shipment, answer: &ShipmentAnswer) {
        match answer {
            ShipmentAnswer::Approved { .. } => self.shipments_waiting.insert_mut(shipment.id.clone()),
            ShipmentAnswer::Declined { .. } => {
                self.shipments_waiting.remove_mut(&shipment.id);
            }
        }
        self.planned_mut(shipment).answer = Some(answer.clone());
    }

    pub(super) fn apply_dispatch(&mut self, id: &ShipmentId, handover: Handover) {
        self.shipments_waiting.remove_mut(id);
        let sender = self.shipment_mut(id).shipment.sender.clone();
        for goods in &handover.goods {
            let stock = self.stock_mut(&sender, &goods.commodity);
            stock.quantity = stock.quantity.checked_sub(goods.quantity).expect("what left was there");
            stock.changed_at = handover.at;
        }
        self.shipment_mut(id).dispatched = Some(handover);
    }

    pub(super) fn apply_receipt(&mut self, id: &ShipmentId, handover: Handover) {
        let receiver = self.shipment_mut(id).shipment.receiver.clone();
        for goods in &handover.goods {
            let key = StockId::new(&receiver, &goods.commodity);
            match self.stocks.get_mut(&key) {
                Some(stock) => {
                    stock.quantity = stock.quantity.saturating_add(goods.quantity);
                    stock.changed_at = handover.at;
                }
                None => {
                    let (counts, quantity) = (Vec::new(), goods.quantity);
                    let stock = Stock { counts, quantity, changed_at: handover.at, consent: None };
                    self.stocks.insert_mut(key, stock);
                }
            }
        }
        self.shipment_mut(id).received = Some(handover);
    }

    /// A shipment, known here from now on.
    pub(super) fn planned_mut(&mut self, shipment: &Shipment) -> &mut ShipmentUse {
        if !self.shipments.contains_key(&shipment.id) {
            self.shipments.insert_mut(shipment.id.clone(), ShipmentUse::new(shipment.clone()));
        }
        self.shipment_mut(&shipment.id)
    }

    pub(super) fn shipment_mut(&mut self, id: &ShipmentId) -> &mut ShipmentUse {
        self.shipments.get_mut(id).expect("a shipment moves after it was approved or seen")
    }

    /// The municipality that a place lies in; 0 where nobody said.
    pub(crate) fn municipality(&self, place: &NeedPlace) -> u32 {
        match place {
            NeedPlace::Municipality(code) => *code,
            NeedPlace::Depot(depot) => self.depots.get(depot).map_or(0, |depot| depot.municipality),
        }
    }
}
