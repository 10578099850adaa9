//! A scenario folder: `scenario.toml` and the tables beside it, as in `scenarios/kansai`.
//!
//! [`read`] is strict: an unknown key or column, a value out of range, a name that stands for nothing, and nothing is
//! started. It looks at every table before it gives up, so that one run names up to [`FAULTS_MAX`](fault::FAULTS_MAX)
//! faults. Absent on purpose: limits on lengths and numbers that the ledgers know already; the finished commands are
//! tried on empty ledgers in memory, and a refusal there becomes a fault of the row.
//!
//! A scenario may name a `base`, the folder of another one beside it: tables that it does not have itself are those of the
//! base. `scenario.toml` is always its own.
//!
//! How the tables become commands, where that is not plain:
//! - the ledger of the field `medical` is opened at the member whose `office_of` names it; its deputies are the other
//!   members of the union that take part in the field, in the order of the table;
//! - an asset stands in the ledger of its custodian's member, whatever the column `member` says of its owner;
//! - an operator without a member works for several: it is registered once under each member whose assets name it,
//!   and not at all where none does;
//! - each hospital has an organisation of the same slug beside it, which asks for transfers;
//! - police and agencies of the state are agencies; neighbours and the state are linked bodies;
//! - each prefecture is one block with the cities in it, and everybody else the block `outside`: a block is what calls
//!   from elsewhere must not empty while its member keeps one at home; its own calls it always serves;
//! - a site outside the weather regions has the region `outside`, and municipality 0 where it has none;
//! - an ambulance start is one asset with a stretcher for each of its ambulances. Cars get the access speed of the road
//!   network, 30 km/h, because an asset has to have one; their legs go by that network;
//! - `23:59` as the end of service is the last minute of the day, so service ends at 24:00, as where nothing is said;
//! - the ledger of the field `disaster` is opened the same way; it gets the commodities: those that save lives are met
//!   before the others;
//! - a receiving point is a depot of its municipality's member; stocks are counted at the start;
//! - the municipalities that a doctor car serves are those of its hospital's organisation;
//! - `unit_model.toml` may be missing, of the base too: then nobody works needs out here;
//! - so may the earthquakes: what belongs to them is told in [`hazard`].

mod book;
pub mod fault;
mod fleet;
mod goods;
pub mod hazard;
mod orders;
mod places;
pub mod policy;
mod rates;
mod rehearsal;
mod scouts;
pub(in crate::drill) mod section;
mod seeds;
mod settings;
mod table;
#[cfg(test)]
mod tests;

use crate::decision::Command;
use crate::decision::model::Name;
use crate::hazard::unit_model::Profile;
use crate::id::{LedgerId, MemberId, Slug, Space, StructureId};
use crate::network::air::Region;
use crate::units::{Position, Seconds, Timestamp};
use book::Book;
use fault::{Fault, Faults, Problem, ScenarioFault};
use hazard::Hazard;
use policy::Policy;
use std::collections::BTreeSet;
use std::path::Path;
use table::{Folders, Tables, read_text};

/// A scenario, complete and tried: every command is accepted in the order of `seeds`.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Its name.
    pub name: Slug,
    /// What people call it.
    pub title: Name,
    /// What everybody must be told who sees it.
    pub notice: Name,
    /// What its fleet leaves out.
    pub fleet_note: Name,
    /// The space that it is played in; always a drill.
    pub space: Space,
    /// What the drill clock shows at the start.
    pub start: Timestamp,
    /// The figures that decisions are worked out with.
    pub policy: Policy,
    /// What there is at the start, as commands, in an order in which they can be applied.
    pub seeds: Vec<Seed>,
    /// The road network.
    pub roads: Roads,
    /// What of the roads can be closed by name, by name.
    pub structures: Vec<Structure>,
    /// The municipalities, by code.
    pub municipalities: Vec<Municipality>,
    /// Who looks at whom at once after an earthquake, in the order of the table. No ledger holds them: nobody decides them.
    pub scouts: Vec<Scout>,
    /// The parts of the weather regions, as far as their borders are known.
    pub regions: Vec<Region>,
    /// What one person needs; none: the scenario does not say.
    pub unit_model: Option<Profile>,
    /// The earthquakes that may happen, and what they can hit; none: the scenario has none.
    pub hazard: Option<Hazard>,
}

