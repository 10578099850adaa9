//! The SQLite file of a ledger: its settings, its tables, whose it is.
//!
//! Nothing is believed for having been asked for: every setting that durability rests on is read back.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, params};

use crate::ledger::fault::{DamagedPart, Extent, LedgerFault};
use crate::ledger::format::Identity;

/// "yuiL": tells `file` and other programs whose database it is.
const APPLICATION_ID: i64 = 0x7975_694c;
/// Version of the tables. The envelope in `body` has a version of its own.
const FORMAT: i64 = 1;

/// Settings and what they must read back as.
const SETTINGS: [(&str, &str, &str); 5] = [
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", "2"),
    ("mmap_size", "0", "0"),
    ("trusted_schema", "OFF", "0"),
    ("cell_size_check", "ON", "1"),
];

/// The tables, as `sqlite_schema` gives them back: name and text.
///
/// `record.sealed` holds the ciphertexts one behind the other. Nothing is ever updated or deleted but a checkpoint.
const TABLES: [(&str, &str); 6] = [
    (
        "checkpoint",
        "CREATE TABLE checkpoint(sequence INTEGER PRIMARY KEY, state_format INTEGER NOT NULL, \
         state_hash BLOB NOT NULL, proof BLOB NOT NULL) STRICT",
    ),
    ("meta", "CREATE TABLE meta(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID"),
    ("problem", "CREATE TABLE problem(hash BLOB NOT NULL, bytes BLOB NOT NULL) STRICT"),
    ("problem_hash", "CREATE UNIQUE INDEX problem_hash ON problem(hash)"),
    (
        "record",
        "CREATE TABLE record(sequence INTEGER PRIMARY KEY, request_id BLOB NOT NULL, hash BLOB NOT NULL, \
         body BLOB NOT NULL, sealed BLOB NOT NULL) STRICT",
    ),
    ("record_request_id", "CREATE UNIQUE INDEX record_request_id ON record(request_id)"),
];

/// A ledger file's page cache: the index of a million request ids stays in it while it is being appended to.
const CACHE_KIB: i64 = 32 * 1024;
/// The same while a ledger is read from end to end: no page is asked for twice, so few of them stay in the nearest cache
/// and no memory is touched for the rest.
const CACHE_READ_ONCE_KIB: i64 = 512;
/// The log is folded into the file every 16 MiB: each time costs two syncs.
const LOG_PAGES: i64 = 4096;

/// Opens the file at `path` for its one writer; makes the tables in a file that is missing or empty.
pub(super) fn open(path: &Path, identity: &Identity) -> Result<Connection, LedgerFault> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection =
        Connection::open_with_flags(path, flags).map_err(|error| fault(path, identity, "open", error))?;
    match prepare(&connection, path, identity) {
        Ok(()) => Ok(connection),
        Err(found) => Err(found),
    }
}

fn prepare(connection: &Connection, path: &Path, identity: &Identity) -> Result<(), LedgerFault> {
    let engine = |error| fault(path, identity, "open", error);
    protect(connection).map_err(engine)?;
    // What is refused below must stay as it was found: no log is folded in when the connection closes.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).map_err(engine)?;
    let is_new = is_empty(connection).map_err(engine)?;
    if !is_new {
        check_format(connection, path, identity)?;
    }
    apply_settings(connection).map_err(engine)?;
    check_settings(connection, path, identity)?;
    if is_new {
        create(connection, identity).map_err(|error| fault(path, identity, "write", error))?;
        crate::ledger::files::sync_folder(path)?;
    }
    check_tables(connection, path, identity)?;
    check_identity(connection, path, identity)
}

/// Lets the connection fold its log in when it closes: the ledger was verified.
pub(super) fn trust(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false).map(|_| ())
}

/// Opens the file at `path` for reading, as checks and backups do, whether or not its writer runs.
pub(in crate::ledger) fn open_read_only(path: &Path, identity: &Identity) -> Result<Connection, LedgerFault> {
    let engine = |error| fault(path, identity, "open", error);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(engine)?;
    protect(&connection).map_err(engine)?;
    Ok(connection)
}

/// What the pages of a ledger file are read for.
#[derive(Clone, Copy)]
pub(super) enum Pages {
    /// All of them, one after the other.
    ReadOnce,
    /// Here and there, for as long as the ledger is open.
    Serving,
}

/// Sets how many pages a connection keeps.
pub(super) fn keep_pages(connection: &Connection, pages: Pages) -> rusqlite::Result<()> {
    let cache_kib = match pages {
        Pages::ReadOnce => CACHE_READ_ONCE_KIB,
        Pages::Serving => CACHE_KIB,
    };
    connection.execute_batch(&format!("PRAGMA cache_size=-{cache_kib};"))
}

/// What keeps a file that somebody else wrote from doing anything but being read.
fn protect(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.busy_timeout(std::time::Duration::from_secs(2))?;
    connection.execute_batch("PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0;")
}

fn is_empty(connection: &Connection) -> rusqlite::Result<bool> {
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok(tables == 0 && read_setting(connection, "application_id")? == "0")
}

fn apply_settings(connection: &Connection) -> rusqlite::Result<()> {
    for (setting, value, _) in SETTINGS {
        // Some answer with a row, some do not: `query` takes both.
        let mut statement = connection.prepare(&format!("PRAGMA {setting}={value}"))?;
        let mut rows = statement.query([])?;
        while rows.next()?.is_some() {}
    }
    connection
        .execute_batch("PRAGMA fullfsync=ON; PRAGMA checkpoint_fullfsync=ON; PRAGMA temp_store=MEMORY;")?;
    keep_pages(connection, Pages::Serving)?;
    connection.query_row(&format!("PRAGMA wal_autocheckpoint={LOG_PAGES}"), [], |_| Ok(()))
}

