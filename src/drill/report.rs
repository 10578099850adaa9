//! What came of a run, in figures: who was served when by whom, what it cost whom, how far from the best, how evenly.
//!
//! Absent on purpose: words, pages, files (`cli`), and how anything was decided: the problems that decisions rest on travel
//! with the calls. Entry point: [`Report::of`].

mod burden;
mod inequality;
mod spread;
#[cfg(test)]
mod tests;

pub use burden::{AircraftUse, PrefectureCost};
pub use inequality::{AreaCare, gini_e4};
pub use spread::{BIN_S, Bin, Spread, TARGETS, Target};

use crate::authority::View;
use crate::authority::planner::RankPlanner;
use crate::decision::model::Name;
use crate::drill::Scenario;
use crate::drill::runner::{LaidOut, Order, Outcome, RunFault};
use crate::id::Space;
use crate::ledger::Digest;
use crate::units::{Seconds, Timestamp};

/// Everything that a report is written from. Equal scenarios, orders and programs give equal reports.
#[derive(Clone, Debug)]
pub struct Report {
    /// The scenario's name, title and notice.
    pub scenario: Scene,
    /// What was run.
    pub order: Order,
    /// What a flight for another prefecture costs it, yen.
    pub fee_yen: u32,
    /// Which program.
    pub version: &'static str,
    /// Over all that the scenario states: its ledgers as laid out, its roads, its policy.
    pub data: Digest,
    /// What came of it.
    pub outcome: Outcome,
    /// For each call, as [`LaidOut::soonest_s`].
    pub soonest_s: Vec<Option<Seconds>>,
    /// How long care took.
    pub spread: Spread,
    /// What each aircraft flew, by name.
    pub usage: Vec<AircraftUse>,
    /// What each prefecture asked and paid, by name.
    pub costs: Vec<PrefectureCost>,
    /// How long care took in each area, the longest first.
    pub areas: Vec<AreaCare>,
    /// Gini's coefficient of the areas' mean minutes to care, ten-thousandths; none without areas.
    pub gini_e4: Option<u32>,
    /// What the names in it stand for: everything that was known at the start.
    pub view: View,
}

/// What a scenario is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scene {
    /// Its name.
    pub name: String,
    /// The space that it was played in.
    pub space: Space,
    /// What people call it.
    pub title: Name,
    /// What everybody must be told who sees it.
    pub notice: Name,
    /// What its fleet leaves out.
    pub fleet_note: Name,
    /// When it begins.
    pub start: Timestamp,
}

/// What a run was made of.
#[derive(Clone, Copy)]
pub struct Played<'a> {
    /// The scenario.
    pub scenario: &'a Scenario,
    /// The same, laid out.
    pub laid_out: &'a LaidOut,
    /// What it ranks with.
    pub planner: &'a RankPlanner,
    /// What was run.
    pub order: Order,
    /// What a flight for another prefecture costs it, yen.
    pub fee_yen: u32,
}

impl Report {
    /// Puts together what came of a run.
    ///
    /// # Errors
    /// As [`runner::run`](crate::drill::runner::run).
    ///
    /// # Complexity
    /// One ranking a call.
    pub fn of(played: Played<'_>, outcome: Outcome) -> Result<Report, RunFault> {
        let Played { scenario, laid_out, planner, order, fee_yen } = played;
        let areas = inequality::areas(&outcome);
        Ok(Report {
            scenario: Scene {
                name: scenario.name.to_string(),
                space: scenario.space.clone(),
                title: scenario.title.clone(),
                notice: scenario.notice.clone(),
                fleet_note: scenario.fleet_note.clone(),
                start: scenario.start,
            },
            order,
            fee_yen,
            version: env!("CARGO_PKG_VERSION"),
            data: data_of(scenario, laid_out),
            soonest_s: laid_out.soonest_s(&planner.afresh(), &outcome.calls)?,
            spread: Spread::of(&outcome),
            usage: burden::usage(&outcome, scenario),
            costs: burden::costs(&outcome, scenario, fee_yen),
            gini_e4: gini_e4(&areas.iter().map(AreaCare::mean_s).collect::<Vec<Seconds>>()),
            areas,
            outcome,
            view: laid_out.view().clone(),
        })
    }

    /// How much longer care took than [`Report::soonest_s`], by call, seconds; less than 0 where an aircraft came by on its
    /// way. None where nobody came, or nobody could have.
    #[must_use]
    pub fn regrets_s(&self) -> Vec<Option<i64>> {
        let both = self.outcome.calls.iter().zip(&self.soonest_s);
        both.map(|(call, soonest_s)| Some(i64::from(call.care_s()?) - i64::from((*soonest_s)?))).collect()
    }
}

/// Each piece stands behind its length, so that none can pass for another.
fn data_of(scenario: &Scenario, laid_out: &LaidOut) -> Digest {
    let roads = &scenario.roads;
    let policy = format!("{:?}", scenario.policy);
    let ledgers = laid_out.digest();
    let pieces: [&[u8]; 5] =
        [&ledgers.0, &roads.nodes_csv, &roads.structures_csv, &roads.links_csv, policy.as_bytes()];
    let mut bytes = Vec::new();
    for piece in pieces {
        bytes.extend_from_slice(&(piece.len() as u64).to_be_bytes());
        bytes.extend_from_slice(piece);
    }
    Digest::of(&bytes)
}
