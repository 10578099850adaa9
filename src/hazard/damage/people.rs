//! Buildings and people of one town: what collapses, who is hurt, who is without water and power, who goes to a shelter.
//!
//! Every number is worked out from the one before it, so that a town without collapsed buildings has nobody dead in one.

use super::TownHit;
use super::chance::{Draw, Variable};
use super::exposure::TownFacts;
use super::profile::{Collapse, Profile};
use super::relation::{ALL_MICRO, share_of, velocity_cm_s};
use crate::hazard::observed::Shaken;
use crate::hazard::shaking::intensity::Intensity;
use std::num::NonZeroU32;

/// Below this share, millionths, a cut counts as over.
const OVER_MICRO: u32 = 10_000;
const PERMILLE: u64 = 1_000;
const DAY_H: u32 = 24;

/// Water or power that people lack at once, and how fast it comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The part of the people who lack it at once, millionths.
    pub share_micro: u32,
    /// After so many hours 1/e of them still lack it.
    pub time_constant_h: NonZeroU32,
}

impl Cut {
    /// The part that lacks it at the beginning of `day`, from 1, millionths.
    #[must_use]
    pub fn share_micro_on(self, day: u32) -> u32 {
        let passed = f64::from(day.saturating_sub(1)) * f64::from(DAY_H);
        let left = libm::exp(-passed / f64::from(self.time_constant_h.get()));
        libm::round(f64::from(self.share_micro) * left) as u32
    }

    /// The first day, from 1, on which fewer than one in a hundred lacks it.
    #[must_use]
    pub fn over_on_day(self) -> u32 {
        let times = f64::from(self.share_micro.max(OVER_MICRO)) / f64::from(OVER_MICRO);
        let passed_h = libm::log(times) * f64::from(self.time_constant_h.get());
        let mut day = libm::floor(passed_h / f64::from(DAY_H)) as u32 + 1;
        // The logarithm may end a hair before the day on which it is over.
        while self.share_micro_on(day) >= OVER_MICRO {
            day += 1;
        }
        day
    }
}

/// The share that collapses fully, and the share that collapses fully or half, millionths: the mean over the ages.
pub(super) fn collapsed_micro(collapse: &Collapse, intensity: Intensity) -> (u32, u32) {
    let mean = |earlier_centi: u32| {
        let parts = collapse.ages.iter().map(|age| {
            let share = age.full.earlier(earlier_centi).share_micro(intensity);
            u64::from(age.share_permille) * u64::from(share)
        });
        (parts.sum::<u64>() / PERMILLE) as u32
    };
    (mean(0), mean(collapse.half_earlier_centi))
}

/// Who is without water at once, millionths: breaks by the velocity above which pipes break, and the cut by the breaks.
pub(super) fn water_cut_micro(profile: &Profile, intensity: Intensity) -> u32 {
    let water = &profile.water;
    let above = velocity_cm_s(intensity) - f64::from(water.pipe_from_cm_s);
    if above <= 0.0 || water.pipe_micro_per_km == 0 {
        return 0;
    }
    let exponent = f64::from(water.pipe_exponent_milli) / 1e3;
    let breaks = f64::from(water.pipe_micro_per_km) / 1e6 * libm::pow(above, exponent);
    let slow = libm::pow(breaks, -f64::from(water.cut_exponent_milli) / 1e3);
    let cut = 1.0 / (1.0 + f64::from(water.cut_factor_milli) / 1e3 * slow);
    libm::round(cut * f64::from(ALL_MICRO)) as u32
}

/// What is worked out and drawn for every town alike.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hour<'a> {
    pub(super) profile: &'a Profile,
    pub(super) draw: Draw,
    /// Hour of the day at which it happens, 0 to 23.
    pub(super) hour: u32,
    /// How many days are told.
    pub(super) days: u32,
}

/// Buildings of one kind.
struct Buildings {
    all: u32,
    full: u32,
    half: u32,
}

