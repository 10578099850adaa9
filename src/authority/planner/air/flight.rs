//! One flight from here to there: around what may not be flown through, in wind, with stops for fuel.

use super::{areas, weather_at};
use crate::allocator::ranking::{Minima, Weather};
use crate::authority::View;
use crate::authority::planner::RankPlanner;
use crate::decision::model::{Asset, SiteState};
use crate::id::{SiteId, WeatherRegionId};
use crate::network::air::{
    AirLeg, AirNetwork, AirNode, AirNodeKind, AirWeather, Barrier, Flight, Fuel, Infeasible, Passage,
    RegionWeather, STOPS_MAX, TripFault, TripPlan, Waypoint, Wind,
};
use crate::units::geodesy::distance_m;
use crate::units::{Metres, Position, Seconds, Timestamp};

/// How far ahead areas are looked at: longer than any flight here takes.
const AHEAD_S: Seconds = 86_400;
/// Where the flight starts, among the nodes of its network; it ends at the next, and stops for fuel follow.
const START: usize = 0;
/// See [`START`].
const END: usize = 1;

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FlightAsk {
    /// From where.
    pub from: Position,
    /// To where.
    pub to: Position,
    /// When it takes off.
    pub at: Timestamp,
    /// Planning speed through the air.
    pub speed_kmh: u32,
    /// What the tanks are good for.
    pub range_m: Metres,
    /// Above the sea.
    pub altitude_m: Metres,
    /// The wind at flying height, the same everywhere.
    pub wind: Wind,
    /// Weather below which it does not fly; none: any.
    pub minima: Option<Minima>,
}

/// Where a leg starts or ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlightStop {
    /// The place.
    pub position: Position,
    /// The site, where it lands for fuel.
    pub fuel: Option<SiteId>,
}

/// A region that a leg crosses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crossed {
    /// Which.
    pub region: WeatherRegionId,
    /// Where the leg enters it, metres along it.
    pub from_m: Metres,
    /// Where it leaves it.
    pub until_m: Metres,
    /// Its weather.
    pub weather: Weather,
    /// Whether it is above the minima, as far as it is known.
    pub admits: bool,
}

/// A leg of the flight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlownLeg {
    /// From where.
    pub from: FlightStop,
    /// To where.
    pub to: FlightStop,
    /// Straight.
    pub great_circle_m: Metres,
    /// As flown.
    pub leg: AirLeg,
    /// What it crosses, in the order of flight.
    pub regions: Vec<Crossed>,
    /// Whether the tanks are filled before it.
    pub refuels_before: bool,
    /// When it takes off.
    pub take_off: Timestamp,
    /// When it lands.
    pub landing: Timestamp,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FlightOutcome {
    /// It can be flown.
    Flyable(Vec<FlownLeg>),
    /// It cannot.
    Barred {
        /// Why.
        why: Infeasible,
        /// The least that would have to be lifted or clear; empty where nothing of that kind would help.
        least: Vec<Barrier>,
    },
    /// The fuel does not get it there, whatever the stops.
    OutOfRange {
        /// What is missing for the leg without stops, the reserve among it.
        short_m: Metres,
    },
}

/// The speed, range and minima of an aircraft, for a flight of its own.
#[must_use]
pub fn figures_of(asset: &Asset) -> (u32, Metres, Minima) {
    (asset.speed_kmh, asset.range_m, super::super::aircraft::minima(asset))
}

/// One flight and its network.
struct Planning<'a> {
    view: &'a View,
    ask: &'a FlightAsk,
    network: AirNetwork,
    /// Of the nodes after the two ends.
    stops: Vec<SiteId>,
    flight: Flight,
    weather: AirWeather,
}

impl RankPlanner {
    /// Plans one flight.
    ///
    /// Closed regions at its ends bar nothing: their weather is told beside the leg.
    ///
    /// # Complexity
    /// That of [`AirNetwork::leg`]; of [`AirNetwork::trip`] where the range asks for stops.
    #[must_use]
    pub fn plan_flight(&self, view: &View, ask: &FlightAsk) -> FlightOutcome {
        let areas = areas(view, ask.at, ask.at + AHEAD_S);
        let fuel = fuel_sites(view, ask);
        let turn_round_s = Some(self.policy().turn_around_s);
        let end = |position| AirNode { kind: AirNodeKind::LandingSite, position, turn_round_s: None };
        let stop = |(_, position): &(SiteId, Position)| AirNode {
            kind: AirNodeKind::Airport,
            position: *position,
            turn_round_s,
        };
        let nodes = [end(ask.from), end(ask.to)].into_iter().chain(fuel.iter().map(stop)).collect();
        let network = AirNetwork::new(nodes, areas, self.regions().to_vec());
        // More areas than there may be are refused where they are reported.
        let Ok(network) = network else {
            return FlightOutcome::Barred { why: Infeasible::Intricate { corners: 0 }, least: Vec::new() };
        };
        let planning = Planning {
            view,
            ask,
            weather: weather(view, &network, ask),
            network,
            stops: fuel.into_iter().map(|(id, _)| id).collect(),
            flight: Flight {
                departs_at: ask.at,
                airspeed_kmh: ask.speed_kmh,
                altitude_m: ask.altitude_m,
                ceiling_min_m: 0,
            },
        };
        let reserve_m = u64::from(ask.speed_kmh) * u64::from(self.policy().reserve_s) * 10 / 36;
        planning.solve(u32::try_from(reserve_m).unwrap_or(u32::MAX))
    }
}

