//! Reading the tables of a network: every flaw is named by table, line and column, and nothing panics.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::Read;
use std::ops::{Range, RangeInclusive};
use std::str::FromStr;
use std::sync::Arc;

use csv::StringRecord;

use super::map::{RoadMap, Structure};
use super::roads::{
    Direction, EmergencyOrder, NetworkParts, RoadClass, RoadEdge, RoadNetwork, SpeedSource, Way, WayStructure,
};
use super::{FERRY_BOARDING_MS, StructureKind, UNREACHABLE_MS};
use crate::id::{IdError, Slug, StructureId};
use crate::spelling::nearest_names;
use crate::units::{Position, PositionError};

/// Lengths of a link that are believed, km: a metre to a little more than Japan's longest ferry (Nagoya to
/// Tomakomai, about 1,330 km).
const LENGTH_KM: RangeInclusive<f64> = 0.001..=1_500.0;
/// Free-flow speeds that are believed, km/h: a forest track to the highest limit in Japan (120) and a margin.
const SPEED_KMH: RangeInclusive<u16> = 5..=140;
/// Rows of a table at most: about a thousand times the trunk roads of Kansai.
const ROWS_MAX: u32 = 1 << 20;

// The slowest and longest link stays well inside the range of a travel time.
const _: () = assert!((1_500_000 / 5 * 3_600) + FERRY_BOARDING_MS < UNREACHABLE_MS);

/// The tables of a network, each as comma-separated values with a header.
#[derive(Clone, Copy, Debug)]
pub struct RoadTables<N, S, L> {
    /// Places where roads meet.
    pub nodes: N,
    /// Structures that can be closed by name.
    pub structures: S,
    /// Roads between the nodes.
    pub links: L,
}

/// One of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// Places where roads meet.
    Nodes,
    /// Structures that can be closed by name.
    Structures,
    /// Roads between the nodes.
    Links,
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Table::Nodes => "nodes",
            Table::Structures => "structures",
            Table::Links => "links",
        })
    }
}

/// A flaw in a table and where it is.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("road table {table}, line {line}, column {column}: {what}")]
pub struct NetworkFault {
    /// Which table.
    pub table: Table,
    /// Line of the text, counted from 1 (the header).
    pub line: u64,
    /// Name of the column, or `-` when the whole line is unreadable.
    pub column: &'static str,
    /// What is wrong.
    pub what: Flaw,
}

/// What can be wrong with a table. Texts out of the table are cut to 80 letters.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// Not a table at all: torn, not UTF-8, or rows of different widths.
    #[error("unreadable: {reason}")]
    Unreadable {
        /// What the reader says.
        reason: String,
    },
    /// The header lacks a column.
    #[error("the header lacks this column; add it")]
    MissingColumn,
    /// More rows than are believed.
    #[error("more than {limit} rows; split the table")]
    TooManyRows {
        /// The limit.
        limit: u32,
    },
    /// A name of a wrong form.
    #[error("{0}")]
    BadName(IdError),
    /// A name given twice.
    #[error("\"{id}\" stands on line {first_line} already; rename one")]
    Duplicate {
        /// The name.
        id: Slug,
        /// Where it stands first.
        first_line: u64,
    },
    /// A name that another table does not have.
    #[error("the table {of} has no \"{id}\"{}", suggestion(.near))]
    UnknownName {
        /// The table that should have it.
        of: Table,
        /// The name.
        id: Slug,
        /// Names most like it.
        near: Vec<Slug>,
    },
    /// A link from a node to itself.
    #[error("the link begins and ends at \"{id}\"; remove it")]
    SelfLoop {
        /// The node.
        id: Slug,
    },
    /// Not a number.
    #[error("\"{text}\" is not a {expected}")]
    NotANumber {
        /// What stands there.
        text: String,
        /// What should.
        expected: &'static str,
    },
    /// A number that is not believed.
    #[error("{text} is not within {range}")]
    OutOfRange {
        /// What stands there.
        text: String,
        /// What is believed, with its unit.
        range: String,
    },
    /// A place that is not on the Earth.
    #[error("{0}")]
    NotOnEarth(PositionError),
    /// A word of none of the kinds known.
    #[error("\"{text}\" is none of {words}")]
    UnknownWord {
        /// What stands there.
        text: String,
        /// What may.
        words: &'static str,
    },
}

