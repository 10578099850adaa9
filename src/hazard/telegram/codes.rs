//! Codes of municipalities that are no more, and what they belong to now.
//!
//! Old telegrams name what was there then. A table of rows `old,new` leads from each to the code of today; a row may lead to
//! another row's old code.

use super::{Observation, Reading};
use crate::hazard::table::{Columns, Flaw, TableFault};
use std::collections::BTreeMap;

/// Rows at most: there were 3,200 municipalities before the mergers.
const ROWS_MAX: u32 = 10_000;

/// From old codes to new ones, five digits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Codes {
    new: BTreeMap<u32, u32>,
}

impl Codes {
    /// Reads the table: columns `old` and `new`, further ones are ignored.
    ///
    /// # Errors
    /// [`TableFault`] at the first thing that is wrong: no code, an old code twice, a code that leads back to itself.
    pub fn read(text: &str) -> Result<Codes, TableFault> {
        let mut codes = Codes::default();
        let mut lines = BTreeMap::new();
        let mut columns = Columns::new(text, ["old", "new"], ROWS_MAX)?;
        while let Some(row) = columns.next_row()? {
            let (old, new) = (row.code(0)?, row.code(1)?);
            if let Some(first_line) = lines.insert(old, row.line()) {
                return Err(row.fault(0, Flaw::Duplicate { text: format!("{old:05}"), first_line }));
            }
            if codes.now(new) == old {
                return Err(row.fault(1, Flaw::Circle { code: old }));
            }
            codes.new.insert(old, new);
        }
        Ok(codes)
    }

    /// The code of today; itself where nothing is known of it.
    #[must_use]
    pub fn now(&self, code: u32) -> u32 {
        let mut now = code;
        // Never round in circles: reading refused them.
        while let Some(&next) = self.new.get(&now) {
            now = next;
        }
        now
    }

    /// What is known of each municipality and ward of today, by code; those that were merged count together.
    #[must_use]
    pub fn by_municipality(&self, observation: &Observation) -> BTreeMap<u32, Reading> {
        let mut found: BTreeMap<u32, Reading> = BTreeMap::new();
        for municipality in observation.municipalities() {
            let reading = municipality.seen.reading;
            let code = self.now(municipality.municipality_code());
            found.entry(code).and_modify(|known| *known = known.and(reading)).or_insert(reading);
        }
        found
    }
}
