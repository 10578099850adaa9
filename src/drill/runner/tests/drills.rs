//! Drills with injects on Kansai: what each kind leads to, and what holds whatever happens.

use super::super::*;
use crate::allocator::ranking::Reason;
use crate::decision::model::{AttemptState, HoldState, MissionEnd, RequestState};
use crate::drill::script::{self, Script};
use crate::id::{AssetId, LedgerId, StructureId};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::OnceLock;

pub(super) fn drills() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("scenarios/kansai/drills")
}

pub(super) fn planner() -> &'static RankPlanner {
    static PLANNER: OnceLock<RankPlanner> = OnceLock::new();
    PLANNER.get_or_init(|| {
        let scenario = crate::drill::read(crate::host::kansai()).unwrap();
        crate::host::planner(&scenario).unwrap()
    })
}

/// A drill of a day on Kansai without any other call, with these injects.
fn quiet(injects: &str) -> Script {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("quiet.toml");
    let kansai = crate::host::kansai();
    let text = format!(
        "[drill]\ntitle_ja = \"静\"\ntitle_en = \"quiet\"\nscenario = \"{}\"\nspan = \"24:00\"\n\
         [habits]\ncalls_permille = 0\ndecline_permille = 0\n{injects}",
        kansai.display()
    );
    std::fs::write(&path, text).unwrap();
    script::read(&path).unwrap_or_else(|fault| panic!("{fault}"))
}

/// Plays `script`, with a look at the ledgers after every step; how they are in the end.
pub(super) fn watched(script: &Script, mut look: impl FnMut(&World)) -> (World, Outcome) {
    let seed = script.seeds[0];
    let mut world = World::laid_out(&script.scenario).unwrap().fork(seed);
    world.turn_to(script.start).unwrap();
    set_fleet(&mut world, script).unwrap();
    let order = Order { days: script.span_s.div_ceil(86_400), seed, habits: script.habits };
    let span = (script.start, script.start + script.span_s);
    let planner = planner().afresh();
    let mut people = People::new(&planner, order).under(script, span.1);
    people.expect_calls(calls::between(world.view(), span, order));
    while let Some(at) = people.next_deed().into_iter().chain(world.next_deadline()).min() {
        if at >= span.1 && people.is_idle() {
            break;
        }
        world.turn_to(at).unwrap();
        people.act(&mut world).unwrap();
        look(&world);
    }
    let outcome = people.outcome(&world);
    (world, outcome)
}

fn played(script: &Script) -> (World, Outcome) {
    watched(script, |_| {})
}

/// No aircraft is in two places, promised twice or asked twice at once.
fn nothing_is_in_two_places(world: &World) {
    for state in world.states() {
        let mut flying = BTreeSet::new();
        for mission in state.missions_active.iter().filter_map(|id| state.missions.get(id)) {
            assert!(flying.insert(mission.asset.clone()), "{} flies twice", mission.asset);
        }
        let mut held = BTreeSet::new();
        for hold in state.holds.values().filter(|hold| hold.state.is_open()) {
            assert!(held.insert(hold.asset.clone()), "{} is held twice", hold.asset);
        }
    }
}

/// Moves the clock on until nothing ends by itself any more.
fn at_rest(world: &mut World) {
    while let Some(at) = world.next_deadline() {
        world.turn_to(at).unwrap();
    }
}

#[test]
fn whatever_happens_nothing_is_in_two_places_and_everything_ends() {
    for name in ["helicopters-suspended", "bridges-lost", "false-calls", "member-silent"] {
        let mut script = script::read(&drills().join(format!("{name}.toml"))).unwrap();
        script.span_s = script.span_s.min(2 * 86_400);
        for seed in [1, 2] {
            script.seeds = vec![seed];
            let (mut world, _) = watched(&script, nothing_is_in_two_places);
            at_rest(&mut world);
            for state in world.states() {
                let about = |what: &str| format!("{name}, seed {seed}: {what} in {}", state.ledger);
                let open = state.holds.values().filter(|hold| hold.state.is_open()).count();
                assert_eq!(open, 0, "{}", about("holds"));
                assert_eq!(state.missions_active.size(), 0, "{}", about("missions"));
                assert_eq!(state.leases_open_count, 0, "{}", about("leases"));
                let requests = state.requests.values();
                let open = requests.filter(|request| request.state == RequestState::Open).count();
                assert_eq!(open, 0, "{}", about("requests"));
            }
        }
    }
}

