//! What every engine does with a batch before it writes: judge it, seal it, encode it, chain it.

use std::collections::BTreeSet;

use super::Appended;
use super::chain::Digest;
use super::fault::{LedgerFault, UnfitField};
use super::format::{BODY_BYTES_MAX, Head, Identity, NewRecord, check_fit, encode};
use super::randomness::{Randomness, random_bytes};
use super::seal::{KeyId, NewKey, SealId, SealedPart, seal};

/// A record ready to be written.
pub(super) struct Row<'a> {
    pub(super) record: &'a NewRecord,
    pub(super) hash: Digest,
    pub(super) body: Vec<u8>,
    /// The ciphertexts, one behind the other.
    pub(super) sealed: Vec<u8>,
}

/// A batch ready to be written: the keys first, then the rows, all or nothing.
pub(super) struct Batch<'a> {
    pub(super) rows: Vec<Row<'a>>,
    pub(super) keys: Vec<NewKey>,
    pub(super) head: Head,
}

impl Batch<'_> {
    /// What the caller is told when all is durable.
    pub(super) fn appended(&self) -> Vec<Appended> {
        self.rows.iter().map(|row| Appended { sequence: row.record.sequence, hash: row.hash }).collect()
    }
}

/// Judges, seals, encodes and chains `records` behind `head`.
///
/// # Errors
/// [`LedgerFault::WrongSequence`], [`TimeGoesBack`](LedgerFault::TimeGoesBack), [`Unfit`](LedgerFault::Unfit),
/// [`Randomness`](LedgerFault::Randomness), and [`RequestRepeated`](LedgerFault::RequestRepeated) for a request
/// id that stands twice in the batch.
pub(super) fn prepare<'a>(
    identity: &Identity,
    head: Head,
    records: &'a [NewRecord],
    randomness: &mut dyn Randomness,
) -> Result<Batch<'a>, LedgerFault> {
    let mut batch = Batch { rows: Vec::with_capacity(records.len()), keys: Vec::new(), head };
    let mut request_ids = BTreeSet::new();
    for record in records {
        judge(identity, batch.head, record)?;
        if !request_ids.insert(&record.request_id) {
            return Err(LedgerFault::RequestRepeated {
                ledger: identity.ledger.clone(),
                sequence: record.sequence,
            });
        }
        let parts = seal_parts(identity, record, randomness, &mut batch.keys)?;
        let body = encode(identity, batch.head.hash, record, &parts);
        if body.len() > BODY_BYTES_MAX {
            return Err(unfit(identity, record, UnfitField::Body));
        }
        let hash = Digest::of(&body);
        batch.head = Head { sequence: record.sequence, hash, at: record.at };
        let sealed = parts.into_iter().flat_map(|part| part.ciphertext).collect();
        batch.rows.push(Row { record, hash, body, sealed });
    }
    Ok(batch)
}

fn judge(identity: &Identity, head: Head, record: &NewRecord) -> Result<(), LedgerFault> {
    if record.sequence != head.sequence + 1 {
        return Err(LedgerFault::WrongSequence {
            ledger: identity.ledger.clone(),
            expected: head.sequence + 1,
            given: record.sequence,
        });
    }
    check_fit(identity, record).map_err(|field| unfit(identity, record, field))?;
    if record.at < head.at {
        return Err(LedgerFault::TimeGoesBack {
            ledger: identity.ledger.clone(),
            sequence: record.sequence,
            last: head.at,
            given: record.at,
        });
    }
    Ok(())
}

fn unfit(identity: &Identity, record: &NewRecord, field: UnfitField) -> LedgerFault {
    LedgerFault::Unfit { ledger: identity.ledger.clone(), sequence: record.sequence, field }
}

fn seal_parts(
    identity: &Identity,
    record: &NewRecord,
    randomness: &mut dyn Randomness,
    keys: &mut Vec<NewKey>,
) -> Result<Vec<SealedPart>, LedgerFault> {
    let no_randomness = |reason| LedgerFault::Randomness { reason };
    let mut parts = Vec::with_capacity(record.sealed.len());
    for (index, text) in (0..).zip(&record.sealed) {
        let id = KeyId(random_bytes(randomness).map_err(no_randomness)?);
        let key = NewKey { id, key: random_bytes(randomness).map_err(no_randomness)? };
        parts.push(seal(identity, SealId { sequence: record.sequence, index }, text, &key));
        keys.push(key);
    }
    Ok(parts)
}
