use super::*;
use crate::allocator::ranking::limits;
use crate::decision::limits::SHORT_TEXT_BYTES_MAX;
use crate::decision::model::{AgreementRule, Name};
use crate::id::{AssetId, SLUG_BYTES_MAX};
use crate::ledger::format::PROBLEM_BYTES_MAX;
use crate::record::sample::{Dice, Sample};
use crate::units::{Timestamp, UNREACHABLE};
use sha2::{Digest as _, Sha256};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn name<T: std::str::FromStr>(text: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    text.parse().unwrap()
}

fn names_for<T: Sample, E>(dice: &mut Dice, entries: &[E]) -> Vec<T> {
    entries.iter().map(|_| dice.roll()).collect()
}

/// Any problem whose names fit.
fn sampled(dice: &mut Dice) -> Stated {
    let mut stated: Stated = dice.roll();
    // Each has a name.
    stated.problem.no_fly_count %= 5;
    let problem = &stated.problem;
    stated.names = Names {
        aircraft: names_for(dice, &problem.aircraft),
        sites: names_for(dice, &problem.sites),
        hospitals: names_for(dice, &problem.hospitals),
        ground: names_for(dice, &problem.ground),
        regions: names_for(dice, &problem.regions),
        blocks: names_for(dice, &problem.blocks),
        areas: names_for(dice, &problem.areas),
        no_fly: names_for(dice, &vec![(); usize::from(problem.no_fly_count)]),
    };
    stated
}

/// Counts up, so that no two fields of a problem hold the same value.
struct Counter(u32);

impl Counter {
    fn next(&mut self) -> u32 {
        self.0 += 1;
        self.0
    }

    fn small(&mut self) -> u16 {
        u16::try_from(self.next()).unwrap()
    }

    fn past(&mut self) -> i32 {
        -i32::try_from(self.next()).unwrap()
    }

    fn place(&mut self) -> UnitVector {
        UnitVector { x: self.past(), y: self.past(), z: 1 << 30 }
    }

    fn span(&mut self) -> Span {
        Span { from_s: Some(self.past()), until_s: Some(self.past()) }
    }

    fn window(&mut self) -> Window {
        Window { from_s: self.past(), until_s: self.past() }
    }

    fn policy(&mut self) -> Policy {
        Policy {
            call_order: CallOrder::OrderList,
            hand_over_s: self.next(),
            on_scene_s: self.next(),
            start_s: self.next(),
            hospital_stop_s: self.next(),
            turn_around_s: self.next(),
            reserve_s: self.next(),
            confirmation_ttl_s: Some(self.next()),
            fix_age_max_s: self.next(),
            stale_fix: StaleRule::Flagged,
            cover_wait_s: self.next(),
            trade_s: Some(self.next()),
            retask: Permission::Allowed,
            recall: Permission::Refused,
            road_transport: Permission::Allowed,
            rest: RestRule::PreferRested,
        }
    }

    fn aircraft(&mut self, status: AircraftStatus) -> Aircraft {
        Aircraft {
            position: self.place(),
            fix: Fix::Known { age_s: self.next() },
            home: self.place(),
            origin_region: RegionIdx(self.small()),
            home_region: RegionIdx(self.small()),
            block: BlockIdx(self.small()),
            status,
            asked: Asked::NotYet,
            ready_in_s: self.next(),
            speed_kmh: self.next(),
            range_m: self.next(),
            endurance_s: self.next(),
            seats: self.small(),
            stretchers: self.small(),
            capabilities: Capabilities(self.next()),
            mass_kg: self.next(),
            size_m: self.next(),
            service: self.span(),
            daylight: Daylight::DayOnly {
                first_take_off_s: Some(self.past()),
                last_landing_s: Some(self.past()),
            },
            next_outage_s: Some(self.past()),
            crew: Crew::Present { duty_end_s: Some(self.past()), flight_left_s: Some(self.next()) },
            rest_until_s: Some(self.past()),
            minima: Minima { visibility_m: self.next(), ceiling_m: self.next(), wind_max_mps: self.next() },
            standing: Standing {
                rank: StandingRank::Listed { order: self.small() },
                distance_max_m: Some(self.next()),
                flights_left: Some(self.small()),
            },
            ownership: Ownership::Offered(self.span()),
            busy_permille: self.small(),
        }
    }

