//! Proves an answer without the solver.

use super::answer::{Answer, Duals, Objective};
use super::cost::{Tariff, packed_objective, unpack};
use super::explain;
use super::flow::BARRED;
use super::problem::{MunicipalityIdx, PhaseIdx, Problem, SupporterIdx};
use super::solver::net_charges;
use super::teams::{Cell, Layout, Teams};

/// What is wrong with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Violation {
    /// A pair that names what is not there, has no teams or stands out of order.
    Pair {
        /// Its place in the list.
        index: usize,
    },
    /// A pair that is excluded or has no open way.
    Barred {
        /// Its place in the list.
        index: usize,
    },
    /// Fewer teams than people decided.
    Decided {
        /// The place in the list of decided pairs.
        decision: usize,
    },
    /// More teams than a supporter has.
    Capacity {
        /// When.
        phase: PhaseIdx,
        /// Who.
        supporter: SupporterIdx,
    },
    /// More teams than a municipality needs, though nobody decided that.
    Need {
        /// When.
        phase: PhaseIdx,
        /// Who.
        municipality: MunicipalityIdx,
    },
    /// The objective does not follow from the pairs.
    Objective {
        /// What it is.
        actual: Objective,
    },
    /// The prices are misshapen or out of range.
    Duals,
    /// The prices prove another bound.
    Bound {
        /// What they prove.
        proven: Objective,
    },
    /// The reason, the decided part or the next best of a pair does not follow from the pairs.
    Reason {
        /// Its place in the list.
        index: usize,
    },
    /// The shortfalls do not follow from the pairs.
    Shortfalls,
    /// The scouts do not follow from the problem.
    Scouts,
}

/// Every rule that `answer` breaks; empty when it is feasible, its figures and reasons are true and its bound is proven.
///
/// `problem` must be valid; that of an infeasible decision breaks [`Violation::Decided`], [`Violation::Barred`] or
/// [`Violation::Capacity`].
///
/// # Complexity
/// O(P·S·M·(S + D)) time for D decided pairs.
pub fn check(problem: &Problem, answer: &Answer) -> Vec<Violation> {
    let layout = Layout::new(problem);
    let Ok(teams) = teams_of(&layout, answer) else {
        let is_bad = |index: &usize| teams_of_first(&layout, answer, *index).is_err();
        let index = (0..answer.pairs.len()).find(is_bad).unwrap_or(0);
        return vec![Violation::Pair { index }];
    };
    let tariff = Tariff::new(&layout);
    let mut violations = check_limits(&layout, answer, &teams);
    if !violations.is_empty() {
        return violations;
    }
    let actual = unpack(packed_objective(&layout, &tariff, &teams));
    if answer.objective != actual {
        violations.push(Violation::Objective { actual });
    }
    match lower_bound(problem, &answer.duals) {
        None => violations.push(Violation::Duals),
        Some(proven) if proven != answer.bound => violations.push(Violation::Bound { proven }),
        Some(_) => {}
    }
    let explained = explain::pairs(&layout, &tariff, &teams);
    let differs = answer.pairs.iter().zip(&explained).position(|(stated, actual)| stated != actual);
    violations.extend(differs.map(|index| Violation::Reason { index }));
    if answer.shortfalls != explain::shortfalls(&layout, &teams) {
        violations.push(Violation::Shortfalls);
    }
    if answer.scouts != explain::scouts(problem) {
        violations.push(Violation::Scouts);
    }
    violations
}

/// The pairs as numbers; the place of the first that cannot be one.
fn teams_of(layout: &Layout, answer: &Answer) -> Result<Teams, usize> {
    teams_of_first(layout, answer, answer.pairs.len().saturating_sub(1))
}

/// As [`teams_of`], of the pairs up to `last`.
fn teams_of_first(layout: &Layout, answer: &Answer, last: usize) -> Result<Teams, usize> {
    let mut teams = Teams::filled(layout.problem, 0);
    let mut before: Option<Cell> = None;
    for (index, pair) in answer.pairs.iter().enumerate().take(last + 1) {
        let [phase, supporter, municipality] =
            [pair.phase.0, pair.supporter.0, pair.municipality.0].map(|index| index as usize);
        let key = (phase, municipality, supporter);
        let is_known = phase < layout.phases()
            && supporter < layout.supporters()
            && municipality < layout.municipalities();
        let max = super::limits::TEAMS_MAX;
        if !is_known || !(1..=max).contains(&pair.teams) || before.is_some_and(|before| before >= key) {
            return Err(index);
        }
        before = Some(key);
        *teams.at_mut((phase, supporter, municipality)) = pair.teams;
    }
    Ok(teams)
}

