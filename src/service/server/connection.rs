//! One connection: greeting within a time, HTTP/2 or HTTP/1, no reader who stalls, a graceful end.

use super::Limits;
use super::door::{Acquaintance, Seat};
use super::front::Entry;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulConnection;
use std::convert::Infallible;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Sleep;
use tonic::transport::server::TcpConnectInfo;
use tracing::debug;

/// What an HTTP/2 client says first (RFC 9113, 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// The preface and the head of the SETTINGS frame that must follow it: less is no greeting.
const GREETING_BYTES: usize = PREFACE.len() + 9;

/// How each protocol is served.
#[derive(Clone)]
pub(super) struct Builders {
    http1: http1::Builder,
    http2: http2::Builder<TokioExecutor>,
}

impl Builders {
    pub(super) fn new(limits: &Limits) -> Builders {
        let mut http1 = http1::Builder::new();
        http1.timer(TokioTimer::new()).header_read_timeout(limits.greeting).max_headers(64);
        http1.max_buf_size(usize::try_from(limits.header_bytes_max).unwrap_or(usize::MAX).max(8_192));
        let mut http2 = http2::Builder::new(TokioExecutor::new());
        http2
            .timer(TokioTimer::new())
            .keep_alive_interval(limits.keepalive_interval)
            .keep_alive_timeout(limits.keepalive_timeout)
            .max_concurrent_streams(limits.streams_max)
            .max_header_list_size(limits.header_bytes_max)
            // Rapid reset (CVE-2023-44487): who opens and resets without end is sent away.
            .max_pending_accept_reset_streams(20)
            .max_local_error_reset_streams(64);
        Builders { http1, http2 }
    }
}

/// Serves one connection until it ends, is evicted, or the server stops and its calls are finished.
pub(super) async fn serve(
    mut stream: TcpStream,
    peer: SocketAddr,
    mut seat: Seat,
    entry: Arc<Entry>,
    builders: Builders,
) {
    let mut stopping = entry.shared.stopping.clone();
    let greeted = tokio::select! {
        greeted = tokio::time::timeout(entry.shared.limits.greeting, greet(&mut stream)) => greeted,
        () = seat.evicted() => return,
        _ = stopping.wait_for(|stopping| *stopping) => return,
    };
    let Ok(Ok(greeting)) = greeted else {
        debug!("a connection said nothing that is HTTP in time");
        return;
    };
    let _ = stream.set_nodelay(true);
    let local = stream.local_addr().ok();
    let http2 = greeting.starts_with(PREFACE);
    let wire = TokioIo::new(Wire::new(greeting, stream, entry.shared.limits.write_stall));
    let answer = |entry: Arc<Entry>, acquaintance: Acquaintance| {
        service_fn(move |mut request: axum::http::Request<Incoming>| {
            acquaintance.made();
            request.extensions_mut().insert(ConnectInfo(peer));
            request.extensions_mut().insert(TcpConnectInfo { local_addr: local, remote_addr: Some(peer) });
            let entry = Arc::clone(&entry);
            async move { Ok::<_, Infallible>(entry.answer(request.map(Body::new)).await) }
        })
    };
    let service = answer(Arc::clone(&entry), seat.acquaintance());
    let ended = if http2 {
        drive(builders.http2.serve_connection(wire, service), &mut seat, &entry).await
    } else {
        drive(builders.http1.serve_connection(wire, service), &mut seat, &entry).await
    };
    if let Err(fault) = ended {
        debug!(%fault, "a connection ended badly");
    }
}

/// Polls a connection to its end; at a stop it sends the go-away and lets its calls finish.
async fn drive<C: GracefulConnection>(conn: C, seat: &mut Seat, entry: &Entry) -> Result<(), C::Error> {
    let mut conn = std::pin::pin!(conn);
    let mut stopping = entry.shared.stopping.clone();
    tokio::select! {
        ended = conn.as_mut() => return ended,
        () = seat.evicted() => return Ok(()),
        _ = stopping.wait_for(|stopping| *stopping) => {}
    }
    conn.as_mut().graceful_shutdown();
    conn.await
}

/// Reads until it is clear what is spoken. HTTP/1 is whatever does not begin as HTTP/2 does.
async fn greet(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut greeting = Vec::with_capacity(GREETING_BYTES);
    while greeting.len() < GREETING_BYTES {
        let mut rest = [0; GREETING_BYTES];
        let room = GREETING_BYTES - greeting.len();
        let count = stream.read(&mut rest[..room]).await?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        greeting.extend_from_slice(&rest[..count]);
        let common = greeting.len().min(PREFACE.len());
        if greeting[..common] != PREFACE[..common] {
            break;
        }
    }
    Ok(greeting)
}

/// A stream whose first bytes were read already, and which ends when its reader stalls.
struct Wire {
    greeting: io::Cursor<Vec<u8>>,
    stream: TcpStream,
    patience: Duration,
    /// Runs while something waits to be written.
    stalled: Option<Pin<Box<Sleep>>>,
}

impl Wire {
    fn new(greeting: Vec<u8>, stream: TcpStream, patience: Duration) -> Wire {
        Wire { greeting: io::Cursor::new(greeting), stream, patience, stalled: None }
    }

    /// Passes on what a write came to; one that has waited too long is an error.
    fn watch_stall<T>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let patience = self.patience;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        stalled.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let wire = &mut *self;
        let at = usize::try_from(wire.greeting.position()).unwrap_or(usize::MAX);
        let rest = wire.greeting.get_ref().get(at..).unwrap_or_default();
        if rest.is_empty() {
            return Pin::new(&mut wire.stream).poll_read(cx, buf);
        }
        let count = rest.len().min(buf.remaining());
        buf.put_slice(&rest[..count]);
        wire.greeting.set_position((at + count) as u64);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.watch_stall(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.watch_stall(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
