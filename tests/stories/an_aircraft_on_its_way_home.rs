//! An aircraft whose patient is in hospital is sent on to the next scene without coming home first.

use crate::common::{candidate, crash_at, drill};
use v1::mission::{End, State as Step};
use v1::requisition::{IfBusy, State};
use yui::api::v1;

/// Near Toyooka, and its fire department.
const TOYOOKA: (f64, f64) = (35.5, 134.8);
const FIRE: &str = "members/hyogo/organisations/fd-toyooka";

#[tokio::test(flavor = "multi_thread")]
async fn it_is_turned_in_the_air_and_flies_one_mission_at_a_time() {
    let (mut drill, _data) = drill().await;
    let first = drill.open(crate::common::crash()).await;
    let (asked, mission) = drill.ask_and_commit(&first).await;
    drill.fly(&mission, &[Step::Airborne, Step::OnScene, Step::Transporting, Step::Arrived]).await;
    drill.fly(&mission, &[Step::Returning]).await;

    let ranking = drill.rank(crash_at(TOYOOKA, FIRE)).await;
    let seen = candidate(&ranking, "heli-toyooka").unwrap();
    assert_eq!((seen.availability(), &seen.mission), (v1::Availability::Retaskable, &mission.name));
    assert!(seen.cautions().any(|caution| caution == v1::Caution::BreaksOffMission));

    let second = drill.open(crash_at(TOYOOKA, FIRE)).await;
    let next = drill.ask_asset(&second, &asked.asset).await;
    assert_eq!((next.state(), next.if_busy()), (State::Asked, IfBusy::Retask));
    // Until its pilot says go, the mission is the old one.
    assert_eq!(drill.asset(&asked.asset).await.mission, mission.name);
    let on = drill.go(&next).await.unwrap();
    drill.settle().await;
    let old = drill.mission(&mission.name).await;
    assert_eq!((old.state(), old.end()), (Step::Ready, End::Completed), "its patient had arrived");
    assert_eq!(drill.requisition(&asked.name).await.state(), State::Completed);
    assert_eq!(drill.asset(&asked.asset).await.mission, on.name);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_patient_on_board_it_is_only_free_soon() {
    let (mut drill, _data) = drill().await;
    let first = drill.open(crate::common::crash()).await;
    let (_, mission) = drill.ask_and_commit(&first).await;
    drill.fly(&mission, &[Step::Airborne, Step::OnScene, Step::Transporting]).await;
    let ranking = drill.rank(crash_at(TOYOOKA, FIRE)).await;
    let seen = candidate(&ranking, "heli-toyooka").unwrap();
    assert_eq!((seen.availability(), &seen.mission), (v1::Availability::FreeSoon, &mission.name));
    assert!(seen.cautions().any(|caution| caution == v1::Caution::WaitsForMission));
    drill.host.stop().await;
}
