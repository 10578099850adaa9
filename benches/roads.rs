//! The travel-time engine on road-like networks, beside petgraph's own Dijkstra and a plain contraction hierarchy.
//!
//! Every answer is compared with the reference's before its time is printed; `x 2` is twice as fast as the reference.
//! `ROADS=100000,300000,new-york,1000000` chooses the networks (`TEST_DATA` says where New York's lies);
//! `make peers` compares with RoutingKit. Targets: `docs/performance.md`.

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

#[path = "common/networks.rs"]
mod networks;
#[path = "common/osm.rs"]
mod osm;
#[path = "common/road_like.rs"]
mod road_like;

use std::hint::black_box;
use std::num::NonZeroUsize;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion};
use networks::{Network, edges, median, nodes, print_ratio, timed};
use petgraph::Direction;
use petgraph::algo::dijkstra;
use petgraph::graph::{DiGraph, NodeIndex};
use yui::network::UNREACHABLE_MS;
use yui::network::file::NetworkFile;
use yui::network::hierarchy::{Hierarchy, LiveMetrics, Matrix, Metric, RouteSearch, Targets};
use yui::network::import::pbf;
use yui::network::order::nested_dissection;
use yui::network::roads::SnapIndex;

const ONE: NonZeroUsize = NonZeroUsize::MIN;
const TWO: NonZeroUsize = ONE.saturating_add(1);
/// Sources and targets of the matrix.
const SOURCES: usize = 300;
const TARGETS: usize = 5_000;
/// Rows that the reference works out: the time of all is scaled from theirs.
const SAMPLED_ROWS: usize = 3;
/// Pairs of the searches from node to node, and as many that the reference answers.
const PAIRS: usize = 10_000;
const CHANGES: [usize; 4] = [1, 10, 100, 1_000];
const RUNS: usize = 5;
/// A contraction hierarchy for fixed weights takes minutes to prepare beyond this.
const FAST_PATHS_NODES_MAX: u32 = 150_000;
/// Single roads that close and open, one after the other.
const CLOSURES: usize = 51;
/// Nodes of the map that is imported.
const MAP_NODES: u32 = 300_000;

fn main() {
    let networks = networks::networks();
    let engines: Vec<Engine<'_>> = networks.iter().map(report).collect();
    report_import();
    let mut criterion = Criterion::default().configure_from_args();
    bench_searches(&mut criterion, &engines);
    criterion.final_summary();
}

/// What a network is worked out to.
struct Engine<'n> {
    network: &'n Network,
    hierarchy: Hierarchy,
    metric: Metric,
}

impl Engine<'_> {
    fn pairs(&self) -> Vec<(u32, u32)> {
        let graph = &self.network.graph;
        nodes(graph, 1, PAIRS).into_iter().zip(nodes(graph, 2, PAIRS)).collect()
    }
}

/// Prints one figure.
fn print(network: &str, what: &str, figure: impl std::fmt::Display) {
    println!("{network:>9}  {what:<28} {figure:>11}");
}

fn print_time(network: &str, what: &str, time: Duration) {
    print(network, what, format!("{time:.2?}"));
}

/// Every figure of one network.
fn report(network: &Network) -> Engine<'_> {
    let (name, graph) = (&network.name[..], &network.graph);
    print(name, "nodes", graph.nodes_count());
    print(name, "edges", graph.edges_count());
    let (order, time) = timed(|| nested_dissection(graph, network.points.as_deref(), ONE));
    print_time(name, "order", time);
    let (order_of_two, time) = timed(|| nested_dissection(graph, network.points.as_deref(), TWO));
    assert_eq!(order, order_of_two);
    print_time(name, "order, 2 threads", time);
    let (hierarchy, time) = median(RUNS, || Hierarchy::new(graph, &order).expect("an order of this graph"));
    print_time(name, "build", time);
    print(name, "up-arcs", hierarchy.arcs_count());
    let (metric, alone) = median(RUNS, || Metric::new(&hierarchy, &network.weights_ms, ONE));
    print_time(name, "customise", alone);
    let (metric_of_two, both) = median(RUNS, || Metric::new(&hierarchy, &network.weights_ms, TWO));
    assert_eq!(metric, metric_of_two);
    print_ratio(name, "customise, 2 threads", both, ("1 thread", alone));
    print(name, "bytes of hierarchy", hierarchy.bytes());
    print(name, "bytes of a metric", metric.bytes());
    let engine = Engine { network, hierarchy, metric };
    report_changes(&engine, alone);
    report_live(&engine);
    report_memory(&engine);
    report_pairs(&engine);
    report_matrix(&engine);
    engine
}

