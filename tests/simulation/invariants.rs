//! What must hold in every prefix of every ledger.

use std::collections::{BTreeMap, BTreeSet};
use yui::decision::model::{
    Attempt, AttemptEnd, AttemptState, HoldState, LeaseEnd, LeaseState, MissionPhase, OfferState,
    ReportOutcome, RequestState,
};
use yui::decision::state::Deadline;
use yui::decision::{Event, State};
use yui::id::{AssetId, MissionId, RequestId, RequisitionId};
use yui::units::Timestamp;

/// One mission and at most one hold behind it an asset; one open attempt a request and number.
pub fn of_ledger(state: &State) -> Result<(), String> {
    let mut held: BTreeMap<&AssetId, usize> = BTreeMap::new();
    for hold in state.holds.values().filter(|hold| hold.state.is_open()) {
        *held.entry(&hold.asset).or_default() += 1;
    }
    let mut flying: BTreeMap<&AssetId, usize> = BTreeMap::new();
    for mission in state.missions.values().filter(|mission| mission.is_active()) {
        *flying.entry(&mission.asset).or_default() += 1;
    }
    for (asset, count) in held {
        if count > 1 {
            return Err(format!("{asset} has {count} holds"));
        }
    }
    for (asset, count) in flying {
        if count > 1 {
            return Err(format!("{asset} has {count} missions"));
        }
    }
    for request in state.requests.values() {
        for (number, n) in request.numbers.iter().zip(1..) {
            let open = number.attempts.iter().filter(|attempt| attempt.state == AttemptState::Open).count();
            if open > 1 {
                return Err(format!("{} number {n} has {open} open attempts", request.id));
            }
        }
    }
    indices_agree(state)
}

/// What is kept beside the records for speed says the same as the records.
fn indices_agree(state: &State) -> Result<(), String> {
    for (asset, usage) in &state.asset_uses {
        let hold = state.holds.values().find(|hold| hold.asset == *asset && hold.state.is_open());
        if hold.map(|hold| &hold.requisition) != usage.hold.as_ref() {
            return Err(format!("{asset}: its hold and its use differ"));
        }
        let mission = state.missions.values().find(|mission| mission.asset == *asset && mission.is_active());
        if mission.map(|mission| &mission.id) != usage.mission.as_ref() {
            return Err(format!("{asset}: its mission and its use differ"));
        }
    }
    let standing = |state: LeaseState| matches!(state, LeaseState::Asked | LeaseState::Granted);
    let leases = state.leases.values().filter(|lease| standing(lease.state)).count();
    let holds = state.holds.values().filter(|hold| hold.state.is_open()).count();
    let offers = state.offers.values().filter(|offer| offer.state == OfferState::Open).count();
    let by_asset: usize = state.offers_open.values().map(|open| open.size()).sum();
    let by_subject: usize = state.leases_open.values().map(|open| open.size()).sum();
    if by_asset != offers || state.offers_open_count as usize != offers || by_subject != leases {
        return Err("open offers or leases and their indices differ".to_owned());
    }
    let open = state.requests.values().filter(|request| request.state == RequestState::Open).count();
    let merged = |state: &RequestState| matches!(state, RequestState::Merged { .. });
    let merged = state.requests.values().filter(|request| merged(&request.state)).count();
    if state.requests_open_count as usize != open || state.requests_merged.size() != merged {
        return Err("requests and their counts differ".to_owned());
    }
    if state.leases_open_count as usize != leases || state.deadlines.size() != leases + holds + offers {
        return Err("deadlines and what they end differ".to_owned());
    }
    Ok(())
}

/// Nothing ends by itself before its time, or while the clock is suspect; decision times never go back; nobody is asked
/// past an attempt that may fly but by a person's word.
pub fn of_step(
    before: &State,
    at: Timestamp,
    events: &[Event],
    words: &BTreeSet<RequisitionId>,
) -> Result<(), String> {
    if at < before.last_at {
        return Err(format!("decision time went back from {:?} to {at:?}", before.last_at));
    }
    for event in events {
        if let Some((what, until)) = ended_by_itself(before, event) {
            if before.clock_suspect_since.is_some() {
                return Err(format!("{what} ended while the clock was suspect"));
            }
            if until.is_none_or(|until| at < until) {
                return Err(format!("{what} ended early"));
            }
        }
        if let Event::AttemptOpened { requisition, standing_order, takes, .. } = event {
            let order = standing_order.is_some();
            of_opening(before, requisition, order, takes.is_some(), words)?;
        }
    }
    Ok(())
}

