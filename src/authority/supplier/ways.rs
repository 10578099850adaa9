//! What carries goods, and how long it takes from where to where.

use super::Horizon;
use crate::allocator::supplies::{
    Bundle, BundleIdx, ClassIdx, Home, LORRY, LORRY_CM3, LORRY_G, Problem, Stop, VehicleClass, Ways, limits,
};
use crate::authority::{Limit, RoadBoard, View};
use crate::decision::model;
use crate::id::RestrictionId;
use crate::network::hierarchy::Snapshot;
use crate::network::roads::Profile;
use crate::network::{Footing, Legs, road_route};
use crate::units::geodesy::{UnitVector, distance_m, travel_s};
use crate::units::{Position, Seconds, UNREACHABLE};
use petgraph::Direction;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;

/// Hours in which docks work and drivers drive where nobody said.
///
/// Source: FACTS 4.4, a working day of 12 h (S65).
const WORKED_HOURS: u64 = 12;
/// Loading, and unloading, of a lorry where nobody said.
///
/// Source: `scenarios/kansai/SOURCES.md`, R-FLEET.
const LORRY_HANDLING_MIN: u16 = 20;
/// Ground speed of a helicopter with goods.
///
/// Source: FACTS 1.2, the planning speed of a doctor helicopter.
const HELICOPTER_KMH: u32 = 200;
/// What a medium helicopter lifts, kilograms, where nobody said.
///
/// Source: FACTS 2, BK117 class, 1,200 kg on the hook.
const HELICOPTER_KG: u32 = 1_200;
/// What fits into it, cubic centimetres: illustrative, a pallet of cartons.
const HELICOPTER_CM3: u64 = 4_000_000;
/// Loading, and unloading, of a helicopter where nobody said.
///
/// Source: FACTS 2, 10 to 20 min in Noto (S64).
const HELICOPTER_HANDLING_MIN: u16 = 15;
/// What a 4 t lorry carries and holds, grams and cubic centimetres.
///
/// Source: FACTS 4.4.
const LORRY_4T: (u64, u64) = (4_000_000, 28_000_000);

/// Vehicles that are alike for a plan: a class of the problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kind {
    /// What they are.
    pub class: model::VehicleClass,
    /// Loading, minutes.
    pub loading_min: u16,
    /// Unloading, minutes.
    pub unloading_min: u16,
    /// What one carries.
    pub payload_kg: u32,
}

impl Kind {
    /// The kind of a fleet; none for what no plan sends: ships.
    pub(super) fn of(fleet: &model::Fleet) -> Option<Kind> {
        let (payload_kg, handling_min) = match fleet.class {
            model::VehicleClass::Lorry4t => ((LORRY_4T.0 / 1_000) as u32, LORRY_HANDLING_MIN),
            model::VehicleClass::Lorry10t => ((LORRY_G / 1_000) as u32, LORRY_HANDLING_MIN),
            model::VehicleClass::Helicopter => (HELICOPTER_KG, HELICOPTER_HANDLING_MIN),
            model::VehicleClass::Ship => return None,
        };
        let said = |said: u16, usual| if said == 0 { usual } else { said };
        Some(Kind {
            class: fleet.class,
            loading_min: said(fleet.loading_min, handling_min),
            unloading_min: said(fleet.unloading_min, handling_min),
            payload_kg: if fleet.payload_kg == 0 { payload_kg } else { fleet.payload_kg },
        })
    }

    /// As the problem has it. Yen of an hour are illustrative, for the order among plans that do the same.
    pub(super) fn class(&self) -> VehicleClass {
        let (capacity_cm3, yen_per_hour) = match self.class {
            model::VehicleClass::Lorry4t => (LORRY_4T.1, 6_000),
            model::VehicleClass::Lorry10t => (LORRY_CM3, 8_000),
            model::VehicleClass::Helicopter | model::VehicleClass::Ship => (HELICOPTER_CM3, 600_000),
        };
        VehicleClass {
            capacity_g: u64::from(self.payload_kg) * 1_000,
            capacity_cm3,
            loading_s: Seconds::from(self.loading_min) * 60,
            unloading_s: Seconds::from(self.unloading_min) * 60,
            yen_per_hour,
            yen_per_trip: 0,
        }
    }

    /// The roads that it takes; none: it flies.
    pub(super) fn profile(&self) -> Option<Profile> {
        match self.class {
            model::VehicleClass::Lorry4t => Some(Profile::Lorry4t),
            model::VehicleClass::Lorry10t => Some(Profile::Lorry10t),
            model::VehicleClass::Helicopter | model::VehicleClass::Ship => None,
        }
    }
}

/// Hours of a day, as said or as usual.
fn hours(said: u8) -> u64 {
    if said == 0 { WORKED_HOURS } else { said.into() }
}

