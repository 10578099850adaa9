//! Who supports whom: proposals, decisions, and who looks at once.

use super::{Answer, MutualAid, disaster, known_commodity};
use crate::allocator::counterpart::{Numbers, Refused, WorkBudget, solve_numbered};
use crate::api::v1;
use crate::authority::{Union, View, pairs};
use crate::decision::Command;
use crate::decision::model::{CommodityKind, DepotState, MemberKind, PairState, PairUse, city_of_ward};
use crate::decision::rejection::{FieldProblem, Kind};
use crate::id::{CommodityId, MemberId, PairId};
use crate::network::roads::Profile;
use crate::network::{Footing, legs_from};
use crate::service::ServiceError;
use crate::service::convert::proposal::Proposal;
use crate::service::convert::{Shown, Wire, read, wire};
use crate::service::desk::{Caller, unknown};
use crate::service::filter::FilterField;
use crate::service::paging::Query;
use std::sync::Arc;

/// Rounds of prices where nobody says otherwise; see `src/allocator/README.md`.
const ROUNDS_DEFAULT: u32 = 40;
/// Rounds at most: more than prices of three phases have moved for.
const ROUNDS_MAX: u32 = 400;

const FILTER: [FilterField; 5] = [
    FilterField { name: "state", takes: |value| v1::pair::State::from_str_name(value).is_some() },
    FilterField { name: "municipality", takes: |value| value.parse::<u32>().is_ok() },
    FilterField { name: "affected", takes: |_| true },
    FilterField { name: "supporter", takes: |_| true },
    FilterField { name: "field", takes: |value| v1::pair::Field::from_str_name(value).is_some() },
];

impl<U: Union> MutualAid<U> {
    pub(super) async fn propose_pairs(
        &self,
        _: Caller,
        message: v1::ProposePairsRequest,
    ) -> Answer<v1::ProposePairsResponse> {
        let shown = self.desk.shown();
        let team = self.team_asked(&shown.view, &message.team)?;
        let ask = self.desk.reader().pairs_asked(&message, team, shown.now)?;
        for (index, pair) in message.excluded.iter().enumerate() {
            self.known_municipality(&format!("excluded[{index}].municipality"), pair.municipality)?;
        }
        for (index, tie) in message.ties.iter().enumerate() {
            self.known_municipality(&format!("ties[{index}].municipality"), tie.municipality)?;
        }
        for (index, hit) in message.affected.iter().enumerate() {
            self.known_municipality(&format!("affected[{index}].municipality"), hit.municipality)?;
        }
        known_members(&shown.view, ask.excluded.iter().chain(&ask.ties).map(|(member, _)| member))?;
        let rounds = if message.rounds == 0 { ROUNDS_DEFAULT } else { message.rounds };
        in_range("rounds", rounds, ROUNDS_MAX)?;
        let (board, places) = (Arc::clone(&self.board), Arc::clone(&self.places));
        let (view, asked) = (Arc::clone(&shown.view), ask);
        let (least, most) = (message.least_supporters, message.most_supporters);
        let solved = tokio::task::spawn_blocking(move || {
            let positions = places.iter().map(|(code, place)| (*code, place.position)).collect();
            let stated = pairs::state(&view, &board, &asked, &positions);
            let count = stated.members.len() as u32;
            in_range("least_supporters", least, count)?;
            in_range("most_supporters", most, count)?;
            if most > 0 {
                in_range("least_supporters", least, most)?;
            }
            let numbers = Numbers { least, most };
            let answer = match solve_numbered(&stated.problem, numbers, WorkBudget { rounds }) {
                Ok(answer) => Ok(answer),
                Err(Refused::Infeasible(obstacles)) => Err(obstacles),
                Err(Refused::Misshapen(fault)) => return Err(ServiceError::CannotBePaired { fault }),
            };
            Ok((stated, answer, asked.team))
        });
        let (stated, answer, team) =
            solved.await.map_err(|_| ServiceError::Unavailable { what: "the planner" })??;
        let towns = self.places.iter().map(|(code, place)| (*code, place.name.clone())).collect();
        let proposal = Proposal { stated: &stated, names: &shown.names, towns: &towns };
        let mut response = proposal.blank(shown.names.print(&team));
        match answer {
            Ok(answer) => proposal.fill(&mut response, &answer),
            Err(obstacles) => {
                response.obstacles = obstacles.iter().map(|one| proposal.obstacle(one)).collect();
            }
        }
        Ok(response)
    }

