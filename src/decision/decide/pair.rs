//! Who supports whom: pairs as people decide and end them.

use super::fields::{self, in_item, invalid};
use super::registry::room;
use crate::decision::command::NewPair;
use crate::decision::limits::{FUTURE_S_MAX, PAIR_SUPPORTERS_MAX, PAIR_TEAMS_MAX, PAIRS_MAX};
use crate::decision::model::{CommodityKind, Pair};
use crate::decision::rejection::{FieldProblem, Kind, Rejection};
use crate::decision::{Event, State};
use crate::id::PairId;
use crate::units::Timestamp;

impl State {
    /// Whether its members are known the ledgers of other fields say; the caller has read them.
    pub(super) fn decide_pair(&self, at: Timestamp, new: &NewPair) -> Result<Vec<Event>, Rejection> {
        let field = self.field_facts("pairs")?;
        room(field.pairs.size(), Kind::Pair, PAIRS_MAX)?;
        fields::required("decided_by", &new.decided_by)?;
        fields::long("note", &new.note)?;
        fields::range("municipality", new.municipality, 1, 99_999)?;
        if new.supporters.is_empty() {
            return Err(invalid("supporters", FieldProblem::Required));
        }
        fields::count("supporters", new.supporters.len(), PAIR_SUPPORTERS_MAX)?;
        fields::distinct("supporters", new.supporters.iter().map(|supporter| &supporter.member))?;
        for (index, supporter) in new.supporters.iter().enumerate() {
            let checked = if supporter.member == new.affected {
                Err(invalid("member", FieldProblem::NotAllowed))
            } else if new.team.is_none() && supporter.teams > 0 {
                // A number of what nobody said.
                Err(invalid("teams", FieldProblem::NotAllowed))
            } else {
                fields::range("teams", supporter.teams, i64::from(new.team.is_some()), PAIR_TEAMS_MAX.into())
            };
            checked.map_err(|rejection| in_item(rejection, "supporters", index))?;
        }
        if let Some(team) = &new.team {
            match field.commodities.get(team) {
                None => return Err(Rejection::NotFound { kind: Kind::Commodity, name: team.to_string() }),
                Some(known) if known.kind != CommodityKind::Team => {
                    return Err(invalid("team", FieldProblem::NotAllowed));
                }
                Some(_) => {}
            }
        }
        if new.fields.is_empty() {
            return Err(invalid("fields", FieldProblem::Required));
        }
        fields::distinct("fields", &new.fields)?;
        fields::stated("start_time", new.from, at)?;
        if new.until <= new.from {
            return Err(invalid("end_time", FieldProblem::EmptyWindow));
        }
        fields::upcoming("end_time", new.until, at, FUTURE_S_MAX)?;
        let number = field.pairs.size() + 1;
        let id = PairId(format!("pair-{number}").parse().expect("letters, a hyphen and digits are a slug"));
        Ok(vec![Event::PairDecided(Pair {
            id,
            municipality: new.municipality,
            affected: new.affected.clone(),
            supporters: new.supporters.clone(),
            team: new.team.clone(),
            fields: new.fields.clone(),
            from: new.from,
            until: new.until,
            decided_by: new.decided_by.clone(),
            note: new.note.clone(),
        })])
    }

    /// Ends a pair before its time; one that was ended already stays so.
    pub(super) fn end_pair(
        &self,
        at: Timestamp,
        id: &PairId,
        by: &str,
        note: &str,
    ) -> Result<Vec<Event>, Rejection> {
        let field = self.field_facts("pairs")?;
        let missing = || Rejection::NotFound { kind: Kind::Pair, name: id.to_string() };
        let said = field.pairs.get(id).ok_or_else(missing)?;
        fields::required("ended_by", by)?;
        fields::long("note", note)?;
        if said.ended.is_some() || said.pair.until <= at {
            return Ok(Vec::new());
        }
        Ok(vec![Event::PairEnded { pair: id.clone(), by: by.to_owned(), note: note.to_owned() }])
    }
}
