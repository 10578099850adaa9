//! The problem of who could support whom, stated from the view and the roads as they are.

use super::super::{RoadBoard, View};
use crate::allocator::counterpart::{
    Decided, Exclusion, Municipality, MunicipalityIdx, PhaseIdx, Policy, Problem, Standing, Supporter,
    SupporterIdx, TIE_WORTH_S, Tie, limits,
};
use crate::decision::model::{CommodityKind, DepotState, Need, Pair, city_of_ward};
use crate::id::{CommodityId, MemberId, NeedId, PairId};
use crate::network::roads::Profile;
use crate::network::{Footing, Legs};
use crate::units::{Position, Seconds, Timestamp, UNREACHABLE};
use petgraph::Direction;
use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;

/// Milliseconds of a day.
const DAY_MILLIS: i64 = 86_400_000;

/// What is asked.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Which teams.
    pub team: CommodityId,
    /// When the first phase begins.
    pub from: Timestamp,
    /// How many days each phase has.
    pub phase_days: Vec<u32>,
    /// Pairs that must not be.
    pub excluded: BTreeSet<(MemberId, u32)>,
    /// Earlier links beside those in the ledger.
    pub ties: BTreeSet<(MemberId, u32)>,
    /// How hard municipalities are hit, where somebody knows.
    pub hits: BTreeMap<u32, Hit>,
}

/// How hard a municipality is hit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hit {
    /// People who need help; 0: nobody said.
    pub people: u32,
    /// Share of its own staff that cannot work, in 1/1000.
    pub staff_lost_permille: u32,
}

/// An affected municipality.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Town {
    /// Its JIS code.
    pub code: u32,
    /// Whose it is.
    pub member: MemberId,
}

/// A problem and the names behind its indices.
#[derive(Clone, Debug)]
pub struct Stated {
    /// The problem.
    pub problem: Problem,
    /// Supporters, by index.
    pub members: Vec<MemberId>,
    /// Municipalities, by index.
    pub towns: Vec<Town>,
    /// Decided pairs, by index.
    pub pairs: Vec<PairId>,
    /// Begin and end of each phase.
    pub phases: Vec<(Timestamp, Timestamp)>,
    /// Needs of which nobody said in which municipality.
    pub left_out: Vec<NeedId>,
}

/// Who is in the problem, in the order of its indices.
struct Sides {
    members: Vec<MemberId>,
    towns: Vec<Town>,
}

impl Sides {
    /// Supporter and municipality of a pair; none where one of them is not in the problem.
    fn named(&self, member: &MemberId, code: u32) -> Option<(usize, usize)> {
        let supporter = self.members.binary_search(member).ok()?;
        let code = city_of_ward(code).unwrap_or(code);
        Some((supporter, self.towns.binary_search_by_key(&code, |town| town.code).ok()?))
    }
}

/// States who could support whom with teams of one kind.
///
/// * A supporter has what its depots of tier 0 and 1 have free of these teams, all phases long; its way begins at the
///   nearest of those depots, by the roads as they are now, at the speed of a lorry of 4 t. Its own municipalities are
///   excluded: whoever is hit itself keeps a reserve.
/// * A municipality needs what stands of these teams: a need once in the phase that holds its time (one that is overdue
///   in the first), a standing need in each phase from its time to its end.
/// * People affected are those who were named, else those who need a place to stay there, else one for each team.
/// * Decided pairs with a number of these teams bind each phase that they overlap; the larger number of two.
/// * Whoever supported a municipality before has a tie; whoever is there when the first phase begins stands there.
///
/// `places` has the municipalities' offices; one that is not there lies at its receiving point.
///
/// # Complexity
/// One sweep of the roads for each thirty-two depots with teams.
#[must_use]
pub fn state(view: &View, board: &RoadBoard, ask: &Ask, places: &BTreeMap<u32, Position>) -> Stated {
    let phases = phases(ask);
    let overall = (ask.from, phases.last().map_or(ask.from, |(_, until)| *until));
    let (mut wanted, left_out) = needs(view, ask, &phases);
    let offers = offers(view, &ask.team);
    let of_team = view.pairs().filter(|said| said.pair.team.as_ref() == Some(&ask.team));
    let binding: Vec<&Pair> =
        of_team.filter(|said| said.binds(overall.0, overall.1)).map(|said| &said.pair).collect();
    for pair in &binding {
        let town = city_of_ward(pair.municipality).unwrap_or(pair.municipality);
        wanted.entry(town).or_insert_with(|| (pair.affected.clone(), vec![0; phases.len()]));
    }
    let decided = binding.iter().flat_map(|pair| pair.supporters.iter().map(|supporter| &supporter.member));
    let members: BTreeSet<&MemberId> = offers.keys().copied().chain(decided).collect();
    let sides = Sides {
        members: members.into_iter().cloned().collect(),
        towns: wanted.iter().map(|(&code, (member, _))| Town { code, member: member.clone() }).collect(),
    };
    let (floor, standing) = decisions(&binding, &sides, &phases);
    let (decided, pairs) = runs(&floor);
    let before = view.pairs().filter(|said| said.ended_by(ask.from)).map(|said| &said.pair);
    let travel_s = ways(view, board, &offers, &sides, places);
    let problem = Problem {
        phases: phases.len(),
        supporters: sides.members.iter().map(|member| supporter(offers.get(member), phases.len())).collect(),
        municipalities: municipalities(view, ask, &wanted),
        travel_s: travel_s.repeat(phases.len()),
        ties: ties(ask, before, &sides),
        decided,
        excluded: excluded(ask, &sides),
        standing,
        scouts: Vec::new(),
        policy: Policy::default(),
    };
    let Sides { members, towns } = sides;
    Stated { problem, members, towns, pairs, phases, left_out }
}

