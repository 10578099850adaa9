//! Where assets are now: fixes as they stream in, and searches by where each asset is taken to be.
//!
//! An asset is where its newest fix says while that is fresh, else at its base; each answer says which, and shows a stale
//! fix with its age. Nothing is recorded here: see [`LivePositions`].

use super::ServiceError;
use super::convert::{Shown, Wire, asset_state, read, wire};
use super::desk::{Caller, Desk};
use super::error::{AreaProblem, ArgumentProblem};
use super::filter::Filter;
use super::known;
use super::paging::Query;
use super::registry::{ASSET_FILTER, asset_values, ledgers, parent_key};
use super::rpc::serve;
use super::{status, text};
use crate::api::v1;
use crate::api::v1::search_assets_request::Area as Asked;
use crate::authority::planner::RankPlanner;
use crate::authority::{LivePositions, Union, View};
use crate::decision::model::Asset;
use crate::decision::rejection::FieldProblem;
use crate::decision::state::AssetUse;
use crate::id::AssetId;
use crate::network::air::Polygon;
use crate::spatial::{
    ALTITUDE_M_MAX, ALTITUDE_M_MIN, Area, COURSE_DEG_MAX, Fix, FixFault, GeoBox, Positions, Reported,
    SPEED_KMH_MAX,
};
use crate::units::geodesy::{UnitVector, distance_m, travel_s};
use crate::units::{Metres, Position, Seconds, Timestamp};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Refused reports that are told one by one; the rest of a stream of garbage is counted.
pub const REFUSED_TOLD_MAX: usize = 100;
/// Reports that are taken in before others may run: some tenths of a millisecond.
const REPORTS_AT_ONCE: usize = 256;
/// Answers of a nearest search when the caller does not say.
const NEAREST_DEFAULT: usize = 10;
/// Answers of the other searches when the caller does not say.
const FOUND_DEFAULT: usize = 100;
/// Most answers of a search.
const FOUND_MAX: usize = 1_000;

/// `yui.v1.PositionService`.
pub struct Whereabouts<U> {
    desk: Arc<Desk<U>>,
    planner: Arc<RankPlanner>,
}

serve! {
    impl[U: Union] v1::position_service_server::PositionService, for Whereabouts<U> {
        get_position(GetPositionRequest) -> AssetPlace;
        list_positions(ListPositionsRequest) -> ListPositionsResponse;
        search_assets(SearchAssetsRequest) -> SearchAssetsResponse;
    }
    streams {
        report_positions(ReportPositionsRequest) -> ReportPositionsResponse;
    }
}

type Answer<T> = Result<T, ServiceError>;

/// An asset and where it is taken to be.
struct Place<'v> {
    asset: &'v Asset,
    used: &'v AssetUse,
    position: Position,
    basis: v1::asset_place::Basis,
    /// The newest known, stale or not.
    fix: Option<Fix>,
}

impl<U: Union> Whereabouts<U> {
    /// The service at `desk`; it reports to the positions that `planner` ranks with, and asks it for the roads.
    #[must_use]
    pub fn new(desk: Arc<Desk<U>>, planner: Arc<RankPlanner>) -> Whereabouts<U> {
        Whereabouts { desk, planner }
    }

    fn positions(&self) -> &LivePositions {
        self.planner.positions()
    }

    async fn report_positions(
        &self,
        caller: Caller,
        mut stream: tonic::Streaming<v1::ReportPositionsRequest>,
    ) -> Result<tonic::Response<v1::ReportPositionsResponse>, tonic::Status> {
        let reporter: Arc<str> = Arc::from(caller.actor.0);
        let mut tally = v1::ReportPositionsResponse::default();
        while let Some(message) = stream.message().await? {
            for reports in message.reports.chunks(REPORTS_AT_ONCE) {
                self.take(reports, &reporter, &mut tally);
                tokio::task::yield_now().await;
            }
        }
        Ok(tonic::Response::new(tally))
    }

