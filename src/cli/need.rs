//! `yui need`: what is needed where.

mod estimate;
mod file;
mod people;
mod shown;
mod table;

use super::args::{self, ArgError, PageArgs};
use super::failure::Failure;
use super::names;
use super::request::word_of;
use super::session::{Session, note_on_stderr};
use super::text::words;
use super::time::When;
use crate::api::v1;
use clap::Subcommand;
use std::path::PathBuf;

/// Subcommands of `yui need`.
#[derive(Debug, Subcommand)]
pub enum Args {
    /// State a need, or all needs of a file
    #[command(
        after_help = "Examples:\n  yui need state --by wakayama --municipality 30201 food 12000 --unit meal --wanted-by +12h --reporter \"shelter desk\"\n  yui need state --by wakayama --file needs.csv\n\nA CSV file has the columns municipality, depot, commodity, quantity, unit, priority, wanted_by, daily_until, reporter,\nnote in any order; all but commodity, quantity and wanted_by may be missing. GeoJSON has them as properties."
    )]
    State(Box<StateArgs>),
    /// Work out what people need by the unit model; --state states it
    #[command(
        after_help = "Examples:\n  yui need estimate --people people.csv --days 3\n  yui need estimate --people people.csv --days 3 --state --by wakayama\n\nA CSV file has the columns municipality or depot, in_shelter, water_cut, infant, toddler, adult_in_diapers,\nwoman_12_to_51 in any order. An empty cell of the last four is the usual share of the people in shelters; 0 is nobody."
    )]
    Estimate(Box<estimate::EstimateArgs>),
    /// Correct a need; what it was is kept
    Correct {
        /// Which
        #[arg(value_name = "NEED", value_parser = names::need)]
        name: String,
        /// How much
        #[arg(long, value_name = "QUANTITY", allow_hyphen_values = true)]
        quantity: Option<i64>,
        /// 1 to 5, 1 first
        #[arg(long, value_name = "N")]
        priority: Option<u32>,
        /// When it has to be there
        #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
        wanted_by: Option<When>,
        /// Until when it is the same every day
        #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
        daily_until: Option<When>,
        /// Why
        #[arg(long, value_name = "TEXT", value_parser = args::long_text)]
        note: Option<String>,
    },
    /// Withdraw a need
    Withdraw {
        /// Which
        #[arg(value_name = "NEED", value_parser = names::need)]
        name: String,
        /// Why
        #[arg(long, value_name = "TEXT", value_parser = args::long_text)]
        note: Option<String>,
    },
    /// Show one, with what it was before
    Get {
        /// Which
        #[arg(value_name = "NEED", value_parser = names::need)]
        name: String,
    },
    /// List needs
    List {
        /// Of which member; - for all
        #[arg(long, value_name = "MEMBER", default_value = "-", value_parser = names::parent)]
        member: String,
        /// Only of this commodity
        #[arg(long, value_name = "COMMODITY", value_parser = names::commodity)]
        commodity: Option<String>,
        /// Only of this municipality
        #[arg(long, value_name = "JIS")]
        municipality: Option<u32>,
        /// Only those that stand so
        #[arg(long, value_parser = words::<v1::need::State>())]
        state: Option<v1::need::State>,
        /// Only those that another reporter states as well
        #[arg(long)]
        duplicates: bool,
        /// Which page.
        #[command(flatten)]
        page: PageArgs,
    },
    /// Totals: of the union by member, of a member by municipality, of a municipality by place
    Totals {
        /// Of which member alone
        #[arg(long, value_name = "MEMBER", value_parser = names::member)]
        member: Option<String>,
        /// Of which of its municipalities alone
        #[arg(long, value_name = "JIS", requires = "member")]
        municipality: Option<u32>,
        /// Of which commodity alone
        #[arg(long, value_name = "COMMODITY", value_parser = names::commodity)]
        commodity: Option<String>,
    },
}

/// Arguments of `yui need state`.
#[derive(Debug, clap::Args)]
pub struct StateArgs {
    /// What is needed
    #[arg(value_name = "COMMODITY", value_parser = names::commodity, required_unless_present = "file")]
    commodity: Option<String>,
    /// How much
    #[arg(value_name = "QUANTITY", allow_hyphen_values = true, required_unless_present = "file")]
    quantity: Option<i64>,
    /// The member that states it
    #[arg(long, value_name = "MEMBER", value_parser = names::member)]
    by: String,
    /// All needs of a CSV or GeoJSON file, all of them or none
    #[arg(long, value_name = "FILE", conflicts_with_all = ["commodity", "quantity", "municipality", "depot", "unit", "wanted_by", "daily_until"])]
    file: Option<PathBuf>,
    /// Whose people need it, by JIS code
    #[arg(long, value_name = "JIS")]
    municipality: Option<u32>,
    /// One receiving point alone
    #[arg(long, value_name = "DEPOT", value_parser = names::depot)]
    depot: Option<String>,
    /// In which unit; refused when the commodity is counted in another
    #[arg(long, value_name = "UNIT", value_parser = args::short_text)]
    unit: Option<String>,
    /// 1 to 5, 1 first
    #[arg(long, value_name = "N", default_value_t = PRIORITY_DEFAULT)]
    priority: u32,
    /// When it has to be there
    #[arg(long, value_name = "TIME", required_unless_present = "file", allow_hyphen_values = true)]
    wanted_by: Option<When>,
    /// The same again every day until then
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    daily_until: Option<When>,
    /// Where the figure comes from; report, or file for a file
    #[arg(long, value_parser = words::<v1::need::Source>())]
    source: Option<v1::need::Source>,
    /// Who says so; you when left out
    #[arg(long, value_name = "NAME", value_parser = args::short_text)]
    reporter: Option<String>,
    /// Anything to add
    #[arg(long, value_name = "TEXT", value_parser = args::long_text)]
    note: Option<String>,
}