/// What an event says has ended because its time was over, and when that was.
fn ended_by_itself(before: &State, event: &Event) -> Option<(String, Option<Timestamp>)> {
    match event {
        Event::Expired { requisition } => {
            Some((requisition.to_string(), before.holds.get(requisition).map(|hold| hold.answer_by)))
        }
        Event::LeaseEnded { lease, end: LeaseEnd::Lapsed } => {
            let what = format!("the lease of {} for {}", lease.subject, lease.requisition);
            Some((what, before.leases.get(lease).map(|lease| lease.window.until)))
        }
        Event::OfferEnded { offer, state: OfferState::Lapsed } => {
            Some((offer.to_string(), before.offers.get(offer).map(|offer| offer.window.until)))
        }
        _ => None,
    }
}

fn of_opening(
    before: &State,
    requisition: &RequisitionId,
    by_order: bool,
    takes: bool,
    words: &BTreeSet<RequisitionId>,
) -> Result<(), String> {
    let number = &before.requests[&requisition.request].numbers[usize::from(requisition.number) - 1];
    let completed = AttemptState::Ended(AttemptEnd::Completed);
    if !words.contains(requisition) {
        let may_fly = |attempt: &Attempt| attempt.stands() || attempt.state == completed;
        if number.attempts.iter().any(may_fly) {
            return Err(format!("{requisition} was opened past one that may fly"));
        }
        let reported = |attempt: &Attempt| {
            let outcome = attempt.commit_report.as_ref().map(|report| report.outcome);
            outcome.is_some_and(|outcome| outcome != ReportOutcome::Confirmed)
        };
        if number.attempts.iter().any(reported) {
            return Err(format!("{requisition} was opened past a commitment that somebody reported"));
        }
    }
    if by_order && takes {
        return Err(format!("{requisition} rests on a word that no person gave"));
    }
    if by_order && number.attempts.last().is_none_or(|last| last.withdrawal.is_some()) {
        return Err(format!("{requisition} was asked by an order after a person's withdrawal"));
    }
    Ok(())
}

/// Trust in the clock gives what was there before the suspicion the time of the pause, and what was made in it nothing
/// but the step of the clock.
pub fn of_trust(before: &State, after: &State, at: Timestamp, events: &[Event]) -> Result<(), String> {
    let [Event::ClockTrusted { paused_s, stepped_s, .. }] = events else { return Ok(()) };
    let since = before.clock_suspect_since.ok_or("a clock was trusted that nobody suspected")?;
    if *paused_s != at.seconds_since(since) || stepped_s > paused_s {
        return Err(format!("the pause was {paused_s} s with a step of {stepped_s} s"));
    }
    let moved = |set_at: Timestamp| if set_at <= since { *paused_s } else { *stepped_s };
    for deadline in before.deadlines.iter().map(|(_, deadline)| deadline) {
        let (until, set_at, now) = match deadline {
            Deadline::Hold(id) => {
                (before.holds[id].answer_by, before.holds[id].held_at, after.holds[id].answer_by)
            }
            Deadline::Lease(id) => {
                (before.leases[id].window.until, before.leases[id].set_at, after.leases[id].window.until)
            }
            Deadline::Offer(id) => {
                (before.offers[id].window.until, before.offers[id].made_at, after.offers[id].window.until)
            }
        };
        if now != until + moved(set_at) {
            return Err(format!("{deadline:?} moved from {until:?} to {now:?}"));
        }
    }
    Ok(())
}

/// What is held and promised in one record was taken at the pilot's late word, which only a person may do.
pub fn of_promise(events: &[Event], requester: Option<&State>) -> Result<(), String> {
    let held = events.iter().find_map(|event| match event {
        Event::Held(held) => Some(&held.requisition),
        _ => None,
    });
    let committed = events.iter().find_map(|event| match event {
        Event::Committed { requisition, .. } => Some(requisition),
        _ => None,
    });
    let (Some(held), Some(committed)) = (held, committed) else { return Ok(()) };
    let request = requester.and_then(|state| state.requests.get(&held.request));
    let attempt = request.and_then(|request| request.attempt(held));
    let by_a_person =
        attempt.is_none_or(|attempt| attempt.standing_order.is_none() && attempt.takes.is_some());
    if held == committed && by_a_person {
        return Ok(());
    }
    Err(format!("{held} was promised without being asked, and no person took it"))
}

