//! OpenStreetMap's PBF files: drivable roads become a [`RoadNetwork`](crate::network::roads::RoadNetwork).
//!
//! The file is read twice, block by block: first the ways, then the nodes that these name. Relations are counted and not
//! understood, so turn restrictions do not hold anybody back.
//!
//! Format: <https://wiki.openstreetmap.org/wiki/PBF_Format>; blocks are protobuf messages, deflated.
//! A file that was cut off between two blocks cannot be told from a smaller one: the format has no end mark.

mod blob;
mod message;

use super::assemble::{self, Draft, NodeTable};
use super::tags::{self, Ferries, Tags};
use super::{Finding, ImportReport, Imported};
use crate::network::roads::PartsFault;
use crate::units::Position;
use blob::{Blob, Blobs};
use message::{Dense, NodeBlock, Texts, WayBlock};
use std::collections::BTreeSet;
use std::io::{self, Read};
use std::sync::Arc;

/// Nodes that roads may name in all, repeats included: 1 GiB of numbers. All roads of Japan name some 60 million.
pub const REFS_MAX: usize = 1 << 27;

/// Why a file is no map.
#[derive(Debug, thiserror::Error)]
pub enum PbfFault {
    /// The file could not be read.
    #[error("reading failed")]
    Read(#[from] io::Error),
    /// It ends in the middle of a block.
    #[error("the file ends in the middle of the block at byte {offset}: get it again")]
    Truncated {
        /// Where the block begins.
        offset: u64,
    },
    /// It does not begin with the header of a map.
    #[error("no OpenStreetMap header at byte {offset}: this is no .osm.pbf file")]
    NotAMap {
        /// Where the header should be.
        offset: u64,
    },
    /// A block says that it is larger than the format allows.
    #[error("the block at byte {offset} says that it has {bytes} bytes, at most {max} are allowed")]
    TooLong {
        /// Where the block begins.
        offset: u64,
        /// What it says.
        bytes: u64,
        /// What the format allows.
        max: u64,
    },
    /// A block is compressed in a way that is not read here.
    #[error("the block at byte {offset} is compressed by {method}; write the file anew with zlib")]
    Compression {
        /// Where the block begins.
        offset: u64,
        /// How.
        method: &'static str,
    },
    /// A block does not unpack to what it says.
    #[error("the block at byte {offset} does not unpack to the {bytes} bytes that it promises")]
    Inflate {
        /// Where the block begins.
        offset: u64,
        /// What it promises.
        bytes: usize,
    },
    /// A block is no message of the format.
    #[error("the block at byte {offset} is damaged: {what}")]
    Damaged {
        /// Where the block begins.
        offset: u64,
        /// What is wrong.
        what: String,
    },
    /// The file needs a reader that knows more.
    #[error("the file needs {feature:?}, which is not read here")]
    Feature {
        /// What.
        feature: String,
    },
    /// More nodes than memory is set aside for.
    #[error("the roads name more than {max} nodes: cut a smaller extract")]
    TooLarge {
        /// How many may be.
        max: usize,
    },
    /// Nothing in it can be driven on.
    #[error("there is no road in it: is it the right extract, and whole?")]
    NoRoads,
    /// More than a network can count.
    #[error(transparent)]
    Parts(#[from] PartsFault),
}

/// What of a map is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whether ships that carry vehicles are roads.
    pub ferries: Ferries,
}

impl Default for Options {
    fn default() -> Options {
        Options { ferries: Ferries::Include }
    }
}

pub use super::tags::Ferries as FerryChoice;

/// Reads a map. `open` opens the file anew each time; it is called twice.
///
/// # Errors
/// [`PbfFault`]: the file cannot be read, is damaged, or has no roads.
///
/// # Complexity
/// O(bytes + n log n) for n nodes of roads; memory for the roads alone, not for houses.
pub fn import<R: Read>(
    mut open: impl FnMut() -> io::Result<R>,
    options: Options,
) -> Result<Imported, PbfFault> {
    let mut report = ImportReport::default();
    let drafts = read_ways(open()?, options, &mut report)?;
    if drafts.roads.is_empty() {
        return Err(PbfFault::NoRoads);
    }
    let mut nodes = NodeTable::of(&drafts.refs);
    read_nodes(open()?, &mut nodes, &mut report)?;
    let parts = assemble::parts(drafts.roads, &drafts.refs, &nodes, &mut report);
    if parts.edges.is_empty() {
        return Err(PbfFault::NoRoads);
    }
    let network = super::component::largest(parts, &mut report.left_out)?;
    Ok(Imported { network, report })
}

/// The roads of a file, and the nodes they name one after the other.
#[derive(Default)]
struct Drafts {
    roads: Vec<Draft>,
    refs: Vec<i64>,
    texts: BTreeSet<Arc<str>>,
}

fn read_ways(read: impl Read, options: Options, report: &mut ImportReport) -> Result<Drafts, PbfFault> {
    let mut drafts = Drafts::default();
    let mut seen = BTreeSet::new();
    let mut blobs = Blobs::begin(read)?;
    while let Some(blob) = blobs.next_data()? {
        let block: WayBlock = blob.decode()?;
        let texts = Texts(block.texts.as_ref());
        for group in &block.groups {
            report.relations_read += group.relations.len() as u64;
            report.ways_read += group.ways.len() as u64;
            for way in &group.ways {
                let tags = tags_of(&blob, texts, &way.keys, &way.values)?;
                let draft =
                    tags::road(&tags, way.id, options.ferries, &mut drafts.texts, way.refs.len(), report);
                let Some((road, flow)) = draft else { continue };
                if !seen.insert(way.id) {
                    report.count(Finding::RepeatedWay);
                    continue;
                }
                let begin = drafts.refs.len();
                push_refs(&blob, &way.refs, &mut drafts.refs)?;
                drafts.roads.push(Draft { way: road, flow, refs: begin..drafts.refs.len() });
            }
        }
    }
    Ok(drafts)
}

/// Numbers of nodes are told as differences.
fn push_refs(blob: &Blob, deltas: &[i64], refs: &mut Vec<i64>) -> Result<(), PbfFault> {
    if refs.len() + deltas.len() > REFS_MAX {
        return Err(PbfFault::TooLarge { max: REFS_MAX });
    }
    let mut id = 0_i64;
    for &delta in deltas {
        id = sum(blob, id, delta)?;
        refs.push(id);
    }
    Ok(())
}

fn sum(blob: &Blob, a: i64, b: i64) -> Result<i64, PbfFault> {
    a.checked_add(b).ok_or_else(|| blob.damaged("a sum of differences leaves the range of numbers"))
}

fn tags_of<'a>(blob: &Blob, texts: Texts<'a>, keys: &[u32], values: &[u32]) -> Result<Tags<'a>, PbfFault> {
    if keys.len() != values.len() {
        return Err(blob.damaged("a way has more keys than values, or fewer"));
    }
    let text =
        |index: &u32| texts.get(u64::from(*index)).ok_or_else(|| blob.damaged("a text is not in the table"));
    let mut tags = Tags::default();
    for (key, value) in keys.iter().zip(values) {
        tags.push(text(key)?, text(value)?);
    }
    Ok(tags)
}

