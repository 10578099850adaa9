//! Weather, and what is reported of landing sites and hospitals.

use super::field::{record, words};
use super::wire;
use crate::decision::model::{HospitalReport, HospitalState, NoFlyArea, SiteReport, SiteState, Weather};

record!(Weather { region, visibility_m, ceiling_m, wind_kmh, icing, thunderstorm, observed_at, expires_at });
record!(SiteReport { state, confirmed_at, note });
words!(SiteState { Open, Closed, Unknown });
record!(HospitalReport { state, beds_free, reported_at });
words!(HospitalState { Accepting, Refusing, Unknown });
record!(NoFlyArea { id, corners, floor_m, ceiling_m, from, until, reason, source });
