//! A base's page: what is asked of one aircraft, and one key each to answer. Server-rendered; works without scripts.
//!
//! Loopback only until identities exist. That a page of somewhere else in the same browser cannot press a key here is the
//! server's work (`server/origin.rs`); that it cannot read either is this one's: it answers under a loopback name only.

mod keys;
mod render;
mod sheet;

use crate::authority::{Submission, Union, View};
use crate::decision::model::{Actor, MissionPhase, Name};
use crate::decision::{Command, Event};
use crate::id::{AssetId, MemberId, MissionId, RequisitionId, Slug};
use crate::lang::Lang;
use crate::service::ServiceError;
use crate::service::desk::REQUEST_ID_BYTES_MAX;
use crate::service::server::is_loopback_name;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{any, get};
use serde::Deserialize;
use std::sync::Arc;

use render::{Frame, Page, Refused};

const STYLE: &str = include_str!("page/base.css");
const SCRIPT: &str = include_str!("page/base.js");
/// Nothing from elsewhere, nothing inline, no framing.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What the pages show.
struct Pages<U> {
    union: Arc<U>,
    /// What a drill says of its data, on every page.
    notice: Option<Name>,
}

impl<U: Union> Pages<U> {
    /// What stands around every page of `view`.
    fn frame<'a>(&'a self, view: &'a View, lang: Lang) -> Frame<'a> {
        Frame { space: &view.space, notice: self.notice.as_ref(), lang }
    }
}

/// The pages of all bases, under `/base`, and the sheets of shipments, under `/shipments`; a drill's `notice` stands on each.
pub fn router<U: Union>(union: Arc<U>, notice: Option<Name>) -> Router {
    Router::new()
        .route("/base", get(list::<U>))
        .route("/base/{asset}", get(bare_name::<U>))
        .route("/base/{member}/{asset}", get(show::<U>).post(answer::<U>))
        .route("/base/members/{member}/assets/{asset}", get(full_name::<U>))
        .route("/base.css", get(|| async { asset("text/css; charset=utf-8", STYLE) }))
        .route("/base.js", get(|| async { asset("text/javascript; charset=utf-8", SCRIPT) }))
        .merge(sheet::routes::<U>())
        .route("/", get(|| async { Redirect::temporary("/base") }))
        .route("/{*other}", any(|| async { StatusCode::NOT_FOUND }))
        .with_state(Arc::new(Pages { union, notice }))
}

fn asset(kind: &'static str, text: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], text)
}

/// What a link may carry.
#[derive(Debug, Default, Deserialize)]
struct Choice {
    lang: Option<String>,
}

impl Choice {
    /// The language that the link asks for.
    fn lang(&self) -> Option<Lang> {
        match self.lang.as_deref() {
            Some("ja") => Some(Lang::Ja),
            Some("en") => Some(Lang::En),
            _ => None,
        }
    }
}

/// What a key sends.
#[derive(Debug, Deserialize)]
struct Key {
    act: String,
    /// The requisition or mission that the page showed.
    of: String,
    /// Made when the page was rendered: a key pressed twice is one answer.
    request_id: String,
    #[serde(default)]
    reason: String,
}

/// Leads from the name in the ledgers to the page.
async fn full_name<U: Union>(
    State(pages): State<Arc<Pages<U>>>,
    Path((member, asset)): Path<(String, String)>,
    Query(choice): Query<Choice>,
    headers: HeaderMap,
) -> Response {
    if let Err(refused) = check_host(&headers) {
        return *refused;
    }
    match asset_id(&member, &asset) {
        Some(id) => Redirect::permanent(&path(&id, choice.lang())).into_response(),
        None => unknown(&pages, language(&choice, &headers)),
    }
}

