//! The record as it stands on disk, for ever: one record per command, opaque events, sealed parts beside.
//!
//! [`NewRecord`] is what an authority gives, [`StoredRecord`] what it reads back. `proto/yui/ledger/v1/record.proto`
//! says what each field means; [`chain`](super::chain) says how a record is hashed. A body is encoded once, when
//! the record is written; readers hash and keep the bytes that were written.
//!
//! Absent on purpose: what an event says. Changing a field here means a new field there, never another meaning.

mod reader;

use std::fmt;

use prost::Message as _;

use crate::id::{LedgerId, Space};
use crate::units::Timestamp;

use super::chain::{Digest, prev_of};
use super::fault::{DamagedPart, LedgerFault, UnfitField};
use super::fingerprint::Fingerprint;
use super::seal::{KeyId, SealId, SealKind, SealText, SealedPart};

use reader::Fields;

/// The generated types of `yui.ledger.v1`, seen by the codecs of this module only.
#[allow(missing_docs, unreachable_pub, clippy::all, reason = "generated from proto/yui/ledger/v1")]
pub(super) mod wire {
    include!(concat!(env!("OUT_DIR"), "/yui.ledger.v1.rs"));
}

/// Number of a record in its ledger, from 1 without gaps; 0 stands for "before the first".
pub type Sequence = u64;

/// The newest schema of events that this version writes and folds; a newer record is kept and verified, not folded.
pub const SCHEMA_VERSION: u32 = 4;

/// Longest request id: a UUID in any spelling, or a name with a random part, fits.
pub const REQUEST_ID_BYTES_MAX: usize = 64;
/// Longest actor: a certificate's URI with room to spare.
pub const ACTOR_BYTES_MAX: usize = 1024;
/// Most ledgers one decision may have looked at: 12 members and their fields today, a country's prefectures and
/// designated cities (67) with room to spare.
pub const SEEN_MAX: usize = 1024;
/// Most events of one command: a plan for every municipality of Japan (1,741) stays within it.
pub const EVENTS_MAX: usize = 4096;
/// Most sealed parts of one command.
pub const SEALED_MAX: usize = 64;
/// Longest text of a sealed part.
pub const SEALED_BYTES_MAX: usize = 1 << 20;
/// Longest body; far over what a command makes, so that one record never holds up the rest for long.
pub const BODY_BYTES_MAX: usize = 8 << 20;
/// Longest stored problem: 1,000 aircraft x 16 sites x 32 hospitals at 4 bytes each, times 8.
pub const PROBLEM_BYTES_MAX: usize = 16 << 20;

/// Bytes of a body beside its lists: two names, an id, an actor, three digests and numbers.
const HEAD_BYTES_MAX: usize = 4_096;
/// Bytes of a sealed part in a body: its key's name, a digest, two numbers.
const SEALED_PART_BYTES_MAX: usize = 128;
/// Bytes of what was read of one ledger: its name and a number.
const SEEN_BYTES_MAX: usize = 256;
/// Bytes of an event beside its own.
const EVENT_BYTES_MAX: usize = 8;

const _: () = assert!(ACTOR_BYTES_MAX + REQUEST_ID_BYTES_MAX + 1_024 <= HEAD_BYTES_MAX);
const _: () = assert!(SEEN_MAX * SEEN_BYTES_MAX + SEALED_MAX * SEALED_PART_BYTES_MAX < BODY_BYTES_MAX / 2);
const _: () = assert!(1000 * 16 * 32 * 4 * 8 <= PROBLEM_BYTES_MAX);

/// What makes a repeated command recognisable: 1 to [`REQUEST_ID_BYTES_MAX`] bytes, valid by construction.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestKey(Vec<u8>);