    pub(super) async fn decide_pair(
        &self,
        caller: Caller,
        message: v1::DecidePairRequest,
    ) -> Answer<v1::Pair> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let said = read::given("pair", message.pair)?;
        self.known_municipality("pair.municipality", said.municipality)?;
        let before = self.desk.shown();
        let affected = owner(&before.view, said.municipality);
        let new = self.desk.reader().pair(said, before.now, affected)?;
        let named = new.supporters.iter().map(|supporter| &supporter.member).chain([&new.affected]);
        known_members(&before.view, named)?;
        let done = self
            .desk
            .order(call, &disaster(), Command::DecidePair(new))
            .await
            .map_err(|error| error.within("pair"))?;
        let decided = done.outcome.events.iter().find_map(|event| match event {
            crate::decision::Event::PairDecided(pair) => Some(pair),
            _ => None,
        });
        let pair = decided.ok_or(ServiceError::Unavailable { what: "the ledger" })?;
        let said = done.shown.view.pair(&pair.id).cloned();
        let said =
            said.unwrap_or_else(|| PairUse { pair: pair.clone(), decided_at: done.outcome.at, ended: None });
        Ok(self.pair_of(&done.shown, &said))
    }

    pub(super) async fn end_pair(&self, caller: Caller, message: v1::EndPairRequest) -> Answer<v1::Pair> {
        let call = caller.call(message.request_id, message.validate_only)?;
        let id: PairId = self.desk.reader().name("name", &message.name)?;
        let command = Command::EndPair { pair: id.clone(), by: message.ended_by, note: message.note };
        let done = self.desk.order(call, &disaster(), command).await?;
        let said = done.shown.view.pair(&id).ok_or_else(|| unknown(Kind::Pair, &id))?;
        Ok(self.pair_of(&done.shown, said))
    }

    pub(super) async fn list_pairs(
        &self,
        _: Caller,
        message: v1::ListPairsRequest,
    ) -> Answer<v1::ListPairsResponse> {
        let query = Query {
            method: "ListPairs",
            parent: "",
            filter: &message.filter,
            page_size: message.page_size,
            page_token: &message.page_token,
        };
        let page = query.read(&FILTER)?;
        let shown = self.desk.shown();
        let passing = shown.view.pairs().filter(|said| {
            page.filter.admits(|field| match field {
                "state" => vec![PairState::wire(said.state(shown.now)).as_str_name().to_owned()],
                "municipality" => vec![said.pair.municipality.to_string()],
                "affected" => vec![said.pair.affected.to_string(), shown.names.print(&said.pair.affected)],
                "supporter" => {
                    let members = said.pair.supporters.iter().map(|supporter| &supporter.member);
                    members.flat_map(|id| [id.to_string(), shown.names.print(id)]).collect()
                }
                _ => {
                    let fields = said.pair.fields.iter();
                    fields.map(|field| field.wire().as_str_name().to_owned()).collect()
                }
            })
        });
        let (found, next_page_token) = page.cut(passing, |said| said.pair.id.clone())?;
        let pairs = found.into_iter().map(|said| self.pair_of(&shown, said)).collect();
        Ok(v1::ListPairsResponse { pairs, next_page_token })
    }

    pub(super) async fn list_scout_pairs(
        &self,
        _: Caller,
        _: v1::ListScoutPairsRequest,
    ) -> Answer<v1::ListScoutPairsResponse> {
        let shown = self.desk.shown();
        let view = &shown.view;
        let now = self.board.now(view, Profile::Lorry4t);
        let bases = |member: &MemberId| -> Vec<Footing> {
            let own = view.depots().filter(|(depot, _)| depot.id.member == *member);
            let open = own.filter(|(_, said)| said.is_none_or(|said| said.state == DepotState::Open));
            let sending = open.filter(|(depot, _)| !depot.tier.is_receiving_point());
            sending.map(|(depot, _)| self.board.footing(depot.position)).collect()
        };
        let of = |scout: &crate::drill::scenario::Scout| {
            let (from, to) = (bases(&scout.supporter), bases(&scout.affected));
            let to: Vec<&Footing> = to.iter().collect();
            let legs = from.iter().flat_map(|from| legs_from(self.board.map(), &now.times, from, &to));
            let travel_s = legs.filter(|leg| leg.is_reachable()).map(|leg| leg.total_s()).min();
            let name = |id: &MemberId| view.member(id).map(|member| wire::display_name(&member.name));
            let is_linked =
                |id: &MemberId| view.member(id).is_some_and(|member| member.kind == MemberKind::Linked);
            v1::ScoutPair {
                affected: shown.names.print(&scout.affected),
                affected_name: name(&scout.affected),
                affected_is_linked: is_linked(&scout.affected),
                supporter: shown.names.print(&scout.supporter),
                supporter_name: name(&scout.supporter),
                supporter_is_linked: is_linked(&scout.supporter),
                leaves_within: Some(wire::span(scout.leaves_within_s)),
                travel: travel_s.map(wire::span),
                source: scout.source.clone(),
            }
        };
        Ok(v1::ListScoutPairsResponse { pairs: self.scouts.iter().map(of).collect() })
    }

    /// The kind of teams that is asked for, or the only one there is.
    fn team_asked(&self, view: &View, named: &str) -> Answer<CommodityId> {
        if let Some(id) = self.desk.reader().name_opt::<CommodityId>("team", named)? {
            return match known_commodity(view, &id)?.kind {
                CommodityKind::Team => Ok(id),
                CommodityKind::Goods | CommodityKind::Place => {
                    Err(ServiceError::field("team", FieldProblem::NotAllowed))
                }
            };
        }
        let mut teams = view.commodities().filter(|commodity| commodity.kind == CommodityKind::Team);
        match (teams.next(), teams.next()) {
            (Some(only), None) => Ok(only.id.clone()),
            _ => Err(ServiceError::required("team")),
        }
    }

    /// A municipality or ward that is known, where it is known which there are.
    pub(super) fn known_municipality(&self, field: &str, code: u32) -> Answer<()> {
        let is_known = self.places.contains_key(&city_of_ward(code).unwrap_or(code));
        if self.places.is_empty() || is_known {
            return Ok(());
        }
        Err(ServiceError::UnknownMunicipality { field: field.to_owned(), code })
    }

    fn pair_of(&self, shown: &Shown, said: &PairUse) -> v1::Pair {
        let place = self.places.get(&said.pair.municipality);
        let municipality_name = place.map(|place| wire::display_name(&place.name));
        v1::Pair { municipality_name, ..shown.pair_of(said) }
    }
}

fn known_members<'a>(view: &View, mut named: impl Iterator<Item = &'a MemberId>) -> Answer<()> {
    match named.find(|member| view.member(member).is_none()) {
        Some(stranger) => Err(unknown(Kind::Member, stranger)),
        None => Ok(()),
    }
}

/// 0 for "nobody said", or a number up to `max`.
fn in_range(field: &str, got: u32, max: u32) -> Answer<()> {
    let problem = FieldProblem::OutOfRange { got: got.into(), min: 0, max: max.into() };
    if got <= max { Ok(()) } else { Err(ServiceError::field(field, problem)) }
}

/// Whose receiving point lies in a municipality.
fn owner(view: &View, municipality: u32) -> Option<MemberId> {
    let city = city_of_ward(municipality).unwrap_or(municipality);
    let mut points = view.depots().map(|(depot, _)| depot);
    let is_here = |code: u32| code == city || city_of_ward(code) == Some(city);
    let here = points.find(|depot| depot.tier.is_receiving_point() && is_here(depot.municipality))?;
    Some(here.id.member.clone())
}
