//! The air: great-circle legs with wind, around areas that may not be flown through, with stops for fuel.
//!
//! Pure: no files, no clock, no randomness. Predicates are exact on integers, distances are those of
//! [`crate::units::geodesy`], sums of time are rounded once; equal inputs give equal bytes. Who flies is decided elsewhere;
//! so is what weather a crew may fly in: here a region is closed or open, and a leg tells which regions it crosses.
//!
//! * [`AirNetwork::leg`]: the shortest way between two places, its time, its detour, its part in each region.
//! * [`AirNetwork::passage`]: whether a leg is straight, leads around something, or is barred, and by the least.
//! * [`AirNetwork::trip`]: through places in an order, by the stops for fuel that make it soonest.
//! * [`conflicts`]: more flights at one pad than it has spots.
//!
//! Areas that adjoin leave no way between them where they share their corners; give a corner that one has upon the
//! other's edge to both.
//!
//! Absent: terrain, climb and descent rates, room to be kept from an area (give a larger polygon), waiting for an area to open.

mod pads;
mod passage;
mod polygon;
mod sight;
mod sphere;
#[cfg(test)]
mod tests;
mod track;
mod trip;

pub use pads::{PadConflict, PadUse, conflicts};
pub use passage::Passage;
pub use polygon::{POLYGON_CORNERS_MAX, POLYGON_EXTENT_M_MAX, Polygon, PolygonFault};
pub use sight::SIGHT_CORNERS_MAX;
pub use trip::{Fuel, STOPS_MAX, Trip, TripFault, TripPlan, TripStop, WAYPOINTS_MAX, Waypoint};

use sight::{NoWay, Place};
use track::{Tally, Track};

use crate::id::{NoFlyAreaId, WeatherRegionId};
use crate::units::geodesy::{UnitVector, distance_m};
use crate::units::{Metres, Position, Seconds, Timestamp};

/// Most nodes: ten times the landing sites of the whole country.
pub const NODES_MAX: usize = 100_000;
/// Most areas that may not be flown through: 32 of each of 64 members. Some dozen stand at once after a great earthquake.
pub const AREAS_MAX: usize = 2_048;
/// Most weather regions; the country has some 150.
pub const REGIONS_MAX: usize = 256;
/// Longest leg, an eighth of the way round the Earth: farther than any helicopter or relief aircraft here flies.
pub const LEG_M_MAX: Metres = 5_000_000;
/// Longest way around, four times that; its seconds at [`GROUND_SPEED_MPS_MIN`] still fit.
pub const WAY_M_MAX: Metres = 4 * LEG_M_MAX;
/// Least speed over the ground that makes way, metres per second; below it the wind stops the aircraft.
pub const GROUND_SPEED_MPS_MIN: f64 = 1.0;

/// What a node of the air network is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AirNodeKind {
    /// Where aircraft stand ready.
    Base,
    /// A rendezvous point or other field.
    LandingSite,
    /// A hospital's.
    Pad,
    /// With a runway.
    Airport,
}

/// A place to take off from and to land at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AirNode {
    /// What it is.
    pub kind: AirNodeKind,
    /// Where it is.
    pub position: Position,
    /// How long an aircraft stays to be refuelled, from landing to take-off; none without fuel.
    pub turn_round_s: Option<Seconds>,
}

/// An area that may not be flown through for a time, between two heights.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoFlyArea {
    /// Its name.
    pub id: NoFlyAreaId,
    /// Where it is; its border may be touched.
    pub polygon: Polygon,
    /// Lowest height that is barred, metres above the sea.
    pub floor_m: Metres,
    /// Highest height that is barred.
    pub ceiling_m: Metres,
    /// First instant; none when it stands already.
    pub from: Option<Timestamp>,
    /// First instant after it; none while no end is known.
    pub until: Option<Timestamp>,
}

/// A region that weather is reported for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    /// Its name.
    pub id: WeatherRegionId,
    /// Where it is.
    pub polygon: Polygon,
}