impl RequestKey {
    /// Takes the bytes that a client sent; `None` when empty or too long.
    #[must_use]
    pub fn new(bytes: impl Into<Vec<u8>>) -> Option<RequestKey> {
        let bytes = bytes.into();
        (1..=REQUEST_ID_BYTES_MAX).contains(&bytes.len()).then_some(RequestKey(bytes))
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for RequestKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.escape_ascii())
    }
}

/// Where a ledger ends: what the next record must follow on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The last record; 0 when there is none.
    pub sequence: Sequence,
    /// Its hash; [`Digest::ZERO`] when there is none.
    pub hash: Digest,
    /// Its time; [`Timestamp::MIN`] when there is none.
    pub at: Timestamp,
}

impl Head {
    /// The head of an empty ledger.
    pub const EMPTY: Head = Head { sequence: 0, hash: Digest::ZERO, at: Timestamp::MIN };

    /// Moves on to `record`, if it follows.
    pub(super) fn follow(&mut self, record: &StoredRecord) -> Result<(), DamagedPart> {
        if record.sequence != self.sequence + 1 {
            return Err(DamagedPart::Gap);
        }
        if record.prev != self.hash {
            return Err(DamagedPart::Link);
        }
        if record.at < self.at {
            return Err(DamagedPart::Time);
        }
        *self = Head { sequence: record.sequence, hash: record.hash, at: record.at };
        Ok(())
    }
}

/// A record to be appended: what an authority decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRecord {
    /// The sequence that the authority expects to get: the head's plus one, then one more for each in the batch.
    pub sequence: Sequence,
    /// Term of the authority.
    pub epoch: u64,
    /// Decision time; not before that of the record before it.
    pub at: Timestamp,
    /// What makes a repetition recognisable.
    pub request_id: RequestKey,
    /// Of the payload, so that another payload under the same id is noticed.
    pub fingerprint: Fingerprint,
    /// Who gave the command.
    pub actor: String,
    /// How far ledgers were known, its own below this record among them, strictly ascending by ledger.
    pub seen: Vec<(LedgerId, Sequence)>,
    /// The encoded problem that the decision answered; stored once however often it is cited.
    pub problem: Option<Vec<u8>>,
    /// Schema of the events.
    pub schema_version: u32,
    /// The events, each encoded.
    pub events: Vec<Vec<u8>>,
    /// What only those entitled may read.
    pub sealed: Vec<SealText>,
}

/// A record as it was read back, verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRecord {
    /// The world it belongs to.
    pub space: Space,
    /// The ledger it stands in.
    pub ledger: LedgerId,
    /// Its number.
    pub sequence: Sequence,
    /// Term of the authority that wrote it.
    pub epoch: u64,
    /// Decision time.
    pub at: Timestamp,
    /// What makes a repetition recognisable.
    pub request_id: RequestKey,
    /// Of the payload.
    pub fingerprint: Fingerprint,
    /// Who gave the command.
    pub actor: String,
    /// How far other ledgers were known.
    pub seen: Vec<(LedgerId, Sequence)>,
    /// Hash of the stored problem.
    pub problem_hash: Option<Digest>,
    /// Schema of the events.
    pub schema_version: u32,
    /// The events, each encoded.
    pub events: Vec<Vec<u8>>,
    /// The sealed parts, closed.
    pub sealed: Vec<SealedPart>,
    /// Hash of the record before.
    pub prev: Digest,
    /// Hash of the body.
    pub hash: Digest,
}

impl StoredRecord {
    /// Room for the records of a ledger.
    pub(super) fn blank(identity: &Identity) -> StoredRecord {
        StoredRecord {
            space: identity.space.clone(),
            ledger: identity.ledger.clone(),
            sequence: 0,
            epoch: 0,
            at: Timestamp(0),
            request_id: RequestKey(Vec::new()),
            fingerprint: Fingerprint([0; 32]),
            actor: String::new(),
            seen: Vec::new(),
            problem_hash: None,
            schema_version: 0,
            events: Vec::new(),
            sealed: Vec::new(),
            prev: Digest::ZERO,
            hash: Digest::ZERO,
        }
    }

