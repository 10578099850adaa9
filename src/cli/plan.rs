//! `yui plan`: who sends what to whom, as proposed, and the senders' word on it.

pub mod offline;
mod sheets;

use super::args::{self, ArgError, PageArgs};
use super::failure::Failure;
use super::names;
use super::session::Session;
use super::text::words;
use super::time::When;
use crate::api::v1;
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
        /// Rounds of prices: more of them narrow the gap; 20 when left out, 2 from the plan before
        #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
        rounds: u32,
        /// Work it out from nothing: otherwise what of the newest plan still can go stays
        #[arg(long)]
        anew: bool,
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
    /// Write what a plan was worked out from: the document that `solve` and `check` read
    #[command(after_help = "Example:\n  yui plan problem p-1 > problem.json")]
    Problem {
        /// Which
        #[arg(value_name = "PLAN", value_parser = names::plan)]
        name: String,
    },
    /// Work a plan out of a problem, without a server: the solution goes to stdout
    #[command(after_help = "Example:\n  yui plan solve problem.json > solution.json")]
    Solve(offline::SolveArgs),
    /// Prove a solution against its problem, without a server
    #[command(
        after_help = "Exit codes: 0 it is one and its bound holds, 2 a file is none, 4 something is wrong with it.\n\nExample:\n  yui plan check problem.json solution.json"
    )]
    Check(offline::CheckArgs),
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
        Args::Propose { by, rounds, anew, approve_by } => {
            propose(session, (by, rounds, anew), approve_by).await
        }
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
        Args::Problem { name } => {
            let problem = session.read(v1::GetPlanProblemRequest { name }).await?;
            super::session::write_out(&problem.document)
        }
        // Both are carried out before a server is looked for.
        Args::Solve(_) | Args::Check(_) => Err(Failure::Argument(ArgError::new(
            "このコマンドはサーバーに接続しません",
            "this command does not ask a server",
        ))),
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
    (by, rounds, anew): (String, u32, bool),
    approve_by: Option<When>,
) -> Result<(), Failure> {
    let approve_by_time = session.instant(approve_by).await?;
    let call =
        v1::ProposePlanRequest { proposed_by: by, rounds, anew, approve_by_time, ..Default::default() };
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
