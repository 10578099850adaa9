//! The best (site, way on) of one aircraft, and lower bounds for all.
//!
//! * Flat rows: for one aircraft and one site all hospitals are judged at once, in fixed arrays of `i32` that
//!   the compiler turns into vector instructions. What does not depend on the flight (pads, states, weather)
//!   is counted once per aircraft or once for all.
//! * Sites are taken in the order of a bound: what they break themselves, and what a flight straight home would
//!   break. Most are never looked at closely.
//!
//! What is compared in rows is told in words by `judge`; `tests/oracle.rs` holds the two together.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::choice::{Choice, Head, METRES_PER_SECOND_LOG2, SHORTFALL_MAX, minutes};
use super::fleet::Aircraft;
use super::judge::{
    Allowance, Flight, Judge, SiteWay, Start, countable, lift_off_s, secured_s, signed, whole_minutes,
};
use super::lanes::{GROUP, GROUPS, LANES_MAX, Lanes, Places, lane, lanes_of, one_if, travels_s};
use super::problem::*;
use super::reason::Reason;
use super::validate::limits::{HOSPITALS_MAX, REGIONS_MAX, SITES_MAX};
use crate::units::geodesy::{UnitVector, travel_s};
use crate::units::{Seconds, UNREACHABLE};

const _: () = assert!(HOSPITALS_MAX <= LANES_MAX && SITES_MAX <= LANES_MAX);

/// Count of a lane without a hospital: more than any real one (each hospital breaks fewer than 20 limits).
const NO_LANE: i32 = 100;
/// Two legs may come out this much shorter than one straight leg, in seconds or metres, by rounding each.
const ROUNDING: i32 = 2;
/// A row's key holds the count above the shortfall.
const COUNT_SHIFT: u32 = SHORTFALL_MAX.trailing_ones();

/// What the road offers from one site; the same for every aircraft.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct RoadEnd {
    changes: u32,
    preference: u8,
    road_s: Seconds,
    hospital: HospitalIdx,
}

/// What one aircraft brings to every row.
struct Rows {
    start: Start,
    speed_kmh: u32,
    /// Limits broken at the hospital, its region's weather apart.
    hospital_changes: Lanes,
    /// The least of them: no row can do better.
    hospital_changes_min: u32,
    /// Weather limits broken per region, 0 where home or origin count them already.
    weather_by_region: [i32; REGIONS_MAX],
    /// The same at each hospital.
    weather_changes: Lanes,
    home_m: Lanes,
    home_s: Lanes,
    /// Flight home and the stop before it.
    stop_and_home_s: Lanes,
    /// To each site.
    to_site_m: Lanes,
    to_site_s: Lanes,
    /// From home to each site, and back.
    site_home_m: Lanes,
    site_home_s: Lanes,
    allowance: Allowance,
    /// Limits broken wherever it flies.
    own_changes: u32,
}

/// One site as one aircraft finds it. Those that can be best come first.
#[derive(Clone, Copy)]
struct Stop {
    /// Limits broken there and wherever the aircraft flies.
    changes: u32,
    /// Those, and the ones that a flight straight home would break: no hospital on the way makes it shorter.
    changes_min: u32,
    /// Shortfall of a flight straight home.
    shortfall_min: u32,
    minutes: u32,
    place: usize,
}

impl Stop {
    /// The bounds from the left in one word: comparing it is faster than comparing four fields. Counts stay below
    /// 1,024, shortfalls below 2^24, minutes below 2^20 (`validate`), places below 64.
    fn order(&self) -> u64 {
        let head = u64::from(self.changes_min) << 24 | u64::from(self.shortfall_min);
        head << 30 | u64::from(self.minutes) << 6 | self.place as u64
    }
}

/// Which choices are looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// Only such that break no limit.
    Admitted,
    /// The best of all, broken limits counted.
    NearMiss,
}

/// The problem, laid out flat.
pub(super) struct Search<'a> {
    judge: &'a Judge<'a>,
    sites: Vec<SiteIdx>,
    site_places: Places,
    hospitals: Vec<HospitalIdx>,
    hospital_places: Places,
    /// Limits broken at the hospital and on its pad, whoever comes.
    hospital_changes: Lanes,
    /// What each pad bears; [`i32::MAX`] where there is none.
    pad_mass_kg: Lanes,
    pad_size_m: Lanes,
    region: Lanes,
    /// 1 where the pad is unlit.
    unlit: Lanes,
    /// From the pad to the hospital's door.
    drive_s: Lanes,
    /// When care is due; [`i32::MAX`]: no such time.
    due_s: i32,
    /// Sites × hospitals, metres.
    out_m: Vec<Lanes>,
    road_ends: Vec<Option<RoadEnd>>,
    /// The sites of the aircraft in hand; kept to save the allocation.
    stops: Vec<Stop>,
}

