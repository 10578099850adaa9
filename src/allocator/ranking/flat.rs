//! The problem laid out flat, and one aircraft judged against all sites and all hospitals at once.
//!
//! Rows of `i32` in fixed groups, which the compiler turns into vector instructions. What does not depend on the
//! flight (states, pads, weather) is counted once per aircraft, once per weather minima or once for all. What one
//! aircraft brings is written into rows that are kept from one aircraft to the next.
//!
//! What is compared in rows is told in words by `judge`; `tests/oracle.rs` holds the two together.

use super::choice::{Choice, METRES_PER_SECOND_LOG2, SHORTFALL_MAX, minutes};
use super::fleet::{Aircraft, Minima};
use super::judge::{Allowance, Judge, countable, lift_off_s, secured_s, signed};
use super::lanes::{
    GROUP, GROUPS, LANES_MAX, Lanes, Places, group_travels_s, lane, lanes_of, least_of, one_if, travels_s,
};
use super::problem::*;
use super::reason::Reason;
use super::validate::limits::{FLIGHT_MAX_S, HOSPITALS_MAX, REGIONS_MAX, SITES_MAX, TIME_MAX_S};
use crate::units::geodesy::UnitVector;
use crate::units::{Seconds, UNREACHABLE};

const _: () = assert!(HOSPITALS_MAX <= LANES_MAX && SITES_MAX <= LANES_MAX);

/// Count of a lane without a hospital: more than any real one (each hospital breaks fewer than 20 limits).
pub(super) const NO_LANE: i32 = 100;
/// Two legs may come out this much shorter than one straight leg, in seconds or metres, by rounding each.
const ROUNDING: i32 = 2;
/// A row's key holds the count above the shortfall.
const COUNT_SHIFT: u32 = SHORTFALL_MAX.trailing_ones();
/// The order of stops holds seconds to hand-over in this many bits, above the place.
const HAND_OVER_BITS: u32 = 32 - PLACE_BITS;
const PLACE_BITS: u32 = SITES_MAX.trailing_zeros();
/// The way on from a pad, in seconds, fits into this many bits below the caller's preference.
const WAY_BITS: u32 = 23;

// Hand-over is three spans and one flight after now at most; the way on is one flight and one drive.
const _: () = assert!(4 * TIME_MAX_S as u64 + FLIGHT_MAX_S < 1 << HAND_OVER_BITS);
const _: () = assert!(TIME_MAX_S as u64 + FLIGHT_MAX_S < 1 << WAY_BITS && WAY_BITS + u8::BITS < 32);

/// What the road offers from one site; the same for every aircraft.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct RoadEnd {
    pub(super) changes: u32,
    preference: u8,
    road_s: Seconds,
    pub(super) hospital: HospitalIdx,
}

/// What one aircraft brings to every row. Lanes are by hospital or by site, as named.
pub(super) struct Rows {
    home: UnitVector,
    own_regions: [i32; 2],
    mass_kg: i32,
    size_m: i32,
    speed_kmh: u32,
    lift_off_s: i32,
    allowance: Allowance,
    /// Groups of hospitals that are filled so far.
    hospital_groups: usize,
    /// Limits broken at each hospital, its region's weather apart.
    hospital_changes: Lanes,
    /// Weather limits broken at each hospital; 0 where home or origin count them already.
    hospital_weather: Lanes,
    hospital_home_m: Lanes,
    hospital_home_s: Lanes,
    /// Flight home and the stop before it.
    stop_and_home_s: Lanes,
    to_site_m: Lanes,
    to_site_s: Lanes,
    site_home_m: Lanes,
    site_home_s: Lanes,
    /// Limits broken at each site, and wherever the aircraft flies.
    site_changes: Lanes,
    /// In the air until it stands on the site.
    airborne_s: Lanes,
    handed_over_s: Lanes,
    depart_s: Lanes,
    /// From one site to each hospital.
    out_s: Lanes,
    /// Key of each hospital by air from one site.
    keys: Lanes,
    /// Hospitals that are judged elsewhere, one bit each by [`HospitalIdx`].
    pub(super) left_out: u64,
    /// The sites that were not yet looked at, see [`Stop::of`]; [`u64::MAX`]: this one was.
    order: [u64; SITES_MAX],
}

