//! Folding events into the state. Holds no policy, so old ledgers replay for ever.

mod aid;

use super::event::{Context, Event, Held, RequestOpened};
use super::model::*;
use super::state::{AssetUse, Deadline, Field, Flown, Map, Set, State};
use crate::id::{AssetId, MissionId, RequestId, RequisitionId};
use crate::units::{Timestamp, local_day, local_month};

impl State {
    /// Takes note of a record, whether or not anything happened in it.
    pub fn begin_record(&mut self, context: &Context) {
        self.sequence = context.sequence;
        self.last_at = context.at;
    }

    /// Folds one event of the record that `context` describes.
    ///
    /// # Panics
    /// When the ledger breaks an invariant (an asset held twice, an event about something unknown): the ledger is
    /// damaged, or `decide` has a bug. It would come back at every start, so `yui check` names the record.
    pub fn apply(&mut self, context: &Context, event: &Event) {
        self.begin_record(context);
        match event {
            Event::AuthorityTaken { epoch, .. } => self.epoch = *epoch,
            Event::ClockSuspected { .. } => self.clock_suspect_since = Some(context.at),
            Event::ClockTrusted { paused_s, stepped_s, .. } => {
                let since = self.clock_suspect_since.take().expect("a clock is trusted after it was suspect");
                self.prolong_deadlines(since, i64::from(*paused_s) * 1000, i64::from(*stepped_s) * 1000);
            }
            Event::FieldOpened { field, office, deputies } => {
                self.field = Some(Field {
                    id: field.clone(),
                    office: office.clone(),
                    deputies: deputies.clone(),
                    members: Map::new_sync(),
                    agreements: Map::new_sync(),
                    areas: Map::new_sync(),
                    commodities: Map::new_sync(),
                    plans: Map::new_sync(),
                    pairs: Map::new_sync(),
                });
            }
            Event::MemberRegistered(member) => {
                self.registry_version += 1;
                self.field_mut().members.insert_mut(member.id.clone(), member.clone());
            }
            Event::AgreementAdopted(agreement) => {
                self.registry_version += 1;
                self.field_mut().agreements.insert_mut(agreement.area.clone(), agreement.clone());
            }
            Event::AreaStated(area) => {
                self.registry_version += 1;
                self.field_mut().areas.insert_mut(area.organisation.clone(), area.clone());
            }
            Event::OperatingModeSet(mode) => self.mode = mode.clone(),
            Event::OrganisationRegistered(organisation) => {
                self.registry_version += 1;
                self.organisations.insert_mut(organisation.id.clone(), organisation.clone());
            }
            Event::AssetRegistered(asset) => {
                self.registry_version += 1;
                self.asset_uses.insert_mut(asset.id.clone(), AssetUse::new());
                self.assets.insert_mut(asset.id.clone(), asset.clone());
            }
            Event::AssetUpdated(asset) => {
                self.registry_version += 1;
                self.assets.insert_mut(asset.id.clone(), asset.clone());
            }
            Event::SiteRegistered(site) => {
                self.registry_version += 1;
                self.sites.insert_mut(site.id.clone(), site.clone());
            }
            Event::HospitalRegistered(hospital) => {
                self.registry_version += 1;
                self.hospitals.insert_mut(hospital.id.clone(), hospital.clone());
            }
            Event::AssetStateSet { asset, state } => self.use_mut(asset).state = *state,
            Event::OutagePlanned { asset, outage } => {
                self.use_mut(asset).outages.insert_mut(outage.id.clone(), outage.clone());
            }
            Event::OutageCancelled { asset, outage } => {
                self.use_mut(asset).outages.remove_mut(outage);
            }
            Event::Offered { offer, asset, requisition, window } => {
                self.offers_count += 1;
                self.deadlines.insert_mut((window.until, Deadline::Offer(offer.clone())));
                let record = Offer {
                    id: offer.clone(),
                    asset: asset.clone(),
                    requisition: requisition.clone(),
                    window: *window,
                    state: OfferState::Open,
                    made_at: context.at,
                };
                self.offers.insert_mut(offer.clone(), record);
                self.offers_open_count += 1;
                into_set(&mut self.offers_open, asset, offer.clone());
            }
            Event::OfferEnded { offer, state } => {
                let record = self.offers.get_mut(offer).expect("an offer ends after it was made");
                assert!(record.state == OfferState::Open, "{offer} ends once");
                record.state = *state;
                let due = (record.window.until, Deadline::Offer(offer.clone()));
                let asset = record.asset.clone();
                self.deadlines.remove_mut(&due);
                self.offers_open_count -= 1;
                out_of_set(&mut self.offers_open, &asset, offer);
            }
            Event::StandingOrderGiven { id, answers_for, until } => {
                let order = StandingOrder {
                    id: id.clone(),
                    answers_for: answers_for.clone(),
                    until: *until,
                    revoked_at: None,
                };
                self.standing_orders.insert_mut(id.clone(), order);
            }
            Event::StandingOrderRevoked { id } => {
                let order = self.standing_orders.get_mut(id).expect("an order is revoked after it was given");
                order.revoked_at = Some(context.at);
            }
            Event::WeatherReported(weather) => {
                self.weather.insert_mut(weather.region.clone(), weather.clone());
            }
            Event::SiteReported { site, report } => {
                self.site_reports.insert_mut(site.clone(), report.clone());
            }
            Event::HospitalReported { hospital, report } => {
                self.hospital_reports.insert_mut(hospital.clone(), report.clone());
            }
            Event::StructureClosed { structure, note, expected_end } => {
                self.roads_version += 1;
                let closure = Closure {
                    structure: structure.clone(),
                    closed: true,
                    note: note.clone(),
                    expected_end: *expected_end,
                    said_at: context.at,
                };
                self.closures.insert_mut(structure.clone(), closure);
            }
            Event::StructureOpened { structure, note } => {
                self.roads_version += 1;
                let closure = Closure {
                    structure: structure.clone(),
                    closed: false,
                    note: note.clone(),
                    expected_end: None,
                    said_at: context.at,
                };
                self.closures.insert_mut(structure.clone(), closure);
            }
            Event::RoadRestricted(restriction) => {
                self.roads_version += 1;
                self.restrictions_count += 1;
                self.restrictions_standing.insert_mut(restriction.id.clone());
                let said =
                    RestrictionUse { restriction: restriction.clone(), said_at: context.at, lifted: None };
                self.restrictions.insert_mut(restriction.id.clone(), said);
            }
            Event::RestrictionLifted { restriction, note } => {
                self.roads_version += 1;
                self.restrictions_standing.remove_mut(restriction);
                let said = self
                    .restrictions
                    .get_mut(restriction)
                    .expect("a restriction is lifted after it was laid");
                said.lifted = Some((context.at, note.clone()));
            }
            Event::NoFlyAreaReported(area) => {
                // What is over makes room for what is reported.
                let over = self.no_fly_areas.values().filter(|report| !report.is_in_force(context.at));
                let over: Vec<_> = over.map(|report| report.area.id.clone()).collect();
                over.iter().for_each(|id| {
                    self.no_fly_areas.remove_mut(id);
                });
                let report = NoFlyReport { area: area.clone(), reported_at: context.at, lifted: None };
                self.no_fly_areas.insert_mut(area.id.clone(), report);
            }
            Event::NoFlyAreaLifted { area, note } => {
                let report =
                    self.no_fly_areas.get_mut(area).expect("an area is lifted after it was reported");
                report.lifted = Some(NoFlyLift { at: context.at, note: note.clone() });
            }
            Event::RequestOpened(opened) => self.apply_request(context, opened),
            Event::AircraftCountSet { request, count } => {
                let request = self.request_mut(request);
                request.aircraft_count = *count;
                request.numbers.resize_with(usize::from(*count), Number::default);
            }
            Event::AttemptOpened { requisition, choice, answer_s, standing_order, takes } => {
                let attempt = Attempt {
                    choice: choice.clone(),
                    opened_at: context.at,
                    answer_s: *answer_s,
                    standing_order: standing_order.clone(),
                    takes: takes.clone(),
                    sequence: context.sequence,
                    state: AttemptState::Open,
                    withdrawal: None,
                    commit_report: None,
                };
                let request = self.request_mut(&requisition.request);
                let number = usize::from(requisition.number) - 1;
                if let Some(last) = request.numbers[number].attempts.last_mut()
                    && last.state == AttemptState::Open
                {
                    last.state = AttemptState::Ended(AttemptEnd::Superseded);
                    last.withdrawal = Some(WithdrawReason::Superseded);
                }
                request.numbers[number].attempts.push(attempt);
                assert_eq!(
                    request.numbers[number].attempts.len(),
                    usize::from(requisition.attempt),
                    "{requisition}: attempts count up one by one"
                );
                self.settle_driven(&requisition.request);
            }
            Event::WithdrawalAsked { requisition, reason } => {
                self.attempt_mut(requisition).withdrawal = Some(*reason);
                self.settle_driven(&requisition.request);
            }
            Event::OutcomeRecorded { requisition, state } => {
                self.apply_outcome(context.at, requisition, state)
            }
            Event::CommitReported { requisition, telephone } => {
                self.attempt_mut(requisition).commit_report = Some(CommitReport {
                    telephone: telephone.clone(),
                    reported_at: context.at,
                    outcome: ReportOutcome::Unsettled,
                });
                self.settle_driven(&requisition.request);
            }
            Event::CommitReportSettled { requisition, outcome } => {
                let report = self.attempt_mut(requisition).commit_report.as_mut();
                report.expect("a report is settled after it was made").outcome = *outcome;
                self.settle_driven(&requisition.request);
            }
            Event::RequestLinked { request, other } => {
                self.request_mut(request).links.insert_mut(other.clone());
            }
            Event::RequestMerged { request, into } => {
                self.requests_merged.insert_mut(request.clone());
                let state = RequestState::Merged { into: into.clone() };
                self.end_request(context.at, request, state, Some(WithdrawReason::Merged));
            }
            Event::RequestReopened { request } => {
                self.requests_merged.remove_mut(request);
                self.requests_open_count += 1;
                let record = self.request_mut(request);
                record.reopened_from = match &record.state {
                    RequestState::Merged { into } => Some(into.clone()),
                    RequestState::Open | RequestState::Cancelled(_) | RequestState::Closed { .. } => None,
                };
                record.state = RequestState::Open;
                record.ended_at = None;
                self.settle_driven(request);
            }
            Event::RequestCancelled { request, reason } => {
                let withdrawn = Some(WithdrawReason::Cancelled(*reason));
                self.end_request(context.at, request, RequestState::Cancelled(*reason), withdrawn);
            }
            Event::RequestClosed { request, filled } => {
                self.end_request(context.at, request, RequestState::Closed { filled: *filled }, None);
            }
            Event::Held(held) => self.apply_hold(context.at, held),
            Event::NotHeld { requisition, reason, .. } => {
                self.see_attempt(requisition);
                self.not_held.insert_mut(requisition.clone(), reason.clone());
            }
            Event::Acknowledged { requisition } => {
                self.hold_mut(requisition).state = HoldState::Acknowledged { at: context.at };
            }
            Event::Committed { requisition, mission, telephone, crew_seal } => {
                let crew = crew_seal.map(|index| SealId { sequence: context.sequence, index });
                self.end_hold(requisition, HoldState::Committed { mission: mission.clone() });
                let hold = self.holds.get(requisition).expect("just ended");
                let record = Mission {
                    id: mission.clone(),
                    requisition: requisition.clone(),
                    asset: hold.asset.clone(),
                    site: hold.site.clone(),
                    hospital: hold.hospital.clone().map(|hospital| HospitalChoice {
                        hospital,
                        chosen_at: None,
                        patients: 0,
                    }),
                    hospitals_left: Vec::new(),
                    phase: MissionPhase::Committed,
                    progress: vec![(MissionPhase::Committed, context.at)],
                    end: None,
                    telephone: telephone.clone(),
                    confirmed: telephone.is_none(),
                    committed_by: context.actor.clone(),
                    crew,
                };
                let asset = hold.asset.clone();
                let usage = self.use_mut(&asset);
                assert!(usage.mission.is_none(), "{asset} has one mission");
                usage.mission = Some(mission.clone());
                self.missions_count += 1;
                self.missions_active.insert_mut(mission.clone());
                self.missions.insert_mut(mission.clone(), record);
            }
            Event::CommitmentConfirmed { mission } => self.mission_mut(mission).confirmed = true,
            Event::Declined { requisition, reason, .. } => {
                self.end_hold(requisition, HoldState::Declined(*reason));
            }
            Event::Withdrawn { requisition, reason } => {
                self.end_hold(requisition, HoldState::Withdrawn(*reason));
            }
            Event::Expired { requisition } => self.end_hold(requisition, HoldState::Expired),
            Event::Progressed { mission, phase } => {
                self.count_flight(context.at, mission);
                let record = self.mission_mut(mission);
                record.phase = *phase;
                record.progress.push((*phase, context.at));
                if *phase == MissionPhase::Ready {
                    record.end.get_or_insert(MissionEnd::Completed);
                    self.free_asset(context.at, mission);
                }
            }
            Event::HospitalChosen { mission, hospital, patients } => {
                let choice = HospitalChoice {
                    hospital: hospital.clone(),
                    chosen_at: Some(context.at),
                    patients: *patients,
                };
                let record = self.mission_mut(mission);
                let before = record.hospital.replace(choice);
                record.hospitals_left.retain(|left| left != hospital);
                let left = before.filter(|before| before.chosen_at.is_some() && before.hospital != *hospital);
                record.hospitals_left.extend(left.map(|left| left.hospital));
            }
            Event::StoodDown { mission, .. } => {
                let then = self.phase_after_break_off(mission);
                self.break_off(context.at, mission, MissionEnd::StoodDown, then);
            }
            Event::Aborted { mission, reason: AbortReason::Retasked } => {
                // The same record commits the aircraft again: it is free for that without being at home.
                let end = MissionEnd::Aborted(AbortReason::Retasked);
                self.break_off(context.at, mission, end, MissionPhase::Ready);
            }
            Event::Aborted { mission, reason } => {
                let then = self.phase_after_break_off(mission);
                self.break_off(context.at, mission, MissionEnd::Aborted(*reason), then);
            }
            Event::BedAsked { lease, window, patients } => {
                self.close_lease(lease);
                self.open_lease(context.at, lease, (*window, *patients), LeaseState::Asked);
            }
            Event::LeaseGranted { lease, window, .. } => {
                let patients = self.close_lease(lease);
                self.open_lease(context.at, lease, (*window, patients), LeaseState::Granted);
            }
            Event::LeaseRefused { lease, window, reason, .. } => {
                let patients = self.close_lease(lease);
                let state = LeaseState::Refused(*reason);
                let (id, set_at) = (lease.clone(), context.at);
                let record = Lease { id, window: *window, patients, state, set_at };
                self.leases.insert_mut(lease.clone(), record);
            }
            Event::LeaseRenewed { lease, until } => {
                let record = self.leases.get_mut(lease).expect("a lease is renewed while it stands");
                let before = (record.window.until, Deadline::Lease(lease.clone()));
                record.window.until = *until;
                record.set_at = context.at;
                self.deadlines.remove_mut(&before);
                self.deadlines.insert_mut((*until, Deadline::Lease(lease.clone())));
            }
            Event::LeaseEnded { lease, end } => {
                self.close_lease(lease);
                let record = self.leases.get_mut(lease).expect("a lease ends after it was asked for");
                record.state = LeaseState::Ended(*end);
            }
            Event::CommodityRegistered(commodity) => {
                self.registry_version += 1;
                self.field_mut().commodities.insert_mut(commodity.id.clone(), commodity.clone());
            }
            Event::DepotRegistered(depot) => {
                self.registry_version += 1;
                self.aid.depots.insert_mut(depot.id.clone(), depot.clone());
            }
            Event::DepotReported { depot, report } => {
                self.aid.depot_reports.insert_mut(depot.clone(), report.clone());
            }
            Event::FleetRegistered(fleet) => {
                self.registry_version += 1;
                self.aid.fleets.insert_mut(fleet.id.clone(), fleet.clone());
            }
            Event::StocksCounted { counts } => {
                counts.iter().for_each(|count| self.aid.apply_count(count));
            }
            Event::ReserveOpened { depot, commodity, by, note } => {
                let consent = ReserveConsent { by: by.clone(), at: context.at, note: note.clone() };
                self.aid.stock_mut(depot, commodity).consent = Some(consent);
            }
            Event::ReserveClosed { depot, commodity, .. } => {
                self.aid.stock_mut(depot, commodity).consent = None;
            }
            Event::NeedsStated { needs } => {
                needs.iter().for_each(|need| self.aid.apply_need(context.at, need));
            }
            Event::NeedCorrected { need, note } => self.aid.apply_correction(context, need, note),
            Event::NeedWithdrawn { need, note } => self.aid.apply_withdrawal(context.at, need, note),
            Event::PlanProposed(plan) => {
                self.field_mut().plans.insert_mut(plan.id.clone(), plan.clone());
            }
            Event::ShipmentsApproved { shipments, by } => {
                let answer = ShipmentAnswer::Approved { by: by.clone(), at: context.at };
                shipments.iter().for_each(|shipment| self.aid.apply_answer(shipment, &answer));
            }
            Event::ShipmentsDeclined { shipments, reason, note } => {
                let (reason, note) = (*reason, note.clone());
                let answer = ShipmentAnswer::Declined { reason, note, at: context.at };
                shipments.iter().for_each(|shipment| self.aid.apply_answer(shipment, &answer));
            }
            Event::ShipmentDispatched { shipment, goods, by } => {
                let handover = Handover { goods: goods.clone(), by: by.clone(), at: context.at };
                self.aid.apply_dispatch(shipment, handover);
            }
            Event::ShipmentArrived { shipment, goods, by } => {
                let handover = Handover { goods: goods.clone(), by: by.clone(), at: context.at };
                self.aid.planned_mut(shipment).arrived = Some(handover);
            }
            Event::ShipmentReceived { shipment, goods, by } => {
                let handover = Handover { goods: goods.clone(), by: by.clone(), at: context.at };
                self.aid.apply_receipt(shipment, handover);
            }
            Event::DifferenceExplained { shipment, reason, note } => {
                let explained = Explanation { reason: *reason, note: note.clone(), at: context.at };
                self.aid.shipment_mut(shipment).explained = Some(explained);
            }
            Event::PairDecided(pair) => {
                let said = PairUse { pair: pair.clone(), decided_at: context.at, ended: None };
                self.field_mut().pairs.insert_mut(pair.id.clone(), said);
            }
            Event::PairEnded { pair, by, note } => {
                let ended = PairEnd { by: by.clone(), at: context.at, note: note.clone() };
                let said = self.field_mut().pairs.get_mut(pair).expect("a pair ends after it was decided");
                said.ended = Some(ended);
            }
        }
    }