fn counting(count: &mut u32) -> impl FnMut(Reason) {
    |_| *count += 1
}

impl<'a> Search<'a> {
    pub(super) fn new(judge: &'a Judge<'a>) -> Search<'a> {
        let problem = judge.problem;
        let sites: Vec<SiteIdx> = problem.site_places().map(SiteIdx::at).collect();
        let hospitals: Vec<HospitalIdx> = problem.hospital_places().map(HospitalIdx::at).collect();
        let hospital = |lane: usize| &problem.hospitals[hospitals[lane].index()];
        let pad = |value: fn(&Pad) -> u32, none: i32| {
            lanes_of(hospitals.len(), none, |lane| {
                hospital(lane).pad.as_ref().map_or(none, |pad| signed(value(pad)))
            })
        };
        let count_at = |lane: usize, with_pad: bool| {
            let mut count = 0;
            judge.hospital_reasons(hospitals[lane], &mut counting(&mut count));
            if with_pad {
                judge.pad_reasons(hospitals[lane], &mut counting(&mut count));
            }
            signed(count)
        };
        let on_the_ground = lanes_of(hospitals.len(), NO_LANE, |lane| count_at(lane, false));
        let road_ends = sites.iter().map(|site| road_end(judge, *site, &hospitals, &on_the_ground)).collect();
        let hospital_places = Places::new(hospitals.iter().map(|idx| place_of(problem, *idx)).collect());
        let site_positions: Vec<UnitVector> =
            sites.iter().map(|idx| problem.sites[idx.index()].position).collect();
        Search {
            judge,
            hospital_changes: lanes_of(hospitals.len(), NO_LANE, |lane| count_at(lane, true)),
            pad_mass_kg: pad(|pad| pad.mass_max_kg, i32::MAX),
            pad_size_m: pad(|pad| pad.size_max_m, i32::MAX),
            region: lanes_of(hospitals.len(), 0, |lane| i32::from(hospital(lane).region.0)),
            unlit: pad(|pad| u32::from(!pad.lit), 0),
            drive_s: pad(|pad| pad.drive_s, 0),
            due_s: problem.due_s.unwrap_or(i32::MAX),
            out_m: site_positions.iter().map(|from| hospital_places.distances_m(*from)).collect(),
            road_ends,
            stops: Vec::with_capacity(sites.len()),
            site_places: Places::new(site_positions),
            sites,
            hospital_places,
            hospitals,
        }
    }

    /// Lower bounds of the heads of all aircraft that no limit of their own keeps in; the least is on top.
    pub(super) fn bounds(&self) -> BinaryHeap<Reverse<(Head, AircraftIdx)>> {
        let (judge, problem) = (self.judge, self.judge.problem);
        // The site that is ready first: nobody is in care before its ambulance and its support crew are there.
        let site_ready_s = self.sites.iter().map(|idx| site_ready_s(&problem.sites[idx.index()])).min();
        let mut bounds = Vec::with_capacity(problem.aircraft.len());
        for (place, aircraft) in problem.aircraft.iter().enumerate() {
            if self.own_changes(aircraft) > 0 {
                continue;
            }
            let nearest_m = self.site_places.nearest_at_least_m(aircraft.position);
            let flight_s = travel_s(nearest_m, aircraft.speed_kmh);
            let met_s = (lift_off_s(aircraft) + flight_s).max(site_ready_s.unwrap_or(0));
            let care_s = match problem.kind {
                Kind::SceneCall => met_s + problem.policy.hand_over_s,
                Kind::Transfer => met_s + problem.policy.on_scene_s.max(problem.policy.hand_over_s),
            };
            let head = (judge.tier(aircraft), judge.resting(aircraft), u64::from(whole_minutes(care_s)));
            bounds.push(Reverse((head, AircraftIdx::at(place))));
        }
        BinaryHeap::from(bounds)
    }

    /// Limits broken wherever the aircraft flies: its own, and the weather where it is and where it lives.
    fn own_changes(&self, aircraft: &Aircraft) -> u32 {
        let mut count = 0;
        let mut tell = counting(&mut count);
        self.judge.aircraft_reasons(aircraft, &mut tell);
        self.judge.weather_reasons(&aircraft.minima, aircraft.origin_region, &mut tell);
        if aircraft.home_region != aircraft.origin_region {
            self.judge.weather_reasons(&aircraft.minima, aircraft.home_region, &mut tell);
        }
        drop(tell);
        count
    }

    /// The best choice that breaks no limit.
    pub(super) fn admitted(&mut self, idx: AircraftIdx) -> Option<Choice> {
        self.choose(idx, Wanted::Admitted).filter(|choice| choice.changes == 0)
    }

    /// The best choice, broken limits counted; `None` where there is nothing to choose from.
    pub(super) fn near_miss(&mut self, idx: AircraftIdx) -> Option<Choice> {
        self.choose(idx, Wanted::NearMiss)
    }

    fn choose(&mut self, idx: AircraftIdx, wanted: Wanted) -> Option<Choice> {
        if self.hospitals.is_empty() {
            return None;
        }
        let aircraft = &self.judge.problem.aircraft[idx.index()];
        let rows = self.rows(aircraft);
        let mut stops = std::mem::take(&mut self.stops);
        self.find_stops(aircraft, &rows, &mut stops);
        let mut best: Option<Choice> = None;
        // Few sites are looked at, so the next best is sought each time instead of sorting them all.
        while let Some(next) = (0..stops.len()).min_by_key(|i| stops[*i].order()) {
            let stop = stops.swap_remove(next);
            if wanted == Wanted::Admitted && stop.changes_min > 0 {
                break;
            }
            // The least that each way on could be; most sites need no closer look.
            let road_changes = self.road_ends[stop.place].map(|end| end.changes);
            let hopeless = |changes: u32, by_road: bool| {
                let bound = (stop.changes_min + changes, stop.shortfall_min, by_road, stop.minutes);
                best.is_some_and(|best| (best.changes, best.shortfall, best.by_road, best.minutes) < bound)
            };
            if hopeless(0, false) {
                break; // Neither this site nor any that follows.
            }
            let by_air = !hopeless(rows.hospital_changes_min, false);
            let by_road = road_changes.is_some_and(|changes| !hopeless(changes, true));
            if !by_air && !by_road {
                continue;
            }
            let out = self.outbound(&rows, stop.place);
            let by_air = by_air.then(|| self.best_by_air(&rows, &stop, &out)).flatten();
            let by_road = by_road.then(|| self.best_by_road(&rows, &stop, &out)).flatten();
            for choice in [by_air, by_road].into_iter().flatten() {
                best = Some(best.map_or(choice, |best| best.min(choice)));
            }
        }
        self.stops = stops;
        best
    }

    /// All sites as one aircraft finds them.
    fn find_stops(&self, aircraft: &Aircraft, rows: &Rows, stops: &mut Vec<Stop>) {
        let (judge, problem) = (self.judge, self.judge.problem);
        stops.clear();
        for (place, idx) in self.sites.iter().enumerate() {
            let out = self.outbound(rows, place);
            let mut changes = rows.own_changes;
            judge.site_reasons(aircraft, *idx, &out, &mut counting(&mut changes));
            changes += rows.weather_by_region[problem.sites[idx.index()].region.index()].unsigned_abs();
            let minutes = minutes(problem.kind, out.timeline.handed_over_s);
            let (broken, shortfall_min) = self.straight_home(rows, place, &out, ROUNDING);
            stops.push(Stop { changes, changes_min: changes + broken, shortfall_min, minutes, place });
        }
    }

    /// The flight up to leaving one site.
    fn outbound(&self, rows: &Rows, place: usize) -> Flight {
        let way = SiteWay {
            to_site_m: lane(&rows.to_site_m, place).unsigned_abs(),
            to_site_s: lane(&rows.to_site_s, place).unsigned_abs(),
            from_home_m: lane(&rows.site_home_m, place).unsigned_abs(),
        };
        let site = &self.judge.problem.sites[self.sites[place].index()];
        self.judge.outbound(rows.start, site, way)
    }

    /// What one aircraft brings to every row.
    fn rows(&self, aircraft: &Aircraft) -> Rows {
        let (judge, problem) = (self.judge, self.judge.problem);
        let mut weather_by_region = [0; REGIONS_MAX];
        for (place, count) in weather_by_region.iter_mut().enumerate().take(problem.regions.len()) {
            let region = RegionIdx::at(place);
            if region != aircraft.origin_region && region != aircraft.home_region {
                let mut broken = 0;
                judge.weather_reasons(&aircraft.minima, region, &mut counting(&mut broken));
                *count = signed(broken);
            }
        }
        let (speed_kmh, hospital_groups) = (aircraft.speed_kmh, self.hospital_places.groups());
        let home_m = self.hospital_places.distances_m(aircraft.home);
        let home_s = travels_s(&home_m, hospital_groups, speed_kmh);
        let site_groups = self.site_places.groups();
        let site_home_m = self.site_places.distances_m(aircraft.home);
        let site_home_s = travels_s(&site_home_m, site_groups, speed_kmh);
        // Most aircraft stand at home.
        let (to_site_m, to_site_s) = if aircraft.position == aircraft.home {
            (site_home_m, site_home_s)
        } else {
            let to_site_m = self.site_places.distances_m(aircraft.position);
            (to_site_m, travels_s(&to_site_m, site_groups, speed_kmh))
        };
        let stop_s = signed(problem.policy.hospital_stop_s);
        let (mass_kg, size_m) = (signed(aircraft.mass_kg), signed(aircraft.size_m));
        let mut hospital_changes = self.hospital_changes;
        let mut stop_and_home_s = home_s;
        for group in 0..hospital_groups {
            let (mass_max_kg, size_max_m) = (&self.pad_mass_kg[group], &self.pad_size_m[group]);
            for i in 0..GROUP {
                hospital_changes[group][i] +=
                    one_if(mass_kg > mass_max_kg[i]) + one_if(size_m > size_max_m[i]);
                stop_and_home_s[group][i] += one_if(home_m[group][i] != 0) * stop_s;
            }
        }
        let least = hospital_changes.as_flattened().iter().fold(NO_LANE, |least, count| least.min(*count));
        Rows {
            start: Start::of(aircraft),
            speed_kmh,
            hospital_changes,
            hospital_changes_min: least.unsigned_abs(),
            weather_changes: self.weather_changes(&weather_by_region),
            weather_by_region,
            home_m,
            home_s,
            stop_and_home_s,
            to_site_m,
            to_site_s,
            site_home_m,
            site_home_s,
            allowance: judge.allowance(aircraft),
            own_changes: self.own_changes(aircraft),
        }
    }

    /// Weather limits broken in each hospital's region; on most days none, and nothing to look up.
    fn weather_changes(&self, weather_by_region: &[i32; REGIONS_MAX]) -> Lanes {
        if weather_by_region.iter().all(|broken| *broken == 0) {
            return [[0; GROUP]; GROUPS];
        }
        lanes_of(self.hospitals.len(), 0, |place| {
            weather_by_region[lane(&self.region, place).unsigned_abs() as usize % REGIONS_MAX]
        })
    }

    /// Key of each hospital by air from one site: limits broken there and on the flight, above the shortfall.
    fn keys_by_air(&self, rows: &Rows, out_s: &Lanes, place: usize, out: &Flight) -> Lanes {
        let problem = self.judge.problem;
        let dark = problem.darkness.unwrap_or_default();
        let Allowance { range_m, endurance_s, flight_s, home_by_s } = rows.allowance;
        let site_region = i32::from(problem.sites[self.sites[place].index()].region.0);
        let (to_site_m, airborne_s) = (signed(out.distance_m), signed(out.airborne_s));
        let depart_s = signed(out.timeline.depart_scene_s);
        let out_m = &self.out_m[place];
        // Care is the hand-over, known for the whole row, or the arrival, lane by lane.
        let (care_s, arrival) = match problem.kind {
            Kind::SceneCall => (signed(out.timeline.handed_over_s), 0),
            Kind::Transfer => (depart_s, !0),
        };
        let mut keys = [[i32::MAX; GROUP]; GROUPS];
        for group in 0..self.hospital_places.groups() {
            // Copies of one group of each row, so that the loop below has neither bounds nor aliases to check and
            // becomes vectors.
            let (out_m, out_s, drive_s) = (out_m[group], out_s[group], self.drive_s[group]);
            let (home_m, home_s) = (rows.home_m[group], rows.home_s[group]);
            let stop_and_home_s = rows.stop_and_home_s[group];
            let (base, weather) = (rows.hospital_changes[group], rows.weather_changes[group]);
            let (region, unlit) = (self.region[group], self.unlit[group]);
            let mut group_keys = [0; GROUP];
            for i in 0..GROUP {
                let over_m = (to_site_m + out_m[i] + home_m[i] - range_m).max(0);
                let flown_s = airborne_s + out_s[i] + home_s[i];
                let over_s = (flown_s - endurance_s).max(0);
                let tired_s = (flown_s - flight_s).max(0);
                let at_pad_s = depart_s + out_s[i];
                let late_s = (at_pad_s + stop_and_home_s[i] - home_by_s).max(0);
                let due_late_s = (care_s + ((out_s[i] + drive_s[i]) & arrival) - self.due_s).max(0);
                let in_dark = one_if(at_pad_s >= dark.from_s) & one_if(at_pad_s < dark.until_s);
                let elsewhere = -one_if(region[i] != site_region);
                let count = base[i]
                    + (elsewhere & weather[i])
                    + one_if((over_m | over_s) > 0)
                    + one_if(tired_s > 0)
                    + one_if(late_s > 0)
                    + one_if(due_late_s > 0)
                    + (in_dark & unlit[i]);
                let shortfall = late_s + due_late_s + over_s + tired_s + (over_m >> METRES_PER_SECOND_LOG2);
                group_keys[i] = (count << COUNT_SHIFT) | shortfall.min(SHORTFALL_MAX as i32);
            }
            keys[group] = group_keys;
        }
        keys
    }

    fn best_by_air(&self, rows: &Rows, stop: &Stop, out: &Flight) -> Option<Choice> {
        let (problem, place) = (self.judge.problem, stop.place);
        let groups = self.hospital_places.groups();
        let out_s = &travels_s(&self.out_m[place], groups, rows.speed_kmh);
        let keys = self.keys_by_air(rows, out_s, place, out);
        let least = keys[..groups]
            .iter()
            .fold([i32::MAX; GROUP], |least, keys| std::array::from_fn(|i| least[i].min(keys[i])));
        let least = least.into_iter().fold(i32::MAX, i32::min);
        let keys = keys.as_flattened();
        let timeline = &out.timeline;
        let equal = self.hospitals.iter().enumerate().filter(|(i, _)| keys[*i] == least);
        let end = equal
            .map(|(i, idx)| {
                let way_s = (lane(out_s, i) + lane(&self.drive_s, i)).unsigned_abs();
                (problem.hospitals[idx.index()].preference, way_s, *idx)
            })
            .min();
        end.map(|(preference, way_s, hospital)| Choice {
            changes: stop.changes + (least >> COUNT_SHIFT).unsigned_abs(),
            shortfall: least.unsigned_abs() & SHORTFALL_MAX,
            by_road: false,
            minutes: stop.minutes,
            preference,
            at_hospital_s: timeline.depart_scene_s + way_s,
            handed_over_s: timeline.handed_over_s,
            site: self.sites[place],
            hospital,
        })
    }

    /// Limits that a flight from a site straight home breaks, and their shortfall; `slack` is taken off every
    /// second and metre.
    fn straight_home(&self, rows: &Rows, place: usize, out: &Flight, slack: i32) -> (u32, u32) {
        let [home_m, home_s] =
            [&rows.site_home_m, &rows.site_home_s].map(|lanes| (lane(lanes, place) - slack).max(0));
        let Allowance { range_m, endurance_s, flight_s, home_by_s } = rows.allowance;
        let timeline = &out.timeline;
        let flown_s = signed(out.airborne_s) + home_s;
        let over_m = (signed(out.distance_m) + home_m - range_m).max(0);
        let over_s = (flown_s - endurance_s).max(0);
        let tired_s = (flown_s - flight_s).max(0);
        let late_s = (signed(timeline.depart_scene_s) + home_s - home_by_s).max(0);
        let care_s = match self.judge.problem.kind {
            Kind::SceneCall => timeline.handed_over_s,
            Kind::Transfer => timeline.depart_scene_s,
        };
        let due_late_s = (signed(care_s) - self.due_s).max(0);
        let broken = [over_m | over_s, tired_s, late_s, due_late_s].map(|broken| u32::from(broken > 0));
        let shortfall = late_s + due_late_s + over_s + tired_s + (over_m >> METRES_PER_SECOND_LOG2);
        (broken.into_iter().sum(), shortfall.unsigned_abs().min(SHORTFALL_MAX))
    }

    fn best_by_road(&self, rows: &Rows, stop: &Stop, out: &Flight) -> Option<Choice> {
        let end = self.road_ends[stop.place]?;
        let (broken, shortfall) = self.straight_home(rows, stop.place, out, 0);
        Some(Choice {
            changes: stop.changes + end.changes + broken,
            shortfall,
            by_road: true,
            minutes: stop.minutes,
            preference: end.preference,
            at_hospital_s: out.timeline.depart_scene_s + end.road_s,
            handed_over_s: out.timeline.handed_over_s,
            site: self.sites[stop.place],
            hospital: end.hospital,
        })
    }
}

fn place_of(problem: &Problem, idx: HospitalIdx) -> UnitVector {
    problem.hospitals[idx.index()].position
}

/// When ambulance and support crew are ready at a site; who has no road to it does not count.
fn site_ready_s(site: &Site) -> Seconds {
    let ambulance_s = if site.ambulance_s == UNREACHABLE { 0 } else { site.ambulance_s };
    ambulance_s.max(secured_s(site).unwrap_or(0))
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
