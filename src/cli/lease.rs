//! `yui lease`: landing spots and fuel for a while. They end by themselves.

use super::args::{ArgError, PageArgs};
use super::failure::Failure;
use super::names;
use super::request::word_of;
use super::session::Session;
use super::sheet::{Sheet, Show, left, right};
use super::text::words;
use super::time::{self, When};
use crate::api::v1;
use clap::{Subcommand, ValueEnum};

/// Subcommands of `yui lease`.
#[derive(Debug, Subcommand)]
pub enum Args {
    /// List what is leased
    List(ListArgs),
    /// Ask for a spot or fuel at a landing site
    #[command(
        after_help = "Example:\n  yui lease ask hyogo/r-1/1-1 --purpose spot --site hyogo/lz-tamba-01 --for 40m"
    )]
    Ask {
        /// For which requisition
        #[arg(value_name = "REQUISITION", value_parser = names::requisition)]
        requisition: String,
        /// What
        #[arg(long)]
        purpose: SitePurpose,
        /// Where
        #[arg(long, value_name = "SITE", value_parser = names::site)]
        site: String,
        /// When.
        #[command(flatten)]
        window: WindowArgs,
    },
    /// Give a spot or fuel back
    End {
        /// Of which requisition
        #[arg(value_name = "REQUISITION", value_parser = names::requisition)]
        requisition: String,
        /// What
        #[arg(long)]
        purpose: SitePurpose,
        /// Where
        #[arg(long, value_name = "SITE", value_parser = names::site)]
        site: String,
    },
}

/// What a landing site can lend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SitePurpose {
    /// A landing spot
    Spot,
    /// Fuel
    Fuel,
}

impl From<SitePurpose> for v1::lease::Purpose {
    fn from(purpose: SitePurpose) -> v1::lease::Purpose {
        match purpose {
            SitePurpose::Spot => v1::lease::Purpose::Spot,
            SitePurpose::Fuel => v1::lease::Purpose::Fuel,
        }
    }
}

/// Arguments of a list of leases.
#[derive(Clone, Debug, clap::Args)]
pub struct ListArgs {
    /// Of which member; - for all
    #[arg(long, value_name = "MEMBER", default_value = "-", value_parser = names::parent)]
    pub member: String,
    /// Only those that stand so
    #[arg(long, value_parser = words::<v1::lease::State>())]
    pub state: Option<v1::lease::State>,
    /// Which page.
    #[command(flatten)]
    pub page: PageArgs,
}

impl ListArgs {
    /// Lists the leases, of one purpose or of all.
    ///
    /// # Errors
    /// As [`Session::list`].
    pub async fn list(self, session: &Session, purpose: Option<v1::lease::Purpose>) -> Result<(), Failure> {
        let typed = [("state", self.state.map(word_of)), ("purpose", purpose.map(word_of))];
        let filter = self.page.filter(&typed);
        let call = v1::ListLeasesRequest { parent: self.member, ..Default::default() };
        session.list(call, &self.page, filter).await
    }
}

/// A window of time.
#[derive(Clone, Debug, clap::Args)]
pub struct WindowArgs {
    /// From when
    #[arg(long, value_name = "TIME", default_value = "now", allow_hyphen_values = true)]
    pub from: When,
    /// Until when
    #[arg(long, value_name = "TIME", required_unless_present = "span", conflicts_with = "span")]
    pub until: Option<When>,
    /// For how long
    #[arg(long = "for", id = "span", value_name = "SPAN", value_parser = time::span)]
    pub span: Option<i64>,
}

impl WindowArgs {
    /// The window for the wire.
    ///
    /// # Errors
    /// [`Failure::Argument`] when it ends before it begins; as [`Session::now`].
    pub async fn window(&self, session: &Session) -> Result<v1::TimeWindow, Failure> {
        let absolute = |when: &When| matches!(when, When::At(_));
        let knows_all = absolute(&self.from) && self.until.as_ref().is_none_or(absolute);
        let now = if knows_all { crate::units::Timestamp::MIN } else { session.now().await? };
        let start = self.from.resolve(now);
        let end = match (self.until, self.span) {
            (Some(until), _) => until.resolve(now),
            (None, span) => start.plus_millis(span.unwrap_or(0)),
        };
        if end <= start {
            let error = ArgError::new(
                "期間の終わりは始まりより後にしてください",
                "the window must end after it begins; change --until or --for",
            );
            return Err(error.into());
        }
        Ok(v1::TimeWindow { start_time: Some(time::wire(start)), end_time: Some(time::wire(end)) })
    }
}

/// Runs it.
///
/// # Errors
/// As [`Session::order`].
pub async fn run(session: &Session, args: Args) -> Result<(), Failure> {
    match args {
        Args::List(args) => args.list(session, None).await,
        Args::Ask { requisition, purpose, site, window } => {
            let call = v1::AskLeaseRequest {
                requisition,
                purpose: v1::lease::Purpose::from(purpose).into(),
                subject: site,
                window: Some(window.window(session).await?),
                ..Default::default()
            };
            session.order(call).await
        }
        Args::End { requisition, purpose, site } => {
            let purpose = v1::lease::Purpose::from(purpose).into();
            session
                .order(v1::EndLeaseRequest { requisition, purpose, subject: site, ..Default::default() })
                .await
        }
    }
}

/// Writes leases as a table.
fn grid(leases: &[v1::Lease], sheet: &mut Sheet) {
    let lang = sheet.lang();
    let columns = [
        left(lang.pick("出動要請", "requisition")),
        left(lang.pick("対象", "what")),
        left(lang.pick("場所", "where")),
        left(lang.pick("状態", "state")),
        left(lang.pick("理由", "because")),
        left(lang.pick("開始", "from")),
        left(lang.pick("終了", "until")),
        right(lang.pick("傷病者数", "patients")),
    ];
    let mut rows = Vec::with_capacity(leases.len());
    for lease in leases {
        let window = lease.window.unwrap_or_default();
        rows.push([
            sheet.name(&lease.requisition),
            sheet.term::<v1::lease::Purpose>(lease.purpose),
            sheet.name(&lease.subject),
            sheet.term::<v1::lease::State>(lease.state),
            sheet.term_or_blank::<v1::lease::Refusal>(lease.refusal),
            sheet.time(window.start_time.as_ref()),
            sheet.time(window.end_time.as_ref()),
            if lease.patients == 0 { String::new() } else { lease.patients.to_string() },
        ]);
    }
    sheet.grid(columns, &rows);
}

impl Show for v1::Lease {
    fn show(&self, sheet: &mut Sheet) {
        grid(std::slice::from_ref(self), sheet);
    }
}

impl Show for v1::ListLeasesResponse {
    fn show(&self, sheet: &mut Sheet) {
        grid(&self.leases, sheet);
        sheet.more(&self.next_page_token);
    }
}
