//! Small problems, by hand and by chance.

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::*;
use crate::units::UNREACHABLE;

pub(super) const ALL: WorkBudget = WorkBudget { rounds: 40 };

/// One phase after the other alike: what supporters have, people and need of each municipality, hours of travel.
pub(super) fn problem(phases: usize, capacity: &[u32], needs: &[(u32, u32)], travel_h: &[u32]) -> Problem {
    let hours = |&hours: &u32| if hours == UNREACHABLE { hours } else { hours * 3_600 };
    Problem {
        phases,
        supporters: capacity.iter().map(|&teams| Supporter { capacity: vec![teams; phases] }).collect(),
        municipalities: needs
            .iter()
            .map(|&(people_affected, teams)| Municipality {
                people_affected,
                staff_lost_permille: 0,
                need: vec![teams; phases],
            })
            .collect(),
        travel_s: travel_h.iter().map(hours).collect::<Vec<_>>().repeat(phases),
        ties: Vec::new(),
        decided: Vec::new(),
        excluded: Vec::new(),
        standing: Vec::new(),
        scouts: Vec::new(),
        policy: Policy { take_up_s: 1_800, burden_s: 600 },
    }
}

pub(super) fn decided(
    supporter: u32,
    municipality: u32,
    phases: std::ops::Range<u32>,
    teams: u32,
) -> Decided {
    Decided {
        supporter: SupporterIdx(supporter),
        municipality: MunicipalityIdx(municipality),
        from: PhaseIdx(phases.start),
        until: PhaseIdx(phases.end),
        teams,
    }
}

/// The answer, which `check` accepts.
pub(super) fn solved(problem: &Problem) -> Answer {
    let answer = solve(problem, ALL).unwrap();
    assert_eq!(check(problem, &answer), Vec::new(), "{problem:?}\n{answer:?}");
    assert!(answer.bound <= answer.objective, "{problem:?}\n{answer:?}");
    let tiers = |objective: Objective| (objective.uncovered, objective.missed);
    assert_eq!(tiers(answer.bound), tiers(answer.objective), "{problem:?}\n{answer:?}");
    answer
}

/// Supporter, municipality and teams of the pairs in `phase`.
pub(super) fn of_phase(answer: &Answer, phase: u32) -> Vec<(u32, u32, u32)> {
    let pairs = answer.pairs.iter().filter(|pair| pair.phase == PhaseIdx(phase));
    pairs.map(|pair| (pair.supporter.0, pair.municipality.0, pair.teams)).collect()
}

/// Each pair of supporter and municipality or not, with a value.
fn some_pairs<T: std::fmt::Debug + Clone>(
    (supporters, municipalities): (usize, usize),
    value: impl Strategy<Value = T> + Clone,
) -> impl Strategy<Value = Vec<(SupporterIdx, MunicipalityIdx, T)>> {
    let one = prop_oneof![3 => Just(None), 1 => value.prop_map(Some)];
    vec(one, supporters * municipalities).prop_map(move |cells| {
        let named = |(index, value): (usize, Option<T>)| {
            let (s, m) = (index / municipalities, index % municipalities);
            Some((SupporterIdx(s as u32), MunicipalityIdx(m as u32), value?))
        };
        cells.into_iter().enumerate().filter_map(named).collect()
    })
}

/// Problems of one shape whose plans can be listed; decided pairs may be infeasible.
fn shaped(phases: usize, supporters: usize, municipalities: usize) -> impl Strategy<Value = Problem> {
    let pairs = (supporters, municipalities);
    let capacity = vec(vec(0_u32..4, phases), supporters);
    let places = vec((0_u32..40, 0_u32..=1000, vec(0_u32..4, phases)), municipalities);
    let way = prop_oneof![5 => 0_u32..20, 1 => Just(UNREACHABLE)];
    let travel_s = vec(way, phases * supporters * municipalities);
    let last = phases as u32;
    let lists = (
        some_pairs(pairs, 0_u32..15),
        some_pairs(pairs, (0..last, 1_u32..3)),
        some_pairs(pairs, Just(())),
        some_pairs(pairs, 1_u32..3),
        0_usize..4,
    );
    (capacity, places, travel_s, lists, 0_u32..12, 0_u32..6).prop_map(
        move |(capacity, places, travel_s, (ties, pairs, barred, stand, kept), take_up_s, burden_s)| {
            Problem {
                phases,
                supporters: capacity.into_iter().map(|capacity| Supporter { capacity }).collect(),
                municipalities: places
                    .into_iter()
                    .map(|(people_affected, staff_lost_permille, need)| Municipality {
                        people_affected,
                        staff_lost_permille,
                        need,
                    })
                    .collect(),
                travel_s,
                ties: ties
                    .into_iter()
                    .map(|(supporter, municipality, worth_s)| Tie { supporter, municipality, worth_s })
                    .collect(),
                decided: pairs
                    .into_iter()
                    .take(kept)
                    .map(|(s, m, (from, teams))| decided(s.0, m.0, from..last, teams))
                    .collect(),
                excluded: barred
                    .into_iter()
                    .take(1)
                    .map(|(supporter, municipality, ())| Exclusion { supporter, municipality })
                    .collect(),
                standing: stand
                    .iter()
                    .map(|&(supporter, municipality, teams)| Standing { supporter, municipality, teams })
                    .collect(),
                scouts: stand
                    .into_iter()
                    .map(|(supporter, municipality, _)| Scout {
                        supporter,
                        municipality,
                        leaves_within_s: 5_400,
                    })
                    .collect(),
                policy: Policy { take_up_s, burden_s },
            }
        },
    )
}

/// Any problem whose plans can be listed.
pub(super) fn any_problem() -> impl Strategy<Value = Problem> {
    let sizes = prop_oneof![
        Just((1_usize, 3_usize, 2_usize)),
        Just((1, 2, 3)),
        Just((2, 2, 2)),
        Just((3, 2, 2)),
        Just((3, 3, 1)),
        Just((3, 1, 3)),
    ];
    sizes.prop_flat_map(|(p, s, m)| shaped(p, s, m))
}
