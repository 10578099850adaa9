//! A patient is flown from one hospital to another that takes them.

use crate::common::{crash, drill, printed, refused};
use yui::api::v1;
use yui::api::v1::mission::State as Step;

const FROM: &str = "members/hyogo/hospitals/hyogo-tamba";
const TO: &str = "members/hyogo/hospitals/toyooka";

fn transfer() -> v1::Request {
    v1::Request {
        kind: v1::RequestKind::Transfer.into(),
        origin_hospital: FROM.to_owned(),
        hospitals: vec![TO.to_owned()],
        ..crash()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_leaves_from_the_pad_of_its_hospital_and_not_from_a_field_nearby() {
    let (mut drill, _data) = drill().await;
    let ranking = drill.rank(transfer()).await;
    assert!(!ranking.candidates.is_empty());
    for candidate in &ranking.candidates {
        assert_eq!(candidate.hospital, printed(TO), "the hospital that took the patient");
    }
    let best = &ranking.candidates[0];
    assert_eq!(best.site, printed("members/hyogo/sites/pad-hyogo-tamba"));

    let request = drill.open(transfer()).await;
    let (asked, mission) = drill.ask_and_commit(&request).await;
    assert_eq!((&asked.asset, asked.kind()), (&best.asset, v1::RequestKind::Transfer));
    assert_eq!((&mission.site, &mission.hospital), (&best.site, &printed(TO)));
    let steps =
        [Step::Airborne, Step::OnScene, Step::Transporting, Step::Arrived, Step::Returning, Step::Ready];
    let done = drill.fly(&mission, &steps).await;
    assert_eq!(done.end(), v1::mission::End::Completed);
    let close = v1::CloseRequestRequest { name: request.name, ..Default::default() };
    let closed = drill.dispatch.close_request(close).await.unwrap().into_inner();
    assert!(closed.filled && closed.state() == v1::request::State::Closed);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_without_its_two_hospitals_is_refused() {
    let (mut drill, _data) = drill().await;
    for (request, field) in [
        (v1::Request { origin_hospital: String::new(), ..transfer() }, "request.origin_hospital"),
        (v1::Request { hospitals: Vec::new(), ..transfer() }, "request.hospitals"),
    ] {
        let answer = refused(drill.dispatch.create_request(crate::common::create(request)).await);
        assert_eq!((answer.reason.as_str(), answer.field.as_deref()), ("FIELD_REQUIRED", Some(field)));
    }
    drill.host.stop().await;
}
