//! A drill as its planner writes it: one TOML file on top of a scenario, as in `scenarios/kansai/drills`.
//!
//! It says when the drill begins and how long it lasts, how people behave, which aircraft fly, and what happens: injects,
//! by time and by condition. [`read`] is strict as the scenario's reader is: an unknown key, a time that cannot be, a name
//! that nothing has, injects that wait for each other, and nothing starts; one reading names up to
//! [`FAULTS_MAX`](super::scenario::fault::FAULTS_MAX) faults. What the rules refuse once it is played is told with the
//! outcome: only the night itself knows it. The format: `docs/drills.md`. Absent on purpose: what happens
//! ([`runner`](super::runner)).

mod inject;
mod names;
mod reading;
mod waits;

pub use inject::{Condition, Happening, Inject, Scene, Sky, Trigger};

use super::runner::{DAYS_MAX, Habits};
use super::scenario::fault::{Allowed, Fault, Faults, Problem, ScenarioFault};
use super::scenario::section::{Document, Section};
use super::scenario::{self, Scenario};
use crate::decision::model::Name;
use crate::id::{AssetId, Slug};
use crate::spelling::nearest;
use crate::units::{Seconds, Timestamp};
use names::Names;
use std::collections::BTreeMap;
use std::path::Path;

/// Injects that one drill may have: a day with one every minute, and half as many again.
pub const INJECTS_MAX: usize = 2_160;
/// Longest drill.
const SPAN_S_MAX: Seconds = DAYS_MAX * 86_400;
/// Candidates that a ranking may write out.
const WORK_BUDGET_MAX: u32 = 1_000;
/// No habit takes people longer than this.
const HABIT_S_MAX: Seconds = 3_600;
/// No call lies farther from the centre of its area.
const SCATTER_M_MAX: u32 = 50_000;
/// Ten times the calls that a scenario states.
const CALLS_PERMILLE_MAX: u32 = 10_000;

/// A drill, complete: every name in it stands for something.
#[derive(Clone, Debug)]
pub struct Script {
    /// The name of its file.
    pub name: Slug,
    /// What people call it.
    pub title: Name,
    /// What it stands on.
    pub scenario: Scenario,
    /// What the drill clock shows at its start; the scenario is laid out before.
    pub start: Timestamp,
    /// How long calls come and injects happen.
    pub span_s: Seconds,
    /// What happens by chance: one run for each, at least one.
    pub seeds: Vec<u64>,
    /// Candidates that a ranking writes out.
    pub work_budget: u16,
    /// How people behave.
    pub habits: Habits,
    /// Aircraft that stand still for the whole drill.
    pub out_of_service: Vec<AssetId>,
    /// Aircraft that fly although the scenario plans outages for them.
    pub in_service: Vec<AssetId>,
    /// The earthquake that it is about, by its name in `earthquakes.csv`.
    pub earthquake: Option<Slug>,
    /// What happens, in the order of the file.
    pub injects: Vec<Inject>,
}

impl Script {
    /// Whether the roads change while it is played.
    #[must_use]
    pub fn changes_roads(&self) -> bool {
        self.injects.iter().any(|inject| {
            matches!(inject.happening, Happening::StructureClosed { .. } | Happening::RoadSlowed { .. })
        })
    }
}

/// Reads the drill in `path` and the scenario that it names.
///
/// # Errors
/// [`ScenarioFault`] with everything that is wrong, up to a limit. Nothing was started.
pub fn read(path: &Path) -> Result<Script, ScenarioFault> {
    read_with(path, scenario::read)
}

/// As [`read`], where `load` reads the scenario of a folder.
fn read_with(
    path: &Path,
    load: impl FnOnce(&Path) -> Result<Scenario, ScenarioFault>,
) -> Result<Script, ScenarioFault> {
    let mut faults = Faults::default();
    match script(path, load, &mut faults) {
        Some(script) if faults.is_empty() => Ok(script),
        Some(_) | None => Err(faults.into()),
    }
}

