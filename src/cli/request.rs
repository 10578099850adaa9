//! `yui request`: calls for help.

use super::args::{self, ArgError, PageArgs};
use super::failure::Failure;
use super::names;
use super::scene::SceneArgs;
use super::session::Session;
use super::sheet::{Sheet, Show, left, right};
use super::text::{Term, words};
use crate::api::v1;
use crate::authority::planner::together::SORTIES_MAX;
use crate::decision::limits::AIRCRAFT_MAX;
use clap::{Subcommand, value_parser};

mod assign;

/// Subcommands of `yui request`.
#[derive(Debug, Subcommand)]
pub enum Args {
    /// Make a request
    #[command(
        after_help = "Example:\n  yui request create --requester hyogo/fd-tamba --at 35.1773,135.0367 \\\n    --keyword \"pinned in a car\" --red 1 --need physician,trauma"
    )]
    Create(Box<CreateArgs>),
    /// Show a request with everything that was asked for it
    Get {
        /// Which
        #[arg(value_name = "REQUEST", value_parser = names::request)]
        name: String,
    },
    /// List requests
    List {
        /// Of which member; - for all
        #[arg(long, value_name = "MEMBER", default_value = "-", value_parser = names::parent)]
        member: String,
        /// Only those that stand so
        #[arg(long, value_parser = words::<v1::request::State>())]
        state: Option<v1::request::State>,
        /// Only those for this
        #[arg(long, value_parser = words::<v1::RequestKind>())]
        kind: Option<v1::RequestKind>,
        /// Which page.
        #[command(flatten)]
        page: PageArgs,
    },
    /// Work out which aircraft could take which open request, in one sortie each or several; nobody is asked
    #[command(
        after_help = "Example:\n  yui request assign\n  yui request assign hyogo/r-1 nara/r-4\n  yui request assign --sorties 3 --fuel hyogo/ap-rjbt=800"
    )]
    Assign {
        /// These alone; every open one that no aircraft is on its way for when left out
        #[arg(value_name = "REQUEST", value_parser = names::request)]
        requests: Vec<String>,
        /// Sorties that one aircraft may fly one after the other
        #[arg(long, value_name = "N", default_value_t = 1,
            value_parser = value_parser!(u32).range(1..=i64::from(SORTIES_MAX)))]
        sorties: u32,
        /// Litres that all aircraft together find at a site; other sites with fuel are taken not to run dry
        #[arg(long, value_name = "SITE=LITRES", value_parser = fuel_left, requires = "sorties")]
        fuel: Vec<v1::FuelLeft>,
    },
    /// Cancel a request: nothing more is needed
    Cancel {
        /// Which
        #[arg(value_name = "REQUEST", value_parser = names::request)]
        name: String,
        /// Why
        #[arg(long, default_value = "not-needed", value_parser = words::<v1::CancelReason>())]
        reason: v1::CancelReason,
    },
    /// Close a request that was served
    Close {
        /// Which
        #[arg(value_name = "REQUEST", value_parser = names::request)]
        name: String,
    },
    /// Say that two requests are of one scene
    Link {
        /// Which
        #[arg(value_name = "REQUEST", value_parser = names::request)]
        name: String,
        /// The other one
        #[arg(value_name = "OTHER", value_parser = names::request)]
        other: String,
    },
    /// Let one request go on in another: it asks for nothing more
    Merge {
        /// Which ends
        #[arg(value_name = "REQUEST", value_parser = names::request)]
        name: String,
        /// Which goes on
        #[arg(long, value_name = "REQUEST", value_parser = names::request)]
        into: String,
    },
    /// Change how many aircraft the scene is given
    Count {
        /// Which
        #[arg(value_name = "REQUEST", value_parser = names::request)]
        name: String,
        /// How many
        #[arg(value_name = "N", value_parser = value_parser!(u32).range(1..=i64::from(AIRCRAFT_MAX)))]
        aircraft: u32,
    },
}

/// Arguments of `yui request create`.
#[derive(Clone, Debug, clap::Args)]
pub struct CreateArgs {
    /// What is asked for.
    #[command(flatten)]
    scene: SceneArgs,
    /// The requester's number of the incident
    #[arg(long, value_name = "TEXT", value_parser = args::short_text)]
    incident: Option<String>,
    /// How to ring back; kept sealed
    #[arg(long, value_name = "TEXT", value_parser = args::long_text)]
    caller: Option<String>,
    /// What is known of the patients; kept sealed
    #[arg(long, value_name = "TEXT", value_parser = args::long_text)]
    patients: Option<String>,
}

