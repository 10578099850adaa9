//! Questions of the roads that change nothing.

use super::{Answer, Network, beside};
use crate::api::v1::{self, find_nearest_request};
use crate::authority::roads::Standing;
use crate::authority::{RoadBoard, Union, View};
use crate::decision::model::{AssetKind, Name};
use crate::decision::rejection::FieldProblem;
use crate::network::hierarchy::{Matrix, Roads, Snapshot, Targets};
use crate::network::overlay::Effect;
use crate::network::roads::{Profile, RoadClass, SNAP_WARNING_M, Way, line};
use crate::network::{
    ACCESS_M_MAX, FERRY_BOARDING_MS, Footing, Legs, Millis, RoadLeg, RoadMap, UNREACHABLE_MS, road_route,
};
use crate::service::ServiceError;
use crate::service::convert::{Names, Wire, profile, read, wire};
use crate::service::desk::Caller;
use crate::service::rpc::Parts;
use crate::units::{Position, Seconds};
use petgraph::Direction;
use std::num::NonZeroUsize;
use std::sync::Arc;

/// Times of one matrix: 20 million are some seconds of work, sent row by row.
const MATRIX_CELLS_MAX: u64 = 20_000_000;
/// Origins that are worked out at once: as many as share a sweep.
const ORIGINS_AT_ONCE: usize = 16;
/// Rows that wait for a slow reader.
const ROWS_WAITING: usize = 32;
/// Roads that an isochrone draws: some 2 MiB.
const LINES_MAX: usize = 20_000;
/// Longest isochrone: a day.
const ISOCHRONE_S_MAX: Seconds = 86_400;
/// Places that a search for the nearest gives unless told, and at most.
const NEAREST_DEFAULT: u32 = 5;
const NEAREST_MAX: u32 = 100;

impl<U: Union> Network<U> {
    pub(super) async fn compute_route(
        &self,
        _: Caller,
        message: v1::ComputeRouteRequest,
    ) -> Answer<v1::Route> {
        let origin = read::position("origin", message.origin)?;
        let destination = read::position("destination", message.destination)?;
        let profile = profile(message.profile)?;
        let repaired_by = read::instant_opt("repaired_by", message.repaired_by)?;
        let times = self.times(repaired_by, profile);
        let (board, shown) = (Arc::clone(&self.board), self.desk.shown());
        beside(move || {
            let times = times();
            let mut route = route(&board, &times, profile, (origin, destination));
            let edges = std::mem::take(&mut route.1);
            route.0.restrictions = on_the_way(&board, &shown.view, &shown.names, &edges);
            Ok(route.0)
        })
        .await
    }

