//! Legs by road: from any place to any other, by the network and by access to it.
//!
//! A leg is the shortest travel time on the network from a *foot* near the start to a foot near the target,
//! plus *access* at both ends: the straight line, lengthened by 1.4, at 30 km/h.
//!
//! On trunk roads alone, where the nearest road may be kilometres away, three rules keep a straight line from undoing a
//! closure, because there is neither a coastline nor a mountain in the tables:
//!
//! 1. The feet of a place are at most [`FEET_MAX`] junctions, none farther than twice the nearest and
//!    [`FOOT_SLACK_M`] more: who stands at the mouth of a closed tunnel does not start at its other end.
//! 2. They lie on the same land as the nearest (land: junctions joined without a bridge or a ferry).
//! 3. The network is left out ([`RoadLeg::Direct`]) only on one land, and only where the two places are no
//!    farther from each other than from their nearest feet taken together.
//!
//! On an imported map a place stands on the nearest road that is open; rule 3 holds without lands.
//!
//! A place more than [`ACCESS_M_MAX`] from every road is not reached: the open sea, an island without
//! a bridge. Accepted shortcoming of trunk roads: a small island nearer than that is reached as if one could drive there.

use super::hierarchy::{Matrix, RouteSearch, Snapshot, Targets};
use super::map::{Ground, RoadMap};
use super::roads::{Searchable, Snap};
use super::{Millis, UNREACHABLE_MS, roads};
use crate::units::geodesy::{UnitVector, distance_m, travel_s};
use crate::units::{Metres, Position, Seconds, UNREACHABLE};
use petgraph::Direction;
use std::num::NonZeroUsize;

/// How much longer access is than the straight line, in tenths: 1.4.
pub const ACCESS_DETOUR_TENTHS: u32 = 14;
/// Speed of access, km/h.
pub const ACCESS_SPEED_KMH: u32 = 30;
/// Feet of a place at most. The best of four differs from the nearest where that one lies backwards.
pub const FEET_MAX: usize = 4;
/// How much farther than twice the nearest foot another may be, metres.
pub const FOOT_SLACK_M: Metres = 2_000;
/// Longest access, straight line, metres: the loneliest valleys of Kansai lie within 15 km of a trunk road.
pub const ACCESS_M_MAX: Metres = 20_000;

/// How a vehicle gets from one place to another; the parts add up to [`RoadLeg::total_s`] exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoadLeg {
    /// By the network.
    Network {
        /// From the start to its foot, rounded up.
        access_from_s: Seconds,
        /// From foot to foot, rounded up.
        network_s: Seconds,
        /// From the foot of the target to the target, rounded up.
        access_to_s: Seconds,
        /// The junction after the start.
        from_node: u32,
        /// The junction before the target.
        to_node: u32,
    },
    /// Straight there.
    Direct {
        /// Rounded up.
        access_s: Seconds,
    },
    /// Nobody can drive there.
    Unreachable,
}

impl RoadLeg {
    /// Seconds of the whole leg; [`UNREACHABLE`] where there is none.
    #[must_use]
    pub fn total_s(&self) -> Seconds {
        match *self {
            RoadLeg::Network { access_from_s, network_s, access_to_s, .. } => {
                access_from_s.saturating_add(network_s).saturating_add(access_to_s).min(UNREACHABLE)
            }
            RoadLeg::Direct { access_s } => access_s,
            RoadLeg::Unreachable => UNREACHABLE,
        }
    }

    /// Whether anybody can drive there.
    #[must_use]
    pub fn is_reachable(&self) -> bool {
        *self != RoadLeg::Unreachable
    }
}

/// A leg with the way it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoadRoute {
    /// The leg, as [`legs_from`] gives it.
    pub leg: RoadLeg,
    /// On the road, decimetres; 0 unless the leg uses the network.
    pub length_dm: u64,
    /// The edges in the order of travel; of the first and the last of an imported map only a part is driven.
    pub edges: Vec<u32>,
}

/// Where a place meets one network: worked out once for a place that stays, since on
/// trunk roads that costs more than the search (4 us each; `network/legs` in `benches/network.rs`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Footing {
    position: Position,
    at: UnitVector,
    feet: Feet,
    /// Straight line to the nearest foot.
    nearest_m: Metres,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Feet {
    /// No road leads there.
    None,
    /// The nearest first, all on one land.
    Junctions { land: u32, feet: Vec<Foot> },
    /// On a road; the one that is nearest when all are open.
    Road(Snap),
}

/// A junction where a place meets the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Foot {
    node: u32,
    access_s: Seconds,
    /// On the road between the foot and the junction.
    road_ms: Millis,
}