    fn apply_request(&mut self, context: &Context, opened: &RequestOpened) {
        let seal = |index: Option<u16>| index.map(|index| SealId { sequence: context.sequence, index });
        // A decoded event has texts of its own for every name. Requests are kept by the hundred thousand: they share those
        // that the state has already, which also keeps the look-ups among them in the cache.
        let requester =
            self.organisations.get(&opened.requester).map_or(&opened.requester, |known| &known.id);
        let id = if requester.member == opened.request.member {
            RequestId::new(&requester.member, opened.request.slug.clone())
        } else {
            opened.request.clone()
        };
        let extra = Extra {
            incident: opened.incident.clone(),
            site: opened.site.clone(),
            keyword: opened.keyword.clone(),
            hazards: opened.hazards.clone(),
            ambulance: opened.ambulance.clone(),
            due: opened.due,
            origin: opened.origin.clone(),
            hospitals: opened.hospitals.clone(),
            caller: seal(opened.caller_seal),
            patients: seal(opened.patients_seal),
            reopened_from: None,
            links: Set::new_sync(),
        };
        let request = Request {
            id: id.clone(),
            kind: opened.kind,
            requester: requester.clone(),
            position: opened.position,
            place: opened.place.clone(),
            called_at: opened.called_at,
            triage: opened.triage,
            stretchers: opened.stretchers,
            needed: opened.needed,
            aircraft_count: opened.aircraft_count,
            state: RequestState::Open,
            ended_at: None,
            opened_at: context.at,
            opened_by: context.actor.clone(),
            numbers: vec![Number::default(); usize::from(opened.aircraft_count)],
            extras: Extras::from(extra),
        };
        self.requests_count += 1;
        self.requests_open_count += 1;
        self.requests_driven.insert_mut(id.clone());
        self.requests.insert_mut(id, request);
    }

