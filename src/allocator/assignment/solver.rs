//! From a problem to a square, through one of the two algorithms, and back.

use super::lane::Lane;
use super::matching::{Matching, NONE, Stop};
use super::problem::{Assignment, Extent, FORBIDDEN, Method, Problem, ProblemError, WorkBudget};
use super::reduction::Cheapest;
use super::square::Square;
use std::borrow::Cow;

/// The costs are called clustered when fewer than this share of the rows are the cheapest for some column. With costs
/// at random 63 % are; where the missions lie in a few valleys, a few per cent.
const HOLDERS_PERCENT_MIN: usize = 30;
/// An auction lets the rows bid that stand for nobody, so it is for problems with at most so many columns a row.
const AUCTION_COLUMNS_PER_ROW_MAX: usize = 2;

/// The cheapest plan, with the prices that prove it; what was reached and how far off it may be when the budget ends.
///
/// Of several cheapest plans always the same one is found: rows bid and search in their order, and of equal columns the
/// one with the lowest index is taken.
///
/// # Errors
/// [`ProblemError`] when sizes or values are not within [`limits`](super::limits).
///
/// # Complexity
/// O(M x N) to read the costs three times, and what the budget allows: O(S^3) with S the larger of both at worst, near
/// O(S^2) as measured. O(M x N) more memory when pairs are forbidden or dearer than going unserved, or when there are
/// more missions than resources; else O(M + N).
///
/// # Examples
/// ```
/// use yui::allocator::assignment::{FORBIDDEN, Problem, WorkBudget, solve};
///
/// // Two aircraft, three missions; the second aircraft has no hoist for the last.
/// let problem = Problem { resources: 2, costs: vec![10, 12, 4, 9, 20, FORBIDDEN], unserved: vec![30, 30, 50] };
/// let plan = solve(&problem, WorkBudget::default()).unwrap();
/// assert_eq!(plan.resource_of, [None, Some(1), Some(0)]);
/// assert!(plan.is_optimal() && plan.total == 59);
/// ```
pub fn solve(problem: &Problem, budget: WorkBudget) -> Result<Assignment, ProblemError> {
    solve_by(problem, budget, None)
}

/// By a given algorithm, or by whichever the probe says.
pub(super) fn solve_by(
    problem: &Problem,
    budget: WorkBudget,
    given: Option<Method>,
) -> Result<Assignment, ProblemError> {
    let extent = problem.extent()?;
    if fits_narrow(problem, extent) {
        let costs = if problem.missions() <= problem.resources && !extent.is_clipped {
            Cow::Borrowed(&problem.costs[..])
        } else {
            Cow::Owned(square_costs::<i32>(problem))
        };
        if let Some(answer) = solve_with(problem, costs, budget, given) {
            return Ok(answer);
        }
    }
    let answer = solve_with(problem, Cow::Owned(square_costs::<i64>(problem)), budget, given);
    Ok(answer.expect("prices of a valid problem fit in 64 bits"))
}

/// Whether every cost of the square does.
fn fits_narrow(problem: &Problem, extent: Extent) -> bool {
    let dearest = problem.unserved.iter().fold(0, |dearest, &price| dearest.max(price));
    let is_wide = problem.missions() <= problem.resources;
    match (is_wide, extent.is_clipped) {
        (true, false) => true,
        (true, true) => dearest <= <i32 as Lane>::COST_MAX,
        (false, _) => dearest - extent.least <= <i32 as Lane>::COST_MAX,
    }
}

/// Costs with nobody's pairs at their price. With missions as rows these are as they were; with missions as columns
/// they are less what going unserved costs, so that the rows that stand for nobody cost nothing anywhere.
fn square_costs<L: Lane>(problem: &Problem) -> Vec<L> {
    let (missions, resources) = (problem.missions(), problem.resources);
    if missions <= resources {
        let rows = problem.unserved.iter().enumerate();
        let clip = |(mission, &price): (usize, &i64)| {
            problem.row(mission).iter().map(move |&cost| L::of(allowed(cost).unwrap_or(price).min(price)))
        };
        return rows.flat_map(clip).collect();
    }
    let mut costs = vec![L::default(); missions * resources];
    for (mission, &price) in problem.unserved.iter().enumerate() {
        for (resource, &cost) in problem.row(mission).iter().enumerate() {
            costs[resource * missions + mission] = L::of((allowed(cost).unwrap_or(price) - price).min(0));
        }
    }
    costs
}

fn allowed(cost: i32) -> Option<i64> {
    (cost != FORBIDDEN).then_some(i64::from(cost))
}

