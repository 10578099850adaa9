//! A file in TOML, read key by key: each is known, read as what it must be, or named with its line and column.

use super::fault::{Allowed, Checked, Fault, Faults, Place, Problem};
use super::table::{parse_instant, read_text};
use crate::decision::model::Name;
use crate::id::Slug;
use crate::spelling::nearest;
use crate::units::{Seconds, Timestamp};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A file as text.
pub(in crate::drill) struct Document {
    file: String,
    source: Arc<String>,
}

impl Document {
    /// Reads `file` in `folder`.
    pub(in crate::drill) fn read(folder: &Path, file: &str) -> Checked<Document> {
        Ok(Document { file: file.to_owned(), source: read_text(folder, file)? })
    }

    /// What it holds.
    pub(in crate::drill) fn parsed(&self) -> Checked<Spanned<DeTable<'_>>> {
        DeTable::parse(&self.source).map_err(|error| {
            let problem = Problem::NotToml { message: Problem::shown(error.message()) };
            self.fault(error.span().unwrap_or(0..0), problem).into()
        })
    }

    /// All of it as a section.
    pub(in crate::drill) fn whole<'a>(&'a self, root: &'a Spanned<DeTable<'a>>) -> Section<'a> {
        Section::new(self, "", root.span(), Some(root.get_ref()))
    }

    /// The line that a byte stands in, from 1.
    fn line_of(&self, byte: usize) -> u32 {
        let before = self.source.get(..byte).unwrap_or(&self.source);
        u32::try_from(before.matches('\n').count()).unwrap_or(u32::MAX).saturating_add(1)
    }

    /// A fault of this file, with line and character worked out from `span`.
    pub(in crate::drill) fn fault(&self, span: Range<usize>, problem: Problem) -> Fault {
        let before = self.source.get(..span.start).unwrap_or(&self.source);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let characters = before.get(line_start..).unwrap_or_default().chars().count();
        let place = Place {
            file: self.file.clone(),
            line: Some(self.line_of(span.start)),
            character: Some(u32::try_from(characters).unwrap_or(u32::MAX).saturating_add(1)),
            column: None,
        };
        Fault::at(place, problem, &self.source, span)
    }
}

/// A whole number that is no less than 0.
fn integer(value: &DeValue<'_>) -> Option<u32> {
    let integer = value.as_integer()?;
    u32::from_str_radix(integer.as_str(), integer.radix()).ok()
}

/// Seconds of `HH:MM`, of as many hours as there are.
fn parse_hours(text: &str) -> Option<Seconds> {
    let (hours, minutes) = text.split_once(':')?;
    let count = |part: &str, digits: std::ops::RangeInclusive<usize>| -> Option<u32> {
        let plain = digits.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        if plain { part.parse().ok() } else { None }
    };
    let (hours, minutes) = (count(hours, 1..=4)?, count(minutes, 2..=2)?);
    (minutes < 60).then_some(hours * 3_600 + minutes * 60)
}

/// A section of the file that remembers what was read of it. One that is missing was named already: it stays silent.
pub(in crate::drill) struct Section<'a> {
    document: &'a Document,
    path: String,
    span: Range<usize>,
    table: Option<&'a DeTable<'a>>,
    known: Vec<&'static str>,
}

