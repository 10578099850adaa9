//! Reads observations from a table: stations one by one, or the points of a grid.

use super::Value;
use crate::hazard::shaking::intensity::{CENTI_MAX, Intensity};
use crate::hazard::shaking::intensity::{IntensityClass, UnknownClass};
use crate::hazard::table::{Columns, Flaw, TableFault};
use crate::units::Position;
use std::collections::BTreeMap;

/// Rows at most: a grid of 250 m over a prefecture.
pub const ROWS_MAX: u32 = 200_000;

/// Something that is no intensity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
enum ValueProblem {
    #[error("an intensity of {text} cannot be; allowed is 0.0 to {}.0", CENTI_MAX / 100)]
    OutOfRange { text: String },
    #[error("{0}; a measured one has a point, as 5.3; a value that never came is !5-")]
    Unknown(UnknownClass),
}

/// Reads the table: columns `lat`, `lon` (degrees) and `intensity`, further ones are ignored.
///
/// | `intensity` | means |
/// |---|---|
/// | `5.3`, `4.95` | measured, one or two decimals |
/// | `4`, `5-`, `5+`, `7` | a class |
/// | `!5-` | 5-lower or more was expected and never came |
///
/// # Errors
/// [`TableFault`] at the first thing that is wrong, also where two rows speak of one place.
pub fn read(text: &str) -> Result<Vec<(Position, Value)>, TableFault> {
    let mut columns = Columns::new(text, ["lat", "lon", "intensity"], ROWS_MAX)?;
    let mut found = Vec::new();
    let mut lines: BTreeMap<Position, u64> = BTreeMap::new();
    while let Some(row) = columns.next_row()? {
        let place = row.place(0, 1)?;
        if let Some(first_line) = lines.insert(place, row.line()) {
            return Err(row.fault(0, Flaw::Duplicate { text: place.to_string(), first_line }));
        }
        found.push((place, value(row.text(2)).map_err(|problem| row.meaning(2, problem))?));
    }
    Ok(found)
}

fn value(text: &str) -> Result<Value, ValueProblem> {
    if text == "!5-" {
        return Ok(Value::AtLeast(IntensityClass::FiveLower));
    }
    let Some((whole, part)) = text.split_once('.') else {
        return text.parse().map(Value::Class).map_err(ValueProblem::Unknown);
    };
    let out_of_range = || ValueProblem::OutOfRange { text: text.chars().take(80).collect() };
    let are_digits = whole.bytes().chain(part.bytes()).all(|byte| byte.is_ascii_digit());
    if !are_digits || whole.len() != 1 || !(1..=2).contains(&part.len()) {
        return Err(out_of_range());
    }
    let centi = format!("{whole}{part:0<2}").parse().ok().and_then(Intensity::from_centi);
    centi.map(Value::Measured).ok_or_else(out_of_range)
}
