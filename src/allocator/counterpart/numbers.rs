//! How many supporters a municipality has: a least and a largest number over all phases.
//!
//! Numbers of supporters are no part of the flow. The problem is solved without them, and again with the supporters of
//! each municipality that breaks one held to it, until none does. The bound is that of the problem without numbers: no plan
//! that keeps them is below it, and the gap says what they, and the way they are kept, cost at most.

use super::answer::Answer;
use super::problem::{Decided, Exclusion, MunicipalityIdx, PhaseIdx, Problem, SupporterIdx};
use super::solver::{Refused, WorkBudget, solve};
use super::teams::{Layout, Teams};
use std::collections::{BTreeMap, BTreeSet};

/// How many supporters each municipality shall have. What people decided goes before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    /// At least; fewer where it needs fewer teams, or nobody else has a team left.
    pub least: u32,
    /// At most; 0: any number.
    pub most: u32,
}

/// As [`solve`], with `numbers` kept: municipalities with too many keep those that send most, those with too few get the
/// nearest with a team left, one team each.
///
/// Pairs that only the least number asks for have the reason of a decision behind the end of the problem's own list.
///
/// # Errors
/// As [`solve`].
///
/// # Complexity
/// One solve more for each round in which a municipality breaks a number; at most one for each of them.
pub fn solve_numbered(problem: &Problem, numbers: Numbers, budget: WorkBudget) -> Result<Answer, Refused> {
    let free = solve(problem, budget)?;
    let mut held = problem.clone();
    if numbers.least > 1 {
        add_least(&mut held, numbers.least);
    }
    let mut answer = if held == *problem { free.clone() } else { solve(&held, budget)? };
    if numbers.most > 0 {
        for _ in 0..problem.municipalities.len() {
            if !exclude_surplus(&mut held, &answer, numbers.most as usize) {
                break;
            }
            answer = solve(&held, budget)?;
        }
    }
    (answer.bound, answer.duals) = (free.bound, free.duals);
    Ok(answer)
}

/// Decides one team of the nearest in each phase with a need, until there are as many as `least` asks for.
fn add_least(problem: &mut Problem, least: u32) {
    let known = problem.clone();
    let layout = Layout::new(&known);
    let mut floor: Teams = layout.floor.clone();
    for municipality in 0..layout.municipalities() {
        let wanting: Vec<usize> =
            (0..layout.phases()).filter(|&phase| layout.need(phase, municipality) > 0).collect();
        let needed = wanting.iter().map(|&phase| layout.need(phase, municipality)).min().unwrap_or(0);
        let mut there: BTreeSet<usize> = (0..layout.supporters())
            .filter(|&s| (0..layout.phases()).any(|phase| *floor.at((phase, s, municipality)) > 0))
            .collect();
        let can = |floor: &Teams, s: usize| {
            wanting.iter().all(|&phase| {
                // What people decided may meet a need whole: nobody is sent on top of it.
                let is_wanted = floor.met(phase, municipality) < layout.need(phase, municipality);
                let has_room = floor.load(phase, s) < layout.capacity(phase, s);
                is_wanted && has_room && layout.way_s.at((phase, s, municipality)).is_some()
            })
        };
        let mut near: Vec<usize> = (0..layout.supporters()).filter(|s| !there.contains(s)).collect();
        near.sort_by_key(|&s| wanting.first().and_then(|&phase| *layout.way_s.at((phase, s, municipality))));
        for supporter in near {
            if there.len() >= least.min(needed) as usize {
                break;
            }
            if !can(&floor, supporter) {
                continue;
            }
            there.insert(supporter);
            for &phase in &wanting {
                *floor.at_mut((phase, supporter, municipality)) = 1;
                problem.decided.push(Decided {
                    supporter: SupporterIdx(supporter as u32),
                    municipality: MunicipalityIdx(municipality as u32),
                    from: PhaseIdx(phase as u32),
                    until: PhaseIdx(phase as u32 + 1),
                    teams: 1,
                });
            }
        }
    }
}

/// Holds each municipality with more than `most` supporters to those that send most and to whoever was decided; whether
/// one had more.
fn exclude_surplus(problem: &mut Problem, answer: &Answer, most: usize) -> bool {
    let mut sent: BTreeMap<MunicipalityIdx, BTreeMap<SupporterIdx, (bool, u32)>> = BTreeMap::new();
    for pair in &answer.pairs {
        let of = sent.entry(pair.municipality).or_default().entry(pair.supporter).or_default();
        *of = (of.0 || pair.decided > 0, of.1 + pair.teams);
    }
    let mut has_changed = false;
    for (municipality, supporters) in sent {
        let mut order: Vec<_> = supporters.into_iter().collect();
        order.sort_by_key(|&(supporter, (is_decided, teams))| (!is_decided, u32::MAX - teams, supporter));
        let decided = order.iter().filter(|(_, (is_decided, _))| *is_decided).count();
        if order.len() <= most.max(decided) {
            continue;
        }
        let kept: BTreeSet<SupporterIdx> =
            order[..most.max(decided)].iter().map(|(supporter, _)| *supporter).collect();
        let known: BTreeSet<SupporterIdx> = problem
            .excluded
            .iter()
            .filter(|pair| pair.municipality == municipality)
            .map(|pair| pair.supporter)
            .collect();
        let all = (0..problem.supporters.len() as u32).map(SupporterIdx);
        let shut = all.filter(|supporter| !kept.contains(supporter) && !known.contains(supporter));
        problem.excluded.extend(shut.map(|supporter| Exclusion { supporter, municipality }));
        has_changed = true;
    }
    has_changed
}
