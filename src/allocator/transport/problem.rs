//! The question: stocks, needs, ways and limits of one period.

use super::answer::Flow;
use super::needs::Needs;

/// Cost of a way that cannot be used.
pub const UNREACHABLE: u32 = u32::MAX;

/// A depot, by its place in the problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DepotIdx(pub u32);

/// A good, by its place in the problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct GoodIdx(pub u32);

/// A receiving point, by its place in the problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PointIdx(pub u32);

/// Sizes and values that a problem may have.
///
/// A price is a sum along a path of the basis, at most one arc for each node, each at most twice the largest cost of
/// a unit that changes its way: 2^24 times 2^36, so `i64` holds every price; `i128` holds every sum over units.
pub mod limits {
    /// Depots; ten times the target of 300.
    pub const DEPOTS_MAX: usize = 4_096;
    /// Goods: the eight basic ones, water, fuel, generators, medicine, and room.
    pub const GOODS_MAX: usize = 64;
    /// Receiving points.
    pub const POINTS_MAX: usize = 65_536;
    /// Entries of the matrix of costs.
    pub const WAYS_MAX: usize = 1 << 28;
    /// Points times goods.
    pub const NEEDS_MAX: usize = 1 << 22;
    /// Steps of one need.
    pub const STEPS_MAX: usize = 64;
    /// Dearest way: ten hours in milliseconds, and room.
    pub const COST_MAX: u32 = 1 << 26;
    /// Largest surcharge, either sign.
    pub const SURCHARGE_MAX: i64 = 1 << 30;
    /// Largest penalty.
    pub const PENALTY_MAX: i64 = 1 << 34;

    const NODES_MAX: usize = 1 + DEPOTS_MAX * (1 + GOODS_MAX) + NEEDS_MAX + POINTS_MAX;
    /// What one violated unit costs at most while a basis is repaired; see `layout`.
    const FORBIDDING_MAX: i64 = 4 * (PENALTY_MAX + COST_MAX as i64 + 3 * SURCHARGE_MAX) + 4;
    const _: () = assert!((NODES_MAX as i64) < i64::MAX / 4 / FORBIDDING_MAX);
}

/// What is added to the cost of a unit beside its way; empty lists add nothing.
///
/// This is where a plan above puts its prices: they may change between [`solve`](super::solve) and
/// [`solve_again`](super::solve_again), and may be negative.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surcharges {
    /// For each depot.
    pub depot: Vec<i64>,
    /// For each receiving point.
    pub point: Vec<i64>,
    /// Depots x goods, row-major.
    pub stock: Vec<i64>,
}

/// One period: who has what, who needs what, what a way costs, what depots and points can handle.
///
/// All matrices are row-major.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// How many depots.
    pub depots: usize,
    /// How many goods.
    pub goods: usize,
    /// How many receiving points.
    pub points: usize,
    /// Depots x goods, units.
    pub stock: Vec<u32>,
    /// Points x goods.
    pub needs: Needs,
    /// Depots x points, cost of each unit; [`UNREACHABLE`] where no way is open. The same for all goods.
    pub cost: Vec<u32>,
    /// Units that each depot can send, over all goods; empty when nothing limits it.
    pub throughput: Vec<u32>,
    /// Units that each point can take in, over all goods; empty when nothing limits it.
    pub intake: Vec<u32>,
    /// What is added to the cost of a unit.
    pub surcharges: Surcharges,
}

/// Why a problem cannot be solved. Names the field and the place in its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProblemError {
    /// Too many of something.
    #[error("{what}: {count}, at most {limit} can be solved; split the problem")]
    TooMany {
        /// What there are too many of.
        what: &'static str,
        /// How many.
        count: usize,
        /// The most there may be.
        limit: usize,
    },
    /// A list has not one entry for each of what it describes.
    #[error("{what} has {count} entries, it must have {expected}")]
    Shape {
        /// The list.
        what: &'static str,
        /// Its length.
        count: usize,
        /// The length it must have.
        expected: usize,
    },
    /// A value lies outside what can be.
    #[error("{what} of entry {index} is {value}, it must lie within {min} and {max}")]
    OutOfRange {
        /// The field.
        what: &'static str,
        /// The place in its list.
        index: usize,
        /// The value.
        value: i64,
        /// Least allowed.
        min: i64,
        /// Most allowed.
        max: i64,
    },
    /// The penalties of a need do not fall: a later unit would be dearer to miss than an earlier one.
    #[error("need {index}: penalty of step {step} is not below the one before it; put the dearest first")]
    PenaltiesRise {
        /// The need: point times goods plus good.
        index: usize,
        /// The step within it.
        step: usize,
    },
    /// A basis that was made for a problem of another shape.
    #[error("the basis belongs to a problem of another shape; solve without it")]
    ForeignBasis,
}