    /// Takes some reports in, under one lock.
    fn take(
        &self,
        reports: &[v1::PositionReport],
        reporter: &Arc<str>,
        tally: &mut v1::ReportPositionsResponse,
    ) {
        let (view, now) = (self.desk.union().view(), self.desk.union().now());
        let mut positions = self.positions().write();
        for report in reports {
            match self.take_one(&mut positions, &view, report, new_fix(report, now, reporter)) {
                Ok(Reported::Newest) => tally.accepted_count += 1,
                Ok(Reported::Older) => tally.older_count += 1,
                Err(error) => {
                    let index = tally.accepted_count + tally.older_count + tally.refused_count;
                    tally.refused_count += 1;
                    if tally.refused.len() < REFUSED_TOLD_MAX {
                        tally.refused.push(self.refused(index, report, &view, error));
                    }
                }
            }
        }
    }

    fn take_one(
        &self,
        positions: &mut Positions<AssetId>,
        view: &View,
        report: &v1::PositionReport,
        fix: Answer<Fix>,
    ) -> Answer<Reported> {
        let id: AssetId = self.desk.reader().name("asset", &report.asset)?;
        // Whoever was reported before is registered.
        if positions.get(&id).is_none() && view.asset(&id).is_none() {
            return Err(ServiceError::UnknownAsset { asset: id, nearest: None });
        }
        positions.report(&id, fix?).map_err(unbelievable)
    }

    fn refused(
        &self,
        index: u64,
        report: &v1::PositionReport,
        view: &View,
        error: ServiceError,
    ) -> v1::report_positions_response::Refused {
        let error = match error {
            // Worked out only for those that are told.
            ServiceError::UnknownAsset { asset, .. } => known::unknown_asset(view, asset),
            other => other,
        };
        let row = status::row(&error, self.desk.reader().names());
        let field = match row.detail {
            status::Detail::BadRequest(field) => field,
            _ => String::new(),
        };
        v1::report_positions_response::Refused {
            index,
            asset: report.asset.chars().take(SHOWN_CHARS_MAX).collect(),
            reason: row.reason.to_string(),
            field,
            message: Some(v1::DisplayName { ja: text::japanese(&error), en: text::english(&error) }),
        }
    }

    async fn get_position(&self, _: Caller, message: v1::GetPositionRequest) -> Answer<v1::AssetPlace> {
        let id: AssetId = self.desk.reader().name("asset", &message.asset)?;
        let shown = self.desk.shown();
        let (asset, used) =
            shown.view.asset(&id).ok_or_else(|| known::unknown_asset(&shown.view, id.clone()))?;
        Ok(draw(&shown, &place(asset, used, self.positions().read().get(&id), shown.now)))
    }

    async fn list_positions(
        &self,
        _: Caller,
        message: v1::ListPositionsRequest,
    ) -> Answer<v1::ListPositionsResponse> {
        let parent = self.desk.reader().names().parent(&message.parent)?;
        let query = Query {
            method: "ListPositions",
            parent: &parent_key(&parent),
            filter: &message.filter,
            page_size: message.page_size,
            page_token: &message.page_token,
        };
        let page = query.read(&ASSET_FILTER)?;
        let shown = self.desk.shown();
        // An unknown member is refused as in every list.
        ledgers(&shown.view, &parent)?;
        let positions = self.positions().read();
        let seen = positions.iter().filter(|(id, _)| parent.covers(&id.member)).filter_map(|(id, fix)| {
            let (asset, used) = shown.view.asset(id)?;
            Some((asset, used, fix))
        });
        let passing =
            seen.filter(|(asset, used, _)| page.filter.admits(|field| asset_values(asset, used, field)));
        let (seen, next_page_token) = page.cut(passing, |(asset, ..)| asset.id.clone())?;
        let places = seen
            .into_iter()
            .map(|(asset, used, fix)| draw(&shown, &place(asset, used, Some(fix), shown.now)));
        Ok(v1::ListPositionsResponse { places: places.collect(), next_page_token })
    }