impl Hour<'_> {
    /// Works a town out.
    pub(super) fn town(&self, town: &TownFacts, shaken: Shaken) -> TownHit {
        let key = format!("{:05}", town.code);
        let variable = |name| Variable { draw: self.draw, name, of: &key };
        let (profile, people, intensity) = (self.profile, u64::from(town.population), shaken.intensity);
        let stock = profile.stock;
        let wooden = self.buildings(
            &profile.wooden,
            stock.wooden_per_1000,
            town,
            intensity,
            ["wooden_full", "wooden_half"],
        );
        let other = self.buildings(
            &profile.other,
            stock.other_per_1000,
            town,
            intensity,
            ["other_full", "other_half"],
        );
        let indoors_permille = u64::from(profile.indoors_permille.at(self.hour));
        let indoors = people * indoors_permille / PERMILLE;
        let hurt = self.hurt_milli(&wooden, &other, indoors_permille, indoors, intensity);
        let within = |count: u32| count.min(town.population);
        let dead = within(variable("dead").around(hurt.dead));
        let serious = within(variable("serious").around(hurt.serious)).min(town.population - dead);
        let light = within(variable("light").around(hurt.light)).min(town.population - dead - serious);
        let homes = self.homes(&wooden, &other, people);
        let cut = |share_micro: u32, time_constant_h: u32| Cut {
            share_micro,
            time_constant_h: NonZeroU32::new(time_constant_h).unwrap_or(NonZeroU32::MIN),
        };
        let centi = u32::from(intensity.centi());
        let water = cut(water_cut_micro(profile, intensity), profile.water.time_constant_h.at(centi));
        let power = cut(profile.power.cut.share_micro(intensity), profile.power.time_constant_h.at(centi));
        let days = 1..=self.days;
        let alive = people - u64::from(dead);
        TownHit {
            code: town.code,
            municipality: town.municipality,
            population: town.population,
            shaken,
            wooden_full: wooden.full,
            wooden_half: wooden.half,
            other_full: other.full,
            other_half: other.half,
            dead,
            serious,
            light,
            water,
            power,
            in_shelter: days.clone().map(|day| self.in_shelter(alive, homes, water, day)).collect(),
            without_water: days
                .clone()
                .map(|day| share_of(alive, water.share_micro_on(day)) as u32)
                .collect(),
            without_power: days.map(|day| share_of(alive, power.share_micro_on(day)) as u32).collect(),
        }
    }

    fn buildings(
        &self,
        collapse: &Collapse,
        per_1000: u32,
        town: &TownFacts,
        intensity: Intensity,
        [full_name, half_name]: [&str; 2],
    ) -> Buildings {
        let key = format!("{:05}", town.code);
        let all = (u64::from(town.population) * u64::from(per_1000) / 1_000) as u32;
        let (full_micro, worse_micro) = collapsed_micro(collapse, intensity);
        let full = Variable { draw: self.draw, name: full_name, of: &key }.of_count(all, full_micro);
        // Of those that did not collapse fully.
        let standing_micro = u64::from(ALL_MICRO - full_micro.min(ALL_MICRO));
        let half_micro = u64::from(worse_micro.saturating_sub(full_micro)) * u64::from(ALL_MICRO);
        let half_micro = half_micro.checked_div(standing_micro).unwrap_or(0) as u32;
        let half = Variable { draw: self.draw, name: half_name, of: &key }.of_count(all - full, half_micro);
        Buildings { all, full, half }
    }

    /// How many are expected to be hurt, thousandths of people.
    fn hurt_milli(
        &self,
        wooden: &Buildings,
        other: &Buildings,
        indoors_permille: u64,
        indoors: u64,
        intensity: Intensity,
    ) -> Hurt {
        let (profile, stock) = (self.profile, self.profile.stock);
        let other_permille = PERMILLE - u64::from(stock.people_in_wooden_permille);
        // People in one other building over people in a wooden one, thousandths.
        let crowd_permille = (other_permille * u64::from(stock.wooden_per_1000) * PERMILLE)
            .checked_div(u64::from(stock.other_per_1000) * u64::from(stock.people_in_wooden_permille))
            .unwrap_or(PERMILLE);
        // Millionths of dead; one more division by a million gives people, by a thousand thousandths of them.
        let in_wooden = u64::from(wooden.full) * u64::from(profile.deaths.wooden_micro);
        let in_other =
            u64::from(other.full) * u64::from(profile.deaths.other_micro) * crowd_permille / PERMILLE;
        let dead = (in_wooden + in_other) * indoors_permille / PERMILLE / 1_000;
        let all = u64::from(wooden.all) + u64::from(other.all);
        let full = u64::from(wooden.full) + u64::from(other.full);
        let collapsed = indoors * u64::from(profile.serious_micro) / 1_000 * full;
        let serious = collapsed.checked_div(all).unwrap_or(0);
        let damaged = u64::from(wooden.full) + u64::from(wooden.half);
        let by_buildings = damaged * u64::from(profile.injured_per_collapsed_wooden_micro) / 1_000;
        let furniture = &profile.furniture;
        let by_furniture = indoors * u64::from(furniture.injured_micro.at_intensity(intensity)) / 1_000;
        let serious_by_furniture = by_furniture * u64::from(furniture.serious_permille) / PERMILLE;
        // Who is hurt seriously is one of those who are hurt.
        let serious_by_buildings = serious.min(by_buildings);
        Hurt {
            dead,
            serious: serious_by_buildings + serious_by_furniture,
            light: by_buildings - serious_by_buildings + by_furniture - serious_by_furniture,
        }
    }

    /// Who leaves a collapsed home, and all who lived in one.
    fn homes(&self, wooden: &Buildings, other: &Buildings, people: u64) -> Homes {
        let (stock, leave) = (self.profile.stock, self.profile.leave);
        let lived = |buildings: &Buildings, collapsed: u32, people_permille: u32| {
            let people = people * u64::from(people_permille) / PERMILLE;
            (people * u64::from(collapsed)).checked_div(u64::from(buildings.all)).unwrap_or(0)
        };
        let other_permille = PERMILLE as u32 - stock.people_in_wooden_permille;
        let full = lived(wooden, wooden.full, stock.people_in_wooden_permille)
            + lived(other, other.full, other_permille);
        let half = lived(wooden, wooden.half, stock.people_in_wooden_permille)
            + lived(other, other.half, other_permille);
        let leaving = full * u64::from(leave.full_permille) + half * u64::from(leave.half_permille);
        Homes { leaving: leaving / PERMILLE, damaged: full + half }
    }

    /// Who is in a shelter on `day`: a part of those who left a damaged home, or a home that stands and has no water.
    fn in_shelter(&self, alive: u64, homes: Homes, water: Cut, day: u32) -> u32 {
        let standing = alive.saturating_sub(homes.damaged);
        let dry = share_of(standing, water.share_micro_on(day));
        let leaving = dry * u64::from(self.profile.distress_permille.between(day)) / PERMILLE;
        let out = homes.leaving.min(alive) + leaving;
        (out.min(alive) * u64::from(self.profile.shelter_permille.between(day)) / PERMILLE) as u32
    }
}

/// Thousandths of people.
struct Hurt {
    dead: u64,
    serious: u64,
    light: u64,
}

#[derive(Clone, Copy)]
struct Homes {
    leaving: u64,
    damaged: u64,
}
