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
    fn a_renewed_metric_keeps_nothing_of_what_it_was(case in case(), threads in 1..4_usize) {
        let threads = NonZeroUsize::new(threads).unwrap();
        let hierarchy = Hierarchy::new(&case.graph, &case.order).unwrap();
        let mut weights_ms = case.weights_ms.clone();
        for &(edge, weight_ms) in &case.changes {
            weights_ms[edge as usize] = weight_ms;
        }
        let mut metric = Metric::new(&hierarchy, &case.weights_ms, ONE);
        metric.renew(&hierarchy, &weights_ms, threads);
        prop_assert_eq!(&metric, &Metric::new(&hierarchy, &weights_ms, ONE));
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn the_nearest_are_the_first_of_all_by_time(case in case(), count in 0..30_usize, source in 0..24_u32) {
        let hierarchy = Hierarchy::new(&case.graph, &case.order).unwrap();
        let metric = Metric::new(&hierarchy, &case.weights_ms, ONE);
        let source = source % case.graph.nodes_count();
        // Every second node, the last first: places among the targets are not numbers of nodes.
        let targets: Vec<u32> = (0..case.graph.nodes_count()).rev().step_by(2).collect();
        let selection = Targets::new(&hierarchy, &targets);
        let near = Matrix::new(&hierarchy, &metric, &selection, Direction::Outgoing).nearest(&[(source, 0)], count);
        let times = oracle(&case.graph, &case.weights_ms, source);
        let mut all: Vec<(Millis, usize)> =
            targets.iter().enumerate().map(|(place, &target)| (times[target as usize], place)).collect();
        all.retain(|&(time_ms, _)| time_ms < UNREACHABLE_MS);
        all.sort_unstable();
        all.truncate(count);
        let near: Vec<(Millis, usize)> = near.iter().map(|near| (near.time_ms, near.target_idx)).collect();
        prop_assert_eq!(near, all);
    }

    #[test]
    fn an_isochrone_ends_where_the_next_metre_takes_too_long(
        case in case(),
        source in 0..24_u32,
        bound_ms in 0..120_u32,
        length_m in 1..50_u32,
        inwards in any::<bool>(),
    ) {
        let hierarchy = Hierarchy::new(&case.graph, &case.order).unwrap();
        let metric = Metric::new(&hierarchy, &case.weights_ms, ONE);
        let source = source % case.graph.nodes_count();
        let nodes: Vec<u32> = (0..case.graph.nodes_count()).collect();
        let selection = Targets::new(&hierarchy, &nodes);
        let direction = if inwards { Direction::Incoming } else { Direction::Outgoing };
        let lengths_m: Vec<u32> = (0..case.graph.edges_count()).map(|edge| length_m + edge).collect();
        let roads = Roads { graph: &case.graph, weights_ms: &case.weights_ms, lengths_m: &lengths_m };
        let reached =
            Matrix::new(&hierarchy, &metric, &selection, direction).isochrone(roads, &[(source, 0)], bound_ms);
        let times: Vec<Millis> = match direction {
            Direction::Outgoing => oracle(&case.graph, &case.weights_ms, source),
            Direction::Incoming => {
                let time_ms = |&node: &u32| oracle(&case.graph, &case.weights_ms, node)[source as usize];
                nodes.iter().map(time_ms).collect()
            }
        };
        let within: Vec<(u32, Millis)> =
            nodes.iter().map(|&node| (node, times[node as usize])).filter(|node| node.1 <= bound_ms).collect();
        prop_assert_eq!(&reached.nodes, &within);
        let mut edges = Vec::new();
        for (edge, (tail, head)) in (0_u32..).zip(case.graph.edges()) {
            let entered_ms = u64::from(times[if inwards { head } else { tail } as usize]);
            let (weight_ms, length_m) = (u64::from(case.weights_ms[edge as usize]), u64::from(lengths_m[edge as usize]));
            let is_within = |metres: &u64| entered_ms * length_m + weight_ms * metres <= u64::from(bound_ms) * length_m;
            let is_open = weight_ms < u64::from(UNREACHABLE_MS);
            if let Some(metres) = (1..=length_m).rev().find(is_within).filter(|_| is_open) {
                edges.push(EdgeWithin { edge, reached_m: metres as u32 });
            }
        }
        prop_assert_eq!(&reached.edges, &edges);
    }

    #[test]
    fn live_metrics_are_those_worked_out_anew_whoever_reads(
        case in case(),
        later in prop::collection::vec(
            (prop::collection::vec((0..70_u32, weight()), 0..4), any::<bool>(), any::<bool>(), 0..4_usize),
            0..9,
        ),
        repair in prop::collection::vec((0..70_u32, weight()), 0..3),
    ) {
        prop_assume!(!case.weights_ms.is_empty());
        let there = |changes: &[(u32, Millis)]| -> Vec<(u32, Millis)> {
            changes.iter().map(|&(edge, weight_ms)| (edge % case.graph.edges_count(), weight_ms)).collect()
        };
        let anew = |hierarchy: &Hierarchy, weights_ms: &[Millis]| Metric::new(hierarchy, weights_ms, ONE);
        let hierarchy = Hierarchy::new(&case.graph, &case.order).unwrap();
        let mut live = LiveMetrics::new(&hierarchy, case.weights_ms.clone(), ONE);
        let (mut now_ms, mut after_ms, repair) = (case.weights_ms.clone(), case.weights_ms.clone(), there(&repair));
        live.plan(&hierarchy, &repair, ONE);
        repair.iter().for_each(|&(edge, weight_ms)| after_ms[edge as usize] = weight_ms);
        let mut readers = Vec::new();
        for (changes, is_read, is_ready, left) in &later {
            let changes = there(changes);
            if *is_read {
                readers.push((live.now(), now_ms.clone()));
            }
            if readers.len() > 3 {
                readers.remove(*left);
            }
            if *is_ready {
                live.make_ready(&hierarchy, ONE);
            }
            live.change(&hierarchy, &changes, ONE);
            for &(edge, weight_ms) in &changes {
                now_ms[edge as usize] = weight_ms;
                if repair.iter().all(|repaired| repaired.0 != edge) {
                    after_ms[edge as usize] = weight_ms;
                }
            }
            let (now, after) = (live.now(), live.after_repair().unwrap());
            prop_assert_eq!(now.metric(), &anew(&hierarchy, &now_ms));
            prop_assert_eq!(after.metric(), &anew(&hierarchy, &after_ms));
        }
        for (snapshot, weights_ms) in readers {
            prop_assert_eq!(snapshot.weights_ms(), &weights_ms[..]);
            prop_assert_eq!(snapshot.metric(), &anew(&hierarchy, &weights_ms));
        }
        live.carry_out();
        let repaired = live.now();
        prop_assert_eq!(repaired.weights_ms(), &after_ms[..]);
        live.change(&hierarchy, &case.changes, ONE);
        case.changes.iter().for_each(|&(edge, weight_ms)| after_ms[edge as usize] = weight_ms);
        let closed = live.now();
        prop_assert_eq!(closed.metric(), &anew(&hierarchy, &after_ms));
        prop_assert!(live.after_repair().is_none());
    }
}

