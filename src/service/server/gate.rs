//! How many calls run at once, over all connections, with a reserve for those on which a life may depend.

use super::Limits;
use super::front::Shared;
use super::methods::Urgency;
use crate::service::refusal::Refusal;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use std::sync::Arc;
use tokio::sync::{Semaphore, SemaphorePermit};

/// Counts calls.
#[derive(Debug)]
pub(super) struct Gate {
    ordinary: Semaphore,
    reserve: Semaphore,
    waiting: Semaphore,
    calls_max: usize,
}

impl Gate {
    pub(super) fn new(limits: &Limits) -> Gate {
        Gate {
            ordinary: Semaphore::new(limits.calls_max.saturating_sub(limits.calls_reserved)),
            reserve: Semaphore::new(limits.calls_reserved),
            waiting: Semaphore::new(limits.calls_waiting_max),
            calls_max: limits.calls_max,
        }
    }

    /// Lets a call in. An ordinary one is turned away when there is no room: a queue would only make every answer late.
    /// A life-critical one waits for the reserve, under its own deadline.
    ///
    /// # Errors
    /// [`Refusal::Overloaded`].
    pub(super) async fn enter(&self, urgency: Urgency) -> Result<Option<SemaphorePermit<'_>>, Refusal> {
        if urgency == Urgency::Exempt {
            return Ok(None);
        }
        if let Ok(permit) = self.ordinary.try_acquire() {
            return Ok(Some(permit));
        }
        let overloaded = || Refusal::Overloaded { calls_max: self.calls_max };
        if urgency == Urgency::Ordinary {
            return Err(overloaded());
        }
        if let Ok(permit) = self.reserve.try_acquire() {
            return Ok(Some(permit));
        }
        let _waiting = self.waiting.try_acquire().map_err(|_| overloaded())?;
        tokio::select! {
            permit = self.ordinary.acquire() => permit,
            permit = self.reserve.acquire() => permit,
        }
        .map(Some)
        .map_err(|_| overloaded())
    }
}

/// The layer of gRPC. The place is held until the answer is there; of a stream, until it begins.
pub(super) async fn layer(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let method = shared.methods.get(request.uri().path());
    let urgency = method.map_or(Urgency::Ordinary, |(_, method)| method.urgency);
    match shared.gate.enter(urgency).await {
        Ok(_permit) => next.run(request).await,
        Err(refusal) => refusal.status().into_http::<Body>(),
    }
}