/// One road closes, until readers are handed what is in force: searches before and after it, copies kept ready.
fn report_live(engine: &Engine<'_>) {
    let Engine { network, hierarchy, .. } = engine;
    let name = &network.name;
    let mut weights_ms = network.weights_ms.clone();
    let mut live = LiveMetrics::new(hierarchy, weights_ms.clone(), ONE);
    live.make_ready(hierarchy, ONE);
    let (mut effect, mut ready) = (Vec::new(), Vec::new());
    let mut reader = live.now();
    for edge in edges(&network.graph, 200, CLOSURES) {
        weights_ms[edge as usize] = UNREACHABLE_MS;
        let change = || {
            live.change(hierarchy, &[(edge, UNREACHABLE_MS)], ONE);
            live.now()
        };
        let (now, time) = timed(change);
        effect.push(time);
        // Whoever was searching goes on with what was in force.
        assert_ne!(now.weights_ms(), reader.weights_ms());
        reader = now;
        ready.push(timed(|| live.make_ready(hierarchy, ONE)).1);
    }
    assert_eq!(reader.metric(), &Metric::new(hierarchy, &weights_ms, TWO));
    effect.sort_unstable();
    ready.sort_unstable();
    print_time(name, "a road closed, in force", effect[CLOSURES / 2]);
    print_time(name, "the slowest of 51", effect[CLOSURES - 1]);
    print_time(name, "ready for the next", ready[CLOSURES / 2]);
}

/// A map of as many nodes, with the hierarchy and two metrics of the generated network that it is drawn from.
fn report_memory(engine: &Engine<'_>) {
    let Engine { network, hierarchy, .. } = engine;
    if network.points.is_none() {
        return;
    }
    let map = osm::extract(&road_like::road_like(networks::SEED, network.graph.nodes_count()));
    let imported = pbf::import(|| Ok(&map[..]), pbf::Options::default()).expect("an intact map").network;
    let live = LiveMetrics::new(hierarchy, network.weights_ms.clone(), TWO);
    let (roads, by_place) = (imported.bytes(), SnapIndex::new(&imported).bytes());
    let sum = roads + imported.flat().bytes() + by_place + hierarchy.bytes() + 2 * live.now().bytes();
    print(&network.name, "bytes of the roads", roads);
    print(&network.name, "bytes to find them by place", by_place);
    print(&network.name, "bytes with two metrics", sum);
}

/// A map becomes a network, and a file of it is opened.
fn report_import() {
    let roads = road_like::road_like(networks::SEED, MAP_NODES);
    let map = osm::extract(&roads);
    let name = MAP_NODES.to_string();
    let open = || Ok(&map[..]);
    let (imported, time) = median(3, || pbf::import(open, pbf::Options::default()).expect("an intact map"));
    let network = imported.network;
    print(&name, "nodes of a map", imported.report.nodes_read);
    assert!(network.graph().node_count() * 10 > MAP_NODES as usize * 9, "most of the map is one network");
    print_time(&name, "import, without the order", time);
    let (order, time) = timed(|| nested_dissection(&network.flat(), network.plane().as_deref(), TWO));
    print_time(&name, "order, 2 threads", time);
    let mut bytes = Vec::new();
    let file = NetworkFile { network, order, source: "a bench".to_owned() };
    file.write(&mut bytes).expect("memory takes every byte");
    let (opened, time) = median(RUNS, || NetworkFile::read(&bytes[..]).expect("an intact file"));
    assert_eq!(opened.order, file.order);
    print(&name, "bytes of the file", bytes.len());
    print_time(&name, "opening the file", time);
    let graph = opened.network.flat();
    let (_, time) = median(RUNS, || Hierarchy::new(&graph, &opened.order).expect("an order of this graph"));
    print_time(&name, "and building the hierarchy", time);
}

