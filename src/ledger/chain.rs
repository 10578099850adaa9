//! The chain of hashes that makes a ledger tamper-evident, simple enough to be checked with `sha256sum`.
//!
//! **The recipe**, for an auditor who trusts no program of ours:
//! 1. The hash of a record is the SHA-256 of its body, byte for byte as stored. Nothing is put before or behind it.
//! 2. Bytes 3 to 34 of a body (after `0a 20`) are the hash of the body before it; 32 zero bytes in record 1.
//! 3. The body holds, for every sealed part, the SHA-256 of its ciphertext. The ciphertexts lie in the column
//!    `sealed`, one behind the other; their lengths are in the body.
//!
//! So the head hash covers every body, every link and every ciphertext, and neither keys nor a Protocol Buffers
//! decoder are needed to check it. With the `sqlite3` program on a backup:
//! ```text
//! sqlite3 members.hyogo.ledger "SELECT writefile('body.' || sequence, body), lower(hex(hash)) FROM record"
//! sha256sum body.1                                       # the hash column of record 1
//! tail -c +3 body.2 | head -c 32 | xxd -p -c 32          # prev of record 2: the hash of record 1
//! ```
//!
//! Absent on purpose: signatures, which belong to whoever countersigns a head.

use std::fmt;

use sha2::{Digest as _, Sha256};

/// A SHA-256: of a body, a ciphertext, a stored problem or a state.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// What the first record names as its predecessor.
    pub const ZERO: Digest = Digest([0; 32]);

    /// The SHA-256 of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Digest {
        Digest(Sha256::digest(bytes).into())
    }

    /// The SHA-256 of several pieces, one behind the other. The caller sees to it that the borders are fixed.
    pub(super) fn of_pieces(pieces: &[&[u8]]) -> Digest {
        let mut hasher = Sha256::new();
        pieces.iter().for_each(|piece| hasher.update(piece));
        Digest(hasher.finalize().into())
    }

    /// Reads 32 bytes; `None` for any other length.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Digest> {
        bytes.try_into().ok().map(Digest)
    }

    /// Reads 64 hexadecimal digits; `None` for anything else.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Digest> {
        if text.len() != 64 || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        let mut hash = [0; 32];
        for (byte, pair) in hash.iter_mut().zip(text.as_bytes().chunks(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(Digest(hash))
    }

    /// The first 16 bytes, where a check against accidents is enough.
    pub(super) fn half(self) -> [u8; 16] {
        let mut half = [0; 16];
        half.copy_from_slice(&self.0[..16]);
        half
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Tag and length of `prev`, with which every body begins (field 1, 32 bytes).
const PREV_TAG: [u8; 2] = [0x0a, 0x20];

/// The hash of the record before, cut out of `body` by position; `None` when the body does not begin with one.
#[must_use]
pub fn prev_of(body: &[u8]) -> Option<Digest> {
    let rest = body.strip_prefix(&PREV_TAG)?;
    Digest::from_slice(rest.get(..32)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_plain_sha_256() {
        // FIPS 180-2, appendix B.1
        assert_eq!(
            Digest::of(b"abc").to_string(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(Digest::of_pieces(&[b"a", b"", b"bc"]), Digest::of(b"abc"));
    }

    #[test]
    fn prev_is_found_by_position_alone() {
        let mut body = vec![0x0a, 0x20];
        body.extend([7; 32]);
        body.extend(*b"rest");
        assert_eq!(prev_of(&body), Some(Digest([7; 32])));
        assert_eq!(prev_of(&body[..33]), None);
        assert_eq!(prev_of(b"\x0a\x1f"), None);
        assert_eq!(prev_of(b""), None);
    }
}
