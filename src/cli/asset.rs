//! `yui asset`: helicopters, doctor cars, ambulance starts.

use super::args::{self, NearestArgs, PageArgs};
use super::failure::Failure;
use super::lease::WindowArgs;
use super::names;
use super::request::{degrees, word_of};
use super::resource_file::FileArgs;
use super::session::Session;
use super::sheet::{Sheet, Show, left, right};
use super::text::{Lang, reason, words};
use super::time::When;
use super::whereabouts::{self, NearArgs, ReportArgs, WhereArgs, WithinArgs};
use crate::api::v1;
use clap::Subcommand;

/// Subcommands of `yui asset`.
#[derive(Debug, Subcommand)]
pub enum Args {
    /// List assets
    #[command(after_help = "Example:\n  yui asset list --kind doctor-helicopter")]
    List {
        /// Of which custodian; - for all
        #[arg(long, value_name = "MEMBER", default_value = "-", value_parser = names::parent)]
        member: String,
        /// Only of this kind
        #[arg(long, value_parser = words::<v1::asset::Kind>())]
        kind: Option<v1::asset::Kind>,
        /// Only those that stand so
        #[arg(long, value_parser = words::<v1::asset::State>())]
        state: Option<v1::asset::State>,
        /// Which page.
        #[command(flatten)]
        page: PageArgs,
    },
    /// Show one
    Get {
        /// Which
        #[arg(value_name = "ASSET", value_parser = names::asset)]
        name: String,
    },
    /// Register an asset from a JSON file
    Create {
        /// Its name
        #[arg(value_name = "ASSET", value_parser = names::asset)]
        name: String,
        /// The resource.
        #[command(flatten)]
        file: FileArgs,
    },
    /// Change what is registered of one; --json shows the names of the fields
    #[command(
        after_help = "Example:\n  yui asset update hyogo/heli-toyooka --set seats=6 --set telephone=0796-00-0000"
    )]
    Update {
        /// Which
        #[arg(value_name = "ASSET", value_parser = names::asset)]
        name: String,
        /// A field and its new value as in JSON: seats=6, endurance=5400s, capabilities=["CAPABILITY_HOIST"]; an empty one clears a name
        #[arg(long, value_name = "FIELD=VALUE", value_parser = whereabouts::assignment, required = true)]
        set: Vec<(String, String)>,
    },
    /// Which bases are nearest; `near` goes by where assets are now
    Nearest(NearestArgs),
    /// Where one is now, or all of which a position is known
    #[command(after_help = "Example:\n  yui asset where hyogo/heli-toyooka")]
    Where(WhereArgs),
    /// Which are nearest now, or there within a time
    #[command(after_help = "Example:\n  yui asset near --at 35.170,135.040 --within 20m")]
    Near(NearArgs),
    /// Which are within an area now
    #[command(after_help = "Example:\n  yui asset within --box 34.9,134.8,35.3,135.4")]
    Within(WithinArgs),
    /// Tell where one was
    #[command(
        after_help = "Example:\n  yui asset report-position hyogo/heli-toyooka --at 35.30,134.95 --fixed -30s --speed 210"
    )]
    ReportPosition(ReportArgs),
    /// Back in service, or back from training
    Available {
        /// Which
        #[arg(value_name = "ASSET", value_parser = names::asset)]
        name: String,
    },
    /// Out of service from now on
    #[command(
        after_help = "Example:\n  yui asset out-of-service hyogo/heli-toyooka --reason no-mechanics --until 2026-12-12T08:30"
    )]
    OutOfService {
        /// Which
        #[arg(value_name = "ASSET", value_parser = names::asset)]
        name: String,
        /// Why
        #[arg(long, value_parser = words::<v1::OutageReason>())]
        reason: v1::OutageReason,
        /// Until when; nobody knows when left out
        #[arg(long, value_name = "TIME")]
        until: Option<When>,
    },
    /// On a training flight from which it can be called back
    Training {
        /// Which
        #[arg(value_name = "ASSET", value_parser = names::asset)]
        name: String,
        /// How long calling back takes
        #[arg(long, value_name = "SPAN", value_parser = args::wire_span)]
        recall: prost_types::Duration,
    },
    /// Planned times without it
    #[command(subcommand)]
    Outage(OutageArgs),
}

/// Subcommands of `yui asset outage`.
#[derive(Debug, Subcommand)]
pub enum OutageArgs {
    /// Plan a time without it
    #[command(
        after_help = "Example:\n  yui asset outage plan hyogo/heli-toyooka winter-check --reason maintenance --from 2027-01-11T00:00 --for 5d"
    )]
    Plan {
        /// Of which asset
        #[arg(value_name = "ASSET", value_parser = names::asset)]
        name: String,
        /// Its name
        #[arg(value_name = "OUTAGE", value_parser = args::token)]
        outage: String,
        /// Why
        #[arg(long, value_parser = words::<v1::OutageReason>())]
        reason: v1::OutageReason,
        /// When.
        #[command(flatten)]
        window: WindowArgs,
    },
    /// Cancel a planned time without it
    Cancel {
        /// Of which asset
        #[arg(value_name = "ASSET", value_parser = names::asset)]
        name: String,
        /// Which
        #[arg(value_name = "OUTAGE", value_parser = args::token)]
        outage: String,
    },
}

