//! Requests and attempts: what the member that asks records.

use super::field::{choice, record, words};
use super::wire;
use crate::decision::event::RequestOpened;
use crate::decision::model::{
    Ambulance, AttemptEnd, AttemptState, CancelReason, Choice, Hazards, IfBusy, ReportOutcome, RequestKind,
    Triage, WithdrawReason,
};

record!(RequestOpened {
    request,
    kind,
    requester,
    incident,
    position,
    place,
    site,
    called_at,
    keyword,
    triage,
    stretchers,
    needed,
    hazards,
    ambulance,
    due,
    origin,
    hospitals,
    aircraft_count,
    caller_seal,
    patients_seal,
});
words!(RequestKind { Scene, Transfer, Hoist, Supplies, Reconnaissance, Staff });
record!(Triage { red, yellow, green, black });
record!(Hazards { hazards, access });
record!(Ambulance { call_sign, at_patient });
record!(Choice { asset, sites, hospital, if_busy, at_site });
words!(IfBusy { Decline, Wait, Retask });
choice!(WithdrawReason, withdraw_reason { Cancelled(cancelled), Merged, TakenBack, Superseded });
words!(CancelReason { NotNeeded, ByRoad, Duplicate, PatientDied });
choice!(AttemptState, attempt_state { Open, Committed { mission }, Ended(end) });
choice!(AttemptEnd, attempt_end {
    NotHeld(not_held),
    Declined(declined),
    Withdrawn,
    Expired,
    StoodDown,
    Aborted(aborted),
    Completed,
    Superseded,
});
words!(ReportOutcome { Unsettled, Confirmed, Conflict });