    /// Every word of an aircraft at least once; most fields of all but the first are 0.
    fn fleet(&mut self) -> Vec<Aircraft> {
        let place = UnitVector { x: 0, y: 0, z: -(1 << 30) };
        let plain = Aircraft {
            position: place,
            fix: Fix::Missing,
            home: place,
            origin_region: RegionIdx(0),
            home_region: RegionIdx(0),
            block: BlockIdx(0),
            status: AircraftStatus::Ready,
            asked: Asked::Already,
            ready_in_s: 0,
            speed_kmh: 0,
            range_m: 0,
            endurance_s: 0,
            seats: 0,
            stretchers: 0,
            capabilities: Capabilities(0),
            mass_kg: 0,
            size_m: 0,
            service: Span::default(),
            daylight: Daylight::NightCapable,
            next_outage_s: None,
            crew: Crew::Unknown,
            rest_until_s: None,
            minima: Minima { visibility_m: 0, ceiling_m: 0, wind_max_mps: 0 },
            standing: Standing { rank: StandingRank::Own, distance_max_m: None, flights_left: None },
            ownership: Ownership::Union,
            busy_permille: 0,
        };
        let standing = |rank| Standing { rank, ..plain.standing };
        let mut fleet = vec![
            self.aircraft(AircraftStatus::Held { until_s: 77 }),
            Aircraft {
                status: AircraftStatus::OutOfService {
                    cause: OutageCause::Maintenance,
                    until_s: Some(78),
                    planned: false,
                },
                daylight: Daylight::DayOnly { first_take_off_s: None, last_landing_s: None },
                crew: Crew::Absent,
                standing: standing(StandingRank::None),
                ..plain
            },
            Aircraft {
                status: AircraftStatus::Held { until_s: 0 },
                crew: Crew::Present { duty_end_s: None, flight_left_s: None },
                standing: standing(StandingRank::Refused),
                ownership: Ownership::NotOffered,
                ..plain
            },
            Aircraft { ownership: Ownership::Offered(Span::default()), asked: Asked::Declined, ..plain },
        ];
        let others = [
            AircraftStatus::Training,
            AircraftStatus::FreeSoon,
            AircraftStatus::Retaskable,
            AircraftStatus::Engaged,
        ];
        fleet.extend(others.map(|status| Aircraft { status, ..plain }));
        let causes = [
            OutageCause::NoMechanic,
            OutageCause::NoCrew,
            OutageCause::Defect,
            OutageCause::Base,
            OutageCause::Weather,
            OutageCause::Order,
        ];
        let out = |cause| AircraftStatus::OutOfService { cause, until_s: None, planned: false };
        fleet.extend(causes.map(|cause| Aircraft { status: out(cause), ..plain }));
        fleet
    }

    fn sites(&mut self) -> Vec<Site> {
        let site = Site {
            position: self.place(),
            region: RegionIdx(self.small()),
            mass_max_kg: self.next(),
            size_max_m: self.next(),
            state: SiteState::Open,
            confirmed_age_s: Some(self.next()),
            lit: true,
            ambulance_s: self.next(),
            support_s: self.next(),
            securing_s: self.next(),
            spots: self.small(),
            leases: vec![self.window(), self.window()],
        };
        let closed = Site {
            state: SiteState::Closed,
            confirmed_age_s: None,
            lit: false,
            ambulance_s: UNREACHABLE,
            leases: vec![],
            ..site.clone()
        };
        vec![site, closed]
    }

    fn hospitals(&mut self) -> Vec<Hospital> {
        let pad = Pad {
            mass_max_kg: self.next(),
            size_max_m: self.next(),
            wind_max_mps: self.next(),
            lit: true,
            drive_s: self.next(),
        };
        let hospital = Hospital {
            position: self.place(),
            region: RegionIdx(self.small()),
            specialties: Specialties(self.next()),
            pad: Some(pad),
            state: HospitalState::Accepting,
            beds: Some(self.small()),
            preference: 9,
            road_from_scene_s: self.next(),
        };
        let full = |state| Hospital { state, pad: None, beds: Some(0), ..hospital };
        vec![
            hospital,
            Hospital { beds: None, ..full(HospitalState::Unknown) },
            full(HospitalState::Refusing),
            full(HospitalState::Inundated),
        ]
    }

