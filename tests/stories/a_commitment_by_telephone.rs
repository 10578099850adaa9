//! A go that was heard on the telephone is typed on the base's behalf, and the base confirms it later.

use crate::common::{ask_for, crash, drill, heard_from, reason_of, refused};
use yui::api::v1;
use yui::api::v1::mission::Warning;
use yui::api::v1::requisition::State;
use yui::api::v1::requisition::commit_report::Outcome;

fn commit(asked: &v1::Requisition, telephone: Option<v1::Telephone>) -> v1::CommitRequisitionRequest {
    v1::CommitRequisitionRequest { name: asked.name.clone(), telephone, ..Default::default() }
}

fn warnings(mission: &v1::Mission) -> Vec<Warning> {
    mission.notices.iter().map(v1::mission::Notice::warning).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_go_heard_by_telephone_says_who_said_it_and_is_confirmed_by_the_base() {
    let (mut drill, _data) = drill().await;
    let request = drill.open(crash()).await;
    let asked = drill.ask(&request).await;
    let nobody = v1::Telephone { typed_by: "dispatcher Mori".to_owned(), ..Default::default() };
    let unsaid = refused(drill.dispatch.commit_requisition(commit(&asked, Some(nobody))).await);
    assert_eq!(
        (unsaid.reason.as_str(), unsaid.field.as_deref()),
        ("FIELD_REQUIRED", Some("telephone.said_by"))
    );

    let heard = commit(&asked, heard_from("CS Ueda"));
    let mission = drill.dispatch.commit_requisition(heard).await.unwrap().into_inner();
    drill.settle().await;
    assert!(!mission.confirmed);
    assert_eq!(mission.heard_by_telephone, heard_from("CS Ueda"));
    let unconfirmed = drill.mission(&mission.name).await;
    assert_eq!(warnings(&unconfirmed), [Warning::UnconfirmedCommitment]);
    assert_eq!(unconfirmed.notices[0].telephone, asked.telephone, "of the base");
    // It holds all the same: the aircraft is nobody else's.
    assert_eq!(drill.requisition(&asked.name).await.state(), State::Committed);

    let confirm = v1::ConfirmCommitmentRequest { name: mission.name.clone(), ..Default::default() };
    let confirmed = drill.dispatch.confirm_commitment(confirm.clone()).await.unwrap().into_inner();
    assert!(confirmed.confirmed);
    assert_eq!(warnings(&confirmed), []);
    assert_eq!(confirmed.heard_by_telephone, heard_from("CS Ueda"), "how it began stays on record");
    assert_eq!(reason_of(drill.dispatch.confirm_commitment(confirm).await), "CONFIRMED_ALREADY");
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commitment_reported_from_afar_is_settled_by_what_the_base_says() {
    let (mut drill, _data) = drill().await;
    let (kept, broken) = (drill.open(crash()).await, drill.open(crash()).await);
    for (request, goes) in [(kept, true), (broken, false)] {
        let asked = drill.ask(&request).await;
        let (name, telephone) = (asked.name.clone(), heard_from("CS Ueda"));
        let report = v1::ReportCommitmentRequest { name, telephone, ..Default::default() };
        let reported = drill.dispatch.report_commitment(report.clone()).await.unwrap().into_inner();
        assert_eq!(reported.commit_report.unwrap().outcome(), Outcome::Unsettled);
        assert_eq!(reason_of(drill.dispatch.report_commitment(report).await), "ATTEMPT_NOT_OPEN");
        if goes {
            drill.go(&asked).await.unwrap();
        } else {
            drill.decline(&asked, v1::DeclineReason::DeclineWeather).await;
        }
        drill.settle().await;
        let settled = drill.requisition(&asked.name).await.commit_report.unwrap();
        assert_eq!(settled.outcome(), if goes { Outcome::Confirmed } else { Outcome::Conflict });
        assert_eq!(settled.telephone, heard_from("CS Ueda"));
    }
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_flies_after_a_contradicted_report_is_told() {
    let (mut drill, _data) = drill().await;
    let request = drill.open(crash()).await;
    let asked = drill.ask(&request).await;
    let (name, telephone) = (asked.name.clone(), heard_from("CS Ueda"));
    let report = v1::ReportCommitmentRequest { name, telephone, ..Default::default() };
    drill.dispatch.report_commitment(report).await.unwrap();
    drill.decline(&asked, v1::DeclineReason::DeclineWeather).await;
    // One side heard a go, the other says no: somebody has to take it on themselves that two may come.
    let another = ask_for(&request, "");
    assert_eq!(reason_of(drill.dispatch.ask_requisition(another.clone()).await), "ATTEMPT_OPEN");
    let another =
        v1::AskRequisitionRequest { number: 1, send_another: true, after_attempt: Some(1), ..another };
    let another = drill.dispatch.ask_requisition(another).await.unwrap().into_inner();
    drill.settle().await;
    let mission = drill.go(&another).await.unwrap();
    drill.settle().await;
    let flying = drill.mission(&mission.name).await;
    assert_eq!(warnings(&flying), [Warning::CommitConflict]);
    assert_eq!(flying.notices[0].subject, asked.name);
    drill.host.stop().await;
}
