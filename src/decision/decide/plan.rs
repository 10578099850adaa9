//! From a proposed plan to goods at their receiver.

use super::fields::{self, in_item, invalid};
use super::registry::room;
use crate::decision::command::{NewPlan, NewShipment};
use crate::decision::limits::{
    FUTURE_S_MAX, GOODS_MAX, NEED_AHEAD_S_MAX, OBJECTIVE_TIERS_MAX, PLAN_SHIPMENTS_MAX, PLAN_UNFILLED_MAX,
    PLANS_MAX, QUANTITY_MAX, REMEDIES_MAX,
};
use crate::decision::model::{
    DifferenceReason, Goods, Plan, Shipment, ShipmentAnswer, ShipmentDecline, ShipmentState, ShipmentUse,
    Stock, quantity_of,
};
use crate::decision::rejection::{FieldProblem, Kind, Rejection};
use crate::decision::{Event, State};
use crate::id::{PlanId, ShipmentId, StockId};
use crate::units::Timestamp;
use std::collections::BTreeMap;

/// Under which a plan may be approved.
pub(super) struct Terms<'c> {
    /// Until when.
    pub(super) approve_by: Timestamp,
    /// What was proposed after it.
    pub(super) newer: Option<&'c PlanId>,
    /// What others will have brought to the sender's depots.
    pub(super) incoming: &'c BTreeMap<StockId, u64>,
}

/// Hexadecimal digits of a SHA-256.
const HASH_DIGITS: usize = 64;

