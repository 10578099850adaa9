//! Reads TOML table by table: every key is looked for, every value is within its range, and what nobody looked for is a fault.

use super::{FileFault, FileProblem, Relation};
use crate::hazard::profile::place_of;
use crate::spelling::nearest;
use std::ops::{Range, RangeInclusive};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Characters of a text that a message repeats.
const SHOWN_CHARS_MAX: usize = 80;
/// Most rows of one list.
const ROWS_MAX: usize = 100;

/// A table that is read.
pub(super) struct Section<'a> {
    text: &'a str,
    path: String,
    span: Range<usize>,
    table: &'a DeTable<'a>,
    known: Vec<&'static str>,
}

type Read<T> = Result<T, FileFault>;

impl<'a> Section<'a> {
    pub(super) fn root(text: &'a str, root: &'a Spanned<DeTable<'a>>) -> Section<'a> {
        Section { text, path: String::new(), span: root.span(), table: root.get_ref(), known: Vec::new() }
    }

    fn fault(&self, span: &Range<usize>, key: &str, problem: FileProblem) -> FileFault {
        let (line, character) = place_of(self.text, span.start);
        FileFault { line, character, entry: self.full(key), problem }
    }

    fn full(&self, key: &str) -> String {
        let key: String = key.chars().take(SHOWN_CHARS_MAX).collect();
        match (self.path.is_empty(), key.is_empty()) {
            (true, _) => key,
            (false, true) => self.path.clone(),
            (false, false) => format!("{}.{key}", self.path),
        }
    }

    fn value(&mut self, key: &'static str) -> Read<&'a Spanned<DeValue<'a>>> {
        self.known.push(key);
        self.table.get(key).ok_or_else(|| self.fault(&self.span, key, FileProblem::Missing))
    }

    fn is(&self, key: &'static str, value: &Spanned<DeValue<'_>>, expected: impl Into<String>) -> FileFault {
        let stands: String =
            self.text.get(value.span()).unwrap_or_default().chars().take(SHOWN_CHARS_MAX).collect();
        let problem = FileProblem::Value { stands, expected: expected.into() };
        self.fault(&value.span(), key, problem)
    }

    /// A relation: a table that says where it comes from.
    pub(super) fn relation(&mut self, key: &'static str, found: &mut Vec<Relation>) -> Read<Section<'a>> {
        let mut section = self.section(key)?;
        let source = section.value("source")?;
        let text = source.get_ref().as_str().filter(|text| !text.trim().is_empty());
        let source =
            text.ok_or_else(|| section.is("source", source, "a text that says where it comes from"))?;
        let illustrative = section.value("illustrative")?;
        let is_illustrative = illustrative.get_ref().as_bool();
        let is_illustrative =
            is_illustrative.ok_or_else(|| section.is("illustrative", illustrative, "true or false"))?;
        found.push(Relation { name: key, source: source.to_owned(), is_illustrative });
        Ok(section)
    }

    fn section(&mut self, key: &'static str) -> Read<Section<'a>> {
        let value = self.value(key)?;
        let table = value.get_ref().as_table().ok_or_else(|| self.is(key, value, "a table"))?;
        Ok(Section { text: self.text, path: self.full(key), span: value.span(), table, known: Vec::new() })
    }

    /// A table within, read by `read`.
    pub(super) fn table<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&mut Section<'a>) -> Read<T>,
    ) -> Read<T> {
        let mut section = self.section(key)?;
        let found = read(&mut section)?;
        section.end()?;
        Ok(found)
    }

    /// A whole number in `range`.
    pub(super) fn whole(&mut self, key: &'static str, range: RangeInclusive<u32>) -> Read<u32> {
        let value = self.value(key)?;
        whole(value, &range).ok_or_else(|| self.is(key, value, number_in(&range)))
    }

    /// A list of tables, each read by `row`; at least one.
    pub(super) fn rows<T>(
        &mut self,
        key: &'static str,
        mut row: impl FnMut(&mut Section<'a>) -> Read<T>,
    ) -> Read<Vec<T>> {
        let value = self.value(key)?;
        let rows = value.get_ref().as_array().filter(|rows| (1..=ROWS_MAX).contains(&rows.len()));
        let wrong = || self.is(key, value, format!("a list of 1 to {ROWS_MAX} tables"));
        let mut found = Vec::new();
        for each in rows.ok_or_else(wrong)? {
            let table = each.get_ref().as_table().ok_or_else(|| self.is(key, each, "a table"))?;
            let path = self.full(key);
            let mut section = Section { text: self.text, path, span: each.span(), table, known: Vec::new() };
            found.push(row(&mut section)?);
            section.end()?;
        }
        Ok(found)
    }

    /// Pairs of a point and a value, points ascending.
    pub(super) fn steps(
        &mut self,
        key: &'static str,
        point: (&'static str, RangeInclusive<u32>),
        value: (&'static str, RangeInclusive<u32>),
    ) -> Read<Vec<(u32, u32)>> {
        let mut last: Option<u32> = None;
        self.rows(key, |row| {
            let at = row.whole(point.0, point.1.clone())?;
            if last.is_some_and(|last| at <= last) {
                return Err(row.fault(&row.span, point.0, FileProblem::NotAscending));
            }
            last = Some(at);
            Ok((at, row.whole(value.0, value.1.clone())?))
        })
    }

    /// A fault of the table as a whole.
    pub(super) fn wrong(&self, problem: FileProblem) -> FileFault {
        self.fault(&self.span, "", problem)
    }

    /// Names what was not looked for.
    pub(super) fn end(self) -> Read<()> {
        for (key, _) in self.table {
            let name: &str = key.get_ref();
            if !self.known.contains(&name) {
                let near = nearest(name, self.known.iter().copied());
                return Err(self.fault(&key.span(), name, FileProblem::UnknownKey { near }));
            }
        }
        Ok(())
    }
}

fn whole(value: &Spanned<DeValue<'_>>, range: &RangeInclusive<u32>) -> Option<u32> {
    let integer = value.get_ref().as_integer()?;
    let number = u32::from_str_radix(integer.as_str(), integer.radix()).ok()?;
    range.contains(&number).then_some(number)
}

fn number_in(range: &RangeInclusive<u32>) -> String {
    format!("a whole number from {} to {}", range.start(), range.end())
}
