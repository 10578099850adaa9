//! The wire: types generated from `proto/yui/v1`, and their descriptors.
//!
//! Only `service` and `cli` know them; `proto/` is their documentation.
#![allow(missing_docs, unreachable_pub, clippy::all, clippy::pedantic)]

/// Package `yui.v1`.
pub mod v1 {
    tonic::include_proto!("yui.v1");
}

/// The encoded `FileDescriptorSet` of everything in `proto/`.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));