impl<'a> Section<'a> {
    fn new(
        document: &'a Document,
        path: &str,
        span: Range<usize>,
        table: Option<&'a DeTable<'a>>,
    ) -> Section<'a> {
        Section { document, path: path.to_owned(), span, table, known: Vec::new() }
    }

    fn full_key(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// The value of `key`; a fault when it is missing.
    pub(in crate::drill) fn value(
        &mut self,
        key: &'static str,
        faults: &mut Faults,
    ) -> Option<&'a Spanned<DeValue<'a>>> {
        self.known.push(key);
        let value = self.table?.get(key);
        if value.is_none() {
            let problem = Problem::MissingKey { key: self.full_key(key) };
            faults.push(self.document.fault(self.span.clone(), problem));
        }
        value
    }

    /// The value of `key`, read by `read`.
    pub(in crate::drill) fn read<T>(
        &mut self,
        key: &'static str,
        allowed: Allowed,
        faults: &mut Faults,
        read: impl FnOnce(&'a DeValue<'a>) -> Option<T>,
    ) -> Option<T> {
        let value = self.value(key, faults)?;
        let read = read(value.get_ref());
        if read.is_none() {
            let written = self.document.source.get(value.span()).unwrap_or_default();
            let problem = Problem::Value { value: Problem::shown(written), allowed };
            faults.push(self.document.fault(value.span(), problem));
        }
        read
    }

    pub(in crate::drill) fn section(&mut self, key: &'static str, faults: &mut Faults) -> Section<'a> {
        let span = self.table.and_then(|table| table.get(key)).map_or(self.span.clone(), Spanned::span);
        let table = self.read(key, Allowed::Section, faults, DeValue::as_table);
        Section::new(self.document, &self.full_key(key), span, table)
    }

    pub(in crate::drill) fn whole(
        &mut self,
        key: &'static str,
        range: std::ops::RangeInclusive<u32>,
        faults: &mut Faults,
    ) -> Option<u32> {
        let allowed = Allowed::Whole { min: *range.start(), max: *range.end() };
        self.read(key, allowed, faults, |value| integer(value).filter(|number| range.contains(number)))
    }

    pub(in crate::drill) fn text(&mut self, key: &'static str, faults: &mut Faults) -> Option<&'a str> {
        self.read(key, Allowed::Text, faults, |value| value.as_str().filter(|text| !text.trim().is_empty()))
    }

    pub(in crate::drill) fn name(
        &mut self,
        ja: &'static str,
        en: &'static str,
        faults: &mut Faults,
    ) -> Option<Name> {
        let (ja, en) = (self.text(ja, faults), self.text(en, faults));
        Some(Name { ja: ja?.to_owned(), en: en?.to_owned() })
    }

    pub(in crate::drill) fn slug(&mut self, key: &'static str, faults: &mut Faults) -> Option<Slug> {
        self.read(key, Allowed::Slug, faults, |value| value.as_str()?.parse().ok())
    }

    /// What `read` makes of `key`; none of it is no fault.
    pub(in crate::drill) fn if_given<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(&mut Section<'a>) -> Option<T>,
    ) -> Option<Option<T>> {
        if self.has(key) {
            return read(self).map(Some);
        }
        self.known.push(key);
        self.table.map(|_| None)
    }

    /// Whether `key` stands there, read or not.
    pub(in crate::drill) fn has(&self, key: &str) -> bool {
        self.table.is_some_and(|table| table.get(key).is_some())
    }

    /// Where `key` begins; the section, when it is not there.
    pub(in crate::drill) fn span_of(&self, key: &str) -> Range<usize> {
        self.table.and_then(|table| table.get(key)).map_or(self.span.clone(), Spanned::span)
    }

    /// A fault at `key`, or of the section when it is not there.
    pub(in crate::drill) fn fault(&self, key: &str, problem: Problem) -> Fault {
        self.document.fault(self.span_of(key), problem)
    }

    /// A fault at a place that was read before.
    pub(in crate::drill) fn fault_at(&self, span: Range<usize>, problem: Problem) -> Fault {
        self.document.fault(span, problem)
    }

    /// That the value of `key` cannot be.
    pub(in crate::drill) fn not(&self, key: &str, allowed: Allowed) -> Fault {
        let written = self.document.source.get(self.span_of(key)).unwrap_or_default();
        self.fault(key, Problem::Value { value: Problem::shown(written), allowed })
    }

    /// The line that a place begins in.
    pub(in crate::drill) fn line_at(&self, span: &Range<usize>) -> u32 {
        self.document.line_of(span.start)
    }

    /// The line that the section begins in.
    pub(in crate::drill) fn line(&self) -> u32 {
        self.document.line_of(self.span.start)
    }

    /// Which of `keys` stands there; a fault unless it is exactly one.
    pub(in crate::drill) fn one_of(
        &mut self,
        keys: &[&'static str],
        faults: &mut Faults,
    ) -> Option<&'static str> {
        self.known.extend(keys);
        self.table?;
        let mut given = keys.iter().copied().filter(|key| self.has(key));
        match (given.next(), given.next()) {
            (Some(key), None) => Some(key),
            (_, second) => {
                let problem = Problem::OneKeyOf { keys: keys.to_vec() };
                faults.push(self.fault(second.unwrap_or_default(), problem));
                None
            }
        }
    }

    /// The tables of `[[key]]`, in their order; none of them is no fault.
    pub(in crate::drill) fn sections(&mut self, key: &'static str, faults: &mut Faults) -> Vec<Section<'a>> {
        let read = |section: &mut Section<'a>| {
            section.read(key, Allowed::Section, faults, |value| {
                value.as_array()?.iter().map(|item| Some((item.span(), item.get_ref().as_table()?))).collect()
            })
        };
        let tables: Vec<(Range<usize>, &DeTable<'a>)> =
            self.if_given(key, read).flatten().unwrap_or_default();
        let full = self.full_key(key);
        tables
            .into_iter()
            .map(|(span, table)| Section::new(self.document, &full, span, Some(table)))
            .collect()
    }

    /// A section that may be missing.
    pub(in crate::drill) fn section_if_given(
        &mut self,
        key: &'static str,
        faults: &mut Faults,
    ) -> Option<Section<'a>> {
        self.if_given(key, |section| Some(section.section(key, faults))).flatten()
    }

    /// Texts of a list, each with its place.
    pub(in crate::drill) fn texts(
        &mut self,
        key: &'static str,
        faults: &mut Faults,
    ) -> Option<Vec<(Range<usize>, &'a str)>> {
        self.read(key, Allowed::Texts, faults, |value| {
            value.as_array()?.iter().map(|item| Some((item.span(), item.get_ref().as_str()?))).collect()
        })
    }

    /// Two whole numbers, the first no more than the second.
    pub(in crate::drill) fn pair(
        &mut self,
        key: &'static str,
        max: u32,
        faults: &mut Faults,
    ) -> Option<(u32, u32)> {
        self.read(key, Allowed::Pair { max }, faults, |value| {
            let items: Vec<u32> =
                value.as_array()?.iter().map(|item| integer(item.get_ref())).collect::<Option<_>>()?;
            let [least, most] = items[..] else { return None };
            (least <= most && most <= max).then_some((least, most))
        })
    }

    /// Whole numbers, at least one, each up to the most that a file can hold.
    pub(in crate::drill) fn numbers(&mut self, key: &'static str, faults: &mut Faults) -> Option<Vec<u64>> {
        self.read(key, Allowed::Whole { min: 0, max: u32::MAX }, faults, |value| {
            let items: Vec<u64> = value
                .as_array()?
                .iter()
                .map(|item| integer(item.get_ref()).map(u64::from))
                .collect::<Option<_>>()?;
            (!items.is_empty()).then_some(items)
        })
    }

    /// `true` or `false`.
    pub(in crate::drill) fn yes(&mut self, key: &'static str, faults: &mut Faults) -> Option<bool> {
        self.read(key, Allowed::YesNo, faults, DeValue::as_bool)
    }

    /// Degrees, with or without decimals.
    pub(in crate::drill) fn degrees(
        &mut self,
        key: &'static str,
        max: u32,
        faults: &mut Faults,
    ) -> Option<f64> {
        self.read(key, Allowed::Degrees { max }, faults, |value| {
            let text = value.as_float().map(|float| float.as_str());
            let text = text.or_else(|| value.as_integer().map(|integer| integer.as_str()))?;
            text.parse::<f64>().ok().filter(|degrees| degrees.abs() <= f64::from(max))
        })
    }

    /// A span of hours and minutes of at least a minute, seconds.
    pub(in crate::drill) fn span(
        &mut self,
        key: &'static str,
        max_s: Seconds,
        faults: &mut Faults,
    ) -> Option<Seconds> {
        self.read(key, Allowed::Span { max_s }, faults, |value| {
            parse_hours(value.as_str()?).filter(|span_s| (60..=max_s).contains(span_s))
        })
    }

    /// A time counted from a start, seconds.
    pub(in crate::drill) fn offset(
        &mut self,
        key: &'static str,
        max_s: Seconds,
        faults: &mut Faults,
    ) -> Option<Seconds> {
        self.read(key, Allowed::Offset { max_s }, faults, |value| {
            parse_hours(value.as_str()?.strip_prefix('+')?).filter(|offset_s| *offset_s <= max_s)
        })
    }

    /// One of some words.
    pub(in crate::drill) fn one_word<T: Copy>(
        &mut self,
        key: &'static str,
        words: &[(&'static str, T)],
        faults: &mut Faults,
    ) -> Option<T> {
        let allowed = Allowed::OneOf(words.iter().map(|(word, _)| *word).collect());
        self.read(key, allowed, faults, |value| {
            let text = value.as_str()?;
            words.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning)
        })
    }

    pub(in crate::drill) fn instant(&mut self, key: &'static str, faults: &mut Faults) -> Option<Timestamp> {
        self.read(key, Allowed::Instant, faults, |value| parse_instant(value.as_str()?))
    }

    pub(in crate::drill) fn word(&mut self, key: &'static str, word: &'static str, faults: &mut Faults) {
        self.read(key, Allowed::OneOf(vec![word]), faults, |value| {
            value.as_str().filter(|text| *text == word)
        });
    }

    /// Names what was not read.
    pub(in crate::drill) fn end(&self, faults: &mut Faults) {
        for (key, _) in self.table.into_iter().flat_map(|table| table.iter()) {
            let text: &str = key.get_ref();
            if !self.known.contains(&text) {
                let nearest = nearest(text, self.known.iter().copied());
                let problem = Problem::UnknownKey { key: Problem::shown(text), nearest };
                faults.push(self.document.fault(key.span(), problem));
            }
        }
    }
}