fn read_nodes(read: impl Read, nodes: &mut NodeTable, report: &mut ImportReport) -> Result<(), PbfFault> {
    let mut blobs = Blobs::begin(read)?;
    while let Some(blob) = blobs.next_data()? {
        let block: NodeBlock = blob.decode()?;
        let grid = Grid::of(&block);
        let texts = Texts(block.texts.as_ref());
        for group in &block.groups {
            for node in &group.nodes {
                report.nodes_read += 1;
                if let Some(place) = nodes.place(node.id) {
                    nodes.set(place, grid.position(node.lat, node.lon), report);
                    let tags = tags_of(&blob, texts, &node.keys, &node.values)?;
                    if tags::is_barrier(&tags) {
                        nodes.block(place);
                    }
                }
            }
            if let Some(dense) = &group.dense {
                read_dense(&blob, dense, texts, grid, nodes, report)?;
            }
        }
    }
    Ok(())
}

fn read_dense(
    blob: &Blob,
    dense: &Dense,
    texts: Texts<'_>,
    grid: Grid,
    nodes: &mut NodeTable,
    report: &mut ImportReport,
) -> Result<(), PbfFault> {
    let count = dense.ids.len();
    if dense.lats.len() != count || dense.lons.len() != count {
        return Err(blob.damaged("nodes without coordinates, or coordinates without nodes"));
    }
    report.nodes_read += count as u64;
    let (mut id, mut lat, mut lon) = (0_i64, 0_i64, 0_i64);
    // Keys and values of all nodes in a row, each node's ended by a 0; none at all when no node has any.
    let mut rest = dense.keys_values.iter();
    for at in 0..count {
        id = sum(blob, id, dense.ids[at])?;
        lat = sum(blob, lat, dense.lats[at])?;
        lon = sum(blob, lon, dense.lons[at])?;
        let place = nodes.place(id);
        if let Some(place) = place {
            nodes.set(place, grid.position(lat, lon), report);
        }
        let mut tags = Tags::default();
        while let Some(&key) = rest.next() {
            if key == 0 {
                break;
            }
            let value = rest.next().ok_or_else(|| blob.damaged("a node has a key without a value"))?;
            if place.is_some() {
                let text = |index: i32| {
                    let found = u64::try_from(index).ok().and_then(|index| texts.get(index));
                    found.ok_or_else(|| blob.damaged("a text is not in the table"))
                };
                tags.push(text(key)?, text(*value)?);
            }
        }
        if let Some(place) = place
            && tags::is_barrier(&tags)
        {
            nodes.block(place);
        }
    }
    Ok(())
}

/// How the numbers of a block become degrees.
#[derive(Clone, Copy, Debug)]
struct Grid {
    step_nanodegrees: i64,
    lat_nanodegrees: i64,
    lon_nanodegrees: i64,
}

impl Grid {
    fn of(block: &NodeBlock) -> Grid {
        Grid {
            step_nanodegrees: i64::from(block.granularity.unwrap_or(100)),
            lat_nanodegrees: block.lat_offset.unwrap_or(0),
            lon_nanodegrees: block.lon_offset.unwrap_or(0),
        }
    }

    /// The place, rounded to 1e-7 degree; none off the Earth.
    fn position(self, lat: i64, lon: i64) -> Option<Position> {
        let e7 = |offset: i64, steps: i64| {
            let nano = i128::from(offset) + i128::from(self.step_nanodegrees) * i128::from(steps);
            i32::try_from((nano + 50).div_euclid(100)).ok()
        };
        Position::from_e7(e7(self.lat_nanodegrees, lat)?, e7(self.lon_nanodegrees, lon)?).ok()
    }
}

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod tests;