    async fn search_assets(
        &self,
        _: Caller,
        message: v1::SearchAssetsRequest,
    ) -> Answer<v1::SearchAssetsResponse> {
        let filter = Filter::parse(&message.filter, &ASSET_FILTER).map_err(ServiceError::Filter)?;
        let shown = self.desk.shown();
        let default =
            if matches!(message.area, Some(Asked::Nearest(_))) { NEAREST_DEFAULT } else { FOUND_DEFAULT };
        let count = count(message.count, default)?;
        match read::given("area", message.area)? {
            Asked::Nearest(nearest) => {
                let from = read::position("nearest.position", nearest.position)?;
                let places = self.nearest(&shown, from, count, &filter).into_iter();
                let places = places.map(|(distance_m, place)| at_distance(&shown, &place, distance_m));
                Ok(v1::SearchAssetsResponse { places: places.collect(), left_off_count: 0 })
            }
            Asked::Box(corners) => {
                let south_west = read::position("box.south_west", corners.south_west)?;
                let north_east = read::position("box.north_east", corners.north_east)?;
                let area = GeoBox::new(south_west, north_east)
                    .map_err(|fault| ServiceError::Area { field: "box", problem: AreaProblem::Box(fault) })?;
                Ok(self.within(&shown, &area, count, &filter))
            }
            Asked::Polygon(polygon) => {
                let area = area(&polygon.corners)?;
                Ok(self.within(&shown, &area, count, &filter))
            }
            Asked::Reachable(reachable) => {
                let to = read::position("reachable.position", reachable.position)?;
                let within_s = read::span_opt("reachable.within", reachable.within)?;
                let within_s = read::given("reachable.within", within_s)?;
                self.reachable(shown, (to, within_s), count, filter).await
            }
        }
    }

    /// The nearest in a straight line: those with a fresh fix out of the tree, the others by their bases.
    fn nearest<'v>(
        &self,
        shown: &'v Shown,
        from: Position,
        count: usize,
        filter: &Filter,
    ) -> Vec<(Metres, Place<'v>)> {
        let (view, now) = (&shown.view, shown.now);
        let positions = self.positions().read();
        let seen = positions.nearest(from, count, |id, fix| {
            !fix.is_stale(now) && view.asset(id).is_some_and(|(asset, used)| admits(filter, asset, used))
        });
        let seen = seen.into_iter().filter_map(|seen| {
            let (asset, used) = view.asset(seen.key)?;
            Some((seen.distance_m, place(asset, used, Some(seen.fix), now)))
        });
        let here = UnitVector::from(from);
        let based = based(view, &positions, now, filter)
            .map(|place| (distance_m(here, place.position.into()), place));
        let mut found: Vec<(Metres, Place<'v>)> = seen.chain(based).collect();
        found.sort_by(|a, b| (a.0, &a.1.asset.id).cmp(&(b.0, &b.1.asset.id)));
        found.truncate(count);
        found
    }

    /// Everything in an area, by name.
    fn within(
        &self,
        shown: &Shown,
        area: &impl Area,
        count: usize,
        filter: &Filter,
    ) -> v1::SearchAssetsResponse {
        let (view, now) = (&shown.view, shown.now);
        let positions = self.positions().read();
        let seen = positions.within(area).into_iter().filter(|(_, fix)| !fix.is_stale(now));
        let seen = seen.filter_map(|(id, fix)| {
            let (asset, used) = view.asset(id).filter(|(asset, used)| admits(filter, asset, used))?;
            Some(place(asset, used, Some(fix), now))
        });
        let based = based(view, &positions, now, filter).filter(|place| area.covers(place.position));
        let found: BTreeMap<&AssetId, Place<'_>> =
            seen.chain(based).map(|place| (&place.asset.id, place)).collect();
        v1::SearchAssetsResponse {
            left_off_count: left_off(found.len(), count),
            places: found.values().take(count).map(|place| draw(shown, place)).collect(),
        }
    }

    /// Whoever is at `to` within a time, the soonest first; worked out where it may take its time.
    async fn reachable(
        &self,
        shown: Shown,
        (to, within_s): (Position, Seconds),
        count: usize,
        filter: Filter,
    ) -> Answer<v1::SearchAssetsResponse> {
        let planner = Arc::clone(&self.planner);
        let search = move || {
            let places = everywhere(&shown, planner.positions(), &filter);
            let timed = travel(&planner, &shown.view, places, to);
            let found: Vec<_> = timed.into_iter().filter(|(travel_s, _)| *travel_s <= within_s).collect();
            let here = UnitVector::from(to);
            let places = found.iter().take(count).map(|(travel_s, place)| {
                let mut drawn = at_distance(&shown, place, distance_m(here, place.position.into()));
                drawn.travel = Some(wire::span(*travel_s));
                drawn.way = way(place.asset).into();
                drawn
            });
            v1::SearchAssetsResponse {
                places: places.collect(),
                left_off_count: left_off(found.len(), count),
            }
        };
        let found = tokio::task::spawn_blocking(search).await;
        found.map_err(|_| ServiceError::Unavailable { what: "the search" })
    }
}

