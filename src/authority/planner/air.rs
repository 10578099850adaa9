//! The air of a ranking: which legs are not straight, because of areas that may not be flown through or of weather on the
//! way; and single flights, planned for whoever asks.
//!
//! Without areas in force and without reported weather below somebody's minima there is nothing to look at, and a problem
//! has no such legs. Absent on purpose: wind in rankings. What is reported of it is the strength on the ground; the
//! direction at flying height a person may give for a single flight.

pub mod flight;
pub mod pads;

use super::RankPlanner;
use super::aircraft::Ends;
use super::scene::{Scene, weather_at};
use crate::allocator::ranking::limits::BARRIERS_MAX;
use crate::allocator::ranking::{
    Aircraft, AircraftIdx, HospitalIdx, Leg, Minima, NoFlyIdx, Passage, SiteIdx, Way,
};
use crate::authority::View;
use crate::id::{NoFlyAreaId, WeatherRegionId};
use crate::network::air::{
    self, AirNetwork, AirWeather, Barrier, Flight, NoFlyArea, Polygon, Region, RegionWeather,
};
use crate::units::geodesy::distance_m;
use crate::units::{Metres, Position, Timestamp};
use std::collections::BTreeMap;

/// Height above the sea at which flights are planned where nobody says otherwise: 2,000 ft, above the 300 m over houses that
/// the law asks for and below most ceilings. Planning value.
pub const ALTITUDE_M: Metres = 600;
/// Legs whose passage is remembered, over all states of the sky that are.
const PASSAGES_MAX: usize = 65_536;
/// Above what any speed would be; the length of a way does not depend on it.
const ANY_SPEED_KMH: u32 = 200;

/// Passages that were found, while the same areas stand.
#[derive(Debug, Default)]
pub(super) struct Passages {
    areas: Vec<NoFlyArea>,
    /// By the parts of regions that are closed, then by the ends of the leg.
    found: BTreeMap<Vec<u16>, BTreeMap<(Position, Position), air::Passage>>,
    count: usize,
}

impl Passages {
    fn known(&self, areas: &[NoFlyArea], closed: &[u16], ends: (Position, Position)) -> Option<air::Passage> {
        self.found.get(closed).filter(|_| self.areas == areas)?.get(&ends).cloned()
    }

    fn remember(
        &mut self,
        areas: &[NoFlyArea],
        closed: &[u16],
        ends: (Position, Position),
        found: &air::Passage,
    ) {
        if self.areas != areas || self.count >= PASSAGES_MAX {
            *self = Passages { areas: areas.to_vec(), ..Passages::default() };
        }
        let before = self.found.entry(closed.to_vec()).or_default().insert(ends, found.clone());
        self.count += usize::from(before.is_none());
    }
}

/// What may be flown between.
pub(super) struct Flown<'a> {
    pub(super) aircraft: &'a [Aircraft],
    /// Of each aircraft.
    pub(super) ends: &'a [Ends],
    pub(super) sites: &'a [Position],
    pub(super) hospitals: &'a [Position],
}

/// Legs that are not straight, as the problem has them.
#[derive(Debug, Default)]
pub(super) struct Ways {
    pub(super) ways: Vec<Way>,
    pub(super) classes: Vec<Minima>,
    pub(super) no_fly: Vec<NoFlyAreaId>,
}

/// The areas that stand at any moment from `from` until `until`, as the network has them.
fn areas(view: &View, from: Timestamp, until: Timestamp) -> Vec<NoFlyArea> {
    let stands =
        |report: &&crate::decision::model::NoFlyReport| report.is_in_force(from) && report.area.from <= until;
    let standing = view.no_fly_areas().filter(stands);
    // The ledger took only what bounds an area.
    let known = standing.filter_map(|report| {
        let polygon = Polygon::new(&report.area.corners).ok()?;
        Some(NoFlyArea {
            id: report.area.id.clone(),
            polygon,
            floor_m: report.area.floor_m,
            ceiling_m: report.area.ceiling_m,
            from: Some(report.area.from),
            until: report.area.until,
        })
    });
    known.collect()
}

/// The sky of one ranking: areas that stand at any moment of a mission from now on, regions, and what is reported of them.
struct Sky {
    network: AirNetwork,
    /// One class of minima: which parts of the regions are closed to it.
    closed: Vec<Vec<u16>>,
}

