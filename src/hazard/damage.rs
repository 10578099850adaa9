//! What an earthquake does to a union: buildings, people, water and power, hospitals, roads, landing sites, depots, bases.
//!
//! Pure and plain: an earthquake, what there is ([`exposure`]), the coefficients ([`profile`]) and a seed go in, one value
//! comes out ([`Strike`]); who plays a drill makes closures, losses and needs out of it. The way: shaking of every place with
//! scatter, or with what was observed -> relations by the intensity there -> counts, drawn or expected. Absent on purpose:
//! tsunami, fire, liquefaction, and who helps. Entry point: [`strike`].
//!
//! Sources: each relation names its own in the profile, and says whether it is illustrative.

mod assets;
mod chance;
pub mod exposure;
mod ground_motion;
mod people;
pub mod profile;
pub mod relation;
#[cfg(test)]
mod replays;
mod roads;
mod sums;
#[cfg(test)]
mod tests;

pub use assets::{AssetHit, HospitalHit, HospitalState};
pub use chance::Draw;
pub use people::Cut;
pub use profile::Profile;
pub use roads::{Cause, Closure};
pub use sums::Totals;

use super::observed::{Shaken, TooManyObservations};
use super::scatter::{ScatterModel, ScatterProblem};
use super::shaking::Earthquake;
use super::shaking::ground::Relations;
use super::telegram::Reading;
use super::unit_model::SPAN_DAYS_MAX;
use crate::id::{DepotId, SiteId};
use exposure::Exposure;
use ground_motion::Shaking;
use people::Hour;
use std::collections::BTreeMap;

/// Most days that are told: as many as needs are worked out for at once.
pub const DAYS_MAX: u32 = SPAN_DAYS_MAX;

/// How an earthquake is worked out.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    /// What is left to chance.
    pub draw: Draw,
    /// Hour of the day in Japan at which it happens, 0 to 23.
    pub hour: u32,
    /// How many days are told, 1 to [`DAYS_MAX`].
    pub days: u32,
    /// What was observed, by code of the municipality or ward; none: nothing. With observations the shaking is the best guess
    /// from both, and chance decides on what follows alone.
    pub observed: Option<&'a BTreeMap<u32, Reading>>,
    /// From velocity to intensity.
    pub relations: Relations,
    /// How the scatter is made up.
    pub scatter: ScatterModel,
}

impl Default for Order<'_> {
    /// What is expected of an earthquake at nine in the morning, told for thirty days, nothing observed.
    fn default() -> Self {
        Order {
            draw: Draw::Expected,
            hour: 9,
            days: 30,
            observed: None,
            relations: Relations::default(),
            scatter: ScatterModel::default(),
        }
    }
}

/// A town after the shock. Lists by day begin with day 1, the first 24 hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TownHit {
    /// Its code: of a municipality, or of a ward.
    pub code: u32,
    /// The municipality that its people belong to.
    pub municipality: u32,
    /// How many live there.
    pub population: u32,
    /// How strongly it was shaken, and what that rests on.
    pub shaken: Shaken,
    /// Wooden buildings that collapsed fully.
    pub wooden_full: u32,
    /// Wooden buildings that collapsed half.
    pub wooden_half: u32,
    /// Other buildings that collapsed fully.
    pub other_full: u32,
    /// Other buildings that collapsed half.
    pub other_half: u32,
    /// People dead at once.
    pub dead: u32,
    /// People hurt seriously.
    pub serious: u32,
    /// People hurt lightly.
    pub light: u32,
    /// Water from the tap.
    pub water: Cut,
    /// Electric power.
    pub power: Cut,
    /// People in shelters, by day.
    pub in_shelter: Vec<u32>,
    /// People without water, by day.
    pub without_water: Vec<u32>,
    /// People without power, by day.
    pub without_power: Vec<u32>,
}

/// What an earthquake did. Everything counts from the shock; nothing here names a clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strike {
    /// Every town of the exposure, in its order.
    pub towns: Vec<TownHit>,
    /// Every hospital, in the order of the exposure.
    pub hospitals: Vec<HospitalHit>,
    /// The roads that are closed, in the order of the exposure.
    pub closures: Vec<Closure>,
    /// The landing sites that cannot be used.
    pub sites: Vec<AssetHit<SiteId>>,
    /// The depots and receiving points that cannot be used.
    pub depots: Vec<AssetHit<DepotId>>,
    /// The bases that helicopters cannot leave, by the site that they are at.
    pub bases: Vec<AssetHit<SiteId>>,
}

/// Why an earthquake cannot be worked out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StrikeFault {
    /// The scatter cannot be drawn.
    #[error(transparent)]
    Scatter(#[from] ScatterProblem),
    /// Too much was observed.
    #[error(transparent)]
    Observed(#[from] TooManyObservations),
    /// An hour that no day has.
    #[error("{hour} is no hour of the day; allowed is 0 to 23")]
    Hour {
        /// What was stated.
        hour: u32,
    },
    /// Too many days, or none.
    #[error("{days} days cannot be told; allowed is 1 to {DAYS_MAX}")]
    Days {
        /// What was stated.
        days: u32,
    },
}

/// Works out what `earthquake` does to `exposure`. Equal arguments give equal values on every machine.
///
/// # Errors
/// [`StrikeFault`].
///
/// # Complexity
/// One field of scatter over all places, then O(places x log buildings hit); with observations also O(observations³ / 6 +
/// places x observations²).
pub fn strike(
    earthquake: &Earthquake,
    exposure: &Exposure,
    profile: &Profile,
    order: Order<'_>,
) -> Result<Strike, StrikeFault> {
    if order.hour > 23 {
        return Err(StrikeFault::Hour { hour: order.hour });
    }
    if !(1..=DAYS_MAX).contains(&order.days) {
        return Err(StrikeFault::Days { days: order.days });
    }
    let shaking = Shaking::of(earthquake, exposure, order)?;
    let draw = order.draw;
    let hour = Hour { profile, draw, hour: order.hour, days: order.days };
    let towns = exposure.towns.iter().zip(shaking.towns);
    let hospitals = exposure.hospitals.iter().zip(shaking.hospitals);
    let roads = exposure.roads.iter().enumerate().zip(shaking.roads);
    let sites = exposure.sites.iter().zip(shaking.sites);
    let depots = exposure.depots.iter().zip(shaking.depots);
    let bases = exposure.bases.iter().zip(shaking.bases);
    Ok(Strike {
        towns: towns.map(|(town, shaken)| hour.town(town, shaken)).collect(),
        hospitals: hospitals.map(|(facts, at)| assets::hospital(profile, draw, facts, at)).collect(),
        closures: roads.filter_map(|(road, at)| roads::closure(profile, draw, road, at)).collect(),
        sites: sites.filter_map(|(facts, at)| assets::asset(profile.site, draw, "site", facts, at)).collect(),
        depots: depots
            .filter_map(|(facts, at)| assets::asset(profile.depot, draw, "depot", facts, at))
            .collect(),
        bases: bases.filter_map(|(facts, at)| assets::asset(profile.base, draw, "base", facts, at)).collect(),
    })
}
