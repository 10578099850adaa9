//! Earthquakes out of tables: those of a drill, and the ground that they shake.
//!
//! | table | columns that are read |
//! |---|---|
//! | earthquakes | `id`, `kind` (crustal, interface, intraslab), `name_ja`, `name_en`, `magnitude` (two decimals at most), `scale` (mw, mj), `focal_depth_m` |
//! | faults | `earthquake`, `upper_edge` (places `lat lon`, apart by `;`), `upper_edge_depth_m`, `dip_degrees`, `width_m` |
//! | ground classes | `id`, `avs30_m_s` |
//! | ground | `place`, `ground` |
//! | wards | `id`, `code`, `municipality`, `name_ja`, `name_en`, `lat`, `lon`, `population` |
//!
//! A fault of one place is a point; its dip and width stay empty. Further columns are ignored. The first flaw is named by
//! table, line and column. Absent on purpose: files, and where the places are that stand on a ground.

#[cfg(test)]
mod tests;

use super::shaking::ground::Ground;
use super::shaking::magnitude::Mw;
use super::shaking::rupture::{Fault, Rupture};
use super::shaking::{Earthquake, SourceKind};
use super::table::{Columns, Flaw, Row, TableFault, shortened};
use crate::id::Slug;
use crate::spelling::nearest;
use crate::units::{Metres, Position};
use std::collections::BTreeMap;
use std::fmt;

/// Rows of a table at most: all faults of the country with their strands, all municipalities.
const ROWS_MAX: u32 = 10_000;

/// An earthquake with its names.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// Its name in Japanese.
    pub name_ja: String,
    /// Its name in English.
    pub name_en: String,
    /// What it is.
    pub earthquake: Earthquake,
}

/// The tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// What happens.
    Earthquakes,
    /// What breaks in it.
    Faults,
    /// Classes of ground.
    GroundClasses,
    /// On which of them places stand.
    Ground,
    /// Wards of large cities.
    Wards,
}

/// A ward of a large city.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ward {
    /// Its code.
    pub code: u32,
    /// The city, by its name in the tables.
    pub municipality: Slug,
    /// Its name in Japanese.
    pub name_ja: String,
    /// Its name in English.
    pub name_en: String,
    /// Where its office is.
    pub place: Position,
    /// How many live there.
    pub population: u32,
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Table::Earthquakes => "earthquakes",
            Table::Faults => "faults",
            Table::GroundClasses => "ground classes",
            Table::Ground => "ground",
            Table::Wards => "wards",
        })
    }
}

/// A flaw in one of the tables.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("table {table}, {fault}")]
pub struct CatalogueFault {
    /// Which table.
    pub table: Table,
    /// Where and what.
    pub fault: TableFault,
}

/// What breaks in an earthquake before its row is known: line of the first strand, and all strands.
type Strands = BTreeMap<Slug, (TableFault, Rupture)>;

/// Reads earthquakes and what breaks in them, by name.
///
/// # Errors
/// [`CatalogueFault`] at the first flaw, also where an earthquake breaks nothing or a fault belongs to none.
pub fn earthquakes(earthquakes: &str, faults: &str) -> Result<BTreeMap<Slug, Listed>, CatalogueFault> {
    let mut strands = strands(faults).map_err(|fault| CatalogueFault { table: Table::Faults, fault })?;
    let listed = listed(earthquakes, &mut strands);
    let listed = listed.map_err(|fault| CatalogueFault { table: Table::Earthquakes, fault })?;
    match strands.pop_first() {
        None => Ok(listed),
        Some((id, (mut fault, _))) => {
            let near = nearest(id.as_str(), listed.keys().map(Slug::as_str));
            let near = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
            let problem = format!("there is no earthquake \"{id}\"{near}");
            fault.what = Flaw::Meaning { problem };
            Err(CatalogueFault { table: Table::Faults, fault })
        }
    }
}

