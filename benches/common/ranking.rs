//! A seeded region as large as Kansai with every limit of a ranking in force; about half of the aircraft can go.

use yui::allocator::ranking::*;
use yui::units::geodesy::UnitVector;
use yui::units::{Position, Timestamp};

/// Weather regions, blocks and areas of cover (241 municipalities).
const REGIONS: u32 = 12;
const BLOCKS: u32 = 8;
const AREAS: usize = 241;

/// Seeded numbers (splitmix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % u64::from(bound)) as u32
    }

    fn between(&mut self, from: u32, to: u32) -> u32 {
        from + self.below(to - from)
    }

    fn once_in(&mut self, n: u32) -> bool {
        self.below(n) == 0
    }

    fn place(&mut self, lat: (f64, f64), lon: (f64, f64)) -> UnitVector {
        let mut between = |(from, to): (f64, f64)| from + (to - from) * f64::from(self.below(100_000)) / 1e5;
        let (lat, lon) = (between(lat), between(lon));
        Position::from_degrees(lat, lon).expect("the frame lies on the Earth").into()
    }

    /// 200 by 250 km.
    fn anywhere(&mut self) -> UnitVector {
        self.place((33.5, 35.8), (133.8, 136.5))
    }
}

/// One seeded problem.
pub(crate) fn problem(seed: u64, aircraft: usize, sites: usize, hospitals: usize) -> Problem {
    let mut dice = Dice(seed);
    let scene = (dice.between(3_400, 3_540), dice.between(13_430, 13_600));
    let (lat, lon) = (f64::from(scene.0) / 100.0, f64::from(scene.1) / 100.0);
    let near = |dice: &mut Dice| dice.place((lat - 0.05, lat + 0.05), (lon - 0.05, lon + 0.05));
    Problem {
        at: Timestamp(1_764_924_960_000),
        kind: Kind::SceneCall,
        needs: Needs {
            capabilities: Capabilities::PHYSICIAN.and(Capabilities::STRETCHER),
            specialties: Specialties::CRITICAL_CARE,
            patients: 1,
            stretchers: 1,
            seats: 2,
        },
        pinned_site: None,
        pinned_hospital: None,
        policy: Policy {
            call_order: CallOrder::NearestFirst,
            confirmation_ttl_s: Some(86_400),
            rest: RestRule::PreferRested,
            ..Policy::default()
        },
        due_s: Some(7_200),
        darkness: Some(Window { from_s: 5_400, until_s: 50_000 }),
        aircraft: (0..aircraft).map(|_| helicopter(&mut dice)).collect(),
        sites: (0..sites)
            .map(|_| {
                let position = near(&mut dice);
                site(&mut dice, position)
            })
            .collect(),
        hospitals: (0..hospitals).map(|_| hospital(&mut dice)).collect(),
        road_s: (0..sites * hospitals).map(|_| dice.between(900, 7_200)).collect(),
        regions: (0..REGIONS).map(|_| weather(&mut dice)).collect(),
        blocks: (0..BLOCKS).map(|_| Block { keep: 1 }).collect(),
        ground: vec![],
        areas: (0..AREAS)
            .map(|_| CoverArea { position: dice.anywhere(), calls_per_1000_h: dice.between(1, 200) })
            .collect(),
        ways: Vec::new(),
        classes: Vec::new(),
        no_fly_count: 0,
    }
}

fn region(dice: &mut Dice) -> RegionIdx {
    RegionIdx(dice.below(REGIONS) as u16)
}

fn weather(dice: &mut Dice) -> Weather {
    Weather::Reported {
        visibility_m: if dice.once_in(20) { 3_000 } else { dice.between(5_500, 30_000) },
        ceiling_m: dice.between(400, 3_000),
        wind_mps: dice.between(1, 14),
        icing: false,
        thunderstorm: false,
    }
}

