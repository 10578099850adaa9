use super::sample::Dice;
use super::*;
use crate::decision::command::{NewRequest, SealKind, SealText};
use crate::decision::event::{Held, RequestOpened};
use crate::decision::model::*;
use crate::decision::state::{AssetUse, State};
use crate::decision::{Command, Context};
use crate::id::{AssetId, LedgerId, RequestId, RequisitionId};
use crate::units::{Position, Timestamp};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

fn name<T: std::str::FromStr>(text: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    text.parse().unwrap()
}

fn requisition() -> RequisitionId {
    name("members/hyogo/requests/r-1/requisitions/1-2")
}

fn held() -> Event {
    Event::Held(Held {
        requisition: requisition(),
        asset: name("members/tottori/assets/heli"),
        kind: RequestKind::Scene,
        position: Position::from_e7(351_773_000, 1_350_361_000).unwrap(),
        place: "丹波市柏原町".to_owned(),
        site: Some(name("members/hyogo/sites/kaibara")),
        hospital: None,
        if_busy: IfBusy::Wait,
        answer_by: Timestamp(1_764_896_520_000),
    })
}

fn request_opened() -> RequestOpened {
    RequestOpened {
        request: name("members/hyogo/requests/r-1"),
        kind: RequestKind::Scene,
        requester: name("members/hyogo/organisations/tamba-fire"),
        incident: "119-7".to_owned(),
        position: Position::from_e7(351_773_000, 1_350_361_000).unwrap(),
        place: "柏原".to_owned(),
        site: None,
        called_at: Timestamp(1_764_896_400_000),
        keyword: "車にはねられ".to_owned(),
        triage: Triage { red: 1, ..Triage::default() },
        stretchers: 1,
        needed: [Capability::Physician, Capability::Stretcher].into_iter().collect(),
        hazards: Hazards::default(),
        ambulance: Some(Ambulance { call_sign: "丹波1".to_owned(), at_patient: None }),
        due: None,
        origin: None,
        hospitals: vec![name("members/hyogo/hospitals/tamba")],
        aircraft_count: 1,
        caller_seal: Some(0),
        patients_seal: None,
    }
}

#[test]
fn every_event_reads_back_as_written() {
    for (event_name, make) in SAMPLES {
        for seed in 0..500 {
            let event = make(&mut Dice(seed));
            let bytes = encode_event(&event);
            assert_eq!(decode_event(&bytes), Ok(event), "{event_name}, seed {seed}");
        }
    }
}

#[test]
fn equal_bytes_mean_equal_events() {
    let mut seen = std::collections::BTreeMap::new();
    for (event_name, make) in SAMPLES {
        for seed in 0..200 {
            let event = make(&mut Dice(seed));
            let before = seen.insert(encode_event(&event), event.clone());
            assert!(before.is_none_or(|before| before == event), "{event_name}, seed {seed}");
        }
    }
}

#[test]
fn an_event_is_read_in_place_as_the_generated_decoder_reads_it() {
    let hyogo = name("members/hyogo");
    for (event_name, make) in SAMPLES {
        for seed in 0..500 {
            let bytes = encode_event(&make(&mut Dice(seed)));
            let in_place = in_place::read(&bytes, Some(&hyogo));
            let is_read = in_place::READ_IN_PLACE.contains(event_name);
            assert_eq!(
                in_place,
                is_read.then(|| decode_generated(&bytes).unwrap()),
                "{event_name}, seed {seed}"
            );
        }
    }
}

#[test]
fn a_name_under_the_ledgers_own_member_shares_its_text_and_reads_the_same() {
    let event = Event::RequestOpened(request_opened());
    for near in ["members/hyogo", "members/hyog", "members/kyoto"] {
        assert_eq!(decode_event_near(&encode_event(&event), Some(&name(near))), Ok(event.clone()), "{near}");
    }
}

#[test]
fn what_nobody_would_have_written_so_is_left_to_the_generated_decoder() {
    let cancelled = |inner: &[u8]| event_of(99, inner);
    let request = name_bytes(0x0a, "members/hyogo/requests/r-1");
    let with = |rest: &[u8]| cancelled(&[&request, rest].concat());
    assert!(in_place::read(&with(b"\x10\x02"), None).is_some());
    let odd = [
        with(b"\x10\x82\x00"),
        with(b"\x10\x00"),
        with(b"\x10\x02\x10\x02"),
        with(b"\x10\x02\x18\x01"),
        with(b"\x10\x63"),
        with(b"\x10"),
        with(b"\x12\x00"),
        cancelled(&[b"\x10\x02", request.as_slice()].concat()),
        cancelled(b"\x10\x02"),
        [with(b"\x10\x02"), with(b"\x10\x02")].concat(),
        [with(b"\x10\x02"), vec![0]].concat(),
        Vec::new(),
    ];
    for bytes in odd {
        assert_eq!(in_place::read(&bytes, None), None, "{}", hex(&bytes));
        assert_eq!(decode_event(&bytes), decode_generated(&bytes));
    }
}

