//! One-to-many shortest travel times: Dijkstra on flat arrays.
//!
//! The plain form on purpose. It stays as the oracle when a hierarchy takes its place; its own oracle is
//! `petgraph::algo::dijkstra`.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use petgraph::Direction;
use petgraph::graph::{EdgeIndex, NodeIndex};

use super::closures::Closures;
use super::graph::{Arcs, Millis, RoadGraph, UNREACHABLE_MS, edge_index};

/// Where a search begins, and what it has cost to get there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// The node.
    pub node: NodeIndex,
    /// Milliseconds spent before it, at most [`UNREACHABLE_MS`].
    pub spent_ms: Millis,
}

/// Travel times between the sources of a search and every node that it settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TravelTimes {
    direction: Direction,
    /// Per node; [`UNREACHABLE_MS`] where it was not settled.
    time_ms: Vec<Millis>,
    /// Per node: the edge of the last step, or [`NO_EDGE`] at a source.
    last_edge: Vec<u32>,
    /// Per node: the node before the last step.
    before: Vec<u32>,
}

const NO_EDGE: u32 = u32::MAX;

impl TravelTimes {
    /// Milliseconds between the best source and `node`, with what was spent before that source;
    /// [`UNREACHABLE_MS`] where no open path exists, or none within the bound.
    ///
    /// # Panics
    /// When `node` is not of the graph that was searched.
    #[must_use]
    pub fn time_ms(&self, node: NodeIndex) -> Millis {
        self.time_ms[node.index()]
    }

    /// The source of the shortest path; `None` when unreachable.
    #[must_use]
    pub fn source_of(&self, node: NodeIndex) -> Option<NodeIndex> {
        self.steps_back(node)?.last().map(|(node, _)| node)
    }

    /// The edges of the shortest path in the order of travel, and the nodes that they join; `None` when
    /// unreachable. Of paths equally long the one whose last edges have lower numbers.
    #[must_use]
    pub fn path(&self, node: NodeIndex) -> Option<(Vec<NodeIndex>, Vec<EdgeIndex>)> {
        let mut nodes = Vec::new();
        let mut edges = Vec::new();
        for (node, edge) in self.steps_back(node)? {
            nodes.push(node);
            edges.extend(edge);
        }
        // A search against the direction of travel already walks from the start to the sources.
        if self.direction == Direction::Outgoing {
            nodes.reverse();
            edges.reverse();
        }
        Some((nodes, edges))
    }

    /// From `node` back to its source: each node with the edge of the step that reached it.
    fn steps_back(
        &self,
        node: NodeIndex,
    ) -> Option<impl Iterator<Item = (NodeIndex, Option<EdgeIndex>)> + use<'_>> {
        if self.time_ms(node) == UNREACHABLE_MS {
            return None;
        }
        let edge_of = |node: NodeIndex| match self.last_edge[node.index()] {
            NO_EDGE => None,
            edge => Some(edge_index(edge)),
        };
        Some(std::iter::successors(Some((node, edge_of(node))), move |&(node, edge)| {
            edge?;
            let before = NodeIndex::new(self.before[node.index()] as usize);
            Some((before, edge_of(before)))
        }))
    }
}

impl RoadGraph {
    /// One Dijkstra from all of `sources` at once; with [`Direction::Incoming`] towards them.
    ///
    /// It stops when every node of `targets` is settled (`None`: all there are) and never looks beyond
    /// `bound_ms`. Nodes that it did not settle are reported as unreachable.
    ///
    /// # Panics
    /// When a source or a target is not a node of this graph.
    ///
    /// # Complexity
    /// O((n + m) log n) for the n nodes and m edges within the bound, O(all nodes) to set up.
    #[must_use]
    pub fn travel_times(
        &self,
        closures: &Closures,
        direction: Direction,
        sources: &[Source],
        targets: Option<&[NodeIndex]>,
        bound_ms: Millis,
    ) -> TravelTimes {
        let arcs = self.arcs(direction);
        let closed = closures.mask(self);
        let mut search = Search::begin(arcs, sources, bound_ms.min(UNREACHABLE_MS - 1));
        let mut awaited = Awaited::new(arcs.nodes_count(), targets);
        while let Some(node) = search.settle_next() {
            if awaited.all_came_with(node) {
                break;
            }
            for arc in arcs.of_node(node) {
                if !closed.contains(arc.link) {
                    search.reach(arc.head, arc.travel_ms, node, arc.edge);
                }
            }
        }
        search.finish(direction)
    }
}

/// The state of one search.
struct Search {
    time_ms: Vec<Millis>,
    last_edge: Vec<u32>,
    before: Vec<u32>,
    settled: Vec<bool>,
    /// Nodes to settle, earliest first, of equals the lower index.
    frontier: BinaryHeap<Reverse<(Millis, u32)>>,
    bound_ms: Millis,
}

