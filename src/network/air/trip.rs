//! Through places in an order, with the stops for fuel that make it soonest.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use super::{AirLeg, AirNetwork, AirWeather, Airspace, Flight, Infeasible};
use crate::units::{Metres, Seconds};

/// Most waypoints of one trip: base, site, hospital and home again are four.
pub const WAYPOINTS_MAX: usize = 16;
/// Most stops for fuel to choose from. All pairs of them are some 4,000 legs.
pub const STOPS_MAX: usize = 64;
/// Longest stay at a waypoint, a day: sums of sixteen still fit.
const STAY_S_MAX: Seconds = 86_400;

/// A place that a trip goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waypoint {
    /// Which node.
    pub node: usize,
    /// How long it stays there, at most a day; of no effect at the last.
    pub stay_s: Seconds,
}

/// What an aircraft has to fly on, in metres through the air at its planning speed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fuel {
    /// On full tanks.
    pub range_m: Metres,
    /// What must be left at every landing.
    pub reserve_m: Metres,
    /// What is on board at the start; counts up to `range_m`.
    pub on_board_m: Metres,
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TripPlan {
    /// In their order, the start first.
    pub waypoints: Vec<Waypoint>,
    /// Nodes where it may land for fuel; those without any are passed over. Waypoints with fuel need not be among them.
    pub stops: Vec<usize>,
    /// What there is to fly on.
    pub fuel: Fuel,
}

/// A landing, or the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TripStop {
    /// Which node.
    pub node: usize,
    /// Seconds from the start of the trip to the landing.
    pub arrives_s: Seconds,
    /// Seconds from the start of the trip to the take-off; the same at the last.
    pub departs_s: Seconds,
    /// Whether the tanks are filled here.
    pub refuels: bool,
    /// Metres left to fly on at the landing, the reserve among them.
    pub remaining_m: Metres,
}

/// A trip that can be flown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trip {
    /// From the start to the last landing.
    pub stops: Vec<TripStop>,
    /// The legs between them.
    pub legs: Vec<AirLeg>,
}

/// Why a trip cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TripFault {
    /// Fewer than two waypoints, or more than [`WAYPOINTS_MAX`].
    #[error("{count} waypoints, give 2 to {WAYPOINTS_MAX}")]
    Waypoints {
        /// How many.
        count: usize,
    },
    /// More than [`STOPS_MAX`].
    #[error("{count} stops for fuel are more than {STOPS_MAX}")]
    TooManyStops {
        /// How many.
        count: usize,
    },
    /// A node that the network does not have.
    #[error("the air network has no node {node}")]
    NoSuchNode {
        /// Which.
        node: usize,
    },
    /// A stay of more than a day.
    #[error("a stay of {stay_s} s is longer than a day")]
    StayTooLong {
        /// How long.
        stay_s: Seconds,
    },
    /// The trip cannot go on to a waypoint: no stops get there, and the leg itself cannot be flown.
    #[error("from waypoint {} to waypoint {waypoint}: {why}", waypoint - 1)]
    Leg {
        /// The waypoint that is not reached, counted from 0.
        waypoint: usize,
        /// Why the leg to it is infeasible.
        why: Infeasible,
    },
    /// The fuel does not get it to a waypoint, whatever the stops.
    #[error(
        "waypoint {waypoint} is out of range: the leg to it takes {air_m} m through the air and the reserve"
    )]
    OutOfRange {
        /// The waypoint that is not reached, counted from 0.
        waypoint: usize,
        /// The leg from the waypoint before.
        air_m: Metres,
    },
}

/// A state of the search: how far the trip has come, at what time, on how much fuel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Label {
    /// At the landing.
    arrives_s: Seconds,
    departs_s: Seconds,
    /// At the landing.
    landed_m: Metres,
    /// At the take-off.
    remaining_m: Metres,
    /// Waypoints that lie behind it.
    stage: usize,
    node: usize,
    /// The label before, by index.
    before: Option<usize>,
}