impl State {
    pub(super) fn propose_plan(&self, at: Timestamp, new: &NewPlan) -> Result<Vec<Event>, Rejection> {
        let field = self.field_facts("plans")?;
        room(field.plans.size(), Kind::Plan, PLANS_MAX)?;
        fields::required("proposed_by", &new.proposed_by)?;
        if new.problem.len() != HASH_DIGITS || !new.problem.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return Err(invalid("problem", FieldProblem::Pattern { pattern: "64 hexadecimal digits" }));
        }
        fields::count("objective", new.objective.len(), OBJECTIVE_TIERS_MAX.into())?;
        fields::upcoming("approve_by_time", new.approve_by, at, FUTURE_S_MAX)?;
        fields::count("shipments", new.shipments.len(), PLAN_SHIPMENTS_MAX)?;
        fields::count("unfilled", new.unfilled.len(), PLAN_UNFILLED_MAX)?;
        for unfilled in &new.unfilled {
            fields::count("unfilled.remedies", unfilled.remedies.len(), REMEDIES_MAX)?;
        }
        for (name, count) in [
            ("served", new.served.len()),
            ("burdens", new.burdens.len()),
            ("worth", new.worth.len()),
            ("moves", new.moves.len()),
            ("stranded", new.stranded.len()),
        ] {
            fields::count(name, count, PLAN_SHIPMENTS_MAX)?;
        }
        let number = field.plans.size() + 1;
        let id = PlanId(format!("p-{number}").parse().expect("a letter, a hyphen and digits are a slug"));
        let mut shipments = Vec::with_capacity(new.shipments.len());
        for (index, (shipment, number)) in new.shipments.iter().zip(1..).enumerate() {
            check_shipment(at, shipment).map_err(|rejection| in_item(rejection, "shipments", index))?;
            let unknown =
                shipment.goods.iter().find(|goods| !field.commodities.contains_key(&goods.commodity));
            if let Some(Goods { commodity, .. }) = unknown {
                return Err(Rejection::NotFound { kind: Kind::Commodity, name: commodity.to_string() });
            }
            shipments.push(Shipment {
                id: ShipmentId { plan: id.clone(), number },
                sender: shipment.sender.clone(),
                receiver: shipment.receiver.clone(),
                goods: shipment.goods.clone(),
                class: shipment.class,
                vehicles: shipment.vehicles,
                route: shipment.route.clone(),
                departs_at: shipment.departs_at,
                arrives_at: shipment.arrives_at,
                displaces: shipment.displaces.clone(),
            });
        }
        Ok(vec![Event::PlanProposed(Plan {
            id,
            proposed_by: new.proposed_by.clone(),
            problem: new.problem.clone(),
            budget: new.budget,
            objective: new.objective.clone(),
            approve_by: new.approve_by,
            shipments,
            unfilled: new.unfilled.clone(),
            served: new.served.clone(),
            burdens: new.burdens.clone(),
            worth: new.worth.clone(),
            moves: new.moves.clone(),
            stranded: new.stranded.clone(),
        })])
    }

    /// A sender's yes. Those that it approved already stay so.
    pub(super) fn approve_shipments(
        &self,
        at: Timestamp,
        shipments: &[Shipment],
        terms: &Terms<'_>,
        by: &str,
    ) -> Result<Vec<Event>, Rejection> {
        fields::required("approved_by", by)?;
        let shipments = self.unanswered(shipments, ShipmentState::Approved)?;
        if shipments.is_empty() {
            return Ok(Vec::new());
        }
        let (shipment, approve_by) = (shipments[0].id.clone(), terms.approve_by);
        if let Some(newer) = terms.newer {
            return Err(Rejection::PlanSuperseded { shipment, newer: newer.clone() });
        }
        if at >= approve_by {
            return Err(Rejection::ApprovalTooLate { shipment, approve_by });
        }
        let mut wanted: BTreeMap<StockId, u64> = BTreeMap::new();
        for shipment in &shipments {
            for goods in &shipment.goods {
                let id = StockId::new(&shipment.sender, &goods.commodity);
                *wanted.entry(id).or_default() += u64::from(goods.quantity);
            }
        }
        for (stock, wanted) in wanted {
            let free = u64::from(self.aid.stocks.get(&stock).map_or(0, Stock::free));
            // Whether it came is judged again when it is to go on.
            let free = free.saturating_add(terms.incoming.get(&stock).copied().unwrap_or_default());
            let promised = self.promised(&stock);
            if wanted.saturating_add(promised) > free {
                let free = free.saturating_sub(promised);
                return Err(Rejection::StockShort { stock, wanted, free });
            }
        }
        Ok(vec![Event::ShipmentsApproved { shipments, by: by.to_owned() }])
    }

    pub(super) fn decline_shipments(
        &self,
        shipments: &[Shipment],
        reason: ShipmentDecline,
        note: &str,
    ) -> Result<Vec<Event>, Rejection> {
        fields::long("note", note)?;
        if reason == ShipmentDecline::Other && note.trim().is_empty() {
            return Err(invalid("note", FieldProblem::Required));
        }
        let shipments = self.unanswered(shipments, ShipmentState::Declined)?;
        if shipments.is_empty() {
            return Ok(Vec::new());
        }
        Ok(vec![Event::ShipmentsDeclined { shipments, reason, note: note.to_owned() }])
    }

    /// The goods leave; nothing said of them: as planned.
    pub(super) fn dispatch_shipment(
        &self,
        id: &ShipmentId,
        goods: &[Goods],
        by: &str,
    ) -> Result<Vec<Event>, Rejection> {
        let said = self.shipment(id)?;
        in_order(said, &[ShipmentState::Approved])?;
        fields::required("dispatched_by", by)?;
        let planned = &said.shipment.goods;
        let goods = if goods.is_empty() { planned.clone() } else { goods.to_vec() };
        check_goods("goods", &goods, planned)?;
        for sent in &goods {
            fields::range("goods.quantity", sent.quantity, 0, quantity_of(planned, &sent.commodity).into())?;
            let stock = StockId::new(&said.shipment.sender, &sent.commodity);
            let (wanted, free) = (sent.quantity, self.aid.stocks.get(&stock).map_or(0, Stock::free));
            if wanted > free {
                return Err(Rejection::StockShort { stock, wanted: wanted.into(), free: free.into() });
            }
        }
        if goods.iter().all(|sent| sent.quantity == 0) {
            return Err(invalid("goods", FieldProblem::Required));
        }
        Ok(vec![Event::ShipmentDispatched { shipment: id.clone(), goods, by: by.to_owned() }])
    }

    /// The vehicles are there. What was sent the sender's ledger says; the caller has read it.
    pub(super) fn record_arrival(
        &self,
        shipment: &Shipment,
        sent: &[Goods],
        by: &str,
    ) -> Result<Vec<Event>, Rejection> {
        self.depot(&shipment.receiver)?;
        fields::required("reported_by", by)?;
        if let Some(said) = self.aid.shipments.get(&shipment.id)
            && said.arrived.is_some()
        {
            return Err(out_of_order(said));
        }
        let (shipment, goods) = (shipment.clone(), sent.to_vec());
        Ok(vec![Event::ShipmentArrived { shipment, goods, by: by.to_owned() }])
    }

    pub(super) fn receive_shipment(
        &self,
        id: &ShipmentId,
        goods: &[Goods],
        by: &str,
    ) -> Result<Vec<Event>, Rejection> {
        let said = self.shipment(id)?;
        in_order(said, &[ShipmentState::Arrived])?;
        fields::required("received_by", by)?;
        if goods.is_empty() {
            return Err(invalid("goods", FieldProblem::Required));
        }
        check_goods("goods", goods, &said.shipment.goods)?;
        for received in goods {
            fields::range("goods.quantity", received.quantity, 0, QUANTITY_MAX.into())?;
        }
        let goods = goods.to_vec();
        Ok(vec![Event::ShipmentReceived { shipment: id.clone(), goods, by: by.to_owned() }])
    }

    pub(super) fn explain_difference(
        &self,
        id: &ShipmentId,
        reason: DifferenceReason,
        note: &str,
    ) -> Result<Vec<Event>, Rejection> {
        let said = self.shipment(id)?;
        in_order(said, &[ShipmentState::Differs])?;
        fields::long("note", note)?;
        if reason == DifferenceReason::Other && note.trim().is_empty() {
            return Err(invalid("note", FieldProblem::Required));
        }
        Ok(vec![Event::DifferenceExplained { shipment: id.clone(), reason, note: note.to_owned() }])
    }

    /// Those of `shipments` that were not answered so yet; refuses one that was answered otherwise. What was approved may
    /// be declined until it leaves: a road closes, the goods are needed at home.
    fn unanswered(&self, shipments: &[Shipment], answer: ShipmentState) -> Result<Vec<Shipment>, Rejection> {
        if shipments.is_empty() {
            return Err(invalid("shipments", FieldProblem::Required));
        }
        fields::count("shipments", shipments.len(), PLAN_SHIPMENTS_MAX)?;
        fields::distinct("shipments", shipments.iter().map(|shipment| &shipment.id))?;
        let mut left = Vec::new();
        for shipment in shipments {
            self.depot(&shipment.sender)?;
            match self.aid.shipments.get(&shipment.id) {
                Some(said) if said.answer.is_none() => left.push(shipment.clone()),
                None => left.push(shipment.clone()),
                Some(said)
                    if answer == ShipmentState::Declined && said.state() == ShipmentState::Approved =>
                {
                    left.push(shipment.clone());
                }
                Some(said) => {
                    let is_so = match said.answer {
                        Some(ShipmentAnswer::Approved { .. }) => answer == ShipmentState::Approved,
                        Some(ShipmentAnswer::Declined { .. }) => answer == ShipmentState::Declined,
                        None => false,
                    };
                    if !is_so {
                        return Err(out_of_order(said));
                    }
                }
            }
        }
        Ok(left)
    }

    /// What was approved out of a stock and has not left.
    fn promised(&self, stock: &StockId) -> u64 {
        let waiting = self.aid.shipments_waiting.iter().filter_map(|id| self.aid.shipments.get(id));
        let from_here = waiting.filter(|said| said.shipment.sender == stock.depot);
        from_here.map(|said| u64::from(quantity_of(&said.shipment.goods, &stock.commodity))).sum()
    }

    fn shipment(&self, id: &ShipmentId) -> Result<&ShipmentUse, Rejection> {
        let missing = || Rejection::NotFound { kind: Kind::Shipment, name: id.to_string() };
        self.aid.shipments.get(id).ok_or_else(missing)
    }
}

