//! Figures of reports, worked by hand.

use super::*;
use crate::drill::runner::{Answered, Flown, Habits, Told};
use crate::units::Position;
use proptest::prelude::*;

fn call(area: &str, told: Told) -> Answered {
    Answered {
        request: "members/hyogo/requests/r-1".parse().unwrap(),
        area: format!("members/hyogo/organisations/{area}").parse().unwrap(),
        position: Position::from_degrees(35.0, 135.0).unwrap(),
        called_at: Timestamp(0),
        told,
        refused: 0,
        decisions: Vec::new(),
    }
}

fn flown(area: &str, care_min: Seconds) -> Answered {
    let asset = "members/hyogo/assets/heli-toyooka".parse().unwrap();
    let flown = Flown { asset, care_s: care_min * 60, lift_off_at: Timestamp(0), away_s: 3_000 };
    call(area, Told::Flown(flown))
}

fn outcome(calls: Vec<Answered>) -> Outcome {
    Outcome { calls, injects: Vec::new(), records: 0, ledgers: Digest::ZERO }
}

#[test]
fn spans_are_counted_by_five_minutes_and_held_against_the_targets() {
    let calls = vec![
        flown("a", 15),
        flown("a", 14),
        call("a", Told::Ground { care_s: 30 * 60 + 1 }),
        call("a", Told::Ground { care_s: 1_000_000 }),
        call("a", Told::Nobody),
    ];
    let spread = Spread::of(&outcome(calls));
    assert_eq!((spread.bins[2], spread.bins[3]), (Bin { air: 1, road: 0 }, Bin { air: 1, road: 0 }));
    assert_eq!((spread.bins[6], spread.bins[18]), (Bin { air: 0, road: 1 }, Bin { air: 0, road: 1 }));
    assert_eq!(spread.nobody, 1);
    assert_eq!(spread.targets.map(|target| target.met), [2, 2]);
}

#[test]
fn areas_stand_in_the_order_of_their_means_and_those_without_care_are_left_out() {
    let calls = vec![flown("a", 10), flown("a", 20), flown("b", 40), call("c", Told::Nobody)];
    let areas = inequality::areas(&outcome(calls));
    let rows: Vec<(&str, Seconds)> = areas.iter().map(|row| (row.area.slug.as_str(), row.mean_s())).collect();
    assert_eq!(rows, [("b", 2_400), ("a", 900)]);
}

#[test]
fn ginis_coefficient_of_figures_worked_by_hand() {
    // Differences of 1, 2, 3, 4: 2·(1+2+3+1+2+1) = 20; 20 / (2·16·2.5) = 0.25.
    assert_eq!(gini_e4(&[4, 1, 3, 2]), Some(2_500));
    assert_eq!(gini_e4(&[7, 7, 7]), Some(0));
    assert_eq!(gini_e4(&[0, 0, 0, 100]), Some(7_500));
    assert_eq!(gini_e4(&[]), None);
    assert_eq!(gini_e4(&[0, 0]), None);
}

proptest! {
    #[test]
    fn ginis_coefficient_is_the_mean_difference_over_twice_the_mean(
        numbers in prop::collection::vec(0_u32..10_000, 1..40),
    ) {
        let count = numbers.len() as u128;
        let sum: u128 = numbers.iter().map(|number| u128::from(*number)).sum();
        let pairs = numbers.iter().flat_map(|a| numbers.iter().map(|b| u128::from(a.abs_diff(*b))));
        let differences: u128 = pairs.sum();
        let expected = (differences * 10_000).checked_div(2 * count * sum).map(|e4| u32::try_from(e4).unwrap());
        prop_assert_eq!(gini_e4(&numbers), expected);
    }
}

#[test]
fn a_report_of_kansai_adds_up_and_no_reference_beats_what_stood_ready() {
    let scenario = crate::drill::read(crate::host::kansai()).unwrap();
    let planner = crate::host::planner(&scenario).unwrap();
    let laid_out = LaidOut::of(&scenario).unwrap();
    let order = Order { days: 2, seed: 1, habits: Habits::default() };
    let outcome = laid_out.run(&planner.afresh(), order, |_| {}).unwrap();
    let played =
        Played { scenario: &scenario, laid_out: &laid_out, planner: &planner, order, fee_yen: 1_000 };
    let report = Report::of(played, outcome).unwrap();
    let calls = report.outcome.calls.len();
    let counted: u32 = report.costs.iter().map(|cost| cost.calls).sum();
    assert_eq!(counted as usize, calls);
    for cost in &report.costs {
        assert_eq!(cost.calls, cost.by_own + cost.by_others + cost.by_road + cost.nobody);
        assert_eq!(cost.pays_yen, u64::from(cost.by_others) * 1_000);
    }
    let sum = |of: fn(&PrefectureCost) -> u64| report.costs.iter().map(of).sum::<u64>();
    assert_eq!(sum(|cost| cost.pays_yen), sum(|cost| cost.gets_yen));
    let binned: u32 = report.spread.bins.iter().map(|bin| bin.air + bin.road).sum();
    assert_eq!((binned + report.spread.nobody) as usize, calls);
    assert_eq!(report.soonest_s.len(), calls);
    // The first call of a run finds every aircraft ready at its base: nothing but people's time lies between.
    let first = report.regrets_s()[0].unwrap();
    assert!(first >= 0, "{first}");
    let regrets: Vec<i64> = report.regrets_s().into_iter().flatten().collect();
    assert!(regrets.iter().filter(|regret| **regret >= 0).count() * 10 > regrets.len() * 9);
    assert!(report.outcome.calls.iter().all(|call| !call.decisions.is_empty()));
}
