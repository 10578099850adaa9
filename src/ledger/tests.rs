//! Stories of ledgers: what is appended stays, is found, is found out when it was touched.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use tempfile::TempDir;

use super::fault::{DamagedPart, Extent, UnfitField};
use super::format::{self, Identity};
use super::verify::{Finding, LedgerReport, verify};
use super::*;
use crate::units::Timestamp;

/// Bytes that look random and repeat: SHA-256 of a counter.
fn counting() -> Box<dyn Randomness> {
    let mut counter = 0_u64;
    Box::new(move |bytes: &mut [u8]| {
        for chunk in bytes.chunks_mut(32) {
            counter += 1;
            chunk.copy_from_slice(&Digest::of(&counter.to_be_bytes()).0[..chunk.len()]);
        }
    })
}

fn live() -> Space {
    Space::Live
}

fn hyogo() -> LedgerId {
    "members/hyogo".parse().unwrap()
}

/// Record `sequence` of a made-up history: some have sealed parts, problems, several events, none.
fn record(sequence: Sequence) -> NewRecord {
    let seal = |kind, text: &str| SealText { kind, plaintext: format!("{text} {sequence}").into_bytes() };
    let sealed = match sequence % 4 {
        0 => vec![seal(SealKind::Patient, "male, 60s, chest pain"), seal(SealKind::Caller, "090-0000-0000")],
        1 => vec![seal(SealKind::Crew, "pilot")],
        _ => Vec::new(),
    };
    NewRecord {
        sequence,
        epoch: 1,
        at: Timestamp(1_765_000_000_000 + sequence as i64),
        request_id: RequestKey::new(format!("request-{sequence}")).unwrap(),
        fingerprint: Fingerprint([sequence as u8; 32]),
        actor: "unauthenticated:kobe-dispatch".into(),
        seen: vec![("members/kyoto".parse().unwrap(), 7), ("fields/medical".parse().unwrap(), sequence)],
        // Some in one page, some over several.
        problem: sequence
            .is_multiple_of(3)
            .then(|| vec![sequence as u8; if sequence.is_multiple_of(9) { 6000 } else { 200 }]),
        schema_version: SCHEMA_VERSION,
        events: (0..sequence % 5).map(|event| vec![event as u8; 100]).collect(),
        sealed,
    }
}

fn records(sequences: std::ops::RangeInclusive<Sequence>) -> Vec<NewRecord> {
    sequences.map(record).collect()
}

fn open(folder: &SpaceFolder) -> Result<(SqliteLedger, Vec<StoredRecord>), LedgerFault> {
    let mut replayed = Vec::new();
    let ledger = SqliteLedger::open(folder, &hyogo(), MissingKeys::Refuse, counting(), &mut |record| {
        replayed.push(record.clone());
        Ok(())
    })?;
    Ok((ledger, replayed))
}

/// A new ledger on disk with `count` records, and what holds its folder.
fn ledger_of(count: Sequence) -> (TempDir, SqliteLedger) {
    let data = tempfile::tempdir().unwrap();
    let folder = SpaceFolder::open(data.path(), &live()).unwrap();
    let (mut ledger, replayed) = open(&folder).unwrap();
    assert!(replayed.is_empty());
    for batch in records(1..=count).chunks(7) {
        ledger.append_batch(batch).unwrap();
    }
    (data, ledger)
}

fn reopen(data: &Path) -> Result<(SqliteLedger, Vec<StoredRecord>), LedgerFault> {
    open(&SpaceFolder::open(data, &live())?)
}

fn memory_of(count: Sequence) -> (MemoryDisk, MemoryLedger) {
    let disk = MemoryDisk::new();
    let mut ledger = on_disk(&disk).unwrap().0;
    for batch in records(1..=count).chunks(7) {
        ledger.append_batch(batch).unwrap();
    }
    (disk, ledger)
}

fn on_disk(disk: &MemoryDisk) -> Result<(MemoryLedger, Vec<StoredRecord>), LedgerFault> {
    let mut replayed = Vec::new();
    let ledger = MemoryLedger::open(disk, (&live(), &hyogo()), counting(), &mut |record| {
        replayed.push(record.clone());
        Ok(())
    })?;
    Ok((ledger, replayed))
}

/// Whether `stored` says what `given` said.
fn assert_same(stored: &StoredRecord, given: &NewRecord) {
    assert_eq!((stored.sequence, stored.epoch, stored.at), (given.sequence, given.epoch, given.at));
    assert_eq!((&stored.request_id, stored.fingerprint), (&given.request_id, given.fingerprint));
    assert_eq!((&stored.actor, &stored.seen, &stored.events), (&given.actor, &given.seen, &given.events));
    assert_eq!(stored.problem_hash, given.problem.as_deref().map(Digest::of));
    assert_eq!(stored.schema_version, given.schema_version);
    let kinds = |sealed: &[SealText]| sealed.iter().map(|text| text.kind).collect::<Vec<_>>();
    assert_eq!(stored.sealed.iter().map(|part| part.kind).collect::<Vec<_>>(), kinds(&given.sealed));
    assert_eq!((&stored.space, &stored.ledger), (&live(), &hyogo()));
}