impl Foot {
    fn spent_ms(&self) -> u64 {
        u64::from(self.access_s) * 1_000 + u64::from(self.road_ms)
    }
}

impl Footing {
    /// Finds where a place meets the roads of `map`, all of them open.
    ///
    /// # Complexity
    /// O(log n) for n junctions or edges.
    #[must_use]
    pub fn find(map: &RoadMap, usual_ms: &[Millis], position: Position) -> Footing {
        let at = UnitVector::from(position);
        let nowhere = Footing { position, at, feet: Feet::None, nearest_m: 0 };
        match &map.ground {
            Ground::Junctions { near, land } => {
                let near = near.nearest(position, FEET_MAX);
                let Some(nearest) = near.first().filter(|nearest| nearest.distance_m <= ACCESS_M_MAX) else {
                    return nowhere;
                };
                let nearest_m = nearest.distance_m;
                let here = land[*nearest.payload as usize];
                let farthest_m = (2 * nearest_m + FOOT_SLACK_M).min(ACCESS_M_MAX);
                let feet = near
                    .iter()
                    .filter(|foot| foot.distance_m <= farthest_m && land[*foot.payload as usize] == here)
                    .map(|foot| Foot { node: *foot.payload, access_s: access_s(foot.distance_m), road_ms: 0 })
                    .collect();
                Footing { position, at, feet: Feet::Junctions { land: here, feet }, nearest_m }
            }
            Ground::Roads(index) => match index.snap(map.network(), usual_ms, position) {
                Some(snap) if snap.distance_m <= ACCESS_M_MAX => {
                    Footing { position, at, feet: Feet::Road(snap), nearest_m: snap.distance_m }
                }
                Some(_) | None => nowhere,
            },
        }
    }

    /// How far the nearest road is, all of them open; none where none leads.
    #[must_use]
    pub fn nearest_m(&self) -> Option<Metres> {
        (self.feet != Feet::None).then_some(self.nearest_m)
    }

    /// The point on the nearest road; none on trunk roads, where a place meets junctions.
    #[must_use]
    pub fn snap(&self) -> Option<&Snap> {
        match &self.feet {
            Feet::Road(snap) => Some(snap),
            Feet::None | Feet::Junctions { .. } => None,
        }
    }

    /// The junctions around the place with the time from it to each (with [`Direction::Incoming`]: from each to it), under
    /// what is in force.
    ///
    /// # Panics
    /// May, when it was found on another map.
    #[must_use]
    pub fn standings(&self, map: &RoadMap, times: &Snapshot, direction: Direction) -> Vec<(u32, Millis)> {
        let feet = self.stand(map, times).feet(map, times, direction);
        feet.iter()
            .map(|foot| (foot.node, foot.spent_ms().min(u64::from(UNREACHABLE_MS)) as Millis))
            .collect()
    }

    /// On an imported map the road under the place may be closed: then the nearest open one counts.
    fn stand(&self, map: &RoadMap, times: &Snapshot) -> Stand<'_> {
        match &self.feet {
            Feet::None => Stand::None,
            Feet::Junctions { feet, .. } => Stand::Junctions(feet),
            Feet::Road(snap) => {
                let network = map.network();
                let is_open = |edge: u32| times.weights_ms()[edge as usize] < UNREACHABLE_MS;
                if is_open(snap.edge) || network.twin(snap.edge).is_some_and(is_open) {
                    return Stand::Road(*snap);
                }
                let Ground::Roads(index) = &map.ground else { return Stand::None };
                let open = index.snap(network, times.weights_ms(), self.position);
                open.filter(|snap| snap.distance_m <= ACCESS_M_MAX).map_or(Stand::None, Stand::Road)
            }
        }
    }
}

/// Where a place stands under what is in force.
enum Stand<'a> {
    None,
    Junctions(&'a [Foot]),
    Road(Snap),
}

impl Stand<'_> {
    /// The junctions around, with what it costs to get there, or from there.
    fn feet(&self, map: &RoadMap, times: &Snapshot, direction: Direction) -> Vec<Foot> {
        match self {
            Stand::None => Vec::new(),
            Stand::Junctions(feet) => feet.to_vec(),
            Stand::Road(snap) => {
                let (network, weights_ms) = (map.network(), times.weights_ms());
                let standings = match direction {
                    Direction::Outgoing => snap.leaving(network, weights_ms),
                    Direction::Incoming => snap.arriving(network, weights_ms),
                };
                let access_s = access_s(snap.distance_m);
                let foot = |standing: roads::Standing| Foot {
                    node: standing.node,
                    access_s,
                    road_ms: standing.travel_ms,
                };
                standings.into_iter().map(foot).collect()
            }
        }
    }
}

