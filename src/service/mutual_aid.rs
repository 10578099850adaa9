//! Who sends what to whom: goods, depots, fleets, stocks, needs.
//!
//! Holds no policy: each call reads its message, looks up what it names, hands one command to one ledger and shows what
//! the view then holds.

mod comparison;
mod estimate;
mod goods;
mod needs;
mod pairs;
mod plans;
mod runs;
mod shipments;
mod stocks;

use super::ServiceError;
use super::convert::Parent;
use super::desk::{Desk, unknown};
use super::registry::{ledgers, parent_key};
use super::rpc::serve;
use crate::api::v1;
use crate::authority::{DISASTER, RoadBoard, Union, View};
use crate::decision::model::Commodity;
use crate::decision::rejection::Kind;
use crate::drill::scenario::{Municipality, Scout};
use crate::hazard::unit_model::Profile;
use crate::id::{CommodityId, LedgerId};
use std::collections::BTreeMap;
use std::sync::Arc;

/// `yui.v1.MutualAidService`.
#[derive(Debug)]
pub struct MutualAid<U> {
    desk: Arc<Desk<U>>,
    /// The roads that plans go by.
    board: Arc<RoadBoard>,
    /// Plans on their way.
    runs: runs::Runs,
    /// The municipalities that are known, by code; empty where nobody said which there are.
    places: Arc<BTreeMap<u32, Municipality>>,
    /// Who looks at whom at once.
    scouts: Vec<Scout>,
    /// What one person needs.
    unit_model: Option<Profile>,
}

/// What no ledger holds and whoever serves the space says once; nothing of each where nobody did.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// The municipalities that may be named.
    pub municipalities: Vec<Municipality>,
    /// Who looks at whom at once.
    pub scouts: Vec<Scout>,
    /// What one person needs.
    pub unit_model: Option<Profile>,
}

serve! {
    impl[U: Union] v1::mutual_aid_service_server::MutualAidService, for MutualAid<U> {
        list_commodities(ListCommoditiesRequest) -> ListCommoditiesResponse;
        create_commodity(CreateCommodityRequest) -> Commodity;
        get_depot(GetDepotRequest) -> Depot;
        list_depots(ListDepotsRequest) -> ListDepotsResponse;
        create_depot(CreateDepotRequest) -> Depot;
        report_depot(ReportDepotRequest) -> Depot;
        list_fleets(ListFleetsRequest) -> ListFleetsResponse;
        create_fleet(CreateFleetRequest) -> Fleet;
        list_stocks(ListStocksRequest) -> ListStocksResponse;
        count_stock(CountStockRequest) -> Stock;
        open_reserve(OpenReserveRequest) -> Stock;
        close_reserve(CloseReserveRequest) -> Stock;
        state_needs(StateNeedsRequest) -> StateNeedsResponse;
        correct_need(CorrectNeedRequest) -> Need;
        withdraw_need(WithdrawNeedRequest) -> Need;
        get_need(GetNeedRequest) -> Need;
        list_needs(ListNeedsRequest) -> ListNeedsResponse;
        estimate_needs(EstimateNeedsRequest) -> EstimateNeedsResponse;
        sum_needs(SumNeedsRequest) -> SumNeedsResponse;
        propose_plan(ProposePlanRequest) -> PlanRun;
        get_plan_run(GetPlanRunRequest) -> PlanRun;
        cancel_plan_run(CancelPlanRunRequest) -> PlanRun;
        compare_plans(ComparePlansRequest) -> ComparePlansResponse;
        get_plan(GetPlanRequest) -> AidPlan;
        get_plan_problem(GetPlanProblemRequest) -> PlanProblem;
        list_plans(ListPlansRequest) -> ListPlansResponse;
        approve_plan(ApprovePlanRequest) -> ApprovePlanResponse;
        decline_plan(DeclinePlanRequest) -> DeclinePlanResponse;
        get_shipment(GetShipmentRequest) -> Shipment;
        list_shipments(ListShipmentsRequest) -> ListShipmentsResponse;
        dispatch_shipment(DispatchShipmentRequest) -> Shipment;
        record_arrival(RecordArrivalRequest) -> Shipment;
        receive_shipment(ReceiveShipmentRequest) -> Shipment;
        explain_difference(ExplainDifferenceRequest) -> Shipment;
        propose_pairs(ProposePairsRequest) -> ProposePairsResponse;
        decide_pair(DecidePairRequest) -> Pair;
        end_pair(EndPairRequest) -> Pair;
        list_pairs(ListPairsRequest) -> ListPairsResponse;
        list_scout_pairs(ListScoutPairsRequest) -> ListScoutPairsResponse;
    }
}

type Answer<T> = Result<T, ServiceError>;

impl<U: Union> MutualAid<U> {
    /// The service at `desk`, with the roads of `board`.
    #[must_use]
    pub fn new(desk: Arc<Desk<U>>, board: Arc<RoadBoard>, told: Told) -> MutualAid<U> {
        let Told { municipalities, scouts, unit_model } = told;
        let known = municipalities.into_iter().map(|municipality| (municipality.code, municipality));
        let places = Arc::new(known.collect());
        MutualAid { desk, board, runs: runs::Runs::default(), places, scouts, unit_model }
    }
}

/// The ledger of the field of disasters.
fn disaster() -> LedgerId {
    LedgerId::Field(DISASTER.parse().expect("the name of the field is well formed"))
}

/// A commodity that somebody registered.
fn known_commodity<'v>(view: &'v View, id: &CommodityId) -> Answer<&'v Commodity> {
    view.commodity(id).ok_or_else(|| unknown(Kind::Commodity, id))
}

/// Refuses a quantity in another unit than the commodity's own; nothing said is its own.
fn same_unit(field: &str, commodity: &Commodity, given: &str) -> Answer<()> {
    if given.is_empty() || given == commodity.unit {
        return Ok(());
    }
    Err(ServiceError::OtherUnit {
        field: field.to_owned(),
        commodity: commodity.id.clone(),
        given: given.chars().take(32).collect(),
        unit: commodity.unit.clone(),
    })
}
