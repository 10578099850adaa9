//! Reads the rates of the unit model from TOML, as in `scenarios/kansai/unit_model.toml`.
//!
//! Strict: a key that nothing reads, a number out of range or people of no kind, and there is no profile. The first fault is
//! named with its line. Absent on purpose: files, and whether a commodity exists; who has the commodities asks
//! [`Profile::commodities`].

use super::unit_model::{Demand, Kind, Profile, ProfileProblem, UnknownKind};
use crate::id::{IdError, Slug};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;

#[cfg(test)]
mod tests;

/// Characters of a name that a message repeats.
const NAME_CHARS_MAX: usize = 80;

/// Why a text is no profile.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "line {line}, character {character}: {entry}{problem}",
    entry = entry.as_ref().map(|entry| format!("{entry}: ")).unwrap_or_default()
)]
pub struct ProfileFault {
    /// The line, from 1.
    pub line: u32,
    /// The character in the line, from 1.
    pub character: u32,
    /// The commodity, facility or kind of people, as far as it is known.
    pub entry: Option<String>,
    /// What is wrong.
    pub problem: TextProblem,
}

/// What is wrong with the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextProblem {
    /// Not TOML, a key missing, a key that nothing reads, or a value of the wrong type.
    #[error("{message}")]
    Form {
        /// What the parser said.
        message: String,
    },
    /// Neither or both of the two rates.
    #[error("has to have either per_day_millis or standing_millis")]
    OneRate,
    /// The name of a commodity has a wrong form.
    #[error(transparent)]
    Name(#[from] IdError),
    /// Something that a profile cannot say.
    #[error(transparent)]
    Profile(#[from] ProfileProblem),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    share_permille_of_in_shelter: BTreeMap<Spanned<String>, Spanned<i64>>,
    goods: BTreeMap<Spanned<String>, Spanned<Entry>>,
    #[serde(default)]
    facilities: BTreeMap<Spanned<String>, Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    of: Spanned<String>,
    per_day_millis: Option<Spanned<i64>>,
    standing_millis: Option<Spanned<Vec<Step>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    from_day: i64,
    millis: i64,
}

/// Reads a profile.
///
/// # Errors
/// [`ProfileFault`] at the first thing that is wrong.
pub fn read(text: &str) -> Result<Profile, ProfileFault> {
    stated(text).map_err(|fault| fault.placed(text))
}

/// A fault, and where it stands in bytes.
struct Fault {
    span: Range<usize>,
    entry: Option<String>,
    problem: TextProblem,
}

impl Fault {
    fn of(name: &str, span: Range<usize>, problem: impl Into<TextProblem>) -> Fault {
        Fault { span, entry: Some(name.chars().take(NAME_CHARS_MAX).collect()), problem: problem.into() }
    }

    /// With line and character worked out.
    fn placed(self, text: &str) -> ProfileFault {
        let (line, character) = place_of(text, self.span.start);
        ProfileFault { line, character, entry: self.entry, problem: self.problem }
    }
}

/// Line and character, from 1, of a byte in `text`.
pub(super) fn place_of(text: &str, start: usize) -> (u32, u32) {
    let before = text.get(..start).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let place = |count: usize| u32::try_from(count + 1).unwrap_or(u32::MAX);
    (place(before.matches('\n').count()), place(before[line_start..].chars().count()))
}

fn stated(text: &str) -> Result<Profile, Fault> {
    let file: File = toml::from_str(text).map_err(|error| Fault {
        span: error.span().unwrap_or(0..0),
        entry: None,
        problem: TextProblem::Form { message: error.message().to_owned() },
    })?;
    let mut profile = Profile::default();
    for (word, permille) in &file.share_permille_of_in_shelter {
        let fault = |span, problem: ProfileProblem| Fault::of(word.get_ref(), span, problem);
        let kind: Kind =
            word.get_ref().parse().map_err(|unknown: UnknownKind| fault(word.span(), unknown.into()))?;
        profile.add_share(kind, *permille.get_ref()).map_err(|problem| fault(permille.span(), problem))?;
    }
    for (name, entry) in &file.goods {
        let (commodity, demand) = named(name, entry)?;
        let added = profile.add_good(commodity, demand);
        added.map_err(|problem| Fault::of(name.get_ref(), name.span(), problem))?;
    }
    for (name, entry) in &file.facilities {
        let (facility, demand) = named(name, entry)?;
        let added = profile.add_facility(facility, demand);
        added.map_err(|problem| Fault::of(name.get_ref(), name.span(), problem))?;
    }
    Ok(profile)
}

fn named(name: &Spanned<String>, entry: &Spanned<Entry>) -> Result<(Slug, Demand), Fault> {
    let slug = name.get_ref().parse::<Slug>();
    let slug = slug.map_err(|error| Fault::of(name.get_ref(), name.span(), error))?;
    let demand = demand(entry).map_err(|(span, problem)| Fault::of(name.get_ref(), span, problem))?;
    Ok((slug, demand))
}

/// What one entry asks for, or where in the text it is wrong.
fn demand(entry: &Spanned<Entry>) -> Result<Demand, (Range<usize>, TextProblem)> {
    let Entry { of, per_day_millis, standing_millis } = entry.get_ref();
    let kind = of.get_ref().parse::<Kind>();
    let kind = kind.map_err(|unknown| (of.span(), ProfileProblem::from(unknown).into()))?;
    match (per_day_millis, standing_millis) {
        (Some(millis), None) => {
            Demand::per_day(kind, *millis.get_ref()).map_err(|problem| (millis.span(), problem.into()))
        }
        (None, Some(steps)) => {
            let pairs: Vec<(i64, i64)> =
                steps.get_ref().iter().map(|step| (step.from_day, step.millis)).collect();
            Demand::standing(kind, &pairs).map_err(|problem| (steps.span(), problem.into()))
        }
        (Some(_), Some(_)) | (None, None) => Err((of.span(), TextProblem::OneRate)),
    }
}
