//! Ambulance legs: from any place to any other, by the network and by access to it.
//!
//! A leg is the shortest travel time on the network from a *foot* near the start to a foot near the target,
//! plus *access* at both ends: the straight line, lengthened by 1.4, at 30 km/h. An emergency vehicle drives
//! at free-flow speed on the network. Three rules keep a straight line from undoing a closure, because there
//! is neither a coastline nor a mountain in these tables:
//!
//! 1. The feet of a place are at most [`FEET_MAX`] nodes, none farther than twice the nearest and
//!    [`FOOT_SLACK_M`] more: who stands at the mouth of a closed tunnel does not start at its other end.
//! 2. They lie on the same land as the nearest (land: nodes joined without a bridge or a ferry).
//! 3. The network is left out ([`RoadLeg::Direct`]) only on one land, and only where the two places are no
//!    farther from each other than from their nearest feet taken together.
//!
//! A place more than [`ACCESS_M_MAX`] from every node is not reached by road: the open sea, an island without
//! a bridge. Accepted shortcoming: a small island nearer than that is reached as if one could drive there.

use petgraph::Direction;
use petgraph::graph::NodeIndex;

use super::closures::Closures;
use super::graph::{LinkId, Millis, RoadGraph, UNREACHABLE_MS};
use super::search::{Source, TravelTimes};
use crate::units::geodesy::{UnitVector, distance_m, travel_s};
use crate::units::{Metres, Position, Seconds, UNREACHABLE};

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

/// How an ambulance gets from one place to another; the parts add up to [`RoadLeg::total_s`] exactly.
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
        /// The foot of the start.
        from_node: NodeIndex,
        /// The foot of the target.
        to_node: NodeIndex,
    },
    /// Straight there, because the network is farther away: access only, rounded up.
    Direct {
        /// From the start to the target.
        access_s: Seconds,
    },
    /// Nobody can drive there: off the network, or cut off by closures.
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
    /// The leg, as [`road_leg`] gives it.
    pub leg: RoadLeg,
    /// Nodes in the order of travel; empty unless the leg uses the network.
    pub nodes: Vec<NodeIndex>,
    /// The links between them, one fewer.
    pub links: Vec<LinkId>,
}

/// Where a place meets one network, whatever is closed: worked out once for a place that stays, since on
/// trunk roads that costs more than the search (4 us each; `network/legs` in `benches/network.rs`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Footing {
    at: UnitVector,
    /// The nearest first; none where no road leads.
    feet: Vec<Foot>,
    /// Straight line to the nearest foot.
    nearest_m: Metres,
}

/// The leg between two places.
///
/// # Complexity
/// One search that ends at the feet of the target.
#[must_use]
pub fn road_leg(graph: &RoadGraph, closures: &Closures, from: Position, to: Position) -> RoadLeg {
    road_route(graph, closures, from, to).leg
}

/// The legs from one place to many, in the order of `to`; each as [`road_leg`] gives it.
///
/// # Complexity
/// One search for all of them, and one look-up of feet for each.
#[must_use]
pub fn road_legs(graph: &RoadGraph, closures: &Closures, from: Position, to: &[Position]) -> Vec<RoadLeg> {
    let (from, to) = (Footing::find(graph, from), Footing::find_all(graph, to));
    legs_from(graph, closures, &from, &to.iter().collect::<Vec<_>>())
}

/// The legs from many places to one, in the order of `from`; each as [`road_leg`] gives it, except that of
/// two equally long ways either may be taken.
///
/// # Complexity
/// As [`road_legs`].
#[must_use]
pub fn road_legs_to(graph: &RoadGraph, closures: &Closures, from: &[Position], to: Position) -> Vec<RoadLeg> {
    let (from, to) = (Footing::find_all(graph, from), Footing::find(graph, to));
    legs_to(graph, closures, &from.iter().collect::<Vec<_>>(), &to)
}

/// [`road_legs`] between footings found before.
///
/// # Panics
/// May, when a footing was found on another network.
#[must_use]
pub fn legs_from(graph: &RoadGraph, closures: &Closures, from: &Footing, to: &[&Footing]) -> Vec<RoadLeg> {
    Fan::search(graph, closures, (from, Direction::Outgoing), to).legs()
}

