//! Reads the telegrams of the Japan Meteorological Agency about earthquakes: where one was and how strongly it was felt.
//!
//! | type | title | holds |
//! |---|---|---|
//! | VXSE51 | 震度速報 | intensities of prefectures and areas, about 90 s after the shock |
//! | VXSE52 | 震源に関する情報 | where and how large |
//! | VXSE53 | 震源・震度に関する情報 | both, down to municipalities and stations |
//! | VXSE61 | 顕著な地震の震源要素更新のお知らせ | where and how large, once more and finer |
//!
//! Strict and wary: a telegram that is cut, of another encoding, with a document type, or of a type not listed is refused with
//! line and character, and nothing of it is used. Absent on purpose: where telegrams come from, what follows from one; only
//! [`Telegram::may_be_live`] says that nothing may follow from training. Entry points: [`read`] for one telegram,
//! [`EventBook`](book::EventBook) for what several of them leave standing.
//!
//! Source: 気象庁防災情報XMLフォーマット, jmx_seis 1.1, and seven telegrams of 2009 and 2021; FACTS 6.1.

pub mod book;
pub mod codes;
mod fault;
mod hypocentre;
mod intensity;
#[cfg(test)]
mod tests;
mod xml;

pub use fault::{TelegramFault, TelegramProblem};
pub use hypocentre::{Depth, Hypocentre, Magnitude, MagnitudeScale, NotEnough};
pub use intensity::{Area, Municipality, Observation, Prefecture, Reading, Revision, Seen};

use self::fault::ELEMENT_CHARS_MAX;
use self::xml::{Element, Space};
use crate::units::Timestamp;
use std::fmt;
use std::str::FromStr;

/// Bytes of a telegram at most: every station of the country on indented lines is about one million.
pub const BYTES_MAX: usize = 4 << 20;

/// What a telegram tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TelegramKind {
    /// VXSE51: intensities of areas, first of all.
    IntensityFlash,
    /// VXSE52: where and how large.
    Hypocentre,
    /// VXSE53: where, how large, and how strongly felt.
    HypocentreAndIntensity,
    /// VXSE61: where and how large, worked out again.
    HypocentreUpdate,
}

impl TelegramKind {
    /// All of them, in the order of their numbers.
    pub const ALL: [TelegramKind; 4] = [
        TelegramKind::IntensityFlash,
        TelegramKind::Hypocentre,
        TelegramKind::HypocentreAndIntensity,
        TelegramKind::HypocentreUpdate,
    ];

    /// The agency's name of the type.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            TelegramKind::IntensityFlash => "VXSE51",
            TelegramKind::Hypocentre => "VXSE52",
            TelegramKind::HypocentreAndIntensity => "VXSE53",
            TelegramKind::HypocentreUpdate => "VXSE61",
        }
    }

    /// The title that a telegram bears; its type is not written in it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            TelegramKind::IntensityFlash => "震度速報",
            TelegramKind::Hypocentre => "震源に関する情報",
            TelegramKind::HypocentreAndIntensity => "震源・震度に関する情報",
            TelegramKind::HypocentreUpdate => "顕著な地震の震源要素更新のお知らせ",
        }
    }
}

impl fmt::Display for TelegramKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// What a telegram was sent for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// 通常: it happened.
    Actual,
    /// 訓練: an exercise.
    Training,
    /// 試験: a test of the line.
    Test,
}

/// What a telegram does to those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum InfoType {
    /// 発表: says something.
    Issue,
    /// 訂正: says it again, right this time.
    Correction,
    /// 取消: takes it back.
    Cancellation,
}

/// The earthquake that telegrams are about: the time at which it was noticed, 14 digits, in Japan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EventId(u64);

impl FromStr for EventId {
    type Err = TelegramProblem;
    fn from_str(text: &str) -> Result<EventId, TelegramProblem> {
        let number = digits(text, 14).and_then(|digits| digits.parse().ok());
        number.map(EventId).ok_or_else(|| TelegramProblem::NotAnEvent { text: shortened(text) })
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:014}", self.0)
    }
}

/// One telegram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telegram {
    /// What it tells of.
    pub kind: TelegramKind,
    /// What it was sent for.
    pub purpose: Purpose,
    /// What it does to those before it.
    pub info_type: InfoType,
    /// Which earthquake it is about.
    pub event: EventId,
    /// Which one of its kind about this earthquake; none where the agency does not count.
    pub serial: Option<u32>,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// As of when it holds.
    pub reported_at: Timestamp,
    /// The office that wrote it.
    pub office: String,
    /// What it says in one sentence, in Japanese.
    pub headline: String,
    /// Where it was and how large; none in VXSE51 and in a cancellation, seldom more than one.
    pub hypocentres: Vec<Hypocentre>,
    /// How strongly it was felt; none in VXSE52, VXSE61, in a cancellation, and of a shock abroad.
    pub observation: Option<Observation>,
}

