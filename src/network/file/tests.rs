use super::*;
use crate::network::import::pbf::fixture::Map;
use crate::network::import::pbf::{self, Options};
use crate::network::roads::Profile;
use proptest::prelude::*;

/// Every kind of value that a way can have.
fn sample() -> NetworkFile {
    let bridge = [
        ("highway", "motorway"),
        ("oneway", "no"),
        ("bridge", "yes"),
        ("bridge:name", "大鳴門橋"),
        ("name", "神戸淡路鳴門自動車道"),
        ("name:en", "Kobe-Awaji-Naruto Expressway"),
        ("ref", "E28"),
        ("lanes", "4"),
        ("maxspeed", "80"),
    ];
    let lane = [
        ("highway", "service"),
        ("width", "2.4"),
        ("maxweight", "5"),
        ("access", "no"),
        ("emergency", "yes"),
    ];
    let ferry = [("route", "ferry"), ("motor_vehicle", "yes"), ("duration", "0:40"), ("name", "船")];
    let map = (1..=6).fold(Map::default(), |map, id| map.node(id, id * id * 3_000, id * 10_000, &[]));
    let map = map.way(1, &[1, 2, 3], &bridge).way(2, &[3, 4, 5], &lane).way(3, &[5, 6, 1], &ferry).way(
        4,
        &[3, 5],
        &lane,
    );
    let bytes = map.bytes(true);
    let network = pbf::import(|| Ok(&bytes[..]), Options::default()).unwrap().network;
    let order = (0..network.graph().node_count() as u32).rev().collect();
    NetworkFile { network, order, source: "fixture".to_owned() }
}

fn written(file: &NetworkFile) -> Vec<u8> {
    let mut bytes = Vec::new();
    file.write(&mut bytes).unwrap();
    bytes
}

/// The body with a checksum that fits: what an attacker would send.
fn signed(body: &[u8]) -> Vec<u8> {
    [body, &Sha256::digest(body)[..]].concat()
}

#[test]
fn a_network_is_read_as_it_was_written() {
    let file = sample();
    let bytes = written(&file);
    let read = NetworkFile::read(&bytes[..]).unwrap();
    assert_eq!((&read.order, &read.source), (&file.order, &file.source));
    assert_eq!(read.network.ways(), file.network.ways());
    assert_eq!(read.network.flat(), file.network.flat());
    assert_eq!(read.network.shapes(), file.network.shapes());
    for profile in Profile::ALL {
        assert_eq!(read.network.weights_ms(profile), file.network.weights_ms(profile));
    }
    assert_eq!(written(&read), bytes);
}

#[test]
fn a_file_that_is_not_as_it_was_written_is_refused() {
    let bytes = written(&sample());
    for length in 0..bytes.len() {
        let fault = NetworkFile::read(&bytes[..length]).unwrap_err();
        assert!(matches!(fault, FileFault::NotANetwork | FileFault::Checksum), "{length}: {fault}");
    }
    for place in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[place] ^= 1;
        assert!(NetworkFile::read(&changed[..]).is_err(), "byte {place}");
    }
    let mut longer = bytes.clone();
    longer.push(0);
    assert!(matches!(NetworkFile::read(&longer[..]), Err(FileFault::Checksum)));
    let mut newer = bytes;
    newer[8] = 9;
    assert!(matches!(NetworkFile::read(&newer[..]), Err(FileFault::Version { found: 9 })));
}

#[test]
fn a_list_is_not_believed_to_be_longer_than_the_file() {
    let bytes = written(&sample());
    let body = &bytes[..bytes.len() - CHECKSUM_BYTES];
    // The text of the source, then the junctions: each begins with its length.
    for place in [16, 16 + 8 + "fixture".len()] {
        for count in [u64::MAX, 1 << 40, body.len() as u64] {
            let mut hostile = body.to_vec();
            hostile[place..place + 8].copy_from_slice(&count.to_le_bytes());
            let fault = NetworkFile::read(&signed(&hostile)[..]).unwrap_err();
            assert!(matches!(fault, FileFault::Truncated { .. }), "{fault}");
        }
    }
}

proptest! {
    #[test]
    fn no_file_with_a_fitting_checksum_does_harm(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        length in any::<prop::sample::Index>(),
        is_cut in any::<bool>(),
    ) {
        let bytes = written(&sample());
        let mut body = bytes[..bytes.len() - CHECKSUM_BYTES].to_vec();
        for (place, value) in changes {
            let place = place.index(body.len());
            body[place] = value;
        }
        if is_cut {
            body.truncate(length.index(body.len()));
        }
        if let Ok(read) = NetworkFile::read(&signed(&body)[..]) {
            for profile in Profile::ALL {
                prop_assert!(read.network.weights_ms(profile).iter().all(|&ms| (1..=UNREACHABLE_MS).contains(&ms)));
            }
            prop_assert_eq!(read.order.len(), read.network.graph().node_count());
        }
    }
}