/// What every engine must do; run for each.
fn keeps_its_promises(ledger: &mut dyn LedgerEngine) {
    let first = ledger.append_batch(&records(1..=9)).unwrap();
    assert_eq!(
        first.iter().map(|appended| appended.sequence).collect::<Vec<_>>(),
        (1..=9).collect::<Vec<_>>()
    );
    assert_eq!((ledger.head().sequence, ledger.head().hash), (9, first[8].hash));
    assert_eq!(ledger.append_batch(&[]).unwrap(), []);
    let stored = ledger.read_from(0, 100).unwrap();
    assert_eq!(stored.len(), 9);
    for (stored, given) in stored.iter().zip(records(1..=9)) {
        assert_same(stored, &given);
    }
    assert_eq!(stored[0].prev, Digest::ZERO);
    assert!(stored.windows(2).all(|pair| pair[1].prev == pair[0].hash));
    assert_eq!(ledger.read_from(4, 2).unwrap(), stored[3..5]);
    assert_eq!(ledger.read_from(10, 2).unwrap(), []);

    // A request id is found, and is taken, also within a batch; a refused batch leaves nothing.
    assert_eq!(ledger.find_request(&record(5).request_id).unwrap().as_ref(), Some(&stored[4]));
    assert_eq!(ledger.find_request(&record(10).request_id).unwrap(), None);
    let repeated = NewRecord { request_id: record(5).request_id, ..record(11) };
    let twice = NewRecord { request_id: record(10).request_id, ..record(11) };
    for batch in [[record(10), repeated], [record(10), twice]] {
        let refused = ledger.append_batch(&batch).unwrap_err();
        assert!(matches!(refused, LedgerFault::RequestRepeated { sequence: 11, .. }), "{refused}");
        assert_eq!((ledger.head().sequence, ledger.find_request(&record(10).request_id).unwrap()), (9, None));
    }
    for sequence in [9, 11] {
        let refused = ledger.append_batch(&[record(sequence)]).unwrap_err();
        assert!(matches!(refused, LedgerFault::WrongSequence { expected: 10, .. }), "{refused}");
    }
    let refused = ledger.append_batch(&[NewRecord { at: Timestamp(0), ..record(10) }]).unwrap_err();
    assert!(matches!(refused, LedgerFault::TimeGoesBack { sequence: 10, .. }), "{refused}");
    for (unfit, field) in unfit_records() {
        match ledger.append_batch(&[unfit]).unwrap_err() {
            LedgerFault::Unfit { sequence: 10, field: found, .. } => assert_eq!(found, field),
            other => panic!("{other}"),
        }
    }

    // Problems by content, sealed parts by place, checkpoints.
    assert_eq!(ledger.problem(&stored[2].problem_hash.unwrap()).unwrap(), record(3).problem.unwrap());
    assert!(matches!(ledger.problem(&Digest::ZERO), Err(LedgerFault::ProblemMissing { .. })));
    let seal = SealId { sequence: 8, index: 1 };
    assert_eq!(ledger.open_seal(seal).unwrap(), Some(b"090-0000-0000 8".to_vec()));
    ledger.destroy_key(seal).unwrap();
    ledger.destroy_key(seal).unwrap();
    assert_eq!(ledger.open_seal(seal).unwrap(), None);
    assert!(ledger.open_seal(SealId { sequence: 8, index: 0 }).unwrap().is_some());
    assert!(matches!(
        ledger.open_seal(SealId { sequence: 8, index: 2 }),
        Err(LedgerFault::NoSuchSeal { .. })
    ));
    assert!(matches!(
        ledger.open_seal(SealId { sequence: 10, index: 0 }),
        Err(LedgerFault::NoSuchRecord { .. })
    ));
    assert_eq!(ledger.latest_checkpoint().unwrap(), None);
    for sequence in [9, 4] {
        let checkpoint = Checkpoint { sequence, state_hash: Digest([sequence as u8; 32]), state_format: 2 };
        ledger.write_checkpoint(&checkpoint).unwrap();
        assert_eq!(ledger.latest_checkpoint().unwrap().unwrap().sequence, 9);
    }
    let ahead = Checkpoint { sequence: 10, state_hash: Digest::ZERO, state_format: 2 };
    assert!(matches!(ledger.write_checkpoint(&ahead), Err(LedgerFault::NoSuchRecord { .. })));
    ledger.append_batch(&records(10..=12)).expect("usable after every refusal");
}

