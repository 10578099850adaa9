//! The calls of the dispatch service that need a solver.

use crate::api::v1;
use crate::authority::Union;
use crate::service::{Caller, Desk, ServiceError};
use std::future::Future;

/// Ranks, asks by rank, and explains what was asked.
pub trait Adviser<U>: Send + Sync + 'static {
    /// Which aircraft, to which site and hospital, and why not the others. Changes nothing.
    fn rank_candidates(
        &self,
        desk: &Desk<U>,
        message: v1::RankCandidatesRequest,
    ) -> impl Future<Output = Result<v1::Ranking, ServiceError>> + Send;

    /// Asks the aircraft named, or the best of a fresh ranking.
    fn ask_requisition(
        &self,
        desk: &Desk<U>,
        caller: Caller,
        message: v1::AskRequisitionRequest,
    ) -> impl Future<Output = Result<v1::Requisition, ServiceError>> + Send;

    /// The ranking as it was known when a requisition was asked.
    fn explain_requisition(
        &self,
        desk: &Desk<U>,
        message: v1::ExplainRequisitionRequest,
    ) -> impl Future<Output = Result<v1::ExplainRequisitionResponse, ServiceError>> + Send;
}

/// An adviser that is not there: the rest of the service works without one.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoAdviser;

const ABSENT: ServiceError = ServiceError::Unavailable { what: "ranking" };

impl<U: Union> Adviser<U> for NoAdviser {
    async fn rank_candidates(
        &self,
        _: &Desk<U>,
        _: v1::RankCandidatesRequest,
    ) -> Result<v1::Ranking, ServiceError> {
        Err(ABSENT)
    }

    async fn ask_requisition(
        &self,
        _: &Desk<U>,
        _: Caller,
        _: v1::AskRequisitionRequest,
    ) -> Result<v1::Requisition, ServiceError> {
        Err(ABSENT)
    }

    async fn explain_requisition(
        &self,
        _: &Desk<U>,
        _: v1::ExplainRequisitionRequest,
    ) -> Result<v1::ExplainRequisitionResponse, ServiceError> {
        Err(ABSENT)
    }
}