/// [`road_legs_to`] between footings found before.
///
/// # Panics
/// May, when a footing was found on another network.
#[must_use]
pub fn legs_to(graph: &RoadGraph, closures: &Closures, from: &[&Footing], to: &Footing) -> Vec<RoadLeg> {
    Fan::search(graph, closures, (to, Direction::Incoming), from).legs()
}

/// The leg between two places with the nodes and links on its way, for display.
#[must_use]
pub fn road_route(graph: &RoadGraph, closures: &Closures, from: Position, to: Position) -> RoadRoute {
    let (from, to) = (Footing::find(graph, from), Footing::find(graph, to));
    let targets = [&to];
    let fan = Fan::search(graph, closures, (&from, Direction::Outgoing), &targets);
    let leg = fan.leg(&to);
    let path = match leg {
        RoadLeg::Network { to_node, .. } => fan.times.path(to_node),
        RoadLeg::Direct { .. } | RoadLeg::Unreachable => None,
    };
    let (nodes, edges) = path.unwrap_or_default();
    let links = edges.into_iter().map(|edge| graph.graph()[edge].id).collect();
    RoadRoute { leg, nodes, links }
}

/// A node where a place meets the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Foot {
    node: NodeIndex,
    access_s: Seconds,
}

impl Footing {
    /// Finds the feet of a place.
    ///
    /// # Complexity
    /// O(log n) for n nodes.
    #[must_use]
    pub fn find(graph: &RoadGraph, position: Position) -> Footing {
        let at = UnitVector::from(position);
        let near = graph.nodes_near().nearest(position, FEET_MAX);
        let Some(nearest) = near.first().filter(|nearest| nearest.distance_m <= ACCESS_M_MAX) else {
            return Footing { at, feet: Vec::new(), nearest_m: 0 };
        };
        let node = |idx: u32| NodeIndex::new(idx as usize);
        let nearest_m = nearest.distance_m;
        let land = graph.land(node(*nearest.payload));
        let farthest_m = (2 * nearest_m + FOOT_SLACK_M).min(ACCESS_M_MAX);
        let feet = near
            .iter()
            .map(|near| (node(*near.payload), near.distance_m))
            .filter(|&(foot, metres)| metres <= farthest_m && graph.land(foot) == land)
            .map(|(node, metres)| Foot { node, access_s: access_s(metres) })
            .collect();
        Footing { at, feet, nearest_m }
    }

    fn find_all(graph: &RoadGraph, positions: &[Position]) -> Vec<Footing> {
        positions.iter().map(|&position| Footing::find(graph, position)).collect()
    }

    /// Seconds straight to `other`, where rule 3 allows it.
    fn direct_s(&self, graph: &RoadGraph, other: &Footing) -> Option<Seconds> {
        let (here, there) = (self.feet.first()?, other.feet.first()?);
        let metres = distance_m(self.at, other.at);
        let allowed =
            graph.land(here.node) == graph.land(there.node) && metres <= self.nearest_m + other.nearest_m;
        allowed.then(|| access_s(metres))
    }
}

/// Access by straight line, rounded up; callers keep `metres` below the Earth's girth, so nothing wraps.
fn access_s(metres: Metres) -> Seconds {
    travel_s((metres * ACCESS_DETOUR_TENTHS).div_ceil(10), ACCESS_SPEED_KMH)
}

fn millis(seconds: Seconds) -> Millis {
    seconds.saturating_mul(1000).min(UNREACHABLE_MS)
}

/// One place, many others, and the search between them.
struct Fan<'a> {
    graph: &'a RoadGraph,
    hub: &'a Footing,
    /// Outgoing: from the hub to the others.
    direction: Direction,
    others: &'a [&'a Footing],
    times: TravelTimes,
}

