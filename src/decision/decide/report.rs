//! What is reported: weather, landing sites, hospitals, structures of the road network.

use super::fields::{self, invalid};
use super::registry::{absent, room};
use crate::decision::limits::{
    CEILING_M_MAX, FUTURE_S_MAX, NO_FLY_AREAS_MAX, NO_FLY_CORNERS_MAX, STRUCTURES_MAX, VISIBILITY_M_MAX,
    WEATHER_REGIONS_MAX, WEATHER_S_MAX, WIND_KMH_MAX,
};
use crate::decision::model::{HospitalReport, HospitalState, NoFlyArea, SiteReport, SiteState, Weather};
use crate::decision::rejection::{FieldProblem, Kind, Rejection};
use crate::decision::{Event, State};
use crate::id::{HospitalId, NoFlyAreaId, SiteId, StructureId};
use crate::network::air::Polygon;
use crate::units::Timestamp;

impl State {
    pub(super) fn report_weather(&self, at: Timestamp, weather: &Weather) -> Result<Vec<Event>, Rejection> {
        self.member_ledger(&weather.region.to_string())?;
        fields::reported("weather.observe_time", weather.observed_at, at)?;
        fields::upcoming("weather.expire_time", weather.expires_at, at, WEATHER_S_MAX)?;
        fields::range("weather.visibility_m", weather.visibility_m, 0, VISIBILITY_M_MAX.into())?;
        fields::range("weather.ceiling_m", weather.ceiling_m, 0, CEILING_M_MAX.into())?;
        fields::range("weather.wind_kmh", weather.wind_kmh, 0, WIND_KMH_MAX.into())?;
        let known = self.weather.get(&weather.region).map(|known| known.observed_at);
        if known.is_none() {
            room(self.weather.size(), Kind::WeatherRegion, WEATHER_REGIONS_MAX)?;
        }
        if let Some(earliest) = known.filter(|known| weather.observed_at < *known) {
            return Err(invalid("weather.observe_time", FieldProblem::TooEarly { earliest }));
        }
        Ok(vec![Event::WeatherReported(weather.clone())])
    }

    pub(super) fn report_site(
        &self,
        at: Timestamp,
        site: &SiteId,
        state: SiteState,
        confirmed_at: Option<Timestamp>,
        note: &str,
    ) -> Result<Vec<Event>, Rejection> {
        if !self.sites.contains_key(site) {
            return Err(Rejection::NotFound { kind: Kind::Site, name: site.to_string() });
        }
        let confirmed_at = confirmed_at.unwrap_or(at);
        // A survey may be years old; only the future is refused.
        if confirmed_at > at {
            fields::reported("confirm_time", confirmed_at, at)?;
        }
        fields::long("note", note)?;
        let report = SiteReport { state, confirmed_at, note: note.to_owned() };
        Ok(vec![Event::SiteReported { site: site.clone(), report }])
    }

    pub(super) fn report_hospital(
        &self,
        at: Timestamp,
        hospital: &HospitalId,
        state: HospitalState,
        beds_free: Option<u16>,
    ) -> Result<Vec<Event>, Rejection> {
        if !self.hospitals.contains_key(hospital) {
            return Err(Rejection::NotFound { kind: Kind::Hospital, name: hospital.to_string() });
        }
        fields::range("beds_free", beds_free.unwrap_or(0), 0, 10_000)?;
        let report = HospitalReport { state, beds_free, reported_at: at };
        Ok(vec![Event::HospitalReported { hospital: hospital.clone(), report }])
    }

    pub(super) fn close_structure(
        &self,
        at: Timestamp,
        structure: &StructureId,
        note: &str,
        expected_end: Option<Timestamp>,
    ) -> Result<Vec<Event>, Rejection> {
        self.member_ledger(&structure.to_string())?;
        self.room_for_structure(structure)?;
        fields::long("note", note)?;
        if let Some(end) = expected_end {
            fields::upcoming("expect_open_time", end, at, FUTURE_S_MAX)?;
        }
        Ok(vec![Event::StructureClosed { structure: structure.clone(), note: note.to_owned(), expected_end }])
    }

    pub(super) fn open_structure(
        &self,
        structure: &StructureId,
        note: &str,
    ) -> Result<Vec<Event>, Rejection> {
        self.member_ledger(&structure.to_string())?;
        self.room_for_structure(structure)?;
        fields::long("note", note)?;
        Ok(vec![Event::StructureOpened { structure: structure.clone(), note: note.to_owned() }])
    }

    fn room_for_structure(&self, structure: &StructureId) -> Result<(), Rejection> {
        if self.closures.contains_key(structure) {
            return Ok(());
        }
        room(self.closures.size(), Kind::Structure, STRUCTURES_MAX)
    }

    pub(super) fn report_no_fly_area(
        &self,
        at: Timestamp,
        area: &NoFlyArea,
    ) -> Result<Vec<Event>, Rejection> {
        // Whoever says no beginning means from now on.
        let from = if area.from == Timestamp::MIN { at } else { area.from };
        let area = &NoFlyArea { from, ..area.clone() };
        let id = &area.id;
        self.own(&id.member, || id.to_string())?;
        let in_force = || self.no_fly_areas.values().filter(|report| report.is_in_force(at));
        absent(in_force().any(|report| report.area.id == *id), Kind::NoFlyArea, || id.to_string())?;
        room(in_force().count(), Kind::NoFlyArea, NO_FLY_AREAS_MAX)?;
        fields::count("no_fly_area.corners", area.corners.len(), NO_FLY_CORNERS_MAX)?;
        Polygon::new(&area.corners)
            .map_err(|fault| invalid("no_fly_area.corners", FieldProblem::NotAnArea(fault)))?;
        fields::range("no_fly_area.ceiling_m", area.ceiling_m, 0, CEILING_M_MAX.into())?;
        fields::range("no_fly_area.floor_m", area.floor_m, 0, area.ceiling_m.into())?;
        fields::required("no_fly_area.reason", &area.reason)?;
        fields::required("no_fly_area.source", &area.source)?;
        fields::stated("no_fly_area.start_time", area.from, at)?;
        if let Some(until) = area.until {
            if until <= area.from {
                return Err(invalid("no_fly_area.end_time", FieldProblem::EmptyWindow));
            }
            fields::upcoming("no_fly_area.end_time", until, at, FUTURE_S_MAX)?;
        }
        Ok(vec![Event::NoFlyAreaReported(area.clone())])
    }

    pub(super) fn lift_no_fly_area(&self, area: &NoFlyAreaId, note: &str) -> Result<Vec<Event>, Rejection> {
        fields::long("note", note)?;
        match self.no_fly_areas.get(area) {
            None => Err(Rejection::NotFound { kind: Kind::NoFlyArea, name: area.to_string() }),
            // Lifted already: nothing is left to be done.
            Some(report) if report.lifted.is_some() => Ok(Vec::new()),
            Some(_) => Ok(vec![Event::NoFlyAreaLifted { area: area.clone(), note: note.to_owned() }]),
        }
    }

    /// Reports are of members; a field's office has none of its own.
    fn member_ledger(&self, name: &str) -> Result<(), Rejection> {
        match self.member() {
            Some(_) => Ok(()),
            None => Err(Rejection::WrongLedger { name: name.to_owned(), ledger: self.ledger.clone() }),
        }
    }
}
