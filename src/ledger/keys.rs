//! The key file of a ledger: beside the ledger file, never in it, never in a copy of it.
//!
//! A header of 512 bytes and a slot of 64 bytes for each key, written behind the last one and synced before the
//! record that needs it. A plain file of slots instead of a database, because destroying a key must overwrite it
//! in its place: a write-ahead log or a rollback journal would keep another copy of it.
//! ```text
//! header   0 magic "yui keys 1" padded with zeros to 16 | 16 fingerprint key 32 | 48 held_from 8 (big-endian)
//!         56 SHA-256(space 0 ledger) 32 | 88 zeros 392 | 480 SHA-256 of bytes 0 to 479
//! slot     0 key id 16 | 16 key 32 (zeros when destroyed) | 48 check 16
//! check    first half of SHA-256("yui key held" or "yui key gone", slot number 8 big-endian, key id, key)
//! ```
//! A crash may leave an unfinished slot at the end; no record needs it, for records are written after their keys.
//! A slot that fails its check is passed over, and asking for its key gives [`LedgerFault::KeyLost`].
//!
//! What a disk keeps of overwritten blocks is beyond any file's reach: the folder belongs on an encrypted volume.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::id::LedgerId;

use super::chain::Digest;
use super::fault::LedgerFault;
use super::files;
use super::fingerprint::Fingerprinter;
use super::format::{Identity, Sequence};
use super::randomness::{Randomness, random_bytes};
use super::seal::{KeyId, KeyState, NewKey};

const MAGIC: &[u8; 16] = b"yui keys 1\0\0\0\0\0\0";
const HEADER_BYTES: usize = 512;
const CHECKED_BYTES: usize = 480;
const SLOT_BYTES: usize = 64;
const HELD: &[u8] = b"yui key held";
const GONE: &[u8] = b"yui key gone";

/// An open key file.
pub(super) struct KeyFile {
    path: PathBuf,
    ledger: LedgerId,
    file: File,
    fingerprint_key: [u8; 32],
    /// Keys of earlier records are not expected to be here.
    held_from: Sequence,
    slots: BTreeMap<KeyId, u64>,
    slot_count: u64,
    hurt_count: u64,
}

impl KeyFile {
    /// Makes the key file of a ledger whose next record is `held_from`.
    pub(super) fn create(
        path: &Path,
        identity: &Identity,
        held_from: Sequence,
        randomness: &mut dyn Randomness,
    ) -> Result<KeyFile, LedgerFault> {
        let key = random_bytes::<32>(randomness).map_err(|reason| LedgerFault::Randomness { reason })?;
        let mut header = [0; HEADER_BYTES];
        header[..16].copy_from_slice(MAGIC);
        header[16..48].copy_from_slice(&key);
        header[48..56].copy_from_slice(&held_from.to_be_bytes());
        header[56..88].copy_from_slice(&owner(identity).0);
        let check = Digest::of(&header[..CHECKED_BYTES]);
        header[CHECKED_BYTES..].copy_from_slice(&check.0);
        files::write_whole(path, &header)?;
        KeyFile::open(path, identity)
    }

    /// Opens the key file at `path`.
    pub(super) fn open(path: &Path, identity: &Identity) -> Result<KeyFile, LedgerFault> {
        let file = files::open_private(path)?;
        KeyFile::read(path, identity, file)
    }

    /// Opens the key file at `path` for reading only, as `yui check` does.
    pub(super) fn open_read_only(path: &Path, identity: &Identity) -> Result<KeyFile, LedgerFault> {
        let file = File::open(path).map_err(|source| files::io_fault(path, "open", source))?;
        KeyFile::read(path, identity, file)
    }

    fn read(path: &Path, identity: &Identity, mut file: File) -> Result<KeyFile, LedgerFault> {
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(|source| files::io_fault(path, "read", source))?;
        let damaged = || LedgerFault::KeysDamaged { path: path.to_owned(), ledger: identity.ledger.clone() };
        let (header, slots) = bytes.split_at_checked(HEADER_BYTES).ok_or_else(damaged)?;
        let sound = Digest::of(&header[..CHECKED_BYTES]).0 == header[CHECKED_BYTES..]
            && header[..16] == *MAGIC
            && header[56..88] == owner(identity).0;
        if !sound {
            return Err(damaged());
        }
        let fingerprint_key = header[16..48].try_into().expect("32 bytes by the range");
        let held_from = u64::from_be_bytes(header[48..56].try_into().expect("8 bytes by the range"));
        let mut keys = KeyFile {
            path: path.to_owned(),
            ledger: identity.ledger.clone(),
            file,
            fingerprint_key,
            held_from,
            slots: BTreeMap::new(),
            slot_count: 0,
            hurt_count: 0,
        };
        keys.index(slots);
        Ok(keys)
    }

    /// Takes in the slots; an unfinished last one counts as hurt and is never written over.
    fn index(&mut self, bytes: &[u8]) {
        for (number, slot) in (0..).zip(bytes.chunks(SLOT_BYTES)) {
            match read_slot(number, slot) {
                Some((id, _)) => _ = self.slots.insert(id, number),
                None => self.hurt_count += 1,
            }
            self.slot_count = number + 1;
        }
    }

