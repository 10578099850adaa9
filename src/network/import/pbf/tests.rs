use super::fixture::{Map, framed, header, zlib};
use super::message::StoredBlob;
use super::*;
use crate::network::roads::{Direction, RoadNetwork};
use proptest::prelude::*;

const ROAD: [(&str, &str); 1] = [("highway", "primary")];

fn read(bytes: &[u8]) -> Result<Imported, PbfFault> {
    import(|| Ok(bytes), Options::default())
}

fn imported(map: &Map) -> Imported {
    let read = [false, true].map(|is_dense| read(&map.bytes(is_dense)).unwrap());
    assert_eq!(drawn(&read[0].network), drawn(&read[1].network), "dense nodes are nodes");
    let [_, dense] = read;
    dense
}

/// Every edge: ends by longitude in 0.001 degree east of 135, length in metres, direction.
fn drawn(network: &RoadNetwork) -> Vec<(i32, i32, u32, Direction)> {
    let place = |node| (network.position(node).lon_e7() - 1_350_000_000) / 10_000;
    let edges = 0..network.graph().edge_count() as u32;
    let mut all: Vec<_> = edges
        .map(|edge| {
            let (tail, head) = network.ends(edge);
            let piece = network.edge(edge);
            (place(tail), place(head), piece.length_dm / 10, piece.direction())
        })
        .collect();
    all.sort_unstable();
    all
}

/// Nodes 1 to `count` on a line to the east, 0.001 degree (91 m) apart.
fn line(count: i64) -> Map {
    (1..=count).fold(Map::default(), |map, id| map.node(id, 0, (id - 1) * 10_000, &[]))
}

#[test]
fn a_chain_between_junctions_is_one_edge_as_long_as_its_pieces() {
    let map = line(5).node(9, 10_000, 20_000, &[]).way(1, &[1, 2, 3, 4, 5], &ROAD).way(2, &[3, 9], &ROAD);
    let Imported { network, report } = imported(&map);
    let (forward, backward) = (Direction::Forward, Direction::Backward);
    let expected = [
        (0, 2, 182, forward),
        (2, 0, 182, backward),
        (2, 2, 111, forward),
        (2, 2, 111, backward),
        (2, 4, 182, forward),
        (4, 2, 182, backward),
    ];
    assert_eq!(drawn(&network), expected);
    assert_eq!((network.graph().node_count(), network.ways().len()), (4, 2));
    assert_eq!((report.nodes_read, report.ways_read, report.road_ways, report.road_segments), (6, 2, 2, 5));
    let long: Vec<i32> = network.line(1).map(|place| place.lon_e7() - 1_350_000_000).collect();
    assert_eq!(long, [20_000, 10_000, 0], "a line is told in the direction of travel");
    assert_eq!((network.twin(0), network.twin(1)), (Some(1), Some(0)));
}

