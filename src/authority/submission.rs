//! What goes into an authority and what comes back.

use crate::decision::model::{Actor, Asset};
use crate::decision::state::AssetUse;
use crate::decision::{Command, Event, Rejection, State};
use crate::id::LedgerId;
use crate::record;
use crate::units::Timestamp;
use sha2::{Digest, Sha256};
use std::borrow::Cow;

/// First byte of the ids that the authorities give to their own commands. No text begins with it, so none of a caller's,
/// which are text, can take one of them beforehand.
pub(super) const OWN_ID: u8 = 0xff;

/// Who wants a command done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Somebody who reads the answer: also that nothing had to be done is recorded, so that a retry reads the same
    /// whatever happened since.
    Caller,
    /// A machine that looks again anyway: nothing to do is nothing to record.
    Duty,
}

/// A command with everything that its record keeps beside the events.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Who wants it done.
    pub origin: Origin,
    /// Chosen by the caller, 1 to 64 bytes; a retry carries the same.
    pub request_id: Vec<u8>,
    /// What the caller sent, where the command holds more: a choice that was worked out for the caller comes out
    /// differently in a retry, which is the same command all the same. None: the command itself.
    pub payload: Option<Vec<u8>>,
    /// Who asks.
    pub actor: Actor,
    /// What the decision rests on: sequence by ledger, sorted by ledger.
    pub seen: Vec<(LedgerId, u64)>,
    /// An asset as the caller saw it; refused when it is not so any more.
    pub as_seen: Option<Box<AsSeen>>,
    /// The encoded `Problem` that was solved for it, stored beside the record.
    pub problem: Option<Vec<u8>>,
    /// What is asked.
    pub command: Command,
    /// Judge only; change nothing.
    pub validate_only: bool,
}

/// An asset as somebody saw it.
#[derive(Clone, Debug)]
pub struct AsSeen {
    /// What it is.
    pub asset: Asset,
    /// What has become of it.
    pub usage: AssetUse,
    /// How far its ledger had been read.
    pub sequence: u64,
}

impl AsSeen {
    /// Whether it is still so.
    pub(super) fn check(&self, state: &State) -> Result<(), Rejection> {
        let id = &self.asset.id;
        if state.assets.get(id) == Some(&self.asset) && state.asset_uses.get(id) == Some(&self.usage) {
            return Ok(());
        }
        let (ledger, seen, now) = (state.ledger.clone(), self.sequence, state.sequence);
        Err(Rejection::SeenStale { ledger, seen, now })
    }
}

impl Submission {
    /// A command that rests on nothing but its own ledger.
    #[must_use]
    pub fn new(request_id: impl Into<Vec<u8>>, actor: Actor, command: Command) -> Submission {
        Submission {
            origin: Origin::Caller,
            request_id: request_id.into(),
            payload: None,
            actor,
            seen: Vec::new(),
            as_seen: None,
            problem: None,
            command,
            validate_only: false,
        }
    }

    /// What one ledger owes another, or itself. `key` names it: the same duty has the same id however often it is found.
    #[must_use]
    pub fn duty(key: &str, actor: Actor, command: Command) -> Submission {
        let digest = Sha256::digest(key.as_bytes());
        let request_id: Vec<u8> = std::iter::once(OWN_ID).chain(digest).collect();
        Submission { origin: Origin::Duty, ..Submission::new(request_id, actor, command) }
    }

    /// What the fingerprint covers.
    pub(super) fn fingerprinted(&self) -> Cow<'_, [u8]> {
        match &self.payload {
            Some(payload) => Cow::Borrowed(payload),
            None => Cow::Owned(record::canonical(&self.command)),
        }
    }
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
    /// The ledger cannot hold the record that the command would make: a bug, which costs this one command.
    #[error("{ledger} cannot record this command; nothing was recorded: report it with the server's log")]
    NotRecordable {
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
