//! The question, what it must satisfy, and the answer.

use super::lane::Lane;

/// In [`Problem::costs`]: this resource may not serve this mission.
pub const FORBIDDEN: i32 = i32::MAX;

/// Sizes and values that a problem may have.
pub mod limits {
    use super::Lane;

    /// Missions, and resources: ten times what a union has, for whole nations.
    pub const SIDE_MAX: usize = 16_384;
    /// Pairs: 8,192 x 8,192, a quarter of a GiB of costs.
    pub const PAIRS_MAX: usize = 1 << 26;
    /// Greatest magnitude of a cost: four years of seconds.
    pub const COST_MAX: i32 = <i32 as Lane>::COST_MAX as i32;
    /// Greatest price of going unserved: room for priorities that no sum of costs outweighs.
    pub const UNSERVED_MAX: i64 = 1 << 40;

    // A path visits every column once at most, each time for a cost and a price.
    const _: () =
        assert!((SIDE_MAX as i64) * 4 * (UNSERVED_MAX + COST_MAX as i64) < <i64 as Lane>::PRICE_MAX);
    const _: () = assert!(UNSERVED_MAX + (COST_MAX as i64) < <i64 as Lane>::COST_MAX);
}

/// Missions to be served by at most one resource each, and resources that serve at most one mission each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// How many resources there are.
    pub resources: usize,
    /// What a pair costs: shape missions x resources, row-major, any one unit; [`FORBIDDEN`] where it may not be.
    pub costs: Vec<i32>,
    /// What it costs to leave each mission unserved, in the same unit; as many as there are missions. A pair that costs
    /// more than this is never chosen.
    pub unserved: Vec<i64>,
}

/// Why a problem cannot be solved. Names the field and the place in its list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProblemError {
    /// A list is too long.
    #[error("{what}: {count}, at most {limit} can be assigned; split the problem")]
    TooMany {
        /// The list.
        what: &'static str,
        /// Its length.
        count: usize,
        /// The most it may have.
        limit: usize,
    },
    /// The matrix of costs has the wrong shape.
    #[error("costs has {count} entries, {missions} missions times {resources} resources are wanted")]
    Shape {
        /// Its length.
        count: usize,
        /// Rows it must have.
        missions: usize,
        /// Columns it must have.
        resources: usize,
    },
    /// A cost lies outside what can be added up.
    #[error(
        "the cost of mission {mission} with resource {resource} is {cost}, it must lie within {min} and {max}"
    )]
    CostOutOfRange {
        /// The row.
        mission: usize,
        /// The column.
        resource: usize,
        /// The value.
        cost: i32,
        /// Least allowed.
        min: i32,
        /// Most allowed, beside [`FORBIDDEN`].
        max: i32,
    },
    /// A price of going unserved lies outside what can be added up.
    #[error("going unserved costs {price} for mission {mission}, it must lie within 0 and {max}")]
    UnservedOutOfRange {
        /// Which.
        mission: usize,
        /// The value.
        price: i64,
        /// Most allowed.
        max: i64,
    },
}

/// What is known of the costs after they have been read once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent {
    /// Least cost.
    pub(super) least: i64,
    /// Whether some pair costs more than leaving its mission alone, or may not be.
    pub(super) is_clipped: bool,
}

impl Problem {
    /// How many missions there are.
    #[must_use]
    pub fn missions(&self) -> usize {
        self.unserved.len()
    }

    /// Costs of a mission, one a resource.
    #[must_use]
    pub fn row(&self, mission: usize) -> &[i32] {
        &self.costs[mission * self.resources..(mission + 1) * self.resources]
    }

    /// Judges sizes and values.
    ///
    /// # Errors
    /// [`ProblemError`] with the first thing that is wrong.
    pub fn validate(&self) -> Result<(), ProblemError> {
        self.extent().map(|_| ())
    }

