//! Everything that the tables say, with every name resolved.

use super::fault::{Checked, Faults, Problem, Stop};
use super::goods::Goods;
use super::settings::Settings;
use super::table::{Row, Table, Tables};
use super::{Origin, Structure, fleet, orders, places};
use crate::decision::model::{
    Agreement, Area, Asset, Hospital, Member, MemberKind, Name, Organisation, OrganisationKind, Outage, Site,
    SiteState,
};
use crate::id::{AssetId, FieldId, MemberId, OrganisationId, Slug, WeatherRegionId};
use crate::network::air::Region;
use crate::spelling::nearest;
use crate::units::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// The block and the weather region of what lies outside the union.
pub(super) const OUTSIDE: &str = "outside";

/// What a table holds, by its `id`.
pub(super) struct Registry<T> {
    file: &'static str,
    /// Every name of the table; a row with a fault of its own has a name but no entry.
    names: BTreeMap<String, u32>,
    entries: BTreeMap<String, T>,
}

/// Everything that the tables say.
pub(super) struct Book {
    pub(super) regions: Registry<WeatherRegionId>,
    pub(super) borders: Vec<Region>,
    pub(super) members: Registry<MemberEntry>,
    pub(super) organisations: Registry<OrganisationEntry>,
    pub(super) municipalities: Registry<Municipality>,
    pub(super) fire_departments: Registry<FireDepartment>,
    pub(super) sites: Registry<SiteEntry>,
    pub(super) hospitals: Registry<(Origin, Hospital)>,
    pub(super) helicopters: Registry<(Origin, Asset)>,
    /// Doctor cars and ambulance starts.
    pub(super) cars: Vec<(Origin, Asset)>,
    /// Codes of the municipalities that the doctor cars of a hospital serve.
    pub(super) served_by_cars: BTreeMap<OrganisationId, BTreeSet<u32>>,
    pub(super) outages: Vec<(Origin, AssetId, Outage)>,
    pub(super) agreements: Vec<(Origin, Agreement)>,
    pub(super) areas: Vec<(Origin, Area)>,
    pub(super) goods: Option<Goods>,
    pub(super) scouts: Vec<super::Scout>,
    pub(super) structures: BTreeMap<String, Structure>,
    /// Under which members each operator without one is registered.
    pub(super) operators: BTreeSet<(String, MemberId)>,
}

/// A member and the fields that it is the office of.
pub(super) struct MemberEntry {
    pub(super) origin: Origin,
    pub(super) member: Member,
    pub(super) offices: Vec<FieldId>,
}

/// An organisation; only an operator may be without a member.
pub(super) struct OrganisationEntry {
    pub(super) origin: Origin,
    pub(super) slug: Slug,
    pub(super) member: Option<MemberId>,
    pub(super) name: Name,
    pub(super) kind: OrganisationKind,
    pub(super) telephone: String,
    /// JIS codes, for a fire department.
    pub(super) municipalities: Vec<u32>,
}

/// A municipality as other tables need it.
pub(super) struct Municipality {
    pub(super) code: u32,
    pub(super) region: WeatherRegionId,
    pub(super) prefecture: MemberId,
    /// The designated city itself, or the prefecture.
    pub(super) member: MemberId,
    /// As others are told of it.
    pub(super) known: super::Municipality,
}

/// A fire department as other tables need it.
pub(super) struct FireDepartment {
    pub(super) organisation: OrganisationId,
    pub(super) position: crate::units::Position,
    /// Ids of the municipalities that it serves.
    pub(super) municipalities: Vec<String>,
}

/// A landing site and what is said of it at the start.
pub(super) struct SiteEntry {
    pub(super) origin: Origin,
    pub(super) site: Site,
    pub(super) state: SiteState,
    pub(super) confirmed_at: Option<Timestamp>,
}

impl<T> Registry<T> {
    /// Takes the names of `table`, and names those that stand there twice.
    pub(super) fn of(table: &Table, faults: &mut Faults) -> Registry<T> {
        let mut names: BTreeMap<String, u32> = BTreeMap::new();
        for row in table.rows() {
            let kept = row.slug("id").and_then(|id| match names.get(id.as_str()) {
                Some(first_line) => Err(row.stop("id", duplicate(id.as_str(), *first_line))),
                None => Ok(id),
            });
            if let Some(id) = faults.keep(kept) {
                names.insert(id.to_string(), row.line());
            }
        }
        Registry { file: table.file, names, entries: BTreeMap::new() }
    }

