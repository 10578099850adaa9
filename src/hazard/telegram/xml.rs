//! The form of a telegram: bytes to elements, warily, with the place of each.

use super::fault::{ELEMENT_CHARS_MAX, TelegramFault, TelegramProblem};
use super::{BYTES_MAX, shortened};
use roxmltree::{Document, Error, Node, ParsingOptions};

/// Elements, texts and the like of a telegram at most; every station of the country makes about 80,000.
const NODES_MAX: u32 = 400_000;
/// Equals signs between two opening brackets at most. An element with n attributes takes n² steps to read.
const ATTRIBUTES_MAX: usize = 100;

/// The namespaces of a telegram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    Report,
    Head,
    Body,
    Basis,
}

impl Space {
    fn uri(self) -> &'static str {
        match self {
            Space::Report => "http://xml.kishou.go.jp/jmaxml1/",
            Space::Head => "http://xml.kishou.go.jp/jmaxml1/informationBasis1/",
            Space::Body => "http://xml.kishou.go.jp/jmaxml1/body/seismology1/",
            Space::Basis => "http://xml.kishou.go.jp/jmaxml1/elementBasis1/",
        }
    }
}

/// The bytes as text, if they are UTF-8 and say nothing else of themselves.
pub(super) fn text(bytes: &[u8]) -> Result<&str, TelegramFault> {
    let begin = |problem| TelegramFault { line: 1, character: 1, element: None, problem };
    if bytes.len() > BYTES_MAX {
        return Err(begin(TelegramProblem::TooLarge { bytes: bytes.len() }));
    }
    if bytes.starts_with(&[0xFE, 0xFF]) || bytes.starts_with(&[0xFF, 0xFE]) {
        return Err(begin(TelegramProblem::Encoding { encoding: "UTF-16".to_owned() }));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if let Some(encoding) = declared(bytes)
        && !encoding.eq_ignore_ascii_case("utf-8")
    {
        return Err(begin(TelegramProblem::Encoding { encoding: shortened(&encoding) }));
    }
    std::str::from_utf8(bytes).map_err(|error| {
        let good = String::from_utf8_lossy(&bytes[..error.valid_up_to()]);
        // A character that only lacks its end was cut.
        let problem = match error.error_len() {
            None => TelegramProblem::Cut,
            Some(_) => TelegramProblem::NotUtf8,
        };
        placed(&good, good.len(), problem)
    })
}

/// The encoding that the declaration names.
fn declared(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(200))?).into_owned();
    let declaration = head.strip_prefix("<?xml")?.split("?>").next()?;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    Some(value[1..].split(quote).next().unwrap_or_default().to_owned())
}

/// The elements of `text`.
pub(super) fn parse(text: &str) -> Result<Document<'_>, TelegramFault> {
    let mut begin = 0;
    for part in text.split_inclusive('<') {
        if part.bytes().filter(|byte| *byte == b'=').count() > ATTRIBUTES_MAX {
            return Err(placed(text, begin, TelegramProblem::TooManyAttributes { limit: ATTRIBUTES_MAX }));
        }
        begin += part.len();
    }
    let options = ParsingOptions { allow_dtd: false, nodes_limit: NODES_MAX, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|error| match error {
        Error::UnclosedRootNode | Error::UnexpectedEndOfStream | Error::NoRootNode => {
            placed(text, text.len(), TelegramProblem::Cut)
        }
        Error::DtdDetected => {
            placed(text, text.find("<!DOCTYPE").unwrap_or(0), TelegramProblem::DocumentType)
        }
        error => {
            let place = error.pos();
            let message = error.to_string().replace(&format!(" at {place}"), "");
            let problem = TelegramProblem::Form { message: shortened(&message) };
            TelegramFault { line: place.row, character: place.col, element: None, problem }
        }
    })
}

/// A fault at byte `at` of `text`.
fn placed(text: &str, at: usize, problem: TelegramProblem) -> TelegramFault {
    let before = text.get(..at).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let place = |count: usize| u32::try_from(count + 1).unwrap_or(u32::MAX);
    TelegramFault {
        line: place(before.matches('\n').count()),
        character: place(before[line_start..].chars().count()),
        element: None,
        problem,
    }
}

/// An element, able to say where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element<'a, 'input>(Node<'a, 'input>);

impl<'a, 'input> Element<'a, 'input> {
    pub(super) fn root(document: &'a Document<'input>) -> Element<'a, 'input> {
        Element(document.root_element())
    }

    /// Refuses any other name.
    pub(super) fn expect(self, expected: &'static str, space: Space) -> Result<(), TelegramFault> {
        if self.is(expected, space) {
            return Ok(());
        }
        Err(self.fault(TelegramProblem::NotATelegram { expected, namespace: space.uri() }))
    }

    fn is(self, name: &str, space: Space) -> bool {
        let tag = self.0.tag_name();
        tag.name() == name && tag.namespace() == Some(space.uri())
    }

    /// The elements of this name directly below, in their order.
    pub(super) fn all(self, name: &'static str, space: Space) -> impl Iterator<Item = Element<'a, 'input>> {
        self.0.children().map(Element).filter(move |child| child.is(name, space))
    }

    /// The only element of this name directly below, if there is one.
    pub(super) fn at_most_one(
        self,
        name: &'static str,
        space: Space,
    ) -> Result<Option<Element<'a, 'input>>, TelegramFault> {
        let mut all = self.all(name, space);
        let first = all.next();
        match all.next() {
            None => Ok(first),
            Some(second) => Err(second.fault(TelegramProblem::Twice)),
        }
    }

    /// The only element of this name directly below.
    pub(super) fn one(self, name: &'static str, space: Space) -> Result<Element<'a, 'input>, TelegramFault> {
        self.at_most_one(name, space)?.ok_or_else(|| self.lacks(name))
    }

    /// Its text without the white space around it.
    pub(super) fn text(self) -> &'a str {
        self.0.text().unwrap_or_default().trim()
    }

    pub(super) fn attribute(self, name: &str) -> Option<&'a str> {
        self.0.attribute(name)
    }

    /// What `parse` makes of its text.
    pub(super) fn parse<T>(
        self,
        parse: impl FnOnce(&str) -> Result<T, TelegramProblem>,
    ) -> Result<T, TelegramFault> {
        parse(self.text()).map_err(|problem| self.fault(problem))
    }

    /// One of the words.
    pub(super) fn word<T: Copy>(self, words: &[(&'static str, T)]) -> Result<T, TelegramFault> {
        self.parse(|text| {
            let known = words.iter().find(|(word, _)| *word == text);
            known.map(|(_, meaning)| *meaning).ok_or_else(|| TelegramProblem::UnknownWord {
                text: shortened(text),
                words: words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", "),
            })
        })
    }

    pub(super) fn lacks(self, name: &'static str) -> TelegramFault {
        self.fault(TelegramProblem::Missing { name })
    }

    /// `problem`, with the place of this element.
    pub(super) fn fault(self, problem: TelegramProblem) -> TelegramFault {
        let place = self.0.document().text_pos_at(self.0.range().start);
        let name = self.0.tag_name().name().chars().take(ELEMENT_CHARS_MAX).collect();
        TelegramFault { line: place.row, character: place.col, element: Some(name), problem }
    }
}
