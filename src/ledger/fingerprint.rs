//! Fingerprints of payloads: whether a repeated request says the same, without keeping what it said.
//!
//! Keyed, because a payload may hold what only a sealed part may hold: without the key nobody can try out names
//! against a fingerprint in a copy of the ledger. The key lies with the keys, outside the ledger file.

use std::fmt;

use hmac::{Hmac, Mac};
use sha2::Sha256;

/// HMAC-SHA256 of a command's payload under the key of its ledger.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub [u8; 32]);

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// Makes the fingerprints of one ledger; cheap to clone and to hand to whoever takes requests in.
#[derive(Clone)]
pub struct Fingerprinter {
    key: [u8; 32],
}

impl Fingerprinter {
    /// With the key of the ledger.
    pub(super) fn new(key: [u8; 32]) -> Fingerprinter {
        Fingerprinter { key }
    }

    /// The fingerprint of `payload`.
    #[must_use]
    pub fn of(&self, payload: &[u8]) -> Fingerprint {
        let mut mac =
            <Hmac<Sha256> as Mac>::new_from_slice(&self.key).expect("HMAC takes a key of any length");
        mac.update(payload);
        Fingerprint(mac.finalize().into_bytes().into())
    }
}

impl fmt::Debug for Fingerprinter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fingerprinter")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_plain_hmac_sha_256() {
        // RFC 4231, test case 2: key "Jefe"; a key shorter than a block is the same key padded with zeros.
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        let fingerprint = Fingerprinter::new(key).of(b"what do ya want for nothing?");
        assert_eq!(
            format!("{fingerprint:?}"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn another_ledger_gives_another_fingerprint() {
        let one = Fingerprinter::new([1; 32]);
        assert_ne!(one.of(b"payload"), Fingerprinter::new([2; 32]).of(b"payload"));
        assert_ne!(one.of(b"payload"), one.of(b"payloae"));
        assert_eq!(format!("{one:?}"), "Fingerprinter");
    }
}
