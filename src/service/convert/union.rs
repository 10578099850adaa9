//! Members, organisations, agreements, offers, standing orders.

use super::shown::Shown;
use super::{Reader, Wire, etag, read, wire};
use crate::api::v1;
use crate::decision::model::{
    Agreement, AreaOrder, Member, ModeLevel, Offer, OperatingMode, Organisation, StandingOrder,
};
use crate::decision::rejection::FieldProblem;
use crate::id::{MemberId, OfferId, OrganisationId, StandingOrderId};
use crate::service::ServiceError;

impl Reader {
    /// A member to be registered under `id`.
    pub(crate) fn member(&self, id: MemberId, member: v1::Member) -> Result<Member, ServiceError> {
        Ok(Member {
            id,
            name: read::display_name(member.display_name),
            kind: read::choice("member.kind", member.kind)?,
            joined_date: member.joined_date,
            fields: self.name_list("member.fields", &member.fields)?,
            telephone: member.telephone,
        })
    }

    /// An organisation to be registered under `id`.
    pub(crate) fn organisation(
        &self,
        id: OrganisationId,
        organisation: v1::Organisation,
    ) -> Result<Organisation, ServiceError> {
        Ok(Organisation {
            id,
            name: read::display_name(organisation.display_name),
            kind: read::choice("organisation.kind", organisation.kind)?,
            telephone: organisation.telephone,
            municipalities: organisation.municipalities,
        })
    }

    /// An agreement to be adopted.
    pub(crate) fn agreement(&self, agreement: v1::Agreement) -> Result<Agreement, ServiceError> {
        let mut order = Vec::with_capacity(agreement.order.len());
        for (i, row) in agreement.order.into_iter().enumerate() {
            let field = |name: &str| format!("agreement.order[{i}].{name}");
            order.push(AreaOrder {
                asset: self.name(&field("asset"), &row.asset)?,
                own: row.own,
                distance_max_m: row.distance_m_max,
                missions_month_max: match row.missions_month_max {
                    Some(count) => Some(read::count(&field("missions_month_max"), count)?),
                    None => None,
                },
            });
        }
        Ok(Agreement {
            area: self.name("agreement.area", &agreement.area)?,
            rule: read::choice("agreement.rule", agreement.rule)?,
            order,
            clause: read::display_name(agreement.clause),
        })
    }
}

/// An operating mode to be set.
pub(crate) fn operating_mode(mode: v1::OperatingMode) -> Result<OperatingMode, ServiceError> {
    use v1::operating_mode::Level;
    let got = i64::from(mode.phase);
    let phase = |min: i64, max: i64| {
        ServiceError::field("operating_mode.phase", FieldProblem::OutOfRange { got, min, max })
    };
    let unphased = |level| if mode.phase == 0 { Ok(level) } else { Err(phase(0, 0)) };
    let level = match Level::try_from(mode.level) {
        Ok(Level::Normal) => unphased(ModeLevel::Normal)?,
        Ok(Level::Alert) => unphased(ModeLevel::Alert)?,
        Ok(Level::Disaster) => match u8::try_from(mode.phase) {
            Ok(number) if number > 0 => ModeLevel::Disaster(number),
            _ => return Err(phase(1, i64::from(u8::MAX))),
        },
        Ok(Level::Unspecified) => return Err(ServiceError::required("operating_mode.level")),
        Err(_) => {
            let problem = crate::service::error::ArgumentProblem::UnknownEnum { got: mode.level };
            return Err(ServiceError::argument("operating_mode.level", problem));
        }
    };
    Ok(OperatingMode { level, set_by: mode.set_by })
}

impl Shown {
    /// One member with its operating mode.
    #[must_use]
    pub fn member(&self, id: &MemberId) -> Option<v1::Member> {
        self.view.member(id).map(|member| self.member_of(member))
    }

    /// A member as registered, with its operating mode.
    #[must_use]
    pub fn member_of(&self, member: &Member) -> v1::Member {
        let state = self.view.member_state(&member.id);
        let mode = state.map(|state| mode_of(&state.mode));
        let mut shown = v1::Member {
            name: self.names.print(&member.id),
            display_name: Some(wire::display_name(&member.name)),
            kind: member.kind.number(),
            joined_date: member.joined_date.clone(),
            fields: member.fields.iter().map(|field| self.names.print(field)).collect(),
            telephone: member.telephone.clone(),
            operating_mode: mode,
            etag: String::new(),
            clock_suspect_time: state.and_then(|state| state.clock_suspect_since).map(wire::instant),
        };
        shown.etag = etag::of(&shown);
        shown
    }

