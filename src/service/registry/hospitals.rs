//! Hospitals.

use super::{Answer, Registry, ledgers, nearest, nearest_count, parent_key};
use crate::api::v1;
use crate::authority::Union;
use crate::decision::model::{Hospital, HospitalReport, HospitalState};
use crate::decision::rejection::Kind;
use crate::decision::{Command, State};
use crate::id::HospitalId;
use crate::service::ServiceError;
use crate::service::convert::{Wire, read};
use crate::service::desk::{Caller, unknown};
use crate::service::filter::{Filter, FilterField};
use crate::service::known;
use crate::service::paging::Query;

const FILTER: [FilterField; 1] =
    [FilterField { name: "state", takes: |value| v1::hospital::State::from_str_name(value).is_some() }];

type Reported<'v> = (&'v Hospital, Option<&'v HospitalReport>);

fn values((_, report): Reported<'_>) -> Vec<String> {
    let state = report.map_or(HospitalState::Unknown, |report| report.state);
    vec![state.wire().as_str_name().to_string()]
}

fn hospitals(state: &State) -> impl Iterator<Item = Reported<'_>> {
    state.hospitals.values().map(|hospital| (hospital, state.hospital_reports.get(&hospital.id)))
}

impl<U: Union> Registry<U> {
    pub(super) async fn get_hospital(
        &self,
        _: Caller,
        message: v1::GetHospitalRequest,
    ) -> Answer<v1::Hospital> {
        let id: HospitalId = self.desk.reader().name("name", &message.name)?;
        self.desk.shown().hospital(&id).ok_or_else(|| unknown(Kind::Hospital, &id))
    }

    pub(super) async fn list_hospitals(
        &self,
        _: Caller,
        message: v1::ListHospitalsRequest,
    ) -> Answer<v1::ListHospitalsResponse> {
        let parent = self.desk.reader().names().parent(&message.parent)?;
        let query = Query {
            method: "ListHospitals",
            parent: &parent_key(&parent),
            filter: &message.filter,
            page_size: message.page_size,
            page_token: &message.page_token,
        };
        let page = query.read(&FILTER)?;
        let shown = self.desk.shown();
        let all = ledgers(&shown.view, &parent)?.into_iter().flat_map(hospitals);
        let passing = all.filter(|reported| page.filter.admits(|_| values(*reported)));
        let (hospitals, next_page_token) = page.cut(passing, |(hospital, _)| hospital.id.clone())?;
        let hospitals = hospitals.into_iter().map(|(h, report)| shown.hospital_of(h, report)).collect();
        Ok(v1::ListHospitalsResponse { hospitals, next_page_token })
    }

    pub(super) async fn search_nearest_hospitals(
        &self,
        _: Caller,
        message: v1::SearchNearestHospitalsRequest,
    ) -> Answer<v1::SearchNearestHospitalsResponse> {
        let at = read::position("position", message.position)?;
        let count = nearest_count(message.count)?;
        let filter = Filter::parse(&message.filter, &FILTER).map_err(ServiceError::Filter)?;
        let shown = self.desk.shown();
        let all = shown.view.states().flat_map(hospitals);
        let passing = all.filter(|reported| filter.admits(|_| values(*reported)));
        let places = passing.map(|reported| (reported.0.position, reported));
        let results = nearest(at, count, places, |(hospital, _)| hospital.id.clone());
        let result = |(distance_m, (hospital, report))| v1::search_nearest_hospitals_response::Result {
            hospital: Some(shown.hospital_of(hospital, report)),
            distance_m,
        };
        Ok(v1::SearchNearestHospitalsResponse { results: results.into_iter().map(result).collect() })
    }

    pub(super) async fn create_hospital(
        &self,
        caller: Caller,
        message: v1::CreateHospitalRequest,
    ) -> Answer<v1::Hospital> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let (member, slug) = self.new_child(&message.parent, "hospital_id", &message.hospital_id)?;
        let id = HospitalId::new(&member, slug);
        let hospital = self.desk.reader().hospital(id.clone(), read::given("hospital", message.hospital)?)?;
        known::new_hospital(&self.desk.shown().view, &hospital)?;
        let command = Command::RegisterHospital(hospital.clone());
        let done = self.desk.order(call, &id.ledger(), command).await.map_err(|e| e.within("hospital"))?;
        Ok(done.shown.hospital(&id).unwrap_or_else(|| done.shown.hospital_of(&hospital, None)))
    }
}
