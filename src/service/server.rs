//! One listener for gRPC (h2c), gRPC-web and pages: limits, deadlines, protection of connections, a graceful stop.
//!
//! Entry point: [`Server::bind`], then [`Server::run`] beside the replay, then [`Opening::open`] with the services.
//! Until then the health service answers `NOT_SERVING` and everything else `UNAVAILABLE`.
//!
//! Absent on purpose: TLS and identities, so only loopback addresses are listened on. The loop over connections is our
//! own, since a stock one never closes silent connections, knows no cap and answers an expired deadline `CANCELLED`.

mod connection;
mod deadline;
mod door;
mod front;
mod gate;
mod limits;
mod methods;
mod origin;
mod services;
mod span;
mod stream_end;
#[cfg(test)]
mod tests;
mod tidy;

pub use limits::{Limits, MESSAGE_BYTES_MAX};
pub(in crate::service) use origin::is_loopback_name;
pub use services::Services;

use connection::Builders;
use door::Door;
use front::Entry;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::{JoinError, JoinSet};
use tonic_health::ServingStatus;
use tracing::{error, info, warn};

/// How long to wait after an accept failed for want of something that may come back, like file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Why the server cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum ServerFault {
    /// Others could reach the address, and nobody is asked who they are yet.
    #[error(
        "{address} can be reached from other machines; listen on 127.0.0.1 or [::1] until callers are identified"
    )]
    NotLoopback {
        /// The address that was asked for.
        address: SocketAddr,
    },
    /// Somebody else listens there.
    #[error(
        "port {port} is in use on {address}; stop whoever listens there or choose another with --listen",
        port = .address.port()
    )]
    PortInUse {
        /// The address that was asked for.
        address: SocketAddr,
    },
    /// The address cannot be listened on for another reason.
    #[error("cannot listen on {address}: {source}; check --listen")]
    Listen {
        /// The address that was asked for.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
    /// The signals that stop the server cannot be listened for.
    #[error("cannot listen for the signals that stop the server: {source}")]
    Signals {
        /// Why.
        source: io::Error,
    },
}

/// A bound listener and everything that stands between it and the services.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    local_addr: SocketAddr,
    entry: Arc<Entry>,
    stop: watch::Sender<bool>,
}

/// The handle that lets callers in once there is something to serve.
#[derive(Clone, Debug)]
pub struct Opening {
    entry: Arc<Entry>,
}

/// How a server ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// Connections that had not finished within [`Limits::stop`] and were cut.
    pub connections_cut: usize,
    /// Connections on which our own code failed: bugs, each in the log.
    pub connections_failed: usize,
}

impl Server {
    /// Takes the port. Nothing is answered before [`Server::run`].
    ///
    /// # Errors
    /// [`ServerFault::NotLoopback`], [`ServerFault::PortInUse`], [`ServerFault::Listen`].
    pub async fn bind(address: SocketAddr, limits: Limits) -> Result<Server, ServerFault> {
        if !address.ip().to_canonical().is_loopback() {
            return Err(ServerFault::NotLoopback { address });
        }
        let fault = |source: io::Error| match source.kind() {
            io::ErrorKind::AddrInUse => ServerFault::PortInUse { address },
            _ => ServerFault::Listen { address, source },
        };
        let listener = TcpListener::bind(address).await.map_err(fault)?;
        let local_addr = listener.local_addr().map_err(fault)?;
        let (stop, stopping) = watch::channel(false);
        let entry = Arc::new(Entry::new(limits, stopping).await);
        Ok(Server { listener, local_addr, entry, stop })
    }

    /// Where it listens; with port 0 asked for, the port that was given.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// The handle that lets callers in.
    #[must_use]
    pub fn opening(&self) -> Opening {
        Opening { entry: Arc::clone(&self.entry) }
    }

    /// Serves until `shutdown`, then stops gracefully: takes no more connections and calls, says `NOT_SERVING`, ends
    /// streams with `UNAVAILABLE`, lets calls that run finish, and cuts what is left after [`Limits::stop`].
    ///
    /// Commands that were handed to an authority go on without it: stop the authorities after it.
    pub async fn run(self, shutdown: impl Future<Output = ()>) -> Ended {
        let Server { listener, local_addr, entry, stop } = self;
        let door = Door::new(&entry.shared.limits);
        let builders = Builders::new(&entry.shared.limits);
        let mut connections = JoinSet::new();
        let mut connections_failed = 0;
        let mut shutdown = std::pin::pin!(shutdown);
        info!(address = %local_addr, "listening");
        loop {
            tokio::select! {
                biased;
                () = &mut shutdown => break,
                Some(ended) = connections.join_next() => connections_failed += count_failed(ended),
                accepted = listener.accept() => match accepted {
                    // Whoever finds no seat is let go at once: that costs least under a flood.
                    Ok((stream, peer)) => if let Some(seat) = door.admit(peer.ip()) {
                        let (entry, builders) = (Arc::clone(&entry), builders.clone());
                        connections.spawn(connection::serve(stream, peer, seat, entry, builders));
                    },
                    Err(fault) => pause_after(&fault).await,
                }
            }
        }
        drop(listener);
        info!(connections = connections.len(), "stopping");
        // Before the signal: whoever watches health reads NOT_SERVING, then the end of its stream.
        entry.report(ServingStatus::NotServing).await;
        stop.send_replace(true);
        let limit = entry.shared.limits.stop;
        let finished = async {
            while let Some(ended) = connections.join_next().await {
                connections_failed += count_failed(ended);
            }
        };
        let _ = tokio::time::timeout(limit, finished).await;
        let connections_cut = connections.len();
        connections.shutdown().await;
        info!(connections_cut, connections_failed, "stopped");
        Ended { connections_cut, connections_failed }
    }
}

impl Opening {
    /// Lets callers in: from now on health says `SERVING`, unless the server stops already.
    ///
    /// # Panics
    /// When called twice: what was opened is in use.
    pub async fn open(&self, services: Services) {
        assert!(self.entry.open(services), "a server is opened once");
        self.entry.report(ServingStatus::Serving).await;
        // A stop may have come between: whichever speaks last says the same.
        if *self.entry.shared.stopping.borrow() {
            self.entry.report(ServingStatus::NotServing).await;
        }
    }
}

/// Waits for SIGTERM or SIGINT. The handlers stand when this returns, so no signal is lost before the first poll.
///
/// # Errors
/// [`ServerFault::Signals`].
#[cfg(unix)]
pub fn stop_signal() -> Result<impl Future<Output = ()> + Send, ServerFault> {
    use tokio::signal::unix::{SignalKind, signal};
    let fault = |source| ServerFault::Signals { source };
    let mut terminate = signal(SignalKind::terminate()).map_err(fault)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(fault)?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Waits for Ctrl-C.
///
/// # Errors
/// Never here; the signature is that of other systems.
#[cfg(not(unix))]
pub fn stop_signal() -> Result<impl Future<Output = ()> + Send, ServerFault> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}

/// 1 for a connection whose task panicked: the others go on, and a person must look at it.
fn count_failed(ended: Result<(), JoinError>) -> usize {
    match ended {
        Err(fault) if fault.is_panic() => {
            error!(%fault, "a connection failed by a bug");
            1
        }
        _ => 0,
    }
}

/// A caller that went away while it was accepted is nothing; a machine without file descriptors needs a moment.
async fn pause_after(fault: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(fault.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        warn!(%fault, "cannot accept connections for the moment");
        tokio::time::sleep(ACCEPT_PAUSE).await;
    }
}
