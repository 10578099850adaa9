//! `yui depot`: places where goods are handed on.

use super::args::{self, PageArgs};
use super::failure::Failure;
use super::names;
use super::request::word_of;
use super::resource_file::FileArgs;
use super::session::Session;
use super::sheet::{Sheet, Show, left, right};
use super::text::words;
use crate::api::v1;
use clap::Subcommand;

/// Subcommands of `yui depot`.
#[derive(Debug, Subcommand)]
pub enum Args {
    /// List depots
    List {
        /// Of which member; - for all
        #[arg(long, value_name = "MEMBER", default_value = "-", value_parser = names::parent)]
        member: String,
        /// Only of this tier
        #[arg(long, value_parser = words::<v1::depot::Tier>())]
        tier: Option<v1::depot::Tier>,
        /// Only those that stand so
        #[arg(long, value_parser = words::<v1::depot::State>())]
        state: Option<v1::depot::State>,
        /// Which page.
        #[command(flatten)]
        page: PageArgs,
    },
    /// Show one
    Get {
        /// Which
        #[arg(value_name = "DEPOT", value_parser = names::depot)]
        name: String,
    },
    /// Register a depot from a JSON file
    Create {
        /// Its name
        #[arg(value_name = "DEPOT", value_parser = names::depot)]
        name: String,
        /// The resource.
        #[command(flatten)]
        file: FileArgs,
    },
    /// Report whether it hands goods on
    #[command(after_help = "Example:\n  yui depot report hyogo/depot-miki lost --note \"roof down\"")]
    Report {
        /// Which
        #[arg(value_name = "DEPOT", value_parser = names::depot)]
        name: String,
        /// How it stands
        #[arg(value_name = "STATE", value_parser = words::<v1::depot::State>())]
        state: v1::depot::State,
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
        Args::List { member, tier, state, page } => {
            let filter = page.filter(&[("tier", tier.map(word_of)), ("state", state.map(word_of))]);
            let call = v1::ListDepotsRequest { parent: member, ..Default::default() };
            session.list(call, &page, filter).await
        }
        Args::Get { name } => session.ask(v1::GetDepotRequest { name }).await,
        Args::Create { name, file } => {
            let (parent, depot_id) = names::parent_and_id(&name);
            let depot = Some(v1::Depot { name, ..file.read("yui.v1.Depot")? });
            session.order(v1::CreateDepotRequest { parent, depot_id, depot, ..Default::default() }).await
        }
        Args::Report { name, state, note } => {
            let (state, note) = (state.into(), note.unwrap_or_default());
            session.order(v1::ReportDepotRequest { name, state, note, ..Default::default() }).await
        }
    }
}

fn grid(depots: &[v1::Depot], sheet: &mut Sheet) {
    let lang = sheet.lang();
    let columns = [
        left(lang.pick("拠点", "depot")),
        left(lang.pick("名称", "name")),
        left(lang.pick("段階", "tier")),
        left(lang.pick("状態", "state")),
        right(lang.pick("10t車/時", "lorries an hour")),
        left(lang.pick("市区町村", "municipality")),
        left(lang.pick("電話", "telephone")),
        left(lang.pick("備考", "note")),
    ];
    let mut rows = Vec::with_capacity(depots.len());
    for depot in depots {
        rows.push([
            sheet.name(&depot.name),
            lang.name(depot.display_name.as_ref()).to_owned(),
            sheet.term::<v1::depot::Tier>(depot.tier),
            sheet.term::<v1::depot::State>(depot.state),
            depot.lorries_per_hour.to_string(),
            super::need::code(depot.municipality),
            depot.telephone.clone(),
            depot.note.clone(),
        ]);
    }
    sheet.grid(columns, &rows);
}

impl Show for v1::Depot {
    fn show(&self, sheet: &mut Sheet) {
        grid(std::slice::from_ref(self), sheet);
    }
}

impl Show for v1::ListDepotsResponse {
    fn show(&self, sheet: &mut Sheet) {
        grid(&self.depots, sheet);
        sheet.more(&self.next_page_token);
    }
}