    /// Whether its events are of a newer schema than this version folds.
    #[must_use]
    pub fn is_newer(&self) -> bool {
        self.schema_version > SCHEMA_VERSION
    }

    /// The sealed part at `seal`, which must name this record.
    pub(super) fn part(&self, seal: SealId) -> Result<&SealedPart, LedgerFault> {
        let part = usize::try_from(seal.index).ok().and_then(|index| self.sealed.get(index));
        let SealId { sequence, index } = seal;
        part.ok_or_else(|| LedgerFault::NoSuchSeal { ledger: self.ledger.clone(), sequence, index })
    }
}

/// Whose ledger, and its names as they stand in every record.
#[derive(Clone, Debug)]
pub(super) struct Identity {
    pub(super) space: Space,
    pub(super) ledger: LedgerId,
    pub(super) space_text: String,
    pub(super) ledger_text: String,
}

impl Identity {
    pub(super) fn new(space: &Space, ledger: &LedgerId) -> Identity {
        Identity {
            space: space.clone(),
            ledger: ledger.clone(),
            space_text: space.to_string(),
            ledger_text: ledger.to_string(),
        }
    }
}

/// Whether `record` keeps its limits; sequence and time are the engine's to judge.
pub(super) fn check_fit(identity: &Identity, record: &NewRecord) -> Result<(), UnfitField> {
    let ascending = record.seen.windows(2).all(|pair| pair[0].0 < pair[1].0);
    // Of its own ledger a decision may have looked at what stands before it, no farther.
    let ahead =
        record.seen.iter().any(|(ledger, seen)| *ledger == identity.ledger && *seen >= record.sequence);
    let checks = [
        (record.actor.len() <= ACTOR_BYTES_MAX, UnfitField::Actor),
        ((Timestamp::MIN..=Timestamp::MAX).contains(&record.at), UnfitField::At),
        (ascending && !ahead && record.seen.len() <= SEEN_MAX, UnfitField::Seen),
        (record.events.len() <= EVENTS_MAX, UnfitField::Events),
        (record.sealed.len() <= SEALED_MAX && record.sealed.iter().all(SealText::is_fit), UnfitField::Sealed),
        (record.problem.as_ref().is_none_or(|bytes| bytes.len() <= PROBLEM_BYTES_MAX), UnfitField::Problem),
        (record.schema_version <= SCHEMA_VERSION, UnfitField::SchemaVersion),
    ];
    match checks.into_iter().find(|(fit, _)| !fit) {
        Some((_, field)) => Err(field),
        None => Ok(()),
    }
}

/// Whether `record` can be written for sure, whatever stands before it: it keeps its limits, and the texts and events in
/// it leave room for the rest of a body.
pub(super) fn fits(identity: &Identity, record: &NewRecord) -> bool {
    let sealed = record.sealed.len() * SEALED_PART_BYTES_MAX;
    let seen = record.seen.len() * SEEN_BYTES_MAX;
    let events: usize = record.events.iter().map(|event| event.len() + EVENT_BYTES_MAX).sum();
    let body = HEAD_BYTES_MAX + sealed + seen + events;
    check_fit(identity, record).is_ok() && body <= BODY_BYTES_MAX
}

/// The body of `record` behind `prev`, with its parts already sealed.
pub(super) fn encode(
    identity: &Identity,
    prev: Digest,
    record: &NewRecord,
    sealed: &[SealedPart],
) -> Vec<u8> {
    let seen = record.seen.iter();
    wire::Record {
        prev: prev.0.to_vec(),
        space: identity.space_text.clone(),
        ledger: identity.ledger_text.clone(),
        sequence: record.sequence,
        epoch: record.epoch,
        at_ms: record.at.0,
        request_id: record.request_id.as_bytes().to_vec(),
        fingerprint: record.fingerprint.0.to_vec(),
        actor: record.actor.clone(),
        seen: seen
            .map(|(ledger, sequence)| wire::Seen { ledger: ledger.to_string(), sequence: *sequence })
            .collect(),
        problem_hash: record.problem.as_ref().map(|bytes| Digest::of(bytes).0.to_vec()).unwrap_or_default(),
        schema_version: record.schema_version,
        events: record.events.clone(),
        sealed: sealed.iter().map(encode_sealed).collect(),
    }
    .encode_to_vec()
}