fn phases(ask: &Ask) -> Vec<(Timestamp, Timestamp)> {
    let mut from = ask.from;
    let mut phases = Vec::with_capacity(ask.phase_days.len());
    for &days in &ask.phase_days {
        let until = from.plus_millis(i64::from(days) * DAY_MILLIS);
        phases.push((from, until));
        from = until;
    }
    phases
}

fn index((supporter, municipality): (usize, usize)) -> (SupporterIdx, MunicipalityIdx) {
    (SupporterIdx(supporter as u32), MunicipalityIdx(municipality as u32))
}

fn supporter(offer: Option<&Offer>, phases: usize) -> Supporter {
    let teams = offer.map_or(0, |offer| offer.teams.min(limits::TEAMS_MAX));
    Supporter { capacity: vec![teams; phases] }
}

/// Whose municipality it is, and how many teams it needs in each phase, by code.
type Wanted = BTreeMap<u32, (MemberId, Vec<u32>)>;

fn municipalities(view: &View, ask: &Ask, wanted: &Wanted) -> Vec<Municipality> {
    let people = places_to_stay(view);
    let municipality = |(code, (_, need)): (&u32, &(MemberId, Vec<u32>))| {
        let hit = ask.hits.get(code).copied().unwrap_or_default();
        let teams = need.iter().copied().max().unwrap_or(0);
        let known = if hit.people > 0 { hit.people } else { people.get(code).copied().unwrap_or(0) };
        Municipality {
            people_affected: known.max(teams).min(limits::PEOPLE_MAX),
            staff_lost_permille: hit.staff_lost_permille,
            need: need.clone(),
        }
    };
    wanted.iter().map(municipality).collect()
}

/// Teams of a supporter in a municipality, phase by phase, and the pair that decided each number.
type Floor = BTreeMap<(usize, usize), Vec<Option<(u32, PairId)>>>;

/// What was decided phase by phase, and who stands where when the first begins.
fn decisions(binding: &[&Pair], sides: &Sides, phases: &[(Timestamp, Timestamp)]) -> (Floor, Vec<Standing>) {
    let mut floor: Floor = BTreeMap::new();
    let mut standing: BTreeMap<(usize, usize), u32> = BTreeMap::new();
    for pair in binding {
        for supporter in pair.supporters.iter().filter(|supporter| supporter.teams > 0) {
            let Some(place) = sides.named(&supporter.member, pair.municipality) else { continue };
            let row = floor.entry(place).or_insert_with(|| vec![None; phases.len()]);
            for (cell, &(begins, ends)) in row.iter_mut().zip(phases) {
                let has_more = cell.as_ref().is_none_or(|(teams, _)| supporter.teams > *teams);
                if pair.from < ends && begins < pair.until && has_more {
                    *cell = Some((supporter.teams, pair.id.clone()));
                }
            }
            if phases.first().is_some_and(|(begins, _)| pair.from < *begins) {
                let there = standing.entry(place).or_default();
                *there = supporter.teams.max(*there);
            }
        }
    }
    let standing = standing.into_iter().map(|(place, teams)| {
        let (supporter, municipality) = index(place);
        Standing { supporter, municipality, teams }
    });
    (floor, standing.collect())
}

/// Pairs that must not be: those that were named, and each member with its own municipalities.
fn excluded(ask: &Ask, sides: &Sides) -> Vec<Exclusion> {
    let own = sides.members.iter().flat_map(|member| {
        let own = sides.towns.iter().filter(move |town| town.member == *member);
        own.filter_map(move |town| sides.named(member, town.code))
    });
    let named = ask.excluded.iter().filter_map(|(member, code)| sides.named(member, *code));
    let all: BTreeSet<(usize, usize)> = own.chain(named).collect();
    let exclusion = |(supporter, municipality)| Exclusion { supporter, municipality };
    all.into_iter().map(index).map(exclusion).collect()
}

