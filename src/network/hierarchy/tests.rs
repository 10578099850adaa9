//! The hierarchy against petgraph's Dijkstra: small graphs of every shape, under closures that come and go.

use super::*;
use crate::network::{Millis, UNREACHABLE_MS};
use petgraph::Direction;
use petgraph::algo::dijkstra;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeFiltered;
use proptest::prelude::*;
use std::num::NonZeroUsize;

const ONE: NonZeroUsize = NonZeroUsize::MIN;

/// A graph, an order of its nodes, weights, and weights that some edges take later.
#[derive(Clone, Debug)]
struct Case {
    graph: FlatGraph,
    order: Vec<u32>,
    weights_ms: Vec<Millis>,
    changes: Vec<(u32, Millis)>,
}

fn weight() -> impl Strategy<Value = Millis> {
    prop_oneof![6 => 1..40_u32, 2 => 1..UNREACHABLE_MS / 3, 1 => Just(UNREACHABLE_MS), 1 => Just(0)]
}

fn case() -> impl Strategy<Value = Case> {
    (1..24_u32).prop_flat_map(|nodes_count| {
        let edges = prop::collection::vec(((0..nodes_count, 0..nodes_count), weight()), 0..70);
        let order = Just((0..nodes_count).collect::<Vec<u32>>()).prop_shuffle();
        (edges, order).prop_flat_map(move |(edges, order)| {
            let (ends, weights_ms): (Vec<(u32, u32)>, Vec<Millis>) = edges.into_iter().unzip();
            let (tails, heads) = ends.into_iter().unzip();
            let graph = FlatGraph::new(nodes_count, tails, heads).unwrap();
            let changes = prop::collection::vec((0..graph.edges_count().max(1), weight()), 0..6);
            let case = (Just(graph), Just(order), Just(weights_ms), changes);
            case.prop_map(|(graph, order, weights_ms, changes)| {
                let changes = if weights_ms.is_empty() { Vec::new() } else { changes };
                Case { graph, order, weights_ms, changes }
            })
        })
    })
}

/// All travel times from `source`, worked out by petgraph over the edges that are open.
fn oracle(graph: &FlatGraph, weights_ms: &[Millis], source: u32) -> Vec<Millis> {
    let mut plain = DiGraph::<(), u32>::new();
    (0..graph.nodes_count()).for_each(|_| {
        plain.add_node(());
    });
    for (edge, (tail, head)) in graph.edges().enumerate() {
        plain.add_edge(NodeIndex::new(tail as usize), NodeIndex::new(head as usize), edge as u32);
    }
    let open = EdgeFiltered::from_fn(&plain, |edge| weights_ms[*edge.weight() as usize] < UNREACHABLE_MS);
    let times = dijkstra(&open, NodeIndex::new(source as usize), None, |edge| {
        u64::from(weights_ms[*edge.weight() as usize])
    });
    let time_to = |node: usize| times.get(&NodeIndex::new(node)).copied().unwrap_or(u64::MAX);
    (0..graph.nodes_count() as usize)
        .map(|node| time_to(node).min(u64::from(UNREACHABLE_MS)) as Millis)
        .collect()
}

fn all_times(hierarchy: &Hierarchy, metric: &Metric, threads: NonZeroUsize) -> Vec<Millis> {
    let nodes: Vec<u32> = (0..hierarchy.nodes_count()).collect();
    let targets = Targets::new(hierarchy, &nodes);
    Matrix::new(hierarchy, metric, &targets, Direction::Outgoing).rows(&nodes, threads)
}

