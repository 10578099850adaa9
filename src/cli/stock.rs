//! `yui stock`: what lies where, and how much of it may go.

use super::args::{self, PageArgs};
use super::failure::Failure;
use super::names;
use super::session::Session;
use super::sheet::{Sheet, Show, left, right};
use super::time::When;
use crate::api::v1;
use clap::Subcommand;

/// Subcommands of `yui stock`.
#[derive(Debug, Subcommand)]
pub enum Args {
    /// List stocks
    List {
        /// Of which member; - for all
        #[arg(long, value_name = "MEMBER", default_value = "-", value_parser = names::parent)]
        member: String,
        /// Only in this depot
        #[arg(long, value_name = "DEPOT", value_parser = names::depot)]
        depot: Option<String>,
        /// Only of this commodity
        #[arg(long, value_name = "COMMODITY", value_parser = names::commodity)]
        commodity: Option<String>,
        /// Which page.
        #[command(flatten)]
        page: PageArgs,
    },
    /// Enter what somebody counted
    #[command(
        after_help = "Example:\n  yui stock count hyogo/depot-miki food 57166 --unit meal --reserve 17149 --counted-by \"Sato\""
    )]
    Count {
        /// Where
        #[arg(value_name = "DEPOT", value_parser = names::depot)]
        depot: String,
        /// Of what
        #[arg(value_name = "COMMODITY", value_parser = names::commodity)]
        commodity: String,
        /// How much there was
        #[arg(value_name = "QUANTITY", allow_hyphen_values = true)]
        quantity: i64,
        /// In which unit; refused when the commodity is counted in another
        #[arg(long, value_name = "UNIT", value_parser = args::short_text)]
        unit: Option<String>,
        /// How much of it stays unless its owner consents; as before when left out
        #[arg(long, value_name = "QUANTITY", allow_hyphen_values = true)]
        reserve: Option<i64>,
        /// When; now when left out
        #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
        at: Option<When>,
        /// Who counted; you when left out
        #[arg(long, value_name = "NAME", value_parser = args::short_text)]
        counted_by: Option<String>,
    },
    /// Let the reserve go, or keep it again
    #[command(
        subcommand,
        after_help = "Example:\n  yui stock reserve open hyogo/depot-miki food --by \"governor Saito\""
    )]
    Reserve(ReserveArgs),
}

/// Subcommands of `yui stock reserve`.
#[derive(Debug, Subcommand)]
pub enum ReserveArgs {
    /// The owner consents that its reserve may be sent too
    Open {
        /// Where
        #[arg(value_name = "DEPOT", value_parser = names::depot)]
        depot: String,
        /// Of what
        #[arg(value_name = "COMMODITY", value_parser = names::commodity)]
        commodity: String,
        /// The named person of the owner who consents
        #[arg(long, value_name = "NAME", value_parser = args::short_text)]
        by: String,
        /// Anything to add
        #[arg(long, value_name = "TEXT", value_parser = args::long_text)]
        note: Option<String>,
    },
    /// The consent ends
    Close {
        /// Where
        #[arg(value_name = "DEPOT", value_parser = names::depot)]
        depot: String,
        /// Of what
        #[arg(value_name = "COMMODITY", value_parser = names::commodity)]
        commodity: String,
        /// Anything to add
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
        Args::List { member, depot, commodity, page } => {
            let filter = page.filter(&[("depot", depot), ("commodity", commodity)]);
            let call = v1::ListStocksRequest { parent: member, ..Default::default() };
            session.list(call, &page, filter).await
        }
        Args::Count { depot, commodity, quantity, unit, reserve, at, counted_by } => {
            let call = v1::CountStockRequest {
                depot,
                commodity,
                quantity,
                unit: unit.unwrap_or_default(),
                reserve,
                count_time: session.instant(at).await?,
                counted_by: counted_by.unwrap_or_else(|| session.actor().to_owned()),
                ..Default::default()
            };
            session.order(call).await
        }
        Args::Reserve(ReserveArgs::Open { depot, commodity, by, note }) => {
            let (opened_by, note) = (by, note.unwrap_or_default());
            let call = v1::OpenReserveRequest { depot, commodity, opened_by, note, ..Default::default() };
            session.order(call).await
        }
        Args::Reserve(ReserveArgs::Close { depot, commodity, note }) => {
            let note = note.unwrap_or_default();
            session.order(v1::CloseReserveRequest { depot, commodity, note, ..Default::default() }).await
        }
    }
}

fn grid(stocks: &[v1::Stock], sheet: &mut Sheet) {
    let lang = sheet.lang();
    let columns = [
        left(lang.pick("拠点", "depot")),
        left(lang.pick("物資", "commodity")),
        right(lang.pick("現在量", "there")),
        right(lang.pick("留保", "reserve")),
        right(lang.pick("出せる量", "may go")),
        left(lang.pick("単位", "unit")),
        left(lang.pick("留保の開放", "reserve opened by")),
        left(lang.pick("時点", "as of")),
        left(lang.pick("計数者", "counted by")),
    ];
    let mut rows = Vec::with_capacity(stocks.len());
    for stock in stocks {
        rows.push([
            sheet.name(&stock.depot),
            sheet.name(&stock.commodity),
            stock.quantity.to_string(),
            stock.reserve.to_string(),
            stock.free_quantity.to_string(),
            stock.unit.clone(),
            stock.reserve_opened_by.clone(),
            sheet.time(stock.change_time.as_ref()),
            stock.counts.last().map(|count| count.counted_by.clone()).unwrap_or_default(),
        ]);
    }
    sheet.grid(columns, &rows);
}

impl Show for v1::Stock {
    fn show(&self, sheet: &mut Sheet) {
        grid(std::slice::from_ref(self), sheet);
        if self.counts.len() < 2 {
            return;
        }
        sheet.heading(sheet.pick("これまでの計数", "counted before"));
        let columns = [
            left(sheet.pick("時点", "as of")),
            right(sheet.pick("量", "quantity")),
            right(sheet.pick("留保", "reserve")),
            left(sheet.pick("計数者", "counted by")),
        ];
        let counts = &self.counts[..self.counts.len() - 1];
        let rows: Vec<[String; 4]> = counts
            .iter()
            .map(|count| {
                [
                    sheet.time(count.count_time.as_ref()),
                    count.quantity.to_string(),
                    count.reserve.to_string(),
                    count.counted_by.clone(),
                ]
            })
            .collect();
        sheet.grid(columns, &rows);
    }
}

impl Show for v1::ListStocksResponse {
    fn show(&self, sheet: &mut Sheet) {
        grid(&self.stocks, sheet);
        sheet.more(&self.next_page_token);
    }
}