#[test]
fn the_same_drill_and_seed_give_the_same_records() {
    let script = script::read(&drills().join("member-silent.toml")).unwrap();
    let first = play(&script, planner(), 7, |_| {}).unwrap();
    assert_eq!(first, play(&script, planner(), 7, |_| {}).unwrap());
    assert_ne!(first.ledgers, play(&script, planner(), 8, |_| {}).unwrap().ledgers);
}

#[test]
fn a_closure_of_one_run_is_forgotten_in_the_next() {
    let ordinary = || run(&planner_scenario(), planner(), one_day(), |_| {}).unwrap();
    let before = ordinary();
    let script = script::read(&drills().join("bridges-lost.toml")).unwrap();
    let closed = play(&script, planner(), 1, |_| {}).unwrap();
    assert_eq!(ordinary(), before);
    assert_eq!(play(&script, planner(), 1, |_| {}).unwrap(), closed);
}

fn one_day() -> Order {
    Order { days: 1, seed: 1, habits: Habits::default() }
}

fn planner_scenario() -> Scenario {
    crate::drill::read(crate::host::kansai()).unwrap()
}

#[test]
fn a_drill_without_injects_is_ordinary_days() {
    let mut script = script::read(&drills().join("ordinary-week.toml")).unwrap();
    script.span_s = 2 * 86_400;
    let order = Order { days: 2, seed: 1, habits: Habits::default() };
    let ordinary = run(&script.scenario, planner(), order, |_| {}).unwrap();
    assert_eq!(play(&script, planner(), 1, |_| {}).unwrap(), ordinary);
}

const BREAKS_DOWN: &str = r#"
[[inject]]
name = "first"
at = "+01:00"
kind = "call"
area = "fd-mikata"
[[inject]]
name = "engine"
when = { committed = "heli-toyooka" }
after = "00:07"
kind = "aircraft_breaks_down"
aircraft = "heli-toyooka"
for = "03:00"
[[inject]]
name = "second"
when = { happened = "engine" }
after = "01:00"
kind = "call"
area = "fd-mikata"
[[inject]]
name = "third"
when = { happened = "second" }
after = "02:10"
kind = "call"
area = "fd-mikata"
"#;

#[test]
fn an_aircraft_that_breaks_down_in_the_air_turns_back_and_another_way_is_found() {
    let (world, outcome) = played(&quiet(BREAKS_DOWN));
    let toyooka: AssetId = "members/hyogo/assets/heli-toyooka".parse().unwrap();
    let own = world.state(&toyooka.ledger()).unwrap();
    let broken = own.missions.values().find(|mission| mission.asset == toyooka).unwrap();
    assert!(matches!(broken.end, Some(MissionEnd::Aborted(_))), "{:?}", broken.end);
    let engine = &outcome.injects[1];
    assert_eq!(engine.verdict, Verdict::Taken);
    assert_eq!(engine.followed.first(), Some(&Followed::BrokenOff { mission: broken.id.clone() }));
    let by = |inject: usize| match outcome.injects[inject].followed.last() {
        Some(Followed::Answered { told: Told::Flown(flown), .. }) => Some(flown.asset.clone()),
        _ => None,
    };
    // The first patient got help some other way, the second as well; the third has the aircraft back.
    assert_ne!(by(0), Some(toyooka.clone()));
    assert_ne!(by(2), Some(toyooka.clone()));
    assert_eq!(by(3), Some(toyooka));
    assert!(
        engine.followed.iter().any(|one| matches!(one, Followed::LeftOut { rankings } if *rankings >= 2))
    );
}

