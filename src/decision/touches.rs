//! Which resources a record touched: what `Watch` sends on, and what makes an index stale.

use super::Event;
use super::model::{Goods, LeaseId, Shipment};
use crate::id::{
    AssetId, CommodityId, DepotId, FleetId, HospitalId, LedgerId, MemberId, MissionId, NeedId, NoFlyAreaId,
    OfferId, OrganisationId, PairId, PlanId, RequestId, RequisitionId, RestrictionId, ShipmentId, SiteId,
    StandingOrderId, StockId, StructureId, WeatherRegionId,
};

/// A resource as `Watch` names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resource {
    /// A member, its mode included.
    Member(MemberId),
    /// An organisation.
    Organisation(OrganisationId),
    /// An asset.
    Asset(AssetId),
    /// A landing site.
    Site(SiteId),
    /// A hospital.
    Hospital(HospitalId),
    /// The agreement of an area.
    Agreement(OrganisationId),
    /// A request.
    Request(RequestId),
    /// A requisition.
    Requisition(RequisitionId),
    /// A mission.
    Mission(MissionId),
    /// A lease.
    Lease(LeaseId),
    /// An offer.
    Offer(OfferId),
    /// A standing order.
    StandingOrder(StandingOrderId),
    /// The weather of a region.
    Weather(WeatherRegionId),
    /// A named structure.
    Structure(StructureId),
    /// A restriction of the roads.
    Restriction(RestrictionId),
    /// An area that may not be flown through.
    NoFlyArea(NoFlyAreaId),
    /// A commodity.
    Commodity(CommodityId),
    /// A depot, and what was last said of it.
    Depot(DepotId),
    /// A fleet.
    Fleet(FleetId),
    /// A stock.
    Stock(StockId),
    /// A need.
    Need(NeedId),
    /// A plan.
    Plan(PlanId),
    /// A pair.
    Pair(PairId),
    /// A shipment.
    Shipment(ShipmentId),
}

/// What one record touched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touched {
    /// The ledger.
    pub ledger: LedgerId,
    /// The record.
    pub sequence: u64,
    /// The resources, sorted, each once.
    pub resources: Vec<Resource>,
}

impl Touched {
    /// What the events of one record touch. `state` is the state after it.
    #[must_use]
    pub fn by(ledger: &LedgerId, sequence: u64, events: &[Event], state: &super::State) -> Touched {
        let mut resources = Vec::new();
        for event in events {
            touch(event, ledger, state, &mut resources);
        }
        resources.sort();
        resources.dedup();
        Touched { ledger: ledger.clone(), sequence, resources }
    }
}

