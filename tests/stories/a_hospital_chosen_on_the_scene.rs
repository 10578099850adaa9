//! On the scene the hospital is chosen again, asked, and says yes or no.

use crate::common::{Served, crash, drill, heard_from, printed, reason_of};
use yui::api::v1;
use yui::api::v1::lease::{Purpose, Refusal, State};
use yui::api::v1::mission::{State as Step, Warning};

const NEAR: &str = "members/hyogo/hospitals/hyogo-tamba";
const EQUIPPED: &str = "members/hyogo/hospitals/toyooka";

/// A crew on the scene.
async fn on_the_scene(drill: &mut Served) -> v1::Mission {
    let request = drill.open(crash()).await;
    let (_, mission) = drill.ask_and_commit(&request).await;
    drill.fly(&mission, &[Step::Airborne, Step::OnScene]).await
}

async fn choose(drill: &mut Served, mission: &v1::Mission, hospital: &str) -> v1::Mission {
    let (name, hospital) = (mission.name.clone(), hospital.to_owned());
    let choose = v1::ChooseHospitalRequest { name, hospital, patients: 1, ..Default::default() };
    drill.dispatch.choose_hospital(choose).await.unwrap();
    drill.settle().await;
    drill.mission(&mission.name).await
}

fn answer(mission: &v1::Mission, hospital: &str, refusal: Option<Refusal>) -> v1::AnswerBedRequest {
    v1::AnswerBedRequest {
        requisition: mission.requisition.clone(),
        hospital: hospital.to_owned(),
        accepted: refusal.is_none(),
        refusal: refusal.unwrap_or_default().into(),
        telephone: heard_from("Dr Abe"),
        ..Default::default()
    }
}

/// The bed leases of the mission, by hospital.
async fn beds(drill: &mut Served) -> Vec<(String, State)> {
    let list = v1::ListLeasesRequest {
        parent: "members/-".to_owned(),
        filter: "purpose = BED".to_owned(),
        ..Default::default()
    };
    let leases = drill.dispatch.list_leases(list).await.unwrap().into_inner().leases;
    leases.iter().map(|lease| (lease.subject.clone(), lease.state())).collect()
}

fn warnings(mission: &v1::Mission) -> Vec<Warning> {
    mission.notices.iter().map(v1::mission::Notice::warning).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_hospital_says_no_and_the_next_says_yes() {
    let (mut drill, _data) = drill().await;
    let mission = on_the_scene(&mut drill).await;
    assert!(!mission.hospital_chosen && !mission.hospital.is_empty(), "until now a forecast");

    let asked = choose(&mut drill, &mission, NEAR).await;
    assert_eq!((asked.hospital_chosen, asked.hospital), (true, printed(NEAR)));
    assert_eq!(beds(&mut drill).await, [(printed(NEAR), State::Asked)]);

    let no = answer(&mission, NEAR, Some(Refusal::NoBed));
    let refused = drill.dispatch.answer_bed(no.clone()).await.unwrap().into_inner();
    assert_eq!((refused.state(), refused.refusal()), (State::Refused, Refusal::NoBed));
    assert_eq!(reason_of(drill.dispatch.answer_bed(no).await), "LEASE_NOT_OPEN");
    // The flight is not stopped; the crew is told whom to ring.
    let warned = drill.mission(&mission.name).await;
    assert_eq!(warnings(&warned), [Warning::NoBed]);
    assert_eq!(warned.notices[0].subject, printed(NEAR));
    assert!(!warned.notices[0].telephone.is_empty());

    choose(&mut drill, &mission, EQUIPPED).await;
    let yes = drill.dispatch.answer_bed(answer(&mission, EQUIPPED, None)).await.unwrap().into_inner();
    assert_eq!((yes.state(), yes.purpose(), yes.patients), (State::Granted, Purpose::Bed, 1));
    assert_eq!(warnings(&drill.mission(&mission.name).await), []);
    let done = drill.fly(&mission, &[Step::Transporting, Step::Arrived, Step::Returning, Step::Ready]).await;
    assert_eq!(
        (done.hospital.as_str(), done.end()),
        (printed(EQUIPPED).as_str(), v1::mission::End::Completed)
    );
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hospital_that_does_not_answer_is_a_warning_and_no_end() {
    let (mut drill, _data) = drill().await;
    let mission = on_the_scene(&mut drill).await;
    choose(&mut drill, &mission, NEAR).await;
    drill.advance(601).await;
    assert_eq!(beds(&mut drill).await, [(printed(NEAR), State::Lapsed)]);
    let flying = drill.fly(&mission, &[Step::Transporting]).await;
    assert_eq!(warnings(&flying), [Warning::NoBed]);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hospital_that_takes_nobody_says_so_at_once() {
    let (mut drill, _data) = drill().await;
    let state = v1::hospital::State::Refusing.into();
    let closed = v1::ReportHospitalRequest { name: NEAR.to_owned(), state, ..Default::default() };
    drill.conditions.report_hospital(closed).await.unwrap();
    let mission = on_the_scene(&mut drill).await;
    let warned = choose(&mut drill, &mission, NEAR).await;
    assert_eq!(beds(&mut drill).await, [(printed(NEAR), State::Refused)]);
    assert_eq!(warnings(&warned), [Warning::NoBed]);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_patient_goes_by_road_and_the_aircraft_comes_home() {
    let (mut drill, _data) = drill().await;
    let mission = on_the_scene(&mut drill).await;
    let done = drill.fly(&mission, &[Step::Returning, Step::Ready]).await;
    assert_eq!((done.state(), done.end()), (Step::Ready, v1::mission::End::Completed));
    drill.host.stop().await;
}