#[test]
fn the_next_ranking_leaves_a_broken_aircraft_out_and_says_why() {
    let toyooka: AssetId = "members/hyogo/assets/heli-toyooka".parse().unwrap();
    let mut reasons = Vec::new();
    let script = quiet(BREAKS_DOWN);
    watched(&script, |world| {
        let is_out = world.view().asset(&toyooka).is_some_and(|(_, usage)| {
            matches!(usage.state, AssetState::OutOfService { .. }) && usage.mission.is_none()
        });
        let requests = world.states().flat_map(|state| state.requests.values());
        let Some(request) = requests.filter(|request| request.state == RequestState::Open).last() else {
            return;
        };
        if !is_out || !reasons.is_empty() {
            return;
        }
        let ranked = planner().rank(world.view(), world.now(), request, 10).unwrap();
        let names = &ranked.stated.names.aircraft;
        let ruled = ranked.plan.ruled_out.iter().find(|ruled| names[ruled.aircraft.index()] == toyooka);
        reasons = ruled.expect("it is ruled out").reasons.clone();
    });
    assert!(reasons.iter().any(|reason| matches!(reason, Reason::OutOfService { .. })), "{reasons:?}");
}

#[test]
fn a_closed_bridge_stands_in_the_ledger_of_who_reports_it_and_opens_again() {
    let bridge: StructureId = "structures/onaruto-bridge".parse().unwrap();
    let script = quiet(
        "[[inject]]\nname = \"closed\"\nat = \"+01:00\"\nkind = \"structure_closed\"\n\
         structure = \"onaruto-bridge\"\nby = \"tokushima\"\nfor = \"02:00\"\n\
         [[inject]]\nname = \"call\"\nat = \"+01:30\"\nkind = \"call\"\narea = \"fd-naruto\"\n\
         [[inject]]\nname = \"late\"\nat = \"+06:00\"\nkind = \"call\"\narea = \"fd-naruto\"\n",
    );
    let mut closed = BTreeSet::new();
    let (world, outcome) = watched(&script, |world| {
        closed.insert((
            world.now().seconds_since(script.start) / 3_600,
            world.view().closed_structures().len(),
        ));
    });
    assert!(closed.contains(&(1, 1)) && closed.contains(&(6, 0)), "{closed:?}");
    let tokushima: LedgerId = "members/tokushima".parse().unwrap();
    assert!(!world.state(&tokushima).unwrap().closures.get(&bridge).unwrap().closed);
    assert_eq!(outcome.injects[0].ended_at, Some(script.start + 3 * 3_600));
}

#[test]
fn a_false_call_turns_its_aircraft_back() {
    let script = quiet(
        "[[inject]]\nname = \"false\"\nat = \"+01:00\"\nkind = \"false_request\"\n\
         area = \"fd-nantan-yabu-asago\"\nfound_after = \"00:12\"\n",
    );
    let (world, outcome) = played(&script);
    assert!(outcome.calls.is_empty(), "nobody needed care");
    let Some(Followed::CalledOff { asset: Some(asset), .. }) = outcome.injects[0].followed.first() else {
        panic!("{:?}", outcome.injects[0])
    };
    let own = world.state(&asset.ledger()).unwrap();
    let missions: Vec<_> = own.missions.values().collect();
    assert!(matches!(missions[..], [mission] if mission.end == Some(MissionEnd::StoodDown)), "{missions:?}");
    assert!(!missions[0].is_active());
}

