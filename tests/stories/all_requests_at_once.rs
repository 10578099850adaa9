//! Several calls at once: which aircraft could take which is worked out together, nobody is asked, the rest is explained.

use crate::common::{Served, crash, crash_at, drill, reason_of};
use std::collections::BTreeSet;
use yui::api::v1;

const AKASHI: (f64, f64) = (34.650, 134.990);
const TOYOOKA: (f64, f64) = (35.540, 134.820);

async fn together(drill: &mut Served, requests: &[&v1::Request]) -> v1::ProposeAssignmentResponse {
    let requests = requests.iter().map(|request| request.name.clone()).collect();
    let call = v1::ProposeAssignmentRequest { requests, ..Default::default() };
    drill.dispatch.propose_assignment(call).await.unwrap().into_inner()
}

async fn ranked(drill: &mut Served, request: &v1::Request) -> v1::Ranking {
    let subject = Some(v1::rank_candidates_request::Subject::Request(request.name.clone()));
    let look = v1::RankCandidatesRequest { subject, candidate_count: 100, at_time: None };
    drill.dispatch.rank_candidates(look).await.unwrap().into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_aircraft_is_given_twice_and_the_sum_is_the_least() {
    let (mut drill, _data) = drill().await;
    assert!(together(&mut drill, &[]).await.assigned.is_empty(), "nobody called");
    let near = drill.open(crash()).await;
    let beside = drill.open(crash_at(AKASHI, "members/hyogo/organisations/fd-tamba")).await;
    let north = drill.open(crash_at(TOYOOKA, "members/hyogo/organisations/fd-tamba")).await;
    let before = drill.sequences();
    let answer = together(&mut drill, &[]).await;
    assert_eq!((answer.assigned.len(), answer.unserved.len()), (3, 0));
    assert_eq!(answer.total, answer.bound, "one sortie each is exact");
    let aircraft: BTreeSet<&str> = answer.assigned.iter().map(|one| one.asset.as_str()).collect();
    assert_eq!(aircraft.len(), 3);
    assert_eq!(answer.spare.len() + 3, answer.aircraft_count as usize);
    assert_eq!(drill.sequences(), before, "nobody was asked");

    // The slow, obvious way: every choice of three different aircraft out of the rankings of each request alone. All
    // three are as urgent and under one agreement.
    let mut care: Vec<Vec<(String, i64)>> = Vec::new();
    for request in [&near, &beside, &north] {
        let ranking = ranked(&mut drill, request).await;
        let at = ranking.at_time.unwrap();
        let seconds = |one: &v1::Candidate| {
            let care = one.timeline.as_ref().unwrap().care_time.unwrap();
            let care_s = care.seconds - at.seconds + i64::from((care.nanos - at.nanos).signum());
            3 * care_s + 600 * i64::from(one.tier)
        };
        care.push(ranking.candidates.iter().map(|one| (one.asset.clone(), seconds(one))).collect());
    }
    let mut least = i64::MAX;
    for (a, first) in &care[0] {
        for (b, second) in &care[1] {
            for (c, third) in &care[2] {
                if a != b && b != c && a != c {
                    least = least.min(first + second + third);
                }
            }
        }
    }
    assert!((answer.total - least).abs() <= 9, "{} {least}", answer.total);

    // Whoever does not get its first choice is told where that one goes.
    for one in &answer.assigned {
        let first =
            ranked(&mut drill, &v1::Request { name: one.request.clone(), ..Default::default() }).await;
        let first = &first.candidates[0].asset;
        assert_eq!(one.first_choice.is_empty(), *first == one.asset, "{one:?}");
        let elsewhere = answer.assigned.iter().find(|other| other.asset == one.first_choice);
        assert_eq!(one.first_choice_request, elsewhere.map_or("", |other| other.request.as_str()));
    }
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn more_calls_than_aircraft_serve_the_urgent_first_and_say_who_took_them() {
    let (mut drill, _data) = drill().await;
    let mild = |count: u32| {
        let triage = Some(v1::request::Triage { green: 1, ..Default::default() });
        v1::Request { triage, aircraft_count: count, ..crash() }
    };
    let waiting = drill.open(mild(10)).await;
    let all = together(&mut drill, &[&waiting]).await;
    let able = all.aircraft_count as usize;
    assert!((1..=10).contains(&able), "{able}");
    let red = drill.open(crash_at(AKASHI, "members/hyogo/organisations/fd-tamba")).await;
    let more = drill.open(mild(10)).await;
    let answer = together(&mut drill, &[]).await;
    assert!(answer.assigned.iter().any(|one| one.request == red.name), "red before green");
    assert_eq!(answer.assigned.len() + answer.unserved.len(), 21);
    assert!(!answer.unserved.is_empty());
    for one in &answer.unserved {
        assert!([&waiting.name, &more.name].contains(&&one.request), "{one:?}");
        assert_eq!(one.reason(), v1::unserved_number::Reason::AllTaken);
        assert!(!one.taken.is_empty() && one.taken.iter().all(|taken| !taken.request.is_empty()));
        assert_eq!(one.ruled_out, None);
    }

    // An aircraft that is asked is nobody's any more, and its number needs none.
    let (asked, _) = drill.ask_and_commit(&red).await;
    let after = together(&mut drill, &[]).await;
    assert!(after.assigned.iter().all(|one| one.request != red.name), "{asked:?}");
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_cannot_be_served_is_told_the_smallest_change() {
    let (mut drill, _data) = drill().await;
    // Nobody has a hoist and an incubator in one aircraft.
    let capabilities = [v1::Capability::Neonatal, v1::Capability::Hoist].map(Into::into).to_vec();
    let request = drill.open(v1::Request { capabilities, ..crash() }).await;
    let answer = together(&mut drill, &[&request]).await;
    assert_eq!((answer.assigned.len(), answer.unserved.len()), (0, 1));
    let unserved = &answer.unserved[0];
    assert_eq!(unserved.reason(), v1::unserved_number::Reason::NoneCanGo);
    let easiest = unserved.ruled_out.as_ref().unwrap();
    let alone = ranked(&mut drill, &request).await;
    let fewest =
        alone.ruled_out.iter().map(|one| one.smallest_changes.len()).filter(|count| *count > 0).min();
    assert_eq!(Some(easiest.smallest_changes.len()), fewest);
    assert!(!easiest.reasons.is_empty());
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_asked_together_is_refused() {
    let (mut drill, _data) = drill().await;
    let request = drill.open(crash()).await;
    let mut ask = async |requests: Vec<String>| {
        reason_of(
            drill
                .dispatch
                .propose_assignment(v1::ProposeAssignmentRequest { requests, ..Default::default() })
                .await,
        )
    };
    assert_eq!(ask(vec!["members/hyogo/requests/r-99".to_owned()]).await, "NOT_FOUND");
    assert_eq!(ask(vec!["nobody".to_owned()]).await, "NAME_INVALID");
    assert_eq!(ask(vec![request.name.clone(), request.name.clone()]).await, "FIELD_DUPLICATE");
    let cancel = v1::CancelRequestRequest {
        name: request.name.clone(),
        reason: v1::CancelReason::NotNeeded.into(),
        ..Default::default()
    };
    drill.dispatch.cancel_request(cancel).await.unwrap();
    let call = v1::ProposeAssignmentRequest { requests: vec![request.name.clone()], ..Default::default() };
    assert_eq!(reason_of(drill.dispatch.propose_assignment(call).await), "FIELD_NOT_ALLOWED");
    drill.host.stop().await;
}
