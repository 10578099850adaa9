//! Digests of domain values: one stream of bytes, defined by `derive(Hash)`.
//!
//! What a value feeds into a hasher is its fields in the order in which they are declared: integers little-endian,
//! lengths and the positions of enum variants as eight bytes, texts ended by 0xff, which UTF-8 never contains. So no
//! two values of a type give the same stream, no field can be forgotten, and a new one does not go unnoticed: golden
//! tests pin the stream, against a change here as against one in the compiler's library.

use crate::decision::State;
use sha2::{Digest as _, Sha256};
use std::hash::{Hash, Hasher};

// The library feeds slices of integers as they lie in memory.
const _: () = assert!(cfg!(target_endian = "little"), "digests would differ between machines");

/// The version of what [`state_hash`] covers.
///
/// Two hashes say something only when their formats are equal. It grows by one whenever a field of `State`, or of
/// anything in it, is added, taken away or moved; the golden test then has to be renewed, which is the reminder.
pub const STATE_FORMAT: u32 = 4;

/// The digest of a state, for checkpoints: equal states of one [`STATE_FORMAT`] have equal digests, on every machine.
///
/// # Complexity
/// One pass over the state, O(1) space.
#[must_use]
pub fn state_hash(state: &State) -> [u8; 32] {
    let mut stream = Stream(Buffered::new());
    STATE_FORMAT.hash(&mut stream);
    state.hash(&mut stream);
    stream.0.finish()
}

/// A command, or what a caller sent for one, as bytes that cover every field, sealed texts included: what its
/// fingerprint is made of.
///
/// The bytes hold those texts in clear. They go into the keyed digest and nowhere else.
#[must_use]
pub fn canonical(payload: &impl Hash) -> Vec<u8> {
    let mut stream = Stream(Vec::new());
    payload.hash(&mut stream);
    stream.0
}

/// Takes bytes one after the other.
trait Sink {
    fn take(&mut self, bytes: &[u8]);
}

impl Sink for Vec<u8> {
    fn take(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

/// SHA-256 of many small pieces: most fields are one to eight bytes, and a call of the hash function costs more than they
/// do. What is hashed is the stream, however it is cut.
struct Buffered {
    hasher: Sha256,
    buffer: [u8; BUFFER_BYTES],
    filled: usize,
}

/// Many blocks of the hash function, and still in the nearest cache.
const BUFFER_BYTES: usize = 4096;

impl Buffered {
    fn new() -> Buffered {
        Buffered { hasher: Sha256::new(), buffer: [0; BUFFER_BYTES], filled: 0 }
    }

    fn flush(&mut self) {
        self.hasher.update(&self.buffer[..self.filled]);
        self.filled = 0;
    }

    fn finish(mut self) -> [u8; 32] {
        self.flush();
        self.hasher.finalize().into()
    }
}

impl Sink for Buffered {
    #[inline]
    fn take(&mut self, bytes: &[u8]) {
        if bytes.len() > BUFFER_BYTES - self.filled {
            self.flush();
        }
        match self.buffer.get_mut(self.filled..self.filled + bytes.len()) {
            Some(room) => {
                room.copy_from_slice(bytes);
                self.filled += bytes.len();
            }
            // Longer than the whole buffer, which was emptied above.
            None => self.hasher.update(bytes),
        }
    }
}

/// A hasher that keeps the stream instead of a number.
struct Stream<S>(S);

impl<S: Sink> Hasher for Stream<S> {
    /// Nothing: the sink has it all, and no derived `Hash` asks.
    fn finish(&self) -> u64 {
        0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0.take(bytes);
    }

    fn write_u8(&mut self, value: u8) {
        self.0.take(&[value]);
    }

    fn write_u16(&mut self, value: u16) {
        self.0.take(&value.to_le_bytes());
    }

    fn write_u32(&mut self, value: u32) {
        self.0.take(&value.to_le_bytes());
    }

    fn write_u64(&mut self, value: u64) {
        self.0.take(&value.to_le_bytes());
    }

    fn write_u128(&mut self, value: u128) {
        self.0.take(&value.to_le_bytes());
    }

    /// Lengths: eight bytes whatever the machine's word is.
    fn write_usize(&mut self, value: usize) {
        self.write_u64(value as u64);
    }

    /// Positions of enum variants: eight bytes whatever the machine's word is.
    fn write_isize(&mut self, value: isize) {
        self.write_i64(value as i64);
    }
}
