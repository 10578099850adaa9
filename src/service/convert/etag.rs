//! Entity tags: a short hash of what a resource shows to everybody.

use prost::Message;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Bytes of the hash that are kept: 2^64 versions would have to be tried to meet one by chance.
const ETAG_BYTES: usize = 8;

/// The tag of a resource whose own `etag` and sealed texts are empty.
#[must_use]
pub fn of(resource: &impl Message) -> String {
    let hash = Sha256::digest(resource.encode_to_vec());
    hex(&hash[..ETAG_BYTES])
}

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes everything");
        text
    })
}