#[test]
fn readers_keep_what_they_saw_while_nobody_copies_for_a_change() {
    let (hierarchy, weights_ms) = squares(12);
    let anew = |weights_ms: &[Millis]| Metric::new(&hierarchy, weights_ms, ONE);
    let mut live = LiveMetrics::new(&hierarchy, weights_ms.clone(), ONE);
    live.make_ready(&hierarchy, ONE);
    let first = live.now();
    // A reader stays with the first for longer than anybody remembers single changes.
    let mut now_ms = weights_ms.clone();
    for edge in 0..120 {
        now_ms[edge as usize] = UNREACHABLE_MS;
        live.change(&hierarchy, &[(edge, UNREACHABLE_MS)], ONE);
        live.make_ready(&hierarchy, ONE);
    }
    assert_eq!(first.metric(), &anew(&weights_ms));
    assert_eq!(live.now().metric(), &anew(&now_ms));
    drop(first);
    let mut readers = Vec::new();
    for edge in [3, 7, 150] {
        readers.push(live.now());
        now_ms[edge] = weights_ms[edge] + 1;
        live.change(&hierarchy, &[(edge as u32, now_ms[edge])], ONE);
        assert_eq!(live.now().weights_ms(), &now_ms[..]);
        assert_eq!(live.now().metric(), &anew(&now_ms));
    }
}

/// Streets in squares, both ways, with weights that no two neighbours share, in an order that cuts them well.
pub(super) fn squares(side: u32) -> (Hierarchy, Vec<Millis>) {
    let (mut tails, mut heads) = (Vec::new(), Vec::new());
    for node in 0..side * side {
        let right = Some(node + 1).filter(|next| next % side != 0);
        let above = Some(node + side).filter(|&next| next < side * side);
        for next in right.into_iter().chain(above) {
            tails.extend([node, next]);
            heads.extend([next, node]);
        }
    }
    let weights_ms = (0..tails.len() as u32).map(|edge| 1 + edge.wrapping_mul(2_654_435_769) % 997).collect();
    let graph = FlatGraph::new(side * side, tails, heads).unwrap();
    let order = crate::network::order::nested_dissection(&graph, None, ONE);
    (Hierarchy::new(&graph, &order).unwrap(), weights_ms)
}

