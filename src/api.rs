//! The wire: types generated from `proto/yui/v1`, and their descriptors.
//!
//! Only `service` and `cli` know them; `proto/` is their documentation.

pub(crate) mod bytes;
pub mod server;

/// Package `yui.v1`.
#[allow(missing_docs, unreachable_pub, clippy::all, clippy::pedantic)]
pub mod v1 {
    tonic::include_proto!("yui.v1");
}

/// The encoded `FileDescriptorSet` of everything in `proto/`.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/descriptors.bin"));