/// Sites with fuel that are not closed, those that lie best on the way.
fn fuel_sites(view: &View, ask: &FlightAsk) -> Vec<(SiteId, Position)> {
    let is_open = |id: &SiteId| {
        let report = view.site(id).and_then(|(_, report)| report);
        report.is_none_or(|report| report.state != SiteState::Closed)
    };
    let sites = view.states().flat_map(|state| state.sites.values());
    let with_fuel = sites.filter(|site| site.fuel && is_open(&site.id));
    let way_m = |at: Position| {
        u64::from(distance_m(ask.from.into(), at.into())) + u64::from(distance_m(at.into(), ask.to.into()))
    };
    let mut found: Vec<(SiteId, Position)> = with_fuel.map(|site| (site.id.clone(), site.position)).collect();
    found.sort_by_cached_key(|(id, at)| (way_m(*at), id.clone()));
    found.truncate(STOPS_MAX);
    found
}

/// The weather as the way depends on it: the wind that was given, and which regions are closed to these minima.
fn weather(view: &View, network: &AirNetwork, ask: &FlightAsk) -> AirWeather {
    let reports = view.weather();
    let at_an_end = |id: &WeatherRegionId| {
        let mut parts = network.regions().iter().filter(|part| part.id == *id);
        parts.any(|part| part.polygon.contains(ask.from) || part.polygon.contains(ask.to))
    };
    let regions = network.regions().iter().map(|part| {
        let weather = weather_at(reports.get(&part.id).map(|(_, report)| *report), ask.at);
        let admits = ask.minima.is_none_or(|minima| weather.admits(&minima));
        RegionWeather { is_closed: !admits && !at_an_end(&part.id), ceiling_m: None, wind: ask.wind }
    });
    AirWeather { regions: regions.collect(), elsewhere: ask.wind }
}

impl Planning<'_> {
    fn solve(&self, reserve_m: Metres) -> FlightOutcome {
        let (from, to) = (self.ask.from, self.ask.to);
        let leg = match self.network.leg(from, to, &self.flight, &self.weather) {
            Ok(leg) => leg,
            Err(why) => {
                let least = match self.network.passage(from, to, &self.flight, &self.weather) {
                    Passage::Barred { least, .. } => least,
                    Passage::Straight | Passage::Around(_) => Vec::new(),
                };
                return FlightOutcome::Barred { why, least };
            }
        };
        let needed_m = leg.air_m.saturating_add(reserve_m);
        if needed_m <= self.ask.range_m {
            let (start, end) = (self.stop(START), self.stop(END));
            return FlightOutcome::Flyable(vec![self.flown(leg, (start, end), (0, false))]);
        }
        let short_m = needed_m - self.ask.range_m;
        let waypoint = |node| Waypoint { node, stay_s: 0 };
        let plan = TripPlan {
            waypoints: vec![waypoint(START), waypoint(END)],
            stops: (END + 1..self.network.nodes().len()).collect(),
            fuel: Fuel { range_m: self.ask.range_m, reserve_m, on_board_m: self.ask.range_m },
        };
        let trip = match self.network.trip(&plan, &self.flight, &self.weather) {
            Ok(trip) => trip,
            Err(TripFault::Leg { why, .. }) => return FlightOutcome::Barred { why, least: Vec::new() },
            Err(
                TripFault::OutOfRange { .. }
                | TripFault::Waypoints { .. }
                | TripFault::TooManyStops { .. }
                | TripFault::NoSuchNode { .. }
                | TripFault::StayTooLong { .. },
            ) => return FlightOutcome::OutOfRange { short_m },
        };
        let pairs = trip.stops.windows(2).zip(trip.legs);
        let legs = pairs.map(|(stops, leg)| {
            let ends = (self.stop(stops[0].node), self.stop(stops[1].node));
            self.flown(leg, ends, (stops[0].departs_s, stops[0].refuels))
        });
        FlightOutcome::Flyable(legs.collect())
    }

    fn stop(&self, node: usize) -> FlightStop {
        let fuel = node.checked_sub(END + 1).map(|stop| self.stops[stop].clone());
        FlightStop { position: self.network.nodes()[node].position, fuel }
    }

    fn flown(
        &self,
        leg: AirLeg,
        (from, to): (FlightStop, FlightStop),
        (departs_s, refuels_before): (Seconds, bool),
    ) -> FlownLeg {
        let reports = self.view.weather();
        let regions = leg.parts.iter().map(|part| {
            let region = self.network.regions()[part.region].id.clone();
            let weather = weather_at(reports.get(&region).map(|(_, report)| *report), self.ask.at);
            Crossed {
                region,
                from_m: part.from_m,
                until_m: part.until_m,
                weather,
                admits: self.ask.minima.is_none_or(|minima| weather.admits(&minima)),
            }
        });
        let take_off = self.ask.at + departs_s;
        FlownLeg {
            great_circle_m: distance_m(from.position.into(), to.position.into()),
            regions: regions.collect(),
            refuels_before,
            take_off,
            landing: take_off + leg.travel_s,
            from,
            to,
            leg,
        }
    }
}
