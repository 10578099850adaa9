//! A pilot says go when the ask has ended: nobody is committed by that, and a person decides what becomes of it.

use crate::common::{Served, crash, drill, reason_of, refused};
use tonic::Code;
use yui::api::v1;
use yui::api::v1::requisition::State;

/// A request whose ask ended, and the late go as an offer.
async fn late(drill: &mut Served) -> (v1::Request, v1::Requisition, String) {
    let request = drill.open(crash()).await;
    let asked = drill.ask(&request).await;
    drill.advance(200).await;
    assert_eq!(drill.requisition(&asked.name).await.state(), State::Expired);
    let late = refused(drill.go(&asked).await);
    assert_eq!((late.code, late.reason.as_str()), (Code::FailedPrecondition, "GO_TOO_LATE"));
    assert_eq!(late.metadata["requisition"], asked.name);
    (request, asked, late.metadata["offer"].clone())
}

async fn offer(drill: &mut Served, name: &str) -> v1::Offer {
    let list = v1::ListOffersRequest { parent: "members/-".to_owned(), ..Default::default() };
    let offers = drill.registry.list_offers(list).await.unwrap().into_inner().offers;
    offers.into_iter().find(|offer| offer.name == name).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_go_is_an_offer_that_a_person_takes() {
    let (mut drill, _data) = drill().await;
    let (request, asked, name) = late(&mut drill).await;
    let seen = drill.requisition(&asked.name).await;
    assert_eq!(
        (seen.state(), seen.offer.as_str(), seen.mission.as_str()),
        (State::Expired, name.as_str(), "")
    );
    let open = offer(&mut drill, &name).await;
    assert_eq!(
        (open.state(), &open.asset, &open.requisition),
        (v1::offer::State::Open, &asked.asset, &asked.name)
    );
    // Said again it is the same offer, and still no commitment.
    let again = refused(drill.go(&asked).await);
    assert_eq!((again.reason.as_str(), &again.metadata["offer"]), ("GO_TOO_LATE", &name));

    let take = v1::TakeOfferRequest { offer: name.clone(), ..Default::default() };
    let taken = drill.dispatch.take_offer(take).await.unwrap().into_inner();
    drill.settle().await;
    let taken = drill.requisition(&taken.name).await;
    assert_eq!((taken.state(), taken.attempt, &taken.asset), (State::Committed, 2, &asked.asset));
    assert_eq!(offer(&mut drill, &name).await.state(), v1::offer::State::Taken);
    assert_eq!(drill.mission(&taken.mission).await.request, request.name);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_go_is_an_offer_that_a_person_stands_down() {
    let (mut drill, _data) = drill().await;
    let (request, asked, name) = late(&mut drill).await;
    let stand_down = v1::StandDownOfferRequest { offer: name.clone(), ..Default::default() };
    let ended = drill.dispatch.stand_down_offer(stand_down.clone()).await.unwrap().into_inner();
    assert_eq!(ended.state(), v1::offer::State::StoodDown);
    let take = v1::TakeOfferRequest { offer: name, ..Default::default() };
    assert_eq!(reason_of(drill.dispatch.take_offer(take).await), "OFFER_NOT_OPEN");
    assert_eq!(reason_of(drill.dispatch.stand_down_offer(stand_down).await), "OFFER_NOT_OPEN");
    // The aircraft is free, and another can be asked.
    assert_eq!(drill.asset(&asked.asset).await.state(), v1::asset::State::Available);
    assert_eq!(drill.ask(&request).await.state(), State::Asked);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_go_that_nobody_takes_lapses_by_itself() {
    let (mut drill, _data) = drill().await;
    let (_, _, name) = late(&mut drill).await;
    drill.advance(601).await;
    assert_eq!(offer(&mut drill, &name).await.state(), v1::offer::State::Lapsed);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_go_for_a_number_that_another_flies_for_is_not_taken() {
    let (mut drill, _data) = drill().await;
    let request = drill.open(crash()).await;
    let asked = drill.ask(&request).await;
    drill.advance(200).await;
    drill.ask_and_commit(&request).await;
    let late = refused(drill.go(&asked).await);
    assert_eq!(late.reason, "GO_TOO_LATE");
    let take = v1::TakeOfferRequest { offer: late.metadata["offer"].clone(), ..Default::default() };
    assert_eq!(reason_of(drill.dispatch.take_offer(take).await), "NUMBER_SERVED");
    drill.host.stop().await;
}