impl Rows {
    /// All empty, to be filled by [`Flat::fill`].
    pub(super) fn empty() -> Rows {
        let none: Lanes = [[0; GROUP]; GROUPS];
        Rows {
            home: UnitVector { x: 0, y: 0, z: 0 },
            own_regions: [0; 2],
            mass_kg: 0,
            size_m: 0,
            speed_kmh: 0,
            lift_off_s: 0,
            allowance: Allowance { range_m: 0, endurance_s: 0, flight_s: 0, home_by_s: 0 },
            hospital_groups: 0,
            hospital_changes: none,
            hospital_weather: none,
            hospital_home_m: none,
            hospital_home_s: none,
            stop_and_home_s: none,
            to_site_m: none,
            to_site_s: none,
            site_home_m: none,
            site_home_s: none,
            site_changes: none,
            airborne_s: none,
            handed_over_s: none,
            depart_s: none,
            out_s: none,
            keys: none,
            left_out: 0,
            order: [u64::MAX; SITES_MAX],
        }
    }

    /// Takes a site out of those to be looked at.
    pub(super) fn leave_out(&mut self, place: usize) {
        self.order[place] = u64::MAX;
    }

    /// Takes the next best site out of those not yet looked at. Few are, so it is sought each time instead of
    /// sorting them all.
    pub(super) fn next_stop(&mut self, sites: usize) -> Option<Stop> {
        let order = self.order[..sites].iter().fold(u64::MAX, |least, order| least.min(*order));
        if order == u64::MAX {
            return None;
        }
        let stop = Stop::of(order);
        self.order[stop.place] = u64::MAX;
        Some(stop)
    }
}

/// One site as one aircraft finds it: the least that any way on from it could be. Those that can be best come first.
#[derive(Clone, Copy)]
pub(super) struct Stop {
    /// Limits broken there and wherever the aircraft flies, and the ones that a flight straight home would break:
    /// no hospital on the way makes it shorter.
    pub(super) changes_min: u32,
    /// Shortfall of a flight straight home.
    pub(super) shortfall_min: u32,
    pub(super) handed_over_s: Seconds,
    pub(super) place: usize,
}

impl Stop {
    /// The stop of one word: count and shortfall, hand-over, place, from the left. One word is compared faster than
    /// four fields.
    fn of(order: u64) -> Stop {
        let key = (order >> 32) as u32;
        Stop {
            changes_min: key >> COUNT_SHIFT,
            shortfall_min: key & SHORTFALL_MAX,
            handed_over_s: (order >> PLACE_BITS) as u32 & ((1 << HAND_OVER_BITS) - 1),
            place: (order & ((1 << PLACE_BITS) - 1)) as usize,
        }
    }

    fn order(key: i32, handed_over_s: i32, place: usize) -> u64 {
        u64::from(key.unsigned_abs()) << 32
            | u64::from(handed_over_s.unsigned_abs()) << PLACE_BITS
            | place as u64
    }
}

/// Weather limits that one set of minima breaks: by region, and laid out by site and by hospital.
struct Broken {
    minima: Minima,
    by_region: [i32; REGIONS_MAX],
    by_site: Lanes,
    by_hospital: Lanes,
}

fn broken_by(judge: &Judge<'_>, site_region: &Lanes, hospital_region: &Lanes, minima: Minima) -> Broken {
    let mut by_region = [0; REGIONS_MAX];
    for (place, count) in by_region.iter_mut().enumerate().take(judge.problem.regions.len()) {
        let mut broken = 0;
        judge.weather_reasons(&minima, RegionIdx::at(place), &mut counting(&mut broken));
        *count = signed(broken);
    }
    let at = |regions: &Lanes| {
        regions.map(|group| group.map(|region| by_region[region.unsigned_abs() as usize % REGIONS_MAX]))
    };
    Broken { minima, by_region, by_site: at(site_region), by_hospital: at(hospital_region) }
}

