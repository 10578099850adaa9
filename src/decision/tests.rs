//! Given events, when a command, then events or a refusal. Each test is named for what went wrong, or would.

mod attempts;
mod clock;
mod custodian;
mod fixtures;
mod leases;
mod merges;
mod pairs;
mod updates;
