//! What people need by the unit model: worked out for a person to look at, and stated by nobody.

use super::{Answer, MutualAid, known_commodity};
use crate::api::v1;
use crate::authority::{Union, View};
use crate::decision::limits::{NEEDS_CALL_MAX, QUANTITY_MAX};
use crate::decision::model::{NeedPlace, NeedSource};
use crate::decision::rejection::{FieldProblem, Kind as Resource};
use crate::hazard::unit_model::{DAY_MAX, Kind, PEOPLE_MAX, People, PeopleFault, SPAN_DAYS_MAX, Span};
use crate::id::{CommodityId, DepotId};
use crate::service::ServiceError;
use crate::service::convert::{Shown, Wire, read, wire};
use crate::service::desk::{Caller, unknown};
use crate::units::Timestamp;
use std::collections::BTreeMap;

const DAY_MILLIS: i64 = 86_400_000;
/// Priority of goods that save lives, and of all others, where nobody said.
const PRIORITIES: (u32, u32) = (1, 3);

/// The days that are asked for.
struct Days {
    first: u32,
    count: u32,
    /// When that of the first has to be there.
    wanted_by: Timestamp,
}

/// People of one place, and the municipality that it lies in.
struct Counted {
    place: NeedPlace,
    municipality: u32,
    people: People,
}

impl<U: Union> MutualAid<U> {
    /// Works out needs as [`StateNeeds`](v1::StateNeedsRequest) takes them; only the reporter is missing.
    ///
    /// # Errors
    /// [`ServiceError::NoUnitModel`], and [`ServiceError::Field`] of the first number or place that cannot be.
    pub(super) async fn estimate_needs(
        &self,
        _: Caller,
        message: v1::EstimateNeedsRequest,
    ) -> Answer<v1::EstimateNeedsResponse> {
        let Some(profile) = &self.unit_model else { return Err(ServiceError::NoUnitModel) };
        let days = days(&message)?;
        if message.people.is_empty() {
            return Err(ServiceError::required("people"));
        }
        fits("people", message.people.len())?;
        let shown = self.desk.shown();
        let mut seen: BTreeMap<NeedPlace, usize> = BTreeMap::new();
        let mut needs = Vec::new();
        for (index, said) in message.people.into_iter().enumerate() {
            let field = format!("people[{index}]");
            let counted = self.people_of(&shown.view, &field, said)?;
            if seen.insert(counted.place.clone(), index).is_some() {
                return Err(ServiceError::field(field, FieldProblem::Duplicate));
            }
            for span in profile.spans(&counted.people, days.first, days.count) {
                needs.push(counted.need(&shown, &field, (&days, &span))?);
            }
        }
        fits("people", needs.len())?;
        Ok(v1::EstimateNeedsResponse { needs })
    }

    /// People of one place that is known.
    fn people_of(&self, view: &View, field: &str, said: v1::PeopleCount) -> Answer<Counted> {
        let of = |name: &str| format!("{field}.{name}");
        let depot: Option<DepotId> = self.desk.reader().name_opt(&of("depot"), &said.depot)?;
        let people = people(&of("groups"), &said.groups)?;
        let Some(depot) = depot else {
            if said.municipality == 0 {
                return Err(ServiceError::required(of("municipality")));
            }
            self.known_municipality(&of("municipality"), said.municipality)?;
            let place = NeedPlace::Municipality(said.municipality);
            return Ok(Counted { place, municipality: said.municipality, people });
        };
        let Some((known, _)) = view.depot(&depot) else { return Err(unknown(Resource::Depot, &depot)) };
        if !known.tier.is_receiving_point() {
            return Err(ServiceError::field(of("depot"), FieldProblem::NotAllowed));
        }
        Ok(Counted { municipality: known.municipality, place: NeedPlace::Depot(depot), people })
    }
}

impl Counted {
    /// One need. What is needed on several days in a row is a standing one.
    fn need(&self, shown: &Shown, field: &str, (days, span): (&Days, &Span)) -> Answer<v1::Need> {
        let commodity = known_commodity(&shown.view, &CommodityId(span.commodity.clone()))?;
        let quantity = i64::try_from(span.quantity).unwrap_or(i64::MAX);
        if quantity > i64::from(QUANTITY_MAX) {
            let problem = FieldProblem::OutOfRange { got: quantity, min: 0, max: QUANTITY_MAX.into() };
            return Err(ServiceError::field(format!("{field}.groups"), problem));
        }
        let after = |days_passed: u32| days.wanted_by.plus_millis(i64::from(days_passed) * DAY_MILLIS);
        let begins = span.first_day - days.first;
        let last = begins + span.days - 1;
        let depot = match &self.place {
            NeedPlace::Municipality(_) => None,
            NeedPlace::Depot(depot) => Some(depot),
        };
        Ok(v1::Need {
            municipality: self.municipality,
            depot: shown.names.print_opt(depot),
            commodity: shown.names.print(&commodity.id),
            quantity,
            unit: commodity.unit.clone(),
            priority: if commodity.objective_tier <= 1 { PRIORITIES.0 } else { PRIORITIES.1 },
            want_time: Some(wire::instant(after(begins))),
            daily_until_time: (span.days > 1).then(|| wire::instant(after(last))),
            source: NeedSource::UnitModel.number(),
            ..v1::Need::default()
        })
    }
}

/// Refuses more than one call states.
fn fits(field: &str, got: usize) -> Answer<()> {
    if got <= NEEDS_CALL_MAX {
        return Ok(());
    }
    let problem = FieldProblem::TooLong { got: got as u64, max: NEEDS_CALL_MAX as u64 };
    Err(ServiceError::field(field, problem))
}

fn days(message: &v1::EstimateNeedsRequest) -> Answer<Days> {
    let within = |field: &str, got: u32, max: u32| {
        let problem = FieldProblem::OutOfRange { got: got.into(), min: 1, max: max.into() };
        if got <= max { Ok(got.max(1)) } else { Err(ServiceError::field(field, problem)) }
    };
    Ok(Days {
        first: within("day", message.day, DAY_MAX)?,
        count: within("day_count", message.day_count, SPAN_DAYS_MAX)?,
        wanted_by: read::instant("want_time", message.want_time)?,
    })
}

/// People by kind; what is wrong is named by the entry that says it.
fn people(field: &str, groups: &[v1::people_count::Group]) -> Answer<People> {
    let mut stated: Vec<(Kind, i64)> = Vec::with_capacity(groups.len().min(Kind::ALL.len()));
    for (index, group) in groups.iter().enumerate() {
        let kind = read::choice(&format!("{field}[{index}].kind"), group.kind)?;
        if stated.iter().any(|(known, _)| *known == kind) {
            return Err(ServiceError::field(format!("{field}[{index}].kind"), FieldProblem::Duplicate));
        }
        stated.push((kind, group.people));
    }
    People::new(&stated).map_err(|fault| {
        let within = |got, max: u32| FieldProblem::OutOfRange { got, min: 0, max: max.into() };
        let (kind, problem) = match fault {
            PeopleFault::Negative { kind, people } | PeopleFault::TooMany { kind, people } => {
                (kind, within(people, PEOPLE_MAX))
            }
            PeopleFault::MoreThanInShelter { kind, people, in_shelter } => {
                (kind, within(people.into(), in_shelter))
            }
            PeopleFault::Twice { kind } => (kind, FieldProblem::Duplicate),
        };
        let index = stated.iter().position(|(known, _)| *known == kind).unwrap_or_default();
        ServiceError::field(format!("{field}[{index}].people"), problem)
    })
}
