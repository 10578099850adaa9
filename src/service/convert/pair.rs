//! Pairs of members and municipalities.

use super::shown::Shown;
use super::{Reader, Wire, read, wire};
use crate::allocator::counterpart::limits::PHASES_MAX;
use crate::api::v1;
use crate::authority::pairs::{Ask, Hit};
use crate::decision::command::NewPair;
use crate::decision::model::{PairSupporter, PairUse, city_of_ward};
use crate::decision::rejection::FieldProblem;
use crate::id::{CommodityId, MemberId, PairId};
use crate::service::ServiceError;
use crate::units::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// Three weeks, where nobody says otherwise.
const PHASE_DAYS: [u32; 3] = [7; 3];
/// Days of one phase at most: a season.
const PHASE_DAYS_MAX: u32 = 92;
/// Entries of a list of pairs, ties or municipalities: every supporter with every municipality.
const LISTED_MAX: usize = 16_384;

fn at_most(field: &str, got: usize, max: usize) -> Result<(), ServiceError> {
    let problem = FieldProblem::TooLong { got: got as u64, max: max as u64 };
    if got <= max { Ok(()) } else { Err(ServiceError::field(field, problem)) }
}

fn within(field: &str, got: u32, min: u32, max: u32) -> Result<(), ServiceError> {
    let problem = FieldProblem::OutOfRange { got: got.into(), min: min.into(), max: max.into() };
    if (min..=max).contains(&got) { Ok(()) } else { Err(ServiceError::field(field, problem)) }
}

impl Reader {
    /// A pair that is to be decided. `affected` is whose municipality it is, where nobody says so.
    pub(crate) fn pair(
        &self,
        said: v1::Pair,
        now: Timestamp,
        affected: Option<MemberId>,
    ) -> Result<NewPair, ServiceError> {
        let supporter = |(index, said): (usize, &v1::pair::Supporter)| {
            let member = self.name(&format!("pair.supporters[{index}].member"), &said.member)?;
            Ok(PairSupporter { member, teams: said.teams })
        };
        let affected = match self.name_opt("pair.affected", &said.affected)? {
            Some(named) => named,
            None => affected.ok_or_else(|| ServiceError::required("pair.affected"))?,
        };
        let fields = said.fields.iter().enumerate();
        Ok(NewPair {
            municipality: city_of_ward(said.municipality).unwrap_or(said.municipality),
            affected,
            supporters: said
                .supporters
                .iter()
                .enumerate()
                .map(supporter)
                .collect::<Result<_, ServiceError>>()?,
            team: self.name_opt("pair.team", &said.team)?,
            fields: fields
                .map(|(index, number)| read::choice(&format!("pair.fields[{index}]"), *number))
                .collect::<Result<_, _>>()?,
            from: read::instant_opt("pair.start_time", said.start_time)?.unwrap_or(now),
            until: read::instant("pair.end_time", said.end_time)?,
            decided_by: said.decided_by,
            note: said.note,
        })
    }

    /// What is asked of a proposal, for the teams of `team`.
    pub(crate) fn pairs_asked(
        &self,
        said: &v1::ProposePairsRequest,
        team: CommodityId,
        now: Timestamp,
    ) -> Result<Ask, ServiceError> {
        let phase_days =
            if said.phase_days.is_empty() { PHASE_DAYS.to_vec() } else { said.phase_days.clone() };
        at_most("phase_days", phase_days.len(), PHASES_MAX)?;
        for (index, &days) in phase_days.iter().enumerate() {
            within(&format!("phase_days[{index}]"), days, 1, PHASE_DAYS_MAX)?;
        }
        at_most("excluded", said.excluded.len(), LISTED_MAX)?;
        at_most("ties", said.ties.len(), LISTED_MAX)?;
        at_most("affected", said.affected.len(), LISTED_MAX)?;
        let town = |code: u32| city_of_ward(code).unwrap_or(code);
        let mut excluded = BTreeSet::new();
        for (index, pair) in said.excluded.iter().enumerate() {
            let member: MemberId = self.name(&format!("excluded[{index}].supporter"), &pair.supporter)?;
            excluded.insert((member, town(pair.municipality)));
        }
        let mut ties = BTreeSet::new();
        for (index, tie) in said.ties.iter().enumerate() {
            let member: MemberId = self.name(&format!("ties[{index}].supporter"), &tie.supporter)?;
            ties.insert((member, town(tie.municipality)));
        }
        let mut hits = BTreeMap::new();
        for (index, hit) in said.affected.iter().enumerate() {
            within(&format!("affected[{index}].staff_lost_permille"), hit.staff_lost_permille, 0, 1_000)?;
            let said = Hit { people: hit.people, staff_lost_permille: hit.staff_lost_permille };
            hits.insert(town(hit.municipality), said);
        }
        let from = read::instant_opt("start_time", said.start_time)?.unwrap_or(now);
        Ok(Ask { team, from, phase_days, excluded, ties, hits })
    }
}

impl Shown {
    /// A pair, without the name of its municipality.
    #[must_use]
    pub fn pair(&self, id: &PairId) -> Option<v1::Pair> {
        self.view.pair(id).map(|said| self.pair_of(said))
    }

    /// As [`Shown::pair`].
    #[must_use]
    pub fn pair_of(&self, said: &PairUse) -> v1::Pair {
        let pair = &said.pair;
        let ended = said.ended.as_ref();
        let supporter = |supporter: &PairSupporter| v1::pair::Supporter {
            member: self.names.print(&supporter.member),
            teams: supporter.teams,
        };
        v1::Pair {
            name: self.names.print(&pair.id),
            municipality: pair.municipality,
            municipality_name: None,
            affected: self.names.print(&pair.affected),
            supporters: pair.supporters.iter().map(supporter).collect(),
            team: self.names.print_opt(pair.team.as_ref()),
            fields: pair.fields.iter().map(|field| field.number()).collect(),
            start_time: Some(wire::instant(pair.from)),
            end_time: Some(wire::instant(pair.until)),
            decided_by: pair.decided_by.clone(),
            note: pair.note.clone(),
            state: said.state(self.now).number(),
            decide_time: Some(wire::instant(said.decided_at)),
            ended_by: ended.map(|ended| ended.by.clone()).unwrap_or_default(),
            ended_time: ended.map(|ended| wire::instant(ended.at)),
            end_note: ended.map(|ended| ended.note.clone()).unwrap_or_default(),
        }
    }
}