/// Earlier links: those that were named, and pairs that ran and are over.
fn ties<'p>(ask: &Ask, before: impl Iterator<Item = &'p Pair>, sides: &Sides) -> Vec<Tie> {
    let before = before.flat_map(|pair| {
        let members = pair.supporters.iter().map(|supporter| &supporter.member);
        members.filter_map(|member| sides.named(member, pair.municipality))
    });
    let named = ask.ties.iter().filter_map(|(member, code)| sides.named(member, *code));
    let all: BTreeSet<(usize, usize)> = named.chain(before).collect();
    let tie = |(supporter, municipality)| Tie { supporter, municipality, worth_s: TIE_WORTH_S };
    all.into_iter().map(index).map(tie).collect()
}

/// Teams that are needed: whose municipality it is, and how many in each phase; and the needs without a municipality.
fn needs(view: &View, ask: &Ask, phases: &[(Timestamp, Timestamp)]) -> (Wanted, Vec<NeedId>) {
    let mut wanted = Wanted::new();
    let mut left_out = Vec::new();
    for (code, need) in view.standing_needs().filter(|(_, need)| need.commodity == ask.team) {
        if code == 0 {
            left_out.push(need.id.clone());
            continue;
        }
        let code = city_of_ward(code).unwrap_or(code);
        let asked = |phase: usize| asks(need, phase, phases[phase]);
        for phase in (0..phases.len()).filter(|&phase| asked(phase)) {
            let none = || (need.id.member.clone(), vec![0; phases.len()]);
            let teams = &mut wanted.entry(code).or_insert_with(none).1[phase];
            *teams = teams.saturating_add(need.quantity);
        }
    }
    left_out.sort();
    (wanted, left_out)
}

/// Whether a need asks for teams in a phase.
fn asks(need: &Need, phase: usize, (begins, ends): (Timestamp, Timestamp)) -> bool {
    let is_late = phase == 0 && need.wanted_by < begins;
    match need.daily_until {
        None => is_late || (begins <= need.wanted_by && need.wanted_by < ends),
        Some(until) => need.wanted_by < ends && begins < until,
    }
}

/// What a member can send, and from where.
struct Offer {
    teams: u32,
    depots: Vec<Position>,
}

/// Members with teams in depots that send.
fn offers<'v>(view: &'v View, team: &CommodityId) -> BTreeMap<&'v MemberId, Offer> {
    let mut offers: BTreeMap<&MemberId, Offer> = BTreeMap::new();
    for (id, stock) in view.stocks().filter(|(id, _)| id.commodity == *team) {
        let Some((depot, report)) = view.depot(&id.depot) else { continue };
        let is_open = report.is_none_or(|said| said.state == DepotState::Open);
        if depot.tier.is_receiving_point() || !is_open || stock.free() == 0 {
            continue;
        }
        let none = || Offer { teams: 0, depots: Vec::new() };
        let offer = offers.entry(&depot.id.member).or_insert_with(none);
        offer.teams = offer.teams.saturating_add(stock.free());
        offer.depots.push(depot.position);
    }
    offers
}

/// People who need a place to stay, by municipality.
fn places_to_stay(view: &View) -> BTreeMap<u32, u32> {
    let is_place =
        |id: &CommodityId| view.commodity(id).is_some_and(|commodity| commodity.kind == CommodityKind::Place);
    let mut people: BTreeMap<u32, u32> = BTreeMap::new();
    for (code, need) in view.standing_needs().filter(|(_, need)| is_place(&need.commodity)) {
        let of = people.entry(city_of_ward(code).unwrap_or(code)).or_default();
        *of = of.saturating_add(need.quantity);
    }
    people
}

/// Decided teams as runs of phases with one number, and the pair behind each.
fn runs(floor: &Floor) -> (Vec<Decided>, Vec<PairId>) {
    let (mut decided, mut pairs) = (Vec::new(), Vec::new());
    for (&(supporter, municipality), row) in floor {
        let mut phase = 0;
        while phase < row.len() {
            let run = row[phase..].iter().take_while(|cell| **cell == row[phase]).count();
            if let Some((teams, pair)) = &row[phase] {
                decided.push(Decided {
                    supporter: SupporterIdx(supporter as u32),
                    municipality: MunicipalityIdx(municipality as u32),
                    from: PhaseIdx(phase as u32),
                    until: PhaseIdx((phase + run) as u32),
                    teams: *teams,
                });
                pairs.push(pair.clone());
            }
            phase += run;
        }
    }
    (decided, pairs)
}

