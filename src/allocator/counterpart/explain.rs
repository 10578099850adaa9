//! Why each pair, what the next best would cost, why something is missing: read off a plan, solver or not.

use super::answer::{Change, NextBest, Pair, Reason, ScoutLeg, Shortage, Shortfall};
use super::cost::{Tariff, unpack};
use super::problem::{MunicipalityIdx, PhaseIdx, Problem, SupporterIdx};
use super::teams::{Cell, Layout, Teams};
use crate::units::UNREACHABLE;

/// Who leaves at once, in the order of the problem's list; they need no decision and take no team from the phases.
///
/// A scout whose way is shut in the first phase is in the list all the same: somebody must be told.
pub fn scouts(problem: &Problem) -> Vec<ScoutLeg> {
    let layout = Layout::new(problem);
    let leg = |(index, scout): (usize, &super::Scout)| {
        let (supporter, municipality) = (scout.supporter.0 as usize, scout.municipality.0 as usize);
        let travel_s =
            if layout.phases() == 0 { UNREACHABLE } else { layout.travel_s((0, supporter, municipality)) };
        let arrives_s = (travel_s != UNREACHABLE).then(|| scout.leaves_within_s.saturating_add(travel_s));
        ScoutLeg { scout: index, arrives_s }
    };
    problem.scouts.iter().enumerate().map(leg).collect()
}

/// The pairs of a plan with their reasons, by phase, municipality, supporter.
pub(super) fn pairs(layout: &Layout, tariff: &Tariff, teams: &Teams) -> Vec<Pair> {
    let view = View { layout, tariff, teams };
    layout.cells().filter(|cell| *teams.at(*cell) > 0).map(|cell| view.pair(cell)).collect()
}

struct View<'a> {
    layout: &'a Layout<'a>,
    tariff: &'a Tariff,
    teams: &'a Teams,
}

/// Seconds of one team, by what they come from.
struct Parts {
    way_s: i64,
    burden_s: i64,
    take_up_s: i64,
}

impl Parts {
    fn sum(&self) -> i64 {
        self.way_s + self.burden_s + self.take_up_s
    }
}

impl View<'_> {
    fn pair(&self, cell: Cell) -> Pair {
        let (phase, supporter, municipality) = cell;
        let teams = *self.teams.at(cell);
        let decided = *self.layout.floor.at(cell);
        Pair {
            phase: PhaseIdx(phase as u32),
            municipality: MunicipalityIdx(municipality as u32),
            supporter: SupporterIdx(supporter as u32),
            teams,
            decided,
            reason: if teams <= decided { self.decision(cell) } else { self.reason(cell) },
            next_best: self.next_best(cell),
        }
    }

    fn decision(&self, (phase, supporter, municipality): Cell) -> Reason {
        let is_it = |pair: &super::Decided| {
            (pair.supporter.0 as usize, pair.municipality.0 as usize) == (supporter, municipality)
                && (pair.from.0 as usize..pair.until.0 as usize).contains(&phase)
        };
        Reason::Decided { decision: self.layout.problem.decided.iter().position(is_it).unwrap_or(0) }
    }

    /// The last team of a pair costs no more here than one team more of the nearest: where the way is longer, tie,
    /// burden or continuity outweigh it. The largest of them is named.
    fn reason(&self, cell: Cell) -> Reason {
        let (phase, supporter, municipality) = cell;
        let travel_s = |supporter: usize| self.layout.travel_s((phase, supporter, municipality));
        let open = (0..self.layout.supporters()).filter(|&s| self.is_open((phase, s, municipality)));
        let Some(near) = open.min_by_key(|&s| travel_s(s)).filter(|&s| travel_s(s) < travel_s(supporter))
        else {
            return Reason::Nearest;
        };
        let nearest = SupporterIdx(near as u32);
        if !self.has_team_left(phase, near) {
            return Reason::Capacity { nearest };
        }
        let (here, there) = (self.last(cell), self.next((phase, near, municipality)));
        let tie = |s: usize| self.layout.tie_s[self.layout.pair(s, municipality)];
        let tie_s = tie(supporter) - tie(near);
        let (burden_s, take_up_s) = (there.burden_s - here.burden_s, there.take_up_s - here.take_up_s);
        if tie_s >= burden_s && tie_s >= take_up_s {
            Reason::Tie { nearest, worth_s: tie_s }
        } else if burden_s >= take_up_s {
            Reason::Fairness { nearest, worth_s: burden_s }
        } else {
            Reason::Continuity { nearest, worth_s: take_up_s }
        }
    }

    fn next_best(&self, cell: Cell) -> NextBest {
        let (phase, supporter, municipality) = cell;
        let here = self.last(cell).sum();
        let others = (0..self.layout.supporters()).filter(|&s| {
            s != supporter && self.is_open((phase, s, municipality)) && self.has_team_left(phase, s)
        });
        let extra = |s: usize| (self.next((phase, s, municipality)).sum() - here, SupporterIdx(s as u32));
        match others.map(extra).min() {
            Some((extra_s, supporter)) => NextBest::Other { supporter, extra_s },
            None => {
                let last = self.teams.met(phase, municipality).saturating_sub(1);
                let weight = self.tariff.need[phase][municipality].at(last).map_or(0, |(_, weight)| weight);
                let weight = unpack(weight);
                NextBest::Missing { uncovers: weight.uncovered > 0, missed: weight.missed }
            }
        }
    }

    fn is_open(&self, cell: Cell) -> bool {
        self.layout.way_s.at(cell).is_some()
    }

    fn has_team_left(&self, phase: usize, supporter: usize) -> bool {
        self.teams.load(phase, supporter) < self.layout.capacity(phase, supporter)
    }

    /// What the last team of a pair costs.
    fn last(&self, cell: Cell) -> Parts {
        self.parts(
            cell,
            self.teams.at(cell).saturating_sub(1),
            self.teams.load(cell.0, cell.1).saturating_sub(1),
        )
    }

    /// What one team more would cost.
    fn next(&self, cell: Cell) -> Parts {
        self.parts(cell, *self.teams.at(cell), self.teams.load(cell.0, cell.1))
    }

    /// What team `index` of a pair costs, when it is team `load` of its supporter.
    fn parts(&self, cell: Cell, index: u32, load: u32) -> Parts {
        let (phase, supporter, _) = cell;
        let policy = self.layout.problem.policy;
        let (before, after) = (self.layout.before(self.teams, cell), self.layout.after(self.teams, cell));
        let take_ups = i64::from(index >= before) - i64::from(index < after);
        let burden = self.tariff.burden[phase][supporter].at(load).map_or(0, |(_, cost)| cost);
        Parts {
            way_s: self.layout.way_s.at(cell).unwrap_or(0),
            burden_s: burden as i64,
            take_up_s: take_ups * i64::from(policy.take_up_s),
        }
    }
}

