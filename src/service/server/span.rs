//! One span a call, with an id that the caller sees too. Nothing of the content of a call is ever in it.

use super::front::Shared;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use std::sync::Arc;
use tokio::time::Instant;
use tonic::{Code, Status};
use tracing::{Instrument, debug, info, info_span, warn};

/// The id of one call, the caller's own or made here; every answer carries it.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Bytes of an id that a caller may choose.
const REQUEST_ID_BYTES_MAX: usize = 64;

/// The outermost layer of gRPC and of pages.
pub(super) async fn layer(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let id = callers_id(request.headers()).unwrap_or_else(|| shared.next_call_id());
    // A path that we do not know is the caller's text: it stays out of the log.
    let method = shared.methods.get(request.uri().path()).map_or("other", |(path, _)| path);
    let span = info_span!("call", method, call_id = %id);
    let began = Instant::now();
    async {
        let mut response = next.run(request).await;
        // A status in the head is a call that failed; one that went well says so behind its answer.
        let code = Status::from_header_map(response.headers()).map_or(Code::Ok, |status| status.code());
        let http = response.status().as_u16();
        let latency_us = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
        match code {
            Code::Ok => debug!(http, latency_us, "answered"),
            Code::Internal | Code::Unknown | Code::DataLoss => warn!(?code, latency_us, "failed"),
            _ => info!(?code, latency_us, "refused"),
        }
        if let Ok(id) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(REQUEST_ID, id);
        }
        response
    }
    .instrument(span)
    .await
}

/// The caller's id, if it is one that may stand in a log.
fn callers_id(headers: &HeaderMap) -> Option<String> {
    let text = headers.get(REQUEST_ID)?.to_str().ok()?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    ((1..=REQUEST_ID_BYTES_MAX).contains(&text.len()) && text.bytes().all(plain)).then(|| text.to_owned())
}
