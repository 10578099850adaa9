//! What a disaster does to people, and what they then need.
//!
//! Pure: values in, values out; profiles come as text, never as files. Absent on purpose: stocks, roads, who sends
//! what. Entry points: [`profile::read`] for the rates of a prefecture,
//! [`Profile::needs`](unit_model::Profile::needs) for the needs.

pub mod profile;
pub mod unit_model;
