//! `yui site`: landing sites.

use super::args::{self, NearestArgs, PageArgs};
use super::asset::distance;
use super::failure::Failure;
use super::names;
use super::request::{degrees, word_of};
use super::resource_file::FileArgs;
use super::session::Session;
use super::sheet::{Sheet, Show, left, right};
use super::text::words;
use super::time::When;
use crate::api::v1;
use clap::Subcommand;

/// Subcommands of `yui site`.
#[derive(Debug, Subcommand)]
pub enum Args {
    /// List landing sites
    List {
        /// Of which member; - for all
        #[arg(long, value_name = "MEMBER", default_value = "-", value_parser = names::parent)]
        member: String,
        /// Only of this kind
        #[arg(long, value_parser = words::<v1::site::Kind>())]
        kind: Option<v1::site::Kind>,
        /// Only those that stand so
        #[arg(long, value_parser = words::<v1::site::State>())]
        state: Option<v1::site::State>,
        /// Which page.
        #[command(flatten)]
        page: PageArgs,
    },
    /// Show one
    Get {
        /// Which
        #[arg(value_name = "SITE", value_parser = names::site)]
        name: String,
    },
    /// Which landing sites lie nearest
    #[command(after_help = "Example:\n  yui site nearest --at 35.1773,135.0367 --count 5")]
    Nearest(NearestArgs),
    /// Register a landing site from a JSON file
    Create {
        /// Its name
        #[arg(value_name = "SITE", value_parser = names::site)]
        name: String,
        /// The resource.
        #[command(flatten)]
        file: FileArgs,
    },
    /// Report whether it can be used
    #[command(
        after_help = "Example:\n  yui site report hyogo/lz-tamba-01 closed --note \"cars parked on it\""
    )]
    Report {
        /// Which
        #[arg(value_name = "SITE", value_parser = names::site)]
        name: String,
        /// How it stands
        #[arg(value_name = "STATE", value_parser = words::<v1::site::State>())]
        state: v1::site::State,
        /// When somebody looked; now when left out
        #[arg(long, value_name = "TIME", default_value = "now", allow_hyphen_values = true)]
        confirmed: When,
        /// What was seen
        #[arg(long, value_name = "TEXT", value_parser = args::long_text)]
        note: Option<String>,
    },
}

/// Runs it.
///
/// # Errors
/// As [`Session::order`].
pub async fn run(session: &Session, args: Args) -> Result<(), Failure> {
    match args {
        Args::List { member, kind, state, page } => {
            let filter = page.filter(&[("kind", kind.map(word_of)), ("state", state.map(word_of))]);
            let call = v1::ListSitesRequest { parent: member, ..Default::default() };
            session.list(call, &page, filter).await
        }
        Args::Get { name } => session.ask(v1::GetSiteRequest { name }).await,
        Args::Nearest(NearestArgs { at, count, filter }) => {
            let filter = filter.unwrap_or_default();
            session.ask(v1::SearchNearestSitesRequest { position: Some(at), count, filter }).await
        }
        Args::Create { name, file } => {
            let (parent, site_id) = names::parent_and_id(&name);
            let site = Some(v1::Site { name, ..file.read("yui.v1.Site")? });
            session.order(v1::CreateSiteRequest { parent, site_id, site, ..Default::default() }).await
        }
        Args::Report { name, state, confirmed, note } => {
            let call = v1::ReportSiteRequest {
                name,
                state: state.into(),
                confirm_time: session.instant(Some(confirmed)).await?,
                note: note.unwrap_or_default(),
                ..Default::default()
            };
            session.order(call).await
        }
    }
}

impl Show for v1::Site {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        let name = sheet.name(&self.name);
        let state = sheet.term_or_blank::<v1::site::State>(self.state);
        sheet.line(format!("{name}  {}  {state}", lang.name(self.display_name.as_ref())));
        let region = sheet.name(&self.weather_region);
        let code = if self.municipality == 0 { String::new() } else { format!("{:05}", self.municipality) };
        let fuel = if self.fuel { lang.pick("あり", "yes") } else { lang.pick("なし", "no") };
        sheet.pairs([
            (lang.pick("種別", "kind"), sheet.term::<v1::site::Kind>(self.kind)),
            (lang.pick("位置", "position"), degrees(self.position.as_ref())),
            (lang.pick("市町村", "municipality"), code),
            (lang.pick("電話", "telephone"), self.telephone.clone()),
            (lang.pick("確認", "confirmed"), sheet.time(self.confirm_time.as_ref())),
            (lang.pick("備考", "note"), self.note.clone()),
            (lang.pick("耐荷重", "mass at most"), format!("{} kg", self.mass_kg_max)),
            (lang.pick("広さ", "size at most"), format!("{} m", self.size_m_max)),
            (lang.pick("駐機数", "spots"), self.spots.to_string()),
            (lang.pick("燃料", "fuel"), fuel.to_owned()),
            (lang.pick("安全確保", "securing takes"), sheet.span(self.securing.as_ref())),
            (lang.pick("気象区域", "weather region"), region),
        ]);
    }
}

/// Writes sites as a table, each with its distance if there is one.
fn grid<'a>(sites: impl Iterator<Item = (&'a v1::Site, Option<u32>)>, sheet: &mut Sheet) {
    let lang = sheet.lang();
    let columns = [
        left(lang.pick("離着陸場", "landing site")),
        left(lang.pick("名称", "name")),
        left(lang.pick("種別", "kind")),
        left(lang.pick("状態", "state")),
        left(lang.pick("確認", "confirmed")),
        right(lang.pick("駐機数", "spots")),
        right(lang.pick("距離", "distance")),
        left(lang.pick("電話", "telephone")),
    ];
    let mut rows = Vec::new();
    for (site, distance_m) in sites {
        rows.push([
            sheet.name(&site.name),
            lang.name(site.display_name.as_ref()).to_owned(),
            sheet.term::<v1::site::Kind>(site.kind),
            sheet.term::<v1::site::State>(site.state),
            sheet.time(site.confirm_time.as_ref()),
            site.spots.to_string(),
            distance(distance_m, lang),
            site.telephone.clone(),
        ]);
    }
    sheet.grid(columns, &rows);
}

impl Show for v1::ListSitesResponse {
    fn show(&self, sheet: &mut Sheet) {
        grid(self.sites.iter().map(|site| (site, None)), sheet);
        sheet.more(&self.next_page_token);
    }
}

impl Show for v1::SearchNearestSitesResponse {
    fn show(&self, sheet: &mut Sheet) {
        let found = self.results.iter();
        grid(found.filter_map(|result| Some((result.site.as_ref()?, Some(result.distance_m)))), sheet);
    }
}
