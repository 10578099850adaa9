//! Graphs as the ninth DIMACS implementation challenge writes them: `.gr` with arcs, `.co` with coordinates.
//!
//! ```text
//! c any words
//! p sp 3 2        nodes, arcs              p aux sp co 3
//! a 1 2 1216      from, to, weight         v 1 -73530767 41085396   longitude, latitude in 1e-6 degree
//! ```
//!
//! Strict: what the problem line promises must be there, to the arc. Graphs without a problem line whose nodes count from 0
//! are about too; [`Numbering`] says which kind is meant.
//!
//! Source: <http://www.diag.uniroma1.it/challenge9/format.shtml>.

use super::{ImportReport, Imported, component};
use crate::network::flat::FlatGraph;
use crate::network::roads::{Direction, NetworkParts, PartsFault, RoadClass, RoadEdge, Way};
use crate::network::{Millis, UNREACHABLE_MS};
use crate::units::Position;
use crate::units::geodesy::distance_cm;
use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read};

/// Bytes of a line at most; a real one has some thirty, a comment some hundred.
const LINE_BYTES_MAX: u64 = 4_096;

/// How a file numbers its nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbering {
    /// As the challenge has it: a problem line, nodes from 1.
    FromOne,
    /// No problem line, nodes from 0; there are as many as the highest number says.
    FromZero,
}

/// What a weight is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weights {
    /// A length; the travel time follows from the profile.
    Metres,
    /// A travel time, for every profile.
    Milliseconds,
}

/// A graph as a file has it, numbered from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Graph {
    /// How many nodes there are.
    pub nodes_count: u32,
    /// Per arc: from where, to where.
    pub arcs: Vec<(u32, u32)>,
    /// Per arc: its weight, below [`UNREACHABLE_MS`].
    pub weights: Vec<u32>,
}

