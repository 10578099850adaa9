//! What a team costs or saves: steps of need and burden, the three tiers in one number.

use super::answer::Objective;
use super::problem::limits::{MISSED_BITS, SECONDS_BITS, STEPS};
use super::teams::{Layout, Teams};

/// The tiers in one number; see [`limits`](super::limits).
pub(super) fn pack(objective: Objective) -> i128 {
    let Objective { uncovered, missed, seconds } = objective;
    (((i128::from(uncovered) << MISSED_BITS) + i128::from(missed)) << SECONDS_BITS) + i128::from(seconds)
}

/// The tiers of a number; a lower tier may be negative.
pub(super) fn unpack(packed: i128) -> Objective {
    let (rest, seconds) = split(packed, SECONDS_BITS);
    let (uncovered, missed) = split(rest, MISSED_BITS);
    let narrow = |value: i128| i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX });
    Objective { uncovered: narrow(uncovered), missed: narrow(missed), seconds: narrow(seconds) }
}

/// What is above `bits`, and what is left, from minus half to half.
fn split(value: i128, bits: u32) -> (i128, i128) {
    let half = 1_i128 << (bits - 1);
    let low = (value + half).rem_euclid(half << 1) - half;
    ((value - low) >> bits, low)
}

/// What each next team costs, in steps: a step reaches up to `end` teams.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Steps(Vec<(u32, i128)>);

impl Steps {
    /// Burden of a supporter with `capacity` teams: nothing for the first tenth, once `burden_s` for the second.
    pub(super) fn of_burden(capacity: u32, burden_s: u32) -> Self {
        let step = |tenth: u32| (end_of_tenth(tenth, capacity), i128::from(tenth) * i128::from(burden_s));
        Self((0..STEPS).map(step).collect())
    }

    /// Weight of the teams of a need in the order in which they come: the first covers, a tenth weighs more than the
    /// next one.
    pub(super) fn of_need(layout: &Layout, phase: usize, municipality: usize) -> Self {
        let need = layout.need(phase, municipality);
        if need == 0 {
            return Self::default();
        }
        let weight = weight(layout, phase, municipality);
        let step = |tenth: u32| {
            let missed = weight * i64::from(STEPS - tenth);
            (end_of_tenth(tenth, need), pack(Objective { missed, ..Objective::default() }))
        };
        let first = Objective { uncovered: 1, missed: weight * i64::from(STEPS), seconds: 0 };
        Self(std::iter::once((1, pack(first))).chain((0..STEPS).map(step)).collect())
    }

    /// The end of the step of team `index`, and what each team of it costs; `None` behind the last.
    pub(super) fn at(&self, index: u32) -> Option<(u32, i128)> {
        self.0.iter().find(|(end, _)| index < *end).copied()
    }

    /// Steps from team `index` on: how many teams, what each costs.
    pub(super) fn from(&self, index: u32) -> impl Iterator<Item = (u32, i128)> {
        let mut begin = index;
        self.0.iter().filter_map(move |&(end, cost)| {
            let count = end.saturating_sub(begin);
            begin = begin.max(end);
            (count > 0).then_some((count, cost))
        })
    }

    /// Cost of all teams from `index` on.
    pub(super) fn sum_from(&self, index: u32) -> i128 {
        self.from(index).map(|(count, cost)| i128::from(count) * cost).sum()
    }
}

/// How many of `count` teams lie in the tenths up to `tenth`.
fn end_of_tenth(tenth: u32, count: u32) -> u32 {
    ((tenth + 1) * count).div_ceil(STEPS)
}

/// People for each team that is needed, the more the more staff is lost; rounded up, at least one.
fn weight(layout: &Layout, phase: usize, municipality: usize) -> i64 {
    let place = &layout.problem.municipalities[municipality];
    let people = u64::from(place.people_affected) * u64::from(1000 + place.staff_lost_permille);
    let teams = 1000 * u64::from(layout.need(phase, municipality).max(1));
    people.div_ceil(teams).max(1) as i64
}

/// Burden of every supporter, need of every municipality, phase by phase.
#[derive(Clone, Debug)]
pub(super) struct Tariff {
    /// Phases x supporters.
    pub(super) burden: Vec<Vec<Steps>>,
    /// Phases x municipalities.
    pub(super) need: Vec<Vec<Steps>>,
}

impl Tariff {
    pub(super) fn new(layout: &Layout) -> Self {
        let burden_s = layout.problem.policy.burden_s;
        let burden = |p: usize| {
            (0..layout.supporters()).map(|s| Steps::of_burden(layout.capacity(p, s), burden_s)).collect()
        };
        let need = |p: usize| (0..layout.municipalities()).map(|m| Steps::of_need(layout, p, m)).collect();
        Self {
            burden: (0..layout.phases()).map(burden).collect(),
            need: (0..layout.phases()).map(need).collect(),
        }
    }
}

/// What a plan costs, tiers packed. Its teams use open ways, or what they cost there is left out.
pub(super) fn packed_objective(layout: &Layout, tariff: &Tariff, teams: &Teams) -> i128 {
    let take_up_s = i64::from(layout.problem.policy.take_up_s);
    let moved = |cell| {
        let (count, before) = (*teams.at(cell), layout.before(teams, cell));
        i64::from(count) * layout.way_s.at(cell).unwrap_or(0)
            + i64::from(count.saturating_sub(before)) * take_up_s
    };
    let mut total: i128 = layout.cells().map(|cell| i128::from(moved(cell))).sum();
    for phase in 0..layout.phases() {
        for (supporter, burden) in tariff.burden[phase].iter().enumerate() {
            total += burden.sum_from(0) - burden.sum_from(teams.load(phase, supporter));
        }
        for (municipality, need) in tariff.need[phase].iter().enumerate() {
            total += need.sum_from(teams.met(phase, municipality));
        }
    }
    total
}
