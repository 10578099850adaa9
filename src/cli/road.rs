//! `yui road`: named bridges and tunnels, closed and open.

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
