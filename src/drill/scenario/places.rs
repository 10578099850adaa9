//! Municipalities, fire departments, landing sites, hospitals, bases, and the names of the road network.

use super::Structure;
use super::book::{
    Book, FireDepartment, Municipality, Registry, SiteEntry, duplicate, each, origin, outside,
};
use super::fault::{Faults, Problem};
use super::policy::Policy;
use super::table::{Row, Table, Tables};
use crate::decision::model::{
    Capabilities, Capability, Hospital, OrganisationKind, Pad, Site, SiteKind, SiteState,
};
use crate::decision::rejection::{FieldProblem, Kind, Rejection};
use crate::id::{HospitalId, OrganisationId, SiteId, StructureId, WeatherRegionId};
use crate::network::air::{Polygon, REGIONS_MAX, Region};
use crate::units::Position;
use std::collections::BTreeMap;

/// Parts of one weather region.
const PARTS_MAX: u32 = 256;

/// Reads the names of nodes and structures, and that links use no others. What a link is worth, the importer judges.
pub(super) fn read_roads(book: &mut Book, tables: &Tables, faults: &mut Faults) -> Registry<()> {
    let mut nodes = Registry::of(&tables.nodes, faults);
    each(&tables.nodes, faults, |row| {
        nodes.id(row)?;
        row.position()?;
        nodes.file(row, ());
        Ok(())
    });
    let mut structures = Registry::of(&tables.structures, faults);
    each(&tables.structures, faults, |row| {
        let id = StructureId(structures.id(row)?);
        let structure = Structure { id, name: row.name()?, kind: row.text("kind")?.to_owned() };
        book.structures.insert(row.cell("id").to_owned(), structure);
        structures.file(row, ());
        Ok(())
    });
    each(&tables.links, faults, |row| {
        nodes.get(row, "from")?;
        nodes.get(row, "to")?;
        structures.get_if(row, "structure_id")?;
        Ok(())
    });
    nodes
}

