//! What was known at 14:03: a decision is explained from its stored problem, whatever became known since.

use crate::common::{crash, drill, reason_of, ruled_out};
use prost::Message;
use yui::api::v1;

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_is_explained_as_it_was_taken() {
    let (mut drill, _data) = drill().await;
    let request = drill.open(crash()).await;
    let subject = Some(v1::rank_candidates_request::Subject::Request(request.name.clone()));
    let look = v1::RankCandidatesRequest { subject, ..Default::default() };
    let seen = drill.dispatch.rank_candidates(look).await.unwrap().into_inner();
    let asked = drill.ask(&request).await;
    let explain = v1::ExplainRequisitionRequest { name: asked.name.clone() };
    let then = drill.dispatch.explain_requisition(explain.clone()).await.unwrap().into_inner();
    // What was looked at is what was asked on.
    assert_eq!(then.problem_hash, seen.problem_hash);
    assert_eq!(then.ranking.as_ref().unwrap().candidates, seen.candidates);
    assert!(then.seen.iter().any(|seen| seen.ledger.ends_with("members/osaka") && seen.sequence > 0));

    let out = v1::TakeAssetOutOfServiceRequest {
        name: asked.asset.clone(),
        reason: v1::OutageReason::MechanicalFault.into(),
        ..Default::default()
    };
    drill.registry.take_asset_out_of_service(out).await.unwrap();
    assert!(ruled_out(&drill.rank(crash()).await, "heli-toyooka").is_some());
    drill.advance(3_600).await;
    let later = drill.dispatch.explain_requisition(explain).await.unwrap().into_inner();
    assert_eq!(later.problem_hash, then.problem_hash);
    assert_eq!(later.ranking.unwrap().candidates[0].asset, asked.asset);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_rests_on_no_ranking_says_so() {
    let (mut drill, _data) = drill().await;
    let request = drill.open(crash()).await;
    let asked = drill.ask(&request).await;
    drill.advance(200).await;
    drill.go(&asked).await.unwrap_err();
    let offer = drill.requisition(&asked.name).await.offer;
    let take = v1::TakeOfferRequest { offer, ..Default::default() };
    let taken = drill.dispatch.take_offer(take).await.unwrap().into_inner();
    let explain = v1::ExplainRequisitionRequest { name: taken.name };
    assert_eq!(reason_of(drill.dispatch.explain_requisition(explain).await), "NO_STORED_PROBLEM");
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn equal_ledgers_give_equal_answers_to_the_byte_on_every_server() {
    let ((mut one, _one), (mut other, _other)) = (drill().await, drill().await);
    let (here, there) = (one.rank(crash()).await, other.rank(crash()).await);
    assert_eq!(here.encode_to_vec(), there.encode_to_vec());
    assert_eq!(here.problem_hash.len(), 32);
    one.host.stop().await;
    other.host.stop().await;
}
