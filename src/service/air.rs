//! The air: flights planned, areas that may not be flown through, pads that several flights want at once.

use super::ServiceError;
use super::convert::{air as draw, read};
use super::desk::{Caller, Desk, unknown};
use super::filter::FilterField;
use super::known;
use super::paging::Query;
use super::rpc::serve;
use crate::api::v1;
use crate::authority::Union;
use crate::authority::View;
use crate::authority::planner::RankPlanner;
use crate::authority::planner::air::flight::{FlightAsk, figures_of};
use crate::authority::planner::air::{ALTITUDE_M, pads};
use crate::decision::limits::{AIRCRAFT_KMH_MIN, CEILING_M_MAX, FUTURE_S_MAX, WIND_KMH_MAX};
use crate::decision::model::{Asset, AssetKind, NoFlyArea, NoFlyReport};
use crate::decision::rejection::{FieldProblem, Kind};
use crate::decision::{Command, Event};
use crate::id::{AssetId, HospitalId, NoFlyAreaId, SiteId};
use crate::network::air::{LEG_M_MAX, Wind};
use crate::units::{Position, Timestamp};
use std::sync::Arc;

/// Fastest planning speed, km/h.
const SPEED_KMH_MAX: u32 = 1_000;

/// `yui.v1.AirService`.
pub struct Air<U> {
    desk: Arc<Desk<U>>,
    planner: Arc<RankPlanner>,
}

serve! {
    impl[U: Union] v1::air_service_server::AirService, for Air<U> {
        plan_flight(PlanFlightRequest) -> FlightPlan;
        report_no_fly_area(ReportNoFlyAreaRequest) -> NoFlyArea;
        lift_no_fly_area(LiftNoFlyAreaRequest) -> NoFlyArea;
        list_no_fly_areas(ListNoFlyAreasRequest) -> ListNoFlyAreasResponse;
        list_pad_conflicts(ListPadConflictsRequest) -> ListPadConflictsResponse;
    }
}

type Answer<T> = Result<T, ServiceError>;

const FILTER: [FilterField; 1] = [FilterField {
    name: "state",
    takes: |value| ["UPCOMING", "IN_FORCE", "ENDED", "LIFTED"].contains(&value),
}];

impl<U: Union> Air<U> {
    /// The service at `desk`; `planner` knows the regions.
    #[must_use]
    pub fn new(desk: Arc<Desk<U>>, planner: Arc<RankPlanner>) -> Air<U> {
        Air { desk, planner }
    }