/// Longest name that is told back.
const SHOWN_CHARS_MAX: usize = 160;

/// The fix that a report tells of.
fn new_fix(report: &v1::PositionReport, now: Timestamp, reporter: &Arc<str>) -> Answer<Fix> {
    Ok(Fix {
        position: read::position("position", report.position)?,
        fix_at: read::instant("fix_time", report.fix_time)?,
        received_at: now,
        speed_kmh: report.speed_kmh,
        course_deg: report.course_deg,
        altitude_m: report.altitude_m,
        source: read::choice("source", report.source)?,
        reporter: Arc::clone(reporter),
    })
}

/// Which field of a report cannot be believed, and what would be.
fn unbelievable(fault: FixFault) -> ServiceError {
    let range = |field, got: i64, min: i32, max: i64| {
        ServiceError::field(field, FieldProblem::OutOfRange { got, min: min.into(), max })
    };
    match fault {
        FixFault::Ahead { latest } => ServiceError::field("fix_time", FieldProblem::TooLate { latest }),
        FixFault::Behind { earliest } => ServiceError::field("fix_time", FieldProblem::TooEarly { earliest }),
        FixFault::NoFix => ServiceError::argument("position", ArgumentProblem::NoFix),
        FixFault::Speed { got } => range("speed_kmh", got.into(), 0, SPEED_KMH_MAX.into()),
        FixFault::Course { got } => range("course_deg", got.into(), 0, COURSE_DEG_MAX.into()),
        FixFault::Altitude { got } => range("altitude_m", got.into(), ALTITUDE_M_MIN, ALTITUDE_M_MAX.into()),
    }
}

/// The area within some corners.
fn area(corners: &[v1::LatLng]) -> Answer<Polygon> {
    let corners: Answer<Vec<Position>> = corners
        .iter()
        .enumerate()
        .map(|(i, corner)| read::position(&format!("polygon.corners[{i}]"), Some(*corner)))
        .collect();
    Polygon::new(&corners?).map_err(|fault| ServiceError::Area {
        field: "polygon.corners",
        problem: AreaProblem::Polygon(fault),
    })
}

fn count(count: i32, default: usize) -> Answer<usize> {
    let max = i64::try_from(FOUND_MAX).unwrap_or(i64::MAX);
    match usize::try_from(count) {
        Ok(0) => Ok(default),
        Ok(count) if count <= FOUND_MAX => Ok(count),
        _ => Err(ServiceError::field("count", FieldProblem::OutOfRange { got: count.into(), min: 0, max })),
    }
}

fn left_off(found: usize, count: usize) -> u32 {
    u32::try_from(found.saturating_sub(count)).unwrap_or(u32::MAX)
}

fn admits(filter: &Filter, asset: &Asset, used: &AssetUse) -> bool {
    filter.admits(|field| asset_values(asset, used, field))
}

