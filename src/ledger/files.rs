//! Where the files of a space lie, and the lock that keeps a second server away from them.
//! ```text
//! <data>/live/lock                          held while a server runs
//! <data>/live/members.hyogo.ledger          the ledger (SQLite)
//! <data>/live/members.hyogo.head            what was acknowledged last
//! <data>/live/keys/members.hyogo.keys       its keys: never in a copy of the ledger
//! <data>/drill/kansai/...                   the same for a drill space
//! ```
//! Only the owner of the process may enter the folders.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::id::{LedgerId, Space};

use super::fault::LedgerFault;

/// Ending of a ledger file's name.
pub(super) const LEDGER_ENDING: &str = "ledger";

/// The folder of one space, locked for this process for as long as it, or a ledger opened from it, lives.
#[derive(Clone, Debug)]
pub struct SpaceFolder {
    root: PathBuf,
    space: Space,
    /// Held, not read: the system lets go of the lock when the last clone is dropped or the process ends.
    _lock: Arc<File>,
}

/// The files of one ledger.
#[derive(Clone, Debug)]
pub(super) struct LedgerPaths {
    pub(super) ledger: PathBuf,
    pub(super) witness: PathBuf,
    pub(super) keys: PathBuf,
}

impl SpaceFolder {
    /// Makes the folder of `space` under `data` where it is missing, and locks it.
    ///
    /// # Errors
    /// [`LedgerFault::InUse`] when another process holds it, [`LedgerFault::Io`] when it cannot be made.
    pub fn open(data: &Path, space: &Space) -> Result<SpaceFolder, LedgerFault> {
        let root = root_of(data, space);
        make_folder(&root.join("keys"))?;
        let path = root.join("lock");
        let lock = open_private(&path)?;
        match lock.try_lock() {
            Ok(()) => Ok(SpaceFolder { root, space: space.clone(), _lock: Arc::new(lock) }),
            Err(TryLockError::WouldBlock) => Err(LedgerFault::InUse { path }),
            Err(TryLockError::Error(source)) => Err(io_fault(&path, "lock", source)),
        }
    }

    /// The space.
    #[must_use]
    pub fn space(&self) -> &Space {
        &self.space
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.root
    }

    /// The ledgers that lie in the folder, in order.
    ///
    /// # Errors
    /// [`LedgerFault::UnknownFile`] for a ledger file whose name is not a ledger's, [`LedgerFault::Io`].
    pub fn ledgers(&self) -> Result<Vec<LedgerId>, LedgerFault> {
        let mut ledgers = Vec::new();
        for path in ledger_files(&self.root)? {
            ledgers.push(ledger_of(&path).ok_or(LedgerFault::UnknownFile { path })?);
        }
        ledgers.sort();
        Ok(ledgers)
    }

    /// Where the files of `ledger` lie.
    pub(super) fn paths(&self, ledger: &LedgerId) -> LedgerPaths {
        LedgerPaths::beside(&self.root.join(format!("{}.{LEDGER_ENDING}", stem_of(ledger))))
    }
}

impl LedgerPaths {
    /// The files that belong to the ledger file at `path`.
    pub(super) fn beside(path: &Path) -> LedgerPaths {
        let folder = path.parent().unwrap_or(Path::new(""));
        let stem = path.file_stem().unwrap_or_default();
        LedgerPaths {
            ledger: path.to_owned(),
            witness: path.with_extension("head"),
            keys: folder.join("keys").join(stem).with_added_extension("keys"),
        }
    }
}

/// The folder of `space` under `data`. A slug holds neither dots nor slashes, so it cannot lead out of it.
fn root_of(data: &Path, space: &Space) -> PathBuf {
    match space {
        Space::Live => data.join("live"),
        Space::Drill(name) => data.join("drill").join(name.as_str()),
    }
}

/// `members/hyogo` as the beginning of a file name: `members.hyogo`.
fn stem_of(ledger: &LedgerId) -> String {
    ledger.to_string().replace('/', ".")
}

/// The ledger that a file is named for.
pub(super) fn ledger_of(path: &Path) -> Option<LedgerId> {
    path.file_stem()?.to_str()?.replacen('.', "/", 1).parse().ok()
}