fn listed(text: &str, strands: &mut Strands) -> Result<BTreeMap<Slug, Listed>, TableFault> {
    const COLUMNS: [&str; 7] = ["id", "kind", "name_ja", "name_en", "magnitude", "scale", "focal_depth_m"];
    let mut columns = Columns::new(text, COLUMNS, ROWS_MAX)?;
    let mut listed = BTreeMap::new();
    let mut lines = BTreeMap::new();
    while let Some(row) = columns.next_row()? {
        let id = unique(&row, &mut lines)?;
        let kind = row.word(
            1,
            &[
                ("crustal", SourceKind::Crustal),
                ("interface", SourceKind::Interface),
                ("intraslab", SourceKind::Intraslab),
            ],
        )?;
        let (_, rupture) = strands
            .remove(&id)
            .ok_or_else(|| row.meaning(0, format!("nothing breaks in \"{id}\"; add a fault")))?;
        let earthquake = Earthquake {
            magnitude: magnitude(&row, kind)?,
            kind,
            focal_depth_m: row.number(6, "whole number of metres")?,
            rupture,
        };
        let (name_ja, name_en) = (row.text(2).to_owned(), row.text(3).to_owned());
        listed.insert(id, Listed { name_ja, name_en, earthquake });
    }
    Ok(listed)
}

fn magnitude<const N: usize>(row: &Row<N>, kind: SourceKind) -> Result<Mw, TableFault> {
    let text = row.text(4);
    let expected = "magnitude with two decimals at most";
    let wrong = || row.fault(4, Flaw::NotANumber { text: shortened(text), expected });
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let are_digits = whole.bytes().chain(part.bytes()).all(|byte| byte.is_ascii_digit());
    if !are_digits || whole.len() != 1 || !(1..=2).contains(&part.len()) {
        return Err(wrong());
    }
    let centi: i64 = format!("{whole}{part:0<2}").parse().map_err(|_| wrong())?;
    let found = match row.word(5, &[("mw", true), ("mj", false)])? {
        true => Mw::from_centi(centi),
        false => Mw::from_mj_centi(centi, kind),
    };
    found.map_err(|problem| row.meaning(4, problem))
}

fn strands(text: &str) -> Result<Strands, TableFault> {
    const COLUMNS: [&str; 5] = ["earthquake", "upper_edge", "upper_edge_depth_m", "dip_degrees", "width_m"];
    let mut columns = Columns::new(text, COLUMNS, ROWS_MAX)?;
    let mut strands = Strands::new();
    while let Some(row) = columns.next_row()? {
        let earthquake: Slug = row.text(0).parse().map_err(|error| row.meaning(0, error))?;
        let rupture = strand(&row)?;
        let first = row.fault(0, Flaw::MissingColumn);
        let (first, rupture) = match strands.remove(&earthquake) {
            Some((first, known)) => (first, known.with(rupture)),
            None => (first, rupture),
        };
        strands.insert(earthquake, (first, rupture));
    }
    Ok(strands)
}

fn strand(row: &Row<5>) -> Result<Rupture, TableFault> {
    let upper_edge = row.text(1).split(';').map(place).collect::<Option<Vec<Position>>>();
    let wrong = "places are degrees \"lat lon\", one or more, apart by a semicolon";
    let upper_edge = upper_edge.ok_or_else(|| row.meaning(1, wrong))?;
    let upper_edge_depth_m: Metres = row.number(2, "whole number of metres")?;
    let built = if let [point] = upper_edge[..] {
        for column in [3, 4] {
            if !row.text(column).is_empty() {
                return Err(row.meaning(column, "a point has neither dip nor width; leave it empty"));
            }
        }
        Rupture::point(point, upper_edge_depth_m)
    } else {
        let dip_degrees = row.number(3, "whole number of degrees")?;
        let width_m = row.number(4, "whole number of metres")?;
        Rupture::fault(&Fault { upper_edge, upper_edge_depth_m, dip_degrees, width_m })
    };
    built.map_err(|problem| row.meaning(1, problem))
}

