//! One direction of reaching: what is reached now, and the components of what is not.

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::{Dfs, EdgeFiltered};

use crate::network::flat::{FlatGraph, Groups};
use crate::network::{Millis, UNREACHABLE_MS};

/// Which way is searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    There,
    Back,
}

/// Roads with their closures.
pub(super) struct Masked<'a> {
    graph: &'a FlatGraph,
    open_ms: &'a [Millis],
    /// The closures of each edge.
    shut_by: Groups,
    /// The closure of each item of `shut_by`.
    closures: Vec<usize>,
}

impl<'a> Masked<'a> {
    pub(super) fn new(graph: &'a FlatGraph, open_ms: &'a [Millis], closures: &[Vec<u32>]) -> Masked<'a> {
        let edges: Vec<u32> = closures.iter().flatten().copied().collect();
        let closures = closures.iter().enumerate().flat_map(|(index, shut)| shut.iter().map(move |_| index));
        let shut_by = Groups::of(graph.edges_count(), edges.len(), |item| edges[item]);
        Masked { graph, open_ms, shut_by, closures: closures.collect() }
    }

    fn is_road(&self, edge: u32) -> bool {
        self.open_ms[edge as usize] < UNREACHABLE_MS
    }

    fn is_open(&self, edge: u32) -> bool {
        self.is_road(edge) && self.shut_by.of_node(edge).is_empty()
    }

    /// Ascending, each once.
    fn closures_of(&self, edge: u32) -> Vec<usize> {
        let items = self.shut_by.of_node(edge).iter();
        let mut closures: Vec<usize> = items.map(|&item| self.closures[item as usize]).collect();
        closures.dedup();
        closures
    }

    fn ends(&self, edge: u32, direction: Direction) -> (usize, usize) {
        let (tail, head) = self.graph.ends(edge);
        match direction {
            Direction::There => (tail as usize, head as usize),
            Direction::Back => (head as usize, tail as usize),
        }
    }

    /// Marks what the marked nodes reach by edges that pass.
    fn spread(
        &self,
        leaving: &Groups,
        direction: Direction,
        passes: impl Fn(u32) -> bool,
        mut marked: Vec<bool>,
    ) -> Vec<bool> {
        let mut open: Vec<u32> = (0..marked.len() as u32).filter(|&node| marked[node as usize]).collect();
        while let Some(node) = open.pop() {
            for &edge in leaving.of_node(node) {
                let (_, next) = self.ends(edge, direction);
                if !marked[next] && passes(edge) {
                    marked[next] = true;
                    open.push(next as u32);
                }
            }
        }
        marked
    }
}

/// Component of a node that not even the open roads reach.
const NEVER: u32 = u32::MAX;

/// What is reached in one direction, and how the rest hangs together.
pub(super) struct Half {
    /// Per node: 0 where it is reached now, its component where it is cut off, [`NEVER`].
    components: Vec<u32>,
    /// The components; an edge holds the closures that shut it, none when it is open.
    graph: DiGraph<(), Vec<usize>, u32>,
}

impl Half {
    pub(super) fn new(masked: &Masked<'_>, sources: &[u32], direction: Direction) -> Half {
        let nodes_count = masked.graph.nodes_count() as usize;
        let leaving = masked.graph.grouped(|(tail, head)| match direction {
            Direction::There => tail,
            Direction::Back => head,
        });
        let mut start = vec![false; nodes_count];
        for &source in sources {
            start[source as usize] = true;
        }
        let now = masked.spread(&leaving, direction, |edge| masked.is_open(edge), start);
        let ever = masked.spread(&leaving, direction, |edge| masked.is_road(edge), now.clone());
        let mut components = vec![NEVER; nodes_count];
        let cut: Vec<usize> = (0..nodes_count).filter(|&node| ever[node] && !now[node]).collect();
        for (index, &node) in cut.iter().enumerate() {
            components[node] = index as u32;
        }
        let inner = inner_components(masked, &leaving, direction, &cut, &components);
        for (&node, component) in cut.iter().zip(inner) {
            components[node] = component + 1;
        }
        for node in (0..nodes_count).filter(|&node| now[node]) {
            components[node] = 0;
        }
        let graph = contracted(masked, direction, &components);
        Half { components, graph }
    }