/// Why a file is no graph. Lines count from 1.
#[derive(Debug, thiserror::Error)]
pub enum DimacsFault {
    /// The file could not be read.
    #[error("reading failed")]
    Read(#[from] io::Error),
    /// A line that is none of the format.
    #[error("line {line}: {what}")]
    Line {
        /// Which.
        line: u64,
        /// What is wrong, and what would be right.
        what: String,
    },
    /// There is no problem line.
    #[error("no problem line (p ...); of a file without one say that its nodes count from 0")]
    NoProblem,
    /// Other numbers than the problem line promises.
    #[error("{found} {what}, but the problem line promises {promised}: is the file whole?")]
    Count {
        /// Of what.
        what: &'static str,
        /// How many there are.
        found: u64,
        /// How many there should be.
        promised: u64,
    },
    /// A node has no coordinates.
    #[error("node {node} has no coordinates")]
    NoPosition {
        /// Which, as the file numbers it.
        node: u64,
    },
    /// There is nothing in it.
    #[error("there is no arc in it")]
    Empty,
    /// More than a network can count.
    #[error(transparent)]
    Parts(#[from] PartsFault),
}

impl Graph {
    /// Reads a `.gr` file.
    ///
    /// # Errors
    /// [`DimacsFault`] with the line.
    pub fn read(read: impl Read, numbering: Numbering) -> Result<Graph, DimacsFault> {
        let mut graph = Graph { nodes_count: 0, arcs: Vec::new(), weights: Vec::new() };
        let mut problem: Option<(u64, u64)> = None;
        let begin = match numbering {
            Numbering::FromOne => 1,
            Numbering::FromZero => 0,
        };
        each_line(read, |line| {
            match line.words[..] {
                ["p", "sp", nodes, arcs] if numbering == Numbering::FromOne && problem.is_none() => {
                    problem = Some((line.count(nodes)?, line.count(arcs)?));
                }
                ["a", tail, head, weight] => {
                    let nodes_count = match numbering {
                        Numbering::FromOne => problem.ok_or(DimacsFault::NoProblem)?.0,
                        Numbering::FromZero => u64::from(FlatGraph::COUNT_MAX),
                    };
                    let (tail, head) =
                        (line.node(tail, begin, nodes_count)?, line.node(head, begin, nodes_count)?);
                    let weight = line.number(weight, 0, u64::from(UNREACHABLE_MS) - 1)?;
                    if graph.arcs.len() >= FlatGraph::COUNT_MAX as usize {
                        return Err(line.wrong(format!("more than {} arcs", FlatGraph::COUNT_MAX)));
                    }
                    graph.nodes_count = graph.nodes_count.max(tail.max(head) + 1);
                    graph.arcs.push((tail, head));
                    graph.weights.push(weight as u32);
                }
                ["p", ..] if problem.is_some() => return Err(line.wrong("a second problem line")),
                ["p", ..] => {
                    return Err(
                        line.wrong("expected \"p sp NODES ARCS\", once, in a file that counts from 1")
                    );
                }
                _ => return Err(line.wrong("expected \"a FROM TO WEIGHT\"")),
            }
            Ok(())
        })?;
        match (numbering, problem) {
            (Numbering::FromOne, None) => return Err(DimacsFault::NoProblem),
            (Numbering::FromOne, Some((nodes, arcs))) => {
                let found = graph.arcs.len() as u64;
                if found != arcs {
                    return Err(DimacsFault::Count { what: "arcs", found, promised: arcs });
                }
                graph.nodes_count = nodes as u32;
            }
            (Numbering::FromZero, _) => {}
        }
        if graph.arcs.is_empty() {
            return Err(DimacsFault::Empty);
        }
        Ok(graph)
    }

    /// The graph as flat arrays, numbers unchanged.
    #[must_use]
    pub fn flat(&self) -> FlatGraph {
        let (tails, heads) = self.arcs.iter().copied().unzip();
        FlatGraph::new(self.nodes_count, tails, heads).expect("each line was checked when it was read")
    }
}

/// Reads a `.co` file: the position of every node of a graph of `nodes_count`.
///
/// # Errors
/// [`DimacsFault`] with the line, or the node that has none.
pub fn read_positions(read: impl Read, nodes_count: u32) -> Result<Vec<Position>, DimacsFault> {
    let mut positions: Vec<Option<Position>> = vec![None; nodes_count as usize];
    let mut is_told = false;
    let promised = u64::from(nodes_count);
    each_line(read, |line| {
        match line.words[..] {
            ["p", "aux", "sp", "co", nodes] if !is_told => {
                let found = line.count(nodes)?;
                if found != promised {
                    return Err(DimacsFault::Count { what: "nodes with coordinates", found, promised });
                }
                is_told = true;
            }
            ["v", node, lon, lat] if is_told => {
                let place = line.node(node, 1, promised)? as usize;
                let e6 = |text: &str| text.parse::<i32>().ok().and_then(|e6| e6.checked_mul(10));
                let position = e6(lat).zip(e6(lon)).and_then(|(lat, lon)| Position::from_e7(lat, lon).ok());
                let position = position.ok_or_else(|| line.wrong("coordinates that are not on the Earth"))?;
                if positions[place].replace(position).is_some() {
                    return Err(line.wrong(format!("node {node} for the second time")));
                }
            }
            _ => return Err(line.wrong("expected \"p aux sp co NODES\", then \"v NODE LONGITUDE LATITUDE\"")),
        }
        Ok(())
    })?;
    let position = |(index, position): (usize, Option<Position>)| {
        position.ok_or(DimacsFault::NoPosition { node: index as u64 + 1 })
    };
    positions.into_iter().enumerate().map(position).collect()
}

/// A network of a graph, with positions or without: one nameless way, an edge for each arc.
///
/// # Errors
/// [`DimacsFault::Parts`] when it is larger than a network can be.
pub fn import(
    graph: Graph,
    positions: Option<Vec<Position>>,
    weights: Weights,
) -> Result<Imported, DimacsFault> {
    let mut report = ImportReport {
        nodes_read: u64::from(graph.nodes_count),
        ways_read: graph.arcs.len() as u64,
        ..ImportReport::default()
    };
    let nowhere = Position::from_e7(0, 0).expect("on the Earth");
    let length_dm = |index: usize, (tail, head): (u32, u32)| match (weights, &positions) {
        (Weights::Metres, _) => graph.weights[index].saturating_mul(10),
        (Weights::Milliseconds, Some(at)) => {
            distance_cm(at[tail as usize].into(), at[head as usize].into()) / 10
        }
        (Weights::Milliseconds, None) => 0,
    };
    let (shape_of_edge, shapes_count) = lines(&graph);
    let piece = |(index, &(tail, head)): (usize, &(u32, u32))| {
        (tail, head, RoadEdge::new(0, Direction::Forward, length_dm(index, (tail, head))))
    };
    let edges: Vec<_> = graph.arcs.iter().enumerate().map(piece).collect();
    let stated_ms = (weights == Weights::Milliseconds)
        .then(|| graph.weights.iter().map(|&ms| Millis::max(ms, 1)).collect::<Vec<Millis>>());
    let parts = NetworkParts {
        has_positions: positions.is_some(),
        positions: positions.unwrap_or_else(|| vec![nowhere; graph.nodes_count as usize]),
        edges,
        shape_of_edge,
        shape_first: vec![0; shapes_count as usize + 1],
        shape_points: Vec::new(),
        ways: vec![Way::plain(RoadClass::Road)],
        stated_ms,
    };
    let network = component::largest(parts, &mut report.left_out)?;
    Ok(Imported { network, report })
}

/// The line of each arc, and how many there are: an arc and one back that weighs the same are one road.
fn lines(graph: &Graph) -> (Vec<u32>, u32) {
    let mut alone: BTreeMap<(u32, u32, u32), Vec<u32>> = BTreeMap::new();
    let mut count = 0;
    let mut line_of = |(&(tail, head), &weight): (&(u32, u32), &u32)| {
        if let Some(line) = alone.get_mut(&(head, tail, weight)).and_then(Vec::pop) {
            return line;
        }
        alone.entry((tail, head, weight)).or_default().push(count);
        count += 1;
        count - 1
    };
    let of_edge = graph.arcs.iter().zip(&graph.weights).map(&mut line_of).collect();
    (of_edge, count)
}

/// A line of a file.
struct Line<'a> {
    number: u64,
    words: Vec<&'a str>,
}

impl Line<'_> {
    fn wrong(&self, what: impl Into<String>) -> DimacsFault {
        DimacsFault::Line { line: self.number, what: what.into() }
    }