    async fn plan_flight(&self, _: Caller, message: v1::PlanFlightRequest) -> Answer<v1::FlightPlan> {
        let shown = self.desk.shown();
        let asset: Option<AssetId> = self.desk.reader().name_opt("asset", &message.asset)?;
        let asset = match &asset {
            Some(id) => Some(aircraft(&shown.view, id)?),
            None => None,
        };
        let ask = self.ask_of(&shown.view, shown.now, asset, &message)?;
        let (planner, view) = (Arc::clone(&self.planner), Arc::clone(&shown.view));
        let planned = tokio::task::spawn_blocking(move || planner.plan_flight(&view, &ask)).await;
        let outcome = planned.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()));
        Ok(draw::flight_plan(&shown, &message, &ask, &outcome))
    }

    /// What a flight is asked for, in figures.
    fn ask_of(
        &self,
        view: &View,
        now: Timestamp,
        asset: Option<&Asset>,
        message: &v1::PlanFlightRequest,
    ) -> Answer<FlightAsk> {
        let own = asset.map(figures_of);
        let given = |field: &str, value: u32, own: Option<u32>| match (value, own) {
            (0, None) => Err(ServiceError::required(field)),
            (0, Some(own)) => Ok(own),
            (value, _) => Ok(value),
        };
        let speed_kmh = given("speed_kmh", message.speed_kmh, own.map(|(speed, ..)| speed))?;
        within("speed_kmh", speed_kmh, AIRCRAFT_KMH_MIN, SPEED_KMH_MAX)?;
        let range_m = given("range_m", message.range_m, own.map(|(_, range, _)| range))?;
        within("range_m", range_m, 1, 4 * LEG_M_MAX)?;
        let altitude_m = if message.altitude_m == 0 { ALTITUDE_M } else { message.altitude_m };
        within("altitude_m", altitude_m, 0, CEILING_M_MAX)?;
        let wind = message.wind.unwrap_or_default();
        within("wind.from_degrees", wind.from_degrees, 0, 360)?;
        within("wind.speed_kmh", wind.speed_kmh, 0, WIND_KMH_MAX)?;
        let at = read::instant_opt("start_time", message.start_time)?.unwrap_or(now);
        if at < now || at > now + FUTURE_S_MAX {
            let problem = match at < now {
                true => FieldProblem::TooEarly { earliest: now },
                false => FieldProblem::TooLate { latest: now + FUTURE_S_MAX },
            };
            return Err(ServiceError::field("start_time", problem));
        }
        let from = match (&message.from, asset) {
            (None, Some(asset)) => asset.base,
            (from, _) => self.place(view, "from", from.as_ref())?,
        };
        Ok(FlightAsk {
            from,
            to: self.place(view, "to", message.to.as_ref())?,
            at,
            speed_kmh,
            range_m,
            altitude_m,
            // Rounded up: a wind is never made weaker than it was given.
            wind: Wind { from_deg: wind.from_degrees, speed_mps: (wind.speed_kmh * 10).div_ceil(36) },
            minima: own.map(|(.., minima)| minima),
        })
    }

    /// Where a flight starts or ends.
    fn place(&self, view: &View, field: &str, place: Option<&v1::FlightPlace>) -> Answer<Position> {
        let place = place.ok_or_else(|| ServiceError::required(field))?;
        if place.name.is_empty() {
            return read::position(&format!("{field}.position"), place.position);
        }
        let (reader, named) = (self.desk.reader(), format!("{field}.name"));
        if place.name.contains("/hospitals/") {
            let id: HospitalId = reader.name(&named, &place.name)?;
            let found = view.hospital(&id).map(|(hospital, _)| hospital.position);
            return found.ok_or_else(|| unknown(Kind::Hospital, &id));
        }
        if place.name.contains("/assets/") {
            let id: AssetId = reader.name(&named, &place.name)?;
            return aircraft(view, &id).map(|asset| asset.base);
        }
        let id: SiteId = reader.name(&named, &place.name)?;
        known::site(view, &id)?;
        let found = view.site(&id).map(|(site, _)| site.position);
        found.ok_or_else(|| unknown(Kind::Site, &id))
    }

    async fn report_no_fly_area(
        &self,
        caller: Caller,
        message: v1::ReportNoFlyAreaRequest,
    ) -> Answer<v1::NoFlyArea> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let given = read::given("no_fly_area", message.no_fly_area)?;
        let id: NoFlyAreaId = self.desk.reader().name("no_fly_area.name", &given.name)?;
        let corner = |(i, corner): (usize, &v1::LatLng)| {
            read::position(&format!("no_fly_area.corners[{i}]"), Some(*corner))
        };
        let from = read::instant_opt("no_fly_area.start_time", given.start_time)?;
        let area = NoFlyArea {
            corners: given.corners.iter().enumerate().map(corner).collect::<Answer<_>>()?,
            floor_m: given.floor_m,
            ceiling_m: given.ceiling_m,
            // The ledger fills in when it heard of it: a retry must say the same.
            from: from.unwrap_or(Timestamp::MIN),
            until: read::instant_opt("no_fly_area.end_time", given.end_time)?,
            reason: given.reason,
            source: given.source,
            id: id.clone(),
        };
        let done = self.desk.order(call, &id.ledger(), Command::ReportNoFlyArea(area)).await?;
        if let Some(known) = done.shown.no_fly_area(&id) {
            return Ok(known);
        }
        // Only judged: as it would stand.
        let reported = done.outcome.events.iter().find_map(|event| match event {
            Event::NoFlyAreaReported(area) => Some(area.clone()),
            _ => None,
        });
        let area = reported.ok_or_else(|| unknown(Kind::NoFlyArea, &id))?;
        Ok(done.shown.no_fly_area_of(&NoFlyReport { area, reported_at: done.shown.now, lifted: None }))
    }

    async fn lift_no_fly_area(
        &self,
        caller: Caller,
        message: v1::LiftNoFlyAreaRequest,
    ) -> Answer<v1::NoFlyArea> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let id: NoFlyAreaId = self.desk.reader().name("name", &message.name)?;
        let command = Command::LiftNoFlyArea { area: id.clone(), note: message.note };
        let done = self.desk.order(call, &id.ledger(), command).await?;
        done.shown.no_fly_area(&id).ok_or_else(|| unknown(Kind::NoFlyArea, &id))
    }

    async fn list_no_fly_areas(
        &self,
        _: Caller,
        message: v1::ListNoFlyAreasRequest,
    ) -> Answer<v1::ListNoFlyAreasResponse> {
        let query = Query {
            method: "ListNoFlyAreas",
            parent: "",
            filter: &message.filter,
            page_size: message.page_size,
            page_token: &message.page_token,
        };
        let page = query.read(&FILTER)?;
        let shown = self.desk.shown();
        let state = |report| draw::state(report, shown.now).as_str_name().to_owned();
        let areas = shown.view.no_fly_areas();
        let passing = areas.filter(|report| page.filter.admits(|_| vec![state(report)]));
        let (areas, next_page_token) = page.cut(passing, |report| report.area.id.clone())?;
        let no_fly_areas = areas.into_iter().map(|report| shown.no_fly_area_of(report)).collect();
        Ok(v1::ListNoFlyAreasResponse { no_fly_areas, next_page_token })
    }

    async fn list_pad_conflicts(
        &self,
        _: Caller,
        _: v1::ListPadConflictsRequest,
    ) -> Answer<v1::ListPadConflictsResponse> {
        let shown = self.desk.shown();
        let conflicts = pads::conflicts(&shown.view, shown.now, self.planner.policy());
        let conflicts = conflicts.iter().map(|conflict| draw::pad_conflict(&shown, conflict)).collect();
        Ok(v1::ListPadConflictsResponse { conflicts })
    }
}

/// An aircraft that is known.
fn aircraft<'v>(view: &'v View, id: &AssetId) -> Answer<&'v Asset> {
    let (asset, _) = view.asset(id).ok_or_else(|| unknown(Kind::Asset, id))?;
    match AssetKind::is_aircraft(asset.kind) {
        true => Ok(asset),
        false => Err(ServiceError::field("asset", FieldProblem::NotAllowed)),
    }
}

fn within(field: &str, got: u32, min: u32, max: u32) -> Answer<()> {
    if (min..=max).contains(&got) {
        return Ok(());
    }
    let (got, min, max) = (got.into(), min.into(), max.into());
    Err(ServiceError::field(field, FieldProblem::OutOfRange { got, min, max }))
}
