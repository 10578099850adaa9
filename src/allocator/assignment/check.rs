//! Verifies an answer without the solver: from the prices alone.
//!
//! A plan that keeps the rules costs at least what prices that keep theirs come to; when both are equal neither can be
//! better, and every pair of the plan costs exactly its mission's price less its resource's (complementary slackness).

use super::problem::{Assignment, FORBIDDEN, Problem, ProblemError};

/// What is wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Violation {
    /// The problem itself cannot be solved.
    Invalid(ProblemError),
    /// A list has not one entry for each mission, or each resource.
    Shape,
    /// A mission is given a resource that does not exist.
    UnknownResource {
        /// Which.
        mission: usize,
    },
    /// A resource serves two missions.
    Twice {
        /// Which.
        resource: usize,
    },
    /// A resource may not serve this mission.
    Forbidden {
        /// Which.
        mission: usize,
    },
    /// The plan does not cost what it says.
    WrongTotal,
    /// The prices do not come to the bound.
    WrongBound,
    /// A resource's price is negative.
    NegativePrice {
        /// Which.
        resource: usize,
    },
    /// A mission's price is more than going unserved costs.
    AboveUnserved {
        /// Which.
        mission: usize,
    },
    /// A pair costs less than the prices say that any does.
    PairBelowPrices {
        /// The mission.
        mission: usize,
        /// The resource.
        resource: usize,
    },
    /// The answer is called optimal, but this mission's pair, or its going unserved, costs more than its price.
    NotTight {
        /// Which.
        mission: usize,
    },
    /// The answer is called optimal, but this resource stays idle and has a price.
    IdleWithPrice {
        /// Which.
        resource: usize,
    },
}

/// Everything that is wrong with an answer; empty for a right one, whose distance from the cheapest plan is then at most
/// total less bound, and which is the cheapest where these are equal.
///
/// # Complexity
/// O(M x N).
#[must_use]
pub fn check(problem: &Problem, answer: &Assignment) -> Vec<Violation> {
    if let Err(error) = problem.validate() {
        return vec![Violation::Invalid(error)];
    }
    let (missions, resources) = (problem.missions(), problem.resources);
    let lengths = (answer.resource_of.len(), answer.mission_prices.len(), answer.resource_prices.len());
    if lengths != (missions, missions, resources) {
        return vec![Violation::Shape];
    }
    let mut violations = Vec::new();
    let mission_of = plan(problem, answer, &mut violations);
    prices(problem, answer, &mut violations);
    if violations.is_empty() && answer.is_optimal() {
        slackness(problem, answer, &mission_of, &mut violations);
    }
    violations
}

/// The plan keeps the rules and costs what it says; the mission of each resource.
fn plan(problem: &Problem, answer: &Assignment, violations: &mut Vec<Violation>) -> Vec<Option<usize>> {
    let mut mission_of = vec![None; problem.resources];
    let mut total = 0_i64;
    for (mission, resource) in answer.resource_of.iter().enumerate() {
        let Some(resource) = resource.map(|resource| resource as usize) else {
            total += problem.unserved[mission];
            continue;
        };
        let Some(&cost) = problem.row(mission).get(resource) else {
            violations.push(Violation::UnknownResource { mission });
            continue;
        };
        if cost == FORBIDDEN {
            violations.push(Violation::Forbidden { mission });
        }
        if mission_of[resource].replace(mission).is_some() {
            violations.push(Violation::Twice { resource });
        }
        total += i64::from(cost);
    }
    if total != answer.total {
        violations.push(Violation::WrongTotal);
    }
    mission_of
}

/// The prices keep their rules and come to the bound.
fn prices(problem: &Problem, answer: &Assignment, violations: &mut Vec<Violation>) {
    let sum = |prices: &[i64]| prices.iter().map(|&price| i128::from(price)).sum::<i128>();
    if sum(&answer.mission_prices) - sum(&answer.resource_prices) != i128::from(answer.bound) {
        violations.push(Violation::WrongBound);
    }
    let negative = answer.resource_prices.iter().enumerate().filter(|(_, price)| **price < 0);
    violations.extend(negative.map(|(resource, _)| Violation::NegativePrice { resource }));
    for (mission, &price) in answer.mission_prices.iter().enumerate() {
        if price > problem.unserved[mission] {
            violations.push(Violation::AboveUnserved { mission });
        }
        let pairs = problem.row(mission).iter().zip(&answer.resource_prices).enumerate();
        let below = pairs.filter(|&(_, (&cost, &resource_price))| {
            cost != FORBIDDEN && i128::from(cost) < i128::from(price) - i128::from(resource_price)
        });
        violations.extend(below.map(|(resource, _)| Violation::PairBelowPrices { mission, resource }));
    }
}

/// What must be equal is: named one by one, although it follows from equal sums.
fn slackness(
    problem: &Problem,
    answer: &Assignment,
    mission_of: &[Option<usize>],
    violations: &mut Vec<Violation>,
) {
    for (mission, &price) in answer.mission_prices.iter().enumerate() {
        let due = match answer.resource_of[mission].map(|resource| resource as usize) {
            Some(resource) => i64::from(problem.row(mission)[resource]) + answer.resource_prices[resource],
            None => problem.unserved[mission],
        };
        if due != price {
            violations.push(Violation::NotTight { mission });
        }
    }
    let idle = mission_of.iter().zip(&answer.resource_prices).enumerate();
    let priced = idle.filter(|(_, (mission, price))| mission.is_none() && **price != 0);
    violations.extend(priced.map(|(resource, _)| Violation::IdleWithPrice { resource }));
}