#[test]
fn closures_in_a_town_are_as_worked_out_anew_by_any_number_of_threads() {
    let (hierarchy, weights_ms) = squares(40);
    let before = Metric::new(&hierarchy, &weights_ms, ONE);
    for count in [1, 2, 5, 12, 20, 60] {
        let changed: Vec<u32> =
            (0..count).map(|i: u32| (i * 7_919 + count) % hierarchy.edges_count()).collect();
        let mut closed_ms = weights_ms.clone();
        changed.iter().for_each(|&edge| closed_ms[edge as usize] = UNREACHABLE_MS);
        let anew = Metric::new(&hierarchy, &closed_ms, ONE);
        for threads in [1, 2, 3].map(|threads| NonZeroUsize::new(threads).unwrap()) {
            assert_eq!(Metric::new(&hierarchy, &closed_ms, threads), anew);
            let mut metric = before.clone();
            let how = metric.update(&hierarchy, &closed_ms, &changed, threads);
            assert_eq!(metric, anew, "{how:?}");
            metric.update(&hierarchy, &weights_ms, &changed, threads);
            assert_eq!(metric, before);
        }
    }
}

#[test]
fn a_fast_street_that_closes_and_opens_is_as_worked_out_anew() {
    let side = 40;
    let (hierarchy, mut weights_ms) = squares(side);
    let anew = |weights_ms: &[Millis]| Metric::new(&hierarchy, weights_ms, ONE);
    // Both ways along the middle of the town: nearly every long way goes over it.
    let street: Vec<u32> =
        (0..hierarchy.edges_count()).filter(|&edge| is_on_row(side, edge, side / 2)).collect();
    assert_eq!(street.len() as u32, 2 * (side - 1));
    street.iter().for_each(|&edge| weights_ms[edge as usize] = 2);
    let before = anew(&weights_ms);
    let mut most = 0;
    let mut metric = before.clone();
    for both_ways in street.chunks(2).step_by(5) {
        for closed in [both_ways, &both_ways[..1]] {
            let mut closed_ms = weights_ms.clone();
            closed.iter().for_each(|&edge| closed_ms[edge as usize] = UNREACHABLE_MS);
            let how = metric.update(&hierarchy, &closed_ms, closed, ONE);
            assert_eq!(metric, anew(&closed_ms), "{closed:?} closed: {how:?}");
            if let Customised::Partly { costs_count } = how {
                most = most.max(costs_count);
            }
            // It opens, and the street's first road is slower.
            let mut slower_ms = weights_ms.clone();
            slower_ms[street[0] as usize] = 1_000;
            let changed = [closed, &street[..1]].concat();
            metric.update(&hierarchy, &slower_ms, &changed, ONE);
            assert_eq!(metric, anew(&slower_ms), "{closed:?} open again, {} slower", street[0]);
            metric.update(&hierarchy, &weights_ms, &street[..1], ONE);
            assert_eq!(metric, before);
        }
    }
    assert!(most > 1_000, "{most} costs are not many");
}

/// Whether an edge of [`squares`] lies along a street from left to right, the one of that number.
fn is_on_row(side: u32, edge: u32, row: u32) -> bool {
    // Each node has both directions of the road to its right, then both of the road above.
    let mut next = 0;
    for node in 0..side * side {
        let (has_right, has_above) = ((node + 1) % side != 0, node + side < side * side);
        if has_right && (next..next + 2).contains(&edge) {
            return node / side == row;
        }
        next += 2 * (u32::from(has_right) + u32::from(has_above));
    }
    false
}

#[test]
fn many_sources_at_once_get_the_rows_that_each_gets_alone() {
    let (hierarchy, mut weights_ms) = squares(14);
    weights_ms.iter_mut().step_by(17).for_each(|weight_ms| *weight_ms = UNREACHABLE_MS);
    let metric = Metric::new(&hierarchy, &weights_ms, ONE);
    let nodes: Vec<u32> = (0..hierarchy.nodes_count()).rev().collect();
    // Fewer, as many and more than one sweep serves and turns at a time.
    for (sources_count, targets_count) in [(1, 7), (15, 8), (16, 9), (17, 40), (32, 41), (33, 3), (150, 196)]
    {
        let (sources, targets) = (&nodes[..sources_count], Targets::new(&hierarchy, &nodes[..targets_count]));
        for direction in [Direction::Outgoing, Direction::Incoming] {
            let matrix = Matrix::new(&hierarchy, &metric, &targets, direction);
            let alone: Vec<Millis> = sources.iter().flat_map(|&source| matrix.row(&[(source, 0)])).collect();
            for threads in [ONE, ONE.saturating_add(2)] {
                assert_eq!(matrix.rows(sources, threads), alone);
            }
        }
    }
}
