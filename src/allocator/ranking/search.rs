//! The best (site, way on) of one aircraft, and lower bounds for all.
//!
//! Sites are taken in the order of a bound: what they break themselves, and what a flight straight home would break.
//! Most are never looked at closely. The rows that a site is judged in are in `flat`.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::air::Crooked;
use super::choice::{Choice, Head, minutes};
use super::cover::{EARTH_RADIUS_M, ONE, chord2, floats};
use super::flat::{Flat, NO_LANE, Rows, counting};
use super::fleet::Aircraft;
use super::judge::{Judge, lift_off_s, secured_s, whole_minutes};
use super::plan::Transport;
use super::problem::*;
use super::validate::limits::{FLIGHT_MAX_S, TIME_MAX_S};
use crate::units::geodesy::travel_s;
use crate::units::{Seconds, UNREACHABLE};

/// Bits of an aircraft's place and of whole minutes in one word of [`Bounds`]; above them rest and tier.
const IDX_BITS: u32 = u16::BITS;
const MINUTES_BITS: u32 = 24;

const _: () = assert!((6 * TIME_MAX_S as u64 + FLIGHT_MAX_S) / 60 < 1 << MINUTES_BITS);
const _: () = assert!(17 + 1 + MINUTES_BITS + IDX_BITS <= u64::BITS, "a tier is at most 1 + u16::MAX");

/// Which choices are looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// Only such that break no limit.
    Admitted,
    /// The best of all, broken limits counted.
    NearMiss,
}

/// Looks for the best choice of one aircraft after the other.
pub(super) struct Search<'a> {
    judge: &'a Judge<'a>,
    flat: Flat<'a>,
    /// Of the aircraft in hand; kept, since they are large.
    rows: Box<Rows>,
    /// When the first site is ready: nobody is in care before its ambulance and its support crew are there.
    site_ready_s: Seconds,
    middle: Middle,
    crooked: Crooked,
}

impl<'a> Search<'a> {
    pub(super) fn new(judge: &'a Judge<'a>) -> Search<'a> {
        let flat = Flat::new(judge);
        let sites = || flat.sites.iter().map(|idx| &judge.problem.sites[idx.index()]);
        let site_ready_s = sites().map(site_ready_s).min().unwrap_or(0);
        let middle = Middle::of(sites().map(|site| floats(site.position)));
        Search {
            judge,
            rows: Box::new(Rows::empty()),
            site_ready_s,
            middle,
            crooked: Crooked::default(),
            flat,
        }
    }

    /// Lower bounds of the heads of all aircraft, as if no limit kept one in and all sites were as near as the edge
    /// of the circle around them: a few steps each, since few will ever be looked at.
    pub(super) fn bounds(&self) -> Bounds {
        if self.flat.sites.is_empty() || self.flat.hospitals.is_empty() {
            return Bounds(BinaryHeap::new());
        }
        let aircraft = self.judge.problem.aircraft.iter().enumerate();
        let bounds = aircraft.map(|(place, aircraft)| {
            let flight_s = self.middle.flight_at_least_s(aircraft);
            Reverse(packed(self.head_at_least(aircraft, flight_s), AircraftIdx::at(place)))
        });
        Bounds(BinaryHeap::from(bounds.collect::<Vec<_>>()))
    }

    /// The bound of one aircraft, closer: by its distance to the nearest site.
    pub(super) fn bound(&self, idx: AircraftIdx) -> Head {
        let aircraft = &self.judge.problem.aircraft[idx.index()];
        let nearest_m = self.flat.nearest_site_at_least_m(aircraft.position);
        self.head_at_least(aircraft, travel_s(nearest_m, aircraft.speed_kmh))
    }

    fn head_at_least(&self, aircraft: &Aircraft, flight_s: Seconds) -> Head {
        let problem = self.judge.problem;
        let met_s = (lift_off_s(aircraft) + flight_s).max(self.site_ready_s);
        let care_s = match problem.kind {
            Kind::SceneCall => met_s + problem.policy.hand_over_s,
            Kind::Transfer => met_s + problem.policy.on_scene_s.max(problem.policy.hand_over_s),
        };
        (self.judge.tier(aircraft), self.judge.resting(aircraft), u64::from(whole_minutes(care_s)))
    }

    /// Limits broken wherever the aircraft flies: its own, and the weather where it is and where it lives.
    fn own_changes(&mut self, aircraft: &Aircraft) -> u32 {
        let mut count = 0;
        self.judge.aircraft_reasons(aircraft, &mut counting(&mut count));
        count + self.flat.own_weather_changes(aircraft)
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
        if self.flat.hospitals.is_empty() {
            return None;
        }
        let aircraft = &self.judge.problem.aircraft[idx.index()];
        let own_changes = self.own_changes(aircraft);
        if wanted == Wanted::Admitted && own_changes > 0 {
            return None;
        }
        self.flat.fill(aircraft, own_changes, &mut self.rows);
        let mut best = self.best_of_crooked(idx, aircraft);
        let Search { flat, rows, crooked, .. } = self;
        while let Some(stop) = rows.next_stop(flat.sites.len()) {
            if wanted == Wanted::Admitted && stop.changes_min > 0 {
                break;
            }
            // The least that each way on could be; most sites need no closer look.
            let minutes = minutes(self.judge.problem.kind, stop.handed_over_s);
            let hopeless = |best: Option<Choice>, changes: u32, by_road: bool| {
                let bound = (stop.changes_min + changes, stop.shortfall_min, by_road, minutes);
                best.is_some_and(|best| (best.changes, best.shortfall, best.by_road, best.minutes) < bound)
            };
            if hopeless(best, 0, false) {
                break; // Neither this site nor any that follows.
            }
            let site = flat.sites[stop.place];
            rows.left_out = crooked.hospitals(site);
            if !hopeless(best, flat.hospital_changes_min(), false) {
                let by_air = flat.best_by_air(rows, &stop);
                // Where all hospitals are judged elsewhere there is no real one.
                if by_air.changes < NO_LANE.unsigned_abs() {
                    best = Some(best.map_or(by_air, |best| best.min(by_air)));
                }
            }
            let road_end = flat.road_ends[stop.place]
                .filter(|end| !crooked.is_by_road(site) && !hopeless(best, end.changes, true));
            if let Some(road_end) = road_end {
                let by_road = flat.by_road(rows, &stop, &road_end);
                best = Some(best.map_or(by_road, |best| best.min(by_road)));
            }
        }
        best
    }
}