/// Landing sites, lane by lane.
struct SiteLanes {
    places: Places,
    /// Limits broken whoever comes whenever.
    changes: Lanes,
    mass_max_kg: Lanes,
    size_max_m: Lanes,
    region: Lanes,
    /// 1 where the site is unlit.
    unlit: Lanes,
    /// When it is secured and when the ambulance is there; [`i32::MIN`] where no road is open: as if it met the
    /// aircraft.
    secured_s: Lanes,
    ambulance_s: Lanes,
    /// Spots left to others, leases apart.
    spots: Lanes,
    /// From and until, the first leases of all sites, the second ones and so on; past the last one that never is.
    leases: Vec<[Lanes; 2]>,
}

/// Hospitals, lane by lane.
struct HospitalLanes {
    places: Places,
    /// Limits broken at the hospital and on its pad, whoever comes.
    changes: Lanes,
    /// What each pad bears; [`i32::MAX`] where there is none.
    mass_max_kg: Lanes,
    size_max_m: Lanes,
    region: Lanes,
    /// 1 where the pad is unlit.
    unlit: Lanes,
    /// From the pad to the hospital's door.
    drive_s: Lanes,
    /// The caller's preference, above the bits of a way.
    preference: Lanes,
}

/// The problem, laid out flat.
pub(super) struct Flat<'a> {
    judge: &'a Judge<'a>,
    pub(super) sites: Vec<SiteIdx>,
    /// In the order of the limits that they break whoever comes.
    pub(super) hospitals: Vec<HospitalIdx>,
    site: SiteLanes,
    hospital: HospitalLanes,
    /// When care is due; [`i32::MAX`]: no such time.
    due_s: i32,
    dark: Window,
    /// Sites × hospitals, metres.
    out_m: Vec<Lanes>,
    pub(super) road_ends: Vec<Option<RoadEnd>>,
    /// The weather for the minima in hand: most aircraft have the same.
    broken: Broken,
}