#[test]
fn a_second_call_for_a_scene_is_merged_into_the_first() {
    let script = quiet(
        "[[inject]]\nname = \"crash\"\nat = \"+01:00\"\nkind = \"call\"\narea = \"fd-nara-regional\"\n\
         lat = 33.988\nlon = 135.793\n\
         [[inject]]\nname = \"again\"\nwhen = { happened = \"crash\" }\nafter = \"00:04\"\n\
         kind = \"duplicate_request\"\nof = \"crash\"\narea = \"fd-tanabe\"\nfound_after = \"00:05\"\n",
    );
    let (world, outcome) = played(&script);
    assert_eq!(outcome.calls.len(), 1, "one patient");
    let Some(Followed::Merged { request, into }) = outcome.injects[1].followed.first() else {
        panic!("{:?}", outcome.injects[1])
    };
    let later = world.state(&request.ledger()).unwrap().requests.get(request).unwrap();
    assert_eq!(later.state, RequestState::Merged { into: into.clone() });
    assert_eq!(*into, outcome.calls[0].request);
}

#[test]
fn nobody_hears_a_member_that_is_silent_and_it_hears_nobody() {
    let script = quiet(
        "[[inject]]\nname = \"silent\"\nat = \"+00:30\"\nkind = \"member_silent\"\nmember = \"hyogo\"\nfor = \"03:00\"\n\
         [[inject]]\nname = \"across\"\nat = \"+01:00\"\nkind = \"call\"\narea = \"fd-kyotango\"\n\
         [[inject]]\nname = \"within\"\nat = \"+02:00\"\nkind = \"call\"\narea = \"fd-mikata\"\n\
         [[inject]]\nname = \"twice\"\nat = \"+01:00\"\nkind = \"member_silent\"\nmember = \"hyogo\"\nfor = \"01:00\"\n",
    );
    let hyogo: LedgerId = "members/hyogo".parse().unwrap();
    let (begins, ends) = (script.start + 1_800, script.start + 1_800 + 3 * 3_600);
    let mut seen = BTreeSet::new();
    let (world, outcome) = watched(&script, |world| {
        nothing_is_in_two_places(world);
        if (begins..ends).contains(&world.now()) {
            seen.insert(world.view().state(&hyogo).unwrap().sequence);
        }
    });
    // To the others its ledger stood still.
    assert_eq!(seen.len(), 1, "{seen:?}");
    assert_eq!(world.view().state(&hyogo).unwrap(), world.state(&hyogo).unwrap());
    let doubts = outcome.injects[0].followed.iter().filter(|one| matches!(one, Followed::InDoubt { .. }));
    assert!(doubts.count() >= 1, "{:?}", outcome.injects[0]);
    assert_eq!(outcome.injects[3].verdict, Verdict::Vain);
    // Who asked across the link sent another; what was asked in vain is settled in the end.
    let across = &outcome.calls[0];
    let request = world.view().member_state(&across.request.member).unwrap().requests.get(&across.request);
    let states: Vec<AttemptState> =
        request.unwrap().attempts().map(|(_, attempt)| attempt.state.clone()).collect();
    assert!(states.len() >= 2 || matches!(across.told, Told::Ground { .. }), "{states:?}");
    assert!(!states.contains(&AttemptState::Open), "{states:?}");
    // Within, its own aircraft fly.
    let Told::Flown(flown) = &outcome.calls[1].told else { panic!("{:?}", outcome.calls[1]) };
    assert_eq!(flown.asset.ledger(), hyogo);
    let late =
        world.state(&hyogo).unwrap().holds.values().filter(|hold| hold.requisition.request == across.request);
    assert!(
        late.into_iter().all(|hold| !matches!(hold.state, HoldState::Asked)),
        "nothing is asked any more"
    );
}

#[test]
fn what_the_rules_refuse_is_told_and_what_never_comes_as_well() {
    // A note longer than any may be; an inject that waits for an aircraft that nobody asks; nothing to repeat.
    let script = quiet(&format!(
        "[[inject]]\nname = \"lost\"\nat = \"+01:00\"\nkind = \"depot_lost\"\ndepot = \"depot-awaji\"\nnote = \"{}\"\n\
         [[inject]]\nname = \"never\"\nwhen = {{ asked = \"heli-nara\" }}\nkind = \"hospital_full\"\n\
         hospital = \"kobe-university\"\n\
         [[inject]]\nname = \"nothing\"\nat = \"+01:00\"\nkind = \"duplicate_request\"\narea = \"fd-naruto\"\n\
         found_after = \"00:05\"\n",
        "x".repeat(10_000)
    ));
    let (_, outcome) = played(&script);
    let verdicts: Vec<&Verdict> = outcome.injects.iter().map(|injected| &injected.verdict).collect();
    assert!(matches!(verdicts[..], [Verdict::Refused(_), Verdict::Never, Verdict::Vain]), "{verdicts:?}");
    assert_eq!(outcome.injects[1].at, None);
}

