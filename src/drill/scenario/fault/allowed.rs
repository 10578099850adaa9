//! What a value of a scenario may be, in both languages.

use crate::decision::model::Name;
use crate::units::{Seconds, Timestamp};

/// What a value may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// Anything but nothing.
    Something,
    /// Text without control characters.
    PlainText,
    /// One of these.
    OneOf(Vec<&'static str>),
    /// A whole number.
    Whole {
        /// The least.
        min: u32,
        /// The most.
        max: u32,
    },
    /// A number, with or without decimals.
    Number {
        /// The least.
        min: u32,
        /// The most.
        max: u32,
    },
    /// Degrees, north or east positive.
    Degrees {
        /// How far from 0.
        max: u32,
    },
    /// A segment of a name.
    Slug,
    /// A calendar date.
    Date,
    /// A time of the day.
    TimeOfDay,
    /// An instant with its offset.
    Instant,
    /// An organisation that has a member.
    OrganisationOfMember,
    /// A text in quotes.
    Text,
    /// A section.
    Section,
    /// A list of texts in quotes.
    Texts,
    /// Two whole numbers, the first no more than the second.
    Pair {
        /// The most.
        max: u32,
    },
    /// `true` or `false`.
    YesNo,
    /// A time counted from a start.
    Offset {
        /// The latest.
        max_s: Seconds,
    },
    /// An instant with its offset, or a time counted from the start.
    Span {
        /// The longest.
        max_s: Seconds,
    },
    /// An instant with its offset, no earlier than another.
    InstantFrom {
        /// The earliest.
        earliest: Timestamp,
    },
    /// What another inject has to be so that this one can name it.
    InjectOfCall,
}

impl Allowed {
    pub(super) fn texts(&self) -> Name {
        let (ja, en) = match self {
            Allowed::Something => ("空でない値".to_owned(), "anything but nothing".to_owned()),
            Allowed::PlainText => (
                "改行や制御文字のない文字列".to_owned(),
                "text without line breaks or control characters".to_owned(),
            ),
            Allowed::OneOf(words) => {
                let words = words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>();
                (words.join("、"), format!("one of {}", words.join(", ")))
            }
            Allowed::Whole { min, max } => {
                (format!("{min} から {max} までの整数"), format!("a whole number from {min} to {max}"))
            }
            Allowed::Number { min, max } => {
                (format!("{min} から {max} までの数"), format!("a number from {min} to {max}"))
            }
            Allowed::Degrees { max } => {
                (format!("-{max} から {max} までの度"), format!("degrees from -{max} to {max}"))
            }
            Allowed::Slug => (
                "1〜63 字の a-z、0-9、ハイフン(両端を除く)".to_owned(),
                "1 to 63 of a-z, 0-9 and hyphen, not at either end".to_owned(),
            ),
            Allowed::Date => ("日付 (2026-12-05)".to_owned(), "a date like 2026-12-05".to_owned()),
            Allowed::TimeOfDay => ("時刻 (08:30)".to_owned(), "a time of the day like 08:30".to_owned()),
            Allowed::Instant => (
                "時差つきの日時 (2026-12-05T09:00:00+09:00)".to_owned(),
                "a time with its offset like 2026-12-05T09:00:00+09:00".to_owned(),
            ),
            Allowed::OrganisationOfMember => {
                ("構成団体に属する組織".to_owned(), "an organisation that belongs to a member".to_owned())
            }
            Allowed::Text => ("引用符の中の文字列".to_owned(), "a text in quotes".to_owned()),
            Allowed::Section => ("[...] の節".to_owned(), "a section in brackets".to_owned()),
            Allowed::Texts => (
                "引用符の中の文字列の並び ([\"a\", \"b\"])".to_owned(),
                "a list of texts like [\"a\", \"b\"]".to_owned(),
            ),
            Allowed::Pair { max } => (
                format!("[最小, 最大] の整数二つ({max} まで)"),
                format!("two whole numbers up to {max}, the lesser first, like [20, 60]"),
            ),
            Allowed::YesNo => ("true か false".to_owned(), "true or false".to_owned()),
            Allowed::Offset { max_s } => (
                format!("開始からの時間 (+02:30、{} まで)", clock(*max_s)),
                format!("a time from the start like +02:30, at most +{}", clock(*max_s)),
            ),
            Allowed::Span { max_s } => (
                format!("時間の長さ (02:30、00:01 から {} まで)", clock(*max_s)),
                format!("a span of hours and minutes like 02:30, from 00:01 to {}", clock(*max_s)),
            ),
            Allowed::InstantFrom { earliest } => {
                let shown = jiff::Timestamp::from_millisecond(earliest.0).unwrap_or(jiff::Timestamp::MIN);
                (
                    format!("{shown} 以降の時差つきの日時"),
                    format!("a time with its offset, not before {shown}"),
                )
            }
            Allowed::InjectOfCall => (
                "kind が call、transfer、false_request の状況付与の名前".to_owned(),
                "the name of an inject whose kind is call, transfer or false_request".to_owned(),
            ),
        };
        Name { ja, en }
    }
}

/// Hours and minutes, as spans are written.
fn clock(span_s: Seconds) -> String {
    format!("{:02}:{:02}", span_s / 3_600, span_s / 60 % 60)
}
