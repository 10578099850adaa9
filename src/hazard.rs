//! What a disaster does to people, and what they then need.
//!
//! Pure: values in, values out; profiles, tables and telegrams come as text, never as files. Absent on purpose: stocks,
//! roads, who sends what. Entry points: [`Earthquake::intensities`](shaking::Earthquake::intensities) for how strongly an
//! earthquake shakes, [`telegram::read`] for what was observed, [`observed::Blend`] for both together,
//! [`damage::strike`] for what it does to a union, [`profile::read`] for the rates of a prefecture,
//! [`Profile::needs`](unit_model::Profile::needs) for the needs.

pub mod catalogue;
pub mod correlation;
pub mod damage;
pub mod observed;
pub mod profile;
pub mod scatter;
pub mod shaking;
pub mod table;
pub mod telegram;
pub mod unit_model;
