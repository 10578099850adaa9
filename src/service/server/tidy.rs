//! Gives the statuses that the gRPC library makes by itself the form of all others: reason, both languages.
//!
//! It also moves two of them: bytes that cannot be read are the caller's fault, not `INTERNAL`; a message over the limit
//! is `RESOURCE_EXHAUSTED`, as in other gRPC servers, not `OUT_OF_RANGE`.

use super::MESSAGE_BYTES_MAX;
use crate::service::refusal::Refusal;
use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use tonic::{Code, Status};

/// The layer of gRPC, next to the services.
pub(super) async fn layer(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    match Status::from_header_map(response.headers()).as_ref().and_then(refusal_of) {
        Some(refusal) => refusal.status().into_http::<Body>(),
        None => response,
    }
}

/// What a status of the library means; none when it is one of ours, which carry details.
fn refusal_of(status: &Status) -> Option<Refusal> {
    if !status.details().is_empty() {
        return None;
    }
    let message = status.message();
    match status.code() {
        Code::OutOfRange if message.contains("length too large") => {
            Some(Refusal::MessageTooLarge { bytes_max: MESSAGE_BYTES_MAX })
        }
        Code::Internal if MALFORMED.iter().any(|known| message.starts_with(known)) => {
            Some(Refusal::MalformedMessage { fault: message.chars().take(FAULT_CHARS_MAX).collect() })
        }
        Code::Unimplemented if message.starts_with("Content is compressed") => {
            Some(Refusal::CompressedMessage)
        }
        Code::Unimplemented => Some(Refusal::UnknownMethod),
        _ => None,
    }
}

/// How the library begins its complaints about bytes that it cannot read.
const MALFORMED: &[&str] =
    &["failed to decode Protobuf message", "Unexpected EOF", "Missing request message", "protocol error"];

/// The complaint names fields, never their content; still it is cut.
const FAULT_CHARS_MAX: usize = 200;