    fn ground(&mut self) -> Vec<GroundUnit> {
        let unit = GroundUnit {
            kind: GroundKind::Ambulance,
            status: GroundStatus::Available,
            asked: Asked::Declined,
            ready_in_s: self.next(),
            to_scene_s: self.next(),
            service: self.span(),
            capabilities: Capabilities(self.next()),
        };
        vec![
            unit,
            GroundUnit { kind: GroundKind::DoctorCar, status: GroundStatus::Engaged, ..unit },
            GroundUnit { status: GroundStatus::OutOfService, ..unit },
        ]
    }

    fn regions(&mut self) -> Vec<Weather> {
        let (visibility_m, ceiling_m, wind_mps) = (self.next(), self.next(), self.next());
        let reported = |icing, thunderstorm| Weather::Reported {
            visibility_m,
            ceiling_m,
            wind_mps,
            icing,
            thunderstorm,
        };
        let old = Weather::Expired { age_s: self.next() };
        vec![reported(true, false), reported(false, true), old, Weather::Unknown]
    }
}

/// Every field, neighbours with different values, and every word of the closed lists in the problem's own lists.
fn everything() -> Stated {
    let mut counter = Counter(0);
    let counter = &mut counter;
    let problem = Problem {
        at: Timestamp(1_764_896_400_000),
        kind: Kind::Transfer,
        needs: Needs {
            capabilities: Capabilities(counter.next()),
            specialties: Specialties(counter.next()),
            patients: counter.small(),
            stretchers: counter.small(),
            seats: counter.small(),
        },
        pinned_site: Some(SiteIdx(counter.small())),
        pinned_hospital: Some(HospitalIdx(0)),
        policy: counter.policy(),
        due_s: Some(counter.past()),
        darkness: Some(counter.window()),
        aircraft: counter.fleet(),
        sites: counter.sites(),
        hospitals: counter.hospitals(),
        road_s: vec![counter.next(), UNREACHABLE, 0],
        regions: counter.regions(),
        blocks: vec![Block { keep: counter.small() }, Block { keep: 0 }],
        ground: counter.ground(),
        areas: vec![CoverArea { position: counter.place(), calls_per_1000_h: counter.next() }],
        ways: Vec::new(),
        classes: Vec::new(),
        no_fly_count: 0,
    };
    let names = Names {
        aircraft: (0..problem.aircraft.len()).map(|i| name(&format!("members/a/assets/h{i}"))).collect(),
        sites: vec![Some(name("members/a/sites/s0")), None],
        hospitals: (0..4).map(|i| name(&format!("members/a/hospitals/k{i}"))).collect(),
        ground: (0..3).map(|i| name(&format!("members/b/assets/g{i}"))).collect(),
        regions: (0..4).map(|i| name(&format!("weatherRegions/w{i}"))).collect(),
        blocks: vec![name("north"), name("south")],
        areas: vec![name("members/b/organisations/tamba-fire")],
        no_fly: Vec::new(),
    };
    Stated {
        problem,
        names,
        request: Some(name("members/b/requests/r-1")),
        area: Some(name("members/b/organisations/tamba-fire")),
        rule: Some(AgreementRule::NearestFirst),
        clause: Name { ja: "第3条".to_owned(), en: "article 3".to_owned() },
        ambulance: Some(name("members/b/assets/g0")),
        ambulance_leg_s: [counter.next(), counter.next(), counter.next()],
    }
}

#[test]
fn every_problem_reads_back_as_written() {
    for seed in 0..1_500 {
        let stated = sampled(&mut Dice(seed));
        assert_eq!(decode_problem(&encode_problem(&stated)), Ok(stated), "seed {seed}");
    }
}

