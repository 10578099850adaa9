//! Verifies a plan without the solver.
//!
//! Absent on purpose: any part of `solver`. Everything is judged anew by the rules, and each aircraft's choice
//! is compared with all others, the obvious way.

use super::choice::{Choice, RankKey};
use super::cover::plain_price;
use super::ground::ground_units;
use super::judge::{Judge, whole_minutes};
use super::plain::plain_choice;
use super::plan::{Candidate, Outranked, Plan, RuledOut, Transport};
use super::problem::*;
use super::remedy::changes_for;
use super::validate::ProblemError;

/// What is wrong with a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Violation {
    /// The problem itself cannot be ranked.
    Invalid(ProblemError),
    /// An index points outside the problem.
    UnknownIndex,
    /// An aircraft is in no list, or in several.
    NotOnce {
        /// Which.
        aircraft: AircraftIdx,
    },
    /// A candidate or outranked aircraft breaks a limit.
    BreaksLimit {
        /// Which.
        aircraft: AircraftIdx,
    },
    /// An aircraft is ruled out although it can go.
    WronglyRuledOut {
        /// Which.
        aircraft: AircraftIdx,
    },
    /// Another site or hospital would be better.
    NotBestChoice {
        /// Which.
        aircraft: AircraftIdx,
    },
    /// Times, margins, price, tier, warnings, reasons or changes are not what the rules say.
    WrongFigures {
        /// Which.
        aircraft: AircraftIdx,
    },
    /// A candidate stands before a better one, or an outranked aircraft is better than a candidate.
    WrongOrder {
        /// Which.
        aircraft: AircraftIdx,
    },
    /// A list that is sorted by index is not.
    NotSorted,
    /// The ground units are not what the rules say.
    WrongGround,
}

/// Everything that is wrong with a plan; empty for a right one.
///
/// # Complexity
/// O(A · S · H) assessments and O(A² · areas) for the cover prices: for tests, audits and drills.
#[must_use]
pub fn check(problem: &Problem, plan: &Plan) -> Vec<Violation> {
    if let Err(error) = problem.validate() {
        return vec![Violation::Invalid(error)];
    }
    if !indices_exist(problem, plan) {
        return vec![Violation::UnknownIndex];
    }
    let checker = Checker { judge: Judge::new(problem) };
    let mut violations = checker.each_once(plan);
    let keys: Vec<RankKey> =
        plan.candidates.iter().map(|candidate| checker.candidate(candidate, &mut violations)).collect();
    for pair in keys.windows(2).filter(|pair| pair[0] >= pair[1]) {
        violations.push(Violation::WrongOrder { aircraft: pair[1].aircraft });
    }
    for outranked in &plan.outranked {
        let key = checker.outranked(outranked, &mut violations);
        if keys.last().is_some_and(|last| key < *last) {
            violations.push(Violation::WrongOrder { aircraft: outranked.aircraft });
        }
    }
    plan.ruled_out.iter().for_each(|ruled_out| checker.ruled_out(ruled_out, &mut violations));
    let outranked_sorted = plan.outranked.is_sorted_by_key(|outranked| outranked.aircraft);
    if !outranked_sorted || !plan.ruled_out.is_sorted_by_key(|ruled_out| ruled_out.aircraft) {
        violations.push(Violation::NotSorted);
    }
    let (ground, ground_ruled_out) = ground_units(&checker.judge);
    if (&ground, &ground_ruled_out) != (&plan.ground, &plan.ground_ruled_out) {
        violations.push(Violation::WrongGround);
    }
    violations
}

fn indices_exist(problem: &Problem, plan: &Plan) -> bool {
    let exists = |aircraft: AircraftIdx, place: Option<(SiteIdx, Transport)>| {
        aircraft.index() < problem.aircraft.len()
            && place.is_none_or(|(site, transport)| {
                site.index() < problem.sites.len() && transport.hospital().index() < problem.hospitals.len()
            })
    };
    let near_miss = |ruled_out: &RuledOut| ruled_out.near_miss.map(|near| (near.site, near.transport));
    plan.candidates.iter().all(|c| exists(c.aircraft, Some((c.site, c.transport))))
        && plan.outranked.iter().all(|o| exists(o.aircraft, Some((o.site, o.transport))))
        && plan.ruled_out.iter().all(|r| exists(r.aircraft, near_miss(r)))
}