    /// The name of `row`; nothing when it was found wrong already.
    pub(super) fn id(&self, row: Row<'_>) -> Checked<Slug> {
        let name = row.cell("id");
        let own = self.names.get(name).is_some_and(|line| *line == row.line());
        name.parse().ok().filter(|_| own).ok_or(Stop::Cascade)
    }

    /// Files `entry` under the id of `row`.
    pub(super) fn file(&mut self, row: Row<'_>, entry: T) {
        self.entries.insert(row.cell("id").to_owned(), entry);
    }

    /// The entry called `name`, as a cell names it.
    pub(super) fn resolve(&self, row: Row<'_>, column: &'static str, name: &str) -> Checked<&T> {
        if let Some(entry) = self.entries.get(name) {
            return Ok(entry);
        }
        if self.names.contains_key(name) {
            return Err(Stop::Cascade);
        }
        let nearest = nearest(name, self.names.keys().map(String::as_str));
        Err(row.stop(column, Problem::Unresolved { value: Problem::shown(name), file: self.file, nearest }))
    }

    /// The entry that a cell names.
    pub(super) fn get(&self, row: Row<'_>, column: &'static str) -> Checked<&T> {
        self.resolve(row, column, row.text(column)?)
    }

    /// The entry that a cell names, if it is not empty.
    pub(super) fn get_if(&self, row: Row<'_>, column: &'static str) -> Checked<Option<&T>> {
        if row.cell(column).is_empty() { Ok(None) } else { self.get(row, column).map(Some) }
    }

    pub(super) fn entry(&self, name: &str) -> Option<&T> {
        self.entries.get(name)
    }

    pub(super) fn entry_mut(&mut self, name: &str) -> Option<&mut T> {
        self.entries.get_mut(name)
    }

    /// The entries, by name.
    pub(super) fn values(&self) -> impl Iterator<Item = &T> {
        self.entries.values()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&String, &T)> {
        self.entries.iter()
    }
}

/// Something that stands in `first_line` already.
pub(super) fn duplicate(value: &str, first_line: u32) -> Problem {
    Problem::Duplicate { value: Problem::shown(value), first_line }
}

/// Where a row stands.
pub(super) fn origin(row: Row<'_>) -> Origin {
    Origin { file: row.file(), line: row.line() }
}

/// Reads every row of `table` with `read`, keeping its faults.
pub(super) fn each<'t>(table: &'t Table, faults: &mut Faults, mut read: impl FnMut(Row<'t>) -> Checked<()>) {
    for row in table.rows() {
        faults.keep(row.sourced().and_then(|()| read(row)));
    }
}

impl Book {
    /// Reads all tables, those that are named before those that name them.
    pub(super) fn read(tables: &Tables, settings: &Settings, faults: &mut Faults) -> Book {
        let mut book = Book {
            regions: Registry::of(&tables.weather_regions, faults),
            borders: Vec::new(),
            members: Registry::of(&tables.members, faults),
            organisations: Registry::of(&tables.organisations, faults),
            municipalities: Registry::of(&tables.municipalities, faults),
            fire_departments: Registry::of(&tables.fire_departments, faults),
            sites: Registry::of(&tables.sites, faults),
            hospitals: Registry::of(&tables.hospitals, faults),
            helicopters: Registry::of(&tables.helicopters, faults),
            cars: Vec::new(),
            served_by_cars: BTreeMap::new(),
            outages: Vec::new(),
            agreements: Vec::new(),
            areas: Vec::new(),
            goods: None,
            scouts: Vec::new(),
            structures: BTreeMap::new(),
            operators: BTreeSet::new(),
        };
        book.read_regions(&tables.weather_regions, faults);
        places::read_borders(&mut book, &tables.weather_region_borders, faults);
        book.read_members(&tables.members, faults);
        let nodes = places::read_roads(&mut book, tables, faults);
        book.read_organisations(&tables.organisations, faults);
        places::read_municipalities(&mut book, &tables.municipalities, &nodes, faults);
        places::read_fire_departments(&mut book, tables, faults);
        places::read_sites(&mut book, &tables.sites, &settings.policy, faults);
        places::read_hospitals(&mut book, &tables.hospitals, faults);
        places::read_bases(&mut book, &tables.bases, faults);
        fleet::read_helicopters(&mut book, &tables.helicopters, &settings.policy, faults);
        fleet::read_doctor_cars(&mut book, &tables.doctor_cars, &settings.policy, faults);
        fleet::read_ambulance_starts(&mut book, &tables.ambulance_starts, &nodes, &settings.policy, faults);
        fleet::read_outages(&mut book, &tables.outages, faults);
        orders::read_demand(&mut book, tables, faults);
        orders::read_agreements(&mut book, tables, faults);
        book.goods = Some(Goods::read(&book, tables, &nodes, faults));
        book.scouts = super::scouts::read(&book, &tables.pairs, faults);
        book
    }