/// The parts of regions in which an aircraft with these minima may not fly.
fn closed_to(planner: &RankPlanner, view: &View, at: Timestamp, minima: &Minima) -> Vec<u16> {
    let reports = view.weather();
    let is_closed = |region: &Region| {
        let report = reports.get(&region.id).map(|(_, report)| *report);
        !weather_at(report, at).admits(minima)
    };
    let parts = planner.regions().iter().enumerate();
    parts.filter(|(_, region)| is_closed(region)).filter_map(|(i, _)| u16::try_from(i).ok()).collect()
}

impl Sky {
    /// For these classes of minima from `at` until `until`; none where every leg is straight.
    fn new(
        planner: &RankPlanner,
        view: &View,
        (at, until): (Timestamp, Timestamp),
        classes: &[Minima],
    ) -> Option<Sky> {
        let mut areas = areas(view, at, until);
        for area in &mut areas {
            // All day long, as far as one mission is concerned: nobody waits in the air for an area to open.
            (area.from, area.until) = (None, None);
        }
        let closed: Vec<Vec<u16>> =
            classes.iter().map(|minima| closed_to(planner, view, at, minima)).collect();
        if areas.is_empty() && closed.iter().all(Vec::is_empty) {
            return None;
        }
        // More areas than there may be are refused where they are reported.
        let network = AirNetwork::new(Vec::new(), areas, planner.regions().to_vec()).ok()?;
        Some(Sky { network, closed })
    }

    /// How a leg can be flown by one class of aircraft, in either direction. The weather at its ends is judged as that of
    /// places touched, so it bars no leg on top.
    fn passage(
        &self,
        (planner, at): (&RankPlanner, Timestamp),
        class: usize,
        from: Position,
        to: Position,
    ) -> air::Passage {
        let network = &self.network;
        let ends = if from <= to { (from, to) } else { (to, from) };
        let open = |id: &WeatherRegionId| {
            let parts = network.regions().iter().filter(|region| region.id == *id);
            parts.into_iter().any(|part| part.polygon.contains(from) || part.polygon.contains(to))
        };
        let mut closed = self.closed[class].clone();
        closed.retain(|part| !open(&network.regions()[usize::from(*part)].id));
        if closed.is_empty() && network.areas().is_empty() {
            return air::Passage::Straight;
        }
        if let Some(known) = planner.cache().passages.known(network.areas(), &closed, ends) {
            return known;
        }
        let mut weather = AirWeather {
            regions: vec![RegionWeather::default(); network.regions().len()],
            ..AirWeather::default()
        };
        for part in &closed {
            weather.regions[usize::from(*part)].is_closed = true;
        }
        let flight =
            Flight { departs_at: at, airspeed_kmh: ANY_SPEED_KMH, altitude_m: ALTITUDE_M, ceiling_min_m: 0 };
        let found = network.passage(ends.0, ends.1, &flight, &weather);
        planner.cache().passages.remember(network.areas(), &closed, ends, &found);
        found
    }
}

/// How far it is between places for some classes of minima, around what nobody may fly through.
pub(super) struct Distances<'a> {
    planner: &'a RankPlanner,
    at: Timestamp,
    sky: Option<Sky>,
}

impl<'a> Distances<'a> {
    /// As the sky is, and as areas stand at any moment of the span.
    pub(super) fn new(
        planner: &'a RankPlanner,
        view: &View,
        (at, until): (Timestamp, Timestamp),
        classes: &[Minima],
    ) -> Distances<'a> {
        Distances { planner, at, sky: Sky::new(planner, view, (at, until), classes) }
    }

    /// Metres to fly; none where there is no way.
    pub(super) fn metres(&self, class: usize, from: Position, to: Position) -> Option<Metres> {
        let straight_m = distance_m(from.into(), to.into());
        let Some(sky) = &self.sky else { return Some(straight_m) };
        match sky.passage((self.planner, self.at), class, from, to) {
            air::Passage::Straight => Some(straight_m),
            air::Passage::Around(way) => Some(way.air_m.max(straight_m)),
            air::Passage::Barred { .. } => None,
        }
    }
}