impl<'a> Flat<'a> {
    pub(super) fn new(judge: &'a Judge<'a>) -> Flat<'a> {
        let problem = judge.problem;
        let sites: Vec<SiteIdx> = problem.site_places().map(SiteIdx::at).collect();
        let hospitals = hospitals_in_order(judge);
        let on_the_ground = lanes_of(hospitals.len(), NO_LANE, |lane| {
            let mut count = 0;
            judge.hospital_reasons(hospitals[lane], &mut counting(&mut count));
            signed(count)
        });
        let hospital = hospital_lanes(judge, &hospitals, &on_the_ground);
        let site = site_lanes(problem, &sites);
        let out_m = sites.iter().map(|idx| {
            let mut out_m = [[0; GROUP]; GROUPS];
            hospital.places.distances_m(problem.sites[idx.index()].position, &mut out_m);
            out_m
        });
        Flat {
            judge,
            out_m: out_m.collect(),
            road_ends: sites.iter().map(|site| road_end(judge, *site, &hospitals, &on_the_ground)).collect(),
            broken: broken_by(judge, &site.region, &hospital.region, Minima::default()),
            site,
            hospital,
            due_s: problem.due_s.unwrap_or(i32::MAX),
            dark: problem.darkness.unwrap_or_default(),
            sites,
            hospitals,
        }
    }

    /// Limits that the best hospital breaks whoever comes. There must be a hospital.
    pub(super) fn hospital_changes_min(&self) -> u32 {
        self.hospital.changes[0][0].unsigned_abs()
    }

    /// Never more than the distance to the nearest site, and at most a few metres less.
    pub(super) fn nearest_site_at_least_m(&self, from: UnitVector) -> u32 {
        self.site.places.nearest_at_least_m(from)
    }

    /// Fills the rows for one aircraft, which breaks `own_changes` limits wherever it flies, its weather where it
    /// is and where it lives included. Hospitals follow when a site asks for them.
    pub(super) fn fill(&mut self, aircraft: &Aircraft, own_changes: u32, rows: &mut Rows) {
        self.meet(aircraft.minima);
        rows.home = aircraft.home;
        rows.own_regions = [aircraft.origin_region, aircraft.home_region].map(|region| i32::from(region.0));
        (rows.mass_kg, rows.size_m) = (signed(aircraft.mass_kg), signed(aircraft.size_m));
        rows.speed_kmh = aircraft.speed_kmh;
        rows.lift_off_s = signed(lift_off_s(aircraft));
        rows.allowance = self.judge.allowance(aircraft);
        rows.hospital_groups = 0;
        self.fill_ways(aircraft, rows);
        self.fill_sites(aircraft, own_changes, rows);
    }

    /// Takes other minima in hand.
    fn meet(&mut self, minima: Minima) {
        if self.broken.minima != minima {
            self.broken = broken_by(self.judge, &self.site.region, &self.hospital.region, minima);
        }
    }

    /// Fills the next group of hospitals: whether the aircraft fits on the pads, the weather, the way home.
    fn fill_next_hospitals(&self, rows: &mut Rows) {
        let (hospital, group) = (&self.hospital, rows.hospital_groups);
        let stop_s = signed(self.judge.problem.policy.hospital_stop_s);
        let home_m = hospital.places.group_distances_m(rows.home, group);
        let home_s = group_travels_s(&home_m, rows.speed_kmh);
        let (mass_max_kg, size_max_m) = (hospital.mass_max_kg[group], hospital.size_max_m[group]);
        let (fixed, region) = (hospital.changes[group], hospital.region[group]);
        let (weather, own, mass_kg, size_m) =
            (self.broken.by_hospital[group], rows.own_regions, rows.mass_kg, rows.size_m);
        rows.hospital_changes[group] = std::array::from_fn(|i| {
            fixed[i] + one_if(mass_kg > mass_max_kg[i]) + one_if(size_m > size_max_m[i])
        });
        rows.hospital_weather[group] = std::array::from_fn(|i| unless_own(own, region[i]) & weather[i]);
        // At its own base the mission ends with the landing: there is no second flight to wait for.
        rows.stop_and_home_s[group] = std::array::from_fn(|i| home_s[i] + (-one_if(home_m[i] != 0) & stop_s));
        rows.hospital_home_m[group] = home_m;
        rows.hospital_home_s[group] = home_s;
        rows.hospital_groups += 1;
    }

    /// The ways between home, the aircraft's place and the sites.
    fn fill_ways(&self, aircraft: &Aircraft, rows: &mut Rows) {
        let (places, speed_kmh) = (&self.site.places, aircraft.speed_kmh);
        places.distances_m(aircraft.home, &mut rows.site_home_m);
        travels_s(&rows.site_home_m, places.groups(), speed_kmh, &mut rows.site_home_s);
        // Most aircraft stand at home.
        if aircraft.position == aircraft.home {
            for group in 0..places.groups() {
                rows.to_site_m[group] = rows.site_home_m[group];
                rows.to_site_s[group] = rows.site_home_s[group];
            }
        } else {
            places.distances_m(aircraft.position, &mut rows.to_site_m);
            travels_s(&rows.to_site_m, places.groups(), speed_kmh, &mut rows.to_site_s);
        }
    }

    /// Judges all sites, and a flight from each straight home.
    fn fill_sites(&self, aircraft: &Aircraft, own_changes: u32, rows: &mut Rows) {
        let (problem, policy, dark) = (self.judge.problem, &self.judge.problem.policy, self.dark);
        let (hand_over_s, stop_s) =
            (signed(policy.hand_over_s), signed(policy.on_scene_s.max(policy.hand_over_s)));
        let (mass_kg, size_m, own) = (rows.mass_kg, rows.size_m, rows.own_regions);
        let distance_max_m = aircraft.standing.distance_max_m.map_or(i32::MAX, signed);
        let Allowance { range_m, endurance_s, flight_s, home_by_s } = rows.allowance;
        let (lift_off_s, own_changes, due_s) = (rows.lift_off_s, signed(own_changes), self.due_s);
        // Care is the hand-over or, at the earliest, when the aircraft leaves.
        let arrival = match problem.kind {
            Kind::SceneCall => 0,
            Kind::Transfer => !0,
        };
        let site = &self.site;
        for group in 0..site.places.groups() {
            // Copies of one group of each row, so that the loops below have neither bounds nor aliases to check and
            // become vectors.
            let (to_site_m, to_site_s) = (rows.to_site_m[group], rows.to_site_s[group]);
            let (home_m, home_s) = (rows.site_home_m[group], rows.site_home_s[group]);
            let (secured_s, ambulance_s) = (site.secured_s[group], site.ambulance_s[group]);
            let (mass_max_kg, size_max_m) = (site.mass_max_kg[group], site.size_max_m[group]);
            let (fixed, unlit, region) = (site.changes[group], site.unlit[group], site.region[group]);
            let weather = self.broken.by_site[group];
            let [mut landed, mut airborne, mut handed_over, mut depart] = [[0; GROUP]; 4];
            for i in 0..GROUP {
                landed[i] = (lift_off_s + to_site_s[i]).max(secured_s[i]);
                let met_s = landed[i].max(ambulance_s[i]);
                airborne[i] = landed[i] - lift_off_s;
                handed_over[i] = met_s + hand_over_s;
                depart[i] = met_s + stop_s;
            }
            let mut spots = site.spots[group];
            for [from, until] in &site.leases {
                let (from, until) = (from[group], until[group]);
                for i in 0..GROUP {
                    spots[i] -= one_if(from[i] < depart[i]) & one_if(until[i] > landed[i]);
                }
            }
            let [mut changes, mut keys] = [[0; GROUP]; 2];
            for i in 0..GROUP {
                let in_dark = one_if(landed[i] >= dark.from_s) & one_if(landed[i] < dark.until_s);
                changes[i] = own_changes
                    + fixed[i]
                    + (unless_own(own, region[i]) & weather[i])
                    + one_if(mass_kg > mass_max_kg[i])
                    + one_if(size_m > size_max_m[i])
                    + one_if(home_m[i] > distance_max_m)
                    + one_if(spots[i] < 0)
                    + (in_dark & unlit[i]);
                let (home_m, home_s) = ((home_m[i] - ROUNDING).max(0), (home_s[i] - ROUNDING).max(0));
                let over_m = (to_site_m[i] + home_m - range_m).max(0);
                let over_s = (airborne[i] + home_s - endurance_s).max(0);
                let tired_s = (airborne[i] + home_s - flight_s).max(0);
                let late_s = (depart[i] + home_s - home_by_s).max(0);
                let care_s = (handed_over[i] & !arrival) | (depart[i] & arrival);
                keys[i] = key(
                    changes[i],
                    Missed { over_m, over_s, tired_s, late_s, due_late_s: (care_s - due_s).max(0) },
                );
            }
            rows.site_changes[group] = changes;
            rows.airborne_s[group] = airborne;
            rows.handed_over_s[group] = handed_over;
            rows.depart_s[group] = depart;
            let order = &mut rows.order[group * GROUP..][..GROUP];
            for i in 0..GROUP {
                order[i] = Stop::order(keys[i], handed_over[i], group * GROUP + i);
            }
        }
    }

    /// Weather limits broken where the aircraft is and where it lives.
    pub(super) fn own_weather_changes(&mut self, aircraft: &Aircraft) -> u32 {
        self.meet(aircraft.minima);
        let broken = &self.broken;
        let (origin, home) = (aircraft.origin_region.index(), aircraft.home_region.index());
        let at_home = if home == origin { 0 } else { broken.by_region[home] };
        (broken.by_region[origin] + at_home).unsigned_abs()
    }

    /// Fills the keys of one group of hospitals by air from one site: limits broken there and on the flight, above the
    /// shortfall; and the flights there.
    #[inline(always)]
    fn fill_keys(&self, rows: &mut Rows, row: &Row, group: usize) {
        let Row { place, site_region, to_site_m, airborne_s, depart_s, care_s, arrival } = *row;
        let (hospital, dark, due_s) = (&self.hospital, self.dark, self.due_s);
        let Allowance { range_m, endurance_s, flight_s, home_by_s } = rows.allowance;
        let out_m = self.out_m[place][group];
        let out_s = group_travels_s(&out_m, rows.speed_kmh);
        let (home_m, home_s) = (rows.hospital_home_m[group], rows.hospital_home_s[group]);
        let (stop_and_home_s, drive_s) = (rows.stop_and_home_s[group], hospital.drive_s[group]);
        let (base, weather) = (rows.hospital_changes[group], rows.hospital_weather[group]);
        let (region, unlit) = (hospital.region[group], hospital.unlit[group]);
        let mut keys = [0; GROUP];
        for i in 0..GROUP {
            let flown_s = airborne_s + out_s[i] + home_s[i];
            let at_pad_s = depart_s + out_s[i];
            let in_dark = one_if(at_pad_s >= dark.from_s) & one_if(at_pad_s < dark.until_s);
            let elsewhere = -one_if(region[i] != site_region);
            let missed = Missed {
                over_m: (to_site_m + out_m[i] + home_m[i] - range_m).max(0),
                over_s: (flown_s - endurance_s).max(0),
                tired_s: (flown_s - flight_s).max(0),
                late_s: (at_pad_s + stop_and_home_s[i] - home_by_s).max(0),
                due_late_s: (care_s + ((out_s[i] + drive_s[i]) & arrival) - due_s).max(0),
            };
            keys[i] = key(base[i] + (elsewhere & weather[i]) + (in_dark & unlit[i]), missed);
        }
        rows.keys[group] = keys;
        rows.out_s[group] = out_s;
    }

    /// Takes the hospitals that are judged elsewhere out of one group.
    #[cold]
    fn leave_out(&self, rows: &mut Rows, group: usize) {
        let hospitals = self.hospitals[group * GROUP..].iter();
        for (key, hospital) in rows.keys[group].iter_mut().zip(hospitals) {
            if rows.left_out >> hospital.0 & 1 == 1 {
                *key = NO_LANE << COUNT_SHIFT;
            }
        }
    }

    /// What all hospitals have in common from one site.
    fn row(&self, rows: &Rows, place: usize) -> Row {
        let problem = self.judge.problem;
        let depart_s = lane(&rows.depart_s, place);
        // Care is the hand-over, known for the whole row, or the arrival, lane by lane.
        let (care_s, arrival) = match problem.kind {
            Kind::SceneCall => (lane(&rows.handed_over_s, place), 0),
            Kind::Transfer => (depart_s, !0),
        };
        Row {
            place,
            site_region: lane(&self.site.region, place),
            to_site_m: lane(&rows.to_site_m, place),
            airborne_s: lane(&rows.airborne_s, place),
            depart_s,
            care_s,
            arrival,
        }
    }

    /// The best hospital by air from one site. There must be a hospital.
    pub(super) fn best_by_air(&self, rows: &mut Rows, stop: &Stop) -> Choice {
        let hospital = &self.hospital;
        let row = self.row(rows, stop.place);
        let (mut least, mut groups) = (i32::MAX, 0);
        // Hospitals stand in the order of the limits that they break whoever comes: once those alone are too many,
        // no other need be looked at.
        while groups < hospital.places.groups() && hospital.changes[groups][0] <= least >> COUNT_SHIFT {
            if rows.hospital_groups == groups {
                self.fill_next_hospitals(rows);
            }
            self.fill_keys(rows, &row, groups);
            if rows.left_out != 0 {
                self.leave_out(rows, groups);
            }
            least = least.min(least_of(rows.keys[groups]));
            groups += 1;
        }
        // Among equal keys the preference, then the way, then the index.
        let (mut end, mut best) = (HospitalIdx(u16::MAX), i32::MAX);
        for (group, keys) in rows.keys.iter().enumerate().take(groups) {
            let (out_s, drive_s) = (rows.out_s[group], hospital.drive_s[group]);
            let preference = hospital.preference[group];
            let ends: [i32; GROUP] = std::array::from_fn(|i| {
                let unequal = -one_if(keys[i] != least) & i32::MAX;
                (preference[i] | (out_s[i] + drive_s[i])) | unequal
            });
            let least_here = least_of(ends);
            if least_here > best || least_here == i32::MAX {
                continue;
            }
            let equal =
                ends.iter().zip(&self.hospitals[group * GROUP..]).filter(|(end, _)| **end == least_here);
            let end_here = equal.map(|(_, idx)| *idx).fold(HospitalIdx(u16::MAX), HospitalIdx::min);
            end = if least_here < best { end_here } else { end.min(end_here) };
            best = least_here;
        }
        let (preference, way_s) = (best >> WAY_BITS, (best & ((1 << WAY_BITS) - 1)).unsigned_abs());
        Choice {
            changes: (lane(&rows.site_changes, stop.place) + (least >> COUNT_SHIFT)).unsigned_abs(),
            shortfall: least.unsigned_abs() & SHORTFALL_MAX,
            by_road: false,
            minutes: minutes(self.judge.problem.kind, stop.handed_over_s),
            preference: preference as u8,
            at_hospital_s: lane(&rows.depart_s, stop.place).unsigned_abs() + way_s,
            handed_over_s: stop.handed_over_s,
            site: self.sites[stop.place],
            hospital: end,
        }
    }

    /// The way on by road from one site; the aircraft flies straight home.
    pub(super) fn by_road(&self, rows: &Rows, stop: &Stop, end: &RoadEnd) -> Choice {
        let place = stop.place;
        let [to_site_m, airborne_s, depart_s, home_m, home_s] =
            [&rows.to_site_m, &rows.airborne_s, &rows.depart_s, &rows.site_home_m, &rows.site_home_s]
                .map(|lanes| lane(lanes, place));
        let Allowance { range_m, endurance_s, flight_s, home_by_s } = rows.allowance;
        let missed = Missed {
            over_m: (to_site_m + home_m - range_m).max(0),
            over_s: (airborne_s + home_s - endurance_s).max(0),
            tired_s: (airborne_s + home_s - flight_s).max(0),
            late_s: (depart_s + home_s - home_by_s).max(0),
            due_late_s: (signed(stop.handed_over_s) - self.due_s).max(0),
        };
        let key = key(lane(&rows.site_changes, place) + signed(end.changes), missed);
        Choice {
            changes: (key >> COUNT_SHIFT).unsigned_abs(),
            shortfall: key.unsigned_abs() & SHORTFALL_MAX,
            by_road: true,
            minutes: minutes(self.judge.problem.kind, stop.handed_over_s),
            preference: end.preference,
            at_hospital_s: depart_s.unsigned_abs() + end.road_s,
            handed_over_s: stop.handed_over_s,
            site: self.sites[place],
            hospital: end.hospital,
        }
    }
}

