//! What goes into an authority and what comes back.

use crate::decision::model::Actor;
use crate::decision::{Command, Event, Rejection};
use crate::id::LedgerId;
use crate::units::Timestamp;

/// A command with everything that its record keeps beside the events.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Chosen by the caller, 1 to 64 bytes; a retry carries the same.
    pub request_id: Vec<u8>,
    /// Who asks.
    pub actor: Actor,
    /// What the decision rests on: sequence by ledger, sorted by ledger.
    pub seen: Vec<(LedgerId, u64)>,
    /// The encoded `Problem` that was solved for it, stored beside the record.
    pub problem: Option<Vec<u8>>,
    /// What is asked.
    pub command: Command,
    /// Judge only; change nothing.
    pub validate_only: bool,
}

/// What a command led to. A retry gets the same again, rebuilt from the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The record; 0 when nothing had to be recorded.
    pub sequence: u64,
    /// The decision time.
    pub at: Timestamp,
    /// What happened.
    pub events: Vec<Event>,
}

/// Why a submission led to nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubmitError {
    /// The rules say no.
    #[error(transparent)]
    Rejected(#[from] Rejection),
    /// No such ledger here.
    #[error("no ledger {ledger} is kept here")]
    NoLedger {
        /// Which.
        ledger: LedgerId,
    },
    /// The inbox of the ledger is full: come back in a moment.
    #[error("{ledger} is overloaded; retry in a moment")]
    Overloaded {
        /// Which ledger.
        ledger: LedgerId,
    },
    /// The disk is full; nothing was recorded.
    #[error("the disk that keeps {ledger} is full; free some space and retry")]
    StorageFull {
        /// Which ledger.
        ledger: LedgerId,
    },
    /// The ledger has stopped after a fault, or the server stops. What it had acknowledged is kept.
    #[error("{ledger} has stopped; retry when the server is back")]
    Stopped {
        /// Which ledger.
        ledger: LedgerId,
    },
}
