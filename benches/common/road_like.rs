//! Seeded graphs that look like roads: towns with short streets, countryside between, arterials from town to town and
//! motorways between the great ones, about 2.75 neighbours for each node as in New York's graph.
//!
//! Streets join *relative neighbours* (Toussaint 1980): two places with no third nearer to both than they are to each
//! other. That graph is planar and holds together like streets do; a part of the Gabriel graph's further edges makes
//! blocks of it. Integers only, so that a seed gives the same graph on every machine.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use rstar::RTree;
use rstar::primitives::GeomWithData;
use yui::network::flat::FlatGraph;
use yui::network::order::PlanePoint;

/// The country is a square as large as Kansai with Tottori and Tokushima.
const SIDE_M: i32 = 250_000;
/// Nodes for each town.
const TOWN_NODES: u32 = 800;
/// In hundredths of the nodes: in towns, along the roads between them; the rest lies anywhere.
const TOWN_SHARE: u32 = 70;
const ROAD_SHARE: u32 = 15;
/// Mean spacing of the nodes in a town.
const SPACING_M: u32 = 90;
/// A street joins a place with one of so many nearest.
const NEAR_COUNT: usize = 10;
/// Edges for each thousand nodes, both directions as one: New York's 365,050 for 264,346 nodes.
const EDGES_PER_THOUSAND: usize = 1_381;
/// One street in so many is one-way.
const ONE_WAY_IN: u32 = 16;
/// Towns with motorways, and how many others each leads to.
const GREAT_TOWNS: usize = 16;
const MOTORWAYS: usize = 3;

/// A graph with points and travel times.
pub(crate) struct RoadLike {
    pub(crate) graph: FlatGraph,
    pub(crate) points: Vec<PlanePoint>,
    pub(crate) weights_ms: Vec<u32>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Street,
    Arterial,
    Motorway,
}

impl Class {
    fn speed_kmh(self) -> u32 {
        match self {
            Class::Street => 30,
            Class::Arterial => 50,
            Class::Motorway => 90,
        }
    }
}

/// One road, both directions.
#[derive(Clone, Copy)]
struct Road {
    ends: [u32; 2],
    length_m: u32,
    class: Class,
}

/// About `nodes` nodes, fewer by the few that hang together with nothing.
pub(crate) fn road_like(seed: u64, nodes: u32) -> RoadLike {
    let mut dice = ChaCha8Rng::seed_from_u64(seed);
    let towns = towns(&mut dice, nodes);
    let (points, mut roads) = largest_part(&places(&mut dice, &towns, nodes), &mut dice);
    raise_classes(&points, &mut roads, &towns);
    let (mut tails, mut heads, mut weights_ms) = (Vec::new(), Vec::new(), Vec::new());
    for road in roads {
        let [a, b] = road.ends;
        // A tenth slower or faster: no two streets are alike.
        let speed_kmh = road.class.speed_kmh() * (90 + below(&mut dice, 21)) / 100;
        let weight_ms = road.length_m.max(1) * 3_600 / speed_kmh;
        let is_one_way = road.class == Class::Street && below(&mut dice, ONE_WAY_IN) == 0;
        for (tail, head) in [(a, b), (b, a)].into_iter().take(if is_one_way { 1 } else { 2 }) {
            tails.push(tail);
            heads.push(head);
            weights_ms.push(weight_ms);
        }
    }
    let graph = FlatGraph::new(points.len() as u32, tails, heads).expect("roads end at places");
    RoadLike { graph, points, weights_ms }
}

/// A number below `bound`.
pub(crate) fn below(dice: &mut ChaCha8Rng, bound: u32) -> u32 {
    dice.next_u32() % bound
}

fn anywhere(dice: &mut ChaCha8Rng) -> PlanePoint {
    PlanePoint { x: below(dice, SIDE_M as u32) as i32, y: below(dice, SIDE_M as u32) as i32 }
}

/// Near `centre`, as a bell curve: the mean of four even spreads.
fn around(dice: &mut ChaCha8Rng, centre: PlanePoint, radius_m: u32) -> PlanePoint {
    let mut off = || (0..4).map(|_| below(dice, 2 * radius_m + 1) as i32 - radius_m as i32).sum::<i32>() / 2;
    let inside = |at: i32| at.clamp(0, SIDE_M - 1);
    PlanePoint { x: inside(centre.x + off()), y: inside(centre.y + off()) }
}

fn towns(dice: &mut ChaCha8Rng, nodes: u32) -> Vec<PlanePoint> {
    (0..(nodes / TOWN_NODES).max(GREAT_TOWNS as u32)).map(|_| anywhere(dice)).collect()
}

