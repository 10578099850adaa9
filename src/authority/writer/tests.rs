//! One ledger and its authority: what a full disk, a clock and a repeated command come to.

use super::*;
use crate::decision::model::{SiteState, WithdrawReason};
use crate::id::Space;
use crate::ledger::{MemoryDisk, MemoryLedger, Room};

const START: i64 = 1_796_428_800_000;

fn ledger() -> LedgerId {
    "members/a".parse().unwrap()
}

fn reading(wall_ms: i64, monotonic_ms: i64) -> Reading {
    Reading { wall: Timestamp(START + wall_ms), monotonic_ms }
}

/// A right clock, so many milliseconds after the start.
fn right(ms: i64) -> Reading {
    reading(ms, ms)
}

fn try_open(disk: &MemoryDisk, reading: Reading) -> Result<Authority<MemoryLedger>, OpenFault> {
    let space: Space = "drill/test".parse().unwrap();
    let opening = Opening { ledger: &ledger(), reading, holder: "test", checkpoint: disk.peek_checkpoint() };
    let randomness = |bytes: &mut [u8]| bytes.fill(7);
    Authority::open(opening, |replay| {
        MemoryLedger::open(disk, (&space, &ledger()), Box::new(randomness), replay)
    })
}

fn open(disk: &MemoryDisk, reading: Reading) -> Authority<MemoryLedger> {
    try_open(disk, reading).unwrap()
}

fn close_structure(slug: &str) -> Command {
    let structure = format!("structures/{slug}").parse().unwrap();
    Command::CloseStructure { structure, note: String::new(), expected_end: None }
}

fn told(id: &str, command: Command) -> Submission {
    Submission::new(id, Actor("test".to_owned()), command)
}

/// Somebody withdraws what was never asked: barred once, nothing to do ever after.
fn withdraw(id: &str) -> Submission {
    let requisition = "members/b/requests/r-1/requisitions/1-1".parse().unwrap();
    told(id, Command::Withdraw { requisition, reason: WithdrawReason::TakenBack })
}

fn one(
    authority: &mut Authority<MemoryLedger>,
    reading: Reading,
    submission: Submission,
) -> Result<Outcome, SubmitError> {
    authority.process(reading, vec![submission]).unwrap().verdicts.remove(0)
}

fn full() -> SubmitError {
    SubmitError::StorageFull { ledger: ledger() }
}

#[test]
fn a_full_disk_takes_back_what_rested_on_the_batch_and_nothing_else() {
    let mut authority = open(&MemoryDisk::new(), right(0));
    let before = one(&mut authority, right(1), told("1", close_structure("a"))).unwrap();
    let standing = authority.state().clone();
    authority.engine_mut().set_room(Room::Full);
    let unknown = |id| {
        let site = "members/a/sites/s".parse().unwrap();
        let (state, note) = (SiteState::Open, String::new());
        told(id, Command::ReportSite { site, state, confirmed_at: None, note })
    };
    let batch = vec![
        unknown("2"),
        told("3", close_structure("b")),
        told("1", close_structure("a")),
        unknown("4"),
        told("3", close_structure("b")),
        Submission { validate_only: true, ..told("5", close_structure("c")) },
    ];
    let verdicts = authority.process(right(2), batch).unwrap().verdicts;
    assert!(matches!(verdicts[0], Err(SubmitError::Rejected(Rejection::NotFound { .. }))));
    assert_eq!(verdicts[1], Err(full()));
    assert_eq!(verdicts[2].as_ref(), Ok(&before), "a retry of what is durable");
    assert_eq!(verdicts[3], Err(full()), "a refusal that may rest on what was rolled back");
    assert_eq!(verdicts[4..], [Err(full()), Err(full())]);
    assert_eq!(*authority.state(), standing);
    authority.engine_mut().set_room(Room::Free);
    assert!(one(&mut authority, right(3), told("3", close_structure("b"))).is_ok());
}

#[test]
fn a_checkpoint_that_cannot_be_written_takes_nothing_back_and_is_tried_later() {
    let disk = MemoryDisk::new();
    let mut authority = open(&disk, right(0));
    authority.engine_mut().set_room(Room::Records);
    authority.checkpoint_due = 0;
    let done = authority.process(right(1), vec![told("1", close_structure("a"))]).unwrap();
    assert!(done.verdicts[0].is_ok() && !done.touched.is_empty());
    assert!(matches!(done.checkpoint_fault, Some(LedgerFault::DiskFull { .. })));
    assert_eq!(disk.peek_checkpoint(), None);
    authority.engine_mut().set_room(Room::Free);
    let done = authority.process(right(2), vec![told("2", close_structure("b"))]).unwrap();
    assert!(done.checkpoint_fault.is_none() && disk.peek_checkpoint().is_none(), "not at once");
    authority.checkpoint_due = authority.state().sequence;
    let done = authority.process(right(3), vec![told("3", close_structure("c"))]).unwrap();
    assert!(done.checkpoint_fault.is_none());
    assert_eq!(
        disk.peek_checkpoint().map(|checkpoint| checkpoint.sequence),
        Some(authority.state().sequence)
    );
}

