//! Tables of the hazard: comma-separated text read strictly, every flaw named by line and column.

use crate::units::{Position, PositionError};
use csv::StringRecord;

/// A flaw in a table and where it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {what}")]
pub struct TableFault {
    /// Line of the text, counted from 1 (the header).
    pub line: u64,
    /// Name of the column, or `-` when the whole line is unreadable.
    pub column: &'static str,
    /// What is wrong.
    pub what: Flaw,
}

/// What can be wrong with a table. Texts out of the table are cut to 80 letters.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// Not a table at all: torn, or rows of different widths.
    #[error("unreadable: {reason}")]
    Unreadable {
        /// What the reader says.
        reason: String,
    },
    /// The header lacks a column.
    #[error("the header lacks this column; add it")]
    MissingColumn,
    /// More rows than are believed.
    #[error("more than {limit} rows; split the table")]
    TooManyRows {
        /// The limit.
        limit: u32,
    },
    /// Not a number.
    #[error("\"{text}\" is not a {expected}")]
    NotANumber {
        /// What stands there.
        text: String,
        /// What should.
        expected: &'static str,
    },
    /// A place that is not on the Earth.
    #[error("{0}")]
    NotOnEarth(PositionError),
    /// Something that stands there already.
    #[error("\"{text}\" stands on line {first_line} already; remove one")]
    Duplicate {
        /// What.
        text: String,
        /// Where it stands first.
        first_line: u64,
    },
    /// An old code that leads back to itself.
    #[error("{code:05} leads back to itself; remove a row of the circle")]
    Circle {
        /// Which.
        code: u32,
    },
    /// A word of none of the kinds known.
    #[error("\"{text}\" is none of {words}")]
    UnknownWord {
        /// What stands there.
        text: String,
        /// What may.
        words: String,
    },
    /// Something that the cell cannot mean.
    #[error("{problem}")]
    Meaning {
        /// What is wrong with it and what to do.
        problem: String,
    },
}

/// The rows of a table with `N` columns that are looked at.
pub(super) struct Columns<'text, const N: usize> {
    reader: csv::Reader<&'text [u8]>,
    names: [&'static str; N],
    places: [usize; N],
    rows_left: u32,
    limit: u32,
}

/// A row.
pub(super) struct Row<const N: usize> {
    record: StringRecord,
    names: [&'static str; N],
    places: [usize; N],
}

impl<'text, const N: usize> Columns<'text, N> {
    /// Finds the columns by their names; further ones are ignored.
    pub(super) fn new(
        text: &'text str,
        names: [&'static str; N],
        limit: u32,
    ) -> Result<Columns<'text, N>, TableFault> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
        let header = reader.headers().map_err(unreadable)?.clone();
        let mut places = [0; N];
        for (place, name) in places.iter_mut().zip(names) {
            let found = header.iter().position(|column| column == name);
            let missing = TableFault { line: 1, column: name, what: Flaw::MissingColumn };
            *place = found.ok_or(missing)?;
        }
        Ok(Columns { reader, names, places, rows_left: limit, limit })
    }

    pub(super) fn next_row(&mut self) -> Result<Option<Row<N>>, TableFault> {
        let mut record = StringRecord::new();
        if !self.reader.read_record(&mut record).map_err(unreadable)? {
            return Ok(None);
        }
        let row = Row { record, names: self.names, places: self.places };
        match self.rows_left.checked_sub(1) {
            Some(left) => self.rows_left = left,
            None => {
                let what = Flaw::TooManyRows { limit: self.limit };
                return Err(TableFault { line: row.line(), column: "-", what });
            }
        }
        Ok(Some(row))
    }
}

fn unreadable(error: csv::Error) -> TableFault {
    let line = error.position().map_or(1, csv::Position::line);
    let reason = shortened(&error.to_string());
    TableFault { line, column: "-", what: Flaw::Unreadable { reason } }
}

impl<const N: usize> Row<N> {
    /// The line that it begins on.
    pub(super) fn line(&self) -> u64 {
        self.record.position().map_or(1, csv::Position::line)
    }

    pub(super) fn text(&self, column: usize) -> &str {
        self.record.get(self.places[column]).unwrap_or_default()
    }

    pub(super) fn fault(&self, column: usize, what: Flaw) -> TableFault {
        TableFault { line: self.line(), column: self.names[column], what }
    }

    /// What is wrong with a cell, in the words of whoever knows.
    pub(super) fn meaning(&self, column: usize, problem: impl ToString) -> TableFault {
        self.fault(column, Flaw::Meaning { problem: problem.to_string() })
    }

    pub(super) fn number<T: std::str::FromStr>(
        &self,
        column: usize,
        expected: &'static str,
    ) -> Result<T, TableFault> {
        let text = self.text(column);
        let wrong = || self.fault(column, Flaw::NotANumber { text: shortened(text), expected });
        text.parse().map_err(|_| wrong())
    }

    /// One of the words.
    pub(super) fn word<T: Copy>(&self, column: usize, words: &[(&str, T)]) -> Result<T, TableFault> {
        let text = self.text(column);
        if let Some((_, meaning)) = words.iter().find(|(word, _)| *word == text) {
            return Ok(*meaning);
        }
        let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        let text = shortened(text);
        Err(self.fault(column, Flaw::UnknownWord { text, words: words.join(", ") }))
    }

    /// A municipality's code, five digits.
    pub(super) fn code(&self, column: usize) -> Result<u32, TableFault> {
        let text = self.text(column);
        let is_code = text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit());
        let expected = "code of five digits";
        match text.parse() {
            Ok(code) if is_code => Ok(code),
            Ok(_) | Err(_) => Err(self.fault(column, Flaw::NotANumber { text: shortened(text), expected })),
        }
    }

    /// A place out of two columns of degrees.
    pub(super) fn place(&self, lat: usize, lon: usize) -> Result<Position, TableFault> {
        let expected = "number of degrees";
        let (north, east): (f64, f64) = (self.number(lat, expected)?, self.number(lon, expected)?);
        Position::from_degrees(north, east).map_err(|error| {
            let column = if matches!(error, PositionError::LongitudeOutOfRange) { lon } else { lat };
            self.fault(column, Flaw::NotOnEarth(error))
        })
    }
}

pub(super) fn shortened(text: &str) -> String {
    text.chars().take(80).collect()
}