impl Telegram {
    /// Whether anything live may follow from it: only from what happened, never from an exercise or a test.
    #[must_use]
    pub fn may_be_live(&self) -> bool {
        self.purpose == Purpose::Actual
    }
}

/// Reads a telegram.
///
/// # Errors
/// [`TelegramFault`] at the first thing that is wrong; nothing of the telegram is used then.
///
/// # Complexity
/// O(bytes); at most [`BYTES_MAX`] of them are looked at.
pub fn read(bytes: &[u8]) -> Result<Telegram, TelegramFault> {
    let text = xml::text(bytes)?;
    let document = xml::parse(text)?;
    let report = Element::root(&document);
    report.expect("Report", Space::Report)?;
    let control = report.one("Control", Space::Report)?;
    let kind = kind(control)?;
    let purpose = control.one("Status", Space::Report)?;
    let purpose =
        purpose.word(&[("通常", Purpose::Actual), ("訓練", Purpose::Training), ("試験", Purpose::Test)])?;
    let head = report.one("Head", Space::Head)?;
    let info_type = head.one("InfoType", Space::Head)?;
    let info_type = info_type.word(&[
        ("発表", InfoType::Issue),
        ("訂正", InfoType::Correction),
        ("取消", InfoType::Cancellation),
    ])?;
    let event = head.one("EventID", Space::Head)?;
    let headline = head.at_most_one("Headline", Space::Head)?;
    let headline = headline.map(|headline| headline.at_most_one("Text", Space::Head)).transpose()?.flatten();
    let mut telegram = Telegram {
        kind,
        purpose,
        info_type,
        event: event.parse(EventId::from_str)?,
        serial: serial(head)?,
        sent_at: control.one("DateTime", Space::Report)?.parse(time)?,
        reported_at: head.one("ReportDateTime", Space::Head)?.parse(time)?,
        office: control.one("EditorialOffice", Space::Report)?.text().to_owned(),
        headline: headline.map(|headline| headline.text().to_owned()).unwrap_or_default(),
        hypocentres: Vec::new(),
        observation: None,
    };
    if info_type != InfoType::Cancellation {
        read_body(report.one("Body", Space::Body)?, &mut telegram)?;
    }
    Ok(telegram)
}

fn read_body(body: Element<'_, '_>, telegram: &mut Telegram) -> Result<(), TelegramFault> {
    let hypocentres = body.all("Earthquake", Space::Body).map(hypocentre::read);
    telegram.hypocentres = hypocentres.collect::<Result<_, _>>()?;
    telegram.observation = match body.at_most_one("Intensity", Space::Body)? {
        Some(intensity) => Some(intensity::read(intensity)?),
        None => None,
    };
    // What a telegram is for has to be in it; VXSE53 about a shock abroad has no intensities.
    match telegram.kind {
        TelegramKind::IntensityFlash if telegram.observation.is_none() => Err(body.lacks("Intensity")),
        TelegramKind::Hypocentre | TelegramKind::HypocentreAndIntensity | TelegramKind::HypocentreUpdate
            if telegram.hypocentres.is_empty() =>
        {
            Err(body.lacks("Earthquake"))
        }
        TelegramKind::IntensityFlash
        | TelegramKind::Hypocentre
        | TelegramKind::HypocentreAndIntensity
        | TelegramKind::HypocentreUpdate => Ok(()),
    }
}

fn kind(control: Element<'_, '_>) -> Result<TelegramKind, TelegramFault> {
    control.one("Title", Space::Report)?.parse(|title| {
        let known = TelegramKind::ALL.into_iter().find(|kind| kind.title() == title);
        known.ok_or_else(|| TelegramProblem::UnknownKind { title: shortened(title) })
    })
}

fn serial(head: Element<'_, '_>) -> Result<Option<u32>, TelegramFault> {
    match head.at_most_one("Serial", Space::Head)? {
        Some(serial) if !serial.text().is_empty() => serial.parse(|text| {
            let number = text.parse().map_err(|_| TelegramProblem::NotACount { text: shortened(text) })?;
            Ok(Some(number))
        }),
        Some(_) | None => Ok(None),
    }
}

fn time(text: &str) -> Result<Timestamp, TelegramProblem> {
    let instant: Result<jiff::Timestamp, _> = text.parse();
    match instant {
        Ok(instant) => Ok(Timestamp(instant.as_millisecond())),
        Err(_) => Err(TelegramProblem::NotATime { text: shortened(text) }),
    }
}

/// `text`, if it is exactly `count` digits.
fn digits(text: &str, count: usize) -> Option<&str> {
    (text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(text)
}

/// Cuts hostile input down before it goes into a message.
fn shortened(text: &str) -> String {
    text.chars().take(ELEMENT_CHARS_MAX).collect()
}