/// The legs from one place to many, in the order of `to`.
///
/// # Panics
/// May, when a footing was found on another map.
///
/// # Complexity
/// One sweep for all of them.
#[must_use]
pub fn legs_from(map: &RoadMap, times: &Snapshot, from: &Footing, to: &[&Footing]) -> Vec<RoadLeg> {
    let rows = Legs::new(map, times, to, Direction::Outgoing).rows(&[from], NonZeroUsize::MIN);
    rows.into_iter().next().unwrap_or_default()
}

/// The legs from many places to one, in the order of `from`; each as [`legs_from`] gives it, except that of
/// two equally long ways either may be taken.
///
/// # Panics
/// May, when a footing was found on another map.
///
/// # Complexity
/// As [`legs_from`].
#[must_use]
pub fn legs_to(map: &RoadMap, times: &Snapshot, from: &[&Footing], to: &Footing) -> Vec<RoadLeg> {
    let rows = Legs::new(map, times, from, Direction::Incoming).rows(&[to], NonZeroUsize::MIN);
    rows.into_iter().next().unwrap_or_default()
}

/// The leg between two places with the edges on its way.
///
/// # Panics
/// May, when a footing was found on another map.
#[must_use]
pub fn road_route(map: &RoadMap, times: &Snapshot, from: &Footing, to: &Footing) -> RoadRoute {
    let leg = legs_from(map, times, from, &[to]).pop().unwrap_or(RoadLeg::Unreachable);
    let RoadLeg::Network { from_node, to_node, .. } = leg else {
        return RoadRoute { leg, length_dm: 0, edges: Vec::new() };
    };
    let network = map.network();
    if let (Stand::Road(begin), Stand::Road(end)) = (from.stand(map, times), to.stand(map, times)) {
        let on = Searchable {
            network,
            hierarchy: map.hierarchy(),
            metric: times.metric(),
            weights_ms: times.weights_ms(),
        };
        let route = roads::route(on, &begin, &end);
        let (length_dm, edges) = route.map_or((0, Vec::new()), |route| (route.length_dm, route.edges));
        return RoadRoute { leg, length_dm, edges };
    }
    let mut search = RouteSearch::new(map.hierarchy());
    let path = search.path(map.hierarchy(), times.metric(), times.weights_ms(), (from_node, to_node));
    let edges = path.map(|(edges, _)| edges).unwrap_or_default();
    let length_dm = edges.iter().map(|&edge| u64::from(network.edge(edge).length_dm)).sum();
    RoadRoute { leg, length_dm, edges }
}

/// Access by straight line, rounded up; callers keep `metres` below the Earth's girth, so nothing wraps.
fn access_s(metres: Metres) -> Seconds {
    travel_s((metres * ACCESS_DETOUR_TENTHS).div_ceil(10), ACCESS_SPEED_KMH)
}

/// Some places, ready for the searches between them and any others.
pub struct Legs<'a> {
    map: &'a RoadMap,
    times: &'a Snapshot,
    /// Outgoing: towards these places.
    direction: Direction,
    places: &'a [&'a Footing],
    stands: Vec<Stand<'a>>,
    /// Per place: its feet.
    feet: Vec<Vec<Foot>>,
    /// All of these, ascending.
    nodes: Vec<u32>,
    targets: Targets,
}

