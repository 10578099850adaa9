//! More calls than aircraft: who flies to which, one after the other, with fuel, duty and landing sites that all share.

use crate::common::{Served, TAMBA, crash, crash_at, drill, printed, refused};
use std::collections::{BTreeMap, BTreeSet};
use yui::api::v1;
use yui::api::v1::smallest_change::Code;
use yui::api::v1::unserved_number::Reason;

const TAMBA_FD: &str = "members/hyogo/organisations/fd-tamba";
const AKASHI: (f64, f64) = (34.650, 134.990);
const TOYOOKA: (f64, f64) = (35.540, 134.820);
const NISHIWAKI: (f64, f64) = (34.990, 134.970);
const HIMEJI: (f64, f64) = (34.820, 134.690);
const SASAYAMA: (f64, f64) = (35.075, 135.220);
const AWAJI: (f64, f64) = (34.290, 134.780);

async fn propose(drill: &mut Served, call: v1::ProposeAssignmentRequest) -> v1::ProposeAssignmentResponse {
    let sorties_max = call.sorties_max.max(1) as usize;
    let before = drill.sequences();
    let answer = drill.dispatch.propose_assignment(call).await.unwrap().into_inner();
    assert_eq!(drill.sequences(), before, "nobody was asked");
    check(&answer, sorties_max);
    answer
}

async fn several(drill: &mut Served, sorties_max: u32) -> v1::ProposeAssignmentResponse {
    propose(drill, v1::ProposeAssignmentRequest { sorties_max, ..Default::default() }).await
}

fn seconds(at: &Option<prost_types::Timestamp>) -> i64 {
    at.as_ref().unwrap().seconds
}

