use proptest::prelude::*;

use super::*;
use crate::network::UNREACHABLE_MS;

/// A problem that owns its arrays.
#[derive(Clone, Debug)]
struct World {
    graph: FlatGraph,
    open_ms: Vec<Millis>,
    closures: Vec<Vec<u32>>,
    sources: Vec<u32>,
    places: Vec<Place>,
}

impl World {
    fn problem(&self, ways: Ways) -> ReachProblem<'_> {
        ReachProblem {
            graph: &self.graph,
            open_ms: &self.open_ms,
            closures: &self.closures,
            sources: &self.sources,
            places: &self.places,
            ways,
        }
    }

    /// Whether each place is reached with these closures open, by searching all roads until nothing is added.
    fn searched(&self, ways: Ways, opened: &[usize]) -> Vec<bool> {
        let is_open = |edge: usize| {
            let shut = |c: usize| self.closures[c].contains(&(edge as u32)) && !opened.contains(&c);
            self.open_ms[edge] < UNREACHABLE_MS && !(0..self.closures.len()).any(shut)
        };
        let spread = |is_back: bool| {
            let mut marked: Vec<bool> =
                (0..self.graph.nodes_count()).map(|node| self.sources.contains(&node)).collect();
            loop {
                let before = marked.clone();
                for (edge, (tail, head)) in self.graph.edges().enumerate() {
                    let (from, to) = if is_back { (head, tail) } else { (tail, head) };
                    marked[to as usize] |= is_open(edge) && marked[from as usize];
                }
                if marked == before {
                    return marked;
                }
            }
        };
        let (there, back) = (spread(false), spread(true));
        let is_reached =
            |place: &Place| there[place.node as usize] && (ways == Ways::There || back[place.node as usize]);
        self.places.iter().map(is_reached).collect()
    }

    fn people(&self, ways: Ways, opened: &[usize]) -> u64 {
        let reached = self.searched(ways, opened);
        self.places
            .iter()
            .zip(reached)
            .filter(|(_, reached)| *reached)
            .map(|(p, _)| u64::from(p.people))
            .sum()
    }
}

/// Streets both ways between neighbours of a chain: edge 2i from i to i + 1, edge 2i + 1 back.
fn chain(count: u32) -> World {
    let ends: Vec<(u32, u32)> = (0..count - 1).flat_map(|i| [(i, i + 1), (i + 1, i)]).collect();
    let (tails, heads): (Vec<u32>, Vec<u32>) = ends.into_iter().unzip();
    let open_ms = vec![1_000; tails.len()];
    let graph = FlatGraph::new(count, tails, heads).unwrap();
    let places = (0..count).map(|node| Place { node, people: 10 + node }).collect();
    World { graph, open_ms, closures: Vec::new(), sources: vec![0], places }
}

#[test]
fn two_bridges_in_a_row_are_opened_from_the_near_one() {
    let mut world = chain(5);
    world.closures = vec![vec![6, 7], vec![2, 3]];
    let found = reachability(&world.problem(Ways::ThereAndBack)).unwrap();
    let restored: Vec<_> = found.cut.iter().map(|cut| (cut.place, cut.restored_by.clone())).collect();
    assert_eq!(
        restored,
        [(2, vec![vec![1]]), (3, vec![vec![1]]), (4, vec![vec![0, 1]])],
        "behind one bridge, and behind both"
    );
    assert_eq!((found.people_cut, found.best, found.restored_alone), (39, Some(1), vec![0, 25]));
    let order: Vec<_> = found.order.iter().map(|step| (step.closures.clone(), step.people)).collect();
    assert_eq!(order, [(vec![1], 25), (vec![0], 14)]);
}

