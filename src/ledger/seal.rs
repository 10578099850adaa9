//! Sealed parts: what only those entitled may read, each part under a key of its own.
//!
//! A part is ChaCha20-Poly1305 (RFC 8439) under 32 random bytes that seal nothing else, hence with a nonce of
//! zeros. Space, ledger, sequence, index and kind are its associated data, so a ciphertext cannot be moved to
//! another record; the sequence is known, because a writer names the sequence it expects before anything is sealed.
//! Destroying the key erases the part in every copy: the chain holds the hash of the *ciphertext*.
//!
//! Absent on purpose: who is entitled. The length of a text shows in its ciphertext; whom that troubles pads it.

use std::fmt;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};

use super::chain::Digest;
use super::format::{Identity, SEALED_BYTES_MAX, Sequence};

/// Whom a sealed part is about, which decides who may read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SealKind {
    /// A patient.
    Patient,
    /// Whoever called.
    Caller,
    /// A crew.
    Crew,
    /// A kind of a newer version, by its number; it can be kept and verified, never written.
    Other(i32),
}

impl SealKind {
    /// The number that stands in the record.
    pub(super) fn number(self) -> i32 {
        match self {
            SealKind::Patient => 1,
            SealKind::Caller => 2,
            SealKind::Crew => 3,
            SealKind::Other(number) => number,
        }
    }

    pub(super) fn from_number(number: i32) -> SealKind {
        match number {
            1 => SealKind::Patient,
            2 => SealKind::Caller,
            3 => SealKind::Crew,
            other => SealKind::Other(other),
        }
    }
}

/// A text to be sealed. Its debug form does not show it, so that no log ever does.
#[derive(Clone, PartialEq, Eq)]
pub struct SealText {
    /// Whom it is about.
    pub kind: SealKind,
    /// What only those entitled may read.
    pub plaintext: Vec<u8>,
}

impl SealText {
    pub(super) fn is_fit(&self) -> bool {
        !matches!(self.kind, SealKind::Other(_)) && self.plaintext.len() <= SEALED_BYTES_MAX
    }
}

impl fmt::Debug for SealText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealText({:?}, {} bytes)", self.kind, self.plaintext.len())
    }
}

/// Where a sealed part lies, in the order in which the texts were given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SealId {
    /// The record.
    pub sequence: Sequence,
    /// The part in it, from 0.
    pub index: u32,
}

/// Name of a key: random, never used twice.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; 16]);

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A key and its name, on their way to where keys are kept.
#[derive(Clone)]
pub(super) struct NewKey {
    pub(super) id: KeyId,
    pub(super) key: [u8; 32],
}

/// A sealed part as every copy of the ledger holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedPart {
    /// Whom it is about.
    pub kind: SealKind,
    /// Name of its key.
    pub key_id: KeyId,
    /// What the chain covers.
    pub ciphertext_hash: Digest,
    /// The closed text.
    pub ciphertext: Vec<u8>,
}

/// What a key store can say about a key.
pub(super) enum KeyState {
    /// Here it is.
    Held([u8; 32]),
    /// It was destroyed, and the part with it.
    Destroyed,
    /// It was never here, as in a copy, or before the keys were renewed.
    NotHeld,
    /// It should be here and is not, or is hurt.
    Lost,
}

/// What a part is bound to.
pub(super) fn associated_data(identity: &Identity, place: SealId, kind: SealKind) -> Vec<u8> {
    let mut data = Vec::with_capacity(128);
    // Names hold no zero byte and the numbers have a fixed length: the borders are unmistakable.
    for text in ["yui sealed part 1", &identity.space_text, &identity.ledger_text] {
        data.extend_from_slice(text.as_bytes());
        data.push(0);
    }
    data.extend_from_slice(&place.sequence.to_be_bytes());
    data.extend_from_slice(&place.index.to_be_bytes());
    data.extend_from_slice(&kind.number().to_be_bytes());
    data
}

/// Seals `text` for `place` under a key that must seal nothing else.
pub(super) fn seal(identity: &Identity, place: SealId, text: &SealText, key: &NewKey) -> SealedPart {
    let aad = associated_data(identity, place, text.kind);
    let ciphertext = ChaCha20Poly1305::new(Key::from_slice(&key.key))
        .encrypt(&Nonce::default(), Payload { msg: &text.plaintext, aad: &aad })
        .expect("a text within SEALED_BYTES_MAX is far under the cipher's 256 GiB");
    SealedPart { kind: text.kind, key_id: key.id, ciphertext_hash: Digest::of(&ciphertext), ciphertext }
}

/// Opens `part`; `None` when the key is not its key, or either was changed.
pub(super) fn unseal(
    identity: &Identity,
    place: SealId,
    part: &SealedPart,
    key: &[u8; 32],
) -> Option<Vec<u8>> {
    let aad = associated_data(identity, place, part.kind);
    let payload = Payload { msg: part.ciphertext.as_slice(), aad: &aad };
    ChaCha20Poly1305::new(Key::from_slice(key)).decrypt(&Nonce::default(), payload).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_opens_only_in_its_own_place_with_its_own_key() {
        let hyogo = Identity::new(&"live".parse().unwrap(), &"members/hyogo".parse().unwrap());
        let drill = Identity::new(&"drill/kansai".parse().unwrap(), &"members/hyogo".parse().unwrap());
        let nara = Identity::new(&"live".parse().unwrap(), &"members/nara".parse().unwrap());
        let place = SealId { sequence: 7, index: 1 };
        let text = SealText { kind: SealKind::Patient, plaintext: b"male, 60s, chest pain".to_vec() };
        let key = NewKey { id: KeyId([1; 16]), key: [2; 32] };
        let part = seal(&hyogo, place, &text, &key);
        assert_eq!(unseal(&hyogo, place, &part, &key.key), Some(text.plaintext.clone()));
        for other in [&drill, &nara] {
            assert_eq!(unseal(other, place, &part, &key.key), None);
        }
        for other in [SealId { sequence: 8, index: 1 }, SealId { sequence: 7, index: 0 }] {
            assert_eq!(unseal(&hyogo, other, &part, &key.key), None);
        }
        assert_eq!(unseal(&hyogo, place, &part, &[3; 32]), None);
        let about_a_crew = SealedPart { kind: SealKind::Crew, ..part.clone() };
        assert_eq!(unseal(&hyogo, place, &about_a_crew, &key.key), None);
        assert!(!format!("{text:?}").contains("chest"));
    }
}