fn script(
    path: &Path,
    load: impl FnOnce(&Path) -> Result<Scenario, ScenarioFault>,
    faults: &mut Faults,
) -> Option<Script> {
    let file = path.to_string_lossy();
    let stem = path.file_stem().map(|stem| stem.to_string_lossy()).unwrap_or_default();
    let name = stem.parse::<Slug>().map_err(|_| {
        let problem = Problem::Value { value: Problem::shown(&stem), allowed: Allowed::Slug };
        Fault::of_file(&file, problem).into()
    });
    let name = faults.keep(name);
    let document = faults.keep(Document::read(Path::new(""), &file))?;
    let root = faults.keep(document.parsed())?;
    let mut root = document.whole(&root);
    let mut drill = root.section("drill", faults);
    let folder = drill.text("scenario", faults);
    let title = drill.name("title_ja", "title_en", faults);
    let start = drill.if_given("start_time", |drill| drill.instant("start_time", faults));
    let span_s = drill.span("span", SPAN_S_MAX, faults);
    let seeds = drill.if_given("seeds", |drill| drill.numbers("seeds", faults));
    let work_budget =
        drill.if_given("work_budget", |drill| drill.whole("work_budget", 1..=WORK_BUDGET_MAX, faults));
    drill.end(faults);
    let habits = root.section_if_given("habits", faults);
    let habits = habits.map_or(Some(Habits::default()), |section| read_habits(section, faults));
    let folder = path.parent().unwrap_or(Path::new("")).join(folder?);
    let scenario = load(&folder).map_err(|fault| faults.take_over(fault)).ok()?;
    let earliest = scenario.start;
    let start = start.map(|start| start.unwrap_or(earliest));
    if start.is_some_and(|start| start < earliest) {
        faults.push(drill.not("start_time", Allowed::InstantFrom { earliest }));
    }
    let names = Names::of(&scenario);
    let fleet = root.section_if_given("fleet", faults);
    let fleet = fleet.map_or(Some((Vec::new(), Vec::new())), |section| read_fleet(section, &names, faults));
    let earthquake = root.section_if_given("earthquake", faults);
    let earthquake = earthquake.map(|section| read_earthquake(section, &folder, faults));
    let injects = reading::injects(&mut root, &names, span_s.unwrap_or(SPAN_S_MAX), faults);
    root.end(faults);
    let (out_of_service, in_service) = fleet?;
    Some(Script {
        name: name?,
        title: title?,
        start: start?,
        span_s: span_s?,
        seeds: seeds?.unwrap_or_else(|| vec![1]),
        work_budget: work_budget?.and_then(|budget| u16::try_from(budget).ok()).unwrap_or(WORK_BUDGET),
        habits: habits?,
        out_of_service,
        in_service,
        earthquake: earthquake.flatten(),
        injects: injects?,
        scenario,
    })
}

/// Candidates that a ranking writes out when the drill does not say.
const WORK_BUDGET: u16 = crate::authority::planner::CANDIDATES_DEFAULT;

fn read_habits(mut section: Section<'_>, faults: &mut Faults) -> Option<Habits> {
    let usual = Habits::default();
    let hear = section.if_given("hear_s", |section| section.pair("hear_s", HABIT_S_MAX, faults));
    let answer = section.if_given("answer_s", |section| section.pair("answer_s", HABIT_S_MAX, faults));
    let again = section.if_given("ask_again_s", |section| section.pair("ask_again_s", HABIT_S_MAX, faults));
    let decline =
        section.if_given("decline_permille", |section| section.whole("decline_permille", 0..=1_000, faults));
    let scatter =
        section.if_given("scatter_m", |section| section.whole("scatter_m", 0..=SCATTER_M_MAX, faults));
    let calls = section.if_given("calls_permille", |section| {
        section.whole("calls_permille", 0..=CALLS_PERMILLE_MAX, faults)
    });
    section.end(faults);
    Some(Habits {
        hear_s: hear?.unwrap_or(usual.hear_s),
        answer_s: answer?.unwrap_or(usual.answer_s),
        decline_permille: decline?.unwrap_or(usual.decline_permille),
        ask_again_s: again?.unwrap_or(usual.ask_again_s),
        scatter_m: scatter?.unwrap_or(usual.scatter_m),
        calls_permille: calls?.unwrap_or(usual.calls_permille),
    })
}

/// Aircraft that stand still, and those that fly in spite of the scenario's outages.
fn read_fleet(
    mut section: Section<'_>,
    names: &Names<'_>,
    faults: &mut Faults,
) -> Option<(Vec<AssetId>, Vec<AssetId>)> {
    let mut seen: BTreeMap<AssetId, u32> = BTreeMap::new();
    let mut list = |key: &'static str| {
        let given = section.if_given(key, |section| {
            let mut assets = Vec::new();
            for (span, text) in section.texts(key, faults)? {
                let line = section.line_at(&span);
                match names.aircraft.find(text) {
                    Err(problem) => faults.push(section.fault_at(span, problem)),
                    Ok(asset) => match seen.insert(asset.clone(), line) {
                        None => assets.push(asset),
                        Some(first_line) => {
                            let value = text.to_owned();
                            faults.push(section.fault_at(span, Problem::Duplicate { value, first_line }));
                        }
                    },
                }
            }
            Some(assets)
        });
        given.map(Option::unwrap_or_default)
    };
    let (out_of_service, in_service) = (list("out_of_service"), list("in_service"));
    section.end(faults);
    Some((out_of_service?, in_service?))
}

/// The earthquake, by its name alone.
fn read_earthquake(mut section: Section<'_>, folder: &Path, faults: &mut Faults) -> Option<Slug> {
    let name = section.slug("name", faults);
    let known = scenario::earthquakes(folder, faults);
    if let (Some(name), Some(known)) = (&name, &known)
        && !known.contains(name.as_str())
    {
        let nearest = nearest(name.as_str(), known.iter().map(String::as_str));
        let problem = Problem::Unresolved { value: name.to_string(), file: scenario::EARTHQUAKES, nearest };
        faults.push(section.fault("name", problem));
    }
    section.end(faults);
    name
}

#[cfg(test)]
mod tests;