    pub(super) async fn compute_matrix(
        &self,
        _: Caller,
        message: v1::ComputeMatrixRequest,
    ) -> Answer<Parts<v1::MatrixRow>> {
        let (origins, destinations) = (message.origins.len() as u64, message.destinations.len() as u64);
        if origins * destinations > MATRIX_CELLS_MAX {
            return Err(ServiceError::MatrixTooLarge { origins, destinations, max: MATRIX_CELLS_MAX });
        }
        let places = |field: &str, all: Vec<v1::LatLng>| -> Answer<Vec<Position>> {
            let all = all.into_iter().enumerate();
            all.map(|(index, place)| read::position(&format!("{field}[{index}]"), Some(place))).collect()
        };
        let origins = places("origins", message.origins)?;
        let destinations = places("destinations", message.destinations)?;
        let profile = profile(message.profile)?;
        let repaired_by = read::instant_opt("repaired_by", message.repaired_by)?;
        let times = self.times(repaired_by, profile);
        let board = Arc::clone(&self.board);
        let (rows, waiting) = tokio::sync::mpsc::channel(ROWS_WAITING);
        // Each holds a thread until its last row is taken: others wait their turn.
        let turn = Arc::clone(&self.matrices).acquire_owned().await;
        let turn = turn.map_err(|_| ServiceError::Unavailable { what: "matrix" })?;
        let failed = rows.clone();
        // It ends when the last row is taken, or when nobody takes the next.
        let task = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            let times = times();
            let footings: Vec<Footing> = destinations.iter().map(|&place| board.footing(place)).collect();
            let to: Vec<&Footing> = footings.iter().collect();
            let legs = Legs::new(board.map(), &times, &to, Direction::Outgoing);
            for (chunk_idx, chunk) in origins.chunks(ORIGINS_AT_ONCE).enumerate() {
                let from: Vec<Footing> = chunk.iter().map(|&place| board.footing(place)).collect();
                let from: Vec<&Footing> = from.iter().collect();
                for (idx, legs) in legs.rows(&from, NonZeroUsize::MIN).into_iter().enumerate() {
                    let row = v1::MatrixRow {
                        origin_index: (chunk_idx * ORIGINS_AT_ONCE + idx) as u32,
                        travel_s: legs.iter().map(cell).collect(),
                    };
                    if rows.blocking_send(Ok(row)).is_err() {
                        return;
                    }
                }
            }
        });
        // A matrix that broke off must not look like a whole one.
        tokio::spawn(async move {
            if task.await.is_err() {
                let _ = failed.send(Err(tonic::Status::internal("the matrix could not be worked out"))).await;
            }
        });
        Ok(Box::pin(tokio_stream::wrappers::ReceiverStream::new(waiting)))
    }

    pub(super) async fn compute_isochrone(
        &self,
        _: Caller,
        message: v1::ComputeIsochroneRequest,
    ) -> Answer<v1::Isochrone> {
        let origin = read::position("origin", message.origin)?;
        let within_s = read::span("within", message.within)?;
        if within_s > ISOCHRONE_S_MAX {
            let (got, max) = (i64::from(within_s), i64::from(ISOCHRONE_S_MAX));
            return Err(ServiceError::field("within", FieldProblem::OutOfRange { got, min: 0, max }));
        }
        let profile = profile(message.profile)?;
        let direction = direction(message.toward_origin);
        let times = self.times(read::instant_opt("repaired_by", message.repaired_by)?, profile);
        let (board, municipalities) = (Arc::clone(&self.board), Arc::clone(&self.municipalities));
        let lines = message.lines;
        beside(move || {
            let (times, map) = (times(), board.map());
            let from = board.footing(origin);
            let within_ms = within_s * 1_000;
            let mut isochrone = roads_within(map, &times, &from, direction, within_ms, lines);
            let footings: Vec<Footing> =
                municipalities.iter().map(|municipality| board.footing(municipality.position)).collect();
            let offices: Vec<&Footing> = footings.iter().collect();
            let legs = Legs::new(map, &times, &offices, direction);
            let row = legs.rows(&[&from], NonZeroUsize::MIN).pop().unwrap_or_default();
            let mut found: Vec<_> =
                municipalities.iter().zip(row).filter(|(_, leg)| leg.total_s() <= within_s).collect();
            found.sort_by_key(|(municipality, leg)| (leg.total_s(), municipality.code));
            isochrone.population =
                found.iter().map(|(municipality, _)| u64::from(municipality.population)).sum();
            isochrone.municipalities = found
                .into_iter()
                .map(|(municipality, leg)| v1::isochrone::Municipality {
                    code: municipality.code,
                    display_name: Some(wire::display_name(&municipality.name)),
                    travel: Some(wire::span(leg.total_s())),
                    population: municipality.population.into(),
                })
                .collect();
            Ok(isochrone)
        })
        .await
    }

    pub(super) async fn find_nearest(
        &self,
        _: Caller,
        message: v1::FindNearestRequest,
    ) -> Answer<v1::FindNearestResponse> {
        let origin = read::position("origin", message.origin)?;
        let kind = message.kind();
        if kind == find_nearest_request::Kind::Unspecified {
            // Says which of the two it is: missing, or a number that the enum does not have.
            let number = message.kind;
            return Err(if number == 0 {
                ServiceError::required("kind")
            } else {
                let problem = crate::service::error::ArgumentProblem::UnknownEnum { got: number };
                ServiceError::argument("kind", problem)
            });
        }
        let count = if message.count == 0 { NEAREST_DEFAULT } else { message.count };
        if count > NEAREST_MAX {
            let (got, max) = (i64::from(count), i64::from(NEAREST_MAX));
            return Err(ServiceError::field("count", FieldProblem::OutOfRange { got, min: 0, max }));
        }
        let profile = profile(message.profile)?;
        let times = self.times(read::instant_opt("repaired_by", message.repaired_by)?, profile);
        let direction = direction(message.toward_origin);
        let (board, shown) = (Arc::clone(&self.board), self.desk.shown());
        beside(move || {
            let times = times();
            let places = places(&shown.view, kind, &shown.names);
            let footings: Vec<Footing> = places.iter().map(|place| board.footing(place.position)).collect();
            let to: Vec<&Footing> = footings.iter().collect();
            let legs = Legs::new(board.map(), &times, &to, direction);
            let row = legs.rows(&[&board.footing(origin)], NonZeroUsize::MIN).pop().unwrap_or_default();
            let mut found: Vec<_> =
                places.into_iter().zip(row).filter(|(_, leg)| leg.is_reachable()).collect();
            found.sort_by(|(a, to_a), (b, to_b)| (to_a.total_s(), &a.name).cmp(&(to_b.total_s(), &b.name)));
            found.truncate(count as usize);
            let found = found.into_iter().map(|(place, leg)| v1::find_nearest_response::Found {
                name: place.name,
                display_name: Some(wire::display_name(&place.display)),
                travel: Some(wire::span(leg.total_s())),
            });
            Ok(v1::FindNearestResponse { found: found.collect() })
        })
        .await
    }

    pub(super) async fn snap_position(
        &self,
        _: Caller,
        message: v1::SnapPositionRequest,
    ) -> Answer<v1::SnapPositionResponse> {
        let position = read::position("position", message.position)?;
        let times = self.times(None, profile(message.profile)?);
        let board = Arc::clone(&self.board);
        beside(move || Ok(snapped(&board, &times(), position))).await
    }
}

