//! The helicopters of a problem: where each is, how soon it can go, what binds it.

use super::ground::service;
use super::scene::{Scene, split};
use crate::allocator::ranking::limits::{
    AIRCRAFT_MAX, SPEED_MAX_KMH, SPEED_MIN_KMH, TIME_MAX_S, WIND_MAX_MPS,
};
use crate::allocator::ranking::{
    Aircraft, AircraftStatus, Asked, Capabilities, Crew, Daylight, Fix, Minima, OutageCause, Ownership, Span,
    Standing, StandingRank,
};
use crate::daylight::Light;
use crate::decision::State;
use crate::decision::model::{
    Asset, AssetKind, AssetState, Capability, IfBusy, Mission, MissionPhase, OutageReason, Window,
};
use crate::decision::state::AssetUse;
use crate::id::AssetId;
use crate::units::geodesy::{UnitVector, distance_m};
use crate::units::{Position, Seconds, Timestamp, local_day, local_month, local_second};

/// A mission is taken to last at least this much longer, however long it has lasted.
const REMAINING_S_MIN: Seconds = 600;

/// Every aircraft of the view, by name.
pub(super) fn all(scene: &mut Scene) -> (Vec<AssetId>, Vec<Aircraft>, Vec<Ends>) {
    let view = scene.view;
    let asked = super::asked_before(scene.request);
    let mut names = Vec::new();
    let mut rows = Vec::new();
    let mut ends = Vec::new();
    for (asset, usage) in nearest(scene) {
        let Some(state) = view.state(&asset.id.ledger()) else { continue };
        let asked = asked.get(&asset.id).copied().unwrap_or(Asked::NotYet);
        let start = start(scene, state, asset, usage);
        ends.push(Ends { from: start.position, home: asset.base });
        rows.push(one(scene, state, asset, usage, (asked, start)));
        names.push(asset.id.clone());
    }
    (names, rows, ends)
}

/// Where an aircraft's next mission begins and ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ends {
    pub(super) from: Position,
    pub(super) home: Position,
}

/// The aircraft of the view, by name; of more than a problem holds, those whose base is nearest.
fn nearest<'v>(scene: &Scene<'v>) -> Vec<(&'v Asset, &'v AssetUse)> {
    let mut all: Vec<_> = scene.view.assets_of(AssetKind::is_aircraft).collect();
    if all.len() > AIRCRAFT_MAX {
        let here = UnitVector::from(scene.patient);
        all.sort_by_cached_key(|(asset, _)| (distance_m(here, asset.base.into()), asset.id.clone()));
        all.truncate(AIRCRAFT_MAX);
        all.sort_by(|a, b| a.0.id.cmp(&b.0.id));
    }
    all
}

/// Where an aircraft's next flight begins and when.
struct Start {
    status: AircraftStatus,
    position: Position,
    fix_age_s: Seconds,
    ready_in_s: Seconds,
    /// Time in the air since it was last refuelled.
    flown_s: Seconds,
}

fn one(
    scene: &mut Scene,
    state: &State,
    asset: &Asset,
    usage: &AssetUse,
    (asked, start): (Asked, Start),
) -> Aircraft {
    let policy = *scene.planner.policy();
    let flown_m = u64::from(start.flown_s) * u64::from(asset.speed_kmh) * 10 / 36;
    let endurance_s = asset.endurance_s.min(policy.usable_endurance_s + policy.reserve_s);
    let region = scene.region(&asset.region);
    Aircraft {
        position: start.position.into(),
        fix: Fix::Known { age_s: start.fix_age_s },
        home: asset.base.into(),
        origin_region: region,
        home_region: region,
        block: scene.block_of(asset),
        status: start.status,
        asked,
        ready_in_s: start.ready_in_s.min(TIME_MAX_S),
        speed_kmh: asset.speed_kmh.clamp(SPEED_MIN_KMH, SPEED_MAX_KMH),
        range_m: asset.range_m.saturating_sub(u32::try_from(flown_m).unwrap_or(u32::MAX)),
        endurance_s: endurance_s.saturating_sub(start.flown_s),
        seats: asset.seats,
        stretchers: asset.stretchers,
        capabilities: capabilities(asset),
        mass_kg: asset.mass_kg,
        size_m: asset.size_m,
        service: service(scene, asset),
        daylight: daylight(scene, asset),
        next_outage_s: next_outage(scene, usage),
        crew: crew(scene, asset, usage),
        rest_until_s: None,
        minima: minima(asset),
        standing: standing(scene, asset),
        ownership: ownership(scene, state, asset),
        busy_permille: busy_permille(scene, asset),
    }
}