/// Wind, as aviation reports it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wind {
    /// Where it comes from, degrees from true north over the east.
    pub from_deg: u32,
    /// Its speed, metres per second.
    pub speed_mps: u32,
}

/// The weather of one region, as far as the way depends on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RegionWeather {
    /// Height of the lowest clouds over the ground; none when it was not reported, which closes nothing here.
    pub ceiling_m: Option<Metres>,
    /// Whether it may not be flown through for anything else.
    pub is_closed: bool,
    /// The wind at flying height.
    pub wind: Wind,
}

/// The weather along the way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AirWeather {
    /// Of each region, in the order of the network's regions; where regions lie upon each other the first one's wind counts.
    /// A region beyond the list has no report and the wind of elsewhere.
    pub regions: Vec<RegionWeather>,
    /// The wind outside of all regions.
    pub elsewhere: Wind,
}

/// An aircraft on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Flight {
    /// When it takes off.
    pub departs_at: Timestamp,
    /// Planning speed through the air, km/h.
    pub airspeed_kmh: u32,
    /// Flying height, metres above the sea.
    pub altitude_m: Metres,
    /// Lowest clouds that it may fly under; a region with lower ones is flown around.
    pub ceiling_min_m: Metres,
}

/// What bars a way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Barrier {
    /// An area that may not be flown through.
    NoFly(NoFlyAreaId),
    /// A region whose weather is below what the flight needs.
    Weather(WeatherRegionId),
}

impl std::fmt::Display for Barrier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Barrier::NoFly(id) => write!(f, "{id}"),
            Barrier::Weather(id) => write!(f, "the weather in {id}"),
        }
    }
}

/// One end of a leg.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LegEnd {
    /// Where it starts.
    Start,
    /// Where it ends.
    End,
}

impl std::fmt::Display for LegEnd {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            LegEnd::Start => "start",
            LegEnd::End => "end",
        })
    }
}

/// Why a leg cannot be flown: an answer, not an error.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Infeasible {
    /// An end lies inside, or under what the climb would go through.
    #[error("the {end} of the leg lies in {barrier}")]
    Inside {
        /// Which end; the start if both do.
        end: LegEnd,
        /// In what; the first of the areas, then of the regions.
        barrier: Barrier,
    },
    /// There is no way around.
    #[error("no way leads around {}", barriers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))]
    Enclosed {
        /// What was flown around in vain: areas, then regions.
        barriers: Vec<Barrier>,
    },
    /// More corners than can be searched, [`SIGHT_CORNERS_MAX`].
    #[error("{corners} corners in the way are more than {SIGHT_CORNERS_MAX}, give the areas fewer")]
    Intricate {
        /// How many.
        corners: usize,
    },
    /// Longer than [`LEG_M_MAX`] straight or [`WAY_M_MAX`] around.
    #[error("the leg is too long")]
    TooFar,
    /// The wind leaves less than [`GROUND_SPEED_MPS_MIN`] over the ground.
    #[error("{airspeed_kmh} km/h make no way against {} m/s from {} degrees", wind.speed_mps, wind.from_deg)]
    Stopped {
        /// The aircraft's speed.
        airspeed_kmh: u32,
        /// The wind.
        wind: Wind,
    },
}

/// The stretch of a leg in one region.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RegionPart {
    /// Where it enters, metres along the way.
    pub from_m: Metres,
    /// Where it leaves.
    pub until_m: Metres,
    /// Which region, by index.
    pub region: usize,
}

/// A leg that can be flown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AirLeg {
    /// Where it starts, the corners where it turns, where it ends.
    pub way: Vec<Position>,
    /// Metres over the ground, each straight piece rounded to the nearest.
    pub distance_m: Metres,
    /// What of it is due to what was flown around.
    pub detour_m: Metres,
    /// What was flown around: areas, then regions.
    pub around: Vec<Barrier>,
    /// Metres through the air, rounded up: what it costs of the range. More than over the ground against the wind.
    pub air_m: Metres,
    /// Time from take-off to landing, rounded up; [`crate::units::geodesy::travel_s`] when it is calm.
    pub travel_s: Seconds,
    /// The regions that it crosses in the order in which it enters them, of those entered together the lower first. A
    /// region that it only touches is not among them; along a border it is in the regions of both sides.
    pub parts: Vec<RegionPart>,
}