/// Reads `hyogo/ap-rjbt=800`.
fn fuel_left(text: &str) -> Result<v1::FuelLeft, ArgError> {
    let refuse = || {
        let cut: String = text.chars().take(60).collect();
        ArgError::new(
            format!("「{cut}」は離着陸場=リットルではありません。hyogo/ap-rjbt=800 のように書いてください"),
            format!("\"{cut}\" is not SITE=LITRES; write hyogo/ap-rjbt=800"),
        )
    };
    let (site, litres) = text.split_once('=').ok_or_else(refuse)?;
    Ok(v1::FuelLeft { site: names::site(site)?, litres: litres.parse().map_err(|_| refuse())? })
}

/// Runs it.
///
/// # Errors
/// As [`Session::order`]; [`Failure::Argument`] when the requester is missing.
pub async fn run(session: &Session, args: Args) -> Result<(), Failure> {
    match args {
        Args::Create(args) => create(session, *args).await,
        Args::Assign { requests, sorties, fuel } => {
            session.ask(v1::ProposeAssignmentRequest { requests, sorties_max: sorties, fuel }).await
        }
        Args::Get { name } => session.ask(v1::GetRequestRequest { name }).await,
        Args::List { member, state, kind, page } => {
            let typed = [("state", state.map(word_of)), ("kind", kind.map(word_of))];
            let filter = page.filter(&typed);
            let call = v1::ListRequestsRequest { parent: member, ..Default::default() };
            session.list(call, &page, filter).await
        }
        Args::Cancel { name, reason } => {
            let call = v1::CancelRequestRequest { name, reason: reason.into(), ..Default::default() };
            session.order(call).await
        }
        Args::Close { name } => session.order(v1::CloseRequestRequest { name, ..Default::default() }).await,
        Args::Link { name, other } => {
            session.order(v1::LinkRequestsRequest { name, other, ..Default::default() }).await
        }
        Args::Merge { name, into } => {
            session.order(v1::MergeRequestsRequest { name, into, ..Default::default() }).await
        }
        Args::Count { name, aircraft } => {
            let call = v1::SetAircraftCountRequest { name, aircraft_count: aircraft, ..Default::default() };
            session.order(call).await
        }
    }
}

/// What a filter compares an enum with: its name on the wire.
pub(super) fn word_of<T: Term>(value: T) -> String {
    value.wire().to_owned()
}

async fn create(session: &Session, args: CreateArgs) -> Result<(), Failure> {
    let Some(requester) = &args.scene.requester else {
        let error = ArgError::new(
            "--requester が必要です。要請できるのは消防本部と病院などの機関だけです(例 hyogo/fd-tamba)",
            "--requester is needed: only a fire department, hospital or the like may ask, such as hyogo/fd-tamba",
        );
        return Err(error.into());
    };
    let (parent, _) = names::parent_and_id(requester);
    let mut request = args.scene.request(session).await?;
    request.incident = args.incident.unwrap_or_default();
    request.caller = args.caller.unwrap_or_default();
    request.patients = args.patients.unwrap_or_default();
    session.order(v1::CreateRequestRequest { parent, request: Some(request), ..Default::default() }).await
}

/// `35.17730,135.03670`.
pub(super) fn degrees(position: Option<&v1::LatLng>) -> String {
    position.map(|at| format!("{:.5},{:.5}", at.latitude, at.longitude)).unwrap_or_default()
}

