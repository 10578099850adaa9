//! The front of the dispatcher: gRPC, gRPC-web and pages on one port; errors turned into `Status`; conversion between
//! protobuf and the domain.
//!
//! It holds no policy: every rule stands in [`decision`](crate::decision). Only this module knows gRPC. A call reads
//! its message, hands a command to the [`Union`](crate::authority::Union) and answers with the resource as the view
//! then shows it. The error table is [`status`].

pub mod air;
pub mod conditions;
pub mod convert;
pub mod desk;
pub mod dispatch;
pub mod drill;
pub mod error;
#[cfg(test)]
mod fake_union;
pub mod filter;
mod known;
pub mod mutual_aid;
pub mod network;
pub mod page;
pub mod paging;
pub mod positions;
pub mod refusal;
pub mod registry;
mod rpc;
pub mod server;
pub mod status;
#[cfg(test)]
mod tests;
pub mod text;
pub mod watch;

pub use desk::{Caller, Desk};
pub use error::ServiceError;
