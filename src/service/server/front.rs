//! The stack that every call goes through, and what all connections share.
//!
//! [`Entry`] holds the stacks, and they hold [`Shared`]: no circle, so what is served ends with its server.

use super::gate::Gate;
use super::methods::{Methods, Urgency};
use super::origin::is_foreign;
use super::{Limits, Services, deadline, gate, span, tidy};
use crate::service::refusal::Refusal;
use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use std::any::Any;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tokio::sync::watch;
use tonic::service::Routes;
use tonic_health::ServingStatus;
use tonic_health::server::HealthReporter;
use tonic_web::{GrpcWebLayer, GrpcWebService};
use tower::{Layer, ServiceExt};
use tower_http::catch_panic::CatchPanicLayer;

/// What all connections share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) limits: Limits,
    pub(super) methods: Methods,
    pub(super) gate: Gate,
    /// True once the server stops.
    pub(super) stopping: watch::Receiver<bool>,
    /// Makes the ids of this process differ from those before it.
    boot: u32,
    calls: AtomicU64,
}

/// Where every call arrives.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) shared: Arc<Shared>,
    /// Answers until there is something to serve.
    starting: Front,
    /// What is served since.
    opened: OnceLock<Front>,
    reporter: HealthReporter,
    /// The health service by itself.
    health: Router,
    /// Services that health speaks of, beside the server as a whole.
    names: Mutex<Vec<&'static str>>,
}

/// The stack in front of services and pages.
#[derive(Clone, Debug)]
pub(super) struct Front {
    grpc: GrpcWebService<Router>,
    pages: Router,
}

impl Shared {
    fn new(limits: Limits, stopping: watch::Receiver<bool>) -> Shared {
        Shared {
            methods: Methods::new(),
            gate: Gate::new(&limits),
            limits,
            stopping,
            boot: getrandom::u32().unwrap_or_default(),
            calls: AtomicU64::new(0),
        }
    }

    /// An id that no other call of this server has.
    pub(super) fn next_call_id(&self) -> String {
        format!("{:08x}-{}", self.boot, self.calls.fetch_add(1, Ordering::Relaxed))
    }
}

impl Entry {
    pub(super) async fn new(limits: Limits, stopping: watch::Receiver<bool>) -> Entry {
        let (reporter, service) = tonic_health::server::health_reporter();
        // The library begins with SERVING.
        reporter.set_service_status("", ServingStatus::NotServing).await;
        let shared = Arc::new(Shared::new(limits, stopping));
        let health = Routes::new(service).into_axum_router();
        let starting = Front::new(
            &shared,
            health.clone().fallback(|| async { refused(true, &Refusal::Starting) }),
            Router::new().fallback(|| async { refused(false, &Refusal::Starting) }),
        );
        Entry { shared, starting, opened: OnceLock::new(), reporter, health, names: Mutex::default() }
    }

    /// Serves these from now on; false when there is something served already.
    pub(super) fn open(&self, services: Services) -> bool {
        let Services { routes, names, pages } = services.reflection();
        let grpc = routes.prepare().into_axum_router().layer(from_fn(tidy::layer));
        *self.names.lock().unwrap_or_else(PoisonError::into_inner) = names;
        self.opened.set(Front::new(&self.shared, self.health.clone().fallback_service(grpc), pages)).is_ok()
    }

    /// Tells all who ask for health, of the server and of each service.
    pub(super) async fn report(&self, status: ServingStatus) {
        let names = self.names.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for name in names.into_iter().chain([""]) {
            self.reporter.set_service_status(name, status).await;
        }
    }

    /// Answers one call.
    pub(super) async fn answer(&self, request: Request) -> Response {
        let grpc = is_grpc(request.headers());
        if is_foreign(request.method(), request.headers(), request.uri()) {
            return refused(grpc, &Refusal::ForeignOrigin);
        }
        let front = self.opened.get().unwrap_or(&self.starting);
        let answered = match grpc {
            true => front.grpc.clone().oneshot(request).await.map(|response| response.map(Body::new)),
            false => front.pages.clone().oneshot(request).await,
        };
        answered.unwrap_or_else(|never| match never {})
    }
}

impl Front {
    /// Layers, the outermost last: span, panic, deadline, gate.
    fn new(shared: &Arc<Shared>, grpc: Router, pages: Router) -> Front {
        let grpc = grpc
            .layer(from_fn_with_state(Arc::clone(shared), gate::layer))
            .layer(from_fn_with_state(Arc::clone(shared), deadline::layer))
            .layer(CatchPanicLayer::custom(|_: Box<dyn Any + Send>| refused(true, &Refusal::Bug)))
            .layer(from_fn_with_state(Arc::clone(shared), span::layer));
        let pages = pages
            .layer(DefaultBodyLimit::max(super::MESSAGE_BYTES_MAX))
            .layer(from_fn_with_state(Arc::clone(shared), page))
            .layer(CatchPanicLayer::custom(|_: Box<dyn Any + Send>| refused(false, &Refusal::Bug)))
            .layer(from_fn_with_state(Arc::clone(shared), span::layer));
        Front { grpc: GrpcWebLayer::new().layer(grpc), pages }
    }
}

/// Gate and deadline of a page. One that says something is urgent: it is a base's answer.
async fn page(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let urgency = match *request.method() {
        Method::GET | Method::HEAD => Urgency::Ordinary,
        _ => Urgency::LifeCritical,
    };
    let limit = shared.limits.deadline_default;
    let answered = tokio::time::timeout(limit, async {
        match shared.gate.enter(urgency).await {
            Ok(_permit) => next.run(request).await,
            Err(refusal) => refused(false, &refusal),
        }
    });
    answered.await.unwrap_or_else(|_| refused(false, &Refusal::DeadlineExceeded { limit }))
}

/// Whether a call is gRPC or gRPC-web; everything else is a page.
fn is_grpc(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).map(|value| value.as_bytes());
    content_type.is_some_and(|value| value.starts_with(b"application/grpc"))
}

/// A refusal in the form that the caller reads.
fn refused(grpc: bool, refusal: &Refusal) -> Response {
    if grpc {
        return refusal.status().into_http();
    }
    let code = match refusal {
        Refusal::Starting | Refusal::Stopping | Refusal::Overloaded { .. } => StatusCode::SERVICE_UNAVAILABLE,
        Refusal::DeadlineExceeded { .. } => StatusCode::GATEWAY_TIMEOUT,
        Refusal::ForeignOrigin => StatusCode::FORBIDDEN,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let retry_s = crate::service::refusal::RETRY_RESTART.as_secs().to_string();
    (code, [(header::RETRY_AFTER, retry_s)], refusal.bilingual()).into_response()
}
