//! Mutual-aid problems: a region like Kansai after an earthquake off its coast, generated from a seed.
//!
//! Positions are drawn, roads are straight lines times 1.4 at 40 km/h; populations, shares of damage, stocks and needs
//! follow the unit model (FACTS 5.4): 3.6 meals and 3 litres a day for each person concerned.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use yui::allocator::supplies::{
    Bundle, BundleIdx, ClassIdx, Fleet, Good, GoodIdx, Home, LORRY, MemberIdx, Need, PeriodIdx, Point,
    PointIdx, Problem, Site, SiteIdx, Stock, Tier, Urgency, VehicleClass, Ways,
};
use yui::units::UNREACHABLE;

/// How large a generated problem is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size {
    /// Depots.
    pub(crate) depots: usize,
    /// Municipalities.
    pub(crate) points: usize,
    /// Members; the first holds base 0.
    pub(crate) members: usize,
}

/// Kansai: 36 depots, 241 municipalities, 12 bodies.
pub(crate) const KANSAI: Size = Size { depots: 36, points: 241, members: 12 };

/// A good: grams, cubic centimetres and people per unit (thousandths of a unit a person and day), life-saving, weight.
const GOODS: [(u32, u32, u32, Urgency, u32); 12] = [
    (10_000_000, 10_000_000, 333, Urgency::LifeSaving, 3), // tank of 10 m3 water is divided below
    (12_000, 45_000, 72, Urgency::LifeSaving, 2),          // carton of 50 meals
    (6_000, 30_000, 5, Urgency::LifeSaving, 3),            // infant milk
    (200_000, 220_000, 2, Urgency::LifeSaving, 2),         // drum of fuel
    (5_000, 20_000, 4, Urgency::LifeSaving, 4),            // medicine
    (15_000, 90_000, 66, Urgency::Relief, 1),              // ten blankets
    (8_000, 60_000, 10, Urgency::Relief, 1),               // infant diapers
    (10_000, 70_000, 6, Urgency::Relief, 1),               // adult diapers
    (7_000, 45_000, 50, Urgency::Relief, 1),               // portable toilets
    (9_000, 80_000, 8, Urgency::Relief, 1),                // toilet paper
    (6_000, 45_000, 5, Urgency::Relief, 1),                // sanitary goods
    (90_000, 300_000, 1, Urgency::Relief, 1),              // generators
];

struct Place {
    x: f64,
    y: f64,
}

struct Draw(ChaCha8Rng);

impl Draw {
    fn upto(&mut self, count: u32) -> u32 {
        self.0.next_u32() % count.max(1)
    }

    fn unit(&mut self) -> f64 {
        f64::from(self.0.next_u32()) / f64::from(u32::MAX)
    }
}

/// Seconds by road between two places of a square of 250 km.
fn road_s(a: &Place, b: &Place) -> u32 {
    let km = ((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)).sqrt() * 1.4;
    (km / 40.0 * 3_600.0) as u32 + 600
}