impl AirNetwork {
    /// The trip that ends soonest, among those the one that lands with most fuel.
    ///
    /// Each leg must leave the reserve. At a stop, and at a waypoint with fuel where it helps, the tanks are filled, which
    /// takes the node's turn-round time on top of the stay. What bars a leg is what stands at any moment of the whole trip.
    ///
    /// # Errors
    /// [`TripFault`].
    ///
    /// # Complexity
    /// One [`AirNetwork::leg`] per pair of nodes that are reached, at most (stops + 1)² per waypoint; labels are kept while
    /// none is as early with as much fuel.
    ///
    /// Source: label setting for shortest paths with resources (Desrochers, Soumis 1988).
    pub fn trip(&self, plan: &TripPlan, flight: &Flight, weather: &AirWeather) -> Result<Trip, TripFault> {
        self.check(plan)?;
        let mut until = flight.departs_at;
        loop {
            let space = self.airspace(flight, weather, until);
            let trip = Search::new(self, &space, plan, flight, weather).solve()?;
            let arrives_at = flight.departs_at + trip.stops.last().map_or(0, |stop| stop.arrives_s);
            let then = self.airspace(flight, weather, arrives_at);
            // Areas for the ground only matter too: a landing may lie in one.
            if then.ground.len() <= space.ground.len() {
                return Ok(trip);
            }
            until = until.max(arrives_at);
        }
    }

    fn check(&self, plan: &TripPlan) -> Result<(), TripFault> {
        let count = plan.waypoints.len();
        if !(2..=WAYPOINTS_MAX).contains(&count) {
            return Err(TripFault::Waypoints { count });
        }
        if plan.stops.len() > STOPS_MAX {
            return Err(TripFault::TooManyStops { count: plan.stops.len() });
        }
        let mut nodes = plan.waypoints.iter().map(|waypoint| waypoint.node).chain(plan.stops.iter().copied());
        if let Some(node) = nodes.find(|&node| node >= self.nodes.len()) {
            return Err(TripFault::NoSuchNode { node });
        }
        match plan.waypoints.iter().find(|waypoint| waypoint.stay_s > STAY_S_MAX) {
            Some(waypoint) => Err(TripFault::StayTooLong { stay_s: waypoint.stay_s }),
            None => Ok(()),
        }
    }

    /// Turn-rounds of more than a day count as a day.
    fn turn_round_s(&self, node: usize) -> Option<Seconds> {
        self.nodes[node].turn_round_s.map(|turn_round_s| turn_round_s.min(STAY_S_MAX))
    }
}

/// The next label in the order of arrival at the next take-off, then of fuel; ties go to the one found first.
type Turn = Reverse<(Seconds, Reverse<Metres>, usize)>;

struct Search<'a> {
    network: &'a AirNetwork,
    space: &'a Airspace<'a>,
    plan: &'a TripPlan,
    flight: &'a Flight,
    weather: &'a AirWeather,
    stops: Vec<usize>,
    legs: BTreeMap<(usize, usize), Result<AirLeg, Infeasible>>,
    labels: Vec<Label>,
    open: BinaryHeap<Turn>,
    /// Most fuel at a take-off that was settled, per stage and node; whoever leaves later needs more.
    settled: BTreeMap<(usize, usize), Metres>,
}