/// Why an air network cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AirFault {
    /// More than [`NODES_MAX`], [`AREAS_MAX`] or [`REGIONS_MAX`].
    #[error("{count} {what} are more than {max}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many.
        count: usize,
        /// How many there may be.
        max: usize,
    },
    /// An area whose ceiling is below its floor, or whose end is not after its start.
    #[error("area {area} bars nothing: its ceiling is below its floor, or it ends before it starts")]
    Empty {
        /// Which, by index.
        area: usize,
    },
}

/// Nodes, areas and regions; the caller's order is their numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AirNetwork {
    nodes: Vec<AirNode>,
    areas: Vec<NoFlyArea>,
    regions: Vec<Region>,
}

/// What bars a flight at some time.
struct Airspace<'a> {
    /// By number: the areas', then the regions' plus the count of areas.
    numbers: Vec<usize>,
    polygons: Vec<&'a Polygon>,
    /// What it bars to take off and land in: also areas below the flying height.
    ground: Vec<(usize, &'a Polygon)>,
}

impl Airspace<'_> {
    /// What is left when some of it is lifted.
    fn without(mut self, network: &AirNetwork, lifted: &[Barrier]) -> Self {
        if lifted.is_empty() {
            return self;
        }
        let stays = |number: usize| !lifted.contains(&network.barrier(number));
        self.ground.retain(|(number, _)| stays(*number));
        let kept: Vec<bool> = self.numbers.iter().map(|number| stays(*number)).collect();
        let mut of_polygons = kept.iter();
        self.polygons.retain(|_| of_polygons.next().is_none_or(|kept| *kept));
        let mut of_numbers = kept.iter();
        self.numbers.retain(|_| of_numbers.next().is_none_or(|kept| *kept));
        self
    }
}

impl AirNetwork {
    /// A network of these nodes, areas and regions.
    ///
    /// # Errors
    /// [`AirFault`] when there are too many, or when an area bars nothing at all.
    pub fn new(
        nodes: Vec<AirNode>,
        areas: Vec<NoFlyArea>,
        regions: Vec<Region>,
    ) -> Result<AirNetwork, AirFault> {
        let counts = [
            ("nodes", nodes.len(), NODES_MAX),
            ("areas", areas.len(), AREAS_MAX),
            ("regions", regions.len(), REGIONS_MAX),
        ];
        for (what, count, max) in counts {
            if count > max {
                return Err(AirFault::TooMany { what, count, max });
            }
        }
        let is_empty = |area: &NoFlyArea| {
            let ends_first = area.from.zip(area.until).is_some_and(|(from, until)| until <= from);
            ends_first || area.ceiling_m < area.floor_m
        };
        if let Some(area) = areas.iter().position(is_empty) {
            return Err(AirFault::Empty { area });
        }
        Ok(AirNetwork { nodes, areas, regions })
    }

    /// The nodes, by number.
    #[must_use]
    pub fn nodes(&self) -> &[AirNode] {
        &self.nodes
    }

    /// The areas, by number.
    #[must_use]
    pub fn areas(&self) -> &[NoFlyArea] {
        &self.areas
    }

    /// The regions, by number.
    #[must_use]
    pub fn regions(&self) -> &[Region] {
        &self.regions
    }

