//! The loop of each ledger: decide, append, apply, publish; the merged view; attempts driven.
//!
//! It judges nothing itself: every rule stands in [`decision`](crate::decision).

pub mod aid;
mod board;
mod desk;
mod driver;
pub mod duplicates;
pub mod guard;
mod hub;
pub mod notices;
pub mod pairs;
pub mod planner;
mod positions;
pub mod roads;
pub mod shipments;
pub mod submission;
pub mod supplier;
pub mod twice;
pub mod view;
pub mod writer;

pub use driver::{Planned, Planner};
pub use hub::{DISASTER, Hub, HubFault, MEDICAL, SpaceClock};
pub use positions::LivePositions;
pub use roads::{Limit, RoadBoard, RoadsNow, Standing};
pub use submission::{AsSeen, Origin, Outcome, Submission, SubmitError};
pub use view::{LedgerView, View};

use crate::clock::VirtualClock;
use crate::decision::model::SealId;
use crate::decision::touches::Touched;
use crate::id::LedgerId;
use crate::ledger::Digest;
use crate::units::Timestamp;
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;

/// What a service or a page needs of the authorities, whoever runs them.
pub trait Union: Send + Sync + 'static {
    /// What is known now.
    fn view(&self) -> Arc<View>;

    /// Wakes whenever a new view is published.
    fn subscribe(&self) -> tokio::sync::watch::Receiver<Arc<View>>;

    /// What was touched after `seen`, oldest first; none when that lies too far back to tell. `seen` names every ledger.
    fn touched_since(&self, seen: &BTreeMap<LedgerId, u64>) -> Option<Vec<Touched>>;

    /// The present time: wall or virtual clock.
    fn now(&self) -> Timestamp;

    /// The clock that may be turned; none in the live space.
    fn drill_clock(&self) -> Option<&VirtualClock>;

    /// Tells the authorities that the drill clock was turned, and returns when all that fell due has happened.
    fn clock_turned(&self) -> impl Future<Output = ()> + Send;

    /// Hands a command to the authority of `ledger`, which carries on even if the caller goes away.
    fn submit(
        &self,
        ledger: &LedgerId,
        submission: Submission,
    ) -> impl Future<Output = Result<Outcome, SubmitError>> + Send;

    /// What the command `request_id` led to when it first came; none when it never did. `payload` is what its
    /// fingerprint covers ([`Submission::payload`]). For whoever must work out a command before it can be submitted.
    fn recorded(
        &self,
        ledger: &LedgerId,
        request_id: &[u8],
        payload: &[u8],
    ) -> impl Future<Output = Result<Option<Outcome>, SubmitError>> + Send;

    /// Reads a sealed text; none when its key is not held here any more.
    fn open_seal(
        &self,
        ledger: &LedgerId,
        seal: SealId,
    ) -> impl Future<Output = Result<Option<String>, SubmitError>> + Send;

    /// The bytes of a stored `Problem` by their SHA-256; none when `ledger` stores no such problem.
    fn problem_bytes(
        &self,
        ledger: &LedgerId,
        hash: Digest,
    ) -> impl Future<Output = Result<Option<Vec<u8>>, SubmitError>> + Send;

    /// The stored `Problem` that the record `sequence` of `ledger` cites, encoded, and what that record had seen.
    fn problem(
        &self,
        ledger: &LedgerId,
        sequence: u64,
    ) -> impl Future<Output = Result<Option<StoredProblem>, SubmitError>> + Send;
}

/// What was known when something was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredProblem {
    /// SHA-256 of `bytes`.
    pub hash: [u8; 32],
    /// The encoded `Problem`.
    pub bytes: Vec<u8>,
    /// How far each ledger had been read.
    pub seen: Vec<(LedgerId, u64)>,
    /// The decision time.
    pub at: Timestamp,
}