/// Leads from the name of an aircraft alone to its page, when there is only one of that name.
async fn bare_name<U: Union>(
    State(pages): State<Arc<Pages<U>>>,
    Path(asset): Path<String>,
    Query(choice): Query<Choice>,
    headers: HeaderMap,
) -> Response {
    if let Err(refused) = check_host(&headers) {
        return *refused;
    }
    let view = pages.union.view();
    let slug = asset.parse::<Slug>().ok();
    let mut named = view.assets().map(|(asset, _)| &asset.id).filter(|id| Some(&id.slug) == slug.as_ref());
    match (named.next(), named.next()) {
        (Some(only), None) => Redirect::temporary(&path(only, choice.lang())).into_response(),
        _ => unknown(&pages, language(&choice, &headers)),
    }
}

async fn list<U: Union>(
    State(pages): State<Arc<Pages<U>>>,
    Query(choice): Query<Choice>,
    headers: HeaderMap,
) -> Response {
    if let Err(refused) = check_host(&headers) {
        return *refused;
    }
    let (view, lang) = (pages.union.view(), language(&choice, &headers));
    html(StatusCode::OK, render::list(&view, pages.union.now(), &pages.frame(&view, lang)))
}

async fn show<U: Union>(
    State(pages): State<Arc<Pages<U>>>,
    Path((member, asset)): Path<(String, String)>,
    Query(choice): Query<Choice>,
    headers: HeaderMap,
) -> Response {
    if let Err(refused) = check_host(&headers) {
        return *refused;
    }
    let lang = language(&choice, &headers);
    match asset_id(&member, &asset) {
        Some(id) => page(&pages, &id, lang, None).await,
        None => unknown(&pages, lang),
    }
}

async fn answer<U: Union>(
    State(pages): State<Arc<Pages<U>>>,
    Path((member, asset)): Path<(String, String)>,
    Query(choice): Query<Choice>,
    headers: HeaderMap,
    Form(key): Form<Key>,
) -> Response {
    if let Err(refused) = check_host(&headers) {
        return *refused;
    }
    let lang = language(&choice, &headers);
    let Some(id) = asset_id(&member, &asset) else { return unknown(&pages, lang) };
    let refused = match command(&key) {
        None => Some(Refused::NoSuchKey),
        Some(command) => press(&*pages.union, &id, &key, command).await.err(),
    };
    match refused {
        // Reloading the answer must not press the key again.
        None => Redirect::to(&path(&id, Some(lang))).into_response(),
        Some(refused) => page(&pages, &id, lang, Some(refused)).await,
    }
}

/// Whether an id may be one that a page made.
fn is_request_id(id: &str) -> bool {
    (1..=REQUEST_ID_BYTES_MAX).contains(&id.len()) && !id.chars().any(char::is_control)
}

/// Where the page of an aircraft is.
fn path(id: &AssetId, lang: Option<Lang>) -> String {
    let lang = lang.map(|lang| format!("?lang={}", lang.code())).unwrap_or_default();
    format!("/base/{}/{}{lang}", id.member.slug(), id.slug)
}

fn unknown<U: Union>(pages: &Pages<U>, lang: Lang) -> Response {
    let view = pages.union.view();
    html(StatusCode::NOT_FOUND, render::unknown(&pages.frame(&view, lang)))
}

/// The command that a key stands for.
fn command(key: &Key) -> Option<Command> {
    let requisition = || key.of.parse::<RequisitionId>().ok();
    let mission = || key.of.parse::<MissionId>().ok();
    let progress = |phase| Some(Command::ReportProgress { mission: mission()?, phase });
    match key.act.as_str() {
        "acknowledge" => Some(Command::AcknowledgeRequisition { requisition: requisition()? }),
        "go" => Some(Command::CommitRequisition { requisition: requisition()?, telephone: None, crew: None }),
        "decline" => {
            let reason = keys::decline_reason(&key.reason)?;
            Some(Command::DeclineRequisition { requisition: requisition()?, reason, telephone: None })
        }
        "confirm" => Some(Command::ConfirmCommitment { mission: mission()? }),
        "airborne" => progress(MissionPhase::Airborne),
        "on_scene" => progress(MissionPhase::OnScene),
        "transporting" => progress(MissionPhase::Transporting),
        "arrived" => progress(MissionPhase::Arrived),
        "returning" => progress(MissionPhase::Returning),
        "ready" => progress(MissionPhase::Ready),
        _ => None,
    }
}