/// Runs it.
///
/// # Errors
/// As [`Session::order`].
pub async fn run(session: &Session, args: Args) -> Result<(), Failure> {
    match args {
        Args::List { member, kind, state, page } => {
            let filter = page.filter(&[("kind", kind.map(word_of)), ("state", state.map(word_of))]);
            let call = v1::ListAssetsRequest { parent: member, ..Default::default() };
            session.list(call, &page, filter).await
        }
        Args::Get { name } => session.ask(v1::GetAssetRequest { name }).await,
        Args::Create { name, file } => {
            let (parent, asset_id) = names::parent_and_id(&name);
            let asset = Some(v1::Asset { name, ..file.read("yui.v1.Asset")? });
            session.order(v1::CreateAssetRequest { parent, asset_id, asset, ..Default::default() }).await
        }
        Args::Update { name, set } => session.order(whereabouts::changes(&name, &set)?).await,
        Args::Where(args) => whereabouts::show(session, args).await,
        Args::Near(args) => whereabouts::near(session, args).await,
        Args::Within(args) => whereabouts::within(session, args).await,
        Args::ReportPosition(args) => whereabouts::report(session, args).await,
        Args::Nearest(NearestArgs { at, count, filter }) => {
            let filter = filter.unwrap_or_default();
            session.ask(v1::SearchNearestAssetsRequest { position: Some(at), count, filter }).await
        }
        Args::Available { name } => {
            session.order(v1::MakeAssetAvailableRequest { name, ..Default::default() }).await
        }
        Args::OutOfService { name, reason, until } => {
            let (reason, until_time) = (reason.into(), session.instant(until).await?);
            let call = v1::TakeAssetOutOfServiceRequest { name, reason, until_time, ..Default::default() };
            session.order(call).await
        }
        Args::Training { name, recall } => {
            let recall = Some(recall);
            session.order(v1::StartAssetTrainingRequest { name, recall, ..Default::default() }).await
        }
        Args::Outage(args) => outage(session, args).await,
    }
}

async fn outage(session: &Session, args: OutageArgs) -> Result<(), Failure> {
    match args {
        OutageArgs::Plan { name, outage, reason, window } => {
            let window = Some(window.window(session).await?);
            let outage = Some(v1::Outage { outage_id: outage, window, reason: reason.into() });
            session.order(v1::PlanOutageRequest { name, outage, ..Default::default() }).await
        }
        OutageArgs::Cancel { name, outage } => {
            session.order(v1::CancelOutageRequest { name, outage_id: outage, ..Default::default() }).await
        }
    }
}

/// `08:30-17:30` of two seconds of the day.
fn hours(asset: &v1::Asset) -> String {
    let clock = |second: u32| format!("{:02}:{:02}", second / 3600, second % 3600 / 60);
    match (asset.service_from_s, asset.service_until_s) {
        (0, 0) => String::new(),
        (from, until) => format!("{}-{}", clock(from), clock(until)),
    }
}

/// A figure with its unit, nothing for zero.
fn figure(value: u32, unit: v1::Unit, lang: Lang) -> String {
    if value == 0 { String::new() } else { reason::amount(i64::from(value), unit.into(), lang) }
}

