//! User stories through the real gRPC: port 0, a virtual clock, the Kansai drill.
#![allow(unreachable_pub, missing_docs, clippy::unwrap_used, clippy::panic, reason = "a test binary")]

mod a_helicopter_now;
mod common;
