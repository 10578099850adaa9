//! Commodities, depots, fleets.

use super::{Answer, MutualAid, Parent, disaster, ledgers, parent_key};
use crate::api::v1;
use crate::authority::Union;
use crate::decision::Command;
use crate::decision::model::{DepotState, VehicleClass};
use crate::decision::rejection::Kind;
use crate::id::{CommodityId, DepotId, FleetId, MemberId};
use crate::service::convert::{Wire, read};
use crate::service::desk::{Caller, unknown};
use crate::service::filter::FilterField;
use crate::service::paging::Query;

const COMMODITY_FILTER: [FilterField; 3] = [
    FilterField { name: "unit", takes: |_| true },
    FilterField { name: "objective_tier", takes: |value| value.parse::<u8>().is_ok() },
    FilterField { name: "kind", takes: |value| v1::commodity::Kind::from_str_name(value).is_some() },
];

const DEPOT_FILTER: [FilterField; 3] = [
    FilterField { name: "tier", takes: |value| v1::depot::Tier::from_str_name(value).is_some() },
    FilterField { name: "state", takes: |value| v1::depot::State::from_str_name(value).is_some() },
    FilterField { name: "municipality", takes: |value| value.parse::<u32>().is_ok() },
];

const FLEET_FILTER: [FilterField; 2] = [
    FilterField { name: "vehicle_class", takes: |value| v1::VehicleClass::from_str_name(value).is_some() },
    FilterField { name: "depot", takes: |_| true },
];

impl<U: Union> MutualAid<U> {
    pub(super) async fn list_commodities(
        &self,
        _: Caller,
        message: v1::ListCommoditiesRequest,
    ) -> Answer<v1::ListCommoditiesResponse> {
        let query = Query {
            method: "ListCommodities",
            parent: "",
            filter: &message.filter,
            page_size: message.page_size,
            page_token: &message.page_token,
        };
        let page = query.read(&COMMODITY_FILTER)?;
        let shown = self.desk.shown();
        let passing = shown.view.commodities().filter(|commodity| {
            page.filter.admits(|field| match field {
                "unit" => vec![commodity.unit.clone()],
                "kind" => vec![commodity.kind.wire().as_str_name().to_owned()],
                _ => vec![commodity.objective_tier.to_string()],
            })
        });
        let (found, next_page_token) = page.cut(passing, |commodity| commodity.id.clone())?;
        let commodities = found.into_iter().map(|commodity| shown.commodity_of(commodity)).collect();
        Ok(v1::ListCommoditiesResponse { commodities, next_page_token })
    }