    pub(super) fn is_never(&self, node: u32) -> bool {
        self.component(node) == NEVER
    }

    pub(super) fn is_cut(&self, node: u32) -> bool {
        !matches!(self.component(node), 0 | NEVER)
    }

    pub(super) fn component(&self, node: u32) -> u32 {
        self.components[node as usize]
    }

    /// Its components, number 0 being what is reached.
    pub(super) fn graph(&self) -> &DiGraph<(), Vec<usize>, u32> {
        &self.graph
    }

    /// What is reached once the marked closures are open again.
    pub(super) fn reached(&self, is_opened: &[bool]) -> Reached {
        let passable = EdgeFiltered::from_fn(&self.graph, |edge| {
            edge.weight().iter().all(|&closure| is_opened[closure])
        });
        let mut search = Dfs::new(&passable, NodeIndex::new(0));
        while search.next(&passable).is_some() {}
        Reached((0..self.graph.node_count()).map(|c| search.discovered.contains(c)).collect())
    }
}

/// One mark per component.
pub(super) struct Reached(Vec<bool>);

impl Reached {
    pub(super) fn holds(&self, component: u32) -> bool {
        self.0[component as usize]
    }
}

/// The strongly connected part of each node that is cut off, by open roads; numbered by their lowest node.
fn inner_components(
    masked: &Masked<'_>,
    leaving: &Groups,
    direction: Direction,
    cut: &[usize],
    places: &[u32],
) -> Vec<u32> {
    let mut graph: DiGraph<(), (), u32> = DiGraph::with_capacity(cut.len(), 0);
    for _ in cut {
        graph.add_node(());
    }
    for (tail, &node) in cut.iter().enumerate() {
        for &edge in leaving.of_node(node as u32) {
            let head = places[masked.ends(edge, direction).1];
            // An open road out of a cut-off node may lead back to what is reached; it restores nothing.
            if masked.is_open(edge) && head != NEVER {
                graph.add_edge(NodeIndex::new(tail), NodeIndex::new(head as usize), ());
            }
        }
    }
    let mut lowest: Vec<(usize, Vec<NodeIndex>)> = kosaraju_scc(&graph)
        .into_iter()
        .filter_map(|part| Some((part.iter().map(|node| node.index()).min()?, part)))
        .collect();
    lowest.sort_unstable_by_key(|&(lowest, _)| lowest);
    let mut numbers = vec![0; cut.len()];
    for (number, (_, part)) in lowest.iter().enumerate() {
        for node in part {
            numbers[node.index()] = number as u32;
        }
    }
    numbers
}

/// The roads between components, each kind once.
fn contracted(masked: &Masked<'_>, direction: Direction, components: &[u32]) -> DiGraph<(), Vec<usize>, u32> {
    let count = components.iter().filter(|&&c| c != NEVER).max().map_or(1, |&highest| highest as usize + 1);
    let mut roads: Vec<(u32, u32, Vec<usize>)> = Vec::new();
    for edge in (0..masked.graph.edges_count()).filter(|&edge| masked.is_road(edge)) {
        let (tail, head) = masked.ends(edge, direction);
        let (tail, head) = (components[tail], components[head]);
        // What is reached already needs no road to it; what no road ever reaches has none.
        if tail != head && head != 0 && head != NEVER && tail != NEVER {
            roads.push((tail, head, masked.closures_of(edge)));
        }
    }
    roads.sort_unstable();
    roads.dedup();
    let mut graph = DiGraph::with_capacity(count, roads.len());
    for _ in 0..count {
        graph.add_node(());
    }
    for (tail, head, closures) in roads {
        graph.add_edge(NodeIndex::new(tail as usize), NodeIndex::new(head as usize), closures);
    }
    graph
}