fn unfit_records() -> Vec<(NewRecord, UnfitField)> {
    let long = |bytes: usize| vec![0; bytes];
    let (kyoto, own) = ("members/kyoto".parse::<LedgerId>().unwrap(), hyogo());
    let sealed = |kind, bytes| vec![SealText { kind, plaintext: long(bytes) }];
    vec![
        (NewRecord { actor: "a".repeat(format::ACTOR_BYTES_MAX + 1), ..record(10) }, UnfitField::Actor),
        (NewRecord { at: Timestamp(i64::MAX), ..record(10) }, UnfitField::At),
        (NewRecord { seen: vec![(kyoto.clone(), 1), (kyoto, 2)], ..record(10) }, UnfitField::Seen),
        (NewRecord { seen: vec![(own, 10)], ..record(10) }, UnfitField::Seen),
        (NewRecord { events: vec![Vec::new(); format::EVENTS_MAX + 1], ..record(10) }, UnfitField::Events),
        (NewRecord { sealed: sealed(SealKind::Other(9), 1), ..record(10) }, UnfitField::Sealed),
        (
            NewRecord { sealed: sealed(SealKind::Crew, format::SEALED_BYTES_MAX + 1), ..record(10) },
            UnfitField::Sealed,
        ),
        (NewRecord { problem: Some(long(format::PROBLEM_BYTES_MAX + 1)), ..record(10) }, UnfitField::Problem),
        (NewRecord { events: vec![long(format::BODY_BYTES_MAX)], ..record(10) }, UnfitField::Body),
        (NewRecord { schema_version: SCHEMA_VERSION + 1, ..record(10) }, UnfitField::SchemaVersion),
    ]
}

#[test]
fn the_sqlite_engine_keeps_its_promises() {
    let (_data, mut ledger) = ledger_of(0);
    keeps_its_promises(&mut ledger);
}

#[test]
fn the_memory_engine_keeps_its_promises() {
    keeps_its_promises(&mut memory_of(0).1);
}

#[test]
fn both_engines_write_the_same_bytes() {
    let (_data, sqlite) = ledger_of(20);
    let (_disk, memory) = memory_of(20);
    assert_eq!(sqlite.head(), memory.head());
    assert_eq!(sqlite.read_from(1, 20).unwrap(), memory.read_from(1, 20).unwrap());
}

#[test]
fn a_ledger_that_is_opened_again_gives_back_every_record() {
    let (data, ledger) = ledger_of(30);
    let (head, before) = (ledger.head(), ledger.read_from(1, 30).unwrap());
    drop(ledger);
    let (mut ledger, replayed) = reopen(data.path()).unwrap();
    assert_eq!((ledger.head(), &replayed), (head, &before));
    assert_eq!(ledger.find_request(&record(17).request_id).unwrap().unwrap(), before[16]);
    ledger.append_batch(&[record(31)]).unwrap();
    drop(ledger);
    assert_eq!(reopen(data.path()).unwrap().1.len(), 31);
}

#[test]
fn a_fingerprint_is_the_same_after_a_restart_and_different_in_another_ledger() {
    let (data, ledger) = ledger_of(1);
    let before = ledger.fingerprinter().of(b"payload");
    drop(ledger);
    assert_eq!(reopen(data.path()).unwrap().0.fingerprinter().of(b"payload"), before);
    let folder = SpaceFolder::open(data.path(), &live()).unwrap();
    let nara = "members/nara".parse().unwrap();
    let other =
        SqliteLedger::open(&folder, &nara, MissingKeys::Refuse, Box::new(OsRandomness), &mut |_| Ok(()));
    assert_ne!(other.unwrap().fingerprinter().of(b"payload"), before);
    assert_eq!(folder.ledgers().unwrap(), [hyogo(), nara]);
}

/// The first body ever written, in hexadecimal. The ciphertext was made by another implementation of RFC 8439, the
/// hash by `sha256sum`.
const GOLDEN_BODY: [&str; 5] = [
    "0a20000000000000000000000000000000000000000000000000000000000000000012046c6976651a0d6d656d626572",
    "732f68796f676f200128023080c597e0ae333a03722d3142201111111111111111111111111111111111111111111111",
    "1111111111111111114a036f707352120a0d6d656d626572732f6b796f746f10ac025a2047a49356720831b66f38bbe1",
    "2c06e6cf71a67277b1f5e6a28593e73afde6f22660016a096576656e74206f6e656a00723808011210cd04a4754498e0",
    "6db5a13c5f371f1f0418172220492e618f48571d3beffc1cfa5219f53dc4dec6661677982b2f6085a226138ad8",
];

