//! What one person needs, by the prefecture's own rates: `unit_model.toml`.

use super::book::Book;
use super::fault::{Fault, Faults, Place, Problem};
use super::table::{Folders, read_text};
use crate::hazard::profile::{self, ProfileFault};
use crate::hazard::unit_model::Profile;
use crate::spelling::nearest;
use std::sync::Arc;

const FILE: &str = "unit_model.toml";
/// The table that has what the rates are of.
const COMMODITIES: &str = "commodities.csv";

/// Reads the rates, if they are there; each is of a commodity of the scenario.
pub(super) fn read(folders: &Folders<'_>, book: &Book, faults: &mut Faults) -> Option<Profile> {
    let folder = folders.with(FILE);
    // Whatever stands there under that name counts, even if it cannot be read.
    std::fs::symlink_metadata(folder.join(FILE)).ok()?;
    let source = faults.keep(read_text(folder, FILE))?;
    let read = profile::read(&source).map_err(|fault| placed(fault, &source).into());
    let profile = faults.keep(read)?;
    let known: Vec<&str> = book
        .goods
        .iter()
        .flat_map(|goods| goods.commodities.values())
        .map(|(_, commodity)| commodity.id.0.as_str())
        .collect();
    for commodity in profile.commodities().filter(|commodity| !known.contains(&commodity.as_str())) {
        let near = nearest(commodity.as_str(), known.iter().copied());
        let value = commodity.to_string();
        faults.push(Fault::of_file(FILE, Problem::Unresolved { value, file: COMMODITIES, nearest: near }));
    }
    Some(profile)
}

/// The fault with the line that it stands in, from the place to the line's end.
fn placed(fault: ProfileFault, source: &Arc<String>) -> Fault {
    let at = (fault.line, fault.character);
    placed_at(FILE, at, Problem::Rates { fault: Box::new(fault) }, source)
}

/// A fault at a line and character of a file, with the line from there to its end.
pub(super) fn placed_at(
    file: &str,
    (line, character): (u32, u32),
    problem: Problem,
    source: &Arc<String>,
) -> Fault {
    let lines_before = (line as usize).saturating_sub(1);
    let start: usize = source.split_inclusive('\n').take(lines_before).map(str::len).sum();
    let text = source[start..].lines().next().unwrap_or_default();
    let characters = (character as usize).saturating_sub(1);
    let within = text.char_indices().nth(characters).map_or(text.len(), |(byte, _)| byte);
    let place = Place { file: file.to_owned(), line: Some(line), character: Some(character), column: None };
    Fault::at(place, problem, source, start + within..start + text.len())
}