impl<'a> Fan<'a> {
    fn search(
        graph: &'a RoadGraph,
        closures: &Closures,
        (hub, direction): (&'a Footing, Direction),
        others: &'a [&'a Footing],
    ) -> Fan<'a> {
        let sources: Vec<Source> =
            hub.feet.iter().map(|foot| Source { node: foot.node, spent_ms: millis(foot.access_s) }).collect();
        let targets: Vec<NodeIndex> =
            others.iter().flat_map(|other| &other.feet).map(|foot| foot.node).collect();
        let times = graph.travel_times(closures, direction, &sources, Some(&targets), UNREACHABLE_MS);
        Fan { graph, hub, direction, others, times }
    }

    fn legs(&self) -> Vec<RoadLeg> {
        self.others.iter().map(|other| self.leg(other)).collect()
    }

    /// The better of the two ways; straight there when they take equally long.
    fn leg(&self, other: &Footing) -> RoadLeg {
        let by_network = self.by_network(other);
        match self.hub.direct_s(self.graph, other) {
            Some(access_s) if access_s <= by_network.total_s() => RoadLeg::Direct { access_s },
            _ => by_network,
        }
    }

    /// The best over the feet of `other`; ties go to the lower node.
    fn by_network(&self, other: &Footing) -> RoadLeg {
        let total_ms = |foot: &Foot| self.times.time_ms(foot.node) + millis(foot.access_s);
        let Some(there) = other.feet.iter().min_by_key(|foot| (total_ms(foot), foot.node)) else {
            return RoadLeg::Unreachable;
        };
        let source = self.times.source_of(there.node);
        let Some(here) = self.hub.feet.iter().find(|foot| Some(foot.node) == source) else {
            return RoadLeg::Unreachable;
        };
        let network_ms = self.times.time_ms(there.node) - millis(here.access_s);
        let (from, to) = match self.direction {
            Direction::Outgoing => (here, there),
            Direction::Incoming => (there, here),
        };
        RoadLeg::Network {
            access_from_s: from.access_s,
            network_s: network_ms.div_ceil(1000),
            access_to_s: to.access_s,
            from_node: from.node,
            to_node: to.node,
        }
    }
}

#[cfg(test)]
mod tests {
    use petgraph::algo::dijkstra;
    use petgraph::visit::EdgeFiltered;
    use proptest::prelude::*;

    use super::*;
    use crate::network::fixture::{
        LINKS, NODES, RandomRoads, STRUCTURES, closures_of, kansai, node, random_roads, read, strait,
        structure,
    };

    fn at(lat: f64, lon: f64) -> Position {
        Position::from_degrees(lat, lon).unwrap()
    }

    const NARUTO: (f64, f64) = (34.172, 134.609);
    const MINAMIAWAJI: (f64, f64) = (34.294, 134.780);

    fn naruto_to_minamiawaji(graph: &RoadGraph, closures: &Closures) -> RoadLeg {
        road_leg(graph, closures, at(NARUTO.0, NARUTO.1), at(MINAMIAWAJI.0, MINAMIAWAJI.1))
    }

    #[test]
    fn closing_the_onaruto_bridge_sends_the_ambulance_to_the_ferry() {
        let graph = strait();
        let open = naruto_to_minamiawaji(&graph, &Closures::none());
        // 6 km at 60 km/h, 12 km at 75 km/h, 9 km at 45 km/h.
        assert_eq!(open.total_s(), 360 + 576 + 720);

        let mut closures = Closures::none();
        closures.close(&graph, &structure("onaruto-bridge")).unwrap();
        // 14 km at 40 km/h, the ferry 60 km at 30 km/h and 45 min, 16 km at 40 km/h.
        assert_eq!(naruto_to_minamiawaji(&graph, &closures).total_s(), 1_260 + 7_200 + 2_700 + 1_440);

        closures.close(&graph, &structure("sumoto-tunnel")).unwrap();
        let cut_off = naruto_to_minamiawaji(&graph, &closures);
        assert_eq!((cut_off, cut_off.total_s()), (RoadLeg::Unreachable, UNREACHABLE));

        closures.open(&graph, &structure("onaruto-bridge")).unwrap();
        closures.open(&graph, &structure("sumoto-tunnel")).unwrap();
        assert_eq!(naruto_to_minamiawaji(&graph, &closures), open);
    }