async fn press<U: Union>(union: &U, asset: &AssetId, key: &Key, command: Command) -> Result<(), Refused> {
    if !is_request_id(&key.request_id) {
        return Err(Refused::NoSuchKey);
    }
    if !is_of(&union.view(), asset, &command) {
        return Err(Refused::NoSuchKey);
    }
    let actor = Actor(format!("unauthenticated:page of {asset}"));
    let go = match &command {
        Command::CommitRequisition { requisition, .. } => Some(requisition.clone()),
        _ => None,
    };
    let submission = Submission::new(key.request_id.clone(), actor, command);
    let outcome =
        union.submit(&asset.ledger(), submission).await.map_err(|error| Refused::Error(error.into()))?;
    // A go that came too late is recorded as an offer. Whoever pressed the key must not take it for a commitment.
    let committed = outcome.events.iter().any(|event| matches!(event, Event::Committed { .. }));
    let Some(requisition) = go.filter(|_| !committed) else { return Ok(()) };
    let view = union.view();
    let offer = view.state(&asset.ledger()).and_then(|state| state.late_go_offer(&requisition));
    match offer.map(|offer| offer.id.clone()) {
        Some(offer) => Err(Refused::Error(ServiceError::GoTooLate { requisition, offer })),
        None => Ok(()),
    }
}

/// Whether a key is about what this aircraft is asked or flies, now or before.
fn is_of(view: &View, asset: &AssetId, command: &Command) -> bool {
    let Some(state) = view.state(&asset.ledger()) else { return false };
    let about = match command {
        Command::AcknowledgeRequisition { requisition }
        | Command::CommitRequisition { requisition, .. }
        | Command::DeclineRequisition { requisition, .. } => {
            state.holds.get(requisition).map(|hold| &hold.asset)
        }
        Command::ConfirmCommitment { mission } | Command::ReportProgress { mission, .. } => {
            state.missions.get(mission).map(|mission| &mission.asset)
        }
        _ => None,
    };
    about == Some(asset)
}

async fn page<U: Union>(pages: &Pages<U>, id: &AssetId, lang: Lang, refused: Option<Refused>) -> Response {
    let union = &*pages.union;
    let view = union.view();
    let status = if refused.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    if view.asset(id).is_none() {
        return unknown(pages, lang);
    }
    let mut page = Page::of(&view, union.now(), union.drill_clock(), id, lang);
    if let Some((ledger, seal)) = page.caller_seal() {
        // Whoever flies there must be able to ring back; a key that was destroyed leaves a blank.
        page.caller = union.open_seal(&ledger, seal).await.ok().flatten();
    }
    html(status, page.render(&pages.frame(&view, lang), refused))
}

fn asset_id(member: &str, asset: &str) -> Option<AssetId> {
    Some(AssetId::new(&MemberId(member.parse().ok()?), asset.parse().ok()?))
}

fn html(status: StatusCode, body: maud::Markup) -> Response {
    let headers = [
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    ];
    (status, headers, Html(body.into_string())).into_response()
}

/// Only names that lead to this machine: another name that was bent towards it is somebody else's page.
fn check_host(headers: &HeaderMap) -> Result<(), Box<Response>> {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    if is_loopback_name(host) {
        return Ok(());
    }
    Err(Box::new(
        (StatusCode::FORBIDDEN, "this page answers only under localhost, 127.0.0.1 or [::1]\n")
            .into_response(),
    ))
}

fn language(choice: &Choice, headers: &HeaderMap) -> Lang {
    let accepted = || headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    choice.lang().unwrap_or_else(|| match accepted() {
        Some(accepted) if !accepted.trim_start().starts_with("ja") => Lang::En,
        _ => Lang::Ja,
    })
}
