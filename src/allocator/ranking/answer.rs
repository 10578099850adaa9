//! Writes chosen places out as the parts of a [`Plan`](super::Plan).
//!
//! Absent on purpose: any choice.

use super::choice::{Choice, RankKey};
use super::judge::{Judge, whole_minutes};
use super::plan::{Candidate, NearMiss, Outranked, RuledOut};
use super::problem::AircraftIdx;
use super::remedy::changes_for;

/// Writes a candidate out in full.
pub(super) fn candidate(judge: &Judge<'_>, key: &RankKey, choice: &Choice) -> Candidate {
    let transport = choice.transport();
    let seen = judge.assess(key.aircraft, choice.site, transport);
    Candidate {
        aircraft: key.aircraft,
        site: choice.site,
        transport,
        tier: key.tier,
        care_min: key.care_min,
        cover_price: key.cover_price,
        timeline: seen.timeline,
        margins: seen.margins,
        warnings: judge.warnings(key.aircraft, choice.site, transport),
    }
}

/// Writes down one that can go but comes too late in the order.
pub(super) fn outrank(judge: &Judge<'_>, idx: AircraftIdx, choice: &Choice) -> Outranked {
    let care_s = choice.care_s(judge.problem.kind);
    Outranked {
        aircraft: idx,
        site: choice.site,
        transport: choice.transport(),
        tier: judge.tier(&judge.problem.aircraft[idx.index()]),
        care_s,
        care_min: whole_minutes(care_s),
    }
}

/// Writes down why one cannot go, and what would admit it.
pub(super) fn rule_out(judge: &Judge<'_>, idx: AircraftIdx, choice: Option<&Choice>) -> RuledOut {
    let (near_miss, reasons) = match choice {
        Some(choice) => {
            let transport = choice.transport();
            let seen = judge.assess(idx, choice.site, transport);
            let (timeline, margins) = (seen.timeline, seen.margins);
            (Some(NearMiss { site: choice.site, transport, timeline, margins }), seen.reasons)
        }
        None => (None, judge.reasons_without_choice(idx)),
    };
    let changes = changes_for(&reasons);
    RuledOut { aircraft: idx, near_miss, reasons, changes }
}
