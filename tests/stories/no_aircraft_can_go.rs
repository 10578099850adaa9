//! Dusk in Tamba: "nobody can help by air" is an answer with reasons, and the doctor car is asked instead.

use crate::common::{Served, ask_for, at, crash, drill, reason_of};
use v1::mission::{End, State as Step};
use v1::requisition::{NotHeldReason, State};
use yui::api::v1;

/// The first of those on the road whose name holds `what`.
fn on_the_road(ranking: &v1::Ranking, what: &str) -> String {
    ranking.ground.iter().find(|unit| unit.asset.contains(what)).unwrap().asset.clone()
}

async fn dusk(drill: &mut Served) -> v1::Ranking {
    drill.clock.set_clock(v1::SetClockRequest { now_time: Some(at(16, 10)) }).await.unwrap();
    drill.rank(crash()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_car_is_asked_and_drives_to_the_scene() {
    let (mut drill, _data) = drill().await;
    let ranking = dusk(&mut drill).await;
    assert!(ranking.unfilled && ranking.ruled_out.iter().all(|ruled| !ruled.reasons.is_empty()));
    let request = drill.open(crash()).await;
    assert_eq!(reason_of(drill.dispatch.ask_requisition(ask_for(&request, "")).await), "NOBODY_TO_ASK");

    let asked = drill.ask_asset(&request, &on_the_road(&ranking, "doctor-car")).await;
    assert_eq!((asked.state(), asked.site.as_str()), (State::Asked, ""));
    let mission = drill.go(&asked).await.unwrap();
    let steps =
        [Step::Airborne, Step::OnScene, Step::Transporting, Step::Arrived, Step::Returning, Step::Ready];
    let done = drill.fly(&mission, &steps).await;
    assert_eq!((done.end(), &done.notices), (End::Completed, &Vec::new()));
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ambulance_is_sent_by_its_own_command() {
    let (mut drill, _data) = drill().await;
    let ranking = dusk(&mut drill).await;
    let request = drill.open(crash()).await;
    let asked = drill.ask_asset(&request, &on_the_road(&ranking, "/amb-")).await;
    assert_eq!((asked.state(), asked.not_held_reason()), (State::NotHeld, NotHeldReason::NotOffered));
    drill.host.stop().await;
}