    pub(super) async fn create_commodity(
        &self,
        caller: Caller,
        message: v1::CreateCommodityRequest,
    ) -> Answer<v1::Commodity> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let id = CommodityId(read::slug("commodity_id", &message.commodity_id)?);
        let said = read::given("commodity", message.commodity)?;
        let commodity = self.desk.reader().commodity(id, said)?;
        let command = Command::RegisterCommodity(commodity.clone());
        let done = self.desk.order(call, &disaster(), command).await.map_err(|e| e.within("commodity"))?;
        Ok(done.shown.commodity_of(&commodity))
    }

    pub(super) async fn get_depot(&self, _: Caller, message: v1::GetDepotRequest) -> Answer<v1::Depot> {
        let id: DepotId = self.desk.reader().name("name", &message.name)?;
        self.desk.shown().depot(&id).ok_or_else(|| unknown(Kind::Depot, &id))
    }

    pub(super) async fn list_depots(
        &self,
        _: Caller,
        message: v1::ListDepotsRequest,
    ) -> Answer<v1::ListDepotsResponse> {
        let parent: Parent = self.desk.reader().names().parent(&message.parent)?;
        let query = Query {
            method: "ListDepots",
            parent: &parent_key(&parent),
            filter: &message.filter,
            page_size: message.page_size,
            page_token: &message.page_token,
        };
        let page = query.read(&DEPOT_FILTER)?;
        let shown = self.desk.shown();
        let all = ledgers(&shown.view, &parent)?.into_iter().flat_map(|state| {
            state.aid.depots.values().map(|depot| (depot, state.aid.depot_reports.get(&depot.id)))
        });
        let passing = all.filter(|(depot, report)| {
            page.filter.admits(|field| {
                vec![match field {
                    "tier" => depot.tier.wire().as_str_name().to_owned(),
                    "state" => {
                        let state = report.map_or(DepotState::Open, |report| report.state);
                        state.wire().as_str_name().to_owned()
                    }
                    _ => depot.municipality.to_string(),
                }]
            })
        });
        let (found, next_page_token) = page.cut(passing, |(depot, _)| depot.id.clone())?;
        let depots = found.into_iter().map(|(depot, report)| shown.depot_of(depot, report)).collect();
        Ok(v1::ListDepotsResponse { depots, next_page_token })
    }

    pub(super) async fn create_depot(
        &self,
        caller: Caller,
        message: v1::CreateDepotRequest,
    ) -> Answer<v1::Depot> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let member: MemberId = self.desk.reader().name("parent", &message.parent)?;
        let id = DepotId::new(&member, read::slug("depot_id", &message.depot_id)?);
        let depot = self.desk.reader().depot(id.clone(), read::given("depot", message.depot)?)?;
        let command = Command::RegisterDepot(depot.clone());
        let done = self.desk.order(call, &id.ledger(), command).await.map_err(|e| e.within("depot"))?;
        Ok(done.shown.depot(&id).unwrap_or_else(|| done.shown.depot_of(&depot, None)))
    }

    pub(super) async fn report_depot(
        &self,
        caller: Caller,
        message: v1::ReportDepotRequest,
    ) -> Answer<v1::Depot> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let depot: DepotId = self.desk.reader().name("name", &message.name)?;
        let state = read::choice("state", message.state)?;
        let command = Command::ReportDepot { depot: depot.clone(), state, note: message.note };
        let done = self.desk.order(call, &depot.ledger(), command).await?;
        done.shown.depot(&depot).ok_or_else(|| unknown(Kind::Depot, &depot))
    }

    pub(super) async fn list_fleets(
        &self,
        _: Caller,
        message: v1::ListFleetsRequest,
    ) -> Answer<v1::ListFleetsResponse> {
        let parent: Parent = self.desk.reader().names().parent(&message.parent)?;
        let query = Query {
            method: "ListFleets",
            parent: &parent_key(&parent),
            filter: &message.filter,
            page_size: message.page_size,
            page_token: &message.page_token,
        };
        let page = query.read(&FLEET_FILTER)?;
        let shown = self.desk.shown();
        let all = ledgers(&shown.view, &parent)?.into_iter().flat_map(|state| state.aid.fleets.values());
        let passing = all.filter(|fleet| {
            page.filter.admits(|field| match field {
                "vehicle_class" => vec![VehicleClass::wire(fleet.class).as_str_name().to_owned()],
                _ => vec![fleet.depot.to_string(), shown.names.print(&fleet.depot)],
            })
        });
        let (found, next_page_token) = page.cut(passing, |fleet| fleet.id.clone())?;
        let fleets = found.into_iter().map(|fleet| shown.fleet_of(fleet)).collect();
        Ok(v1::ListFleetsResponse { fleets, next_page_token })
    }

    pub(super) async fn create_fleet(
        &self,
        caller: Caller,
        message: v1::CreateFleetRequest,
    ) -> Answer<v1::Fleet> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let member: MemberId = self.desk.reader().name("parent", &message.parent)?;
        let id = FleetId::new(&member, read::slug("fleet_id", &message.fleet_id)?);
        let fleet = self.desk.reader().fleet(id.clone(), read::given("fleet", message.fleet)?)?;
        let command = Command::RegisterFleet(fleet.clone());
        let done = self.desk.order(call, &id.ledger(), command).await.map_err(|e| e.within("fleet"))?;
        Ok(done.shown.fleet_of(&fleet))
    }
}
