//! `yui agreement`: who may be asked for the people of an area.

use super::args::PageArgs;
use super::asset::distance;
use super::failure::Failure;
use super::names;
use super::request::word_of;
use super::resource_file::FileArgs;
use super::session::Session;
use super::sheet::{Sheet, Show, left, right};
use super::text::words;
use crate::api::v1;
use clap::Subcommand;

/// Subcommands of `yui agreement`.
#[derive(Debug, Subcommand)]
pub enum Args {
    /// List agreements
    List {
        /// Only with this rule
        #[arg(long, value_parser = words::<v1::agreement::Rule>())]
        rule: Option<v1::agreement::Rule>,
        /// Which page.
        #[command(flatten)]
        page: PageArgs,
    },
    /// Show the agreement of an area
    #[command(after_help = "Example:\n  yui agreement get hyogo/fd-tamba")]
    Get {
        /// The area: a fire department
        #[arg(value_name = "ORGANISATION", value_parser = names::organisation)]
        area: String,
    },
    /// Put the agreement of an area in force, from a JSON file
    Adopt {
        /// The area: a fire department
        #[arg(value_name = "ORGANISATION", value_parser = names::organisation)]
        area: String,
        /// The resource.
        #[command(flatten)]
        file: FileArgs,
    },
}

/// Runs it.
///
/// # Errors
/// As [`Session::order`].
pub async fn run(session: &Session, args: Args) -> Result<(), Failure> {
    match args {
        Args::List { rule, page } => {
            let filter = page.filter(&[("rule", rule.map(word_of))]);
            session.list(v1::ListAgreementsRequest::default(), &page, filter).await
        }
        Args::Get { area } => session.ask(v1::GetAgreementRequest { area }).await,
        Args::Adopt { area, file } => {
            let agreement = Some(v1::Agreement { area, ..file.read("yui.v1.Agreement")? });
            session.order(v1::AdoptAgreementRequest { agreement, ..Default::default() }).await
        }
    }
}

impl Show for v1::Agreement {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        let (area, rule) = (sheet.name(&self.area), sheet.term::<v1::agreement::Rule>(self.rule));
        sheet.line(format!("{area}  {rule}  {}", lang.name(self.clause.as_ref())));
        let columns = [
            right("#"),
            left(lang.pick("機体", "aircraft")),
            right(lang.pick("距離の上限", "distance at most")),
            right(lang.pick("月間の上限", "missions a month at most")),
        ];
        let mut rows = Vec::with_capacity(self.order.len());
        for (index, row) in self.order.iter().enumerate() {
            rows.push([
                (index + 1).to_string(),
                sheet.name(&row.asset),
                distance(row.distance_m_max, lang),
                row.missions_month_max.map(|most| most.to_string()).unwrap_or_default(),
            ]);
        }
        sheet.grid(columns, &rows);
    }
}

impl Show for v1::ListAgreementsResponse {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        let columns = [
            left(lang.pick("区域", "area")),
            left(lang.pick("規則", "rule")),
            left(lang.pick("順序", "order")),
            left(lang.pick("根拠", "clause")),
        ];
        let mut rows = Vec::with_capacity(self.agreements.len());
        for agreement in &self.agreements {
            let order: Vec<String> = agreement.order.iter().map(|row| sheet.name(&row.asset)).collect();
            rows.push([
                sheet.name(&agreement.area),
                sheet.term::<v1::agreement::Rule>(agreement.rule),
                order.join(" > "),
                lang.name(agreement.clause.as_ref()).to_owned(),
            ]);
        }
        sheet.grid(columns, &rows);
        sheet.more(&self.next_page_token);
    }
}
