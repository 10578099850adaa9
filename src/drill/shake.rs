//! One earthquake of a scenario worked out: which one, what was observed of it, what it does.
//!
//! A telegram stands beside the earthquake that is named, or in its place: where none is named, the point that the telegram
//! gives is the earthquake. Nothing is played and no ledger is touched, so a telegram of an exercise will do. Absent on
//! purpose: files, ledgers, what follows. Entry point: [`shake`].

use super::scenario::hazard::{Hazard, UnknownEarthquake};
use crate::decision::model::Name;
use crate::hazard::damage::{self, Draw, Order, Strike, StrikeFault};
use crate::hazard::shaking::{Earthquake, SourceKind};
use crate::hazard::telegram::{InfoType, NotEnough, Reading, Telegram, TelegramKind};
use std::collections::BTreeMap;

/// What is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The earthquake by its name in the scenario.
    pub earthquake: Option<&'a str>,
    /// What was observed.
    pub telegram: Option<&'a Telegram>,
    /// What is left to chance.
    pub draw: Draw,
    /// Hour of the day in Japan at which it happens, 0 to 23.
    pub hour: u32,
    /// How many days are told.
    pub days: u32,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Shaken {
    /// What people call the earthquake.
    pub name: Name,
    /// What it is.
    pub earthquake: Earthquake,
    /// How many towns of the scenario an observation was there for; none: no telegram.
    pub observed_count: Option<usize>,
    /// What it does.
    pub strike: Strike,
}

/// Why nothing comes of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShakeFault {
    /// The scenario has no such earthquake.
    #[error(transparent)]
    Unknown(#[from] UnknownEarthquake),
    /// Neither an earthquake nor a telegram.
    #[error("neither an earthquake nor a telegram; name one of them")]
    Nothing,
    /// The telegram takes back what was said.
    #[error("the telegram is a cancellation: nothing was observed")]
    Cancelled,
    /// The telegram tells of no municipality.
    #[error("the telegram is a {kind} and tells of no municipality; give one of VXSE53")]
    NoMunicipality {
        /// What it is.
        kind: TelegramKind,
    },
    /// The telegram tells of municipalities, and the scenario has none of them.
    #[error("the scenario has none of the {told} municipalities of the telegram")]
    Elsewhere {
        /// How many the telegram tells of.
        told: usize,
    },
    /// The telegram does not tell enough of the earthquake.
    #[error(transparent)]
    NotEnough(#[from] NotEnough),
    /// It cannot be worked out.
    #[error(transparent)]
    Strike(#[from] StrikeFault),
}

/// Works one earthquake out.
///
/// # Errors
/// [`ShakeFault`].
///
/// # Complexity
/// That of [`damage::strike`].
pub fn shake(hazard: &Hazard, asked: Asked<'_>) -> Result<Shaken, ShakeFault> {
    if asked.telegram.is_some_and(|telegram| telegram.info_type == InfoType::Cancellation) {
        return Err(ShakeFault::Cancelled);
    }
    let (name, earthquake) = which(hazard, asked)?;
    let readings = asked.telegram.map(|telegram| readings(hazard, telegram, asked)).transpose()?.flatten();
    let order = Order {
        draw: asked.draw,
        hour: asked.hour,
        days: asked.days,
        observed: readings.as_ref(),
        ..Order::default()
    };
    let strike = damage::strike(&earthquake, &hazard.exposure, &hazard.profile, order)?;
    Ok(Shaken { name, earthquake, observed_count: readings.map(|readings| readings.len()), strike })
}

/// The earthquake that is named, else the one of the telegram.
fn which(hazard: &Hazard, asked: Asked<'_>) -> Result<(Name, Earthquake), ShakeFault> {
    match (asked.earthquake, asked.telegram) {
        (Some(name), _) => {
            let listed = hazard.earthquake(name)?;
            let name = Name { ja: listed.name_ja.clone(), en: listed.name_en.clone() };
            Ok((name, listed.earthquake.clone()))
        }
        (None, Some(telegram)) => {
            let hypocentre = telegram.hypocentres.first().ok_or(NotEnough::Place)?;
            // A telegram does not say in which plate it was; in Kansai most that are felt are in the crust.
            let earthquake = hypocentre.earthquake(SourceKind::Crustal)?;
            let area = &hypocentre.area_name;
            Ok((Name { ja: area.clone(), en: format!("{} ({area})", telegram.event) }, earthquake))
        }
        (None, None) => Err(ShakeFault::Nothing),
    }
}

/// What the telegram tells of towns of the scenario; nothing where it gave the earthquake alone.
fn readings(
    hazard: &Hazard,
    telegram: &Telegram,
    asked: Asked<'_>,
) -> Result<Option<BTreeMap<u32, Reading>>, ShakeFault> {
    let told = telegram.observation.as_ref().map(|observation| hazard.codes.by_municipality(observation));
    let mut told = told.unwrap_or_default();
    if told.is_empty() {
        return match asked.earthquake {
            // It was used for where the earthquake is.
            None => Ok(None),
            Some(_) => Err(ShakeFault::NoMunicipality { kind: telegram.kind }),
        };
    }
    let count = told.len();
    told.retain(|code, _| hazard.names.contains_key(code));
    if told.is_empty() { Err(ShakeFault::Elsewhere { told: count }) } else { Ok(Some(told)) }
}