/// What was accepted is whole: it can be written again, and reads back. What is read in place, the generated decoder reads
/// alike.
fn check_whole(bytes: &[u8]) {
    if let Some(event) = in_place::read(bytes, None) {
        assert_eq!(decode_generated(bytes), Ok(event), "{}", hex(bytes));
    }
    if let Ok(event) = decode_event(bytes) {
        let again = encode_event(&event);
        assert_eq!(decode_event(&again), Ok(event), "{}", hex(bytes));
    }
}

#[test]
fn damaged_bytes_give_a_fault_or_a_whole_event() {
    for (_, make) in SAMPLES {
        for seed in 0..8 {
            let dice = &mut Dice(seed);
            let mut bytes = encode_event(&make(dice));
            bytes.truncate(2_000);
            (0..bytes.len()).for_each(|length| check_whole(&bytes[..length]));
            for _ in 0..300 {
                let mut damaged = bytes.clone();
                for _ in 0..=dice.below(3) {
                    let place = dice.below(damaged.len());
                    match dice.below(3) {
                        0 => damaged[place] ^= 1 << dice.below(8),
                        1 => damaged.insert(place, dice.bits() as u8),
                        _ => damaged[place] = dice.bits() as u8,
                    }
                }
                check_whole(&damaged);
            }
        }
    }
}

#[test]
fn noise_gives_a_fault_or_a_whole_event() {
    let dice = &mut Dice(7);
    for _ in 0..50_000 {
        let bytes: Vec<u8> = (0..dice.below(64)).map(|_| dice.bits() as u8).collect();
        check_whole(&bytes);
    }
}

/// A short text behind its tag.
fn name_bytes(tag: u8, text: &str) -> Vec<u8> {
    [&[tag, text.len() as u8][..], text.as_bytes()].concat()
}

/// Wraps `inner` as the event of `number`.
fn event_of(number: u32, inner: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    prost::encoding::encode_key(number, prost::encoding::WireType::LengthDelimited, &mut bytes);
    prost::encoding::encode_varint(inner.len() as u64, &mut bytes);
    bytes.extend_from_slice(inner);
    bytes
}

fn encoded(event: wire::event::Event) -> Vec<u8> {
    wire::Event { event: Some(event) }.encode_to_vec()
}

fn unknown(what: &str) -> Result<Event, RecordFault> {
    Err(RecordFault::Unknown { what: what.to_owned() })
}

fn malformed(event: &'static str, field: &str) -> Result<Event, RecordFault> {
    Err(RecordFault::Malformed { event, field: field.to_owned() })
}

#[test]
fn what_a_newer_schema_added_is_told_from_damage() {
    assert_eq!(decode_event(&event_of(199, b"whatever it is")), unknown("event 199"));

    let declined = wire::Declined { requisition: requisition().to_string(), reason: 99, telephone: None };
    assert_eq!(decode_event(&encoded(wire::event::Event::Declined(declined))), unknown("Declined.reason 99"));

    let reason = wire::NotHeldReason { kind: 42, ..Default::default() };
    let not_held =
        wire::NotHeld { requisition: requisition().to_string(), asset: None, reason: Some(reason) };
    assert_eq!(
        decode_event(&encoded(wire::event::Event::NotHeld(not_held))),
        unknown("NotHeld.reason.kind 42")
    );

    let mut inner = wire::Acknowledged { requisition: requisition().to_string() }.encode_to_vec();
    assert_eq!(decode_event(&event_of(122, &inner)), Ok(Event::Acknowledged { requisition: requisition() }));
    inner.extend([15 << 3, 1]);
    assert_eq!(decode_event(&event_of(122, &inner)), unknown("a field of Acknowledged"));
}

