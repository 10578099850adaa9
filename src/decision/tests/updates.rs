//! What a person changes of an asset, and what stays.

use super::fixtures::{Union, id};
use crate::decision::model::AssetChange;
use crate::decision::rejection::{FieldProblem, Kind};
use crate::decision::{Command, Event, Rejection};

const X: &str = "members/b/assets/x";

fn update(changes: &[AssetChange]) -> Command {
    Command::UpdateAsset { asset: id(X), changes: changes.to_vec() }
}

#[test]
fn an_update_changes_what_it_names_and_keeps_the_mission_and_the_rest() {
    let mut union = Union::new();
    let (_, requisition) = union.asked("a", X);
    union.settle();
    let mission = union.committed("b", &requisition);
    let before = union.of("b").assets.get(&id(X)).unwrap().clone();
    let version = union.of("b").registry_version;
    let events = union.given("b", update(&[AssetChange::Seats(3), AssetChange::Telephone("119".into())]));
    let mut expected = before;
    (expected.seats, expected.telephone) = (3, "119".into());
    assert_eq!(events, [Event::AssetUpdated(expected.clone())]);
    let state = union.of("b");
    assert_eq!(state.assets.get(&id(X)), Some(&expected));
    assert_eq!(state.asset_uses.get(&id(X)).unwrap().mission, Some(mission), "it still flies");
    assert_eq!(
        state.registry_version,
        version + 1,
        "what was worked out from the registry is worked out anew"
    );
}

#[test]
fn an_update_that_changes_nothing_is_not_recorded() {
    let mut union = Union::new();
    union.given("b", update(&[AssetChange::Seats(3)]));
    assert_eq!(union.when("b", update(&[AssetChange::Seats(3)])), Ok(vec![]));
    assert_eq!(union.when("b", update(&[])), Ok(vec![]));
}

#[test]
fn an_update_is_judged_as_a_registration_is_and_all_of_it_or_none() {
    let mut union = Union::new();
    let before = union.of("b").assets.get(&id(X)).unwrap().clone();
    let refusal = union.when("b", update(&[AssetChange::Seats(3), AssetChange::SpeedKmh(0)])).unwrap_err();
    let problem = FieldProblem::OutOfRange { got: 0, min: 1, max: 1_000 };
    assert_eq!(refusal, Rejection::InvalidField { field: "planning_speed_kmh", problem });
    assert_eq!(union.of("b").assets.get(&id(X)), Some(&before));
    // Hours are judged together: the end alone may not lie before the beginning that stands.
    union.given("b", update(&[AssetChange::ServiceFromS(30_000), AssetChange::ServiceUntilS(60_000)]));
    assert!(union.when("b", update(&[AssetChange::ServiceUntilS(20_000)])).is_err());
}

#[test]
fn an_asset_that_is_unknown_or_another_members_is_not_updated() {
    let union = Union::new();
    let unknown = Command::UpdateAsset { asset: id("members/b/assets/none"), changes: vec![] };
    let name = "members/b/assets/none".to_owned();
    assert_eq!(union.when("b", unknown), Err(Rejection::NotFound { kind: Kind::Asset, name }));
    let foreign = union.when("a", update(&[AssetChange::Seats(3)])).unwrap_err();
    assert!(matches!(foreign, Rejection::WrongLedger { .. }), "{foreign:?}");
}
