//! Shipments: from the sender's dock to what was counted at the receiver.

use super::{Answer, MutualAid, known_commodity, same_unit};
use crate::api::v1;
use crate::authority::Union;
use crate::authority::shipments::Tracked;
use crate::decision::model::{Goods, Handover};
use crate::decision::rejection::Kind;
use crate::decision::{Command, Rejection};
use crate::id::{DepotId, LedgerId, ShipmentId};
use crate::service::convert::{Shown, Wire, read};
use crate::service::desk::{Call, Caller, unknown};
use crate::service::filter::FilterField;
use crate::service::paging::Query;

const FILTER: [FilterField; 4] = [
    FilterField { name: "plan", takes: |_| true },
    FilterField { name: "state", takes: |value| v1::shipment::State::from_str_name(value).is_some() },
    FilterField { name: "sender", takes: |_| true },
    FilterField { name: "receiver", takes: |_| true },
];

impl<U: Union> MutualAid<U> {
    pub(super) async fn get_shipment(
        &self,
        _: Caller,
        message: v1::GetShipmentRequest,
    ) -> Answer<v1::Shipment> {
        let id: ShipmentId = self.desk.reader().name("name", &message.name)?;
        known(&self.desk.shown(), &id)
    }

    pub(super) async fn list_shipments(
        &self,
        _: Caller,
        message: v1::ListShipmentsRequest,
    ) -> Answer<v1::ListShipmentsResponse> {
        let query = Query {
            method: "ListShipments",
            parent: "",
            filter: &message.filter,
            page_size: message.page_size,
            page_token: &message.page_token,
        };
        let page = query.read(&FILTER)?;
        let shown = self.desk.shown();
        let all = shown.view.plans().flat_map(|plan| shown.view.shipments_of(plan));
        let passing = all.filter(|tracked| page.filter.admits(|field| values(&shown, tracked, field)));
        let (found, next_page_token) = page.cut(passing, |tracked| tracked.shipment.id.clone())?;
        let shipments = found.iter().map(|tracked| shown.shipment_of(tracked)).collect();
        Ok(v1::ListShipmentsResponse { shipments, next_page_token })
    }

    pub(super) async fn dispatch_shipment(
        &self,
        caller: Caller,
        message: v1::DispatchShipmentRequest,
    ) -> Answer<v1::Shipment> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let id: ShipmentId = self.desk.reader().name("name", &message.name)?;
        let goods = self.counted(message.goods)?;
        let shown = self.desk.shown();
        let tracked = shown.view.shipment(&id).ok_or_else(|| unknown(Kind::Shipment, &id))?;
        // Before its sender answered, that ledger does not know it.
        if tracked.sender.is_none() {
            return Err(out_of_order(&tracked, &shown));
        }
        let ledger = tracked.shipment.sender.ledger();
        let command = Command::DispatchShipment { shipment: id.clone(), goods, by: message.dispatched_by };
        self.move_on(call, &ledger, command, &id).await
    }

    pub(super) async fn record_arrival(
        &self,
        caller: Caller,
        message: v1::RecordArrivalRequest,
    ) -> Answer<v1::Shipment> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let id: ShipmentId = self.desk.reader().name("name", &message.name)?;
        let shown = self.desk.shown();
        let tracked = shown.view.shipment(&id).ok_or_else(|| unknown(Kind::Shipment, &id))?;
        let sent: Option<&Handover> = tracked.sender.and_then(|side| side.dispatched.as_ref());
        let Some(sent) = sent else { return Err(out_of_order(&tracked, &shown)) };
        let ledger = tracked.shipment.receiver.ledger();
        let (shipment, sent) = (tracked.shipment.clone(), sent.goods.clone());
        let command = Command::RecordArrival { shipment, sent, by: message.reported_by };
        self.move_on(call, &ledger, command, &id).await
    }

    pub(super) async fn receive_shipment(
        &self,
        caller: Caller,
        message: v1::ReceiveShipmentRequest,
    ) -> Answer<v1::Shipment> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let id: ShipmentId = self.desk.reader().name("name", &message.name)?;
        let goods = self.counted(message.goods)?;
        let ledger = self.receiving(&id)?;
        let command = Command::ReceiveShipment { shipment: id.clone(), goods, by: message.received_by };
        self.move_on(call, &ledger, command, &id).await
    }

    pub(super) async fn explain_difference(
        &self,
        caller: Caller,
        message: v1::ExplainDifferenceRequest,
    ) -> Answer<v1::Shipment> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let id: ShipmentId = self.desk.reader().name("name", &message.name)?;
        let reason = read::choice("difference", message.difference)?;
        let ledger = self.receiving(&id)?;
        let command = Command::ExplainDifference { shipment: id.clone(), reason, note: message.note };
        self.move_on(call, &ledger, command, &id).await
    }

    /// The receiver's ledger, once the shipment came there.
    fn receiving(&self, id: &ShipmentId) -> Answer<LedgerId> {
        let shown = self.desk.shown();
        let tracked = shown.view.shipment(id).ok_or_else(|| unknown(Kind::Shipment, id))?;
        match tracked.receiver {
            None => Err(out_of_order(&tracked, &shown)),
            Some(_) => Ok(tracked.shipment.receiver.ledger()),
        }
    }

    /// Goods in the units of their commodities.
    fn counted(&self, said: Vec<v1::Goods>) -> Answer<Vec<Goods>> {
        let view = self.desk.shown().view;
        let read = self.desk.reader().goods(said)?;
        for (index, (goods, unit)) in read.iter().enumerate() {
            let commodity = known_commodity(&view, &goods.commodity)?;
            same_unit(&format!("goods[{index}].unit"), commodity, unit)?;
        }
        Ok(read.into_iter().map(|(goods, _)| goods).collect())
    }

    async fn move_on(
        &self,
        call: Call,
        ledger: &LedgerId,
        command: Command,
        id: &ShipmentId,
    ) -> Answer<v1::Shipment> {
        let done = self.desk.order(call, ledger, command).await?;
        known(&done.shown, id)
    }
}

fn known(shown: &Shown, id: &ShipmentId) -> Answer<v1::Shipment> {
    shown.shipment(id).ok_or_else(|| unknown(Kind::Shipment, id))
}

fn out_of_order(tracked: &Tracked<'_>, shown: &Shown) -> crate::service::ServiceError {
    let (shipment, state) = (tracked.shipment.id.clone(), tracked.state(shown.now));
    Rejection::ShipmentOutOfOrder { shipment, state }.into()
}

fn values(shown: &Shown, tracked: &Tracked<'_>, field: &str) -> Vec<String> {
    let of_depot = |depot: &DepotId| {
        let member = &depot.member;
        vec![depot.to_string(), shown.names.print(depot), member.to_string(), shown.names.print(member)]
    };
    match field {
        "plan" => vec![tracked.plan.id.to_string(), shown.names.print(&tracked.plan.id)],
        "state" => vec![tracked.state(shown.now).wire().as_str_name().to_owned()],
        "sender" => of_depot(&tracked.shipment.sender),
        _ => of_depot(&tracked.shipment.receiver),
    }
}
