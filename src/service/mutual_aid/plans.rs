//! Plans, and their senders' word on them.

use super::{Answer, MutualAid, disaster};
use crate::api::v1;
use crate::authority::Union;
use crate::decision::Command;
use crate::decision::model::{Plan, Shipment, ShipmentState};
use crate::decision::rejection::Kind;
use crate::id::{LedgerId, MemberId, PlanId, ShipmentId, StockId};
use crate::ledger::Digest;
use crate::service::ServiceError;
use crate::service::convert::plan::Detail;
use crate::service::convert::{Shown, read};
use crate::service::desk::{Call, Caller, unknown};
use crate::service::filter::FilterField;
use crate::service::paging::Query;
use crate::units::Timestamp;
use prost::Message;
use std::collections::BTreeMap;

const FILTER: [FilterField; 1] =
    [FilterField { name: "pending", takes: |value| ["true", "false"].contains(&value) }];

impl<U: Union> MutualAid<U> {
    pub(super) async fn get_plan(&self, _: Caller, message: v1::GetPlanRequest) -> Answer<v1::AidPlan> {
        let id: PlanId = self.desk.reader().name("name", &message.name)?;
        let shown = self.desk.shown();
        let plan = shown.view.plan(&id).ok_or_else(|| unknown(Kind::Plan, &id))?;
        Ok(shown.plan_of(plan, Detail::Whole))
    }

    pub(super) async fn get_plan_problem(
        &self,
        _: Caller,
        message: v1::GetPlanProblemRequest,
    ) -> Answer<v1::PlanProblem> {
        let id: PlanId = self.desk.reader().name("name", &message.name)?;
        let shown = self.desk.shown();
        let plan = shown.view.plan(&id).ok_or_else(|| unknown(Kind::Plan, &id))?;
        let stored = match Digest::from_hex(&plan.problem) {
            Some(hash) => self.desk.union().problem_bytes(&disaster(), hash).await?,
            None => None,
        };
        let document = stored.and_then(|bytes| String::from_utf8(bytes).ok());
        Ok(v1::PlanProblem {
            plan: shown.names.print(&id),
            sha256: plan.problem.clone(),
            // One that was proposed by other means has none.
            document: document.ok_or_else(|| unknown(Kind::Plan, &id))?,
        })
    }

    pub(super) async fn list_plans(
        &self,
        _: Caller,
        message: v1::ListPlansRequest,
    ) -> Answer<v1::ListPlansResponse> {
        let query = Query {
            method: "ListPlans",
            parent: "",
            filter: &message.filter,
            page_size: message.page_size,
            page_token: &message.page_token,
        };
        let page = query.read(&FILTER)?;
        let shown = self.desk.shown();
        let is_pending = |plan: &Plan| {
            let mut shipments = shown.view.shipments_of(plan);
            shipments.any(|tracked| tracked.state(shown.now) == ShipmentState::Proposed)
        };
        let passing =
            shown.view.plans().filter(|plan| page.filter.admits(|_| vec![is_pending(plan).to_string()]));
        let (found, next_page_token) = page.cut(passing, |plan| plan.id.clone())?;
        let plans = found.into_iter().map(|plan| shown.plan_of(plan, Detail::Summary)).collect();
        Ok(v1::ListPlansResponse { plans, next_page_token })
    }

    pub(super) async fn approve_plan(
        &self,
        caller: Caller,
        message: v1::ApprovePlanRequest,
    ) -> Answer<v1::ApprovePlanResponse> {
        // What a retry repeats: not what is coming, which changes with every word of others.
        let payload = v1::ApprovePlanRequest { validate_only: false, ..message.clone() }.encode_to_vec();
        let call = caller.call(message.request_id, message.validate_only)?;
        // Without names: all but what this sender has declined.
        let is_open = |state| state != ShipmentState::Declined;
        let asked = self.asked(&message.name, &message.sender, &message.shipments, is_open)?;
        let Asked { sender, shipments, approve_by, newer } = asked;
        let incoming = self.incoming(&sender);
        let ids: Vec<ShipmentId> = shipments.iter().map(|shipment| shipment.id.clone()).collect();
        let by = message.approved_by;
        let command = Command::ApproveShipments { shipments, approve_by, newer, incoming, by };
        let shown = self.answer(call, sender, command, payload).await?;
        Ok(v1::ApprovePlanResponse { shipments: shown_of(&shown, &ids) })
    }

