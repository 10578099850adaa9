//! The loop of each ledger: decide, append, apply, publish; the merged view; attempts driven.
//!
//! It judges nothing itself: every rule stands in [`decision`](crate::decision).

pub mod submission;
pub mod view;

pub use submission::{Outcome, Submission, SubmitError};
pub use view::{LedgerView, View};

use crate::id::LedgerId;
use crate::units::Timestamp;
use std::future::Future;
use std::sync::Arc;

/// What a service or a page needs of the authorities, whoever runs them.
pub trait Union: Send + Sync + 'static {
    /// What is known now.
    fn view(&self) -> Arc<View>;

    /// The present decision time: wall or virtual clock.
    fn now(&self) -> Timestamp;

    /// Hands a command to the authority of `ledger`, which carries on even if the caller goes away.
    fn submit(
        &self,
        ledger: &LedgerId,
        submission: Submission,
    ) -> impl Future<Output = Result<Outcome, SubmitError>> + Send;
}