/// A setting as text, whatever type it answers with; empty when it does not answer.
pub(in crate::ledger) fn read_setting(connection: &Connection, setting: &str) -> rusqlite::Result<String> {
    let read = |row: &rusqlite::Row<'_>| match row.get_ref(0)? {
        rusqlite::types::ValueRef::Integer(number) => Ok(number.to_string()),
        rusqlite::types::ValueRef::Text(text) => Ok(String::from_utf8_lossy(text).into_owned()),
        other => Ok(format!("{other:?}")),
    };
    let value = connection.query_row(&format!("PRAGMA {setting}"), [], read).optional()?;
    Ok(value.unwrap_or_default())
}

fn check_settings(connection: &Connection, path: &Path, identity: &Identity) -> Result<(), LedgerFault> {
    for (setting, _, required) in SETTINGS {
        let found =
            read_setting(connection, setting).map_err(|error| fault(path, identity, "open", error))?;
        if found != required {
            return Err(LedgerFault::UnsafeSetting { path: path.to_owned(), setting, required, found });
        }
    }
    Ok(())
}

/// Writes tables, names and versions in one transaction: a crash leaves an empty file or a whole one.
fn create(connection: &Connection, identity: &Identity) -> rusqlite::Result<()> {
    let transaction = connection.unchecked_transaction()?;
    for (_, text) in TABLES.iter().filter(|(_, text)| text.starts_with("CREATE TABLE")) {
        transaction.execute_batch(text)?;
    }
    for (_, text) in TABLES.iter().filter(|(_, text)| !text.starts_with("CREATE TABLE")) {
        transaction.execute_batch(text)?;
    }
    for (name, value) in [("space", &identity.space_text), ("ledger", &identity.ledger_text)] {
        transaction.execute("INSERT INTO meta(name, value) VALUES (?1, ?2)", params![name, value])?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", FORMAT)?;
    transaction.commit()
}

/// Whether the file is a ledger, of a format this version knows.
pub(in crate::ledger) fn check_format(
    connection: &Connection,
    path: &Path,
    identity: &Identity,
) -> Result<(), LedgerFault> {
    let read =
        |setting| read_setting(connection, setting).map_err(|error| fault(path, identity, "open", error));
    if read("application_id")? != APPLICATION_ID.to_string() {
        return Err(LedgerFault::NotALedger { path: path.to_owned() });
    }
    let found = read("user_version")?.parse().unwrap_or(-1);
    if found != FORMAT {
        return Err(LedgerFault::NewerFormat { path: path.to_owned(), found, known: FORMAT });
    }
    Ok(())
}

/// Whether the tables are exactly ours: a changed word in them could change what a query means.
pub(in crate::ledger) fn check_tables(
    connection: &Connection,
    path: &Path,
    identity: &Identity,
) -> Result<(), LedgerFault> {
    let read = || -> rusqlite::Result<Vec<(String, Option<String>)>> {
        let mut statement = connection.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.collect()
    };
    let found = read().map_err(|error| fault(path, identity, "read", error))?;
    let same = found.len() == TABLES.len()
        && found
            .iter()
            .zip(TABLES)
            .all(|((name, sql), (ours, text))| name == ours && sql.as_deref() == Some(text));
    if same { Ok(()) } else { Err(damaged(path, identity, None, DamagedPart::Tables, Extent::File)) }
}

/// Whether the file belongs to the space and the ledger that were asked for.
pub(in crate::ledger) fn check_identity(
    connection: &Connection,
    path: &Path,
    identity: &Identity,
) -> Result<(), LedgerFault> {
    let read = |name: &str| {
        connection
            .query_row("SELECT value FROM meta WHERE name = ?1", [name], |row| row.get::<_, String>(0))
            .optional()
            .map_err(|error| fault(path, identity, "read", error))
    };
    let lost = || damaged(path, identity, None, DamagedPart::Identity, Extent::File);
    let found = read("space")?.and_then(|text| text.parse().ok()).ok_or_else(lost)?;
    if found != identity.space {
        return Err(LedgerFault::WrongSpace {
            path: path.to_owned(),
            expected: identity.space.clone(),
            found,
        });
    }
    let found = read("ledger")?.and_then(|text| text.parse().ok()).ok_or_else(lost)?;
    if found != identity.ledger {
        return Err(LedgerFault::WrongLedger {
            path: path.to_owned(),
            expected: identity.ledger.clone(),
            found,
        });
    }
    Ok(())
}

/// A fault of damage.
pub(in crate::ledger) fn damaged(
    path: &Path,
    identity: &Identity,
    sequence: Option<u64>,
    part: DamagedPart,
    extent: Extent,
) -> LedgerFault {
    LedgerFault::Damaged { path: path.to_owned(), ledger: identity.ledger.clone(), sequence, part, extent }
}

/// Turns what SQLite said into a fault.
pub(in crate::ledger) fn fault(
    path: &Path,
    identity: &Identity,
    doing: &'static str,
    error: rusqlite::Error,
) -> LedgerFault {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => LedgerFault::DiskFull { path: path.to_owned() },
        Some(ErrorCode::NotADatabase) => LedgerFault::NotALedger { path: path.to_owned() },
        Some(ErrorCode::DatabaseCorrupt) => damaged(path, identity, None, DamagedPart::Storage, Extent::File),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            LedgerFault::InUse { path: path.to_owned() }
        }
        Some(_) => LedgerFault::Engine { path: path.to_owned(), doing, source: error },
        // No SQLite code: a column was not of its type.
        None => damaged(path, identity, None, DamagedPart::Row, Extent::File),
    }
}
