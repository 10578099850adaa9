//! Landing sites, hospitals, weather, structures.

use super::shown::Shown;
use super::{Reader, Wire, etag, read, wire};
use crate::api::v1;
use crate::decision::model::{
    Hospital, HospitalReport, HospitalState, Pad, Site, SiteReport, SiteState, Weather,
};
use crate::id::{HospitalId, LedgerId, SiteId, StructureId, WeatherRegionId};
use crate::service::ServiceError;

impl Reader {
    /// A landing site to be registered under `id`.
    pub(crate) fn site(&self, id: SiteId, site: v1::Site) -> Result<Site, ServiceError> {
        Ok(Site {
            id,
            name: read::display_name(site.display_name),
            kind: read::choice("site.kind", site.kind)?,
            position: read::position("site.position", site.position)?,
            municipality: site.municipality,
            region: self.name("site.weather_region", &site.weather_region)?,
            mass_max_kg: site.mass_kg_max,
            size_max_m: site.size_m_max,
            spots: read::count("site.spots", site.spots)?,
            fuel: site.fuel,
            securing_s: read::span("site.securing", site.securing)?,
            telephone: site.telephone,
        })
    }

    /// A hospital to be registered under `id`.
    pub(crate) fn hospital(&self, id: HospitalId, hospital: v1::Hospital) -> Result<Hospital, ServiceError> {
        let pad = match hospital.pad {
            None => None,
            Some(pad) => Some(Pad {
                mass_max_kg: pad.mass_kg_max,
                size_max_m: pad.size_m_max,
                roof: pad.roof,
                site: self.name_opt("hospital.pad.site", &pad.site)?,
            }),
        };
        Ok(Hospital {
            id,
            name: read::display_name(hospital.display_name),
            organisation: self.name_opt("hospital.organisation", &hospital.organisation)?,
            position: read::position("hospital.position", hospital.position)?,
            region: self.name("hospital.weather_region", &hospital.weather_region)?,
            capabilities: read::capabilities("hospital.capabilities", &hospital.capabilities)?,
            pad,
            telephone: hospital.telephone,
        })
    }

    /// A weather report.
    pub(crate) fn weather(&self, weather: v1::WeatherReport) -> Result<Weather, ServiceError> {
        Ok(Weather {
            region: self.name("weather.weather_region", &weather.weather_region)?,
            visibility_m: weather.visibility_m,
            ceiling_m: weather.ceiling_m,
            wind_kmh: weather.wind_kmh,
            icing: weather.icing,
            thunderstorm: weather.thunderstorm,
            observed_at: read::instant("weather.observe_time", weather.observe_time)?,
            expires_at: read::instant("weather.expire_time", weather.expire_time)?,
        })
    }
}

impl Shown {
    /// One landing site and what was last said of it.
    #[must_use]
    pub fn site(&self, id: &SiteId) -> Option<v1::Site> {
        self.view.site(id).map(|(site, report)| self.site_of(site, report))
    }

    /// A landing site and what was last said of it.
    #[must_use]
    pub fn site_of(&self, site: &Site, report: Option<&SiteReport>) -> v1::Site {
        let mut shown = v1::Site {
            name: self.names.print(&site.id),
            display_name: Some(wire::display_name(&site.name)),
            kind: site.kind.number(),
            position: Some(wire::position(site.position)),
            municipality: site.municipality,
            weather_region: self.names.print(&site.region),
            mass_kg_max: site.mass_max_kg,
            size_m_max: site.size_max_m,
            spots: site.spots.into(),
            fuel: site.fuel,
            securing: Some(wire::span(site.securing_s)),
            telephone: site.telephone.clone(),
            state: report.map_or(SiteState::Unknown, |report| report.state).number(),
            confirm_time: report.map(|report| wire::instant(report.confirmed_at)),
            note: report.map(|report| report.note.clone()).unwrap_or_default(),
            etag: String::new(),
        };
        shown.etag = etag::of(&shown);
        shown
    }

    /// One hospital and what was last said of it.
    #[must_use]
    pub fn hospital(&self, id: &HospitalId) -> Option<v1::Hospital> {
        self.view.hospital(id).map(|(hospital, report)| self.hospital_of(hospital, report))
    }

    /// A hospital and what was last said of it.
    #[must_use]
    pub fn hospital_of(&self, hospital: &Hospital, report: Option<&HospitalReport>) -> v1::Hospital {
        let pad = |pad: &Pad| v1::hospital::Pad {
            mass_kg_max: pad.mass_max_kg,
            size_m_max: pad.size_max_m,
            roof: pad.roof,
            site: self.names.print_opt(pad.site.as_ref()),
        };
        let mut shown = v1::Hospital {
            name: self.names.print(&hospital.id),
            display_name: Some(wire::display_name(&hospital.name)),
            organisation: self.names.print_opt(hospital.organisation.as_ref()),
            position: Some(wire::position(hospital.position)),
            weather_region: self.names.print(&hospital.region),
            capabilities: wire::capabilities(hospital.capabilities),
            pad: hospital.pad.as_ref().map(pad),
            telephone: hospital.telephone.clone(),
            state: report.map_or(HospitalState::Unknown, |report| report.state).number(),
            beds_free: report.and_then(|report| report.beds_free).map(u32::from),
            report_time: report.map(|report| wire::instant(report.reported_at)),
            etag: String::new(),
        };
        shown.etag = etag::of(&shown);
        shown
    }

    /// The newest weather of a region.
    #[must_use]
    pub fn weather(&self, region: &WeatherRegionId) -> Option<v1::WeatherReport> {
        let (reporter, weather) = *self.view.weather().get(region)?;
        Some(self.weather_of(reporter, weather))
    }

    /// A weather report and whose it is.
    #[must_use]
    pub fn weather_of(&self, reporter: &LedgerId, weather: &Weather) -> v1::WeatherReport {
        v1::WeatherReport {
            weather_region: self.names.print(&weather.region),
            visibility_m: weather.visibility_m,
            ceiling_m: weather.ceiling_m,
            wind_kmh: weather.wind_kmh,
            icing: weather.icing,
            thunderstorm: weather.thunderstorm,
            observe_time: Some(wire::instant(weather.observed_at)),
            expire_time: Some(wire::instant(weather.expires_at)),
            reporter: self.names.print(reporter),
            expired: self.now >= weather.expires_at,
        }
    }

    /// One named structure, with the newest word on it; none when the network has no such structure and nobody spoke
    /// of one.
    #[must_use]
    pub fn structure(&self, id: &StructureId) -> Option<v1::Structure> {
        let closures = self.view.closures();
        let said = closures.get(id).copied();
        let name = self.structures.get(id);
        if said.is_none() && name.is_none() {
            return None;
        }
        Some(self.structure_of(id, said))
    }

    /// A named structure, with the newest word on it.
    #[must_use]
    pub(crate) fn structure_of(
        &self,
        id: &StructureId,
        said: Option<(&LedgerId, &crate::decision::model::Closure)>,
    ) -> v1::Structure {
        v1::Structure {
            name: self.names.print(id),
            display_name: self.structures.get(id).map(wire::display_name),
            closed: said.is_some_and(|(_, closure)| closure.closed),
            note: said.map(|(_, closure)| closure.note.clone()).unwrap_or_default(),
            expect_open_time: said.and_then(|(_, closure)| closure.expected_end).map(wire::instant),
            reporter: self.names.print_opt(said.map(|(ledger, _)| ledger)),
            report_time: said.map(|(_, closure)| wire::instant(closure.said_at)),
        }
    }
}
