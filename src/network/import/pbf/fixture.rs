//! Writes maps for tests, as small or as wrong as a test wants them.

use super::message::{BlobHeader, StoredBlob};
use prost::Message;

/// Keys and values.
type OwnedTags = Vec<(String, String)>;

/// A map in the making.
#[derive(Clone, Debug, Default)]
pub(crate) struct Map {
    nodes: Vec<(i64, i64, i64, OwnedTags)>,
    ways: Vec<(i64, Vec<i64>, OwnedTags)>,
}

#[derive(Clone, PartialEq, Message)]
struct Block {
    #[prost(message, optional, tag = "1")]
    texts: Option<super::message::TextTable>,
    #[prost(message, repeated, tag = "2")]
    groups: Vec<Group>,
}

#[derive(Clone, PartialEq, Message)]
struct Group {
    #[prost(message, repeated, tag = "1")]
    nodes: Vec<super::message::MapNode>,
    #[prost(message, optional, tag = "2")]
    dense: Option<super::message::Dense>,
    #[prost(message, repeated, tag = "3")]
    ways: Vec<super::message::MapWay>,
}

fn owned(tags: &[(&str, &str)]) -> OwnedTags {
    tags.iter().map(|&(key, value)| (key.to_owned(), value.to_owned())).collect()
}

impl Map {
    /// A node in units of 1e-7 degree from 35 N 135 E.
    pub(crate) fn node(mut self, id: i64, lat: i64, lon: i64, tags: &[(&str, &str)]) -> Map {
        self.nodes.push((id, 350_000_000 + lat, 1_350_000_000 + lon, owned(tags)));
        self
    }

    pub(crate) fn way(mut self, id: i64, refs: &[i64], tags: &[(&str, &str)]) -> Map {
        self.ways.push((id, refs.to_vec(), owned(tags)));
        self
    }

    /// The file: nodes one by one in the first block, the same nodes as differences when `is_dense`, ways in the second.
    pub(crate) fn bytes(&self, is_dense: bool) -> Vec<u8> {
        let mut file = header(&["OsmSchema-V0.6", "DenseNodes"]);
        let mut texts = vec![Vec::new()];
        let mut number = |text: &str| {
            texts.push(text.as_bytes().to_vec());
            texts.len() as u32 - 1
        };
        let mut group = Group::default();
        let mut dense = super::message::Dense::default();
        let mut last = (0, 0, 0);
        for (id, lat, lon, tags) in &self.nodes {
            let (mut keys, mut values) = (Vec::new(), Vec::new());
            for (key, value) in tags {
                keys.push(number(key));
                values.push(number(value));
            }
            dense.ids.push(id.wrapping_sub(last.0));
            dense.lats.push(lat.wrapping_sub(last.1));
            dense.lons.push(lon.wrapping_sub(last.2));
            last = (*id, *lat, *lon);
            dense
                .keys_values
                .extend(keys.iter().zip(&values).flat_map(|(&key, &value)| [key as i32, value as i32]));
            dense.keys_values.push(0);
            group.nodes.push(super::message::MapNode { id: *id, keys, values, lat: *lat, lon: *lon });
        }
        if is_dense {
            group = Group { dense: Some(dense), ..Group::default() };
        }
        file.extend(block(group, texts));
        let mut texts = vec![Vec::new()];
        let mut number = |text: &str| {
            texts.push(text.as_bytes().to_vec());
            texts.len() as u32 - 1
        };
        let mut group = Group::default();
        for (id, refs, tags) in &self.ways {
            let (mut keys, mut values) = (Vec::new(), Vec::new());
            for (key, value) in tags {
                keys.push(number(key));
                values.push(number(value));
            }
            let mut last = 0;
            let refs = refs.iter().map(|&id| id.wrapping_sub(std::mem::replace(&mut last, id))).collect();
            group.ways.push(super::message::MapWay { id: *id, keys, values, refs });
        }
        file.extend(block(group, texts));
        file
    }
}

/// The first block of a map.
pub(super) fn header(features: &[&str]) -> Vec<u8> {
    let header = super::message::MapHeader {
        required_features: features.iter().map(|&feature| feature.to_owned()).collect(),
    };
    framed("OSMHeader", zlib(&header.encode_to_vec()))
}

fn block(group: Group, texts: Vec<Vec<u8>>) -> Vec<u8> {
    let block = Block { texts: Some(super::message::TextTable { texts }), groups: vec![group] };
    framed("OSMData", zlib(&block.encode_to_vec()))
}

/// Data as a block stores it.
pub(super) fn zlib(raw: &[u8]) -> StoredBlob {
    StoredBlob {
        raw_bytes: Some(raw.len() as i32),
        zlib: Some(miniz_oxide::deflate::compress_to_vec_zlib(raw, 6)),
        ..StoredBlob::default()
    }
}

/// A block with its header and length.
pub(super) fn framed(kind: &str, blob: StoredBlob) -> Vec<u8> {
    let blob = blob.encode_to_vec();
    let header = BlobHeader { kind: kind.to_owned(), bytes: blob.len() as i32 }.encode_to_vec();
    let mut bytes = (header.len() as u32).to_be_bytes().to_vec();
    bytes.extend(header);
    bytes.extend(blob);
    bytes
}