/// What the docks of a place load or unload in one period: their hours spread over the day.
pub(super) fn docks(depot: &model::Depot, horizon: &Horizon) -> u64 {
    let per_day = u64::from(depot.lorries_per_hour) * hours(depot.dock_hours) * LORRY;
    per_day * u64::from(horizon.period_s) / 86_400
}

/// What all drivers of a fleet together may be out in one day, seconds.
pub(super) fn driver_s_per_day(fleet: &model::Fleet) -> u64 {
    u64::from(fleet.drivers) * hours(fleet.shift_hours) * 3_600
}

/// Ways of every kind, and the limited stretches that they share.
pub(super) struct Passable {
    /// By kind.
    pub(super) ways: Vec<Ways>,
    /// Limited stretches that some way passes.
    pub(super) bundles: Vec<Bundle>,
    /// Who limited each.
    pub(super) limited_by: Vec<RestrictionId>,
    /// Sets of them; the first is empty.
    pub(super) passages: Vec<Vec<BundleIdx>>,
}

/// Travel times of each kind from every one of the first `sites` places to every place, as the roads are now, and which
/// of the limited stretches each way needs: it would take longer without. A way has one course, the quickest; when that is
/// full nothing is sent around.
///
/// # Complexity
/// A sweep of the roads for each thirty-two sites and profile, and once more for each limit.
pub(super) fn ways(
    view: &View,
    board: &RoadBoard,
    horizon: &Horizon,
    kinds: &[Kind],
    (places, sites): (&[Position], usize),
) -> Passable {
    let footings: Vec<Footing> = places.iter().map(|place| board.footing(*place)).collect();
    let footings: Vec<&Footing> = footings.iter().collect();
    let by_road = |times: &Snapshot| -> Vec<Seconds> {
        let legs = Legs::new(board.map(), times, &footings, Direction::Outgoing);
        let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        legs.rows(&footings[..sites], threads).iter().flatten().map(|leg| leg.total_s()).collect()
    };
    let mut limits = board.limits(view);
    limits.truncate(limits::BUNDLES_MAX);
    let mut passing =
        Passing { is_passed: vec![false; limits.len()], sets: BTreeMap::from([(Vec::new(), 0)]) };
    let mut found: BTreeMap<Option<Profile>, Ways> = BTreeMap::new();
    for profile in kinds.iter().map(Kind::profile) {
        let _ = found.entry(profile).or_insert_with(|| {
            let Some(road) = profile else {
                return Ways { travel_s: by_air(places, sites), passage: Vec::new() };
            };
            let travel_s = by_road(&board.now(view, road).times);
            let around: Vec<Vec<Seconds>> =
                limits.iter().map(|limit| by_road(&board.avoiding(view, road, &limit.edges))).collect();
            let passage = passing.passages(&travel_s, &around);
            Ways { travel_s, passage }
        });
    }
    let of_kind = |kind: &Kind| found.get(&kind.profile()).cloned().unwrap_or_default();
    passing.into_passable(kinds.iter().map(of_kind).collect(), &limits, horizon)
}

/// Which limits ways pass, while they are looked for; a limit is told by its place in the list.
struct Passing {
    is_passed: Vec<bool>,
    /// Sets of limits, and their number in the order in which they were found.
    sets: BTreeMap<Vec<usize>, u32>,
}

impl Passing {
    /// For each way the number of its set: of the limits without which it takes longer, the narrowest.
    fn passages(&mut self, travel_s: &[Seconds], around: &[Vec<Seconds>]) -> Vec<u32> {
        if around.is_empty() {
            return Vec::new();
        }
        let set_of = |way: usize| -> Vec<usize> {
            let needed = around.iter().enumerate().filter(|(_, around)| around[way] > travel_s[way]);
            needed.map(|(limit, _)| limit).take(limits::PASSED_MAX).collect()
        };
        let mut passages = Vec::with_capacity(travel_s.len());
        for way in 0..travel_s.len() {
            let set = set_of(way);
            set.iter().for_each(|&limit| self.is_passed[limit] = true);
            let next = u32::try_from(self.sets.len()).unwrap_or(u32::MAX);
            passages.push(*self.sets.entry(set).or_insert(next));
        }
        passages
    }