    fn apply_outcome(&mut self, at: Timestamp, requisition: &RequisitionId, state: &AttemptState) {
        let request = self.request_mut(&requisition.request);
        let requester = request.requester.clone();
        let attempt = request.attempt_mut(requisition).expect("an outcome is of an attempt");
        attempt.state = state.clone();
        if let AttemptState::Committed { .. } = state {
            let key = (attempt.choice.asset.clone(), requester, local_month(at));
            let before = self.missions_month.get(&key).copied().unwrap_or(0);
            self.missions_month.insert_mut(key, before.saturating_add(1));
        }
        self.settle_driven(&requisition.request);
    }

    fn apply_hold(&mut self, at: Timestamp, held: &Held) {
        self.see_attempt(&held.requisition);
        let usage = self.use_mut(&held.asset);
        assert!(usage.hold.is_none(), "{} has at most one hold", held.asset);
        usage.hold = Some(held.requisition.clone());
        self.deadlines.insert_mut((held.answer_by, Deadline::Hold(held.requisition.clone())));
        let hold = Hold {
            requisition: held.requisition.clone(),
            asset: held.asset.clone(),
            kind: held.kind,
            position: held.position,
            place: held.place.clone(),
            site: held.site.clone(),
            hospital: held.hospital.clone(),
            if_busy: held.if_busy,
            held_at: at,
            answer_by: held.answer_by,
            state: HoldState::Asked,
        };
        self.holds.insert_mut(held.requisition.clone(), hold);
    }

