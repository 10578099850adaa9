//! `yui requisition`: what is asked of a base, and its answer.

use super::args::{self, ArgError, HeardArgs, PageArgs};
use super::failure::Failure;
use super::names;
use super::request::{degrees, word_of};
use super::session::Session;
use super::sheet::{Sheet, Show, left};
use super::text::words;
use crate::api::v1;
use crate::decision::limits::AIRCRAFT_MAX;
use clap::{Subcommand, value_parser};

/// Subcommands of `yui requisition`.
#[derive(Debug, Subcommand)]
pub enum Args {
    /// Ask an aircraft for a request
    #[command(after_help = "Example:\n  yui requisition ask hyogo/r-1 --asset hyogo/heli-kakogawa")]
    Ask(AskArgs),
    /// Ask the next prepared candidate
    #[command(after_help = "Example:\n  yui requisition next hyogo/r-1/1-1")]
    Next {
        /// The request, or the requisition that came to nothing
        #[arg(value_name = "REQUEST|REQUISITION", value_parser = names::request_or_requisition)]
        name: String,
        /// Send another by your word, although the end of the requisition named is not known
        #[arg(long)]
        send_another: bool,
    },
    /// List what was asked
    List {
        /// Of which custodian; - for all
        #[arg(long, value_name = "MEMBER", default_value = "-", value_parser = names::parent)]
        member: String,
        /// For which request
        #[arg(long, value_name = "REQUEST", value_parser = names::request, conflicts_with = "member")]
        request: Option<String>,
        /// Only those that stand so
        #[arg(long, value_parser = words::<v1::requisition::State>())]
        state: Option<v1::requisition::State>,
        /// Only of this aircraft
        #[arg(long, value_name = "ASSET", value_parser = names::asset)]
        asset: Option<String>,
        /// Which page.
        #[command(flatten)]
        page: PageArgs,
    },
    /// Show one
    Get {
        /// Which
        #[arg(value_name = "REQUISITION", value_parser = names::requisition)]
        name: String,
    },
    /// Show the ranking as it was known when this was asked
    Explain {
        /// Which
        #[arg(value_name = "REQUISITION", value_parser = names::requisition)]
        name: String,
    },
    /// Say that the base has seen it
    Acknowledge {
        /// Which
        #[arg(value_name = "REQUISITION", value_parser = names::requisition)]
        name: String,
    },
    /// Promise the aircraft: the pilot says go
    #[command(
        after_help = "Example, heard on the telephone:\n  yui requisition commit hyogo/r-1/1-1 --heard-from \"CS Tanaka\""
    )]
    Commit {
        /// Which
        #[arg(value_name = "REQUISITION", value_parser = names::requisition)]
        name: String,
        /// Who flies; kept sealed
        #[arg(long, value_name = "TEXT", value_parser = args::long_text)]
        crew: Option<String>,
        /// Who said it, if by telephone.
        #[command(flatten)]
        heard: HeardArgs,
    },
    /// Say that the aircraft cannot go
    Decline {
        /// Which
        #[arg(value_name = "REQUISITION", value_parser = names::requisition)]
        name: String,
        /// Why
        #[arg(long, value_parser = words::<v1::DeclineReason>())]
        reason: v1::DeclineReason,
        /// Who said it, if by telephone.
        #[command(flatten)]
        heard: HeardArgs,
    },
    /// Take the ask back
    Withdraw {
        /// Which
        #[arg(value_name = "REQUISITION", value_parser = names::requisition)]
        name: String,
    },
    /// Enter a go heard by telephone while the base's ledger cannot be reached
    ReportCommit {
        /// Which
        #[arg(value_name = "REQUISITION", value_parser = names::requisition)]
        name: String,
        /// Who said it
        #[arg(long, value_name = "NAME", value_parser = args::short_text)]
        heard_from: String,
        /// Who types it; the actor when left out
        #[arg(long, value_name = "NAME", value_parser = args::short_text)]
        typed_by: Option<String>,
    },
}

/// Arguments of `yui requisition ask`.
#[derive(Clone, Debug, clap::Args)]
pub struct AskArgs {
    /// For which request
    #[arg(value_name = "REQUEST", value_parser = names::request)]
    request: String,
    /// Which aircraft; the best of a fresh ranking when left out
    #[arg(long, value_name = "ASSET", value_parser = names::asset)]
    asset: Option<String>,
    /// To which landing site; as ranked when left out
    #[arg(long, value_name = "SITE", value_parser = names::site)]
    site: Option<String>,
    /// To which hospital; as ranked when left out
    #[arg(long, value_name = "HOSPITAL", value_parser = names::hospital)]
    hospital: Option<String>,
    /// For which of the aircraft of the scene; the first that has none when left out
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..=i64::from(AIRCRAFT_MAX)))]
    number: Option<u32>,
    /// How long the base has to answer; the policy's time when left out
    #[arg(long, value_name = "SPAN", value_parser = args::wire_span)]
    answer_within: Option<prost_types::Duration>,
}

