//! Restrictions of the roads.

use super::shown::Shown;
use super::{Reader, Wire, read, wire};
use crate::api::v1::{self, restriction};
use crate::decision::command::NewRestriction;
use crate::decision::model::{RestrictionUse, RoadStretch};
use crate::decision::rejection::FieldProblem;
use crate::id::RestrictionId;
use crate::network::overlay::Effect;
use crate::network::roads::{EmergencyOrder, Profile, RoadClass};
use crate::service::ServiceError;
use crate::units::{Position, Timestamp};

impl Reader {
    /// A restriction to be laid on the roads.
    pub(crate) fn restriction(&self, said: v1::Restriction) -> Result<NewRestriction, ServiceError> {
        let effect = read::given(
            "restriction.effect",
            Some(said.effect()).filter(|effect| *effect != restriction::Effect::Unspecified),
        )?;
        let effect = match effect {
            restriction::Effect::Unspecified | restriction::Effect::Closed => Effect::Closed,
            restriction::Effect::Slowed => {
                let percent = u8::try_from(said.slow_percent).unwrap_or(u8::MAX);
                Effect::Slowed { percent }
            }
            restriction::Effect::Opened => Effect::Opened,
            restriction::Effect::Limited => {
                let vehicles_per_hour = u16::try_from(said.vehicles_per_hour).unwrap_or(u16::MAX);
                Effect::Limited { vehicles_per_hour }
            }
        };
        let (reason, source) = (said.reason, said.source);
        Ok(NewRestriction {
            stretch: self.stretch(read::given("restriction.stretch", said.stretch)?)?,
            effect,
            reason: read::choice("restriction.reason", reason)?,
            source: read::choice("restriction.source", source)?,
            reporter: said.reporter,
            note: said.note,
            observed_at: read::instant_opt("restriction.observe_time", said.observe_time)?,
            expected_end: read::instant_opt("restriction.expect_end_time", said.expect_end_time)?,
        })
    }

    fn stretch(&self, said: restriction::Stretch) -> Result<RoadStretch, ServiceError> {
        Ok(match said {
            restriction::Stretch::Edges(edges) => {
                RoadStretch::Edges { network: edges.network, edges: edges.edges }
            }
            restriction::Stretch::Structure(name) => {
                RoadStretch::Structure { structure: self.name("restriction.structure", &name)? }
            }
            restriction::Stretch::Section(section) => {
                RoadStretch::Section { road: section.road, from_m: section.from_m, to_m: section.to_m }
            }
            restriction::Stretch::Area(area) => {
                let corners = area.corners.into_iter().enumerate().map(|(index, corner)| {
                    read::position(&format!("restriction.area.corners[{index}]"), Some(corner))
                });
                RoadStretch::Area { corners: corners.collect::<Result<Vec<Position>, _>>()? }
            }
            restriction::Stretch::Classes(said) => {
                let classes = said.classes.into_iter().enumerate();
                let classes = classes
                    .map(|(index, class)| read::choice(&format!("restriction.classes[{index}]"), class));
                RoadStretch::Classes { classes: classes.collect::<Result<Vec<RoadClass>, _>>()? }
            }
            restriction::Stretch::EmergencyOrder(number) => {
                let problem = FieldProblem::OutOfRange { got: number.into(), min: 1, max: 3 };
                let order = EmergencyOrder::of_number(number.into());
                let order =
                    order.ok_or_else(|| ServiceError::field("restriction.emergency_order", problem))?;
                RoadStretch::EmergencyRoads { order }
            }
            restriction::Stretch::WinterClosures(_) => RoadStretch::WinterClosures,
        })
    }
}

/// The kind of vehicle; an ambulance when nobody says.
pub(crate) fn profile(number: i32) -> Result<Profile, ServiceError> {
    if number == 0 { Ok(Profile::Ambulance) } else { read::choice("profile", number) }
}

impl Shown {
    /// One restriction and what became of it, without what the network in use makes of it.
    #[must_use]
    pub fn restriction(&self, id: &RestrictionId) -> Option<v1::Restriction> {
        self.view.restriction(id).map(|said| self.restriction_of(said))
    }

    /// As [`Shown::restriction`].
    #[must_use]
    pub fn restriction_of(&self, said: &RestrictionUse) -> v1::Restriction {
        let RestrictionUse { restriction, said_at, lifted } = said;
        let (effect, slow_percent, vehicles_per_hour) = match restriction.effect {
            Effect::Closed => (restriction::Effect::Closed, 0, 0),
            Effect::Slowed { percent } => (restriction::Effect::Slowed, u32::from(percent), 0),
            Effect::Opened => (restriction::Effect::Opened, 0, 0),
            Effect::Limited { vehicles_per_hour } => {
                (restriction::Effect::Limited, 0, u32::from(vehicles_per_hour))
            }
        };
        v1::Restriction {
            name: self.names.print(&restriction.id),
            stretch: Some(self.stretch_of(&restriction.stretch)),
            effect: effect.into(),
            slow_percent,
            reason: restriction.reason.number(),
            source: restriction.source.number(),
            reporter: restriction.reporter.clone(),
            note: restriction.note.clone(),
            observe_time: Some(wire::instant(restriction.observed_at)),
            expect_end_time: restriction.expected_end.map(wire::instant),
            state: state(said, self.now).into(),
            report_time: Some(wire::instant(*said_at)),
            lift_time: lifted.as_ref().map(|(at, _)| wire::instant(*at)),
            lift_note: lifted.as_ref().map(|(_, note)| note.clone()).unwrap_or_default(),
            edge_count: 0,
            length_m: 0,
            section_origin: None,
            reranked: Vec::new(),
            vehicles_per_hour,
        }
    }

    fn stretch_of(&self, stretch: &RoadStretch) -> restriction::Stretch {
        match stretch {
            RoadStretch::Edges { network, edges } => restriction::Stretch::Edges(restriction::Edges {
                network: network.clone(),
                edges: edges.clone(),
            }),
            RoadStretch::Structure { structure } => {
                restriction::Stretch::Structure(self.names.print(structure))
            }
            RoadStretch::Section { road, from_m, to_m } => {
                restriction::Stretch::Section(restriction::Section {
                    road: road.clone(),
                    from_m: *from_m,
                    to_m: *to_m,
                })
            }
            RoadStretch::Area { corners } => restriction::Stretch::Area(restriction::Area {
                corners: corners.iter().map(|corner| wire::position(*corner)).collect(),
            }),
            RoadStretch::Classes { classes } => restriction::Stretch::Classes(restriction::Classes {
                classes: classes.iter().map(|class| class.number()).collect(),
            }),
            RoadStretch::EmergencyRoads { order } => {
                restriction::Stretch::EmergencyOrder(order.number().into())
            }
            RoadStretch::WinterClosures => {
                restriction::Stretch::WinterClosures(restriction::WinterClosures {})
            }
        }
    }
}

/// Where a restriction stands at `now`.
fn state(said: &RestrictionUse, now: Timestamp) -> restriction::State {
    if said.lifted.is_some() {
        restriction::State::Lifted
    } else if said.restriction.expected_end.is_some_and(|end| end <= now) {
        restriction::State::Overdue
    } else {
        restriction::State::Standing
    }
}