impl Search {
    fn begin(arcs: &Arcs, sources: &[Source], bound_ms: Millis) -> Search {
        let nodes_count = arcs.nodes_count();
        let mut search = Search {
            time_ms: vec![UNREACHABLE_MS; nodes_count],
            last_edge: vec![NO_EDGE; nodes_count],
            before: vec![0; nodes_count],
            settled: vec![false; nodes_count],
            frontier: BinaryHeap::new(),
            bound_ms,
        };
        for source in sources {
            let time_ms = &mut search.time_ms[source.node.index()];
            if source.spent_ms <= bound_ms && source.spent_ms < *time_ms {
                *time_ms = source.spent_ms;
                search.frontier.push(Reverse((source.spent_ms, source.node.index() as u32)));
            }
        }
        search
    }

    fn settle_next(&mut self) -> Option<u32> {
        while let Some(Reverse((_, node))) = self.frontier.pop() {
            let settled = &mut self.settled[node as usize];
            // A node is pushed again each time that it comes nearer; the first to come out is the nearest.
            if !*settled {
                *settled = true;
                return Some(node);
            }
        }
        None
    }

    fn reach(&mut self, head: u32, travel_ms: Millis, from: u32, edge: u32) {
        // Neither term exceeds half of the range: see the bound, and the limits of the tables.
        let time_ms = self.time_ms[from as usize] + travel_ms;
        let index = head as usize;
        let known_ms = self.time_ms[index];
        if time_ms > self.bound_ms || time_ms > known_ms {
            return;
        }
        if time_ms < known_ms {
            self.time_ms[index] = time_ms;
            self.frontier.push(Reverse((time_ms, head)));
        } else if edge >= self.last_edge[index] || self.is_source_at(index) {
            return;
        }
        self.last_edge[index] = edge;
        self.before[index] = from;
    }

    /// A node that has a time without a step is a source, and stays one against an equal path.
    fn is_source_at(&self, index: usize) -> bool {
        self.last_edge[index] == NO_EDGE
    }

    /// Forgets what was seen but not settled: such times may be too long.
    fn finish(mut self, direction: Direction) -> TravelTimes {
        for (node, settled) in self.settled.iter().enumerate() {
            if !settled {
                self.time_ms[node] = UNREACHABLE_MS;
                self.last_edge[node] = NO_EDGE;
                self.before[node] = 0;
            }
        }
        let Search { time_ms, last_edge, before, .. } = self;
        TravelTimes { direction, time_ms, last_edge, before }
    }
}

/// The targets that a search still waits for.
struct Awaited {
    awaited: Vec<bool>,
    /// `None`: every node is a target, so the search never ends early.
    remaining: Option<usize>,
}

impl Awaited {
    fn new(nodes_count: usize, targets: Option<&[NodeIndex]>) -> Awaited {
        let Some(targets) = targets else {
            return Awaited { awaited: Vec::new(), remaining: None };
        };
        let mut awaited = vec![false; nodes_count];
        for target in targets {
            awaited[target.index()] = true;
        }
        let remaining = awaited.iter().filter(|&&is| is).count();
        Awaited { awaited, remaining: Some(remaining) }
    }

    /// Counts a settled node; true when nothing is left to wait for.
    fn all_came_with(&mut self, node: u32) -> bool {
        let Some(remaining) = &mut self.remaining else { return false };
        if std::mem::take(&mut self.awaited[node as usize]) {
            *remaining -= 1;
        }
        *remaining == 0
    }
}

#[cfg(test)]
mod tests {
    use petgraph::algo::dijkstra;
    use petgraph::visit::{EdgeFiltered, EdgeRef, Reversed};
    use proptest::prelude::*;

    use super::*;
    use crate::network::fixture::{RandomRoads, closures_of, random_roads, strait, structure};
    use crate::network::graph::LinkId;

    /// The same question put to petgraph.
    fn oracle(roads: &RandomRoads, source: Source, direction: Direction) -> Vec<Millis> {
        let graph = roads.graph.graph();
        let closed: Vec<LinkId> = closures_of(&roads.graph, &roads.closures);
        let open = EdgeFiltered::from_fn(graph, |edge| !closed.contains(&edge.weight().id));
        let times = match direction {
            Direction::Outgoing => {
                dijkstra(&open, source.node, None, |edge| u64::from(edge.weight().travel_ms))
            }
            Direction::Incoming => {
                dijkstra(Reversed(&open), source.node, None, |edge| u64::from(edge.weight().travel_ms))
            }
        };
        let spent = |ms: u64| u32::try_from(ms + u64::from(source.spent_ms)).unwrap();
        graph.node_indices().map(|node| times.get(&node).map_or(UNREACHABLE_MS, |&ms| spent(ms))).collect()
    }

    fn times_of(roads: &RandomRoads, found: &TravelTimes) -> Vec<Millis> {
        roads.graph.graph().node_indices().map(|node| found.time_ms(node)).collect()
    }

