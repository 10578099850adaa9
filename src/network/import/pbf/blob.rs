//! The frames of a file: lengths, block headers, unpacking with a limit.

use super::PbfFault;
use super::message::{BlobHeader, MapHeader, StoredBlob};
use prost::Message;
use std::io::Read;

/// Bytes of a block header at most, as the format has it.
const HEADER_BYTES_MAX: u32 = 64 << 10;
/// Bytes of a block at most, packed or not, as the format has it: what unpacks to more is no map but an attack.
const BLOB_BYTES_MAX: u32 = 32 << 20;
/// What a reader must know for this one to do.
const FEATURES: [&str; 2] = ["OsmSchema-V0.6", "DenseNodes"];

/// The blocks of a file, one after the other.
pub(super) struct Blobs<R> {
    read: R,
    offset: u64,
}

/// A block, unpacked.
pub(super) struct Blob {
    kind: String,
    bytes: Vec<u8>,
    offset: u64,
}

impl Blob {
    pub(super) fn damaged(&self, what: impl Into<String>) -> PbfFault {
        PbfFault::Damaged { offset: self.offset, what: what.into() }
    }

    pub(super) fn decode<M: Message + Default>(&self) -> Result<M, PbfFault> {
        M::decode(self.bytes.as_slice()).map_err(|error| self.damaged(error.to_string()))
    }
}

impl<R: Read> Blobs<R> {
    /// Reads the header of a map.
    pub(super) fn begin(read: R) -> Result<Blobs<R>, PbfFault> {
        let mut blobs = Blobs { read, offset: 0 };
        let first = match blobs.next_blob() {
            Ok(Some(blob)) if blob.kind == "OSMHeader" => blob,
            // Something else altogether has a first length beyond all reason.
            Ok(_) | Err(PbfFault::TooLong { .. }) => return Err(PbfFault::NotAMap { offset: 0 }),
            Err(fault) => return Err(fault),
        };
        let header: MapHeader = first.decode()?;
        let unknown = header.required_features.into_iter().find(|name| !FEATURES.contains(&name.as_str()));
        match unknown {
            Some(feature) => Err(PbfFault::Feature { feature }),
            None => Ok(blobs),
        }
    }

    /// The next block of data; none at the end. Blocks of kinds that nobody has invented yet are passed over, as the
    /// format asks.
    pub(super) fn next_data(&mut self) -> Result<Option<Blob>, PbfFault> {
        loop {
            match self.next_blob()? {
                Some(blob) if blob.kind != "OSMData" => {}
                found => return Ok(found),
            }
        }
    }

    fn next_blob(&mut self) -> Result<Option<Blob>, PbfFault> {
        let offset = self.offset;
        let length = self.bytes(4)?;
        if length.is_empty() {
            return Ok(None);
        }
        let length: [u8; 4] = length.try_into().map_err(|_| PbfFault::Truncated { offset })?;
        let header = self.whole(u32::from_be_bytes(length), HEADER_BYTES_MAX, offset)?;
        let damaged = |error: prost::DecodeError| PbfFault::Damaged { offset, what: error.to_string() };
        let header = BlobHeader::decode(header.as_slice()).map_err(damaged)?;
        let length = u32::try_from(header.bytes).map_err(|_| PbfFault::TooLong {
            offset,
            bytes: i64::from(header.bytes).unsigned_abs(),
            max: u64::from(BLOB_BYTES_MAX),
        })?;
        let stored = self.whole(length, BLOB_BYTES_MAX, offset)?;
        let stored = StoredBlob::decode(stored.as_slice()).map_err(damaged)?;
        Ok(Some(Blob { kind: header.kind, bytes: unpack(stored, offset)?, offset }))
    }

    fn whole(&mut self, length: u32, max: u32, offset: u64) -> Result<Vec<u8>, PbfFault> {
        if length > max {
            return Err(PbfFault::TooLong { offset, bytes: u64::from(length), max: u64::from(max) });
        }
        let bytes = self.bytes(length)?;
        if bytes.len() < length as usize { Err(PbfFault::Truncated { offset }) } else { Ok(bytes) }
    }

    /// As many bytes as there are, up to `length`; memory grows with what is really there.
    fn bytes(&mut self, length: u32) -> Result<Vec<u8>, PbfFault> {
        let mut bytes = Vec::new();
        self.read.by_ref().take(u64::from(length)).read_to_end(&mut bytes)?;
        self.offset += bytes.len() as u64;
        Ok(bytes)
    }
}

fn unpack(stored: StoredBlob, offset: u64) -> Result<Vec<u8>, PbfFault> {
    if let Some(raw) = stored.raw {
        return Ok(raw);
    }
    let Some(packed) = stored.zlib else {
        let others = [
            ("lzma", stored.lzma.is_some()),
            ("bzip2", stored.bzip2.is_some()),
            ("lz4", stored.lz4.is_some()),
            ("zstd", stored.zstd.is_some()),
        ];
        return Err(match others.into_iter().find(|(_, is_there)| *is_there) {
            Some((method, _)) => PbfFault::Compression { offset, method },
            None => PbfFault::Damaged { offset, what: "it holds nothing".to_owned() },
        });
    };
    let promised = stored.raw_bytes.unwrap_or(0);
    let bytes = u32::try_from(promised).unwrap_or(u32::MAX);
    if bytes > BLOB_BYTES_MAX {
        return Err(PbfFault::TooLong { offset, bytes: u64::from(bytes), max: u64::from(BLOB_BYTES_MAX) });
    }
    let bytes = bytes as usize;
    match miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(&packed, bytes) {
        Ok(unpacked) if unpacked.len() == bytes => Ok(unpacked),
        Ok(_) | Err(_) => Err(PbfFault::Inflate { offset, bytes }),
    }
}
