//! yui, the dispatcher of a union of local governments.
//!
//! Arrows of dependency point one way, down this list; `ARCHITECTURE.md` is the map.
//!
//! | module | what it is |
//! |---|---|
//! | [`service`] | gRPC, errors to `Status`, conversion protobuf <-> domain |
//! | [`drill`] | scenario folders, read and laid into the ledgers of a drill space |
//! | [`record`] | the decision core's events as bytes for ever, digests of its values |
//! | [`ledger`] | the ledgers on disk: append with an expected sequence, read, verify |
//! | [`network`] | trunk roads, shortest travel times, closures, ambulance legs |
//! | [`spatial`] | nearest and within, over points |
//! | [`daylight`] | sunrise, sunset, civil twilight |
//! | [`units`], [`id`] | seconds, metres, positions, identifiers |

pub mod api;
pub mod authority;
pub mod clock;
pub mod daylight;
pub mod decision;
pub mod drill;
pub mod id;
pub mod ledger;
pub mod network;
pub mod record;
pub mod service;
pub mod spatial;
pub mod units;
