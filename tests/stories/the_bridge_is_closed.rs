//! Onaruto bridge is closed by a command: ways by road change at once, and back when it opens.

use crate::common::{Served, at, candidate, crash_at, drill, printed, reason_of, ruled_out};
use yui::api::v1;

/// At Fukura, the southern port of Awaji, in sight of the bridge.
const FUKURA: (f64, f64) = (34.255, 134.720);
const AWAJI: &str = "members/hyogo/organisations/fd-awaji";
/// The pad of Naruto's hospital, on the far side.
const FAR_PAD: &str = "members/tokushima/sites/pad-naruto";
const BRIDGE: &str = "structures/onaruto-bridge";

async fn close(drill: &mut Served) -> v1::Structure {
    let close = v1::CloseStructureRequest {
        parent: "members/tokushima".to_owned(),
        name: BRIDGE.to_owned(),
        note: "強風".to_owned(),
        expect_open_time: Some(at(15, 0)),
        ..Default::default()
    };
    drill.conditions.close_structure(close).await.unwrap().into_inner()
}

async fn open(drill: &mut Served) -> v1::Structure {
    let (parent, name) = ("members/hyogo".to_owned(), BRIDGE.to_owned());
    let open = v1::OpenStructureRequest { parent, name, ..Default::default() };
    drill.conditions.open_structure(open).await.unwrap().into_inner()
}

/// Seconds from now until the ambulance of Awaji is at the far pad with the patient.
fn ambulance_s(ranking: &v1::Ranking) -> i64 {
    let far = candidate(ranking, "heli-tokushima").unwrap();
    assert_eq!(far.site, printed(FAR_PAD));
    let there = far.timeline.as_ref().unwrap().ambulance_at_site_time.unwrap();
    there.seconds - ranking.at_time.unwrap().seconds
}

/// The unit's place in the list of those on the road, and its minutes to care.
fn by_road<'r>(ranking: &'r v1::Ranking, unit: &str) -> Option<&'r v1::Candidate> {
    ranking.ground.iter().find(|candidate| candidate.asset.ends_with(unit))
}

#[tokio::test(flavor = "multi_thread")]
async fn ambulance_legs_go_round_the_closed_bridge_and_back_over_it() {
    let (mut drill, _data) = drill().await;
    let scene = v1::Request { site: FAR_PAD.to_owned(), ..crash_at(FUKURA, AWAJI) };
    let before = drill.rank(scene.clone()).await;
    assert!(ambulance_s(&before) < 3_600, "{}", ambulance_s(&before));
    assert_eq!(
        by_road(&before, "amb-naruto").unwrap().hospital,
        printed("members/tokushima/hospitals/naruto")
    );

    let closed = close(&mut drill).await;
    assert!(closed.closed && closed.reporter == printed("members/tokushima"));
    let during = drill.rank(scene.clone()).await;
    assert!(ambulance_s(&during) > 4 * 3_600, "over Akashi and Seto: {}", ambulance_s(&during));
    // Naruto's ambulance is no help any more, and the patient goes to the hospital of the island.
    assert!(by_road(&during, "amb-naruto").is_none());
    let own = by_road(&during, "amb-minamiawaji").unwrap();
    assert_eq!(own.hospital, printed("members/hyogo/hospitals/hyogo-awaji"));
    // A doctor car of the other side does not serve the island, bridge or no bridge.
    let out = ruled_out(&before, "doctor-car-tokushima").unwrap();
    assert_eq!(out.reasons[0].code(), v1::reason::Code::OutsideArea);

    // The newest word counts, whoever says it.
    assert!(!open(&mut drill).await.closed);
    let after = drill.rank(scene).await;
    assert_eq!((&after.candidates, &after.ground), (&before.candidates, &before.ground));
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ambulance_is_not_shown_with_the_way_of_another() {
    let (mut drill, _data) = drill().await;
    let ranking = drill.rank(crash_at(FUKURA, AWAJI)).await;
    let ambulances: Vec<_> = ranking.ground.iter().filter(|unit| unit.asset.contains("/amb-")).collect();
    assert_eq!(ambulances.len(), 3);
    let legs: Vec<_> =
        ambulances.iter().filter_map(|unit| unit.ambulance_leg.as_ref().map(|leg| (unit, leg))).collect();
    assert!(!legs.is_empty());
    for (unit, leg) in legs {
        assert_eq!(leg.unit, unit.asset, "the way of another ambulance");
    }
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn closed_structures_are_listed_and_an_unknown_one_is_refused() {
    let (mut drill, _data) = drill().await;
    close(&mut drill).await;
    let list = v1::ListStructuresRequest { filter: "closed = true".to_owned(), ..Default::default() };
    let listed = drill.conditions.list_structures(list).await.unwrap().into_inner().structures;
    let shown: Vec<_> =
        listed.iter().map(|s| (s.name.as_str(), s.note.as_str(), s.expect_open_time)).collect();
    assert_eq!(shown, [(printed(BRIDGE).as_str(), "強風", Some(at(15, 0)))]);
    let nowhere = v1::CloseStructureRequest {
        parent: "members/tokushima".to_owned(),
        name: "structures/tower-bridge".to_owned(),
        ..Default::default()
    };
    assert_eq!(reason_of(drill.conditions.close_structure(nowhere).await), "NOT_FOUND");
    drill.host.stop().await;
}
