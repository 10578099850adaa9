//! A proposal of pairs, read back from the allocator's answer.

use super::names::Names;
use super::wire;
use crate::allocator::counterpart::{
    Answer, Change, Infeasible, NextBest, Pair, Reason, Shortage, Shortfall, SupporterIdx,
};
use crate::api::v1;
use crate::authority::pairs::Stated;
use crate::decision::model::{Name, ObjectiveValue};
use crate::units::UNREACHABLE;
use std::collections::BTreeMap;

/// A stated problem with what its answer is shown by.
#[derive(Clone, Copy)]
pub(crate) struct Proposal<'a> {
    pub(crate) stated: &'a Stated,
    pub(crate) names: &'a Names,
    pub(crate) towns: &'a BTreeMap<u32, Name>,
}

impl Proposal<'_> {
    /// What was worked out from, with nothing worked out.
    pub(crate) fn blank(&self, team: String) -> v1::ProposePairsResponse {
        let phases = self.stated.phases.iter().map(|&(from, until)| v1::propose_pairs_response::Phase {
            start_time: Some(wire::instant(from)),
            end_time: Some(wire::instant(until)),
        });
        v1::ProposePairsResponse {
            team,
            phases: phases.collect(),
            municipality_count: self.stated.towns.len() as u32,
            supporter_count: self.stated.members.len() as u32,
            needs_left_out: self.stated.left_out.iter().map(|need| self.names.print(need)).collect(),
            ..v1::ProposePairsResponse::default()
        }
    }

    pub(crate) fn fill(&self, shown: &mut v1::ProposePairsResponse, answer: &Answer) {
        let (value, bound) = (answer.objective, answer.bound);
        let tiers = [
            (value.uncovered, bound.uncovered),
            (value.missed, bound.missed),
            (value.seconds, bound.seconds),
        ];
        shown.objective =
            tiers.iter().zip(1_u8..).map(|(&(value, bound), tier)| objective(tier, value, bound)).collect();
        shown.pairs = answer.pairs.iter().map(|pair| self.pair(pair)).collect();
        shown.shortfalls = answer.shortfalls.iter().map(|short| self.shortfall(short)).collect();
    }

    fn member(&self, supporter: SupporterIdx) -> String {
        self.stated.members.get(supporter.0 as usize).map(|id| self.names.print(id)).unwrap_or_default()
    }

    /// Code, name for people, and whose it is.
    fn town(&self, index: u32) -> (u32, Option<v1::DisplayName>, String) {
        let Some(town) = self.stated.towns.get(index as usize) else { return (0, None, String::new()) };
        (town.code, self.towns.get(&town.code).map(wire::display_name), self.names.print(&town.member))
    }

    fn decision(&self, index: usize) -> Option<String> {
        self.stated.pairs.get(index).map(|id| self.names.print(id))
    }

    fn pair(&self, pair: &Pair) -> v1::ProposedPair {
        use v1::proposed_pair::Reason as Word;
        let (municipality, municipality_name, affected) = self.town(pair.municipality.0);
        let problem = &self.stated.problem;
        let row = pair.phase.0 as usize * problem.supporters.len() + pair.supporter.0 as usize;
        let way = problem.travel_s.get(row * problem.municipalities.len() + pair.municipality.0 as usize);
        let mut shown = v1::ProposedPair {
            phase: pair.phase.0 + 1,
            municipality,
            municipality_name,
            affected,
            supporter: self.member(pair.supporter),
            teams: pair.teams,
            decided_teams: pair.decided,
            travel: way.filter(|way| **way != UNREACHABLE).map(|&way| wire::span(way)),
            ..v1::ProposedPair::default()
        };
        let (reason, nearest) = match pair.reason {
            Reason::Decided { decision } => match self.decision(decision) {
                Some(pair) => {
                    shown.pair = pair;
                    (Word::Decided, None)
                }
                // Behind the end of what people decided stands what the least number asks for.
                None => {
                    shown.decided_teams = 0;
                    (Word::LeastNumber, None)
                }
            },
            Reason::Nearest => (Word::Nearest, None),
            Reason::Capacity { nearest } => (Word::NearestHasNoneLeft, Some((nearest, 0))),
            Reason::Tie { nearest, worth_s } => (Word::EarlierTie, Some((nearest, worth_s))),
            Reason::Fairness { nearest, worth_s } => (Word::NearestBearsMore, Some((nearest, worth_s))),
            Reason::Continuity { nearest, worth_s } => (Word::StaysThere, Some((nearest, worth_s))),
        };
        shown.set_reason(reason);
        if let Some((nearest, worth_s)) = nearest {
            shown.nearest = self.member(nearest);
            shown.worth = (worth_s != 0).then(|| signed(worth_s));
        }
        match pair.next_best {
            NextBest::Other { supporter, extra_s } => {
                shown.next_supporter = self.member(supporter);
                shown.next_extra = Some(signed(extra_s));
            }
            NextBest::Missing { uncovers, missed } => {
                (shown.next_uncovers, shown.next_missed) = (uncovers, missed);
            }
        }
        shown
    }

    fn shortfall(&self, short: &Shortfall) -> v1::PairShortfall {
        use v1::pair_shortfall::{Change as Shown, Reason as Word, change::Kind};
        let (municipality, municipality_name, affected) = self.town(short.municipality.0);
        let reason = match short.reason {
            Shortage::NoWay => Word::NoWay,
            Shortage::Excluded => Word::Excluded,
            Shortage::NobodyOffers => Word::NobodyOffers,
            Shortage::NoTeamLeft => Word::NoTeamLeft,
        };
        let change = |change: &Change| {
            let (kind, supporter, teams) = match *change {
                Change::OpenWay { supporter } => (Kind::OpenWay, supporter, 0),
                Change::LiftExclusion { supporter } => (Kind::LiftExclusion, supporter, 0),
                Change::MoreTeams { supporter, teams } => (Kind::MoreTeams, supporter, teams),
            };
            Shown { kind: kind.into(), supporter: self.member(supporter), teams }
        };
        v1::PairShortfall {
            phase: short.phase.0 + 1,
            municipality,
            municipality_name,
            affected,
            teams: short.teams,
            reason: reason.into(),
            changes: short.changes.iter().map(change).collect(),
        }
    }

    pub(crate) fn obstacle(&self, obstacle: &Infeasible) -> v1::PairObstacle {
        use v1::pair_obstacle::Reason as Word;
        let of = |decision: usize| {
            let decided = self.stated.problem.decided.get(decision);
            let supporter = decided.map(|pair| self.member(pair.supporter)).unwrap_or_default();
            let (municipality, municipality_name, _) =
                decided.map(|pair| self.town(pair.municipality.0)).unwrap_or_default();
            let pairs = self.decision(decision).into_iter().collect();
            v1::PairObstacle { pairs, supporter, municipality, municipality_name, ..Default::default() }
        };
        match obstacle {
            Infeasible::NoWay { decision, phase } => {
                v1::PairObstacle { reason: Word::NoWayOpen.into(), phase: phase.0 + 1, ..of(*decision) }
            }
            Infeasible::Excluded { decision, .. } => {
                v1::PairObstacle { reason: Word::IsExcluded.into(), ..of(*decision) }
            }
            Infeasible::OverCapacity { supporter, phase, decided, capacity, decisions } => v1::PairObstacle {
                reason: Word::MoreThanItHas.into(),
                pairs: decisions.iter().filter_map(|&decision| self.decision(decision)).collect(),
                supporter: self.member(*supporter),
                phase: phase.0 + 1,
                decided_teams: *decided,
                capacity: *capacity,
                ..Default::default()
            },
        }
    }
}

fn objective(tier: u8, value: i64, bound: i64) -> v1::propose_pairs_response::Objective {
    let gap_e6 = ObjectiveValue { tier, value, bound }.gap_e6();
    v1::propose_pairs_response::Objective { tier: tier.into(), value, bound, gap_e6 }
}

fn signed(seconds: i64) -> prost_types::Duration {
    prost_types::Duration { seconds, nanos: 0 }
}