/// Some edges close; then ready to answer.
fn report_changes(engine: &Engine<'_>, full: Duration) {
    let Engine { network, hierarchy, metric } = engine;
    for count in CHANGES {
        let mut times = Vec::new();
        for seed in 0..RUNS as u64 {
            let changed = edges(&network.graph, 100 + seed, count);
            let mut closed_ms = network.weights_ms.clone();
            changed.iter().for_each(|&edge| closed_ms[edge as usize] = UNREACHABLE_MS);
            let mut after = metric.clone();
            times.push(timed(|| after.update(hierarchy, &closed_ms, &changed, ONE)).1);
            assert_eq!(after, Metric::new(hierarchy, &closed_ms, TWO));
            after.update(hierarchy, &network.weights_ms, &changed, ONE);
            assert_eq!(&after, metric);
        }
        times.sort_unstable();
        print_ratio(&network.name, &format!("{count} closed"), times[RUNS / 2], ("all anew", full));
    }
}

/// From node to node, beside a contraction hierarchy for fixed weights where one is prepared soon enough.
fn report_pairs(engine: &Engine<'_>) {
    let Engine { network, hierarchy, metric } = engine;
    let pairs = engine.pairs();
    let mut search = RouteSearch::new(hierarchy);
    let (times_ms, ours) = median(RUNS, || -> Vec<u32> {
        pairs.iter().map(|&(source, target)| search.travel_time(hierarchy, metric, source, target)).collect()
    });
    print_time(&network.name, "node to node", ours / PAIRS as u32);
    let (paths, ours_path) = timed(|| -> Vec<Option<(Vec<u32>, u32)>> {
        let path = |&ends: &(u32, u32)| search.path(hierarchy, metric, &network.weights_ms, ends);
        pairs.iter().take(PAIRS / 10).map(path).collect()
    });
    for (path, &time_ms) in paths.iter().zip(&times_ms) {
        assert_eq!(path.as_ref().map_or(UNREACHABLE_MS, |path| path.1), time_ms);
    }
    print_time(&network.name, "path", ours_path / (PAIRS / 10) as u32);
    if network.graph.nodes_count() > FAST_PATHS_NODES_MAX {
        return;
    }
    let mut input = fast_paths::InputGraph::new();
    for ((tail, head), &weight_ms) in network.graph.edges().zip(&network.weights_ms) {
        input.add_edge(tail as usize, head as usize, weight_ms as usize);
    }
    input.freeze();
    let (prepared, preparing) = timed(|| fast_paths::prepare(&input));
    let mut calculator = fast_paths::create_calculator(&prepared);
    let mut time_ms = |&(source, target): &(u32, u32)| {
        let path = calculator.calc_path(&prepared, source as usize, target as usize);
        path.map_or(UNREACHABLE_MS, |path| path.get_weight() as u32)
    };
    let (their_times_ms, theirs) = timed(|| -> Vec<u32> { pairs.iter().map(&mut time_ms).collect() });
    assert_eq!(their_times_ms, times_ms);
    // Its search gives the path as well.
    let theirs = theirs / PAIRS as u32;
    print_ratio(&network.name, "path", ours_path / (PAIRS / 10) as u32, ("fast_paths", theirs));
    let (_, customise) = timed(|| Metric::new(hierarchy, &network.weights_ms, ONE));
    print_ratio(&network.name, "ready after a change", customise, ("fast_paths", preparing));
}