/// Where nodes stand, each place once.
fn places(dice: &mut ChaCha8Rng, towns: &[PlanePoint], nodes: u32) -> Vec<PlanePoint> {
    let mut places = Vec::with_capacity(nodes as usize);
    // The largest towns have the lowest numbers (Zipf's law).
    let size = |town: usize| 1_000_000 / (town as u64 + 5);
    let total: u64 = (0..towns.len()).map(size).sum();
    for (town, &centre) in towns.iter().enumerate() {
        let count = (u64::from(nodes / 100 * TOWN_SHARE) * size(town) / total) as u32;
        let radius_m = SPACING_M * (count + 1).isqrt();
        places.extend((0..count).map(|_| around(dice, centre, radius_m)));
    }
    let roads: Vec<[PlanePoint; 2]> =
        joined(towns, |_| true).into_iter().map(|ends| ends.map(|town| towns[town as usize])).collect();
    let road_m: u64 = roads.iter().map(|&[a, b]| u64::from(distance_m(a, b))).sum();
    let spacing_m = (road_m / u64::from(nodes / 100 * ROAD_SHARE).max(1)).max(1);
    for [a, b] in roads {
        let steps = (u64::from(distance_m(a, b)) / spacing_m).max(1) as i64;
        let between = |a: i32, b: i32, step: i64| a + ((i64::from(b) - i64::from(a)) * step / steps) as i32;
        places.extend((1..steps).map(|step| {
            let straight = PlanePoint { x: between(a.x, b.x, step), y: between(a.y, b.y, step) };
            around(dice, straight, spacing_m as u32 / 4 + 1)
        }));
    }
    while places.len() < nodes as usize {
        places.push(anywhere(dice));
    }
    // Neighbours in number are neighbours on the ground, as in an extract of a map.
    places.sort_unstable_by_key(|&place| (interleaved(place), place.x, place.y));
    places.dedup();
    places
}

/// Both coordinates bit by bit: a curve that fills the plane (Morton 1966).
fn interleaved(place: PlanePoint) -> u64 {
    let spread = |bits: i32| (0..18).map(|bit| u64::from(bits as u32 >> bit & 1) << (2 * bit)).sum::<u64>();
    spread(place.x) | spread(place.y) << 1
}

fn square_m2(a: PlanePoint, b: PlanePoint) -> i64 {
    let (dx, dy) = (i64::from(a.x - b.x), i64::from(a.y - b.y));
    dx * dx + dy * dy
}

fn distance_m(a: PlanePoint, b: PlanePoint) -> u32 {
    square_m2(a, b).isqrt() as u32
}

