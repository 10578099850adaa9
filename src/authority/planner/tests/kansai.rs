//! The drill data, asked as a newcomer is told to ask: `rank --at 35.170,135.040`.

use super::*;
use crate::authority::view::LedgerView;
use crate::decision::model::{Actor, AssetKind, Closure};
use crate::decision::{Context, State};

/// The drill as it is laid out, and its planner.
fn kansai() -> (View, RankPlanner) {
    let scenario = crate::drill::scenario::read(crate::host::kansai()).unwrap();
    let mut ledgers: BTreeMap<LedgerId, State> = BTreeMap::new();
    for seed in &scenario.seeds {
        let state = ledgers.entry(seed.ledger.clone()).or_insert_with(|| State::new(seed.ledger.clone()));
        let events = state.decide(scenario.start, &seed.command).unwrap();
        let actor = Actor("test".to_owned());
        let context = Context { sequence: state.sequence + 1, at: scenario.start, actor };
        events.iter().for_each(|event| state.apply(&context, event));
    }
    let ledgers =
        ledgers.into_iter().map(|(id, state)| (id, Arc::new(LedgerView { state, partial: false }))).collect();
    let roads = crate::host::roads(Some(&scenario)).unwrap();
    let view = View { space: scenario.space.clone(), ledgers };
    let board = Arc::new(crate::authority::RoadBoard::new(roads));
    let planner = RankPlanner::new(board, crate::host::policy_of(&scenario.policy));
    (view, planner.over(scenario.regions.clone()))
}

/// The ranking of a call that says nothing but where, as at that time of 5 December 2026.
fn rank_at(view: &View, planner: &RankPlanner, hour: u32, minute: u32) -> Ranked {
    let at = Timestamp(1_796_396_400_000) + (hour * 3_600 + minute * 60);
    let area = RankPlanner::nearest_area(view, world::place(SCENE)).unwrap();
    let state = view.member_state(&area.member).unwrap();
    let new = NewRequest { requester: area, ..ask() };
    let events = state.decide(at, &crate::decision::Command::OpenRequest(new)).unwrap();
    let mut copy = state.clone();
    let context = Context { sequence: state.sequence + 1, at, actor: Actor("test".to_owned()) };
    events.iter().for_each(|event| copy.apply(&context, event));
    let request = copy.requests.values().next().unwrap();
    planner.rank(view, at, request, 100).unwrap()
}

#[test]
fn the_commands_that_a_newcomer_is_shown_answer_as_promised() {
    let (view, planner) = kansai();
    let ranked = rank_at(&view, &planner, 10, 0);
    let best = &ranked.stated.names.aircraft[ranked.plan.candidates[0].aircraft.index()];
    assert_eq!(view.asset(best).unwrap().0.kind, AssetKind::DoctorHelicopter);
    assert!(ranked.order().len() >= 4, "{:?}", ranked.order());

    assert_eq!(rank_at(&view, &planner, 15, 56).order(), ["heli-kakogawa"]);

    let ranked = rank_at(&view, &planner, 16, 10);
    assert!(ranked.order().is_empty());
    let kinds: Vec<AssetKind> = ranked
        .plan
        .ground
        .iter()
        .map(|unit| view.asset(&ranked.stated.names.ground[unit.unit.index()]).unwrap().0.kind)
        .collect();
    assert!(kinds.contains(&AssetKind::DoctorCar) && kinds.contains(&AssetKind::Ambulance), "{kinds:?}");
}

#[test]
fn every_aircraft_of_the_drill_stands_exactly_once_in_the_answer() {
    let (view, planner) = kansai();
    for top in [0, 1, 3, 100] {
        let ranked = rank_at(&view, &planner, 10, 0);
        let plan = RankPlanner::rank_again(&ranked.stated, top).unwrap();
        let all = plan.candidates.len() + plan.outranked.len() + plan.ruled_out.len();
        assert_eq!(all, ranked.stated.problem.aircraft.len());
        assert!(plan.candidates.len() <= usize::from(top));
    }
}

