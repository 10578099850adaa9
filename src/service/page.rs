//! A base's page: what is asked of one aircraft, and one key each to answer. Server-rendered; works without scripts.
//!
//! Loopback only until identities exist. A page of somewhere else in the same browser must not be able to press a key
//! here, so posts are taken only from the page itself and only under a loopback name.

mod render;
mod words;

use crate::authority::{Submission, Union, View};
use crate::decision::model::{Actor, DeclineReason, MissionPhase};
use crate::decision::{Command, Event};
use crate::id::{AssetId, MemberId, MissionId, RequisitionId};
use crate::service::ServiceError;
use crate::service::desk::REQUEST_ID_BYTES_MAX;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{any, get};
use serde::Deserialize;
use std::sync::Arc;

use render::{Page, Refused};
pub use words::Lang;

const STYLE: &str = include_str!("page/base.css");
const SCRIPT: &str = include_str!("page/base.js");
/// Nothing from elsewhere, nothing inline, no framing.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The pages of all bases, under `/base`.
pub fn router<U: Union>(union: Arc<U>) -> Router {
    Router::new()
        .route("/base", get(list::<U>))
        .route("/base/{member}/{asset}", get(show::<U>).post(answer::<U>))
        .route("/base/members/{member}/assets/{asset}", get(full_name))
        .route("/base.css", get(|| async { asset("text/css; charset=utf-8", STYLE) }))
        .route("/base.js", get(|| async { asset("text/javascript; charset=utf-8", SCRIPT) }))
        .route("/", get(|| async { Redirect::temporary("/base") }))
        .route("/{*other}", any(|| async { StatusCode::NOT_FOUND }))
        .with_state(union)
}

fn asset(kind: &'static str, text: &'static str) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], text)
}

/// What a link may carry.
#[derive(Debug, Default, Deserialize)]
struct Choice {
    lang: Option<String>,
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

async fn full_name(Path((member, asset)): Path<(String, String)>) -> Redirect {
    Redirect::permanent(&format!("/base/{member}/{asset}"))
}

async fn list<U: Union>(
    State(union): State<Arc<U>>,
    Query(choice): Query<Choice>,
    headers: HeaderMap,
) -> Response {
    if let Err(refused) = check_host(&headers) {
        return *refused;
    }
    let lang = language(&choice, &headers);
    html(StatusCode::OK, render::list(&union.view(), union.now(), lang))
}

async fn show<U: Union>(
    State(union): State<Arc<U>>,
    Path((member, asset)): Path<(String, String)>,
    Query(choice): Query<Choice>,
    headers: HeaderMap,
) -> Response {
    if let Err(refused) = check_host(&headers) {
        return *refused;
    }
    let lang = language(&choice, &headers);
    match asset_id(&member, &asset) {
        Some(id) => page(&*union, &id, lang, None).await,
        None => html(StatusCode::NOT_FOUND, render::unknown(&union.view(), lang)),
    }
}

async fn answer<U: Union>(
    State(union): State<Arc<U>>,
    Path((member, asset)): Path<(String, String)>,
    Query(choice): Query<Choice>,
    headers: HeaderMap,
    Form(key): Form<Key>,
) -> Response {
    if let Err(refused) = check_host(&headers).and_then(|()| check_origin(&headers)) {
        return *refused;
    }
    let lang = language(&choice, &headers);
    let Some(id) = asset_id(&member, &asset) else {
        return html(StatusCode::NOT_FOUND, render::unknown(&union.view(), lang));
    };
    let refused = match command(&key) {
        None => Some(Refused::NoSuchKey),
        Some(command) => press(&*union, &id, &key, command).await.err(),
    };
    match refused {
        // Reloading the answer must not press the key again.
        None => Redirect::to(&format!("/base/{member}/{asset}?lang={}", lang.code())).into_response(),
        Some(refused) => page(&*union, &id, lang, Some(refused)).await,
    }
}

/// Whether an id may be one that a page made.
fn is_request_id(id: &str) -> bool {
    (1..=REQUEST_ID_BYTES_MAX).contains(&id.len()) && !id.chars().any(char::is_control)
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
            let reason = words::decline_reason(&key.reason)?;
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
    if of_another(&union.view(), asset, &command) {
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

/// Whether a key is about what another aircraft of the same ledger is asked or flies.
fn of_another(view: &View, asset: &AssetId, command: &Command) -> bool {
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
    about.is_some_and(|about| about != asset)
}

async fn page<U: Union>(union: &U, id: &AssetId, lang: Lang, refused: Option<Refused>) -> Response {
    let view = union.view();
    let status = if refused.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    if view.asset(id).is_none() {
        return html(StatusCode::NOT_FOUND, render::unknown(&view, lang));
    }
    let mut page = Page::of(&view, union.now(), union.drill_clock(), id, lang);
    if let Some((ledger, seal)) = page.caller_seal() {
        // Whoever flies there must be able to ring back; a key that was destroyed leaves a blank.
        page.caller = union.open_seal(&ledger, seal).await.ok().flatten();
    }
    html(status, page.render(refused))
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
    let name = host
        .rsplit_once(':')
        .map_or(host, |(name, port)| if port.bytes().all(|b| b.is_ascii_digit()) { name } else { host });
    if matches!(name, "localhost" | "127.0.0.1" | "[::1]") {
        return Ok(());
    }
    Err(Box::new(
        (StatusCode::FORBIDDEN, "this page answers only under localhost, 127.0.0.1 or [::1]\n")
            .into_response(),
    ))
}

/// A key counts only when it was pressed on this page.
fn check_origin(headers: &HeaderMap) -> Result<(), Box<Response>> {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let host = text(header::HOST).unwrap_or_default();
    let same_origin = match text(header::ORIGIN) {
        Some(origin) => origin.strip_prefix("http://") == Some(host),
        None => matches!(
            text(header::HeaderName::from_static("sec-fetch-site")),
            None | Some("same-origin" | "none")
        ),
    };
    if same_origin {
        return Ok(());
    }
    Err(Box::new((StatusCode::FORBIDDEN, "keys are taken only from this page itself\n").into_response()))
}

fn language(choice: &Choice, headers: &HeaderMap) -> Lang {
    let accepted = || headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    match choice.lang.as_deref() {
        Some("ja") => Lang::Ja,
        Some("en") => Lang::En,
        _ => match accepted() {
            Some(accepted) if !accepted.trim_start().starts_with("ja") => Lang::En,
            _ => Lang::Ja,
        },
    }
}

/// The reasons that a base may give, in the order of the list.
pub(crate) const DECLINE_REASONS: [DeclineReason; 8] = [
    DeclineReason::Weather,
    DeclineReason::OnMission,
    DeclineReason::Darkness,
    DeclineReason::OutOfService,
    DeclineReason::NoCrew,
    DeclineReason::NoSite,
    DeclineReason::OutOfRange,
    DeclineReason::OutsideAgreement,
];