    #[test]
    fn a_closed_bridge_is_not_crossed_by_a_straight_line() {
        // Two shores, 3 km from each other as the crow flies and as far from their feet.
        let graph = strait();
        let (shore, other_shore) = (at(34.236, 134.640), at(34.250, 134.665));
        let mut closures = Closures::none();
        let open = road_leg(&graph, &closures, shore, other_shore);
        closures.close(&graph, &structure("onaruto-bridge")).unwrap();
        let closed = road_leg(&graph, &closures, shore, other_shore);
        assert!(open.total_s() < 3_600 && closed.total_s() > 3 * 3_600, "{open:?} then {closed:?}");
    }

    #[test]
    fn access_is_the_straight_line_by_one_point_four_at_thirty_km_h_at_both_ends() {
        let graph = strait();
        // 0.01 degree of latitude is 1,112 m on the sphere; 1,557 m at 30 km/h take 187 s.
        let leg = road_leg(&graph, &Closures::none(), at(34.162, 134.609), at(34.304, 134.780));
        let expected = RoadLeg::Network {
            access_from_s: 187,
            network_s: 360 + 576 + 720,
            access_to_s: 187,
            from_node: node(&graph, "naruto"),
            to_node: node(&graph, "minamiawaji"),
        };
        assert_eq!(leg, expected);
        assert_eq!(leg.total_s(), 187 + 1_656 + 187);
    }

    #[test]
    fn places_beside_each_other_leave_the_network_out() {
        let graph = strait();
        let leg = road_leg(&graph, &Closures::none(), at(34.162, 134.609), at(34.162, 134.620));
        // 1,012 m by 1.4 at 30 km/h.
        assert_eq!(leg, RoadLeg::Direct { access_s: 171 });
        let here = at(34.172, 134.609);
        assert_eq!(road_leg(&graph, &Closures::none(), here, here), RoadLeg::Direct { access_s: 0 });
    }

    #[test]
    fn a_place_far_from_every_road_is_unreachable() {
        let graph = strait();
        let sea = at(32.0, 136.0);
        assert_eq!(road_leg(&graph, &Closures::none(), at(34.172, 134.609), sea), RoadLeg::Unreachable);
        assert_eq!(road_leg(&graph, &Closures::none(), sea, sea), RoadLeg::Unreachable);
        assert!(!RoadLeg::Unreachable.is_reachable());
        let pole = road_legs_to(&graph, &Closures::none(), &[at(90.0, 0.0), at(-90.0, 180.0)], sea);
        assert_eq!(pole, [RoadLeg::Unreachable; 2]);
    }

    #[test]
    fn an_empty_network_reaches_nobody_and_an_empty_question_has_no_answers() {
        let header = |text: &'static str| text.lines().next().unwrap();
        let graph = read(header(NODES), header(STRUCTURES), header(LINKS)).unwrap();
        assert_eq!(naruto_to_minamiawaji(&graph, &Closures::none()), RoadLeg::Unreachable);
        assert!(road_legs(&strait(), &Closures::none(), at(34.2, 134.6), &[]).is_empty());
    }

    #[test]
    fn a_route_lists_its_nodes_in_the_order_of_travel() {
        let graph = strait();
        let (from, to) = (at(NARUTO.0, NARUTO.1), at(MINAMIAWAJI.0, MINAMIAWAJI.1));
        let route = road_route(&graph, &Closures::none(), from, to);
        let names: Vec<&str> = route.nodes.iter().map(|&n| graph.graph()[n].id.as_str()).collect();
        assert_eq!(names, ["naruto", "naruto-kita", "fukura", "minamiawaji"]);
        assert_eq!(route.links, [LinkId(0), LinkId(1), LinkId(2)]);
        assert_eq!(route.leg, road_leg(&graph, &Closures::none(), from, to));
        assert_eq!(road_route(&graph, &Closures::none(), from, from).nodes, []);
    }

