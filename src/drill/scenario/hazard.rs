//! The earthquakes of a scenario, and what they can hit there.
//!
//! | file | what it holds |
//! |---|---|
//! | `earthquakes.csv`, `faults.csv` | what happens, and what breaks in it |
//! | `ground_classes.csv`, `ground.csv` | on which ground municipalities and wards stand |
//! | `damage_profile.toml` | the coefficients of damage |
//! | `wards.csv`, `old_municipality_codes.csv` | wards of cities, codes that telegrams of old may bear; may be missing |
//!
//! Where `earthquakes.csv` is missing, of the base too, the scenario has no earthquakes; where it is there, the first four
//! others have to be. A city of which wards are known counts ward by ward. Hospitals, roads (by their middle), landing sites,
//! depots and bases stand on the ground of the nearest municipality or ward. Ferries are no roads here.

use super::book::Book;
use super::fault::{Checked, Fault, Faults, Place, Problem};
use super::rates::placed_at;
use super::table::{Folders, Row, Table as ScenarioTable, Tables, read_text};
use crate::decision::model::Name;
use crate::hazard::catalogue::{self, CatalogueFault, Listed, Table, Ward};
use crate::hazard::damage::exposure::{
    AssetFacts, Exposure, HospitalFacts, RoadFacts, RoadKind, RoadStructure, TownFacts,
};
use crate::hazard::damage::{Profile, profile};
use crate::hazard::shaking::ground::{Ground, Site};
use crate::hazard::table::TableFault;
use crate::hazard::telegram::codes::Codes;
use crate::id::{Slug, StructureId};
use crate::spatial::PointIndex;
use crate::spelling::nearest_names;
use crate::units::Position;
use std::collections::BTreeMap;

const EARTHQUAKES: &str = "earthquakes.csv";
const FAULTS: &str = "faults.csv";
const GROUND_CLASSES: &str = "ground_classes.csv";
const GROUND: &str = "ground.csv";
const PROFILE: &str = "damage_profile.toml";
const WARDS: &str = "wards.csv";
const CODES: &str = "old_municipality_codes.csv";

/// The earthquakes of a scenario, and what they can hit.
#[derive(Clone, Debug)]
pub struct Hazard {
    /// By name.
    pub earthquakes: BTreeMap<Slug, Listed>,
    /// The coefficients of damage.
    pub profile: Profile,
    /// Codes of municipalities that are no more.
    pub codes: Codes,
    /// What can be hit.
    pub exposure: Exposure,
    /// What people call the towns of the exposure, by code.
    pub names: BTreeMap<u32, Name>,
}

/// An earthquake that the scenario does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no earthquake \"{name}\"{}", hint(near, known))]
pub struct UnknownEarthquake {
    /// What was asked for, cut short.
    pub name: String,
    /// Those with a name like it.
    pub near: Vec<Slug>,
    /// All that there are.
    pub known: Vec<Slug>,
}

fn hint(near: &[Slug], known: &[Slug]) -> String {
    let list = |names: &[Slug]| names.iter().map(Slug::as_str).collect::<Vec<_>>().join(", ");
    match near {
        [] => format!("; there are {}", list(known)),
        near => format!("; did you mean {}?", list(near)),
    }
}

impl Hazard {
    /// The earthquake called `name`.
    ///
    /// # Errors
    /// [`UnknownEarthquake`] with those of a name like it.
    pub fn earthquake(&self, name: &str) -> Result<&Listed, UnknownEarthquake> {
        let found = self.earthquakes.iter().find(|(id, _)| id.as_str() == name);
        found.map(|(_, listed)| listed).ok_or_else(|| UnknownEarthquake {
            name: name.chars().take(80).collect(),
            near: nearest_names(name, self.earthquakes.keys(), Slug::as_str).cloned().collect(),
            known: self.earthquakes.keys().cloned().collect(),
        })
    }
}