/// Weather below which an aircraft does not go.
pub(super) fn minima(asset: &Asset) -> Minima {
    Minima {
        visibility_m: asset.minima.visibility_m,
        ceiling_m: asset.minima.ceiling_m,
        wind_max_mps: (asset.minima.wind_kmh_max / 36 * 10 + asset.minima.wind_kmh_max % 36 * 10 / 36)
            .min(WIND_MAX_MPS),
    }
}

/// What an ask must want of an aircraft in this state.
pub(super) fn if_busy(status: AircraftStatus) -> IfBusy {
    match status {
        AircraftStatus::FreeSoon => IfBusy::Wait,
        AircraftStatus::Retaskable => IfBusy::Retask,
        AircraftStatus::Ready
        | AircraftStatus::Training
        | AircraftStatus::Engaged
        | AircraftStatus::Held { .. }
        | AircraftStatus::OutOfService { .. } => IfBusy::Decline,
    }
}

fn start(scene: &Scene, state: &State, asset: &Asset, usage: &AssetUse) -> Start {
    let at_home =
        |status, ready_in_s| Start { status, position: asset.base, fix_age_s: 0, ready_in_s, flown_s: 0 };
    let offset = |time| scene.offset(time);
    if let AssetState::OutOfService { reason, until } = usage.state {
        let (cause, until_s) = (cause(reason), until.map(offset));
        let status = AircraftStatus::OutOfService { cause, until_s, planned: false };
        return at_home(status, asset.start_s);
    }
    if let Some(outage) = state.outage_at(&asset.id, scene.at) {
        let (cause, until_s) = (cause(outage.reason), Some(offset(outage.window.until)));
        let status = AircraftStatus::OutOfService { cause, until_s, planned: true };
        return at_home(status, asset.start_s);
    }
    let held = usage.hold.as_ref().and_then(|id| state.holds.get(id));
    if let Some(hold) = held.filter(|hold| hold.requisition.request != scene.request.id) {
        return at_home(AircraftStatus::Held { until_s: offset(hold.answer_by) }, asset.start_s);
    }
    if let Some(mission) = usage.mission.as_ref().and_then(|id| state.missions.get(id)) {
        return on_mission(scene, asset, mission);
    }
    match usage.state {
        AssetState::Recallable { recall_s } => at_home(AircraftStatus::Training, recall_s + asset.start_s),
        AssetState::Available | AssetState::OutOfService { .. } => {
            // After a landing the turn-around comes first.
            let since = usage.ready_since.map(|ready| scene.at.seconds_since(ready));
            let turning_s = since.map_or(0, |since| asset.turnaround_s.saturating_sub(since));
            at_home(AircraftStatus::Ready, asset.start_s + turning_s)
        }
    }
}

/// An aircraft that stands promised, or has a patient, is free soon; one on its way out can be sent elsewhere, one on
/// its way home turned.
fn on_mission(scene: &Scene, asset: &Asset, mission: &Mission) -> Start {
    let begun = mission.progress.first().map_or(scene.at, |(_, at)| *at);
    let (_, last) = mission.progress.last().copied().unwrap_or((MissionPhase::Committed, begun));
    let flown_s = reported(mission, MissionPhase::Airborne).map_or(0, |at| scene.at.seconds_since(at));
    let in_the_air = |position, ready_in_s| {
        let (position, fix_age_s) = live(scene, asset).unwrap_or((position, scene.at.seconds_since(last)));
        let flown_s = flown_s.min(asset.endurance_s);
        Start { status: AircraftStatus::Retaskable, position, fix_age_s, ready_in_s, flown_s }
    };
    match mission.phase {
        MissionPhase::Committed
        | MissionPhase::OnScene
        | MissionPhase::Transporting
        | MissionPhase::Ready => {
            let elapsed_s = scene.at.seconds_since(begun);
            let left_s = scene.planner.policy().cycle_s.saturating_sub(elapsed_s).max(REMAINING_S_MIN);
            Start {
                status: AircraftStatus::FreeSoon,
                position: asset.base,
                fix_age_s: 0,
                ready_in_s: left_s + asset.turnaround_s + asset.start_s,
                flown_s: 0,
            }
        }
        MissionPhase::Airborne => in_the_air(outbound_place(scene, asset, mission, scene.at), 0),
        MissionPhase::Arrived => in_the_air(last_place(scene, asset, mission), asset.start_s),
        MissionPhase::Returning => in_the_air(last_place(scene, asset, mission), 0),
    }
}