/// A problem of 12 periods of 6 h; equal seeds give equal problems.
///
/// `scarcity_percent` is what all stocks together cover of the needs of three days.
pub(crate) fn problem(seed: u64, size: Size, scarcity_percent: u32) -> Problem {
    let mut draw = Draw(ChaCha8Rng::seed_from_u64(seed));
    let mut place = |_: usize| Place { x: draw.unit() * 250.0, y: draw.unit() * 250.0 };
    let sites_at: Vec<Place> = (0..size.depots).map(&mut place).collect();
    let points_at: Vec<Place> = (0..size.points).map(&mut place).collect();
    // The sea is at y = 0: the nearer, the more people are concerned.
    let mut concerned = Vec::new();
    for at in &points_at {
        let people = 3_000.0 + 700_000.0 * draw.unit() * draw.unit() * draw.unit();
        let share = (0.95 * (1.0 - at.y / 220.0)).max(0.0);
        concerned.push((people * share) as u32);
    }
    let member_of =
        |at: &Place| ((at.x / 250.0 * 3.99) as usize * 3 + (at.y / 250.0 * 2.99) as usize) % size.members;
    let goods: Vec<Good> = GOODS
        .iter()
        .enumerate()
        .map(|(index, &(mass_g, volume_cm3, per_person_milliunits, urgency, weight))| {
            // Water comes by the cubic metre.
            let (mass_g, volume_cm3) = if index == 0 { (1_000_000, 1_000_000) } else { (mass_g, volume_cm3) };
            let per_person_milliunits = if index == 0 { 3 } else { per_person_milliunits };
            Good { mass_g, volume_cm3, urgency, weight, per_person_milliunits }
        })
        .collect();
    let start_s = 1_796_000_400;
    let mut needs = Vec::new();
    let mut totals = vec![0_u64; goods.len()];
    for (point, &people) in concerned.iter().enumerate() {
        for day in 0..3_i64 {
            for (good, at) in goods.iter().enumerate() {
                let units = (u64::from(people) * u64::from(at.per_person_milliunits) / 1_000) as u32;
                let once = matches!(good, 5 | 8 | 11) && day > 0;
                if units == 0 || once {
                    continue;
                }
                totals[good] += u64::from(units);
                needs.push(Need {
                    point: PointIdx::at(point),
                    good: GoodIdx::at(good),
                    units,
                    wanted_by_s: start_s + (day + 1) * 86_400,
                    useful_until_s: None,
                    priority: 1,
                });
            }
        }
    }
    let base_1: Vec<usize> = (0..size.members)
        .filter_map(|member| sites_at.iter().position(|at| member_of(at) == member))
        .collect();
    let sites: Vec<Site> = sites_at
        .iter()
        .enumerate()
        .map(|(index, at)| {
            let tier = match index {
                0 => Tier::Union,
                _ if base_1.contains(&index) => Tier::Prefecture,
                _ => Tier::Depot,
            };
            let mut feeds = Vec::new();
            if tier == Tier::Depot {
                feeds.push(SiteIdx(0));
            }
            if tier != Tier::Prefecture {
                feeds.extend(
                    base_1
                        .iter()
                        .filter(|base| **base != 0 && **base != index)
                        .map(|base| SiteIdx::at(*base)),
                );
            }
            Site {
                member: MemberIdx::at(member_of(at)),
                tier,
                out_per_period: u64::from(20 + draw.upto(60)) * LORRY,
                in_per_period: if tier == Tier::Depot { 0 } else { 60 * LORRY },
                usable_from: PeriodIdx(0),
                feeds,
            }
        })
        .collect();
    let mut stocks = Vec::new();
    let weights: Vec<u32> = (0..size.depots).map(|_| 1 + draw.upto(9)).collect();
    let weight: u32 = weights.iter().sum();
    for (good, total) in totals.iter().enumerate() {
        for (site, part) in weights.iter().enumerate() {
            let units =
                (total * u64::from(scarcity_percent) / 100 * u64::from(*part) / u64::from(weight)) as u32;
            let late = draw.upto(8) == 0;
            let available_from = PeriodIdx(if late { 4 } else { 0 });
            stocks.push(Stock {
                site: SiteIdx::at(site),
                good: GoodIdx::at(good),
                units,
                reserve: units / 10,
                available_from,
            });
        }
    }
    let points: Vec<Point> = points_at
        .iter()
        .zip(&concerned)
        .map(|(at, people)| Point {
            member: MemberIdx::at(member_of(at)),
            in_per_period: (2 + u64::from(people / 3_000)) * LORRY,
            usable_from: PeriodIdx(if at.y < 40.0 { 2 } else { 0 }),
        })
        .collect();
    let classes = vec![
        VehicleClass {
            capacity_g: 10_000_000,
            capacity_cm3: 49_000_000,
            loading_s: 2_700,
            unloading_s: 2_700,
            yen_per_hour: 9_000,
            yen_per_trip: 5_000,
        },
        VehicleClass {
            capacity_g: 4_000_000,
            capacity_cm3: 28_000_000,
            loading_s: 1_800,
            unloading_s: 1_800,
            yen_per_hour: 6_000,
            yen_per_trip: 3_000,
        },
        VehicleClass {
            capacity_g: 1_000_000,
            capacity_cm3: 6_000_000,
            loading_s: 900,
            unloading_s: 600,
            yen_per_hour: 300_000,
            yen_per_trip: 20_000,
        },
    ];
    let mut fleets = Vec::new();
    for member in 0..size.members {
        for (class, vehicles) in [(0, 25 + draw.upto(40)), (1, 25 + draw.upto(40)), (2, 1 + draw.upto(3))] {
            fleets.push(Fleet {
                home: Home::Member(MemberIdx::at(member)),
                class: ClassIdx(class),
                vehicles,
                driver_s_per_day: u64::from(vehicles) * if class == 2 { 28_800 } else { 57_600 },
            });
        }
    }
    let (ways, passages, bundles) = ways(&sites_at, &points_at);
    let everybody = || (0..size.members).map(MemberIdx::at);
    Problem {
        start_s,
        period_s: 21_600,
        periods: 12,
        members: size.members as u32,
        goods,
        sites,
        points,
        classes,
        fleets,
        busy: Vec::new(),
        bundles,
        passages,
        ways,
        stocks,
        consents: Vec::new(),
        needs,
        agreements: everybody().flat_map(|a| everybody().map(move |b| (a, b))).collect(),
        pairings: Vec::new(),
        frozen: Vec::new(),
    }
}

/// Roads; two bridges join the coast strip (y below 40 km) to the rest, by the half of the map; some towns take no 10 t lorry.
fn ways(sites_at: &[Place], points_at: &[Place]) -> (Vec<Ways>, Vec<Vec<BundleIdx>>, Vec<Bundle>) {
    let passages = vec![vec![], vec![BundleIdx(0)], vec![BundleIdx(1)]];
    let bundles = vec![
        Bundle { load_per_period: None, vehicles_per_period: Some(120) },
        Bundle { load_per_period: Some(90 * LORRY), vehicles_per_period: None },
    ];
    let mut ways = vec![Ways::default(), Ways::default(), Ways::default()];
    for from in sites_at {
        for (column, to) in sites_at.iter().chain(points_at).enumerate() {
            let road = road_s(from, to);
            let crosses = (from.y < 40.0) != (to.y < 40.0);
            let passage = if !crosses {
                0
            } else if to.x < 125.0 {
                1
            } else {
                2
            };
            let is_narrow = column >= sites_at.len() && column % 9 == 0;
            ways[0].travel_s.push(if is_narrow { UNREACHABLE } else { road });
            ways[1].travel_s.push(road - road / 10);
            ways[2].travel_s.push(if road > 40_000 { UNREACHABLE } else { road / 7 });
            ways[0].passage.push(passage);
            ways[1].passage.push(passage);
        }
    }
    (ways, passages, bundles)
}