/// Where an asset is taken to be, given its newest fix.
fn place<'v>(asset: &'v Asset, used: &'v AssetUse, fix: Option<&Fix>, now: Timestamp) -> Place<'v> {
    let fresh = fix.filter(|fix| !fix.is_stale(now));
    let (position, basis) = match fresh {
        Some(fix) => (fix.position, v1::asset_place::Basis::FreshFix),
        None => (asset.base, v1::asset_place::Basis::Base),
    };
    Place { asset, used, position, basis, fix: fix.cloned() }
}

/// The assets that have no fresh fix, by name: a scan of the view, so whatever was registered a moment ago is found.
fn based<'v>(
    view: &'v View,
    positions: &Positions<AssetId>,
    now: Timestamp,
    filter: &Filter,
) -> impl Iterator<Item = Place<'v>> {
    let passing = view.assets().filter(|(asset, used)| admits(filter, asset, used));
    passing
        .map(move |(asset, used)| place(asset, used, positions.get(&asset.id), now))
        .filter(|place| place.basis == v1::asset_place::Basis::Base)
}

/// Every asset that passes, where it is taken to be, by name.
fn everywhere<'v>(shown: &'v Shown, positions: &LivePositions, filter: &Filter) -> Vec<Place<'v>> {
    let positions = positions.read();
    let passing = shown.view.assets().filter(|(asset, used)| admits(filter, asset, used));
    passing.map(|(asset, used)| place(asset, used, positions.get(&asset.id), shown.now)).collect()
}

/// How soon each is at `to`, the soonest first: by road as the roads are now, aircraft straight at planning speed.
fn travel<'v>(
    planner: &RankPlanner,
    view: &View,
    places: Vec<Place<'v>>,
    to: Position,
) -> Vec<(Seconds, Place<'v>)> {
    let (flying, driving): (Vec<_>, Vec<_>) =
        places.into_iter().partition(|place| place.asset.kind.is_aircraft());
    let from: Vec<Position> = driving.iter().map(|place| place.position).collect();
    let drives_s = planner.drives_to(view, &from, to);
    let here = UnitVector::from(to);
    let flights = flying
        .into_iter()
        .map(|place| (travel_s(distance_m(place.position.into(), here), place.asset.speed_kmh), place));
    let mut timed: Vec<(Seconds, Place<'v>)> = drives_s.into_iter().zip(driving).chain(flights).collect();
    timed.sort_by(|a, b| (a.0, &a.1.asset.id).cmp(&(b.0, &b.1.asset.id)));
    timed
}

fn way(asset: &Asset) -> v1::asset_place::Way {
    if asset.kind.is_aircraft() { v1::asset_place::Way::StraightLine } else { v1::asset_place::Way::ByRoad }
}

fn at_distance(shown: &Shown, place: &Place<'_>, distance_m: Metres) -> v1::AssetPlace {
    v1::AssetPlace { distance_m: Some(distance_m), ..draw(shown, place) }
}

fn draw(shown: &Shown, place: &Place<'_>) -> v1::AssetPlace {
    v1::AssetPlace {
        asset: shown.names.print(&place.asset.id),
        display_name: Some(wire::display_name(&place.asset.name)),
        kind: place.asset.kind.number(),
        state: asset_state(place.used).into(),
        position: Some(wire::position(place.position)),
        basis: place.basis.into(),
        fix: place.fix.as_ref().map(|fix| draw_fix(fix, shown.now)),
        ..v1::AssetPlace::default()
    }
}

fn draw_fix(fix: &Fix, now: Timestamp) -> v1::Fix {
    v1::Fix {
        position: Some(wire::position(fix.position)),
        fix_time: Some(wire::instant(fix.fix_at)),
        receive_time: Some(wire::instant(fix.received_at)),
        age: Some(wire::span(fix.age_s(now))),
        stale: fix.is_stale(now),
        speed_kmh: fix.speed_kmh,
        course_deg: fix.course_deg,
        altitude_m: fix.altitude_m,
        source: fix.source.number(),
        reporter: fix.reporter.to_string(),
    }
}