    pub(super) async fn decline_plan(
        &self,
        caller: Caller,
        message: v1::DeclinePlanRequest,
    ) -> Answer<v1::DeclinePlanResponse> {
        let payload = v1::DeclinePlanRequest { validate_only: false, ..message.clone() }.encode_to_vec();
        let call = caller.call(message.request_id, message.validate_only)?;
        let reason = read::choice("reason", message.reason)?;
        // Without names: all that has not left.
        let is_open = |state| {
            matches!(
                state,
                ShipmentState::Proposed
                    | ShipmentState::Lapsed
                    | ShipmentState::Approved
                    | ShipmentState::Declined
            )
        };
        let asked = self.asked(&message.name, &message.sender, &message.shipments, is_open)?;
        let Asked { sender, shipments, .. } = asked;
        let ids: Vec<ShipmentId> = shipments.iter().map(|shipment| shipment.id.clone()).collect();
        let command = Command::DeclineShipments { shipments, reason, note: message.note };
        let shown = self.answer(call, sender, command, payload).await?;
        Ok(v1::DeclinePlanResponse { shipments: shown_of(&shown, &ids) })
    }

    /// What a sender is asked to send: what it names, or all of it that is open; all of it when nothing is.
    fn asked(
        &self,
        plan: &str,
        sender: &str,
        named: &[String],
        is_open: impl Fn(ShipmentState) -> bool,
    ) -> Answer<Asked> {
        let reader = self.desk.reader();
        let (plan, sender): (PlanId, MemberId) = (reader.name("name", plan)?, reader.name("sender", sender)?);
        let named: Vec<ShipmentId> = reader.name_list("shipments", named)?;
        let shown = self.desk.shown();
        let known = shown.view.plan(&plan).ok_or_else(|| unknown(Kind::Plan, &plan))?;
        let mut shipments: Vec<Shipment> = Vec::new();
        for id in &named {
            let found = known.shipments.iter().find(|shipment| shipment.id == *id);
            shipments.push(found.ok_or_else(|| unknown(Kind::Shipment, id))?.clone());
        }
        if named.is_empty() {
            let own = || {
                let all = shown.view.shipments_of(known);
                all.filter(|tracked| tracked.shipment.sender.member == sender)
            };
            let open = own().filter(|tracked| is_open(tracked.state(shown.now)));
            shipments.extend(open.map(|tracked| tracked.shipment.clone()));
            if shipments.is_empty() {
                shipments.extend(own().map(|tracked| tracked.shipment.clone()));
            }
        }
        if shipments.is_empty() {
            // Nobody asks this member to send anything.
            return Err(ServiceError::required("shipments"));
        }
        let newer = shown.view.newer_than(known).map(|newer| newer.id.clone());
        Ok(Asked { sender, shipments, approve_by: known.approve_by, newer })
    }

    fn incoming(&self, sender: &MemberId) -> BTreeMap<StockId, u64> {
        let shown = self.desk.shown();
        shown.view.incoming(sender, shown.now)
    }

    /// Hands a sender's word to its ledger. The plan was read before: the record says how far.
    async fn answer(
        &self,
        call: Call,
        sender: MemberId,
        command: Command,
        payload: Vec<u8>,
    ) -> Answer<Shown> {
        let mut submission = call.submission(command);
        submission.payload = Some(payload);
        submission.seen = self.desk.shown().view.seen();
        self.desk.union().submit(&LedgerId::Member(sender), submission).await?;
        Ok(self.desk.shown())
    }
}

/// What a sender is asked to send.
struct Asked {
    sender: MemberId,
    shipments: Vec<Shipment>,
    approve_by: Timestamp,
    newer: Option<PlanId>,
}

fn shown_of(shown: &Shown, ids: &[ShipmentId]) -> Vec<v1::Shipment> {
    ids.iter().filter_map(|id| shown.shipment(id)).collect()
}