/// Where it was last seen, and how long ago: its live fix, while that is fresh.
fn live(scene: &Scene, asset: &Asset) -> Option<(Position, Seconds)> {
    let fix = scene.planner.positions().fresh(&asset.id, scene.at)?;
    Some((fix.position, fix.age_s(scene.at)))
}

/// When a phase was reported.
fn reported(mission: &Mission, phase: MissionPhase) -> Option<Timestamp> {
    mission.progress.iter().find(|(told, _)| *told == phase).map(|(_, at)| *at)
}

/// Where a mission was last known to be: at the hospital it flew to, at its landing site, or, where it was turned
/// before it landed there, as far as it had come.
fn last_place(scene: &Scene, asset: &Asset, mission: &Mission) -> Position {
    let arrived = reported(mission, MissionPhase::Arrived);
    let hospital = mission.hospital.as_ref().filter(|_| arrived.is_some()).map(|choice| &choice.hospital);
    if let Some((hospital, _)) = hospital.and_then(|id| scene.view.hospital(id)) {
        return hospital.position;
    }
    let site = mission.site.as_ref().and_then(|id| scene.view.site(id)).map(|(site, _)| site.position);
    if reported(mission, MissionPhase::OnScene).is_some() {
        return site.unwrap_or(asset.base);
    }
    let turned = reported(mission, MissionPhase::Returning).unwrap_or(scene.at);
    outbound_place(scene, asset, mission, turned)
}

/// How far it had come at `at` on the way to its landing site, at planning speed.
fn outbound_place(scene: &Scene, asset: &Asset, mission: &Mission, at: Timestamp) -> Position {
    let airborne = reported(mission, MissionPhase::Airborne);
    let site = mission.site.as_ref().and_then(|id| scene.view.site(id));
    let (Some(airborne), Some((site, _))) = (airborne, site) else { return asset.base };
    let flown_m = u64::from(at.seconds_since(airborne)) * u64::from(asset.speed_kmh) * 10 / 36;
    on_the_way(asset.base, site.position, flown_m)
}

/// The place after so many metres on the way, straight in degrees: some hundred metres beside the great circle where
/// the way is 100 km.
fn on_the_way(from: Position, to: Position, flown_m: u64) -> Position {
    let way_m = u64::from(distance_m(from.into(), to.into()));
    if flown_m >= way_m {
        return to;
    }
    let share_e6 = i64::try_from(flown_m * 1_000_000 / way_m).unwrap_or(1_000_000);
    let part = |a: i32, b: i32| {
        let moved = i64::from(a) + (i64::from(b) - i64::from(a)) * share_e6 / 1_000_000;
        i32::try_from(moved).unwrap_or(b)
    };
    let (lat_e7, lon_e7) = (part(from.lat_e7(), to.lat_e7()), part(from.lon_e7(), to.lon_e7()));
    Position::from_e7(lat_e7, lon_e7).unwrap_or(to)
}

fn cause(reason: OutageReason) -> OutageCause {
    match reason {
        OutageReason::Maintenance => OutageCause::Maintenance,
        OutageReason::Mechanical => OutageCause::Defect,
        OutageReason::NoMechanics => OutageCause::NoMechanic,
        OutageReason::NoCrew => OutageCause::NoCrew,
        OutageReason::Recalled => OutageCause::Order,
    }
}

