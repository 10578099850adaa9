//! What is reported: weather, landing sites, hospitals, structures of the road network.

use super::ServiceError;
use super::convert::read;
use super::desk::{Caller, Desk, unknown};
use super::filter::FilterField;
use super::known;
use super::paging::Query;
use super::rpc::serve;
use crate::api::v1;
use crate::authority::{RoadBoard, Union, View};
use crate::decision::Command;
use crate::decision::rejection::Kind;
use crate::id::{HospitalId, LedgerId, MemberId, SiteId, StructureId};
use std::collections::BTreeSet;
use std::sync::Arc;

/// `yui.v1.ConditionService`.
#[derive(Debug)]
pub struct Conditions<U> {
    desk: Arc<Desk<U>>,
    roads: Arc<RoadBoard>,
}

serve! {
    impl[U: Union] v1::condition_service_server::ConditionService, for Conditions<U> {
        report_weather(ReportWeatherRequest) -> WeatherReport;
        list_weather(ListWeatherRequest) -> ListWeatherResponse;
        report_site(ReportSiteRequest) -> Site;
        report_hospital(ReportHospitalRequest) -> Hospital;
        close_structure(CloseStructureRequest) -> Structure;
        open_structure(OpenStructureRequest) -> Structure;
        list_structures(ListStructuresRequest) -> ListStructuresResponse;
    }
}

type Answer<T> = Result<T, ServiceError>;

const FILTER: [FilterField; 1] =
    [FilterField { name: "closed", takes: |value| ["true", "false"].contains(&value) }];

impl<U: Union> Conditions<U> {
    /// The service at `desk`. What is said of a structure is acknowledged when it is in force on `roads`.
    #[must_use]
    pub fn new(desk: Arc<Desk<U>>, roads: Arc<RoadBoard>) -> Conditions<U> {
        Conditions { desk, roads }
    }

    async fn report_weather(
        &self,
        caller: Caller,
        message: v1::ReportWeatherRequest,
    ) -> Answer<v1::WeatherReport> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let member: MemberId = self.desk.reader().name("parent", &message.parent)?;
        let weather = self.desk.reader().weather(read::given("weather", message.weather)?)?;
        known::region(&self.desk.shown().view, &weather.region)?;
        let ledger = LedgerId::Member(member);
        let done = self.desk.order(call, &ledger, Command::ReportWeather(weather.clone())).await?;
        // What was said here: another member may have a newer word on the same region.
        Ok(done.shown.weather_of(&ledger, &weather))
    }

    async fn list_weather(&self, _: Caller, _: v1::ListWeatherRequest) -> Answer<v1::ListWeatherResponse> {
        let shown = self.desk.shown();
        let newest = shown.view.weather();
        let reports = newest.into_values().map(|(ledger, weather)| shown.weather_of(ledger, weather));
        Ok(v1::ListWeatherResponse { reports: reports.collect() })
    }

    async fn report_site(&self, caller: Caller, message: v1::ReportSiteRequest) -> Answer<v1::Site> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let site: SiteId = self.desk.reader().name("name", &message.name)?;
        let command = Command::ReportSite {
            site: site.clone(),
            state: read::choice("state", message.state)?,
            confirmed_at: read::instant_opt("confirm_time", message.confirm_time)?,
            note: message.note,
        };
        let done = self.desk.order(call, &site.ledger(), command).await?;
        done.shown.site(&site).ok_or_else(|| unknown(Kind::Site, &site))
    }

    async fn report_hospital(
        &self,
        caller: Caller,
        message: v1::ReportHospitalRequest,
    ) -> Answer<v1::Hospital> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let hospital: HospitalId = self.desk.reader().name("name", &message.name)?;
        let beds_free = match message.beds_free {
            Some(count) => Some(read::count("beds_free", count)?),
            None => None,
        };
        let state = read::choice("state", message.state)?;
        let command = Command::ReportHospital { hospital: hospital.clone(), state, beds_free };
        let done = self.desk.order(call, &hospital.ledger(), command).await?;
        done.shown.hospital(&hospital).ok_or_else(|| unknown(Kind::Hospital, &hospital))
    }

    async fn close_structure(
        &self,
        caller: Caller,
        message: v1::CloseStructureRequest,
    ) -> Answer<v1::Structure> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let ledger = self.reporter(&message.parent)?;
        let structure = self.known_structure(&message.name)?;
        let expected_end = read::instant_opt("expect_open_time", message.expect_open_time)?;
        let command =
            Command::CloseStructure { structure: structure.clone(), note: message.note, expected_end };
        let done = self.desk.order(call, &ledger, command).await?;
        self.in_force(&done.shown.view).await?;
        done.shown.structure(&structure).ok_or_else(|| unknown(Kind::Structure, &structure))
    }

    async fn open_structure(
        &self,
        caller: Caller,
        message: v1::OpenStructureRequest,
    ) -> Answer<v1::Structure> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let ledger = self.reporter(&message.parent)?;
        let structure = self.known_structure(&message.name)?;
        let command = Command::OpenStructure { structure: structure.clone(), note: message.note };
        let done = self.desk.order(call, &ledger, command).await?;
        self.in_force(&done.shown.view).await?;
        done.shown.structure(&structure).ok_or_else(|| unknown(Kind::Structure, &structure))
    }

    async fn list_structures(
        &self,
        _: Caller,
        message: v1::ListStructuresRequest,
    ) -> Answer<v1::ListStructuresResponse> {
        let query = Query {
            method: "ListStructures",
            parent: "",
            filter: &message.filter,
            page_size: message.page_size,
            page_token: &message.page_token,
        };
        let page = query.read(&FILTER)?;
        let shown = self.desk.shown();
        let closures = shown.view.closures();
        let ids: BTreeSet<&StructureId> = shown.structures.keys().chain(closures.keys().copied()).collect();
        let closed = |id: &StructureId| closures.get(id).is_some_and(|(_, closure)| closure.closed);
        let passing = ids.into_iter().filter(|id| page.filter.admits(|_| vec![closed(id).to_string()]));
        let (ids, next_page_token) = page.cut(passing, |id| (*id).clone())?;
        let structures = ids.into_iter().map(|id| shown.structure_of(id, closures.get(id).copied()));
        Ok(v1::ListStructuresResponse { structures: structures.collect(), next_page_token })
    }

    /// Returns when the roads of `view` are in force.
    async fn in_force(&self, view: &Arc<View>) -> Answer<()> {
        let (roads, view) = (Arc::clone(&self.roads), Arc::clone(view));
        let done = tokio::task::spawn_blocking(move || roads.bring_in_force(&view)).await;
        done.map_err(|_| ServiceError::Unavailable { what: "roads" })
    }

    /// The ledger of the member whose word it is.
    fn reporter(&self, parent: &str) -> Answer<LedgerId> {
        self.desk.reader().name::<MemberId>("parent", parent).map(LedgerId::Member)
    }

    /// A structure that the road network has, or that somebody spoke of while it had.
    fn known_structure(&self, name: &str) -> Answer<StructureId> {
        let id: StructureId = self.desk.reader().name("name", name)?;
        match self.desk.shown().structure(&id) {
            Some(_) => Ok(id),
            None => Err(unknown(Kind::Structure, &id)),
        }
    }
}
