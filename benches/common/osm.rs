//! A generated network as an OpenStreetMap extract: dense nodes, and a way of two nodes for each road.

use super::road_like::RoadLike;

/// Nodes or ways of a block, as extracts have them.
const BLOCK: usize = 8_000;
/// Hundreds of nanodegrees for a metre, to the north and to the east at 34 degrees.
const NORTH: i64 = 90;
const EAST: i64 = 108;
/// The south-western corner, likewise.
const CORNER: [i64; 2] = [335_000_000, 1_342_000_000];

/// The extract, uncompressed.
pub(crate) fn extract(roads: &RoadLike) -> Vec<u8> {
    let mut file = Vec::new();
    let mut header = Vec::new();
    for feature in ["OsmSchema-V0.6", "DenseNodes"] {
        field(&mut header, 4, feature.as_bytes());
    }
    blob(&mut file, "OSMHeader", &header);
    let numbered: Vec<(i64, [i64; 2])> = roads
        .points
        .iter()
        .zip(1..)
        .map(|(point, id)| {
            (id, [CORNER[0] + i64::from(point.y) * NORTH, CORNER[1] + i64::from(point.x) * EAST])
        })
        .collect();
    for nodes in numbered.chunks(BLOCK) {
        let (mut dense, mut group) = (Vec::new(), Vec::new());
        field(&mut dense, 1, &differences(nodes.iter().map(|node| node.0)));
        field(&mut dense, 8, &differences(nodes.iter().map(|node| node.1[0])));
        field(&mut dense, 9, &differences(nodes.iter().map(|node| node.1[1])));
        field(&mut group, 2, &dense);
        block(&mut file, &group);
    }
    // A road both ways stands there twice, one way after the other.
    let mut ways: Vec<(u32, u32)> = roads.graph.edges().collect();
    ways.dedup_by(|next, before| (next.1, next.0) == *before);
    let numbered: Vec<(u64, (u32, u32))> = (1..).zip(ways).collect();
    for ways in numbered.chunks(BLOCK) {
        let mut group = Vec::new();
        for &(id, (tail, head)) in ways {
            let mut way = vec![1 << 3];
            varint(&mut way, id);
            field(&mut way, 2, &[1]);
            field(&mut way, 3, &[2]);
            field(&mut way, 8, &differences([tail, head].map(|node| i64::from(node) + 1).into_iter()));
            field(&mut group, 3, &way);
        }
        block(&mut file, &group);
    }
    file
}

fn block(file: &mut Vec<u8>, group: &[u8]) {
    let (mut texts, mut block) = (Vec::new(), Vec::new());
    for text in ["", "highway", "tertiary"] {
        field(&mut texts, 1, text.as_bytes());
    }
    field(&mut block, 1, &texts);
    field(&mut block, 2, group);
    blob(file, "OSMData", &block);
}

fn blob(file: &mut Vec<u8>, kind: &str, content: &[u8]) {
    let (mut header, mut body) = (Vec::new(), Vec::new());
    field(&mut body, 1, content);
    field(&mut header, 1, kind.as_bytes());
    header.push(3 << 3);
    varint(&mut header, body.len() as u64);
    file.extend((header.len() as u32).to_be_bytes());
    file.extend(header);
    file.extend(body);
}

/// A field that has a length.
fn field(to: &mut Vec<u8>, number: u8, content: &[u8]) {
    to.push(number << 3 | 2);
    varint(to, content.len() as u64);
    to.extend(content);
}

fn varint(to: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        to.push(number as u8 | 0x80);
        number >>= 7;
    }
    to.push(number as u8);
}

/// Packed, each as what it is more than the one before, signs in the lowest bit.
fn differences(numbers: impl Iterator<Item = i64>) -> Vec<u8> {
    let (mut packed, mut before) = (Vec::new(), 0);
    for number in numbers {
        let more = number - before;
        varint(&mut packed, (more << 1 ^ more >> 63) as u64);
        before = number;
    }
    packed
}
