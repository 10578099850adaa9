//! How strongly an earthquake was felt: by prefecture, area, municipality and station.

use super::fault::{TelegramFault, TelegramProblem};
use super::xml::{Element, Space};
use super::{digits, shortened};
use crate::hazard::shaking::intensity::IntensityClass;

/// Of a station whose value never came although it must have shaken: as a value, and as a condition.
const NOT_RECEIVED: &str = "震度５弱以上未入電";
/// The same as a short word.
const NOT_RECEIVED_SHORT: &str = "!5-";

/// What is known of the intensity somewhere.
///
/// Silence is not calm: where a value of 5-lower or more was expected and never came, the place is probably hit hard. That is
/// kept beside what was received, and [`Reading::at_least`] says what is certain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reading {
    /// The strongest that was received.
    pub received: Option<IntensityClass>,
    /// Whether a value of 5-lower or more is missing.
    pub is_incomplete: bool,
}

impl Reading {
    /// The class that was reached at least.
    #[must_use]
    pub fn at_least(self) -> IntensityClass {
        let received = self.received.unwrap_or(IntensityClass::Zero);
        if self.is_incomplete { received.max(IntensityClass::FiveLower) } else { received }
    }

    /// Whether the missing value may be stronger than all that was received.
    #[must_use]
    pub fn is_unknown_high(self) -> bool {
        self.is_incomplete && self.received != Some(IntensityClass::Seven)
    }

    /// Both together: the stronger value, and incomplete if one is.
    #[must_use]
    pub fn and(self, other: Reading) -> Reading {
        Reading {
            received: self.received.max(other.received),
            is_incomplete: self.is_incomplete || other.is_incomplete,
        }
    }
}

/// What changed against the telegram before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Revision {
    /// 上方修正: stronger than said before.
    Raised,
    /// 追加: not named before.
    Added,
    /// Another word.
    Other,
}

/// A place that an intensity is told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its name, in Japanese.
    pub name: String,
    /// The agency's code: 2 digits of a prefecture, 3 of an area, 7 of a municipality and of a station. Municipalities that
    /// were merged since keep theirs in old telegrams; [`Codes`](super::codes::Codes) knows the new ones.
    pub code: u32,
    /// What is known.
    pub reading: Reading,
    /// What changed.
    pub revision: Option<Revision>,
}

/// A municipality, or a ward of a large city.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Municipality {
    /// What is told of it.
    pub seen: Seen,
    /// Its stations. Each counts for this municipality, whatever its own code begins with.
    pub stations: Vec<Seen>,
}

/// One of the agency's areas, a few to a prefecture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    /// What is told of it.
    pub seen: Seen,
    /// Its municipalities; none in VXSE51.
    pub municipalities: Vec<Municipality>,
}

/// A prefecture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prefecture {
    /// What is told of it.
    pub seen: Seen,
    /// Its areas.
    pub areas: Vec<Area>,
}

/// How strongly an earthquake was felt, everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// The strongest anywhere.
    pub reading: Reading,
    /// By prefecture, in the order of the telegram.
    pub prefectures: Vec<Prefecture>,
}

impl Municipality {
    /// The five digits by which the rest of the country knows it.
    #[must_use]
    pub fn municipality_code(&self) -> u32 {
        self.seen.code / 100
    }
}

impl Observation {
    /// The municipalities of all prefectures, in the order of the telegram.
    pub fn municipalities(&self) -> impl Iterator<Item = &Municipality> {
        let areas = self.prefectures.iter().flat_map(|prefecture| &prefecture.areas);
        areas.flat_map(|area| &area.municipalities)
    }
}

/// Reads an `Intensity`.
pub(super) fn read(intensity: Element<'_, '_>) -> Result<Observation, TelegramFault> {
    let observation = intensity.one("Observation", Space::Body)?;
    let prefectures: Vec<Prefecture> =
        observation.all("Pref", Space::Body).map(prefecture).collect::<Result<_, _>>()?;
    let below = prefectures.iter().map(|prefecture| prefecture.seen.reading);
    let reading = reading(observation, below)?;
    Ok(Observation { reading, prefectures })
}