#[test]
fn where_no_single_one_helps_the_least_set_is_opened() {
    let mut world = chain(3);
    world.places = vec![Place { node: 2, people: 7 }];
    world.closures = vec![vec![0, 1], vec![2, 3], vec![2]];
    let found = reachability(&world.problem(Ways::There)).unwrap();
    assert_eq!(found.best, None);
    // The middle one has two closures on its way there.
    assert_eq!(found.cut[0].restored_by, [[0, 1, 2]]);
    assert_eq!(found.order, [Reopening { closures: vec![0, 1, 2], people: 7 }]);
}

#[test]
fn a_street_that_is_shut_one_way_cuts_off_the_way_back_only() {
    let mut world = chain(2);
    world.closures = vec![vec![1]];
    assert!(reachability(&world.problem(Ways::There)).unwrap().cut.is_empty());
    let found = reachability(&world.problem(Ways::ThereAndBack)).unwrap();
    assert_eq!(found.cut[0].restored_by, [[0]]);
}

#[test]
fn what_no_road_ever_reached_is_not_blamed_on_a_closure() {
    let mut world = chain(3);
    world.open_ms[2] = UNREACHABLE_MS;
    world.closures = vec![vec![2], vec![0]];
    let found = reachability(&world.problem(Ways::There)).unwrap();
    assert_eq!((found.never, found.cut.len(), found.best), (vec![2], 1, Some(1)));
    world.sources.clear();
    let found = reachability(&world.problem(Ways::There)).unwrap();
    assert_eq!((found.never.len(), found.people_cut, found.order), (3, 0, vec![]));
}

#[test]
fn of_equal_reopenings_the_lowest_is_best() {
    let mut world = chain(2);
    world.graph = FlatGraph::new(2, vec![0, 0], vec![1, 1]).unwrap();
    world.closures = vec![vec![0], vec![1]];
    let found = reachability(&world.problem(Ways::There)).unwrap();
    assert_eq!((found.best, found.restored_alone), (Some(0), vec![11, 11]));
    assert_eq!(found.cut[0].restored_by, [[0], [1]]);
    assert_eq!(found.order.len(), 1, "the other is of no more use");
}

#[test]
fn a_place_of_too_many_ways_says_that_they_are_not_all() {
    let mut world = chain(2);
    let count = CUT_SETS_MAX as u32 + 1;
    world.graph = FlatGraph::new(2, vec![0; count as usize], vec![1; count as usize]).unwrap();
    world.open_ms = vec![1; count as usize];
    world.closures = (0..count).map(|edge| vec![edge]).collect();
    let found = reachability(&world.problem(Ways::There)).unwrap();
    assert_eq!((found.cut[0].restored_by.len(), found.cut[0].complete), (CUT_SETS_MAX, false));
    assert_eq!((found.best, found.order.len()), (Some(0), 1));
}

#[test]
fn numbers_that_do_not_fit_together_are_refused() {
    let world = chain(3);
    let fault = |change: &dyn Fn(&mut World)| {
        let mut world = world.clone();
        change(&mut world);
        reachability(&world.problem(Ways::There)).unwrap_err()
    };
    assert_eq!(fault(&|w| w.open_ms.truncate(1)), ReachFault::Weights { weights: 1, edges: 4 });
    assert_eq!(
        fault(&|w| w.closures = vec![vec![4]]),
        ReachFault::NoSuchEdge { closure: 0, edge: 4, edges: 4 }
    );
    assert_eq!(fault(&|w| w.sources = vec![3]), ReachFault::NoSuchNode { node: 3, nodes: 3 });
    assert_eq!(fault(&|w| w.places[0].node = 9), ReachFault::NoSuchNode { node: 9, nodes: 3 });
    let count = CLOSURES_MAX + 1;
    assert_eq!(fault(&|w| w.closures = vec![vec![]; count]), ReachFault::TooManyClosures { count });
}