fn encode_sealed(part: &SealedPart) -> wire::SealedPart {
    wire::SealedPart {
        kind: part.kind.number(),
        key_id: part.key_id.0.to_vec(),
        ciphertext_bytes: part.ciphertext.len() as u64,
        ciphertext_hash: part.ciphertext_hash.0.to_vec(),
    }
}

/// A row of a ledger as the engine holds it, nothing believed yet.
#[derive(Clone, Copy)]
pub(super) struct Raw<'a> {
    pub(super) sequence: Sequence,
    pub(super) request_id: &'a [u8],
    pub(super) hash: Digest,
    pub(super) body: &'a [u8],
    pub(super) sealed: &'a [u8],
}

impl Raw<'_> {
    /// Verifies the hash, then reads the record.
    pub(super) fn verify(&self, identity: &Identity) -> Result<StoredRecord, DamagedPart> {
        if Digest::of(self.body) != self.hash {
            return Err(DamagedPart::Body);
        }
        self.decode(identity)
    }

    /// Reads a record whose body was found to have its hash.
    ///
    /// Everything beside the body is compared with what the body says, so nothing unhashed is ever believed.
    pub(super) fn decode(&self, identity: &Identity) -> Result<StoredRecord, DamagedPart> {
        let mut record = StoredRecord::blank(identity);
        self.decode_into(identity, &mut record)?;
        Ok(record)
    }

    /// As [`Raw::decode`], into a record of the same ledger that is not needed any more: whoever reads a million records
    /// allocates the room for one. After an error, `record` holds nothing of meaning.
    pub(super) fn decode_into(
        &self,
        identity: &Identity,
        record: &mut StoredRecord,
    ) -> Result<(), DamagedPart> {
        let prev = prev_of(self.body).ok_or(DamagedPart::Envelope)?;
        if !(1..=REQUEST_ID_BYTES_MAX).contains(&self.request_id.len()) {
            return Err(DamagedPart::RequestId);
        }
        record.request_id.0.clear();
        record.request_id.0.extend_from_slice(self.request_id);
        (record.sequence, record.hash, record.prev) = (self.sequence, self.hash, prev);
        (record.epoch, record.at, record.schema_version) = (0, Timestamp(0), 0);
        record.actor.clear();
        record.seen.clear();
        record.problem_hash = None;
        record.sealed.clear();
        let mut events_count = 0;
        let mut claims = Claims::default();
        let mut sealed = self.sealed;
        let mut fields = Fields::of(self.body, &[10, 13, 14]);
        while let Some((field, value)) = fields.next()? {
            match field {
                2 => claims.space = value.bytes()?,
                3 => claims.ledger = value.bytes()?,
                4 => claims.sequence = value.number()?,
                5 => record.epoch = value.number()?,
                6 => record.at = Timestamp(value.number()?.cast_signed()),
                7 => claims.request_id = value.bytes()?,
                8 => (record.fingerprint, claims.has_fingerprint) = (Fingerprint(value.exactly()?), true),
                9 => record.actor.push_str(value.text()?),
                10 => record.seen.push(decode_seen(value.bytes()?, identity)?),
                11 => record.problem_hash = Some(Digest(value.exactly()?)),
                12 => {
                    record.schema_version =
                        u32::try_from(value.number()?).map_err(|_| DamagedPart::Envelope)?
                }
                13 => {
                    put(&mut record.events, events_count, value.bytes()?);
                    events_count += 1;
                }
                14 => record.sealed.push(decode_sealed(value.bytes()?, &mut sealed)?),
                // 1 is `prev`, found by its position; beyond 14 are fields of newer versions.
                _ => {}
            }
        }
        record.events.truncate(events_count);
        claims.hold(self, identity)?;
        let ascending = record.seen.windows(2).all(|pair| pair[0].0 < pair[1].0);
        if !ascending || !(Timestamp::MIN..=Timestamp::MAX).contains(&record.at) {
            return Err(DamagedPart::Envelope);
        }
        // Nothing may lie behind the last ciphertext.
        if sealed.is_empty() { Ok(()) } else { Err(DamagedPart::Sealed) }
    }
}

