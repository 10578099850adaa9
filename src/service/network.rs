//! The roads: what stands on them, and how long it takes from one place to another.
//!
//! Everything that searches runs beside the workers that serve calls, on one moment of the roads. A call that changes
//! them answers when the change is in force: whoever asks after that is answered with it.

mod query;
mod reach;
mod rerank;

use rerank::Best;

use super::ServiceError;
use super::convert::{Shown, read, wire};
use super::desk::{Call, Caller, Desk, unknown};
use super::filter::FilterField;
use super::paging::Query;
use super::rpc::serve;
use crate::api::v1;
use crate::authority::planner::RankPlanner;
use crate::authority::{RoadBoard, Union, View};
use crate::decision::model::{Restriction, RestrictionUse, RoadStretch};
use crate::decision::rejection::Kind;
use crate::decision::{Command, Event};
use crate::drill::scenario::Municipality;
use crate::id::{LedgerId, MemberId, RestrictionId};
use crate::network::UNREACHABLE_MS;
use crate::network::hierarchy::Snapshot;
use crate::network::roads::Profile;
use crate::units::{Position, Timestamp};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// `yui.v1.NetworkService`.
pub struct Network<U> {
    desk: Arc<Desk<U>>,
    planner: Arc<RankPlanner>,
    board: Arc<RoadBoard>,
    municipalities: Arc<[Municipality]>,
    /// Matrices that are worked out at once.
    matrices: Arc<Semaphore>,
}

serve! {
    impl[U: Union] v1::network_service_server::NetworkService, for Network<U> {
        get_network(GetNetworkRequest) -> Network;
        create_restriction(CreateRestrictionRequest) -> Restriction;
        lift_restriction(LiftRestrictionRequest) -> Restriction;
        get_restriction(GetRestrictionRequest) -> Restriction;
        list_restrictions(ListRestrictionsRequest) -> ListRestrictionsResponse;
        compute_route(ComputeRouteRequest) -> Route;
        compute_isochrone(ComputeIsochroneRequest) -> Isochrone;
        find_nearest(FindNearestRequest) -> FindNearestResponse;
        snap_position(SnapPositionRequest) -> SnapPositionResponse;
        assess_reachability(AssessReachabilityRequest) -> Reachability;
        ; compute_matrix(ComputeMatrixRequest) -> MatrixRow as ComputeMatrixStream;
    }
}

type Answer<T> = Result<T, ServiceError>;

/// Matrices that are worked out at once; each takes a thread for as long as its rows are read.
const MATRICES_MAX: usize = 8;

const FILTER: [FilterField; 2] = [
    FilterField { name: "state", takes: |value| ["STANDING", "OVERDUE", "LIFTED"].contains(&value) },
    FilterField { name: "effect", takes: |value| ["CLOSED", "SLOWED", "OPENED"].contains(&value) },
];

impl<U: Union> Network<U> {
    /// The service at `desk`, on the roads of `planner`. `municipalities` are what reachability and isochrones speak of.
    #[must_use]
    pub fn new(
        desk: Arc<Desk<U>>,
        planner: Arc<RankPlanner>,
        municipalities: Arc<[Municipality]>,
    ) -> Network<U> {
        let board = Arc::clone(planner.roads());
        let matrices = Arc::new(Semaphore::new(MATRICES_MAX));
        Network { desk, planner, board, municipalities, matrices }
    }

