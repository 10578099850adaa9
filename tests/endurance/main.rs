//! The server as a process of its own under load: killed at the worst moment, fought over by many clients.
//!
//! Short by default; `make soak` asks for more: `KILLS` kills, `ATTEMPTS` attempts of `CLIENTS` clients, `SEED`.
#![allow(unreachable_pub, missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test binary")]
#![allow(clippy::print_stdout, reason = "what was endured is printed for whoever asked for much")]

mod audit;
mod contest;
mod crash;
mod server;

use std::str::FromStr;

/// A figure from the environment, or the short one.
fn asked<T: FromStr>(key: &str, short: T) -> T {
    match std::env::var(key) {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("{key}={text} is no number")),
        Err(_) => short,
    }
}
