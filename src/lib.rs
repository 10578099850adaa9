//! yui, the dispatcher of a union of local governments.
//!
//! Arrows of dependency point one way, down this list; `ARCHITECTURE.md` is the map.
//!
//! | module | what it is |
//! |---|---|
//! | [`cli`] | the command line over gRPC: arguments, tables, texts of faults |
//! | [`host`] | one space put together: ledgers, planner, services, pages, port |
//! | [`service`], [`api`] | gRPC, gRPC-web and pages on one port; the wire's types and the conversion to ours |
//! | [`lang`] | the two languages, every closed word of the wire in both |
//! | [`telemetry`] | the log to stderr |
//! | [`drill`] | scenario folders, read and laid into the ledgers of a drill space |
//! | [`authority`] | the loop of each ledger, the merged view, problems stated from it, attempts driven |
//! | [`ledger`] | the ledgers on disk: append with an expected sequence, read, verify |
//! | [`record`] | the decision core's events and rankings' problems as bytes for ever, digests of its values |
//! | [`decision`] | commands in, events or a refusal out; the state they fold into |
//! | [`allocator`] | which helicopter goes, and why not the others; looks at nothing but its `Problem` |
//! | [`network`] | trunk roads, shortest travel times, closures, ambulance legs |
//! | [`hazard`] | how strongly an earthquake shakes, what was observed of it, what people then need |
//! | [`spatial`] | nearest and within, over points |
//! | [`daylight`] | sunrise, sunset, civil twilight |
//! | [`clock`] | the only place that asks the system for the time |
//! | `spelling` | which known name was meant by a misspelt one |
//! | [`units`], [`id`] | seconds, metres, positions, identifiers |

pub mod allocator;
pub mod api;
pub mod authority;
pub mod cli;
pub mod clock;
pub mod daylight;
pub mod decision;
pub mod drill;
pub mod hazard;
pub mod host;
pub mod id;
pub mod lang;
pub mod ledger;
pub mod network;
pub mod record;
pub mod service;
pub mod spatial;
mod spelling;
pub mod telemetry;
pub mod units;
