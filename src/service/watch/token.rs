//! The resume token: space, query, and how far each ledger was read. Opaque to callers; version 1.
//!
//! Layout, integers big-endian: version `u8`, fingerprint of space and query 2 x 8 bytes, count of ledgers `u16`, for
//! each the length of its name `u16`, its name, its sequence `u64`; then 8 bytes of SHA-256 over all of that. The sum
//! tells a damaged token from a good one; it is no secret, and a forged token shows nothing that an empty one does not.

use crate::id::{LedgerId, Space};
use crate::service::refusal::Refusal;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

const VERSION: u8 = 1;
const SUM_BYTES: usize = 8;

/// Bytes of a token: 64 members and some fields with the longest names are under 8 KiB.
const TOKEN_BYTES_MAX: usize = 16 * 1024;

/// How far each ledger was read.
pub(super) type Seen = BTreeMap<LedgerId, u64>;

/// What makes tokens of one watch different from those of another: what must be equal for one to resume.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    space: [u8; SUM_BYTES],
    query: [u8; SUM_BYTES],
}

impl Stamp {
    /// The stamp of a space and the text of a query.
    pub(super) fn of(space: &Space, query: &str) -> Stamp {
        Stamp { space: sum(space.to_string().as_bytes()), query: sum(query.as_bytes()) }
    }

    /// The token of having read as far as `seen`.
    pub(super) fn token(&self, seen: &Seen) -> Vec<u8> {
        let mut token = vec![VERSION];
        token.extend_from_slice(&self.space);
        token.extend_from_slice(&self.query);
        token.extend_from_slice(&short(seen.len()));
        for (ledger, sequence) in seen {
            let name = ledger.to_string();
            token.extend_from_slice(&short(name.len()));
            token.extend_from_slice(name.as_bytes());
            token.extend_from_slice(&sequence.to_be_bytes());
        }
        let sum = sum(&token);
        token.extend_from_slice(&sum);
        token
    }

    /// Reads a token back.
    ///
    /// # Errors
    /// [`Refusal::BadToken`], [`Refusal::TokenOfAnotherSpace`] (`here` is this one), [`Refusal::TokenOfAnotherQuery`].
    pub(super) fn read(&self, here: &Space, token: &[u8]) -> Result<Seen, Refusal> {
        let (stamp, seen) = parse(token).ok_or(Refusal::BadToken)?;
        if stamp.space != self.space {
            return Err(Refusal::TokenOfAnotherSpace { space: here.clone() });
        }
        if stamp.query != self.query {
            return Err(Refusal::TokenOfAnotherQuery);
        }
        Ok(seen)
    }
}

/// None unless the bytes are exactly what [`Stamp::token`] writes.
fn parse(token: &[u8]) -> Option<(Stamp, Seen)> {
    if token.len() > TOKEN_BYTES_MAX {
        return None;
    }
    let (body, given) = token.split_last_chunk::<SUM_BYTES>()?;
    if sum(body) != *given {
        return None;
    }
    let mut rest = body;
    if take::<1>(&mut rest)? != [VERSION] {
        return None;
    }
    let stamp = Stamp { space: take(&mut rest)?, query: take(&mut rest)? };
    let count = u16::from_be_bytes(take(&mut rest)?);
    let mut seen = Seen::new();
    for _ in 0..count {
        let length = usize::from(u16::from_be_bytes(take(&mut rest)?));
        let (name, behind) = rest.split_at_checked(length)?;
        rest = behind;
        let ledger = std::str::from_utf8(name).ok()?.parse().ok()?;
        seen.insert(ledger, u64::from_be_bytes(take(&mut rest)?));
    }
    rest.is_empty().then_some((stamp, seen))
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (head, behind) = rest.split_first_chunk::<N>()?;
    *rest = behind;
    Some(*head)
}

fn sum(bytes: &[u8]) -> [u8; SUM_BYTES] {
    let digest = Sha256::digest(bytes);
    let mut sum = [0; SUM_BYTES];
    sum.copy_from_slice(&digest[..SUM_BYTES]);
    sum
}

/// Counts and lengths of names are far below the limit: a union has 64 members, a name 80 bytes.
fn short(count: usize) -> [u8; 2] {
    u16::try_from(count).expect("fewer than 65,536 ledgers").to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn space() -> Space {
        "drill/kansai".parse().unwrap()
    }

    fn seen() -> Seen {
        let ledgers = [("fields/medical", 7), ("members/hyogo", u64::MAX), ("members/osaka", 0)];
        ledgers.into_iter().map(|(ledger, sequence)| (ledger.parse().unwrap(), sequence)).collect()
    }

    #[test]
    fn a_token_reads_back_and_every_damage_to_it_is_noticed() {
        let stamp = Stamp::of(&space(), "");
        let token = stamp.token(&seen());
        assert_eq!(stamp.read(&space(), &token), Ok(seen()));
        assert_eq!(stamp.read(&space(), &[]), Err(Refusal::BadToken));
        assert_eq!(stamp.read(&space(), &vec![0; 1 << 20]), Err(Refusal::BadToken));
        for at in 0..token.len() {
            assert_eq!(stamp.read(&space(), &token[..at]), Err(Refusal::BadToken), "cut at {at}");
            for bit in 0..8 {
                let mut damaged = token.clone();
                damaged[at] ^= 1 << bit;
                assert_eq!(stamp.read(&space(), &damaged), Err(Refusal::BadToken), "bit {bit} of {at}");
            }
        }
    }

    #[test]
    fn a_forged_token_with_a_right_sum_never_panics() {
        let stamp = Stamp::of(&space(), "");
        let token = stamp.token(&seen());
        let body = &token[..token.len() - SUM_BYTES];
        for at in 0..body.len() {
            for value in [0, 1, 0x7f, 0xff] {
                let mut forged = body.to_vec();
                forged[at] = value;
                let sum = sum(&forged);
                forged.extend_from_slice(&sum);
                let _ = stamp.read(&space(), &forged);
            }
        }
    }

    #[test]
    fn a_token_is_of_one_space_and_one_query() {
        let token = Stamp::of(&space(), "asset").token(&seen());
        let live = Stamp::of(&Space::Live, "asset").read(&Space::Live, &token);
        assert_eq!(live, Err(Refusal::TokenOfAnotherSpace { space: Space::Live }));
        let other = Stamp::of(&space(), "asset,site").read(&space(), &token);
        assert_eq!(other, Err(Refusal::TokenOfAnotherQuery));
    }
}
