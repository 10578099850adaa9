//! `yui road`: the roads of a server: what is closed, slowed and opened, and how long it takes.

mod query;
mod restriction;

use super::args::{self, PageArgs};
use super::failure::Failure;
use super::names;
use super::session::Session;
use super::sheet::{Sheet, Show, left};
use super::time::When;
use crate::api::v1;
use clap::Subcommand;

/// Subcommands of `yui road`.
#[derive(Debug, Subcommand)]
pub enum Args {
    /// Which network is in use, and what stands on it
    Status,
    /// Report a structure closed
    #[command(
        after_help = "Example:\n  yui road close onaruto-bridge --by tokushima --note \"wind\" --reopens 2026-12-05T18:00"
    )]
    Close {
        /// Which
        #[arg(value_name = "STRUCTURE", value_parser = names::structure)]
        name: String,
        /// Who reports it
        #[arg(long, value_name = "MEMBER", value_parser = names::member)]
        by: String,
        /// Why
        #[arg(long, value_name = "TEXT", value_parser = args::long_text)]
        note: Option<String>,
        /// When it is expected to open
        #[arg(long, value_name = "TIME")]
        reopens: Option<When>,
    },
    /// Report a structure open again
    Open {
        /// Which
        #[arg(value_name = "STRUCTURE", value_parser = names::structure)]
        name: String,
        /// Who reports it
        #[arg(long, value_name = "MEMBER", value_parser = names::member)]
        by: String,
        /// What was seen
        #[arg(long, value_name = "TEXT", value_parser = args::long_text)]
        note: Option<String>,
    },
    /// Report roads closed, slowed, limited or opened: a section, an area, a class, edges, a structure
    #[command(
        after_help = "Example:\n  yui road restrict closed --class motorway --by hyogo --reason inspection --source road-operator --reporter \"NEXCO West\""
    )]
    Restrict(restriction::RestrictArgs),
    /// Report every area of a GeoJSON file
    Import(restriction::ImportArgs),
    /// Take a restriction off
    Lift {
        /// Which
        #[arg(value_name = "RESTRICTION", value_parser = names::restriction)]
        name: String,
        /// What was seen
        #[arg(long, value_name = "TEXT", value_parser = args::long_text)]
        note: Option<String>,
    },
    /// List restrictions
    Restrictions(restriction::ListArgs),
    /// The fastest way between two places
    Route(query::RouteArgs),
    /// Travel times from many places to many
    Matrix(query::MatrixArgs),
    /// Everything within some time
    Isochrone(query::IsochroneArgs),
    /// The nearest by time: ambulances, doctor cars, hospitals, landing sites
    Nearest(query::NearestArgs),
    /// The road beside a place
    Snap(query::SnapArgs),
    /// What cannot be reached any more, what cuts it off, what to open first
    Reach(query::ReachArgs),
    /// List structures
    List {
        /// Only closed ones
        #[arg(long)]
        closed: bool,
        /// Which page.
        #[command(flatten)]
        page: PageArgs,
    },
}

/// Runs it.
///
/// # Errors
/// As [`Session::order`].
pub async fn run(session: &Session, args: Args) -> Result<(), Failure> {
    match args {
        Args::Status => session.ask(v1::GetNetworkRequest {}).await,
        Args::Restrict(args) => restriction::restrict(session, args).await,
        Args::Import(args) => restriction::import(session, args).await,
        Args::Lift { name, note } => {
            let note = note.unwrap_or_default();
            session.order(v1::LiftRestrictionRequest { name, note, ..Default::default() }).await
        }
        Args::Restrictions(args) => restriction::list(session, args).await,
        Args::Route(args) => query::route(session, args).await,
        Args::Matrix(args) => query::matrix(session, args).await,
        Args::Isochrone(args) => query::isochrone(session, args).await,
        Args::Nearest(args) => query::nearest(session, args).await,
        Args::Snap(args) => query::snap(session, args).await,
        Args::Reach(args) => query::reach(session, args).await,
        Args::Close { name, by, note, reopens } => {
            let call = v1::CloseStructureRequest {
                parent: by,
                name,
                note: note.unwrap_or_default(),
                expect_open_time: session.instant(reopens).await?,
                ..Default::default()
            };
            session.order(call).await
        }
        Args::Open { name, by, note } => {
            let note = note.unwrap_or_default();
            session.order(v1::OpenStructureRequest { parent: by, name, note, ..Default::default() }).await
        }
        Args::List { closed, page } => {
            let filter = page.filter(&[("closed", closed.then(|| "true".to_owned()))]);
            session.list(v1::ListStructuresRequest::default(), &page, filter).await
        }
    }
}

fn grid(structures: &[v1::Structure], sheet: &mut Sheet) {
    let lang = sheet.lang();
    let columns = [
        left(lang.pick("構造物", "structure")),
        left(lang.pick("名称", "name")),
        left(lang.pick("状態", "state")),
        left(lang.pick("備考", "note")),
        left(lang.pick("開通見込み", "expected open")),
        left(lang.pick("報告者", "reported by")),
        left(lang.pick("報告", "reported")),
    ];
    let mut rows = Vec::with_capacity(structures.len());
    for structure in structures {
        let state =
            if structure.closed { lang.pick("通行止", "closed") } else { lang.pick("開通", "open") };
        rows.push([
            sheet.name(&structure.name),
            lang.name(structure.display_name.as_ref()).to_owned(),
            state.to_owned(),
            structure.note.clone(),
            sheet.time(structure.expect_open_time.as_ref()),
            sheet.name(&structure.reporter),
            sheet.time(structure.report_time.as_ref()),
        ]);
    }
    sheet.grid(columns, &rows);
}

impl Show for v1::Structure {
    fn show(&self, sheet: &mut Sheet) {
        grid(std::slice::from_ref(self), sheet);
    }
}

impl Show for v1::ListStructuresResponse {
    fn show(&self, sheet: &mut Sheet) {
        grid(&self.structures, sheet);
        sheet.more(&self.next_page_token);
    }
}

impl Show for v1::Network {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        let km = |metres: u64| format!("{} km", metres / 1_000);
        sheet.pairs([
            (lang.pick("道路網", "network"), self.source.clone()),
            (lang.pick("識別", "fingerprint"), self.fingerprint.clone()),
            (lang.pick("交差点", "junctions"), self.junction_count.to_string()),
            (lang.pick("区間(方向別)", "edges, each direction by itself"), self.edge_count.to_string()),
            (lang.pick("長さ(方向別)", "length, each direction by itself"), km(self.length_m)),
            (lang.pick("名前のある構造物", "named structures"), self.structure_count.to_string()),
            (lang.pick("通行止の構造物", "closed structures"), self.closed_structure_count.to_string()),
            (lang.pick("継続中の規制", "restrictions that stand"), self.restriction_count.to_string()),
            (lang.pick("通行止の長さ", "closed"), km(self.closed_length_m)),
            (lang.pick("徐行の長さ", "slowed"), km(self.slowed_length_m)),
            (lang.pick("開けられる予備経路", "reserved, to be opened"), self.reserved_links.join(", ")),
        ]);
        if self.trunk_roads_only {
            sheet.line(lang.pick(
                "幹線道路のみ: 地点から最寄りの交差点までは直線 x 1.4 を時速 30 km で計算します",
                "trunk roads alone: from a place to the junctions around it, the straight line x 1.4 at 30 km/h",
            ));
        }
    }
}