/// What all hospitals have in common from one site.
#[derive(Clone, Copy)]
struct Row {
    place: usize,
    site_region: i32,
    to_site_m: i32,
    airborne_s: i32,
    depart_s: i32,
    /// Care, the way on apart where `arrival` (all bits) says that it counts.
    care_s: i32,
    arrival: i32,
}

/// All bits, or none where the aircraft is or lives in the region.
#[inline(always)]
fn unless_own(own_regions: [i32; 2], region: i32) -> i32 {
    -(one_if(region != own_regions[0]) & one_if(region != own_regions[1]))
}

/// By how much a flight misses its limits; nothing is negative.
struct Missed {
    over_m: i32,
    over_s: i32,
    tired_s: i32,
    late_s: i32,
    due_late_s: i32,
}

/// Limits broken, those of the flight included, above the shortfall.
#[inline(always)]
fn key(changes: i32, missed: Missed) -> i32 {
    let Missed { over_m, over_s, tired_s, late_s, due_late_s } = missed;
    let count = changes
        + one_if((over_m | over_s) > 0)
        + one_if(tired_s > 0)
        + one_if(late_s > 0)
        + one_if(due_late_s > 0);
    let shortfall = late_s + due_late_s + over_s + tired_s + (over_m >> METRES_PER_SECOND_LOG2);
    (count << COUNT_SHIFT) | shortfall.min(SHORTFALL_MAX as i32)
}