fn out_of_order(said: &ShipmentUse) -> Rejection {
    Rejection::ShipmentOutOfOrder { shipment: said.shipment.id.clone(), state: said.state() }
}

fn in_order(said: &ShipmentUse, wanted: &[ShipmentState]) -> Result<(), Rejection> {
    if wanted.contains(&said.state()) { Ok(()) } else { Err(out_of_order(said)) }
}

fn check_shipment(at: Timestamp, new: &NewShipment) -> Result<(), Rejection> {
    if new.sender == new.receiver {
        return Err(invalid("receiver", FieldProblem::NotAllowed));
    }
    if new.goods.is_empty() {
        return Err(invalid("goods", FieldProblem::Required));
    }
    check_goods("goods", &new.goods, &new.goods)?;
    for goods in &new.goods {
        fields::range("goods.quantity", goods.quantity, 1, QUANTITY_MAX.into())?;
    }
    fields::range("vehicles", new.vehicles, 1, 10_000)?;
    fields::long("route", &new.route)?;
    fields::upcoming("depart_time", new.departs_at, at, NEED_AHEAD_S_MAX)?;
    if new.arrives_at <= new.departs_at {
        return Err(invalid("arrive_time", FieldProblem::EmptyWindow));
    }
    fields::count("displaces", new.displaces.len(), GOODS_MAX)?;
    fields::upcoming("arrive_time", new.arrives_at, at, NEED_AHEAD_S_MAX)
}

/// Goods of a shipment, each once.
fn check_goods(field: &'static str, goods: &[Goods], planned: &[Goods]) -> Result<(), Rejection> {
    fields::count(field, goods.len(), GOODS_MAX)?;
    fields::distinct(field, goods.iter().map(|goods| &goods.commodity))?;
    let is_planned = |goods: &Goods| planned.iter().any(|planned| planned.commodity == goods.commodity);
    if goods.iter().all(is_planned) { Ok(()) } else { Err(invalid(field, FieldProblem::NotAllowed)) }
}
