//! The messages of the format, each with the fields that are read here; prost passes over the others.
//!
//! A block is described twice, once with its ways and once with its nodes, so that neither pass unpacks what the other
//! one is for.

/// What stands before each block.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct BlobHeader {
    #[prost(string, tag = "1")]
    pub(super) kind: String,
    #[prost(int32, tag = "3")]
    pub(super) bytes: i32,
}

/// A block as it is stored.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct StoredBlob {
    #[prost(bytes = "vec", optional, tag = "1")]
    pub(super) raw: Option<Vec<u8>>,
    #[prost(int32, optional, tag = "2")]
    pub(super) raw_bytes: Option<i32>,
    #[prost(bytes = "vec", optional, tag = "3")]
    pub(super) zlib: Option<Vec<u8>>,
    #[prost(bytes = "vec", optional, tag = "4")]
    pub(super) lzma: Option<Vec<u8>>,
    #[prost(bytes = "vec", optional, tag = "5")]
    pub(super) bzip2: Option<Vec<u8>>,
    #[prost(bytes = "vec", optional, tag = "6")]
    pub(super) lz4: Option<Vec<u8>>,
    #[prost(bytes = "vec", optional, tag = "7")]
    pub(super) zstd: Option<Vec<u8>>,
}

/// The first block.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct MapHeader {
    #[prost(string, repeated, tag = "4")]
    pub(super) required_features: Vec<String>,
}

/// The texts of a block.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct TextTable {
    #[prost(bytes = "vec", repeated, tag = "1")]
    pub(super) texts: Vec<Vec<u8>>,
}

/// A look into a table that may be missing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Texts<'a>(pub(super) Option<&'a TextTable>);

impl<'a> Texts<'a> {
    /// A text by its number; one that is no UTF-8 is empty, as no tag that is read is.
    pub(super) fn get(self, index: u64) -> Option<&'a str> {
        let bytes = self.0?.texts.get(usize::try_from(index).ok()?)?;
        Some(std::str::from_utf8(bytes).unwrap_or_default())
    }
}

/// A block, for its ways.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct WayBlock {
    #[prost(message, optional, tag = "1")]
    pub(super) texts: Option<TextTable>,
    #[prost(message, repeated, tag = "2")]
    pub(super) groups: Vec<WayGroup>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct WayGroup {
    #[prost(message, repeated, tag = "3")]
    pub(super) ways: Vec<MapWay>,
    #[prost(message, repeated, tag = "4")]
    pub(super) relations: Vec<Counted>,
}

/// Something of which only the number is wanted.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Counted {}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct MapWay {
    #[prost(int64, tag = "1")]
    pub(super) id: i64,
    #[prost(uint32, repeated, tag = "2")]
    pub(super) keys: Vec<u32>,
    #[prost(uint32, repeated, tag = "3")]
    pub(super) values: Vec<u32>,
    #[prost(sint64, repeated, tag = "8")]
    pub(super) refs: Vec<i64>,
}

/// A block, for its nodes.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct NodeBlock {
    #[prost(message, optional, tag = "1")]
    pub(super) texts: Option<TextTable>,
    #[prost(message, repeated, tag = "2")]
    pub(super) groups: Vec<NodeGroup>,
    #[prost(int32, optional, tag = "17")]
    pub(super) granularity: Option<i32>,
    #[prost(int64, optional, tag = "19")]
    pub(super) lat_offset: Option<i64>,
    #[prost(int64, optional, tag = "20")]
    pub(super) lon_offset: Option<i64>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct NodeGroup {
    #[prost(message, repeated, tag = "1")]
    pub(super) nodes: Vec<MapNode>,
    #[prost(message, optional, tag = "2")]
    pub(super) dense: Option<Dense>,
}

#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct MapNode {
    #[prost(sint64, tag = "1")]
    pub(super) id: i64,
    #[prost(uint32, repeated, tag = "2")]
    pub(super) keys: Vec<u32>,
    #[prost(uint32, repeated, tag = "3")]
    pub(super) values: Vec<u32>,
    #[prost(sint64, tag = "8")]
    pub(super) lat: i64,
    #[prost(sint64, tag = "9")]
    pub(super) lon: i64,
}

/// Many nodes, field by field, as differences.
#[derive(Clone, PartialEq, prost::Message)]
pub(super) struct Dense {
    #[prost(sint64, repeated, tag = "1")]
    pub(super) ids: Vec<i64>,
    #[prost(sint64, repeated, tag = "8")]
    pub(super) lats: Vec<i64>,
    #[prost(sint64, repeated, tag = "9")]
    pub(super) lons: Vec<i64>,
    #[prost(int32, repeated, tag = "10")]
    pub(super) keys_values: Vec<i32>,
}
