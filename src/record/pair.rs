//! Pairs of members and municipalities.

use super::field::{record, words};
use super::wire;
use crate::decision::model::{AidField, Pair, PairSupporter};

record!(Pair { id, municipality, affected, supporters, team, fields, from, until, decided_by, note });
record!(PairSupporter { member, teams });
words!(AidField { Goods, Staff, Medical, Evacuees });