/// Reads the corners of the weather regions, part by part, in their order.
pub(super) fn read_borders(book: &mut Book, table: &Table, faults: &mut Faults) {
    let mut parts: BTreeMap<(WeatherRegionId, u32), (Row<'_>, Vec<Position>)> = BTreeMap::new();
    each(table, faults, |row| {
        let region = book.regions.get(row, "weather_region")?.clone();
        let part = row.whole("part", 1..=PARTS_MAX)?;
        let (_, corners) = parts.entry((region, part)).or_insert_with(|| (row, Vec::new()));
        let next = u32::try_from(corners.len() + 1).unwrap_or(u32::MAX);
        row.whole("corner", next..=next)?;
        corners.push(row.position()?);
        Ok(())
    });
    for ((id, _), (row, corners)) in parts {
        let refused = |rejection| row.stop("corner", Problem::Refused(Box::new(rejection)));
        let polygon = Polygon::new(&corners).map_err(|fault| {
            let problem = FieldProblem::NotAnArea(fault);
            refused(Rejection::InvalidField { field: "weather_region_borders", problem })
        });
        let room = match book.borders.len() < REGIONS_MAX {
            true => Ok(()),
            false => Err(refused(Rejection::LimitReached {
                what: Kind::WeatherRegion,
                max: u32::try_from(REGIONS_MAX).unwrap_or(u32::MAX),
            })),
        };
        if let Some(polygon) = faults.keep(room.and(polygon)) {
            book.borders.push(Region { id, polygon });
        }
    }
}

pub(super) fn read_municipalities(book: &mut Book, table: &Table, nodes: &Registry<()>, faults: &mut Faults) {
    let mut codes: BTreeMap<u32, u32> = BTreeMap::new();
    each(table, faults, |row| {
        book.municipalities.id(row)?;
        let (name, position) = (row.name()?, row.position()?);
        let population = row.whole("population", 0..=100_000_000)?;
        let prefecture = book.members.get(row, "prefecture")?.member.id.clone();
        let member = book.members.get(row, "member")?.member.id.clone();
        nodes.get(row, "road_node")?;
        let code = row.whole("code", 1_000..=99_999)?;
        if let Some(first_line) = codes.insert(code, row.line()) {
            return Err(row.stop("code", duplicate(row.cell("code"), first_line)));
        }
        let region = book.regions.get(row, "weather_region")?.clone();
        let known = super::Municipality { code, name, position, population };
        book.municipalities.file(row, Municipality { code, region, prefecture, member, known });
        Ok(())
    });
}

/// Reads the fire departments; each municipality has exactly one, and says so itself.
pub(super) fn read_fire_departments(book: &mut Book, tables: &Tables, faults: &mut Faults) {
    let table = &tables.fire_departments;
    let mut served: BTreeMap<String, (String, u32)> = BTreeMap::new();
    each(table, faults, |row| {
        book.fire_departments.id(row)?;
        row.name()?;
        let position = row.position()?;
        row.text("municipalities")?;
        let (mut municipalities, mut codes) = (Vec::new(), Vec::new());
        for name in row.list("municipalities") {
            codes.push(book.municipalities.resolve(row, "municipalities", name)?.code);
            municipalities.push(name.to_owned());
            let server = (row.cell("id").to_owned(), row.line());
            if let Some((_, first_line)) = served.insert(name.to_owned(), server) {
                return Err(row.stop("municipalities", duplicate(name, first_line)));
            }
        }
        let member = book.members.get(row, "member")?.member.id.clone();
        let organisation = book.organisations.get(row, "organisation")?;
        let id = organisation.id(&member);
        if organisation.kind != OrganisationKind::FireDepartment || id.member != member {
            let (value, other) =
                (format!("fire_department of {member}"), format!("{:?} of {}", organisation.kind, id.member));
            let problem = Problem::Disagrees { value, other, file: tables.organisations.file };
            return Err(row.stop("organisation", problem));
        }
        if let Some(entry) = book.organisations.entry_mut(id.slug.as_str()) {
            entry.municipalities = codes;
        }
        book.fire_departments.file(row, FireDepartment { organisation: id, position, municipalities });
        Ok(())
    });
    each(&tables.municipalities, faults, |row| {
        book.fire_departments.get(row, "fire_department")?;
        let (named, serving) = (row.cell("fire_department"), served.get(row.cell("id")));
        match serving {
            Some((serving, _)) if serving == named => Ok(()),
            serving => {
                let other = serving.map(|(serving, _)| serving.clone()).unwrap_or_default();
                let problem = Problem::Disagrees { value: named.to_owned(), other, file: table.file };
                Err(row.stop("fire_department", problem))
            }
        }
    });
}

/// Reads the landing sites. Rendezvous points have to be secured; pads, airports and bases are kept clear.
pub(super) fn read_sites(book: &mut Book, table: &Table, policy: &Policy, faults: &mut Faults) {
    let kinds = [
        ("rendezvous_point", SiteKind::Rendezvous),
        ("hospital_pad", SiteKind::HospitalPad),
        ("airport", SiteKind::Airport),
        ("base", SiteKind::Base),
    ];
    let states =
        [("usable", SiteState::Open), ("closed", SiteState::Closed), ("unknown", SiteState::Unknown)];
    each(table, faults, |row| {
        let slug = book.sites.id(row)?;
        let member = book.members.get(row, "member")?.member.id.clone();
        let municipality = book.municipalities.get_if(row, "municipality")?;
        let region = book.regions.get_if(row, "weather_region")?;
        let kind = row.choice("kind", &kinds)?;
        row.text("surface")?;
        row.yes("needs_watering")?;
        let telephone = match book.organisations.get_if(row, "consent")? {
            Some(organisation) => organisation.telephone.clone(),
            // The hospital's or the base's, once those are read.
            None => String::new(),
        };
        let site = Site {
            id: SiteId::new(&member, slug),
            name: row.name()?,
            kind,
            position: row.position()?,
            municipality: municipality.map_or(0, |municipality| municipality.code),
            region: region.cloned().unwrap_or_else(|| WeatherRegionId(outside())),
            mass_max_kg: row.whole("max_mass_kg", 1..=1_000_000)?,
            size_max_m: row.whole("size_m", 1..=10_000)?,
            spots: row.count("spots", 1..=1_000)?,
            fuel: row.yes("fuel")?,
            securing_s: match kind {
                SiteKind::Rendezvous => policy.scene.securing_s,
                SiteKind::HospitalPad | SiteKind::Airport | SiteKind::Base => 0,
            },
            telephone,
        };
        // Only what somebody surveyed can be called usable.
        let state = match (row.yes("surveyed")?, row.choice("state", &states)?) {
            (false, SiteState::Open) => SiteState::Unknown,
            (_, state) => state,
        };
        let confirmed_at = row.date_if("confirmed_on")?;
        book.sites.file(row, SiteEntry { origin: origin(row), site, state, confirmed_at });
        Ok(())
    });
}

/// Reads the hospitals.
///
/// Neonatal care is where both children and mothers are: the table has no word for it.
pub(super) fn read_hospitals(book: &mut Book, table: &Table, faults: &mut Faults) {
    each(table, faults, |row| {
        let slug = book.hospitals.id(row)?;
        let member = book.members.get(row, "member")?.member.id.clone();
        row.yes("core")?;
        row.choice("critical_care_center", &[("no", ()), ("yes", ()), ("advanced", ())])?;
        row.whole_if("beds", 0..=10_000)?;
        let telephone = row.text("telephone")?.to_owned();
        let region = book.municipalities.get(row, "municipality")?.region.clone();
        let roof = row.yes("roof")?;
        let pad = book.sites.get_if(row, "pad")?.map(|entry| Pad {
            mass_max_kg: entry.site.mass_max_kg,
            size_max_m: entry.site.size_max_m,
            roof,
            site: Some(entry.site.id.clone()),
        });
        let hospital = Hospital {
            id: HospitalId::new(&member, slug.clone()),
            name: row.name()?,
            organisation: Some(OrganisationId::new(&member, slug)),
            position: row.position()?,
            region,
            capabilities: hospital_capabilities(row)?,
            pad,
            telephone: telephone.clone(),
        };
        if let Some(entry) = book.sites.entry_mut(row.cell("pad"))
            && entry.site.telephone.is_empty()
        {
            entry.site.telephone = telephone;
        }
        book.hospitals.file(row, (origin(row), hospital));
        Ok(())
    });
}

fn hospital_capabilities(row: super::table::Row<'_>) -> super::fault::Checked<Capabilities> {
    let words = [
        ("emergency", Some(Capability::Physician)),
        ("critical_care", Some(Capability::Trauma)),
        ("trauma", Some(Capability::Trauma)),
        ("cardiac", Some(Capability::Cardiac)),
        ("stroke", Some(Capability::Stroke)),
        ("burns", Some(Capability::Burns)),
        ("paediatric", None),
        ("obstetric", None),
    ];
    let mut capabilities = vec![Capability::Physician];
    for word in row.list("capabilities") {
        capabilities.extend(row.choice_of("capabilities", word, &words)?);
    }
    let has = |word: &str| row.list("capabilities").any(|other| other == word);
    if has("paediatric") && has("obstetric") {
        capabilities.push(Capability::Neonatal);
    }
    Ok(capabilities.into_iter().collect())
}

/// Reads the bases: whom to ring about the site of each.
pub(super) fn read_bases(book: &mut Book, table: &Table, faults: &mut Faults) {
    let names: Registry<()> = Registry::of(table, faults);
    each(table, faults, |row| {
        names.id(row)?;
        row.name()?;
        row.yes("active")?;
        book.members.get(row, "member")?;
        book.hospitals.get(row, "hospital")?;
        book.sites.get(row, "site")?;
        let telephone = book.organisations.get(row, "organisation")?.telephone.clone();
        if let Some(entry) = book.sites.entry_mut(row.cell("site")) {
            entry.site.telephone = telephone;
        }
        Ok(())
    });
}
