//! Holds and missions: what the custodian of an aircraft records.

use super::field::{choice, record, words};
use super::wire;
use crate::decision::event::Held;
use crate::decision::model::{AbortReason, DeclineReason, MissionPhase, NotHeldReason, Telephone};

record!(Held { requisition, asset, kind, position, place, site, hospital, if_busy, answer_by });
choice!(NotHeldReason, not_held_reason {
    UnknownAsset,
    AssetHeld { holder },
    OnMission { mission },
    OutOfService { reason, until },
    NotOffered,
    StaleAttempt { highest },
    Barred,
});
record!(Telephone { said_by, typed_by });
words!(DeclineReason {
    OnMission,
    Weather,
    Darkness,
    OutOfService,
    NoCrew,
    NoSite,
    OutOfRange,
    OutsideAgreement,
});
words!(MissionPhase { Committed, Airborne, OnScene, Transporting, Arrived, Returning, Ready });
words!(AbortReason { Weather, Mechanical, NoSite, Darkness, Retasked });