/// The legs of a problem that are not straight. May name regions that nothing else in the problem names.
pub(super) fn ways(scene: &mut Scene, flown: &Flown<'_>) -> Ways {
    let (planner, at) = (scene.planner, scene.at);
    let mut classes: Vec<Minima> = Vec::new();
    for aircraft in flown.aircraft {
        if !classes.contains(&aircraft.minima) {
            classes.push(aircraft.minima);
        }
    }
    let span = (at, at + planner.policy().cycle_s);
    let Some(sky) = Sky::new(planner, scene.view, span, &classes) else { return Ways::default() };
    Weaver { scene, flown, sky, names: Vec::new(), ways: Vec::new() }.all(classes)
}

/// Makes the ways of one problem.
struct Weaver<'s, 'v, 'f> {
    scene: &'s mut Scene<'v>,
    flown: &'f Flown<'f>,
    sky: Sky,
    names: Vec<NoFlyAreaId>,
    ways: Vec<Way>,
}

impl Weaver<'_, '_, '_> {
    fn all(mut self, classes: Vec<Minima>) -> Ways {
        let flown = self.flown;
        for (place, (aircraft, ends)) in flown.aircraft.iter().zip(flown.ends).enumerate() {
            let idx = AircraftIdx::at(place);
            let class = classes.iter().position(|class| *class == aircraft.minima).unwrap_or(0);
            for (i, site) in flown.sites.iter().enumerate() {
                let site_idx = SiteIdx::at(i);
                self.add(Leg::ToSite { aircraft: idx, site: site_idx }, class, (ends.from, *site));
                self.add(Leg::HomeFromSite { aircraft: idx, site: site_idx }, class, (*site, ends.home));
            }
            for (i, hospital) in flown.hospitals.iter().enumerate() {
                let leg = Leg::HomeFromHospital { aircraft: idx, hospital: HospitalIdx::at(i) };
                self.add(leg, class, (*hospital, ends.home));
            }
        }
        for class in 0..classes.len() {
            for (i, site) in flown.sites.iter().enumerate() {
                for (k, hospital) in flown.hospitals.iter().enumerate() {
                    let (site_idx, hospital_idx) = (SiteIdx::at(i), HospitalIdx::at(k));
                    let class_idx = u16::try_from(class).unwrap_or(u16::MAX);
                    let leg = Leg::Onward { class: class_idx, site: site_idx, hospital: hospital_idx };
                    self.add(leg, class, (*site, *hospital));
                }
            }
        }
        self.ways.sort_by_key(|way| way.leg);
        let used = !self.ways.is_empty();
        Ways { ways: self.ways, classes: if used { classes } else { Vec::new() }, no_fly: self.names }
    }

    /// Adds a leg, if it is not straight.
    fn add(&mut self, leg: Leg, class: usize, (from, to): (Position, Position)) {
        let straight_m = distance_m(from.into(), to.into());
        let found = self.sky.passage((self.scene.planner, self.scene.at), class, from, to);
        let (metres, passage, barriers) = match found {
            air::Passage::Straight => return,
            air::Passage::Around(way) => (way.air_m.max(straight_m), Passage::Around, way.around),
            // What is in the way and cannot be lifted is told by the limits that the straight leg breaks.
            air::Passage::Barred { least, .. } if least.is_empty() => return,
            air::Passage::Barred { least, .. } => (straight_m, Passage::Barred, least),
        };
        let mut way = Way { leg, metres, passage, areas: Vec::new(), regions: Vec::new() };
        for barrier in barriers.into_iter().take(BARRIERS_MAX) {
            match barrier {
                Barrier::NoFly(id) => way.areas.push(self.area(id)),
                Barrier::Weather(id) => way.regions.push(self.scene.region(&id)),
            }
        }
        way.areas.sort_unstable();
        way.areas.dedup();
        way.regions.sort_unstable();
        way.regions.dedup();
        self.ways.push(way);
    }

    /// The place of an area among the names.
    fn area(&mut self, id: NoFlyAreaId) -> NoFlyIdx {
        let known = self.names.iter().position(|name| *name == id);
        NoFlyIdx::at(known.unwrap_or_else(|| {
            self.names.push(id);
            self.names.len() - 1
        }))
    }
}