    #[test]
    fn on_the_trunk_roads_of_kansai_a_closed_bridge_is_gone_around_and_opening_it_undoes_that() {
        let graph = kansai();
        let (onaruto, akashi) = (structure("onaruto-bridge"), structure("akashi-kaikyo-bridge"));
        let mut closures = Closures::none();
        let open = naruto_to_minamiawaji(&graph, &closures);
        assert!((1_500..2_700).contains(&open.total_s()), "{open:?}");

        closures.close(&graph, &onaruto).unwrap();
        // Round by Sakaide, Kurashiki and the bridge of Akashi, about 310 km.
        let around = naruto_to_minamiawaji(&graph, &closures);
        assert!((3 * 3_600..5 * 3_600).contains(&around.total_s()), "{around:?}");

        closures.close(&graph, &akashi).unwrap();
        assert_eq!(naruto_to_minamiawaji(&graph, &closures), RoadLeg::Unreachable);

        closures.open(&graph, &onaruto).unwrap();
        closures.open(&graph, &akashi).unwrap();
        assert_eq!(naruto_to_minamiawaji(&graph, &closures), open);
    }

    #[test]
    fn kansai_has_three_lands_and_two_airport_islands_and_every_place_is_reached() {
        let graph = kansai();
        let mut lands: Vec<u32> = graph.graph().node_indices().map(|node| graph.land(node)).collect();
        lands.sort_unstable();
        let mut sizes: Vec<usize> = lands.chunk_by(|a, b| a == b).map(<[u32]>::len).collect();
        sizes.sort_unstable();
        assert_eq!(sizes, [1, 1, 12, 68, 664]);

        let places: Vec<Position> = graph.graph().node_weights().map(|node| node.position).collect();
        let legs = road_legs(&graph, &Closures::none(), at(34.694, 135.502), &places);
        assert!(legs.iter().all(RoadLeg::is_reachable));
    }

    /// Every pair of feet, each by petgraph; seconds. Rule 3 is shared with the code under test.
    fn oracle(roads: &RandomRoads, from: Position, to: Position) -> Seconds {
        let graph = roads.graph.graph();
        let closed = closures_of(&roads.graph, &roads.closures);
        let open = EdgeFiltered::from_fn(graph, |edge| !closed.contains(&edge.weight().id));
        let (from, to) = (Footing::find(&roads.graph, from), Footing::find(&roads.graph, to));
        let mut best_s = from.direct_s(&roads.graph, &to).unwrap_or(UNREACHABLE);
        for start in &from.feet {
            let times = dijkstra(&open, start.node, None, |edge| u64::from(edge.weight().travel_ms));
            for end in &to.feet {
                if let Some(&ms) = times.get(&end.node) {
                    let network_s = u32::try_from(ms.div_ceil(1000)).unwrap();
                    best_s = best_s.min(start.access_s + network_s + end.access_s);
                }
            }
        }
        best_s
    }

    fn places() -> impl Strategy<Value = Position> {
        (339_900_000..=346_100_000_i32, 1_349_900_000..=1_356_100_000_i32)
            .prop_map(|(lat, lon)| Position::from_e7(lat, lon).unwrap())
    }

    proptest! {
        #[test]
        fn legs_agree_with_every_pair_of_feet_by_petgraph(
            roads in random_roads(),
            hub in places(),
            others in prop::collection::vec(places(), 0..6),
        ) {
            let (graph, closures) = (&roads.graph, &roads.closures);
            let out = road_legs(graph, closures, hub, &others);
            let back = road_legs_to(graph, closures, &others, hub);
            prop_assert_eq!((out.len(), back.len()), (others.len(), others.len()));
            for (i, &other) in others.iter().enumerate() {
                prop_assert_eq!(out[i].total_s(), oracle(&roads, hub, other));
                prop_assert_eq!(back[i].total_s(), oracle(&roads, other, hub));
                prop_assert_eq!(out[i], road_leg(graph, closures, hub, other));
                prop_assert_eq!(road_route(graph, closures, hub, other).leg, out[i]);
            }
        }

        #[test]
        fn closing_never_shortens_a_leg(roads in random_roads(), from in places(), to in places()) {
            let open = road_leg(&roads.graph, &Closures::none(), from, to);
            let closed = road_leg(&roads.graph, &roads.closures, from, to);
            prop_assert!(open.total_s() <= closed.total_s());
        }
    }
}
