//! Pairs of members and municipalities: those that people decided, and the problem of who could support whom.
//!
//! It judges nothing: who supports whom is people's to decide, and what could be better the allocator's to say.

mod statement;

pub use statement::{Ask, Hit, Stated, Town, state};

use super::View;
use crate::decision::model::PairUse;
use crate::id::PairId;

impl View {
    /// Pairs ever decided, by name, those that ended among them: [`PairUse::state`] and [`PairUse::binds`] say which
    /// stand.
    pub fn pairs(&self) -> impl Iterator<Item = &PairUse> {
        self.states().filter_map(|state| state.field.as_ref()).flat_map(|field| field.pairs.values())
    }

    /// One pair.
    #[must_use]
    pub fn pair(&self, id: &PairId) -> Option<&PairUse> {
        self.states().filter_map(|state| state.field.as_ref()).find_map(|field| field.pairs.get(id))
    }
}