fn check_limits(layout: &Layout, answer: &Answer, teams: &Teams) -> Vec<Violation> {
    let mut violations = Vec::new();
    for (index, pair) in answer.pairs.iter().enumerate() {
        let cell = (pair.phase.0 as usize, pair.supporter.0 as usize, pair.municipality.0 as usize);
        if layout.way_s.at(cell).is_none() {
            violations.push(Violation::Barred { index });
        }
    }
    for (decision, pair) in layout.problem.decided.iter().enumerate() {
        let (supporter, municipality) = (pair.supporter.0 as usize, pair.municipality.0 as usize);
        let is_less = |phase: u32| *teams.at((phase as usize, supporter, municipality)) < pair.teams;
        if (pair.from.0..pair.until.0).any(is_less) {
            violations.push(Violation::Decided { decision });
        }
    }
    for phase in 0..layout.phases() {
        let when = PhaseIdx(phase as u32);
        for supporter in 0..layout.supporters() {
            if teams.load(phase, supporter) > layout.capacity(phase, supporter) {
                violations
                    .push(Violation::Capacity { phase: when, supporter: SupporterIdx(supporter as u32) });
            }
        }
        for municipality in 0..layout.municipalities() {
            let admitted = layout.need(phase, municipality).max(layout.floor.met(phase, municipality));
            if teams.met(phase, municipality) > admitted {
                let municipality = MunicipalityIdx(municipality as u32);
                violations.push(Violation::Need { phase: when, municipality });
            }
        }
    }
    violations
}

/// The bound that `duals` prove; `None` when they are misshapen or out of range.
///
/// A take-up costs what exceeds the phase before, never less; charged at a price between 0 and its cost, for coming
/// and for staying, it costs no more, and the phases no longer depend on each other. Whoever sends a team pays for
/// capacity; then each team that is needed comes on the cheapest way or is missing, and each supporter sends up to
/// the step of burden that its price covers.
pub fn lower_bound(problem: &Problem, duals: &Duals) -> Option<Objective> {
    let layout = Layout::new(problem);
    let width = layout.supporters() * layout.municipalities();
    let take_up_s = 0..=i64::from(problem.policy.take_up_s);
    let is_shaped = duals.capacity.len() == layout.phases() * layout.supporters()
        && duals.take_up_s.len() == layout.phases() * width
        && duals.take_up_s.iter().all(|charge| take_up_s.contains(charge))
        && duals.capacity.iter().all(|price| (-BARRED..=2 * BARRED).contains(price));
    is_shaped.then(|| unpack(bound_of(&layout, &Tariff::new(&layout), duals)))
}

/// As [`lower_bound`], tiers packed, of duals in shape and range.
pub(super) fn bound_of(layout: &Layout, tariff: &Tariff, duals: &Duals) -> i128 {
    let standing = layout.standing.iter().zip(&duals.take_up_s);
    let mut bound: i128 = standing.map(|(&teams, &charge)| -i128::from(teams) * i128::from(charge)).sum();
    for phase in 0..layout.phases() {
        let net = net_charges(layout, &duals.take_up_s, phase);
        let prices = &duals.capacity[phase * layout.supporters()..];
        let cost = |s: usize, m: usize| {
            layout.way_s.at((phase, s, m)).map(|way_s| i128::from(way_s + net[layout.pair(s, m)]))
        };
        for (supporter, burden) in tariff.burden[phase].iter().enumerate() {
            let load = layout.floor.load(phase, supporter);
            bound += burden.sum_from(0) - burden.sum_from(load);
            let sent =
                burden.from(load).map(|(count, cost)| i128::from(count) * (cost - prices[supporter]).min(0));
            bound += sent.sum::<i128>();
        }
        for (municipality, need) in tariff.need[phase].iter().enumerate() {
            let coming = |s: usize| cost(s, municipality).map(|cost| cost + prices[s]);
            let cheapest = (0..layout.supporters()).filter_map(coming).min();
            let met = layout.floor.met(phase, municipality);
            let each = |weight: i128| cheapest.map_or(weight, |cheapest| cheapest.min(weight));
            bound += need.from(met).map(|(count, weight)| i128::from(count) * each(weight)).sum::<i128>();
            let decided = |s: usize| i128::from(*layout.floor.at((phase, s, municipality)));
            bound += (0..layout.supporters())
                .map(|s| decided(s) * cost(s, municipality).unwrap_or(0))
                .sum::<i128>();
        }
    }
    bound
}
