//! Ordinary days of Kansai, played by the machine.

use super::*;
use crate::decision::model::{AssetKind, RequestState};
use std::collections::BTreeSet;

mod drills;
mod golden;
mod queue;

fn kansai() -> (Scenario, RankPlanner) {
    let scenario = crate::drill::read(crate::host::kansai()).unwrap();
    let planner = crate::host::planner(&scenario).unwrap();
    (scenario, planner)
}

fn order(days: u32, seed: u64) -> Order {
    Order { days, seed, habits: Habits::default() }
}

#[test]
fn two_days_of_calls_are_answered_and_seen_through() {
    let (scenario, planner) = kansai();
    let mut days = Vec::new();
    let outcome = run(&scenario, &planner, order(2, 1), |day| days.push(day)).unwrap();
    assert_eq!(days, [1, 2]);
    // FACTS 1.2: Toyooka alone has 4.7 calls a day, the others 300 to 500 a year.
    assert!((10..60).contains(&outcome.calls.len()), "{}", outcome.calls.len());
    let flown = outcome.calls.iter().filter(|call| matches!(call.told, Told::Flown(_))).count();
    assert!(flown * 4 > outcome.calls.len(), "{flown} of {}", outcome.calls.len());
    let half = outcome::permille_of(&outcome.care_s(), 500).unwrap();
    assert!((10 * 60..45 * 60).contains(&half), "half within {half} s");
    assert!(outcome.usage().values().all(|(missions, away_s)| u64::from(*missions) * 600 < *away_s));
}

#[test]
fn the_same_seed_gives_the_same_records_and_another_gives_others() {
    let (scenario, planner) = kansai();
    let played = |seed| run(&scenario, &planner, order(1, seed), |_| {}).unwrap();
    let first = played(1);
    assert_eq!(first, played(1));
    assert_ne!(first.ledgers, played(2).ledgers);
}

#[test]
fn a_base_that_says_no_more_often_moves_no_call() {
    let (scenario, planner) = kansai();
    let played = |decline_permille| {
        let habits = Habits { decline_permille, ..Habits::default() };
        run(&scenario, &planner, Order { habits, ..order(4, 3) }, |_| {}).unwrap()
    };
    let (never, often) = (played(0), played(500));
    let calls = |outcome: &Outcome| outcome.calls.iter().map(|call| call.called_at).collect::<Vec<_>>();
    assert_eq!(calls(&never), calls(&often));
    assert_eq!(never.calls.iter().map(|call| call.refused).sum::<u32>(), 0);
    assert!(often.calls.iter().map(|call| call.refused).sum::<u32>() > 0);
}

#[test]
fn afterwards_nothing_is_under_way() {
    let (scenario, planner) = kansai();
    let mut world = World::laid_out(&scenario).unwrap().fork(5);
    let end = scenario.start + 86_400;
    let mut people = People::new(&planner, order(1, 5));
    people.expect_calls(calls::between(world.view(), (scenario.start, end), order(1, 5)));
    while let Some(at) = people.next_deed() {
        world.turn_to(at).unwrap();
        people.act(&mut world).unwrap();
        let mut busy = BTreeSet::new();
        for mission in world.view().states().flat_map(|state| state.missions.values()) {
            assert!(!mission.is_active() || busy.insert(mission.asset.clone()), "{} twice", mission.asset);
        }
    }
    let view = world.view();
    let open = view.states().flat_map(|state| state.requests.values());
    assert_eq!(open.filter(|request| request.state == RequestState::Open).count(), 0);
    let flying = view.assets_of(|kind| kind == AssetKind::DoctorHelicopter);
    assert_eq!(flying.filter(|(_, usage)| usage.mission.is_some()).count(), 0);
}
