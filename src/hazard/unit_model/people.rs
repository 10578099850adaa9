//! People of one place, counted by kind.

use crate::spelling::nearest;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// Most people of one kind in one place: more than live in Japan.
pub const PEOPLE_MAX: u32 = 200_000_000;

/// A kind of people whose needs differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// In a shelter.
    InShelter,
    /// At home or not, without water from the tap.
    WaterCut,
    /// In a shelter, drinks formula milk.
    Infant,
    /// In a shelter, a child in diapers.
    Toddler,
    /// In a shelter, an adult in diapers.
    AdultInDiapers,
    /// In a shelter, a woman of 12 to 51 years.
    Woman12To51,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 6] = [
        Kind::InShelter,
        Kind::WaterCut,
        Kind::Infant,
        Kind::Toddler,
        Kind::AdultInDiapers,
        Kind::Woman12To51,
    ];

    /// Its word in files.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Kind::InShelter => "in_shelter",
            Kind::WaterCut => "water_cut",
            Kind::Infant => "infant",
            Kind::Toddler => "toddler",
            Kind::AdultInDiapers => "adult_in_diapers",
            Kind::Woman12To51 => "woman_12_to_51",
        }
    }

    /// Is it a part of the people in shelters?
    pub(super) fn is_part(self) -> bool {
        match self {
            Kind::InShelter | Kind::WaterCut => false,
            Kind::Infant | Kind::Toddler | Kind::AdultInDiapers | Kind::Woman12To51 => true,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A word that is no kind of people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "there are no people of the kind \"{word}\"{}",
    near.as_ref().map(|near| format!("; did you mean \"{near}\"")).unwrap_or_default()
)]
pub struct UnknownKind {
    /// The word, cut short.
    pub word: String,
    /// The kind most like it.
    pub near: Option<String>,
}

impl FromStr for Kind {
    type Err = UnknownKind;
    fn from_str(word: &str) -> Result<Kind, UnknownKind> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word).ok_or_else(|| UnknownKind {
            word: word.chars().take(80).collect(),
            near: nearest(word, Kind::ALL.map(Kind::word)),
        })
    }
}

/// How many people of which kind there are in one place: a municipality, a shelter, the union.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct People(BTreeMap<Kind, u32>);

/// Numbers of people that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeopleFault {
    /// Less than nobody.
    #[error("{people} people of the kind {kind} are fewer than none; state 0 or more")]
    Negative {
        /// Whom.
        kind: Kind,
        /// How many were stated.
        people: i64,
    },
    /// More than there can be.
    #[error("{people} people of the kind {kind} are more than {PEOPLE_MAX}; state the people of one place")]
    TooMany {
        /// Whom.
        kind: Kind,
        /// How many were stated.
        people: i64,
    },
    /// One kind stated twice.
    #[error("people of the kind {kind} are stated twice; state their sum once")]
    Twice {
        /// Whom.
        kind: Kind,
    },
    /// A part of the people in shelters is larger than the whole.
    #[error(
        "{people} people of the kind {kind} are more than the {in_shelter} in shelters; count them again"
    )]
    MoreThanInShelter {
        /// Whom.
        kind: Kind,
        /// How many were stated.
        people: u32,
        /// How many there are in shelters.
        in_shelter: u32,
    },
}

impl People {
    /// Takes people as they were counted. Who is not stated in a shelter or without water is nobody; parts of the people
    /// in shelters that are not stated are taken by the share that the profile has for them.
    ///
    /// # Errors
    /// [`PeopleFault`] at the first number that cannot be.
    pub fn new(stated: &[(Kind, i64)]) -> Result<People, PeopleFault> {
        let mut counted = BTreeMap::new();
        for &(kind, people) in stated {
            let number = match u32::try_from(people) {
                Ok(number) if number <= PEOPLE_MAX => number,
                Ok(_) | Err(_) if people > 0 => return Err(PeopleFault::TooMany { kind, people }),
                Ok(_) | Err(_) => return Err(PeopleFault::Negative { kind, people }),
            };
            if counted.insert(kind, number).is_some() {
                return Err(PeopleFault::Twice { kind });
            }
        }
        let people = People(counted);
        let in_shelter = people.stated(Kind::InShelter);
        let beyond = people.0.iter().find(|&(kind, &number)| kind.is_part() && number > in_shelter);
        match beyond {
            None => Ok(people),
            Some((&kind, &number)) => {
                Err(PeopleFault::MoreThanInShelter { kind, people: number, in_shelter })
            }
        }
    }

    /// How many were stated; nobody where nobody was.
    pub(super) fn stated(&self, kind: Kind) -> u32 {
        self.counted(kind).unwrap_or(0)
    }

    /// How many were stated, if they were.
    pub(super) fn counted(&self, kind: Kind) -> Option<u32> {
        self.0.get(&kind).copied()
    }
}