#[test]
fn a_record_that_no_ledger_holds_costs_one_command_and_not_the_writer() {
    let mut authority = open(&MemoryDisk::new(), right(0));
    let ahead = vec![(ledger(), 1_000)];
    let batch = vec![
        told("1", close_structure("a")),
        Submission { seen: ahead, ..told("2", close_structure("b")) },
        told("3", close_structure("c")),
    ];
    let verdicts = authority.process(right(1), batch).unwrap().verdicts;
    assert!(verdicts[0].is_ok() && verdicts[2].is_ok());
    assert_eq!(verdicts[1], Err(SubmitError::NotRecordable { ledger: ledger() }));
    assert_eq!(authority.state().closures.size(), 2);
}

#[test]
fn a_decision_may_rest_on_its_own_ledger_as_it_was_read() {
    let mut authority = open(&MemoryDisk::new(), right(0));
    let seen = vec![("members/b".parse().unwrap(), 9), (ledger(), authority.state().sequence)];
    let submission = Submission { seen, ..told("1", close_structure("a")) };
    let sequence = one(&mut authority, right(1), submission).unwrap().sequence;
    let record = authority.engine().read_from(sequence, 1).unwrap().remove(0);
    assert_eq!(record.seen, [(ledger(), sequence - 1), ("members/b".parse().unwrap(), 9)]);
}

#[test]
fn a_callers_success_that_changed_nothing_is_the_same_in_a_retry() {
    let disk = MemoryDisk::new();
    let mut authority = open(&disk, right(0));
    one(&mut authority, right(1), withdraw("1")).unwrap();
    let nothing = one(&mut authority, right(2), withdraw("2")).unwrap();
    assert!(nothing.events.is_empty() && nothing.sequence == authority.state().sequence);
    // A machine's is not recorded.
    let duty = Submission { origin: Origin::Duty, ..withdraw("3") };
    assert_eq!(one(&mut authority, right(3), duty).unwrap().sequence, 0);
    let again = open(&disk, right(0));
    assert_eq!((again.state().sequence, again.state().last_at), (nothing.sequence, nothing.at));
    assert_eq!(again.state(), authority.state());
    authority = again;
    assert_eq!(one(&mut authority, right(9), withdraw("2")), Ok(nothing));
    let other = told("2", close_structure("a"));
    let refused = one(&mut authority, right(9), other);
    assert!(matches!(refused, Err(SubmitError::Rejected(Rejection::RequestIdReused { .. }))));
}

#[test]
fn no_caller_can_take_an_id_of_the_authority_beforehand() {
    let authority = open(&MemoryDisk::new(), right(0));
    let expire = own(authority.state(), "expire", Command::ExpireDue);
    let duty = Submission::duty("r-1/hold", Actor("authority".to_owned()), Command::ExpireDue);
    for submission in [expire, duty] {
        assert!(std::str::from_utf8(&submission.request_id).is_err(), "{:?}", submission.request_id);
        assert!(RequestKey::new(submission.request_id).is_some());
    }
}

/// Offers an aircraft for ten minutes: something that ends by itself.
fn with_a_deadline(authority: &mut Authority<MemoryLedger>) -> Timestamp {
    let asset: crate::id::AssetId = "members/a/assets/x".parse().unwrap();
    let registered = crate::decision::Event::Offered {
        offer: "members/a/offers/o-1".parse().unwrap(),
        asset,
        requisition: None,
        window: crate::decision::model::Window { from: Timestamp(START), until: Timestamp(START + 600_000) },
    };
    // The registry is another test's matter.
    let context = Context {
        sequence: authority.state.sequence,
        at: authority.state.last_at,
        actor: Actor(SELF.to_owned()),
    };
    authority.state.apply(&context, &registered);
    Timestamp(START + 600_000)
}

#[test]
fn a_clock_that_was_set_back_is_noticed_though_nobody_asks_anything() {
    let mut authority = open(&MemoryDisk::new(), right(0));
    let due = with_a_deadline(&mut authority);
    authority.tick(right(1_000)).unwrap();
    assert_eq!(authority.state().clock_suspect_since, None);
    authority.tick(reading(-3_600_000, 2_000)).unwrap();
    assert_eq!(authority.state().clock_suspect_since, Some(Timestamp(START + 2_000)));
    assert_eq!(authority.state().next_deadline(), None);
    // It is set right again: what was paused goes on, by the time of the pause later.
    authority.tick(right(12_000)).unwrap();
    assert_eq!(authority.state().clock_suspect_since, None);
    assert_eq!(authority.state().next_deadline(), Some(due + 10));
}