/// None when the width does not do.
fn solve_with<L: Lane>(
    problem: &Problem,
    costs: Cow<'_, [L]>,
    budget: WorkBudget,
    given: Option<Method>,
) -> Option<Assignment> {
    let (missions, resources) = (problem.missions(), problem.resources);
    let square = Square::new(costs, missions.min(resources), missions.max(resources));
    let cheapest = Cheapest::of(&square);
    let method = given.unwrap_or_else(|| probe(&square, &cheapest));
    let rows = if method == Method::Auction { square.columns() } else { square.rows() };
    let mut matching = Matching::new(&square, rows, budget.pairs_max());
    match run(&mut matching, &cheapest, method) {
        Ok(()) | Err(Stop::Budget) => {}
        Err(Stop::TooWide) => return None,
    }
    matching.match_the_rest();
    Some(answer(problem, &matching, method))
}

fn probe<L: Lane>(square: &Square<'_, L>, cheapest: &Cheapest<L>) -> Method {
    let (rows, columns) = (square.rows(), square.columns());
    let is_clustered = cheapest.holders_count() * 100 < rows * HOLDERS_PERCENT_MIN;
    if is_clustered && columns <= rows * AUCTION_COLUMNS_PER_ROW_MAX {
        Method::Auction
    } else {
        Method::ShortestPaths
    }
}

fn run<L: Lane>(matching: &mut Matching<'_, L>, cheapest: &Cheapest<L>, method: Method) -> Result<(), Stop> {
    match method {
        Method::ShortestPaths if matching.column_of.len() == matching.prices.len() => {
            matching.reduce_columns(cheapest);
        }
        // A column that nobody gets must not have become dear.
        Method::ShortestPaths => {}
        Method::Auction => {
            matching.auction()?;
            matching.free_all_but_cheapest(L::default())?;
        }
    }
    matching.reduce_rows()?;
    matching.augment_all()
}

impl<L: Lane> Matching<'_, L> {
    /// Where the budget ended the solve: the cheapest column that is left for each row that is.
    fn match_the_rest(&mut self) {
        for row in self.free_rows() {
            let costs = self.square.row(row as usize).iter().zip(0_u32..);
            let free = costs.filter(|&(_, column)| self.row_of[column as usize] == NONE);
            if let Some((_, column)) = free.min_by_key(|&(&cost, column)| (cost, column)) {
                self.give(column, row);
            }
        }
    }
}

fn answer<L: Lane>(problem: &Problem, matching: &Matching<'_, L>, method: Method) -> Assignment {
    let square = matching.square;
    let base = matching.prices.iter().copied().min().unwrap_or_default();
    let columns: Vec<i64> = matching.prices.iter().map(|&price| (price - base).wide()).collect();
    let cheapest = |row: usize| {
        let sums = square.row(row).iter().zip(&matching.prices).map(|(&cost, &price)| cost + price);
        (sums.fold(L::MAX, |least, sum| least.min(sum)) - base).wide()
    };
    let rows = (0..square.rows()).map(cheapest);
    let is_wide = problem.missions() <= problem.resources;
    let (mission_prices, resource_prices): (Vec<i64>, Vec<i64>) = if is_wide {
        (rows.collect(), columns)
    } else {
        let prices = problem.unserved.iter().zip(&columns).map(|(&unserved, &column)| unserved - column);
        (prices.collect(), rows.map(|row| -row).collect())
    };
    let partner = |mission: usize| {
        let of = if is_wide { &matching.column_of } else { &matching.row_of };
        // Behind the rows of the square stand those for nobody.
        of.get(mission).copied().filter(|&other| (other as usize) < problem.resources)
    };
    let serves = |mission: usize, resource: &u32| {
        allowed(problem.row(mission)[*resource as usize])
            .is_some_and(|cost| cost <= problem.unserved[mission])
    };
    let resource_of: Vec<Option<u32>> = (0..problem.missions())
        .map(|mission| partner(mission).filter(|resource| serves(mission, resource)))
        .collect();
    let bound = mission_prices.iter().sum::<i64>() - resource_prices.iter().sum::<i64>();
    let work = matching.lists.work;
    let total = total(problem, &resource_of);
    Assignment { resource_of, mission_prices, resource_prices, total, bound, method, work }
}

/// What a plan costs; its pairs are allowed.
fn total(problem: &Problem, resource_of: &[Option<u32>]) -> i64 {
    let costs = resource_of.iter().enumerate().map(|(mission, resource)| match resource {
        Some(resource) => i64::from(problem.row(mission)[*resource as usize]),
        None => problem.unserved[mission],
    });
    costs.sum()
}