fn suggestion(near: &[Slug]) -> String {
    match near {
        [] => String::new(),
        near => {
            let names: Vec<&str> = near.iter().map(Slug::as_str).collect();
            format!("; did you mean {}?", names.join(", "))
        }
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(80).collect()
}

impl RoadMap {
    /// Reads a network of trunk roads; columns are found by name and further ones are ignored.
    ///
    /// | table | columns |
    /// |---|---|
    /// | nodes | `id` (slug), `name_ja`, `name_en`, `lat`, `lon` |
    /// | structures | `id` (slug), `name_ja`, `name_en` |
    /// | links | `from`, `to`, `road_ja`, `road_en`, `class`, `length_km`, `free_flow_kmh` (whole), `structure` (kind), `structure_id` (may be empty), `oneway`; if there: `emergency_route` (none, 1st, 2nd, 3rd), `closes_in_winter`, `reserved` |
    ///
    /// Lengths are rounded to the nearest metre; the free-flow speed is that of an emergency vehicle. Links may be
    /// parallel; nodes may be cut off; a structure may have no link. A link is one edge each way, numbered in the order of
    /// the rows.
    ///
    /// # Errors
    /// [`NetworkFault`] on the first flaw.
    pub fn read<N: Read, S: Read, L: Read>(tables: RoadTables<N, S, L>) -> Result<RoadMap, NetworkFault> {
        let mut building = Building::default();
        NodeColumns::read(tables.nodes, &mut building)?;
        StructureColumns::read(tables.structures, &mut building)?;
        LinkColumns::read(tables.links, &mut building)?;
        let Building { mut parts, structures, nodes, .. } = building;
        parts.has_positions = true;
        // Straight lines: no points between the junctions.
        parts.shape_first = vec![0; parts.ways.len() + 1];
        let source = format!("tables of {} nodes and {} links", nodes.len(), parts.ways.len());
        let network = RoadNetwork::new(parts).expect("rows name only what was read before");
        let structures = structures.into_values().map(|(structure, _)| structure);
        Ok(RoadMap::of_trunk_roads(network, structures, source))
    }
}

/// A network while it is read.
#[derive(Default)]
struct Building {
    parts: NetworkParts,
    /// Each node with the line that it stands on.
    nodes: BTreeMap<Slug, (u32, u64)>,
    /// Each structure with the line that it stands on.
    structures: BTreeMap<Slug, (Structure, u64)>,
    /// Road names, each held once.
    names: BTreeSet<Arc<str>>,
}

impl Building {
    fn shared(&mut self, text: &str) -> Arc<str> {
        if let Some(known) = self.names.get(text) {
            return Arc::clone(known);
        }
        let name: Arc<str> = Arc::from(text);
        self.names.insert(Arc::clone(&name));
        name
    }
}

/// A column: its name and where it stands.
#[derive(Clone, Copy)]
struct Column {
    name: &'static str,
    index: usize,
}

/// A header, to find columns in.
struct Header {
    table: Table,
    names: StringRecord,
}

impl Header {
    fn column(&self, name: &'static str) -> Result<Column, NetworkFault> {
        match self.names.iter().position(|found| found.trim() == name) {
            Some(index) => Ok(Column { name, index }),
            None => Err(NetworkFault { table: self.table, line: 1, column: name, what: Flaw::MissingColumn }),
        }
    }

    fn column_if_there(&self, name: &'static str) -> Option<Column> {
        self.column(name).ok()
    }
}

/// One row, with what is needed to name a flaw in it.
struct Row<'a> {
    table: Table,
    line: u64,
    record: &'a StringRecord,
}