/// All weights change, then a matrix; beside petgraph's Dijkstra row by row.
fn report_matrix(engine: &Engine<'_>) {
    let Engine { network, hierarchy, metric } = engine;
    let graph = &network.graph;
    let (sources, targets) = (nodes(graph, 3, SOURCES), nodes(graph, 4, TARGETS));
    let mut plain = DiGraph::<(), u32>::new();
    (0..graph.nodes_count()).for_each(|_| {
        plain.add_node(());
    });
    for ((tail, head), &weight_ms) in graph.edges().zip(&network.weights_ms) {
        plain.add_edge(NodeIndex::new(tail as usize), NodeIndex::new(head as usize), weight_ms);
    }
    let (expected, theirs) = timed(|| -> Vec<u32> {
        let row = |&source: &u32| {
            let times = dijkstra(&plain, NodeIndex::new(source as usize), None, |edge| *edge.weight());
            let time_ms = |target: &u32| times.get(&NodeIndex::new(*target as usize)).copied();
            targets.iter().map(|target| time_ms(target).unwrap_or(UNREACHABLE_MS)).collect::<Vec<u32>>()
        };
        sources.iter().take(SAMPLED_ROWS).flat_map(row).collect()
    });
    let theirs = theirs * SOURCES as u32 / SAMPLED_ROWS as u32;
    let (selection, time) = timed(|| Targets::new(hierarchy, &targets));
    print_time(&network.name, "selection of targets", time);
    // All weights change in a metric that is there, as in a server.
    let mut renewed = metric.clone();
    for threads in [ONE, TWO] {
        let (rows, ours) = median(RUNS, || {
            renewed.renew(hierarchy, &network.weights_ms, threads);
            Matrix::new(hierarchy, &renewed, &selection, Direction::Outgoing).rows(&sources, threads)
        });
        assert_eq!(rows[..expected.len()], expected);
        print_ratio(
            &network.name,
            &format!("changed, {SOURCES} x {TARGETS}, {threads} thr"),
            ours,
            ("petgraph", theirs),
        );
    }
    let everywhere: Vec<u32> = (0..graph.nodes_count()).collect();
    let all = Targets::new(hierarchy, &everywhere);
    let to_all = Matrix::new(hierarchy, metric, &all, Direction::Outgoing);
    let (row, ours) = median(RUNS, || to_all.row(&[(sources[0], 0)]));
    assert!(targets.iter().zip(&expected).all(|(&target, &time_ms)| row[target as usize] == time_ms));
    print_ratio(&network.name, "one to all", ours, ("petgraph", theirs / SOURCES as u32));
}

fn bench_searches(criterion: &mut Criterion, engines: &[Engine<'_>]) {
    let mut group = criterion.benchmark_group("roads");
    for engine in engines {
        let Engine { network, hierarchy, metric } = engine;
        let pairs = engine.pairs();
        let mut search = RouteSearch::new(hierarchy);
        let mut next = pairs.iter().cycle();
        group.bench_function(BenchmarkId::new("node_to_node", &network.name), |b| {
            b.iter(|| {
                let &(source, target) = next.next().expect("a cycle has no end");
                search.travel_time(hierarchy, metric, black_box(source), target)
            });
        });
        let changed = edges(&network.graph, 100, 1);
        let mut closed_ms = network.weights_ms.clone();
        closed_ms[changed[0] as usize] = UNREACHABLE_MS;
        let mut metric = metric.clone();
        group.bench_function(BenchmarkId::new("close_and_open_one", &network.name), |b| {
            b.iter(|| {
                metric.update(hierarchy, &closed_ms, &changed, ONE);
                metric.update(hierarchy, &network.weights_ms, &changed, ONE)
            });
        });
    }
    group.finish();
}
