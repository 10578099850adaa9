//! A network in one file: what an import made, the order of its nodes with it, so that opening it computes little.
//!
//! ```text
//! "YUIROADS"  version u32  sections in the order of `NetworkFile::write`  SHA-256 of everything before
//! ```
//!
//! Numbers are little-endian; lists begin with how many there are (u64). The file is read once, from its beginning to its
//! end; the checksum is compared before anything is believed, and no list is believed to be longer than what is left of
//! the file. The arcs of the hierarchy are not in it: whoever opens it contracts again in the stored order, so that the layout
//! of arcs may change without a new version.
//!
//! Pure: `impl Read` and `impl Write`; whoever opens files stands elsewhere.

use super::hierarchy::OrderFault;
use super::roads::{
    Access, Direction, EmergencyOrder, NetworkParts, PartsFault, RoadClass, RoadEdge, RoadNetwork, Sailing,
    SpeedSource, Way, WayStructure,
};
use super::{StructureKind, UNREACHABLE_MS};
use crate::units::Position;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::sync::Arc;

const MAGIC: &[u8; 8] = b"YUIROADS";
/// Raised whenever a section changes; files of other versions are imported anew.
const VERSION: u32 = 2;
const CHECKSUM_BYTES: usize = 32;

const HAS_POSITIONS: u32 = 1;
const HAS_STATED_TIMES: u32 = 2;
/// Of a way.
const CLOSES_IN_WINTER: u8 = 1;
/// Of a way.
const IS_RESERVED: u8 = 2;

/// A network and the order of its nodes.
#[derive(Clone, Debug)]
pub struct NetworkFile {
    /// The roads.
    pub network: RoadNetwork,
    /// All its nodes, the first to contract first.
    pub order: Vec<u32>,
    /// What it was made of, in words.
    pub source: String,
}

