//! What is needed where. A list of needs is taken whole or not at all.

use super::fields::{self, in_item, invalid};
use crate::decision::command::{NeedCorrection, NewNeed};
use crate::decision::limits::{
    NEED_AHEAD_S_MAX, NEED_CORRECTIONS_MAX, NEEDS_CALL_MAX, NEEDS_MAX, PRIORITY_MAX, QUANTITY_MAX,
};
use crate::decision::model::{Need, NeedPlace, NeedUse, city_of_ward};
use crate::decision::rejection::{FieldProblem, Kind, Rejection};
use crate::decision::{Event, State};
use crate::id::{CommodityId, MemberId, NeedId};
use crate::units::Timestamp;
use std::collections::BTreeMap;

/// Codes of a city's wards: JIS numbers them behind their city, with room for 29.
const WARDS_OF_CITY: u32 = 29;

impl State {
    pub(super) fn state_needs(&self, at: Timestamp, new: &[NewNeed]) -> Result<Vec<Event>, Rejection> {
        let Some(member) = self.member() else {
            return Err(Rejection::WrongLedger { name: "needs".to_owned(), ledger: self.ledger.clone() });
        };
        if new.is_empty() {
            return Err(invalid("needs", FieldProblem::Required));
        }
        fields::count("needs", new.len(), NEEDS_CALL_MAX)?;
        let standing = usize::try_from(self.aid.needs_standing_count).unwrap_or(usize::MAX);
        if standing.saturating_add(new.len()) > NEEDS_MAX as usize {
            return Err(Rejection::LimitReached { what: Kind::Need, max: NEEDS_MAX });
        }
        let mut stated: BTreeMap<(u32, &CommodityId), usize> = BTreeMap::new();
        for (index, need) in new.iter().enumerate() {
            self.check_need(at, member, need).map_err(|rejection| in_item(rejection, "needs", index))?;
            if let NeedPlace::Municipality(code) = need.place {
                self.check_wards(index, code, &need.commodity, &stated)?;
                stated.insert((code, &need.commodity), index);
            }
        }
        let needs = new.iter().zip(self.aid.needs_count + 1..).map(|(need, number)| Need {
            id: NeedId::new(member, format!("n-{number}").parse().expect("a letter and a number")),
            place: need.place.clone(),
            commodity: need.commodity.clone(),
            quantity: need.quantity,
            priority: need.priority,
            wanted_by: need.wanted_by,
            daily_until: need.daily_until,
            source: need.source,
            reporter: need.reporter.clone(),
            note: need.note.clone(),
        });
        Ok(vec![Event::NeedsStated { needs: needs.collect() }])
    }

    pub(super) fn correct_need(
        &self,
        at: Timestamp,
        correction: &NeedCorrection,
    ) -> Result<Vec<Event>, Rejection> {
        let NeedCorrection { need: id, quantity, priority, wanted_by, daily_until, note } = correction;
        let said = self.need(id)?;
        if !said.stands() {
            return Err(Rejection::NeedWithdrawn { need: id.clone() });
        }
        let before = &said.need;
        let need = Need {
            quantity: quantity.unwrap_or(before.quantity),
            priority: priority.unwrap_or(before.priority),
            wanted_by: wanted_by.unwrap_or(before.wanted_by),
            daily_until: daily_until.or(before.daily_until),
            ..before.clone()
        };
        if need == *before {
            return Ok(Vec::new());
        }
        if said.history.len() >= NEED_CORRECTIONS_MAX {
            let problem =
                FieldProblem::TooLong { got: said.history.len() as u64, max: NEED_CORRECTIONS_MAX as u64 };
            return Err(invalid("need.history", problem));
        }
        check_amount(&need)?;
        // A time that passed since may stay as it was said.
        if need.wanted_by != before.wanted_by {
            fields::upcoming("want_time", need.wanted_by, at, NEED_AHEAD_S_MAX)?;
        }
        if need.wanted_by != before.wanted_by || need.daily_until != before.daily_until {
            check_days(at, &need)?;
        }
        fields::long("note", note)?;
        Ok(vec![Event::NeedCorrected { need, note: note.clone() }])
    }

