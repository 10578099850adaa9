//! The union's own facts: the ledger of a field.

use super::fields::{self, invalid};
use super::registry::room;
use crate::decision::limits::{AGREED_M_MAX, AGREEMENTS_MAX, AREAS_MAX, MEMBERS_MAX, ORDER_ROWS_MAX};
use crate::decision::model::{Agreement, Area, Member, MemberKind};
use crate::decision::rejection::{FieldProblem, Kind, Rejection};
use crate::decision::state::Field;
use crate::decision::{Event, State};
use crate::id::{FieldId, LedgerId, MemberId};

impl State {
    pub(super) fn open_field(
        &self,
        field: &FieldId,
        office: Option<&MemberId>,
        deputies: &[MemberId],
    ) -> Result<Vec<Event>, Rejection> {
        if self.ledger != LedgerId::Field(field.clone()) {
            return Err(Rejection::WrongLedger { name: field.to_string(), ledger: self.ledger.clone() });
        }
        if self.field.is_some() {
            return Err(Rejection::AlreadyExists { kind: Kind::Field, name: field.to_string() });
        }
        fields::count("deputies", deputies.len(), MEMBERS_MAX as usize)?;
        fields::distinct("deputies", deputies)?;
        let (office, deputies) = (office.cloned(), deputies.to_vec());
        Ok(vec![Event::FieldOpened { field: field.clone(), office, deputies }])
    }

    pub(super) fn register_member(&self, member: &Member) -> Result<Vec<Event>, Rejection> {
        let field = self.field_facts(&member.id.to_string())?;
        if field.members.contains_key(&member.id) {
            return Err(Rejection::AlreadyExists { kind: Kind::Member, name: member.id.to_string() });
        }
        if field.members.size() >= MEMBERS_MAX as usize {
            return Err(Rejection::LimitReached { what: Kind::Member, max: MEMBERS_MAX });
        }
        fields::name("display_name", &member.name)?;
        fields::date("joined_date", &member.joined_date)?;
        fields::short("telephone", &member.telephone)?;
        fields::count("fields", member.fields.len(), 64)?;
        fields::distinct("fields", &member.fields)?;
        match member.kind {
            MemberKind::Linked if !member.joined_date.is_empty() => {
                Err(invalid("joined_date", FieldProblem::NotAllowed))
            }
            MemberKind::Prefecture | MemberKind::City if member.joined_date.is_empty() => {
                Err(invalid("joined_date", FieldProblem::Required))
            }
            _ => Ok(vec![Event::MemberRegistered(member.clone())]),
        }
    }

    pub(super) fn adopt_agreement(&self, agreement: &Agreement) -> Result<Vec<Event>, Rejection> {
        let field = self.field_facts(&agreement.area.to_string())?;
        if !field.agreements.contains_key(&agreement.area) {
            room(field.agreements.size(), Kind::Agreement, AGREEMENTS_MAX)?;
        }
        fields::short("clause.ja", &agreement.clause.ja)?;
        fields::short("clause.en", &agreement.clause.en)?;
        fields::count("order", agreement.order.len(), ORDER_ROWS_MAX)?;
        fields::distinct("order", agreement.order.iter().map(|row| &row.asset))?;
        for metres in agreement.order.iter().filter_map(|row| row.distance_max_m) {
            fields::range("order.distance_m_max", metres, 1, AGREED_M_MAX.into())?;
        }
        Ok(vec![Event::AgreementAdopted(agreement.clone())])
    }

    pub(super) fn state_area(&self, area: &Area) -> Result<Vec<Event>, Rejection> {
        let field = self.field_facts(&area.organisation.to_string())?;
        if !field.areas.contains_key(&area.organisation) {
            room(field.areas.size(), Kind::Area, AREAS_MAX)?;
        }
        if area.calls_per_hour_e6.len() != 24 {
            let problem =
                FieldProblem::OutOfRange { got: area.calls_per_hour_e6.len() as i64, min: 24, max: 24 };
            return Err(invalid("calls_per_hour_e6", problem));
        }
        // A thousand calls an hour from one fire department is a typing error.
        for calls in &area.calls_per_hour_e6 {
            fields::range("calls_per_hour_e6", *calls, 0, 1_000_000_000)?;
        }
        Ok(vec![Event::AreaStated(area.clone())])
    }

    /// The facts of a field, which a member's ledger does not hold.
    pub(super) fn field_facts(&self, name: &str) -> Result<&Field, Rejection> {
        self.field
            .as_ref()
            .ok_or_else(|| Rejection::WrongLedger { name: name.to_owned(), ledger: self.ledger.clone() })
    }
}
