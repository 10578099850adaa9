//! What a run has otherwise than its scenario: who may be asked, by which rule, at which price, with which aircraft.
//!
//! A policy is written as words joined by `+`, such as `alone+without=osaka/heli-osaka`:
//!
//! | word | what it changes |
//! |---|---|
//! | `as-stated` | nothing |
//! | `alone` | every area asks aircraft of its own prefecture only, those of the cities in it among them |
//! | `own-only` | every area asks only the aircraft that its agreement calls its own |
//! | `own-first`, `nearest-first`, `listed` | every agreement goes by this rule |
//! | `cover=N` | N thousandths of a call, 1 to 60, outweigh a minute to care |
//! | `no-cover` | minutes first, the cover price only breaks ties |
//! | `without=MEMBER/AIRCRAFT[,…]` | these are out of service from the start on |
//! | `scenario=FOLDER` | all that this scenario states instead |
//!
//! A change is laid into the commands and figures of the scenario before anything begins; the rules themselves are those of
//! every night. Absent on purpose: reading files.

use super::measure::Homes;
use crate::decision::Command;
use crate::decision::limits::FUTURE_S_MAX;
use crate::decision::model::{AgreementRule, Outage, OutageReason, Window};
use crate::drill::scenario::{Origin, Scenario, Seed};
use crate::id::{AssetId, OrganisationId, Slug};
use crate::spelling::nearest_names;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Longest policy: a folder and some aircraft.
const TEXT_BYTES_MAX: usize = 1_024;
/// Changes of one policy.
const CHANGES_MAX: usize = 16;
/// A thousandth of a call outweighs a second at least: a finer rate would come out as none.
const COVER_MAX: u32 = 60;
/// Words that stand alone.
const WORDS: [&str; 9] = [
    "as-stated",
    "alone",
    "own-only",
    "own-first",
    "nearest-first",
    "listed",
    "no-cover",
    "cover=",
    "without=",
];

/// A policy as it was written, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    text: String,
    scenario: Option<PathBuf>,
    changes: Vec<Change>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Change {
    Alone,
    OwnOnly,
    Rule(AgreementRule),
    /// Thousandths of a call that outweigh a minute; 0: minutes first.
    Cover(u32),
    Without(AssetId),
}

/// Why a policy cannot be meant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyFault {
    /// A word that is none.
    #[error("\"{word}\" is no policy{}; write one of {}, joined by +", or_rather(.near), words())]
    Unknown {
        /// What was written.
        word: String,
        /// Words that are most like it.
        near: Vec<String>,
    },
    /// A price of cover that cannot be.
    #[error("cover={value} cannot be; write cover=1 to cover={COVER_MAX}, or no-cover")]
    Cover {
        /// What was written.
        value: String,
    },
    /// A name that is none.
    #[error("\"{name}\" names no aircraft; write it as hyogo/heli-toyooka")]
    NotAName {
        /// What was written.
        name: String,
    },
    /// An aircraft that the scenario does not have.
    #[error("the scenario has no aircraft {name}{}", or_rather(.near))]
    NoSuchAircraft {
        /// What was written.
        name: String,
        /// Aircraft that are most like it.
        near: Vec<String>,
    },
    /// Nothing was written, or too much.
    #[error("a policy is 1 to {TEXT_BYTES_MAX} bytes long and makes at most {CHANGES_MAX} changes")]
    Length,
}

/// All words, for a message.
pub(crate) fn words() -> String {
    let mut words: Vec<&str> = WORDS.to_vec();
    words.push("scenario=");
    words.join(", ")
}

fn or_rather(near: &[String]) -> String {
    if near.is_empty() { String::new() } else { format!(" (is {} meant?)", near.join(" or ")) }
}

/// Cuts what somebody wrote down to what a message can hold.
fn shortened(text: &str) -> String {
    text.chars().take(80).collect()
}

impl FromStr for Policy {
    type Err = PolicyFault;

