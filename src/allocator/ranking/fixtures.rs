//! Worlds for tests: one that is arithmetic, and seeded ones in which every limit binds somewhere.

use super::air::{Leg, Passage, Way};
use super::fleet::*;
use super::problem::*;
use super::validate::limits;
use crate::units::geodesy::UnitVector;
use crate::units::{Position, Seconds, Timestamp, UNREACHABLE};

/// A place in degrees.
pub(super) fn place(lat: f64, lon: f64) -> UnitVector {
    Position::from_degrees(lat, lon).unwrap().into()
}

/// The place so many metres north of 35° N 135° E.
pub(super) fn north(metres: f64) -> UnitVector {
    place(35.0 + (metres / 6_371_008.8).to_degrees(), 135.0)
}

/// An EC135 with its crew, its own area's, ready in five minutes, no limit near.
pub(super) fn helicopter(home: UnitVector) -> Aircraft {
    Aircraft {
        position: home,
        fix: Fix::Known { age_s: 0 },
        home,
        origin_region: RegionIdx(0),
        home_region: RegionIdx(0),
        block: BlockIdx(0),
        status: AircraftStatus::Ready,
        asked: Asked::NotYet,
        ready_in_s: 300,
        speed_kmh: 200,
        range_m: 600_000,
        endurance_s: 9_000,
        seats: 4,
        stretchers: 1,
        capabilities: Capabilities::PHYSICIAN.and(Capabilities::NURSE).and(Capabilities::STRETCHER),
        mass_kg: 2_900,
        size_m: 13,
        service: Span::default(),
        daylight: Daylight::NightCapable,
        next_outage_s: None,
        crew: Crew::Present { duty_end_s: None, flight_left_s: None },
        rest_until_s: None,
        minima: Minima::default(),
        standing: Standing { rank: StandingRank::Own, distance_max_m: None, flights_left: None },
        ownership: Ownership::Union,
        busy_permille: 300,
    }
}

/// An open, confirmed site where ambulance and support crew stand already.
pub(super) fn site(position: UnitVector) -> Site {
    Site {
        position,
        region: RegionIdx(0),
        mass_max_kg: 6_000,
        size_max_m: 20,
        state: SiteState::Open,
        confirmed_age_s: Some(600),
        lit: true,
        ambulance_s: 0,
        support_s: 0,
        securing_s: 0,
        spots: 1,
        leases: vec![],
    }
}

/// A hospital that accepts, with a pad on its own ground.
pub(super) fn hospital(position: UnitVector) -> Hospital {
    Hospital {
        position,
        region: RegionIdx(0),
        specialties: Specialties(u32::MAX),
        pad: Some(pad()),
        state: HospitalState::Accepting,
        beds: None,
        preference: 0,
        road_from_scene_s: 3_600,
    }
}

/// A roof pad for 6 t (domain facts 2).
pub(super) fn pad() -> Pad {
    Pad { mass_max_kg: 6_000, size_max_m: 20, wind_max_mps: 15, lit: true, drive_s: 0 }
}

/// An ambulance ten minutes away.
pub(super) fn ambulance() -> GroundUnit {
    GroundUnit {
        kind: GroundKind::Ambulance,
        status: GroundStatus::Available,
        asked: Asked::NotYet,
        ready_in_s: 60,
        to_scene_s: 600,
        service: Span::default(),
        capabilities: Capabilities::STRETCHER,
    }
}

/// A doctor car half an hour away.
pub(super) fn doctor_car() -> GroundUnit {
    GroundUnit {
        kind: GroundKind::DoctorCar,
        to_scene_s: 1_800,
        capabilities: Capabilities::PHYSICIAN.and(Capabilities::NURSE),
        ..ambulance()
    }
}

/// Fair weather.
pub(super) fn fair() -> Weather {
    Weather::Reported {
        visibility_m: 20_000,
        ceiling_m: 3_000,
        wind_mps: 4,
        icing: false,
        thunderstorm: false,
    }
}