    pub(super) fn extent(&self) -> Result<Extent, ProblemError> {
        let (missions, resources) = (self.missions(), self.resources);
        for (what, count) in [("missions", missions), ("resources", resources)] {
            if count > limits::SIDE_MAX {
                return Err(ProblemError::TooMany { what, count, limit: limits::SIDE_MAX });
            }
        }
        if missions * resources > limits::PAIRS_MAX {
            let count = missions * resources;
            return Err(ProblemError::TooMany { what: "pairs", count, limit: limits::PAIRS_MAX });
        }
        if self.costs.len() != missions * resources {
            return Err(ProblemError::Shape { count: self.costs.len(), missions, resources });
        }
        let mut extent = Extent { least: 0, is_clipped: false };
        for (mission, &price) in self.unserved.iter().enumerate() {
            if !(0..=limits::UNSERVED_MAX).contains(&price) {
                return Err(ProblemError::UnservedOutOfRange { mission, price, max: limits::UNSERVED_MAX });
            }
            let (least, most, is_forbidden) = self.span(mission);
            if least < -limits::COST_MAX || most > limits::COST_MAX {
                return Err(self.cost_out_of_range(mission));
            }
            extent.least = extent.least.min(i64::from(least));
            extent.is_clipped |= is_forbidden || i64::from(most) > price;
        }
        Ok(extent)
    }

    /// Least and greatest cost of a mission, without the forbidden ones; whether there are such.
    fn span(&self, mission: usize) -> (i32, i32, bool) {
        let (mut least, mut most, mut all) = (0, i32::MIN, i32::MIN);
        for &cost in self.row(mission) {
            least = cost.min(least);
            most = most.max(if cost == FORBIDDEN { i32::MIN } else { cost });
            all = all.max(cost);
        }
        (least, most, all == FORBIDDEN)
    }

    fn cost_out_of_range(&self, mission: usize) -> ProblemError {
        let (min, max) = (-limits::COST_MAX, limits::COST_MAX);
        let is_wrong = |cost: i32| cost != FORBIDDEN && !(min..=max).contains(&cost);
        let resource = self.row(mission).iter().position(|&cost| is_wrong(cost)).unwrap_or(0);
        ProblemError::CostOutOfRange { mission, resource, cost: self.row(mission)[resource], min, max }
    }
}

/// How much a solve may look at: a count, never a time, so that equal inputs give equal bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkBudget {
    pairs_max: u64,
}

impl WorkBudget {
    /// At most about so many looks at a pair of a mission and a resource; some 10^9 of them make a second.
    #[must_use]
    pub fn pairs_at_most(pairs_max: u64) -> WorkBudget {
        WorkBudget { pairs_max }
    }

    pub(super) fn pairs_max(self) -> u64 {
        self.pairs_max
    }
}

impl Default for WorkBudget {
    /// Far more than any problem within the limits was seen to need.
    fn default() -> WorkBudget {
        WorkBudget { pairs_max: 1 << 40 }
    }
}

/// Which algorithm found an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Jonker and Volgenant: column reduction, augmenting row reduction, shortest augmenting paths.
    ShortestPaths,
    /// Auction with epsilon scaling, ended by shortest augmenting paths.
    Auction,
}

/// Who serves what, and the prices that prove it.
///
/// # Prices
/// A mission's price is what it costs at the margin, at most what going unserved does. A resource's price is the most
/// that one more of its kind can save and the least that losing it costs; 0 for one that stays idle. No allowed pair
/// costs less than its mission's price less its resource's. So every plan costs at least
/// [`bound`](Assignment::bound), the missions' prices less the resources'.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The resource of each mission; none where it goes unserved.
    pub resource_of: Vec<Option<u32>>,
    /// The price of each mission.
    pub mission_prices: Vec<i64>,
    /// The price of each resource, 0 or more.
    pub resource_prices: Vec<i64>,
    /// What the plan costs: its pairs, and the missions that go unserved.
    pub total: i64,
    /// What every plan costs at least.
    pub bound: i64,
    /// Which algorithm found it.
    pub method: Method,
    /// Looks at a pair that it took.
    pub work: u64,
}

impl Assignment {
    /// Whether the prices prove that no plan is cheaper. False only when the work budget ended the solve.
    #[must_use]
    pub fn is_optimal(&self) -> bool {
        self.total == self.bound
    }
}
