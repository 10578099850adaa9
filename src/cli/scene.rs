//! What is asked for: the fields that practice requires of a call for help, as arguments.

use super::args;
use super::failure::Failure;
use super::names;
use super::session::Session;
use super::text::words;
use super::time::When;
use crate::api::v1;
use crate::decision::limits::{AIRCRAFT_MAX, PATIENTS_MAX};
use clap::value_parser;

/// A call for help as typed, for `rank` and for `request create`.
#[derive(Clone, Debug, clap::Args)]
pub struct SceneArgs {
    /// Where, in degrees; a transfer without it starts at its --origin
    #[arg(long, value_name = "LAT,LON", value_parser = args::position, allow_hyphen_values = true)]
    pub at: Option<v1::LatLng>,
    /// What for
    #[arg(long, value_name = "KIND", default_value = "scene", value_parser = words::<v1::RequestKind>())]
    pub kind: v1::RequestKind,
    /// Who asks: a fire department or a hospital
    #[arg(long, value_name = "ORGANISATION", value_parser = names::organisation)]
    pub requester: Option<String>,
    /// What is needed, separated by commas; a scene call or transfer that names nothing on board needs a physician and a
    /// stretcher
    #[arg(long, value_name = "CAPABILITY", value_delimiter = ',', value_parser = words::<v1::Capability>())]
    pub need: Vec<v1::Capability>,
    /// The place in words
    #[arg(long, value_name = "TEXT", value_parser = args::long_text)]
    pub place: Option<String>,
    /// Only this landing site
    #[arg(long, value_name = "SITE", value_parser = names::site)]
    pub site: Option<String>,
    /// The emergency number's call came at
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub call_time: Option<When>,
    /// The caller's words that justify the request
    #[arg(long, value_name = "TEXT", value_parser = args::short_text)]
    pub keyword: Option<String>,
    /// Patients in need of immediate care
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(..=i64::from(PATIENTS_MAX)))]
    pub red: Option<u32>,
    /// Patients who can wait a little
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(..=i64::from(PATIENTS_MAX)))]
    pub yellow: Option<u32>,
    /// Lightly injured
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(..=i64::from(PATIENTS_MAX)))]
    pub green: Option<u32>,
    /// Dead or beyond help
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(..=i64::from(PATIENTS_MAX)))]
    pub black: Option<u32>,
    /// Lying places needed
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(..=i64::from(PATIENTS_MAX)))]
    pub stretchers: Option<u32>,
    /// Hazards on the scene
    #[arg(long, value_name = "TEXT", value_parser = args::long_text)]
    pub hazards: Option<String>,
    /// How to get there
    #[arg(long, value_name = "TEXT", value_parser = args::long_text)]
    pub access: Option<String>,
    /// Call sign of the ambulance that goes
    #[arg(long, value_name = "CALL_SIGN", value_parser = args::short_text)]
    pub ambulance: Option<String>,
    /// When the ambulance reaches the patient
    #[arg(long, value_name = "TIME", requires = "ambulance", allow_hyphen_values = true)]
    pub ambulance_at_patient: Option<When>,
    /// Care must begin by
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub due: Option<When>,
    /// The hospital that the patient leaves (transfer)
    #[arg(long, value_name = "HOSPITAL", value_parser = names::hospital)]
    pub origin: Option<String>,
    /// Preferred hospitals, separated by commas, best first; a transfer goes to one of these and to no other
    #[arg(long, value_name = "HOSPITAL", value_delimiter = ',', value_parser = names::hospital)]
    pub hospital: Vec<String>,
    /// How many aircraft; one when left out
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..=i64::from(AIRCRAFT_MAX)))]
    pub aircraft: Option<u32>,
}

impl SceneArgs {
    /// The request for the wire; relative times are of the server's present.
    ///
    /// # Errors
    /// [`Failure::Unreachable`] when a relative time needs the present and nobody answers.
    pub async fn request(&self, session: &Session) -> Result<v1::Request, Failure> {
        let text = |typed: &Option<String>| typed.clone().unwrap_or_default();
        Ok(v1::Request {
            kind: self.kind.into(),
            requester: text(&self.requester),
            position: self.at,
            place: text(&self.place),
            site: text(&self.site),
            call_time: session.instant(self.call_time).await?,
            keyword: text(&self.keyword),
            triage: self.triage(),
            stretchers: self.stretchers.unwrap_or(0),
            capabilities: self.need.iter().map(|need| (*need).into()).collect(),
            hazards: text(&self.hazards),
            access: text(&self.access),
            ambulance: self.ambulance(session).await?,
            due_time: session.instant(self.due).await?,
            origin_hospital: text(&self.origin),
            hospitals: self.hospital.clone(),
            aircraft_count: self.aircraft.unwrap_or(0),
            ..v1::Request::default()
        })
    }

    fn triage(&self) -> Option<v1::request::Triage> {
        let given = [self.red, self.yellow, self.green, self.black];
        let [red, yellow, green, black] = given.map(|count| count.unwrap_or(0));
        given.iter().any(Option::is_some).then_some(v1::request::Triage { red, yellow, green, black })
    }

    async fn ambulance(&self, session: &Session) -> Result<Option<v1::request::Ambulance>, Failure> {
        let Some(call_sign) = self.ambulance.clone() else { return Ok(None) };
        let at_patient_time = session.instant(self.ambulance_at_patient).await?;
        Ok(Some(v1::request::Ambulance { call_sign, at_patient_time }))
    }
}