/// A physician is asked for at a site 50 km north of the hospital where the only helicopter lives.
pub(super) fn world() -> Problem {
    let home = north(0.0);
    Problem {
        at: Timestamp(1_765_000_000_000),
        kind: Kind::SceneCall,
        needs: Needs {
            capabilities: Capabilities::PHYSICIAN,
            specialties: Specialties::CRITICAL_CARE,
            patients: 1,
            stretchers: 1,
            seats: 2,
        },
        pinned_site: None,
        pinned_hospital: None,
        policy: Policy { hand_over_s: 300, road_transport: Permission::Refused, ..Policy::default() },
        due_s: None,
        darkness: None,
        aircraft: vec![helicopter(home)],
        sites: vec![site(north(50_000.0))],
        hospitals: vec![hospital(home)],
        road_s: vec![3_600],
        regions: vec![fair()],
        blocks: vec![Block { keep: 0 }],
        ground: vec![],
        areas: vec![],
        ways: vec![],
        classes: vec![],
        no_fly_count: 0,
    }
}

/// Seeded numbers (splitmix64): the same on every machine.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `bound`.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        (self.next() % u64::from(bound)) as u32
    }

    fn within(&mut self, from: i32, to: i32) -> i32 {
        from + self.below(to.abs_diff(from) + 1) as i32
    }

    /// True once in `n`.
    fn once_in(&mut self, n: u32) -> bool {
        self.below(n) == 0
    }

    fn maybe<T>(&mut self, n: u32, value: impl FnOnce(&mut Dice) -> T) -> Option<T> {
        self.once_in(n).then(|| value(self))
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u32) as usize]
    }

    fn place(&mut self) -> UnitVector {
        place(33.5 + f64::from(self.below(2_300)) / 1e3, 133.8 + f64::from(self.below(2_700)) / 1e3)
    }
}

/// Sizes of a seeded world.
#[derive(Clone, Copy)]
pub(super) struct Sizes {
    pub(super) aircraft: usize,
    pub(super) sites: usize,
    pub(super) hospitals: usize,
    pub(super) areas: usize,
}

/// A seeded world. `strictness` 1 breaks limits everywhere, 30 hardly any.
pub(super) fn random_world(dice: &mut Dice, sizes: Sizes, strictness: u32) -> Problem {
    let s = strictness;
    let regions = (0..1 + dice.below(5)).map(|_| random_weather(dice, s)).collect::<Vec<_>>();
    let blocks: Vec<Block> =
        (0..3).map(|_| Block { keep: dice.maybe(s, |d| d.below(3) as u16).unwrap_or(0) }).collect();
    let region = |dice: &mut Dice| RegionIdx(dice.below(regions.len() as u32) as u16);
    let scene = (33.8 + f64::from(dice.below(1_500)) / 1e3, 134.2 + f64::from(dice.below(1_500)) / 1e3);
    let homes: Vec<UnitVector> = (0..4).map(|_| dice.place()).collect();
    let sites: Vec<Site> = (0..sizes.sites)
        .map(|_| {
            let near = |dice: &mut Dice| f64::from(dice.within(-100, 100)) / 1e3;
            let position = place(scene.0 + near(dice), scene.1 + near(dice));
            let region = region(dice);
            random_site(dice, position, region, s)
        })
        .collect();
    let hospitals: Vec<Hospital> = (0..sizes.hospitals)
        .map(|_| {
            let position = if dice.once_in(3) { dice.pick(&homes) } else { dice.place() };
            let region = region(dice);
            random_hospital(dice, position, region, s)
        })
        .collect();
    let aircraft = (0..sizes.aircraft)
        .map(|_| {
            let home = if dice.once_in(2) { dice.pick(&homes) } else { dice.place() };
            let regions = [region(dice), region(dice)];
            random_aircraft(dice, home, regions, s)
        })
        .collect();
    let road = |dice: &mut Dice| if dice.once_in(2 * s) { UNREACHABLE } else { dice.below(5_400) };
    let road_s = (0..sites.len() * hospitals.len()).map(|_| road(dice)).collect();
    let ground = (0..dice.below(4)).map(|_| random_ground(dice, s)).collect();
    let areas = (0..sizes.areas)
        .map(|_| CoverArea { position: dice.place(), calls_per_1000_h: dice.below(500) })
        .collect();
    Problem {
        at: Timestamp(0),
        kind: if dice.once_in(3) { Kind::Transfer } else { Kind::SceneCall },
        needs: Needs {
            capabilities: Capabilities(dice.maybe(3, |d| d.below(4)).unwrap_or(1)),
            specialties: Specialties(dice.below(4)),
            patients: dice.below(3) as u16,
            stretchers: dice.below(2) as u16,
            seats: dice.below(3) as u16,
        },
        pinned_site: (sizes.sites > 0 && dice.once_in(6))
            .then(|| SiteIdx(dice.below(sizes.sites as u32) as u16)),
        pinned_hospital: (sizes.hospitals > 0 && dice.once_in(6))
            .then(|| HospitalIdx(dice.below(sizes.hospitals as u32) as u16)),
        policy: random_policy(dice, s),
        due_s: dice.maybe(2 * s, |d| d.within(-60, 4_000)),
        darkness: dice.maybe(3, |d| {
            let from_s = d.within(-3_600, 5_400);
            Window { from_s, until_s: from_s + d.within(0, 40_000) }
        }),
        aircraft,
        sites,
        hospitals,
        road_s,
        regions,
        blocks,
        ground,
        areas,
        ways: vec![],
        classes: vec![],
        no_fly_count: 0,
    }
}