/// The format is for ever: this body, its hash and its ciphertexts never change.
#[test]
fn a_golden_record_has_its_golden_bytes() {
    let (_data, mut ledger) = ledger_of(0);
    let patient = SealText { kind: SealKind::Patient, plaintext: b"patient".to_vec() };
    let given = NewRecord {
        sequence: 1,
        epoch: 2,
        at: Timestamp(1_764_896_400_000),
        request_id: RequestKey::new("r-1").unwrap(),
        fingerprint: Fingerprint([0x11; 32]),
        actor: "ops".into(),
        seen: vec![("members/kyoto".parse().unwrap(), 300)],
        problem: Some(b"problem".to_vec()),
        schema_version: 1,
        events: vec![b"event one".to_vec(), Vec::new()],
        sealed: vec![patient],
    };
    ledger
        .append_batch(&[
            given.clone(),
            NewRecord { sequence: 2, sealed: vec![], request_id: RequestKey::new("r-2").unwrap(), ..given },
        ])
        .unwrap();
    let connection = Connection::open(ledger.path()).unwrap();
    let column = |name: &str, sequence: u64| -> Vec<u8> {
        connection
            .query_row(&format!("SELECT {name} FROM record WHERE sequence = {sequence}"), [], |row| {
                row.get(0)
            })
            .unwrap()
    };
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let sha256 = |bytes: &[u8]| -> String {
        use sha2::Digest as _;
        hex(&sha2::Sha256::digest(bytes))
    };
    let (body, sealed) = (column("body", 1), column("sealed", 1));
    assert_eq!(hex(&body), GOLDEN_BODY.concat());
    assert_eq!(hex(&sealed), "6bf54ae17447678153c118aa10e0406fa3ca6ccd553e9d");
    assert_eq!(hex(&column("hash", 1)), "c3f69135a4ffc515e709565cf910b3bd2183716bf85726c5356eb235200a05cc");
    // The recipe of `chain`, with nothing but SHA-256 and cutting by position.
    assert_eq!(hex(&column("hash", 1)), sha256(&body));
    assert_eq!(hex(&body[2..34]), "0".repeat(64));
    assert_eq!(hex(&column("hash", 2)), sha256(&column("body", 2)));
    assert_eq!(hex(&column("body", 2)[2..34]), sha256(&body));
    assert!(hex(&body).contains(&sha256(&sealed)), "the body holds the hash of the ciphertext");
}

/// Changes the file behind the engine's back.
fn tamper(path: &Path, text: &str) {
    Connection::open(path).unwrap().execute_batch(text).unwrap();
}

#[track_caller]
fn assert_damaged(data: &Path, sequence: Option<Sequence>, part: DamagedPart, extent: Extent) {
    match reopen(data).map(|_| ()).unwrap_err() {
        LedgerFault::Damaged { sequence: at, part: found, extent: how_far, path, ledger } => {
            assert_eq!((at, found, how_far), (sequence, part, extent));
            assert_eq!((path, ledger), (data.join("live/members.hyogo.ledger"), hyogo()));
        }
        other => panic!("{other}"),
    }
}

#[test]
fn damage_is_found_with_its_record_and_told_apart_by_what_stands_on_it() {
    use DamagedPart::{Body, Gap, RequestId, Row, Sealed, Tables};
    let cases: [(&str, Option<Sequence>, DamagedPart, Extent); 10] = [
        (
            "UPDATE record SET body = CAST(body || x'00' AS BLOB) WHERE sequence = 5",
            Some(5),
            Body,
            Extent::Middle,
        ),
        (
            "UPDATE record SET body = CAST(body || x'00' AS BLOB) WHERE sequence = 12",
            Some(12),
            Body,
            Extent::Tail,
        ),
        ("UPDATE record SET hash = zeroblob(32) WHERE sequence = 1", Some(1), Body, Extent::Middle),
        ("UPDATE record SET hash = zeroblob(31) WHERE sequence = 2", Some(2), Row, Extent::Middle),
        ("DELETE FROM record WHERE sequence = 7", Some(7), Gap, Extent::Middle),
        ("UPDATE record SET sequence = -1 WHERE sequence = 1", Some(1), Gap, Extent::Middle),
        ("UPDATE record SET request_id = x'ff' WHERE sequence = 3", Some(3), RequestId, Extent::Middle),
        (
            "UPDATE record SET sealed = zeroblob(length(sealed)) WHERE sequence = 8",
            Some(8),
            Sealed,
            Extent::Middle,
        ),
        (
            "UPDATE record SET sealed = CAST(sealed || x'00' AS BLOB) WHERE sequence = 2",
            Some(2),
            Sealed,
            Extent::Middle,
        ),
        ("DROP INDEX record_request_id", None, Tables, Extent::File),
    ];
    for (text, sequence, part, extent) in cases {
        let (data, ledger) = ledger_of(12);
        let path = ledger.path().to_owned();
        drop(ledger);
        tamper(&path, text);
        assert_damaged(data.path(), sequence, part, extent);
        let report = verify(data.path(), None).unwrap();
        assert!(!report.is_sound(), "{text}");
    }
}

#[test]
fn a_history_that_was_rewritten_whole_is_found_by_what_was_acknowledged() {
    let (data, ledger) = ledger_of(3);
    let (path, witness) = (ledger.path().to_owned(), data.path().join("live/members.hyogo.head"));
    drop(ledger);
    let remembered = std::fs::read(&witness).unwrap();
    std::fs::remove_file(&path).unwrap();
    std::fs::remove_file(&witness).unwrap();
    let (mut ledger, _) = reopen(data.path()).unwrap();
    let forged =
        records(1..=3).into_iter().map(|record| NewRecord { actor: "somebody else".into(), ..record });
    ledger.append_batch(&forged.collect::<Vec<_>>()).unwrap();
    drop(ledger);
    std::fs::write(&witness, remembered).unwrap();
    assert_damaged(data.path(), Some(3), DamagedPart::Acknowledged, Extent::Tail);
}