/// What is missing in a plan, by phase and municipality.
pub(super) fn shortfalls(layout: &Layout, teams: &Teams) -> Vec<Shortfall> {
    let places = (0..layout.phases()).flat_map(|p| (0..layout.municipalities()).map(move |m| (p, m)));
    places.filter_map(|(phase, municipality)| shortfall(layout, teams, phase, municipality)).collect()
}

fn shortfall(layout: &Layout, teams: &Teams, phase: usize, municipality: usize) -> Option<Shortfall> {
    let missing = layout.need(phase, municipality).saturating_sub(teams.met(phase, municipality));
    if missing == 0 {
        return None;
    }
    let left = |s: usize| layout.capacity(phase, s).saturating_sub(teams.load(phase, s));
    let way = |s: usize| *layout.way_s.at((phase, s, municipality));
    let is_excluded = |s: &usize| {
        layout.excluded[layout.pair(*s, municipality)]
            && layout.travel_s((phase, *s, municipality)) != UNREACHABLE
    };
    let all = 0..layout.supporters();
    let open: Vec<usize> = all.clone().filter(|&s| way(s).is_some()).collect();
    // Whoever needs the fewest teams more, then who is nearest, then the first.
    let easiest = |of: &mut dyn Iterator<Item = usize>| {
        of.min_by_key(|&s| {
            (missing.saturating_sub(left(s)), way(s), layout.travel_s((phase, s, municipality)), s)
        })
    };
    let name = |s: usize| SupporterIdx(s as u32);
    let lift = |s: usize| Change::LiftExclusion { supporter: name(s) };
    let (reason, who, mut changes) = if let Some(who) = easiest(&mut open.iter().copied()) {
        let offers = open.iter().any(|&s| layout.capacity(phase, s) > 0);
        (if offers { Shortage::NoTeamLeft } else { Shortage::NobodyOffers }, Some(who), Vec::new())
    } else if let Some(who) = easiest(&mut all.clone().filter(is_excluded)) {
        (Shortage::Excluded, Some(who), vec![lift(who)])
    } else {
        let is_barred = |s: &usize| layout.excluded[layout.pair(*s, municipality)];
        let who = easiest(&mut all.clone().filter(|s| !is_barred(s))).or(easiest(&mut all.clone()));
        let way = who.map(|s| Change::OpenWay { supporter: name(s) });
        (Shortage::NoWay, who, who.filter(is_barred).map(lift).into_iter().chain(way).collect())
    };
    if let Some(who) = who.filter(|&s| left(s) < missing) {
        changes.push(Change::MoreTeams { supporter: name(who), teams: missing - left(who) });
    }
    Some(Shortfall {
        phase: PhaseIdx(phase as u32),
        municipality: MunicipalityIdx(municipality as u32),
        teams: missing,
        reason,
        changes,
    })
}
