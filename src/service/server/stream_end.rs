//! The end of a stream: at the caller's deadline, or when the server stops. Streams do not end by themselves.

use crate::service::refusal::Refusal;
use axum::body::{Body, Bytes};
use axum::http::HeaderMap;
use hyper::body::{Body as HttpBody, Frame};
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// The body of a streamed answer, which ends with a status of its own when it must.
pub(super) struct StreamEnd {
    /// None once it has ended; dropped then, so that whoever feeds it notices.
    body: Option<Body>,
    end: Pin<Box<dyn Future<Output = Refusal> + Send>>,
}

impl StreamEnd {
    pub(super) fn new(
        body: Body,
        mut stopping: watch::Receiver<bool>,
        deadline: Option<(Instant, Duration)>,
    ) -> StreamEnd {
        let end = async move {
            let stopped = async {
                let _ = stopping.wait_for(|stopping| *stopping).await;
            };
            match deadline {
                None => stopped.await,
                Some((at, limit)) => tokio::select! {
                    () = stopped => {}
                    () = tokio::time::sleep_until(at) => return Refusal::DeadlineExceeded { limit },
                },
            }
            Refusal::Stopping
        };
        StreamEnd { body: Some(body), end: Box::pin(end) }
    }
}

impl HttpBody for StreamEnd {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let Some(body) = &mut self.body else {
            return Poll::Ready(None);
        };
        // What is ready goes out first: the last word of the health service is that nothing is served any more.
        match Pin::new(body).poll_frame(cx) {
            Poll::Ready(frame) => return Poll::Ready(frame),
            Poll::Pending => {}
        }
        match self.end.as_mut().poll(cx) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(refusal) => {
                self.body = None;
                let mut trailers = HeaderMap::new();
                let written = refusal.status().add_header(&mut trailers);
                debug_assert!(written.is_ok(), "our own texts fit into headers");
                Poll::Ready(Some(Ok(Frame::trailers(trailers))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }
}