#[test]
fn a_malformed_field_is_named() {
    let acknowledged = |requisition: &str| {
        encoded(wire::event::Event::Acknowledged(wire::Acknowledged { requisition: requisition.to_owned() }))
    };
    for bad in ["", "members/hyogo", "members/hyogo/requests/r-1/requisitions/0-1", "Members/A/requests/r"] {
        assert_eq!(decode_event(&acknowledged(bad)), malformed("Acknowledged", "requisition"), "{bad}");
    }

    let renewed = |until| {
        let lease = LeaseId {
            requisition: requisition(),
            subject: LeaseSubject::Bed(name("members/hyogo/hospitals/tamba")),
        };
        encoded(wire::event::Event::LeaseRenewed(wire::LeaseRenewed { lease: lease.write(), until }))
    };
    assert!(decode_event(&renewed(Timestamp::MAX.0)).is_ok());
    for until in [Timestamp::MAX.0 + 1, Timestamp::MIN.0 - 1, i64::MIN, i64::MAX] {
        assert_eq!(decode_event(&renewed(until)), malformed("LeaseRenewed", "until"), "{until}");
    }

    let area = |position| {
        let block = "north".to_owned();
        let organisation = "members/hyogo/organisations/tamba-fire".to_owned();
        encoded(wire::event::Event::AreaStated(wire::Area {
            organisation,
            position,
            calls_per_hour_e6: vec![1; 24],
            block,
        }))
    };
    assert!(decode_event(&area(Some(wire::Position { lat_e7: -900_000_000, lon_e7: 0 }))).is_ok());
    assert_eq!(decode_event(&area(None)), malformed("AreaStated", "position"));
    for (lat_e7, lon_e7) in [(900_000_001, 0), (0, -1_800_000_001), (i32::MIN, i32::MIN)] {
        let position = Some(wire::Position { lat_e7, lon_e7 });
        assert_eq!(decode_event(&area(position)), malformed("AreaStated", "position"));
    }

    let counted = wire::AircraftCountSet { request: "members/hyogo/requests/r-1".to_owned(), count: 65_536 };
    assert_eq!(
        decode_event(&encoded(wire::event::Event::AircraftCountSet(counted))),
        malformed("AircraftCountSet", "count")
    );

    let choice = wire::Choice {
        asset: "members/hyogo/assets/heli".to_owned(),
        sites: vec!["members/hyogo/sites/a".to_owned(), "b".to_owned()],
        ..Default::default()
    };
    let opened = wire::AttemptOpened {
        requisition: requisition().to_string(),
        choice: Some(choice),
        ..Default::default()
    };
    assert_eq!(
        decode_event(&encoded(wire::event::Event::AttemptOpened(opened))),
        malformed("AttemptOpened", "choice.sites.1")
    );

    let declined = wire::Declined { requisition: requisition().to_string(), reason: 0, telephone: None };
    assert_eq!(
        decode_event(&encoded(wire::event::Event::Declined(declined))),
        malformed("Declined", "reason")
    );
}

#[test]
fn nothing_is_not_an_event() {
    for bytes in [&b""[..], b"\xff", b"\x0a", b"\x0a\x02\x08"] {
        assert!(matches!(decode_event(bytes), Err(RecordFault::Undecodable { .. })), "{}", hex(bytes));
    }
}

#[test]
fn the_ledgers_and_the_events_mean_the_same_schema() {
    assert_eq!(SCHEMA_VERSION, crate::ledger::SCHEMA_VERSION);
}

#[test]
fn bits_of_capabilities_from_later_are_kept() {
    let event = Event::RequestOpened(RequestOpened { needed: Capabilities(u32::MAX), ..request_opened() });
    assert_eq!(decode_event(&encode_event(&event)), Ok(event));
}

#[test]
fn what_could_not_be_read_back_is_never_written() {
    let late = Event::StandingOrderGiven {
        id: name("members/hyogo/standingOrders/night"),
        answers_for: "chief".to_owned(),
        until: Timestamp(Timestamp::MAX.0 + 1),
    };
    let uncounted = Event::Acknowledged { requisition: RequisitionId { number: 0, ..requisition() } };
    for event in [late, uncounted] {
        assert!(std::panic::catch_unwind(|| encode_event(&event)).is_err(), "{event:?}");
    }
}