    /// The shortest way from one place to another, around every area that stands at any moment of the flight and every
    /// region with too low clouds.
    ///
    /// An area that opens or closes while the aircraft is on its way is flown around as if it stood all the time. Take-off
    /// and landing are infeasible inside an area that reaches below the flying height, even if the flight passes over it:
    /// the climb would not. Shortest is by metres over the ground, whatever the wind; among equal ones that of fewer turns.
    ///
    /// # Errors
    /// [`Infeasible`], with what is in the way.
    ///
    /// # Complexity
    /// O(corners of all areas) when nothing is in the way; otherwise O(c² · n) for c convex corners ([`SIGHT_CORNERS_MAX`]
    /// at most) and n corners of what is in the way, of which most pairs are settled in constant time.
    ///
    /// Source: Lozano-Pérez, Wesley, "An Algorithm for Planning Collision-Free Paths Among Polyhedral Obstacles", CACM 1979
    /// (the visibility graph).
    pub fn leg(
        &self,
        from: Position,
        to: Position,
        flight: &Flight,
        weather: &AirWeather,
    ) -> Result<AirLeg, Infeasible> {
        self.leg_without(from, to, flight, weather, &[])
    }

    /// [`AirNetwork::leg`] as if some of what bars it were not there.
    fn leg_without(
        &self,
        from: Position,
        to: Position,
        flight: &Flight,
        weather: &AirWeather,
        lifted: &[Barrier],
    ) -> Result<AirLeg, Infeasible> {
        let mut until = flight.departs_at;
        loop {
            let space = self.airspace(flight, weather, until).without(self, lifted);
            let leg = self.leg_within(&space, from, to, flight, weather)?;
            let arrives_at = flight.departs_at + leg.travel_s;
            // What stands until a later hour is no less than what stands until an earlier one, so this ends.
            let then = self.airspace(flight, weather, arrives_at).without(self, lifted);
            if then.ground.len() <= space.ground.len() {
                return Ok(leg);
            }
            until = until.max(arrives_at);
        }
    }