#[test]
fn acknowledged_records_that_are_gone_from_the_end_stop_the_start() {
    let (data, ledger) = ledger_of(9);
    let path = ledger.path().to_owned();
    drop(ledger);
    tamper(&path, "DELETE FROM record WHERE sequence > 6");
    let refused = reopen(data.path()).map(|_| ()).unwrap_err();
    assert!(matches!(refused, LedgerFault::TailLost { acknowledged: 9, found: 6, .. }), "{refused}");
    assert!(
        verify(data.path(), None).unwrap().ledgers[0]
            .findings
            .iter()
            .any(|finding| matches!(finding, Finding::TailLost { acknowledged: 9 }))
    );
    // A person accepts the loss.
    std::fs::remove_file(data.path().join("live/members.hyogo.head")).unwrap();
    assert_eq!(reopen(data.path()).unwrap().1.len(), 6);
}

#[test]
fn a_log_that_was_deleted_after_a_kill_is_noticed() {
    let (data, ledger) = ledger_of(9);
    let killed = kill(data.path());
    std::fs::remove_file(killed.path().join("live/members.hyogo.ledger-wal")).unwrap();
    drop(ledger);
    let refused = reopen(killed.path()).map(|_| ()).unwrap_err();
    // The tables themselves were in the log yet.
    assert!(
        matches!(refused, LedgerFault::TailLost { acknowledged: 9, .. } | LedgerFault::NotALedger { .. }),
        "{refused}"
    );
}

/// What a kill leaves of the folder: a copy of its files while they are open.
fn kill(data: &Path) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    copy_folder(data, copy.path());
    copy
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in files::entries(from).unwrap() {
        let target = to.join(entry.file_name().unwrap());
        if entry.is_dir() {
            copy_folder(&entry, &target)
        } else {
            _ = std::fs::copy(&entry, &target).unwrap()
        }
    }
}

#[test]
fn a_killed_server_finds_everything_that_it_acknowledged() {
    let (data, ledger) = ledger_of(25);
    let killed = kill(data.path());
    let report = verify(killed.path(), None).unwrap();
    assert!(report.is_sound(), "{report:?}");
    let (reopened, replayed) = reopen(killed.path()).unwrap();
    assert_eq!((reopened.head(), replayed), (ledger.head(), ledger.read_from(1, 25).unwrap()));
    assert_eq!(
        reopened.open_seal(SealId { sequence: 4, index: 0 }).unwrap(),
        Some(b"male, 60s, chest pain 4".to_vec())
    );
}

#[test]
fn a_destroyed_key_erases_the_part_and_the_ledger_still_verifies() {
    let (data, mut ledger) = ledger_of(8);
    let seal = SealId { sequence: 4, index: 0 };
    let key_id = ledger.read_from(4, 1).unwrap()[0].sealed[0].key_id;
    let slots = std::fs::read(ledger.keys_path()).unwrap();
    let at = slots.windows(16).position(|window| window == key_id.0).unwrap();
    let key = slots[at + 16..at + 48].to_vec();
    let holders = |data: &Path| -> Vec<PathBuf> {
        let all = [data.join("live"), data.join("live/keys")]
            .into_iter()
            .flat_map(|folder| files::entries(&folder).unwrap());
        all.filter(|path| {
            path.is_file() && std::fs::read(path).unwrap().windows(32).any(|window| window == key)
        })
        .collect()
    };
    assert_eq!(holders(data.path()), [ledger.keys_path()]);
    ledger.destroy_key(seal).unwrap();
    assert_eq!(holders(data.path()), Vec::<PathBuf>::new());
    drop(ledger);
    let (ledger, replayed) = reopen(data.path()).unwrap();
    assert_eq!((replayed.len(), ledger.open_seal(seal).unwrap()), (8, None));
    let report = verify(data.path(), None).unwrap();
    assert!(report.is_sound(), "{report:?}");
    assert_eq!((report.ledgers[0].keys.held, report.ledgers[0].keys.destroyed), (5, 1));
}

#[test]
fn what_is_sealed_stands_in_no_file() {
    let (data, ledger) = ledger_of(8);
    for path in files::entries(&data.path().join("live")).unwrap().into_iter().filter(|path| path.is_file()) {
        let bytes = std::fs::read(&path).unwrap();
        assert!(!bytes.windows(10).any(|window| window == b"chest pain"), "{}", path.display());
    }
    drop(ledger);
}