/// Old records are for ever: when this fails, the schema has changed under them.
#[test]
fn events_stand_on_disk_as_they_always_did() {
    let mut left: std::collections::BTreeMap<&str, fn(&mut sample::Dice) -> Event> =
        SAMPLES.iter().copied().collect();
    let mut lines = include_str!("golden_v1.txt").lines().filter(|line| !line.starts_with('#'));
    while let (Some(said), Some(bytes)) = (lines.next(), lines.next()) {
        let old: Vec<u8> = (0..bytes.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&bytes[at..at + 2], 16).unwrap())
            .collect();
        let event = decode_event(&old).unwrap();
        assert_eq!(format!("{event:?}"), said);
        assert_eq!(hex(&encode_event(&event)), bytes, "{said}");
        left.remove(said.split([' ', '(']).next().unwrap());
    }
    let missing = left.into_iter().map(|(event_name, roll)| {
        let event = roll(&mut sample::Dice(1));
        format!("{event_name}:\n{event:?}\n{}", hex(&encode_event(&event)))
    });
    let missing: Vec<String> = missing.collect();
    assert!(missing.is_empty(), "add an old record of {}", missing.join("\n"));
}

#[test]
fn a_hold_has_the_bytes_that_its_schema_says() {
    let inner = [
        name_bytes(0x0a, "members/hyogo/requests/r-1/requisitions/1-2"),
        name_bytes(0x12, "members/tottori/assets/heli"),
        vec![0x18, 0x01],
        vec![0x22, 0x0c, 0x08, 0x90, 0x85, 0xbd, 0xcf, 0x02, 0x10, 0xd0, 0xfe, 0xe6, 0x87, 0x0a],
        name_bytes(0x2a, "丹波市柏原町"),
        name_bytes(0x32, "members/hyogo/sites/kaibara"),
        vec![0x40, 0x02],
        vec![0x48, 0xc0, 0xee, 0x9e, 0xe0, 0xae, 0x33],
    ]
    .concat();
    let bytes = [vec![0xc2, 0x07, 0x94, 0x01], inner].concat();
    assert_eq!(hex(&encode_event(&held())), hex(&bytes));
    assert_eq!(decode_event(&bytes), Ok(held()));
}

fn new_request(caller: &str) -> Command {
    Command::OpenRequest(NewRequest {
        kind: RequestKind::Scene,
        requester: name("members/hyogo/organisations/tamba-fire"),
        incident: "119-7".to_owned(),
        position: Position::from_e7(351_773_000, 1_350_361_000).unwrap(),
        place: "柏原".to_owned(),
        site: None,
        called_at: Some(Timestamp(1_764_896_400_000)),
        keyword: String::new(),
        triage: Triage::default(),
        stretchers: 1,
        needed: Capabilities(3),
        hazards: Hazards::default(),
        ambulance: None,
        due: None,
        origin: None,
        hospitals: Vec::new(),
        aircraft_count: 1,
        caller: Some(SealText { kind: SealKind::Caller, text: caller.to_owned() }),
        patients: None,
    })
}

#[test]
fn a_retry_with_another_sealed_text_is_another_payload() {
    let bytes = canonical(&new_request("090-1"));
    assert_eq!(bytes, canonical(&new_request("090-1")));
    assert_ne!(bytes, canonical(&new_request("090-2")));
    let link = |request: &str, other: &str| {
        canonical(&Command::LinkRequest { request: name(request), other: name(other) })
    };
    assert_ne!(
        link("members/a/requests/bc", "members/d/requests/e"),
        link("members/a/requests/b", "members/cd/requests/e"),
        "a text may not run into the next"
    );
}

/// Fingerprints of commands stand on disk: when this fails, every retry over the upgrade is refused.
#[test]
fn a_command_has_the_bytes_it_always_had() {
    assert_eq!(
        hex(&canonical(&Command::SuspectClock { off_millis: -2 })),
        "0200000000000000feffffffffffffff"
    );
    let link =
        Command::LinkRequest { request: name("members/a/requests/b"), other: name("members/c/requests/d") };
    assert_eq!(hex(&canonical(&link)), "200000000000000061ff62ff63ff64ff");
    assert_eq!(
        hex(&Sha256::digest(canonical(&new_request("090-1")))),
        "c5d14505575dd4ede6c00142e47547c663f2ae334ca06c3a02586d0ad90a4379"
    );
}

fn state(assets: &[&str]) -> State {
    let mut state = State::new(LedgerId::Member(name("members/hyogo")));
    state.sequence = 7;
    state.last_at = Timestamp(1_764_896_400_000);
    state.mode.set_by = "prefect".to_owned();
    for asset in assets {
        let mut used = AssetUse::new();
        used.state = AssetState::Recallable { recall_s: 600 };
        state.asset_uses.insert_mut(name::<AssetId>(asset), used);
    }
    state
}