impl<'a> Legs<'a> {
    /// Gets ready for legs to `places`, or from them with [`Direction::Incoming`].
    ///
    /// # Panics
    /// May, when a footing was found on another map.
    ///
    /// # Complexity
    /// O(arcs above the places).
    #[must_use]
    pub fn new(
        map: &'a RoadMap,
        times: &'a Snapshot,
        places: &'a [&'a Footing],
        direction: Direction,
    ) -> Legs<'a> {
        let stands: Vec<Stand<'_>> = places.iter().map(|place| place.stand(map, times)).collect();
        let feet: Vec<Vec<Foot>> =
            stands.iter().map(|stand| stand.feet(map, times, direction.opposite())).collect();
        let mut nodes: Vec<u32> = feet.iter().flatten().map(|foot| foot.node).collect();
        nodes.sort_unstable();
        nodes.dedup();
        let targets = Targets::new(map.hierarchy(), &nodes);
        Legs { map, times, direction, places, stands, feet, nodes, targets }
    }

    /// The legs between each of `hubs` and every place: a row for each hub, in their order.
    ///
    /// # Complexity
    /// One sweep for each thirty-two feet of the hubs.
    #[must_use]
    pub fn rows(&self, hubs: &[&Footing], threads: NonZeroUsize) -> Vec<Vec<RoadLeg>> {
        let matrix = Matrix::new(self.map.hierarchy(), self.times.metric(), &self.targets, self.direction);
        let stands: Vec<Stand<'_>> = hubs.iter().map(|hub| hub.stand(self.map, self.times)).collect();
        let feet: Vec<Vec<Foot>> =
            stands.iter().map(|stand| stand.feet(self.map, self.times, self.direction)).collect();
        let sources: Vec<u32> = feet.iter().flatten().map(|foot| foot.node).collect();
        let rows_ms = matrix.rows(&sources, threads);
        let mut first = 0;
        let rows = hubs.iter().zip(&stands).zip(&feet).map(|((hub, stand), feet)| {
            let width = self.nodes.len();
            let rows_ms = &rows_ms[first * width..(first + feet.len()) * width];
            first += feet.len();
            self.row(&Hub { footing: hub, stand, feet, rows_ms })
        });
        rows.collect()
    }

    fn row(&self, hub: &Hub<'_>) -> Vec<RoadLeg> {
        let time_ms = |here: usize, node: u32| {
            let place = self.nodes.partition_point(|&known| known < node);
            hub.rows_ms[here * self.nodes.len() + place]
        };
        let legs = self.places.iter().zip(&self.stands).zip(&self.feet).map(|((other, stand), there)| {
            let mut best: Option<(u64, Foot, Foot)> = None;
            for (place, here) in hub.feet.iter().enumerate() {
                for there in there {
                    let on_road_ms = time_ms(place, there.node);
                    if on_road_ms >= UNREACHABLE_MS {
                        continue;
                    }
                    let sum_ms = here.spent_ms() + u64::from(on_road_ms) + there.spent_ms();
                    let key = |sum_ms: u64, here: &Foot, there: &Foot| (sum_ms, there.node, here.node);
                    let is_better = best
                        .as_ref()
                        .is_none_or(|(least, h, t)| key(sum_ms, here, there) < key(*least, h, t));
                    if sum_ms < u64::from(UNREACHABLE_MS) && is_better {
                        best = Some((sum_ms, *here, *there));
                    }
                }
            }
            let around = best.map(|(sum_ms, here, there)| self.by_network(sum_ms, &here, &there));
            self.better(hub, other, stand, around)
        });
        legs.collect()
    }

    fn by_network(&self, sum_ms: u64, here: &Foot, there: &Foot) -> RoadLeg {
        let (from, to) = match self.direction {
            Direction::Outgoing => (here, there),
            Direction::Incoming => (there, here),
        };
        let on_road_ms = sum_ms - u64::from(from.access_s + to.access_s) * 1_000;
        RoadLeg::Network {
            access_from_s: from.access_s,
            network_s: on_road_ms.div_ceil(1_000) as Seconds,
            access_to_s: to.access_s,
            from_node: from.node,
            to_node: to.node,
        }
    }

    /// The best of the way round, the way along one and the same road, and straight there; straight when equally long.
    fn better(&self, hub: &Hub<'_>, other: &Footing, stand: &Stand<'_>, around: Option<RoadLeg>) -> RoadLeg {
        let mut best = around.unwrap_or(RoadLeg::Unreachable);
        if let (Stand::Road(here), Stand::Road(there)) = (hub.stand, stand) {
            let (from, to) = match self.direction {
                Direction::Outgoing => (here, there),
                Direction::Incoming => (there, here),
            };
            let network = self.map.network();
            if let Some((edge, ms)) = from.straight_ms(to, network, self.times.weights_ms()) {
                let (tail, head) = network.ends(edge);
                let along = RoadLeg::Network {
                    access_from_s: access_s(from.distance_m),
                    network_s: ms.div_ceil(1_000),
                    access_to_s: access_s(to.distance_m),
                    from_node: head,
                    to_node: tail,
                };
                if along.total_s() <= best.total_s() {
                    best = along;
                }
            }
        }
        match direct_s(hub.footing, other) {
            Some(access_s) if access_s <= best.total_s() => RoadLeg::Direct { access_s },
            _ => best,
        }
    }
}

/// One place that searches begin at, with what they found.
struct Hub<'a> {
    footing: &'a Footing,
    stand: &'a Stand<'a>,
    feet: &'a [Foot],
    /// Per foot: a row.
    rows_ms: &'a [Millis],
}

/// Seconds straight from one place to another, where rule 3 allows it.
fn direct_s(hub: &Footing, other: &Footing) -> Option<Seconds> {
    let is_one_land = match (&hub.feet, &other.feet) {
        (Feet::Junctions { land: here, .. }, Feet::Junctions { land: there, .. }) => here == there,
        (Feet::Road(_), Feet::Road(_)) => true,
        _ => false,
    };
    let metres = distance_m(hub.at, other.at);
    let allowed = is_one_land && metres <= hub.nearest_m + other.nearest_m;
    allowed.then(|| access_s(metres))
}

#[cfg(test)]
mod tests;