/// The same world with legs that are not straight: one in `rarity` of all.
pub(super) fn crooked(dice: &mut Dice, mut problem: Problem, rarity: u32) -> Problem {
    let mut classes: Vec<Minima> = problem.aircraft.iter().map(|aircraft| aircraft.minima).collect();
    classes.dedup();
    // Some minima are of no class: their legs between site and hospital are straight.
    classes.truncate(1 + dice.below(3) as usize);
    problem.no_fly_count = 3;
    let mut legs: Vec<(Leg, UnitVector, UnitVector)> = Vec::new();
    let sites: Vec<_> = problem.sites.iter().map(|site| site.position).enumerate().collect();
    let hospitals: Vec<_> = problem.hospitals.iter().map(|hospital| hospital.position).enumerate().collect();
    for (place, craft) in problem.aircraft.iter().enumerate() {
        let aircraft = AircraftIdx::at(place);
        for &(i, at) in &sites {
            let site = SiteIdx::at(i);
            legs.push((Leg::ToSite { aircraft, site }, craft.position, at));
            legs.push((Leg::HomeFromSite { aircraft, site }, at, craft.home));
        }
        for &(i, at) in &hospitals {
            let hospital = HospitalIdx::at(i);
            legs.push((Leg::HomeFromHospital { aircraft, hospital }, at, craft.home));
        }
    }
    for class in 0..u16::try_from(classes.len()).unwrap() {
        for (&(i, from), &(k, to)) in
            sites.iter().flat_map(|site| hospitals.iter().map(move |hospital| (site, hospital)))
        {
            let leg = Leg::Onward { class, site: SiteIdx::at(i), hospital: HospitalIdx::at(k) };
            legs.push((leg, from, to));
        }
    }
    legs.retain(|_| dice.once_in(rarity));
    let regions = problem.regions.len() as u32;
    problem.ways = legs
        .into_iter()
        .map(|(leg, from, to)| {
            let passage = dice.pick(&[Passage::Around, Passage::Around, Passage::Barred]);
            let longer = if passage == Passage::Around { dice.below(60_000) } else { 0 };
            let some = |dice: &mut Dice, of: u32| -> Vec<u16> {
                (0..of as u16).filter(|_| dice.once_in(2)).collect()
            };
            Way {
                leg,
                metres: crate::units::geodesy::distance_m(from, to) + longer,
                passage,
                areas: some(dice, 3).into_iter().map(NoFlyIdx).collect(),
                regions: some(dice, regions).into_iter().map(RegionIdx).collect(),
            }
        })
        .collect();
    problem.ways.sort_by_key(|way| way.leg);
    problem.classes = classes;
    problem
}

fn random_policy(dice: &mut Dice, s: u32) -> Policy {
    let permission = |dice: &mut Dice| {
        if dice.once_in(1 + s) { Permission::Refused } else { Permission::Allowed }
    };
    Policy {
        call_order: dice.pick(&[CallOrder::OwnFirst, CallOrder::NearestFirst, CallOrder::OrderList]),
        hand_over_s: dice.below(1_200),
        confirmation_ttl_s: dice.maybe(2, |d| d.below(4_000)),
        stale_fix: dice.pick(&[StaleRule::Excluded, StaleRule::Flagged]),
        trade_s: dice.maybe(3, |d| d.below(120)),
        retask: permission(dice),
        recall: permission(dice),
        road_transport: dice.pick(&[Permission::Allowed, Permission::Refused]),
        rest: dice.pick(&[RestRule::Ignored, RestRule::PreferRested]),
        ..Policy::default()
    }
}