/// Puts `event` at `index`, into the room of what stood there before.
fn put(events: &mut Vec<Vec<u8>>, index: usize, event: &[u8]) {
    match events.get_mut(index) {
        Some(room) => {
            room.clear();
            room.extend_from_slice(event);
        }
        None => events.push(event.to_vec()),
    }
}

/// What a body says of itself, to be compared with where it was found.
#[derive(Default)]
struct Claims<'a> {
    space: &'a [u8],
    ledger: &'a [u8],
    sequence: Sequence,
    request_id: &'a [u8],
    has_fingerprint: bool,
}

impl Claims<'_> {
    fn hold(&self, raw: &Raw<'_>, identity: &Identity) -> Result<(), DamagedPart> {
        let claims = [
            (self.space == identity.space_text.as_bytes(), DamagedPart::Space),
            (self.ledger == identity.ledger_text.as_bytes(), DamagedPart::Ledger),
            (self.sequence == raw.sequence, DamagedPart::Sequence),
            (self.request_id == raw.request_id, DamagedPart::RequestId),
            (self.has_fingerprint, DamagedPart::Envelope),
        ];
        match claims.into_iter().find(|(holds, _)| !holds) {
            Some((_, part)) => Err(part),
            None => Ok(()),
        }
    }
}

fn decode_seen(message: &[u8], identity: &Identity) -> Result<(LedgerId, Sequence), DamagedPart> {
    let (mut ledger, mut sequence) = ("", 0);
    let mut fields = Fields::of(message, &[]);
    while let Some((field, value)) = fields.next()? {
        match field {
            1 => ledger = value.text()?,
            2 => sequence = value.number()?,
            _ => {}
        }
    }
    if ledger == identity.ledger_text {
        return Ok((identity.ledger.clone(), sequence));
    }
    Ok((ledger.parse().map_err(|_| DamagedPart::Envelope)?, sequence))
}