fn worlds() -> impl Strategy<Value = World> {
    let edges = prop::collection::vec((0..9_u32, 0..9_u32, 0..8_u8), 1..30);
    let closures = prop::collection::vec(prop::collection::vec(0..1_000_usize, 0..5), 0..6);
    let places = prop::collection::vec((0..9_u32, 0..50_u32), 0..9);
    (edges, closures, prop::collection::vec(0..9_u32, 0..3), places).prop_map(
        |(edges, closures, sources, places)| {
            let count = edges.len();
            let open_ms =
                edges.iter().map(|&(_, _, kind)| if kind == 0 { UNREACHABLE_MS } else { 5 }).collect();
            let (tails, heads) = edges.into_iter().map(|(tail, head, _)| (tail, head)).unzip();
            let within =
                |closure: Vec<usize>| closure.into_iter().map(|edge| (edge % count) as u32).collect();
            World {
                graph: FlatGraph::new(9, tails, heads).unwrap(),
                open_ms,
                closures: closures.into_iter().map(within).collect(),
                sources,
                places: places.into_iter().map(|(node, people)| Place { node, people }).collect(),
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]
    #[test]
    fn reachability_is_what_opening_and_searching_all_roads_finds(world in worlds(), is_back in any::<bool>()) {
        let ways = if is_back { Ways::ThereAndBack } else { Ways::There };
        let found = reachability(&world.problem(ways)).unwrap();
        let count = world.closures.len();
        let all: Vec<usize> = (0..count).collect();
        let (now, ever) = (world.searched(ways, &[]), world.searched(ways, &all));
        let never: Vec<usize> = (0..ever.len()).filter(|&p| !ever[p]).collect();
        prop_assert_eq!(&found.never, &never);
        let cut: Vec<usize> = (0..ever.len()).filter(|&p| ever[p] && !now[p]).collect();
        prop_assert_eq!(found.cut.iter().map(|c| c.place).collect::<Vec<_>>(), cut);
        let before = world.people(ways, &[]);
        let alone: Vec<u64> = (0..count).map(|c| world.people(ways, &[c]) - before).collect();
        let most = alone.iter().copied().max().unwrap_or(0);
        prop_assert_eq!(found.best, alone.iter().position(|&people| people == most && people > 0));
        prop_assert_eq!(&found.restored_alone, &alone);

        // Every set of closures, by size; those that restore a place and hold no other that does.
        let mut subsets: Vec<Vec<usize>> =
            (0..1_usize << count).map(|bits| (0..count).filter(|c| bits >> c & 1 == 1).collect()).collect();
        subsets.sort_by_key(|set| (set.len(), set.clone()));
        let reached: Vec<Vec<bool>> = subsets.iter().map(|set| world.searched(ways, set)).collect();
        for place in &found.cut {
            let mut least: Vec<Vec<usize>> = Vec::new();
            for (set, reached) in subsets.iter().zip(&reached) {
                let holds_another = least.iter().any(|known| known.iter().all(|c| set.contains(c)));
                if reached[place.place] && !holds_another {
                    least.push(set.clone());
                }
            }
            prop_assert!(place.complete);
            prop_assert_eq!(&place.restored_by, &least);
        }

        // Each step of the order is the best single one, and the last leaves nobody who can be restored.
        let mut opened: Vec<usize> = Vec::new();
        for step in &found.order {
            let base = world.people(ways, &opened);
            let gain = |set: &[usize]| world.people(ways, &[&opened[..], set].concat()) - base;
            prop_assert_eq!(gain(&step.closures), step.people);
            let single = (0..count).map(|c| gain(&[c])).max().unwrap();
            if step.closures.len() == 1 {
                prop_assert_eq!(step.people, single);
                prop_assert_eq!((0..count).find(|&c| gain(&[c]) == single), Some(step.closures[0]));
            } else {
                prop_assert_eq!(single, 0);
                let size = step.closures.len() as u64;
                for set in subsets.iter().filter(|set| !set.is_empty()) {
                    prop_assert!(gain(set) * size <= step.people * set.len() as u64 || set.len() > step.closures.len(), "{:?}", set);
                }
            }
            opened.extend(&step.closures);
        }
        prop_assert_eq!(world.people(ways, &opened), world.people(ways, &all));
    }
}
