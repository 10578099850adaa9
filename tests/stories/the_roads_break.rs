//! After the shaking: sections, areas and classes of road are closed and slowed, a relief ferry is opened, and every answer
//! changes with it; all of it lifted, all is as before.

use crate::common::{Served, at, candidate, crash_at, drill, printed, reason_of};
use tokio_stream::StreamExt;
use yui::api::v1;
use yui::api::v1::restriction::{Effect, Reason, Source, State, Stretch};

const MINAMIAWAJI: (f64, f64) = (34.294, 134.780);
const TOKUSHIMA: (f64, f64) = (34.071, 134.554);

fn place((latitude, longitude): (f64, f64)) -> Option<v1::LatLng> {
    Some(v1::LatLng { latitude, longitude })
}

fn said(stretch: Stretch, effect: Effect) -> v1::Restriction {
    v1::Restriction {
        stretch: Some(stretch),
        effect: effect.into(),
        reason: Reason::Earthquake.into(),
        source: Source::Police.into(),
        reporter: "徳島県警 交通管制".to_owned(),
        ..Default::default()
    }
}

fn section(road: &str, from_m: u32, to_m: u32) -> Stretch {
    Stretch::Section(v1::restriction::Section { road: road.to_owned(), from_m, to_m })
}

impl Served {
    async fn restrict(&mut self, restriction: v1::Restriction) -> v1::Restriction {
        self.try_restrict(restriction).await.unwrap().into_inner()
    }

    async fn try_restrict(
        &mut self,
        restriction: v1::Restriction,
    ) -> Result<tonic::Response<v1::Restriction>, tonic::Status> {
        let call = v1::CreateRestrictionRequest {
            parent: "members/tokushima".to_owned(),
            restriction: Some(restriction),
            ..Default::default()
        };
        self.network.create_restriction(call).await
    }

    async fn lift(&mut self, name: &str) -> v1::Restriction {
        let call = v1::LiftRestrictionRequest { name: name.to_owned(), ..Default::default() };
        self.network.lift_restriction(call).await.unwrap().into_inner()
    }

    async fn route(&mut self, from: (f64, f64), to: (f64, f64)) -> v1::Route {
        let call =
            v1::ComputeRouteRequest { origin: place(from), destination: place(to), ..Default::default() };
        self.network.compute_route(call).await.unwrap().into_inner()
    }

    async fn minutes(&mut self) -> i64 {
        let route = self.route(MINAMIAWAJI, TOKUSHIMA).await;
        assert!(route.reachable);
        route.travel.unwrap().seconds / 60
    }