    fn into_passable(self, ways: Vec<Ways>, limits: &[Limit], horizon: &Horizon) -> Passable {
        let passed: Vec<usize> = (0..limits.len()).filter(|&limit| self.is_passed[limit]).collect();
        let bundle_of = |limit: &usize| passed.binary_search(limit).ok().map(BundleIdx::at);
        let mut passages = vec![Vec::new(); self.sets.len()];
        for (set, number) in &self.sets {
            passages[*number as usize] = set.iter().filter_map(bundle_of).collect();
        }
        let bundle = |&limit: &usize| {
            let vehicles = u64::from(limits[limit].vehicles_per_hour) * u64::from(horizon.period_s) / 3_600;
            Bundle { load_per_period: None, vehicles_per_period: u32::try_from(vehicles).ok() }
        };
        Passable {
            ways,
            bundles: passed.iter().map(bundle).collect(),
            limited_by: passed.iter().map(|&limit| limits[limit].restriction.clone()).collect(),
            passages,
        }
    }
}

fn by_air(places: &[Position], sites: usize) -> Vec<Seconds> {
    let at: Vec<UnitVector> = places.iter().map(|place| UnitVector::from(*place)).collect();
    let fly = |from: &UnitVector, to: &UnitVector| {
        travel_s(distance_m(*from, *to), HELICOPTER_KMH).min(UNREACHABLE)
    };
    at[..sites].iter().flat_map(|from| at.iter().map(move |to| fly(from, to))).collect()
}

/// Leaves helicopters only the ways that no lorry of the same depot has by road, and those of frozen shipments: a sortie for
/// what a lorry brings is one that nobody is rescued with.
///
/// # Complexity
/// O(fleets x places).
pub(super) fn by_air_where_no_road_goes(problem: &mut Problem, kinds: &[Kind]) {
    let flies = |class: ClassIdx| kinds[class.index()].profile().is_none();
    let columns = problem.sites.len() + problem.points.len();
    let mut has_road = vec![false; problem.sites.len() * columns];
    for fleet in problem.fleets.iter().filter(|fleet| !flies(fleet.class)) {
        let Home::Site(home) = fleet.home else { continue };
        let of_home = home.index() * columns..(home.index() + 1) * columns;
        let travel_s = &problem.ways[fleet.class.index()].travel_s[of_home.clone()];
        for (known, travel_s) in has_road[of_home].iter_mut().zip(travel_s) {
            *known |= *travel_s < UNREACHABLE;
        }
    }
    for shipment in problem.frozen.iter().filter(|of| flies(problem.fleets[of.fleet.index()].class)) {
        let column = match shipment.to {
            Stop::Site(site) => site.index(),
            Stop::Point(point) => problem.sites.len() + point.index(),
        };
        has_road[shipment.from.index() * columns + column] = false;
    }
    for (ways, _) in problem.ways.iter_mut().zip(kinds).filter(|(_, kind)| kind.profile().is_none()) {
        for (travel_s, _) in ways.travel_s.iter_mut().zip(&has_road).filter(|(_, has_road)| **has_road) {
            *travel_s = UNREACHABLE;
        }
    }
}

/// Names of roads on one way at most; what lies between is left out.
const ROADS_NAMED: usize = 12;

/// Ways in words: the roads and structures one after the other, in the language of signposts.
pub(super) struct Routes<'a> {
    view: &'a View,
    board: &'a RoadBoard,
    known: BTreeMap<(Profile, [Position; 2]), String>,
}

impl<'a> Routes<'a> {
    pub(super) fn new(view: &'a View, board: &'a RoadBoard) -> Routes<'a> {
        Routes { view, board, known: BTreeMap::new() }
    }

    /// The way of a vehicle between two places; empty where it finds none.
    pub(super) fn words(&mut self, profile: Option<Profile>, ends: [Position; 2]) -> String {
        let Some(profile) = profile else {
            let [from, to] = ends.map(UnitVector::from);
            return format!("空路 {} km", distance_m(from, to).div_ceil(1_000));
        };
        if let Some(known) = self.known.get(&(profile, ends)) {
            return known.clone();
        }
        let words = self.found(profile, ends);
        self.known.insert((profile, ends), words.clone());
        words
    }

    fn found(&self, profile: Profile, [from, to]: [Position; 2]) -> String {
        let now = self.board.now(self.view, profile);
        let (from, to) = (self.board.footing(from), self.board.footing(to));
        let route = road_route(self.board.map(), &now.times, &from, &to);
        let network = self.board.map().network();
        let mut names: Vec<&str> = Vec::new();
        for way in route.edges.iter().map(|edge| network.way_of(*edge)) {
            let structure = way.structure.as_ref().and_then(|structure| structure.name_ja.as_deref());
            let road = way.route_ref.as_deref().or(way.name_ja.as_deref());
            for name in [road, structure].into_iter().flatten() {
                if !name.is_empty() && names.last() != Some(&name) {
                    names.push(name);
                }
            }
        }
        if names.len() > ROADS_NAMED {
            let tail = names.split_off(names.len() - ROADS_NAMED / 2);
            names.truncate(ROADS_NAMED / 2);
            names.push("…");
            names.extend(tail);
        }
        names.join(" → ")
    }
}
