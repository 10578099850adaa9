//! The solver against the obvious loop, and properties of every ranking.

use proptest::prelude::*;

use super::super::fixtures::*;
use super::super::*;

const SMALL: Sizes = Sizes { aircraft: 6, sites: 3, hospitals: 4, areas: 6 };

fn ten() -> WorkBudget {
    WorkBudget::default()
}

/// Compares everything there is to compare on one problem.
fn assert_equal_to_plain(problem: &Problem, budget: WorkBudget, seed: u64) {
    let plan = rank(problem, budget).unwrap();
    let plain = plain_rank(problem, budget).unwrap();
    assert_eq!(plan, plain, "seed {seed}: {problem:#?}");
    assert_eq!(shortlist(problem, budget).unwrap(), plan.candidates, "seed {seed}: {problem:#?}");
    assert_eq!(check(problem, &plan), vec![], "seed {seed}: {problem:#?}");
}

#[test]
fn the_ranking_equals_the_triple_loop_on_small_worlds() {
    let mut admitted = [0u32; 5];
    for seed in 0..6_000u64 {
        let mut dice = Dice(seed);
        let strictness = [2, 5, 12, 30, 100][(seed % 5) as usize];
        let sizes = Sizes {
            aircraft: dice.below(7) as usize,
            sites: dice.below(4) as usize,
            hospitals: dice.below(5) as usize,
            areas: dice.below(7) as usize,
        };
        let problem = random_world(&mut dice, sizes, strictness);
        let budget = WorkBudget::candidates_at_most(dice.below(4) as u16);
        assert_equal_to_plain(&problem, budget, seed);
        admitted[(seed % 5) as usize] +=
            u32::try_from(rank(&problem, ten()).unwrap().candidates.len()).unwrap();
    }
    // The worlds are worth comparing only when some aircraft can go in them, and more where fewer limits bind.
    assert!(admitted.is_sorted() && admitted[4] > 1_000, "{admitted:?}");
}

#[test]
fn the_ranking_equals_the_triple_loop_on_large_worlds() {
    for (seed, strictness) in [(1, 30), (2, 12), (3, 4)] {
        let sizes = Sizes { aircraft: 200, sites: 16, hospitals: 32, areas: 60 };
        let problem = random_world(&mut Dice(seed), sizes, strictness);
        assert_equal_to_plain(&problem, ten(), seed);
    }
    let full = Sizes { aircraft: 20, sites: limits::SITES_MAX, hospitals: limits::HOSPITALS_MAX, areas: 241 };
    assert_equal_to_plain(&random_world(&mut Dice(9), full, 20), ten(), 9);
}

#[test]
fn the_ranking_equals_the_triple_loop_where_legs_are_not_straight() {
    let [mut around, mut barred] = [0; 2];
    for seed in 0..4_000u64 {
        let mut dice = Dice(seed);
        let strictness = [2, 5, 12, 30, 100][(seed % 5) as usize];
        let sizes = Sizes {
            aircraft: dice.below(7) as usize,
            sites: dice.below(4) as usize,
            hospitals: dice.below(5) as usize,
            areas: dice.below(7) as usize,
        };
        let world = random_world(&mut dice, sizes, strictness);
        let rarity = [1, 2, 6][(seed % 3) as usize];
        let problem = crooked(&mut dice, world, rarity);
        let budget = WorkBudget::candidates_at_most(dice.below(4) as u16);
        assert_equal_to_plain(&problem, budget, seed);
        let plan = rank(&problem, ten()).unwrap();
        let warned = plan.candidates.iter().flat_map(|candidate| &candidate.warnings);
        around += warned.filter(|warning| matches!(warning, Warning::AroundNoFly { .. })).count();
        let reasons = plan.ruled_out.iter().flat_map(|ruled_out| &ruled_out.reasons);
        barred += reasons.filter(|reason| matches!(reason, Reason::NoFly { .. })).count();
    }
    // The worlds are worth comparing only when legs lead around something, and when something bars them.
    assert!(around > 500 && barred > 500, "{around} around, {barred} barred");
}

#[test]
fn the_ranking_equals_the_triple_loop_where_some_of_many_legs_are_not_straight() {
    for (seed, rarity) in [(1, 2), (2, 20), (3, 500)] {
        let sizes = Sizes { aircraft: 60, sites: 16, hospitals: 32, areas: 20 };
        let mut dice = Dice(seed);
        let world = random_world(&mut dice, sizes, 20);
        assert_equal_to_plain(&crooked(&mut dice, world, rarity), ten(), seed);
    }
}

#[test]
fn equal_problems_give_equal_plans() {
    let problem = random_world(&mut Dice(5), Sizes { aircraft: 60, sites: 8, hospitals: 9, areas: 30 }, 12);
    assert_eq!(rank(&problem, ten()), rank(&problem.clone(), ten()));
}

/// What a candidate is worth before ties: the part of the order that more aircraft must not worsen.
fn best_of(problem: &Problem) -> Option<(u32, u32)> {
    let candidates = shortlist(problem, WorkBudget::candidates_at_most(1)).unwrap();
    candidates.first().map(|best| (best.tier, best.care_min))
}

fn without_trade_or_rest(mut problem: Problem) -> Problem {
    problem.policy.trade_s = None;
    problem.policy.rest = RestRule::Ignored;
    problem
}

#[test]
fn one_more_aircraft_never_worsens_the_best() {
    for seed in 0..1_000 {
        let mut more = without_trade_or_rest(random_world(&mut Dice(seed), SMALL, 12));
        let best_of_more = best_of(&more);
        more.aircraft.pop();
        if let Some(best) = best_of(&more) {
            assert!(best_of_more.is_some_and(|more| more <= best), "seed {seed}");
        }
    }
}

