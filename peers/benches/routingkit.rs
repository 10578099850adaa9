//! The travel-time engine beside RoutingKit's customizable contraction hierarchies, in one process.
//!
//! `make peers`. Every answer is compared with the peer's before its time is printed; `x 2` is twice as fast as the
//! peer, which has one thread throughout. `ROADS=100000,new-york,1000000` chooses the networks.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

#[path = "../../benches/common/networks.rs"]
mod networks;
#[path = "../../benches/common/road_like.rs"]
mod road_like;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::time::Duration;

use networks::{Network, edges, median, nodes, print_ratio, timed};
use petgraph::Direction;
use routingkit_cch::{
    CCH, CCHMetric, CCHMetricPartialUpdater, CCHOneToMany, CCHQuery, compute_order_inertial,
};
use yui::network::UNREACHABLE_MS;
use yui::network::flat::FlatGraph;
use yui::network::hierarchy::{Hierarchy, Matrix, Metric, RouteSearch, Targets};
use yui::network::order::{PlanePoint, landmark_points, nested_dissection};

const ONE: NonZeroUsize = NonZeroUsize::MIN;
/// Sources and targets of the matrix.
const SOURCES: usize = 300;
const TARGETS: usize = 5_000;
/// Pairs of the searches from node to node.
const PAIRS: usize = 10_000;
/// Changed edges of a partial customisation.
const CHANGES: [usize; 4] = [1, 10, 100, 1_000];
const RUNS: usize = 5;
const PEER: &str = "RoutingKit";

fn main() {
    networks::networks().iter().for_each(compare);
}

fn compare(network: &Network) {
    let (name, graph) = (&network.name[..], &network.graph);
    let landmarks = network.points.is_none().then(|| landmark_points(graph));
    let points = network.points.as_deref().or(landmarks.as_deref()).expect("one of both");
    let (tails, heads): (Vec<u32>, Vec<u32>) = graph.edges().unzip();
    let their_order = compare_orders(network, points, (&tails, &heads));
    let order = nested_dissection(graph, network.points.as_deref(), NonZeroUsize::new(2).expect("two"));

    // Both on one order: what follows is about the engine alone.
    let (hierarchy, ours) = median(RUNS, || Hierarchy::new(graph, &order).expect("an order of this graph"));
    let (cch, theirs) = median(RUNS, || CCH::new(&order, &tails, &heads, |_| {}, false));
    print_ratio(name, "build", ours, (PEER, theirs));
    drop(their_order);
    let weights_ms = &network.weights_ms;
    let (metric, ours) = median(RUNS, || Metric::new(&hierarchy, weights_ms, ONE));
    let (their_metric, theirs) = median(RUNS, || CCHMetric::new(&cch, weights_ms.clone()));
    print_ratio(name, "customise", ours, (PEER, theirs));
    let two = NonZeroUsize::new(2).expect("two");
    let (_, ours) = median(RUNS, || Metric::new(&hierarchy, weights_ms, two));
    print_ratio(name, "customise, 2 threads", ours, (PEER, theirs));
    compare_points(name, &hierarchy, &metric, &their_metric);
    compare_matrices(network, &hierarchy, &cch);
    compare_changes(network, &hierarchy, &cch);
}

/// Up-arcs and time of both orders; theirs.
fn compare_orders(network: &Network, points: &[PlanePoint], ends: (&[u32], &[u32])) -> Vec<u32> {
    let (name, graph) = (&network.name[..], &network.graph);
    let (lats, lons): (Vec<f32>, Vec<f32>) =
        points.iter().map(|point| (point.y as f32, point.x as f32)).unzip();
    let (theirs, their_time) =
        timed(|| compute_order_inertial(graph.nodes_count(), ends.0, ends.1, &lats, &lons));
    let (ours, our_time) = timed(|| nested_dissection(graph, network.points.as_deref(), ONE));
    print_ratio(name, "order", our_time, (PEER, their_time));
    let arcs = |order: &[u32]| Hierarchy::new(graph, order).expect("an order of this graph").arcs_count();
    let (our_arcs, their_arcs) = (arcs(&ours), arcs(&theirs));
    let share = f64::from(our_arcs) / f64::from(their_arcs);
    println!("{name:>9}  {:<28} {our_arcs:>11}  {PEER} {their_arcs:>11}  {share:.3} of its", "up-arcs");
    theirs
}

