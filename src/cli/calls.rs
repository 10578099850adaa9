//! The table of calls: path, answer, and whether a lost one may be sent again.
//!
//! One generic client reads it, so a call cannot be sent to the wrong path or decoded as the wrong answer.

use crate::api::v1::*;

/// What may be done when no answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {
    /// It reads, or carries a `request_id`: the same call again has the same effect.
    Safe,
    /// It would act twice.
    Never,
}

/// A unary call of the API.
pub trait Call: prost::Message + Default + Clone + 'static {
    /// What comes back.
    type Answer: prost::Message + Default + 'static;
    /// `/package.Service/Method`.
    const PATH: &'static str;
    /// Full name of the answer's type.
    const ANSWER: &'static str;
    /// Whether it may be sent again.
    const REPEAT: Repeat;
}

/// How a change is told apart from others, and whether it is only judged.
#[derive(Clone, Debug)]
pub struct Stamp {
    /// The same for every retry.
    pub request_id: String,
    /// Judge only.
    pub validate_only: bool,
}

/// A call that changes something.
pub trait Change: Call {
    /// Puts the stamp on.
    fn stamp(&mut self, stamp: &Stamp);
}

macro_rules! calls {
    ($($service:ident { $($verb:ident $method:ident: $request:ident => $answer:ident;)+ })+) => {
        $($(calls!(@$verb $service $method $request $answer);)+)+

        #[cfg(test)]
        fn rows() -> Vec<(&'static str, &'static str, &'static str, &'static str)> {
            vec![$($((
                stringify!($verb),
                <$request as Call>::PATH,
                concat!("yui.v1.", stringify!($request)),
                <$request as Call>::ANSWER,
            ),)+)+]
        }
    };
    (@call $repeat:ident $service:ident $method:ident $request:ident $answer:ident) => {
        impl Call for $request {
            type Answer = $answer;
            const PATH: &'static str = concat!("/yui.v1.", stringify!($service), "/", stringify!($method));
            const ANSWER: &'static str = concat!("yui.v1.", stringify!($answer));
            const REPEAT: Repeat = Repeat::$repeat;
        }
    };
    (@read $($rest:ident)+) => { calls!(@call Safe $($rest)+); };
    (@once $($rest:ident)+) => { calls!(@call Never $($rest)+); };
    (@change $service:ident $method:ident $request:ident $answer:ident) => {
        calls!(@call Safe $service $method $request $answer);
        impl Change for $request {
            fn stamp(&mut self, stamp: &Stamp) {
                self.request_id.clone_from(&stamp.request_id);
                self.validate_only = stamp.validate_only;
            }
        }
    };
}

