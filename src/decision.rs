//! The decision core: commands in, events or a refusal out; the state that events fold into; deadlines.
//!
//! Pure. Absent on purpose: I/O, clocks, randomness, threads, travel times. Time comes as an argument; what was
//! solved elsewhere comes inside a command and is judged again here. [`State::decide`] holds all policy and changes
//! nothing; [`State::apply`] changes the state and holds no policy; [`duties`] says what one ledger owes another.

mod apply;
pub mod command;
mod decide;
pub mod duties;
pub mod event;
pub mod limits;
pub mod model;
pub mod rejection;
pub mod state;
#[cfg(test)]
mod tests;
pub mod touches;

pub use command::Command;
pub use decide::next_phases;
pub use event::{Context, Event};
pub use rejection::Rejection;
pub use state::State;
