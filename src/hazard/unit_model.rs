//! The unit model: people by kind, times what one of them needs, gives needs by commodity and day.
//!
//! Integers throughout, and one place rounds: a quantity is rounded up, once, after everything is multiplied. Absent on
//! purpose: what is in stock already, and how sure the people were counted. Entry points: [`Profile::needs`] for one day,
//! [`Profile::spans`] for several.
//!
//! Source of the form and of most rates: Tokyo's damage estimate of 2022, p. 401 (food 1.2 x 3 meals for people in
//! shelters, water 3 L for people whose water is cut, two blankets), the same family as the state's; every rate of
//! Kansai names its own in `scenarios/kansai/unit_model.toml`.

mod people;
#[cfg(test)]
mod tests;

pub use people::{Kind, PEOPLE_MAX, People, PeopleFault, UnknownKind};

use crate::id::Slug;
use std::collections::BTreeMap;

/// Highest rate: a thousand units for one person.
pub const RATE_MILLIS_MAX: u32 = 1_000_000;
/// Most commodities of a profile, facilities apart.
pub const GOODS_MAX: usize = 1_000;
/// Most steps of what is kept.
pub const STEPS_MAX: usize = 100;
/// Last day after a shock that is worked out: ten years.
pub const DAY_MAX: u32 = 3_653;
/// Most days that are worked out at once: a quarter of a year.
pub const SPAN_DAYS_MAX: u32 = 92;

const PERMILLE: u32 = 1_000;
/// Thousandths of people times thousandths of a unit.
const MILLIONTHS: u64 = 1_000_000;
const _: () = assert!((PEOPLE_MAX as u64 * PERMILLE as u64).checked_mul(RATE_MILLIS_MAX as u64).is_some());

/// What one person needs, in thousandths of a commodity's unit.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Rate {
    /// Eaten up: so much every day.
    PerDay(u32),
    /// Kept: so much has to be there, by the first day from which it holds, days ascending.
    Standing(Vec<(u32, u32)>),
}

/// What is needed of one commodity, and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    of: Kind,
    rate: Rate,
}

/// What a profile cannot say.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProfileProblem {
    /// No such people.
    #[error(transparent)]
    UnknownKind(#[from] UnknownKind),
    /// A share of people that are counted themselves.
    #[error("people of the kind {kind} are no part of the people in shelters; leave the share out")]
    NotAPart {
        /// Whom.
        kind: Kind,
    },
    /// A share that cannot be.
    #[error("{permille} thousandths of the people in shelters cannot be; allowed is 0 to 1000")]
    ShareAbsurd {
        /// What was stated.
        permille: i64,
    },
    /// A part without its share.
    #[error("people of the kind {kind} have no share of the people in shelters; state one")]
    NoShare {
        /// Whom.
        kind: Kind,
    },
    /// A rate that cannot be.
    #[error("a rate of {millis} thousandths cannot be; allowed is 0 to {RATE_MILLIS_MAX}")]
    RateAbsurd {
        /// What was stated.
        millis: i64,
    },
    /// Steps that hold from no day, or none at all.
    #[error("steps begin on ascending days of 1 to {DAY_MAX}, at least one and at most {STEPS_MAX} of them")]
    Steps,
    /// A step that takes away what was there.
    #[error("the step of day {day} is lower than the one before; what is kept is not given back")]
    StepDown {
        /// The first day of the step.
        day: i64,
    },
    /// Something stated twice.
    #[error("stands there twice; remove one")]
    Twice,
    /// Too many commodities.
    #[error("more than {GOODS_MAX} commodities; leave some out")]
    TooManyGoods,
}

impl Demand {
    /// What `of` eat up: `millis` thousandths a person and day.
    ///
    /// # Errors
    /// [`ProfileProblem::RateAbsurd`].
    pub fn per_day(of: Kind, millis: i64) -> Result<Demand, ProfileProblem> {
        Ok(Demand { of, rate: Rate::PerDay(rate(millis)?) })
    }

