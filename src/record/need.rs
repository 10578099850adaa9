//! Needs.

use super::field::{choice, record, words};
use super::wire;
use crate::decision::model::{Need, NeedPlace, NeedSource};

record!(Need { id, place, commodity, quantity, priority, wanted_by, daily_until, source, reporter, note });
choice!(NeedPlace, need_place { Municipality(municipality), Depot(depot) });
words!(NeedSource { Report, UnitModel, File });