/// The ledger files directly in `folder`, in order of their names.
pub(super) fn ledger_files(folder: &Path) -> Result<Vec<PathBuf>, LedgerFault> {
    let mut files = entries(folder)?;
    files.retain(|path| path.extension().is_some_and(|ending| ending == LEDGER_ENDING) && path.is_file());
    Ok(files)
}

/// What lies directly in `folder`, in order.
pub(super) fn entries(folder: &Path) -> Result<Vec<PathBuf>, LedgerFault> {
    let listing = std::fs::read_dir(folder).map_err(|source| io_fault(folder, "list", source))?;
    let mut paths = Vec::new();
    for entry in listing {
        paths.push(entry.map_err(|source| io_fault(folder, "list", source))?.path());
    }
    paths.sort();
    Ok(paths)
}

/// Turns what the system said about `path` into a fault.
pub(super) fn io_fault(path: &Path, doing: &'static str, source: std::io::Error) -> LedgerFault {
    match source.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => LedgerFault::DiskFull { path: path.to_owned() },
        _ => LedgerFault::Io { path: path.to_owned(), doing, source },
    }
}

/// Makes `folder` and what leads to it, for the owner alone, durably.
fn make_folder(folder: &Path) -> Result<(), LedgerFault> {
    if folder.is_dir() {
        return Ok(());
    }
    // The parent of a bare name is the empty path: the folder where we are.
    if let Some(parent) = folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        make_folder(parent)?;
    }
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(io_fault(folder, "make", error)),
        _ => sync_folder(folder),
    }
}

/// Makes the entry of `path` in its folder durable.
pub(super) fn sync_folder(path: &Path) -> Result<(), LedgerFault> {
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    // Elsewhere a folder cannot be opened, and its entries are durable without.
    if cfg!(unix) {
        let synced = File::open(parent).and_then(|folder| folder.sync_all());
        synced.map_err(|source| io_fault(parent, "sync", source))?;
    }
    Ok(())
}

/// Opens `path` for reading and writing, making it for the owner alone where it is missing.
pub(super) fn open_private(path: &Path) -> Result<File, LedgerFault> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map_err(|source| io_fault(path, "open", source))
}

/// Writes a new file so that after a crash it is there whole or not at all.
pub(super) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), LedgerFault> {
    let draft = path.with_added_extension("new");
    let mut file = open_private(&draft)?;
    let written = file.set_len(0).and_then(|()| file.write_all(bytes)).and_then(|()| file.sync_all());
    written.map_err(|source| io_fault(&draft, "write", source))?;
    std::fs::rename(&draft, path).map_err(|source| io_fault(path, "name", source))?;
    sync_folder(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_leads_back_to_its_ledger() {
        for name in ["members/hyogo", "fields/medical", "members/a-1"] {
            let ledger: LedgerId = name.parse().unwrap();
            let path = PathBuf::from(format!("/data/{}.ledger", stem_of(&ledger)));
            assert_eq!(ledger_of(&path), Some(ledger));
        }
        assert_eq!(ledger_of(Path::new("/data/other.ledger")), None);
        let paths = LedgerPaths::beside(Path::new("/data/live/members.hyogo.ledger"));
        assert_eq!(paths.keys, Path::new("/data/live/keys/members.hyogo.keys"));
        assert_eq!(paths.witness, Path::new("/data/live/members.hyogo.head"));
    }

    #[test]
    fn a_second_server_on_the_same_space_is_refused() {
        let data = tempfile::tempdir().unwrap();
        let first = SpaceFolder::open(data.path(), &Space::Live).unwrap();
        let refused = SpaceFolder::open(data.path(), &Space::Live).unwrap_err();
        assert!(matches!(&refused, LedgerFault::InUse { .. }), "{refused}");
        SpaceFolder::open(data.path(), &"drill/kansai".parse().unwrap()).expect("another space is free");
        drop(first);
        SpaceFolder::open(data.path(), &Space::Live).expect("the lock ends with its holder");
    }
}