    proptest! {
        #[test]
        fn travel_times_agree_with_petgraph_under_random_closures(
            roads in random_roads(),
            sources in prop::collection::vec((0..40_usize, 0..600_000_u32), 1..4),
            bound_ms in prop_oneof![Just(UNREACHABLE_MS), 0..3_600_000_u32],
            inward in any::<bool>(),
        ) {
            let direction = if inward { Direction::Incoming } else { Direction::Outgoing };
            let nodes_count = roads.graph.graph().node_count();
            let sources: Vec<Source> = sources
                .into_iter()
                .map(|(node, spent_ms)| Source { node: NodeIndex::new(node % nodes_count), spent_ms })
                .collect();
            let found = roads.graph.travel_times(&roads.closures, direction, &sources, None, bound_ms);

            let mut expected = vec![UNREACHABLE_MS; nodes_count];
            for source in &sources {
                for (best, ms) in expected.iter_mut().zip(oracle(&roads, *source, direction)) {
                    *best = ms.min(*best);
                }
            }
            for best in &mut expected {
                if *best > bound_ms {
                    *best = UNREACHABLE_MS;
                }
            }
            prop_assert_eq!(times_of(&roads, &found), expected);
        }

        #[test]
        fn a_search_that_stops_at_its_targets_gives_them_the_same_times(
            roads in random_roads(),
            source in 0..40_usize,
            targets in prop::collection::vec(0..40_usize, 0..5),
        ) {
            let nodes_count = roads.graph.graph().node_count();
            let node = |i: usize| NodeIndex::new(i % nodes_count);
            let sources = [Source { node: node(source), spent_ms: 0 }];
            let targets: Vec<NodeIndex> = targets.into_iter().map(node).collect();
            let search = |targets| {
                roads.graph.travel_times(&roads.closures, Direction::Outgoing, &sources, targets, UNREACHABLE_MS)
            };
            let (all, some) = (search(None), search(Some(&targets[..])));
            for &target in &targets {
                prop_assert_eq!(some.time_ms(target), all.time_ms(target));
                prop_assert_eq!(some.path(target), all.path(target));
            }
        }

        #[test]
        fn a_path_joins_its_nodes_by_open_edges_and_takes_the_time_stated(
            roads in random_roads(),
            source in 0..40_usize,
            inward in any::<bool>(),
        ) {
            let direction = if inward { Direction::Incoming } else { Direction::Outgoing };
            let graph = roads.graph.graph();
            let source = NodeIndex::new(source % graph.node_count());
            let closed = closures_of(&roads.graph, &roads.closures);
            let sources = [Source { node: source, spent_ms: 7 }];
            let found = roads.graph.travel_times(&roads.closures, direction, &sources, None, UNREACHABLE_MS);
            for node in graph.node_indices() {
                let Some((nodes, edges)) = found.path(node) else {
                    prop_assert_eq!(found.time_ms(node), UNREACHABLE_MS);
                    continue;
                };
                let (first, last) = if inward { (node, source) } else { (source, node) };
                prop_assert_eq!((nodes.first(), nodes.last()), (Some(&first), Some(&last)));
                prop_assert_eq!(found.source_of(node), Some(source));
                let mut time_ms = 7;
                for (ends, &edge) in nodes.windows(2).zip(&edges) {
                    prop_assert_eq!(graph.edge_endpoints(edge), Some((ends[0], ends[1])));
                    prop_assert!(!closed.contains(&graph[edge].id));
                    time_ms += graph[edge].travel_ms;
                }
                prop_assert_eq!(time_ms, found.time_ms(node));
            }
        }

        #[test]
        fn opening_what_was_closed_restores_every_answer(roads in random_roads(), source in 0..40_usize) {
            let graph = &roads.graph;
            let source = NodeIndex::new(source % graph.graph().node_count());
            let sources = [Source { node: source, spent_ms: 0 }];
            let search = |c: &Closures| {
                graph.travel_times(c, Direction::Outgoing, &sources, None, UNREACHABLE_MS)
            };
            let before = search(&Closures::none());
            let mut closures = roads.closures.clone();
            search(&closures);
            for id in roads.closures.structures() {
                closures.open(graph, id).unwrap();
            }
            for link in roads.closures.links() {
                closures.open_link(link);
            }
            prop_assert_eq!(search(&closures), before);
        }
    }

    #[test]
    fn of_two_equal_paths_the_lower_edge_wins() {
        // Two links between the same towns that take the same time.
        let graph = strait();
        let twin: Vec<_> = graph
            .graph()
            .edge_references()
            .filter(|edge| edge.weight().road_en.starts_with("Twin"))
            .map(|edge| (edge.source(), edge.target(), edge.id()))
            .collect();
        let (from, to, lower) = twin[0];
        assert_eq!(twin.iter().filter(|&&(a, b, _)| (a, b) == (from, to)).count(), 2);
        let sources = [Source { node: from, spent_ms: 0 }];
        let found =
            graph.travel_times(&Closures::none(), Direction::Outgoing, &sources, None, UNREACHABLE_MS);
        assert_eq!(found.path(to).unwrap().1, [lower]);
    }

    #[test]
    fn closing_a_structure_closes_every_link_of_it() {
        let graph = strait();
        let mut closures = Closures::none();
        closures.close(&graph, &structure("onaruto-bridge")).unwrap();
        assert_eq!(
            closures_of(&graph, &closures),
            graph.structure(&structure("onaruto-bridge")).unwrap().links
        );
    }
}
