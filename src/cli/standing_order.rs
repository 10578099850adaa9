//! `yui standing-order`: a named person's order that lets the next candidate be asked without a key press.

use super::args::{self, PageArgs};
use super::failure::Failure;
use super::names;
use super::session::Session;
use super::sheet::{Sheet, Show, left};
use super::time::When;
use crate::api::v1;
use clap::Subcommand;

/// Subcommands of `yui standing-order`.
#[derive(Debug, Subcommand)]
pub enum Args {
    /// Give an order
    #[command(
        after_help = "Example:\n  yui standing-order give hyogo/night-watch --answers-for \"Yamada\" --until 2026-12-06T08:00"
    )]
    Give {
        /// Its name
        #[arg(value_name = "STANDING_ORDER", value_parser = names::standing_order)]
        name: String,
        /// The person who answers for it
        #[arg(long, value_name = "NAME", value_parser = args::short_text)]
        answers_for: String,
        /// When it ends by itself
        #[arg(long, value_name = "TIME")]
        until: When,
    },
    /// Take an order back
    Revoke {
        /// Which
        #[arg(value_name = "STANDING_ORDER", value_parser = names::standing_order)]
        name: String,
    },
    /// List orders
    List {
        /// Of which member; - for all
        #[arg(long, value_name = "MEMBER", default_value = "-", value_parser = names::parent)]
        member: String,
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
        Args::Give { name, answers_for, until } => {
            let (parent, standing_order_id) = names::parent_and_id(&name);
            let expire_time = session.instant(Some(until)).await?;
            let order = v1::StandingOrder { answers_for, expire_time, ..Default::default() };
            let call = v1::GiveStandingOrderRequest {
                parent,
                standing_order_id,
                standing_order: Some(order),
                ..Default::default()
            };
            session.order(call).await
        }
        Args::Revoke { name } => {
            session.order(v1::RevokeStandingOrderRequest { name, ..Default::default() }).await
        }
        Args::List { member, page } => {
            let call = v1::ListStandingOrdersRequest { parent: member, ..Default::default() };
            session.list(call, &page, page.filter(&[])).await
        }
    }
}

fn grid(orders: &[v1::StandingOrder], sheet: &mut Sheet) {
    let lang = sheet.lang();
    let columns = [
        left(lang.pick("事前指示", "standing order")),
        left(lang.pick("責任者", "answers for it")),
        left(lang.pick("期限", "until")),
        left(lang.pick("状態", "state")),
    ];
    let mut rows = Vec::with_capacity(orders.len());
    for order in orders {
        let state = match order.in_force {
            true => lang.pick("有効", "in force"),
            false => lang.pick("無効", "not in force"),
        };
        rows.push([
            sheet.name(&order.name),
            order.answers_for.clone(),
            sheet.time(order.expire_time.as_ref()),
            state.to_owned(),
        ]);
    }
    sheet.grid(columns, &rows);
}

impl Show for v1::StandingOrder {
    fn show(&self, sheet: &mut Sheet) {
        grid(std::slice::from_ref(self), sheet);
    }
}

impl Show for v1::ListStandingOrdersResponse {
    fn show(&self, sheet: &mut Sheet) {
        grid(&self.standing_orders, sheet);
        sheet.more(&self.next_page_token);
    }
}
