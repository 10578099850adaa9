//! Reading the tables of a network: every flaw is named by table, line and column, and nothing panics.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::Read;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::sync::Arc;

use csv::StringRecord;
use petgraph::graph::{DiGraph, NodeIndex};

use super::closures::near_names;
use super::graph::{
    FERRY_BOARDING_MS, LinkClass, LinkId, Millis, RoadGraph, RoadLink, RoadNode, Structure, StructureKind,
    UNREACHABLE_MS,
};
use crate::id::{IdError, Slug, StructureId};
use crate::units::{Metres, Position, PositionError};

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

impl RoadGraph {
    /// Reads a network; columns are found by name and further ones are ignored.
    ///
    /// | table | columns |
    /// |---|---|
    /// | nodes | `id` (slug), `name_ja`, `name_en`, `lat`, `lon` |
    /// | structures | `id` (slug), `name_ja`, `name_en` |
    /// | links | `from`, `to`, `road_ja`, `road_en`, `class`, `length_km`, `free_flow_kmh` (whole), `structure` (kind), `structure_id` (may be empty), `oneway` |
    ///
    /// Lengths are rounded to the nearest metre. Links may be parallel; nodes may be cut off; a structure may
    /// have no link.
    ///
    /// # Errors
    /// [`NetworkFault`] on the first flaw.
    pub fn read<N: Read, S: Read, L: Read>(tables: RoadTables<N, S, L>) -> Result<RoadGraph, NetworkFault> {
        let mut building = Building::default();
        NodeColumns::read(tables.nodes, &mut building)?;
        StructureColumns::read(tables.structures, &mut building)?;
        LinkColumns::read(tables.links, &mut building)?;
        let structures = building.structures.into_values().map(|(structure, _)| structure);
        Ok(RoadGraph::new(building.graph, structures))
    }
}

/// A network while it is read.
#[derive(Default)]
struct Building {
    graph: DiGraph<RoadNode, RoadLink>,
    /// Each node with the line that it stands on.
    nodes: BTreeMap<Slug, (NodeIndex, u64)>,
    /// Each structure with the line that it stands on.
    structures: BTreeMap<Slug, (Structure, u64)>,
    links_count: u32,
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
        let near = near_names(id.as_str(), known, Slug::as_str).cloned().collect();
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
    name_ja: Column,
    name_en: Column,
    lat: Column,
    lon: Column,
}