fn capabilities(asset: &Asset) -> Capabilities {
    let own = asset.capabilities.iter().fold(Capabilities::default(), |all, c| all.and(split(c).0));
    if asset.stretchers > 0 { own.and(Capabilities::STRETCHER) } else { own }
}

/// From sunrise to sunset at the base, less the base's own margin.
fn daylight(scene: &Scene, asset: &Asset) -> Daylight {
    if asset.capabilities.iter().any(|capability| capability == Capability::Night) {
        return Daylight::NightCapable;
    }
    match scene.light(asset.base) {
        Some(Light::Between { from, until }) => Daylight::DayOnly {
            first_take_off_s: Some(scene.offset(from)),
            last_landing_s: Some(scene.offset(until - asset.hours.sunset_margin_s)),
        },
        Some(Light::Always) | None => Daylight::DayOnly { first_take_off_s: None, last_landing_s: None },
        Some(Light::Never) => {
            let never = scene.offset(scene.at - 1);
            Daylight::DayOnly { first_take_off_s: None, last_landing_s: Some(never) }
        }
    }
}

fn next_outage(scene: &Scene, usage: &AssetUse) -> Option<i32> {
    let ahead = usage.outages.values().map(|outage| outage.window).filter(|w: &Window| w.from > scene.at);
    ahead.map(|window| scene.offset(window.from)).min()
}

/// Duty begins with the hours of service; what was flown today is gone.
fn crew(scene: &Scene, asset: &Asset, usage: &AssetUse) -> Crew {
    let begins_s = i64::from(asset.hours.from_s) - i64::from(local_second(scene.at));
    let duty_end = begins_s + i64::from(asset.duty_s_max);
    let flown_s =
        usage.flown.filter(|flown| flown.day == local_day(scene.at)).map_or(0, |flown| flown.seconds);
    Crew::Present {
        duty_end_s: (asset.duty_s_max > 0).then(|| i32::try_from(duty_end).unwrap_or(i32::MAX)),
        flight_left_s: (asset.flight_s_max > 0).then(|| asset.flight_s_max.saturating_sub(flown_s)),
    }
}

/// What the agreement of the area says of an aircraft.
fn standing(scene: &Scene, asset: &Asset) -> Standing {
    let free =
        Standing { rank: StandingRank::Listed { order: u16::MAX }, distance_max_m: None, flights_left: None };
    if asset.offered_only {
        // What another agency volunteers needs no agreement with it.
        return free;
    }
    let Some(agreement) = scene.agreement else { return free };
    let Some(order) = agreement.order.iter().position(|row| row.asset == asset.id) else {
        return Standing { rank: StandingRank::None, ..free };
    };
    let row = &agreement.order[order];
    let rank = match row.own {
        true => StandingRank::Own,
        false => StandingRank::Listed { order: u16::try_from(order).unwrap_or(u16::MAX) },
    };
    let flown = || {
        let key = (asset.id.clone(), scene.request.requester.clone(), local_month(scene.at));
        let state = scene.view.member_state(&scene.request.requester.member);
        state.and_then(|state| state.missions_month.get(&key)).copied().unwrap_or(0)
    };
    Standing {
        rank,
        distance_max_m: row.distance_max_m,
        flights_left: row.missions_month_max.map(|max| max.saturating_sub(flown())),
    }
}

fn ownership(scene: &Scene, state: &State, asset: &Asset) -> Ownership {
    if !asset.offered_only {
        return Ownership::Union;
    }
    match state.standing_offer_at(&asset.id, scene.at) {
        Some(offer) => Ownership::Offered(Span {
            from_s: Some(scene.offset(offer.window.from)),
            until_s: Some(scene.offset(offer.window.until)),
        }),
        None => Ownership::NotOffered,
    }
}

/// The share of the time in which a call meets this aircraft busy: Erlang's loss formula for one server, offered the
/// calls of the areas that ask it first.
fn busy_permille(scene: &Scene, asset: &Asset) -> u16 {
    let calls_e6 = scene.first_calls_e6.get(&asset.id).copied().unwrap_or(0);
    let load_e6 = calls_e6 * u64::from(scene.planner.policy().cycle_s) / 3_600;
    u16::try_from(load_e6 * 1_000 / (1_000_000 + load_e6)).unwrap_or(1_000)
}