impl Search<'_> {
    /// The best of those choices that have a leg which is not straight, each judged by itself; their sites and hospitals
    /// are taken out of the rows.
    fn best_of_crooked(&mut self, idx: AircraftIdx, aircraft: &Aircraft) -> Option<Choice> {
        let problem = self.judge.problem;
        if problem.ways.is_empty() {
            return None;
        }
        self.crooked.take(problem, idx, aircraft);
        let mut best: Option<Choice> = None;
        let mut judge = |site: SiteIdx, transport: Transport| {
            let choice = Choice::of(self.judge, site, transport, &self.judge.assess(idx, site, transport));
            best = Some(best.map_or(choice, |best| best.min(choice)));
        };
        for (place, site) in self.flat.sites.iter().enumerate() {
            let hospitals = self.crooked.hospitals(*site);
            for hospital in self.flat.hospitals.iter().filter(|hospital| hospitals >> hospital.0 & 1 == 1) {
                judge(*site, Transport::ByAir { hospital: *hospital });
            }
            if let Some(end) = self.flat.road_ends[place].filter(|_| self.crooked.is_by_road(*site)) {
                judge(*site, Transport::ByRoad { hospital: end.hospital });
            }
            if self.crooked.is_to_site(*site) {
                self.rows.leave_out(place);
            }
        }
        best
    }
}

/// Lower bounds of all aircraft, the least first.
pub(super) struct Bounds(BinaryHeap<Reverse<u64>>);

impl Bounds {
    /// Takes the least.
    pub(super) fn pop(&mut self) -> Option<(Head, AircraftIdx)> {
        self.0.pop().map(|Reverse(word)| unpacked(word))
    }
}

/// A head and its aircraft in one word, in the same order: a heap compares words in one step each.
fn packed((tier, resting, minutes): Head, idx: AircraftIdx) -> u64 {
    let tier_and_rest = u64::from(tier) << 1 | u64::from(resting);
    (tier_and_rest << MINUTES_BITS | minutes) << IDX_BITS | u64::from(idx.0)
}

fn unpacked(word: u64) -> (Head, AircraftIdx) {
    let (head, minutes) = (word >> IDX_BITS, word >> IDX_BITS & ((1 << MINUTES_BITS) - 1));
    let tier = (head >> MINUTES_BITS >> 1) as u32;
    ((tier, head >> MINUTES_BITS & 1 == 1, minutes), AircraftIdx(word as u16))
}

/// The middle of the sites, a point inside the Earth, and how far the farthest lies from it.
struct Middle {
    at: [f64; 3],
    radius: f64,
}

impl Middle {
    fn of(sites: impl Iterator<Item = [f64; 3]> + Clone) -> Middle {
        let count = sites.clone().count().max(1) as f64;
        let mut at = [0.0; 3];
        for site in sites.clone() {
            at = std::array::from_fn(|axis| at[axis] + site[axis] / count);
        }
        let radius2 = sites.map(|site| chord2(at, site)).fold(0.0, f64::max);
        Middle { at, radius: radius2.sqrt() }
    }

    /// Never more than the flight to any site: chords obey the triangle inequality and are shorter than arcs. A metre
    /// off for the rounding of distances.
    fn flight_at_least_s(&self, aircraft: &Aircraft) -> Seconds {
        let chord = chord2(self.at, floats(aircraft.position)).sqrt() - self.radius;
        let metres = (chord * (EARTH_RADIUS_M / ONE) - 1.0).max(0.0);
        (metres * 3.6 / f64::from(aircraft.speed_kmh)) as Seconds
    }
}

/// When ambulance and support crew are ready at a site; who has no road to it does not count.
fn site_ready_s(site: &Site) -> Seconds {
    let ambulance_s = if site.ambulance_s == UNREACHABLE { 0 } else { site.ambulance_s };
    ambulance_s.max(secured_s(site).unwrap_or(0))
}