/// One command of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seed {
    /// The ledger that it goes to.
    pub ledger: LedgerId,
    /// The same at every reading, so that seeding twice changes nothing.
    pub request_id: Vec<u8>,
    /// The row that it was made from.
    pub origin: Origin,
    /// What is asked.
    pub command: Command,
}

/// A row of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// The file, relative to the folder.
    pub file: &'static str,
    /// The line, from 1.
    pub line: u32,
}

/// The road network as files, for the importer of the road graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roads {
    /// `roads/nodes.csv`.
    pub nodes_csv: Vec<u8>,
    /// `roads/structures.csv`.
    pub structures_csv: Vec<u8>,
    /// `roads/links.csv`.
    pub links_csv: Vec<u8>,
}

/// A municipality, for whose people it matters whether it can be reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Municipality {
    /// JIS code.
    pub code: u32,
    /// What people call it.
    pub name: Name,
    /// Where its office is.
    pub position: Position,
    /// How many live there.
    pub population: u32,
}

/// A fixed first look at a prefecture, which waits for no decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scout {
    /// Who looks.
    pub supporter: MemberId,
    /// At whom.
    pub affected: MemberId,
    /// By when they leave, counted from the shock.
    pub leaves_within_s: Seconds,
    /// Where that is written.
    pub source: String,
}

/// A bridge, tunnel or other part of the roads that has a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Structure {
    /// Its name in the ledgers.
    pub id: StructureId,
    /// Its name for people.
    pub name: Name,
    /// What it is, in the word of the table: `bridge`.
    pub kind: String,
}

/// Reads the scenario in `folder`.
///
/// # Errors
/// [`ScenarioFault`] with everything that is wrong, up to a limit. Nothing was started.
pub fn read(folder: &Path) -> Result<Scenario, ScenarioFault> {
    let mut faults = Faults::default();
    let settings = settings::read(folder, &mut faults);
    let base = settings.as_ref().and_then(|settings| settings.base.as_ref());
    let folders = Folders::new(folder, base);
    let tables = Tables::read(&folders, &mut faults);
    let (Some(settings), Some(tables)) = (settings, tables) else { return Err(faults.into()) };
    let book = Book::read(&tables, &settings, &mut faults);
    let unit_model = rates::read(&folders, &book, &mut faults);
    let hazard = hazard::read(&folders, &tables, &book, &mut faults);
    if !faults.is_empty() {
        return Err(faults.into());
    }
    let seeds = seeds::of(&book);
    rehearsal::rehearse(&tables, &seeds, settings.start, &mut faults);
    if !faults.is_empty() {
        return Err(faults.into());
    }
    let mut municipalities: Vec<Municipality> =
        book.municipalities.values().map(|municipality| municipality.known.clone()).collect();
    municipalities.sort_by_key(|municipality| municipality.code);
    Ok(Scenario {
        name: settings.name,
        title: settings.title,
        notice: settings.notice,
        fleet_note: settings.fleet_note,
        space: Space::Drill(settings.space),
        start: settings.start,
        policy: settings.policy,
        seeds,
        roads: Roads {
            nodes_csv: tables.nodes.bytes(),
            structures_csv: tables.structures.bytes(),
            links_csv: tables.links.bytes(),
        },
        structures: book.structures.into_values().collect(),
        municipalities,
        scouts: book.scouts,
        regions: book.borders,
        unit_model,
        hazard,
    })
}

/// The table of earthquakes, which no ledger holds.
pub(in crate::drill) const EARTHQUAKES: &str = "earthquakes.csv";

/// The names of the earthquakes that the scenario in `folder`, or its base, has.
pub(in crate::drill) fn earthquakes(folder: &Path, faults: &mut Faults) -> Option<BTreeSet<String>> {
    let settings = settings::read(folder, faults)?;
    let folders = Folders::new(folder, settings.base.as_ref());
    let text = faults.keep(read_text(folders.with(EARTHQUAKES), EARTHQUAKES))?;
    let mut table = csv::Reader::from_reader(text.as_bytes());
    let unreadable = |error: csv::Error| {
        Fault::of_file(EARTHQUAKES, Problem::Unreadable { error: error.to_string() }).into()
    };
    let at =
        faults.keep(table.headers().map_err(unreadable).cloned())?.iter().position(|cell| cell == "id")?;
    let rows: Result<Vec<csv::StringRecord>, csv::Error> = table.records().collect();
    let rows = faults.keep(rows.map_err(unreadable))?;
    Some(rows.iter().filter_map(|row| row.get(at)).map(str::to_owned).collect())
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}
