//! Deadlines: the caller's or ours, and an expired one is `DEADLINE_EXCEEDED`.
//!
//! The handler is dropped then. Nothing is lost by that: whatever must happen was handed to an authority.

use super::front::Shared;
use super::stream_end::StreamEnd;
use crate::service::refusal::Refusal;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// The layer of gRPC: the answer, or the beginning of a stream, within the time; a stream ends at the caller's deadline.
pub(super) async fn layer(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let asked = match grpc_timeout(request.headers()) {
        Ok(asked) => asked,
        Err(refusal) => return refusal.status().into_http::<Body>(),
    };
    let limit = asked.unwrap_or(shared.limits.deadline_default).min(shared.limits.deadline_max);
    let expired = Refusal::DeadlineExceeded { limit };
    if limit.is_zero() {
        return expired.status().into_http::<Body>();
    }
    let streams = shared.methods.get(request.uri().path()).is_some_and(|(_, method)| method.streams);
    let ends_at = asked.map(|asked| (Instant::now() + asked.min(A_YEAR), asked));
    match tokio::time::timeout(limit, next.run(request)).await {
        Err(_) => expired.status().into_http::<Body>(),
        Ok(response) if streams => {
            response.map(|body| Body::new(StreamEnd::new(body, shared.stopping.clone(), ends_at)))
        }
        Ok(response) => response,
    }
}

/// 8 digits of hours are 11,000 years; an instant cannot carry that everywhere.
const A_YEAR: Duration = Duration::from_secs(366 * 86_400);

/// The caller's deadline, as gRPC over HTTP/2 writes it: up to 8 digits and a unit.
///
/// # Errors
/// [`Refusal::BadDeadline`].
fn grpc_timeout(headers: &HeaderMap) -> Result<Option<Duration>, Refusal> {
    let Some(value) = headers.get("grpc-timeout") else {
        return Ok(None);
    };
    let text = value.to_str().map_err(|_| Refusal::BadDeadline)?;
    let (digits, unit) = text.split_at_checked(text.len().saturating_sub(1)).ok_or(Refusal::BadDeadline)?;
    if !(1..=8).contains(&digits.len()) || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(Refusal::BadDeadline);
    }
    let count: u64 = digits.parse().map_err(|_| Refusal::BadDeadline)?;
    match unit {
        "H" => Ok(Some(Duration::from_secs(count * 3_600))),
        "M" => Ok(Some(Duration::from_secs(count * 60))),
        "S" => Ok(Some(Duration::from_secs(count))),
        "m" => Ok(Some(Duration::from_millis(count))),
        "u" => Ok(Some(Duration::from_micros(count))),
        "n" => Ok(Some(Duration::from_nanos(count))),
        _ => Err(Refusal::BadDeadline),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Option<Duration>, Refusal> {
        grpc_timeout(&HeaderMap::from_iter([("grpc-timeout".parse().unwrap(), text.parse().unwrap())]))
    }

    #[test]
    fn a_deadline_is_digits_and_a_unit_and_nothing_else() {
        assert_eq!(read("250m"), Ok(Some(Duration::from_millis(250))));
        assert_eq!(read("0n"), Ok(Some(Duration::ZERO)));
        assert_eq!(read("99999999H"), Ok(Some(Duration::from_secs(99_999_999 * 3_600))));
        for text in ["", "S", "5", "+5S", "-5S", "5s", "123456789S", "1.5S", " 5S", "5S "] {
            assert_eq!(read(text), Err(Refusal::BadDeadline), "{text}");
        }
        assert_eq!(grpc_timeout(&HeaderMap::new()), Ok(None));
    }
}
