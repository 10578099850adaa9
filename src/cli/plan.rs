//! `yui plan`: who sends what to whom, as proposed, and the senders' word on it.

use super::args::{self, ArgError, PageArgs};
use super::failure::Failure;
use super::names;
use super::session::Session;
use super::sheet::{Sheet, Show, left, right};
use super::text::words;
use super::time::When;
use crate::api::v1;
use crate::lang::Term;
use clap::Subcommand;
use indicatif::{ProgressBar, ProgressDrawTarget};
use std::time::Duration;

/// Subcommands of `yui plan`.
#[derive(Debug, Subcommand)]
pub enum Args {
    /// Work out who sends what to whom, and propose it
    #[command(after_help = "Example:\n  yui plan propose --by \"Tanaka, disaster bureau\" --rounds 60")]
    Propose {
        /// The named person who proposes it
        #[arg(long, value_name = "NAME", value_parser = args::short_text)]
        by: String,
        /// Rounds of prices: more of them narrow the gap
        #[arg(long, value_name = "N", default_value_t = 40)]
        rounds: u32,
        /// Until when senders may approve; six hours from now when left out
        #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
        approve_by: Option<When>,
    },
    /// Show a run that works a plan out
    Run {
        /// Which
        #[arg(value_name = "RUN", value_parser = plan_run)]
        name: String,
    },
    /// Stop a run: nothing is proposed
    Cancel {
        /// Which
        #[arg(value_name = "RUN", value_parser = plan_run)]
        name: String,
    },
    /// Tell what another plan does otherwise
    Compare {
        /// One
        #[arg(value_name = "PLAN", value_parser = names::plan)]
        plan: String,
        /// The other
        #[arg(value_name = "OTHER", value_parser = names::plan)]
        other: String,
    },
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
        Args::Propose { by, rounds, approve_by } => propose(session, by, rounds, approve_by).await,
        Args::Run { name } => session.ask(v1::GetPlanRunRequest { name }).await,
        Args::Cancel { name } => session.ask(v1::CancelPlanRunRequest { name }).await,
        Args::Compare { plan, other } => {
            session.ask(v1::ComparePlansRequest { plan, other_plan: other }).await
        }
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

/// The name of a run, in full or its number alone.
fn plan_run(text: &str) -> Result<String, ArgError> {
    let number = text.strip_prefix("planRuns/").unwrap_or(text);
    match number.parse::<u64>() {
        Ok(number) => Ok(format!("planRuns/{number}")),
        Err(_) => Err(ArgError::new(
            format!("「{}」は計算の名前ではありません。1 のように番号で書いてください", shortened(text)),
            format!("\"{}\" is not the name of a run; write its number, such as 1", shortened(text)),
        )),
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(80).collect()
}

/// How often a run is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Begins a run, waits for its end with a bar, and shows the plan.
async fn propose(
    session: &Session,
    by: String,
    rounds: u32,
    approve_by: Option<When>,
) -> Result<(), Failure> {
    let approve_by_time = session.instant(approve_by).await?;
    let call = v1::ProposePlanRequest { proposed_by: by, rounds, approve_by_time, ..Default::default() };
    let mut run = session.change(call).await?;
    if run.name.is_empty() {
        return session.show("yui.v1.PlanRun", &run).await;
    }
    let bar = ProgressBar::with_draw_target(Some(run.rounds.into()), ProgressDrawTarget::stderr());
    while run.state() == v1::plan_run::State::Working {
        bar.set_position(run.round_count.into());
        tokio::time::sleep(LOOK_EVERY).await;
        run = session.read(v1::GetPlanRunRequest { name: run.name }).await?;
    }
    bar.finish_and_clear();
    session.show("yui.v1.PlanRun", &run).await?;
    match run.plan.as_str() {
        "" => Ok(()),
        plan => session.ask(v1::GetPlanRequest { name: plan.to_owned() }).await,
    }
}

impl Show for v1::PlanRun {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        let title = if self.name.is_empty() {
            lang.pick("検証のみ", "judged only").to_owned()
        } else {
            self.name.clone()
        };
        sheet.line(format!("{title}  {}", self.state().text(lang)));
        let gap = format!("{}.{:04} %", self.gap_e6 / 10_000, self.gap_e6 % 10_000);
        let plan = sheet.name(&self.plan);
        sheet.pairs([
            (lang.pick("計算", "rounds"), format!("{} / {}", self.round_count, self.rounds)),
            (lang.pick("最良との差", "gap"), gap),
            (lang.pick("計画", "plan"), plan),
            (lang.pick("必要量", "needs"), self.need_count.to_string()),
            (lang.pick("拠点", "depots"), self.depot_count.to_string()),
            (lang.pick("受入れ先", "receiving points"), self.receiving_point_count.to_string()),
            (lang.pick("必要な10トン車", "lorries of 10 t needed"), self.lorries_needed.to_string()),
        ]);
    }
}

/// Legs on a sheet; all of them are in the JSON.
const LEGS_SHOWN: usize = 20;

impl Show for v1::ComparePlansResponse {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        let (one, other) = (self.vehicles, self.other_vehicles);
        sheet.line(lang.pick(format!("車両 {one} 台 → {other} 台"), format!("{one} vehicles -> {other}")));
        sheet.gap();
        let columns = [
            left(lang.pick("品目", "commodity")),
            left(lang.pick("単位", "unit")),
            right(lang.pick("届く", "sent")),
            right(lang.pick("もう一方", "other")),
            right(lang.pick("不足", "unmet")),
            right(lang.pick("もう一方", "other")),
        ];
        let mut row = |row: &v1::compare_plans_response::Difference| {
            let counts =
                [row.sent, row.other_sent, row.unfilled, row.other_unfilled].map(|count| count.to_string());
            let [sent, other_sent, unfilled, other_unfilled] = counts;
            [sheet.name(&row.commodity), row.unit.clone(), sent, other_sent, unfilled, other_unfilled]
        };
        let rows: Vec<[String; 6]> = self.commodities.iter().map(&mut row).collect();
        sheet.grid(columns, &rows);
        sheet.gap();
        let count = self.leg_count;
        sheet.line(lang.pick(format!("違う区間 {count}"), format!("{count} legs differ")));
        let columns = [
            left(lang.pick("発", "from")),
            left(lang.pick("着", "to")),
            right(lang.pick("台", "vehicles")),
            right(lang.pick("もう一方", "other")),
        ];
        let mut row = |leg: &v1::compare_plans_response::Leg| {
            let (from, to) = (sheet.name(&leg.sender), sheet.name(&leg.receiver));
            [from, to, leg.vehicles.to_string(), leg.other_vehicles.to_string()]
        };
        let rows: Vec<[String; 4]> = self.legs.iter().take(LEGS_SHOWN).map(&mut row).collect();
        sheet.grid(columns, &rows);
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