    async fn row(&mut self, from: (f64, f64), to: &[(f64, f64)]) -> Vec<i32> {
        let call = v1::ComputeMatrixRequest {
            origins: vec![place(from).unwrap()],
            destinations: to.iter().map(|&to| place(to).unwrap()).collect(),
            ..Default::default()
        };
        let rows = self.network.compute_matrix(call).await.unwrap().into_inner();
        let rows: Vec<v1::MatrixRow> = rows.map(Result::unwrap).collect().await;
        assert_eq!(rows.len(), 1);
        rows.into_iter().next().unwrap().travel_s
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_from_awaji_takes_four_hours_while_the_bridge_is_closed_and_an_hour_by_a_relief_ferry() {
    let (mut drill, _data) = drill().await;
    let open = drill.minutes().await;
    assert!((38..=48).contains(&open), "about 43 minutes: {open}");

    let bridge = Stretch::Structure("structures/onaruto-bridge".to_owned());
    let closed = drill
        .restrict(v1::Restriction { expect_end_time: Some(at(18, 0)), ..said(bridge, Effect::Closed) })
        .await;
    assert_eq!(closed.name, printed("members/tokushima/restrictions/r-1"));
    assert_eq!((closed.state(), closed.edge_count), (State::Standing, 2));
    let around = drill.minutes().await;
    assert!((240..=256).contains(&around), "about 248 minutes: {around}");

    // As it will be when the bridge is open again, asked before it is.
    let later = v1::ComputeRouteRequest {
        origin: place(MINAMIAWAJI),
        destination: place(TOKUSHIMA),
        repaired_by: Some(at(18, 0)),
        ..Default::default()
    };
    let later = drill.network.compute_route(later).await.unwrap().into_inner();
    assert_eq!(later.travel.unwrap().seconds / 60, open);

    let network = drill.network.get_network(v1::GetNetworkRequest {}).await.unwrap().into_inner();
    assert!(network.reserved_links.contains(&"Relief ferry Fukura-Naruto".to_owned()), "{network:?}");
    assert_eq!((network.restriction_count, network.closed_length_m > 0), (1, true));
    let ferry = v1::Restriction {
        reason: Reason::Relief.into(),
        ..said(section("Relief ferry Fukura-Naruto", 0, u32::MAX), Effect::Opened)
    };
    let ferry = drill.restrict(ferry).await;
    let route = drill.route(MINAMIAWAJI, TOKUSHIMA).await;
    let by_ferry = route.travel.unwrap().seconds / 60;
    assert!((open + 45..around).contains(&by_ferry), "{open} < {by_ferry} < {around}");
    assert_eq!(route.ferry_wait.unwrap().seconds, 45 * 60);
    assert_eq!(route.restrictions, std::slice::from_ref(&ferry.name));

    drill.lift(&ferry.name).await;
    assert_eq!(drill.minutes().await, around);
    assert_eq!(drill.lift(&closed.name).await.state(), State::Lifted);
    assert_eq!(drill.minutes().await, open);
    // Said twice, nothing more happens.
    drill.lift(&closed.name).await;
    assert_eq!(drill.minutes().await, open);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ranking_follows_the_roads_whatever_closes_them() {
    let (mut drill, _data) = drill().await;
    // At Fukura, with the landing site on the far side of the strait.
    let scene = v1::Request {
        site: "members/tokushima/sites/pad-naruto".to_owned(),
        ..crash_at((34.255, 134.720), "members/hyogo/organisations/fd-awaji")
    };
    let ambulance_s = |ranking: &v1::Ranking| {
        let far = candidate(ranking, "heli-tokushima").unwrap();
        let there = far.timeline.as_ref().unwrap().ambulance_at_site_time.unwrap();
        there.seconds - ranking.at_time.unwrap().seconds
    };
    let before = drill.rank(scene.clone()).await;
    let strait = [(34.22, 134.63), (34.22, 134.67), (34.26, 134.67), (34.26, 134.63)];
    let strait = Stretch::Area(v1::restriction::Area {
        corners: strait.into_iter().map(|corner| place(corner).unwrap()).collect(),
    });
    let tsunami = v1::Restriction { reason: Reason::Tsunami.into(), ..said(strait, Effect::Closed) };
    let closed = drill.restrict(tsunami).await;
    assert!(closed.edge_count >= 2 && closed.length_m > 0, "{closed:?}");
    let during = drill.rank(scene.clone()).await;
    assert!(ambulance_s(&during) > ambulance_s(&before) + 2 * 3_600, "{} s", ambulance_s(&during));
    drill.lift(&closed.name).await;
    let after = drill.rank(scene).await;
    assert_eq!((&after.candidates, &after.ground), (&before.candidates, &before.ground));
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_changes_a_road_is_told_which_open_requests_it_has_re_ranked() {
    let (mut drill, _data) = drill().await;
    // After dark a transfer from the island goes by road.
    let dark = v1::SetClockRequest { now_time: Some(at(17, 30)) };
    drill.clock.set_clock(dark).await.unwrap();
    let transfer = v1::Request {
        kind: v1::RequestKind::Transfer.into(),
        requester: "members/hyogo/organisations/fd-awaji".to_owned(),
        origin_hospital: "members/hyogo/hospitals/hyogo-awaji".to_owned(),
        hospitals: vec!["members/tokushima/hospitals/tokushima-central".to_owned()],
        ..Default::default()
    };
    let create = v1::CreateRequestRequest {
        parent: "members/hyogo".to_owned(),
        request: Some(transfer),
        ..Default::default()
    };
    let request = drill.dispatch.create_request(create).await.unwrap().into_inner();
    let bridge = || said(Stretch::Structure("structures/onaruto-bridge".to_owned()), Effect::Closed);
    let closed = drill.restrict(bridge()).await;
    assert_eq!(closed.reranked.len(), 1, "{closed:?}");
    let reranked = &closed.reranked[0];
    assert_eq!(reranked.request, request.name);
    let (was, is) = (reranked.care_before.unwrap().seconds, reranked.care_now.unwrap().seconds);
    assert!(is > was + 2 * 3_600, "{was} then {is}: {reranked:?}");
    let lifted = drill.lift(&closed.name).await;
    assert_eq!(lifted.reranked[0].care_now.unwrap().seconds, was);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_only_judged_leaves_no_trace_on_the_roads() {
    let (mut drill, _data) = drill().await;
    let classes = v1::restriction::Classes { classes: vec![v1::RoadClass::Motorway.into()] };
    let judged = v1::CreateRestrictionRequest {
        parent: "members/tokushima".to_owned(),
        restriction: Some(said(Stretch::Classes(classes), Effect::Closed)),
        validate_only: true,
        ..Default::default()
    };
    let judged = drill.network.create_restriction(judged).await.unwrap().into_inner();
    assert!(judged.edge_count > 500, "{}", judged.edge_count);
    let bridge = said(Stretch::Structure("structures/onaruto-bridge".to_owned()), Effect::Closed);
    let closed = drill.restrict(bridge).await;
    // The name that the judged one would have had, and its own roads.
    assert_eq!((closed.name, closed.edge_count), (judged.name, 2));
    let network = drill.network.get_network(v1::GetNetworkRequest {}).await.unwrap().into_inner();
    assert_eq!((network.restriction_count, network.closed_length_m), (1, 14_200));
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relief_ferry_counts_for_who_is_cut_off() {
    let (mut drill, _data) = drill().await;
    for bridge in ["onaruto-bridge", "akashi-kaikyo-bridge"] {
        drill.restrict(said(Stretch::Structure(format!("structures/{bridge}")), Effect::Closed)).await;
    }
    let from_osaka = v1::AssessReachabilityRequest {
        sources: vec![place((34.69, 135.50)).unwrap()],
        ..Default::default()
    };
    let cut = drill.network.assess_reachability(from_osaka.clone()).await.unwrap().into_inner();
    assert_eq!(cut.people_cut, 127_537);
    drill.restrict(said(section("Relief ferry Iwaya-Akashi", 0, u32::MAX), Effect::Opened)).await;
    let after = drill.network.assess_reachability(from_osaka).await.unwrap().into_inner();
    assert!(after.cut.is_empty(), "{after:?}");
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sections_classes_and_slow_downs_count_while_they_stand() {
    let (mut drill, _data) = drill().await;
    let (sekigahara, otsu) = ((35.362, 136.468), (35.018, 135.855));
    let open = drill.row(sekigahara, &[otsu]).await[0];
    let slow = v1::Restriction {
        slow_percent: 50,
        reason: Reason::Snow.into(),
        ..said(section("Meishin Expressway", 0, 20_000), Effect::Slowed)
    };
    let slow = drill.restrict(slow).await;
    assert_eq!(slow.edge_count, 4, "two links, both directions: {slow:?}");
    assert!(slow.section_origin.is_some());
    let slowed = drill.row(sekigahara, &[otsu]).await[0];
    assert!(slowed > open, "{open} then {slowed}");

    let classes = v1::restriction::Classes { classes: vec![v1::RoadClass::Motorway.into()] };
    let inspection = v1::Restriction {
        reason: Reason::Inspection.into(),
        source: Source::RoadOperator.into(),
        ..said(Stretch::Classes(classes), Effect::Closed)
    };
    let inspection = drill.restrict(inspection).await;
    let without = drill.row(sekigahara, &[otsu]).await[0];
    assert!(without > slowed, "{slowed} then {without}");
    let winter = drill
        .restrict(said(Stretch::WinterClosures(v1::restriction::WinterClosures {}), Effect::Closed))
        .await;
    assert_eq!(winter.edge_count, 10, "five links of the tables");

    let standing = v1::ListRestrictionsRequest {
        filter: "state = STANDING AND effect = CLOSED".to_owned(),
        ..Default::default()
    };
    let listed = drill.network.list_restrictions(standing).await.unwrap().into_inner().restrictions;
    let names: Vec<&str> = listed.iter().map(|said| said.name.as_str()).collect();
    assert_eq!(names, [inspection.name.as_str(), winter.name.as_str()]);
    for name in [&slow.name, &inspection.name, &winter.name] {
        drill.lift(name).await;
    }
    assert_eq!(drill.row(sekigahara, &[otsu]).await[0], open);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_cut_off_is_told_with_what_to_open_first() {
    let (mut drill, _data) = drill().await;
    let whole = v1::AssessReachabilityRequest::default();
    let none = drill.network.assess_reachability(whole.clone()).await.unwrap().into_inner();
    assert!(none.cut.is_empty() && none.never.is_empty(), "{none:?}");

    // Awaji has a hospital of its own; from Tokushima and Kobe alone it is an island.
    let sources = vec![place(TOKUSHIMA).unwrap(), place((34.69, 135.19)).unwrap()];
    for bridge in ["onaruto-bridge", "akashi-kaikyo-bridge"] {
        let closed = Stretch::Structure(format!("structures/{bridge}"));
        drill.restrict(said(closed, Effect::Closed)).await;
    }
    let asked = v1::AssessReachabilityRequest { sources, ..whole };
    let cut = drill.network.assess_reachability(asked.clone()).await.unwrap().into_inner();
    let labels: Vec<&str> = cut.cut.iter().map(|cut| cut.label.as_str()).collect();
    assert_eq!(labels.len(), 3, "the three cities of the island: {labels:?}");
    assert!(labels.iter().any(|label| label.contains("Minamiawaji")), "{labels:?}");
    // Either bridge restores all three, the first by name is told.
    let best = cut.best.unwrap();
    assert_eq!(best.people, cut.people_cut);
    assert_eq!(best.names.len(), 1);
    for place in &cut.cut {
        assert_eq!(place.restored_by.len(), 2, "{place:?}");
    }
    drill.lift(&best.names[0]).await;
    let after = drill.network.assess_reachability(asked).await.unwrap().into_inner();
    assert!(after.cut.is_empty());
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn how_far_one_gets_and_who_is_nearest_by_time() {
    let (mut drill, _data) = drill().await;
    let within = v1::ComputeIsochroneRequest {
        origin: place(MINAMIAWAJI),
        within: Some(prost_types::Duration { seconds: 45 * 60, nanos: 0 }),
        lines: true,
        ..Default::default()
    };
    let open = drill.network.compute_isochrone(within).await.unwrap().into_inner();
    let naruto = |isochrone: &v1::Isochrone| isochrone.municipalities.iter().any(|found| found.code == 36202);
    assert!(naruto(&open) && open.road_m > 0 && !open.lines.is_empty());
    let bridge = Stretch::Structure("structures/onaruto-bridge".to_owned());
    drill.restrict(said(bridge, Effect::Closed)).await;
    let closed = drill.network.compute_isochrone(within).await.unwrap().into_inner();
    assert!(!naruto(&closed) && closed.population < open.population && closed.road_m < open.road_m);

    let nearest = v1::FindNearestRequest {
        origin: place(MINAMIAWAJI),
        kind: v1::find_nearest_request::Kind::Hospital.into(),
        count: 2,
        ..Default::default()
    };
    let found = drill.network.find_nearest(nearest).await.unwrap().into_inner().found;
    assert_eq!(found[0].name, printed("members/hyogo/hospitals/hyogo-awaji"));
    assert!(found[0].travel.unwrap().seconds <= found[1].travel.unwrap().seconds);

    let snap = v1::SnapPositionRequest { position: place(MINAMIAWAJI), ..Default::default() };
    let snapped = drill.network.snap_position(snap).await.unwrap().into_inner();
    assert!(snapped.found && snapped.distance_m < 1_000 && !snapped.far);
    let sea = v1::SnapPositionRequest { position: place((32.0, 136.0)), ..Default::default() };
    assert!(!drill.network.snap_position(sea).await.unwrap().into_inner().found);
    let nowhere = drill.route(MINAMIAWAJI, (32.0, 136.0)).await;
    assert!(!nowhere.reachable, "unreachable is an answer");
    assert_eq!(drill.row(MINAMIAWAJI, &[(32.0, 136.0), MINAMIAWAJI]).await, [-1, 0]);
    drill.host.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_names_no_road_is_refused_and_nothing_stands() {
    let (mut drill, _data) = drill().await;
    let area = |corners: &[(f64, f64)]| {
        let corners = corners.iter().map(|&corner| place(corner).unwrap()).collect();
        Stretch::Area(v1::restriction::Area { corners })
    };
    let edges = |network: &str, edges: Vec<u32>| {
        Stretch::Edges(v1::restriction::Edges { network: network.to_owned(), edges })
    };
    let here = drill.network.get_network(v1::GetNetworkRequest {}).await.unwrap().into_inner().fingerprint;
    let bow = [(34.0, 134.0), (35.0, 135.0), (34.0, 135.0), (35.0, 134.0)];
    let date_line = [(34.0, 179.0), (35.0, 179.0), (35.0, -179.0), (34.0, -179.0)];
    let cases = [
        (said(section("Meishn Expressway", 0, 1_000), Effect::Closed), "ROAD_UNKNOWN"),
        (said(section("Meishin Expressway", 900_000, 901_000), Effect::Closed), "SECTION_UNKNOWN"),
        (said(section("Meishin Expressway", 1_000, 1_000), Effect::Closed), "FIELD_EMPTY_WINDOW"),
        (said(Stretch::Structure("structures/tower-bridge".to_owned()), Effect::Closed), "STRUCTURE_UNKNOWN"),
        (said(Stretch::Structure("tower bridge".to_owned()), Effect::Closed), "NAME_INVALID"),
        (said(area(&bow), Effect::Closed), "AREA_CROSSES_ITSELF"),
        (said(area(&date_line), Effect::Closed), "AREA_CROSSES_ANTIMERIDIAN"),
        (said(area(&[(34.0, 134.0), (34.0, 135.0)]), Effect::Closed), "AREA_TOO_FEW_CORNERS"),
        (said(area(&[(0.0, 0.0), (0.0, 1.0), (1.0, 1.0)]), Effect::Closed), "NO_ROAD_MEANT"),
        (said(area(&[(f64::NAN, 0.0)]), Effect::Closed), "NUMBER_NOT_FINITE"),
        (said(edges("0000000000000000", vec![1]), Effect::Closed), "OTHER_NETWORK"),
        (said(edges(&here, vec![u32::MAX]), Effect::Closed), "EDGE_UNKNOWN"),
        (said(edges(&here, vec![1, 1]), Effect::Closed), "FIELD_DUPLICATE"),
        (said(edges(&here, Vec::new()), Effect::Closed), "FIELD_REQUIRED"),
        (said(Stretch::EmergencyOrder(4), Effect::Closed), "FIELD_OUT_OF_RANGE"),
        (said(section("Meishin Expressway", 0, 1_000), Effect::Slowed), "FIELD_OUT_OF_RANGE"),
        (v1::Restriction { stretch: None, ..said(area(&bow), Effect::Closed) }, "FIELD_REQUIRED"),
        (said(area(&bow), Effect::Unspecified), "FIELD_REQUIRED"),
        (
            v1::Restriction {
                reporter: String::new(),
                ..said(section("Meishin Expressway", 0, 1_000), Effect::Closed)
            },
            "FIELD_REQUIRED",
        ),
        (
            v1::Restriction {
                expect_end_time: Some(at(1, 0)),
                ..said(section("Meishin Expressway", 0, 1_000), Effect::Closed)
            },
            "FIELD_TOO_EARLY",
        ),
    ];
    for (restriction, reason) in cases {
        let refused = drill.try_restrict(restriction.clone()).await;
        assert_eq!(reason_of(refused), reason, "{restriction:?}");
    }
    let unknown = v1::LiftRestrictionRequest {
        name: "members/tokushima/restrictions/r-9".to_owned(),
        ..Default::default()
    };
    assert_eq!(reason_of(drill.network.lift_restriction(unknown).await), "NOT_FOUND");
    let many = vec![place(TOKUSHIMA).unwrap(); 5_000];
    let huge = v1::ComputeMatrixRequest { origins: many.clone(), destinations: many, ..Default::default() };
    assert_eq!(reason_of(drill.network.compute_matrix(huge).await), "MATRIX_TOO_LARGE");
    let network = drill.network.get_network(v1::GetNetworkRequest {}).await.unwrap().into_inner();
    assert_eq!((network.restriction_count, network.closed_length_m), (0, 0));
    drill.host.stop().await;
}