/// Reads the earthquakes, if they are there.
pub(super) fn read(
    folders: &Folders<'_>,
    tables: &Tables,
    book: &Book,
    faults: &mut Faults,
) -> Option<Hazard> {
    if !is_there(folders, EARTHQUAKES) {
        return None;
    }
    let [earthquakes, broken, classes, ground, coefficients] =
        [EARTHQUAKES, FAULTS, GROUND_CLASSES, GROUND, PROFILE]
            .map(|file| faults.keep(read_text(folders.with(file), file)));
    let [wards, codes] = [WARDS, CODES].map(|file| match is_there(folders, file) {
        true => faults.keep(read_text(folders.with(file), file)).map(|text| (*text).clone()),
        false => None,
    });
    let earthquakes = catalogue::earthquakes(&earthquakes?, &broken?).map_err(|fault| of_catalogue(&fault));
    let earthquakes = keep(earthquakes, faults);
    let ground = keep(catalogue::ground(&classes?, &ground?).map_err(|fault| of_catalogue(&fault)), faults);
    let source = coefficients?;
    let read = profile::read(&source).map_err(|fault| {
        let what = format!("{}: {}", fault.entry, fault.problem);
        placed_at(PROFILE, (fault.line, fault.character), Problem::Hazard { what }, &source)
    });
    let profile = keep(read, faults);
    let wards = wards.map(|text| keep(catalogue::wards(&text).map_err(|fault| of_catalogue(&fault)), faults));
    let codes = codes.map(|text| keep(Codes::read(&text).map_err(|fault| of_table(CODES, &fault)), faults));
    let wards = wards.unwrap_or_else(|| Some(BTreeMap::new()))?;
    let codes = codes.unwrap_or_else(|| Some(Codes::default()))?;
    let (earthquakes, ground, profile) = (earthquakes?, ground?, profile?);
    let (towns, names) = towns(book, wards, &ground, faults);
    let exposure = exposure(book, tables, towns, faults);
    Some(Hazard { earthquakes, profile, codes, exposure, names })
}

/// Whatever stands there under that name counts, even if it cannot be read.
fn is_there(folders: &Folders<'_>, file: &str) -> bool {
    std::fs::symlink_metadata(folders.with(file).join(file)).is_ok()
}

fn keep<T>(read: Result<T, Fault>, faults: &mut Faults) -> Option<T> {
    faults.keep(read.map_err(Into::into))
}

fn of_catalogue(fault: &CatalogueFault) -> Fault {
    let file = match fault.table {
        Table::Earthquakes => EARTHQUAKES,
        Table::Faults => FAULTS,
        Table::GroundClasses => GROUND_CLASSES,
        Table::Ground => GROUND,
        Table::Wards => WARDS,
    };
    of_table(file, &fault.fault)
}

fn of_table(file: &str, fault: &TableFault) -> Fault {
    let mut found = Fault::of_file(file, Problem::Hazard { what: fault.what.to_string() });
    let column = (fault.column != "-").then(|| fault.column.to_owned());
    let line = u32::try_from(fault.line).ok();
    found.place = Place { file: file.to_owned(), line, character: None, column };
    found
}

/// Municipalities, or the wards of those that have some, by code, with their names. One without ground is named.
fn towns(
    book: &Book,
    wards: BTreeMap<Slug, Ward>,
    ground: &BTreeMap<Slug, Ground>,
    faults: &mut Faults,
) -> (Vec<TownFacts>, BTreeMap<u32, Name>) {
    let mut found: BTreeMap<u32, (TownFacts, Name)> = BTreeMap::new();
    let mut add = |id: &str, town: (u32, u32), place: Position, population: u32, name: Name| {
        let Some((_, ground)) = ground.iter().find(|(place, _)| place.as_str() == id) else {
            faults.push(Fault::of_file(GROUND, Problem::NoRow { value: Problem::shown(id) }));
            return;
        };
        let (code, municipality) = town;
        let facts = TownFacts { code, municipality, site: Site { place, ground: *ground }, population };
        found.insert(code, (facts, name));
    };
    let mut in_wards: BTreeMap<String, u32> = BTreeMap::new();
    let mut astray = Vec::new();
    for (id, ward) in wards {
        match book.municipalities.entry(ward.municipality.as_str()) {
            None => astray.push(ward.municipality),
            Some(city) => {
                in_wards.insert(ward.municipality.to_string(), city.code);
                let name = Name { ja: ward.name_ja, en: ward.name_en };
                add(id.as_str(), (ward.code, city.code), ward.place, ward.population, name);
            }
        }
    }
    for (id, municipality) in book.municipalities.iter().filter(|(id, _)| !in_wards.contains_key(*id)) {
        let known = &municipality.known;
        let code = municipality.code;
        add(id, (code, code), known.position, known.population, known.name.clone());
    }
    for municipality in astray {
        let problem = Problem::Unresolved {
            value: municipality.to_string(),
            file: "municipalities.csv",
            nearest: None,
        };
        faults.push(Fault::of_file(WARDS, problem));
    }
    found.into_values().map(|(facts, name)| (facts.clone(), (facts.code, name))).unzip()
}