struct Checker<'a> {
    judge: Judge<'a>,
}

impl Checker<'_> {
    fn each_once(&self, plan: &Plan) -> Vec<Violation> {
        let mut times = vec![0u32; self.judge.problem.aircraft.len()];
        let listed = plan.candidates.iter().map(|candidate| candidate.aircraft);
        let listed = listed.chain(plan.outranked.iter().map(|outranked| outranked.aircraft));
        for aircraft in listed.chain(plan.ruled_out.iter().map(|ruled_out| ruled_out.aircraft)) {
            times[aircraft.index()] += 1;
        }
        let wrong = times.iter().enumerate().filter(|(_, times)| **times != 1);
        wrong.map(|(place, _)| Violation::NotOnce { aircraft: AircraftIdx::at(place) }).collect()
    }

    /// The key of an aircraft at a given place, where it must be admitted and best.
    fn admitted(
        &self,
        aircraft: AircraftIdx,
        (site, transport): (SiteIdx, Transport),
        violations: &mut Vec<Violation>,
    ) -> (Choice, RankKey) {
        let seen = self.judge.assess(aircraft, site, transport);
        let choice = Choice::of(&self.judge, site, transport, &seen);
        if !seen.reasons.is_empty() {
            violations.push(Violation::BreaksLimit { aircraft });
        } else if plain_choice(&self.judge, aircraft) != Some(choice) {
            violations.push(Violation::NotBestChoice { aircraft });
        }
        let price = plain_price(self.judge.problem, aircraft, seen.timeline.cover_back_s);
        (choice, RankKey::of(&self.judge, aircraft, &choice, price))
    }

    fn candidate(&self, candidate: &Candidate, violations: &mut Vec<Violation>) -> RankKey {
        let Candidate { aircraft, site, transport, .. } = *candidate;
        let (_, key) = self.admitted(aircraft, (site, transport), violations);
        let seen = self.judge.assess(aircraft, site, transport);
        let right = Candidate {
            aircraft,
            site,
            transport,
            tier: key.tier,
            care_min: key.care_min,
            cover_price: key.cover_price,
            timeline: seen.timeline,
            margins: seen.margins,
            warnings: self.judge.warnings(aircraft, site, transport),
        };
        if right != *candidate {
            violations.push(Violation::WrongFigures { aircraft });
        }
        key
    }

    fn outranked(&self, outranked: &Outranked, violations: &mut Vec<Violation>) -> RankKey {
        let Outranked { aircraft, site, transport, .. } = *outranked;
        let (choice, key) = self.admitted(aircraft, (site, transport), violations);
        let care_s = choice.care_s(self.judge.problem.kind);
        let (tier, care_min) = (key.tier, whole_minutes(care_s));
        if (Outranked { aircraft, site, transport, tier, care_s, care_min }) != *outranked {
            violations.push(Violation::WrongFigures { aircraft });
        }
        key
    }

    fn ruled_out(&self, ruled_out: &RuledOut, violations: &mut Vec<Violation>) {
        let aircraft = ruled_out.aircraft;
        let best = plain_choice(&self.judge, aircraft);
        if best.is_some_and(|best| best.changes == 0) {
            violations.push(Violation::WronglyRuledOut { aircraft });
            return;
        }
        let place = ruled_out.near_miss.map(|near| (near.site, near.transport));
        if best.map(|best| (best.site, best.transport())) != place {
            violations.push(Violation::NotBestChoice { aircraft });
            return;
        }
        let (reasons, figures) = match place {
            None => (self.judge.reasons_without_choice(aircraft), None),
            Some((site, transport)) => {
                let seen = self.judge.assess(aircraft, site, transport);
                (seen.reasons, Some((seen.timeline, seen.margins)))
            }
        };
        let told = ruled_out.near_miss.map(|near| (near.timeline, near.margins));
        let changes = changes_for(&reasons);
        if reasons != ruled_out.reasons || changes != ruled_out.changes || figures != told {
            violations.push(Violation::WrongFigures { aircraft });
        }
    }
}