    /// What bars `flight` at any instant from its departure to `until`.
    fn airspace(&self, flight: &Flight, weather: &AirWeather, until: Timestamp) -> Airspace<'_> {
        let mut space = Airspace { numbers: Vec::new(), polygons: Vec::new(), ground: Vec::new() };
        for (number, area) in self.areas.iter().enumerate() {
            let stands = area.from.is_none_or(|from| from <= until)
                && area.until.is_none_or(|end| end > flight.departs_at);
            if !stands || area.floor_m > flight.altitude_m {
                continue;
            }
            space.ground.push((number, &area.polygon));
            if area.ceiling_m >= flight.altitude_m {
                space.numbers.push(number);
                space.polygons.push(&area.polygon);
            }
        }
        for (index, (region, report)) in self.regions.iter().zip(&weather.regions).enumerate() {
            if report.is_closed || report.ceiling_m.is_some_and(|ceiling_m| ceiling_m < flight.ceiling_min_m)
            {
                let number = self.areas.len() + index;
                space.ground.push((number, &region.polygon));
                space.numbers.push(number);
                space.polygons.push(&region.polygon);
            }
        }
        space
    }

    fn barrier(&self, number: usize) -> Barrier {
        match self.areas.get(number) {
            Some(area) => Barrier::NoFly(area.id.clone()),
            None => Barrier::Weather(self.regions[number - self.areas.len()].id.clone()),
        }
    }

    fn leg_within(
        &self,
        space: &Airspace<'_>,
        from: Position,
        to: Position,
        flight: &Flight,
        weather: &AirWeather,
    ) -> Result<AirLeg, Infeasible> {
        let (start, end) = (UnitVector::from(from), UnitVector::from(to));
        let straight_m = distance_m(start, end);
        if straight_m > LEG_M_MAX {
            return Err(Infeasible::TooFar);
        }
        for (which, place) in [(LegEnd::Start, start), (LegEnd::End, end)] {
            if let Some((number, _)) = space.ground.iter().find(|(_, polygon)| polygon.holds(place)) {
                return Err(Infeasible::Inside { end: which, barrier: self.barrier(*number) });
            }
        }
        let way = sight::shortest(Place::free(from), Place::free(to), &space.polygons);
        let barriers = |indices: Vec<usize>| {
            let mut found: Vec<Barrier> = Vec::with_capacity(indices.len());
            for barrier in indices.into_iter().map(|index| self.barrier(space.numbers[index])) {
                // A region may have several parts.
                if !found.contains(&barrier) {
                    found.push(barrier);
                }
            }
            found
        };
        let (way, around) = way.map_err(|no_way| match no_way {
            NoWay::Enclosed(indices) => Infeasible::Enclosed { barriers: barriers(indices) },
            NoWay::Intricate(corners) => Infeasible::Intricate { corners },
        })?;
        let tracks: Vec<Track> = sight::legs(&way).map(Track::new).collect();
        let distance_m: u64 = tracks.iter().map(|track| u64::from(track.length_m)).sum();
        let distance_m = u32::try_from(distance_m).ok().filter(|&metres| metres <= WAY_M_MAX);
        let distance_m = distance_m.ok_or(Infeasible::TooFar)?;
        let (parts, tally) = self.fly(&tracks, flight, weather)?;
        let (travel_s, air_m) = tally.rounded();
        Ok(AirLeg {
            way: way.iter().map(|place| place.position).collect(),
            distance_m,
            // Rounding of each piece may make a way shorter by a metre than the straight one.
            detour_m: distance_m.saturating_sub(straight_m),
            around: barriers(around),
            air_m,
            travel_s,
            parts,
        })
    }

    /// Flies along a way, each stretch in the wind of its region.
    fn fly(
        &self,
        tracks: &[Track],
        flight: &Flight,
        weather: &AirWeather,
    ) -> Result<(Vec<RegionPart>, Tally), Infeasible> {
        let airspeed_mps = f64::from(flight.airspeed_kmh) / 3.6;
        let (mut parts, mut tally) = (Vec::<RegionPart>::new(), Tally::default());
        let mut done_m = 0;
        for track in tracks {
            let bounds = polygon::Bounds::of(&[track.arc.from, track.arc.to]);
            let near = self.regions.iter().enumerate().filter(|(_, r)| r.polygon.bounds().meet(&bounds));
            let spans: Vec<(usize, Vec<(Metres, Metres)>)> =
                near.map(|(index, region)| (index, track.spans(&region.polygon))).collect();
            let mut marks = vec![0, track.length_m];
            for &(region, ref spans) in &spans {
                for &(from_m, until_m) in spans {
                    marks.extend([from_m, until_m]);
                    parts.push(RegionPart { region, from_m: done_m + from_m, until_m: done_m + until_m });
                }
            }
            marks.sort_unstable();
            marks.dedup();
            for ends in marks.windows(2) {
                let (from_m, until_m) = (ends[0], ends[1]);
                let covers =
                    |spans: &[(Metres, Metres)]| spans.iter().any(|s| s.0 <= from_m && until_m <= s.1);
                let region = spans.iter().find(|(_, spans)| covers(spans)).map(|&(region, _)| region);
                let report = region.and_then(|region| weather.regions.get(region));
                let wind = report.map_or(weather.elsewhere, |report| report.wind);
                track
                    .fly((from_m, until_m), wind, airspeed_mps, &mut tally)
                    .map_err(|wind| Infeasible::Stopped { airspeed_kmh: flight.airspeed_kmh, wind })?;
            }
            done_m += track.length_m;
        }
        Ok((joined(parts), tally))
    }
}

/// Joins the parts in one region that meet where the way turns.
fn joined(mut parts: Vec<RegionPart>) -> Vec<RegionPart> {
    parts.sort_unstable_by_key(|part| (part.region, part.from_m));
    let mut joined: Vec<RegionPart> = Vec::with_capacity(parts.len());
    for part in parts {
        match joined.last_mut() {
            Some(last) if last.region == part.region && last.until_m == part.from_m => {
                last.until_m = part.until_m;
            }
            _ => joined.push(part),
        }
    }
    joined.sort_unstable_by_key(|part| (part.from_m, part.region));
    joined
}