/// Seconds from each member, from the nearest of its depots with teams (any depot that sends, where none has), to each
/// municipality; row-major.
fn ways(
    view: &View,
    board: &RoadBoard,
    offers: &BTreeMap<&MemberId, Offer>,
    Sides { members, towns }: &Sides,
    places: &BTreeMap<u32, Position>,
) -> Vec<Seconds> {
    let mut starts: Vec<(usize, Footing)> = Vec::new();
    for (supporter, member) in members.iter().enumerate() {
        let depots: Vec<Position> = match offers.get(member) {
            Some(offer) => offer.depots.clone(),
            None => {
                let own = view.depots().filter(|(depot, _)| depot.id.member == *member);
                own.filter(|(depot, _)| !depot.tier.is_receiving_point())
                    .map(|(depot, _)| depot.position)
                    .collect()
            }
        };
        starts.extend(depots.into_iter().map(|position| (supporter, board.footing(position))));
    }
    let point = |code: u32| {
        let mut points = view.depots().map(|(depot, _)| depot);
        let is_here = |of: u32| of == code || city_of_ward(of) == Some(code);
        points.find(|depot| is_here(depot.municipality)).map(|depot| depot.position)
    };
    let ends: Vec<(usize, Footing)> = towns
        .iter()
        .enumerate()
        .filter_map(|(place, town)| {
            Some((place, places.get(&town.code).copied().or_else(|| point(town.code))?))
        })
        .map(|(place, position)| (place, board.footing(position)))
        .collect();
    let mut travel_s = vec![UNREACHABLE; members.len() * towns.len()];
    let now = board.now(view, Profile::Lorry4t);
    let targets: Vec<&Footing> = ends.iter().map(|(_, footing)| footing).collect();
    let hubs: Vec<&Footing> = starts.iter().map(|(_, footing)| footing).collect();
    let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let rows = Legs::new(board.map(), &now.times, &targets, Direction::Outgoing).rows(&hubs, threads);
    for ((supporter, _), row) in starts.iter().zip(&rows) {
        for ((municipality, _), leg) in ends.iter().zip(row) {
            let way = &mut travel_s[supporter * towns.len() + municipality];
            if leg.is_reachable() && leg.total_s() <= limits::WORTH_S_MAX {
                *way = leg.total_s().min(*way);
            }
        }
    }
    travel_s
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decision::model::{NeedPlace, NeedSource};

    const DAY: fn(i64) -> Timestamp = |day| Timestamp(1_796_396_400_000 + day * DAY_MILLIS);

    fn need(wanted_by: i64, daily_until: Option<i64>) -> Need {
        Need {
            id: "members/wakayama/needs/n-1".parse().unwrap(),
            place: NeedPlace::Municipality(30_201),
            commodity: "commodities/staff".parse().unwrap(),
            quantity: 3,
            priority: 1,
            wanted_by: DAY(wanted_by),
            daily_until: daily_until.map(DAY),
            source: NeedSource::Report,
            reporter: "city desk".to_owned(),
            note: String::new(),
        }
    }

    #[test]
    fn a_need_asks_in_its_phase_or_in_all_from_its_time_to_its_end() {
        let phases = [(DAY(0), DAY(7)), (DAY(7), DAY(14)), (DAY(14), DAY(21))];
        let asked = |need: &Need| -> Vec<usize> {
            (0..3).filter(|&phase| asks(need, phase, phases[phase])).collect()
        };
        assert_eq!(asked(&need(3, None)), [0]);
        assert_eq!(asked(&need(7, None)), [1], "the moment a phase begins is its own");
        assert_eq!(asked(&need(-3, None)), [0], "who is late is wanted at once");
        assert_eq!(asked(&need(21, None)), [0_usize; 0]);
        assert_eq!(asked(&need(-3, Some(8))), [0, 1]);
        assert_eq!(asked(&need(8, Some(40))), [1, 2]);
        assert_eq!(asked(&need(-9, Some(-1))), [0_usize; 0], "over before the first phase");
    }

    #[test]
    fn phases_with_one_number_are_one_decision_and_keep_the_pair_behind_it() {
        let pair = |name: &str| -> PairId { format!("pairs/{name}").parse().unwrap() };
        let (one, other) = (Some((2, pair("pair-1"))), Some((3, pair("pair-2"))));
        let floor =
            Floor::from([((0, 1), vec![one.clone(), one, None, other.clone()]), ((1, 0), vec![None, other])]);
        let (decided, pairs) = runs(&floor);
        let told: Vec<_> = decided
            .iter()
            .map(|run| (run.supporter.0, run.municipality.0, run.from.0, run.until.0, run.teams))
            .collect();
        assert_eq!(told, [(0, 1, 0, 2, 2), (0, 1, 3, 4, 3), (1, 0, 1, 2, 3)]);
        assert_eq!(pairs, [pair("pair-1"), pair("pair-2"), pair("pair-2")]);
    }
}
