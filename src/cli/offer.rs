//! `yui offer`: aircraft that their custodian volunteers, and answers that came too late.

use super::args::PageArgs;
use super::failure::Failure;
use super::lease::WindowArgs;
use super::names;
use super::request::word_of;
use super::session::Session;
use super::sheet::{Sheet, Show, left};
use super::text::words;
use crate::api::v1;
use clap::Subcommand;

/// Subcommands of `yui offer`.
#[derive(Debug, Subcommand)]
pub enum Args {
    /// Volunteer an aircraft for a while
    #[command(after_help = "Example:\n  yui offer asset hyogo/police-hyogo --for 6h")]
    Asset {
        /// Which
        #[arg(value_name = "ASSET", value_parser = names::asset)]
        name: String,
        /// When.
        #[command(flatten)]
        window: WindowArgs,
    },
    /// List offers
    List {
        /// Of which custodian; - for all
        #[arg(long, value_name = "MEMBER", default_value = "-", value_parser = names::parent)]
        member: String,
        /// Only those that stand so
        #[arg(long, value_parser = words::<v1::offer::State>())]
        state: Option<v1::offer::State>,
        /// Which page.
        #[command(flatten)]
        page: PageArgs,
    },
    /// Take a go that came too late
    Take {
        /// Which
        #[arg(value_name = "OFFER", value_parser = names::offer)]
        name: String,
        /// Take it by your word, although the end of another attempt is not known
        #[arg(long)]
        send_another: bool,
    },
    /// Say that a late go is not needed
    StandDown {
        /// Which
        #[arg(value_name = "OFFER", value_parser = names::offer)]
        name: String,
    },
    /// Take an own offer back
    Withdraw {
        /// Which
        #[arg(value_name = "OFFER", value_parser = names::offer)]
        name: String,
    },
}

/// Runs it.
///
/// # Errors
/// As [`Session::order`].
pub async fn run(session: &Session, args: Args) -> Result<(), Failure> {
    match args {
        Args::Asset { name, window } => {
            let window = Some(window.window(session).await?);
            session.order(v1::OfferAssetRequest { name, window, ..Default::default() }).await
        }
        Args::List { member, state, page } => {
            let filter = page.filter(&[("state", state.map(word_of))]);
            let call = v1::ListOffersRequest { parent: member, ..Default::default() };
            session.list(call, &page, filter).await
        }
        Args::Take { name, send_another } => {
            session.order(v1::TakeOfferRequest { offer: name, send_another, ..Default::default() }).await
        }
        Args::StandDown { name } => {
            session.order(v1::StandDownOfferRequest { offer: name, ..Default::default() }).await
        }
        Args::Withdraw { name } => {
            session.order(v1::WithdrawOfferRequest { name, ..Default::default() }).await
        }
    }
}

fn grid(offers: &[v1::Offer], sheet: &mut Sheet) {
    let lang = sheet.lang();
    let columns = [
        left(lang.pick("申出", "offer")),
        left(lang.pick("機体", "aircraft")),
        left(lang.pick("状態", "state")),
        left(lang.pick("遅れた回答", "late go for")),
        left(lang.pick("開始", "from")),
        left(lang.pick("終了", "until")),
    ];
    let mut rows = Vec::with_capacity(offers.len());
    for offer in offers {
        let window = offer.window.unwrap_or_default();
        rows.push([
            sheet.name(&offer.name),
            sheet.name(&offer.asset),
            sheet.term::<v1::offer::State>(offer.state),
            sheet.name(&offer.requisition),
            sheet.time(window.start_time.as_ref()),
            sheet.time(window.end_time.as_ref()),
        ]);
    }
    sheet.grid(columns, &rows);
}

impl Show for v1::Offer {
    fn show(&self, sheet: &mut Sheet) {
        grid(std::slice::from_ref(self), sheet);
    }
}

impl Show for v1::ListOffersResponse {
    fn show(&self, sheet: &mut Sheet) {
        grid(&self.offers, sheet);
        sheet.more(&self.next_page_token);
    }
}
