//! A table that people keep: columns in any order, every one known, every fault with its line and column.

use super::super::args::ArgError;
use super::wrong;
use crate::spelling::nearest;
use std::fmt;
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Largest file: a call takes no more than some thousand rows.
const FILE_BYTES_MAX: u64 = 4 << 20;

/// Where something stands in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A line of a table, from 1.
    Line(u64),
    /// A feature of a map, from 0.
    Feature(usize),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Line(line) => write!(f, "line {line}"),
            Place::Feature(index) => write!(f, "features[{index}]"),
        }
    }
}

/// What is wrong, in Japanese and in English.
pub(super) type Said = (String, String);

/// Something wrong in one cell.
pub(super) fn said<T>(place: Place, column: &str, ja: &str, en: &str) -> Result<T, Said> {
    let where_ja = match place {
        Place::Line(line) => format!("{line} 行目"),
        Place::Feature(index) => format!("features[{index}]"),
    };
    Err((format!("{where_ja}、列 {column}: {ja}"), format!("{place}, column {column}: {en}")))
}

/// Something that a cell cannot be, in the words of whoever reads it.
pub(super) fn refused<T>(place: Place, column: &str, error: &ArgError) -> Result<T, Said> {
    use crate::lang::Lang;
    said(place, column, error.text(Lang::Ja), error.text(Lang::En))
}

/// A whole number out of a cell.
pub(super) fn number(place: Place, column: &str, cell: Option<String>) -> Result<Option<i64>, Said> {
    let Some(text) = cell else { return Ok(None) };
    match text.parse::<i64>() {
        Ok(number) => Ok(Some(number)),
        Err(_) => said(
            place,
            column,
            &format!("「{text}」は整数ではありません"),
            &format!("\"{text}\" is no whole number"),
        ),
    }
}

/// A whole number out of a cell, not below 0.
pub(super) fn small(place: Place, column: &str, cell: Option<String>) -> Result<Option<u32>, Said> {
    let Some(number) = number(place, column, cell)? else { return Ok(None) };
    match u32::try_from(number) {
        Ok(number) => Ok(Some(number)),
        Err(_) => {
            said(place, column, &format!("{number} は範囲外です"), &format!("{number} is out of range"))
        }
    }
}

/// The text of a file.
///
/// # Errors
/// [`ArgError`] when it cannot be read or is too large.
pub(super) fn text_of(path: &Path) -> Result<String, ArgError> {
    let mut text = String::new();
    let read = File::open(path).and_then(|file| file.take(FILE_BYTES_MAX + 1).read_to_string(&mut text));
    if let Err(error) = read {
        return Err(wrong(path, &format!("読めません: {error}"), &format!("cannot be read: {error}")));
    }
    if text.len() as u64 > FILE_BYTES_MAX {
        let (ja, en) = ("大きすぎます。分けてください", "is too large; split it");
        return Err(wrong(path, ja, en));
    }
    Ok(text)
}

/// Reads the rows of a table with `row`, which is given the line and the cells by column; an empty cell is none.
pub(super) fn rows<T>(
    text: &str,
    columns: &[&'static str],
    row: impl Fn(Place, &dyn Fn(&str) -> Option<String>) -> Result<T, Said>,
) -> Result<Vec<T>, Said> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let malformed = |error: csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        let detail = match error.kind() {
            csv::ErrorKind::UnequalLengths { expected_len, len, .. } => (
                format!("{len} 列あります。見出しは {expected_len} 列です"),
                format!("has {len} cells, the header {expected_len}"),
            ),
            _ => (format!("CSV として読めません: {error}"), format!("is not CSV: {error}")),
        };
        (format!("{line} 行目: {}", detail.0), format!("line {line}: {}", detail.1))
    };
    let header = reader.headers().map_err(malformed)?.clone();
    for column in &header {
        check_column(Place::Line(1), column.trim(), columns)?;
    }
    let mut rows = Vec::new();
    let mut lines = Lines { text, at: 0, line: 1 };
    for record in reader.records() {
        let record = record.map_err(malformed)?;
        let cell = |column: &str| {
            let index = header.iter().position(|known| known.trim() == column)?;
            record.get(index).map(str::trim).filter(|cell| !cell.is_empty()).map(str::to_owned)
        };
        rows.push(row(Place::Line(lines.of(&record)), &cell)?);
    }
    Ok(rows)
}

/// Refuses a column that nothing reads.
pub(super) fn check_column(place: Place, column: &str, columns: &[&'static str]) -> Result<(), Said> {
    if columns.contains(&column) {
        return Ok(());
    }
    let cut: String = column.chars().take(40).collect();
    let near = nearest(column, columns.iter().copied());
    let near = near.map_or_else(|| columns.join(", "), |near| near.to_string());
    said(
        place,
        &cut,
        &format!("この列はありません。使えるのは {near} です"),
        &format!("is no column; did you mean {near}?"),
    )
}

/// Counts lines on the way through a table; the reader's own count forgets that a line may end with two characters, and
/// lines that are empty.
struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line, from 1, that `record` begins in. Records come in their order.
    fn of(&mut self, record: &csv::StringRecord) -> u64 {
        let bytes = self.text.as_bytes();
        let start = record.position().map_or(0, csv::Position::byte);
        let mut start = usize::try_from(start).unwrap_or(bytes.len()).clamp(self.at, bytes.len());
        while bytes.get(start).is_some_and(|byte| matches!(byte, b'\r' | b'\n')) {
            start += 1;
        }
        let passed = bytes[self.at..start].iter().filter(|byte| **byte == b'\n').count();
        (self.at, self.line) = (start, self.line + passed as u64);
        self.line
    }
}
