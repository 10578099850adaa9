//! Policies of Kansai side by side, few days each.

use super::policy::{Policy, PolicyFault};
use super::*;
use crate::drill::Scenario;

fn kansai() -> Scenario {
    crate::drill::read(crate::host::kansai()).unwrap()
}

fn arm(policy: &str) -> Arm {
    let policy: Policy = policy.parse().unwrap();
    let mut scenario = kansai();
    policy.lay_into(&mut scenario).unwrap();
    let planner = crate::host::planner(&scenario).unwrap();
    Arm { name: policy.to_string(), scenario, planner }
}

fn extent(seeds: u64, threads: usize) -> Extent {
    Extent {
        seed: 1,
        seeds,
        days: 1,
        habits: Habits::default(),
        fee_yen: measure::FEE_YEN,
        threads: NonZeroUsize::new(threads).unwrap(),
    }
}

fn mean(side: &Side, measure: Measure) -> i64 {
    let place = Measure::ALL.iter().position(|known| *known == measure).unwrap();
    side.means[place].unwrap().mean_e3
}

#[test]
fn the_same_comes_out_whatever_the_number_of_threads_and_runs_before() {
    let arms = [arm("as-stated"), arm("alone")];
    let alone = compare(&arms, &extent(3, 1), || {}).unwrap();
    assert_eq!(alone, compare(&arms, &extent(3, 2), || {}).unwrap());
    // A run of a comparison is the run that `yui drill run` plays under its seed.
    for run in &alone[0].runs {
        let order = Order { days: 1, seed: run.seed, habits: Habits::default() };
        let fresh = crate::drill::runner::run(&arms[0].scenario, &arms[0].planner.afresh(), order, |_| {});
        assert_eq!(fresh.unwrap().ledgers, run.ledgers, "seed {}", run.seed);
    }
    assert_ne!(alone[0].runs[0].ledgers, alone[0].runs[1].ledgers);
}

#[test]
fn a_policy_beside_itself_differs_by_exactly_nothing() {
    let sides = compare(&[arm("as-stated"), arm("as-stated")], &extent(3, 2), || {}).unwrap();
    for difference in sides[1].differences.iter().flatten() {
        assert_eq!(*difference, Estimate { count: 3, mean_e3: 0, half_e3: Some(0) });
    }
    assert_eq!(sides[1].differences.iter().flatten().count(), Measure::ALL.len());
}

#[test]
fn who_shares_nothing_pays_nobody_and_waits_longer() {
    let told = AtomicU64::new(0);
    let count = || _ = told.fetch_add(1, Ordering::Relaxed);
    let sides = compare(&[arm("as-stated"), arm("alone")], &extent(6, 2), count).unwrap();
    assert_eq!(told.into_inner(), 12);
    let [sharing, alone] = &sides[..] else { panic!("two sides") };
    assert!(mean(sharing, Measure::ForOthers) > 0);
    assert_eq!((mean(alone, Measure::ForOthers), mean(alone, Measure::FeesYen)), (0, 0));
    assert!(mean(alone, Measure::CareMean) > mean(sharing, Measure::CareMean));
    for run in &sharing.runs {
        assert_eq!(run.figures.fees_yen, u64::from(run.figures.for_others) * 325_000);
    }
}

#[test]
fn an_aircraft_that_is_out_flies_nowhere() {
    let policy = "without=hyogo/heli-toyooka,tottori/heli-tottori";
    let arm = arm(policy);
    let order = Order { days: 2, seed: 1, habits: Habits::default() };
    let outcome = LaidOut::of(&arm.scenario).unwrap().run(&arm.planner, order, |_| {}).unwrap();
    let usage = outcome.usage();
    let flew: Vec<&str> = usage.keys().map(|asset| asset.slug.as_str()).collect();
    assert!(
        !flew.is_empty() && !flew.contains(&"heli-toyooka") && !flew.contains(&"heli-tottori"),
        "{flew:?}"
    );
}

#[test]
fn a_wrong_policy_is_named_with_the_near_one() {
    let fault = |text: &str| text.parse::<Policy>().unwrap_err();
    let near = |word: &str, near: &str| PolicyFault::Unknown { word: word.into(), near: vec![near.into()] };
    assert_eq!(fault("allone"), near("allone", "alone"));
    assert_eq!(fault("alone+nearest-frist"), near("nearest-frist", "nearest-first"));
    assert_eq!(
        fault("without-hyogo/x"),
        PolicyFault::Unknown { word: "without-hyogo/x".into(), near: vec![] }
    );
    assert_eq!(fault(""), PolicyFault::Length);
    assert_eq!(fault(&"alone+".repeat(200)), PolicyFault::Length);
    assert_eq!(fault("cover=0"), PolicyFault::Cover { value: "0".into() });
    assert_eq!(fault("cover=61"), PolicyFault::Cover { value: "61".into() });
    assert_eq!(fault("without=toyooka"), PolicyFault::NotAName { name: "toyooka".into() });
    let unknown: Policy = "without=hyogo/heli-toyoka".parse().unwrap();
    let fault = unknown.lay_into(&mut kansai()).unwrap_err();
    let near = vec!["hyogo/heli-toyooka".to_owned()];
    assert_eq!(fault, PolicyFault::NoSuchAircraft { name: "hyogo/heli-toyoka".into(), near });
}

#[test]
fn no_seeds_too_many_and_one_side_alone_are_refused() {
    let arms = [arm("as-stated"), arm("alone")];
    for seeds in [0, SEEDS_MAX + 1] {
        let fault = compare(&arms, &extent(seeds, 1), || {}).unwrap_err();
        assert!(matches!(fault, CompareFault::Seeds { seeds: told } if told == seeds));
    }
    let fault = compare(&arms[..1], &extent(1, 1), || {}).unwrap_err();
    assert!(matches!(fault, CompareFault::Arms { arms: 0 }));
}

#[test]
fn sides_with_other_calls_are_not_compared() {
    let mut later = arm("as-stated");
    later.scenario.start = later.scenario.start + 3_600;
    later.name = "an hour later".to_owned();
    let fault = compare(&[arm("as-stated"), later], &extent(1, 1), || {}).unwrap_err();
    assert!(matches!(fault, CompareFault::OtherCalls { seed: 1, .. }), "{fault}");
}