#[test]
fn equal_bytes_mean_equal_problems() {
    let mut seen = std::collections::BTreeMap::new();
    for seed in 0..300 {
        let stated = sampled(&mut Dice(seed));
        let before = seen.insert(encode_problem(&stated), stated.clone());
        assert!(before.is_none_or(|before| before == stated), "seed {seed}");
    }
}

/// Stored problems are for ever: when this fails, the schema has changed under them.
#[test]
fn problems_stand_on_disk_as_they_always_did() {
    let old: Vec<&str> =
        include_str!("../golden_problem_v1.txt").lines().filter(|line| !line.starts_with('#')).collect();
    let old = old.concat();
    let bytes: Vec<u8> =
        (0..old.len()).step_by(2).map(|at| u8::from_str_radix(&old[at..at + 2], 16).unwrap()).collect();
    assert_eq!(hex(&encode_problem(&everything())), old);
    assert_eq!(decode_problem(&bytes), Ok(everything()));
}

/// What came later stands behind what was there: a problem without it has the bytes it always had.
fn crooked() -> Stated {
    let mut stated = everything();
    let (aircraft, site, hospital) = (AircraftIdx(1), SiteIdx(1), HospitalIdx(2));
    let way = |leg, metres, passage| Way {
        leg,
        metres,
        passage,
        areas: vec![NoFlyIdx(0), NoFlyIdx(1)],
        regions: vec![RegionIdx(3)],
    };
    stated.problem.ways = vec![
        way(Leg::ToSite { aircraft, site }, 70_000, Passage::Around),
        way(Leg::Onward { class: 1, site, hospital }, 80_000, Passage::Barred),
        Way { regions: Vec::new(), ..way(Leg::HomeFromSite { aircraft, site }, 0, Passage::Around) },
        way(Leg::HomeFromHospital { aircraft, hospital }, 90_000, Passage::Around),
    ];
    stated.problem.classes = vec![stated.problem.aircraft[0].minima, stated.problem.aircraft[1].minima];
    stated.problem.no_fly_count = 2;
    stated.names.no_fly = vec![name("members/a/noFlyAreas/fire"), name("members/b/noFlyAreas/film")];
    stated
}

#[test]
fn legs_that_are_not_straight_read_back_and_have_the_bytes_they_always_had() {
    let bytes = encode_problem(&crooked());
    assert_eq!(decode_problem(&bytes), Ok(crooked()));
    let straight = encode_problem(&everything());
    assert!(bytes.len() > straight.len());
    let old = include_str!("../golden_problem_ways.txt").lines().filter(|line| !line.starts_with('#'));
    let old = old.collect::<Vec<_>>().concat();
    assert_eq!(hex(&Sha256::digest(&bytes)), old);
    let nameless = Stated { names: Names { no_fly: Vec::new(), ..crooked().names }, ..crooked() };
    assert!(std::panic::catch_unwind(|| encode_problem(&nameless)).is_err());
}

/// A problem has one kind and one policy: their other words.
#[test]
fn words_that_stand_once_in_a_problem_have_the_numbers_they_always_had() {
    let call_orders = [CallOrder::OwnFirst, CallOrder::NearestFirst, CallOrder::OrderList];
    assert_eq!(call_orders.map(|word| word.write()), [1, 2, 3]);
    assert_eq!([Kind::SceneCall, Kind::Transfer].map(|word| word.write()), [1, 2]);
    assert_eq!([StaleRule::Excluded, StaleRule::Flagged].map(|word| word.write()), [1, 2]);
    assert_eq!([Permission::Allowed, Permission::Refused].map(|word| word.write()), [1, 2]);
    assert_eq!([RestRule::Ignored, RestRule::PreferRested].map(|word| word.write()), [1, 2]);
}

/// What was accepted is whole: it can be written again, and reads back.
fn check_whole(bytes: &[u8]) {
    if let Ok(stated) = decode_problem(bytes) {
        assert_eq!(decode_problem(&encode_problem(&stated)), Ok(stated), "{}", hex(bytes));
    }
}