    fn read_regions(&mut self, table: &Table, faults: &mut Faults) {
        each(table, faults, |row| {
            let region = WeatherRegionId(self.regions.id(row)?);
            row.name()?;
            self.regions.file(row, region);
            Ok(())
        });
    }

    fn read_members(&mut self, table: &Table, faults: &mut Faults) {
        each(table, faults, |row| {
            let kinds = [
                ("prefecture", MemberKind::Prefecture),
                ("city", MemberKind::City),
                ("linked", MemberKind::Linked),
                ("neighbour", MemberKind::Linked),
                ("national", MemberKind::Linked),
            ];
            let id = MemberId(self.members.id(row)?);
            row.date_if("joined")?;
            row.choice("joined_precision", &[("day", ()), ("month", ()), ("", ())])?;
            let member = Member {
                id,
                name: row.name()?,
                kind: row.choice("kind", &kinds)?,
                joined_date: row.cell("joined").to_owned(),
                fields: fields(row, "fields")?,
                // Its headquarters' number, once the organisations are read.
                telephone: String::new(),
            };
            let offices = fields(row, "office_of")?;
            self.members.file(row, MemberEntry { origin: origin(row), member, offices });
            Ok(())
        });
    }

    fn read_organisations(&mut self, table: &Table, faults: &mut Faults) {
        each(table, faults, |row| {
            let kinds = [
                ("communication_room", OrganisationKind::Base),
                ("air_unit", OrganisationKind::Base),
                ("headquarters", OrganisationKind::Headquarters),
                ("police", OrganisationKind::Agency),
                ("state_agency", OrganisationKind::Agency),
                ("operator", OrganisationKind::Operator),
                ("fire_department", OrganisationKind::FireDepartment),
            ];
            let slug = self.organisations.id(row)?;
            let kind = row.choice("kind", &kinds)?;
            let member = match kind {
                OrganisationKind::Operator => self.members.get_if(row, "member")?,
                _ => Some(self.members.get(row, "member")?),
            };
            let member = member.map(|entry| entry.member.id.clone());
            let telephone = row.text("telephone")?.to_owned();
            if let (OrganisationKind::Headquarters, Some(id)) = (kind, &member)
                && let Some(entry) = self.members.entry_mut(id.slug())
            {
                entry.member.telephone.clone_from(&telephone);
            }
            let entry = OrganisationEntry {
                origin: origin(row),
                slug,
                member,
                name: row.name()?,
                kind,
                telephone,
                municipalities: Vec::new(),
            };
            self.organisations.file(row, entry);
            Ok(())
        });
    }

    /// The block that the assets and areas of `member` count in: its prefecture, or the one that a city lies in.
    pub(super) fn block(&self, member: &MemberId) -> Slug {
        let kind = self.members.entry(member.slug()).map(|entry| entry.member.kind);
        let city = || self.municipalities.values().find(|of| of.member == *member).map(|of| &of.prefecture);
        let prefecture = match kind {
            Some(MemberKind::Prefecture) => Some(member),
            Some(MemberKind::City) => city(),
            Some(MemberKind::Linked) | None => None,
        };
        prefecture.and_then(|prefecture| prefecture.slug().parse().ok()).unwrap_or_else(outside)
    }
}

impl OrganisationEntry {
    /// Its name; one without a member of its own goes under `member`.
    pub(super) fn id(&self, member: &MemberId) -> OrganisationId {
        OrganisationId::new(self.member.as_ref().unwrap_or(member), self.slug.clone())
    }

    /// What is registered under `id`.
    pub(super) fn organisation(&self, id: OrganisationId) -> Organisation {
        Organisation {
            id,
            name: self.name.clone(),
            kind: self.kind,
            telephone: self.telephone.clone(),
            municipalities: self.municipalities.clone(),
        }
    }
}

/// [`OUTSIDE`] as a name.
pub(super) fn outside() -> Slug {
    OUTSIDE.parse().expect("seven letters are a slug")
}

fn fields(row: Row<'_>, column: &'static str) -> Checked<Vec<FieldId>> {
    let field = |word: &str| {
        let slug = word.parse().map_err(|_| row.not(column, word, super::fault::Allowed::Slug))?;
        Ok(FieldId(slug))
    };
    row.list(column).map(field).collect()
}
