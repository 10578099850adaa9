//! What a newcomer types: a place and a time, or two hospitals, and nothing else.

use crate::common::{TAMBA, at, drill, place, printed};
use std::collections::BTreeSet;
use yui::api::v1;
use yui::api::v1::rank_candidates_request::Subject;

const TAMBA_HOSPITAL: &str = "members/hyogo/hospitals/hyogo-tamba";
const TOYOOKA: &str = "members/hyogo/hospitals/toyooka";
const KAKOGAWA: &str = "members/hyogo/hospitals/hyogo-kakogawa";

fn question(
    draft: v1::Request,
    time: Option<prost_types::Timestamp>,
    count: i32,
) -> v1::RankCandidatesRequest {
    v1::RankCandidatesRequest { subject: Some(Subject::Draft(draft)), at_time: time, candidate_count: count }
}

/// `yui rank --at 35.170,135.040`
fn here() -> v1::Request {
    v1::Request { kind: v1::RequestKind::Scene.into(), position: place(TAMBA), ..v1::Request::default() }
}

fn short(name: &str) -> &str {
    name.rsplit('/').next().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_alone_asks_for_a_doctor_helicopter() {
    let (mut drill, _data) = drill().await;
    let mut order = Vec::new();
    for (hour, minute) in [(10, 0), (15, 56), (16, 10)] {
        let question = question(here(), Some(at(hour, minute)), 10);
        let ranking = drill.dispatch.rank_candidates(question).await.unwrap().into_inner();
        order.push(ranking);
    }
    assert!(order[0].candidates.len() >= 4);
    assert!(short(&order[0].candidates[0].asset).starts_with("heli-"));
    let dusk: Vec<_> = order[1].candidates.iter().map(|candidate| short(&candidate.asset)).collect();
    assert_eq!(dusk, ["heli-kakogawa"]);
    assert!(order[2].unfilled && order[2].candidates.is_empty());
    let ground: Vec<_> = order[2].ground.iter().map(|unit| short(&unit.asset)).collect();
    assert!(ground.contains(&"doctor-car-tamba"), "{ground:?}");
    assert!(ground.iter().any(|unit| unit.starts_with("amb-")), "{ground:?}");
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_aircraft_that_comes_later_does_not_vanish_from_the_answer() {
    let (mut drill, _data) = drill().await;
    let whole =
        drill.dispatch.rank_candidates(question(here(), Some(at(10, 0)), 100)).await.unwrap().into_inner();
    let one =
        drill.dispatch.rank_candidates(question(here(), Some(at(10, 0)), 1)).await.unwrap().into_inner();
    assert_eq!((one.candidates.len(), one.outranked.len()), (1, whole.candidates.len() - 1));
    assert!(one.outranked.is_sorted_by_key(|other| (other.tier, other.minutes_to_care)));
    let later: BTreeSet<_> = one.outranked.iter().map(|other| other.asset.as_str()).collect();
    for candidate in &whole.candidates[1..] {
        assert!(later.contains(candidate.asset.as_str()), "{}", candidate.asset);
    }
    let same = &whole.candidates[1];
    let listed = one.outranked.iter().find(|other| other.asset == same.asset).unwrap();
    assert_eq!(
        (&listed.site, listed.minutes_to_care, listed.tier, &listed.telephone),
        (&same.site, same.minutes_to_care, same.tier, &same.telephone)
    );
    let too_many = drill.dispatch.rank_candidates(question(here(), None, 101)).await.unwrap_err();
    assert_eq!(too_many.code(), tonic::Code::InvalidArgument);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hospitals_alone_are_a_transfer() {
    let (mut drill, _data) = drill().await;
    let transfer = |hospitals: &[&str]| v1::Request {
        kind: v1::RequestKind::Transfer.into(),
        origin_hospital: TAMBA_HOSPITAL.to_owned(),
        hospitals: hospitals.iter().map(|name| (*name).to_owned()).collect(),
        ..v1::Request::default()
    };
    let ask = question(transfer(&[KAKOGAWA, TOYOOKA]), None, 10);
    let ranking = drill.dispatch.rank_candidates(ask).await.unwrap().into_inner();
    assert_eq!(ranking.candidates[0].hospital, printed(KAKOGAWA));
    // The first says no: the next one is asked, and no other.
    let refuse = v1::ReportHospitalRequest {
        name: KAKOGAWA.to_owned(),
        state: v1::hospital::State::Refusing.into(),
        ..Default::default()
    };
    drill.conditions.report_hospital(refuse).await.unwrap();
    let ask = question(transfer(&[KAKOGAWA, TOYOOKA]), None, 10);
    let ranking = drill.dispatch.rank_candidates(ask).await.unwrap().into_inner();
    assert!(ranking.candidates.iter().all(|candidate| candidate.hospital == printed(TOYOOKA)));
    assert!(!ranking.candidates.is_empty());
    let ask = question(transfer(&["members/hyogo/hospitals/nowhere"]), None, 10);
    assert_eq!(drill.dispatch.rank_candidates(ask).await.unwrap_err().code(), tonic::Code::NotFound);
    drill.host.stop().await;
}
