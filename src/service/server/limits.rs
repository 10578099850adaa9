//! How much a server takes on at once, and how long it waits.

use std::time::Duration;

/// Bytes of one message that is read: a request with every text at its limit has less than 32 KiB.
pub const MESSAGE_BYTES_MAX: usize = 1 << 20;

/// How much a server takes on at once, and how long it waits. A limit here is a refusal there, never an exhausted machine.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Connections in all. With the files of the ledgers it stays under 1,024, the usual limit of open files.
    pub connections_max: usize,
    /// Connections of one address.
    pub connections_per_address_max: usize,
    /// Connections that have not made a call yet. One more, and the oldest of them is closed: so a flood of silent
    /// connections never keeps out who has something to ask.
    pub strangers_max: usize,
    /// How long a connection may take to say which protocol it speaks, and an HTTP/1 one to send a head.
    pub greeting: Duration,
    /// How often an HTTP/2 connection is asked whether it is still there.
    pub keepalive_interval: Duration,
    /// How long it may take to answer that. Together with the interval under 10 s.
    pub keepalive_timeout: Duration,
    /// How long a connection may leave unread what was sent to it.
    pub write_stall: Duration,
    /// Calls of one connection at once.
    pub streams_max: u32,
    /// Bytes of the headers of one call.
    pub header_bytes_max: u32,
    /// Calls of all connections at once. Each may hold a message of [`MESSAGE_BYTES_MAX`]: 256 MiB at worst.
    pub calls_max: usize,
    /// Those among them that only life-critical calls may use.
    pub calls_reserved: usize,
    /// Life-critical calls that may wait for room.
    pub calls_waiting_max: usize,
    /// How long a call has when its caller does not say.
    pub deadline_default: Duration,
    /// How long a call has at most; the turn of a drill clock by months may take minutes.
    pub deadline_max: Duration,
    /// How long calls may take to finish when the server stops.
    pub stop: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connections_max: 768,
            connections_per_address_max: 512,
            strangers_max: 256,
            greeting: Duration::from_secs(5),
            keepalive_interval: Duration::from_secs(5),
            keepalive_timeout: Duration::from_secs(4),
            write_stall: Duration::from_secs(20),
            streams_max: 128,
            header_bytes_max: 16 * 1024,
            calls_max: 256,
            calls_reserved: 64,
            calls_waiting_max: 256,
            deadline_default: Duration::from_secs(30),
            deadline_max: Duration::from_secs(600),
            stop: Duration::from_secs(10),
        }
    }
}