    fn see_attempt(&mut self, requisition: &RequisitionId) {
        let key = (requisition.request.clone(), requisition.number);
        let highest = self.attempts_seen.get(&key).copied().unwrap_or(0);
        self.attempts_seen.insert_mut(key, highest.max(requisition.attempt));
    }

    /// Ends an open hold and frees its aircraft from it.
    fn end_hold(&mut self, requisition: &RequisitionId, state: HoldState) {
        let hold = self.hold_mut(requisition);
        assert!(hold.state.is_open(), "{requisition} ends once");
        hold.state = state;
        let (asset, due) = (hold.asset.clone(), (hold.answer_by, Deadline::Hold(requisition.clone())));
        self.deadlines.remove_mut(&due);
        let usage = self.use_mut(&asset);
        assert_eq!(usage.hold.as_ref(), Some(requisition), "{asset} was held by what ends");
        usage.hold = None;
    }

    /// On the ground an aircraft is free at once; in the air it returns first.
    fn phase_after_break_off(&mut self, mission: &MissionId) -> MissionPhase {
        match self.mission_mut(mission).phase {
            MissionPhase::Committed => MissionPhase::Ready,
            _ => MissionPhase::Returning,
        }
    }

    /// Ends a mission before its end.
    fn break_off(&mut self, at: Timestamp, mission: &MissionId, end: MissionEnd, then: MissionPhase) {
        self.count_flight(at, mission);
        let record = self.mission_mut(mission);
        assert!(record.end.is_none() || then == MissionPhase::Ready, "{mission} ends once");
        record.end.get_or_insert(end);
        if record.phase != then {
            record.phase = then;
            record.progress.push((then, at));
        }
        if then == MissionPhase::Ready {
            self.free_asset(at, mission);
        }
    }

