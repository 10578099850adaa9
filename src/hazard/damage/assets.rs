//! Hospitals, landing sites, depots and bases: what is out, and for how long.

use super::chance::{Draw, Variable};
use super::exposure::{AssetFacts, HospitalFacts};
use super::profile::{Loss, Profile};
use crate::hazard::shaking::intensity::Intensity;
use crate::id::HospitalId;
use crate::units::Seconds;
use std::fmt::Display;

const DAY_S: Seconds = 86_400;
const MICRO_PER_PERMILLE: u32 = 1_000;

/// What a hospital can still do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum HospitalState {
    /// Takes nobody; its patients have to be moved.
    Out,
    /// Takes patients into the beds that are left.
    Reduced,
    /// As before.
    Working,
}

/// A hospital that was shaken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HospitalHit {
    /// Which.
    pub id: HospitalId,
    /// How strongly.
    pub intensity: Intensity,
    /// What it can still do.
    pub state: HospitalState,
    /// Its beds, as far as known, else as many as the profile takes.
    pub beds: u32,
    /// Of those, how many cannot be used.
    pub beds_lost: u32,
    /// As before so many seconds after the shock.
    pub back_after_s: Seconds,
}

/// Something that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssetHit<T> {
    /// Which.
    pub id: T,
    /// How strongly it was shaken.
    pub intensity: Intensity,
    /// To be used again so many seconds after the shock.
    pub back_after_s: Seconds,
}

/// What becomes of a hospital.
pub(super) fn hospital(
    profile: &Profile,
    draw: Draw,
    facts: &HospitalFacts,
    intensity: Intensity,
) -> HospitalHit {
    let key = facts.id.to_string();
    let variable = |name| Variable { draw, name, of: &key };
    let relation = &profile.hospital;
    let beds = facts.beds.unwrap_or(relation.beds_where_unknown);
    let out_micro = relation.out_permille.at_intensity(intensity) * MICRO_PER_PERMILLE;
    let lost_micro = relation.beds_lost_permille.at_intensity(intensity) * MICRO_PER_PERMILLE;
    let (state, beds_lost) = if variable("hospital_out").happens(out_micro) {
        (HospitalState::Out, beds)
    } else {
        match variable("beds_lost").of_count(beds, lost_micro) {
            0 => (HospitalState::Working, 0),
            lost => (HospitalState::Reduced, lost),
        }
    };
    let back_after_s = match state {
        HospitalState::Working => 0,
        HospitalState::Reduced | HospitalState::Out => {
            variable("hospital_days").within(relation.back_days) * DAY_S
        }
    };
    HospitalHit { id: facts.id.clone(), intensity, state, beds, beds_lost, back_after_s }
}

/// The loss of an asset, if it is lost; `name` says of what kind it is.
pub(super) fn asset<T: Clone + Display>(
    loss: Loss,
    draw: Draw,
    name: &str,
    facts: &AssetFacts<T>,
    intensity: Intensity,
) -> Option<AssetHit<T>> {
    let key = facts.id.to_string();
    let lost = Variable { draw, name, of: &key }.happens(loss.lost.share_micro(intensity));
    lost.then(|| {
        let days = Variable { draw, name: &format!("{name}_days"), of: &key }.within(loss.back_days);
        AssetHit { id: facts.id.clone(), intensity, back_after_s: days * DAY_S }
    })
}