    async fn get_network(&self, _: Caller, _: v1::GetNetworkRequest) -> Answer<v1::Network> {
        let shown = self.desk.shown();
        let board = Arc::clone(&self.board);
        beside(move || {
            let (map, now) = (board.map(), board.now(&shown.view, Profile::Ambulance));
            let usual_ms = map.network().weights_ms(Profile::Ambulance);
            let (mut length_dm, mut closed_dm, mut slowed_dm) = (0_u64, 0_u64, 0_u64);
            for (piece, (now_ms, usual_ms)) in
                map.network().graph().edge_weights().zip(now.times.weights_ms().iter().zip(&usual_ms))
            {
                let dm = u64::from(piece.length_dm);
                length_dm += dm;
                if *usual_ms < UNREACHABLE_MS && *now_ms >= UNREACHABLE_MS {
                    closed_dm += dm;
                } else if usual_ms < now_ms {
                    slowed_dm += dm;
                }
            }
            let ways = map.network().ways().iter().filter(|way| way.is_reserved);
            let mut reserved: Vec<String> = ways
                .filter_map(|way| way.name_en.as_ref().or(way.name_ja.as_ref()))
                .map(ToString::to_string)
                .collect();
            reserved.sort();
            reserved.dedup();
            Ok(v1::Network {
                fingerprint: board.fingerprint().to_owned(),
                source: map.source().to_owned(),
                junction_count: map.flat().nodes_count(),
                edge_count: map.flat().edges_count(),
                structure_count: map.structures().count() as u32,
                length_m: length_dm / 10,
                closed_length_m: closed_dm / 10,
                slowed_length_m: slowed_dm / 10,
                restriction_count: shown.view.restrictions().count() as u32,
                closed_structure_count: shown.view.closed_structures().len() as u32,
                trunk_roads_only: map.is_trunk_roads_only(),
                reserved_links: reserved,
            })
        })
        .await
    }

    async fn create_restriction(
        &self,
        caller: Caller,
        message: v1::CreateRestrictionRequest,
    ) -> Answer<v1::Restriction> {
        let validate_only = message.validate_only;
        let call = caller.call(message.request_id, validate_only)?;
        let member: MemberId = self.desk.reader().name("parent", &message.parent)?;
        let new = self.desk.reader().restriction(read::given("restriction", message.restriction)?)?;
        let ledger = LedgerId::Member(member);
        // The ledger judges first: it is cheap, and bounds what is looked for on the network.
        let command = Command::RestrictRoad(new.clone());
        self.desk.order(Call { validate_only: true, ..call.clone() }, &ledger, command.clone()).await?;
        let board = Arc::clone(&self.board);
        let found = beside(move || Ok(board.edges_of(&new.stretch))).await?;
        if let Err(fault) = found {
            // A retry of what was taken while another network was served is answered as it was then.
            let recorded = self
                .desk
                .union()
                .recorded(&ledger, &call.request_id, &crate::record::canonical(&command))
                .await?;
            if recorded.is_none() {
                return Err(ServiceError::NoSuchRoad { field: "restriction", fault });
            }
        }
        let before = self.desk.shown();
        let best = if validate_only { Best::new() } else { self.best(&before.view, before.now).await? };
        let done = self.desk.order(call, &ledger, command).await?;
        let Some(Event::RoadRestricted(restriction)) =
            done.outcome.events.iter().find(|event| matches!(event, Event::RoadRestricted(_)))
        else {
            return Err(ServiceError::Unavailable { what: "restriction" });
        };
        self.in_force(&done.shown.view).await?;
        let said = done.shown.view.restriction(&restriction.id).cloned();
        let said = said.filter(|_| !validate_only).unwrap_or_else(|| RestrictionUse {
            restriction: restriction.clone(),
            said_at: done.shown.now,
            lifted: None,
        });
        let mut drawn = self.drawn(&done.shown, &said).await?;
        drawn.reranked = self.reranked(&best, &done.shown, before.now).await?;
        Ok(drawn)
    }

    async fn lift_restriction(
        &self,
        caller: Caller,
        message: v1::LiftRestrictionRequest,
    ) -> Answer<v1::Restriction> {
        let validate_only = message.validate_only;
        let call = caller.call(message.request_id, validate_only)?;
        let id: RestrictionId = self.desk.reader().name("name", &message.name)?;
        let before = self.desk.shown();
        let best = if validate_only { Best::new() } else { self.best(&before.view, before.now).await? };
        let command = Command::LiftRestriction { restriction: id.clone(), note: message.note };
        let done = self.desk.order(call, &id.ledger(), command).await?;
        self.in_force(&done.shown.view).await?;
        let mut drawn = self.known(&done.shown, &id).await?;
        drawn.reranked = self.reranked(&best, &done.shown, before.now).await?;
        Ok(drawn)
    }

    async fn get_restriction(
        &self,
        _: Caller,
        message: v1::GetRestrictionRequest,
    ) -> Answer<v1::Restriction> {
        let id: RestrictionId = self.desk.reader().name("name", &message.name)?;
        self.known(&self.desk.shown(), &id).await
    }