    fn number(&self, text: &str, min: u64, max: u64) -> Result<u64, DimacsFault> {
        let number = text.parse().ok().filter(|number| (min..=max).contains(number));
        number.ok_or_else(|| self.wrong(format!("{text:?} is no number from {min} to {max}")))
    }

    fn count(&self, text: &str) -> Result<u64, DimacsFault> {
        self.number(text, 0, u64::from(FlatGraph::COUNT_MAX))
    }

    /// A node of `count`, counted from 0.
    fn node(&self, text: &str, begin: u64, count: u64) -> Result<u32, DimacsFault> {
        let number = self.number(text, begin, (count + begin).saturating_sub(1))?;
        Ok((number - begin) as u32)
    }
}

fn each_line(
    read: impl Read,
    mut see: impl FnMut(&Line<'_>) -> Result<(), DimacsFault>,
) -> Result<(), DimacsFault> {
    let mut read = BufReader::new(read);
    let mut bytes = Vec::new();
    for number in 1.. {
        bytes.clear();
        let count = read.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut bytes)?;
        if count == 0 {
            break;
        }
        let is_whole = bytes.ends_with(b"\n") || (count as u64) < LINE_BYTES_MAX;
        let wrong = |what: String| DimacsFault::Line { line: number, what };
        if !is_whole {
            return Err(wrong(format!("longer than {LINE_BYTES_MAX} bytes")));
        }
        // Comments may be written in any encoding.
        if bytes.first() == Some(&b'c') {
            continue;
        }
        let text = std::str::from_utf8(&bytes).map_err(|_| wrong("not plain text".to_owned()))?;
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        if !words.is_empty() {
            see(&Line { number, words })?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: &str = "c a square\np sp 4 5\na 1 2 10\na 2 3 10\na 3 4 10\na 4 1 10\na 1 3 25\n";

    fn read(text: &str) -> Result<Graph, DimacsFault> {
        Graph::read(text.as_bytes(), Numbering::FromOne)
    }

    #[test]
    fn a_graph_is_read_as_it_is_written() {
        let graph = read(SQUARE).unwrap();
        assert_eq!((graph.nodes_count, graph.arcs[4], graph.weights[4]), (4, (0, 2), 25));
        let zero = Graph::read("a 0 2 3\na 2 0 8\n".as_bytes(), Numbering::FromZero).unwrap();
        assert_eq!((zero.nodes_count, zero.arcs), (3, vec![(0, 2), (2, 0)]));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let cases = [
            ("p sp 4 6\na 1 2 10\n", "1 arcs, but the problem line promises 6"),
            ("a 1 2 10\n", "no problem line"),
            ("", "no problem line"),
            ("p sp 2 1\na 1 3 10\n", "line 2: \"3\" is no number from 1 to 2"),
            ("p sp 2 1\na 0 1 10\n", "line 2: \"0\" is no number from 1 to 2"),
            ("p sp 2 1\na -1 1 10\n", "line 2: \"-1\" is no number"),
            ("p sp 2 1\na 1 2 99999999999999999999999\n", "line 2: \"99999999999999999999999\" is no number"),
            ("p sp 2 1\na 1 2 2147483647\n", "line 2: \"2147483647\" is no number from 0 to 2147483646"),
            ("p sp 2 1\na 1 2\n", "line 2: expected \"a FROM TO WEIGHT\""),
            ("p sp 2 1\np sp 2 1\n", "line 2: a second problem line"),
            ("p sp 99999999999 1\n", "line 1: \"99999999999\" is no number"),
            ("p sp 0 1\na 1 1 1\n", "line 2: \"1\" is no number from 1 to 0"),
            ("p sp 0 0\n", "there is no arc in it"),
            ("p sp 2 1\n\u{7f}\n", "line 2: expected"),
        ];
        for (text, said) in cases {
            let fault = read(text).unwrap_err().to_string();
            assert!(fault.contains(said), "{text:?}: {fault}");
        }
        let long = format!("p sp 1 1\n{}", "a".repeat(10_000));
        assert!(read(&long).unwrap_err().to_string().contains("line 2: longer than"));
    }

    #[test]
    fn coordinates_are_those_of_every_node_once() {
        let good = "p aux sp co 2\nv 1 135500000 34700000\nv 2 135600000 34700000\n";
        let positions = read_positions(good.as_bytes(), 2).unwrap();
        assert_eq!(positions[1].degrees(), (34.7, 135.6));
        let cases = [
            ("p aux sp co 3\n", "3 nodes with coordinates, but the problem line promises 2"),
            ("p aux sp co 2\nv 1 1 1\n", "node 2 has no coordinates"),
            ("p aux sp co 2\nv 1 1 1\nv 1 1 1\n", "line 3: node 1 for the second time"),
            ("p aux sp co 2\nv 1 1 91000000\n", "line 2: coordinates that are not on the Earth"),
            ("p aux sp co 2\nv 1 2147483647 1\n", "line 2: coordinates that are not on the Earth"),
            ("v 1 1 1\n", "line 1: expected"),
        ];
        for (text, said) in cases {
            let fault = read_positions(text.as_bytes(), 2).unwrap_err().to_string();
            assert!(fault.contains(said), "{text:?}: {fault}");
        }
    }

    #[test]
    fn a_network_of_times_keeps_them_and_leaves_out_what_is_cut_off() {
        let text = "p sp 5 5\na 1 2 10\na 2 3 10\na 3 1 0\na 3 4 7\na 5 5 1\n";
        let imported = import(read(text).unwrap(), None, Weights::Milliseconds).unwrap();
        assert_eq!(imported.network.stated_ms(), Some(&[10, 10, 1][..]));
        let left = imported.report.left_out;
        assert_eq!((left.parts, left.junctions, left.edges, left.largest_at), (2, 2, 2, None));
    }
}