/// What must hold of every answer, counted anew from what the wire says.
fn check(answer: &v1::ProposeAssignmentResponse, sorties_max: usize) {
    assert!(answer.bound <= answer.total, "{} {}", answer.bound, answer.total);
    let mut stays: BTreeMap<&str, Vec<(i64, i64)>> = BTreeMap::new();
    let mut served = BTreeSet::new();
    for route in &answer.routes {
        assert!((1..=sorties_max).contains(&route.sorties.len()), "{route:?}");
        let mut free = seconds(&answer.at_time);
        let mut requests = BTreeSet::new();
        for (place, sortie) in route.sorties.iter().enumerate() {
            let refuelled = sortie.refuelling.as_ref().map_or(free, |refuelling| seconds(&refuelling.time));
            assert!(free <= refuelled && refuelled < seconds(&sortie.landing_time), "{route:?}");
            assert!(seconds(&sortie.landing_time) < seconds(&sortie.leave_time));
            assert!(requests.insert(&sortie.request), "one aircraft, one number of a request: {route:?}");
            assert!(served.insert((&sortie.request, sortie.number)), "{route:?}");
            let stay = (seconds(&sortie.landing_time), seconds(&sortie.leave_time));
            stays.entry(&sortie.site).or_default().push(stay);
            let is_told = |one: &&v1::AssignedAircraft| {
                (one.asset == route.asset, one.sortie as usize) == (true, place + 1)
            };
            let told = answer.assigned.iter().find(is_told).unwrap();
            assert_eq!((&told.request, told.number), (&sortie.request, sortie.number));
            assert_eq!((&told.site, &told.hospital), (&sortie.site, &sortie.hospital));
            let end = if sortie.hospital_by_road { &sortie.leave_time } else { &sortie.hospital_time };
            free = seconds(end);
        }
        assert!(free <= seconds(&route.home_time), "{route:?}");
    }
    assert_eq!(served.len(), answer.assigned.len());
    for (site, stays) in &mut stays {
        stays.sort_unstable();
        // Every landing site of these stories takes one aircraft.
        assert!(stays.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{site}: {stays:?}");
    }
}

/// Leaves these alone in service of all that could go to a crash at these places.
async fn keep(drill: &mut Served, kept: &[&str], places: &[(f64, f64)]) {
    let kept: Vec<String> = kept.iter().map(|name| printed(name)).collect();
    for at in places {
        let ranking = drill.rank(crash_at(*at, TAMBA_FD)).await;
        let candidates = ranking.candidates.into_iter().map(|candidate| candidate.asset);
        for name in candidates.filter(|name| !kept.contains(name)) {
            let out = v1::TakeAssetOutOfServiceRequest {
                name,
                reason: v1::OutageReason::MechanicalFault.into(),
                ..Default::default()
            };
            drill.registry.take_asset_out_of_service(out).await.unwrap();
        }
        let left = drill.rank(crash_at(*at, TAMBA_FD)).await.candidates;
        assert!(!left.is_empty() && left.iter().all(|one| kept.contains(&one.asset)), "{left:?}");
    }
}

const KAKOGAWA: &str = "members/hyogo/assets/heli-kakogawa";
const TOYOOKA_HELI: &str = "members/hyogo/assets/heli-toyooka";
const OSAKA: &str = "members/osaka/assets/heli-osaka";

#[tokio::test(flavor = "multi_thread")]
async fn more_calls_than_aircraft_are_flown_one_after_the_other() {
    let (mut drill, _data) = drill().await;
    let places = [TAMBA, AKASHI, TOYOOKA, NISHIWAKI, HIMEJI];
    keep(&mut drill, &[KAKOGAWA, TOYOOKA_HELI], &places).await;
    for at in places {
        drill.open(crash_at(at, TAMBA_FD)).await;
    }
    let once = several(&mut drill, 0).await;
    assert_eq!((once.assigned.len(), once.unserved.len()), (2, 3));
    for left in &once.unserved {
        assert_eq!(left.reason(), Reason::AllTaken);
        assert_eq!(left.smallest_change.as_ref().unwrap().code(), Code::AnotherAircraft);
    }
    let thrice = several(&mut drill, 3).await;
    assert_eq!((thrice.assigned.len(), thrice.unserved.len()), (5, 0));
    assert!(thrice.routes.iter().any(|route| route.sorties.len() > 1), "{thrice:?}");
    let again = several(&mut drill, 3).await;
    assert_eq!(again.routes, thrice.routes, "equal views, equal answers");
    let twice = several(&mut drill, 2).await;
    assert_eq!((twice.assigned.len(), twice.unserved.len()), (4, 1));
    let left = &twice.unserved[0];
    assert_eq!(left.reason(), Reason::NoSortieLeft, "{left:?}");
    assert_eq!(left.smallest_change.as_ref().unwrap().code(), Code::OneMoreSortie);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_due_before_the_aircraft_is_back_is_told_how_much_later_would_do() {
    let (mut drill, _data) = drill().await;
    keep(&mut drill, &[KAKOGAWA], &[TAMBA, SASAYAMA]).await;
    let minutes = |ranking: v1::Ranking| i64::from(ranking.candidates[0].minutes_to_care);
    let soon = minutes(drill.rank(crash()).await);
    let yellow = v1::Request {
        triage: Some(v1::request::Triage { yellow: 1, ..Default::default() }),
        ..crash_at(SASAYAMA, TAMBA_FD)
    };
    let second = minutes(drill.rank(yellow.clone()).await);
    let red_due = Some(drill.time((soon + 3) * 60).await);
    let red = drill.open(v1::Request { due_time: red_due, ..crash() }).await;
    let due_time = Some(drill.time((second + 5) * 60).await);
    let waiting = drill.open(v1::Request { due_time, ..yellow.clone() }).await;
    let answer = several(&mut drill, 2).await;
    assert_eq!(answer.assigned.iter().map(|one| &one.request).collect::<Vec<_>>(), [&red.name]);
    let left = &answer.unserved[0];
    assert_eq!((left.request.as_str(), left.reason()), (waiting.name.as_str(), Reason::TooLate));
    let change = left.smallest_change.as_ref().unwrap();
    assert_eq!((change.code(), change.unit()), (Code::LaterDue, v1::Unit::Seconds));
    assert!(change.amount > 600, "a scene and a hospital lie between: {change:?}");

    // So much later is enough.
    let cancel = v1::CancelRequestRequest {
        name: waiting.name.clone(),
        reason: v1::CancelReason::NotNeeded.into(),
        ..Default::default()
    };
    drill.dispatch.cancel_request(cancel).await.unwrap();
    let due_time = Some(drill.time((second + 5) * 60 + change.amount).await);
    drill.open(v1::Request { due_time, ..yellow }).await;
    let answer = several(&mut drill, 2).await;
    assert_eq!((answer.assigned.len(), answer.unserved.len()), (2, 0), "{:?}", answer.unserved);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn tanks_are_filled_between_sorties_out_of_what_a_site_has() {
    let (mut drill, _data) = drill().await;
    keep(&mut drill, &[KAKOGAWA], &[TOYOOKA, AWAJI]).await;
    // From the Sea of Japan to the Inland Sea and back: more than two hours, which is what the tanks hold beyond the
    // reserve.
    for (at, due_min) in [(TOYOOKA, 45), (AWAJI, 115), ((34.330, 134.830), 480), ((35.580, 134.800), 480)] {
        let due_time = Some(drill.time(due_min * 60).await);
        drill.open(v1::Request { due_time, ..crash_at(at, TAMBA_FD) }).await;
    }
    let answer = several(&mut drill, 4).await;
    assert_eq!(answer.unserved, []);
    let refuelled = |answer: &v1::ProposeAssignmentResponse| -> BTreeMap<String, u32> {
        let mut litres = BTreeMap::new();
        for sortie in answer.routes.iter().flat_map(|route| &route.sorties) {
            if let Some(refuelling) = &sortie.refuelling {
                *litres.entry(refuelling.site.clone()).or_default() += refuelling.litres;
            }
        }
        litres
    };
    let taken = refuelled(&answer);
    assert!(!taken.is_empty() && taken.values().all(|litres| *litres > 100), "{taken:?}");

    // Where nothing is left nobody refuels; the aircraft goes elsewhere, or leaves a call.
    let fuel: Vec<v1::FuelLeft> =
        taken.keys().map(|site| v1::FuelLeft { site: site.clone(), litres: 50 }).collect();
    let call = v1::ProposeAssignmentRequest { sorties_max: 4, fuel, ..Default::default() };
    let dry = propose(&mut drill, call).await;
    assert!(
        refuelled(&dry).iter().all(|(site, litres)| !taken.contains_key(site) || *litres <= 50),
        "{dry:?}"
    );
    assert!(dry.total >= answer.bound);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_aircraft_of_two_agencies_serve_one_group_of_patients() {
    let (mut drill, _data) = drill().await;
    keep(&mut drill, &[KAKOGAWA, OSAKA], &[TAMBA]).await;
    let bus = v1::Request {
        triage: Some(v1::request::Triage { red: 2, ..Default::default() }),
        aircraft_count: 2,
        ..crash()
    };
    let bus = drill.open(bus).await;
    for sorties_max in [1, 4] {
        let answer = several(&mut drill, sorties_max).await;
        assert_eq!(answer.unserved, []);
        let assets: BTreeSet<&str> = answer.assigned.iter().map(|one| one.asset.as_str()).collect();
        assert_eq!(assets, BTreeSet::from([&*printed(KAKOGAWA), &*printed(OSAKA)]));
        assert!(answer.assigned.iter().all(|one| one.request == bus.name));
        assert_eq!(answer.assigned.iter().map(|one| one.number).collect::<Vec<_>>(), [1, 2]);
    }
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_landing_site_takes_one_aircraft_at_a_time() {
    let (mut drill, _data) = drill().await;
    let pinned = v1::Request { site: "members/hyogo/sites/lz-tamba-01".to_owned(), ..crash() };
    let first = drill.open(pinned.clone()).await;
    let second = drill.open(pinned.clone()).await;
    let answer = several(&mut drill, 1).await;
    assert_eq!((answer.assigned.len(), answer.unserved.len()), (2, 0));
    let mut stays: Vec<_> = answer.routes.iter().flat_map(|route| &route.sorties).collect();
    stays.sort_by_key(|sortie| seconds(&sortie.landing_time));
    assert!(stays.iter().all(|sortie| sortie.site == printed("members/hyogo/sites/lz-tamba-01")));
    assert!(seconds(&stays[0].leave_time) <= seconds(&stays[1].landing_time), "{stays:?}");

    // Alone each is served at once, and exactly.
    let alone = v1::ProposeAssignmentRequest { requests: vec![first.name.clone()], ..Default::default() };
    let alone = propose(&mut drill, alone).await;
    assert_eq!(alone.total, alone.bound);

    // Who is due before the other has left finds no room.
    let soonest = i64::from(alone.assigned[0].minutes_to_care);
    let due_time = Some(drill.time((soonest + 2) * 60).await);
    let cancel = v1::CancelRequestRequest {
        name: second.name,
        reason: v1::CancelReason::NotNeeded.into(),
        ..Default::default()
    };
    drill.dispatch.cancel_request(cancel).await.unwrap();
    let yellow = Some(v1::request::Triage { yellow: 1, ..Default::default() });
    let hurried = drill.open(v1::Request { due_time, triage: yellow, ..pinned.clone() }).await;
    let red = v1::CancelRequestRequest {
        name: first.name,
        reason: v1::CancelReason::NotNeeded.into(),
        ..Default::default()
    };
    drill.dispatch.cancel_request(red).await.unwrap();
    drill.open(v1::Request { due_time, ..pinned }).await;
    let answer = several(&mut drill, 1).await;
    assert_eq!(answer.unserved.len(), 1, "{answer:?}");
    let left = &answer.unserved[0];
    assert_eq!((left.request.as_str(), left.reason()), (hurried.name.as_str(), Reason::SiteFull));
    let change = left.smallest_change.as_ref().unwrap();
    assert_eq!(
        (change.code(), &change.subject),
        (Code::FreeSite, &printed("members/hyogo/sites/lz-tamba-01"))
    );
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn terms_that_cannot_be_are_refused_by_name() {
    let (mut drill, _data) = drill().await;
    drill.open(crash()).await;
    let mut ask = async |sorties_max: u32, fuel: &[(&str, u32)]| {
        let left = |(site, litres): &(&str, u32)| v1::FuelLeft { site: (*site).to_owned(), litres: *litres };
        let fuel = fuel.iter().map(left).collect();
        let call = v1::ProposeAssignmentRequest { sorties_max, fuel, ..Default::default() };
        let refused = refused(drill.dispatch.propose_assignment(call).await);
        (refused.reason, refused.field.unwrap_or_default())
    };
    let is = |reason: &str, field: &str| (reason.to_owned(), field.to_owned());
    let kobe = "members/kobe-city/sites/ap-rjbe";
    assert_eq!(ask(9, &[]).await, is("FIELD_OUT_OF_RANGE", "sorties_max"));
    assert_eq!(ask(u32::MAX, &[]).await, is("FIELD_OUT_OF_RANGE", "sorties_max"));
    assert_eq!(ask(1, &[(kobe, 1)]).await, is("FIELD_NOT_ALLOWED", "fuel"));
    assert_eq!(ask(2, &[(kobe, 1); 17]).await, is("FIELD_TOO_LONG", "fuel"));
    assert_eq!(ask(2, &[(kobe, 1), (kobe, 2)]).await, is("FIELD_DUPLICATE", "fuel[1].site"));
    assert_eq!(ask(2, &[("nowhere", 1)]).await.0, "NAME_INVALID");
    assert_eq!(ask(2, &[("members/kobe-city/sites/nowhere", 1)]).await.0, "NOT_FOUND");
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn forty_calls_all_over_kansai_keep_the_rules_and_say_why_not() {
    let (mut drill, _data) = drill().await;
    for place in 0..40_u32 {
        // From the Sea of Japan to the bay of Osaka; one in four is red.
        let at = (34.70 + f64::from(place / 8) * 0.18, 134.55 + f64::from(place % 8) * 0.13);
        let triage = match place % 4 {
            0 => v1::request::Triage { red: 1, ..Default::default() },
            1 => v1::request::Triage { yellow: 1, ..Default::default() },
            _ => v1::request::Triage { green: 1, ..Default::default() },
        };
        drill.open(v1::Request { triage: Some(triage), ..crash_at(at, TAMBA_FD) }).await;
    }
    let answer = several(&mut drill, 5).await;
    assert_eq!(answer.assigned.len() + answer.unserved.len(), 40);
    assert!(answer.assigned.len() > answer.aircraft_count as usize, "more than one sortie each");
    for left in answer.unserved.iter().filter(|left| left.reason() != Reason::NoneCanGo) {
        assert!(left.smallest_change.is_some() && left.ruled_out.is_none(), "{left:?}");
    }
    let once = several(&mut drill, 1).await;
    assert!(once.assigned.len() < answer.assigned.len());
    drill.host.stop().await;
}