#[test]
fn a_ledger_in_the_wrong_place_is_refused() {
    let (data, ledger) = ledger_of(3);
    let path = ledger.path().to_owned();
    drop(ledger);
    let nara: LedgerId = "members/nara".parse().unwrap();
    std::fs::copy(&path, data.path().join("live/members.nara.ledger")).unwrap();
    let folder = SpaceFolder::open(data.path(), &live()).unwrap();
    let opened = |folder: &SpaceFolder, ledger: &LedgerId| {
        SqliteLedger::open(folder, ledger, MissingKeys::Renew, counting(), &mut |_| Ok(()))
            .map(|_| ())
            .unwrap_err()
    };
    assert!(matches!(opened(&folder, &nara), LedgerFault::WrongLedger { found, .. } if found == hyogo()));
    let drill = SpaceFolder::open(data.path(), &"drill/kansai".parse().unwrap()).unwrap();
    std::fs::copy(&path, drill.path().join("members.hyogo.ledger")).unwrap();
    assert!(matches!(opened(&drill, &hyogo()), LedgerFault::WrongSpace { found: Space::Live, .. }));
    // Keys of another ledger are no keys.
    std::fs::copy(
        data.path().join("live/keys/members.hyogo.keys"),
        drill.path().join("keys/members.hyogo.keys"),
    )
    .unwrap();
    assert!(matches!(opened(&drill, &hyogo()), LedgerFault::KeysDamaged { .. }));
    std::fs::write(
        data.path().join("live/members.nara.ledger"),
        "not a database, but long enough to be looked at".repeat(100),
    )
    .unwrap();
    assert!(matches!(opened(&folder, &nara), LedgerFault::NotALedger { .. }));
    std::fs::write(data.path().join("live/notes.ledger"), "").unwrap();
    assert!(matches!(folder.ledgers(), Err(LedgerFault::UnknownFile { .. })));
}

#[test]
fn a_full_disk_writes_nothing_and_the_ledger_goes_on_when_there_is_room() {
    let (data, mut ledger) = ledger_of(5);
    ledger.limit_pages(Some(40));
    let big = |sequence| NewRecord { events: vec![vec![7; 20_000]; 10], ..record(sequence) };
    let refused = ledger.append_batch(&[record(6), big(7)]).unwrap_err();
    assert!(matches!(refused, LedgerFault::DiskFull { .. }), "{refused}");
    assert_eq!((ledger.head().sequence, ledger.find_request(&record(6).request_id).unwrap()), (5, None));
    ledger.limit_pages(None);
    ledger.append_batch(&[record(6), big(7)]).unwrap();
    drop(ledger);
    assert_eq!(reopen(data.path()).unwrap().1.len(), 7);
    let report = verify(data.path(), None).unwrap();
    assert!(report.is_sound(), "{report:?}");
}

#[test]
fn lost_keys_stop_the_start_until_a_person_gives_them_up() {
    let (data, ledger) = ledger_of(8);
    let keys = ledger.keys_path().to_owned();
    drop(ledger);
    std::fs::remove_file(&keys).unwrap();
    assert!(matches!(reopen(data.path()).map(|_| ()), Err(LedgerFault::KeysMissing { .. })));
    let report = verify(data.path(), None).unwrap();
    assert!(
        report.is_sound() && matches!(report.ledgers[0].findings[..], [Finding::KeysNotHere]),
        "{report:?}"
    );
    let folder = SpaceFolder::open(data.path(), &live()).unwrap();
    let renewed =
        SqliteLedger::open(&folder, &hyogo(), MissingKeys::Renew, Box::new(OsRandomness), &mut |_| Ok(()));
    let mut ledger = renewed.unwrap();
    ledger.append_batch(&records(9..=12)).unwrap();
    assert_eq!(ledger.open_seal(SealId { sequence: 8, index: 0 }).unwrap(), None);
    assert!(ledger.open_seal(SealId { sequence: 12, index: 0 }).unwrap().is_some());
}

#[test]
fn keys_from_an_older_copy_are_noticed() {
    let (data, mut ledger) = ledger_of(4);
    let older = std::fs::read(ledger.keys_path()).unwrap();
    ledger.append_batch(&records(5..=8)).unwrap();
    std::fs::write(ledger.keys_path(), older).unwrap();
    drop(ledger);
    let (mut ledger, _) = reopen(data.path()).unwrap();
    let seal = SealId { sequence: 8, index: 0 };
    assert!(matches!(ledger.open_seal(seal), Err(LedgerFault::KeyLost { sequence: 8, index: 0, .. })));
    assert!(
        matches!(ledger.destroy_key(seal), Err(LedgerFault::KeyLost { .. })),
        "nobody may be told that it is erased"
    );
    assert!(ledger.open_seal(SealId { sequence: 4, index: 0 }).unwrap().is_some());
    let report = verify(data.path(), None).unwrap();
    assert_eq!((report.is_sound(), report.ledgers[0].keys.lost), (false, 3));
}

#[test]
fn a_crash_while_keys_are_written_leaves_a_ledger_that_goes_on() {
    let (data, ledger) = ledger_of(4);
    let keys = ledger.keys_path().to_owned();
    drop(ledger);
    let mut bytes = std::fs::read(&keys).unwrap();
    bytes.extend([0x5a; 64 + 17]);
    std::fs::write(&keys, bytes).unwrap();
    let (mut ledger, _) = reopen(data.path()).unwrap();
    ledger.append_batch(&records(5..=8)).unwrap();
    drop(ledger);
    let (ledger, _) = reopen(data.path()).unwrap();
    for sequence in [4, 8] {
        assert!(ledger.open_seal(SealId { sequence, index: 1 }).unwrap().is_some());
    }
    let report = verify(data.path(), None).unwrap();
    assert!(report.is_sound(), "{report:?}");
    assert!(matches!(report.ledgers[0].findings[..], [Finding::UnfinishedKeys { count: 2 }]), "{report:?}");
}