impl<'a> Search<'a> {
    fn new(
        network: &'a AirNetwork,
        space: &'a Airspace<'a>,
        plan: &'a TripPlan,
        flight: &'a Flight,
        weather: &'a AirWeather,
    ) -> Search<'a> {
        let mut stops: Vec<usize> =
            plan.stops.iter().copied().filter(|&node| network.nodes[node].turn_round_s.is_some()).collect();
        stops.sort_unstable();
        stops.dedup();
        Search {
            network,
            space,
            plan,
            flight,
            weather,
            stops,
            legs: BTreeMap::new(),
            labels: Vec::new(),
            open: BinaryHeap::new(),
            settled: BTreeMap::new(),
        }
    }

    fn solve(mut self) -> Result<Trip, TripFault> {
        let fuel = self.plan.fuel;
        self.land(1, self.plan.waypoints[0].node, (0, fuel.on_board_m.min(fuel.range_m)), None);
        let mut farthest = 1;
        while let Some(Reverse((_, _, index))) = self.open.pop() {
            let label = self.labels[index];
            farthest = farthest.max(label.stage);
            if label.stage == self.plan.waypoints.len() {
                return Ok(self.unrolled(index));
            }
            let known = self.settled.insert((label.stage, label.node), label.remaining_m);
            if let Some(most) = known.filter(|&most| most >= label.remaining_m) {
                self.settled.insert((label.stage, label.node), most);
                continue;
            }
            let target = self.plan.waypoints[label.stage].node;
            self.go(index, label.stage + 1, target);
            for stop in self.stops.clone() {
                if stop != label.node && stop != target {
                    self.go(index, label.stage, stop);
                }
            }
        }
        Err(self.fault(farthest))
    }

    fn leg(&mut self, from: usize, to: usize) -> &Result<AirLeg, Infeasible> {
        let nodes = &self.network.nodes;
        self.legs.entry((from, to)).or_insert_with(|| {
            let (from, to) = (nodes[from].position, nodes[to].position);
            self.network.leg_within(self.space, from, to, self.flight, self.weather)
        })
    }

    /// Flies from a label to a node, if the fuel allows.
    fn go(&mut self, index: usize, stage: usize, node: usize) {
        let label = self.labels[index];
        let reserve_m = self.plan.fuel.reserve_m;
        let Ok(leg) = self.leg(label.node, node) else { return };
        let (travel_s, air_m) = (leg.travel_s, leg.air_m);
        if air_m.saturating_add(reserve_m) <= label.remaining_m {
            let landing = (label.departs_s.saturating_add(travel_s), label.remaining_m - air_m);
            self.land(stage, node, landing, Some(index));
        }
    }

    /// Lands, and goes on with the fuel that is left, with full tanks, or both.
    fn land(
        &mut self,
        stage: usize,
        node: usize,
        (at_s, landed_m): (Seconds, Metres),
        before: Option<usize>,
    ) {
        let at_waypoint = before.is_none_or(|index| self.labels[index].stage < stage);
        let is_last = at_waypoint && stage == self.plan.waypoints.len();
        let stay_s = if at_waypoint && !is_last { self.plan.waypoints[stage - 1].stay_s } else { 0 };
        let mut label = Label {
            arrives_s: at_s,
            departs_s: at_s.saturating_add(stay_s),
            landed_m,
            remaining_m: landed_m,
            stage,
            node,
            before,
        };
        if at_waypoint {
            self.push(label);
        }
        if let Some(turn_round_s) = self.network.turn_round_s(node).filter(|_| !is_last) {
            label.departs_s = label.departs_s.saturating_add(turn_round_s);
            label.remaining_m = self.plan.fuel.range_m;
            self.push(label);
        }
    }

    fn push(&mut self, label: Label) {
        self.open.push(Reverse((label.departs_s, Reverse(label.remaining_m), self.labels.len())));
        self.labels.push(label);
    }

    fn unrolled(&self, last: usize) -> Trip {
        let mut indices: Vec<usize> =
            std::iter::successors(Some(last), |&index| self.labels[index].before).collect();
        indices.reverse();
        let stops = indices.iter().map(|&index| {
            let label = self.labels[index];
            TripStop {
                node: label.node,
                arrives_s: label.arrives_s,
                departs_s: label.departs_s,
                refuels: self.refuels(index),
                remaining_m: label.landed_m,
            }
        });
        let stops: Vec<TripStop> = stops.collect();
        let flown = stops.windows(2).filter_map(|ends| self.legs.get(&(ends[0].node, ends[1].node)));
        let legs = flown.filter_map(|leg| leg.as_ref().ok().cloned()).collect();
        Trip { stops, legs }
    }

    /// Filling tanks that are full already would be time for nothing, and such a label is never the better one.
    fn refuels(&self, index: usize) -> bool {
        self.labels[index].remaining_m > self.labels[index].landed_m
    }

    fn fault(mut self, farthest: usize) -> TripFault {
        let [from, to] = [farthest - 1, farthest].map(|index| self.plan.waypoints[index].node);
        match self.leg(from, to) {
            Err(why) => TripFault::Leg { waypoint: farthest, why: why.clone() },
            Ok(leg) => TripFault::OutOfRange { waypoint: farthest, air_m: leg.air_m },
        }
    }
}