#[test]
fn one_way_roads_go_as_their_tags_say() {
    // A loop of two roads makes every case strongly connected, except for the wrong way round.
    type Case = (&'static [(&'static str, &'static str)], bool, bool);
    let cases: [Case; 11] = [
        (&[("highway", "primary")], true, true),
        (&[("highway", "primary"), ("oneway", "yes")], true, false),
        (&[("highway", "primary"), ("oneway", "-1")], false, true),
        (&[("highway", "primary"), ("junction", "roundabout")], true, false),
        (&[("highway", "primary"), ("junction", "roundabout"), ("oneway", "-1")], false, true),
        (&[("highway", "motorway")], true, false),
        (&[("highway", "motorway"), ("oneway", "no")], true, true),
        (&[("highway", "motorway_link")], true, true),
        (&[("highway", "primary"), ("oneway", "alternating")], true, true),
        (&[("highway", "primary"), ("oneway", "reversible")], false, false),
        (&[("highway", "primary"), ("oneway", "perhaps")], true, true),
    ];
    for (tags, forward, backward) in cases {
        let map = line(2).node(3, 9_000, 5_000, &[]).way(1, &[1, 2], tags).way(2, &[1, 3, 2], &ROAD);
        let found = drawn(&imported(&map).network);
        let has = |tail, head| {
            found.iter().any(|&(from, to, length_m, _)| (from, to) == (tail, head) && length_m < 100)
        };
        assert_eq!((has(0, 1), has(1, 0)), (forward, backward), "{tags:?}: {found:?}");
    }
}

#[test]
fn what_cannot_be_left_again_is_left_out_and_counted() {
    let trap = [("highway", "service"), ("oneway", "yes")];
    let map = line(5).way(1, &[1, 2, 3], &ROAD).way(2, &[3, 4], &trap).way(3, &[4, 5], &ROAD);
    let Imported { network, report } = imported(&map);
    assert_eq!(network.graph().node_count(), 2);
    let left = report.left_out;
    assert_eq!((left.parts, left.junctions, left.edges, left.largest_junctions), (1, 2, 3, 2));
    assert_eq!(left.largest_at.unwrap().lon_e7(), 1_350_030_000);
    assert_eq!(network.ways().len(), 1);
}

#[test]
fn roads_are_cut_where_nodes_are_missing_or_barred() {
    let bollard = [("barrier", "bollard")];
    let map =
        line(6).node(8, 0, 90_000, &bollard).way(1, &[1, 2, 3, 77, 4, 5], &ROAD).way(2, &[5, 8, 6], &ROAD);
    let Imported { network, report } = imported(&map);
    // Left: 1-3; right: 4-5-bollard.
    assert_eq!(drawn(&network).len(), 4, "{:?}", drawn(&network));
    assert_eq!((report.findings[&Finding::MissingNode], report.findings[&Finding::Barrier]), (1, 1));
    assert_eq!(report.left_out.parts, 2);
    let gate = [("barrier", "gate")];
    let open = line(2).node(8, 0, 5_000, &gate).way(1, &[1, 8, 2], &ROAD);
    assert_eq!(drawn(&imported(&open).network).len(), 2);
}

#[test]
fn loops_repeats_and_zero_lengths_are_bounded_answers() {
    let map = line(3)
        .node(-7, 0, 20_000, &[])
        .way(1, &[1, 1, 2, 2, 3], &ROAD)
        .way(1, &[1, 3], &ROAD)
        .way(2, &[2, 2], &ROAD)
        .way(3, &[3, -7], &ROAD)
        .way(-4, &[1, 2, 3, 1], &ROAD)
        .way(5, &[1], &ROAD)
        .way(6, &[], &ROAD)
        .way(8, &[1, 3, 2, 1, 2, 1], &ROAD);
    let Imported { network, report } = imported(&map);
    assert_eq!(report.findings[&Finding::RepeatedWay], 1);
    assert_eq!(report.findings[&Finding::TooShort], 3);
    for profile in crate::network::roads::Profile::ALL {
        assert!(network.weights_ms(profile).iter().all(|&ms| ms >= 1), "nothing takes no time");
    }
    let weightless = network.graph().edge_weights().filter(|edge| edge.length_dm == 0).count();
    assert_eq!(weightless, 2, "two nodes in one place");
}

#[test]
fn a_file_that_is_no_map_is_told_apart() {
    let said = |bytes: &[u8]| read(bytes).unwrap_err().to_string();
    assert!(said(b"").contains("no OpenStreetMap header"));
    assert!(said(b"<?xml version=\"1.0\"?><osm/>").contains("no OpenStreetMap header"));
    assert!(said(&header(&["OsmSchema-V0.6"])).contains("there is no road"));
    assert!(said(&header(&["HistoricalInformation"])).contains("HistoricalInformation"));
    let mut bytes = header(&[]);
    bytes.extend(framed("OSMData", StoredBlob { zstd: Some(vec![1, 2]), ..StoredBlob::default() }));
    assert!(said(&bytes).contains("compressed by zstd"));
    let mut bytes = header(&[]);
    bytes.extend(framed("OSMData", StoredBlob::default()));
    assert!(said(&bytes).contains("it holds nothing"));
    let mut bytes = header(&[]);
    bytes.extend([0xff; 20]);
    assert!(said(&bytes).contains("4294967295 bytes"));
    let buildings = line(2).way(1, &[1, 2], &[("building", "yes")]);
    assert!(said(&buildings.bytes(true)).contains("there is no road"));
    // A road without a single node.
    assert!(said(&Map::default().way(1, &[1, 2], &ROAD).bytes(true)).contains("there is no road"));
}

#[test]
fn a_bomb_does_not_go_off() {
    let zeros = vec![0_u8; 40 << 20];
    let mut bomb = zlib(&zeros);
    for promised in [40 << 20, 1_000, 0, -1, i32::MAX] {
        bomb.raw_bytes = Some(promised);
        let mut bytes = header(&[]);
        let offset = bytes.len() as u64;
        bytes.extend(framed("OSMData", bomb.clone()));
        let fault = read(&bytes).unwrap_err();
        assert!(
            matches!(fault, PbfFault::TooLong { offset: at, .. } | PbfFault::Inflate { offset: at, .. } if at == offset),
            "{promised}: {fault}"
        );
    }
}

#[test]
fn sums_that_overflow_and_numbers_off_the_earth_are_seen() {
    let refs = line(2).way(1, &[i64::MAX, -5], &ROAD);
    assert!(read(&refs.bytes(true)).unwrap_err().to_string().contains("leaves the range of numbers"));
    let far = line(2).node(3, i64::MAX / 4, 0, &[]).way(1, &[1, 2, 3], &ROAD);
    let read = read(&far.bytes(false)).unwrap();
    assert_eq!(read.report.findings[&Finding::NodeOffTheEarth], 1);
    assert_eq!(drawn(&read.network).len(), 2);
}

fn town() -> Vec<u8> {
    let mut map = line(30);
    for id in 1..29 {
        let tags = [("highway", "residential"), ("name", "道"), ("maxspeed", "40"), ("bridge", "yes")];
        map = map.way(id, &[id, id + 1, (id + 7) % 30 + 1], &tags);
    }
    map.bytes(true)
}

#[test]
fn a_file_cut_off_anywhere_is_a_fault() {
    let whole = town();
    read(&whole).unwrap();
    for length in 0..whole.len() {
        let fault = read(&whole[..length]).unwrap_err();
        let is_named = matches!(
            fault,
            PbfFault::Truncated { .. }
                | PbfFault::NotAMap { .. }
                | PbfFault::NoRoads
                | PbfFault::TooLong { .. }
        );
        assert!(is_named, "{length}: {fault}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn damage_anywhere_gives_a_fault_or_a_sound_network(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        is_packed in any::<bool>(),
    ) {
        let mut bytes = if is_packed { town() } else { unpacked(&town()) };
        for (place, value) in changes {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        if let Ok(Imported { network, .. }) = read(&bytes) {
            for edge in 0..network.graph().edge_count() as u32 {
                let line: Vec<Position> = network.line(edge).collect();
                let (mut sum_cm, mut last) = (0_u64, line[0]);
                for &place in &line {
                    sum_cm += u64::from(crate::units::geodesy::distance_cm(last.into(), place.into()));
                    last = place;
                }
                prop_assert_eq!(u64::from(network.edge(edge).length_dm), (sum_cm + 5) / 10);
            }
        }
    }
}

/// The same map with its blocks stored as they are, where a changed byte reaches the messages.
fn unpacked(packed: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = packed;
    while !rest.is_empty() {
        let length = u32::from_be_bytes(rest[..4].try_into().unwrap()) as usize;
        let header = <message::BlobHeader as prost::Message>::decode(&rest[4..4 + length]).unwrap();
        let end = 4 + length + header.bytes as usize;
        let blob = <StoredBlob as prost::Message>::decode(&rest[4 + length..end]).unwrap();
        let raw = miniz_oxide::inflate::decompress_to_vec_zlib(&blob.zlib.unwrap()).unwrap();
        bytes.extend(framed(&header.kind, StoredBlob { raw: Some(raw), ..StoredBlob::default() }));
        rest = &rest[end..];
    }
    bytes
}
