//! The networks that the road benches run on, and how they measure.

use std::io::BufReader;
use std::path::Path;
use std::time::{Duration, Instant};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use yui::network::flat::FlatGraph;
use yui::network::order::PlanePoint;

use super::road_like::{RoadLike, below, road_like};

/// Which networks, by comma: sizes of generated ones, and `new-york`.
const CHOICE: &str = "ROADS";
const CHOICE_DEFAULT: &str = "100000,new-york";
/// Where the data of others lies, and where it is looked for unless told.
const DATA: &str = "TEST_DATA";
const DATA_DEFAULT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data");
/// New York's streets (DIMACS 2006, as PACE 2016 gives them): topology alone, no lengths and no places.
const NEW_YORK: &str = "graphs/pace_NY.gr.xz";
/// The seed of every generated network.
pub(crate) const SEED: u64 = 11;

/// A graph, its weights, and places where they are known.
pub(crate) struct Network {
    pub(crate) name: String,
    pub(crate) graph: FlatGraph,
    pub(crate) points: Option<Vec<PlanePoint>>,
    pub(crate) weights_ms: Vec<u32>,
}

/// Those that were chosen and are there.
pub(crate) fn networks() -> Vec<Network> {
    let choice = std::env::var(CHOICE).unwrap_or_else(|_| CHOICE_DEFAULT.to_owned());
    choice.split(',').filter_map(|name| network(name.trim())).collect()
}

fn network(name: &str) -> Option<Network> {
    if name == "new-york" {
        return new_york();
    }
    let RoadLike { graph, points, weights_ms } = road_like(SEED, name.parse().expect("a number of nodes"));
    Some(Network { name: name.to_owned(), graph, points: Some(points), weights_ms })
}

fn new_york() -> Option<Network> {
    let data = std::env::var(DATA).unwrap_or_else(|_| DATA_DEFAULT.to_owned());
    let file = std::fs::File::open(Path::new(&data).join(NEW_YORK)).ok()?;
    let mut text = Vec::new();
    lzma_rs::xz_decompress(&mut BufReader::new(file), &mut text).expect("an intact archive");
    let text = String::from_utf8(text).expect("numbers");
    let (mut nodes_count, mut tails, mut heads, mut weights_ms) = (0, Vec::new(), Vec::new(), Vec::new());
    for line in text.lines().filter(|line| !line.starts_with('c')) {
        if let Some(counts) = line.strip_prefix("p tw ") {
            nodes_count = counts.split(' ').next().and_then(|count| count.parse().ok()).expect("a count");
            continue;
        }
        let mut ends = line.split(' ').map(|end| end.parse::<u32>().expect("a node"));
        let (Some(a), Some(b)) = (ends.next(), ends.next()) else { continue };
        // As the reference distances beside the file were made.
        let (low, high) = (u64::from(a.min(b)), u64::from(a.max(b)));
        let weight_ms = 1 + ((low * 1_000_003 + high * 7_919) % 1_000) as u32;
        for (tail, head) in [(a - 1, b - 1), (b - 1, a - 1)] {
            tails.push(tail);
            heads.push(head);
            weights_ms.push(weight_ms);
        }
    }
    let graph = FlatGraph::new(nodes_count, tails, heads).expect("edges end at nodes");
    Some(Network { name: "new-york".to_owned(), graph, points: None, weights_ms })
}

/// Seeded nodes of a network.
pub(crate) fn nodes(graph: &FlatGraph, seed: u64, count: usize) -> Vec<u32> {
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    (0..count).map(|_| below(&mut dice, graph.nodes_count())).collect()
}

/// Seeded edges of a network.
pub(crate) fn edges(graph: &FlatGraph, seed: u64, count: usize) -> Vec<u32> {
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    (0..count).map(|_| below(&mut dice, graph.edges_count())).collect()
}

/// An answer and how long it took.
#[expect(clippy::disallowed_methods, reason = "a bench measures time")]
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let answer = std::hint::black_box(work());
    (answer, start.elapsed())
}

/// The last answer of an odd number of runs, and the median time.
pub(crate) fn median<T>(runs: usize, mut work: impl FnMut() -> T) -> (T, Duration) {
    let (mut answer, first) = timed(&mut work);
    let mut times = vec![first];
    for _ in 1..runs {
        let (again, time) = timed(&mut work);
        answer = again;
        times.push(time);
    }
    times.sort_unstable();
    (answer, times[runs / 2])
}

/// Prints one row: what, ours, the reference, and how many times faster ours is.
pub(crate) fn print_ratio(network: &str, what: &str, ours: Duration, reference: (&str, Duration)) {
    let (name, theirs) = reference;
    let ratio = theirs.as_secs_f64() / ours.as_secs_f64();
    println!("{network:>9}  {what:<28} {ours:>11.2?}  {name} {theirs:>11.2?}  x {ratio:.2}");
}