#[test]
fn what_is_reported_stands_as_long_as_it_says() {
    let script = quiet(
        "[[inject]]\nname = \"full\"\nat = \"+01:00\"\nkind = \"hospital_full\"\nhospital = \"kobe-university\"\nfor = \"01:00\"\n\
         [[inject]]\nname = \"lost\"\nat = \"+01:00\"\nkind = \"depot_lost\"\ndepot = \"depot-awaji\"\n\
         [[inject]]\nname = \"slow\"\nat = \"+01:00\"\nkind = \"road_slowed\"\nstructure = \"onaruto-bridge\"\npercent = 40\nby = \"tokushima\"\nfor = \"01:00\"\n\
         [[inject]]\nname = \"fog\"\nat = \"+01:00\"\nkind = \"weather\"\nregion = \"awaji\"\nby = \"hyogo\"\nvisibility_m = 800\nceiling_m = 100\nwind_m_s = 2\nfor = \"03:00\"\n\
         [[inject]]\nname = \"need\"\nat = \"+01:00\"\nkind = \"need\"\nmunicipality = 28226\nby = \"hyogo\"\ncommodity = \"water\"\nquantity = 10\nwanted_after = \"24:00\"\n\
         [[inject]]\nname = \"move\"\nat = \"+01:30\"\nkind = \"transfer\"\nfrom = \"hyogo-awaji\"\nto = \"kobe-city-general\"\n\
         [[inject]]\nname = \"end\"\nat = \"+03:00\"\nkind = \"call\"\narea = \"fd-naruto\"\n",
    );
    let mut restricted = BTreeSet::new();
    let (world, outcome) = watched(&script, |world| {
        restricted.insert(world.view().restrictions().count());
    });
    assert!(outcome.injects.iter().all(|one| one.verdict == Verdict::Taken), "{:?}", outcome.injects);
    assert_eq!(restricted, BTreeSet::from([0, 1]));
    assert_eq!(world.view().restrictions().count(), 0);
    assert_eq!(outcome.calls.len(), 2, "a transfer and a call");
    assert_eq!(world.view().weather().len(), 1);
}

#[test]
fn a_fleet_that_stands_still_does_not_fly() {
    let mut script = quiet("");
    script.habits.calls_permille = 1_000;
    let all: Vec<AssetId> = {
        let world = World::laid_out(&script.scenario).unwrap().fork(1);
        let flying = world.view().assets_of(crate::decision::model::AssetKind::is_aircraft);
        flying.map(|(asset, _)| asset.id.clone()).collect()
    };
    script.out_of_service = all;
    let (_, outcome) = played(&script);
    assert!(outcome.calls.len() > 5, "{}", outcome.calls.len());
    assert!(outcome.calls.iter().all(|call| !matches!(call.told, Told::Flown(_))));
}

#[test]
fn an_aircraft_flies_in_spite_of_a_planned_outage() {
    let kansai = script::read(&drills().join("ordinary-week.toml")).unwrap();
    let toyooka: AssetId = "members/hyogo/assets/heli-toyooka".parse().unwrap();
    let script = Script { in_service: vec![toyooka.clone()], ..kansai };
    let mut world = World::laid_out(&script.scenario).unwrap().fork(1);
    assert!(world.view().asset(&toyooka).unwrap().1.outages.size() > 0);
    set_fleet(&mut world, &script).unwrap();
    assert_eq!(world.view().asset(&toyooka).unwrap().1.outages.size(), 0);
}