impl NodeColumns {
    fn read(input: impl Read, building: &mut Building) -> Result<(), NetworkFault> {
        let columns = |header: &Header| {
            Ok(NodeColumns {
                id: header.column("id")?,
                name_ja: header.column("name_ja")?,
                name_en: header.column("name_en")?,
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
        let node = RoadNode {
            id: id.clone(),
            name_ja: Arc::from(row.text(self.name_ja)),
            name_en: Arc::from(row.text(self.name_en)),
            position: self.position(row)?,
        };
        let index = building.graph.add_node(node);
        building.nodes.insert(id, (index, row.line));
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
            name_ja: Arc::from(row.text(self.name_ja)),
            name_en: Arc::from(row.text(self.name_en)),
            links: Vec::new(),
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
        let link = self.link(row, building)?;
        building.links_count += 1;
        if self.oneway(row)? {
            building.graph.add_edge(from, to, link);
        } else {
            building.graph.add_edge(from, to, link.clone());
            building.graph.add_edge(to, from, link);
        }
        Ok(())
    }

    fn node(&self, row: &Row<'_>, column: Column, building: &Building) -> Result<NodeIndex, NetworkFault> {
        let id = row.slug(column)?;
        match building.nodes.get(&id) {
            Some(&(node, _)) => Ok(node),
            None => Err(row.unknown_name(column, (Table::Nodes, id), building.nodes.keys())),
        }
    }

    fn link(&self, row: &Row<'_>, building: &mut Building) -> Result<RoadLink, NetworkFault> {
        let class = row.word(self.class, CLASS_WORDS, class)?;
        let length_km = row.within(self.length_km, &LENGTH_KM, ("number of kilometres", "km"))?;
        let length_m = libm::round(length_km * 1000.0) as Metres;
        let free_flow_kmh =
            row.within(self.free_flow_kmh, &SPEED_KMH, ("whole number of kilometres per hour", "km/h"))?;
        Ok(RoadLink {
            id: LinkId(building.links_count),
            class,
            length_m,
            free_flow_kmh,
            travel_ms: travel_ms(class, length_m, free_flow_kmh),
            structure_kind: row.word(self.structure, STRUCTURE_WORDS, structure_kind)?,
            structure: self.structure(row, building)?,
            road_ja: building.shared(row.text(self.road_ja)),
            road_en: building.shared(row.text(self.road_en)),
        })
    }

    fn structure(&self, row: &Row<'_>, building: &mut Building) -> Result<Option<StructureId>, NetworkFault> {
        if row.text(self.structure_id).is_empty() {
            return Ok(None);
        }
        let id = row.slug(self.structure_id)?;
        match building.structures.get_mut(&id) {
            Some((structure, _)) => {
                structure.links.push(LinkId(building.links_count));
                Ok(Some(structure.id.clone()))
            }
            None => {
                Err(row.unknown_name(self.structure_id, (Table::Structures, id), building.structures.keys()))
            }
        }
    }

    fn oneway(&self, row: &Row<'_>) -> Result<bool, NetworkFault> {
        row.word(self.oneway, "true, false", |text| text.parse().ok())
    }
}

/// Length over speed, rounded up, and boarding.
fn travel_ms(class: LinkClass, length_m: Metres, free_flow_kmh: u16) -> Millis {
    // 1 m at 1 km/h takes 3.6 s; the limits of the table keep the product in range.
    let driving_ms = (u64::from(length_m) * 3_600).div_ceil(u64::from(free_flow_kmh));
    let boarding_ms = if class == LinkClass::Ferry { FERRY_BOARDING_MS } else { 0 };
    u32::try_from(driving_ms).map_or(UNREACHABLE_MS, |ms| ms.max(1) + boarding_ms)
}

const CLASS_WORDS: &str = "expressway, urban_expressway, national, prefectural_main, connector, ferry";

fn class(word: &str) -> Option<LinkClass> {
    Some(match word {
        "expressway" => LinkClass::Expressway,
        "urban_expressway" => LinkClass::UrbanExpressway,
        "national" => LinkClass::National,
        "prefectural_main" => LinkClass::PrefecturalMain,
        "connector" => LinkClass::Connector,
        "ferry" => LinkClass::Ferry,
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
    use crate::network::fixture::{LINKS, NODES, STRUCTURES, read};

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
            assert!(RoadGraph::read(RoadTables { nodes, structures, links }).is_err());
        }
        for cut in 0..LINKS.len() {
            let [nodes, structures] = [NODES, STRUCTURES].map(str::as_bytes);
            let _ = RoadGraph::read(RoadTables { nodes, structures, links: &LINKS.as_bytes()[..cut] });
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
        // 7.1 km at 75 km/h = 340.8 s; 62 km at 29 km/h = 7,696,551.7 ms.
        assert_eq!(travel_ms(LinkClass::Expressway, 7_100, 75), 340_800);
        assert_eq!(travel_ms(LinkClass::Ferry, 62_000, 29), 7_696_552 + 2_700_000);
        assert_eq!(travel_ms(LinkClass::National, 1, 140), 26);
    }

    #[test]
    fn a_one_way_link_is_passed_one_way() {
        let links = LINKS.replacen(",false,", ",true,", 1);
        let graph = read(NODES, STRUCTURES, &links).unwrap();
        let two_way = read(NODES, STRUCTURES, LINKS).unwrap();
        assert_eq!(graph.graph().edge_count() + 1, two_way.graph().edge_count());
        assert_eq!(graph.links_count(), two_way.links_count());
    }
}