impl Show for v1::Request {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        let name = sheet.name(&self.name);
        let state = sheet.term::<v1::request::State>(self.state);
        let kind = sheet.term::<v1::RequestKind>(self.kind);
        sheet.line(format!("{}  {kind}  {state}", if name.is_empty() { "-" } else { &name }));
        let (triage, ambulance) = (triage(self, sheet), ambulance(self, sheet));
        let count = |count: u32| if count == 0 { String::new() } else { count.to_string() };
        let requester = sheet.name(&self.requester);
        let (site, origin) = (sheet.name(&self.site), sheet.name(&self.origin_hospital));
        let (hospitals, merged_into) = (sheet.names(&self.hospitals), sheet.name(&self.merged_into));
        let (merged_from, links) = (sheet.names(&self.merged_from), sheet.names(&self.links));
        sheet.pairs([
            (lang.pick("要請元", "requester"), requester),
            (lang.pick("事案番号", "incident"), self.incident.clone()),
            (lang.pick("位置", "position"), degrees(self.position.as_ref())),
            (lang.pick("場所", "place"), self.place.clone()),
            (lang.pick("離着陸場", "landing site"), site),
            (lang.pick("覚知", "call"), sheet.time(self.call_time.as_ref())),
            (lang.pick("キーワード", "keyword"), self.keyword.clone()),
            (lang.pick("傷病者", "patients"), triage),
            (lang.pick("担架", "stretchers"), count(self.stretchers)),
            (lang.pick("必要な能力", "needs"), sheet.terms::<v1::Capability>(&self.capabilities)),
            (lang.pick("危険", "hazards"), self.hazards.clone()),
            (lang.pick("進入", "access"), self.access.clone()),
            (lang.pick("救急車", "ambulance"), ambulance),
            (lang.pick("期限", "due"), sheet.time(self.due_time.as_ref())),
            (lang.pick("搬送元", "from hospital"), origin),
            (lang.pick("希望病院", "preferred hospitals"), hospitals),
            (lang.pick("機数", "aircraft"), count(self.aircraft_count)),
            (lang.pick("連絡先(封)", "caller (sealed)"), self.caller.clone()),
            (lang.pick("傷病者情報(封)", "patients (sealed)"), self.patients.clone()),
            (
                lang.pick("取消理由", "cancelled because"),
                sheet.term_or_blank::<v1::CancelReason>(self.cancel_reason),
            ),
            (lang.pick("統合先", "merged into"), merged_into),
            (lang.pick("統合元", "merged from"), merged_from),
            (lang.pick("同一現場", "same scene"), links),
            (lang.pick("受付", "made"), sheet.time(self.create_time.as_ref())),
            (lang.pick("入力者", "by"), self.creator.clone()),
        ]);
        if !self.possible_duplicates.is_empty() {
            let others = sheet.names(&self.possible_duplicates);
            let warning = lang.pick("注意 同じ現場の可能性", "caution: perhaps the same scene as");
            sheet.line(format!("! {warning}: {others}"));
        }
        if !self.requisitions.is_empty() {
            sheet.gap();
            super::requisition::grid(&self.requisitions, sheet);
        }
    }
}

fn triage(request: &v1::Request, sheet: &Sheet) -> String {
    let Some(triage) = &request.triage else { return String::new() };
    let colours = [
        (triage.red, sheet.pick("赤", "red")),
        (triage.yellow, sheet.pick("黄", "yellow")),
        (triage.green, sheet.pick("緑", "green")),
        (triage.black, sheet.pick("黒", "black")),
    ];
    let counted: Vec<String> = colours
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, colour)| format!("{colour} {count}"))
        .collect();
    counted.join("  ")
}

fn ambulance(request: &v1::Request, sheet: &Sheet) -> String {
    let Some(ambulance) = &request.ambulance else { return String::new() };
    let at = sheet.time(ambulance.at_patient_time.as_ref());
    if at.is_empty() { ambulance.call_sign.clone() } else { format!("{}  {at}", ambulance.call_sign) }
}

impl Show for v1::ListRequestsResponse {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        let columns = [
            left(lang.pick("要請", "request")),
            left(lang.pick("種別", "kind")),
            left(lang.pick("状態", "state")),
            left(lang.pick("受付", "made")),
            left(lang.pick("場所", "place")),
            left(lang.pick("要請元", "requester")),
            right(lang.pick("機数", "aircraft")),
            left(lang.pick("最新", "latest")),
        ];
        let mut rows = Vec::with_capacity(self.requests.len());
        for request in &self.requests {
            let latest = request.requisitions.last().map(|last| {
                format!("{} {}", sheet.name(&last.asset), sheet.term::<v1::requisition::State>(last.state))
            });
            let place = if request.place.is_empty() {
                degrees(request.position.as_ref())
            } else {
                request.place.clone()
            };
            rows.push([
                sheet.name(&request.name),
                sheet.term::<v1::RequestKind>(request.kind),
                sheet.term::<v1::request::State>(request.state),
                sheet.time(request.create_time.as_ref()),
                place,
                sheet.name(&request.requester),
                request.aircraft_count.to_string(),
                latest.unwrap_or_default(),
            ]);
        }
        sheet.grid(columns, &rows);
        sheet.more(&self.next_page_token);
    }
}
