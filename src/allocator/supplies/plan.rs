//! The answer: what goes where, what stays unmet and why, and how good that is at least.

use super::dual::Prices;
use super::index::{MemberIdx, NeedIdx, PointIdx};
use super::objective::Tiers;
use super::problem::Shipment;
use super::resources::Resource;
use super::why::{Change, Reason};

/// Work that a solve may do: rounds of prices, and of them how many look at the first tier alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkBudget {
    /// Rounds for all tiers together; at least one is done.
    pub rounds: u32,
    /// Rounds for the bound of the first tier; at least one is done.
    pub life_saving_rounds: u32,
}

impl Default for WorkBudget {
    fn default() -> WorkBudget {
        WorkBudget { rounds: 60, life_saving_rounds: 20 }
    }
}

/// Prices that prove the bounds of a plan; given to the next solve, it begins where this one ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// Of all tiers together.
    pub(super) whole: Prices,
    /// Of the first tier alone.
    pub(super) life_saving: Prices,
}

/// What a plan costs and what no plan can cost less than.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// What it costs.
    pub value: i128,
    /// No plan of whole vehicles costs less.
    pub bound: i128,
    /// What it would cost to send nothing but what is frozen.
    pub nothing: i128,
}

impl Gap {
    /// Millionths of the value that a better plan could spare at most, rounded up.
    #[must_use]
    pub fn of_value_ppm(&self) -> u64 {
        ppm(self.value - self.bound, self.value)
    }

    /// Millionths of what any plan could spare against sending nothing that this one may miss, rounded up: the stricter
    /// measure where much must stay unmet whatever one does.
    #[must_use]
    pub fn of_movable_ppm(&self) -> u64 {
        ppm(self.value - self.bound, self.nothing - self.bound)
    }
}

fn ppm(part: i128, whole: i128) -> u64 {
    if part <= 0 || whole <= 0 {
        return 0;
    }
    u64::try_from((part.saturating_mul(1_000_000) + whole - 1) / whole).unwrap_or(u64::MAX)
}

/// A need that is not met, or not wholly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmet {
    /// Which.
    pub need: NeedIdx,
    /// Units that do not come.
    pub units: u32,
    /// Why, at the giver and trip that would need the fewest changes; ascending.
    pub reasons: Vec<Reason>,
    /// The changes that together let one more vehicle (or the rest of the need) come; in the order of the reasons.
    pub changes: Vec<Change>,
}

/// How well a receiving point is served over all goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Served {
    /// Which.
    pub point: PointIdx,
    /// Thousandths of its load that stay unmet, rounded up.
    pub unmet_permille: u32,
    /// The same of life-saving goods.
    pub life_saving_unmet_permille: u32,
}

/// What one more of something would spare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Worth {
    /// Of what.
    pub resource: Resource,
    /// Cost spared by one more unit, load or second.
    pub price: i64,
    /// Thousandths of a person whose life-saving needs one more would meet: one unit, one 10 t lorry's load, one
    /// vehicle or one vehicle's hour; 0 where the goods are not counted by people.
    pub millipeople: u64,
}

/// What a shipment's line took from the next in line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Displaced {
    /// The shipment, by its place.
    pub shipment: usize,
    /// The line, by its place.
    pub line: usize,
    /// The need that would have got it next.
    pub need: NeedIdx,
}

/// What it would be worth to move a frozen shipment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrozenGain {
    /// Its place in [`Problem::frozen`](super::Problem::frozen).
    pub frozen: usize,
    /// Cost spared at most, by the prices; before the price of moving it.
    pub at_most: i128,
}

/// What a member gives to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Burden {
    /// Who.
    pub member: MemberIdx,
    /// Thousandths of its stock's load, rounded up.
    pub given_permille: u32,
}

/// The whole answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Frozen ones first, as given; then the proposed ones, ascending.
    pub shipments: Vec<Shipment>,
    /// How many of them are frozen.
    pub frozen: usize,
    /// Ascending by need.
    pub unmet: Vec<Unmet>,
    /// What it costs, tier by tier.
    pub tiers: Tiers,
    /// Of all tiers together.
    pub gap: Gap,
    /// Of the first tier alone.
    pub life_saving: Gap,
    /// Points by what stays unmet, the worst first; all of them.
    pub served: Vec<Served>,
    /// Members that give to others, ascending.
    pub burdens: Vec<Burden>,
    /// What more of each limit would spare, ascending by resource; those without price are left out.
    pub worth: Vec<Worth>,
    /// What lines took from others, in their order.
    pub displaced: Vec<Displaced>,
    /// Frozen shipments that cost more than they bring, by the prices.
    pub frozen_gains: Vec<FrozenGain>,
    /// What proves the bounds.
    pub proof: Proof,
}