    async fn list_restrictions(
        &self,
        _: Caller,
        message: v1::ListRestrictionsRequest,
    ) -> Answer<v1::ListRestrictionsResponse> {
        let query = Query {
            method: "ListRestrictions",
            parent: "",
            filter: &message.filter,
            page_size: message.page_size,
            page_token: &message.page_token,
        };
        let page = query.read(&FILTER)?;
        let shown = self.desk.shown();
        let all = shown.view.states().flat_map(|state| state.restrictions.values());
        let passing = all.filter(|said| {
            let drawn = shown.restriction_of(said);
            page.filter.admits(|field| {
                let word = match field {
                    "state" => drawn.state().as_str_name(),
                    _ => drawn.effect().as_str_name(),
                };
                vec![word.to_owned()]
            })
        });
        let (found, next_page_token) = page.cut(passing, |said| said.restriction.id.clone())?;
        let mut restrictions = Vec::with_capacity(found.len());
        for said in found {
            restrictions.push(self.drawn(&shown, said).await?);
        }
        Ok(v1::ListRestrictionsResponse { restrictions, next_page_token })
    }

    async fn known(&self, shown: &Shown, id: &RestrictionId) -> Answer<v1::Restriction> {
        let said = shown.view.restriction(id).ok_or_else(|| unknown(Kind::Restriction, id))?;
        self.drawn(shown, said).await
    }

    /// A restriction with what it means on the network in use.
    async fn drawn(&self, shown: &Shown, said: &RestrictionUse) -> Answer<v1::Restriction> {
        let mut drawn = shown.restriction_of(said);
        let (board, restriction) = (Arc::clone(&self.board), said.restriction.clone());
        let (count, length_m, origin) = beside(move || Ok(extent(&board, &restriction))).await?;
        (drawn.edge_count, drawn.length_m) = (count, length_m);
        drawn.section_origin = origin.map(wire::position);
        Ok(drawn)
    }

    /// What became of the rankings of open requests.
    async fn reranked(&self, before: &Best, shown: &Shown, at: Timestamp) -> Answer<Vec<v1::Reranked>> {
        if before.is_empty() {
            return Ok(Vec::new());
        }
        // At the same time as before: only the roads may differ.
        let now = self.best(&shown.view, at).await?;
        Ok(rerank::changed(before, &now, &shown.names))
    }

    /// Returns when the roads of `view` are in force.
    async fn in_force(&self, view: &Arc<View>) -> Answer<()> {
        let (board, view) = (Arc::clone(&self.board), Arc::clone(view));
        beside(move || {
            board.bring_in_force(&view);
            Ok(())
        })
        .await
    }

    /// What is in force, or will be when all is lifted that is expected to end by `repaired_by`.
    fn times(
        &self,
        repaired_by: Option<Timestamp>,
        profile: Profile,
    ) -> impl FnOnce() -> Arc<Snapshot> + use<U> {
        let (board, view) = (Arc::clone(&self.board), self.desk.shown().view);
        move || match repaired_by {
            Some(by) => board.after_repairs(&view, profile, by).0,
            None => Arc::clone(&board.now(&view, profile).times),
        }
    }
}

/// How many edges and metres are meant, and where the kilometres of a section begin.
fn extent(board: &RoadBoard, restriction: &Restriction) -> (u32, u64, Option<Position>) {
    let network = board.map().network();
    let edges = board.edges(restriction);
    let length_dm: u64 = edges.iter().map(|&edge| u64::from(network.edge(edge).length_dm)).sum();
    let origin = match &restriction.stretch {
        RoadStretch::Section { road, .. } => board.map().road(road).ok().map(|road| road.origin),
        _ => None,
    };
    (edges.len() as u32, length_dm / 10, origin)
}

/// Runs what searches where it may block.
async fn beside<T: Send + 'static>(search: impl FnOnce() -> Answer<T> + Send + 'static) -> Answer<T> {
    let found = tokio::task::spawn_blocking(search).await;
    found.unwrap_or(Err(ServiceError::Unavailable { what: "road search" }))
}