/// The priority of a need when nobody says.
const PRIORITY_DEFAULT: u32 = 3;

/// Runs it.
///
/// # Errors
/// As [`Session::order`].
pub async fn run(session: &Session, args: Args) -> Result<(), Failure> {
    match args {
        Args::State(args) => state(session, *args).await,
        Args::Estimate(args) => estimate::run(session, *args).await,
        Args::Correct { name, quantity, priority, wanted_by, daily_until, note } => {
            let call = v1::CorrectNeedRequest {
                name,
                quantity,
                priority,
                want_time: session.instant(wanted_by).await?,
                daily_until_time: session.instant(daily_until).await?,
                note: note.unwrap_or_default(),
                ..Default::default()
            };
            session.order(call).await
        }
        Args::Withdraw { name, note } => {
            let note = note.unwrap_or_default();
            session.order(v1::WithdrawNeedRequest { name, note, ..Default::default() }).await
        }
        Args::Get { name } => session.ask(v1::GetNeedRequest { name }).await,
        Args::List { member, commodity, municipality, state, duplicates, page } => {
            let filter = page.filter(&[
                ("commodity", commodity),
                ("municipality", municipality.map(|code| code.to_string())),
                ("state", state.map(word_of)),
                ("duplicate", duplicates.then(|| "true".to_owned())),
            ]);
            let call = v1::ListNeedsRequest { parent: member, ..Default::default() };
            session.list(call, &page, filter).await
        }
        Args::Totals { member, municipality, commodity } => {
            let call = v1::SumNeedsRequest {
                member: member.unwrap_or_default(),
                municipality: municipality.unwrap_or_default(),
                commodity: commodity.unwrap_or_default(),
            };
            session.ask(call).await
        }
    }
}

async fn state(session: &Session, args: StateArgs) -> Result<(), Failure> {
    let reporter = args.reporter.clone().unwrap_or_else(|| session.actor().to_owned());
    let Some(path) = &args.file else {
        let need = v1::Need {
            municipality: args.municipality.unwrap_or_default(),
            depot: args.depot.unwrap_or_default(),
            commodity: args.commodity.unwrap_or_default(),
            quantity: args.quantity.unwrap_or_default(),
            unit: args.unit.unwrap_or_default(),
            priority: args.priority,
            want_time: session.instant(args.wanted_by).await?,
            daily_until_time: session.instant(args.daily_until).await?,
            source: args.source.unwrap_or(v1::need::Source::Report).into(),
            reporter,
            note: args.note.unwrap_or_default(),
            ..Default::default()
        };
        let call = v1::StateNeedsRequest { parent: args.by, needs: vec![need], ..Default::default() };
        return session.order(call).await;
    };
    let given = file::Given {
        member: &args.by,
        priority: args.priority,
        source: args.source.unwrap_or(v1::need::Source::File),
        reporter: &reporter,
        note: args.note.as_deref().unwrap_or_default(),
        now: session.now().await?,
    };
    let read = file::read(path, &given)?;
    let (needs, places): (Vec<_>, Vec<_>) = read.into_iter().map(|row| (row.need, row.place)).unzip();
    let call = v1::StateNeedsRequest { parent: args.by, needs, ..Default::default() };
    let stated = session.order(call).await;
    if let Err(Failure::Refused(status)) = &stated
        && let Some(place) = item_of(status.message(), "needs[").and_then(|index| places.get(index))
    {
        let shown = path.display();
        note_on_stderr(&session.lang().pick(
            format!("{shown} の {place} です。何も登録していません。\n"),
            format!("that is {place} of {shown}; nothing was stated\n"),
        ));
    }
    stated
}

/// The number of the item of a list that a refusal speaks of, behind `before`: `needs[`.
fn item_of(message: &str, before: &str) -> Option<usize> {
    message.split_once(before)?.1.split_once(']')?.0.parse().ok()
}

/// A JIS code as people write it; nothing for none.
pub(super) fn code(municipality: u32) -> String {
    if municipality == 0 { String::new() } else { format!("{municipality:05}") }
}

/// What is wrong with a file, in both languages.
fn wrong(path: &std::path::Path, ja: &str, en: &str) -> ArgError {
    let shown = path.display();
    ArgError::new(format!("{shown}: {ja}"), format!("{shown}: {en}"))
}