fn direction(is_toward_origin: bool) -> Direction {
    if is_toward_origin { Direction::Incoming } else { Direction::Outgoing }
}

fn cell(leg: &RoadLeg) -> i32 {
    if leg.is_reachable() { i32::try_from(leg.total_s()).unwrap_or(i32::MAX) } else { -1 }
}

/// A route as the wire shows it, and its edges.
fn route(
    board: &RoadBoard,
    times: &Snapshot,
    profile: Profile,
    (origin, destination): (Position, Position),
) -> (v1::Route, Vec<u32>) {
    let (map, network) = (board.map(), board.map().network());
    let (from, to) = (board.footing(origin), board.footing(destination));
    let found = road_route(map, times, &from, &to);
    let (access_from_s, network_s, access_to_s) = match found.leg {
        RoadLeg::Network { access_from_s, network_s, access_to_s, .. } => {
            (access_from_s, network_s, access_to_s)
        }
        RoadLeg::Direct { access_s } => (access_s, 0, 0),
        RoadLeg::Unreachable => return (v1::Route::default(), Vec::new()),
    };
    let mut points = vec![origin];
    points.extend(line(network, &found.edges, from.snap(), to.snap()));
    points.push(destination);
    points.dedup();
    let usual_ms = network.weights_ms(profile);
    let is_ferry = |edge: u32| network.way_of(edge).class == RoadClass::Ferry;
    // The wait stands in the weight of an edge that leaves a road.
    let boardings = found
        .edges
        .iter()
        .enumerate()
        .filter(|&(place, &edge)| is_ferry(edge) && (place == 0 || !is_ferry(found.edges[place - 1])));
    let ferry_wait_ms = boardings.filter(|(_, edge)| usual_ms[**edge as usize] >= FERRY_BOARDING_MS).count()
        as u32
        * FERRY_BOARDING_MS;
    let emergency_dm: u64 = found
        .edges
        .iter()
        .filter(|&&edge| network.way_of(edge).emergency_order.is_some())
        .map(|&edge| u64::from(network.edge(edge).length_dm))
        .sum();
    let route = v1::Route {
        reachable: true,
        travel: Some(wire::span(found.leg.total_s())),
        access_origin: Some(wire::span(access_from_s)),
        on_road: Some(wire::span(network_s)),
        access_destination: Some(wire::span(access_to_s)),
        distance_m: found.length_dm / 10,
        steps: steps(map, times, &found.edges),
        line: points.into_iter().map(wire::position).collect(),
        ferry_wait: Some(wire::span(ferry_wait_ms / 1_000)),
        emergency_road_m: emergency_dm / 10,
        restrictions: Vec::new(),
    };
    (route, found.edges)
}