/// What the edges of a path cost one after the other, after checking that they join.
fn cost_of_path(case: &Case, weights_ms: &[Millis], source: u32, target: u32, edges: &[u32]) -> Millis {
    let mut here = source;
    for &edge in edges {
        let (tail, head) = case.graph.ends(edge);
        assert_eq!(tail, here, "edge {edge} does not go on from where the path is");
        here = head;
    }
    assert_eq!(here, target);
    edges.iter().map(|&edge| weights_ms[edge as usize]).sum()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn every_search_gives_the_times_of_dijkstra(case in case()) {
        let hierarchy = Hierarchy::new(&case.graph, &case.order).unwrap();
        let metric = Metric::new(&hierarchy, &case.weights_ms, ONE);
        let nodes: Vec<u32> = (0..case.graph.nodes_count()).collect();
        let expected: Vec<Millis> =
            nodes.iter().flat_map(|&source| oracle(&case.graph, &case.weights_ms, source)).collect();
        prop_assert_eq!(&all_times(&hierarchy, &metric, ONE), &expected);
        let targets = Targets::new(&hierarchy, &nodes);
        let to_all = Matrix::new(&hierarchy, &metric, &targets, Direction::Outgoing);
        let from_all = Matrix::new(&hierarchy, &metric, &targets, Direction::Incoming);
        let mut search = RouteSearch::new(&hierarchy);
        for &source in &nodes {
            let row = &expected[source as usize * nodes.len()..][..nodes.len()];
            prop_assert_eq!(&to_all.row(&[(source, 0)])[..], row);
            let column: Vec<Millis> =
                nodes.iter().map(|&from| expected[from as usize * nodes.len() + source as usize]).collect();
            prop_assert_eq!(&from_all.row(&[(source, 0)]), &column);
            for &target in &nodes {
                prop_assert_eq!(search.travel_time(&hierarchy, &metric, source, target), row[target as usize]);
                let path = search.path(&hierarchy, &metric, &case.weights_ms, (source, target));
                prop_assert_eq!(path.is_some(), row[target as usize] < UNREACHABLE_MS);
                if let Some((edges, time_ms)) = path {
                    prop_assert_eq!(time_ms, row[target as usize]);
                    prop_assert_eq!(cost_of_path(&case, &case.weights_ms, source, target, &edges), time_ms);
                }
            }
        }
    }

    #[test]
    fn what_changes_partly_is_as_worked_out_anew_and_comes_back_bit_for_bit(case in case()) {
        let hierarchy = Hierarchy::new(&case.graph, &case.order).unwrap();
        let before = Metric::new(&hierarchy, &case.weights_ms, ONE);
        let mut weights_ms = case.weights_ms.clone();
        let changed: Vec<u32> = case.changes.iter().map(|(edge, _)| *edge).collect();
        for &(edge, weight_ms) in &case.changes {
            weights_ms[edge as usize] = weight_ms;
        }
        let mut metric = before.clone();
        metric.update(&hierarchy, &weights_ms, &changed, ONE);
        prop_assert_eq!(&metric, &Metric::new(&hierarchy, &weights_ms, ONE));
        metric.update(&hierarchy, &case.weights_ms, &changed, ONE);
        prop_assert_eq!(&metric, &before);
    }

    #[test]
    fn the_number_of_threads_changes_nothing(case in case(), threads in 2..6_usize) {
        let threads = NonZeroUsize::new(threads).unwrap();
        let hierarchy = Hierarchy::new(&case.graph, &case.order).unwrap();
        let metric = Metric::new(&hierarchy, &case.weights_ms, ONE);
        prop_assert_eq!(&Metric::new(&hierarchy, &case.weights_ms, threads), &metric);
        prop_assert_eq!(all_times(&hierarchy, &metric, threads), all_times(&hierarchy, &metric, ONE));
    }

    #[test]
    fn the_order_of_a_hierarchy_leads_to_it_again(case in case()) {
        let hierarchy = Hierarchy::new(&case.graph, &case.order).unwrap();
        prop_assert_eq!(&Hierarchy::new(&case.graph, hierarchy.order()).unwrap(), &hierarchy);
    }

    #[test]
    fn from_several_nodes_the_best_counts(case in case(), spent_ms in prop::collection::vec((0..24_u32, 0..60_u32), 1..5)) {
        let hierarchy = Hierarchy::new(&case.graph, &case.order).unwrap();
        let metric = Metric::new(&hierarchy, &case.weights_ms, ONE);
        let nodes: Vec<u32> = (0..case.graph.nodes_count()).collect();
        let sources: Vec<(u32, Millis)> =
            spent_ms.into_iter().map(|(node, spent_ms)| (node % case.graph.nodes_count(), spent_ms)).collect();
        let targets = Targets::new(&hierarchy, &nodes);
        let row = Matrix::new(&hierarchy, &metric, &targets, Direction::Outgoing).row(&sources);
        let times: Vec<Vec<Millis>> =
            sources.iter().map(|&(source, _)| oracle(&case.graph, &case.weights_ms, source)).collect();
        for (node, &time_ms) in row.iter().enumerate() {
            let best = sources.iter().zip(&times).map(|((_, spent_ms), times)| spent_ms + times[node]).min();
            prop_assert_eq!(time_ms, best.unwrap().min(UNREACHABLE_MS));
        }
    }
}

#[test]
fn an_order_of_other_nodes_is_refused() {
    let graph = FlatGraph::new(3, vec![0, 1], vec![1, 2]).unwrap();
    assert_eq!(Hierarchy::new(&graph, &[0, 1]), Err(OrderFault::Length { got: 2, want: 3 }));
    assert_eq!(Hierarchy::new(&graph, &[0, 1, 1]), Err(OrderFault::NotAPermutation { node: 1 }));
    assert_eq!(Hierarchy::new(&graph, &[0, 1, 3]), Err(OrderFault::NotAPermutation { node: 3 }));
}