/// A listener that counts.
pub(super) fn counting(count: &mut u32) -> impl FnMut(Reason) {
    |_| *count += 1
}

fn site_lanes(problem: &Problem, sites: &[SiteIdx]) -> SiteLanes {
    let site = |lane: usize| &problem.sites[sites[lane].index()];
    let of = |value: fn(&Site) -> i32| lanes_of(sites.len(), 0, |lane| value(site(lane)));
    let ttl_s = problem.policy.confirmation_ttl_s;
    let fixed = |site: &Site| {
        let unconfirmed = ttl_s.is_some_and(|ttl_s| site.confirmed_age_s.is_none_or(|age_s| age_s > ttl_s));
        let no_road = site.ambulance_s == UNREACHABLE || site.support_s == UNREACHABLE;
        one_if(site.state == SiteState::Closed) + one_if(unconfirmed) + one_if(no_road)
    };
    let leases_max = sites.iter().map(|idx| problem.sites[idx.index()].leases.len()).max().unwrap_or(0);
    let never = Window { from_s: i32::MAX, until_s: i32::MIN };
    let lease = |lane: usize, number: usize| site(lane).leases.get(number).copied().unwrap_or(never);
    let leases = (0..leases_max).map(|number| {
        let from = lanes_of(sites.len(), never.from_s, |lane| lease(lane, number).from_s);
        [from, lanes_of(sites.len(), never.until_s, |lane| lease(lane, number).until_s)]
    });
    SiteLanes {
        places: Places::new(sites.iter().map(|idx| problem.sites[idx.index()].position).collect()),
        changes: lanes_of(sites.len(), 0, |lane| fixed(site(lane))),
        mass_max_kg: of(|site| signed(site.mass_max_kg)),
        size_max_m: of(|site| signed(site.size_max_m)),
        region: of(|site| i32::from(site.region.0)),
        unlit: of(|site| one_if(!site.lit)),
        secured_s: of(|site| secured_s(site).map_or(i32::MIN, signed)),
        ambulance_s: of(|site| match site.ambulance_s {
            UNREACHABLE => i32::MIN,
            ambulance_s => signed(ambulance_s),
        }),
        spots: of(|site| i32::from(site.spots) - 1),
        leases: leases.collect(),
    }
}

