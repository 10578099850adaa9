//! Judging commands: all policy, no change. One file per family of commands.

mod custodian;
mod fields;
mod goods;
mod lease;
mod ledger;
mod mission;
mod need;
mod pair;
mod plan;
mod registry;
mod report;
mod request;
mod road;
mod union;

pub use mission::next_phases;

use super::{Command, Event, Rejection, State};
use crate::units::Timestamp;
use plan::Terms;

impl State {
    /// Judges `command` at `at`. Reads only; the caller appends the events, then applies them. No events and no
    /// refusal means that what is asked is so already.
    ///
    /// # Errors
    /// A [`Rejection`] when the rules say no.
    ///
    /// # Complexity
    /// Logarithmic in what the ledger holds, but for [`Command::ExpireDue`], which is linear in what is due.
    pub fn decide(&self, at: Timestamp, command: &Command) -> Result<Vec<Event>, Rejection> {
        match command {
            Command::TakeAuthority { holder } => self.take_authority(holder),
            Command::ExpireDue => Ok(self.expire_due(at)),
            Command::SuspectClock { off_millis } => Ok(self.suspect_clock(*off_millis)),
            Command::TrustClock { by, stepped_s } => self.trust_clock(at, by.as_deref(), *stepped_s),

            Command::OpenField { field, office, deputies } => {
                self.open_field(field, office.as_ref(), deputies)
            }
            Command::RegisterMember(member) => self.register_member(member),
            Command::AdoptAgreement(agreement) => self.adopt_agreement(agreement),
            Command::StateArea(area) => self.state_area(area),

            Command::SetOperatingMode(mode) => self.set_operating_mode(mode),
            Command::RegisterOrganisation(organisation) => self.register_organisation(organisation),
            Command::RegisterAsset(asset) => self.register_asset(asset),
            Command::UpdateAsset { asset, changes } => self.update_asset(asset, changes),
            Command::RegisterSite(site) => self.register_site(site),
            Command::RegisterHospital(hospital) => self.register_hospital(hospital),
            Command::SetAssetState { asset, state } => self.set_asset_state(at, asset, state),
            Command::PlanOutage { asset, outage } => self.plan_outage(at, asset, outage),
            Command::CancelOutage { asset, outage } => self.cancel_outage(asset, outage),
            Command::OfferAsset { asset, window } => self.offer_asset(at, asset, *window),
            Command::WithdrawOffer { offer } => self.withdraw_offer(offer),
            Command::GiveStandingOrder { id, answers_for, until } => {
                self.give_standing_order(at, id, answers_for, *until)
            }
            Command::RevokeStandingOrder { id } => self.revoke_standing_order(at, id),

            Command::ReportWeather(weather) => self.report_weather(at, weather),
            Command::ReportSite { site, state, confirmed_at, note } => {
                self.report_site(at, site, *state, *confirmed_at, note)
            }
            Command::ReportHospital { hospital, state, beds_free } => {
                self.report_hospital(at, hospital, *state, *beds_free)
            }
            Command::CloseStructure { structure, note, expected_end } => {
                self.close_structure(at, structure, note, *expected_end)
            }
            Command::OpenStructure { structure, note } => self.open_structure(structure, note),
            Command::RestrictRoad(new) => self.restrict_road(at, new),
            Command::LiftRestriction { restriction, note } => self.lift_restriction(restriction, note),
            Command::ReportNoFlyArea(area) => self.report_no_fly_area(at, area),
            Command::LiftNoFlyArea { area, note } => self.lift_no_fly_area(area, note),

            Command::OpenRequest(new) => self.open_request(at, new),
            Command::SetAircraftCount { request, count } => self.set_aircraft_count(request, *count),
            Command::OpenAttempt {
                request,
                number,
                choice,
                answer_s,
                standing_order,
                send_another,
                takes,
                after,
            } => {
                let opening = request::Opening {
                    request,
                    number: *number,
                    choice,
                    answer_s: *answer_s,
                    standing_order: standing_order.as_ref(),
                    send_another: *send_another,
                    takes: takes.as_ref(),
                    after: *after,
                };
                self.open_attempt(at, &opening)
            }
            Command::WithdrawAttempt { requisition } => self.withdraw_attempt(requisition),
            Command::RecordOutcome { requisition, state } => self.record_outcome(requisition, state),
            Command::ReportCommit { requisition, telephone } => self.report_commit(requisition, telephone),
            Command::SettleCommitReport { requisition, outcome } => {
                self.settle_commit_report(requisition, *outcome)
            }
            Command::LinkRequest { request, other } => self.link_request(request, other),
            Command::MergeRequest { request, into } => self.merge_request(request, into),
            Command::ReopenRequest { request } => self.reopen_request(request),
            Command::CancelRequest { request, reason } => self.cancel_request(request, *reason),
            Command::CloseRequest { request } => self.close_request(request),

            Command::Hold(ask) => self.hold(at, ask),
            Command::AcknowledgeRequisition { requisition } => self.acknowledge(at, requisition),
            Command::CommitRequisition { requisition, telephone, crew } => {
                self.commit(at, requisition, telephone.as_ref(), crew.as_ref())
            }
            Command::ConfirmCommitment { mission } => self.confirm_commitment(mission),
            Command::DeclineRequisition { requisition, reason, telephone } => {
                self.decline(requisition, *reason, telephone.as_ref())
            }
            Command::Withdraw { requisition, reason } => Ok(self.withdraw(requisition, *reason)),
            Command::TakeOffer { offer, ask } => self.take_offer(at, offer, ask),
            Command::StandDownOffer { offer } => self.stand_down_offer(offer),

            Command::ReportProgress { mission, phase } => self.report_progress(mission, *phase),
            Command::ChooseHospital { mission, hospital, patients } => {
                self.choose_hospital(mission, hospital, *patients)
            }
            Command::StandDown { mission } => self.stand_down(mission),
            Command::AbortMission { mission, reason } => self.abort_mission(mission, *reason),

            Command::AskLease { lease, window, patients } => self.ask_lease(at, lease, *window, *patients),
            Command::RenewLease { lease, until } => self.renew_lease(at, lease, *until),
            Command::EndLease { lease } => self.end_lease(lease),
            Command::AnswerBed { lease, refusal, telephone } => {
                self.answer_bed(at, lease, *refusal, telephone.as_ref())
            }

            Command::RegisterCommodity(commodity) => self.register_commodity(commodity),
            Command::RegisterDepot(depot) => self.register_depot(depot),
            Command::ReportDepot { depot, state, note } => self.report_depot(at, depot, *state, note),
            Command::RegisterFleet(fleet) => self.register_fleet(fleet),
            Command::CountStocks { counts } => self.count_stocks(at, counts),
            Command::OpenReserve { depot, commodity, by, note } => {
                self.open_reserve(depot, commodity, by, note)
            }
            Command::CloseReserve { depot, commodity, note } => self.close_reserve(depot, commodity, note),
            Command::StateNeeds { needs } => self.state_needs(at, needs),
            Command::CorrectNeed(correction) => self.correct_need(at, correction),
            Command::WithdrawNeed { need, note } => self.withdraw_need(need, note),
            Command::ProposePlan(new) => self.propose_plan(at, new),
            Command::ApproveShipments { shipments, approve_by, newer, incoming, by } => {
                let terms = Terms { approve_by: *approve_by, newer: newer.as_ref(), incoming };
                self.approve_shipments(at, shipments, &terms, by)
            }
            Command::DeclineShipments { shipments, reason, note } => {
                self.decline_shipments(shipments, *reason, note)
            }
            Command::DispatchShipment { shipment, goods, by } => self.dispatch_shipment(shipment, goods, by),
            Command::RecordArrival { shipment, sent, by } => self.record_arrival(shipment, sent, by),
            Command::ReceiveShipment { shipment, goods, by } => self.receive_shipment(shipment, goods, by),
            Command::ExplainDifference { shipment, reason, note } => {
                self.explain_difference(shipment, *reason, note)
            }
            Command::DecidePair(new) => self.decide_pair(at, new),
            Command::EndPair { pair, by, note } => self.end_pair(at, pair, by, note),
        }
    }
}