fn compare_points(name: &str, hierarchy: &Hierarchy, metric: &Metric, theirs: &CCHMetric<'_>) {
    let ends = pairs(hierarchy);
    let mut search = RouteSearch::new(hierarchy);
    let mut query = CCHQuery::new(theirs);
    let mut their_time_ms = |&(source, target): &(u32, u32)| {
        query.add_source(source, 0);
        query.add_target(target, 0);
        query.run().distance().unwrap_or(UNREACHABLE_MS)
    };
    let (our_times, ours) = median(RUNS, || -> Vec<u32> {
        ends.iter().map(|&(source, target)| search.travel_time(hierarchy, metric, source, target)).collect()
    });
    let (their_times, theirs) =
        median(RUNS, || -> Vec<u32> { ends.iter().map(&mut their_time_ms).collect() });
    assert_eq!(our_times, their_times);
    print_ratio(name, "node to node", ours / PAIRS as u32, (PEER, theirs / PAIRS as u32));
}

fn pairs(hierarchy: &Hierarchy) -> Vec<(u32, u32)> {
    let graph = FlatGraph::new(hierarchy.nodes_count(), Vec::new(), Vec::new()).expect("no edges");
    nodes(&graph, 1, PAIRS).into_iter().zip(nodes(&graph, 2, PAIRS)).collect()
}

/// All weights change, then a matrix.
fn compare_matrices(network: &Network, hierarchy: &Hierarchy, cch: &CCH) {
    let (sources, targets) = (nodes(&network.graph, 3, SOURCES), nodes(&network.graph, 4, TARGETS));
    let selection = Targets::new(hierarchy, &targets);
    for threads in [1, 2] {
        let threads = NonZeroUsize::new(threads).expect("at least one");
        let (rows, ours) = median(RUNS, || {
            let metric = Metric::new(hierarchy, &network.weights_ms, threads);
            Matrix::new(hierarchy, &metric, &selection, Direction::Outgoing).rows(&sources, threads)
        });
        let (their_rows, theirs) = median(1, || {
            let metric = CCHMetric::new(cch, network.weights_ms.clone());
            let mut search = CCHOneToMany::new(&metric, &targets);
            let rows = sources.iter().flat_map(|&source| search.distances_from(source));
            rows.map(|time_ms| time_ms.unwrap_or(UNREACHABLE_MS)).collect::<Vec<u32>>()
        });
        assert_eq!(rows, their_rows);
        print_ratio(&network.name, &format!("customise + matrix, {threads} thr"), ours, (PEER, theirs));
    }
}

/// Some edges close; then ready to answer.
fn compare_changes(network: &Network, hierarchy: &Hierarchy, cch: &CCH) {
    let weights_ms = &network.weights_ms;
    let mut metric = Metric::new(hierarchy, weights_ms, ONE);
    let mut their_metric = CCHMetric::new(cch, weights_ms.clone());
    let mut updater = CCHMetricPartialUpdater::new(cch);
    let (_, full) = median(RUNS, || Metric::new(hierarchy, weights_ms, ONE));
    for count in CHANGES {
        let (mut ours, mut theirs): (Vec<Duration>, Vec<Duration>) = (Vec::new(), Vec::new());
        let mut how = String::new();
        for seed in 0..RUNS as u64 {
            let changed = edges(&network.graph, 100 + seed, count);
            let mut closed_ms = weights_ms.clone();
            changed.iter().for_each(|&edge| closed_ms[edge as usize] = UNREACHABLE_MS);
            let updates = |weights_ms: &[u32]| -> BTreeMap<u32, u32> {
                changed.iter().map(|&edge| (edge, weights_ms[edge as usize])).collect()
            };
            let (customised, time) = timed(|| metric.update(hierarchy, &closed_ms, &changed, ONE));
            ours.push(time);
            how = format!("{customised:?}");
            let closures = updates(&closed_ms);
            theirs.push(timed(|| updater.apply(&mut their_metric, &closures)).1);
            compare_some(hierarchy, &metric, &their_metric);
            metric.update(hierarchy, weights_ms, &changed, ONE);
            updater.apply(&mut their_metric, &updates(weights_ms));
        }
        ours.sort_unstable();
        theirs.sort_unstable();
        let (ours, theirs) = (ours[RUNS / 2], theirs[RUNS / 2]);
        print_ratio(&network.name, &format!("{count} closed"), ours, (PEER, theirs));
        println!(
            "{:>9}  full takes {:.2?}: {:.2} of it; {how}",
            "",
            full,
            ours.as_secs_f64() / full.as_secs_f64()
        );
    }
}

fn compare_some(hierarchy: &Hierarchy, metric: &Metric, theirs: &CCHMetric<'_>) {
    let (mut search, mut query) = (RouteSearch::new(hierarchy), CCHQuery::new(theirs));
    for (source, target) in pairs(hierarchy).into_iter().take(200) {
        query.add_source(source, 0);
        query.add_target(target, 0);
        let their_ms = query.run().distance().unwrap_or(UNREACHABLE_MS);
        assert_eq!(search.travel_time(hierarchy, metric, source, target), their_ms);
    }
}