fn prefecture(element: Element<'_, '_>) -> Result<Prefecture, TelegramFault> {
    let areas: Vec<Area> = element.all("Area", Space::Body).map(area).collect::<Result<_, _>>()?;
    let seen = seen(element, 2, areas.iter().map(|area| area.seen.reading))?;
    Ok(Prefecture { seen, areas })
}

fn area(element: Element<'_, '_>) -> Result<Area, TelegramFault> {
    let municipalities: Vec<Municipality> =
        element.all("City", Space::Body).map(municipality).collect::<Result<_, _>>()?;
    let below = municipalities.iter().map(|municipality| municipality.seen.reading);
    let seen = seen(element, 3, below)?;
    Ok(Area { seen, municipalities })
}

fn municipality(element: Element<'_, '_>) -> Result<Municipality, TelegramFault> {
    let stations: Vec<Seen> =
        element.all("IntensityStation", Space::Body).map(station).collect::<Result<_, _>>()?;
    let seen = seen(element, 7, stations.iter().map(|station| station.reading))?;
    Ok(Municipality { seen, stations })
}

fn station(element: Element<'_, '_>) -> Result<Seen, TelegramFault> {
    let reading = element.one("Int", Space::Body)?.parse(value)?;
    Ok(Seen {
        name: element.one("Name", Space::Body)?.text().to_owned(),
        code: code(element, 7)?,
        reading,
        revision: revision(element)?,
    })
}

fn seen(
    element: Element<'_, '_>,
    code_digits: usize,
    below: impl Iterator<Item = Reading>,
) -> Result<Seen, TelegramFault> {
    Ok(Seen {
        name: element.one("Name", Space::Body)?.text().to_owned(),
        code: code(element, code_digits)?,
        reading: reading(element, below)?,
        revision: revision(element)?,
    })
}

/// The strongest that an element states. It is incomplete if it says so or if something `below` it is, and only then the
/// value may be absent.
fn reading(element: Element<'_, '_>, below: impl Iterator<Item = Reading>) -> Result<Reading, TelegramFault> {
    let stated = element.at_most_one("MaxInt", Space::Body)?;
    let stated = stated.filter(|stated| !stated.text().is_empty());
    let stated = stated.map(|stated| stated.parse(value)).transpose()?;
    let mut conditions = element.all("Condition", Space::Body);
    let found = Reading {
        received: stated.and_then(|stated| stated.received),
        is_incomplete: conditions.any(|condition| condition.text() == NOT_RECEIVED)
            || stated.is_some_and(|stated| stated.is_incomplete)
            || below.into_iter().any(|reading| reading.is_incomplete),
    };
    if found.received.is_none() && !found.is_incomplete {
        return Err(element.lacks("MaxInt"));
    }
    Ok(found)
}

fn value(text: &str) -> Result<Reading, TelegramProblem> {
    match text {
        NOT_RECEIVED | NOT_RECEIVED_SHORT => Ok(Reading { received: None, is_incomplete: true }),
        text => Ok(Reading { received: Some(text.parse()?), is_incomplete: false }),
    }
}

fn code(element: Element<'_, '_>, count: usize) -> Result<u32, TelegramFault> {
    element.one("Code", Space::Body)?.parse(|text| {
        let number = digits(text, count).and_then(|digits| digits.parse().ok());
        number.ok_or_else(|| TelegramProblem::NotACode { text: shortened(text), digits: count })
    })
}

fn revision(element: Element<'_, '_>) -> Result<Option<Revision>, TelegramFault> {
    let revise = element.at_most_one("Revise", Space::Body)?;
    Ok(revise.map(|revise| match revise.text() {
        "上方修正" => Revision::Raised,
        "追加" => Revision::Added,
        _ => Revision::Other,
    }))
}