fn random_weather(dice: &mut Dice, s: u32) -> Weather {
    if dice.once_in(6) {
        return dice.pick(&[Weather::Unknown, Weather::Expired { age_s: 9_000 }]);
    }
    Weather::Reported {
        visibility_m: if dice.once_in(1 + s) { dice.below(6_000) } else { 10_000 },
        ceiling_m: if dice.once_in(1 + s) { dice.below(400) } else { 2_000 },
        wind_mps: if dice.once_in(1 + s) { dice.below(30) } else { 5 },
        icing: dice.once_in(2 * s),
        thunderstorm: dice.once_in(2 * s),
    }
}

fn random_site(dice: &mut Dice, position: UnitVector, region: RegionIdx, s: u32) -> Site {
    let lease = |dice: &mut Dice| {
        let from_s = dice.within(-1_000, 5_000);
        Window { from_s, until_s: from_s + dice.within(0, 3_000) }
    };
    Site {
        position,
        region,
        mass_max_kg: if dice.once_in(1 + s) { 2_000 + dice.below(2_000) } else { 6_000 },
        size_max_m: if dice.once_in(1 + s) { 10 + dice.below(8) } else { 20 },
        state: if dice.once_in(1 + s) { SiteState::Closed } else { SiteState::Open },
        confirmed_age_s: if dice.once_in(1 + s) { None } else { Some(dice.below(2_000)) },
        lit: !dice.once_in(1 + s),
        ambulance_s: if dice.once_in(2 * s) { UNREACHABLE } else { dice.below(3_000) },
        support_s: match dice.below(900) {
            0..=9 => UNREACHABLE,
            support_s => support_s,
        },
        securing_s: dice.below(600),
        spots: if dice.once_in(2 * s) { 0 } else { 1 + dice.below(2) as u16 },
        leases: (0..dice.below(2)).map(|_| lease(dice)).collect(),
    }
}

fn random_hospital(dice: &mut Dice, position: UnitVector, region: RegionIdx, s: u32) -> Hospital {
    let pad = Pad {
        mass_max_kg: if dice.once_in(1 + s) { 2_500 + dice.below(1_000) } else { 6_000 },
        size_max_m: if dice.once_in(1 + s) { 10 + dice.below(8) } else { 20 },
        wind_max_mps: if dice.once_in(1 + s) { dice.below(15) } else { 15 },
        lit: !dice.once_in(1 + s),
        drive_s: if dice.once_in(3) { dice.below(900) } else { 0 },
    };
    let states = [HospitalState::Refusing, HospitalState::Inundated, HospitalState::Unknown];
    Hospital {
        position,
        region,
        specialties: Specialties(if dice.once_in(1 + s) { dice.below(4) } else { 3 }),
        pad: (!dice.once_in(1 + s)).then_some(pad),
        state: if dice.once_in(1 + s) { dice.pick(&states) } else { HospitalState::Accepting },
        beds: dice.maybe(3, |d| d.below(4) as u16),
        preference: dice.below(3) as u8,
        road_from_scene_s: if dice.once_in(2 * s) { UNREACHABLE } else { dice.below(5_000) },
    }
}

fn random_status(dice: &mut Dice) -> AircraftStatus {
    match dice.below(7) {
        0 => AircraftStatus::Training,
        1 => AircraftStatus::FreeSoon,
        2 => AircraftStatus::Retaskable,
        3 => AircraftStatus::Engaged,
        4 => AircraftStatus::Held { until_s: dice.within(-100, 2_000) },
        5 => AircraftStatus::OutOfService { cause: OutageCause::NoMechanic, until_s: None, planned: false },
        _ => AircraftStatus::Ready,
    }
}