/// Everything that can be hit, on the ground of the nearest town.
fn exposure(book: &Book, tables: &Tables, towns: Vec<TownFacts>, faults: &mut Faults) -> Exposure {
    let index = PointIndex::bulk_load(towns.iter().map(|town| (town.site.place, town.site.ground)));
    let site = |place: Position| -> Option<Site> {
        let nearest = index.nearest(place, 1);
        nearest.first().map(|town| Site { place, ground: *town.payload })
    };
    let mut exposure = Exposure::default();
    let beds = beds(&tables.hospitals, faults);
    for (slug, (_, hospital)) in book.hospitals.iter() {
        exposure.hospitals.extend(site(hospital.position).map(|site| {
            let beds = beds.get(slug).copied().flatten();
            HospitalFacts { id: hospital.id.clone(), site, beds }
        }));
    }
    for entry in book.sites.values() {
        let id = entry.site.id.clone();
        exposure.sites.extend(site(entry.site.position).map(|site| AssetFacts { id, site }));
    }
    for (_, depot) in book.goods.iter().flat_map(|goods| goods.depots.values()) {
        let id = depot.id.clone();
        exposure.depots.extend(site(depot.position).map(|site| AssetFacts { id, site }));
    }
    for row in tables.bases.rows() {
        if let Some(entry) = book.sites.entry(row.cell("site")) {
            let id = entry.site.id.clone();
            exposure.bases.extend(site(entry.site.position).map(|site| AssetFacts { id, site }));
        }
    }
    exposure.roads = roads(tables, site);
    exposure.towns = towns;
    exposure
}

/// The beds of the hospitals, where they are known.
fn beds(table: &ScenarioTable, faults: &mut Faults) -> BTreeMap<String, Option<u32>> {
    let read = |row: Row<'_>| -> Checked<(String, Option<u32>)> {
        Ok((row.cell("id").to_owned(), row.whole_if("beds", 0..=10_000)?))
    };
    table.rows().filter_map(|row| faults.keep(read(row))).collect()
}

/// The roads. A row that the importer of roads will refuse is left to it.
fn roads(tables: &Tables, site: impl Fn(Position) -> Option<Site>) -> Vec<RoadFacts> {
    let places: BTreeMap<&str, Position> =
        tables.nodes.rows().filter_map(|row| Some((row.cell("id"), row.position().ok()?))).collect();
    let road = |row: Row<'_>| -> Option<RoadFacts> {
        let (from, to) = (row.cell("from"), row.cell("to"));
        let middle = middle(*places.get(from)?, *places.get(to)?)?;
        let km: f64 = row.cell("length_km").parse().ok().filter(|km| (0.0..=1_500.0).contains(km))?;
        let structure = row.cell("structure_id");
        Some(RoadFacts {
            from: from.parse().ok()?,
            to: to.parse().ok()?,
            site: site(middle)?,
            length_m: libm::round(km * 1_000.0) as u32,
            kind: match row.cell("class") {
                "expressway" | "urban_expressway" => RoadKind::Expressway,
                "national" => RoadKind::Main,
                "prefectural_main" | "connector" => RoadKind::Other,
                _ => return None,
            },
            structure: if structure.is_empty() { None } else { Some(StructureId(structure.parse().ok()?)) },
            on: match row.cell("structure") {
                "bridge" => RoadStructure::Bridge,
                "tunnel" => RoadStructure::Tunnel,
                "mountain" => RoadStructure::Mountain,
                _ => RoadStructure::Plain,
            },
        })
    };
    tables.links.rows().filter_map(road).collect()
}

/// Half way between two places that lie near each other.
fn middle(one: Position, other: Position) -> Option<Position> {
    let half = |one: i32, other: i32| ((i64::from(one) + i64::from(other)) / 2) as i32;
    Position::from_e7(half(one.lat_e7(), other.lat_e7()), half(one.lon_e7(), other.lon_e7())).ok()
}