    fn from_str(text: &str) -> Result<Policy, PolicyFault> {
        let words: Vec<&str> = text.split('+').collect();
        if text.is_empty() || text.len() > TEXT_BYTES_MAX || words.len() > CHANGES_MAX {
            return Err(PolicyFault::Length);
        }
        let mut policy = Policy { text: text.to_owned(), scenario: None, changes: Vec::new() };
        for word in words {
            policy.take(word)?;
        }
        if policy.changes.len() > CHANGES_MAX {
            return Err(PolicyFault::Length);
        }
        Ok(policy)
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Policy {
    /// The scenario as it is.
    #[must_use]
    pub fn as_stated() -> Policy {
        Policy { text: WORDS[0].to_owned(), scenario: None, changes: Vec::new() }
    }

    /// The folder of the scenario that stands in for the one asked for.
    #[must_use]
    pub fn scenario(&self) -> Option<&Path> {
        self.scenario.as_deref()
    }

    fn take(&mut self, word: &str) -> Result<(), PolicyFault> {
        let change = match word.split_once('=') {
            None => match word {
                "as-stated" => return Ok(()),
                "alone" => Change::Alone,
                "own-only" => Change::OwnOnly,
                "own-first" => Change::Rule(AgreementRule::OwnFirst),
                "nearest-first" => Change::Rule(AgreementRule::NearestFirst),
                "listed" => Change::Rule(AgreementRule::OrderList),
                "no-cover" => Change::Cover(0),
                _ => return Err(unknown(word)),
            },
            Some(("cover", value)) => {
                let rate = value.parse().ok().filter(|rate| (1..=COVER_MAX).contains(rate));
                Change::Cover(rate.ok_or_else(|| PolicyFault::Cover { value: shortened(value) })?)
            }
            Some(("without", names)) => {
                for name in names.split(',') {
                    self.changes.push(Change::Without(aircraft(name)?));
                }
                return Ok(());
            }
            Some(("scenario", folder)) if !folder.is_empty() => {
                self.scenario = Some(PathBuf::from(folder));
                return Ok(());
            }
            Some(_) => return Err(unknown(word)),
        };
        self.changes.push(change);
        Ok(())
    }

    /// Lays the changes into a scenario, in the order in which they were written.
    ///
    /// # Errors
    /// [`PolicyFault::NoSuchAircraft`].
    ///
    /// # Complexity
    /// O(commands) for each change.
    pub fn lay_into(&self, scenario: &mut Scenario) -> Result<(), PolicyFault> {
        for change in &self.changes {
            match change {
                Change::Alone => alone(scenario),
                Change::OwnOnly => keep_orders(&mut scenario.seeds, |_, _, own| own),
                Change::Rule(rule) => {
                    for agreement in agreements(&mut scenario.seeds) {
                        agreement.rule = *rule;
                    }
                }
                Change::Cover(rate) => scenario.policy.cover.trade_rate_permille_per_min = *rate,
                Change::Without(asset) => without(scenario, asset)?,
            }
        }
        Ok(())
    }
}

fn unknown(word: &str) -> PolicyFault {
    let head = word.split_inclusive('=').next().unwrap_or_default();
    let near = nearest_names(head, WORDS.iter().copied(), |word: &str| word);
    let near = near.map(str::to_owned).collect();
    PolicyFault::Unknown { word: shortened(word), near }
}

/// Reads `hyogo/heli-toyooka`, or the full name.
fn aircraft(name: &str) -> Result<AssetId, PolicyFault> {
    let full = match name.split_once('/') {
        Some((member, slug)) if !slug.contains('/') => format!("members/{member}/assets/{slug}"),
        Some(_) | None => name.to_owned(),
    };
    full.parse().map_err(|_| PolicyFault::NotAName { name: shortened(name) })
}

fn agreements(seeds: &mut [Seed]) -> impl Iterator<Item = &mut crate::decision::model::Agreement> {
    seeds.iter_mut().filter_map(|seed| match &mut seed.command {
        Command::AdoptAgreement(agreement) => Some(agreement),
        _ => None,
    })
}

/// Keeps the rows of the order lists that are wanted: by area, aircraft, whether it is the area's own.
fn keep_orders(seeds: &mut [Seed], is_wanted: impl Fn(&OrganisationId, &AssetId, bool) -> bool) {
    for agreement in agreements(seeds) {
        let area = &agreement.area;
        agreement.order.retain(|row| is_wanted(area, &row.asset, row.own));
    }
}

/// A block is a prefecture with the cities in it, and aircraft and areas name theirs.
fn alone(scenario: &mut Scenario) {
    let homes = Homes::of(scenario);
    keep_orders(&mut scenario.seeds, |area, asset, _| !homes.is_for_another(asset, area));
}

fn without(scenario: &mut Scenario, asset: &AssetId) -> Result<(), PolicyFault> {
    let known = |seed: &Seed| match &seed.command {
        Command::RegisterAsset(known) if known.kind.is_aircraft() => Some((seed.origin, known.id.clone())),
        _ => None,
    };
    let fleet: Vec<(Origin, AssetId)> = scenario.seeds.iter().filter_map(known).collect();
    let Some((place, (origin, _))) = fleet.iter().enumerate().find(|(_, (_, id))| id == asset) else {
        let short = |id: &AssetId| format!("{}/{}", id.member.slug(), id.slug);
        let name = short(asset);
        let names: Vec<String> = fleet.iter().map(|(_, id)| short(id)).collect();
        let near = nearest_names(&name, names.iter(), |name: &String| name).cloned().collect();
        return Err(PolicyFault::NoSuchAircraft { name, near });
    };
    let id: Slug = "out-by-policy".parse().expect("letters and hyphens are a slug");
    // As far ahead as a ledger looks, which is the longest run.
    let window = Window { from: scenario.start, until: scenario.start + FUTURE_S_MAX };
    let outage = Outage { id, window, reason: OutageReason::NoMechanics };
    // Out all the time, it has no other outage; behind everything else of its ledger, so that what it rests on stands.
    let is_its_outage =
        |seed: &Seed| matches!(&seed.command, Command::PlanOutage { asset: of, .. } if of == asset);
    scenario.seeds.retain(|seed| !is_its_outage(seed));
    let ledger = asset.ledger();
    let last = scenario.seeds.iter().rposition(|seed| seed.ledger == ledger).unwrap_or_default();
    let seed = Seed {
        ledger,
        request_id: format!("policy/without/{place}").into_bytes(),
        origin: *origin,
        command: Command::PlanOutage { asset: asset.clone(), outage },
    };
    scenario.seeds.insert(last + 1, seed);
    Ok(())
}