fn place(text: &str) -> Option<Position> {
    let mut degrees = text.split_whitespace().map(|number| number.parse::<f64>().ok());
    match (degrees.next()??, degrees.next()??, degrees.next()) {
        (lat, lon, None) => Position::from_degrees(lat, lon).ok(),
        (_, _, Some(_)) => None,
    }
}

/// Reads on which ground places stand, by the place's name.
///
/// # Errors
/// [`CatalogueFault`] at the first flaw.
pub fn ground(classes: &str, ground: &str) -> Result<BTreeMap<Slug, Ground>, CatalogueFault> {
    let classes =
        ground_classes(classes).map_err(|fault| CatalogueFault { table: Table::GroundClasses, fault })?;
    ground_of_places(&classes, ground).map_err(|fault| CatalogueFault { table: Table::Ground, fault })
}

fn ground_classes(text: &str) -> Result<BTreeMap<Slug, Ground>, TableFault> {
    let mut columns = Columns::new(text, ["id", "avs30_m_s"], ROWS_MAX)?;
    let (mut classes, mut lines) = (BTreeMap::new(), BTreeMap::new());
    while let Some(row) = columns.next_row()? {
        let id = unique(&row, &mut lines)?;
        let m_s = row.number(1, "whole number of metres per second")?;
        let ground = Ground::from_avs30_m_s(m_s).map_err(|problem| row.meaning(1, problem))?;
        classes.insert(id, ground);
    }
    Ok(classes)
}

fn ground_of_places(
    classes: &BTreeMap<Slug, Ground>,
    text: &str,
) -> Result<BTreeMap<Slug, Ground>, TableFault> {
    let mut columns = Columns::new(text, ["place", "ground"], ROWS_MAX)?;
    let (mut found, mut lines) = (BTreeMap::new(), BTreeMap::new());
    while let Some(row) = columns.next_row()? {
        let id = unique(&row, &mut lines)?;
        let words: Vec<(&str, Ground)> =
            classes.iter().map(|(word, ground)| (word.as_str(), *ground)).collect();
        found.insert(id, row.word(1, &words)?);
    }
    Ok(found)
}

/// Reads the wards of large cities, by name.
///
/// # Errors
/// [`CatalogueFault`] at the first flaw.
pub fn wards(text: &str) -> Result<BTreeMap<Slug, Ward>, CatalogueFault> {
    wards_of(text).map_err(|fault| CatalogueFault { table: Table::Wards, fault })
}

fn wards_of(text: &str) -> Result<BTreeMap<Slug, Ward>, TableFault> {
    const COLUMNS: [&str; 8] =
        ["id", "code", "municipality", "name_ja", "name_en", "lat", "lon", "population"];
    let mut columns = Columns::new(text, COLUMNS, ROWS_MAX)?;
    let (mut found, mut lines, mut codes) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    while let Some(row) = columns.next_row()? {
        let id = unique(&row, &mut lines)?;
        let code = row.code(1)?;
        if let Some(first_line) = codes.insert(code, row.line()) {
            return Err(row.fault(1, Flaw::Duplicate { text: format!("{code:05}"), first_line }));
        }
        let ward = Ward {
            code,
            municipality: row.text(2).parse().map_err(|error| row.meaning(2, error))?,
            name_ja: row.text(3).to_owned(),
            name_en: row.text(4).to_owned(),
            place: row.place(5, 6)?,
            population: row.number(7, "whole number of people")?,
        };
        found.insert(id, ward);
    }
    Ok(found)
}

/// The name in the first column, which no row before has.
fn unique<const N: usize>(row: &Row<N>, lines: &mut BTreeMap<Slug, u64>) -> Result<Slug, TableFault> {
    let id: Slug = row.text(0).parse().map_err(|error| row.meaning(0, error))?;
    match lines.insert(id.clone(), row.line()) {
        None => Ok(id),
        Some(first_line) => Err(row.fault(0, Flaw::Duplicate { text: id.to_string(), first_line })),
    }
}