/// Why a file is no network.
#[derive(Debug, thiserror::Error)]
pub enum FileFault {
    /// It could not be read.
    #[error("reading failed")]
    Read(#[from] io::Error),
    /// It is something else.
    #[error("this is no network file: make one with yui network import")]
    NotANetwork,
    /// It was written by another version of this program.
    #[error("the file has format {found}, this program reads {VERSION}: import it anew")]
    Version {
        /// Which.
        found: u32,
    },
    /// It is not as it was written.
    #[error("the checksum does not match: the file was cut off or changed; import it anew")]
    Checksum,
    /// It ends where more should be.
    #[error("the file ends at byte {offset}, in {what}")]
    Truncated {
        /// Where.
        offset: usize,
        /// In the middle of what.
        what: &'static str,
    },
    /// A value that nothing can have.
    #[error("byte {offset}: {what} has a value that it cannot have")]
    Value {
        /// Where.
        offset: usize,
        /// What.
        what: &'static str,
    },
    /// The parts contradict each other.
    #[error(transparent)]
    Parts(#[from] PartsFault),
    /// The order is none of the network.
    #[error(transparent)]
    Order(#[from] OrderFault),
}

impl NetworkFile {
    /// Writes the file; equal networks give equal bytes.
    ///
    /// # Errors
    /// Those of `write`.
    pub fn write(&self, write: impl Write) -> io::Result<()> {
        let mut to = Writer { write, hash: Sha256::new() };
        let network = &self.network;
        to.bytes(MAGIC)?;
        to.u32(VERSION)?;
        let positions = if network.has_positions() { HAS_POSITIONS } else { 0 };
        let times = if network.stated_ms().is_some() { HAS_STATED_TIMES } else { 0 };
        to.u32(positions | times)?;
        to.text(&self.source)?;
        let junctions: Vec<Position> =
            network.graph().node_weights().map(|junction| junction.position).collect();
        to.positions(&junctions)?;
        let (shape_of_edge, shape_first, shape_points) = network.shapes();
        to.count(network.graph().edge_count())?;
        for (edge, shape) in network.graph().raw_edges().iter().zip(shape_of_edge) {
            let piece = edge.weight;
            let direction = u32::from(piece.direction() == Direction::Backward);
            let ends = [edge.source().index() as u32, edge.target().index() as u32];
            to.all(&[ends[0], ends[1], piece.way() << 1 | direction, piece.length_dm, *shape])?;
        }
        to.list(shape_first)?;
        to.positions(shape_points)?;
        let texts = Texts::of(network.ways());
        to.count(texts.in_order.len())?;
        for text in &texts.in_order {
            to.text(text)?;
        }
        to.count(network.ways().len())?;
        for way in network.ways() {
            to.way(way, &texts)?;
        }
        if let Some(stated_ms) = network.stated_ms() {
            to.list(stated_ms)?;
        }
        to.list(&self.order)?;
        let checksum = to.hash.finalize();
        to.write.write_all(&checksum)?;
        to.write.flush()
    }

    /// Reads a file from its beginning to its end.
    ///
    /// # Errors
    /// [`FileFault`] with the byte.
    ///
    /// # Complexity
    /// O(bytes) in time and memory, however much the file claims to hold.
    pub fn read(mut read: impl Read) -> Result<NetworkFile, FileFault> {
        let mut bytes = Vec::new();
        read.read_to_end(&mut bytes)?;
        let begin = MAGIC.len() + size_of::<u32>();
        if !bytes.starts_with(MAGIC) || bytes.len() < begin + CHECKSUM_BYTES {
            return Err(if bytes.starts_with(MAGIC) { FileFault::Checksum } else { FileFault::NotANetwork });
        }
        let (body, checksum) = bytes.split_at(bytes.len() - CHECKSUM_BYTES);
        let mut from = Reader { bytes: body, at: MAGIC.len() };
        let version = from.u32("the version")?;
        if version != VERSION {
            return Err(FileFault::Version { found: version });
        }
        if Sha256::digest(body)[..] != *checksum {
            return Err(FileFault::Checksum);
        }
        from.file()
    }
}

/// The texts of all ways, each once.
struct Texts {
    in_order: Vec<Arc<str>>,
    /// Counted from 1; 0 stands for none.
    numbers: BTreeMap<Arc<str>, u32>,
}

impl Texts {
    fn of(ways: &[Way]) -> Texts {
        let mut texts = Texts { in_order: Vec::new(), numbers: BTreeMap::new() };
        for text in ways.iter().flat_map(texts_of).flatten() {
            if !texts.numbers.contains_key(text) {
                texts.in_order.push(Arc::clone(text));
                texts.numbers.insert(Arc::clone(text), texts.in_order.len() as u32);
            }
        }
        texts
    }

    fn number(&self, text: Option<&Arc<str>>) -> u32 {
        text.and_then(|text| self.numbers.get(text)).copied().unwrap_or(0)
    }
}

fn texts_of(way: &Way) -> [Option<&Arc<str>>; 5] {
    let structure = way.structure.as_ref();
    [
        way.name_ja.as_ref(),
        way.name_en.as_ref(),
        way.route_ref.as_ref(),
        structure.and_then(|structure| structure.name_ja.as_ref()),
        structure.and_then(|structure| structure.name_en.as_ref()),
    ]
}

/// Kinds of structures by number; 0 stands for none.
const STRUCTURES: [StructureKind; 3] =
    [StructureKind::Bridge, StructureKind::Tunnel, StructureKind::Mountain];

struct Writer<W> {
    write: W,
    hash: Sha256,
}

impl<W: Write> Writer<W> {
    fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.hash.update(bytes);
        self.write.write_all(bytes)
    }

    fn u32(&mut self, number: u32) -> io::Result<()> {
        self.bytes(&number.to_le_bytes())
    }

    fn count(&mut self, count: usize) -> io::Result<()> {
        self.bytes(&(count as u64).to_le_bytes())
    }

    /// Numbers without their count, many at a time: hashing a few bytes at a time takes longer than hashing them.
    fn all(&mut self, numbers: &[u32]) -> io::Result<()> {
        let mut bytes = [0_u8; 4_096];
        for chunk in numbers.chunks(bytes.len() / 4) {
            for (place, number) in bytes.chunks_exact_mut(4).zip(chunk) {
                place.copy_from_slice(&number.to_le_bytes());
            }
            self.bytes(&bytes[..chunk.len() * 4])?;
        }
        Ok(())
    }

    fn list(&mut self, numbers: &[u32]) -> io::Result<()> {
        self.count(numbers.len())?;
        self.all(numbers)
    }

    fn positions(&mut self, positions: &[Position]) -> io::Result<()> {
        self.count(positions.len())?;
        for position in positions {
            self.all(&[position.lat_e7().cast_unsigned(), position.lon_e7().cast_unsigned()])?;
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> io::Result<()> {
        self.count(text.len())?;
        self.bytes(text.as_bytes())
    }

    fn way(&mut self, way: &Way, texts: &Texts) -> io::Result<()> {
        let place = |found: Option<usize>| found.map_or(0, |place| place as u8 + 1);
        let kind = way.structure.as_ref().map(|structure| structure.kind);
        let class = RoadClass::ALL.iter().position(|class| *class == way.class).unwrap_or_default();
        let source =
            SpeedSource::ALL.iter().position(|source| *source == way.speed_source).unwrap_or_default();
        let access = Access::ALL.iter().position(|access| *access == way.access).unwrap_or_default();
        self.bytes(&way.osm_id.to_le_bytes())?;
        self.bytes(&[
            class as u8,
            way.speed_kmh,
            source as u8,
            access as u8,
            way.lanes.unwrap_or(0),
            way.emergency_order.map_or(0, EmergencyOrder::number),
            place(kind.and_then(|kind| STRUCTURES.iter().position(|known| *known == kind))),
            (if way.closes_in_winter { CLOSES_IN_WINTER } else { 0 })
                | (if way.is_reserved { IS_RESERVED } else { 0 }),
        ])?;
        let sailing = way.sailing.unwrap_or(Sailing { duration_ms: 0, length_dm: 0 });
        let width_dm = u32::from(way.width_dm.unwrap_or(0));
        let [ja, en, route, structure_ja, structure_en] = texts_of(way).map(|text| texts.number(text));
        let limit_kg = way.mass_limit_kg.unwrap_or(0);
        let times = [sailing.duration_ms, sailing.length_dm];
        self.all(&[width_dm, limit_kg, times[0], times[1], ja, en, route, structure_ja, structure_en])
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn file(mut self) -> Result<NetworkFile, FileFault> {
        let flags = self.u32("the flags")?;
        let source = self.text("the source")?.to_owned();
        let positions = self.positions("the junctions")?;
        let nodes_count = positions.len();
        let mut parts =
            NetworkParts { has_positions: flags & HAS_POSITIONS != 0, positions, ..NetworkParts::default() };
        for _ in 0..self.count(20, "the edges")? {
            let [tail, head, piece, length_dm, shape] = self.numbers("an edge")?;
            let direction = if piece & 1 == 0 { Direction::Forward } else { Direction::Backward };
            parts.edges.push((tail, head, RoadEdge::new(piece >> 1, direction, length_dm)));
            parts.shape_of_edge.push(shape);
        }
        parts.shape_first = self.list("the lines")?;
        parts.shape_points = self.positions("the points of lines")?;
        let mut texts: Vec<Arc<str>> = Vec::new();
        for _ in 0..self.count(8, "the texts")? {
            texts.push(self.text("a text")?.into());
        }
        for _ in 0..self.count(52, "the ways")? {
            parts.ways.push(self.way(&texts)?);
        }
        if flags & HAS_STATED_TIMES != 0 {
            parts.stated_ms = Some(self.list("the travel times")?);
        }
        let order_at = self.at;
        let order = self.list("the order of the nodes")?;
        if !is_permutation(&order, nodes_count) {
            return Err(FileFault::Value { offset: order_at, what: "the order of the nodes" });
        }
        if self.at != self.bytes.len() {
            return Err(FileFault::Value { offset: self.at, what: "the end" });
        }
        Ok(NetworkFile { network: RoadNetwork::new(parts)?, order, source })
    }

    fn way(&mut self, texts: &[Arc<str>]) -> Result<Way, FileFault> {
        let offset = self.at;
        let wrong = |what| FileFault::Value { offset, what };
        let osm_id = i64::from_le_bytes(self.array("a way")?);
        let [class, speed_kmh, source, access, lanes, order, structure, flags] = self.array("a way")?;
        let [width_dm, mass_kg, duration_ms, length_dm, ja, en, route, structure_ja, structure_en] =
            self.numbers("a way")?;
        let text = |number: u32| match number {
            0 => Ok(None),
            _ => texts.get(number as usize - 1).cloned().map(Some).ok_or(wrong("a name")),
        };
        let emergency_order = match order {
            0 => None,
            number => Some(EmergencyOrder::of_number(number.into()).ok_or(wrong("an emergency road order"))?),
        };
        let structure = match structure {
            0 => None,
            number => Some(WayStructure {
                kind: *STRUCTURES.get(usize::from(number) - 1).ok_or(wrong("a kind of structure"))?,
                name_ja: text(structure_ja)?,
                name_en: text(structure_en)?,
            }),
        };
        if duration_ms >= UNREACHABLE_MS {
            return Err(wrong("a sailing time"));
        }
        Ok(Way {
            osm_id,
            class: *RoadClass::ALL.get(usize::from(class)).ok_or(wrong("a road class"))?,
            speed_kmh: Some(speed_kmh).filter(|&kmh| kmh > 0).ok_or(wrong("a speed"))?,
            speed_source: *SpeedSource::ALL.get(usize::from(source)).ok_or(wrong("a source of a speed"))?,
            access: *Access::ALL.get(usize::from(access)).ok_or(wrong("an access rule"))?,
            lanes: Some(lanes).filter(|&lanes| lanes > 0),
            width_dm: u16::try_from(width_dm)
                .map(|dm| Some(dm).filter(|&dm| dm > 0))
                .map_err(|_| wrong("a width"))?,
            mass_limit_kg: Some(mass_kg).filter(|&kg| kg > 0),
            closes_in_winter: flags & CLOSES_IN_WINTER != 0,
            is_reserved: flags & IS_RESERVED != 0,
            emergency_order,
            sailing: (duration_ms > 0).then_some(Sailing { duration_ms, length_dm }),
            structure,
            name_ja: text(ja)?,
            name_en: text(en)?,
            route_ref: text(route)?,
        })
    }

    fn take(&mut self, count: usize, what: &'static str) -> Result<&'a [u8], FileFault> {
        let found = self.bytes[self.at..].get(..count);
        let found = found.ok_or(FileFault::Truncated { offset: self.bytes.len(), what })?;
        self.at += count;
        Ok(found)
    }

    fn array<const N: usize>(&mut self, what: &'static str) -> Result<[u8; N], FileFault> {
        Ok(self.take(N, what)?.try_into().expect("as many as were taken"))
    }

    fn u32(&mut self, what: &'static str) -> Result<u32, FileFault> {
        Ok(u32::from_le_bytes(self.array(what)?))
    }

    fn numbers<const N: usize>(&mut self, what: &'static str) -> Result<[u32; N], FileFault> {
        let bytes = self.take(N * 4, what)?;
        Ok(std::array::from_fn(|at| number(&bytes[at * 4..at * 4 + 4])))
    }

    /// How many items of at least `bytes` each follow: no more than fit into the rest.
    fn count(&mut self, bytes: usize, what: &'static str) -> Result<usize, FileFault> {
        let count = u64::from_le_bytes(self.array(what)?);
        let rest = (self.bytes.len() - self.at) / bytes;
        usize::try_from(count)
            .ok()
            .filter(|&count| count <= rest)
            .ok_or(FileFault::Truncated { offset: self.bytes.len(), what })
    }

    fn list(&mut self, what: &'static str) -> Result<Vec<u32>, FileFault> {
        let count = self.count(4, what)?;
        Ok(self.take(count * 4, what)?.chunks_exact(4).map(number).collect())
    }

    fn positions(&mut self, what: &'static str) -> Result<Vec<Position>, FileFault> {
        let count = self.count(8, what)?;
        let offset = self.at;
        let bytes = self.take(count * 8, what)?;
        let signed = |bytes: &[u8]| number(bytes).cast_signed();
        let position = |bytes: &[u8]| Position::from_e7(signed(&bytes[..4]), signed(&bytes[4..]));
        let read: Result<Vec<Position>, _> = bytes.chunks_exact(8).map(position).collect();
        read.map_err(|_| FileFault::Value { offset, what })
    }

    fn text(&mut self, what: &'static str) -> Result<&'a str, FileFault> {
        let count = self.count(1, what)?;
        let offset = self.at;
        std::str::from_utf8(self.take(count, what)?).map_err(|_| FileFault::Value { offset, what })
    }
}

/// Four bytes as a number.
fn number(bytes: &[u8]) -> u32 {
    u32::from_le_bytes(bytes.try_into().expect("four bytes"))
}

fn is_permutation(order: &[u32], count: usize) -> bool {
    let mut is_seen = vec![false; count];
    let mut is_new =
        |&node: &u32| is_seen.get_mut(node as usize).is_some_and(|is_seen| !std::mem::replace(is_seen, true));
    order.len() == count && order.iter().all(&mut is_new)
}

#[cfg(test)]
mod tests;