/// The roads on the way, pieces of one name together.
fn steps(map: &RoadMap, times: &Snapshot, edges: &[u32]) -> Vec<v1::route::Step> {
    let network = map.network();
    let same = |a: &Way, b: &Way| {
        a.name_ja == b.name_ja
            && a.name_en == b.name_en
            && a.route_ref == b.route_ref
            && structure(a) == structure(b)
    };
    let mut steps: Vec<v1::route::Step> = Vec::new();
    for piece in edges.chunk_by(|&a, &b| same(network.way_of(a), network.way_of(b))) {
        let way = network.way_of(piece[0]);
        let dm: u64 = piece.iter().map(|&edge| u64::from(network.edge(edge).length_dm)).sum();
        let ms: u64 = piece.iter().map(|&edge| u64::from(times.weights_ms()[edge as usize])).sum();
        let text = |name: &Option<Arc<str>>| name.as_deref().unwrap_or_default().to_owned();
        steps.push(v1::route::Step {
            road: Some(v1::DisplayName { ja: text(&way.name_ja), en: text(&way.name_en) }),
            route_number: text(&way.route_ref),
            road_class: way.class.number(),
            distance_m: dm / 10,
            travel: Some(wire::span(u32::try_from(ms.div_ceil(1_000)).unwrap_or(u32::MAX))),
            structure: structure(way).map(|(ja, en)| v1::DisplayName { ja, en }),
        });
    }
    steps
}

/// The name of the structure that a way is, if it has one.
fn structure(way: &Way) -> Option<(String, String)> {
    let structure = way.structure.as_ref()?;
    let text = |name: &Option<Arc<str>>| name.as_deref().unwrap_or_default().to_owned();
    let names = (text(&structure.name_ja), text(&structure.name_en));
    (!names.0.is_empty() || !names.1.is_empty()).then_some(names)
}

/// What slows or opens something on the way, by name.
fn on_the_way(board: &RoadBoard, view: &View, names: &Names, edges: &[u32]) -> Vec<String> {
    let edges: std::collections::BTreeSet<u32> = edges.iter().copied().collect();
    let touches = |overlay: &crate::network::overlay::Overlay| {
        overlay.effect != Effect::Closed && overlay.edges.iter().any(|edge| edges.contains(edge))
    };
    let standing = board.standing(view);
    let on = standing.iter().filter(|(_, overlay)| touches(overlay));
    on.map(|(name, _)| printed(names, name)).collect()
}

/// The name of what stands on the roads.
pub(super) fn printed(names: &Names, standing: &Standing) -> String {
    match standing {
        Standing::Structure(id) => names.print(id),
        Standing::Restriction(id) => names.print(id),
    }
}

/// The roads within a time, without municipalities.
fn roads_within(
    map: &RoadMap,
    times: &Snapshot,
    from: &Footing,
    direction: Direction,
    within_ms: Millis,
    with_lines: bool,
) -> v1::Isochrone {
    let sources = from.standings(map, times, direction);
    if sources.is_empty() {
        return v1::Isochrone::default();
    }
    let network = map.network();
    let all: Vec<u32> = (0..map.flat().nodes_count()).collect();
    let targets = Targets::new(map.hierarchy(), &all);
    let matrix = Matrix::new(map.hierarchy(), times.metric(), &targets, direction);
    let lengths_m: Vec<u32> = network.graph().edge_weights().map(|piece| piece.length_dm / 10).collect();
    let roads = Roads { graph: map.flat(), weights_ms: times.weights_ms(), lengths_m: &lengths_m };
    let found = matrix.isochrone(roads, &sources, within_ms);
    // Both directions of a road are one road.
    let mut drawn: Vec<(u32, u32)> = found
        .edges
        .iter()
        .map(|within| {
            (network.twin(within.edge).map_or(within.edge, |twin| twin.min(within.edge)), within.reached_m)
        })
        .collect();
    drawn.sort_unstable_by_key(|&(edge, reached_m)| (edge, std::cmp::Reverse(reached_m)));
    drawn.dedup_by_key(|&mut (edge, _)| edge);
    let road_m = drawn.iter().map(|&(_, reached_m)| u64::from(reached_m)).sum();
    let lines = drawn.iter().take(if with_lines { LINES_MAX } else { 0 });
    let lines = lines
        .map(|&(edge, _)| v1::isochrone::Line { points: network.line(edge).map(wire::position).collect() });
    v1::Isochrone {
        junction_count: found.nodes.len() as u32,
        road_m,
        lines: lines.collect(),
        truncated: with_lines && drawn.len() > LINES_MAX,
        ..v1::Isochrone::default()
    }
}

