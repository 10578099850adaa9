//! Restrictions of the roads.

use super::field::{choice, record, words};
use super::wire;
use crate::decision::model::{ReportSource, Restriction, RoadReason, RoadStretch};
use crate::network::overlay::Effect as RoadEffect;
use crate::network::roads::{EmergencyOrder, RoadClass};

record!(Restriction { id, stretch, effect, reason, source, reporter, note, observed_at, expected_end });
choice!(RoadStretch, road_stretch {
    Edges { network, edges },
    Structure { structure },
    Section { road, from_m, to_m },
    Area { corners },
    Classes { classes },
    EmergencyRoads { order },
    WinterClosures,
});
choice!(RoadEffect, road_effect { Closed, Slowed { percent }, Opened, Limited { vehicles_per_hour } });
words!(RoadReason {
    Earthquake,
    Tsunami,
    Flood,
    Landslide,
    Snow,
    Wind,
    Fire,
    Accident,
    Inspection,
    Works,
    Congestion,
    Relief,
    Other,
});
words!(ReportSource { RoadOperator, Police, FireDepartment, Municipality, Sensor, Citizen, Other });
words!(EmergencyOrder { First, Second, Third });
words!(RoadClass {
    Motorway,
    MotorwayLink,
    Trunk,
    TrunkLink,
    Primary,
    PrimaryLink,
    Secondary,
    SecondaryLink,
    Tertiary,
    TertiaryLink,
    Unclassified,
    Residential,
    LivingStreet,
    Service,
    Road,
    Ferry,
});