/// Adds what `event` touches; `state` is the state after the record.
fn touch(event: &Event, ledger: &LedgerId, state: &super::State, out: &mut Vec<Resource>) {
    match event {
        Event::AuthorityTaken { .. } | Event::FieldOpened { .. } | Event::AreaStated(_) => {}
        Event::MemberRegistered(member) => out.push(Resource::Member(member.id.clone())),
        Event::AgreementAdopted(agreement) => out.push(Resource::Agreement(agreement.area.clone())),
        // Whether its clock is trusted is shown with the member.
        Event::OperatingModeSet(_) | Event::ClockSuspected { .. } | Event::ClockTrusted { .. } => {
            if let LedgerId::Member(member) = ledger {
                out.push(Resource::Member(member.clone()));
            }
        }
        Event::OrganisationRegistered(organisation) => {
            out.push(Resource::Organisation(organisation.id.clone()))
        }
        Event::AssetRegistered(asset) | Event::AssetUpdated(asset) => {
            out.push(Resource::Asset(asset.id.clone()))
        }
        Event::SiteRegistered(site) => out.push(Resource::Site(site.id.clone())),
        Event::HospitalRegistered(hospital) => out.push(Resource::Hospital(hospital.id.clone())),
        Event::AssetStateSet { asset, .. }
        | Event::OutagePlanned { asset, .. }
        | Event::OutageCancelled { asset, .. } => out.push(Resource::Asset(asset.clone())),
        Event::Offered { offer, requisition, .. } => {
            out.push(Resource::Offer(offer.clone()));
            out.extend(requisition.clone().map(Resource::Requisition));
        }
        Event::OfferEnded { offer, .. } => {
            out.push(Resource::Offer(offer.clone()));
            let requisition = state.offers.get(offer).and_then(|offer| offer.requisition.clone());
            out.extend(requisition.map(Resource::Requisition));
        }
        Event::StandingOrderGiven { id, .. } | Event::StandingOrderRevoked { id } => {
            out.push(Resource::StandingOrder(id.clone()));
        }
        Event::WeatherReported(weather) => out.push(Resource::Weather(weather.region.clone())),
        Event::SiteReported { site, .. } => out.push(Resource::Site(site.clone())),
        Event::HospitalReported { hospital, .. } => out.push(Resource::Hospital(hospital.clone())),
        Event::StructureClosed { structure, .. } | Event::StructureOpened { structure, .. } => {
            out.push(Resource::Structure(structure.clone()));
        }
        Event::RoadRestricted(restriction) => out.push(Resource::Restriction(restriction.id.clone())),
        Event::RestrictionLifted { restriction, .. } => {
            out.push(Resource::Restriction(restriction.clone()));
        }
        Event::NoFlyAreaReported(area) => out.push(Resource::NoFlyArea(area.id.clone())),
        Event::NoFlyAreaLifted { area, .. } => out.push(Resource::NoFlyArea(area.clone())),
        Event::RequestOpened(opened) => out.push(Resource::Request(opened.request.clone())),
        Event::AircraftCountSet { request, .. }
        | Event::RequestCancelled { request, .. }
        | Event::RequestClosed { request, .. } => out.push(Resource::Request(request.clone())),
        Event::RequestLinked { request, other } | Event::RequestMerged { request, into: other } => {
            out.push(Resource::Request(request.clone()));
            out.push(Resource::Request(other.clone()));
        }
        Event::RequestReopened { request } => {
            out.push(Resource::Request(request.clone()));
            let from = state.requests.get(request).and_then(|request| request.reopened_from.clone());
            out.extend(from.map(Resource::Request));
        }
        Event::AttemptOpened { requisition, .. }
        | Event::WithdrawalAsked { requisition, .. }
        | Event::OutcomeRecorded { requisition, .. }
        | Event::CommitReported { requisition, .. }
        | Event::CommitReportSettled { requisition, .. } => {
            out.push(Resource::Request(requisition.request.clone()));
            out.push(Resource::Requisition(requisition.clone()));
        }
        Event::Held(held) => touch_hold(&held.requisition, state, out),
        Event::NotHeld { requisition, .. }
        | Event::Acknowledged { requisition }
        | Event::Declined { requisition, .. }
        | Event::Withdrawn { requisition, .. }
        | Event::Expired { requisition } => touch_hold(requisition, state, out),
        Event::Committed { requisition, mission, .. } => {
            touch_hold(requisition, state, out);
            out.push(Resource::Mission(mission.clone()));
        }
        Event::CommitmentConfirmed { mission }
        | Event::Progressed { mission, .. }
        | Event::HospitalChosen { mission, .. }
        | Event::StoodDown { mission, .. }
        | Event::Aborted { mission, .. } => {
            out.push(Resource::Mission(mission.clone()));
            if let Some(mission) = state.missions.get(mission) {
                touch_hold(&mission.requisition, state, out);
            }
        }
        Event::CommodityRegistered(commodity) => out.push(Resource::Commodity(commodity.id.clone())),
        Event::DepotRegistered(depot) => out.push(Resource::Depot(depot.id.clone())),
        Event::DepotReported { depot, .. } => out.push(Resource::Depot(depot.clone())),
        Event::FleetRegistered(fleet) => out.push(Resource::Fleet(fleet.id.clone())),
        Event::StocksCounted { counts } => {
            let ids = counts.iter().map(|count| StockId::new(&count.depot, &count.commodity));
            out.extend(ids.map(Resource::Stock));
        }
        Event::ReserveOpened { depot, commodity, .. } | Event::ReserveClosed { depot, commodity, .. } => {
            out.push(Resource::Stock(StockId::new(depot, commodity)));
        }
        Event::NeedsStated { needs } => {
            out.extend(needs.iter().map(|need| Resource::Need(need.id.clone())));
        }
        Event::NeedCorrected { need, .. } => out.push(Resource::Need(need.id.clone())),
        Event::NeedWithdrawn { need, .. } => out.push(Resource::Need(need.clone())),
        Event::PlanProposed(plan) => out.push(Resource::Plan(plan.id.clone())),
        Event::ShipmentsApproved { shipments, .. } | Event::ShipmentsDeclined { shipments, .. } => {
            out.extend(shipments.iter().map(|shipment| Resource::Shipment(shipment.id.clone())));
        }
        Event::ShipmentArrived { shipment, .. } => out.push(Resource::Shipment(shipment.id.clone())),
        Event::ShipmentDispatched { shipment, goods, .. } => {
            touch_moved(shipment, goods, |said| &said.sender, state, out);
        }
        Event::ShipmentReceived { shipment, goods, .. } => {
            touch_moved(shipment, goods, |said| &said.receiver, state, out);
        }
        Event::DifferenceExplained { shipment, .. } => out.push(Resource::Shipment(shipment.clone())),
        Event::PairDecided(pair) => out.push(Resource::Pair(pair.id.clone())),
        Event::PairEnded { pair, .. } => out.push(Resource::Pair(pair.clone())),
        Event::BedAsked { lease, .. }
        | Event::LeaseGranted { lease, .. }
        | Event::LeaseRefused { lease, .. }
        | Event::LeaseRenewed { lease, .. }
        | Event::LeaseEnded { lease, .. } => out.push(Resource::Lease(lease.clone())),
    }
}

/// An ask touches its request, itself and the aircraft that it holds.
fn touch_hold(requisition: &RequisitionId, state: &super::State, out: &mut Vec<Resource>) {
    out.push(Resource::Request(requisition.request.clone()));
    out.push(Resource::Requisition(requisition.clone()));
    if let Some(hold) = state.holds.get(requisition) {
        out.push(Resource::Asset(hold.asset.clone()));
    }
}

/// Goods that move touch their shipment and the stocks that they leave or join.
fn touch_moved(
    id: &ShipmentId,
    goods: &[Goods],
    depot: fn(&Shipment) -> &DepotId,
    state: &super::State,
    out: &mut Vec<Resource>,
) {
    out.push(Resource::Shipment(id.clone()));
    if let Some(said) = state.aid.shipments.get(id) {
        let stock = |goods: &Goods| Resource::Stock(StockId::new(depot(&said.shipment), &goods.commodity));
        out.extend(goods.iter().map(stock));
    }
}
