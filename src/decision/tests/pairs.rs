use super::fixtures::{START, id};
use crate::decision::command::NewPair;
use crate::decision::limits::PAIR_SUPPORTERS_MAX;
use crate::decision::model::*;
use crate::decision::rejection::{FieldProblem, Kind, Rejection};
use crate::decision::{Command, Context, Event, State};
use crate::id::{LedgerId, PairId};
use crate::units::Timestamp;

const DAY_MILLIS: i64 = 86_400_000;

fn name(en: &str) -> Name {
    Name { ja: String::new(), en: en.to_owned() }
}

fn commodity(kind: CommodityKind, mass_g: u32) -> Commodity {
    Commodity {
        id: id("commodities/staff"),
        name: name("Staff"),
        kind,
        unit: "team".to_owned(),
        mass_g,
        volume_cm3: mass_g,
        units_per_carton: 1,
        objective_tier: 2,
        per_person_milli: 0,
    }
}

fn give(state: &mut State, at: Timestamp, command: &Command) -> Vec<Event> {
    let events = state.decide(at, command).expect("it is given, so it is accepted");
    let context = Context { sequence: state.sequence + 1, at, actor: Actor("test".to_owned()) };
    state.begin_record(&context);
    events.iter().for_each(|event| state.apply(&context, event));
    events
}

/// The field with teams of staff.
fn field() -> State {
    let mut state = State::new(LedgerId::Field(id("fields/disaster")));
    let open = Command::OpenField { field: id("fields/disaster"), office: None, deputies: Vec::new() };
    give(&mut state, START, &open);
    give(&mut state, START, &Command::RegisterCommodity(commodity(CommodityKind::Team, 0)));
    state
}

fn pair() -> NewPair {
    NewPair {
        municipality: 30_201,
        affected: id("members/a"),
        supporters: vec![PairSupporter { member: id("members/b"), teams: 2 }],
        team: Some(id("commodities/staff")),
        fields: vec![AidField::Staff],
        from: START,
        until: START.plus_millis(21 * DAY_MILLIS),
        decided_by: "Tanaka".to_owned(),
        note: String::new(),
    }
}

fn said(state: &State) -> &PairUse {
    state.field.as_ref().unwrap().pairs.get(&id("pairs/pair-1")).unwrap()
}

#[test]
fn a_decided_pair_goes_from_decided_to_over_by_the_clock_alone() {
    let mut state = field();
    let later = NewPair { from: START.plus_millis(DAY_MILLIS), ..pair() };
    give(&mut state, START, &Command::DecidePair(later.clone()));
    let said = said(&state);
    let states =
        [(0, PairState::Decided), (1, PairState::Active), (20, PairState::Active), (21, PairState::Over)];
    for (day, expected) in states {
        assert_eq!(said.state(START.plus_millis(day * DAY_MILLIS)), expected, "day {day}");
    }
    let window = |from: i64, until: i64| {
        said.binds(START.plus_millis(from * DAY_MILLIS), START.plus_millis(until * DAY_MILLIS))
    };
    assert!(!window(0, 1) && window(0, 2) && window(20, 30) && !window(21, 30));
}

#[test]
fn a_pair_that_was_ended_binds_no_more_and_is_not_ended_twice() {
    let mut state = field();
    give(&mut state, START, &Command::DecidePair(pair()));
    let end = Command::EndPair { pair: id("pairs/pair-1"), by: "Sato".to_owned(), note: "home".to_owned() };
    assert_eq!(give(&mut state, START, &end).len(), 1);
    assert_eq!(said(&state).state(START), PairState::Ended);
    assert!(!said(&state).binds(START, START.plus_millis(DAY_MILLIS)));
    assert_eq!(state.decide(START, &end), Ok(Vec::new()));
    let other = PairId("pair-2".parse().unwrap());
    let unknown = Command::EndPair { pair: other.clone(), by: "Sato".to_owned(), note: String::new() };
    assert_eq!(
        state.decide(START, &unknown),
        Err(Rejection::NotFound { kind: Kind::Pair, name: other.to_string() })
    );
}