#[test]
fn a_suspicion_stays_over_a_restart_until_a_named_person_speaks() {
    let disk = MemoryDisk::new();
    let mut authority = open(&disk, right(0));
    one(&mut authority, right(1_000), told("1", close_structure("a"))).unwrap();
    // The machine slept for an hour: its monotonic clock did not.
    let slept = reading(3_602_000, 2_000);
    one(&mut authority, slept, told("2", close_structure("b"))).unwrap();
    assert!(authority.state().clock_suspect_since.is_some());
    drop(authority);
    let mut authority = open(&disk, reading(3_603_000, 0));
    authority.tick(reading(3_604_000, 1_000)).unwrap();
    assert!(authority.state().clock_suspect_since.is_some(), "nobody knows how long the restart took");
    let trust = |id| told(id, Command::TrustClock { by: Some("Sato".to_owned()), stepped_s: 0 });
    let trusted = one(&mut authority, reading(3_605_000, 2_000), trust("3")).unwrap();
    assert_eq!(trusted.at, Timestamp(START + 3_605_000), "the ledger goes by the clock from now on");
    assert_eq!(authority.state().clock_suspect_since, None);
    authority.tick(reading(3_606_000, 3_000)).unwrap();
    assert_eq!(authority.state().clock_suspect_since, None);
    assert_eq!(one(&mut authority, reading(3_607_000, 4_000), trust("3")), Ok(trusted), "a retry");
    let refused = one(&mut authority, reading(3_607_000, 4_000), trust("4"));
    assert!(matches!(refused, Err(SubmitError::Rejected(Rejection::ClockTrustedAlready { .. }))));
}

#[test]
fn a_ledger_that_folds_otherwise_than_at_its_checkpoint_is_not_opened() {
    let disk = MemoryDisk::new();
    let mut authority = open(&disk, right(0));
    one(&mut authority, right(1), told("1", close_structure("a"))).unwrap();
    authority.write_checkpoint().unwrap();
    let at = authority.state().sequence;
    one(&mut authority, right(2), told("2", close_structure("b"))).unwrap();
    assert!(try_open(&disk, right(0)).is_ok());
    let wrong = Checkpoint { state_hash: Digest([7; 32]), ..disk.peek_checkpoint().unwrap() };
    authority.engine_mut().write_checkpoint(&wrong).unwrap();
    let fault = try_open(&disk, right(0)).err().expect("it folds into another state");
    assert!(matches!(fault, OpenFault::StateDiffers { sequence, .. } if sequence == at), "{fault}");
}

#[test]
fn a_check_names_the_record_that_contradicts_those_before_it() {
    use crate::ledger::verify::{Finding, verify};
    use crate::ledger::{MissingKeys, OsRandomness, SpaceFolder, SqliteLedger};
    let data = tempfile::tempdir().unwrap();
    let space: Space = "drill/test".parse().unwrap();
    let folder = SpaceFolder::open(data.path(), &space).unwrap();
    let opening = Opening { ledger: &ledger(), reading: right(0), holder: "test", checkpoint: None };
    let mut authority = Authority::open(opening, |replay| {
        SqliteLedger::open(&folder, &ledger(), MissingKeys::Refuse, Box::new(OsRandomness), replay)
    })
    .unwrap();
    authority.process(right(1), vec![told("1", close_structure("a"))]).unwrap();
    authority.write_checkpoint().unwrap();
    let check = || verify(data.path(), Some(&Folding::begin)).unwrap().ledgers.remove(0).findings;
    assert!(check().is_empty(), "{:?}", check());

    // A checkpoint of something else, bound to the chain as it should be.
    let at = authority.state().sequence;
    let wrong = Checkpoint { state_hash: Digest([7; 32]), ..checkpoint_of(authority.state()) };
    authority.engine_mut().write_checkpoint(&wrong).unwrap();
    let found = check();
    assert!(matches!(found[..], [Finding::StateDiffers { sequence }] if sequence == at), "{found:?}");
    let right_again = checkpoint_of(authority.state());
    authority.engine_mut().write_checkpoint(&right_again).unwrap();

    // The end of a hold that never was: every hash of it is right.
    let requisition = "members/b/requests/r-1/requisitions/1-1".parse().unwrap();
    let staged = Staged {
        reading: right(2),
        at: Timestamp(START + 2),
        guard: authority.guard,
        state: authority.state.clone(),
        records: Vec::new(),
        outcomes: BTreeMap::new(),
        touched: Vec::new(),
    };
    let key = RequestKey::new("2").unwrap();
    let fingerprint = authority.engine().fingerprinter().of(b"2");
    let (record, _) = staged.record(
        (Timestamp(START + 2), key, fingerprint),
        told("2", Command::ExpireDue),
        &[Event::Expired { requisition }],
    );
    authority.engine_mut().append_batch(&[record]).unwrap();
    let found = check();
    assert!(
        matches!(&found[..], [Finding::Contradiction { sequence, .. }] if *sequence == at + 1),
        "{found:?}"
    );
}