    /// Adds the leg that ends now to what the crew has flown today.
    fn count_flight(&mut self, at: Timestamp, mission: &MissionId) {
        let record = self.mission_mut(mission);
        let airborne = match record.phase {
            MissionPhase::Airborne | MissionPhase::Transporting | MissionPhase::Returning => true,
            MissionPhase::Committed | MissionPhase::OnScene | MissionPhase::Arrived | MissionPhase::Ready => {
                false
            }
        };
        let since = record.progress.last().map_or(at, |(_, since)| *since);
        let asset = record.asset.clone();
        if airborne {
            let usage = self.use_mut(&asset);
            let day = local_day(at);
            let before = usage.flown.filter(|flown| flown.day == day).map_or(0, |flown| flown.seconds);
            usage.flown = Some(Flown { day, seconds: before.saturating_add(at.seconds_since(since)) });
        }
    }

    fn free_asset(&mut self, at: Timestamp, mission: &MissionId) {
        let asset = self.mission_mut(mission).asset.clone();
        let usage = self.use_mut(&asset);
        assert_eq!(usage.mission.as_ref(), Some(mission), "{asset} flew what ends");
        usage.mission = None;
        usage.ready_since = Some(at);
        self.missions_active.remove_mut(mission);
    }

    fn open_lease(
        &mut self,
        at: Timestamp,
        id: &LeaseId,
        (window, patients): (Window, u16),
        state: LeaseState,
    ) {
        self.deadlines.insert_mut((window.until, Deadline::Lease(id.clone())));
        self.leases_open_count += 1;
        into_set(&mut self.leases_open, &id.subject, id.clone());
        let lease = Lease { id: id.clone(), window, patients, state, set_at: at };
        self.leases.insert_mut(id.clone(), lease);
    }