    /// What `of` keep: pairs of the first day, from 1, and thousandths a person from then on; nothing before the first.
    ///
    /// # Errors
    /// [`ProfileProblem`] of the first step that cannot be.
    pub fn standing(of: Kind, steps: &[(i64, i64)]) -> Result<Demand, ProfileProblem> {
        if !(1..=STEPS_MAX).contains(&steps.len()) {
            return Err(ProfileProblem::Steps);
        }
        let mut kept: Vec<(u32, u32)> = Vec::with_capacity(steps.len());
        for &(day, millis) in steps {
            let (last_day, last_millis) = kept.last().copied().unwrap_or((0, 0));
            let from = u32::try_from(day).ok().filter(|from| *from > last_day && *from <= DAY_MAX);
            let millis = rate(millis)?;
            if millis < last_millis {
                return Err(ProfileProblem::StepDown { day });
            }
            kept.push((from.ok_or(ProfileProblem::Steps)?, millis));
        }
        Ok(Demand { of, rate: Rate::Standing(kept) })
    }

    /// What has to come in on `day` for `millis` thousandths of people; of what is kept, what is more than the day before.
    fn on(&self, people_millis: u64, day: u32) -> u64 {
        match &self.rate {
            Rate::PerDay(millis) => rounded_up(people_millis, *millis),
            Rate::Standing(_) => {
                self.present(people_millis, day) - self.present(people_millis, day.saturating_sub(1))
            }
        }
    }

    /// What has to be there on `day`.
    fn present(&self, people_millis: u64, day: u32) -> u64 {
        match &self.rate {
            Rate::PerDay(millis) => rounded_up(people_millis, *millis),
            Rate::Standing(steps) => {
                let held = steps.partition_point(|&(from, _)| from <= day);
                held.checked_sub(1).map_or(0, |last| rounded_up(people_millis, steps[last].1))
            }
        }
    }
}

fn rate(millis: i64) -> Result<u32, ProfileProblem> {
    let rate = u32::try_from(millis).ok().filter(|rate| *rate <= RATE_MILLIS_MAX);
    rate.ok_or(ProfileProblem::RateAbsurd { millis })
}

/// Whole units; the one place that rounds.
fn rounded_up(people_millis: u64, rate_millis: u32) -> u64 {
    (people_millis * u64::from(rate_millis)).div_ceil(MILLIONTHS)
}

/// The rates of one prefecture, or of whoever puts its own in place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Profile {
    shares_permille: BTreeMap<Kind, u32>,
    goods: BTreeMap<Slug, Demand>,
    facilities: BTreeMap<Slug, Demand>,
}

/// What is needed of one commodity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// Which commodity.
    pub commodity: Slug,
    /// How much, in its unit.
    pub quantity: u64,
}

/// What is needed of one commodity on each of some days, one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Which commodity.
    pub commodity: Slug,
    /// How much on each of the days, in its unit; never 0.
    pub quantity: u64,
    /// The first day, from 1.
    pub first_day: u32,
    /// How many days.
    pub days: u32,
}

impl Profile {
    /// States that `permille` thousandths of the people in shelters are of this kind, where nobody counted them.
    ///
    /// # Errors
    /// [`ProfileProblem`]: no part of the people in shelters, more than all of them, or stated already.
    pub fn add_share(&mut self, kind: Kind, permille: i64) -> Result<(), ProfileProblem> {
        if !kind.is_part() {
            return Err(ProfileProblem::NotAPart { kind });
        }
        let share = u32::try_from(permille).ok().filter(|share| *share <= PERMILLE);
        let share = share.ok_or(ProfileProblem::ShareAbsurd { permille })?;
        match self.shares_permille.insert(kind, share) {
            None => Ok(()),
            Some(_) => Err(ProfileProblem::Twice),
        }
    }

    /// Adds a commodity. Shares have to be stated before.
    ///
    /// # Errors
    /// [`ProfileProblem`]: of people without a share, there already, or one too many.
    pub fn add_good(&mut self, commodity: Slug, demand: Demand) -> Result<(), ProfileProblem> {
        self.check(&demand)?;
        add(&mut self.goods, commodity, demand)
    }

    /// Adds something that is counted and not shipped: seats of toilets.
    ///
    /// # Errors
    /// As [`Profile::add_good`].
    pub fn add_facility(&mut self, facility: Slug, demand: Demand) -> Result<(), ProfileProblem> {
        self.check(&demand)?;
        add(&mut self.facilities, facility, demand)
    }