impl Row<'_> {
    fn flaw(&self, column: Column, what: Flaw) -> NetworkFault {
        NetworkFault { table: self.table, line: self.line, column: column.name, what }
    }

    fn text(&self, column: Column) -> &str {
        // The reader refuses rows narrower than the header.
        self.record.get(column.index).unwrap_or_default().trim()
    }

    fn unknown_name<'a>(
        &self,
        column: Column,
        (of, id): (Table, Slug),
        known: impl Iterator<Item = &'a Slug>,
    ) -> NetworkFault {
        let near = nearest_names(id.as_str(), known, Slug::as_str).cloned().collect();
        self.flaw(column, Flaw::UnknownName { of, id, near })
    }

    fn slug(&self, column: Column) -> Result<Slug, NetworkFault> {
        self.text(column).parse().map_err(|error| self.flaw(column, Flaw::BadName(error)))
    }

    fn number<T: FromStr>(&self, column: Column, expected: &'static str) -> Result<T, NetworkFault> {
        let text = self.text(column);
        text.parse().map_err(|_| self.flaw(column, Flaw::NotANumber { text: shortened(text), expected }))
    }

    fn within<T: FromStr + PartialOrd + fmt::Display>(
        &self,
        column: Column,
        believed: &RangeInclusive<T>,
        (expected, unit): (&'static str, &'static str),
    ) -> Result<T, NetworkFault> {
        let number = self.number(column, expected)?;
        // NaN is within no range.
        if believed.contains(&number) {
            return Ok(number);
        }
        let range = format!("{} and {} {unit}", believed.start(), believed.end());
        Err(self.flaw(column, Flaw::OutOfRange { text: shortened(self.text(column)), range }))
    }

    fn word<T>(
        &self,
        column: Column,
        words: &'static str,
        known: impl Fn(&str) -> Option<T>,
    ) -> Result<T, NetworkFault> {
        let text = self.text(column);
        known(text).ok_or_else(|| self.flaw(column, Flaw::UnknownWord { text: shortened(text), words }))
    }
}