impl Show for v1::Asset {
    fn show(&self, sheet: &mut Sheet) {
        let lang = sheet.lang();
        let name = sheet.name(&self.name);
        let state = sheet.term_or_blank::<v1::asset::State>(self.state);
        sheet.line(format!("{name}  {}  {state}", lang.name(self.display_name.as_ref())));
        let (custodian, owner, operator) =
            (sheet.name(&self.custodian), sheet.name(&self.owner), sheet.name(&self.operator));
        let (base_site, region) = (sheet.name(&self.base_site), sheet.name(&self.weather_region));
        let (mission, requisition) = (sheet.name(&self.mission), sheet.name(&self.requisition));
        let out_of_service = sheet.term_or_blank::<v1::OutageReason>(self.out_of_service_reason);
        let offered = if self.offered_only {
            lang.pick("申出のあるときだけ", "only when offered")
        } else {
            ""
        };
        sheet.pairs([
            (lang.pick("種別", "kind"), sheet.term::<v1::asset::Kind>(self.kind)),
            (lang.pick("電話", "telephone"), self.telephone.clone()),
            (lang.pick("休止理由", "out of service"), out_of_service),
            (
                lang.pick("休止終了", "out of service until"),
                sheet.time(self.out_of_service_until_time.as_ref()),
            ),
            (lang.pick("呼戻し", "recall takes"), sheet.span(self.recall.as_ref())),
            (lang.pick("任務", "mission"), mission),
            (lang.pick("確保中の要請", "held by"), requisition),
            (lang.pick("管理者", "custodian"), custodian),
            (lang.pick("所有者", "owner"), owner),
            (lang.pick("運航者", "operator"), operator),
            (lang.pick("機種", "model"), self.model.clone()),
            (lang.pick("基地", "base"), format!("{} {base_site}", degrees(self.base.as_ref()))),
            (lang.pick("気象区域", "weather region"), region),
            (lang.pick("ブロック", "block"), self.block.clone()),
            (
                lang.pick("計画速度", "planning speed"),
                figure(self.planning_speed_kmh, v1::Unit::KilometresPerHour, lang),
            ),
            (lang.pick("航続距離", "range"), figure(self.range_m, v1::Unit::Metres, lang)),
            (lang.pick("航続時間", "endurance"), sheet.span(self.endurance.as_ref())),
            (lang.pick("座席", "seats"), figure(self.seats, v1::Unit::Count, lang)),
            (lang.pick("担架", "stretchers"), figure(self.stretchers, v1::Unit::Count, lang)),
            (lang.pick("能力", "capabilities"), sheet.terms::<v1::Capability>(&self.capabilities)),
            (lang.pick("質量", "mass"), figure(self.mass_kg, v1::Unit::Kilograms, lang)),
            (lang.pick("大きさ", "size"), figure(self.size_m, v1::Unit::Metres, lang)),
            (lang.pick("始動", "start-up"), sheet.span(self.start_up.as_ref())),
            (lang.pick("再準備", "turnaround"), sheet.span(self.turnaround.as_ref())),
            (lang.pick("運航時間", "service hours"), hours(self)),
            (lang.pick("日没余裕", "margin before sunset"), sheet.span(self.sunset_margin.as_ref())),
            (
                lang.pick("最低視程", "visibility at least"),
                figure(self.visibility_m_min, v1::Unit::Metres, lang),
            ),
            (lang.pick("最低雲底", "ceiling at least"), figure(self.ceiling_m_min, v1::Unit::Metres, lang)),
            (
                lang.pick("最大風速", "wind at most"),
                figure(self.wind_kmh_max, v1::Unit::KilometresPerHour, lang),
            ),
            (lang.pick("勤務の上限", "duty at most"), sheet.span(self.duty_max.as_ref())),
            (lang.pick("飛行の上限", "flight at most"), sheet.span(self.flight_max.as_ref())),
            (lang.pick("提供", "available"), offered.to_owned()),
        ]);
        if !self.outages.is_empty() {
            sheet.gap();
            outages(&self.outages, sheet);
        }
    }
}

fn outages(outages: &[v1::Outage], sheet: &mut Sheet) {
    let lang = sheet.lang();
    let columns = [
        left(lang.pick("休止予定", "planned outage")),
        left(lang.pick("理由", "reason")),
        left(lang.pick("開始", "from")),
        left(lang.pick("終了", "until")),
    ];
    let mut rows = Vec::with_capacity(outages.len());
    for outage in outages {
        let window = outage.window.unwrap_or_default();
        rows.push([
            outage.outage_id.clone(),
            sheet.term::<v1::OutageReason>(outage.reason),
            sheet.time(window.start_time.as_ref()),
            sheet.time(window.end_time.as_ref()),
        ]);
    }
    sheet.grid(columns, &rows);
}

/// Writes assets as a table, each with its distance if there is one.
fn grid<'a>(assets: impl Iterator<Item = (&'a v1::Asset, Option<u32>)>, sheet: &mut Sheet) {
    let lang = sheet.lang();
    let columns = [
        left(lang.pick("機体", "asset")),
        left(lang.pick("名称", "name")),
        left(lang.pick("種別", "kind")),
        left(lang.pick("状態", "state")),
        left(lang.pick("理由", "because")),
        right(lang.pick("距離", "distance")),
        left(lang.pick("電話", "telephone")),
    ];
    let mut rows = Vec::new();
    for (asset, distance_m) in assets {
        rows.push([
            sheet.name(&asset.name),
            lang.name(asset.display_name.as_ref()).to_owned(),
            sheet.term::<v1::asset::Kind>(asset.kind),
            sheet.term::<v1::asset::State>(asset.state),
            sheet.term_or_blank::<v1::OutageReason>(asset.out_of_service_reason),
            distance(distance_m, lang),
            asset.telephone.clone(),
        ]);
    }
    sheet.grid(columns, &rows);
}

/// A distance, nothing when none was asked for.
pub(super) fn distance(distance_m: Option<u32>, lang: Lang) -> String {
    let metres = v1::Unit::Metres.into();
    distance_m.map(|distance_m| reason::amount(i64::from(distance_m), metres, lang)).unwrap_or_default()
}

impl Show for v1::ListAssetsResponse {
    fn show(&self, sheet: &mut Sheet) {
        grid(self.assets.iter().map(|asset| (asset, None)), sheet);
        sheet.more(&self.next_page_token);
    }
}

impl Show for v1::SearchNearestAssetsResponse {
    fn show(&self, sheet: &mut Sheet) {
        let found = self.results.iter();
        grid(found.filter_map(|result| Some((result.asset.as_ref()?, Some(result.distance_m)))), sheet);
    }
}
