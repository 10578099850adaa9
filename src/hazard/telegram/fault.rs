//! What can be wrong with a telegram, and where.

use super::TelegramKind;
use crate::hazard::shaking::intensity::UnknownClass;

/// Characters of a telegram that a message repeats.
pub(super) const ELEMENT_CHARS_MAX: usize = 80;

/// Why bytes are no telegram that can be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "line {line}, character {character}: {element}{problem}",
    element = element.as_ref().map(|element| format!("{element}: ")).unwrap_or_default()
)]
pub struct TelegramFault {
    /// The line, from 1.
    pub line: u32,
    /// The character in the line, from 1.
    pub character: u32,
    /// The element, as far as it is known.
    pub element: Option<String>,
    /// What is wrong.
    pub problem: TelegramProblem,
}

/// What is wrong. Texts out of the telegram are cut to 80 characters.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TelegramProblem {
    /// More bytes than a telegram has.
    #[error("{bytes} bytes are no telegram; at most {} are read", super::BYTES_MAX)]
    TooLarge {
        /// How many.
        bytes: usize,
    },
    /// In another encoding, by its declaration or its first bytes.
    #[error("the encoding is {encoding}; the agency sends UTF-8, convert it")]
    Encoding {
        /// Which one.
        encoding: String,
    },
    /// Bytes that are not UTF-8.
    #[error("from here it is not UTF-8; the agency sends UTF-8, fetch the telegram again")]
    NotUtf8,
    /// Ends before its end.
    #[error("the telegram ends here and is not complete; fetch it again")]
    Cut,
    /// Brings a document type, which is how entities are smuggled in.
    #[error("a document type (<!DOCTYPE>) is not read; telegrams of the agency have none")]
    DocumentType,
    /// One element with very many attributes, which telegrams have not and which takes long to read.
    #[error("more than {limit} attributes in one place; telegrams of the agency have a handful")]
    TooManyAttributes {
        /// How many are read.
        limit: usize,
    },
    /// Not XML.
    #[error("is no XML: {message}")]
    Form {
        /// What the parser said.
        message: String,
    },
    /// XML of something else.
    #[error("is no telegram of the agency: expected {expected} of {namespace}")]
    NotATelegram {
        /// The element that should be there.
        expected: &'static str,
        /// Its namespace.
        namespace: &'static str,
    },
    /// A telegram of a type that is not read.
    #[error("telegrams \"{title}\" are not read; read are {}", known())]
    UnknownKind {
        /// Its title.
        title: String,
    },
    /// An element that has to be there.
    #[error("lacks {name}; fetch the telegram again")]
    Missing {
        /// Which.
        name: &'static str,
    },
    /// An element that has to be there once.
    #[error("stands there twice; fetch the telegram again")]
    Twice,
    /// A word of none of the kinds known.
    #[error("\"{text}\" is none of {words}")]
    UnknownWord {
        /// What stands there.
        text: String,
        /// What may.
        words: String,
    },
    /// Not a time with its offset.
    #[error("\"{text}\" is no time; use the form 2026-11-23T05:46:52+09:00")]
    NotATime {
        /// What stands there.
        text: String,
    },
    /// Not the name of an earthquake.
    #[error("\"{text}\" is no earthquake; use 14 digits, the time in Japan")]
    NotAnEvent {
        /// What stands there.
        text: String,
    },
    /// Not a count.
    #[error("\"{text}\" is no whole number")]
    NotACount {
        /// What stands there.
        text: String,
    },
    /// Not a code.
    #[error("\"{text}\" is no code; use {digits} digits")]
    NotACode {
        /// What stands there.
        text: String,
        /// How many digits it has.
        digits: usize,
    },
    /// Not a place.
    #[error("\"{text}\" is no place; use the form +35.1+137.3-40000/")]
    NotAPlace {
        /// What stands there.
        text: String,
    },
    /// Not a magnitude.
    #[error("\"{text}\" is no magnitude; use the form 7.3, or NaN with a description")]
    NotAMagnitude {
        /// What stands there.
        text: String,
    },
    /// Not an intensity.
    #[error(transparent)]
    NotAnIntensity(#[from] UnknownClass),
}

fn known() -> String {
    let all = TelegramKind::ALL.map(|kind| format!("{kind} {}", kind.title()));
    all.join(", ")
}