#[test]
fn damaged_bytes_give_a_fault_or_a_whole_problem() {
    let dice = &mut Dice(3);
    let bytes = encode_problem(&everything());
    (0..bytes.len()).for_each(|length| check_whole(&bytes[..length]));
    for _ in 0..20_000 {
        let mut damaged = bytes.clone();
        for _ in 0..=dice.below(3) {
            let place = dice.below(damaged.len());
            match dice.below(4) {
                0 => damaged[place] ^= 1 << dice.below(8),
                1 => damaged.insert(place, dice.bits() as u8),
                2 => drop(damaged.remove(place)),
                _ => damaged[place] = dice.bits() as u8,
            }
        }
        check_whole(&damaged);
    }
}

#[test]
fn noise_gives_a_fault_or_a_whole_problem() {
    let dice = &mut Dice(7);
    for _ in 0..50_000 {
        let bytes: Vec<u8> = (0..dice.below(64)).map(|_| dice.bits() as u8).collect();
        check_whole(&bytes);
    }
}

fn changed(change: impl FnOnce(&mut wire::Stated)) -> Result<Stated, RecordFault> {
    let mut message: wire::Stated = everything().write();
    change(&mut message);
    decode_problem(&message.encode_to_vec())
}

fn problem_of(message: &mut wire::Stated) -> &mut wire::Problem {
    message.problem.as_mut().unwrap()
}

fn unknown(what: &str) -> Result<Stated, RecordFault> {
    Err(RecordFault::Unknown { what: what.to_owned() })
}

fn malformed(field: &str) -> Result<Stated, RecordFault> {
    Err(RecordFault::Malformed { event: "Stated", field: field.to_owned() })
}

#[test]
fn what_a_newer_schema_added_to_a_problem_is_told_from_damage() {
    assert_eq!(changed(|_| ()), Ok(everything()));
    assert_eq!(changed(|message| message.rule = Some(9)), unknown("Stated.rule 9"));
    let kind = changed(|message| problem_of(message).aircraft[1].status.as_mut().unwrap().kind = 42);
    assert_eq!(kind, unknown("Stated.problem.aircraft.1.status.kind 42"));
    let field = [encode_problem(&everything()), vec![15 << 3, 1]].concat();
    assert_eq!(decode_problem(&field), unknown("a field of Stated"));
}

#[test]
fn a_malformed_field_of_a_problem_is_named() {
    assert_eq!(decode_problem(b""), malformed("problem"));
    assert!(matches!(decode_problem(b"\xff"), Err(RecordFault::Undecodable { .. })));
    assert_eq!(changed(|message| problem_of(message).at = i64::MAX), malformed("problem.at"));
    assert_eq!(changed(|message| problem_of(message).policy = None), malformed("problem.policy"));
    assert_eq!(
        changed(|message| problem_of(message).sites[0].spots = 65_536),
        malformed("problem.sites.0.spots")
    );
    let held = changed(|message| problem_of(message).aircraft[0].status.as_mut().unwrap().until_s = None);
    assert_eq!(held, malformed("problem.aircraft.0.status.until_s"));
    let preference = changed(|message| problem_of(message).hospitals[2].preference = 256);
    assert_eq!(preference, malformed("problem.hospitals.2.preference"));
    assert_eq!(changed(|message| message.ambulance_leg_s.push(1)), malformed("ambulance_leg_s"));
    let site = changed(|message| message.names.as_mut().unwrap().sites[0] = "s0".to_owned());
    assert_eq!(site, malformed("names.sites.0"));
    let nameless = changed(|message| message.names.as_mut().unwrap().hospitals[1].clear());
    assert_eq!(nameless, malformed("names.hospitals.1"));
}

#[test]
fn every_entry_of_a_problem_has_its_name() {
    type Shorten = fn(&mut Names);
    let shortened: [(&str, Shorten); 7] = [
        ("aircraft", |names| drop(names.aircraft.pop())),
        ("sites", |names| drop(names.sites.pop())),
        ("hospitals", |names| drop(names.hospitals.pop())),
        ("ground", |names| drop(names.ground.pop())),
        ("regions", |names| drop(names.regions.pop())),
        ("blocks", |names| drop(names.blocks.pop())),
        ("areas", |names| drop(names.areas.pop())),
    ];
    for (list, shorten) in shortened {
        let mut stated = everything();
        shorten(&mut stated.names);
        let message: wire::Stated = stated.write();
        assert_eq!(decode_problem(&message.encode_to_vec()), malformed(&format!("names.{list}")));
        assert!(std::panic::catch_unwind(|| encode_problem(&stated)).is_err(), "{list}");
    }
}

