//! Emergency transport roads of the Ministry of Land (National Land Numerical Information, N10), as GeoJSON, laid over a
//! network.
//!
//! Read are lines (`LineString`, `MultiLineString`; longitude before latitude, as GeoJSON has it) with a property that
//! holds the order as 1, 2 or 3, a number or a text: [`ORDER_PROPERTY`] unless told otherwise. Everything else is passed
//! over and counted. JGD2011 and WGS 84 differ by less than the lines do.
//!
//! Lines of the two maps never fall together, and share no numbers. An edge has the order of the lines that run beside it,
//! at most [`NEAR_M`] away and in the same direction, over most of its length; so a road that crosses one does not.

use crate::network::roads::{EmergencyOrder, RoadNetwork};
use crate::units::geodesy::{UnitVector, distance_cm};
use crate::units::{Metres, Position};
use rstar::{AABB, RTree, RTreeObject};
use serde::Deserialize;
use std::io::Read;

/// The property that holds the order in the ministry's files.
pub const ORDER_PROPERTY: &str = "N10_002";

/// Lines of two maps that mean the same road lie closer than this: half the width of a large road and the inaccuracy of a
/// map at 1:25,000 (17.5 m, Geospatial Information Authority of Japan). Planning value.
pub const NEAR_M: Metres = 30;

/// Roads that run within this of each other have the same direction, as the cosine's square: 30 degrees. Planning value.
const SAME_DIRECTION_COS2: f64 = 0.75;

/// An edge is looked at each so many metres.
const STEP_M: u32 = 25;

/// Why a file is no overlay.
#[derive(Debug, thiserror::Error)]
pub enum OverlayFault {
    /// It is no GeoJSON; line and column are in the text.
    #[error("no GeoJSON FeatureCollection: {0}")]
    Json(#[from] serde_json::Error),
    /// None of its features has an order.
    #[error("no line has the property {property:?} with 1, 2 or 3: name the one that holds the order")]
    NoOrders {
        /// The property that was looked for.
        property: String,
    },
    /// The network has no coordinates to lay it over.
    #[error("the network has no coordinates")]
    NoPositions,
}

/// What an overlay came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OverlayReport {
    /// Lines with an order.
    pub lines: u64,
    /// Features passed over: other geometries, or without an order.
    pub passed_over: u64,
    /// Places that are not on the Earth; the line is cut there.
    pub off_the_earth: u64,
    /// Edges that got order 1, 2, 3.
    pub edges: [u64; 3],
    /// Their length in each order, kilometres, both directions counted.
    pub kilometres: [u64; 3],
}

#[derive(Deserialize)]
struct Collection {
    features: Vec<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    geometry: Option<Geometry>,
    #[serde(default)]
    properties: Option<serde_json::Map<String, serde_json::Value>>,
}

#[derive(Deserialize)]
struct Geometry {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    coordinates: serde_json::Value,
}

/// Gives orders 1 to 3 to the edges of `network` that run along the lines of `read`; where lines differ the higher order.
/// Orders that it had are gone.
///
/// # Errors
/// [`OverlayFault`]; the network is unchanged then.
///
/// # Complexity
/// O((points of the lines + samples of the edges) x log).
pub fn overlay(
    network: &mut RoadNetwork,
    read: impl Read,
    property: &str,
) -> Result<OverlayReport, OverlayFault> {
    if !network.has_positions() {
        return Err(OverlayFault::NoPositions);
    }
    let collection: Collection = serde_json::from_reader(std::io::BufReader::new(read))?;
    let mut report = OverlayReport::default();
    let mut pieces = Vec::new();
    for feature in &collection.features {
        match order_of(feature, property).zip(lines_of(feature)) {
            Some((order, lines)) => {
                report.lines += lines.len() as u64;
                for line in lines {
                    push_pieces(line, order, &mut pieces, &mut report);
                }
            }
            None => report.passed_over += 1,
        }
    }
    if report.lines == 0 {
        return Err(OverlayFault::NoOrders { property: property.to_owned() });
    }
    let tree = RTree::bulk_load(pieces);
    let orders: Vec<Option<EmergencyOrder>> =
        (0..network.graph().edge_count() as u32).map(|edge| order_along(network, edge, &tree)).collect();
    let mut length_dm = [0_u64; 3];
    for (edge, order) in orders.iter().enumerate() {
        if let Some(order) = order {
            let place = usize::from(order.number()) - 1;
            report.edges[place] += 1;
            length_dm[place] += u64::from(network.edge(edge as u32).length_dm);
        }
    }
    report.kilometres = length_dm.map(|dm| dm / 10_000);
    network.set_emergency_orders(&orders);
    Ok(report)
}