    /// Writes `keys` and syncs them.
    pub(super) fn append(&mut self, keys: &[NewKey]) -> Result<(), LedgerFault> {
        if keys.is_empty() {
            return Ok(());
        }
        let mut bytes = Vec::with_capacity(keys.len() * SLOT_BYTES);
        for (number, key) in (self.slot_count..).zip(keys) {
            bytes.extend_from_slice(&slot(HELD, number, key.id, &key.key));
        }
        let offset = offset_of(self.slot_count);
        if let Err(source) = self.write_at(offset, &bytes) {
            // Half a batch of keys that no record needs does no harm, but the room may be wanted back.
            let _ = self.file.set_len(offset);
            return Err(files::io_fault(&self.path, "write", source));
        }
        for (number, key) in (self.slot_count..).zip(keys) {
            self.slots.insert(key.id, number);
        }
        self.slot_count += keys.len() as u64;
        Ok(())
    }

    /// What is known of the key `id` of a part of record `sequence`.
    pub(super) fn get(&self, id: KeyId, sequence: Sequence) -> Result<KeyState, LedgerFault> {
        let Some(&number) = self.slots.get(&id) else {
            return Ok(if sequence < self.held_from { KeyState::NotHeld } else { KeyState::Lost });
        };
        let mut slot = [0; SLOT_BYTES];
        match self.read_at(offset_of(number), &mut slot) {
            Ok(()) => Ok(read_slot(number, &slot)
                .filter(|(found, _)| *found == id)
                .map_or(KeyState::Lost, |(_, state)| state)),
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(KeyState::Lost),
            Err(source) => Err(files::io_fault(&self.path, "read", source)),
        }
    }

    /// Overwrites the key `id` in its place and syncs; nothing brings it back. Once more does no harm.
    ///
    /// Gives what is known of it afterwards: anything but [`KeyState::Lost`] means that no key is left here.
    pub(super) fn destroy(&mut self, id: KeyId, sequence: Sequence) -> Result<KeyState, LedgerFault> {
        let Some(&number) = self.slots.get(&id) else {
            return self.get(id, sequence);
        };
        let gone = slot(GONE, number, id, &[0; 32]);
        let written = self.write_at(offset_of(number), &gone);
        written.map_err(|source| files::io_fault(&self.path, "write", source))?;
        Ok(KeyState::Destroyed)
    }

    /// The fault of a key that should be here.
    pub(super) fn lost(&self, sequence: Sequence, index: u32) -> LedgerFault {
        LedgerFault::KeyLost { path: self.path.clone(), ledger: self.ledger.clone(), sequence, index }
    }

    pub(super) fn fingerprinter(&self) -> Fingerprinter {
        Fingerprinter::new(self.fingerprint_key)
    }

    /// Slots that fail their check: unfinished by a crash, or hurt since.
    pub(super) fn hurt_count(&self) -> u64 {
        self.hurt_count
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> std::io::Result<()> {
        let mut file = &self.file;
        file.seek(SeekFrom::Start(offset))?;
        file.write_all(bytes)?;
        file.sync_data()
    }

    fn read_at(&self, offset: u64, bytes: &mut [u8]) -> std::io::Result<()> {
        let mut file = &self.file;
        file.seek(SeekFrom::Start(offset))?;
        file.read_exact(bytes)
    }
}

/// Whose keys they are, as the header says it.
fn owner(identity: &Identity) -> Digest {
    Digest::of_pieces(&[identity.space_text.as_bytes(), &[0], identity.ledger_text.as_bytes()])
}

fn offset_of(slot: u64) -> u64 {
    HEADER_BYTES as u64 + slot * SLOT_BYTES as u64
}

fn check(state: &[u8], number: u64, id: KeyId, key: &[u8; 32]) -> [u8; 16] {
    Digest::of_pieces(&[state, &number.to_be_bytes(), &id.0, key]).half()
}

fn slot(state: &[u8], number: u64, id: KeyId, key: &[u8; 32]) -> [u8; SLOT_BYTES] {
    let mut slot = [0; SLOT_BYTES];
    slot[..16].copy_from_slice(&id.0);
    slot[16..48].copy_from_slice(key);
    slot[48..].copy_from_slice(&check(state, number, id, key));
    slot
}

/// The key in `slot`; `None` when it fails its check.
fn read_slot(number: u64, slot: &[u8]) -> Option<(KeyId, KeyState)> {
    let slot: &[u8; SLOT_BYTES] = slot.try_into().ok()?;
    let id = KeyId(slot[..16].try_into().expect("16 bytes by the range"));
    let key: [u8; 32] = slot[16..48].try_into().expect("32 bytes by the range");
    if slot[48..] == check(HELD, number, id, &key) {
        Some((id, KeyState::Held(key)))
    } else if key == [0; 32] && slot[48..] == check(GONE, number, id, &key) {
        Some((id, KeyState::Destroyed))
    } else {
        None
    }
}