/// Two aircraft that are committed for one number, unfinished, without a person's word for each beyond the first.
pub fn of_union<'a>(
    states: impl Iterator<Item = &'a State>,
    words: &BTreeSet<RequisitionId>,
) -> Result<(), String> {
    let mut committed: BTreeMap<(RequestId, u16), BTreeSet<RequisitionId>> = BTreeMap::new();
    for state in states {
        let active = state.missions_active.iter().filter_map(|id| state.missions.get(id));
        for mission in active.filter(|mission| mission.end.is_none()) {
            let key = (mission.requisition.request.clone(), mission.requisition.number);
            committed.entry(key).or_default().insert(mission.requisition.clone());
        }
    }
    for (key, asks) in committed {
        if let Some(ask) = asks.iter().skip(1).find(|ask| !words.contains(*ask)) {
            return Err(format!("two aircraft are committed for {} number {}: {ask}", key.0, key.1));
        }
    }
    Ok(())
}

/// Once everything was read: nobody doubts a clock that is right, no scene is nobody's, and no aircraft flies to a
/// patient who does not need it.
pub fn of_healed<'a>(states: impl Iterator<Item = &'a State> + Clone) -> Result<(), String> {
    let request_of = |id: &RequestId| states.clone().find_map(|state| state.requests.get(id));
    let mission_of = |id: &MissionId| states.clone().find_map(|state| state.missions.get(id));
    for state in states.clone() {
        if let Some(since) = state.clock_suspect_since {
            return Err(format!("{} still suspects its clock since {since:?}", state.ledger));
        }
        for request in state.requests.values() {
            let mut chain = BTreeSet::from([&request.id]);
            let mut next = &request.state;
            while let RequestState::Merged { into } = next {
                if !chain.insert(into) {
                    return Err(format!("{} was merged in a ring: {chain:?}", request.id));
                }
                let Some(other) = request_of(into) else { break };
                next = &other.state;
            }
            let RequestState::Cancelled(_) = request.state else { continue };
            for (requisition, attempt) in request.attempts() {
                let AttemptState::Committed { mission } = &attempt.state else { continue };
                let flies = mission_of(mission)
                    .is_some_and(|m| m.end.is_none() && m.phase < MissionPhase::Transporting);
                if flies {
                    return Err(format!("{mission} still flies for {requisition}, which was cancelled"));
                }
            }
        }
    }
    Ok(())
}

/// With all messages lost for long enough, nothing is held, leased or offered any more, unless the clock is suspect.
pub fn everything_ended(state: &State) -> Result<(), String> {
    if state.clock_suspect_since.is_some() || state.deadlines.is_empty() {
        return Ok(());
    }
    Err(format!("{}: {:?} never ends", state.ledger, state.deadlines.first()))
}

/// Once everything was read, the requesting side knows of every mission that is flown for it.
pub fn every_mission_is_known(custodian: &State, requester: &State) -> Result<(), String> {
    for mission in custodian.missions.values().filter(|mission| mission.end.is_none()) {
        let Some(request) = requester.requests.get(&mission.requisition.request) else { continue };
        let attempt = request.attempt(&mission.requisition);
        let known = attempt.map(|attempt| attempt.state.clone());
        if known != Some(AttemptState::Committed { mission: mission.id.clone() }) {
            return Err(format!("{} flies for {} unknown: {known:?}", mission.id, mission.requisition));
        }
    }
    for hold in custodian.holds.values().filter(|hold| hold.state == HoldState::Expired) {
        let attempt =
            requester.requests.get(&hold.requisition.request).and_then(|r| r.attempt(&hold.requisition));
        if attempt.is_some_and(|attempt| attempt.state == AttemptState::Open) {
            return Err(format!("the end of {} was never read", hold.requisition));
        }
    }
    Ok(())
}