calls! {
    RegistryService {
        read GetMember: GetMemberRequest => Member;
        read ListMembers: ListMembersRequest => ListMembersResponse;
        change CreateMember: CreateMemberRequest => Member;
        change SetOperatingMode: SetOperatingModeRequest => Member;
        change TrustClock: TrustClockRequest => TrustClockResponse;
        read GetOrganisation: GetOrganisationRequest => Organisation;
        read ListOrganisations: ListOrganisationsRequest => ListOrganisationsResponse;
        change CreateOrganisation: CreateOrganisationRequest => Organisation;
        read GetAsset: GetAssetRequest => Asset;
        read ListAssets: ListAssetsRequest => ListAssetsResponse;
        change CreateAsset: CreateAssetRequest => Asset;
        change UpdateAsset: UpdateAssetRequest => Asset;
        read SearchNearestAssets: SearchNearestAssetsRequest => SearchNearestAssetsResponse;
        change MakeAssetAvailable: MakeAssetAvailableRequest => Asset;
        change TakeAssetOutOfService: TakeAssetOutOfServiceRequest => Asset;
        change StartAssetTraining: StartAssetTrainingRequest => Asset;
        change PlanOutage: PlanOutageRequest => Asset;
        change CancelOutage: CancelOutageRequest => Asset;
        read GetSite: GetSiteRequest => Site;
        read ListSites: ListSitesRequest => ListSitesResponse;
        change CreateSite: CreateSiteRequest => Site;
        read SearchNearestSites: SearchNearestSitesRequest => SearchNearestSitesResponse;
        read GetHospital: GetHospitalRequest => Hospital;
        read ListHospitals: ListHospitalsRequest => ListHospitalsResponse;
        change CreateHospital: CreateHospitalRequest => Hospital;
        read SearchNearestHospitals: SearchNearestHospitalsRequest => SearchNearestHospitalsResponse;
        read GetAgreement: GetAgreementRequest => Agreement;
        read ListAgreements: ListAgreementsRequest => ListAgreementsResponse;
        change AdoptAgreement: AdoptAgreementRequest => Agreement;
        change OfferAsset: OfferAssetRequest => Offer;
        change WithdrawOffer: WithdrawOfferRequest => Offer;
        read ListOffers: ListOffersRequest => ListOffersResponse;
        change GiveStandingOrder: GiveStandingOrderRequest => StandingOrder;
        change RevokeStandingOrder: RevokeStandingOrderRequest => StandingOrder;
        read ListStandingOrders: ListStandingOrdersRequest => ListStandingOrdersResponse;
    }
    DispatchService {
        read RankCandidates: RankCandidatesRequest => Ranking;
        read ProposeAssignment: ProposeAssignmentRequest => ProposeAssignmentResponse;
        change CreateRequest: CreateRequestRequest => Request;
        read GetRequest: GetRequestRequest => Request;
        read ListRequests: ListRequestsRequest => ListRequestsResponse;
        change SetAircraftCount: SetAircraftCountRequest => Request;
        change LinkRequests: LinkRequestsRequest => Request;
        change MergeRequests: MergeRequestsRequest => Request;
        change CancelRequest: CancelRequestRequest => Request;
        change CloseRequest: CloseRequestRequest => Request;
        change AskRequisition: AskRequisitionRequest => Requisition;
        read GetRequisition: GetRequisitionRequest => Requisition;
        read ListRequisitions: ListRequisitionsRequest => ListRequisitionsResponse;
        read ExplainRequisition: ExplainRequisitionRequest => ExplainRequisitionResponse;
        change AcknowledgeRequisition: AcknowledgeRequisitionRequest => Requisition;
        change CommitRequisition: CommitRequisitionRequest => Mission;
        change DeclineRequisition: DeclineRequisitionRequest => Requisition;
        change WithdrawRequisition: WithdrawRequisitionRequest => Requisition;
        change ReportCommitment: ReportCommitmentRequest => Requisition;
        change TakeOffer: TakeOfferRequest => Requisition;
        change StandDownOffer: StandDownOfferRequest => Offer;
        read GetMission: GetMissionRequest => Mission;
        read ListMissions: ListMissionsRequest => ListMissionsResponse;
        change ConfirmCommitment: ConfirmCommitmentRequest => Mission;
        change ReportProgress: ReportProgressRequest => Mission;
        change ChooseHospital: ChooseHospitalRequest => Mission;
        change StandDownMission: StandDownMissionRequest => Mission;
        change AbortMission: AbortMissionRequest => Mission;
        read ListLeases: ListLeasesRequest => ListLeasesResponse;
        change AskLease: AskLeaseRequest => Lease;
        change EndLease: EndLeaseRequest => Lease;
        change AnswerBed: AnswerBedRequest => Lease;
    }
    ConditionService {
        change ReportWeather: ReportWeatherRequest => WeatherReport;
        read ListWeather: ListWeatherRequest => ListWeatherResponse;
        change ReportSite: ReportSiteRequest => Site;
        change ReportHospital: ReportHospitalRequest => Hospital;
        change CloseStructure: CloseStructureRequest => Structure;
        change OpenStructure: OpenStructureRequest => Structure;
        read ListStructures: ListStructuresRequest => ListStructuresResponse;
    }
    NetworkService {
        read GetNetwork: GetNetworkRequest => Network;
        change CreateRestriction: CreateRestrictionRequest => Restriction;
        change LiftRestriction: LiftRestrictionRequest => Restriction;
        read GetRestriction: GetRestrictionRequest => Restriction;
        read ListRestrictions: ListRestrictionsRequest => ListRestrictionsResponse;
        read ComputeRoute: ComputeRouteRequest => Route;
        read ComputeIsochrone: ComputeIsochroneRequest => Isochrone;
        read FindNearest: FindNearestRequest => FindNearestResponse;
        read SnapPosition: SnapPositionRequest => SnapPositionResponse;
        read AssessReachability: AssessReachabilityRequest => Reachability;
    }
    MutualAidService {
        read ListCommodities: ListCommoditiesRequest => ListCommoditiesResponse;
        change CreateCommodity: CreateCommodityRequest => Commodity;
        read GetDepot: GetDepotRequest => Depot;
        read ListDepots: ListDepotsRequest => ListDepotsResponse;
        change CreateDepot: CreateDepotRequest => Depot;
        change ReportDepot: ReportDepotRequest => Depot;
        read ListFleets: ListFleetsRequest => ListFleetsResponse;
        change CreateFleet: CreateFleetRequest => Fleet;
        read ListStocks: ListStocksRequest => ListStocksResponse;
        change CountStock: CountStockRequest => Stock;
        change OpenReserve: OpenReserveRequest => Stock;
        change CloseReserve: CloseReserveRequest => Stock;
        change StateNeeds: StateNeedsRequest => StateNeedsResponse;
        change CorrectNeed: CorrectNeedRequest => Need;
        change WithdrawNeed: WithdrawNeedRequest => Need;
        read GetNeed: GetNeedRequest => Need;
        read ListNeeds: ListNeedsRequest => ListNeedsResponse;
        read EstimateNeeds: EstimateNeedsRequest => EstimateNeedsResponse;
        read SumNeeds: SumNeedsRequest => SumNeedsResponse;
        change ProposePlan: ProposePlanRequest => PlanRun;
        read GetPlanRun: GetPlanRunRequest => PlanRun;
        read CancelPlanRun: CancelPlanRunRequest => PlanRun;
        read ComparePlans: ComparePlansRequest => ComparePlansResponse;
        read GetPlan: GetPlanRequest => AidPlan;
        read GetPlanProblem: GetPlanProblemRequest => PlanProblem;
        read ListPlans: ListPlansRequest => ListPlansResponse;
        change ApprovePlan: ApprovePlanRequest => ApprovePlanResponse;
        change DeclinePlan: DeclinePlanRequest => DeclinePlanResponse;
        read GetShipment: GetShipmentRequest => Shipment;
        read ListShipments: ListShipmentsRequest => ListShipmentsResponse;
        change DispatchShipment: DispatchShipmentRequest => Shipment;
        change RecordArrival: RecordArrivalRequest => Shipment;
        change ReceiveShipment: ReceiveShipmentRequest => Shipment;
        change ExplainDifference: ExplainDifferenceRequest => Shipment;
        read ProposePairs: ProposePairsRequest => ProposePairsResponse;
        change DecidePair: DecidePairRequest => Pair;
        change EndPair: EndPairRequest => Pair;
        read ListPairs: ListPairsRequest => ListPairsResponse;
        read ListScoutPairs: ListScoutPairsRequest => ListScoutPairsResponse;
    }
    AirService {
        read PlanFlight: PlanFlightRequest => FlightPlan;
        change ReportNoFlyArea: ReportNoFlyAreaRequest => NoFlyArea;
        change LiftNoFlyArea: LiftNoFlyAreaRequest => NoFlyArea;
        read ListNoFlyAreas: ListNoFlyAreasRequest => ListNoFlyAreasResponse;
        read ListPadConflicts: ListPadConflictsRequest => ListPadConflictsResponse;
    }
    PositionService {
        read GetPosition: GetPositionRequest => AssetPlace;
        read ListPositions: ListPositionsRequest => ListPositionsResponse;
        read SearchAssets: SearchAssetsRequest => SearchAssetsResponse;
    }
    DrillService {
        read GetClock: GetClockRequest => DrillClock;
        once AdvanceClock: AdvanceClockRequest => DrillClock;
        read SetClock: SetClockRequest => DrillClock;
        read RunClock: RunClockRequest => DrillClock;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_holds_every_unary_call_of_the_wire_with_its_types() {
        let mut wire = Vec::new();
        for service in crate::cli::json::pool().services() {
            for method in service.methods().filter(|m| !m.is_server_streaming() && !m.is_client_streaming()) {
                let path = format!("/{}/{}", service.full_name(), method.name());
                let (input, output) = (method.input(), method.output());
                wire.push((path, input.full_name().to_owned(), output.full_name().to_owned()));
            }
        }
        let mut ours: Vec<_> = rows()
            .into_iter()
            .map(|(_, path, request, answer)| (path.to_owned(), request.to_owned(), answer.to_owned()))
            .collect();
        wire.sort();
        ours.sort();
        assert_eq!(ours, wire);
    }

    #[test]
    fn every_call_with_a_request_id_is_stamped() {
        for (verb, path, request, _) in rows() {
            let message = crate::cli::json::pool().get_message_by_name(request).unwrap();
            let has_id = message.get_field_by_name("request_id").is_some();
            assert_eq!(verb == "change", has_id, "{path}");
        }
    }
}
