//! The witness: a line beside the ledger that remembers which record was acknowledged last.
//!
//! A write-ahead log ends, for its reader, at the first frame that is hurt: flipped bits there, a log that was
//! deleted or an older copy of the file put in its place would silently take acknowledged records away. The witness
//! is written after a batch is durable, without a sync of its own: after a power cut it may be behind, never ahead,
//! so it accuses nobody wrongly; after a kill it is exact. A witness that is hurt itself says nothing.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::chain::Digest;
use super::fault::LedgerFault;
use super::files;
use super::format::{Head, Sequence};

/// What a witness remembers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Remembered {
    pub(super) sequence: Sequence,
    pub(super) hash: Digest,
}

/// The open witness of a ledger.
#[derive(Debug)]
pub(super) struct Witness {
    file: File,
}

impl Witness {
    /// Opens the witness at `path` and says what it remembers.
    pub(super) fn open(path: &Path) -> Result<(Witness, Option<Remembered>), LedgerFault> {
        let mut file = files::open_private(path)?;
        let remembered = read(&mut file).map_err(|source| files::io_fault(path, "read", source))?;
        Ok((Witness { file }, remembered))
    }

    /// What the witness at `path` remembers, without making one.
    pub(super) fn recall(path: &Path) -> Option<Remembered> {
        File::open(path).and_then(|mut file| read(&mut file)).ok().flatten()
    }

    /// Remembers `head`, which is durable. A failure is not told to anybody: the record stands, and the witness is
    /// then only behind.
    pub(super) fn remember(&mut self, head: Head) {
        let line = line(head.sequence, head.hash);
        let _ = self.file.seek(SeekFrom::Start(0)).and_then(|_| self.file.write_all(line.as_bytes()));
    }
}

/// Sequence, hash, and half a hash of both; always of the same length, so it is overwritten whole.
fn line(sequence: Sequence, hash: Digest) -> String {
    let text = format!("{sequence:020} {hash}");
    let check = u128::from_be_bytes(Digest::of(text.as_bytes()).half());
    format!("{text} {check:032x}\n")
}

fn read(file: &mut File) -> std::io::Result<Option<Remembered>> {
    let mut bytes = Vec::new();
    file.take(1024).read_to_end(&mut bytes)?;
    Ok(parse(&bytes))
}

fn parse(bytes: &[u8]) -> Option<Remembered> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut words = text.split_ascii_whitespace();
    let sequence = words.next()?.parse().ok()?;
    let hash = Digest::from_hex(words.next()?)?;
    (line(sequence, hash) == text).then_some(Remembered { sequence, hash })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_witness_that_is_hurt_says_nothing() {
        let line = line(7, Digest::of(b"record"));
        assert_eq!(parse(line.as_bytes()), Some(Remembered { sequence: 7, hash: Digest::of(b"record") }));
        for bit in 0..line.len() * 8 {
            let mut hurt = line.clone().into_bytes();
            hurt[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(parse(&hurt), None, "bit {bit}");
        }
        assert_eq!(parse(b""), None);
        assert_eq!(parse(&line.as_bytes()[..40]), None);
    }
}