    /// Takes a lease out of what stands; the patients it was asked for.
    fn close_lease(&mut self, id: &LeaseId) -> u16 {
        let Some(lease) = self.leases.get(id) else { return 0 };
        let (due, patients) = ((lease.window.until, Deadline::Lease(id.clone())), lease.patients);
        if out_of_set(&mut self.leases_open, &id.subject, id) {
            self.leases_open_count -= 1;
            self.deadlines.remove_mut(&due);
        }
        patients
    }

    /// Ends a request, and wants an end of its attempts for the reason `withdrawn`. Looks it up once: of all that a start
    /// folds, requests are the most.
    fn end_request(
        &mut self,
        at: Timestamp,
        id: &RequestId,
        state: RequestState,
        withdrawn: Option<WithdrawReason>,
    ) {
        self.requests_open_count -= 1;
        let request = self.request_mut(id);
        request.state = state;
        request.ended_at = Some(at);
        if let Some(reason) = withdrawn {
            withdraw_standing_attempts(request, reason);
        }
        let driven = is_driven(request);
        self.note_driven(id, driven);
    }

    /// Keeps `requests_driven` true.
    fn settle_driven(&mut self, id: &RequestId) {
        let driven = is_driven(self.request_mut(id));
        self.note_driven(id, driven);
    }

