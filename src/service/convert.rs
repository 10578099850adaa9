//! Protobuf to domain and back. Absent on purpose: rules; a message that reads well may still be refused by them.
//!
//! Incoming values go through [`Reader`], which knows the space and names the field that is wrong;
//! outgoing ones through [`Shown`], one view as the wire shows it.

mod aid;
pub mod air;
mod asset;
pub mod etag;
pub mod names;
mod pair;
mod place;
pub mod plan;
pub(crate) mod proposal;
pub mod ranking;
pub mod read;
mod request;
mod requisition;
mod road;
pub mod shown;
mod union;
pub mod wire;

pub(crate) use aid::quantity as stock_quantity;
pub(crate) use asset::{outage, state_of as asset_state};
pub use names::{Names, Parent};
pub use read::Reader;
pub(crate) use requisition::keeper;
pub(crate) use road::profile;
pub use shown::Shown;
pub(crate) use union::operating_mode;
pub use wire::Wire;
