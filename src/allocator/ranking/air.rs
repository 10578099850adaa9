//! Legs through the air that are not the straight one: what is flown around, what cannot be flown.
//!
//! A sparse table in the [`Problem`]: a leg that is not in it is the great circle at planning speed, so that a day without
//! areas and bad weather on the way has an empty one. Absent on purpose: how a way around is found; that is the caller's.

use super::fleet::{Aircraft, Minima};
use super::plan::Transport;
use super::problem::{AircraftIdx, HospitalIdx, NoFlyIdx, Problem, RegionIdx, SiteIdx};
use crate::units::Metres;

/// One leg of a mission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Leg {
    /// From where an aircraft is to a site.
    ToSite {
        /// Which aircraft.
        aircraft: AircraftIdx,
        /// Which site.
        site: SiteIdx,
    },
    /// From a site to a hospital's pad, for every aircraft with the same weather minima: they stand between the same places.
    Onward {
        /// Which minima, a place in [`Problem::classes`].
        class: u16,
        /// Which site.
        site: SiteIdx,
        /// Which hospital.
        hospital: HospitalIdx,
    },
    /// From a site straight home.
    HomeFromSite {
        /// Which aircraft.
        aircraft: AircraftIdx,
        /// Which site.
        site: SiteIdx,
    },
    /// From a hospital's pad home.
    HomeFromHospital {
        /// Which aircraft.
        aircraft: AircraftIdx,
        /// Which hospital.
        hospital: HospitalIdx,
    },
}

/// Whether a leg can be flown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Passage {
    /// It can, around what is named.
    #[default]
    Around,
    /// It cannot while what is named stands.
    Barred,
}

/// A leg that is not the straight one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Way {
    /// Which.
    pub leg: Leg,
    /// Its length through the air at planning speed; of a barred one the straight length. Never less than that.
    pub metres: Metres,
    /// Whether it can be flown.
    pub passage: Passage,
    /// Areas that are flown around, or the least that must be lifted. Ascending.
    pub areas: Vec<NoFlyIdx>,
    /// Regions whose weather is flown around, or the least that must clear. Ascending.
    pub regions: Vec<RegionIdx>,
}

impl Problem {
    /// What is known of a leg beyond the straight line.
    pub(super) fn way(&self, leg: Leg) -> Option<&Way> {
        let place = self.ways.binary_search_by_key(&leg, |way| way.leg).ok()?;
        Some(&self.ways[place])
    }

    /// The length of a leg whose straight length is `straight_m`.
    pub(super) fn flown_m(&self, leg: Option<Leg>, straight_m: Metres) -> Metres {
        if self.ways.is_empty() {
            return straight_m;
        }
        leg.and_then(|leg| self.way(leg)).map_or(straight_m, |way| way.metres)
    }

    /// The leg from a site to a hospital, as an aircraft with these minima flies it.
    pub(super) fn onward(&self, minima: &Minima, site: SiteIdx, hospital: HospitalIdx) -> Option<Leg> {
        let class = self.classes.iter().position(|class| class == minima)?;
        Some(Leg::Onward { class: u16::try_from(class).ok()?, site, hospital })
    }

    /// What is known of the legs of one mission beyond the straight line, in the order of flight.
    pub(super) fn ways_of(&self, idx: AircraftIdx, site: SiteIdx, transport: Transport) -> Vec<&Way> {
        if self.ways.is_empty() {
            return Vec::new();
        }
        let minima = &self.aircraft[idx.index()].minima;
        let rest = match transport {
            Transport::ByAir { hospital } => {
                [self.onward(minima, site, hospital), Some(Leg::HomeFromHospital { aircraft: idx, hospital })]
            }
            Transport::ByRoad { .. } => [Some(Leg::HomeFromSite { aircraft: idx, site }), None],
        };
        let legs = [Some(Leg::ToSite { aircraft: idx, site })].into_iter().chain(rest).flatten();
        legs.filter_map(|leg| self.way(leg)).collect()
    }
}

/// What bars one mission, each once.
#[derive(Default)]
pub(super) struct Barred {
    pub(super) areas: Vec<NoFlyIdx>,
    pub(super) regions: Vec<RegionIdx>,
}

