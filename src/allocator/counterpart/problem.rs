//! The question: who can send how many teams when, who needs how many, and what is settled already.

use crate::units::{Seconds, UNREACHABLE};

/// A supporter (a member, a single city, a linked prefecture), by its place in the problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SupporterIdx(pub u32);

/// An affected municipality (or prefecture, while only that is known), by its place in the problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MunicipalityIdx(pub u32);

/// A phase, one week or several, by its place in the problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhaseIdx(pub u32);

/// Sizes and values that a problem may have.
///
/// The three tiers of the objective are packed into one `i128`, so that a plan is better exactly when its packed value
/// is less; the relations below keep each tier within its bits.
pub mod limits {
    /// Supporters: 12 members, linked prefectures, neighbours, and room.
    pub const SUPPORTERS_MAX: usize = 64;
    /// Affected municipalities; the union has 241 in all.
    pub const MUNICIPALITIES_MAX: usize = 256;
    /// Phases: nine of the manual, and room.
    pub const PHASES_MAX: usize = 16;
    /// Teams of one supporter or one need in one phase.
    pub const TEAMS_MAX: u32 = 1 << 14;
    /// People affected in one municipality.
    pub const PEOPLE_MAX: u32 = 1 << 24;
    /// Travel, and what a tie, a take-up and a step of burden are worth: twelve days.
    pub const WORTH_S_MAX: u32 = 1 << 20;
    /// Steps of the shares that are missed, and of the burden.
    pub const STEPS: u32 = 10;

    /// Bits of the lowest tier, seconds.
    pub(in super::super) const SECONDS_BITS: u32 = 50;
    /// Bits of the middle tier, people.
    pub(in super::super) const MISSED_BITS: u32 = 44;

    const TEAMS_IN_ALL: u64 = SUPPORTERS_MAX as u64 * PHASES_MAX as u64 * TEAMS_MAX as u64;
    /// Travel, tie, taking up and handing over, the highest step of burden.
    const SECONDS_OF_A_TEAM: u64 = (4 + STEPS as u64) * WORTH_S_MAX as u64;
    const _: () = assert!(TEAMS_IN_ALL * SECONDS_OF_A_TEAM < 1 << (SECONDS_BITS - 1));
    /// All missed: each team weighs at most twice the people of its share, rounded up, times the steps.
    const MISSED_IN_ALL: u64 = MUNICIPALITIES_MAX as u64
        * PHASES_MAX as u64
        * STEPS as u64
        * (2 * PEOPLE_MAX as u64 + TEAMS_MAX as u64);
    const _: () = assert!(MISSED_IN_ALL < 1 << (MISSED_BITS - 1));
    /// A price of capacity is at most four times what an uncovered municipality costs.
    const _: () = assert!(TEAMS_IN_ALL.ilog2() + 3 + SECONDS_BITS + MISSED_BITS < 126);
}

/// Who can send teams.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Supporter {
    /// Teams that can be away at once, for each phase; 0 while it is hit itself.
    pub capacity: Vec<u32>,
}

/// Who needs teams.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Municipality {
    /// People who need help there.
    pub people_affected: u32,
    /// Share of its own staff that cannot work, in 1/1000: whoever has lost its staff weighs up to twice.
    pub staff_lost_permille: u32,
    /// Teams needed, for each phase.
    pub need: Vec<u32>,
}

/// An earlier link between a supporter and a municipality: an agreement, a sister city, help in an earlier disaster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tie {
    /// Who supports.
    pub supporter: SupporterIdx,
    /// Whom.
    pub municipality: MunicipalityIdx,
    /// How much longer the way of a tied supporter may be.
    pub worth_s: Seconds,
}

/// A pair that people decided: at least so many teams, whatever it costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decided {
    /// Who supports.
    pub supporter: SupporterIdx,
    /// Whom.
    pub municipality: MunicipalityIdx,
    /// First phase.
    pub from: PhaseIdx,
    /// The phase before which it ends.
    pub until: PhaseIdx,
    /// Teams at least, in each of these phases.
    pub teams: u32,
}

/// A pair that must not be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Exclusion {
    /// Who does not go.
    pub supporter: SupporterIdx,
    /// Where to.
    pub municipality: MunicipalityIdx,
}

/// Teams that stand there already when the first phase begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Standing {
    /// Whose.
    pub supporter: SupporterIdx,
    /// Where.
    pub municipality: MunicipalityIdx,
    /// How many.
    pub teams: u32,
}