#[test]
fn a_pair_that_is_over_needs_no_end() {
    let mut state = field();
    give(&mut state, START, &Command::DecidePair(pair()));
    let end = Command::EndPair { pair: id("pairs/pair-1"), by: "Sato".to_owned(), note: String::new() };
    assert_eq!(state.decide(START.plus_millis(21 * DAY_MILLIS), &end), Ok(Vec::new()));
}

#[test]
fn what_cannot_be_decided_is_named_field_by_field() {
    let state = field();
    let when = |new: NewPair| state.decide(START, &Command::DecidePair(new)).unwrap_err();
    let field = |field, problem| Rejection::InvalidField { field, problem };
    let item = |field, problem| Rejection::InvalidItem { list: "supporters", index: 0, field, problem };
    let with = |member: &str, teams| NewPair {
        supporters: vec![PairSupporter { member: id(&format!("members/{member}")), teams }],
        ..pair()
    };
    assert_eq!(when(with("a", 2)), item("member", FieldProblem::NotAllowed), "nobody supports itself");
    assert!(matches!(when(with("b", 0)), Rejection::InvalidItem { field: "teams", .. }));
    assert!(matches!(when(with("b", 1 << 20)), Rejection::InvalidItem { field: "teams", .. }));
    assert_eq!(
        when(NewPair { team: None, ..with("b", 2) }),
        item("teams", FieldProblem::NotAllowed),
        "a number of what?"
    );
    let other = NewPair { team: Some(id("commodities/other")), ..pair() };
    assert!(matches!(when(other), Rejection::NotFound { kind: Kind::Commodity, .. }));
    let empty = NewPair { until: START, ..pair() };
    assert_eq!(when(empty), field("end_time", FieldProblem::EmptyWindow));
    let nobody = NewPair { supporters: Vec::new(), ..pair() };
    assert_eq!(when(nobody), field("supporters", FieldProblem::Required));
    let twice = NewPair { fields: vec![AidField::Staff; 2], ..pair() };
    assert_eq!(when(twice), field("fields", FieldProblem::Duplicate));
    let many =
        NewPair { supporters: vec![with("b", 2).supporters[0].clone(); PAIR_SUPPORTERS_MAX + 1], ..pair() };
    assert!(matches!(when(many), Rejection::InvalidField { field: "supporters", .. }));
    let plain = NewPair { team: None, ..with("b", 0) };
    assert!(state.decide(START, &Command::DecidePair(plain)).is_ok(), "goods alone need no teams");
}

#[test]
fn goods_weigh_something_and_teams_and_places_nothing() {
    let state = {
        let mut state = State::new(LedgerId::Field(id("fields/disaster")));
        let open = Command::OpenField { field: id("fields/disaster"), office: None, deputies: Vec::new() };
        give(&mut state, START, &open);
        state
    };
    let when = |kind, mass_g| state.decide(START, &Command::RegisterCommodity(commodity(kind, mass_g)));
    let field = |problem| Err(Rejection::InvalidField { field: "mass_g", problem });
    assert_eq!(when(CommodityKind::Goods, 0), field(FieldProblem::Required));
    assert!(when(CommodityKind::Goods, 1).is_ok());
    for kind in [CommodityKind::Team, CommodityKind::Place] {
        assert_eq!(when(kind, 1), field(FieldProblem::NotAllowed));
        assert!(when(kind, 0).is_ok());
        let carton = Commodity { units_per_carton: 7, ..commodity(kind, 0) };
        let packed = state.decide(START, &Command::RegisterCommodity(carton));
        assert_eq!(
            packed,
            Err(Rejection::InvalidField { field: "units_per_carton", problem: FieldProblem::NotAllowed })
        );
    }
}
