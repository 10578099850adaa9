//! A world with more in it is never worse, one with a way less never better: by all tiers, beyond the gap that is shown.

use super::super::*;
use super::solved;
use super::worlds::{cases, tiny};
use crate::units::UNREACHABLE;
use proptest::prelude::*;

/// Of two worlds the better: what nothing can cost less than there, the plan of the worse one does not cost less either.
fn is_no_worse(better: &Problem, worse: &Problem) -> Result<(), TestCaseError> {
    let (of_better, of_worse) = (solved(better), solved(worse));
    for (a, b) in [(of_better.gap, of_worse.gap), (of_better.life_saving, of_worse.life_saving)] {
        prop_assert!(a.bound <= b.value, "bound {} of the better, value {} of the worse", a.bound, b.value);
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn more_stock_is_never_worse(problem in tiny(), stock in 0_usize..4, units in 1_u32..4) {
        let mut richer = problem.clone();
        let stock = stock % richer.stocks.len();
        richer.stocks[stock].units += units;
        is_no_worse(&richer, &problem)?;
    }

    #[test]
    fn a_closed_way_is_never_better(problem in tiny(), way in 0_usize..8) {
        let mut closed = problem.clone();
        closed.ways[0].travel_s[way] = UNREACHABLE;
        is_no_worse(&problem, &closed)?;
    }

    #[test]
    fn more_vehicles_hours_and_docks_are_never_worse(problem in tiny(), fleet in 0_usize..2, site in 0_usize..2) {
        let mut richer = problem.clone();
        richer.fleets[fleet].vehicles += 1;
        richer.fleets[fleet].driver_s_per_day += 30_000;
        richer.sites[site].out_per_period += LORRY;
        is_no_worse(&richer, &problem)?;
    }

    #[test]
    fn from_the_prices_of_a_plan_comes_a_right_one_with_a_bound_as_good(problem in tiny(), way in 0_usize..8) {
        let budget = WorkBudget { rounds: 12, life_saving_rounds: 4 };
        let plan = solved(&problem);
        let again = solve(&problem, budget, Some(&plan.proof)).unwrap();
        prop_assert_eq!(check(&problem, &again), vec![]);
        prop_assert!(again.gap.bound >= plan.gap.bound && again.gap.bound <= plan.gap.value);
        let mut closed = problem.clone();
        closed.ways[0].travel_s[way] = UNREACHABLE;
        for other in [solve(&closed, budget, Some(&plan.proof)), solve_again(&closed, budget, &plan)] {
            let other = other.unwrap();
            prop_assert_eq!(check(&closed, &other), vec![]);
            prop_assert!(other.gap.bound <= other.gap.value && plan.gap.bound <= other.gap.value);
        }
    }
}