/// A fixed first look, which waits for no decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Scout {
    /// Who looks.
    pub supporter: SupporterIdx,
    /// Where.
    pub municipality: MunicipalityIdx,
    /// By when they leave, counted from the shock.
    pub leaves_within_s: Seconds,
}

/// What is traded for what within the lowest tier, in seconds of travel of one team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// What it costs that a team takes up work where its supporter had fewer in the phase before.
    pub take_up_s: Seconds,
    /// What a team costs more for each tenth of its supporter's capacity that is away already.
    pub burden_s: Seconds,
}

/// How much longer the way of whoever helped before may be: illustrative, so that a neighbour is not passed over for it.
pub const TIE_WORTH_S: Seconds = 2 * 3_600;

impl Default for Policy {
    /// Illustrative: half a day of a team's work for taking up and handing over, half an hour of travel for each tenth away.
    fn default() -> Policy {
        Policy { take_up_s: 4 * 3_600, burden_s: 1_800 }
    }
}

/// Who can help whom, and what is settled.
///
/// The lists of pairs may come in any order; the answer speaks of their places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// How many phases.
    pub phases: usize,
    /// Who can send.
    pub supporters: Vec<Supporter>,
    /// Who needs.
    pub municipalities: Vec<Municipality>,
    /// Phases x supporters x municipalities, row-major; [`UNREACHABLE`] while no way is open.
    pub travel_s: Vec<Seconds>,
    /// Earlier links.
    pub ties: Vec<Tie>,
    /// Pairs that people decided.
    pub decided: Vec<Decided>,
    /// Pairs that must not be.
    pub excluded: Vec<Exclusion>,
    /// Who stands where already.
    pub standing: Vec<Standing>,
    /// Fixed first looks.
    pub scouts: Vec<Scout>,
    /// What is traded for what.
    pub policy: Policy,
}

/// Why a problem cannot be read. Names the list and the place in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProblemError {
    /// Too many of something.
    #[error("{what}: {count}, at most {limit} can be paired; split the problem")]
    TooMany {
        /// What there are too many of.
        what: &'static str,
        /// How many.
        count: usize,
        /// The most there may be.
        limit: usize,
    },
    /// A list has not one entry for each of what it describes.
    #[error("{what} of entry {index} has {count} entries, it must have {expected}")]
    Shape {
        /// The list.
        what: &'static str,
        /// Whose list.
        index: usize,
        /// Its length.
        count: usize,
        /// The length it must have.
        expected: usize,
    },
    /// A value lies outside what can be.
    #[error("{what} of entry {index} is {value}, it must lie within {min} and {max}")]
    OutOfRange {
        /// The field.
        what: &'static str,
        /// The place in its list.
        index: usize,
        /// The value.
        value: u32,
        /// Least allowed.
        min: u32,
        /// Most allowed.
        max: u32,
    },
    /// Two entries say something of the same pair (and phase).
    #[error("{what}: entries {first} and {second} speak of the same pair; state it once")]
    Twice {
        /// The list.
        what: &'static str,
        /// The earlier entry.
        first: usize,
        /// The later entry.
        second: usize,
    },
}

type Verdict = Result<(), ProblemError>;

impl Problem {
    /// Judges sizes, shapes and values; whether the decided pairs can be is judged by [`solve`](super::solve).
    ///
    /// # Errors
    /// The first [`ProblemError`] in the order of the fields.
    pub fn validate(&self) -> Verdict {
        at_most("phases", self.phases, limits::PHASES_MAX)?;
        at_most("supporters", self.supporters.len(), limits::SUPPORTERS_MAX)?;
        at_most("municipalities", self.municipalities.len(), limits::MUNICIPALITIES_MAX)?;
        for (index, supporter) in self.supporters.iter().enumerate() {
            shaped("capacity of supporters", index, supporter.capacity.len(), self.phases)?;
            each_within("capacity of supporters", index, &supporter.capacity, limits::TEAMS_MAX)?;
        }
        for (index, municipality) in self.municipalities.iter().enumerate() {
            let Municipality { people_affected, staff_lost_permille, need } = municipality;
            within("people affected", index, *people_affected, 0..=limits::PEOPLE_MAX)?;
            within("share of staff lost", index, *staff_lost_permille, 0..=1000)?;
            shaped("need of municipalities", index, need.len(), self.phases)?;
            each_within("need of municipalities", index, need, limits::TEAMS_MAX)?;
        }
        let ways = self.phases * self.supporters.len() * self.municipalities.len();
        shaped("travel time", 0, self.travel_s.len(), ways)?;
        for (index, &travel_s) in self.travel_s.iter().enumerate().filter(|(_, way)| **way != UNREACHABLE) {
            within("travel time", index, travel_s, 0..=limits::WORTH_S_MAX)?;
        }
        self.validate_pairs()?;
        within("take-up", 0, self.policy.take_up_s, 0..=limits::WORTH_S_MAX)?;
        within("burden", 0, self.policy.burden_s, 0..=limits::WORTH_S_MAX)
    }

