//! From ways and nodes to junctions and edges.

use super::tags::Flow;
use super::{Finding, ImportReport};
use crate::network::roads::{Direction, NetworkParts, RoadEdge, Way};
use crate::units::Position;
use crate::units::geodesy::{UnitVector, distance_cm};
use std::ops::Range;

/// No junction yet.
const NONE: u32 = u32::MAX;

/// A road of the map: what is known of it, and where its nodes stand among all that roads name.
pub(super) struct Draft {
    pub(super) way: Way,
    pub(super) flow: Flow,
    pub(super) refs: Range<usize>,
}

/// The nodes that roads name.
pub(super) struct NodeTable {
    /// Ascending.
    ids: Vec<i64>,
    positions: Vec<Option<Position>>,
    is_blocked: Vec<bool>,
}

impl NodeTable {
    pub(super) fn of(refs: &[i64]) -> NodeTable {
        let mut ids = refs.to_vec();
        ids.sort_unstable();
        ids.dedup();
        let count = ids.len();
        NodeTable { ids, positions: vec![None; count], is_blocked: vec![false; count] }
    }

    pub(super) fn place(&self, id: i64) -> Option<usize> {
        self.ids.binary_search(&id).ok()
    }

    pub(super) fn set(&mut self, place: usize, position: Option<Position>, report: &mut ImportReport) {
        match (self.positions[place], position) {
            (_, None) => report.count(Finding::NodeOffTheEarth),
            (Some(_), Some(_)) => report.count(Finding::RepeatedNode),
            (None, Some(_)) => self.positions[place] = position,
        }
    }

    pub(super) fn block(&mut self, place: usize) {
        self.is_blocked[place] = true;
    }
}

/// Junctions where ways meet or end, edges between them.
pub(super) fn parts(
    drafts: Vec<Draft>,
    refs: &[i64],
    nodes: &NodeTable,
    report: &mut ImportReport,
) -> NetworkParts {
    let places: Vec<u32> =
        refs.iter().map(|&id| nodes.place(id).expect("the table was made of these") as u32).collect();
    let mut meetings = Meetings { uses: vec![0; nodes.ids.len()] };
    for draft in &drafts {
        for run in runs(&places[draft.refs.clone()], nodes) {
            meetings.add(&run);
        }
    }
    let mut building = Building {
        nodes,
        meetings,
        junctions: vec![NONE; nodes.ids.len()],
        parts: NetworkParts { has_positions: true, shape_first: vec![0], ..NetworkParts::default() },
    };
    for draft in drafts {
        let places = &places[draft.refs.clone()];
        count_gaps(places, nodes, report);
        building.add(draft.way, draft.flow, &runs(places, nodes), report);
    }
    building.parts
}

/// A way without its gaps: the longest pieces whose nodes are all known and none of which goes past a barrier. No node
/// stands in a row with itself.
fn runs(places: &[u32], nodes: &NodeTable) -> Vec<Vec<u32>> {
    let mut runs = Vec::new();
    let mut run: Vec<u32> = Vec::new();
    for &place in places {
        if nodes.positions[place as usize].is_none() {
            runs.push(std::mem::take(&mut run));
        } else if run.last() != Some(&place) {
            run.push(place);
            if nodes.is_blocked[place as usize] {
                runs.push(std::mem::replace(&mut run, vec![place]));
            }
        }
    }
    runs.push(run);
    runs.retain(|run| run.len() >= 2);
    runs
}

fn count_gaps(places: &[u32], nodes: &NodeTable, report: &mut ImportReport) {
    for (at, &place) in places.iter().enumerate() {
        if nodes.positions[place as usize].is_none() {
            report.count(Finding::MissingNode);
        } else if at > 0 && places[at - 1] == place {
            report.count(Finding::RepeatedPlace);
        } else if nodes.is_blocked[place as usize] {
            report.count(Finding::Barrier);
        }
    }
}

/// How often each node is passed; an end counts twice, so that two make a junction.
struct Meetings {
    uses: Vec<u8>,
}

impl Meetings {
    fn add(&mut self, run: &[u32]) {
        let last = run.len() - 1;
        for (at, &place) in run.iter().enumerate() {
            let uses = &mut self.uses[place as usize];
            *uses = uses.saturating_add(if at == 0 || at == last { 2 } else { 1 });
        }
    }

    fn is_junction(&self, place: u32) -> bool {
        self.uses[place as usize] >= 2
    }
}

struct Building<'a> {
    nodes: &'a NodeTable,
    meetings: Meetings,
    /// Per node of the table: its junction, once it has one.
    junctions: Vec<u32>,
    parts: NetworkParts,
}

impl Building<'_> {
    fn add(&mut self, mut way: Way, flow: Flow, runs: &[Vec<u32>], report: &mut ImportReport) {
        if runs.is_empty() {
            report.count(Finding::TooShort);
            return;
        }
        if let Some(sailing) = &mut way.sailing {
            let whole_cm: u64 = runs.iter().map(|run| self.length_cm(run)).sum();
            sailing.length_dm = decimetres(whole_cm).max(1);
        }
        let number = self.parts.ways.len() as u32;
        self.parts.ways.push(way);
        for run in runs {
            let mut begin = 0;
            for at in 1..run.len() {
                if at + 1 == run.len() || self.meetings.is_junction(run[at]) {
                    self.add_piece(number, flow, &run[begin..=at]);
                    begin = at;
                }
            }
        }
    }

    fn add_piece(&mut self, way: u32, flow: Flow, piece: &[u32]) {
        let [first, between @ .., last] = piece else { return };
        let (tail, head) = (self.junction(*first), self.junction(*last));
        let length_dm = decimetres(self.length_cm(piece));
        let shape = (self.parts.shape_first.len() - 1) as u32;
        let points = between.iter().filter_map(|&place| self.nodes.positions[place as usize]);
        self.parts.shape_points.extend(points);
        self.parts.shape_first.push(self.parts.shape_points.len() as u32);
        let edge = |direction| RoadEdge::new(way, direction, length_dm);
        if flow != Flow::Backward {
            self.parts.edges.push((tail, head, edge(Direction::Forward)));
            self.parts.shape_of_edge.push(shape);
        }
        if flow != Flow::Forward {
            self.parts.edges.push((head, tail, edge(Direction::Backward)));
            self.parts.shape_of_edge.push(shape);
        }
    }

    /// The junction at a node; at a barrier a new one each time, so that nothing goes through.
    fn junction(&mut self, place: u32) -> u32 {
        let place = place as usize;
        if self.junctions[place] != NONE && !self.nodes.is_blocked[place] {
            return self.junctions[place];
        }
        let number = self.parts.positions.len() as u32;
        self.parts.positions.extend(self.nodes.positions[place]);
        self.junctions[place] = number;
        number
    }

    fn length_cm(&self, run: &[u32]) -> u64 {
        let vectors =
            run.iter().filter_map(|&place| self.nodes.positions[place as usize]).map(UnitVector::from);
        let mut last: Option<UnitVector> = None;
        let mut sum_cm = 0;
        for vector in vectors {
            sum_cm += last.map_or(0, |last| u64::from(distance_cm(last, vector)));
            last = Some(vector);
        }
        sum_cm
    }
}

/// Centimetres as decimetres, to the nearest.
fn decimetres(length_cm: u64) -> u32 {
    u32::try_from((length_cm + 5) / 10).unwrap_or(u32::MAX)
}
