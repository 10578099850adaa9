//! `yui hospital`: receiving hospitals.

use super::args::{NearestArgs, PageArgs};
use super::asset::distance;
use super::failure::Failure;
use super::names;
use super::request::{degrees, word_of};
use super::resource_file::FileArgs;
use super::session::Session;
use super::sheet::{Sheet, Show, left, right};
use super::text::words;
use crate::api::v1;
use clap::{Subcommand, value_parser};

/// Subcommands of `yui hospital`.
#[derive(Debug, Subcommand)]
pub enum Args {
    /// List hospitals
    List {
        /// Of which member; - for all
        #[arg(long, value_name = "MEMBER", default_value = "-", value_parser = names::parent)]
        member: String,
        /// Only those that stand so
        #[arg(long, value_parser = words::<v1::hospital::State>())]
        state: Option<v1::hospital::State>,
        /// Which page.
        #[command(flatten)]
        page: PageArgs,
    },
    /// Show one
    Get {
        /// Which
        #[arg(value_name = "HOSPITAL", value_parser = names::hospital)]
        name: String,
    },
    /// Which hospitals lie nearest
    Nearest(NearestArgs),
    /// Register a hospital from a JSON file
    Create {
        /// Its name
        #[arg(value_name = "HOSPITAL", value_parser = names::hospital)]
        name: String,
        /// The resource.
        #[command(flatten)]
        file: FileArgs,
    },
    /// Report whether it takes patients
    #[command(after_help = "Example:\n  yui hospital report hyogo/hyogo-kakogawa accepting --beds 3")]
    Report {
        /// Which
        #[arg(value_name = "HOSPITAL", value_parser = names::hospital)]
        name: String,
        /// How it stands
        #[arg(value_name = "STATE", value_parser = words::<v1::hospital::State>())]
        state: v1::hospital::State,
        /// Free beds
        #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(..=9_999))]
        beds: Option<u32>,
    },
}

/// Runs it.
///
/// # Errors
/// As [`Session::order`].
pub async fn run(session: &Session, args: Args) -> Result<(), Failure> {
    match args {
        Args::List { member, state, page } => {
            let filter = page.filter(&[("state", state.map(word_of))]);
            let call = v1::ListHospitalsRequest { parent: member, ..Default::default() };
            session.list(call, &page, filter).await
        }
        Args::Get { name } => session.ask(v1::GetHospitalRequest { name }).await,
        Args::Nearest(NearestArgs { at, count, filter }) => {
            let filter = filter.unwrap_or_default();
            session.ask(v1::SearchNearestHospitalsRequest { position: Some(at), count, filter }).await
        }
        Args::Create { name, file } => {
            let (parent, hospital_id) = names::parent_and_id(&name);
            let hospital = Some(v1::Hospital { name, ..file.read("yui.v1.Hospital")? });
            session
                .order(v1::CreateHospitalRequest { parent, hospital_id, hospital, ..Default::default() })
                .await
        }
        Args::Report { name, state, beds } => {
            let (state, beds_free) = (state.into(), beds);
            session.order(v1::ReportHospitalRequest { name, state, beds_free, ..Default::default() }).await
        }
    }
}

impl Show for v1::Hospital {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        let name = sheet.name(&self.name);
        let state = sheet.term_or_blank::<v1::hospital::State>(self.state);
        sheet.line(format!("{name}  {}  {state}", lang.name(self.display_name.as_ref())));
        let (organisation, region) = (sheet.name(&self.organisation), sheet.name(&self.weather_region));
        let pad = pad(self.pad.as_ref(), sheet);
        let beds = self.beds_free.map(|beds| beds.to_string()).unwrap_or_default();
        sheet.pairs([
            (lang.pick("位置", "position"), degrees(self.position.as_ref())),
            (lang.pick("電話", "telephone"), self.telephone.clone()),
            (lang.pick("空床", "free beds"), beds),
            (lang.pick("報告", "reported"), sheet.time(self.report_time.as_ref())),
            (lang.pick("能力", "capabilities"), sheet.terms::<v1::Capability>(&self.capabilities)),
            (lang.pick("ヘリポート", "pad"), pad),
            (lang.pick("機関", "organisation"), organisation),
            (lang.pick("気象区域", "weather region"), region),
        ]);
    }
}

fn pad(pad: Option<&v1::hospital::Pad>, sheet: &mut Sheet) -> String {
    let Some(pad) = pad else { return String::new() };
    let place = if pad.roof { sheet.pick("屋上", "roof") } else { sheet.pick("地上", "ground") };
    let site = sheet.name(&pad.site);
    format!("{place}  {} kg  {} m  {site}", pad.mass_kg_max, pad.size_m_max)
}

/// Writes hospitals as a table, each with its distance if there is one.
fn grid<'a>(hospitals: impl Iterator<Item = (&'a v1::Hospital, Option<u32>)>, sheet: &mut Sheet) {
    let lang = sheet.lang();
    let columns = [
        left(lang.pick("病院", "hospital")),
        left(lang.pick("名称", "name")),
        left(lang.pick("状態", "state")),
        right(lang.pick("空床", "free beds")),
        left(lang.pick("報告", "reported")),
        left(lang.pick("能力", "capabilities")),
        right(lang.pick("距離", "distance")),
        left(lang.pick("電話", "telephone")),
    ];
    let mut rows = Vec::new();
    for (hospital, distance_m) in hospitals {
        rows.push([
            sheet.name(&hospital.name),
            lang.name(hospital.display_name.as_ref()).to_owned(),
            sheet.term::<v1::hospital::State>(hospital.state),
            hospital.beds_free.map(|beds| beds.to_string()).unwrap_or_default(),
            sheet.time(hospital.report_time.as_ref()),
            sheet.terms::<v1::Capability>(&hospital.capabilities),
            distance(distance_m, lang),
            hospital.telephone.clone(),
        ]);
    }
    sheet.grid(columns, &rows);
}

impl Show for v1::ListHospitalsResponse {
    fn show(&self, sheet: &mut Sheet) {
        grid(self.hospitals.iter().map(|hospital| (hospital, None)), sheet);
        sheet.more(&self.next_page_token);
    }
}

impl Show for v1::SearchNearestHospitalsResponse {
    fn show(&self, sheet: &mut Sheet) {
        let found = self.results.iter();
        grid(found.filter_map(|result| Some((result.hospital.as_ref()?, Some(result.distance_m)))), sheet);
    }
}