type Verdict = Result<(), ProblemError>;

impl Problem {
    /// Judges sizes, shapes and values.
    ///
    /// # Errors
    /// The first [`ProblemError`] in the order of the fields.
    pub fn validate(&self) -> Verdict {
        at_most("depots", self.depots, limits::DEPOTS_MAX)?;
        at_most("goods", self.goods, limits::GOODS_MAX)?;
        at_most("points", self.points, limits::POINTS_MAX)?;
        at_most("needs", self.points * self.goods, limits::NEEDS_MAX)?;
        at_most("ways", self.depots * self.points, limits::WAYS_MAX)?;
        shaped("stock", self.stock.len(), self.depots * self.goods)?;
        shaped("needs", self.needs.count(), self.points * self.goods)?;
        shaped("cost", self.cost.len(), self.depots * self.points)?;
        shaped_or_empty("throughput", self.throughput.len(), self.depots)?;
        shaped_or_empty("intake", self.intake.len(), self.points)?;
        for index in 0..self.needs.count() {
            self.validate_need(index)?;
        }
        let dear = |&cost: &u32| cost != UNREACHABLE && cost > limits::COST_MAX;
        if let Some(index) = self.cost.iter().position(dear) {
            within("cost", index, i64::from(self.cost[index]), 0, i64::from(limits::COST_MAX))?;
        }
        let Surcharges { depot, point, stock } = &self.surcharges;
        surcharged("surcharge of depots", depot, self.depots)?;
        surcharged("surcharge of points", point, self.points)?;
        surcharged("surcharge of stocks", stock, self.depots * self.goods)
    }

    fn validate_need(&self, index: usize) -> Verdict {
        let steps = self.needs.steps(index);
        at_most("steps of a need", steps.len(), limits::STEPS_MAX)?;
        let units = i64::try_from(self.needs.units(index)).unwrap_or(i64::MAX);
        within("units of need", index, units, 0, i64::from(u32::MAX))?;
        for (place, step) in steps.iter().enumerate() {
            within("units of a step of need", index, i64::from(step.units), 1, i64::from(u32::MAX))?;
            within("penalty of need", index, step.penalty, 0, limits::PENALTY_MAX)?;
            if place > 0 && steps[place - 1].penalty <= step.penalty {
                return Err(ProblemError::PenaltiesRise { index, step: place });
            }
        }
        Ok(())
    }

    /// Surcharge of sending good `good` from depot `depot`, wherever to.
    #[inline]
    pub(super) fn sending_surcharge(&self, depot: usize, good: usize) -> i64 {
        let at = |list: &[i64], index: usize| list.get(index).copied().unwrap_or(0);
        at(&self.surcharges.depot, depot) + at(&self.surcharges.stock, depot * self.goods + good)
    }

    /// Surcharge of bringing anything to `point`.
    #[inline]
    pub(super) fn bringing_surcharge(&self, point: usize) -> i64 {
        self.surcharges.point.get(point).copied().unwrap_or(0)
    }

    /// Whether anything of `good` can leave `depot`.
    #[inline]
    pub(super) fn can_send(&self, depot: usize, good: usize) -> bool {
        self.stock[depot * self.goods + good] > 0 && self.throughput.get(depot) != Some(&0)
    }

    /// Whether the way of `flow` is open.
    pub(super) fn is_open(&self, flow: &Flow) -> bool {
        self.cost[flow.depot.0 as usize * self.points + flow.point.0 as usize] != UNREACHABLE
    }

    /// Whether anything can be brought to `point`.
    #[inline]
    pub(super) fn can_take_in(&self, point: usize) -> bool {
        self.intake.get(point) != Some(&0)
    }
}

fn at_most(what: &'static str, count: usize, limit: usize) -> Verdict {
    if count > limit { Err(ProblemError::TooMany { what, count, limit }) } else { Ok(()) }
}

fn shaped(what: &'static str, count: usize, expected: usize) -> Verdict {
    if count != expected { Err(ProblemError::Shape { what, count, expected }) } else { Ok(()) }
}

fn shaped_or_empty(what: &'static str, count: usize, expected: usize) -> Verdict {
    if count == 0 { Ok(()) } else { shaped(what, count, expected) }
}

fn within(what: &'static str, index: usize, value: i64, min: i64, max: i64) -> Verdict {
    if (min..=max).contains(&value) {
        Ok(())
    } else {
        Err(ProblemError::OutOfRange { what, index, value, min, max })
    }
}

fn surcharged(what: &'static str, values: &[i64], expected: usize) -> Verdict {
    shaped_or_empty(what, values.len(), expected)?;
    for (index, &value) in values.iter().enumerate() {
        within(what, index, value, -limits::SURCHARGE_MAX, limits::SURCHARGE_MAX)?;
    }
    Ok(())
}
