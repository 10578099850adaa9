//! A queue whose answer is known from theory: one aircraft, calls at random, nobody waits.

use super::drills::watched;
use crate::decision::Command;
use crate::decision::model::{AssetKind, MissionPhase};
use crate::drill::runner::{Habits, Told};
use crate::drill::script::Script;
use crate::id::AssetId;
use crate::units::{Timestamp, local_second};

/// Calls an hour, in millionths, from 09:00 to 14:00: the sun stands high enough for every flight to end.
const RATE_E6: u32 = 1_500_000;
const HOURS: std::ops::Range<usize> = 9..14;
/// Calls count from then on: two missions after the aircraft began the day idle, its state hardly depends on that.
const SETTLED_S: u32 = 10 * 3_600 + 1_800;
const DAYS: u32 = 60;

/// Only Toyooka's aircraft flies, made ready at once when it is back, and only Nantan calls, from one place. There an
/// ambulance brings a patient to care a few minutes later than an idle aircraft would, and long before a busy one could.
fn one_server() -> (Script, AssetId) {
    let toyooka: AssetId = "members/hyogo/assets/heli-toyooka".parse().unwrap();
    let mut scenario = crate::drill::read(crate::host::kansai()).unwrap();
    let mut others = Vec::new();
    for seed in &mut scenario.seeds {
        match &mut seed.command {
            Command::StateArea(area) => {
                let calls = area.organisation.slug.as_str() == "fd-nantan-yabu-asago";
                area.calls_per_hour_e6 =
                    (0..24).map(|hour| if calls && HOURS.contains(&hour) { RATE_E6 } else { 0 }).collect();
            }
            Command::RegisterAsset(asset) if asset.id == toyooka => asset.turnaround_s = 0,
            Command::RegisterAsset(asset) if asset.kind == AssetKind::DoctorHelicopter => {
                others.push(asset.id.clone());
            }
            _ => {}
        }
    }
    let script = Script {
        name: "one-server".parse().unwrap(),
        title: scenario.title.clone(),
        start: scenario.start,
        span_s: DAYS * 86_400,
        seeds: vec![1],
        work_budget: 1,
        habits: Habits { scatter_m: 0, decline_permille: 0, ..Habits::default() },
        out_of_service: others,
        in_service: vec![toyooka.clone()],
        earthquake: None,
        injects: Vec::new(),
        scenario,
    };
    (script, toyooka)
}

#[test]
fn one_aircraft_loses_as_many_calls_as_erlang_says() {
    let (script, toyooka) = one_server();
    let (world, outcome) = watched(&script, |_| {});
    let own = world.state(&toyooka.ledger()).unwrap();
    // From the call until it has brought its patient to the hospital it takes no other.
    let busy: Vec<(Timestamp, Timestamp)> = outcome
        .calls
        .iter()
        .filter(|call| matches!(call.told, Told::Flown(_)))
        .map(|call| {
            let mission = own.missions.values().find(|mission| mission.requisition.request == call.request);
            let progress = &mission.unwrap().progress;
            let free = |phase| matches!(phase, MissionPhase::Arrived | MissionPhase::Returning);
            (call.called_at, progress.iter().find(|(phase, _)| free(*phase)).unwrap().1)
        })
        .collect();
    let settled: Vec<bool> = outcome
        .calls
        .iter()
        .filter(|call| local_second(call.called_at) >= SETTLED_S)
        .map(|call| {
            let is_busy = busy.iter().any(|(from, until)| *from < call.called_at && call.called_at < *until);
            let is_lost = matches!(call.told, Told::Ground { .. });
            assert_eq!(
                is_busy, is_lost,
                "a call is lost when the aircraft is busy, and then alone: {call:?}"
            );
            is_lost
        })
        .collect();
    let lost = settled.iter().filter(|is_lost| **is_lost).count() as f64 / settled.len() as f64;
    let busy_s: u64 = busy.iter().map(|(from, until)| u64::from(until.seconds_since(*from))).sum();
    let load = busy_s as f64 / busy.len() as f64 / 3_600.0 * f64::from(RATE_E6) / 1e6;
    // Erlang's loss formula with one server; only the mean of the service time matters.
    // Source: A. K. Erlang, 1917, "Solution of some problems in the theory of probabilities of significance in automatic
    // telephone exchanges".
    let erlang = load / (1.0 + load);
    // 315 calls settled are expected; the deviation of their share is below 0.03, and 0.08 is allowed.
    assert!(settled.len() > 250, "{}", settled.len());
    assert!((lost - erlang).abs() < 0.08, "lost {lost:.3}, Erlang {erlang:.3} at load {load:.3}");
    assert!((0.2..0.8).contains(&erlang), "the case says something: {erlang:.3}");
}