#[test]
fn a_planner_that_remembers_drives_answers_as_one_that_does_not() {
    let (open, planner) = kansai();
    let mut closed = open.clone();
    let hyogo: LedgerId = "members/hyogo".parse().unwrap();
    let mut state = closed.state(&hyogo).unwrap().clone();
    for structure in planner.roads().map().structures() {
        let (structure, said_at) = (structure.id.clone(), state.last_at);
        let closure = Closure {
            structure: structure.clone(),
            closed: true,
            note: String::new(),
            expected_end: None,
            said_at,
        };
        state.closures.insert_mut(structure, closure);
    }
    state.roads_version = 1;
    closed.ledgers.insert(hyogo.clone(), Arc::new(LedgerView { state, partial: false }));
    let mut reopened = open.clone();
    let mut state = reopened.state(&hyogo).unwrap().clone();
    state.roads_version = 2;
    reopened.ledgers.insert(hyogo, Arc::new(LedgerView { state, partial: false }));
    let mut roads_s = Vec::new();
    for view in [&open, &closed, &reopened, &reopened] {
        let (remembering, fresh) = (rank_at(view, &planner, 10, 0), rank_at(view, &kansai().1, 10, 0));
        assert!(remembering.bytes == fresh.bytes && remembering.plan == fresh.plan);
        roads_s.push(remembering.stated.problem.road_s);
    }
    assert!(roads_s[0] != roads_s[1] && roads_s[0] == roads_s[2]);
}

/// The view with these commands of one member on top.
fn with(view: &View, member: &str, commands: &[crate::decision::Command], at: Timestamp) -> View {
    let ledger: LedgerId = member.parse().unwrap();
    let mut view = view.clone();
    let mut state = view.ledgers[&ledger].state.clone();
    for command in commands {
        let events = state.decide(at, command).unwrap();
        let context = Context { sequence: state.sequence + 1, at, actor: Actor("test".to_owned()) };
        events.iter().for_each(|event| state.apply(&context, event));
    }
    view.ledgers.insert(ledger, Arc::new(LedgerView { state, partial: false }));
    view
}

#[test]
fn a_sky_full_of_fires_and_fog_is_ranked_as_the_rules_say_remembered_or_not() {
    use crate::decision::Command;
    use crate::decision::model::{NoFlyArea, Weather};
    let (view, planner) = kansai();
    let at = Timestamp(1_796_396_400_000) + 10 * 3_600;
    let calm = rank_at(&view, &planner, 10, 0);
    assert!(calm.stated.problem.ways.is_empty() && calm.stated.names.no_fly.is_empty());
    let fog = ["sea-of-japan-east", "kyoto-yamashiro", "setouchi-harima"].map(|region| {
        Command::ReportWeather(Weather {
            region: format!("weatherRegions/{region}").parse().unwrap(),
            visibility_m: 500,
            ceiling_m: 60,
            wind_kmh: 4,
            icing: false,
            thunderstorm: false,
            observed_at: at,
            expires_at: at + 7_200,
        })
    });
    let fires = (0..12u32).map(|i| {
        let (lat, lon) = (34.9 + 0.11 * f64::from(i % 4), 134.6 + 0.25 * f64::from(i / 4));
        let corners = [(0.0, 0.0), (0.0, 0.06), (0.06, 0.06), (0.06, 0.0)];
        Command::ReportNoFlyArea(NoFlyArea {
            id: format!("members/hyogo/noFlyAreas/fire-{i}").parse().unwrap(),
            corners: corners.map(|(north, east)| world::place((lat + north, lon + east))).to_vec(),
            floor_m: 0,
            ceiling_m: 1_500,
            from: at,
            until: None,
            reason: "fire".to_owned(),
            source: "119".to_owned(),
        })
    });
    let commands: Vec<Command> = fog.into_iter().chain(fires).collect();
    let view = with(&view, "members/hyogo", &commands, at);
    let ranked = rank_at(&view, &planner, 10, 0);
    assert!(ranked.stated.problem.ways.len() > 100, "{}", ranked.stated.problem.ways.len());
    assert_eq!(crate::allocator::ranking::check(&ranked.stated.problem, &ranked.plan), vec![]);
    assert!(ranked.plan.candidates.iter().any(|candidate| {
        let around = |warning: &crate::allocator::ranking::Warning| {
            matches!(warning, crate::allocator::ranking::Warning::AroundNoFly { .. })
        };
        candidate.warnings.iter().any(around)
    }));
    let (again, stored) = (rank_at(&view, &planner, 10, 0), &ranked.bytes);
    assert_eq!(
        (&again.bytes, again.plan == ranked.plan),
        (stored, true),
        "what is remembered changes nothing"
    );
    assert_eq!(crate::record::decode_problem(stored).as_ref(), Ok(&ranked.stated));
    // A planner that knows no borders judges the places touched, and areas all the same.
    let blind = kansai().1.over(Vec::new());
    let blind = rank_at(&view, &blind, 10, 0);
    assert!(blind.stated.problem.ways.iter().all(|way| way.regions.is_empty() && !way.areas.is_empty()));
}
