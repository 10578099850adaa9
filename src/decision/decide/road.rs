//! Restrictions of the roads: laid by a member in its own ledger, lifted by the same.
//!
//! Whether the roads have what is named is judged before, on the network: it is not in any ledger.

use super::fields::{self, invalid};
use super::registry::room;
use crate::decision::command::NewRestriction;
use crate::decision::limits::{FUTURE_S_MAX, RESTRICTION_EDGES_MAX, RESTRICTIONS_MAX, VEHICLES_PER_HOUR_MAX};
use crate::decision::model::{Restriction, RoadStretch};
use crate::decision::rejection::{FieldProblem, Kind, Rejection};
use crate::decision::{Event, State};
use crate::id::RestrictionId;
use crate::network::air::Polygon;
use crate::network::overlay::Effect;
use crate::network::roads::RoadClass;
use crate::units::Timestamp;

impl State {
    pub(super) fn restrict_road(&self, at: Timestamp, new: &NewRestriction) -> Result<Vec<Event>, Rejection> {
        let Some(member) = self.member() else {
            let name = "restrictions".to_owned();
            return Err(Rejection::WrongLedger { name, ledger: self.ledger.clone() });
        };
        room(self.restrictions_standing.size(), Kind::Restriction, RESTRICTIONS_MAX)?;
        stretch(&new.stretch)?;
        if let Effect::Slowed { percent } = new.effect {
            fields::range("restriction.slow_percent", percent, 1, 99)?;
        }
        if let Effect::Limited { vehicles_per_hour } = new.effect {
            fields::range("restriction.vehicles_per_hour", vehicles_per_hour, 1, VEHICLES_PER_HOUR_MAX)?;
        }
        fields::required("restriction.reporter", &new.reporter)?;
        fields::long("restriction.note", &new.note)?;
        let observed_at = new.observed_at.unwrap_or(at);
        fields::reported("restriction.observe_time", observed_at, at)?;
        if let Some(end) = new.expected_end {
            fields::upcoming("restriction.expect_end_time", end, at, FUTURE_S_MAX)?;
        }
        let slug = format!("r-{}", self.restrictions_count + 1);
        let restriction = Restriction {
            id: RestrictionId::new(member, slug.parse().expect("a letter and a number")),
            stretch: new.stretch.clone(),
            effect: new.effect,
            reason: new.reason,
            source: new.source,
            reporter: new.reporter.clone(),
            note: new.note.clone(),
            observed_at,
            expected_end: new.expected_end,
        };
        Ok(vec![Event::RoadRestricted(restriction)])
    }

    pub(super) fn lift_restriction(&self, id: &RestrictionId, note: &str) -> Result<Vec<Event>, Rejection> {
        let known = self.restrictions.get(id);
        let known =
            known.ok_or_else(|| Rejection::NotFound { kind: Kind::Restriction, name: id.to_string() })?;
        fields::long("note", note)?;
        if known.lifted.is_some() {
            // Said twice: nothing has to be done.
            return Ok(Vec::new());
        }
        Ok(vec![Event::RestrictionLifted { restriction: id.clone(), note: note.to_owned() }])
    }
}

fn stretch(stretch: &RoadStretch) -> Result<(), Rejection> {
    match stretch {
        RoadStretch::Edges { network, edges } => {
            fields::required("restriction.edges.network", network)?;
            fields::count("restriction.edges.edges", edges.len(), RESTRICTION_EDGES_MAX)?;
            fields::distinct("restriction.edges.edges", edges)?;
            given("restriction.edges.edges", edges.is_empty())
        }
        RoadStretch::Structure { .. } | RoadStretch::EmergencyRoads { .. } | RoadStretch::WinterClosures => {
            Ok(())
        }
        RoadStretch::Section { road, from_m, to_m } => {
            fields::required("restriction.section.road", road)?;
            if from_m >= to_m {
                return Err(invalid("restriction.section.to_m", FieldProblem::EmptyWindow));
            }
            Ok(())
        }
        RoadStretch::Area { corners } => match Polygon::new(corners) {
            Ok(_) => Ok(()),
            Err(fault) => Err(invalid("restriction.area.corners", FieldProblem::NotAnArea(fault))),
        },
        RoadStretch::Classes { classes } => {
            fields::count("restriction.classes", classes.len(), RoadClass::ALL.len())?;
            fields::distinct("restriction.classes", classes)?;
            given("restriction.classes", classes.is_empty())
        }
    }
}

fn given(field: &'static str, is_empty: bool) -> Result<(), Rejection> {
    if is_empty { Err(invalid(field, FieldProblem::Required)) } else { Ok(()) }
}
