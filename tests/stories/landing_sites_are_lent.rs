//! A landing site is lent to one aircraft at a time, for a while. A missing lease is a warning and never stops a flight.

use crate::common::{Served, crash, drill, reason_of, seconds};
use v1::lease::{Purpose, Refusal, State};
use v1::mission::{State as Step, Warning};
use yui::api::v1;

/// An airport of Hyogo that has fuel.
const AIRPORT: &str = "members/hyogo/sites/ap-rjbt";

async fn ask(drill: &mut Served, asked: &v1::Requisition, purpose: Purpose, subject: &str) -> v1::Lease {
    let window =
        v1::TimeWindow { start_time: Some(drill.time(0).await), end_time: Some(drill.time(3_600).await) };
    let ask = v1::AskLeaseRequest {
        requisition: asked.name.clone(),
        purpose: purpose.into(),
        subject: subject.to_owned(),
        window: Some(window),
        ..Default::default()
    };
    drill.dispatch.ask_lease(ask).await.unwrap().into_inner()
}

fn end(asked: &v1::Requisition) -> v1::EndLeaseRequest {
    v1::EndLeaseRequest {
        requisition: asked.name.clone(),
        purpose: Purpose::Spot.into(),
        subject: asked.site.clone(),
        ..Default::default()
    }
}

async fn warnings(drill: &mut Served, mission: &v1::Mission) -> Vec<Warning> {
    drill.mission(&mission.name).await.notices.iter().map(v1::mission::Notice::warning).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_scenes_at_one_place_get_two_landing_sites() {
    let (mut drill, _data) = drill().await;
    let (first, second) = (drill.open(crash()).await, drill.open(crash()).await);
    let (one, two) = (drill.ask(&first).await, drill.ask(&second).await);
    assert_ne!(one.site, two.site);
    // The second cannot have that of the first for the same time.
    let refused = ask(&mut drill, &two, Purpose::Spot, &one.site).await;
    assert_eq!((refused.state(), refused.refusal()), (State::Refused, Refusal::Occupied));
    // What an ask does not need any more is given back.
    drill.decline(&one, v1::DeclineReason::DeclineWeather).await;
    let list = v1::ListLeasesRequest { parent: "members/-".to_owned(), ..Default::default() };
    let leases = drill.dispatch.list_leases(list).await.unwrap().into_inner().leases;
    let of_first = leases.iter().find(|lease| lease.requisition == one.name).unwrap();
    assert_eq!((of_first.state(), of_first.purpose()), (State::Released, Purpose::Spot));
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_taken_back_is_a_warning_with_a_telephone_number_and_the_flight_goes_on() {
    let (mut drill, _data) = drill().await;
    let request = drill.open(crash()).await;
    let (asked, mission) = drill.ask_and_commit(&request).await;
    assert_eq!(warnings(&mut drill, &mission).await, []);
    let released = drill.dispatch.end_lease(end(&asked)).await.unwrap().into_inner();
    assert_eq!(released.state(), State::Released);
    let warned = drill.mission(&mission.name).await;
    assert_eq!(warned.notices[0].warning(), Warning::NoSiteLease);
    assert_eq!(warned.notices[0].subject, asked.site);
    assert!(!warned.notices[0].telephone.is_empty());
    let flying = drill.fly(&mission, &[Step::Airborne, Step::OnScene]).await;
    assert_eq!(flying.state(), Step::OnScene);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_ends_by_itself_and_progress_renews_it() {
    let (mut drill, _data) = drill().await;
    let request = drill.open(crash()).await;
    let (_, mission) = drill.ask_and_commit(&request).await;
    // Two hours without a word: nobody stands there any more, as far as the site knows.
    drill.advance(7_200).await;
    assert_eq!(warnings(&mut drill, &mission).await, [Warning::NoSiteLease]);
    drill.fly(&mission, &[Step::Airborne]).await;
    assert_eq!(warnings(&mut drill, &mission).await, []);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fuel_is_lent_where_there_is_some() {
    let (mut drill, _data) = drill().await;
    let request = drill.open(crash()).await;
    let (asked, _) = drill.ask_and_commit(&request).await;
    let none = ask(&mut drill, &asked, Purpose::Fuel, &asked.site).await;
    assert_eq!((none.state(), none.refusal()), (State::Refused, Refusal::NoFuel));
    let some = ask(&mut drill, &asked, Purpose::Fuel, AIRPORT).await;
    assert_eq!((some.state(), some.purpose()), (State::Granted, Purpose::Fuel));
    let nowhere = ask(&mut drill, &asked, Purpose::Spot, "members/hyogo/sites/nowhere").await;
    assert_eq!((nowhere.state(), nowhere.refusal()), (State::Refused, Refusal::Unknown));
    let too_long = v1::AskLeaseRequest {
        requisition: asked.name.clone(),
        purpose: Purpose::Spot.into(),
        subject: AIRPORT.to_owned(),
        window: Some(v1::TimeWindow {
            start_time: Some(drill.time(0).await),
            end_time: Some(drill.time(6 * 3_600 + 1).await),
        }),
        ..Default::default()
    };
    assert_eq!(reason_of(drill.dispatch.ask_lease(too_long).await), "FIELD_TOO_LATE");
    let step = v1::AdvanceClockRequest { step: Some(seconds(3_601)) };
    drill.clock.advance_clock(step).await.unwrap();
    let list = v1::ListLeasesRequest {
        parent: "members/hyogo".to_owned(),
        filter: "purpose = FUEL AND state = LAPSED".to_owned(),
        ..Default::default()
    };
    assert_eq!(drill.dispatch.list_leases(list).await.unwrap().into_inner().leases.len(), 1);
    drill.host.stop().await;
}