fn random_aircraft(dice: &mut Dice, home: UnitVector, regions: [RegionIdx; 2], s: u32) -> Aircraft {
    let near_end = |dice: &mut Dice| dice.within(-600, 9_000);
    let span = |dice: &mut Dice| Span {
        from_s: dice.maybe(3, |d| d.within(-3_600, 1_200)),
        until_s: dice.maybe(2, |d| d.within(-600, 12_000)),
    };
    Aircraft {
        position: if dice.once_in(4) { dice.place() } else { home },
        fix: if dice.once_in(3 * s) { Fix::Missing } else { Fix::Known { age_s: dice.below(130) } },
        origin_region: regions[0],
        home_region: regions[1],
        block: BlockIdx(dice.below(3) as u16),
        status: if dice.once_in(1 + s / 3) { random_status(dice) } else { AircraftStatus::Ready },
        asked: if dice.once_in(3 * s) {
            dice.pick(&[Asked::Already, Asked::Declined, Asked::NotHeld, Asked::Expired, Asked::BrokeOff])
        } else {
            Asked::NotYet
        },
        ready_in_s: dice.below(1_500),
        speed_kmh: dice.pick(&[180, 200, 220, 247]),
        range_m: if dice.once_in(1 + s) { 50_000 + dice.below(300_000) } else { 650_000 },
        endurance_s: if dice.once_in(1 + s) { 1_000 + dice.below(6_000) } else { 9_000 },
        seats: if dice.once_in(1 + s) { dice.below(3) as u16 } else { 4 },
        stretchers: if dice.once_in(1 + s) { 0 } else { 1 },
        capabilities: Capabilities(if dice.once_in(1 + s) { dice.below(4) } else { 7 }),
        mass_kg: 2_400 + dice.below(1_500),
        size_m: 11 + dice.below(6),
        service: if dice.once_in(1 + s) { span(dice) } else { Span::default() },
        daylight: if dice.once_in(1 + s / 2) {
            Daylight::DayOnly {
                first_take_off_s: dice.maybe(3, |d| d.within(-3_600, 1_200)),
                last_landing_s: dice.maybe(2, near_end),
            }
        } else {
            Daylight::NightCapable
        },
        next_outage_s: dice.maybe(2 * s, near_end),
        crew: match dice.below(3 * s) {
            0 => Crew::Absent,
            1 => Crew::Unknown,
            _ => Crew::Present {
                duty_end_s: dice.maybe(2 * s, near_end),
                flight_left_s: dice.maybe(2 * s, |d| d.below(6_000)),
            },
        },
        rest_until_s: dice.maybe(4, |d| d.within(-600, 6_000)),
        minima: Minima::default(),
        standing: Standing {
            rank: match dice.below(4 * s) {
                0 => StandingRank::None,
                1 => StandingRank::Refused,
                n if n % 3 == 0 => StandingRank::Own,
                n => StandingRank::Listed { order: (n % 5) as u16 },
            },
            distance_max_m: dice.maybe(2 * s, |d| 20_000 + d.below(150_000)),
            flights_left: dice.maybe(2 * s, |d| d.below(3) as u16),
        },
        ownership: match dice.below(4 * s) {
            0 => Ownership::NotOffered,
            1 => Ownership::Offered(span(dice)),
            _ => Ownership::Union,
        },
        busy_permille: dice.below(1_001) as u16,
        ..helicopter(home)
    }
}

fn random_ground(dice: &mut Dice, s: u32) -> GroundUnit {
    let unit = if dice.once_in(2) { ambulance() } else { doctor_car() };
    GroundUnit {
        status: if dice.once_in(1 + s) { GroundStatus::Engaged } else { GroundStatus::Available },
        asked: if dice.once_in(2 * s) { Asked::Already } else { Asked::NotYet },
        to_scene_s: if dice.once_in(2 * s) { UNREACHABLE } else { dice.below(3_000) },
        service: Span {
            from_s: dice.maybe(3, |d| d.within(-900, 900)),
            until_s: dice.maybe(3, |d| d.within(-900, 9_000)),
        },
        ..unit
    }
}

/// Turns every number of a small world into an extreme. `Bounds::Valid` stays at the edges of what is allowed,
/// `Bounds::Any` at the edges of the types.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Bounds {
    Valid,
    Any,
}