    pub(super) fn withdraw_need(&self, id: &NeedId, note: &str) -> Result<Vec<Event>, Rejection> {
        let said = self.need(id)?;
        fields::long("note", note)?;
        if !said.stands() {
            // Said twice: nothing has to be done.
            return Ok(Vec::new());
        }
        Ok(vec![Event::NeedWithdrawn { need: id.clone(), note: note.to_owned() }])
    }

    fn need(&self, id: &NeedId) -> Result<&NeedUse, Rejection> {
        self.own(&id.member, || id.to_string())?;
        let missing = || Rejection::NotFound { kind: Kind::Need, name: id.to_string() };
        self.aid.needs.get(id).ok_or_else(missing)
    }

    fn check_need(&self, at: Timestamp, member: &MemberId, new: &NewNeed) -> Result<(), Rejection> {
        match &new.place {
            NeedPlace::Municipality(code) => fields::range("municipality", *code, 1_000, 47_999)?,
            NeedPlace::Depot(depot) => {
                if !self.depot(depot)?.tier.is_receiving_point() {
                    return Err(invalid("depot", FieldProblem::NotAllowed));
                }
            }
        }
        // The form alone: it gets its name when all are right.
        let need = Need {
            id: NeedId::new(member, "n".parse().expect("a letter")),
            place: new.place.clone(),
            commodity: new.commodity.clone(),
            quantity: new.quantity,
            priority: new.priority,
            wanted_by: new.wanted_by,
            daily_until: new.daily_until,
            source: new.source,
            reporter: new.reporter.clone(),
            note: new.note.clone(),
        };
        check_amount(&need)?;
        check_times(at, &need)?;
        fields::required("reporter", &new.reporter)?;
        fields::long("note", &new.note)
    }

    /// Refuses a ward beside its city, among what stands and what is stated with it.
    fn check_wards(
        &self,
        index: usize,
        code: u32,
        commodity: &CommodityId,
        stated: &BTreeMap<(u32, &CommodityId), usize>,
    ) -> Result<(), Rejection> {
        let is_stated = |other: &u32| {
            stated.contains_key(&(*other, commodity)) || self.municipality_needs(*other, commodity)
        };
        let conflict = match city_of_ward(code) {
            Some(city) => is_stated(&city).then_some((code, city)),
            None => (code + 1..=code + WARDS_OF_CITY)
                .take_while(|ward| city_of_ward(*ward) == Some(code))
                .find(is_stated)
                .map(|ward| (ward, code)),
        };
        match conflict {
            None => Ok(()),
            Some((ward, city)) => {
                Err(Rejection::WardAndCity { index, ward, city, commodity: commodity.clone() })
            }
        }
    }

    /// Whether a need of the municipality itself stands, not of one of its shelters alone.
    fn municipality_needs(&self, code: u32, commodity: &CommodityId) -> bool {
        let standing = self.aid.needs_standing.get(&code).into_iter().flat_map(|needs| needs.iter());
        let mut of_commodity = standing.filter(|(other, _)| other == commodity);
        of_commodity.any(|(_, id)| {
            let need = self.aid.needs.get(id).map(|said| &said.need.place);
            matches!(need, Some(NeedPlace::Municipality(_)))
        })
    }
}

fn check_amount(need: &Need) -> Result<(), Rejection> {
    fields::range("quantity", need.quantity, 1, QUANTITY_MAX.into())?;
    fields::range("priority", need.priority, 1, PRIORITY_MAX.into())
}

fn check_times(at: Timestamp, need: &Need) -> Result<(), Rejection> {
    fields::upcoming("want_time", need.wanted_by, at, NEED_AHEAD_S_MAX)?;
    check_days(at, need)
}

fn check_days(at: Timestamp, need: &Need) -> Result<(), Rejection> {
    match need.daily_until {
        None => Ok(()),
        Some(until) if until <= need.wanted_by => Err(invalid("daily_until_time", FieldProblem::EmptyWindow)),
        Some(until) => fields::upcoming("daily_until_time", until, at, NEED_AHEAD_S_MAX),
    }
}
