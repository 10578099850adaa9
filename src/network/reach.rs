//! What the roads no longer reach, which closures cut it off, and which re-opening restores most people.
//!
//! Pure. A place is reached when a way leads there from any source, and, if asked, back to any source. The roads that are
//! open now are searched once; what they do not reach is contracted into components that hang together, and everything
//! else runs on the small graph of components and closed roads.
//!
//! Entry point: [`reachability`]. Its oracle in the tests opens sets of closures and searches all roads anew.

mod cut;
mod half;
#[cfg(test)]
mod tests;

pub use cut::{CUT_SET_SIZE_MAX, CUT_SETS_MAX};

use super::Millis;
use super::flat::FlatGraph;
use half::{Direction, Half, Masked};

/// Most closures at once. After a great earthquake some hundred are reported in a region.
pub const CLOSURES_MAX: usize = 1_024;
/// Most steps of the order of re-openings: beyond that the situation is another one.
pub const STEPS_MAX: usize = 64;

/// Whether a way back is asked too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ways {
    /// From a source to the place.
    There,
    /// From a source to the place, and from the place to a source.
    ThereAndBack,
}

/// People at a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which node.
    pub node: u32,
    /// How many.
    pub people: u32,
}

/// What is asked.
#[derive(Clone, Copy, Debug)]
pub struct ReachProblem<'a> {
    /// The roads.
    pub graph: &'a FlatGraph,
    /// Travel time of each edge with everything open; [`super::UNREACHABLE_MS`] or more where there is no way ever, for
    /// this vehicle.
    pub open_ms: &'a [Millis],
    /// The edges that each closure shuts: a bridge in both directions, a section of road. An edge may be in several, and is
    /// open again when all of them are.
    pub closures: &'a [Vec<u32>],
    /// Where help comes from.
    pub sources: &'a [u32],
    /// Where it is needed.
    pub places: &'a [Place],
    /// There, or there and back.
    pub ways: Ways,
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReachFault {
    /// Not one weight for each edge.
    #[error("{weights} weights for {edges} edges")]
    Weights {
        /// How many weights.
        weights: usize,
        /// How many edges.
        edges: u32,
    },
    /// A closure of an edge that the roads do not have.
    #[error("closure {closure} shuts edge {edge}, of {edges}")]
    NoSuchEdge {
        /// Which closure.
        closure: usize,
        /// Which edge.
        edge: u32,
        /// How many edges there are.
        edges: u32,
    },
    /// A source or place at a node that the roads do not have.
    #[error("there is no node {node}, of {nodes}")]
    NoSuchNode {
        /// Which node.
        node: u32,
        /// How many nodes there are.
        nodes: u32,
    },
    /// More than [`CLOSURES_MAX`].
    #[error("{count} closures are more than {CLOSURES_MAX}")]
    TooManyClosures {
        /// How many.
        count: usize,
    },
}

/// A place that was reached and is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutPlace {
    /// Which place, by index.
    pub place: usize,
    /// The sets of closures of which each, re-opened as a whole and no less, restores the place: by size, then by index. A
    /// single closure in a set of its own cuts the place off alone; two sets are two ways to restore it.
    pub restored_by: Vec<Vec<usize>>,
    /// Whether these are all such sets; if not there are more than [`CUT_SETS_MAX`], or one larger than
    /// [`CUT_SET_SIZE_MAX`], somewhere on the way, and what is told restores the place but may not be the least.
    pub complete: bool,
}

/// A step of the order of re-openings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reopening {
    /// What is re-opened; more than one closure where no single one restores anybody.
    pub closures: Vec<usize>,
    /// People whom it restores, beyond those restored before.
    pub people: u64,
}

/// What closures do to places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reachability {
    /// The places that closures cut off, by index.
    pub cut: Vec<CutPlace>,
    /// The places that the open roads do not reach either, by index.
    pub never: Vec<usize>,
    /// People in `cut`.
    pub people_cut: u64,
    /// For each closure, the people whom its re-opening alone restores.
    pub restored_alone: Vec<u64>,
    /// The single re-opening that restores most people, the lowest of equal ones; none when no single one restores anybody.
    pub best: Option<usize>,
    /// Re-openings one after the other, each the best after those before: of single closures, or where none restores
    /// anybody of the sets in [`CutPlace::restored_by`] the one that restores most people per closure. Ties go to the
    /// smaller set, then to the lower index. Ends when everybody is restored who can be, or after [`STEPS_MAX`].
    pub order: Vec<Reopening>,
}

/// What `problem`'s closures cut off, and what restores it.
///
/// # Errors
/// [`ReachFault`] when numbers do not fit together.
///
/// # Complexity
/// O(nodes + edges) for the searches; then O(closures x components x steps), where components are those that hang
/// together among the nodes that are cut off.
pub fn reachability(problem: &ReachProblem<'_>) -> Result<Reachability, ReachFault> {
    check(problem)?;
    let masked = Masked::new(problem.graph, problem.open_ms, problem.closures);
    let directions: &[Direction] = match problem.ways {
        Ways::There => &[Direction::There],
        Ways::ThereAndBack => &[Direction::There, Direction::Back],
    };
    let halves: Vec<Half> =
        directions.iter().map(|&direction| Half::new(&masked, problem.sources, direction)).collect();
    let is_never = |place: &Place| halves.iter().any(|half| half.is_never(place.node));
    let is_cut = |place: &Place| !is_never(place) && halves.iter().any(|half| half.is_cut(place.node));
    let select = |which: &dyn Fn(&Place) -> bool| -> Vec<usize> {
        (0..problem.places.len()).filter(|&index| which(&problem.places[index])).collect()
    };
    let cut_places = select(&is_cut);
    let solver = Solver {
        spots: cut_places.iter().map(|&place| Spot::of(&problem.places[place], &halves)).collect(),
        halves: &halves,
        closures_count: problem.closures.len(),
    };
    let cut = solver.cut(&cut_places);
    let restored_alone: Vec<u64> =
        (0..problem.closures.len()).map(|closure| solver.people(&[closure])).collect();
    let best = (0..restored_alone.len()).filter(|&closure| restored_alone[closure] > 0);
    Ok(Reachability {
        never: select(&is_never),
        people_cut: solver.spots.iter().map(|spot| u64::from(spot.people)).sum(),
        best: best.min_by_key(|&closure| (std::cmp::Reverse(restored_alone[closure]), closure)),
        order: solver.order(&cut, &restored_alone),
        restored_alone,
        cut,
    })
}