#[test]
fn one_more_aircraft_never_raises_a_cover_price() {
    for seed in 0..1_000 {
        let mut more = random_world(&mut Dice(seed), SMALL, 30);
        let plan_of_more = rank(&more, ten()).unwrap();
        more.aircraft.pop();
        for fewer in rank(&more, ten()).unwrap().candidates {
            let again = plan_of_more.candidates.iter().find(|candidate| candidate.aircraft == fewer.aircraft);
            assert!(again.is_none_or(|again| again.cover_price <= fewer.cover_price), "seed {seed}");
        }
    }
}

/// Every way to tighten a limit that a seeded world holds.
fn tightened(problem: &Problem, way: u32) -> Problem {
    let mut tight = problem.clone();
    let aircraft = &mut tight.aircraft;
    match way {
        0 => aircraft.iter_mut().for_each(|a| a.range_m = a.range_m / 10 * 6),
        1 => aircraft.iter_mut().for_each(|a| a.endurance_s /= 2),
        2 => aircraft.iter_mut().for_each(|a| a.standing.distance_max_m = Some(60_000)),
        3 => aircraft.iter_mut().for_each(|a| a.crew = Crew::Absent),
        4 => aircraft
            .iter_mut()
            .for_each(|a| a.next_outage_s = Some(a.next_outage_s.unwrap_or(4_000).min(4_000))),
        5 => aircraft.iter_mut().for_each(|a| a.minima.visibility_m += 6_000),
        6 => tight.sites.iter_mut().for_each(|s| s.mass_max_kg = s.mass_max_kg.min(3_000)),
        7 => tight.sites[0].state = SiteState::Closed,
        8 => tight.hospitals.iter_mut().for_each(|h| h.beds = Some(h.beds.unwrap_or(1).min(1))),
        9 => tight.hospitals[0].state = HospitalState::Refusing,
        10 => tight.blocks.iter_mut().for_each(|b| b.keep += 1),
        11 => tight.due_s = Some(tight.due_s.unwrap_or(2_000).min(2_000)),
        12 => tight.policy.reserve_s += 1_800,
        13 => tight.policy.road_transport = Permission::Refused,
        14 => tight.needs.stretchers += 1,
        15 => tight.needs.capabilities = Capabilities(tight.needs.capabilities.0 | 2),
        16 => tight.pinned_site = tight.pinned_site.or(Some(SiteIdx(0))),
        17 => tight.pinned_hospital = tight.pinned_hospital.or(Some(HospitalIdx(0))),
        _ => tight.policy.confirmation_ttl_s = Some(tight.policy.confirmation_ttl_s.unwrap_or(900).min(900)),
    }
    tight
}

#[test]
fn one_more_limit_never_adds_a_candidate() {
    for seed in 0..1_500u64 {
        let problem = random_world(&mut Dice(seed), SMALL, 12);
        let able = |problem: &Problem| {
            let plan = rank(problem, ten()).unwrap();
            plan.candidates.iter().map(|candidate| candidate.aircraft).collect::<Vec<_>>()
        };
        let before = able(&problem);
        let way = (seed % 19) as u32;
        for aircraft in able(&tightened(&problem, way)) {
            assert!(before.contains(&aircraft), "seed {seed}, limit {way}: {aircraft:?}");
        }
    }
}

#[test]
fn a_spoilt_plan_is_noticed() {
    let problem = random_world(&mut Dice(3), Sizes { aircraft: 40, sites: 4, hospitals: 5, areas: 20 }, 14);
    let good = rank(&problem, WorkBudget::candidates_at_most(3)).unwrap();
    assert!(good.candidates.len() == 3 && !good.outranked.is_empty() && !good.ruled_out.is_empty());
    let spoil: [fn(&mut Plan); 10] = [
        |plan| plan.candidates.swap(0, 1),
        |plan| plan.candidates[0].timeline.care_s += 1,
        |plan| plan.candidates[0].cover_price += 1,
        |plan| plan.candidates[0].margins.range_m = None,
        |plan| plan.candidates[0].aircraft = plan.candidates[1].aircraft,
        |plan| plan.candidates[0].site = SiteIdx(999),
        |plan| plan.outranked[0].care_min -= 1,
        |plan| plan.ruled_out[0].reasons = vec![],
        |plan| plan.ruled_out[0].aircraft = AircraftIdx(999),
        |plan| {
            plan.ruled_out.pop();
        },
    ];
    for (way, spoil) in spoil.iter().enumerate() {
        let mut plan = good.clone();
        spoil(&mut plan);
        assert_ne!(check(&problem, &plan), vec![], "way {way}");
    }
    assert_eq!(check(&problem, &good), vec![]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_500) })]

    #[test]
    fn extremes_within_the_limits_are_ranked_like_anything_else(seed in any::<u64>()) {
        let problem = extreme_world(&mut Dice(seed), Bounds::Valid);
        prop_assert_eq!(problem.validate(), Ok(()));
        assert_equal_to_plain(&problem, ten(), seed);
    }

    #[test]
    fn hostile_numbers_are_refused_or_ranked_but_never_panic(seed in any::<u64>()) {
        let problem = extreme_world(&mut Dice(seed), Bounds::Any);
        match rank(&problem, ten()) {
            Ok(plan) => prop_assert_eq!(check(&problem, &plan), vec![]),
            Err(error) => prop_assert_eq!(problem.validate(), Err(error)),
        }
    }
}