#[test]
fn a_record_of_a_newer_schema_is_kept_verified_and_counted_as_partial() {
    let (data, ledger) = ledger_of(2);
    let (path, head) = (ledger.path().to_owned(), ledger.head());
    drop(ledger);
    let newer =
        NewRecord { schema_version: SCHEMA_VERSION + 1, sealed: Vec::new(), problem: None, ..record(3) };
    let mut body = format::encode(&Identity::new(&live(), &hyogo()), head.hash, &newer, &[]);
    // Field 1000, which this version does not know: tag 0xc2 0x3e, 3 bytes.
    body.extend(*b"\xc2\x3e\x03new");
    let hash = Digest::of(&body);
    let connection = Connection::open(&path).unwrap();
    let text = "INSERT INTO record VALUES (3, ?1, ?2, ?3, x'')";
    connection.execute(text, rusqlite::params![newer.request_id.as_bytes(), &hash.0[..], body]).unwrap();
    drop(connection);
    let (ledger, replayed) = reopen(data.path()).unwrap();
    assert_eq!((ledger.head().hash, replayed[2].is_newer(), replayed[1].is_newer()), (hash, true, false));
    let report = verify(data.path(), None).unwrap();
    assert_eq!(
        (report.is_sound(), report.ledgers[0].newer_count, report.ledgers[0].record_count),
        (true, 1, 3)
    );
    assert!(matches!(report.ledgers[0].findings[..], [Finding::NewerSchema { first: 3 }]), "{report:?}");
}

#[test]
fn a_backup_beside_a_running_writer_verifies_and_holds_no_keys() {
    let (data, ledger) = ledger_of(20);
    let to = data.path().join("members.hyogo.ledger");
    sqlite::backup(ledger.path(), &to).unwrap();
    let report = verify(&to, None).unwrap();
    assert!(report.is_sound(), "{report:?}");
    assert_eq!((report.ledgers[0].head, report.ledgers[0].record_count), (ledger.head(), 20));
    assert!(matches!(report.ledgers[0].findings[..], [Finding::KeysNotHere]));
    let refused = sqlite::backup(ledger.path(), &to).unwrap_err();
    assert!(matches!(refused, LedgerFault::Io { .. }), "a backup never overwrites: {refused}");
}

#[test]
fn a_check_counts_what_a_sound_ledger_holds() {
    let (data, mut ledger) = ledger_of(12);
    let checkpoint = Checkpoint { sequence: 12, state_hash: Digest::ZERO, state_format: 1 };
    ledger.write_checkpoint(&checkpoint).unwrap();
    let report = verify(data.path(), None).unwrap();
    assert!(report.is_sound(), "{report:?}");
    let LedgerReport { head, record_count, problem_count, checkpoint_count, keys, findings, .. } =
        &report.ledgers[0];
    assert_eq!((*head, *record_count, *problem_count, *checkpoint_count), (ledger.head(), 12, 4, 1));
    assert_eq!((keys.held, keys.lost, findings.len()), (9, 0, 0));
    drop(ledger);
    let path = data.path().join("live/members.hyogo.ledger");
    tamper(
        &path,
        "UPDATE problem SET bytes = x'00' WHERE rowid = 1; UPDATE checkpoint SET state_format = 2;",
    );
    tamper(&path, "DELETE FROM problem WHERE rowid = 2");
    let report = verify(&path, None).unwrap();
    let found = |what: fn(&Finding) -> bool| {
        report.ledgers[0].findings.iter().filter(|finding| what(finding)).count()
    };
    assert_eq!(found(|finding| matches!(finding, Finding::ProblemDamaged { hash: Some(_) })), 1);
    assert_eq!(found(|finding| matches!(finding, Finding::CheckpointDamaged { sequence: Some(12) })), 1);
    assert_eq!(found(|finding| matches!(finding, Finding::ProblemMissing { .. })), 2);
    assert!(verify(&data.path().join("nowhere"), None).is_err());
}

#[test]
fn a_crash_loses_what_was_not_synced_and_nothing_else() {
    let survivors =
        [(CrashPoint::BeforeKeys, 8), (CrashPoint::BeforeRecords, 8), (CrashPoint::BeforeAnswer, 12)];
    for (point, survivors) in survivors {
        let (disk, mut ledger) = memory_of(8);
        ledger.crash_at(point);
        assert!(matches!(ledger.append_batch(&records(9..=12)), Err(LedgerFault::Crashed)));
        assert!(matches!(ledger.append_batch(&records(9..=12)), Err(LedgerFault::Crashed)), "it is dead");
        drop(ledger);
        let (mut ledger, replayed) = on_disk(&disk).unwrap();
        assert_eq!(replayed.len(), survivors, "{point:?}");
        // The retry of a command whose answer was lost is recognised.
        let known = ledger.find_request(&record(12).request_id).unwrap();
        assert_eq!(known.is_some(), point == CrashPoint::BeforeAnswer);
        ledger.append_batch(&records(survivors as u64 + 1..=16)).unwrap();
        assert!(ledger.open_seal(SealId { sequence: 12, index: 0 }).unwrap().is_some());
        let copy = ledger.crash().copy();
        assert!(copy.flip(5, 300));
        assert!(matches!(on_disk(&copy).map(|_| ()), Err(LedgerFault::Damaged { sequence: Some(5), .. })));
        assert_eq!(on_disk(&disk).unwrap().1.len(), 16);
    }
}