/// A world of extremes.
pub(super) fn extreme_world(dice: &mut Dice, bounds: Bounds) -> Problem {
    let sizes = Sizes { aircraft: 3, sites: 2, hospitals: 3, areas: 2 };
    let mut problem = random_world(dice, sizes, 6);
    let wild = |dice: &mut Dice, min: u32, max: u32| -> u32 {
        let any = [0, 1, i32::MAX as u32 - 1, i32::MAX as u32, i32::MAX as u32 + 1, u32::MAX, UNREACHABLE];
        match bounds {
            Bounds::Valid => dice.pick(&[min, max, (min / 2 + max / 2).max(min)]),
            Bounds::Any if dice.once_in(3) => dice.pick(&any),
            Bounds::Any => dice.pick(&[min, max]),
        }
    };
    let time = |dice: &mut Dice| -> Seconds { wild(dice, 0, limits::TIME_MAX_S) };
    let instant = |dice: &mut Dice| -> OffsetS {
        let max = limits::TIME_MAX_S as i32;
        match bounds {
            Bounds::Any if dice.once_in(3) => dice.pick(&[i32::MIN, i32::MIN + 1, -1, 0, i32::MAX]),
            _ => dice.pick(&[-max, -1, 0, max]),
        }
    };
    let opposite =
        [place(90.0, 0.0), place(-90.0, 0.0), place(0.0, 180.0), place(0.0, 0.0), place(35.0, 135.0)];
    let anywhere = |dice: &mut Dice| -> UnitVector {
        match bounds {
            Bounds::Any if dice.once_in(9) => UnitVector { x: i32::MIN, y: i32::MIN, z: i32::MAX },
            _ => dice.pick(&opposite),
        }
    };
    let policy = &mut problem.policy;
    for field in [
        &mut policy.hand_over_s,
        &mut policy.on_scene_s,
        &mut policy.start_s,
        &mut policy.hospital_stop_s,
        &mut policy.turn_around_s,
        &mut policy.reserve_s,
        &mut policy.cover_wait_s,
    ] {
        *field = time(dice);
    }
    policy.trade_s = dice.maybe(2, time);
    policy.confirmation_ttl_s = dice.maybe(2, time);
    policy.fix_age_max_s = dice.pick(&[0, u32::MAX]);
    problem.due_s = dice.maybe(2, instant);
    for aircraft in &mut problem.aircraft {
        aircraft.position = anywhere(dice);
        aircraft.home = anywhere(dice);
        aircraft.fix = Fix::Known { age_s: dice.pick(&[0, u32::MAX]) };
        aircraft.ready_in_s = time(dice);
        aircraft.speed_kmh = wild(dice, limits::SPEED_MIN_KMH, limits::SPEED_MAX_KMH);
        aircraft.range_m = wild(dice, 0, limits::METRES_MAX);
        aircraft.endurance_s = time(dice);
        aircraft.mass_kg = wild(dice, 0, limits::MASS_MAX_KG);
        aircraft.size_m = wild(dice, 0, limits::SIZE_MAX_M);
        aircraft.service = Span { from_s: dice.maybe(2, instant), until_s: dice.maybe(2, instant) };
        aircraft.next_outage_s = dice.maybe(2, instant);
        aircraft.rest_until_s = dice.maybe(2, |d| d.pick(&[i32::MIN, i32::MAX]));
        aircraft.crew =
            Crew::Present { duty_end_s: dice.maybe(2, instant), flight_left_s: dice.maybe(2, time) };
        if dice.once_in(2) {
            aircraft.status = AircraftStatus::Held { until_s: instant(dice) };
        }
        aircraft.minima.visibility_m = wild(dice, 0, limits::METRES_MAX);
        aircraft.minima.wind_max_mps = wild(dice, 0, limits::WIND_MAX_MPS);
    }
    for site in &mut problem.sites {
        site.position = anywhere(dice);
        site.ambulance_s = time(dice);
        site.support_s = time(dice);
        site.securing_s = time(dice);
        site.confirmed_age_s = dice.maybe(2, |d| d.pick(&[0, u32::MAX]));
        site.spots = dice.pick(&[0, 1, u16::MAX]);
        site.leases = vec![Window { from_s: instant(dice), until_s: instant(dice) }];
        if bounds == Bounds::Valid && site.leases[0].until_s < site.leases[0].from_s {
            site.leases.clear();
        }
    }
    for hospital in &mut problem.hospitals {
        hospital.position = anywhere(dice);
        hospital.road_from_scene_s = time(dice);
        hospital.pad = dice.maybe(2, |d| Pad {
            drive_s: time(d),
            wind_max_mps: wild(d, 0, limits::WIND_MAX_MPS),
            ..pad()
        });
        hospital.beds = dice.maybe(2, |d| d.pick(&[0, u16::MAX]));
    }
    for road_s in &mut problem.road_s {
        *road_s = time(dice);
    }
    for area in &mut problem.areas {
        area.position = anywhere(dice);
        area.calls_per_1000_h = wild(dice, 0, limits::CALLS_MAX_PER_1000_H);
    }
    for unit in &mut problem.ground {
        unit.ready_in_s = time(dice);
        unit.to_scene_s = time(dice);
        unit.service = Span { from_s: dice.maybe(2, instant), until_s: dice.maybe(2, instant) };
    }
    if bounds == Bounds::Any && dice.once_in(4) {
        problem.pinned_site = Some(SiteIdx(u16::MAX));
    }
    if bounds == Bounds::Any && dice.once_in(9) {
        problem.road_s.pop();
    }
    problem
}