/// Runs it.
///
/// # Errors
/// As [`Session::order`].
pub async fn run(session: &Session, args: Args) -> Result<(), Failure> {
    match args {
        Args::Ask(args) => ask(session, args).await,
        Args::Next { name, send_another } => {
            let (request, number, after_attempt) = names::request_number_attempt(&name);
            if send_another && after_attempt.is_none() {
                return Err(another_after_which().into());
            }
            let call = v1::AskRequisitionRequest {
                request,
                number,
                send_another,
                after_attempt,
                ..Default::default()
            };
            session.order(call).await
        }
        Args::List { member, request, state, asset, page } => {
            let filter = page.filter(&[("state", state.map(word_of)), ("asset", asset)]);
            let call =
                v1::ListRequisitionsRequest { parent: request.unwrap_or(member), ..Default::default() };
            session.list(call, &page, filter).await
        }
        Args::Get { name } => session.ask(v1::GetRequisitionRequest { name }).await,
        Args::Explain { name } => session.ask(v1::ExplainRequisitionRequest { name }).await,
        Args::Acknowledge { name } => {
            session.order(v1::AcknowledgeRequisitionRequest { name, ..Default::default() }).await
        }
        Args::Commit { name, crew, heard } => {
            let telephone = heard.telephone(session.actor());
            let crew = crew.unwrap_or_default();
            session.order(v1::CommitRequisitionRequest { name, crew, telephone, ..Default::default() }).await
        }
        Args::Decline { name, reason, heard } => {
            let (telephone, reason) = (heard.telephone(session.actor()), reason.into());
            session
                .order(v1::DeclineRequisitionRequest { name, reason, telephone, ..Default::default() })
                .await
        }
        Args::Withdraw { name } => {
            session.order(v1::WithdrawRequisitionRequest { name, ..Default::default() }).await
        }
        Args::ReportCommit { name, heard_from, typed_by } => {
            let heard = HeardArgs { heard_from: Some(heard_from), typed_by };
            let telephone = heard.telephone(session.actor());
            session.order(v1::ReportCommitmentRequest { name, telephone, ..Default::default() }).await
        }
    }
}

/// Without the attempt that was seen last, a key pressed twice would send two more.
fn another_after_which() -> ArgError {
    ArgError::new(
        "--send-another には、最後に見た出動要請の名前(hyogo/r-1/1-1 など)を指定してください",
        "--send-another needs the requisition that you saw last, such as hyogo/r-1/1-1",
    )
}

async fn ask(session: &Session, args: AskArgs) -> Result<(), Failure> {
    let call = v1::AskRequisitionRequest {
        request: args.request,
        number: args.number.unwrap_or(0),
        asset: args.asset.unwrap_or_default(),
        site: args.site.unwrap_or_default(),
        hospital: args.hospital.unwrap_or_default(),
        answer_within: args.answer_within,
        ..Default::default()
    };
    session.order(call).await
}

/// Why it ended, whichever reason applies.
pub(super) fn ended_because(requisition: &v1::Requisition, sheet: &Sheet) -> String {
    let reasons = [
        sheet.term_or_blank::<v1::requisition::NotHeldReason>(requisition.not_held_reason),
        sheet.term_or_blank::<v1::DeclineReason>(requisition.decline_reason),
        sheet.term_or_blank::<v1::AbortReason>(requisition.abort_reason),
    ];
    reasons.into_iter().filter(|reason| !reason.is_empty()).collect::<Vec<_>>().join(" ")
}