/// Cuts the ciphertext that the part `message` announces off the front of `rest`, and verifies it.
fn decode_sealed(message: &[u8], rest: &mut &[u8]) -> Result<SealedPart, DamagedPart> {
    let (mut kind, mut key_id, mut length, mut ciphertext_hash) = (0, None, 0, None);
    let mut fields = Fields::of(message, &[]);
    while let Some((field, value)) = fields.next()? {
        match field {
            1 => kind = i32::try_from(value.number()?.cast_signed()).map_err(|_| DamagedPart::Envelope)?,
            2 => key_id = Some(KeyId(value.exactly()?)),
            3 => length = usize::try_from(value.number()?).map_err(|_| DamagedPart::Envelope)?,
            4 => ciphertext_hash = Some(Digest(value.exactly()?)),
            _ => {}
        }
    }
    let (ciphertext, behind) = rest.split_at_checked(length).ok_or(DamagedPart::Sealed)?;
    *rest = behind;
    let ciphertext_hash = ciphertext_hash.ok_or(DamagedPart::Envelope)?;
    if Digest::of(ciphertext) != ciphertext_hash {
        return Err(DamagedPart::Sealed);
    }
    Ok(SealedPart {
        kind: SealKind::from_number(kind),
        key_id: key_id.ok_or(DamagedPart::Envelope)?,
        ciphertext_hash,
        ciphertext: ciphertext.to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given() -> (Identity, NewRecord, Vec<SealedPart>) {
        let identity = Identity::new(&Space::Live, &"members/hyogo".parse().unwrap());
        let ciphertext = b"ciphertext".to_vec();
        let part = SealedPart {
            kind: SealKind::Crew,
            key_id: KeyId([3; 16]),
            ciphertext_hash: Digest::of(&ciphertext),
            ciphertext,
        };
        let record = NewRecord {
            sequence: 300,
            epoch: 2,
            at: Timestamp(-1),
            request_id: RequestKey::new("r-300").unwrap(),
            fingerprint: Fingerprint([9; 32]),
            actor: "兵庫".into(),
            seen: vec![("members/kyoto".parse().unwrap(), 7), ("fields/medical".parse().unwrap(), 1 << 40)],
            problem: Some(b"problem".to_vec()),
            schema_version: 1,
            events: vec![b"one".to_vec(), Vec::new(), vec![0xff; 200]],
            sealed: Vec::new(),
        };
        (identity, record, vec![part.clone(), part])
    }

    /// `record` as the generated decoder would have to read it.
    fn as_generated(record: &StoredRecord) -> wire::Record {
        let seen = record.seen.iter();
        wire::Record {
            prev: record.prev.0.to_vec(),
            space: record.space.to_string(),
            ledger: record.ledger.to_string(),
            sequence: record.sequence,
            epoch: record.epoch,
            at_ms: record.at.0,
            request_id: record.request_id.as_bytes().to_vec(),
            fingerprint: record.fingerprint.0.to_vec(),
            actor: record.actor.clone(),
            seen: seen
                .map(|(ledger, sequence)| wire::Seen { ledger: ledger.to_string(), sequence: *sequence })
                .collect(),
            problem_hash: record.problem_hash.map(|hash| hash.0.to_vec()).unwrap_or_default(),
            schema_version: record.schema_version,
            events: record.events.clone(),
            sealed: record.sealed.iter().map(encode_sealed).collect(),
        }
    }

    /// Even were a hash to match by chance: no panic, and never another reading than the generated decoder's.
    #[test]
    fn reading_in_place_agrees_with_the_generated_decoder_on_every_flip_and_cut() {
        let (identity, record, parts) = given();
        let body = encode(&identity, Digest([5; 32]), &record, &parts);
        let sealed: Vec<u8> = parts.iter().flat_map(|part| part.ciphertext.clone()).collect();
        let flipped = (0..body.len() * 8).map(|bit| {
            let mut flipped = body.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            flipped
        });
        let cut = (0..body.len()).map(|length| body[..length].to_vec());
        let mut readable = 0;
        for bytes in flipped.chain(cut).chain([body.clone()]) {
            let request_id = record.request_id.as_bytes();
            let raw =
                Raw { sequence: 300, request_id, hash: Digest::of(&bytes), body: &bytes, sealed: &sealed };
            if let Ok(stored) = raw.verify(&identity) {
                readable += 1;
                let generated = wire::Record::decode(bytes.as_slice()).expect("what we read, it reads");
                // A part may hold fields that we pass over in silence, as newer versions will write.
                assert_eq!(as_generated(&stored), generated);
            }
        }
        assert!(readable > 1000, "{readable}: most flips are in bytes that may be anything");
        let raw = Raw {
            sequence: 300,
            request_id: b"r-300",
            hash: Digest::of(&body),
            body: &body,
            sealed: &sealed,
        };
        let stored = raw.verify(&identity).unwrap();
        assert_eq!((stored.at, stored.actor.as_str(), stored.events.len()), (Timestamp(-1), "兵庫", 3));
        assert_eq!(stored.sealed, parts);
    }
}