    fn note_driven(&mut self, id: &RequestId, driven: bool) {
        if driven {
            self.requests_driven.insert_mut(id.clone());
        } else {
            self.requests_driven.remove_mut(id);
        }
    }

    /// Moves everything that ends by itself, after a time in which nothing could: what was there `since` the pause began
    /// by the whole pause, what was made in it by the step of the clock alone.
    fn prolong_deadlines(&mut self, since: Timestamp, paused_millis: i64, stepped_millis: i64) {
        let millis = |set_at: Timestamp| if set_at <= since { paused_millis } else { stepped_millis };
        let due: Vec<Deadline> = self.deadlines.iter().map(|(_, deadline)| deadline.clone()).collect();
        self.deadlines = Set::new_sync();
        for deadline in due {
            let until = match &deadline {
                Deadline::Hold(id) => {
                    let hold = self.hold_mut(id);
                    hold.answer_by = hold.answer_by.plus_millis(millis(hold.held_at));
                    hold.answer_by
                }
                Deadline::Lease(id) => {
                    let lease = self.leases.get_mut(id).expect("a deadline is of a lease that stands");
                    lease.window.until = lease.window.until.plus_millis(millis(lease.set_at));
                    lease.window.until
                }
                Deadline::Offer(id) => {
                    let offer = self.offers.get_mut(id).expect("a deadline is of an offer that stands");
                    offer.window.until = offer.window.until.plus_millis(millis(offer.made_at));
                    offer.window.until
                }
            };
            self.deadlines.insert_mut((until, deadline));
        }
    }