/// Pairs to join, the lower number first: all relative neighbours, and the other Gabriel neighbours that `also` takes.
fn joined(places: &[PlanePoint], mut also: impl FnMut(u32) -> bool) -> Vec<[u32; 2]> {
    let numbered = places
        .iter()
        .zip(0..)
        .map(|(place, number)| GeomWithData::new([place.x as i64, place.y as i64], number));
    let tree: RTree<GeomWithData<[i64; 2], u32>> = RTree::bulk_load(numbered.collect());
    let mut pairs = Vec::new();
    for (from, &here) in (0_u32..).zip(places) {
        let near = tree.nearest_neighbor_iter([i64::from(here.x), i64::from(here.y)]);
        let mut near: Vec<(i64, u32)> = near
            .take(NEAR_COUNT + 1)
            .map(|other| (square_m2(here, places[other.data as usize]), other.data))
            .filter(|&(_, to)| to != from)
            .collect();
        near.sort_unstable();
        for (rank, &(square, to)) in near.iter().enumerate() {
            let there = places[to as usize];
            let nearer =
                || near[..rank].iter().map(|&(first, by)| (first, square_m2(places[by as usize], there)));
            let is_relative = nearer().all(|(_, second)| second >= square);
            let is_gabriel = nearer().all(|(first, second)| first + second >= square);
            if is_relative || is_gabriel && also(from) {
                pairs.push([from.min(to), from.max(to)]);
            }
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// The roads of the largest connected part, and its places.
fn largest_part(places: &[PlanePoint], dice: &mut ChaCha8Rng) -> (Vec<PlanePoint>, Vec<Road>) {
    let streets = joined(places, |_| false);
    let mut pairs = joined(places, |_| true);
    // The relative neighbours, then as many of the rest as the degree asks for, by lot.
    let mut more: Vec<(u32, [u32; 2])> = Vec::new();
    pairs.retain(|pair| streets.binary_search(pair).is_err());
    more.extend(pairs.into_iter().map(|pair| (dice.next_u32(), pair)));
    more.sort_unstable();
    let wanted = (places.len() * EDGES_PER_THOUSAND / 1_000).saturating_sub(streets.len());
    let mut pairs: Vec<[u32; 2]> =
        streets.into_iter().chain(more.into_iter().take(wanted).map(|(_, pair)| pair)).collect();
    pairs.sort_unstable();
    let part = parts(places.len(), &pairs);
    let mut sizes = vec![0_u32; places.len()];
    part.iter().for_each(|&root| sizes[root as usize] += 1);
    let largest = (0..sizes.len() as u32).max_by_key(|&root| (sizes[root as usize], Reverse(root)));
    let mut numbers = vec![0_u32; places.len()];
    let mut kept = Vec::new();
    for (node, &root) in part.iter().enumerate().filter(|(_, root)| Some(**root) == largest) {
        debug_assert_eq!(Some(root), largest);
        numbers[node] = kept.len() as u32;
        kept.push(places[node]);
    }
    let roads = pairs.into_iter().filter(|[a, _]| Some(part[*a as usize]) == largest);
    let road = |[a, b]: [u32; 2]| Road {
        ends: [numbers[a as usize], numbers[b as usize]],
        length_m: distance_m(places[a as usize], places[b as usize]),
        class: Class::Street,
    };
    (kept, roads.map(road).collect())
}

/// Per place: the lowest place of its connected part.
fn parts(count: usize, pairs: &[[u32; 2]]) -> Vec<u32> {
    let mut roots: Vec<u32> = (0..count as u32).collect();
    fn root(roots: &mut [u32], mut of: u32) -> u32 {
        while roots[of as usize] != of {
            roots[of as usize] = roots[roots[of as usize] as usize];
            of = roots[of as usize];
        }
        of
    }
    for &[a, b] in pairs {
        let (a, b) = (root(&mut roots, a), root(&mut roots, b));
        roots[a.max(b) as usize] = a.min(b);
    }
    (0..count as u32).map(|of| root(&mut roots, of)).collect()
}

/// Makes arterials and motorways of the roads that the shortest ways between towns take.
fn raise_classes(points: &[PlanePoint], roads: &mut [Road], towns: &[PlanePoint]) {
    let tree: RTree<GeomWithData<[i64; 2], u32>> = RTree::bulk_load(
        points
            .iter()
            .zip(0..)
            .map(|(point, number)| GeomWithData::new([point.x as i64, point.y as i64], number))
            .collect(),
    );
    let centre = |town: &PlanePoint| {
        tree.nearest_neighbor([i64::from(town.x), i64::from(town.y)]).expect("there are places").data
    };
    let centres: Vec<u32> = towns.iter().map(centre).collect();
    let mut wanted: Vec<(u32, u32, Class)> = joined(towns, |_| false)
        .into_iter()
        .map(|[a, b]| (centres[a as usize], centres[b as usize], Class::Arterial))
        .collect();
    for great in 0..GREAT_TOWNS {
        let mut others: Vec<usize> = (0..GREAT_TOWNS).filter(|&other| other != great).collect();
        others.sort_by_key(|&other| (square_m2(towns[great], towns[other]), other));
        let ends = others.into_iter().take(MOTORWAYS);
        wanted.extend(ends.map(|other| (centres[great], centres[other], Class::Motorway)));
    }
    wanted.sort_unstable();
    let mut ways = Ways::new(points.len(), roads);
    for of_one in wanted.chunk_by(|a, b| a.0 == b.0) {
        for class in [Class::Arterial, Class::Motorway] {
            let to: Vec<u32> = of_one.iter().filter(|way| way.2 == class).map(|way| way.1).collect();
            for road in ways.shortest(roads, of_one[0].0, &to) {
                let road = &mut roads[road as usize];
                road.class = road.class.max(class);
            }
        }
    }
}

/// Dijkstra's search by length, as far as it has to go.
struct Ways {
    /// Per place: its roads.
    near: Vec<Vec<u32>>,
    lengths_m: Vec<u32>,
    /// Per place: the road by which it was reached.
    by: Vec<u32>,
    touched: Vec<u32>,
}

impl Ways {
    fn new(places: usize, roads: &[Road]) -> Ways {
        let mut near = vec![Vec::new(); places];
        for (number, road) in roads.iter().enumerate() {
            road.ends.iter().for_each(|&end| near[end as usize].push(number as u32));
        }
        Ways { near, lengths_m: vec![u32::MAX; places], by: vec![u32::MAX; places], touched: Vec::new() }
    }

    /// The roads on the shortest ways to some places.
    fn shortest(&mut self, roads: &[Road], from: u32, to: &[u32]) -> Vec<u32> {
        let mut missing = to.len();
        let mut open = BinaryHeap::from([Reverse((0, from))]);
        self.lengths_m[from as usize] = 0;
        self.touched.push(from);
        while missing > 0
            && let Some(Reverse((length_m, node))) = open.pop()
        {
            if length_m > self.lengths_m[node as usize] {
                continue;
            }
            missing -= to.iter().filter(|&&end| end == node).count();
            for &number in &self.near[node as usize] {
                let road = roads[number as usize];
                let end = road.ends[usize::from(road.ends[0] == node)];
                let there_m = length_m + road.length_m;
                if there_m < self.lengths_m[end as usize] {
                    self.lengths_m[end as usize] = there_m;
                    self.by[end as usize] = number;
                    self.touched.push(end);
                    open.push(Reverse((there_m, end)));
                }
            }
        }
        let mut taken = Vec::new();
        for &end in to {
            let mut node = end;
            while node != from && self.by[node as usize] != u32::MAX {
                let number = self.by[node as usize];
                taken.push(number);
                let ends = roads[number as usize].ends;
                node = ends[usize::from(ends[0] == node)];
            }
        }
        for node in self.touched.drain(..) {
            self.lengths_m[node as usize] = u32::MAX;
            self.by[node as usize] = u32::MAX;
        }
        taken
    }
}