fn check(problem: &ReachProblem<'_>) -> Result<(), ReachFault> {
    let (nodes, edges) = (problem.graph.nodes_count(), problem.graph.edges_count());
    if problem.open_ms.len() != edges as usize {
        return Err(ReachFault::Weights { weights: problem.open_ms.len(), edges });
    }
    if problem.closures.len() > CLOSURES_MAX {
        return Err(ReachFault::TooManyClosures { count: problem.closures.len() });
    }
    for (closure, shut) in problem.closures.iter().enumerate() {
        if let Some(&edge) = shut.iter().find(|&&edge| edge >= edges) {
            return Err(ReachFault::NoSuchEdge { closure, edge, edges });
        }
    }
    let mut used = problem.sources.iter().copied().chain(problem.places.iter().map(|place| place.node));
    match used.find(|&node| node >= nodes) {
        Some(node) => Err(ReachFault::NoSuchNode { node, nodes }),
        None => Ok(()),
    }
}

/// A place that is cut off, by the component that it lies in for each half; component 0 is what is reached.
struct Spot {
    people: u32,
    components: Vec<u32>,
}

impl Spot {
    fn of(place: &Place, halves: &[Half]) -> Spot {
        let components = halves.iter().map(|half| half.component(place.node)).collect();
        Spot { people: place.people, components }
    }
}

struct Solver<'a> {
    halves: &'a [Half],
    spots: Vec<Spot>,
    closures_count: usize,
}

impl Solver<'_> {
    /// People whom re-opening these closures restores.
    fn people(&self, closures: &[usize]) -> u64 {
        let mut is_opened = vec![false; self.closures_count];
        for &closure in closures {
            is_opened[closure] = true;
        }
        let reached: Vec<_> = self.halves.iter().map(|half| half.reached(&is_opened)).collect();
        let is_restored = |spot: &&Spot| {
            spot.components.iter().zip(&reached).all(|(&component, reached)| reached.holds(component))
        };
        self.spots.iter().filter(is_restored).map(|spot| u64::from(spot.people)).sum()
    }

    fn cut(&self, places: &[usize]) -> Vec<CutPlace> {
        let sets: Vec<_> = self.halves.iter().map(cut::component_sets).collect();
        let found = self.spots.iter().zip(places).map(|(spot, &place)| {
            let mut parts = spot.components.iter().zip(&sets).map(|(&c, sets)| sets[c as usize].clone());
            let first = parts.next().unwrap_or_default();
            let all = parts.fold(first, |all, part| all.and(&part));
            CutPlace { place, restored_by: all.plain(), complete: all.is_complete() }
        });
        found.collect()
    }

    fn order(&self, cut: &[CutPlace], restored_alone: &[u64]) -> Vec<Reopening> {
        // A closure that no place waits for is left shut.
        let mut wanted: Vec<usize> = cut.iter().flat_map(|place| place.restored_by.concat()).collect();
        wanted.extend((0..restored_alone.len()).filter(|&closure| restored_alone[closure] > 0));
        if cut.iter().any(|place| !place.complete) {
            wanted.extend(0..restored_alone.len());
        }
        wanted.sort_unstable();
        wanted.dedup();
        let mut sets: Vec<&[usize]> =
            cut.iter().flat_map(|place| place.restored_by.iter().map(Vec::as_slice)).collect();
        sets.sort_unstable();
        sets.dedup();
        let (mut opened, mut restored, mut order) = (Vec::new(), 0_u64, Vec::new());
        while order.len() < STEPS_MAX {
            let rest = |set: &[usize]| -> Vec<usize> {
                set.iter().copied().filter(|closure| !opened.contains(closure)).collect()
            };
            let gain = |set: &[usize]| self.people(&[&opened[..], set].concat()) - restored;
            let single = wanted.iter().map(|&closure| rest(&[closure])).filter(|set| !set.is_empty());
            let step = best_of(single, gain)
                .or_else(|| best_of(sets.iter().map(|set| rest(set)).filter(|set| !set.is_empty()), gain));
            let Some(step) = step else { break };
            opened.extend(&step.closures);
            restored += step.people;
            order.push(step);
        }
        order
    }
}

/// The set that restores most people per closure; none when none restores anybody.
fn best_of(sets: impl Iterator<Item = Vec<usize>>, gain: impl Fn(&[usize]) -> u64) -> Option<Reopening> {
    let steps = sets.map(|closures| Reopening { people: gain(&closures), closures });
    steps.filter(|step| step.people > 0).min_by(|a, b| {
        // a / |a| against b / |b|, multiplied out.
        let share = |x: &Reopening, y: &Reopening| u128::from(x.people) * y.closures.len() as u128;
        share(b, a)
            .cmp(&share(a, b))
            .then(a.closures.len().cmp(&b.closures.len()))
            .then(a.closures.cmp(&b.closures))
    })
}