    fn field_mut(&mut self) -> &mut Field {
        self.field.as_mut().expect("the facts of a field follow its opening")
    }

    fn use_mut(&mut self, asset: &AssetId) -> &mut AssetUse {
        self.asset_uses.get_mut(asset).expect("an asset is used after it was registered")
    }

    fn request_mut(&mut self, id: &RequestId) -> &mut Request {
        self.requests.get_mut(id).expect("a request is changed after it was opened")
    }

    fn attempt_mut(&mut self, id: &RequisitionId) -> &mut Attempt {
        self.request_mut(&id.request).attempt_mut(id).expect("an attempt is changed after it was opened")
    }

    fn hold_mut(&mut self, id: &RequisitionId) -> &mut Hold {
        self.holds.get_mut(id).expect("a hold is changed after it was recorded")
    }

    fn mission_mut(&mut self, id: &MissionId) -> &mut Mission {
        self.missions.get_mut(id).expect("a mission is changed after it was committed")
    }
}

/// Wants an end of everything that may still bring an aircraft. A cancelled patient needs none, so it reaches those that
/// a person went past as well; what was merged leaves them to the other aircraft's side.
fn withdraw_standing_attempts(request: &mut Request, reason: WithdrawReason) {
    let reaches_superseded = matches!(reason, WithdrawReason::Cancelled(_));
    for attempt in request.numbers.iter_mut().flat_map(|number| &mut number.attempts) {
        let superseded = attempt.state == AttemptState::Ended(AttemptEnd::Superseded);
        if attempt.stands() && (reaches_superseded || !superseded) {
            attempt.withdrawal = Some(reason);
        }
    }
}

/// Whether a request is open, or has an attempt whose end is not known.
fn is_driven(request: &Request) -> bool {
    let waits = |attempt: &Attempt| match (&attempt.state, &attempt.commit_report) {
        (_, Some(CommitReport { outcome: ReportOutcome::Unsettled, .. })) => true,
        (AttemptState::Open | AttemptState::Committed { .. }, _) => true,
        (AttemptState::Ended(end), _) => *end == AttemptEnd::Superseded,
    };
    request.state == RequestState::Open || request.attempts().any(|(_, attempt)| waits(attempt))
}

fn into_set<K: Ord + Clone, V: Ord>(map: &mut Map<K, Set<V>>, key: &K, value: V) {
    match map.get_mut(key) {
        Some(set) => {
            set.insert_mut(value);
        }
        None => {
            let mut set = Set::new_sync();
            set.insert_mut(value);
            map.insert_mut(key.clone(), set);
        }
    }
}

/// Whether it was in; an empty set leaves nothing behind, so that equal contents are equal maps.
fn out_of_set<K: Ord + Clone, V: Ord>(map: &mut Map<K, Set<V>>, key: &K, value: &V) -> bool {
    let Some(set) = map.get_mut(key) else { return false };
    let was_in = set.remove_mut(value);
    if set.is_empty() {
        map.remove_mut(key);
    }
    was_in
}