impl Barred {
    /// What bars any of these legs.
    pub(super) fn of(ways: &[&Way]) -> Barred {
        let barred = || ways.iter().filter(|way| way.passage == Passage::Barred);
        let mut found = Barred {
            areas: barred().flat_map(|way| &way.areas).copied().collect(),
            regions: barred().flat_map(|way| &way.regions).copied().collect(),
        };
        found.areas.sort_unstable();
        found.areas.dedup();
        found.regions.sort_unstable();
        found.regions.dedup();
        found
    }
}

/// Which (site, way on) of one aircraft have a leg that is not straight. The rows of `flat` know straight legs only, so
/// these are judged one by one.
#[derive(Clone, Debug, Default)]
pub(super) struct Crooked {
    /// By site, one bit each.
    to_site: u64,
    home_from_site: u64,
    /// By hospital, one bit each.
    home_from_hospital: u64,
    /// By site; for the minima in hand.
    onward: Vec<u64>,
    minima: Option<Minima>,
}

impl Crooked {
    /// Takes an aircraft in hand; nothing to do where all legs are straight.
    pub(super) fn take(&mut self, problem: &Problem, idx: AircraftIdx, aircraft: &Aircraft) {
        if problem.ways.is_empty() {
            return;
        }
        let of = |from: Leg| {
            let first = problem.ways.partition_point(|way| way.leg < from);
            problem.ways[first..].iter().map(|way| way.leg)
        };
        let (site, hospital) = (SiteIdx(0), HospitalIdx(0));
        let to_site = of(Leg::ToSite { aircraft: idx, site })
            .take_while(|leg| matches!(leg, Leg::ToSite { aircraft, .. } if *aircraft == idx));
        let home = of(Leg::HomeFromSite { aircraft: idx, site })
            .take_while(|leg| matches!(leg, Leg::HomeFromSite { aircraft, .. } if *aircraft == idx));
        let from_hospital = of(Leg::HomeFromHospital { aircraft: idx, hospital })
            .take_while(|leg| matches!(leg, Leg::HomeFromHospital { aircraft, .. } if *aircraft == idx));
        self.to_site = to_site.fold(0, |bits, leg| bits | bit(leg));
        self.home_from_site = home.fold(0, |bits, leg| bits | bit(leg));
        self.home_from_hospital = from_hospital.fold(0, |bits, leg| bits | bit(leg));
        if self.minima == Some(aircraft.minima) {
            return;
        }
        self.minima = Some(aircraft.minima);
        self.onward = vec![0; problem.sites.len()];
        if let Some(Leg::Onward { class, .. }) = problem.onward(&aircraft.minima, site, hospital) {
            let onward = of(Leg::Onward { class, site, hospital })
                .take_while(|leg| matches!(leg, Leg::Onward { class: of, .. } if *of == class));
            for leg in onward {
                if let Leg::Onward { site, .. } = leg {
                    self.onward[site.index()] |= bit(leg);
                }
            }
        }
    }

    /// Whether any way by air or by road starts with a leg to the site that is not straight.
    pub(super) fn is_to_site(&self, site: SiteIdx) -> bool {
        self.to_site >> site.0 & 1 == 1
    }

    /// The hospitals that are not reached from the site, or not left for home, on straight legs.
    pub(super) fn hospitals(&self, site: SiteIdx) -> u64 {
        let onward = self.onward.get(site.index()).copied().unwrap_or(0);
        if self.is_to_site(site) { u64::MAX } else { self.home_from_hospital | onward }
    }

    /// Whether the flight to the site and from there home are not both straight.
    pub(super) fn is_by_road(&self, site: SiteIdx) -> bool {
        (self.to_site | self.home_from_site) >> site.0 & 1 == 1
    }
}

/// The bit of the place that the row of a leg stands for.
fn bit(leg: Leg) -> u64 {
    let place = match leg {
        Leg::ToSite { site, .. } | Leg::HomeFromSite { site, .. } => site.0,
        Leg::Onward { hospital, .. } | Leg::HomeFromHospital { hospital, .. } => hospital.0,
    };
    1 << (place % 64)
}