#[test]
fn the_largest_problem_that_can_be_ranked_can_be_stored() {
    let slug = "x".repeat(SLUG_BYTES_MAX);
    let child = |collection: &str| format!("members/{slug}/{collection}/{slug}");
    let mut counter = Counter(0);
    let worst = Stated {
        problem: Problem {
            aircraft: vec![
                Aircraft {
                    status: AircraftStatus::OutOfService {
                        cause: OutageCause::Order,
                        until_s: Some(i32::MIN),
                        planned: true,
                    },
                    fix: Fix::Known { age_s: u32::MAX },
                    service: Span { from_s: Some(i32::MIN), until_s: Some(i32::MIN) },
                    ownership: Ownership::Offered(Span { from_s: Some(i32::MIN), until_s: Some(i32::MIN) }),
                    capabilities: Capabilities(u32::MAX),
                    ..counter.aircraft(AircraftStatus::Ready)
                };
                limits::AIRCRAFT_MAX
            ],
            sites: vec![
                Site {
                    ambulance_s: UNREACHABLE,
                    leases: vec![Window { from_s: i32::MIN, until_s: i32::MIN }; limits::LEASES_MAX],
                    ..counter.sites()[0].clone()
                };
                limits::SITES_MAX
            ],
            hospitals: vec![
                Hospital { specialties: Specialties(u32::MAX), ..counter.hospitals()[0] };
                limits::HOSPITALS_MAX
            ],
            road_s: vec![UNREACHABLE; limits::SITES_MAX * limits::HOSPITALS_MAX],
            regions: vec![counter.regions()[0]; limits::REGIONS_MAX],
            blocks: vec![Block { keep: u16::MAX }; limits::BLOCKS_MAX],
            ground: vec![counter.ground()[0]; limits::GROUND_MAX],
            areas: vec![
                CoverArea { position: counter.place(), calls_per_1000_h: u32::MAX };
                limits::AREAS_MAX
            ],
            ways: vec![
                Way {
                    leg: Leg::Onward {
                        class: u16::MAX,
                        site: SiteIdx(u16::MAX),
                        hospital: HospitalIdx(u16::MAX)
                    },
                    metres: u32::MAX,
                    passage: Passage::Barred,
                    areas: vec![NoFlyIdx(u16::MAX); limits::BARRIERS_MAX],
                    regions: vec![RegionIdx(63); limits::BARRIERS_MAX],
                };
                limits::WAYS_MAX
            ],
            classes: vec![counter.aircraft(AircraftStatus::Ready).minima; limits::CLASSES_MAX],
            no_fly_count: crate::network::air::AREAS_MAX as u16,
            ..everything().problem
        },
        names: Names {
            aircraft: vec![name(&child("assets")); limits::AIRCRAFT_MAX],
            sites: vec![Some(name(&child("sites"))); limits::SITES_MAX],
            hospitals: vec![name(&child("hospitals")); limits::HOSPITALS_MAX],
            ground: vec![name::<AssetId>(&child("assets")); limits::GROUND_MAX],
            regions: vec![name(&format!("weatherRegions/{slug}")); limits::REGIONS_MAX],
            blocks: vec![name(&slug); limits::BLOCKS_MAX],
            areas: vec![name(&child("organisations")); limits::AREAS_MAX],
            no_fly: vec![name(&child("noFlyAreas")); crate::network::air::AREAS_MAX],
        },
        clause: Name { ja: "x".repeat(SHORT_TEXT_BYTES_MAX), en: "x".repeat(SHORT_TEXT_BYTES_MAX) },
        ..everything()
    };
    let bytes = encode_problem(&worst);
    assert!(bytes.len() <= PROBLEM_BYTES_MAX, "{} bytes", bytes.len());
    assert_eq!(decode_problem(&bytes), Ok(worst));
}