/// When this fails, what a state hash covers has changed: raise [`STATE_FORMAT`], then renew the digests here.
#[test]
fn a_state_has_the_digest_of_its_format() {
    assert_eq!(STATE_FORMAT, 4);
    let empty = State::new(LedgerId::Member(name("members/hyogo")));
    let found = [&empty, &state(&["members/hyogo/assets/a", "members/hyogo/assets/b"])];
    assert_eq!(
        found.map(|state| hex(&state_hash(state))),
        [
            "2e80cf39fbf50e27d1caf1e08aa4ef662e674536ce77b3c4c0cf36c173a83170",
            "7b137f3e453356d76a78276a51524fd06f4185064fe1089b5c629862cffb1df3",
        ]
    );
}

/// What few requests have is kept apart from the rest of them, and hashed where it always was.
#[test]
fn a_state_of_requests_has_the_digest_of_its_format() {
    let (one, two, three) = ("r-1", "r-2", "r-3");
    let id = |slug: &str| name::<RequestId>(&format!("members/hyogo/requests/{slug}"));
    let bare = RequestOpened {
        request: id(two),
        incident: String::new(),
        keyword: String::new(),
        ambulance: None,
        hospitals: Vec::new(),
        caller_seal: None,
        ..request_opened()
    };
    let full = RequestOpened {
        request: id(three),
        site: Some(name("members/hyogo/sites/kaibara")),
        hazards: Hazards { hazards: "gas".to_owned(), access: "east".to_owned() },
        due: Some(Timestamp(1_764_899_000_000)),
        origin: Some(name("members/hyogo/hospitals/kasai")),
        patients_seal: Some(1),
        ..request_opened()
    };
    let events = [
        Event::RequestOpened(request_opened()),
        Event::RequestOpened(bare),
        Event::RequestOpened(full),
        Event::RequestLinked { request: id(one), other: name("members/kyoto/requests/r-9") },
        Event::RequestMerged { request: id(three), into: id(two) },
        Event::RequestReopened { request: id(three) },
        Event::RequestCancelled { request: id(two), reason: CancelReason::ByRoad },
    ];
    let digests = [
        "519b63075c17737f431ccef5bb5904521c213307b23c3bc14b6e4c3b36618e6c",
        "c7a574195ddbffa47cfbc06032c06938b1e407921bbe48c6118127c11992fe14",
        "4a07073ecaa450b4a1c0ecf5942a5d1774873327a0793402fbd589cd6c45c65e",
        "0993ddf955bc3dc3bff044fee1a1eaf800d54f4dec29c7c62d2edf41fe4d8a64",
        "a4a6e5f0600ed2232a8e3ec7c06fb864252057b11f3efb5c462c2993ca6b71e5",
        "28f97b2bfab94c701d6729d09e247502231a6ec46ded5c8e74ee90d4d441fb18",
        "5962aaa9921ea12fa8663af8528508336630b9499f9ed62422887a73cc37d6e7",
    ];
    let mut state = State::new(LedgerId::Member(name("members/hyogo")));
    let mut found = Vec::new();
    for (event, sequence) in events.iter().zip(1..) {
        let at = Timestamp(1_764_896_400_000 + sequence as i64);
        state.apply(&Context { sequence, at, actor: Actor("hyogo".to_owned()) }, event);
        found.push(hex(&state_hash(&state)));
    }
    assert_eq!(found, digests, "one for each record");
}

/// The pieces are gathered before they are hashed: texts that end at, before and behind the end of what gathers them, and
/// one that is longer, must leave nothing out.
#[test]
fn a_state_digest_is_that_of_the_plain_stream_however_long_its_texts() {
    for bytes in (0..9_000).step_by(7).chain(4_000..4_200) {
        let mut state = state(&["members/hyogo/assets/a"]);
        state.mode.set_by = "x".repeat(bytes);
        let plain = Sha256::digest(canonical(&(STATE_FORMAT, &state)));
        assert_eq!(hex(&state_hash(&state)), hex(&plain), "{bytes} bytes of text");
    }
}

#[test]
fn a_digest_tells_states_apart_but_not_how_they_came_about() {
    let (a, b) = ("members/hyogo/assets/a", "members/hyogo/assets/b");
    assert_eq!(state_hash(&state(&[a, b])), state_hash(&state(&[b, a])));
    assert_ne!(state_hash(&state(&[a, b])), state_hash(&state(&[a])));
}