fn site(dice: &mut Dice, position: UnitVector) -> Site {
    Site {
        position,
        region: region(dice),
        mass_max_kg: dice.between(3_000, 8_000),
        size_max_m: dice.between(12, 25),
        state: if dice.once_in(8) { SiteState::Closed } else { SiteState::Open },
        confirmed_age_s: Some(dice.between(0, 90_000)),
        lit: dice.once_in(2),
        ambulance_s: dice.between(300, 2_400),
        support_s: dice.between(300, 900),
        securing_s: 600,
        spots: 1,
        leases: if dice.once_in(4) { vec![Window { from_s: 3_000, until_s: 5_000 }] } else { vec![] },
    }
}

fn hospital(dice: &mut Dice) -> Hospital {
    Hospital {
        position: dice.anywhere(),
        region: region(dice),
        specialties: if dice.once_in(4) { Specialties::TRAUMA } else { Specialties::CRITICAL_CARE },
        pad: (!dice.once_in(5)).then(|| Pad {
            mass_max_kg: dice.between(3_000, 8_000),
            size_max_m: dice.between(12, 25),
            wind_max_mps: 12,
            lit: dice.once_in(2),
            drive_s: dice.below(600),
        }),
        state: if dice.once_in(8) { HospitalState::Refusing } else { HospitalState::Accepting },
        beds: Some(dice.below(5) as u16),
        preference: dice.below(2) as u8,
        road_from_scene_s: dice.between(900, 7_200),
    }
}

fn helicopter(dice: &mut Dice) -> Aircraft {
    let home = dice.anywhere();
    let status = match dice.below(16) {
        0 => AircraftStatus::Engaged,
        1 => AircraftStatus::Held { until_s: 900 },
        2 => AircraftStatus::OutOfService {
            cause: OutageCause::NoMechanic,
            until_s: Some(86_400),
            planned: true,
        },
        3 => AircraftStatus::FreeSoon,
        4 => AircraftStatus::Training,
        5 => AircraftStatus::Retaskable,
        _ => AircraftStatus::Ready,
    };
    Aircraft {
        position: if dice.once_in(8) { dice.anywhere() } else { home },
        fix: Fix::Known { age_s: dice.below(125) },
        home,
        origin_region: region(dice),
        home_region: region(dice),
        block: BlockIdx(dice.below(BLOCKS) as u16),
        status,
        asked: if dice.once_in(50) { Asked::Declined } else { Asked::NotYet },
        ready_in_s: dice.between(240, 1_500),
        speed_kmh: dice.between(190, 250),
        range_m: dice.between(300_000, 700_000),
        endurance_s: dice.between(5_400, 10_800),
        seats: dice.between(2, 8) as u16,
        stretchers: dice.between(1, 3) as u16,
        capabilities: Capabilities(if dice.once_in(8) { 4 } else { 7 }),
        mass_kg: dice.between(2_500, 5_500),
        size_m: dice.between(11, 18),
        service: Span { from_s: Some(-20_000), until_s: Some(4_500) },
        daylight: Daylight::DayOnly {
            first_take_off_s: Some(-30_000),
            last_landing_s: Some(dice.between(4_000, 9_000) as i32),
        },
        next_outage_s: Some(dice.between(8_000, 900_000) as i32),
        crew: Crew::Present {
            duty_end_s: Some(dice.between(5_000, 20_000) as i32),
            flight_left_s: Some(dice.between(3_600, 20_000)),
        },
        rest_until_s: dice.once_in(6).then_some(1_800),
        minima: Minima::default(),
        standing: Standing {
            rank: StandingRank::Listed { order: 0 },
            distance_max_m: Some(dice.between(60_000, 250_000)),
            flights_left: Some(dice.below(30) as u16),
        },
        ownership: if dice.once_in(10) {
            Ownership::Offered(Span { from_s: Some(0), until_s: Some(10_000) })
        } else {
            Ownership::Union
        },
        busy_permille: dice.between(100, 450) as u16,
    }
}