    fn validate_pairs(&self) -> Verdict {
        let ties: Vec<_> = self.ties.iter().map(|tie| (tie.supporter, tie.municipality)).collect();
        self.validate_list("ties", &ties)?;
        for (index, tie) in self.ties.iter().enumerate() {
            within("worth of ties", index, tie.worth_s, 0..=limits::WORTH_S_MAX)?;
        }
        let decided = self.decided.iter().map(|pair| (pair.supporter, pair.municipality));
        self.validate_places("decided pairs", decided)?;
        for (index, pair) in self.decided.iter().enumerate() {
            within("teams of decided pairs", index, pair.teams, 1..=limits::TEAMS_MAX)?;
            within("end of decided pairs", index, pair.until.0, 1..=self.phases as u32)?;
            within("begin of decided pairs", index, pair.from.0, 0..=pair.until.0 - 1)?;
            let overlaps = |other: &Decided| {
                (other.supporter, other.municipality) == (pair.supporter, pair.municipality)
                    && other.from < pair.until
                    && pair.from < other.until
            };
            if let Some(first) = self.decided[..index].iter().position(overlaps) {
                return Err(ProblemError::Twice { what: "decided pairs", first, second: index });
            }
        }
        let excluded: Vec<_> = self.excluded.iter().map(|pair| (pair.supporter, pair.municipality)).collect();
        self.validate_list("excluded pairs", &excluded)?;
        let standing: Vec<_> = self.standing.iter().map(|pair| (pair.supporter, pair.municipality)).collect();
        self.validate_list("standing pairs", &standing)?;
        for (index, pair) in self.standing.iter().enumerate() {
            within("teams of standing pairs", index, pair.teams, 1..=limits::TEAMS_MAX)?;
        }
        let scouts: Vec<_> = self.scouts.iter().map(|scout| (scout.supporter, scout.municipality)).collect();
        self.validate_list("scouts", &scouts)
    }

    /// Places that exist, each pair once.
    fn validate_list(&self, what: &'static str, pairs: &[(SupporterIdx, MunicipalityIdx)]) -> Verdict {
        self.validate_places(what, pairs.iter().copied())?;
        for (second, pair) in pairs.iter().enumerate() {
            if let Some(first) = pairs[..second].iter().position(|other| other == pair) {
                return Err(ProblemError::Twice { what, first, second });
            }
        }
        Ok(())
    }

    fn validate_places(
        &self,
        what: &'static str,
        pairs: impl ExactSizeIterator<Item = (SupporterIdx, MunicipalityIdx)>,
    ) -> Verdict {
        let ways = self.supporters.len() * self.municipalities.len();
        at_most(what, pairs.len(), ways * self.phases.max(1))?;
        for (index, (supporter, municipality)) in pairs.enumerate() {
            within(what, index, supporter.0, 0..=(self.supporters.len() as u32).saturating_sub(1))?;
            within(what, index, municipality.0, 0..=(self.municipalities.len() as u32).saturating_sub(1))?;
        }
        Ok(())
    }
}

fn at_most(what: &'static str, count: usize, limit: usize) -> Verdict {
    if count > limit { Err(ProblemError::TooMany { what, count, limit }) } else { Ok(()) }
}

fn shaped(what: &'static str, index: usize, count: usize, expected: usize) -> Verdict {
    if count != expected { Err(ProblemError::Shape { what, index, count, expected }) } else { Ok(()) }
}

fn within(what: &'static str, index: usize, value: u32, range: std::ops::RangeInclusive<u32>) -> Verdict {
    if range.contains(&value) {
        Ok(())
    } else {
        Err(ProblemError::OutOfRange { what, index, value, min: *range.start(), max: *range.end() })
    }
}

fn each_within(what: &'static str, index: usize, values: &[u32], max: u32) -> Verdict {
    values.iter().try_for_each(|&value| within(what, index, value, 0..=max))
}