/// What a ledger says to every question, to be compared with what it says after a flip.
fn ask(ledger: &SqliteLedger, replayed: Vec<StoredRecord>) -> Vec<Result<String, LedgerFault>> {
    let mut answers =
        vec![Ok(format!("{replayed:?}")), ledger.read_from(1, 1000).map(|read| format!("{read:?}"))];
    for record in records(1..=40) {
        answers.push(ledger.find_request(&record.request_id).map(|found| format!("{found:?}")));
        answers.push(ledger.read_from(record.sequence, 1).map(|found| format!("{found:?}")));
        if let Some(bytes) = record.problem {
            answers.push(ledger.problem(&Digest::of(&bytes)).map(|found| format!("{found:?}")));
        }
        for index in 0..record.sealed.len() as u32 {
            let seal = SealId { sequence: record.sequence, index };
            answers.push(ledger.open_seal(seal).map(|text| format!("{text:?}")));
        }
    }
    answers.push(Ok(format!("{:?}", ledger.fingerprinter().of(b"payload"))));
    answers
}

/// Flips one bit at a time, anywhere in any file, as a kill and as a stop leave them: no answer is ever wrong.
#[test]
fn a_flipped_bit_is_found_out_or_changes_nothing() {
    // `YUI_FLIPS=10000` for a soak.
    let flips: u64 = std::env::var("YUI_FLIPS").map_or(320, |count| count.parse().unwrap());
    let (data, mut ledger) = ledger_of(40);
    ledger.destroy_key(SealId { sequence: 16, index: 0 }).unwrap();
    ledger
        .write_checkpoint(&Checkpoint { sequence: 33, state_hash: Digest::of(b"state"), state_format: 1 })
        .unwrap();
    let killed = kill(data.path());
    let truth: Vec<String> = {
        let all = ledger.read_from(1, 1000).unwrap();
        ask(&ledger, all).into_iter().map(Result::unwrap).collect()
    };
    drop(ledger);
    let names =
        ["members.hyogo.ledger", "members.hyogo.ledger-wal", "keys/members.hyogo.keys", "members.hyogo.head"];
    let (mut refused, mut faults, mut harmless) = (0, 0, 0);
    for flip in 0..flips {
        let source = if flip % 2 == 0 { data.path() } else { killed.path() };
        let hurt = kill(source);
        let present: Vec<PathBuf> = names
            .map(|name| hurt.path().join("live").join(name))
            .into_iter()
            .filter(|path| std::fs::metadata(path).is_ok_and(|file| file.len() > 0))
            .collect();
        let draw = u64::from_be_bytes(Digest::of(&flip.to_be_bytes()).0[..8].try_into().unwrap());
        // The ledger itself half of the time.
        let path =
            if draw.is_multiple_of(2) { &present[0] } else { &present[(draw / 2) as usize % present.len()] };
        let mut bytes = std::fs::read(path).unwrap();
        // The first page holds what everything else hangs on: a quarter of the flips go there.
        let reach = if (draw >> 8).is_multiple_of(4) { bytes.len().min(4096) } else { bytes.len() };
        let bit = (draw >> 16) as usize % (reach * 8);
        bytes[bit / 8] ^= 1 << (bit % 8);
        std::fs::write(path, bytes).unwrap();
        let place = format!("flip {flip}: bit {bit} of {}", path.display());
        let report = verify(hurt.path(), None).unwrap();
        let (mut ledger, replayed) = match reopen(hurt.path()) {
            Err(_) => {
                refused += 1;
                continue;
            }
            Ok(opened) => opened,
        };
        let mut found_out = 0;
        for (answer, truth) in ask(&ledger, replayed).into_iter().zip(&truth) {
            match answer {
                Ok(answer) => assert_eq!(&answer, truth, "{place}"),
                Err(_) => found_out += 1,
            }
        }
        if let Ok(Some(checkpoint)) = ledger.latest_checkpoint() {
            assert_eq!((checkpoint.sequence, checkpoint.state_hash), (33, Digest::of(b"state")), "{place}");
        }
        if found_out > 0 {
            assert!(!report.is_sound(), "a check finds what an answer finds, {place}");
        }
        // What was acknowledged since must be there after the next start, or the start is refused.
        let appended = flip % 3 == 0 && ledger.append_batch(&records(41..=60)).is_ok();
        drop(ledger);
        if let (true, Ok((_, replayed))) = (appended, reopen(hurt.path())) {
            assert_eq!(replayed.len(), 60, "{place}");
        }
        if found_out > 0 { faults += 1 } else { harmless += 1 }
    }
    println!(
        "{flips} flips: {refused} refused at the start, {faults} found out on asking, {harmless} harmless"
    );
    assert!(refused + faults > flips / 4, "the flips hit what matters");
}
