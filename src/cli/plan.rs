//! `yui plan`: who sends what to whom, as proposed, and the senders' word on it.

use super::args::{self, PageArgs};
use super::failure::Failure;
use super::names;
use super::session::Session;
use super::sheet::{Sheet, Show, left, right};
use super::text::words;
use crate::api::v1;
use clap::Subcommand;

/// Subcommands of `yui plan`.
#[derive(Debug, Subcommand)]
pub enum Args {
    /// List plans
    List {
        /// Only those that wait for somebody's word
        #[arg(long)]
        pending: bool,
        /// Which page.
        #[command(flatten)]
        page: PageArgs,
    },
    /// Show one, with what it does not meet
    Show {
        /// Which
        #[arg(value_name = "PLAN", value_parser = names::plan)]
        name: String,
    },
    /// A sender approves what it is asked to send
    #[command(
        after_help = "Example:\n  yui plan approve p-1 --sender hyogo --by \"Sato, logistics\"\n  yui plan approve p-1 --sender hyogo --by \"Sato, logistics\" --shipment p-1/3 --shipment p-1/4"
    )]
    Approve {
        /// Which
        #[arg(value_name = "PLAN", value_parser = names::plan)]
        name: String,
        /// Whose word it is
        #[arg(long, value_name = "MEMBER", value_parser = names::member)]
        sender: String,
        /// The named person
        #[arg(long, value_name = "NAME", value_parser = args::short_text)]
        by: String,
        /// These alone; all that it is asked to send when left out
        #[arg(long = "shipment", value_name = "SHIPMENT", value_parser = names::shipment)]
        shipments: Vec<String>,
    },
    /// A sender declines what it is asked to send
    Decline {
        /// Which
        #[arg(value_name = "PLAN", value_parser = names::plan)]
        name: String,
        /// Whose word it is
        #[arg(long, value_name = "MEMBER", value_parser = names::member)]
        sender: String,
        /// Why
        #[arg(long, value_parser = words::<v1::shipment::DeclineReason>())]
        reason: v1::shipment::DeclineReason,
        /// Anything to add
        #[arg(long, value_name = "TEXT", value_parser = args::long_text)]
        note: Option<String>,
        /// These alone; all that it is asked to send when left out
        #[arg(long = "shipment", value_name = "SHIPMENT", value_parser = names::shipment)]
        shipments: Vec<String>,
    },
}

/// Runs it.
///
/// # Errors
/// As [`Session::order`].
pub async fn run(session: &Session, args: Args) -> Result<(), Failure> {
    match args {
        Args::List { pending, page } => {
            let filter = page.filter(&[("pending", pending.then(|| "true".to_owned()))]);
            session.list(v1::ListPlansRequest::default(), &page, filter).await
        }
        Args::Show { name } => session.ask(v1::GetPlanRequest { name }).await,
        Args::Approve { name, sender, by, shipments } => {
            let call =
                v1::ApprovePlanRequest { name, sender, shipments, approved_by: by, ..Default::default() };
            session.order(call).await
        }
        Args::Decline { name, sender, reason, note, shipments } => {
            let (reason, note) = (reason.into(), note.unwrap_or_default());
            let call = v1::DeclinePlanRequest { name, sender, shipments, reason, note, ..Default::default() };
            session.order(call).await
        }
    }
}

impl Show for v1::AidPlan {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        let name = sheet.name(&self.name);
        let count = self.shipment_count;
        sheet.line(lang.pick(format!("{name}  出荷 {count} 件"), format!("{name}  {count} shipments")));
        sheet.pairs([
            (lang.pick("立案者", "proposed by"), self.proposed_by.clone()),
            (lang.pick("承認期限", "approve by"), sheet.time(self.approve_by_time.as_ref())),
            (lang.pick("問題", "problem"), self.problem_sha256.clone()),
            (lang.pick("計算の上限", "work allowed"), self.work_budget.to_string()),
        ]);
        if !self.objective.is_empty() {
            sheet.gap();
            let columns = [
                right(lang.pick("目的の段", "tier")),
                right(lang.pick("値", "value")),
                right(lang.pick("下界", "bound")),
                right(lang.pick("差 %", "gap %")),
            ];
            let row = |tier: &v1::aid_plan::Objective| {
                let gap = format!("{}.{:04}", tier.gap_e6 / 10_000, tier.gap_e6 % 10_000);
                [tier.tier.to_string(), tier.value.to_string(), tier.bound.to_string(), gap]
            };
            let rows: Vec<[String; 4]> = self.objective.iter().map(row).collect();
            sheet.grid(columns, &rows);
        }
        sheet.gap();
        senders(self, sheet);
        if !self.unfilled.is_empty() {
            sheet.heading(sheet.pick("満たせないニーズ", "needs that it does not meet"));
            let columns = [
                left(sheet.pick("ニーズ", "need")),
                right(sheet.pick("不足量", "short of")),
                left(sheet.pick("理由", "why")),
            ];
            let mut rows = Vec::with_capacity(self.unfilled.len());
            for unfilled in &self.unfilled {
                let reason = sheet.term::<v1::unfilled::Reason>(unfilled.reason);
                rows.push([sheet.name(&unfilled.need), unfilled.quantity.to_string(), reason]);
            }
            sheet.grid(columns, &rows);
        }
    }
}

fn senders(plan: &v1::AidPlan, sheet: &mut Sheet) {
    let lang = sheet.lang();
    let columns = [
        left(lang.pick("送り手", "sender")),
        right(lang.pick("承認待ち", "waiting")),
        right(lang.pick("承認済み", "approved")),
        right(lang.pick("辞退", "declined")),
        right(lang.pick("期限切れ", "lapsed")),
    ];
    let mut rows = Vec::with_capacity(plan.senders.len());
    for share in &plan.senders {
        rows.push([
            sheet.name(&share.member),
            share.pending_count.to_string(),
            share.approved_count.to_string(),
            share.declined_count.to_string(),
            share.lapsed_count.to_string(),
        ]);
    }
    sheet.grid(columns, &rows);
}

impl Show for v1::ListPlansResponse {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        let columns = [
            left(lang.pick("計画", "plan")),
            left(lang.pick("立案者", "proposed by")),
            right(lang.pick("出荷", "shipments")),
            right(lang.pick("承認待ち", "waiting")),
            left(lang.pick("承認期限", "approve by")),
        ];
        let mut rows = Vec::with_capacity(self.plans.len());
        for plan in &self.plans {
            let waiting: u32 = plan.senders.iter().map(|share| share.pending_count).sum();
            rows.push([
                sheet.name(&plan.name),
                plan.proposed_by.clone(),
                plan.shipment_count.to_string(),
                waiting.to_string(),
                sheet.time(plan.approve_by_time.as_ref()),
            ]);
        }
        sheet.grid(columns, &rows);
        sheet.more(&self.next_page_token);
    }
}

impl Show for v1::ApprovePlanResponse {
    fn show(&self, sheet: &mut Sheet) {
        super::shipment::grid(&self.shipments, sheet);
    }
}

impl Show for v1::DeclinePlanResponse {
    fn show(&self, sheet: &mut Sheet) {
        super::shipment::grid(&self.shipments, sheet);
    }
}
