//! What must hold in every prefix of every ledger.

use std::collections::{BTreeMap, BTreeSet};
use yui::decision::model::{AttemptState, HoldState, LeaseState, OfferState};
use yui::decision::{Event, State};
use yui::id::{AssetId, MissionId, RequestId};
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
    if state.leases_open.size() != leases || state.deadlines.size() != leases + holds + offers {
        return Err("deadlines and what they end differ".to_owned());
    }
    Ok(())
}

/// Nothing ends by itself before its time, or while the clock is suspect; decision times never go back.
pub fn of_step(before: &State, at: Timestamp, events: &[Event]) -> Result<(), String> {
    if at < before.last_at {
        return Err(format!("decision time went back from {:?} to {at:?}", before.last_at));
    }
    for event in events {
        let Event::Expired { requisition } = event else { continue };
        let answer_by = before.holds.get(requisition).map(|hold| hold.answer_by);
        if before.clock_suspect_since.is_some() {
            return Err(format!("{requisition} expired while the clock was suspect"));
        }
        if answer_by.is_none_or(|answer_by| at < answer_by) {
            return Err(format!("{requisition} expired early"));
        }
    }
    Ok(())
}

/// Two aircraft that are committed for one number, unfinished, without a person's word.
pub fn of_union<'a>(
    states: impl Iterator<Item = &'a State>,
    persons_word: &BTreeSet<(RequestId, u16)>,
) -> Result<(), String> {
    let mut committed: BTreeMap<(RequestId, u16), Vec<MissionId>> = BTreeMap::new();
    for state in states {
        for mission in state.missions.values().filter(|mission| mission.end.is_none()) {
            let key = (mission.requisition.request.clone(), mission.requisition.number);
            committed.entry(key).or_default().push(mission.id.clone());
        }
    }
    for (key, missions) in committed {
        if missions.len() > 1 && !persons_word.contains(&key) {
            return Err(format!("two aircraft are committed for {} number {}: {missions:?}", key.0, key.1));
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
