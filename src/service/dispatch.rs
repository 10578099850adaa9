//! From a call for help to an aircraft that is ready again.
//!
//! Holds no policy: each call reads its message, hands one command to the ledger that has authority over it and shows
//! what the view then holds. What needs a solver stands behind [`Adviser`].

mod assignment;
mod leases;
mod missions;
pub mod ranking;
mod requests;
mod requisitions;

pub use ranking::Adviser;

use super::ServiceError;
use super::desk::{Caller, Desk};
use super::rpc::serve;
use crate::api::v1;
use crate::authority::Union;
use std::sync::Arc;

/// `yui.v1.DispatchService`.
#[derive(Debug)]
pub struct Dispatch<U, P> {
    desk: Arc<Desk<U>>,
    adviser: Arc<P>,
}

impl<U, P> Dispatch<U, P> {
    /// The service at `desk`, with `adviser` for what needs a solver.
    #[must_use]
    pub fn new(desk: Arc<Desk<U>>, adviser: Arc<P>) -> Dispatch<U, P> {
        Dispatch { desk, adviser }
    }
}

/// What a call answers.
type Answer<T> = Result<T, ServiceError>;

serve! {
    impl[U: Union, P: Adviser<U>] v1::dispatch_service_server::DispatchService, for Dispatch<U, P> {
        rank_candidates(RankCandidatesRequest) -> Ranking;
        propose_assignment(ProposeAssignmentRequest) -> ProposeAssignmentResponse;
        create_request(CreateRequestRequest) -> Request;
        get_request(GetRequestRequest) -> Request;
        list_requests(ListRequestsRequest) -> ListRequestsResponse;
        set_aircraft_count(SetAircraftCountRequest) -> Request;
        link_requests(LinkRequestsRequest) -> Request;
        merge_requests(MergeRequestsRequest) -> Request;
        cancel_request(CancelRequestRequest) -> Request;
        close_request(CloseRequestRequest) -> Request;
        ask_requisition(AskRequisitionRequest) -> Requisition;
        get_requisition(GetRequisitionRequest) -> Requisition;
        list_requisitions(ListRequisitionsRequest) -> ListRequisitionsResponse;
        explain_requisition(ExplainRequisitionRequest) -> ExplainRequisitionResponse;
        acknowledge_requisition(AcknowledgeRequisitionRequest) -> Requisition;
        commit_requisition(CommitRequisitionRequest) -> Mission;
        decline_requisition(DeclineRequisitionRequest) -> Requisition;
        withdraw_requisition(WithdrawRequisitionRequest) -> Requisition;
        report_commitment(ReportCommitmentRequest) -> Requisition;
        take_offer(TakeOfferRequest) -> Requisition;
        stand_down_offer(StandDownOfferRequest) -> Offer;
        get_mission(GetMissionRequest) -> Mission;
        list_missions(ListMissionsRequest) -> ListMissionsResponse;
        confirm_commitment(ConfirmCommitmentRequest) -> Mission;
        report_progress(ReportProgressRequest) -> Mission;
        choose_hospital(ChooseHospitalRequest) -> Mission;
        stand_down_mission(StandDownMissionRequest) -> Mission;
        abort_mission(AbortMissionRequest) -> Mission;
        list_leases(ListLeasesRequest) -> ListLeasesResponse;
        ask_lease(AskLeaseRequest) -> Lease;
        end_lease(EndLeaseRequest) -> Lease;
        answer_bed(AnswerBedRequest) -> Lease;
    }
}

impl<U: Union, P: Adviser<U>> Dispatch<U, P> {
    async fn rank_candidates(&self, _: Caller, message: v1::RankCandidatesRequest) -> Answer<v1::Ranking> {
        self.adviser.rank_candidates(&self.desk, message).await
    }

    async fn propose_assignment(
        &self,
        _: Caller,
        message: v1::ProposeAssignmentRequest,
    ) -> Answer<v1::ProposeAssignmentResponse> {
        self.adviser.propose_assignment(&self.desk, message).await
    }

    async fn ask_requisition(
        &self,
        caller: Caller,
        message: v1::AskRequisitionRequest,
    ) -> Answer<v1::Requisition> {
        self.adviser.ask_requisition(&self.desk, caller, message).await
    }

    async fn explain_requisition(
        &self,
        _: Caller,
        message: v1::ExplainRequisitionRequest,
    ) -> Answer<v1::ExplainRequisitionResponse> {
        self.adviser.explain_requisition(&self.desk, message).await
    }
}