struct Place {
    name: String,
    display: Name,
    position: Position,
}

/// What a search for the nearest looks through.
fn places(view: &View, kind: find_nearest_request::Kind, names: &Names) -> Vec<Place> {
    let assets = |wanted: fn(AssetKind) -> bool| -> Vec<Place> {
        let found = view.assets_of(wanted).map(|(asset, _)| Place {
            name: names.print(&asset.id),
            display: asset.name.clone(),
            position: asset.base,
        });
        found.collect()
    };
    match kind {
        find_nearest_request::Kind::Unspecified => Vec::new(),
        find_nearest_request::Kind::AmbulanceStart => assets(|kind| kind == AssetKind::Ambulance),
        find_nearest_request::Kind::DoctorCarStart => assets(|kind| kind == AssetKind::DoctorCar),
        find_nearest_request::Kind::Hospital => {
            let hospitals = view.states().flat_map(|state| state.hospitals.values());
            let found = hospitals.map(|hospital| Place {
                name: names.print(&hospital.id),
                display: hospital.name.clone(),
                position: hospital.position,
            });
            found.collect()
        }
        find_nearest_request::Kind::Site => {
            let sites = view.states().flat_map(|state| state.sites.values());
            let found = sites.map(|site| Place {
                name: names.print(&site.id),
                display: site.name.clone(),
                position: site.position,
            });
            found.collect()
        }
    }
}

/// The road beside a place: on it, or on trunk roads the nearest junction with one of its roads.
fn snapped(board: &RoadBoard, times: &Snapshot, position: Position) -> v1::SnapPositionResponse {
    let (map, network) = (board.map(), board.map().network());
    let footing = board.footing(position);
    let Some(distance_m) = footing.nearest_m() else { return v1::SnapPositionResponse::default() };
    let (edge, at) = match footing.snap() {
        Some(snap) => (snap.edge, snap.position),
        None => {
            let standings = footing.standings(map, times, Direction::Outgoing);
            let Some(&(node, _)) = standings.iter().min_by_key(|&&(node, ms)| (ms, node)) else {
                return v1::SnapPositionResponse::default();
            };
            let around = network.graph().edges(petgraph::graph::NodeIndex::new(node as usize));
            let around = around.map(|edge| petgraph::visit::EdgeRef::id(&edge).index() as u32);
            // The lowest road that is open, else the lowest.
            let is_closed = |edge: u32| times.weights_ms()[edge as usize] >= UNREACHABLE_MS;
            let Some(edge) = around.min_by_key(|&edge| (is_closed(edge), edge)) else {
                return v1::SnapPositionResponse::default();
            };
            (edge, network.position(node))
        }
    };
    let way = network.way_of(edge);
    let text = |name: &Option<Arc<str>>| name.as_deref().unwrap_or_default().to_owned();
    let is_open = |edge: u32| times.weights_ms()[edge as usize] < UNREACHABLE_MS;
    // Trunk roads are far from most places, and nothing is wrong with that.
    let far_m = if map.is_trunk_roads_only() { ACCESS_M_MAX / 2 } else { SNAP_WARNING_M };
    v1::SnapPositionResponse {
        found: true,
        position: Some(wire::position(at)),
        distance_m,
        far: distance_m > far_m,
        edge,
        road: Some(v1::DisplayName { ja: text(&way.name_ja), en: text(&way.name_en) }),
        route_number: text(&way.route_ref),
        closed: !is_open(edge) && !network.twin(edge).is_some_and(is_open),
    }
}