    /// One organisation.
    #[must_use]
    pub fn organisation(&self, id: &OrganisationId) -> Option<v1::Organisation> {
        let organisation = self.view.state(&id.ledger())?.organisations.get(id)?;
        Some(self.organisation_of(organisation))
    }

    /// An organisation as registered.
    #[must_use]
    pub fn organisation_of(&self, organisation: &Organisation) -> v1::Organisation {
        let mut shown = v1::Organisation {
            name: self.names.print(&organisation.id),
            display_name: Some(wire::display_name(&organisation.name)),
            kind: organisation.kind.number(),
            telephone: organisation.telephone.clone(),
            municipalities: organisation.municipalities.clone(),
            etag: String::new(),
        };
        shown.etag = etag::of(&shown);
        shown
    }

    /// The agreement in force for an area.
    #[must_use]
    pub fn agreement(&self, area: &OrganisationId) -> Option<v1::Agreement> {
        self.view.agreement(area).map(|agreement| self.agreement_of(agreement))
    }

    /// An agreement.
    #[must_use]
    pub fn agreement_of(&self, agreement: &Agreement) -> v1::Agreement {
        let row = |row: &AreaOrder| v1::agreement::Row {
            asset: self.names.print(&row.asset),
            own: row.own,
            distance_m_max: row.distance_max_m,
            missions_month_max: row.missions_month_max.map(u32::from),
        };
        v1::Agreement {
            area: self.names.print(&agreement.area),
            rule: agreement.rule.number(),
            order: agreement.order.iter().map(row).collect(),
            clause: Some(wire::display_name(&agreement.clause)),
        }
    }

    /// One offer.
    #[must_use]
    pub fn offer(&self, id: &OfferId) -> Option<v1::Offer> {
        self.view.state(&id.ledger())?.offers.get(id).map(|offer| self.offer_of(offer))
    }

    /// An offer.
    #[must_use]
    pub fn offer_of(&self, offer: &Offer) -> v1::Offer {
        v1::Offer {
            name: self.names.print(&offer.id),
            asset: self.names.print(&offer.asset),
            requisition: self.names.print_opt(offer.requisition.as_ref()),
            window: Some(wire::window(offer.window)),
            state: offer.state.number(),
        }
    }

    /// One standing order.
    #[must_use]
    pub fn standing_order(&self, id: &StandingOrderId) -> Option<v1::StandingOrder> {
        let order = self.view.state(&id.ledger())?.standing_orders.get(id)?;
        Some(self.standing_order_of(order))
    }

    /// A standing order.
    #[must_use]
    pub fn standing_order_of(&self, order: &StandingOrder) -> v1::StandingOrder {
        v1::StandingOrder {
            name: self.names.print(&order.id),
            answers_for: order.answers_for.clone(),
            expire_time: Some(wire::instant(order.until)),
            in_force: order.in_force(self.now),
        }
    }
}

/// An operating mode on the wire.
fn mode_of(mode: &OperatingMode) -> v1::OperatingMode {
    use v1::operating_mode::Level;
    let (level, phase) = match mode.level {
        ModeLevel::Normal => (Level::Normal, 0),
        ModeLevel::Alert => (Level::Alert, 0),
        ModeLevel::Disaster(phase) => (Level::Disaster, u32::from(phase)),
    };
    v1::OperatingMode { level: level.into(), phase, set_by: mode.set_by.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_disaster_has_a_phase() {
        let mode = |level: i32, phase| v1::OperatingMode { level, phase, set_by: "Sato".into() };
        assert_eq!(operating_mode(mode(3, 2)).unwrap().level, ModeLevel::Disaster(2));
        assert_eq!(operating_mode(mode(1, 0)).unwrap().level, ModeLevel::Normal);
        for (level, phase) in [(0, 0), (9, 0), (3, 0), (3, 256), (1, 1), (2, 7)] {
            assert!(operating_mode(mode(level, phase)).is_err(), "{level} {phase}");
        }
    }
}