/// Those that break the fewest limits whoever comes first.
fn hospitals_in_order(judge: &Judge<'_>) -> Vec<HospitalIdx> {
    let mut hospitals: Vec<HospitalIdx> = judge.problem.hospital_places().map(HospitalIdx::at).collect();
    hospitals.sort_by_cached_key(|idx| {
        let mut count = 0;
        judge.hospital_reasons(*idx, &mut counting(&mut count));
        judge.pad_reasons(*idx, &mut counting(&mut count));
        count
    });
    hospitals
}

fn hospital_lanes(judge: &Judge<'_>, hospitals: &[HospitalIdx], on_the_ground: &Lanes) -> HospitalLanes {
    let count = hospitals.len();
    let hospital = |lane: usize| &judge.problem.hospitals[hospitals[lane].index()];
    let pad = |value: fn(&Pad) -> u32, none: i32| {
        lanes_of(count, none, |lane| hospital(lane).pad.as_ref().map_or(none, |pad| signed(value(pad))))
    };
    HospitalLanes {
        places: Places::new((0..count).map(|lane| hospital(lane).position).collect()),
        changes: lanes_of(count, NO_LANE, |place| {
            let mut broken = 0;
            judge.pad_reasons(hospitals[place], &mut counting(&mut broken));
            lane(on_the_ground, place) + signed(broken)
        }),
        mass_max_kg: pad(|pad| pad.mass_max_kg, i32::MAX),
        size_max_m: pad(|pad| pad.size_max_m, i32::MAX),
        region: lanes_of(count, 0, |lane| i32::from(hospital(lane).region.0)),
        unlit: pad(|pad| u32::from(!pad.lit), 0),
        drive_s: pad(|pad| pad.drive_s, 0),
        preference: lanes_of(count, 0, |lane| i32::from(hospital(lane).preference) << WAY_BITS),
    }
}

/// The hospital that the road leads to from one site, whoever flies; `None` where the patient may not go by road.
fn road_end(
    judge: &Judge<'_>,
    site: SiteIdx,
    hospitals: &[HospitalIdx],
    hospital_changes: &Lanes,
) -> Option<RoadEnd> {
    let problem = judge.problem;
    if problem.kind == Kind::Transfer || problem.policy.road_transport == Permission::Refused {
        return None;
    }
    let ends = hospitals.iter().enumerate().map(|(place, idx)| {
        let road_s = problem.road_from_site_s(site, *idx);
        RoadEnd {
            changes: lane(hospital_changes, place).unsigned_abs() + u32::from(road_s == UNREACHABLE),
            preference: problem.hospitals[idx.index()].preference,
            road_s: countable(road_s),
            hospital: *idx,
        }
    });
    ends.min()
}
