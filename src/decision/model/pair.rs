//! Who supports whom for weeks: pairs of members and municipalities, as people decided them.

use crate::id::{CommodityId, MemberId, PairId};
use crate::units::Timestamp;

/// A decided pair, a fact of the union's field of disasters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pair {
    /// Its name.
    pub id: PairId,
    /// JIS code of the municipality that is supported.
    pub municipality: u32,
    /// Whose municipality it is.
    pub affected: MemberId,
    /// Who supports it, in the order in which they were named.
    pub supporters: Vec<PairSupporter>,
    /// Of which teams the numbers speak; none where no numbers were decided.
    pub team: Option<CommodityId>,
    /// What the support is.
    pub fields: Vec<AidField>,
    /// When it begins.
    pub from: Timestamp,
    /// When it ends by itself.
    pub until: Timestamp,
    /// The named person who decided.
    pub decided_by: String,
    /// Anything to add.
    pub note: String,
}

/// One supporter of a pair.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PairSupporter {
    /// Who.
    pub member: MemberId,
    /// How many teams at least, all the time; 0 where no number was decided.
    pub teams: u32,
}

/// What a pair is for.
///
/// Source: FACTS 4.3, what the union's members did in 2011 and 2024.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AidField {
    /// Goods are sent.
    Goods,
    /// Staff is sent.
    Staff,
    /// Physicians and nurses are sent.
    Medical,
    /// Evacuees are taken in.
    Evacuees,
}

/// A pair and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PairUse {
    /// As decided.
    pub pair: Pair,
    /// When it was decided.
    pub decided_at: Timestamp,
    /// Set when somebody ended it before its time.
    pub ended: Option<PairEnd>,
}

/// That somebody ended a pair before its time.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PairEnd {
    /// The named person.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub note: String,
}

/// Where a pair stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PairState {
    /// Decided, and has not begun.
    Decided,
    /// Going on.
    Active,
    /// Its time is over.
    Over,
    /// Ended by a person before its time.
    Ended,
}

impl PairUse {
    /// Where it stands at `now`.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> PairState {
        match &self.ended {
            Some(_) => PairState::Ended,
            None if self.pair.until <= now => PairState::Over,
            None if now < self.pair.from => PairState::Decided,
            None => PairState::Active,
        }
    }

    /// Whether it had begun, and its time was over by then.
    #[must_use]
    pub fn ended_by(&self, at: Timestamp) -> bool {
        let end = self.ended.as_ref().map_or(self.pair.until, |ended| ended.at.min(self.pair.until));
        self.pair.from < end && end <= at
    }

    /// Whether it binds at some time within `from` and `until`: it was not ended, and they overlap.
    #[must_use]
    pub fn binds(&self, from: Timestamp, until: Timestamp) -> bool {
        self.ended.is_none() && self.pair.from < until && from < self.pair.until
    }
}