    fn check(&self, demand: &Demand) -> Result<(), ProfileProblem> {
        let kind = demand.of;
        if kind.is_part() && !self.shares_permille.contains_key(&kind) {
            return Err(ProfileProblem::NoShare { kind });
        }
        Ok(())
    }

    /// The commodities, ascending.
    pub fn commodities(&self) -> impl Iterator<Item = &Slug> {
        self.goods.keys()
    }

    /// What `people` need to come in on `day`, from 1, each commodity once, ascending; 0 where nothing. Of what is kept this
    /// is what has to be there and did not have to the day before; day 0 needs nothing of it.
    ///
    /// # Complexity
    /// O(commodities x log steps).
    #[must_use]
    pub fn needs(&self, people: &People, day: u32) -> Vec<Need> {
        self.counted(&self.goods, people, |demand, people_millis| demand.on(people_millis, day))
    }

    /// What `people` need to come in from `first_day` on for `days` days: the longest runs of days with one quantity, by
    /// commodity and then by day. Nothing for what is not needed.
    ///
    /// # Complexity
    /// O(days x commodities x log steps).
    #[must_use]
    pub fn spans(&self, people: &People, first_day: u32, days: u32) -> Vec<Span> {
        let mut found = Vec::new();
        for (commodity, demand) in &self.goods {
            let people_millis = self.people_millis(people, demand.of);
            let of_days: Vec<(u32, u64)> =
                (first_day..first_day + days).map(|day| (day, demand.on(people_millis, day))).collect();
            for run in of_days.chunk_by(|one, next| one.1 == next.1) {
                let (first_day, quantity) = run[0];
                if quantity > 0 {
                    let (commodity, days) = (commodity.clone(), run.len() as u32);
                    found.push(Span { commodity, quantity, first_day, days });
                }
            }
        }
        found
    }

    /// What has to come in on each day for people who change from day to day, the first being day 1; each commodity once a
    /// day, ascending. Of what is kept it is what was never there before: who goes home leaves nothing to be taken back.
    ///
    /// # Complexity
    /// O(days x commodities x log steps).
    #[must_use]
    pub fn needs_by_day(&self, people_by_day: &[People]) -> Vec<Vec<Need>> {
        let mut kept: BTreeMap<&Slug, u64> = BTreeMap::new();
        let days = people_by_day.iter().zip(1_u32..).map(|(people, day)| {
            let day = self.goods.iter().map(|(commodity, demand)| {
                let present = demand.present(self.people_millis(people, demand.of), day);
                let quantity = match demand.rate {
                    Rate::PerDay(_) => present,
                    Rate::Standing(_) => {
                        let there = kept.entry(commodity).or_default();
                        let before = std::mem::replace(there, present.max(*there));
                        present.saturating_sub(before)
                    }
                };
                Need { commodity: commodity.clone(), quantity }
            });
            day.collect()
        });
        days.collect()
    }

    /// What has to be there on `day` of what is counted and not shipped, ascending.
    #[must_use]
    pub fn facilities(&self, people: &People, day: u32) -> Vec<Need> {
        self.counted(&self.facilities, people, |demand, people_millis| demand.present(people_millis, day))
    }

    fn counted(
        &self,
        of: &BTreeMap<Slug, Demand>,
        people: &People,
        quantity: impl Fn(&Demand, u64) -> u64,
    ) -> Vec<Need> {
        let need = |(commodity, demand): (&Slug, &Demand)| Need {
            commodity: commodity.clone(),
            quantity: quantity(demand, self.people_millis(people, demand.of)),
        };
        of.iter().map(need).collect()
    }

    /// Thousandths of people of a kind: those counted, else their share of the people in shelters.
    fn people_millis(&self, people: &People, kind: Kind) -> u64 {
        match (people.counted(kind), self.shares_permille.get(&kind)) {
            (None, Some(&share)) => u64::from(people.stated(Kind::InShelter)) * u64::from(share),
            (counted, _) => u64::from(counted.unwrap_or(0)) * u64::from(PERMILLE),
        }
    }
}

fn add(to: &mut BTreeMap<Slug, Demand>, commodity: Slug, demand: Demand) -> Result<(), ProfileProblem> {
    if to.len() == GOODS_MAX {
        return Err(ProfileProblem::TooManyGoods);
    }
    match to.insert(commodity, demand) {
        None => Ok(()),
        Some(_) => Err(ProfileProblem::Twice),
    }
}