/// Reads a header, then gives every row to `each`.
fn read_rows<C>(
    (table, input): (Table, impl Read),
    columns: impl FnOnce(&Header) -> Result<C, NetworkFault>,
    mut each: impl FnMut(&C, &Row<'_>) -> Result<(), NetworkFault>,
) -> Result<(), NetworkFault> {
    let mut reader = csv::ReaderBuilder::new().from_reader(input);
    let names = reader.headers().map_err(|error| unreadable(table, 1, &error))?.clone();
    let columns = columns(&Header { table, names })?;
    let mut record = StringRecord::new();
    let mut rows_count = 0_u32;
    loop {
        let line = reader.position().line();
        if !reader.read_record(&mut record).map_err(|error| unreadable(table, line, &error))? {
            return Ok(());
        }
        let line = record.position().map_or(line, csv::Position::line);
        rows_count += 1;
        if rows_count > ROWS_MAX {
            let what = Flaw::TooManyRows { limit: ROWS_MAX };
            return Err(NetworkFault { table, line, column: "-", what });
        }
        each(&columns, &Row { table, line, record: &record })?;
    }
}

fn unreadable(table: Table, line: u64, error: &csv::Error) -> NetworkFault {
    let line = error.position().map_or(line, csv::Position::line);
    NetworkFault {
        table,
        line,
        column: "-",
        what: Flaw::Unreadable { reason: shortened(&error.to_string()) },
    }
}

struct NodeColumns {
    id: Column,
    lat: Column,
    lon: Column,
}

impl NodeColumns {
    fn read(input: impl Read, building: &mut Building) -> Result<(), NetworkFault> {
        let columns = |header: &Header| {
            // Names are for whoever reads the table; they must be there all the same.
            let _ = (header.column("name_ja")?, header.column("name_en")?);
            Ok(NodeColumns {
                id: header.column("id")?,
                lat: header.column("lat")?,
                lon: header.column("lon")?,
            })
        };
        read_rows((Table::Nodes, input), columns, |columns, row| columns.add(row, building))
    }

    fn add(&self, row: &Row<'_>, building: &mut Building) -> Result<(), NetworkFault> {
        let id = row.slug(self.id)?;
        if let Some(&(_, first_line)) = building.nodes.get(&id) {
            return Err(row.flaw(self.id, Flaw::Duplicate { id, first_line }));
        }
        let node = building.parts.positions.len() as u32;
        building.parts.positions.push(self.position(row)?);
        building.nodes.insert(id, (node, row.line));
        Ok(())
    }

    fn position(&self, row: &Row<'_>) -> Result<Position, NetworkFault> {
        let lat: f64 = row.number(self.lat, "number of degrees")?;
        let lon: f64 = row.number(self.lon, "number of degrees")?;
        Position::from_degrees(lat, lon).map_err(|error| {
            let column = match error {
                PositionError::LongitudeOutOfRange => self.lon,
                PositionError::NotFinite if lat.is_finite() => self.lon,
                PositionError::LatitudeOutOfRange | PositionError::NotFinite => self.lat,
            };
            row.flaw(column, Flaw::NotOnEarth(error))
        })
    }
}

struct StructureColumns {
    id: Column,
    name_ja: Column,
    name_en: Column,
}

impl StructureColumns {
    fn read(input: impl Read, building: &mut Building) -> Result<(), NetworkFault> {
        let columns = |header: &Header| {
            Ok(StructureColumns {
                id: header.column("id")?,
                name_ja: header.column("name_ja")?,
                name_en: header.column("name_en")?,
            })
        };
        read_rows((Table::Structures, input), columns, |columns, row| columns.add(row, building))
    }

    fn add(&self, row: &Row<'_>, building: &mut Building) -> Result<(), NetworkFault> {
        let id = row.slug(self.id)?;
        if let Some(&(_, first_line)) = building.structures.get(&id) {
            return Err(row.flaw(self.id, Flaw::Duplicate { id, first_line }));
        }
        let structure = Structure {
            id: StructureId(id.clone()),
            // What it is its links say.
            kind: StructureKind::Mountain,
            name_ja: Arc::from(row.text(self.name_ja)),
            name_en: Arc::from(row.text(self.name_en)),
            edges: Vec::new(),
        };
        building.structures.insert(id, (structure, row.line));
        Ok(())
    }
}

struct LinkColumns {
    from: Column,
    to: Column,
    road_ja: Column,
    road_en: Column,
    class: Column,
    length_km: Column,
    free_flow_kmh: Column,
    structure: Column,
    oneway: Column,
    structure_id: Column,
    emergency_route: Option<Column>,
    closes_in_winter: Option<Column>,
    reserved: Option<Column>,
}

impl LinkColumns {
    fn read(input: impl Read, building: &mut Building) -> Result<(), NetworkFault> {
        let columns = |header: &Header| {
            Ok(LinkColumns {
                from: header.column("from")?,
                to: header.column("to")?,
                road_ja: header.column("road_ja")?,
                road_en: header.column("road_en")?,
                class: header.column("class")?,
                length_km: header.column("length_km")?,
                free_flow_kmh: header.column("free_flow_kmh")?,
                structure: header.column("structure")?,
                oneway: header.column("oneway")?,
                structure_id: header.column("structure_id")?,
                emergency_route: header.column_if_there("emergency_route"),
                closes_in_winter: header.column_if_there("closes_in_winter"),
                reserved: header.column_if_there("reserved"),
            })
        };
        read_rows((Table::Links, input), columns, |columns, row| columns.add(row, building))
    }

    fn add(&self, row: &Row<'_>, building: &mut Building) -> Result<(), NetworkFault> {
        let from = self.node(row, self.from, building)?;
        let to = self.node(row, self.to, building)?;
        if from == to {
            return Err(row.flaw(self.to, Flaw::SelfLoop { id: row.slug(self.to)? }));
        }
        let length_km = row.within(self.length_km, &LENGTH_KM, ("number of kilometres", "km"))?;
        let length_dm = libm::round(length_km * 1000.0) as u32 * 10;
        let is_one_way = self.flag(row, self.oneway)?;
        let directions: &[Direction] =
            if is_one_way { &[Direction::Forward] } else { &[Direction::Forward, Direction::Backward] };
        let first_edge = building.parts.edges.len() as u32;
        let way = self.way(row, building, first_edge..first_edge + directions.len() as u32)?;
        let number = building.parts.ways.len() as u32;
        building.parts.ways.push(way);
        for &direction in directions {
            let (tail, head) = if direction == Direction::Forward { (from, to) } else { (to, from) };
            building.parts.edges.push((tail, head, RoadEdge::new(number, direction, length_dm)));
            building.parts.shape_of_edge.push(number);
        }
        Ok(())
    }

    fn node(&self, row: &Row<'_>, column: Column, building: &Building) -> Result<u32, NetworkFault> {
        let id = row.slug(column)?;
        match building.nodes.get(&id) {
            Some(&(node, _)) => Ok(node),
            None => Err(row.unknown_name(column, (Table::Nodes, id), building.nodes.keys())),
        }
    }

    fn way(&self, row: &Row<'_>, building: &mut Building, edges: Range<u32>) -> Result<Way, NetworkFault> {
        let class = row.word(self.class, CLASS_WORDS, class)?;
        let speed_kmh: u16 =
            row.within(self.free_flow_kmh, &SPEED_KMH, ("whole number of kilometres per hour", "km/h"))?;
        let kind = row.word(self.structure, STRUCTURE_WORDS, structure_kind)?;
        let [name_ja, name_en] = self.structure(row, building, kind, edges)?;
        let structure = kind.map(|kind| WayStructure { kind, name_ja, name_en });
        let emergency_order = match self.emergency_route {
            Some(column) => row.word(column, EMERGENCY_WORDS, emergency_order)?,
            None => None,
        };
        let flag = |column: Option<Column>| column.map_or(Ok(false), |column| self.flag(row, column));
        let mut name =
            |column: Column| Some(building.shared(row.text(column))).filter(|text| !text.is_empty());
        Ok(Way {
            // At most 140.
            speed_kmh: speed_kmh as u8,
            speed_source: SpeedSource::FreeFlow,
            emergency_order,
            closes_in_winter: flag(self.closes_in_winter)?,
            is_reserved: flag(self.reserved)?,
            structure,
            name_ja: name(self.road_ja),
            name_en: name(self.road_en),
            ..Way::plain(class)
        })
    }

    /// The names of the structure that the link is part of, which gets its edges.
    fn structure(
        &self,
        row: &Row<'_>,
        building: &mut Building,
        kind: Option<StructureKind>,
        edges: Range<u32>,
    ) -> Result<[Option<Arc<str>>; 2], NetworkFault> {
        if row.text(self.structure_id).is_empty() {
            return Ok([None, None]);
        }
        let id = row.slug(self.structure_id)?;
        match building.structures.get_mut(&id) {
            Some((structure, _)) => {
                structure.kind = kind.unwrap_or(structure.kind);
                structure.edges.extend(edges);
                Ok([&structure.name_ja, &structure.name_en].map(|name| Some(Arc::clone(name))))
            }
            None => {
                Err(row.unknown_name(self.structure_id, (Table::Structures, id), building.structures.keys()))
            }
        }
    }

    fn flag(&self, row: &Row<'_>, column: Column) -> Result<bool, NetworkFault> {
        row.word(column, "true, false", |text| text.parse().ok())
    }
}

const CLASS_WORDS: &str = "expressway, urban_expressway, national, prefectural_main, connector, ferry";

fn class(word: &str) -> Option<RoadClass> {
    Some(match word {
        "expressway" | "urban_expressway" => RoadClass::Motorway,
        "national" => RoadClass::Trunk,
        "prefectural_main" => RoadClass::Primary,
        "connector" => RoadClass::Tertiary,
        "ferry" => RoadClass::Ferry,
        _ => return None,
    })
}

const EMERGENCY_WORDS: &str = "none, 1st, 2nd, 3rd";

fn emergency_order(word: &str) -> Option<Option<EmergencyOrder>> {
    Some(match word {
        "none" => None,
        "1st" => Some(EmergencyOrder::First),
        "2nd" => Some(EmergencyOrder::Second),
        "3rd" => Some(EmergencyOrder::Third),
        _ => return None,
    })
}

const STRUCTURE_WORDS: &str = "none, bridge, tunnel, mountain";

fn structure_kind(word: &str) -> Option<Option<StructureKind>> {
    Some(match word {
        "none" => None,
        "bridge" => Some(StructureKind::Bridge),
        "tunnel" => Some(StructureKind::Tunnel),
        "mountain" => Some(StructureKind::Mountain),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::fixture::{LINKS, NODES, STRUCTURES, read, structure};
    use crate::network::roads::Profile;

    /// The fixture with one text exchanged in one of the tables.
    fn fault(table: Table, find: &str, put: &str) -> NetworkFault {
        let exchange = |text: &str, of: Table| {
            if of == table {
                assert!(text.contains(find), "{find}");
                text.replacen(find, put, 1)
            } else {
                text.to_owned()
            }
        };
        let (nodes, links) = (exchange(NODES, Table::Nodes), exchange(LINKS, Table::Links));
        read(&nodes, &exchange(STRUCTURES, Table::Structures), &links).expect_err(put)
    }

    #[test]
    fn every_flaw_is_named_by_table_line_and_column() {
        use Table::{Links, Nodes, Structures};
        let cases = [
            (Nodes, "lat,", "latitude,", "nodes, line 1, column lat: the header lacks this column; add it"),
            (
                Links,
                "structure_id",
                "x",
                "links, line 1, column structure_id: the header lacks this column; add it",
            ),
            (Nodes, "34.172", "north", "nodes, line 2, column lat: \"north\" is not a number of degrees"),
            (Nodes, "34.172", "NaN", "nodes, line 2, column lat: coordinates must be finite numbers"),
            (Nodes, "134.609", "inf", "nodes, line 2, column lon: coordinates must be finite numbers"),
            (
                Nodes,
                "134.609",
                "1e9",
                "nodes, line 2, column lon: longitude must lie within -180 and 180 degrees",
            ),
            (
                Nodes,
                "naruto-kita",
                "naruto",
                "nodes, line 3, column id: \"naruto\" stands on line 2 already; rename one",
            ),
            (
                Links,
                "naruto-kita,fukura",
                "naruto-kta,fukura",
                "links, line 3, column from: the table nodes has no \"naruto-kta\"; did you mean naruto-kita?",
            ),
            (
                Links,
                "naruto,naruto-kita",
                "naruto,naruto",
                "links, line 2, column to: the link begins and ends at \"naruto\"; remove it",
            ),
            (Links, ",6.0,", ",0,", "links, line 2, column length_km: 0 is not within 0.001 and 1500 km"),
            (Links, ",6.0,", ",-6,", "links, line 2, column length_km: -6 is not within 0.001 and 1500 km"),
            (Links, ",6.0,", ",NaN,", "links, line 2, column length_km: NaN is not within 0.001 and 1500 km"),
            (
                Links,
                ",6.0,",
                ",six,",
                "links, line 2, column length_km: \"six\" is not a number of kilometres",
            ),
            (Links, ",60,", ",900,", "links, line 2, column free_flow_kmh: 900 is not within 5 and 140 km/h"),
            (Links, ",60,", ",0,", "links, line 2, column free_flow_kmh: 0 is not within 5 and 140 km/h"),
            (
                Links,
                ",60,",
                ",6e1,",
                "links, line 2, column free_flow_kmh: \"6e1\" is not a whole number of kilometres per hour",
            ),
            (
                Links,
                "national",
                "goat track",
                "links, line 2, column class: \"goat track\" is none of expressway, urban_expressway, national, prefectural_main, connector, ferry",
            ),
            (
                Links,
                ",bridge,",
                ",fjord,",
                "links, line 3, column structure: \"fjord\" is none of none, bridge, tunnel, mountain",
            ),
            (
                Structures,
                "name_en",
                "english",
                "structures, line 1, column name_en: the header lacks this column; add it",
            ),
            (
                Structures,
                "sumoto-tunnel",
                "onaruto-bridge",
                "structures, line 3, column id: \"onaruto-bridge\" stands on line 2 already; rename one",
            ),
            (
                Links,
                ",onaruto-bridge",
                ",onaruto",
                "links, line 3, column structure_id: the table structures has no \"onaruto\"",
            ),
            (
                Links,
                ",onaruto-bridge",
                ",naruto-bridge",
                "links, line 3, column structure_id: the table structures has no \"naruto-bridge\"; did you mean onaruto-bridge?",
            ),
            (Links, ",false,", ",maybe,", "links, line 2, column oneway: \"maybe\" is none of true, false"),
            (
                Links,
                "onaruto-bridge",
                "Onaruto",
                "links, line 3, column structure_id: \"Onaruto\" is not a name segment; use 1 to 63 of a-z, 0-9 and hyphen, not at either end",
            ),
        ];
        for (table, find, put, expected) in cases {
            assert_eq!(fault(table, find, put).to_string(), format!("road table {expected}"));
        }
    }

    #[test]
    fn a_torn_table_is_an_error_and_never_a_panic() {
        let narrow = fault(Table::Links, "naruto,naruto-kita,", "naruto-kita,");
        assert!(matches!(narrow.what, Flaw::Unreadable { .. }), "{narrow}");
        assert_eq!((narrow.line, narrow.column), (2, "-"));
        let binary: &[u8] = &[b'i', b'd', b'\n', 0xff, 0xfe, b'\n'];
        for nodes in [binary, b"", b"\n\n\n", b"id", b"\"", b"id,name_ja,name_en,lat,lon\n\xff,a,b,1,2\n"] {
            let [structures, links] = [STRUCTURES, LINKS].map(str::as_bytes);
            assert!(RoadMap::read(RoadTables { nodes, structures, links }).is_err());
        }
        for cut in 0..LINKS.len() {
            let [nodes, structures] = [NODES, STRUCTURES].map(str::as_bytes);
            let _ = RoadMap::read(RoadTables { nodes, structures, links: &LINKS.as_bytes()[..cut] });
        }
    }

    #[test]
    fn a_huge_cell_is_cut_before_it_is_shown() {
        let long = fault(Table::Links, ",6.0,", &format!(",{},", "9".repeat(100_000)));
        assert!(long.to_string().len() < 300, "{}", long.to_string().len());
        let long = fault(Table::Nodes, "naruto-kita", &"x".repeat(100_000));
        assert!(long.to_string().len() < 300);
    }

    #[test]
    fn a_byte_order_mark_and_foreign_columns_do_no_harm() {
        let nodes = format!("\u{feff}{NODES}");
        assert!(read(&nodes, STRUCTURES, LINKS).is_ok());
    }

    #[test]
    fn a_weight_is_length_over_speed_rounded_up_and_a_ferry_waits_for_boarding() {
        let links = LINKS.replacen(",ferry,60.0,30,", ",ferry,62.0,29,", 1);
        let map = read(NODES, STRUCTURES, &links).unwrap();
        let weights_ms = map.network().weights_ms(Profile::Ambulance);
        let of_class = |class: RoadClass| {
            let edges = 0..map.flat().edges_count();
            edges.filter(|&edge| map.network().way_of(edge).class == class).collect::<Vec<u32>>()
        };
        // 62 km at 29 km/h = 7,696,551.7 ms, either way.
        let ferry: Vec<_> =
            of_class(RoadClass::Ferry).iter().map(|&edge| weights_ms[edge as usize]).collect();
        assert_eq!(ferry, [7_696_552 + 2_700_000; 2]);
        // The bridge: 12 km at 75 km/h.
        let bridge = &map.structure(&structure("onaruto-bridge")).unwrap().edges;
        assert_eq!(bridge.iter().map(|&edge| weights_ms[edge as usize]).collect::<Vec<_>>(), [576_000; 2]);
    }

    #[test]
    fn what_the_tables_say_of_a_road_is_a_fact_of_the_network() {
        let header = LINKS.lines().next().unwrap();
        let mut links = format!("{header},emergency_route,closes_in_winter,reserved\n");
        for (row, line) in LINKS.lines().skip(1).enumerate() {
            links += &format!("{line},{},{},{}\n", ["1st", "none", "3rd"][row % 3], row == 1, row == 0);
        }
        let map = read(NODES, STRUCTURES, &links).unwrap();
        let ways = map.network().ways();
        assert_eq!(ways[0].emergency_order, Some(EmergencyOrder::First));
        assert_eq!((ways[1].emergency_order, ways[1].closes_in_winter), (None, true));
        assert!(ways[0].is_reserved && !ways[1].is_reserved);
        let weights_ms = map.network().weights_ms(Profile::Ambulance);
        assert_eq!(weights_ms[..2], [UNREACHABLE_MS; 2], "reserved, not opened");
        let wrong = links.replacen(",1st,", ",4th,", 1);
        let refused = read(NODES, STRUCTURES, &wrong).unwrap_err().to_string();
        assert_eq!(
            refused,
            "road table links, line 2, column emergency_route: \"4th\" is none of none, 1st, 2nd, 3rd"
        );
    }

    #[test]
    fn a_one_way_link_is_passed_one_way() {
        let links = LINKS.replacen(",false,", ",true,", 1);
        let one_way = read(NODES, STRUCTURES, &links).unwrap();
        let two_way = read(NODES, STRUCTURES, LINKS).unwrap();
        assert_eq!(one_way.flat().edges_count() + 1, two_way.flat().edges_count());
        assert_eq!(one_way.network().ways().len(), two_way.network().ways().len());
    }
}