fn order_of(feature: &Feature, property: &str) -> Option<EmergencyOrder> {
    let number = match feature.properties.as_ref()?.get(property)? {
        serde_json::Value::Number(number) => number.as_u64()?,
        serde_json::Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    EmergencyOrder::of_number(number)
}

/// The lines of a feature, each as a list of coordinates.
fn lines_of(feature: &Feature) -> Option<Vec<&Vec<serde_json::Value>>> {
    let geometry = feature.geometry.as_ref()?;
    let coordinates = geometry.coordinates.as_array()?;
    match geometry.kind.as_str() {
        "LineString" => Some(vec![coordinates]),
        "MultiLineString" => Some(coordinates.iter().filter_map(serde_json::Value::as_array).collect()),
        _ => None,
    }
}

/// A straight piece of a line.
struct Piece {
    ends: [UnitVector; 2],
    order: EmergencyOrder,
}

impl RTreeObject for Piece {
    type Envelope = AABB<[f64; 3]>;

    fn envelope(&self) -> AABB<[f64; 3]> {
        AABB::from_corners(coordinates(self.ends[0]), coordinates(self.ends[1]))
    }
}

fn coordinates(at: UnitVector) -> [f64; 3] {
    [f64::from(at.x), f64::from(at.y), f64::from(at.z)]
}

fn push_pieces(
    line: &[serde_json::Value],
    order: EmergencyOrder,
    pieces: &mut Vec<Piece>,
    report: &mut OverlayReport,
) {
    let mut last: Option<UnitVector> = None;
    for place in line {
        let degrees = |at: usize| place.get(at).and_then(serde_json::Value::as_f64);
        let position =
            degrees(1).zip(degrees(0)).and_then(|(lat, lon)| Position::from_degrees(lat, lon).ok());
        let here = position.map(UnitVector::from);
        report.off_the_earth += u64::from(here.is_none());
        if let (Some(from), Some(to)) = (last, here)
            && from != to
        {
            pieces.push(Piece { ends: [from, to], order });
        }
        last = here;
    }
}

/// The order along which most of an edge runs; the higher one where two have as much.
fn order_along(network: &RoadNetwork, edge: u32, tree: &RTree<Piece>) -> Option<EmergencyOrder> {
    let line: Vec<UnitVector> = network.line(edge).map(UnitVector::from).collect();
    let (mut whole, mut along) = (0_u32, [0_u32; 3]);
    for pair in line.windows(2) {
        let steps = (distance_cm(pair[0], pair[1]) / (STEP_M * 100) + 1).min(10_000);
        for step in 0..steps {
            let part = (f64::from(step) + 0.5) / f64::from(steps);
            let [a, b] = [coordinates(pair[0]), coordinates(pair[1])];
            let at: [f64; 3] = std::array::from_fn(|axis| a[axis] + (b[axis] - a[axis]) * part);
            let direction: [f64; 3] = std::array::from_fn(|axis| b[axis] - a[axis]);
            whole += 1;
            if let Some(order) = order_at(at, direction, tree) {
                along[usize::from(order.number()) - 1] += 1;
            }
        }
    }
    let sum: u32 = along.iter().sum();
    let most = (0..3).max_by_key(|&place| (along[place], std::cmp::Reverse(place)))?;
    (sum * 2 > whole).then(|| EmergencyOrder::of_number(most as u64 + 1)).flatten()
}

/// The highest order of a line that passes near a point in the same direction.
fn order_at(at: [f64; 3], direction: [f64; 3], tree: &RTree<Piece>) -> Option<EmergencyOrder> {
    /// Steps of a unit vector in a metre: 2^30 to the radius of the Earth.
    const STEPS_PER_M: f64 = 1_073_741_824.0 / 6_371_008.8;
    let near = f64::from(NEAR_M) * STEPS_PER_M;
    let envelope = AABB::from_corners(at.map(|value| value - near), at.map(|value| value + near));
    let pieces = tree.locate_in_envelope_intersecting(envelope);
    let fits = |piece: &&Piece| {
        let [a, b] = piece.ends.map(coordinates);
        let line: [f64; 3] = std::array::from_fn(|axis| b[axis] - a[axis]);
        let to: [f64; 3] = std::array::from_fn(|axis| at[axis] - a[axis]);
        let length2 = dot(line, line);
        let part = (dot(line, to) / length2).clamp(0.0, 1.0);
        let off: [f64; 3] = std::array::from_fn(|axis| to[axis] - line[axis] * part);
        let cosine = dot(line, direction);
        dot(off, off) <= near * near
            && cosine * cosine >= SAME_DIRECTION_COS2 * length2 * dot(direction, direction)
    };
    pieces.filter(fits).map(|piece| piece.order).min()
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::roads::{Direction, NetworkParts, RoadClass, RoadEdge, Way};

    /// A road to the east from 35.0, 135.0 in three edges of about 900 m, and one to the north that crosses it, each way.
    fn crossing() -> RoadNetwork {
        let at = |lat: i32, lon: i32| Position::from_e7(350_000_000 + lat, 1_350_000_000 + lon).unwrap();
        let positions = vec![at(0, 0), at(0, 100_000), at(0, 200_000), at(0, 300_000), at(-100_000, 100_000)];
        let mut edges = Vec::new();
        for (shape, (tail, head, way)) in [(0, 1, 0), (1, 2, 0), (2, 3, 0), (4, 1, 1)].into_iter().enumerate()
        {
            edges.push((tail, head, RoadEdge::new(way, Direction::Forward, 9_100), shape as u32));
            edges.push((head, tail, RoadEdge::new(way, Direction::Backward, 9_100), shape as u32));
        }
        RoadNetwork::new(NetworkParts {
            has_positions: true,
            positions,
            shape_of_edge: edges.iter().map(|edge| edge.3).collect(),
            edges: edges.into_iter().map(|(tail, head, edge, _)| (tail, head, edge)).collect(),
            shape_first: vec![0; 5],
            shape_points: Vec::new(),
            ways: vec![Way::plain(RoadClass::Primary), Way::plain(RoadClass::Tertiary)],
            stated_ms: None,
        })
        .unwrap()
    }

    fn line(order: &str, coordinates: &str) -> String {
        format!(
            r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"N10_002":{order}}},
            "geometry":{{"type":"LineString","coordinates":{coordinates}}}}}]}}"#
        )
    }

    fn orders(network: &RoadNetwork) -> Vec<Option<u8>> {
        let edges = 0..network.graph().edge_count() as u32;
        edges.map(|edge| network.way_of(edge).emergency_order.map(EmergencyOrder::number)).collect()
    }

    #[test]
    fn only_what_runs_beside_a_line_gets_its_order() {
        // Some 11 m to the north, over the first edge and two thirds of the second.
        let json = line("\"2\"", "[[135.0,35.0001],[135.0167,35.0001]]");
        let mut network = crossing();
        let report = overlay(&mut network, json.as_bytes(), ORDER_PROPERTY).unwrap();
        assert_eq!(orders(&network), [Some(2), Some(2), Some(2), Some(2), None, None, None, None]);
        assert_eq!((report.lines, report.edges, report.kilometres), (1, [0, 4, 0], [0, 3, 0]));
        // The way was split: what else is known of it stays.
        assert_eq!(network.ways().len(), 3);
        assert_eq!(network.way_of(4).class, RoadClass::Primary);
        // Laid over anew it is as if the first had never been.
        overlay(&mut network, line("1", "[[135.02,35.0],[135.03,35.0]]").as_bytes(), ORDER_PROPERTY).unwrap();
        assert_eq!(orders(&network), [None, None, None, None, Some(1), Some(1), None, None]);
    }

    #[test]
    fn a_line_too_far_away_or_without_an_order_changes_nothing() {
        let mut network = crossing();
        overlay(&mut network, line("1", "[[135.0,35.0004],[135.03,35.0004]]").as_bytes(), ORDER_PROPERTY)
            .unwrap();
        assert_eq!(orders(&network), [None; 8]);
        for order in ["4", "0", "null", "\"first\"", "1.5", "-1"] {
            let json = line(order, "[[135.0,35.0],[135.03,35.0]]");
            let fault = overlay(&mut network, json.as_bytes(), ORDER_PROPERTY).unwrap_err();
            assert!(matches!(fault, OverlayFault::NoOrders { .. }), "{order}: {fault}");
        }
    }

    #[test]
    fn hostile_json_is_refused_or_passed_over() {
        let mut network = crossing();
        let deep = "[".repeat(100_000);
        for text in ["", "{}", "[1]", "{\"features\":7}", &deep, &line("1", &deep)] {
            let fault = overlay(&mut network, text.as_bytes(), ORDER_PROPERTY);
            assert!(matches!(fault, Err(OverlayFault::Json(_))), "{text:.20}");
        }
        for coordinates in ["[]", "[[]]", "[[1]]", "[[999,999],[1e308,5]]", "[[135,35],[135,35]]", "{}", "7"]
        {
            let _ = overlay(&mut network, line("1", coordinates).as_bytes(), ORDER_PROPERTY);
            assert_eq!(orders(&network), [None; 8], "{coordinates}");
        }
    }
}