impl Show for v1::Requisition {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        let name = sheet.name(&self.name);
        let state = sheet.term::<v1::requisition::State>(self.state);
        let asset = sheet.name(&self.asset);
        sheet.line(format!("{name}  {asset}  {state}  {}", ended_because(self, sheet)));
        let request = sheet.name(&self.request);
        let (site, hospital) = (sheet.name(&self.site), sheet.name(&self.hospital));
        let (mission, offer) = (sheet.name(&self.mission), sheet.name(&self.offer));
        let (blocker, order) = (sheet.name(&self.blocker), sheet.name(&self.standing_order));
        let yes = || lang.pick("はい", "yes").to_owned();
        sheet.pairs([
            (lang.pick("要請", "request"), request),
            (lang.pick("種別", "kind"), sheet.term_or_blank::<v1::RequestKind>(self.kind)),
            (lang.pick("場所", "place"), self.place.clone()),
            (lang.pick("位置", "position"), degrees(self.position.as_ref())),
            (lang.pick("離着陸場", "landing site"), site),
            (lang.pick("病院(見込み)", "hospital (forecast)"), hospital),
            (lang.pick("基地の電話", "base telephone"), self.telephone.clone()),
            (lang.pick("要請時刻", "asked"), sheet.time(self.open_time.as_ref())),
            (lang.pick("回答期限", "answer by"), sheet.time(self.answer_by_time.as_ref())),
            (lang.pick("到着見込み", "expected at site"), sheet.time(self.expect_at_site_time.as_ref())),
            (
                lang.pick("任務中なら", "if it is busy"),
                sheet.term_or_blank::<v1::requisition::IfBusy>(self.if_busy),
            ),
            (lang.pick("任務", "mission"), mission),
            (lang.pick("妨げ", "in the way"), blocker),
            (
                lang.pick("取下げを依頼済", "withdrawal asked"),
                self.withdrawal_asked.then(yes).unwrap_or_default(),
            ),
            (lang.pick("遅れた回答(申出)", "late go (offer)"), offer),
            (lang.pick("事前指示", "standing order"), order),
            (lang.pick("電話での出動報告", "go heard by telephone"), reported(self, sheet)),
        ]);
    }
}

fn reported(requisition: &v1::Requisition, sheet: &Sheet) -> String {
    let Some(report) = &requisition.commit_report else { return String::new() };
    let outcome = sheet.term::<v1::requisition::commit_report::Outcome>(report.outcome);
    format!(
        "{}  {}  {outcome}",
        heard(report.telephone.as_ref(), sheet),
        sheet.time(report.report_time.as_ref())
    )
}

/// Who said it and who typed it.
pub(super) fn heard(telephone: Option<&v1::Telephone>, sheet: &Sheet) -> String {
    let Some(v1::Telephone { said_by, typed_by }) = telephone else { return String::new() };
    sheet.lang().pick(format!("{said_by}(入力 {typed_by})"), format!("{said_by} (typed by {typed_by})"))
}

/// Writes requisitions as a table.
pub(super) fn grid(requisitions: &[v1::Requisition], sheet: &mut Sheet) {
    let lang = sheet.lang();
    let columns = [
        left(lang.pick("出動要請", "requisition")),
        left(lang.pick("機体", "aircraft")),
        left(lang.pick("状態", "state")),
        left(lang.pick("理由", "because")),
        left(lang.pick("回答期限", "answer by")),
        left(lang.pick("離着陸場", "landing site")),
        left(lang.pick("任務", "mission")),
        left(lang.pick("電話", "telephone")),
    ];
    let mut rows = Vec::with_capacity(requisitions.len());
    for requisition in requisitions {
        rows.push([
            sheet.name(&requisition.name),
            sheet.name(&requisition.asset),
            sheet.term::<v1::requisition::State>(requisition.state),
            ended_because(requisition, sheet),
            sheet.time(requisition.answer_by_time.as_ref()),
            sheet.name(&requisition.site),
            sheet.name(&requisition.mission),
            requisition.telephone.clone(),
        ]);
    }
    sheet.grid(columns, &rows);
}

impl Show for v1::ListRequisitionsResponse {
    fn show(&self, sheet: &mut Sheet) {
        grid(&self.requisitions, sheet);
        sheet.more(&self.next_page_token);
    }
}

impl Show for v1::ExplainRequisitionResponse {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        let seen: Vec<String> =
            self.seen.iter().map(|seen| format!("{}@{}", sheet.name(&seen.ledger), seen.sequence)).collect();
        let hash: String = self.problem_hash.iter().map(|byte| format!("{byte:02x}")).collect();
        sheet.line(lang.pick("判断した時に分かっていたこと", "As it was known when it was asked"));
        sheet.pairs([
            (lang.pick("問題のハッシュ", "problem hash"), hash),
            (lang.pick("読んだ台帳", "ledgers seen"), seen.join(" ")),
        ]);
        match &self.ranking {
            Some(ranking) => {
                sheet.gap();
                ranking.show(sheet);
            }
            None => sheet.line(lang.pick("順位付けは行っていません", "nothing was ranked for it")),
        }
    }
}
